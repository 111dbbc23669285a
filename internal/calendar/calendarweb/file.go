package calendarweb

import (
	"io"
	"net/http"
	"strconv"

	"brug/internal/calendar"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// filePage is /s/{school}/calendar/file: first the file, then what it has, to look over before anything is saved. What was
// read travels through the form, so that nothing is stored of a file that somebody only looked at.
type filePage struct {
	ui.Page
	Form    *ui.Form
	URL     string
	Read    bool
	Found   []calendar.Input
	There   map[int]bool // is in the calendar already
	Kinds   []ui.Option
	Notes   []string // what was left out, and why
	BackURL string
}

func (p *Pages) file(w http.ResponseWriter, r *http.Request) error {
	return p.showFile(w, r, http.StatusOK, filePage{Form: ui.NewForm()})
}

func (p *Pages) showFile(w http.ResponseWriter, r *http.Request, status int, page filePage) error {
	ctx := r.Context()
	page.Page = route.Page(w, r, lang.T(ctx, "Days off out of a file"))
	page.Back = ui.Link{Label: lang.T(ctx, "Days off"), URL: route.Path(ctx, "calendar", "off")}
	page.URL, page.BackURL = route.Path(ctx, "calendar", "file"), route.Path(ctx, "calendar", "off")
	if page.Read {
		page.Lead = lang.T(ctx, "Look it over. Only what is ticked comes into the calendar.")
		for _, k := range calendar.Kinds() {
			page.Kinds = append(page.Kinds, ui.Option{Value: string(k), Label: k.Name(lang.From(ctx))})
		}
	} else {
		page.Lead = lang.T(ctx, "Ministries and school boards publish the holidays as a calendar file. Nothing is saved before you have seen it.")
	}
	return route.Render(w, r, status, fileView(page))
}

func (p *Pages) doFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, calendar.MaxFile+1<<18)
	var data []byte
	if head := f.File("file"); err == nil && head != nil {
		file, e := head.Open()
		if e != nil {
			return e
		}
		data, err = io.ReadAll(file)
		if e := file.Close(); err == nil {
			err = e
		}
	}
	var read calendar.Reading
	if err == nil {
		read, err = p.Calendar.Read(ctx, route.Actor(r), data)
	}
	if status, ok := take(f, err); ok {
		if text, is := f.Errors[""]; is { // a file that is too large to come in
			delete(f.Errors, "")
			f.Errors["file"] = text
		}
		return p.showFile(w, r, status, filePage{Form: f})
	}
	if err != nil {
		return err
	}
	if len(read.Found) == 0 {
		f.Fail("file", "Nothing in this file can be used. Are its days over, or does it only repeat?")
		return p.showFile(w, r, http.StatusUnprocessableEntity, filePage{Form: f})
	}
	page := filePage{Form: ui.NewForm(), Read: true, There: map[int]bool{}}
	for i, found := range read.Found {
		page.Found = append(page.Found, found.Input)
		page.There[i] = found.There
		page.Form.Set(name(i, "kind"), string(found.Kind))
		if !found.There {
			page.Form.Set("take", append(page.Form.All("take"), strconv.Itoa(i))...)
		}
	}
	note := func(n int, one, many string) {
		if n > 0 {
			page.Notes = append(page.Notes, lang.N(ctx, n, one, many))
		}
	}
	note(read.Past, "{n} day or period is over already.", "{n} days or periods are over already.")
	note(read.Repeating, "{n} repeats itself. Add it by hand.", "{n} repeat themselves. Add them by hand.")
	note(read.Unclear, "{n} has no day that can be read.", "{n} have no day that can be read.")
	note(read.More, "{n} more did not fit. Bring the file in again afterwards.", "{n} more did not fit. Bring the file in again afterwards.")
	return p.showFile(w, r, http.StatusOK, page)
}

func (p *Pages) doTake(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	if err != nil {
		return err
	}
	page := filePage{Form: f, Read: true, There: map[int]bool{}}
	var list []calendar.Input
	for i := 0; i < calendar.MaxFound && f.Get(name(i, "day")) != ""; i++ {
		get := func(field string) string { return f.Get(name(i, field)) }
		in := calendar.Input{Kind: calendar.Kind(get("kind")), Title: get("title"), Place: get("place"), Day: get("day"), ToDay: get("to_day"), From: get("from"), To: get("to")}
		page.Found = append(page.Found, in)
		if f.Has("take", strconv.Itoa(i)) {
			list = append(list, in)
		}
	}
	err = p.Calendar.BringIn(ctx, route.Actor(r), list)
	if status, ok := take(f, err); ok {
		return p.showFile(w, r, status, page)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "calendar", "off"), lang.N(ctx, len(list), "{n} day or period stands in the calendar.", "{n} days or periods stand in the calendar."))
}

// name is a field of the i-th event.
func name(i int, field string) string { return field + "." + strconv.Itoa(i) }
