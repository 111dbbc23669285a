package material

import (
	"strconv"
	"strings"

	"brug/internal/lang"
)

// Lines is the sheet without its title as plain text, as a mail without pictures has it: a line for each part, with a
// heading where the parts need one. Each line says which language it is in.
func (s Sheet) Lines() []Piece {
	var out []Piece
	add := func(text string, p Piece) {
		if p.Text != "" {
			out = append(out, Piece{text, p.Lang})
		}
	}
	add(s.Intro.Text, s.Intro)
	var before Role
	n := 0
	for _, p := range s.Parts {
		if p.Role != before {
			before, n = p.Role, 0
			switch p.Role {
			case Need, Do, Say, Easier, Harder, Agree:
				head := p.Role.In(s.Lang)
				out = append(out, Piece{head.Text + ":", head.Lang})
			}
		}
		n++
		add(lineOf(p, n), p.Piece)
	}
	add(s.Close.Text, s.Close)
	return out
}

// In is the name of the role in a language, as a heading above parts; in the school language of this program where nobody
// has translated it yet.
func (r Role) In(tag string) Piece {
	l := lang.For(tag)
	if !l.Has(r.Text()) {
		l = lang.For(lang.Fallback)
	}
	return Piece{l.T(r.Text()), l.Tag()}
}

// lineOf is a part as a line of plain text; n counts those of its role that follow each other.
func lineOf(p SheetPart, n int) string {
	switch p.Role {
	case Question, Do, Step:
		return strconv.Itoa(n) + ". " + p.Text
	case Point, Need, Agree:
		return "- " + p.Text
	case Say:
		return "“" + p.Text + "”"
	case Tick:
		return "[ ] " + p.Text
	case Field, Sign:
		return strings.TrimRight(p.Text, ": ") + ": " + Blank
	case Who:
		return strings.TrimPrefix(p.Name+": ", ": ") + p.Text
	}
	return p.Text
}

// unmarked takes the isolating marks away: an SMS would be counted, and paid, as one of another script.
var unmarked = strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "")

// SMS is the sheet as an SMS: the whole of a nudge; of everything else the title and where to read it.
func (s Sheet) SMS(link string) string {
	text := s.Intro.Text
	if !s.Kind.Spec().SMS {
		text = s.Title.Text + ": " + link
	}
	return unmarked.Replace(strings.TrimSpace(text))
}
