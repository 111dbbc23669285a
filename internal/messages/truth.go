package messages

import (
	"context"
	"errors"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
)

// The truth afterwards: what mail servers and gateways tell of letters that they took. They may tell it late, twice or in the
// wrong order, and of letters that were answered long ago; each of these changes nothing.

// Delivered: the road says that a letter is there. ref is what the road calls it (road.Result.Ref), or the recipient's public
// id, as the Message-ID of a mail has it (email.KeyOf). NotFound when there is no such letter.
//
// It is no line in the ledger: that a telephone has a message does not say that somebody read it.
func (s *Service) Delivered(ctx context.Context, by contact.Road, ref string) error {
	row, err := s.byRef(ctx, by, ref)
	if err != nil {
		return err
	}
	if row.Road != string(by) || State(row.State) != Sent {
		return nil
	}
	all, err := s.DB.Q().WentAlong(ctx, q.WentAlongParams{SchoolID: row.SchoolID, ID: row.ID})
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.SetDelivered(ctx, q.SetDeliveredParams{SchoolID: row.SchoolID, Ids: ids(idsOf(all)), ArrivedAt: millis(s.Now())}); err != nil {
			return err
		}
		return s.tellMessages(ctx, tx, all)
	})
}

// Bounced: the road says that a letter cannot be brought. It goes on by the next road of its guardian, as soon as that
// wakes nobody; the line in the ledger is taken back, and written anew when the next road takes it. problem is told without
// address or words ("550 5.1.1"). address says that the address itself is wrong: the road counts as failed until somebody
// changes it. NotFound when there is no such letter; for ref see Delivered.
func (s *Service) Bounced(ctx context.Context, by contact.Road, ref, problem string, address bool) error {
	row, err := s.byRef(ctx, by, ref)
	if err != nil {
		return err
	}
	if row.Road != string(by) || State(row.State) != Sent && State(row.State) != Delivered {
		return nil
	}
	people, err := s.peopleOf(ctx, []*trip{{row: row}})
	if err != nil {
		return err
	}
	all, err := s.DB.Q().WentAlong(ctx, q.WentAlongParams{SchoolID: row.SchoolID, ID: row.ID})
	if err != nil {
		return err
	}
	var left []contact.Road
	for _, r := range people.of(row).left(roadsOf(row.Roads)) {
		if r != by {
			left = append(left, r)
		}
	}
	now := s.Now()
	next := byRoads(now, left, problem)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		back, err := tx.SetBounced(ctx, q.SetBouncedParams{SchoolID: row.SchoolID, Ids: ids(idsOf(all)), Road: string(by), State: string(next.State),
			Roads: next.Roads, NextRoad: string(next.Road), Problem: problem, DueAt: next.Due})
		if err != nil {
			return err
		}
		if address && row.GuardianID.Valid {
			if err := setFailed(ctx, tx, map[int64][]contact.Road{row.GuardianID.Int64: {by}}, now); err != nil {
				return err
			}
		}
		refs := make([]string, len(back))
		for i, b := range back {
			refs[i] = b.PublicID
		}
		if err := s.Contact.WithdrawOffers(ctx, tx, row.SchoolID, contact.AreaMessages, refs); err != nil {
			return err
		}
		if next.State == Fresh && len(back) > 0 {
			if err := s.enqueuePlan(ctx, tx, row.SchoolID, row.MessageID, now); err != nil {
				return err
			}
		}
		return s.tellMessages(ctx, tx, all)
	})
}

// byRef finds a letter by what a road calls it, or by its own id.
func (s *Service) byRef(ctx context.Context, by contact.Road, ref string) (q.Recipient, error) {
	if ref == "" {
		return q.Recipient{}, errs.NotFoundf("a letter without a ref")
	}
	row, err := s.DB.Q().RecipientByRef(ctx, q.RecipientByRefParams{Road: string(by), Ref: ref})
	if db.Missing(err) {
		row, err = s.DB.Q().RecipientOfLetter(ctx, ref)
	}
	return row, db.NotFound(err, "letter that a road told of")
}

func (s *Service) tellMessages(ctx context.Context, tx *db.Tx, rows []q.Recipient) error {
	set := map[int64]bool{}
	for _, r := range rows {
		set[r.MessageID] = true
	}
	known, err := messagesByID(ctx, tx, set)
	for _, m := range known {
		err = errors.Join(err, s.tellMessage(ctx, tx, m.SchoolID, m.PublicID))
	}
	return err
}
