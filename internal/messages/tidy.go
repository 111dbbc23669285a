package messages

import (
	"context"
	"errors"
	"fmt"
	"time"

	"brug/internal/db"
)

// outboxLife is how long a letter stays to be looked at that was kept because its road is not configured.
const outboxLife = 30 * 24 * time.Hour

// Tidy lets go what has had its time: kept letters, files that nobody took, notes of what came in.
func (s *Service) Tidy(ctx context.Context) error {
	kept := s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.DropOldOutbox(ctx, millis(s.Now().Add(-outboxLife))); err != nil {
			return fmt.Errorf("tidy outbox: %w", err)
		}
		return nil
	})
	return errors.Join(kept, s.TidyFiles(ctx), s.TidyInbound(ctx))
}
