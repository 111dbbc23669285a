package schoolweb

import (
	"context"
	"net/http"
	"strings"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"

	"github.com/a-h/templ"
)

// householdCard is who lives in a home, as it stands on the page of the family.
type householdCard struct {
	Home   school.HouseholdView
	Change bool
}

// HouseholdCard is who lives in a home: children, guardians with their languages, roads and reading, and other homes. The page
// around it (package web/home) adds what happened between the family and the school. title names the family.
func HouseholdCard(ctx context.Context, s *school.Service, by auth.Actor, household string) (card templ.Component, title string, err error) {
	h, err := s.Household(ctx, by, household)
	if err != nil {
		return nil, "", err
	}
	return householdView(householdCard{Home: h, Change: by.May(auth.FamiliesChange) == nil && !h.Ended}), householdTitle(ctx, h), nil
}

// householdTitle names a home by its own label, else by its children: "Family of Sara and Omar Haddad".
func householdTitle(ctx context.Context, h school.HouseholdView) string {
	if h.Label != "" {
		return h.Label
	}
	var rows []school.PupilRow
	for _, p := range h.Pupils {
		rows = append(rows, p.PupilRow)
	}
	return familyTitle(ctx, rows)
}

func familyTitle(ctx context.Context, pupils []school.PupilRow) string {
	if len(pupils) == 0 {
		return lang.T(ctx, "Family")
	}
	same := true
	for _, p := range pupils {
		same = same && p.Family == pupils[0].Family
	}
	var names []string
	for _, p := range pupils {
		if same {
			names = append(names, p.Given)
		} else {
			names = append(names, p.Name())
		}
	}
	who := lang.From(ctx).List(names)
	if same {
		who = strings.TrimSpace(who + " " + pupils[0].Family)
	}
	return lang.T(ctx, "Family of {names}", "names", who)
}

func (p *Pages) household(w http.ResponseWriter, r *http.Request) error {
	return p.showHousehold(w, r, http.StatusOK, nil)
}

func (p *Pages) showHousehold(w http.ResponseWriter, r *http.Request, status int, typed *ui.Form) error {
	ctx := r.Context()
	h, err := p.School.Household(ctx, route.Actor(r), r.PathValue("household"))
	if err != nil {
		return err
	}
	if h.Ended {
		return errs.NotFoundf("household %s has ended", h.PublicID)
	}
	card := route.Path(ctx, "households", h.PublicID)
	stored := ui.NewForm("label", h.Label, "address", h.Address)
	fields := []field{
		{Input: ui.Input{Name: "label", Label: lang.T(ctx, "Name of this home"), Hint: lang.T(ctx, "Only where it helps: at Mum's, at Grandma's. Else the names of the children stand here."), Max: 100, Optional: true}},
		{Input: ui.Input{Name: "address", Label: lang.T(ctx, "Address"), Max: 300, Optional: true, Auto: "off"}},
	}
	for _, c := range h.Pupils {
		stored.Set("days."+c.PublicID, c.Days)
		fields = append(fields, field{Input: ui.Input{Name: "days." + c.PublicID, Label: lang.T(ctx, "When is {name} here?", "name", c.Given), Max: 100, Optional: true,
			Hint: lang.T(ctx, "For a child with two homes: every other week, Monday to Wednesday.")}})
	}
	page := formPage{Page: route.Page(w, r, lang.T(ctx, "Change the home")), Form: stored, URL: card + "/edit", Fields: fields,
		Hidden: []string{"version", itoa(h.Version)}, Submit: lang.T(ctx, "Save"), Cancel: cancel(ctx, card)}
	page.Back = ui.Link{Label: householdTitle(ctx, h), URL: card}
	if typed != nil {
		page.Form = typed
		if status == http.StatusConflict {
			page.Clashes = clashes(ctx, fields, typed, stored)
		}
	}
	return route.Render(w, r, status, formView(page))
}

func (p *Pages) doHousehold(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("household")
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		in := school.HouseholdInput{Label: f.Get("label"), Address: f.Get("address"), Days: map[string]string{}}
		for name := range f.Values {
			if pupil, ok := strings.CutPrefix(name, "days."); ok {
				in.Days[pupil] = f.Get(name)
			}
		}
		err = p.School.ChangeHousehold(ctx, route.Actor(r), id, version(f), in)
	}
	if status, ok := show(f, err); ok {
		return p.showHousehold(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "households", id), lang.T(ctx, "Saved."))
}

// choosePage is a form whose question is: which home?
type choosePage struct {
	formPage
	Found int
}

// chooseHome offers the homes of some pupils and those that were looked for, all but one.
func (p *Pages) chooseHome(w http.ResponseWriter, r *http.Request, title string, f *ui.Form, pupils []string, but string) (choosePage, error) {
	ctx := r.Context()
	homes, err := p.School.FindHomes(ctx, route.Actor(r), f.Get("q"), pupils...)
	if err != nil {
		return choosePage{}, err
	}
	var options []ui.Option
	for _, h := range homes {
		if h.PublicID == but {
			continue
		}
		o := ui.Option{Value: h.PublicID, Label: familyTitle(ctx, h.Pupils), Hint: strings.Join(nonEmpty(lang.From(ctx).List(h.People), h.Address), " · ")}
		if h.Label != "" {
			o.Label = h.Label + " · " + o.Label
		}
		options = append(options, o)
	}
	page := choosePage{Found: len(options)}
	page.Page, page.Form = route.Page(w, r, title), f
	page.Before = homeSearch(f, r.URL.Path)
	page.Hidden = []string{"q", f.Get("q")}
	if len(options) == 0 {
		page.Read = true
		onTop(f)
	} else {
		page.Fields = []field{{Input: ui.Input{Name: "household", Label: lang.T(ctx, "Which home?"), Options: options}, Control: radios}}
	}
	return page, nil
}

// onTop moves what is wrong with the choice of a home to the top, where no home is offered and so no field is there to
// lead to.
func onTop(f *ui.Form) {
	if t, is := f.Wrong("household"); is {
		delete(f.Errors, "household")
		f.Errors[""] = t
	}
}

// liftError lets an error stand on top of a form that does not show its field.
func liftError(f *ui.Form, name string) {
	if t, wrong := f.Wrong(name); wrong {
		delete(f.Errors, name)
		f.Errors[""] = t
	}
}

func nonEmpty(words ...string) []string {
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

func (p *Pages) join(w http.ResponseWriter, r *http.Request) error {
	return p.showJoin(w, r, http.StatusOK, ui.NewForm("q", r.URL.Query().Get("q")))
}

func (p *Pages) showJoin(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	h, err := p.School.Household(ctx, by, r.PathValue("household"))
	if err != nil {
		return err
	}
	var pupils []string
	for _, c := range h.Pupils {
		pupils = append(pupils, c.PublicID)
	}
	card := route.Path(ctx, "households", h.PublicID)
	page, err := p.chooseHome(w, r, lang.T(ctx, "Make one home of two"), f, pupils, h.PublicID)
	if err != nil {
		return err
	}
	page.Lead = lang.T(ctx, "Everybody of the other home lives here from now on, and the other home ends. Codes on papers of the other home end too. Nobody gets rights that they did not have.")
	page.URL, page.Submit, page.Cancel, page.Back = card+"/join", lang.T(ctx, "Make one home"), cancel(ctx, card), ui.Link{Label: householdTitle(ctx, h), URL: card}
	return route.Render(w, r, status, formView(page.formPage))
}

func (p *Pages) doJoin(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("household")
	f, err := ui.FormFrom(r, maxForm)
	if err == nil && f.Get("household") == "" {
		err = errs.Field("household", "Choose a home.")
	}
	if err == nil {
		err = p.School.JoinHomes(ctx, route.Actor(r), id, f.Get("household"))
	}
	if status, ok := show(f, err); ok {
		return p.showJoin(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "households", id), lang.T(ctx, "One home now. Check who may see what about each child."))
}

// homesPage is /s/{school}/pupils/{pupil}/home: a second home, a home of its own, an existing home, or leave a home.
type homesPage struct {
	ui.Page
	Pupil school.PupilCard
	New   formPage
	Link  choosePage
	URL   string
}

func (p *Pages) home(w http.ResponseWriter, r *http.Request) error {
	return p.showHome(w, r, http.StatusOK, nil, ui.NewForm("q", r.URL.Query().Get("q")), nil)
}

func (p *Pages) showHome(w http.ResponseWriter, r *http.Request, status int, fresh, link *ui.Form, problem error) error {
	ctx, by := r.Context(), route.Actor(r)
	c, err := p.School.Pupil(ctx, by, r.PathValue("pupil"))
	if err != nil {
		return err
	}
	if len(c.Homes) == 0 {
		return errs.NotFoundf("pupil %s has no home", c.PublicID)
	}
	back := route.Path(ctx, "pupils", c.PublicID)
	from := c.Homes[0].PublicID
	if fresh != nil && fresh.Get("from") != "" {
		from = fresh.Get("from")
	} else if asked := r.URL.Query().Get("from"); asked != "" {
		from = asked
	}
	h, err := p.School.Household(ctx, by, from)
	if err != nil {
		return err
	}
	if fresh == nil {
		fresh = ui.NewForm("from", from, "pupils", c.PublicID, "both", "yes")
	}
	var pupils, people []ui.Option
	for _, x := range h.Pupils {
		pupils = append(pupils, ui.Option{Value: x.PublicID, Label: x.Name()})
	}
	for _, g := range h.Guardians {
		people = append(people, ui.Option{Value: g.PublicID, Label: personName(ctx, g)})
	}
	fields := []field{{Control: boxes, Input: ui.Input{Name: "pupils", Label: lang.T(ctx, "Which children?"), Options: pupils}}}
	if len(people) > 0 {
		fields = append(fields, field{Control: boxes, Input: ui.Input{Name: "guardians", Label: lang.T(ctx, "Which guardians live in the new home?"),
			Hint: lang.T(ctx, "Somebody who is not here yet can be added afterwards."), Options: people, Optional: true}})
	}
	fields = append(fields,
		field{Control: radios, Input: ui.Input{Name: "both", Label: lang.T(ctx, "Where do the children live?"), Options: []ui.Option{
			{Value: "yes", Label: lang.T(ctx, "In both homes"), Hint: lang.T(ctx, "Both homes get everything, each in its own language.")},
			{Value: "no", Label: lang.T(ctx, "Only in the new home")}}}},
		field{Input: ui.Input{Name: "days", Label: lang.T(ctx, "When in the new home?"), Hint: lang.T(ctx, "For example: every other week."), Max: 100, Optional: true}},
		field{Input: ui.Input{Name: "address", Label: lang.T(ctx, "Address of the new home"), Max: 300, Optional: true, Auto: "off"}},
		field{Input: ui.Input{Name: "label", Label: lang.T(ctx, "Name of the new home"), Max: 100, Optional: true}})
	page := homesPage{Page: route.Page(w, r, lang.T(ctx, "Homes of {name}", "name", c.Name())), Pupil: c, URL: back + "/home"}
	page.Back = ui.Link{Label: c.Name(), URL: back}
	fresh.Prefix = "new"
	page.New = formPage{Form: fresh, URL: page.URL, Fields: fields, Hidden: []string{"from", from}, Submit: lang.T(ctx, "Make the home"), Cancel: cancel(ctx, back)}
	if link == nil {
		link = ui.NewForm()
	}
	link.Prefix = "link"
	var others []string
	homes, err := p.School.FindHomes(ctx, by, link.Get("q"))
	if err != nil {
		return err
	}
	for _, x := range c.Homes {
		others = append(others, x.PublicID)
	}
	page.Link = linkForm(ctx, link, homes, others, page.URL, back)
	if problem != nil {
		page.Flash = ui.Flash{Kind: ui.Fail, Text: lang.Text(ctx, firstText(problem))}
	}
	return route.Render(w, r, status, homesView(page))
}

func linkForm(ctx context.Context, f *ui.Form, homes []school.HomeChoice, but []string, url, back string) choosePage {
	var page choosePage
	page.Form, page.URL, page.Submit, page.Cancel = f, url+"/link", lang.T(ctx, "Lives there too"), cancel(ctx, back)
	page.Before, page.Hidden = homeSearch(f, url), []string{"q", f.Get("q")}
	var options []ui.Option
	for _, h := range homes {
		skip := false
		for _, b := range but {
			skip = skip || b == h.PublicID
		}
		if !skip {
			options = append(options, ui.Option{Value: h.PublicID, Label: familyTitle(ctx, h.Pupils), Hint: strings.Join(nonEmpty(h.Label, lang.From(ctx).List(h.People), h.Address), " · ")})
		}
	}
	page.Found = len(options)
	if page.Read = len(options) == 0; page.Read {
		onTop(f)
	} else {
		page.Fields = []field{{Control: radios, Input: ui.Input{Name: "household", Label: lang.T(ctx, "Which home?"), Options: options}},
			{Input: ui.Input{Name: "days", Label: lang.T(ctx, "When in that home?"), Hint: lang.T(ctx, "For example: every other week."), Max: 100, Optional: true}}}
	}
	return page
}

// firstText is a sentence of an error that a page shows on top.
func firstText(err error) errs.Text {
	for _, t := range errs.FieldsOf(err) {
		return t
	}
	return errs.T("This cannot be used as it is. Please look it over.")
}

func (p *Pages) doHome(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	home := ""
	if err == nil {
		home, err = p.School.SplitHome(ctx, route.Actor(r), school.NewHome{From: f.Get("from"), Pupils: f.All("pupils"), Guardians: f.All("guardians"),
			Both: f.Get("both") != "no", Label: f.Get("label"), Address: f.Get("address"), Days: f.Get("days")})
	}
	if status, ok := show(f, err); ok {
		return p.showHome(w, r, status, f, nil, nil)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "households", home), lang.T(ctx, "The home is there. Check who may see what about each child."))
}

func (p *Pages) doLink(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("pupil")
	f, err := ui.FormFrom(r, maxForm)
	if err == nil && f.Get("household") == "" {
		err = errs.Field("household", "Choose a home.")
	}
	if err == nil {
		err = p.School.LinkHome(ctx, route.Actor(r), id, f.Get("household"), f.Get("days"))
	}
	if status, ok := show(f, err); ok {
		return p.showHome(w, r, status, nil, f, nil)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "pupils", id), lang.T(ctx, "Saved. Say now what the people of that home may see."))
}

func (p *Pages) doUnlink(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("pupil")
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.School.UnlinkHome(ctx, route.Actor(r), id, f.Get("household"))
	}
	if status, ok := route.FormStatus(err); ok {
		return p.showHome(w, r, status, nil, nil, err)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "pupils", id), lang.T(ctx, "Saved."))
}
