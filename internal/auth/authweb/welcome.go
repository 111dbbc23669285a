package authweb

import (
	"net/http"
	"net/url"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// welcomePage is /welcome/{token}: what an invitation is for, and the yes to it.
type welcomePage struct {
	ui.Page
	Form    *ui.Form
	URL     string
	Welcome auth.Welcome
}

func (p *Pages) welcome(w http.ResponseWriter, r *http.Request) error {
	look, err := p.Auth.LookWelcome(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return p.showWelcome(w, r, http.StatusOK, look, ui.NewForm("name", look.Name, "lang", lang.From(r.Context()).Tag()))
}

func (p *Pages) showWelcome(w http.ResponseWriter, r *http.Request, status int, look auth.Welcome, f *ui.Form) error {
	ctx := r.Context()
	page := welcomePage{Page: route.Page(w, r, lang.T(ctx, "Welcome to Brug")), Form: f, URL: r.URL.Path, Welcome: look}
	if look.School == "" {
		page.Lead = lang.T(ctx, "You are invited to the support centre.")
	} else {
		page.Lead = lang.T(ctx, "{school} invites you as {role}.", "school", look.School, "role", roleName(ctx, look.Role))
	}
	return route.Render(w, r, status, welcomeView(page))
}

func (p *Pages) join(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	look, err := p.Auth.LookWelcome(ctx, r.PathValue("token"))
	if err != nil {
		return err
	}
	f, err := ui.FormFrom(r, maxForm)
	var s auth.Session
	if err == nil {
		o := auth.Opening{Name: f.Get("name"), Lang: f.Get("lang"), Password: f.Values.Get("password")}
		s, err = p.Auth.Join(ctx, r.PathValue("token"), o, visit(r, f.Bool("keep")))
	}
	if status, ok := show(f, err); ok {
		return p.showWelcome(w, r, status, look, f)
	}
	if err != nil {
		return err
	}
	if s.Token != "" {
		p.enter(w, r, s)
		p.forgetLang(w, r) // the language was just chosen
		return route.See(w, r, home(s.Actor))
	}
	school := "/s/" + look.Slug + "/"
	if route.Actor(r).AccountID == look.AccountID {
		return route.See(w, r, school)
	}
	return route.SeeDone(w, r, "/signin?next="+url.QueryEscape(school), lang.T(ctx, "You have joined {school}. Sign in to begin.", "school", look.School))
}
