package messages

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"brug/internal/lang"
)

// What stands between these marks is a name: the translator keeps it in the house.
const nameBegins, nameEnds = "\u2068", "\u2069"

// noName is what a name is not looked for in: addresses and placeholders.
var noName = regexp.MustCompile(`https?://\S+|\S+@\S+|\{[a-z_]+\}`)

// markNames puts the marks around the names that stand in a text as words of their own, longer ones first. Names are looked for as
// they are written: "Roos" is a child where a rose is not.
func markNames(text string, names []string) string {
	var all []string
	for _, n := range names {
		for _, part := range append(strings.Fields(n), n) {
			if first, _ := utf8.DecodeRuneInString(part); unicode.IsLetter(first) && !unicode.IsLower(first) && utf8.RuneCountInString(part) > 1 {
				all = append(all, part)
			}
		}
	}
	if len(all) == 0 {
		return text
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	all = unique(all)
	for i := range all {
		all[i] = regexp.QuoteMeta(all[i])
	}
	find := regexp.MustCompile(strings.Join(all, "|"))
	free := noName.FindAllStringIndex(text, -1)
	var b strings.Builder
	from := 0
	for _, at := range find.FindAllStringIndex(text, -1) {
		before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
		after, _ := utf8.DecodeRuneInString(text[at[1]:])
		within := slices.ContainsFunc(free, func(f []int) bool { return at[0] >= f[0] && at[1] <= f[1] })
		if within || at[0] > 0 && inWord(before) || at[1] < len(text) && inWord(after) {
			continue
		}
		b.WriteString(text[from:at[0]] + nameBegins + text[at[0]:at[1]] + nameEnds)
		from = at[1]
	}
	return b.String() + text[from:]
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// unmarkNames takes the marks out again, but where they keep a name in its place among words that run the other way.
func unmarkNames(text, tag string) string {
	if lang.For(tag).Dir() == "rtl" {
		return text
	}
	return strings.NewReplacer(nameBegins, "", nameEnds, "").Replace(text)
}
