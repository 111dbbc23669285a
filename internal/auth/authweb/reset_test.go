package authweb_test

import (
	"net/http"
	"testing"

	"brug/internal/auth"
)

func TestResetFromTheFirstClickToTheLast(t *testing.T) {
	s := newSite(t)
	elsewhere := s.as(directorsAt)
	b := s.browser()
	f := b.open("/reset").Form("main form")
	f.Set("email", directorsAt)
	b.goesTo(b.submit(f), "/reset/sent")
	known := b.open("/reset/sent")

	f.Set("email", "nobody@regenboog.test")
	b.goesTo(b.submit(f), "/reset/sent")
	if unknown := b.open("/reset/sent"); unknown.Body != known.Body {
		t.Error("the page differs for an address without an account")
	}

	link := s.mailed(directorsAt)
	g := b.open(link).Form("main form")
	g.Set("password", "kort")
	p := b.refused(b.submit(g), http.StatusUnprocessableEntity)
	p.Has("#f-password-error")
	g.Set("password", newSecret)
	b.goesTo(b.submit(g), "/s/de-regenboog/")
	b.open("/account")
	if p := elsewhere.get("/account"); p.Status != http.StatusSeeOther {
		t.Error("another device is still signed in")
	}
	if p := b.get(link); p.Status != http.StatusGone {
		t.Errorf("the link opens again: %d", p.Status)
	}
}

func TestForgotKeepsWhatWasTyped(t *testing.T) {
	b := newSite(t).browser()
	f := b.open("/reset").Form("main form")
	p := b.refused(b.submit(f.Set("email", "els@")), http.StatusUnprocessableEntity)
	if p.Attr("input[name=email]", "value") != "els@" {
		t.Error("lost")
	}
	for range 3 {
		b.goesTo(b.submit(f.Set("email", directorsAt)), "/reset/sent")
	}
	b.refused(b.submit(f), http.StatusTooManyRequests)
}

func TestWelcomeOpensAnAccount(t *testing.T) {
	s := newSite(t)
	const fatma = "fatma@regenboog.test"
	els, err := s.auth.SignIn(t.Context(), directorsAt, secret, auth.Visit{})
	must(t, err)
	by, err := s.auth.Actor(t.Context(), els.Token, s.school.Slug)
	must(t, err)
	must(t, s.auth.Invite(t.Context(), by, auth.Invitation{Name: "F. Yilmaz", Email: fatma, Role: auth.Care}))
	link := s.mailed(fatma)

	b := s.browser()
	f := b.open(link).Form("main form")
	if f.Values.Get("name") != "F. Yilmaz" || f.Values.Get("lang") != "en" {
		t.Errorf("%v", f.Values)
	}
	p := b.refused(b.submit(f.Set("name", "Fatma").Set("password", "welkom2026").Set("lang", "fr")), http.StatusUnprocessableEntity)
	if p.Attr("input[name=name]", "value") != "Fatma" || p.Count("input[name=lang][value=fr][checked]") != 1 {
		t.Error("what was typed is lost")
	}
	b.goesTo(b.submit(f.Set("password", secret)), "/s/de-regenboog/")
	if lang := b.open("/account").Attr("html", "lang"); lang != "fr" {
		t.Errorf("pages in %q after choosing French", lang)
	}
	if p := b.get(link); p.Status != http.StatusGone {
		t.Errorf("status %d", p.Status)
	}
}

func TestWelcomeOfWhoHasAnAccount(t *testing.T) {
	s := newSite(t)
	other, err := s.auth.CreateSchool(t.Context(), operator, auth.NewSchool{Name: "Het Anker"})
	must(t, err)
	for name, b := range map[string]*browser{"signed in": s.as(teachersAt), "not signed in": s.browser()} {
		_, err = s.auth.CreateAccount(t.Context(), operator, auth.NewAccount{School: other, Name: "Jan", Email: teachersAt, Role: auth.Care})
		must(t, err)
		p := b.open(s.mailed(teachersAt))
		p.HasNot("input[name=password]")
		want := "/s/het-anker/"
		if name == "not signed in" {
			want = "/signin?next=%2Fs%2Fhet-anker%2F"
		}
		b.goesTo(b.submit(p.Form("main form")), want)
		must(t, s.leave(other, teachersAt))
	}
}

// leave takes somebody off the staff of a school.
func (s *site) leave(at auth.School, email string) error {
	s.t.Helper()
	by := auth.ForSchool(at)
	all, err := s.auth.Staff(s.t.Context(), by)
	must(s.t, err)
	for _, m := range all {
		if m.Email == email {
			return s.auth.EndStaff(s.t.Context(), by, m.PublicID)
		}
	}
	return nil
}
