package materialweb

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/web/ui"
)

// What the template of the editor asks of its page.

// live makes the script send the form when typing stops, and put the answer's preview and hints in their places. Fields are
// left alone, so that nobody loses a letter or the place where they are.
func live(e editPage) templ.Attributes {
	return templ.Attributes{"data-chips": true, "hx-post": e.Draft, "hx-trigger": "input delay:500ms", "hx-sync": "replace", "hx-target": "#look-body", "hx-select": "#look-body", "hx-swap": "outerHTML", "hx-select-oob": ".hints"}
}

// swaps lets a button of the form renew the editor in its place; without script it loads the page.
func swaps(e editPage) templ.Attributes {
	return templ.Attributes{"hx-post": e.Draft, "hx-target": "#editor", "hx-select": "#editor", "hx-swap": "outerHTML"}
}

// focused leads the reader to what a button was pressed for.
func focused(e editPage, id string) templ.Attributes {
	if e.Focus != id {
		return nil
	}
	return templ.Attributes{"tabindex": "-1", "data-focus": true}
}

// own tells whether a part has words of the school itself.
func own(e editPage, i int) bool {
	return e.Form.Get(part(i, "from")) == "" || e.Form.Get(part(i, e.Main)) != ""
}

// ownOpen tells whether the words of a question stand open: they say something, or something is wrong with them.
func ownOpen(e editPage, i int) bool {
	_, wrong := e.Form.Wrong(part(i, e.Main))
	_, picture := e.Form.Wrong(part(i, "pictogram"))
	return wrong || picture || e.Form.Get(part(i, e.Main)) != ""
}

// aboutOpen: what is wrong must be seen.
func aboutOpen(e editPage) bool {
	for _, name := range []string{"audience", "class", "picture", "practices", "support", "reader"} {
		if _, wrong := e.Form.Wrong(name); wrong {
			return true
		}
	}
	return false
}

// count is how many parts of a role the form has.
func count(f *ui.Form, r material.Role) int {
	n := 0
	for i := range parts(f) {
		if f.Get(part(i, "role")) == string(r) {
			n++
		}
	}
	return n
}

// partName is what a part is called: its role, and a number where there are several.
func partName(ctx context.Context, e editPage, i int) string {
	role := material.Role(e.Form.Get(part(i, "role")))
	n := 1
	for j := range i {
		if e.Form.Get(part(j, "role")) == string(role) {
			n++
		}
	}
	name := lang.T(ctx, role.Text())
	if count(e.Form, role) == 1 && n == 1 {
		return name
	}
	return lang.T(ctx, "{what} {n}", "what", name, "n", n)
}

func wordsLabel(ctx context.Context, r material.Role) string {
	if r == material.Who {
		return lang.T(ctx, "What one can come for")
	}
	return lang.T(ctx, "Words")
}

func introLabel(ctx context.Context, s material.KindSpec) string {
	if s.SMS {
		return lang.T(ctx, "The whole text")
	}
	return lang.T(ctx, "First words")
}

func rows(length int) int {
	if length > 160 {
		return 4
	}
	return 2
}

// longer is how long a translation may be; see package material.
func longer(length int) int { return length + length/2 }

// takenWords are the words of a part of the library in the main language, else in the library's.
func takenWords(e editPage, i int) material.Piece {
	p, _ := partOf(e.Form, i, e.Main)
	if s := p.Texts[e.Main]; s != "" {
		return material.Piece{Text: s, Lang: e.Main}
	}
	return material.Piece{Text: p.Texts[material.SourceLanguage], Lang: material.SourceLanguage}
}

// words are the names of the fields with own words in a language.
func words(e editPage, tag string) []string {
	names := []string{"title." + tag, "intro." + tag, "close." + tag}
	for i := range parts(e.Form) {
		if own(e, i) {
			names = append(names, part(i, tag))
		}
	}
	return names
}

// filled is how many pieces have words in a language.
func filled(e editPage, tag string) int {
	n := 0
	for _, name := range words(e, tag) {
		if e.Form.Get(name) != "" {
			n++
		}
	}
	return n
}

// wrongIn tells whether something in a language needs a look.
func wrongIn(e editPage, tag string) bool {
	return slices.ContainsFunc(words(e, tag), func(name string) bool {
		_, wrong := e.Form.Wrong(name)
		return wrong || e.Focus == e.Form.ID(name)
	})
}

// anyWrong tells whether something needs a look in one of the languages.
func anyWrong(e editPage, tags []string) bool {
	return slices.ContainsFunc(tags, func(tag string) bool { return wrongIn(e, tag) })
}

// inSome is in how many further languages something stands.
func inSome(e editPage) int {
	n := 0
	for _, tag := range e.Others {
		if filled(e, tag) > 0 {
			n++
		}
	}
	return n
}

func first(hs []hint) []hint { return hs[:min(len(hs), shownHints)] }

// tagOf is the language of a field.
func tagOf(field string) string { return field[strings.LastIndex(field, ".")+1:] }

func readers(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: string(material.ForFamily), Label: lang.T(ctx, "Families")}, {Value: string(material.ForTeam), Label: lang.T(ctx, "The team of the school")}}
}

func supports(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, s := range material.Supports() {
		out = append(out, ui.Option{Value: string(s), Label: lang.T(ctx, s.Text())})
	}
	return out
}

// query is an address with its question.
func query(path string, kv ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(kv); i += 2 {
		if kv[i+1] != "" {
			v.Set(kv[i], kv[i+1])
		}
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// hintsID has no dot: the script finds the element by it.
func hintsID(field string) string { return "hints-" + strings.ReplaceAll(field, ".", "-") }
