package press

// A table: a header that comes back on each page, and rows with thin lines between them.

func (b Table) layout(s *setter, c column) (node, error) {
	if len(b.Columns) == 0 {
		return empty(0), nil
	}
	c = c.in(b.Lang, b.Dir)
	if b.Size > 0 {
		c.size = b.Size * s.scale
	}
	fixed, weight := make([]float64, len(b.Columns)), make([]float64, len(b.Columns))
	for i, col := range b.Columns {
		fixed[i], weight[i] = col.Width, col.Weight
	}
	x, width, err := share(c.width, 0, fixed, weight, c.rtl)
	if err != nil {
		return nil, err
	}
	c.parent = c.parent.add("Table", c.lang)
	pad := 0.35 * c.size
	style := b.Style
	style.Lang, style.Dir, style.Size = "", Auto, 0

	row := func(cells []Text, head bool) (*tableRow, error) {
		r := &tableRow{width: c.width, pad: pad, head: head}
		tr := c.parent.add("TR", c.lang)
		for i, col := range b.Columns {
			st := style
			st.Align = col.Align
			tag := "TD"
			inner := c
			if head {
				st.Bold = true
				tag = "TH"
			} else {
				inner = c.in(col.Lang, Auto)
				if inner.rtl != c.rtl { // the edge of the column is that of the table
					st.Align = swapped(st.Align)
				}
			}
			inner.width = width[i] - 2*pad
			inner.parent = tr
			var t Text
			if i < len(cells) {
				t = cells[i]
			}
			n, err := s.text(t, st, inner, tag)
			if err != nil {
				return nil, err
			}
			r.cells = append(r.cells, n)
			r.x = append(r.x, x[i]+pad)
			r.tick = append(r.tick, col.Tick && !head)
			r.base = max(r.base, n.baseline())
		}
		r.measure()
		return r, nil
	}
	t := &tableNode{}
	heads, any := make([]Text, len(b.Columns)), false
	for i, col := range b.Columns {
		heads[i] = col.Head
		any = any || len(col.Head) > 0
	}
	if any {
		if t.head, err = row(heads, true); err != nil {
			return nil, err
		}
	}
	for _, cells := range b.Rows {
		r, err := row(cells, false)
		if err != nil {
			return nil, err
		}
		t.rows = append(t.rows, r)
	}
	return t, nil
}

func swapped(a Align) Align {
	switch a {
	case Start:
		return End
	case End:
		return Start
	}
	return a
}

type tableNode struct {
	head     *tableRow // nil for none
	rows     []*tableRow
	repeated bool // the header has been read out before
}

type tableRow struct {
	cells []*textNode
	x     []float64
	tick  []bool
	width float64
	tall  float64
	base  float64 // of the first lines, which all stand at this height
	pad   float64
	head  bool
}

func (r *tableRow) measure() {
	r.tall = 2 * r.pad
	for _, c := range r.cells {
		r.tall = max(r.tall, r.base-c.baseline()+c.height()+2*r.pad)
	}
}

func (n *tableNode) height() float64 {
	h := 0.0
	if n.head != nil {
		h = n.head.tall
	}
	for _, r := range n.rows {
		h += r.tall
	}
	return h
}

func (n *tableNode) draw(c *canvas, x, y float64) {
	if n.head != nil {
		n.head.draw(c, x, y, n.repeated)
		y += n.head.tall
	}
	for _, r := range n.rows {
		r.draw(c, x, y, false)
		y += r.tall
	}
}

func (r *tableRow) draw(c *canvas, x, y float64, silent bool) {
	color, thick := RGB(0xC9CFCE), 0.5
	if r.head {
		color, thick = RGB(0x5B6B6A), 0.9
	}
	c.fillRect(x, y+r.tall-thick, r.width, thick, color)
	for i, cell := range r.cells {
		if r.tick[i] {
			side := 0.95 * cell.size
			at := x + r.x[i] + offset(cell.width, side, cell.align, cell.par.rtl)
			c.frame(at, y+(r.tall-side)/2, side, RGB(0x5B6B6A))
			continue
		}
		if silent {
			quiet := *cell
			quiet.element = nil
			quiet.draw(c, x+r.x[i], y+r.pad+r.base-cell.baseline())
			continue
		}
		cell.draw(c, x+r.x[i], y+r.pad+r.base-cell.baseline())
	}
}

func (n *tableNode) split(avail, full float64) (node, node) {
	y := 0.0
	if n.head != nil {
		y = n.head.tall
	}
	k := 0
	for k < len(n.rows) && y+n.rows[k].tall <= avail+hair {
		y += n.rows[k].tall
		k++
	}
	if k == 0 {
		if len(n.rows) == 0 || n.rows[0].tall+y <= full {
			return nil, n
		}
		a, b := n.rows[0].split(avail-y, full)
		if a == nil {
			return nil, n
		}
		rest := append([]*tableRow{b}, n.rows[1:]...)
		return &tableNode{n.head, []*tableRow{a}, n.repeated}, &tableNode{n.head, rest, true}
	}
	if k == len(n.rows) {
		return n, &stack{}
	}
	return &tableNode{n.head, n.rows[:k], n.repeated}, &tableNode{n.head, n.rows[k:], true}
}

// split tears a row that is taller than a page.
func (r *tableRow) split(avail, full float64) (head, tail *tableRow) {
	a, b := *r, *r
	a.cells, b.cells = nil, nil
	for _, c := range r.cells {
		first, rest := *c, *c
		shift := r.base - c.baseline()
		if shift+c.height()+2*r.pad > avail+hair {
			k := int((avail - shift - 2*r.pad + hair) / c.leading)
			if k < 1 {
				return nil, nil
			}
			first.lines, rest.lines = c.lines[:k], c.lines[k:]
		} else {
			rest.lines = nil
		}
		a.cells, b.cells = append(a.cells, &first), append(b.cells, &rest)
	}
	a.measure()
	b.measure()
	return &a, &b
}
