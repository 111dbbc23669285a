package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"brug/internal/db"
	"brug/internal/errs"
	"brug/internal/lang"
)

// Config is what the service is made of.
type Config struct {
	DB      *db.DB
	Now     func() time.Time // the clock
	BaseURL string           // for links in mails, without a slash at the end: "https://brug.example"
	Demo    bool             // the program runs as a demo: links that sign in with one click work
}

// Service knows accounts, sessions, staff and the schools that ask to join. It may be used by many goroutines.
type Service struct {
	db      *db.DB
	now     func() time.Time
	baseURL string
	demo    bool
	hasher  *hasher
	salt    daySalt
}

// New makes the service. It hashes one password, so that an unknown address costs what a known one does.
func New(c Config) (*Service, error) { return newService(c, today) }

// newService lets tests hash for less.
func newService(c Config, hashing cost) (*Service, error) {
	h, err := newHasher(hashing)
	if err != nil {
		return nil, fmt.Errorf("auth: %w", err)
	}
	return &Service{db: c.DB, now: c.Now, baseURL: c.BaseURL, demo: c.Demo, hasher: h}, nil
}

// Tidy removes what has had its time: counters after a day, links a week after their end, sessions after a month. A
// job calls it once a day; missing a day harms nobody.
func (s *Service) Tidy(ctx context.Context) error {
	now := s.now()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err1 := tx.PruneThrottles(ctx, ms(now.Add(-24*time.Hour)))
		_, err2 := tx.PruneLinks(ctx, ms(now.Add(-7*24*time.Hour)))
		_, err3 := tx.PruneSessions(ctx, ms(now.Add(-30*24*time.Hour)))
		return errors.Join(err1, err2, err3)
	})
}

// ms is an instant as it is stored: milliseconds UTC.
func ms(t time.Time) int64 { return t.UnixMilli() }

// at is a stored instant; the zero time for 0 ("not yet").
func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// ref is an optional reference to a row.
func ref(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }

// staffLang is the language that staff pages and mails are shown in for somebody who asked for tag.
func staffLang(tag string) string {
	if slices.Contains(lang.Staff, tag) {
		return tag
	}
	return lang.Match(tag, lang.Staff, lang.Fallback)
}

// operator is nil for the command line, jobs and the demo.
func operator(by Actor) error {
	if by.Role == System {
		return nil
	}
	return errs.Forbiddenf("%q is not the operator", by.Role)
}
