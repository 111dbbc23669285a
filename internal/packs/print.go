package packs

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/press"
	"brug/internal/roster"
	"brug/internal/school"
	"brug/internal/sheets"
)

// slip is what one family gets about one child.
type slip struct {
	home    school.Home
	child   school.Child
	lang    string // BCP 47: what the family reads, or what was asked for
	papers  []paperFor
	letters []letterOn
	name    string // the child's first name, with an initial where two in the class have it
	place   string // which of two homes, for the list
	listens bool
}

// paperFor is one text of a slip in one language.
type paperFor struct {
	entry *material.Entry
	lang  string // BCP 47
	sheet material.Sheet
	fill  material.Fill
}

// kept is what the code remembers of the fill.
func (p paperFor) kept() contact.Fill {
	used := func(ph material.Placeholder, v string) string {
		if uses(p.entry, ph) {
			return v
		}
		return ""
	}
	return contact.Fill{Teacher: used(material.Teacher, p.fill.Teacher), Class: used(material.Class, p.fill.Class), Place: used(material.Where, p.fill.Place), Date: used(material.Date, p.fill.Date), Time: used(material.Time, p.fill.Time)}
}

// textLang is the language in which the first text really stands.
func (sl slip) textLang() string { return sl.textLangs()[0] }

// textLangs are the languages in which the texts really stand, each once.
func (sl slip) textLangs() []string {
	var out []string
	for _, p := range sl.papers {
		if l := p.sheet.Intro.Lang; !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	for _, l := range sl.letters {
		for _, b := range l.Letter.Blocks {
			if b.Lang != "" && !slices.Contains(out, b.Lang) {
				out = append(out, b.Lang)
			}
		}
	}
	if len(out) == 0 {
		return []string{sl.lang}
	}
	return out
}

// printing is a pack ready to be written: everything is read, nothing is stored yet.
type printing struct {
	entries []*material.Entry
	choice  Choice
	paper   sheets.Paper
	slips   []slip
	paused  map[string][]string // by class: children of families that asked for no messages
	letters int                 // how many letters lie in the slips
	codes   []contact.Code      // of all papers and letters of all slips, in order
	options press.Options
	cover   *lang.Locale // nil: no list for the teacher
}

// titles are the names of what is printed, as a list.
func titles(entries []*material.Entry, o Options, tag string) string {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.TitleIn(tag)
	}
	if o.Letters {
		names = append(names, lang.For(tag).T("Letters that waited for paper"))
	}
	return strings.Join(names, " · ")
}

// firstVersion is the version of the first text; 0 for a pack of letters only.
func firstVersion(entries []*material.Entry) int64 {
	if len(entries) == 0 {
		return 0
	}
	return entries[0].Version
}

// prepare reads everything that the pages need, in a handful of queries.
func (s *Service) prepare(ctx context.Context, by auth.Actor, c Choice, entries []*material.Entry) (*printing, error) {
	homes, err := s.School.Homes(ctx, by, c.Scope)
	if err != nil {
		return nil, err
	}
	pr := &printing{entries: entries, choice: c, paused: map[string][]string{}}
	if pr.paper, pr.options, err = s.paper(ctx, by, entries...); err != nil {
		return nil, err
	}
	pr.paper.Expires = pr.paper.Printed.Add(contact.CodeLife)
	pr.options.Title = titles(entries, c.Options, by.School.Lang)
	fills, err := s.fills(ctx, by, c.Options)
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		pr.slips = slipsFor(homes, entries, c.Options, by.School.Lang, fills, pr.paused)
	}
	if c.Letters && s.Messages != nil {
		if err := s.letters(ctx, by, pr, homes); err != nil {
			return nil, err
		}
	}
	switch {
	case len(pr.slips) == 0 && len(entries) == 0:
		return nil, errs.Field("scope", "No letter waits for paper here.")
	case len(pr.slips) == 0:
		return nil, errs.Field("scope", "There is no family here to print for.")
	}
	papers := pr.letters
	for _, sl := range pr.slips {
		papers += len(sl.papers)
	}
	pr.codes = contact.Secrets(papers)
	if len(entries) == 1 && pr.letters == 0 && !c.Single {
		pr.options.Impose = pr.form(entries[0]).Size.Impose()
	}
	pr.options.TwoSided = c.TwoSided
	if !c.NoCover && c.Scope.Kind != school.ScopeHousehold {
		tag := c.UILang
		if tag == "" {
			tag = by.School.Lang
		}
		pr.cover = lang.For(tag)
	}
	return pr, nil
}

// form is how the pages of a material are cut. All papers of a bag have the same size, and so have letters and what lies
// with them.
func (pr *printing) form(e *material.Entry) sheets.Form {
	layout := sheets.For(e.Kind)
	f := sheets.Form{Size: pr.choice.Size, TwoSided: pr.choice.TwoSided}
	switch {
	case len(pr.entries) > 1 || pr.letters > 0:
		f.Size = sheets.A4
	case !slices.Contains(layout.Sizes, f.Size):
		f.Size = layout.Usual(pr.choice.Bilingual)
	}
	return f
}

// paper is what all pages for a school share, with the photos that stand in these materials.
func (s *Service) paper(ctx context.Context, by auth.Actor, entries ...*material.Entry) (sheets.Paper, press.Options, error) {
	zone, err := time.LoadLocation(by.School.Timezone)
	if err != nil {
		return sheets.Paper{}, press.Options{}, fmt.Errorf("time zone of school: %w", err)
	}
	now := s.Now().In(zone)
	p := sheets.Paper{School: by.School.Name, Main: by.School.Lang, BaseURL: s.BaseURL, Printed: now, Photos: map[string]*press.Picture{}}
	if p.Logo, err = s.logo(ctx, by); err != nil {
		return p, press.Options{}, err
	}
	for _, e := range entries {
		for _, part := range e.Parts {
			if part.Photo == "" || p.Photos[part.Photo] != nil {
				continue
			}
			data, err := s.Material.PhotoBytes(ctx, by.School.ID, part.Photo) // a file each: 40 people at most
			if errs.Is(err, errs.NotFound) {
				continue // taken away since: initials stand in its place
			}
			if err != nil {
				return p, press.Options{}, err
			}
			if p.Photos[part.Photo], err = press.ParseImage(data); err != nil {
				return p, press.Options{}, fmt.Errorf("photo %s: %w", part.Photo, err)
			}
		}
	}
	return p, press.Options{Lang: by.School.Lang, Author: by.School.Name, Created: now}, nil
}

// filler tells what the placeholders stand for, for a child of a class in a language.
type filler func(class int64, className, child, tag string) material.Fill

// fills makes a filler in two queries.
func (s *Service) fills(ctx context.Context, by auth.Actor, o Options) (filler, error) {
	phone := ""
	teachers := map[int64][]string{}
	if by.School.ID != 0 { // the support desk has no school
		row, err := s.DB.Q().PackSchool(ctx, by.School.ID)
		if err != nil {
			return nil, fmt.Errorf("school of pack: %w", err)
		}
		phone = roster.PhoneInGroups(row.Phone)
		names, err := s.DB.Q().TeachersOfClasses(ctx, by.School.ID)
		if err != nil {
			return nil, fmt.Errorf("teachers of classes: %w", err)
		}
		for _, t := range names {
			teachers[t.ClassID] = append(teachers[t.ClassID], t.Name)
		}
	}
	return func(class int64, className, child, tag string) material.Fill {
		return material.Fill{Child: child, Teacher: lang.For(tag).List(teachers[class]), Class: className, School: by.School.Name, Phone: phone, Place: o.Place, Date: o.Date, Time: o.Time}
	}, nil
}

// logo is the school's own picture, nil if it has none. It was checked when it was uploaded. Where its file is gone (a
// folder that was not brought along to a new machine) the pages are printed without it, and the log says so.
func (s *Service) logo(ctx context.Context, by auth.Actor) (*press.Picture, error) {
	if by.School.LogoKey == "" {
		return nil, nil
	}
	data, kind, err := s.School.Logo(ctx, by.School)
	if errs.Is(err, errs.NotFound) {
		if s.Log != nil {
			s.Log.Warn("the file of a school's logo is gone; printed without", "school", by.School.PublicID)
		}
		return nil, nil
	}
	if err != nil || len(data) == 0 {
		return nil, err
	}
	if kind == "image/svg+xml" {
		return press.ParseSVG(data)
	}
	return press.ParseImage(data)
}

// slipsFor makes a slip for each child in each of its homes. Families that asked for no messages get none; paused gets
// the names of their children by class.
func slipsFor(homes []school.Home, entries []*material.Entry, o Options, schoolLang string, fills filler, paused map[string][]string) []slip {
	type who struct {
		class int64
		given string
	}
	same := map[who]map[int64]bool{} // children of a class with the same first name
	places := map[int64]int{}        // homes of a child
	for _, h := range homes {
		for _, c := range h.Children {
			k := who{c.ClassID, school.Fold(c.Given)}
			if same[k] == nil {
				same[k] = map[int64]bool{}
			}
			same[k][c.ID] = true
			places[c.ID]++
		}
	}
	var out []slip
	for _, h := range homes {
		for _, c := range h.Children {
			if h.Paused {
				paused[c.ClassName] = append(paused[c.ClassName], c.Given)
				continue
			}
			sl := slip{home: h, child: c, lang: h.LangFor(c.ID, schoolLang), name: c.Given}
			tags := o.Langs
			if len(tags) == 0 {
				tags = []string{sl.lang}
				if o.Lang != "" {
					tags[0] = o.Lang
				}
			}
			if !slices.Contains(tags, sl.lang) {
				sl.lang = tags[0]
			}
			if len(same[who{c.ClassID, school.Fold(c.Given)}]) > 1 && c.Family != "" {
				sl.name = c.Given + " " + string([]rune(c.Family)[:1]) + "."
			}
			guardians := h.GuardiansOf(c.ID)
			if places[c.ID] > 1 && len(guardians) > 0 {
				sl.place = guardians[0].Name
			}
			sl.listens = len(guardians) > 0 && guardians[0].Reading == school.Listens
			for _, e := range entries {
				for _, tag := range tags {
					fill := fills(c.ClassID, c.ClassName, sl.name, tag)
					sl.papers = append(sl.papers, paperFor{e, tag, e.Sheet(tag, fill), fill})
				}
			}
			out = append(out, sl)
		}
	}
	return byClass(out)
}

// write prints all pages, class by class, each class behind its list for the teacher. What is printed on two sides begins
// each family on a fresh paper; further texts of a bag use the backs.
func (pr *printing) write(ctx context.Context, w io.Writer, progress func(slips int) error) (pages int, err error) {
	doc := press.New(w, pr.options)
	defer func() {
		if err != nil {
			_ = doc.Close() // says again what err says
		}
	}()
	code := 0
	for i, sl := range pr.slips {
		newClass := i == 0 || sl.child.ClassID != pr.slips[i-1].child.ClassID
		if pr.cover != nil && newClass {
			class := pr.slips[i:classEnd(pr.slips, i)]
			if err := doc.Add(ctx, pr.coverPage(pr.cover, sl.child.ClassName, class, pr.paused[sl.child.ClassName])); err != nil {
				return 0, err
			}
		}
		for k, t := range sl.papers {
			text := sheets.Text{Sheet: t.sheet, Child: sl.name, Code: &sheets.Code{Token: pr.codes[code].Token, Short: pr.codes[code].Short}}
			code++
			if pr.choice.Bilingual && t.lang != pr.paper.Main {
				twin := t.entry.Sheet(pr.paper.Main, t.fill)
				text.Twin = &twin
			}
			for n, page := range pr.paper.Pages(text, pr.form(t.entry)) {
				page.NewSheet = newClass && k == 0 && n == 0
				page.Behind = page.Behind || k > 0 && n == 0
				if err := doc.Add(ctx, page); err != nil {
					return 0, err
				}
			}
		}
		for k, l := range sl.letters {
			for n, page := range pr.paper.Pages(l.text(pr.codes[code]), sheets.Form{Size: sheets.A4}) {
				page.NewSheet = newClass && len(sl.papers) == 0 && k == 0 && n == 0
				page.Behind = n > 0
				if err := doc.Add(ctx, page); err != nil {
					return 0, err
				}
			}
			code++
		}
		if err := progress(i + 1); err != nil {
			return 0, err
		}
	}
	if err := doc.Close(); err != nil {
		return 0, err
	}
	return doc.Sheets(), nil
}

// keepWritten stores a pack that was printed without a job.
func (s *Service) keepWritten(ctx context.Context, by auth.Actor, c Choice, pr *printing, scopeName string, pages int) (publicID string, err error) {
	options, err := json.Marshal(c.Options)
	if err != nil {
		return "", fmt.Errorf("options: %w", err)
	}
	ref := id.New()
	return ref, s.DB.Write(ctx, func(tx *db.Tx) error {
		packID, err := tx.AddPack(ctx, q.AddPackParams{PublicID: ref, SchoolID: by.School.ID, Material: c.Material, Version: firstVersion(pr.entries), Title: pr.options.Title, Scope: c.Scope.Kind + ":" + c.Scope.PublicID,
			ScopeName: scopeName, Options: string(options), CreatedBy: nullID(by.AccountID), CreatedAt: s.Now().UnixMilli()})
		if err != nil {
			return fmt.Errorf("add pack: %w", err)
		}
		if _, err := tx.FinishPack(ctx, q.FinishPackParams{SchoolID: by.School.ID, ID: packID, Pages: int64(pages), FinishedAt: s.Now().UnixMilli()}); err != nil {
			return fmt.Errorf("finish pack: %w", err)
		}
		if err := s.keep(ctx, tx, by.School.ID, packID, pr); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "packs.write", Area: "packs", Ref: ref,
			Detail: map[string]string{"material": c.Material, "scope": c.Scope.Kind}})
	})
}
