package contact

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"brug/internal/auth"
	"brug/internal/db/q"
)

// usualAmount is how many messages a week a household gets that chose nothing: the default of households.amount.
const usualAmount = 3

// PersonalPage is what staff see of the own page of a guardian: what was chosen there, and whether a link to it works. The
// link itself is nobody's but the guardian's.
type PersonalPage struct {
	Guardian string // public id
	Name     string // else the address; "" where nothing is known
	Choices  Choices
	Stopped  bool      // asked to hear nothing
	Failed   []Road    // roads whose address turned out to be wrong
	Link     bool      // a link works now
	Opened   time.Time // when it was last used, by the day; zero: never
}

// Chose tells whether anything of one person differs from the usual. The amount is of the home: see ChoseAmount.
func (p PersonalPage) Chose() bool {
	c := p.Choices
	return c.Lang != "" || c.Road != "" || c.QuietFrom != "" || c.QuietTo != "" || c.Weekend
}

// ChoseAmount tells whether the home asked for another number of messages a week than is usual.
func (p PersonalPage) ChoseAmount() bool { return p.Choices.Amount != usualAmount }

// PersonalPages are those of all guardians of a home. NotFound where the home may not be reached.
func (s *Service) PersonalPages(ctx context.Context, by auth.Actor, household string) ([]PersonalPage, error) {
	if err := by.May(auth.ContactSee); err != nil {
		return nil, err
	}
	home, _, err := s.homeFor(ctx, by, household, "")
	if err != nil {
		return nil, err
	}
	rows, err := s.DB.Q().PersonalPages(ctx, q.PersonalPagesParams{SchoolID: by.School.ID, HouseholdID: home.ID, Now: millis(s.Now())})
	if err != nil {
		return nil, fmt.Errorf("personal pages of household: %w", err)
	}
	out := make([]PersonalPage, len(rows))
	for i, r := range rows {
		out[i] = PersonalPage{Guardian: r.PublicID, Name: cmp.Or(r.Name, r.Email, r.Phone), Stopped: r.StoppedAt != 0, Link: r.LinkAt != 0,
			Choices: Choices{Lang: r.PageLang, Road: Road(r.Road), QuietFrom: r.QuietFrom, QuietTo: r.QuietTo, Weekend: r.Weekend, Amount: int(r.Amount)}}
		if r.OpenedAt != 0 {
			out[i].Opened = instant(r.OpenedAt)
		}
		failed := map[Road]int64{}
		if r.Failed != "" {
			if err := json.Unmarshal([]byte(r.Failed), &failed); err != nil {
				return nil, fmt.Errorf("failed roads of guardian: %w", err)
			}
		}
		for _, road := range []Road{Mail, SMS, Push} {
			if failed[road] != 0 {
				out[i].Failed = append(out[i].Failed, road)
			}
		}
	}
	return out, nil
}
