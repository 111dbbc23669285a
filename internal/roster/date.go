package roster

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dateOrder says how a column writes its dates where figures leave it open.
type dateOrder int

const (
	dayFirst dateOrder = iota
	monthFirst
)

var (
	numeric   = regexp.MustCompile(`^(\d{1,4})[-/. ]+(\d{1,2})[-/. ]+(\d{1,4})$`)
	timeOfDay = regexp.MustCompile(`(?i)[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:am|pm|z|[+-]\d{2}:?\d{2})?$`)
	compact   = regexp.MustCompile(`^(\d{8})$`)
	serial    = regexp.MustCompile(`^\d{5}(?:[.,]0+)?$`)
	inWords   = regexp.MustCompile(`^(\d{1,2})(?:er|e|st|nd|rd|th)? (?:de )?([a-z]+) (\d{2,4})$`)
	inWordsUS = regexp.MustCompile(`^([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{2,4})$`)
)

var months = map[string]int{}

func init() {
	for i, names := range []string{
		"januari jan january janvier janv jän januar", "februari feb february fevrier fev fevr februar febr", "maart mrt march mar mars maa marz",
		"april apr avril avr", "mei may mai", "juni jun june juin", "juli jul july juillet juil", "augustus aug august aout",
		"september sep sept septembre", "oktober okt october oct octobre", "november nov novembre", "december dec decembre dez dezember"} {
		for _, n := range strings.Fields(names) {
			months[fold(n)] = i + 1
		}
	}
}

// ParseDate reads a date in one of the many forms people write it in and gives YYYY-MM-DD. Where figures leave it open the
// day comes first. Years of two digits are 1950 to 2049. ok is false where it is no date or a day that does not exist.
func ParseDate(s string) (iso string, ok bool) { return date(s, dayFirst) }

func date(s string, order dateOrder) (string, bool) {
	s = strings.TrimSpace(timeOfDay.ReplaceAllString(oneLine(s), ""))
	if m := numeric.FindStringSubmatch(s); m != nil {
		a, b, c := atoi(m[1]), atoi(m[2]), atoi(m[3])
		switch {
		case len(m[1]) == 4 && len(m[3]) <= 2:
			return isoDate(a, b, c)
		case len(m[1]) > 2:
			return "", false
		case order == monthFirst:
			return isoDate(year(c, m[3]), a, b)
		}
		return isoDate(year(c, m[3]), b, a)
	}
	if compact.MatchString(s) {
		if y := atoi(s[:4]); y >= 1900 && y < 2100 {
			return isoDate(y, atoi(s[4:6]), atoi(s[6:]))
		}
		return isoDate(atoi(s[4:]), atoi(s[2:4]), atoi(s[:2]))
	}
	if serial.MatchString(s) { // a spreadsheet's day number that lost its format
		n := atoi(s[:5])
		if n >= 18264 && n <= 54788 { // 1950 to 2049
			return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly), true
		}
		return "", false
	}
	f := dropWeekday(fold(s))
	if m := inWords.FindStringSubmatch(f); m != nil && months[m[2]] > 0 {
		return isoDate(year(atoi(m[3]), m[3]), months[m[2]], atoi(m[1]))
	}
	if m := inWordsUS.FindStringSubmatch(f); m != nil && months[m[1]] > 0 {
		return isoDate(year(atoi(m[3]), m[3]), months[m[1]], atoi(m[2]))
	}
	return "", false
}

var weekdays = set("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "ma", "di", "wo", "do", "vr", "za", "zo",
	"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lun", "mer", "jeu", "ven", "sam", "dim", "le",
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri", "sat", "sun")

func dropWeekday(f string) string {
	if w, rest, ok := strings.Cut(f, " "); ok && weekdays[w] {
		return rest
	}
	return f
}

// orderOf finds out from all cells of a column whether it writes the month first. Only a figure over twelve tells, and
// only if no other cell tells the opposite.
func orderOf(cells []string) dateOrder {
	first, second := 0, 0
	for _, c := range cells {
		m := numeric.FindStringSubmatch(strings.TrimSpace(timeOfDay.ReplaceAllString(oneLine(c), "")))
		if m == nil || len(m[1]) > 2 {
			continue
		}
		if atoi(m[1]) > 12 {
			first++
		}
		if atoi(m[2]) > 12 {
			second++
		}
	}
	if second > first && first == 0 {
		return monthFirst
	}
	return dayFirst
}

func year(n int, text string) int {
	if len(text) > 2 {
		return n
	}
	if n < 50 {
		return 2000 + n
	}
	return 1900 + n
}

func isoDate(y, m, d int) (string, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < 1900 || y > 2100 || int(t.Month()) != m || t.Day() != d {
		return "", false
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d), true
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
