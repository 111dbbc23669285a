package packs

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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
	"brug/internal/pictogram"
	"brug/internal/press"
	"brug/internal/school"
)

// slip is one page to be printed.
type slip struct {
	home    school.Home
	child   school.Child
	lang    string // BCP 47
	sheet   material.Sheet
	name    string // the child's first name, with an initial where two in the class have it
	place   string // which of two homes, for the list
	listens bool
}

// printing is a pack ready to be written: everything is read, nothing is stored yet.
type printing struct {
	entry   *material.Entry
	paper   paper
	slips   []slip
	paused  map[string][]string // by class: children of families that asked for no messages
	codes   []contact.Code
	options press.Options
	cover   *lang.Locale // nil: no list for the teacher
}

// prepare reads everything that the pages need, in a handful of queries.
func (s *Service) prepare(ctx context.Context, by auth.Actor, c Choice, version int64) (*printing, error) {
	entry, err := s.Material.Find(ctx, by.School.ID, c.Material, version)
	if err != nil {
		return nil, err
	}
	homes, err := s.School.Homes(ctx, by, c.Scope)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(by.School.Timezone)
	if err != nil {
		return nil, fmt.Errorf("time zone of school: %w", err)
	}
	now := s.Now().In(zone)
	pr := &printing{entry: entry, paused: map[string][]string{}, options: press.Options{Lang: by.School.Lang, Author: by.School.Name, Created: now}}
	pr.slips = slipsFor(homes, entry, c.Lang, by.School.Lang, pr.paused)
	if len(pr.slips) == 0 {
		return nil, errs.Field("scope", "There is no family here to print for.")
	}
	pr.codes = contact.Secrets(len(pr.slips))
	pr.options.Title = entry.TitleIn(by.School.Lang)
	pr.paper = paper{school: by.School.Name, main: by.School.Lang, baseURL: s.BaseURL, printed: now, expires: now.Add(contact.CodeLife), bilingual: c.Bilingual, pictures: map[string]*press.Picture{}}
	for _, part := range entry.Parts {
		name := part.Pictogram
		if name == "" {
			continue
		}
		svg, ok := pictogram.SVG(name)
		if !ok {
			continue // pictograms not installed: the program said so when it started
		}
		if pr.paper.pictures[name], err = press.ParseSVG(svg); err != nil {
			return nil, fmt.Errorf("pictogram %s: %w", name, err)
		}
	}
	if pr.paper.logo, err = s.logo(ctx, by); err != nil {
		return nil, err
	}
	if !c.NoCover && c.Scope.Kind != school.ScopeHousehold {
		tag := c.UILang
		if tag == "" {
			tag = by.School.Lang
		}
		pr.cover = lang.For(tag)
	}
	return pr, nil
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
func slipsFor(homes []school.Home, e *material.Entry, only, schoolLang string, paused map[string][]string) []slip {
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
			sl := slip{home: h, child: c, lang: only, name: c.Given}
			if sl.lang == "" {
				sl.lang = h.LangFor(c.ID, schoolLang)
			}
			if len(same[who{c.ClassID, school.Fold(c.Given)}]) > 1 && c.Family != "" {
				sl.name = c.Given + " " + string([]rune(c.Family)[:1]) + "."
			}
			guardians := h.GuardiansOf(c.ID)
			if places[c.ID] > 1 && len(guardians) > 0 {
				sl.place = guardians[0].Name
			}
			sl.listens = len(guardians) > 0 && guardians[0].Reading == school.Listens
			sl.sheet = e.Sheet(sl.lang, material.Fill{Child: sl.name})
			out = append(out, sl)
		}
	}
	return byClass(out)
}

// write prints all pages, class by class, each class behind its list for the teacher.
func (pr *printing) write(ctx context.Context, w io.Writer, progress func(slips int) error) (pages int, err error) {
	main := map[string]material.Sheet{}
	pr.options.Placed = func(_ int, r press.PageResult) { pages += r.Pages }
	doc := press.New(w, pr.options)
	for i, sl := range pr.slips {
		if pr.cover != nil && (i == 0 || sl.child.ClassID != pr.slips[i-1].child.ClassID) {
			class := pr.slips[i:classEnd(pr.slips, i)]
			if err := doc.Add(ctx, pr.paper.coverPage(pr.cover, sl.child.ClassName, pr.entry.TitleIn(pr.cover.Tag()), class, pr.paused[sl.child.ClassName])); err != nil {
				return 0, err
			}
		}
		m, ok := main[sl.name]
		if !ok && pr.paper.bilingual {
			m = pr.entry.Sheet(pr.paper.main, material.Fill{Child: sl.name})
			main[sl.name] = m
		}
		if err := doc.Add(ctx, pr.paper.slipPage(sl, m, pr.codes[i])); err != nil {
			return 0, err
		}
		if err := progress(i + 1); err != nil {
			return 0, err
		}
	}
	return pages, doc.Close()
}

// keepWritten stores a pack that was printed without a job.
func (s *Service) keepWritten(ctx context.Context, by auth.Actor, c Choice, pr *printing, scopeName string, pages int) (publicID string, err error) {
	options, err := json.Marshal(c.Options)
	if err != nil {
		return "", fmt.Errorf("options: %w", err)
	}
	ref := id.New()
	return ref, s.DB.Write(ctx, func(tx *db.Tx) error {
		packID, err := tx.AddPack(ctx, q.AddPackParams{PublicID: ref, SchoolID: by.School.ID, Material: c.Material, Version: pr.entry.Version, Title: pr.options.Title, Scope: c.Scope.Kind + ":" + c.Scope.PublicID,
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
