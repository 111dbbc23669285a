package material_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/material"
	"brug/internal/school"
)

// find are the slugs of the first page.
func (w *world) find(by auth.Actor, words string, f material.Filter) []string {
	w.Helper()
	h, err := w.own.Search(w.Context(), by, words, f, "")
	w.ok(err)
	out := []string{}
	for _, e := range h.Entries {
		out = append(out, e.Slug)
	}
	return out
}

// Every language finds the shipped slips about a word, in whatever form it is typed.
func TestTheLibraryIsFoundInAnyLanguage(t *testing.T) {
	each(t, func(w *world) {
		for _, c := range []struct{ lang, words, slug string }{
			{"nl", "dier", "animals"}, {"nl", "dieren", "animals"}, {"nl", "DIEREN!", "animals"}, {"nl", "een goed verhaal", "a-good-story"}, {"nl", "verhalen", "a-good-story"},
			{"nl", "gevoel", "feelings"}, {"nl", "scherm", "free-time"}, {"fr", "animal", "animals"}, {"fr", "histoires", "a-good-story"}, {"fr", "emotions", "feelings"},
			{"fr", "l'eau", "water"}, {"en", "animal", "animals"}, {"en", "stories", "a-good-story"}, {"en", "feeling", "feelings"}, {"en", "question slip water", "water"},
			{"ar", "حيوانات", "animals"}, {"ar", "الماء", "water"}, {"tr", "hayvanlar", "animals"}, {"tr", "hayvan", "animals"}, {"tr", "SU", "water"}, {"ru", "животные", "animals"}, {"ru", "воды", "water"},
			{"zh", "动物", "animals"}, {"fa", "حيوانات", "animals"},
		} {
			by := w.by
			by.Lang = c.lang
			if got := w.find(by, c.words, material.Filter{}); !slices.Contains(got, c.slug) {
				w.Errorf("%s %q finds %v, not %s", c.lang, c.words, got, c.slug)
			}
		}
		if got := w.find(w.by, "xylofoonwinkelhaak", material.Filter{}); len(got) != 0 {
			w.Errorf("what stands nowhere finds %v", got)
		}
		fr := w.by
		fr.Lang = "fr"
		if got := w.find(fr, "dieren", material.Filter{}); !slices.Contains(got, "animals") {
			w.Errorf("who reads French finds the school's language too: %v", got)
		}
	})
}

func TestOwnMaterialsAreFoundByTheirWords(t *testing.T) {
	each(t, func(w *world) {
		slug, err := w.own.Create(w.Context(), w.by, "", soup())
		w.ok(err)
		for _, words := range []string{"soep", "Soepen", "SOEP eten", "la soupe"} {
			by := w.by
			if strings.HasPrefix(words, "la") {
				by.Lang = "fr"
			}
			if got := w.find(by, words, material.Filter{}); len(got) == 0 || got[0] != slug {
				w.Errorf("%q finds %v", words, got)
			}
		}
		if got := w.find(w.by, "soep fiets", material.Filter{}); slices.Contains(got, slug) {
			w.Error("all the words must be there")
		}
		if got := w.find(w.stranger, "soep", material.Filter{}); slices.Contains(got, slug) {
			w.Error("another school finds it")
		}

		e, err := w.own.Get(w.Context(), w.by, slug)
		w.ok(err)
		d := e.Edit()
		d.Title["nl"], d.Intro["nl"], d.Parts[1].Texts["nl"] = "Appeltaart", "Praat met {child} over taart.", "Welke taart eet {child} graag?"
		delete(d.Title, "fr")
		delete(d.Intro, "fr")
		w.ok(w.own.Change(w.Context(), w.by, slug, e.Version, d))
		if got := w.find(w.by, "soep", material.Filter{}); slices.Contains(got, slug) {
			w.Error("it is found by words that it has no more")
		}
		if got := w.find(w.by, "appel", material.Filter{}); len(got) == 0 || got[0] != slug {
			w.Errorf("one half of a compound finds %v", got)
		}
		w.ok(w.own.Archive(w.Context(), w.by, slug))
		if got := w.find(w.by, "appeltaart", material.Filter{}); len(got) != 0 {
			w.Errorf("what was put away is found: %v", got)
		}
	})
}

// What was written before there was search is found once it was indexed.
func TestOldMaterialsAreIndexed(t *testing.T) {
	each(t, func(w *world) {
		slug, err := w.own.Create(w.Context(), w.by, "", soup())
		w.ok(err)
		w.exec(`delete from material_words`)
		if got := w.find(w.by, "soep", material.Filter{}); len(got) != 0 {
			w.Fatalf("without words it is found: %v", got)
		}
		if n, err := w.own.Index(w.Context(), w.by); err != nil || n != 1 {
			w.Errorf("%d, %v", n, err)
		}
		if got := w.find(w.by, "soepen", material.Filter{}); len(got) != 1 || got[0] != slug {
			w.Errorf("found %v", got)
		}
	})
}

func TestSearchOrdersAndFilters(t *testing.T) {
	each(t, func(w *world) {
		make := func(title, intro string, a material.Audience, p material.Practice) string {
			d := soup()
			d.Title, d.Intro, d.Audiences, d.Practices = map[string]string{"nl": title}, map[string]string{"nl": intro}, []material.Audience{a}, []material.Practice{p}
			slug, err := w.own.Create(w.Context(), w.by, "", d)
			w.ok(err)
			w.clock = w.clock.Add(time.Minute)
			return slug
		}
		body := make("Iets anders", "Over een giraf met {child}.", school.Grades34, material.Talk)
		title := make("De giraf", "Praat met {child}.", school.Secondary, material.Play)
		later := make("Giraffen", "Praat met {child}.", school.Grades34, material.Talk)
		if got := w.find(w.by, "giraffen", material.Filter{}); !slices.Equal(got, []string{later, title, body}) {
			w.Errorf("title before text, the latest first: %v", got)
		}
		for _, c := range []struct {
			name string
			f    material.Filter
			want []string
		}{
			{"by age", material.Filter{Audience: school.Grades34}, []string{later, body}},
			{"by practice", material.Filter{Practice: material.Play}, []string{title}},
			{"by kind", material.Filter{Kind: material.Poster}, []string{}},
			{"own", material.Filter{Own: true}, []string{later, title, body}},
			{"by support", material.Filter{Support: material.Crisis}, []string{}},
			{"by language that is there", material.Filter{Lang: "nl"}, []string{later, title, body}},
		} {
			if got := w.find(w.by, "giraffen", c.f); !slices.Equal(got, c.want) {
				w.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
		if got := w.find(w.by, "", material.Filter{Kind: material.Nudge}); len(got) != material.PageSize {
			w.Errorf("no words, one kind: %d", len(got))
		}
		if _, err := w.own.Search(w.Context(), auth.Actor{Role: auth.Visitor}, "", material.Filter{}, ""); errs.KindOf(err) != errs.Forbidden {
			w.Errorf("who may not see materials: %v", err)
		}
	})
}

// Pages follow one another without a gap and without anything twice, own ones before shipped ones.
func TestPagesOfSearchHaveEverythingOnce(t *testing.T) {
	each(t, func(w *world) {
		for range 30 {
			_, err := w.own.Create(w.Context(), w.by, "", soup())
			w.ok(err)
		}
		seen := map[string]bool{}
		own, page := 0, ""
		for n := 0; n < 100; n++ {
			h, err := w.own.Search(w.Context(), w.by, "", material.Filter{}, page)
			w.ok(err)
			for _, e := range h.Entries {
				if seen[e.Slug] {
					w.Errorf("%s stands there twice", e.Slug)
				}
				seen[e.Slug] = true
				if e.Own {
					own++
				}
				if e.TitleIn("nl") == "" {
					w.Errorf("%s has no title", e.Slug)
				}
			}
			if n == 0 && own != material.PageSize {
				w.Errorf("%d own ones on the first page", own)
			}
			if page = h.Next; page == "" {
				break
			}
		}
		if want := 30 + len(material.Shipped().All()); len(seen) != want || own != 30 {
			w.Errorf("%d materials, %d own; want %d", len(seen), own, want)
		}
		if h, err := w.own.Search(w.Context(), w.by, "", material.Filter{}, "no number"); err != nil || len(h.Entries) != material.PageSize {
			w.Errorf("an odd page is the first: %d, %v", len(h.Entries), err)
		}
	})
}
