package messagesweb

import "brug/internal/web/route"

// messagesRoutes is the list of messages.
func (p *Pages) messagesRoutes() []route.Route { return nil }
