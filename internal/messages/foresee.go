package messages

import (
	"context"
	"fmt"
	"slices"
	"time"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/messages/budget"
)

// Later is how many people get a message later than it was asked for, and why.
type Later struct {
	Day   time.Time // the day in the school's zone, at the hour of the first of them
	Why   budget.Why
	Count int
}

// foresee asks the rule of the budget, within the transaction of a preview, when each recipient of a message would get it. It is
// what planning will do at that moment, unless something else is sent meanwhile. Paper and calls are not in it: they wait for
// a person's hand anyway.
func (s *Service) foresee(ctx context.Context, tx *db.Tx, schoolID, messageID int64, due time.Time) ([]Later, error) {
	fresh, err := tx.FreshRecipients(ctx, q.FreshRecipientsParams{SchoolID: schoolID, Now: millis(due), Lim: foreseen})
	if err != nil {
		return nil, fmt.Errorf("recipients to plan: %w", err)
	}
	week, err := s.weekOf(ctx, tx.Queries, schoolID, fresh, due)
	if err != nil {
		return nil, err
	}
	places, _ := week.plan(fresh)
	type when struct {
		day string
		why budget.Why
	}
	at := map[when]int{}
	var out []Later
	for i, p := range places {
		if fresh[i].MessageID != messageID || p.State != Waiting && p.State != Together || p.Due <= fresh[i].DueAt || p.Road == contact.Paper || p.Road == contact.Call {
			continue
		}
		local := instant(p.Due).In(week.homes[fresh[i].HouseholdID].Zone)
		k := when{local.Format(time.DateOnly), p.Why}
		if _, has := at[k]; !has {
			at[k] = len(out)
			out = append(out, Later{Day: local, Why: p.Why})
		}
		l := &out[at[k]]
		l.Count++
		if local.Before(l.Day) {
			l.Day = local
		}
	}
	slices.SortFunc(out, func(a, b Later) int { return a.Day.Compare(b.Day) })
	return out, nil
}

// foreseen is how many letters a preview looks at: a school, not a country.
const foreseen = 5000
