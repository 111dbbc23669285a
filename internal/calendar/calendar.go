// Package calendar keeps what stands in the calendar of a school and of its classes, so that each family reads it in its own
// language: an event is of a kind that has a picture and a name in all languages, and may have a line of the school's own.
//
// Staff pages (calendarweb) add, change and cancel. The family page asks For what concerns a guardian's children, and gives
// Feed to calendars that subscribed. Package messages asks DaysOff: on those days nothing goes out.
// Tables: events.
package calendar

import (
	"context"
	"fmt"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/lang"
)

// Event is one thing in the calendar. Days are YYYY-MM-DD and times HH:MM, both at the school.
type Event struct {
	PublicID    string
	Kind        Kind
	Title       string // the school's own words, in Lang; ""
	Lang        string // BCP 47
	Day, ToDay  string // ToDay is the last day, "" where it is one day
	From, To    string // "": the whole day, no end
	Place       string
	ClassID     int64 // 0: the whole school
	Class       string
	ClassPublic string
	Cancelled   bool
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Version     int64
}

// Last is the last day.
func (e Event) Last() string {
	if e.ToDay != "" {
		return e.ToDay
	}
	return e.Day
}

// Name is what it is called in a language. Words of the school's own stand in Title.
func (e Event) Name(l *lang.Locale) string { return e.Kind.Name(l) }

// Service has the operations. It may be used by many goroutines.
type Service struct {
	db  *db.DB
	now func() time.Time
}

// New makes a Service; now is time.Now where it is nil.
func New(d *db.DB, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{d, now}
}

// Child is a child whose calendar is asked for.
type Child struct {
	Name    string
	ClassID int64 // 0: in no class just now
}

// Line is an event with the children that it concerns.
type Line struct {
	Event
	Children []string // names, in the order of the question; nil where it is for the whole school
}

// maxDays is how many days an event can take: a summer holiday and some more.
const maxDays = 100

// maxLines is how much of a calendar is read at once.
const maxLines = 2000

// For is what stands in the calendar from one day to another (both in it) for these children: what is for the whole school
// and for their classes, the first day first. What was cancelled is in it, and says so. One query, however many children.
func (s *Service) For(ctx context.Context, schoolID int64, children []Child, from, to string) ([]Line, error) {
	var classes []int64
	for _, c := range children {
		if c.ClassID != 0 {
			classes = append(classes, c.ClassID)
		}
	}
	events, err := s.between(ctx, schoolID, from, to, classes, false)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, len(events))
	for i, e := range events {
		lines[i] = Line{Event: e}
		for _, c := range children {
			if e.ClassID != 0 && e.ClassID == c.ClassID {
				lines[i].Children = append(lines[i].Children, c.Name)
			}
		}
	}
	return lines, nil
}

func (s *Service) between(ctx context.Context, schoolID int64, from, to string, classes []int64, all bool) ([]Event, error) {
	rows, err := s.db.Q().Events(ctx, q.EventsParams{SchoolID: schoolID, Since: addDays(from, -maxDays), Until: to, Begins: from,
		AllClasses: all, Classes: jsonOf(classes), Lim: maxLines})
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	out := make([]Event, len(rows))
	for i, r := range rows {
		out[i] = eventOf(q.EventByPublicIDRow(r))
	}
	return out, nil
}

// DaysOff are the days (YYYY-MM-DD) from one to another, both in it, on which the whole school is free.
func DaysOff(ctx context.Context, r *q.Queries, schoolID int64, from, to string) (map[string]bool, error) {
	rows, err := r.DaysOff(ctx, q.DaysOffParams{SchoolID: schoolID, Since: addDays(from, -maxDays), Until: to})
	if err != nil {
		return nil, fmt.Errorf("calendar: days off: %w", err)
	}
	days := map[string]bool{}
	for _, r := range rows {
		last := min(max(r.Day, r.ToDay), to)
		for d := max(r.Day, from); d <= last; d = addDays(d, 1) {
			days[d] = true
		}
	}
	return days, nil
}

func eventOf(r q.EventByPublicIDRow) Event {
	return Event{PublicID: r.PublicID, Kind: Kind(r.Kind), Title: r.Title, Lang: r.Lang, Day: r.Day, ToDay: r.ToDay, From: r.FromTime, To: r.ToTime,
		Place: r.Place, ClassID: r.ClassID.Int64, Class: r.ClassName, ClassPublic: r.ClassPublicID, Cancelled: r.CancelledAt != 0,
		CreatedAt: time.UnixMilli(r.CreatedAt), UpdatedAt: time.UnixMilli(r.UpdatedAt), Version: r.Version}
}
