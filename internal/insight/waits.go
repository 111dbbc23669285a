package insight

import (
	"context"
	"fmt"
	"slices"
	"time"

	"brug/internal/auth"
	"brug/internal/db/q"
)

// Waits tells how long answers took, without saying whose. The unit is the answer.
type Waits struct {
	Answers   int
	Median    time.Duration
	Day       int // came within 24 hours
	ThreeDays int // later, but within three days
	Week      int // later, but within seven days
	Longer    int
}

// waitsOf puts answers into groups. The median of an even number is the lower of the two in the middle.
func waitsOf(took []time.Duration) Waits {
	w := Waits{Answers: len(took)}
	for _, d := range took {
		switch {
		case d <= 24*time.Hour:
			w.Day++
		case d <= 3*24*time.Hour:
			w.ThreeDays++
		case d <= 7*24*time.Hour:
			w.Week++
		default:
			w.Longer++
		}
	}
	if len(took) > 0 {
		took = slices.Clone(took)
		slices.Sort(took)
		w.Median = took[(len(took)-1)/2]
	}
	return w
}

// waits reads how long both sides took: the school to answer families in conversations; families to answer there, and to
// answer messages.
func (s *Service) waits(ctx context.Context, by auth.Actor, r *Report, everybody bool, households, pupils string, since int64) error {
	var ours, theirs []time.Duration
	entries, err := s.DB.Q().WaitsSince(ctx, q.WaitsSinceParams{SchoolID: by.School.ID, Since: since, Everybody: everybody, Households: households, Pupils: pupils})
	if err != nil {
		return fmt.Errorf("time to answer: %w", err)
	}
	for _, e := range entries {
		took := time.Duration(e.Waited) * time.Millisecond
		if e.Direction == "out" {
			ours = append(ours, took)
		} else {
			theirs = append(theirs, took)
		}
	}
	answers, err := s.DB.Q().AnswerTimesSince(ctx, q.AnswerTimesSinceParams{SchoolID: by.School.ID, Since: since, Everybody: everybody, Households: households, About: pupils})
	if err != nil {
		return fmt.Errorf("time to answer messages: %w", err)
	}
	for _, waited := range answers {
		theirs = append(theirs, time.Duration(waited)*time.Millisecond)
	}
	r.School, r.Family = waitsOf(ours), waitsOf(theirs)
	return nil
}
