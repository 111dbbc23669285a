package letter

import (
	"strings"
	"time"

	"brug/internal/lang"
	"brug/internal/school"
)

// Hours says when a school answers, in a language: "The school answers: Monday – Friday 08:30–16:00". office is schools.office
// as it is stored (school.ReadOffice); "" where the school has not told its hours.
func Hours(tag, office string) string {
	if office == "" {
		return ""
	}
	told := school.ReadOffice(office).Days
	l := lang.For(tag)
	var spans []string
	for from := 0; from < len(told); {
		to := from
		for to+1 < len(told) && told[to+1] == told[from] {
			to++
		}
		if told[from] != (school.Span{}) {
			spans = append(spans, daysOf(l, from, to)+" "+timesOf(l, told[from]))
		}
		from = to + 1
	}
	if len(spans) == 0 {
		return ""
	}
	return l.T("The school answers: {hours}", "hours", strings.Join(spans, ", "))
}

func timesOf(l *lang.Locale, s school.Span) string {
	from, err := time.Parse("15:04", s.From)
	to, also := time.Parse("15:04", s.To)
	if err != nil || also != nil {
		return l.Isolate(s.From + "–" + s.To)
	}
	return l.Isolate(l.Time(from) + "–" + l.Time(to))
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
