package sheets

import (
	"slices"

	"brug/internal/material"
)

// Layout is how a kind stands on paper. Sizes of text are points, other lengths millimetres, both as on the first of its
// Sizes; on the others all grow or shrink with the paper.
type Layout struct {
	Kind  material.Kind
	Sizes []Size // the usual one first
	Text  float64
	Title float64

	Head     head
	Picture  float64 // of the whole; 0: not shown
	Above    bool    // the picture stands above the title, in the middle, instead of beside it
	Together bool    // several languages can stand on one page
	Answer   answer
	Writes   bool // there is something to write: the paper can come back to school

	Looks map[material.Role]look // where a role looks otherwise than usual
	Back  []material.Role        // what stands on the second side, with the close and the code, when printed on two
}

type head int8

const (
	plain      head = iota // whom it is for, and the school, in one small line
	letterhead             // logo, school, date; whom it is for
	banner                 // nothing above; logo and school at the foot
)

// answer is how large the way to the phone stands on the paper.
type answer int8

const (
	asLine  answer = iota // code beside two lines
	asSteps               // the three steps of answering
	asStamp               // a small code on a card
)

// layouts is the table: adding a kind is a row here and one in package material.
var layouts = []Layout{
	{Kind: material.Nudge, Sizes: []Size{A6, A5, A4}, Text: 16, Title: 20, Picture: 44, Above: true, Answer: asStamp},
	{Kind: material.QuestionSlip, Sizes: []Size{A4, A5}, Text: 13.5, Title: 25, Head: letterhead, Answer: asSteps, Writes: true},
	{Kind: material.HelpCard, Sizes: []Size{A4, A5}, Text: 14, Title: 27, Picture: 28, Back: []material.Role{material.Say, material.Easier, material.Harder},
		Looks: map[material.Role]look{material.Do: steps(24, 17)}},
	{Kind: material.ThemeLetter, Sizes: []Size{A4, A5}, Text: 13.5, Title: 24, Head: letterhead, Picture: 24,
		Looks: map[material.Role]look{material.Do: steps(14, 13.5)}},
	{Kind: material.WeekLetter, Sizes: []Size{A4, A5}, Text: 14, Title: 24, Head: letterhead, Picture: 24},
	{Kind: material.InfoSheet, Sizes: []Size{A4, A5}, Text: 13.5, Title: 26, Head: letterhead, Picture: 24},
	{Kind: material.Form, Sizes: []Size{A4}, Text: 12.5, Title: 24, Head: letterhead, Picture: 22, Writes: true},
	{Kind: material.Checklist, Sizes: []Size{A4, A5}, Text: 14.5, Title: 27, Head: letterhead, Picture: 24},
	{Kind: material.StepPlan, Sizes: []Size{A4, A5}, Text: 14, Title: 27, Head: letterhead, Picture: 24},
	{Kind: material.SampleLetter, Sizes: []Size{A4, A5}, Text: 13.5, Title: 24, Head: letterhead, Picture: 22, Writes: true},
	{Kind: material.Poster, Sizes: []Size{A4, A3}, Text: 30, Title: 54, Head: banner, Picture: 62, Above: true, Together: true,
		Looks: map[material.Role]look{material.Point: lines(38), material.Paragraph: lines(38)}},
	{Kind: material.Flyer, Sizes: []Size{A5, A4, A6}, Text: 13, Title: 24, Picture: 30},
	{Kind: material.SettlingInCard, Sizes: []Size{A6, A5, A4}, Text: 11.5, Title: 15.5, Picture: 18, Answer: asStamp,
		Looks: map[material.Role]look{material.Point: points(9, 0), material.Field: fields(8, 1)}},
	{Kind: material.WhoIsWho, Sizes: []Size{A4, A3}, Text: 17, Title: 42, Head: banner, Together: true},
	{Kind: material.HomeAgreements, Sizes: []Size{A4, A5}, Text: 13.5, Title: 26, Head: letterhead, Picture: 24,
		Looks: map[material.Role]look{material.Sign: signs(2)}},
	{Kind: material.Message, Sizes: []Size{A5, A4, A6}, Text: 14, Title: 21, Picture: 20, Looks: map[material.Role]look{material.Point: points(14, 0)}},
}

// usual is how a role looks where its kind says nothing else.
var usual = map[material.Role]look{
	material.Question:  questions,
	material.Paragraph: paragraphs,
	material.Subhead:   subheads,
	material.Point:     points(11, 0),
	material.Need:      needs,
	material.Do:        steps(15, 14),
	material.Say:       bubbles,
	material.Easier:    ways,
	material.Harder:    ways,
	material.Tick:      ticks,
	material.Step:      steps(11, 13),
	material.Field:     fields(9.5, 1),
	material.Sign:      signs(1),
	material.Who:       people,
	material.Agree:     agreements,
}

// For is how a kind stands on paper; a kind that is not in the table stands as a letter.
func For(k material.Kind) *Layout {
	i := slices.IndexFunc(layouts, func(l Layout) bool { return l.Kind == k })
	if i < 0 {
		i = slices.IndexFunc(layouts, func(l Layout) bool { return l.Kind == material.SampleLetter })
	}
	return &layouts[i]
}

// Usual is the size for one language, or for two beside each other, which need more room than a small card has.
func (l *Layout) Usual(both bool) Size {
	if both && l.Sizes[0] == A6 && len(l.Sizes) > 1 {
		return l.Sizes[1]
	}
	return l.Sizes[0]
}

// TwoSides tells whether the kind has a second side of its own.
func (l *Layout) TwoSides() bool { return len(l.Back) > 0 }

func (l *Layout) look(r material.Role) look {
	if own, ok := l.Looks[r]; ok {
		return own
	}
	return usual[r]
}
