package school

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/db"
	"brug/internal/errs"
	"brug/internal/jobs"
	"brug/internal/journal"
)

// Config is what a Service needs.
type Config struct {
	DB    *db.DB
	Blobs blob.Store
	Jobs  *jobs.Runner // works the imports; nil: nothing can be started in the background
	Now   func() time.Time
}

// Service does everything of this package. It may be used by many goroutines.
type Service struct {
	db    *db.DB
	blobs blob.Store
	jobs  *jobs.Runner
	now   func() time.Time
}

// New makes a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Service{db: c.DB, blobs: c.Blobs, jobs: c.Jobs, now: c.Now}
	if c.Jobs != nil {
		jobs.Register(c.Jobs, s.workImport)
	}
	return s
}

func (s *Service) ms() int64 { return s.now().UnixMilli() }

// today is the day at the school.
func (s *Service) today(by auth.Actor) time.Time {
	zone, err := time.LoadLocation(by.School.Timezone)
	if err != nil {
		zone = time.UTC
	}
	return s.now().In(zone)
}

// Today is the day at the school, YYYY-MM-DD.
func (s *Service) Today(by auth.Actor) string { return s.today(by).Format(time.DateOnly) }

// change runs one change of people, homes or classes: writers of one school follow each other, and plans made before it
// are old afterwards.
func (s *Service) change(ctx context.Context, by auth.Actor, do func(tx *db.Tx) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.BumpRoster(ctx, by.School.ID); err != nil {
			return err
		}
		return do(tx)
	})
}

// note writes the journal. detail holds ids, names of fields and counts; never names of people or what they wrote.
func (s *Service) note(ctx context.Context, tx *db.Tx, by auth.Actor, action, ref string, detail map[string]any) error {
	area, _, _ := strings.Cut(action, ".")
	words := map[string]string{}
	for k, v := range detail {
		words[k] = fmt.Sprint(v)
	}
	return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: string(by.Role),
		Action: action, Area: area, Ref: ref, Detail: words, At: s.now()})
}

// lost makes a Conflict of a change that found no row of the version it was made for.
func lost(rows int64, err error) error {
	if err == nil && rows == 0 {
		return errs.New(errs.Conflict, "Somebody else changed this while you were busy. Nothing you typed is lost: compare, and save again.")
	}
	return err
}

// clean is a line of text as a person meant it: one space between words, none around.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

func itoa(n int) string { return strconv.Itoa(n) }

// readBlob reads a stored file of at most max bytes.
func (s *Service) readBlob(ctx context.Context, key string, max int64) ([]byte, error) {
	r, err := s.blobs.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, max+1))
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, err
	}
	if int64(len(data)) > max {
		return nil, fmt.Errorf("school: %s holds more than %d bytes", key, max)
	}
	return data, nil
}
