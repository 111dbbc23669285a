package school

import (
	"context"
	"errors"
	"fmt"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/jobs"
	"brug/internal/lang"
)

// importArgs is the job that brings a list in. It can run again at any moment: the plan is made anew from the file, and
// what has been written is then simply no change any more.
type importArgs struct {
	School int64 `json:"school"`
	Import int64 `json:"import"`
}

// Kind names the job for River.
func (importArgs) Kind() string { return "school.import" }

func (s *Service) workImport(ctx context.Context, args importArgs) error {
	sc, err := s.db.Q().SchoolByID(ctx, args.School)
	if err != nil {
		return err
	}
	by := auth.ForSchool(auth.School{ID: sc.ID, PublicID: sc.PublicID, Slug: sc.Slug, Name: sc.Name, Lang: sc.Lang, Timezone: sc.Timezone})
	err = s.run(ctx, by, args.Import)
	if err != nil && jobs.LastTry(ctx) {
		return errors.Join(err, s.fail(ctx, by, args.Import))
	}
	return err
}

// replans bounds how often a running import makes its plan again because somebody saved something in between.
const replans = 50

// run brings a list in that has been started: families in batches, each batch a transaction, then who left, then the journal.
func (s *Service) run(ctx context.Context, by auth.Actor, importID int64) error {
	row, err := s.db.Q().ImportByID(ctx, q.ImportByIDParams{SchoolID: by.School.ID, ID: importID})
	if err != nil {
		return err
	}
	if row.State == ImportRunning {
		by.AccountID = row.AccountID.Int64
		choices, err := choicesFrom(row.Choices)
		if err != nil {
			return err
		}
		in, err := s.read(ctx, by, row)
		if err != nil {
			return err
		}
		for try := 0; ; try++ {
			err = s.write(ctx, by, row, in, choices)
			if !errors.Is(err, errStale) || try == replans {
				break
			}
		}
		if err != nil {
			return err
		}
	}
	if row.Total >= batchPupils {
		if err := s.count(ctx); err != nil {
			return err
		}
	}
	if row.BlobKey == "" {
		return nil
	}
	return s.blobs.Delete(ctx, row.BlobKey) // what a list says of people is not kept longer than needed
}

// count lets the database look at the tables that a large import has filled: until it does so by itself, minutes later, it
// takes them for empty and reads them in ways that are slow for what stands in them now.
func (s *Service) count(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for _, table := range []string{"classes", "pupils", "enrolments", "households", "household_pupils", "guardians", "guardian_rights"} {
			if _, err := tx.SQL().ExecContext(ctx, "analyze "+table); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) write(ctx context.Context, by auth.Actor, row q.Import, in incoming, choices Choices) error {
	now, err := s.state(ctx, by)
	if err != nil {
		return err
	}
	_, work := makePlan(now, in, choices)
	w := &writer{s: s, by: by, work: work, version: now.version, ids: map[string]int64{}, day: now.day, now: s.ms()}
	if err := w.classes(ctx); err != nil {
		return err
	}
	size := map[int]int{}
	for _, f := range work.family {
		size[f]++
	}
	done := int64(0)
	for _, families := range work.batches() {
		for _, f := range families {
			done += int64(size[f])
		}
		_, err := w.batch(ctx, families, func(tx *db.Tx) error {
			return tx.SetImportProgress(ctx, q.SetImportProgressParams{Done: done, Total: int64(len(in.pupils)), SchoolID: by.School.ID, ID: row.ID})
		})
		if err != nil {
			return fmt.Errorf("import %s: %w", row.PublicID, err)
		}
	}
	counts, err := countsFrom(row.Summary)
	if err != nil {
		return err
	}
	return w.last(ctx, now.year, func(tx *db.Tx) error {
		if err := tx.SetImportProgress(ctx, q.SetImportProgressParams{Done: int64(len(in.pupils)), Total: int64(len(in.pupils)), SchoolID: by.School.ID, ID: row.ID}); err != nil {
			return err
		}
		n, err := tx.FinishImport(ctx, q.FinishImportParams{State: ImportDone, Summary: row.Summary, FinishedAt: s.ms(), SchoolID: by.School.ID, ID: row.ID})
		if err != nil || n == 0 {
			return err
		}
		return s.note(ctx, tx, by, "imports.done", row.PublicID, map[string]any{"pupils": counts.Pupils, "new": counts.New,
			"changed": counts.Changed, "same": counts.Same, "left": counts.Left, "skipped": counts.Skipped, "classes": counts.Classes})
	})
}

// fail says that an import stopped on the way: what was written stays, and the same file can be brought in again.
func (s *Service) fail(ctx context.Context, by auth.Actor, importID int64) error {
	row, err := s.db.Q().ImportByID(ctx, q.ImportByIDParams{SchoolID: by.School.ID, ID: importID})
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.FinishImport(ctx, q.FinishImportParams{State: ImportFailed, Summary: row.Summary,
			Problem:    lang.Msg("Brug could not bring in the whole list. The families that were done stay. Send the same file again: it goes on where it stopped."),
			FinishedAt: s.ms(), SchoolID: by.School.ID, ID: row.ID})
		if err != nil {
			return err
		}
		return s.note(ctx, tx, by, "imports.failed", row.PublicID, nil)
	})
	if err != nil {
		return err
	}
	return s.blobs.Delete(ctx, row.BlobKey)
}
