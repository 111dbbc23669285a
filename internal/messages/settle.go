package messages

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/live"
)

// settler writes outcomes down in groups.
type settler struct {
	s        *Service
	claim    string
	messages map[int64]bool // of which something was settled
	settled  int
	moved    bool        // something is to be planned anew
	failed   atomic.Bool // nothing more is to be claimed: the database does not take outcomes
	err      error
	finished time.Time // when it was last looked which messages are done
}

// finishTime is how often it is looked which messages are done while letters of others are still on their way.
const finishTime = 2 * time.Second

// run settles what comes out of the carriers until there is no more.
func (w *settler) run(ctx context.Context, out <-chan *trip) {
	group := make([]*trip, 0, groupSize)
	late := time.NewTimer(groupTime)
	defer late.Stop()
	flush := func() {
		if len(group) > 0 {
			w.settle(ctx, group)
			group = make([]*trip, 0, groupSize)
		}
	}
	for {
		select {
		case c, more := <-out:
			if !more {
				flush()
				return
			}
			if len(group) == 0 {
				late.Reset(groupTime)
			}
			if group = append(group, c); len(group) == groupSize {
				flush()
			}
		case <-late.C:
			flush()
			w.finish(ctx)
		}
	}
}

// finish marks messages that are done while others are on a slow road. What is left is marked in the end.
func (w *settler) finish(ctx context.Context) {
	if len(w.messages) == 0 || time.Since(w.finished) < finishTime {
		return
	}
	if err := w.s.finish(ctx, w.messages); err != nil {
		w.s.Log.Error("the post", "err", err)
		return
	}
	w.finished = time.Now()
	clear(w.messages)
}

// settle tries for a while: what was sent must not be forgotten because the database was away for a moment. The notes still
// know when it stays away.
func (w *settler) settle(ctx context.Context, group []*trip) {
	var err error
	for try := range 6 {
		if err = w.s.settle(ctx, w.claim, group); err == nil {
			w.settled += len(group)
			for _, c := range group {
				w.messages[c.row.MessageID] = true
				w.moved = w.moved || c.fate.State == Fresh
				for _, f := range c.with {
					w.messages[f.MessageID] = true
				}
			}
			return
		}
		w.s.Log.Error("outcomes of letters", "err", err)
		if w.failed.Load() {
			break // tried long enough with the group before
		}
		time.Sleep(time.Duration(try) * time.Second)
	}
	w.failed.Store(true)
	w.err = fmt.Errorf("outcomes of letters: %w", err)
}

// outcome is a fate for the database.
type outcome struct {
	ID      int64        `json:"i"`
	State   State        `json:"s"`
	Due     int64        `json:"d"`
	Roads   string       `json:"r"`
	Road    contact.Road `json:"w"`
	Tries   int64        `json:"t"`
	Ref     string       `json:"f"`
	Problem string       `json:"p"`
	Parts   int          `json:"n"`
	SentAt  int64        `json:"a"`
	Lead    int64        `json:"l"`
}

// settle writes a group of outcomes in one transaction: the rows that this process still has, those that went along, and for
// each letter that a road took one line in the ledger.
func (s *Service) settle(ctx context.Context, claim string, group []*trip) error {
	messages := map[int64]bool{}
	var failed []*trip
	var dead []int64
	var rows []outcome
	taken := map[contact.Road][]int64{} // the many of which there is no more to say
	now := s.Now()
	for _, c := range group {
		f := &c.fate
		if f.State == Sent {
			f.SentAt = millis(now) // one moment for the group
		}
		if f.State == Sent && f.Ref == "" && f.Parts == 0 && f.Problem == "" && f.Roads == c.row.Roads {
			taken[f.Road] = append(taken[f.Road], c.row.ID)
		} else {
			rows = append(rows, outcome{c.row.ID, f.State, f.Due, f.Roads, f.Road, f.Tries, f.Ref, f.Problem, f.Parts, f.SentAt, 0})
		}
		messages[c.row.MessageID] = true
		for _, w := range c.with {
			messages[w.MessageID] = true
		}
		if f.Failed != "" {
			failed = append(failed, c)
		}
		dead = append(dead, c.dead...)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		known, err := messagesByID(ctx, tx, messages)
		if err != nil {
			return err
		}
		ours, err := settleRows(ctx, tx, claim, rows, taken, now)
		if err != nil {
			return fmt.Errorf("settle: %w", err)
		}
		along, err := s.settleFollowers(ctx, tx, group, ours)
		if err != nil {
			return err
		}
		entries, kept := map[int64][]contact.Entry{}, map[int64][]*kept{}
		for _, c := range group {
			if c.fate.State != Sent || !ours[c.row.ID] {
				continue
			}
			school := c.row.SchoolID
			entries[school] = append(entries[school], entryOf(c.row, c.fate, known[c.row.MessageID]))
			for _, f := range c.with {
				if along[f.ID] {
					entries[school] = append(entries[school], entryOf(f, c.fate, known[f.MessageID]))
				}
			}
			if c.kept != nil {
				kept[school] = append(kept[school], c.kept)
			}
		}
		for school, of := range entries {
			if _, err := s.Contact.Log(ctx, tx, school, of); err != nil {
				return err
			}
		}
		for school, of := range kept {
			doc, err := json.Marshal(of)
			if err != nil {
				return err
			}
			if err := tx.AddOutbox(ctx, q.AddOutboxParams{SchoolID: school, Rows: string(doc)}); err != nil {
				return fmt.Errorf("outbox: %w", err)
			}
		}
		if err := markFailed(ctx, tx, failed, now); err != nil {
			return err
		}
		if len(dead) > 0 {
			if err := tx.EndGonePhones(ctx, q.EndGonePhonesParams{EndedAt: millis(now), Ids: ids(dead)}); err != nil {
				return fmt.Errorf("telephones that are gone: %w", err)
			}
		}
		for _, m := range known {
			if err := s.tellMessage(ctx, tx, m.SchoolID, m.PublicID); err != nil {
				return err
			}
		}
		return nil
	})
}

// settleRows writes outcomes into the rows that a claim still has, and tells which they were.
func settleRows(ctx context.Context, tx *db.Tx, claim string, rows []outcome, taken map[contact.Road][]int64, at time.Time) (ours map[int64]bool, err error) {
	ours = map[int64]bool{}
	see := func(settled []int64) {
		for _, id := range settled {
			ours[id] = true
		}
	}
	for by, list := range taken { // three roads at most
		settled, err := tx.SettleSent(ctx, q.SettleSentParams{Road: string(by), SentAt: millis(at), Ids: ids(list), Claim: claim})
		if err != nil {
			return nil, err
		}
		see(settled)
	}
	if len(rows) > 0 {
		doc, err := json.Marshal(rows)
		if err != nil {
			return nil, err
		}
		settled, err := tx.SettleRecipients(ctx, q.SettleRecipientsParams{Claim: claim, Rows: string(doc)})
		if err != nil {
			return nil, err
		}
		see(settled)
	}
	return ours, nil
}

// settleFollowers lets those that go along go the way of the letter that leads them, and tells which ones did.
func (s *Service) settleFollowers(ctx context.Context, tx *db.Tx, group []*trip, ours map[int64]bool) (map[int64]bool, error) {
	var rows []outcome
	for _, c := range group {
		if !ours[c.row.ID] {
			continue
		}
		for _, w := range c.with {
			o := outcome{ID: w.ID, State: c.fate.State, Due: w.DueAt, Roads: c.fate.Roads, Road: c.fate.Road, Problem: c.fate.Problem, SentAt: c.fate.SentAt}
			switch c.fate.State {
			case Waiting:
				continue // they wait with it
			case Fresh:
				o.Due = c.fate.Due // and are planned anew with it
			case Sent:
				o.Lead = c.row.ID
			}
			rows = append(rows, o)
		}
	}
	along := map[int64]bool{}
	if len(rows) == 0 {
		return along, nil
	}
	doc, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	ids, err := tx.SettleFollowers(ctx, string(doc))
	if err != nil {
		return nil, fmt.Errorf("settle what went along: %w", err)
	}
	for _, id := range ids {
		along[id] = true
	}
	return along, nil
}

// entryOf is the line in the ledger for a letter that a road took.
func entryOf(r q.Recipient, f fate, m q.MessagesCarriedRow) contact.Entry {
	e := contact.Entry{HouseholdID: r.HouseholdID, GuardianID: r.GuardianID.Int64, Area: contact.AreaMessages, Ref: r.PublicID, Road: f.Road,
		Direction: contact.Out, Stage: contact.Offered, At: time.UnixMilli(f.SentAt), Lang: r.Lang, About: contact.About(m.About)}
	if pupils, err := pupilList(r.Pupils); err == nil && len(pupils) == 1 {
		e.PupilID = pupils[0]
	}
	return e
}

func messagesByID(ctx context.Context, tx *db.Tx, set map[int64]bool) (map[int64]q.MessagesCarriedRow, error) {
	rows, err := tx.MessagesCarried(ctx, ids(keysOf(set)))
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	out := make(map[int64]q.MessagesCarriedRow, len(rows))
	for _, m := range rows {
		out[m.ID] = m
	}
	return out, nil
}

// markFailed notes on guardians that a road leads nowhere, until somebody changes the address.
func markFailed(ctx context.Context, tx *db.Tx, letters []*trip, now time.Time) error {
	roads := map[int64][]contact.Road{}
	for _, c := range letters {
		if c.row.GuardianID.Valid {
			roads[c.row.GuardianID.Int64] = append(roads[c.row.GuardianID.Int64], c.fate.Failed)
		}
	}
	return setFailed(ctx, tx, roads, now)
}

func setFailed(ctx context.Context, tx *db.Tx, roads map[int64][]contact.Road, now time.Time) error {
	if len(roads) == 0 {
		return nil
	}
	people, err := tx.HoldFailed(ctx, ids(slices.Sorted(maps.Keys(roads))))
	if err != nil {
		return fmt.Errorf("failed roads: %w", err)
	}
	type row struct {
		ID     int64  `json:"i"`
		Failed string `json:"f"`
	}
	var rows []row
	for _, g := range people {
		failed := failedRoads(g.Failed)
		if failed == nil {
			failed = map[contact.Road]int64{}
		}
		for _, r := range roads[g.ID] {
			failed[r] = millis(now)
		}
		doc, err := json.Marshal(failed)
		if err != nil {
			return err
		}
		rows = append(rows, row{g.ID, string(doc)})
	}
	doc, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	if err := tx.SetFailed(ctx, string(doc)); err != nil {
		return fmt.Errorf("failed roads: %w", err)
	}
	return nil
}

func (s *Service) tellMessage(ctx context.Context, tx *db.Tx, schoolID int64, publicID string) error {
	return s.Live.Publish(ctx, tx, live.Message(schoolID, publicID))
}
