package messages

import (
	"context"
	"errors"
	"fmt"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
)

// Reply is an answer of a guardian that came in by mail or SMS.
type Reply struct {
	SchoolID  int64
	Recipient string       // public id of the recipient's row that it answers, from the reply address or the latest SMS
	Road      contact.Road // Mail or SMS
	Text      string       // without what was quoted, and without the signature
	Answer    contact.AnswerKind
	Lang      string   // BCP 47; "": as the guardian reads
	Files     []Upload // all that came along, whatever it is; the mail's own signs (logos, signatures) are not in it
	Key       string   // hash of what the sender numbered it with; the same mail twice is one answer
	At        time.Time
}

// Incoming makes an entry of the conversation of what came in, once for each Key: fresh is false for one that was here before.
// The row of inbound is written in the same transaction, with the outcome "answer", or "empty" where nothing was said. A file that
// cannot be taken is told in an entry of Refused, which both sides see, and a text that is too long is cut; nothing of an answer is lost
// for its form without a word. NotFound where there is no such
// recipient, or the guardian may not be heard on these children any more: then nothing was written.
func (s *Service) Incoming(ctx context.Context, r Reply) (fresh bool, err error) {
	found, err := s.DB.Q().RecipientByPublicID(ctx, q.RecipientByPublicIDParams{SchoolID: r.SchoolID, PublicID: r.Recipient})
	if err != nil {
		return false, db.NotFound(err, "recipient of reply")
	}
	row := found.Recipient
	sp, err := s.speakerFor(ctx, row)
	if err != nil {
		return false, err
	}
	title, err := s.titleFor(ctx, row)
	if err != nil {
		return false, err
	}
	return s.incoming(ctx, r, sp, row.ID, func(tx *db.Tx) (q.Conversation, error) { return s.conversationOf(ctx, tx, sp, row, title) })
}

// incoming keeps what came in, in the conversation that in finds or begins. recipientID is the letter that it answers; 0: none.
func (s *Service) incoming(ctx context.Context, r Reply, sp speaker, recipientID int64, in func(tx *db.Tx) (q.Conversation, error)) (fresh bool, err error) {
	said := Said{Answer: r.Answer, Body: cut(cleanText(r.Text), contact.MaxBody), Lang: r.Lang}
	if said.Answer == contact.Question && said.Body != "" {
		said.Answer = "" // the words say it
	}
	files, refused, err := s.keepSaid(ctx, r.SchoolID, r.Files, false)
	if err != nil {
		return false, err
	}
	said.refused = refused
	if said.Answer == "" && said.Body == "" && len(files) == 0 && len(refused) == 0 {
		return s.notedOnly(ctx, r)
	}
	at := r.At
	if now := s.Now(); at.IsZero() || at.After(now) {
		at = now
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.AddInbound(ctx, q.AddInboundParams{Key: r.Key, SchoolID: nullID(r.SchoolID), Road: string(r.Road), Outcome: "answer", At: millis(s.Now())})
		if err != nil {
			return fmt.Errorf("inbound: %w", err)
		}
		if fresh = n == 1; !fresh {
			return nil
		}
		c, err := in(tx)
		if err != nil {
			return err
		}
		_, err = s.say(ctx, tx, sp, c.ID, r.Road, recipientID, said, files, at)
		return err
	})
	if err == nil && !fresh {
		return false, s.drop(ctx, files)
	}
	return fresh && err == nil, s.orForget(ctx, files, err)
}

// notedOnly keeps the key of something in which nothing was said.
func (s *Service) notedOnly(ctx context.Context, r Reply) (fresh bool, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.AddInbound(ctx, q.AddInboundParams{Key: r.Key, SchoolID: nullID(r.SchoolID), Road: string(r.Road), Outcome: "empty", At: millis(s.Now())})
		fresh = n == 1
		return err
	})
	return fresh, err
}

// speakerFor is the guardian of a recipient's row, with the children whom this person may be heard on now.
func (s *Service) speakerFor(ctx context.Context, r q.Recipient) (speaker, error) {
	if !r.GuardianID.Valid {
		return speaker{}, errs.NotFoundf("recipient %s is nobody by name", r.PublicID)
	}
	sp, err := s.speaker(ctx, r.SchoolID, r.GuardianID.Int64)
	if err != nil {
		return sp, err
	}
	pupils, err := pupilList(r.Pupils)
	if err != nil {
		return sp, err
	}
	if !sp.hears(pupils) {
		return sp, errs.NotFoundf("the guardian of %s is heard on none of its children now", r.PublicID)
	}
	return sp, nil
}

// speaker is a guardian who writes by mail or SMS, with the children whom this person may be heard on now, who may be none.
func (s *Service) speaker(ctx context.Context, schoolID, guardianID int64) (speaker, error) {
	g, err := s.DB.Q().GuardianForReply(ctx, q.GuardianForReplyParams{SchoolID: schoolID, ID: guardianID})
	if err != nil {
		return speaker{}, db.NotFound(err, "guardian of reply")
	}
	rows, err := s.DB.Q().HeardOn(ctx, q.HeardOnParams{SchoolID: schoolID, GuardianID: g.ID})
	if err != nil {
		return speaker{}, fmt.Errorf("children of guardian: %w", err)
	}
	sp := speaker{school: auth.School{ID: schoolID, PublicID: g.SchoolPublicID, Slug: g.Slug, Name: g.SchoolName, Lang: g.SchoolLang, Timezone: g.Timezone}, householdID: g.HouseholdID, guardianID: g.ID, lang: g.Lang}
	for _, c := range rows {
		sp.children = append(sp.children, heardChild{id: c.ID, classID: c.ClassID, publicID: c.PublicID})
	}
	return sp, nil
}

// drop takes away files that are needed no more.
func (s *Service) drop(ctx context.Context, files []keptFile) error {
	var problems []error
	for _, f := range files {
		problems = append(problems, s.Blobs.Delete(ctx, f.key))
	}
	return errors.Join(problems...)
}

// cut is the beginning of a text, at most max characters.
func cut(s string, max int) string {
	if r := []rune(s); len(r) > max {
		return string(r[:max-1]) + "…"
	}
	return s
}
