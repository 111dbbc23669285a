package contact

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
)

// Marks count the ledger by household, week and way, for coverage. They are written with each entry and can be made again
// from the ledger at any time (Rebuild): they never know more than it does.

// mark is how often something of one kind happened with a household in a week. The short names go to the database for
// each of thousands of recipients.
type mark struct {
	Household int64     `json:"h"`
	Week      string    `json:"w"` // its Monday in the school's zone, YYYY-MM-DD
	Pupil     int64     `json:"p"` // 0: about all children
	Area      string    `json:"a"`
	Road      Road      `json:"r"`
	Lang      string    `json:"l"`
	Stage     Stage     `json:"s"`
	Tone      Tone      `json:"t"`
	Direction Direction `json:"d"`
	About     About     `json:"b"`
	N         int       `json:"n"` // below zero where something is taken back
}

// Week names the week of an instant by its Monday in a zone, YYYY-MM-DD.
func Week(t time.Time, zone *time.Location) string {
	return WeekStart(t.In(zone)).Format(time.DateOnly)
}

// marksOf counts entries, the same ones together, sorted by household. n is 1, or -1 to take them back. Every entry has a
// time.
func marksOf(entries []Entry, zone *time.Location, n int) []mark {
	at := map[mark]int{}
	var out []mark
	var last time.Time // of a batch nearly all have one moment
	var week string
	for _, e := range entries {
		if week == "" || !e.At.Equal(last) {
			last, week = e.At, Week(e.At, zone)
		}
		m := mark{e.HouseholdID, week, e.PupilID, e.Area, e.Road, e.Lang, e.Stage, e.Tone, e.Direction, e.About, 0}
		i, known := at[m]
		if !known {
			i = len(out)
			at[m] = i
			out = append(out, m)
		}
		out[i].N += n
	}
	slices.SortStableFunc(out, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.Household, b.Household), cmp.Compare(a.Week, b.Week), cmp.Compare(a.Pupil, b.Pupil))
	})
	return out
}

// tally keeps marks and reached after entries were added to the ledger. reached comes first: its rows are what others
// wait for.
func (s *Service) tally(ctx context.Context, tx *db.Tx, schoolID int64, entries []Entry) error {
	zone, err := zoneOf(ctx, tx, schoolID)
	if err != nil {
		return err
	}
	if err := touchReached(ctx, tx, schoolID, touches(entries)); err != nil {
		return fmt.Errorf("reached: %w", err)
	}
	if err := tx.RecountReached(ctx, schoolID); err != nil {
		return fmt.Errorf("recount reached: %w", err)
	}
	if err := addMarks(ctx, tx, schoolID, marksOf(entries, zone, 1)); err != nil {
		return fmt.Errorf("marks: %w", err)
	}
	return nil
}

// untally is tally after an entry was taken back.
func (s *Service) untally(ctx context.Context, tx *db.Tx, schoolID int64, c q.Contact) error {
	zone, err := zoneOf(ctx, tx, schoolID)
	if err != nil {
		return err
	}
	home := list([]int64{c.HouseholdID})
	if err := tx.MarkForRecount(ctx, q.MarkForRecountParams{SchoolID: schoolID, Households: home}); err != nil {
		return fmt.Errorf("mark for recount: %w", err)
	}
	if err := recount(ctx, tx, schoolID); err != nil {
		return err
	}
	e := Entry{HouseholdID: c.HouseholdID, PupilID: c.PupilID.Int64, Area: c.Area, Road: Road(c.Road), Direction: Direction(c.Direction), Stage: Stage(c.Stage), Tone: Tone(c.Tone),
		At: instant(c.At), Lang: c.Lang, About: About(c.About)}
	if err := tx.AddMarks(ctx, q.AddMarksParams{SchoolID: schoolID, Rows: rows(marksOf([]Entry{e}, zone, -1))}); err != nil {
		return fmt.Errorf("marks: %w", err)
	}
	if err := tx.DropEmptyMarks(ctx, q.DropEmptyMarksParams{SchoolID: schoolID, Week: Week(e.At, zone), HouseholdID: c.HouseholdID}); err != nil {
		return fmt.Errorf("drop empty marks: %w", err)
	}
	return nil
}

func zoneOf(ctx context.Context, tx *db.Tx, schoolID int64) (*time.Location, error) {
	name, err := tx.SchoolZone(ctx, schoolID)
	if err != nil {
		return nil, fmt.Errorf("time zone of school: %w", err)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone of school: %w", err)
	}
	return zone, nil
}

// rows is rows as the JSON that a bulk statement takes.
func rows(of any) string {
	b, err := json.Marshal(of)
	if err != nil {
		panic(err) // numbers and texts can always be written
	}
	return string(b)
}
