package calendar

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
)

// Input is what a person says of an event. The words are in the school's language.
type Input struct {
	Kind         Kind
	Title, Place string
	Day, ToDay   string
	From, To     string
	Class        string // public id; "": the whole school
}

// Lengths of the words, in characters.
const (
	MaxTitle = 120
	MaxPlace = 80
)

// Month is what stands in a month (YYYY-MM) for the whole school and for the actor's classes, the first day first. What goes
// over the end of a month stands in both. Invalid: no such month.
func (s *Service) Month(ctx context.Context, by auth.Actor, month string) ([]Event, error) {
	if err := by.May(auth.CalendarSee); err != nil {
		return nil, err
	}
	first, err := time.Parse("2006-01", month)
	if err != nil {
		return nil, errs.Field("month", "Choose a month.")
	}
	last := first.AddDate(0, 1, -1)
	return s.between(ctx, by.School.ID, first.Format(time.DateOnly), last.Format(time.DateOnly), by.ClassIDs(), by.AllClasses())
}

// Free are the days off of the whole school from today on and a school year ahead, cancelled ones too, the first day first.
func (s *Service) Free(ctx context.Context, by auth.Actor) ([]Event, error) {
	if err := by.May(auth.CalendarSee); err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(by.School.Timezone)
	if err != nil {
		zone = time.UTC
	}
	today := s.now().In(zone).Format(time.DateOnly)
	events, err := s.between(ctx, by.School.ID, today, addDays(today, FeedAhead), nil, false)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(events, func(e Event) bool { return !e.Kind.Off() }), nil
}

// Event is one event that the actor may see. NotFound: none, or of another teacher's class.
func (s *Service) Event(ctx context.Context, by auth.Actor, publicID string) (Event, error) {
	if err := by.May(auth.CalendarSee); err != nil {
		return Event{}, err
	}
	_, e, err := s.event(ctx, s.db.Q(), by, publicID)
	return e, err
}

// MayChange tells whether the actor may change an event: of an own class, or of the school.
func MayChange(by auth.Actor, e Event) bool { return mayChange(by, e.ClassID) == nil }

func mayChange(by auth.Actor, classID int64) error {
	if classID == 0 {
		return by.May(auth.CalendarSchool)
	}
	return by.MayClass(auth.CalendarChange, classID)
}

// Add puts an event into the calendar and gives its public id. Invalid: with the fields. Forbidden: not the actor's class, or
// the whole school by somebody who has only classes.
func (s *Service) Add(ctx context.Context, by auth.Actor, in Input) (string, error) {
	class, err := s.check(ctx, by, &in)
	if err != nil {
		return "", err
	}
	public := id.New()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.add(ctx, tx, by, []row{in.row(public, class)}); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "calendar.add", public, map[string]string{"kind": string(in.Kind)})
	})
	return public, err
}

// row is an event as the query takes it.
type row struct {
	PublicID string `json:"public_id"`
	ClassID  int64  `json:"class_id"`
	Kind     string `json:"kind"`
	Title    string `json:"title"`
	Day      string `json:"day"`
	ToDay    string `json:"to_day"`
	From     string `json:"from_time"`
	To       string `json:"to_time"`
	Place    string `json:"place"`
}

func (in Input) row(public string, class int64) row {
	return row{public, class, string(in.Kind), in.Title, in.Day, in.ToDay, in.From, in.To, in.Place}
}

func (s *Service) add(ctx context.Context, tx *db.Tx, by auth.Actor, rows []row) error {
	return tx.AddEvents(ctx, q.AddEventsParams{SchoolID: by.School.ID, Lang: by.School.Lang, CreatedBy: by.AccountID, At: s.now().UnixMilli(), Rows: jsonOf(rows)})
}

// Change changes an event. Conflict: somebody else changed it since version.
func (s *Service) Change(ctx context.Context, by auth.Actor, publicID string, version int64, in Input) error {
	class, err := s.check(ctx, by, &in)
	if err != nil {
		return err
	}
	return s.change(ctx, by, publicID, "calendar.change", func(tx *db.Tx, id int64, _ Event) (int64, error) {
		return tx.SetEvent(ctx, q.SetEventParams{ClassID: sql.NullInt64{Int64: class, Valid: class != 0}, Kind: string(in.Kind), Title: in.Title, Lang: by.School.Lang,
			Day: in.Day, ToDay: in.ToDay, FromTime: in.From, ToTime: in.To, Place: in.Place, UpdatedAt: s.now().UnixMilli(), SchoolID: by.School.ID, ID: id, Version: version})
	})
}

// Cancel leaves an event in the calendar and says that it does not go on; Restore takes that back.
func (s *Service) Cancel(ctx context.Context, by auth.Actor, publicID string, version int64) error {
	return s.cancel(ctx, by, publicID, version, "calendar.cancel", s.now().UnixMilli())
}

// Restore makes a cancelled event go on.
func (s *Service) Restore(ctx context.Context, by auth.Actor, publicID string, version int64) error {
	return s.cancel(ctx, by, publicID, version, "calendar.restore", 0)
}

func (s *Service) cancel(ctx context.Context, by auth.Actor, publicID string, version int64, action string, at int64) error {
	return s.change(ctx, by, publicID, action, func(tx *db.Tx, id int64, e Event) (int64, error) {
		if e.Cancelled == (at != 0) {
			return 1, nil // pressed twice
		}
		return tx.SetEventCancelled(ctx, q.SetEventCancelledParams{CancelledAt: at, UpdatedAt: s.now().UnixMilli(), SchoolID: by.School.ID, ID: id, Version: version})
	})
}

// Remove takes away an event that was a mistake: no family sees any more that it was there.
func (s *Service) Remove(ctx context.Context, by auth.Actor, publicID string, version int64) error {
	return s.change(ctx, by, publicID, "calendar.remove", func(tx *db.Tx, id int64, _ Event) (int64, error) {
		return tx.DropEvent(ctx, q.DropEventParams{SchoolID: by.School.ID, ID: id, Version: version})
	})
}

// change runs one change of an event that the actor may change; set tells how many rows it found.
func (s *Service) change(ctx context.Context, by auth.Actor, publicID, action string, set func(tx *db.Tx, id int64, e Event) (int64, error)) error {
	if err := by.May(auth.CalendarChange); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		rowID, e, err := s.event(ctx, tx.Queries, by, publicID)
		if err != nil {
			return err
		}
		if err := mayChange(by, e.ClassID); err != nil {
			return err
		}
		n, err := set(tx, rowID, e)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "Somebody else changed this while you were busy. Nothing you typed is lost: compare, and save again.")
		}
		return s.note(ctx, tx, by, action, publicID, map[string]string{"kind": string(e.Kind)})
	})
}

func (s *Service) event(ctx context.Context, r *q.Queries, by auth.Actor, publicID string) (int64, Event, error) {
	found, err := r.EventByPublicID(ctx, q.EventByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return 0, Event{}, db.NotFound(err, "event "+publicID)
	}
	e := eventOf(found)
	if e.ClassID != 0 && !by.HasClass(e.ClassID) {
		return 0, Event{}, errs.NotFoundf("event %s is of another class", publicID)
	}
	return found.ID, e, nil
}

// check cleans the input, finds the class and tells what is wrong, fields and rights together.
func (s *Service) check(ctx context.Context, by auth.Actor, in *Input) (classID int64, err error) {
	if err := by.May(auth.CalendarChange); err != nil {
		return 0, err
	}
	if in.Class != "" {
		c, err := s.db.Q().ClassByPublicID(ctx, q.ClassByPublicIDParams{SchoolID: by.School.ID, PublicID: in.Class})
		switch {
		case db.Missing(err), err == nil && c.EndedAt != 0:
			return 0, errs.Field("class", "Choose a class.")
		case err != nil:
			return 0, err
		}
		classID = c.ID
	}
	if err := mayChange(by, classID); err != nil {
		return 0, err
	}
	in.clean()
	return classID, in.Check(s.now())
}

func (in *Input) clean() {
	in.Title, in.Place = words(in.Title), words(in.Place)
	if in.ToDay == in.Day {
		in.ToDay = ""
	}
	in.From, in.To = time24(in.From), time24(in.To)
}

// Check tells what is wrong with an event, by field. now is for the range of days.
func (in Input) Check(now time.Time) error {
	var c errs.Check
	c.That(in.Kind.Known(), "kind", "Choose what it is.")
	c.That(!in.Kind.Known() || !in.Kind.NeedsWords() || in.Title != "", "title", "Write what it is about.")
	c.That(utf8.RuneCountInString(in.Title) <= MaxTitle, "title", "Use at most {n} characters.", "n", MaxTitle)
	c.That(utf8.RuneCountInString(in.Place) <= MaxPlace, "place", "Use at most {n} characters.", "n", MaxPlace)
	day, err := time.Parse(time.DateOnly, in.Day)
	if c.That(err == nil, "day", "Choose a day.") {
		c.That(day.After(now.AddDate(-1, 0, 0)) && day.Before(now.AddDate(2, 0, 0)), "day", "Choose a day of this year or the next.")
	}
	if in.ToDay != "" {
		last, err2 := time.Parse(time.DateOnly, in.ToDay)
		if c.That(err2 == nil, "to_day", "Choose a day.") && err == nil && c.That(in.ToDay > in.Day, "to_day", "The last day comes after the first.") {
			c.That(!last.After(day.AddDate(0, 0, maxDays-1)), "to_day", "Choose at most {n} days.", "n", maxDays)
		}
	}
	c.That(in.From == "" || isTime(in.From), "from", "Write a time as 08:30.")
	c.That(in.To == "" || isTime(in.To), "to", "Write a time as 15:30.")
	c.That(in.From == "" || !in.Kind.Off(), "from", "A day off is the whole day. Take the time away.")
	if in.To != "" && isTime(in.To) {
		c.That(in.From != "", "from", "Write when it begins, too.")
		c.That(in.ToDay != "" || in.From == "" || !isTime(in.From) || in.To > in.From, "to", "The end comes after the beginning.")
	}
	return c.Err()
}

// time24 is a time as people type it: "8:30", "8.30" and "8u30" are 08:30.
func time24(s string) string {
	s = strings.NewReplacer(".", ":", "u", ":", "h", ":", " ", "").Replace(strings.ToLower(s))
	s = strings.TrimSuffix(s, ":")
	if h, err := strconv.Atoi(s); err == nil && h >= 0 && h < 24 {
		s += ":00"
	}
	if t, err := time.Parse("15:04", s); err == nil {
		return t.Format("15:04")
	}
	return s
}

func isTime(s string) bool {
	_, err := time.Parse("15:04", s)
	return err == nil && len(s) == 5
}

// words is a line as a person meant it: one space between words, none around.
func words(s string) string { return strings.Join(strings.Fields(s), " ") }

func (s *Service) note(ctx context.Context, tx *db.Tx, by auth.Actor, action, ref string, detail map[string]string) error {
	return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: string(by.Role),
		Action: action, Area: "calendar", Ref: ref, Detail: detail, At: s.now()})
}

// jsonOf is a list for a query; it is made of numbers and texts only, which always can be written.
func jsonOf[T any](list []T) string {
	if len(list) == 0 {
		return "[]"
	}
	data, err := json.Marshal(list)
	if err != nil {
		panic(err)
	}
	return string(data)
}
