package familyweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"brug/internal/contact"
	"brug/internal/lang"
	"brug/internal/web/ui"
)

type choicesPage struct {
	ui.FamilyPage
	*guestVisit
	Form *ui.Form
	Ways []contact.Way
	Keys string // with which a browser asks for signs; "": this installation gives none
}

// choices is what comes to this guardian, and how.
func (p *Pages) choices(v *guestVisit) error {
	c := v.Choices
	f := ui.NewForm("lang", v.Lang, "road", string(c.Road), "from", c.QuietFrom, "to", c.QuietTo, "amount", strconv.Itoa(c.Amount))
	if c.Weekend {
		f.Set("weekend", "yes")
	}
	return p.showChoices(v, http.StatusOK, f)
}

func (p *Pages) showChoices(v *guestVisit, status int, f *ui.Form) error {
	ctx := v.Context()
	cp := choicesPage{guestVisit: v, FamilyPage: v.inner(lang.T(ctx, "What comes, and how")), Form: f, Keys: p.PushKey}
	var err error
	if cp.Ways, err = p.Contact.Ways(ctx, v.Guest); err != nil {
		return err
	}
	if v.URL.Query().Get("done") == "choices" {
		cp.Flash = ui.Flash{Kind: ui.Done, Text: v.chosen(ctx)}
	} else {
		cp.Flash = v.done()
	}
	return v.show(status, choicesView(cp), false)
}

// chosen says in the guardian's language what was chosen, in one go.
func (v *guestVisit) chosen(ctx context.Context) string {
	text := lang.T(ctx, "This is kept.") + " "
	if v.Choices.Road != "" {
		text += roadName(ctx, contact.Way{Road: v.Choices.Road}) + ". "
	}
	return text + amountName(ctx, v.Choices.Amount) + "."
}

// choose keeps what was chosen; another road that leads to an address asks for the second step first, and what was chosen
// besides is kept meanwhile.
func (p *Pages) choose(v *guestVisit) error {
	ctx := v.Context()
	f, err := ui.FormFrom(v.Request, 16<<10)
	if err != nil {
		return err
	}
	amount, ok := f.Int("amount")
	if !ok {
		amount = v.Choices.Amount
	}
	c := contact.Choices{Lang: f.Get("lang"), Road: contact.Road(f.Get("road")), QuietFrom: f.Get("from"), QuietTo: f.Get("to"), Weekend: f.Bool("weekend"), Amount: amount}
	wanted := c
	if v.NeedsSecond(c) {
		c.Road = v.Choices.Road
	}
	err = p.Contact.Choose(ctx, v.Guest, c)
	if f.Take(err) {
		return p.showChoices(v, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	if wanted.Road != c.Road {
		return p.toSecond(v, "choices/"+string(wanted.Road))
	}
	return v.see("choices", "choices")
}

// chooseRoad keeps the road for which the second step was taken.
func (p *Pages) chooseRoad(v *guestVisit, road contact.Road) error {
	c := v.Choices
	c.Road = road
	return p.Contact.Choose(v.Context(), v.Guest, c)
}

func roadName(ctx context.Context, w contact.Way) string {
	switch w.Road {
	case contact.SMS:
		return lang.T(ctx, "By SMS")
	case contact.Mail:
		return lang.T(ctx, "By e-mail")
	case contact.Push:
		return lang.T(ctx, "A sign on this phone")
	case contact.Paper:
		return lang.T(ctx, "On paper, with my child")
	}
	return lang.T(ctx, "As the school knows")
}

func amountName(ctx context.Context, n int) string {
	if n == 0 {
		return lang.T(ctx, "Only what is urgent")
	}
	return lang.N(ctx, n, "At most {n} message a week", "At most {n} messages a week")
}

// hours are the times to choose from; "" stands for what is usual.
func hours(l *lang.Locale, usual string, from, to int) []ui.Option {
	var out []ui.Option
	for h := from; h <= to; h++ {
		hm := strconv.Itoa(100 + h)[1:] + ":00"
		o := ui.Option{Value: hm, Label: hm}
		if hm == usual {
			o.Value = ""
		}
		out = append(out, o)
	}
	return out
}

func (c choicesPage) langs() []ui.Option {
	var out []ui.Option
	if !slices.Contains(lang.Family, c.Lang) { // a language that no page is in: it stays as it is
		out = append(out, ui.Option{Value: "", Label: lang.Endonym(c.Lang)})
	}
	for _, tag := range lang.Family {
		out = append(out, ui.Option{Value: tag, Label: lang.Endonym(tag)})
	}
	return out
}

func (c choicesPage) amounts(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, n := range []int{0, 1, 2, 3, 5, contact.MaxAmount} {
		out = append(out, ui.Option{Value: strconv.Itoa(n), Label: amountName(ctx, n)})
	}
	return out
}

func (c choicesPage) roads(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: roadName(ctx, contact.Way{})}}
	for _, w := range c.Ways {
		label := roadName(ctx, w)
		if w.Address != "" {
			label += ": \u2066" + w.Address + "\u2069" // an address runs from left to right in every language
		}
		out = append(out, ui.Option{Value: string(w.Road), Label: label})
	}
	return out
}

// askStopPerson asks once before what comes stops; it is also where the link of a mail's list header leads.
func (p *Pages) askStopPerson(v *guestVisit) error {
	page := v.inner(lang.T(v.Context(), "Stop?"))
	return v.show(http.StatusOK, stopView(page, v.path("stop"), v.path()), false)
}

func (p *Pages) stopPerson(v *guestVisit) error {
	if err := p.Contact.StopGuest(v.Context(), v.Guest); err != nil {
		return err
	}
	return v.see("stop")
}

func (p *Pages) resumePerson(v *guestVisit) error {
	if err := p.Contact.ResumeGuest(v.Context(), v.Guest); err != nil {
		return err
	}
	return v.see("resume")
}

// unsubscribe is the one click of a mail program (RFC 8058): it posts by itself, without a page around it, shows nothing, and
// follows no redirect.
func (p *Pages) unsubscribe(v *guestVisit) error {
	if err := p.Contact.StopGuest(v.Context(), v.Guest); err != nil {
		return err
	}
	v.ResponseWriter.WriteHeader(http.StatusNoContent)
	return nil
}

func (p *Pages) askNotMe(v *guestVisit) error {
	return v.show(http.StatusOK, notMeView(v.inner(lang.T(v.Context(), "This is not me")), v), false)
}

// notMe ends the link and tells the school. The page that follows knows no name; phone and browser forget what they kept.
func (p *Pages) notMe(v *guestVisit) error {
	ctx := v.Context()
	if err := p.Messages.NotMe(ctx, v.Guest); err != nil {
		return err
	}
	http.SetCookie(v.ResponseWriter, v.secondCookie("", -1))
	v.Header().Set(keepHeader, "forget")
	page := ui.FamilyPage{Title: lang.T(ctx, "Thank you"), School: v.School.Name, SchoolLang: v.School.Lang, Script: "person.js"}
	return v.show(http.StatusOK, goneView(page), false)
}
