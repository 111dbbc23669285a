package calendar

import (
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"brug/internal/lang"
)

// How far a feed looks: what a family may still want to look up, and a school year ahead.
const (
	FeedBack  = 60  // days
	FeedAhead = 400 // days
)

// Feed is a guardian's calendar for a calendar program that subscribed to it.
type Feed struct {
	School string
	Zone   *time.Location // of the school
	Lang   string         // the guardian's, BCP 47
	Lines  []Line         // of For, from FeedBack days ago to FeedAhead days ahead
	Names  bool           // put children's names before what concerns them: there are several
	Now    time.Time
}

// ContentType is that of the text of a feed.
const ContentType = "text/calendar; charset=utf-8"

// Text is the feed as iCalendar (RFC 5545, with the name and refresh of RFC 7986), in CRLF lines of at most 75 octets.
// The same event has the same UID in every family's feed and for ever; SEQUENCE grows with each change. What was cancelled
// stays in it and says so, since a program that does not look at STATUS would go on showing it. There is no METHOD: that
// would make it an invitation, which needs an organizer.
func (f Feed) Text() string {
	l := lang.For(f.Lang).Plain()
	cal := ics.NewCalendarFor("Brug")
	cal.SetProductId("-//Brug//Brug//EN")
	cal.SetCalscale("GREGORIAN")
	cal.SetName(line(f.School))
	cal.SetRefreshInterval("PT6H")
	cal.SetXPublishedTTL("PT6H")
	if first, last, any := f.timed(); any {
		cal.AddVTimezone(timezone(f.Zone, first, last))
	}
	for _, e := range f.Lines {
		cal.AddVEvent(f.event(l, e))
	}
	return cal.Serialize(ics.WithNewLine("\r\n"))
}

func (f Feed) event(l *lang.Locale, e Line) *ics.VEvent {
	v := ics.NewEvent(e.PublicID + "@brug")
	v.SetDtStampTime(e.UpdatedAt)
	v.SetCreatedTime(e.CreatedAt)
	v.SetModifiedAt(e.UpdatedAt)
	v.SetSequence(int(e.Version - 1))
	f.times(v, e.Event)
	summary := e.Name(l)
	own := line(e.Title)
	if own != "" && lang.For(e.Lang).Tag() == l.Tag() {
		summary, own = l.C("event", "{what}: {line}", "what", summary, "line", own), ""
	}
	if f.Names && len(e.Children) > 0 {
		summary = l.C("event", "{children}: {what}", "children", l.List(e.Children), "what", summary)
	}
	if e.Cancelled {
		summary = l.C("event", "Does not go on: {what}", "what", summary)
		v.SetStatus(ics.ObjectStatusCancelled)
	} else {
		v.SetStatus(ics.ObjectStatusConfirmed)
	}
	v.SetSummary(line(summary), language(l.Tag()))
	if own != "" {
		v.SetDescription(own, language(e.Lang))
	}
	if e.Place != "" {
		v.SetLocation(line(e.Place), language(e.Lang))
	}
	return v
}

// times writes beginning and end. A day as a whole is no time at which somebody is busy.
func (f Feed) times(v *ics.VEvent, e Event) {
	if e.From == "" {
		v.SetAllDayStartAt(date(e.Day))
		v.SetAllDayEndAt(date(e.Last()).AddDate(0, 0, 1)) // the end is the day after
		v.SetTimeTransparency(ics.TransparencyTransparent)
		return
	}
	zone := ics.WithTZID(f.Zone.String())
	v.SetProperty(ics.ComponentPropertyDtStart, compact(e.Day)+"T"+compact(e.From)+"00", zone)
	switch {
	case e.To != "":
		v.SetProperty(ics.ComponentPropertyDtEnd, compact(e.Last())+"T"+compact(e.To)+"00", zone)
	case e.ToDay != "":
		v.SetProperty(ics.ComponentPropertyDtEnd, compact(addDays(e.ToDay, 1))+"T000000", zone)
	}
	v.SetTimeTransparency(ics.TransparencyOpaque)
}

// timed tells from when to when there are events with a time of day; only these need to know about summer time.
func (f Feed) timed() (first, last time.Time, any bool) {
	for _, e := range f.Lines {
		if e.From == "" {
			continue
		}
		begin, end := date(e.Day), date(e.Last())
		if !any || begin.Before(first) {
			first = begin
		}
		if !any || end.After(last) {
			last = end
		}
		any = true
	}
	return first, last.AddDate(0, 0, 2), any
}

// timezone writes down each change of the clock from first to last as the zone data of Go know it, so that no program
// has to know our zones, and no rule has to be guessed.
func timezone(zone *time.Location, first, last time.Time) *ics.VTimezone {
	tz := ics.NewTimezone(zone.String())
	for t := first.AddDate(0, 0, -1).In(zone); ; {
		begin, end := t.ZoneBounds()
		name, offset := t.Zone()
		before := offset
		if begin.IsZero() {
			begin = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Duration(offset) * time.Second)
		} else {
			_, before = begin.Add(-time.Second).Zone()
		}
		part := ics.ComponentBase{}
		part.SetProperty(ics.ComponentPropertyDtStart, begin.UTC().Add(time.Duration(before)*time.Second).Format("20060102T150405"))
		part.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), offsetOf(before))
		part.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), offsetOf(offset))
		part.SetProperty(ics.ComponentProperty(ics.PropertyTzname), name)
		if t.IsDST() {
			tz.Components = append(tz.Components, &ics.Daylight{ComponentBase: part})
		} else {
			tz.Components = append(tz.Components, &ics.Standard{ComponentBase: part})
		}
		if end.IsZero() || end.After(last) {
			return tz
		}
		t = end
	}
}

func offsetOf(seconds int) string {
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.FixedZone("", seconds)).Format("-0700")
}

func language(tag string) ics.PropertyParameter {
	return &ics.KeyValues{Key: "LANGUAGE", Value: []string{tag}}
}

// compact is a day or a time without what stands between its numbers.
func compact(s string) string { return strings.NewReplacer("-", "", ":", "").Replace(s) }

// line is words without control characters, which iCalendar has no way to write.
func line(s string) string {
	return words(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s))
}
