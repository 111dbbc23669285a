package material

import (
	"context"
	"fmt"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
)

// listPublished is what the support centre publishes, as a school sees it; the centre itself sees its own as they are.
func (s *Service) listPublished(ctx context.Context, schoolID int64) ([]*Entry, error) {
	rows, err := s.DB.Q().PublishedMaterials(ctx, schoolID)
	if err != nil {
		return nil, fmt.Errorf("materials of support centre: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	texts, err := s.DB.Q().PublishedTexts(ctx, schoolID)
	if err != nil {
		return nil, fmt.Errorf("texts of support centre: %w", err)
	}
	out := make([]*Entry, 0, len(rows))
	of := make([]q.LatestMaterialTextsRow, len(texts))
	for _, r := range rows {
		e, err := entry(q.MaterialBySlugRow(r))
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	for i, t := range texts {
		of[i] = q.LatestMaterialTextsRow(t)
	}
	return out, addTexts(out, of)
}

// Publish gives every school the version of a material of the support centre that the actor has read; it must be the
// latest (Conflict). Later versions reach the schools when they are published in their turn. Forbidden outside the centre's house.
func (s *Service) Publish(ctx context.Context, by auth.Actor, slug string, read int64) error {
	e, err := s.centreOwn(ctx, by, slug)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.SetPublished(ctx, q.SetPublishedParams{SchoolID: by.School.ID, ID: e.id, Version: read, PublishedAt: s.Now().UnixMilli()})
		if err != nil {
			return fmt.Errorf("publish material: %w", err)
		}
		if n == 0 {
			return errs.New(errs.Conflict, "Somebody else has changed this text meanwhile. Look at it, then publish it.")
		}
		return note(ctx, tx, by, "publish", slug, "version", fmt.Sprint(read))
	})
}

// Withdraw takes a material of the support centre out of the lists of all schools. What they printed of it keeps working, and
// the own versions that they made of it stay theirs. Nothing happens if it is not published.
func (s *Service) Withdraw(ctx context.Context, by auth.Actor, slug string) error {
	e, err := s.centreOwn(ctx, by, slug)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.SetWithdrawn(ctx, q.SetWithdrawnParams{SchoolID: by.School.ID, ID: e.id})
		if err != nil {
			return fmt.Errorf("withdraw material: %w", err)
		}
		if n == 0 {
			return nil
		}
		return note(ctx, tx, by, "withdraw", slug)
	})
}

func (s *Service) centreOwn(ctx context.Context, by auth.Actor, slug string) (*Entry, error) {
	if err := by.May(auth.MaterialPublish); err != nil {
		return nil, err
	}
	if !by.School.Centre {
		return nil, errs.Forbiddenf("%s is not the support centre's house", by.School.Slug)
	}
	return s.ownOf(ctx, by, slug)
}
