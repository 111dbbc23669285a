package material

import (
	"context"
	"fmt"

	"brug/internal/auth"
)

// SchoolPhone is the number of the actor's school (E.164), so that a preview shows what will be printed; "" where the school
// has told none.
func (s *Service) SchoolPhone(ctx context.Context, by auth.Actor) (string, error) {
	row, err := s.DB.Q().PackSchool(ctx, by.School.ID)
	if err != nil {
		return "", fmt.Errorf("phone of the school: %w", err)
	}
	return row.Phone, nil
}
