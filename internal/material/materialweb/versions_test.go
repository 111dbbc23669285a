package materialweb_test

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/material"
	"brug/internal/material/materialweb"
	"brug/internal/school"
	"brug/internal/web"
	"brug/internal/web/ui/uitest"
)

// house is two schools and the support centre behind the real door.
type house struct {
	t        *testing.T
	db       *db.DB
	blobs    blob.Store
	accounts *auth.Service
	handler  http.Handler
	own      *material.Service
	school   auth.School
	centre   auth.School

	director, stranger, support string // tokens of sessions
}

var at = func() time.Time { return time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC) }

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, db: dbtest.SQLite(t)}
	var err error
	h.accounts, err = auth.New(auth.Config{DB: h.db, Now: at, BaseURL: "https://brug.test", Demo: true})
	must(t, err)
	h.blobs, err = blob.Open(t.TempDir())
	must(t, err)
	h.release(nil)
	system := auth.Actor{Role: auth.System}
	sign := func(id int64) string {
		link, err := h.accounts.DemoLink(t.Context(), id)
		must(t, err)
		s, err := h.accounts.SignInDemo(t.Context(), link, auth.Visit{})
		must(t, err)
		return s.Token
	}
	director := func(to *auth.School, name, mail string) string {
		s, err := h.accounts.CreateSchool(t.Context(), system, auth.NewSchool{Name: name, Town: "Gent"})
		must(t, err)
		*to = s
		a, err := h.accounts.CreateAccount(t.Context(), system, auth.NewAccount{School: s, Name: "Jan", Email: mail, Role: auth.Director, Password: "drie fietsen bij de poort"})
		must(t, err)
		return sign(a.AccountID)
	}
	var other auth.School
	h.director, h.stranger = director(&h.school, "De Regenboog", "jan@regenboog.test"), director(&other, "De Vlieger", "an@vlieger.test")
	a, err := h.accounts.CreateSupport(t.Context(), system, "Kim", "kim@centrum.test", "nl", "drie fietsen bij de poort")
	must(t, err)
	h.centre, err = h.accounts.CreateCentre(t.Context(), system, auth.NewSchool{Name: "Onderwijscentrum"})
	must(t, err)
	h.support = sign(a.AccountID)
	return h
}

// release puts another library into the house: a new version of the program.
func (h *house) release(l *material.Library) {
	h.own = material.New(material.Config{DB: h.db, Blobs: h.blobs, Now: at, Library: l})
	pages := &materialweb.Pages{Material: h.own, School: school.New(school.Config{DB: h.db, Blobs: h.blobs, Now: at}), Now: at}
	h.handler = web.Handler(web.Config{DB: h.db, Auth: h.accounts, Routes: pages.Routes(), BaseURL: "https://brug.test", Log: slog.New(slog.DiscardHandler)})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// as sends what a browser of somebody sends, Dutch or French.
func as(token, tag string) func(r *http.Request) {
	return func(r *http.Request) {
		r.AddCookie(&http.Cookie{Name: auth.CookieName, Value: token})
		r.AddCookie(&http.Cookie{Name: "brug_lang", Value: tag})
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
}

func (h *house) open(who, path string, want int) *uitest.Page {
	h.t.Helper()
	p := uitest.Get(h.t, h.handler, path, as(who, "nl"))
	if p.Status != want {
		h.t.Fatalf("%s: status %d, want %d: %s", path, p.Status, want, p.Text("main"))
	}
	if want == http.StatusOK {
		p.Check()
	}
	return p
}

func (h *house) mine(path string) string { return "/s/" + h.school.Slug + path }

// done wants the form to have been taken: it leads on to a page.
func (h *house) done(p *uitest.Page, to string) {
	h.t.Helper()
	if p.Status != http.StatusSeeOther || p.Header.Get("Location") != to {
		h.t.Fatalf("status %d to %q, want to be led to %s: %s", p.Status, p.Header.Get("Location"), to, p.Text("main"))
	}
}

// sea is a library of one nudge.
func sea(t *testing.T, intro string) *material.Library {
	t.Helper()
	l, err := material.ReadLibrary(fstest.MapFS{
		"nudges/material.txt": {Data: []byte("kind: nudge\n[sea]\naudience: all\npractices: talk\nsupport: home\npicture: water\nidea: our own\n")},
		"nudges/nl.txt":       {Data: []byte("status: source\n[sea]\ntitle: De zee\nintro: " + intro + "\n")},
	})
	must(t, err)
	return l
}

func (h *house) actor(token string) auth.Actor {
	h.t.Helper()
	a, err := h.accounts.Actor(h.t.Context(), token, h.school.Slug)
	must(h.t, err)
	return a
}

func TestTheSchoolLooksAtWhatChangedAndChooses(t *testing.T) {
	h := newHouse(t)
	h.release(sea(t, "Praat over de zee."))
	jan := h.actor(h.director)
	e, err := h.own.Get(t.Context(), jan, "sea")
	must(t, err)
	d := e.Copy()
	d.Title["nl"] = "Onze zee"
	slug, err := h.own.Create(t.Context(), jan, "sea", d)
	must(t, err)
	h.open(h.director, h.mine("/materials/changed"), http.StatusOK).Has(".empty")
	h.open(h.director, h.mine("/materials/"+slug+"/follow"), http.StatusOK).HasNot("form.follow")

	h.release(sea(t, "Zing over de zee."))
	h.open(h.director, h.mine("/materials"), http.StatusOK).Has("a[href$='/materials/changed']")
	h.open(h.director, h.mine("/materials/changed"), http.StatusOK).Has("a[href$='/follow']")
	h.open(h.director, h.mine("/materials/"+slug), http.StatusOK).Has("a[href$='/follow']")
	p := h.open(h.director, h.mine("/materials/"+slug+"/follow"), http.StatusOK)
	if n := p.Count(".follow-piece"); n != 1 {
		t.Fatalf("%d pieces, want the intro alone", n)
	}
	if ins, del := p.Text(".follow-three ins"), p.Text(".follow-three del"); !strings.Contains(ins, "Zing") || !strings.Contains(del, "Praat") || !strings.Contains(ins, ":") {
		t.Errorf("new %q, gone %q: marked, and said for who hears it", ins, del)
	}
	h.open(h.stranger, h.mine("/materials/"+slug+"/follow"), http.StatusNotFound)
	h.open(h.support, h.mine("/materials/"+slug+"/follow"), http.StatusForbidden)

	f := p.Form("form.follow").Press("choice", "pieces").Set("intro", "theirs")
	h.done(f.Submit(h.handler, as(h.director, "nl")), h.mine("/materials/"+slug))
	e, err = h.own.Get(t.Context(), jan, slug)
	must(t, err)
	if e.Texts["nl"].Title != "Onze zee" || e.Texts["nl"].Intro != "Zing over de zee." || e.Changed {
		t.Errorf("%+v", e.Texts["nl"])
	}
	late := f.Submit(h.handler, as(h.director, "nl")) // a second window, or a double click
	if late.Status != http.StatusConflict || !late.Has("main") {
		t.Errorf("who chooses about texts that have changed since gets %d", late.Status)
	}
}

func TestTwoVersionsSideBySide(t *testing.T) {
	h := newHouse(t)
	jan := h.actor(h.director)
	d := material.Edit{Kind: material.Nudge, Title: map[string]string{"nl": "Soep"}, Intro: map[string]string{"nl": "Kook soep met {child}.", "ar": "اطبخوا الحساء مع {child}."}, Close: map[string]string{}}
	slug, err := h.own.Create(t.Context(), jan, "", d)
	must(t, err)
	d.Intro = map[string]string{"nl": "Eet soep met {child}.", "ar": "كلوا الحساء مع {child}."}
	must(t, h.own.Change(t.Context(), jan, slug, 1, d))
	must(t, h.own.Change(t.Context(), jan, slug, 2, d))

	path := h.mine("/materials/" + slug)
	v := h.open(h.director, path+"/versions", http.StatusOK)
	if v.Count(".row") != 3 || !v.Has("form.compare-choice select[name='a']") {
		t.Errorf("%d versions", v.Count(".row"))
	}
	c := h.open(h.director, path+"/compare?a=1&b=2", http.StatusOK)
	if !strings.Contains(c.Text(".diff del"), "Kook") || !strings.Contains(c.Text(".diff ins"), "Eet") {
		t.Errorf("gone %q, new %q", c.Text(".diff del"), c.Text(".diff ins"))
	}
	if ar := h.open(h.director, path+"/compare?a=2&b=1&in=ar", http.StatusOK); ar.Attr(".diff-piece p[lang='ar']", "dir") != "rtl" || !strings.Contains(ar.Text(".diff ins"), "كلوا") {
		t.Error("the Arabic text stands from right to left, the older version first")
	}
	for _, q := range []string{"?a=1&b=9", "?a=x&b=1", "?a=-1&b=1"} {
		h.open(h.director, path+"/compare"+q, http.StatusNotFound)
	}
	h.open(h.stranger, path+"/versions", http.StatusNotFound)
	h.open(h.stranger, path+"/compare?a=1&b=2", http.StatusNotFound)
	h.done(c.Form("form[action$='/restore']").Submit(h.handler, as(h.director, "nl")), path)
	if e, err := h.own.Get(t.Context(), jan, slug); err != nil || e.Version != 4 || e.Texts["nl"].Intro != "Kook soep met {child}." {
		t.Errorf("brought back: %+v, %v", e.Texts["nl"], err)
	}
}

func TestTheCentrePublishesFromItsPage(t *testing.T) {
	h := newHouse(t)
	kim, err := h.accounts.Actor(t.Context(), h.support, h.centre.Slug)
	must(t, err)
	slug, err := h.own.Create(t.Context(), kim, "", material.Edit{Kind: material.Nudge, Title: map[string]string{"nl": "Soep"}, Intro: map[string]string{"nl": "Kook soep."}, Close: map[string]string{}})
	must(t, err)
	page := "/s/" + h.centre.Slug + "/materials/" + slug
	seen := h.mine("/materials/centre-soep")
	h.open(h.director, seen, http.StatusNotFound)
	h.done(h.open(h.support, page, http.StatusOK).Form("form[action$='/publish']").Submit(h.handler, as(h.support, "nl")), page)
	p := h.open(h.director, seen, http.StatusOK)
	if p.Count("form[action$='/publish']") > 0 || !strings.Contains(p.Text("main"), "Onderwijscentrum") {
		t.Error("a school sees who made it, and cannot publish")
	}
	h.done(h.open(h.support, page, http.StatusOK).Form("form[action$='/withdraw']").Submit(h.handler, as(h.support, "nl")), page)
	h.open(h.director, seen, http.StatusNotFound)
	h.open(h.support, "/s/"+h.centre.Slug+"/materials", http.StatusOK)
	h.open(h.director, page, http.StatusNotFound)
}

// upload sends a photo as a form does.
func (h *house) upload(who string, data []byte, kv ...string) *uitest.Page {
	h.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(kv); i += 2 {
		must(h.t, m.WriteField(kv[i], kv[i+1]))
	}
	if data != nil {
		f, err := m.CreateFormFile("photo", "IMG_1.png")
		must(h.t, err)
		_, err = f.Write(data)
		must(h.t, err)
	}
	must(h.t, m.Close())
	r := httptest.NewRequest("POST", "https://brug.test"+h.mine("/photos"), &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	as(who, "nl")(r)
	return uitest.Do(h.t, h.handler, r)
}

func TestPhotosAreSentSeenAndTakenAway(t *testing.T) {
	h := newHouse(t)
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 300, 400))))
	photos := h.mine("/photos")
	h.open(h.director, photos, http.StatusOK).Has(".empty")
	for name, p := range map[string]*uitest.Page{
		"#f-photo-error": h.upload(h.director, []byte("no photo"), "about", "Els", "shape", "person"),
		"#f-about-error": h.upload(h.director, b.Bytes(), "about", "", "shape", "person"),
	} {
		if p.Status != http.StatusUnprocessableEntity || !p.Has(name) {
			t.Errorf("%s: status %d", name, p.Status)
		}
	}
	if p := h.upload(h.director, bytes.Repeat([]byte("x"), 12_000_000), "about", "Els"); p.Status != http.StatusUnprocessableEntity || !p.Has("#f-photo-error") {
		t.Errorf("12 MB: status %d", p.Status)
	}
	h.done(h.upload(h.director, b.Bytes(), "about", "Els Daems", "shape", "person"), photos)
	p := h.open(h.director, photos, http.StatusOK)
	src := p.Attr(".photos img", "src")
	if p.Text(".photos figcaption") != "Els Daems" || src == "" {
		t.Fatalf("%q", p.Text(".photos"))
	}
	for who, want := range map[string]int{h.director: http.StatusOK, h.stranger: http.StatusNotFound, h.support: http.StatusForbidden, "": http.StatusSeeOther} {
		r := httptest.NewRequest("GET", "https://brug.test"+src, nil)
		if who != "" {
			as(who, "nl")(r)
		}
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("the picture: status %d, want %d", w.Code, want)
		}
		if want == http.StatusOK {
			if head, err := io.ReadAll(io.LimitReader(w.Body, 3)); err != nil || !bytes.Equal(head, []byte{0xff, 0xd8, 0xff}) || !strings.HasPrefix(w.Header().Get("Cache-Control"), "private") || w.Header().Get("Content-Type") != "image/jpeg" {
				t.Errorf("%x %v %v", head, err, w.Header())
			}
		}
	}
	h.done(p.Form("form[action$='/drop']").Submit(h.handler, as(h.director, "nl")), photos)
	h.open(h.director, src, http.StatusNotFound)
}
