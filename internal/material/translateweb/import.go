package translateweb

import (
	"io"
	"net/http"
	"strings"

	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// maxPO is how large a PO file may be: all materials in one language are below 500 kB.
const maxPO = 4 << 20

type importPage struct {
	ui.Page
	Form *ui.Form
	Plan *material.POPlan // what the file would change; nil before one was sent
}

// upload is /s/{school}/translate/import.
func (p *Pages) upload(w http.ResponseWriter, r *http.Request) error {
	return p.importWith(w, r, http.StatusOK, ui.NewForm(), nil)
}

func (p *Pages) importWith(w http.ResponseWriter, r *http.Request, code int, f *ui.Form, plan *material.POPlan) error {
	ctx := r.Context()
	i := importPage{Page: route.Page(w, r, lang.T(ctx, "Bring in a PO file")), Form: f, Plan: plan}
	i.Lead = lang.T(ctx, "You see first what would change. A text that a speaker found right is not replaced by a draft.")
	i.Back = ui.Link{Label: lang.T(ctx, "Translations"), URL: route.Path(ctx, "translate")}
	return route.Render(w, r, code, importView(i))
}

// doImport shows what a file would change, and brings it in once somebody has seen that: the second form carries the file.
func (p *Pages) doImport(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	f, err := ui.FormFrom(r, maxPO)
	apply := f.Get("do") == "apply"
	if err == nil && !apply {
		err = take(f)
	}
	var plan material.POPlan
	if err == nil {
		plan, err = p.Material.ImportPO(ctx, by, []byte(f.Get("po")), apply)
	}
	if code, ok := route.FormStatus(err); ok && f.Take(err) {
		return p.importWith(w, r, code, f, nil)
	}
	if err != nil {
		return err
	}
	if !apply {
		return p.importWith(w, r, http.StatusOK, f, &plan)
	}
	return route.SeeDone(w, r, choice{Lang: plan.Lang}.list(ctx), lang.N(ctx, len(plan.Changes), "{n} text has new words.", "{n} texts have new words."))
}

// take puts the file that was sent into the form.
func take(f *ui.Form) error {
	h := f.File("file")
	if h == nil {
		return errs.Field("file", "Choose a file.")
	}
	file, err := h.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxPO))
	if err != nil {
		return err
	}
	f.Set("po", strings.ReplaceAll(string(data), "\x00", "")) // as FormFrom does with every field
	return nil
}
