package authweb_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAskLosesNothingOnAMistake(t *testing.T) {
	b := newSite(t).browser()
	f := b.open("/ask").Form("main form")
	f.Set("school", "De Vlieger").Set("town", "Aalst").Set("person", "Noor Baert").Set("role", "directeur").Set("email", "noor@")
	f.Set("phone", "053 00").Set("message", "Twee\nregels").Set("lang", "fr")
	p := b.refused(b.submit(f), http.StatusUnprocessableEntity)
	again := p.Form("main form")
	for name := range f.Values {
		if got := strings.ReplaceAll(again.Values.Get(name), "\r\n", "\n"); got != f.Values.Get(name) {
			t.Errorf("%s: %q, typed %q", name, got, f.Values.Get(name))
		}
	}
	p.Has("#f-email-error")
	b.goesTo(b.submit(again.Set("email", "noor@vlieger.test")), "/ask/done")
	b.open("/ask/done")
}

func TestAskIsThrottledAndKeepsTheForm(t *testing.T) {
	b := newSite(t).browser()
	f := b.open("/ask").Form("main form")
	f.Set("school", "De Vlieger").Set("town", "Aalst").Set("person", "Noor").Set("role", "directeur").Set("email", "noor@vlieger.test")
	for range 3 {
		b.goesTo(b.submit(f), "/ask/done")
	}
	p := b.refused(b.submit(f), http.StatusTooManyRequests)
	if p.Attr("input[name=school]", "value") != "De Vlieger" {
		t.Error("lost")
	}
}
