package messages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/lang"
	"brug/internal/live"
	"brug/internal/messages/road"
)

// What the personal page of a guardian asks for beside messages and conversations.

// SendsCodes tells whether SendCode can bring one: else the digits of a paper are the way.
func (s *Service) SendsCodes() bool { return !s.closed()[contact.SMS] }

// SendCode sends the code of the second step by SMS, past letters, budget and quiet hours: somebody waits for it. In a demo
// without a gateway it is kept in the outbox. text has the code in it, and stands in no log. NotFound where SendsCodes is false.
func (s *Service) SendCode(ctx context.Context, g contact.Guest, phone, text string) error {
	if gateway, ok := s.Carriers[contact.SMS].(interface {
		Send(ctx context.Context, to, text, key string) road.Result
	}); ok {
		if r := gateway.Send(ctx, phone, text, id.New()); !r.Taken {
			return errors.New("send code: " + r.Problem)
		}
		return nil
	}
	if !s.SendsCodes() {
		return errs.NotFoundf("no gateway for SMS")
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

// OnPaper is the message that a code on paper leads to, for the home whose code it is, in the language of the visit: who holds
// the paper is somebody of that home and no more is known, so sealed words stay sealed, and nothing of a conversation is
// told. That it was opened is written into its row; the ledger has it from the code. NotFound where the home has no such
// letter, or the child of the paper is not in it.
func (s *Service) OnPaper(ctx context.Context, v contact.Visit, message string) (Received, error) {
	r, err := s.onPaper(ctx, v, message)
	if err != nil {
		return Received{}, err
	}
	r.Lang = v.Lang
	made, err := s.letters(ctx, []q.Recipient{r})
	if err != nil {
		return Received{}, err
	}
	l := made.letterFor(r, "", "")
	if l == nil {
		return Received{}, errs.NotFoundf("message %s of a paper is no more", message)
	}
	if r.OpenedAt == 0 {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.SetRecipientOpened(ctx, q.SetRecipientOpenedParams{SchoolID: v.School.ID, ID: r.ID, At: millis(s.Now())}); err != nil {
				return fmt.Errorf("letter of a paper: %w", err)
			}
			return s.Live.Publish(ctx, tx, live.Message(v.School.ID, message))
		}); err != nil {
			return Received{}, err
		}
	}
	return Received{Recipient: r.PublicID, At: instant(r.DueAt), Title: l.Title, Letter: l, Material: made.messages[r.MessageID].entry, Urgent: l.Urgent, Sensitive: l.Sensitive, Answer: contact.AnswerKind(r.Answer)}, nil
}

func (s *Service) onPaper(ctx context.Context, v contact.Visit, message string) (q.Recipient, error) {
	r, err := s.DB.Q().RecipientOnPaper(ctx, q.RecipientOnPaperParams{SchoolID: v.School.ID, Message: message, HouseholdID: v.HouseholdID})
	if err != nil {
		return r, db.NotFound(err, "letter of a paper")
	}
	pupils, err := pupilList(r.Pupils)
	if err != nil {
		return r, err
	}
	if v.PupilID != 0 && !slices.Contains(pupils, v.PupilID) {
		return r, errs.NotFoundf("message %s is not about the child of this paper", message)
	}
	return r, nil
}

// AnswerOnPaper is what a family says on the page behind a code of a printed message. It goes into the same conversation as an
// answer by the personal page. A letter "to the family of" has nobody to talk with by name: then named is false, nothing was
// kept, and the answer is to be kept with the code (contact.Answer).
func (s *Service) AnswerOnPaper(ctx context.Context, v contact.Visit, message string, said Said) (named bool, err error) {
	said.Body = cleanText(said.Body)
	if err := checkSaid(said); err != nil {
		return false, err
	}
	r, err := s.onPaper(ctx, v, message)
	if err != nil || !r.GuardianID.Valid {
		return false, err
	}
	sp, err := s.speakerFor(ctx, r)
	if errs.Is(err, errs.NotFound) {
		return false, nil // not heard on these children any more: the home is
	}
	if err != nil {
		return false, err
	}
	title, err := s.titleFor(ctx, r)
	if err != nil {
		return false, err
	}
	return true, s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.conversationOf(ctx, tx, sp, r, title)
		if err != nil {
			return err
		}
		_, err = s.say(ctx, tx, sp, c.ID, contact.Link, r.ID, said, nil, s.Now())
		return err
	})
}
