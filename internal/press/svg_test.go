package press

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpenMojiIsAllPrintable(t *testing.T) {
	files, err := filepath.Glob("../../node_modules/openmoji/color/svg/*.svg")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 4000 {
		t.Fatalf("%d pictograms in node_modules/openmoji: run bin/setup", len(files))
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		p, err := ParseSVG(data)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(f), err)
			continue
		}
		if p.Width != 54 || p.Height != 54 {
			t.Errorf("%s: %v × %v points, want 54 × 54 (72 pixels)", filepath.Base(f), p.Width, p.Height)
		}
	}
}

func TestUnprintableSVGIsRefusedByName(t *testing.T) {
	svg := func(body string) string {
		return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">` + body + `</svg>`
	}
	for _, c := range []struct {
		name, data string
		kind       error
		detail     string
	}{
		{"text", svg(`<text>De Wilg</text>`), ErrPictureUnsupported, "text"},
		{"filter", svg(`<filter id="f"/><rect width="9" height="9" filter="url(#f)"/>`), ErrPictureUnsupported, "filter"},
		{"mask", svg(`<mask id="m"/><rect width="9" height="9" style="mask:url(#m)"/>`), ErrPictureUnsupported, "mask"},
		{"pattern", svg(`<pattern id="p"/><rect width="9" height="9" fill="url(#p)"/>`), ErrPictureUnsupported, "pattern"},
		{"picture inside", svg(`<image href="data:image/png;base64,AA"/>`), ErrPictureUnsupported, "image"},
		{"another file", svg(`<use xlink:href="file:///etc/passwd#x"/>`), ErrPictureUnsupported, "another file"},
		{"colour from another file", svg(`<rect width="1" height="1" fill="url(http://x.example/#a)"/>`), ErrPictureUnsupported, "another file"},
		{"use in a circle", svg(`<g id="a"><use href="#a"/></g>`), ErrPictureBroken, "use"},
		{"gradient that fades", svg(`<linearGradient id="g"><stop/><stop offset="1" stop-opacity="0"/></linearGradient><rect width="9" height="9" fill="url(#g)"/>`), ErrPictureUnsupported, "fades"},
		{"cut off", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0`, ErrPictureBroken, ""},
		{"no size", `<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>`, ErrPictureBroken, "viewBox"},
		{"a page that holds one", `<html><svg viewBox="0 0 1 1"></svg></html>`, ErrPictureFormat, ""},
		{"huge file", svg(strings.Repeat(" ", maxSVGBytes)), ErrPictureTooLarge, "bytes"},
		{"too many elements", svg(strings.Repeat("<g/>", maxSVGNodes+1)), ErrPictureTooLarge, "elements"},
		{"too deep", svg(strings.Repeat("<g>", maxSVGDepth+2)), ErrPictureTooLarge, "elements"},
		{"laughing use elements", svg(`<g id="a">` + strings.Repeat(`<path d="M0 0h1"/>`, 100) + `</g>` + doubling(20) + `<use href="#n20"/>`), ErrPictureTooLarge, "draw"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParsePicture([]byte(c.data))
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.detail) {
				t.Errorf("error %v, want %v with %q", err, c.kind, c.detail)
			}
		})
	}
}

// doubling makes groups that each use the one before ten times.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString(`<g id="n0"><use href="#a"/></g>`)
	for i := range n {
		b.WriteString(`<g id="n` + itoa(i+1) + `">` + strings.Repeat(`<use href="#n`+itoa(i)+`"/>`, 10) + `</g>`)
	}
	return b.String()
}

func TestSVGBecomesTheseOperators(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"rectangle with named colour", `<rect x="1" y="2" width="3" height="4" fill="red"/>`, "1 0 0 rg 1 2 m 4 2 l 4 6 l 1 6 l h f "},
		{"style attribute wins over attribute", `<rect width="1" height="1" fill="red" style="fill:#0f0"/>`, "0 1 0 rg "},
		{"class of a style sheet", `<style>.a,.b{fill:#00f;stroke:none}</style><rect class="b" width="1" height="1"/>`, "0 0 1 rg "},
		{"rgb in percent", `<rect width="1" height="1" fill="rgb(0%, 100%, 0%)"/>`, "0 1 0 rg "},
		{"no fill", `<path fill="none" stroke="#fff" stroke-width="2" d="M1 1L2 2"/>`, "1 1 1 RG 2 w 0 J 0 j 4 M 1 1 m 2 2 l S "},
		{"round line ends and dashes", `<line x2="5" stroke="#000" stroke-linecap="round" stroke-linejoin="round" stroke-dasharray="1,2"/>`, "1 w 1 J 1 j [1 2 ]0 d 0 0 m 5 0 l S "},
		{"numbers without spaces", `<path d="M1-1.5.5l-1-1z"/>`, "1 -1.5 m "},
		{"relative and shorthand commands", `<path d="m1 1h2v2H1zm5 5l1 1"/>`, "1 1 m 3 1 l 3 3 l 1 3 l h 6 6 m 7 7 l f "},
		{"even-odd", `<path fill-rule="evenodd" d="M0 0h1v1z"/>`, "h f* "},
		{"arc of a quarter circle ends where it should", `<path d="M0 1a1 1 0 01 1-1"/>`, " 1 0 c f "},
		{"arc flags without spaces", `<path d="M0 1A1 1 0 011 0"/>`, " 1 0 c f "},
		{"transform", `<g transform="translate(1 2) scale(2)"><rect width="1" height="1"/></g>`, "q 2 0 0 2 1 2 cm "},
		{"rotation about a point", `<rect transform="rotate(90 5 5)" width="1" height="1"/>`, "q 0 1 -1 0 10 0 cm "},
		{"opacity", `<rect opacity=".5" width="1" height="1"/>`, "/G0 gs "},
		{"use", `<defs><rect id="r" width="1" height="1"/></defs><use href="#r" x="3"/>`, "1 0 0 1 3 0 cm q 0 0 0 rg 0 0 m "},
		{"clip", `<clipPath id="c"><rect width="2" height="2"/></clipPath><rect clip-path="url(#c)" width="9" height="9"/>`, "0 0 m 2 0 l 2 2 l 0 2 l h W n "},
		{"gradient", `<linearGradient id="g"><stop stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient><rect width="4" height="2" fill="url(#g)"/>`, "W n 4 0 0 2 0 0 cm /S0 sh "},
		{"script is passed over", `<script>alert(1)</script><rect width="1" height="1"/>`, "0 0 0 rg "},
		{"another name space is passed over", `<x:y xmlns:x="urn:x"><rect width="7" height="7"/></x:y><rect width="1" height="1"/>`, "0 0 m 1 0 l "},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &svgParser{byID: map[string]*svgNode{}}
			root, err := d.read([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">` + c.body + `</svg>`))
			if err != nil {
				t.Fatal(err)
			}
			target := &svgTarget{}
			st := svgState{fill: svgPaint{color: svgColor{0, 0, 0, 1}}, stroke: svgPaint{none: true}, fillOpacity: 1, strokeOpacity: 1, width: 1, miter: 4, visible: true, view: [2]float64{10, 10}}
			if err := d.drawKids(target, root, st, 0); err != nil {
				t.Fatal(err)
			}
			if got := string(target.ops); !strings.Contains(got, c.want) {
				t.Errorf("operators\n%s\nwant among them\n%s", got, c.want)
			}
		})
	}
}
