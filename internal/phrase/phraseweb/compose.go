// Package phraseweb has the page on which a message is put together from fixed phrases, by search and tap, and shown at once
// in every language. What is made is a material of kind message: package material keeps it, packs print it. It owns no
// tables; what is being made travels in the form until it is saved.
package phraseweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/phrase/phrasepick"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Pages are the pages of phrases.
type Pages struct {
	Material *material.Service
	Now      func() time.Time
}

// Routes is the table for the router.
func (p *Pages) Routes() []route.Route {
	return []route.Route{
		route.Get("/s/{school}/phrases", auth.MaterialChange, p.show),
		route.Post("/s/{school}/phrases", auth.MaterialChange, p.step),
	}
}

const maxForm = 256 << 10

// draft is the message being made: all of it stands in the form.
type draft struct {
	slug    string // of the material, "" for a new one
	version int64
	title   string
	pick    *phrasepick.Picker
	kept    []kept // parts of the saved material that are no phrase: they stay as they are, and where they are
}

// kept is a part with its place in the message, from 0.
type kept struct {
	at   int
	part material.EditPart
}

// composer is the page.
type composer struct {
	ui.Page
	Form     *ui.Form
	Draft    draft
	Main     string // language of the school
	Langs    []string
	Families int // how many of Langs families of this school read; the others are folded
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := ui.NewForm("q", q.Get("q"), "group", q.Get("group"))
	d := draft{pick: p.picker(r, f)}
	if slug := q.Get("material"); slug != "" {
		e, err := p.Material.Get(r.Context(), route.Actor(r), slug)
		if err != nil {
			return err
		}
		if !e.Own || e.Kind != material.Message {
			return errs.NotFoundf("%s is no message of the school", slug)
		}
		if !e.ChangeableBy(route.Actor(r)) { // said before anything is typed
			return errs.Forbiddenf("%s is for another class", slug)
		}
		d.of(e)
		f.Set("title", d.title)
	}
	return p.render(w, r, http.StatusOK, f, d)
}

// picker is the picker of this page with what the form has.
func (p *Pages) picker(r *http.Request, f *ui.Form) *phrasepick.Picker {
	k := phrasepick.Read(f, route.Actor(r).School.Lang, maxParts())
	k.URL, k.Within = route.Path(r.Context(), "phrases"), "compose"
	return k
}

// of takes a saved message into the draft.
func (d *draft) of(e *material.Entry) {
	d.slug, d.version, d.title = e.Slug, e.Version, e.Texts[e.Main].Title
	d.pick.Parts = nil
	for _, one := range e.Parts {
		if ph, v, ok := material.PhraseOf(one); ok {
			d.pick.Parts = append(d.pick.Parts, phrasepick.Part{Phrase: ph, Values: v})
		}
	}
	d.kept = keptOf(e)
}

// keptOf are the parts of a saved message that are no phrase.
func keptOf(e *material.Entry) []kept {
	var out []kept
	for i, one := range e.Parts {
		if _, _, ok := material.PhraseOf(one); !ok {
			out = append(out, kept{i, e.Edit().Parts[i]})
		}
	}
	return out
}

// step does what the pressed button says (do=WHAT or WHAT:WHICH) and shows the page again with all that was there.
func (p *Pages) step(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxForm)
	if err != nil {
		return err
	}
	ctx, by := r.Context(), route.Actor(r)
	d, err := p.draft(ctx, by, f, p.picker(r, f))
	if err != nil {
		return err
	}
	if f.Get("do") == "save" {
		return p.save(w, r, f, d)
	}
	if _, err := d.pick.Do(f.Get("do"), p.today(by)); err != nil {
		return err
	}
	if !f.OK() {
		return p.render(w, r, http.StatusUnprocessableEntity, f, d)
	}
	return p.render(w, r, http.StatusOK, f, d)
}

func maxParts() int { return material.Message.Spec().Role(material.Point).Max }

// today is the school's day.
func (p *Pages) today(by auth.Actor) string {
	zone, err := time.LoadLocation(by.School.Timezone)
	if err != nil {
		zone = time.UTC
	}
	return p.Now().In(zone).Format(time.DateOnly)
}

// draft reads the message from the form.
func (p *Pages) draft(ctx context.Context, by auth.Actor, f *ui.Form, pick *phrasepick.Picker) (draft, error) {
	d := draft{slug: f.Get("material"), title: f.Get("title"), pick: pick}
	if d.slug == "" {
		return d, nil
	}
	e, err := p.Material.Get(ctx, by, d.slug)
	if err != nil {
		return d, err
	}
	if !e.Own || e.Kind != material.Message {
		return d, errs.NotFoundf("%s is no message of the school", d.slug)
	}
	d.kept = keptOf(e)
	if d.version, err = strconv.ParseInt(f.Get("version"), 10, 64); err != nil {
		d.version = 0 // an unknown version is an old one
	}
	return d, nil
}

func (p *Pages) save(w http.ResponseWriter, r *http.Request, f *ui.Form, d draft) error {
	ctx, by := r.Context(), route.Actor(r)
	main := by.School.Lang
	edit := material.Edit{Kind: material.Message, Practices: []material.Practice{material.Messages}, Reader: material.ForFamily, Picture: "message",
		Title: map[string]string{}, Intro: map[string]string{}, Close: map[string]string{}}
	if d.slug != "" {
		e, err := p.Material.Get(ctx, by, d.slug)
		if err != nil {
			return err
		}
		old := e.Edit()
		main = e.Main
		edit.Title, edit.Intro, edit.Close, edit.Audiences, edit.Class, edit.Support = old.Title, old.Intro, old.Close, old.Audiences, old.Class, old.Support
	}
	if edit.Title[main] != d.title {
		edit.Title = map[string]string{main: d.title} // the titles in other languages said something else
	}
	for _, one := range d.pick.Parts {
		edit.Parts = append(edit.Parts, material.PhrasePart(one.Phrase, one.Values))
	}
	for _, k := range d.kept {
		edit.Parts = slices.Insert(edit.Parts, min(k.at, len(edit.Parts)), k.part)
	}
	var err error
	slug := d.slug
	if slug == "" {
		slug, err = p.Material.Create(ctx, by, "", edit)
	} else {
		err = p.Material.Change(ctx, by, slug, d.version, edit)
	}
	if errs.Is(err, errs.Conflict) {
		e, again := p.Material.Get(ctx, by, slug)
		if again != nil {
			return again
		}
		d.version = e.Version
		f.Fail("", "Somebody else has changed this text meanwhile. Your text is still here; look at theirs and save again.")
		return p.render(w, r, http.StatusConflict, f, d)
	}
	if f.Take(err) {
		if t, wrong := f.Errors["title."+main]; wrong {
			f.Errors["title"] = t
			delete(f.Errors, "title."+main)
		}
		if _, wrong := f.Errors["parts"]; wrong {
			delete(f.Errors, "parts")
			f.Fail("q", "Choose at least one sentence.")
		}
		return p.render(w, r, http.StatusUnprocessableEntity, f, d)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "materials", slug), lang.T(ctx, "Your message is saved, in all languages. You can print it now."))
}

// render shows the page.
func (p *Pages) render(w http.ResponseWriter, r *http.Request, status int, f *ui.Form, d draft) error {
	ctx, by := r.Context(), route.Actor(r)
	read, err := p.Material.FamilyLangs(ctx, by)
	if err != nil {
		return err
	}
	d.pick.Search(lang.From(ctx).Tag())
	c := composer{Form: f, Draft: d, Main: by.School.Lang, Langs: []string{by.School.Lang}}
	others, first := material.ReadFirst(c.Main, read)
	c.Langs, c.Families = append(c.Langs, others...), 1+first
	title := lang.T(ctx, "Make a message from phrases")
	if d.slug != "" {
		title = lang.T(ctx, "Change this message")
	}
	c.Page = route.Page(w, r, title)
	c.Lead = lang.T(ctx, "Search and tap. Every family gets the same message in its own language, exact and without a machine.")
	c.Back = ui.Link{Label: lang.T(ctx, "Materials"), URL: route.Path(ctx, "materials")}
	c.Wide = true
	return route.Render(w, r, status, composeView(c))
}

// lacking are the sentences of the message that lack in a language.
func (c composer) lacking(ctx context.Context, tag string) int {
	n := 0
	for _, one := range c.Draft.pick.Parts {
		if _, ok := one.Line(ctx, tag); !ok {
			n++
		}
	}
	return n
}

// draftIn tells whether the words in a language still wait for a reader who speaks it.
func (c composer) draftIn(tag string) bool {
	return slices.ContainsFunc(c.Draft.pick.Parts, func(one phrasepick.Part) bool { return one.Phrase.Draft(tag) })
}
