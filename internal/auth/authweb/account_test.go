package authweb_test

import (
	"net/http"
	"testing"

	"brug/internal/web/ui/uitest"
)

func TestAccountNameAndLanguage(t *testing.T) {
	b := newSite(t).as(directorsAt)
	f := b.open("/account").Form("form[action='/account/profile']")
	if f.Values.Get("name") != "Els Peeters" || f.Values.Get("lang") != "nl" {
		t.Errorf("%v", f.Values)
	}
	p := b.refused(b.submit(f.Set("name", "")), http.StatusUnprocessableEntity)
	p.Has("#f-name-error")
	b.goesTo(b.submit(f.Set("name", "Els de Wolf").Set("lang", "fr")), "/account")
	p = b.open("/account")
	p.Has(".flash")
	if p.Attr("html", "lang") != "fr" || p.Form("form[action='/account/profile']").Values.Get("name") != "Els de Wolf" {
		t.Error("not changed")
	}
}

func TestAccountPassword(t *testing.T) {
	s := newSite(t)
	elsewhere, b := s.as(directorsAt), s.as(directorsAt)
	f := b.open("/account").Form("form[action='/account/password']")
	p := b.refused(b.submit(f.Set("old", "iets helemaal anders").Set("password", newSecret)), http.StatusUnprocessableEntity)
	p.Has("#p-old-error")
	p.HasNot("#f-name-error")
	b.goesTo(b.submit(f.Set("old", secret).Set("password", newSecret)), "/account")
	if elsewhere.get("/account").Status != http.StatusSeeOther {
		t.Error("the other device is still signed in")
	}
	b.open("/account")
}

func TestAccountSessions(t *testing.T) {
	s := newSite(t)
	one, two, b := s.as(directorsAt), s.as(directorsAt), s.as(directorsAt)
	jan := s.as(teachersAt)
	p := b.open("/account")
	ends := p.All("form[action^='/account/sessions/'][action$='/end']")
	if len(ends) != 3 { // two devices, and all others at once
		t.Fatalf("%d buttons", len(ends))
	}
	first := p.Form("form[action='" + uitest.AttrOf(ends[0], "action") + "']")
	if q := jan.post(first.Action, nil); q.Status != http.StatusNotFound {
		t.Errorf("somebody else ends the session: %d", q.Status)
	}
	b.goesTo(b.submit(first), "/account")
	if in := signedIn(one) + signedIn(two); in != 1 {
		t.Errorf("%d of two others signed in", in)
	}
	b.goesTo(b.submit(b.open("/account").Form("form[action='/account/sessions/end']")), "/account")
	if signedIn(one)+signedIn(two) != 0 || signedIn(b) != 1 || signedIn(jan) != 1 {
		t.Error("not just the others")
	}
}

func signedIn(b *browser) int {
	b.t.Helper()
	if b.get("/account").Status == http.StatusOK {
		return 1
	}
	return 0
}
