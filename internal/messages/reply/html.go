package reply

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlText is what a person wrote in an HTML mail, as plain text. What a mail program marks as quoted is left out here
// already; Own sees to the rest. Nothing of it is ever shown as HTML.
func htmlText(source string) string {
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(1 << 20)
	var w htmlWriter
	for {
		kind := z.Next()
		switch kind {
		case html.ErrorToken: // the end, or something that nobody can read on
			return w.String()
		case html.TextToken:
			if w.skip == 0 {
				w.words(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			a := atom.Lookup(name)
			attributes := ""
			for more {
				var k, v []byte
				k, v, more = z.TagAttr()
				switch string(k) {
				case "class", "id", "type", "style":
					attributes += " " + string(k) + "=" + strings.ToLower(string(v)) + " "
				}
			}
			w.start(a, attributes, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(atom.Lookup(name))
		}
	}
}

// htmlWriter collects words. It keeps the open elements only as far as it needs them: to know where a part that it skips ends.
type htmlWriter struct {
	b     strings.Builder
	skip  int       // open elements within what is skipped, itself included; 0: nothing is
	of    atom.Atom // the element that is skipped
	quote int       // open blockquotes that are shown as quoted
	gap   bool      // a space is due
	line  bool      // something stands in this line
	pre   int
}

func (w *htmlWriter) String() string { return strings.TrimSpace(w.b.String()) }

// quotedParts are the marks of mail programs on what they quote: class, id or style. What follows some of them belongs to the
// quotation too, although it does not stand in it.
var quotedParts = []string{"gmail_quote", "gmail_attr", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote", "zmail_extra", "appendonsend", "tutanota_quote", "gmx_quote", "ox-quote"}

// quotedRest are marks after which nothing of the person's own follows.
var quotedRest = []string{"divrplyfwdmsg", "mail-editor-reference-message-container", "ms-outlook-mobile-reference-message", "originalcontent"}

func (w *htmlWriter) start(a atom.Atom, attributes string, closed bool) {
	void := closed || a == atom.Br || a == atom.Img || a == atom.Hr || a == atom.Meta || a == atom.Link || a == atom.Input || a == atom.Wbr || a == atom.Col || a == atom.Area || a == atom.Base
	if w.skip > 0 {
		if a == w.of && !void {
			w.skip++
		}
		return
	}
	switch {
	case a == atom.Style, a == atom.Script, a == atom.Head, a == atom.Title, a == atom.Template,
		strings.Contains(attributes, "display:none"), strings.Contains(attributes, "display: none"), has(attributes, quotedParts), a == atom.Blockquote && strings.Contains(attributes, "type=cite"):
		if !void {
			w.skip, w.of = 1, a
		}
		return
	case has(attributes, quotedRest):
		w.skip, w.of = 1, 0 // never ends
		return
	}
	switch a {
	case atom.Br:
		if w.line {
			w.newline(1)
		} else {
			w.empty()
		}
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.Table, atom.Ul, atom.Ol, atom.Pre:
		w.newline(2)
		if a == atom.Pre {
			w.pre++
		}
	case atom.Div, atom.Tr, atom.Hr, atom.Section, atom.Article:
		w.newline(1)
		if a == atom.Hr {
			w.words("________________")
			w.newline(1)
		}
	case atom.Li:
		w.newline(1)
		w.put("- ")
	case atom.Td, atom.Th:
		w.gap = true
	case atom.Blockquote:
		w.newline(2)
		w.quote++
	}
}

func has(attributes string, marks []string) bool {
	if attributes == "" {
		return false
	}
	for _, m := range marks {
		if strings.Contains(attributes, m) {
			return true
		}
	}
	return false
}

func (w *htmlWriter) end(a atom.Atom) {
	if w.skip > 0 {
		if a == w.of && a != 0 {
			w.skip--
		}
		return
	}
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.Table, atom.Ul, atom.Ol, atom.Pre:
		w.newline(2)
		if a == atom.Pre && w.pre > 0 {
			w.pre--
		}
	case atom.Div, atom.Tr, atom.Li:
		w.newline(1)
	case atom.Blockquote:
		w.newline(2)
		if w.quote > 0 {
			w.quote--
		}
	}
}

// newline ends the line, if one was begun; n = 2 leaves an empty one.
func (w *htmlWriter) newline(n int) {
	w.gap = false
	if w.line {
		w.b.WriteByte('\n')
		w.line = false
	}
	if n == 2 {
		w.empty()
	}
}

// empty leaves an empty line, one at most.
func (w *htmlWriter) empty() {
	if s := w.b.String(); s != "" && !strings.HasSuffix(s, "\n\n") {
		w.b.WriteByte('\n')
	}
}

// words writes text; spaces and line breaks of the source are one space.
func (w *htmlWriter) words(s string) {
	if w.pre > 0 {
		for i, l := range strings.Split(s, "\n") {
			if i > 0 {
				w.b.WriteByte('\n')
				w.line = false
			}
			w.put(l)
		}
		return
	}
	for _, r := range s {
		switch r {
		case ' ', '\n', '\r', '\t', '\f':
			w.gap = w.gap || w.line
			continue
		}
		if w.gap && w.line {
			w.b.WriteByte(' ')
		}
		w.gap = false
		w.put(string(r))
	}
}

func (w *htmlWriter) put(s string) {
	if !w.line && w.quote > 0 {
		w.b.WriteString("> ")
	}
	w.line = true
	w.b.WriteString(s)
}
