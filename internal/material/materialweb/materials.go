// Package materialweb has the pages of materials: the library with filters, one material in its languages, and the
// editor for a school's own slips. It owns no tables.
package materialweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"time"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Pages are the pages of materials.
type Pages struct{ Material *material.Service }

// Routes is the table for the router.
func (p *Pages) Routes() []route.Route {
	return []route.Route{
		route.Get("/s/{school}/materials", auth.MaterialSee, p.list),
		route.Get("/s/{school}/materials/new", auth.MaterialChange, p.newSlip),
		{Method: "POST", Pattern: "/s/{school}/materials", Need: auth.MaterialChange, Handle: p.create, MaxBody: maxForm},
		route.Get("/s/{school}/materials/{material}", auth.MaterialSee, p.show),
		route.Get("/s/{school}/materials/{material}/edit", auth.MaterialChange, p.edit),
		{Method: "POST", Pattern: "/s/{school}/materials/{material}", Need: auth.MaterialChange, Handle: p.change, MaxBody: maxForm},
		route.Post("/s/{school}/materials/{material}/confirm", auth.MaterialChange, p.confirm),
		route.Post("/s/{school}/materials/{material}/restore", auth.MaterialChange, p.restore),
		route.Post("/s/{school}/materials/{material}/archive", auth.MaterialChange, p.archive),
	}
}

const maxForm = 512 << 10

type listPage struct {
	ui.Page
	Form      *ui.Form
	Entries   []*material.Entry
	Audiences []ui.Option
	Practices []ui.Option
	Langs     []ui.Option
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	q := r.URL.Query()
	f := material.Filter{Audience: material.Audience(q.Get("audience")), Practice: material.Practice(q.Get("practice")), Lang: q.Get("in"), Own: q.Get("own") != ""}
	entries, err := p.Material.List(ctx, by, f)
	if err != nil {
		return err
	}
	l := listPage{Page: route.Page(w, r, lang.T(ctx, "Materials")), Entries: entries, Form: ui.NewForm("audience", q.Get("audience"), "practice", q.Get("practice"), "in", q.Get("in"), "own", q.Get("own")),
		Audiences: audiences(ctx), Practices: practices(ctx), Langs: languages(ctx)}
	l.Lead = lang.T(ctx, "Question slips: a few questions about school that a parent can ask the child, in every family's own language.")
	l.Actions = []ui.Action{{Label: lang.T(ctx, "Make an own slip"), Icon: "add", Kind: ui.First, URL: route.Path(ctx, "materials", "new")}}
	return route.Render(w, r, http.StatusOK, listView(l))
}

func audiences(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, a := range material.Audiences() {
		out = append(out, ui.Option{Value: string(a), Label: lang.T(ctx, a.Text())})
	}
	return out
}

func practices(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, p := range material.Practices() {
		out = append(out, ui.Option{Value: string(p), Label: lang.T(ctx, p.Text())})
	}
	return out
}

func languages(ctx context.Context) []ui.Option {
	var out []ui.Option
	tag := lang.From(ctx).Tag()
	for _, t := range lang.Family {
		out = append(out, ui.Option{Value: t, Label: lang.Name(tag, t)})
	}
	return out
}

type showPage struct {
	ui.Page
	Entry    *material.Entry
	Sheet    material.Sheet // in the chosen language
	Main     material.Sheet // in the material's own
	Langs    []langLine
	Versions []material.VersionInfo
	Form     *ui.Form
	Change   bool
}

type langLine struct {
	Tag, URL string
	Text     material.Text
	Has      bool
	Lacks    bool
	Current  bool
}

// day shows a day YYYY-MM-DD in the reader's language.
func day(ctx context.Context, s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return lang.From(ctx).DateYear(t)
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	return p.showWith(w, r, http.StatusOK, ui.NewForm())
}

func (p *Pages) showWith(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	e, err := p.Material.Get(ctx, by, r.PathValue("material"))
	if err != nil {
		return err
	}
	tag := r.URL.Query().Get("in")
	if tag == "" {
		tag = f.Get("in")
	}
	if !slices.Contains(lang.Family, tag) {
		tag = e.Main
	}
	child := material.Fill{Child: lang.T(ctx, "Noor")} // a first name for the preview
	s := showPage{Entry: e, Sheet: e.Sheet(tag, child), Main: e.Sheet(e.Main, child), Form: f, Change: by.May(auth.MaterialChange) == nil}
	for _, t := range lang.Family {
		text, has := e.Texts[t]
		s.Langs = append(s.Langs, langLine{Tag: t, URL: route.Path(ctx, "materials", e.Slug) + "?in=" + t, Text: text, Has: has, Lacks: e.Sheet(t, material.Fill{}).Lacks, Current: t == tag})
	}
	s.Page = route.Page(w, r, e.TitleIn(lang.From(ctx).Tag()))
	s.Back = ui.Link{Label: lang.T(ctx, "Materials"), URL: route.Path(ctx, "materials")}
	s.Lead = ages(ctx, e.Audiences)
	s.Actions = []ui.Action{{Label: lang.T(ctx, "Print"), Icon: "print", Kind: ui.First, URL: route.Path(ctx, "packs", "new") + "?material=" + url.QueryEscape(e.Slug)}}
	if s.Change && e.Own {
		s.Actions = append(s.Actions, ui.Action{Label: lang.T(ctx, "Change"), Icon: "edit", URL: route.Path(ctx, "materials", e.Slug, "edit")})
		if s.Versions, err = p.Material.Versions(ctx, by, e.Slug); err != nil {
			return err
		}
	} else if s.Change {
		s.Actions = append(s.Actions, ui.Action{Label: lang.T(ctx, "Make an own version"), Icon: "copy", URL: route.Path(ctx, "materials", "new") + "?from=" + url.QueryEscape(e.Slug)})
	}
	return route.Render(w, r, status, showView(s))
}

func (p *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	slug, tag := r.PathValue("material"), f.Get("in")
	err = p.Material.Confirm(r.Context(), route.Actor(r), slug, tag, f.Get("who"))
	if status, ok := route.FormStatus(err); ok && f.Take(err) {
		return p.showWith(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(r.Context(), "materials", slug)+"?in="+url.QueryEscape(tag), lang.T(r.Context(), "Thank you. The text is marked as read by a speaker."))
}

func (p *Pages) restore(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	slug := r.PathValue("material")
	version, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		version = -1 // no version is -1: not found
	}
	if err := p.Material.Restore(r.Context(), route.Actor(r), slug, version); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(r.Context(), "materials", slug), lang.T(r.Context(), "The older version is back, as a new version."))
}

func (p *Pages) archive(w http.ResponseWriter, r *http.Request) error {
	if err := p.Material.Archive(r.Context(), route.Actor(r), r.PathValue("material")); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(r.Context(), "materials"), lang.T(r.Context(), "Put away. What was printed keeps working."))
}

// ages are the ages that a material is for, as a reader says them.
func ages(ctx context.Context, list []material.Audience) string {
	if len(list) == 0 {
		return lang.T(ctx, "All ages")
	}
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = lang.T(ctx, a.Text())
	}
	return lang.From(ctx).List(names)
}

// sortedByLabel sorts options as the reader reads them.
func sortedByLabel(o []ui.Option) []ui.Option {
	sort.SliceStable(o, func(i, j int) bool { return school.Fold(o[i].Label) < school.Fold(o[j].Label) })
	return o
}
