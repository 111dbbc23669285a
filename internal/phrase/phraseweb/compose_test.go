package phraseweb_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/db/dbtest"
	"brug/internal/material"
	"brug/internal/phrase/phraseweb"
	"brug/internal/web"
	"brug/internal/web/ui/uitest"
)

// site is the composer behind the real door, with a teacher who is signed in.
type site struct {
	t       *testing.T
	handler http.Handler
	own     *material.Service
	school  auth.School
	token   string
}

func newSite(t *testing.T) *site {
	t.Helper()
	d := dbtest.SQLite(t)
	now := func() time.Time { return time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC) }
	accounts, err := auth.New(auth.Config{DB: d, Now: now, BaseURL: "https://brug.test", Demo: true})
	must(t, err)
	s := &site{t: t, own: material.New(material.Config{DB: d, Now: now})}
	pages := &phraseweb.Pages{Material: s.own, Now: now}
	s.handler = web.Handler(web.Config{DB: d, Auth: accounts, Routes: pages.Routes(), BaseURL: "https://brug.test", Log: slog.New(slog.DiscardHandler)})
	system := auth.Actor{Role: auth.System}
	s.school, err = accounts.CreateSchool(t.Context(), system, auth.NewSchool{Name: "De Regenboog", Town: "Gent"})
	must(t, err)
	a, err := accounts.CreateAccount(t.Context(), system, auth.NewAccount{School: s.school, Name: "Jan", Email: "jan@regenboog.test", Role: auth.Teacher, Password: "drie fietsen bij de poort"})
	must(t, err)
	link, err := accounts.DemoLink(t.Context(), a.AccountID)
	must(t, err)
	session, err := accounts.SignInDemo(t.Context(), link, auth.Visit{})
	must(t, err)
	s.token = session.Token
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s *site) path() string { return "/s/" + s.school.Slug + "/phrases" }

func (s *site) send(r *http.Request) {
	r.AddCookie(&http.Cookie{Name: auth.CookieName, Value: s.token})
	r.AddCookie(&http.Cookie{Name: "brug_lang", Value: "nl"})
	r.Header.Set("Sec-Fetch-Site", "same-origin")
}

// press submits the page's form by one of its buttons.
func (s *site) press(on *uitest.Page, do string, kv ...string) *uitest.Page {
	s.t.Helper()
	f := on.Form("form.form").Press("do", do)
	for i := 0; i+1 < len(kv); i += 2 {
		f.Set(kv[i], strings.Split(kv[i+1], "|")...)
	}
	return f.Submit(s.handler, s.send)
}

func (s *site) open(query string) *uitest.Page {
	s.t.Helper()
	p := uitest.Get(s.t, s.handler, s.path()+query, s.send)
	if p.Status != http.StatusOK {
		s.t.Fatalf("%s: status %d", p.URL, p.Status)
	}
	p.Check()
	return p
}

func TestAMessageIsPutTogetherByTapsAndKeepsItsDay(t *testing.T) {
	s := newSite(t)
	p := s.press(s.open("?group=thanks"), "add:good-day-greeting", "title", "Laarzen mee")
	p = s.press(p, "find", "group", "", "q", "laarzen")
	p = s.press(p, "add:bring-on")
	p.Has("input[name='slot.date']")
	p = s.press(p, "put", "slot.date", "", "slot.thing", "thing/boots")
	if p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("without a day: %d", p.Status)
	}
	p.Check()
	p.Has("input[name='slot.thing'][value='thing/boots'][checked]") // nothing that was chosen is lost
	p = s.press(p, "put", "slot.date", "2026-12-04", "own.thing", "een zeef")
	if got := strings.Join(p.Texts(".compose-parts p"), " / "); got != "Goedendag. / Graag meebrengen: laarzen en een zeef. Dag: vrijdag 4 december." {
		t.Errorf("the message is %q", got)
	}
	p.Check()
	if got := p.Texts(".compose-lang p[lang='en']")[0]; !strings.Contains(got, "Good day") && !strings.Contains(got, "Hello") {
		t.Errorf("in English it begins with %q", got)
	}
	if n := p.Count(".compose-lang"); n != 21 {
		t.Errorf("shown in %d languages, want 21", n)
	}
	p = s.press(p, "down:0")
	if got := p.Texts(".compose-parts p")[0]; !strings.HasPrefix(got, "Graag") {
		t.Errorf("after moving the greeting down the first is %q", got)
	}
	p = s.press(p, "save")
	to := p.Header.Get("Location")
	if p.Status != http.StatusSeeOther || !strings.HasSuffix(to, "/materials/own-laarzen-mee") {
		t.Fatalf("saved: %d to %q", p.Status, to)
	}
	e, err := s.own.Find(t.Context(), s.school.ID, "own-laarzen-mee", 0)
	must(t, err)
	if e.Kind != material.Message || len(e.Parts) != 2 || len(e.Texts) < 2 {
		t.Fatalf("saved as %s with %d parts in %d languages", e.Kind, len(e.Parts), len(e.Texts))
	}
	if got := e.Texts["en"].Parts[0]; !strings.Contains(got, "4 December") || !strings.Contains(got, "een zeef") {
		t.Errorf("in English: %q", got)
	}

	p = s.open("?material=own-laarzen-mee")
	p = s.press(p, "edit:0")
	p.Has("input[name='slot.date'][value='2026-12-04']")
	p = s.press(p, "put", "slot.date", "2026-12-11")
	p = s.press(p, "drop:1")
	p = s.press(p, "save")
	if p.Status != http.StatusSeeOther {
		t.Fatalf("changed: %d: %v", p.Status, p.Texts(".error"))
	}
	e, err = s.own.Find(t.Context(), s.school.ID, "own-laarzen-mee", 0)
	must(t, err)
	if e.Version != 2 || len(e.Parts) != 1 || !strings.Contains(e.Texts["nl"].Parts[0], "11 december") {
		t.Errorf("version %d with %d parts: %q", e.Version, len(e.Parts), e.Texts["nl"].Parts)
	}
}

func TestATopicShowsAllItsSentences(t *testing.T) {
	s := newSite(t)
	p := s.press(s.open(""), "group:today")
	if n := p.Count(".compose-pick"); n < 20 {
		t.Errorf("%d sentences about today", n)
	}
	p.Has("button[value='group:today'][aria-pressed='true']")
	p.Check()
	if n := s.press(p, "group:today").Count(".compose-pick"); n != 12 {
		t.Errorf("pressed once more: %d sentences, want the first 12 of all", n)
	}
}

func TestAMessageWithoutTitleOrSentenceSaysWhatLacks(t *testing.T) {
	s := newSite(t)
	p := s.press(s.open("?group=thanks"), "add:good-day-greeting", "title", "")
	p = s.press(p, "save")
	if p.Status != http.StatusUnprocessableEntity || len(p.Texts(".error")) != 1 || p.Count(".compose-parts li") != 1 {
		t.Errorf("without title: %d, %v, %d sentences kept", p.Status, p.Texts(".error"), p.Count(".compose-parts li"))
	}
	p.Check()
}

func TestWhatSomebodyElseSavedIsNotOverwritten(t *testing.T) {
	s := newSite(t)
	p := s.press(s.open("?group=thanks"), "add:good-day-greeting", "title", "Dag")
	p = s.press(p, "save")
	first, second := s.open("?material=own-dag"), s.open("?material=own-dag")
	if p = s.press(s.press(s.press(first, "find", "group", "thanks"), "add:thank-you"), "save"); p.Status != http.StatusSeeOther {
		t.Fatalf("the first: %d", p.Status)
	}
	p = s.press(s.press(s.press(second, "find", "group", "thanks"), "add:goodbye"), "save")
	if p.Status != http.StatusConflict || p.Count(".compose-parts li") != 2 {
		t.Errorf("the second: %d with %d sentences", p.Status, p.Count(".compose-parts li"))
	}
}
