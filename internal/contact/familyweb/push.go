package familyweb

import (
	"net/http"

	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/messages/push"
	"brug/internal/web/ui"
)

// addPhone keeps where this browser gets signs. The script sends what the browser gave it (see person.js); without script
// there is nothing to send, and the button is not shown.
func (p *Pages) addPhone(v *guestVisit) error {
	f, err := ui.FormFrom(v.Request, 8<<10)
	if err != nil {
		return err
	}
	sub, err := push.Parse(f.Get("subscription"))
	if err != nil {
		return &errs.Error{Kind: errs.Invalid, Err: err}
	}
	if err := p.Contact.AddPhone(v.Context(), v.Guest, contact.Phone{Endpoint: sub.Endpoint, P256dh: sub.P256dh, Auth: sub.Auth}); err != nil {
		return err
	}
	v.WriteHeader(http.StatusNoContent)
	return nil
}

// endPhone takes this browser off again.
func (p *Pages) endPhone(v *guestVisit) error {
	f, err := ui.FormFrom(v.Request, 8<<10)
	if err != nil {
		return err
	}
	if err := p.Contact.EndPhone(v.Context(), v.Guest, f.Get("endpoint")); err != nil {
		return err
	}
	v.WriteHeader(http.StatusNoContent)
	return nil
}
