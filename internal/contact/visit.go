package contact

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
	"brug/internal/lang"
)

// Visit is a family that opened its page with a code: nobody signed in, one household, one material.
type Visit struct {
	School      auth.School
	SchoolPhone string
	Secret      string // the token or the clean short code, as in the address
	CodeID      int64
	HouseholdID int64
	Household   string // public id
	PupilID     int64
	Given       string // the child's first name; "" when it is about all children
	Material    string
	Version     int64
	Lang        string // what the family chose, else what the slip was printed in
	Chosen      bool   // the family chose the language itself
	Fill        Fill   // what teacher, class, date, time and place stood for on the paper; see material.Fill
	Paused      bool   // contact is stopped
	Answers     []Given
}

// Given is an answer that this code brought earlier, newest first.
type Given struct {
	Kind    AnswerKind
	Body    string
	Lang    string
	At      time.Time
	Handled bool
}

// Open lets a family in by the secret of a QR code (token) or by a typed short code in any form. ip is the asking
// computer, used for throttling only. The first time a code is opened counts as arrived in the ledger.
// NotFound: no such code. Gone: expired, revoked, or the home may not hear of the child any more (see stillTheirs).
// TooMany: wrong codes too often.
func (s *Service) Open(ctx context.Context, secret, ip string) (Visit, error) {
	short, typed := id.CleanShort(secret)
	if typed {
		secret = short
	}
	// A typed code can be guessed, so a computer that tried too many wrong ones waits, also with a right one. The secret of a
	// QR code cannot: who scans a right one always comes in, whatever others at the same address do.
	held := s.Auth.WrongCodes(ctx, ip, typed)
	if held != nil && (typed || !errs.Is(held, errs.TooMany)) {
		return Visit{}, held
	}
	row, err := s.DB.Q().CodeBySecret(ctx, id.Hash(secret))
	if db.Missing(err) {
		if held != nil {
			return Visit{}, held
		}
		if err := s.Auth.CountWrongCode(ctx, ip, typed); err != nil {
			return Visit{}, err
		}
		return Visit{}, errs.New(errs.NotFound, "This code is not known.")
	}
	if err != nil {
		return Visit{}, fmt.Errorf("code: %w", err)
	}
	now := s.Now()
	if row.RevokedAt != 0 || !now.Before(instant(row.ExpiresAt)) || !stillTheirs(row) {
		return Visit{}, errs.New(errs.Gone, "This code has ended.")
	}
	v := Visit{
		School:      auth.School{ID: row.SchoolID, PublicID: row.SchoolPublicID, Slug: row.Slug, Name: row.SchoolName, Lang: row.SchoolLang, Timezone: row.Timezone, LogoKey: row.LogoKey},
		SchoolPhone: row.SchoolPhone, Secret: secret, CodeID: row.ID, HouseholdID: row.HouseholdID, Household: row.HouseholdPublicID, PupilID: row.PupilID.Int64, Given: row.Given,
		Material: row.Material, Version: row.Version, Lang: row.Lang, Paused: row.PausedAt != 0,
	}
	if v.Fill, err = fillOf(row.Fill); err != nil {
		return Visit{}, err
	}
	if row.PageLang != "" {
		v.Lang, v.Chosen = row.PageLang, true
	}
	if row.OpenedAt == 0 {
		if err := s.arrived(ctx, v, row.PublicID, now); err != nil {
			return Visit{}, err
		}
	}
	answers, err := s.DB.Q().AnswersOfCode(ctx, q.AnswersOfCodeParams{SchoolID: v.School.ID, CodeID: v.CodeID})
	if err != nil {
		return Visit{}, fmt.Errorf("answers of code: %w", err)
	}
	for _, a := range answers {
		v.Answers = append(v.Answers, Given{AnswerKind(a.Kind), a.Body, a.Lang, instant(a.At), a.HandledAt != 0})
	}
	return v, nil
}

// stillTheirs tells whether a home may still hear what its code was printed for. What was true when the slip was printed
// may have changed since: a guardian was barred, the child moved to its other parent or left the school. The rule is that
// of printing (school.Homes): a home of which nobody may see what is about the child gets no paper about it, and the
// paper that it has opens nothing. Where one of two people in a home is barred the code works, because the paper was for
// both and says nothing of who holds it; staff can end the codes of that home (RevokeCodes). A child that changed
// class, or has none for a while, is no reason: the answer goes to the teacher of the day.
func stillTheirs(c q.CodeBySecretRow) bool {
	return c.ClosedAt == 0 && c.HouseholdEndedAt == 0 && c.PupilLeftAt == 0 && c.Children > 0 && (c.Guardians == 0 || c.Seeing > 0)
}

// arrived: opened for the first time. Two openings at once write one line.
func (s *Service) arrived(ctx context.Context, v Visit, code string, now time.Time) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.SetCodeOpened(ctx, q.SetCodeOpenedParams{SchoolID: v.School.ID, ID: v.CodeID, OpenedAt: millis(now)})
		if err != nil || n == 0 {
			return err
		}
		_, err = s.Log(ctx, tx, v.School.ID, []Entry{{HouseholdID: v.HouseholdID, PupilID: v.PupilID, Area: AreaSlips, Ref: code, Road: Link, Direction: In, Stage: Arrived, At: now}})
		return err
	})
}

// perDay bounds the answers of one code, against a stuck button or a child at play.
const perDay = 30

// Answer stores what the family said and writes it into the ledger. The same answer again within a minute counts once,
// also when both taps arrive at the same moment. TooMany after perDay answers in a day.
func (s *Service) Answer(ctx context.Context, v Visit, kind AnswerKind, body, tag string) error {
	body = strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n"))
	if kind == "" && body != "" {
		kind = Question // text alone: somebody should read it
	}
	if err := checkAnswer(kind, body); err != nil {
		return err
	}
	now := s.Now()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.HoldCode(ctx, q.HoldCodeParams{SchoolID: v.School.ID, ID: v.CodeID}); err != nil {
			return fmt.Errorf("hold code: %w", err)
		}
		last, err := tx.LatestAnswerOfCode(ctx, q.LatestAnswerOfCodeParams{SchoolID: v.School.ID, CodeID: v.CodeID})
		if err != nil && !db.Missing(err) {
			return fmt.Errorf("latest answer: %w", err)
		}
		if err == nil && AnswerKind(last.Kind) == kind && last.Body == body && now.Sub(instant(last.At)) < time.Minute {
			return nil
		}
		n, err := tx.CountAnswersOfCode(ctx, q.CountAnswersOfCodeParams{SchoolID: v.School.ID, CodeID: v.CodeID, Since: millis(now.Add(-24 * time.Hour))})
		if err != nil {
			return fmt.Errorf("count answers: %w", err)
		}
		if n >= perDay {
			return &errs.Error{Kind: errs.TooMany, Text: errs.T("There are many answers today already. Please call the school."), Wait: 24 * time.Hour}
		}
		ref := id.New()
		if err := tx.AddAnswer(ctx, q.AddAnswerParams{PublicID: ref, SchoolID: v.School.ID, HouseholdID: v.HouseholdID, PupilID: nullID(v.PupilID), CodeID: v.CodeID,
			Kind: string(kind), Body: body, Lang: tag, At: millis(now), Needs: needsPerson(kind, body)}); err != nil {
			return fmt.Errorf("add answer: %w", err)
		}
		if _, err := s.Log(ctx, tx, v.School.ID, []Entry{{HouseholdID: v.HouseholdID, PupilID: v.PupilID, Area: AreaAnswers, Ref: ref, Road: Link, Direction: In, Stage: Answered, At: now}}); err != nil {
			return err
		}
		return s.familyJournal(ctx, tx, v, "answers.add", ref)
	})
}

// SetLang remembers the language (one of lang.Family) that the family chose on its page, for this household. The last
// choice wins.
func (s *Service) SetLang(ctx context.Context, v Visit, tag string) error {
	if !slices.Contains(lang.Family, tag) {
		return errs.NotFoundf("no pages for families in %q", tag)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.SetHouseholdPageLang(ctx, q.SetHouseholdPageLangParams{SchoolID: v.School.ID, ID: v.HouseholdID, PageLang: tag}); err != nil {
			return fmt.Errorf("set language: %w", err)
		}
		return s.familyJournal(ctx, tx, v, "households.lang", v.Household)
	})
}

// Stop stops contact with the household, Resume takes it up again. Both are noted in the ledger; doing it twice is no error.
func (s *Service) Stop(ctx context.Context, v Visit) error {
	return s.pause(ctx, v, millis(s.Now()), "households.stop")
}

// Resume undoes Stop.
func (s *Service) Resume(ctx context.Context, v Visit) error {
	return s.pause(ctx, v, 0, "households.resume")
}

func (s *Service) pause(ctx context.Context, v Visit, at int64, action string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.SetHouseholdPaused(ctx, q.SetHouseholdPausedParams{SchoolID: v.School.ID, ID: v.HouseholdID, PausedAt: at})
		if err != nil || n == 0 {
			return err
		}
		if _, err := s.Log(ctx, tx, v.School.ID, []Entry{{HouseholdID: v.HouseholdID, Area: AreaStop, Ref: action, Road: Link, Direction: In, Stage: Answered}}); err != nil {
			return err
		}
		return s.familyJournal(ctx, tx, v, action, v.Household)
	})
}

func (s *Service) familyJournal(ctx context.Context, tx *db.Tx, v Visit, action, ref string) error {
	area, _, _ := strings.Cut(action, ".")
	return journal.Write(ctx, tx, journal.Entry{SchoolID: v.School.ID, Actor: "family", Action: action, Area: area, Ref: ref})
}
