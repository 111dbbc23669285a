package home

import (
	"context"
	"net/http"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/messages/messagesweb"
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
	Talks   []messages.InboxLine
	Agreed  messagesweb.AgreementList
	People  []contact.PersonalPage
	Works   int  // codes that still open a page
	MayLog  bool // may end a personal link
	Closed  bool // nobody here may be told of a child now, or no child is left: no contact is shown or begun
	Now     time.Time
}

// household is the card of a family: who they are, what happened, what comes next.
func (p *Pages) household(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	h := householdPage{ID: r.PathValue("household"), Now: p.Contact.Now(), MayLog: by.May(auth.ContactLog) == nil}
	card, title, err := schoolweb.HouseholdCard(ctx, p.School, by, h.ID)
	if err != nil {
		return err
	}
	h.Card = card
	if err := p.contacts(ctx, by, &h); errs.Is(err, errs.NotFound) {
		h.Closed = true // the home may be told of no child now: its people can still be changed
	} else if err != nil {
		return err
	}
	for _, c := range h.Codes {
		if c.Works {
			h.Works++
		}
	}
	h.Page = route.Page(w, r, title)
	if !h.Closed {
		h.Actions = []ui.Action{{Label: lang.T(ctx, "Write a message"), Icon: "messages", Kind: ui.First, URL: route.Path(ctx, "messages", "new") + "?to=household:" + h.ID},
			{Label: lang.T(ctx, "Print a slip"), Icon: "print", URL: route.Path(ctx, "packs", "new") + "?scope=household:" + h.ID}}
	}
	return route.Render(w, r, http.StatusOK, householdView(h))
}

// contacts reads what happened with a home. NotFound where the home may not be reached.
func (p *Pages) contacts(ctx context.Context, by auth.Actor, h *householdPage) (err error) {
	if h.Grid, err = p.Contact.HomeRow(ctx, by, h.ID); err != nil {
		return err
	}
	if h.History, err = p.Contact.History(ctx, by, h.ID); err != nil {
		return err
	}
	if h.People, err = p.Contact.PersonalPages(ctx, by, h.ID); err != nil {
		return err
	}
	if h.Codes, err = p.Contact.Codes(ctx, by, h.ID); err != nil || p.Messages == nil {
		return err
	}
	if h.Talks, err = p.Messages.HouseholdConversations(ctx, by, h.ID, 10); err != nil {
		return err
	}
	h.Agreed.Back = route.Path(ctx, "households", h.ID)
	h.Agreed.List, err = p.Messages.Agreements(ctx, by, h.ID)
	return err
}
