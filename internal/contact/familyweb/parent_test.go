package familyweb_test

import (
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"brug/internal/calendar"
	"brug/internal/contact"
	"brug/internal/db/dbtest"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/web/ui/uitest"
)

// What went wrong when these pages were used as a parent uses them, each with the test that it does no more.

func TestAnAnswerOfTheSchoolStandsAboveAll(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	_, err := h.Calendar.Add(h.Ctx, h.Teacher, calendar.Input{Kind: calendar.Swim, Day: "2026-11-24", Class: h.Class["3A"]})
	h.OK(err)
	h.send(messages.Draft{Title: "Zwemmen", Body: "Dinsdag gaan we zwemmen."})
	home := h.Home("Desta", "")
	link := h.link(home)
	at := h.get(link).Attr(".new .first", "href")

	// Who only taps that it was understood has said nothing that waits: the line of the message has it.
	h.follow(h.submit(h.get(at).Form("form[data-voice]").Press("answer", "understood")))
	if p := h.get(link); p.Count("[aria-labelledby=talks]") != 0 || !strings.Contains(p.Text("[aria-labelledby=earlier] li"), lang.For("ti").C("answer", "Understood")) {
		t.Errorf("after the tap: %v", p.Texts(".card"))
	}
	// One's own words are no new answer, by whatever road they came.
	h.Clock = h.Clock.Add(time.Minute)
	_, err = h.Messages.Incoming(h.Ctx, messages.Reply{SchoolID: h.School.ID, Recipient: path.Base(at), Road: contact.SMS, Text: "ሰላም", Key: "k1", At: h.Clock})
	h.OK(err)
	p := h.get(link)
	if p.Count(".new") != 0 || p.Count("[aria-labelledby=talks] li") != 1 || strings.Contains(p.Text("main"), lang.For("ti").T("New answer")) {
		t.Errorf("one's own words: %v", p.Texts(".card"))
	}
	// What one said about a message leads to the message, where it can be read again.
	if to := p.Attr("[aria-labelledby=talks] a", "href"); to != at+"#said" || h.get(at).Count("#said") != 1 {
		t.Errorf("the line leads to %s", to)
	}

	h.Clock = h.Clock.Add(time.Minute)
	var talk string
	h.OK(h.DB.SQL().QueryRowContext(h.Ctx, "select public_id from conversations").Scan(&talk))
	h.OK(h.Messages.Reply(h.Ctx, h.Teacher, talk, messages.StaffAnswer{Body: "Neem ook een handdoek mee."}))
	p = h.get(link)
	if first := p.Texts("main > .card")[0]; p.Count(".new") != 1 || !strings.Contains(first, "handdoek") || !strings.Contains(first, lang.For("ti").T("New answer")) {
		t.Errorf("the answer of the school: %v", p.Texts("main > .card"))
	}
	if p.Attr(".new p[lang]", "lang") != "nl" || p.Count("[aria-labelledby=talks]") != 0 {
		t.Errorf("it stands in %q, and twice", p.Attr(".new p[lang]", "lang"))
	}
	h.get(strings.TrimSuffix(p.Attr(".new .first", "href"), "#said"))
	if p := h.get(link); p.Count(".new") != 0 || p.Count("[aria-labelledby=talks] li") != 1 {
		t.Errorf("once it was read: %v", p.Texts("main > .card"))
	}
}

func TestATextInAnotherLanguageIsCalledSo(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.send(messages.Draft{Title: "Zwemmen", Body: "Dinsdag gaan we zwemmen."})
	if p := h.get(h.link(h.Home("Desta", ""))); !strings.Contains(p.Text(".new .for"), lang.Name("ti", "nl")) {
		t.Errorf("a new message in Dutch says %q", p.Text(".new .for"))
	}
	if p := h.get(h.link(h.Home("Cas", "An Maes"))); strings.Contains(p.Text(".new .for"), lang.Name("nl", "nl")) {
		t.Errorf("to who reads Dutch: %q", p.Text(".new .for"))
	}
}

func TestWhatIsOnThisWeekCanBeHeard(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	_, err := h.Calendar.Add(h.Ctx, h.Teacher, calendar.Input{Kind: calendar.Swim, Day: "2026-11-24", Class: h.Class["3A"]})
	h.OK(err)
	p := h.get(h.link(h.Home("Desta", "")))
	what := p.Attr("main > .card [data-listen]", "data-listen")
	if what == "" || p.Count(what) != 1 || p.Attr("main > .card [data-listen]", "data-lang") != "ti" {
		t.Errorf("heard: %q", what)
	}
}

func TestACodeAskedForTwiceIsOnItsWay(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	link := h.link(h.Home("Desta", ""))
	ask := h.get(link + "/second?next=choices/sms").Form("form[action$=codes]")
	for _, times := range []string{"once", "twice"} {
		p := h.follow(h.submit(ask))
		if p.Count(".flash") != 1 || p.Count("input[name=code]") != 1 || p.Attr("form[action$=second] input[name=next]", "value") != "choices/sms" {
			t.Fatalf("tapped %s: %v", times, p.Texts("main"))
		}
	}
	var sent int
	h.OK(h.DB.SQL().QueryRowContext(h.Ctx, "select count(*) from outbox where road = 'sms'").Scan(&sent))
	if sent != 1 {
		t.Errorf("%d were sent", sent)
	}
	// Too many in an hour: she reads how long to wait, and can still type a code.
	var p *uitest.Page
	for range 3 {
		h.Clock = h.Clock.Add(2 * time.Minute)
		p = h.submit(ask)
	}
	if p.Status != http.StatusTooManyRequests || p.Attr("html", "lang") != "ti" || !strings.Contains(p.Text(".flash"), "60") || p.Count("input[name=code]") != 1 || p.Attr("form[action$=second] input[name=next]", "value") != "choices/sms" {
		t.Errorf("too many: %d %v", p.Status, p.Texts("main"))
	}
	p.Check()
}

func TestWordsAreKeptWhereAFileIsTooLarge(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	link := h.link(h.Home("Desta", ""))
	p := h.upload(link+"/write", map[string]string{"body": "ሰላም መምህር"}, map[string][]byte{"film.jpg": make([]byte, 33<<20)})
	if p.Status != http.StatusUnprocessableEntity || p.Text("textarea") != "ሰላም መምህር" || p.Count("#f-files-error") != 1 {
		t.Errorf("%d, kept %q", p.Status, p.Text("textarea"))
	}
}

func TestALinkThatEndedKeepsSayingSoInEachLanguage(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	for _, at := range []string{"/m/nobodys", "/m/nobodys/messages/x", "/f/nobodys"} {
		to := h.get(at).Attr("#languages a[lang=so]", "href")
		so := h.get(to)
		if so.Status != http.StatusNotFound || so.Attr("html", "lang") != "so" || so.Text(".card p[lang=so]") == "" {
			t.Errorf("%s: in Somali %s: %d %v", at, to, so.Status, so.Texts("main"))
		}
	}
}

func TestALinkCutShortSpeaksToAParent(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	for _, at := range []string{"/m", "/m/", "/f", "/f/"} {
		p := h.get(at, func(r *http.Request) { r.Header.Set("Accept-Language", "ti") })
		if p.Status != http.StatusNotFound || p.Attr("html", "lang") != "ti" || p.Count("input[name=code]") != 1 || p.Count("p[lang]") < 6 {
			t.Errorf("%s: %d in %s", at, p.Status, p.Attr("html", "lang"))
		}
	}
}

func TestTheHourOfAnAnswerIsWrittenAsTheReaderWritesIt(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	link := h.link(h.Home("Ali", ""))
	p := h.follow(h.upload(link+"/write", map[string]string{"body": "مرحبا"}, nil))
	if when := p.Text(".talk .hint"); strings.Contains(when, ",") || !strings.Contains(when, "،") {
		t.Errorf("in Arabic: %q", when)
	}
}

func TestWhoCannotReadAnAnswerIsToldSoAndAsksForACallByOneTap(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	link := h.link(h.Home("Desta", ""))
	p := h.get(link + "/write")
	if p.Count("[name=answer]") != 1 || p.Count("[name=answer][value=call]") != 1 {
		t.Errorf("before anything was said: %v", p.Texts("[name=answer]"))
	}
	talk := h.follow(h.submit(p.Form("form[data-voice]").Press("answer", "call")))
	if talk.Count("main > .flash[role=status]") != 1 || talk.Text(".talk b") != lang.For("ti").C("answer", "Call me") {
		t.Fatalf("after the tap: %v", talk.Texts("main"))
	}
	if line := h.get(link).Text("[aria-labelledby=talks] b"); line != lang.For("ti").C("answer", "Call me") {
		t.Errorf("on the first page it is called %q", line)
	}
	at, _, _ := strings.Cut(talk.URL, "?")
	h.OK(h.Messages.Reply(h.Ctx, h.Teacher, path.Base(at), messages.StaffAnswer{Body: "Ik bel u morgen.", Theirs: "ጽባሕ ክድውለልኩም እየ።"}))
	if p = h.get(at); strings.Contains(p.Text(".talk"), lang.Name("ti", "nl")) {
		t.Errorf("it is there in her language: %s", p.Text(".talk"))
	}
	h.OK(h.Messages.Reply(h.Ctx, h.Teacher, path.Base(at), messages.StaffAnswer{Body: "Tot morgen."}))
	if p = h.get(at); !strings.Contains(p.Text(".talk"), lang.Name("ti", "nl")) || p.Count("[name=answer]") != 4 {
		t.Errorf("in Dutch: %s, taps %v", p.Text(".talk"), p.Texts("[name=answer]"))
	}
	p.Check()
}

func TestAlsoWhoHasOneChildWritesInPrivate(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	for _, child := range []string{"Desta", "Ali"} { // one child, two children
		if p := h.get(h.link(h.Home(child, "")) + "/write"); p.Count("[name=private]") != 1 {
			t.Errorf("home of %s: %v", child, p.Texts("label"))
		}
	}
}

func TestAConversationIsCalledAsItsMessageIsInTheReadersLanguage(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.send(messages.Draft{Material: material.Shipped().All()[0].Slug})
	link := h.link(h.Home("Desta", ""))
	h.follow(h.submit(h.get(h.get(link).Attr(".new .first", "href")).Form("form[data-voice]").Press("answer", "question")))
	p := h.get(link)
	if got := p.Text("[aria-labelledby=talks] b"); got != p.Text("[aria-labelledby=earlier] b") || p.Attr("[aria-labelledby=talks] b", "lang") != "ti" {
		t.Errorf("called %q", got)
	}
	var talk string
	h.OK(h.DB.SQL().QueryRow("select public_id from conversations").Scan(&talk))
	if page := h.get(link + "/conversations/" + talk); page.Text("h1") != p.Text("[aria-labelledby=talks] b") || page.Attr("h1", "lang") != "ti" {
		t.Errorf("on its own page called %q", page.Text("h1"))
	}
}
