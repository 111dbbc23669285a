package messagesweb

import (
	"net/http"
	"strings"

	"brug/internal/auth"
	"brug/internal/live"
	"brug/internal/web/route"
)

// liveRoutes is the line on which open pages hear that something changed.
func (p *Pages) liveRoutes() []route.Route {
	return []route.Route{route.Get("/s/{school}/live", auth.ConversationsSee, p.live)}
}

// live is /s/{school}/live?topic=inbox&topic=message/PUBLICID. A topic is of the school of whoever asks, and tells only that
// something changed; what, the page asks for with its own rights.
func (p *Pages) live(w http.ResponseWriter, r *http.Request) error {
	by := route.Actor(r)
	var topics []live.Topic
	for _, t := range r.URL.Query()["topic"] {
		kind, id, _ := strings.Cut(t, "/")
		switch {
		case t == "inbox":
			topics = append(topics, live.Inbox(by.School.ID))
		case kind == "message" && id != "":
			topics = append(topics, live.Message(by.School.ID, id))
		case kind == "conversation" && id != "":
			topics = append(topics, live.Conversation(by.School.ID, id))
		}
	}
	return p.Messages.Live.Serve(w, r, by.AccountID, topics...)
}
