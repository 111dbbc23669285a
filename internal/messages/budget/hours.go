package budget

import (
	"strconv"
	"strings"
	"time"
)

// The usual quiet hours.
const (
	usualFrom = 20 * 60
	usualTo   = 7 * 60
)

// Usual is a guardian who chose nothing.
func Usual() Person { return Person{QuietFrom: usualFrom, QuietTo: usualTo} }

// Hours is a guardian with quiet hours as the choices keep them: HH:MM, "" as usual. What is no time of day is as usual
// too: a family is rather left alone than woken.
func Hours(from, to string, weekend bool) Person {
	p := Person{QuietFrom: usualFrom, QuietTo: usualTo, Weekend: weekend}
	f, okFrom := minutes(from, usualFrom)
	t, okTo := minutes(to, usualTo)
	if okFrom && okTo {
		p.QuietFrom, p.QuietTo = f, t
	}
	return p
}

func minutes(s string, none int) (int, bool) {
	if s == "" {
		return none, true
	}
	hh, mm, ok := strings.Cut(s, ":")
	if !ok || len(hh) != 2 || len(mm) != 2 {
		return 0, false
	}
	h, err := strconv.ParseUint(hh, 10, 8)
	m, err2 := strconv.ParseUint(mm, 10, 8)
	if err != nil || err2 != nil || h > 23 || m > 59 {
		return 0, false
	}
	return int(h)*60 + int(m), true
}

// quiet tells whether a local time of day lies in the quiet hours.
func (p Person) quiet(local time.Time) bool {
	m := local.Hour()*60 + local.Minute()
	switch {
	case p.QuietFrom == p.QuietTo:
		return false
	case p.QuietFrom < p.QuietTo:
		return m >= p.QuietFrom && m < p.QuietTo
	}
	return m >= p.QuietFrom || m < p.QuietTo
}

func weekend(local time.Time) bool {
	return local.Weekday() == time.Saturday || local.Weekday() == time.Sunday
}

// hinders is what stands against a moment; days off only where they are asked for.
func (h Home) hinders(p Person, at time.Time, daysOff bool) Why {
	local := at.In(h.Zone)
	switch {
	case daysOff && h.DaysOff[local.Format(time.DateOnly)]:
		return DayOff
	case !p.Weekend && weekend(local):
		return Weekend
	case p.quiet(local):
		return Night
	}
	return Free
}

// good is the first moment from at on that nothing stands against. It goes on by the clock on the wall, so that summer
// time changes nothing about it. A year of days off has no good moment: the last day that was looked at comes back, and
// the rule of the week takes over.
func (h Home) good(p Person, at time.Time, daysOff bool) time.Time {
	for range 1000 {
		local := at.In(h.Zone)
		switch h.hinders(p, at, daysOff) {
		case Free:
			return at
		case DayOff, Weekend:
			at = midnight(local, 1)
		default:
			at = h.morning(p, local)
		}
	}
	return at
}

// morning is the end of the quiet hours that a local time lies in, and always later than it. Where the clock jumps over
// that end, or shows it twice, it is a moment within the hour after it.
func (h Home) morning(p Person, local time.Time) time.Time {
	day := local.Day()
	if local.Hour()*60+local.Minute() >= p.QuietTo {
		day++
	}
	end := time.Date(local.Year(), local.Month(), day, p.QuietTo/60, p.QuietTo%60, 0, 0, h.Zone)
	for p.quiet(end) || !end.After(local) {
		end = end.Add(time.Minute)
	}
	return end
}

// midnight is the beginning of a local day, days after that of the given moment. Where a zone begins its summer time at
// midnight it is the first moment of that day.
func midnight(local time.Time, days int) time.Time {
	y, m, d := local.Date()
	t := time.Date(y, m, d+days, 0, 0, 0, 0, local.Location())
	for want := time.Date(y, m, d+days, 12, 0, 0, 0, local.Location()).Day(); t.Day() != want; {
		t = t.Add(time.Minute)
	}
	return t
}

func monday(local time.Time) time.Time {
	return midnight(local, -(int(local.Weekday())+6)%7)
}
