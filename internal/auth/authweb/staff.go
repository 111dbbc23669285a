package authweb

import (
	"context"
	"net/http"
	"time"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// staffPage is /s/{school}/staff: who works here, and who is invited.
type staffPage struct {
	ui.Page
	Members []auth.Member
	Change  bool // the reader may
	Now     time.Time
	Zone    string
	Path    string
}

func (p *Pages) staff(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), route.Actor(r)
	members, err := p.Auth.Staff(ctx, a)
	if err != nil {
		return err
	}
	page := staffPage{Page: route.Page(w, r, lang.T(ctx, "Staff")), Members: members, Change: a.May(auth.StaffChange) == nil,
		Now: p.now(), Zone: zone(a), Path: route.Path(ctx, "staff")}
	page.Back = ui.Link{Label: lang.T(ctx, "School"), URL: route.Path(ctx, "school")}
	if page.Change {
		page.Actions = []ui.Action{{Label: lang.T(ctx, "Invite somebody"), Icon: "add", Kind: ui.First, URL: route.Path(ctx, "staff", "new")}}
	}
	return route.Render(w, r, http.StatusOK, staffView(page))
}

// invitePage is /s/{school}/staff/new.
type invitePage struct {
	ui.Page
	Form    *ui.Form
	Classes []auth.Class
	Path    string
}

func (p *Pages) invite(w http.ResponseWriter, r *http.Request) error {
	return p.showInvite(w, r, http.StatusOK, ui.NewForm("role", string(auth.Teacher)))
}

func (p *Pages) showInvite(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx := r.Context()
	classes, err := p.Auth.ClassChoices(ctx, route.Actor(r))
	if err != nil {
		return err
	}
	page := invitePage{Page: route.Page(w, r, lang.T(ctx, "Invite somebody")), Form: f, Classes: classes, Path: route.Path(ctx, "staff")}
	page.Lead = lang.T(ctx, "This person gets a mail with a link that works for seven days.")
	page.Back = staffLink(ctx)
	return route.Render(w, r, status, inviteView(page))
}

func staffLink(ctx context.Context) ui.Link {
	return ui.Link{Label: lang.T(ctx, "Staff"), URL: route.Path(ctx, "staff")}
}

func (p *Pages) doInvite(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.Auth.Invite(ctx, route.Actor(r), auth.Invitation{Name: f.Get("name"), Email: f.Get("email"),
			Role: auth.Role(f.Get("role")), Classes: f.All("classes")})
	}
	if status, ok := show(f, err); ok {
		return p.showInvite(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "staff"), lang.T(ctx, "The invitation to {email} is on its way.", "email", f.Get("email")))
}

// memberPage is /s/{school}/staff/{staff}: role, classes, and the way out.
type memberPage struct {
	ui.Page
	Form    *ui.Form
	Member  auth.Member
	Classes []auth.Class
	Path    string // of the member
	Now     time.Time
	Zone    string
}

func (p *Pages) member(w http.ResponseWriter, r *http.Request) error {
	return p.showMember(w, r, http.StatusOK, nil)
}

func (p *Pages) showMember(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx, a := r.Context(), route.Actor(r)
	m, err := p.Auth.Member(ctx, a, r.PathValue("staff"))
	if err != nil {
		return err
	}
	classes, err := p.Auth.ClassChoices(ctx, a)
	if err != nil {
		return err
	}
	if f == nil {
		f = ui.NewForm("role", string(m.Role))
		for _, c := range m.Classes {
			f.Values.Add("classes", c.PublicID)
		}
	}
	page := memberPage{Page: route.Page(w, r, m.Name), Form: f, Member: m, Classes: classes,
		Path: route.Path(ctx, "staff", m.PublicID), Now: p.now(), Zone: zone(a)}
	page.Lead = m.Email
	page.Back = staffLink(ctx)
	return route.Render(w, r, status, memberView(page))
}

func (p *Pages) changeMember(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxForm)
	if err == nil {
		err = p.Auth.ChangeStaff(ctx, route.Actor(r), r.PathValue("staff"), auth.Role(f.Get("role")), f.All("classes"))
	}
	if status, ok := show(f, err); ok {
		return p.showMember(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, p.afterChange(r), lang.T(ctx, "Saved."))
}

// afterChange: a director who has just given that up may not see the staff any more.
func (p *Pages) afterChange(r *http.Request) string {
	ctx := r.Context()
	now, err := p.Auth.Actor(ctx, sessionToken(r), r.PathValue("school"))
	if err != nil || now.May(auth.StaffSee) != nil {
		return "/choose-school"
	}
	return route.Path(ctx, "staff")
}

func (p *Pages) inviteAgain(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := p.Auth.InviteAgain(ctx, route.Actor(r), r.PathValue("staff")); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "staff"), lang.T(ctx, "A new invitation is on its way. The link before it does not work any more."))
}

// endPage asks before somebody is taken off the staff.
type endPage struct {
	ui.Page
	Member auth.Member
	Path   string
}

func (p *Pages) confirmEnd(w http.ResponseWriter, r *http.Request) error {
	return p.showEnd(w, r, http.StatusOK, nil)
}

func (p *Pages) showEnd(w http.ResponseWriter, r *http.Request, status int, problem error) error {
	ctx := r.Context()
	m, err := p.Auth.Member(ctx, route.Actor(r), r.PathValue("staff"))
	if err != nil {
		return err
	}
	page := endPage{Page: route.Page(w, r, lang.T(ctx, "{name} leaves the staff", "name", m.Name)), Member: m,
		Path: route.Path(ctx, "staff", m.PublicID)}
	page.Back = ui.Link{Label: m.Name, URL: page.Path}
	if problem != nil {
		page.Flash = ui.Flash{Kind: ui.Fail, Text: lang.Text(ctx, ui.ProblemOf(problem, "").Text)}
	}
	return route.Render(w, r, status, endView(page))
}

func (p *Pages) endMember(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	err := p.Auth.EndStaff(ctx, route.Actor(r), r.PathValue("staff"))
	if errs.Is(err, errs.Conflict) { // the last director
		return p.showEnd(w, r, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, p.afterChange(r), lang.T(ctx, "Done. This person has no access to the school any more."))
}
