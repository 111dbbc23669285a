package messagesweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

type messagePage struct {
	ui.Page
	Message messages.Detail
	SelfURL string
	Parts   []part
	All     part // the whole list
	Group   messages.Group
	Lang    string
	Langs   []ui.Option
	People  []messages.RecipientRow
	Turn    ui.Turn
	After   string    // the place in the list
	Steps   []ui.Item // what a person does next
	Now     time.Time

	MayAgain bool   // the actor may send it once more
	Again    string // recipient to whom it is to be sent once more: the roads are shown
}

// show is one message: what became of it for each guardian, and what a person does next.
func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	m, err := p.Messages.Message(ctx, by, r.PathValue("message"))
	if err != nil {
		return err
	}
	query := r.URL.Query()
	f := messages.RecipientFilter{Group: messages.Group(query.Get("group")), Lang: query.Get("lang")}
	if !slices.Contains(messages.Groups(), f.Group) {
		f.Group = ""
	}
	s := messagePage{Message: m, SelfURL: route.Path(ctx, "messages", m.PublicID), Group: f.Group, Lang: f.Lang, Again: query.Get("again"), After: query.Get("after"), Now: p.Now()}
	var next string
	if s.People, next, err = p.Messages.Recipients(ctx, by, m.PublicID, f, query.Get("after")); err != nil {
		return err
	}
	if next != "" {
		s.Turn = ui.Turn{NextURL: s.SelfURL + "?" + url.Values{"group": {string(f.Group)}, "lang": {f.Lang}, "after": {next}}.Encode(), Next: lang.T(ctx, "More people")}
	}
	s.Parts = parts(m.Groups, m.People)
	for i, one := range s.Parts {
		s.Parts[i].URL, s.Parts[i].Current = s.SelfURL+"?group="+string(one.Group)+"#people", one.Group == f.Group
	}
	titles, err := p.titles(ctx, by, []messages.Row{m.Row})
	if err != nil {
		return err
	}
	if s.Steps, err = p.steps(ctx, by, m); err != nil {
		return err
	}
	s.MayAgain = by.May(auth.MessagesSend) == nil && m.State != messages.CalledBack
	s.Page = route.Page(w, r, rowTitle(ctx, m.Row, titles))
	s.Lead = lang.T(ctx, "{whom}, by {name}, {when}", "whom", toWhomText(ctx, m.Scope, m.ScopeName), "name", m.From, "when", when(ctx, m.SendAt))
	s.Back = ui.Link{Label: lang.T(ctx, "Messages"), URL: route.Path(ctx, "messages")}
	if by.May(auth.MessagesSend) == nil && !m.Sensitive && (m.Mine || by.AllClasses()) {
		s.Actions = []ui.Action{{Label: lang.T(ctx, "Use it again"), Icon: "copy", URL: route.Path(ctx, "messages", "new") + "?from=" + m.PublicID}}
	}
	if m.MayStop {
		s.Actions = append(s.Actions, ui.Action{Label: lang.T(ctx, "Call it back"), Icon: "undo", URL: s.SelfURL + "/stop"})
	}
	return route.Render(w, r, http.StatusOK, messageView(s))
}

// steps are what a person does next about a message: print, call, talk, translate. Nothing, where it was called back.
func (p *Pages) steps(ctx context.Context, by auth.Actor, m messages.Detail) ([]ui.Item, error) {
	var out []ui.Item
	if m.State == messages.CalledBack {
		return nil, nil
	}
	if n := m.Groups[messages.ByHand]; n > 0 {
		print, err := p.print(ctx, by, m)
		if err != nil {
			return nil, err
		}
		out = append(out, ui.Item{Icon: "give", Lead: groupText(ctx, messages.ByHand, n), Actions: append(print, ui.Action{Label: lang.T(ctx, "Call list"), Icon: "call", URL: route.Path(ctx, "calls")})})
	}
	if n := m.Groups[messages.Problem]; n > 0 {
		out = append(out, ui.Item{Icon: "care", Lead: groupText(ctx, messages.Problem, n), Note: lang.T(ctx, "No road is left. Talk to them: at the gate, by phone, with an interpreter."),
			Actions: []ui.Action{{Label: lang.T(ctx, "Call list"), Icon: "call", URL: route.Path(ctx, "calls")}}})
	}
	if len(m.Lacks) > 0 {
		var names []string
		for _, tag := range m.Lacks {
			names = append(names, lang.Name(lang.From(ctx).Tag(), tag))
		}
		out = append(out, ui.Item{Icon: "language", Lead: lang.T(ctx, "Your own words are not there in {languages}", "languages", lang.From(ctx).List(names)),
			Actions: []ui.Action{{Label: lang.T(ctx, "Add a translation"), Icon: "edit", URL: route.Path(ctx, "messages", m.PublicID, "texts") + "?in=" + m.Lacks[0]}}})
	}
	return out, nil
}

// print leads to the letters of a message on paper: at once where they lie in one class, else to the list of the classes. What
// else waits for paper in that class is printed with them. None where nothing waits for paper.
func (p *Pages) print(ctx context.Context, by auth.Actor, m messages.Detail) ([]ui.Action, error) {
	classes, err := p.Messages.PaperClasses(ctx, by)
	if err != nil {
		return nil, err
	}
	if m.Scope == school.ScopeClass {
		classes = slices.DeleteFunc(classes, func(c messages.PaperClass) bool { return !slices.Contains(m.ScopeIDs, c.PublicID) })
	}
	switch len(classes) {
	case 0:
		return nil, nil
	case 1:
		return []ui.Action{printLetters(ctx, classes[0], lang.T(ctx, "Print"))}, nil
	}
	return []ui.Action{{Label: lang.T(ctx, "Print"), Icon: "print", URL: route.Path(ctx, "packs")}}, nil
}

// printLetters makes a pack of the letters that wait for paper in a class.
func printLetters(ctx context.Context, c messages.PaperClass, label string) ui.Action {
	return ui.Action{Label: label, Icon: "print", Small: true, Post: route.Path(ctx, "packs"), Hidden: map[string]string{"letters": "yes", "cover": "yes", "scope": school.ScopeClass + ":" + c.PublicID}, About: c.Name}
}

// fateText is what became of a letter, in plain words.
func fateText(ctx context.Context, r messages.RecipientRow, now time.Time) string {
	road := byRoad(ctx, r.Road)
	switch r.State {
	case messages.Fresh: // no road and no time was chosen yet
		if r.Due.After(now.Add(messages.HoldForMachine)) {
			return lang.T(ctx, "is planned on {when}: road and time follow then", "when", when(ctx, r.Due))
		}
		return lang.T(ctx, "is being planned: road and time follow")
	case messages.Waiting:
		if r.Due.After(r.Sent) && !r.Due.IsZero() {
			return lang.T(ctx, "goes by {road}, {when}", "road", road, "when", when(ctx, r.Due))
		}
		return lang.T(ctx, "goes by {road} in a moment", "road", road)
	case messages.Sending:
		return lang.T(ctx, "goes out now by {road}", "road", road)
	case messages.Together:
		if r.Sent.IsZero() {
			return lang.T(ctx, "goes along with another letter, {when}", "when", when(ctx, r.Due))
		}
		return lang.T(ctx, "went along with another letter, {when}", "when", when(ctx, r.Sent))
	case messages.Sent:
		if r.Road == contact.Paper {
			return lang.T(ctx, "handed out on paper, {when}", "when", when(ctx, r.Sent))
		}
		if r.Road == contact.Call {
			return lang.T(ctx, "called, {when}", "when", when(ctx, r.Sent))
		}
		return lang.T(ctx, "sent by {road}, {when}; nothing known yet", "road", road, "when", when(ctx, r.Sent))
	case messages.OnPaper:
		return lang.T(ctx, "waits for paper")
	case messages.OnCallList:
		return lang.T(ctx, "waits for a call")
	case messages.Delivered:
		return lang.T(ctx, "arrived by {road}, {when}", "road", road, "when", when(ctx, r.Arrived))
	case messages.Opened:
		return lang.T(ctx, "opened, {when}", "when", when(ctx, r.Opened))
	case messages.Answered:
		if r.Answer == "" && r.Handled.Equal(r.Answered) { // from the call list: nobody wrote
			if r.Road == contact.Call {
				return lang.T(ctx, "called, {when}", "when", when(ctx, r.Answered))
			}
			return lang.T(ctx, "told by a person, {when}", "when", when(ctx, r.Answered))
		}
		if r.Answer == "" {
			return lang.T(ctx, "wrote back, {when}", "when", when(ctx, r.Answered))
		}
		return lang.T(ctx, "answered “{answer}”, {when}", "answer", answerText(ctx, r.Answer), "when", when(ctx, r.Answered))
	case messages.Unreachable:
		return lang.T(ctx, "could not be reached by any road")
	case messages.Stopped:
		return lang.T(ctx, "asked for a rest: nothing went out")
	case messages.Cancelled:
		return lang.T(ctx, "called back before it went")
	case messages.Dropped:
		if r.HandledBy == "" {
			return lang.T(ctx, "no longer needed: taken off the call list, {when}", "when", when(ctx, r.Handled))
		}
		return lang.T(ctx, "no longer needed: taken off the call list by {name}, {when}", "name", r.HandledBy, "when", when(ctx, r.Handled))
	}
	return ""
}

var groupIcon = map[messages.Group]string{messages.OnTheWay: "later", messages.ByHand: "give", messages.Brought: "send", messages.There: "eye", messages.WithReply: "ok", messages.Problem: "care", messages.NotSent: "stop"}

// personItem is a recipient in the list.
func personItem(ctx context.Context, s messagePage, r messages.RecipientRow) ui.Item {
	name := r.Guardian
	if name == "" {
		name = lang.T(ctx, "to the family, by no name")
	}
	it := ui.Item{Icon: groupIcon[r.Group], Lead: childrenText(ctx, r.Children), Text: "· " + name, URL: route.Path(ctx, "households", r.Household),
		Tags: []ui.Tag{{Label: lang.Name(lang.From(ctx).Tag(), r.Lang), Icon: "language"}}, Note: capital(fateText(ctx, r, s.Now))}
	switch {
	case r.SentAgain():
		it.Note += " · " + lang.T(ctx, "sent once more by hand")
	case r.Problem != "":
		it.Note += " · " + lang.T(ctx, "before that it did not work: {problem}", "problem", r.Problem)
	}
	switch {
	case r.Conversation != "":
		it.Actions = []ui.Action{{Label: lang.T(ctx, "Conversation"), Icon: "messages", URL: route.Path(ctx, "conversations", r.Conversation), About: name}}
	case r.State == messages.OnCallList || r.State == messages.Unreachable:
		it.Actions = []ui.Action{{Label: lang.T(ctx, "Call list"), Icon: "call", URL: route.Path(ctx, "calls"), About: name}}
	}
	if s.MayAgain && againIn(r) && s.Again != r.PublicID {
		q := url.Values{"again": {r.PublicID}, "group": {string(s.Group)}, "after": {s.After}}
		it.Actions = append(it.Actions, ui.Action{Label: lang.T(ctx, "Another road"), Icon: "move", Kind: ui.Quiet, URL: s.SelfURL + "?" + q.Encode() + "#people", About: name})
	}
	return it
}

type stopPage struct {
	ui.Page
	Question ui.Question
}

// askStop asks before a message is called back.
func (p *Pages) askStop(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := p.Messages.Message(ctx, route.Actor(r), r.PathValue("message"))
	if err != nil {
		return err
	}
	self := route.Path(ctx, "messages", m.PublicID)
	left, got := stillLeft(m), hasGot(m)
	s := stopPage{Page: route.Page(w, r, lang.T(ctx, "Call this message back?"))}
	s.Back = ui.Link{Label: orUntitled(ctx, cmp.Or(m.Title, m.First)), URL: self}
	s.Question = ui.Question{Text: lang.T(ctx, "What has not gone yet does not go. This cannot be undone."), NoURL: self,
		Points: []string{lang.N(ctx, left, "{n} person does not get it", "{n} people do not get it"), lang.N(ctx, got, "{n} person has got it already, and keeps it", "{n} people have got it already, and keep it")},
		Yes:    ui.Action{Label: lang.T(ctx, "Call it back"), Icon: "undo", Kind: ui.Grave, Post: self + "/stop"}}
	return route.Render(w, r, http.StatusOK, stopView(s))
}

func (p *Pages) stop(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	to := route.Path(ctx, "messages", r.PathValue("message"))
	_, err := p.Messages.Stop(ctx, by, r.PathValue("message"))
	if errs.Is(err, errs.Conflict) {
		return route.SeeDone(w, r, to, lang.T(ctx, "This message was called back before."))
	}
	if err != nil {
		return err
	}
	m, err := p.Messages.Message(ctx, by, r.PathValue("message"))
	if err != nil {
		return err
	}
	line := lang.T(ctx, "Called back. Nobody has got it.")
	if got := hasGot(m); got > 0 {
		line = lang.N(ctx, got, "Called back. {n} person had got it already.", "Called back. {n} people had got it already.")
	}
	return route.SeeDone(w, r, to, line)
}

// stillLeft is how many would not get a message that is called back now; hasGot to how many it has gone.
func stillLeft(m messages.Detail) int {
	return m.Groups[messages.OnTheWay] + m.Groups[messages.ByHand] + m.Groups[messages.Problem]
}

func hasGot(m messages.Detail) int {
	return m.Groups[messages.Brought] + m.Groups[messages.There] + m.Groups[messages.WithReply]
}

// file sends what went along with a message.
func (p *Pages) file(w http.ResponseWriter, r *http.Request) error {
	f, err := p.Messages.File(r.Context(), route.Actor(r), r.PathValue("message"), r.PathValue("file"))
	if err != nil {
		return err
	}
	return route.File(w, r, f.Name, f.Type, f.Known(), f.Open)
}

// againIn tells whether a letter may be sent once more: nothing is known of it, or no road was left.
func againIn(r messages.RecipientRow) bool {
	return r.Opened.IsZero() && (r.Group == messages.Brought || r.Group == messages.Problem || r.Group == messages.ByHand || r.State == messages.Delivered)
}
