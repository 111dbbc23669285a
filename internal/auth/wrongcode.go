package auth

import (
	"context"
	"fmt"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
)

// Wrong codes on the pages of families. Many families share one address at a phone company, so a computer may try often;
// all computers together are bounded too, because typed codes can be guessed from many places at once. The secret in a QR
// code is too long to guess: whoever floods typed codes must not lock out the families who scan.
var (
	codeByComputer = limit{"code computer", 20, 15 * time.Minute}
	codeByAll      = limit{"code all", 3000, 15 * time.Minute}
)

func (s *Service) codeTries(ip string, typed bool) []try {
	tries := []try{codeByComputer.of(s.computer(ip))}
	if typed {
		tries = append(tries, codeByAll.of(""))
	}
	return tries
}

// WrongCodes is errs.TooMany, with how long to wait, while this computer (or, for typed
// codes, all together) has tried wrong codes too often. It only reads: a page with a right code writes nothing.
func (s *Service) WrongCodes(ctx context.Context, ip string, typed bool) error {
	now := s.now()
	for _, t := range s.codeTries(ip, typed) {
		row, err := s.db.Q().TriesOf(ctx, t.key)
		if db.Missing(err) {
			continue
		}
		if err != nil {
			return fmt.Errorf("throttle %s: %w", t.name, err)
		}
		if now.Sub(at(row.Since)) >= t.window {
			continue
		}
		if wait := t.wait(now, at(row.Since), row.Tries+1); wait > 0 {
			return tooManyCodes(wait)
		}
	}
	return nil
}

// CountWrongCode counts one wrong code.
func (s *Service) CountWrongCode(ctx context.Context, ip string, typed bool) error {
	now := s.now()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for _, t := range s.codeTries(ip, typed) {
			if _, err := tx.TakeTry(ctx, q.TakeTryParams{Key: t.key, Now: ms(now), Cutoff: ms(now.Add(-t.window))}); err != nil {
				return fmt.Errorf("throttle %s: %w", t.name, err)
			}
		}
		return nil
	})
}

// tooManyCodes has no sentence of its own: families read the general one, which is there in all their languages.
func tooManyCodes(wait time.Duration) error {
	return &errs.Error{Kind: errs.TooMany, Wait: wait}
}
