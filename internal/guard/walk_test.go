package guard

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"brug/internal/app/apptest"
	"brug/internal/auth"
	"brug/internal/db/dbtest"
	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui/uitest"
)

// TestWalkSQLite goes through every route of the house as everybody, in the languages of staff and of families.
func TestWalkSQLite(t *testing.T) {
	walk(t, apptest.New(t, dbtest.SQLiteURL(t)), []string{"nl", "fr"}, []string{"nl", "ar"})
}

// TestWalkPostgres is the same on the other engine, in one language.
func TestWalkPostgres(t *testing.T) {
	walk(t, apptest.New(t, dbtest.PostgresURL(t)), []string{"nl"}, []string{"ar"})
}

// walker knows what nobody else may see, and counts.
type walker struct {
	*apptest.World
	t        *testing.T
	shelf    *shelf
	secrets  map[string][]string // what a person may not read on any page, by the person's name
	asked    int
	pages    int
	statuses map[int]int
}

func walk(t *testing.T, world *apptest.World, staff, family []string) {
	w := &walker{World: world, t: t, statuses: map[int]int{}}
	for _, r := range w.Routes {
		if what := amiss(r); what != "" {
			t.Errorf("%s %s (%s): %s", r.Method, r.Pattern, r.Need, what)
		}
		if _, missing := w.Values.Path(whole(r)); missing != "" {
			t.Errorf("%s %s: the walk knows no value for {%s}: give it one in apptest", r.Method, r.Pattern, missing)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
	w.findSecrets()
	w.shelf = newShelf(t, w.Base, w.Data)
	for _, r := range w.Routes {
		tags := staff
		if r.Need == auth.Family {
			tags = family
		}
		for _, tag := range tags {
			for _, v := range w.views(r) {
				w.visit(r, v, tag)
			}
		}
		w.unknown(r)
		w.neighbours(r)
		if r.Method == http.MethodPost {
			w.crossSite(r)
		}
	}
	if w.pages < len(w.Routes) || w.statuses[http.StatusOK] == 0 || w.statuses[http.StatusForbidden] == 0 || w.statuses[http.StatusNotFound] == 0 {
		t.Errorf("the walk saw too little: %d pages, %v", w.pages, w.statuses)
	}
	t.Logf("%d routes, %d requests, %d pages looked at; statuses %v", len(w.Routes), w.asked, w.pages, w.statuses)
}

// views are everybody, those of another house also at the address of their own one, with what is ours; and the support centre
// with what it has itself. Who may do least goes first.
func (w *walker) views(r route.Route) []view {
	var out []view
	for _, p := range w.People {
		v := view{Person: p}
		out = append(out, v)
		if !strings.HasPrefix(r.Pattern, "/s/{school}/") || !v.stranger() && p.Role != auth.Support {
			continue
		}
		v.own = true
		out = append(out, v)
		if _, lacks := w.Centre.Path(whole(r) + forms[r.Pattern]); p.Role == auth.Support && lacks == "" {
			v.things = true
			out = append(out, v)
		}
	}
	return out
}

// values are what a person puts into a path.
func (w *walker) values(v view) apptest.Values {
	switch {
	case v.things:
		return w.Centre
	case v.own && v.Role == auth.Support:
		return w.Values.With("school", w.Demo.Centre.Slug)
	case v.own:
		return w.Values.With("school", w.Demo.Other.Slug)
	}
	return w.Values
}

// visit asks for one route as one person, and holds the answer against what is right.
func (w *walker) visit(r route.Route, v view, tag string) {
	w.t.Helper()
	values := w.values(v)
	if r.Need == auth.Family && tag == "nl" {
		values = values.With("token", w.Demo.Dutch.Token, "/v/{token}", w.Lend["nl"], "/m/{token}", w.Guests["nl"])
	}
	path, _ := values.Path(whole(r))
	name := fmt.Sprintf("%s %s as %s in %s", r.Method, path, v.Name, tag)
	if v.own {
		name += " in their own house"
	}
	try := func(name, form string, want []int) *uitest.Page {
		a := w.ask(r, v.Person, path, tag, form)
		if r.Pattern == mailOfOutbox && a.Status == http.StatusOK {
			w.mail(name, a)
		} else {
			w.judge(name, a, want, tag)
		}
		w.discreet(name, a, path+form, v)
		w.unchanged(name, r, want)
		return a
	}
	pattern := forms[r.Pattern]
	if r.Method != http.MethodPost || pattern == "" {
		try(name, "", expect(r, v, ""))
		return
	}
	// Empty, it is refused for what lacks before anybody looks whom it is about; filled in, it is refused for that.
	want := expect(r, v, "")
	if slices.Equal(want, unseen) {
		want = append(slices.Clone(want), http.StatusUnprocessableEntity)
	}
	try(name, "", want)
	form, _ := values.Path(pattern)
	want = expect(r, v, pattern)
	if a := try(name+" with "+form, form, want); slices.Contains(want, http.StatusSeeOther) && !slices.Contains(answered(r), a.Status) {
		w.t.Errorf("%s with %s: %d, so this form proves nothing: mend it in forms", name, form, a.Status)
	}
}

// judge: the right status, a way on, and a page that keeps what every page owes.
func (w *walker) judge(name string, a *uitest.Page, want []int, tag string) {
	w.t.Helper()
	to := a.Header.Get("Location")
	toSignIn := a.Status == http.StatusSeeOther && (to == "/signin" || strings.HasPrefix(to, "/signin?"))
	switch {
	case slices.Equal(want, signIn):
		if !toSignIn {
			w.t.Errorf("%s: %d %s, want to be asked to sign in", name, a.Status, to)
		}
		return
	case !slices.Contains(want, a.Status):
		w.t.Errorf("%s: %d %s, want one of %v: %s", name, a.Status, to, want, start(a.Body))
		return
	case toSignIn && !strings.Contains(name, "as nobody") && !strings.Contains(name, "/signout"):
		w.t.Errorf("%s: sent to sign in again", name)
	}
	if a.Header.Get("Content-Security-Policy") == "" || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		w.t.Errorf("%s: no content security policy, or no nosniff", name)
	}
	if a.Status == http.StatusSeeOther {
		if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
			w.t.Errorf("%s: leads to %q", name, to)
		}
		return
	}
	w.look(name, a, tag)
}

// look: a page in the reader's language, without fault; a file that is what it says.
func (w *walker) look(name string, a *uitest.Page, tag string) {
	w.t.Helper()
	kind := a.Header.Get("Content-Type")
	switch {
	case kind == "application/pdf":
		if !strings.HasPrefix(a.Body, "%PDF-") {
			w.t.Errorf("%s: no PDF: %s", name, start(a.Body))
		}
		return
	case kind == "text/x-gettext-translation; charset=utf-8":
		if !strings.HasPrefix(a.Body, "msgid \"\"\n") && !strings.Contains(a.Body, "\nmsgid \"\"\n") {
			w.t.Errorf("%s: no PO file: %s", name, start(a.Body))
		}
		return
	case strings.HasPrefix(kind, "image/"), strings.HasPrefix(kind, "audio/"), strings.HasPrefix(kind, "text/csv"):
		if a.Body == "" || a.Status != http.StatusOK {
			w.t.Errorf("%s: %d with an empty file of %s", name, a.Status, kind)
		}
		return
	case a.Status == http.StatusNoContent:
		if a.Body != "" {
			w.t.Errorf("%s: nothing to show, and yet: %s", name, start(a.Body))
		}
		return
	case kind == "text/calendar; charset=utf-8":
		if !strings.HasPrefix(a.Body, "BEGIN:VCALENDAR\r\n") || !strings.HasSuffix(a.Body, "END:VCALENDAR\r\n") {
			w.t.Errorf("%s: no calendar: %s", name, start(a.Body))
		}
		return
	case kind == "application/manifest+json":
		if !json.Valid([]byte(a.Body)) {
			w.t.Errorf("%s: no manifest: %s", name, start(a.Body))
		}
		return
	case kind == "text/javascript; charset=utf-8":
		if a.Header.Get("Service-Worker-Allowed") == "" || !strings.Contains(a.Body, "addEventListener") {
			w.t.Errorf("%s: no service worker: %s", name, start(a.Body))
		}
		return
	case kind == "text/event-stream":
		if !strings.HasPrefix(a.Body, "retry: ") {
			w.t.Errorf("%s: no line to hear of changes: %s", name, start(a.Body))
		}
		return
	case kind != "text/html; charset=utf-8":
		w.t.Errorf("%s: %d with content of type %q: %s", name, a.Status, kind, start(a.Body))
		return
	}
	w.pages++
	root, err := html.Parse(strings.NewReader(a.Body))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, fault := range uitest.Problems(root) {
		w.t.Errorf("%s: %s", name, fault)
	}
	if got := a.Attr("html", "lang"); got != tag || a.Attr("html", "dir") != lang.Dir(tag) {
		w.t.Errorf("%s: the page is in %q %q", name, got, a.Attr("html", "dir"))
	}
	if len(strings.Fields(a.Text("main"))) < 3 {
		w.t.Errorf("%s: the page says nothing: %q", name, a.Text("main"))
	}
	for _, no := range []string{"%!", "sql:", "SQLSTATE", "<nil>", "{name}", "{n}"} {
		if strings.Contains(a.Text("body"), no) {
			w.t.Errorf("%s: %q stands on the page", name, no)
		}
	}
}

// mailOfOutbox is a letter as it would have left the house: no page of ours, in the language of the family that gets it.
const mailOfOutbox = "/s/{school}/outbox/{letter}/mail.html"

// mail: it runs nothing, sends nothing and fetches nothing, whatever stands in it.
func (w *walker) mail(name string, a *uitest.Page) {
	w.t.Helper()
	if csp := a.Header.Get("Content-Security-Policy"); a.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(csp, "default-src 'none'") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		w.t.Errorf("%s: a mail shown with %v", name, a.Header)
	}
	if tag := a.Attr("html", "lang"); tag == "" || a.Attr("html", "dir") != lang.Dir(tag) || len(strings.Fields(a.Text("body"))) < 3 {
		w.t.Errorf("%s: in %q, and says %q", name, tag, a.Text("body"))
	}
	for _, no := range []string{"<script", "<form", "<iframe", "<link", "<img", " src=", "url("} {
		if strings.Contains(a.Body, no) {
			w.t.Errorf("%s: %q stands in a mail", name, no)
		}
	}
}

// discreet: nobody reads what is not theirs.
func (w *walker) discreet(name string, a *uitest.Page, path string, v view) {
	w.t.Helper()
	own := "" // who says "this is not me" has to read who is meant
	if tag := map[string]string{"/m/" + w.Guests["nl"] + "/notme": "nl", "/m/" + w.Guests["ar"] + "/notme": "ar"}[path]; tag != "" {
		own = w.Named[tag]
	}
	for _, s := range w.secrets[v.Name] {
		if s == own {
			continue
		}
		if strings.Contains(a.Body, s) && !strings.Contains(path, s) {
			w.t.Errorf("%s: %q stands in the answer", name, s)
			return
		}
	}
}

// unchanged: looking changes nothing, and neither does asking for what one may not. What a form has changed is put back.
func (w *walker) unchanged(name string, r route.Route, want []int) {
	w.t.Helper()
	changed := w.shelf.changed()
	if len(changed) == 0 {
		return
	}
	may := r.Need == auth.Family || r.Pattern == "/demo/{token}" || r.Method == http.MethodPost && slices.Contains(want, http.StatusSeeOther)
	if bad := beyond(changed); !may && len(bad) > 0 {
		w.t.Errorf("%s: changed %v", name, bad)
	}
	w.shelf.restore()
}

// able is who may do most with a route, and the school at whose address.
func (w *walker) able(r route.Route) (apptest.Person, string) {
	if slices.Equal(auth.RolesWith(r.Need), []auth.Role{auth.Support}) {
		return w.Person("support centre"), w.Demo.Centre.Slug
	}
	return w.Person("director"), w.Demo.School.Slug
}

// unknown: what is not there is not there, for who may do most, and for nobody with a wrong code.
func (w *walker) unknown(r route.Route) {
	w.t.Helper()
	names := apptest.Placeholders(whole(r))
	if len(names) == 0 || len(names) == 1 && names[0] == "school" {
		return
	}
	who, at := w.able(r)
	path, _ := w.Unknown().With("school", at).Path(whole(r))
	a := w.ask(r, who, path, "nl", "")
	name := fmt.Sprintf("%s %s, which is not there", r.Method, path)
	want := []int{http.StatusNotFound, http.StatusGone}
	if r.Pattern == "/m/{token}/sw.js" {
		want = good // it is the same for everybody, and makes a phone forget a link that has ended
	}
	if r.Method == http.MethodPost {
		want = append(want, http.StatusUnprocessableEntity) // the form is read before anything is looked for
	}
	w.judge(name, a, want, "nl")
	w.unchanged(name, r, want)
}

// neighbours: with a good link of one's own nobody gets what is another family's, and sends nothing to it.
func (w *walker) neighbours(r route.Route) {
	w.t.Helper()
	names := apptest.Placeholders(r.Pattern)
	if !strings.HasPrefix(r.Pattern, "/m/{token}/") || len(names) < 2 {
		return
	}
	theirs, _ := w.Values.Path(r.Pattern)
	form, _ := w.Values.Path(forms[r.Pattern])
	for _, tag := range []string{"nl", "fr"} {
		path := strings.Replace(theirs, w.Guests["ar"], w.Guests[tag], 1)
		a := w.ask(r, w.Person("nobody"), path, tag, form)
		name := fmt.Sprintf("%s %s, which is another family's", r.Method, path)
		w.judge(name, a, absent, tag)
		w.unchanged(name, r, absent)
	}
}

// crossSite: a page of somebody else sends nothing here in the name of who is signed in.
func (w *walker) crossSite(r route.Route) {
	w.t.Helper()
	who, at := w.able(r)
	path, _ := w.Values.With("school", at).Path(r.Pattern)
	for _, headers := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}} {
		req := w.request(r, who, path, "nl", "")
		req.Header.Del("Sec-Fetch-Site")
		for k, v := range headers {
			req.Header.Set(k, v)
		}
		a := uitest.Do(w.t, w.Handler, req)
		w.asked++
		if a.Status != http.StatusForbidden {
			w.t.Errorf("POST %s from another site (%v): %d", path, headers, a.Status)
		}
		w.unchanged(fmt.Sprintf("POST %s from another site", path), r, refused)
	}
}

func (w *walker) ask(r route.Route, p apptest.Person, path, tag, form string) *uitest.Page {
	w.t.Helper()
	a := uitest.Do(w.t, w.Handler, w.request(r, p, path, tag, form))
	w.asked++
	w.statuses[a.Status]++
	return a
}

func (w *walker) request(r route.Route, p apptest.Person, path, tag, form string) *http.Request {
	req := httptest.NewRequest(r.Method, path, nil)
	if r.Method == http.MethodPost {
		req = httptest.NewRequest(r.Method, path, strings.NewReader(form))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	req.Header.Set("Accept-Language", tag)
	req.AddCookie(&http.Cookie{Name: "brug_lang", Value: tag})
	if p.Cookie != "" {
		req.AddCookie(&http.Cookie{Name: auth.CookieName, Value: p.Cookie})
	}
	return req
}

// findSecrets: for who is not of the school or of no class, all names, addresses and phones of families; for a teacher
// those of the other classes. What also stands in what they may see is left out.
func (w *walker) findSecrets() {
	w.t.Helper()
	homes, err := w.School.Homes(context.Background(), auth.ForSchool(w.Demo.School), school.Scope{Kind: school.ScopeSchool})
	if err != nil {
		w.t.Fatal(err)
	}
	all := namesIn(homes, func(school.Child) bool { return true })
	w.secrets = map[string][]string{}
	for _, p := range w.People {
		switch {
		case p.Role == auth.Teacher:
			classes := w.Actor(p).Classes
			seen := strings.Join(namesIn(homes, func(c school.Child) bool {
				return slices.ContainsFunc(classes, func(own auth.Class) bool { return own.PublicID == c.ClassPublicID })
			}), "\n")
			for _, s := range all {
				if !strings.Contains(seen, s) {
					w.secrets[p.Name] = append(w.secrets[p.Name], s)
				}
			}
		case p.Role == auth.Nobody, p.Role == auth.Support, p.Role == auth.Director && p.Else:
			w.secrets[p.Name] = all
		default:
			continue
		}
		if len(w.secrets[p.Name]) < 100 {
			w.t.Fatalf("%s: only %d names are secret", p.Name, len(w.secrets[p.Name]))
		}
	}
}

// namesIn are those of the children whom the rule lets through, and the names, mail addresses and phones of their guardians.
func namesIn(homes []school.Home, of func(school.Child) bool) []string {
	seen := map[string]bool{}
	for _, h := range homes {
		if !slices.ContainsFunc(h.Children, of) {
			continue
		}
		for _, c := range h.Children {
			if of(c) {
				seen[c.Given+" "+c.Family] = true
			}
		}
		for _, g := range h.Guardians {
			seen[g.Name], seen[g.Email], seen[g.Phone] = true, true, true
		}
	}
	delete(seen, "")
	return slices.Sorted(maps.Keys(seen))
}

func start(body string) string {
	if len(body) > 300 {
		return strings.ToValidUTF8(body[:300], "") + " …"
	}
	return body
}
