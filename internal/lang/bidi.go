package lang

import (
	"strings"
	"unicode"
)

// The marks of UAX #9 that keep an inserted value together: first strong isolate, and the end of it.
const (
	fsi = '\u2068'
	lri = '\u2066'
	pdi = '\u2069'
)

// Isolate wraps a value in U+2068 and U+2069 where a text of this language would otherwise show it in the wrong order:
// a right-to-left value in a left-to-right text, a Latin name in a right-to-left text, and in the latter also numbers
// made of parts ("+32 470 12 34 56", "3-4"), whose parts would change places. All else comes back as it is.
// T, C, N, Text and List do this to the values they insert; Plain switches it off.
func (l *Locale) Isolate(value string) string {
	if l.plain || !needsIsolation(value, l.dir == "rtl") {
		return value
	}
	var b strings.Builder
	b.Grow(len(value) + 6)
	b.WriteRune(fsi)
	b.WriteString(value)
	b.WriteRune(pdi)
	return b.String()
}

// needsIsolation looks at the characters outside isolates that the value already has.
func needsIsolation(s string, rtl bool) bool {
	left, right, digit, glue := false, false, false, false
	depth := 0
	for _, r := range s {
		switch {
		case r >= lri && r <= fsi:
			depth++
		case r == pdi:
			depth = max(0, depth-1)
		case depth > 0:
		case isRTL(r):
			right = true
		case unicode.IsDigit(r):
			digit = true
		case unicode.IsLetter(r):
			left = true
		case r != '.' && r != ',' && r != ':': // these stay inside a number in either direction
			glue = true
		}
	}
	if rtl {
		return left || digit && glue && !right
	}
	return right
}

// isRTL tells letters of right-to-left scripts: the blocks that Unicode sets aside for them.
func isRTL(r rune) bool {
	switch {
	case r < 0x590:
		return false
	case r == 0x200F:
		return true
	case r <= 0x8FF, r >= 0xFB1D && r <= 0xFDFF, r >= 0xFE70 && r <= 0xFEFF, r >= 0x10800 && r <= 0x10FFF, r >= 0x1E800 && r <= 0x1EFFF:
		return unicode.IsLetter(r)
	}
	return false
}
