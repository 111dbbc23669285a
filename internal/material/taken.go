package material

import (
	"strings"

	"brug/internal/phrase"
)

// PhrasePrefix begins Part.From where the words are a phrase: "phrase:bring-on".
const PhrasePrefix = "phrase:"

// PhraseOf is the phrase that a part was made from, with the values of its slots.
func PhraseOf(p Part) (*phrase.Phrase, phrase.Values, bool) {
	slug, is := strings.CutPrefix(p.From, PhrasePrefix)
	if !is {
		return nil, nil, false
	}
	ph, ok := phrase.Shipped().Find(slug)
	if !ok {
		return nil, nil, false
	}
	v := phrase.Values{}
	for _, slot := range ph.Slots {
		v[slot] = p.Slots[string(slot)]
	}
	return ph, v, true
}

// PhrasePart is a part with a phrase in it, in all languages that have the phrase. The values must have passed
// phrase.Check.
func PhrasePart(ph *phrase.Phrase, v phrase.Values) EditPart {
	p := EditPart{Part: Part{Role: Point, Pictogram: ph.Picture, From: PhrasePrefix + ph.Slug}, Texts: phrase.Shipped().Texts(ph, v)}
	for _, slot := range ph.Slots {
		if p.Slots == nil {
			p.Slots = map[string]string{}
		}
		p.Slots[string(slot)] = v[slot]
	}
	return p
}

// taken is what p was taken from, in all its languages: a shipped part, or a phrase with p's values. A day that has gone
// by since is no reason to refuse it.
func (l *Library) taken(p Part) (EditPart, bool) {
	if !strings.HasPrefix(p.From, PhrasePrefix) {
		return l.Taken(p.From)
	}
	ph, v, ok := PhraseOf(p)
	if !ok || phrase.Shipped().Check(ph, v, "") != nil {
		return EditPart{}, false
	}
	return PhrasePart(ph, v), true
}
