package authweb

import (
	"net/http"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// forgotPage is /reset: where a link is asked for.
type forgotPage struct {
	ui.Page
	Form *ui.Form
	Demo bool
}

func (p *Pages) forgot(w http.ResponseWriter, r *http.Request) error {
	return p.showForgot(w, r, http.StatusOK, ui.NewForm())
}

func (p *Pages) showForgot(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx := r.Context()
	page := forgotPage{Page: route.Page(w, r, lang.T(ctx, "A new password")), Form: f}
	page.Lead = lang.T(ctx, "Write your e-mail address. You get a mail with a link.")
	page.Back = ui.Link{Label: lang.T(ctx, "Sign in"), URL: "/signin"}
	return route.Render(w, r, status, forgotView(page))
}

func (p *Pages) doForgot(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.Auth.Forgot(r.Context(), f.Get("email"), lang.From(r.Context()).Tag(), route.IP(r))
	}
	if status, ok := show(f, err); ok {
		return p.showForgot(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.See(w, r, "/reset/sent")
}

// forgotSent says the same to everybody.
func (p *Pages) forgotSent(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	page := forgotPage{Page: route.Page(w, r, lang.T(ctx, "Look in your mailbox")), Demo: p.Demo}
	page.Lead = lang.T(ctx, "We have sent a mail. If your address is known here, there is a link in it that works for one hour.")
	return route.Render(w, r, http.StatusOK, sentView(page))
}

// resetPage is /reset/{token}: where the new password is typed.
type resetPage struct {
	ui.Page
	Form *ui.Form
	URL  string
}

func (p *Pages) reset(w http.ResponseWriter, r *http.Request) error {
	return p.showReset(w, r, http.StatusOK, ui.NewForm())
}

func (p *Pages) showReset(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx := r.Context()
	email, err := p.Auth.LookReset(ctx, r.PathValue("token"))
	if err != nil {
		return err
	}
	page := resetPage{Page: route.Page(w, r, lang.T(ctx, "A new password")), Form: f, URL: r.URL.Path}
	page.Lead = lang.T(ctx, "For {email}. All your devices will be signed out.", "email", email)
	return route.Render(w, r, status, resetView(page))
}

func (p *Pages) doReset(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxForm)
	var s auth.Session
	if err == nil {
		s, err = p.Auth.Reset(r.Context(), r.PathValue("token"), f.Values.Get("password"), visit(r, f.Bool("keep")))
	}
	if status, ok := show(f, err); ok {
		return p.showReset(w, r, status, f)
	}
	if err != nil {
		return err
	}
	p.enter(w, r, s)
	return route.SeeDone(w, r, home(s.Actor), lang.T(r.Context(), "Your password has been changed."))
}
