package school

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/db"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/jobs"
)

// world is a school (and another one beside it) with a clock that tests move.
type world struct {
	t        *testing.T
	ctx      context.Context
	d        *db.DB
	s        *Service
	runner   *jobs.Runner
	now      time.Time
	director auth.Actor
	other    auth.Actor // director of another school
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), d: d, now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
	store, err := blob.Open(t.TempDir())
	w.must(err)
	w.runner = jobs.New(d, jobs.Config{RetryAfter: func(int) time.Duration { return 50 * time.Millisecond }})
	w.s = New(Config{DB: d, Blobs: store, Jobs: w.runner, Now: func() time.Time { return w.now }})
	w.director = w.school("De Wilg")
	w.other = w.school("De Linde")
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) school(name string) auth.Actor {
	w.t.Helper()
	public := id.New()
	slug := strings.ReplaceAll(strings.ToLower(name), " ", "-") + "-" + public
	w.exec("insert into schools (public_id, slug, name, created_at) values ($1, $2, $3, 1)", public, slug, name)
	sc, err := w.d.Q().SchoolBySlug(w.ctx, slug)
	w.must(err)
	return auth.Actor{Role: auth.Director, Name: "Els", Lang: "nl",
		School: auth.School{ID: sc.ID, PublicID: public, Slug: slug, Name: name, Lang: "nl", Timezone: "Europe/Brussels"}}
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	w.must(w.d.Write(w.ctx, func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(w.ctx, query, args...)
		return err
	}))
}

// teacher is a teacher of some classes of De Wilg.
func (w *world) teacher(classes ...string) auth.Actor {
	w.t.Helper()
	a := w.director
	a.Role, a.Name, a.Classes = auth.Teacher, "Jef", []auth.Class{}
	for _, name := range classes {
		c := w.class(name)
		a.Classes = append(a.Classes, auth.Class{ID: c.ID, PublicID: c.PublicID, Name: c.Name})
	}
	return a
}

// class finds a class of De Wilg by name, or makes it.
func (w *world) class(name string) ClassRow {
	w.t.Helper()
	find := func() (ClassRow, bool) {
		rows := must(w.s.Classes(w.ctx, w.director))
		i := slices.IndexFunc(rows, func(c ClassRow) bool { return c.Name == name })
		if i < 0 {
			return ClassRow{}, false
		}
		return rows[i], true
	}
	if c, ok := find(); ok {
		return c
	}
	_, err := w.s.AddClass(w.ctx, w.director, ClassInput{Name: name})
	w.must(err)
	c, ok := find()
	if !ok {
		w.t.Fatalf("no class %s", name)
	}
	return c
}

// must is for operations that give something.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// pupil adds a pupil to a class, in a home ("" a new one).
func (w *world) pupil(class, given, family, household string) (pupil, home string) {
	w.t.Helper()
	pupil, home, err := w.s.AddPupil(w.ctx, w.director, PupilInput{Given: given, Family: family, Class: w.class(class).PublicID, Household: household})
	w.must(err)
	return pupil, home
}

// guardian adds a guardian with all rights about the pupils that are named.
func (w *world) guardian(home, name, lang string, pupils ...string) string {
	w.t.Helper()
	rights := map[string]Rights{}
	for _, p := range pupils {
		rights[p] = AllRights
	}
	g, err := w.s.AddGuardian(w.ctx, w.director, home, GuardianInput{Name: name, Lang: lang, Roads: []Road{Paper}, Rights: rights})
	w.must(err)
	return g
}

// homes tells who is reached, one line a home: "1A Sara, 2B Omar: Fatima (ar)".
func (w *world) homes(by auth.Actor, scope Scope) []string {
	w.t.Helper()
	homes, err := w.s.Homes(w.ctx, by, scope)
	w.must(err)
	var out []string
	for _, h := range homes {
		var kids, people []string
		for _, c := range h.Children {
			kids = append(kids, c.ClassName+" "+c.Given)
		}
		for _, g := range h.Guardians {
			people = append(people, fmt.Sprintf("%s (%s)", g.Name, g.Lang))
		}
		out = append(out, strings.Join(kids, ", ")+": "+strings.Join(people, ", "))
	}
	return out
}

func (w *world) refused(err error, kind errs.Kind, what string) {
	w.t.Helper()
	if !errs.Is(err, kind) {
		w.t.Errorf("%s: got %v, want %v", what, err, kind)
	}
}

func (w *world) wrong(err error, field, what string) {
	w.t.Helper()
	if _, ok := errs.FieldsOf(err)[field]; !ok {
		w.t.Errorf("%s: got %v, want an error at field %s", what, err, field)
	}
}
