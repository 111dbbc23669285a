package roster

import (
	"regexp"
	"strings"
)

var (
	boxWord    = regexp.MustCompile(`(?i)^(?:bus|bte|boite|boîte|box|b|app(?:t)?|apt|/)\.?\s*`)
	numberEnd  = regexp.MustCompile(`(?i)^(.*?[\pL\d.')])[\s,]+(?:n[r°o]\.?\s*)?(\d{1,5}(?:\s?[-–]\s?\d{1,5})?(?:\s?[a-z])?)(?:[\s,]*(?:\b(?:bus|bte|boite|boîte|box|appt?|apt)\b\.?|\bb\.?|/|-)\s*([\pL\d./ -]{1,10}))?$`)
	numberHead = regexp.MustCompile(`(?i)^(\d{1,5}\s?[a-z]?)(?:\s*(?:bte|boîte|boite|bus|box)\s*([\pL\d]{1,6}))?\s*,\s*(\D.*)$`)
	numberOnly = regexp.MustCompile(`(?i)^(\d{1,5}(?:\s?[-–]\s?\d{1,5})?\s?[a-z]?)(?:[\s,]*(?:\b(?:bus|bte|boite|boîte|box|appt?|apt)\b\.?|b\.?|/|-)\s*([\pL\d./-]{1,10}))?$`)
	townEnd    = regexp.MustCompile(`(?i)^(.*?)[\s,;–-]*(?:\b[BF]-|\bNL-)?\b(\d{4}\s?[A-Z]{2}|\d{4,5})\b[\s,]+(\pL[\pL\s.'’()/-]*)$`)
	townAlone  = regexp.MustCompile(`(?i)^(?:[BF]-|NL-)?(\d{4}\s?[A-Z]{2}|\d{4,5})[\s,]+(\pL[\pL\s.'’()/-]*)$`)
	dutchCode  = regexp.MustCompile(`(?i)^(\d{4})\s?([a-z]{2})$`)
)

// ParseAddress takes an address in one cell apart: "Nieuwstraat 12 bus 3, 1000 Brussel", "12, rue Neuve, 1000 Bruxelles".
func ParseAddress(s string) Address {
	s = strings.TrimSpace(clean(s))
	if empty(s) {
		return Address{}
	}
	s = strings.ReplaceAll(s, "\n", ", ")
	var a Address
	for _, c := range []string{"belgië", "belgie", "belgique", "belgium", "nederland", "pays-bas", "netherlands", "france", "frankrijk"} {
		if low := strings.ToLower(s); strings.HasSuffix(low, c) && len(s) > len(c) && len(low) == len(s) {
			a.Country = s[len(s)-len(c):]
			s = strings.TrimRight(s[:len(s)-len(c)], " ,;-()")
			break
		}
	}
	if m := townEnd.FindStringSubmatch(s); m != nil {
		s, a.Postcode, a.Town = strings.TrimRight(m[1], " ,;-–("), m[2], m[3]
	}
	a.Street = s
	return a.tidy()
}

// tidy moves number and box out of the street's cell, postcode out of the town's, and writes each in one way.
func (a Address) tidy() Address {
	for _, p := range []*string{&a.Street, &a.Number, &a.Box, &a.Postcode, &a.Town, &a.Country} {
		*p = strings.Trim(oneLine(*p), " ,;")
		if p != &a.Number && p != &a.Box && empty(*p) || strings.Trim(*p, "-?/. ") == "" {
			*p = ""
		}
	}
	if a.Postcode == "" {
		if m := townAlone.FindStringSubmatch(a.Town); m != nil {
			a.Postcode, a.Town = m[1], m[2]
		}
	}
	if a.Number == "" && a.Street != "" {
		if m := numberEnd.FindStringSubmatch(a.Street); m != nil {
			a.Street, a.Number = m[1], m[2]
			if a.Box == "" {
				a.Box = m[3]
			}
		} else if m := numberHead.FindStringSubmatch(a.Street); m != nil {
			a.Number, a.Street = m[1], m[3]
			if a.Box == "" {
				a.Box = m[2]
			}
		}
	}
	if m := numberOnly.FindStringSubmatch(a.Number); m != nil {
		a.Number = m[1]
		if a.Box == "" {
			a.Box = m[2]
		}
	}
	a.Number = strings.ToUpper(strings.ReplaceAll(strings.ReplaceAll(a.Number, " ", ""), "–", "-"))
	a.Box = strings.ToUpper(strings.TrimSpace(boxWord.ReplaceAllString(a.Box, "")))
	if a.Box == "0" {
		a.Box = ""
	}
	if m := dutchCode.FindStringSubmatch(a.Postcode); m != nil {
		a.Postcode = m[1] + " " + strings.ToUpper(m[2])
	}
	for _, c := range []string{"B-", "BE-", "NL-", "F-"} {
		a.Postcode = strings.TrimPrefix(strings.ToUpper(a.Postcode), c)
	}
	a.Street, a.Town = recase(strings.TrimRight(a.Street, " ,;")), recase(a.Town)
	return a
}

// IsZero tells whether nothing is known.
func (a Address) IsZero() bool { return a == Address{} }

// String is the address in one line.
func (a Address) String() string {
	line := joinWords(a.Street, a.Number)
	if a.Box != "" {
		line += "/" + a.Box
	}
	if town := joinWords(a.Postcode, a.Town); town != "" {
		if line != "" {
			line += ", "
		}
		line += town
	}
	return line
}

var streetShort = map[string]string{"str": "straat", "straat": "straat", "ln": "laan", "pl": "plein", "stwg": "steenweg", "stw": "steenweg", "steenw": "steenweg",
	"av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "bvd": "boulevard", "blvd": "boulevard", "r": "rue", "ch": "chaussee", "chee": "chaussee",
	"st": "sint", "ste": "sainte"}

// Key makes two writings of one address equal, and is "" where the address is too little to tell a home: there must be
// a street with a number. Postcode counts before town, because towns have two names here.
func (a Address) Key() string {
	if a.Street == "" || a.Number == "" {
		return ""
	}
	var street strings.Builder
	for _, w := range strings.Fields(fold(a.Street)) {
		if long, ok := streetShort[w]; ok {
			w = long
		} else if base, ok := strings.CutSuffix(w, "str"); ok && base != "" {
			w = base + "straat"
		} else if base, ok := strings.CutSuffix(w, "stwg"); ok && base != "" {
			w = base + "steenweg"
		}
		street.WriteString(w)
	}
	place := fold(a.Postcode)
	if place == "" {
		place = fold(a.Town)
	}
	return street.String() + "|" + fold(a.Number) + "|" + fold(a.Box) + "|" + strings.ReplaceAll(place, " ", "")
}
