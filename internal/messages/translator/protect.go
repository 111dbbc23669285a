package translator

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// kept is what the service gets a mark for: names between isolating marks, placeholders, addresses.
var kept = regexp.MustCompile("\u2068[^\u2069\n]*\u2069" + `|\{[a-z_]+\}|https?://[^\s<>"]+|[^\s@<>"]+@[^\s@<>"]+\.[A-Za-z]{2,}`)

// marked finds a mark again, whatever the service put around the number.
var marked = regexp.MustCompile(`<(x|span)\b[^>]*>\s*(\d{1,4})\s*</(?:x|span)>`)

// job is texts cut into lines, of which those with words are pieces for the service.
type job struct {
	texts  int
	lines  []line
	pieces []string // as sent
	done   []string // as they came back
}

type line struct {
	text  int
	piece int      // -1: nothing to translate, words has it
	words string   // as it was
	masks []string // what the marks stand for
}

// split cuts texts into lines: a line break stays where it is, whatever a service makes of one.
func split(texts []string, mark func(int) string) *job {
	j := &job{texts: len(texts)}
	for i, text := range texts {
		for _, words := range strings.Split(text, "\n") {
			l := line{text: i, piece: -1, words: words}
			if piece, masks := protect(words, mark); wordy(kept.ReplaceAllString(words, "")) {
				l.piece, l.masks = len(j.pieces), masks
				j.pieces = append(j.pieces, piece)
			}
			j.lines = append(j.lines, l)
		}
	}
	return j
}

// join puts the texts together again. One with a line that lost a mark is "".
func (j *job) join() []string {
	out := make([][]string, j.texts)
	broken := make([]bool, j.texts)
	for _, l := range j.lines {
		words, ok := l.words, true
		if l.piece >= 0 {
			words, ok = restore(j.done[l.piece], l.masks)
		}
		broken[l.text] = broken[l.text] || !ok
		out[l.text] = append(out[l.text], words)
	}
	texts := make([]string, j.texts)
	for i, lines := range out {
		if !broken[i] {
			texts[i] = strings.Join(lines, "\n")
		}
	}
	return texts
}

// protect writes a line as markup, with marks for what must not change.
func protect(s string, mark func(int) string) (piece string, masks []string) {
	var b strings.Builder
	from := 0
	for _, at := range kept.FindAllStringIndex(s, -1) {
		b.WriteString(escape.Replace(s[from:at[0]]))
		b.WriteString(mark(len(masks)))
		masks = append(masks, s[at[0]:at[1]])
		from = at[1]
	}
	b.WriteString(escape.Replace(s[from:]))
	return b.String(), masks
}

// escape leaves quotes alone: services take &#34; for words.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// restore turns what came back into plain words. ok is false when a mark is missing or twice, or a tag is there that is not ours.
func restore(s string, masks []string) (words string, ok bool) {
	var b strings.Builder
	seen := make([]bool, len(masks))
	from := 0
	ok = true
	plain := func(part string) {
		ok = ok && !strings.ContainsAny(part, "<>")
		b.WriteString(html.UnescapeString(part))
	}
	for _, m := range marked.FindAllStringSubmatchIndex(s, -1) {
		plain(s[from:m[0]])
		n, err := strconv.Atoi(s[m[4]:m[5]])
		if err != nil || n >= len(masks) || seen[n] {
			return "", false
		}
		seen[n] = true
		b.WriteString(masks[n])
		from = m[1]
	}
	plain(s[from:])
	words = strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == '\n' || r == '\r' }), " ")
	return words, ok && !slices.Contains(seen, false) && strings.TrimSpace(words) != ""
}
