package lang

import (
	"strconv"
	"strings"
)

// Plural is the CLDR plural category that a whole number takes in this language: zero, one, two, few, many or other. The
// figures are those of CLDR 47 (plurals.json); a test compares them with the Plural-Forms headers of the catalogues. A
// negative number takes the category of its absolute value.
func (l *Locale) Plural(n int) string {
	if n < 0 {
		n = -n
	}
	ten, hundred := n%10, n%100
	million := n != 0 && n%1_000_000 == 0
	base, _, _ := strings.Cut(l.tag, "-")
	switch base {
	case "zh":
		return "other"
	case "ar":
		switch {
		case n == 0:
			return "zero"
		case n == 1:
			return "one"
		case n == 2:
			return "two"
		case hundred >= 3 && hundred <= 10:
			return "few"
		case hundred >= 11:
			return "many"
		}
		return "other"
	case "pl":
		switch {
		case n == 1:
			return "one"
		case ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14):
			return "few"
		}
		return "many"
	case "ru", "uk":
		switch {
		case ten == 1 && hundred != 11:
			return "one"
		case ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14):
			return "few"
		}
		return "many"
	case "ro":
		switch {
		case n == 1:
			return "one"
		case n == 0 || hundred >= 1 && hundred <= 19:
			return "few"
		}
		return "other"
	case "fr", "pt":
		switch {
		case n <= 1:
			return "one"
		case million:
			return "many"
		}
		return "other"
	case "es", "it":
		switch {
		case n == 1:
			return "one"
		case million:
			return "many"
		}
		return "other"
	case "fa", "ti":
		if n <= 1 {
			return "one"
		}
		return "other"
	}
	if n == 1 {
		return "one"
	}
	return "other"
}

// How CLDR 47 (numbers.json, Latin digits) writes an amount of euros: the decimal sign is a comma but in pointed, the sign
// of the euro stands behind but in before and beside.
const (
	pointed = " en ar fa ur so ti zh "
	before  = " en tr ps ur so ti zh " // €12.50
	beside  = " nl pt fa "             // € 12,50
)

// Euro is an amount in cents as this language writes it: "€ 12,50", "12,50 €", "€12.50". Digits are Latin in every
// language, as on the bill.
func (l *Locale) Euro(cents int) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	base, _, _ := strings.Cut(l.tag, "-")
	in := func(list string) bool { return strings.Contains(list, " "+base+" ") }
	point := ","
	if in(pointed) {
		point = "."
	}
	n := l.Number(cents/100) + point + strconv.Itoa(cents/10%10) + strconv.Itoa(cents%10)
	switch {
	case in(before):
		return sign + "€" + n
	case in(beside):
		return "€\u00a0" + sign + n
	}
	return sign + n + "\u00a0€"
}
