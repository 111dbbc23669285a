package material_test

import (
	"maps"
	"strings"
	"testing"

	"brug/internal/errs"
	"brug/internal/material"
)

func TestASchoolTranslatesWhatIsNotItsOwn(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		e, err := w.own.Get(ctx, w.by, "water")
		w.ok(err)
		before := e.Pieces("fr")
		pieces := maps.Clone(before)
		pieces["title"], pieces["q1"] = "L’eau, notre amie", "Où vois-tu de l’eau, à l’école ou dehors ?"
		w.ok(w.own.Translate(ctx, w.by, "water", "fr", e.Item("fr").Read, pieces, ""))

		e, err = w.own.Get(ctx, w.by, "water")
		w.ok(err)
		if fr := e.Texts["fr"]; fr.Title != "L’eau, notre amie" || fr.Parts[0] != pieces["q1"] || fr.Status != material.Draft || fr.Intro != before["intro"] {
			w.Errorf("the school's own words: %+v", fr)
		}
		list, err := w.own.List(ctx, w.by, material.Filter{Kind: material.QuestionSlip})
		w.ok(err)
		for _, l := range list {
			if l.Slug == "water" && l.Texts["fr"].Title != "L’eau, notre amie" {
				w.Error("a list has the old words")
			}
		}
		if h, err := w.own.Search(ctx, w.by, "water", material.Filter{}, ""); err != nil || h.Entries[0].Texts["fr"].Title != "L’eau, notre amie" {
			w.Errorf("search has the old words: %v", err)
		}
		if other, err := w.own.Get(ctx, w.stranger, "water"); err != nil || other.Texts["fr"].Title == "L’eau, notre amie" {
			w.Errorf("another school gets them: %v", err)
		}
		if m, _ := material.Shipped().Find("water"); m.Texts["fr"].Title == "L’eau, notre amie" {
			w.Error("the shipped library has changed")
		}

		w.kind("from what somebody else has changed since", w.own.Translate(ctx, w.by, "water", "fr", 0, pieces, ""), errs.Conflict)
		w.ok(w.own.Translate(ctx, w.by, "water", "fr", e.Item("fr").Read, pieces, "Aïcha, ouder"))
		if e, err = w.own.Find(ctx, w.by.School.ID, "water", 0); err != nil || e.Texts["fr"].Status != material.Reviewed || e.Texts["fr"].ReviewedBy != "Aïcha, ouder" || e.Texts["fr"].ReviewedOn != "2026-11-23" {
			w.Errorf("saved and confirmed: %+v, %v", e.Texts["fr"], err)
		}
	})
}

func TestAShippedTextIsConfirmedAsItStands(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		shipped, _ := material.Shipped().Find("water")
		w.ok(w.own.Confirm(ctx, w.by, "water", "ar", "tolk van de school"))
		e, err := w.own.Get(ctx, w.by, "water")
		w.ok(err)
		if ar := e.Texts["ar"]; ar.Status != material.Reviewed || ar.ReviewedBy != "tolk van de school" || ar.Intro != shipped.Texts["ar"].Intro {
			w.Errorf("%+v", ar)
		}
		w.kind("nobody", w.own.Confirm(ctx, w.by, "water", "ar", " "), errs.Invalid)
		w.kind("a language that it does not have", w.own.Confirm(ctx, w.by, "water", "ja", "iemand"), errs.NotFound)
		w.kind("the source", w.own.Confirm(ctx, w.by, "water", "nl", "iemand"), errs.NotFound)
	})
}

// When the source of a piece changes, its translation is not shown any more, and is before the translator again.
func TestAStaleTranslationIsNotShown(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		e, err := w.own.Get(ctx, w.by, "water")
		w.ok(err)
		shipped := e.Pieces("fr")
		pieces := maps.Clone(shipped)
		pieces["title"], pieces["q1"] = "Le beau titre", "Où est l’eau, dis-moi ?"
		w.ok(w.own.Translate(ctx, w.by, "water", "fr", 0, pieces, "Aïcha"))
		// As if the Dutch of q1 had been another one when this was written.
		w.exec(`update material_translations set digest = 'old', body = replace(body, '"q1":{"text":"Où est l’eau, dis-moi ?","of":"', '"q1":{"text":"Où est l’eau, dis-moi ?","of":"x')`)
		e, err = w.own.Get(ctx, w.by, "water")
		w.ok(err)
		fr := e.Texts["fr"]
		if fr.Title != "Le beau titre" || fr.Parts[0] != shipped["q1"] || fr.Status != material.Draft || fr.ReviewedBy != "" {
			w.Errorf("%+v", fr)
		}
		it := e.Item("fr")
		if it.Complete() {
			w.Error("nothing is left to translate")
		}
		for _, p := range it.Pieces {
			if p.Stale != (p.Key == "q1") {
				w.Errorf("%s is stale: %v", p.Key, p.Stale)
			}
		}
	})
}

func TestWhatATranslatorCanDoWrongStandsAtThePiece(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		e, err := w.own.Get(ctx, w.by, "water")
		w.ok(err)
		for _, c := range []struct {
			name, key, text string
		}{
			{"the name is lost", "intro", "On parle de l’eau."},
			{"a placeholder that is not known", "intro", "{enfant} et {child} parlent."},
			{"half a placeholder", "intro", "{child parle."},
			{"one that the source does not have", "q1", "Où est l’eau, {teacher} ?"},
			{"too long", "title", strings.Repeat("eau ", 20)},
			{"a piece that is not there", "q9", "Et alors ?"},
		} {
			pieces := e.Pieces("fr")
			pieces[c.key] = c.text
			err := w.own.Translate(ctx, w.by, "water", "fr", 0, pieces, "")
			if _, at := errs.FieldsOf(err)[c.key]; !at {
				w.Errorf("%s: %v", c.name, err)
			}
		}
		w.kind("a language that nobody knows", w.own.Translate(ctx, w.by, "water", "xx", 0, nil, ""), errs.NotFound)
		w.kind("the source", w.own.Translate(ctx, w.by, "water", "nl", 0, nil, ""), errs.NotFound)
		w.ok(w.own.Translate(ctx, w.by, "water", "fr", 0, material.Pieces{"title": "Rien que le titre"}, ""))
		if e, err = w.own.Get(ctx, w.by, "water"); err != nil || e.Texts["fr"].Title != "Rien que le titre" || e.Texts["fr"].Intro == "" {
			w.Errorf("what was left out comes from the library: %+v, %v", e.Texts["fr"], err)
		}
	})
}

func TestAnOwnTextIsTranslatedAsItsNextVersion(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		slug, err := w.own.Create(ctx, w.by, "", soup())
		w.ok(err)
		e, err := w.own.Get(ctx, w.by, slug)
		w.ok(err)
		it := e.Item("tr")
		if it.Complete() || it.Read != 1 || it.Pieces[2].Key != "q1" || !it.Pieces[2].Fixed || it.Pieces[3].Fixed {
			w.Errorf("%+v", it.Pieces)
		}
		pieces := material.Pieces{"title": "Çorba", "intro": "{child} ile çorba hakkında konuşun.", "q2": "{child} hangi çorbayı sever?"}
		w.ok(w.own.Translate(ctx, w.by, slug, "tr", it.Read, pieces, "annesi değil, tercüman"))
		e, err = w.own.Get(ctx, w.by, slug)
		w.ok(err)
		if b := e.Texts["nl"]; b.Status != material.Source {
			w.Errorf("the source is %s", b.Status)
		}
		if tr := e.Texts["tr"]; e.Version != 2 || tr.Title != "Çorba" || tr.Status != material.Reviewed || !e.Item("tr").Complete() {
			w.Errorf("version %d: %+v", e.Version, tr)
		}
		w.kind("somebody was faster", w.own.Translate(ctx, w.by, slug, "tr", 1, pieces, ""), errs.Conflict)
	})
}

func TestProgressIsCounted(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		count := func(tag string) material.Progress {
			list, err := w.own.List(ctx, w.by, material.Filter{Kind: material.QuestionSlip})
			w.ok(err)
			return material.ProgressOf(list, []string{tag})[0]
		}
		before := count("tr")
		if before.Reviewed != 0 || before.Written == 0 || before.Draft() != before.Written {
			w.Errorf("%+v", before)
		}
		if nl := count("nl"); nl.Lacks() != 0 || nl.Draft() != 0 {
			w.Errorf("the source lacks nothing: %+v", nl)
		}
		w.ok(w.own.Confirm(ctx, w.by, "water", "tr", "Emine"))
		_, err := w.own.Create(ctx, w.by, "", soup())
		w.ok(err)
		if after := count("tr"); after.Reviewed != 1 || after.Texts != before.Texts+1 || after.Written != before.Written || after.Lacks() != before.Lacks()+1 {
			w.Errorf("%+v, before %+v", after, before)
		}
	})
}
