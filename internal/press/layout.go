package press

import "strings"

// Layout: blocks become nodes, nodes know their height, can be split over pages, and draw themselves on a canvas.
// Heights grow downwards from the top of the page; only the canvas knows that PDF counts from below.

// node is a block laid out for a width.
type node interface {
	height() float64
	draw(c *canvas, x, y float64)
	// split gives what fits into the height, and the rest. A nil head means that nothing should be torn off. full is
	// the height of a whole page: what is taller than that may be torn where it otherwise would not.
	split(avail, full float64) (head, tail node)
}

// column is where a block is laid out.
type column struct {
	width   float64
	lang    string
	rtl     bool
	size    float64 // of plain text, scaled
	ink     Color
	accent  Color
	tallest float64 // what a picture may be high
	parent  *element
}

// element is a part of the structure that is read out: heading, paragraph, list, figure.
type element struct {
	tag    string // "P", "H1", "L", "LI", "Lbl", "LBody", "Figure", "Table", "TR", "TH", "TD", "Sect"
	lang   string // "" for that of the parent
	alt    string
	box    [4]float64 // of a figure, in points from the lower left; set when it is drawn
	parent *element
	kids   []*element
	index  int         // in the order of the page
	marks  []markPlace // where its content stands
}

// markPlace is a marked content sequence of a page.
type markPlace struct{ page, mark int }

func (e *element) add(tag, lang string) *element {
	k := &element{tag: tag, parent: e}
	if lang != e.language() {
		k.lang = lang
	}
	e.kids = append(e.kids, k)
	return k
}

func (e *element) language() string {
	for ; e != nil; e = e.parent {
		if e.lang != "" {
			return e.lang
		}
	}
	return ""
}

const hair = 0.01 // points that rounding may cost

// --- text

// textNode is a paragraph broken into lines, or some lines of it.
type textNode struct {
	par     *paragraph
	lines   []*line
	width   float64
	size    float64
	leading float64 // height of one line
	align   Align
	ink     Color
	element *element
}

func (s *setter) text(t Text, st Style, c column, tag string) (*textNode, error) {
	lang, rtl := c.lang, c.rtl
	if st.Lang != "" && st.Lang != lang {
		lang = st.Lang
		rtl = direction(Auto, lang) == RTL
	}
	if st.Dir != Auto {
		rtl = st.Dir == RTL
	}
	size := c.size
	if st.Size > 0 {
		size = st.Size * s.scale
	}
	p, err := s.paragraph(t, lang, rtl, st.Bold)
	if err != nil {
		return nil, err
	}
	lines, err := s.wrap(p, int(c.width/size*1000+hair))
	if err != nil {
		if n, ok := err.(*TooNarrowError); ok {
			n.Need, n.Have = n.Need*size/1000, n.Have*size/1000
		}
		return nil, err
	}
	if strings.HasPrefix(tag, "H") && len(lines) > 1 && len(lines) < 5 {
		if lines, err = s.balance(p, lines, int(c.width/size*1000+hair)); err != nil {
			return nil, err
		}
	}
	leading := st.Leading
	if leading <= 0 {
		leading = 1
	}
	n := &textNode{
		par: p, lines: lines, width: c.width, size: size, align: s.align(st.Align, rtl), ink: c.ink,
		leading: float64(p.ascent+p.below) / 1000 * size * leading,
	}
	if st.Color != 0 {
		n.ink = st.Color
	}
	if tag != "" {
		n.element = c.parent.add(tag, lang)
	}
	return n, nil
}

// balance breaks a heading so that its lines are about equally long: no single word on the last one.
func (s *setter) balance(p *paragraph, lines []*line, width int) ([]*line, error) {
	lo, hi := width/len(lines), width // fewer than needed, enough
	for hi-lo > 400 {
		mid := (lo + hi) / 2
		l, err := s.wrap(p, mid)
		if err != nil || len(l) > len(lines) || torn(l, lines) {
			lo = mid
			continue
		}
		hi = mid
	}
	return s.wrap(p, hi)
}

// torn tells whether narrower lines cut words that wider ones left whole.
func torn(narrow, wide []*line) bool {
	count := func(ls []*line) (n int) {
		for _, l := range ls {
			for _, f := range l.frags {
				if f.word.width > 0 && !f.word.blank() {
					n++
				}
			}
		}
		return n
	}
	return count(narrow) > count(wide)
}

func (n *textNode) height() float64 { return n.leading * float64(len(n.lines)) }

// baseline is where the first line stands, from the top.
func (n *textNode) baseline() float64 {
	natural := float64(n.par.ascent+n.par.below) / 1000 * n.size
	return (n.leading-natural)/2 + float64(n.par.ascent)/1000*n.size
}

// firstBaseline is where the first line of a node stands, if it begins with text.
func firstBaseline(n node) (float64, bool) {
	switch n := n.(type) {
	case *textNode:
		return n.baseline(), true
	case *stack:
		if len(n.items) > 0 {
			return firstBaseline(n.items[0].node)
		}
	case *boxNode:
		b, ok := firstBaseline(n.content)
		return b + n.pad, ok
	case *rowNode:
		for i := len(n.cells) - 1; i >= 0; i-- { // the last cell holds the text of a list item
			if c := n.cells[i]; c.align == Top {
				if b, ok := firstBaseline(c.node); ok {
					return b + c.drop, true
				}
			}
		}
	}
	return 0, false
}

// widest is the width of the longest line.
func (n *textNode) widest() float64 {
	w := 0
	for _, l := range n.lines {
		w = max(w, l.width)
	}
	return float64(w) / 1000 * n.size
}

func (n *textNode) draw(c *canvas, x, y float64) { c.text(n, x, y) }

// split leaves no single line on either side, unless the text is taller than a page.
func (n *textNode) split(avail, full float64) (node, node) {
	k := int((avail + hair) / n.leading)
	if len(n.lines)-k < 2 {
		k = len(n.lines) - 2
	}
	if k < 2 && n.height() <= full || k < 1 || k >= len(n.lines) {
		return nil, n
	}
	head, tail := *n, *n
	head.lines, tail.lines = n.lines[:k], n.lines[k:]
	return &head, &tail
}

// --- stacks

// stack is nodes below each other.
type stack struct {
	items []stacked
	keep  bool // not torn unless taller than a page
}

type stacked struct {
	node     node
	gap      float64 // above it, unless it is the first
	withNext bool    // never the last on a page
	spring   float64 // weight of a Spring
	breaks   bool    // a PageBreak
}

func (n *stack) height() float64 {
	h := 0.0
	for i := range n.items {
		if i > 0 {
			h += n.items[i].gap
		}
		h += n.items[i].node.height()
	}
	return h
}

func (n *stack) draw(c *canvas, x, y float64) {
	for i := range n.items {
		if i > 0 {
			y += n.items[i].gap
		}
		n.items[i].node.draw(c, x, y)
		y += n.items[i].node.height()
	}
}

// stretch gives the springs the height that is left.
func (n *stack) stretch(avail float64) {
	total := 0.0
	for i := range n.items {
		total += n.items[i].spring
	}
	left := avail - n.height()
	if total == 0 || left <= 0 {
		return
	}
	for i := range n.items {
		if w := n.items[i].spring; w > 0 {
			n.items[i].node = empty(left * w / total)
		}
	}
}

// hasBreak tells whether a PageBreak stands in the stack.
func (n *stack) hasBreak() bool {
	for i := range n.items {
		if n.items[i].breaks {
			return true
		}
	}
	return false
}

func (n *stack) split(avail, full float64) (node, node) {
	if n.keep && n.height() <= full {
		return nil, n
	}
	y := 0.0
	for i := range n.items {
		it := &n.items[i]
		if it.breaks {
			return &stack{items: n.items[:i]}, &stack{items: n.items[i+1:]}
		}
		gap := it.gap
		if i == 0 {
			gap = 0
		}
		h := it.node.height()
		if y+gap+h <= avail+hair {
			y += gap + h
			continue
		}
		if _, ok := it.node.(empty); ok { // a space that does not fit ends the page
			if i == 0 {
				return (&stack{items: n.items[1:]}).split(avail, full)
			}
			return &stack{items: n.items[:i]}, &stack{items: n.items[i+1:]}
		}
		head := append([]stacked(nil), n.items[:i]...)
		tail := append([]stacked(nil), n.items[i:]...)
		if a, b := it.node.split(avail-y-gap, full); a != nil {
			first := *it
			first.node = a
			head = append(head, first)
			tail[0].node = b
		} else {
			k := i
			for k > 0 && n.items[k-1].withNext {
				k--
			}
			switch {
			case k > 0 || i == 0:
				head, tail = head[:k], append([]stacked(nil), n.items[k:]...)
			default: // a heading and what must follow it fill more than a page together: tear the second
				if a, b := it.node.split(avail-y-gap, 0); a != nil {
					first := *it
					first.node = a
					head = append(head, first)
					tail[0].node = b
				}
			}
		}
		for len(tail) > 0 { // spaces vanish at the top of a page
			if _, ok := tail[0].node.(empty); !ok || tail[0].spring > 0 {
				break
			}
			tail = tail[1:]
		}
		if len(head) == 0 {
			return nil, n
		}
		return &stack{items: head}, &stack{items: tail}
	}
	return n, &stack{}
}

// empty is a height without anything.
type empty float64

func (n empty) height() float64                     { return float64(n) }
func (n empty) draw(*canvas, float64, float64)      {}
func (n empty) split(avail, _ float64) (node, node) { return nil, n }

// stack lays blocks out below each other.
func (s *setter) stack(blocks []Block, c column) (*stack, error) {
	st := &stack{items: make([]stacked, 0, len(blocks))}
	for i, b := range blocks {
		if b == nil {
			continue
		}
		n, err := b.layout(s, c)
		if err != nil {
			return nil, err
		}
		it := stacked{node: n}
		if i > 0 {
			it.gap = gapBetween(blocks[i-1], b) * c.size
		}
		switch b := b.(type) {
		case Heading:
			it.withNext = true
		case Para:
			it.withNext = b.KeepWithNext
		case Spring:
			it.spring = b.Weight
			if it.spring <= 0 {
				it.spring = 1
			}
		case PageBreak:
			it.breaks = true
		}
		st.items = append(st.items, it)
	}
	return st, nil
}

// gapBetween is the usual distance of two blocks, in text sizes.
func gapBetween(above, below Block) float64 {
	loose := func(b Block) bool {
		switch b.(type) {
		case Space, Spring, PageBreak:
			return true
		}
		return false
	}
	if loose(above) || loose(below) {
		return 0
	}
	if _, ok := above.(Heading); ok {
		return 0.4
	}
	switch b := below.(type) {
	case Heading:
		if b.Level <= 1 {
			return 1.2
		}
		return 0.9
	case WriteLines:
		return 0
	case List, Table, Box, Row, Image, QR, Rule:
		return 0.8
	}
	return 0.45
}

// --- rows

// level lowers cells so that their first lines stand at the same height: scripts need different room above a line.
func level(cells []placedCell) {
	deepest := 0.0
	at := make([]float64, len(cells))
	for i, c := range cells {
		at[i] = -1
		if b, ok := firstBaseline(c.node); ok && c.align == Top {
			at[i] = c.drop + b
			deepest = max(deepest, at[i])
		}
	}
	for i := range cells {
		if at[i] >= 0 {
			cells[i].drop += deepest - at[i]
		}
	}
}

// rowNode is stacks beside each other.
type rowNode struct {
	cells []placedCell
	tall  float64
}

type placedCell struct {
	x     float64 // from the left edge of the row
	node  *stack
	align VAlign
	drop  float64 // lowers the content, to level it with a neighbour
}

func newRow(cells []placedCell) *rowNode {
	r := &rowNode{cells: cells}
	for _, c := range cells {
		r.tall = max(r.tall, c.drop+c.node.height())
	}
	return r
}

func (r *rowNode) height() float64 { return r.tall }

func (r *rowNode) draw(c *canvas, x, y float64) {
	for _, cell := range r.cells {
		off := cell.drop
		switch cell.align {
		case Middle:
			off += (r.tall - cell.drop - cell.node.height()) / 2
		case Bottom:
			off = r.tall - cell.node.height()
		}
		cell.node.draw(c, x+cell.x, y+off)
	}
}

func (r *rowNode) split(avail, full float64) (node, node) {
	if r.tall <= full {
		return nil, r
	}
	head, tail := make([]placedCell, len(r.cells)), make([]placedCell, len(r.cells))
	for i, cell := range r.cells {
		head[i], tail[i] = cell, cell
		tail[i].drop = 0
		if cell.drop+cell.node.height() <= avail+hair {
			tail[i].node = &stack{}
			continue
		}
		a, b := cell.node.split(avail-cell.drop, full)
		if a == nil {
			return nil, r
		}
		head[i].node, tail[i].node = a.(*stack), b.(*stack)
	}
	return newRow(head), newRow(tail)
}

// share divides a width among fixed and weighted columns and gives their left edges, mirrored for right-to-left.
func share(total, gap float64, fixed, weight []float64, rtl bool) (x, width []float64, err error) {
	left, sum := total-gap*float64(len(fixed)-1), 0.0
	for i := range fixed {
		if fixed[i] > 0 {
			left -= fixed[i]
		} else {
			if weight[i] <= 0 {
				weight[i] = 1
			}
			sum += weight[i]
		}
	}
	if left < -hair || left <= 0 && sum > 0 {
		return nil, nil, &TooNarrowError{What: "row", Need: total - left, Have: total}
	}
	at := 0.0
	for i := range fixed {
		w := fixed[i]
		if w <= 0 {
			w = left * weight[i] / sum
		}
		pos := at
		if rtl {
			pos = total - at - w
		}
		x, width = append(x, pos), append(width, w)
		at += w + gap
	}
	return x, width, nil
}

// align turns an alignment that follows the page into one that follows a text of this direction.
func (s *setter) align(a Align, rtl bool) Align {
	switch {
	case a == PageStart && rtl == s.pageRTL, a == PageEnd && rtl != s.pageRTL:
		return Start
	case a == PageStart, a == PageEnd:
		return End
	}
	return a
}

// offset places something narrower in a column.
func offset(width, inner float64, a Align, rtl bool) float64 {
	switch {
	case a == Center:
		return (width - inner) / 2
	case (a == End) != rtl:
		return width - inner
	}
	return 0
}
