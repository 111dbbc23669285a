package material

import (
	"slices"
	"strings"
)

// Entry is the draft as a material that is not saved yet, for a preview: it may lack pieces and break rules. main is the
// language that stands in where another lacks.
func (d Edit) Entry(main string) *Entry {
	m := &Material{Kind: d.Kind, Audiences: d.Audiences, Practices: d.Practices, Support: d.Support, Reader: d.Reader, Picture: d.Picture, Texts: map[string]Text{}}
	for _, p := range d.Parts {
		m.Parts = append(m.Parts, p.Part)
	}
	if m.Picture == "" && len(m.Parts) > 0 {
		m.Picture = m.Parts[0].Pictogram
	}
	for _, tag := range d.languages() {
		t := d.body(tag).text(len(d.Parts))
		t.Lang, t.Status = tag, Draft
		if tag == main {
			t.Status = Source
		}
		m.Texts[tag] = t
	}
	return &Entry{Material: m, Main: main, Own: true}
}

// WordsIn are all words of a draft in a language, title first: what hints read and what is counted.
func (d Edit) WordsIn(tag string) []string {
	b := d.body(tag)
	return slices.DeleteFunc(append(append([]string{b.Title, b.Intro}, b.Parts...), b.Close), func(s string) bool { return s == "" })
}

// BadBraces is the first thing between braces in a text that is no placeholder, or a brace by itself, and where it stands
// (bytes); "" if all is well.
func BadBraces(text string) (bad string, at int) {
	for _, m := range braces.FindAllStringIndex(text, -1) {
		if found := text[m[0]:m[1]]; badBraces(found) != "" {
			return found, m[0]
		}
	}
	return "", 0
}

// Nearest are the placeholders that somebody may have meant by what stands between braces, the likeliest first. name is how
// the writer's language calls one: who types the word of the own language ({kind}) means it too.
func Nearest(bad string, name func(Placeholder) string) []Placeholder {
	word := strings.ToLower(strings.Trim(bad, "{} "))
	out := Placeholders()
	if word == "" {
		return out
	}
	far := func(p Placeholder) int {
		if len(word) >= 3 && slices.ContainsFunc(strings.Fields(strings.ToLower(name(p))), func(w string) bool { return strings.HasPrefix(w, word) }) {
			return 0
		}
		return distance(word, string(p))
	}
	slices.SortStableFunc(out, func(a, b Placeholder) int { return far(a) - far(b) })
	return out
}

// distance is how many letters must change to make one word of the other (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
