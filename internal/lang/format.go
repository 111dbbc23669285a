package lang

import (
	"strconv"
	"strings"
	"time"
)

// cldr is what Brug uses of the CLDR data of one language. Patterns are in CLDR's letters: EEEE weekday, d day,
// M month as a number, MMM and MMMM month (short and full, as it stands beside a day), LLL and LLLL month on its own,
// y year, H and HH hour, mm minute.
type cldr struct {
	months, shortMonths       [12]string // beside a day: the genitive where a language has one
	aloneMonths, aloneShort   [12]string // on their own
	days, aloneDays           [7]string  // Sunday first, as time.Weekday
	date, dateYear, short, hm string
	listStart, listMiddle     string
	listEnd, listTwo          string
	first                     string // how the first day of a month is written, if not "1"; not of CLDR
	group                     string // between groups of three digits
	groupFrom                 int    // digits that a number needs before it is grouped
	names                     map[string]string
}

// Date is weekday, day and month together: "dinsdag 8 december". Like all of these it shows t in t's own time zone.
func (l *Locale) Date(t time.Time) string { return l.data.format(l.data.date, t) }

// DateYear is Date with the year.
func (l *Locale) DateYear(t time.Time) string { return l.data.format(l.data.dateYear, t) }

// DateShort is day and short month, for tables: "8 dec".
func (l *Locale) DateShort(t time.Time) string { return l.data.format(l.data.short, t) }

// Weekday is the name of the day of the week, on its own.
func (l *Locale) Weekday(t time.Time) string { return l.data.aloneDays[t.Weekday()] }

// Month is the name of the month, on its own.
func (l *Locale) Month(t time.Time) string { return l.data.aloneMonths[t.Month()-1] }

// Time is the time of day, of 24 hours.
func (l *Locale) Time(t time.Time) string { return l.data.format(l.data.hm, t) }

// format fills a CLDR pattern. Letters of the pattern come in runs; what stands between quotes is text.
func (c *cldr) format(pattern string, t time.Time) string {
	var b strings.Builder
	b.Grow(len(pattern) + 24)
	rs := []rune(pattern)
	for i := 0; i < len(rs); {
		r := rs[i]
		n := 1
		for i+n < len(rs) && rs[i+n] == r {
			n++
		}
		switch r {
		case 'E', 'c':
			b.WriteString(c.days[t.Weekday()])
		case 'd':
			if t.Day() == 1 && c.first != "" {
				b.WriteString(c.first)
			} else {
				b.WriteString(strconv.Itoa(t.Day()))
			}
		case 'M', 'L':
			b.WriteString(c.month(t.Month(), r == 'L', n))
		case 'y':
			b.WriteString(strconv.Itoa(t.Year()))
		case 'H':
			if n == 1 {
				b.WriteString(strconv.Itoa(t.Hour()))
			} else {
				b.WriteString(twoDigits(t.Hour()))
			}
		case 'm':
			b.WriteString(twoDigits(t.Minute()))
		case '\'':
			n = 1
			for i+n < len(rs) && rs[i+n] != '\'' {
				b.WriteRune(rs[i+n])
				n++
			}
			n++
		default:
			b.WriteString(string(rs[i : i+n]))
		}
		i += n
	}
	return b.String()
}

// month is a month in n letters of a pattern.
func (c *cldr) month(m time.Month, alone bool, n int) string {
	switch {
	case n == 1:
		return strconv.Itoa(int(m))
	case n == 2:
		return twoDigits(int(m))
	case n == 3 && alone:
		return c.aloneShort[m-1]
	case n == 3:
		return c.shortMonths[m-1]
	case alone:
		return c.aloneMonths[m-1]
	}
	return c.months[m-1]
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// Ago says how long ago t's day was, seen from now's, both in now's time zone: "today", "yesterday", "5 days",
// "3 weeks" from 14 days on, "4 months" from 9 weeks on. It stands on its own, in a table or behind a label: put into a
// sentence it would ask for a case that it does not have. A t that lies ahead is today.
func (l *Locale) Ago(now, t time.Time) string {
	days := daysBetween(t.In(now.Location()), now)
	switch {
	case days <= 0:
		return l.C("ago", "today")
	case days == 1:
		return l.C("ago", "yesterday")
	}
	return l.Span(days)
}

// Span is a length of days as a person would say it, with the same steps as Ago: "1 day", "5 days", "3 weeks".
func (l *Locale) Span(days int) string {
	switch {
	case days < 14:
		return l.N(days, "{n} day", "{n} days")
	case days < 63:
		return l.N(days/7, "{n} week", "{n} weeks")
	}
	return l.N(days*12/365, "{n} month", "{n} months")
}

// daysBetween counts midnights, so that a day of 23 or 25 hours is a day.
func daysBetween(from, to time.Time) int {
	day := func(t time.Time) int64 {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400
	}
	return int(day(to) - day(from))
}

// List joins names or words as the language does: "Amina, Noor en Youssef". Each is isolated where it has to be.
func (l *Locale) List(items []string) string {
	n := len(items)
	switch n {
	case 0:
		return ""
	case 1:
		return l.Isolate(items[0])
	case 2:
		return l.join(l.data.listTwo, items[0], l.Isolate(items[1]))
	}
	s := l.join(l.data.listEnd, items[n-2], l.Isolate(items[n-1]))
	for i := n - 3; i > 0; i-- {
		s = l.join(l.data.listMiddle, items[i], s)
	}
	return l.join(l.data.listStart, items[0], s)
}

// join puts an item and the rest of the list into a CLDR list pattern.
func (l *Locale) join(pattern, item, rest string) string {
	if l.tag == "es" && soundsLikeI(rest) {
		pattern = strings.Replace(pattern, " y ", " e ", 1)
	}
	before, after, _ := strings.Cut(pattern, "{0}")
	between, after, _ := strings.Cut(after, "{1}")
	return before + l.Isolate(item) + between + rest + after
}

// soundsLikeI tells before which words the Spanish "y" becomes "e": Inés, Hilal, but not Hielo (a rule that CLDR's
// patterns cannot hold; ICU has it in code as well).
func soundsLikeI(word string) bool {
	w := strings.ToLower(word)
	h := strings.TrimPrefix(w, "h")
	return strings.HasPrefix(h, "i") && !strings.HasPrefix(h, "ia") && !strings.HasPrefix(h, "ie") ||
		strings.HasPrefix(w, "í") || w != h && strings.HasPrefix(h, "í")
}

// Number is n in Western digits, grouped as the language does. The digits are Western in all languages, also in Arabic,
// Persian, Pashto and Urdu: parent and teacher point at the same paper, and the same digits stand on the child's
// worksheets, on the phone's keys, on the bus and in the short code that the parent types.
func (l *Locale) Number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	if len(s) < l.data.groupFrom {
		return sign + s
	}
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString(l.data.group)
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
