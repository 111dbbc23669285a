package material

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What the check knows of languages: their letters, and words that have no place in a text for parents.

type alphabet struct {
	tag    string
	script *unicode.RangeTable
	some   string // letters that this language uses all the time and its neighbours in the same script do not
	none   string // letters that only its neighbours use
}

// alphabets are those of the languages that we ship.
var alphabets = []alphabet{
	{"nl", unicode.Latin, "", "ßñłşðčćąę"},
	{"fr", unicode.Latin, "éèàêç", "ßñłşăčąä"},
	{"en", unicode.Latin, "", "éèàßñłşăčąäöüë"},
	{"ar", unicode.Arabic, "ةى", "پچژگیےٹڈڑښټډړ"},
	{"tr", unicode.Latin, "ışğ", "ßñłăčąäwqx"},
	{"pl", unicode.Latin, "łąęś", "ßñşăčäöüvqx"},
	{"ro", unicode.Latin, "ăîâ", "ßñłčąäöüşţ"}, // ș and ț with a comma, not the Turkish ş
	{"bg", unicode.Cyrillic, "ъ", "ыэёіїє"},
	{"es", unicode.Latin, "¿", "ßłşăčąäöèàç"},
	{"pt", unicode.Latin, "ãç", "ßñłşăčąäöüş¿"},
	{"uk", unicode.Cyrillic, "ії", "ыэёъ"},
	{"ru", unicode.Cyrillic, "ыэ", "іїєґ"},
	{"sq", unicode.Latin, "ë", "ßñłşăčąäöw"},
	{"fa", unicode.Arabic, "یک", "يكىةےٹڈڑښټډړې"},
	{"ps", unicode.Arabic, "ښړډټې", "ٹڈڑے"},
	{"ur", unicode.Arabic, "ےں", "يكىښټډړې"},
	{"so", unicode.Latin, "x", "ßñłşăčąäöüéèàëpvz"},
	{"ti", unicode.Ethiopic, "", ""},
	{"it", unicode.Latin, "èàùò", "ßñłşăčąäöüçjkwxy"},
	{"de", unicode.Latin, "äöüß", "ñłşăčąéèàç"},
	{"zh", unicode.Han, "", ""},
}

func letters(tag string) (alphabet, bool) {
	for _, a := range alphabets {
		if a.tag == tag {
			return a, true
		}
	}
	return alphabet{}, false
}

// inBrackets is what stands between brackets: there the Dutch name of a thing may stand, "dining hall (refter)".
var inBrackets = regexp.MustCompile(`\([^()]*\)|（[^（）]*）|"[^"]*"`)

// everywhere are words that stay as they are in every script.
var everywhere = regexp.MustCompile(`\b(QR|SMS|PDF|A3|A4|A5|WhatsApp|OpenMoji|Brug|Ligo)\b`)

// wrongLetter tells of the first letter of a text that is not of its language; "" if all are.
func wrongLetter(tag, s string) string {
	a, ok := letters(tag)
	if !ok {
		return ""
	}
	s = braces.ReplaceAllString(s, "")
	if tag != SourceLanguage {
		s = inBrackets.ReplaceAllString(s, "")
	}
	s = everywhere.ReplaceAllString(s, "")
	for _, r := range s {
		if unicode.IsLetter(r) && !unicode.Is(a.script, r) && !unicode.Is(unicode.Common, r) {
			return "the letter " + string(r) + " is of another script,"
		}
		if strings.ContainsRune(a.none, unicode.ToLower(r)) {
			return string(r) + " is not a letter of this language,"
		}
	}
	return ""
}

// ends are the signs that end a sentence, in all scripts; a colon before what one says, dots to write on.
const ends = ".!?:…)؟。？！：።፧፡፥፦۔）»”\""

func endsWell(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\"'”’“») \u00a0\u202f")) // what was quoted ends the sentence too
	return strings.ContainsRune(ends, last)
}

// sentenceKey tells whether a piece is made of sentences; headings, lines of a form and points of a list need not be.
func sentenceKey(l line) bool {
	switch l.role {
	case Question, Paragraph, Do, Easier, Harder, Step:
		return true
	}
	return l.key == "intro" || l.key == "close"
}

func questionMark(tag string) string {
	switch tag {
	case "ar", "fa", "ps", "ur":
		return "؟"
	case "zh":
		return "？"
	case "ti":
		return "?፧"
	}
	return "?"
}

// words makes a pattern of whole words; in Go \b knows ASCII letters only.
func words(list string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^\pL])(` + list + `)(?:[^\pL]|$)`)
}

// No family form, no gender around the child's name, no feasts; by language.
var notForParents = map[string]*regexp.Regexp{
	"nl": words(`moeders?|vaders?|mama|papa|mam|pap|mamma|pappa|broer|zus|broertje|zusje|oma|opa|hij|hem|juf|meester|jongen|meisje|kerst|kerstmis|sint|sinterklaas|pasen|ramadan|suikerfeest|offerfeest|moederdag|vaderdag`),
	"en": words(`mothers?|fathers?|mum|mom|dad|mummy|daddy|brother|sister|grandma|grandpa|he|she|him|her|his|hers|boy|girl|christmas|easter|ramadan|santa`),
	"fr": words(`mères?|pères?|maman|papa|frère|sœur|soeur|fille|garçon|noël|pâques|ramadan|maîtresse|maître`),
	"de": words(`mutter|vater|mama|papa|bruder|schwester|junge|mädchen|weihnachten|ostern|ramadan`),
	"es": words(`madre|mamá|papá|hermano|hermana|navidad|ramadán`),
	"it": words(`madre|mamma|papà|fratello|sorella|natale|pasqua|ramadan`),
	"pt": words(`mãe|pai|mamã|papá|irmão|irmã|natal|páscoa|ramadão`),
	"pl": words(`mama|tata|matka|ojciec|brat|siostra|chłopiec|dziewczynka|wielkanoc|ramadan`),
	"ro": words(`mama|tata|mamă|tată|fratele|sora|crăciun|paști|ramadan`),
	"ru": words(`мама|папа|мать|отец|брат|сестра|мальчик|девочка|рождество|пасха|рамадан`),
	"uk": words(`мама|тато|мати|батько|брат|сестра|хлопчик|дівчинка|різдво|великдень|рамадан`),
	"bg": words(`мама|татко|майка|баща|брат|сестра|момче|момиче|коледа|великден|рамадан`),
	"tr": words(`anne|baba|anneniz|babanız|abla|abi|noel|ramazan`),
	"sq": words(`mami|babi|vëllai|motra|krishtlindje|ramazan`),
}

// Jargon: words that only a school understands. What is explained stands beside its brackets and may stay.
var jargon = map[string]*regexp.Regexp{
	"nl": words(`gsm|refter|boekentas|speelplaats|schoolplein|CLB|MDO|GWP|IEP|OCB|remedi\pL*|leerdoel\pL*|eindterm\pL*|kerndoel\pL*|kleuters?|groep [1-8]|ouderprikkels?|thuisbetrokkenheid|ouderbetrokkenheid`),
	"en": words(`SEN|IEP|curriculum|key stage|learning (?:goal|outcome|objective)s?|parental involvement`),
	"fr": words(`CPMS|PMS|remédiation|socles?|compétences?`),
}

// costs: what a nudge or a help card asks must cost nothing (Dutch).
var costs = words(`koop|koopt|kopen|betaal|betaalt|betalen|euro`)

// forbidden is the first word of a text that has no place in it; "" if there is none.
func forbidden(tag string, m *Material, s string) string {
	find := func(re *regexp.Regexp, s string) string {
		if re == nil {
			return ""
		}
		if f := re.FindStringSubmatch(s); f != nil {
			return f[1]
		}
		return ""
	}
	if m.Reader == ForFamily {
		if f := find(notForParents[tag], s); f != "" {
			return f
		}
	}
	if f := find(jargon[tag], explained.ReplaceAllString(s, "")); f != "" && m.Reader == ForFamily {
		return f
	}
	if tag == SourceLanguage && (m.Kind == Nudge || m.Kind == HelpCard) {
		return find(costs, s)
	}
	return ""
}

// explained is a word with brackets behind it, or with a sentence that says what it is.
var explained = regexp.MustCompile(`[\pL\d]+ ?\([^()]*\)|[\pL\d]+\. Dat (is|heet)`)

// gsm7 are the signs of GSM 03.38, the basic table and its extension: an SMS of only these has room for 160.
const gsm7 = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"

// notGSM is the first sign of a text that is not of GSM-7; 0 if there is none.
func notGSM(s string) rune {
	for _, r := range braces.ReplaceAllString(s, "") {
		if !strings.ContainsRune(gsm7, r) {
			return r
		}
	}
	return 0
}
