package auth

import (
	"context"
	"crypto/rand"
	"fmt"
	"math"
	"net/netip"
	"sync"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
)

// limit is how often something may be tried within a window that begins with the first try.
type limit struct {
	name   string // part of the key
	tries  int64
	window time.Duration
}

// The limits. Those of a computer are wide: a whole school often has one address on the internet. A try that succeeds
// is given back, so that only failures count.
var (
	signInByAddress  = limit{"signin address", 10, 15 * time.Minute}
	signInByComputer = limit{"signin computer", 60, 15 * time.Minute}
	resetByAddress   = limit{"reset address", 3, time.Hour}
	resetByComputer  = limit{"reset computer", 30, time.Hour}
	askByAddress     = limit{"ask address", 3, 24 * time.Hour}
	askByComputer    = limit{"ask computer", 10, 24 * time.Hour}
	inviteBySchool   = limit{"invite school", 200, 24 * time.Hour}
)

// try is one thing to count. Its key is a hash: no address stands in the table.
type try struct {
	limit
	key string
}

func (l limit) of(value string) try { return try{l, id.Hash(l.name + "|" + value)} }

// wait is how long it takes until the next try is allowed; 0 if this one is. since is the start of the window, tries
// counts this one too.
func (l limit) wait(now, since time.Time, tries int64) time.Duration {
	if tries <= l.tries {
		return 0
	}
	return max(since.Add(l.window).Sub(now), time.Second)
}

// count counts a try at each of the given and is errs.TooMany, with how long to wait, if one has been tried too often.
// It stops there, so that somebody who is held back at their computer does not lock an address for its owner. The
// count is its own transaction, before the work: many tries at the same moment are all counted.
func (s *Service) count(ctx context.Context, tries ...try) error {
	now := s.now()
	var wait time.Duration
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for _, t := range tries {
			row, err := tx.TakeTry(ctx, q.TakeTryParams{Key: t.key, Now: ms(now), Cutoff: ms(now.Add(-t.window))})
			if err != nil {
				return fmt.Errorf("throttle %s: %w", t.name, err)
			}
			if wait = t.wait(now, at(row.Since), row.Tries); wait == 0 {
				continue
			}
			if row.Tries == t.tries+1 { // once for each window: a flood must not fill the journal too
				return s.note(ctx, tx, Actor{}, "throttled", t.key[:12], "what", t.name)
			}
			return nil
		}
		return nil
	})
	if err != nil || wait == 0 {
		return err
	}
	e := errs.New(errs.TooMany, "That was tried too often. Please wait {minutes} min and try again.", "minutes", int(math.Ceil(wait.Minutes())))
	e.Wait = wait
	return e
}

// giveBack takes back the tries of something that succeeded.
func giveBack(ctx context.Context, tx *db.Tx, tries ...try) error {
	for _, t := range tries {
		if err := tx.GiveBackTry(ctx, t.key); err != nil {
			return fmt.Errorf("throttle %s: %w", t.name, err)
		}
	}
	return nil
}

// daySalt hides the addresses of computers in the table of counters: it is made anew each day, in memory only, so
// nobody can tell afterwards which address stood there. Each process has its own; behind a balancer a computer gets as
// many tries as there are processes, which the limits by address still bound.
type daySalt struct {
	mu   sync.Mutex
	day  string
	salt string
}

func (d *daySalt) of(now time.Time) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if day := now.UTC().Format(time.DateOnly); day != d.day {
		d.day, d.salt = day, rand.Text()
	}
	return d.salt
}

// computer is the address of a computer as it is counted: salted, and for IPv6 the /64 that one subscriber has.
func (s *Service) computer(ip string) string {
	if a, err := netip.ParseAddr(ip); err == nil && a.Unmap().Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			ip = p.String()
		}
	}
	return s.salt.of(s.now()) + "|" + ip
}
