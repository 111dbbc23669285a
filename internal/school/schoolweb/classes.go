package schoolweb

import (
	"context"
	"net/http"
	"strings"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// classesPage is /s/{school}/classes: the classes of today.
type classesPage struct {
	ui.Page
	Classes []school.ClassRow
	Change  bool
	Import  bool
	Path    string
}

func (p *Pages) classes(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	rows, err := p.School.Classes(ctx, route.Actor(r))
	if err != nil {
		return err
	}
	page := classesPage{Page: route.Page(w, r, lang.T(ctx, "Classes")), Classes: rows, Change: may(r, auth.SchoolChange),
		Import: may(r, auth.RosterImport), Path: route.Path(ctx, "classes")}
	page.Back = schoolLink(ctx)
	if page.Change && len(rows) > 0 {
		page.Actions = []ui.Action{{Label: lang.T(ctx, "Add a class"), Icon: "add", URL: page.Path + "/new"}}
	}
	return route.Render(w, r, http.StatusOK, classesView(page))
}

func schoolLink(ctx context.Context) ui.Link {
	return ui.Link{Label: lang.T(ctx, "School"), URL: route.Path(ctx, "school")}
}

func classesLink(ctx context.Context) ui.Link {
	return ui.Link{Label: lang.T(ctx, "Classes"), URL: route.Path(ctx, "classes")}
}

func (p *Pages) newClass(w http.ResponseWriter, r *http.Request) error {
	return p.showNewClass(w, r, http.StatusOK, ui.NewForm("year", p.School.Years(route.Actor(r))[0]))
}

func (p *Pages) showNewClass(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx := r.Context()
	page := formPage{Page: route.Page(w, r, lang.T(ctx, "Add a class")), Form: f, URL: route.Path(ctx, "classes", "new"),
		Fields: classFields(ctx, p.School.Years(route.Actor(r))), Submit: lang.T(ctx, "Add the class"), Cancel: cancel(ctx, route.Path(ctx, "classes"))}
	page.Back = classesLink(ctx)
	return route.Render(w, r, status, formView(page))
}

func (p *Pages) doNewClass(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		_, err = p.School.AddClass(ctx, route.Actor(r), classInput(f))
	}
	if status, ok := show(f, err); ok {
		return p.showNewClass(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "classes"), lang.T(ctx, "Class {name} is there.", "name", f.Get("name")))
}

func classInput(f *ui.Form) school.ClassInput {
	return school.ClassInput{Name: f.Get("name"), Year: f.Get("year"), Audience: school.Audience(f.Get("audience"))}
}

func classFields(ctx context.Context, years []string) []field {
	var ages, when []ui.Option
	for _, a := range school.Audiences {
		ages = append(ages, ui.Option{Value: string(a), Label: lang.T(ctx, a.Text())})
	}
	for _, y := range years {
		when = append(when, ui.Option{Value: y, Label: y})
	}
	return []field{
		{Input: ui.Input{Name: "name", Label: lang.T(ctx, "Name of the class"), Hint: lang.T(ctx, "As everybody says it: 3A, K2 Beertjes."), Max: 40, Short: true}},
		{Input: ui.Input{Name: "audience", Label: lang.T(ctx, "Age"), Hint: lang.T(ctx, "It decides which slips are offered first."), Options: ages,
			Empty: lang.T(ctx, "Guess it from the name"), Optional: true}, Control: list},
		{Input: ui.Input{Name: "year", Label: lang.T(ctx, "School year"), Options: when, Inline: true}, Control: radios},
	}
}

func (p *Pages) class(w http.ResponseWriter, r *http.Request) error {
	return p.showClass(w, r, http.StatusOK, nil)
}

func (p *Pages) showClass(w http.ResponseWriter, r *http.Request, status int, typed *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	c, err := p.School.Class(ctx, by, r.PathValue("class"))
	if err != nil {
		return err
	}
	years := p.School.Years(by)
	if !strings.Contains(strings.Join(years, " "), c.Year) {
		years = append([]string{c.Year}, years...)
	}
	stored := ui.NewForm("name", c.Name, "year", c.Year, "audience", string(c.Audience))
	page := formPage{Page: route.Page(w, r, lang.T(ctx, "Class {name}", "name", c.Name)), Form: stored, URL: route.Path(ctx, "classes", c.PublicID, "edit"),
		Fields: classFields(ctx, years), Hidden: []string{"version", itoa(c.Version)}, Submit: lang.T(ctx, "Save"), Cancel: cancel(ctx, route.Path(ctx, "classes"))}
	page.Back = classesLink(ctx)
	page.After = endClassLink(page.URL[:len(page.URL)-len("edit")] + "end")
	if typed != nil {
		page.Form = typed
		if status == http.StatusConflict {
			page.Clashes = clashes(ctx, page.Fields, typed, stored)
		}
	}
	return route.Render(w, r, status, formView(page))
}

func (p *Pages) doClass(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.School.ChangeClass(ctx, route.Actor(r), r.PathValue("class"), version(f), classInput(f))
	}
	if status, ok := show(f, err); ok {
		return p.showClass(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "classes"), lang.T(ctx, "Saved."))
}

func (p *Pages) endClass(w http.ResponseWriter, r *http.Request) error {
	return p.showEndClass(w, r, http.StatusOK, ui.NewForm("day", p.School.Today(route.Actor(r))))
}

func (p *Pages) showEndClass(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	c, err := p.School.Class(ctx, by, r.PathValue("class"))
	if err != nil {
		return err
	}
	edit := route.Path(ctx, "classes", c.PublicID, "edit")
	page := formPage{Page: route.Page(w, r, lang.T(ctx, "End class {name}", "name", c.Name)), Form: f, URL: route.Path(ctx, "classes", c.PublicID, "end"),
		Fields: []field{{Input: ui.Input{Name: "day", Label: lang.T(ctx, "Last day"), Type: "date", Short: true, MaxVal: p.School.Today(by)}}},
		Submit: lang.T(ctx, "End the class"), Cancel: cancel(ctx, edit)}
	page.Lead = lang.N(ctx, c.Pupils, "{n} pupil is in no class afterwards, until you move the pupil or bring in a list. The history stays.",
		"{n} pupils are in no class afterwards, until you move them or bring in a list. The history stays.")
	page.Back = ui.Link{Label: lang.T(ctx, "Class {name}", "name", c.Name), URL: edit}
	return route.Render(w, r, status, formView(page))
}

func (p *Pages) doEndClass(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.School.EndClass(ctx, route.Actor(r), r.PathValue("class"), f.Get("day"))
	}
	if status, ok := show(f, err); ok {
		return p.showEndClass(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "classes"), lang.T(ctx, "The class has ended."))
}
