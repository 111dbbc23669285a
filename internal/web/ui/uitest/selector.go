package uitest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// selector is a list of paths; an element is found if one of them leads to it.
type selector []path

// path is read from its end: the last step is the element, the ones before are above it.
type path []step

type step struct {
	tag     string
	id      string
	classes []string
	attrs   []attrTest
	child   bool // stands right below the step before
}

type attrTest struct{ name, op, value string }

func must(s string) selector {
	sel, err := compile(s)
	if err != nil {
		panic("selector " + s + ": " + err.Error()) // only for selectors in this package
	}
	return sel
}

func compile(s string) (selector, error) {
	var out selector
	for _, one := range split(s, ',') {
		p, err := compilePath(strings.TrimSpace(one))
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// split cuts s at sep where it does not stand between brackets or quotes.
func split(s string, sep byte) []string {
	var out []string
	start, depth, quote := 0, 0, byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == sep && depth == 0:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}

func compilePath(s string) (path, error) {
	var p path
	child := false
	for _, word := range split(strings.ReplaceAll(s, ">", " > "), ' ') {
		switch word {
		case "":
			continue
		case ">":
			if len(p) == 0 || child {
				return nil, errors.New("a > without an element before it")
			}
			child = true
			continue
		}
		st, err := compileStep(word)
		if err != nil {
			return nil, err
		}
		st.child, child = child, false
		p = append(p, st)
	}
	if len(p) == 0 || child {
		return nil, errors.New("nothing to find")
	}
	return p, nil
}

func compileStep(s string) (step, error) {
	var st step
	name := func() string {
		i := strings.IndexAny(s, "#.[")
		if i < 0 {
			i = len(s)
		}
		n := s[:i]
		s = s[i:]
		return n
	}
	if st.tag = name(); st.tag == "*" {
		st.tag = ""
	}
	for s != "" {
		kind := s[0]
		s = s[1:]
		switch kind {
		case '#':
			st.id = name()
		case '.':
			st.classes = append(st.classes, name())
		case '[':
			end := strings.IndexByte(s, ']')
			if end < 0 {
				return st, errors.New("a [ without a ]")
			}
			st.attrs = append(st.attrs, compileAttr(s[:end]))
			s = s[end+1:]
		}
	}
	if strings.ContainsAny(st.tag+st.id+strings.Join(st.classes, ""), ":+~()") {
		return st, fmt.Errorf("only tags, #ids, .classes and [attributes] are known")
	}
	return st, nil
}

func compileAttr(s string) attrTest {
	i := strings.IndexByte(s, '=')
	if i < 0 {
		return attrTest{name: s}
	}
	t := attrTest{name: s[:i], op: "=", value: strings.Trim(s[i+1:], `'"`)}
	if n := len(t.name) - 1; n >= 0 && strings.ContainsRune("^$*", rune(t.name[n])) {
		t.op, t.name = t.name[n:], t.name[:n]
	}
	return t
}

func (t attrTest) fits(n *html.Node) bool {
	v, has := attr(n, t.name)
	if !has {
		return false
	}
	switch t.op {
	case "=":
		return v == t.value
	case "^":
		return strings.HasPrefix(v, t.value)
	case "$":
		return strings.HasSuffix(v, t.value)
	case "*":
		return strings.Contains(v, t.value)
	}
	return true
}

func (st step) fits(n *html.Node) bool {
	if n.Type != html.ElementNode || st.tag != "" && n.Data != st.tag || st.id != "" && AttrOf(n, "id") != st.id {
		return false
	}
	has := strings.Fields(AttrOf(n, "class"))
	for _, c := range st.classes {
		if !slices.Contains(has, c) {
			return false
		}
	}
	for _, a := range st.attrs {
		if !a.fits(n) {
			return false
		}
	}
	return true
}

func (p path) fits(n *html.Node) bool {
	last := p[len(p)-1]
	if !last.fits(n) {
		return false
	}
	if len(p) == 1 {
		return true
	}
	for up := n.Parent; up != nil; up = up.Parent {
		if p[:len(p)-1].fits(up) {
			return true
		}
		if last.child {
			return false
		}
	}
	return false
}

// find gives the elements below root, or root itself, in the order of the page.
func find(root *html.Node, sel selector) []*html.Node {
	var out []*html.Node
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for _, p := range sel {
			if p.fits(n) {
				out = append(out, n)
				break
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return out
}
