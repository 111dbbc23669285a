package messagesweb_test

import (
	"bytes"
	"encoding/base64"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/messages"
	"brug/internal/phrase"
	"brug/internal/school"
	"brug/internal/web/ui/uitest"
)

// said is the line with which an answer of the server leads on.
func said(p *uitest.Page) string {
	for _, c := range (&http.Response{Header: p.Header}).Cookies() {
		if b, err := base64.RawURLEncoding.DecodeString(c.Value); err == nil && c.Name == "brug_flash" {
			return string(b)
		}
	}
	return ""
}

// director signs a director in.
func (k *desk) director() {
	k.T.Helper()
	boss, err := k.Auth.CreateAccount(k.Ctx, auth.Actor{Role: auth.System}, auth.NewAccount{School: k.School, Name: "Griet", Email: "griet@brug.test", Lang: "nl", Role: auth.Director, Password: "vier appels onder de tafel"})
	k.OK(err)
	k.as(boss.AccountID)
}

func TestCallingBackTellsHowManyHaveGotIt(t *testing.T) {
	k := newDesk(t, false)
	id := k.send(messages.Draft{Title: "Later", Body: "Voor morgen.", SendAt: k.Clock.Add(24 * time.Hour)})
	if got := said(k.post("messages/"+id+"/stop", "x", "")); got != "Called back. Nobody has got it." {
		t.Errorf("nothing had gone: %q", got)
	}
	if got := said(k.post("messages/"+id+"/stop", "x", "")); got != "This message was called back before." {
		t.Errorf("twice: %q", got)
	}
	k.roads("paper")
	id = k.send(messages.Draft{Title: "Bos", Body: "Morgen naar het bos."})
	k.bring()
	if got := k.open("messages/" + id + "/stop").Text(".confirm"); !strings.Contains(got, "4 people do not get it") || !strings.Contains(got, "0 people have got it already") {
		t.Errorf("asked before: %q", got)
	}
	k.open("messages/" + id).Has("#message a[href$='/calls']")
	if got := said(k.post("messages/"+id+"/stop", "x", "")); got != "Called back. Nobody has got it." {
		t.Errorf("the paper was not printed yet: %q", got)
	}
	k.open("messages/" + id).HasNot("#message a[href$='/calls']")
	k.roads("sms,paper")
	id = k.send(messages.Draft{Title: "Bos", Body: "Morgen naar het bos."})
	k.bring()
	if got := said(k.post("messages/"+id+"/stop", "x", "")); got != "Called back. 4 people had got it already." {
		t.Errorf("all had it: %q", got)
	}
}

func TestPrintLeadsToTheLettersOfThatClass(t *testing.T) {
	k := newDesk(t, false)
	k.roads("paper")
	id := k.send(messages.Draft{Title: "Bos", Body: "Morgen naar het bos."})
	_, err := k.m.Send(k.Ctx, k.Other1B, messages.Draft{Title: "Zwemmen", Body: "Morgen.", To: messages.To{Kind: school.ScopeClass, IDs: []string{k.Class["1B"]}}})
	k.OK(err)
	k.bring()
	k.director()
	p := k.open("messages/" + id)
	if got := p.Attr("form[action$='/packs'] input[name='scope']", "value"); got != "class:"+k.Class["3A"] {
		t.Errorf("it prints %q", got)
	}
}

func TestAMessageOfSentencesIsCalledByItsFirst(t *testing.T) {
	k := newDesk(t, false)
	id := k.send(messages.Draft{Phrases: []messages.Phrase{{Slug: "no-school", Slots: phrase.Values{phrase.Date: "2026-12-09"}}, {Slug: "bring-not-at-home"}}})
	const name = "Woensdag 9 december: geen school"
	if got := k.open("messages").Text(".row .row-words a"); !strings.Contains(got, name) {
		t.Errorf("in the list: %q", got)
	}
	if got := k.open("messages/" + id).Text("h1"); got != name {
		t.Errorf("on its page: %q", got)
	}
}

func TestAMessageIsUsedAgain(t *testing.T) {
	k := newDesk(t, false)
	at := k.Clock.Add(24 * time.Hour)
	id := k.send(messages.Draft{Title: "Uitstap", Body: "Wij gaan naar het museum.", Texts: map[string]messages.Text{"ar": {Body: "نذهب إلى المتحف."}}, Material: "water", SendAt: at,
		Phrases: []messages.Phrase{{Slug: "bring-not-at-home"}}})
	k.post("messages/"+id+"/stop", "x", "")
	p := k.open("messages/" + id)
	p = k.open("messages/new?from=" + strings.TrimPrefix(p.Attr(".head-actions a[href*='from=']", "href"), k.path("messages/new?from=")))
	for selector, want := range map[string]string{"input[name='title']": "Uitstap", "input[name='day']": at.Format(time.DateOnly), "input[name='material']": "water", "input[name='s0']": "bring-not-at-home"} {
		if got := p.Attr(selector, "value"); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	if got := p.Text("textarea[name='body.ar']"); got != "نذهب إلى المتحف." {
		t.Errorf("the translation is lost: %q", got)
	}
	p.Has("option[value='class:" + k.Class["3A"] + "'][selected]")
	p = k.press(p, "form.editor", "check")
	if p.Status != http.StatusOK {
		t.Fatalf("status %d: %q", p.Status, p.Texts(".error"))
	}
	again := k.press(p, "form.check", "send")
	if again.Status != http.StatusSeeOther || strings.HasSuffix(again.Header.Get("Location"), id) {
		t.Errorf("%d, %s: it is a message of its own", again.Status, again.Header.Get("Location"))
	}
}

func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	k := newDesk(t, false)
	p := k.press(k.open("messages/new"), "form.editor", "check", "title", "Dicht", "urgent", "yes", "when", "later")
	if p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", p.Status)
	}
	for _, field := range []string{"day", "why", "body"} {
		p.Has("#f-" + field + "[aria-invalid]")
	}
}

func TestASentenceWhoseDayIsOverIsOpened(t *testing.T) {
	k := newDesk(t, false)
	p := k.press(k.open("messages/new"), "form.editor", "add:no-school")
	p = k.press(p, "form.editor", "put", "slot.date", k.Clock.AddDate(0, 0, 1).Format(time.DateOnly))
	k.Clock = k.Clock.AddDate(0, 0, 3) // the page stood open
	k.as(k.Teacher.AccountID)
	p = k.press(p, "form.editor", "check")
	if p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", p.Status)
	}
	p.Has("#phrases [id='f-slot.date'][aria-invalid]")
	p.Has("#phrases details[open]")
	p = k.press(p, "form.editor", "put", "slot.date", k.Clock.AddDate(0, 0, 1).Format(time.DateOnly))
	if got := p.Count(".compose-parts li"); got != 1 {
		t.Errorf("%d sentences, want the one", got)
	}
}

func TestASentenceThatWasFilledInGoesAlong(t *testing.T) {
	k := newDesk(t, false)
	p := k.press(k.open("messages/new"), "form.editor", "add:no-school")
	day := k.Clock.AddDate(0, 0, 2).Format(time.DateOnly)
	p = k.press(p, "form.editor", "check", "slot.date", day)
	if p.Status != http.StatusOK || p.Attr("input[name='s0.date']", "value") != day {
		t.Errorf("status %d: %q", p.Status, p.Texts(".error"))
	}
	p = k.press(k.press(k.open("messages/new"), "form.editor", "add:no-school"), "form.editor", "check", "body", "Dag.")
	if p.Status != http.StatusOK {
		t.Errorf("one that was only looked at stands in the way: %q", p.Texts(".error"))
	}
}

func TestThePlaceToFindSentencesStaysOpen(t *testing.T) {
	k := newDesk(t, false)
	p := k.open("messages/new")
	p.HasNot("#phrases details[open]")
	for _, do := range []string{"find", "group:bring", "add:bring-not-at-home"} {
		if p = k.press(p, "form.editor", do); p.Count("#phrases details[open]") != 1 {
			t.Errorf("closed after %s", do)
		}
	}
}

func TestATeacherTicksFamiliesOfTheClass(t *testing.T) {
	k := newDesk(t, false)
	p := k.press(k.open("messages/new"), "form.editor", "families")
	homes := p.Count("input[name='home']")
	if homes < 3 {
		t.Fatalf("%d families to tick", homes)
	}
	k.director()
	p = k.press(k.open("messages/new"), "form.editor", "families")
	p.HasNot("input[name='home']")
	p = k.press(p, "form.editor", "families", "who", "3a")
	if got := p.Count("input[name='home']"); got != homes {
		t.Errorf("%d families by the name of the class, want %d", got, homes)
	}
}

func TestOneWrongFileTakesNoOtherAlong(t *testing.T) {
	k := newDesk(t, false)
	var body bytes.Buffer
	f := multipart.NewWriter(&body)
	k.OK(f.WriteField("to", "class:"+k.Class["3A"]))
	k.OK(f.WriteField("do", "attach"))
	for name, data := range map[string]string{"a.exe": "MZ", "brief.pdf": "%PDF-1.4\nsome words\n%%EOF\n", "b.exe": "MZ"} {
		file, err := f.CreateFormFile("attach", name)
		k.OK(err)
		_, err = file.Write([]byte(data))
		k.OK(err)
	}
	k.OK(f.Close())
	r := httptest.NewRequest(http.MethodPost, k.path("messages/new"), &body)
	r.Header.Set("Content-Type", f.FormDataContentType())
	k.sign(r)
	p := uitest.Do(t, k.handler, r)
	if p.Status != http.StatusUnprocessableEntity || !p.Has("#f-attach-error") {
		t.Errorf("status %d", p.Status)
	}
	if got := p.Texts(".letter-files li span[dir]"); len(got) != 1 || got[0] != "brief.pdf" {
		t.Errorf("kept: %q", got)
	}
}
