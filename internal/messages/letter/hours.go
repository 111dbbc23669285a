package letter

import (
	"encoding/json"
	"strings"
	"time"

	"brug/internal/lang"
)

// days are the keys of office hours, Monday first.
var days = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// Hours says when a school answers, in a language: "The school answers: Monday – Friday 08:30–16:00". office is
// schools.office: JSON with the days as {"mon": ["08:30", "16:00"], …}; "" where the school has not told, or nothing of it can
// be read.
func Hours(tag, office string) string {
	var told map[string]json.RawMessage
	if office == "" || json.Unmarshal([]byte(office), &told) != nil {
		return ""
	}
	l := lang.For(tag)
	var spans []string
	for from := 0; from < len(days); {
		times, open := timesOf(l, told[days[from]])
		to := from
		for to+1 < len(days) {
			if next, also := timesOf(l, told[days[to+1]]); also != open || next != times {
				break
			}
			to++
		}
		if open {
			spans = append(spans, daysOf(l, from, to)+" "+times)
		}
		from = to + 1
	}
	if len(spans) == 0 {
		return ""
	}
	return l.T("The school answers: {hours}", "hours", strings.Join(spans, ", "))
}

// timesOf is from when to when; false where the school does not answer that day.
func timesOf(l *lang.Locale, raw json.RawMessage) (string, bool) {
	var span []string
	if len(raw) == 0 || json.Unmarshal(raw, &span) != nil || len(span) != 2 {
		return "", false
	}
	var out [2]string
	for i, s := range span {
		at, err := time.Parse("15:04", s)
		if err != nil {
			return "", false
		}
		out[i] = l.Time(at)
	}
	return l.Isolate(out[0] + "–" + out[1]), true
}

// daysOf names days that follow each other: one by name, two by both names, more from the first to the last.
func daysOf(l *lang.Locale, from, to int) string {
	name := func(i int) string { return l.Weekday(time.Date(2024, 1, 1+i, 0, 0, 0, 0, time.UTC)) } // a Monday
	switch to - from {
	case 0:
		return name(from)
	case 1:
		return l.List([]string{name(from), name(to)})
	}
	return name(from) + " – " + name(to)
}
