package voice

import (
	"context"
	"fmt"
	"time"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
	"brug/internal/material"
)

// LinkLife is how long a link for a speaker works.
const LinkLife = 7 * 24 * time.Hour

// MakeLink makes a link by which one person who is no staff, such as a parent who speaks the language, records one text in
// one language, once. The secret exists here only. An earlier unused link for the same ends.
func (s *Service) MakeLink(ctx context.Context, by auth.Actor, slug, tag string) (secret string, expires time.Time, err error) {
	if _, err := s.Text(ctx, by, slug, tag); err != nil {
		return "", expires, err
	}
	now := s.Now()
	secret, expires = id.Token(), now.Add(LinkLife)
	ref := id.New()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.EndVoiceLinks(ctx, q.EndVoiceLinksParams{SchoolID: by.School.ID, Material: slug, Lang: tag, UsedAt: now.UnixMilli()}); err != nil {
			return fmt.Errorf("end voice links: %w", err)
		}
		if err := tx.AddVoiceLink(ctx, q.AddVoiceLinkParams{PublicID: ref, SchoolID: by.School.ID, Material: slug, Lang: tag, TokenHash: id.Hash(secret), CreatedBy: account(by),
			CreatedAt: now.UnixMilli(), ExpiresAt: expires.UnixMilli()}); err != nil {
			return fmt.Errorf("add voice link: %w", err)
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "voice.link", Area: "voice", Ref: ref,
			Detail: map[string]string{"material": slug, "lang": tag}})
	})
	return secret, expires, err
}

// Guest is somebody who came with a link: nobody signed in, one text, one language.
type Guest struct {
	School auth.School
	Entry  *material.Entry
	Lang   string

	link int64
	ref  string
}

// OpenLink lets a speaker in. NotFound: no such link. Gone: it has been used or has ended.
func (s *Service) OpenLink(ctx context.Context, secret string) (Guest, error) {
	row, err := s.DB.Q().VoiceLinkBySecret(ctx, id.Hash(secret))
	if err != nil {
		return Guest{}, db.NotFound(err, "voice link")
	}
	if row.UsedAt != 0 || s.Now().UnixMilli() >= row.ExpiresAt {
		return Guest{}, errs.New(errs.Gone, "This link has been used or has ended. Ask the school for a new one.")
	}
	g := Guest{School: auth.School{ID: row.SchoolID, PublicID: row.SchoolPublicID, Slug: row.Slug, Name: row.SchoolName, Lang: row.SchoolLang, Timezone: row.Timezone, LogoKey: row.LogoKey},
		Lang: row.Lang, link: row.ID, ref: row.PublicID}
	g.Entry, err = s.Material.Find(ctx, row.SchoolID, row.Material, 0)
	return g, err
}

// Lend keeps what a guest has spoken, as Add does, and uses the link up: whoever comes second gets Gone. Material and Lang
// of the take are those of the link.
func (s *Service) Lend(ctx context.Context, g Guest, t Take) error {
	t.Material, t.Lang = g.Entry.Slug, g.Lang
	_, err := s.add(ctx, g.School, g.Entry, t, auth.Actor{Name: "guest"}, func(tx *db.Tx) error {
		n, err := tx.UseVoiceLink(ctx, q.UseVoiceLinkParams{SchoolID: g.School.ID, ID: g.link, UsedAt: s.Now().UnixMilli()})
		if err != nil {
			return fmt.Errorf("use voice link: %w", err)
		}
		if n == 0 {
			return errs.New(errs.Gone, "This link has been used or has ended. Ask the school for a new one.")
		}
		return nil
	})
	return err
}
