// Package plain helps who writes to parents to write plainly: hints about a text, its reading level, and how many SMS it
// makes. It explains and offers; it forbids nothing.
//
// The hints know Dutch (levels A2–B1 of writing.md) and, lightly, French: long sentences and the school's own words. For
// other languages there are none. What a hint finds is a guess by rules that are written down here, not understanding.
// The pages of materials call it. It is pure, and owns no tables.
package plain

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"brug/internal/errs"
)

// Kind is what a hint is about.
type Kind string

// The kinds of hint.
const (
	Sentence     Kind = "sentence"     // too many words in one sentence
	LongWord     Kind = "long word"    // a long word that not everybody reads at once
	Jargon       Kind = "jargon"       // a word of schools that parents may not know
	Abbreviation Kind = "abbreviation" // short forms that parents may not know
	Passive      Kind = "passive"      // it is not said who does it
	SchoolWord   Kind = "school word"  // the school has another word for this thing
	Sign         Kind = "sign"         // a sign that makes an SMS much shorter than it could be
)

// Hint is something in a text that could be plainer.
type Hint struct {
	Kind     Kind
	From, To int       // bytes of the text
	Found    string    // what stands there
	Text     errs.Text // what to mind, and why
	Use      string    // what may stand there instead; "": there is no word for word
	Strong   bool      // more than a matter of taste
}

// Word is a line of the school's own list: it says Say, and not InsteadOf.
type Word struct{ Say, InsteadOf string }

// How long a sentence may be: writing.md asks for twelve words; above twenty most readers begin again.
const (
	NoteWords   = 12
	StrongWords = 20
)

// MaxText is how long a text may be to get hints, in bytes. No field takes as much, and looking for them in a book would take
// minutes.
const MaxText = 20_000

// Knows tells whether there are hints for a language (BCP 47), and whether all of them.
func Knows(tag string) (some, all bool) {
	base, _, _ := strings.Cut(tag, "-")
	return base == "nl" || base == "fr", base == "nl"
}

// Hints are what could be plainer in a text of a language (BCP 47), in the order of the text. own is the school's list.
// For languages other than Dutch and French there are none, nor for a text longer than MaxText.
func Hints(tag, text string, own []Word) []Hint {
	some, all := Knows(tag)
	if !some || len(text) > MaxText {
		return nil
	}
	var out []Hint
	for _, s := range sentences(text) {
		w := words(text[s.from:s.to])
		if len(w) > NoteWords {
			h := Hint{Kind: Sentence, From: s.from, To: s.to, Found: text[s.from:s.to], Strong: len(w) > StrongWords,
				Text: errs.T("This sentence has {n} words. Up to {max} read easily: make two of it.", "n", len(w), "max", NoteWords)}
			out = append(out, h)
		}
		if all {
			out = append(out, passive(text, s)...)
		}
	}
	taken := schoolWords(text, own)
	if all {
		taken = append(taken, jargon(text, taken)...)
		taken = append(taken, abbreviations(text, taken)...)
		taken = append(taken, longWords(text, taken)...)
	}
	out = append(out, taken...)
	slices.SortStableFunc(out, func(a, b Hint) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return out
}

// Replace puts what a hint offers into the text. ok is false when the text has changed there since.
func Replace(text string, from int, found, use string) (out string, ok bool) {
	if from < 0 || from > len(text) || found == "" || !strings.HasPrefix(text[from:], found) {
		return text, false
	}
	return text[:from] + use + text[from+len(found):], true
}

// schoolWords finds what the school calls by another word.
func schoolWords(text string, own []Word) []Hint {
	var out []Hint
	for _, w := range own {
		for _, at := range occurrences(text, w.InsteadOf) {
			found := text[at.from:at.to]
			use := likeCase(w.Say, found)
			out = append(out, Hint{Kind: SchoolWord, From: at.from, To: at.to, Found: found, Use: use, Strong: true,
				Text: errs.T("Your school says “{say}” and not “{found}”. One word for one thing is easier.", "say", w.Say, "found", found)})
		}
	}
	return out
}

// longWords finds words of four syllables or more, or of fourteen letters or more, that are not of every day.
func longWords(text string, taken []Hint) []Hint {
	var out []Hint
	for _, w := range words(text) {
		word := text[w.from:w.to]
		if strings.HasPrefix(word, "{") || overlaps(taken, w) || isName(text, w) || everyday(word) {
			continue
		}
		letters := 0
		for _, r := range word {
			if unicode.IsLetter(r) {
				letters++
			}
		}
		if syllables(word) < 4 && letters < 14 {
			continue
		}
		out = append(out, Hint{Kind: LongWord, From: w.from, To: w.to, Found: word, Text: errs.T("“{found}” is a long word. Is there a shorter one?", "found", word)})
	}
	return out
}

// isName: a capital within a sentence is a name, and a name has no shorter word.
func isName(text string, w span) bool {
	r, _ := utf8.DecodeRuneInString(text[w.from:])
	if !unicode.IsUpper(r) {
		return false
	}
	before := strings.TrimRight(text[:w.from], " \"“'(«")
	return before != "" && !strings.ContainsAny(before[len(before)-1:], ".!?:\n")
}

func overlaps(hints []Hint, w span) bool {
	return slices.ContainsFunc(hints, func(h Hint) bool { return h.From < w.to && w.from < h.To })
}

// occurrences are the places where words stand as whole words, whatever their capitals.
func occurrences(text, what string) []span {
	what = strings.ToLower(strings.TrimSpace(what))
	if what == "" {
		return nil
	}
	low := lower(text)
	var out []span
	for at := 0; ; {
		i := strings.Index(low[at:], what)
		if i < 0 {
			return out
		}
		from, to := at+i, at+i+len(what)
		if !letterBefore(low, from) && !letterAfter(low, to) {
			out = append(out, span{from, to})
		}
		at = to
	}
}

// lower is strings.ToLower that keeps the places: a letter whose small form has another length stays as it is.
func lower(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch l := unicode.ToLower(r); {
		case r == utf8.RuneError && n == 1:
			b.WriteByte('?')
		case utf8.RuneLen(l) == n:
			b.WriteRune(l)
		default:
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

func letterBefore(s string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:at])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func letterAfter(s string, at int) bool {
	r, _ := utf8.DecodeRuneInString(s[at:])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// likeCase gives a word the capital that the word it replaces has.
func likeCase(say, found string) string {
	r, _ := utf8.DecodeRuneInString(found)
	first, n := utf8.DecodeRuneInString(say)
	if unicode.IsUpper(r) && unicode.IsLower(first) {
		return string(unicode.ToUpper(first)) + say[n:]
	}
	return say
}
