package roster

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words that begin a family name of several words, or stand inside it.
var particles = set("van", "de", "der", "den", "het", "t", "ten", "ter", "te", "vd", "v", "d", "von", "zu", "zum", "du", "des", "di", "da", "dos", "das",
	"do", "del", "della", "dello", "la", "le", "les", "el", "al", "ait", "ould", "ben", "bin", "ibn", "bint", "bou", "abu", "abou", "oulad", "op", "in", "aan", "uit", "uyt", "onder", "over",
	"mac", "mc", "st", "saint", "san", "santa", "haj", "hadj", "as", "ul", "ur")

// Those that stay small inside a name that is put back from capitals.
var small = set("van", "der", "den", "het", "t", "ten", "ter", "te", "von", "zu", "zum", "dos", "das", "do")

// recase puts names in capitals back into writing: "VAN DEN BERG" is "Van den Berg", "D'HONDT" is "D'Hondt". Any other
// name stays as its people write it.
func recase(s string) string {
	if !allCaps(s) {
		return s
	}
	ws := strings.Split(s, " ")
	for i, w := range ws {
		if i > 0 && small[fold(w)] {
			ws[i] = strings.ToLower(w)
			continue
		}
		ws[i] = capWord(w)
	}
	return strings.Join(ws, " ")
}

func capWord(w string) string {
	var b strings.Builder
	up := true
	for i, r := range w {
		if up {
			b.WriteRune(unicode.ToUpper(r))
		} else {
			b.WriteRune(unicode.ToLower(r))
		}
		if unicode.IsLetter(r) {
			up = false
		}
		// After an apostrophe a capital, except in "'t" and at the end ("Joris'").
		if r == '-' || r == '.' || (r == '\'' || r == '’') && i > 0 && i+utf8.RuneLen(r) < len(w) {
			up = true
		}
	}
	out := b.String()
	if rest, ok := strings.CutPrefix(out, "Ij"); ok {
		return "IJ" + rest
	}
	return out
}

// allCaps tells whether a name is written in capitals: three letters or more, or two with a vowel ("JO"), none small.
func allCaps(s string) bool {
	letters, vowel := 0, false
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
			vowel = vowel || strings.ContainsRune("AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜ", r)
		}
	}
	if strings.Contains(s, ".") && letters < 4 { // initials: "J.P."
		return false
	}
	return letters >= 3 || letters == 2 && vowel
}

var titles = regexp.MustCompile(`(?i)^(?:(?:dhr|mevr|mevrouw|mw|mej|mme|mlle|mr|mrs|ms|miss|dr|ir|prof|madame|monsieur|meneer|de heer|heer)\.?\s+)`)

// personName cleans one name: no title, no line breaks, capitals put back.
func personName(s string) string {
	s = oneLine(s)
	for {
		t := titles.ReplaceAllString(s, "")
		if t == s || t == "" {
			break
		}
		s = t
	}
	if empty(s) {
		return ""
	}
	return recase(strings.Trim(s, " ,;"))
}

// splitName takes a full name apart. A comma decides ("Janssens, Emma"), then capitals ("JANSSENS Emma"), then
// familyFirst. sure is false where only the order of the column speaks, and the name has more than two words.
func splitName(s string, familyFirst bool) (given, family string, sure bool) {
	s = oneLine(s)
	for {
		t := titles.ReplaceAllString(s, "")
		if t == s || t == "" {
			break
		}
		s = t
	}
	if empty(s) {
		return "", "", true
	}
	if f, g, ok := strings.Cut(s, ","); ok {
		g = strings.TrimSpace(g)
		if base, prefix, more := strings.Cut(g, ","); more { // "Berg, Emma, van den"
			return recase(strings.TrimSpace(base)), recase(joinWords(strings.TrimSpace(prefix), strings.TrimSpace(f))), true
		}
		return recase(g), recase(strings.TrimSpace(f)), true
	}
	ws := strings.Fields(s)
	if len(ws) == 1 {
		return recase(s), "", true
	}
	if !allCaps(s) {
		if g, f, ok := byCaps(ws); ok {
			return g, recase(f), true
		}
	}
	return splitWords(ws, familyFirst)
}

// byCaps parts the capitals from the rest when they stand together at one end: "EL AMRANI Yasmina", "Emma VAN DEN BERG".
func byCaps(ws []string) (given, family string, ok bool) {
	caps := make([]bool, len(ws))
	n := 0
	for i, w := range ws {
		if caps[i] = allCaps(w) || particles[fold(w)] && strings.ToUpper(w) == w; caps[i] {
			n++
		}
	}
	if n == 0 || n == len(ws) {
		return "", "", false
	}
	if caps[0] {
		k := 0
		for k < len(ws) && caps[k] {
			k++
		}
		return strings.Join(ws[k:], " "), strings.Join(ws[:k], " "), k == n
	}
	k := len(ws) - n
	for _, c := range caps[k:] {
		if !c {
			return "", "", false
		}
	}
	return strings.Join(ws[:k], " "), strings.Join(ws[k:], " "), true
}

func splitWords(ws []string, familyFirst bool) (given, family string, sure bool) {
	at := -1 // where the first particle stands
	for i, w := range ws[:len(ws)-1] {
		if particles[fold(w)] {
			at = i
			break
		}
	}
	join := func(w []string) string { return recase(strings.Join(w, " ")) }
	if familyFirst {
		k := 1
		if at == 0 {
			for k < len(ws)-1 && particles[fold(ws[k-1])] {
				k++
			}
		}
		return join(ws[k:]), join(ws[:k]), len(ws) == 2 || at == 0
	}
	k := 1
	if at > 0 {
		k = at
	}
	return join(ws[:k]), join(ws[k:]), len(ws) == 2 || at > 0
}

var coupleWords = regexp.MustCompile(`(?i)\s+(?:&|en|et|and|\+)\s+|\s*[&/]\s*`)

// couple takes two people in one cell apart: "Jan Janssens & An Peeters", "Jan en An Janssens" (who share the name).
func couple(s string) []string {
	s = oneLine(s)
	parts := coupleWords.Split(s, -1)
	if len(parts) != 2 || parts[0] == "" || parts[1] == "" || strings.Contains(s, "@") {
		return []string{s}
	}
	a, b := strings.Fields(parts[0]), strings.Fields(parts[1])
	if len(a) == 1 && len(b) > 1 && !strings.Contains(s, ",") {
		parts[0] = a[0] + " " + strings.Join(b[1:], " ")
	}
	return parts
}
