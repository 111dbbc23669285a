package press

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// cssRule is a rule of a style element: drawing programs give classes to what looks alike.
type cssRule struct {
	tag, id string
	classes []string
	weight  int // by which of several rules wins
	set     []declaration
}

type declaration struct{ name, value string }

// parseCSS reads rules with simple selectors (tag, .class, #id and combinations of these on one element); others do
// not occur in what drawing programs write, and are passed over.
func parseCSS(css string) (rules []cssRule) {
	for {
		a := strings.Index(css, "/*")
		if a < 0 {
			break
		}
		b := strings.Index(css[a+2:], "*/")
		if b < 0 {
			css = css[:a]
			break
		}
		css = css[:a] + " " + css[a+2+b+2:]
	}
	for {
		open := strings.IndexByte(css, '{')
		if open < 0 {
			return rules
		}
		end := strings.IndexByte(css[open:], '}')
		if end < 0 {
			return rules
		}
		selectors, body := css[:open], css[open+1:open+end]
		css = css[open+end+1:]
		if strings.Contains(selectors, "@") {
			continue
		}
		set := parseDeclarations(body)
		for _, sel := range strings.Split(selectors, ",") {
			sel = strings.TrimSpace(sel)
			if sel == "" || strings.ContainsAny(sel, " >+~:[") {
				continue
			}
			rules = append(rules, parseSelector(sel, set))
		}
	}
}

func parseSelector(sel string, set []declaration) cssRule {
	r := cssRule{set: set}
	for sel != "" {
		end := strings.IndexAny(sel[1:], ".#") + 1
		if end == 0 {
			end = len(sel)
		}
		part := sel[:end]
		sel = sel[end:]
		switch part[0] {
		case '.':
			r.classes = append(r.classes, part[1:])
			r.weight += 10
		case '#':
			r.id = part[1:]
			r.weight += 100
		case '*':
		default:
			r.tag = part
			r.weight++
		}
	}
	return r
}

func (r *cssRule) matches(n *svgNode) bool {
	if r.tag != "" && r.tag != n.name || r.id != "" && r.id != n.attr["id"] {
		return false
	}
	has := strings.Fields(n.attr["class"])
	for _, c := range r.classes {
		found := false
		for _, h := range has {
			found = found || h == c
		}
		if !found {
			return false
		}
	}
	return true
}

func parseDeclarations(s string) (set []declaration) {
	for _, d := range strings.Split(s, ";") {
		name, value, ok := strings.Cut(d, ":")
		if ok {
			value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
			set = append(set, declaration{strings.ToLower(strings.TrimSpace(name)), value})
		}
	}
	return set
}

// presentation are the attributes that style sheets can set as well.
var presentation = []string{
	"fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "stroke-linejoin",
	"stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity", "color", "display", "visibility",
	"clip-path", "clip-rule", "mask", "filter", "stop-color", "stop-opacity", "mix-blend-mode", "marker-start",
	"marker-mid", "marker-end",
}

// properties gives the presentation of a node: attributes, then rules by weight, then its own style attribute.
func (d *svgParser) properties(n *svgNode) map[string]string {
	p := map[string]string{}
	for _, name := range presentation {
		if v, ok := n.attr[name]; ok {
			p[name] = strings.TrimSpace(v)
		}
	}
	var hits []*cssRule
	for i := range d.rules {
		if d.rules[i].matches(n) {
			hits = append(hits, &d.rules[i])
		}
	}
	sort.SliceStable(hits, func(a, b int) bool { return hits[a].weight < hits[b].weight })
	for _, r := range hits {
		for _, s := range r.set {
			p[s.name] = s.value
		}
	}
	for _, s := range parseDeclarations(n.attr["style"]) {
		p[s.name] = s.value
	}
	return p
}

// svgColor is a colour with opacity.
type svgColor struct{ r, g, b, a float64 }

// parseColor knows the ways in which SVG and CSS write a plain colour.
func parseColor(s string, current svgColor) (svgColor, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	switch s {
	case "currentcolor":
		return current, true
	case "transparent":
		return svgColor{}, true
	}
	if strings.HasPrefix(s, "#") {
		h := s[1:]
		if len(h) == 3 || len(h) == 4 {
			long := ""
			for i := range len(h) {
				long += h[i:i+1] + h[i:i+1]
			}
			h = long
		}
		if len(h) == 6 {
			h += "ff"
		}
		v, err := strconv.ParseUint(h, 16, 32)
		if err != nil || len(h) != 8 {
			return svgColor{}, false
		}
		return svgColor{float64(v>>24) / 255, float64(v>>16&255) / 255, float64(v>>8&255) / 255, float64(v&255) / 255}, true
	}
	if c, ok := colornames.Map[s]; ok {
		return svgColor{float64(c.R) / 255, float64(c.G) / 255, float64(c.B) / 255, 1}, true
	}
	open := strings.IndexByte(s, '(')
	if open < 0 || !strings.HasSuffix(s, ")") {
		return svgColor{}, false
	}
	parts := strings.FieldsFunc(s[open+1:len(s)-1], func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
	if len(parts) != 3 && len(parts) != 4 {
		return svgColor{}, false
	}
	var v [4]float64
	v[3] = 1
	for i, p := range parts {
		percent := strings.HasSuffix(p, "%")
		f, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSuffix(p, "%"), "deg"), 64)
		if err != nil {
			return svgColor{}, false
		}
		switch {
		case percent:
			f /= 100
		case i < 3 && strings.HasPrefix(s, "rgb"):
			f /= 255
		}
		v[i] = f
	}
	unit := func(f float64) float64 { return min(max(f, 0), 1) }
	switch s[:open] {
	case "rgb", "rgba":
		return svgColor{unit(v[0]), unit(v[1]), unit(v[2]), unit(v[3])}, true
	case "hsl", "hsla":
		h := math.Mod(math.Mod(v[0], 360)+360, 360) / 30
		sat, light := unit(v[1]), unit(v[2])
		f := func(n float64) float64 {
			k := math.Mod(n+h, 12)
			return light - sat*min(light, 1-light)*max(-1, min(k-3, 9-k, 1))
		}
		return svgColor{f(0), f(8), f(4), unit(v[3])}, true
	}
	return svgColor{}, false
}

// parseLength reads a length in user units (1/96 inch); percent is of whole.
func parseLength(s string, whole float64) (float64, bool) {
	n := &numberScanner{s: strings.TrimSpace(s)}
	v := n.next()
	if n.bad {
		return 0, false
	}
	switch strings.ToLower(strings.TrimSpace(n.s)) {
	case "", "px":
		return v, true
	case "pt":
		return v * 96 / 72, true
	case "pc":
		return v * 16, true
	case "mm":
		return v * 96 / 25.4, true
	case "cm":
		return v * 96 / 2.54, true
	case "in":
		return v * 96, true
	case "em", "rem":
		return v * 16, true
	case "ex":
		return v * 8, true
	case "%":
		return v * whole / 100, true
	}
	return 0, false
}
