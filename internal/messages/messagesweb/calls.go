package messagesweb

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/messages/letter"
	"brug/internal/roster"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// callsRoutes are the call list, and a letter sent once more by a road that a person chose.
func (p *Pages) callsRoutes() []route.Route {
	return []route.Route{
		route.Get("/s/{school}/calls", auth.MessagesSee, p.calls),
		route.Post("/s/{school}/calls/{recipient}", auth.MessagesSend, p.called),
		route.Post("/s/{school}/messages/{message}/recipients/{recipient}/again", auth.MessagesSend, p.again),
	}
}

type callsPage struct {
	ui.Page
	People []caller
	Turn   ui.Turn
	Send   bool // the actor may settle them
}

func (p *Pages) calls(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	tasks, next, err := p.Messages.Tasks(ctx, by, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	c := callsPage{Page: route.Page(w, r, lang.T(ctx, "Call list")), People: callers(tasks), Send: by.May(auth.MessagesSend) == nil}
	c.Lead = lang.T(ctx, "These families want to be called, or no other road reaches them. Who waits longest stands on top.")
	if len(tasks) == 0 {
		c.Lead = ""
	}
	if next != "" {
		c.Turn = ui.Turn{NextURL: route.Path(ctx, "calls") + "?" + url.Values{"after": {next}}.Encode(), Next: lang.T(ctx, "More people")}
	}
	if c.Extra, err = p.tabs(ctx, by, "calls"); err != nil {
		return err
	}
	return route.Render(w, r, http.StatusOK, callsView(c))
}

// called notes what came of a call: the button says it. Who is called hears all that waits for that person: also has the
// other letters.
func (p *Pages) called(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	ctx := r.Context()
	d := messages.Done{Outcome: messages.Outcome(f.Get("outcome")), Road: contact.Road(f.Get("road")), Tone: contact.Tone(f.Get("tone"))}
	for _, one := range append([]string{r.PathValue("recipient")}, strings.Fields(f.Get("also"))...) {
		if err = p.Messages.Handle(ctx, route.Actor(r), one, d); err != nil && !errs.Is(err, errs.Conflict) {
			return err
		}
	}
	line := lang.T(ctx, "Noted: they know.")
	switch {
	case errs.Is(err, errs.Conflict):
		line = lang.T(ctx, "A colleague has settled this already.")
	case d.Outcome == messages.NoReply:
		line = lang.T(ctx, "Noted: nobody was there. They stay on the list.")
	case d.Outcome == messages.Settled:
		line = lang.T(ctx, "Taken off the list.")
	}
	return route.SeeDone(w, r, route.Path(ctx, "calls"), line)
}

// again sends a letter once more.
func (p *Pages) again(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = p.Messages.Again(ctx, route.Actor(r), r.PathValue("recipient"), contact.Road(f.Get("road")))
	line := lang.T(ctx, "It goes once more, by {road}.", "road", byRoad(ctx, contact.Road(f.Get("road"))))
	switch {
	case errs.Is(err, errs.Conflict):
		line = lang.T(ctx, "This letter was opened meanwhile, or is still on its way.")
	case errs.Is(err, errs.Invalid):
		for _, t := range errs.FieldsOf(err) {
			line = lang.Text(ctx, t)
		}
	case err != nil:
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "messages", r.PathValue("message"))+"#people", line)
}

// caller is one person to call, with all the letters that wait for that person; the first one waits longest.
type caller struct {
	messages.Task
	Tasks []messages.Task
}

// callers brings the tasks of one person together, in the order of who waits longest.
func callers(tasks []messages.Task) []caller {
	type who struct{ household, guardian string }
	at := map[who]int{}
	var out []caller
	for _, t := range tasks {
		k := who{t.Household, t.GuardianID}
		i, has := at[k]
		if !has {
			i = len(out)
			at[k], out = i, append(out, caller{Task: t})
		}
		c := &out[i]
		c.Tasks = append(c.Tasks, t)
		c.Unreachable = c.Unreachable || t.Unreachable
		if t.Tries > c.Tries {
			c.Tries, c.Tried = t.Tries, t.Tried
		}
	}
	return out
}

// say are the words to say of a letter, without its frame.
func say(l *letter.Letter) []letter.Piece {
	var out []letter.Piece
	if l == nil {
		return nil
	}
	if l.Title.Text != "" {
		out = append(out, l.Title)
	}
	for _, b := range l.Blocks {
		out = append(out, b.Piece)
	}
	return out
}

// taskItem is somebody on the call list.
func taskItem(ctx context.Context, t caller, send bool) ui.Item {
	it := ui.Item{Name: childrenText(ctx, t.Children), Key: t.Household, Lead: childrenText(ctx, t.Children), Text: t.Guardian, URL: route.Path(ctx, "households", t.Household),
		Tags: []ui.Tag{{Label: lang.Name(lang.From(ctx).Tag(), t.Lang), Icon: "language"}}, Note: joined(t.Class, lang.T(ctx, "since {when}", "when", when(ctx, t.Since)))}
	if t.Unreachable {
		it.Tags = append(it.Tags, ui.Tag{Label: lang.T(ctx, "no road reaches them"), Icon: "care", Tone: ui.Care})
	}
	if t.Tries > 0 {
		it.Note = joined(it.Note, lang.N(ctx, t.Tries, "tried {n} time, last {when}", "tried {n} times, last {when}", "when", when(ctx, t.Tried)))
	}
	if send {
		it.Actions = []ui.Action{outcome(ctx, t, lang.T(ctx, "Called: they know"), "ok", ui.First, "outcome", string(messages.Told), "road", string(contact.Call)),
			outcome(ctx, t, lang.T(ctx, "Nobody there"), "later", "", "outcome", string(messages.NoReply), "road", string(contact.Call))}
	}
	return it
}

// speaks are the languages that somebody speaks, for who calls.
func speaks(ctx context.Context, t messages.Task) string {
	var out []string
	for _, tag := range t.Langs {
		out = append(out, lang.Name(lang.From(ctx).Tag(), tag))
	}
	if len(out) == 0 {
		return ""
	}
	return lang.T(ctx, "Speaks {languages}", "languages", lang.From(ctx).List(out))
}

// phone is a number in groups, as people dial it.
func phone(number string) string { return roster.PhoneInGroups(number) }

// outcome is a button that notes what came of a call.
func outcome(ctx context.Context, t caller, label, icon string, kind ui.Kind, kv ...string) ui.Action {
	a := ui.Action{Label: label, Icon: icon, Kind: kind, Post: route.Path(ctx, "calls", t.Recipient), Hidden: map[string]string{}, About: childrenText(ctx, t.Children), Small: true}
	for i := 0; i+1 < len(kv); i += 2 {
		a.Hidden[kv[i]] = kv[i+1]
	}
	var also []string
	for _, other := range t.Tasks[1:] {
		also = append(also, other.Recipient)
	}
	if len(also) > 0 {
		a.Hidden["also"] = strings.Join(also, " ")
	}
	return a
}
