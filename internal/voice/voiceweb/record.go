package voiceweb

import (
	"net/http"
	"time"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/voice"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

type recordPage struct {
	ui.Page
	recorder
	Entry   *material.Entry
	Lang    string
	Current voice.Recording
	Has     bool   // there is a recording, in Current
	Link    string // just made; shown once
	Expires time.Time
}

// record is /s/{school}/voice/{material}/{lang}: the words large, and what is needed to speak them.
func (p *Pages) record(w http.ResponseWriter, r *http.Request) error {
	return p.showRecord(w, r, http.StatusOK, recordPage{recorder: recorder{Form: ui.NewForm()}})
}

func (p *Pages) showRecord(w http.ResponseWriter, r *http.Request, status int, page recordPage) error {
	ctx, by := r.Context(), route.Actor(r)
	page.Lang = r.PathValue("lang")
	e, err := p.Voice.Text(ctx, by, r.PathValue("material"), page.Lang)
	if err != nil {
		return err
	}
	page.Entry = e
	if page.Current, page.Has, err = p.Voice.Current(ctx, by, e, page.Lang); err != nil {
		return err
	}
	page.Page = route.Page(w, r, e.TitleIn(lang.From(ctx).Tag()))
	page.Lead = lang.T(ctx, "To be heard in {language}.", "language", lang.Name(lang.From(ctx).Tag(), page.Lang))
	page.Back = ui.Link{Label: lang.T(ctx, "All voices"), URL: route.Path(ctx, "voice")}
	page.Self = route.Path(ctx, "voice", e.Slug, page.Lang)
	page.Script = voice.ScriptFor(e, page.Lang, r.URL.Query().Get("from"))
	page.Post, page.Done = page.from(), page.Self
	allowMicrophone(w)
	return route.Render(w, r, status, recordView(page))
}

// add keeps a recording.
func (p *Pages) add(w http.ResponseWriter, r *http.Request) error {
	t, f, err := take(r)
	if err == nil {
		_, err = p.Voice.Add(r.Context(), route.Actor(r), t)
	}
	if f.Take(err) {
		return p.showRecord(w, r, http.StatusUnprocessableEntity, recordPage{recorder: recorder{Form: f}})
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(r.Context(), "voice", t.Material, t.Lang), lang.T(r.Context(), "Kept. Families hear this voice from now on."))
}

// drop takes a recording away.
func (p *Pages) drop(w http.ResponseWriter, r *http.Request) error {
	if err := p.Voice.Drop(r.Context(), route.Actor(r), r.PathValue("recording")); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(r.Context(), "voice"), lang.T(r.Context(), "The voice is deleted. Nobody hears it any more."))
}

// link makes a link for a speaker who is no staff, and shows it, once.
func (p *Pages) link(w http.ResponseWriter, r *http.Request) error {
	secret, expires, err := p.Voice.MakeLink(r.Context(), route.Actor(r), r.PathValue("material"), r.PathValue("lang"))
	if err != nil {
		return err
	}
	return p.showRecord(w, r, http.StatusOK, recordPage{recorder: recorder{Form: ui.NewForm()}, Link: p.BaseURL + "/v/" + secret, Expires: expires})
}
