package messages

import (
	"context"
	"fmt"
	"strings"
	"time"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
)

// unaskedLife is how long a conversation that a family began goes on by itself: who sends three SMS in a row begins one.
const unaskedLife = 7 * 24 * time.Hour

// IncomingUnasked keeps what a guardian wrote by mail or SMS without answering a letter: it begins a conversation about the
// children whom this person is heard on, or goes on with the latest one that this person began. from is the address (in lower
// case) or the number (E.164); r.SchoolID and r.Recipient are not looked at. The address of a mail proves nothing, nor does a
// number: nothing is told to who wrote, and an answer of staff goes by the roads that the school knows.
//
// NotFound where nobody has this address, or nobody who is heard, or guardians of several schools have it: what is meant for
// one school is not for another to read. Then nothing was written.
func (s *Service) IncomingUnasked(ctx context.Context, from string, r Reply) (fresh bool, err error) {
	people, err := s.peopleAt(ctx, r.Road, from)
	if err != nil {
		return false, err
	}
	for _, p := range people {
		if p.SchoolID != people[0].SchoolID {
			return false, errs.NotFoundf("guardians of several schools have the address of something that came in")
		}
	}
	for _, p := range people {
		sp, err := s.speaker(ctx, p.SchoolID, p.ID)
		if errs.Is(err, errs.NotFound) || err == nil && len(sp.children) == 0 {
			continue
		}
		if err != nil {
			return false, err
		}
		r.SchoolID = p.SchoolID
		return s.incoming(ctx, r, sp, 0, func(tx *db.Tx) (q.Conversation, error) { return s.unasked(ctx, tx, sp) })
	}
	return false, errs.NotFoundf("nobody who is heard has the address of something that came in")
}

// peopleAt are the guardians with a mail address or a number.
func (s *Service) peopleAt(ctx context.Context, by contact.Road, address string) ([]q.GuardiansOfNumberRow, error) {
	if by == contact.SMS {
		rows, err := s.DB.Q().GuardiansOfNumber(ctx, address)
		if err != nil {
			return nil, fmt.Errorf("guardians of a number: %w", err)
		}
		return rows, nil
	}
	found, err := s.DB.Q().GuardiansOfMail(ctx, strings.ToLower(address))
	if err != nil {
		return nil, fmt.Errorf("guardians of a mail address: %w", err)
	}
	rows := make([]q.GuardiansOfNumberRow, len(found))
	for i, r := range found {
		rows[i] = q.GuardiansOfNumberRow(r)
	}
	return rows, nil
}

// unasked is the conversation that words without a letter belong to.
func (s *Service) unasked(ctx context.Context, tx *db.Tx, sp speaker) (q.Conversation, error) {
	latest, err := tx.ConversationsOfGuardian(ctx, q.ConversationsOfGuardianParams{SchoolID: sp.school.ID, GuardianID: sp.guardianID, Lim: 1})
	if err != nil {
		return q.Conversation{}, fmt.Errorf("latest conversation: %w", err)
	}
	public := ""
	for _, r := range latest { // one or none
		about, err := pupilList(r.Conversation.Pupils)
		if err != nil {
			return q.Conversation{}, err
		}
		if goesOn(r.Conversation, s.Now()) && sp.hears(about) {
			public = r.Conversation.PublicID
		}
	}
	if public == "" {
		public = id.New()
		add := q.AddConversationParams{PublicID: public, SchoolID: sp.school.ID, HouseholdID: sp.householdID, GuardianID: nullID(sp.guardianID), Pupils: ids(sp.ids()), Started: string(OfFamily), At: millis(s.Now())}
		if len(sp.children) == 1 {
			add.PupilID, add.ClassID = nullID(sp.children[0].id), nullID(sp.children[0].classID)
		}
		if _, err := tx.AddConversation(ctx, add); err != nil {
			return q.Conversation{}, fmt.Errorf("begin conversation: %w", err)
		}
	}
	c, err := tx.ConversationByPublicID(ctx, q.ConversationByPublicIDParams{SchoolID: sp.school.ID, PublicID: public})
	if err != nil {
		return c, fmt.Errorf("conversation that was begun: %w", err)
	}
	return c, nil
}

// goesOn tells whether words without a letter belong to a conversation: the family began it of late, and it is not sensitive.
func goesOn(c q.Conversation, now time.Time) bool {
	return c.Started == string(OfFamily) && !c.Sensitive && now.Sub(instant(c.LastAt)) < unaskedLife
}
