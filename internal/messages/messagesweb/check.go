package messagesweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"brug/internal/contact"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/messages/budget"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// checkPage is the step before sending: who gets it by which road and in which words. The message stands in hidden fields.
type checkPage struct {
	ui.Page
	URL    string
	Form   *ui.Form
	Draft  messages.Draft
	Seen   messages.Preview
	Main   string
	Lack   []messages.LangPreview // languages in which something lacks
	Auto   []messages.LangPreview // languages into which a machine translates before it goes
	Go     string                 // label of the button
	ToName string
}

// renderCheck shows who gets it.
func (p *Pages) renderCheck(w http.ResponseWriter, r *http.Request, f *ui.Form, d messages.Draft, seen messages.Preview) error {
	ctx, by := r.Context(), route.Actor(r)
	scopes, err := p.scopes(ctx, by)
	if err != nil {
		return err
	}
	c := checkPage{URL: route.Path(ctx, "messages", "new"), Form: f, Draft: d, Seen: seen, Main: by.School.Lang, Go: lang.T(ctx, "Send now")}
	for _, o := range scopes {
		if o.Value == f.Get("to") {
			c.ToName = o.Label
		}
	}
	for _, one := range seen.Langs {
		switch {
		case one.Machine:
			c.Auto = append(c.Auto, one)
		case one.Lacks:
			c.Lack = append(c.Lack, one)
		}
	}
	if !d.SendAt.IsZero() {
		at := d.SendAt.In(zone(by))
		c.Go = lang.T(ctx, "Send on {day}, {time}", "day", lang.From(ctx).Date(at), "time", lang.From(ctx).Time(at))
	}
	c.Page = route.Page(w, r, lang.T(ctx, "Is this right?"))
	c.Steps = ui.Steps(1, lang.T(ctx, "Write"), lang.T(ctx, "Check"), lang.T(ctx, "Follow"))
	c.Lead = lang.T(ctx, "Nothing has gone out yet.")
	c.Wide = true
	return route.Render(w, r, http.StatusOK, checkView(c))
}

// carried are the fields of the form that go along unseen: all but the button, and the fields that this page shows.
func (c checkPage) carried() []string {
	var out []string
	for name := range c.Form.Values {
		if name == "do" || strings.HasPrefix(name, "title.") || strings.HasPrefix(name, "body.") {
			continue
		}
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// roadCount says how many get it by a road: "14 by mail".
func roadCount(ctx context.Context, road contact.Road, n int) string {
	switch road {
	case contact.Mail:
		return lang.N(ctx, n, "{n} by mail", "{n} by mail")
	case contact.SMS:
		return lang.N(ctx, n, "{n} by SMS", "{n} by SMS")
	case contact.Push:
		return lang.N(ctx, n, "{n} by a sign on the phone", "{n} by a sign on the phone")
	case contact.Call:
		return lang.N(ctx, n, "{n} by a call", "{n} by a call")
	case contact.Gate, contact.Interpreter, contact.HomeVisit:
		return lang.N(ctx, n, "{n} in a talk", "{n} in a talk")
	case "":
		return lang.N(ctx, n, "{n} by no road: a task for you", "{n} by no road: a task for you")
	}
	return lang.N(ctx, n, "{n} on paper", "{n} on paper")
}

var roadIcon = map[contact.Road]string{contact.Mail: "mail", contact.SMS: "sms", contact.Push: "note", contact.Call: "call", contact.Paper: "paper", contact.Link: "link", contact.Gate: "gate", contact.Interpreter: "interpret", contact.HomeVisit: "home", "": "care"}

// byRoad is a road within a sentence: "sent by mail".
func byRoad(ctx context.Context, road contact.Road) string {
	switch road {
	case contact.Mail:
		return lang.C(ctx, "by road", "mail")
	case contact.SMS:
		return lang.C(ctx, "by road", "text message")
	case contact.Push:
		return lang.C(ctx, "by road", "a sign on the phone")
	case contact.Call:
		return lang.C(ctx, "by road", "a call")
	case contact.Paper:
		return lang.C(ctx, "by road", "paper")
	}
	return roadName(ctx, road)
}

// roadName is a road in a few words.
func roadName(ctx context.Context, road contact.Road) string {
	switch road {
	case contact.Mail:
		return lang.C(ctx, "road", "Mail")
	case contact.SMS:
		return lang.C(ctx, "road", "SMS")
	case contact.Push:
		return lang.C(ctx, "road", "Sign on the phone")
	case contact.Call:
		return lang.C(ctx, "road", "Call")
	case contact.Paper:
		return lang.C(ctx, "road", "Paper")
	case contact.Link:
		return lang.C(ctx, "road", "Own page")
	}
	return string(road)
}

// names are the languages of these letters, as a list.
func names(ctx context.Context, langs []messages.LangPreview) string {
	var out []string
	for _, one := range langs {
		out = append(out, lang.Name(lang.From(ctx).Tag(), one.Lang))
	}
	return lang.From(ctx).List(out)
}

// byHand is how many letters need a hand: paper to print, calls to make.
func byHand(seen messages.Preview) int {
	n := 0
	for _, road := range seen.Roads {
		if road.Road == contact.Paper || road.Road == contact.Call {
			n += road.Count
		}
	}
	return n
}

func translateLabel(ctx context.Context, c checkPage, one messages.LangPreview) string {
	if one.Lacks {
		return lang.T(ctx, "Add a translation")
	}
	return lang.T(ctx, "Change this translation")
}

// laterText says how many get it later than asked, and why.
func laterText(ctx context.Context, l messages.Later) string {
	at := lang.From(ctx).Date(l.Day) + ", " + lang.From(ctx).Time(l.Day)
	switch l.Why {
	case budget.Night:
		return lang.N(ctx, l.Count, "{n} gets it on {when}: it is night now for this family.", "{n} get it on {when}: it is night now for these families.", "when", at)
	case budget.Weekend:
		return lang.N(ctx, l.Count, "{n} gets it on {when}: nothing goes out at the weekend.", "{n} get it on {when}: nothing goes out at the weekend.", "when", at)
	case budget.DayOff:
		return lang.N(ctx, l.Count, "{n} gets it on {when}: the school is closed.", "{n} get it on {when}: the school is closed.", "when", at)
	case budget.Budget:
		return lang.N(ctx, l.Count, "{n} gets it on {when}, together with other letters: it is enough for this week.", "{n} get it on {when}, together with other letters: it is enough for this week.", "when", at)
	}
	return lang.N(ctx, l.Count, "{n} gets it on {when}.", "{n} get it on {when}.", "when", at)
}
