package press

import "strconv"

// laid is a Page that has its place on one or more pages of paper.
type laid struct {
	index    int // counts the calls of Add
	size     Size
	newSheet bool
	whole    bool
	behind   bool
	pages    []*canvas
	elements []*element // in reading order; the first is the section of the page
	scale    float64
}

const defaultInk = 0x1D2B2A

// frameOf fills in what a Page leaves to press.
func frameOf(p Page, o *Options) Page {
	if p.Size == (Size{}) {
		p.Size = A4
	}
	short := min(p.Size.Width, p.Size.Height)
	text, margin := 11.0, 18*MM
	switch {
	case short < 120*MM:
		text, margin = 9, 8*MM
	case short < 180*MM:
		margin = 12 * MM
	case short > 250*MM:
		text = 14
	}
	if p.Margins == (Margins{}) {
		p.Margins = Margin(margin)
	}
	if p.TextSize <= 0 {
		p.TextSize = text
	}
	if p.Lang == "" {
		p.Lang = o.Lang
	}
	p.Dir = direction(p.Dir, p.Lang)
	if p.Ink == 0 {
		p.Ink = RGB(defaultInk)
	}
	if p.Accent == 0 {
		p.Accent = p.Ink
	}
	if p.MinScale <= 0 || p.MinScale > 1 {
		p.MinScale = 1
	}
	return p
}

// lay finds the fewest pages that the Page needs within its range of scales, and the largest text for that many.
func (s *setter) lay(p *Page) (*laid, error) {
	const step = 0.02
	best, err := s.try(p, 1)
	if _, low := err.(*TooTallError); err != nil && (!low || p.MinScale == 1) {
		return nil, err
	}
	if p.MinScale == 1 || err == nil && len(best.pages) == 1 {
		return best, err
	}
	small, smallErr := s.try(p, p.MinScale)
	if smallErr != nil || best != nil && len(small.pages) >= len(best.pages) {
		return best, err
	}
	best = small
	// The number of pages falls with the scale, so the largest scale that needs no more is found by halving.
	lo, hi := 0, int((1-p.MinScale)/step+hair) // in steps above MinScale; hi is known to need more
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		l, err := s.try(p, p.MinScale+float64(mid)*step)
		if err == nil && len(l.pages) <= len(best.pages) {
			best, lo = l, mid
		} else {
			hi = mid
		}
	}
	return best, nil
}

// try lays the page out at one scale.
func (s *setter) try(p *Page, scale float64) (*laid, error) {
	s.scale, s.things, s.pageRTL = scale, 1, p.Dir == RTL
	root := &element{tag: "Sect", lang: p.Lang}
	m := p.Margins
	left, top := m.Start, m.Top
	if p.Dir == RTL {
		left = m.End
	}
	width, height := p.Size.Width-m.Start-m.End, p.Size.Height-m.Top-m.Bottom
	if width <= 0 || height <= 0 {
		return nil, &TooNarrowError{What: "page", Need: m.Start + m.End, Have: p.Size.Width}
	}
	col := column{
		width: width, lang: p.Lang, rtl: p.Dir == RTL, size: p.TextSize * scale,
		ink: p.Ink, accent: p.Accent, tallest: height, parent: root,
	}
	gap := 0.8 * col.size
	foot, err := s.stack(p.Footer, col)
	if err != nil {
		return nil, err
	}
	footHeight := foot.height()
	footKids := root.kids
	root.kids = nil
	headCol := col
	headCol.parent = &element{tag: "Sect", lang: p.Lang}
	head, err := s.stack(p.Header, headCol)
	if err != nil {
		return nil, err
	}
	headHeight := head.height()
	col.tallest = height - headHeight - gap
	if len(p.Header) == 0 {
		col.tallest = height
	}
	if p.AllShrinks {
		s.things = scale
	}
	body, err := s.stack(p.Blocks, col)
	s.things = 1
	if err != nil {
		return nil, err
	}
	root.kids = append(root.kids, footKids...)

	if footHeight > height {
		return nil, &TooTallError{What: "footer", Need: footHeight, Have: height}
	}
	l := &laid{size: p.Size, newSheet: p.NewSheet, whole: p.Whole, behind: p.Behind, scale: scale}
	full := col.tallest
	for {
		c := &canvas{height: p.Size.Height, page: len(l.pages)}
		avail, y := height, top
		switch {
		case c.page == 0 && len(p.Footer) > 0:
			avail -= footHeight
			if len(body.items) > 0 {
				avail -= gap
			}
		case c.page > 0 && len(p.Header) > 0:
			avail -= headHeight + gap
			c.silent = true
			head.draw(c, left, y)
			c.silent = false
			y += headHeight + gap
		}
		var rest *stack
		now := body
		if body.height() > avail+hair || body.hasBreak() {
			a, b := body.split(avail, full)
			switch {
			case a != nil:
				now, rest = a.(*stack), b.(*stack)
				if len(rest.items) == 0 {
					rest = nil
				}
			case c.page == 0 && avail < full-hair: // next to the footer there is no room for it; a page of its own has
				now, rest = &stack{}, body
			default:
				return nil, &TooTallError{What: "content", Need: body.items[0].node.height(), Have: avail}
			}
		}
		now.stretch(avail)
		now.draw(c, left, y)
		if c.page == 0 && len(p.Footer) > 0 {
			foot.draw(c, left, top+height-footHeight)
		}
		l.pages = append(l.pages, c)
		if rest == nil {
			break
		}
		body = rest
	}
	if len(l.pages) > 1 {
		if err := s.number(l, p, col); err != nil {
			return nil, err
		}
	}
	l.elements = list(nil, root)
	return l, nil
}

// number writes "2 / 3" into the foot margin of pages that belong together.
func (s *setter) number(l *laid, p *Page, col column) error {
	total := strconv.Itoa(len(l.pages))
	for i, c := range l.pages {
		st := Style{Size: 8 / s.scale, Align: Center, Color: RGB(0x5B6B6A), Dir: LTR}
		n, err := s.text(T(strconv.Itoa(i+1)+" / "+total), st, col, "")
		if err != nil {
			return err
		}
		if n.height() > p.Margins.Bottom {
			return nil
		}
		left := p.Margins.Start
		if p.Dir == RTL {
			left = p.Margins.End
		}
		n.draw(c, left, p.Size.Height-p.Margins.Bottom+(p.Margins.Bottom-n.height())/2)
	}
	return nil
}

// list numbers the elements in reading order and leaves out those that hold nothing. Empty cells stay: a table is
// read by counting them.
func list(all []*element, e *element) []*element {
	e.index = len(all)
	all = append(all, e)
	kept := e.kids[:0]
	for _, k := range e.kids {
		n := len(all)
		all = list(all, k)
		if len(all) == n+1 && len(k.marks) == 0 && k.tag != "TD" && k.tag != "TH" {
			all = all[:n]
			continue
		}
		kept = append(kept, k)
	}
	e.kids = kept
	return all
}
