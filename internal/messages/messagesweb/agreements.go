package messagesweb

import (
	"context"
	"net/http"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// agreementRoutes is writing down what was agreed, and ending it.
func (p *Pages) agreementRoutes() []route.Route {
	return []route.Route{
		route.Get("/s/{school}/agreements/new", auth.ConversationsAnswer, p.newAgreement),
		route.Post("/s/{school}/agreements/new", auth.ConversationsAnswer, p.agree),
		route.Post("/s/{school}/agreements/{agreement}/ended", auth.ConversationsAnswer, p.endAgreement),
	}
}

type agreePage struct {
	ui.Page
	Form     *ui.Form
	URL      string
	Back     string
	Main     string
	Lang     string // that the family reads
	Children []ui.Option
	Today    string
	Goes     bool // to the guardian of the conversation
}

// newAgreement is /s/{school}/agreements/new?household=ID or ?conversation=ID.
func (p *Pages) newAgreement(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	return p.showAgree(w, r, http.StatusOK, ui.NewForm("household", q.Get("household"), "conversation", q.Get("conversation"), "who", string(messages.ByBoth)))
}

func (p *Pages) showAgree(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	a := agreePage{Form: f, URL: route.Path(ctx, "agreements", "new"), Main: by.School.Lang, Today: p.today(r)}
	a.Page = route.Page(w, r, lang.T(ctx, "What was agreed"))
	household, name := f.Get("household"), ""
	if id := f.Get("conversation"); id != "" {
		t, err := p.Messages.Conversation(ctx, by, id)
		if err != nil {
			return err
		}
		household, name, a.Lang, a.Goes, a.Back = t.Household, t.Name, t.Lang, t.Guardian != "", route.Path(ctx, "conversations", id)
	} else {
		a.Back = route.Path(ctx, "households", household)
	}
	homes, err := p.School.Homes(ctx, by, school.Scope{Kind: school.ScopeHousehold, PublicID: household})
	if err != nil {
		return err
	}
	if len(homes) == 0 {
		return errs.NotFoundf("household %s", household)
	}
	for _, c := range homes[0].Children {
		a.Children = append(a.Children, ui.Option{Value: c.PublicID, Label: c.Given})
	}
	if a.Lang == "" {
		a.Lang = homes[0].Lang(by.School.Lang)
	}
	a.Lead = lang.T(ctx, "One thing, who does it, and when you look back together. It stands on the page of the family, which confirms it with one tap.")
	if a.Goes && name != "" {
		a.Lead = lang.T(ctx, "One thing, who does it, and when you look back together. {name} gets it, and confirms it with one tap.", "name", name)
	}
	a.Page.Back = ui.Link{Label: lang.T(ctx, "Back"), URL: a.Back}
	return route.Render(w, r, status, agreeView(a))
}

func (p *Pages) agree(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, 64<<10)
	if err != nil {
		return err
	}
	d := messages.AgreementDraft{Household: f.Get("household"), Conversation: f.Get("conversation"), Child: f.Get("child"), Who: messages.Doer(f.Get("who")), Body: f.Get("body"), Theirs: f.Get("theirs"),
		Until: f.Get("until"), LookBack: f.Get("lookback")}
	_, err = p.Messages.Agree(ctx, route.Actor(r), d)
	if f.Take(err) {
		return p.showAgree(w, r, http.StatusUnprocessableEntity, f)
	}
	if status, ok := route.FormStatus(err); ok {
		f.Fail("", "This person may not be written to any more. Look at the family's page.")
		return p.showAgree(w, r, status, f)
	}
	if err != nil {
		return err
	}
	back := route.Path(ctx, "households", d.Household)
	if d.Conversation != "" {
		back = route.Path(ctx, "conversations", d.Conversation)
	}
	return route.SeeDone(w, r, back, lang.T(ctx, "Written down. It stands on the page of the family."))
}

func (p *Pages) endAgreement(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	line := lang.T(ctx, "Looked back: it has ended.")
	err = p.Messages.EndAgreement(ctx, route.Actor(r), r.PathValue("agreement"), f.Get("how"))
	if errs.Is(err, errs.Conflict) {
		line, err = lang.T(ctx, "A colleague has settled this already."), nil
	}
	if err != nil {
		return err
	}
	to := f.Get("back")
	if !strings.HasPrefix(to, route.Path(ctx, "")) || strings.ContainsAny(to, "\\\r\n") || strings.Contains(to, "//") {
		to = route.Path(ctx, "inbox")
	}
	return route.SeeDone(w, r, to, line)
}

// doerText is who does it, in words.
func doerText(ctx context.Context, d messages.Doer) string {
	switch d {
	case messages.BySchool:
		return lang.T(ctx, "The school does it")
	case messages.ByHome:
		return lang.T(ctx, "The family does it")
	}
	return lang.T(ctx, "School and family do it")
}

// agreementNote is who, until when, when to look back, and whether it was confirmed.
func agreementNote(ctx context.Context, a messages.Agreement) string {
	words := []string{doerText(ctx, a.Who)}
	if a.Child != "" {
		words = append([]string{a.Child}, words...)
	}
	if day, ok := dayText(ctx, a.Until); ok {
		words = append(words, lang.T(ctx, "until {day}", "day", day))
	}
	if day, ok := dayText(ctx, a.LookBack); ok {
		words = append(words, lang.T(ctx, "look back on {day}", "day", day))
	}
	return joined(words...)
}

func dayText(ctx context.Context, day string) (string, bool) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "", false
	}
	return lang.From(ctx).Date(t), true
}

// AgreementList is the agreements with a family for another page; back is where its buttons lead to.
type AgreementList struct {
	List []messages.Agreement
	Back string
}

func endings(ctx context.Context) []ui.Action {
	return []ui.Action{
		{Label: lang.T(ctx, "It worked"), Value: messages.EndedDone},
		{Label: lang.T(ctx, "We agreed something else"), Value: messages.EndedChanged},
		{Label: lang.T(ctx, "It was not for us"), Value: messages.EndedDropped},
	}
}

func howEnded(ctx context.Context, how string) string {
	for _, e := range endings(ctx) {
		if e.Value == how {
			return e.Label
		}
	}
	return ""
}
