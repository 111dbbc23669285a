// Package packsweb has the pages of print packs: choose what to print for whom, watch it being made, take the PDF, and
// tick what was handed out. It owns no tables.
package packsweb

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/packs"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Pages are the pages of print packs.
type Pages struct {
	Packs    *packs.Service
	School   *school.Service
	Material *material.Service
}

// Routes is the table for the router.
func (p *Pages) Routes() []route.Route {
	return []route.Route{
		route.Get("/s/{school}/packs", auth.PacksPrint, p.list),
		route.Get("/s/{school}/packs/new", auth.PacksPrint, p.ask),
		route.Post("/s/{school}/packs", auth.PacksPrint, p.start),
		route.Get("/s/{school}/materials/{material}/paper", auth.PacksPrint, p.paper),
		route.Get("/s/{school}/materials/{material}/paper.pdf", auth.PacksPrint, p.paperFile),
		route.Get("/s/{school}/packs/{pack}", auth.PacksPrint, p.show),
		route.Get("/s/{school}/packs/{pack}/file.pdf", auth.PacksPrint, p.file),
		route.Post("/s/{school}/packs/{pack}/given", auth.ContactLog, p.given),
		route.Post("/s/{school}/packs/{pack}/slips/{slip}/given", auth.ContactLog, p.slipGiven),
		route.Post("/s/{school}/packs/{pack}/slips/{slip}/taken-back", auth.ContactLog, p.slipNotGiven),
	}
}

type listPage struct {
	ui.Page
	Letters []messages.PaperClass // classes with letters that wait for paper
	Packs   []packs.Pack
	Turn    ui.Turn
}

const perPage = 20

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	l := listPage{}
	var next int64
	if before == 0 {
		if l.Letters, err = p.Packs.LettersByClass(ctx, route.Actor(r)); err != nil {
			return err
		}
	}
	if l.Packs, next, err = p.Packs.List(ctx, route.Actor(r), before, perPage); err != nil {
		return err
	}
	if next != 0 {
		l.Turn = ui.Turn{NextURL: route.Path(ctx, "packs") + "?before=" + strconv.FormatInt(next, 10), Next: lang.T(ctx, "Older")}
	}
	l.Page = route.Page(w, r, lang.T(ctx, "Print"))
	l.Actions = []ui.Action{{Label: lang.T(ctx, "Print for families"), Icon: "print", Kind: ui.First, URL: route.Path(ctx, "packs", "new")}}
	return route.Render(w, r, http.StatusOK, listView(l))
}

// scopes are the classes, groups, the school, and the family that the page was opened for.
func (p *Pages) scopes(ctx context.Context, by auth.Actor, chosen string) ([]ui.Option, error) {
	var out []ui.Option
	if kind, pid, _ := strings.Cut(chosen, ":"); kind == school.ScopeHousehold {
		homes, err := p.School.Homes(ctx, by, school.Scope{Kind: kind, PublicID: pid})
		if err != nil {
			return nil, err
		}
		for _, h := range homes {
			var names []string
			for _, c := range h.Children {
				names = append(names, c.Given+" "+c.Family)
			}
			out = append(out, ui.Option{Value: chosen, Label: lang.T(ctx, "The family of {names}", "names", lang.From(ctx).List(names))})
		}
	}
	classes, err := p.School.Classes(ctx, by)
	if err != nil {
		return nil, err
	}
	for _, c := range classes {
		out = append(out, ui.Option{Value: "class:" + c.PublicID, Label: lang.T(ctx, "Class {name}", "name", c.Name), Hint: lang.N(ctx, c.Households, "{n} household", "{n} households")})
	}
	groups, err := p.School.Groups(ctx, by)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		out = append(out, ui.Option{Value: "group:" + g.PublicID, Label: lang.T(ctx, "Group {name}", "name", g.Name)})
	}
	if by.AllClasses() {
		out = append(out, ui.Option{Value: "school:", Label: lang.T(ctx, "The whole school")})
	}
	return out, nil
}

type showPage struct {
	ui.Page
	Pack    packs.Pack
	Classes []classSlips
	FileURL string
	Whole   bool   // the actor may take the PDF: every page in it is of the own classes
	SelfURL string // of this page
	Open    string // class whose slips are shown at once; "" none
}

// fewClasses is up to how many classes all slips stand on one page, folded; a whole school shows one class at a time.
const fewClasses = 4

type classSlips struct {
	Name, PublicID string
	Slips          []packs.Slip
	Given          int
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	pk, err := p.Packs.Get(ctx, route.Actor(r), r.PathValue("pack"))
	if err != nil {
		return err
	}
	s := showPage{Page: route.Page(w, r, pk.Title), Pack: pk, FileURL: route.Path(ctx, "packs", pk.PublicID, "file.pdf"), Whole: pk.Slips == pk.Total && pk.HasFile(),
		SelfURL: route.Path(ctx, "packs", pk.PublicID), Open: r.URL.Query().Get("class")}
	s.Back = ui.Link{Label: lang.T(ctx, "Print"), URL: route.Path(ctx, "packs")}
	s.Lead = scopeText(ctx, pk)
	for _, sl := range pk.Slip {
		if n := len(s.Classes); n == 0 || s.Classes[n-1].PublicID != sl.ClassPublicID {
			s.Classes = append(s.Classes, classSlips{Name: sl.Class, PublicID: sl.ClassPublicID})
		}
		c := &s.Classes[len(s.Classes)-1]
		c.Slips = append(c.Slips, sl)
		if !sl.GivenAt.IsZero() {
			c.Given++
		}
	}
	if pk.State == packs.Finished || pk.State == packs.Failed {
		route.Anew(w, r)
	}
	return route.Render(w, r, http.StatusOK, showView(s))
}

func scopeText(ctx context.Context, pk packs.Pack) string {
	switch pk.Scope.Kind {
	case school.ScopeSchool:
		return lang.T(ctx, "The whole school")
	case school.ScopeClass:
		return lang.T(ctx, "Class {name}", "name", pk.ScopeName)
	case school.ScopeGroup:
		return lang.T(ctx, "Group {name}", "name", pk.ScopeName)
	}
	return lang.T(ctx, "The family of {names}", "names", pk.ScopeName)
}

// work is how far the printing is, as the progress component takes it.
func work(ctx context.Context, pk packs.Pack) ui.Work {
	state := map[packs.State]ui.WorkState{packs.Waiting: ui.Waiting, packs.Running: ui.Running, packs.Finished: ui.Finished, packs.Failed: ui.Failed}[pk.State]
	text := ""
	if pk.Total > 0 {
		text = lang.T(ctx, "{done} of {total} families", "done", pk.Done, "total", pk.Total)
	}
	return ui.Work{Title: lang.T(ctx, "The PDF is being made"), Done: pk.Done, Total: pk.Total, State: state, URL: route.Path(ctx, "packs", pk.PublicID),
		Text: text}
}

func (p *Pages) file(w http.ResponseWriter, r *http.Request) error {
	body, pk, err := p.Packs.Open(r.Context(), route.Actor(r), r.PathValue("pack"))
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }() // only read from
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	name := pk.Material
	if name == "" {
		name = "letters"
	}
	h.Set("Content-Disposition", `inline; filename="brug-`+name+`.pdf"`)
	// A whole school is some 15 MB, and a school's line may be slow: longer than the server gives other pages.
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(30 * time.Minute)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	_, err = io.Copy(w, body)
	if err != nil && r.Context().Err() != nil {
		return nil // the reader has gone
	}
	return err
}

func (p *Pages) given(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	n, err := p.Packs.Given(r.Context(), route.Actor(r), r.PathValue("pack"), f.Get("class"), "")
	if err != nil {
		return err
	}
	return p.backTo(w, r, "", lang.N(r.Context(), n, "{n} slip noted as handed out.", "{n} slips noted as handed out."))
}

func (p *Pages) slipGiven(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	if _, err := p.Packs.Given(r.Context(), route.Actor(r), r.PathValue("pack"), "", r.PathValue("slip")); err != nil {
		return err
	}
	return p.backTo(w, r, f.Get("class"), lang.T(r.Context(), "Noted as handed out."))
}

func (p *Pages) slipNotGiven(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	if err := p.Packs.NotGiven(r.Context(), route.Actor(r), r.PathValue("pack"), r.PathValue("slip")); err != nil {
		return err
	}
	return p.backTo(w, r, f.Get("class"), lang.T(r.Context(), "Taken back: not handed out."))
}

// backTo goes to the pack's page again, with the slips of the class open that the person was at.
func (p *Pages) backTo(w http.ResponseWriter, r *http.Request, class, line string) error {
	to := route.Path(r.Context(), "packs", r.PathValue("pack"))
	if class != "" {
		to += "?class=" + url.QueryEscape(class)
	}
	return route.SeeDone(w, r, to, line)
}
