package calendar

import (
	"slices"

	"brug/internal/lang"
)

// Kind is what an event is. A kind has one picture and one name in each language, and neither ever changes its meaning.
type Kind string

// The kinds.
const (
	NoSchool  Kind = "dayoff"
	Holiday   Kind = "holiday"
	Early     Kind = "early"
	Late      Kind = "late"
	Trip      Kind = "trip"
	Swim      Kind = "swim"
	Library   Kind = "library"
	Sports    Kind = "sports"
	Photo     Kind = "photo"
	Talks     Kind = "talks" // oudercontact
	Look      Kind = "look"
	Gathering Kind = "gathering"
	Visitor   Kind = "visitor"
	Show      Kind = "show"
	Party     Kind = "party"
	Bring     Kind = "bring"
	Report    Kind = "report"
	Other     Kind = "other"
)

type about struct {
	kind    Kind
	picture string // as in the phrase bank, where the same thing has a phrase
	name    string
	off     bool // nobody is at school
	words   bool // says nothing without words of the school's own
}

// kinds in the order of a list to choose from.
var kinds = []about{
	{NoSchool, "no", lang.MsgC("event", "No school"), true, false},
	{Holiday, "sun", lang.MsgC("event", "School holiday"), true, false},
	{Early, "clock", lang.MsgC("event", "School ends early"), false, false},
	{Late, "morning", lang.MsgC("event", "School starts late"), false, false},
	{Trip, "way", lang.MsgC("event", "School trip"), false, false},
	{Swim, "swim", lang.MsgC("event", "Swimming"), false, false},
	{Library, "book", lang.MsgC("event", "Library"), false, false},
	{Sports, "sport", lang.MsgC("event", "Sports day"), false, false},
	{Bring, "bag", lang.MsgC("event", "Bring something"), false, true},
	{Photo, "photo", lang.MsgC("event", "School photos"), false, false},
	{Talks, "talk", lang.MsgC("event", "Talk with the teacher"), false, false},
	{Gathering, "family", lang.MsgC("event", "Parents together"), false, false},
	{Look, "look", lang.MsgC("event", "Look inside the class"), false, false},
	{Show, "theatre", lang.MsgC("event", "The children show something"), false, false},
	{Party, "party", lang.MsgC("event", "Party at school"), false, false},
	{Visitor, "hello", lang.MsgC("event", "A visitor in the class"), false, false},
	{Report, "paper", lang.MsgC("event", "School report"), false, false},
	{Other, "today", lang.MsgC("event", "Something at school"), false, true},
}

// Kinds are all kinds, in the order of a list to choose from.
func Kinds() []Kind {
	out := make([]Kind, len(kinds))
	for i, k := range kinds {
		out[i] = k.kind
	}
	return out
}

func (k Kind) about() about {
	i := slices.IndexFunc(kinds, func(a about) bool { return a.kind == k })
	if i < 0 { // of a newer program
		i = len(kinds) - 1
	}
	return kinds[i]
}

// Known tells whether there is such a kind.
func (k Kind) Known() bool {
	return slices.ContainsFunc(kinds, func(a about) bool { return a.kind == k })
}

// Name is what it is called in a language.
func (k Kind) Name(l *lang.Locale) string { return l.C("event", k.about().name) }

// Picture is the name of its pictogram.
func (k Kind) Picture() string { return k.about().picture }

// Off tells whether nobody of those whom it concerns is at school then. The query DaysOff names the same kinds.
func (k Kind) Off() bool { return k.about().off }

// NeedsWords tells whether it says nothing without a line of the school's own.
func (k Kind) NeedsWords() bool { return k.about().words }
