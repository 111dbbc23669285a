package packs_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/material"
	"brug/internal/packs"
	"brug/internal/school"
)

type world struct {
	*contacttest.World
	packs *packs.Service
}

func each(t *testing.T, story func(t *testing.T, w world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		s := packs.New(packs.Config{DB: d, School: w.Schools, Material: material.New(material.Config{DB: d, Now: w.Contact.Now}), Contact: w.Contact, Jobs: w.Jobs, Blobs: w.Blobs, Now: w.Contact.Now, BaseURL: "https://brug.test"})
		story(t, world{w, s})
	})
}

func (w world) class(name string) school.Scope {
	return school.Scope{Kind: school.ScopeClass, PublicID: w.Class[name]}
}

// work runs the jobs until none is left.
func (w world) work() {
	w.T.Helper()
	ctx, cancel := context.WithTimeout(w.Ctx, 3*time.Minute) // a job that hangs fails this test, not all of them
	defer cancel()
	w.OK(w.Jobs.Start(ctx))
	w.OK(w.Jobs.Quiet(ctx))
	w.OK(w.Jobs.Stop(ctx))
}

func wantKind(t *testing.T, what string, err error, k errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != k {
		t.Errorf("%s: %v, want %v", what, err, k)
	}
}

// text is what a reader of the PDF can copy out of it.
func text(t *testing.T, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (package poppler-utils): %v", err)
	}
	return string(out)
}

func TestAPackHasAPageForEachChildInEachHome(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		id, err := w.packs.Start(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: w.class("3A")})
		w.OK(err)
		w.work()
		p, err := w.packs.Get(w.Ctx, w.Teacher, id)
		w.OK(err)
		if p.State != packs.Finished || p.Pages != 5 {
			t.Fatalf("state %s, %d pages (4 slips and the list): %v", p.State, p.Pages, p.Problem)
		}
		var got []string
		for _, sl := range p.Slip {
			got = append(got, sl.Given+" "+sl.Lang)
		}
		if want := "Ali ar, Desta ti, Cas nl, Cas pl"; strings.Join(got, ", ") != want {
			t.Errorf("slips %s; want %s", strings.Join(got, ", "), want)
		}
		r, _, err := w.packs.Open(w.Ctx, w.Teacher, id)
		w.OK(err)
		pdf, err := io.ReadAll(r)
		w.OK(err)
		w.OK(r.Close())
		out := text(t, pdf)
		for _, want := range []string{"De Brug", "brug.test/c", "Cas", "OpenMoji"} {
			if !strings.Contains(out, want) {
				t.Errorf("the pages lack %q", want)
			}
		}
		_, err = w.packs.Get(w.Ctx, w.Other1B, id)
		wantKind(t, "another teacher", err, errs.NotFound)
		_, _, err = w.packs.Open(w.Ctx, w.Alien, id)
		wantKind(t, "another school", err, errs.NotFound)
	})
}

func TestHandingOutIsAContactAndCanBeTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		_, err := w.packs.Rehearse(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: w.class("3A")})
		w.OK(err)
		list, _, err := w.packs.List(w.Ctx, w.Teacher, 0, 10)
		w.OK(err)
		if len(list) != 1 || list[0].Slips != 4 || list[0].Given != 4 {
			t.Fatalf("list %+v", list)
		}
		n, err := w.packs.Given(w.Ctx, w.Teacher, list[0].PublicID, w.Class["3A"], "")
		if err != nil || n != 0 {
			t.Errorf("ticked again: %d, %v", n, err)
		}
		g, err := w.Contact.ClassGrid(w.Ctx, w.Teacher, w.Class["3A"])
		w.OK(err)
		for _, r := range g.Rows {
			if r.Marks[len(r.Marks)-1] != "offered" {
				t.Errorf("%s: mark %q", r.Home.Children[0].Given, r.Marks[len(r.Marks)-1])
			}
		}
		p, err := w.packs.Get(w.Ctx, w.Teacher, list[0].PublicID)
		w.OK(err)
		w.OK(w.packs.NotGiven(w.Ctx, w.Teacher, p.PublicID, p.Slip[0].PublicID))
		w.OK(w.packs.NotGiven(w.Ctx, w.Teacher, p.PublicID, p.Slip[0].PublicID)) // twice is no error
		h, err := w.Contact.History(w.Ctx, w.Teacher, p.Slip[0].Household)
		w.OK(err)
		if len(h.Lines) != 1 || !h.Lines[0].Corrected {
			t.Errorf("history %+v", h.Lines)
		}
		n, err = w.packs.Given(w.Ctx, w.Teacher, p.PublicID, "", p.Slip[0].PublicID)
		if err != nil || n != 1 {
			t.Errorf("ticked anew: %d, %v", n, err)
		}
		_, err = w.packs.Given(w.Ctx, w.Teacher, p.PublicID, "", "nosuchslip")
		wantKind(t, "a slip that is not there", err, errs.NotFound)
	})
}

func TestWhoMayPrintWhat(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for _, c := range []struct {
			name string
			by   auth.Actor
			c    packs.Choice
			want errs.Kind
		}{
			{"a teacher, the whole school", w.Teacher, packs.Choice{Material: "water", Scope: school.Scope{Kind: school.ScopeSchool}}, errs.Forbidden},
			{"a teacher, another class", w.Teacher, packs.Choice{Material: "water", Scope: w.class("1B")}, errs.Forbidden},
			{"another school's class", w.Alien, packs.Choice{Material: "water", Scope: w.class("3A")}, errs.NotFound},
			{"nobody", auth.Actor{}, packs.Choice{Material: "water", Scope: w.class("3A")}, errs.SignIn},
			{"the support centre", auth.Actor{Role: auth.Support, AccountID: 1}, packs.Choice{Material: "water", Scope: w.class("3A")}, errs.Forbidden},
			{"no slip chosen", w.Teacher, packs.Choice{Scope: w.class("3A")}, errs.Invalid},
			{"a slip that is not there", w.Teacher, packs.Choice{Material: "nosuch", Scope: w.class("3A")}, errs.Invalid},
			{"nobody chosen", w.Teacher, packs.Choice{Material: "water"}, errs.Invalid},
			{"an unknown language", w.Teacher, packs.Choice{Material: "water", Scope: w.class("3A"), Options: packs.Options{Lang: "xx-klingon"}}, errs.Invalid},
		} {
			_, err := w.packs.Start(w.Ctx, c.by, c.c)
			wantKind(t, c.name, err, c.want)
		}
	})
}

func TestAFamilyThatStoppedGetsNoSlip(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		v, err := w.Contact.Open(w.Ctx, w.Code(w.Home("Desta", ""), "ti").Token, "10.0.0.1")
		w.OK(err)
		w.OK(w.Contact.Stop(w.Ctx, v))
		var pdf bytes.Buffer
		slips, _, err := w.packs.Write(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: w.class("3A")}, &pdf)
		w.OK(err)
		if slips != 3 {
			t.Errorf("%d slips, want 3", slips)
		}
		if !strings.Contains(text(t, pdf.Bytes()), "Desta") {
			t.Error("the list does not say that Desta's family asked for no messages")
		}
	})
}

func TestNobodyToPrintForIsSaidAtTheField(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		empty, err := w.Schools.AddClass(w.Ctx, w.System, school.ClassInput{Name: "6A", Year: w.Schools.Years(w.System)[0], Audience: school.Grades56})
		w.OK(err)
		_, _, err = w.packs.Write(w.Ctx, w.System, packs.Choice{Material: "water", Scope: school.Scope{Kind: school.ScopeClass, PublicID: empty}}, io.Discard)
		if _, at := errs.FieldsOf(err)["scope"]; !at {
			t.Errorf("an empty class: %v", err)
		}
	})
}

func TestTheSameNameInAClassIsToldApart(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		_, _, err := w.Schools.AddPupil(w.Ctx, w.System, school.PupilInput{Given: "Ali", Family: "Wouters", Class: w.Class["3A"]})
		w.OK(err)
		var pdf bytes.Buffer
		_, _, err = w.packs.Write(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: w.class("3A"), Options: packs.Options{Lang: "nl", NoCover: true}}, &pdf)
		w.OK(err)
		out := text(t, pdf.Bytes())
		if !strings.Contains(out, "Ali H.") || !strings.Contains(out, "Ali W.") {
			t.Errorf("both are called the same: %s", out)
		}
	})
}

func TestBothLanguagesStandOnABilingualPage(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		var pdf bytes.Buffer
		_, _, err := w.packs.Write(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: w.class("3A"), Options: packs.Options{Bilingual: true, NoCover: true}}, &pdf)
		w.OK(err)
		out := text(t, pdf.Bytes())
		m, _ := material.Shipped().Find("a-good-story")
		nl, pl := m.Texts["nl"].Parts[0], m.Texts["pl"].Parts[0]
		if strings.Count(squeeze(out), squeeze(nl)) < 4 || !strings.Contains(squeeze(out), squeeze(pl)) {
			t.Errorf("Dutch %q on %d pages of 4, Polish %q: %v", nl, strings.Count(squeeze(out), squeeze(nl)), pl, strings.Contains(squeeze(out), squeeze(pl)))
		}
	})
}

// squeeze leaves out white space: columns of a page mix lines.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
