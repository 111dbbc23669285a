package messages

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/messages/sms"
)

// stopWords are what people send when they want nothing more, as gateways and laws teach them, by themselves and nothing else.
var stopWords = []string{"stop", "stopp", "stopall", "unsubscribe", "arret", "arrêt", "arrêter", "стоп", "توقف", "قف", "dur", "停止"}

// IncomingSMS takes what somebody sent to our number: an answer to the latest letter that went to this number, by SMS if there
// is one, else the beginning of a conversation. STOP by itself is no answer: it ends what comes to the guardians with this
// number. An SMS from a number that nobody has is counted and not kept. The same SMS twice is one.
func (s *Service) IncomingSMS(ctx context.Context, in sms.Incoming) error {
	there, err := s.DB.Q().HasInbound(ctx, in.Key)
	if err != nil || there > 0 {
		return err
	}
	if slices.Contains(stopWords, strings.ToLower(strings.Trim(in.Text, " .!"))) {
		return s.stopBySMS(ctx, in)
	}
	letters, err := s.DB.Q().LettersToNumber(ctx, in.From)
	if err != nil {
		return fmt.Errorf("letters to a number: %w", err)
	}
	for _, l := range letters {
		_, err := s.Incoming(ctx, Reply{SchoolID: l.SchoolID, Recipient: l.PublicID, Road: contact.SMS, Text: in.Text, Key: in.Key, At: s.Now()})
		if errs.Is(err, errs.NotFound) {
			continue // not heard on these children any more: the next one with this number
		}
		return err
	}
	_, err = s.IncomingUnasked(ctx, in.From, Reply{Road: contact.SMS, Text: in.Text, Key: in.Key, At: s.Now()})
	if errs.Is(err, errs.NotFound) {
		return s.countInbound(ctx, in.Key, contact.SMS, "unknown")
	}
	return err
}

func (s *Service) stopBySMS(ctx context.Context, in sms.Incoming) error {
	people, err := s.DB.Q().GuardiansOfNumber(ctx, in.From)
	if err != nil {
		return fmt.Errorf("guardians of a number: %w", err)
	}
	outcome := "unknown"
	for _, l := range people {
		g, err := s.DB.Q().GuardianForReply(ctx, q.GuardianForReplyParams{SchoolID: l.SchoolID, ID: l.ID})
		if db.Missing(err) {
			continue
		}
		if err != nil {
			return fmt.Errorf("guardian who stops: %w", err)
		}
		if err := s.Contact.StopBy(ctx, contact.Guest{School: auth.School{ID: l.SchoolID}, GuardianID: g.ID, Guardian: g.PublicID, HouseholdID: g.HouseholdID, Lang: g.Lang}, contact.SMS); err != nil {
			return err
		}
		outcome = "stop"
	}
	return s.countInbound(ctx, in.Key, contact.SMS, outcome)
}

// countInbound notes that something came in and what became of it, and nothing of what it said.
func (s *Service) countInbound(ctx context.Context, key string, by contact.Road, outcome string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.AddInbound(ctx, q.AddInboundParams{Key: key, Road: string(by), Outcome: outcome, At: millis(s.Now())})
		return err
	})
}

// inboundLife is how long it is remembered that something came in: servers and gateways bring the same thing again for days.
const inboundLife = 60 * 24 * time.Hour

// TidyInbound forgets what came in long ago: what it said stands in its conversation, if anywhere.
func (s *Service) TidyInbound(ctx context.Context) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.DropInbound(ctx, millis(s.Now().Add(-inboundLife)))
		return err
	})
}
