package material

import (
	"slices"

	"brug/internal/lang"
)

// Kind is what sort of material it is. What a kind may hold is one row of the table kinds; how it stands on paper is one
// row in package sheets. Nothing else knows kinds by name.
type Kind string

// The kinds.
const (
	Nudge          Kind = "nudge"             // one small thing to do or ask at home, this week
	QuestionSlip   Kind = "question slip"     // questions that a parent can ask the child about school
	HelpCard       Kind = "help card"         // an activity to do at home together
	ThemeLetter    Kind = "theme letter"      // the theme in class, and what to do with it at home
	WeekLetter     Kind = "week letter"       // what happened in class
	InfoSheet      Kind = "information sheet" // how something goes at school
	Form           Kind = "form"              // to be filled in
	Checklist      Kind = "checklist"         // points to tick
	StepPlan       Kind = "step plan"         // what to do, in order
	SampleLetter   Kind = "sample letter"     // a letter to change and send
	Poster         Kind = "poster"            // for the wall, in several languages at once
	Flyer          Kind = "flyer"             // for the bag: two to a sheet
	SettlingInCard Kind = "settling-in card"  // for a toddler's first days, four to a sheet
	WhoIsWho       Kind = "who-is-who"        // the school team with names, roles and photos
	HomeAgreements Kind = "home agreements"   // what a family agrees at home
	Message        Kind = "message"           // put together from phrases
)

// Role is what a part of a material is: a question, a step, a line to write on. It is also the first half of the part's
// name in the files of the library ("do2").
type Role string

// The roles.
const (
	Question  Role = "q"
	Paragraph Role = "p"
	Subhead   Role = "h"
	Point     Role = "li"
	Need      Role = "need"
	Do        Role = "do"
	Say       Role = "say"
	Easier    Role = "easier"
	Harder    Role = "harder"
	Tick      Role = "tick"
	Step      Role = "step"
	Field     Role = "field"
	Sign      Role = "sign"
	Who       Role = "who"
	Agree     Role = "agree"
)

// RoleSpec is what a kind allows of a role.
type RoleSpec struct {
	Role
	Min, Max int // how many parts of this role
	Length   int // characters at most in the main language
	Pictured bool
}

// KindSpec says what a kind may hold.
type KindSpec struct {
	Kind
	Folder   string     // in the library
	Name     string     // English message id: one of them
	Many     string     // English message id: the heading above several
	Roles    []RoleSpec // in the order in which an editor offers them
	Intro    int        // characters at most; 0: this kind has none
	Close    int        // the same
	Words    int        // in the whole text, in the main language; hints say when there are more; 0: no matter
	SMS      bool       // the intro is meant to fit one SMS
	Personal bool       // each family gets its own, with the child's name; else one for the wall or the team
	OwnOnly  bool       // made by schools, never shipped
}

// kinds is the table: adding a kind is a row here, a row in package sheets and a folder in the library.
var kinds = []KindSpec{
	{Kind: Nudge, Folder: "nudges", Name: lang.Msg("Nudge"), Many: lang.Msg("Nudges"), Intro: 160, SMS: true, Personal: true},
	{Kind: QuestionSlip, Folder: "slips", Name: lang.Msg("Question slip"), Many: lang.Msg("Question slips"), Intro: 300, Close: 300, Personal: true,
		Roles: []RoleSpec{{Question, 1, 6, 140, true}}},
	{Kind: HelpCard, Folder: "help-cards", Name: lang.Msg("Help card"), Many: lang.Msg("Help cards"), Intro: 300, Close: 200, Personal: true,
		Roles: []RoleSpec{{Need, 0, 6, 140, true}, {Do, 1, 6, 160, true}, {Say, 0, 4, 140, true}, {Easier, 0, 2, 160, true}, {Harder, 0, 2, 160, true}}},
	{Kind: ThemeLetter, Folder: "theme-letters", Name: lang.Msg("Theme letter"), Many: lang.Msg("Theme letters"), Intro: 500, Close: 300, Words: 150, Personal: true,
		Roles: []RoleSpec{{Paragraph, 0, 10, 600, true}, {Subhead, 0, 5, 80, false}, {Do, 0, 6, 200, true}, {Say, 0, 6, 140, true}, {Point, 0, 10, 200, true}}},
	{Kind: WeekLetter, Folder: "week-letters", Name: lang.Msg("Week letter"), Many: lang.Msg("Week letters"), Intro: 500, Close: 300, Words: 150, Personal: true,
		Roles: []RoleSpec{{Paragraph, 0, 10, 600, true}, {Subhead, 0, 5, 80, false}, {Say, 0, 6, 140, true}, {Point, 0, 10, 200, true}}},
	{Kind: InfoSheet, Folder: "sheets", Name: lang.Msg("Information sheet"), Many: lang.Msg("Information sheets"), Intro: 500, Close: 300, Words: 350, Personal: true,
		Roles: []RoleSpec{{Subhead, 0, 10, 80, true}, {Paragraph, 0, 20, 600, true}, {Point, 0, 30, 200, true}}},
	{Kind: Form, Folder: "forms", Name: lang.Msg("Form"), Many: lang.Msg("Forms"), Intro: 500, Close: 300, Words: 250, Personal: true,
		Roles: []RoleSpec{{Subhead, 0, 10, 80, false}, {Paragraph, 0, 10, 400, false}, {Field, 0, 20, 140, true}, {Tick, 0, 30, 140, true}, {Sign, 0, 2, 140, false}}},
	{Kind: Checklist, Folder: "checklists", Name: lang.Msg("Checklist"), Many: lang.Msg("Checklists"), Intro: 300, Close: 300, Words: 250, Personal: true,
		Roles: []RoleSpec{{Subhead, 0, 8, 80, false}, {Tick, 1, 30, 160, true}}},
	{Kind: StepPlan, Folder: "step-plans", Name: lang.Msg("Step plan"), Many: lang.Msg("Step plans"), Intro: 300, Close: 300, Words: 300, Personal: true,
		Roles: []RoleSpec{{Subhead, 0, 8, 80, false}, {Step, 2, 15, 240, true}, {Tick, 0, 20, 160, false}}},
	{Kind: SampleLetter, Folder: "sample-letters", Name: lang.Msg("Sample letter"), Many: lang.Msg("Sample letters"), Intro: 500, Close: 300, Words: 150, Personal: true,
		Roles: []RoleSpec{{Paragraph, 0, 10, 600, true}, {Subhead, 0, 5, 80, false}, {Point, 0, 10, 200, true}, {Tick, 0, 6, 140, true}, {Field, 0, 6, 140, true}, {Sign, 0, 2, 140, false}}},
	{Kind: Poster, Folder: "posters", Name: lang.Msg("Poster"), Many: lang.Msg("Posters"), Intro: 120, Close: 100,
		Roles: []RoleSpec{{Point, 0, 8, 90, true}, {Paragraph, 0, 6, 160, true}}},
	{Kind: Flyer, Folder: "flyers", Name: lang.Msg("Flyer"), Many: lang.Msg("Flyers"), Intro: 300, Close: 200, Words: 100, Personal: true,
		Roles: []RoleSpec{{Subhead, 0, 4, 80, false}, {Paragraph, 0, 6, 300, true}, {Point, 0, 8, 140, true}}},
	{Kind: SettlingInCard, Folder: "settling-in-cards", Name: lang.Msg("Settling-in card"), Many: lang.Msg("Settling-in cards"), Intro: 160, Close: 120, Words: 80, Personal: true,
		Roles: []RoleSpec{{Point, 0, 6, 90, true}, {Paragraph, 0, 4, 140, true}, {Field, 0, 5, 90, true}}},
	{Kind: WhoIsWho, Folder: "who-is-who", Name: lang.Msg("Who is who"), Many: lang.Msg("Who is who"), Intro: 200, Close: 200,
		Roles: []RoleSpec{{Who, 1, 40, 160, true}}},
	{Kind: HomeAgreements, Folder: "home-agreements", Name: lang.Msg("Home agreements"), Many: lang.Msg("Home agreements"), Intro: 300, Close: 200, Words: 150, Personal: true,
		Roles: []RoleSpec{{Subhead, 0, 6, 80, false}, {Agree, 1, 10, 160, true}, {Field, 0, 6, 140, true}, {Sign, 0, 2, 140, false}}},
	{Kind: Message, Name: lang.Msg("Message"), Many: lang.Msg("Messages"), Intro: 300, Close: 200, Words: 150, Personal: true, OwnOnly: true,
		Roles: []RoleSpec{{Point, 1, 12, 240, true}}},
}

// Kinds are all kinds, in the order in which they are shown.
func Kinds() []KindSpec { return slices.Clone(kinds) }

// Spec is what this kind may hold; the zero KindSpec for one that is not known.
func (k Kind) Spec() KindSpec {
	for _, s := range kinds {
		if s.Kind == k {
			return s
		}
	}
	return KindSpec{}
}

// Known tells whether k is a kind.
func (k Kind) Known() bool { return k.Spec().Kind != "" }

// Role is what this kind allows of a role; Max 0 if it has none of it.
func (s KindSpec) Role(r Role) RoleSpec {
	for _, have := range s.Roles {
		if have.Role == r {
			return have
		}
	}
	return RoleSpec{Role: r}
}

// roles are all roles, for who reads a file.
var roles = []Role{Question, Paragraph, Subhead, Point, Need, Do, Say, Easier, Harder, Tick, Step, Field, Sign, Who, Agree}

// Text is the English message id of the role's name, as an editor shows it above a part; empty for one that is not known.
func (r Role) Text() string {
	switch r {
	case Question:
		return lang.Msg("Question")
	case Paragraph:
		return lang.Msg("Paragraph")
	case Subhead:
		return lang.Msg("Heading")
	case Point:
		return lang.Msg("Point of a list")
	case Need:
		return lang.Msg("What you need")
	case Do:
		return lang.Msg("What you do")
	case Say:
		return lang.Msg("What you can say or ask")
	case Easier:
		return lang.Msg("Easier")
	case Harder:
		return lang.Msg("Harder")
	case Tick:
		return lang.Msg("Point to tick")
	case Step:
		return lang.Msg("Step")
	case Field:
		return lang.Msg("Line to fill in")
	case Sign:
		return lang.Msg("Date and signature")
	case Who:
		return lang.Msg("Person of the team")
	case Agree:
		return lang.Msg("Agreement")
	}
	return ""
}

// Support is one of the four kinds of support that a school gives to parents.
type Support string

// The kinds of support.
const (
	Learning Support = "learning" // parents are involved in what the child learns
	AtHome   Support = "home"     // help at home
	Skills   Support = "skills"   // parents' own skills
	Crisis   Support = "crisis"   // families in a difficult time
)

// Supports are the four, in the order in which they are shown.
func Supports() []Support { return []Support{Learning, AtHome, Skills, Crisis} }

// Text is the English message id of its name; empty for one that is not known.
func (s Support) Text() string {
	switch s {
	case Learning:
		return lang.Msg("Involved in learning")
	case AtHome:
		return lang.Msg("Help at home")
	case Skills:
		return lang.Msg("Parents' own skills")
	case Crisis:
		return lang.Msg("A difficult time")
	}
	return ""
}

// Reader is whom a material is written to.
type Reader string

// The readers.
const (
	ForFamily Reader = "family"
	ForTeam   Reader = "team" // the school's own people
)
