package ui

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"brug/internal/pictogram"
)

func TestSmallDrawingsDrawTheSame(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"white space and empty groups go", "<svg id=\"e\">\n  <g id=\"hair\"/>\n <g><g></g></g> <path d=\"M1 2\"/>\n</svg>\n", `<svg><path d="M1 2"/></svg>`},
		{"numbers keep a hundredth", `<svg><path d="M1.23456-7.0001c.0049,0,10.999,3"/></svg>`, `<svg><path d="M1.23-7c0,0,11,3"/></svg>`},
		{"numbers that touch stay two", `<svg><path d="M1.5.004.5123L2"/></svg>`, `<svg><path d="M1.5 0 .51L2"/></svg>`},
		{"a point that goes does not join two numbers", `<svg><path d="M7.0001.5.98.5062-.001.3"/></svg>`, `<svg><path d="M7 .5.98.51 0 .3"/></svg>`},
		{"an arc stays as it is", `<svg><path d="M1 2a1.2345 1 0 01.54321.5"/></svg>`, `<svg><path d="M1 2a1.2345 1 0 01.54321.5"/></svg>`},
		{"a line that is not drawn has no form", `<svg><path stroke="none" stroke-width="2" d="M0 0"/></svg>`, `<svg><path stroke="none" d="M0 0"/></svg>`},
		{"what refers to its parts stays", `<svg><g id="a" /><use href="#a"/> <b/></svg>`, `<svg><g id="a" /><use href="#a"/> <b/></svg>`},
	}
	for _, c := range cases {
		got := string(smallSVG([]byte(c.in)))
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

var anyNumber = regexp.MustCompile(`[-+]?(?:\d+\.?\d*|\.\d+)`)

// Every pictogram: the same shapes with the same numbers, to a hundredth.
func TestSmallPictogramsHaveTheirShapes(t *testing.T) {
	before, after := 0, 0
	for _, name := range pictogram.Names() {
		b, ok := pictogram.SVG(name)
		if !ok {
			t.Fatalf("%s brings the pictograms: %s lacks", pictogram.Setup, name)
		}
		small := smallSVG(b)
		was, is := drawn(t, name, b), drawn(t, name, small)
		if len(was) != len(is) {
			t.Errorf("%s: %d shapes, were %d", name, len(is), len(was))
			continue
		}
		for i := range was {
			n, m := anyNumber.FindAllString(was[i], -1), anyNumber.FindAllString(is[i], -1)
			if len(n) != len(m) {
				t.Errorf("%s: %d numbers, were %d: %s", name, len(m), len(n), is[i])
				continue
			}
			for j := range n {
				x, _ := strconv.ParseFloat(n[j], 64)
				y, _ := strconv.ParseFloat(m[j], 64)
				if math.Abs(x-y) > 0.00501 {
					t.Errorf("%s: %s became %s", name, n[j], m[j])
				}
			}
		}
		before, after = before+len(newAsset("x.svg", b).zipped), after+len(newAsset("x.svg", small).zipped)
	}
	if after*100 > before*85 {
		t.Errorf("%d bytes compressed of %d: hardly smaller", after, before)
	}
	t.Logf("%d bytes compressed, %d before", after, before)
}

// drawn are the shapes of a drawing, each with the numbers that place it.
func drawn(t *testing.T, name string, b []byte) []string {
	t.Helper()
	var out []string
	for d := xml.NewDecoder(strings.NewReader(string(b))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if e, is := token.(xml.StartElement); is && e.Name.Local != "g" && e.Name.Local != "svg" {
			s := e.Name.Local
			for _, a := range e.Attr {
				switch a.Name.Local {
				case "d", "points", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "transform":
					s += " " + a.Value
				}
			}
			out = append(out, s)
		}
	}
}
