package lang

import "testing"

// A text that is not there in Arabic comes in Dutch, and so do the numbers and names within it.
func TestAFallbackIsDutchThroughout(t *testing.T) {
	l := &Locale{tag: "ar", dir: "rtl", data: cldrData["ar"]}
	l.load.Do(func() { l.texts = &catalogue{} })
	for _, c := range []struct{ got, want string }{
		{l.C("ago", "today"), "vandaag"},
		{l.N(1234, "{n} day", "{n} days"), "1.234 dagen"},
		{l.N(1, "{n} day", "{n} days"), "1 dag"},
		{l.T("Nowhere: {name}", "name", "Noor"), "Nowhere: \u2068Noor\u2069"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
