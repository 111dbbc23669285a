package press

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/bidi"
)

// visual is the text as the eye meets it from left to right, with brackets of right-to-left pieces turned round.
func visual(text string, base uint8) string {
	runes := []rune(text)
	levels := bidiLevels(runes, base)
	lineLevels(runes, levels, base)
	var b strings.Builder
	for _, i := range visualOrder(levels) {
		r := runes[i]
		if p, _ := bidi.LookupRune(r); removedByX9(p.Class()) || isIsolateStart(p.Class()) || p.Class() == bidi.PDI {
			continue
		}
		if levels[i]&1 == 1 {
			r = mirrored(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

func TestNestedTextStandsInVisualOrder(t *testing.T) {
	// Hebrew letters stand for right-to-left words: their visual order is easy to read in an editor.
	for _, c := range []struct {
		name, text, want string
		rtl              bool
	}{
		{"plain left to right", "abc 123", "abc 123", false},
		{"plain right to left", "אבג", "גבא", true},
		{"number in a right-to-left line", "אב 12 גד", "דג 12 בא", true},
		{"digits inside a right-to-left phrase inside a left-to-right line", "voor אב 20 גד samen", "voor דג 20 בא samen", false},
		{"digits that open a right-to-left phrase stay before it", "voor 20 אב samen", "voor 20 בא samen", false},
		{"Latin name in a right-to-left line", "אב Emma גד", "דג Emma בא", true},
		{"Latin name and number in a right-to-left line", "אב Emma 3 גד", "דג Emma 3 בא", true},
		{"brackets turn round", "אב (גד)", "(דג) בא", true},
		{"brackets round Latin in a right-to-left line", "אב (Emma) גד", "דג (Emma) בא", true},
		{"full stop of a right-to-left line", "אב Emma.", ".Emma בא", true},
		{"question mark of a left-to-right line after a name", "ken je אב?", "ken je בא?", false},
		{"time with colon", "אב 16:30 גד", "דג 16:30 בא", true},
		{"Arabic digits stay in order", "اب ٢٠ جد", "دج ٢٠ با", true},
		{"isolate keeps its own order", "אב \u2066Emma (3A)\u2069!", "!Emma (3A) בא", true},
		{"without isolate the bracket would wander", "אב Emma (3A)!", "!Emma (3A) בא", true},
		{"first strong isolate finds right to left", "dag \u2068אב 12\u2069, tot 14 uur", "dag 12 בא, tot 14 uur", false},
		{"isolate in an isolate", "a \u2067אב \u2066b 1 c\u2069 גד\u2069 d", "a דג b 1 c בא d", false},
		{"override", "a \u202Eabc\u202C d", "a cba d", false},
		{"trailing space of a right-to-left piece stays at the end of the line", "a אב ", "a בא ", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := uint8(0)
			if c.rtl {
				base = 1
			}
			if got := visual(c.text, base); got != c.want {
				t.Errorf("visual order %q, want %q", got, c.want)
			}
		})
	}
}

// The official test of the algorithm, of Debian's package unicode-data.
func TestBidiConformance(t *testing.T) {
	const path = "/usr/share/unicode/BidiCharacterTest.txt"
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("%v: install Debian's package unicode-data", err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	n, bad := 0, 0
	for sc.Scan() {
		line := sc.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		p := strings.Split(line, ";")
		var text []rune
		for _, h := range strings.Fields(p[0]) {
			v, err := strconv.ParseUint(h, 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			text = append(text, rune(v))
		}
		var classes []bidi.Class
		for _, r := range text {
			c, _ := bidi.LookupRune(r)
			classes = append(classes, c.Class())
		}
		base := uint8(0)
		switch p[1] {
		case "1":
			base = 1
		case "2":
			base = firstStrong(classes, false)
		}
		if strconv.Itoa(int(base)) != p[2] {
			t.Errorf("%s: paragraph level %d, want %s", p[0], base, p[2])
		}
		levels := bidiLevels(text, base)
		lineLevels(text, levels, base)
		want := strings.Fields(p[3])
		n++
		for i, w := range want {
			if w != "x" && w != strconv.Itoa(int(levels[i])) {
				bad++
				if bad < 10 {
					t.Errorf("%s (base %d): levels %v, want %v", p[0], base, levels, want)
				}
				break
			}
		}
		var kept []uint8
		var at []int
		for i, w := range want {
			if w != "x" {
				kept = append(kept, levels[i])
				at = append(at, i)
			}
		}
		var order []string
		for _, k := range visualOrder(kept) {
			order = append(order, strconv.Itoa(at[k]))
		}
		if got := strings.Join(order, " "); got != strings.TrimSpace(p[4]) {
			t.Errorf("%s: order %s, want %s", p[0], got, p[4])
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	if n < 90000 {
		t.Errorf("only %d cases in %s", n, path)
	}
	if bad > 0 {
		t.Errorf("%d of %d cases differ", bad, n)
	}
}
