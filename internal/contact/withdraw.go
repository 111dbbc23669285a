package contact

import (
	"context"
	"fmt"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/id"
)

// WithdrawOffers corrects what was offered under these refs and did not arrive after all: a mail that came back. It happens
// within the caller's transaction; what was corrected already stays as it is.
func (s *Service) WithdrawOffers(ctx context.Context, tx *db.Tx, schoolID int64, area string, refs []string) error {
	type ref struct {
		Ref string `json:"ref"`
	}
	list := make([]ref, len(refs))
	for i, r := range refs {
		list[i] = ref{r}
	}
	offers, err := tx.OffersOf(ctx, q.OffersOfParams{SchoolID: schoolID, Area: area, Refs: rows(list)})
	if err != nil {
		return fmt.Errorf("offers: %w", err)
	}
	for _, c := range offers { // a letter, or the few that went together
		if err := tx.AddCorrection(ctx, q.AddCorrectionParams{SchoolID: schoolID, ID: c.ID, PublicID: id.New(), At: millis(s.Now())}); err != nil {
			return fmt.Errorf("withdraw: %w", err)
		}
		if err := s.untally(ctx, tx, schoolID, c); err != nil {
			return err
		}
	}
	return nil
}
