package authweb

import (
	"net/http"

	"brug/internal/lang"
	"brug/internal/mail"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// mailsPage is /demo/mails: what the program would have sent. There is such a page in a demo only, whose people and
// passwords everybody knows.
type mailsPage struct {
	ui.Page
	Mails []mail.Kept
}

const lastMails = 30

func (p *Pages) mails(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	kept, err := mail.Outbox(ctx, p.DB, lastMails)
	if err != nil {
		return err
	}
	page := mailsPage{Page: route.Page(w, r, lang.T(ctx, "Mails of the demo")), Mails: kept}
	page.Lead = lang.T(ctx, "A demo sends nothing. These mails would have gone out, newest first.")
	return route.Render(w, r, http.StatusOK, mailsView(page))
}

// link is the address in a mail that can be clicked, as a path of ours; "" if there is none.
func link(m mail.Kept) string {
	found := ownLink.FindStringSubmatch(m.Text)
	if found == nil {
		return ""
	}
	return found[1]
}
