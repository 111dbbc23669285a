package press

import (
	"rsc.io/qr/coding"
)

// The blocks, each with its layout. Sizes that are not given are usual for a paper that a family reads at arm's length.

var headingSizes = [...]float64{0, 1.9, 1.4, 1.15} // text sizes by level

func (b Heading) layout(s *setter, c column) (node, error) {
	level := min(max(b.Level, 1), 3)
	st := b.Style
	st.Bold = true
	if st.Size == 0 {
		st.Size = c.size / s.scale * headingSizes[level]
	}
	if st.Color == 0 && level == 1 {
		st.Color = c.accent
	}
	return s.text(b.Text, st, c, "H"+string(rune('0'+level)))
}

func (b Para) layout(s *setter, c column) (node, error) { return s.text(b.Text, b.Style, c, "P") }

func (b List) layout(s *setter, c column) (node, error) {
	list := &stack{}
	if b.Lang != "" && b.Lang != c.lang {
		c.lang, c.rtl = b.Lang, direction(b.Dir, b.Lang) == RTL
	}
	if b.Dir != Auto {
		c.rtl = b.Dir == RTL
	}
	if b.Size > 0 {
		c.size = b.Size * s.scale
	}
	style := b.Style
	style.Lang, style.Dir, style.Size = "", Auto, 0
	c.parent = c.parent.add("L", c.lang)
	gap := b.Gap * s.scale
	if gap <= 0 {
		gap = 0.7 * c.size
	}
	labels, pictures := 0.0, 0.0
	for _, it := range b.Items {
		if it.Picture != nil {
			pictures = max(pictures, it.pictureSize(s, c))
		}
		if it.Tick {
			labels = max(labels, tickSide*c.size)
		}
		if it.Label != "" && it.Badge {
			labels = max(labels, badgeSide*c.size)
		} else if it.Label != "" {
			st := style
			st.Bold = true
			n, err := s.text(T(it.Label), st, column{width: c.width, lang: c.lang, rtl: c.rtl, size: c.size}, "")
			if err != nil {
				return nil, err
			}
			labels = max(labels, n.widest()+0.02*c.size)
		}
	}
	for i := range b.Items {
		n, err := b.Items[i].layout(s, c, style, labels, pictures)
		if err != nil {
			return nil, err
		}
		it := stacked{node: n}
		if i > 0 {
			it.gap = gap
		}
		list.items = append(list.items, it)
	}
	return list, nil
}

func (b Item) pictureSize(s *setter, c column) float64 {
	if b.PictureSize > 0 {
		return b.PictureSize * s.things
	}
	return 2.6 * c.size
}

// layout puts picture, label and text in three columns that line up over the whole list.
func (b Item) layout(s *setter, c column, style Style, labels, pictures float64) (node, error) {
	li := c.parent.add("LI", c.lang)
	pad := 0.6 * c.size
	var fixed, weight []float64
	if pictures > 0 {
		fixed, weight = append(fixed, pictures), append(weight, 0)
	}
	if labels > 0 {
		fixed, weight = append(fixed, labels), append(weight, 0)
	}
	fixed, weight = append(fixed, 0), append(weight, 1)
	x, width, err := share(c.width, pad, fixed, weight, c.rtl)
	if err != nil {
		return nil, err
	}
	last := len(x) - 1
	var picture node
	if b.Picture != nil {
		side := b.pictureSize(s, c)
		p := &pictureNode{picture: b.Picture, width: side, tall: side, fit: true}
		if b.Alt != "" {
			p.element = li.add("Figure", c.lang)
			p.element.alt = b.Alt
		}
		picture = p
	}
	var label *textNode
	if b.Label != "" {
		st := style
		st.Bold = true
		if st.Color == 0 {
			st.Color = c.accent
		}
		inner := c
		inner.parent, inner.width = li, labels
		if label, err = s.text(T(b.Label), st, inner, "Lbl"); err != nil {
			return nil, err
		}
	}
	inner := c
	inner.parent, inner.width = li, width[last]
	text, err := s.text(b.Text, style, inner, "LBody")
	if err != nil {
		return nil, err
	}
	body := &stack{items: []stacked{{node: text}}, keep: true}
	if b.Lines > 0 {
		body.items = append(body.items, stacked{node: &linesNode{n: b.Lines, gap: s.lineGap(b.LineGap), width: width[last]}})
	}
	drop := 0.0 // a picture taller than the text has it in its middle
	if picture != nil {
		drop = max(0, (b.pictureSize(s, c)-text.height())/2)
	}
	var mark node // a badge or a square, in the middle of the first line
	markDrop := 0.0
	if b.Badge && label != nil || b.Tick {
		side := tickSide * c.size
		if b.Tick {
			mark = &squareNode{side: side}
		} else {
			side = badgeSide * c.size
			mark = newDisc(label, side, c.accent, 0, RGB(0xFFFFFF))
		}
		markDrop = drop + text.baseline() - middle*c.size - side/2
		if markDrop < 0 {
			drop, markDrop = drop-markDrop, 0
		}
	}
	var cells []placedCell
	k := 0
	if pictures > 0 {
		st := &stack{}
		if picture != nil {
			st.items = []stacked{{node: picture}}
		}
		cells = append(cells, placedCell{x: x[k], node: st})
		k++
	}
	if labels > 0 {
		st, at := &stack{}, drop
		switch {
		case mark != nil:
			st.items, at = []stacked{{node: mark}}, markDrop
		case label != nil:
			st.items = []stacked{{node: label}}
		}
		cells = append(cells, placedCell{x: x[k], node: st, drop: at})
	}
	cells = append(cells, placedCell{x: x[last], node: body, drop: drop})
	return newRow(cells), nil
}

// --- lines to write on

func (s *setter) lineGap(g float64) float64 {
	if g <= 0 {
		g = 8 * MM
	}
	return max(g*s.things, min(g, 6.5*MM))
}

func (b WriteLines) layout(s *setter, c column) (node, error) {
	return &linesNode{n: b.N, gap: s.lineGap(b.Gap), width: c.width}, nil
}

type linesNode struct {
	n          int
	gap, width float64
}

func (n *linesNode) height() float64 { return float64(n.n) * n.gap }

func (n *linesNode) draw(c *canvas, x, y float64) {
	for i := 1; i <= n.n; i++ {
		c.writeLine(x, y+float64(i)*n.gap-1, n.width)
	}
}

func (n *linesNode) split(avail, full float64) (node, node) {
	k := int((avail + hair) / n.gap)
	if k < 1 || k >= n.n || n.height() <= full && k < 2 {
		return nil, n
	}
	return &linesNode{k, n.gap, n.width}, &linesNode{n.n - k, n.gap, n.width}
}

// --- pictures and codes

func (b Image) layout(s *setter, c column) (node, error) {
	if b.Picture == nil {
		return empty(0), nil
	}
	w, h := b.Picture.Width, b.Picture.Height
	b.Width, b.Height = b.Width*s.things, b.Height*s.things
	scale := 1.0
	if b.Round {
		side := min(b.Width, c.width, c.tallest)
		n := &pictureNode{picture: b.Picture, width: side, tall: side, round: true}
		return b.placed(n, s, c), nil
	}
	switch {
	case b.Width > 0 && b.Height > 0:
		scale = min(b.Width/w, b.Height/h)
	case b.Width > 0:
		scale = b.Width / w
	case b.Height > 0:
		scale = b.Height / h
	}
	scale = min(scale, c.width/w, c.tallest/h)
	return b.placed(&pictureNode{picture: b.Picture, width: w * scale, tall: h * scale}, s, c), nil
}

func (b Image) placed(n *pictureNode, s *setter, c column) *pictureNode {
	n.shift = offset(c.width, n.width, s.align(b.Align, c.rtl), c.rtl)
	if b.Alt != "" {
		n.element = c.parent.add("Figure", c.lang)
		n.element.alt = b.Alt
	}
	return n
}

type pictureNode struct {
	picture     *Picture
	shift       float64
	width, tall float64
	fit         bool // keep the proportions inside width × tall
	round       bool // fill a circle
	element     *element
}

func (n *pictureNode) height() float64 { return n.tall }

func (n *pictureNode) draw(c *canvas, x, y float64) {
	w, h := n.width, n.tall
	if n.round {
		c.roundPicture(n.picture, x+n.shift, y, n.width, n.element)
		return
	}
	if n.fit {
		k := min(w/n.picture.Width, h/n.picture.Height)
		w, h = n.picture.Width*k, n.picture.Height*k
	}
	c.picture(n.picture, x+n.shift+(n.width-w)/2, y+(n.tall-h)/2, w, h, n.element)
}

func (n *pictureNode) split(_, _ float64) (node, node) { return nil, n }

func (b QR) layout(s *setter, c column) (node, error) {
	code, err := encodeQR(b.Payload)
	if err != nil {
		return nil, err
	}
	side := b.Side
	if side <= 0 {
		side = 25 * MM
	}
	if side > c.width+hair || side > c.tallest {
		return nil, &TooNarrowError{What: "QR code", Need: side, Have: min(c.width, c.tallest)}
	}
	n := &qrNode{code: code, side: side, shift: offset(c.width, side, s.align(b.Align, c.rtl), c.rtl)}
	n.element = c.parent.add("Figure", c.lang)
	if n.element.alt = b.Alt; b.Alt == "" {
		n.element.alt = "QR: " + b.Payload
	}
	return n, nil
}

type qrNode struct {
	code        *coding.Code
	side, shift float64
	element     *element
}

func (n *qrNode) height() float64                 { return n.side }
func (n *qrNode) draw(c *canvas, x, y float64)    { c.qr(n, x+n.shift, y) }
func (n *qrNode) split(_, _ float64) (node, node) { return nil, n }

// --- rows, groups, boxes

func (b Row) layout(s *setter, c column) (node, error) {
	if len(b.Cells) == 0 {
		return empty(0), nil
	}
	gap := b.Gap
	if gap == 0 {
		gap = 4 * MM
	}
	gap = max(gap, 0) * s.things
	fixed, weight := make([]float64, len(b.Cells)), make([]float64, len(b.Cells))
	for i, cell := range b.Cells {
		fixed[i], weight[i] = cell.Width*s.things, cell.Weight
	}
	x, width, err := share(c.width, gap, fixed, weight, c.rtl)
	if err != nil {
		return nil, err
	}
	cells := make([]placedCell, len(b.Cells))
	for i, cell := range b.Cells {
		inner := c.in(cell.Lang, cell.Dir)
		inner.width = width[i]
		st, err := s.stack(cell.Blocks, inner)
		if err != nil {
			return nil, err
		}
		cells[i] = placedCell{x: x[i], node: st, align: cell.VAlign}
	}
	level(cells)
	return newRow(cells), nil
}

// in is the column in another language or direction.
func (c column) in(lang string, dir Dir) column {
	if lang != "" && lang != c.lang {
		c.lang, c.rtl = lang, direction(Auto, lang) == RTL
	}
	if dir != Auto {
		c.rtl = dir == RTL
	}
	return c
}

func (b Group) layout(s *setter, c column) (node, error) {
	st, err := s.stack(b.Blocks, c.in(b.Lang, b.Dir))
	if err != nil {
		return nil, err
	}
	st.keep = b.Keep
	return st, nil
}

func (b Box) layout(s *setter, c column) (node, error) {
	n := &boxNode{fill: b.Fill, border: b.Border, width: c.width, pad: b.Pad, radius: b.Radius, speech: b.Speech, rtl: c.rtl}
	if n.pad <= 0 {
		n.pad = 3 * MM
	}
	if n.radius == 0 {
		n.radius = 2 * MM
	}
	n.pad, n.radius = n.pad*s.things, n.radius*s.things
	inner := c
	inner.width -= 2 * n.pad
	inner.tallest -= 2 * n.pad
	if inner.width <= 0 {
		return nil, &TooNarrowError{What: "box", Need: 2 * n.pad, Have: c.width}
	}
	var err error
	n.content, err = s.stack(b.Blocks, inner)
	return n, err
}

type boxNode struct {
	content            node
	width, pad, radius float64
	fill, border       Color
	speech, rtl        bool
}

func (n *boxNode) height() float64 { return n.content.height() + 2*n.pad }

func (n *boxNode) draw(c *canvas, x, y float64) {
	c.box(x, y, n.width, n.height(), max(n.radius, 0), n.fill, n.border)
	if n.speech {
		c.tail(x, y, n)
	}
	n.content.draw(c, x+n.pad, y+n.pad)
}

func (n *boxNode) split(avail, full float64) (node, node) {
	if n.height() <= full {
		return nil, n
	}
	a, b := n.content.split(avail-2*n.pad, full-2*n.pad)
	if a == nil {
		return nil, n
	}
	head, tail := *n, *n
	head.content, tail.content = a, b
	return &head, &tail
}

// --- rules and spaces

func (b Rule) layout(s *setter, c column) (node, error) {
	n := ruleNode{width: c.width, thick: b.Width, color: b.Color}
	if n.thick <= 0 {
		n.thick = 0.6
	}
	if n.color == 0 {
		n.color = RGB(0xC9CFCE)
	}
	return n, nil
}

type ruleNode struct {
	width, thick float64
	color        Color
}

func (n ruleNode) height() float64                 { return n.thick }
func (n ruleNode) draw(c *canvas, x, y float64)    { c.fillRect(x, y, n.width, n.thick, n.color) }
func (n ruleNode) split(_, _ float64) (node, node) { return nil, n }

func (b Space) layout(s *setter, c column) (node, error) {
	return empty(max(b.Height, 0) * s.scale), nil
}

func (Spring) layout(*setter, column) (node, error) { return empty(0), nil }

func (PageBreak) layout(*setter, column) (node, error) { return empty(0), nil }
