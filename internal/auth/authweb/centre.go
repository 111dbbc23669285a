package authweb

import (
	"context"
	"net/http"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// centrePage is /support/centre: where the support centre makes its own house.
type centrePage struct {
	ui.Page
	Form *ui.Form
}

// centre leads to the materials of the centre's house, or asks to make it.
func (p *Pages) centre(w http.ResponseWriter, r *http.Request) error {
	house, err := p.Auth.Centre(r.Context())
	if err == nil {
		return route.See(w, r, materialsOf(house))
	}
	if !errs.Is(err, errs.NotFound) {
		return err
	}
	return p.showCentre(w, r, http.StatusOK, ui.NewForm("lang", lang.From(r.Context()).Tag()))
}

func materialsOf(house auth.School) string { return "/s/" + house.Slug + "/materials" }

func (p *Pages) showCentre(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx := r.Context()
	page := centrePage{Page: route.Page(w, r, lang.T(ctx, "Our own materials")), Form: f}
	page.Lead = lang.T(ctx, "Write materials here and publish them: every school then finds them beside the library, and can change them for itself.")
	page.Back = ui.Link{Label: lang.T(ctx, "Requests"), URL: "/support"}
	return route.Render(w, r, status, centreView(page))
}

func (p *Pages) makeCentre(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	var house auth.School
	if err == nil {
		house, err = p.Auth.CreateCentre(ctx, route.Actor(r), auth.NewSchool{Name: f.Get("name"), Lang: f.Get("lang")})
	}
	if status, ok := show(f, err); ok {
		return p.showCentre(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, materialsOf(house), lang.T(ctx, "The house is made. Make the first text, and publish it when it is ready."))
}

func centreLangs(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, tag := range lang.Staff {
		out = append(out, ui.Option{Value: tag, Label: lang.Name(lang.From(ctx).Tag(), tag)})
	}
	return out
}
