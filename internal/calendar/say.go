package calendar

import (
	"time"

	"brug/internal/lang"
)

// When says day and time in a language: "dinsdag 8 december, 09:00–15:30".
func (e Event) When(l *lang.Locale) string {
	first, last := date(e.Day), date(e.Last())
	switch {
	case e.ToDay == "" && e.From == "":
		return l.Date(first)
	case e.ToDay == "" && e.To == "":
		return l.C("event", "{date}, {time}", "date", l.Date(first), "time", l.Time(clock(e.From)))
	case e.ToDay == "":
		return l.C("event", "{date}, {from}–{to}", "date", l.Date(first), "from", l.Time(clock(e.From)), "to", l.Time(clock(e.To)))
	case e.From == "":
		return l.C("event", "{from} – {to}", "from", l.Date(first), "to", l.Date(last))
	}
	from := l.C("event", "{date}, {time}", "date", l.Date(first), "time", l.Time(clock(e.From)))
	to := l.Date(last)
	if e.To != "" {
		to = l.C("event", "{date}, {time}", "date", to, "time", l.Time(clock(e.To)))
	}
	return l.C("event", "{from} – {to}", "from", from, "to", to)
}

// date and clock read what was checked when it was stored.
func date(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}
	}
	return t
}

func clock(hm string) time.Time {
	t, err := time.Parse("15:04", hm)
	if err != nil {
		return time.Time{}
	}
	return t
}

func addDays(day string, n int) string { return date(day).AddDate(0, 0, n).Format(time.DateOnly) }
