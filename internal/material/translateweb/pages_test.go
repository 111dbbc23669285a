package translateweb_test

import (
	"bytes"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/db/dbtest"
	"brug/internal/material"
	"brug/internal/material/translateweb"
	"brug/internal/web"
	"brug/internal/web/ui/uitest"
)

// desk is a translator's browser at a school. SQLite only: what the operations do on both engines is tested beside them.
type desk struct {
	*testing.T
	handler http.Handler
	service *material.Service
	by      auth.Actor
	token   string
}

func newDesk(t *testing.T) *desk {
	d := dbtest.SQLite(t)
	now := func() time.Time { return time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC) }
	accounts, err := auth.New(auth.Config{DB: d, Now: now, BaseURL: "https://brug.test", Demo: true})
	k := &desk{T: t, service: material.New(material.Config{DB: d, Now: now})}
	k.ok(err)
	pages := &translateweb.Pages{Material: k.service}
	k.handler = web.Handler(web.Config{DB: d, Auth: accounts, Routes: pages.Routes(), BaseURL: "https://brug.test", Log: slog.New(slog.DiscardHandler)})
	operator := auth.Actor{Role: auth.System}
	school, err := accounts.CreateSchool(t.Context(), operator, auth.NewSchool{Name: "De Regenboog", Town: "Gent"})
	k.ok(err)
	a, err := accounts.CreateAccount(t.Context(), operator, auth.NewAccount{School: school, Name: "Jan", Email: "jan@regenboog.test", Role: auth.Director, Password: "drie fietsen bij de poort"})
	k.ok(err)
	k.by = auth.Actor{AccountID: a.AccountID, Name: "Jan", Lang: "nl", Role: auth.Director, School: school}
	link, err := accounts.DemoLink(t.Context(), a.AccountID)
	k.ok(err)
	session, err := accounts.SignInDemo(t.Context(), link, auth.Visit{})
	k.ok(err)
	k.token = session.Token
	return k
}

func (k *desk) ok(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

func (k *desk) send(r *http.Request) {
	r.AddCookie(&http.Cookie{Name: auth.CookieName, Value: k.token})
	r.AddCookie(&http.Cookie{Name: "brug_lang", Value: "en"})
	r.Header.Set("Sec-Fetch-Site", "same-origin")
}

func (k *desk) path(rest string) string { return "/s/" + k.by.School.Slug + "/translate" + rest }

func (k *desk) open(rest string) *uitest.Page {
	k.Helper()
	p := uitest.Get(k, k.handler, k.path(rest), k.send)
	if p.Status != http.StatusOK {
		k.Fatalf("%s: status %d", p.URL, p.Status)
	}
	p.Check()
	return p
}

// text is what families get in a language.
func (k *desk) text(slug, tag string) material.Text {
	k.Helper()
	e, err := k.service.Get(k.Context(), k.by, slug)
	k.ok(err)
	return e.Texts[tag]
}

func TestEveryLanguageHasItsFigures(t *testing.T) {
	k := newDesk(t)
	p := k.open("")
	if n := p.Count("tbody tr"); n != len(material.Languages()) {
		t.Errorf("%d languages", n)
	}
	if p.Count(".progress-bar") != len(material.Languages()) || p.Attr(`a[href$="/translate/ti"]`, "href") == "" {
		t.Error("a language has no bar or no link")
	}
}

func TestAListShowsWhatWaits(t *testing.T) {
	k := newDesk(t)
	all, drafts := k.open("/tr?kind=question+slip"), k.open("/tr?kind=question+slip&only=drafts")
	if all.Count(".row") != drafts.Count(".row")+k.open("/tr?kind=question+slip&only=lacking").Count(".row") || drafts.Count(".row") == 0 {
		t.Errorf("%d, of which %d drafts", all.Count(".row"), drafts.Count(".row"))
	}
	k.ok(k.service.Confirm(t.Context(), k.by, "water", "tr", "Emine"))
	if after := k.open("/tr?kind=question+slip&only=drafts"); after.Count(".row") != drafts.Count(".row")-1 {
		t.Error("what a speaker found right still waits")
	}
	for _, rest := range []string{"/ja", "/ja/water", "/tr/nothing", "/ja/materials.po", "/nl/water"} {
		if p := uitest.Get(t, k.handler, k.path(rest), k.send); p.Status != http.StatusNotFound {
			t.Errorf("%s: status %d", rest, p.Status)
		}
	}
}

func TestALongListComesPageByPage(t *testing.T) {
	k := newDesk(t)
	items, err := k.service.ItemsOf(t.Context(), k.by, "tr", material.Filter{})
	k.ok(err)
	var got []string
	p, pages := k.open("/tr"), 1
	if p.Count(`a[href*="after="]`) != 1 || p.Count(".row") == len(items) {
		t.Fatalf("%d of %d texts on the first page", p.Count(".row"), len(items))
	}
	for {
		if n := p.Count(".row"); n == 0 || n > 50 {
			t.Fatalf("%d texts on page %d", n, pages)
		}
		got = append(got, p.Texts(".row b")...)
		if p.Count(`a[href*="after="]`) == 0 {
			break
		}
		next := p.Attr(`a[href*="after="]`, "href")
		if pages++; pages > len(items) {
			t.Fatal("it goes round")
		}
		p = k.open(strings.TrimPrefix(next, k.path("")))
	}
	if len(got) != len(items) {
		t.Errorf("%d texts on %d pages, want %d", len(got), pages, len(items))
	}
	for i := range min(len(got), len(items)) {
		if want := items[i].Entry.TitleIn("en"); got[i] != want {
			t.Errorf("line %d is %q, want %q", i, got[i], want)
		}
	}
	// A text that stands on this list no more keeps its place.
	mid := items[9].Slug
	before := k.open("/tr?only=drafts&after=" + mid).Texts(".row b")
	k.ok(k.service.Confirm(t.Context(), k.by, mid, "tr", "Emine"))
	if after := k.open("/tr?only=drafts&after=" + mid).Texts(".row b"); len(after) == 0 || after[0] != before[0] {
		t.Errorf("after %s was confirmed: %v, before %v", mid, after[:min(2, len(after))], before[:2])
	}
}

func TestATranslatorSavesAndGoesOn(t *testing.T) {
	k := newDesk(t)
	p := k.open("/ar/water?kind=question+slip&help=en")
	area := p.One(`textarea[name="q1"]`)
	if uitest.AttrOf(area, "lang") != "ar" || uitest.AttrOf(area, "dir") != "rtl" || !p.Has(".translate-source [lang=nl]") || !p.Has(".translate-source [lang=en]") || !p.Has(".translate-source img") {
		t.Error("source, help or target is not marked with its language, or the picture lacks")
	}
	if !p.Has(".translate-source mark.chip") || p.Count(".chip-list li") != 1 {
		t.Error("the name of the child is no chip")
	}
	form := p.Form("main form.form").Set("title", "الماء الجميل").Press("do", "save")
	done := form.Submit(k.handler, k.send)
	if done.Status != http.StatusSeeOther || !strings.Contains(done.Header.Get("Location"), "/translate/ar/") || !strings.Contains(done.Header.Get("Location"), "kind=question+slip") {
		t.Fatalf("%d, to %s", done.Status, done.Header.Get("Location"))
	}
	if got := k.text("water", "ar"); got.Title != "الماء الجميل" || got.Status != material.Draft {
		t.Errorf("%+v", got)
	}

	// A second one began from the same page: both texts are shown, nothing is lost.
	late := form.Set("title", "ماء").Submit(k.handler, k.send)
	if late.Status != http.StatusConflict || late.Text(`textarea[name="title"]`) != "ماء" || late.Text(".said") != "الماء الجميل" {
		t.Fatalf("%d: %q beside %q", late.Status, late.Text(`textarea[name="title"]`), late.Texts(".said"))
	}
	late.Check()
	again := late.Form("main form.form").Set("who", "Nour, tolk").Press("do", "confirm").Submit(k.handler, k.send)
	if got := k.text("water", "ar"); again.Status != http.StatusSeeOther || got.Title != "ماء" || got.ReviewedBy != "Nour, tolk" {
		t.Errorf("%d: %+v", again.Status, got)
	}
}

func TestWhatIsWrongStandsAtThePiece(t *testing.T) {
	k := newDesk(t)
	open := func() *uitest.Form { return k.open("/fr/water").Form("main form.form") }
	for _, c := range []struct {
		name  string
		form  *uitest.Form
		field string
	}{
		{"the name is lost", open().Set("intro", "On parle de l’eau.").Press("do", "save"), "intro"},
		{"confirmed by nobody", open().Press("do", "confirm"), "who"},
		{"half a text is confirmed", open().Set("q1", "").Set("who", "Awa").Press("do", "confirm"), "q1"},
	} {
		p := c.form.Submit(k.handler, k.send)
		if p.Status != http.StatusUnprocessableEntity || !p.Has("#f-"+c.field+"-error") {
			t.Errorf("%s: %d, %v", c.name, p.Status, p.Texts(".error"))
			continue
		}
		p.Check()
		if typed := c.form.Values.Get("intro"); p.Text(`textarea[name="intro"]`) != typed {
			t.Errorf("%s: what was typed is gone", c.name)
		}
	}
}

func TestAPOFileGoesOutAndComesIn(t *testing.T) {
	k := newDesk(t)
	out := uitest.Get(t, k.handler, k.path("/fr/materials.po?kind=question+slip"), k.send)
	if out.Status != http.StatusOK || !strings.Contains(out.Header.Get("Content-Disposition"), "materials-fr.po") {
		t.Fatalf("%d %v", out.Status, out.Header)
	}
	po := string(material.ExportPO("fr", k.items("fr")))
	before := k.text("water", "fr").Title
	changed := strings.Replace(po, `msgstr "`+before+`"`, `msgstr "L’eau claire"`, 1)
	if changed == po {
		t.Fatal("the title is not in the file")
	}

	if p := k.upload(po); p.Status != http.StatusOK || p.Count(`form input[name="po"]`) > 0 {
		t.Errorf("%d: a file that changes nothing can be brought in", p.Status)
	}
	p := k.upload(changed)
	p.Check()
	if p.Status != http.StatusOK || p.Count(".row") != 1 || k.text("water", "fr").Title != before {
		t.Fatalf("%d: %d texts change; nothing is changed before somebody has seen it", p.Status, p.Count(".row"))
	}
	done := p.Form("main form.form").Submit(k.handler, k.send)
	if done.Status != http.StatusSeeOther || k.text("water", "fr").Title != "L’eau claire" {
		t.Errorf("%d: %+v", done.Status, k.text("water", "fr"))
	}
	for _, wrong := range []string{"hello", ""} {
		if p := k.upload(wrong); p.Status != http.StatusUnprocessableEntity || !p.Has("#f-file-error") {
			t.Errorf("%q: %d", wrong, p.Status)
		}
	}
}

func (k *desk) items(tag string) []material.TranslationItem {
	k.Helper()
	items, err := k.service.ItemsOf(k.Context(), k.by, tag, material.Filter{})
	k.ok(err)
	return items
}

// upload sends a PO file; an empty one is not chosen.
func (k *desk) upload(po string) *uitest.Page {
	k.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if po != "" {
		part, err := w.CreateFormFile("file", "x.po")
		k.ok(err)
		_, err = part.Write([]byte(po))
		k.ok(err)
	}
	k.ok(w.Close())
	r := httptest.NewRequest(http.MethodPost, k.path("/import"), &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	k.send(r)
	return uitest.Do(k, k.handler, r)
}
