package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"brug/internal/app"
	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db/dbtest"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/phrase"
	"brug/internal/roster"
	"brug/internal/school"
)

// TestReach is a week of a teacher and a mother in a real browser, once with script and once without, once on each engine: a
// message goes out and is read in Arabic, a question comes back and is answered, and what families ask of the school is kept:
// enough for a week, a rest, a code before what is private, and an end where the page came to somebody else.
func TestReach(t *testing.T) {
	long(t)
	chrome := browser(t, chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true))
	for name, s := range map[string]*story{
		"with script":    {script: true, url: dbtest.SQLiteURL},
		"without script": {script: false, url: dbtest.PostgresURL},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &reach{desk: &desk{story: s}}
			r.t, r.chrome = t, chrome
			r.openSchool()
			els := r.signedIn("teacher", "els@dewilg.example")
			r.els = r.actor("els@dewilg.example")
			r.teacherWrites(els)
			mother := r.motherOpensHerLetter()
			r.nothingIsLost(mother)
			talk := r.sheAsks(mother, els)
			r.teacherAnswers(els, mother)
			r.theyAgree(els, mother, talk)
			r.enoughForThisWeek(els)
			r.sheRests(mother)
			r.theNextWeek()
			r.whoWasReached(els)
			r.oneIsCalled(els)
			r.lettersOnPaper(els)
			if r.script { // a phone keeps pages by a script, and a page renews itself by one
				r.theSchoolIsAway(mother, els)
			}
			r.whatIsPrivate(els, mother, talk)
			r.thisIsNotMe(mother, els)
		})
	}
}

// reach is a school with three families, each on a road of its own, on a Monday at ten.
type reach struct {
	*desk
	griet   auth.Actor
	server  *http.Server
	began   time.Time    // on the real clock
	monday  time.Time    // on the school's
	later   atomic.Int64 // how far the school's clock was moved, a time.Duration
	link    string       // the mother's own page, a path
	message string       // the first message's page of staff, a path
}

// threeFamilies: Nadia reads Arabic and gets mails; An is called; of Tsega no address is known.
const threeFamilies = "Stamnummer;Klas;Familienaam;Voornaam;Adres;Postcode;Gemeente;Ouder 1;Gsm ouder 1;E-mail ouder 1;Taal ouder 1\r\n" +
	"1;3A;Haddad;Ali;Parklaan 4;1080;Molenbeek;Nadia Haddad;0499 00 00 01;nadia@example.org;Arabisch\r\n" +
	"2;3A;Maes;Cas;Parklaan 5;1080;Molenbeek;An Maes;0499 00 00 02;;Nederlands\r\n" +
	"3;3A;Haile;Desta;Parklaan 6;1080;Molenbeek;Tsega Haile;;;Tigrinya\r\n"

const (
	ownWords   = "Deze week tekenen wij een plan van onze buurt."
	sheWrites  = "هل أحضر معي شيئا إلى المدرسة؟"
	teacherToo = "Fijn dat u het vraagt."
	together   = "Samen tien minuten lezen"
	sheReads   = "نقرأ معا عشر دقائق."
	sheAdds    = "شكرا، سأتصل غدا."
)

// callUs is a sentence of the bank in a language.
func callUs(tag string) string {
	ph, ok := phrase.Shipped().Find("call-us")
	if !ok {
		panic("the bank has lost a sentence")
	}
	text, _ := phrase.Shipped().Sample(lang.For(tag), ph)
	return text
}

// openSchool starts the program as brug serve does, on the next Monday: nothing waits for the end of a night or a weekend.
func (r *reach) openSchool() {
	r.t.Helper()
	ctx := r.t.Context()
	brussels, err := time.LoadLocation("Europe/Brussels")
	r.ok(err)
	r.began = time.Now()
	day := r.began.In(brussels)
	for day = day.AddDate(0, 0, 1); day.Weekday() != time.Monday; {
		day = day.AddDate(0, 0, 1)
	}
	r.monday = time.Date(day.Year(), day.Month(), day.Day(), 10, 0, 0, 0, brussels)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	r.ok(err)
	r.site = "http://" + listener.Addr().String()
	r.app, err = app.Open(ctx, app.Config{DB: r.url(r.t), Data: r.t.TempDir(), BaseURL: r.site, Demo: true, Now: r.now, Log: slog.New(slog.NewTextHandler(said{r.t}, &slog.HandlerOptions{Level: slog.LevelError}))})
	r.ok(err)
	r.t.Cleanup(func() {
		if err := r.app.Close(); err != nil {
			r.t.Errorf("close: %v", err)
		}
	})
	r.ok(r.app.Start(ctx))
	r.serve(listener)
	r.t.Cleanup(r.hangUp)

	operator := auth.Actor{Role: auth.System, Name: "operator"}
	r.demo.School, err = r.app.Auth.CreateSchool(ctx, operator, auth.NewSchool{Name: "De Wilg", Town: "Molenbeek", Email: "info@dewilg.example", Phone: "+3225550100", Lang: "nl", Timezone: "Europe/Brussels"})
	r.ok(err)
	system := auth.ForSchool(r.demo.School)
	_, err = r.app.School.ImportFiles(ctx, system, []roster.File{{Name: "list.csv", Data: []byte(threeFamilies)}}, school.Choices{}, true)
	r.ok(err)
	classes, err := r.app.School.Classes(ctx, system)
	r.ok(err)
	for _, who := range []auth.NewAccount{
		{Name: "Griet Verhaegen", Email: "griet@dewilg.example", Role: auth.Director},
		{Name: "Els Daems", Email: "els@dewilg.example", Role: auth.Teacher, Classes: []string{classes[0].PublicID}},
	} {
		who.School, who.Lang, who.Password = r.demo.School, "nl", password
		_, err = r.app.Auth.CreateAccount(ctx, operator, who)
		r.ok(err)
	}
	r.griet = r.actor("griet@dewilg.example")
	homes, err := r.app.School.Homes(ctx, system, school.Scope{Kind: school.ScopeSchool})
	r.ok(err)
	for _, h := range homes {
		for _, g := range h.Guardians {
			card, err := r.app.School.Guardian(ctx, system, g.PublicID)
			r.ok(err)
			in := school.GuardianInput{Name: g.Name, Relation: g.Relation, Email: g.Email, Phone: g.Phone, Lang: g.Lang, Langs: g.Langs, Reading: g.Reading,
				Roads: map[string][]school.Road{"ar": {school.Mail, school.Paper}, "nl": {school.Call, school.Paper}, "ti": {school.Paper}}[g.Lang]}
			r.ok(r.app.School.ChangeGuardian(ctx, system, g.PublicID, card.Version, in))
		}
	}
}

// now is the school's clock. It is moved between steps only, while no page is asked for.
func (r *reach) now() time.Time {
	return r.monday.Add(time.Since(r.began) + time.Duration(r.later.Load()))
}

func (r *reach) serve(l net.Listener) {
	r.server = &http.Server{Handler: r.app.Handler, ReadHeaderTimeout: patience}
	go func(s *http.Server) {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			r.t.Errorf("serve: %v", err)
		}
	}(r.server)
}

// hangUp takes the school off the internet: nobody listens, and lines that were open are cut.
func (r *reach) hangUp() {
	if err := r.server.Close(); err != nil {
		r.t.Errorf("hang up: %v", err)
	}
}

// callBack answers again, at the same address.
func (r *reach) callBack() {
	r.t.Helper()
	l, err := net.Listen("tcp", strings.TrimPrefix(r.site, "http://"))
	r.ok(err)
	r.serve(l)
}

func (r *reach) session(email string) string {
	r.t.Helper()
	s, err := r.app.Auth.SignIn(r.t.Context(), email, password, auth.Visit{IP: "127.0.0.1", UserAgent: "test", Keep: true})
	r.ok(err)
	return s.Token
}

func (r *reach) actor(email string) auth.Actor {
	r.t.Helper()
	a, err := r.app.Auth.Actor(r.t.Context(), r.session(email), r.demo.School.Slug)
	r.ok(err)
	return a
}

func (r *reach) signedIn(who, email string) *tab {
	r.t.Helper()
	b := r.staff(who)
	b.cookie(auth.CookieName, r.session(email))
	return b
}

// until asks again and again whether something has come to be so.
func (r *reach) until(what string, is func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("never came: %s", what)
		}
	}
}

// outbox is what would have gone out by a road, the latest first.
func (r *reach) outbox(road contact.Road) []messages.Diverted {
	r.t.Helper()
	list, _, err := r.app.Messages.Outbox(r.t.Context(), r.griet, messages.OutboxFilter{Road: road}, 0, 50)
	r.ok(err)
	return list
}

// mails counts the mails that carry a message.
func (r *reach) mails(title string) (n int) {
	r.t.Helper()
	for _, m := range r.outbox(contact.Mail) {
		if strings.Contains(m.Text, title) {
			n++
		}
	}
	return n
}

// picks takes the sentence that the school asks to be called with.
func (r *reach) picks(b *tab) {
	r.t.Helper()
	b.touch(b.T("Add fixed sentences"))
	r.finds(b, "bellen", "call-us")
	r.taps(b, "add:call-us", `document.querySelectorAll('.compose-parts li').length === 1`)
}

// teacherWrites: a fixed sentence and own words to the class; she sees who gets it and how, and sends it.
func (r *reach) teacherWrites(b *tab) {
	r.t.Helper()
	b.open(r.at("messages/new"))
	b.choose("to", class)
	b.fill("title", "Stadsplan")
	b.fill("body", ownWords)
	r.picks(b)
	b.press(b.T("Next: check it"))
	b.reads(b.words.N(3, "{n} household", "{n} households"), b.words.N(3, "{n} language", "{n} languages"), ownWords,
		strings.Split(b.T("Your own words are not there in {languages}. These families read them in {other}, below a line that says so, with the offer of an interpreter.", "languages", "‡"), "‡")[0])
	b.sayIn(".check-lang [lang=ar]", callUs("ar"))
	b.sayIn(".check-lang [lang=nl]", callUs("nl"))
	b.pressIn("main", eval[string](b, `document.querySelector('button[value="send"]').innerText.trim()`))
	b.reads(b.T("What became of it"))
	r.message = eval[string](b, `location.pathname`)
}

// motherOpensHerLetter: the post has carried it; her own page opens from it, in Arabic, from right to left.
func (r *reach) motherOpensHerLetter() *tab {
	r.t.Helper()
	r.until("the mail to the mother", func() bool { return r.mails(ownWords) == 1 })
	director := r.signedIn("director", "griet@dewilg.example")
	director.open(r.at("outbox?road=mail"))
	director.pressIn("main", "De Wilg: Stadsplan")
	director.reads("nadia@example.org", callUs("ar"))
	letter := regexp.MustCompile(regexp.QuoteMeta(r.site) + `(/m/[A-Za-z0-9_-]+)\S*`).FindStringSubmatch(director.sees())
	if letter == nil {
		director.fatalf("no link to a personal page in the letter")
	}
	r.link = letter[1]
	b := r.phone("mother", "ar")
	b.open(letter[0])
	b.arabic()
	b.reads("Ali", callUs("ar"), ownWords)
	return b
}

// nothingIsLost: an answer that says nothing, and one with a file that is no photo, come back with what is wrong at the field; her
// words stay.
func (r *reach) nothingIsLost(b *tab) {
	r.t.Helper()
	r.sendsBack(b, "body")
	b.fill("body", sheWrites)
	r.attaches(b, "foto.png", []byte("no photo"))
	r.sendsBack(b, "files")
	if got := eval[string](b, `document.querySelector('[name=body]').value`); got != sheWrites {
		b.fatalf("of her words is left: %q", got)
	}
}

// sendsBack presses "send" and waits for the form with what is wrong with one field.
func (r *reach) sendsBack(b *tab, field string) {
	r.t.Helper()
	if r.script {
		b.touch(b.T("Send"))
	} else {
		b.refused(b.T("Send"))
	}
	r.till(b, fmt.Sprintf(`document.querySelector('main form .summary') && document.querySelector('.field-wrong [name=%s][aria-invalid=true]')`, field))
	if n := eval[int](b, `document.querySelectorAll('.field .error').length`); n != 1 {
		b.fatalf("%d fields are wrong", n)
	}
	b.calm() // it says that the answer was 422
	b.look()
}

// attaches chooses a file to go along with what she writes.
func (r *reach) attaches(b *tab, name string, data []byte) {
	r.t.Helper()
	file := filepath.Join(r.t.TempDir(), name)
	r.ok(os.WriteFile(file, data, 0o600))
	b.do("choose "+name, chromedp.SetUploadFiles(chromedp.CSS(`[name="files"]`), []string{file}))
}

// sheAsks: she writes, and speaks or sends a photo, and taps "question"; the teacher's open inbox shows it by itself.
func (r *reach) sheAsks(b, teacher *tab) string {
	r.t.Helper()
	teacher.open(r.at("inbox"))
	teacher.reads(teacher.T("Nobody waits"))
	teacher.marks()
	b.fill("body", sheWrites)
	if r.script {
		b.until(`document.querySelector('[data-recorder]') && !document.querySelector('[data-recorder]').hidden`)
		b.touch(b.T("Record"))
		b.until(`document.querySelector('[data-time]').textContent === '0:01'`)
		b.touch(b.words.C("recording", "Stop"))
		b.until(`document.querySelector('[name=files]').files.length`)
		b.until(`document.querySelector('.taken > .button')`) // sending comes next
	} else {
		var drawing bytes.Buffer
		r.ok(png.Encode(&drawing, image.NewRGBA(image.Rect(0, 0, 320, 240))))
		r.attaches(b, "foto.png", drawing.Bytes())
	}
	b.press(b.words.C("answer", "I have a question"))
	b.arabic()
	b.reads(sheWrites, b.words.C("answer", "I have a question"), b.T("Thank you. The teacher reads your question and answers you."))

	r.comesBy(teacher, "Nadia Haddad")
	teacher.pressIn("main", "Ali")
	teacher.reads(sheWrites, teacher.words.C("answer", "I have a question"))
	sent := `.entry-sound`
	if !r.script {
		sent = `.entry-photo`
	}
	if got := r.fetch(teacher, eval[string](teacher, `document.querySelector('`+sent+`').src`)); got.StatusCode != http.StatusOK {
		teacher.fatalf("what the mother sent: %s", got.Status)
	} else {
		r.ok(got.Body.Close())
	}
	return eval[string](teacher, `location.pathname`)
}

// marks writes something into the page that a page that is loaded anew does not have.
func (b *tab) marks() { b.t.Helper(); eval[bool](b, `window.marked = true`) }

// comesBy waits until an open page says this: with script by itself, and it is still the same page.
func (r *reach) comesBy(b *tab, words string) {
	r.t.Helper()
	r.await(b, words)
	if r.script && !eval[bool](b, `window.marked === true`) {
		b.fatalf("the page was loaded anew")
	}
}

// teacherAnswers with a fixed sentence and own words in one: the mother reads the sentence in Arabic and the words beneath it as
// they were written, and the teacher sees that she did.
func (r *reach) teacherAnswers(b, mother *tab) {
	r.t.Helper()
	b.fill("body", teacherToo)
	r.picks(b)
	b.press(b.T("Send the answer"))
	b.reads(callUs("nl"), teacherToo)
	if strings.Contains(b.sees(), b.T("seen by the family")) {
		b.fatalf("nobody has seen it yet")
	}
	b.marks()
	mother.open(r.link)
	mother.sayIn(".new", mother.T("New answer"), callUs("ar"))
	mother.pressIn(".new", mother.T("Open"))
	mother.arabic()
	mother.reads(mother.T("The school saw this"))
	mother.sayIn("main div[lang=ar]", callUs("ar"))
	mother.sayIn("main div[lang=nl]", teacherToo)
	r.comesBy(b, b.T("seen by the family"))
}

// theyAgree: the teacher writes it down in both languages, the mother reads it in hers and says yes by one tap.
func (r *reach) theyAgree(b, mother *tab, talk string) {
	r.t.Helper()
	b.open(talk)
	b.press(b.T("Write down an agreement"))
	b.fill("body", together)
	b.fill("theirs", sheReads)
	b.do("both", chromedp.Click(chromedp.CSS(`[name="who"][value="both"]`)))
	b.press(b.T("Write it down"))
	stands := func(words string) string {
		return fmt.Sprintf(`[...document.querySelectorAll('.agreement p')].some(e => e.innerText.trim() === %q)`, words)
	}
	r.till(b, stands(together)+" && "+stands(b.T("not confirmed by the family yet")))
	mother.open(r.link)
	mother.reads(sheReads)
	mother.press(mother.T("Yes, we agreed this"))
	mother.arabic()
	mother.reads(mother.T("You agreed"))
	b.open(talk)
	r.till(b, stands(together)+" && "+stands(b.T("confirmed by the family")))
}

// draft is a message to the class: with own words, for else its title would be that of the sentence, in each one's language.
func (r *reach) draft(title string) messages.Draft {
	return messages.Draft{To: messages.To{Kind: school.ScopeClass, IDs: []string{r.els.Classes[0].PublicID}}, Title: title, Body: title + "!", Phrases: []messages.Phrase{{Slug: "call-us"}}}
}

// enoughForThisWeek: the second and the third message go at once, the fourth on the next Monday, and the teacher is told before.
func (r *reach) enoughForThisWeek(b *tab) {
	r.t.Helper()
	for _, title := range []string{"Zwemmen", "Boekentas"} {
		_, err := r.app.Messages.Send(r.t.Context(), r.els, r.draft(title))
		r.ok(err)
		r.until("the mail "+title, func() bool { return r.mails(title) == 1 })
	}
	b.open(r.at("messages/new"))
	b.fill("title", "Fietsen")
	b.fill("body", "Wij gaan fietsen.")
	b.press(b.T("Next: check it"))
	next := b.words.Date(r.monday.AddDate(0, 0, 7))
	b.reads(strings.Split(b.words.N(1, "{n} gets it on {when}, together with other letters: it is enough for this week.", "{n} get it on {when}, together with other letters: it is enough for this week.", "when", next+"‡"), "‡")[0])
	b.pressIn("main", eval[string](b, `document.querySelector('button[value="send"]').innerText.trim()`))
	r.ok(r.app.Jobs.Quiet(r.t.Context()))
	if n := r.mails("Wij gaan fietsen."); n != 0 {
		r.t.Errorf("the fourth message of the week went at once, %d times", n)
	}
}

// theNextWeek brings what was too much for this one.
func (r *reach) theNextWeek() {
	r.t.Helper()
	r.later.Store(int64(7 * 24 * time.Hour))
	_, err := r.app.Messages.Carry(r.t.Context())
	r.ok(err)
	r.until("the fourth mail", func() bool { return r.mails("Wij gaan fietsen.") == 1 })
}

// sheRests: two taps and nothing more comes; one, and it comes again. Who writes sees it before sending.
func (r *reach) sheRests(b *tab) {
	r.t.Helper()
	rest := func() int {
		p, err := r.app.Messages.Preview(r.t.Context(), r.els, r.draft("Nog iets"))
		r.ok(err)
		return p.Quiet
	}
	b.open(r.link)
	b.press(b.T("What comes, and how"))
	b.press(b.T("Stop contact by paper and messages"))
	b.press(b.T("Yes, stop"))
	b.reads(b.T("We stopped. You get nothing more from us."))
	if n := rest(); n != 1 {
		b.fatalf("%d rest", n)
	}
	b.press(b.T("Start again"))
	b.reads(b.T("Welcome back. You hear from us again."))
	if n := rest(); n != 0 {
		b.fatalf("%d rest still", n)
	}
}

// whoWasReached: coverage counts the one family that answered, and behind the figure stands which.
func (r *reach) whoWasReached(b *tab) {
	r.t.Helper()
	b.open(r.at("coverage"))
	b.reads(b.T("An answer came from"))
	b.arrive("see who answered", chromedp.Click(chromedp.CSS(`.cover-figure:nth-child(3) a`)))
	b.reads("Ali")
	if got := b.sees(); strings.Contains(got, "Cas") || strings.Contains(got, "Desta") {
		b.fatalf("others stand among those who answered")
	}
}

// oneIsCalled: the call list, and one tap for all that waited.
func (r *reach) oneIsCalled(b *tab) {
	r.t.Helper()
	b.open(r.at("messages"))
	b.press(b.T("Call list"))
	b.reads("Cas", "An Maes")
	b.press(b.T("Called: they know"))
	b.reads(b.T("Nobody waits for a call"))
	r.fate(b, "Cas", b.T("called, {when}", "when", "‡"))
}

// fate ends the story unless the first message's page says this of a child's letter; ‡ stands for the rest of the line.
func (r *reach) fate(b *tab, child, words string) {
	r.t.Helper()
	b.open(r.message)
	line := eval[string](b, fmt.Sprintf(`[...document.querySelectorAll('.row')].map(e => e.innerText).find(t => t.includes(%q)) ?? ''`, child))
	if words = strings.Split(words, "‡")[0]; !strings.Contains(strings.ToLower(line), words) {
		b.fatalf("of the letter about %s stands there: %s", child, line)
	}
}

var ethiopic = regexp.MustCompile(`\p{Ethiopic}{3}`)

// lettersOnPaper: who has no address gets the message with the next print of the class, and its code opens it on a phone, in the
// family's language.
func (r *reach) lettersOnPaper(b *tab) {
	r.t.Helper()
	r.fate(b, "Desta", b.T("waits for paper"))
	b.open(r.at("packs"))
	b.press(b.T("Print the letters"))
	r.await(b, b.T("Open the PDF"))
	pdf := r.download(b, eval[string](b, `[...document.querySelectorAll('main a')].map(a => a.href).find(h => h.endsWith('.pdf')) ?? ''`))
	p := r.paperWith(pdf, "Desta", ethiopic)
	b.press(b.T("All handed out"))
	r.fate(b, "Desta", b.T("handed out on paper, {when}", "when", "‡"))
	phone := r.phone("other mother", "ti")
	phone.open(p.address)
	if got := eval[string](phone, `document.documentElement.lang`); got != "ti" {
		phone.fatalf("in %q", got)
	}
	phone.reads("Desta", ownWords)
	phone.sayIn("main [lang=ti]", callUs("ti"))
}

// kept are the addresses of our site that a phone keeps.
func (b *tab) kept() []string {
	b.t.Helper()
	return eval[[]string](b, `(async () => {
		const paths = [];
		for (const name of await caches.keys()) for (const r of await (await caches.open(name)).keys()) paths.push(new URL(r.url).pathname);
		return paths;
	})()`)
}

// theSchoolIsAway for a while: the mother's phone shows the page of last time and says so, and what came meanwhile stands on the
// teacher's open page by itself when the school is back.
func (r *reach) theSchoolIsAway(b, teacher *tab) {
	r.t.Helper()
	teacher.open(r.at("inbox"))
	teacher.marks()
	old := b.T("This is the page of last time.")
	b.open(r.link)
	b.until(`navigator.serviceWorker.controller`) // from now on what is opened is kept
	b.open(r.link)
	was := b.sees()
	if strings.Contains(was, old) {
		b.fatalf("it is the page of now")
	}
	r.until("a page that the phone keeps", func() bool { return slices.Contains(b.kept(), r.link) })

	r.hangUp()
	b.open(r.link)
	b.arabic()
	b.reads(old)
	eval[bool](b, `(e => (e.remove(), true))(document.querySelector('[data-offline]'))`)
	if got := b.sees(); got != was {
		b.fatalf("last time it said %s", was)
	}
	guest, err := r.app.Contact.OpenLink(r.t.Context(), strings.TrimPrefix(r.link, "/m/"), "127.0.0.1")
	r.ok(err)
	_, err = r.app.Messages.Write(r.t.Context(), guest, "", messages.Said{Body: sheAdds})
	r.ok(err)

	r.callBack()
	r.till(teacher, says("#inbox", sheAdds))
	if !eval[bool](teacher, `window.marked === true`) {
		teacher.fatalf("the page was loaded anew")
	}
	teacher.calm()
	b.open(r.link)
	if strings.Contains(b.sees(), old) {
		b.fatalf("the school is there again")
	}
}

// nobodyAnswers at an address, and the phone has nothing in place of it.
func (r *reach) nobodyAnswers(b *tab, path string) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(r.site+path)); err == nil || !strings.Contains(err.Error(), "ERR_CONNECTION_REFUSED") {
		b.fatalf("the page is still there: %v", err)
	}
	b.calm()
}

// calm forgets what the browser complained of: that nobody answered was meant to be.
func (b *tab) calm() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complaints = nil
}

// whatIsPrivate: the teacher closes the words; the mother's page asks for a code, which comes by SMS.
func (r *reach) whatIsPrivate(teacher, b *tab, talk string) {
	r.t.Helper()
	teacher.open(talk)
	teacher.press(teacher.T("This is sensitive"))
	teacher.press(teacher.T("Close these words"))
	teacher.reads(sheWrites)
	b.open(r.link)
	if strings.Contains(b.sees(), sheWrites) {
		b.fatalf("the private words stand on the first page")
	}
	b.open(r.link + "/conversations/" + talk[strings.LastIndex(talk, "/")+1:])
	b.arabic()
	b.reads(b.T("With a code we know that it is you."))
	if strings.Contains(b.sees(), sheWrites) {
		b.fatalf("the private words stand before the code")
	}
	b.press(b.T("Send me an SMS"))
	r.until("the SMS with the code", func() bool { return len(r.outbox(contact.SMS)) > 0 })
	sms := r.outbox(contact.SMS)[0]
	code := regexp.MustCompile(`\d{6}`).FindString(sms.Text)
	if code == "" || sms.To != "+32499000001" || strings.Contains(sms.Text, sheWrites) {
		r.t.Fatalf("the SMS to %s says %q", sms.To, sms.Text)
	}
	wrong := "000000"
	if code == wrong {
		wrong = "111111"
	}
	b.fill("code", wrong)
	b.refused(b.T("Open"))
	b.fill("code", code)
	b.press(b.T("Open"))
	b.reads(sheWrites, callUs("ar"))
}

// thisIsNotMe ends the page; the school is told, and the phone keeps nothing of it.
func (r *reach) thisIsNotMe(b, teacher *tab) {
	r.t.Helper()
	b.open(r.link)
	b.press(b.T("This is not me"))
	b.reads(b.T("Are you not {name}? Tell us, and this page ends here.", "name", "Nadia Haddad"))
	b.press(b.T("This is not me"))
	b.reads(b.T("This page has ended. The school knows, and sends you nothing more."))
	teacher.open(r.at("inbox"))
	teacher.reads(lang.For("nl").T("The page of {name} came to somebody else", "name", "Nadia Haddad"))
	if r.script {
		r.until("a phone that keeps nothing", func() bool { return len(b.kept()) == 0 })
		r.hangUp()
		r.nobodyAnswers(b, r.link)
		r.callBack()
	}
	b.arriveAt(http.StatusGone, "open the link again", chromedp.Navigate(r.site+r.link))
}
