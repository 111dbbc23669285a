package materialweb

import (
	"net/http"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

type wordsPage struct {
	ui.Page
	Form *ui.Form
	List []material.Word
}

// words shows the school's own word list.
func (p *Pages) words(w http.ResponseWriter, r *http.Request) error {
	return p.wordsWith(w, r, http.StatusOK, ui.NewForm())
}

func (p *Pages) wordsWith(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx := r.Context()
	list, err := p.Material.Words(ctx, route.Actor(r))
	if err != nil {
		return err
	}
	wp := wordsPage{Page: route.Page(w, r, lang.T(ctx, "Our words")), Form: f, List: list}
	wp.Lead = lang.T(ctx, "One word for one thing, always the same. Whoever writes a text is shown when it uses another word.")
	wp.Back = ui.Link{Label: lang.T(ctx, "Materials"), URL: route.Path(ctx, "materials")}
	return route.Render(w, r, status, wordsView(wp))
}

func (p *Pages) addWord(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	err = p.Material.AddWord(r.Context(), route.Actor(r), f.Get("say"), f.Get("instead"))
	if status, ok := route.FormStatus(err); ok && f.Take(err) {
		return p.wordsWith(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(r.Context(), "words"), lang.T(r.Context(), "The word stands on the list."))
}

func (p *Pages) removeWord(w http.ResponseWriter, r *http.Request) error {
	if err := p.Material.RemoveWord(r.Context(), route.Actor(r), r.PathValue("word")); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(r.Context(), "words"), lang.T(r.Context(), "Taken off the list."))
}
