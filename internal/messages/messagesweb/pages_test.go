package messagesweb_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/jobs"
	"brug/internal/live"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/messages/messagesweb"
	"brug/internal/school"
	"brug/internal/web"
	"brug/internal/web/ui/uitest"
)

// desk is the school with its messages behind the real door. Nothing is configured: what goes out stands in the outbox.
type desk struct {
	*contacttest.World
	m       *messages.Service
	handler http.Handler
	token   string
}

func newDesk(t *testing.T, demo bool) *desk {
	t.Helper()
	d := dbtest.SQLite(t)
	w := contacttest.New(t, d)
	k := &desk{World: w}
	now := func() time.Time { return w.Clock }
	log := slog.New(slog.DiscardHandler)
	shelf := material.New(material.Config{DB: d, Blobs: w.Blobs, Now: now})
	k.m = messages.New(messages.Config{DB: d, Auth: w.Auth, School: w.Schools, Contact: w.Contact, Material: shelf, Jobs: jobs.New(d, jobs.Config{}), Blobs: w.Blobs, Secrets: w.Keys,
		Live: live.New(d, log), Divert: true, SMSCost: 60, BaseURL: "https://brug.test", Data: t.TempDir(), Now: now, Log: log})
	pages := &messagesweb.Pages{Messages: k.m, School: w.Schools, Material: shelf, Demo: demo, Now: now}
	k.handler = web.Handler(web.Config{DB: d, Auth: w.Auth, Routes: pages.Routes(), BaseURL: "https://brug.test", Log: log})
	k.roads("sms,paper")
	k.as(w.Teacher.AccountID)
	return k
}

// as signs somebody in.
func (k *desk) as(account int64) {
	k.T.Helper()
	link, err := k.Auth.DemoLink(k.Ctx, account)
	k.OK(err)
	session, err := k.Auth.SignInDemo(k.Ctx, link, auth.Visit{})
	k.OK(err)
	k.token = session.Token
}

// roads gives all guardians the same roads.
func (k *desk) roads(list string) {
	k.T.Helper()
	k.OK(k.DB.Write(k.Ctx, func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(k.Ctx, "update guardians set roads = ?", list)
		return err
	}))
}

func (k *desk) sign(r *http.Request) {
	r.AddCookie(&http.Cookie{Name: auth.CookieName, Value: k.token})
	r.AddCookie(&http.Cookie{Name: "brug_lang", Value: "en"})
	r.Header.Set("Sec-Fetch-Site", "same-origin")
}

func (k *desk) path(rest string) string { return "/s/" + k.School.Slug + "/" + rest }

func (k *desk) open(rest string) *uitest.Page {
	k.T.Helper()
	p := uitest.Get(k.T, k.handler, k.path(rest), k.sign)
	if p.Status != http.StatusOK {
		k.T.Fatalf("%s: status %d", p.URL, p.Status)
	}
	p.Check()
	return p
}

// press fills the form of a message and presses one of its buttons.
func (k *desk) press(on *uitest.Page, form, do string, kv ...string) *uitest.Page {
	k.T.Helper()
	f := on.Form(form).Press("do", do)
	for i := 0; i+1 < len(kv); i += 2 {
		f.Set(kv[i], strings.Split(kv[i+1], "|")...)
	}
	p := f.Submit(k.handler, k.sign)
	if p.Status < 300 || p.Status > 399 {
		p.Check()
	}
	return p
}

// post sends what a single button sends.
func (k *desk) post(rest string, kv ...string) *uitest.Page {
	k.T.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(kv); i += 2 {
		v.Add(kv[i], kv[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, k.path(rest), strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	k.sign(r)
	p := uitest.Do(k.T, k.handler, r)
	if p.Status != http.StatusSeeOther {
		k.T.Fatalf("%s: status %d", rest, p.Status)
	}
	return p
}

// bring plans and carries what is due.
func (k *desk) bring() {
	k.T.Helper()
	_, err := k.m.Plan(k.Ctx)
	k.OK(err)
	_, err = k.m.Carry(k.Ctx)
	k.OK(err)
}

// send sends a message to the class, and answers its id.
func (k *desk) send(d messages.Draft) string {
	k.T.Helper()
	if d.To.Kind == "" {
		d.To = messages.To{Kind: school.ScopeClass, IDs: []string{k.Class["3A"]}}
	}
	id, err := k.m.Send(k.Ctx, k.Teacher, d)
	k.OK(err)
	return id
}

func TestAMessageIsWrittenCheckedAndSent(t *testing.T) {
	k := newDesk(t, true)
	p := k.open("messages/new")
	if got := p.Attr("#f-to option[selected]", "value"); got != "class:"+k.Class["3A"] {
		t.Errorf("it is for %q, want the teacher's own class", got)
	}
	p = k.press(p, "form.editor", "check", "title", "Bos", "body", "Morgen gaan we naar het bos.")
	if p.Status != http.StatusOK || p.Text("h1") != "Is this right?" {
		t.Fatalf("status %d, %q", p.Status, p.Text("h1"))
	}
	// Four guardians of three children: Dutch, Polish, Arabic and Tigrinya; Cas has two homes.
	if got := p.Count("details.check-lang"); got != 4 {
		t.Errorf("%d languages, want 4", got)
	}
	if got := p.Text(".check .card .road-line"); !strings.Contains(got, "4 by SMS") {
		t.Errorf("roads: %q", got)
	}
	if got := p.Text(".check .card .quiet-words"); !strings.Contains(got, "€") {
		t.Errorf("the price of the SMS is not told: %q", got)
	}
	p.Has("#in-ar .letter-note")
	p.Has("#in-ti textarea[name='body.ti']")
	if rows, _, err := k.m.Messages(k.Ctx, k.Teacher, ""); err != nil || len(rows) != 0 {
		t.Fatalf("the check has sent it: %d, %v", len(rows), err)
	}

	// A colleague knows Arabic; then it goes.
	p = k.press(p, "form.check", "again", "body.ar", "سنذهب غدًا إلى الغابة.")
	if got := strings.Join(p.Texts("#in-ar .letter-block"), " "); !strings.Contains(got, "الغابة") {
		t.Errorf("the translation is not shown: %q", got)
	}
	p = k.press(p, "form.check", "send")
	if p.Status != http.StatusSeeOther {
		t.Fatalf("sending: status %d", p.Status)
	}
	k.bring()
	rows, _, err := k.m.Messages(k.Ctx, k.Teacher, "")
	k.OK(err)
	if len(rows) != 1 || !strings.HasSuffix(p.Header.Get("Location"), rows[0].PublicID) {
		t.Fatalf("%d messages, and the page leads to %s", len(rows), p.Header.Get("Location"))
	}
	p = k.open("messages/" + rows[0].PublicID)
	if got := p.Count("#people .row"); got != 4 {
		t.Errorf("%d people, want 4", got)
	}
	p.Has("svg.fates rect.fate-sent")
	p = k.open("messages/" + rows[0].PublicID + "?group=answered")
	if got := p.Count("#people .row"); got != 0 {
		t.Errorf("%d people have answered, want none", got)
	}
}

func TestNothingTypedIsLostByAnError(t *testing.T) {
	k := newDesk(t, false)
	var body bytes.Buffer
	f := multipart.NewWriter(&body)
	for name, v := range map[string]string{"to": "class:" + k.Class["3A"], "body": "Zie de brief.", "when": "later", "day": "", "at": "", "do": "check", "s0": "call-us", "material": "water", "about": "learning"} {
		k.OK(f.WriteField(name, v))
	}
	file, err := f.CreateFormFile("attach", "brief.pdf")
	k.OK(err)
	_, err = file.Write([]byte("%PDF-1.4\nsome words\n%%EOF\n"))
	k.OK(err)
	k.OK(f.Close())
	r := httptest.NewRequest(http.MethodPost, k.path("messages/new"), &body)
	r.Header.Set("Content-Type", f.FormDataContentType())
	k.sign(r)
	p := uitest.Do(t, k.handler, r)
	if p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", p.Status)
	}
	p.Check()
	p.Has("#f-day[aria-invalid]")
	if got := p.Text(".letter-files li span[dir]"); !strings.Contains(got, "brief.pdf") {
		t.Errorf("the file is lost: %q", got)
	}
	if got := p.Text("textarea[name='body']"); got != "Zie de brief." {
		t.Errorf("the words are lost: %q", got)
	}
	p.Has("input[name='file']")
	p.Has("input[name='s0'][value='call-us']")
	p.Has("input[name='material'][value='water']")
	p.Has("input[name='about'][value='learning'][checked]")

	p = k.press(p, "form.editor", "unfile:"+p.Attr("input[name='file']", "value"))
	p.HasNot("input[name='file']")
}

func TestFamiliesAreChosenByName(t *testing.T) {
	k := newDesk(t, false)
	p := k.press(k.open("messages/new"), "form.editor", "families", "who", "Haile")
	if got := p.Texts("input[name='home']"); len(got) != 1 {
		t.Fatalf("%d families found, want one", len(got))
	}
	p = k.press(p, "form.editor", "check", "home", p.Attr("input[name='home']", "value"), "who", "", "title", "Gesprek", "body", "Kunt u even langskomen?")
	if got := p.Text(".check .card"); !strings.Contains(got, "1 person") || !strings.Contains(got, "1 household") {
		t.Errorf("it goes to %q", got)
	}
}

func TestAFileOfASentMessageIsOpenedFromItsPage(t *testing.T) {
	k := newDesk(t, false)
	f, err := k.m.KeepFile(k.Ctx, k.Teacher, messages.Upload{Name: "brief.pdf", Data: []byte("%PDF-1.7\n…\n%%EOF\n")})
	k.OK(err)
	message := k.send(messages.Draft{Title: "Zwemmen", Body: "Dinsdag gaan we zwemmen.", Files: []string{f.PublicID}})
	at := k.open("messages/"+message).Attr(".letter-files a", "href")
	if got := uitest.Get(t, k.handler, at, k.sign); got.Status != http.StatusOK || got.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(got.Body, "%PDF-") {
		t.Errorf("%s: %d, %v", at, got.Status, got.Header)
	}
	other := k.send(messages.Draft{Title: "Bos", Body: "Woensdag gaan we naar het bos."})
	if got := uitest.Get(t, k.handler, strings.Replace(at, message, other, 1), k.sign); got.Status != http.StatusNotFound {
		t.Errorf("as a file of another message: %d", got.Status)
	}
	k.as(k.Other1B.AccountID)
	if got := uitest.Get(t, k.handler, at, k.sign); got.Status != http.StatusNotFound {
		t.Errorf("for the teacher of another class: %d", got.Status)
	}
}

func TestAFixedSentenceIsThereInEveryLanguage(t *testing.T) {
	k := newDesk(t, false)
	p := k.press(k.open("messages/new"), "form.editor", "add:no-school")
	p = k.press(p, "form.editor", "put", "slot.date", "2026-12-01")
	p.Has("input[name='s0'][value='no-school']")
	p = k.press(p, "form.editor", "check")
	if p.Status != http.StatusOK {
		t.Fatalf("status %d: %q", p.Status, p.Texts(".error"))
	}
	if got := p.Count(".check .notice.tone-care"); got != 0 {
		t.Error("something lacks in a message of fixed sentences")
	}
}

func TestUrgentNeedsAReason(t *testing.T) {
	k := newDesk(t, false)
	p := k.press(k.open("messages/new"), "form.editor", "check", "title", "Dicht", "body", "De school is dicht.", "urgent", "yes")
	if p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", p.Status)
	}
	p.Has("#f-why[aria-invalid]")
}

func TestWhatHasNotGoneIsCalledBack(t *testing.T) {
	k := newDesk(t, false)
	id := k.send(messages.Draft{Title: "Later", Body: "Voor morgen.", SendAt: k.Clock.Add(24 * time.Hour)})
	p := k.open("messages/" + id)
	p.Has(".head-actions a[href$='/stop']")
	p = k.open("messages/"+id+"/stop").Form(".confirm form").Submit(k.handler, k.sign)
	if p.Status != http.StatusSeeOther {
		t.Fatalf("status %d", p.Status)
	}
	k.Clock = k.Clock.Add(48 * time.Hour)
	k.bring()
	k.as(k.Teacher.AccountID)
	p = k.open("messages/" + id)
	p.HasNot(".head-actions a[href$='/stop']")
	if got := p.Count("#people .row"); got != 4 {
		t.Errorf("%d people on the page, want 4", got)
	}
	p.Has("rect.fate-waits")
	p.HasNot("rect.fate-sent")
}

func TestACallIsSettledForAllThatAPersonWaitsFor(t *testing.T) {
	k := newDesk(t, false)
	k.roads("call,paper")
	k.send(messages.Draft{Title: "Een", Body: "Het eerste."})
	k.send(messages.Draft{Title: "Twee", Body: "Het tweede."})
	k.bring()
	p := k.open("calls")
	if got := p.Count(".rows > .row"); got != 4 {
		t.Fatalf("%d people to call, want 4", got)
	}
	p.Has("a[href^='tel:+32']")
	tasks, _, err := k.m.Tasks(k.Ctx, k.Teacher, "")
	k.OK(err)
	var mine []string // of the first person
	for _, one := range tasks {
		if one.GuardianID == tasks[0].GuardianID {
			mine = append(mine, one.Recipient)
		}
	}
	if len(tasks) != 8 || len(mine) != 2 {
		t.Fatalf("%d tasks, %d of the first person, want 8 and 2", len(tasks), len(mine))
	}
	p.Has("form[action='" + k.path("calls/"+mine[0]) + "'] input[name='also'][value='" + mine[1] + "']")
	k.post("calls/"+mine[0], "outcome", "no reply", "road", "call", "also", mine[1])
	if got := k.open("calls").Count(".rows > .row"); got != 4 {
		t.Errorf("%d people after a call that nobody took, want 4: they stay on the list", got)
	}
	k.post("calls/"+mine[0], "outcome", "told", "road", "call", "also", mine[1])
	if got := k.open("calls").Count(".rows > .row"); got != 3 {
		t.Errorf("%d people after the call, want 3", got)
	}
	if n, err := k.m.TaskCount(k.Ctx, k.Teacher); err != nil || n != 6 {
		t.Errorf("%d letters wait, want 6 (%v)", n, err)
	}
}

// TestACallNoLongerNeededReadsAsSuch, with who said so, and not as a message that was called back.
func TestACallNoLongerNeededReadsAsSuch(t *testing.T) {
	k := newDesk(t, false)
	k.roads("call,paper")
	id := k.send(messages.Draft{Title: "Een", Body: "Het eerste."})
	k.bring()
	tasks, _, err := k.m.Tasks(k.Ctx, k.Teacher, "")
	k.OK(err)
	k.post("calls/"+tasks[0].Recipient, "outcome", string(messages.Settled))
	p := k.open("messages/" + id + "?group=" + string(messages.NotSent))
	if got := p.Text("#people .row"); p.Count("#people .row") != 1 || !strings.Contains(got, "No longer needed: taken off the call list by Els") || strings.Contains(got, "alled back") {
		t.Errorf("%q", got)
	}
}

func TestTheOutboxIsTheDirectorsAndOfTheDemo(t *testing.T) {
	for _, demo := range []bool{true, false} {
		k := newDesk(t, demo)
		k.send(messages.Draft{Title: "Bos", Body: "Morgen gaan we naar het bos."})
		k.bring()
		if p := uitest.Get(t, k.handler, k.path("outbox"), k.sign); p.Status != http.StatusForbidden {
			t.Errorf("demo %v: a teacher sees it, status %d", demo, p.Status)
		}
		boss, err := k.Auth.CreateAccount(k.Ctx, auth.Actor{Role: auth.System}, auth.NewAccount{School: k.School, Name: "Griet", Email: "griet@brug.test", Lang: "nl", Role: auth.Director, Password: "vier appels onder de tafel"})
		k.OK(err)
		k.as(boss.AccountID)
		p := uitest.Get(t, k.handler, k.path("outbox"), k.sign)
		if !demo {
			if p.Status != http.StatusNotFound {
				t.Errorf("status %d outside of a demo", p.Status)
			}
			continue
		}
		p.Check()
		if got := p.Count(".rows > .row"); got != 4 {
			t.Errorf("%d letters, want 4", got)
		}
		letter := uitest.Get(t, k.handler, uitest.AttrOf(p.All(".rows > .row a")[0], "href"), k.sign)
		letter.Check()
		letter.Has(".sms .bubble")
	}
}

func TestATranslationIsWrittenAfterwards(t *testing.T) {
	k := newDesk(t, false)
	id := k.send(messages.Draft{Title: "Bos", Body: "Morgen gaan we naar het bos."})
	p := k.open("messages/" + id + "/texts?in=ar")
	if got := p.Count("details[id^='in-']"); got != 3 {
		t.Errorf("%d languages lack, want 3", got)
	}
	at := k.path("messages/" + id + "/texts/ar")
	p = p.Form("form[action='"+at+"']").Set("body", "").Submit(k.handler, k.sign)
	if p.Status != http.StatusUnprocessableEntity {
		t.Errorf("nothing was written: status %d", p.Status)
	}
	p = p.Form("form[action='"+at+"']").Set("body", "سنذهب غدًا إلى الغابة.").Submit(k.handler, k.sign)
	if p.Status != http.StatusSeeOther {
		t.Fatalf("status %d", p.Status)
	}
	rows, _, err := k.m.Messages(k.Ctx, k.Teacher, "")
	k.OK(err)
	if slices.Contains(rows[0].Lacks, "ar") {
		t.Error("it still lacks")
	}
}

func TestALetterGoesOnceMoreByAnotherRoad(t *testing.T) {
	k := newDesk(t, false)
	id := k.send(messages.Draft{Title: "Bos", Body: "Morgen gaan we naar het bos."})
	k.bring()
	people, _, err := k.m.Recipients(k.Ctx, k.Teacher, id, messages.RecipientFilter{}, "")
	k.OK(err)
	one := people[0].PublicID
	p := k.open("messages/" + id + "?again=" + one)
	to := "messages/" + id + "/recipients/" + one + "/again"
	p.Has("form[action='" + k.path(to) + "'] input[value='paper']")
	p.HasNot("form[action='" + k.path(to) + "'] input[value='sms']")
	k.post(to, "road", "paper")
	people, _, err = k.m.Recipients(k.Ctx, k.Teacher, id, messages.RecipientFilter{Group: messages.ByHand}, "")
	k.OK(err)
	if len(people) != 1 || people[0].PublicID != one || people[0].State != messages.OnPaper {
		t.Errorf("it waits for paper: %+v", people)
	}
	classes, err := k.m.PaperClasses(k.Ctx, k.Teacher)
	k.OK(err)
	if len(classes) != 1 || classes[0].Letters != 1 {
		t.Errorf("letters for paper: %+v", classes)
	}
	if p := k.post(to, "road", "mail"); p.Status != http.StatusSeeOther { // no address: a line says so
		t.Errorf("status %d", p.Status)
	}
}

// TestWhatIsNotPlannedYetHasNoRoad: until the budget was asked nobody knows by which road and when it goes.
func TestWhatIsNotPlannedYetHasNoRoad(t *testing.T) {
	k := newDesk(t, false)
	draft := messages.Draft{To: messages.To{Kind: school.ScopeClass, IDs: []string{k.Class["3A"]}}, Lang: "nl", Body: "Morgen gaan we naar het bos."}
	now, err := k.m.Send(k.Ctx, k.Teacher, draft)
	k.OK(err)
	draft.SendAt = k.Clock.Add(26 * time.Hour)
	planned, err := k.m.Send(k.Ctx, k.Teacher, draft)
	k.OK(err)
	for message, want := range map[string]string{now: "Is being planned", planned: "Is planned on"} {
		notes := k.open("messages/" + message).Texts("#people .row")
		if len(notes) != 4 {
			t.Fatalf("%d people, want 4", len(notes))
		}
		for _, note := range notes {
			if !strings.Contains(note, want) || strings.Contains(note, "text message") || strings.Contains(note, "paper") {
				t.Errorf("want %q: %q", want, note)
			}
		}
	}
	k.bring()
	if got := strings.Join(k.open("messages/"+now).Texts("#people .row"), " "); strings.Contains(got, "planned") || !strings.Contains(got, "Sent by text message") {
		t.Errorf("after it went: %q", got)
	}
}

// parrot translates nothing; the check does not ask it anyway.
type parrot struct{ t *testing.T }

func (p parrot) Translate(context.Context, string, string, []string) ([]string, string, error) {
	p.t.Error("the words went to the machine before they were sent")
	return nil, "", errors.New("no")
}

// TestTheCheckSaysWhatAMachineWillTranslate: where one is configured, and for what may be given to it.
func TestTheCheckSaysWhatAMachineWillTranslate(t *testing.T) {
	const byMachine, lacks = ".check .notice.tone-note", ".check .notice.tone-care"
	for name, c := range map[string]struct {
		translator      messages.Translator
		sensitive       string
		machine, lacked bool
	}{
		"nobody translates":     {nil, "", false, true},
		"a machine":             {parrot{t}, "", true, false},
		"not what is sensitive": {parrot{t}, "yes", false, true},
	} {
		k := newDesk(t, false)
		k.m.Translator = c.translator
		write := k.open("messages/new")
		p := k.press(write, "form.editor", "check", "title", "Bos", "body", "Morgen gaan we naar het bos.", "sensitive", c.sensitive)
		text := strings.Join(p.Texts(byMachine), " ")
		if got := strings.Contains(text, "a machine translates your own words into Arabic, Polish and Tigrinya"); got != c.machine {
			t.Errorf("%s: %q", name, text)
		}
		if got := p.Count(lacks) > 0; got != c.lacked {
			t.Errorf("%s: families read it in Dutch: %v", name, got)
		}
		if c.machine {
			if got := p.Text("#in-ar summary .tag"); got != "by a machine" {
				t.Errorf("at Arabic stands %q", got)
			}
			p = k.press(p, "form.check", "again", "body.ar", "سنذهب غدًا إلى الغابة.", "body.pl", "Jutro idziemy do lasu.")
			if text = strings.Join(p.Texts(byMachine), " "); !strings.Contains(text, "into Tigrinya.") {
				t.Errorf("what a colleague translated goes to no machine: %q", text)
			}
		}
	}
}
