package calendarweb

import (
	"context"
	"net/http"

	"brug/internal/auth"
	"brug/internal/calendar"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// eventPage is the form of a new event, and the page of one that is there.
type eventPage struct {
	ui.Page
	Form     *ui.Form
	URL      string
	Kinds    []ui.Option
	Classes  []ui.Option
	Submit   string
	Cancel   ui.Link
	Language string // of the school: its own words are in it
	Event    calendar.Event
	There    bool // not a new one
	Change   bool
	Theirs   *calendar.Event // what somebody else saved meanwhile
	Readings []reading
}

// reading is how families of a language read the event.
type reading struct{ Tag, Name, Text string }

func (p *Pages) newEvent(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := ui.NewForm("day", q.Get("day"), "kind", q.Get("kind"), "class", q.Get("class"))
	if by := route.Actor(r); f.Get("class") == "" && len(by.Classes) == 1 {
		f.Set("class", by.Classes[0].PublicID)
	}
	return p.showNew(w, r, http.StatusOK, f)
}

func (p *Pages) showNew(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx := r.Context()
	page, err := p.form(w, r, lang.T(ctx, "Add to the calendar"), f)
	if err != nil {
		return err
	}
	page.URL, page.Submit, page.Change = route.Path(ctx, "calendar", "new"), lang.T(ctx, "Add"), true
	page.Cancel = ui.Link{Label: lang.T(ctx, "Cancel"), URL: monthURL(ctx, f.Get("day"))}
	page.Lead = lang.T(ctx, "Families read what it is in their own language.")
	return route.Render(w, r, status, eventView(page))
}

func (p *Pages) doNewEvent(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		_, err = p.Calendar.Add(ctx, route.Actor(r), input(f))
	}
	if status, ok := take(f, err); ok {
		return p.showNew(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, monthURL(ctx, f.Get("day")), lang.T(ctx, "It stands in the calendar of the families."))
}

func (p *Pages) event(w http.ResponseWriter, r *http.Request) error {
	return p.showEvent(w, r, http.StatusOK, nil)
}

func (p *Pages) showEvent(w http.ResponseWriter, r *http.Request, status int, typed *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	e, err := p.Calendar.Event(ctx, by, r.PathValue("event"))
	if err != nil {
		return err
	}
	f := formOf(e)
	if typed != nil {
		f = typed
	}
	page, err := p.form(w, r, e.Name(lang.From(ctx)), f)
	if err != nil {
		return err
	}
	page.Event, page.There, page.Change = e, true, calendar.MayChange(by, e)
	page.URL, page.Submit = eventURL(ctx, e.PublicID), lang.T(ctx, "Save")
	page.Cancel = ui.Link{Label: lang.T(ctx, "Cancel"), URL: monthURL(ctx, e.Day)}
	page.Back = ui.Link{Label: lang.T(ctx, "Calendar"), URL: monthURL(ctx, e.Day)}
	page.Lead = e.When(lang.From(ctx))
	if status == http.StatusConflict {
		page.Theirs = &e
	}
	for _, tag := range lang.Family {
		l := lang.For(tag)
		page.Readings = append(page.Readings, reading{tag, lang.Endonym(tag), e.Name(l) + " · " + e.When(l)})
	}
	return route.Render(w, r, status, eventView(page))
}

func (p *Pages) doEvent(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.Calendar.Change(ctx, route.Actor(r), r.PathValue("event"), version(f), input(f))
	}
	if status, ok := take(f, err); ok {
		return p.showEvent(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, monthURL(ctx, f.Get("day")), lang.T(ctx, "Saved."))
}

// form is what both pages have in common: the choices.
func (p *Pages) form(w http.ResponseWriter, r *http.Request, title string, f *ui.Form) (eventPage, error) {
	ctx, by := r.Context(), route.Actor(r)
	page := eventPage{Page: route.Page(w, r, title), Form: f, Language: by.School.Lang}
	page.Back = link(ctx)
	for _, k := range calendar.Kinds() {
		page.Kinds = append(page.Kinds, ui.Option{Value: string(k), Label: k.Name(lang.From(ctx))})
	}
	if may(r, auth.CalendarSchool) {
		page.Classes = []ui.Option{{Value: "", Label: lang.T(ctx, "The whole school")}}
	}
	classes, err := p.School.Classes(ctx, by)
	if err != nil {
		return page, err
	}
	for _, c := range classes {
		page.Classes = append(page.Classes, ui.Option{Value: c.PublicID, Label: lang.T(ctx, "Class {name}", "name", c.Name)})
	}
	return page, nil
}

// change runs one of the small changes of an event and leads back to it.
func (p *Pages) change(w http.ResponseWriter, r *http.Request, done string, to string, do func(ctx context.Context, by auth.Actor, publicID string, version int64) error) error {
	ctx, public := r.Context(), r.PathValue("event")
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = do(ctx, route.Actor(r), public, version(f))
	}
	if errs.Is(err, errs.Conflict) {
		return p.showEvent(w, r, http.StatusConflict, nil)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, to, done)
}

func (p *Pages) doCancel(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	return p.change(w, r, lang.T(ctx, "Families read that it does not go on."), eventURL(ctx, r.PathValue("event")), p.Calendar.Cancel)
}

func (p *Pages) doRestore(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	return p.change(w, r, lang.T(ctx, "It goes on again."), eventURL(ctx, r.PathValue("event")), p.Calendar.Restore)
}

func (p *Pages) doRemove(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	return p.change(w, r, lang.T(ctx, "It is taken away."), route.Path(ctx, "calendar"), p.Calendar.Remove)
}

// removePage asks before an event disappears.
type removePage struct {
	ui.Page
	Question ui.Question
}

func (p *Pages) remove(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	e, err := p.Calendar.Event(ctx, by, r.PathValue("event"))
	if err != nil {
		return err
	}
	if !calendar.MayChange(by, e) {
		return errs.Forbiddenf("%s may not take away event %s", by.Role, e.PublicID)
	}
	page := removePage{Page: route.Page(w, r, lang.T(ctx, "Take it away?"))}
	page.Lead = e.Name(lang.From(ctx)) + " · " + e.When(lang.From(ctx))
	page.Back = ui.Link{Label: e.Name(lang.From(ctx)), URL: eventURL(ctx, e.PublicID)}
	page.Question = ui.Question{Text: lang.T(ctx, "For what stands here by mistake. No family sees any more that it was there. If it was announced, choose “Does not go on” instead."),
		Yes:   ui.Action{Label: lang.T(ctx, "Take it away"), Icon: "delete", Kind: ui.Grave, Post: eventURL(ctx, e.PublicID, "remove"), Hidden: map[string]string{"version": itoa(e.Version)}},
		NoURL: eventURL(ctx, e.PublicID)}
	return route.Render(w, r, http.StatusOK, removeView(page))
}

func input(f *ui.Form) calendar.Input {
	return calendar.Input{Kind: calendar.Kind(f.Get("kind")), Title: f.Get("title"), Place: f.Get("place"), Day: f.Get("day"), ToDay: f.Get("to_day"),
		From: f.Get("from"), To: f.Get("to"), Class: f.Get("class")}
}

func formOf(e calendar.Event) *ui.Form {
	return ui.NewForm("kind", string(e.Kind), "title", e.Title, "place", e.Place, "day", e.Day, "to_day", e.ToDay, "from", e.From, "to", e.To,
		"class", e.ClassPublic, "version", itoa(e.Version))
}

// take keeps in f what is wrong and gives the status with which to draw the form again; ok is false for errors that a form
// does not show. What somebody else saved stands above the form, so a Conflict needs no sentence of its own.
func take(f *ui.Form, err error) (status int, ok bool) {
	status, ok = route.FormStatus(err)
	if ok {
		f.Take(err)
	}
	return status, ok
}
