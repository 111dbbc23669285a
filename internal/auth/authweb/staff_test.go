package authweb_test

import (
	"net/http"
	"net/url"
	"testing"

	"brug/internal/auth"
)

const staffPath = "/s/de-regenboog/staff"

func TestStaffPages(t *testing.T) {
	s := newSite(t)
	b := s.as(directorsAt)
	p := b.open(staffPath)
	if p.Count(".row") != 2 {
		t.Errorf("%d people", p.Count(".row"))
	}
	f := b.open(staffPath + "/new").Form("main form")
	f.Set("name", "Fatma").Set("email", "fatma@").Set("role", "teacher").Set("classes", "classa", "classb")
	p = b.refused(b.submit(f), http.StatusUnprocessableEntity)
	if p.Attr("input[name=name]", "value") != "Fatma" || p.Count("input[name=classes][checked]") != 2 {
		t.Error("what was typed is lost")
	}
	b.goesTo(b.submit(f.Set("email", "fatma@regenboog.test")), staffPath)
	p = b.open(staffPath)
	p.Has(".flash")
	first := s.mailed("fatma@regenboog.test")
	b.goesTo(b.submit(p.Form(".row form[action$='/invitation']")), staffPath)
	if s.mailed("fatma@regenboog.test") == first {
		t.Error("no new link")
	}

	jan := staffPath + "/" + s.teacher.StaffPublicID
	g := b.open(jan).Form("main form[action='" + jan + "']")
	if g.Values.Get("role") != "teacher" || g.Values.Get("classes") != "classa" {
		t.Errorf("%v", g.Values)
	}
	b.goesTo(b.submit(g.Set("role", "care")), staffPath)
	b.goesTo(b.submit(b.open(jan+"/end").Form("main form")), staffPath)
	if p := b.get(jan); p.Status != http.StatusNotFound {
		t.Errorf("status %d", p.Status)
	}
}

func TestTheLastDirectorStaysOnThePage(t *testing.T) {
	s := newSite(t)
	b := s.as(directorsAt)
	els := staffPath + "/" + s.director.StaffPublicID
	p := b.refused(b.submit(b.open(els+"/end").Form("main form")), http.StatusConflict)
	p.Has(".flash.tone-fail")
	g := b.open(els).Form("main form[action='" + els + "']")
	b.refused(b.submit(g.Set("role", "care")), http.StatusConflict).Has("[role=alert]")

	// With a second director she may; and then sees the staff only as her new role lets her.
	_, err := s.auth.CreateAccount(t.Context(), operator, auth.NewAccount{School: s.school, Name: "Piet", Email: "piet@regenboog.test", Role: auth.Director, Password: secret})
	must(t, err)
	b.goesTo(b.submit(g.Set("role", "teacher")), "/choose-school")
}

func TestWhoSeesTheStaffPages(t *testing.T) {
	s := newSite(t)
	_, err := s.auth.CreateAccount(t.Context(), operator, auth.NewAccount{School: s.school, Name: "Zoë", Email: "zoe@regenboog.test", Role: auth.Care, Password: secret})
	must(t, err)
	zoe := s.as("zoe@regenboog.test")
	p := zoe.open(staffPath)
	p.HasNot("main a[href$='/new']")
	p.HasNot(".row form")
	jan := staffPath + "/" + s.teacher.StaffPublicID
	for who, want := range map[*browser]int{zoe: http.StatusForbidden, s.as(teachersAt): http.StatusForbidden, s.as(supportsAt): http.StatusForbidden, s.browser(): http.StatusSeeOther} {
		for _, path := range []string{staffPath + "/new", jan, jan + "/end"} {
			if p := who.get(path); p.Status != want {
				t.Errorf("%s: status %d, want %d", path, p.Status, want)
			}
		}
		for _, path := range []string{staffPath + "/new", jan, jan + "/end", jan + "/invitation"} {
			if p := who.post(path, url.Values{"role": {"director"}, "name": {"X"}, "email": {"x@x.test"}}); p.Status != want {
				t.Errorf("POST %s: status %d, want %d", path, p.Status, want)
			}
		}
	}
}
