package press

// Marks that are no text: squares to tick, discs with a number or initials, the tail of a speech bubble.

// Sizes of marks beside a text, in text sizes.
const (
	badgeSide = 1.75
	tickSide  = 1.05
	middle    = 0.34 // of a line's letters, above the baseline
)

type squareNode struct{ side float64 }

func (n *squareNode) height() float64                 { return n.side }
func (n *squareNode) draw(c *canvas, x, y float64)    { c.frame(x, y, n.side, RGB(0x5B6B6A)) }
func (n *squareNode) split(_, _ float64) (node, node) { return nil, n }

// discNode is a circle with a short text in its middle.
type discNode struct {
	text         *textNode // nil for none
	side, shift  float64
	fill, border Color
}

// newDisc takes the text for its own: one line, in the middle, in this colour.
func newDisc(text *textNode, side float64, fill, border, ink Color) *discNode {
	t := *text
	t.align, t.width, t.ink = Center, side, ink
	return &discNode{text: &t, side: side, fill: fill, border: border}
}

func (b Disc) layout(s *setter, c column) (node, error) {
	side := min(b.Side*s.things, c.width)
	if b.Fill == 0 {
		b.Fill = c.accent
	}
	if b.Color == 0 {
		b.Color = RGB(0xFFFFFF)
	}
	n := &discNode{side: side, fill: b.Fill, border: b.Border}
	if b.Text != "" && side > 0 {
		inner := c
		inner.width = 4 * side // the letters are made to fit below
		st := Style{Size: 0.38 * side / s.scale, Bold: true}
		text, err := s.text(Personal(b.Text), st, inner, "")
		if err != nil {
			return nil, err
		}
		if w := text.widest(); w > 0.8*side {
			st.Size *= 0.8 * side / w
			if text, err = s.text(Personal(b.Text), st, inner, ""); err != nil {
				return nil, err
			}
		}
		n = newDisc(text, side, b.Fill, b.Border, b.Color)
	}
	n.shift = offset(c.width, side, s.align(b.Align, c.rtl), c.rtl)
	return n, nil
}

func (n *discNode) height() float64 { return n.side }

func (n *discNode) draw(c *canvas, x, y float64) {
	x += n.shift
	c.box(x, y, n.side, n.side, n.side/2, n.fill, n.border)
	if n.text != nil {
		n.text.draw(c, x, y+n.side/2+middle*n.text.size-n.text.baseline())
	}
}

func (n *discNode) split(_, _ float64) (node, node) { return nil, n }

// tail draws the tail of a speech bubble below its box: on the side where the text starts.
func (c *canvas) tail(x, y float64, n *boxNode) {
	const wide, long, in = 3.2 * MM, 2.8 * MM, 7 * MM
	foot := c.height - y - n.height()
	from, to := x+in, x+in+wide
	tip := from - 1.2*MM
	if n.rtl {
		from, to = x+n.width-in, x+n.width-in-wide
		tip = from + 1.2*MM
	}
	b := append(*c.ink(), "q "...)
	fill := n.fill
	if fill == 0 {
		fill = RGB(0xFFFFFF)
	}
	b = appendColor(b, fill, false)
	// It begins a little above the border and so covers it.
	b = append(appendNumbers(b, from, foot+0.6), "m "...)
	b = append(appendNumbers(b, tip, foot-long), "l "...)
	b = append(appendNumbers(b, to, foot+0.6), "l f "...)
	if n.border != 0 {
		b = append(appendColor(b, n.border, true), "0.9 w 1 j "...)
		b = append(appendNumbers(b, from, foot), "m "...)
		b = append(appendNumbers(b, tip, foot-long), "l "...)
		b = append(appendNumbers(b, to, foot), "l S "...)
	}
	*c.ink() = append(b, "Q\n"...)
}

// roundPicture fills a circle with the middle of a picture.
func (c *canvas) roundPicture(p *Picture, x, y, side float64, e *element) {
	it := item{kind: pictureItem, mark: c.mark(e), x: x, y: c.height - y - side, w: side, h: side, picture: p, round: true}
	if it.mark >= 0 {
		e.box = [4]float64{x, it.y, x + side, it.y + side}
	}
	c.items = append(c.items, it)
}

// writeRound paints a picture through a circle.
func (it *item) writeRound(b []byte) []byte {
	r := it.w / 2
	k := r * 0.5523
	cx, cy := it.x+r, it.y+r
	b = append(appendNumbers(append(b, "q "...), cx-r, cy), "m "...)
	b = append(appendNumbers(b, cx-r, cy+k, cx-k, cy+r, cx, cy+r), "c "...)
	b = append(appendNumbers(b, cx+k, cy+r, cx+r, cy+k, cx+r, cy), "c "...)
	b = append(appendNumbers(b, cx+r, cy-k, cx+k, cy-r, cx, cy-r), "c "...)
	b = append(appendNumbers(b, cx-k, cy-r, cx-r, cy-k, cx-r, cy), "c W n "...)
	x, y, w, h := it.covering()
	return appendNumbers(b, w, 0, 0, h, x, y)
}

// covering is where the whole picture stands so that its middle fills the item.
func (it *item) covering() (x, y, w, h float64) {
	k := max(it.w/it.picture.Width, it.h/it.picture.Height)
	w, h = it.picture.Width*k, it.picture.Height*k
	return it.x + (it.w-w)/2, it.y + (it.h-h)/2, w, h
}
