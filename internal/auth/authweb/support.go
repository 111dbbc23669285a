package authweb

import (
	"net/http"
	"net/url"
	"time"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// deskPage is /support: the requests of schools.
type deskPage struct {
	ui.Page
	Waiting, Decided []auth.Request
	Now              time.Time
}

func (p *Pages) desk(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	waiting, decided, err := p.Auth.Requests(ctx, route.Actor(r))
	if err != nil {
		return err
	}
	page := deskPage{Page: route.Page(w, r, lang.T(ctx, "Requests")), Waiting: waiting, Decided: decided, Now: p.now()}
	page.Actions = []ui.Action{{Label: lang.T(ctx, "All schools"), Icon: "school", URL: "/support/schools"}, {Label: lang.T(ctx, "Our own materials"), Icon: "materials", URL: "/support/centre"}}
	return route.Render(w, r, http.StatusOK, deskView(page))
}

// requestPage is /support/requests/{request}.
type requestPage struct {
	ui.Page
	Form    *ui.Form
	Request auth.Request
	Path    string
	Now     time.Time
}

func (p *Pages) request(w http.ResponseWriter, r *http.Request) error {
	return p.showRequest(w, r, http.StatusOK, ui.NewForm(), nil)
}

// showRequest draws the page; problem is why it could not be decided, nil if nothing went wrong but what the form says.
func (p *Pages) showRequest(w http.ResponseWriter, r *http.Request, status int, f *ui.Form, problem error) error {
	ctx := r.Context()
	req, err := p.Auth.Request(ctx, route.Actor(r), r.PathValue("request"))
	if err != nil {
		return err
	}
	page := requestPage{Page: route.Page(w, r, req.SchoolName), Form: f, Request: req, Path: "/support/requests/" + req.PublicID, Now: p.now()}
	page.Lead = req.Town
	if problem != nil {
		page.Flash = ui.Flash{Kind: ui.Fail, Text: lang.Text(ctx, ui.ProblemOf(problem, "").Text)}
	}
	page.Back = ui.Link{Label: lang.T(ctx, "Requests"), URL: "/support"}
	return route.Render(w, r, status, requestView(page))
}

func (p *Pages) accept(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	school, err := p.Auth.AcceptRequest(ctx, route.Actor(r), r.PathValue("request"))
	if errs.Is(err, errs.Conflict) { // somebody was first, or a double click
		return p.showRequest(w, r, http.StatusConflict, ui.NewForm(), err)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, "/support", lang.T(ctx, "{school} can begin. The invitation is on its way.", "school", school.Name))
}

func (p *Pages) refuse(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.Auth.RefuseRequest(ctx, route.Actor(r), r.PathValue("request"), f.Get("reason"))
	}
	if errs.Is(err, errs.Conflict) {
		return p.showRequest(w, r, http.StatusConflict, f, err)
	}
	if status, ok := show(f, err); ok {
		return p.showRequest(w, r, status, f, nil)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, "/support", lang.T(ctx, "The request is refused. The school gets the reason by mail."))
}

func (p *Pages) inviteDirectorAgain(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := p.Auth.InviteDirectorAgain(ctx, route.Actor(r), r.PathValue("request")); err != nil {
		return err
	}
	return route.SeeDone(w, r, "/support/requests/"+r.PathValue("request"), lang.T(ctx, "A new invitation is on its way. The link before it does not work any more."))
}

// schoolsPage is /support/schools: all schools, by name.
type schoolsPage struct {
	ui.Page
	Form    *ui.Form
	Schools []auth.SchoolRow
	Next    string // URL
}

func (p *Pages) schools(w http.ResponseWriter, r *http.Request) error {
	ctx, find := r.Context(), r.URL.Query().Get("find")
	part, err := p.Auth.Schools(ctx, route.Actor(r), find, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	page := schoolsPage{Page: route.Page(w, r, lang.T(ctx, "All schools")), Form: ui.NewForm("find", find), Schools: part.Rows}
	page.Back = ui.Link{Label: lang.T(ctx, "Requests"), URL: "/support"}
	if part.Next != "" {
		page.Next = "/support/schools?" + url.Values{"find": {find}, "after": {part.Next}}.Encode()
	}
	return route.Render(w, r, http.StatusOK, schoolsView(page))
}
