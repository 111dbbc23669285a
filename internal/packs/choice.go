package packs

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/material"
	"brug/internal/school"
	"brug/internal/sheets"
)

// MaxLangs is how many languages one paper can be printed in at once.
const MaxLangs = 6

// MaxBag is how many materials one pack can hold for each family.
const MaxBag = 6

// Choice is what to print, for whom and how.
type Choice struct {
	Material string       // slug; "" where only Letters are printed
	Also     []string     // slugs of what each family gets behind it, in this order: a bag
	Scope    school.Scope // class, group, school, household
	Options
}

// Options is how to print. They are kept with the pack.
type Options struct {
	Lang      string      `json:"lang,omitempty"`      // every page in this language; "" is each family's own
	Langs     []string    `json:"langs,omitempty"`     // each family gets the text in all of these, at most MaxLangs; goes before Lang
	Bilingual bool        `json:"bilingual,omitempty"` // beside the school's language, line by line
	NoCover   bool        `json:"noCover,omitempty"`   // without the list for the teacher
	UILang    string      `json:"uiLang,omitempty"`    // of the list: that of who asked
	Size      sheets.Size `json:"size,omitempty"`      // "": as usual for the kind; a bag is always A4
	Single    bool        `json:"single,omitempty"`    // small cards on small paper, instead of two or four on A4
	TwoSided  bool        `json:"twoSided,omitempty"`  // for a printer that turns the paper on its long edge
	Date      string      `json:"date,omitempty"`      // what the placeholders stand for: see material.Fill
	Time      string      `json:"time,omitempty"`
	Place     string      `json:"place,omitempty"`

	Letters bool `json:"letters,omitempty"` // also the letters of messages that wait for paper; all on A4

	Bag []Item `json:"bag,omitempty"` // what Choice.Also became, with versions
}

// Item is a material in a bag.
type Item struct {
	Material string `json:"material"`
	Version  int64  `json:"version"`
}

// MayPrintEach tells whether a material is for families one by one; else it is printed as a sheet (Service.Sheet).
func MayPrintEach(m *material.Material) bool {
	return m.Kind.Spec().Personal && m.Reader != material.ForTeam
}

// Asked are the placeholders of these materials that only the one who prints can fill: date, time and place.
func Asked(entries ...*material.Entry) []material.Placeholder {
	var out []material.Placeholder
	for _, p := range []material.Placeholder{material.Date, material.Time, material.Where} {
		if slices.ContainsFunc(entries, func(e *material.Entry) bool { return uses(e, p) }) {
			out = append(out, p)
		}
	}
	return out
}

func uses(e *material.Entry, p material.Placeholder) bool {
	want := "{" + string(p) + "}"
	for _, t := range e.Texts {
		if strings.Contains(t.Intro, want) || strings.Contains(t.Close, want) || slices.ContainsFunc(t.Parts, func(s string) bool { return strings.Contains(s, want) }) {
			return true
		}
	}
	return false
}

// checkValues looks at what somebody typed for date, time and place.
func (o *Options) checkValues(ck *errs.Check) {
	o.Date, o.Time, o.Place = oneLine(o.Date), oneLine(o.Time), oneLine(o.Place)
	for _, v := range []struct{ field, value string }{{"date", o.Date}, {"time", o.Time}, {"place", o.Place}} {
		ck.That(utf8.RuneCountInString(v.value) <= 80, v.field, "This is too long. Write at most {max} letters.", "max", 80)
		ck.That(!strings.ContainsAny(v.value, "{}"), v.field, "Braces { } have no place here.")
	}
	if o.Time != "" {
		if t, err := time.Parse("15:04", o.Time); err == nil {
			o.Time = t.Format("15:04")
		}
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// langs checks a list of languages: known, none twice, not too many.
func checkLangs(ck *errs.Check, field string, tags []string) {
	seen := map[string]bool{}
	for _, t := range tags {
		ck.That(knownLang(t) && !seen[t], field, "Choose a language from the list.")
		seen[t] = true
	}
	ck.That(len(tags) <= MaxLangs, field, "Choose at most {max} languages.", "max", MaxLangs)
}

// check asks who may print what for whom, finds the materials, the first one first, and the name of the scope.
func (s *Service) check(ctx context.Context, by auth.Actor, c *Choice) ([]*material.Entry, string, error) {
	if err := by.May(auth.PacksPrint); err != nil {
		return nil, "", err
	}
	var ck errs.Check
	ck.That(c.Material != "" || c.Letters, "material", "Choose a text.")
	known := []string{school.ScopeClass, school.ScopeGroup, school.ScopeSchool, school.ScopeHousehold}
	ck.That(slices.Contains(known, c.Scope.Kind) && (c.Scope.Kind == school.ScopeSchool || c.Scope.PublicID != ""), "scope", "Choose for whom to print.")
	ck.That(c.Lang == "" || knownLang(c.Lang), "lang", "Choose a language from the list.")
	checkLangs(&ck, "langs", c.Langs)
	ck.That(len(c.Also) < MaxBag, "also", "Choose at most {max} texts.", "max", MaxBag)
	ck.That(c.Size == "" || slices.Contains(sheets.Sizes(), c.Size), "size", "Choose a size from the list.")
	c.checkValues(&ck)
	if err := ck.Err(); err != nil {
		return nil, "", err
	}
	if c.Scope.Kind == school.ScopeSchool && !by.AllClasses() {
		return nil, "", errs.Forbiddenf("%s may not print for the whole school", by.Role)
	}
	var entries []*material.Entry
	c.Bag = nil
	for i, slug := range append([]string{c.Material}, c.Also...) {
		if slug == "" {
			continue // letters only
		}
		field := "material"
		if i > 0 {
			field = "also"
		}
		e, err := s.Material.Get(ctx, by, slug) // not one that was put away
		if errs.Is(err, errs.NotFound) {
			return nil, "", errs.Field(field, "Choose a text.")
		}
		if err != nil {
			return nil, "", err
		}
		switch {
		case !MayPrintEach(e.Material):
			return nil, "", errs.Field(field, "This is not for each family by itself. Print it as a sheet, from its own page.")
		case e.For.PublicID != "" && c.Scope.Kind == school.ScopeClass && c.Scope.PublicID != e.For.PublicID:
			return nil, "", errs.Field(field, "This text is for class {name}.", "name", e.For.Name)
		case slices.ContainsFunc(entries, func(have *material.Entry) bool { return have.Slug == e.Slug }):
			continue
		}
		entries = append(entries, e)
		if i > 0 {
			c.Bag = append(c.Bag, Item{e.Slug, e.Version})
		}
	}
	name, err := s.scopeName(ctx, by, c.Scope)
	if err != nil {
		return nil, "", err
	}
	return entries, name, nil
}

// find reads the materials of a pack again as they were when it was asked for.
func (s *Service) find(ctx context.Context, schoolID int64, c Choice, version int64) ([]*material.Entry, error) {
	var out []*material.Entry
	for _, it := range append([]Item{{c.Material, version}}, c.Bag...) { // MaxBag at most
		if it.Material == "" {
			continue // letters only
		}
		e, err := s.Material.Find(ctx, schoolID, it.Material, it.Version)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}
