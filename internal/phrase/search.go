package phrase

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// searchIndex holds the folded words of every phrase, by language.
type searchIndex map[string][][]string // words by position in Bank.phrases

func newIndex(b *Bank) searchIndex {
	ix := searchIndex{}
	for i, p := range b.phrases {
		for tag, forms := range p.forms {
			if ix[tag] == nil {
				ix[tag] = make([][]string, len(b.phrases))
			}
			for _, text := range forms {
				ix[tag][i] = append(ix[tag][i], words(slotForm.ReplaceAllString(text, " "))...)
			}
			for _, slot := range p.Slots { // "laarzen" finds what asks to bring a thing
				for _, w := range b.Words(slot) {
					ix[tag][i] = append(ix[tag][i], words(w.Texts[tag])...)
				}
			}
		}
	}
	return ix
}

// words folds a text: small letters without accents, cut at everything that is no letter or digit. Chinese, which writes no
// spaces, is cut into its signs.
func words(s string) []string {
	var out []string
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		case unicode.Is(unicode.Han, r):
			end()
			out = append(out, string(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if r == 'ı' {
				r = 'i'
			}
			b.WriteRune(r)
		default:
			end()
		}
	}
	end()
	return out
}

// Search finds phrases by words in a language, or in the language of a regional tag: every word that was typed must begin,
// or with its ending taken off still begin, a word of the phrase or of a thing or place that fits it. The order is that of
// All. No words find everything; group narrows ("" does not).
func (b *Bank) Search(tag, typed string, group Group) []*Phrase {
	in, ok := nearest(b.index, tag)
	if !ok {
		in = Source
	}
	wanted := words(typed)
	var out []*Phrase
	for i, p := range b.phrases {
		if group != "" && p.Group != group {
			continue
		}
		if matches(b.index[in][i], wanted) {
			out = append(out, p)
		}
	}
	return out
}

func matches(have, wanted []string) bool {
	for _, w := range wanted {
		if !slices.ContainsFunc(have, func(h string) bool { return near(h, w) }) {
			return false
		}
	}
	return true
}

// near tells whether what was typed begins the word, or both begin with the same stem: all but the last two letters of what
// was typed, if at least four remain.
func near(have, typed string) bool {
	if strings.HasPrefix(have, typed) {
		return true
	}
	r := []rune(typed)
	if len(r) < 6 {
		return len(r) >= 5 && strings.HasPrefix(have, string(r[:len(r)-1]))
	}
	return strings.HasPrefix(have, string(r[:len(r)-2]))
}
