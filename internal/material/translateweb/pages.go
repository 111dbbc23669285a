// Package translateweb has the translator's pages: how far each language is, one material after the other with source and
// target beside each other, and PO files out and in. Who speaks a language may be a colleague or a parent at the desk of one;
// the pages ask for nothing but the words. It owns no tables.
package translateweb

import (
	"context"
	"net/url"
	"slices"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Pages are the translator's pages.
type Pages struct{ Material *material.Service }

// Routes is the table for the router. {lang} is a BCP 47 tag of lang.Family.
func (p *Pages) Routes() []route.Route {
	const t = "/s/{school}/translate"
	return []route.Route{
		route.Get(t, auth.MaterialChange, p.languages),
		route.Get(t+"/import", auth.MaterialChange, p.upload),
		{Method: "POST", Pattern: t + "/import", Need: auth.MaterialChange, Handle: p.doImport, MaxBody: maxPO},
		route.Get(t+"/{lang}", auth.MaterialChange, p.list),
		route.Get(t+"/{lang}/materials.po", auth.MaterialChange, p.export),
		route.Get(t+"/{lang}/{material}", auth.MaterialChange, p.show),
		{Method: "POST", Pattern: t + "/{lang}/{material}", Need: auth.MaterialChange, Handle: p.save, MaxBody: 256 << 10},
	}
}

// choice is what a translator goes through: all, or what lacks, or what waits for a speaker; of one kind or of all.
type choice struct {
	Lang, Only, Kind string
	Help             bool // English beside the source
}

const (
	onlyLacking = "lacking"
	onlyDrafts  = "drafts"
)

func choiceOf(tag string, q url.Values) choice {
	c := choice{Lang: tag, Only: q.Get("only"), Kind: q.Get("kind"), Help: q.Get("help") != ""}
	if c.Only != onlyLacking && c.Only != onlyDrafts {
		c.Only = ""
	}
	if !material.Kind(c.Kind).Known() {
		c.Kind = ""
	}
	return c
}

// query is the choice as the end of an address.
func (c choice) query() string {
	q := url.Values{}
	for name, v := range map[string]string{"only": c.Only, "kind": c.Kind} {
		if v != "" {
			q.Set(name, v)
		}
	}
	if c.Help {
		q.Set("help", "en")
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func (c choice) with(only string) choice { c.Only = only; return c }

// fits tells whether a material stands on this list.
func (c choice) fits(it material.TranslationItem) bool {
	switch c.Only {
	case onlyLacking:
		return !it.Complete()
	case onlyDrafts:
		return it.Complete() && it.Text.Status != material.Reviewed
	}
	return true
}

func (c choice) list(ctx context.Context) string {
	return route.Path(ctx, "translate", c.Lang) + c.query()
}

// listAfter is the list from behind a text on.
func (c choice) listAfter(ctx context.Context, slug string) string {
	join := "?"
	if c.query() != "" {
		join = "&"
	}
	return c.list(ctx) + join + url.Values{"after": {slug}}.Encode()
}

func (c choice) item(ctx context.Context, slug string) string {
	return route.Path(ctx, "translate", c.Lang, slug) + c.query()
}

// known asks whether texts are written in the language.
func known(tag string) error {
	if !slices.Contains(material.Languages(), tag) {
		return errs.NotFoundf("language %s", tag)
	}
	return nil
}

func kinds(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, k := range material.Kinds() {
		out = append(out, ui.Option{Value: string(k.Kind), Label: lang.T(ctx, k.Many)})
	}
	return out
}

// name is the name of a language in the reader's.
func name(ctx context.Context, tag string) string { return lang.Name(lang.From(ctx).Tag(), tag) }
