package materialweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/pictogram"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

type editPage struct {
	ui.Page
	Form      *ui.Form
	Post      string
	Cancel    string
	Main      string // language of the school
	Audiences []ui.Option
	Practices []ui.Option
	Pictures  []ui.Option
	Library   []ui.Option     // questions to take over, "slug/2"
	Shown     int             // lines for questions that stand open: the others can be opened
	Others    []string        // further languages, those that most families of the school read first
	Order     []string        // of the fields, for the summary of errors
	Theirs    *material.Sheet // what somebody else saved meanwhile
}

// firstLines is how many questions a new slip shows: what a slip should have at least.
const firstLines = 3

// maxQuestions is how many questions a slip may have.
var maxQuestions = material.QuestionSlip.Spec().Role(material.Question).Max

// own tells whether a line of the form holds, or lacks, words of the school itself.
func (e editPage) own(i int) bool {
	_, wrong := e.Form.Wrong(qname(i, e.Main))
	_, picture := e.Form.Wrong(qname(i, "pictogram"))
	return wrong || picture || e.Form.Get(qname(i, "from")) == "" && e.Form.Get(qname(i, e.Main)) != ""
}

// shown is how many lines stand open: the first ones, and all up to the last that says something or is wrong.
func shown(f *ui.Form, main string) int {
	n := firstLines
	for i := range maxQuestions {
		for _, part := range []string{"from", main, "pictogram"} {
			if _, wrong := f.Wrong(qname(i, part)); wrong || f.Get(qname(i, part)) != "" {
				n = max(n, i+1)
			}
		}
	}
	return n
}

// translated tells whether something stands, or is wrong, in a further language.
func (e editPage) translated() bool {
	for _, tag := range e.Others {
		for name := range e.Form.Values {
			if strings.HasSuffix(name, "."+tag) && e.Form.Get(name) != "" {
				return true
			}
		}
	}
	return false
}

// languagesFor puts the languages that families read before those that nobody here reads yet.
func languagesFor(main string, read []string) []string {
	var first, rest []string
	for _, tag := range read {
		if base, _, _ := strings.Cut(tag, "-"); !slices.Contains(lang.Family, tag) {
			tag = base
		}
		if tag != main && slices.Contains(lang.Family, tag) && !slices.Contains(first, tag) {
			first = append(first, tag)
		}
	}
	for _, tag := range others(main) {
		if !slices.Contains(first, tag) {
			rest = append(rest, tag)
		}
	}
	return append(first, rest...)
}

func qname(i int, part string) string { return "q" + strconv.Itoa(i+1) + "." + part }

// formOf fills the editor's form from a draft.
func formOf(d material.Edit, version int64, origin string) *ui.Form {
	f := ui.NewForm("version", strconv.FormatInt(version, 10), "origin", origin)
	for _, a := range d.Audiences {
		f.Values.Add("audience", string(a))
	}
	for _, p := range d.Practices {
		f.Values.Add("practices", string(p))
	}
	put := func(field string, m map[string]string) {
		for tag, s := range m {
			f.Set(field+"."+tag, s)
		}
	}
	put("title", d.Title)
	put("intro", d.Intro)
	put("close", d.Close)
	for i, dq := range d.Parts {
		f.Set(qname(i, "from"), dq.From)
		f.Set(qname(i, "pictogram"), dq.Pictogram)
		if dq.From == "" {
			for tag, s := range dq.Texts {
				f.Set(qname(i, tag), s)
			}
		}
	}
	return f
}

// editOf is what the form says. Empty questions are left out; at says for each kept question which line of the form it
// stood on. Words typed beside a question of the library are meant: they make it a question of the school's own.
func editOf(f *ui.Form, main string) (d material.Edit, at []int) {
	d = material.Edit{Kind: material.QuestionSlip, Title: map[string]string{}, Intro: map[string]string{}, Close: map[string]string{}}
	for _, a := range f.All("audience") {
		if a != "" {
			d.Audiences = append(d.Audiences, material.Audience(a))
		}
	}
	for _, p := range f.All("practices") {
		d.Practices = append(d.Practices, material.Practice(p))
	}
	tags := append([]string{main}, others(main)...)
	take := func(field string, m map[string]string) {
		for _, tag := range tags {
			if s := f.Get(field + "." + tag); s != "" {
				m[tag] = strings.ReplaceAll(s, "\r\n", "\n")
			}
		}
	}
	take("title", d.Title)
	take("intro", d.Intro)
	take("close", d.Close)
	for i := range maxQuestions {
		dq := material.EditPart{Part: material.Part{Role: material.Question, From: f.Get(qname(i, "from")), Pictogram: f.Get(qname(i, "pictogram"))}, Texts: map[string]string{}}
		if f.Get(qname(i, main)) != "" {
			dq.From = ""
		}
		if dq.From == "" {
			take("q"+strconv.Itoa(i+1), dq.Texts)
			if len(dq.Texts) == 0 {
				continue
			}
		} else if t, ok := material.Taken(dq.From); ok {
			dq = t
		}
		d.Parts = append(d.Parts, dq)
		at = append(at, i)
	}
	return d, at
}

func others(main string) []string {
	var out []string
	for _, t := range lang.Family {
		if t != main {
			out = append(out, t)
		}
	}
	return out
}

func (p *Pages) newSlip(w http.ResponseWriter, r *http.Request) error {
	from := r.URL.Query().Get("from")
	f := ui.NewForm("origin", from)
	if from != "" {
		e, err := p.Material.Get(r.Context(), route.Actor(r), from)
		if err != nil {
			return err
		}
		origin := from
		if e.Own {
			origin = e.Origin
		}
		f = formOf(e.Copy(), 0, origin)
	}
	return p.editor(w, r, http.StatusOK, f, "", route.Actor(r).School.Lang, nil)
}

func (p *Pages) edit(w http.ResponseWriter, r *http.Request) error {
	e, err := p.Material.Get(r.Context(), route.Actor(r), r.PathValue("material"))
	if err != nil {
		return err
	}
	if !e.Own {
		return route.See(w, r, route.Path(r.Context(), "materials", "new")+"?from="+e.Slug)
	}
	return p.editor(w, r, http.StatusOK, formOf(e.Edit(), e.Version, e.Origin), e.Slug, e.Main, nil)
}

// editor shows the form; slug is "" for a new slip, theirs what somebody else saved meanwhile.
func (p *Pages) editor(w http.ResponseWriter, r *http.Request, status int, f *ui.Form, slug, main string, theirs *material.Sheet) error {
	ctx, by := r.Context(), route.Actor(r)
	ep := editPage{Form: f, Main: main, Audiences: audiences(ctx), Practices: practices(ctx), Pictures: pictures(ctx), Library: library(main, lang.From(ctx)), Theirs: theirs,
		Post: route.Path(ctx, "materials"), Cancel: route.Path(ctx, "materials")}
	title := lang.T(ctx, "Make an own slip")
	if slug != "" {
		title, ep.Post, ep.Cancel = lang.T(ctx, "Change this slip"), route.Path(ctx, "materials", slug), route.Path(ctx, "materials", slug)
	}
	read, err := p.Material.FamilyLangs(ctx, by)
	if err != nil {
		return err
	}
	ep.Shown = shown(f, main)
	ep.Others = languagesFor(main, read)
	ep.Order = []string{"audience", "title." + main, "intro." + main, "questions"}
	for i := range maxQuestions {
		ep.Order = append(ep.Order, qname(i, "from"), qname(i, main), qname(i, "pictogram"))
	}
	ep.Order = append(ep.Order, "close."+main, "practices")
	ep.Page = route.Page(w, r, title)
	ep.Lead = lang.T(ctx, "Take questions from the library: they come in all languages. Or write your own.")
	ep.Back = ui.Link{Label: lang.T(ctx, "Materials"), URL: route.Path(ctx, "materials")}
	return route.Render(w, r, status, editView(ep))
}

func pictures(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, n := range pictogram.Names() {
		out = append(out, ui.Option{Value: n, Label: lang.T(ctx, pictogram.Alt(n))})
	}
	return sortedByLabel(out)
}

// library is every shipped question in the school's language.
func library(main string, l *lang.Locale) []ui.Option {
	var out []ui.Option
	for _, m := range material.Shipped().All() {
		t, has := m.Texts[main]
		if !has {
			t = m.Texts[material.SourceLanguage]
		}
		if m.Kind != material.QuestionSlip {
			continue
		}
		for i, q := range t.Parts {
			out = append(out, ui.Option{Value: m.Slug + "/" + strconv.Itoa(i+1), Label: strings.ReplaceAll(q, material.ChildPlaceholder, "…") + " (" + t.Title + ")"})
		}
	}
	return out
}

func (p *Pages) create(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxForm)
	if err != nil {
		return err
	}
	by := route.Actor(r)
	d, at := editOf(f, by.School.Lang)
	origin := f.Get("origin")
	if m, ok := material.Shipped().Find(origin); ok {
		e, err := p.Material.Get(r.Context(), by, m.Slug)
		if err != nil {
			return err
		}
		d = d.DropStale(e.Edit(), by.School.Lang)
	} else {
		origin = ""
	}
	slug, err := p.Material.Create(r.Context(), by, origin, d)
	if status, ok := route.FormStatus(err); ok && f.Take(moved(err, at)) {
		return p.editor(w, r, status, f, "", by.School.Lang, nil)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(r.Context(), "materials", slug), lang.T(r.Context(), "Your slip is saved. You can print it now."))
}

func (p *Pages) change(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxForm)
	if err != nil {
		return err
	}
	by, slug := route.Actor(r), r.PathValue("material")
	e, err := p.Material.Get(r.Context(), by, slug)
	if err != nil {
		return err
	}
	d, at := editOf(f, e.Main)
	read, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		read = 0 // an unknown version is an old one
	}
	base, err := p.Material.Find(r.Context(), by.School.ID, slug, read)
	if err == nil {
		d = d.DropStale(base.Edit(), e.Main)
	}
	err = p.Material.Change(r.Context(), by, slug, read, d)
	if errs.Is(err, errs.Conflict) {
		theirs := e.Sheet(e.Main, material.Fill{Child: "…"})
		f.Set("version", strconv.FormatInt(e.Version, 10))
		f.Fail("", "Somebody else has changed this slip meanwhile. Your text is still here; look at theirs and save again.")
		return p.editor(w, r, http.StatusConflict, f, slug, e.Main, &theirs)
	}
	if status, ok := route.FormStatus(err); ok && f.Take(moved(err, at)) {
		return p.editor(w, r, status, f, slug, e.Main, nil)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(r.Context(), "materials", slug), lang.T(r.Context(), "Saved as a new version."))
}

// moved puts errors at the line of the form where the question stood: empty lines are left out of an Edit.
func moved(err error, at []int) error {
	fields := errs.FieldsOf(err)
	if fields == nil {
		return err
	}
	out := map[string]errs.Text{}
	for name, t := range fields {
		num, part, ok := strings.Cut(strings.TrimPrefix(name, "part"), ".")
		if n, e := strconv.Atoi(num); ok && e == nil && n >= 1 && n <= len(at) {
			name = qname(at[n-1], part)
		}
		out[name] = t
	}
	return &errs.Error{Kind: errs.Invalid, Fields: out}
}
