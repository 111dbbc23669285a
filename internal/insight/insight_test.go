package insight_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/insight"
)

// week is what happened in the believable school: Ali's home answered a slip, Cas' two homes were offered one and one read
// it, Desta's was tried by phone, and Badra of 1B was told a worry at the gate.
func week(w *contacttest.World) {
	log(w,
		entry(w, "Ali", "", contact.Entry{Area: contact.AreaSlips, Road: contact.Paper, Direction: contact.Out, Stage: contact.Offered, Lang: "ar"}),
		entry(w, "Ali", "", contact.Entry{Area: contact.AreaAnswers, Road: contact.Link, Direction: contact.In, Stage: contact.Answered}),
		entry(w, "Cas", "An Maes", contact.Entry{Area: contact.AreaSlips, Road: contact.Paper, Direction: contact.Out, Stage: contact.Offered}),
		entry(w, "Cas", "Piotr Nowak", contact.Entry{Area: contact.AreaMessages, Road: contact.Mail, Direction: contact.Out, Stage: contact.Offered}),
		entry(w, "Cas", "Piotr Nowak", contact.Entry{Area: contact.AreaMessages, Road: contact.Link, Direction: contact.In, Stage: contact.Arrived}),
		entry(w, "Desta", "", contact.Entry{Area: contact.AreaTalk, Road: contact.Call, Direction: contact.Out, Stage: contact.Tried, At: w.Clock.AddDate(0, 0, -8)}),
		entry(w, "Badra", "", contact.Entry{Area: contact.AreaTalk, Road: contact.Gate, Direction: contact.Out, Stage: contact.Answered, Tone: contact.Worry, About: contact.Learning}),
		entry(w, "Ela", "Ana Stan", contact.Entry{Area: contact.AreaTalk, Road: contact.Gate, Direction: contact.In, Stage: contact.Answered, Tone: contact.Positive, At: w.Clock.AddDate(0, 0, -7*20)}),
	)
}

func entry(w *contacttest.World, child, guardian string, e contact.Entry) contact.Entry {
	h := w.Home(child, guardian)
	e.HouseholdID, e.PupilID = h.ID, h.Children[0].ID
	return e
}

func log(w *contacttest.World, entries ...contact.Entry) {
	w.T.Helper()
	w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		_, err := w.Contact.Log(w.Ctx, tx, w.School.ID, entries)
		return err
	}))
}

func service(w *contacttest.World) *insight.Service {
	return insight.New(insight.Config{DB: w.DB, School: w.Schools, Contact: w.Contact, Now: func() time.Time { return w.Clock }})
}

func director(w *contacttest.World) auth.Actor {
	by := w.System
	by.Role = auth.Director
	return by
}

func line(t *testing.T, r *insight.Report, by insight.By, key string) insight.Line {
	t.Helper()
	lines := r.Lines(by)
	i := slices.IndexFunc(lines, func(l insight.Line) bool { return l.Key == key })
	if i < 0 {
		t.Fatalf("no line %s %q in %+v", by, key, lines)
	}
	return lines[i]
}

func want(t *testing.T, what string, l insight.Line, families, offered, arrived, answered int) {
	t.Helper()
	if l.Families != families || l.Offered != offered || l.Arrived != arrived || l.Answered != answered {
		t.Errorf("%s: of %d families %d offered, %d arrived, %d answered; want %d, %d, %d, %d", what, l.Families, l.Offered, l.Arrived, l.Answered, families, offered, arrived, answered)
	}
}

func TestCoverageCountsFamilies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		week(w)
		r, err := service(w).Coverage(w.Ctx, director(w), insight.Filter{Weeks: 8})
		w.OK(err)
		want(t, "the school", r.All, 5, 4, 2, 1)
		want(t, "this week", line(t, r, insight.ByWeek, "2026-11-23"), 5, 3, 2, 1)
		want(t, "a week ago", line(t, r, insight.ByWeek, "2026-11-09"), 5, 1, 0, 0)
		want(t, "class 3A", line(t, r, insight.ByClass, w.Class["3A"]), 4, 4, 2, 1)
		want(t, "class 1B, where the brother's slip does not count", line(t, r, insight.ByClass, w.Class["1B"]), 2, 1, 1, 1)
		want(t, "who reads Arabic", line(t, r, insight.ByLang, "ar"), 1, 1, 1, 1)
		want(t, "who reads Polish", line(t, r, insight.ByLang, "pl"), 1, 1, 1, 0)
		want(t, "on paper", line(t, r, insight.ByRoad, "paper"), 5, 2, 0, 0)
		want(t, "on their page", line(t, r, insight.ByRoad, "link"), 5, 2, 2, 1)
		want(t, "slips, with the answers to them", line(t, r, insight.ByRoutine, contact.AreaSlips), 5, 2, 1, 1)
		want(t, "messages", line(t, r, insight.ByRoutine, contact.AreaMessages), 5, 1, 1, 0)
		if l := line(t, r, insight.ByBalance, insight.Worry); l.Contacts != 1 || l.Offered != 1 {
			t.Errorf("a worry: %+v", l)
		}
		if l := line(t, r, insight.ByBalance, insight.Positive); l.Contacts != 0 {
			t.Errorf("what was said twenty weeks ago counts: %+v", l)
		}
		long, err := service(w).Coverage(w.Ctx, director(w), insight.Filter{Weeks: 44})
		w.OK(err)
		want(t, "the school year", long.All, 5, 5, 3, 2)
		if l := line(t, long, insight.ByBalance, insight.ByFamily); l.Contacts != 1 || l.Offered != 1 {
			t.Errorf("begun by the family: %+v", l)
		}
		if _, err := service(w).Coverage(w.Ctx, director(w), insight.Filter{Weeks: 5}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("five weeks: %v", err)
		}
	})
}

// Behind every figure stand as many families as it says.
func TestEveryFigureLeadsToItsFamilies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		week(w)
		s := service(w)
		for _, by := range []auth.Actor{director(w), w.Teacher, w.Other1B} {
			r, err := s.Coverage(w.Ctx, by, insight.Filter{Weeks: 44})
			w.OK(err)
			figures := 0
			for _, division := range []insight.By{insight.ByAll, insight.ByWeek, insight.ByClass, insight.ByLang, insight.ByRoad, insight.ByRoutine, insight.ByBalance} {
				for _, l := range r.Lines(division) {
					for _, level := range insight.Levels {
						var got []string
						for after := ""; ; {
							rows, next, err := s.Families(w.Ctx, by, r, division, l.Key, level, after, 2)
							w.OK(err)
							for _, row := range rows {
								got = append(got, row.Home.PublicID)
							}
							if next == "" {
								break
							}
							after = next
						}
						slices.Sort(got)
						if n := len(slices.Compact(got)); n != l.Of(level) {
							t.Errorf("%s: %s %q %s says %d, the list has %d", by.Name, division, l.Key, level, l.Of(level), n)
						}
						figures++
					}
				}
			}
			if figures < 50 {
				t.Errorf("%d figures only", figures)
			}
			if _, _, err := s.Families(w.Ctx, by, r, insight.ByRoad, "pigeon", insight.Offered, "", 9); errs.KindOf(err) != errs.NotFound {
				t.Errorf("a road that is none: %v", err)
			}
		}
	})
}

// A teacher sees what is about the own class: not that the same family was told a worry about a child of another one.
func TestATeacherSeesTheOwnClasses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		week(w)
		s := service(w)
		r, err := s.Coverage(w.Ctx, w.Teacher, insight.Filter{Weeks: 8})
		w.OK(err)
		want(t, "class 3A", r.All, 4, 4, 2, 1)
		if l := line(t, r, insight.ByBalance, insight.Worry); l.Contacts != 0 || l.Offered != 0 {
			t.Errorf("the teacher of 3A sees a worry about a child of 1B: %+v", l)
		}
		if len(r.Classes) != 1 {
			t.Errorf("classes %+v", r.Classes)
		}
		if _, err := s.Coverage(w.Ctx, w.Teacher, insight.Filter{Weeks: 8, Class: w.Class["1B"]}); err == nil {
			t.Error("a teacher sees another class")
		}
		alien := w.Alien
		empty, err := s.Coverage(w.Ctx, alien, insight.Filter{Weeks: 8})
		w.OK(err)
		want(t, "another school", empty.All, 0, 0, 0, 0)
		support := auth.Actor{Role: auth.Support, Name: "support"}
		if _, err := s.Coverage(w.Ctx, support, insight.Filter{}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("the support centre opens the report of a school: %v", err)
		}
	})
}

// Who was not reached for longest stands first, with the step for a person, whether it is read from the ledger or from what
// the writer keeps.
func TestWhoWaitsLongestStandsFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		week(w)
		twice := entry(w, "Desta", "", contact.Entry{Area: contact.AreaSlips, Road: contact.Paper, Direction: contact.Out, Stage: contact.Offered})
		log(w, twice)
		s := service(w)
		for _, by := range []auth.Actor{director(w), w.Teacher} {
			rows, next, err := s.Waiting(w.Ctx, by, insight.Filter{}, "", 50)
			w.OK(err)
			if next != "" || len(rows) == 0 || rows[0].Home.Children[0].Given != "Desta" || rows[0].Next != contact.StepInterpret {
				t.Fatalf("%s: %+v", by.Role, rows)
			}
			for _, r := range rows {
				if r.Next == contact.NoStep {
					t.Errorf("%s: %s stands there with nothing to do", by.Role, r.Home.Children[0].Given)
				}
			}
		}
		rows, _, err := s.Waiting(w.Ctx, director(w), insight.Filter{}, "", 50)
		w.OK(err)
		if len(rows) != 2 || rows[1].Home.Children[0].Given != "Ela" {
			t.Errorf("the school: %+v", rows)
		}
	})
}

func TestHowLongAnswersTook(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		h := w.Home("Ali", "")
		exec := func(query string, args ...any) {
			t.Helper()
			w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
				_, err := tx.SQL().ExecContext(w.Ctx, query, args...)
				return err
			}))
		}
		now := w.Clock.UnixMilli()
		exec("insert into conversations (public_id, school_id, household_id, guardian_id, pupil_id, started, last_at, created_at) values ('c', $1, $2, $3, $4, 'family', $5, $5)", w.School.ID, h.ID, h.Guardians[0].ID, h.Children[0].ID, now)
		// Somebody else got the link: Brug writes that down in a conversation with nobody.
		exec("insert into conversations (public_id, school_id, household_id, pupil_id, started, last_at, created_at) values ('x', $1, $2, $3, 'family', $4, $4)", w.School.ID, h.ID, h.Children[0].ID, now)
		for i, waited := range []time.Duration{time.Hour, 30 * time.Hour, 100 * time.Hour, 900 * time.Hour} {
			direction := "out"
			if i == 1 {
				direction = "in"
			}
			exec("insert into entries (public_id, school_id, conversation_id, direction, kind, waited, at) select $1, school_id, id, $2, 'text', $3, $4 from conversations where school_id = $5 and public_id = 'c'",
				string(rune('a'+i)), direction, waited.Milliseconds(), now, w.School.ID)
		}
		r, err := service(w).Coverage(w.Ctx, w.Teacher, insight.Filter{})
		w.OK(err)
		if r.School != (insight.Waits{Answers: 3, Median: 100 * time.Hour, Day: 1, Week: 1, Longer: 1}) || r.Family != (insight.Waits{Answers: 1, Median: 30 * time.Hour, ThreeDays: 1}) {
			t.Errorf("school %+v, family %+v", r.School, r.Family)
		}
		if l := line(t, r, insight.ByBalance, insight.ByFamily); l.Contacts != 1 || l.Offered != 1 {
			t.Errorf("a conversation that the family began: %+v", l)
		}
		other, err := service(w).Coverage(w.Ctx, w.Other1B, insight.Filter{})
		w.OK(err)
		if other.School.Answers != 0 || other.Family.Answers != 0 || line(t, other, insight.ByBalance, insight.ByFamily).Contacts != 0 {
			t.Errorf("another teacher sees it: %+v", other)
		}
	})
}

// How fast a family answered about a child of another class is none of this teacher's figures.
func TestAnAnswerCountsForTheClassOfItsChild(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		h := w.Home("Ali", "")
		exec := func(query string, args ...any) {
			t.Helper()
			w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
				_, err := tx.SQL().ExecContext(w.Ctx, query, args...)
				return err
			}))
		}
		now := w.Clock.UnixMilli()
		exec("insert into messages (public_id, school_id, account_id, scope, lang, state, send_at, created_at) select 'm', $1, id, 'school', 'nl', 'finished', $2, $2 from accounts order by id limit 1", w.School.ID, now)
		for i, c := range h.Children {
			exec("insert into recipients (public_id, school_id, message_id, household_id, guardian_id, pupils, lang, roads, state, due_at, sent_at, answered_at) select $1, school_id, id, $2, $3, $4, 'nl', 'mail', 'answered', $5, $5, $6 from messages where school_id = $7",
				c.Given, h.ID, nth(i, h.Guardians[0].ID), fmt.Sprintf("[%d]", c.ID), now-3600_000, now, w.School.ID)
		}
		if len(h.Children) != 2 {
			t.Fatalf("children %+v", h.Children)
		}
		for _, c := range []struct {
			by   auth.Actor
			want int
		}{{w.Teacher, 1}, {w.Other1B, 1}, {director(w), 2}} {
			r, err := service(w).Coverage(w.Ctx, c.by, insight.Filter{})
			w.OK(err)
			if r.Family.Answers != c.want {
				t.Errorf("%s: %d answers, want %d", c.by.Role, r.Family.Answers, c.want)
			}
		}
	})
}

// nth is the guardian of the first letter, and nobody (a letter to the home) of the second: a home has one row of each for a message.
func nth(i int, guardian int64) any {
	if i == 0 {
		return guardian
	}
	return nil
}

// Lists go on by key: a family that was reached in between is neither shown twice nor left out with the next one.
func TestAListGoesOnWhereItWas(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		s, by := service(w), director(w)
		first, next, err := s.Waiting(w.Ctx, by, insight.Filter{}, "", 2)
		w.OK(err)
		if len(first) != 2 || next == "" {
			t.Fatalf("%d families, next %q", len(first), next)
		}
		log(w, contact.Entry{HouseholdID: first[1].Home.ID, Area: contact.AreaTalk, Road: contact.Gate, Direction: contact.Out, Stage: contact.Answered})
		rest, last, err := s.Waiting(w.Ctx, by, insight.Filter{}, next, 50)
		w.OK(err)
		if len(rest) != 3 || last != "" || slices.ContainsFunc(rest, func(r contact.Row) bool { return r.Home.ID == first[0].Home.ID || r.Home.ID == first[1].Home.ID }) {
			t.Errorf("goes on with %d families, next %q", len(rest), last)
		}
	})
}
