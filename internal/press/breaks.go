package press

// findBreaks fills s.breaks: before which characters a line may end, by UAX #14. Most texts of a school are letters,
// digits, spaces and plain signs, for which the rules come down to one: before a word that follows a space. Those are
// told here at a tenth of the cost; all others go to the segmenter of the library. A test holds both against each
// other.
func (s *setter) findBreaks(runes []rune) {
	s.breaks = s.breaks[:0]
	for range runes {
		s.breaks = append(s.breaks, false)
	}
	if plainBreaks(runes, s.breaks) {
		return
	}
	clear(s.breaks)
	s.breaker.Init(runes)
	for it := s.breaker.LineIterator(); it.Next(); {
		l := it.Line()
		if end := l.Offset + len(l.Text); end < len(runes) {
			s.breaks[end] = true
		}
	}
}

type breakClass uint8

const (
	breakOther  breakClass = iota // anything that needs the whole of UAX #14
	breakLetter                   // AL, and CM that follows one
	breakDigit                    // NU
	breakSpace                    // SP
	breakStop                     // IS: comma, full stop, colon
	breakMark                     // EX: exclamation and question marks
	breakQuote                    // the apostrophe, between letters only
)

func breakClassOf(r rune) breakClass {
	switch {
	case r == ' ':
		return breakSpace
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
		return breakLetter
	case r >= '0' && r <= '9':
		return breakDigit
	case r == '.', r == ',', r == ':', r == ';', r == 0x060C:
		return breakStop
	case r == '!', r == '?', r == 0x061F, r == 0x061B, r == 0x06D4:
		return breakMark
	case r == 0x2019:
		return breakQuote
	case r < 0xC0, r == 0xD7, r == 0xF7:
		return breakOther
	case r <= 0x24F, // Latin with accents
		r >= 0x388 && r <= 0x3CE, r >= 0x400 && r <= 0x481, r >= 0x48A && r <= 0x52F, // Greek, Cyrillic
		r >= 0x531 && r <= 0x556, r >= 0x561 && r <= 0x587, r >= 0x10D0 && r <= 0x10FA, // Armenian, Georgian
		r >= 0x620 && r <= 0x64A, r >= 0x671 && r <= 0x6D3, // Arabic
		r >= 0x904 && r <= 0x939, r >= 0x1200 && r <= 0x135A: // Devanagari, Ethiopic
		return breakLetter
	case r >= 0x64B && r <= 0x65F, r >= 0x93C && r <= 0x94D && r != 0x93D: // marks of Arabic and Devanagari
		return breakLetter
	case r >= 0x660 && r <= 0x669, r >= 0x6F0 && r <= 0x6F9, r >= 0x966 && r <= 0x96F:
		return breakDigit
	}
	return breakOther
}

// plainBreaks answers false where it cannot tell.
func plainBreaks(runes []rune, breaks []bool) bool {
	before := breakOther
	number := false // a digit, or stops after one
	for i, r := range runes {
		c := breakClassOf(r)
		number = number && (c == breakStop || c == breakDigit) || c == breakDigit && before != breakStop
		word := c == breakLetter || c == breakDigit
		switch {
		case c == breakOther, i == 0 && !word:
			return false
		case before == breakStop && c == breakDigit && !number, before == breakMark && word, before == breakQuote && c != breakLetter, c == breakQuote && before != breakLetter:
			return false
		case before == breakSpace && word:
			breaks[i] = true
		}
		before = c
	}
	return before != breakQuote
}
