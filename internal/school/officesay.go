package school

import (
	"strings"
	"time"

	"brug/internal/lang"
)

// Say tells a family when the school answers, in its language: "The school answers on Monday and Tuesday from 08:30 to 16:00."
// "" where the school did not say. Days with the same hours stand together.
func (o Office) Say(l *lang.Locale) string {
	var sentences []string
	for i, s := range o.Days {
		if s.From == "" || first(o.Days[:i], s) {
			continue
		}
		var days []string
		for k, other := range o.Days {
			if other == s {
				days = append(days, Weekday(l, k))
			}
		}
		from, to := clockOf(l, s.From), clockOf(l, s.To)
		if len(sentences) == 0 {
			sentences = append(sentences, l.T("The school answers on {days} from {from} to {to}.", "days", days, "from", from, "to", to))
		} else {
			sentences = append(sentences, l.T("And on {days} from {from} to {to}.", "days", days, "from", from, "to", to))
		}
	}
	return strings.Join(sentences, " ")
}

// first tells whether a span was there already.
func first(days []Span, s Span) bool {
	for _, d := range days {
		if d == s {
			return true
		}
	}
	return false
}

// Hours says the hours of a school's row in a language; "" where there are none.
func Hours(tag, stored string) string { return ReadOffice(stored).Say(lang.For(tag)) }

// Weekday is the name of a day of Office, as it stands on its own.
func Weekday(l *lang.Locale, day int) string {
	return l.Weekday(time.Date(2026, 11, 23+day, 12, 0, 0, 0, time.UTC)) // a Monday
}

func clockOf(l *lang.Locale, hm string) string {
	t, err := time.Parse("15:04", hm)
	if err != nil {
		return hm
	}
	return l.Time(t)
}
