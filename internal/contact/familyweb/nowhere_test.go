package familyweb_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"brug/internal/db/dbtest"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/web/ui/uitest"
)

func TestAWrongAddressBelowAGoodLinkLeadsBackToTheOwnPage(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	home := h.Home("Desta", "")
	link, paper := h.link(home), h.printed(home, h.send(messages.Draft{Title: "Zwemmen", Body: "Dinsdag gaan we zwemmen."}))
	for _, own := range []string{link, paper} {
		for _, rest := range []string{"/", "/nosuch", "/messages/nosuch/at/all", "/%E2%80%A6", "/nosuch?lang=ja"} {
			p := h.get(own + rest)
			p.Check()
			if p.Status != http.StatusNotFound || p.Attr("html", "lang") != "ti" || p.Text("h1") != lang.For("ti").T("This page is not here") {
				t.Errorf("%s: %d in %q: %q", rest, p.Status, p.Attr("html", "lang"), p.Text("h1"))
			}
			if p.Count("main a") != 1 || p.Attr("main a.first", "href") != own {
				t.Errorf("%s: %d ways on, the first to %q", rest, p.Count("main a"), p.Attr("main a", "href"))
			}
		}
		if p := uitest.Do(t, h.Door, httptest.NewRequest("POST", own+"/nosuch", nil)); p.Status != http.StatusNotFound || p.Attr("main a.first", "href") != own {
			t.Errorf("sent to a wrong address: %d", p.Status)
		}
		if p := uitest.Do(t, h.Door, httptest.NewRequest("POST", own, nil)); p.Status != http.StatusNotFound || p.Attr("main a.first", "href") != own {
			t.Errorf("sent to the page itself: %d", p.Status)
		}
	}
}

func TestBelowAWrongLinkEveryAddressSaysTheSame(t *testing.T) {
	for _, start := range []string{"/m/", "/f/"} {
		h := newHouse(t, dbtest.SQLite(t))
		wrong := func(rest string) *uitest.Page {
			return h.get(start+"AAAAAAAAAAAAAAAAAAAAAA"+rest, func(r *http.Request) { r.Header.Set("Accept-Language", "ar") })
		}
		known := wrong("")
		// A wrong secret counts as one wherever it stands, so that nobody tries them at an address that is not watched.
		waits := 0
		for range 60 {
			p := wrong("/nosuch")
			p.Check()
			if p.Attr("html", "lang") != "ar" || p.Count(".tongue") != 5 {
				t.Fatalf("%s: %d in %q", start, p.Status, p.Attr("html", "lang"))
			}
			if p.Status == http.StatusTooManyRequests {
				waits++
				continue
			}
			if waits > 0 || p.Status != known.Status || p.Text("main") != known.Text("main") {
				t.Fatalf("%s: %d %q, at the link itself %d %q", start, p.Status, p.Text("main"), known.Status, known.Text("main"))
			}
		}
		if waits == 0 {
			t.Errorf("%s: wrong links below an unknown address are never stopped", start)
		}
		if p := wrong("/messages"); start == "/m/" && p.Status != http.StatusTooManyRequests {
			t.Errorf("and then at an address that is there: %d", p.Status)
		}
		if strings.Contains(h.Said.String(), "AAAAAAAA") {
			t.Error("the secret is in the log")
		}
	}
}
