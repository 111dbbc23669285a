package auth

import "strings"

// Device is what a session was opened on, in words that people know. Either may be empty: not recognised. Names of
// products are the same in every language.
type Device struct {
	Browser string // "Firefox"
	System  string // "Windows", "iPhone"
}

// String is the form that is stored: no more of the User-Agent is kept than these two words.
func (d Device) String() string { return d.Browser + "/" + d.System }

func deviceFrom(stored string) Device {
	browser, system, _ := strings.Cut(stored, "/")
	return Device{Browser: browser, System: system}
}

// Every browser also claims to be those after it, so the order matters.
var browsers = []struct{ mark, name string }{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"FxiOS/", "Firefox"},
	{"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Version/", "Safari"},
}

var systems = []struct{ mark, name string }{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "Chromebook"}, {"Windows", "Windows"},
	{"Macintosh", "Mac"}, {"Linux", "Linux"},
}

// ReadDevice recognises the usual browsers and systems in a User-Agent.
func ReadDevice(userAgent string) Device {
	var d Device
	for _, b := range browsers {
		if strings.Contains(userAgent, b.mark) {
			d.Browser = b.name
			break
		}
	}
	for _, s := range systems {
		if strings.Contains(userAgent, s.mark) {
			d.System = s.name
			break
		}
	}
	return d
}
