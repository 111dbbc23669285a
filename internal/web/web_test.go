package web_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"brug/internal/auth"
	"brug/internal/contact/contacttest"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/web"
	"brug/internal/web/route"
	"brug/internal/web/ui"
	"brug/internal/web/ui/uitest"
)

// door is the whole front door before a few routes of our own.
type door struct {
	http.Handler
	w   *contacttest.World
	log *bytes.Buffer
	ip  string // that the last handler saw
}

func newDoor(t *testing.T, base string, proxied bool) *door {
	t.Helper()
	base, w := strings.TrimRight(base, "/"), contacttest.New(t, dbtest.SQLite(t))
	d := &door{w: w, log: &bytes.Buffer{}}
	routes := []route.Route{
		route.Get("/open", auth.Public, func(w http.ResponseWriter, r *http.Request) error {
			d.ip = route.IP(r)
			return route.Render(w, r, http.StatusOK, ui.ProblemPage(route.Page(w, r, "Open"), ui.ProblemOf(errs.NotFoundf("x"), "")))
		}),
		route.Get("/fails/{token}", auth.Public, func(http.ResponseWriter, *http.Request) error {
			return errors.New("the secret cause")
		}),
		route.Get("/panics/{token}", auth.Public, func(http.ResponseWriter, *http.Request) error { panic("oh") }),
		route.Get("/half", auth.Public, func(w http.ResponseWriter, r *http.Request) error {
			if _, err := io.WriteString(w, "half a page"); err != nil {
				return err
			}
			return errors.New("the secret cause")
		}),
		route.Post("/done", auth.Public, func(w http.ResponseWriter, r *http.Request) error {
			return route.SeeDone(w, r, "/open", r.URL.Query().Get("line"))
		}),
		route.Post("/m/{token}/write", auth.Family, func(w http.ResponseWriter, r *http.Request) error {
			t.Error("what was sent from elsewhere came in")
			return nil
		}),
		route.Get("/welcome/{token}", auth.Public, func(http.ResponseWriter, *http.Request) error {
			return errs.New(errs.Gone, "This link does not work any more: it has been used, it is too old, or there is a newer one. Ask for a new link.")
		}),
		route.Post("/form", auth.Public, func(w http.ResponseWriter, r *http.Request) error {
			_, err := ui.FormFrom(r, 1<<30)
			return err
		}),
		route.Get("/s/{school}/pupils", auth.FamiliesSee, func(w http.ResponseWriter, r *http.Request) error {
			_, err := io.WriteString(w, "pupils")
			return err
		}),
	}
	d.Handler = web.Handler(web.Config{DB: w.DB, Auth: w.Auth, Routes: routes, BaseURL: base, Proxied: proxied, Log: slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	return d
}

func (d *door) do(method, path string, head ...string) *httptest.ResponseRecorder {
	return d.send(method, path, "", head...)
}

func (d *door) send(method, path, body string, head ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i+1 < len(head); i += 2 {
		r.Header.Add(head[i], head[i+1])
	}
	rec := httptest.NewRecorder()
	d.ServeHTTP(rec, r)
	return rec
}

// signIn gives the cookie of somebody of the world.
func (d *door) signIn(email string) string {
	d.w.T.Helper()
	s, err := d.w.Auth.SignIn(d.w.Ctx, email, "vier appels onder de tafel", auth.Visit{IP: "10.0.0.1"})
	d.w.OK(err)
	return auth.CookieName + "=" + s.Token
}

func TestBehindAProxyCookiesAndTransportAreSecureByTheBaseURL(t *testing.T) {
	for _, c := range []struct {
		base   string
		secure bool
	}{{"https://brug.example", true}, {"http://127.0.0.1:8080", false}} {
		d := newDoor(t, c.base, true)
		rec := d.do("POST", "/done?line=Saved") // without TLS: that ends at the proxy
		cookies := rec.Result().Cookies()
		if len(cookies) != 1 || cookies[0].Secure != c.secure || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode {
			t.Errorf("%s: cookies %v, want secure %v", c.base, rec.Header().Values("Set-Cookie"), c.secure)
		}
		if rec.Header().Get("Strict-Transport-Security") != "" != c.secure {
			t.Errorf("%s: transport %q", c.base, rec.Header().Get("Strict-Transport-Security"))
		}
		if got := d.do("GET", "/open?lang=fr").Result().Cookies(); len(got) != 1 || got[0].Secure != c.secure {
			t.Errorf("%s: language cookie %v", c.base, got)
		}
	}
}

func TestALineShownOnceIsTextWhateverTheCookieSays(t *testing.T) {
	d := newDoor(t, "http://127.0.0.1:8080", false)
	set := d.do("POST", "/done?line="+url.QueryEscape("<b>Saved</b>\r\nX-Evil: 1")).Result().Cookies()[0]
	rec := d.do("GET", "/open", "Cookie", set.Name+"="+set.Value)
	if body := rec.Body.String(); !strings.Contains(body, "&lt;b&gt;Saved") || strings.Contains(body, "<b>Saved") {
		t.Error("the line is not shown as text")
	}
	if gone := rec.Result().Cookies(); len(gone) != 1 || gone[0].MaxAge >= 0 {
		t.Errorf("the line is not forgotten: %v", gone)
	}
	for _, bad := range []string{"not*base64", "_____w", strings.Repeat("QUFB", 500)} {
		if body := d.do("GET", "/open", "Cookie", set.Name+"="+bad).Body.String(); strings.Contains(body, "AAAA") || strings.Contains(body, "\xff") {
			t.Errorf("cookie %.20s is shown", bad)
		}
	}
}

func TestEveryPageHasTheStrictPolicy(t *testing.T) {
	d := newDoor(t, "https://brug.example", false)
	for _, path := range []string{"/open", "/nosuch", "/fails/x", "/healthz", "/robots.txt", "/s/de-brug/pupils"} {
		h := d.do("GET", path).Header()
		if !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestAFormOfAnotherSiteChangesNothing(t *testing.T) {
	d := newDoor(t, "https://brug.example", false)
	for _, c := range []struct {
		name string
		head []string
		want int
	}{
		{"our own page", []string{"Sec-Fetch-Site", "same-origin"}, 303},
		{"another site", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another host of the same owner", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"an old browser, another origin", []string{"Origin", "https://evil.example"}, 403},
		{"no browser", nil, 303},
	} {
		if got := d.do("POST", "/done", c.head...).Code; got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestWhoeverSendsFromElsewhereReadsWhatToDo(t *testing.T) {
	d := newDoor(t, "https://brug.example", false)
	for _, c := range []struct{ path, asks, lang string }{
		{"/done", "fr-BE,fr;q=0.9", "fr"}, {"/done", "ar", "nl"}, {"/done", "en", "en"}, {"/nosuch", "fr", "fr"},
		{"/m/AAAAAAAAAAAAAAAAAAAAAA/write", "ar-MA,ar", "ar"}, {"/m/AAAAAAAAAAAAAAAAAAAAAA/write", "ti", "ti"}, {"/m/AAAAAAAAAAAAAAAAAAAAAA/write", "ja", "nl"},
	} {
		p := uitest.Do(t, d, request("POST", c.path, "Sec-Fetch-Site", "cross-site", "Accept-Language", c.asks))
		p.Check()
		l, family := lang.For(c.lang), strings.HasPrefix(c.path, "/m/")
		if p.Status != http.StatusForbidden || p.Attr("html", "lang") != c.lang || p.Text("h1") != l.T("This was not sent") || p.Header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s for %s: %d in %q: %q", c.path, c.asks, p.Status, p.Attr("html", "lang"), p.Text("h1"))
		}
		if want := l.T("Open the page again with the link of the school. Then try once more."); strings.Contains(p.Text("main"), want) != family {
			t.Errorf("%s for %s says %q", c.path, c.asks, p.Text("main"))
		}
		if n := p.Count(".tongue"); family && n != 5 || !family && n != 0 {
			t.Errorf("%s for %s: %d other languages", c.path, c.asks, n)
		}
	}
}

func TestAUsedLinkOfStaffTellsHowToGetANewOne(t *testing.T) {
	d := newDoor(t, "https://brug.example", false)
	for _, tag := range []string{"nl", "fr", "en"} {
		p := uitest.Do(t, d, request("GET", "/welcome/AAAAAAAAAAAAAAAAAAAAAA", "Accept-Language", tag))
		p.Check()
		l := lang.For(tag)
		if p.Status != http.StatusGone || p.Text("h1") != l.T("This link has ended") || p.Count(`main a[href="/reset"]`) != 1 || p.Count(`main a[href="/signin"]`) != 1 {
			t.Errorf("%s: %d %q", tag, p.Status, p.Text("main"))
		}
		for _, families := range []string{"Ask the school for a new one.", "What you sent before is kept."} {
			if strings.Contains(p.Text("main"), l.T(families)) {
				t.Errorf("%s: says to staff what is meant for families: %q", tag, l.T(families))
			}
		}
	}
}

func request(method, path string, head ...string) *http.Request {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	return r
}

func TestWhatIsInternalIsLoggedAndShownToNobody(t *testing.T) {
	d := newDoor(t, "https://brug.example", false)
	for _, path := range []string{"/fails/Zx9secret", "/panics/Zx9secret"} {
		d.log.Reset()
		rec := d.do("GET", path)
		if rec.Code != http.StatusInternalServerError || strings.Contains(rec.Body.String(), "secret cause") || strings.Contains(rec.Body.String(), "goroutine") {
			t.Errorf("%s: %d %.80s", path, rec.Code, rec.Body)
		}
		if strings.Contains(d.log.String(), "Zx9secret") {
			t.Errorf("%s: the secret of the path is in the log: %s", path, d.log)
		}
		if !strings.Contains(d.log.String(), "level=ERROR") {
			t.Errorf("%s: nothing is logged", path)
		}
	}
	if rec := d.do("GET", "/half"); rec.Code != 200 || rec.Body.String() != "half a page" {
		t.Errorf("an error after the page began: %d %q", rec.Code, rec.Body)
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	d := newDoor(t, "https://brug.example", false)
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	if got := d.send("POST", "/form", "a="+strings.Repeat("x", 1000), form...).Code; got != 200 {
		t.Errorf("a small form: %d", got)
	}
	if got := d.send("POST", "/form", "a="+strings.Repeat("x", 300<<10), form...).Code; got != http.StatusUnprocessableEntity {
		t.Errorf("a form of 300 KB: %d", got)
	}
}

func TestWhoeverAsksIsTakenFromTheProxyOnlyWhenThereIsOne(t *testing.T) {
	for _, c := range []struct {
		name    string
		proxied bool
		head    []string
		want    string
	}{
		{"no proxy: a header is anybody's word", false, []string{"X-Forwarded-For", "10.1.1.1"}, "192.0.2.1"},
		{"our proxy", true, []string{"X-Forwarded-For", "10.1.1.1"}, "10.1.1.1"},
		{"our proxy adds to what it got", true, []string{"X-Forwarded-For", "6.6.6.6, 10.1.1.1"}, "10.1.1.1"},
		{"our proxy adds a line", true, []string{"X-Forwarded-For", "6.6.6.6", "X-Forwarded-For", "10.1.1.1"}, "10.1.1.1"},
		{"our proxy says nothing", true, nil, "192.0.2.1"},
	} {
		d := newDoor(t, "https://brug.example", c.proxied)
		d.do("GET", "/open", c.head...)
		if d.ip != c.want {
			t.Errorf("%s: %q, want %q", c.name, d.ip, c.want)
		}
	}
}

func TestWhoMayNotIsTurnedAwayBeforeTheHandler(t *testing.T) {
	d := newDoor(t, "https://brug.example", false)
	teacher, alien := d.signIn("els@brug.test"), d.signIn("jan@anker.test")
	path := "/s/" + d.w.School.Slug + "/pupils"
	for _, c := range []struct {
		name, cookie string
		want         int
	}{
		{"nobody", "", 303}, {"a made-up session", auth.CookieName + "=AAAAAAAAAAAAAAAAAAAAAA", 303},
		{"a teacher", teacher, 200}, {"the director of another school", alien, 404},
	} {
		rec := d.do("GET", path, "Cookie", c.cookie)
		if rec.Code != c.want || rec.Code != 200 && strings.Contains(rec.Body.String(), "pupils") && c.want != 303 {
			t.Errorf("%s: %d, want %d", c.name, rec.Code, c.want)
		}
		if rec.Header().Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: may be cached: %q", c.name, rec.Header().Get("Cache-Control"))
		}
	}
	rec := d.do("GET", "/s/x%0d%0aX-Evil:%201/pupils")
	if rec.Header().Get("X-Evil") != "" || strings.ContainsAny(rec.Header().Get("Location"), "\r\n") {
		t.Errorf("a path came into the headers: %v", rec.Header())
	}
	if rec := d.do("GET", "//evil.example/x"); strings.Contains(rec.Header().Get("Location"), "//evil") {
		t.Errorf("sent to %q", rec.Header().Get("Location"))
	}
}

func TestAnAddressIsText(t *testing.T) {
	d := newDoor(t, "http://brug.test", false)
	for path, want := range map[string]int{"/open?q=%C3%A9&in=nl": 200, "/open?q=a%00b": 404, "/open?q=%FF": 404, "/open?q=%": 200, "/fails/%C3%A9": 500, "/fails/a%00b": 404, "/fails/%FF": 404} {
		if got := d.do("GET", path).Code; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}
