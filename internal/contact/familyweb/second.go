package familyweb

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

type secondPage struct {
	ui.FamilyPage
	*guestVisit
	Form  *ui.Form
	Next  string // where the guardian was going, below the link's path
	Phone string // masked; "" if the school knows none
	Sent  bool
}

// toSecond sends the browser to the second step, and says where to go from there.
func (p *Pages) toSecond(v *guestVisit, next string) error {
	return route.See(v.ResponseWriter, v.Request, v.path("second")+"?next="+url.QueryEscape(next))
}

// safeNext is a place below the link's path; nothing else is gone to.
func safeNext(next string) string {
	kind, id, _ := strings.Cut(next, "/")
	if (kind == "messages" || kind == "conversations" || kind == "choices") && !strings.ContainsAny(id, "/?#\\%.") {
		return next
	}
	return ""
}

func (p *Pages) second(v *guestVisit) error {
	return p.showSecond(v, http.StatusOK, ui.NewForm(), ui.Flash{})
}

func (p *Pages) showSecond(v *guestVisit, status int, f *ui.Form, told ui.Flash) error {
	next := v.URL.Query().Get("next")
	if next == "" {
		next = f.Get("next")
	}
	sp := secondPage{guestVisit: v, FamilyPage: v.inner(lang.T(v.Context(), "One more step")), Form: f, Next: safeNext(next), Sent: v.URL.Query().Get("done") == "sent"}
	sp.Flash = told
	ways, err := p.Contact.Ways(v.Context(), v.Guest)
	if err != nil {
		return err
	}
	for _, w := range ways {
		if w.Road == contact.SMS && p.Messages.SendsCodes() {
			sp.Phone = w.Address
		}
	}
	if sp.Sent {
		sp.Flash = ui.Flash{Kind: ui.Done, Text: lang.T(v.Context(), "The code is on its way.")}
	}
	return v.show(status, secondView(sp), false)
}

// sendSecond sends a code to the number that the school knows.
func (p *Pages) sendSecond(v *guestVisit) error {
	ctx := v.Context()
	f, err := ui.FormFrom(v.Request, 4<<10)
	if err != nil {
		return err
	}
	if !p.Messages.SendsCodes() {
		return errs.NotFoundf("no gateway for SMS")
	}
	phone, code, err := p.Contact.AskSecond(ctx, v.Guest)
	if err == nil {
		err = p.Messages.SendCode(ctx, v.Guest, phone, v.locale().Plain().T("{code} is your code for the page of {school}.", "code", code, "school", v.School.Name))
	}
	if f.Take(err) {
		return p.showSecond(v, http.StatusUnprocessableEntity, f, ui.Flash{})
	}
	if errs.Is(err, errs.TooMany) && ui.ProblemOf(err, "").Wait > time.Minute {
		return p.waitSecond(v, f, err)
	}
	if err != nil && !errs.Is(err, errs.TooMany) {
		return err
	}
	// A minute or less after the one before: the button was tapped twice, and a code is on its way.
	return route.See(v.ResponseWriter, v.Request, v.path("second")+"?done=sent&next="+url.QueryEscape(safeNext(f.Get("next"))))
}

// waitSecond says how long to wait on the page itself: a code that came, or one of a paper, can still be typed there.
func (p *Pages) waitSecond(v *guestVisit, f *ui.Form, err error) error {
	ctx := v.Context()
	n := max(1, int((ui.ProblemOf(err, "").Wait+time.Minute-1)/time.Minute))
	wait := ui.Flash{Kind: ui.Care, Text: lang.T(ctx, "This was tried many times. That is why we stop for a while.") + " " + lang.N(ctx, n, "Try again in one minute.", "Try again in {n} minutes.")}
	return p.showSecond(v, http.StatusTooManyRequests, f, wait)
}

// passSecond takes the code, and lets this browser in for a while.
func (p *Pages) passSecond(v *guestVisit) error {
	f, err := ui.FormFrom(v.Request, 4<<10)
	if err != nil {
		return err
	}
	device, err := p.Contact.PassSecond(v.Context(), v.Guest, f.Get("code"), route.IP(v.Request))
	if f.Take(err) {
		return p.showSecond(v, http.StatusUnprocessableEntity, f, ui.Flash{})
	}
	if errs.Is(err, errs.TooMany) {
		return p.waitSecond(v, f, err)
	}
	if err != nil {
		return err
	}
	http.SetCookie(v.ResponseWriter, v.secondCookie(device, int(contact.SecondLife.Seconds())))
	v.Second = true
	next := safeNext(f.Get("next"))
	if kind, road, _ := strings.Cut(next, "/"); kind == "choices" {
		if road != "" {
			if err := p.chooseRoad(v, contact.Road(road)); err != nil && !errs.Is(err, errs.Invalid) {
				return err
			}
		}
		return v.see("choices", "choices")
	}
	return v.see("", strings.Split(next, "/")...)
}

// secondCookie is known on the pages of this link only.
func (v *guestVisit) secondCookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: secondCookie, Value: value, Path: v.path(), MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: route.HTTPS(v.Request)}
}
