package press

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// where finds words on the pages of a PDF: page, and the left upper corner from the upper left, in points.
func where(t *testing.T, pdf []byte) map[string][3]float64 {
	t.Helper()
	out := tool(t, "poppler-utils", pdf, "pdftotext", "-bbox", "FILE", "-")
	word := regexp.MustCompile(`xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="[\d.]+">([^<]+)<`)
	found := map[string][3]float64{}
	for page, part := range strings.Split(out, "<page ")[1:] {
		for _, m := range word.FindAllStringSubmatch(part, -1) {
			x, err1 := strconv.ParseFloat(m[1], 64)
			y, err2 := strconv.ParseFloat(m[2], 64)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			found[m[3]] = [3]float64{float64(page), x, y}
		}
	}
	return found
}

func TestCardsStandInTheirPlaces(t *testing.T) {
	card := func(size Size, word string, more int) Page {
		return Page{Size: size, Lang: "nl", Blocks: []Block{Para{Text: T(word + " " + repeated("en nog wat tekst", more))}}}
	}
	m, text := 8*MM, 5.0 // margin, and what a line may begin lower
	halfW, halfH := A6.Width, A4.Height-A6.Height
	for _, c := range []struct {
		name   string
		impose Imposition
		pages  []Page
		want   map[string][3]float64
	}{
		{"four to a sheet, the fifth on the next", FourUp,
			[]Page{card(A6, "een", 0), card(A6, "twee", 0), card(A6, "drie", 0), card(A6, "vier", 0), card(A6, "vijf", 0)},
			map[string][3]float64{"een": {0, m, m}, "twee": {0, halfW + m, m}, "drie": {0, m, halfH + m}, "vier": {0, halfW + m, halfH + m}, "vijf": {1, m, m}}},
		{"a long one takes two places", FourUp,
			[]Page{card(A6, "een", 150), card(A6, "twee", 0)},
			map[string][3]float64{"een": {0, m, m}, "twee": {0, m, halfH + m}}},
		{"a new sheet where it is asked for", FourUp,
			[]Page{card(A6, "een", 0), {Size: A6, Lang: "nl", NewSheet: true, Blocks: []Block{Para{Text: T("twee")}}}},
			map[string][3]float64{"een": {0, m, m}, "twee": {1, m, m}}},
		{"two A5 on A4", TwoUp,
			[]Page{card(A5, "een", 0), card(A5, "twee", 0), card(A5, "drie", 0)},
			map[string][3]float64{"een": {0, 12 * MM, 12 * MM}, "twee": {0, A4.Height - A5.Width + 12*MM, 12 * MM}, "drie": {1, 12 * MM, 12 * MM}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := where(t, printed(t, Options{Impose: c.impose}, c.pages...))
			for w, at := range c.want {
				got, ok := found[w]
				if !ok || got[0] != at[0] || got[1] < at[1]-1 || got[1] > at[1]+1 || got[2] < at[2]-1 || got[2] > at[2]+text {
					t.Errorf("%s stands at %v, want %v", w, got, at)
				}
			}
		})
	}
}

// sides are the pages of a PDF with the words on each.
func sides(t *testing.T, pdf []byte) []string {
	t.Helper()
	out := tool(t, "poppler-utils", pdf, "pdftotext", "-raw", "FILE", "-")
	pages := strings.Split(strings.TrimSuffix(out, "\f"), "\f")
	for i := range pages {
		pages[i] = strings.Join(strings.Fields(pages[i]), " ")
	}
	return pages
}

func TestWhatLiesBehindWhat(t *testing.T) {
	card := func(size Size, word string, behind bool) Page {
		return Page{Size: size, Lang: "nl", Behind: behind, Blocks: []Block{Para{Text: T(word)}}}
	}
	two := func(size Size, word string) Page {
		return Page{Size: size, Lang: "nl", Blocks: []Block{Para{Text: T(word)}, PageBreak{}, Para{Text: T(word + "2")}}}
	}
	list := Page{Size: A4, Lang: "nl", Whole: true, Blocks: []Block{Para{Text: T("lijst")}}}
	m := 8 * MM
	right, low := A4.Width-A6.Width, A4.Height-A6.Height
	for _, c := range []struct {
		name   string
		impose Imposition
		pages  []Page
		sheets []string
		want   map[string][3]float64
	}{
		{"each back lies behind its front, left for right", FourUp,
			[]Page{card(A6, "een", false), card(A6, "eenachter", true), card(A6, "twee", false), card(A6, "tweeachter", true), card(A6, "drie", false), card(A6, "drieachter", true)},
			[]string{"een twee drie", "eenachter tweeachter drieachter"},
			map[string][3]float64{"een": {0, m, m}, "eenachter": {1, right + m, m}, "twee": {0, right + m, m}, "tweeachter": {1, m, m}, "drie": {0, m, low + m}, "drieachter": {1, right + m, low + m}}},
		{"a card without a back leaves its back empty", FourUp,
			[]Page{card(A6, "een", false), card(A6, "twee", false), card(A6, "tweeachter", true)},
			[]string{"een twee", "tweeachter"},
			map[string][3]float64{"twee": {0, right + m, m}, "tweeachter": {1, m, m}}},
		{"the fifth card begins a new sheet behind the first's back", FourUp,
			[]Page{card(A6, "een", false), card(A6, "twee", false), card(A6, "drie", false), card(A6, "vier", false), card(A6, "vierachter", true), card(A6, "vijf", false)},
			[]string{"een twee drie vier", "vierachter", "vijf", ""}, nil},
		{"a list stands on a sheet of its own, with nothing behind it", FourUp,
			[]Page{list, card(A6, "een", false), card(A6, "eenachter", true), list, card(A6, "twee", false)},
			[]string{"lijst", "", "een", "eenachter", "lijst", "", "twee", ""}, nil},
		{"a long text goes on at its back, and the next one begins in front", Single,
			[]Page{two(A4, "lang"), card(A4, "kort", false), card(A4, "achter", true), card(A4, "derde", true)},
			[]string{"lang 1 / 2", "lang2 2 / 2", "kort", "achter", "derde", ""}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			pdf := printed(t, Options{Impose: c.impose, TwoSided: true}, c.pages...)
			got := sides(t, pdf)
			for i := range got { // order within a side is that of the cards, not told by the tool
				words := strings.Fields(got[i])
				want := strings.Fields(append(c.sheets, make([]string, 9)...)[i])
				for _, w := range want {
					if !strings.Contains(" "+got[i]+" ", " "+w+" ") {
						t.Errorf("side %d is %q, want %q", i, got[i], c.sheets[i])
					}
				}
				if len(words) != len(want) {
					t.Errorf("side %d is %q, want %q", i, got[i], want)
				}
			}
			if len(got) != len(c.sheets) {
				t.Fatalf("%d sides, want %d: %q", len(got), len(c.sheets), got)
			}
			if len(c.want) == 0 {
				return
			}
			found := where(t, pdf)
			for w, at := range c.want {
				got, ok := found[w]
				if !ok || got[0] != at[0] || got[1] < at[1]-1 || got[1] > at[1]+1 || got[2] < at[2]-1 || got[2] > at[2]+5 {
					t.Errorf("%s stands at %v, want %v", w, got, at)
				}
			}
		})
	}
}

// TestTheBackOfALandscapeSheetStandsOnItsHead: the long edge of two A5 beside each other is the upper one, and a printer
// that turns the paper on it brings what stands below up. Turned as a whole, each back lies behind its front, head to head.
func TestTheBackOfALandscapeSheetStandsOnItsHead(t *testing.T) {
	page := func(word string, behind bool) Page {
		return Page{Size: A5, Lang: "nl", Behind: behind, Blocks: []Block{Para{Text: T(word)}}}
	}
	pdf := printed(t, Options{Impose: TwoUp, TwoSided: true}, page("links", false), page("linksachter", true), page("rechts", false), page("rechtsachter", true))
	found := where(t, pdf)
	half := A4.Height / 2
	if p := found["links"]; p[0] != 0 || p[1] > half || p[2] > 60 {
		t.Errorf("the first front stands at %v", p)
	}
	if p := found["linksachter"]; p[0] != 1 || p[1] > half || p[2] < A4.Width-60 {
		t.Errorf("its back stands at %v: want the left half, at the foot", p)
	}
	if p := found["rechtsachter"]; p[0] != 1 || p[1] < half {
		t.Errorf("the second back stands at %v: want the right half", p)
	}
}

func TestTwoSidedIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	var pages []Page
	for i := range 40 {
		pages = append(pages, Page{Size: A6, Lang: "nl", Blocks: []Block{Para{Text: T("kaart " + itoa(i))}}}, Page{Size: A6, Lang: "nl", Behind: true, Blocks: []Block{Para{Text: T("achter " + itoa(i))}}})
	}
	one := printed(t, Options{Impose: FourUp, TwoSided: true, Workers: 1}, pages...)
	four := printed(t, Options{Impose: FourUp, TwoSided: true, Workers: 4}, pages...)
	if string(one) != string(four) {
		t.Error("the bytes differ")
	}
	if got := sides(t, one); len(got) != 20 {
		t.Errorf("%d sides for 40 cards, want 20", len(got))
	}
	tool(t, "qpdf", one, "qpdf", "--check", "FILE")
}

func TestEverythingShrinksButNotTheCode(t *testing.T) {
	picture := pictogram(t, "1F3EB")
	var items []Item
	for range 14 {
		items = append(items, Item{Picture: picture, PictureSize: 60, Text: T("Kijk samen in de tas."), Lines: 1, LineGap: 30})
	}
	page := Page{Size: A4, Lang: "nl", MinScale: 0.4, Blocks: []Block{List{Items: items}}, Footer: []Block{QR{Payload: "https://brug.example/f/x", Side: 80}}}
	before, err := Measure(Options{}, page)
	if err != nil {
		t.Fatal(err)
	}
	page.AllShrinks = true
	after, err := Measure(Options{}, page)
	if err != nil {
		t.Fatal(err)
	}
	if before.Pages < 2 || after.Pages != 1 || after.Scale >= 1 {
		t.Errorf("%d pages at %.2f, and with all shrinking %d at %.2f", before.Pages, before.Scale, after.Pages, after.Scale)
	}
}
