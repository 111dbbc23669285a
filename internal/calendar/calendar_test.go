package calendar

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/lang"
)

// world is De Wilg with the classes 2B and K1, and another school beside it.
type world struct {
	t        *testing.T
	ctx      context.Context
	d        *db.DB
	s        *Service
	now      time.Time
	director auth.Actor
	other    auth.Actor // director of another school
	class    map[string]auth.Class
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), d: d, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), class: map[string]auth.Class{}}
	w.s = New(d, func() time.Time { return w.now })
	w.director, w.other = w.school("De Wilg"), w.school("De Linde")
	for _, name := range []string{"2B", "K1"} {
		public := id.New()
		w.exec("insert into classes (public_id, school_id, year, name, name_fold, audience, created_at) values ($1, $2, '2026-2027', $3, $3, 'grades-2-3', 1)",
			public, w.director.School.ID, name)
		c, err := d.Q().ClassesForStaff(w.ctx, w.director.School.ID)
		w.must(err)
		i := len(c) - 1
		w.class[name] = auth.Class{ID: c[i].ID, PublicID: c[i].PublicID, Name: c[i].Name}
	}
	return w
}

func (w *world) school(name string) auth.Actor {
	w.t.Helper()
	public := id.New()
	w.exec("insert into schools (public_id, slug, name, created_at) values ($1, $1, $2, 1)", public, name)
	sc, err := w.d.Q().SchoolBySlug(w.ctx, public)
	w.must(err)
	return auth.Actor{Role: auth.Director, Name: "Els", Lang: "nl",
		School: auth.School{ID: sc.ID, PublicID: public, Slug: public, Name: name, Lang: "nl", Timezone: "Europe/Brussels"}}
}

func (w *world) teacher(class string) auth.Actor {
	a := w.director
	a.Role, a.Classes = auth.Teacher, []auth.Class{w.class[class]}
	return a
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	w.must(w.d.Write(w.ctx, func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(w.ctx, query, args...)
		return err
	}))
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) add(by auth.Actor, in Input) string {
	w.t.Helper()
	public, err := w.s.Add(w.ctx, by, in)
	w.must(err)
	return public
}

func (w *world) event(public string) Event {
	w.t.Helper()
	e, err := w.s.Event(w.ctx, w.director, public)
	w.must(err)
	return e
}

func (w *world) kind(want errs.Kind, err error) {
	w.t.Helper()
	if !errs.Is(err, want) {
		w.t.Errorf("got %v, want %v", err, want)
	}
}

// journalled counts lines of an action.
func (w *world) journalled(action string) (n int) {
	w.t.Helper()
	w.must(w.d.Write(w.ctx, func(tx *db.Tx) error {
		return tx.SQL().QueryRowContext(w.ctx, "select count(*) from journal where school_id = $1 and action = $2", w.director.School.ID, action).Scan(&n)
	}))
	return n
}

func TestAFamilySeesWhatIsForTheSchoolAndForItsClasses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.add(w.director, Input{Kind: Holiday, Title: "Kerstvakantie", Day: "2026-12-21", ToDay: "2027-01-01"})
		w.add(w.teacher("2B"), Input{Kind: Swim, Day: "2026-12-08", From: "09:00", To: "11:30", Place: "Zwembad Rozebroeken", Class: w.class["2B"].PublicID})
		w.add(w.director, Input{Kind: Trip, Day: "2026-12-10", Class: w.class["K1"].PublicID})
		w.add(w.director, Input{Kind: Talks, Day: "2027-01-20", From: "16:00"})
		w.add(w.other, Input{Kind: Party, Day: "2026-12-11"})
		gone := w.add(w.teacher("2B"), Input{Kind: Library, Day: "2026-12-09", Class: w.class["2B"].PublicID})
		w.must(w.s.Cancel(w.ctx, w.teacher("2B"), gone, 1))

		children := []Child{{"Noor", w.class["2B"].ID}, {"Adam", 0}, {"Yusuf", w.class["2B"].ID}}
		lines, err := w.s.For(w.ctx, w.director.School.ID, children, "2026-12-08", "2026-12-31")
		w.must(err)
		var got []string
		for _, l := range lines {
			s := l.When(lang.For("nl").Plain()) + ": " + l.Name(lang.For("en")) + " " + strings.Join(l.Children, "+")
			if l.Cancelled {
				s += " cancelled"
			}
			got = append(got, s)
		}
		want := []string{
			"dinsdag 8 december, 09:00–11:30: Swimming Noor+Yusuf",
			"woensdag 9 december: Library Noor+Yusuf cancelled",
			"maandag 21 december – vrijdag 1 januari: School holiday ",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		// A holiday that began before the range stands in it, one day long enough.
		for _, day := range []string{"2027-01-01", "2027-01-02"} {
			lines, err = w.s.For(w.ctx, w.director.School.ID, nil, day, "2027-01-03")
			w.must(err)
			if got := len(lines) == 1; got != (day == "2027-01-01") {
				t.Errorf("from %s on there are %d", day, len(lines))
			}
		}
	})
}

func TestDaysOffAreThoseOfTheWholeSchool(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.add(w.director, Input{Kind: Holiday, Title: "Kerstvakantie", Day: "2026-12-21", ToDay: "2027-01-01"})
		w.add(w.director, Input{Kind: NoSchool, Title: "Pedagogische studiedag", Day: "2026-12-02"})
		w.add(w.director, Input{Kind: Party, Day: "2026-12-03"})
		w.add(w.director, Input{Kind: NoSchool, Day: "2026-12-04", Class: w.class["2B"].PublicID})
		w.add(w.other, Input{Kind: NoSchool, Day: "2026-12-07"})
		want := map[string]bool{"2026-12-02": true, "2026-12-21": true, "2026-12-22": true, "2026-12-23": true, "2026-12-24": true}
		for i, k := range Kinds() {
			day := addDays("2026-10-01", i)
			w.add(w.director, Input{Kind: k, Title: "iets", Day: day})
			if k.Off() {
				want[day] = true
			}
		}
		gone := w.add(w.director, Input{Kind: NoSchool, Day: "2026-12-08"})
		w.must(w.s.Cancel(w.ctx, w.director, gone, 1))
		days, err := DaysOff(w.ctx, d.Q(), w.director.School.ID, "2026-10-01", "2026-12-24")
		w.must(err)
		if diff := cmp.Diff(want, days); diff != "" {
			t.Error(diff)
		}
		if days, err = DaysOff(w.ctx, d.Q(), w.director.School.ID, "2026-12-31", "2027-01-31"); err != nil || len(days) != 2 {
			t.Errorf("the end of a holiday that began before: %v, %v", days, err)
		}
	})
}

func TestWhoMayChangeWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		k1, b2 := w.class["K1"].PublicID, w.class["2B"].PublicID
		school := w.add(w.director, Input{Kind: Party, Day: "2026-12-03"})
		own := w.add(w.teacher("2B"), Input{Kind: Trip, Day: "2026-12-03", Class: b2})
		other := w.add(w.director, Input{Kind: Trip, Day: "2026-12-04", Class: k1})

		_, err := w.s.Add(w.ctx, w.teacher("2B"), Input{Kind: Trip, Day: "2026-12-03"})
		w.kind(errs.Forbidden, err)
		_, err = w.s.Add(w.ctx, w.teacher("2B"), Input{Kind: Trip, Day: "2026-12-03", Class: k1})
		w.kind(errs.Forbidden, err)
		_, err = w.s.Add(w.ctx, w.other, Input{Kind: Trip, Day: "2026-12-03", Class: k1})
		w.kind(errs.Invalid, err)
		w.kind(errs.Forbidden, w.s.Change(w.ctx, w.teacher("2B"), school, 1, Input{Kind: Trip, Day: "2026-12-03", Class: b2}))
		w.kind(errs.NotFound, w.s.Change(w.ctx, w.teacher("2B"), other, 1, Input{Kind: Trip, Day: "2026-12-03", Class: b2}))
		w.kind(errs.NotFound, w.s.Cancel(w.ctx, w.other, school, 1))
		w.kind(errs.Forbidden, w.s.Remove(w.ctx, w.teacher("2B"), school, 1))
		_, err = w.s.Event(w.ctx, w.teacher("2B"), other)
		w.kind(errs.NotFound, err)
		w.kind(errs.Forbidden, w.s.Change(w.ctx, w.teacher("2B"), own, 1, Input{Kind: Trip, Day: "2026-12-03", Class: k1}))
		for _, role := range []auth.Role{auth.Support, auth.Visitor, auth.Nobody} {
			a := w.director
			a.Role = role
			if _, err := w.s.Month(w.ctx, a, "2026-12"); err == nil {
				t.Errorf("%q sees the calendar", role)
			}
		}

		for who, want := range map[string][]string{"2B": {own, school}, "K1": {school, other}} {
			list, err := w.s.Month(w.ctx, w.teacher(who), "2026-12")
			w.must(err)
			var got []string
			for _, e := range list {
				got = append(got, e.PublicID)
			}
			slices.Sort(got)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", who, diff)
			}
		}
	})
}

func TestAnEventIsChangedCancelledRestoredAndTakenAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		public := w.add(w.director, Input{Kind: Bring, Title: "  Een   lege doos ", Day: "2026-12-03", From: "8u30", Place: "in de klas"})
		e := w.event(public)
		if e.Title != "Een lege doos" || e.From != "08:30" || e.Lang != "nl" || e.Version != 1 {
			t.Errorf("stored as %+v", e)
		}
		w.now = w.now.Add(time.Hour)
		w.must(w.s.Change(w.ctx, w.director, public, 1, Input{Kind: Bring, Title: "Twee dozen", Day: "2026-12-04"}))
		w.kind(errs.Conflict, w.s.Change(w.ctx, w.director, public, 1, Input{Kind: Bring, Title: "Geen doos", Day: "2026-12-04"}))
		if e = w.event(public); e.Title != "Twee dozen" || e.From != "" || e.Version != 2 || !e.UpdatedAt.Equal(w.now) {
			t.Errorf("changed to %+v", e)
		}
		w.kind(errs.Conflict, w.s.Cancel(w.ctx, w.director, public, 1))
		w.must(w.s.Cancel(w.ctx, w.director, public, 2))
		w.must(w.s.Cancel(w.ctx, w.director, public, 2)) // pressed twice
		if e = w.event(public); !e.Cancelled || e.Version != 3 {
			t.Errorf("cancelled: %+v", e)
		}
		w.must(w.s.Restore(w.ctx, w.director, public, 3))
		if e = w.event(public); e.Cancelled || e.Version != 4 {
			t.Errorf("restored: %+v", e)
		}
		w.must(w.s.Remove(w.ctx, w.director, public, 4))
		_, err := w.s.Event(w.ctx, w.director, public)
		w.kind(errs.NotFound, err)
		for _, action := range []string{"calendar.add", "calendar.change", "calendar.cancel", "calendar.restore", "calendar.remove"} {
			if w.journalled(action) == 0 {
				t.Errorf("%s is not in the journal", action)
			}
		}
	})
}

func TestWhatIsWrongIsToldAtItsField(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	good := Input{Kind: Trip, Day: "2026-12-03"}
	for _, c := range []struct {
		name   string
		change func(*Input)
		fields []string
	}{
		{"nothing", func(*Input) {}, nil},
		{"no kind", func(in *Input) { in.Kind = "dance" }, []string{"kind"}},
		{"bring what?", func(in *Input) { in.Kind = Bring }, []string{"title"}},
		{"no day", func(in *Input) { in.Day = "" }, []string{"day"}},
		{"a day that is not there", func(in *Input) { in.Day = "2027-02-29" }, []string{"day"}},
		{"a day long past", func(in *Input) { in.Day = "2016-12-03" }, []string{"day"}},
		{"a day far off", func(in *Input) { in.Day = "2036-12-03" }, []string{"day"}},
		{"ends before it begins", func(in *Input) { in.ToDay = "2026-12-01" }, []string{"to_day"}},
		{"half a year long", func(in *Input) { in.ToDay = "2027-06-01" }, []string{"to_day"}},
		{"a hundred days", func(in *Input) { in.ToDay = "2027-03-12" }, nil},
		{"a hundred and one", func(in *Input) { in.ToDay = "2027-03-13" }, []string{"to_day"}},
		{"no time of day", func(in *Input) { in.From = "25:00" }, []string{"from"}},
		{"an end without a beginning", func(in *Input) { in.To = "12:00" }, []string{"from"}},
		{"an end before the beginning", func(in *Input) { in.From, in.To = "12:00", "11:00" }, []string{"to"}},
		{"back earlier in the day, two days later", func(in *Input) { in.ToDay, in.From, in.To = "2026-12-05", "12:00", "11:00" }, nil},
		{"a holiday at nine", func(in *Input) { in.Kind, in.From = Holiday, "09:00" }, []string{"from"}},
		{"a long line", func(in *Input) { in.Title = strings.Repeat("é", MaxTitle+1) }, []string{"title"}},
		{"a line as long as it may be", func(in *Input) { in.Title = strings.Repeat("é", MaxTitle) }, nil},
	} {
		in := good
		c.change(&in)
		var got []string
		for f := range errs.FieldsOf(in.Check(now)) {
			got = append(got, f)
		}
		if diff := cmp.Diff(c.fields, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestTimesAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]string{"": "", "8:30": "08:30", "08:30": "08:30", "8.30": "08:30", "8u30": "08:30", "8u": "08:00", "16": "16:00", "9h05": "09:05", "noon": "noon", "25": "25"} {
		if got := time24(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

func TestWhenInWords(t *testing.T) {
	for _, c := range []struct {
		e    Event
		lang string
		want string
	}{
		{Event{Day: "2026-12-08"}, "nl", "dinsdag 8 december"},
		{Event{Day: "2026-12-08", From: "12:00"}, "nl", "dinsdag 8 december, 12:00"},
		{Event{Day: "2026-12-08", From: "09:00", To: "15:30"}, "fr", "mardi 8 décembre, 09:00–15:30"},
		{Event{Day: "2026-12-21", ToDay: "2027-01-01"}, "nl", "maandag 21 december – vrijdag 1 januari"},
		{Event{Day: "2026-12-07", ToDay: "2026-12-09", From: "08:30", To: "16:00"}, "nl", "maandag 7 december, 08:30 – woensdag 9 december, 16:00"},
		{Event{Day: "2026-12-07", ToDay: "2026-12-09", From: "08:30"}, "nl", "maandag 7 december, 08:30 – woensdag 9 december"},
	} {
		if got := c.e.When(lang.For(c.lang).Plain()); got != c.want {
			t.Errorf("%+v: %q, want %q", c.e, got, c.want)
		}
	}
}
