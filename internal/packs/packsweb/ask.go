package packsweb

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/packs"
	"brug/internal/school"
	"brug/internal/sheets"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// pickPage asks what to print.
type pickPage struct {
	ui.Page
	Form      *ui.Form
	Materials []ui.Option
}

// askPage asks for whom and how: only what fits the chosen kind.
type askPage struct {
	ui.Page
	Form   *ui.Form
	Chosen []chosen // the text, and what goes with it
	More   *ui.Form // to choose one more; nil: there are enough
	Again  string   // address of this page without texts
	Others []ui.Option
	Scopes []ui.Option
	Langs  []ui.Option
	cut
	Asked   []material.Placeholder
	Letters int // letters that wait for paper and could go along: of the class that is chosen, else of all that the actor sees
}

// cut is what the form asks about the paper.
type cut struct {
	Sizes    []ui.Option // none: there is nothing to choose
	Small    bool        // some sizes stand several on a sheet
	TwoSides string      // what two sides mean here; "": nothing
}

type chosen struct {
	Slug, Title, Note string
	Drop              bool // may be left out: all but the first
}

// ask is the form: what, for whom, how. Without a text it asks for that first, so that the rest fits; each step is a page, and
// works without script. A text that is not for families one by one has a page of its own.
func (p *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := ui.NewForm("material", q.Get("material"), "scope", q.Get("scope"), "cover", "yes", "letters", "yes")
	f.Set("also", q["also"]...)
	return p.askWith(w, r, http.StatusOK, f)
}

func (p *Pages) askWith(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	entries, err := p.Material.List(ctx, by, material.Filter{})
	if err != nil {
		return err
	}
	first := find(entries, f.Get("material"))
	if first == nil {
		return p.pick(w, r, status, f, entries)
	}
	if !packs.MayPrintEach(first.Material) {
		return route.See(w, r, route.Path(ctx, "materials", first.Slug, "paper"))
	}
	all := []*material.Entry{first}
	for _, slug := range f.All("also") {
		if e := find(entries, slug); e != nil && packs.MayPrintEach(e.Material) && !slices.Contains(all, e) && len(all) < packs.MaxBag {
			all = append(all, e)
		}
	}
	var slugs []string
	for _, e := range all[1:] {
		slugs = append(slugs, e.Slug)
	}
	f.Set("also", slugs...)
	a := askPage{Page: route.Page(w, r, lang.T(ctx, "Print for families")), Form: f, Again: route.Path(ctx, "packs", "new") + "?" + url.Values{"scope": {f.Get("scope")}}.Encode()}
	a.Lead = lang.T(ctx, "One PDF, with a page for each family in its own language.")
	a.Back = ui.Link{Label: lang.T(ctx, "Print"), URL: route.Path(ctx, "packs")}
	tag := lang.From(ctx).Tag()
	for i, e := range all {
		c := chosen{Slug: e.Slug, Title: e.TitleIn(tag), Note: lang.T(ctx, e.Kind.Spec().Name)}
		c.Drop = i > 0
		a.Chosen = append(a.Chosen, c)
	}
	if len(all) < packs.MaxBag {
		a.More = ui.NewForm()
		each := slices.DeleteFunc(entries, func(e *material.Entry) bool { return !packs.MayPrintEach(e.Material) || slices.Contains(all, e) })
		a.Others = options(ctx, each)
	}
	if a.Scopes, err = p.scopes(ctx, by, f.Get("scope")); err != nil {
		return err
	}
	if f.Get("scope") == "" {
		f.Set("scope", own(by))
	}
	for _, t := range lang.Family {
		a.Langs = append(a.Langs, ui.Option{Value: t, Label: lang.Name(tag, t)})
	}
	letters, err := p.Packs.LettersByClass(ctx, by)
	if err != nil {
		return err
	}
	for _, c := range letters {
		if kind, pid, _ := strings.Cut(f.Get("scope"), ":"); kind != school.ScopeClass || pid == c.PublicID {
			a.Letters += c.Letters
		}
	}
	a.Asked = packs.Asked(all...)
	if len(all) == 1 {
		a.cut = cutOf(ctx, first.Kind, f)
	} else {
		a.TwoSides = lang.T(ctx, "On both sides of the paper. Let the printer turn it on the long edge.")
	}
	return route.Render(w, r, status, askView(a))
}

// own is the class of a teacher of one class, as a scope, whatever groups there are beside it; "" for everybody else.
func own(by auth.Actor) string {
	if by.AllClasses() || len(by.Classes) != 1 {
		return ""
	}
	return school.ScopeClass + ":" + by.Classes[0].PublicID
}

func find(entries []*material.Entry, slug string) *material.Entry {
	i := slices.IndexFunc(entries, func(e *material.Entry) bool { return e.Slug == slug })
	if i < 0 {
		return nil
	}
	return entries[i]
}

// pick asks for the text.
func (p *Pages) pick(w http.ResponseWriter, r *http.Request, status int, f *ui.Form, entries []*material.Entry) error {
	ctx := r.Context()
	for field := range f.Errors { // what else lacks is asked on the next page
		if field != "material" && field != "" {
			delete(f.Errors, field)
		}
	}
	pg := pickPage{Page: route.Page(w, r, lang.T(ctx, "Print")), Form: f, Materials: options(ctx, entries)}
	pg.Lead = lang.T(ctx, "What do you want to print?")
	pg.Back = ui.Link{Label: lang.T(ctx, "Print"), URL: route.Path(ctx, "packs")}
	return route.Render(w, r, status, pickView(pg))
}

// options are texts to choose from, the school's own first, then kind by kind.
func options(ctx context.Context, entries []*material.Entry) []ui.Option {
	tag := lang.From(ctx).Tag()
	var own, rest []ui.Option
	for _, k := range material.Kinds() {
		for _, e := range entries {
			if e.Kind != k.Kind {
				continue
			}
			o := ui.Option{Value: e.Slug, Label: e.TitleIn(tag), Group: lang.T(ctx, k.Many)}
			if e.Own {
				o.Label += " · " + lang.T(ctx, k.Name)
				o.Group = lang.T(ctx, "Our own")
				own = append(own, o)
				continue
			}
			rest = append(rest, o)
		}
	}
	return append(own, rest...)
}

// cutOf is what can be chosen about the paper of a kind.
func cutOf(ctx context.Context, k material.Kind, f *ui.Form) cut {
	layout := sheets.For(k)
	c := cut{}
	if layout.TwoSides() {
		c.TwoSides = lang.T(ctx, "On both sides: what you do in front, what you say behind. Let the printer turn the paper on the long edge.")
	}
	for _, s := range layout.Sizes {
		c.Small = c.Small || s.PerSheet() > 1
		if len(layout.Sizes) > 1 {
			c.Sizes = append(c.Sizes, ui.Option{Value: string(s), Label: sizeText(ctx, s)})
		}
	}
	if f.Get("size") == "" {
		f.Set("size", string(layout.Sizes[0]))
	}
	return c
}

func sizeText(ctx context.Context, s sheets.Size) string {
	if n := s.PerSheet(); n > 1 {
		return lang.T(ctx, "{size}: {n} on a sheet of A4, with marks to cut", "size", s.Name(), "n", n)
	}
	return s.Name()
}

func (p *Pages) start(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, 32<<10)
	if err != nil {
		return err
	}
	if what, slug, _ := strings.Cut(f.Get("do"), ":"); what != "" { // another text, or one less: the page again, with all that was chosen
		if what == "drop" {
			f.Set("also", slices.DeleteFunc(f.All("also"), func(s string) bool { return s == slug })...)
		}
		return p.askWith(w, r, http.StatusOK, f)
	}
	c := packs.Choice{Material: f.Get("material"), Also: f.All("also"), Options: packs.Options{Lang: f.Get("lang"), Langs: f.All("langs"), Bilingual: f.Bool("bilingual"), NoCover: !f.Bool("cover"),
		Size: sheets.Size(f.Get("size")), Single: f.Bool("single"), TwoSided: f.Bool("twosided"), Date: f.Get("date"), Time: f.Get("time"), Place: f.Get("place"), Letters: f.Bool("letters")}}
	c.Scope.Kind, c.Scope.PublicID, _ = strings.Cut(f.Get("scope"), ":")
	id, err := p.Packs.Start(r.Context(), route.Actor(r), c)
	if c.Material == "" && c.Letters && errs.Is(err, errs.Invalid) { // the button for letters only, of a page that was old
		return route.SeeDone(w, r, route.Path(r.Context(), "packs"), lang.T(r.Context(), "No letter waits for paper here."))
	}
	if status, ok := route.FormStatus(err); ok && f.Take(err) {
		return p.askWith(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.See(w, r, route.Path(r.Context(), "packs", id))
}

// paperPage asks how to print a text for nobody in particular.
type paperPage struct {
	ui.Page
	Form     *ui.Form
	URL      string
	Langs    []ui.Option
	Together bool
	Each     string // where it is printed for families; "" if it is for nobody in particular
	cut
	Asked []material.Placeholder
}

func (p *Pages) paper(w http.ResponseWriter, r *http.Request) error {
	by := route.Actor(r)
	f := paperForm(r)
	if len(f.All("in")) == 0 {
		f.Set("in", by.School.Lang)
	}
	return p.paperWith(w, r, http.StatusOK, f)
}

func paperForm(r *http.Request) *ui.Form {
	f := ui.NewForm()
	for name, values := range r.URL.Query() {
		f.Set(name, values...)
	}
	return f
}

func (p *Pages) paperWith(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx := r.Context()
	e, err := p.Material.Get(ctx, route.Actor(r), r.PathValue("material"))
	if err != nil {
		return err
	}
	tag := lang.From(ctx).Tag()
	pg := paperPage{Page: route.Page(w, r, e.TitleIn(tag)), Form: f, URL: route.Path(ctx, "materials", e.Slug, "paper.pdf"), cut: cutOf(ctx, e.Kind, f), Asked: packs.Asked(e), Together: sheets.For(e.Kind).Together}
	pg.Lead = lang.T(ctx, "One PDF, for the wall, the team or to keep at hand: no family stands on it.")
	pg.Back = ui.Link{Label: lang.T(ctx, e.Kind.Spec().Name), URL: route.Path(ctx, "materials", e.Slug)}
	if packs.MayPrintEach(e.Material) {
		pg.Each = route.Path(ctx, "packs", "new") + "?" + url.Values{"material": {e.Slug}}.Encode()
	}
	for _, t := range lang.Family {
		if _, has := e.Texts[t]; has {
			pg.Langs = append(pg.Langs, ui.Option{Value: t, Label: lang.Name(tag, t)})
		}
	}
	return route.Render(w, r, status, paperView(pg))
}

// paperFile prints at once. It answers wishes that cannot be met with the form again.
func (p *Pages) paperFile(w http.ResponseWriter, r *http.Request) error {
	f := paperForm(r)
	c := packs.SheetChoice{Material: r.PathValue("material"), Langs: f.All("in"), Size: sheets.Size(f.Get("size")), Single: f.Bool("single"), TwoSided: f.Bool("twosided"), Sample: f.Bool("sample"),
		Date: f.Get("date"), Time: f.Get("time"), Place: f.Get("place")}
	var pdf bytes.Buffer // some pages at most; a wish that cannot be met is known only at the end
	err := p.Packs.Sheet(r.Context(), route.Actor(r), c, &pdf)
	if status, ok := route.FormStatus(err); ok && errs.Is(err, errs.Invalid) && f.Take(err) {
		return p.paperWith(w, r, status, f)
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `inline; filename="brug-`+c.Material+`.pdf"`)
	if _, err := pdf.WriteTo(w); err != nil && r.Context().Err() == nil {
		return err
	}
	return nil
}
