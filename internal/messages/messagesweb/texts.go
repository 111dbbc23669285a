package messagesweb

import (
	"cmp"
	"context"
	"net/http"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// textsRoutes are the free text of a message in the languages of its families: what a machine made is looked over, and what
// lacks is written.
func (p *Pages) textsRoutes() []route.Route {
	return []route.Route{
		route.Get("/s/{school}/messages/{message}/texts", auth.MessagesSend, p.texts),
		route.Post("/s/{school}/messages/{message}/texts/{lang}", auth.MessagesSend, p.saveText),
	}
}

type textsPage struct {
	ui.Page
	Texts messages.Texts
	Forms map[string]*ui.Form // by language
	Open  string              // language whose form stands open
}

func (p *Pages) texts(w http.ResponseWriter, r *http.Request) error {
	return p.showTexts(w, r, http.StatusOK, r.URL.Query().Get("in"), nil)
}

// showTexts shows the page; f is what was typed for the language open, nil for what is stored.
func (p *Pages) showTexts(w http.ResponseWriter, r *http.Request, status int, open string, f *ui.Form) error {
	ctx := r.Context()
	texts, err := p.Messages.Texts(ctx, route.Actor(r), r.PathValue("message"))
	if err != nil {
		return err
	}
	t := textsPage{Texts: texts, Forms: map[string]*ui.Form{}, Open: open}
	for _, one := range texts.In {
		form := ui.NewForm("title", one.Title, "body", one.Body)
		if f != nil && one.Lang == open {
			form = f
		}
		form.Prefix = one.Lang
		t.Forms[one.Lang] = form
	}
	t.Page = route.Page(w, r, lang.T(ctx, "Your words in each language"))
	t.Lead = lang.T(ctx, "What you write here stands on the families' pages at once, and in the letters that have not gone.")
	t.Back = ui.Link{Label: orUntitled(ctx, cmp.Or(texts.Title, messages.FirstSentence(texts.Body))), URL: route.Path(ctx, "messages", texts.Message)}
	return route.Render(w, r, status, textsView(t))
}

func (p *Pages) saveText(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, 64<<10)
	if err != nil {
		return err
	}
	ctx, tag := r.Context(), r.PathValue("lang")
	err = p.Messages.SetText(ctx, route.Actor(r), r.PathValue("message"), tag, messages.Text{Title: f.Get("title"), Body: f.Get("body")})
	if f.Take(err) {
		return p.showTexts(w, r, http.StatusUnprocessableEntity, tag, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "messages", r.PathValue("message"), "texts"), lang.T(ctx, "Saved in {language}. Families read your words now.", "language", lang.Name(lang.From(ctx).Tag(), tag)))
}

// whoWrote says where the words in a language come from.
func whoWrote(ctx context.Context, t messages.TextOf) string {
	switch {
	case t.Lacking:
		return lang.T(ctx, "not there: the families read your own words, with the offer of an interpreter")
	case t.Source == messages.Machine:
		return lang.T(ctx, "made by a machine ({engine}); nobody has looked it over", "engine", t.Engine)
	case t.By != "":
		return lang.T(ctx, "written by {name}, {date}", "name", t.By, "date", lang.From(ctx).Date(t.At.In(zone(route.ActorFrom(ctx)))))
	}
	return lang.T(ctx, "written by the school")
}
