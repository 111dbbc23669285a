package schoolweb_test

import (
	"bytes"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/jobs"
	"brug/internal/school"
	"brug/internal/school/schoolweb"
	"brug/internal/web"
	"brug/internal/web/ui/uitest"
)

// site is the pages of a school behind the real door, with a director and a teacher of class 2B, and a second school.
// SQLite only: what the operations do on both engines is tested beside them.
type site struct {
	t        *testing.T
	db       *db.DB
	service  *school.Service
	runner   *jobs.Runner
	handler  http.Handler
	school   auth.School
	by       auth.Actor // the system at the school, for what a test needs to be there
	director *browser
	teacher  *browser
	stranger *browser // director of another school
	class    map[string]string
}

func newSite(t *testing.T) *site {
	t.Helper()
	d := dbtest.SQLite(t)
	now := func() time.Time { return time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC) }
	accounts, err := auth.New(auth.Config{DB: d, Now: now, BaseURL: "https://brug.test", Demo: true})
	must(t, err)
	store, err := blob.Open(t.TempDir())
	must(t, err)
	s := &site{t: t, db: d, runner: jobs.New(d, jobs.Config{}), class: map[string]string{}}
	s.service = school.New(school.Config{DB: d, Blobs: store, Jobs: s.runner, Now: now})
	pages := &schoolweb.Pages{School: s.service}
	s.handler = web.Handler(web.Config{DB: d, Auth: accounts, Routes: pages.Routes(), BaseURL: "https://brug.test", Log: slog.New(slog.DiscardHandler)})
	operator := auth.Actor{Role: auth.System}
	s.school, err = accounts.CreateSchool(t.Context(), operator, auth.NewSchool{Name: "De Regenboog", Town: "Gent"})
	must(t, err)
	other, err := accounts.CreateSchool(t.Context(), operator, auth.NewSchool{Name: "De Linde", Town: "Aalst"})
	must(t, err)
	s.by = auth.ForSchool(s.school)
	for _, name := range []string{"2B", "3A"} {
		s.class[name], err = s.service.AddClass(t.Context(), s.by, school.ClassInput{Name: name})
		must(t, err)
	}
	s.director = s.browser(accounts, auth.NewAccount{School: s.school, Name: "Els", Email: "els@regenboog.test", Role: auth.Director})
	s.teacher = s.browser(accounts, auth.NewAccount{School: s.school, Name: "Jan", Email: "jan@regenboog.test", Role: auth.Teacher, Classes: []string{s.class["2B"]}})
	s.stranger = s.browser(accounts, auth.NewAccount{School: other, Name: "Mia", Email: "mia@linde.test", Role: auth.Director})
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// browser keeps who is signed in, and reads English.
type browser struct {
	*site
	token string
}

func (s *site) browser(accounts *auth.Service, n auth.NewAccount) *browser {
	s.t.Helper()
	n.Password = "drie fietsen bij de poort"
	a, err := accounts.CreateAccount(s.t.Context(), auth.Actor{Role: auth.System}, n)
	must(s.t, err)
	link, err := accounts.DemoLink(s.t.Context(), a.AccountID)
	must(s.t, err)
	session, err := accounts.SignInDemo(s.t.Context(), link, auth.Visit{})
	must(s.t, err)
	return &browser{s, session.Token}
}

func (b *browser) send(r *http.Request) {
	r.AddCookie(&http.Cookie{Name: auth.CookieName, Value: b.token})
	r.AddCookie(&http.Cookie{Name: "brug_lang", Value: "en"})
	r.Header.Set("Sec-Fetch-Site", "same-origin")
}

func (b *browser) path(rest string) string { return "/s/" + b.school.Slug + "/" + rest }

// open gets a page that has to be there and in order.
func (b *browser) open(rest string) *uitest.Page {
	b.t.Helper()
	p := uitest.Get(b.t, b.handler, b.path(rest), b.send)
	if p.Status != http.StatusOK {
		b.t.Fatalf("%s: status %d", p.URL, p.Status)
	}
	p.Check()
	return p
}

func (b *browser) status(rest string) int {
	b.t.Helper()
	return uitest.Get(b.t, b.handler, b.path(rest), b.send).Status
}

func (b *browser) submit(f *uitest.Form) *uitest.Page {
	b.t.Helper()
	return f.Submit(b.handler, b.send)
}

// post sends what no form of ours would send.
func (b *browser) post(rest string, kv ...string) *uitest.Page {
	b.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(kv); i += 2 {
		v.Add(kv[i], kv[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, b.path(rest), strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.send(r)
	return uitest.Do(b.t, b.handler, r)
}

// upload sends files under a name.
func (b *browser) upload(rest, field string, files map[string]string) *uitest.Page {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, data := range files {
		part, err := w.CreateFormFile(field, name)
		must(b.t, err)
		_, err = part.Write([]byte(data))
		must(b.t, err)
	}
	must(b.t, w.Close())
	r := httptest.NewRequest(http.MethodPost, b.path(rest), &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	b.send(r)
	return uitest.Do(b.t, b.handler, r)
}

// done checks that a page leads on, and opens where it leads; rest of the path within the school is given back.
func (b *browser) done(p *uitest.Page) string {
	b.t.Helper()
	if p.Status != http.StatusSeeOther {
		b.t.Fatalf("%s: status %d, want 303: %s", p.URL, p.Status, strings.Join(p.Texts(".error, .notice"), " | "))
	}
	to := p.Header.Get("Location")
	rest, ok := strings.CutPrefix(to, b.path(""))
	if !ok {
		b.t.Fatalf("%s leads to %s, out of the school", p.URL, to)
	}
	return rest
}

// refused checks that a form is shown again, whole, with this status.
func (b *browser) refused(p *uitest.Page, status int) *uitest.Page {
	b.t.Helper()
	if p.Status != status {
		b.t.Fatalf("%s: status %d, want %d", p.URL, p.Status, status)
	}
	p.Check()
	return p
}

// pupil adds a pupil in a class and gives the public ids of pupil and home.
func (s *site) pupil(class, given, family, home string) (string, string) {
	s.t.Helper()
	p, h, err := s.service.AddPupil(s.t.Context(), s.by, school.PupilInput{Given: given, Family: family, Class: s.class[class], Household: home})
	must(s.t, err)
	return p, h
}

func (s *site) guardian(home, name, lang string, pupils ...string) string {
	s.t.Helper()
	rights := map[string]school.Rights{}
	for _, p := range pupils {
		rights[p] = school.AllRights
	}
	g, err := s.service.AddGuardian(s.t.Context(), s.by, home, school.GuardianInput{Name: name, Lang: lang, Roads: []school.Road{school.Paper}, Rights: rights})
	must(s.t, err)
	return g
}
