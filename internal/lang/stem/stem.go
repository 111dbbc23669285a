// Package stem makes words comparable for search: without accents, case and endings, in the languages of families.
//
// The search of materials calls it, when a text is stored and when somebody looks for words. It owns no tables. Endings are
// taken off by the Snowball algorithms where there is a good one for the language (github.com/blevesearch/snowballstem), elsewhere by
// cutting what usually changes. Chinese, which writes no spaces, is taken in pairs of signs.
package stem

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/turkish"
	"golang.org/x/text/unicode/norm"
)

var snowball = map[string]func(*snowballstem.Env) bool{
	"nl": dutch.Stem, "en": english.Stem, "fr": french.Stem, "de": german.Stem, "it": italian.Stem, "pt": portuguese.Stem,
	"ro": romanian.Stem, "ru": russian.Stem, "es": spanish.Stem, "tr": turkish.Stem,
}

// Word is one word of a text in all forms under which it may be found: with its ending taken off as it was written, and
// as it is taken off when somebody leaves the accents out. Forms are folded, sorted, and never empty.
type Word []string

// Words are the words of a text in a language (BCP 47; a regional tag counts as its language), in order, without those that
// say nothing by themselves ("the", "van").
func Words(tag, text string) []Word {
	tag, _, _ = strings.Cut(tag, "-")
	var out []Word
	for _, raw := range split(tag, text) {
		if len(raw.han) > 0 {
			out = append(out, raw.han)
			continue
		}
		if empty[tag][Fold(raw.word)] {
			continue
		}
		w := Word{ending(tag, raw.word), ending(tag, Fold(raw.word))}
		slices.Sort(w)
		w = slices.Compact(w)
		if w[0] != "" {
			out = append(out, w)
		}
	}
	return out
}

// token is a word as it stands in a text, or a run of Chinese signs cut into what it is found by.
type token struct {
	word string
	han  Word
}

// split cuts at all that is no letter and no digit. Marks inside a word stay for the stemmer, which knows them.
func split(tag, text string) []token {
	var out []token
	var b strings.Builder
	var han []rune
	flush := func() {
		if b.Len() > 0 {
			out = append(out, token{word: b.String()})
			b.Reset()
		}
		for i, r := range han { // each sign, and each with the next one
			out = append(out, token{han: Word{string(r)}})
			if i+1 < len(han) {
				out = append(out, token{han: Word{string(han[i : i+2])}})
			}
		}
		han = han[:0]
	}
	for _, r := range norm.NFKC.String(lower(tag, text)) {
		switch {
		case unicode.Is(unicode.Han, r):
			if b.Len() > 0 {
				flush()
			}
			han = append(han, r)
			continue
		case r == '\'' || r == '’' || r == 'ʼ':
			if b.Len() > 0 && b.Len() <= 2 && tag != "uk" { // l'école: the article is a word by itself
				flush()
				continue
			}
			if tag == "uk" {
				continue
			}
			flush()
			continue
		case r == 'ـ': // the Arabic line that only stretches
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) && b.Len() > 0:
			if len(han) > 0 {
				flush()
			}
			b.WriteRune(r)
			continue
		}
		flush()
	}
	flush()
	return out
}

func lower(tag, s string) string {
	if tag == "tr" {
		return strings.ToLowerSpecial(unicode.TurkishCase, s)
	}
	return strings.ToLower(s)
}

// same are letters that are written for one another and do not fall apart into a letter and a mark.
var same = map[rune]string{
	'ı': "i", 'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'æ': "ae", 'œ': "oe",
	'أ': "ا", 'إ': "ا", 'آ': "ا", 'ٱ': "ا", 'ى': "ي", 'ی': "ي", 'ې': "ي", 'ۍ': "ي", 'ئ': "ي", 'ے': "ي", 'ؤ': "و",
	'ة': "ه", 'ۀ': "ه", 'ہ': "ه", 'ھ': "ه", 'ە': "ه", 'ۃ': "ه", 'ک': "ك", 'ګ': "گ", 'ء': "",
}

// Fold makes small letters without accents, one form for letters that are written for one another, and Western digits.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(strings.ToLower(s)) {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		if to, ok := same[r]; ok {
			b.WriteString(to)
			continue
		}
		if r == 'й' || r == 'ї' || r == 'ў' { // letters by themselves, whatever Unicode makes of them
			b.WriteRune(r)
			continue
		}
		for _, d := range norm.NFKD.String(string(r)) {
			switch to, ok := same[d]; {
			case unicode.Is(unicode.Mn, d):
			case ok:
				b.WriteString(to)
			case d >= '٠' && d <= '٩':
				b.WriteRune('0' + d - '٠')
			case d >= '۰' && d <= '۹':
				b.WriteRune('0' + d - '۰')
			default:
				b.WriteRune(d)
			}
		}
	}
	return b.String()
}

// ending takes the ending off a word and folds what is left.
func ending(tag, word string) string {
	if tag == "nl" {
		word = verb(small(word))
		for _, many := range []string{"eeën", "eeen"} { // ideeën
			if cut, ok := strings.CutSuffix(word, many); ok {
				word = cut + "ee"
			}
		}
	}
	if stem := snowball[tag]; stem != nil {
		env := snowballstem.NewEnv(word)
		stem(env)
		word = env.Current()
	}
	word = Fold(word)
	switch tag {
	case "nl":
		return dutchStem(word)
	case "fr":
		if cut, ok := strings.CutSuffix(word, "uent"); ok && len(cut) >= 2 { // jouent
			return cut + "u"
		}
	case "bg":
		return cut(without(word, 4, "ите", "ята", "ата", "ото", "ето", "то", "та", "те", "ът", "ят"))
	case "pl", "uk", "so":
		return cut(word) // no algorithm that we know of is both good and free
	case "sq":
		return without(word, 4, "ave", "eve", "es", "en", "et", "it", "in", "ut", "un", "a", "e", "i", "u")
	case "fa", "ur", "ps":
		return without(word, 3, "هايشان", "هاي", "ها", "ات", "ون", "ين")
	case "ar":
		return arabicStem(word)
	}
	return word
}

// cut takes off what changes most in languages with cases: the last letter, of a long word the last two.
func cut(word string) string {
	r := []rune(word)
	switch {
	case len(r) > 5:
		return string(r[:len(r)-2])
	case len(r) == 5:
		return string(r[:4])
	}
	return word
}

// arabicStem takes off what is written onto an Arabic word: the article with what stands before it, and the endings of number,
// gender and possession. It is the light stemming of Larkey, Ballesteros and Connell (2002, "light10"), which finds more than
// Snowball's: that one leaves حيوانات and الحيوانات apart.
func arabicStem(word string) string {
	for _, before := range []string{"وال", "بال", "كال", "فال", "لل", "ال"} {
		if cut, ok := strings.CutPrefix(word, before); ok && utf8.RuneCountInString(cut) >= 2 {
			word = cut
			break
		}
	}
	for {
		short := without(word, 3, "ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
		if short == word {
			return word
		}
		word = short
	}
}

// without is a word without the first of some endings that it has, if so many letters are left.
func without(word string, left int, endings ...string) string {
	for _, end := range endings {
		if cut, ok := strings.CutSuffix(word, end); ok && utf8.RuneCountInString(cut) >= left {
			return cut
		}
	}
	return word
}

// small takes off what makes a Dutch word small: briefje, bootjes, boompje.
func small(word string) string {
	w := strings.TrimSuffix(word, "s")
	if len(w) < 6 {
		return word
	}
	for _, end := range []string{"etje", "tje", "pje", "je"} {
		cut, ok := strings.CutSuffix(w, end)
		if !ok || len(cut) < 3 {
			continue
		}
		if end == "etje" && cut[len(cut)-1] != cut[len(cut)-2] { // balletje, but not "beetje"
			continue
		}
		if end == "tje" && strings.ContainsRune("aeiou", rune(cut[len(cut)-1])) { // bootje is boot and je, stoeltje is stoel and tje
			return cut + "t"
		}
		return cut
	}
	return word
}

// verb takes the t off speelt, werkt, vraagt, which Snowball leaves there.
func verb(word string) string {
	if n := len(word); n > 4 && word[n-1] == 't' && strings.IndexByte("lrkpmg", word[n-2]) >= 0 {
		return word[:n-1]
	}
	return word
}

// irregular are plurals whose stem says nothing of the one: kinderen gives kinder.
var irregular = map[string]string{"kinder": "kind", "lieder": "lied", "blader": "blad", "eier": "ei", "lammer": "lam", "kalver": "kalf", "sted": "stad", "schep": "schip", "led": "lid", "eten": "eet"}

// dutchStem mends what Snowball leaves: brieven and brief, huizen and huis, kinderen and kind have one stem.
func dutchStem(w string) string {
	if one, ok := irregular[w]; ok {
		return one
	}
	if len(w) > 3 {
		switch w[len(w)-1] {
		case 'v':
			return w[:len(w)-1] + "f"
		case 'z':
			return w[:len(w)-1] + "s"
		case w[len(w)-2]: // giraffen, ballen
			return w[:len(w)-1]
		}
	}
	return w
}

// empty are words that say nothing by themselves, folded.
var empty = map[string]map[string]bool{
	"nl": set("de het een en of van voor met in op te aan uit bij naar om er is zijn ik u uw wij we je ze dat die dit deze"),
	"fr": set("le la les l un une des du de d et ou a au aux en dans pour avec sur par est ce cet cette ces il elle on nous vous je tu qu que qui se s c n"),
	"en": set("the a an and or of for with in on to at from is are it this that these those you we i s"),
	"de": set("der die das ein eine und oder von fur mit in im auf zu zum zur an aus bei ist es sie wir ich"),
	"es": set("el la los las un una de del y o a al en con para por es que se su"),
	"it": set("il lo la i gli le un una di del della e o a al in con per da che si l"),
	"pt": set("o a os as um uma de do da e ou em no na com para por que se"),
	"tr": set("ve ile bir bu da de icin"), "ru": set("и в на с по к у о от для не что это"), "ar": set("في من علي الي عن مع و او ان"),
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}
