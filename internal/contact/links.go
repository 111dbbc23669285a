package contact

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
)

// A personal link lives a school year and some more, and each letter that carries it lets it live on: what hangs on a fridge
// or stands in an old SMS works for renewBefore at least.
const (
	LinkLife    = 400 * 24 * time.Hour
	renewBefore = 200 * 24 * time.Hour
)

// LinkPath is where a personal page is found: "/m/TOKEN".
func LinkPath(token string) string { return "/m/" + token }

// linkToken is the secret of a link: made again for each letter, never stored.
func (s *Service) linkToken(publicID string) string { return s.Keys.Token("link", publicID) }

type linkRow struct {
	PublicID   string `json:"public_id"`
	GuardianID int64  `json:"guardian_id"`
	TokenHash  string `json:"token_hash"`
}

// EnsureLinks gives the personal page of each of these guardians of one school, by guardian id, as a path ("/m/TOKEN"). It
// makes links for who has none, and lets those live on that would end soon, within the caller's transaction: one statement
// where nothing has to be done, three at most, however many guardians. Whether somebody may see anything behind a link
// is asked when it is opened.
func (s *Service) EnsureLinks(ctx context.Context, tx *db.Tx, schoolID int64, guardianIDs []int64) (map[int64]string, error) {
	if len(guardianIDs) == 0 {
		return nil, nil
	}
	now := s.Now()
	paths, old, lacking, err := s.livingLinks(ctx, tx.Queries, schoolID, guardianIDs, now)
	if err != nil {
		return nil, err
	}
	until := millis(now.Add(LinkLife))
	if len(old) > 0 {
		if err := tx.RenewLinks(ctx, q.RenewLinksParams{SchoolID: schoolID, ExpiresAt: until, Guardians: list(old)}); err != nil {
			return nil, fmt.Errorf("renew links: %w", err)
		}
	}
	if len(lacking) == 0 {
		return paths, nil
	}
	rows := make([]linkRow, len(lacking))
	for i, g := range lacking {
		public := id.New()
		rows[i] = linkRow{public, g, id.Hash(s.linkToken(public))}
	}
	doc, err := json.Marshal(rows)
	if err != nil {
		return nil, fmt.Errorf("link rows: %w", err)
	}
	if err := tx.AddLinks(ctx, q.AddLinksParams{SchoolID: schoolID, CreatedAt: millis(now), ExpiresAt: until, Rows: string(doc)}); err != nil {
		return nil, fmt.Errorf("add links: %w", err)
	}
	// Read again: another process may have made one for the same guardian in this moment.
	made, _, _, err := s.livingLinks(ctx, tx.Queries, schoolID, lacking, now)
	if err != nil {
		return nil, err
	}
	maps.Copy(paths, made)
	return paths, nil
}

// Links is EnsureLinks in a transaction of its own, which begins only where a link lacks or grows old.
func (s *Service) Links(ctx context.Context, schoolID int64, guardianIDs []int64) (map[int64]string, error) {
	paths, old, lacking, err := s.livingLinks(ctx, s.DB.Q(), schoolID, guardianIDs, s.Now())
	if err != nil || len(old)+len(lacking) == 0 {
		return paths, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		made, err := s.EnsureLinks(ctx, tx, schoolID, append(old, lacking...))
		maps.Copy(paths, made)
		return err
	})
	return paths, err
}

// livingLinks are the paths of those that have a link, and who has one that soon ends, or none.
func (s *Service) livingLinks(ctx context.Context, query *q.Queries, schoolID int64, guardianIDs []int64, now time.Time) (paths map[int64]string, old, lacking []int64, err error) {
	living, err := query.LivingLinks(ctx, q.LivingLinksParams{SchoolID: schoolID, Guardians: list(guardianIDs)})
	if err != nil {
		return nil, nil, nil, fmt.Errorf("living links: %w", err)
	}
	paths = make(map[int64]string, len(guardianIDs))
	for _, l := range living {
		paths[l.GuardianID] = LinkPath(s.linkToken(l.PublicID))
		if instant(l.ExpiresAt).Sub(now) < renewBefore {
			old = append(old, l.GuardianID)
		}
	}
	for _, g := range guardianIDs {
		if paths[g] == "" {
			lacking = append(lacking, g)
		}
	}
	return paths, old, lacking, nil
}

// OpenLink lets a guardian in by the secret of the personal link. ip is the asking computer, used for throttling only. The
// rights are asked anew each time: who may see none of the children any more is told what one with an ended link is told.
// NotFound: no such link. Gone: expired, revoked, or nothing left to see. TooMany: wrong links too often.
func (s *Service) OpenLink(ctx context.Context, secret, ip string) (Guest, error) {
	held := s.Auth.WrongCodes(ctx, ip, false)
	if held != nil && !errs.Is(held, errs.TooMany) {
		return Guest{}, held
	}
	row, err := s.DB.Q().LinkBySecret(ctx, id.Hash(secret))
	if db.Missing(err) {
		if held != nil {
			return Guest{}, held
		}
		if err := s.Auth.CountWrongCode(ctx, ip, false); err != nil {
			return Guest{}, err
		}
		return Guest{}, errs.New(errs.NotFound, "This link is not known.")
	}
	if err != nil {
		return Guest{}, fmt.Errorf("link: %w", err)
	}
	now := s.Now()
	ended := row.RevokedAt != 0 || !now.Before(instant(row.ExpiresAt)) || row.GuardianEndedAt != 0 || row.HouseholdEndedAt != 0 || row.ClosedAt != 0
	var children []GuestChild
	if !ended {
		if children, err = s.linkChildren(ctx, row); err != nil {
			return Guest{}, err
		}
	}
	if len(children) == 0 {
		return Guest{}, errs.New(errs.Gone, "This link has ended.")
	}
	if now.Sub(instant(row.OpenedAt)) > 24*time.Hour { // when the page was last in use, by the day
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			return tx.SetLinkOpened(ctx, q.SetLinkOpenedParams{SchoolID: row.SchoolID, ID: row.ID, OpenedAt: millis(now)})
		}); err != nil {
			return Guest{}, fmt.Errorf("link opened: %w", err)
		}
	}
	return guestOf(row, secret, children), nil
}

func guestOf(row q.LinkBySecretRow, secret string, children []GuestChild) Guest {
	g := Guest{
		School:      auth.School{ID: row.SchoolID, PublicID: row.SchoolPublicID, Slug: row.Slug, Name: row.SchoolName, Lang: row.SchoolLang, Timezone: row.Timezone, LogoKey: row.LogoKey},
		SchoolPhone: row.SchoolPhone, Office: row.Office, Secret: secret, LinkID: row.ID,
		GuardianID: row.GuardianID, Guardian: row.GuardianPublicID, Name: row.Name, HouseholdID: row.HouseholdID, Household: row.HouseholdPublicID,
		Lang: row.SchoolLang, Children: children, Paused: row.PausedAt != 0, Stopped: row.StoppedAt != 0,
		Choices: Choices{Lang: row.PageLang, Road: Road(row.Road), QuietFrom: row.QuietFrom, QuietTo: row.QuietTo, Weekend: row.Weekend, Amount: int(row.Amount)},
	}
	for _, tag := range []string{row.PageLang, row.Lang, row.HouseholdPageLang} {
		if tag != "" {
			g.Lang = tag
			break
		}
	}
	return g
}

func (s *Service) linkChildren(ctx context.Context, l q.LinkBySecretRow) ([]GuestChild, error) {
	rows, err := s.DB.Q().LinkChildren(ctx, q.LinkChildrenParams{SchoolID: l.SchoolID, GuardianID: l.GuardianID, HouseholdID: l.HouseholdID})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var classes []int64
	for _, r := range rows {
		if r.ClassID != 0 && !slices.Contains(classes, r.ClassID) {
			classes = append(classes, r.ClassID)
		}
	}
	names, err := s.DB.Q().LinkTeachers(ctx, q.LinkTeachersParams{SchoolID: l.SchoolID, Classes: list(classes)})
	if err != nil {
		return nil, fmt.Errorf("teachers of a guardian: %w", err)
	}
	teachers := map[int64][]string{}
	for _, t := range names {
		teachers[t.ClassID] = append(teachers[t.ClassID], t.Name)
	}
	out := make([]GuestChild, len(rows))
	for i, r := range rows {
		out[i] = GuestChild{ID: r.ID, PublicID: r.PublicID, Given: r.Given, ClassID: r.ClassID, ClassName: r.ClassName, Audience: r.Audience, Teachers: teachers[r.ClassID], TwoHomes: r.Homes > 1}
	}
	return out, nil
}

// RevokeLink ends the personal link of a guardian (public id): it went to the wrong hands, or a phone was lost. The next
// letter brings a new one. It is no error if there is none.
func (s *Service) RevokeLink(ctx context.Context, by auth.Actor, guardian string) error {
	if err := by.May(auth.ContactLog); err != nil {
		return err
	}
	card, err := s.School.Guardian(ctx, by, guardian)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.endLink(ctx, tx, by.School.ID, card.ID, "staff"); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "links.revoke", Area: "links", Ref: guardian})
	})
}

// endLink ends the living link of a guardian, and with it the browsers that passed the second step or get signs.
func (s *Service) endLink(ctx context.Context, tx *db.Tx, schoolID, guardianID int64, how string) error {
	if _, err := tx.RevokeLinkOf(ctx, q.RevokeLinkOfParams{SchoolID: schoolID, GuardianID: guardianID, RevokedAt: millis(s.Now()), RevokedHow: how}); err != nil {
		return fmt.Errorf("revoke link: %w", err)
	}
	if err := tx.DropSecondSteps(ctx, q.DropSecondStepsParams{SchoolID: schoolID, GuardianID: guardianID}); err != nil {
		return fmt.Errorf("end second steps: %w", err)
	}
	if err := tx.EndPhones(ctx, q.EndPhonesParams{SchoolID: schoolID, GuardianID: guardianID, EndedAt: millis(s.Now())}); err != nil {
		return fmt.Errorf("end phones: %w", err)
	}
	return nil
}

// guestJournal writes down what a guardian did on the personal page.
func (s *Service) guestJournal(ctx context.Context, tx *db.Tx, g Guest, action, ref string) error {
	area, _, _ := strings.Cut(action, ".")
	return journal.Write(ctx, tx, journal.Entry{SchoolID: g.School.ID, Actor: "family", Action: action, Area: area, Ref: ref})
}
