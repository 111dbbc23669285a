// Package sheetview draws a material of any kind as a family sees it on a phone: every part by its role, every text with
// its own language and direction, its picture and a listen button.
//
// Called by the family page and by the preview of the editor, which put it into a card of their own. The look is that of
// family.css. The package owns no tables.
package sheetview

import (
	"strconv"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/web/ui"
)

// View is a sheet and what the page around it knows.
type View struct {
	material.Sheet
	PhotoURL func(photo string) string // where the photo of a person of the team is found; nil: names without photos
	Voice    Voice                     // zero: nobody has read this text aloud
}

// Voice is a recording of the whole text by a person.
type Voice struct {
	URL     string
	Speaker string // name or role
}

// early is how many pictures are fetched with the page. Under the heading, the child's name and the first words no phone
// shows more of them before somebody scrolls; the others come when they are needed.
const early = 3

var tints = []ui.Tint{ui.Sand, ui.Sky, ui.Sage, ui.Rose}

// group is parts of one role that follow each other: they stand under one heading, as one list.
type group struct {
	role  material.Role
	lines []line
	first bool // of its role: what stands above it is said once
	below bool // a heading of the text itself stands right above it
	from  int  // the number of its first line, over all groups of the role: steps count on below another heading
}

// line is one text with its picture; it can be heard by itself.
type line struct {
	material.SheetPart
	id    string
	photo string // address
	late  bool   // the picture stands below the first screen
	tint  ui.Tint
}

// groups are the parts of the sheet in their order.
func (v View) groups() []group {
	var out []group
	pictures, count := 0, map[material.Role]int{}
	if v.face() != "" {
		pictures++
	}
	for i, p := range v.Parts {
		if len(out) == 0 || out[len(out)-1].role != p.Role {
			below := len(out) > 0 && out[len(out)-1].role == material.Subhead
			out = append(out, group{role: p.Role, first: count[p.Role] == 0, below: below, from: count[p.Role] + 1})
		}
		count[p.Role]++
		// The tint goes round, so that neighbours differ.
		l := line{SheetPart: p, id: "t" + strconv.Itoa(i+1), late: pictures >= early, tint: tints[i%len(tints)]}
		if p.Photo != "" && v.PhotoURL != nil {
			l.photo = v.PhotoURL(p.Photo)
		}
		if l.photo != "" || p.Pictogram != "" {
			pictures++
		}
		g := &out[len(out)-1]
		g.lines = append(g.lines, l)
	}
	return out
}

// intro and close are the first and the last words of the sheet.
func (v View) intro() line {
	return line{SheetPart: material.SheetPart{Part: material.Part{Pictogram: v.face()}, Piece: v.Intro}, id: "t0", tint: ui.Sage}
}

func (v View) close() line {
	return line{SheetPart: material.SheetPart{Piece: v.Close}, id: "tz"}
}

// heading is what stands above a group, an English message id; "" for what explains itself or was said above.
func (g group) heading() string {
	if !g.first {
		return ""
	}
	switch g.role {
	case material.Need: // these three as package material calls them; parents meet them here
		return lang.Msg("What you need")
	case material.Do:
		return lang.Msg("What you do")
	case material.Say:
		return lang.Msg("What you can say or ask")
	case material.Easier:
		return lang.Msg("Easier")
	case material.Harder:
		return lang.Msg("Harder")
	case material.Field:
		return lang.Msg("You write this on the paper")
	case material.Agree:
		if g.below {
			return ""
		}
		return lang.Msg("What we agree at home")
	}
	return ""
}

// class says how the parts of a group stand.
func (g group) class() string {
	switch g.role {
	case material.Do, material.Step:
		return "steps"
	case material.Point, material.Need:
		return "points"
	case material.Tick, material.Agree:
		return "ticks"
	case material.Field, material.Sign:
		return "fields"
	}
	return ""
}

// words is a text of ours in the sheet's language, and the language that it really is in: Dutch where nobody has translated
// it yet.
func words(l *lang.Locale, id string) material.Piece {
	if l.Has(id) {
		return material.Piece{Text: l.T(id), Lang: l.Tag()}
	}
	return material.Piece{Text: l.T(id), Lang: lang.Fallback}
}

// face is the picture of the whole beside the first words, unless the first part shows it too.
func (v View) face() string {
	if len(v.Parts) > 0 && v.Parts[0].Pictogram == v.Picture {
		return ""
	}
	return v.Picture
}
