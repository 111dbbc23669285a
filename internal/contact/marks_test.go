package contact_test

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/school"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// kept is what the writer keeps beside the ledger, in an order of its own.
type kept struct {
	Marks   []string // one a row: key and counts
	Reached []string
}

// keptNow reads marks and reached.
func keptNow(t rapid.TB, w *contacttest.World) (k kept) {
	t.Helper()
	read := func(query string) (out []string) {
		rows, err := w.DB.SQL().QueryContext(w.Ctx, query, w.School.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		cols, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			cells, into := make([]string, len(cols)), make([]any, len(cols))
			for i := range cells {
				into[i] = &cells[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			out = append(out, fmt.Sprint(cells))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(out)
		return out
	}
	k.Marks = read("select household_id, week, pupil_id, area, road, lang, offered, tried, arrived, answered, positive, neutral, worry, by_school, by_family, logistics, learning from marks where school_id = $1")
	k.Reached = read("select household_id, first_at, last_at, reached_at, offers from reached where school_id = $1")
	return k
}

// event is a line of the ledger as the test remembers it.
type event struct {
	contact.Entry
	id        string
	takenBack bool
}

// keptOf says what should be kept of a ledger, in the plainest way: one event after the other.
func keptOf(ledger []event) (k kept) {
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		panic(err)
	}
	marks := map[string]*[11]int{}
	homes := map[int64][]event{}
	for _, e := range ledger {
		if e.takenBack {
			continue
		}
		at := e.At.In(zone)
		for at.Weekday() != time.Monday {
			at = at.AddDate(0, 0, -1)
		}
		key := fmt.Sprint([]string{fmt.Sprint(e.HouseholdID), at.Format(time.DateOnly), fmt.Sprint(e.PupilID), e.Area, string(e.Road), e.Lang})
		if marks[key] == nil {
			marks[key] = &[11]int{}
		}
		for i, is := range []bool{e.Stage == contact.Offered, e.Stage == contact.Tried, e.Stage == contact.Arrived, e.Stage == contact.Answered, e.Tone == contact.Positive, e.Tone == contact.Neutral,
			e.Tone == contact.Worry, e.Direction == contact.Out, e.Direction == contact.In, e.About == contact.Logistics, e.About == contact.Learning} {
			if is {
				marks[key][i]++
			}
		}
		homes[e.HouseholdID] = append(homes[e.HouseholdID], e)
	}
	for key, n := range marks {
		k.Marks = append(k.Marks, key[:len(key)-1]+" "+fmt.Sprint(*n)[1:])
	}
	for home, events := range homes {
		slices.SortFunc(events, func(a, b event) int { return cmp.Compare(a.At.UnixMilli(), b.At.UnixMilli()) })
		reached, offers := int64(0), 0
		for _, e := range events {
			if e.Stage.Reached() {
				reached = e.At.UnixMilli()
			}
		}
		for _, e := range events {
			if !e.Stage.Reached() && e.At.UnixMilli() > reached {
				offers++
			}
		}
		k.Reached = append(k.Reached, fmt.Sprint([]int64{home, events[0].At.UnixMilli(), events[len(events)-1].At.UnixMilli(), reached, int64(offers)}))
	}
	slices.Sort(k.Marks)
	slices.Sort(k.Reached)
	return k
}

// Whatever is logged, late or in time, once or twice, taken back or not, while children change class: what is kept beside
// the ledger is what the ledger says, and making it anew changes nothing.
func TestMarksSayWhatTheLedgerSays(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		homes := []contactHome{}
		for _, who := range []string{"Ali", "Cas", "Desta", "Ela"} {
			h := w.Home(who, "")
			ch := contactHome{id: h.ID, pupils: []int64{0}}
			for _, c := range h.Children {
				ch.pupils = append(ch.pupils, c.ID)
			}
			homes = append(homes, ch)
		}
		director := w.System
		director.AccountID, director.Role, director.Name = w.Teacher.AccountID, auth.Director, "Els"
		ali := w.Home("Ali", "").Children[0]
		if err := flag.Set("rapid.checks", "25"); err != nil { // of some thirty steps each
			t.Fatal(err)
		}
		rapid.Check(t, func(t *rapid.T) {
			var ledger []event
			ok := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			ok(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
				for _, table := range []string{"contacts", "marks", "reached"} {
					if _, err := tx.SQL().ExecContext(w.Ctx, "delete from "+table); err != nil {
						return err
					}
				}
				return nil
			}))
			log := func(entries []contact.Entry) {
				ok(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
					ids, err := w.Contact.Log(w.Ctx, tx, w.School.ID, entries)
					for i := range ids {
						ledger = append(ledger, event{Entry: entries[i], id: ids[i]})
					}
					return err
				}))
			}
			t.Repeat(map[string]func(*rapid.T){
				"": func(t *rapid.T) {
					if diff := gocmp.Diff(keptOf(ledger), keptNow(t, w)); diff != "" {
						t.Fatalf("kept by the writer (-ledger +kept):\n%s", diff)
					}
				},
				"log": func(t *rapid.T) {
					log(rapid.SliceOfN(drawEntry(homes, w.Clock, director.AccountID), 1, 6).Draw(t, "entries"))
				},
				"replay": func(t *rapid.T) {
					if len(ledger) == 0 {
						t.Skip("nothing to tell again")
					}
					log([]contact.Entry{rapid.SampledFrom(ledger).Draw(t, "again").Entry})
				},
				"take back": func(t *rapid.T) {
					i := slices.IndexFunc(ledger, func(e event) bool { return !e.takenBack && e.Direction == contact.Out })
					if i < 0 {
						t.Skip("nothing to take back")
					}
					ok(w.Contact.TakeBack(w.Ctx, director, ledger[i].id))
					ledger[i].takenBack = true
				},
				"a child moves": func(t *rapid.T) {
					to := rapid.SampledFrom([]string{"3A", "1B"}).Draw(t, "class")
					_ = w.Schools.MovePupil(w.Ctx, w.System, ali.PublicID, w.Class[to], "") // into the own class is refused
				},
				"rebuild": func(t *rapid.T) { ok(w.Contact.Rebuild(w.Ctx, w.School.ID)) },
			})
			before := keptNow(t, w)
			ok(w.Contact.Rebuild(w.Ctx, w.School.ID))
			if diff := gocmp.Diff(before, keptNow(t, w)); diff != "" {
				t.Fatalf("made anew (-kept +rebuilt):\n%s", diff)
			}
		})
	})
}

type contactHome struct {
	id     int64
	pupils []int64
}

// drawEntry draws a contact from four weeks around the end of summer time, many of them in the same hours.
func drawEntry(homes []contactHome, now time.Time, account int64) *rapid.Generator[contact.Entry] {
	weekStart := time.Date(2026, 10, 25, 20, 0, 0, 0, time.UTC)
	return rapid.Custom(func(t *rapid.T) contact.Entry {
		h := rapid.SampledFrom(homes).Draw(t, "home")
		return contact.Entry{HouseholdID: h.id, PupilID: rapid.SampledFrom(h.pupils).Draw(t, "pupil"), AccountID: account,
			Area: rapid.SampledFrom([]string{contact.AreaSlips, contact.AreaMessages, contact.AreaTalk}).Draw(t, "area"), Ref: "x",
			Road:      rapid.SampledFrom([]contact.Road{contact.Paper, contact.Mail}).Draw(t, "road"),
			Direction: rapid.SampledFrom([]contact.Direction{contact.Out, contact.Out, contact.In}).Draw(t, "direction"),
			Stage:     rapid.SampledFrom([]contact.Stage{contact.Offered, contact.Offered, contact.Tried, contact.Arrived, contact.Answered}).Draw(t, "stage"),
			Tone:      rapid.SampledFrom([]contact.Tone{"", contact.Positive, contact.Worry}).Draw(t, "tone"),
			About:     rapid.SampledFrom([]contact.About{"", contact.Learning, contact.Logistics}).Draw(t, "about"),
			Lang:      rapid.SampledFrom([]string{"", "ar"}).Draw(t, "lang"),
			At:        weekStart.Add(time.Duration(rapid.IntRange(-3, 10).Draw(t, "hours"))*time.Hour).AddDate(0, 0, 7*rapid.IntRange(0, 3).Draw(t, "weeks"))}
	})
}

// A ledger that is older than the marks is caught up with, also while the school goes on.
func TestALedgerOfBeforeIsCountedAfterwards(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		home := w.Home("Ali", "")
		entry := contact.Entry{HouseholdID: home.ID, Area: contact.AreaSlips, Road: contact.Paper, Direction: contact.Out, Stage: contact.Offered, At: w.Clock.Add(-48 * time.Hour)}
		log := func(e contact.Entry) {
			w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
				_, err := w.Contact.Log(w.Ctx, tx, w.School.ID, []contact.Entry{e})
				return err
			}))
		}
		log(entry)
		// as the migration leaves it
		w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
			_, err := tx.SQL().ExecContext(w.Ctx, "delete from marks")
			if err == nil {
				_, err = tx.SQL().ExecContext(w.Ctx, "update reached set reached_at = 0, offers = -2")
			}
			return err
		}))
		entry.At, entry.Stage = w.Clock, contact.Answered
		log(entry)
		w.Contact.Work(w.Jobs)
		w.OK(w.Contact.RebuildLater(w.Ctx))
		w.OK(w.Jobs.Start(w.Ctx))
		deadline := time.Now().Add(30 * time.Second)
		for count(t, w, "select count(*) from reached where offers < 0") > 0 && time.Now().Before(deadline) {
			time.Sleep(20 * time.Millisecond)
		}
		w.OK(w.Jobs.Stop(w.Ctx))
		entry2 := entry
		entry2.At, entry2.Stage = w.Clock.Add(-48*time.Hour), contact.Offered
		if diff := gocmp.Diff(keptOf([]event{{Entry: entry}, {Entry: entry2}}), keptNow(t, w)); diff != "" {
			t.Errorf("(-ledger +kept):\n%s", diff)
		}
		w.OK(w.Contact.RebuildLater(w.Ctx))
		if n := count(t, w, "select count(*) from river_job where kind = 'contact.rebuild'"); n != 1 {
			t.Errorf("%d jobs, though nothing was left to do", n)
		}
	})
}

// The same batch goes through the writer in a handful of statements however large it is: here only that it is right.
func TestALargeBatchIsCountedOnce(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		home := w.Home("Desta", "")
		entries := make([]contact.Entry, 3000)
		for i := range entries {
			entries[i] = contact.Entry{HouseholdID: home.ID, PupilID: home.Children[0].ID, Area: contact.AreaMessages, Ref: fmt.Sprint(i), Road: contact.Mail, Direction: contact.Out, Stage: contact.Offered, Lang: "ti"}
		}
		w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
			_, err := w.Contact.Log(w.Ctx, tx, w.School.ID, entries)
			return err
		}))
		if entries[0].At != (time.Time{}) {
			t.Error("the caller's entries were changed")
		}
		if offered, offers := count(t, w, "select sum(offered) from marks"), count(t, w, "select sum(offers) from reached"); offered != 3000 || offers != 3000 {
			t.Errorf("offered %d, offers %d", offered, offers)
		}
	})
}

// A question in a conversation is a person's next step, wherever families are listed.
func TestAConversationThatWaitsIsTheNextStep(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		home := w.Home("Ali", "")
		w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
			_, err := tx.SQL().ExecContext(w.Ctx, `insert into conversations (public_id, school_id, household_id, pupil_id, started, waits, waits_since, last_at, created_at) values ('c', $1, $2, $3, 'family', 'staff', 5, 5, 5)`,
				w.School.ID, home.ID, home.Children[0].ID)
			return err
		}))
		rows, err := w.Contact.Rows(w.Ctx, w.Teacher, []school.Home{home})
		w.OK(err)
		if rows[0].Next != contact.StepAnswer {
			t.Errorf("next step %q", rows[0].Next)
		}
		grid, err := w.Contact.ClassGrid(w.Ctx, w.Other1B, w.Class["1B"])
		w.OK(err)
		for _, r := range grid.Rows {
			if r.Next == contact.StepAnswer {
				t.Errorf("another teacher is asked to answer: %s", r.Home.PublicID)
			}
		}
	})
}
