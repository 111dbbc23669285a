package lang

import (
	"regexp"
	"testing"
)

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

func TestFrenchCountsOctets(t *testing.T) {
	bytes := regexp.MustCompile(`\b[kM]B\b`)
	n := 0
	for k, e := range For("fr").own().msgs {
		if !bytes.MatchString(k.id) {
			continue
		}
		n++
		if bytes.MatchString(e.text) || !regexp.MustCompile(`\b[kM]o\b`).MatchString(e.text) {
			t.Errorf("%q is in French %q", k.id, e.text)
		}
	}
	if n < 10 {
		t.Errorf("only %d texts name a size", n)
	}
}
