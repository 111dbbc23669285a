package authweb

import (
	"net/http"
	"time"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// accountPage is /account: one's own name, language, password and devices.
type accountPage struct {
	ui.Page
	Email    string
	Profile  *ui.Form
	Password *ui.Form
	Sessions []auth.OpenSession
	Schools  []auth.School
	Now      time.Time
	Zone     string
}

func (p *Pages) account(w http.ResponseWriter, r *http.Request) error {
	return p.showAccount(w, r, http.StatusOK, nil, nil)
}

// showAccount draws the page; a form that is nil is fresh.
func (p *Pages) showAccount(w http.ResponseWriter, r *http.Request, status int, profile, password *ui.Form) error {
	ctx, a := r.Context(), route.Actor(r)
	sessions, err := p.Auth.Sessions(ctx, a)
	if err != nil {
		return err
	}
	if profile == nil {
		profile = ui.NewForm("name", a.Name, "lang", a.Lang)
	}
	if password == nil {
		password = ui.NewForm()
	}
	password.Prefix = "p"
	page := accountPage{Page: route.Page(w, r, lang.T(ctx, "My account")), Email: a.Email, Profile: profile, Password: password,
		Sessions: sessions, Schools: a.Schools, Now: p.now(), Zone: zone(a)}
	page.Back = back(ctx, a)
	return route.Render(w, r, status, accountView(page))
}

func (p *Pages) changeProfile(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.Auth.ChangeProfile(r.Context(), route.Actor(r), f.Get("name"), f.Get("lang"))
	}
	if status, ok := show(f, err); ok {
		return p.showAccount(w, r, status, f, nil)
	}
	if err != nil {
		return err
	}
	p.forgetLang(w, r)
	return route.SeeDone(w, r, "/account", lang.For(f.Get("lang")).T("Saved."))
}

func (p *Pages) changePassword(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.Auth.ChangePassword(r.Context(), route.Actor(r), f.Values.Get("old"), f.Values.Get("password"))
	}
	if status, ok := show(f, err); ok {
		return p.showAccount(w, r, status, nil, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, "/account", lang.T(r.Context(), "Your password has been changed. Your other devices are signed out."))
}

func (p *Pages) endSession(w http.ResponseWriter, r *http.Request) error {
	if err := p.Auth.EndSession(r.Context(), route.Actor(r), r.PathValue("session")); err != nil {
		return err
	}
	return route.SeeDone(w, r, "/account", lang.T(r.Context(), "That device is signed out."))
}

func (p *Pages) endOtherSessions(w http.ResponseWriter, r *http.Request) error {
	n, err := p.Auth.EndOtherSessions(r.Context(), route.Actor(r))
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, "/account", lang.N(r.Context(), n, "One device is signed out.", "{n} devices are signed out."))
}
