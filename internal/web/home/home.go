// Package home has the start pages that mix areas: Today, the class page with its grid of contact, and the card of a
// family with its history. It owns no tables.
package home

import (
	"context"
	"net/http"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/packs"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Pages are the start pages.
type Pages struct {
	Contact  *contact.Service
	School   *school.Service
	Material *material.Service
	Packs    *packs.Service
	Messages *messages.Service // nil: neither conversations nor agreements are shown
}

// Routes is the table for the router.
func (p *Pages) Routes() []route.Route {
	return []route.Route{
		route.Get("/{$}", auth.Public, p.root),
		route.Get("/s/{school}/{$}", auth.SchoolSee, p.today),
		route.Get("/s/{school}/classes/{class}", auth.ContactSee, p.class),
		route.Get("/s/{school}/households/{household}", auth.FamiliesSee, p.household),
		route.Post("/s/{school}/households/{household}/contacts", auth.ContactLog, p.log),
		route.Post("/s/{school}/households/{household}/codes/revoke", auth.ContactLog, p.revoke),
		route.Post("/s/{school}/guardians/{guardian}/link/end", auth.ContactLog, p.endLink),
		route.Get("/s/{school}/contacts/{contact}/note", auth.ContactSee, p.note),
		route.Post("/s/{school}/contacts/{contact}/takeback", auth.ContactLog, p.takeBack),
		route.Post("/s/{school}/answers/{answer}/handled", auth.ContactLog, p.handled),
	}
}

// root sends everybody to where they belong.
func (p *Pages) root(w http.ResponseWriter, r *http.Request) error {
	switch a := route.Actor(r); {
	case a.Role == auth.Support:
		return route.See(w, r, "/support")
	case len(a.Schools) == 1:
		return route.See(w, r, "/s/"+a.Schools[0].Slug+"/")
	case a.AccountID != 0:
		return route.See(w, r, "/choose-school")
	}
	return route.See(w, r, "/signin")
}

// stepLabel is the next human step in words.
func stepLabel(ctx context.Context, s contact.Step) string {
	return lang.T(ctx, s.Name())
}

var stepIcon = map[contact.Step]string{contact.StepAnswer: "ask", contact.StepCallBack: "call", contact.StepCall: "call", contact.StepInterpret: "interpret", contact.StepGate: "gate", contact.StepSlip: "paper", contact.NoStep: "add"}

// mark is how a stage is drawn.
func mark(s contact.Stage) ui.State {
	switch s {
	case contact.Answered:
		return ui.Answered
	case contact.Arrived:
		return ui.Reached
	case contact.Offered, contact.Tried:
		return ui.Tried
	}
	return ui.NotYet
}

// roads are the ways of talking that can be noted, the proposed one first.
func roads(s contact.Step) []contact.Road {
	all := []contact.Road{contact.Call, contact.Gate, contact.Interpreter}
	first := map[contact.Step]contact.Road{contact.StepGate: contact.Gate, contact.StepInterpret: contact.Interpreter}[s]
	if first == "" {
		return all
	}
	out := []contact.Road{first}
	for _, r := range all {
		if r != first {
			out = append(out, r)
		}
	}
	return out
}

func roadLabel(ctx context.Context, r contact.Road) string {
	return lang.T(ctx, r.Name())
}

var roadIcon = map[contact.Road]string{contact.Call: "call", contact.Gate: "gate", contact.Interpreter: "interpret", contact.HomeVisit: "home", contact.Paper: "paper", contact.Link: "qr", contact.Mail: "mail", contact.SMS: "sms", contact.Push: "sms"}

// ago is how long ago something was, as a teacher would say it.
func ago(ctx context.Context, now, t time.Time) string {
	l := lang.From(ctx)
	span := l.Ago(now, t)
	if span == l.C("ago", "today") || span == l.C("ago", "yesterday") {
		return span
	}
	return l.T("{span} ago", "span", span)
}

// children are the names of the children of a home, as a list in the reader's language.
func children(ctx context.Context, h school.Home) string {
	names := make([]string, len(h.Children))
	for i, c := range h.Children {
		names[i] = c.Given
	}
	return lang.From(ctx).List(names)
}

// guardians are the names of those who may be contacted.
func guardians(ctx context.Context, h school.Home) string {
	names := make([]string, len(h.Guardians))
	for i, g := range h.Guardians {
		names[i] = g.Name
	}
	return lang.From(ctx).List(names)
}

// log notes a talk: the tapped button says how it was (how=positive, neutral, worry or tried), the fields around it with whom,
// by what road, who began, what it was about, and a line.
func (p *Pages) log(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	t := contact.Talk{Household: r.PathValue("household"), Pupil: form.Get("pupil"), Guardian: form.Get("guardian"), Road: contact.Road(form.Get("road")), Theirs: form.Get("began") == "family",
		About: contact.About(form.Get("about")), Note: form.Get("note")}
	if how := form.Get("how"); how != "tried" {
		t.Reached, t.Tone = true, contact.Tone(how)
	}
	if _, err := p.Contact.LogTalk(r.Context(), route.Actor(r), t); err != nil {
		return err
	}
	line := lang.T(r.Context(), "Noted: you tried. The family stays on top of the list.")
	if t.Reached {
		line = lang.T(r.Context(), "Noted. A mistake? Take it back on the page of the family.")
	}
	return route.SeeDone(w, r, back(r, form, "households", t.Household), line)
}

type notePage struct {
	ui.Page
	Text string
}

// note is the line that somebody wrote with a talk: a page of its own, because who looks is written down.
func (p *Pages) note(w http.ResponseWriter, r *http.Request) error {
	text, err := p.Contact.Note(r.Context(), route.Actor(r), r.PathValue("contact"))
	if err != nil {
		return err
	}
	n := notePage{Page: route.Page(w, r, lang.T(r.Context(), "Line with a talk")), Text: text}
	n.Lead = lang.T(r.Context(), "Who opens it is written down.")
	return route.Render(w, r, http.StatusOK, noteView(n))
}

// back is where the form came from: the class page or the family's card, never anywhere else.
func back(r *http.Request, form *ui.Form, parts ...string) string {
	if to := form.Get("back"); strings.HasPrefix(to, route.Path(r.Context(), "")) && !strings.ContainsAny(to, "\\\r\n") && !strings.Contains(to, "//") {
		return to
	}
	return route.Path(r.Context(), parts...)
}

func (p *Pages) takeBack(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	if err := p.Contact.TakeBack(r.Context(), route.Actor(r), r.PathValue("contact")); err != nil {
		return err
	}
	return route.SeeDone(w, r, back(r, form, ""), lang.T(r.Context(), "Taken back. It stays visible in the history."))
}

func (p *Pages) handled(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	err = p.Contact.Handle(r.Context(), route.Actor(r), r.PathValue("answer"), form.Get("how"))
	if errs.Is(err, errs.Conflict) {
		return route.SeeDone(w, r, back(r, form, ""), lang.T(r.Context(), "A colleague has settled this already."))
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, back(r, form, ""), lang.T(r.Context(), "Done. It no longer waits."))
}

func (p *Pages) revoke(w http.ResponseWriter, r *http.Request) error {
	n, err := p.Contact.RevokeCodes(r.Context(), route.Actor(r), r.PathValue("household"))
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(r.Context(), "households", r.PathValue("household")),
		lang.N(r.Context(), int(n), "{n} code has ended. Print a new slip for this family.", "{n} codes have ended. Print a new slip for this family."))
}

// endLink ends the personal link of a guardian that went to the wrong hands.
func (p *Pages) endLink(w http.ResponseWriter, r *http.Request) error {
	ctx, by, id := r.Context(), route.Actor(r), r.PathValue("guardian")
	g, err := p.School.Guardian(ctx, by, id)
	if err != nil {
		return err
	}
	if err := p.Contact.RevokeLink(ctx, by, id); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "households", g.Household.PublicID), lang.T(ctx, "The link has ended. The next letter brings a new one."))
}
