package plain

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is a piece of a text, in bytes.
type span struct{ from, to int }

// dotted are short forms whose dot ends no sentence.
var dotted = []string{"bv.", "bijv.", "o.a.", "d.w.z.", "m.b.t.", "i.v.m.", "i.p.v.", "t.e.m.", "t/m.", "a.u.b.", "s.v.p.", "nr.", "tel.", "blz.", "p.", "dhr.", "mevr.", "mw.", "st.", "ca.",
	"max.", "min.", "incl.", "excl.", "evt.", "resp.", "t.a.v.", "n.a.v.", "z.o.z.", "nl.", "u.", "m.", "mme.", "p.ex.", "etc.", "enz."}

// sentences cuts a text at full stops, question and exclamation marks that a space or the end follows, and at the end of
// each line. The dot of a short form, of a number and of an initial ends nothing.
func sentences(text string) []span {
	var out []span
	from := 0
	add := func(to int) {
		s := text[from:to]
		trimmed := strings.TrimSpace(s)
		if trimmed != "" && strings.ContainsFunc(trimmed, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			at := from + strings.Index(s, trimmed)
			out = append(out, span{at, at + len(trimmed)})
		}
		from = to
	}
	for i, r := range text {
		switch r {
		case '\n':
			add(i)
		case '.', '!', '?', '…', '؟', '。':
			end := i + utf8.RuneLen(r)
			for end < len(text) && strings.ContainsRune("\"”’»')", firstRune(text[end:])) {
				end += utf8.RuneLen(firstRune(text[end:]))
			}
			next := firstRune(text[end:])
			if end < len(text) && !unicode.IsSpace(next) && r != '。' {
				continue
			}
			if end <= from || r == '.' && end < len(text) && shortForm(text[from:end]) {
				continue
			}
			add(end)
		}
	}
	add(len(text))
	return out
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError {
		return ' '
	}
	return r
}

// shortForm tells whether the last word of s, with its dot, is one that a sentence goes on behind.
func shortForm(s string) bool {
	last := s[strings.LastIndexAny(s, " \n\t(“\"")+1:]
	if utf8.RuneCountInString(last) == 2 && unicode.IsUpper(firstRune(last)) {
		return true // an initial
	}
	return slices.Contains(dotted, strings.ToLower(last))
}

// words are the words of a text: letters and digits with what ties them (vader's, na-middag, 15.30), and placeholders.
func words(text string) []span {
	var out []span
	from := -1
	end := func(to int) {
		if from >= 0 {
			out = append(out, span{from, to})
		}
		from = -1
	}
	brace := false
	for i, r := range text {
		switch {
		case r == '{':
			end(i)
			from, brace = i, true
		case r == '}' && brace:
			end(i + 1)
			brace = false
		case brace && !unicode.IsSpace(r):
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r):
			brace = false
			if from < 0 {
				from = i
			}
		case from >= 0 && strings.ContainsRune("'’-.:/", r) && letterAfter(text, i+utf8.RuneLen(r)) && (r != ':' && r != '.' && r != '/' || unicode.IsDigit(firstRune(text[i+utf8.RuneLen(r):]))):
			// tied to what follows
		default:
			end(i)
			brace = false
		}
	}
	end(len(text))
	return out
}

// WordCount is how many words a text has. A placeholder is one.
func WordCount(text string) int { return len(words(text)) }

// vowels that are spoken as one, the longest first. Everything else that is a vowel is a syllable of its own.
var glides = []string{"aai", "ooi", "oei", "eeu", "ieu", "aa", "ee", "oo", "uu", "ie", "oe", "eu", "ui", "ou", "au", "ij", "ei", "ai", "oi"}

const vowelLetters = "aeiouyàáâäèéêëìíîïòóôöùúûü"

// syllables counts the syllables of a Dutch word by its vowels. It is right for nearly all native words; loan words may
// be one off. A name that is put in later ({child}) counts two, a number one for each figure, an abbreviation in capitals
// one for each letter.
func syllables(word string) int {
	if strings.HasPrefix(word, "{") {
		return 2
	}
	if n := utf8.RuneCountInString(word); n > 1 && n <= 5 && word == strings.ToUpper(word) {
		return n
	}
	w := strings.ToLower(word)
	n := 0
	for i := 0; i < len(w); {
		r, size := utf8.DecodeRuneInString(w[i:])
		switch {
		case unicode.IsDigit(r):
			n++
		case r == 'q' && strings.HasPrefix(w[i+size:], "u"):
			size++
		case r == 'y' && i+1 < len(w) && strings.ContainsRune(vowelLetters, firstRune(w[i+1:])): // yoghurt
		case strings.HasPrefix(w[i:], "eum"): // museum, petroleum
			n++
		case strings.ContainsRune(vowelLetters, r):
			n++
			for _, g := range glides {
				if strings.HasPrefix(w[i:], g) {
					size = len(g)
					break
				}
			}
		}
		i += size
	}
	return max(n, 1)
}

// everyday tells whether a long word is one that every adult knows, also in the plural.
func everyday(word string) bool {
	w := strings.ToLower(word)
	for _, ending := range []string{"", "s", "en", "n", "'s", "’s", "je", "jes", "e"} {
		if base, ok := strings.CutSuffix(w, ending); ok {
			if _, is := slices.BinarySearch(usual, base); is {
				return true
			}
		}
	}
	return false
}

// usual are long words of every day, and of every school day.
var usual = sorted(`
	aanmoedigen aardappel aardappelen activiteit activiteiten afgelopen alstublieft antwoorden avondeten avonturen badkamer bewegen binnenkort
	bibliotheek boterham boterhammen boterhammendoos broodtrommel buitenspelen cadeautje chocolade computer computerspel
	dierentuin donderdag donderdagavond donderdagmiddag elektriciteit familie familielid februari fietsenstalling gezelschapsspel
	goedemorgen goedemiddag goedenavond goedenavond grootouder grootouders grootmoeder grootvader gymnastiek gymschoenen handschoenen
	herfstvakantie huistaak huiswerk iedereen informatie internet kerstvakantie kinderboerderij kinderdagverblijf kinderen kinderopvang
	kleinkinderen kleuterklas kleuterschool klasgenootje klasgenoten knutselen kriebelen krokusvakantie leerlingen lievelingsboek lievelingsdier lievelingseten
	lievelingsspel lievelingsverhaal luisteren maandagavond maandagmiddag middageten moedertaal ochtend oktober olifant ondertussen onmiddellijk ouderavond oudercontact
	paasvakantie peuterspeelzaal politie regenjas restaurant schoolreis schoolvakantie secretariaat september schooltas speelgoed speelplaats speeltuin spelletje spelletjes sportschoenen
	supermarkt tandenborstel tekenen tekening tekeningen telefoneren telefoon telefoonnummer televisie thuistaal trakteren turnschoenen uitnodigen uitnodiging universiteit
	vakantie vanavond vandaag vanmiddag vanmorgen vanochtend veranderen verhaaltje verjaardag verjaardagsfeest verkeerslicht vertellen vierkante voetballen voorlezen voormiddag vragenlijst vrachtwagen vrijdagavond vrijdagmiddag
	woensdagmiddag woensdagnamiddag woordenboek zaterdag zaterdagavond zaterdagochtend ziekenhuis zomervakantie zondagavond zwembadje zwemmen
	belangrijke verschillende allemaal bijvoorbeeld eigenlijk natuurlijk gemakkelijke moeilijke interessante eerstvolgende welkomstgesprek
	boodschappen boodschappenlijst boekentas drinkfles namiddag dinsdagavond dinsdagmiddag ouderraad ouders leerkrachten onderwijzer onderwijzeres lerares directeur directrice handtekening
	babbelen ontbijten verkleden verzamelen opruimen afspreken bespreken samenspelen fantasie gebeurtenis gebeurtenissen herinnering herinneringen eenvoudige dankjewel dankuwel
	makkelijke makkelijker moeilijker gemakkelijker sociale positieve vergelijken samenleven formulieren volwassenen volwassene telefoontje telefoontjes vooruitkijken kennismaken`)

func sorted(list string) []string {
	out := strings.Fields(list)
	slices.Sort(out)
	return slices.Compact(out)
}
