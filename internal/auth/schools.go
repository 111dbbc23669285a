package auth

import (
	"context"
	"fmt"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/lang"
)

// NewSchool is a school that begins. Lang and Timezone may be empty: Dutch, Brussels. Slug may be empty: made of the name.
type NewSchool struct {
	Name, Town, Email, Phone string
	Lang, Timezone, Slug     string
}

func (n *NewSchool) check() error {
	n.Name, n.Town, n.Email, n.Phone = line(n.Name), line(n.Town), line(n.Email), line(n.Phone)
	if n.Lang == "" {
		n.Lang = lang.Fallback
	}
	if n.Timezone == "" {
		n.Timezone = "Europe/Brussels"
	}
	var c errs.Check
	checkName(&c, "name", n.Name)
	c.That(n.Email == "" || validEmail(n.Email), "email", "This is not an e-mail address. It looks like name@school.be.")
	c.That(n.Lang == staffLang(n.Lang), "lang", "Choose one of the languages.")
	_, err := time.LoadLocation(n.Timezone)
	c.That(err == nil, "timezone", "There is no such time zone. It looks like Europe/Brussels.")
	c.That(n.Slug == "" || validSlug(n.Slug), "slug", "Only small letters, digits and hyphens, please.")
	return c.Err()
}

// CreateSchool makes a school without any staff; for the operator, the support centre and the demo. Errors: errs.Invalid
// at "name", "email", "lang", "timezone", "slug"; errs.Conflict if an own choice of slug is taken.
func (s *Service) CreateSchool(ctx context.Context, by Actor, n NewSchool) (School, error) {
	if err := by.May(SupportDesk); err != nil {
		return School{}, err
	}
	if err := n.check(); err != nil {
		return School{}, err
	}
	var made School
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		made, err = s.createSchool(ctx, tx, by, n)
		return err
	})
	return made, err
}

func (s *Service) createSchool(ctx context.Context, tx *db.Tx, by Actor, n NewSchool) (School, error) {
	tries := slugs(n.Name, n.Town)
	if n.Slug != "" {
		tries = []string{n.Slug}
	}
	made := School{PublicID: id.New(), Name: n.Name, Lang: n.Lang, Timezone: n.Timezone}
	for _, made.Slug = range tries {
		var err error
		made.ID, err = tx.AddSchool(ctx, q.AddSchoolParams{PublicID: made.PublicID, Slug: made.Slug, Name: n.Name, Town: n.Town,
			Email: n.Email, Phone: n.Phone, Lang: n.Lang, Timezone: n.Timezone, CreatedAt: ms(s.now())})
		if db.Missing(err) { // the slug is taken
			continue
		}
		if err != nil {
			return School{}, fmt.Errorf("auth: create school: %w", err)
		}
		by.School = made
		return made, s.note(ctx, tx, by, "school.create", made.PublicID)
	}
	return School{}, errs.New(errs.Conflict, "There is another school with this address in Brug already.")
}

// Centre is the support centre's own house; errs.NotFound if there is none yet. It asks nobody's permission: its name stands
// beside what it publishes.
func (s *Service) Centre(ctx context.Context) (School, error) {
	r, err := s.db.Q().CentreHouse(ctx)
	return openSchool(q.AuthSchoolByIDRow(r), err, "of the support centre")
}

// CreateCentre makes the support centre's own house, where its people write materials and publish them to all schools.
// Errors as CreateSchool; errs.Conflict if there is one.
func (s *Service) CreateCentre(ctx context.Context, by Actor, n NewSchool) (School, error) {
	if err := by.May(SupportDesk); err != nil {
		return School{}, err
	}
	if err := n.check(); err != nil {
		return School{}, err
	}
	var made School
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if have, err := tx.CentreHouse(ctx); err == nil {
			return errs.New(errs.Conflict, "The support centre has its house already: {name}.", "name", have.Name)
		} else if !db.Missing(err) {
			return fmt.Errorf("auth: house of the centre: %w", err)
		}
		if made, err = s.createSchool(ctx, tx, by, n); err != nil {
			return err
		}
		if err := tx.SetCentre(ctx, made.ID); err != nil {
			return fmt.Errorf("auth: house of the centre: %w", err)
		}
		made.Centre = true
		by.School = made
		return s.note(ctx, tx, by, "centre.create", made.PublicID)
	})
	return made, err
}

// NewAccount is an account that the operator makes. Without a password the person gets an invitation by mail.
type NewAccount struct {
	School      School // with its ID; zero for the support centre
	Name, Email string
	Lang        string // nl, fr, en; "" is the school's
	Role        Role
	Classes     []string // public ids, for a teacher
	Password    string
}

// Created is the account that was made. Link is the invitation's URL, "" if a password was given.
type Created struct {
	AccountID, StaffID             int64
	AccountPublicID, StaffPublicID string
	Link                           string
}

// CreateAccount gives somebody a place at a school; for the operator (brug admin) and the demo. An address that has an
// account keeps its password and name. Errors: errs.Forbidden for everybody else; errs.Invalid at "name", "email", "role",
// "password"; errs.Conflict if a password was given and the account has one.
func (s *Service) CreateAccount(ctx context.Context, by Actor, n NewAccount) (Created, error) {
	if err := operator(by); err != nil {
		return Created{}, err
	}
	i := Invitation{Name: n.Name, Email: n.Email, Role: n.Role, Classes: n.Classes}
	if err := i.check(); err != nil {
		return Created{}, err
	}
	if n.Lang == "" {
		n.Lang = n.School.Lang
	}
	hash, err := s.firstPassword(ctx, n.Password, i.Email, i.Name, n.School.Name)
	if err != nil {
		return Created{}, err
	}
	by.School = n.School
	var made Created
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if hash != "" {
			if err := freeAddress(ctx, tx, i.Email); err != nil {
				return err
			}
		}
		p, err := s.place(ctx, tx, n.School, newcomer{Invitation: i, lang: n.Lang, password: hash, joined: hash != ""})
		if err != nil {
			return err
		}
		made = Created{AccountID: p.accountID, StaffID: p.staffID, AccountPublicID: p.accountPublicID, StaffPublicID: p.staffPublicID}
		if hash == "" {
			if made.Link, err = s.sendInvitation(ctx, tx, by, p.accountID, p.staffID, p.email, i.Role); err != nil {
				return err
			}
		}
		return s.note(ctx, tx, by, "account.create", p.accountPublicID, "role", string(n.Role))
	})
	return made, err
}

// CreateSupport makes an account of the support centre; for the operator. Without a password an invitation goes out.
// Errors: errs.Forbidden, errs.Invalid at "name", "email", "password", errs.Conflict if the address has an account.
func (s *Service) CreateSupport(ctx context.Context, by Actor, name, email, tag, password string) (Created, error) {
	if err := operator(by); err != nil {
		return Created{}, err
	}
	name, email = line(name), line(email)
	var c errs.Check
	checkName(&c, "name", name)
	checkEmail(&c, "email", email)
	if err := c.Err(); err != nil {
		return Created{}, err
	}
	hash, err := s.firstPassword(ctx, password, email, name)
	if err != nil {
		return Created{}, err
	}
	var made Created
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := freeAddress(ctx, tx, email); err != nil {
			return err
		}
		a, err := s.account(ctx, tx, email, name, tag, hash, true)
		if err != nil {
			return err
		}
		made = Created{AccountID: a.ID, AccountPublicID: a.PublicID}
		if hash == "" {
			if made.Link, err = s.sendInvitation(ctx, tx, Actor{Role: System, School: School{Lang: a.Lang}}, a.ID, 0, email, Support); err != nil {
				return err
			}
		}
		return s.note(ctx, tx, by, "account.create", a.PublicID, "role", string(Support))
	})
	return made, err
}

// firstPassword checks and hashes a password that somebody else chose; "" stays "".
func (s *Service) firstPassword(ctx context.Context, password string, near ...string) (hash string, err error) {
	if password == "" {
		return "", nil
	}
	var c errs.Check
	checkPassword(&c, "password", password, near...)
	if err := c.Err(); err != nil {
		return "", err
	}
	return s.hasher.hash(ctx, password)
}

// freeAddress is errs.Conflict if there is an account with this address. Only for those who may know.
func freeAddress(ctx context.Context, tx *db.Tx, email string) error {
	_, err := tx.AccountByEmail(ctx, foldEmail(email))
	if db.Missing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("auth: account: %w", err)
	}
	return errs.New(errs.Conflict, "There is an account with this address already.")
}

// ResetLink makes a link to set a new password, for the operator of a machine that sends no mail.
func (s *Service) ResetLink(ctx context.Context, by Actor, email string) (url string, err error) {
	if err := operator(by); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := tx.AccountByEmail(ctx, foldEmail(email))
		if err != nil {
			return db.NotFound(err, "account")
		}
		token, err := s.link(ctx, tx, toReset, a.ID, 0)
		if err != nil {
			return err
		}
		url = s.url(toReset, token)
		return s.note(ctx, tx, by, "reset.asked", a.PublicID, "by", "operator")
	})
	return url, err
}

// ShutAccount shuts an account for good, at all its schools, and ends its sessions at once; for the operator.
func (s *Service) ShutAccount(ctx context.Context, by Actor, email string) error {
	if err := operator(by); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := tx.AccountByEmail(ctx, foldEmail(email))
		if err != nil {
			return db.NotFound(err, "account")
		}
		now := ms(s.now())
		n, err := tx.ShutAccount(ctx, q.ShutAccountParams{EmailFold: foldEmail(email), Now: now})
		if err != nil {
			return fmt.Errorf("auth: shut account: %w", err)
		}
		if n == 0 {
			return errs.New(errs.Conflict, "This account has been shut already.")
		}
		if _, err := tx.EndSessions(ctx, q.EndSessionsParams{Now: now, AccountID: a.ID, KeepID: 0}); err != nil {
			return fmt.Errorf("auth: shut account: %w", err)
		}
		return s.note(ctx, tx, by, "account.shut", a.PublicID)
	})
}

// SchoolBySlug finds a school that is open, for the command line and for jobs; errs.NotFound if there is none. It asks
// nobody's permission: what is done with the school does.
func (s *Service) SchoolBySlug(ctx context.Context, slug string) (School, error) {
	r, err := s.db.Q().AuthSchoolBySlug(ctx, slug)
	return openSchool(q.AuthSchoolByIDRow(r), err, slug)
}

// SchoolByID is SchoolBySlug for jobs, which carry the id.
func (s *Service) SchoolByID(ctx context.Context, schoolID int64) (School, error) {
	r, err := s.db.Q().AuthSchoolByID(ctx, schoolID)
	return openSchool(r, err, fmt.Sprint(schoolID))
}

func openSchool(r q.AuthSchoolByIDRow, err error, which string) (School, error) {
	if err != nil {
		return School{}, db.NotFound(err, "school "+which)
	}
	if r.ClosedAt != 0 {
		return School{}, errs.NotFoundf("school %s is closed", which)
	}
	return School{ID: r.ID, PublicID: r.PublicID, Slug: r.Slug, Name: r.Name, Lang: r.Lang, Timezone: r.Timezone, LogoKey: r.LogoKey, Centre: r.Centre != 0}, nil
}

// SchoolRow is a line of the support centre's list.
type SchoolRow struct {
	Slug, Name, Town, Email, Lang string
	People                        int // staff who have joined
	Since                         time.Time
	Closed                        bool
	Centre                        bool // no school, but the support centre's own house
}

// SchoolPage is a part of the list; Next is for the following part, "" at the end.
type SchoolPage struct {
	Rows []SchoolRow
	Next string
}

const schoolsPerPage = 100

// Schools lists the schools by name, those whose name has find in it, a hundred at a time; after is Next of the part before.
func (s *Service) Schools(ctx context.Context, by Actor, find, after string) (SchoolPage, error) {
	if err := by.May(SupportDesk); err != nil {
		return SchoolPage{}, err
	}
	p := q.ListSchoolsParams{Find: slug(find), Lim: schoolsPerPage + 1}
	if after != "" {
		last, err := s.db.Q().AuthSchoolBySlug(ctx, after)
		if err != nil {
			return SchoolPage{}, db.NotFound(err, "school "+after)
		}
		p.AfterName, p.AfterID = last.Name, last.ID
	}
	rows, err := s.db.Q().ListSchools(ctx, p)
	if err != nil {
		return SchoolPage{}, fmt.Errorf("auth: schools: %w", err)
	}
	var page SchoolPage
	if len(rows) > schoolsPerPage {
		rows = rows[:schoolsPerPage]
		page.Next = rows[len(rows)-1].Slug
	}
	for _, r := range rows {
		page.Rows = append(page.Rows, SchoolRow{Slug: r.Slug, Name: r.Name, Town: r.Town, Email: r.Email, Lang: r.Lang,
			People: int(r.People), Since: at(r.CreatedAt), Closed: r.ClosedAt != 0, Centre: r.Centre != 0})
	}
	return page, nil
}
