package voiceweb_test

import (
	"bytes"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"brug/internal/audio"
	"brug/internal/auth"
	"brug/internal/contact/contacttest"
	"brug/internal/contact/familyweb"
	"brug/internal/db/dbtest"
	"brug/internal/material"
	"brug/internal/voice"
	"brug/internal/voice/voiceweb"
	"brug/internal/web"
	"brug/internal/web/ui/uitest"
)

// site is the pages of voices and of families behind the real door.
type site struct {
	*contacttest.World
	handler http.Handler
	voice   *voice.Service
}

func newSite(t *testing.T) *site {
	t.Helper()
	w := contacttest.New(t, dbtest.SQLite(t))
	now := func() time.Time { return w.Clock }
	texts := material.New(material.Config{DB: w.DB, Now: now})
	s := &site{World: w, voice: voice.New(voice.Config{DB: w.DB, Material: texts, Blobs: w.Blobs, Now: now})}
	routes := (&voiceweb.Pages{Voice: s.voice, BaseURL: "https://brug.test"}).Routes()
	routes = append(routes, (&familyweb.Pages{Contact: w.Contact, Material: texts, School: w.Schools, Voice: s.voice}).Routes()...)
	s.handler = web.Handler(web.Config{DB: w.DB, Auth: w.Auth, Routes: routes, BaseURL: "https://brug.test", Log: slog.New(slog.DiscardHandler)})
	return s
}

// as signs somebody in; their pages are in English.
func (s *site) as(a auth.Actor) func(*http.Request) {
	s.T.Helper()
	link, err := s.Auth.DemoLink(s.Ctx, a.AccountID)
	s.OK(err)
	session, err := s.Auth.SignInDemo(s.Ctx, link, auth.Visit{})
	s.OK(err)
	return func(r *http.Request) {
		r.AddCookie(&http.Cookie{Name: auth.CookieName, Value: session.Token})
		r.AddCookie(&http.Cookie{Name: "brug_lang", Value: "en"})
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
}

func (s *site) path(parts ...string) string {
	return "/s/" + s.School.Slug + "/voice" + strings.Join(append([]string{""}, parts...), "/")
}

func (s *site) tone(name string) []byte {
	s.T.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "audio", "testdata", name))
	s.OK(err)
	return b
}

// send posts a recording, as the form does without its script; kv are the other fields.
func (s *site) send(at string, file []byte, who func(*http.Request), kv ...string) *uitest.Page {
	s.T.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	if file != nil {
		part, err := m.CreateFormFile("file", "voice.webm")
		s.OK(err)
		_, err = part.Write(file)
		s.OK(err)
	}
	for i := 0; i+1 < len(kv); i += 2 {
		s.OK(m.WriteField(kv[i], kv[i+1]))
	}
	s.OK(m.Close())
	r := httptest.NewRequest(http.MethodPost, at, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	who(r)
	return uitest.Do(s.T, s.handler, r)
}

func nobody(*http.Request) {}

var good = []string{"speaker", "parent of a pupil", "consent", "yes"}

func (s *site) get(at string, change ...func(*http.Request)) *uitest.Page {
	s.T.Helper()
	return uitest.Get(s.T, s.handler, at, change...)
}

func TestATextIsReadAloudAndAFamilyHearsIt(t *testing.T) {
	s := newSite(t)
	els := s.as(s.Teacher)
	family := "/f/" + s.Code(s.Home("Desta", ""), "ti").Token
	if p := s.get(family); p.Status != http.StatusOK || p.Count("audio") > 0 {
		t.Fatalf("before: %d", p.Status)
	}
	if p := s.get(family + "/voice"); p.Status != http.StatusNotFound {
		t.Errorf("a voice that nobody recorded: %d", p.Status)
	}

	// From the queue to the page of the text.
	p := s.get(s.path(), els)
	p.Check()
	first := uitest.AttrOf(p.All(".row a")[0], "href")
	if !strings.HasPrefix(first, s.path("")) {
		t.Fatalf("the queue leads to %q", first)
	}
	at := s.path("water", "ti")
	p = s.get(at, els)
	p.Check()
	if p.Status != http.StatusOK || uitest.AttrOf(p.All(".script .words")[0], "lang") != "ti" {
		t.Fatalf("record page: %d, words in %q", p.Status, uitest.AttrOf(p.All(".script .words")[0], "lang"))
	}
	if h := p.Header; !strings.Contains(h.Get("Permissions-Policy"), "microphone=(self)") || !strings.Contains(h.Get("Content-Security-Policy"), "media-src 'self' blob:") {
		t.Errorf("the microphone stays shut: %v", h)
	}
	if h := s.get(s.path(), els).Header; !strings.Contains(h.Get("Permissions-Policy"), "microphone=()") || strings.Contains(h.Get("Content-Security-Policy"), "blob:") {
		t.Errorf("the microphone is open on another page: %v", h)
	}

	if p = s.send(at, s.tone("live.webm"), els, good...); p.Status != http.StatusSeeOther || p.Header.Get("Location") != at {
		t.Fatalf("sent: %d %s", p.Status, strings.Join(p.Texts(".error"), " | "))
	}
	p = s.get(at, els)
	p.Check()
	sound := p.Attr("audio[src]", "src")
	heard := s.get(sound, els)
	if heard.Status != http.StatusOK || heard.Header.Get("Content-Type") != "audio/webm" || heard.Body != string(audio.Strip(s.tone("live.webm"))) {
		t.Errorf("staff hear: %d %s, %d bytes", heard.Status, heard.Header.Get("Content-Type"), len(heard.Body))
	}

	// The family has a player that loads nothing by itself; it asks for parts, and no proxy packs them.
	p = s.get(family)
	p.Check()
	src := p.Attr("audio", "src")
	if p.Attr("audio", "preload") != "none" || !strings.HasPrefix(src, family+"/voice") || !strings.Contains(p.Text(".voice"), "parent of a pupil") {
		t.Fatalf("the player: %q", src)
	}
	part := s.get(src, func(r *http.Request) {
		r.Header.Set("Range", "bytes=10-19")
		r.Header.Set("Accept-Encoding", "gzip")
	})
	if part.Status != http.StatusPartialContent || part.Body != string(audio.Strip(s.tone("live.webm"))[10:20]) || part.Header.Get("Content-Encoding") != "" || !strings.HasPrefix(part.Header.Get("Cache-Control"), "private") {
		t.Errorf("a part: %d, %d bytes, %v", part.Status, len(part.Body), part.Header)
	}
	// A family that reads another language hears nothing of it.
	if p := s.get("/f/" + s.Code(s.Home("Ali", ""), "ar").Token); p.Count("audio") > 0 {
		t.Error("an Arabic page with a voice in Tigrinya")
	}

	// Taken back.
	if p := s.send(sound+"/dropped", nil, els); p.Status != http.StatusSeeOther {
		t.Fatalf("dropped: %d", p.Status)
	}
	if p := s.get(family); p.Count("audio") > 0 {
		t.Error("the player is still there")
	}
	for _, at := range []string{src, sound} {
		if p := s.get(at, els); p.Status != http.StatusNotFound {
			t.Errorf("%s: %d after it was taken back", at, p.Status)
		}
	}
}

func TestAMistakeIsSaidAtItsFieldAndWhatWasTypedStays(t *testing.T) {
	s := newSite(t)
	els := s.as(s.Teacher)
	at := s.path("water", "ary")
	cases := []struct {
		name  string
		file  []byte
		kv    []string
		field string
	}{
		{"no recording", nil, good, "file"},
		{"a film", s.tone("film.mp4"), good, "file"},
		{"no consent", s.tone("tone.mp3"), []string{"speaker", "parent of a pupil"}, "consent"},
		{"nobody speaks", s.tone("tone.mp3"), []string{"consent", "yes"}, "speaker"},
		{"larger than may be", make([]byte, audio.MaxBytes+2<<20), good, "file"},
	}
	for _, c := range cases {
		p := s.send(at, c.file, els, c.kv...)
		if p.Status != http.StatusUnprocessableEntity || p.Count("#f-"+c.field+"-error") != 1 {
			t.Errorf("%s: %d %v", c.name, p.Status, p.Texts(".error"))
			continue
		}
		p.Check()
		if c.name == "no consent" && p.Attr("[name=speaker]", "value") != "parent of a pupil" {
			t.Errorf("%s: who speaks has to be typed again", c.name)
		}
	}
	p := s.get(at+"?from=ar", els)
	p.Check()
	if uitest.AttrOf(p.All(".script .words")[0], "lang") != "ar" || uitest.AttrOf(p.All(".script .say")[0], "dir") != "rtl" {
		t.Error("Moroccan Arabic cannot be read from Arabic")
	}
}

func TestStrangersStayOutside(t *testing.T) {
	s := newSite(t)
	els, jan := s.as(s.Teacher), s.as(s.Alien)
	at := s.path("water", "ti")
	s.send(at, s.tone("tone.ogg"), els, good...)
	sound := s.get(at, els).Attr("audio[src]", "src")
	for _, to := range []string{s.path(), at, sound} {
		if p := s.get(to, jan); p.Status != http.StatusNotFound && p.Status != http.StatusForbidden {
			t.Errorf("%s for a stranger: %d", to, p.Status)
		}
		if p := s.get(to); p.Status != http.StatusSeeOther {
			t.Errorf("%s for nobody: %d", to, p.Status)
		}
	}
	// By the address of the own school, too.
	theirs := strings.Replace(sound, s.School.Slug, s.Other.Slug, 1)
	if p := s.get(theirs, jan); p.Status != http.StatusNotFound {
		t.Errorf("our recording by the address of another school: %d", p.Status)
	}
	if p := s.send(theirs+"/dropped", nil, jan); p.Status != http.StatusNotFound {
		t.Errorf("dropped by a stranger: %d", p.Status)
	}
	if p := s.send(at, s.tone("tone.ogg"), jan, good...); p.Status != http.StatusNotFound && p.Status != http.StatusForbidden {
		t.Errorf("recorded by a stranger: %d", p.Status)
	}
	if p := s.get(sound, els); p.Status != http.StatusOK {
		t.Errorf("and ours: %d", p.Status)
	}
	for _, wrong := range []string{s.path("no-such-text", "ti"), s.path("water", "xx"), s.path("nothere")} {
		if p := s.get(wrong, els); p.Status != http.StatusNotFound {
			t.Errorf("%s: %d", wrong, p.Status)
		}
	}
}

func TestAParentLendsAVoiceOnAPhone(t *testing.T) {
	s := newSite(t)
	els := s.as(s.Teacher)
	p := s.send(s.path("water", "ti", "links"), nil, els)
	p.Check()
	var link string
	for _, n := range p.All("[data-copy]") {
		link = uitest.AttrOf(n, "data-copy")
	}
	u, err := url.Parse(link)
	s.OK(err)
	if u.Host != "brug.test" || !strings.HasPrefix(u.Path, "/v/") {
		t.Fatalf("the link is %q: %v", link, p.Texts("main"))
	}
	if again := s.get(s.path("water", "ti"), els); strings.Contains(again.Body, u.Path) {
		t.Error("the link is shown a second time")
	}
	page := s.get(u.Path)
	page.Check()
	if page.Status != http.StatusOK || page.Attr("html", "lang") != "ti" || uitest.AttrOf(page.All(".script .words")[0], "lang") != "ti" || !strings.Contains(page.Header.Get("Permissions-Policy"), "microphone=(self)") {
		t.Fatalf("the speaker's page: %d in %q", page.Status, page.Attr("html", "lang"))
	}
	if p := s.send(u.Path, s.tone("fragments.mp4"), nobody, "speaker", "Tsega"); p.Status != http.StatusUnprocessableEntity || p.Count("#f-consent-error") != 1 || p.Attr("[name=speaker]", "value") != "Tsega" {
		t.Errorf("without consent: %d", p.Status)
	}
	if p := s.send(u.Path, s.tone("fragments.mp4"), nobody, "speaker", "Tsega", "consent", "yes"); p.Status != http.StatusOK || p.Count("form") > 0 {
		t.Fatalf("lent: %d %v", p.Status, p.Texts(".error"))
	}
	if p := s.send(u.Path, s.tone("tone.ogg"), nobody, good...); p.Status != http.StatusGone {
		t.Errorf("a second time: %d", p.Status)
	}
	if p := s.get(u.Path); p.Status != http.StatusGone {
		t.Errorf("opened again: %d", p.Status)
	}
	if p := s.get("/f/" + s.Code(s.Home("Desta", ""), "ti").Token); p.Count(".voice") != 1 || !strings.Contains(p.Text(".voice"), "Tsega") {
		t.Error("the family does not hear it")
	}
	if p := s.get("/v/AAAAAAAAAAAAAAAAAAAAAA"); p.Status != http.StatusNotFound {
		t.Errorf("a guess: %d", p.Status)
	}
}
