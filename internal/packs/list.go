package packs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/journal"
	"brug/internal/press"
)

func pack(r q.Pack) (Pack, error) {
	p := Pack{PublicID: r.PublicID, Material: r.Material, Title: r.Title, Version: r.Version, ScopeName: r.ScopeName, State: State(r.State), Done: int(r.Done), Total: int(r.Total), Pages: int(r.Pages),
		Created: time.UnixMilli(r.CreatedAt), id: r.ID, blobKey: r.BlobKey, creator: r.CreatedBy.Int64}
	p.Scope.Kind, p.Scope.PublicID, _ = strings.Cut(r.Scope, ":")
	if err := json.Unmarshal([]byte(r.Options), &p.Options); err != nil {
		return p, fmt.Errorf("options of pack %s: %w", r.PublicID, err)
	}
	if r.Problem != "" {
		if err := json.Unmarshal([]byte(r.Problem), &p.Problem); err != nil {
			return p, fmt.Errorf("problem of pack %s: %w", r.PublicID, err)
		}
	}
	return p, nil
}

// problem is what a person can do something about; anything else is ours, and tried again.
func problem(err error) (errs.Text, bool) {
	var e *errs.Error
	if errors.As(err, &e) {
		if e.Text.ID != "" {
			return e.Text, true
		}
		if text, at := e.Fields["scope"]; at { // nobody there, or all of them asked for no messages
			return text, true
		}
		switch e.Kind {
		case errs.Forbidden, errs.NotFound:
			return errs.T("What this was for is no longer there. Choose again."), true
		}
	}
	var font *press.FontError
	if errors.As(err, &font) {
		return errs.T("The fonts for printing are not installed. Tell whoever runs Brug: bin/setup brings them."), true
	}
	var glyph *press.MissingGlyphError
	if errors.As(err, &glyph) {
		return errs.T("The sign {sign} in “{text}” cannot be printed: no font has it. Write it in another way.", "sign", string(glyph.Rune), "text", glyph.Text), true
	}
	return errs.Text{}, false
}

// List is the packs that the actor may see, latest first; before is the cursor of the page (0: from the start).
func (s *Service) List(ctx context.Context, by auth.Actor, before int64, n int) (packs []Pack, next int64, err error) {
	if err := by.May(auth.PacksPrint); err != nil {
		return nil, 0, err
	}
	if before == 0 {
		before = 1 << 62
	}
	rows, err := s.DB.Q().Packs(ctx, q.PacksParams{SchoolID: by.School.ID, Before: before, AllClasses: by.AllClasses(), AccountID: by.AccountID, Classes: list(by.ClassIDs()), Lim: int64(n) + 1})
	if err != nil {
		return nil, 0, fmt.Errorf("packs: %w", err)
	}
	for i, r := range rows {
		if i == n {
			next = rows[i-1].ID
			break
		}
		p, err := pack(q.Pack{ID: r.ID, PublicID: r.PublicID, SchoolID: r.SchoolID, Material: r.Material, Version: r.Version, Title: r.Title, Scope: r.Scope, ScopeName: r.ScopeName, Options: r.Options,
			State: r.State, Done: r.Done, Total: r.Total, Pages: r.Pages, BlobKey: r.BlobKey, Problem: r.Problem, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt, FinishedAt: r.FinishedAt})
		if err != nil {
			return nil, 0, err
		}
		p.By, p.Slips, p.Given = r.Person, int(r.Slips), int(r.Given)
		packs = append(packs, p)
	}
	return packs, next, nil
}

// Get is a pack with the slips that the actor may see: a teacher sees those of the own classes. NotFound if that leaves
// nothing and the actor did not ask for the pack.
func (s *Service) Get(ctx context.Context, by auth.Actor, publicID string) (Pack, error) {
	if err := by.May(auth.PacksPrint); err != nil {
		return Pack{}, err
	}
	row, err := s.DB.Q().PackByPublicID(ctx, q.PackByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return Pack{}, db.NotFound(err, "pack")
	}
	p, err := pack(row)
	if err != nil {
		return Pack{}, err
	}
	rows, err := s.DB.Q().SlipsOfPack(ctx, q.SlipsOfPackParams{SchoolID: by.School.ID, PackID: p.id})
	if err != nil {
		return Pack{}, fmt.Errorf("slips of pack: %w", err)
	}
	p.Total = max(p.Total, len(rows))
	for _, r := range rows {
		if !by.HasClass(r.ClassID) {
			continue
		}
		sl := Slip{PublicID: r.PublicID, Household: r.HouseholdPublicID, HouseholdLabel: r.HouseholdLabel, Given: r.Given, Family: r.Family, Class: r.ClassName, ClassPublicID: r.ClassPublicID, Lang: r.Lang, TextLang: r.TextLang,
			pupilID: r.PupilID, householdID: r.HouseholdID, classID: r.ClassID, id: r.ID}
		if r.GivenAt != 0 {
			sl.GivenAt = time.UnixMilli(r.GivenAt)
			p.Given++
		}
		p.Slip = append(p.Slip, sl)
	}
	p.Slips = len(p.Slip)
	if err := s.lettersOf(ctx, by, &p); err != nil {
		return Pack{}, err
	}
	if by.AllClasses() || p.creator == by.AccountID && p.creator != 0 || p.Slips > 0 {
		return p, nil
	}
	return Pack{}, errs.NotFoundf("pack %s has nothing for this teacher", publicID)
}

// Open gives the PDF of a finished pack. A teacher gets it only if every page in it is of the own classes.
func (s *Service) Open(ctx context.Context, by auth.Actor, publicID string) (io.ReadCloser, Pack, error) {
	p, err := s.Get(ctx, by, publicID)
	if err != nil {
		return nil, p, err
	}
	if p.State != Finished || p.blobKey == "" {
		return nil, p, errs.NotFoundf("pack %s is not printed yet", publicID)
	}
	if p.Slips < p.Total {
		return nil, p, errs.Forbiddenf("pack %s has pages of other classes", publicID)
	}
	r, err := s.Blobs.Get(ctx, p.blobKey)
	if err != nil {
		return nil, p, fmt.Errorf("pack file: %w", err)
	}
	return r, p, s.look(ctx, by, p)
}

// look notes who took the file: it holds the codes of families.
func (s *Service) look(ctx context.Context, by auth.Actor, p Pack) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "packs.open", Area: "packs", Ref: p.PublicID})
	})
}

// Given ticks slips as handed out: those of one class (public id), one slip, or all that the actor sees when both are "".
// Each is an offered contact in the ledger. What was ticked before is left alone. It returns how many were ticked now.
func (s *Service) Given(ctx context.Context, by auth.Actor, packID, class, slip string) (int, error) {
	if err := by.May(auth.ContactLog); err != nil {
		return 0, err
	}
	p, err := s.Get(ctx, by, packID)
	if err != nil {
		return 0, err
	}
	now := s.Now()
	var ids []int64
	entries, public := map[int64]contact.Entry{}, map[int64]string{}
	found := false
	for _, sl := range p.Slip {
		if class != "" && sl.ClassPublicID != class || slip != "" && sl.PublicID != slip {
			continue
		}
		found = true
		if !sl.GivenAt.IsZero() {
			continue
		}
		ids, public[sl.id] = append(ids, sl.id), sl.PublicID
		if p.Material == "" {
			continue // what is offered are its letters, each with its own line
		}
		entries[sl.id] = contact.Entry{HouseholdID: sl.householdID, PupilID: sl.pupilID, Area: contact.AreaSlips, Ref: sl.PublicID, Road: contact.Paper, Direction: contact.Out, Stage: contact.Offered, AccountID: by.AccountID, At: now}
	}
	if !found {
		return 0, errs.NotFoundf("no such slip in pack %s", packID)
	}
	if len(ids) == 0 {
		return 0, nil
	}
	var ticked []int64
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		ticked, err = tx.SetSlipsGiven(ctx, q.SetSlipsGivenParams{SchoolID: by.School.ID, PackID: p.id, GivenAt: now.UnixMilli(), GivenBy: nullID(by.AccountID), Ids: list(ids)})
		if err != nil || len(ticked) == 0 {
			return err
		}
		var lines []contact.Entry
		var slips []string
		for _, id := range ticked {
			if e, has := entries[id]; has {
				lines = append(lines, e)
			}
			slips = append(slips, public[id])
		}
		if _, err := s.Contact.Log(ctx, tx, by.School.ID, lines); err != nil {
			return err
		}
		if p.Options.Letters && s.Messages != nil {
			if _, err := s.Messages.HandOut(ctx, tx, by, slips); err != nil {
				return err
			}
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "slips.given", Area: "packs", Ref: packID, Detail: map[string]string{"slips": fmt.Sprint(len(ticked))}})
	})
	if err != nil {
		return 0, fmt.Errorf("slips given: %w", err)
	}
	return len(ticked), nil
}

// NotGiven takes a tick back, and the ledger gets a correcting entry in the same transaction. Where the entry was taken
// back already (on the page of the family), or the tick is gone, it is no error.
func (s *Service) NotGiven(ctx context.Context, by auth.Actor, packID, slip string) error {
	if err := by.May(auth.ContactLog); err != nil {
		return err
	}
	p, err := s.Get(ctx, by, packID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(p.Slip, func(sl Slip) bool { return sl.PublicID == slip })
	if i < 0 {
		return errs.NotFoundf("slip %s", slip)
	}
	untick := func(tx *db.Tx) error {
		if p.Options.Letters && s.Messages != nil {
			if err := s.Messages.NotHandedOut(ctx, tx, by, slip); err != nil {
				return err
			}
		}
		_, err := tx.SetSlipNotGiven(ctx, q.SetSlipNotGivenParams{SchoolID: by.School.ID, ID: p.Slip[i].id})
		return err
	}
	refs, err := s.DB.Q().GivenContacts(ctx, q.GivenContactsParams{SchoolID: by.School.ID, Slip: slip})
	if err != nil {
		return fmt.Errorf("contacts of slip: %w", err)
	}
	if len(refs) == 0 {
		return s.DB.Write(ctx, untick)
	}
	for i, ref := range refs { // a slip and the letters in it: a few
		if i < len(refs)-1 {
			err = s.Contact.TakeBack(ctx, by, ref)
		} else {
			err = s.Contact.TakeBackWith(ctx, by, ref, untick)
		}
		if err != nil && !errs.Is(err, errs.Conflict) { // Conflict: a colleague has done it at the same moment
			return err
		}
	}
	return nil
}

// Write prints straight into w, for the command line; the codes are stored before it returns.
func (s *Service) Write(ctx context.Context, by auth.Actor, c Choice, w io.Writer) (slips, pages int, err error) {
	entries, scopeName, err := s.check(ctx, by, &c)
	if err != nil {
		return 0, 0, err
	}
	pr, err := s.prepare(ctx, by, c, entries)
	if err != nil {
		return 0, 0, err
	}
	pages, err = pr.write(ctx, w, func(int) error { return nil })
	if err != nil {
		return 0, 0, err
	}
	_, err = s.keepWritten(ctx, by, c, pr, scopeName, pages)
	return len(pr.slips), pages, err
}

func list(ids []int64) string {
	if len(ids) == 0 {
		return "[]"
	}
	b, err := json.Marshal(ids)
	if err != nil {
		panic(err) // numbers can always be written
	}
	return string(b)
}

// HasFile tells whether there is a PDF to take.
func (p Pack) HasFile() bool { return p.State == Finished && p.blobKey != "" }
