package material_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/material"
	"brug/internal/school"
)

type world struct {
	*testing.T
	db           *db.DB
	auth         *auth.Service
	blobs        blob.Store
	now          func() time.Time
	own          *material.Service
	clock        time.Time
	by, stranger auth.Actor
}

// each runs a story on both engines, at a school with a director, and with the director of another one.
func each(t *testing.T, story func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &world{T: t, db: d, clock: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
		now := func() time.Time { return w.clock }
		a, err := auth.New(auth.Config{DB: d, Now: now})
		w.ok(err)
		blobs, err := blob.Open(t.TempDir())
		w.ok(err)
		w.auth, w.blobs, w.now = a, blobs, now
		w.own = material.New(material.Config{DB: d, Blobs: blobs, Now: now})
		director := func(name, email string) auth.Actor {
			operator := auth.Actor{Role: auth.System, Name: "operator"}
			s, err := a.CreateSchool(t.Context(), operator, auth.NewSchool{Name: name, Town: "Gent", Email: email, Lang: "nl"})
			w.ok(err)
			made, err := a.CreateAccount(t.Context(), operator, auth.NewAccount{School: s, Name: name, Email: email, Role: auth.Director, Password: "vier appels onder de tafel"})
			w.ok(err)
			return auth.Actor{AccountID: made.AccountID, Name: name, Lang: "nl", Role: auth.Director, School: s}
		}
		w.by, w.stranger = director("De Brug", "de@brug.test"), director("Het Anker", "het@anker.test")
		story(w)
	})
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) kind(what string, err error, k errs.Kind) {
	w.Helper()
	if err == nil || errs.KindOf(err) != k {
		w.Errorf("%s: %v, want %v", what, err, k)
	}
}

// exec changes rows behind the service's back.
func (w *world) exec(statement string) {
	w.Helper()
	w.ok(w.db.Write(w.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(w.Context(), statement)
		return err
	}))
}

// soup is a slip with one shipped question and one of the school's own, in Dutch and French.
func soup() material.Edit {
	return material.Edit{Kind: material.QuestionSlip, Audiences: []material.Audience{school.Grades34}, Practices: []material.Practice{material.Talk},
		Title: map[string]string{"nl": "Soep", "fr": "La soupe"}, Intro: map[string]string{"nl": "Praat met {child} over soep.", "fr": "Parlez de soupe avec {child}."}, Close: map[string]string{},
		Parts: []material.EditPart{fromLibrary("water/q1"), {Part: material.Part{Role: material.Question, Pictogram: "food"}, Texts: map[string]string{"nl": "Welke soep eet {child} graag?"}}}}
}

// fromLibrary is a part as the editor takes it from the library; one that is not there stays an empty question.
func fromLibrary(from string) material.EditPart {
	p, ok := material.Taken(from)
	if !ok {
		p.Part = material.Part{Role: material.Question, From: from}
	}
	return p
}

var noor = material.Fill{Child: "Noor"}

func TestAnOwnSlipIsSavedReusedAndVersioned(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		slug, err := w.own.Create(ctx, w.by, "", soup())
		w.ok(err)
		if slug != "own-soep" {
			w.Errorf("slug %q", slug)
		}
		if again, err := w.own.Create(ctx, w.by, "", soup()); err != nil || again != "own-soep-2" {
			w.Errorf("the same title again: %q, %v", again, err)
		}
		e, err := w.own.Get(ctx, w.by, slug)
		w.ok(err)
		ar := e.Sheet("ar", noor)
		shipped, _ := material.Shipped().Find("water")
		if ar.Parts[0].Lang != "ar" || ar.Parts[0].Text != strings.ReplaceAll(shipped.Texts["ar"].Parts[0], "{child}", "Noor") {
			w.Errorf("a taken question comes in Arabic: %+v", ar.Parts[0])
		}
		if ar.Parts[1].Lang != "nl" || ar.Parts[1].Text != "Welke soep eet Noor graag?" || !ar.Lacks || ar.Other != "nl" {
			w.Errorf("an own question that lacks in Arabic stands in Dutch, and the sheet says so: %+v", ar)
		}
		if fr := e.Sheet("fr", noor); fr.Title.Text != "La soupe" || fr.Intro.Lang != "fr" {
			w.Errorf("French: %+v", fr)
		}

		w.clock = w.clock.Add(time.Hour)
		d := e.Edit()
		d.Title["nl"] = "Lekkere soep"
		d = d.DropStale(e.Edit(), "nl")
		if _, still := d.Title["fr"]; still {
			w.Error("the French title says still what the Dutch one said before")
		}
		w.ok(w.own.Change(ctx, w.by, slug, e.Version, d))
		w.kind("a second editor who began from version 1", w.own.Change(ctx, w.by, slug, 1, d), errs.Conflict)
		if e, err = w.own.Get(ctx, w.by, slug); err != nil || e.Version != 2 || e.Texts["nl"].Title != "Lekkere soep" {
			w.Fatalf("version %d, title %q, %v", e.Version, e.Texts["nl"].Title, err)
		}
		if old, err := w.own.Find(ctx, w.by.School.ID, slug, 1); err != nil || old.Texts["nl"].Title != "Soep" {
			w.Errorf("what was printed from version 1 keeps its words: %v", err)
		}
		w.ok(w.own.Restore(ctx, w.by, slug, 1))
		if e, err = w.own.Get(ctx, w.by, slug); err != nil || e.Version != 3 || e.Texts["nl"].Title != "Soep" || e.Texts["fr"].Title != "La soupe" {
			w.Errorf("restored: version %d, %q, %v", e.Version, e.Texts["nl"].Title, err)
		}
		if v, err := w.own.Versions(ctx, w.by, slug); err != nil || len(v) != 3 || v[0].Version != 3 || v[0].By != "De Brug" {
			w.Errorf("versions %+v, %v", v, err)
		}

		w.ok(w.own.Confirm(ctx, w.by, slug, "fr", "moeder van een leerling"))
		if e, err = w.own.Get(ctx, w.by, slug); err != nil || e.Texts["fr"].Status != material.Reviewed || e.Texts["fr"].ReviewedOn != "2026-11-23" {
			w.Errorf("confirmed: %+v, %v", e.Texts["fr"], err)
		}
		d = e.Edit()
		d.Parts = append(d.Parts, fromLibrary("water/q2"))
		w.ok(w.own.Change(ctx, w.by, slug, e.Version, d))
		if e, err = w.own.Get(ctx, w.by, slug); err != nil || e.Texts["fr"].Status != material.Draft {
			w.Errorf("a text that changed is a draft again: %+v, %v", e.Texts["fr"].Status, err)
		}

		w.ok(w.own.Archive(ctx, w.by, slug))
		_, err = w.own.Get(ctx, w.by, slug)
		w.kind("put away", err, errs.NotFound)
		if _, err := w.own.Find(ctx, w.by.School.ID, slug, 1); err != nil {
			w.Errorf("what was printed of it keeps working: %v", err)
		}
	})
}

func TestOwnSlipsStayWithTheirSchool(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		slug, err := w.own.Create(ctx, w.by, "water", soup())
		w.ok(err)
		_, err = w.own.Get(ctx, w.stranger, slug)
		w.kind("another school reads it", err, errs.NotFound)
		w.kind("another school changes it", w.own.Change(ctx, w.stranger, slug, 1, soup()), errs.NotFound)
		w.kind("another school puts it away", w.own.Archive(ctx, w.stranger, slug), errs.NotFound)
		list, err := w.own.List(ctx, w.stranger, material.Filter{Own: true})
		if err != nil || len(list) != 0 {
			w.Errorf("another school lists %d, %v", len(list), err)
		}
		_, err = w.own.Create(ctx, auth.Actor{Role: auth.Support, AccountID: 1}, "", soup())
		w.kind("the support centre makes one at no school", err, errs.Forbidden)
		w.kind("a shipped slip is changed in place", w.own.Change(ctx, w.by, "water", 0, soup()), errs.Forbidden)
	})
}

func TestWhatIsWrongStandsAtItsField(t *testing.T) {
	each(t, func(w *world) {
		for _, c := range []struct {
			name, field string
			spoil       func(*material.Edit)
		}{
			{"no title", "title.nl", func(d *material.Edit) { delete(d.Title, "nl") }},
			{"a title that is too long", "title.fr", func(d *material.Edit) { d.Title["fr"] = strings.Repeat("é", material.MaxTitle+1) }},
			{"an age that does not exist", "audience", func(d *material.Edit) { d.Audiences = []material.Audience{"grown-ups"} }},
			{"a practice that does not exist", "practices", func(d *material.Edit) { d.Practices = []material.Practice{"cooking"} }},
			{"no question", "parts", func(d *material.Edit) { d.Parts = nil }},
			{"too many questions", "parts", func(d *material.Edit) {
				for range material.QuestionSlip.Spec().Role(material.Question).Max {
					d.Parts = append(d.Parts, fromLibrary("water/q1"))
				}
			}},
			{"an own question without Dutch", "part2.nl", func(d *material.Edit) { d.Parts[1].Texts = map[string]string{"fr": "Quelle soupe ?"} }},
			{"a question that the library does not have", "part1.nl", func(d *material.Edit) { d.Parts[0].From = "water/q99" }},
			{"a placeholder that nobody fills", "intro.nl", func(d *material.Edit) { d.Intro["nl"] = "Dag {mama}" }},
			{"no picture", "part2.pictogram", func(d *material.Edit) { d.Parts[1].Pictogram = "nosuch" }},
		} {
			d := soup()
			c.spoil(&d)
			_, err := w.own.Create(w.Context(), w.by, "", d)
			if _, at := errs.FieldsOf(err)[c.field]; !at {
				w.Errorf("%s: %v, want an error at %s", c.name, err, c.field)
			}
		}
		if list, err := w.own.List(w.Context(), w.by, material.Filter{Own: true}); err != nil || len(list) != 0 {
			w.Errorf("%d were stored all the same, %v", len(list), err)
		}
	})
}

func TestTheListIsNarrowed(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.own.Create(w.Context(), w.by, "", soup())
		w.ok(err)
		all, err := w.own.List(w.Context(), w.by, material.Filter{})
		w.ok(err)
		if !all[0].Own || len(all) != len(material.Shipped().All())+1 {
			w.Errorf("%d materials, own one first: %v", len(all), all[0].Own)
		}
		for _, c := range []struct {
			name string
			f    material.Filter
			fits func(*material.Entry) bool
		}{
			{"by age", material.Filter{Audience: school.Grades34}, func(e *material.Entry) bool { return e.Fits(school.Grades34) }},
			{"by practice", material.Filter{Practice: material.Play}, func(e *material.Entry) bool { return slices.Contains(e.Practices, material.Play) }},
			{"own", material.Filter{Own: true}, func(e *material.Entry) bool { return e.Own }},
		} {
			got, err := w.own.List(w.Context(), w.by, c.f)
			w.ok(err)
			if len(got) == 0 || len(got) == len(all) {
				w.Errorf("%s: %d of %d", c.name, len(got), len(all))
			}
			for _, e := range got {
				if !c.fits(e) {
					w.Errorf("%s: %s does not fit", c.name, e.Slug)
				}
			}
		}
	})
}

// What was stored before there were other kinds than question slips has questions in place of parts, and pictures without a
// role.
func TestSlipsOfBeforeAreStillRead(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		slug, err := w.own.Create(ctx, w.by, "", soup())
		w.ok(err)
		for _, old := range []string{
			`update material_versions set items = '[{"pictogram":"water","from":"water/1"},{"pictogram":"food"}]'`,
			`update material_texts set body = '{"title":"Soep","intro":"Praat over soep.","questions":["Waar zie jij bij ons thuis water?","Welke soep?"],"close":"Smakelijk."}' where lang = 'nl'`,
			`delete from material_texts where lang <> 'nl'`,
		} {
			w.exec(old)
		}
		e, err := w.own.Get(ctx, w.by, slug)
		w.ok(err)
		nl := e.Sheet("nl", noor)
		asked := nl.Of(material.Question)
		if len(asked) != 2 || asked[0].Text != "Waar zie jij bij ons thuis water?" || asked[1].Text != "Welke soep?" || asked[1].Pictogram != "food" || nl.Close.Text != "Smakelijk." {
			w.Fatalf("read as %+v", nl)
		}
		w.ok(w.own.Change(ctx, w.by, slug, e.Version, e.Edit()))
		e, err = w.own.Get(ctx, w.by, slug)
		w.ok(err)
		if ar := e.Sheet("ar", noor); len(ar.Of(material.Question)) != 2 || ar.Parts[0].Lang != "ar" || e.Parts[1].Role != material.Question {
			w.Errorf("saved again, a question taken from the library speaks Arabic: %+v", ar)
		}
	})
}

// teachers are two teachers of the school, each with one class.
func (w *world) teachers() (els, tom auth.Actor) {
	w.Helper()
	teacher := func(name string) auth.Actor {
		public := "class" + name
		w.exec("insert into classes (public_id, school_id, year, name, name_fold, created_at) values ('" + public + "', " + fmt.Sprint(w.by.School.ID) + ", '2026-2027', '" + name + "', '" + name + "', 1)")
		var id int64
		w.ok(w.db.SQL().QueryRowContext(w.Context(), "select id from classes where public_id = '"+public+"'").Scan(&id))
		return auth.Actor{AccountID: w.by.AccountID, Name: "teacher of " + name, Lang: "nl", Role: auth.Teacher, School: w.by.School, Classes: []auth.Class{{ID: id, PublicID: public, Name: name}}}
	}
	return teacher("3A"), teacher("4B")
}

func slugs(entries []*material.Entry, err error) []string {
	if err != nil {
		return []string{err.Error()}
	}
	out := []string{}
	for _, e := range entries {
		if e.Own {
			out = append(out, e.Slug)
		}
	}
	return out
}

func TestAVersionForOneClass(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		els, tom := w.teachers()
		forClass := soup()
		forClass.Class = els.Classes[0].PublicID
		mine, err := w.own.Create(ctx, els, "water", forClass)
		w.ok(err)
		w.clock = w.clock.Add(time.Hour)
		all, err := w.own.Create(ctx, els, "water", soup())
		w.ok(err)
		e, err := w.own.Get(ctx, els, mine)
		w.ok(err)
		if e.For.Name != "3A" || e.For.PublicID != els.Classes[0].PublicID || e.Edit().Class != els.Classes[0].PublicID {
			w.Errorf("it is for %+v", e.For)
		}
		for _, c := range []struct {
			name string
			by   auth.Actor
			f    material.Filter
			want []string
		}{
			{"the teacher of the class sees its version first", els, material.Filter{}, []string{mine, all}},
			{"another teacher sees the latest first", tom, material.Filter{}, []string{all, mine}},
			{"the director too", w.by, material.Filter{}, []string{all, mine}},
			{"when it is about the class, its version stands first", w.by, material.Filter{Class: els.Classes[0].PublicID}, []string{mine, all}},
			{"when it is about another class, it is left out", w.by, material.Filter{Class: tom.Classes[0].PublicID}, []string{all}},
			{"another school sees neither", w.stranger, material.Filter{}, []string{}},
		} {
			if got := slugs(w.own.List(ctx, c.by, c.f)); !slices.Equal(got, c.want) {
				w.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		for name, err := range map[string]error{
			"change":  w.own.Change(ctx, tom, mine, 1, soup()),
			"restore": w.own.Restore(ctx, tom, mine, 1),
			"archive": w.own.Archive(ctx, tom, mine),
			"confirm": w.own.Confirm(ctx, tom, mine, "fr", "Tom"),
		} {
			w.kind("a teacher of another class: "+name, err, errs.Forbidden)
		}
		for name, c := range map[string]struct {
			by   auth.Actor
			want []string
		}{"the teacher of the class translates both": {els, []string{mine, all}}, "another teacher what is for all": {tom, []string{all}}} {
			items, err := w.own.ItemsOf(ctx, c.by, "tr", material.Filter{Own: true})
			got := []string{}
			for _, it := range items {
				got = append(got, it.Slug)
			}
			if err != nil || !slices.Equal(got, c.want) {
				w.Errorf("%s: %q, %v", name, got, err)
			}
		}
		w.ok(w.own.Change(ctx, tom, all, 1, soup()))
		w.ok(w.own.Change(ctx, w.by, mine, 1, forClass))
		for name, d := range map[string]string{"somebody else's class": tom.Classes[0].PublicID, "no class at all": "classNone"} {
			edit := soup()
			edit.Class = d
			_, err := w.own.Create(ctx, els, "", edit)
			if _, at := errs.FieldsOf(err)["class"]; !at {
				w.Errorf("%s: %v", name, err)
			}
			if _, err = w.own.Create(ctx, w.stranger, "", edit); errs.FieldsOf(err) == nil {
				w.Errorf("%s, by another school: %v", name, err)
			}
		}
	})
}

func TestATranslationGoesWithTheWordsThatItSays(t *testing.T) {
	part := func(nl, tr string) material.EditPart {
		return material.EditPart{Part: material.Part{Role: material.Question}, Texts: map[string]string{"nl": nl, "tr": tr}}
	}
	slip := func(parts ...material.EditPart) material.Edit {
		return material.Edit{Kind: material.QuestionSlip, Parts: parts}
	}
	taken, _ := material.Taken("water/q1")
	owned := func(nl string) material.EditPart { return part(nl, taken.Texts["tr"]) }
	fromLibrary := part(taken.Texts["nl"], taken.Texts["tr"])
	fromLibrary.From = "water/q1"
	base := slip(part("Eet je soep?", "Çorba içer misin?"), part("Eet je brood?", "Ekmek yer misin?"))
	for _, c := range []struct {
		name     string
		base     material.Edit
		now      []material.EditPart
		staysFor []bool
	}{
		{"nothing changed", base, []material.EditPart{part("Eet je soep?", "Çorba içer misin?")}, []bool{true}},
		{"the Dutch changed", base, []material.EditPart{part("Kook je soep?", "Çorba içer misin?")}, []bool{false}},
		{"both changed", base, []material.EditPart{part("Kook je soep?", "Çorba pişirir misin?")}, []bool{true}},
		{"moved, and the Dutch changed", base, []material.EditPart{part("Bak je brood?", "Ekmek yer misin?"), part("Eet je soep?", "Çorba içer misin?")}, []bool{false, true}},
		{"the one before it went, and the Dutch changed", base, []material.EditPart{part("Bak je brood?", "Ekmek yer misin?")}, []bool{false}},
		{"from the library as it is", slip(), []material.EditPart{owned(taken.Texts["nl"])}, []bool{true}},
		{"from the library, and the Dutch changed at once", slip(), []material.EditPart{owned("Drink je water?")}, []bool{false}},
		{"from the library, and the Dutch changed later", slip(fromLibrary), []material.EditPart{owned("Drink je water?")}, []bool{false}},
		{"somebody wants that translation all the same", slip(part("Drink je water?", "")), []material.EditPart{owned("Drink je water?")}, []bool{true}},
	} {
		now := slip(c.now...).DropStale(c.base, "nl")
		for i, stays := range c.staysFor {
			if _, has := now.Parts[i].Texts["tr"]; has != stays {
				t.Errorf("%s: part %d has Turkish: %v", c.name, i+1, has)
			}
		}
	}
}
