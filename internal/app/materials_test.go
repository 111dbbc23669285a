package app_test

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
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
	"brug/internal/db/dbtest"
	"brug/internal/demo"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/packs"
)

// TestMaterials is what a teacher does with materials, in a real browser, once with script and once without, once on each
// engine: change a letter and print it, make a message from phrases, let a speaker confirm a translation.
func TestMaterials(t *testing.T) {
	long(t)
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatalf("axe-core is not there; bin/setup brings it: %v", err)
	}
	chrome := browser(t)
	for name, s := range map[string]*story{
		"with script":    {script: true, url: dbtest.SQLiteURL},
		"without script": {script: false, url: dbtest.PostgresURL},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &desk{story: s, axe: string(axe)}
			d.t, d.chrome = t, chrome
			d.openDemo()
			els := d.teacher()
			d.letter(els)
			d.message(els)
			d.translation(els)
		})
	}
}

// desk is a story at the school of the demo, with its 25 families of class 3A.
type desk struct {
	*story
	axe  string
	demo demo.World
	els  auth.Actor
}

// openDemo starts the program as brug demo does.
func (d *desk) openDemo() {
	d.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	d.ok(err)
	d.site = "http://" + listener.Addr().String()
	var past atomic.Pointer[time.Time]
	now := func() time.Time {
		if t := past.Load(); t != nil {
			return *t
		}
		return time.Now()
	}
	d.app, err = app.Open(d.t.Context(), app.Config{DB: d.url(d.t), Data: d.t.TempDir(), BaseURL: d.site, Demo: true, Now: now,
		Log: slog.New(slog.NewTextHandler(said{d.t}, &slog.HandlerOptions{Level: slog.LevelError}))})
	d.ok(err)
	d.t.Cleanup(func() {
		if err := d.app.Close(); err != nil {
			d.t.Errorf("close: %v", err)
		}
	})
	d.demo, err = demo.Make(d.t.Context(), demo.Services{Auth: d.app.Auth, Schools: d.app.School, Contact: d.app.Contact, Packs: d.app.Packs, Material: d.app.Material, Messages: d.app.Messages, Calendar: d.app.Calendar,
		SetNow: func(t time.Time) { past.Store(&t) }, Now: time.Now()})
	d.ok(err)
	past.Store(nil)
	d.ok(d.app.Start(d.t.Context()))
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: d.app.Handler}}
	server.Start()
	d.t.Cleanup(server.Close)
}

// teacher is Els of class 3A, signed in.
func (d *desk) teacher() *tab {
	d.t.Helper()
	b := d.staff("teacher")
	s, err := d.app.Auth.SignIn(d.t.Context(), "els@dewilg.example", demo.Password, auth.Visit{IP: "127.0.0.1", UserAgent: "test", Keep: true})
	d.ok(err)
	b.cookie(auth.CookieName, s.Token)
	d.els, err = d.app.Auth.Actor(d.t.Context(), s.Token, d.demo.School.Slug)
	d.ok(err)
	return b
}

// at is an address at the school.
func (d *desk) at(path string) string { return "/s/" + d.demo.School.Slug + "/" + path }

// does presses a button that changes a part of the page, or without script the page, and waits until it has.
func (d *desk) does(b *tab, words, until string) {
	d.t.Helper()
	if d.script {
		b.touch(words)
	} else {
		b.press(words)
	}
	d.till(b, until)
	b.look()
}

// till waits until something is so on the page.
func (d *desk) till(b *tab, condition string) {
	d.t.Helper()
	for deadline := time.Now().Add(patience); !eval[bool](b, `!!(`+condition+`)`); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.fatalf("never came: %s", condition)
		}
	}
}

// fair lets axe look at a state of a page that no address leads to.
func (d *desk) fair(b *tab, what string) {
	d.t.Helper()
	if !d.script {
		return // axe is a script; the page is the same
	}
	b.do("bring axe in", script(d.axe))
	for _, fault := range strings.Split(eval[string](b, axeRun), "\n---\n") {
		if fault != "" && !strings.HasPrefix(fault, "practice: ") {
			d.t.Errorf("%s: %s", what, fault)
		}
	}
	b.look()
}

// says is a condition: an element of the page contains these words.
func says(css, words string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].some(e => e.textContent.replace(/\s+/g, ' ').includes(%q))`, css, words)
}

// looks chooses how the preview shows the text, and in which language.
func (d *desk) looks(b *tab, as, tag, until string) {
	d.t.Helper()
	b.do("see it as "+as, chromedp.Click(chromedp.CSS(`[name="look.as"][value="`+as+`"] + label, label:has([name="look.as"][value="`+as+`"])`)))
	b.do("see it in "+tag, chromedp.SetValue(chromedp.CSS(`[name="look.in"]`), tag))
	if d.script {
		eval[bool](b, `document.querySelector('[name="look.in"]').dispatchEvent(new Event('input', {bubbles: true}))`)
	} else {
		b.press(b.T("Show how it looks"))
	}
	d.till(b, until)
	d.fair(b, "the editor, seen as "+as+" in "+tag)
}

// letter: a sample letter is found, made the school's own, written worse, told so, written better, and printed for the class.
func (d *desk) letter(b *tab) {
	d.t.Helper()
	b.open(d.at("materials"))
	b.fill("q", "uitstappen") // its title says "uitstap"
	b.arrive("search", chromedp.Click(chromedp.CSS(`main [role="search"] button.first`)))
	b.pressIn("main", "Wij gaan op uitstap")
	b.press(b.T("Make an own version"))
	if got := eval[string](b, `document.querySelector('[name="title.nl"]').value`); got != "Wij gaan op uitstap" {
		b.fatalf("the own version begins with %q", got)
	}

	const long = "Op de dag van de extra-murosactiviteit worden alle leerlingen van de klas, die vooraf hun toestemming hebben bezorgd, door een zorgcoördinator opgewacht aan de poort van de school om samen te vertrekken naar het bos."
	b.fill("intro.nl", long)
	if !d.script {
		b.press(b.T("Show how it looks"))
	}
	d.till(b, says("#hints-intro-nl", b.T("Not every parent knows “{found}”. Everyday words are “{use}”.", "found", "extra-murosactiviteit", "use", "uitstap")))
	sentence := b.T("This sentence has {n} words. Up to {max} read easily: make two of it.", "n", len(strings.Fields(long)), "max", "‡")
	b.sayIn("#hints-intro-nl", strings.Split(sentence, "‡")[0], "zorgcoördinator")
	d.till(b, says("#look-body .phone", "worden alle leerlingen van de klas"))
	b.sayIn("#look-body .meter", strings.Split(b.T("Reading level: {level}, about {cefr} (score {score} of 100).", "level", "‡"), "‡")[0])
	d.fair(b, "the editor with hints")
	d.does(b, b.T("Use “{words}”", "words", "uitstap"), `document.querySelector('[name="intro.nl"]').value.includes('Op de dag van de uitstap worden')`)

	// A name is put in by its chip, taken away whole, and cannot be broken.
	b.fill("intro.nl", "Beste ouder van {child}. Wij gaan naar het bos met ")
	if d.script {
		b.touch(b.T("Put in a name, a date …"))
		b.do("press the chip", chromedp.Click(chromedp.CSS(`[data-put="{teacher}"]`)))
		d.till(b, `document.querySelector('[name="intro.nl"]').value.endsWith('met {teacher}')`)
		d.till(b, says("#look-body .phone", "naar het bos met Els Daems"))
		b.do("take it away", chromedp.SendKeys(chromedp.CSS(`[name="intro.nl"]`), "\b"))
		if got := eval[string](b, `document.querySelector('[name="intro.nl"]').value`); strings.Contains(got, "teacher") || !strings.HasSuffix(got, "met ") {
			b.fatalf("one press of the key leaves %q", got)
		}
	}
	b.fill("intro.nl", "Beste ouder van {child}. Wij gaan naar het bos met {teacher.")
	b.refused(b.T("Save"))
	b.reads(b.T("“{found}” is no name or date that Brug can fill in. It cannot be saved like this.", "found", "{teacher"))
	d.fair(b, "the editor with a mistake")
	b.fill("intro.nl", "Beste ouder van {child}. Wij gaan naar het bos met {teacher}.")

	noor := b.T("Noor")
	d.looks(b, "mail", "nl", says("#look-body .mail", "Beste ouder van "+noor+". Wij gaan naar het bos met Els Daems."))
	d.looks(b, "sms", "nl", says("#look-body .bubble", "Wij gaan op uitstap: https://")) // of a letter, an SMS brings the title and the link
	if got := b.sees(); strings.Contains(got, b.T("Written with signs that an SMS holds 70 of, not 160.")) {
		b.fatalf("plain Dutch and a link are not written with GSM-7")
	}
	d.looks(b, "paper", "nl", `document.querySelectorAll('#look-body .paper-page svg').length`)
	d.looks(b, "paper", "ar", `document.querySelectorAll('#look-body .paper-page svg').length`)
	d.looks(b, "phone", "ar", `document.querySelector('#look-body .phone[lang="ar"][dir="rtl"]')`)
	if got := eval[string](b, `document.querySelector('#look-body .phone').textContent`); !arabic.MatchString(got) {
		b.fatalf("the preview in Arabic says %q", got)
	}

	b.press(b.T("Save"))
	b.reads(b.T("Saved. You can print it now."), "Wij gaan naar het bos met Els Daems.")
	slug := eval[string](b, `location.pathname.split('/').pop()`)
	d.fair(b, "an own letter")
	b.pressIn("main", b.T("Print"))
	b.fill("place", "Zoniënwoud")
	p, pdf := d.makes(b)
	d.eachInItsLanguage(p, pdf, slug, "Zoniënwoud")
}

// makes presses the button at the end of the form for printing, and brings the pack and its PDF.
func (d *desk) makes(b *tab) (packs.Pack, []byte) {
	d.t.Helper()
	if got := eval[string](b, `document.querySelector('select[name="scope"]').selectedOptions[0].text`); !strings.Contains(got, class) {
		b.fatalf("a teacher of one class prints for %q", got)
	}
	b.press(b.T("Make the PDF"))
	id := eval[string](b, `location.pathname.split('/').pop()`)
	d.await(b, b.T("Open the PDF"))
	pdf := d.download(b, eval[string](b, `[...document.querySelectorAll('main a')].map(a => a.href).find(h => h.endsWith('.pdf'))`))
	p, err := d.app.Packs.Get(d.t.Context(), d.els, id)
	d.ok(err)
	return p, pdf
}

// eachInItsLanguage: for every family there is a page with the child's name and what was filled in for all, in the family's
// language: the Dutch words that were changed stand among those of the library that nobody has changed.
func (d *desk) eachInItsLanguage(p packs.Pack, pdf []byte, slug, filled string) {
	d.t.Helper()
	e, err := d.app.Material.Get(d.t.Context(), d.els, slug)
	d.ok(err)
	file := filepath.Join(d.t.TempDir(), "letters.pdf")
	d.ok(os.WriteFile(file, pdf, 0o600))
	pages := strings.Split(string(d.run("pdftotext", "poppler-utils", "-layout", file, "-")), "\f")[1:] // behind the list in front
	own := map[string]int{}
	for _, slip := range p.Slip {
		tag := slip.Lang
		if _, has := e.Texts[tag]; !has {
			tag = e.Main
		}
		own[tag]++
		if !slices.ContainsFunc(pages, func(page string) bool {
			title := strings.Contains(page, e.Texts[tag].Title)
			if tag == "ar" {
				title = arabic.MatchString(page) // as it is drawn, letters are joined
			}
			return title && strings.Contains(page, slip.Given) && strings.Contains(page, filled)
		}) {
			d.t.Errorf("no page in %q for %s %s (%s)", tag, slip.Given, slip.Family, slip.Lang)
		}
	}
	if len(p.Slip) < 25 || own["ar"] == 0 || own["nl"] == 0 || own["fr"] == 0 || own["tr"] == 0 || p.Pages < len(p.Slip) {
		d.t.Errorf("%d families, %d pages, texts in %v", len(p.Slip), p.Pages, own)
	}
}

// message: two sentences by search and tap, seen in every language, saved, printed, and opened on a phone in Arabic.
func (d *desk) message(b *tab) {
	d.t.Helper()
	b.open(d.at("phrases"))
	d.fair(b, "the phrases")
	d.finds(b, "zwemt", "swimming")
	d.finds(b, "meebrengen dag", "bring-on")
	d.taps(b, "add:bring-on", `document.querySelector('[name="slot.date"]')`)
	d.fair(b, "a sentence asks for a day and things")
	day := time.Now().AddDate(0, 0, 10)
	eval[string](b, fmt.Sprintf(`document.querySelector('[name="slot.date"]').value = %q`, day.Format(time.DateOnly)))
	b.touch(lang.For("nl").T("zwemspullen"))
	d.does(b, b.T("Put it in"), `document.querySelectorAll('.compose-parts li').length === 1`)
	d.finds(b, "handtekening", "sign")
	d.taps(b, "add:sign", `document.querySelectorAll('.compose-parts li').length === 2`)

	// What goes out stands there in every language, with the day as each writes it.
	for _, tag := range lang.Family {
		got := eval[string](b, fmt.Sprintf(`[...document.querySelectorAll('.compose-lang p[lang=%q][dir=%q]')].map(p => p.textContent.trim()).join(' ')`, tag, lang.Dir(tag)))
		if want := lang.For(tag).Date(day); !strings.Contains(got, want) || strings.ContainsAny(got, "{}") {
			b.fatalf("in %s it says %q, without %q", tag, got, want)
		}
	}
	said := eval[[]string](b, `[...document.querySelectorAll('.compose-lang p[lang="ar"]')].map(p => p.textContent.trim())`)
	if len(said) != 2 {
		b.fatalf("in Arabic: %q", said)
	}
	d.fair(b, "a message in every language")
	b.refused(b.T("Save this message")) // it has no title
	b.fill("title", "Zwemmen")
	b.press(b.T("Save this message"))
	b.reads(b.T("Your message is saved, in all languages. You can print it now."))
	b.pressIn("main", b.T("Print"))
	b.touch(b.T("On paper of its own size, not to be cut")) // else two families stand on a sheet
	p, pdf := d.makes(b)
	for _, slip := range p.Slip {
		if slip.TextLang != slip.Lang && lang.For(slip.Lang).Tag() == slip.Lang {
			d.t.Errorf("the message for %s is in %s, and not in %s", slip.Given, slip.TextLang, slip.Lang)
		}
	}
	phone := d.phone("parent", "ar")
	phone.open(d.paperOf(pdf, "Mohammed").address)
	phone.arabic()
	phone.reads(said...)
}

// finds searches among the phrases: this one is there, and not the whole list any more.
func (d *desk) finds(b *tab, words, slug string) {
	d.t.Helper()
	b.fill("q", words)
	d.tap(b, `[value="find"].button`, `document.querySelectorAll('.compose-pick').length < 12 && document.querySelector('[value="add:`+slug+`"]')`)
}

// taps takes a sentence, or another button by what it sends.
func (d *desk) taps(b *tab, value, until string) {
	d.t.Helper()
	d.tap(b, `[value="`+value+`"]`, until)
}

// tap is does for a button that is known by what it sends.
func (d *desk) tap(b *tab, css, until string) {
	d.t.Helper()
	click := chromedp.Click(chromedp.CSS(css))
	if d.script {
		b.do("press "+css, click)
	} else {
		b.arrive("press "+css, click)
	}
	d.till(b, until)
	b.look()
}

// translation: somebody who speaks Turkish breaks a placeholder and is told, confirms the text with a name, and everybody sees it.
func (d *desk) translation(b *tab) {
	d.t.Helper()
	b.open(d.at("materials"))
	b.pressIn("main", b.T("Translations"))
	turkish := lang.Name("nl", "tr")
	b.pressIn("main", turkish)
	b.press(b.T("Drafts"))
	b.press(b.T("Begin with the first"))
	slug := eval[string](b, `location.pathname.split('/').pop()`)
	was := eval[string](b, `document.querySelector('[name="title"]').value`)
	if before := d.po(b, slug); !before["fuzzy"] {
		b.fatalf("before anybody has read it, %s is not fuzzy in the PO file", slug)
	}
	b.fill("title", was+" {kind}")
	b.fill("who", "Ayşe Yılmaz, tolk")
	b.refused(b.T("Save and confirm"))
	d.fair(b, "a broken placeholder")
	b.fill("title", was+"!")
	b.press(b.T("Save and confirm"))
	b.reads(b.T("Thank you. The text is marked as read by a speaker."))
	b.open(d.at("materials/" + slug + "?in=tr"))
	b.reads(was+"!", "Ayşe Yılmaz, tolk")
	if after := d.po(b, slug); after["fuzzy"] || !after["there"] {
		b.fatalf("confirmed, and the PO file says %v of %s", after, slug)
	}
	e, err := d.app.Material.Get(d.t.Context(), d.els, slug)
	d.ok(err)
	if tr := e.Texts["tr"]; tr.Status != material.Reviewed || tr.ReviewedBy != "Ayşe Yılmaz, tolk" || tr.ReviewedOn == "" || tr.Title != was+"!" {
		d.t.Errorf("kept: %+v", tr)
	}
}

var poEntry = regexp.MustCompile(`(?m)^msgctxt "([^"]+)"`)

// po tells of the entries of a material in the PO file of all Turkish texts: are they there, and is any of them fuzzy.
func (d *desk) po(b *tab, slug string) map[string]bool {
	d.t.Helper()
	answer := d.fetch(b, d.site+d.at("translate/tr/materials.po"))
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	d.ok(err)
	out := map[string]bool{}
	for _, entry := range strings.Split(string(body), "\n\n") {
		if m := poEntry.FindStringSubmatch(entry); m != nil && strings.HasPrefix(m[1], slug) {
			out["there"] = true
			out["fuzzy"] = out["fuzzy"] || strings.Contains(entry, "#, fuzzy")
		}
	}
	return out
}

// sayIn ends the story unless an element says all of this.
func (b *tab) sayIn(css string, words ...string) {
	b.t.Helper()
	text := eval[string](b, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.textContent).join(' ').replace(/\s+/g, ' ')`, css))
	for _, w := range words {
		if !strings.Contains(text, w) {
			b.fatalf("%s does not say %q: %s", css, w, text)
		}
	}
}
