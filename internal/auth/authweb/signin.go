package authweb

import (
	"net/http"
	"slices"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// signInPage is /signin.
type signInPage struct {
	ui.Page
	Form *ui.Form
	Own  string // language of the browser, where the page does not come in it: a parent, who has only a code
}

func (p *Pages) signIn(w http.ResponseWriter, r *http.Request) error {
	next := r.URL.Query().Get("next")
	if a := route.Actor(r); a.Role != auth.Nobody {
		return route.See(w, r, after(a, next))
	}
	return p.showSignIn(w, r, http.StatusOK, ui.NewForm("next", next))
}

func (p *Pages) showSignIn(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	page := signInPage{Page: route.Page(w, r, lang.T(r.Context(), "Sign in")), Form: f}
	if own := lang.Match(r.Header.Get("Accept-Language"), lang.Family, ""); !slices.Contains(lang.Staff, own) {
		page.Own = own
	}
	return route.Render(w, r, status, signInView(page))
}

func (p *Pages) doSignIn(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxForm)
	var s auth.Session
	if err == nil {
		s, err = p.Auth.SignIn(r.Context(), f.Get("email"), f.Values.Get("password"), visit(r, f.Bool("keep")))
	}
	if status, ok := show(f, err); ok {
		return p.showSignIn(w, r, status, f)
	}
	if err != nil {
		return err
	}
	p.enter(w, r, s)
	return route.See(w, r, after(s.Actor, f.Get("next")))
}

func (p *Pages) signOut(w http.ResponseWriter, r *http.Request) error {
	if token := sessionToken(r); token != "" {
		if err := p.Auth.SignOut(r.Context(), route.Actor(r), token); err != nil {
			return err
		}
	}
	p.leave(w, r)
	return route.SeeDone(w, r, "/signin", lang.T(r.Context(), "You are signed out."))
}

// demo signs in with one click. It changes something on GET, which only a demo may.
func (p *Pages) demo(w http.ResponseWriter, r *http.Request) error {
	s, err := p.Auth.SignInDemo(r.Context(), r.PathValue("token"), visit(r, false))
	if err != nil {
		return err
	}
	p.enter(w, r, s)
	return route.See(w, r, home(s.Actor))
}
