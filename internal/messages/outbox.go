package messages

import (
	"context"
	"fmt"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
)

// Diverted is a letter that was not sent, because its road is not configured. It holds the personal link of a family: the
// demo shows it, and the operator sees it on the machine itself.
type Diverted struct {
	PublicID       string
	Road           contact.Road
	To             string // address or number
	Guardian       string // "" where nobody is named
	Lang           string
	Title          string
	Text, HTML     string
	Message, About string // public id and title of the message; "" for what is no message
	At             time.Time
}

// OutboxFilter narrows the outbox; the zero value is all of it.
type OutboxFilter struct {
	Road contact.Road
	Lang string
}

// Outbox is what would have been sent, the latest first, from a place in the list on (0: its beginning); next is the place of
// the page after it, 0 at the end. It asks for journal.see, which the director has.
func (s *Service) Outbox(ctx context.Context, by auth.Actor, f OutboxFilter, before int64, n int) (out []Diverted, next int64, err error) {
	if err := by.May(auth.JournalSee); err != nil {
		return nil, 0, err
	}
	if before == 0 {
		before = 1 << 62
	}
	rows, err := s.DB.Q().OutboxPage(ctx, q.OutboxPageParams{SchoolID: by.School.ID, Before: before, Road: string(f.Road), Lang: f.Lang, Lim: int64(n) + 1})
	if err != nil {
		return nil, 0, fmt.Errorf("outbox: %w", err)
	}
	for i, r := range rows {
		if i == n {
			return out, rows[i-1].ID, nil
		}
		out = append(out, diverted(q.OutboxByPublicIDRow(r)))
	}
	return out, 0, nil
}

// OutboxLetter is one of them. NotFound if there is none.
func (s *Service) OutboxLetter(ctx context.Context, by auth.Actor, publicID string) (Diverted, error) {
	if err := by.May(auth.JournalSee); err != nil {
		return Diverted{}, err
	}
	r, err := s.DB.Q().OutboxByPublicID(ctx, q.OutboxByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return Diverted{}, db.NotFound(err, "letter of the outbox")
	}
	return diverted(r), nil
}

func diverted(r q.OutboxByPublicIDRow) Diverted {
	return Diverted{PublicID: r.PublicID, Road: contact.Road(r.Road), To: r.ToAddr, Guardian: r.Guardian, Lang: r.Lang, Title: r.Title, Text: r.BodyText, HTML: r.BodyHtml,
		Message: r.MessagePublicID, About: r.MessageTitle, At: instant(r.At)}
}
