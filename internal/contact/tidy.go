package contact

import (
	"context"
	"fmt"
	"time"

	"brug/internal/db"
)

// Tidy forgets second steps a day after their end: until then they count for the limits.
func (s *Service) Tidy(ctx context.Context) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.DropOldSeconds(ctx, millis(s.Now().Add(-24*time.Hour))); err != nil {
			return fmt.Errorf("tidy second steps: %w", err)
		}
		return nil
	})
}
