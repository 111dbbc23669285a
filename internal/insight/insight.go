// Package insight tells a school whom it has reached with what, and whom not yet: coverage by class, language, road,
// routine and week, the balance of what was said, and how long answers took.
//
// It measures the school and never a family: figures are counts of families, behind each stands the list of those families
// with what a person can do next, and there is no score, rank or colour for any of them. Staff pages (insightweb) call it. The
// support centre gets counts in tens and nothing smaller (Centre).
// It reads what package contact keeps (marks, reached) and the conversations; it owns no tables.
package insight

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/school"
)

// Config is what the service is made of.
type Config struct {
	DB      *db.DB
	School  *school.Service
	Contact *contact.Service
	Now     func() time.Time
}

// Service has the operations of this package.
type Service struct {
	Config
	centre centreCache
}

// New makes the service.
func New(c Config) *Service { return &Service{Config: c} }

// Filter says what a report is about.
type Filter struct {
	Class string // public id; "": all that the actor sees
	Weeks int    // this week included; one of Spans
}

// Spans are how many weeks a report can look back: a month, two, a school term, a school year.
var Spans = []int{4, 8, 13, 44}

// DefaultSpan is as many weeks as the class page shows.
const DefaultSpan = contact.GridWeeks

// By is what a table of the report is divided by.
type By string

// The divisions.
const (
	ByAll     By = "all"
	ByWeek    By = "week"    // key: the Monday, YYYY-MM-DD
	ByClass   By = "class"   // key: public id of a class of today
	ByLang    By = "lang"    // key: the language that the family reads, BCP 47
	ByRoad    By = "road"    // key: contact.Road
	ByRoutine By = "routine" // key: an area of the ledger
	ByBalance By = "balance" // key: one of the Balance constants
)

// The lines of the balance.
const (
	Positive  = "positive"
	Neutral   = "neutral"
	Worry     = "worry"
	Logistics = "logistics"
	Learning  = "learning"
	BySchool  = "school" // a talk or conversation that the school began
	ByFamily  = "family" // one that the family began
)

// Level is how far it came with a family at best. Each contains those after it: who answered was offered something.
type Level string

// The levels. Nothing is for those to whom nothing was offered.
const (
	Nothing  Level = "nothing"
	Offered  Level = "offered"
	Arrived  Level = "arrived"
	Answered Level = "answered"
)

// Levels in the order of a table.
var Levels = []Level{Offered, Arrived, Answered, Nothing}

// Line is a line of a table: figures in families.
type Line struct {
	Key      string
	Name     string // of a class
	Families int    // of whom the line speaks
	Offered  int    // something was offered to them, or more
	Arrived  int    // it arrived, or more
	Answered int
	Contacts int // of a line of the balance: how many there were

	at []step // by the place in Report.homes
}

// Nothing is how many families nothing was offered to.
func (l Line) Nothing() int { return l.Families - l.Offered }

// Of is the figure of a level.
func (l Line) Of(v Level) int {
	switch v {
	case Offered:
		return l.Offered
	case Arrived:
		return l.Arrived
	case Answered:
		return l.Answered
	}
	return l.Nothing()
}

// step is how far it came with one home: outside (the line does not speak of it), then as in the ledger.
type step uint8

const (
	outside step = iota
	nothing
	offered
	arrived
	answered
)

// Report is the coverage of a school or a class.
type Report struct {
	Filter
	Weeks    []time.Time // Mondays 00:00 in the school's zone, oldest first
	All      Line
	Weekly   []Line // in the order of Weeks
	Classes  []Line
	Langs    []Line // most families first
	Roads    []Line
	Routines []Line
	Balance  []Line
	School   Waits // until the school answered
	Family   Waits // until the family answered
	homes    []school.Home
}

// Lines are the lines of a division.
func (r *Report) Lines(by By) []Line {
	switch by {
	case ByAll:
		return []Line{r.All}
	case ByWeek:
		return r.Weekly
	case ByClass:
		return r.Classes
	case ByLang:
		return r.Langs
	case ByRoad:
		return r.Roads
	case ByRoutine:
		return r.Routines
	case ByBalance:
		return r.Balance
	}
	return nil
}

// Behind are the families behind a figure: exactly as many as it says. ok is false when there is no such figure.
func (r *Report) Behind(by By, key string, level Level) (homes []school.Home, ok bool) {
	lines := r.Lines(by)
	i := slices.IndexFunc(lines, func(l Line) bool { return l.Key == key })
	if i < 0 || !slices.Contains(Levels, level) {
		return nil, false
	}
	for h, s := range lines[i].at {
		in := map[Level]bool{Nothing: s == nothing, Offered: s >= offered, Arrived: s >= arrived, Answered: s == answered}[level]
		if in {
			homes = append(homes, r.homes[h])
		}
	}
	return homes, true
}

// Coverage reads the report in a handful of queries. Teachers get their own classes, who sees all classes the school.
// NotFound and Forbidden as school.Homes; Invalid for weeks that are none of Spans.
func (s *Service) Coverage(ctx context.Context, by auth.Actor, f Filter) (*Report, error) {
	if err := by.May(auth.CoverageSee); err != nil {
		return nil, err
	}
	if f.Weeks == 0 {
		f.Weeks = DefaultSpan
	}
	if !slices.Contains(Spans, f.Weeks) {
		return nil, errs.Field("weeks", "Choose a period from the list.")
	}
	homes, err := s.School.Homes(ctx, by, f.scope())
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(by.School.Timezone)
	if err != nil {
		return nil, fmt.Errorf("time zone of school: %w", err)
	}
	weeks := weeksUntil(s.Now().In(zone), f.Weeks)
	r := &Report{Filter: f, Weeks: weeks, homes: homes}
	if err := s.read(ctx, by, r); err != nil {
		return nil, err
	}
	return r, nil
}

func (f Filter) scope() school.Scope {
	if f.Class == "" {
		return school.Scope{Kind: school.ScopeSchool}
	}
	return school.Scope{Kind: school.ScopeClass, PublicID: f.Class}
}

// weeksUntil are the Mondays of the last n weeks, oldest first, that of now last.
func weeksUntil(now time.Time, n int) []time.Time {
	out := make([]time.Time, n)
	monday := contact.WeekStart(now)
	for i := range out {
		out[i] = monday.AddDate(0, 0, -7*(n-1-i))
	}
	return out
}

// read asks the database and counts.
func (s *Service) read(ctx context.Context, by auth.Actor, r *Report) error {
	c := newCount(r.homes, r.Weeks, by.School.Lang)
	households, everybody := c.households(), by.AllClasses() && r.Class == ""
	first, since := r.Weeks[0].Format(time.DateOnly), r.Weeks[0].UnixMilli()
	marks, err := s.DB.Q().MarksSince(ctx, q.MarksSinceParams{SchoolID: by.School.ID, Since: first, Everybody: everybody, Households: households})
	if err != nil {
		return fmt.Errorf("marks: %w", err)
	}
	for _, m := range marks {
		c.mark(mark{m.Week, m.HouseholdID, m.PupilID, m.Area, m.Road, m.Stage, m.Flags})
	}
	sums, err := s.DB.Q().BalanceSince(ctx, q.BalanceSinceParams{SchoolID: by.School.ID, Since: first, Households: households, Pupils: c.pupilList()})
	if err != nil {
		return fmt.Errorf("balance: %w", err)
	}
	for _, b := range sums {
		c.contacts[Positive] += int(b.Positive)
		c.contacts[Neutral] += int(b.Neutral)
		c.contacts[Worry] += int(b.Worry)
		c.contacts[Logistics] += int(b.Logistics)
		c.contacts[Learning] += int(b.Learning)
		if b.Area == contact.AreaTalk {
			c.contacts[BySchool] += int(b.BySchool)
			c.contacts[ByFamily] += int(b.ByFamily)
		}
	}
	begun, err := s.DB.Q().ConversationsBegun(ctx, q.ConversationsBegunParams{SchoolID: by.School.ID, Since: since, Everybody: everybody, Households: households})
	if err != nil {
		return fmt.Errorf("conversations: %w", err)
	}
	for _, b := range begun {
		c.begun(b.HouseholdID, b.PupilID, b.Started, int(b.N))
	}
	c.fill(r)
	return s.waits(ctx, by, r, everybody, households, c.pupilList(), since)
}

// Waiting is a page of families that wait longest: those for whom a person has something to do, who were not reached for
// longest first. after is the next of the page before, "" begins; next is "" on the last one.
func (s *Service) Waiting(ctx context.Context, by auth.Actor, f Filter, after string, most int) (rows []contact.Row, next string, err error) {
	if err := by.May(auth.CoverageSee); err != nil {
		return nil, "", err
	}
	homes, err := s.School.Homes(ctx, by, f.scope())
	if err != nil {
		return nil, "", err
	}
	return s.WaitingOf(ctx, by, &Report{Filter: f, homes: homes}, after, most)
}

// WaitingOf is Waiting for the families of a report, which has asked for the permission.
func (s *Service) WaitingOf(ctx context.Context, by auth.Actor, r *Report, after string, most int) (rows []contact.Row, next string, err error) {
	all, err := s.rows(ctx, by, r.Filter, r.homes)
	if err != nil {
		return nil, "", err
	}
	all = slices.DeleteFunc(all, func(r contact.Row) bool { return r.Next == contact.NoStep })
	rows, next = pageOf(all, after, most)
	return rows, next, nil
}

// Families is a page of the families behind a figure, who were not reached for longest first. NotFound: no such figure.
func (s *Service) Families(ctx context.Context, by auth.Actor, r *Report, division By, key string, level Level, after string, most int) (rows []contact.Row, next string, err error) {
	homes, ok := r.Behind(division, key, level)
	if !ok {
		return nil, "", errs.NotFoundf("no figure %s %s %s", division, key, level)
	}
	all, err := s.rows(ctx, by, r.Filter, homes)
	if err != nil {
		return nil, "", err
	}
	rows, next = pageOf(all, after, most)
	return rows, next, nil
}

// rows of homes, who was not reached for longest first.
func (s *Service) rows(ctx context.Context, by auth.Actor, f Filter, homes []school.Home) ([]contact.Row, error) {
	read := s.Contact.Rows
	if by.AllClasses() && f.Class == "" {
		read = s.Contact.SchoolRows
	}
	rows, err := read(ctx, by, homes)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(rows, func(a, b contact.Row) int {
		return cmp.Or(a.LastReached.Compare(b.LastReached), cmp.Compare(a.Home.PublicID, b.Home.PublicID))
	})
	return rows, nil
}

// pageOf cuts a page out of sorted rows, by the key of the row before it and not by number: it stays right when a family
// was reached meanwhile.
func pageOf(rows []contact.Row, after string, most int) (page []contact.Row, next string) {
	if after != "" {
		from, _ := slices.BinarySearchFunc(rows, after, func(r contact.Row, key string) int { return cmp.Compare(keyOf(r), key) })
		if from < len(rows) && keyOf(rows[from]) == after {
			from++
		}
		rows = rows[from:]
	}
	if len(rows) > most {
		return rows[:most], keyOf(rows[most-1])
	}
	return rows, ""
}

// keyOf sorts as rows are sorted: milliseconds in a fixed number of digits (a zero time is before all), then the public id.
func keyOf(r contact.Row) string {
	ms := int64(0)
	if !r.LastReached.IsZero() {
		ms = r.LastReached.UnixMilli()
	}
	return fmt.Sprintf("%015d.%s", ms, r.Home.PublicID)
}
