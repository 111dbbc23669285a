package packs

import (
	"context"
	"fmt"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
)

// FileLife is how long the PDF of a pack is kept. It holds the codes of families in the clear, so only as long as
// somebody may want to print a page again; a new pack makes new codes.
const FileLife = 14 * 24 * time.Hour

// Tidy deletes the files that have had their time. A job of the program calls it once a day; missing a day harms nobody.
func (s *Service) Tidy(ctx context.Context) error {
	for {
		old, err := s.DB.Q().OldPackFiles(ctx, s.Now().Add(-FileLife).UnixMilli())
		if err != nil {
			return fmt.Errorf("old packs: %w", err)
		}
		if len(old) == 0 {
			return nil
		}
		for _, p := range old { // a file each: there is no deleting many at once
			if err := s.Blobs.Delete(ctx, p.BlobKey); err != nil {
				return fmt.Errorf("old pack: %w", err)
			}
			if err := s.DB.Write(ctx, func(tx *db.Tx) error {
				return tx.ForgetPackFile(ctx, q.ForgetPackFileParams{SchoolID: p.SchoolID, ID: p.ID})
			}); err != nil {
				return fmt.Errorf("old pack: %w", err)
			}
		}
	}
}
