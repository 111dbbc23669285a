package messagesweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// messagesRoutes are the list of messages, and one of them.
func (p *Pages) messagesRoutes() []route.Route {
	return []route.Route{
		route.Get("/s/{school}/messages", auth.MessagesSee, p.list),
		route.Get("/s/{school}/messages/{message}", auth.MessagesSee, p.show),
		route.Get("/s/{school}/messages/{message}/stop", auth.MessagesSend, p.askStop),
		route.Post("/s/{school}/messages/{message}/stop", auth.MessagesSend, p.stop),
		route.Get("/s/{school}/messages/{message}/files/{file}", auth.MessagesSee, p.file),
	}
}

type listPage struct {
	ui.Page
	Rows   []messages.Row
	Titles map[string]string // of materials, by slug
	Paper  []messages.PaperClass
	Turn   ui.Turn
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	l := listPage{Page: route.Page(w, r, lang.T(ctx, "Messages"))}
	var next string
	var err error
	if l.Rows, next, err = p.Messages.Messages(ctx, by, r.URL.Query().Get("after")); err != nil {
		return err
	}
	if l.Titles, err = p.titles(ctx, by, l.Rows); err != nil {
		return err
	}
	if l.Paper, err = p.Messages.PaperClasses(ctx, by); err != nil {
		return err
	}
	if next != "" {
		l.Turn = ui.Turn{NextURL: route.Path(ctx, "messages") + "?" + url.Values{"after": {next}}.Encode(), Next: lang.T(ctx, "Older")}
	}
	if l.Extra, err = p.tabs(ctx, by, "messages"); err != nil {
		return err
	}
	if by.May(auth.MessagesSend) == nil {
		l.Actions = []ui.Action{{Label: lang.T(ctx, "New message"), Icon: "send", Kind: ui.First, URL: route.Path(ctx, "messages", "new")}}
	}
	return route.Render(w, r, http.StatusOK, listView(l))
}

// titles are the names of the materials that messages without a title of their own consist of.
func (p *Pages) titles(ctx context.Context, by auth.Actor, rows []messages.Row) (map[string]string, error) {
	out := map[string]string{}
	if !slices.ContainsFunc(rows, func(m messages.Row) bool { return m.Title == "" && m.Material != "" }) {
		return out, nil
	}
	all, err := p.Material.List(ctx, by, material.Filter{})
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		out[e.Slug] = e.TitleIn(lang.From(ctx).Tag())
	}
	return out, nil
}

// rowTitle is how a message is called.
func rowTitle(ctx context.Context, m messages.Row, titles map[string]string) string {
	switch {
	case m.Sensitive && m.Title == "":
		return lang.T(ctx, "Sensitive message")
	case m.Title == "" && titles[m.Material] != "":
		return titles[m.Material]
	}
	return orUntitled(ctx, cmp.Or(m.Title, m.First))
}

// toWhomText says for whom a message is.
func toWhomText(ctx context.Context, scope, name string) string {
	switch scope {
	case school.ScopeSchool:
		return lang.T(ctx, "The whole school")
	case school.ScopeClass:
		return lang.T(ctx, "Class {name}", "name", name)
	case school.ScopeGroup:
		return lang.T(ctx, "Group {name}", "name", name)
	}
	return lang.T(ctx, "The family of {names}", "names", name)
}

// groupText is what became of some recipients, in plain words.
func groupText(ctx context.Context, g messages.Group, n int) string {
	switch g {
	case messages.OnTheWay:
		return lang.N(ctx, n, "{n} still goes out", "{n} still go out")
	case messages.ByHand:
		return lang.N(ctx, n, "{n} waits for you: paper or a call", "{n} wait for you: paper or a call")
	case messages.Brought:
		return lang.N(ctx, n, "{n} sent, nothing known yet", "{n} sent, nothing known yet")
	case messages.There:
		return lang.N(ctx, n, "{n} arrived", "{n} arrived")
	case messages.WithReply:
		return lang.N(ctx, n, "{n} answered", "{n} answered")
	case messages.Problem:
		return lang.N(ctx, n, "{n} could not be reached", "{n} could not be reached")
	}
	return lang.N(ctx, n, "{n} got nothing: a rest, called back, or no longer needed", "{n} got nothing: a rest, called back, or no longer needed")
}

// shown is the order of the strip: what is sure first, what is left last.
var shown = []messages.Group{messages.WithReply, messages.There, messages.Brought, messages.OnTheWay, messages.ByHand, messages.Problem, messages.NotSent}

var groupClass = map[messages.Group]string{messages.WithReply: "fate-answered", messages.There: "fate-opened", messages.Brought: "fate-sent", messages.OnTheWay: "fate-waits", messages.ByHand: "fate-hand",
	messages.Problem: "fate-none", messages.NotSent: "fate-waits"}

// part is a piece of the strip, 1000 units long in all.
type part struct {
	Class   string
	X, W    int
	Group   messages.Group
	Count   int
	URL     string
	Current bool
}

// parts are the pieces of the strip of a message; every group that has somebody is at least a sliver.
func parts(groups map[messages.Group]int, people int) []part {
	var out []part
	done := 0
	for _, g := range shown {
		n := groups[g]
		if n == 0 || people == 0 {
			continue
		}
		from := done * 1000 / people
		done += n
		out = append(out, part{Class: groupClass[g], X: from, W: max(8, done*1000/people-from), Group: g, Count: n})
	}
	return out
}

// messageItem is a message in the list.
func messageItem(ctx context.Context, m messages.Row, titles map[string]string) ui.Item {
	it := ui.Item{Icon: "send", Lead: rowTitle(ctx, m, titles), Text: toWhomText(ctx, m.Scope, m.ScopeName), URL: route.Path(ctx, "messages", m.PublicID), Note: when(ctx, m.SendAt)}
	if m.From != "" {
		it.Note = m.From + " · " + it.Note
	}
	switch m.State {
	case messages.Scheduled:
		it.Icon = "later"
		it.Tags = append(it.Tags, ui.Tag{Label: lang.T(ctx, "waits for its time"), Icon: "later"})
	case messages.CalledBack:
		it.Icon = "undo"
		it.Tags = append(it.Tags, ui.Tag{Label: lang.T(ctx, "called back"), Icon: "undo"})
	}
	if m.Urgent {
		it.Tags = append(it.Tags, ui.Tag{Label: lang.T(ctx, "urgent"), Icon: "care", Tone: ui.Care})
	}
	if m.Sensitive {
		it.Tags = append(it.Tags, ui.Tag{Label: lang.T(ctx, "sensitive"), Icon: "lock"})
	}
	if n := m.Groups[messages.Problem]; n > 0 {
		it.Tags = append(it.Tags, ui.Tag{Label: lang.N(ctx, n, "{n} not reached", "{n} not reached"), Icon: "call", Tone: ui.Care})
	}
	return it
}

// share is the strip of a message in the list: surely there, and sent or on its way.
func share(ctx context.Context, m messages.Row) ui.Share {
	there := m.Groups[messages.There] + m.Groups[messages.WithReply]
	return ui.Share{Full: there, Half: m.Groups[messages.Brought], Total: m.People, Text: lang.T(ctx, "{there} of {total} surely arrived", "there", there, "total", m.People)}
}

// names of children as a list, or the family.
func childrenText(ctx context.Context, names []string) string {
	if len(names) == 0 {
		return lang.T(ctx, "the family")
	}
	return lang.From(ctx).List(names)
}

// answerText is what a family said with one tap.
func answerText(ctx context.Context, k contact.AnswerKind) string {
	switch k {
	case contact.Understood:
		return lang.C(ctx, "answer", "Understood")
	case contact.Question:
		return lang.C(ctx, "answer", "I have a question")
	case contact.CallMe:
		return lang.C(ctx, "answer", "Call me")
	case contact.Later:
		return lang.C(ctx, "answer", "Later")
	}
	return lang.T(ctx, "wrote back")
}

// capital is a sentence that begins with a state in small letters.
func capital(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	return strings.ToUpper(string(r[0])) + string(r[1:])
}

// letters is how many letters wait for paper in all.
func letters(classes []messages.PaperClass) int {
	n := 0
	for _, c := range classes {
		n += c.Letters
	}
	return n
}

func currentIf(yes bool) templ.Attributes {
	if !yes {
		return nil
	}
	return templ.Attributes{"aria-current": "true"}
}
