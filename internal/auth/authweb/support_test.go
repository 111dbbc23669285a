package authweb_test

import (
	"net/http"
	"strings"
	"testing"

	"brug/internal/auth"
)

func (s *site) asked(school string) {
	s.t.Helper()
	must(s.t, s.auth.AskLogin(s.t.Context(), auth.Ask{SchoolName: school, Town: "Aalst", Person: "Noor Baert", Role: "directeur",
		Email: strings.ToLower(school[:3]) + "@vlieger.test", Message: "Graag", Lang: "nl"}, "192.0.2.9"))
}

func TestTheDeskAcceptsASchool(t *testing.T) {
	s := newSite(t)
	b := s.as(supportsAt)
	b.open("/support").Has(".empty")
	s.asked("Vlieger")
	path := b.open("/support").Attr(".row a", "href")
	accept := b.open(path).Form("form[action$='/accept']")
	b.goesTo(b.submit(accept), "/support")
	b.refused(b.submit(accept), http.StatusConflict).Has(".flash.tone-fail") // a double click
	first := s.mailed("vli@vlieger.test")
	again := b.open(path).Form("form[action$='/invitation']")
	b.goesTo(b.submit(again), path)
	if s.mailed("vli@vlieger.test") == first {
		t.Error("no new invitation")
	}
	noor := s.browser()
	f := noor.open(s.mailed("vli@vlieger.test")).Form("main form")
	noor.goesTo(noor.submit(f.Set("password", secret)), "/s/vlieger/")
	b.open(path).HasNot("form[action$='/invitation']")
	if p := b.get("/s/vlieger/"); p.Status != http.StatusForbidden {
		t.Errorf("the centre sees the school: %d", p.Status)
	}
}

func TestTheDeskRefusesWithAReason(t *testing.T) {
	s := newSite(t)
	b := s.as(supportsAt)
	s.asked("Vlieger")
	path := b.open("/support").Attr(".row a", "href")
	f := b.open(path).Form("form[action$='/refuse']")
	b.refused(b.submit(f), http.StatusUnprocessableEntity).Has("#f-reason-error")
	b.goesTo(b.submit(f.Set("reason", "Uw school werkt er al mee.")), "/support")
	p := b.open(path)
	p.HasNot("form[action$='/accept']")
	b.refused(b.submit(f), http.StatusConflict)
	if b.get("/support/requests/nothing").Status != http.StatusNotFound {
		t.Error("a request that is not there")
	}
}

func TestTheListOfSchools(t *testing.T) {
	s := newSite(t)
	b := s.as(supportsAt)
	if n := b.open("/support/schools").Count("tbody tr"); n != 1 {
		t.Errorf("%d schools", n)
	}
	f := b.open("/support/schools").Form("form[role=search]")
	if n := b.submit(f.Set("find", "anker")).Count("tbody tr"); n != 0 {
		t.Errorf("%d schools", n)
	}
}

func TestOnlyTheCentreSeesTheDesk(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/support", "/support/schools", "/support/requests/x"} {
		if p := s.as(directorsAt).get(path); p.Status != http.StatusForbidden {
			t.Errorf("%s: %d", path, p.Status)
		}
		if p := s.browser().get(path); p.Status != http.StatusSeeOther {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
}
