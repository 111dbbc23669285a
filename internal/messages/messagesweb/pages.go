// Package messagesweb has what staff see of messages: writing one, what became of it for each guardian, the call list, the
// outbox of the demo, the inbox and its conversations; and the hooks that the roads call. It owns no tables.
package messagesweb

import (
	"context"
	"slices"
	"time"

	"github.com/a-h/templ"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Pages are the pages of messages.
type Pages struct {
	Messages *messages.Service
	School   *school.Service
	Material *material.Service
	Hooks    Hooks
	Demo     bool // the outbox stands open to the director
	Now      func() time.Time
}

// Routes is the table for the router: each file brings its own lines.
func (p *Pages) Routes() []route.Route {
	return slices.Concat(
		p.composeRoutes(),
		p.messagesRoutes(),
		p.textsRoutes(),
		p.callsRoutes(),
		p.outboxRoutes(),
		p.inboxRoutes(),
		p.conversationRoutes(),
		p.agreementRoutes(),
		p.liveRoutes(),
		p.hookRoutes(),
	)
}

// tabs are the pages about messages, each one level deep: what waits, what was sent, whom to call; here is the one that is open.
func (p *Pages) tabs(ctx context.Context, by auth.Actor, here string) (templ.Component, error) {
	calls, err := p.Messages.TaskCount(ctx, by)
	if err != nil {
		return nil, err
	}
	waiting := 0
	if by.May(auth.ConversationsSee) == nil {
		if waiting, err = p.Messages.WaitingCount(ctx, by); err != nil {
			return nil, err
		}
	}
	tab := func(page, label string, count int) ui.Tab {
		return ui.Tab{Label: label, URL: route.Path(ctx, page), Current: page == here, Count: count}
	}
	out := []ui.Tab{tab("messages", lang.T(ctx, "Sent"), 0), tab("inbox", lang.T(ctx, "Inbox"), waiting), tab("calls", lang.T(ctx, "Call list"), calls)}
	if p.Demo && by.May(auth.JournalSee) == nil {
		out = append(out, tab("outbox", lang.T(ctx, "Outbox of the demo"), 0))
	}
	return ui.Tabs(lang.T(ctx, "Messages"), out), nil
}
