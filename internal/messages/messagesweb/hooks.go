package messagesweb

import (
	"errors"
	"io"
	"net/http"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/messages/sms"
	"brug/internal/web/route"
)

// Hooks are what the gateway of SMS calls: for an SMS that came in, and for what became of one of ours. Who calls shows it by the
// secret in the address, and by a signature where the gateway signs. Some gateways call by GET.
type Hooks struct {
	SMS     *sms.Gateway // nil: nobody is heard
	BaseURL string       // as the gateway calls us; a signature is over the whole address
}

func (p *Pages) hookRoutes() []route.Route {
	const hook = "/hooks/sms/{token}/"
	return []route.Route{
		route.Get(hook+"in", auth.Public, p.smsIn),
		route.Post(hook+"in", auth.Public, p.smsIn),
		route.Get(hook+"receipts", auth.Public, p.smsReceipts),
		route.Post(hook+"receipts", auth.Public, p.smsReceipts),
	}
}

// call checks who calls. Everybody else is told that there is no such page.
func (h Hooks) call(r *http.Request) (sms.Call, error) {
	body, err := io.ReadAll(r.Body) // package web has limited it
	if err != nil {
		return sms.Call{}, errs.NotFoundf("a hook's body: %v", err)
	}
	call, err := h.SMS.Open(r, r.PathValue("token"), h.BaseURL+r.URL.RequestURI(), body)
	if err != nil {
		return sms.Call{}, errs.NotFoundf("%v", err)
	}
	return call, nil
}

// smsIn is /hooks/sms/{token}/in. An error makes the gateway call again; what was taken before is known by its key.
func (p *Pages) smsIn(w http.ResponseWriter, r *http.Request) error {
	call, err := p.Hooks.call(r)
	if err != nil {
		return err
	}
	var problems []error
	for _, in := range call.Incoming() {
		problems = append(problems, p.Messages.IncomingSMS(r.Context(), in)) // one that is refused holds up no other
	}
	if err := together(problems); err != nil {
		return err
	}
	return p.Hooks.thank(w)
}

// together is one error of many. A fault of ours is told as one, whatever else was refused in the same call.
func together(problems []error) error {
	var faults []error
	for _, err := range problems {
		if err != nil && errs.KindOf(err) == errs.Internal {
			faults = append(faults, err)
		}
	}
	if len(faults) > 0 {
		return errors.Join(faults...)
	}
	return errors.Join(problems...)
}

// smsReceipts is /hooks/sms/{token}/receipts. A receipt of something that we did not send, or not by SMS, changes nothing.
func (p *Pages) smsReceipts(w http.ResponseWriter, r *http.Request) error {
	call, err := p.Hooks.call(r)
	if err != nil {
		return err
	}
	var problems []error
	for _, receipt := range call.Receipts() {
		if receipt.State == sms.Arrived {
			err = p.Messages.Delivered(r.Context(), contact.SMS, receipt.Ref)
		} else {
			err = p.Messages.Bounced(r.Context(), contact.SMS, receipt.Ref, receipt.Problem, receipt.Address)
		}
		if !errs.Is(err, errs.NotFound) {
			problems = append(problems, err)
		}
	}
	if err := together(problems); err != nil {
		return err
	}
	return p.Hooks.thank(w)
}

// thank says that all was taken, and to a Twilio that it has nothing to answer the person with.
func (h Hooks) thank(w http.ResponseWriter) error {
	kind, body := "text/plain; charset=utf-8", "ok\n"
	if h.SMS.Signs() {
		kind, body = "text/xml; charset=utf-8", "<Response/>"
	}
	w.Header().Set("Content-Type", kind)
	_, err := io.WriteString(w, body)
	return err
}
