package roster

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// clean trims a cell and makes its spaces plain: no-break spaces, tabs and runs of spaces become one space. Control and
// zero-width characters go. Line breaks stay, as '\n': they part an address or two numbers.
func clean(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space, line := false, false
	for _, r := range norm.NFC.String(s) {
		switch {
		case r == '\n':
			line = true
		case unicode.IsSpace(r):
			space = true
		case r == '\u200b' || r == '\u2060' || r == '\ufeff' || r == '\u00ad' || unicode.IsControl(r):
		default:
			if line && b.Len() > 0 {
				b.WriteByte('\n')
			} else if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space, line = false, false
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isPlain(s string) bool {
	prev := byte(' ')
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c >= utf8.RuneSelf || c == 0x7f || (c == ' ' && prev == ' ') {
			return false
		}
		prev = c
	}
	return prev != ' ' || s == ""
}

// oneLine is clean without line breaks.
func oneLine(s string) string { return strings.ReplaceAll(clean(s), "\n", " ") }

// Letters that do not come apart into a base letter and a mark.
var plainLetter = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'þ': "th", 'ı': "i", 'ĳ': "ij", 'ə': "e"}

// fold makes text comparable: lower case, no accents, words of letters and digits parted by one space.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	put := func(t string) {
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteString(t)
	}
	if ascii(s) {
		for i := 0; i < len(s); i++ {
			c := s[i]
			switch {
			case c >= 'A' && c <= 'Z':
				put(string(rune(c + 32)))
			case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
				put(s[i : i+1])
			case c == '\'':
			default:
				gap = true
			}
		}
		return b.String()
	}
	for _, r := range norm.NFKD.String(s) {
		if unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' || r == '\u200b' || r == '\ufeff' {
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = true
			continue
		}
		r = unicode.ToLower(r)
		if p, ok := plainLetter[r]; ok {
			put(p)
		} else {
			put(string(r))
		}
	}
	return b.String()
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// words folds a column's title; camelCase and letters next to digits come apart too: "givenName1" is "given name 1".
func words(s string) string {
	var b strings.Builder
	rs := []rune(s)
	for i, r := range rs {
		if i > 0 {
			p := rs[i-1]
			if unicode.IsLower(p) && unicode.IsUpper(r) || unicode.IsDigit(p) != unicode.IsDigit(r) && (unicode.IsLetter(p) || unicode.IsLetter(r)) {
				b.WriteByte(' ')
			}
		}
		b.WriteRune(r)
	}
	return fold(strings.ReplaceAll(strings.ReplaceAll(b.String(), "l'", "l "), "d'", "d "))
}

func joinWords(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p)
	}
	return b.String()
}

// empty tells whether a cell says that there is nothing: blank, a dash, "n/a", "geen", "inconnu".
func empty(s string) bool {
	if s == "" {
		return true
	}
	if len(s) > 24 {
		return false
	}
	f := fold(s)
	return f == "" || nothing[f]
}

var nothing = set("geen", "nvt", "n v t", "n a", "n b", "onbekend", "niet gekend", "niet bekend", "null", "nil", "neant",
	"aucun", "aucune", "inconnu", "inconnue", "pas connu", "none", "unknown", "not known", "x", "xx", "xxx", "leeg", "vide", "nihil",
	"s o", "n g")

func set(ws ...string) map[string]bool {
	m := make(map[string]bool, len(ws))
	for _, w := range ws {
		m[w] = true
	}
	return m
}
