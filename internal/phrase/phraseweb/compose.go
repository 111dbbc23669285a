// Package phraseweb has the page on which a message is put together from fixed phrases, by search and tap, and shown at once
// in every language. What is made is a material of kind message: package material keeps it, packs print it. It owns no
// tables; what is being made travels in the form until it is saved.
package phraseweb

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/phrase"
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

// part is one sentence of the message being made.
type part struct {
	phrase *phrase.Phrase
	values phrase.Values
}

// draft is the message being made: all of it stands in the form.
type draft struct {
	slug    string // of the material, "" for a new one
	version int64
	title   string
	parts   []part
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
	Asking   *part  // the phrase whose slots are being filled; nil: none
	At       int    // which part is being changed; -1: a new one
	Groups   []ui.Option
	Found    []*phrase.Phrase
	More     int // found and not shown
	Langs    []string
	Families int // how many of Langs families of this school read; the others are folded
	Order    []string
}

// firstFound is how many phrases a list shows: what a person looks over before typing another letter.
const firstFound = 12

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := ui.NewForm("q", q.Get("q"), "group", q.Get("group"))
	var d draft
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
		d = draftOf(e)
		f.Set("title", d.title)
	}
	return p.render(w, r, http.StatusOK, f, d, nil, -1)
}

func draftOf(e *material.Entry) draft {
	d := draft{slug: e.Slug, version: e.Version, title: e.Texts[e.Main].Title}
	for i, part0 := range e.Parts {
		if ph, v, ok := material.PhraseOf(part0); ok {
			d.parts = append(d.parts, part{ph, v})
			continue
		}
		d.kept = append(d.kept, kept{i, e.Edit().Parts[i]})
	}
	return d
}

// step does what the pressed button says (do=WHAT or WHAT:WHICH) and shows the page again with all that was there.
func (p *Pages) step(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxForm)
	if err != nil {
		return err
	}
	ctx, by := r.Context(), route.Actor(r)
	d, err := p.draft(ctx, by, f)
	if err != nil {
		return err
	}
	what, which, _ := strings.Cut(f.Get("do"), ":")
	n, err := strconv.Atoi(which)
	if err != nil || n < 0 || n >= len(d.parts) {
		n = -1
	}
	switch what {
	case "group": // pressed once more it shows everything again
		if f.Get("group") == which {
			which = ""
		}
		f.Set("group", which)
	case "add":
		ph, ok := phrase.Shipped().Find(which)
		if !ok {
			return errs.NotFoundf("phrase %s", which)
		}
		one := part{ph, phrase.Values{}}
		if len(d.parts) >= maxParts() {
			f.Fail("", "A message has at most {max} sentences.", "max", maxParts())
			return p.render(w, r, http.StatusUnprocessableEntity, f, d, nil, -1)
		}
		if asks(ph) {
			clearSlots(f)
			return p.render(w, r, http.StatusOK, f, d, &one, -1)
		}
		if err := phrase.Shipped().Check(ph, one.values, ""); err != nil {
			return err
		}
		d.parts = append(d.parts, one)
	case "put":
		ph, ok := phrase.Shipped().Find(f.Get("asking"))
		if !ok {
			return errs.NotFoundf("phrase %s", f.Get("asking"))
		}
		one := part{ph, valuesOf(f, ph)}
		at, err := strconv.Atoi(f.Get("at"))
		if err != nil || at < 0 || at >= len(d.parts) {
			at = -1
		}
		if err := phrase.Shipped().Check(ph, one.values, p.today(by)); f.Take(err) {
			return p.render(w, r, http.StatusUnprocessableEntity, f, d, &one, at)
		} else if err != nil {
			return err
		}
		if at >= 0 {
			d.parts[at] = one
		} else if len(d.parts) < maxParts() {
			d.parts = append(d.parts, one)
		}
		clearSlots(f)
	case "edit":
		if n >= 0 && asks(d.parts[n].phrase) {
			fillSlots(f, d.parts[n])
			return p.render(w, r, http.StatusOK, f, d, &d.parts[n], n)
		}
	case "up":
		if n > 0 {
			d.parts[n-1], d.parts[n] = d.parts[n], d.parts[n-1]
		}
	case "down":
		if n >= 0 && n < len(d.parts)-1 {
			d.parts[n+1], d.parts[n] = d.parts[n], d.parts[n+1]
		}
	case "drop":
		if n >= 0 {
			d.parts = slices.Delete(d.parts, n, n+1)
		}
	case "save":
		return p.save(w, r, f, d)
	}
	return p.render(w, r, http.StatusOK, f, d, nil, -1)
}

func maxParts() int { return material.Message.Spec().Role(material.Point).Max }

// asks tells whether a phrase wants values from the person: the child's name puts itself in.
func asks(ph *phrase.Phrase) bool {
	return slices.ContainsFunc(ph.Slots, func(s phrase.Slot) bool { return s != phrase.Child })
}

// today is the school's day.
func (p *Pages) today(by auth.Actor) string {
	zone, err := time.LoadLocation(by.School.Timezone)
	if err != nil {
		zone = time.UTC
	}
	return p.Now().In(zone).Format(time.DateOnly)
}

// draft reads the message from the form: s0=SLUG, s0.date=…, s1=SLUG … A phrase that the bank does not know is left out.
func (p *Pages) draft(ctx context.Context, by auth.Actor, f *ui.Form) (draft, error) {
	d := draft{slug: f.Get("material"), title: f.Get("title")}
	if d.slug != "" {
		e, err := p.Material.Get(ctx, by, d.slug)
		if err != nil {
			return d, err
		}
		if !e.Own || e.Kind != material.Message {
			return d, errs.NotFoundf("%s is no message of the school", d.slug)
		}
		d.kept = draftOf(e).kept
		if d.version, err = strconv.ParseInt(f.Get("version"), 10, 64); err != nil {
			d.version = 0 // an unknown version is an old one
		}
	}
	for i := range maxParts() {
		name := partName(i)
		ph, ok := phrase.Shipped().Find(f.Get(name))
		if !ok {
			continue
		}
		one := part{ph, phrase.Values{}}
		for _, slot := range ph.Slots {
			one.values[slot] = strings.ReplaceAll(f.Get(name+"."+string(slot)), "\r\n", "\n")
		}
		if phrase.Shipped().Check(ph, one.values, "") == nil {
			d.parts = append(d.parts, one)
		}
	}
	return d, nil
}

func partName(i int) string { return "s" + strconv.Itoa(i) }

// slotNames are the fields in which a slot is asked: words of the bank may be ticked, own ones typed beside them.
func slotField(s phrase.Slot) string { return "slot." + string(s) }
func ownField(s phrase.Slot) string  { return "own." + string(s) }

// valuesOf are the values that were typed and chosen for a phrase.
func valuesOf(f *ui.Form, ph *phrase.Phrase) phrase.Values {
	v := phrase.Values{}
	for _, slot := range ph.Slots {
		all := f.All(slotField(slot))
		if own := f.Get(ownField(slot)); own != "" {
			if slot == phrase.Place {
				all = nil
			}
			all = append(all, own)
		}
		v[slot] = strings.Join(all, "\n")
	}
	return v
}

func fillSlots(f *ui.Form, one part) {
	clearSlots(f)
	for slot, value := range one.values {
		for _, line := range strings.Split(value, "\n") {
			if _, known := phrase.Shipped().Word(line); known || slot != phrase.Thing && slot != phrase.Place {
				f.Values.Add(slotField(slot), line)
			} else {
				f.Set(ownField(slot), line)
			}
		}
	}
}

func clearSlots(f *ui.Form) {
	for _, s := range phrase.Slots() {
		f.Values.Del(slotField(s))
		f.Values.Del(ownField(s))
	}
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
	for _, one := range d.parts {
		edit.Parts = append(edit.Parts, material.PhrasePart(one.phrase, one.values))
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
		return p.render(w, r, http.StatusConflict, f, d, nil, -1)
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
		return p.render(w, r, http.StatusUnprocessableEntity, f, d, nil, -1)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "materials", slug), lang.T(ctx, "Your message is saved, in all languages. You can print it now."))
}

// render shows the page; asking is the phrase whose slots are to be filled, at which part it stands (-1: a new one).
func (p *Pages) render(w http.ResponseWriter, r *http.Request, status int, f *ui.Form, d draft, asking *part, at int) error {
	ctx, by := r.Context(), route.Actor(r)
	read, err := p.Material.FamilyLangs(ctx, by)
	if err != nil {
		return err
	}
	c := composer{Form: f, Draft: d, Main: by.School.Lang, Asking: asking, At: at, Langs: []string{by.School.Lang}, Order: []string{"title", "q"}}
	tag := lang.From(ctx).Tag()
	for _, g := range phrase.Groups() {
		c.Groups = append(c.Groups, ui.Option{Value: string(g), Label: lang.T(ctx, g.Text())})
	}
	if asking == nil {
		c.Found = phrase.Shipped().Search(tag, f.Get("q"), phrase.Group(f.Get("group")))
		if len(c.Found) > firstFound && f.Get("group") == "" {
			c.More, c.Found = len(c.Found)-firstFound, c.Found[:firstFound]
		}
	} else {
		for _, s := range asking.phrase.Slots {
			c.Order = append(c.Order, slotField(s))
		}
	}
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

// line is a sentence of the message in a language, with a first name to show it; ok is false where it lacks.
func line(ctx context.Context, tag string, one part) (text string, ok bool) {
	s, ok := phrase.Shipped().Render(tag, one.phrase, one.values)
	if !ok {
		return "", false
	}
	return material.Fill{Child: lang.T(ctx, "Noor")}.In(tag, s), true
}

// lacking are the languages in which a sentence of the message lacks.
func (c composer) lacking(ctx context.Context, tag string) int {
	n := 0
	for _, one := range c.Draft.parts {
		if _, ok := line(ctx, tag, one); !ok {
			n++
		}
	}
	return n
}

// draftIn tells whether the words in a language still wait for a reader who speaks it.
func (c composer) draftIn(tag string) bool {
	return slices.ContainsFunc(c.Draft.parts, func(one part) bool { return one.phrase.Draft(tag) })
}

// wordOptions are the words of the bank for a slot, in the reader's language and order.
func wordOptions(ctx context.Context, slot phrase.Slot) []ui.Option {
	tag := lang.From(ctx).Tag()
	var out []ui.Option
	for _, w := range phrase.Shipped().Words(slot) {
		text, _ := w.In(tag)
		out = append(out, ui.Option{Value: w.Slug, Label: text, Pictogram: w.Picture})
	}
	slices.SortStableFunc(out, func(a, b ui.Option) int { return strings.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	return out
}

func doValue(what string, which any) string { return fmt.Sprintf("%s:%v", what, which) }

func pressed(on bool) string {
	if on {
		return "true"
	}
	return "false"
}

// live makes a button ask for the message part of the page only, where there is script.
func live(ctx context.Context) templ.Attributes {
	return templ.Attributes{"hx-post": route.Path(ctx, "phrases"), "hx-target": "#compose", "hx-select": "#compose", "hx-swap": "outerHTML"}
}
