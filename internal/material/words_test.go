package material_test

import (
	"testing"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/material"
)

func TestTheSchoolKeepsItsOwnWords(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		w.ok(w.own.AddWord(ctx, w.by, " refter ", "eetzaal"))
		w.ok(w.own.AddWord(ctx, w.by, "refter", "grote  eetplaats"))
		list, err := w.own.Words(ctx, w.by)
		w.ok(err)
		if len(list) != 2 || list[0].Say != "refter" || list[0].InsteadOf != "eetzaal" || list[1].InsteadOf != "grote eetplaats" {
			w.Fatalf("%+v", list)
		}
		w.kind("a word that is there", w.own.AddWord(ctx, w.by, "kantine", "EETZAAL"), errs.Invalid)
		w.kind("a circle", w.own.AddWord(ctx, w.by, "eetzaal", "refter"), errs.Invalid)
		w.ok(w.own.AddWord(ctx, w.stranger, "eetzaal", "refter")) // another school has another list
		if theirs, err := w.own.Words(ctx, w.stranger); err != nil || len(theirs) != 1 {
			w.Errorf("theirs: %+v %v", theirs, err)
		}
		w.kind("a word of another school", w.own.RemoveWord(ctx, w.stranger, list[0].ID), errs.NotFound)
		w.kind("nobody adds", w.own.AddWord(ctx, auth.Actor{}, "a", "b"), errs.SignIn)
		w.kind("nobody removes", w.own.RemoveWord(ctx, auth.Actor{}, list[0].ID), errs.SignIn)
		w.ok(w.own.RemoveWord(ctx, w.by, list[0].ID))
		w.kind("twice", w.own.RemoveWord(ctx, w.by, list[0].ID), errs.NotFound)
		w.journal("words.add", 3)
		w.journal("words.remove", 1)
	})
}

func TestADraftIsShownBeforeItIsSaved(t *testing.T) {
	d := material.Edit{Kind: material.HelpCard, Title: map[string]string{"nl": "Sokken"}, Intro: map[string]string{"nl": "Dag {child}", "ar": "مرحبا {child}"},
		Parts: []material.EditPart{{Part: material.Part{Role: material.Need, Pictogram: "book"}, Texts: map[string]string{"nl": "een boek"}}, {Part: material.Part{Role: material.Do}, Texts: map[string]string{}},
			{Part: material.Part{Role: material.Say}, Texts: map[string]string{"nl": "Wat zie je?"}}, {Part: material.Part{Role: material.Field}, Texts: map[string]string{"nl": "Naam:"}}}}
	e := d.Entry("nl")
	if e.Picture != "book" {
		t.Errorf("the picture is that of the first part: %q", e.Picture)
	}
	s := e.Sheet("ar", material.Fill{Child: "Noor"})
	if !s.Lacks || s.Status != material.Draft {
		t.Errorf("Arabic: %+v", s)
	}
	var got []string
	for _, p := range e.Sheet("nl", material.Fill{Child: "Noor"}).Lines() {
		got = append(got, p.Text)
	}
	want := []string{"Dag Noor", material.Need.In("nl").Text + ":", "- een boek", material.Do.In("nl").Text + ":", material.Say.In("nl").Text + ":", "“Wat zie je?”", "Naam: " + material.Blank}
	if len(got) != len(want) {
		t.Fatalf("%q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d: %q, want %q", i+1, got[i], want[i])
		}
	}
}

func TestAnSMSHasTheWholeNudgeAndOfOthersTheirPlace(t *testing.T) {
	nudge := material.Sheet{Kind: material.Nudge, Title: material.Piece{Text: "Weg"}, Intro: material.Piece{Text: " Vraag \u2068Noor\u2069: wat? "}}
	if got := nudge.SMS("x"); got != "Vraag Noor: wat?" {
		t.Errorf("nudge: %q", got)
	}
	letter := material.Sheet{Kind: material.WeekLetter, Title: material.Piece{Text: "Deze week"}, Intro: material.Piece{Text: "Dag"}}
	if got := letter.SMS("https://brug.test/c/1"); got != "Deze week: https://brug.test/c/1" {
		t.Errorf("letter: %q", got)
	}
}

func TestBrokenPlaceholders(t *testing.T) {
	dutch := map[material.Placeholder]string{material.Child: "Naam van het kind", material.Where: "Plaats", material.Date: "Datum", material.Teacher: "Naam van de leerkracht"}
	name := func(p material.Placeholder) string { return dutch[p] }
	for _, c := range []struct {
		text, bad string
		at        int
		meant     material.Placeholder
	}{
		{"Dag {child}", "", 0, ""},
		{"Dag {child}, {dat", "{", 13, ""},
		{"Dag {kind}", "{kind}", 4, material.Child},
		{"in {plaats}", "{plaats}", 3, material.Where},
		{"{datum}", "{datum}", 0, material.Date},
		{"{chil}", "{chil}", 0, material.Child},
		{"{tme}", "{tme}", 0, material.Time},
		{"child}", "}", 5, ""},
	} {
		bad, at := material.BadBraces(c.text)
		if bad != c.bad || at != c.at {
			t.Errorf("%q: %q at %d", c.text, bad, at)
		}
		if c.meant != "" {
			if got := material.Nearest(bad, name)[0]; got != c.meant {
				t.Errorf("%q: %q is likelier than %q", c.text, got, c.meant)
			}
		}
	}
}
