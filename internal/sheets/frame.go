package sheets

import (
	"slices"
	"strings"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/pictogram"
	"brug/internal/press"
)

// The colours on paper: those of the screen, dark enough for a grey printer.
var (
	Deep = press.RGB(0x0F5257)
	Soft = press.RGB(0x50676B)
	Tint = press.RGB(0xF1EFE6)
	pale = press.RGB(0xE7F0EE)
	edge = press.RGB(0x9DB2B0)
)

// composer makes the pages of one text.
type composer struct {
	*Paper
	Text
	layout *Layout
	size   Size
	l      *lang.Locale // of the page
	k      float64      // lengths here against those of the layout
	both   bool         // two languages stand beside each other
}

func (c *composer) mm(v float64) float64 { return v * press.MM * c.k }
func (c *composer) pt(v float64) float64 { return v * c.k }

// narrow: two columns would be too slim to read.
func (c *composer) narrow() bool { return c.size == A6 }

func (c *composer) pages(twoSides bool) []press.Page {
	page := press.Page{Size: c.size.Press(), Lang: c.Sheet.Lang, MinScale: 0.6, AllShrinks: true, TextSize: c.pt(c.layout.Text), Accent: Deep, Margins: c.margins()}
	if c.layout.Together {
		page.MinScale = 0.3
	}
	if c.Child != "" {
		page.Header = []press.Block{press.Para{Text: press.Personal(c.forFamily()), Style: press.Style{Size: c.pt(c.layout.Text * 0.75), Color: Soft}}}
	}
	groups := c.groups()
	back := func(g group) bool { return twoSides && slices.Contains(c.layout.Back, g.role) }
	page.Blocks = append(c.top(), c.opening()...)
	for _, g := range groups {
		if !back(g) {
			page.Blocks = append(page.Blocks, c.draw(g)...)
		}
	}
	if !twoSides {
		page.Blocks = append(page.Blocks, c.closing()...)
		page.Footer = c.foot()
		return []press.Page{page}
	}
	rear := page
	rear.Behind, rear.Header = true, nil
	rear.Blocks = []press.Block{press.Heading{Level: 2, Text: press.Personal(c.Sheet.Title.Text), Style: coloured(c.style(c.Sheet.Title.Lang, c.layout.Title*0.7), Deep)}, c.gap(3)}
	for _, g := range groups {
		if back(g) {
			rear.Blocks = append(rear.Blocks, c.draw(g)...)
		}
	}
	rear.Blocks = append(rear.Blocks, c.closing()...)
	rear.Footer = c.foot()
	return []press.Page{page, rear}
}

func (c *composer) margins() press.Margins {
	switch c.size {
	case A3:
		return press.Margins{Top: 20 * press.MM, Bottom: 16 * press.MM, Start: 24 * press.MM, End: 24 * press.MM}
	case A5:
		return press.Margins{Top: 11 * press.MM, Bottom: 9 * press.MM, Start: 12 * press.MM, End: 12 * press.MM}
	case A6:
		return press.Margins{Top: 8 * press.MM, Bottom: 7 * press.MM, Start: 9 * press.MM, End: 9 * press.MM}
	}
	return press.Margins{Top: 15 * press.MM, Bottom: 12 * press.MM, Start: 18 * press.MM, End: 18 * press.MM}
}

func (c *composer) forFamily() string { return c.l.T("For the family of {child}", "child", c.Child) }

// Look is the style of a text in a language: each script is set so that it reads as large as Latin beside it. Arabic letters
// are drawn small in a tall line, Nastaliq and Ethiopic a little so.
func Look(tag string, size float64) press.Style {
	st := press.Style{Lang: tag, Size: size}
	switch base, _, _ := strings.Cut(tag, "-"); base {
	case "ar", "fa", "ps", "ckb", "ku":
		st.Size, st.Leading = size*1.2, 0.82
	case "ur":
		st.Size, st.Leading = size*1.1, 0.85
	case "ti", "am":
		st.Size = size * 1.1
	}
	return st
}

// style is Look at a size of the layout.
func (c *composer) style(tag string, size float64) press.Style { return Look(tag, c.pt(size)) }

func coloured(st press.Style, color press.Color) press.Style {
	st.Color = color
	return st
}

func (c *composer) gap(mm float64) press.Block { return press.Space{Height: c.mm(mm)} }

// Direction is that of a language, for what stands in another one on its page.
func Direction(l *lang.Locale) press.Dir {
	if l.Dir() == "rtl" {
		return press.RTL
	}
	return press.LTR
}

// Letterhead is logo, school and date in one line, in the direction of l.
func (p *Paper) Letterhead(l *lang.Locale) press.Block {
	row := press.Row{Gap: 4 * press.MM}
	if p.Logo != nil {
		row.Cells = append(row.Cells, press.Cell{Width: 22 * press.MM, VAlign: press.Middle, Blocks: []press.Block{press.Image{Picture: p.Logo, Width: 22 * press.MM, Height: 14 * press.MM, Alt: p.School}}})
	}
	row.Cells = append(row.Cells, press.Cell{VAlign: press.Middle, Lang: p.Main, Dir: Direction(l), Blocks: []press.Block{press.Para{Text: press.Text{{Text: p.School, Bold: true, Lang: p.Main, Color: Deep}}, Style: press.Style{Size: 12}}}})
	if !p.Printed.IsZero() {
		row.Cells = append(row.Cells, press.Cell{VAlign: press.Middle, Blocks: []press.Block{press.Para{Text: press.T(l.DateYear(p.Printed)), Style: press.Style{Size: 10.5, Color: Soft, Align: press.End}}}})
	}
	return row
}

// top is what stands above the text: the school, and whom it is for.
func (c *composer) top() []press.Block {
	var out []press.Block
	size := 12.0
	switch c.layout.Head {
	case letterhead:
		out = append(out, c.Letterhead(c.l), press.Space{Height: 7 * press.MM * c.size.share()})
	case plain:
		row := press.Row{Gap: c.mm(3)}
		if c.Child != "" {
			row.Cells = append(row.Cells, press.Cell{Weight: 1.4, Blocks: []press.Block{press.Para{Text: press.Personal(c.forFamily()), Style: press.Style{Size: c.small(), Color: Soft}}}})
		}
		row.Cells = append(row.Cells, press.Cell{Lang: c.Main, Dir: Direction(c.l), Blocks: []press.Block{press.Para{Text: press.Text{{Text: c.School, Lang: c.Main, Color: Deep, Bold: true}},
			Style: press.Style{Size: c.small(), Align: endIf(c.Child != "")}}}})
		return append(c.lacks(), row, c.gap(3))
	}
	out = append(out, c.lacks()...)
	if c.Child != "" {
		out = append(out, press.Para{Text: press.Personal(c.forFamily()), Style: press.Style{Size: c.pt(size), Color: Soft}, KeepWithNext: true})
	}
	return out
}

func endIf(yes bool) press.Align {
	if yes {
		return press.End
	}
	return press.Start
}

// small is the size of what is not the text itself.
func (c *composer) small() float64 { return max(7, 10.5*c.size.share()) }

// lacks says, in the reader's language, that the text is in another one.
func (c *composer) lacks() []press.Block {
	if !c.Sheet.Lacks || len(c.Also) > 0 {
		return nil
	}
	return []press.Block{press.Para{Text: press.T(c.l.T("This text is not there in your language yet. It is in {language}.", "language", lang.Name(c.Sheet.Lang, c.Sheet.Other))),
		Style: press.Style{Size: max(7.5, 11*c.size.share()), Color: Soft}}}
}

// opening is the title with its picture, and the first words.
func (c *composer) opening() []press.Block {
	if len(c.Also) > 0 {
		return c.openings()
	}
	s, picture := c.Sheet, Pictogram(c.Sheet.Picture)
	if c.layout.Picture == 0 {
		picture = nil
	}
	title := func(t material.Piece, size float64, align press.Align) press.Block {
		st := coloured(c.style(t.Lang, size), Deep)
		st.Align = align
		return press.Heading{Level: 1, Text: press.Personal(t.Text), Style: st}
	}
	size := c.layout.Title
	var out, words []press.Block
	align := press.Start
	if c.layout.Above && !c.both {
		align = press.Center
	}
	if c.both && (s.Title.Lang != c.Main || s.Intro.Lang != c.Main) {
		words = []press.Block{c.beside([]press.Block{title(s.Title, size*0.76, press.Start), c.para(s.Intro)}, []press.Block{title(c.Twin.Title, size*0.76, press.Start), c.para(c.Twin.Intro)})}
	} else {
		words = []press.Block{title(s.Title, size, align)}
		if s.Intro.Text != "" {
			st := c.style(s.Intro.Lang, c.layout.Text)
			st.Align = align
			words = append(words, press.Para{Text: press.Personal(s.Intro.Text), Style: st})
		}
	}
	switch {
	case picture == nil:
		out = append(out, words...)
	case c.layout.Above || c.both:
		side := c.mm(c.layout.Picture)
		if c.both && !c.layout.Above {
			side *= 0.7
		}
		out = append(out, press.Image{Picture: picture, Width: side, Height: side, Align: align})
		if c.layout.Above {
			out = append(out, c.gap(2))
		}
		out = append(out, words...)
	default:
		side := c.mm(c.layout.Picture)
		out = append(out, press.Row{Gap: c.mm(5), Cells: []press.Cell{{Blocks: words}, {Width: side, Blocks: []press.Block{press.Image{Picture: picture, Width: side, Height: side}}}}})
	}
	if len(s.Parts) > 0 {
		out = append(out, c.gap(5))
	}
	return out
}

func (c *composer) para(t material.Piece) press.Block {
	return press.Para{Text: press.Personal(t.Text), Style: c.style(t.Lang, c.layout.Text)}
}

// closing is the last words.
func (c *composer) closing() []press.Block {
	s := c.Sheet
	if len(c.Also) > 0 {
		var pieces []material.Piece
		for _, s := range c.sheets() {
			pieces = append(pieces, s.Close)
		}
		return append([]press.Block{c.gap(4)}, c.grid(pieces, c.layout.Text)...)
	}
	if s.Close.Text == "" {
		return nil
	}
	out := []press.Block{c.gap(2)}
	if c.both && s.Close.Lang != c.Main {
		return append(out, c.beside([]press.Block{c.para(s.Close)}, []press.Block{c.para(c.Twin.Close)}))
	}
	p := c.para(s.Close).(press.Para)
	if c.layout.Above {
		p.Align = press.Center
	}
	return append(out, p)
}

// beside puts two languages beside each other, level with one another.
func (c *composer) beside(mine, theirs []press.Block) press.Block {
	return press.Row{Gap: c.mm(8), Cells: []press.Cell{{Blocks: mine, Lang: c.Sheet.Lang}, {Blocks: theirs, Lang: c.Main}}}
}

// foot is the way to the phone, or for a wall the school; and who drew the pictures.
func (c *composer) foot() []press.Block {
	credit := c.credit()
	if c.layout.Head == banner {
		var out []press.Block
		if c.Logo != nil {
			out = append(out, press.Image{Picture: c.Logo, Width: c.mm(50), Height: c.mm(16), Align: press.Center, Alt: c.School})
		}
		return append(out, press.Para{Text: press.Text{{Text: c.School, Bold: true, Lang: c.Main, Color: Deep}}, Style: press.Style{Size: c.pt(13), Align: press.Center}}, credit)
	}
	if c.Code == nil {
		return []press.Block{credit}
	}
	switch c.layout.Answer {
	case asSteps:
		return append(c.steps(), credit)
	case asStamp:
		return []press.Block{c.stamp(), credit}
	}
	out := []press.Block{c.line()}
	if c.layout.Writes {
		out = append(out, c.noPhone())
	}
	return append(out, credit)
}

func (c *composer) credit() press.Block {
	var t press.Text
	if c.Code != nil && c.layout.Answer != asStamp {
		t = press.Text{{Text: c.l.T("The code works until {date}.", "date", c.l.DateYear(c.Expires)) + " "}}
	}
	st := press.Style{Size: max(5.5, 8*c.size.share()), Color: Soft}
	if c.layout.Head == banner {
		st.Align = press.Center
	}
	return press.Para{Text: append(t, press.Span{Text: c.l.T("Pictures: {credit}", "credit", pictogram.Credit)}), Style: st}
}

func (c *composer) site() string {
	return strings.TrimPrefix(strings.TrimPrefix(c.BaseURL, "https://"), "http://") + "/c"
}

func (c *composer) qr(side float64) press.Block {
	return press.QR{Payload: c.BaseURL + "/f/" + c.Code.Token, Side: side, Alt: c.l.T("Code that opens this text on a phone")}
}

// short is the code in digits. Its groups stand from left to right on every page (U+2066, U+2069): on a page from right to
// left they would change places, and who types what stands there types another code.
func (c *composer) short(size float64) press.Block {
	return press.Para{Text: press.Text{{Text: "\u2066" + c.Code.Short + "\u2069", Bold: true, Lang: "en", Color: Deep}}, Style: press.Style{Size: size, Lang: "en", Dir: Direction(c.l)}}
}

// whole tells whether the phone has all of the text in the reader's language. Where it has not, the paper promises nothing of the
// kind, and says what does work: to answer in one's own words.
func (c *composer) whole() bool { return !c.Sheet.Lacks && !c.Partly }

// opened is what the code opens, in one sentence.
func (c *composer) opened() string {
	if c.whole() {
		return c.l.T("See and hear this text in your language.")
	}
	return c.l.T("You can answer in your own language.")
}

func (c *composer) noPhone() press.Block {
	return press.Para{Text: press.T(c.l.T("No phone? Write on this paper and give it back to the school.")), Style: Look(c.l.Tag(), 11.5*c.size.share())}
}

// steps say how to answer: three steps beside the code, the code in digits for who types, and the way without a phone.
func (c *composer) steps() []press.Block {
	l, k := c.l, c.size.share()
	list := press.List{Gap: 2, Style: Look(l.Tag(), 11.5*k), Items: []press.Item{
		{Label: "1.", Text: press.T(l.T("Point the camera of your phone at this code."))},
		{Label: "2.", Text: press.T(l.T("See and hear the questions in your language."))},
		{Label: "3.", Text: press.T(l.T("Answer with one tap. You need no account."))},
	}}
	if !c.whole() {
		list.Items[1].Text, list.Items[2].Text = list.Items[2].Text, press.T(c.opened())
	}
	typed := []press.Block{
		list, press.Space{Height: 3},
		press.Para{Text: press.T(l.T("Or go to {site} and type:", "site", l.Isolate(c.site()))), Style: Look(l.Tag(), 11.5*k), KeepWithNext: true},
		c.short(18 * k),
	}
	side := max(24, 34*k) * press.MM
	return []press.Block{
		press.Box{Fill: Tint, Pad: 4 * press.MM * k, Radius: 3 * press.MM, Blocks: []press.Block{
			press.Row{Gap: 6 * press.MM * k, Cells: []press.Cell{{Width: side, Blocks: []press.Block{c.qr(side)}}, {VAlign: press.Middle, Blocks: typed}}},
		}},
		press.Space{Height: 2 * press.MM},
		c.noPhone(),
	}
}

// line says the same for a text that asks nothing: see and hear it.
func (c *composer) line() press.Block {
	l, k := c.l, c.size.share()
	side := max(22, 27*k) * press.MM
	words := []press.Block{
		press.Para{Text: press.T(l.T("Point the camera of your phone at this code.") + " " + c.opened()), Style: Look(l.Tag(), max(8, 11*k))},
		press.Para{Text: press.T(l.T("Or go to {site} and type:", "site", l.Isolate(c.site()))), Style: Look(l.Tag(), max(8, 11*k)), KeepWithNext: true},
		c.short(max(11, 16*k)),
	}
	return press.Box{Fill: Tint, Pad: 3 * press.MM * k, Radius: 3 * press.MM, Blocks: []press.Block{
		press.Row{Gap: 5 * press.MM * k, Cells: []press.Cell{{Width: side, Blocks: []press.Block{c.qr(side)}}, {VAlign: press.Middle, Blocks: words}}},
	}}
}

// stamp is the code of a card, with as few words as there is room for.
func (c *composer) stamp() press.Block {
	l := c.l
	side := max(20, 22*c.k) * press.MM
	words := []press.Block{
		press.Para{Text: press.T(c.opened()), Style: Look(l.Tag(), max(7.5, 7.5*c.k))},
		press.Para{Text: press.Text{{Text: "\u2066" + c.site() + "\u2069", Lang: "en"}}, Style: press.Style{Size: max(7.5, 8*c.k), Color: Soft, Lang: "en", Dir: Direction(l)}},
		c.short(max(11, 11*c.k)),
	}
	return press.Row{Gap: 3 * press.MM, Cells: []press.Cell{{Width: side, Blocks: []press.Block{c.qr(side)}}, {VAlign: press.Middle, Blocks: words}}}
}
