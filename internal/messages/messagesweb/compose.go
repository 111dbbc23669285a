package messagesweb

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/id"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/messages/letter"
	"brug/internal/packs"
	"brug/internal/phrase/phrasepick"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// composeRoutes is writing a message: the page, and everything that its buttons do.
func (p *Pages) composeRoutes() []route.Route {
	write := route.Post("/s/{school}/messages/new", auth.MessagesSend, p.step)
	write.MaxBody = maxCompose
	return []route.Route{
		route.Get("/s/{school}/messages/new", auth.MessagesSend, p.compose),
		write,
	}
}

// maxCompose has room for all files of a message at once, and for its words.
const maxCompose = messages.MaxFilesBytes + 1<<20

// chosenFamilies is the value of "to" for families that are chosen one by one.
const chosenFamilies = "families"

// compose is a message being written. All of it stands in the form: to, home, title, body, the fields of phrasepick, material,
// date, time, place, file (kept files), about, urgent, why, sensitive, when, day, at, and title.LANG and body.LANG for
// translations by staff.
type composePage struct {
	ui.Page
	Form      *ui.Form
	URL       string
	Main      string // language of the school
	Pick      *phrasepick.Picker
	Scopes    []ui.Option
	Homes     []ui.Option // chosen families, then those that were found
	Searched  bool
	Found     int // of Homes, those that were found and not chosen
	Materials []ui.Option
	Material  *material.Entry // the chosen one; nil: none
	Asked     []material.Placeholder
	Files     []letter.File
	Today     string // YYYY-MM-DD at the school
	Cancel    string
	Order     []string
	Look      *look // what the families get; nil where there is nothing yet
	LookLangs []ui.Option
}

// compose is /s/{school}/messages/new: ?to=class:ID and ?material=SLUG begin a message for a class or with a text, ?from=ID with
// all that stood in another one.
func (p *Pages) compose(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := ui.NewForm("id", id.New(), "to", q.Get("to"), "material", q.Get("material"), "when", "now")
	if kind, pid, _ := strings.Cut(q.Get("to"), ":"); kind == school.ScopeHousehold && pid != "" {
		f.Set("to", chosenFamilies)
		f.Set("home", pid)
	}
	if from := q.Get("from"); from != "" {
		d, err := p.Messages.Anew(r.Context(), route.Actor(r), from)
		if err != nil {
			return err
		}
		fill(f, d, zone(route.Actor(r)))
	}
	return p.render(w, r, http.StatusOK, f, p.picker(r, f))
}

// fill puts a message into the form, the other way round than draft.
func fill(f *ui.Form, d messages.Draft, zone *time.Location) {
	switch d.To.Kind {
	case school.ScopeHousehold:
		f.Set("to", chosenFamilies)
		f.Set("home", d.To.IDs...)
	case school.ScopeSchool:
		f.Set("to", d.To.Kind+":")
	default:
		f.Set("to", d.To.Kind+":"+strings.Join(d.To.IDs, ""))
	}
	for name, value := range map[string]string{"title": d.Title, "body": d.Body, "material": d.Material, "date": d.Fill.Date, "time": d.Fill.Time, "place": d.Fill.Place, "about": string(d.About)} {
		f.Set(name, value)
	}
	for tag, t := range d.Texts {
		f.Set("title."+tag, t.Title)
		f.Set("body."+tag, t.Body)
	}
	for i, one := range d.Phrases {
		phrasepick.Set(f, i, one.Slug, one.Slots)
	}
	f.Set("file", d.Files...)
	if !d.SendAt.IsZero() {
		at := d.SendAt.In(zone)
		f.Set("when", "later")
		f.Set("day", at.Format(time.DateOnly))
		f.Set("at", at.Format("15:04"))
	}
}

func (p *Pages) picker(r *http.Request, f *ui.Form) *phrasepick.Picker {
	k := phrasepick.Read(f, route.Actor(r).School.Lang, messages.MaxPhrases)
	k.URL, k.Within = route.Path(r.Context(), "messages", "new"), "phrases"
	return k
}

// step does what the pressed button says (do=WHAT or WHAT:WHICH): look, check, send and back lead on, the others change the
// message and show it again. Files that came along are kept first, so that no error loses them.
func (p *Pages) step(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, maxCompose)
	if f.Take(err) { // a file was too large; what stands below it on the page did not arrive
		wrongAt(f, "", "attach")
		if f.Get("when") == "" {
			f.Set("when", "now")
		}
		return p.render(w, r, http.StatusUnprocessableEntity, f, p.picker(r, f))
	}
	if err != nil {
		return err
	}
	if err := p.keepFiles(r, f); err != nil {
		return err
	}
	pick := p.picker(r, f)
	if !f.OK() {
		return p.render(w, r, http.StatusUnprocessableEntity, f, pick)
	}
	what, which, _ := strings.Cut(f.Get("do"), ":")
	switch what {
	case "check", "send", "again":
		if err := pick.Finish(p.today(r)); err != nil {
			return err
		}
		return p.settle(w, r, f, pick, what)
	case "families":
		f.Set("to", chosenFamilies)
	case "unfile":
		f.Set("file", slices.DeleteFunc(f.All("file"), func(s string) bool { return s == which })...)
	case "untext":
		f.Set("material", "")
	case "attach", "look", "back", "take", "phrases":
	default:
		if _, err := pick.Do(f.Get("do"), p.today(r)); err != nil {
			return err
		}
		wrongAt(f, "", "q")
		if !f.OK() {
			return p.render(w, r, http.StatusUnprocessableEntity, f, pick)
		}
	}
	return p.render(w, r, http.StatusOK, f, pick)
}

// keepFiles stores what was attached with this request, and puts its ids into the form beside those of before.
func (p *Pages) keepFiles(r *http.Request, f *ui.Form) error {
	for _, h := range f.Files("attach") {
		if len(f.All("file")) >= messages.MaxFiles {
			f.Fail("attach", "At most {max} files go with a message.", "max", messages.MaxFiles)
			return nil
		}
		file, err := h.Open()
		if err != nil {
			return err
		}
		data, err := io.ReadAll(file) // no more than the body of the request was let in
		if err = errors.Join(err, file.Close()); err != nil {
			return err
		}
		kept, err := p.Messages.KeepFile(r.Context(), route.Actor(r), messages.Upload{Name: h.Filename, Data: data})
		if f.Take(err) { // the others are kept: only this one is to be chosen anew
			wrongAt(f, "files", "attach")
			continue
		}
		if err != nil {
			return err
		}
		f.Set("file", append(f.All("file"), kept.PublicID)...)
	}
	return nil
}

// wrongAt moves what is wrong with a field of the operation to the field of the page that it was typed in.
func wrongAt(f *ui.Form, from, to string) {
	if t, is := f.Errors[from]; is {
		delete(f.Errors, from)
		f.Errors[to] = t
	}
}

// today is the school's day.
func (p *Pages) today(r *http.Request) string {
	return p.Now().In(zone(route.Actor(r))).Format(time.DateOnly)
}

func zone(by auth.Actor) *time.Location {
	z, err := time.LoadLocation(by.School.Timezone)
	if err != nil {
		return time.UTC
	}
	return z
}

// draft reads the message from the form. What cannot be read at all is said in the form.
func (p *Pages) draft(r *http.Request, f *ui.Form, pick *phrasepick.Picker) messages.Draft {
	d := messages.Draft{ID: f.Get("id"), Title: f.Get("title"), Body: f.Get("body"), Texts: map[string]messages.Text{}, Material: f.Get("material"),
		Fill: contact.Fill{Date: f.Get("date"), Time: f.Get("time"), Place: f.Get("place")}, Files: f.All("file"), About: contact.About(f.Get("about")),
		Urgent: f.Bool("urgent"), WhyUrgent: f.Get("why"), Sensitive: f.Bool("sensitive")}
	if !d.Urgent {
		d.WhyUrgent = ""
	}
	switch kind, pid, _ := strings.Cut(f.Get("to"), ":"); kind {
	case chosenFamilies:
		d.To = messages.To{Kind: school.ScopeHousehold, IDs: f.All("home")}
	case school.ScopeSchool:
		d.To.Kind = kind
	case "":
	default:
		d.To = messages.To{Kind: kind, IDs: []string{pid}}
	}
	for _, one := range pick.Parts {
		d.Phrases = append(d.Phrases, messages.Phrase{Slug: one.Phrase.Slug, Slots: one.Values})
	}
	for _, tag := range lang.Family {
		if t := (messages.Text{Title: f.Get("title." + tag), Body: f.Get("body." + tag), Source: messages.Staff}); t.Title != "" || t.Body != "" {
			d.Texts[tag] = t
		}
	}
	if f.Get("when") == "later" {
		at, err := time.ParseInLocation(time.DateOnly+" 15:04", f.Get("day")+" "+f.Get("at"), zone(route.Actor(r)))
		switch {
		case err != nil:
			f.Fail("day", "Choose a day and a time.")
		case at.Before(p.Now()):
			f.Fail("day", "This time has passed. Choose a later one.")
		}
		d.SendAt = at
	}
	return d
}

// settle checks the message, or sends it.
func (p *Pages) settle(w http.ResponseWriter, r *http.Request, f *ui.Form, pick *phrasepick.Picker, what string) error {
	ctx, by := r.Context(), route.Actor(r)
	d := p.draft(r, f, pick)
	if !f.OK() { // what else is wrong is said in the same breath
		_, err := p.Messages.Preview(ctx, by, d)
		p.wrong(f, pick, err)
		return p.render(w, r, http.StatusUnprocessableEntity, f, pick)
	}
	if what == "send" {
		sent, err := p.Messages.Send(ctx, by, d)
		if p.wrong(f, pick, err) {
			return p.render(w, r, http.StatusUnprocessableEntity, f, pick)
		}
		if err != nil {
			return err
		}
		line := lang.T(ctx, "Sent. Here you see what becomes of it.")
		if !d.SendAt.IsZero() {
			line = lang.T(ctx, "It goes on {day} at {time}. Until then you can call it back.", "day", lang.From(ctx).Date(d.SendAt.In(zone(by))), "time", lang.From(ctx).Time(d.SendAt.In(zone(by))))
		}
		return route.SeeDone(w, r, route.Path(ctx, "messages", sent), line)
	}
	seen, err := p.Messages.Preview(ctx, by, d)
	if p.wrong(f, pick, err) {
		return p.render(w, r, http.StatusUnprocessableEntity, f, pick)
	}
	if err != nil {
		return err
	}
	return p.renderCheck(w, r, f, d, seen)
}

// wrong takes what an operation says about a draft to the fields of this page. A sentence whose values do not do any more,
// such as a day that is over, is opened to be filled in anew.
func (p *Pages) wrong(f *ui.Form, pick *phrasepick.Picker, err error) bool {
	if !f.Take(err) {
		return false
	}
	wrongAt(f, "phrases", "q")
	wrongAt(f, "files", "attach")
	wrongAt(f, "at", "day")
	for _, tag := range lang.Family {
		wrongAt(f, "texts."+tag, "body."+tag)
	}
	for i := range pick.Parts {
		prefix := "phrases." + strconv.Itoa(i) + "."
		for name := range f.Errors {
			field, of := strings.CutPrefix(name, prefix)
			switch {
			case !of:
			case pick.Asking == nil || pick.At == i:
				pick.Edit(i)
				wrongAt(f, name, field)
			default: // one after the other
				delete(f.Errors, name)
			}
		}
	}
	return true
}

// render shows the message being written.
func (p *Pages) render(w http.ResponseWriter, r *http.Request, status int, f *ui.Form, pick *phrasepick.Picker) (err error) {
	ctx, by := r.Context(), route.Actor(r)
	tag := lang.From(ctx).Tag()
	pick.Search(tag)
	c := composePage{Form: f, URL: route.Path(ctx, "messages", "new"), Main: by.School.Lang, Pick: pick, Today: p.today(r), Cancel: route.Path(ctx, "messages")}
	if c.Scopes, err = p.scopes(ctx, by); err != nil {
		return err
	}
	if f.Get("to") == "" && len(c.Scopes) > 0 {
		f.Set("to", c.Scopes[0].Value)
	}
	if err := p.homes(ctx, by, &c); err != nil {
		return err
	}
	if err := p.materials(ctx, by, &c); err != nil {
		return err
	}
	if c.Files, err = p.Messages.Kept(ctx, by, f.All("file")); err != nil {
		return err
	}
	if !slices.Contains([]string{asPage, asMail, asSMS}, f.Get("look.as")) {
		f.Set("look.as", asPage)
	}
	if f.Get("look.in") == "" {
		f.Set("look.in", by.School.Lang)
	}
	if c.LookLangs, err = p.lookLangs(ctx, by); err != nil {
		return err
	}
	if c.Look, err = p.lookAt(r, f, pick); err != nil {
		return err
	}
	c.Order = slices.Concat([]string{"to", "who", "home", "title", "body"}, pick.Fields(), []string{"material", "date", "time", "place", "attach", "why", "day", "at"})
	c.Page = route.Page(w, r, lang.T(ctx, "New message"))
	c.Lead = lang.T(ctx, "You write once. Every family gets it in its own language, by the road that works for it.")
	c.Back = ui.Link{Label: lang.T(ctx, "Messages"), URL: c.Cancel}
	c.Wide = true
	return route.Render(w, r, status, composeView(c))
}

// scopes are the classes and groups of the actor, the school for those who may, and chosen families.
func (p *Pages) scopes(ctx context.Context, by auth.Actor) ([]ui.Option, error) {
	var out []ui.Option
	classes, err := p.School.Classes(ctx, by)
	if err != nil {
		return nil, err
	}
	for _, c := range classes {
		out = append(out, ui.Option{Value: school.ScopeClass + ":" + c.PublicID, Label: lang.T(ctx, "Class {name}", "name", c.Name)})
	}
	groups, err := p.School.Groups(ctx, by)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		out = append(out, ui.Option{Value: school.ScopeGroup + ":" + g.PublicID, Label: lang.T(ctx, "Group {name}", "name", g.Name)})
	}
	if by.May(auth.MessagesSchool) == nil {
		out = append(out, ui.Option{Value: school.ScopeSchool + ":", Label: lang.T(ctx, "The whole school")})
	}
	return append(out, ui.Option{Value: chosenFamilies, Label: lang.T(ctx, "Families that I choose")}), nil
}

// homes are the chosen families, and those that were found by the words in "who".
func (p *Pages) homes(ctx context.Context, by auth.Actor, c *composePage) error {
	chosen := c.Form.All("home")
	if len(chosen) > 0 {
		homes, err := p.School.Homes(ctx, by, school.Scope{Kind: school.ScopeSchool})
		if err != nil {
			return err
		}
		for _, h := range homes {
			if !slices.Contains(chosen, h.PublicID) {
				continue
			}
			c.Homes = append(c.Homes, homeOption(ctx, h))
		}
	}
	who := c.Form.Get("who")
	all, err := p.wholeClass(ctx, by, c.Form)
	if err != nil {
		return err
	}
	if all != nil {
		c.Searched, c.Found = true, len(all)
		for _, o := range all {
			if !slices.ContainsFunc(c.Homes, func(have ui.Option) bool { return have.Value == o.Value }) {
				c.Homes = append(c.Homes, o)
			}
		}
		return nil
	}
	if who == "" {
		return nil
	}
	found, err := p.School.FindHomes(ctx, by, who)
	if err != nil {
		return err
	}
	c.Searched = true
	for _, h := range found {
		if len(h.Pupils) == 0 || slices.ContainsFunc(c.Homes, func(o ui.Option) bool { return o.Value == h.PublicID }) {
			continue
		}
		c.Found++
		var children []string
		for _, pupil := range h.Pupils {
			children = append(children, pupil.Given+" "+pupil.Family+" ("+pupil.ClassName+")")
		}
		c.Homes = append(c.Homes, ui.Option{Value: h.PublicID, Label: lang.From(ctx).List(children), Hint: lang.From(ctx).List(h.People)})
	}
	return nil
}

// wholeClass are all families of a class, to tick some of them: of the one that was typed as a name, or of the teacher's own
// where families are to be chosen and no name was typed. nil: look for the name.
func (p *Pages) wholeClass(ctx context.Context, by auth.Actor, f *ui.Form) ([]ui.Option, error) {
	who := f.Get("who")
	if f.Get("to") != chosenFamilies {
		return nil, nil
	}
	classes, err := p.School.Classes(ctx, by)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(classes, func(c school.ClassRow) bool { return strings.EqualFold(c.Name, who) })
	if who == "" && len(classes) == 1 {
		i = 0
	}
	if i < 0 {
		return nil, nil
	}
	homes, err := p.School.Homes(ctx, by, school.Scope{Kind: school.ScopeClass, PublicID: classes[i].PublicID})
	if err != nil {
		return nil, err
	}
	out := make([]ui.Option, 0, len(homes))
	for _, h := range homes {
		out = append(out, homeOption(ctx, h))
	}
	slices.SortStableFunc(out, func(a, b ui.Option) int { return school.NaturalCompare(a.Label, b.Label) })
	return out, nil
}

// homeOption is a family to tick: its children, and who raises them.
func homeOption(ctx context.Context, h school.Home) ui.Option {
	var children, people []string
	for _, ch := range h.Children {
		children = append(children, ch.Given+" "+ch.Family+" ("+ch.ClassName+")")
	}
	for _, g := range h.Guardians {
		people = append(people, g.Name)
	}
	return ui.Option{Value: h.PublicID, Label: lang.From(ctx).List(children), Hint: lang.From(ctx).List(people)}
}

// materials are the texts that can go with a message, and the chosen one.
func (p *Pages) materials(ctx context.Context, by auth.Actor, c *composePage) error {
	all, err := p.Material.List(ctx, by, material.Filter{})
	if err != nil {
		return err
	}
	tag := lang.From(ctx).Tag()
	var own, rest []ui.Option
	for _, k := range material.Kinds() {
		for _, e := range all {
			if e.Kind != k.Kind || !packs.MayPrintEach(e.Material) {
				continue
			}
			if e.Slug == c.Form.Get("material") {
				c.Material = e
			}
			o := ui.Option{Value: e.Slug, Label: e.TitleIn(tag), Group: lang.T(ctx, k.Many)}
			if e.Own {
				o.Label, o.Group = o.Label+" · "+lang.T(ctx, k.Name), lang.T(ctx, "Our own")
				own = append(own, o)
				continue
			}
			rest = append(rest, o)
		}
	}
	c.Materials = append(own, rest...)
	if c.Material == nil {
		return nil
	}
	full, err := p.Material.Get(ctx, by, c.Material.Slug)
	if err != nil {
		return err
	}
	c.Material, c.Asked = full, packs.Asked(full)
	return nil
}

// live makes a button ask for one part of the page only, where there is script.
func (c composePage) live(part string) templ.Attributes {
	return templ.Attributes{"hx-post": c.URL, "hx-target": "#" + part, "hx-select": "#" + part, "hx-swap": "outerHTML", "hx-encoding": urlencoded}
}

// urlencoded leaves the files out of what script sends: they stay chosen on the page.
const urlencoded = "application/x-www-form-urlencoded"

// looking makes the preview follow what is typed.
func (c composePage) looking() templ.Attributes {
	return templ.Attributes{"hx-post": c.URL, "hx-trigger": "input delay:700ms", "hx-sync": "replace", "hx-target": "#look-body", "hx-select": "#look-body", "hx-swap": "outerHTML", "hx-encoding": urlencoded}
}

func fieldWrong(f *ui.Form, name string) bool {
	_, is := f.Wrong(name)
	return is
}

// picking tells whether somebody is busy with the fixed sentences: more than one makes a message, so the place to find them
// stays open after each.
func picking(f *ui.Form, pick *phrasepick.Picker) bool {
	what, _, _ := strings.Cut(f.Get("do"), ":")
	return slices.Contains([]string{"phrases", "find", "group", "add", "put"}, what) || pick.Asking != nil || pickWrong(f)
}

// pickWrong tells whether something is wrong with the sentence that is being picked.
func pickWrong(f *ui.Form) bool { return fieldWrong(f, "q") }

// translated are the languages in which staff have written the words of the message, beside the school's.
func translated(f *ui.Form) []string {
	var out []string
	for _, tag := range lang.Family {
		if f.Get("title."+tag) != "" || f.Get("body."+tag) != "" || fieldWrong(f, "body."+tag) {
			out = append(out, tag)
		}
	}
	return out
}
