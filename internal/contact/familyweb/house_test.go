package familyweb_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"brug/internal/calendar"
	"brug/internal/contact/contacttest"
	"brug/internal/contact/familyweb"
	"brug/internal/db"
	"brug/internal/live"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/school"
	"brug/internal/voice"
	"brug/internal/web"
	"brug/internal/web/ui/uitest"
)

// house is the believable school with the pages of families behind the real front door.
type house struct {
	*contacttest.World
	Messages *messages.Service
	Calendar *calendar.Service
	Voices   *voice.Service
	Door     http.Handler
	Said     *bytes.Buffer // what the door wrote into its log
	cookies  map[string]string
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	w := contacttest.New(t, d)
	now := func() time.Time { return w.Clock }
	texts := material.New(material.Config{DB: d, Blobs: w.Blobs, Now: now})
	voices := voice.New(voice.Config{DB: d, Material: texts, Blobs: w.Blobs, Now: now})
	h := &house{World: w, Voices: voices, Calendar: calendar.New(d, now), Said: &bytes.Buffer{}, cookies: map[string]string{}}
	log := slog.New(slog.NewTextHandler(h.Said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.Messages = messages.New(messages.Config{Divert: true, DB: d, Auth: w.Auth, School: w.Schools, Contact: w.Contact, Material: texts, Voice: voices, Jobs: w.Jobs, Blobs: w.Blobs, Secrets: w.Keys,
		Live: live.New(d, log), BaseURL: "https://brug.test", Data: t.TempDir(), Now: now, Log: log})
	pages := &familyweb.Pages{Contact: w.Contact, Material: texts, School: w.Schools, Voice: voices, Messages: h.Messages, Calendar: h.Calendar, PushKey: "BKey", Now: now}
	h.Door = web.Handler(web.Config{DB: d, Auth: w.Auth, Routes: pages.Routes(), BaseURL: "https://brug.test", Log: log})
	return h
}

// link is the personal page of the first guardian of a home.
func (h *house) link(home school.Home) string {
	h.T.Helper()
	var path string
	h.OK(h.DB.Write(h.Ctx, func(tx *db.Tx) error {
		paths, err := h.Contact.EnsureLinks(h.Ctx, tx, h.School.ID, []int64{home.Guardians[0].ID})
		path = paths[home.Guardians[0].ID]
		return err
	}))
	return path
}

// get opens a page as a browser that keeps its cookies.
func (h *house) get(path string, change ...func(*http.Request)) *uitest.Page {
	h.T.Helper()
	return h.kept(uitest.Get(h.T, h.Door, path, append(change, h.with)...))
}

func (h *house) submit(f *uitest.Form) *uitest.Page {
	h.T.Helper()
	return h.kept(f.Submit(h.Door, h.with))
}

func (h *house) with(r *http.Request) {
	for name, value := range h.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
}

func (h *house) kept(p *uitest.Page) *uitest.Page {
	for _, c := range (&http.Response{Header: p.Header}).Cookies() {
		h.cookies[c.Name] = c.Value
	}
	return p
}

// follow opens the page to which an answer sends the browser.
func (h *house) follow(p *uitest.Page) *uitest.Page {
	h.T.Helper()
	if p.Status != http.StatusSeeOther {
		h.T.Fatalf("%s: %d, not sent on: %s", p.URL, p.Status, strings.Join(p.Texts("main"), " "))
	}
	return h.get(p.Header.Get("Location"))
}

// send sends a message to the class of the teacher, or to one household.
func (h *house) send(d messages.Draft) string {
	h.T.Helper()
	if d.To.Kind == "" {
		d.To = messages.To{Kind: school.ScopeClass, IDs: []string{h.Class["3A"]}}
	}
	id, err := h.Messages.Send(h.Ctx, h.Teacher, d)
	h.OK(err)
	return id
}

// upload sends a form with files, as a browser without script does.
func (h *house) upload(path string, fields map[string]string, files map[string][]byte) *uitest.Page {
	h.T.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range fields {
		h.OK(w.WriteField(name, value))
	}
	for name, data := range files {
		part, err := w.CreateFormFile("files", name)
		h.OK(err)
		_, err = part.Write(data)
		h.OK(err)
	}
	h.OK(w.Close())
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	h.with(r)
	return h.kept(uitest.Do(h.T, h.Door, r))
}

// picture is a photo as a phone takes it.
func picture(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for i := range 300 {
		img.Set(i, i, color.RGBA{200, 100, 50, 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
