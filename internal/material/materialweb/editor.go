package materialweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/pictogram"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// editPage is the editor, for a material of any kind. The kind's row in package material says which pieces there are.
type editPage struct {
	ui.Page
	Form      *ui.Form
	Spec      material.KindSpec
	Slug      string // of a saved one; "" for a new one
	Save      string // where the form goes
	Draft     string // where it goes to come back with something done to it, and for the preview
	Cancel    string
	Main      string   // language of the text
	Others    []string // further languages, those that most families of the school read first
	Families  int      // how many of Others families of this school read
	Audiences []ui.Option
	Practices []ui.Option
	Supports  []ui.Option
	Pictures  []ui.Option
	Classes   []ui.Option
	Photos    []ui.Option
	PhotosURL string
	Library   []ui.Option // what can be taken over, "slug/do2"
	Order     []string    // of the fields, for the summary of errors
	Hints     map[string][]hint
	Look      look
	LookLangs []ui.Option
	Theirs    *material.Sheet // what somebody else saved meanwhile
	Focus     string          // id of what a button was pressed for
}

// begin is what a new material of a kind opens with.
func begin(s material.KindSpec) []material.Role {
	switch s.Kind {
	case material.QuestionSlip:
		return []material.Role{material.Question, material.Question, material.Question}
	case material.HelpCard:
		return []material.Role{material.Need, material.Need, material.Do, material.Do, material.Do, material.Say, material.Say, material.Easier, material.Harder}
	case material.Form:
		return []material.Role{material.Field, material.Field, material.Sign}
	case material.StepPlan:
		return []material.Role{material.Step, material.Step, material.Step}
	case material.Checklist:
		return []material.Role{material.Tick, material.Tick, material.Tick}
	case material.HomeAgreements:
		return []material.Role{material.Agree, material.Agree, material.Agree, material.Sign}
	}
	if len(s.Roles) == 0 {
		return nil
	}
	return []material.Role{s.Roles[0].Role}
}

// choose shows the kinds to begin with.
func (p *Pages) choose(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c := choosePage{Page: route.Page(w, r, lang.T(ctx, "What do you want to make?"))}
	c.Lead = lang.T(ctx, "Or change one that is there: open it in the library and choose “Make an own version”.")
	c.Back = ui.Link{Label: lang.T(ctx, "Materials"), URL: route.Path(ctx, "materials")}
	for _, s := range material.Kinds() {
		u := route.Path(ctx, "materials", "new") + "?kind=" + url.QueryEscape(string(s.Kind))
		if s.Kind == material.Message {
			u = route.Path(ctx, "phrases")
		}
		c.Kinds = append(c.Kinds, kindTile(ctx, s, s.Name, u))
	}
	return route.Render(w, r, http.StatusOK, chooseView(c))
}

type choosePage struct {
	ui.Page
	Kinds []ui.Tile
}

// newOne is an empty editor for ?kind=, or one that begins with the material ?from=.
func (p *Pages) newOne(w http.ResponseWriter, r *http.Request) error {
	ctx, by, q := r.Context(), route.Actor(r), r.URL.Query()
	if from := q.Get("from"); from != "" {
		e, err := p.Material.Get(ctx, by, from)
		if err != nil {
			return err
		}
		origin := from
		if e.Own {
			origin = e.Origin
		}
		return p.editor(w, r, http.StatusOK, formOf(e.Copy(), "", 0, origin), edited{main: by.School.Lang})
	}
	spec := material.Kind(q.Get("kind")).Spec()
	switch {
	case spec.Kind == "":
		return p.choose(w, r)
	case spec.Kind == material.Message:
		return route.See(w, r, route.Path(ctx, "phrases"))
	}
	d := material.Edit{Kind: spec.Kind, Reader: material.ForFamily}
	for _, role := range begin(spec) {
		d.Parts = append(d.Parts, material.EditPart{Part: material.Part{Role: role}})
	}
	return p.editor(w, r, http.StatusOK, formOf(d, "", 0, ""), edited{main: by.School.Lang})
}

func (p *Pages) edit(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := p.Material.Get(ctx, route.Actor(r), r.PathValue("material"))
	if err != nil {
		return err
	}
	switch {
	case !e.ChangeableBy(route.Actor(r)):
		return route.See(w, r, route.Path(ctx, "materials", "new")+"?from="+url.QueryEscape(e.Slug))
	case e.Kind == material.Message:
		return route.See(w, r, route.Path(ctx, "phrases")+"?material="+url.QueryEscape(e.Slug))
	}
	return p.editor(w, r, http.StatusOK, formOf(e.Edit(), e.Slug, e.Version, e.Origin), edited{slug: e.Slug, main: e.Main})
}

// draft does what the pressed button says and gives the form back, with hints and preview made anew. Nothing is saved. The
// script asks here too, and gets only what changes while somebody types.
func (p *Pages) draft(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxForm)
	if err != nil {
		return err
	}
	main := route.Actor(r).School.Lang
	slug := f.Get("slug")
	if slug != "" {
		e, err := p.Material.Get(r.Context(), route.Actor(r), slug)
		if err != nil {
			return err
		}
		if !e.ChangeableBy(route.Actor(r)) {
			return errs.Forbiddenf("%s is changed by making an own version", slug)
		}
		main = e.Main
	}
	if !material.Kind(f.Get("kind")).Known() {
		return errs.NotFoundf("kind %q", f.Get("kind"))
	}
	do := f.Get("do")
	f, focus := act(f, main)
	return p.editor(w, r, http.StatusOK, f, edited{slug: slug, main: main, focus: focus, live: do == "" && r.Header.Get("HX-Request") == "true"})
}

// act changes the form as the button in "do" says. focus is the id of the element that it is about.
func act(f *ui.Form, main string) (now *ui.Form, focus string) {
	what, which, _ := strings.Cut(f.Get("do"), ":")
	n := parts(f)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	i, err := strconv.Atoi(which)
	i--
	at := err == nil && i >= 0 && i < n
	switch {
	case what == "use":
		field := use(f, which)
		return f, f.ID(field)
	case what == "show":
		return f, "look"
	case what == "add":
		return addPart(f, material.EditPart{Part: material.Part{Role: material.Role(which)}})
	case what == "take":
		if t, ok := material.Taken(f.Get("take")); ok {
			return addPart(f, t)
		}
		f.Fail("take", "Choose from the list.")
		return f, f.ID("take")
	case what == "remove" && at:
		now = arrange(f, slices.Delete(order, i, i+1))
		return now, partID(min(i, n-2))
	case what == "up" && at && i > 0:
		order[i-1], order[i] = order[i], order[i-1]
		return arrange(f, order), partID(i - 1)
	case what == "down" && at && i < n-1:
		order[i+1], order[i] = order[i], order[i+1]
		return arrange(f, order), partID(i + 1)
	case what == "own" && at:
		if t, ok := partOf(f, i, main); ok && t.From != "" {
			t.From, t.Slots = "", nil
			setPart(f, i, t)
		}
		return f, partID(i)
	}
	return f, ""
}

// addPart puts a part behind the last one of its role where the kind keeps its roles together, else at the end, before what
// is signed. More than the kind allows are not added.
func addPart(f *ui.Form, p material.EditPart) (now *ui.Form, focus string) {
	spec := material.Kind(f.Get("kind")).Spec()
	have, n := 0, parts(f)
	for i := range n {
		if f.Get(part(i, "role")) == string(p.Role) {
			have++
		}
	}
	if most := spec.Role(p.Role).Max; have >= most {
		f.Fail("parts", "This is too much of one kind: {what}. There may be {max} at most.", "what", errs.T(p.Role.Text()), "max", most)
		return f, f.ID("parts")
	}
	at := place(f, spec, p.Role)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	now = arrange(f, slices.Insert(order, at, -1))
	setPart(now, at, p)
	return now, partID(at)
}

// place is where a new part of a role goes.
func place(f *ui.Form, spec material.KindSpec, r material.Role) int {
	n := parts(f)
	role := func(i int) material.Role { return material.Role(f.Get(part(i, "role"))) }
	if spec.Kind == material.HelpCard {
		rank := func(r material.Role) int {
			return slices.IndexFunc(spec.Roles, func(s material.RoleSpec) bool { return s.Role == r })
		}
		at := 0
		for i := range n {
			if rank(role(i)) <= rank(r) {
				at = i + 1
			}
		}
		return at
	}
	for n > 0 && role(n-1) == material.Sign && r != material.Sign {
		n--
	}
	return n
}

// partID is the id of a part's fieldset.
func partID(i int) string {
	if i < 0 {
		return "parts"
	}
	return "part-" + strconv.Itoa(i+1)
}

// edited says what the editor is about.
type edited struct {
	slug, main, focus string
	live              bool            // only what changes while somebody types
	theirs            *material.Sheet // what somebody else saved meanwhile
}

// editor shows the form.
func (p *Pages) editor(w http.ResponseWriter, r *http.Request, status int, f *ui.Form, of edited) error {
	ctx, by := r.Context(), route.Actor(r)
	spec := material.Kind(f.Get("kind")).Spec()
	read, err := p.Material.FamilyLangs(ctx, by)
	if err != nil {
		return err
	}
	words, err := p.Material.Words(ctx, by)
	if err != nil {
		return err
	}
	ep := editPage{Form: f, Spec: spec, Slug: of.slug, Main: of.main, Theirs: of.theirs, Focus: of.focus, Draft: route.Path(ctx, "materials", "draft")}
	ep.Others, ep.Families = material.ReadFirst(of.main, read)
	if ep.Classes, err = p.classes(ctx, by); err != nil {
		return err
	}
	class := ""
	for _, o := range ep.Classes {
		if o.Value == f.Get("class") {
			class = o.Label
		}
	}
	fill, err := p.sampleFill(ctx, by, class)
	if err != nil {
		return err
	}
	ep.Hints = hintsFor(ctx, f, spec, append([]string{of.main}, ep.Others...), material.PlainWords(words), fill)
	d, _ := editOf(f, of.main)
	ep.LookLangs = lookLangs(ctx, ep)
	as := f.Get("look.as")
	if o := ways(ctx, spec); !slices.ContainsFunc(o, func(o ui.Option) bool { return o.Value == as }) {
		as = o[0].Value
		f.Set("look.as", as)
	}
	if f.Get("look.in") == "" {
		f.Set("look.in", of.main)
	}
	ep.Look = lookAt(d, of.main, f.Get("look.in"), as, fill)
	if as == asPaper {
		if err := p.onPaper(ctx, by, &ep.Look, d, of.main, fill); err != nil {
			return err
		}
	}
	if of.live {
		return route.Render(w, r, http.StatusOK, liveView(ep))
	}
	if spec.Role(material.Who).Max > 0 {
		if ep.Photos, err = p.photoOptions(ctx, by); err != nil {
			return err
		}
	}
	ep.fill(ctx)
	title := lang.T(ctx, spec.Name)
	ep.Save, ep.Cancel = route.Path(ctx, "materials"), route.Path(ctx, "materials")
	if of.slug != "" {
		ep.Save, ep.Cancel = route.Path(ctx, "materials", of.slug), route.Path(ctx, "materials", of.slug)
	}
	ep.Page = route.Page(w, r, title)
	ep.Wide = true
	ep.Lead = lang.T(ctx, faces[spec.Kind].purpose)
	ep.Back = ui.Link{Label: lang.T(ctx, "Materials"), URL: ep.Cancel}
	return route.Render(w, r, status, editView(ep))
}

// fill puts in what can be chosen from.
func (e *editPage) fill(ctx context.Context) {
	e.Audiences, e.Practices, e.Supports, e.Pictures = audiences(ctx), practices(ctx), supports(ctx), pictures(ctx)
	e.Library = library(e.Main, e.Spec)
	e.PhotosURL = route.Path(ctx, "photos")
	e.Order = []string{"title." + e.Main, "intro." + e.Main, "parts"}
	for i := range parts(e.Form) {
		e.Order = append(e.Order, part(i, "from"), part(i, "name"), part(i, e.Main), part(i, "pictogram"))
	}
	e.Order = append(e.Order, "take", "close."+e.Main, "picture", "audience", "practices", "support", "reader", "class")
}

// lookLangs are the languages that a preview may be in: those of the families first.
func lookLangs(ctx context.Context, e editPage) []ui.Option {
	var out []ui.Option
	for _, tag := range append([]string{e.Main}, e.Others...) {
		out = append(out, ui.Option{Value: tag, Label: lang.Name(lang.From(ctx).Tag(), tag)})
	}
	return out
}

// library is what a material of this kind can take over: the shipped parts of its roles, in the school's language.
func library(main string, spec material.KindSpec) []ui.Option {
	var out []ui.Option
	for _, m := range material.Shipped().All() {
		if m.Kind != spec.Kind {
			continue
		}
		t, has := m.Texts[main]
		if !has {
			t = m.Texts[material.SourceLanguage]
		}
		for i, key := range material.Keys(m.Parts) {
			if i < len(t.Parts) && m.Parts[i].Role != material.Subhead && m.Parts[i].Role != material.Sign {
				out = append(out, ui.Option{Value: m.Slug + "/" + key, Label: short(material.Fill{Child: "…"}.In(main, t.Parts[i])) + " (" + t.Title + ")"})
			}
		}
	}
	return out
}

// short cuts a text for a list.
func short(s string) string {
	const most = 80
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most])) + "…"
}

func pictures(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, n := range pictogram.Names() {
		out = append(out, ui.Option{Value: n, Label: lang.T(ctx, pictogram.Alt(n))})
	}
	return sortedByLabel(out)
}

func (p *Pages) create(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxForm)
	if err != nil {
		return err
	}
	ctx, by := r.Context(), route.Actor(r)
	main := by.School.Lang
	if !material.Kind(f.Get("kind")).Known() {
		return errs.NotFoundf("kind %q", f.Get("kind"))
	}
	d, at := editOf(f, main)
	origin := f.Get("origin")
	var base material.Edit
	if origin != "" {
		e, err := p.Material.Get(ctx, by, origin)
		switch {
		case errs.Is(err, errs.NotFound):
			origin = "" // it has gone since; the words that were taken are here
		case err != nil:
			return err
		default:
			base = e.Edit()
		}
	}
	d = d.DropStale(base, main)
	slug, err := p.Material.Create(ctx, by, origin, d)
	if status, ok := route.FormStatus(err); ok && f.Take(moved(err, at)) {
		return p.editor(w, r, status, f, edited{main: main})
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "materials", slug), lang.T(ctx, "Saved. You can print it now."))
}

func (p *Pages) change(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxForm)
	if err != nil {
		return err
	}
	ctx, by, slug := r.Context(), route.Actor(r), r.PathValue("material")
	e, err := p.Material.Get(ctx, by, slug)
	if err != nil {
		return err
	}
	f.Set("kind", string(e.Kind))
	d, at := editOf(f, e.Main)
	read, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		read = 0 // an unknown version is an old one
	}
	if base, err := p.Material.Find(ctx, by.School.ID, slug, read); err == nil && read > 0 {
		d = d.DropStale(base.Edit(), e.Main)
	}
	err = p.Material.Change(ctx, by, slug, read, d)
	if errs.Is(err, errs.Conflict) {
		theirs := e.Sheet(e.Main, material.Fill{Child: "…"})
		f.Set("version", strconv.FormatInt(e.Version, 10))
		f.Fail("", "Somebody else has changed this text meanwhile. Your text is still here; look at theirs and save again.")
		return p.editor(w, r, http.StatusConflict, f, edited{slug: slug, main: e.Main, theirs: &theirs})
	}
	if status, ok := route.FormStatus(err); ok && f.Take(moved(err, at)) {
		return p.editor(w, r, status, f, edited{slug: slug, main: e.Main})
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "materials", slug), lang.T(ctx, "Saved as a new version."))
}
