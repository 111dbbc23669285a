package uitest

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// Check reports everything that the page owes and does not give; see Problems.
func (p *Page) Check() {
	p.t.Helper()
	for _, s := range Problems(p.root) {
		p.t.Errorf("%s: %s", p.URL, s)
	}
}

// Problems are the faults of a whole page that need no eye to be seen: no language or direction, not exactly one h1 or
// main, a heading left out, a field without a label, a button, link or picture without a name, an id used twice or
// missing, and anything that the content security policy forbids: inline style and script, other hosts.
func Problems(root *html.Node) []string {
	c := checker{root: root, ids: map[string]int{}}
	c.document()
	c.headings()
	for _, n := range find(root, must("*")) {
		c.element(n)
	}
	c.references()
	return c.out
}

type checker struct {
	root *html.Node
	ids  map[string]int
	out  []string
}

func (c *checker) say(format string, args ...any) {
	c.out = append(c.out, fmt.Sprintf(format, args...))
}

func (c *checker) document() {
	for _, h := range find(c.root, must("html")) {
		if AttrOf(h, "lang") == "" {
			c.say("html has no lang")
		}
		if d := AttrOf(h, "dir"); d != "ltr" && d != "rtl" {
			c.say("html has no dir (%q)", d)
		}
	}
	if t := find(c.root, must("head > title")); len(t) != 1 || TextOf(t[0]) == "" {
		c.say("the page has no title")
	}
	for _, one := range []string{"h1", "main"} {
		if n := len(find(c.root, must(one))); n != 1 {
			c.say("%d <%s>, want one", n, one)
		}
	}
}

// headings go down one level at a time, so that who hears the page does not look for one that is not there.
func (c *checker) headings() {
	last := 1
	for _, h := range find(c.root, must("main h1, main h2, main h3, main h4, main h5, main h6")) {
		level := int(h.Data[1] - '0')
		if level > last+1 {
			c.say("after an h%d comes an h%d: %q", last, level, TextOf(h))
		}
		last = level
	}
}

func (c *checker) element(n *html.Node) {
	if id, has := attr(n, "id"); has {
		if c.ids[id]++; c.ids[id] == 2 {
			c.say("the id %q stands there twice", id)
		}
		if id == "" || strings.ContainsAny(id, " \t\n") {
			c.say("<%s> has an id that cannot be one: %q", n.Data, id)
		}
	}
	c.policy(n)
	switch n.Data {
	case "img":
		if _, has := attr(n, "alt"); !has {
			c.say("an image without alt: %s", AttrOf(n, "src"))
		}
	case "a":
		if _, has := attr(n, "href"); has && name(n) == "" {
			c.say("a link without words to %s", AttrOf(n, "href"))
		}
	case "button", "summary":
		if AttrOf(n, "aria-hidden") == "true" { // the one that Enter presses, for nobody to find
			if AttrOf(n, "tabindex") != "-1" {
				c.say("a <%s> that is not heard and yet reached by the keyboard", n.Data)
			}
		} else if name(n) == "" {
			c.say("a <%s> without words", n.Data)
		}
	case "input", "select", "textarea":
		c.field(n)
	case "fieldset":
		if len(find(n, must("fieldset > legend"))) == 0 {
			c.say("a fieldset without a legend")
		}
	case "th":
		if name(n) == "" {
			c.say("a heading of a table without words")
		}
	case "svg":
		if AttrOf(n, "aria-hidden") != "true" && AttrOf(n, "role") != "img" {
			c.say("an svg that is neither hidden nor an image to those who hear the page")
		}
	case "form":
		if m := strings.ToLower(AttrOf(n, "method")); m != "" && m != "get" && m != "post" {
			c.say("a form with the method %q", m)
		}
	}
}

func (c *checker) field(n *html.Node) {
	switch AttrOf(n, "type") {
	case "hidden":
		return
	case "submit", "button", "reset":
		if AttrOf(n, "value") == "" {
			c.say("an input button without words")
		}
		return
	}
	if AttrOf(n, "aria-label") != "" || AttrOf(n, "aria-labelledby") != "" {
		return
	}
	for up := n.Parent; up != nil; up = up.Parent {
		if up.Data == "label" && TextOf(up) != "" {
			return
		}
	}
	if id := AttrOf(n, "id"); id != "" {
		for _, l := range find(c.root, selector{{{tag: "label", attrs: []attrTest{{"for", "=", id}}}}}) {
			if TextOf(l) != "" {
				return
			}
		}
	}
	c.say("the field %q has no label", AttrOf(n, "name"))
}

// policy names what the browser would refuse.
func (c *checker) policy(n *html.Node) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "style":
			c.say("<%s> has a style attribute", n.Data)
		case strings.HasPrefix(a.Key, "on"):
			c.say("<%s> has the script attribute %s", n.Data, a.Key)
		case strings.HasPrefix(a.Key, "hx-on"):
			c.say("<%s> has %s, which needs eval", n.Data, a.Key)
		case a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction" || a.Key == "srcset":
			c.address(n, a)
		}
	}
	if n.Data == "style" || n.Data == "script" && AttrOf(n, "src") == "" && AttrOf(n, "type") != "application/json" {
		c.say("a <%s> within the page", n.Data)
	}
	if n.Data == "iframe" || n.Data == "object" || n.Data == "embed" || n.Data == "base" {
		c.say("a <%s>, which the policy forbids", n.Data)
	}
}

// address: a person may follow a link to another host; the page itself loads nothing from there and sends nothing there.
func (c *checker) address(n *html.Node, a html.Attribute) {
	v := strings.TrimSpace(strings.ToLower(a.Val))
	if strings.HasPrefix(v, "javascript:") || strings.HasPrefix(v, "about:invalid") {
		c.say("<%s %s> is not an address: %q", n.Data, a.Key, a.Val)
	}
	if v == "" && a.Key != "action" {
		c.say("<%s> has an empty %s", n.Data, a.Key)
	}
	outside := strings.HasPrefix(v, "http:") || strings.HasPrefix(v, "https:") || strings.HasPrefix(v, "//")
	if outside && n.Data != "a" {
		c.say("<%s %s> is on another host: %s", n.Data, a.Key, a.Val)
	}
	if strings.HasPrefix(v, "data:") && n.Data != "img" {
		c.say("<%s %s> is a data address", n.Data, a.Key)
	}
}

// references: what points within the page points at something.
func (c *checker) references() {
	for _, n := range find(c.root, must("*")) {
		for _, key := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls", "list"} {
			for _, id := range strings.Fields(AttrOf(n, key)) {
				if c.ids[id] == 0 {
					c.say("<%s %s=%q> points at nothing", n.Data, key, id)
				}
			}
		}
		for _, key := range []string{"href", "data-listen", "hx-select"} {
			if id, ok := strings.CutPrefix(AttrOf(n, key), "#"); ok && id != "" && c.ids[id] == 0 && n.Data != "use" {
				c.say("<%s %s=\"#%s\"> points at nothing", n.Data, key, id)
			}
		}
	}
}

// name is what an element is called by who hears the page.
func name(n *html.Node) string {
	if s := AttrOf(n, "aria-label"); s != "" {
		return s
	}
	if AttrOf(n, "aria-labelledby") != "" {
		return "named elsewhere"
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if AttrOf(n, "aria-hidden") == "true" {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Data == "img" {
			b.WriteString(AttrOf(n, "alt"))
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.TrimSpace(b.String())
}
