package auth

import (
	"context"
	"fmt"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
)

// errWrong is the one answer to every sign-in that fails: no such address, no password set, another password, or an account that
// has been shut.
func errWrong() error {
	return errs.New(errs.Invalid, "This e-mail address and password do not belong together. Look for typing mistakes, or ask for a new password.")
}

// SignIn opens a session by e-mail address and password. It answers errs.Invalid, the same and after the same work
// whether the address has an account or not, and errs.TooMany when an address or a computer has failed too often.
func (s *Service) SignIn(ctx context.Context, email, password string, v Visit) (Session, error) {
	var c errs.Check
	c.That(line(email) != "", "email", "Write your e-mail address.")
	c.That(password != "", "password", "Write your password.")
	if err := c.Err(); err != nil {
		return Session{}, err
	}
	fold := foldEmail(email)
	tries := []try{signInByComputer.of(s.computer(v.IP)), signInByAddress.of(fold)}
	if err := s.count(ctx, tries...); err != nil {
		return Session{}, err
	}
	account, err := s.db.Q().AccountByEmail(ctx, fold)
	if err != nil && !db.Missing(err) {
		return Session{}, fmt.Errorf("auth: sign in: %w", err)
	}
	fits, weak, err := s.hasher.check(ctx, clip(password), account.Password)
	if err != nil {
		return Session{}, fmt.Errorf("auth: sign in: %w", err)
	}
	if !fits || account.DisabledAt != 0 {
		who := account.PublicID
		if who == "" {
			who = "address " + id.Hash(fold)[:12]
		}
		err := s.db.Write(ctx, func(tx *db.Tx) error { return s.note(ctx, tx, Actor{}, "signin.failed", who) })
		if err != nil {
			return Session{}, fmt.Errorf("auth: sign in: %w", err)
		}
		return Session{}, errWrong()
	}
	stronger := ""
	if weak {
		if stronger, err = s.hasher.hash(ctx, password); err != nil {
			return Session{}, fmt.Errorf("auth: sign in: %w", err)
		}
	}
	var token string
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if stronger != "" {
			if err := tx.Rehash(ctx, q.RehashParams{ID: account.ID, Old: account.Password, Password: stronger}); err != nil {
				return err
			}
		}
		if err := giveBack(ctx, tx, tries...); err != nil {
			return err
		}
		if token, err = s.begin(ctx, tx, account.ID, v); err != nil {
			return err
		}
		return s.note(ctx, tx, Actor{AccountID: account.ID, Name: account.Name}, "signin", account.PublicID)
	})
	if err != nil {
		return Session{}, fmt.Errorf("auth: sign in: %w", err)
	}
	return s.opened(ctx, token, v)
}

// clip keeps a flood of text from becoming work; no password is this long.
func clip(password string) string {
	const most = 4 * maxPassword // bytes
	if len(password) > most {
		return password[:most]
	}
	return password
}

// ChangePassword sets a new password for somebody who knows the old one, and ends their other sessions. Errors:
// errs.Invalid at "old" or "password", errs.TooMany.
func (s *Service) ChangePassword(ctx context.Context, by Actor, old, password string) error {
	if err := by.May(SignedIn); err != nil {
		return err
	}
	var c errs.Check
	c.That(old != "", "old", "Write the password that you have now.")
	checkPassword(&c, "password", password, by.near()...)
	if err := c.Err(); err != nil {
		return err
	}
	tries := []try{signInByAddress.of(foldEmail(by.Email))}
	if err := s.count(ctx, tries...); err != nil {
		return err
	}
	account, err := s.db.Q().Account(ctx, by.AccountID)
	if err != nil {
		return db.NotFound(err, "account")
	}
	fits, _, err := s.hasher.check(ctx, clip(old), account.Password)
	if err != nil {
		return fmt.Errorf("auth: change password: %w", err)
	}
	if !fits {
		return errs.Field("old", "This is not the password that you have now.")
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("auth: change password: %w", err)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := giveBack(ctx, tx, tries...); err != nil {
			return err
		}
		if err := s.setPassword(ctx, tx, account.ID, hash, by.SessionID); err != nil {
			return err
		}
		if err := s.note(ctx, tx, by, "password", account.PublicID); err != nil {
			return err
		}
		return s.send(ctx, tx, account.Email, passwordChanged(account.Lang, account.Name))
	})
}

// setPassword stores the hash of a new password and ends what the old one had opened: sessions, but for one (0: all), and
// links to reset it.
func (s *Service) setPassword(ctx context.Context, tx *db.Tx, accountID int64, hash string, keepSession int64) error {
	now := ms(s.now())
	if err := tx.SetPassword(ctx, q.SetPasswordParams{ID: accountID, Password: hash}); err != nil {
		return fmt.Errorf("auth: set password: %w", err)
	}
	if _, err := tx.EndSessions(ctx, q.EndSessionsParams{Now: now, AccountID: accountID, KeepID: keepSession}); err != nil {
		return fmt.Errorf("auth: set password: %w", err)
	}
	if err := tx.EndAllLinks(ctx, q.EndAllLinksParams{Now: now, AccountID: accountID, Purpose: string(toReset)}); err != nil {
		return fmt.Errorf("auth: set password: %w", err)
	}
	return nil
}

// near is what everybody knows of a person, and what is therefore no password.
func (a Actor) near() []string {
	out := []string{a.Email, a.Name}
	for _, s := range a.Schools {
		out = append(out, s.Name)
	}
	if a.School.Name != "" {
		out = append(out, a.School.Name)
	}
	return out
}

// ChangeProfile sets one's own name and the language of one's pages (nl, fr or en).
func (s *Service) ChangeProfile(ctx context.Context, by Actor, name, tag string) error {
	if err := by.May(SignedIn); err != nil {
		return err
	}
	name = line(name)
	var c errs.Check
	checkName(&c, "name", name)
	c.That(tag == staffLang(tag), "lang", "Choose one of the languages.")
	if err := c.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.SetProfile(ctx, q.SetProfileParams{ID: by.AccountID, Name: name, Lang: tag}); err != nil {
			return fmt.Errorf("auth: profile: %w", err)
		}
		return s.note(ctx, tx, by, "profile", "")
	})
}
