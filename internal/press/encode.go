package press

import "strconv"

// encoder gives out the codes of a document: one code for each pair of glyph and text, in the order of the document.
// It runs in one goroutine, so the codes, and with them the bytes, do not depend on the number of workers. What it
// keeps of words and lines is only a memo and is thrown away when it grows.
type encoder struct {
	subsets []*subset
	current []*subset // by index of the typeface
	words   map[*word]encodedWord
	lines   map[*line][]encodedRun
}

const memoLimit = 4000

type encodedWord struct {
	font int
	tj   []byte // what stands between [ and ] of TJ
}

// encodedRun is a piece of a line in one font and look.
type encodedRun struct {
	font int // of F0, F1 …
	look int16
	tj   []byte
}

// subset is the part of a typeface that a document uses. Code 0 is never used.
type subset struct {
	face    *typeface
	glyphs  []uint16
	advance []uint16
	parts   []string
	texts   []string
	usual   []uint16 // glyph id → code for its usual text
	other   map[codeKey]uint16
}

type codeKey struct {
	glyph       uint16
	parts, text string
}

// A subset that is nearly full is followed by another of the same typeface.
const subsetLimit = 60000

func newEncoder() *encoder {
	return &encoder{
		current: make([]*subset, len(loaded)),
		words:   map[*word]encodedWord{},
		lines:   map[*line][]encodedRun{},
	}
}

func (e *encoder) text(n *textNode) [][]encodedRun {
	out := make([][]encodedRun, len(n.lines))
	for i, l := range n.lines {
		out[i] = e.line(l)
	}
	return out
}

func (e *encoder) line(l *line) []encodedRun {
	if r, ok := e.lines[l]; ok {
		return r
	}
	if len(e.lines) > memoLimit {
		clear(e.lines)
	}
	var runs []encodedRun
	for _, f := range l.frags {
		w := e.word(f.word)
		n := len(runs)
		if n == 0 || runs[n-1].font != w.font || runs[n-1].look != f.look {
			runs = append(runs, encodedRun{w.font, f.look, append([]byte(nil), w.tj...)})
			continue
		}
		tj, add := runs[n-1].tj, w.tj
		if k := len(tj); k > 0 && len(add) > 0 && tj[k-1] == ')' && add[0] == '(' {
			tj, add = tj[:k-1], add[1:]
		}
		runs[n-1].tj = append(tj, add...)
	}
	e.lines[l] = runs
	return runs
}

// word writes the codes of a word, moving the pen wherever it should be elsewhere than the widths bring it.
func (e *encoder) word(w *word) encodedWord {
	if c, ok := e.words[w]; ok {
		return c
	}
	if len(e.words) > memoLimit {
		clear(e.words)
	}
	font, sub := e.subset(w.face)
	b := make([]byte, 0, 4*len(w.glyphs)+8)
	open := false
	cur, pen := 0, 0
	move := func(to int) {
		if to == cur {
			return
		}
		if open {
			b = append(b, ')')
			open = false
		}
		b = strconv.AppendInt(b, int64(cur-to), 10)
		cur = to
	}
	for i := range w.glyphs {
		g := &w.glyphs[i]
		move(pen + int(g.dx))
		if !open {
			b = append(b, '(')
			open = true
		}
		c := sub.code(g)
		b = appendStringByte(appendStringByte(b, byte(c>>8)), byte(c))
		cur += int(sub.advance[c])
		pen += int(g.advance)
	}
	move(pen)
	if open {
		b = append(b, ')')
	}
	enc := encodedWord{font, b}
	e.words[w] = enc
	return enc
}

// appendStringByte writes a byte of a literal string. A bare carriage return would be read as a line feed.
func appendStringByte(b []byte, c byte) []byte {
	switch c {
	case '(', ')', '\\':
		return append(b, '\\', c)
	case '\r':
		return append(b, '\\', 'r')
	}
	return append(b, c)
}

// subset is the one to which new words of a typeface go, and its number.
func (e *encoder) subset(f *typeface) (int, *subset) {
	s := e.current[f.index]
	if s == nil || len(s.glyphs) > subsetLimit {
		s = &subset{
			face: f, glyphs: []uint16{0}, advance: []uint16{f.advance[0]}, parts: []string{""}, texts: []string{""},
			usual: make([]uint16, f.glyphs), other: map[codeKey]uint16{},
		}
		e.current[f.index] = s
		e.subsets = append(e.subsets, s)
	}
	for i := len(e.subsets) - 1; ; i-- {
		if e.subsets[i] == s {
			return i, s
		}
	}
}

func (s *subset) code(g *glyph) uint16 {
	if g.usual {
		if s.usual[g.id] == 0 {
			s.usual[g.id] = s.add(g)
		}
		return s.usual[g.id]
	}
	k := codeKey{g.id, g.parts, g.text}
	c, ok := s.other[k]
	if !ok {
		c = s.add(g)
		s.other[k] = c
	}
	return c
}

func (s *subset) add(g *glyph) uint16 {
	width := uint16(0)
	if g.id != blankGlyph {
		width = s.face.advance[g.id]
	} else if g.parts != "" {
		width = uint16(max(g.advance, 0))
	}
	s.glyphs = append(s.glyphs, g.id)
	s.advance = append(s.advance, width)
	s.parts = append(s.parts, g.parts)
	s.texts = append(s.texts, g.text)
	return uint16(len(s.glyphs) - 1)
}
