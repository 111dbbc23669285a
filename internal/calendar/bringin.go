package calendar

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/errs"
	"brug/internal/id"
)

// MaxFile is the largest calendar file that is taken, in bytes: school holidays of some years are a few kB.
const MaxFile = 500_000

// MaxFound is how many events are taken from one file.
const MaxFound = 200

// Found is an event that a calendar file has, for a person to look at before it is brought in.
type Found struct {
	Input
	There bool // an event of these days with these words, or a day off of these very days, is in the calendar already
}

// Reading is what a calendar file came to.
type Reading struct {
	Found     []Found // sorted by day
	Past      int     // over already
	Repeating int     // repeats: what a person adds by hand
	Unclear   int     // without a day that can be read, or too long, or too far off
	More      int     // beyond MaxFound
}

// Read looks into a calendar file (iCalendar) of the whole school and changes nothing. What spans days, or is called a
// holiday, is proposed as one; other single days as days off. Invalid at "file": no such file.
func (s *Service) Read(ctx context.Context, by auth.Actor, data []byte) (Reading, error) {
	if err := mayChange(by, 0); err != nil {
		return Reading{}, err
	}
	zone, err := time.LoadLocation(by.School.Timezone)
	if err != nil {
		return Reading{}, fmt.Errorf("calendar: %w", err)
	}
	r, err := readFile(data, zone, s.now())
	if err != nil || len(r.Found) == 0 {
		return r, err
	}
	first, last := r.Found[0].Day, r.Found[0].Day
	for _, f := range r.Found {
		first, last = min(first, f.Day), max(last, f.Day, f.ToDay)
	}
	there, err := s.between(ctx, by.School.ID, first, last, nil, false)
	if err != nil {
		return Reading{}, err
	}
	for i := range r.Found {
		f := &r.Found[i]
		f.There = slices.ContainsFunc(there, func(e Event) bool {
			return e.Day == f.Day && e.ToDay == f.ToDay && (e.Kind.Off() && f.Kind.Off() || strings.EqualFold(e.Title, f.Title))
		})
	}
	return r, nil
}

// BringIn adds events of a file, those that a person chose, to the calendar of the whole school: all or none. Invalid: by
// the fields of Add, each with the number of the event before it ("3.day").
func (s *Service) BringIn(ctx context.Context, by auth.Actor, list []Input) error {
	if err := mayChange(by, 0); err != nil {
		return err
	}
	if len(list) == 0 || len(list) > MaxFound {
		return errs.New(errs.Invalid, "Choose at least one day.")
	}
	var c errs.Check
	rows := make([]row, len(list))
	for i := range list {
		in := &list[i]
		in.Class = ""
		in.clean()
		for field, text := range errs.FieldsOf(in.Check(s.now())) {
			c.That(false, fmt.Sprintf("%d.%s", i, field), text.ID, flat(text.Args)...)
		}
		rows[i] = in.row(id.New(), 0)
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.add(ctx, tx, by, rows); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "calendar.import", "", map[string]string{"events": fmt.Sprint(len(rows))})
	})
}

func flat(args map[string]any) []any {
	var out []any
	for k, v := range args {
		out = append(out, k, v)
	}
	return out
}

// maxLine is the longest line that is read, in bytes: the reader below looks at a line once for each of its parameters.
const maxLine = 10_000

func readFile(data []byte, zone *time.Location, now time.Time) (Reading, error) {
	var r Reading
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	wrong := errs.Field("file", "This is not a calendar file. Choose a file whose name ends in .ics.")
	switch {
	case len(data) == 0:
		return r, errs.Field("file", "Choose a file.")
	case len(data) > MaxFile:
		return r, errs.Field("file", "This file is too large. At most {size} is taken.", "size", errs.T("{n} kB", "n", MaxFile/1000))
	case !bytes.HasPrefix(bytes.ToUpper(data[:min(len(data), 15)]), []byte("BEGIN:VCALENDAR")):
		return r, wrong
	}
	data = unfold(data)
	for l := range bytes.Lines(data) {
		if len(l) > maxLine {
			return r, wrong
		}
	}
	cal, err := ics.ParseCalendarWithOptions(bytes.NewReader(data), ics.WithUnknownPropertyHandler(ics.AcceptUnknownPropertyHandler))
	if err != nil {
		return r, wrong
	}
	for _, v := range cal.Events() {
		if v.HasProperty(ics.ComponentPropertyRrule) || v.HasProperty(ics.ComponentPropertyRdate) {
			r.Repeating++
			continue
		}
		if p := v.GetProperty(ics.ComponentPropertyStatus); p != nil && strings.EqualFold(p.Value, "CANCELLED") {
			continue
		}
		in, ok := found(v, zone)
		if ok {
			ok = in.Check(now) == nil
		}
		switch {
		case !ok && in.Day != "" && max(in.Day, in.ToDay) < now.In(zone).Format(time.DateOnly), ok && max(in.Day, in.ToDay) < now.In(zone).Format(time.DateOnly):
			r.Past++
		case !ok:
			r.Unclear++
		case slices.ContainsFunc(r.Found, func(f Found) bool { return f.Input == in }):
		case len(r.Found) == MaxFound:
			r.More++
		default:
			r.Found = append(r.Found, Found{Input: in})
		}
	}
	slices.SortStableFunc(r.Found, func(a, b Found) int { return strings.Compare(a.Day, b.Day) })
	return r, nil
}

// found is an event of the file as one of ours; not ok: its days cannot be read.
func found(v *ics.VEvent, zone *time.Location) (in Input, ok bool) {
	day, at, dated, ok := moment(v.GetProperty(ics.ComponentPropertyDtStart), zone)
	if !ok {
		return in, false
	}
	in.Day, in.From = day, at
	if last, until, _, ok := moment(v.GetProperty(ics.ComponentPropertyDtEnd), zone); ok {
		if dated || until == "00:00" { // the end is the day after
			last, until = addDays(last, -1), ""
		}
		in.ToDay, in.To = last, until
	}
	if in.From == "00:00" && (in.To == "" || in.To == "23:59") { // a whole day, as some programs write it
		in.From, in.To = "", ""
	}
	if in.ToDay <= in.Day {
		in.ToDay = ""
	}
	if in.ToDay == "" && in.To <= in.From {
		in.To = ""
	}
	in.Title = cut(text(v.GetProperty(ics.ComponentPropertySummary)), MaxTitle)
	in.Place = cut(text(v.GetProperty(ics.ComponentPropertyLocation)), MaxPlace)
	in.Kind = guess(in)
	return in, true
}

// guess says what an event of a file of holidays most probably is.
func guess(in Input) Kind {
	title := strings.ToLower(in.Title)
	holiday := strings.Contains(title, "vakantie") || strings.Contains(title, "vacances") || strings.Contains(title, "congé") ||
		strings.Contains(title, "ferien") || strings.Contains(title, "holiday")
	switch {
	case in.From == "" && (holiday || in.ToDay >= addDays(in.Day, 2)):
		return Holiday
	case in.From == "":
		return NoSchool
	}
	return Other
}

// moment reads a day, and a time of day where there is one, at the school. Times of other zones than UTC are taken as they
// stand: the file is of the school's own country.
func moment(p *ics.IANAProperty, zone *time.Location) (day, at string, dated, ok bool) {
	if p == nil {
		return "", "", false, false
	}
	v := strings.TrimSpace(p.Value)
	if t, err := time.Parse("20060102", v); err == nil {
		return t.Format(time.DateOnly), "", true, true
	}
	t, err := time.Parse("20060102T150405Z", v)
	if err == nil {
		t = t.In(zone)
	} else if t, err = time.Parse("20060102T150405", v); err != nil {
		return "", "", false, false
	}
	return t.Format(time.DateOnly), t.Format("15:04"), false, true
}

func text(p *ics.IANAProperty) string {
	if p == nil {
		return ""
	}
	return line(strings.ToValidUTF8(p.Value, "\uFFFD"))
}

func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:n-1])) + "…"
}

// unfold joins folded lines and makes all ends of lines alike.
func unfold(data []byte) []byte {
	s := strings.NewReplacer("\r\n ", "", "\r\n\t", "", "\n ", "", "\n\t", "", "\r\n", "\n").Replace(string(data))
	return []byte(strings.ReplaceAll(s, "\x00", ""))
}
