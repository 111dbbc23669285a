package press

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// mark is a line of text or other thing that stands somewhere, in points from the lower left of its page.
type stands struct {
	page           int
	x0, y0, x1, y1 float64
	what           string
}

// standing lists all lines, pictures and codes of a laid page. A line takes the height that its fonts ask for.
func standing(l *laid) (all []stands) {
	for p, c := range l.pages {
		for _, it := range c.items {
			switch it.kind {
			case textItem:
				n := it.text
				for i, ln := range n.lines {
					w := float64(ln.width) / 1000 * n.size
					x := it.x + offset(n.width, w, n.align, n.par.rtl)
					base := it.y - n.baseline() - float64(i)*n.leading
					all = append(all, stands{p, x, base - float64(n.par.below)/1000*n.size, x + w, base + float64(n.par.ascent)/1000*n.size, text(ln)})
				}
			case pictureItem, qrItem:
				all = append(all, stands{p, it.x, it.y, it.x + it.w, it.y + it.h, "picture"})
			}
		}
	}
	return all
}

// text is what a line says, in visual order.
func text(l *line) string {
	var b strings.Builder
	for _, f := range l.frags {
		for _, g := range f.word.glyphs {
			b.WriteString(g.text)
		}
	}
	return b.String()
}

// checkNothingOverlaps checks that everything stands on the page, inside its margins but for page numbers, and that
// no two things overlap.
func checkNothingOverlaps(t *testing.T, l *laid, m Margins) {
	t.Helper()
	all := standing(l)
	const eps = 0.05
	for i, a := range all {
		low := m.Bottom - eps
		if strings.Contains(a.what, " / ") {
			low = 0
		}
		if a.x0 < min(m.Start, m.End)-eps || a.x1 > l.size.Width-min(m.Start, m.End)+eps || a.y0 < low || a.y1 > l.size.Height-m.Top+eps {
			t.Errorf("page %d: %q stands outside the margins: %.1f…%.1f × %.1f…%.1f", a.page+1, a.what, a.x0, a.x1, a.y0, a.y1)
		}
		for _, b := range all[i+1:] {
			if a.page == b.page && a.x0 < b.x1-eps && b.x0 < a.x1-eps && a.y0 < b.y1-eps && b.y0 < a.y1-eps {
				t.Errorf("page %d: %q overlaps %q", a.page+1, a.what, b.what)
			}
		}
	}
}

func repeated(s string, n int) string { return strings.TrimSpace(strings.Repeat(s+" ", n)) }

func TestLongTextsShrinkThenFlow(t *testing.T) {
	sentence := map[string]string{
		"nl": "Wat vond je vandaag het leukst op school, en met wie heb je gespeeld?",
		"ar": "ما أجمل شيء حدث اليوم في المدرسة، ومع من لعبت في الساحة؟",
		"ur": "آج اسکول میں سب سے اچھی بات کیا تھی، اور تم کس کے ساتھ کھیلے؟",
		"zh": "今天在学校最开心的是什么,你和谁一起玩?",
		"hi": "आज विद्यालय में सबसे अच्छा क्या था, और तुमने किसके साथ खेला?",
	}
	for _, c := range []struct {
		name     string
		lang     string
		times    int // how often the sentence stands in each question
		minScale float64
		pages    int
		shrunk   bool
	}{
		{"fits as it is", "nl", 1, 0.8, 1, false},
		{"fits when it shrinks", "nl", 9, 0.8, 1, true},
		{"may not shrink, so it flows", "nl", 9, 1, 2, false},
		{"too long even for the smallest size: keeps its size", "nl", 14, 0.9, 2, false},
		{"Arabic flows", "ar", 14, 0.9, 2, false},
		{"Urdu flows", "ur", 12, 1, 2, false},
		{"Chinese flows", "zh", 22, 1, 2, false},
		{"Hindi flows", "hi", 14, 1, 2, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var items []Item
			for range 3 {
				items = append(items, Item{Label: "1.", Text: T(repeated(sentence[c.lang], c.times)), Lines: 1})
			}
			p := Page{
				Lang: c.lang, TextSize: 14, MinScale: c.minScale, Margins: Margin(50),
				Blocks: []Block{Heading{Text: T(sentence[c.lang])}, List{Items: items}},
				Footer: []Block{QR{Payload: "https://brug.example/f/x", Side: 90}},
				Header: []Block{Para{Text: T(sentence[c.lang]), Style: Style{Size: 9}}},
			}
			l, err := laidOut(t, p)
			if err != nil {
				t.Fatal(err)
			}
			if len(l.pages) != c.pages || (l.scale < 1) != c.shrunk || l.scale < c.minScale {
				t.Errorf("%d pages at scale %.2f, want %d pages, shrunk %v", len(l.pages), l.scale, c.pages, c.shrunk)
			}
			checkNothingOverlaps(t, l, Margin(50))
			if got, want := questionText(l), strings.Join(strings.Fields(strings.Repeat(repeated(sentence[c.lang], c.times), 3)), ""); len(got) != len(want) {
				t.Errorf("%d bytes of text are on paper, want %d", len(got), len(want))
			}
		})
	}
}

// questionText is all text of the bodies of list items, without spaces, in no useful order.
func questionText(l *laid) string {
	var b strings.Builder
	for _, c := range l.pages {
		for _, it := range c.items {
			if it.kind == textItem && it.mark >= 0 && c.marks[it.mark].tag == "LBody" {
				for _, ln := range it.text.lines {
					b.WriteString(strings.Join(strings.Fields(text(ln)), ""))
				}
			}
		}
	}
	return b.String()
}

func TestShrinkTakesTheLargestScaleThatFits(t *testing.T) {
	page := func(min float64) Page {
		return Page{Lang: "nl", MinScale: min, Blocks: []Block{Para{Text: T(repeated("woord", 1250)), Style: Style{Size: 12}}}}
	}
	l, err := laidOut(t, page(0.5))
	if err != nil {
		t.Fatal(err)
	}
	if len(l.pages) != 1 {
		t.Fatalf("%d pages", len(l.pages))
	}
	// A little larger must not fit any more.
	p := frameOf(page(1), &Options{Lang: "nl"})
	s := New(&strings.Builder{}, Options{}).newSetter()
	bigger, err := s.try(&p, l.scale+0.04)
	if err != nil {
		t.Fatal(err)
	}
	if len(bigger.pages) == 1 {
		t.Errorf("scale %.2f was taken, though %.2f fits as well", l.scale, l.scale+0.04)
	}
}

func TestEverythingStandsApart(t *testing.T) {
	for i, p := range specimenPages(t) {
		l, err := laidOut(t, p)
		if err != nil {
			t.Fatal(err)
		}
		p := frameOf(p, &Options{Lang: "nl"})
		t.Run(itoa(i), func(t *testing.T) { checkNothingOverlaps(t, l, p.Margins) })
	}
}

func TestPairsOfBilingualRowsStandLevel(t *testing.T) {
	for _, i := range []int{1, 2, 3, 4, 5} {
		l, err := laidOut(t, bilingualPage(t, i))
		if err != nil {
			t.Fatal(err)
		}
		// The first lines of own language and Dutch, by height.
		var own, dutch []float64
		for _, c := range l.pages {
			for _, it := range c.items {
				if it.kind != textItem || c.marks[it.mark].tag == "Lbl" {
					continue
				}
				base := it.y - it.text.baseline()
				if it.text.par.lang == "nl" {
					dutch = append(dutch, base)
				} else {
					own = append(own, base)
				}
			}
		}
		if len(own) != 5 || len(dutch) != 5 {
			t.Fatalf("%s: %d and %d texts, want 5 each", slipTexts[i].lang, len(own), len(dutch))
		}
		for k := range own {
			if math.Abs(own[k]-dutch[k]) > 0.01 {
				t.Errorf("%s: text %d stands at %.2f, the Dutch one at %.2f", slipTexts[i].lang, k, own[k], dutch[k])
			}
		}
	}
}

func TestRightToLeftPagesAreMirrored(t *testing.T) {
	row := Row{Cells: []Cell{{Width: 100, Blocks: []Block{Para{Text: T("1")}}}, {Blocks: []Block{Para{Text: T("2")}}}}}
	for lang, firstIsLeft := range map[string]bool{"nl": true, "ar": false, "ur": false, "fa": false, "zh": true} {
		l, err := laidOut(t, Page{Lang: lang, Margins: Margins{Top: 30, Bottom: 30, Start: 60, End: 30}, Blocks: []Block{row}})
		if err != nil {
			t.Fatal(err)
		}
		s := standing(l)
		if (s[0].x0 < s[1].x0) != firstIsLeft {
			t.Errorf("%s: first cell at %.0f, second at %.0f", lang, s[0].x0, s[1].x0)
		}
		edge := s[0].x0
		if !firstIsLeft {
			edge = A4.Width - s[0].x1
		}
		if math.Abs(edge-60) > 1 {
			t.Errorf("%s: starts %.1f from the edge where lines start, want the margin of 60", lang, edge)
		}
	}
}

func TestAlignmentFollowsTextOrPage(t *testing.T) {
	for _, c := range []struct {
		page, text string
		align      Align
		left       bool
	}{
		{"nl", "nl", Start, true}, {"nl", "ar", Start, false}, {"ar", "ar", Start, false}, {"ar", "nl", Start, true},
		{"nl", "nl", End, false}, {"ar", "ar", End, true},
		{"nl", "ar", PageStart, true}, {"ar", "nl", PageStart, false}, {"ar", "ar", PageStart, false},
		{"ar", "nl", PageEnd, true}, {"nl", "ar", PageEnd, false},
	} {
		l, err := laidOut(t, Page{Lang: c.page, Blocks: []Block{Para{Text: T("7"), Style: Style{Lang: c.text, Align: c.align}}}})
		if err != nil {
			t.Fatal(err)
		}
		if s := standing(l)[0]; (s.x0 < 200) != c.left {
			t.Errorf("%s on a page in %s, alignment %d: stands at %.0f", c.text, c.page, c.align, s.x0)
		}
	}
}

func TestRealTextsStandApart(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range append(fixtures(t), sharedTexts(t)...) {
		if seen[s.text] {
			continue
		}
		seen[s.text] = true
		p := Page{Lang: s.lang, Size: A6, MinScale: 0.7, Blocks: []Block{Heading{Level: 2, Text: T(s.text)},
			Row{Cells: []Cell{{Blocks: []Block{Para{Text: T(s.text)}}}, {Lang: "nl", Blocks: []Block{Para{Text: T(s.text)}}}}}}}
		l, err := laidOut(t, p)
		if err != nil {
			t.Fatalf("%s: %v", s.lang, err)
		}
		checkNothingOverlaps(t, l, Margin(8*MM))
	}
}

func TestTablesRepeatTheirHeader(t *testing.T) {
	l, err := laidOut(t, listPage(60))
	if err != nil {
		t.Fatal(err)
	}
	if len(l.pages) < 2 {
		t.Fatal("the table should take several pages")
	}
	seen := map[string]int{}
	for p, c := range l.pages {
		head := 0
		for _, it := range c.items {
			if it.kind != textItem {
				continue
			}
			s := text(it.text.lines[0])
			seen[s]++
			if s == "Gegeven" {
				head++
				if (it.mark >= 0) != (p == 0) {
					t.Errorf("page %d: the header is read out on the first page only", p+1)
				}
			}
		}
		if head != 1 {
			t.Errorf("page %d has %d headers", p+1, head)
		}
	}
	for i := range 60 {
		if s := slipTexts[i%len(slipTexts)]; s.lang != "ar" && s.lang != "ur" && s.lang != "hi" && seen[itoa(i+1)+". "+s.name] != 1 {
			t.Errorf("row %d stands %d times", i+1, seen[itoa(i+1)+". "+s.name])
		}
	}
}

func TestHeadingIsNotLeftAlone(t *testing.T) {
	for filler := 20; filler < 60; filler++ {
		p := Page{Lang: "nl", Blocks: []Block{
			Space{float64(filler) * 12}, Heading{Level: 2, Text: T("Kop")}, Para{Text: T(repeated("De eerste zin van de tekst.", 20))}}}
		l, err := laidOut(t, p)
		if err != nil {
			t.Fatal(err)
		}
		var where []int
		for _, s := range standing(l) {
			if !strings.Contains(s.what, " / ") {
				where = append(where, s.page)
			}
		}
		if where[0] != where[1] {
			t.Errorf("after %d points the heading is on page %d, its text begins on page %d", filler*12, where[0]+1, where[1]+1)
		}
	}
}

func TestNoLineIsLeftAlone(t *testing.T) {
	for filler := 50; filler < 70; filler++ {
		p := Page{Lang: "nl", Blocks: []Block{Space{float64(filler) * 11}, Para{Text: T(repeated("Een zin die zich vaak herhaalt.", 12))}}}
		l, err := laidOut(t, p)
		if err != nil {
			t.Fatal(err)
		}
		perPage := map[int]int{}
		for _, s := range standing(l) {
			if !strings.Contains(s.what, " / ") {
				perPage[s.page]++
			}
		}
		for page, n := range perPage {
			if n == 1 {
				t.Errorf("after %d points one line stands alone on page %d", filler*11, page+1)
			}
		}
	}
}

func TestWhatCannotFitIsSaid(t *testing.T) {
	tall := []Block{}
	for range 60 {
		tall = append(tall, Para{Text: T("regel")})
	}
	var high *TooTallError
	var narrow *TooNarrowError
	var code *QRError
	for _, c := range []struct {
		name string
		page Page
		as   any
	}{
		{"footer higher than the page", Page{Footer: tall}, &high},
		{"line higher than the page", Page{Size: A6, Blocks: []Block{Para{Text: T("i"), Style: Style{Size: 400}}}}, &high},
		{"letter wider than its column", Page{Blocks: []Block{Row{Cells: []Cell{{Width: 3, Blocks: []Block{Para{Text: T("WWW")}}}, {}}}}}, &narrow},
		{"fixed columns wider than the page", Page{Blocks: []Block{Row{Cells: []Cell{{Width: 900}, {Width: 10}}}}}, &narrow},
		{"margins wider than the page", Page{Margins: Margin(400)}, &narrow},
		{"code wider than its column", Page{Blocks: []Block{QR{Payload: "x", Side: 2000}}}, &narrow},
		{"code without content", Page{Blocks: []Block{QR{}}}, &code},
		{"code with too much content", Page{Blocks: []Block{QR{Payload: strings.Repeat("x", 3000)}}}, &code},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.page.Lang = "nl"
			_, err := laidOut(t, c.page)
			if err == nil || !errors.As(err, c.as) {
				t.Errorf("error %v, want %T", err, c.as)
			}
		})
	}
}

func TestLongWordsBreakInsteadOfSpilling(t *testing.T) {
	for _, c := range []struct{ lang, text string }{
		{"nl", "Hottentottententententoonstellingsbeschermingsmaatregelenvoorzitterskandidaat"},
		{"nl", "https://brug.example/f/0123456789abcdef0123456789abcdef0123456789abcdef"},
		{"ar", strings.Repeat("مدرسة", 20)},
		{"zh", strings.Repeat("学校", 40)},
		{"hi", strings.Repeat("विद्यालय", 10)},
	} {
		p := Page{Lang: c.lang, Size: A6, Margins: Margin(40), Blocks: []Block{Para{Text: T(c.text)}}}
		l, err := laidOut(t, p)
		if err != nil {
			t.Fatal(err)
		}
		checkNothingOverlaps(t, l, Margin(40))
		n := 0
		for _, s := range standing(l) {
			n += len(s.what)
		}
		if n < len(c.text) {
			t.Errorf("%q: %d of %d bytes on paper", c.text, n, len(c.text))
		}
	}
}

func TestSoftHyphensShowOnlyAtTheEndOfALine(t *testing.T) {
	s := New(&strings.Builder{}, Options{}).newSetter()
	p, err := s.paragraph(T("school\u00ADreis\u00ADverzekering"), "nl", false, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		width int
		want  string
	}{{20000, "schoolreisverzekering"}, {6500, "schoolreis-|verzekering"}, {6000, "schoolreis-|verzekering"}, {4200, "school-|reis-|verzeker|ing"}} {
		lines, err := s.wrap(p, c.width)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range lines {
			got = append(got, text(l))
		}
		if g := strings.Join(got, "|"); g != c.want {
			t.Errorf("width %d: %s, want %s", c.width, g, c.want)
		}
	}
}

func TestLinesKeepNestedOrder(t *testing.T) {
	s := New(&strings.Builder{}, Options{}).newSetter()
	for _, c := range []struct {
		name, lang string
		text       Text
		want       string // what the eye meets from left to right
	}{
		{"digits in Arabic in Dutch", "nl", T("Voor محمد 20 نوفمبر samen"), "Voor ربمفون 20 دمحم samen"},
		{"Dutch span in an Arabic line", "ar", Text{{Text: "مع "}, {Text: "Sofie (3A)", Lang: "nl"}, {Text: "!"}}, "!Sofie (3A) عم"},
		{"Arabic span that ends with a number", "nl", Text{{Text: "Dag "}, {Text: "محمد 3", Lang: "ar"}, {Text: ", tot 4 uur"}}, "Dag 3 دمحم, tot 4 uur"},
		{"isolates take no room", "nl", T("dag \u2068محمد\u2069!"), "dag دمحم!"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := s.paragraph(c.text, c.lang, direction(Auto, c.lang) == RTL, false)
			if err != nil {
				t.Fatal(err)
			}
			lines, err := s.wrap(p, 1_000_000)
			if err != nil {
				t.Fatal(err)
			}
			if len(lines) != 1 || text(lines[0]) != c.want {
				t.Errorf("%q, want %q", text(lines[0]), c.want)
			}
		})
	}
}

func TestMissingCharactersAreNamed(t *testing.T) {
	for _, c := range []struct {
		lang, text string
		want       rune
	}{
		{"nl", "Tot dan 😀!", '😀'},
		{"zh", "你好骉", '骉'},
		{"ar", "مرحبا ཀ", 'ཀ'},
		{"nl", "Dag 안녕", '안'},
	} {
		_, err := laidOut(t, Page{Lang: c.lang, Blocks: []Block{Para{Text: T(c.text)}}})
		var m *MissingGlyphError
		if !errors.As(err, &m) || m.Rune != c.want || m.Text != c.text || m.Lang != c.lang {
			t.Errorf("%q: %v, want a MissingGlyphError for %q", c.text, err, c.want)
		}
		if err := Check(c.lang, "goed", c.text); !errors.As(err, &m) {
			t.Errorf("Check %q: %v", c.text, err)
		}
	}
	for _, s := range fixtures(t) {
		if err := Check(s.lang, s.text); err != nil {
			t.Errorf("%s: %v", s.lang, err)
		}
	}
}

func TestSupportedLanguages(t *testing.T) {
	for _, tag := range strings.Fields("nl fr en ar tr pl ro bg es pt uk ru sq fa ps ur so ti it de zh fa-AF ckb hi ne hy ka el am sr-Latn sr zh-Hans kmr vi rif-Latn") {
		if !Supports(tag) {
			t.Errorf("%s should be printable", tag)
		}
	}
	for _, tag := range strings.Fields("ja ko th km he bn zgh zh-TW zh-Hant my ta") {
		if Supports(tag) {
			t.Errorf("%s has no font here and should not be offered", tag)
		}
	}
	if m := Missing(); len(m) > 0 {
		t.Errorf("missing fonts %v: run bin/setup", m)
	}
}

func TestPlainBreaksAreThoseOfTheStandard(t *testing.T) {
	s := New(&strings.Builder{}, Options{}).newSetter()
	compare := func(text string) (plain bool) {
		runes := []rune(text)
		fast := make([]bool, len(runes))
		if !plainBreaks(runes, fast) {
			return false
		}
		s.breaker.Init(runes)
		slow := make([]bool, len(runes))
		for it := s.breaker.LineIterator(); it.Next(); {
			l := it.Line()
			if end := l.Offset + len(l.Text); end < len(runes) {
				slow[end] = true
			}
		}
		for i := range fast {
			if fast[i] != slow[i] {
				t.Fatalf("%q: before %q (%d) %v, the standard says %v", text, runes[i], i, fast[i], slow[i])
			}
		}
		return true
	}
	some := 0
	for _, f := range append(fixtures(t), sharedTexts(t)...) {
		if compare(f.text) {
			some++
		}
	}
	if some < 10 {
		t.Errorf("only %d texts are plain", some)
	}
	// Every character that counts as plain, in all neighbourhoods of two.
	var signs []rune
	var letters []rune
	for r := rune(0x20); r < 0x1400; r++ {
		switch breakClassOf(r) {
		case breakOther:
		case breakLetter:
			letters = append(letters, r)
		default:
			signs = append(signs, r)
		}
	}
	for _, r := range letters {
		compare("a" + string(r) + " " + string(r) + "b")
		for _, c := range []string{" ", "1", ".", "?", "!", ", ", "’", "  "} {
			compare("a" + string(r) + c + string(r))
		}
	}
	signs = append(signs, 'a', 'ب', 'क')
	for _, a := range signs {
		for _, b := range signs {
			for _, c := range signs {
				compare("x" + string(a) + string(b) + string(c) + "1")
				compare("7" + string(a) + string(b) + string(c) + "x")
			}
		}
	}
}
