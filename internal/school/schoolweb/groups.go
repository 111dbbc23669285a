package schoolweb

import (
	"context"
	"net/http"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// groupsPage is /s/{school}/groups.
type groupsPage struct {
	ui.Page
	Groups []school.GroupRow
	Change bool
	Path   string
}

func (p *Pages) groups(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	rows, err := p.School.Groups(ctx, route.Actor(r))
	if err != nil {
		return err
	}
	page := groupsPage{Page: route.Page(w, r, lang.T(ctx, "Groups")), Groups: rows, Change: may(r, auth.SchoolChange), Path: route.Path(ctx, "groups")}
	page.Lead = lang.T(ctx, "Pupils of several classes together: the choir, after-school care, a language group.")
	page.Back = schoolLink(ctx)
	if page.Change {
		page.Actions = []ui.Action{{Label: lang.T(ctx, "Add a group"), Icon: "add", URL: page.Path + "/new"}}
	}
	return route.Render(w, r, http.StatusOK, groupsView(page))
}

func groupsLink(ctx context.Context) ui.Link {
	return ui.Link{Label: lang.T(ctx, "Groups"), URL: route.Path(ctx, "groups")}
}

func groupFields(ctx context.Context) []field {
	return []field{{Input: ui.Input{Name: "name", Label: lang.T(ctx, "Name of the group"), Max: 60, Auto: "off"}}}
}

func (p *Pages) newGroup(w http.ResponseWriter, r *http.Request) error {
	return p.showNewGroup(w, r, http.StatusOK, ui.NewForm())
}

func (p *Pages) showNewGroup(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx := r.Context()
	page := formPage{Page: route.Page(w, r, lang.T(ctx, "Add a group")), Form: f, URL: route.Path(ctx, "groups", "new"), Fields: groupFields(ctx),
		Submit: lang.T(ctx, "Add the group"), Cancel: cancel(ctx, route.Path(ctx, "groups"))}
	page.Back = groupsLink(ctx)
	return route.Render(w, r, status, formView(page))
}

func (p *Pages) doNewGroup(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	id := ""
	if err == nil {
		id, err = p.School.AddGroup(ctx, route.Actor(r), f.Get("name"))
	}
	if status, ok := show(f, err); ok {
		return p.showNewGroup(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "groups", id), lang.T(ctx, "The group is there. Who is in it?"))
}

// groupPage is /s/{school}/groups/{group}: its name, who is in it, and a search for who comes in.
type groupPage struct {
	formPage
	Group  school.GroupView
	Change bool
	Search *ui.Form
	Found  []school.PupilRow
	Asked  bool
}

func (p *Pages) group(w http.ResponseWriter, r *http.Request) error {
	return p.showGroup(w, r, http.StatusOK, nil)
}

func (p *Pages) showGroup(w http.ResponseWriter, r *http.Request, status int, typed *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	g, err := p.School.Group(ctx, by, r.PathValue("group"))
	if err != nil {
		return err
	}
	stored := ui.NewForm("name", g.Name)
	page := groupPage{Group: g, Change: may(r, auth.SchoolChange), Search: ui.NewForm("q", r.URL.Query().Get("q"))}
	page.Search.Prefix = "find"
	page.formPage = formPage{Page: route.Page(w, r, g.Name), Form: stored, URL: route.Path(ctx, "groups", g.PublicID), Fields: groupFields(ctx),
		Hidden: []string{"version", itoa(g.Version)}, Submit: lang.T(ctx, "Save")}
	page.Back = groupsLink(ctx)
	page.Lead = lang.N(ctx, g.Pupils, "{n} pupil", "{n} pupils")
	if len(g.Members) > 0 && may(r, auth.PacksPrint) {
		page.Actions = []ui.Action{{Label: lang.T(ctx, "Print a slip"), Icon: "print", URL: route.Path(ctx, "packs", "new") + "?scope=group:" + g.PublicID}}
	}
	if q := page.Search.Get("q"); q != "" && page.Change {
		page.Asked = true
		list, err := p.School.Pupils(ctx, by, school.PupilFilter{Text: q, Limit: 30})
		if err != nil {
			return err
		}
		in := map[string]bool{}
		for _, m := range g.Members {
			in[m.PublicID] = true
		}
		for _, c := range list.Rows {
			if !in[c.PublicID] {
				page.Found = append(page.Found, c)
			}
		}
	}
	if typed != nil {
		page.Form = typed
		if status == http.StatusConflict {
			page.Clashes = clashes(ctx, page.Fields, typed, stored)
		}
	}
	return route.Render(w, r, status, groupView(page))
}

func (p *Pages) doGroup(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("group")
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.School.RenameGroup(ctx, route.Actor(r), id, version(f), f.Get("name"))
	}
	if status, ok := show(f, err); ok {
		return p.showGroup(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "groups", id), lang.T(ctx, "Saved."))
}

func (p *Pages) doGroupPupils(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("group")
	f, err := ui.FormFrom(r, maxForm)
	if err != nil {
		return err
	}
	if err := p.School.SetGroupPupils(ctx, route.Actor(r), id, f.All("in"), f.All("out")); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "groups", id), lang.T(ctx, "Saved."))
}

func (p *Pages) endGroup(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	g, err := p.School.Group(ctx, route.Actor(r), r.PathValue("group"))
	if err != nil {
		return err
	}
	url := route.Path(ctx, "groups", g.PublicID)
	page := route.Page(w, r, lang.T(ctx, "End the group {name}", "name", g.Name))
	page.Back = ui.Link{Label: g.Name, URL: url}
	return route.Render(w, r, http.StatusOK, confirmView(page, ui.Question{
		Text:  lang.T(ctx, "The group is gone from lists and choices. What was printed for it stays, and so do the pupils."),
		Yes:   ui.Action{Label: lang.T(ctx, "Yes, end it"), Kind: ui.Grave, Post: url + "/end"},
		NoURL: url,
	}))
}

func (p *Pages) doEndGroup(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := p.School.EndGroup(ctx, route.Actor(r), r.PathValue("group")); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "groups"), lang.T(ctx, "The group has ended."))
}
