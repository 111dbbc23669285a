package press

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"strconv"
	"strings"

	scale "golang.org/x/image/draw"
)

// SVGOptions are those of SVG.
type SVGOptions struct {
	Lang string // of pages that name none; "" is Dutch

	// Prefix begins every id, so that several drawings can stand in one HTML page. Letters, digits and hyphens, a letter first.
	Prefix string

	// Cache keeps shaped words between drawings. It may be nil.
	Cache *Cache
}

// SVG draws the pages that a Page takes as pictures that need nothing else: letters are their outlines, so they look as on
// paper wherever they are seen; each outline and each picture is written once and used many times. No script, no link, no
// reference out of the file. Words are not in it as text: give it another text beside it (alt). Errors are those of
// Document.Add, without the *PageError around them.
func SVG(ctx context.Context, p Page, o SVGOptions) ([][]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	d := New(discard{}, Options{Lang: o.Lang, Cache: o.Cache, Workers: 1})
	s := d.newSetter()
	defer shapers.Put(s.shaper)
	p = frameOf(p, &d.o)
	l, err := s.layPage(&p)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for i, c := range l.pages {
		prefix := o.Prefix
		if i > 0 {
			prefix += strconv.Itoa(i)
		}
		w := drawing{prefix: prefix, glyphs: map[outlineKey]string{}, pictures: map[*Picture]string{}}
		out = append(out, w.page(c, l.size))
	}
	return out, nil
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// drawing is one page as SVG.
type drawing struct {
	prefix   string
	defs     []byte
	body     []byte
	glyphs   map[outlineKey]string
	pictures map[*Picture]string
	clips    int
}

type outlineKey struct {
	face  *typeface
	glyph int
}

func (w *drawing) page(c *canvas, size Size) []byte {
	h := size.Height
	for i := range c.items {
		it := &c.items[i]
		switch it.kind {
		case inkItem:
			w.body = fmt.Appendf(w.body, `<g transform="matrix(1 0 0 -1 0 %.2f)">`, h)
			w.operators(&w.body, it.ops, nil)
			w.body = append(w.body, "</g>\n"...)
		case textItem:
			w.text(it, h)
		case pictureItem:
			w.picture(it, h)
		case qrItem:
			w.qr(it, h)
		}
	}
	b := fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.2f %.2f">`+"\n<defs>%s</defs>\n", size.Width, h, w.defs)
	b = fmt.Appendf(b, `<rect width="%.2f" height="%.2f" fill="#fff"/>`+"\n", size.Width, h)
	return append(append(b, w.body...), "</svg>\n"...)
}

// --- text

func (w *drawing) text(it *item, h float64) {
	n := it.text
	for i, l := range n.lines {
		x := it.x + offset(n.width, float64(l.width)/1000*n.size, n.align, n.par.rtl)
		if n.par.rtl {
			x -= float64(l.trail) / 1000 * n.size
		}
		y := h - (it.y - n.baseline() - float64(i)*n.leading)
		pen, look, open := 0, int16(-1), false
		for _, f := range l.frags {
			if f.look != look || !open {
				if open {
					w.body = append(w.body, "</g>"...)
				}
				color := n.ink
				if c := n.par.looks[f.look].color; c != 0 {
					color = c
				}
				k := n.size / 1000
				w.body = fmt.Appendf(w.body, `<g transform="matrix(%.5f 0 0 %.5f %.2f %.2f)" fill="#%06x">`, k, -k, x, y, uint32(color)&0xFFFFFF)
				look, open = f.look, true
			}
			at := pen
			for k := range f.word.glyphs {
				g := &f.word.glyphs[k]
				w.glyph(f.word.face, g, at)
				at += int(g.advance)
			}
			pen += f.word.width
		}
		if open {
			w.body = append(w.body, "</g>\n"...)
		}
	}
}

// glyph puts a glyph, or the parts of a composite one, at the pen.
func (w *drawing) glyph(f *typeface, g *glyph, pen int) {
	if g.id != blankGlyph {
		w.use(f, int(g.id), pen+int(g.dx), 0)
		return
	}
	for p := []byte(g.parts); len(p) > 0; p = p[6:] {
		w.use(f, int(be.Uint16(p)), pen+int(g.dx)+int(int16(be.Uint16(p[2:]))), int(int16(be.Uint16(p[4:]))))
	}
}

func (w *drawing) use(f *typeface, glyph, x, y int) {
	key := outlineKey{f, glyph}
	id, ok := w.glyphs[key]
	if !ok {
		path := f.path(nil, glyph, [6]float64{1, 0, 0, 1, 0, 0}, 0)
		if len(path) > 0 {
			id = w.prefix + "g" + strconv.FormatInt(int64(f.index), 36) + "-" + strconv.FormatInt(int64(glyph), 36)
			w.defs = append(append(append(append(append(w.defs, `<path id="`...), id...), `" d="`...), path...), "\"/>\n"...)
		}
		w.glyphs[key] = id
	}
	if id == "" {
		return // a space
	}
	w.body = append(append(append(w.body, `<use href="#`...), id...), '"')
	if x != 0 {
		w.body = append(strconv.AppendInt(append(w.body, ` x="`...), int64(x), 10), '"')
	}
	if y != 0 {
		w.body = append(strconv.AppendInt(append(w.body, ` y="`...), int64(y), 10), '"')
	}
	w.body = append(w.body, "/>"...)
}

// path adds the outline of a glyph, in 1/1000 em upwards, moved and scaled by m.
func (t *typeface) path(b []byte, g int, m [6]float64, depth int) []byte {
	outline := t.outline(g)
	if len(outline) < 12 || depth > 6 {
		return b
	}
	contours := int(int16(be.Uint16(outline)))
	if contours < 0 {
		eachComponent(outline, func(at int) {
			if inner, ok := component(outline, at); ok {
				b = t.path(b, int(be.Uint16(outline[at+2:])), compose(m, inner), depth+1)
			}
		})
		return b
	}
	return simplePath(b, outline, contours, m)
}

// compose is b seen through a.
func compose(a, b [6]float64) [6]float64 {
	return [6]float64{a[0]*b[0] + a[2]*b[1], a[1]*b[0] + a[3]*b[1], a[0]*b[2] + a[2]*b[3], a[1]*b[2] + a[3]*b[3], a[0]*b[4] + a[2]*b[5] + a[4], a[1]*b[4] + a[3]*b[5] + a[5]}
}

// component is how a part of a composite glyph stands (OpenType, table glyf).
func component(outline []byte, at int) (m [6]float64, ok bool) {
	flags := be.Uint16(outline[at:])
	m = [6]float64{1, 0, 0, 1, 0, 0}
	p := at + 4
	if flags&argsAreOffsets == 0 {
		return m, false // points that must meet: no font here has it
	}
	if flags&argsAreWords != 0 {
		m[4], m[5] = float64(int16(be.Uint16(outline[p:]))), float64(int16(be.Uint16(outline[p+2:])))
		p += 4
	} else {
		m[4], m[5] = float64(int8(outline[p])), float64(int8(outline[p+1]))
		p += 2
	}
	f := func(i int) float64 { return float64(int16(be.Uint16(outline[p+2*i:]))) / 16384 }
	switch {
	case flags&hasScale != 0:
		m[0], m[3] = f(0), f(0)
	case flags&hasXYScale != 0:
		m[0], m[3] = f(0), f(1)
	case flags&hasMatrix != 0:
		m[0], m[1], m[2], m[3] = f(0), f(1), f(2), f(3)
	}
	return m, true
}

type outlinePoint struct {
	x, y float64
	on   bool
}

// simplePath reads the points of a simple glyph and writes its curves.
func simplePath(b, outline []byte, contours int, m [6]float64) []byte {
	if 10+2*contours+2 > len(outline) || contours == 0 {
		return b
	}
	ends := make([]int, contours)
	for i := range ends {
		ends[i] = int(be.Uint16(outline[10+2*i:]))
	}
	count := ends[contours-1] + 1
	at := 10 + 2*contours
	at += 2 + int(be.Uint16(outline[at:]))
	flags := make([]byte, 0, count)
	for len(flags) < count && at < len(outline) {
		f := outline[at]
		at++
		flags = append(flags, f)
		if f&8 != 0 && at < len(outline) {
			for range outline[at] {
				flags = append(flags, f)
			}
			at++
		}
	}
	if len(flags) < count {
		return b
	}
	coordinates := func(short, same byte) []int {
		out, v := make([]int, count), 0
		for i := range out {
			switch f := flags[i]; {
			case f&short != 0:
				if at >= len(outline) {
					return nil
				}
				if d := int(outline[at]); f&same != 0 {
					v += d
				} else {
					v -= d
				}
				at++
			case f&same == 0:
				if at+2 > len(outline) {
					return nil
				}
				v += int(int16(be.Uint16(outline[at:])))
				at += 2
			}
			out[i] = v
		}
		return out
	}
	xs := coordinates(2, 16)
	ys := coordinates(4, 32)
	if xs == nil || ys == nil {
		return b
	}
	from := 0
	for _, end := range ends {
		if end < from || end >= count {
			return b
		}
		pts := make([]outlinePoint, 0, end-from+1)
		for i := from; i <= end; i++ {
			x, y := float64(xs[i]), float64(ys[i])
			pts = append(pts, outlinePoint{m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5], flags[i]&1 != 0})
		}
		b = contour(b, pts)
		from = end + 1
	}
	return b
}

// contour writes one closed curve: two points off the curve have one on it half way between them.
func contour(b []byte, pts []outlinePoint) []byte {
	if len(pts) < 2 {
		return b
	}
	between := func(p, q outlinePoint) outlinePoint {
		return outlinePoint{(p.x + q.x) / 2, (p.y + q.y) / 2, true}
	}
	first := 0
	for first < len(pts) && !pts[first].on {
		first++
	}
	start := outlinePoint{}
	if first == len(pts) {
		first = 0
		start = between(pts[len(pts)-1], pts[0])
	} else {
		start = pts[first]
		first++
	}
	cx, cy := 0, 0 // where the pen is, as written
	to := func(cmd byte, ps ...outlinePoint) {
		b = append(b, cmd)
		x0, y0 := cx, cy
		for i, p := range ps {
			x, y := int(math.Round(p.x)), int(math.Round(p.y))
			if i > 0 && x-x0 >= 0 {
				b = append(b, ' ')
			}
			b = strconv.AppendInt(b, int64(x-x0), 10)
			if y-y0 >= 0 {
				b = append(b, ' ')
			}
			b = strconv.AppendInt(b, int64(y-y0), 10)
			cx, cy = x, y
		}
	}
	b = append(b, 'M')
	cx, cy = int(math.Round(start.x)), int(math.Round(start.y))
	b = strconv.AppendInt(append(strconv.AppendInt(b, int64(cx), 10), ' '), int64(cy), 10)
	n := len(pts)
	var off *outlinePoint
	for i := range n {
		p := pts[(first+i)%n]
		if i == n-1 && start.on && p == start {
			break
		}
		switch {
		case p.on && off == nil:
			to('l', p)
		case p.on:
			to('q', *off, p)
			off = nil
		case off == nil:
			q := p
			off = &q
		default:
			to('q', *off, between(*off, p))
			q := p
			off = &q
		}
	}
	if off != nil {
		to('q', *off, start)
	}
	return append(b, 'z')
}

// --- pictures and codes

func (w *drawing) picture(it *item, h float64) {
	id, ok := w.pictures[it.picture]
	if !ok {
		id = w.prefix + "p" + strconv.Itoa(len(w.pictures))
		w.pictures[it.picture] = id
		inner := w.inside(it.picture)
		w.defs = append(append(append(append(append(w.defs, `<g id="`...), id...), `">`...), inner...), "</g>\n"...)
	}
	x, y, pw, ph := it.x, it.y, it.w, it.h
	if it.round {
		x, y, pw, ph = it.covering()
		w.clips++
		clip := w.prefix + "c" + strconv.Itoa(w.clips)
		w.defs = fmt.Appendf(w.defs, `<clipPath id="%s"><circle cx="%.2f" cy="%.2f" r="%.2f"/></clipPath>`+"\n", clip, it.x+it.w/2, h-it.y-it.h/2, it.w/2)
		w.body = fmt.Appendf(w.body, `<g clip-path="url(#%s)">`, clip)
	}
	w.body = fmt.Appendf(w.body, `<use href="#%s" transform="matrix(%.3f 0 0 %.3f %.2f %.2f)"/>`, id, pw, -ph, x, h-y)
	if it.round {
		w.body = append(w.body, "</g>"...)
	}
	w.body = append(w.body, '\n')
}

// inside draws a picture into the unit square, upwards.
func (w *drawing) inside(p *Picture) []byte {
	if p.drawn != nil && p.drawn.plain() {
		var b []byte
		w.operators(&b, p.drawn.ops, p.drawn.alphas)
		return b
	}
	href := ""
	switch {
	case p.small != nil:
		href = p.small()
	case p.source != nil: // gradients and the like: the file itself, which draws nothing from elsewhere in an image
		href = "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(p.source)
	}
	return []byte(`<image width="1" height="1" preserveAspectRatio="none" transform="matrix(1 0 0 -1 0 1)" href="` + href + `"/>`)
}

// plain tells whether the drawing is paths and colours only.
func (t *svgTarget) plain() bool { return len(t.shadings) == 0 && len(t.groups) == 0 }

const smallSide = 360 // pixels: three times what a logo takes on a screen

// shrunk is a picture of pixels as a data address, small enough to look at.
func (p *Picture) shrunk() string {
	img, kind, err := image.Decode(bytes.NewReader(p.source))
	if err != nil {
		return "data:," // it was decoded before, so this cannot be
	}
	if kind == "jpeg" {
		if head, err := readJPEGHeader(p.source); err == nil && head.turn > 1 && head.turn <= 8 {
			img = turned{img, head.turn}
		}
	}
	b := img.Bounds()
	k := min(1, float64(smallSide)/float64(max(b.Dx(), b.Dy())))
	small := image.NewNRGBA(image.Rect(0, 0, max(1, int(float64(b.Dx())*k)), max(1, int(float64(b.Dy())*k))))
	scale.ApproxBiLinear.Scale(small, small.Rect, img, b, draw.Src, nil)
	var out bytes.Buffer
	if kind == "jpeg" {
		if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: 82}); err == nil {
			return "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(out.Bytes())
		}
	}
	out.Reset()
	if err := png.Encode(&out, small); err != nil {
		return "data:,"
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(out.Bytes())
}

func (w *drawing) qr(it *item, h float64) {
	code := it.code.code
	module := it.w / float64(code.Size+2*quietZone)
	w.body = fmt.Appendf(w.body, `<g transform="translate(%.2f %.2f) scale(%.4f)" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%[4]dv%[4]dh-%[4]dz"/><path d="`, it.x, h-it.y-it.h, module, code.Size+2*quietZone)
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			if !code.Black(x, y) {
				continue
			}
			n := 1
			for x+n < code.Size && code.Black(x+n, y) {
				n++
			}
			w.body = fmt.Appendf(w.body, "M%d %dh%dv1h-%dz", x+quietZone, y+quietZone, n, n)
			x += n
		}
	}
	w.body = append(w.body, "\"/></g>\n"...)
}

// --- operators

// inkState is what PDF operators have set.
type inkState struct {
	fill, stroke      string
	width, join, cap  string
	miter, dash       string
	fillAlpha, strAlp string
	open              int // groups to be closed at its end
}

// operators draws the PDF operators that this package itself writes: nothing else comes here.
func (w *drawing) operators(b *[]byte, ops []byte, alphas []string) {
	st := inkState{fill: "#000", stroke: "#000"}
	var stack []inkState
	var args []string
	var path []byte
	clip := ""
	num := func(i int) float64 {
		if i < 0 || i >= len(args) {
			return 0
		}
		v, err := strconv.ParseFloat(args[i], 64)
		if err != nil {
			return 0
		}
		return v
	}
	color := func() string {
		c := [3]float64{num(len(args) - 3), num(len(args) - 2), num(len(args) - 1)}
		if len(args) == 1 {
			c = [3]float64{num(0), num(0), num(0)}
		}
		return fmt.Sprintf("#%02x%02x%02x", int(c[0]*255+0.5), int(c[1]*255+0.5), int(c[2]*255+0.5))
	}
	add := func(cmd byte) {
		path = append(path, cmd)
		for i, a := range args {
			if i > 0 {
				path = append(path, ' ')
			}
			path = append(path, a...)
		}
	}
	paint := func(fill, stroke, evenOdd bool) {
		out := append(append(append(*b, `<path d="`...), path...), `" fill="`...)
		if fill {
			out = append(out, st.fill...)
			if st.fillAlpha != "" {
				out = append(append(out, `" fill-opacity="`...), st.fillAlpha...)
			}
			if evenOdd {
				out = append(out, `" fill-rule="evenodd`...)
			}
		} else {
			out = append(out, "none"...)
		}
		if stroke {
			for _, a := range [][2]string{{"stroke", st.stroke}, {"stroke-width", st.width}, {"stroke-linejoin", st.join}, {"stroke-linecap", st.cap}, {"stroke-miterlimit", st.miter}, {"stroke-dasharray", st.dash}, {"stroke-opacity", st.strAlp}} {
				if a[1] != "" {
					out = append(append(append(append(out, `" `...), a[0]...), `="`...), a[1]...)
				}
			}
		}
		*b = append(out, `"/>`...)
		path = path[:0]
	}
	text := strings.NewReplacer("[", " [ ", "]", " ] ").Replace(string(ops))
	for _, t := range strings.Fields(text) {
		switch t {
		case "q":
			stack = append(stack, st)
			st.open = 0
		case "Q":
			for range st.open {
				*b = append(*b, "</g>"...)
			}
			if n := len(stack); n > 0 {
				st, stack = stack[n-1], stack[:n-1]
			}
		case "cm":
			*b = append(append(append(*b, `<g transform="matrix(`...), strings.Join(args, " ")...), `)">`...)
			st.open++
		case "rg", "g":
			st.fill = color()
		case "RG", "G":
			st.stroke = color()
		case "w":
			st.width = args[0]
		case "J":
			st.cap = map[string]string{"0": "", "1": "round", "2": "square"}[args[0]]
		case "j":
			st.join = map[string]string{"0": "", "1": "round", "2": "bevel"}[args[0]]
		case "M":
			st.miter = args[0]
		case "d":
			if n := len(args) - 1; n > 0 {
				st.dash = strings.Join(args[:n], " ")
			} else {
				st.dash = ""
			}
		case "gs":
			st.strAlp, st.fillAlpha = alphaOf(args, alphas)
		case "re":
			path = fmt.Appendf(path, "M%s %sh%sv%sh%sz", args[0], args[1], args[2], args[3], negative(args[2]))
		case "m":
			add('M')
		case "l":
			add('L')
		case "c":
			add('C')
		case "h":
			path = append(path, 'z')
		case "f", "f*":
			paint(true, false, t == "f*")
		case "S":
			paint(false, true, false)
		case "B", "B*":
			paint(true, true, t == "B*")
		case "W", "W*":
			clip = `<path d="` + string(path) + `"`
			if t == "W*" {
				clip += ` clip-rule="evenodd"`
			}
		case "n":
			if clip != "" {
				w.clips++
				id := w.prefix + "c" + strconv.Itoa(w.clips)
				*b = fmt.Appendf(*b, `<clipPath id="%s">%s/></clipPath><g clip-path="url(#%s)">`, id, clip, id)
				st.open++
				clip = ""
			}
			path = path[:0]
		case "[", "]":
			continue
		default:
			args = append(args, t)
			continue
		}
		args = args[:0]
	}
	for {
		for range st.open {
			*b = append(*b, "</g>"...)
		}
		if len(stack) == 0 {
			return
		}
		st, stack = stack[len(stack)-1], stack[:len(stack)-1]
	}
}

func negative(v string) string {
	if strings.HasPrefix(v, "-") {
		return v[1:]
	}
	return "-" + v
}

// alphaOf reads a graphics state as svgTarget.alpha writes it.
func alphaOf(args, alphas []string) (stroke, fill string) {
	if len(args) == 0 {
		return "", ""
	}
	i, err := strconv.Atoi(strings.TrimPrefix(args[0], "/G"))
	if err != nil || i < 0 || i >= len(alphas) {
		return "", ""
	}
	s := strings.TrimSuffix(strings.TrimPrefix(alphas[i], "<</CA "), ">>")
	stroke, fill, _ = strings.Cut(s, "/ca ")
	return strings.TrimSpace(stroke), strings.TrimSpace(fill)
}
