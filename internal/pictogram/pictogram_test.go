package pictogram

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, in, wantErr string }{
		{"names, remarks and empty lines", "# the first\nplay 1F6DD\n\n  book 1F4DA \n", ""},
		{"a name without a code", "play\n", "line 1"},
		{"a word too many", "play 1F6DD x\n", "line 1"},
		{"a name twice", "play 1F6DD\nplay 1F4DA\n", "line 2: the name play"},
		{"a drawing twice", "play 1F6DD\n\nslide 1F6DD\n", "line 3: play and slide"},
	} {
		t.Run(c.name, func(t *testing.T) {
			names, codes, err := parse([]byte(c.in))
			if c.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), c.wantErr) {
					t.Fatalf("error %v, want one with %q", err, c.wantErr)
				}
				return
			}
			if err != nil || strings.Join(names, " ") != "play book" || codes["book"] != "1F4DA" {
				t.Fatalf("names %v, codes %v, error %v", names, codes, err)
			}
		})
	}
}

func TestEveryNameHasACodeAndWords(t *testing.T) {
	code := regexp.MustCompile(`^[0-9A-F]{4,5}(-[0-9A-F]{4,5})*\.svg$`)
	name := regexp.MustCompile(`^[a-z]+$`)
	said := map[string]string{}
	for _, n := range Names() {
		if !name.MatchString(n) || !code.MatchString(File(n)) || !Known(n) {
			t.Errorf("%s: not a plain name, or its file %q is no code", n, File(n))
		}
		if Alt(n) == "" {
			t.Errorf("%s has no words in names.go", n)
		}
		if other := said[Alt(n)]; other != "" {
			t.Errorf("%s and %s are both called %q", other, n, Alt(n))
		}
		said[Alt(n)] = n
	}
	for n := range alt {
		if !Known(n) {
			t.Errorf("names.go has words for %s, which is not in list.txt", n)
		}
	}
	if len(Names()) < 60 {
		t.Errorf("%d pictograms, a school needs about 60 at least", len(Names()))
	}
}

// Every name is either drawn or reported as missing, so that the line at the program's start tells the truth.
func TestDrawnOrMissing(t *testing.T) {
	missing := map[string]bool{}
	for _, n := range Missing() {
		missing[n] = true
	}
	for _, n := range Names() {
		b, ok := SVG(n)
		if ok == missing[n] {
			t.Errorf("%s: drawn %v, reported missing %v", n, ok, missing[n])
		}
		if ok && (!bytes.Contains(b, []byte("<svg")) || !bytes.Contains(b, []byte(`viewBox="0 0 72 72"`))) {
			t.Errorf("%s: %s is not a drawing of 72 by 72", n, File(n))
		}
	}
}

func TestUnknownName(t *testing.T) {
	if b, ok := SVG("no-such-thing"); ok || b != nil || Known("no-such-thing") || File("no-such-thing") != "" || Alt("no-such-thing") != "" {
		t.Error("something was found under a name that is not in list.txt")
	}
}

func TestEmoji(t *testing.T) {
	cases := []struct{ name, want string }{
		{"understood", "👍"},
		{"friends", "🧑‍🤝‍🧑"},
		{"message", "✉️"},
		{"no-such-thing", ""},
		{"", ""},
	}
	for _, c := range cases {
		if got := Emoji(c.name); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	for _, n := range Names() {
		for _, r := range Emoji(n) {
			if r >= 0xE000 && r <= 0xF8FF || r >= 0xF0000 {
				t.Errorf("%s: %U is for private use: telephones have no picture for it", n, r)
			}
		}
	}
}
