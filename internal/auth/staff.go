package auth

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
)

// Member is somebody on the staff of a school, or invited to be.
type Member struct {
	PublicID string
	Name     string // as the person writes it; until they have joined as the one who invited has
	Email    string
	Role     Role
	Classes  []Class   // of a teacher
	Joined   bool      // has said yes to the invitation
	Until    time.Time // until when the invitation can be answered; zero: it has ended, or Joined
	Seen     time.Time // last used Brug, to five minutes; zero: never, or not joined
	Self     bool      // the one who asks
}

// Staff lists the staff of the actor's school: directors, care, teachers, each by name.
func (s *Service) Staff(ctx context.Context, by Actor) ([]Member, error) {
	if err := by.May(StaffSee); err != nil {
		return nil, err
	}
	rows, err := s.db.Q().StaffOfSchool(ctx, by.School.ID)
	if err != nil {
		return nil, fmt.Errorf("auth: staff: %w", err)
	}
	classes, err := s.db.Q().AllStaffClasses(ctx, by.School.ID)
	if err != nil {
		return nil, fmt.Errorf("auth: staff: %w", err)
	}
	of := map[int64][]Class{}
	for _, c := range classes {
		of[c.StaffID] = append(of[c.StaffID], Class{ID: c.ID, PublicID: c.PublicID, Name: c.Name})
	}
	now := s.now()
	out := make([]Member, len(rows))
	for i, r := range rows {
		m := Member{PublicID: r.PublicID, Name: r.GivenName, Email: r.Email, Role: Role(r.Role), Classes: of[r.ID],
			Joined: r.JoinedAt != 0, Self: r.AccountID == by.AccountID}
		switch {
		case m.Joined:
			m.Name, m.Seen = r.Name, at(r.SeenAt)
		case r.LinkUntil > ms(now):
			m.Until = at(r.LinkUntil)
		}
		sortClasses(m.Classes)
		out[i] = m
	}
	slices.SortFunc(out, func(a, b Member) int {
		return cmp.Or(cmp.Compare(slices.Index(SchoolRoles, a.Role), slices.Index(SchoolRoles, b.Role)), natural(a.Name, b.Name), cmp.Compare(a.PublicID, b.PublicID))
	})
	return out, nil
}

// Member gives one of the staff of the actor's school; errs.NotFound for others.
func (s *Service) Member(ctx context.Context, by Actor, publicID string) (Member, error) {
	all, err := s.Staff(ctx, by)
	if err != nil {
		return Member{}, err
	}
	i := slices.IndexFunc(all, func(m Member) bool { return m.PublicID == publicID })
	if i < 0 {
		return Member{}, errs.NotFoundf("staff %q of school %d", publicID, by.School.ID)
	}
	return all[i], nil
}

// Invitation asks somebody to join the staff of a school.
type Invitation struct {
	Name, Email string
	Role        Role
	Classes     []string // public ids, for a teacher
}

func (i *Invitation) check() error {
	i.Name, i.Email = line(i.Name), line(i.Email)
	var c errs.Check
	checkName(&c, "name", i.Name)
	checkEmail(&c, "email", i.Email)
	c.That(slices.Contains(SchoolRoles, i.Role), "role", "Choose what this person does at school.")
	return c.Err()
}

// Invite asks somebody to join the actor's school: a mail with a link that works for seven days. Whether the address has an
// account already, at another school perhaps, shows nowhere. Errors: errs.Invalid at "name", "email", "role"; errs.TooMany.
func (s *Service) Invite(ctx context.Context, by Actor, i Invitation) error {
	if err := by.May(StaffChange); err != nil {
		return err
	}
	if err := i.check(); err != nil {
		return err
	}
	if err := s.count(ctx, inviteBySchool.of(by.School.PublicID)); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.LockSchool(ctx, by.School.ID); err != nil {
			return fmt.Errorf("auth: invite: %w", err)
		}
		p, err := s.place(ctx, tx, by.School, newcomer{Invitation: i, lang: by.School.Lang})
		if err != nil {
			return err
		}
		if err := s.note(ctx, tx, by, "staff.invite", p.staffPublicID, "role", string(i.Role)); err != nil {
			return err
		}
		_, err = s.sendInvitation(ctx, tx, by, p.accountID, p.staffID, p.email, i.Role)
		return err
	})
}

// newcomer is somebody who is given a place at a school.
type newcomer struct {
	Invitation
	lang     string
	password string // hash; "" waits for the person to set one
	joined   bool   // without an invitation
}

type place struct {
	accountID, staffID             int64
	accountPublicID, staffPublicID string
	email                          string // of the account, where the invitation goes: what was typed may only fold to it
}

// place finds or makes the account and the place on the staff. Who works there already is errs.Invalid at "email".
func (s *Service) place(ctx context.Context, tx *db.Tx, at School, n newcomer) (place, error) {
	now, p := ms(s.now()), place{}
	account, err := s.account(ctx, tx, n.Email, n.Name, n.lang, n.password, false)
	if err != nil {
		return p, err
	}
	p.accountID, p.accountPublicID, p.email = account.ID, account.PublicID, account.Email
	joinedAt := int64(0)
	if n.joined {
		joinedAt = now
	}
	old, err := tx.StaffOfAccount(ctx, q.StaffOfAccountParams{SchoolID: at.ID, AccountID: account.ID})
	switch {
	case db.Missing(err):
		p.staffPublicID = id.New()
		p.staffID, err = tx.AddStaff(ctx, q.AddStaffParams{PublicID: p.staffPublicID, SchoolID: at.ID, AccountID: account.ID,
			Name: n.Name, Role: string(n.Role), Now: now, JoinedAt: joinedAt})
	case err == nil && old.JoinedAt != 0 && old.EndedAt == 0:
		return p, errs.Field("email", "Somebody with this address is on the staff of this school already.")
	case err == nil:
		p.staffID, p.staffPublicID = old.ID, old.PublicID
		err = tx.ReturnStaff(ctx, q.ReturnStaffParams{SchoolID: at.ID, ID: old.ID, Name: n.Name, Role: string(n.Role), JoinedAt: joinedAt})
	}
	if err != nil {
		return p, fmt.Errorf("auth: staff: %w", err)
	}
	return p, giveClasses(ctx, tx, at.ID, p.staffID, n.Role, n.Classes)
}

// account finds the account of an address, or makes it.
func (s *Service) account(ctx context.Context, tx *db.Tx, email, name, tag, password string, support bool) (q.AccountByEmailRow, error) {
	_, err := tx.AddAccount(ctx, q.AddAccountParams{PublicID: id.New(), Email: email, EmailFold: foldEmail(email), Name: name,
		Lang: staffLang(tag), Password: password, Support: support, CreatedAt: ms(s.now())})
	if err != nil && !db.Missing(err) { // no row: the address has an account, which stays as it is
		return q.AccountByEmailRow{}, fmt.Errorf("auth: account: %w", err)
	}
	row, err := tx.AccountByEmail(ctx, foldEmail(email))
	if err != nil {
		return row, fmt.Errorf("auth: account: %w", err)
	}
	return row, nil
}

// sendInvitation makes the link and queues the mail, in the school's language: the person's own is not known before they
// have joined. It gives the link, for the operator of a machine without mail.
func (s *Service) sendInvitation(ctx context.Context, tx *db.Tx, by Actor, accountID, staffID int64, email string, role Role) (url string, err error) {
	token, err := s.link(ctx, tx, toJoin, accountID, staffID)
	if err != nil {
		return "", err
	}
	url = s.url(toJoin, token)
	return url, s.send(ctx, tx, email, invitation(by.School, role, by.inviter(), url))
}

// inviter is the person who invites, "" where that is not a person of the school.
func (a Actor) inviter() string {
	if a.Role == Director {
		return a.Name
	}
	return ""
}

// InviteAgain sends a new link to somebody who has not joined yet; the old one ends. errs.Conflict if they have joined.
func (s *Service) InviteAgain(ctx context.Context, by Actor, publicID string) error {
	if err := by.May(StaffChange); err != nil {
		return err
	}
	if err := s.count(ctx, inviteBySchool.of(by.School.PublicID)); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := member(ctx, tx, by, publicID)
		if err != nil {
			return err
		}
		if m.JoinedAt != 0 {
			return errs.New(errs.Conflict, "This person has joined already.")
		}
		if err := s.note(ctx, tx, by, "staff.invite again", publicID); err != nil {
			return err
		}
		_, err = s.sendInvitation(ctx, tx, by, m.AccountID, m.ID, m.Email, Role(m.Role))
		return err
	})
}

// member finds a member of staff within a change, and makes other changes to this school's staff wait.
func member(ctx context.Context, tx *db.Tx, by Actor, publicID string) (q.StaffByPublicIDRow, error) {
	if _, err := tx.LockSchool(ctx, by.School.ID); err != nil {
		return q.StaffByPublicIDRow{}, fmt.Errorf("auth: staff: %w", err)
	}
	m, err := tx.StaffByPublicID(ctx, q.StaffByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	return m, db.NotFound(err, "staff "+publicID)
}

// mayLose tells whether a school still has a director when this one goes. One who is only invited does not count, neither
// as the one who goes nor as one who stays.
func mayLose(role Role, joined bool, otherDirectors int64) bool {
	return role != Director || !joined || otherDirectors > 0
}

func keepDirector(ctx context.Context, tx *db.Tx, by Actor, m q.StaffByPublicIDRow) error {
	others, err := tx.OtherDirectors(ctx, q.OtherDirectorsParams{SchoolID: by.School.ID, ID: m.ID})
	if err != nil {
		return fmt.Errorf("auth: staff: %w", err)
	}
	if !mayLose(Role(m.Role), m.JoinedAt != 0, others) {
		return errs.New(errs.Conflict, "This is the only director. Make somebody else director first.")
	}
	return nil
}

// ChangeStaff gives a member of staff another role and other classes (public ids; none unless a teacher). It counts from
// their next click. Errors: errs.Invalid at "role", errs.Conflict for the last director.
func (s *Service) ChangeStaff(ctx context.Context, by Actor, publicID string, role Role, classes []string) error {
	if err := by.May(StaffChange); err != nil {
		return err
	}
	var c errs.Check
	c.That(slices.Contains(SchoolRoles, role), "role", "Choose what this person does at school.")
	if err := c.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := member(ctx, tx, by, publicID)
		if err != nil {
			return err
		}
		if role != Director {
			if err := keepDirector(ctx, tx, by, m); err != nil {
				return err
			}
		}
		if _, err := tx.SetStaffRole(ctx, q.SetStaffRoleParams{SchoolID: by.School.ID, ID: m.ID, Role: string(role)}); err != nil {
			return fmt.Errorf("auth: staff: %w", err)
		}
		if err := giveClasses(ctx, tx, by.School.ID, m.ID, role, classes); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "staff.change", publicID, "from", m.Role, "to", string(role))
	})
}

// EndStaff takes somebody off the staff of the school, at once: their next click finds nothing. If the account works at
// no other school its sessions end too. What the person did stays in the journal. errs.Conflict for the last director.
func (s *Service) EndStaff(ctx context.Context, by Actor, publicID string) error {
	if err := by.May(StaffChange); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := member(ctx, tx, by, publicID)
		if err != nil {
			return err
		}
		if err := keepDirector(ctx, tx, by, m); err != nil {
			return err
		}
		return s.endStaff(ctx, tx, by, m)
	})
}

func (s *Service) endStaff(ctx context.Context, tx *db.Tx, by Actor, m q.StaffByPublicIDRow) error {
	now := ms(s.now())
	if _, err := tx.EndStaff(ctx, q.EndStaffParams{SchoolID: by.School.ID, ID: m.ID, Now: now}); err != nil {
		return fmt.Errorf("auth: end staff: %w", err)
	}
	if err := giveClasses(ctx, tx, by.School.ID, m.ID, Teacher, nil); err != nil {
		return err
	}
	if err := tx.EndLinks(ctx, q.EndLinksParams{Now: now, AccountID: m.AccountID, Purpose: string(toJoin), StaffID: m.ID}); err != nil {
		return fmt.Errorf("auth: end staff: %w", err)
	}
	others, err := tx.OtherPosts(ctx, q.OtherPostsParams{AccountID: m.AccountID, SchoolID: by.School.ID})
	if err != nil {
		return fmt.Errorf("auth: end staff: %w", err)
	}
	if m.JoinedAt != 0 && others == 0 {
		if _, err := tx.EndSessions(ctx, q.EndSessionsParams{Now: now, AccountID: m.AccountID, KeepID: 0}); err != nil {
			return fmt.Errorf("auth: end staff: %w", err)
		}
	}
	return s.note(ctx, tx, by, "staff.end", m.PublicID)
}
