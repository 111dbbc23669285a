// Package school knows who is at a school: classes and years, pupils, guardians with their rights, the households they
// live in, groups, and the import that brings them in from the school's own list.
//
// Everything above floor 4 asks it whom a page, a paper or a message is for (Homes), and only it decides that: a barred
// guardian, or one who may not be contacted, never comes out of it. Pages (schoolweb), the command line and jobs call the
// same operations; each asks the Actor, applies the rules of this package, writes, and journals in one transaction.
//
// Tables: schools (made by package auth when a school is accepted), classes, pupils, enrolments, households,
// household_pupils, guardians, guardian_rights, groups, group_pupils, roster_mappings, imports.
package school

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"brug/internal/lang"

	"golang.org/x/text/unicode/norm"
)

// Audience is for whom a text is meant: the age of a class, not of a child. The same words as in package material.
type Audience string

// The audiences, youngest first.
const (
	ToddlersYoung Audience = "youngest toddlers" // Flanders: instap, K1; the Netherlands: peuters, groep 1
	ToddlersOld   Audience = "older toddlers"    // K2, K3; groep 2
	Grades12      Audience = "grades 1-2"        // L1, L2; groep 3, 4
	Grades34      Audience = "grades 3-4"
	Grades56      Audience = "grades 5-6"
	Secondary     Audience = "secondary"
)

// Audiences are all of them, youngest first.
var Audiences = []Audience{ToddlersYoung, ToddlersOld, Grades12, Grades34, Grades56, Secondary}

// Known tells whether a is an audience; "" (not told) is not.
func (a Audience) Known() bool { return slices.Contains(Audiences, a) }

// Text is the English message id of the audience's name.
func (a Audience) Text() string {
	switch a {
	case ToddlersYoung:
		return lang.Msg("Youngest toddlers")
	case ToddlersOld:
		return lang.Msg("Older toddlers")
	case Grades12:
		return lang.Msg("Grades 1 and 2")
	case Grades34:
		return lang.Msg("Grades 3 and 4")
	case Grades56:
		return lang.Msg("Grades 5 and 6")
	case Secondary:
		return lang.Msg("Secondary school")
	}
	return lang.Msg("Age not chosen yet")
}

// Reading says how a guardian takes in a text.
type Reading string

// The ways of reading, as stored.
const (
	ReadsWell Reading = "well"
	Simple    Reading = "simple" // simple words and pictures
	Listens   Reading = "listen" // rather listens
)

// Readings are all of them.
var Readings = []Reading{ReadsWell, Simple, Listens}

// Text is the English message id.
func (r Reading) Text() string {
	switch r {
	case Simple:
		return lang.Msg("Simple words and pictures")
	case Listens:
		return lang.Msg("Rather listens")
	}
	return lang.Msg("Reads well")
}

// Road is a way to reach a guardian.
type Road string

// The roads, as stored.
const (
	Mail  Road = "mail"
	SMS   Road = "sms"
	Paper Road = "paper"
	Call  Road = "call"
)

// AllRoads are all of them, in the order in which they are offered.
var AllRoads = []Road{Paper, SMS, Mail, Call}

// Text is the English message id.
func (r Road) Text() string {
	switch r {
	case Mail:
		return lang.Msg("E-mail")
	case SMS:
		return lang.Msg("SMS")
	case Call:
		return lang.Msg("Phone call")
	}
	return lang.Msg("Paper")
}

// Relations are the words a person can choose for a guardian's relation to the pupils; anything else may be typed.
// They are for reading only: rights decide what somebody may see.
var Relations = []string{"mother", "father", "parent", "stepparent", "fosterparent", "grandparent", "guardian", "sibling", "other"}

// RelationText is the message id of a chosen relation, or the typed words themselves with ok false.
func RelationText(relation string) (id string, ok bool) {
	switch relation {
	case "mother":
		return lang.Msg("Mother"), true
	case "father":
		return lang.Msg("Father"), true
	case "parent":
		return lang.Msg("Parent"), true
	case "stepparent":
		return lang.Msg("Step-parent"), true
	case "fosterparent":
		return lang.Msg("Foster parent"), true
	case "grandparent":
		return lang.Msg("Grandparent"), true
	case "guardian":
		return lang.Msg("Legal guardian"), true
	case "sibling":
		return lang.Msg("Brother or sister"), true
	case "other":
		return lang.Msg("Somebody else"), true
	}
	return relation, false
}

// Rights are what a guardian may do about one pupil. No row means no right at all.
type Rights struct {
	See     bool // may see what is about the pupil
	Decide  bool // may decide: consent, agreements
	Contact bool // the school may contact this person about the pupil
	Barred  bool // a judge or the school forbids it: sees and hears nothing, whatever else is ticked
}

// AllRights are what a guardian starts with.
var AllRights = Rights{See: true, Decide: true, Contact: true}

// Reached tells whether what is about the pupil may be sent to the guardian.
func (r Rights) Reached() bool { return r.See && r.Contact && !r.Barred }

// Clean makes rights agree with each other: who is barred has none.
func (r Rights) Clean() Rights {
	if r.Barred {
		return Rights{Barred: true}
	}
	return r
}

// YearOf is the school year of a date: "2026-2027". A year begins in August, when schools of the Netherlands do and those
// of Flanders prepare theirs.
func YearOf(t time.Time) string {
	y := t.Year()
	if t.Month() < time.August {
		y--
	}
	return yearFrom(y)
}

// NextYear is the school year after a year.
func NextYear(year string) string {
	y := 0
	for _, c := range year[:min(4, len(year))] {
		if c < '0' || c > '9' {
			return ""
		}
		y = y*10 + int(c-'0')
	}
	return yearFrom(y + 1)
}

func yearFrom(y int) string {
	return itoa(y) + "-" + itoa(y+1)
}

// Fold is the form in which names are searched and compared: lower case, without accents and signs, one space between
// words. Scripts without cases stay as they are.
func Fold(s string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == 'ʼ':
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		switch r { // letters that have no decomposition
		case 'ß':
			b.WriteString("ss")
		case 'æ':
			b.WriteString("ae")
		case 'œ':
			b.WriteString("oe")
		case 'ø':
			b.WriteByte('o')
		case 'ł':
			b.WriteByte('l')
		case 'đ', 'ð':
			b.WriteByte('d')
		case 'þ':
			b.WriteString("th")
		case 'ı':
			b.WriteByte('i')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// FoldName is how a pupil's name is stored for search and order: family name first.
func FoldName(given, family string) string {
	return strings.TrimSpace(Fold(family) + " " + Fold(given))
}

// NaturalCompare orders class names as people do: 2B before 10A, K3 before L1.
func NaturalCompare(a, b string) int {
	x, y := []rune(Fold(a)), []rune(Fold(b))
	i, j := 0, 0
	for i < len(x) && j < len(y) {
		if unicode.IsDigit(x[i]) && unicode.IsDigit(y[j]) {
			m, n := digits(x, i), digits(y, j)
			u, v := strings.TrimLeft(string(x[i:m]), "0"), strings.TrimLeft(string(y[j:n]), "0")
			if len(u) != len(v) {
				return len(u) - len(v)
			}
			if c := strings.Compare(u, v); c != 0 {
				return c
			}
			i, j = m, n
			continue
		}
		if x[i] != y[j] {
			return int(x[i]) - int(y[j])
		}
		i++
		j++
	}
	if c := (len(x) - i) - (len(y) - j); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

func digits(r []rune, from int) int {
	for from < len(r) && unicode.IsDigit(r[from]) {
		from++
	}
	return from
}

// split and join keep short lists of words (languages, roads) in one column.
func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

func join(words []string) string { return strings.Join(words, ",") }
