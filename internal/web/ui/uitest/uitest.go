// Package uitest looks at pages in tests: it finds things by selector, fills in forms as a browser would, and checks
// what every page of Brug owes to who reads it. Page tests everywhere call it; it is no part of the program.
//
//	p := uitest.Get(t, handler, "/s/de-wilg/class/3a")
//	p.Check()                                                  // language, one h1, labels, ids, policy …
//	p.Has("nav.rail a[aria-current]")
//	if got := p.Text("main h1"); got != "Klas 3A" { … }
//	form := p.Form("form[action='/signin']")
//	form.Set("email", "els@example.org")
//	p = form.Submit(handler)                                   // follows no redirect: look at p.Status, p.Header
package uitest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Page is an answer, taken apart.
type Page struct {
	Status int
	Header http.Header
	Body   string
	URL    string // path and query that were asked for

	t    testing.TB
	root *html.Node
}

// Parse takes a page apart. It stops the test if it cannot be read.
func Parse(t testing.TB, body io.Reader) *Page {
	t.Helper()
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatalf("page: %v", err)
	}
	root, err := html.Parse(strings.NewReader(string(b)))
	if err != nil {
		t.Fatalf("page: %v", err)
	}
	return &Page{Status: http.StatusOK, Header: http.Header{}, Body: string(b), t: t, root: root}
}

// Do asks a handler and takes its answer apart.
func Do(t testing.TB, h http.Handler, r *http.Request) *Page {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	p := Parse(t, w.Body)
	p.Status, p.Header, p.URL = w.Code, w.Header(), r.URL.RequestURI()
	return p
}

// Get asks a handler for a page; each of change may alter the request first (cookies, context).
func Get(t testing.TB, h http.Handler, path string, change ...func(*http.Request)) *Page {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for _, c := range change {
		c(r)
	}
	return Do(t, h, r)
}

// All are the elements that a selector finds, in the order of the page. A selector is a list, separated by commas, of
// parts such as "tag#id.class[attr='value']", joined by a space (anywhere below) or ">" (right below). Attributes are
// matched by [a], [a=v], [a^=v] (begins), [a$=v] (ends) and [a*=v] (contains). It stops the test if it cannot be read.
func (p *Page) All(selector string) []*html.Node {
	p.t.Helper()
	sel, err := compile(selector)
	if err != nil {
		p.t.Fatalf("selector %q: %v", selector, err)
	}
	return find(p.root, sel)
}

// One is the only element that a selector finds. It stops the test if there is none, or more than one.
func (p *Page) One(selector string) *html.Node {
	p.t.Helper()
	n := p.All(selector)
	if len(n) != 1 {
		p.t.Fatalf("%s: %d elements for %q, want one\n%s", p.URL, len(n), selector, p.near())
	}
	return n[0]
}

// Has reports a failure if a selector finds nothing.
func (p *Page) Has(selector string) bool {
	p.t.Helper()
	if len(p.All(selector)) == 0 {
		p.t.Errorf("%s: nothing for %q\n%s", p.URL, selector, p.near())
		return false
	}
	return true
}

// HasNot reports a failure if a selector finds something.
func (p *Page) HasNot(selector string) bool {
	p.t.Helper()
	if n := p.All(selector); len(n) > 0 {
		p.t.Errorf("%s: %d elements for %q, want none; the first says %q", p.URL, len(n), selector, TextOf(n[0]))
		return false
	}
	return true
}

// Count is how many elements a selector finds.
func (p *Page) Count(selector string) int {
	p.t.Helper()
	return len(p.All(selector))
}

// Text is what the only element of a selector says, with single spaces.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	return TextOf(p.One(selector))
}

// Texts are what all elements of a selector say.
func (p *Page) Texts(selector string) []string {
	p.t.Helper()
	var out []string
	for _, n := range p.All(selector) {
		out = append(out, TextOf(n))
	}
	return out
}

// Attr is an attribute of the only element of a selector; "" if it has none.
func (p *Page) Attr(selector, name string) string {
	p.t.Helper()
	return AttrOf(p.One(selector), name)
}

// near is the beginning of the main part, to see in a failure what was there instead.
func (p *Page) near() string {
	s := TextOf(p.root)
	if m := find(p.root, must("main")); len(m) > 0 {
		s = TextOf(m[0])
	}
	if len(s) > 400 {
		s = s[:400] + " …"
	}
	return s
}

// TextOf is what an element says, with single spaces; without scripts and styles.
func TextOf(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "noscript"):
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Type == html.ElementNode && !inline[n.Data] {
			b.WriteByte(' ')
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// inline are the elements that stand within a line: their text joins on to what is around.
var inline = map[string]bool{"a": true, "b": true, "i": true, "em": true, "strong": true, "span": true, "small": true, "code": true, "bdi": true, "abbr": true}

// AttrOf is an attribute of an element; "" if it has none.
func AttrOf(n *html.Node, name string) string {
	v, _ := attr(n, name)
	return v
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// Form is a form of a page with the values that a browser would send.
type Form struct {
	Method, Action string
	Values         url.Values

	t    testing.TB
	node *html.Node
}

// Form is the only form that a selector finds. Submit buttons send nothing until Press.
func (p *Page) Form(selector string) *Form {
	p.t.Helper()
	n := p.One(selector)
	if n.Data != "form" {
		p.t.Fatalf("%q is a <%s>, not a form", selector, n.Data)
	}
	f := &Form{Method: strings.ToUpper(AttrOf(n, "method")), Action: AttrOf(n, "action"), Values: url.Values{}, t: p.t, node: n}
	if f.Method == "" {
		f.Method = http.MethodGet
	}
	if f.Action == "" {
		f.Action = p.URL
	}
	for _, c := range find(n, must("input, textarea, select")) {
		name := AttrOf(c, "name")
		if _, off := attr(c, "disabled"); off || name == "" {
			continue
		}
		switch c.Data {
		case "textarea":
			f.Values.Add(name, strings.TrimPrefix(rawText(c), "\n"))
		case "select":
			f.Values[name] = append(f.Values[name], chosen(c)...)
		default:
			f.addInput(c, name)
		}
	}
	return f
}

func (f *Form) addInput(c *html.Node, name string) {
	switch AttrOf(c, "type") {
	case "submit", "button", "image", "reset", "file":
	case "checkbox", "radio":
		if _, on := attr(c, "checked"); on {
			v, has := attr(c, "value")
			if !has {
				v = "on"
			}
			f.Values.Add(name, v)
		}
	default:
		f.Values.Add(name, AttrOf(c, "value"))
	}
}

func chosen(sel *html.Node) []string {
	var out []string
	options := find(sel, must("option"))
	value := func(o *html.Node) string {
		if v, has := attr(o, "value"); has {
			return v
		}
		return TextOf(o)
	}
	for _, o := range options {
		if _, on := attr(o, "selected"); on {
			out = append(out, value(o))
		}
	}
	if _, many := attr(sel, "multiple"); !many && len(out) == 0 && len(options) > 0 {
		out = append(out, value(options[0]))
	}
	return out
}

func rawText(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// Set types values into a field. It stops the test if the form has no such field: a test would else send what no
// person could.
func (f *Form) Set(name string, values ...string) *Form {
	f.t.Helper()
	if len(find(f.node, selector{{{attrs: []attrTest{{"name", "=", name}}}}})) == 0 {
		f.t.Fatalf("the form to %s has no field %q", f.Action, name)
	}
	f.Values[name] = values
	return f
}

// Press adds what the button with this name and value would send, and sends it where the button says if it does. It stops
// the test if there is no such button.
func (f *Form) Press(name, value string) *Form {
	f.t.Helper()
	for _, b := range find(f.node, must("button, input[type=submit]")) {
		if AttrOf(b, "name") == name && AttrOf(b, "value") == value {
			f.Values.Add(name, value)
			if to, has := attr(b, "formaction"); has {
				f.Action, _, _ = strings.Cut(to, "#")
			}
			return f
		}
	}
	f.t.Fatalf("the form to %s has no button %s=%s", f.Action, name, value)
	return f
}

// Request is what a browser on this site would send.
func (f *Form) Request(change ...func(*http.Request)) *http.Request {
	var r *http.Request
	if f.Method == http.MethodGet {
		path, _, _ := strings.Cut(f.Action, "?")
		r = httptest.NewRequest(http.MethodGet, path+"?"+f.Values.Encode(), nil)
	} else {
		r = httptest.NewRequest(f.Method, f.Action, strings.NewReader(f.Values.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, c := range change {
		c(r)
	}
	return r
}

// Submit sends the form to a handler.
func (f *Form) Submit(h http.Handler, change ...func(*http.Request)) *Page {
	f.t.Helper()
	return Do(f.t, h, f.Request(change...))
}
