package roster

import (
	"regexp"
	"strings"
)

// Numbers as people of the country write them, so that they can be read out and typed over: after the country code the
// groups of digits.
var phoneForms = []struct {
	form   *regexp.Regexp
	spaced string
}{
	{regexp.MustCompile(`^\+32(4\d\d)(\d\d)(\d\d)(\d\d)$`), "+32 $1 $2 $3 $4"},
	{regexp.MustCompile(`^\+32([2349])(\d{3})(\d\d)(\d\d)$`), "+32 $1 $2 $3 $4"},
	{regexp.MustCompile(`^\+32(\d\d)(\d\d)(\d\d)(\d\d)$`), "+32 $1 $2 $3 $4"},
	{regexp.MustCompile(`^\+31(6)(\d\d)(\d\d)(\d\d)(\d\d)$`), "+31 $1 $2 $3 $4 $5"},
}

// PhoneInGroups sets a number (E.164) in groups, which stay on one line. A number of a country not known here stays as it is.
func PhoneInGroups(number string) string {
	number = strings.TrimSpace(number)
	for _, f := range phoneForms {
		if f.form.MatchString(number) {
			return strings.ReplaceAll(f.form.ReplaceAllString(number, f.spaced), " ", "\u00a0")
		}
	}
	return number
}
