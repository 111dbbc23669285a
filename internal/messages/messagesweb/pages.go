// Package messagesweb has what staff see of messages: writing one, what became of it for each guardian, the call list, the
// outbox of the demo, the inbox and its conversations; and the hooks that the roads call. It owns no tables.
package messagesweb

import (
	"slices"
	"time"

	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/school"
	"brug/internal/web/route"
)

// Pages are the pages of messages.
type Pages struct {
	Messages *messages.Service
	School   *school.Service
	Material *material.Service
	Demo     bool // the outbox stands open to the director
	Now      func() time.Time
}

// Routes is the table for the router: each file brings its own lines.
func (p *Pages) Routes() []route.Route {
	return slices.Concat(
		p.messagesRoutes(),
	)
}
