package authweb

import (
	"net/http"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// choosePage is /choose-school: the schools of a person, and those that ask for a yes.
type choosePage struct {
	ui.Page
	Schools []auth.School
	Invited []auth.Invited
}

func (p *Pages) chooseSchool(w http.ResponseWriter, r *http.Request) error {
	a := route.Actor(r)
	invited, err := p.Auth.Invitations(r.Context(), a)
	if err != nil {
		return err
	}
	page := choosePage{Page: route.Page(w, r, lang.T(r.Context(), "Choose a school")), Schools: a.Schools, Invited: invited}
	return route.Render(w, r, http.StatusOK, chooseView(page))
}

func (p *Pages) acceptInvitation(w http.ResponseWriter, r *http.Request) error {
	slug, err := p.Auth.Accept(r.Context(), route.Actor(r), r.PathValue("staff"))
	if err != nil {
		return err
	}
	return route.See(w, r, "/s/"+slug+"/")
}
