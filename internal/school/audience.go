package school

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	toddlerClass = regexp.MustCompile(`^(?:ko ?|k|kleuter(?:s|klas)? ?|(?:[a-z]+ )?maternelle ?|m)([0-3])\b|^(?:k|ko|m)([0-3])[a-z]?\b|^([123])(?:e|de|ste)? ?(?:k|kk|kl|kleuter|m|maternelle)`)
	gradeClass   = regexp.MustCompile(`^(?:l|lo|leerjaar|p|primaire|annee|grade|year|jaar) ?([1-6])`)
	groupClass   = regexp.MustCompile(`^(?:groep|gr|g) ?([1-8])`)
	plainClass   = regexp.MustCompile(`^([1-7])(?:e|de|ste|ere|eme)? ?`)
	firstWords   = []string{"peuter", "instap", "onthaal", "toddler", "accueil", "nursery", "k0"}
)

// GuessAudience tells the audience of a class from its name, and from the grade where the list has one; "" if neither
// tells. secondary says that numbers are years of a secondary school: "1A" is grade one in one school and the first year
// in the other, and nothing in a list tells which.
func GuessAudience(name, grade string, secondary bool) Audience {
	for _, s := range []string{Fold(name), Fold(grade)} {
		if a := guessAudience(s, secondary); a != "" {
			return a
		}
	}
	return ""
}

func guessAudience(s string, secondary bool) Audience {
	if s == "" {
		return ""
	}
	for _, w := range firstWords {
		if strings.HasPrefix(s, w) {
			return ToddlersYoung
		}
	}
	if m := toddlerClass.FindStringSubmatch(s); m != nil {
		return toddlers(m[1] + m[2] + m[3])
	}
	if strings.HasPrefix(s, "kleuter") || strings.HasPrefix(s, "maternelle") {
		return ToddlersOld
	}
	if m := groupClass.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		switch {
		case n == 1:
			return ToddlersYoung
		case n == 2:
			return ToddlersOld
		}
		return gradeAudience(n - 2)
	}
	if m := gradeClass.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		return gradeAudience(n)
	}
	if m := plainClass.FindStringSubmatch(s); m != nil {
		if len(s) > 1 && s[1] >= '0' && s[1] <= '9' { // a number of two digits: a year, a room
			return ""
		}
		n, _ := strconv.Atoi(m[1])
		if secondary || n == 7 {
			return Secondary
		}
		return gradeAudience(n)
	}
	if strings.HasPrefix(s, "brugklas") || strings.HasPrefix(s, "okan") || strings.HasPrefix(s, "secundair") {
		return Secondary
	}
	return ""
}

func toddlers(n string) Audience {
	if n == "0" || n == "1" {
		return ToddlersYoung
	}
	return ToddlersOld
}

func gradeAudience(n int) Audience {
	switch (n + 1) / 2 {
	case 1:
		return Grades12
	case 2:
		return Grades34
	case 3:
		return Grades56
	}
	return ""
}
