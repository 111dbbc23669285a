package press

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// SVG becomes PDF operators: paths, shapes, groups, use, style sheets with simple selectors, clipping, gradients,
// opacity. What cannot be drawn faithfully (text, filters, masks, patterns, embedded pictures, references to other
// files) is refused by name, so that nobody finds half a logo on six hundred pages. Scripts, animation and metadata
// are passed over; nothing outside the file is ever read.

type svgNode struct {
	name string
	attr map[string]string
	kids []*svgNode
	text strings.Builder // of style elements
}

type svgParser struct {
	byID  map[string]*svgNode
	rules []cssRule
	size  int // bytes of operators so far
}

const (
	maxSVGNodes     = 60_000
	maxSVGDepth     = 100
	maxSVGUse       = 24
	maxSVGOperators = 8 << 20
)

const svgSpace = "http://www.w3.org/2000/svg"

// ParseSVG parses an SVG picture. Errors are *PictureError.
func ParseSVG(data []byte) (*Picture, error) {
	if len(data) > maxSVGBytes {
		return nil, pictureError(ErrPictureTooLarge, "%d bytes of SVG, at most %d", len(data), maxSVGBytes)
	}
	if !looksLikeSVG(data) {
		return nil, pictureError(ErrPictureFormat, "")
	}
	d := &svgParser{byID: map[string]*svgNode{}}
	root, err := d.read(data)
	if err != nil {
		return nil, err
	}
	p, err := d.picture(root)
	if err == nil {
		p.source = bytes.Clone(data)
	}
	return p, err
}

// read builds the tree of elements.
func (d *svgParser) read(data []byte) (*svgNode, error) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.Strict = false                                                                     // drawing programs declare entities for their name spaces
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // names and numbers are ASCII
	var root *svgNode
	var open []*svgNode
	count, skipped := 0, 0
	for {
		t, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, pictureError(ErrPictureBroken, "%v", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			foreign := t.Name.Space != "" && t.Name.Space != svgSpace && t.Name.Space != "svg"
			if skipped > 0 || foreign {
				skipped++
				continue
			}
			if count++; count > maxSVGNodes || len(open) > maxSVGDepth {
				return nil, pictureError(ErrPictureTooLarge, "too many elements")
			}
			n := &svgNode{name: t.Name.Local, attr: make(map[string]string, len(t.Attr))}
			for _, a := range t.Attr {
				switch {
				case a.Name.Space == "":
					n.attr[a.Name.Local] = a.Value
				case a.Name.Local == "href" && n.attr["href"] == "":
					n.attr["href"] = a.Value
				}
			}
			if id := n.attr["id"]; id != "" && d.byID[id] == nil {
				d.byID[id] = n
			}
			if len(open) > 0 {
				p := open[len(open)-1]
				p.kids = append(p.kids, n)
			} else if root == nil {
				root = n
			}
			open = append(open, n)
		case xml.EndElement:
			if skipped > 0 {
				skipped--
				continue
			}
			if len(open) > 0 {
				if n := open[len(open)-1]; n.name == "style" {
					d.rules = append(d.rules, parseCSS(n.text.String())...)
				}
				open = open[:len(open)-1]
			}
		case xml.CharData:
			if skipped == 0 && len(open) > 0 && open[len(open)-1].name == "style" {
				open[len(open)-1].text.Write(t)
			}
		}
	}
	if root == nil || root.name != "svg" {
		return nil, pictureError(ErrPictureFormat, "")
	}
	return root, nil
}

// picture draws the tree into a form that fills the unit square.
func (d *svgParser) picture(root *svgNode) (*Picture, error) {
	box, hasBox := viewBox(root)
	w, okW := parseLength(root.attr["width"], 0)
	h, okH := parseLength(root.attr["height"], 0)
	okW, okH = okW && w > 0, okH && h > 0
	switch {
	case okW && okH && !hasBox:
		box = [4]float64{0, 0, w, h}
	case !hasBox:
		return nil, pictureError(ErrPictureBroken, "neither viewBox nor width and height")
	case okW && !okH:
		h = w * box[3] / box[2]
	case okH && !okW:
		w = h * box[2] / box[3]
	case !okW && !okH:
		w, h = box[2], box[3]
	}
	// The whole viewBox is seen, in its proportions, whatever width and height say.
	k := min(w/box[2], h/box[3])
	w, h = box[2]*k, box[3]*k
	t := &svgTarget{}
	t.matrix(matrix{1 / box[2], 0, 0, -1 / box[3], -box[0] / box[2], 1 + box[1]/box[3]})
	st := svgState{
		fill: svgPaint{color: svgColor{0, 0, 0, 1}}, stroke: svgPaint{none: true}, fillOpacity: 1, strokeOpacity: 1,
		width: 1, miter: 4, color: svgColor{0, 0, 0, 1}, visible: true, view: [2]float64{box[2], box[3]},
	}
	st, _, err := d.inherit(st, root)
	if err != nil {
		return nil, err
	}
	if err := d.drawKids(t, root, st, 0); err != nil {
		return nil, err
	}
	const toPoints = 0.75
	return &Picture{Width: w * toPoints, Height: h * toPoints, drawn: t, embed: func(p *pdfWriter) int {
		return t.embed(p, "/BBox[0 0 1 1]")
	}}, nil
}

func viewBox(n *svgNode) (box [4]float64, ok bool) {
	s := &numberScanner{s: n.attr["viewBox"]}
	for i := range box {
		box[i] = s.next()
	}
	return box, !s.bad && box[2] > 0 && box[3] > 0
}

// svgState is what elements inherit.
type svgState struct {
	fill, stroke               svgPaint
	fillOpacity, strokeOpacity float64
	evenOdd                    bool
	width, miter, dashOffset   float64
	cap, join                  int
	dash                       []float64
	color                      svgColor
	visible                    bool
	view                       [2]float64 // for lengths in percent
}

type svgPaint struct {
	none  bool
	color svgColor
	ref   string // id of a gradient
}

// inherit applies the properties of a node; it also gives those that are not inherited.
func (d *svgParser) inherit(st svgState, n *svgNode) (svgState, map[string]string, error) {
	p := d.properties(n)
	set := func(name string, f func(v string)) {
		if v, ok := p[name]; ok && v != "" && v != "inherit" {
			f(v)
		}
	}
	unit := func(v string, f *float64) {
		s := &numberScanner{s: v}
		x := s.next()
		if !s.bad {
			if strings.HasPrefix(strings.TrimSpace(s.s), "%") {
				x /= 100
			}
			*f = min(max(x, 0), 1)
		}
	}
	length := func(v string, f *float64) {
		if x, ok := parseLength(v, math.Hypot(st.view[0], st.view[1])/math.Sqrt2); ok {
			*f = x
		}
	}
	var err error
	paint := func(v string, to *svgPaint) {
		if v == "none" {
			*to = svgPaint{none: true}
			return
		}
		if strings.HasPrefix(v, "url(") {
			ref, rest, ok := parseURL(v)
			if !ok {
				err = pictureError(ErrPictureUnsupported, "reference to another file: %.60s", v)
				return
			}
			*to = svgPaint{ref: ref, none: d.byID[ref] == nil}
			if d.byID[ref] == nil { // then the colour after it holds
				if c, ok := parseColor(rest, st.color); ok {
					*to = svgPaint{color: c}
				}
			}
			return
		}
		if strings.HasPrefix(v, "context-") {
			return
		}
		if c, ok := parseColor(v, st.color); ok {
			*to = svgPaint{color: c, none: c.a == 0}
		}
	}
	set("color", func(v string) {
		if c, ok := parseColor(v, st.color); ok {
			st.color = c
		}
	})
	set("fill", func(v string) { paint(v, &st.fill) })
	set("stroke", func(v string) { paint(v, &st.stroke) })
	set("fill-opacity", func(v string) { unit(v, &st.fillOpacity) })
	set("stroke-opacity", func(v string) { unit(v, &st.strokeOpacity) })
	set("fill-rule", func(v string) { st.evenOdd = v == "evenodd" })
	set("stroke-width", func(v string) { length(v, &st.width) })
	set("stroke-miterlimit", func(v string) { length(v, &st.miter) })
	set("stroke-dashoffset", func(v string) { length(v, &st.dashOffset) })
	set("stroke-linecap", func(v string) { st.cap = map[string]int{"round": 1, "square": 2}[v] })
	set("stroke-linejoin", func(v string) { st.join = map[string]int{"round": 1, "bevel": 2}[v] })
	set("stroke-dasharray", func(v string) {
		st.dash = nil
		sum := 0.0
		for _, f := range strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' }) {
			if x, ok := parseLength(f, math.Hypot(st.view[0], st.view[1])/math.Sqrt2); ok && x >= 0 && len(st.dash) < 64 {
				st.dash = append(st.dash, x)
				sum += x
			}
		}
		if sum <= 0 {
			st.dash = nil
		}
	})
	set("visibility", func(v string) { st.visible = v == "visible" })
	for _, name := range []string{"filter", "mask", "marker-start", "marker-mid", "marker-end"} {
		set(name, func(v string) {
			if ref, _, ok := parseURL(v); strings.HasPrefix(v, "url(") && (!ok || d.byID[ref] != nil) {
				err = pictureError(ErrPictureUnsupported, "%s", name)
			}
		})
	}
	set("mix-blend-mode", func(v string) {
		if v != "normal" {
			err = pictureError(ErrPictureUnsupported, "mix-blend-mode")
		}
	})
	return st, p, err
}

// parseURL reads url(#id) and what stands after it; ok is false for a reference outside the file.
func parseURL(v string) (id, rest string, ok bool) {
	if !strings.HasPrefix(v, "url(") {
		return "", "", false
	}
	end := strings.IndexByte(v, ')')
	if end < 0 {
		return "", "", false
	}
	in := strings.Trim(strings.TrimSpace(v[4:end]), `"'`)
	if !strings.HasPrefix(in, "#") {
		return "", "", false
	}
	return in[1:], strings.TrimSpace(v[end+1:]), true
}

func (d *svgParser) drawKids(t *svgTarget, n *svgNode, st svgState, uses int) error {
	if n.name == "switch" {
		for _, k := range n.kids {
			if k.name != "foreignObject" && k.attr["requiredExtensions"] == "" {
				return d.draw(t, k, st, uses)
			}
		}
		return nil
	}
	for _, k := range n.kids {
		if err := d.draw(t, k, st, uses); err != nil {
			return err
		}
	}
	return nil
}

// draw draws one element.
func (d *svgParser) draw(t *svgTarget, n *svgNode, st svgState, uses int) error {
	switch n.name {
	case "g", "a", "svg", "switch", "use", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon":
	case "defs", "symbol", "clipPath", "linearGradient", "radialGradient", "pattern", "mask", "filter", "marker",
		"style", "script", "title", "desc", "metadata", "view", "cursor", "set", "animate", "animateTransform",
		"animateMotion", "animateColor", "font", "font-face", "color-profile":
		return nil // drawn where they are used, or never
	default:
		return pictureError(ErrPictureUnsupported, "element %.30s", n.name)
	}
	st, own, err := d.inherit(st, n)
	if err != nil {
		return err
	}
	if own["display"] == "none" {
		return nil
	}
	opacity := 1.0
	if v, ok := own["opacity"]; ok {
		s := &numberScanner{s: v}
		if x := s.next(); !s.bad {
			opacity = min(max(x, 0), 1)
		}
	}
	if opacity == 0 {
		return nil
	}
	m, ok := parseTransform(n.attr["transform"])
	if !ok {
		return nil // an element with a broken transform is not drawn
	}
	if m[0]*m[3]-m[1]*m[2] == 0 {
		return nil
	}
	t.op("q ")
	if m != identity {
		t.matrix(m)
	}
	if v := own["clip-path"]; v != "" && v != "none" {
		if err := d.clip(t, v); err != nil {
			return err
		}
	}
	to := t
	together := opacity < 1 && (n.kids != nil || n.name == "use" || !st.fill.none && !st.stroke.none)
	if together { // what overlaps inside must not shine through
		to = &svgTarget{}
	} else if opacity < 1 {
		st.fillOpacity *= opacity
		st.strokeOpacity *= opacity
	}
	if err := d.content(to, n, st, uses); err != nil {
		return err
	}
	if together {
		t.alpha(opacity, opacity)
		t.op("/P%d Do ", len(t.groups))
		t.groups = append(t.groups, to)
	}
	t.op("Q\n")
	d.size += len(t.ops)
	if len(t.ops) > maxSVGOperators || d.size > 64*maxSVGOperators {
		return pictureError(ErrPictureTooLarge, "too much to draw")
	}
	return nil
}

// content draws the inside of an element.
func (d *svgParser) content(t *svgTarget, n *svgNode, st svgState, uses int) error {
	num := func(name string, whole float64) float64 {
		v, _ := parseLength(n.attr[name], whole)
		return v
	}
	switch n.name {
	case "g", "a", "switch":
		return d.drawKids(t, n, st, uses)
	case "svg":
		return d.drawView(t, n, num("x", st.view[0]), num("y", st.view[1]), num("width", st.view[0]), num("height", st.view[1]), st, uses)
	case "use":
		href := n.attr["href"]
		if href == "" {
			return nil
		}
		if href[0] != '#' {
			return pictureError(ErrPictureUnsupported, "reference to another file: %.60s", href)
		}
		to := d.byID[href[1:]]
		if to == nil {
			return nil
		}
		if uses >= maxSVGUse {
			return pictureError(ErrPictureBroken, "use elements that use each other")
		}
		if x, y := num("x", st.view[0]), num("y", st.view[1]); x != 0 || y != 0 {
			t.matrix(matrix{1, 0, 0, 1, x, y})
		}
		if to.name == "symbol" {
			st, _, err := d.inherit(st, to)
			if err != nil {
				return err
			}
			return d.drawView(t, to, 0, 0, num("width", st.view[0]), num("height", st.view[1]), st, uses+1)
		}
		return d.draw(t, to, st, uses+1)
	}
	o, err := d.shape(n, st.view)
	if err != nil || len(o.steps) == 0 || !st.visible {
		return err
	}
	return d.paint(t, o, st, n.name == "line")
}

// drawView draws a symbol or an inner svg into its box.
func (d *svgParser) drawView(t *svgTarget, n *svgNode, x, y, w, h float64, st svgState, uses int) error {
	box, ok := viewBox(n)
	if w <= 0 {
		w = st.view[0]
	}
	if h <= 0 {
		h = st.view[1]
	}
	m := matrix{1, 0, 0, 1, x, y}
	if ok {
		k := min(w/box[2], h/box[3])
		m = m.times(matrix{k, 0, 0, k, (w-box[2]*k)/2 - box[0]*k, (h-box[3]*k)/2 - box[1]*k})
		st.view = [2]float64{box[2], box[3]}
	}
	if m != identity {
		t.matrix(m)
	}
	return d.drawKids(t, n, st, uses)
}

// shape is the path of a basic shape or path element.
func (d *svgParser) shape(n *svgNode, view [2]float64) (*outlinePath, error) {
	num := func(name string, whole float64) float64 {
		v, _ := parseLength(n.attr[name], whole)
		return v
	}
	w, h := view[0], view[1]
	diagonal := math.Hypot(w, h) / math.Sqrt2
	o := &outlinePath{}
	switch n.name {
	case "path":
		return parsePath(n.attr["d"]), nil
	case "rect":
		rx, okX := parseLength(n.attr["rx"], w)
		ry, okY := parseLength(n.attr["ry"], h)
		if !okX {
			rx = ry
		}
		if !okY {
			ry = rx
		}
		o.rect(num("x", w), num("y", h), num("width", w), num("height", h), rx, ry)
	case "circle":
		r := num("r", diagonal)
		o.ellipse(num("cx", w), num("cy", h), r, r)
	case "ellipse":
		o.ellipse(num("cx", w), num("cy", h), num("rx", w), num("ry", h))
	case "line":
		o.move(num("x1", w), num("y1", h))
		o.line(num("x2", w), num("y2", h))
	case "polyline", "polygon":
		s := &numberScanner{s: n.attr["points"]}
		for s.more() && len(o.steps) < 200_000 {
			x := s.next()
			if !s.more() {
				break
			}
			y := s.next()
			if s.bad {
				break
			}
			if len(o.steps) == 0 {
				o.move(x, y)
			} else {
				o.line(x, y)
			}
		}
		if n.name == "polygon" && len(o.steps) > 0 {
			o.close()
		}
	}
	return o, nil
}

// clip narrows what is drawn next to the shapes of a clipPath.
func (d *svgParser) clip(t *svgTarget, v string) error {
	ref, _, ok := parseURL(v)
	if !ok {
		return pictureError(ErrPictureUnsupported, "clip-path: %.60s", v)
	}
	c := d.byID[ref]
	if c == nil {
		return nil
	}
	if c.name != "clipPath" || c.attr["clipPathUnits"] == "objectBoundingBox" {
		return pictureError(ErrPictureUnsupported, "clip-path of this kind")
	}
	outer, ok := parseTransform(c.attr["transform"])
	if !ok {
		outer = identity
	}
	evenOdd := false
	all := &outlinePath{}
	for _, k := range c.kids {
		m, ok := parseTransform(k.attr["transform"])
		if !ok {
			continue
		}
		m = outer.times(m)
		if k.name == "use" && strings.HasPrefix(k.attr["href"], "#") && d.byID[k.attr["href"][1:]] != nil {
			k = d.byID[k.attr["href"][1:]]
			if inner, ok := parseTransform(k.attr["transform"]); ok {
				m = m.times(inner)
			}
		}
		if k.name == "text" {
			return pictureError(ErrPictureUnsupported, "element text")
		}
		o, err := d.shape(k, [2]float64{100, 100})
		if err != nil {
			return err
		}
		evenOdd = evenOdd || d.properties(k)["clip-rule"] == "evenodd"
		for _, s := range o.steps {
			for i := 0; i < 6; i += 2 {
				x, y := s.p[i], s.p[i+1]
				s.p[i], s.p[i+1] = m[0]*x+m[2]*y+m[4], m[1]*x+m[3]*y+m[5]
			}
			all.steps = append(all.steps, s)
		}
	}
	if len(all.steps) == 0 {
		t.op("0 0 0 0 re W n ")
		return nil
	}
	t.path(all)
	if evenOdd {
		t.op("W* n ")
	} else {
		t.op("W n ")
	}
	return nil
}

// paint fills and strokes a path.
func (d *svgParser) paint(t *svgTarget, o *outlinePath, st svgState, isLine bool) error {
	fill := !st.fill.none && !isLine
	stroke := !st.stroke.none && st.width > 0
	rule := ""
	if st.evenOdd {
		rule = "*"
	}
	if fill && st.fill.ref != "" {
		if err := d.gradient(t, o, st, rule); err != nil {
			return err
		}
		fill = false
	}
	if stroke && st.stroke.ref != "" {
		c, err := d.flatColor(st.stroke.ref)
		if err != nil {
			return err
		}
		st.stroke.color = c
	}
	if !fill && !stroke {
		return nil
	}
	fa, sa := st.fill.color.a*st.fillOpacity, st.stroke.color.a*st.strokeOpacity
	fill, stroke = fill && fa > 0, stroke && sa > 0
	if fill && fa < 1 || stroke && sa < 1 {
		t.alpha(sa, fa)
	}
	if fill {
		t.numbers(st.fill.color.r, st.fill.color.g, st.fill.color.b)
		t.op("rg ")
	}
	if stroke {
		t.numbers(st.stroke.color.r, st.stroke.color.g, st.stroke.color.b)
		t.op("RG ")
		t.numbers(st.width)
		t.op("w %d J %d j ", st.cap, st.join)
		if st.join == 0 && st.miter >= 1 {
			t.numbers(st.miter)
			t.op("M ")
		}
		if st.dash != nil {
			t.op("[")
			t.numbers(st.dash...)
			t.op("]")
			t.numbers(st.dashOffset)
			t.op("d ")
		}
	}
	t.path(o)
	switch {
	case fill && stroke:
		t.op("B%s ", rule)
	case fill:
		t.op("f%s ", rule)
	case stroke:
		t.op("S ")
	default:
		t.op("n ")
	}
	return nil
}

// svgTarget is a content stream with its resources.
type svgTarget struct {
	ops      []byte
	alphas   []string // graphics states
	shadings []string
	groups   []*svgTarget
}

func (t *svgTarget) op(format string, args ...any) {
	if len(args) == 0 {
		t.ops = append(t.ops, format...)
		return
	}
	t.ops = fmt.Appendf(t.ops, format, args...)
}

func (t *svgTarget) numbers(v ...float64) {
	for _, f := range v {
		t.ops = append(appendFine(t.ops, f), ' ')
	}
}

// appendFine writes a number with at most five decimals, without an exponent, which PDF does not know.
func appendFine(b []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		f = 0
	}
	f = math.Round(f*1e5) / 1e5
	if f == 0 {
		f = 0 // not -0
		return append(b, '0')
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}

func (t *svgTarget) matrix(m matrix) {
	t.numbers(m[:]...)
	t.op("cm ")
}

func (t *svgTarget) path(o *outlinePath) {
	for _, s := range o.steps {
		switch s.op {
		case 'm', 'l':
			t.numbers(s.p[:2]...)
		case 'c':
			t.numbers(s.p[:]...)
		}
		t.ops = append(t.ops, s.op, ' ')
	}
}

func (t *svgTarget) alpha(stroke, fill float64) {
	state := string(appendFine(append(appendFine([]byte("<</CA "), stroke), "/ca "...), fill)) + ">>"
	at := -1
	for i, a := range t.alphas {
		if a == state {
			at = i
		}
	}
	if at < 0 {
		at = len(t.alphas)
		t.alphas = append(t.alphas, state)
	}
	t.op("/G%d gs ", at)
}

// embed writes the form and those inside it.
func (t *svgTarget) embed(p *pdfWriter, box string) int {
	var res strings.Builder
	if len(t.alphas) > 0 {
		res.WriteString("/ExtGState<<")
		for i, a := range t.alphas {
			fmt.Fprintf(&res, "/G%d%s", i, a)
		}
		res.WriteString(">>")
	}
	if len(t.shadings) > 0 {
		res.WriteString("/Shading<<")
		for i, s := range t.shadings {
			fmt.Fprintf(&res, "/S%d%s", i, s)
		}
		res.WriteString(">>")
	}
	if len(t.groups) > 0 {
		res.WriteString("/XObject<<")
		for i, g := range t.groups {
			fmt.Fprintf(&res, "/P%d %d 0 R", i, g.embed(p, "/BBox[-32000 -32000 32000 32000]/Group<</S/Transparency>>"))
		}
		res.WriteString(">>")
	}
	n := p.alloc(1)
	p.stream(n, "/Type/XObject/Subtype/Form"+box+"/Resources<<"+res.String()+">>", t.ops)
	return n
}
