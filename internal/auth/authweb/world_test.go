package authweb_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/auth/authweb"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/web"
	"brug/internal/web/route"
	"brug/internal/web/ui/uitest"
)

const (
	secret      = "drie fietsen bij de poort"
	newSecret   = "vier appels onder de tafel"
	directorsAt = "els@regenboog.test"
	teachersAt  = "jan@regenboog.test"
	supportsAt  = "mia@centrum.test"
)

// site is the whole site with a school, its director and a teacher, and the support centre. SQLite only: what the
// operations do on both engines is tested beside them.
type site struct {
	t        *testing.T
	db       *db.DB
	auth     *auth.Service
	handler  http.Handler
	school   auth.School
	director auth.Created
	teacher  auth.Created
}

var operator = auth.Actor{Role: auth.System}

func newSite(t *testing.T) *site {
	t.Helper()
	d := dbtest.SQLite(t)
	now := func() time.Time { return time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC) }
	service, err := auth.New(auth.Config{DB: d, Now: now, BaseURL: "https://brug.test", Demo: true})
	must(t, err)
	s := &site{t: t, db: d, auth: service}
	pages := &authweb.Pages{Auth: service, DB: d, Demo: true, Secure: true, Now: now}
	routes := append(pages.Routes(), route.Get("/s/{school}/{$}", auth.SchoolSee, func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.WriteString(w, "<!doctype html><title>x</title><main><h1>"+route.Actor(r).School.Name+"</h1></main>")
		return err
	}))
	s.handler = web.Handler(web.Config{DB: d, Auth: service, Routes: routes, BaseURL: "https://brug.test", Log: slog.New(slog.DiscardHandler)})
	s.school, err = service.CreateSchool(t.Context(), operator, auth.NewSchool{Name: "De Regenboog", Town: "Gent"})
	must(t, err)
	must(t, d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(t.Context(), "insert into classes (public_id, school_id, year, name, name_fold, created_at) values ('classa', $1, '2026', '2A', '2a', 1), ('classb', $1, '2026', '10B', '10b', 1)", s.school.ID)
		return err
	}))
	s.director, err = service.CreateAccount(t.Context(), operator, auth.NewAccount{School: s.school, Name: "Els Peeters", Email: directorsAt, Role: auth.Director, Password: secret})
	must(t, err)
	s.teacher, err = service.CreateAccount(t.Context(), operator, auth.NewAccount{School: s.school, Name: "Jan Maes", Email: teachersAt, Role: auth.Teacher, Classes: []string{"classa"}, Password: secret})
	must(t, err)
	_, err = service.CreateSupport(t.Context(), operator, "Mia Claes", supportsAt, "nl", secret)
	must(t, err)
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// browser keeps cookies, as browsers do, and reads English.
type browser struct {
	*site
	cookies map[string]string
}

func (s *site) browser() *browser { return &browser{s, map[string]string{"brug_lang": "en"}} }

func (b *browser) send(r *http.Request) {
	for n, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: n, Value: v})
	}
	r.Header.Set("User-Agent", "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/144.0")
	r.RemoteAddr = "192.0.2.7:4711"
}

func (b *browser) keep(p *uitest.Page) *uitest.Page {
	for _, c := range (&http.Response{Header: p.Header}).Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return p
}

func (b *browser) get(path string) *uitest.Page {
	b.t.Helper()
	return b.keep(uitest.Get(b.t, b.handler, path, b.send))
}

// open gets a page that has to be there and in order.
func (b *browser) open(path string) *uitest.Page {
	b.t.Helper()
	p := b.get(path)
	if p.Status != http.StatusOK {
		b.t.Fatalf("%s: status %d", path, p.Status)
	}
	p.Check()
	return p
}

func (b *browser) submit(f *uitest.Form) *uitest.Page {
	b.t.Helper()
	return b.keep(f.Submit(b.handler, b.send))
}

// post sends what no form of ours would send.
func (b *browser) post(path string, values url.Values) *uitest.Page {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	b.send(r)
	return b.keep(uitest.Do(b.t, b.handler, r))
}

// goesTo checks that a page leads on.
func (b *browser) goesTo(p *uitest.Page, path string) {
	b.t.Helper()
	if p.Status != http.StatusSeeOther || p.Header.Get("Location") != path {
		b.t.Fatalf("%s: status %d to %q, want %q", p.URL, p.Status, p.Header.Get("Location"), path)
	}
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

func (b *browser) signIn(email, password string) *uitest.Page {
	b.t.Helper()
	f := b.open("/signin").Form("main form")
	f.Set("email", email).Set("password", password)
	return b.submit(f)
}

// as is a browser in which somebody is signed in.
func (s *site) as(email string) *browser {
	s.t.Helper()
	b := s.browser()
	if p := b.signIn(email, secret); p.Status != http.StatusSeeOther {
		s.t.Fatalf("sign in: status %d", p.Status)
	}
	return b
}

var linkInMail = regexp.MustCompile(`https://brug\.test(/(?:welcome|reset)/[A-Za-z0-9_-]+)`)

// mailed is the path of the link in the latest mail to an address.
func (s *site) mailed(to string) string {
	s.t.Helper()
	var text string
	must(s.t, s.db.SQL().QueryRowContext(s.t.Context(), "select body_text from mails where to_addr = $1 order by id desc limit 1", to).Scan(&text))
	m := linkInMail.FindStringSubmatch(text)
	if m == nil {
		s.t.Fatalf("no link in %q", text)
	}
	return m[1]
}
