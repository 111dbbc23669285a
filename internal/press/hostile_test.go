package press

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// hostile are texts that have broken other programs; whole lists may lie beside the repository.
func hostile(t *testing.T) []string {
	all := []string{
		"", " ", "\n", "\n\n\n", "\t", "\x00", "\xff\xfe", "a\u0300\u0301\u0302\u0303\u0304\u0305", "\u202e\u202d\u2066\u2067\u2068\u2069", strings.Repeat("\u2067", 300) + "a",
		"\u200d\u200d", "\u200c", "\u00ad\u00ad\u00ad", "\u0300", "\u064b", "\u094d", "ا\u0640\u0640\u0640", "\ufeff", "\u2028\u2029", "א\u2066(\u2069",
		strings.Repeat("(", 200) + "אב", strings.Repeat("a", 20_000), strings.Repeat("学", 20_000), strings.Repeat("مد", 8_000), strings.Repeat("स्त्र", 3_000),
		strings.Repeat("a ", 10_000), strings.Repeat("-", 5_000), strings.Repeat("\n", 500), "1\u00a02\u00a03" + strings.Repeat("\u00a04", 500),
		"ﷺ ﷽ ﻻ ﺍﻟﻠﻪ", "Ω≈ç√∫", "‘’“”„‚–—…•€", "%n%s <script>alert(1)</script> ${x} {{y}}", "(\\)\r)(", "\ud7ff",
	}
	files, err := filepath.Glob("../../../shared/data/naughty/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		var list []string
		if json.Unmarshal(raw, &list) == nil {
			all = append(all, list...)
			continue
		}
		all = append(all, strings.Split(string(raw), "\n")...)
	}
	return all
}

func TestHostileTextsPrintOrAreRefused(t *testing.T) {
	refused, fine := 0, 0
	for _, text := range hostile(t) {
		for _, lang := range []string{"nl", "ar", "ur", "zh", "hi", "ti"} {
			page := Page{Lang: lang, Size: A6, Blocks: []Block{
				Heading{Text: T(text)}, List{Items: []Item{{Label: "1.", Text: Text{{Text: "a"}, {Text: text, Lang: "ar"}, {Text: text, Lang: "nl", Bold: true}}}}}}}
			if len(text) > 2000 {
				page.Blocks = page.Blocks[:1]
			}
			l, err := laidOut(t, page)
			var m *MissingGlyphError
			switch {
			case err == nil:
				fine++
				checkNothingOverlaps(t, l, Margin(8*MM))
			case errors.As(err, &m):
				refused++
				if !strings.ContainsRune(m.Text, m.Rune) && utf8.ValidString(text) {
					t.Errorf("%q: %q is named, which is not in it", text, m.Rune)
				}
			default:
				t.Errorf("%s %.60q: %v", lang, text, err)
			}
		}
	}
	t.Logf("%d printed, %d refused", fine, refused)
	if fine == 0 || refused == 0 {
		t.Error("some of both should be")
	}
}

// Texts thrown together from letters of all scripts, signs and controls come out with every character on paper.
func TestMixedTextsLoseNothing(t *testing.T) {
	alphabet := []rune("abZ éß 12. ,:!? ()[] אמדحبسیگ ٣۴ कखि् ሀለ Եր ქა жЩ αΩ 你好， \u2066\u2067\u2068\u2069\u200f")
	r := rand.New(rand.NewSource(1))
	s := New(io.Discard, Options{Lang: "nl"}).newSetter()
	for i := range 3000 {
		n := 1 + r.Intn(60)
		mixed := make([]rune, n)
		for k := range mixed {
			mixed[k] = alphabet[r.Intn(len(alphabet))]
			for mixed[k] == 'א' || mixed[k] == 'מ' || mixed[k] == 'ד' { // no Hebrew font here
				mixed[k] = 'ح'
			}
		}
		lang := []string{"nl", "ar", "ur", "hi", "zh"}[i%5]
		p, err := s.paragraph(T(string(mixed)), lang, i%2 == 0, i%3 == 0)
		if err != nil {
			t.Fatalf("%q: %v", string(mixed), err)
		}
		lines, err := s.wrap(p, 4000)
		if err != nil {
			t.Fatalf("%q: %v", string(mixed), err)
		}
		got := map[rune]int{}
		for _, l := range lines {
			for c, n := range letters(text(l)) {
				got[c] += n
			}
			if l.width > 4000 {
				t.Errorf("%q: a line of %d", string(mixed), l.width)
			}
		}
		for c, n := range letters(string(mixed)) {
			if got[c] != n {
				t.Errorf("%q: %q comes out %d times, want %d", string(mixed), c, got[c], n)
			}
		}
	}
}

func FuzzParsePicture(f *testing.F) {
	for _, file := range []string{"../../node_modules/openmoji/color/svg/1F3EB.svg", "../../node_modules/openmoji/color/svg/2B50.svg"} {
		if raw, err := os.ReadFile(file); err == nil {
			f.Add(raw)
		}
	}
	f.Add([]byte(`<svg viewBox="0 0 1 1"><style>.a{fill:url(#g)}</style><radialGradient id="g" href="#g"><stop offset="5%"/></radialGradient><use href="#u"/><g id="u" class="a" opacity=".5" clip-path="url(#c)"><path d="M0 0a1 1 0 01.5.5z"/></g></svg>`))
	f.Add(pngOf(3, 3))
	f.Add(jpegOf(0xC0, 8, 8, 3))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParsePicture(data)
		var known *PictureError
		if err != nil && !errors.As(err, &known) {
			t.Fatalf("%T %v", err, err)
		}
		if err == nil && (p.Width <= 0 || p.Height <= 0 || p.embed == nil) {
			t.Fatal("a picture without size")
		}
	})
}

func FuzzLayout(f *testing.F) {
	f.Add("Voor محمد 20 نوفمبر", "nl", 300.0)
	f.Add("أهلًا (Sofie) 16:30", "ur", 90.0)
	f.Add("你好，——学校", "zh", 60.0)
	f.Fuzz(func(t *testing.T, text, lang string, width float64) {
		if width < 10 || width > 2000 || len(text) > 4000 {
			return
		}
		var b bytes.Buffer
		d := New(&b, Options{Lang: lang, Workers: 1})
		p := Page{Size: Size{width + 20, 400}, Margins: Margin(10), Lang: lang, MinScale: 0.7, Blocks: []Block{Heading{Text: T(text)}, Para{Text: T(text)}}}
		if err := d.Add(context.Background(), p); err != nil {
			t.Skip()
		}
		if err := d.Close(); err != nil && strings.Contains(err.Error(), "failed:") {
			t.Fatal(err)
		}
	})
}
