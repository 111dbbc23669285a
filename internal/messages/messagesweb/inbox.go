package messagesweb

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// inboxRoutes is what waits for an answer.
func (p *Pages) inboxRoutes() []route.Route {
	return []route.Route{route.Get("/s/{school}/inbox", auth.ConversationsSee, p.inbox)}
}

type inboxPage struct {
	ui.Page
	Form    *ui.Form
	URL     string
	View    messages.InboxView
	Lines   []messages.InboxLine
	Titles  map[string]string // of materials of answers from paper, by slug and version
	Classes []ui.Option       // to choose from; nil where there is only one
	Turn    ui.Turn
	Now     time.Time
	First   bool   // the first page: nothing stands before it
	Waiting string // how many wait; within the part that renews itself
	zone    *time.Location
}

// inbox is /s/{school}/inbox: ?view=mine or all, ?class=ID, ?after=CURSOR.
func (p *Pages) inbox(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	ask := r.URL.Query()
	f := messages.InboxFilter{Class: ask.Get("class"), After: ask.Get("after")}
	if v := messages.InboxView(ask.Get("view")); v == messages.MineOnly || v == messages.Everything {
		f.View = v
	}
	found, err := p.Messages.Inbox(ctx, by, f)
	if err != nil {
		return err
	}
	page := inboxPage{Form: ui.NewForm("class", f.Class, "view", string(f.View)), URL: route.Path(ctx, "inbox"), View: f.View, Lines: found.Lines, Titles: map[string]string{}, Now: p.Now(), First: f.After == "", zone: zone(by)}
	if page.Classes, err = p.classChoices(ctx, by); err != nil {
		return err
	}
	for _, l := range found.Lines {
		key := paperKey(l.Paper)
		if l.Conversation != "" || page.Titles[key] != "" {
			continue
		}
		if page.Titles[key], err = p.Messages.PaperTitle(ctx, by, l.Paper.Material, l.Paper.Version, lang.From(ctx).Tag()); err != nil {
			return err
		}
	}
	if found.Next != "" {
		page.Turn = ui.Turn{NextURL: inboxURL(ctx, f.View, f.Class, found.Next), Next: lang.T(ctx, "More")}
	}
	page.Page = route.Page(w, r, lang.T(ctx, "Inbox"))
	if page.First && f.View == messages.WaitingForUs {
		page.Waiting = lang.T(ctx, "Nobody waits for an answer.")
		if n := families(found.Lines); n > 0 {
			page.Waiting = lang.N(ctx, n, "{n} family waits. Who waits longest stands on top.", "{n} families wait. Who waits longest stands on top.")
			if found.Next != "" {
				page.Waiting = lang.T(ctx, "Who waits longest stands on top.")
			}
		}
	}
	if page.Extra, err = p.tabs(ctx, by, "inbox"); err != nil {
		return err
	}
	page.Actions = []ui.Action{{Label: lang.T(ctx, "New message"), Icon: "send", Kind: ui.First, URL: route.Path(ctx, "messages", "new")}}
	return route.Render(w, r, http.StatusOK, inboxView(page))
}

func paperKey(o contact.Open) string { return o.Material + "@" + lang.For("en").Number(int(o.Version)) }

func inboxURL(ctx context.Context, view messages.InboxView, class, after string) string {
	q := url.Values{}
	for name, v := range map[string]string{"view": string(view), "class": class, "after": after} {
		if v != "" {
			q.Set(name, v)
		}
	}
	to := route.Path(ctx, "inbox")
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return to
}

func (p *Pages) classChoices(ctx context.Context, by auth.Actor) ([]ui.Option, error) {
	classes, err := p.School.Classes(ctx, by)
	if err != nil || len(classes) < 2 {
		return nil, err
	}
	var out []ui.Option
	for _, c := range classes {
		out = append(out, ui.Option{Value: c.PublicID, Label: c.Name})
	}
	return out, nil
}

// childNames are the first names of the children, as a list.
func childNames(ctx context.Context, children []messages.TalkChild) string {
	names := make([]string, len(children))
	for i, c := range children {
		names[i] = c.Given
	}
	return lang.From(ctx).List(names)
}

func classNames(ctx context.Context, children []messages.TalkChild) string {
	var names []string
	seen := map[string]bool{}
	for _, c := range children {
		if c.Class != "" && !seen[c.Class] {
			seen[c.Class] = true
			names = append(names, c.Class)
		}
	}
	return lang.From(ctx).List(names)
}

// ago is how long ago something was.
func ago(ctx context.Context, now, t time.Time) string {
	l := lang.From(ctx)
	span := l.Ago(now, t)
	if span == l.C("ago", "today") || span == l.C("ago", "yesterday") {
		return span
	}
	return l.T("{span} ago", "span", span)
}

// whatText is what happened last, in a few words.
func whatText(ctx context.Context, e messages.Entry) string {
	switch e.Kind {
	case messages.Tap:
		switch e.Answer {
		case contact.Question:
			return lang.T(ctx, "has a question")
		case contact.CallMe:
			return lang.T(ctx, "wants to be called")
		case contact.Later:
			return lang.T(ctx, "answers later")
		}
		return lang.T(ctx, "has understood it")
	case messages.Voice:
		return lang.T(ctx, "spoke a message")
	case messages.Picture:
		return lang.T(ctx, "sent a photo")
	case messages.Agreed:
		return lang.T(ctx, "agreed something")
	case messages.Document:
		return lang.T(ctx, "sent a document")
	case messages.Refused:
		return lang.T(ctx, "sent a file that was not taken")
	}
	return lang.T(ctx, "wrote something")
}

// teaser is the beginning of what was said, in the reader's language where there is one.
func teaser(e messages.Entry) (text, tag string, machine bool) {
	t := e.Original
	if e.Reading.Text != "" && e.Direction == contact.In {
		t = e.Reading
	}
	text = strings.Join(strings.Fields(t.Text), " ")
	if r := []rune(text); len(r) > 160 {
		text = strings.TrimSpace(string(r[:160])) + "…"
	}
	return text, t.Lang, t.Source == messages.Machine
}

func inboxItem(ctx context.Context, p inboxPage, l messages.InboxLine) ui.Item {
	if l.Conversation == "" {
		return paperItem(ctx, p, l)
	}
	it := ui.Item{Name: childNames(ctx, l.Children), Key: l.Household, Lead: childNames(ctx, l.Children), URL: route.Path(ctx, "conversations", l.Conversation), Text: "· " + lineText(ctx, l)}
	note := []string{classNames(ctx, l.Children), l.Title, ago(ctx, p.Now, l.Since)}
	if l.Title == "" && l.Began == messages.OfFamily {
		note[1] = lang.T(ctx, "begun by the family")
	}
	it.Note = joined(note...)
	if l.Sensitive {
		it.Tags = append(it.Tags, ui.Tag{Label: lang.T(ctx, "sensitive"), Icon: "lock"})
	}
	switch {
	case l.Mine:
		it.Tags = append(it.Tags, ui.Tag{Label: lang.T(ctx, "yours"), Icon: "person"})
	case l.Owner != "":
		it.Tags = append(it.Tags, ui.Tag{Label: l.Owner, Icon: "person"})
	}
	if l.Listens {
		it.Tags = append(it.Tags, ui.Tag{Label: lang.T(ctx, "rather listens"), Icon: "hear"})
	}
	if p.View != messages.WaitingForUs && l.Waits == messages.OfStaff {
		it.Tags = append(it.Tags, ui.Tag{Label: lang.T(ctx, "waits for us"), Tone: ui.Care})
	}
	return it
}

// lineText is who did what last: the guardian, or a colleague.
func lineText(ctx context.Context, l messages.InboxLine) string {
	who := l.Name
	if l.Last.Direction == contact.Out {
		who = l.Last.From
	}
	if l.Last.Sealed && l.Last.Kind != messages.Tap {
		return who
	}
	return lang.T(ctx, "{who} {what}", "who", who, "what", whatText(ctx, l.Last))
}

func joined(words ...string) string {
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return strings.Join(out, " · ")
}

// paperItem is an answer to a code on paper; it is settled where it stands.
func paperItem(ctx context.Context, p inboxPage, l messages.InboxLine) ui.Item {
	o := l.Paper
	it := ui.Item{Name: o.Given, Key: o.Household, Lead: o.Given, URL: route.Path(ctx, "households", o.Household), Note: joined(o.Class, p.Titles[paperKey(o)], ago(ctx, p.Now, o.At)),
		Text: whatText(ctx, messages.Entry{Kind: messages.Tap, Answer: o.Kind}),
		Tags: []ui.Tag{{Label: lang.T(ctx, "by a code on paper"), Icon: "qr"}, {Label: lang.Name(lang.From(ctx).Tag(), o.Lang), Icon: "language"}}}
	if o.Kind == contact.Understood || o.Kind == contact.Later {
		it.Text = lang.T(ctx, "wrote something")
	}
	post := route.Path(ctx, "answers", o.PublicID, "handled")
	for _, how := range []ui.Action{{Label: lang.T(ctx, "Called"), Icon: "ok", Kind: ui.First, Value: "call"}, {Label: lang.T(ctx, "At the gate"), Icon: "gate", Value: "gate"}, {Label: lang.T(ctx, "Settled"), Value: "done"}} {
		how.Post, how.Hidden, how.About = post, map[string]string{"how": how.Value, "back": route.Path(ctx, "inbox")}, o.Given
		how.Value = ""
		it.Actions = append(it.Actions, how)
	}
	return it
}

// views are which conversations can be shown.
func views(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: string(messages.MineOnly), Label: lang.T(ctx, "Handed over to me")},
		{Value: string(messages.Everything), Label: lang.T(ctx, "All conversations")},
	}
}

// wantsCall: the number stands where somebody is to be called.
func wantsCall(l messages.InboxLine) bool {
	if l.Conversation == "" {
		return l.Paper.Kind == contact.CallMe
	}
	return l.Last.Kind == messages.Tap && l.Last.Answer == contact.CallMe
}

// families is how many families wait: one that asked twice is one.
func families(lines []messages.InboxLine) int {
	homes := map[string]bool{}
	for _, l := range lines {
		homes[l.Household] = true
	}
	return len(homes)
}
