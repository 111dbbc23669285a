package contact_test

import (
	"strings"
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/school"
)

func each(t *testing.T, story func(t *testing.T, w *contacttest.World)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { story(t, contacttest.New(t, d)) })
}

func wantKind(t *testing.T, what string, err error, k errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != k {
		t.Errorf("%s: %v, want %v", what, err, k)
	}
}

// count is how many rows a query finds.
func count(t *testing.T, w *contacttest.World, query string, args ...any) (n int) {
	t.Helper()
	if err := w.DB.SQL().QueryRowContext(w.Ctx, query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFamilyOpensItsCodeAndAnswers(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		home := w.Home("Ali", "")
		code := w.Code(home, "ar")
		v, err := w.Contact.Open(w.Ctx, code.Token, "10.0.0.1")
		w.OK(err)
		if v.Given == "" || v.Lang != "ar" || v.School.Name != "De Brug" || v.Paused || v.Chosen {
			t.Errorf("visit %+v", v)
		}
		typed := strings.ReplaceAll(code.Short, " ", "-")
		if v, err = w.Contact.Open(w.Ctx, typed, "10.0.0.1"); err != nil || v.Household != home.PublicID {
			t.Fatalf("typed code: %v, %+v", err, v)
		}
		if n := count(t, w, "select count(*) from contacts where stage = 'arrived'"); n != 1 {
			t.Errorf("opened twice, arrived %d times", n)
		}
		w.OK(w.Contact.Answer(w.Ctx, v, contact.Question, "متى؟", "ar"))
		v, err = w.Contact.Open(w.Ctx, code.Token, "10.0.0.1")
		w.OK(err)
		if len(v.Answers) != 1 || v.Answers[0].Body != "متى؟" {
			t.Fatalf("answers %+v", v.Answers)
		}
		w.OK(w.Contact.Answer(w.Ctx, v, contact.Question, "متى؟", "ar"))
		if n := count(t, w, "select count(*) from answers"); n != 1 {
			t.Errorf("the same answer tapped twice is stored %d times", n)
		}
		open, err := w.Contact.OpenAnswers(w.Ctx, w.Teacher)
		w.OK(err)
		if len(open) != 1 || open[0].Given != "Ali" || open[0].Phone == "" || open[0].Lang != "ar" {
			t.Fatalf("open answers of the teacher: %+v", open)
		}
		if other, err := w.Contact.OpenAnswers(w.Ctx, w.Other1B); err != nil || len(other) != 0 {
			t.Errorf("another teacher sees %+v, %v", other, err)
		}
		wantKind(t, "another teacher settles it", w.Contact.Handle(w.Ctx, w.Other1B, open[0].PublicID, "call"), errs.Forbidden)
		wantKind(t, "another school settles it", w.Contact.Handle(w.Ctx, w.Alien, open[0].PublicID, "call"), errs.NotFound)
		wantKind(t, "settled in an unknown way", w.Contact.Handle(w.Ctx, w.Teacher, open[0].PublicID, "shout"), errs.Invalid)
		w.OK(w.Contact.Handle(w.Ctx, w.Teacher, open[0].PublicID, "call"))
		wantKind(t, "settled twice", w.Contact.Handle(w.Ctx, w.Teacher, open[0].PublicID, "call"), errs.Conflict)
		if open, err = w.Contact.OpenAnswers(w.Ctx, w.Teacher); err != nil || len(open) != 0 {
			t.Errorf("still open: %+v, %v", open, err)
		}
	})
}

func TestCodesThatDoNotWork(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		home := w.Home("Ali", "")
		old, code := w.Code(home, "ar"), w.Code(home, "ar")
		_, err := w.Contact.Open(w.Ctx, "AAAAAAAAAAAAAAAAAAAAAA", "10.0.0.1")
		wantKind(t, "an unknown token", err, errs.NotFound)
		_, err = w.Contact.RevokeCodes(w.Ctx, w.Other1B, w.Home("Cas", "").PublicID)
		wantKind(t, "another teacher ends codes", err, errs.NotFound)
		_, err = w.Contact.RevokeCodes(w.Ctx, w.Alien, home.PublicID)
		wantKind(t, "another school ends codes", err, errs.NotFound)
		n, err := w.Contact.RevokeCodes(w.Ctx, w.Teacher, home.PublicID)
		if err != nil || n != 2 {
			t.Fatalf("ended %d codes, %v", n, err)
		}
		_, err = w.Contact.Open(w.Ctx, old.Token, "10.0.0.1")
		wantKind(t, "an ended code", err, errs.Gone)
		_, err = w.Contact.Open(w.Ctx, code.Short, "10.0.0.1")
		wantKind(t, "an ended code, typed", err, errs.Gone)
		fresh := w.Code(home, "ar")
		w.Clock = w.Clock.Add(contact.CodeLife - time.Minute)
		_, err = w.Contact.Open(w.Ctx, fresh.Token, "10.0.0.1")
		w.OK(err)
		w.Clock = w.Clock.Add(2 * time.Minute)
		_, err = w.Contact.Open(w.Ctx, fresh.Token, "10.0.0.1")
		wantKind(t, "an expired code", err, errs.Gone)
	})
}

func TestWrongCodesAreThrottledForOneComputer(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		good := w.Code(w.Home("Ali", ""), "ar")
		var err error
		for i := 0; i < 200 && !errs.Is(err, errs.TooMany); i++ {
			_, err = w.Contact.Open(w.Ctx, "0000 0000 0000", "10.0.0.1")
		}
		wantKind(t, "after many wrong codes", err, errs.TooMany)
		_, err = w.Contact.Open(w.Ctx, good.Short, "10.0.0.1")
		wantKind(t, "a guess that hits while held back", err, errs.TooMany)
		_, err = w.Contact.Open(w.Ctx, "AAAAAAAAAAAAAAAAAAAAAA", "10.0.0.1")
		wantKind(t, "a wrong scan while held back", err, errs.TooMany)
		if _, err = w.Contact.Open(w.Ctx, good.Token, "10.0.0.1"); err != nil {
			t.Errorf("a family at the same address scans its paper: %v", err)
		}
		if _, err = w.Contact.Open(w.Ctx, good.Token, "10.9.9.9"); err != nil {
			t.Errorf("another computer is held back too: %v", err)
		}
		w.Clock = w.Clock.Add(time.Hour)
		if _, err = w.Contact.Open(w.Ctx, good.Token, "10.0.0.1"); err != nil {
			t.Errorf("an hour later: %v", err)
		}
		if n := count(t, w, "select count(*) from throttles where key like '%10.0.0.1%'"); n != 0 {
			t.Error("the address of a computer stands in the table")
		}
	})
}

func TestSecretsAreStoredAsHashesOnly(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		code := w.Code(w.Home("Ali", ""), "ar")
		if n := count(t, w, "select count(*) from codes where token_hash = $1 or short_hash = $2 or token_hash = $2", code.Token, code.Short); n != 0 {
			t.Error("a secret stands in the table")
		}
	})
}

func TestTheFamilyStopsAndResumes(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		home := w.Home("Ali", "")
		code := w.Code(home, "ar")
		v, err := w.Contact.Open(w.Ctx, code.Token, "10.0.0.1")
		w.OK(err)
		w.OK(w.Contact.Stop(w.Ctx, v))
		w.OK(w.Contact.Stop(w.Ctx, v)) // twice is no error, and one line
		if !w.Home("Ali", "").Paused {
			t.Error("the household is not paused")
		}
		if v, err = w.Contact.Open(w.Ctx, code.Token, "10.0.0.1"); err != nil || !v.Paused {
			t.Fatalf("the page still opens: %v %v", v.Paused, err)
		}
		w.OK(w.Contact.Resume(w.Ctx, v))
		if w.Home("Ali", "").Paused {
			t.Error("the household is still paused")
		}
		if n := count(t, w, "select count(*) from contacts where area = 'stop'"); n != 2 {
			t.Errorf("%d lines about stopping, want 2", n)
		}
	})
}

func TestTheChosenLanguageIsRememberedForTheHousehold(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		home := w.Home("Ali", "")
		a, b := w.Code(home, "ar"), w.Code(home, "ar")
		v, err := w.Contact.Open(w.Ctx, a.Token, "10.0.0.1")
		w.OK(err)
		w.OK(w.Contact.SetLang(w.Ctx, v, "fr"))
		if v, err = w.Contact.Open(w.Ctx, b.Token, "10.0.0.1"); err != nil || v.Lang != "fr" || !v.Chosen {
			t.Errorf("another code of the family opens in %q, %v", v.Lang, err)
		}
	})
}

func TestTheClassPagePutsWhoIsNotReachedOnTop(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		ali, cas := w.Home("Ali", ""), w.Home("Cas", "An Maes")
		ref, err := w.Contact.LogTalk(w.Ctx, w.Teacher, contact.Talk{Household: ali.PublicID, Road: contact.Gate, Reached: true, Tone: contact.Positive})
		w.OK(err)
		for range 2 {
			w.Clock = w.Clock.Add(24 * time.Hour)
			_, err = w.Contact.LogTalk(w.Ctx, w.Teacher, contact.Talk{Household: cas.PublicID, Road: contact.Call})
			w.OK(err)
		}
		g, err := w.Contact.ClassGrid(w.Ctx, w.Teacher, w.Class["3A"])
		w.OK(err)
		if len(g.Rows) != 4 || g.Langs != 4 || g.Reached != 1 {
			t.Fatalf("%d rows, %d languages, %d reached; want 4, 4, 1", len(g.Rows), g.Langs, g.Reached)
		}
		byName := map[string]contact.Row{}
		for _, r := range g.Rows {
			byName[r.Home.Guardians[0].Name] = r
		}
		last := g.Rows[len(g.Rows)-1]
		if last.Home.ID != ali.ID || last.Marks[contact.GridWeeks-1] != contact.Answered || last.Next != contact.NoStep {
			t.Errorf("last row %+v", last)
		}
		if r := byName["An Maes"]; r.Marks[contact.GridWeeks-1] != contact.Tried || r.Next != contact.StepGate || !r.LastReached.IsZero() {
			t.Errorf("Cas at An's: %+v", r)
		}
		if r := byName["Piotr Nowak"]; r.Next != contact.StepSlip {
			t.Errorf("Cas at Piotr's, where nothing happened: %q", r.Next)
		}
		_, err = w.Contact.ClassGrid(w.Ctx, w.Other1B, w.Class["3A"])
		wantKind(t, "another teacher's class", err, errs.Forbidden)
		_, err = w.Contact.ClassGrid(w.Ctx, w.Alien, w.Class["3A"])
		wantKind(t, "another school's class", err, errs.NotFound)

		w.OK(w.Contact.TakeBack(w.Ctx, w.Teacher, ref))
		wantKind(t, "taken back twice", w.Contact.TakeBack(w.Ctx, w.Teacher, ref), errs.Conflict)
		g, err = w.Contact.ClassGrid(w.Ctx, w.Teacher, w.Class["3A"])
		w.OK(err)
		if g.Reached != 0 {
			t.Errorf("what was taken back still counts: %d", g.Reached)
		}
		h, err := w.Contact.History(w.Ctx, w.Teacher, ali.PublicID)
		w.OK(err)
		if len(h.Lines) != 1 || !h.Lines[0].Corrected || h.Lines[0].By != "Els" {
			t.Errorf("the history keeps it, marked: %+v", h.Lines)
		}
	})
}

func TestATalkAboutOneChildIsNotShownToTheTeacherOfAnother(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		var badra string
		for _, c := range w.Home("Badra", "").Children {
			if c.Given == "Badra" {
				badra = c.PublicID
			}
		}
		home := w.Home("Ali", "")
		_, err := w.Contact.LogTalk(w.Ctx, w.Other1B, contact.Talk{Household: home.PublicID, Pupil: badra, Road: contact.Call, Reached: true})
		w.OK(err)
		g, err := w.Contact.HomeRow(w.Ctx, w.Teacher, home.PublicID)
		w.OK(err)
		if !g.Rows[0].LastReached.IsZero() {
			t.Error("the teacher of Ali sees the call about Badra")
		}
		_, err = w.Contact.LogTalk(w.Ctx, w.Teacher, contact.Talk{Household: home.PublicID, Pupil: badra, Road: contact.Call, Reached: true})
		wantKind(t, "a talk about another class's child", err, errs.NotFound)
	})
}

func TestATalkSettlesWhatWaited(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		home := w.Home("Desta", "")
		v, err := w.Contact.Open(w.Ctx, w.Code(home, "ti").Token, "10.0.0.1")
		w.OK(err)
		w.OK(w.Contact.Answer(w.Ctx, v, contact.CallMe, "", "ti"))
		g, err := w.Contact.HomeRow(w.Ctx, w.Teacher, home.PublicID)
		w.OK(err)
		if g.Rows[0].Next != contact.StepCallBack {
			t.Errorf("next step %q", g.Rows[0].Next)
		}
		_, err = w.Contact.LogTalk(w.Ctx, w.Teacher, contact.Talk{Household: home.PublicID, Road: contact.Call})
		w.OK(err)
		if open, _ := w.Contact.OpenAnswers(w.Ctx, w.Teacher); len(open) != 1 {
			t.Error("a call that nobody took settled it")
		}
		_, err = w.Contact.LogTalk(w.Ctx, w.Teacher, contact.Talk{Household: home.PublicID, Road: contact.Call, Reached: true})
		w.OK(err)
		if open, err := w.Contact.OpenAnswers(w.Ctx, w.Teacher); err != nil || len(open) != 0 {
			t.Errorf("still open after the talk: %+v %v", open, err)
		}
	})
}

func TestABarredGuardianIsNoHome(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		homes, err := w.Schools.Homes(w.Ctx, w.Other1B, school.Scope{Kind: school.ScopeClass, PublicID: w.Class["1B"]})
		w.OK(err)
		for _, h := range homes {
			for _, g := range h.Guardians {
				if g.Name == "Ion Stan" {
					t.Error("the barred father is among those to reach")
				}
			}
		}
	})
}

func TestBadAnswersAreRefusedAtTheirField(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		v, err := w.Contact.Open(w.Ctx, w.Code(w.Home("Ali", ""), "ar").Token, "10.0.0.1")
		w.OK(err)
		for _, c := range []struct {
			name, field, body string
			kind              contact.AnswerKind
		}{{"nothing chosen", "kind", "", ""}, {"an unknown answer", "kind", "", "hooray"}, {"too long", "body", strings.Repeat("ع", contact.MaxBody+1), contact.Question}} {
			err := w.Contact.Answer(w.Ctx, v, c.kind, c.body, "ar")
			if _, at := errs.FieldsOf(err)[c.field]; !at {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		w.OK(w.Contact.Answer(w.Ctx, v, "", "tekst alleen", "ar")) // text alone is a question
		if n := count(t, w, "select count(*) from answers where kind = 'question' and needs"); n != 1 {
			t.Errorf("%d questions stored", n)
		}
	})
}
