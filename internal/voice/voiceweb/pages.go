// Package voiceweb is the pages of voices: what lacks one, the page where a text is read aloud, and the page of a person who
// lends a voice by a link.
//
// It calls package voice. It owns no tables.
package voiceweb

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"brug/internal/audio"
	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/voice"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Pages are the pages of voices.
type Pages struct {
	Voice   *voice.Service
	BaseURL string // as the outside sees it, for links that are sent on
}

// maxBody is what may be sent: a recording and the fields beside it.
const maxBody = audio.MaxBytes + 1<<20

// Routes is the table for the router. {lang} is a BCP 47 tag.
func (p *Pages) Routes() []route.Route {
	const s = "/s/{school}/voice"
	upload := func(r route.Route) route.Route {
		r.MaxBody = maxBody
		return r
	}
	return []route.Route{
		route.Get(s, auth.VoiceRecord, p.queue),
		route.Get(s+"/{recording}", auth.MaterialSee, p.play),
		route.Post(s+"/{recording}/dropped", auth.VoiceRecord, p.drop),
		route.Get(s+"/{material}/{lang}", auth.VoiceRecord, p.record),
		upload(route.Post(s+"/{material}/{lang}", auth.VoiceRecord, p.add)),
		route.Post(s+"/{material}/{lang}/links", auth.VoiceRecord, p.link),
		route.Get("/v/{token}", auth.Family, p.guest),
		upload(route.Post("/v/{token}", auth.Family, p.lend)),
	}
}

// allowMicrophone lets this page ask for the microphone, and play what it has just recorded.
func allowMicrophone(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)")
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "media-src 'self'", "media-src 'self' blob:", 1))
}

// play is the sound itself.
func (p *Pages) play(w http.ResponseWriter, r *http.Request) error {
	rec, err := p.Voice.Recording(r.Context(), route.Actor(r), r.PathValue("recording"))
	if err != nil {
		return err
	}
	return route.Sound(w, r, func() (io.ReadSeekCloser, error) { return p.Voice.Open(r.Context(), rec) }, rec.Type, rec.PublicID, rec.At)
}

// take reads a form with a recording.
func take(r *http.Request) (t voice.Take, f *ui.Form, err error) {
	f, err = ui.FormFrom(r, maxBody)
	if errs.Is(err, errs.Invalid) {
		err = errs.Field("file", "This recording is too large. At most {size} MB is taken.", "size", audio.MaxBytes>>20)
	}
	if err != nil {
		return t, f, err
	}
	t = voice.Take{Material: r.PathValue("material"), Lang: r.PathValue("lang"), Speaker: f.Get("speaker"), Consent: f.Bool("consent")}
	if head := f.File("file"); head != nil {
		file, err := head.Open()
		if err != nil {
			return t, f, err
		}
		t.File, err = io.ReadAll(io.LimitReader(file, audio.MaxBytes+1))
		if err = errors.Join(err, file.Close()); err != nil {
			return t, f, err
		}
	}
	return t, f, nil
}

// duration is how long a recording is, as people read it: "1:05".
func duration(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	return string([]byte{byte('0' + s/60%10), ':', byte('0' + s%60/10), byte('0' + s%10)})
}
