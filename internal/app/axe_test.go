package app_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"brug/internal/app/apptest"
	"brug/internal/auth"
	"brug/internal/db/dbtest"
	"brug/internal/material"
	"brug/internal/web/route"
)

// axeRun tells the violations of what WCAG 2.2 AA asks, and beneath them, marked, what is only good practice.
const axeRun = `axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}, resultTypes: ['violations']}).then(r => r.violations.map(v =>
	(v.tags.some(t => t.startsWith('wcag')) ? '' : 'practice: ') + v.id + ': ' + v.help + '\n' +
	v.nodes.slice(0, 3).map(n => '    ' + n.html.slice(0, 200) + '\n    ' + n.any.concat(n.all, n.none).map(c => c.message).join('; ').slice(0, 200)).join('\n')).join('\n---\n'))`

// TestAxeFindsNothing opens every page of the route table as who may see it, in the languages of staff and of families,
// and lets axe-core look at it; and each of them is looked at on a small screen.
func TestAxeFindsNothing(t *testing.T) {
	long(t)
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatalf("axe-core is not there; bin/setup brings it: %v", err)
	}
	w := apptest.New(t, dbtest.SQLiteURL(t))
	site := httptest.NewServer(w.Handler)
	t.Cleanup(site.Close)
	chrome := browser(t)

	type look struct {
		person, tag, path string
		width             int64
		status            int64
		send              bool // the empty form on the page, and look at what comes back
	}
	var looks []look
	for _, r := range w.Routes {
		if r.Method != http.MethodGet || skipped[r.Pattern] != "" {
			continue
		}
		values, who, tags := w.Values, []string{"director", "teacher of the class"}, []string{"nl", "fr"}
		switch {
		case r.Need == auth.Family:
			who, tags = []string{"nobody"}, []string{"nl", "fr", "ar"}
		case r.Need == auth.SupportDesk, r.Need == auth.CoverageSupport:
			who = []string{"support centre"}
		case !strings.HasPrefix(r.Pattern, "/s/") && r.Need == auth.Public:
			who = []string{"nobody"}
		}
		for _, person := range who {
			for i, tag := range tags {
				if !may(r, w.Person(person)) {
					continue
				}
				path, missing := values.With("/v/{token}", w.Lend[tag], "/m/{token}", w.Guests[tag]).Path(r.Pattern + asked[r.Pattern])
				if missing != "" {
					t.Errorf("%s: no value for {%s}", r.Pattern, missing)
					continue
				}
				if r.Pattern == "/v/{token}" {
					path = "/v/" + w.Lend[tag]
				}
				if strings.HasPrefix(path, "/f/") || path == "/c" {
					path += "?lang=" + tag
				}
				status := int64(http.StatusOK)
				if slices.Contains(cut, r.Pattern) || strings.HasSuffix(r.Pattern, "/{rest...}") {
					status = http.StatusNotFound
				}
				looks = append(looks, look{person, tag, path, []int64{1280, 360, 360}[i], status, false})
			}
		}
	}
	mine, other := "/s/"+w.Demo.School.Slug+"/", "/s/"+w.Demo.Other.Slug+"/"
	for _, path := range []string{"", "classes", "pupils", "packs", "materials", "import"} { // a school that begins
		looks = append(looks, look{person: "director of another school", tag: "nl", path: other + path, width: 360, status: http.StatusOK})
	}
	// Materials of every kind, looked at, changed, and printed for the wall; in a language from right to left.
	for i, k := range material.Kinds() {
		tag := []string{"nl", "fr"}[i%2]
		one := func(path string) {
			looks = append(looks, look{person: "teacher of the class", tag: tag, path: mine + path, width: 360, status: http.StatusOK})
		}
		if k.OwnOnly {
			one("phrases?material=" + w.Values["wording"])
			one("materials/" + w.Values["wording"])
			continue
		}
		of := slices.IndexFunc(material.Shipped().All(), func(m *material.Material) bool { return m.Kind == k.Kind })
		slug := material.Shipped().All()[of].Slug
		one("materials?kind=" + url.QueryEscape(string(k.Kind)))
		one("materials/new?kind=" + url.QueryEscape(string(k.Kind)))
		one("materials/" + slug + "?in=ar")
		one("materials/new?from=" + slug)
		one("materials/" + slug + "/paper")
		one("translate/ar/" + slug + "?help=en")
	}
	for _, path := range []string{"materials?q=uitstap", "materials?q=xyzzy", "packs/new?material=animals", "packs/new?material=class-trip-letter&also=animals", "phrases?q=zwemmen", "translate/ti?only=lacking", "voice?for=ti", "materials/" + w.Demo.Lunchbox + "/follow"} {
		looks = append(looks, look{person: "teacher of the class", tag: "nl", path: mine + path, width: 360, status: http.StatusOK})
	}
	house := "/s/" + w.Demo.Centre.Slug + "/"
	for _, path := range []string{"materials", "materials/" + w.Centre["material"], "materials/" + w.Centre["material"] + "/edit", "materials/" + w.Centre["material"] + "/versions", "materials/new", "translate", "voice", "photos", "words", "phrases"} {
		looks = append(looks, look{person: "support centre", tag: "fr", path: house + path, width: 360, status: http.StatusOK})
	}
	for _, path := range []string{"/signin", "/ask", mine + "packs/new?material=animals", mine + "materials/new?kind=poster", mine + "words", mine + "photos", mine + "translate/import", mine + "pupils/new", mine + "classes/new", mine + "staff/new", mine + "import"} {
		person := "director"
		if !strings.HasPrefix(path, mine) {
			person = "nobody"
		}
		looks = append(looks, look{person, "fr", path, 360, http.StatusUnprocessableEntity, true})
	}
	looks = append(looks,
		look{person: "nobody", tag: "ar", path: "/c", width: 360, status: http.StatusUnprocessableEntity, send: true},
		look{person: "nobody", tag: "ar", path: "/f/AAAAAAAAAAAAAAAAAAAAAA", width: 360, status: http.StatusNotFound},
		look{person: "director", tag: "nl", path: mine + "nothing", width: 360, status: http.StatusNotFound},
		look{person: "teacher of the class", tag: "fr", path: mine + "staff", width: 360, status: http.StatusForbidden})
	// States of the pages of families: what was done, the second step with its code sent, and a choice that cannot be.
	for _, tag := range []string{"nl", "fr", "ar"} {
		me := "/m/" + w.Guests[tag]
		for _, path := range []string{me + "?done=answer", me + "/choices?done=choices", me + "/second?done=sent&next=choices", me + "?type=large"} {
			looks = append(looks, look{person: "nobody", tag: tag, path: path, width: 320, status: http.StatusOK})
		}
		looks = append(looks, look{"nobody", tag, me + "/write", 320, http.StatusUnprocessableEntity, true}, look{"nobody", tag, me + "/second", 320, http.StatusUnprocessableEntity, true})
	}
	// And of those of staff, where the screen is smallest.
	for _, path := range []string{"inbox", "inbox?show=all", "messages/new?material=animals", "messages/new", "coverage", "coverage/families", "coverage/waiting", "calls", "outbox", "calendar", "calendar/off", "conversations/" + w.Values["conversation"], "messages"} {
		looks = append(looks, look{person: "director", tag: "fr", path: mine + path, width: 320, status: http.StatusOK})
	}
	looks = append(looks, look{"director", "nl", mine + "messages/new", 320, http.StatusOK, true}, look{"director", "fr", mine + "calendar/new", 320, http.StatusUnprocessableEntity, true})
	if len(looks) < 100 {
		t.Errorf("axe has %d pages to look at only", len(looks))
	}
	t.Logf("axe looks at %d pages", len(looks))
	var found sync.Map    // a fault of the frame stands on every page: it is told once
	for part := range 2 { // as many as there are cores on a small machine
		t.Run(fmt.Sprint("tab ", part), func(t *testing.T) {
			t.Parallel()
			tabOf := map[string]*tab{}
			for i, l := range looks {
				if i%2 != part {
					continue
				}
				key := fmt.Sprint(l.person, l.tag, l.width)
				b := tabOf[key]
				if b == nil {
					b = newTab(t, chrome, site.URL, l.person, l.tag, l.width, true)
					b.cookie("brug_lang", l.tag)
					if c := w.Person(l.person).Cookie; c != "" {
						b.cookie(auth.CookieName, c)
					}
					tabOf[key] = b
				}
				if l.send {
					b.open(l.path)
					b.sendsEmpty(l.status)
				} else {
					b.arriveAt(l.status, "open "+l.path, chromedp.Navigate(site.URL+l.path))
				}
				if got := eval[string](b, `document.documentElement.lang`); got != l.tag {
					t.Errorf("%s as %s: in %q, want %q", l.path, l.person, got, l.tag)
				}
				b.do("bring axe in", script(string(axe)))
				for _, fault := range strings.Split(eval[string](b, axeRun), "\n---\n") {
					if _, known := found.LoadOrStore(fault, true); known || fault == "" {
						continue
					}
					if strings.HasPrefix(fault, "practice: ") {
						t.Logf("%s as %s in %s: %s", l.path, l.person, l.tag, fault)
						continue
					}
					t.Errorf("%s as %s in %s: %s", l.path, l.person, l.tag, fault)
				}
			}
		})
	}
}

// emptyForm is the first form of a page that has something to fill in.
const emptyForm = `document.querySelector('main form[method=post]:has(input:not([type=hidden]), textarea, select)')`

// sendsEmpty sends it as it is, and waits for what comes back: a page, or where a recording must outlive a mistake (voice.js) the
// form on the same page.
func (b *tab) sendsEmpty(status int64) {
	b.t.Helper()
	send := script(`(f => { f.noValidate = true; f.requestSubmit(); })(` + emptyForm + `)`)
	if !eval[bool](b, emptyForm+`.hasAttribute('data-voice')`) {
		b.arriveAt(status, "send the empty form", send)
		return
	}
	b.until(`!document.querySelector('[data-recorder]').hidden`) // the script is there
	b.do("send the empty form", send)
	b.until(`document.querySelector('main form .summary')`)
	b.calm() // the browser says itself that the answer was 422
	b.look()
}

func script(source string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](source)
}

// TestAxeSeesFaults: that it finds nothing is worth something only if it would find something.
func TestAxeSeesFaults(t *testing.T) {
	long(t)
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatalf("axe-core is not there; bin/setup brings it: %v", err)
	}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><html><head><title>t</title></head><body><main><h1>t</h1><img src="data:,"><input name="a"><p style="color:#bbb;background:#fff">pale</p></main></body></html>`))
	}))
	t.Cleanup(site.Close)
	b := newTab(t, browser(t), site.URL, "anybody", "nl", 360, true)
	b.do("open", chromedp.Navigate(site.URL), script(string(axe)))
	found := eval[string](b, axeRun)
	for _, id := range []string{"html-has-lang", "image-alt", "label", "color-contrast"} {
		if !strings.Contains(found, "\n"+id+": ") && !strings.HasPrefix(found, id+": ") {
			t.Errorf("axe does not see %s: %s", id, found)
		}
	}
}

// asked is what stands behind the question mark, for pages that learn from there whom they are about.
var asked = map[string]string{"/s/{school}/guardians/new": "?household={household}", "/s/{school}/agreements/new": "?conversation={conversation}"}

// cut are addresses of families of which the end is missing: a page that says what to do, and that it was not found.
var cut = []string{"/m", "/m/{$}", "/f", "/f/{$}"}

const axeFile = "../../node_modules/axe-core/axe.min.js"

// skipped are addresses of the table that are no page, and why.
var skipped = map[string]string{
	"/{$}":                                                  "leads on",
	"/demo/{token}":                                         "leads on",
	"/s/{school}/logo":                                      "a picture",
	"/f/{token}/logo":                                       "a picture",
	"/f/{token}/photos/{photo}":                             "a picture",
	"/f/{token}/voice":                                      "a sound",
	"/s/{school}/voice/{recording}":                         "a sound",
	"/s/{school}/packs/{pack}/file.pdf":                     "a PDF",
	"/s/{school}/materials/{material}/paper.pdf":            "a PDF",
	"/s/{school}/photos/{photo}":                            "a picture",
	"/s/{school}/translate/{lang}/materials.po":             "a PO file",
	"/support/centre":                                       "leads on",
	"/s/{school}/live":                                      "a line that stays open",
	"/s/{school}/outbox/{letter}/mail.html":                 "a mail; the page of the letter shows it in a frame",
	"/s/{school}/conversations/{conversation}/files/{file}": "a file",
	"/s/{school}/messages/{message}/files/{file}":           "a file",
	"/s/{school}/coverage/export":                           "a table as a file",
	"/support/coverage/export":                              "a table as a file",
	"/m/{token}/files/{file}":                               "a picture",
	"/m/{token}/logo":                                       "a picture",
	"/m/{token}/voice/{recipient}":                          "a sound",
	"/m/{token}/calendar.ics":                               "a calendar",
	"/m/{token}/app.webmanifest":                            "for the phone",
	"/m/{token}/sw.js":                                      "a script",
	"/hooks/sms/{token}/in":                                 "for a gateway",
	"/hooks/sms/{token}/receipts":                           "for a gateway",
}

// may tells by the table of permissions whether a person gets this page.
func may(r route.Route, p apptest.Person) bool {
	if r.Need == auth.Public || r.Need == auth.Family {
		return true
	}
	for _, role := range auth.RolesWith(r.Need) {
		if role == p.Role {
			return true
		}
	}
	return false
}
