package press

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"image"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// wellFormed reads a drawing as XML and gives all its attributes.
func wellFormed(t *testing.T, svg []byte) (attrs []xml.Attr) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(svg))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return attrs
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		if e, ok := tok.(xml.StartElement); ok {
			if e.Name.Local == "script" || e.Name.Local == "foreignObject" {
				t.Errorf("has an element %s", e.Name.Local)
			}
			attrs = append(attrs, e.Attr...)
		}
	}
}

// inked counts the outlines of a laid page that leave ink, as they are put on paper.
func inked(l *laid) (n int) {
	for _, c := range l.pages {
		for _, it := range c.items {
			if it.kind != textItem {
				continue
			}
			for _, line := range it.text.lines {
				for _, f := range line.frags {
					for _, g := range f.word.glyphs {
						switch {
						case g.id != blankGlyph && len(f.word.face.outline(int(g.id))) > 0:
							n++
						case g.id == blankGlyph:
							n += len(g.parts) / 6
						}
					}
				}
			}
		}
	}
	return n
}

func TestADrawingShowsWhatThePaperShows(t *testing.T) {
	for i := range slipTexts {
		page := slipPage(t, i)
		t.Run(page.Lang, func(t *testing.T) {
			pages, err := SVG(context.Background(), page, SVGOptions{Prefix: "x"})
			if err != nil {
				t.Fatal(err)
			}
			l, err := laidOut(t, page)
			if err != nil {
				t.Fatal(err)
			}
			if len(pages) != len(l.pages) {
				t.Fatalf("%d drawings of %d pages", len(pages), len(l.pages))
			}
			uses := 0
			for k, svg := range pages {
				ids := map[string]bool{}
				for _, a := range wellFormed(t, svg) {
					switch {
					case a.Name.Local == "id":
						if ids[a.Value] || !strings.HasPrefix(a.Value, "x") {
							t.Errorf("id %q stands twice, or without its prefix", a.Value)
						}
						ids[a.Value] = true
					case a.Name.Local == "href" && strings.HasPrefix(a.Value, "#xg"):
						uses++
					case a.Name.Local == "href" && !strings.HasPrefix(a.Value, "#"):
						t.Errorf("refers to %.40s", a.Value)
					}
				}
				for _, m := range regexp.MustCompile(`#x[a-z0-9-]+`).FindAllString(string(svg), -1) {
					if !ids[m[1:]] {
						t.Errorf("%s is not there", m)
					}
				}
				if len(svg) > 150_000 {
					t.Errorf("%d bytes", len(svg))
				}
				if *keep != "" {
					name := filepath.Join(filepath.Dir(*keep), "slip-"+page.Lang+itoa(k)+".svg")
					if err := os.WriteFile(name, svg, 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
			if want := inked(l); uses != want || want == 0 {
				t.Errorf("%d outlines are drawn, the paper has %d", uses, want)
			}
		})
	}
}

func TestADrawingOfPicturesOfAllSorts(t *testing.T) {
	photo := encodedPNG(t, image.NewGray(image.Rect(0, 0, 900, 300)))
	p, err := ParsePicture(photo)
	if err != nil {
		t.Fatal(err)
	}
	grad, err := ParseSVG([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><linearGradient id="g"><stop stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient><rect width="10" height="10" fill="url(#g)"/></svg>`))
	if err != nil {
		t.Fatal(err)
	}
	clipped, err := ParseSVG([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><clipPath id="c"><circle cx="5" cy="5" r="4"/></clipPath><g clip-path="url(#c)"><rect width="10" height="10" fill="red" opacity=".5"/></g></svg>`))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := SVG(context.Background(), Page{Lang: "nl", Blocks: []Block{Image{Picture: p, Width: 90, Round: true}, Image{Picture: grad, Width: 50}, Image{Picture: clipped, Width: 50},
		Disc{Text: "SD", Side: 50}, List{Items: []Item{{Tick: true, Text: T("Kruis aan")}, {Label: "2", Badge: true, Text: T("Stap")}}},
		Box{Border: RGB(0), Speech: true, Blocks: []Block{Para{Text: T("Wat zeg jij?")}}}}}, SVGOptions{})
	if err != nil {
		t.Fatal(err)
	}
	svg := string(pages[0])
	wellFormed(t, pages[0])
	for _, want := range []string{"data:image/png;base64,", "data:image/svg+xml;base64,", `fill-opacity="0.5"`, "<circle", "clip-path"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the drawing lacks %s", want)
		}
	}
	if strings.Contains(svg, "http") && strings.Count(svg, "http") > 1 {
		t.Error("refers to another place")
	}
}
