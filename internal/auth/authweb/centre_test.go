package authweb_test

import (
	"net/http"
	"testing"
)

func TestTheCentreMakesItsHouse(t *testing.T) {
	s := newSite(t)
	b := s.as(supportsAt)
	b.open("/support").Has("a[href='/support/centre']")
	f := b.open("/support/centre").Form("main form")
	b.refused(b.submit(f.Set("name", " ")), http.StatusUnprocessableEntity).Has("#f-name-error")
	b.goesTo(b.submit(f.Set("name", "Onderwijscentrum")), "/s/onderwijscentrum/materials")
	b.refused(b.submit(f), http.StatusConflict)
	b.goesTo(b.get("/support/centre"), "/s/onderwijscentrum/materials")
	if p := b.get("/s/onderwijscentrum/"); p.Status != http.StatusForbidden {
		t.Errorf("the start page of a school is nothing for the centre: %d", p.Status)
	}
	b.open("/support").Has("nav a[href='/s/onderwijscentrum/materials']")
}
