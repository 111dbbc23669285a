package auth

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const maxSlug = 40

// whole are Latin letters that do not come apart into a plain letter and an accent.
var whole = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ı", "i", "þ", "th")

// slug is the part of a school's URL that its name makes: small Latin letters, digits and hyphens. "" if nothing is left.
func slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(whole.Replace(strings.ToLower(name))) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’': // accents and apostrophes close up: "d'Artagnan"
		default:
			gap = true
		}
		if b.Len() >= maxSlug {
			break
		}
	}
	return b.String()
}

// slugs are the slugs to try for a school, best first: its name, with its town, then numbered.
func slugs(name, town string) []string {
	first := slug(name)
	if first == "" {
		first = "school"
	}
	out := []string{first}
	if t := slug(town); t != "" && !strings.HasSuffix(first, t) {
		out = append(out, first+"-"+t)
	}
	last := out[len(out)-1]
	for n := 2; n <= 50; n++ {
		out = append(out, last+"-"+strconv.Itoa(n))
	}
	return out
}

// validSlug tells whether an operator's own choice can stand in a URL.
func validSlug(s string) bool { return s != "" && slug(s) == s }
