package auth

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/lang"
)

// RequestState is where a school's request for its login stands.
type RequestState string

// The states, as stored in login_requests.state.
const (
	Waiting  RequestState = "waiting"
	Accepted RequestState = "accepted"
	Refused  RequestState = "refused"
)

// Ask is what a school writes to get its login.
type Ask struct {
	SchoolName, Town string
	Person, Role     string // who asks, and what they do at school, in their own words
	Email, Phone     string
	Message          string
	Lang             string // nl, fr or en
}

// Request is an Ask as it lies on the support centre's desk.
type Request struct {
	Ask
	PublicID  string
	State     RequestState
	Asked     time.Time
	Decided   time.Time // zero while it waits
	DecidedBy string    // name
	Slug      string    // of the school that came of it
	Joined    bool      // the director has accepted the invitation
}

const maxMessage = 2000 // characters

func (a *Ask) check() error {
	a.SchoolName, a.Town, a.Person, a.Role = line(a.SchoolName), line(a.Town), line(a.Person), line(a.Role)
	a.Email, a.Phone, a.Message = line(a.Email), line(a.Phone), text(a.Message)
	var c errs.Check
	c.That(a.SchoolName != "", "school", "Write the name of the school.")
	c.That(a.Town != "", "town", "Write the town where the school is.")
	c.That(a.Person != "", "person", "Write your name.")
	c.That(a.Role != "", "role", "Write what you do at school.")
	for field, s := range map[string]string{"school": a.SchoolName, "town": a.Town, "person": a.Person, "role": a.Role, "phone": a.Phone} {
		c.That(utf8.RuneCountInString(s) <= maxLine, field, "At most {n} characters, please.", "n", maxLine)
	}
	checkEmail(&c, "email", a.Email)
	c.That(utf8.RuneCountInString(a.Message) <= maxMessage, "message", "At most {n} characters, please.", "n", maxMessage)
	c.That(a.Lang == staffLang(a.Lang), "lang", "Choose one of the languages.")
	return c.Err()
}

// AskLogin puts a school's request on the desk of the support centre and tells the centre by mail. Sent twice, it is kept once.
// Errors: errs.Invalid at "school", "town", "person", "role", "email", "phone", "message", "lang"; errs.TooMany.
func (s *Service) AskLogin(ctx context.Context, a Ask, ip string) error {
	if err := a.check(); err != nil {
		return err
	}
	if err := s.count(ctx, askByComputer.of(s.computer(ip)), askByAddress.of(foldEmail(a.Email))); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.SameRequest(ctx, q.SameRequestParams{Email: a.Email, SchoolName: a.SchoolName})
		if err == nil {
			return nil
		}
		if !db.Missing(err) {
			return fmt.Errorf("auth: ask: %w", err)
		}
		r := q.AddRequestParams{PublicID: id.New(), SchoolName: a.SchoolName, Town: a.Town, Person: a.Person, Role: a.Role,
			Email: a.Email, Phone: a.Phone, Message: a.Message, Lang: a.Lang, CreatedAt: ms(s.now())}
		if err := tx.AddRequest(ctx, r); err != nil {
			return fmt.Errorf("auth: ask: %w", err)
		}
		if err := s.note(ctx, tx, Actor{}, "request", r.PublicID); err != nil {
			return err
		}
		centre, err := tx.SupportAccounts(ctx)
		if err != nil {
			return fmt.Errorf("auth: ask: %w", err)
		}
		for _, person := range centre { // a handful of people
			if err := s.send(ctx, tx, person.Email, newRequest(person.Lang, person.Name, a, s.baseURL+"/support/requests/"+r.PublicID)); err != nil {
				return err
			}
		}
		return nil
	})
}

const desk = 200 // lines on the desk

// Requests are the requests that wait, longest first, and the latest that were decided.
func (s *Service) Requests(ctx context.Context, by Actor) (waiting, decided []Request, err error) {
	if err := by.May(SupportDesk); err != nil {
		return nil, nil, err
	}
	rows, err := s.db.Q().WaitingRequests(ctx, desk)
	if err != nil {
		return nil, nil, fmt.Errorf("auth: requests: %w", err)
	}
	for _, r := range rows {
		waiting = append(waiting, Request{PublicID: r.PublicID, State: Waiting, Asked: at(r.CreatedAt),
			Ask: Ask{SchoolName: r.SchoolName, Town: r.Town, Person: r.Person, Role: r.Role, Email: r.Email, Phone: r.Phone, Message: r.Message, Lang: r.Lang}})
	}
	old, err := s.db.Q().DecidedRequests(ctx, desk/10)
	if err != nil {
		return nil, nil, fmt.Errorf("auth: requests: %w", err)
	}
	for _, r := range old {
		decided = append(decided, Request{PublicID: r.PublicID, State: RequestState(r.State), Asked: at(r.CreatedAt), Decided: at(r.DecidedAt),
			Ask: Ask{SchoolName: r.SchoolName, Town: r.Town, Person: r.Person, Email: r.Email}})
	}
	return waiting, decided, nil
}

// Request gives one request; errs.NotFound if there is none.
func (s *Service) Request(ctx context.Context, by Actor, publicID string) (Request, error) {
	if err := by.May(SupportDesk); err != nil {
		return Request{}, err
	}
	r, err := request(ctx, s.db.Q(), publicID)
	if err != nil || r.State != Accepted {
		return r, err
	}
	d, err := s.db.Q().FirstDirector(ctx, q.FirstDirectorParams{Request: publicID, EmailFold: foldEmail(r.Email)})
	if err != nil && !db.Missing(err) {
		return r, fmt.Errorf("auth: request: %w", err)
	}
	r.Joined = db.Missing(err) || d.JoinedAt != 0 // who has left again had joined
	return r, nil
}

func request(ctx context.Context, from *q.Queries, publicID string) (Request, error) {
	r, err := from.RequestByPublicID(ctx, publicID)
	if err != nil {
		return Request{}, db.NotFound(err, "request "+publicID)
	}
	return Request{PublicID: r.PublicID, State: RequestState(r.State), Asked: at(r.CreatedAt), Decided: at(r.DecidedAt),
		DecidedBy: r.DecidedByName, Slug: r.Slug,
		Ask: Ask{SchoolName: r.SchoolName, Town: r.Town, Person: r.Person, Role: r.Role, Email: r.Email, Phone: r.Phone, Message: r.Message, Lang: r.Lang}}, nil
}

// decide takes a request off the desk. Of two decisions, a double click say, the second is errs.Conflict.
func (s *Service) decide(ctx context.Context, tx *db.Tx, by Actor, publicID string, state RequestState) (Request, error) {
	n, err := tx.DecideRequest(ctx, q.DecideRequestParams{PublicID: publicID, State: string(state), Now: ms(s.now()), DecidedBy: ref(by.AccountID)})
	if err != nil {
		return Request{}, fmt.Errorf("auth: decide: %w", err)
	}
	r, err := request(ctx, tx.Queries, publicID)
	if err != nil {
		return Request{}, err
	}
	if n == 0 {
		return Request{}, errs.New(errs.Conflict, "This request has been decided already.")
	}
	return r, nil
}

// AcceptRequest makes the school and its director's place, and sends the invitation. errs.Conflict if the request has been
// decided, or if the address is one of the support centre.
func (s *Service) AcceptRequest(ctx context.Context, by Actor, publicID string) (School, error) {
	if err := by.May(SupportDesk); err != nil {
		return School{}, err
	}
	var made School
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.decide(ctx, tx, by, publicID, Accepted)
		if err != nil {
			return err
		}
		n := NewSchool{Name: r.SchoolName, Town: r.Town, Email: r.Email, Phone: r.Phone, Lang: r.Lang}
		if err := n.check(); err != nil {
			return err
		}
		if made, err = s.createSchool(ctx, tx, by, n); err != nil {
			return err
		}
		if err := tx.SetRequestSchool(ctx, q.SetRequestSchoolParams{SchoolID: ref(made.ID), PublicID: publicID}); err != nil {
			return fmt.Errorf("auth: accept: %w", err)
		}
		p, err := s.place(ctx, tx, made, newcomer{Invitation: Invitation{Name: r.Person, Email: r.Email, Role: Director}, lang: r.Lang})
		if err != nil {
			return err
		}
		if a, err := tx.Account(ctx, p.accountID); err != nil {
			return fmt.Errorf("auth: accept: %w", err)
		} else if a.Support {
			return errSupport()
		}
		if err := s.note(ctx, tx, by, "request.accept", publicID, "school", made.PublicID); err != nil {
			return err
		}
		by.School = made
		_, err = s.sendInvitation(ctx, tx, by, p.accountID, p.staffID, p.email, Director)
		return err
	})
	return made, err
}

// RefuseRequest says no, with the reason, by mail and in the language of the request. Errors: errs.Invalid at "reason", errs.Conflict.
func (s *Service) RefuseRequest(ctx context.Context, by Actor, publicID, reason string) error {
	if err := by.May(SupportDesk); err != nil {
		return err
	}
	reason = text(reason)
	var c errs.Check
	c.That(reason != "", "reason", "Write why: the school gets this sentence by mail.")
	c.That(utf8.RuneCountInString(reason) <= maxMessage, "reason", "At most {n} characters, please.", "n", maxMessage)
	if err := c.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.decide(ctx, tx, by, publicID, Refused)
		if err != nil {
			return err
		}
		if err := s.note(ctx, tx, by, "request.refuse", publicID); err != nil {
			return err
		}
		return s.send(ctx, tx, r.Email, refusal(r.Ask, reason))
	})
}

// InviteDirectorAgain sends a new invitation to the person whose school was accepted and who has not joined yet.
func (s *Service) InviteDirectorAgain(ctx context.Context, by Actor, publicID string) error {
	if err := by.May(SupportDesk); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := request(ctx, tx.Queries, publicID)
		if err != nil {
			return err
		}
		d, err := tx.FirstDirector(ctx, q.FirstDirectorParams{Request: publicID, EmailFold: foldEmail(r.Email)})
		if err != nil {
			return db.NotFound(err, "director of request "+publicID)
		}
		if d.JoinedAt != 0 {
			return errs.New(errs.Conflict, "This person has joined already.")
		}
		by.School = School{ID: d.SchoolID, PublicID: d.SchoolPublicID, Slug: d.Slug, Name: d.SchoolName, Lang: d.SchoolLang}
		if err := s.note(ctx, tx, by, "staff.invite again", d.PublicID); err != nil {
			return err
		}
		_, err = s.sendInvitation(ctx, tx, by, d.AccountID, d.ID, d.Email, Director)
		return err
	})
}

// roleName is a role in words, within a mail.
func roleName(ctx context.Context, r Role) string {
	switch r {
	case Director:
		return lang.C(ctx, "role", "director")
	case Care:
		return lang.C(ctx, "role", "care coordinator")
	case Teacher:
		return lang.C(ctx, "role", "teacher")
	}
	return lang.C(ctx, "role", "support centre")
}
