// Package packs puts print packs together: one PDF with a page for each family of a class, a group or the whole school,
// in each family's language, with a code that opens the same text on a phone. What is for the wall or the team is printed as a
// sheet for nobody in particular (sheet.go). How it looks is told in package sheets.
//
// The letters of messages that wait for paper (package messages) go into a pack of their class, beside its texts or by
// themselves (letters.go).
//
// Pages (packsweb) start a pack and find it again; a job prints it; the command line prints straight into a file. Whoever
// asks, the same Print makes the pages. What is handed out is a contact in the ledger.
// Tables: packs, slips.
package packs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/jobs"
	"brug/internal/journal"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/school"
)

// Config is what the service is made of.
type Config struct {
	DB       *db.DB
	School   *school.Service
	Material *material.Service
	Contact  *contact.Service
	Messages *messages.Service // its letters that wait for paper; nil: there are none
	Jobs     *jobs.Runner
	Blobs    blob.Store
	Now      func() time.Time
	BaseURL  string // without a slash at the end; stands in the QR codes
	Log      *slog.Logger
}

// Service has the operations on packs.
type Service struct{ Config }

// New makes the service and registers its job.
func New(c Config) *Service {
	s := &Service{c}
	if c.Jobs != nil {
		jobs.Register(c.Jobs, s.print)
	}
	return s
}

// State says how far a pack is.
type State string

// The states, as stored.
const (
	Waiting  State = "waiting"
	Running  State = "running"
	Finished State = "finished"
	Failed   State = "failed"
)

// Pack is a pack as staff see it.
type Pack struct {
	PublicID, Material, Title string
	Version                   int64
	Scope                     school.Scope
	ScopeName                 string // "3A"; "" for the whole school
	Options                   Options
	State                     State
	Done, Total, Pages        int
	Slips, Given              int
	By                        string
	Problem                   errs.Text // why it failed
	Created                   time.Time
	Slip                      []Slip // only from Get

	id      int64
	blobKey string
	creator int64
}

// Slip is what one family gets about one child: a page, or all pages of a bag.
type Slip struct {
	PublicID, Household, HouseholdLabel string
	Given, Family                       string // the child's names
	Class, ClassPublicID                string
	Lang, TextLang                      string
	GivenAt                             time.Time // zero: not handed out yet
	Letters                             []messages.SlipLetter
	pupilID, householdID, classID, id   int64
}

// Args is the job.
type Args struct {
	SchoolID int64 `json:"school_id"`
	PackID   int64 `json:"pack_id"`
}

// Kind names the job for the queue.
func (Args) Kind() string { return "packs_print" }

// Start notes a pack and queues its printing. The whole school needs a role that sees all classes.
func (s *Service) Start(ctx context.Context, by auth.Actor, c Choice) (publicID string, err error) {
	entries, scopeName, err := s.check(ctx, by, &c)
	if err != nil {
		return "", err
	}
	c.UILang = by.Lang
	options, err := json.Marshal(c.Options)
	if err != nil {
		return "", fmt.Errorf("options: %w", err)
	}
	publicID = id.New()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		packID, err := tx.AddPack(ctx, q.AddPackParams{PublicID: publicID, SchoolID: by.School.ID, Material: c.Material, Version: firstVersion(entries), Title: titles(entries, c.Options, by.School.Lang),
			Scope: c.Scope.Kind + ":" + c.Scope.PublicID, ScopeName: scopeName, Options: string(options), CreatedBy: nullID(by.AccountID), CreatedAt: s.Now().UnixMilli()})
		if err != nil {
			return fmt.Errorf("add pack: %w", err)
		}
		if err := s.Jobs.Enqueue(ctx, tx, Args{SchoolID: by.School.ID, PackID: packID}); err != nil {
			return fmt.Errorf("queue pack: %w", err)
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "packs.start", Area: "packs", Ref: publicID,
			Detail: map[string]string{"material": c.Material, "scope": c.Scope.Kind}})
	})
	return publicID, err
}

// print is the job. It may run again after a crash, or beside another worker that is thought dead, and then starts
// anew; a pack is finished in one transaction with its slips, its codes and the name of the file that has them, so there
// is never half a pack, and a finished one is left alone. What cannot be mended by trying again is said at the pack; so
// is the last try's failure, for else the page would say "is being made" for ever.
func (s *Service) print(ctx context.Context, a Args) error {
	row, err := s.DB.Q().PackByID(ctx, q.PackByIDParams{SchoolID: a.SchoolID, ID: a.PackID})
	if err != nil {
		return fmt.Errorf("pack %d: %w", a.PackID, err)
	}
	if State(row.State) == Finished {
		return nil
	}
	p, err := pack(row)
	if err != nil {
		return err
	}
	err = s.produce(ctx, a, p)
	if err == nil {
		return nil
	}
	text, known := problem(err)
	if known {
		return s.fail(ctx, a, text)
	}
	if jobs.LastTry(ctx) {
		after, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // the job's own time may be over
		defer cancel()
		return errors.Join(err, s.fail(after, a, errs.T("This did not work. Please try again.")))
	}
	return err // the queue tries again, and logs it
}

func (s *Service) fail(ctx context.Context, a Args, text errs.Text) error {
	doc, err := json.Marshal(text)
	if err != nil {
		return fmt.Errorf("problem of pack: %w", err)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return tx.FailPack(ctx, q.FailPackParams{SchoolID: a.SchoolID, ID: a.PackID, Problem: string(doc), FinishedAt: s.Now().UnixMilli()})
	})
}

func (s *Service) produce(ctx context.Context, a Args, p Pack) error {
	by, err := s.system(ctx, a.SchoolID)
	if err != nil {
		return err
	}
	if by, err = s.asCreator(ctx, by, p.creator); err != nil {
		return err
	}
	c := Choice{Material: p.Material, Scope: p.Scope, Options: p.Options}
	entries, err := s.find(ctx, by.School.ID, c, p.Version)
	if err != nil {
		return err
	}
	pr, err := s.prepare(ctx, by, c, entries)
	if err != nil {
		return err
	}
	var rows int64
	if err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		rows, err = tx.SetPackRunning(ctx, q.SetPackRunningParams{SchoolID: a.SchoolID, ID: a.PackID, Total: int64(len(pr.slips))})
		return err
	}); err != nil {
		return fmt.Errorf("pack running: %w", err)
	}
	if rows == 0 {
		return nil // finished by another worker while we read
	}
	file, drop, err := scratch()
	if err != nil {
		return err
	}
	defer drop()
	last := time.Now()
	pages, err := pr.write(ctx, file, func(done int) error {
		if time.Since(last) < time.Second { // enough for an eye, and little for the database
			return nil
		}
		last = time.Now()
		return s.DB.Write(ctx, func(tx *db.Tx) error {
			return tx.SetPackDone(ctx, q.SetPackDoneParams{SchoolID: a.SchoolID, ID: a.PackID, Done: int64(done)})
		})
	})
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, 0); err != nil {
		return fmt.Errorf("rewind: %w", err)
	}
	// The name is this try's own. Two workers with one pack have different codes on their pages: were the file's name the
	// same, the later one would put paper in the place of that whose codes were kept, and no code on it would open.
	key := fmt.Sprintf("packs/%s-%s.pdf", p.PublicID, id.New())
	if err := s.Blobs.Put(ctx, key, file); err != nil {
		return fmt.Errorf("keep pack: %w", err)
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.FinishPack(ctx, q.FinishPackParams{SchoolID: a.SchoolID, ID: a.PackID, Pages: int64(pages), BlobKey: key, FinishedAt: s.Now().UnixMilli()})
		if err != nil || n == 0 {
			return err
		}
		return s.keep(ctx, tx, a.SchoolID, a.PackID, pr)
	})
	return errors.Join(err, s.dropUnlessKept(context.WithoutCancel(ctx), a, key))
}

// dropUnlessKept deletes a file that no row names. It asks the row, for a commit that failed may still have come through.
func (s *Service) dropUnlessKept(ctx context.Context, a Args, key string) error {
	row, err := s.DB.Q().PackByID(ctx, q.PackByIDParams{SchoolID: a.SchoolID, ID: a.PackID})
	if err != nil {
		return fmt.Errorf("pack after printing: %w", err)
	}
	if row.BlobKey == key {
		return nil
	}
	return s.Blobs.Delete(ctx, key)
}

// scratch is a file without a name where the system allows that: it holds the codes of families, and must not stay behind
// when the program is killed.
func scratch() (*os.File, func(), error) {
	f, err := os.CreateTemp("", "brug-pack-*.pdf")
	if err != nil {
		return nil, nil, fmt.Errorf("temporary file: %w", err)
	}
	unnamed := os.Remove(f.Name()) == nil
	return f, func() {
		_ = f.Close() // what it held is in the store by now, or not wanted
		if !unnamed {
			_ = os.Remove(f.Name())
		}
	}, nil
}

type slipRow struct {
	PublicID    string `json:"public_id"`
	HouseholdID int64  `json:"household_id"`
	PupilID     int64  `json:"pupil_id"`
	ClassID     int64  `json:"class_id"`
	CodeID      int64  `json:"code_id"`
	Lang        string `json:"lang"`
	TextLang    string `json:"text_lang"`
	Position    int    `json:"position"`
}

// keep stores the codes and slips of what was printed, in three statements. A slip is all that a family gets about one child
// at once; each text in it has a code of its own.
func (s *Service) keep(ctx context.Context, tx *db.Tx, schoolID, packID int64, pr *printing) error {
	if len(pr.slips) == 0 {
		return nil
	}
	for_ := make([]contact.CodeFor, 0, len(pr.codes))
	first := make([]int, len(pr.slips)) // code of each slip: that of its first paper
	for i, sl := range pr.slips {
		first[i] = len(for_)
		for _, t := range sl.papers {
			for_ = append(for_, contact.CodeFor{HouseholdID: sl.home.ID, PupilID: sl.child.ID, Material: t.entry.Slug, Version: t.entry.Version, Lang: t.lang, Fill: t.kept()})
		}
		for _, l := range sl.letters {
			for_ = append(for_, l.codeFor(sl))
		}
	}
	if err := s.Contact.KeepCodes(ctx, tx, schoolID, for_, pr.codes); err != nil {
		return err
	}
	rows := make([]slipRow, len(pr.slips))
	for i, sl := range pr.slips {
		rows[i] = slipRow{id.New(), sl.home.ID, sl.child.ID, sl.child.ClassID, pr.codes[first[i]].ID, sl.lang, sl.textLang(), i}
	}
	doc, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("slip rows: %w", err)
	}
	if err := tx.AddSlips(ctx, q.AddSlipsParams{SchoolID: schoolID, PackID: packID, Rows: string(doc)}); err != nil {
		return fmt.Errorf("add slips: %w", err)
	}
	return s.keepLetters(ctx, tx, schoolID, pr, rows)
}
