package app_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"brug/internal/app/apptest"
	"brug/internal/auth"
	"brug/internal/db/dbtest"
	"brug/internal/web/route"
)

// axeRun tells the violations of what WCAG 2.2 AA asks, and beneath them, marked, what is only good practice.
const axeRun = `axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}, resultTypes: ['violations']}).then(r => r.violations.map(v =>
	(v.tags.some(t => t.startsWith('wcag')) ? '' : 'practice: ') + v.id + ': ' + v.help + '\n' +
	v.nodes.slice(0, 3).map(n => '    ' + n.html.slice(0, 200) + '\n    ' + n.any.concat(n.all, n.none).map(c => c.message).join('; ').slice(0, 200)).join('\n')).join('\n---\n'))`

// TestAxeFindsNothing opens every page of the route table as who may see it, in the languages of staff and of families,
// and lets axe-core look at it; and each of them is looked at on a small screen.
func TestAxeFindsNothing(t *testing.T) {
	axe, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
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
		case r.Need == auth.SupportDesk:
			who = []string{"support centre"}
		case !strings.HasPrefix(r.Pattern, "/s/") && r.Need == auth.Public:
			who = []string{"nobody"}
		}
		for _, person := range who {
			for i, tag := range tags {
				if !may(r, w.Person(person)) {
					continue
				}
				path, missing := values.Path(r.Pattern)
				if missing != "" {
					t.Errorf("%s: no value for {%s}", r.Pattern, missing)
					continue
				}
				if strings.HasPrefix(path, "/f/") || path == "/c" {
					path += "?lang=" + tag
				}
				looks = append(looks, look{person, tag, path, []int64{1280, 360, 360}[i]})
			}
		}
	}
	if len(looks) < 60 {
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
				b.open(l.path)
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

func script(source string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](source)
}

// skipped are addresses of the table that are no page, and why.
var skipped = map[string]string{
	"/{$}":                              "leads on",
	"/demo/{token}":                     "leads on",
	"/s/{school}/logo":                  "a picture",
	"/f/{token}/logo":                   "a picture",
	"/s/{school}/packs/{pack}/file.pdf": "a PDF",
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
