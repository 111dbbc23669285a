package plain

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"brug/internal/errs"
)

func signText(found string) errs.Text {
	return errs.T("With the sign “{found}” an SMS holds 70 signs in place of 160.", "found", found)
}

// term is a word of schools: what may stand in its place word for word, or what it means, in brackets behind it.
type term struct{ word, use, means string }

// terms are words of Flemish and of Dutch schools that many parents do not know. A replacement fits into the sentence as it
// is; where none does, the meaning is offered behind the word.
var terms = []term{
	// Flanders and Brussels
	{word: "CLB", means: "dienst die leerlingen, ouders en school helpt"},
	{word: "MDO", means: "overleg over een kind met de school en helpers"},
	{word: "GWP", means: "uitstap van meer dagen"},
	{word: "IAC", means: "afspraken op papier voor één kind"},
	{word: "IHP", means: "plan op papier voor één kind"},
	{word: "OKAN", means: "klas voor wie nog geen Nederlands spreekt"},
	{word: "BuO", means: "school met extra hulp"},
	{word: "BaO", means: "kleuterschool en lagere school"},
	{word: "ICT", use: "computer"},
	{word: "LOP", means: "overleg over inschrijven"},
	{word: "GOK", means: "extra geld voor gelijke kansen"},
	{word: "SES", means: "extra geld voor gelijke kansen"},
	{word: "STICORDI", means: "extra hulp in de klas"},
	{word: "BVL", means: "bewegen, gym"},
	{word: "LO", use: "gym"},
	{word: "zorgcoördinator", means: "de persoon voor extra hulp"},
	{word: "zorgco", means: "de persoon voor extra hulp"},
	{word: "zorgjuf", means: "juf voor extra hulp"},
	{word: "zorgteam", means: "team voor extra hulp"},
	{word: "zorgleerkracht", means: "leerkracht voor extra hulp"},
	{word: "zorgtraject", use: "plan met extra hulp"},
	{word: "remediëring", use: "extra hulp"},
	{word: "remediëren", use: "extra helpen"},
	{word: "differentiatie", use: "oefenen op maat"},
	{word: "differentiëren", use: "op maat werken"},
	{word: "binnenklasdifferentiatie", use: "oefenen op maat"},
	{word: "leerlingvolgsysteem", means: "daar noteert de school wat een kind leert"},
	{word: "oudercontact", means: "gesprek van ouders en leerkracht"},
	{word: "extra-murosactiviteit", use: "uitstap"},
	{word: "extra muros", use: "uitstap"},
	{word: "extramuros", use: "uitstap"},
	{word: "facultatieve verlofdag", use: "vrije dag"},
	{word: "lokale verlofdag", use: "vrije dag"},
	{word: "pedagogische studiedag", means: "de leerkrachten leren, er is geen school"},
	{word: "studiedag", means: "de leerkrachten leren, er is geen school"},
	{word: "eindtermen", means: "wat elk kind moet leren"},
	{word: "ontwikkelingsdoelen", means: "wat een kleuter kan leren"},
	{word: "leerplandoelen", means: "wat de kinderen moeten leren"},
	{word: "hoekenwerk", means: "kinderen kiezen een plek om te spelen en te leren"},
	{word: "contractwerk", means: "een kind kiest zelf wat het eerst doet"},
	{word: "zelfredzaamheid", use: "zelf doen"},
	{word: "zelfredzaam", use: "zelfstandig"},
	{word: "executieve functies", means: "plannen, wachten, onthouden"},
	{word: "motoriek", use: "bewegen"},
	{word: "fijne motoriek", means: "werken met de vingers"},
	{word: "socio-emotioneel", means: "voelen en omgaan met anderen"},
	{word: "sociaal-emotioneel", means: "voelen en omgaan met anderen"},
	{word: "screening", use: "test"},
	{word: "attitude", use: "houding"},
	{word: "attest", use: "papier"},
	{word: "maximumfactuur", means: "meer dan dit bedrag betaalt u niet"},
	{word: "instappertje", use: "nieuwe kleuter"},
	{word: "instapdag", use: "eerste schooldag"},
	{word: "afwezigheidsattest", use: "papier over de afwezigheid"},
	{word: "opvolging", use: "hulp"},
	{word: "opvolgen", use: "volgen"},
	{word: "welbevinden", use: "goed gevoel"},
	{word: "betrokkenheid", use: "interesse"},
	{word: "participatie", use: "meedoen"},
	{word: "participeren", use: "meedoen"},
	{word: "klassikaal", use: "met de hele klas"},
	{word: "evaluatie", use: "toets"},
	{word: "evalueren", use: "bekijken"},
	{word: "communicatie", use: "berichten"},
	{word: "communiceren", use: "praten"},
	{word: "observeren", use: "kijken"},
	{word: "stimuleren", use: "helpen"},
	{word: "realiseren", use: "maken"},
	{word: "organiseren", use: "regelen"},
	{word: "noteren", use: "opschrijven"},
	{word: "indien", use: "als"},
	{word: "teneinde", use: "om"},
	{word: "betreffende", use: "over"},
	{word: "aangaande", use: "over"},
	{word: "omtrent", use: "over"},
	{word: "middels", use: "met"},
	{word: "reeds", use: "al"},
	{word: "gelieve", means: "zeg gewoon wat u vraagt: Wilt u … ?"},
	{word: "dienen te", use: "moeten"},
	{word: "dient te", use: "moet"},
	{word: "zulks", use: "dit"},
	{word: "tevens", use: "ook"},
	{word: "eveneens", use: "ook"},
	{word: "desbetreffende", use: "deze"},
	{word: "voorafgaand aan", use: "voor"},
	// the Netherlands
	{word: "ib'er", means: "de persoon voor extra hulp"},
	{word: "ib-er", means: "de persoon voor extra hulp"},
	{word: "IB", means: "de persoon voor extra hulp"},
	{word: "intern begeleider", means: "de persoon voor extra hulp"},
	{word: "IEP", means: "een toets voor rekenen en taal"},
	{word: "Cito", means: "een toets voor rekenen en taal"},
	{word: "doorstroomtoets", means: "toets aan het einde van de basisschool"},
	{word: "OPP", means: "plan op papier voor één kind"},
	{word: "RT", use: "extra hulp"},
	{word: "SBO", means: "school met extra hulp"},
	{word: "VVE", means: "spelen en taal leren voor jonge kinderen"},
	{word: "MR", means: "ouders en leerkrachten die meepraten"},
	{word: "BSO", means: "opvang na school"},
	{word: "TSO", means: "eten op school"},
	{word: "ontwikkelingsperspectief", means: "plan op papier voor één kind"},
	{word: "leerplichtambtenaar", means: "persoon van de gemeente die kijkt of kinderen naar school gaan"},
	{word: "schoolondersteuningsprofiel", means: "wat de school voor extra hulp geeft"},
	{word: "passend onderwijs", means: "elk kind leert op een school die past"},
	{word: "zelfstandig werken", means: "een kind werkt alleen aan een taak"},
}

// shorts are written short forms and what they mean.
var shorts = map[string]string{"bv.": "bijvoorbeeld", "bijv.": "bijvoorbeeld", "o.a.": "onder andere", "d.w.z.": "dat betekent", "m.b.t.": "over", "i.v.m.": "over", "i.p.v.": "in plaats van",
	"t.e.m.": "tot en met", "t/m": "tot en met", "a.u.b.": "alstublieft", "aub": "alstublieft", "s.v.p.": "alstublieft", "svp": "alstublieft", "nr.": "nummer", "blz.": "bladzijde", "dhr.": "meneer", "mevr.": "mevrouw", "mw.": "mevrouw",
	"ca.": "ongeveer", "max.": "hoogstens", "min.": "minstens", "incl.": "met", "excl.": "zonder", "evt.": "misschien", "t.a.v.": "voor", "n.a.v.": "na", "z.o.z.": "kijk ook op de achterkant",
	"enz.": "en nog meer", "etc.": "en nog meer", "p.p.": "per persoon", "w.o.": "zoals", "jl.": "laatst", "tss.": "tussen", "wo.": "woensdag", "ma.": "maandag", "di.": "dinsdag", "do.": "donderdag", "vr.": "vrijdag"}

// known are words in capitals that need no explanation.
var known = []string{"QR", "SMS", "PDF", "TV", "DVD", "USB", "A3", "A4", "A5", "OK", "NMBS", "MIVB", "EHBO"}

func jargon(text string, taken []Hint) []Hint {
	var out []Hint
	for _, t := range longestFirst() {
		for _, at := range occurrences(text, t.word) {
			found := text[at.from:at.to]
			capitals := t.word == strings.ToUpper(t.word)
			if overlaps(taken, at) || overlaps(out, at) || capitals && found != t.word || explained(text, at.to) {
				continue
			}
			h := Hint{Kind: Jargon, From: at.from, To: at.to, Found: found, Strong: capitals}
			if t.use != "" {
				h.Use = likeCase(t.use, found)
				h.Text = errs.T("Not every parent knows “{found}”. Everyday words are “{use}”.", "found", found, "use", t.use)
			} else {
				h.Use = found + " (" + t.means + ")"
				h.Text = errs.T("Not every parent knows “{found}”. Say what it is: {means}.", "found", found, "means", t.means)
			}
			out = append(out, h)
		}
	}
	return out
}

// longestFirst: "fijne motoriek" is found before "motoriek".
func longestFirst() []term {
	out := slices.Clone(terms)
	slices.SortStableFunc(out, func(a, b term) int { return len(b.word) - len(a.word) })
	return out
}

// explained: what stands in brackets behind a word says what it is.
func explained(text string, to int) bool {
	return strings.HasPrefix(strings.TrimLeft(text[to:], " "), "(")
}

// abbreviations finds short forms with dots, and words in capitals that nobody explains.
func abbreviations(text string, taken []Hint) []Hint {
	var out []Hint
	low := lower(text)
	for short, long := range shorts {
		for at := 0; ; {
			i := strings.Index(low[at:], short)
			if i < 0 {
				break
			}
			w := span{at + i, at + i + len(short)}
			at = w.to
			if letterBefore(low, w.from) || letterAfter(low, w.to) || strings.HasSuffix(low[:w.from], ".") || overlaps(taken, w) || endsSentence(text, short, w.to) {
				continue
			}
			found := text[w.from:w.to]
			out = append(out, Hint{Kind: Abbreviation, From: w.from, To: w.to, Found: found, Use: likeCase(long, found), Text: errs.T("“{found}” is a short form. Write it in full: {long}.", "found", found, "long", long)})
		}
	}
	for _, w := range words(text) {
		word := text[w.from:w.to]
		n := utf8.RuneCountInString(word)
		if n < 2 || n > 6 || !capitals(word) || slices.Contains(known, word) || overlaps(taken, w) || overlaps(out, w) || explained(text, w.to) || shouted(text) {
			continue
		}
		out = append(out, Hint{Kind: Abbreviation, From: w.from, To: w.to, Found: word, Strong: true, Text: errs.T("Not every parent knows “{found}”. Say what it is, or leave it out.", "found", word)})
	}
	return out
}

// endsSentence: "ik ga do." is a verb at the end and "min." there as well; only "enz." and "etc." are short forms there too.
func endsSentence(text, short string, to int) bool {
	if strings.Count(short, ".") > 1 || short == "enz." || short == "etc." || !strings.HasSuffix(short, ".") {
		return false
	}
	rest := strings.TrimLeft(text[to:], " ")
	return rest == "" || rest[0] == '\n' || unicode.IsUpper(firstRune(rest)) && len(short) <= 4
}

func capitals(word string) bool {
	for _, r := range word {
		if !unicode.IsUpper(r) {
			return false
		}
	}
	return true
}

// shouted tells whether a text is in capitals altogether: then they say nothing about abbreviations.
func shouted(text string) bool {
	up, all := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			all++
			if unicode.IsUpper(r) {
				up++
			}
		}
	}
	return up*2 > all
}

// sameThing are words that schools use for one thing. Which one a school takes is its own matter; two of them in one text
// make parents think of two things.
var sameThing = [][]string{
	{"refter", "eetzaal", "eetruimte", "kantine"},
	{"speelplaats", "koer", "schoolplein", "speelplein"},
	{"boekentas", "schooltas", "rugzak"},
	{"brooddoos", "boterhammendoos", "broodtrommel", "lunchbox"},
	{"turnzaal", "gymzaal", "sportzaal"},
	{"huiswerk", "huistaak", "huistaken"},
	{"leerkracht", "leraar", "lerares", "onderwijzer", "onderwijzeres"},
	{"oudercontact", "oudergesprek", "tienminutengesprek", "10-minutengesprek"},
	{"uitstap", "schooluitstap", "excursie", "schoolreis"},
	{"opvang", "naschoolse opvang", "bewaking"},
	{"agenda", "heen-en-weerschrift", "schriftje", "contactboekje"},
	{"turnkledij", "gymkleren", "sportkleren", "turnkleren"},
}

// Twice are words for one thing that stand beside each other in the pieces of one Dutch text, such as refter and eetzaal.
func Twice(texts []string) [][]string {
	var out [][]string
	all := strings.Join(texts, "\n")
	for _, set := range sameThing {
		var have []string
		for _, w := range set {
			if len(occurrences(all, w)) > 0 || len(occurrences(all, w+"en")) > 0 || len(occurrences(all, w+"s")) > 0 {
				have = append(have, w)
			}
		}
		if len(have) > 1 {
			out = append(out, have)
		}
	}
	return out
}
