package materialweb_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"brug/internal/contact"
	"brug/internal/jobs"
	"brug/internal/material"
	"brug/internal/material/materialweb"
	"brug/internal/packs"
	"brug/internal/press"
	"brug/internal/school"
	"brug/internal/web"
	"brug/internal/web/ui/uitest"
)

// printing gives the house a press, for the preview on paper.
func (h *house) printing() {
	h.t.Helper()
	schools := school.New(school.Config{DB: h.db, Blobs: h.blobs, Now: at})
	log := slog.New(slog.DiscardHandler)
	printed := packs.New(packs.Config{DB: h.db, School: schools, Material: h.own, Contact: contact.New(contact.Config{DB: h.db, School: schools, Auth: h.accounts, Now: at}),
		Jobs: jobs.New(h.db, jobs.Config{Log: log}), Blobs: h.blobs, Now: at, BaseURL: "https://brug.test", Log: log})
	pages := &materialweb.Pages{Material: h.own, School: schools, Packs: printed, Now: at}
	h.handler = web.Handler(web.Config{DB: h.db, Auth: h.accounts, Routes: pages.Routes(), BaseURL: "https://brug.test", Log: log})
}

// send sends a form as the director does, and wants this answer.
func (h *house) send(f *uitest.Form, want int) *uitest.Page {
	h.t.Helper()
	p := f.Submit(h.handler, as(h.director, "nl"))
	if p.Status != want {
		h.t.Fatalf("%s: status %d, want %d: %s", f.Action, p.Status, want, p.Text("main"))
	}
	if want != http.StatusSeeOther {
		p.Check()
	}
	return p
}

const editor = "form#editor"

func TestEachKindHasItsEditorAndPreviews(t *testing.T) {
	h := newHouse(t)
	h.printing()
	p := h.open(h.director, h.mine("/materials/new"), http.StatusOK)
	if n := p.Count(".tile"); n != len(material.Kinds()) {
		t.Errorf("%d kinds to choose from, want %d", n, len(material.Kinds()))
	}
	for _, s := range material.Kinds() {
		path := h.mine("/materials/new?kind=" + url.QueryEscape(string(s.Kind)))
		if s.Kind == material.Message { // has a page of its own
			h.open(h.director, path, http.StatusSeeOther)
			continue
		}
		p := h.open(h.director, path, http.StatusOK)
		f := p.Form(editor).Set("title.nl", "Samen naar het bos")
		if s.Intro > 0 {
			f.Set("intro.nl", "Morgen gaan we naar het bos.")
		}
		p = h.send(f.Press("do", "show"), http.StatusOK)
		p.Has("#look-body .phone")
		for _, r := range s.Roles {
			if len(p.All("button[value='add:"+string(r.Role)+"']")) == 0 {
				t.Errorf("%s: no button for one more %s", s.Kind, r.Role)
			}
		}
		for _, as := range []string{"mail", "sms"} {
			if got := p.Count("input[name='look.as'][value='" + as + "']"); (got == 1) != s.Personal {
				t.Errorf("%s: %d ways to see it as %s", s.Kind, got, as)
			}
		}
		if len(press.Missing()) == 0 {
			p = h.send(p.Form(editor).Set("look.as", "paper").Press("do", "show"), http.StatusOK)
			if !p.Has("#look-body .paper-page svg") {
				t.Errorf("%s is not shown on paper", s.Kind)
			}
		}
	}
	h.open(h.director, h.mine("/materials/new?kind=novel"), http.StatusOK).Has(".tiles")
}

func TestALetterIsMadeWithoutScript(t *testing.T) {
	h := newHouse(t)
	must(t, h.own.AddWord(t.Context(), h.actor(h.director), "refter", "eetzaal"))
	p := h.open(h.director, h.mine("/materials/new?kind=sample+letter"), http.StatusOK)
	f := p.Form(editor).Set("title.nl", "Naar het bos").Set("intro.nl", "Beste ouder van {chil, het CLB komt.").Set("part1.nl", "Wij eten in de eetzaal. {date}")
	p = h.send(f.Press("do", "show"), http.StatusOK)
	for _, id := range []string{"#hints-intro-nl", "#hints-part1-nl"} {
		if p.Count(id+" li") == 0 {
			t.Errorf("nothing is said at %s", id)
		}
	}
	if got := p.Texts("#look-body .phone .words p"); len(got) < 2 || !strings.Contains(got[1], "maandag 30 november") {
		t.Errorf("on the phone: %q", got)
	}

	// each hint offers words that go where they belong
	mend := func(field, now string) {
		t.Helper()
		for _, b := range p.All("#hints-" + strings.ReplaceAll(field, ".", "-") + " button") {
			if v, err := url.ParseQuery(strings.TrimPrefix(uitest.AttrOf(b, "value"), "use:")); err == nil && v.Get("now") == now {
				p = h.send(p.Form(editor).Press("do", uitest.AttrOf(b, "value")), http.StatusOK)
				return
			}
		}
		t.Fatalf("%s: nothing offers %q", field, now)
	}
	h.send(p.Form(editor), http.StatusUnprocessableEntity).Has("#f-intro\\.nl-error, [id='f-intro.nl-error']")
	mend("intro.nl", "{child}")
	mend("part1.nl", "refter")
	f = p.Form(editor)
	if f.Values.Get("intro.nl") != "Beste ouder van {child}, het CLB komt." || f.Values.Get("part1.nl") != "Wij eten in de refter. {date}" {
		t.Errorf("mended: %q", f.Values)
	}

	// more parts, in another order, with all that was typed
	p = h.send(f.Press("do", "add:tick"), http.StatusOK)
	p = h.send(p.Form(editor).Set("part2.nl", "Mijn kind komt mee").Press("do", "add:sign"), http.StatusOK)
	p = h.send(p.Form(editor).Set("part3.nl", "Handtekening").Set("part2.ar", "يأتي طفلي").Press("do", "up:2"), http.StatusOK)
	f = p.Form(editor)
	if f.Values.Get("part1.nl") != "Mijn kind komt mee" || f.Values.Get("part1.ar") != "يأتي طفلي" || f.Values.Get("part1.role") != "tick" || f.Values.Get("part2.nl") != "Wij eten in de refter. {date}" {
		t.Errorf("moved: %q", f.Values)
	}
	p = h.send(f.Press("do", "add:field"), http.StatusOK)
	p = h.send(p.Form(editor).Press("do", "remove:3"), http.StatusOK)
	f = p.Form(editor).Set("audience", "older toddlers", "grades 1-2").Set("support", "learning").Set("look.in", "ar").Set("look.as", "mail")
	p = h.send(f.Press("do", "show"), http.StatusOK)
	if p.Attr("#look-body .mail", "dir") != "rtl" {
		t.Error("the mail in Arabic runs from right to left")
	}

	saved := h.send(p.Form(editor), http.StatusSeeOther)
	e, err := h.own.Get(t.Context(), h.actor(h.director), strings.TrimPrefix(saved.Header.Get("Location"), h.mine("/materials/")))
	must(t, err)
	roles := make([]material.Role, len(e.Parts))
	for i, part := range e.Parts {
		roles[i] = part.Role
	}
	if !slices.Equal(roles, []material.Role{material.Tick, material.Paragraph, material.Sign}) || len(e.Audiences) != 2 || e.Support[0] != material.Learning || e.Texts["ar"].Parts[0] != "يأتي طفلي" {
		t.Errorf("saved: %v %v %q", roles, e.Audiences, e.Texts)
	}
	if got := h.open(h.director, saved.Header.Get("Location"), http.StatusOK).Texts(".part-ticks li"); len(got) != 1 {
		t.Errorf("shown: %q", got)
	}
}

func TestTheScriptGetsOnlyWhatChanges(t *testing.T) {
	h := newHouse(t)
	f := h.open(h.director, h.mine("/materials/new?kind=nudge"), http.StatusOK).Form(editor).Set("intro.nl", "Vraag {child}: wat zag je op de foto’s?")
	f.Action = h.mine("/materials/draft")
	p := f.Submit(h.handler, as(h.director, "nl"), func(r *http.Request) { r.Header.Set("HX-Request", "true") })
	if p.Status != http.StatusOK || p.Count("form, textarea, h1") != 0 {
		t.Errorf("status %d, %d fields", p.Status, p.Count("form, textarea, h1"))
	}
	p.Has("#look-body")
	p.Has("#hints-intro-nl")
	full := h.open(h.director, h.mine("/materials/new?kind=nudge"), http.StatusOK)
	for _, n := range p.All(".hints") {
		if full.Count("#"+uitest.AttrOf(n, "id")) != 1 {
			t.Errorf("the page has no place for %s", uitest.AttrOf(n, "id"))
		}
	}
	full.Has(editor + "[hx-post$='/materials/draft'][hx-select='#look-body'][hx-trigger='input delay:500ms']")
}

func TestTwoWhoChangeTheSameTextSeeBoth(t *testing.T) {
	h := newHouse(t)
	jan := h.actor(h.director)
	slug, err := h.own.Create(t.Context(), jan, "", material.Edit{Kind: material.Nudge, Title: map[string]string{"nl": "De zee"}, Intro: map[string]string{"nl": "Praat over de zee."}})
	must(t, err)
	one, two := h.open(h.director, h.mine("/materials/"+slug+"/edit"), http.StatusOK).Form(editor), h.open(h.director, h.mine("/materials/"+slug+"/edit"), http.StatusOK).Form(editor)
	h.send(one.Set("intro.nl", "Zing over de zee."), http.StatusSeeOther)
	p := h.send(two.Set("intro.nl", "Teken de zee."), http.StatusConflict)
	if !strings.Contains(p.Text(".notice .sheet"), "Zing over de zee.") || p.Form(editor).Values.Get("intro.nl") != "Teken de zee." {
		t.Error("both texts are there")
	}
	h.send(p.Form(editor), http.StatusSeeOther)
}

func TestTheLibraryIsFoundByShelfSearchAndFilter(t *testing.T) {
	h := newHouse(t)
	p := h.open(h.director, h.mine("/materials"), http.StatusOK)
	if n := p.Count(".shelf"); n != len(material.Kinds()) || p.Count(".tile") != 0 {
		t.Errorf("%d shelves, %d tiles", n, p.Count(".tile"))
	}
	p = h.open(h.director, h.mine("/materials?kind=nudge"), http.StatusOK)
	if p.Count(".tile") != material.PageSize || !p.Has(".pager a[rel=next]") {
		t.Errorf("%d nudges on the first page", p.Count(".tile"))
	}
	next := h.open(h.director, p.Attr(".pager a[rel=next]", "href"), http.StatusOK)
	if next.Count(".tile") == 0 || next.Texts(".tile a")[0] == p.Texts(".tile a")[0] || !next.Has(".pager a[rel=prev]") {
		t.Error("the second page shows others, and leads back")
	}
	f := p.Form("form[role=search]").Set("q", "sokken").Set("kind", "help card")
	if got := f.Submit(h.handler, as(h.director, "nl")).Texts(".tile a"); len(got) == 0 || got[0] != "Sokken, broek, woorden" {
		t.Errorf("found %q", got)
	}
	h.open(h.director, h.mine("/materials?q=qqqq"), http.StatusOK).Has(".empty")
	h.open(h.director, h.mine("/materials?own=yes"), http.StatusOK).Has(".empty")
}

func TestAMaterialShowsWhatItIsInEachLanguage(t *testing.T) {
	h := newHouse(t)
	p := h.open(h.director, h.mine("/materials/socks-and-words?in=ar"), http.StatusOK)
	if p.Attr("#sheet-here h2", "dir") != "rtl" || p.Count("#sheet-main") != 1 {
		t.Error("Arabic stands beside Dutch")
	}
	for _, want := range []string{".status .tag", "a[href$='/translate/ar/socks-and-words']", "a[href$='/voice/socks-and-words/ar']", "a[href$='/packs/new?material=socks-and-words']", "a[href$='/materials/new?from=socks-and-words']", ".part-numbers .part-number"} {
		p.Has(want)
	}
	if n := p.Count(".statuses li"); n != 21 {
		t.Errorf("the status of %d languages", n)
	}
}

func TestTheWordListIsKept(t *testing.T) {
	h := newHouse(t)
	p := h.open(h.director, h.mine("/words"), http.StatusOK)
	add := func(say, instead string) *uitest.Form {
		return h.open(h.director, h.mine("/words"), http.StatusOK).Form("form[action$='/words']").Set("say", say).Set("instead", instead)
	}
	p.Has(".empty")
	h.done(h.send(add("refter", "eetzaal"), http.StatusSeeOther), h.mine("/words"))
	for _, c := range []struct{ name, say, instead, field string }{
		{"nothing", "", "", "say"},
		{"the same twice", "kantine", "Eetzaal", "instead"},
		{"itself", "koer", "Koer", "instead"},
		{"in a circle", "eetzaal", "refter", "instead"},
		{"what another line sends away", "eetzaal", "kantine", "say"},
		{"a placeholder", "{child}", "kind", "say"},
	} {
		p := h.send(add(c.say, c.instead), http.StatusUnprocessableEntity)
		if p.Count("#f-"+c.field+"-error") != 1 {
			t.Errorf("%s: no word at the field %s", c.name, c.field)
		}
	}
	p = h.open(h.director, h.mine("/words"), http.StatusOK)
	h.done(h.send(p.Form(".row form"), http.StatusSeeOther), h.mine("/words"))
	h.open(h.director, h.mine("/words"), http.StatusOK).Has(".empty")
	h.open(h.stranger, h.mine("/words"), http.StatusNotFound)
}
