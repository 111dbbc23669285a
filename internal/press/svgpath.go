package press

import (
	"math"
	"strconv"
	"strings"
)

// matrix is an affine map: x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times is the map that does n first and m after it.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[2]*n[1], m[1]*n[0] + m[3]*n[1],
		m[0]*n[2] + m[2]*n[3], m[1]*n[2] + m[3]*n[3],
		m[0]*n[4] + m[2]*n[5] + m[4], m[1]*n[4] + m[3]*n[5] + m[5],
	}
}

// outline is a path in absolute coordinates: only moves, lines, cubic curves and closings.
type outlinePath struct {
	steps []pathStep
}

type pathStep struct {
	op byte // 'm', 'l', 'c', 'h'
	p  [6]float64
}

func (o *outlinePath) move(x, y float64) { o.steps = append(o.steps, pathStep{'m', [6]float64{x, y}}) }
func (o *outlinePath) line(x, y float64) { o.steps = append(o.steps, pathStep{'l', [6]float64{x, y}}) }
func (o *outlinePath) close()            { o.steps = append(o.steps, pathStep{op: 'h'}) }
func (o *outlinePath) curve(a, b, c, d, e, f float64) {
	o.steps = append(o.steps, pathStep{'c', [6]float64{a, b, c, d, e, f}})
}

// bounds is the box round the path, exact for curves too.
func (o *outlinePath) bounds() (x0, y0, x1, y1 float64) {
	x0, y0, x1, y1 = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	add := func(x, y float64) {
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	var cx, cy float64
	for _, s := range o.steps {
		switch s.op {
		case 'm', 'l':
			add(s.p[0], s.p[1])
			cx, cy = s.p[0], s.p[1]
		case 'c':
			add(s.p[4], s.p[5])
			for axis := range 2 {
				p0, p1, p2, p3 := []float64{cx, cy}[axis], s.p[axis], s.p[2+axis], s.p[4+axis]
				for _, t := range extrema(p0, p1, p2, p3) {
					u := 1 - t
					v := u*u*u*p0 + 3*u*u*t*p1 + 3*u*t*t*p2 + t*t*t*p3
					if axis == 0 {
						x0, x1 = min(x0, v), max(x1, v)
					} else {
						y0, y1 = min(y0, v), max(y1, v)
					}
				}
			}
			cx, cy = s.p[4], s.p[5]
		}
	}
	return
}

// extrema are the parameters between 0 and 1 at which a cubic Bézier curve turns round.
func extrema(p0, p1, p2, p3 float64) (ts []float64) {
	a, b, c := -p0+3*p1-3*p2+p3, 2*(p0-2*p1+p2), p1-p0
	keep := func(t float64) {
		if t > 0 && t < 1 {
			ts = append(ts, t)
		}
	}
	if math.Abs(a) < 1e-12 {
		if b != 0 {
			keep(-c / b)
		}
		return ts
	}
	if d := b*b - 4*a*c; d >= 0 {
		r := math.Sqrt(d)
		keep((-b + r) / (2 * a))
		keep((-b - r) / (2 * a))
	}
	return ts
}

const circleArc = 0.5522847498307936 // control points of a quarter circle

func (o *outlinePath) ellipse(cx, cy, rx, ry float64) {
	if rx <= 0 || ry <= 0 {
		return
	}
	kx, ky := rx*circleArc, ry*circleArc
	o.move(cx+rx, cy)
	o.curve(cx+rx, cy+ky, cx+kx, cy+ry, cx, cy+ry)
	o.curve(cx-kx, cy+ry, cx-rx, cy+ky, cx-rx, cy)
	o.curve(cx-rx, cy-ky, cx-kx, cy-ry, cx, cy-ry)
	o.curve(cx+kx, cy-ry, cx+rx, cy-ky, cx+rx, cy)
	o.close()
}

func (o *outlinePath) rect(x, y, w, h, rx, ry float64) {
	if w <= 0 || h <= 0 {
		return
	}
	rx, ry = min(max(rx, 0), w/2), min(max(ry, 0), h/2)
	if rx == 0 || ry == 0 {
		o.move(x, y)
		o.line(x+w, y)
		o.line(x+w, y+h)
		o.line(x, y+h)
		o.close()
		return
	}
	kx, ky := rx*(1-circleArc), ry*(1-circleArc)
	o.move(x+rx, y)
	o.line(x+w-rx, y)
	o.curve(x+w-kx, y, x+w, y+ky, x+w, y+ry)
	o.line(x+w, y+h-ry)
	o.curve(x+w, y+h-ky, x+w-kx, y+h, x+w-rx, y+h)
	o.line(x+rx, y+h)
	o.curve(x+kx, y+h, x, y+h-ky, x, y+h-ry)
	o.line(x, y+ry)
	o.curve(x, y+ky, x+kx, y, x+rx, y)
	o.close()
}

// arc adds an elliptic arc from (x0,y0) to (x,y), as in the SVG specification, appendix B.2.4.
func (o *outlinePath) arc(x0, y0, rx, ry, degrees float64, large, sweep bool, x, y float64) {
	rx, ry = math.Abs(rx), math.Abs(ry)
	if x0 == x && y0 == y {
		return
	}
	if rx == 0 || ry == 0 {
		o.line(x, y)
		return
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	dx, dy := (x0-x)/2, (y0-y)/2
	px, py := cos*dx+sin*dy, -sin*dx+cos*dy
	if l := px*px/(rx*rx) + py*py/(ry*ry); l > 1 {
		rx, ry = rx*math.Sqrt(l), ry*math.Sqrt(l)
	}
	n := rx*rx*ry*ry - rx*rx*py*py - ry*ry*px*px
	k := math.Sqrt(max(0, n/(rx*rx*py*py+ry*ry*px*px)))
	if large == sweep {
		k = -k
	}
	qx, qy := k*rx*py/ry, -k*ry*px/rx
	cx, cy := cos*qx-sin*qy+(x0+x)/2, sin*qx+cos*qy+(y0+y)/2
	from := math.Atan2((py-qy)/ry, (px-qx)/rx)
	turn := math.Atan2((-py-qy)/ry, (-px-qx)/rx) - from
	if sweep && turn < 0 {
		turn += 2 * math.Pi
	} else if !sweep && turn > 0 {
		turn -= 2 * math.Pi
	}
	parts := int(math.Ceil(math.Abs(turn)/(math.Pi/2) - 1e-9))
	step := turn / float64(parts)
	t := 4.0 / 3 * math.Tan(step/4)
	at := func(u, v float64) (float64, float64) { return cx + cos*rx*u - sin*ry*v, cy + sin*rx*u + cos*ry*v }
	for i := range parts {
		s1, c1 := math.Sincos(from + float64(i)*step)
		s2, c2 := math.Sincos(from + float64(i+1)*step)
		ax, ay := at(c1-t*s1, s1+t*c1)
		bx, by := at(c2+t*s2, s2-t*c2)
		ex, ey := at(c2, s2)
		if i == parts-1 {
			ex, ey = x, y
		}
		o.curve(ax, ay, bx, by, ex, ey)
	}
}

// numberScanner reads the numbers of SVG attributes, which may stand without spaces: "1-.5.5".
type numberScanner struct {
	s   string
	bad bool
}

func (n *numberScanner) skip() {
	n.s = strings.TrimLeft(n.s, " \t\r\n,\f")
}

func (n *numberScanner) more() bool {
	n.skip()
	return n.s != "" && (n.s[0] == '-' || n.s[0] == '+' || n.s[0] == '.' || n.s[0] >= '0' && n.s[0] <= '9')
}

func (n *numberScanner) next() float64 {
	n.skip()
	i := 0
	digits := func() (k int) {
		for i < len(n.s) && n.s[i] >= '0' && n.s[i] <= '9' {
			i++
			k++
		}
		return
	}
	if i < len(n.s) && (n.s[i] == '-' || n.s[i] == '+') {
		i++
	}
	count := digits()
	if i < len(n.s) && n.s[i] == '.' {
		i++
		count += digits()
	}
	if count == 0 {
		n.bad = true
		return 0
	}
	if i+1 < len(n.s) && (n.s[i] == 'e' || n.s[i] == 'E') {
		back := i
		i++
		if n.s[i] == '-' || n.s[i] == '+' {
			i++
		}
		if digits() == 0 { // "em" is a unit, not an exponent
			i = back
		}
	}
	v, err := strconv.ParseFloat(n.s[:i], 64)
	if err != nil || math.Abs(v) > 1e7 {
		n.bad = true
		v = 0
	}
	n.s = n.s[i:]
	return v
}

// flag reads the 0 or 1 of an arc, which needs no separator after it.
func (n *numberScanner) flag() bool {
	n.skip()
	if n.s == "" || n.s[0] != '0' && n.s[0] != '1' {
		n.bad = true
		return false
	}
	v := n.s[0] == '1'
	n.s = n.s[1:]
	return v
}

// parsePath reads the attribute d. As the specification asks, what stands before an error is kept.
func parsePath(d string) *outlinePath {
	o := &outlinePath{}
	n := &numberScanner{s: d}
	var x, y, startX, startY float64 // pen, start of the figure
	var ctrlX, ctrlY float64         // last control point
	var cmd, last byte
	for {
		n.skip()
		if n.s == "" || n.bad {
			return o
		}
		if c := n.s[0]; c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			cmd = c
			n.s = n.s[1:]
		} else if cmd == 0 || cmd == 'Z' || cmd == 'z' {
			return o
		}
		if len(o.steps) == 0 && cmd != 'M' && cmd != 'm' || len(o.steps) > 200_000 {
			return o
		}
		rel := cmd >= 'a'
		ox, oy := 0.0, 0.0
		if rel {
			ox, oy = x, y
		}
		upper := cmd &^ 0x20
		switch upper {
		case 'Z':
			o.close()
			x, y = startX, startY
		case 'M':
			px, py := n.next()+ox, n.next()+oy
			if n.bad {
				return o
			}
			x, y, startX, startY = px, py, px, py
			o.move(x, y)
			cmd -= 'M' - 'L' // further pairs are lines
		case 'L', 'H', 'V':
			px, py := x, y
			if upper != 'V' {
				px = n.next() + ox
			}
			if upper != 'H' {
				py = n.next() + oy
			}
			if n.bad {
				return o
			}
			x, y = px, py
			o.line(x, y)
		case 'C', 'S':
			ax, ay := 2*x-ctrlX, 2*y-ctrlY
			if upper == 'C' {
				ax, ay = n.next()+ox, n.next()+oy
			} else if last != 'C' && last != 'S' {
				ax, ay = x, y
			}
			bx, by := n.next()+ox, n.next()+oy
			ex, ey := n.next()+ox, n.next()+oy
			if n.bad {
				return o
			}
			o.curve(ax, ay, bx, by, ex, ey)
			ctrlX, ctrlY, x, y = bx, by, ex, ey
		case 'Q', 'T':
			qx, qy := 2*x-ctrlX, 2*y-ctrlY
			if upper == 'Q' {
				qx, qy = n.next()+ox, n.next()+oy
			} else if last != 'Q' && last != 'T' {
				qx, qy = x, y
			}
			ex, ey := n.next()+ox, n.next()+oy
			if n.bad {
				return o
			}
			o.curve(x+2*(qx-x)/3, y+2*(qy-y)/3, ex+2*(qx-ex)/3, ey+2*(qy-ey)/3, ex, ey)
			ctrlX, ctrlY, x, y = qx, qy, ex, ey
		case 'A':
			rx, ry, turn := n.next(), n.next(), n.next()
			large, sweep := n.flag(), n.flag()
			ex, ey := n.next()+ox, n.next()+oy
			if n.bad {
				return o
			}
			o.arc(x, y, rx, ry, turn, large, sweep, ex, ey)
			x, y = ex, ey
		default:
			return o
		}
		last = upper
	}
}

// parseTransform reads the attribute transform; an unknown function makes it fail.
func parseTransform(s string) (matrix, bool) {
	m := identity
	for {
		s = strings.TrimLeft(s, " \t\r\n,")
		if s == "" {
			return m, true
		}
		open := strings.IndexByte(s, '(')
		end := strings.IndexByte(s, ')')
		if open < 0 || end < open {
			return m, false
		}
		name := strings.TrimSpace(s[:open])
		n := &numberScanner{s: s[open+1 : end]}
		s = s[end+1:]
		var v []float64
		for n.more() && len(v) < 6 {
			v = append(v, n.next())
		}
		if n.bad || len(v) == 0 {
			return m, false
		}
		arg := func(i int, otherwise float64) float64 {
			if i < len(v) {
				return v[i]
			}
			return otherwise
		}
		switch name {
		case "matrix":
			if len(v) != 6 {
				return m, false
			}
			m = m.times(matrix(v))
		case "translate":
			m = m.times(matrix{1, 0, 0, 1, v[0], arg(1, 0)})
		case "scale":
			m = m.times(matrix{v[0], 0, 0, arg(1, v[0]), 0, 0})
		case "rotate":
			sin, cos := math.Sincos(v[0] * math.Pi / 180)
			x, y := arg(1, 0), arg(2, 0)
			m = m.times(matrix{1, 0, 0, 1, x, y}).times(matrix{cos, sin, -sin, cos, 0, 0}).times(matrix{1, 0, 0, 1, -x, -y})
		case "skewX":
			m = m.times(matrix{1, 0, math.Tan(v[0] * math.Pi / 180), 1, 0, 0})
		case "skewY":
			m = m.times(matrix{1, math.Tan(v[0] * math.Pi / 180), 0, 1, 0, 0})
		default:
			return m, false
		}
	}
}
