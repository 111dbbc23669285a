package letter

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"brug/internal/material"
	"brug/internal/plain"
)

// Parts of an SMS that a letter may take with all its words. What is longer is told by its title, and read by the link.
const (
	smsParts       = 1
	smsUrgentParts = 3 // read also by who has no data left on the telephone
)

// SMS writes letters of one guardian as one SMS: who writes, about which child, the words where they fit, and the link. Signs that word
// processors put in and that would make an SMS of another alphabet, twice as dear, are written plainly.
func SMS(letters []*Letter) string {
	l := letters[0]
	all, one := aboutAll(letters)
	if anySensitive(letters) { // whom it is about is as private as what it says
		all = nil
	}
	room, whole := 0, make([]string, 0, len(letters))
	for _, x := range letters {
		most := smsParts
		if x.Urgent {
			most = smsUrgentParts
		}
		room = max(room, most)
		words := x.smsWords()
		if !one {
			words = join(": ", names(x.About, words), words)
		}
		whole = append(whole, words)
	}
	words := strings.Join(whole, " / ")
	from := func(words string) string {
		if !one {
			return l.School
		}
		return join(", ", l.School, names(all, words))
	}
	if full := sms(from(words), words, l.Link); !anySensitive(letters) && plain.Count(full).Segments <= room {
		return full
	}
	switch {
	case len(letters) > 1:
		return sms(names(all, ""), several(l.Lang, len(letters), l.School), l.Link)
	case l.Sensitive:
		return sms(l.School, wordsIn(l.Lang).private, l.Link)
	}
	if l.Title.Lang != l.Lang {
		return l.foreignSMS()
	}
	if strings.Contains(l.Title.Text, l.School) {
		return sms(names(all, l.Title.Text), l.Title.Text, l.Link)
	}
	return sms(from(l.Title.Text), l.Title.Text, l.Link)
}

// foreignSMS tells in the reader's language that there is a message, where its title is in another one: who cannot read the
// title would take the SMS for somebody else's. The title stands with it where that costs nothing more.
func (l *Letter) foreignSMS() string {
	told := several(l.Lang, 1, l.School)
	about := names(l.About, "")
	alone, both := sms(about, told, l.Link), sms(about, told+": "+l.Title.Text, l.Link)
	if plain.Count(both).Segments > plain.Count(alone).Segments {
		return alone
	}
	return both
}

// aboutAll are the children of all letters, each once; one tells that all are about the same.
func aboutAll(letters []*Letter) (all []string, one bool) {
	one = true
	for _, l := range letters {
		one = one && slices.Equal(l.About, letters[0].About)
		for _, n := range l.About {
			if !slices.Contains(all, n) {
				all = append(all, n)
			}
		}
	}
	return all, one
}

// names are the children before the words, unless these name all of them.
func names(of []string, words string) string {
	if !slices.ContainsFunc(of, func(n string) bool { return !says(words, n) }) {
		return ""
	}
	return strings.Join(of, ", ")
}

// says tells whether a name stands among the words, and not within another one: January names no Jan.
func says(words, name string) bool {
	for rest := words; name != ""; {
		before, after, found := strings.Cut(rest, name)
		if !found {
			return false
		}
		last, _ := utf8.DecodeLastRuneInString(before)
		next, _ := utf8.DecodeRuneInString(after)
		if !unicode.IsLetter(last) && !unicode.IsLetter(next) {
			return true
		}
		rest = after
	}
	return true
}

// join puts a sign between two texts, where there are two.
func join(sign, a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + sign + b
}

func sms(from, words, link string) string {
	return tight.Replace(strings.TrimSpace(join(": ", from, words) + " " + link))
}

// tight writes for a telephone: no isolating marks, and plain signs for those that look like them.
var tight = strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "",
	"’", "'", "‘", "'", "“", `"`, "”", `"`, "„", `"`, "–", "-", "—", "-", "…", "...", "\u00a0", " ", "\u202f", " ")

// smsWords are all words in one line. The title is left out where there is a text: it says the same in short.
func (l *Letter) smsWords() string {
	lines := material.Sheet{Lang: l.Lang, Parts: l.parts()}.Lines()
	if len(lines) == 0 {
		return l.Title.Text
	}
	words := make([]string, len(lines))
	for i, p := range lines {
		words[i] = strings.Join(strings.Fields(strings.TrimPrefix(p.Text, "- ")), " ")
	}
	text := strings.Join(words, " ")
	if l.Urgent {
		text = wordsIn(l.Lang).urgent + " " + text
	}
	return text
}

func anySensitive(letters []*Letter) bool {
	for _, l := range letters {
		if l.Sensitive {
			return true
		}
	}
	return false
}
