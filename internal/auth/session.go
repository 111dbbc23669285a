package auth

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
)

// CookieName is the cookie that carries the token of a session.
const CookieName = "brug_session"

// How long a session lives, from when it was last used. On somebody's own computer ("keep me signed in") a month, so
// that a teacher who signs in each week never has to type; on the computer in the corridor half a day, so that the next
// morning nobody is signed in. The server decides, whatever the cookie says.
const (
	keptFor = 30 * 24 * time.Hour
	idleFor = 12 * time.Hour
	// seenEvery is how precise "last used" is, and so how often a page costs a write.
	seenEvery = 5 * time.Minute
)

func lifetime(keep bool) time.Duration {
	if keep {
		return keptFor
	}
	return idleFor
}

// Visit is from where somebody signs in.
type Visit struct {
	IP        string // for throttling only
	UserAgent string
	OldToken  string // of the session that the browser had until now; it ends
	Keep      bool   // the person's own computer
}

// Session is a session that has just begun. Token goes into the cookie and is stored nowhere.
type Session struct {
	Token string
	Keep  bool
	Actor Actor // at no school yet; its Schools say where to go
}

// newToken is 256 bits, in 52 characters of base32.
func newToken() string { return rand.Text() + rand.Text() }

// begin opens a session for an account, and ends the one that the browser had before: the token always changes with
// sign-in.
func (s *Service) begin(ctx context.Context, tx *db.Tx, accountID int64, v Visit) (token string, err error) {
	now := s.now()
	if v.OldToken != "" {
		if _, err := tx.EndSessionByToken(ctx, q.EndSessionByTokenParams{Now: ms(now), TokenHash: id.Hash(v.OldToken)}); err != nil {
			return "", fmt.Errorf("end old session: %w", err)
		}
	}
	token = newToken()
	_, err = tx.AddSession(ctx, q.AddSessionParams{PublicID: id.New(), AccountID: accountID, TokenHash: id.Hash(token),
		Agent: ReadDevice(v.UserAgent).String(), Keep: v.Keep, Now: ms(now), ExpiresAt: ms(now.Add(lifetime(v.Keep)))})
	if err != nil {
		return "", fmt.Errorf("begin session: %w", err)
	}
	return token, nil
}

// opened is the session of a token that begin has just given.
func (s *Service) opened(ctx context.Context, token string, v Visit) (Session, error) {
	a, err := s.Actor(ctx, token, "")
	return Session{Token: token, Keep: v.Keep, Actor: a}, err
}

// Actor tells who a session's token belongs to, at the school with this slug, or at none when slug is "". It is asked on
// every request and costs one query, two for a teacher at a school, and now and then a write.
//
// A token that is unknown, ended or too old gives the zero Actor, who may do nothing, and no error. Somebody who does not work
// at the school gets errs.NotFound, whether there is such a school or not; the support centre gets errs.Forbidden
// at every school but its own house, for it sees no families.
func (s *Service) Actor(ctx context.Context, token, slug string) (Actor, error) {
	if token == "" {
		return Actor{}, nil
	}
	now := s.now()
	rows, err := s.db.Q().SessionActor(ctx, q.SessionActorParams{TokenHash: id.Hash(token), Now: ms(now)})
	if err != nil {
		return Actor{}, fmt.Errorf("auth: session: %w", err)
	}
	if len(rows) == 0 {
		return Actor{}, nil
	}
	r := rows[0]
	if now.Sub(at(r.SeenAt)) >= seenEvery {
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			return tx.TouchSession(ctx, q.TouchSessionParams{ID: r.SessionID, Now: ms(now), ExpiresAt: ms(now.Add(lifetime(r.Keep)))})
		})
		if err != nil {
			return Actor{}, fmt.Errorf("auth: session: %w", err)
		}
	}
	a := Actor{AccountID: r.AccountID, SessionID: r.SessionID, Name: r.Name, Email: r.Email, Lang: r.Lang, Role: Visitor}
	if r.Support {
		a.Role = Support
		return s.atCentre(ctx, a, slug)
	}
	for _, r := range rows {
		if r.SchoolID == 0 {
			continue
		}
		school := School{ID: r.SchoolID, PublicID: r.SchoolPublicID, Slug: r.Slug, Name: r.SchoolName, Lang: r.SchoolLang,
			Timezone: r.Timezone, LogoKey: r.LogoKey}
		a.Schools = append(a.Schools, school)
		if slug != "" && r.Slug == slug {
			a.School, a.StaffID, a.Role = school, r.StaffID, Role(r.Role)
		}
	}
	if slug == "" {
		return a, nil
	}
	if a.School.ID == 0 {
		return Actor{}, errs.NotFoundf("account %d at school %q", r.AccountID, slug)
	}
	if a.Role == Teacher {
		if a.Classes, err = s.classesOf(ctx, a.School.ID, a.StaffID); err != nil {
			return Actor{}, err
		}
	}
	return a, nil
}

// atCentre is a support account, in the centre's own house if slug is that.
func (s *Service) atCentre(ctx context.Context, a Actor, slug string) (Actor, error) {
	house, err := s.Centre(ctx)
	switch {
	case errs.Is(err, errs.NotFound):
	case err != nil:
		return Actor{}, err
	default:
		a.Schools = []School{house}
		if slug == house.Slug {
			a.School = house
			return a, nil
		}
	}
	if slug != "" {
		return Actor{}, errs.Forbiddenf("support account %d at a school", a.AccountID)
	}
	return a, nil
}

func (s *Service) classesOf(ctx context.Context, schoolID, staffID int64) ([]Class, error) {
	rows, err := s.db.Q().StaffClasses(ctx, q.StaffClassesParams{SchoolID: schoolID, StaffID: staffID})
	if err != nil {
		return nil, fmt.Errorf("auth: classes: %w", err)
	}
	classes := make([]Class, len(rows))
	for i, c := range rows {
		classes[i] = Class(c)
	}
	sortClasses(classes)
	return classes, nil
}

// SignOut ends the session of a token. Nothing happens if it has ended already.
func (s *Service) SignOut(ctx context.Context, by Actor, token string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.EndSessionByToken(ctx, q.EndSessionByTokenParams{Now: ms(s.now()), TokenHash: id.Hash(token)})
		if err != nil || n == 0 {
			return err
		}
		return s.note(ctx, tx, by, "signout", "")
	})
}

// OpenSession is a session as its owner sees it.
type OpenSession struct {
	PublicID string
	Device   Device
	Keep     bool
	Began    time.Time
	Seen     time.Time // precise to five minutes
	This     bool      // the one that asks
}

// Sessions are the actor's own sessions, this one first, then the latest used.
func (s *Service) Sessions(ctx context.Context, by Actor) ([]OpenSession, error) {
	if err := by.May(SignedIn); err != nil {
		return nil, err
	}
	rows, err := s.db.Q().Sessions(ctx, q.SessionsParams{AccountID: by.AccountID, Now: ms(s.now())})
	if err != nil {
		return nil, fmt.Errorf("auth: sessions: %w", err)
	}
	out := make([]OpenSession, len(rows))
	for i, r := range rows {
		out[i] = OpenSession{PublicID: r.PublicID, Device: deviceFrom(r.Agent), Keep: r.Keep, Began: at(r.CreatedAt), Seen: at(r.SeenAt), This: r.ID == by.SessionID}
	}
	slices.SortStableFunc(out, func(a, b OpenSession) int {
		switch {
		case a.This:
			return -1
		case b.This:
			return 1
		}
		return 0
	})
	return out, nil
}

// EndSession ends one of the actor's own sessions; errs.NotFound if it is not theirs or has ended.
func (s *Service) EndSession(ctx context.Context, by Actor, publicID string) error {
	if err := by.May(SignedIn); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.EndSession(ctx, q.EndSessionParams{Now: ms(s.now()), AccountID: by.AccountID, PublicID: publicID})
		if err != nil {
			return fmt.Errorf("auth: end session: %w", err)
		}
		if n == 0 {
			return errs.NotFoundf("session %s of account %d", publicID, by.AccountID)
		}
		return s.note(ctx, tx, by, "session.end", publicID)
	})
}

// EndOtherSessions ends all of the actor's sessions but the one that asks, and tells how many.
func (s *Service) EndOtherSessions(ctx context.Context, by Actor) (int, error) {
	if err := by.May(SignedIn); err != nil {
		return 0, err
	}
	var ended int64
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		ended, err = tx.EndSessions(ctx, q.EndSessionsParams{Now: ms(s.now()), AccountID: by.AccountID, KeepID: by.SessionID})
		if err != nil {
			return fmt.Errorf("auth: end sessions: %w", err)
		}
		return s.note(ctx, tx, by, "session.end others", "")
	})
	return int(ended), err
}
