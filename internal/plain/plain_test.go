package plain

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// found are the hints of a kind, by what they found.
func found(hints []Hint, k Kind) []string {
	var out []string
	for _, h := range hints {
		if h.Kind == k {
			out = append(out, h.Found)
		}
	}
	return out
}

func TestLongSentences(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       int // hints
		strong     bool
	}{
		{"twelve words", "Vraag {child} onderweg naar huis: wat was vandaag leuk op het plein?", 0, false},
		{"thirteen words", "Vraag {child} onderweg naar huis: wat was vandaag heel leuk op het plein?", 1, false},
		{"more than twenty", "Op vrijdag gaan wij met de hele klas naar het bos en daar zoeken wij samen blaadjes die wij later in de klas op een blad plakken.", 1, true},
		{"two short ones", "Morgen gaan we naar het bos. Doe {child} goede schoenen aan, want het is nat.", 0, false},
		{"a short form ends nothing", "Geef {child} fruit mee, bv. een appel, een peer of een banaan, en ook een flesje water.", 1, false},
		{"a time is one word", "De school begint om 8.30 uur en de poort gaat open om 8.15 uur.", 1, false},
		{"lines end sentences", "Neem mee naar het bos morgen\neen jas en laarzen voor {child}\neen tas met eten en water", 0, false},
	} {
		got := found(Hints("nl", c.text, nil), Sentence)
		if len(got) != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
		for _, h := range Hints("nl", c.text, nil) {
			if h.Kind == Sentence && h.Strong != c.strong {
				t.Errorf("%s: strong is %v", c.name, h.Strong)
			}
		}
	}
}

func TestPassive(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"De kinderen worden om 8.15 uur verwacht.", true},
		{"Er wordt gevraagd om een jas mee te brengen.", true},
		{"Het fruit wordt door de school betaald.", true},
		{"De tekeningen werden gisteren opgehangen.", true},
		{"U krijgt bericht dat uw kind geholpen wordt.", true},
		{"De brief is door de directeur ondertekend.", true},
		{"De toets wordt vandaag besproken.", true},
		// false friends
		{"{child} wordt 6 jaar.", false},
		{"Het wordt koud, neem een jas mee.", false},
		{"Het wordt een gezellig feest.", false},
		{"Wij zijn door het park gewandeld.", false},
		{"De bus is vertrokken.", false},
		{"Wij zijn gisteren naar het museum geweest.", false},
		{"Als het donker wordt, verwacht de juf u aan de poort.", false},
		{"Wie wordt er deze week jarig in ons gezin?", false},
		{"Uw kind wordt gezond groot van fruit.", false},
		{"De kinderen worden blij van gedichten.", false},
		{"Wij helpen {child} elke dag.", false},
		{"Dat was 2 jaar geleden.", false},
		{"Uw kind wordt groter en vertelt steeds meer.", false},
		{"Het wordt laat en iedereen begint te gapen.", false},
		{"Ze wordt later dokter, want ze helpt graag.", false},
	} {
		if got := found(Hints("nl", c.text, nil), Passive); (len(got) > 0) != c.want {
			t.Errorf("%q: %q", c.text, got)
		}
	}
}

func TestJargonAndShortForms(t *testing.T) {
	for _, c := range []struct {
		text  string
		kind  Kind
		found string // "" for none
		use   string
	}{
		{"Het CLB komt op school.", Jargon, "CLB", "CLB (dienst die leerlingen, ouders en school helpt)"},
		{"Het CLB (dienst die helpt) komt op school.", Jargon, "", ""},
		{"Dinsdag is er een MDO over {child}.", Jargon, "MDO", "MDO (overleg over een kind met de school en helpers)"},
		{"Uw kind krijgt remediëring.", Jargon, "remediëring", "extra hulp"},
		{"Remediëring is op maandag.", Jargon, "Remediëring", "Extra hulp"},
		{"Spreek met de ib'er van de school.", Jargon, "ib'er", "ib'er (de persoon voor extra hulp)"},
		{"In groep 8 maken ze de IEP.", Jargon, "IEP", "IEP (een toets voor rekenen en taal)"},
		{"We oefenen de fijne motoriek.", Jargon, "fijne motoriek", "fijne motoriek (werken met de vingers)"},
		{"De kinderen zijn mr en mevrouw.", Jargon, "", ""},
		{"Breng bv. een appel mee.", Abbreviation, "bv.", "bijvoorbeeld"},
		{"Bv. een appel is lekker.", Abbreviation, "Bv.", "Bijvoorbeeld"},
		{"Antwoord a.u.b. voor vrijdag.", Abbreviation, "a.u.b.", "alstublieft"},
		{"Van 1 t/m 5 maart is er geen school.", Abbreviation, "t/m", "tot en met"},
		{"Wij werken met het XYZQ op school.", Abbreviation, "XYZQ", ""},
		{"Scan de QR en lees de PDF.", Abbreviation, "", ""},
		{"LEES DIT ALLES SAMEN.", Abbreviation, "", ""},
		{"Dat wil ik niet doen, en jij moet het ook niet do.", Abbreviation, "", ""},
	} {
		got := slices.DeleteFunc(Hints("nl", c.text, nil), func(h Hint) bool { return h.Kind != c.kind })
		switch {
		case c.found == "" && len(got) > 0:
			t.Errorf("%q: %+v", c.text, got)
		case c.found != "" && (len(got) != 1 || got[0].Found != c.found || got[0].Use != c.use):
			t.Errorf("%q: %+v", c.text, got)
		}
	}
}

func TestLongWords(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"De verantwoordelijkheid ligt bij ons.", []string{"verantwoordelijkheid"}},
		{"Wij eten boterhammen op school.", nil},
		{"{child} speelt met de kinderen in de bibliotheek.", nil},
		{"Wij bezoeken de tentoonstelling.", []string{"tentoonstelling"}},
		{"Wij wonen in Sint-Agatha-Berchem.", nil},
	} {
		if got := found(Hints("nl", c.text, nil), LongWord); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestTheSchoolsOwnWords(t *testing.T) {
	own := []Word{{Say: "refter", InsteadOf: "eetzaal"}}
	h := Hints("nl", "Eetzaal open! De eetzaal is groot, de eetzaaldeur ook.", own)
	if got := found(h, SchoolWord); !slices.Equal(got, []string{"Eetzaal", "eetzaal"}) {
		t.Fatalf("%q", got)
	}
	if h[0].Use != "Refter" || h[1].Use != "refter" {
		t.Errorf("%q and %q", h[0].Use, h[1].Use)
	}
	if got := found(Hints("fr", "La cantine est ouverte.", []Word{{Say: "réfectoire", InsteadOf: "cantine"}}), SchoolWord); len(got) != 1 {
		t.Errorf("in French: %q", got)
	}
	if got := Twice([]string{"Eet in de refter.", "De eetzaal is open."}); len(got) != 1 || !slices.Equal(got[0], []string{"refter", "eetzaal"}) {
		t.Errorf("twice: %q", got)
	}
	if got := Twice([]string{"Eet in de refter.", "De refter is open."}); got != nil {
		t.Errorf("once: %q", got)
	}
}

func TestOtherLanguagesHaveNoHints(t *testing.T) {
	if h := Hints("ar", "كلمة "+strings.Repeat("طويلة ", 40), []Word{{"a", "كلمة"}}); h != nil {
		t.Errorf("%v", h)
	}
	if h := Hints("fr", "Les enfants sont attendus à l’école par la directrice, qui leur donne à chacun un grand cahier.", nil); len(found(h, Sentence)) != 1 || len(h) != 1 {
		t.Errorf("%v", h)
	}
}

func TestSyllables(t *testing.T) {
	for word, want := range map[string]int{
		"kind": 1, "school": 1, "moeder": 2, "nieuwe": 2, "eeuw": 1, "draaien": 2, "koeien": 2, "ideeën": 3, "geïnteresseerd": 5, "beoordelen": 4, "reageren": 4,
		"bijeen": 2, "museum": 3, "fruit": 1, "yoghurt": 2, "baby": 2, "kwaliteit": 3, "aquarium": 4, "vrouw": 1, "{child}": 2, "CLB": 3, "12": 2, "verantwoordelijkheid": 6,
	} {
		if got := syllables(word); got != want {
			t.Errorf("%s: %d, want %d", word, got, want)
		}
	}
}

func TestReadingLevel(t *testing.T) {
	easy, ok := LevelOf("Morgen gaan we naar het bos. Doe goede schoenen aan. Neem ook een jas mee. We zijn terug om vier uur.")
	if !ok || easy.Score < 80 || easy.CEFR() != "A2" || easy.Words != 21 || easy.Sentences != 4 {
		t.Errorf("easy: %+v", easy)
	}
	hard, ok := LevelOf("Teneinde de ontwikkelingsgerichte zorgcontinuümbenadering te optimaliseren organiseert de onderwijsinstelling multidisciplinaire overlegmomenten aangaande individuele leerlingenbegeleiding.")
	if !ok || hard.Score != 0 || hard.CEFR() != "C1" {
		t.Errorf("hard: %+v", hard)
	}
	// 10 words, 2 sentences, 10 syllables: 206.84 − 77 − 4.65, which is more than the scale has
	if l, _ := LevelOf("De zon is er weer. Ik ga naar het bos."); l.Syllables != 10 && l.Syllables != 11 || l.Score != 100 {
		t.Errorf("top: %+v", l)
	}
	// 206.84 − 77×16/8 − 0.93×8
	if l, _ := LevelOf("Moeder vader kinder tafel appel water zomer winter."); l.Score != 45 {
		t.Errorf("by hand: %+v", l)
	}
	if _, ok := LevelOf(" … "); ok {
		t.Error("a text without words has no level")
	}
}

func TestHowManySMS(t *testing.T) {
	a := strings.Repeat
	for _, c := range []struct {
		name, text string
		want       SMS
	}{
		{"nothing", "", SMS{GSM7, 0, 0, 160, 0}},
		{"one", "Vraag Noor: wat was leuk?", SMS{GSM7, 25, 1, 135, 0}},
		{"exactly one", a("a", 160), SMS{GSM7, 160, 1, 0, 0}},
		{"one too many", a("a", 161), SMS{GSM7, 161, 2, 145, 0}},
		{"two full", a("a", 306), SMS{GSM7, 306, 2, 0, 0}},
		{"three", a("a", 307), SMS{GSM7, 307, 3, 152, 0}},
		{"the euro takes two", "€" + a("a", 158), SMS{GSM7, 160, 1, 0, 0}},
		{"braces and the backslash take two", `{}[]\~^|`, SMS{GSM7, 16, 1, 144, 0}},
		{"a pair is not cut at the end of an SMS", a("a", 152) + "€" + a("a", 10), SMS{GSM7, 164, 2, 141, 0}},
		{"é is in the table", "café à là ñ ö", SMS{GSM7, 13, 1, 147, 0}},
		{"ë is not", "Noël", SMS{UCS2, 4, 1, 66, 'ë'}},
		{"a curly quote is not", "foto’s", SMS{UCS2, 6, 1, 64, '’'}},
		{"Arabic, exactly one", a("س", 70), SMS{UCS2, 70, 1, 0, 'س'}},
		{"Arabic, two", a("س", 71), SMS{UCS2, 71, 2, 63, 'س'}},
		{"a picture takes two", "😀", SMS{UCS2, 2, 1, 68, '😀'}},
		{"a picture is not cut", a("س", 66) + "😀" + a("س", 10), SMS{UCS2, 78, 2, 55, 'س'}},
		{"no UTF-8", "a\xffb", SMS{UCS2, 3, 1, 67, utf8.RuneError}},
	} {
		if got := Count(c.text); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestAnyTextIsCutIntoSMSAndPutTogetherAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.SampledFrom([]rune("ab€{}é ë😀سشዲ\n")), 0, 600, -1),
			rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(t, "bytes")) })).Draw(t, "text")
		s, parts := Count(text), Split(text)
		if strings.Join(parts, "") != text {
			t.Fatalf("put together: %q", parts)
		}
		if len(parts) != s.Segments {
			t.Fatalf("%d parts, %d segments", len(parts), s.Segments)
		}
		one, part, cost := gsmOne, gsmPart, gsmCost
		if s.Encoding == UCS2 {
			one, part, cost = ucs2One, ucs2Part, ucs2Cost
		}
		units := 0
		for i, p := range parts {
			n := 0
			for _, r := range p {
				n += cost(r)
			}
			limit := part
			if len(parts) == 1 {
				limit = one
			}
			if n > limit || i == len(parts)-1 && limit-n != s.Left {
				t.Fatalf("part %d has %d of %d units, left %d", i, n, limit, s.Left)
			}
			if i+1 < len(parts) { // no room is wasted but for a pair that would be cut
				if next, _ := utf8.DecodeRuneInString(parts[i+1]); n+cost(next) <= limit {
					t.Fatalf("part %d has room for %q", i, next)
				}
			}
			units += n
		}
		if units != s.Units {
			t.Fatalf("%d units, counted %d", units, s.Units)
		}
	})
}

func TestHintsStandWhereTheySay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"De", "kinderen", "worden", "verwacht", "CLB", "remediëring", "bv.", "{child}", "{chi", "a.u.b.", "İstanbul", "straße", "😀", "school.", "Wij", ",", "\n", "eetzaal", "verantwoordelijkheid", "\xff", "1.5", "é"})
		text := strings.Join(rapid.SliceOfN(word, 0, 40).Draw(t, "words"), rapid.SampledFrom([]string{" ", "", "  "}).Draw(t, "space"))
		for _, tag := range []string{"nl", "fr"} {
			for _, h := range Hints(tag, text, []Word{{"refter", "eetzaal"}}) {
				if h.From < 0 || h.To > len(text) || h.From >= h.To || text[h.From:h.To] != h.Found {
					t.Fatalf("%+v in %q", h, text)
				}
				if out, ok := Replace(text, h.From, h.Found, h.Use); h.Use != "" && (!ok || !strings.Contains(out, h.Use)) {
					t.Fatalf("replaced: %q", out)
				}
			}
		}
		LevelOf(text)
	})
}

func TestAReplacementGoesOnlyWhereTheWordStillStands(t *testing.T) {
	if got, ok := Replace("Het CLB komt.", 4, "CLB", "de dienst"); !ok || got != "Het de dienst komt." {
		t.Errorf("%q", got)
	}
	if got, ok := Replace("Ons CLB", 5, "CLB", "x"); ok || got != "Ons CLB" {
		t.Errorf("%q", got)
	}
}

func TestSignsThatMakeAnSMSShort(t *testing.T) {
	h := Signs("Bekijk de foto’s … ")
	if len(h) != 2 || h[0].Use != "'" || h[1].Use != "..." {
		t.Errorf("%+v", h)
	}
	if h := Signs("سلام"); h != nil {
		t.Errorf("another script: %+v", h)
	}
}

func TestABookGetsNoHints(t *testing.T) {
	page := strings.Repeat("bv. ", 1000)
	if len(Hints("nl", page, nil)) == 0 {
		t.Error("a page gets none either")
	}
	if n := len(Hints("nl", strings.Repeat(page, 6), nil)); n != 0 {
		t.Errorf("%d hints", n)
	}
}
