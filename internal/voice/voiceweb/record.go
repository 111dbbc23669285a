package voiceweb

import (
	"context"
	"net/http"
	"time"

	"brug/internal/audio"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/voice"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// recorder is the form of who reads aloud, the same for staff and for a guest.
type recorder struct {
	Form   *ui.Form
	Script voice.Script
	Post   string
	Done   string // where the script goes when the recording has arrived
	Self   string // this page, for the choice of another language to read from
}

// seconds is how long the script records at most.
func (recorder) seconds() int { return int(audio.MaxLength / time.Second) }

// order is that of the fields, for the summary.
var order = []string{"file", "speaker", "consent"}

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
	page.Self = route.Path(ctx, "voice", e.Slug, page.Lang)
	page.Post, page.Done = page.Self, page.Self
	page.Script = voice.ScriptFor(e, page.Lang, r.URL.Query().Get("from"))
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

type guestPage struct {
	ui.FamilyPage
	recorder
}

// guest is /v/{token}: somebody who speaks the language reads one text aloud.
func (p *Pages) guest(w http.ResponseWriter, r *http.Request) error {
	return p.showGuest(w, r, http.StatusOK, ui.NewForm())
}

// openLink sets the language of the page: what is spoken, if we have texts in it, else that of the browser.
func (p *Pages) openLink(w http.ResponseWriter, r *http.Request) (voice.Guest, *http.Request, error) {
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
	w.Header().Set("Referrer-Policy", "no-referrer")
	g, err := p.Voice.OpenLink(r.Context(), r.PathValue("token"))
	if err != nil {
		return g, r, err
	}
	if l := lang.For(g.Lang); l.Tag() != lang.Fallback || g.Lang == lang.Fallback {
		r = r.WithContext(lang.With(r.Context(), l))
	}
	return g, r, nil
}

func (p *Pages) showGuest(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	g, r, err := p.openLink(w, r)
	if err != nil {
		return err
	}
	path := "/v/" + r.PathValue("token")
	page := guestPage{FamilyPage: ui.FamilyPage{Title: lang.T(r.Context(), "Will you read this aloud?"), School: g.School.Name, SchoolLang: g.School.Lang},
		recorder: recorder{Form: f, Post: path, Done: path, Self: path, Script: voice.ScriptFor(g.Entry, g.Lang, r.URL.Query().Get("from"))}}
	allowMicrophone(w)
	return route.Render(w, r, status, guestView(page, g.Lang))
}

// lend keeps what a guest has spoken. The link is used up by it, so the thanks are the answer itself.
func (p *Pages) lend(w http.ResponseWriter, r *http.Request) error {
	g, r, err := p.openLink(w, r)
	if err != nil {
		return err
	}
	t, f, err := take(r)
	if err == nil {
		err = p.Voice.Lend(r.Context(), g, t)
	}
	if f.Take(err) {
		return p.showGuest(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil && !errs.Is(err, errs.Gone) {
		return err
	}
	if err != nil {
		return route.Render(w, r, ui.Status(errs.Gone), ui.FamilyProblem(ui.FamilyPage{School: g.School.Name, SchoolLang: g.School.Lang}, ui.ProblemOf(err, "")))
	}
	page := ui.FamilyPage{Title: lang.T(r.Context(), "Thank you"), School: g.School.Name, SchoolLang: g.School.Lang}
	return route.Render(w, r, http.StatusOK, thanksView(page))
}

// inLanguage is a sentence of ours in the language that is spoken as well, where the page is in another: the speaker may
// not read the language of staff. ok is false where there is nothing to add.
func inLanguage(ctx context.Context, tag, id string) (text, in string, ok bool) {
	l := lang.For(tag)
	if l.Tag() == lang.From(ctx).Tag() || l.Tag() == lang.Fallback && tag != lang.Fallback || !l.Has(id) {
		return "", "", false
	}
	return l.T(id), l.Tag(), true
}
