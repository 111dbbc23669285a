package press

import (
	"math/bits"
	"strconv"
	"unicode/utf16"
)

// Cutting the used glyphs out of a typeface: dense glyph ids in the order of the original, no hinting, and after them
// the composites that stand for whole clusters.

// glyphSet is a set of glyph ids.
type glyphSet []uint64

func (s glyphSet) add(g int)      { s[g>>6] |= 1 << (g & 63) }
func (s glyphSet) has(g int) bool { return s[g>>6]&(1<<(g&63)) != 0 }

func (s glyphSet) list() (ids []int) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			ids = append(ids, i*64+bits.TrailingZeros64(w))
		}
	}
	return ids
}

// Flags of the components of a composite glyph.
const (
	argsAreWords   = 0x0001
	argsAreOffsets = 0x0002
	hasScale       = 0x0008
	moreComponents = 0x0020
	hasXYScale     = 0x0040
	hasMatrix      = 0x0080
	instructions   = 0x0100
)

// eachComponent calls f with the position of each component of a composite glyph and gives the end of the last one.
// A simple glyph has none and ends at 0.
func eachComponent(outline []byte, f func(at int)) (end int) {
	if len(outline) < 12 || int16(be.Uint16(outline)) >= 0 {
		return 0
	}
	for at := 10; at+6 <= len(outline); {
		flags := be.Uint16(outline[at:])
		f(at)
		at += 6
		if flags&argsAreWords != 0 {
			at += 2
		}
		switch {
		case flags&hasScale != 0:
			at += 2
		case flags&hasXYScale != 0:
			at += 4
		case flags&hasMatrix != 0:
			at += 8
		}
		end = min(at, len(outline))
		if flags&moreComponents == 0 {
			break
		}
	}
	return end
}

// unhinted is the outline without its instructions.
func unhinted(outline []byte) []byte {
	if len(outline) < 12 {
		return nil
	}
	contours := int(int16(be.Uint16(outline)))
	if contours >= 0 {
		at := 10 + 2*contours
		if at+2 > len(outline) {
			return nil
		}
		n := int(be.Uint16(outline[at:]))
		if at+2+n > len(outline) {
			return nil
		}
		out := make([]byte, 0, len(outline)-n)
		out = append(append(out, outline[:at]...), 0, 0)
		return append(out, outline[at+2+n:]...)
	}
	out := append([]byte(nil), outline...)
	end := eachComponent(out, func(at int) {
		be.PutUint16(out[at:], be.Uint16(out[at:])&^instructions)
	})
	return out[:end]
}

// cut gives the TrueType file of the subset and the glyph of each code.
func (s *subset) cut() (file []byte, glyphOf []uint16) {
	f := s.face
	used := make(glyphSet, (f.glyphs+63)/64)
	used.add(0)
	for c, g := range s.glyphs {
		if g != blankGlyph {
			used.add(int(g))
		}
		for p := s.parts[c]; p != ""; p = p[6:] {
			used.add(int(p[0])<<8 | int(p[1]))
		}
	}
	for todo := used.list(); len(todo) > 0; {
		g := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		outline := f.outline(g)
		eachComponent(outline, func(at int) {
			if k := int(be.Uint16(outline[at+2:])); k < f.glyphs && !used.has(k) {
				used.add(k)
				todo = append(todo, k)
			}
		})
	}
	ids := used.list()
	dense := make(map[int]uint16, len(ids))
	for i, g := range ids {
		dense[g] = uint16(i)
	}

	var glyf, loca, hmtx []byte
	count := 0
	begin := func(advance uint16, bearing int) {
		loca = be.AppendUint32(loca, uint32(len(glyf)))
		hmtx = be.AppendUint16(be.AppendUint16(hmtx, advance), uint16(int16(bearing)))
		count++
	}
	pad := func() {
		for len(glyf)&3 != 0 {
			glyf = append(glyf, 0)
		}
	}
	for _, g := range ids {
		outline := unhinted(f.outline(g))
		eachComponent(outline, func(at int) {
			be.PutUint16(outline[at+2:], dense[int(be.Uint16(outline[at+2:]))])
		})
		begin(f.advance[g], leftBearing(outline))
		glyf = append(glyf, outline...)
		pad()
	}

	glyphOf = make([]uint16, len(s.glyphs))
	blank := -1
	made := map[string]int{} // composites of the same parts and width
	deepest := 1
	for c, g := range s.glyphs {
		parts := s.parts[c]
		switch {
		case g != blankGlyph:
			glyphOf[c] = dense[int(g)]
			continue
		case parts == "":
			if blank < 0 {
				blank = count
				begin(0, 0)
			}
			glyphOf[c] = uint16(blank)
			continue
		}
		key := parts + strconv.Itoa(int(s.advance[c]))
		n, ok := made[key]
		if !ok {
			n = count
			made[key] = n
			outline := f.compose(parts, dense)
			begin(s.advance[c], leftBearing(outline))
			glyf = append(glyf, outline...)
			pad()
			deepest = max(deepest, len(parts)/6)
		}
		glyphOf[c] = uint16(n)
	}
	loca = be.AppendUint32(loca, uint32(len(glyf)))

	head := append([]byte(nil), f.tables["head"]...)
	head[50], head[51] = 0, 1 // long loca
	hhea := append([]byte(nil), f.tables["hhea"]...)
	be.PutUint16(hhea[34:], uint16(count))
	maxp := append([]byte(nil), f.tables["maxp"]...)
	be.PutUint16(maxp[4:], uint16(count))
	for _, at := range []int{10, 12} { // points and contours of composites: upper bounds
		most := max(int(be.Uint16(maxp[at:])), int(be.Uint16(maxp[at-4:])))
		be.PutUint16(maxp[at:], uint16(min(most*deepest, 65535)))
	}
	be.PutUint16(maxp[14:], 1) // no hinting: one zone, nothing stored, no stack
	for at := 16; at < 28; at += 2 {
		be.PutUint16(maxp[at:], 0)
	}
	be.PutUint16(maxp[28:], max(be.Uint16(maxp[28:]), uint16(deepest)))
	be.PutUint16(maxp[30:], be.Uint16(maxp[30:])+1)
	file = sfnt(map[string][]byte{"head": head, "hhea": hhea, "maxp": maxp, "hmtx": hmtx, "loca": loca, "glyf": glyf})
	return file, glyphOf
}

// leftBearing is where the ink of a glyph begins.
func leftBearing(outline []byte) int {
	if len(outline) < 10 {
		return 0
	}
	return int(int16(be.Uint16(outline[2:])))
}

// compose makes a composite glyph of parts (see glyph.parts) with their new ids.
func (t *typeface) compose(parts string, dense map[int]uint16) []byte {
	x0, y0, x1, y1 := 32767, 32767, -32768, -32768
	var body []byte
	for p := []byte(parts); len(p) > 0; p = p[6:] {
		g := int(be.Uint16(p))
		dx, dy := int(int16(be.Uint16(p[2:]))), int(int16(be.Uint16(p[4:])))
		outline := t.outline(g)
		edge := func(at int) int { return int(int16(be.Uint16(outline[at:]))) }
		x0, y0 = min(x0, edge(2)+dx), min(y0, edge(4)+dy)
		x1, y1 = max(x1, edge(6)+dx), max(y1, edge(8)+dy)
		flags := uint16(argsAreWords | argsAreOffsets)
		if len(p) > 6 {
			flags |= moreComponents
		}
		body = be.AppendUint16(be.AppendUint16(body, flags), dense[g])
		body = append(body, p[2:6]...)
	}
	out := make([]byte, 0, 10+len(body))
	for _, v := range []int{-1, x0, y0, x1, y1} {
		out = be.AppendUint16(out, uint16(int16(v)))
	}
	return append(out, body...)
}

// toUnicode is the map from codes to text that readers use to copy, search and read out.
func (s *subset) toUnicode() []byte {
	b := []byte("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def\n" +
		"/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for from := 1; from < len(s.texts); from += 100 {
		to := min(from+100, len(s.texts))
		b = strconv.AppendInt(b, int64(to-from), 10)
		b = append(b, " beginbfchar\n"...)
		for c := from; c < to; c++ {
			b = append(b, '<')
			b = appendHex16(b, uint16(c))
			b = append(b, "><"...)
			b = appendUTF16(b, s.texts[c])
			b = append(b, ">\n"...)
		}
		b = append(b, "endbfchar\n"...)
	}
	return append(b, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"...)
}

func appendHex16(b []byte, v uint16) []byte {
	const hex = "0123456789ABCDEF"
	return append(b, hex[v>>12], hex[v>>8&15], hex[v>>4&15], hex[v&15])
}

// appendUTF16 writes text as hexadecimal UTF-16, without a mark of byte order.
func appendUTF16(b []byte, text string) []byte {
	for _, r := range text {
		if r >= 0x10000 {
			hi, lo := utf16.EncodeRune(r)
			b = appendHex16(appendHex16(b, uint16(hi)), uint16(lo))
			continue
		}
		b = appendHex16(b, uint16(r))
	}
	return b
}
