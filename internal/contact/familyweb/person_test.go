package familyweb_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"brug/internal/calendar"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/voice"
)

func TestTheFirstPageHasThisWeekFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		_, err := h.Calendar.Add(h.Ctx, h.Teacher, calendar.Input{Kind: calendar.Swim, Title: "Badmuts mee", Day: "2026-11-24", Class: h.Class["3A"]})
		h.OK(err)
		_, err = h.Calendar.Add(h.Ctx, h.System, calendar.Input{Kind: calendar.Holiday, Day: "2026-12-21", ToDay: "2027-01-03"})
		h.OK(err)
		h.send(messages.Draft{Title: "Zwemmen", Body: "Dinsdag gaan we zwemmen."})
		link := h.link(h.Home("Ali", ""))
		p := h.get(link)
		p.Check()
		if p.Status != http.StatusOK || p.Attr("html", "lang") != "ar" || p.Attr("html", "dir") != "rtl" {
			t.Fatalf("%d in %s", p.Status, p.Attr("html", "lang"))
		}
		if got := p.Text(".new h2"); got != "Zwemmen" || p.Attr(".new h2", "lang") != "nl" {
			t.Errorf("the new message says %q", got)
		}
		cards := p.Texts("main > .card")
		if !strings.Contains(cards[0], "Zwemmen") || !strings.Contains(cards[1], "Badmuts mee") || !strings.Contains(cards[1], "Ali") {
			t.Errorf("first %q, then %q", cards[0], cards[1])
		}
		if p.Count(".lines li") != 1 { // the holiday comes later
			t.Errorf("later: %v", p.Texts(".lines li"))
		}
		if h := p.Header; h.Get("Cache-Control") != "private, no-store" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Brug-Offline") != "keep" {
			t.Errorf("headers %v", h)
		}
		// The other class and the other home get nothing of it.
		other := h.get(h.link(h.Home("Ela", "Ana Stan")))
		if other.Count(".new") != 0 || strings.Contains(other.Body, "Badmuts") {
			t.Error("a family of another class sees it")
		}
		if strings.Contains(h.Said.String(), strings.TrimPrefix(link, "/m/")) {
			t.Error("the log has the secret of a link")
		}
	})
}

func TestAMessageIsReadAndAnsweredByOneTap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.send(messages.Draft{Title: "Zwemmen", Body: "Dinsdag gaan we zwemmen.\n\nNeem een badmuts mee."})
		link := h.link(h.Home("Desta", ""))
		p := h.get(h.get(link).Attr(".new .first", "href"))
		p.Check()
		if p.Text("h1") != "Zwemmen" || p.Attr("h1", "lang") != "nl" || !strings.Contains(strings.Join(p.Texts(".sheet"), " "), "badmuts") {
			t.Errorf("%q: %v", p.Text("h1"), p.Texts("main"))
		}
		p.Has("[data-listen]")
		f := p.Form("form[data-voice]")
		done := h.follow(h.submit(f.Press("answer", "question")))
		done.Has(".flash")
		if done.Count(".talk li") != 1 || done.Count(".on[value=question]") != 1 {
			t.Errorf("after the tap: %v", done.Texts(".talk li"))
		}
		// The first page has it as read and answered, and not as new.
		home := h.get(link)
		if home.Count(".new") != 0 || home.Count("[aria-labelledby=earlier] li") != 1 || home.Count("[aria-labelledby=talks] li") != 1 {
			t.Errorf("the first page: %v", home.Texts(".card"))
		}
		// In one's own words, and a mistake keeps what was typed.
		f = done.Form("form[data-voice]").Set("body", strings.Repeat("ሰላም ", 600))
		wrong := h.submit(f)
		if wrong.Status != http.StatusUnprocessableEntity || wrong.Count("textarea[aria-invalid]") != 1 || !strings.HasPrefix(wrong.Text("textarea"), "ሰላም") {
			t.Errorf("too long: %d", wrong.Status)
		}
		again := h.follow(h.submit(wrong.Form("form[data-voice]").Set("body", "ሰላም")))
		if texts := again.Texts(".talk .words"); !slices.Contains(texts, "ሰላም") {
			t.Errorf("said: %v", texts)
		}
	})
}

func TestAMessageIsHeardAsSomebodyReadItAloud(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		text := material.Shipped().All()[0]
		h.send(messages.Draft{Material: text.Slug})
		home := h.Home("Desta", "")
		page := h.link(home)
		at := path.Base(h.get(page+"/messages").Attr("main a.line", "href"))
		silent := h.get(page + "/messages/" + at)
		if silent.Status != http.StatusOK || silent.Count(".sheet audio") != 0 {
			t.Fatalf("%d, before somebody read it", silent.Status)
		}
		sound, err := os.ReadFile(filepath.Join("..", "..", "audio", "testdata", "tone.mp3"))
		h.OK(err)
		_, err = h.Voices.Add(h.Ctx, h.Teacher, voice.Take{Material: text.Slug, Lang: silent.Attr("html", "lang"), File: sound, Speaker: "Almaz", Consent: true})
		h.OK(err)
		heard := h.get(h.get(page+"/messages/"+at).Attr(".sheet audio", "src"))
		if heard.Status != http.StatusOK || heard.Header.Get("Content-Type") != "audio/mpeg" || heard.Body == "" {
			t.Errorf("the voice: %d, %v", heard.Status, heard.Header)
		}
		if got := h.get(h.link(h.Home("Ela", "Ana Stan")) + "/voice/" + at); got.Status != http.StatusNotFound {
			t.Errorf("by the link of another home: %d", got.Status)
		}
	})
}

func TestAPhotoComesAsAnswerAndOnlyItsFamilySeesIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.send(messages.Draft{Title: "Zwemmen", Body: "Dinsdag gaan we zwemmen."})
		link := h.link(h.Home("Desta", ""))
		at := h.get(link).Attr(".new .first", "href")
		p := h.follow(h.upload(at, map[string]string{"body": ""}, map[string][]byte{"foto.jpg": picture(t)}))
		src := p.Attr(".photo img", "src")
		if got := h.get(src); got.Status != http.StatusOK || got.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("%s: %d", src, got.Status)
		}
		file := src[strings.Index(src, "/files/"):]
		if got := h.get(h.link(h.Home("Ali", "")) + file); got.Status != http.StatusNotFound {
			t.Errorf("another family: %d", got.Status)
		}
		bad := h.upload(at, nil, map[string][]byte{"foto.jpg": []byte("no photo at all")})
		if bad.Status != http.StatusUnprocessableEntity || bad.Count(".error, .summary") == 0 {
			t.Errorf("no photo: %d", bad.Status)
		}
	})
}

// TestAFormComesAsPDF: it can be chosen, comes back as a download, and what is refused is called what it is.
func TestAFormComesAsPDF(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		link := h.link(h.Home("Cas", "An Maes"))
		write := h.get(link + "/write")
		if got := write.Attr("input[type=file]", "accept"); !strings.Contains(got, "application/pdf") || !strings.Contains(got, "image/*") {
			t.Errorf("a phone offers %q", got)
		}
		talk := h.follow(h.upload(link+"/write", map[string]string{"body": ""}, map[string][]byte{"attest.pdf": []byte("%PDF-1.7\n…\n%%EOF\n")}))
		src := talk.Attr(".talk a[download]", "href")
		got := h.get(src)
		if got.Status != http.StatusOK || got.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %d %v", src, got.Status, got.Header)
		}
		if other := h.get(h.link(h.Home("Desta", "")) + src[strings.Index(src, "/files/"):]); other.Status != http.StatusNotFound {
			t.Errorf("another family: %d", other.Status)
		}
		for name, c := range map[string]struct {
			data []byte
			want string
		}{
			"rekenblad.xlsx": {append([]byte("PK\x03\x04"), make([]byte, 8<<20)...), "geen foto, geen opname en geen pdf"},
			"groot.pdf":      {append([]byte("%PDF-1.7\n"), make([]byte, 11<<20)...), "hoogstens 10 MB"},
		} {
			bad := h.upload(link+"/write", map[string]string{"body": "Zie bijlage"}, map[string][]byte{name: c.data})
			if said := bad.Text("#f-files-error"); bad.Status != http.StatusUnprocessableEntity || !strings.Contains(said, c.want) || bad.Text("textarea") != "Zie bijlage" {
				t.Errorf("%s: %d, %q", name, bad.Status, said)
			}
		}
	})
}

// TestAFamilyReadsAllOfALongConversation and is told, in its language, what the school did not get.
func TestAFamilyReadsAllOfALongConversation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.send(messages.Draft{Title: "Zwemmen", Body: "Dinsdag gaan we zwemmen."})
		link := h.link(h.Home("Ali", ""))
		letter := h.get(link).Attr(".new .first", "href")
		guest, err := h.Contact.OpenLink(h.Ctx, strings.TrimPrefix(link, "/m/"), "127.0.0.1")
		h.OK(err)
		_, err = h.Messages.Incoming(h.Ctx, messages.Reply{SchoolID: h.School.ID, Recipient: path.Base(letter), Road: contact.Mail, Key: "k", Text: "مرفق", Files: []messages.Upload{{Name: "brief.docx", Data: []byte("PK\x03\x04")}}})
		h.OK(err)
		for range 58 {
			h.Clock = h.Clock.Add(time.Hour)
			_, err := h.Messages.AnswerMessage(h.Ctx, guest, path.Base(letter), messages.Said{Body: "شكرًا"})
			h.OK(err)
		}
		p := h.get(letter)
		p.Check()
		if p.Count(".talk > li") != 50 {
			t.Errorf("%d entries below the message", p.Count(".talk > li"))
		}
		old := h.get(strings.TrimSuffix(p.Attr("[aria-labelledby=said] > a", "href"), "#said"))
		old.Check()
		if old.Count(".talk > li") != 10 || old.Count("form[data-voice]") != 0 {
			t.Errorf("%d earlier entries, %d forms", old.Count(".talk > li"), old.Count("form[data-voice]"))
		}
		if said := old.Texts(".talk > li")[1]; !strings.Contains(said, "brief.docx") || !strings.Contains(said, "لم يصل هذا الملف إلى المدرسة") || !strings.Contains(said, "PDF") {
			t.Errorf("what the school did not get: %q", said)
		}
		if got := old.Count(`main a[href="` + letter + `"]`); got != 1 {
			t.Errorf("%d links to the message", got)
		}
		latest := h.get(strings.TrimSuffix(old.Attr("[aria-labelledby=said] > a", "href"), "#said"))
		if latest.Count(".talk > li") != 50 || latest.Count("form[data-voice]") != 1 {
			t.Errorf("back: %d entries", latest.Count(".talk > li"))
		}
	})
}

func TestAGuardianBeginsAConversation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		home := h.Home("Ali", "")
		link := h.link(home)
		p := h.get(link + "/write")
		p.Check()
		if p.Count("[name=child]") != 3 { // Ali, Badra, all
			t.Errorf("children: %v", p.Texts("label"))
		}
		f := p.Form("form[data-voice]").Set("child", home.Children[0].PublicID).Set("body", "Ali slaapt slecht.")
		talk := h.follow(h.submit(f))
		if got := talk.Texts(".talk .words"); !slices.Equal(got, []string{"Ali slaapt slecht."}) {
			t.Errorf("said %v", got)
		}
		empty := h.submit(h.get(link + "/write").Form("form[data-voice]"))
		if empty.Status != http.StatusUnprocessableEntity {
			t.Errorf("nothing said: %d", empty.Status)
		}
		// The other home of another child knows nothing of it.
		if got := h.get(h.link(h.Home("Desta", "")) + strings.TrimPrefix(talk.URL[:strings.IndexByte(talk.URL, '?')], link)); got.Status != http.StatusNotFound {
			t.Errorf("another family: %d", got.Status)
		}
	})
}

func TestBothHomesAreApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.send(messages.Draft{Title: "Zwemmen", Body: "Dinsdag gaan we zwemmen."})
		an, piotr := h.link(h.Home("Cas", "An Maes")), h.link(h.Home("Cas", "Piotr Nowak"))
		at := h.get(an).Attr(".new .first", "href")
		f := h.get(at).Form("form[data-voice]").Set("body", "Alleen voor de juf.")
		h.follow(h.submit(f.Press("answer", "understood")))
		p := h.get(piotr)
		if p.Attr("html", "lang") != "pl" || p.Count(".new") != 1 || strings.Contains(p.Body, "Alleen voor de juf") || p.Count("#talks") != 0 {
			t.Error("the other home shows")
		}
		if got := h.get(piotr + strings.TrimPrefix(at, an)); got.Status != http.StatusNotFound {
			t.Errorf("the letter of the other home: %d", got.Status)
		}
	})
}

func TestWhatIsPrivateAsksForACode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.send(messages.Draft{Title: "Ons gesprek", Body: "Wij maken ons zorgen.", Sensitive: true})
		home := h.Home("Desta", "")
		link := h.link(home)
		first := h.get(link)
		if strings.Contains(first.Body, "zorgen") || strings.Contains(first.Body, "Ons gesprek") {
			t.Fatal("it stands on the first page")
		}
		step := h.follow(h.get(first.Attr(".new .first", "href")))
		step.Check()
		if step.Count("input[name=code]") != 1 || strings.Contains(step.Body, "zorgen") || !strings.Contains(step.Body, "••• •• 04") {
			t.Fatalf("no second step: %v", step.Texts("main"))
		}
		sent := h.follow(h.submit(step.Form("form[action$=codes]")))
		sent.Has(".flash")
		var text, to string
		h.OK(d.SQL().QueryRowContext(h.Ctx, "select body_text, to_addr from outbox where road = 'sms'").Scan(&text, &to))
		if to != "+32499000004" {
			t.Errorf("sent to %s", to)
		}
		code := ""
		for _, w := range strings.Fields(text) {
			if len(w) == 6 && strings.Trim(w, "0123456789") == "" {
				code = w
			}
		}
		if strings.Contains(h.Said.String(), code) || code == "" {
			t.Errorf("the code %q stands in the log, or is not in %q", code, text)
		}
		wrong := h.submit(sent.Form("form[action$=second]").Set("code", "12"))
		if wrong.Status != http.StatusUnprocessableEntity {
			t.Errorf("a wrong code: %d", wrong.Status)
		}
		passed := h.submit(wrong.Form("form[action$=second]").Set("code", code))
		for _, c := range (&http.Response{Header: passed.Header}).Cookies() {
			if c.Path != link || !c.HttpOnly || !c.Secure || c.MaxAge != int(contact.SecondLife.Seconds()) {
				t.Errorf("cookie %+v", c)
			}
		}
		p := h.follow(passed)
		if !strings.Contains(strings.Join(p.Texts(".sheet"), " "), "zorgen") || p.Header.Get("Brug-Offline") == "keep" {
			t.Errorf("after the code: %v", p.Texts("main"))
		}
		h.cookies = map[string]string{} // another browser
		if got := h.get(first.Attr(".new .first", "href")); got.Status != http.StatusSeeOther {
			t.Errorf("another browser: %d", got.Status)
		}
	})
}

func TestALinkThatDoesNotWorkIsToldInSixLanguages(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	link := h.link(h.Home("Desta", ""))
	for _, path := range []string{"/m/nobodys", "/m/nobodys/messages/x", "/m/nobodys/calendar.ics"} {
		p := h.get(path)
		p.Check()
		if p.Status != http.StatusNotFound || p.Count("p[lang]") < 6 || p.Header.Get("Brug-Offline") != "forget" {
			t.Errorf("%s: %d, %d languages", path, p.Status, p.Count("p[lang]"))
		}
	}
	ended := h.submit(h.get(link + "/notme").Form("form"))
	ended.Check()
	if ended.Status != http.StatusOK || ended.Header.Get("Brug-Offline") != "forget" || strings.Contains(ended.Body, "Tsega") || strings.Contains(ended.Body, "manifest") {
		t.Errorf("not me: %d", ended.Status)
	}
	if p := h.get(link); p.Status != http.StatusGone || p.Count("p[lang]") < 6 || strings.Contains(p.Body, "Desta") || strings.Contains(p.Body, "De Brug") {
		t.Errorf("after: %d %v", p.Status, p.Texts("main"))
	}
	var waits int
	h.OK(h.DB.SQL().QueryRowContext(h.Ctx, "select count(*) from conversations where waits = 'staff' and title like '%Tsega Haile%'").Scan(&waits))
	if waits != 1 {
		t.Errorf("the school is told in %d conversations", waits)
	}
}

func TestChoicesAreKeptAndToldInTheNewLanguage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		home := h.Home("Ali", "")
		link := h.link(home)
		p := h.get(link + "/choices")
		p.Check()
		if strings.Contains(p.Body, "499000001") {
			t.Error("the number is shown")
		}
		f := p.Form("form[action$=choices]").Set("lang", "tr").Set("amount", "1").Set("from", "19:00").Set("weekend", "yes")
		kept := h.follow(h.submit(f))
		if kept.Attr("html", "lang") != "tr" || !strings.Contains(kept.Text(".flash"), "1") {
			t.Errorf("in %s: %s", kept.Attr("html", "lang"), kept.Text(".flash"))
		}
		// Another road asks for a code first; that of a paper will do. Then the number is shown.
		step := h.follow(h.submit(kept.Form("form[action$=choices]").Set("road", "sms")))
		paper := h.Code(home, "ar")
		done := h.follow(h.submit(step.Form("form[action$=second]").Set("code", paper.Short)))
		if !strings.Contains(done.Body, "+32499000001") || done.Count("input[value=sms][checked]") != 1 {
			t.Errorf("after the code: %v", done.Texts("label"))
		}
		var road, amount string
		h.OK(d.SQL().QueryRowContext(h.Ctx, "select g.road, h.amount from guardians g join households h on h.id = g.household_id where g.name = 'Nadia Haddad'").Scan(&road, &amount))
		if road != "sms" || amount != "1" {
			t.Errorf("kept: %s, %s", road, amount)
		}
	})
}

func TestOneClickInAMailProgramStops(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		link := h.link(h.Home("Desta", ""))
		stopped := func() bool {
			var at int64
			h.OK(d.SQL().QueryRowContext(h.Ctx, "select stopped_at from guardians where name = 'Tsega Haile'").Scan(&at))
			return at != 0
		}
		if h.get(link + "/unsubscribe").Check(); stopped() {
			t.Error("looking at the page stopped it")
		}
		// As mail programs send it: no cookie, no Origin, no Sec-Fetch-Site.
		f := h.get(link + "/unsubscribe").Form("form")
		f.Action = link + "/unsubscribe"
		f.Values.Set("List-Unsubscribe", "One-Click")
		if p := f.Submit(h.Door, func(r *http.Request) { r.Header.Del("Sec-Fetch-Site") }); p.Status != http.StatusNoContent || !stopped() {
			t.Errorf("%d, stopped %v", p.Status, stopped())
		}
		p := h.get(link)
		if h.follow(h.submit(p.Form("form[action$=resume]"))); stopped() {
			t.Error("it did not begin again")
		}
	})
}

func TestACalendarSubscribes(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	_, err := h.Calendar.Add(h.Ctx, h.Teacher, calendar.Input{Kind: calendar.Swim, Day: "2026-11-24", Class: h.Class["3A"]})
	h.OK(err)
	p := h.get(h.link(h.Home("Desta", "")) + "/calendar.ics")
	if p.Header.Get("Content-Type") != calendar.ContentType || !strings.HasPrefix(p.Body, "BEGIN:VCALENDAR\r\n") || !strings.Contains(p.Body, "20261124") {
		t.Errorf("%s", p.Body)
	}
	if other := h.get(h.link(h.Home("Ela", "Ana Stan")) + "/calendar.ics"); strings.Contains(other.Body, "20261124") {
		t.Error("another class has it too")
	}
}

func TestThePageIsAnAppOfItsLinkAlone(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	link := h.link(h.Home("Desta", ""))
	at := h.get(link).Attr("link[rel=manifest]", "href")
	p := h.get(at)
	var m struct {
		Start string                              `json:"start_url"`
		Scope string                              `json:"scope"`
		Icons []struct{ Src, Sizes, Type string } `json:"icons"`
	}
	h.OK(json.Unmarshal([]byte(p.Body), &m))
	if m.Start != link || m.Scope != link || len(m.Icons) != 2 || strings.Contains(p.Body, "Desta") || strings.Contains(p.Body, "Tsega") {
		t.Errorf("%s", p.Body)
	}
	for _, i := range m.Icons {
		if got := h.get(i.Src); got.Status != http.StatusOK || got.Header.Get("Content-Type") != i.Type {
			t.Errorf("%s: %d", i.Src, got.Status)
		}
	}
	sw := h.get(link + "/sw.js")
	if sw.Status != http.StatusOK || sw.Header.Get("Service-Worker-Allowed") != link || !strings.HasPrefix(sw.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("worker: %d %v", sw.Status, sw.Header)
	}
}

func TestAPhoneAsksForSigns(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	link := h.link(h.Home("Desta", ""))
	f := h.get(link + "/choices").Form("form[data-push]")
	f.Values.Set("subscription", `{"endpoint":"https://push.example.org/abc","keys":{"p256dh":"BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM","auth":"tBHItJI5svbpez7KI4CCXg"}}`)
	if p := h.submit(f); p.Status != http.StatusNoContent {
		t.Errorf("%d", p.Status)
	}
	if p := h.get(link + "/choices"); p.Count("input[value=push]") != 1 {
		t.Error("a sign on this phone cannot be chosen")
	}
	f.Values.Set("subscription", `{"endpoint":"https://127.0.0.1/abc"}`)
	if p := h.submit(f); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("no push service: %d", p.Status)
	}
}

func TestWhatWasAgreedIsConfirmedByOneTap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		home := h.Home("Desta", "")
		_, err := h.Messages.Agree(h.Ctx, h.Teacher, messages.AgreementDraft{Household: home.PublicID, Child: home.Children[0].PublicID, Body: "Elke avond tien minuten voorlezen.", Who: messages.ByHome, LookBack: "2026-12-18"})
		h.OK(err)
		link := h.link(home)
		p := h.get(link)
		if p.Count(".agreed") != 1 || !strings.Contains(p.Text(".agreed"), "voorlezen") {
			t.Fatalf("agreed: %v", p.Texts(".agreed"))
		}
		done := h.follow(h.submit(p.Form(".agreed form")))
		if done.Count(".agreed form") != 0 || done.Count(".agreed .seen") != 1 {
			t.Errorf("after the tap: %v", done.Texts(".agreed"))
		}
	})
}

func TestALinkOfLongAgo(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	link := h.link(h.Home("Desta", ""))
	h.Clock = h.Clock.Add(contact.LinkLife + time.Hour)
	if p := h.get(link); p.Status != http.StatusGone {
		t.Errorf("%d", p.Status)
	}
}
