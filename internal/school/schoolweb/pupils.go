package schoolweb

import (
	"context"
	"net/http"
	"net/url"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// pupilsPage is /s/{school}/pupils: find a child by its own name or a guardian's.
type pupilsPage struct {
	ui.Page
	Form    *ui.Form
	Classes []ui.Option
	Rows    []school.PupilRow
	Tabs    []ui.Tab
	Turn    ui.Turn
	Asked   bool // something was looked for
	State   string
	Path    string
}

func (p *Pages) pupils(w http.ResponseWriter, r *http.Request) error {
	ctx, by, query := r.Context(), route.Actor(r), r.URL.Query()
	filter := school.PupilFilter{Text: query.Get("q"), Class: query.Get("class"), State: query.Get("state"), After: query.Get("after")}
	if filter.State != school.Left && filter.State != school.NoClass {
		filter.State = school.Here
	}
	list, err := p.School.Pupils(ctx, by, filter)
	if err != nil {
		return err
	}
	classes, err := p.classOptions(ctx, by)
	if err != nil {
		return err
	}
	page := pupilsPage{Page: route.Page(w, r, lang.T(ctx, "Pupils")), Form: ui.NewForm("q", filter.Text, "class", filter.Class),
		Classes: classes, Rows: list.Rows, Asked: filter.Text != "" || filter.Class != "", State: filter.State, Path: route.Path(ctx, "pupils")}
	page.Back = schoolLink(ctx)
	if may(r, auth.FamiliesChange) && len(classes) > 0 {
		page.Actions = []ui.Action{{Label: lang.T(ctx, "Add a pupil"), Icon: "add", URL: page.Path + "/new"}}
	}
	if by.AllClasses() {
		for _, s := range []struct{ state, label string }{
			{school.Here, lang.T(ctx, "At school")}, {school.NoClass, lang.T(ctx, "In no class")}, {school.Left, lang.T(ctx, "Left")},
		} {
			v := url.Values{"state": {s.state}}
			if filter.Text != "" {
				v.Set("q", filter.Text)
			}
			page.Tabs = append(page.Tabs, ui.Tab{Label: s.label, URL: page.Path + "?" + v.Encode(), Current: s.state == filter.State})
		}
	}
	if list.Next != "" {
		query.Set("after", list.Next)
		page.Turn.NextURL = page.Path + "?" + query.Encode()
	}
	if filter.After != "" {
		query.Del("after")
		page.Turn.PrevURL, page.Turn.Prev = page.Path+"?"+query.Encode(), lang.T(ctx, "From the start")
	}
	return route.Render(w, r, http.StatusOK, pupilsView(page))
}

func (p *Pages) classOptions(ctx context.Context, by auth.Actor) ([]ui.Option, error) {
	rows, err := p.School.Classes(ctx, by)
	if err != nil {
		return nil, err
	}
	years := map[string]bool{}
	for _, c := range rows {
		years[c.Year] = true
	}
	var out []ui.Option
	for _, c := range rows {
		o := ui.Option{Value: c.PublicID, Label: c.Name}
		if len(years) > 1 {
			o.Label += " (" + c.Year + ")"
		}
		out = append(out, o)
	}
	return out, nil
}

func (p *Pages) newPupil(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	f := ui.NewForm("from", p.School.Today(route.Actor(r)), "household", query.Get("household"), "class", query.Get("class"))
	return p.showNewPupil(w, r, http.StatusOK, f)
}

func (p *Pages) showNewPupil(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	classes, err := p.classOptions(ctx, by)
	if err != nil {
		return err
	}
	page := formPage{Page: route.Page(w, r, lang.T(ctx, "Add a pupil")), Form: f, URL: route.Path(ctx, "pupils", "new"),
		Submit: lang.T(ctx, "Add the pupil"), Cancel: cancel(ctx, route.Path(ctx, "pupils"))}
	page.Back = ui.Link{Label: lang.T(ctx, "Pupils"), URL: route.Path(ctx, "pupils")}
	page.Fields = append(pupilFields(ctx),
		field{Input: ui.Input{Name: "class", Label: lang.T(ctx, "Class"), Options: classes, Empty: lang.T(ctx, "Choose a class")}, Control: list},
		field{Input: ui.Input{Name: "from", Label: lang.T(ctx, "First day in this class"), Type: "date", Short: true, MaxVal: p.School.Today(by)}})
	if id := f.Get("household"); id != "" {
		h, err := p.School.Household(ctx, by, id)
		if err != nil {
			return err
		}
		page.Lead = lang.T(ctx, "The pupil comes into the home of {who}.", "who", householdTitle(ctx, h))
		page.Hidden = []string{"household", id}
		var people []ui.Option
		for _, g := range h.Guardians {
			people = append(people, ui.Option{Value: g.PublicID, Label: personName(ctx, g)})
		}
		if len(people) > 0 {
			page.Fields = append(page.Fields, field{Control: boxes, Input: ui.Input{Name: "guardians", Label: lang.T(ctx, "Who raises this child too?"), Options: people, Optional: true,
				Hint: lang.T(ctx, "They may see what is about the child, decide, and be contacted. You can change it for each of them.")}})
		}
		page.Back = ui.Link{Label: householdTitle(ctx, h), URL: route.Path(ctx, "households", id)}
	} else {
		page.Lead = lang.T(ctx, "A new home is made for the pupil. For a brother or sister of somebody at school, begin on the page of that family.")
		page.Fields = append(page.Fields, field{Input: ui.Input{Name: "address", Label: lang.T(ctx, "Address"), Max: 300, Optional: true}})
	}
	return route.Render(w, r, status, formView(page))
}

func (p *Pages) doNewPupil(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	in := pupilInput(f)
	in.Class, in.From, in.Household, in.Address = f.Get("class"), f.Get("from"), f.Get("household"), f.Get("address")
	in.Guardians = f.All("guardians")
	home := ""
	if err == nil {
		_, home, err = p.School.AddPupil(ctx, route.Actor(r), in)
	}
	if status, ok := show(f, err); ok {
		return p.showNewPupil(w, r, status, f)
	}
	if err != nil {
		return err
	}
	if in.Household != "" {
		return route.SeeDone(w, r, route.Path(ctx, "households", home), lang.T(ctx, "{name} is there.", "name", in.Given))
	}
	return route.SeeDone(w, r, route.Path(ctx, "guardians", "new")+"?household="+home, lang.T(ctx, "{name} is there. Who raises {name}?", "name", in.Given))
}

func pupilInput(f *ui.Form) school.PupilInput {
	return school.PupilInput{Given: f.Get("given"), Family: f.Get("family"), Born: f.Get("born")}
}

func pupilFields(ctx context.Context) []field {
	return []field{
		{Input: ui.Input{Name: "given", Label: lang.T(ctx, "Given name"), Hint: lang.T(ctx, "As it stands on papers for the family."), Max: 100, Auto: "off"}},
		{Input: ui.Input{Name: "family", Label: lang.T(ctx, "Family name"), Max: 100, Optional: true, Auto: "off"}},
		{Input: ui.Input{Name: "born", Label: lang.T(ctx, "Date of birth"), Type: "date", Short: true, Optional: true, Auto: "off"}},
	}
}

// pupilPage is /s/{school}/pupils/{pupil}.
type pupilPage struct {
	formPage
	Pupil  school.PupilCard
	Change bool
}

func (p *Pages) pupil(w http.ResponseWriter, r *http.Request) error {
	return p.showPupil(w, r, http.StatusOK, nil)
}

func (p *Pages) showPupil(w http.ResponseWriter, r *http.Request, status int, typed *ui.Form) error {
	ctx := r.Context()
	c, err := p.School.Pupil(ctx, route.Actor(r), r.PathValue("pupil"))
	if err != nil {
		return err
	}
	stored := ui.NewForm("given", c.Given, "family", c.Family, "born", c.Born)
	page := pupilPage{Pupil: c, Change: may(r, auth.FamiliesChange)}
	page.formPage = formPage{Page: route.Page(w, r, c.Name()), Form: stored, URL: route.Path(ctx, "pupils", c.PublicID), Fields: pupilFields(ctx),
		Hidden: []string{"version", itoa(c.Version)}, Submit: lang.T(ctx, "Save"), Read: !page.Change}
	page.Back = ui.Link{Label: lang.T(ctx, "Pupils"), URL: route.Path(ctx, "pupils")}
	switch {
	case c.LeftAt != 0:
		page.Lead = lang.T(ctx, "Has left the school.")
	case c.ClassName == "":
		page.Lead = lang.T(ctx, "Is in no class.")
	default:
		page.Lead = lang.T(ctx, "Class {name}", "name", c.ClassName)
	}
	if page.Change {
		move := ui.Action{Label: lang.T(ctx, "Move or leave"), Icon: "class", URL: page.URL + "/move"}
		if c.LeftAt != 0 {
			move.Label = lang.T(ctx, "Comes back")
		}
		page.Actions = []ui.Action{move}
	}
	if typed != nil {
		page.Form = typed
		if status == http.StatusConflict {
			page.Clashes = clashes(ctx, page.Fields, typed, stored)
		}
	}
	return route.Render(w, r, status, pupilView(page))
}

func (p *Pages) doPupil(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("pupil")
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.School.ChangePupil(ctx, route.Actor(r), id, version(f), pupilInput(f))
	}
	if status, ok := show(f, err); ok {
		return p.showPupil(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "pupils", id), lang.T(ctx, "Saved."))
}

// movePage is /s/{school}/pupils/{pupil}/move: another class, or the last day, or back again.
type movePage struct {
	ui.Page
	Pupil school.PupilCard
	Move  formPage
	Leave formPage
}

func (p *Pages) move(w http.ResponseWriter, r *http.Request) error {
	return p.showMove(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) showMove(w http.ResponseWriter, r *http.Request, status int, move, leave *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	c, err := p.School.Pupil(ctx, by, r.PathValue("pupil"))
	if err != nil {
		return err
	}
	classes, err := p.classOptions(ctx, by)
	if err != nil {
		return err
	}
	today, back := p.School.Today(by), route.Path(ctx, "pupils", c.PublicID)
	page := movePage{Page: route.Page(w, r, c.Name()), Pupil: c}
	page.Back = ui.Link{Label: c.Name(), URL: back}
	if move == nil {
		move = ui.NewForm("day", today)
	}
	if leave == nil {
		leave = ui.NewForm("day", today)
	}
	move.Prefix, leave.Prefix = "move", "leave"
	hidden := []string{"version", itoa(c.Version)}
	page.Move = formPage{Form: move, URL: back + "/move", Hidden: hidden, Submit: lang.T(ctx, "Move"), Cancel: cancel(ctx, back), Fields: []field{
		{Input: ui.Input{Name: "class", Label: lang.T(ctx, "New class"), Options: classes, Empty: lang.T(ctx, "Choose a class")}, Control: list},
		{Input: ui.Input{Name: "day", Label: lang.T(ctx, "First day in this class"), Type: "date", Short: true, MaxVal: today}},
	}}
	if c.LeftAt != 0 {
		page.Move.Submit = lang.T(ctx, "Comes back")
		page.Move.Fields[0].Label = lang.T(ctx, "Class")
	}
	page.Leave = formPage{Form: leave, URL: back + "/leave", Hidden: hidden, Submit: lang.T(ctx, "Leaves the school"), Cancel: cancel(ctx, back), Fields: []field{
		{Input: ui.Input{Name: "day", Label: lang.T(ctx, "Last day in class"), Type: "date", Short: true, MaxVal: today}},
	}}
	return route.Render(w, r, status, moveView(page))
}

func (p *Pages) doMove(w http.ResponseWriter, r *http.Request) error {
	ctx, by, id := r.Context(), route.Actor(r), r.PathValue("pupil")
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		var c school.PupilCard
		if c, err = p.School.Pupil(ctx, by, id); err == nil {
			if c.LeftAt != 0 {
				err = p.School.ReturnPupil(ctx, by, id, version(f), f.Get("class"), f.Get("day"))
			} else {
				err = p.School.MovePupil(ctx, by, id, f.Get("class"), f.Get("day"))
			}
		}
	}
	if status, ok := show(f, err); ok {
		return p.showMove(w, r, status, f, nil)
	}
	if err != nil {
		return err
	}
	to := route.Path(ctx, "pupils", id)
	if _, err := p.School.Pupil(ctx, by, id); errs.Is(err, errs.NotFound) {
		to = route.Path(ctx, "pupils") // moved out of the teacher's own classes
	}
	return route.SeeDone(w, r, to, lang.T(ctx, "Saved."))
}

func (p *Pages) doLeave(w http.ResponseWriter, r *http.Request) error {
	ctx, by, id := r.Context(), route.Actor(r), r.PathValue("pupil")
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.School.LeavePupil(ctx, by, id, version(f), f.Get("day"))
	}
	if status, ok := show(f, err); ok {
		return p.showMove(w, r, status, nil, f)
	}
	if err != nil {
		return err
	}
	to := route.Path(ctx, "pupils", id)
	if !by.AllClasses() {
		to = route.Path(ctx, "pupils") // who left is in no class, and so not for a teacher
	}
	return route.SeeDone(w, r, to, lang.T(ctx, "The pupil has left. Everything that was stays, and the pupil can come back."))
}
