package plain

import (
	"slices"
	"strings"

	"brug/internal/errs"
)

// The passive is found by its shape: a form of "worden" and a past participle in the same clause, or a form of "zijn" with
// a participle and "door". It does not parse: what has the shape of a participle and is none stands in a list.

var (
	worden = []string{"word", "wordt", "worden", "werd", "werden"}
	zijn   = []string{"is", "zijn", "was", "waren"}

	prefixes = []string{"aan", "af", "bij", "binnen", "door", "in", "klaar", "los", "mee", "na", "neer", "om", "op", "over", "rond", "samen", "tegen", "terug", "thuis", "toe", "uit", "vast", "voor", "vrij", "weg", "schoon"}

	// look like participles and are none
	notParticiples = sorted(`geen geven geloven gebeuren gebruiken genieten gelden geraken genezen gezond gezonde geduld geld gebied gebed gedicht gedichten geluid geluiden gevoelens gevoel gezinnen gezin
		gebouwen geheimen gerechten gerecht geschenken gezicht gezichten gedachten gewoonten gewoontes gegevens gevallen geleden gewoon gewicht gesprekken gebieden getallen gemeenten gemeente geest gebit gekend
		geliefd gemeend gewend gezeten verlegen verdriet verliefd verstand verwend verwant vervelend versierd verband beroemd bekend bereid bewust beleefd belast bejaard beest bent beeld best bord berust berucht beduusd
		bevriend ervaren onderweg overleden volwassen ontstaan gestorven geworden`)
	// strong participles without "ge", which no ending shows
	strong = sorted(`besproken beschreven besloten bekeken begrepen bewogen bezocht verboden vergeten verloren verzonden vervangen vergeleken verdwenen verkozen verwezen verbonden ontvangen ontslagen onthouden
		ondertekend herzien bedrogen bevolen bevonden begonnen verstaan voorzien overgenomen onderbroken`)
	// with "zijn" these are the perfect tense: going through the park is nothing that is done to anybody
	motion = sorted(`gewandeld gelopen gefietst gereden gegaan gekomen gekropen gevlogen gezwommen gesprongen gerend gestapt getrokken geweest gevaren gezakt gegroeid gevallen binnengekomen doorgegaan weggegaan gebleven geslaagd`)
)

func passive(text string, s span) []Hint {
	var out []Hint
	for _, c := range clauses(text, s) {
		var aux, participle, by span
		all := words(text[c.from:c.to])
		form := ""
		for _, w := range all {
			w := span{c.from + w.from, c.from + w.to}
			word := strings.ToLower(text[w.from:w.to])
			switch {
			case slices.Contains(worden, word) || form == "" && slices.Contains(zijn, word):
				aux, form = w, word
			case word == "door":
				by = w
			case isParticiple(word):
				participle = w
			}
		}
		if form == "" || participle.to == 0 {
			continue
		}
		if slices.Contains(zijn, form) {
			_, moves := slices.BinarySearch(motion, strings.ToLower(text[participle.from:participle.to]))
			if by.to == 0 || moves {
				continue
			}
		}
		from, to := min(aux.from, participle.from), max(aux.to, participle.to)
		out = append(out, Hint{Kind: Passive, From: from, To: to, Found: text[from:to], Text: errs.T("Here it is not clear at once who does it. Say who: “We …”, “The teacher …”, “You …”.")})
	}
	return out
}

// begins are words that begin a clause.
var begins = []string{"want", "maar", "omdat", "zodat", "terwijl", "als", "wanneer", "dat"}

// clauses cuts a sentence at its commas and at words that begin a clause.
func clauses(text string, s span) []span {
	at := []int{s.from, s.to}
	for i := s.from; i < s.to; i++ {
		if strings.IndexByte(",;:()", text[i]) >= 0 {
			at = append(at, i)
		}
	}
	for _, w := range words(text[s.from:s.to]) {
		if slices.Contains(begins, strings.ToLower(text[s.from+w.from:s.from+w.to])) {
			at = append(at, s.from+w.from)
		}
	}
	slices.Sort(at)
	at = slices.Compact(at)
	var out []span
	for i := 1; i < len(at); i++ {
		out = append(out, span{at[i-1], at[i]})
	}
	return out
}

// isParticiple tells whether a word in small letters has the shape of a Dutch past participle.
func isParticiple(word string) bool {
	if _, not := slices.BinarySearch(notParticiples, word); not {
		return false
	}
	if _, is := slices.BinarySearch(strong, word); is {
		return true
	}
	end := strings.HasSuffix(word, "d") || strings.HasSuffix(word, "t")
	ge := func(w string) bool {
		rest, ok := strings.CutPrefix(w, "ge")
		return ok && len(rest) >= 3 && (end || strings.HasSuffix(w, "en") || slices.Contains([]string{"gedaan", "gegaan", "gezien", "gestaan"}, w)) || w == "gedaan" || w == "gezien"
	}
	if ge(word) {
		return true
	}
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(word, p); ok && ge(rest) {
			return true
		}
	}
	for _, p := range []string{"be", "ver", "ont", "her"} {
		if rest, ok := strings.CutPrefix(word, p); ok && end && len(rest) >= 4 && !present(word) {
			return true
		}
	}
	return false
}

// present tells whether a word in -t can only be the present tense (vertelt, beweegt): the participle of such a verb ends in
// -d. After k, f, s, ch, p and x both end in -t, and the rest of the sentence must tell.
func present(word string) bool {
	stem, t := strings.CutSuffix(word, "t")
	return t && stem != "" && strings.IndexByte("lrnmwvzgbj", stem[len(stem)-1]) >= 0
}
