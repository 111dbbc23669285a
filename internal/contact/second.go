package contact

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
)

// The second step stands before what is sensitive on the personal page: the link may have been forwarded, or the phone lent.
// It is passed by a code sent to the number that the school knows, or by the short code of a recent paper of the home.
const (
	SecondLife    = 2 * time.Hour       // how long the browser that passed is known
	secondCode    = 10 * time.Minute    // how long a code by SMS works
	secondDigits  = 6                   // of a code by SMS
	secondTries   = 5                   // wrong tries at one code
	secondPerHour = 3                   // codes that are sent for one link in an hour
	wrongPerHour  = 10                  // wrong codes typed for one link in an hour, of both kinds
	recentPaper   = 60 * 24 * time.Hour // how old a paper may be whose code passes
)

func tooMany(wait time.Duration) error {
	return &errs.Error{Kind: errs.TooMany, Wait: max(wait, time.Minute)}
}

// AskSecond makes a code and gives it with the number (E.164) that it is to be sent to. Nothing of it is kept but a hash that
// needs the installation's key. Invalid: no phone is known that an SMS reaches. TooMany: several were sent in the last hour, or one just now.
func (s *Service) AskSecond(ctx context.Context, g Guest) (phone, code string, err error) {
	at, err := s.addresses(ctx, s.DB.Q(), g)
	if err != nil {
		return "", "", err
	}
	if at.Phone == "" || at.failed[SMS] > 0 { // as for Ways: none came there, or it is somebody else's
		return "", "", errs.Field("code", "The school does not know your phone number. Use the code on a paper from school.")
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", "", fmt.Errorf("second code: %w", err)
	}
	code = fmt.Sprintf("%0*d", secondDigits, n)
	now := s.Now()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		sent, err := tx.SecondCodesSince(ctx, q.SecondCodesSinceParams{SchoolID: g.School.ID, LinkID: g.LinkID, Since: millis(now.Add(-time.Hour))})
		if err != nil {
			return fmt.Errorf("second codes: %w", err)
		}
		if sent.Codes >= secondPerHour {
			return tooMany(time.Hour)
		}
		if since := now.Sub(instant(sent.LastAt)); since < time.Minute {
			return tooMany(time.Minute - since)
		}
		if err := tx.AddSecondStep(ctx, q.AddSecondStepParams{SchoolID: g.School.ID, LinkID: g.LinkID, CodeHash: s.secondHash(g, code), CreatedAt: millis(now), ExpiresAt: millis(now.Add(secondCode))}); err != nil {
			return fmt.Errorf("add second step: %w", err)
		}
		return s.guestJournal(ctx, tx, g, "links.second", g.Guardian)
	})
	return at.Phone, code, err
}

// secondHash needs the key: six digits alone would be found from a plain hash at once.
func (s *Service) secondHash(g Guest, code string) string {
	return s.Keys.Token("second step", fmt.Sprintf("%d/%s", g.LinkID, code))
}

// PassSecond takes what was typed: the code of the SMS, or the longer one of a paper. It gives the secret for the cookie of
// this browser, known for SecondLife. Invalid at "code": wrong, old or used up. TooMany after wrongPerHour wrong ones, or
// when this computer has tried many.
func (s *Service) PassSecond(ctx context.Context, g Guest, typed, ip string) (device string, err error) {
	if err := s.Auth.WrongCodes(ctx, ip, true); err != nil {
		return "", err
	}
	now := s.Now()
	key := fmt.Sprintf("second link %d", g.LinkID)
	row, err := s.DB.Q().TriesOf(ctx, key)
	if err != nil && !db.Missing(err) {
		return "", fmt.Errorf("tries of second step: %w", err)
	}
	if since := now.Sub(instant(row.Since)); err == nil && row.Tries >= wrongPerHour && since < time.Hour {
		return "", tooMany(time.Hour - since)
	}
	device = id.Token()
	passed := false
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		passed = false
		if short, paper := id.CleanShort(typed); paper {
			passed, err = s.passByPaper(ctx, tx, g, short, device)
		} else {
			passed, err = s.passBySMS(ctx, tx, g, typed, device)
		}
		if err != nil {
			return err
		}
		if passed {
			return s.guestJournal(ctx, tx, g, "links.passed", g.Guardian)
		}
		_, err = tx.TakeTry(ctx, q.TakeTryParams{Key: key, Now: millis(now), Cutoff: millis(now.Add(-time.Hour))})
		return err
	})
	if err != nil {
		return "", fmt.Errorf("second step: %w", err)
	}
	if !passed {
		if err := s.Auth.CountWrongCode(ctx, ip, true); err != nil {
			return "", err
		}
		return "", errs.Field("code", "This code is not right. Look at it again, or ask for a new one.")
	}
	return device, nil
}

func (s *Service) passBySMS(ctx context.Context, tx *db.Tx, g Guest, typed, device string) (bool, error) {
	now := s.Now()
	row, err := tx.TrySecondCode(ctx, q.TrySecondCodeParams{SchoolID: g.School.ID, LinkID: g.LinkID, Now: millis(now), Most: secondTries})
	if db.Missing(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if row.CodeHash != s.secondHash(g, id.Digits(typed)) {
		return false, nil
	}
	n, err := tx.PassSecondStep(ctx, q.PassSecondStepParams{SchoolID: g.School.ID, ID: row.ID, PassedAt: millis(now), DeviceHash: id.Hash(device), ExpiresAt: millis(now.Add(SecondLife))})
	return n > 0, err
}

func (s *Service) passByPaper(ctx context.Context, tx *db.Tx, g Guest, short, device string) (bool, error) {
	now := s.Now()
	var pupils []int64
	for _, c := range g.Children {
		pupils = append(pupils, c.ID)
	}
	n, err := tx.PaperCodeOfHousehold(ctx, q.PaperCodeOfHouseholdParams{SchoolID: g.School.ID, ShortHash: id.Hash(short), HouseholdID: g.HouseholdID,
		Now: millis(now), Since: millis(now.Add(-recentPaper)), Pupils: list(pupils)})
	if err != nil || n == 0 {
		return false, err
	}
	return true, tx.AddSecondStep(ctx, q.AddSecondStepParams{SchoolID: g.School.ID, LinkID: g.LinkID, DeviceHash: id.Hash(device), CreatedAt: millis(now), ExpiresAt: millis(now.Add(SecondLife)), PassedAt: millis(now)})
}

// Passed tells whether the browser with this cookie has taken the second step for this link, not too long ago.
func (s *Service) Passed(ctx context.Context, g Guest, device string) (bool, error) {
	if device == "" {
		return false, nil
	}
	n, err := s.DB.Q().SecondStepOfDevice(ctx, q.SecondStepOfDeviceParams{SchoolID: g.School.ID, LinkID: g.LinkID, DeviceHash: id.Hash(device), Now: millis(s.Now())})
	if err != nil {
		return false, fmt.Errorf("second step: %w", err)
	}
	return n > 0, nil
}

// masked is an address of which the owner knows it and nobody else learns it: the last two signs of a number, the first of a
// mail address and its domain's end.
func masked(address string) string {
	if name, _, mail := strings.Cut(address, "@"); mail {
		first := ""
		for _, r := range name {
			first = string(r)
			break
		}
		return first + "•••@•••" + address[strings.LastIndexByte(address, '.'):]
	}
	if len(address) < 6 {
		return "•••"
	}
	return "••• •• " + address[len(address)-2:]
}
