package press

import (
	"fmt"
	"strings"
)

// gradientStop is a colour on the way of a gradient.
type gradientStop struct {
	at    float64
	color svgColor
}

// svgGradient is a linear or radial gradient with what it takes over from others.
type svgGradient struct {
	radial    bool
	attr      map[string]string
	stops     []gradientStop
	transform matrix
	userSpace bool
}

// findGradient resolves a gradient and the ones that it refers to.
func (d *svgParser) findGradient(ref string) (*svgGradient, error) {
	n := d.byID[ref]
	if n == nil || n.name != "linearGradient" && n.name != "radialGradient" {
		kind := "missing element"
		if n != nil {
			kind = n.name
		}
		return nil, pictureError(ErrPictureUnsupported, "fill with %.30s", kind)
	}
	g := &svgGradient{radial: n.name == "radialGradient", attr: map[string]string{}, transform: identity}
	for depth := 0; n != nil && depth < 16; depth++ {
		for _, name := range []string{"x1", "y1", "x2", "y2", "cx", "cy", "r", "fx", "fy", "fr", "gradientUnits", "gradientTransform", "spreadMethod"} {
			if v, ok := n.attr[name]; ok && g.attr[name] == "" {
				g.attr[name] = v
			}
		}
		if g.stops == nil {
			for _, k := range n.kids {
				if k.name == "stop" {
					g.stops = append(g.stops, d.stop(k))
				}
			}
		}
		href := n.attr["href"]
		if href == "" {
			break
		}
		if href[0] != '#' {
			return nil, pictureError(ErrPictureUnsupported, "reference to another file: %.60s", href)
		}
		n = d.byID[href[1:]]
	}
	last := 0.0
	for i := range g.stops {
		g.stops[i].at = min(max(g.stops[i].at, last), 1)
		last = g.stops[i].at
		if g.stops[i].color.a != g.stops[0].color.a {
			return nil, pictureError(ErrPictureUnsupported, "gradient that fades out")
		}
	}
	g.userSpace = g.attr["gradientUnits"] == "userSpaceOnUse"
	if m, ok := parseTransform(g.attr["gradientTransform"]); ok {
		g.transform = m
	}
	if s := g.attr["spreadMethod"]; s == "reflect" || s == "repeat" {
		return nil, pictureError(ErrPictureUnsupported, "gradient that repeats")
	}
	return g, nil
}

func (d *svgParser) stop(n *svgNode) gradientStop {
	p := d.properties(n)
	s := gradientStop{color: svgColor{0, 0, 0, 1}}
	if v, ok := p["stop-color"]; ok {
		if c, ok := parseColor(v, s.color); ok {
			s.color = c
		}
	}
	if v, ok := p["stop-opacity"]; ok {
		if x, ok := parseLength(v, 1); ok {
			s.color.a *= min(max(x, 0), 1)
		}
	}
	s.at, _ = parseLength(n.attr["offset"], 1)
	return s
}

// flatColor is the one colour of a gradient on a stroke; a real one cannot be stroked.
func (d *svgParser) flatColor(ref string) (svgColor, error) {
	g, err := d.findGradient(ref)
	if err != nil {
		return svgColor{}, err
	}
	for _, s := range g.stops {
		if s.color != g.stops[0].color {
			return svgColor{}, pictureError(ErrPictureUnsupported, "gradient on a line")
		}
	}
	if len(g.stops) == 0 {
		return svgColor{}, nil
	}
	return g.stops[0].color, nil
}

// gradient fills a path with a gradient.
func (d *svgParser) gradient(t *svgTarget, o *outlinePath, st svgState, rule string) error {
	g, err := d.findGradient(st.fill.ref)
	if err != nil {
		return err
	}
	if len(g.stops) == 0 {
		return nil
	}
	alpha := g.stops[0].color.a * st.fillOpacity
	if alpha == 0 {
		return nil
	}
	w, h := st.view[0], st.view[1]
	x0, y0, x1, y1 := o.bounds()
	m := g.transform
	if !g.userSpace {
		if x1 <= x0 || y1 <= y0 {
			return nil
		}
		m = matrix{x1 - x0, 0, 0, y1 - y0, x0, y0}.times(g.transform)
		w, h = 1, 1
	}
	if m[0]*m[3]-m[1]*m[2] == 0 {
		return nil
	}
	num := func(name, usual string, whole float64) float64 {
		v, ok := g.attr[name]
		if !ok {
			v = usual
		}
		f, _ := parseLength(v, whole)
		return f
	}
	var b []byte
	coords := func(v ...float64) {
		for _, f := range v {
			b = append(appendFine(b, f), ' ')
		}
	}
	kind := 2
	if g.radial {
		kind = 3
		cx, cy, r := num("cx", "50%", w), num("cy", "50%", h), num("r", "50%", (w+h)/2)
		fx, fy := cx, cy
		if _, ok := g.attr["fx"]; ok {
			fx = num("fx", "50%", w)
		}
		if _, ok := g.attr["fy"]; ok {
			fy = num("fy", "50%", h)
		}
		coords(fx, fy, num("fr", "0", (w+h)/2), cx, cy, r)
	} else {
		coords(num("x1", "0%", w), num("y1", "0%", h), num("x2", "100%", w), num("y2", "0%", h))
	}
	shading := fmt.Sprintf("<</ShadingType %d/ColorSpace/DeviceRGB/Coords[%s]/Extend[true true]/Function%s>>", kind, b, stitched(g.stops))
	t.op("q ")
	if alpha < 1 {
		t.alpha(alpha, alpha)
	}
	t.path(o)
	t.op("W%s n ", rule)
	t.matrix(m)
	t.op("/S%d sh Q ", len(t.shadings))
	t.shadings = append(t.shadings, shading)
	return nil
}

// stitched is the PDF function of the colours.
func stitched(stops []gradientStop) string {
	if stops[0].at > 0 {
		stops = append([]gradientStop{{0, stops[0].color}}, stops...)
	}
	if last := stops[len(stops)-1]; last.at < 1 || len(stops) == 1 {
		stops = append(stops[:len(stops):len(stops)], gradientStop{1, last.color})
	}
	color := func(c svgColor) string {
		return "[" + strings.TrimSpace(string(appendFine(append(appendFine(append(appendFine(nil, c.r), ' '), c.g), ' '), c.b))) + "]"
	}
	var functions, bounds, encode strings.Builder
	for i := 0; i+1 < len(stops); i++ {
		fmt.Fprintf(&functions, "<</FunctionType 2/Domain[0 1]/N 1/C0%s/C1%s>>", color(stops[i].color), color(stops[i+1].color))
		if i > 0 {
			bounds.Write(append(appendFine(nil, stops[i].at), ' '))
		}
		encode.WriteString("0 1 ")
	}
	return fmt.Sprintf("<</FunctionType 3/Domain[0 1]/Functions[%s]/Bounds[%s]/Encode[%s]>>", functions.String(), bounds.String(), encode.String())
}
