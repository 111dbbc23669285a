package roster

import (
	"regexp"
	"strings"
	"unicode"
)

// sample is how many filled cells of a column are looked at.
const sample = 200

// look is what the cells of a column look like, as shares (0 to 1) of the filled ones.
type look struct {
	filled, rows                           int
	mail, phone, date, postcode, lang      float64
	class, number, letters, twoWords       float64
	comma, caps, street, sex, secret, same float64
	distinct                               float64
	order                                  int // of full names, by their particles: above 0 the family name goes first
	sorted                                 int // 1 if the cells stand in the order of the alphabet
}

var (
	classForm    = regexp.MustCompile(`(?i)^(?:(?:klas|classe|class|groep|groupe|k|l|p|m|s)?\s?-?\d{1,2}(?:\s?e)?\s?[-./]?\s?[a-z]{0,6}\d?|[kpmlo]\s?\d\s?[a-z]{0,3}|(?:1e|2e|3e)\s?kk\s?\w?|kk\s?\d\w?|instap\w*|onthaal\w*|okan\w*|jk\s?\w?|ps)$`)
	postcodeForm = regexp.MustCompile(`(?i)^(?:(?:b-)?[1-9]\d{3}|[1-9]\d{3}\s?[a-z]{2}|(?:f-)?\d{5})$`)
	sexForm      = regexp.MustCompile(`(?i)^(?:m|v|f|x|man|vrouw|jongen|meisje|j|garçon|garcon|fille|boy|girl|male|female|h|homme|femme)$`)
	secretForm   = regexp.MustCompile(`^\d{2}[.\s]?\d{2}[.\s]?\d{2}[-.\s]?\d{3}[-.\s]?\d{2}$`) // Belgian national number
	phoneForm    = regexp.MustCompile(`^[+(]?[\d][\d\s./()+-]{7,}(?:\s*[;,/]\s*[+\d][\d\s./()-]{7,})*$`)
)

func lookAt(rows [][]string, col int) look {
	var l look
	seen := map[string]int{}
	sorted, unsorted := 0, 0
	frontPart, midPart := 0, 0
	prev := ""
	add := func(p *float64, yes bool) {
		if yes {
			*p++
		}
	}
	for _, r := range rows {
		if !blank(r) {
			l.rows++
		}
		if col >= len(r) {
			continue
		}
		c := oneLine(r[col])
		if empty(c) || l.filled >= sample {
			continue
		}
		l.filled++
		f := fold(c)
		seen[f]++
		_, isDate := ParseDate(c)
		if isDate && !numeric.MatchString(c) && len(c) < 8 && serial.MatchString(c) {
			isDate = false // a bare number may be anything
		}
		digits := onlyDigits(c)
		add(&l.mail, strings.Contains(c, "@"))
		add(&l.date, isDate && !secretForm.MatchString(c))
		add(&l.secret, secretForm.MatchString(c) && nationalNumber(digits))
		add(&l.postcode, postcodeForm.MatchString(c))
		add(&l.number, digits == c)
		add(&l.sex, sexForm.MatchString(c))
		add(&l.class, classForm.MatchString(c) && !postcodeForm.MatchString(c))
		if !isDate && phoneForm.MatchString(c) && len(digits) >= 8 {
			good, _ := phonesIn(c)
			add(&l.phone, len(good) > 0)
		}
		if len(c) >= 2 && digits == "" {
			tags, _, bad := langsIn(c)
			add(&l.lang, len(tags) > 0 && len(bad) == 0)
		}
		onlyLetters := lettersOnly(c)
		add(&l.letters, onlyLetters)
		ws := strings.Fields(c)
		add(&l.twoWords, onlyLetters && len(ws) >= 2)
		add(&l.comma, strings.Contains(c, ", "))
		add(&l.caps, allCaps(c))
		add(&l.street, digits != "" && len(ws) >= 2 && unicode.IsLetter([]rune(ws[0])[0]) && numberEnd.MatchString(c))
		if prev != "" {
			if f >= prev {
				sorted++
			} else {
				unsorted++
			}
		}
		prev = f
		if len(ws) >= 3 {
			if particles[fold(ws[0])] {
				frontPart++
			}
			for _, w := range ws[1 : len(ws)-1] {
				if particles[fold(w)] {
					midPart++
					break
				}
			}
		}
	}
	if l.filled == 0 {
		return l
	}
	n := float64(l.filled)
	for _, p := range []*float64{&l.mail, &l.phone, &l.date, &l.postcode, &l.lang, &l.class, &l.number, &l.letters, &l.twoWords, &l.comma, &l.caps, &l.street, &l.sex, &l.secret} {
		*p /= n
	}
	l.distinct = float64(len(seen)) / n
	l.order = frontPart - midPart
	if sorted+unsorted >= 6 && float64(sorted)/float64(sorted+unsorted) > 0.85 {
		l.sorted = 1
	}
	return l
}

// nationalNumber checks the two last figures of a Belgian national number.
func nationalNumber(d string) bool {
	if len(d) != 11 {
		return false
	}
	check := atoi(d[9:])
	return 97-atoi(d[:9])%97 == check || 97-atoi("2"+d[:9])%97 == check
}

func lettersOnly(s string) bool {
	some := false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.Is(unicode.M, r):
			some = true
		case strings.ContainsRune(" '-.,’&", r):
		default:
			return false
		}
	}
	return some
}

// fits says how well the cells fit a part, from -1 (cannot be) over 0 (says nothing) to 1 (just so).
func (l look) fits(p Part) float64 {
	if l.filled == 0 {
		return 0
	}
	few := l.filled < 3
	check := func(share, enough float64) float64 {
		switch {
		case share >= enough:
			return 1
		case share < 0.2 && !few:
			return -1
		}
		return 0
	}
	switch p {
	case Email:
		return check(l.mail, 0.7)
	case Phone, Mobile:
		return check(l.phone, 0.6)
	case partBorn:
		return check(l.date, 0.7)
	case Postcode:
		return check(l.postcode, 0.8)
	case Langs, partLetter:
		return check(l.lang, 0.6)
	case Given, Family, Name, FamilyName, Prefix, Town:
		if l.mail > 0.3 || l.phone > 0.3 || l.date > 0.3 || l.number > 0.5 {
			return -1
		}
	case partClass, partGrade:
		if l.mail > 0.3 || l.phone > 0.3 || l.date > 0.3 || l.street > 0.5 {
			return -1
		}
		if p == partClass && l.filled >= 20 && l.distinct > 0.9 {
			return -1
		}
	case ID, Number, Box:
		if l.mail > 0.3 || l.date > 0.6 {
			return -1
		}
		if p == ID && l.secret > 0.6 {
			return -1
		}
	case Street, FullAddress:
		if l.mail > 0.3 || l.date > 0.3 || l.phone > 0.3 {
			return -1
		}
	}
	return 0
}

// byContent guesses a part from the cells alone; how sure it is stays below what a good title gives.
func (l look) byContent() (Part, float64) {
	switch {
	case l.filled < 2:
		return "", 0
	case l.secret > 0.6, l.sex > 0.9:
		return partUnwanted, 0.6
	case l.mail > 0.7:
		return Email, 0.75
	case l.date > 0.8:
		return partBorn, 0.6
	case l.phone > 0.7:
		return Phone, 0.65
	case l.lang > 0.8 && l.distinct < 0.8:
		return Langs, 0.6
	case l.postcode > 0.9 && l.distinct < 0.9:
		return Postcode, 0.55
	case l.street > 0.7:
		return FullAddress, 0.5
	case l.class > 0.8 && l.distinct < 0.7:
		return partClass, 0.5
	case l.comma > 0.8 && l.letters > 0.8:
		return FamilyName, 0.5
	case l.letters > 0.9 && l.twoWords > 0.7 && l.distinct > 0.7:
		return Name, 0.4
	case l.number > 0.9 && l.distinct > 0.99 && l.filled > 3:
		return ID, 0.4
	case l.letters > 0.95 && l.distinct > 0.5:
		return Given, 0.25
	}
	return "", 0
}
