package packs

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/material"
	"brug/internal/press"
	"brug/internal/sheets"
)

// SheetChoice is a material to be printed for nobody in particular: a poster, a who-is-who, a checklist for the team, or
// any text to look at, to hang up or to keep at hand.
type SheetChoice struct {
	Material string
	Langs    []string // at most MaxLangs; none: the school's language. Kinds that can stand together share one page
	Size     sheets.Size
	Single   bool // one on a sheet, also of a small card; else as many copies as fit on A4
	TwoSided bool
	Sample   bool // as a family gets it: with the name of a child and a code, neither of which is real
	Date     string
	Time     string
	Place    string
}

// Sheet prints at once into w. Its errors are those of Start: Invalid at "material", "in", "size", "date", "time", "place".
// Nothing is kept, for nothing on it is anybody's.
func (s *Service) Sheet(ctx context.Context, by auth.Actor, c SheetChoice, w io.Writer) error {
	if err := by.May(auth.PacksPrint); err != nil {
		return err
	}
	e, err := s.Material.Get(ctx, by, c.Material)
	if err != nil {
		return err
	}
	pages, o, err := s.sketch(ctx, by, e, c)
	if err != nil {
		return err
	}
	doc := press.New(w, o)
	for _, p := range pages {
		if err := doc.Add(ctx, p); err != nil {
			_ = doc.Close() // says the same again
			return sheetFault(err)
		}
	}
	return sheetFault(doc.Close())
}

// sheetFault says at the material what cannot be printed.
func sheetFault(err error) error {
	if err == nil {
		return nil
	}
	text, known := problem(err)
	if !known {
		return err
	}
	return &errs.Error{Kind: errs.Invalid, Fields: map[string]errs.Text{"material": text}, Err: err}
}

// Draw shows a material as it stands on paper, as SVG pictures (see press.SVG: nothing but themselves is needed to see
// them): one or more for each language, or one for all where the kind stands together. The entry need not be kept yet, so
// an editor can show what is being written. Prefix begins the ids in them, for several in one HTML page. Errors as of Sheet.
func (s *Service) Draw(ctx context.Context, by auth.Actor, e *material.Entry, c SheetChoice, prefix string) ([][]byte, error) {
	if err := by.May(auth.MaterialSee); err != nil {
		return nil, err
	}
	c.Single = true
	pages, _, err := s.sketch(ctx, by, e, c)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for i, p := range pages {
		shown, err := press.SVG(ctx, p, press.SVGOptions{Lang: by.School.Lang, Prefix: prefix + "s" + strconv.Itoa(i) + "-", Cache: drawn})
		if err != nil {
			return nil, sheetFault(err)
		}
		out = append(out, shown...)
	}
	return out, nil
}

// drawn keeps shaped words between previews: the same text is drawn again at each change of a word. Names never enter it.
var drawn = press.NewCache(4 << 20)

func (s *Service) sketch(ctx context.Context, by auth.Actor, e *material.Entry, c SheetChoice) ([]press.Page, press.Options, error) {
	var ck errs.Check
	checkLangs(&ck, "in", c.Langs)
	ck.That(c.Size == "" || slices.Contains(sheets.Sizes(), c.Size), "size", "Choose a size from the list.")
	o := Options{Date: c.Date, Time: c.Time, Place: c.Place}
	o.checkValues(&ck)
	if err := ck.Err(); err != nil {
		return nil, press.Options{}, err
	}
	paper, options, err := s.paper(ctx, by, e)
	if err != nil {
		return nil, options, err
	}
	fills, err := s.fills(ctx, by, o)
	if err != nil {
		return nil, options, err
	}
	class := auth.Class{}
	if len(by.Classes) > 0 {
		class = by.Classes[0] // so that a teacher sees the own name
	}
	if e.For.PublicID != "" {
		row, err := s.DB.Q().ClassOfScope(ctx, q.ClassOfScopeParams{SchoolID: by.School.ID, PublicID: e.For.PublicID})
		if err != nil && !db.Missing(err) {
			return nil, options, fmt.Errorf("class of the text: %w", err)
		}
		class = auth.Class{ID: row.ID, Name: e.For.Name}
	}
	child := ""
	if c.Sample {
		child = SampleChild
		paper.Expires = paper.Printed.Add(contact.CodeLife)
	}
	tags := c.Langs
	if len(tags) == 0 {
		tags = []string{by.School.Lang}
	}
	layout := sheets.For(e.Kind)
	var texts []sheets.Text
	for _, tag := range tags {
		sheet := e.Sheet(tag, fills(class.ID, class.Name, child, tag))
		if len(tags) > 1 && lacksAll(sheet) {
			continue // the same words in the school's language would stand there twice
		}
		if layout.Together && len(texts) > 0 {
			texts[0].Also = append(texts[0].Also, sheet)
			continue
		}
		t := sheets.Text{Sheet: sheet}
		if c.Sample && MayPrintEach(e.Material) {
			t.Child, t.Code = child, &sheets.Code{Token: sampleToken, Short: sampleShort}
		}
		texts = append(texts, t)
	}
	if len(texts) == 0 { // none of them is there: the school's own words
		texts = append(texts, sheets.Text{Sheet: e.Sheet(by.School.Lang, fills(class.ID, class.Name, child, by.School.Lang))})
	}
	form := sheets.Form{Size: c.Size, TwoSided: c.TwoSided}
	if !slices.Contains(layout.Sizes, form.Size) {
		form.Size = layout.Sizes[0]
	}
	options.Title, options.TwoSided = e.TitleIn(by.School.Lang), c.TwoSided
	copies := 1
	if !c.Single {
		options.Impose = form.Size.Impose()
		copies = form.Size.PerSheet()
	}
	var pages []press.Page
	for _, t := range texts {
		for n := range copies {
			sides := paper.Pages(t, form)
			sides[0].NewSheet = n == 0
			pages = append(pages, sides...)
		}
	}
	return pages, options, nil
}

// What stands on a sample: a name that is at home in many languages, and a code that opens nothing.
const (
	SampleChild = "Noor"
	sampleToken = "example"
	sampleShort = "0000 0000 0000"
)

// lacksAll tells whether nothing at all is in the language asked for.
func lacksAll(s material.Sheet) bool {
	own := func(p material.Piece) bool { return p.Text != "" && p.Lang != s.Other }
	return s.Lacks && !own(s.Title) && !own(s.Intro) && !own(s.Close) && !slices.ContainsFunc(s.Parts, func(p material.SheetPart) bool { return own(p.Piece) })
}
