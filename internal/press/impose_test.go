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
