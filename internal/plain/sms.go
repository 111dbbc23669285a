package plain

import "strings"

// Encoding is how the signs of an SMS travel.
type Encoding string

// The encodings.
const (
	GSM7 Encoding = "GSM-7" // seven bits a sign, the table of 3GPP TS 23.038
	UCS2 Encoding = "UCS-2" // sixteen bits a sign, for everything else
)

// The default alphabet of 3GPP TS 23.038, section 6.2.1, and its extension table, 6.2.1.1, whose signs take two places.
const (
	gsmBasic    = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€"
)

// SMS is what a text makes when it is sent as SMS.
type SMS struct {
	Encoding Encoding
	Units    int  // septets of GSM-7, or 16-bit units of UCS-2
	Segments int  // how many SMS are paid; 0 for no text
	Left     int  // units that still fit into the last one
	First    rune // the first sign that GSM-7 lacks; 0 if there is none
}

// Sizes of one SMS alone, and of each of several, which lose six bytes to the number that puts them together again.
const (
	gsmOne, gsmPart   = 160, 153
	ucs2One, ucs2Part = 70, 67
)

// Count says how many SMS a text makes. No SMS is cut within a sign: neither between the two halves of a sign of the
// extension table nor within a pair of surrogates, so a cut may leave a unit unused.
func Count(text string) SMS {
	s, _ := count(text)
	return s
}

// Split cuts a text into what each SMS carries; put together they are the text. Bytes that are no UTF-8 travel as one sign.
func Split(text string) []string {
	_, cuts := count(text)
	out := make([]string, 0, len(cuts)+1)
	from := 0
	for _, c := range cuts {
		out = append(out, text[from:c])
		from = c
	}
	if text != "" {
		out = append(out, text[from:])
	}
	return out
}

func count(text string) (s SMS, cuts []int) {
	s.Encoding = GSM7
	one, part, cost := gsmOne, gsmPart, gsmCost
	for _, r := range text {
		if gsmCost(r) == 0 {
			s.Encoding, s.First = UCS2, r
			one, part, cost = ucs2One, ucs2Part, ucs2Cost
			break
		}
	}
	for _, r := range text {
		s.Units += cost(r)
	}
	switch {
	case s.Units == 0:
		s.Left = one
		return s, nil
	case s.Units <= one:
		s.Segments, s.Left = 1, one-s.Units
		return s, nil
	}
	s.Segments = 1
	used := 0
	for i, r := range text {
		if used+cost(r) > part {
			cuts = append(cuts, i)
			s.Segments++
			used = 0
		}
		used += cost(r)
	}
	s.Left = part - used
	return s, cuts
}

// gsmCost is how many septets a sign takes; 0 if GSM-7 has none for it.
func gsmCost(r rune) int {
	switch {
	case strings.ContainsRune(gsmBasic, r):
		return 1
	case strings.ContainsRune(gsmExtended, r):
		return 2
	}
	return 0
}

func ucs2Cost(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// alike are signs that GSM-7 has in place of those that word processors put in.
var alike = map[rune]string{'’': "'", '‘': "'", '“': "\"", '”': "\"", '„': "\"", '–': "-", '—': "-", '…': "...", '\u00a0': " ", '\u202f': " ", '«': "\"", '»': "\"",
	'´': "'", '`': "'", 'ë': "e", 'ï': "i", 'ê': "e", 'î': "i", 'ô': "o", 'û': "u", 'â': "a", 'á': "a", 'í': "i", 'ó': "o", 'ú': "u", 'ç': "c"}

// Signs are hints about what makes an SMS of a text more than twice as short as it could be: signs that GSM-7 lacks. They
// make sense only in a language that GSM-7 can write but for a few signs; in others there are none.
func Signs(text string) []Hint {
	var out []Hint
	for i, r := range text {
		if gsmCost(r) != 0 {
			continue
		}
		use, known := alike[r]
		if !known {
			return nil // a name, a picture or another script: no sign for sign
		}
		out = append(out, Hint{Kind: Sign, From: i, To: i + len(string(r)), Found: string(r), Use: use, Text: signText(string(r))})
	}
	return out
}
