package home

import (
	"net/http"
	"time"

	"brug/internal/contact"
	"brug/internal/lang"
	"brug/internal/school/schoolweb"
	"brug/internal/web/route"
	"brug/internal/web/ui"

	"github.com/a-h/templ"
)

type householdPage struct {
	ui.Page
	ID      string
	Card    templ.Component // who lives here, from package schoolweb
	Grid    contact.Grid
	History contact.History
	Codes   []contact.CodeInfo
	Works   int // codes that still open a page
	Now     time.Time
}

// household is the card of a family: who they are, what happened, what comes next.
func (p *Pages) household(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	h := householdPage{ID: r.PathValue("household"), Now: p.Contact.Now()}
	card, title, err := schoolweb.HouseholdCard(ctx, p.School, by, h.ID)
	if err != nil {
		return err
	}
	h.Card = card
	if h.Grid, err = p.Contact.HomeRow(ctx, by, h.ID); err != nil {
		return err
	}
	if h.History, err = p.Contact.History(ctx, by, h.ID); err != nil {
		return err
	}
	if h.Codes, err = p.Contact.Codes(ctx, by, h.ID); err != nil {
		return err
	}
	for _, c := range h.Codes {
		if c.Works {
			h.Works++
		}
	}
	h.Page = route.Page(w, r, title)
	h.Actions = []ui.Action{{Label: lang.T(ctx, "Print a slip"), Icon: "print", Kind: ui.First, URL: route.Path(ctx, "packs", "new") + "?scope=household:" + h.ID}}
	return route.Render(w, r, http.StatusOK, householdView(h))
}
