package materialweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// versionRoutes are the pages of an own version: its history, what became of it, and what it was made from.
func (p *Pages) versionRoutes() []route.Route {
	const m = "/s/{school}/materials/"
	return []route.Route{
		route.Get(m+"changed", auth.MaterialSee, p.changed),
		route.Get(m+"{material}/versions", auth.MaterialSee, p.versions),
		route.Get(m+"{material}/compare", auth.MaterialSee, p.compare),
		route.Post(m+"{material}/restore", auth.MaterialChange, p.restore),
		route.Get(m+"{material}/follow", auth.MaterialSee, p.follow),
		route.Post(m+"{material}/follow", auth.MaterialChange, p.doFollow),
	}
}

// changedPage is /s/{school}/materials/changed: the own versions whose origin says something else by now.
type changedPage struct {
	ui.Page
	Entries []*material.Entry
}

func (p *Pages) changed(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := p.Material.OriginChanged(ctx, route.Actor(r))
	if err != nil {
		return err
	}
	c := changedPage{Page: route.Page(w, r, lang.T(ctx, "Changed at the source")), Entries: list}
	c.Lead = lang.T(ctx, "Texts that you made from the library, and that the library says differently by now. You choose what you take.")
	c.Back = ui.Link{Label: lang.T(ctx, "Materials"), URL: route.Path(ctx, "materials")}
	return route.Render(w, r, http.StatusOK, changedView(c))
}

// versionsPage is /s/{school}/materials/{material}/versions.
type versionsPage struct {
	ui.Page
	Entry    *material.Entry
	Versions []material.VersionInfo
	Form     *ui.Form
	Change   bool
}

func (p *Pages) versions(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	e, err := p.own(ctx, by, r)
	if err != nil {
		return err
	}
	list, err := p.Material.Versions(ctx, by, e.Slug)
	if err != nil {
		return err
	}
	v := versionsPage{Entry: e, Versions: list, Change: e.ChangeableBy(by),
		Form: ui.NewForm("b", strconv.FormatInt(e.Version, 10), "a", strconv.FormatInt(max(1, e.Version-1), 10))}
	v.Page = route.Page(w, r, lang.T(ctx, "Versions of {title}", "title", e.TitleIn(lang.From(ctx).Tag())))
	v.Back = toMaterial(ctx, e)
	return route.Render(w, r, http.StatusOK, versionsView(v))
}

// own finds a material of the school's own; others have no versions here.
func (p *Pages) own(ctx context.Context, by auth.Actor, r *http.Request) (*material.Entry, error) {
	e, err := p.Material.Get(ctx, by, r.PathValue("material"))
	if err == nil && !e.Own {
		return nil, errs.NotFoundf("%s is not the school's own", e.Slug)
	}
	return e, err
}

func toMaterial(ctx context.Context, e *material.Entry) ui.Link {
	return ui.Link{Label: e.TitleIn(lang.From(ctx).Tag()), URL: route.Path(ctx, "materials", e.Slug)}
}

func versionsAction(ctx context.Context, e *material.Entry) ui.Action {
	return ui.Action{Label: lang.T(ctx, "Versions"), Icon: "later", URL: route.Path(ctx, "materials", e.Slug, "versions")}
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

// comparePage is /s/{school}/materials/{material}/compare?a=1&b=3&in=fr.
type comparePage struct {
	ui.Page
	material.Comparison
	Spec   material.KindSpec
	Tabs   []ui.Tab
	Change bool
}

func (p *Pages) compare(w http.ResponseWriter, r *http.Request) error {
	ctx, by, q := r.Context(), route.Actor(r), r.URL.Query()
	e, err := p.own(ctx, by, r)
	if err != nil {
		return err
	}
	// Nothing asked: the latest two. A number that is none is no version.
	a, b := max(1, e.Version-1), e.Version
	for name, v := range map[string]*int64{"a": &a, "b": &b} {
		if s := q.Get(name); s != "" {
			if *v, err = strconv.ParseInt(s, 10, 64); err != nil {
				return errs.NotFoundf("version %s", s)
			}
		}
	}
	tag := q.Get("in")
	if _, has := e.Texts[tag]; !has {
		tag = e.Main
	}
	c, err := p.Material.Compare(ctx, by, e.Slug, a, b, tag)
	if err != nil {
		return err
	}
	page := comparePage{Comparison: c, Spec: e.Kind.Spec(), Change: e.ChangeableBy(by)}
	for _, t := range lang.Family {
		if _, has := e.Texts[t]; has {
			to := url.Values{"a": {strconv.FormatInt(c.A, 10)}, "b": {strconv.FormatInt(c.B, 10)}, "in": {t}}
			page.Tabs = append(page.Tabs, ui.Tab{Label: lang.Name(lang.From(ctx).Tag(), t), URL: route.Path(ctx, "materials", e.Slug, "compare") + "?" + to.Encode(), Current: t == tag})
		}
	}
	page.Page = route.Page(w, r, lang.T(ctx, "Version {a} beside version {b}", "a", c.A, "b", c.B))
	page.Back = ui.Link{Label: lang.T(ctx, "Versions of {title}", "title", e.TitleIn(lang.From(ctx).Tag())), URL: route.Path(ctx, "materials", e.Slug, "versions")}
	return route.Render(w, r, http.StatusOK, compareView(page))
}

// changedPieces are those in which the two versions differ.
func (c comparePage) changedPieces() []material.ComparedPiece {
	return slices.DeleteFunc(slices.Clone(c.Pieces), func(p material.ComparedPiece) bool { return !p.Changed && !p.Picture })
}

// followPage is /s/{school}/materials/{material}/follow: what the origin said, what it says now, and what the school says.
type followPage struct {
	ui.Page
	material.Follow
	Spec   material.KindSpec
	Form   *ui.Form
	Change bool
	Post   string
}

// asked are the pieces that the school is asked about.
func (f followPage) asked() []material.FollowPiece {
	return slices.DeleteFunc(slices.Clone(f.Pieces), func(p material.FollowPiece) bool { return !p.Changed })
}

func (p *Pages) follow(w http.ResponseWriter, r *http.Request) error {
	return p.showFollow(w, r, http.StatusOK, nil)
}

// showFollow draws the page; typed is what was chosen and could not be done, nil at first.
func (p *Pages) showFollow(w http.ResponseWriter, r *http.Request, status int, typed *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	e, err := p.own(ctx, by, r)
	if err != nil {
		return err
	}
	f := followPage{Form: typed, Spec: e.Kind.Spec(), Change: e.ChangeableBy(by), Post: route.Path(ctx, "materials", e.Slug, "follow")}
	f.Follow, err = p.Material.Follow(ctx, by, e.Slug)
	if errs.Is(err, errs.NotFound) { // made from nothing, or from what is no longer there
		f.Follow, err = material.Follow{Entry: e}, nil
	}
	if err != nil {
		return err
	}
	if f.Form == nil {
		f.Form = ui.NewForm()
	}
	for _, piece := range f.asked() {
		if f.Form.Get(piece.Key) != "" {
			continue
		}
		if piece.Touched || piece.Ours.Text == "" {
			f.Form.Set(piece.Key, "ours")
		} else {
			f.Form.Set(piece.Key, "theirs")
		}
	}
	f.Page = route.Page(w, r, lang.T(ctx, "What changed in the library"))
	f.Wide = true
	f.Back = toMaterial(ctx, e)
	switch {
	case f.Origin == nil:
		f.Lead = lang.T(ctx, "This text is your own. There is nothing in the library that it was made from.")
	case !f.Changed:
		f.Lead = lang.T(ctx, "You have seen all that changed. Your own text stands.")
	case f.Origin.Centre != "":
		f.Lead = lang.T(ctx, "{centre} has changed the text that you made yours from. Choose what you take, piece by piece.", "centre", f.Origin.Centre)
	default:
		f.Lead = lang.T(ctx, "The library has changed the text that you made yours from. Choose what you take, piece by piece.")
	}
	return route.Render(w, r, status, followView(f))
}

func (p *Pages) doFollow(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, 64<<10)
	if err != nil {
		return err
	}
	ctx, by, slug := r.Context(), route.Actor(r), r.PathValue("material")
	read, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		read = 0 // no version is 0: it is told as one that has changed since
	}
	done := lang.T(ctx, "Your text is kept. You are told when the library changes it again.")
	switch f.Get("choice") {
	case "ours":
		err = p.Material.KeepOurs(ctx, by, slug, read, f.Get("digest"))
	case "theirs":
		err = p.Material.TakeTheirs(ctx, by, slug, read, f.Get("digest"))
		done = lang.T(ctx, "The text of the library is your new version. The one before is kept.")
	default:
		var keys []string
		for name := range f.Values {
			if f.Get(name) == "theirs" && (name == "title" || name == "intro" || name == "close" || strings.HasPrefix(name, "part")) {
				keys = append(keys, name)
			}
		}
		slices.Sort(keys)
		err = p.Material.TakePieces(ctx, by, slug, read, f.Get("digest"), keys)
		if len(keys) > 0 {
			done = lang.N(ctx, len(keys), "{n} piece is taken. The version before is kept.", "{n} pieces are taken. The version before is kept.")
		}
	}
	if errs.Is(err, errs.Conflict) {
		f.Fail("", "One of the texts has changed meanwhile. Look at them again, then choose.")
		return p.showFollow(w, r, http.StatusConflict, f)
	}
	if status, ok := route.FormStatus(err); ok && f.Take(err) {
		return p.showFollow(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "materials", slug), done)
}

// pieceName is what a piece is, for who reads a list of them.
func pieceName(ctx context.Context, spec material.KindSpec, key string, role material.Role) string {
	switch key {
	case "title":
		return lang.T(ctx, "Title")
	case "intro":
		return introLabel(ctx, spec)
	case "close":
		return lang.T(ctx, "Last words")
	}
	return lang.T(ctx, role.Text())
}

// when is the day and time of a version, at the school.
func when(ctx context.Context, t time.Time) string {
	if zone, err := time.LoadLocation(route.ActorFrom(ctx).School.Timezone); err == nil {
		t = t.In(zone)
	}
	l := lang.From(ctx)
	return l.DateYear(t) + " · " + l.Time(t)
}

func versionOptions(ctx context.Context, list []material.VersionInfo) []ui.Option {
	out := make([]ui.Option, len(list))
	for i, v := range list {
		out[i] = ui.Option{Value: strconv.FormatInt(v.Version, 10), Label: lang.T(ctx, "Version {n}", "n", v.Version) + " · " + when(ctx, v.At)}
	}
	return out
}

// versionRow is one line of the history, the latest on top.
func versionRow(ctx context.Context, v versionsPage, i int, old material.VersionInfo) ui.Item {
	it := ui.Item{Icon: "file", Lead: lang.T(ctx, "Version {n}", "n", old.Version), Text: when(ctx, old.At), Note: old.By}
	n := strconv.FormatInt(old.Version, 10)
	if i == 0 {
		it.Tags = append(it.Tags, ui.Tag{Label: lang.T(ctx, "the one in use"), Tone: ui.Done})
		return it
	}
	path := route.Path(ctx, "materials", v.Entry.Slug)
	about := it.Lead
	it.Actions = append(it.Actions, ui.Action{Label: lang.T(ctx, "What changed since"), About: about, Icon: "table", URL: path + "/compare?a=" + n + "&b=" + strconv.FormatInt(v.Entry.Version, 10)})
	if v.Change {
		it.Actions = append(it.Actions, ui.Action{Label: lang.T(ctx, "Bring back"), About: about, Icon: "undo", Post: path + "/restore", Hidden: map[string]string{"version": n}})
	}
	if old.Version == v.Entry.Published {
		it.Tags = append(it.Tags, ui.Tag{Label: lang.T(ctx, "published"), Icon: "give"})
	}
	return it
}

// followOptions: what is chosen in words of the piece itself, for a piece may be gone on either side.
func followOptions(ctx context.Context, p material.FollowPiece) []ui.Option {
	ours, theirs := lang.T(ctx, "Keep ours"), lang.T(ctx, "Take what it says now")
	if p.Ours.Text == "" {
		ours = lang.T(ctx, "Leave it out")
	}
	if p.Now.Text == "" {
		theirs = lang.T(ctx, "Leave it out too")
	}
	return []ui.Option{{Value: "ours", Label: ours}, {Value: "theirs", Label: theirs}}
}

// readerLang is the language of the page on words between those of another language.
func readerLang(ctx context.Context) templ.Attributes {
	l := lang.From(ctx)
	return templ.Attributes{"lang": l.Tag(), "dir": lang.Dir(l.Tag())}
}
