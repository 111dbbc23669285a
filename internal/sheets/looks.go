package sheets

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/press"
)

// look draws parts of one role that follow each other. All sizes in it are those of the layout: composer.mm and pt scale.
type look func(c *composer, g group) []press.Block

// group is parts of one role that follow each other.
type group struct {
	role  material.Role
	parts []part
	of    int // parts of this role in the whole text
}

// part is a part with its words in the other language.
type part struct {
	material.SheetPart
	main material.Piece // in the school's language
	both bool           // main stands beside it
	at   int            // in the sheet, from 0
	n    int            // among those of its role, from 1
}

func (c *composer) groups() []group {
	var out []group
	count := map[material.Role]int{}
	for i, p := range c.Sheet.Parts {
		count[p.Role]++
		if n := len(out); n == 0 || out[n-1].role != p.Role {
			out = append(out, group{role: p.Role})
		}
		q := part{SheetPart: p, at: i, n: count[p.Role]}
		if c.both && i < len(c.Twin.Parts) {
			q.main, q.both = c.Twin.Parts[i].Piece, p.Lang != c.Main
		}
		g := &out[len(out)-1]
		g.parts = append(g.parts, q)
	}
	for i := range out {
		out[i].of = count[out[i].role]
	}
	return out
}

// draw is a group in the look of its role.
func (c *composer) draw(g group) []press.Block {
	draw := c.layout.look(g.role)
	if draw == nil {
		draw = paragraphs
	}
	out := draw(c, g)
	if len(out) == 0 {
		return nil
	}
	return append(out, c.gap(3))
}

// heads are what stands above a group on paper: named here, so that families have them in their language.
var heads = map[material.Role]string{
	material.Need: lang.Msg("What you need"), material.Do: lang.Msg("What you do"), material.Say: lang.Msg("What you can say or ask"),
	material.Easier: lang.Msg("Easier"), material.Harder: lang.Msg("Harder"),
}

func (c *composer) headed(r material.Role) []press.Block {
	head := func(tag string) press.Block {
		return press.Heading{Level: 3, Text: press.T(lang.For(tag).T(heads[r])), Style: coloured(c.style(tag, c.layout.Text*1.05), Deep)}
	}
	if c.both {
		return []press.Block{c.beside([]press.Block{head(c.Sheet.Lang)}, []press.Block{head(c.Main)})}
	}
	return []press.Block{head(c.Sheet.Lang)}
}

// listing is how the items of a list stand.
type listing struct {
	picture  float64 // mm
	text     float64 // 0: that of the layout
	numbered bool
	tick     bool
	bullet   bool
	gap      float64 // mm
}

func (o listing) item(c *composer, p part, t material.Piece, own bool) press.Item {
	it := press.Item{Text: press.Personal(t.Text), PictureSize: c.mm(o.picture)}
	if own {
		it.Picture = Pictogram(p.Pictogram) // decoration: the words beside it say the same
	}
	switch {
	case o.tick && own:
		it.Tick = true
	case o.numbered:
		it.Label, it.Badge = strconv.Itoa(p.n), true
	case o.bullet && it.Picture == nil:
		it.Label = "•"
	}
	return it
}

func (o listing) blocks(c *composer, parts []part) []press.Block {
	text := o.text
	if text == 0 {
		text = c.layout.Text
	}
	gap := c.mm(o.gap)
	for _, p := range parts {
		o.bullet = o.bullet && p.Pictogram == ""
	}
	var out []press.Block
	var list press.List
	flush := func() {
		if len(list.Items) > 0 {
			out = append(out, list)
		}
		list = press.List{}
	}
	for i, p := range parts {
		if p.both {
			flush()
			if i > 0 {
				out = append(out, press.Space{Height: gap})
			}
			side := func(t material.Piece, own bool) []press.Block {
				return []press.Block{press.List{Items: []press.Item{o.item(c, p, t, own)}, Style: c.style(t.Lang, text)}}
			}
			out = append(out, c.beside(side(p.Piece, true), side(p.main, false)))
			continue
		}
		if st := c.style(p.Lang, text); list.Lang != p.Lang {
			flush()
			list = press.List{Gap: gap, Style: st}
		}
		list.Items = append(list.Items, o.item(c, p, p.Piece, true))
	}
	flush()
	return out
}

// points are a list with pictures or bullets.
func points(picture, text float64) look {
	return func(c *composer, g group) []press.Block {
		return listing{picture: picture, text: text, bullet: true, gap: 2.4}.blocks(c, g.parts)
	}
}

// steps are numbered, what comes first above.
func steps(picture, text float64) look {
	return func(c *composer, g group) []press.Block {
		var out []press.Block
		if g.role == material.Do && g.parts[0].n == 1 {
			out = append(out, c.headed(g.role)...)
		}
		return append(out, listing{picture: picture, text: text, numbered: true, gap: 3.2}.blocks(c, g.parts)...)
	}
}

// needs stand in a box: things to take before one begins.
func needs(c *composer, g group) []press.Block {
	list := listing{picture: 9, text: c.layout.Text * 0.96, bullet: true, gap: 1.2}
	blocks := append(c.headed(g.role), list.blocks(c, g.parts)...)
	if half := (len(g.parts) + 1) / 2; len(g.parts) > 1 && !c.both && !c.narrow() {
		blocks = append(c.headed(g.role), press.Row{Gap: c.mm(5), Cells: []press.Cell{{Blocks: list.blocks(c, g.parts[:half])}, {Blocks: list.blocks(c, g.parts[half:])}}})
	}
	return []press.Block{press.Box{Fill: Tint, Pad: c.mm(3.5), Radius: c.mm(3), Blocks: blocks}}
}

// questions are numbered, with room to write below each: few questions leave more of it.
func questions(c *composer, g group) []press.Block {
	lines := 1
	switch g.of {
	case 1:
		lines = 5
	case 2:
		lines = 3
	case 3:
		lines = 2
	}
	picture := 15.0
	if c.Twin != nil {
		picture = 12
	}
	ask := func(p part, t material.Piece, own bool, lines int) []press.Block {
		it := press.Item{Label: strconv.Itoa(p.n) + ".", Text: press.Personal(t.Text), Lines: lines, LineGap: c.mm(10), PictureSize: c.mm(picture)}
		if own {
			it.Picture = Pictogram(p.Pictogram)
		}
		return []press.Block{press.List{Items: []press.Item{it}, Style: c.style(t.Lang, 15)}}
	}
	var out []press.Block
	for _, p := range g.parts {
		if p.both {
			out = append(out, c.beside(ask(p, p.Piece, true, 0), ask(p, p.main, false, 0)), press.WriteLines{N: lines, Gap: c.mm(8)}, c.gap(1.5))
			continue
		}
		out = append(append(out, ask(p, p.Piece, true, lines)...), c.gap(3))
	}
	return out
}

// paragraphs stand with their picture beside them, if they have one.
func paragraphs(c *composer, g group) []press.Block {
	var out []press.Block
	for i, p := range g.parts {
		if i > 0 {
			out = append(out, c.gap(1.5))
		}
		switch {
		case p.Pictogram != "":
			out = append(out, listing{picture: 11}.blocks(c, []part{p})...)
		case p.both:
			out = append(out, c.beside([]press.Block{c.para(p.Piece)}, []press.Block{c.para(p.main)}))
		default:
			out = append(out, c.para(p.Piece))
		}
	}
	return out
}

// subheads are small headings; those with a picture stand beside it.
func subheads(c *composer, g group) []press.Block {
	head := func(t material.Piece) press.Block {
		return press.Heading{Level: 2, Text: press.Personal(t.Text), Style: coloured(c.style(t.Lang, c.layout.Text*1.2), Deep)}
	}
	var out []press.Block
	for _, p := range g.parts {
		if p.at > 0 {
			out = append(out, c.gap(1.5))
		}
		if p.both {
			out = append(out, c.beside([]press.Block{head(p.Piece)}, []press.Block{head(p.main)}))
			continue
		}
		out = append(out, head(p.Piece))
	}
	return out
}

// bubbles are what can be said aloud.
func bubbles(c *composer, g group) []press.Block {
	out := c.headed(g.role)
	if short(g.parts, 44) && len(g.parts) > 1 && !c.both && !c.narrow() {
		half := (len(g.parts) + 1) / 2
		return append(out, press.Row{Gap: c.mm(5), Cells: []press.Cell{{Blocks: c.bubbles(g.parts[:half])}, {Blocks: c.bubbles(g.parts[half:])}}})
	}
	return append(out, c.bubbles(g.parts)...)
}

func (c *composer) bubbles(parts []part) []press.Block {
	var out []press.Block
	for _, p := range parts {
		say := func(t material.Piece) []press.Block {
			return []press.Block{press.Para{Text: press.Personal(t.Text), Style: c.style(t.Lang, c.layout.Text*1.04)}}
		}
		inner := say(p.Piece)
		if p.both {
			inner = []press.Block{c.beside(inner, say(p.main))}
		}
		bubble := press.Block(press.Box{Border: edge, Fill: press.RGB(0xFFFFFF), Radius: c.mm(4), Pad: c.mm(2.6), Speech: true, Blocks: inner})
		if picture := Pictogram(p.Pictogram); picture != nil {
			side := c.mm(11)
			bubble = press.Row{Gap: c.mm(3), Cells: []press.Cell{{Width: side, VAlign: press.Middle, Blocks: []press.Block{press.Image{Picture: picture, Width: side, Height: side}}}, {VAlign: press.Middle, Blocks: []press.Block{bubble}}}}
		}
		out = append(out, bubble, c.gap(3.4))
	}
	return out
}

// ways are an easier and a harder way: two boxes beside each other, drawn where the first of them stands.
func ways(c *composer, g group) []press.Block {
	if g.role == material.Harder && len(c.Sheet.Of(material.Easier)) > 0 {
		return nil // drawn with the easier one
	}
	var boxes []press.Block
	for _, p := range c.ways() {
		boxes = append(boxes, c.way(p))
	}
	if len(boxes) == 2 && !c.both && !c.narrow() {
		return []press.Block{press.Row{Gap: c.mm(5), Cells: []press.Cell{{Blocks: boxes[:1]}, {Blocks: boxes[1:]}}}}
	}
	var out []press.Block
	for i, b := range boxes {
		if i > 0 {
			out = append(out, c.gap(3))
		}
		out = append(out, b)
	}
	return out
}

// ways are all parts that make it easier or harder.
func (c *composer) ways() []part {
	var out []part
	for _, g := range c.groups() {
		if g.role == material.Easier || g.role == material.Harder {
			out = append(out, g.parts...)
		}
	}
	return out
}

func (c *composer) way(p part) press.Block {
	words := func(t material.Piece, own bool) []press.Block {
		head := press.Heading{Level: 3, Text: press.T(lang.For(t.Lang).T(heads[p.Role])), Style: coloured(c.style(t.Lang, c.layout.Text*0.96), Deep)}
		body := press.Para{Text: press.Personal(t.Text), Style: c.style(t.Lang, c.layout.Text*0.96)}
		if picture := Pictogram(p.Pictogram); own && picture != nil {
			side := c.mm(12)
			return []press.Block{press.Row{Gap: c.mm(3), Cells: []press.Cell{{Width: side, Blocks: []press.Block{press.Image{Picture: picture, Width: side, Height: side}}}, {Blocks: []press.Block{head, body}}}}}
		}
		return []press.Block{head, body}
	}
	inner := words(p.Piece, true)
	if p.both {
		inner = []press.Block{c.beside(inner, words(p.main, false))}
	}
	return press.Box{Fill: pale, Radius: c.mm(3), Pad: c.mm(3.2), Blocks: inner}
}

// ticks have a square to tick. Many short ones stand in two columns.
func ticks(c *composer, g group) []press.Block {
	list := listing{picture: 9, tick: true, gap: 2.6}
	if len(g.parts) < 4 || c.both || c.narrow() || !c.layout.Writes || !short(g.parts, 32) {
		return list.blocks(c, g.parts)
	}
	half := (len(g.parts) + 1) / 2
	return []press.Block{press.Row{Gap: c.mm(6), Cells: []press.Cell{{Blocks: list.blocks(c, g.parts[:half])}, {Blocks: list.blocks(c, g.parts[half:])}}}}
}

// short tells whether no text has more than n characters.
func short(parts []part, n int) bool {
	for _, p := range parts {
		if utf8.RuneCountInString(p.Text) > n {
			return false
		}
	}
	return true
}

// fields are a label with lines to write on; gap is the height of a line.
func fields(gap float64, lines int) look {
	return func(c *composer, g group) []press.Block {
		n := lines
		if c.layout.Writes && g.of <= 5 && len(c.Sheet.Parts) <= 12 && c.size != A6 {
			n++
		}
		var out []press.Block
		for i, p := range g.parts {
			if i > 0 {
				out = append(out, c.gap(2))
			}
			label := listing{picture: gap * 1.1}.blocks(c, []part{p})
			if p.Pictogram == "" && !p.both {
				label = []press.Block{c.para(p.Piece)}
			}
			out = append(out, press.Group{Keep: true, Blocks: append(label, press.WriteLines{N: n, Gap: c.mm(gap)})})
		}
		return out
	}
}

// signs are lines for dates and signatures: rows of them below the words.
func signs(rows int) look {
	return func(c *composer, g group) []press.Block {
		var out []press.Block
		for _, p := range g.parts {
			words := []press.Block{c.para(p.Piece)}
			if p.both {
				words = []press.Block{c.beside(words, []press.Block{c.para(p.main)})}
			}
			line := press.Row{Gap: c.mm(8), Cells: []press.Cell{{Blocks: []press.Block{press.WriteLines{N: 1, Gap: c.mm(13)}}}, {Weight: 1.6, Blocks: []press.Block{press.WriteLines{N: 1, Gap: c.mm(13)}}}}}
			if rows > 1 {
				line.Cells[1].Weight = 1
			}
			block := words
			for range rows {
				block = append(block, line)
			}
			out = append(out, press.Group{Keep: true, Blocks: block})
		}
		return out
	}
}

// people stand in a grid: photo, name, and what one can come for. Who has no photo has a disc with initials; who has no
// name yet has a line for it.
func people(c *composer, g group) []press.Block {
	columns := 2
	if c.both || c.narrow() || len(c.Also) > 2 {
		columns = 1
	}
	var out []press.Block
	for from := 0; from < len(g.parts); from += columns {
		row := press.Row{Gap: c.mm(6)}
		for i := from; i < from+columns; i++ {
			cell := press.Cell{}
			if i < len(g.parts) {
				cell.Blocks = []press.Block{c.person(g.parts[i])}
			}
			row.Cells = append(row.Cells, cell)
		}
		if from > 0 {
			out = append(out, c.gap(5))
		}
		out = append(out, row)
	}
	return out
}

func (c *composer) person(p part) press.Block {
	side := c.mm(32)
	var face press.Block
	photo := c.Photos[p.Photo]
	switch {
	case p.Photo != "" && photo != nil:
		face = press.Image{Picture: photo, Width: side, Round: true, Alt: p.Name}
	case p.Name != "" || Pictogram(p.Pictogram) == nil:
		face = press.Disc{Text: initials(p.Name), Side: side, Fill: pale, Border: edge, Color: Deep}
	default:
		face = press.Image{Picture: Pictogram(p.Pictogram), Width: side, Height: side}
	}
	var name press.Block = press.WriteLines{N: 1, Gap: c.mm(8)}
	if p.Name != "" {
		name = press.Para{Text: press.Text{{Text: p.Name, Bold: true, Lang: c.Main, Personal: true}}, Style: press.Style{Size: c.pt(c.layout.Text * 1.15)}}
	}
	words := []press.Block{name}
	switch {
	case len(c.Also) > 0:
		words = append(words, c.grid(c.pieces(p.at), c.layout.Text*0.85)...)
	case p.both:
		words = append(words, c.beside([]press.Block{c.para(p.Piece)}, []press.Block{c.para(p.main)}))
	default:
		words = append(words, c.para(p.Piece))
	}
	return press.Row{Gap: c.mm(4), Cells: []press.Cell{{Width: side, Blocks: []press.Block{face}}, {VAlign: press.Middle, Blocks: words}}}
}

// initials are the first letters of the first and the last name.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	first := func(w string) string {
		r, _ := utf8.DecodeRuneInString(w)
		return strings.ToUpper(string(r))
	}
	out := first(words[0])
	if len(words) > 1 {
		out += first(words[len(words)-1])
	}
	return out
}

// agreements are what a family agrees, each with room for who and when.
func agreements(c *composer, g group) []press.Block {
	var out []press.Block
	caption := func(id string) press.Block {
		return press.Para{Text: press.T(c.l.T(id)), Style: coloured(c.style(c.l.Tag(), c.layout.Text*0.8), Soft)}
	}
	for i, p := range g.parts {
		if i > 0 {
			out = append(out, c.gap(3))
		}
		words := listing{picture: 13, text: c.layout.Text * 1.05}.blocks(c, []part{p})
		room := press.Row{Gap: c.mm(8), Cells: []press.Cell{
			{Weight: 1, Blocks: []press.Block{press.WriteLines{N: 1, Gap: c.mm(8)}, caption(lang.Msg("Who?"))}},
			{Weight: 1.4, Blocks: []press.Block{press.WriteLines{N: 1, Gap: c.mm(8)}, caption(lang.Msg("When?"))}}}}
		out = append(out, press.Box{Border: edge, Radius: c.mm(3), Pad: c.mm(3.2), Blocks: append(words, room)})
	}
	return out
}
