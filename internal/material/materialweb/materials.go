// Package materialweb has the pages of materials: the library with search and filters, one material in all its languages,
// the editor for every kind with its preview and hints, and the school's own word list. It owns no tables.
package materialweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/packs"
	"brug/internal/phrase"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Pages are the pages of materials.
type Pages struct {
	Material *material.Service
	School   *school.Service
	Packs    *packs.Service // draws paper
	Now      func() time.Time
}

// Routes is the table for the router.
func (p *Pages) Routes() []route.Route {
	return slices.Concat([]route.Route{
		route.Get("/s/{school}/materials", auth.MaterialSee, p.list),
		route.Get("/s/{school}/materials/new", auth.MaterialChange, p.newOne),
		{Method: "POST", Pattern: "/s/{school}/materials", Need: auth.MaterialChange, Handle: p.create, MaxBody: maxForm},
		{Method: "POST", Pattern: "/s/{school}/materials/draft", Need: auth.MaterialChange, Handle: p.draft, MaxBody: maxForm},
		route.Get("/s/{school}/materials/{material}", auth.MaterialSee, p.show),
		route.Get("/s/{school}/materials/{material}/edit", auth.MaterialChange, p.edit),
		{Method: "POST", Pattern: "/s/{school}/materials/{material}", Need: auth.MaterialChange, Handle: p.change, MaxBody: maxForm},
		route.Post("/s/{school}/materials/{material}/archive", auth.MaterialChange, p.archive),
		route.Get("/s/{school}/words", auth.MaterialChange, p.words),
		route.Post("/s/{school}/words", auth.MaterialChange, p.addWord),
		route.Post("/s/{school}/words/{word}/remove", auth.MaterialChange, p.removeWord),
	}, p.versionRoutes(), p.publishRoutes(), p.photoRoutes())
}

const maxForm = 512 << 10

type listPage struct {
	ui.Page
	Form      *ui.Form
	Entries   []*material.Entry
	Turn      ui.Turn
	Searched  bool // something was asked for: a list, and not the start view
	Filtered  bool // by more than the kind
	Kinds     []ui.Option
	Audiences []ui.Option
	Practices []ui.Option
	Supports  []ui.Option
	Langs     []ui.Option
	Shelf     []shelf           // of the start view
	Own       []*material.Entry // of the start view: the latest of the school's own
	OwnMore   bool
	Changed   int         // own versions whose origin says something else by now
	Tools     []ui.Action // what else one can do with texts
	Phrases   int         // fixed sentences with the words that were searched for
	PhraseURL string
}

// shelf is a kind in the start view, with a few of what there is.
type shelf struct {
	spec  material.KindSpec
	count int
	url   string
	picks []*material.Entry
}

// How many of each stand in the start view.
const (
	picks    = 3
	ownPicks = 6
)

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	q := r.URL.Query()
	f := material.Filter{Kind: material.Kind(q.Get("kind")), Audience: material.Audience(q.Get("audience")), Practice: material.Practice(q.Get("practice")), Support: material.Support(q.Get("support")), Lang: q.Get("in"), Own: q.Get("own") != ""}
	asked := []string{"q", q.Get("q"), "kind", q.Get("kind"), "audience", q.Get("audience"), "practice", q.Get("practice"), "support", q.Get("support"), "in", q.Get("in"), "own", q.Get("own")}
	l := listPage{Page: route.Page(w, r, lang.T(ctx, "Materials")), Form: ui.NewForm(asked...), Kinds: kindOptions(ctx), Audiences: audiences(ctx), Practices: practices(ctx), Supports: supports(ctx), Langs: languages(ctx)}
	l.Searched = f != material.Filter{} || q.Get("q") != "" || q.Get("page") != ""
	l.Filtered = f != material.Filter{Kind: f.Kind}
	home := route.Path(ctx, "materials")
	if by.May(auth.MaterialChange) == nil {
		l.Actions = []ui.Action{{Label: lang.T(ctx, "Make something new"), Icon: "add", Kind: ui.First, URL: route.Path(ctx, "materials", "new")}}
		l.Tools = p.tools(ctx, by)
		if words := q.Get("q"); words != "" {
			l.Phrases = len(phrase.Shipped().Search(lang.From(ctx).Tag(), words, ""))
			l.PhraseURL = query(route.Path(ctx, "phrases"), "q", words)
		}
	}
	if !l.Searched {
		l.Lead = lang.T(ctx, "Ready to print, send or change, in the families' own languages.")
		all, err := p.Material.List(ctx, by, f)
		if err != nil {
			return err
		}
		l.start(ctx, all)
		return route.Render(w, r, http.StatusOK, listView(l))
	}
	found, err := p.Material.Search(ctx, by, q.Get("q"), f, q.Get("page"))
	if err != nil {
		return err
	}
	l.Entries = found.Entries
	if found.Next != "" {
		l.Turn.NextURL = query(home, append(asked, "page", found.Next)...)
	}
	if q.Get("page") != "" {
		l.Turn.PrevURL, l.Turn.Prev = query(home, asked...), lang.T(ctx, "To the beginning")
	}
	if s := f.Kind.Spec(); s.Kind != "" {
		l.Heading, l.Lead = lang.T(ctx, s.Many), lang.T(ctx, faces[s.Kind].purpose)
	}
	l.Back = ui.Link{Label: lang.T(ctx, "All materials"), URL: home}
	return route.Render(w, r, http.StatusOK, listView(l))
}

// tools are the pages beside the library: for who puts a message together, translates, lends a voice, or minds the words.
func (p *Pages) tools(ctx context.Context, by auth.Actor) []ui.Action {
	out := []ui.Action{
		{Label: lang.T(ctx, "Message from phrases"), Icon: "messages", URL: route.Path(ctx, "phrases")},
		{Label: lang.T(ctx, "Translations"), Icon: "language", URL: route.Path(ctx, "translate")},
	}
	if by.May(auth.VoiceRecord) == nil {
		out = append(out, ui.Action{Label: lang.T(ctx, "Voices"), Icon: "hear", URL: route.Path(ctx, "voice")})
	}
	return append(out, ui.Action{Label: lang.T(ctx, "Photos"), Icon: "people", URL: route.Path(ctx, "photos")}, ui.Action{Label: lang.T(ctx, "Our words"), Icon: "edit", URL: route.Path(ctx, "words")})
}

// start fills the start view: what the school made itself, then each kind with a few of what there is.
func (l *listPage) start(ctx context.Context, all []*material.Entry) {
	home := route.Path(ctx, "materials")
	for _, e := range all {
		if e.Changed {
			l.Changed++
		}
		if e.Own {
			if len(l.Own) < ownPicks {
				l.Own = append(l.Own, e)
			} else {
				l.OwnMore = true
			}
		}
	}
	for _, s := range material.Kinds() {
		sh := shelf{spec: s, url: query(home, "kind", string(s.Kind))}
		for _, e := range all {
			if e.Kind == s.Kind {
				sh.count++
				if len(sh.picks) < picks && !e.Own {
					sh.picks = append(sh.picks, e)
				}
			}
		}
		if s.OwnOnly && sh.count == 0 {
			sh.url = route.Path(ctx, "phrases")
		}
		l.Shelf = append(l.Shelf, sh)
	}
}

func kindOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, s := range material.Kinds() {
		out = append(out, ui.Option{Value: string(s.Kind), Label: lang.T(ctx, s.Many)})
	}
	return out
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

// classes are the classes that a text may be for: a teacher's own ones, or all of them.
func (p *Pages) classes(ctx context.Context, by auth.Actor) ([]ui.Option, error) {
	if by.May(auth.SchoolSee) != nil {
		return nil, nil
	}
	rows, err := p.School.Classes(ctx, by)
	if err != nil {
		return nil, err
	}
	out := make([]ui.Option, len(rows))
	for i, c := range rows {
		out[i] = ui.Option{Value: c.PublicID, Label: c.Name}
	}
	return out, nil
}

// photoOptions are the school's photos, for people of the team.
func (p *Pages) photoOptions(ctx context.Context, by auth.Actor) ([]ui.Option, error) {
	list, err := p.Material.Photos(ctx, by)
	if err != nil {
		return nil, err
	}
	out := make([]ui.Option, len(list))
	for i, ph := range list {
		out[i] = ui.Option{Value: ph.PublicID, Label: ph.About}
	}
	return sortedByLabel(out), nil
}

type showPage struct {
	ui.Page
	Entry  *material.Entry
	Sheet  material.Sheet // in the chosen language
	Main   material.Sheet // in the material's own
	Langs  []langLine
	Change bool
	Voice  bool // may ask for a voice
}

// Lacks tells whether some family reads this material, or a part of it, in the language of the school.
func (s showPage) Lacks() bool {
	return slices.ContainsFunc(s.Langs, func(l langLine) bool { return !l.Has || l.Lacks })
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
	ctx, by := r.Context(), route.Actor(r)
	e, err := p.Material.Get(ctx, by, r.PathValue("material"))
	if err != nil {
		return err
	}
	tag := r.URL.Query().Get("in")
	if !slices.Contains(lang.Family, tag) {
		tag = e.Main
	}
	fill, err := p.sampleFill(ctx, by, e.For.Name)
	if err != nil {
		return err
	}
	s := showPage{Entry: e, Sheet: e.Sheet(tag, fill), Main: e.Sheet(e.Main, fill), Change: by.May(auth.MaterialChange) == nil && (!e.Own || e.ChangeableBy(by)), Voice: by.May(auth.VoiceRecord) == nil}
	for _, t := range lang.Family {
		text, has := e.Texts[t]
		s.Langs = append(s.Langs, langLine{Tag: t, URL: route.Path(ctx, "materials", e.Slug) + "?in=" + t, Text: text, Has: has, Lacks: e.Sheet(t, material.Fill{}).Lacks, Current: t == tag})
	}
	s.Page = route.Page(w, r, e.TitleIn(lang.From(ctx).Tag()))
	s.Back = ui.Link{Label: lang.T(ctx, e.Kind.Spec().Many), URL: query(route.Path(ctx, "materials"), "kind", string(e.Kind))}
	s.Lead = lead(ctx, e)
	s.Actions = p.actions(ctx, by, e)
	return route.Render(w, r, http.StatusOK, showView(s))
}

// actions are what can be done with a material; printing comes first.
func (p *Pages) actions(ctx context.Context, by auth.Actor, e *material.Entry) []ui.Action {
	var out []ui.Action
	if by.May(auth.PacksPrint) == nil {
		out = append(out, ui.Action{Label: lang.T(ctx, "Print"), Icon: "print", Kind: ui.First, URL: query(route.Path(ctx, "packs", "new"), "material", e.Slug)})
	}
	if by.May(auth.MessagesSend) == nil && packs.MayPrintEach(e.Material) {
		out = append(out, ui.Action{Label: lang.T(ctx, "Send"), Icon: "send", URL: query(route.Path(ctx, "messages", "new"), "material", e.Slug)})
	}
	if by.May(auth.MaterialChange) != nil {
		return out
	}
	if e.Own {
		if !e.ChangeableBy(by) {
			return append(out, versionsAction(ctx, e))
		}
		out = append(out, ui.Action{Label: lang.T(ctx, "Change"), Icon: "edit", URL: route.Path(ctx, "materials", e.Slug, "edit")})
		if e.Kind != material.Message {
			out = append(out, ui.Action{Label: lang.T(ctx, "Make a copy"), Icon: "copy", URL: query(route.Path(ctx, "materials", "new"), "from", e.Slug)})
		}
		return append(out, versionsAction(ctx, e))
	}
	return append(out, ui.Action{Label: lang.T(ctx, "Make an own version"), Icon: "copy", URL: query(route.Path(ctx, "materials", "new"), "from", e.Slug)})
}

// lead says in one line for whom a material is.
func lead(ctx context.Context, e *material.Entry) string {
	line := ages(ctx, e.Audiences)
	if e.For.Name != "" {
		line += between + lang.T(ctx, "Class {name}", "name", e.For.Name)
	}
	if e.Reader == material.ForTeam {
		line += between + lang.T(ctx, "for the team of the school")
	}
	return line
}

func (p *Pages) archive(w http.ResponseWriter, r *http.Request) error {
	if err := p.Material.Archive(r.Context(), route.Actor(r), r.PathValue("material")); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(r.Context(), "materials"), lang.T(r.Context(), "Put away. What was printed keeps working."))
}

// ages are the ages that a material is for, as a reader says them.
func ages(ctx context.Context, list []material.Audience) string {
	if len(list) == 0 || len(list) == len(material.Audiences()) {
		return lang.T(ctx, "All ages")
	}
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = lang.T(ctx, a.Text())
		if i > 0 { // inside a sentence; no name of an age begins with a name
			names[i] = lowerFirst(names[i])
		}
	}
	return strings.Join(names, ", ") // some names have an "and" of their own
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

// between stands between two things said of one material; a line does not begin with it.
const between = "\u00a0· "

// sortedByLabel sorts options as the reader reads them.
func sortedByLabel(o []ui.Option) []ui.Option {
	sort.SliceStable(o, func(i, j int) bool { return school.Fold(o[i].Label) < school.Fold(o[j].Label) })
	return o
}

// slugPath is the path of a material.
func slugPath(ctx context.Context, slug string) string {
	return route.Path(ctx, "materials", url.PathEscape(slug))
}
