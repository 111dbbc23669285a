// Package sheets puts materials on paper: it turns a text of any kind, in any language, into pages for package press.
//
// How a kind stands on paper is one row of the table layouts (layouts.go): its sizes, its head and foot, and how each role
// of a part looks (looks.go). Nothing else here knows kinds by name, so a new kind is a new row.
//
// Called by packs (print packs, single sheets) and by the editor's preview. It reads no database and owns no tables; what
// all pages of a print share is a Paper, what one page says is a Text, how it is cut is a Form.
package sheets

import (
	"slices"
	"strings"
	"sync"
	"time"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/pictogram"
	"brug/internal/press"
)

// Paper is what all pages of a print share.
type Paper struct {
	School  string // name
	Main    string // language of the school
	Logo    *press.Picture
	Photos  map[string]*press.Picture // by public id; a missing one is shown by initials
	BaseURL string                    // without a slash at the end; stands in the QR codes
	Printed time.Time                 // in the school's time zone
	Expires time.Time                 // until when the codes work
}

// Text is what one page says, and to whom.
type Text struct {
	Sheet  material.Sheet
	Twin   *material.Sheet  // the same in the school's language, to stand beside it; nil: one language
	Also   []material.Sheet // further languages on the same page, for kinds whose Layout stands Together
	Child  string           // whose family it is for; "": for nobody in particular
	Code   *Code            // what opens the text on a phone; nil: nothing does
	Partly bool             // some words are not there in the reader's language, and the text says so itself (Sheet.Lacks has it said)
}

// Code opens the text on a phone.
type Code struct{ Token, Short string }

// Form is how the paper is cut.
type Form struct {
	Size     Size // zero, or one that the kind does not have: as usual for the kind
	TwoSided bool // the kind's second side stands on the back; see Layout.Back
}

// Size is a size of paper by its name.
type Size string

// The sizes.
const (
	A3 Size = "a3"
	A4 Size = "a4"
	A5 Size = "a5"
	A6 Size = "a6"
)

// Sizes are all sizes, the largest first.
func Sizes() []Size { return []Size{A3, A4, A5, A6} }

// Press is the size in points, upright.
func (s Size) Press() press.Size {
	switch s {
	case A3:
		return press.A3
	case A5:
		return press.A5
	case A6:
		return press.A6
	}
	return press.A4
}

// Name is how people call it.
func (s Size) Name() string { return strings.ToUpper(string(s)) }

// PerSheet is how many of this size stand on a sheet of A4.
func (s Size) PerSheet() int {
	switch s {
	case A5:
		return 2
	case A6:
		return 4
	}
	return 1
}

// share is how large things are on this size against A4.
func (s Size) share() float64 {
	switch s {
	case A3:
		return 1.41
	case A5:
		return 0.78
	case A6:
		return 0.62
	}
	return 1
}

// Impose is how pages of this size are put on A4.
func (s Size) Impose() press.Imposition {
	switch s {
	case A5:
		return press.TwoUp
	case A6:
		return press.FourUp
	}
	return press.Single
}

// Pages lays a text out: one press.Page, or two of which the second is Behind the first.
func (p *Paper) Pages(t Text, f Form) []press.Page {
	layout := For(t.Sheet.Kind)
	if !slices.Contains(layout.Sizes, f.Size) {
		f.Size = layout.Usual(t.Twin != nil)
	}
	c := &composer{Paper: p, Text: t, layout: layout, size: f.Size, l: lang.For(t.Sheet.Lang), k: f.Size.share() / layout.Sizes[0].share()}
	c.both = t.Twin != nil && differs(t.Sheet, t.Twin.Lang)
	return c.pages(f.TwoSided && len(layout.Back) > 0)
}

// Page lays a text out on one side.
func (p *Paper) Page(t Text, f Form) press.Page {
	f.TwoSided = false
	return p.Pages(t, f)[0]
}

// differs tells whether anything of the sheet is in another language than main. Where nothing is, a second column would
// say the same twice.
func differs(s material.Sheet, main string) bool {
	lacks := func(t material.Piece) bool { return t.Text != "" && t.Lang != main }
	return lacks(s.Title) || lacks(s.Intro) || lacks(s.Close) || slices.ContainsFunc(s.Parts, func(p material.SheetPart) bool { return lacks(p.Piece) })
}

var pictures struct {
	sync.Mutex
	parsed map[string]*press.Picture
}

// Pictogram is the drawing of a pictogram, parsed once for the whole program; nil if the pictograms are not installed or
// there is none of this name.
func Pictogram(name string) *press.Picture {
	if name == "" {
		return nil
	}
	pictures.Lock()
	defer pictures.Unlock()
	if p, ok := pictures.parsed[name]; ok {
		return p
	}
	svg, ok := pictogram.SVG(name)
	if !ok {
		return nil // the program said so when it started
	}
	p, err := press.ParseSVG(svg)
	if err != nil {
		p = nil // a test parses all of them
	}
	if pictures.parsed == nil {
		pictures.parsed = map[string]*press.Picture{}
	}
	pictures.parsed[name] = p
	return p
}
