package voiceweb

import (
	"context"
	"net/http"
	"time"

	"brug/internal/audio"
	"brug/internal/errs"
	"brug/internal/lang"
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
	Guest  bool   // who came with a link
}

// from is this page with the words in the language that they are read from now, so that a mistake does not change them.
func (r recorder) from() string {
	if r.Script.From == r.Script.Lang {
		return r.Self
	}
	return r.Self + "?from=" + r.Script.From
}

// seconds is how long the script records at most.
func (recorder) seconds() int { return int(audio.MaxLength / time.Second) }

// order is that of the fields, for the summary.
var order = []string{"file", "speaker", "consent"}

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
		recorder: recorder{Form: f, Guest: true, Done: path, Self: path, Script: voice.ScriptFor(g.Entry, g.Lang, r.URL.Query().Get("from"))}}
	page.Post = page.from()
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
