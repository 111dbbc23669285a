package messages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/id"
	"brug/internal/lang"
	"brug/internal/live"
	"brug/internal/messages/road"
)

// What the personal page of a guardian asks for beside messages and conversations.

// SendCode sends the code of the second step by SMS, past letters, budget and quiet hours: somebody waits for it. Where no
// gateway is configured it is kept in the outbox. text has the code in it, and stands in no log.
func (s *Service) SendCode(ctx context.Context, g contact.Guest, phone, text string) error {
	if gateway, ok := s.Carriers[contact.SMS].(interface {
		Send(ctx context.Context, to, text, key string) road.Result
	}); ok {
		if r := gateway.Send(ctx, phone, text, id.New()); !r.Taken {
			return errors.New("send code: " + r.Problem)
		}
		return nil
	}
	doc, err := json.Marshal([]kept{{PublicID: id.New(), Road: contact.SMS, To: phone, Lang: g.Lang, Text: text, At: millis(s.Now())}})
	if err != nil {
		return fmt.Errorf("send code: %w", err)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return tx.AddOutbox(ctx, q.AddOutboxParams{SchoolID: g.School.ID, Rows: string(doc)})
	})
}

// NotMe ends a link that came to somebody else, and tells the school in a conversation that waits for staff. It is no contact
// with the family, so the ledger does not have it.
func (s *Service) NotMe(ctx context.Context, g contact.Guest) error {
	now := s.Now()
	l := lang.For(g.School.Lang).Plain()
	return s.Contact.NotMe(ctx, g, func(tx *db.Tx) error {
		pupils := make([]int64, len(g.Children))
		var class int64
		for i, c := range g.Children {
			pupils[i] = c.ID
			if class == 0 {
				class = c.ClassID
			}
		}
		about, err := json.Marshal(pupils)
		if err != nil {
			return fmt.Errorf("not me: %w", err)
		}
		public := id.New()
		_, err = tx.AddConversation(ctx, q.AddConversationParams{PublicID: public, SchoolID: g.School.ID, HouseholdID: g.HouseholdID, PupilID: nullID(pupils[0]), ClassID: nullID(class), Pupils: string(about),
			Title: l.T("The page of {name} came to somebody else", "name", g.Name), Started: string(OfFamily), At: millis(now)})
		if err != nil {
			return fmt.Errorf("not me: %w", err)
		}
		c, err := tx.ConversationByPublicID(ctx, q.ConversationByPublicIDParams{SchoolID: g.School.ID, PublicID: public})
		if err != nil {
			return fmt.Errorf("not me: %w", err)
		}
		if _, err := tx.AddEntry(ctx, q.AddEntryParams{PublicID: id.New(), SchoolID: g.School.ID, ConversationID: c.ID, Direction: string(contact.In), Kind: string(Words), Road: string(contact.Link), Lang: l.Tag(),
			Body:    l.T("Somebody opened the personal page of {name} and tapped “This is not me”. The link has ended, and nothing goes to the phone number and the mail address any more. Please ask the family which ones are right.", "name", g.Name),
			Phrases: "[]", Files: "[]", At: millis(now)}); err != nil {
			return fmt.Errorf("not me: %w", err)
		}
		if err := tx.MoveConversation(ctx, q.MoveConversationParams{SchoolID: g.School.ID, ID: c.ID, Waits: string(OfStaff), WaitsSince: millis(now), LastAt: millis(now)}); err != nil {
			return fmt.Errorf("not me: %w", err)
		}
		return s.Live.Publish(ctx, tx, live.Inbox(g.School.ID))
	})
}
