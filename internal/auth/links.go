package auth

import (
	"context"
	"fmt"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
)

// purpose is what a link by mail is for, as stored in mail_links.purpose.
type purpose string

const (
	toJoin  purpose = "invite" // sets the first password, and joins a school if the link belongs to one
	toReset purpose = "reset"
	toDemo  purpose = "demo" // signs in with one click, again and again; only in a demo
)

var (
	lifeOf = map[purpose]time.Duration{toJoin: 7 * 24 * time.Hour, toReset: time.Hour, toDemo: 365 * 24 * time.Hour}
	pathOf = map[purpose]string{toJoin: "/welcome/", toReset: "/reset/"}
)

func (s *Service) url(p purpose, token string) string { return s.baseURL + pathOf[p] + token }

// link makes a link for an account, which ends the earlier ones of its kind. staffID is 0 where it is about no school.
// For an account that is not there (id 0) the same statements run, and the token opens nothing.
func (s *Service) link(ctx context.Context, tx *db.Tx, p purpose, accountID, staffID int64) (token string, err error) {
	now := s.now()
	if err := tx.EndLinks(ctx, q.EndLinksParams{Now: ms(now), AccountID: accountID, Purpose: string(p), StaffID: staffID}); err != nil {
		return "", fmt.Errorf("auth: link: %w", err)
	}
	token = id.Token()
	_, err = tx.AddLink(ctx, q.AddLinkParams{TokenHash: id.Hash(token), AccountID: accountID, StaffID: staffID,
		Purpose: string(p), Now: ms(now), ExpiresAt: ms(now.Add(lifeOf[p]))})
	if err != nil {
		return "", fmt.Errorf("auth: link: %w", err)
	}
	return token, nil
}

// errEnded answers every link that opens nothing: used, too old, replaced by a newer one, or never made.
func errEnded() error {
	return errs.New(errs.Gone, "This link does not work any more: it has been used, it is too old, or there is a newer one. Ask for a new link.")
}

// look finds what a link opens, without using it: programs that check mails open links too.
func (s *Service) look(ctx context.Context, p purpose, token string) (q.LinkRow, error) {
	l, err := s.db.Q().Link(ctx, q.LinkParams{TokenHash: id.Hash(token), Purpose: string(p)})
	if db.Missing(err) {
		return l, errEnded()
	}
	if err != nil {
		return l, fmt.Errorf("auth: link: %w", err)
	}
	if l.UsedAt != 0 || l.ExpiresAt <= ms(s.now()) || l.DisabledAt != 0 || l.StaffEndedAt != 0 || l.ClosedAt != 0 {
		return l, errEnded()
	}
	return l, nil
}

// use spends a link that look has found; of two at the same moment one gets errs.Gone.
func (s *Service) use(ctx context.Context, tx *db.Tx, l q.LinkRow) error {
	n, err := tx.UseLink(ctx, q.UseLinkParams{ID: l.ID, Now: ms(s.now())})
	if err != nil {
		return fmt.Errorf("auth: link: %w", err)
	}
	if n == 0 {
		return errEnded()
	}
	return nil
}

// Forgot mails a link to set a new password, in the language of the account; tag is the language of whoever asks. Whether
// the address has an account shows neither in the answer nor in the work nor in the number of mails: an address without one
// gets a mail that says so, which helps who has two addresses. Errors: errs.Invalid at "email", errs.TooMany.
func (s *Service) Forgot(ctx context.Context, email, tag, ip string) error {
	email = line(email)
	var c errs.Check
	checkEmail(&c, "email", email)
	if err := c.Err(); err != nil {
		return err
	}
	fold := foldEmail(email)
	if err := s.count(ctx, resetByComputer.of(s.computer(ip)), resetByAddress.of(fold)); err != nil {
		return err
	}
	account, err := s.db.Q().AccountByEmail(ctx, fold)
	if err != nil && !db.Missing(err) {
		return fmt.Errorf("auth: forgot: %w", err)
	}
	known := err == nil && account.DisabledAt == 0
	return s.db.Write(ctx, func(tx *db.Tx) error {
		token, err := s.link(ctx, tx, toReset, account.ID, 0)
		if err != nil {
			return err
		}
		m, to, who := noAccount(staffLang(tag)), email, "address "+id.Hash(fold)[:12]
		if known { // to the address that we know, not to what was typed: another one may fold to the same
			m, to, who = resetPassword(account.Lang, account.Name, s.url(toReset, token)), account.Email, account.PublicID
		}
		if err := s.note(ctx, tx, Actor{}, "reset.asked", who); err != nil {
			return err
		}
		return s.send(ctx, tx, to, m)
	})
}

// LookReset tells whose password a link resets: the address, to be shown above the form. errs.Gone if the link has ended.
func (s *Service) LookReset(ctx context.Context, token string) (email string, err error) {
	l, err := s.look(ctx, toReset, token)
	return l.Email, err
}

// Reset sets a new password by a link, ends all sessions of the account and opens a new one. Errors: errs.Invalid at
// "password", errs.Gone.
func (s *Service) Reset(ctx context.Context, token, password string, v Visit) (Session, error) {
	l, err := s.look(ctx, toReset, token)
	if err != nil {
		return Session{}, err
	}
	var c errs.Check
	checkPassword(&c, "password", password, l.Email, l.Name)
	if err := c.Err(); err != nil {
		return Session{}, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return Session{}, fmt.Errorf("auth: reset: %w", err)
	}
	var session string
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.use(ctx, tx, l); err != nil {
			return err
		}
		if err := s.setPassword(ctx, tx, l.AccountID, hash, 0); err != nil {
			return err
		}
		if err := tx.ForgetTries(ctx, signInByAddress.of(foldEmail(l.Email)).key); err != nil {
			return err
		}
		if session, err = s.begin(ctx, tx, l.AccountID, v); err != nil {
			return err
		}
		if err := s.note(ctx, tx, Actor{AccountID: l.AccountID, Name: l.Name}, "reset", l.AccountPublicID); err != nil {
			return err
		}
		return s.send(ctx, tx, l.Email, passwordChanged(l.Lang, l.Name))
	})
	if err != nil {
		return Session{}, err
	}
	return s.opened(ctx, session, v)
}

// Welcome is what an invitation opens.
type Welcome struct {
	Email, Name string
	Lang        string
	Role        Role   // at the school; Support for the support centre
	School      string // "" for the support centre
	Slug        string
	AccountID   int64
	HasAccount  bool // has a password already: nothing to fill in, only a yes to say
}

// LookWelcome tells what an invitation is for, without using it; errs.Gone if it has ended.
func (s *Service) LookWelcome(ctx context.Context, token string) (Welcome, error) {
	l, err := s.look(ctx, toJoin, token)
	if err != nil {
		return Welcome{}, err
	}
	w := Welcome{Email: l.Email, Name: l.Name, Lang: l.Lang, Role: Role(l.Role), School: l.SchoolName, Slug: l.Slug,
		AccountID: l.AccountID, HasAccount: l.Password != ""}
	if l.StaffID == 0 {
		w.Role = Support
	}
	if !w.HasAccount && l.StaffName != "" {
		w.Name = l.StaffName // as the one who invites has written it
	}
	return w, nil
}

// Opening is what a person fills in who had no account before.
type Opening struct{ Name, Lang, Password string }

// Join accepts an invitation. Who had no account sets name, language and password, and is signed in; who had one keeps it
// as it is, and gets a Session without a token: they sign in as always. Errors: errs.Invalid at "name", "lang",
// "password"; errs.Gone; errs.Conflict for an account of the support centre, which cannot be staff of a school.
func (s *Service) Join(ctx context.Context, token string, o Opening, v Visit) (Session, error) {
	l, err := s.look(ctx, toJoin, token)
	if err != nil {
		return Session{}, err
	}
	if l.Support && l.StaffID != 0 {
		return Session{}, errSupport()
	}
	hash, fresh := "", l.Password == ""
	if fresh {
		o.Name = line(o.Name)
		var c errs.Check
		checkName(&c, "name", o.Name)
		c.That(o.Lang == staffLang(o.Lang), "lang", "Choose one of the languages.")
		checkPassword(&c, "password", o.Password, l.Email, o.Name, l.SchoolName)
		if err := c.Err(); err != nil {
			return Session{}, err
		}
		if hash, err = s.hasher.hash(ctx, o.Password); err != nil {
			return Session{}, fmt.Errorf("auth: join: %w", err)
		}
	}
	var session string
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.use(ctx, tx, l); err != nil {
			return err
		}
		if fresh {
			if err := tx.SetProfile(ctx, q.SetProfileParams{ID: l.AccountID, Name: o.Name, Lang: o.Lang}); err != nil {
				return fmt.Errorf("auth: join: %w", err)
			}
			if err := s.setPassword(ctx, tx, l.AccountID, hash, 0); err != nil {
				return err
			}
			if session, err = s.begin(ctx, tx, l.AccountID, v); err != nil {
				return err
			}
		}
		who := Actor{AccountID: l.AccountID, Name: l.Name, School: School{ID: l.SchoolID}}
		return s.join(ctx, tx, who, l.SchoolID, l.StaffID)
	})
	if err != nil || !fresh {
		return Session{}, err
	}
	return s.opened(ctx, session, v)
}

func errSupport() error {
	return errs.New(errs.Conflict, "This address belongs to the support centre, which sees no families. Ask the school to invite you at another address.")
}

// join makes an invited person staff. Nothing is to be done for the support centre (staff 0) but the note.
func (s *Service) join(ctx context.Context, tx *db.Tx, who Actor, schoolID, staffID int64) error {
	if staffID != 0 {
		n, err := tx.JoinStaff(ctx, q.JoinStaffParams{SchoolID: schoolID, ID: staffID, Now: ms(s.now())})
		if err != nil {
			return fmt.Errorf("auth: join: %w", err)
		}
		if n == 0 {
			return errEnded()
		}
	}
	return s.note(ctx, tx, who, "join", "")
}

// Invited is a school that has asked somebody who has an account, and waits for a yes.
type Invited struct {
	PublicID string // of the place in the school's staff
	School   string
	Role     Role
}

// Invitations are the schools that wait for the actor's yes. The mail's link says it too; this is for who lost it.
func (s *Service) Invitations(ctx context.Context, by Actor) ([]Invited, error) {
	if err := by.May(SignedIn); err != nil {
		return nil, err
	}
	if by.Role == Support {
		return nil, nil
	}
	rows, err := s.db.Q().Invitations(ctx, by.AccountID)
	if err != nil {
		return nil, fmt.Errorf("auth: invitations: %w", err)
	}
	out := make([]Invited, len(rows))
	for i, r := range rows {
		out[i] = Invited{PublicID: r.PublicID, School: r.Name, Role: Role(r.Role)}
	}
	return out, nil
}

// Accept says yes to one of the actor's own invitations and gives the slug of the school.
func (s *Service) Accept(ctx context.Context, by Actor, staffPublicID string) (slug string, err error) {
	if err := by.May(SignedIn); err != nil {
		return "", err
	}
	if by.Role == Support {
		return "", errSupport()
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		rows, err := tx.Invitations(ctx, by.AccountID)
		if err != nil {
			return fmt.Errorf("auth: accept: %w", err)
		}
		for _, r := range rows {
			if r.PublicID != staffPublicID {
				continue
			}
			slug = r.Slug
			if err := tx.EndLinks(ctx, q.EndLinksParams{Now: ms(s.now()), AccountID: by.AccountID, Purpose: string(toJoin), StaffID: r.ID}); err != nil {
				return fmt.Errorf("auth: accept: %w", err)
			}
			by.School = School{ID: r.SchoolID}
			return s.join(ctx, tx, by, r.SchoolID, r.ID)
		}
		return errs.NotFoundf("invitation %s of account %d", staffPublicID, by.AccountID)
	})
	return slug, err
}

// DemoLink makes the token of a link (/demo/TOKEN) that signs in as an account with one click, as often as one likes. It
// is refused unless the program runs as a demo.
func (s *Service) DemoLink(ctx context.Context, accountID int64) (token string, err error) {
	if !s.demo {
		return "", errs.Forbiddenf("demo links work in a demo only")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		token, err = s.link(ctx, tx, toDemo, accountID, 0)
		return err
	})
	return token, err
}

// SignInDemo opens a session by a demo link; errs.Gone for anything else, and always when the program is no demo.
func (s *Service) SignInDemo(ctx context.Context, token string, v Visit) (Session, error) {
	if !s.demo {
		return Session{}, errEnded()
	}
	l, err := s.look(ctx, toDemo, token)
	if err != nil {
		return Session{}, err
	}
	var session string
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if session, err = s.begin(ctx, tx, l.AccountID, v); err != nil {
			return err
		}
		return s.note(ctx, tx, Actor{AccountID: l.AccountID, Name: l.Name}, "signin", l.AccountPublicID, "by", "demo link")
	})
	if err != nil {
		return Session{}, err
	}
	return s.opened(ctx, session, v)
}
