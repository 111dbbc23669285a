package phrase

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"brug/internal/lang/stem"
)

// searchIndex holds the words of every phrase, by language and by position in Bank.phrases.
type searchIndex map[string][]indexed

// indexed are the words of one phrase, with those that fit its slots.
type indexed struct {
	folded []string        // as they are written, folded
	stems  map[string]bool // without their endings
}

func newIndex(b *Bank) searchIndex {
	ix := searchIndex{}
	for i, p := range b.phrases {
		for tag, forms := range p.forms {
			if ix[tag] == nil {
				ix[tag] = make([]indexed, len(b.phrases))
			}
			var text strings.Builder
			for _, form := range forms {
				text.WriteString(slotForm.ReplaceAllString(form, " ") + "\n")
			}
			for _, slot := range p.Slots { // "laarzen" finds what asks to bring a thing
				for _, w := range b.Words(slot) {
					text.WriteString(w.Texts[tag] + "\n")
				}
			}
			one := indexed{words(text.String()), map[string]bool{}}
			for _, w := range stem.Words(tag, text.String()) {
				for _, form := range w {
					one.stems[form] = true
				}
			}
			ix[tag][i] = one
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

// maxTyped is how many words Search looks for: more than anybody types.
const maxTyped = 30

// Search finds phrases by words in a language (BCP 47), or in the language of a regional tag. Every word that was typed must
// begin a word of the phrase, or of a thing or place that fits it, or have its stem; accents and capitals do not matter. The
// order is that of All. No words find everything; group narrows ("" does not).
func (b *Bank) Search(tag, typed string, group Group) []*Phrase {
	in, ok := nearest(b.index, tag)
	if !ok {
		in = Source
	}
	wanted := words(typed)
	wanted = wanted[:min(len(wanted), maxTyped)]
	var out []*Phrase
	for i, p := range b.phrases {
		if (group == "" || p.Group == group) && b.index[in][i].has(in, wanted) {
			out = append(out, p)
		}
	}
	return out
}

func (x indexed) has(tag string, wanted []string) bool {
	for _, w := range wanted {
		if slices.ContainsFunc(x.folded, func(have string) bool { return strings.HasPrefix(have, w) }) {
			continue
		}
		found := false
		for _, word := range stem.Words(tag, w) {
			found = found || slices.ContainsFunc(word, func(form string) bool { return x.stems[form] })
		}
		if !found {
			return false
		}
	}
	return true
}
