package sheets

import (
	"brug/internal/material"
	"brug/internal/press"
)

// Several languages on one page, for a wall: the pictures are shared, each language keeps its own direction.

// sheets are the text in all its languages, the page's own first.
func (c *composer) sheets() []material.Sheet { return append([]material.Sheet{c.Sheet}, c.Also...) }

// pieces are the words of a part in all languages.
func (c *composer) pieces(at int) []material.Piece {
	var out []material.Piece
	for _, s := range c.sheets() {
		if at < len(s.Parts) {
			out = append(out, s.Parts[at].Piece)
		}
	}
	return out
}

// crowd is how much smaller words stand when several languages share the page.
func (c *composer) crowd() float64 {
	switch n := 1 + len(c.Also); {
	case n == 1:
		return 1
	case n == 2:
		return 0.8
	case n <= 4:
		return 0.66
	}
	return 0.6
}

// grid puts the words in several languages beside and below each other: the first at the page's start.
func (c *composer) grid(pieces []material.Piece, size float64) []press.Block {
	var cells []press.Cell
	for _, t := range pieces {
		if t.Text == "" {
			continue
		}
		cells = append(cells, press.Cell{Lang: t.Lang, Blocks: []press.Block{press.Para{Text: press.Personal(t.Text), Style: c.style(t.Lang, size*c.crowd())}}})
	}
	return c.columns(cells)
}

// columns are cells in rows of two, or of three where there are more than four and room for it.
func (c *composer) columns(cells []press.Cell) []press.Block {
	n := min(2, len(cells))
	if len(cells) > 4 && c.layout.Head == banner {
		n = 3
	}
	var out []press.Block
	for from := 0; from < len(cells); from += max(n, 1) {
		row := press.Row{Gap: c.mm(10), Cells: append([]press.Cell(nil), cells[from:min(from+n, len(cells))]...)}
		for len(row.Cells) < n {
			row.Cells = append(row.Cells, press.Cell{})
		}
		if from > 0 {
			out = append(out, c.gap(1))
		}
		out = append(out, row)
	}
	return out
}

// openings are the titles and first words in all languages.
func (c *composer) openings() []press.Block {
	var out []press.Block
	if picture := Pictogram(c.Sheet.Picture); picture != nil && c.layout.Picture > 0 {
		side := c.mm(c.layout.Picture * 0.7)
		out = append(out, press.Image{Picture: picture, Width: side, Height: side, Align: press.Center}, c.gap(2))
	}
	var cells []press.Cell
	for _, s := range c.sheets() {
		blocks := []press.Block{press.Heading{Level: 1, Text: press.Personal(s.Title.Text), Style: coloured(c.style(s.Title.Lang, c.layout.Title*c.crowd()*0.85), Deep)}}
		if s.Intro.Text != "" {
			blocks = append(blocks, press.Para{Text: press.Personal(s.Intro.Text), Style: c.style(s.Intro.Lang, c.layout.Text*c.crowd())})
		}
		cells = append(cells, press.Cell{Lang: s.Title.Lang, Blocks: blocks})
	}
	out = append(out, c.columns(cells)...)
	return append(out, c.gap(5))
}

// lines are the points of a poster: a large picture, the words beside it.
func lines(picture float64) look {
	return func(c *composer, g group) []press.Block {
		side := c.mm(picture)
		if len(c.Also) > 0 {
			side *= 0.8
		}
		var out []press.Block
		for i, p := range g.parts {
			if i > 0 {
				out = append(out, c.gap(4))
			}
			words := c.grid(append([]material.Piece{p.Piece}, c.others(p.at)...), c.layout.Text)
			if p.both {
				words = []press.Block{c.beside([]press.Block{c.para(p.Piece)}, []press.Block{c.para(p.main)})}
			}
			drawing := Pictogram(p.Pictogram)
			if drawing == nil {
				out = append(out, words...)
				continue
			}
			out = append(out, press.Row{Gap: c.mm(7), Cells: []press.Cell{{Width: side, VAlign: press.Middle, Blocks: []press.Block{press.Image{Picture: drawing, Width: side, Height: side}}}, {VAlign: press.Middle, Blocks: words}}})
		}
		return out
	}
}

// others are the words of a part in the further languages.
func (c *composer) others(at int) []material.Piece {
	if len(c.Also) == 0 {
		return nil
	}
	return c.pieces(at)[1:]
}
