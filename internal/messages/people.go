package messages

import (
	"context"
	"encoding/json"
	"fmt"

	"brug/internal/db/q"
)

// reach is what is known at the last moment about the person that a letter is for.
type reach struct {
	person
	number string
	phone  []telephone
	not    State // why nothing goes to this person; "" if it may
}

// telephone is one that asked for a sign when there is something.
type telephone struct {
	id           int64
	subscription string // JSON, as browsers give it
}

// maxTelephones is to how many telephones of one person a sign goes.
const maxTelephones = 5

// peopleNow are the people of a batch, as they are now: since a letter was planned somebody may have asked for a rest, moved,
// or lost a right.
type peopleNow struct {
	reach  map[int64]reach
	rights map[int64]map[int64]bool
}

// peopleOf reads them, in a few queries for each school of the batch.
func (s *Service) peopleOf(ctx context.Context, batch []*trip) (peopleNow, error) {
	all, push := map[int64]bool{}, false
	schools := map[int64]map[int64]bool{}
	see := func(r q.Recipient) {
		if r.GuardianID.Valid {
			all[r.GuardianID.Int64] = true
			if schools[r.SchoolID] == nil {
				schools[r.SchoolID] = map[int64]bool{}
			}
			schools[r.SchoolID][r.GuardianID.Int64] = true
		}
		for _, by := range roadsOf(r.Roads) {
			push = push || by == "push"
		}
	}
	for _, c := range batch {
		see(c.row)
		for _, f := range c.with {
			see(f)
		}
	}
	closed := s.closed()
	now := peopleNow{reach: make(map[int64]reach, len(all)), rights: make(map[int64]map[int64]bool, len(all))}
	list := ids(keysOf(all))
	rows, err := s.DB.Q().PeopleToReach(ctx, list)
	if err != nil {
		return now, fmt.Errorf("people to reach: %w", err)
	}
	for _, g := range rows {
		r := reach{person: person{mail: g.Email, phone: g.Phone, failed: failedRoads(g.Failed), closed: closed}, number: g.Phone}
		if g.StoppedAt != 0 || g.EndedAt != 0 || g.PausedAt != 0 {
			r.not = Stopped
		}
		now.reach[g.ID] = r
	}
	if push {
		if err := s.phonesOf(ctx, list, now.reach); err != nil {
			return now, err
		}
	}
	for school, of := range schools {
		may, err := mayContact(ctx, s.DB.Q(), school, keysOf(of))
		if err != nil {
			return now, err
		}
		for g, pupils := range may {
			now.rights[g] = pupils
		}
	}
	return now, nil
}

func (s *Service) phonesOf(ctx context.Context, list string, people map[int64]reach) error {
	phones, err := s.DB.Q().PhonesToReach(ctx, list)
	if err != nil {
		return fmt.Errorf("phones to reach: %w", err)
	}
	for _, p := range phones {
		r := people[p.GuardianID]
		if len(r.phone) == maxTelephones {
			continue
		}
		doc, err := json.Marshal(map[string]any{"endpoint": p.Endpoint, "keys": map[string]string{"p256dh": p.P256dh, "auth": p.Auth}})
		if err != nil {
			return err
		}
		r.phone = append(r.phone, telephone{p.ID, string(doc)})
		r.phones++
		people[p.GuardianID] = r
	}
	return nil
}

// of is the person of a row.
func (p peopleNow) of(r q.Recipient) reach {
	if !r.GuardianID.Valid {
		return reach{} // "to the family of": paper only
	}
	found, ok := p.reach[r.GuardianID.Int64]
	if !ok || !about(r.Pupils, p.rights[r.GuardianID.Int64]) {
		found.not = Stopped
	}
	return found
}

// may tells whether a letter may go.
func (p peopleNow) may(r q.Recipient) bool { return p.of(r).not == "" }
