package roster

import (
	"regexp"
	"strings"
)

// ParsePhone turns a number as people write it into E.164 ("+32475123456"). A number without country is Belgian, or Dutch
// or French where its length says so; lost leading zeros (a spreadsheet's doing) are put back. ok is false where it
// cannot be a number.
//
// Lengths: Belgian fixed lines have nine digits with the zero, mobiles (045–049) ten; all Dutch and French numbers ten.
// Sources: the numbering plans of BIPT, ACM and ARCEP.
func ParsePhone(s string) (e164 string, ok bool) {
	s = strings.ReplaceAll(strings.TrimSpace(strings.ToLower(s)), "(0)", "")
	s = strings.TrimPrefix(s, "tel:")
	var b strings.Builder
	plus := false
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '+' && b.Len() == 0:
			plus = true
		case strings.ContainsRune(" \u00a0\u202f./-–()'_\u200e\u202a\u202c", r):
		default:
			return "", false
		}
	}
	d := b.String()
	if len(d) < 8 || strings.Trim(d, d[:1]) == "" {
		return "", false
	}
	switch {
	case plus:
		return international(d)
	case strings.HasPrefix(d, "00"):
		return international(d[2:])
	case d[0] == '0':
		return national(d)
	}
	for _, cc := range []string{"32", "31", "33", "352", "49", "212", "90", "40", "48", "351", "34"} {
		if strings.HasPrefix(d, cc) && len(d) >= 10 {
			return international(d)
		}
	}
	return national("0" + d)
}

func national(d string) (string, bool) {
	switch {
	case len(d) == 10 && d[1] == '4' && d[2] >= '5':
		return "+32" + d[1:], true
	case len(d) == 9 && d[1] != '0' && !(d[1] == '4' && d[2] >= '5'):
		return "+32" + d[1:], true
	case len(d) == 10 && d[1] == '7' && d[2] >= '3' && d[2] <= '8':
		return "+33" + d[1:], true // French mobile; Dutch 073–078 exist too, yet far more rarely in a school's list
	case len(d) == 10 && d[1] >= '1' && d[1] != '9' && d[1] != '8':
		return "+31" + d[1:], true
	case len(d) == 10 && d[1] == '8' && (d[2] == '5' || d[2] == '8'):
		return "+31" + d[1:], true
	}
	return "", false
}

func international(d string) (string, bool) {
	cut := func(cc string) string { return strings.TrimPrefix(d[len(cc):], "0") }
	switch {
	case strings.HasPrefix(d, "32"):
		n := cut("32")
		mobile := len(n) == 9 && n[0] == '4' && n[1] >= '5'
		return "+32" + n, mobile || len(n) == 8 && n[0] != '0'
	case strings.HasPrefix(d, "31"):
		n := cut("31")
		return "+31" + n, len(n) == 9
	case strings.HasPrefix(d, "33"):
		n := cut("33")
		return "+33" + n, len(n) == 9
	}
	return "+" + d, len(d) >= 8 && len(d) <= 15 && d[0] != '0'
}

// IsMobile tells whether an E.164 number can get an SMS, as far as the number itself tells: certain for Belgium, the
// Netherlands, France and Luxembourg; false for other countries' numbers, whose plans are not known here.
func IsMobile(e164 string) bool {
	n := len(e164)
	switch {
	case strings.HasPrefix(e164, "+324"):
		return n == 12 && e164[4] >= '5'
	case strings.HasPrefix(e164, "+316"):
		return n == 12
	case strings.HasPrefix(e164, "+336"), strings.HasPrefix(e164, "+337"):
		return n == 12
	}
	return strings.HasPrefix(e164, "+3526") && n == 13
}

var (
	brackets   = regexp.MustCompile(`\([^()0-9]*\)`)
	phoneParts = regexp.MustCompile(`(?i)\s*(?:[;,|&\n]|\s/\s|\s-\s|\b(?:en|of|et|ou|and|or)\b)\s*`)
	phoneWords = regexp.MustCompile(`(?i)\b(?:tel(?:efoon)?|t[ée]l|gsm|mob(?:iel|ile)?|thuis|werk|privé|prive|phone|mama|papa|moeder|vader|m[eè]re|p[eè]re|maison|travail|oma|opa)\b\.?:?`)
	exponent   = regexp.MustCompile(`(?i)^\d[.,]\d+e\+?\d+$`)
)

// phonesIn reads all numbers of a cell. bad are the pieces that are no number.
func phonesIn(cell string) (good, bad []string) {
	cell = clean(cell)
	if empty(cell) {
		return nil, nil
	}
	if p, ok := ParsePhone(cell); ok {
		return []string{p}, nil
	}
	bare := strings.TrimSpace(phoneWords.ReplaceAllString(brackets.ReplaceAllString(cell, " "), " "))
	if p, ok := ParsePhone(bare); ok {
		return []string{p}, nil
	}
	for _, piece := range phoneParts.Split(bare, -1) {
		piece = strings.Trim(piece, " :.-/")
		if piece == "" {
			continue
		}
		if p, ok := ParsePhone(piece); ok {
			good = addOnce(good, p)
			continue
		}
		ok := false
		if halves := strings.Split(piece, "/"); len(halves) > 1 { // "0475123456/0486123456"
			ok = true
			for _, h := range halves {
				p, fine := ParsePhone(h)
				if ok = ok && fine; fine {
					good = addOnce(good, p)
				}
			}
		}
		if !ok {
			bad = append(bad, piece)
		}
	}
	return good, bad
}

// lostDigits tells whether a spreadsheet has made a power of ten of a number ("3,2475E+10").
func lostDigits(cell string) bool { return exponent.MatchString(strings.TrimSpace(cell)) }

func addOnce(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

// mobilesFirst keeps the order otherwise.
func mobilesFirst(list []string) []string {
	var a, b []string
	for _, p := range list {
		if IsMobile(p) {
			a = append(a, p)
		} else {
			b = append(b, p)
		}
	}
	return append(a, b...)
}
