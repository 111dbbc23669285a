package authweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/web/ui/uitest"
)

func sessionCookie(h http.Header) *http.Cookie {
	for _, c := range (&http.Response{Header: h}).Cookies() {
		if c.Name == auth.CookieName {
			return c
		}
	}
	return nil
}

func TestSignInPage(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	p := b.signIn(directorsAt, secret)
	b.goesTo(p, "/s/de-regenboog/")
	c := sessionCookie(p.Header)
	if c == nil || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 0 || c.Path != "/" {
		t.Errorf("cookie %+v", c)
	}
	if h := b.get("/s/de-regenboog/"); h.Status != http.StatusOK || h.Text("h1") != "De Regenboog" {
		t.Errorf("status %d", h.Status)
	}
	b.goesTo(b.get("/signin"), "/s/de-regenboog/") // signed in already

	kept := s.browser()
	f := kept.open("/signin").Form("main form")
	f.Set("email", directorsAt).Set("password", secret).Set("keep", "yes")
	if c := sessionCookie(kept.submit(f).Header); c == nil || c.MaxAge <= 30*24*3600 {
		t.Errorf("cookie %+v", c)
	}
}

func TestSignInThatFailsKeepsTheAddressAndNotThePassword(t *testing.T) {
	b := newSite(t).browser()
	p := b.refused(b.signIn(directorsAt, "iets helemaal anders"), http.StatusUnprocessableEntity)
	p.Has("[role=alert]")
	if p.Attr("input[name=email]", "value") != directorsAt || p.Attr("input[name=password]", "value") != "" {
		t.Error("the address is gone, or the password is in the page")
	}
	if sessionCookie(p.Header) != nil {
		t.Error("a session for who is not signed in")
	}
	b.refused(b.signIn("", ""), http.StatusUnprocessableEntity).Has("#f-email-error")
}

func TestSignInSaysHowLongToWait(t *testing.T) {
	b := newSite(t).browser()
	for range 10 {
		b.refused(b.signIn(directorsAt, "iets helemaal anders"), http.StatusUnprocessableEntity)
	}
	p := b.refused(b.signIn(directorsAt, secret), http.StatusTooManyRequests)
	if !strings.Contains(p.Text("[role=alert]"), "15 min") || p.Attr("input[name=email]", "value") != directorsAt {
		t.Error(p.Text("[role=alert]"))
	}
}

func TestWhereSignInLeads(t *testing.T) {
	s := newSite(t)
	for next, want := range map[string]string{
		"/s/de-regenboog/staff": "/s/de-regenboog/staff",
		"/account":              "/account",
		"":                      "/s/de-regenboog/",
		"/":                     "/s/de-regenboog/",
		"/signout":              "/s/de-regenboog/",
		"/s/het-anker/":         "/s/de-regenboog/",
		"https://evil.test/":    "/s/de-regenboog/",
		"//evil.test/":          "/s/de-regenboog/",
		"/\\evil.test/":         "/s/de-regenboog/",
		"/\tevil.test":          "/s/de-regenboog/",
		"account":               "/s/de-regenboog/",
	} {
		b := s.browser()
		f := b.open("/signin?next=" + url.QueryEscape(next)).Form("main form")
		f.Set("email", directorsAt).Set("password", secret)
		if p := b.submit(f); p.Header.Get("Location") != want {
			t.Errorf("next %q leads to %q, want %q", next, p.Header.Get("Location"), want)
		}
	}
	b := s.browser()
	b.goesTo(b.signIn(supportsAt, secret), "/support")
}

func TestSignOutEndsTheSession(t *testing.T) {
	s := newSite(t)
	b := s.as(directorsAt)
	token := b.cookies[auth.CookieName]
	b.goesTo(b.submit(b.open("/account").Form("form[action='/signout']")), "/signin")
	if _, has := b.cookies[auth.CookieName]; has {
		t.Error("the cookie is still there")
	}
	b.open("/signin").Has(".flash")
	b.cookies[auth.CookieName] = token
	if p := b.get("/account"); p.Status != http.StatusSeeOther {
		t.Errorf("the old token opens the page: %d", p.Status)
	}
	s.browser().goesTo(s.browser().post("/signout", nil), "/signin") // nobody was signed in
}

func TestChooseASchool(t *testing.T) {
	s := newSite(t)
	other, err := s.auth.CreateSchool(t.Context(), operator, auth.NewSchool{Name: "Het Anker"})
	must(t, err)
	_, err = s.auth.CreateAccount(t.Context(), operator, auth.NewAccount{School: other, Name: "Els", Email: directorsAt, Role: auth.Care})
	must(t, err)
	b := s.as(directorsAt)
	p := b.open("/choose-school")
	p.Has("a[href='/s/de-regenboog/']")
	p.HasNot("a[href='/s/het-anker/']")
	b.goesTo(b.submit(p.Form("main form[action^='/choose-school/']")), "/s/het-anker/")
	b.goesTo(s.browser().signIn(directorsAt, secret), "/choose-school")
	p = b.open("/choose-school")
	if p.Count("main a[href^='/s/']") != 2 {
		t.Error("not both schools")
	}

	must(t, s.auth.EndStaff(t.Context(), auth.ForSchool(s.school), s.teacher.StaffPublicID))
	jan := s.browser()
	jan.goesTo(jan.signIn(teachersAt, secret), "/choose-school")
	jan.open("/choose-school").Has(".empty")
	if p := jan.get("/s/de-regenboog/"); p.Status != http.StatusNotFound {
		t.Errorf("status %d", p.Status)
	}
}

func TestDemoLinkSignsInWithOneClick(t *testing.T) {
	s := newSite(t)
	token, err := s.auth.DemoLink(t.Context(), s.teacher.AccountID)
	must(t, err)
	b := s.browser()
	b.goesTo(b.get("/demo/"+token), "/s/de-regenboog/")
	b.open("/account")
	if p := s.browser().get("/demo/nonsense"); p.Status != http.StatusGone {
		t.Errorf("status %d", p.Status)
	}
}

// TestAParentFindsTheWayToTheCode: who typed only the host, also with a browser in a language that staff pages have not.
func TestAParentFindsTheWayToTheCode(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct{ browser, lang, dir string }{{"nl-BE,nl", "", ""}, {"ar-MA,fr;q=0.5", "ar", "rtl"}, {"ti", "ti", "ltr"}} {
		b := s.browser()
		p := uitest.Get(t, b.handler, "/signin", func(r *http.Request) { r.Header.Set("Accept-Language", c.browser) })
		p.Check()
		want := 1
		if c.lang != "" {
			want = 2
		}
		if got := p.Count(`main a[href="/c"]`); got != want {
			t.Errorf("%s: %d ways to the code, want %d", c.browser, got, want)
		}
		if c.lang == "" {
			continue
		}
		own := `main p[lang="` + c.lang + `"]`
		if got := p.Text(own + " a"); got != lang.For(c.lang).T("Type your code") || p.Attr(own, "dir") != c.dir {
			t.Errorf("%s: %q, written %s", c.browser, got, p.Attr(own, "dir"))
		}
	}
}
