package messagesweb_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/messages"
	"brug/internal/web/ui/uitest"
)

// guest opens the personal page of a guardian.
func (k *desk) guest(name string) contact.Guest {
	k.T.Helper()
	var gid int64
	k.OK(k.DB.SQL().QueryRow("select id from guardians where name = $1", name).Scan(&gid))
	var path string
	k.OK(k.DB.Write(k.Ctx, func(tx *db.Tx) error {
		paths, err := k.Contact.EnsureLinks(k.Ctx, tx, k.School.ID, []int64{gid})
		path = paths[gid]
		return err
	}))
	g, err := k.Contact.OpenLink(k.Ctx, strings.TrimPrefix(path, "/m/"), "127.0.0.1")
	k.OK(err)
	return g
}

// submit fills a form and sends it by its own button.
func (k *desk) submit(on *uitest.Page, form string, kv ...string) *uitest.Page {
	k.T.Helper()
	f := on.Form(form)
	for i := 0; i+1 < len(kv); i += 2 {
		f.Set(kv[i], kv[i+1])
	}
	p := f.Submit(k.handler, k.sign)
	if p.Status < 300 || p.Status > 399 {
		p.Check()
	}
	return p
}

// TestATeacherAnswersAFamily is a question in the inbox, its translation by hand, an answer that lacks words first, and then one
// with a fixed sentence.
func TestATeacherAnswersAFamily(t *testing.T) {
	k := newDesk(t, false)
	if p := k.open("inbox"); p.Count(".empty") != 1 || p.Attr("#inbox", "data-live") != "inbox" {
		t.Error("an empty inbox says nothing")
	}
	talk, err := k.m.Write(k.Ctx, k.guest("Tsega Haile"), "", messages.Said{Body: "ጽባሕ ቤት ትምህርቲ ኣሎ ድዩ?"})
	k.OK(err)
	inbox := k.open("inbox")
	if inbox.Count(".row") != 1 || inbox.Attr(".row a", "href") != k.path("conversations/"+talk) || inbox.Attr(".row .said", "lang") != "ti" {
		t.Fatalf("the inbox: %s", inbox.Text("main"))
	}
	page := k.open("conversations/" + talk)
	if page.Count(".entry-in") != 1 || page.Attr("#talk", "data-live") != "conversation/"+talk || page.Count(".entry-reading") != 0 {
		t.Fatalf("%s", page.Text("main"))
	}
	if h := page.Header; !strings.Contains(h.Get("Permissions-Policy"), "microphone=(self)") || !strings.Contains(h.Get("Content-Security-Policy"), "script-src 'self';") {
		t.Errorf("%v", h)
	}
	empty := k.submit(k.open(strings.TrimPrefix(page.Attr(".entry-in a", "href"), k.path(""))), "main form")
	if empty.Status != http.StatusUnprocessableEntity {
		t.Errorf("a translation without words: %d", empty.Status)
	}
	done := k.submit(empty, "main form", "text", "Is er morgen school?")
	if done.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", done.Status, done.Text("main"))
	}
	page = k.open("conversations/" + talk)
	if got := page.Text(".entry-reading [lang]"); got != "Is er morgen school?" {
		t.Errorf("beside the original stands %q", got)
	}

	const form = ".talk-words form[novalidate]"
	lacking := k.press(page, form, "send")
	if lacking.Status != http.StatusUnprocessableEntity || lacking.Count(".error-summary") != 1 && lacking.Count("[data-focus]") != 1 {
		t.Errorf("an answer without words: %d", lacking.Status)
	}
	picking := k.press(page, form, "find", "body", "Ja.", "q", "school")
	if picking.Count(".compose-pick") == 0 {
		t.Error("no sentence is found")
	}
	if picking.Text("textarea[name=body]") != "Ja." {
		t.Error("what was typed is lost while choosing a sentence")
	}
	if sent := k.press(picking, form, "send", "body", "Ja, om half negen."); sent.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", sent.Status, sent.Text("main"))
	}
	page = k.open("conversations/" + talk)
	if page.Count(".entry-out") != 1 || page.Count(".entry-out .tag") != 0 {
		t.Errorf("%s", page.Text("#talk"))
	}
	_, err = k.m.Thread(k.Ctx, k.guest("Tsega Haile"), talk)
	k.OK(err)
	if page = k.open("conversations/" + talk); page.Count(".entry-out .tag") != 1 {
		t.Error("nothing says that the family saw it")
	}
	if inbox = k.open("inbox"); inbox.Count(".row") != 0 {
		t.Error("it still waits")
	}
	if all := k.open("inbox?view=all"); all.Count(".row") != 1 {
		t.Error("it stands nowhere")
	}
}

func TestWhatElseCanBeDoneWithAConversation(t *testing.T) {
	k := newDesk(t, false)
	talk, err := k.m.Write(k.Ctx, k.guest("An Maes"), "", messages.Said{Answer: contact.CallMe})
	k.OK(err)
	at := "conversations/" + talk
	if p := k.open("inbox"); p.Count(`.row a[href="tel:+32499000002"]`) != 1 {
		t.Error("no number beside who wants to be called")
	}
	if p := k.post(at+"/talks", "talk", "call tried"); p.Status != http.StatusSeeOther || k.open("inbox").Count(".row") != 1 {
		t.Error("a call that nobody took settles it")
	}
	if k.open(at).Count(`form[action="`+k.path(at+"/owner")+`"]`) != 0 {
		t.Error("it can be handed over, and there is nobody to have it")
	}
	wrong := httptest.NewRequest(http.MethodPost, k.path(at+"/owner"), strings.NewReader("colleague=nobody"))
	wrong.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	k.sign(wrong)
	if p := uitest.Do(t, k.handler, wrong); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("handed to nobody: %d", p.Status)
	}
	agree := k.open("agreements/new?conversation=" + talk)
	if p := k.submit(agree, "main form", "body", ""); p.Status != http.StatusUnprocessableEntity || !p.Has("#f-body-error") {
		t.Errorf("an agreement without words: %d", p.Status)
	}
	if p := k.submit(agree, "main form", "body", "Samen lezen.", "who", "home"); p.Status != http.StatusSeeOther {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	page := k.open(at)
	if page.Count(".agreement") != 1 {
		t.Fatalf("%s", page.Text("main"))
	}
	id := strings.TrimPrefix(page.Attr(".agreement", "id"), "a-")
	if p := k.post("agreements/"+id+"/ended", "how", "done", "back", "//elsewhere.example/s"); p.Status != http.StatusSeeOther || p.Header.Get("Location") != k.path("inbox") {
		t.Errorf("%d to %q", p.Status, p.Header.Get("Location"))
	}
	if p := k.open(at); p.Count(".agreement") != 0 {
		t.Error("what has ended still holds")
	}
	k.open(at + "/sensitive")
	if p := k.post(at + "/sensitive"); p.Status != http.StatusSeeOther || k.open(at).Count(".notice") == 0 {
		t.Error("nothing says that it is closed")
	}
	for _, who := range []struct {
		account int64
		slug    string
		want    int
	}{{k.Other1B.AccountID, k.School.Slug, http.StatusNotFound}, {k.Alien.AccountID, k.Other.Slug, http.StatusNotFound}, {k.Alien.AccountID, k.School.Slug, http.StatusNotFound}} {
		k.as(who.account)
		for _, rest := range []string{at, at + "/sensitive", "agreements/new?conversation=" + talk} {
			if p := uitest.Get(t, k.handler, "/s/"+who.slug+"/"+rest, k.sign); p.Status != who.want && p.Status != http.StatusForbidden {
				t.Errorf("a stranger at %s: %d", rest, p.Status)
			}
		}
	}
}

// TestANewAnswerIsHeardOnTheInbox goes through the whole door: the line opens for who is signed in, a new answer is told, and nobody
// else's school is heard.
func TestANewAnswerIsHeardOnTheInbox(t *testing.T) {
	k := newDesk(t, false)
	an := k.guest("An Maes")
	srv := httptest.NewServer(k.handler)
	defer srv.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+k.path("live?topic=inbox&topic=message/x&topic=whatever"), nil)
	k.OK(err)
	k.sign(req)
	a, err := http.DefaultClient.Do(req)
	k.OK(err)
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %v", a.StatusCode, a.Header)
	}
	words := bufio.NewScanner(a.Body)
	words.Scan() // the line is open
	_, err = k.m.Write(k.Ctx, an, "", messages.Said{Body: "Dag"})
	k.OK(err)
	var heard []string
	for len(heard) < 2 && words.Scan() {
		if words.Text() != "" {
			heard = append(heard, words.Text())
		}
	}
	if got := strings.Join(heard, "; "); got != "event: changed; data: inbox" {
		t.Errorf("heard %q", got)
	}
	stranger, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+k.path("live?topic=inbox"), nil)
	k.OK(err)
	no, err := http.DefaultTransport.RoundTrip(stranger)
	k.OK(err)
	if err := no.Body.Close(); err != nil || no.StatusCode != http.StatusSeeOther {
		t.Errorf("who is not signed in: %d, %v", no.StatusCode, err)
	}
}

// TestARecordingForWhoMayNotBeWrittenToIsNotLost: the page says why it does not go, and comes with the status for which voice.js keeps
// what was recorded.
func TestARecordingForWhoMayNotBeWrittenToIsNotLost(t *testing.T) {
	k := newDesk(t, false)
	talk, err := k.m.Write(k.Ctx, k.guest("An Maes"), "", messages.Said{Body: "Belt u even?"})
	k.OK(err)
	k.OK(k.DB.Write(k.Ctx, func(tx *db.Tx) error { // somebody takes the contact away while the teacher speaks
		_, err := tx.SQL().ExecContext(k.Ctx, "update guardian_rights set may_contact = false")
		return err
	}))
	tone, err := os.ReadFile("../../audio/testdata/tone.ogg")
	k.OK(err)
	var body bytes.Buffer
	f := multipart.NewWriter(&body)
	k.OK(f.WriteField("do", "voice"))
	part, err := f.CreateFormFile("file", "stem.ogg")
	k.OK(err)
	_, err = part.Write(tone)
	k.OK(err)
	k.OK(f.Close())
	r := httptest.NewRequest(http.MethodPost, k.path("conversations/"+talk), &body)
	r.Header.Set("Content-Type", f.FormDataContentType())
	k.sign(r)
	p := uitest.Do(t, k.handler, r)
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("form[data-voice] [role=alert]"), "may not be written to") {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
	p.Check()
	p.Has("form[data-voice] [data-keep] .field input[type=file]")
}

// TestALongConversationIsReadBackwardsByLinks: without a script, from the latest words to the first and back.
func TestALongConversationIsReadBackwardsByLinks(t *testing.T) {
	k := newDesk(t, false)
	an := k.guest("An Maes")
	talk, err := k.m.Write(k.Ctx, an, "", messages.Said{Body: "Het eerste."})
	k.OK(err)
	for i := range 59 {
		k.Clock = k.Clock.Add(time.Hour)
		_, err := k.m.Write(k.Ctx, an, talk, messages.Said{Body: fmt.Sprint("Woord ", i)})
		k.OK(err)
	}
	k.as(k.Teacher.AccountID) // days have passed
	page := k.open("conversations/" + talk)
	if page.Count(".entry") != 50 || page.Count(".pager a") != 1 || page.Count("form[data-voice]") != 1 {
		t.Fatalf("%d entries, %d links", page.Count(".entry"), page.Count(".pager a"))
	}
	at := page.Attr("#talk-earlier[data-live] .pager a[rel=prev]", "href") // renewed with the words: none is left out between them
	old := k.open(strings.TrimPrefix(at, k.path("")))
	if old.Count(".entry") != 10 || !strings.Contains(old.Texts(".entry")[0], "Het eerste.") {
		t.Errorf("%d entries, first %q", old.Count(".entry"), old.Texts(".entry")[0])
	}
	// Answered is below the latest words, which alone are renewed.
	if old.Count("form[data-voice]") != 0 || old.Count("#talk[data-live]") != 0 || page.Count("#talk[data-live]") != 1 {
		t.Error("earlier words are answered where they stand, or renewed")
	}
	if got := old.Attr(".pager a[rel=next]", "href"); got != k.path("conversations/"+talk) || old.Count(".pager a") != 1 {
		t.Errorf("back to %q", got)
	}
	// Words of long ago are translated, too.
	var entry string
	k.OK(k.DB.SQL().QueryRow("select public_id from entries order by id limit 1").Scan(&entry))
	if old.Count("#e-"+entry) != 1 {
		t.Error("the first entry is not on the page")
	}
	words := k.open("conversations/" + talk + "/entries/" + entry)
	if p := k.submit(words, "main form", "text", "Anders gezegd."); p.Status != http.StatusSeeOther {
		t.Errorf("a translation of words of long ago: %d", p.Status)
	}
	if p := uitest.Get(t, k.handler, k.path("conversations/"+talk+"?before=nothing"), k.sign); p.Status != http.StatusNotFound {
		t.Errorf("before an entry that is none: %d", p.Status)
	}
}

// TestWhichMessageIsAnsweredStandsAboveTheAnswer and leads to it.
func TestWhichMessageIsAnsweredStandsAboveTheAnswer(t *testing.T) {
	k := newDesk(t, false)
	id := k.send(messages.Draft{Title: "Bos", Body: "Morgen gaan we naar het bos."})
	k.bring()
	an := k.guest("An Maes")
	list, _, err := k.m.Mine(k.Ctx, an, "", 1)
	k.OK(err)
	talk, err := k.m.AnswerMessage(k.Ctx, an, list[0].Recipient, messages.Said{Body: "Hij is ziek."})
	k.OK(err)
	page := k.open("conversations/" + talk)
	if got := page.Text(`.talk-words .facts a[href="` + k.path("messages/"+id) + `"]`); got != "Bos" || !strings.Contains(page.Text(".talk-words .facts"), "November") {
		t.Errorf("%q: %s", got, page.Text(".talk-words"))
	}
	k.open("messages/" + id)
	own, err := k.m.Write(k.Ctx, an, "", messages.Said{Body: "Een vraag."})
	k.OK(err)
	if p := k.open("conversations/" + own); p.Count(".talk-words .facts") != 0 {
		t.Errorf("what the family began answers %q", p.Text(".talk-words .facts"))
	}
}

// TestADocumentOfAFamilyIsSavedAndNotOpened: it comes as a download that no browser runs, and what was not taken is told with its name.
func TestADocumentOfAFamilyIsSavedAndNotOpened(t *testing.T) {
	k := newDesk(t, false)
	k.roads("mail,paper")
	k.send(messages.Draft{Title: "Bos", Body: "Morgen gaan we naar het bos."})
	k.bring()
	an := k.guest("An Maes")
	list, _, err := k.m.Mine(k.Ctx, an, "", 1)
	k.OK(err)
	_, err = k.m.Incoming(k.Ctx, messages.Reply{SchoolID: k.School.ID, Recipient: list[0].Recipient, Road: contact.Mail, Key: "k", Files: []messages.Upload{
		{Name: "attest.pdf", Data: []byte("%PDF-1.7\n<script>alert(1)</script>\n%%EOF\n")}, {Name: "brief.docx", Data: []byte("PK\x03\x04")}}})
	k.OK(err)
	inbox := k.open("inbox")
	if got := inbox.Text(".row"); !strings.Contains(got, "sent a document") {
		t.Errorf("the inbox says %q", got)
	}
	page := k.open(strings.TrimPrefix(inbox.Attr(".row a", "href"), k.path("")))
	if got := page.Texts(".entry"); len(got) != 2 || !strings.Contains(got[1], "brief.docx") || !strings.Contains(got[1], "no photo, recording or PDF") {
		t.Errorf("%q", got)
	}
	note := uitest.Get(t, k.handler, page.Attr(".entry a[download]", "href"), k.sign)
	h := note.Header
	if note.Status != http.StatusOK || h.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment;") || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", note.Status, h)
	}
}
