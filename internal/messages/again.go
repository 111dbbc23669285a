package messages

import (
	"context"
	"fmt"
	"slices"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/journal"
	"brug/internal/live"
)

// AgainRoads are the roads by which a person can have a letter sent once more.
var AgainRoads = []contact.Road{contact.SMS, contact.Mail, contact.Paper, contact.Call}

// Again sends a letter once more, by another road that a person chose, to somebody who has not opened it. It keeps the
// family's quiet hours and is not counted in its budget; in the ledger it takes the place of what was offered before. Invalid
// at "road": no such road, or no address for it. Conflict: it was opened meanwhile, or is still on its way.
func (s *Service) Again(ctx context.Context, by auth.Actor, recipient string, road contact.Road) error {
	r, err := s.recipientFor(ctx, by, auth.MessagesSend, recipient)
	if err != nil {
		return err
	}
	if !slices.Contains(AgainRoads, road) {
		return errs.Field("road", "Choose a road.")
	}
	roads := []contact.Road{road}
	if row := r.Recipient; row.GuardianID.Valid {
		g, err := s.DB.Q().GuardianAddresses(ctx, q.GuardianAddressesParams{SchoolID: by.School.ID, ID: row.GuardianID.Int64})
		if err != nil {
			return db.NotFound(err, "guardian of recipient")
		}
		failed := failedRoads(g.Failed)
		var c errs.Check
		c.That(road != contact.Mail || g.Email != "", "road", "No mail address of this person is known.")
		c.That(road != contact.SMS && road != contact.Call || g.Phone != "", "road", "No phone number of this person is known.")
		c.That(failed[road] == 0, "road", "This address did not work. Correct it first, on the family's card.")
		if err := c.Err(); err != nil {
			return err
		}
	} else if road != contact.Paper {
		return errs.Field("road", "Nobody of this family can be written to by name. Paper works.")
	}
	if road != contact.Paper {
		roads = append(roads, contact.Paper)
	}
	now := s.Now()
	next := byRoads(now, roads, "")
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.SetAgain(ctx, q.SetAgainParams{SchoolID: by.School.ID, ID: r.Recipient.ID, State: string(next.State), Roads: next.Roads, Road: string(next.Road), Problem: byHandAgain, DueAt: millis(now)})
		if err != nil {
			return fmt.Errorf("send again: %w", err)
		}
		if n == 0 {
			return errs.New(errs.Conflict, "This letter was opened meanwhile, or is still on its way.")
		}
		if err := s.Contact.WithdrawOffers(ctx, tx, by.School.ID, contact.AreaMessages, []string{recipient}); err != nil {
			return err
		}
		if next.State == Fresh {
			if err := s.enqueuePlan(ctx, tx, by.School.ID, r.Recipient.MessageID, now); err != nil {
				return err
			}
		}
		if err := s.Live.Publish(ctx, tx, live.Message(by.School.ID, r.MessagePublicID)); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "messages.again", Area: "messages", Ref: recipient,
			Detail: map[string]string{"road": string(road)}})
	})
}

// byHandAgain is the problem of a letter that a person sends once more: planning sees by it that it had its place in the week.
const byHandAgain = "again"

// SentAgain tells whether a person had the letter sent once more.
func (r RecipientRow) SentAgain() bool { return r.Problem == byHandAgain }
