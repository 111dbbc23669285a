package calendarweb_test

import (
	"bytes"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/calendar"
	"brug/internal/calendar/calendarweb"
	"brug/internal/db/dbtest"
	"brug/internal/jobs"
	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/web"
	"brug/internal/web/ui/uitest"
)

// site is the pages of the calendar behind the real door, with a director and the teacher of class 2B. SQLite only: what the
// operations do on both engines is tested beside them.
type site struct {
	t        *testing.T
	calendar *calendar.Service
	handler  http.Handler
	school   auth.School
	class    map[string]string
	director *browser
	teacher  *browser
}

func newSite(t *testing.T) *site {
	t.Helper()
	d := dbtest.SQLite(t)
	now := func() time.Time { return time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC) }
	accounts, err := auth.New(auth.Config{DB: d, Now: now, BaseURL: "https://brug.test", Demo: true})
	must(t, err)
	store, err := blob.Open(t.TempDir())
	must(t, err)
	s := &site{t: t, class: map[string]string{}, calendar: calendar.New(d, now)}
	schools := school.New(school.Config{DB: d, Blobs: store, Jobs: jobs.New(d, jobs.Config{}), Now: now})
	pages := &calendarweb.Pages{Calendar: s.calendar, School: schools, Now: now}
	s.handler = web.Handler(web.Config{DB: d, Auth: accounts, Routes: pages.Routes(), BaseURL: "https://brug.test", Log: slog.New(slog.DiscardHandler)})
	s.school, err = accounts.CreateSchool(t.Context(), auth.Actor{Role: auth.System}, auth.NewSchool{Name: "De Regenboog", Town: "Gent"})
	must(t, err)
	for _, name := range []string{"2B", "3A"} {
		s.class[name], err = schools.AddClass(t.Context(), auth.ForSchool(s.school), school.ClassInput{Name: name})
		must(t, err)
	}
	s.director = s.browser(accounts, auth.NewAccount{School: s.school, Name: "Els", Email: "els@regenboog.test", Role: auth.Director})
	s.teacher = s.browser(accounts, auth.NewAccount{School: s.school, Name: "Jan", Email: "jan@regenboog.test", Role: auth.Teacher, Classes: []string{s.class["2B"]}})
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

func (b *browser) get(rest string) *uitest.Page {
	b.t.Helper()
	return uitest.Get(b.t, b.handler, "/s/"+b.school.Slug+"/"+rest, b.send)
}

// open gets a page that has to be there and in order.
func (b *browser) open(rest string) *uitest.Page {
	b.t.Helper()
	p := b.get(rest)
	if p.Status != http.StatusOK {
		b.t.Fatalf("%s: status %d", p.URL, p.Status)
	}
	p.Check()
	return p
}

// submit sends a form and gives where it leads, within the school.
func (b *browser) submit(f *uitest.Form) string {
	b.t.Helper()
	p := f.Submit(b.handler, b.send)
	if p.Status != http.StatusSeeOther {
		b.t.Fatalf("%s: status %d, want 303: %s", p.URL, p.Status, strings.Join(p.Texts(".error, .notice"), " | "))
	}
	return strings.TrimPrefix(p.Header.Get("Location"), "/s/"+b.school.Slug+"/")
}

// refused sends a form that has to come back whole, with this status.
func (b *browser) refused(f *uitest.Form, status int) *uitest.Page {
	b.t.Helper()
	p := f.Submit(b.handler, b.send)
	if p.Status != status {
		b.t.Fatalf("%s: status %d, want %d", p.URL, p.Status, status)
	}
	p.Check()
	return p
}

func (b *browser) upload(rest, name string, data []byte) *uitest.Page {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	must(b.t, err)
	_, err = part.Write(data)
	must(b.t, err)
	must(b.t, w.Close())
	r := httptest.NewRequest(http.MethodPost, "/s/"+b.school.Slug+"/"+rest, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	b.send(r)
	p := uitest.Do(b.t, b.handler, r)
	p.Check()
	return p
}

const newForm = "main form[action$='/calendar/new']"

func TestAnEventIsAddedChangedAndCancelledOnThePages(t *testing.T) {
	s := newSite(t)
	b := s.teacher
	f := b.open("calendar/new?day=2026-12-08").Form(newForm)
	p := b.refused(f.Set("kind", "bring").Set("from", "soon"), http.StatusUnprocessableEntity)
	if !p.Has("#f-title-error") || !p.Has("#f-from-error") || p.Attr("#f-day", "value") != "2026-12-08" || !p.Has("option[value=bring][selected]") || p.Attr("#f-from", "value") != "soon" {
		t.Errorf("what is wrong, or what was typed, is not there: %q", p.Texts(".error"))
	}
	f = p.Form(newForm)
	if to := b.submit(f.Set("title", "Een lege doos").Set("from", "8u30").Set("place", "In de klas")); to != "calendar?month=2026-12" {
		t.Errorf("leads to %s", to)
	}
	p = b.open("calendar?month=2026-12")
	if got := p.Text(".month-day"); got != "Tuesday, 8 December Bring something 2B Een lege doos 08:30 · In de klas" {
		t.Errorf("the day reads %q", got)
	}
	if p.Attr(".month-event [lang]", "lang") != "nl" {
		t.Error("the school's own words do not say their language")
	}
	page := strings.TrimPrefix(p.Attr(".month-event a", "href"), "/s/"+s.school.Slug+"/")

	// Two people change it at once: the second one sees what the first saved, and loses nothing.
	edit := "main form[action$='" + page + "']"
	one, two := b.open(page).Form(edit), s.director.open(page).Form(edit)
	b.submit(one.Set("title", "Twee dozen"))
	p = s.director.refused(two.Set("title", "Drie dozen"), http.StatusConflict)
	if !strings.Contains(p.Text(".notice"), "Twee dozen") || p.Attr("#f-title", "value") != "Drie dozen" {
		t.Errorf("after a clash: %q", p.Texts(".notice"))
	}
	s.director.submit(p.Form(edit))

	b.submit(b.open(page).Form("form[action$='/cancel']"))
	p = b.open("calendar?month=2026-12")
	if p.Text(".month-event s") != "Bring something" || !strings.Contains(p.Text(".month-event"), "does not go on") {
		t.Errorf("cancelled: %q", p.Text(".month-event"))
	}
	b.submit(b.open(page).Form("form[action$='/restore']"))
	b.open(page).HasNot("form[action$='/restore']")
	if to := b.submit(b.open(page + "/remove").Form("form[action$='/remove']")); to != "calendar" {
		t.Errorf("leads to %s", to)
	}
	if got := b.get(page).Status; got != http.StatusNotFound {
		t.Errorf("taken away: %d", got)
	}
	b.open("calendar?month=2026-12").Has(".empty")
}

func TestFamiliesReadAnEventInAllLanguages(t *testing.T) {
	s := newSite(t)
	by := auth.ForSchool(s.school)
	public, err := s.calendar.Add(t.Context(), by, calendar.Input{Kind: calendar.Swim, Day: "2026-12-08", From: "09:00", To: "11:30"})
	must(t, err)
	p := s.director.open("calendar/events/" + public)
	for _, tag := range lang.Family {
		if got := p.Text("dd[lang=" + tag + "]"); !strings.Contains(got, calendar.Swim.Name(lang.For(tag))) {
			t.Errorf("%s: %q", tag, got)
		}
	}
	if p.Attr("dd[lang=ar]", "dir") != "rtl" {
		t.Error("Arabic does not run from the right")
	}
}

func TestATeacherLooksAtWhatIsForTheSchoolAndChangesItNot(t *testing.T) {
	s := newSite(t)
	by := auth.ForSchool(s.school)
	public, err := s.calendar.Add(t.Context(), by, calendar.Input{Kind: calendar.Party, Title: "Lentefeest", Day: "2026-12-08"})
	must(t, err)
	p := s.teacher.open("calendar/events/" + public)
	p.HasNot("main form[action*='/calendar/']")
	if !strings.Contains(p.Text("main"), "Lentefeest") {
		t.Errorf("the teacher's page: %q", p.Text("main"))
	}
	if got := s.teacher.get("calendar/events/" + public + "/remove").Status; got != http.StatusForbidden {
		t.Errorf("may take it away: %d", got)
	}
	if got := s.teacher.get("calendar/file").Status; got != http.StatusForbidden {
		t.Errorf("may bring in a file: %d", got)
	}
	p = s.teacher.open("calendar/new")
	p.HasNot("#f-class option[value='']")
	if got := p.Attr("#f-class option[selected]", "value"); got != s.class["2B"] {
		t.Errorf("the teacher is offered %s first", got)
	}
	s.teacher.open("calendar/off").HasNot("main a[href$='/calendar/file']")
}

func TestTheMonthShowsWhoseCalendarOneWants(t *testing.T) {
	s := newSite(t)
	by := auth.ForSchool(s.school)
	for _, in := range []calendar.Input{
		{Kind: calendar.Holiday, Title: "Kerstvakantie", Day: "2026-12-21", ToDay: "2027-01-03"},
		{Kind: calendar.Swim, Day: "2026-12-01", Class: s.class["2B"]},
		{Kind: calendar.Trip, Day: "2026-12-01", Class: s.class["3A"]},
	} {
		_, err := s.calendar.Add(t.Context(), by, in)
		must(t, err)
	}
	for query, want := range map[string]string{
		"?month=2026-12":                                "Swimming, School trip, School holiday",
		"?month=2026-12&of=" + s.class["2B"]:            "Swimming, School holiday",
		"?month=2026-12&of=school":                      "School holiday",
		"?month=2026-12&of=nobody":                      "Swimming, School trip, School holiday",
		"?month=2027-01":                                "School holiday",
		"?month=2027-02":                                "",
		"?month=never":                                  "",
		"?month=2027-01&of=school&" + "anything=at+all": "School holiday",
	} {
		p := s.director.open("calendar" + query)
		if got := strings.Join(p.Texts(".month-event a"), ", "); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	p := s.director.open("calendar?month=2026-12&of=school")
	if next := p.Attr("a[rel=next]", "href"); !strings.HasSuffix(next, "?month=2027-01&of=school") {
		t.Errorf("the next month: %s", next)
	}
	if got := s.teacher.open("calendar?month=2026-12").Texts(".month-event a"); len(got) != 2 {
		t.Errorf("the teacher of 2B sees %q", got)
	}
}

func TestHolidaysOutOfAFile(t *testing.T) {
	s := newSite(t)
	b := s.director
	data, err := os.ReadFile("../testdata/files/vakanties.ics")
	must(t, err)
	p := b.upload("calendar/file", "brief.ics", []byte("Beste ouders"))
	if p.Status != http.StatusUnprocessableEntity || !p.Has("#f-file-error") {
		t.Errorf("a letter: %d", p.Status)
	}
	if p = b.upload("calendar/file", "film.mp4", make([]byte, 2<<20)); p.Status != http.StatusUnprocessableEntity || !p.Has("#f-file-error") {
		t.Errorf("far too large: %d", p.Status)
	}
	p = b.upload("calendar/file", "vakanties.ics", data)
	if p.Status != http.StatusOK || p.Count(".found") != 4 || p.Count(".found input[checked]") != 4 {
		t.Fatalf("status %d: %q", p.Status, p.Texts(".found"))
	}
	if got := b.open("calendar/off").Count(".month-event"); got != 0 {
		t.Errorf("looking at it brought in %d", got)
	}
	f := p.Form("form[action$='/file/take']")
	if to := b.submit(f.Set("take", "0", "1").Set("kind.0", "holiday")); to != "calendar/off" {
		t.Errorf("leads to %s", to)
	}
	p = b.open("calendar/off")
	if got := strings.Join(p.Texts(".month-event a"), ", "); got != "School holiday, School holiday" {
		t.Errorf("days off: %q", got)
	}
	p = b.upload("calendar/file", "vakanties.ics", data)
	if got := p.Count(".found input[checked]"); got != 2 {
		t.Errorf("of what is there already %d would come in twice", 4-got)
	}
	f = p.Form("form[action$='/file/take']")
	p = b.refused(f.Set("take"), http.StatusUnprocessableEntity)
	if p.Count(".found") != 4 {
		t.Error("what was read is lost when nothing is ticked")
	}
}
