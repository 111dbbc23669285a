package authweb

import (
	"net/http"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// askPage is /ask: the form by which a school asks for its login.
type askPage struct {
	ui.Page
	Form *ui.Form
}

func (p *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	return p.showAsk(w, r, http.StatusOK, ui.NewForm("lang", lang.From(r.Context()).Tag()))
}

func (p *Pages) showAsk(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx := r.Context()
	page := askPage{Page: route.Page(w, r, lang.T(ctx, "A login for your school")), Form: f}
	page.Lead = lang.T(ctx, "Tell us who you are. The support centre looks at each request and answers by mail.")
	page.Back = ui.Link{Label: lang.T(ctx, "Sign in"), URL: "/signin"}
	return route.Render(w, r, status, askView(page))
}

func (p *Pages) doAsk(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.Auth.AskLogin(r.Context(), auth.Ask{SchoolName: f.Get("school"), Town: f.Get("town"), Person: f.Get("person"), Role: f.Get("role"),
			Email: f.Get("email"), Phone: f.Get("phone"), Message: f.Get("message"), Lang: f.Get("lang")}, route.IP(r))
	}
	if status, ok := show(f, err); ok {
		return p.showAsk(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.See(w, r, "/ask/done")
}

func (p *Pages) asked(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	page := askPage{Page: route.Page(w, r, lang.T(ctx, "Your request has arrived"))}
	page.Lead = lang.T(ctx, "The support centre reads it and answers by mail, to the address that you gave. You need not do anything now.")
	return route.Render(w, r, http.StatusOK, askedView(page))
}
