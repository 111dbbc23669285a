package press

import "strconv"

// canvas collects what stands on one page, in painting order. Text stays apart from its codes until the document's
// turn comes (see encoder); everything else is written down at once as PDF operators.
type canvas struct {
	height float64 // of the page
	page   int     // which page of its Page
	marks  []*element
	silent bool // what is drawn now is not read out
	items  []item
}

type itemKind uint8

const (
	inkItem itemKind = iota // ready operators, decoration
	textItem
	pictureItem
	qrItem
)

type item struct {
	kind       itemKind
	mark       int // marked content number, -1 for decoration
	x, y       float64
	w, h       float64
	text       *textNode
	encoded    [][]encodedRun // of the lines, filled in by the encoder
	picture    *Picture
	round      bool // the picture fills a circle
	pictureRef int  // number of its XObject, filled in by the encoder
	code       *qrNode
	ops        []byte
}

// mark gives the content of an element its number on this page, -1 for decoration.
func (c *canvas) mark(e *element) int {
	if e == nil || c.silent {
		return -1
	}
	n := len(c.marks)
	c.marks = append(c.marks, e)
	e.marks = append(e.marks, markPlace{c.page, n})
	return n
}

func (c *canvas) text(n *textNode, x, y float64) {
	seen := false
	for _, l := range n.lines {
		seen = seen || len(l.frags) > 0
	}
	if seen {
		c.items = append(c.items, item{kind: textItem, mark: c.mark(n.element), x: x, y: c.height - y, text: n})
	}
}

func (c *canvas) picture(p *Picture, x, y, w, h float64, e *element) {
	it := item{kind: pictureItem, mark: c.mark(e), x: x, y: c.height - y - h, w: w, h: h, picture: p}
	if it.mark >= 0 {
		e.box = [4]float64{x, it.y, x + w, it.y + h}
	}
	c.items = append(c.items, it)
}

func (c *canvas) qr(n *qrNode, x, y float64) {
	it := item{kind: qrItem, mark: c.mark(n.element), x: x, y: c.height - y - n.side, w: n.side, h: n.side, code: n}
	if it.mark >= 0 {
		n.element.box = [4]float64{x, it.y, x + n.side, it.y + n.side}
	}
	c.items = append(c.items, it)
}

// ink gives the operators of the decoration at hand to add to.
func (c *canvas) ink() *[]byte {
	if n := len(c.items); n == 0 || c.items[n-1].kind != inkItem {
		c.items = append(c.items, item{kind: inkItem, mark: -1})
	}
	return &c.items[len(c.items)-1].ops
}

func (c *canvas) fillRect(x, y, w, h float64, color Color) {
	b := c.ink()
	*b = appendColor(*b, color, false)
	*b = appendNumbers(*b, x, c.height-y-h, w, h)
	*b = append(*b, "re f\n"...)
}

func (c *canvas) frame(x, y, side float64, color Color) {
	b := c.ink()
	*b = appendColor(append(*b, "q "...), color, true)
	*b = append(*b, "0.9 w "...)
	*b = appendNumbers(*b, x, c.height-y-side, side, side)
	*b = append(*b, "re S Q\n"...)
}

// writeLine is a fine dotted line to write on.
func (c *canvas) writeLine(x, y, w float64) {
	b := c.ink()
	*b = append(*b, "q 0.55 G 0.7 w 1 J [0 2.4]0 d "...)
	*b = appendNumbers(*b, x, c.height-y)
	*b = append(*b, "m "...)
	*b = appendNumbers(*b, x+w, c.height-y)
	*b = append(*b, "l S Q\n"...)
}

func (c *canvas) box(x, y, w, h, r float64, fill, border Color) {
	if fill == 0 && border == 0 {
		return
	}
	r = min(r, w/2, h/2)
	b := append(*c.ink(), "q "...)
	op := "f"
	if fill != 0 {
		b = appendColor(b, fill, false)
	}
	if border != 0 {
		b = appendColor(b, border, true)
		b = append(b, "0.9 w "...)
		if op = "S"; fill != 0 {
			op = "B"
		}
	}
	lo, hi := c.height-y-h, c.height-y
	k := r * (1 - 0.5523)
	b = append(appendNumbers(b, x+r, lo), "m "...)
	b = append(appendNumbers(b, x+w-r, lo), "l "...)
	if r > 0 {
		b = append(appendNumbers(b, x+w-k, lo, x+w, lo+k, x+w, lo+r), "c "...)
	}
	b = append(appendNumbers(b, x+w, hi-r), "l "...)
	if r > 0 {
		b = append(appendNumbers(b, x+w, hi-k, x+w-k, hi, x+w-r, hi), "c "...)
	}
	b = append(appendNumbers(b, x+r, hi), "l "...)
	if r > 0 {
		b = append(appendNumbers(b, x+k, hi, x, hi-k, x, hi-r), "c "...)
	}
	b = append(appendNumbers(b, x, lo+r), "l "...)
	if r > 0 {
		b = append(appendNumbers(b, x, lo+k, x+k, lo, x+r, lo), "c "...)
	}
	b = append(append(append(b, "h "...), op...), " Q\n"...)
	*c.ink() = b
}

// --- operators

func appendNumbers(b []byte, v ...float64) []byte {
	for _, f := range v {
		b = append(appendNumber(b, f), ' ')
	}
	return b
}

// appendNumber writes a number with at most two decimals: 1/100 point is 4 µm.
func appendNumber(b []byte, v float64) []byte {
	n := int64(v*100 + 0.5)
	if v < 0 {
		n = int64(v*100 - 0.5)
	}
	if n < 0 {
		b = append(b, '-')
		n = -n
	}
	b = strconv.AppendInt(b, n/100, 10)
	if r := n % 100; r != 0 {
		b = append(b, '.', byte('0'+r/10))
		if r%10 != 0 {
			b = append(b, byte('0'+r%10))
		}
	}
	return b
}

func appendColor(b []byte, c Color, stroke bool) []byte {
	for shift := 16; shift >= 0; shift -= 8 {
		n := (int(c>>shift&255)*1000 + 127) / 255
		if n == 1000 {
			b = append(b, "1 "...)
			continue
		}
		b = append(b, '.', byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10), ' ')
	}
	if stroke {
		return append(b, "RG "...)
	}
	return append(b, "rg "...)
}
