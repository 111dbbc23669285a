package contact

import (
	"context"
	"encoding/json"
	"errors"
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
	"brug/internal/school"
	"brug/internal/secret"
)

// Config is what the service is made of.
type Config struct {
	DB     *db.DB
	School *school.Service
	Auth   *auth.Service // for throttling wrong codes
	Keys   *secret.Keys  // makes the secrets of personal links, seals the lines of talks
	Now    func() time.Time
}

// Service has the operations on codes, answers and the ledger.
type Service struct{ Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

func millis(t time.Time) int64 { return t.UnixMilli() }

func instant(ms int64) time.Time { return time.UnixMilli(ms) }

// list is ids as the JSON that queries take for "in".
func list(ids []int64) string {
	if len(ids) == 0 {
		return "[]"
	}
	b, err := json.Marshal(ids)
	if err != nil {
		panic(err) // numbers can always be written
	}
	return string(b)
}

type contactRow struct {
	PublicID    string `json:"public_id"`
	HouseholdID int64  `json:"household_id"`
	PupilID     int64  `json:"pupil_id"`
	GuardianID  int64  `json:"guardian_id"`
	Area        string `json:"area"`
	Ref         string `json:"ref"`
	Road        Road   `json:"road"`
	Direction   string `json:"direction"`
	Stage       Stage  `json:"stage"`
	Tone        Tone   `json:"tone"`
	AccountID   int64  `json:"account_id"`
	At          int64  `json:"at"`
	Lang        string `json:"lang"`
	About       About  `json:"about"`
	Note        string `json:"note"`
}

// Log writes entries into the ledger of a school within the caller's transaction, and keeps what coverage reads (marks,
// reached), in a handful of statements however many entries there are. The caller has checked the permission and writes the
// journal. It returns the public ids of the entries, in their order.
func (s *Service) Log(ctx context.Context, tx *db.Tx, schoolID int64, entries []Entry) ([]string, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	rows := make([]contactRow, len(entries))
	ids := make([]string, len(entries))
	entries, now := slices.Clone(entries), s.Now()
	for i, e := range entries {
		ids[i] = id.New()
		if e.At.IsZero() {
			e.At = now
			entries[i] = e
		}
		note, err := s.sealNote(ctx, tx, schoolID, ids[i], e.Note)
		if err != nil {
			return nil, err
		}
		rows[i] = contactRow{ids[i], e.HouseholdID, e.PupilID, e.GuardianID, e.Area, e.Ref, e.Road, string(e.Direction), e.Stage, e.Tone, e.AccountID, millis(e.At), e.Lang, e.About, note}
	}
	if err := addContacts(ctx, tx, schoolID, rows); err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return ids, s.tally(ctx, tx, schoolID, entries)
}

// Talk is a call or a talk that a person had, or tried to have, with a family.
type Talk struct {
	Household string // public id
	Pupil     string // public id of the child it was about; "" for the whole family
	Guardian  string // public id of the person who was talked to; "" if not said
	Road      Road   // Call, Gate, Interpreter or HomeVisit
	Reached   bool   // false: tried, nobody there
	Theirs    bool   // the family began it
	Tone      Tone   // "" if not said
	About     About  // "" if not said
	Note      string // a line, kept sealed; see Note for reading it
}

// MaxNote is the longest line with a talk, in characters.
const MaxNote = 500

// LogTalk writes a talk into the ledger and settles what waited for it: an open "call me" or question of that family is
// handled when the family was reached. It returns the entry's public id, for taking it back.
func (s *Service) LogTalk(ctx context.Context, by auth.Actor, t Talk) (string, error) {
	if err := by.May(auth.ContactLog); err != nil {
		return "", err
	}
	var c errs.Check
	c.That(t.Road == Call || t.Road == Gate || t.Road == Interpreter || t.Road == HomeVisit, "road", "Choose how you talked.")
	c.That(t.Tone == "" || t.Tone == Positive || t.Tone == Neutral || t.Tone == Worry, "tone", "Choose one of the three.")
	c.That(t.About == "" || t.About == Logistics || t.About == Learning, "about", "Choose what it was about.")
	note := strings.TrimSpace(strings.ReplaceAll(t.Note, "\r\n", "\n"))
	c.That(len([]rune(note)) <= MaxNote, "note", "This text is too long. Write at most {max} letters.", "max", MaxNote)
	if err := c.Err(); err != nil {
		return "", err
	}
	home, child, err := s.homeFor(ctx, by, t.Household, t.Pupil)
	if err != nil {
		return "", err
	}
	now := s.Now()
	e := Entry{HouseholdID: home.ID, PupilID: child, Area: AreaTalk, Road: t.Road, Direction: Out, Stage: Tried, Tone: t.Tone, AccountID: by.AccountID, At: now, About: t.About, Note: note}
	if t.Reached {
		e.Stage = Answered
	}
	if t.Theirs {
		e.Direction = In
	}
	if t.Guardian != "" {
		i := slices.IndexFunc(home.Guardians, func(g school.Guardian) bool { return g.PublicID == t.Guardian })
		if i < 0 {
			return "", errs.NotFoundf("guardian %s in household %s", t.Guardian, t.Household)
		}
		e.GuardianID, e.Lang = home.Guardians[i].ID, home.Guardians[i].Lang
	}
	var ref string
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		ids, err := s.Log(ctx, tx, by.School.ID, []Entry{e})
		if err != nil {
			return err
		}
		ref = ids[0]
		if t.Reached {
			if err := tx.SettleAnswers(ctx, q.SettleAnswersParams{SchoolID: by.School.ID, HouseholdID: home.ID, Pupils: list(childIDs(home)),
				HandledAt: millis(now), HandledBy: nullID(by.AccountID), HandledHow: string(t.Road)}); err != nil {
				return fmt.Errorf("settle answers: %w", err)
			}
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "contact.log", Area: "contact", Ref: ref,
			Detail: map[string]string{"road": string(t.Road), "stage": string(e.Stage)}})
	})
	return ref, err
}

// sealNote is the line of an entry as it is kept.
func (s *Service) sealNote(ctx context.Context, tx *db.Tx, schoolID int64, publicID, note string) (string, error) {
	if note == "" {
		return "", nil
	}
	if s.Keys == nil {
		return "", errors.New("contact: a line with a talk needs the key of the installation")
	}
	return s.Keys.Seal(ctx, tx, schoolID, "contacts/"+publicID, note)
}

// Note reads the line that a colleague wrote with a talk; who looks is written into the journal. NotFound: no such contact,
// no line, or about a child that the actor may not see.
func (s *Service) Note(ctx context.Context, by auth.Actor, publicID string) (string, error) {
	if err := by.May(auth.ContactSee); err != nil {
		return "", err
	}
	c, err := s.DB.Q().ContactByPublicID(ctx, q.ContactByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return "", db.NotFound(err, "contact with a line")
	}
	home, err := s.homeByID(ctx, by, c.HouseholdID)
	if err != nil {
		return "", err
	}
	if c.PupilID.Valid && !slices.Contains(childIDs(home), c.PupilID.Int64) || c.Note == "" || s.Keys == nil {
		return "", errs.NotFoundf("line of contact %s", publicID)
	}
	text, err := s.Keys.Unseal(ctx, s.DB.Q(), by.School.ID, "contacts/"+publicID, c.Note)
	if err != nil {
		return "", err
	}
	return text, s.DB.Write(ctx, func(tx *db.Tx) error {
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "contact.note", Area: "contact", Ref: publicID})
	})
}

// TakeBack corrects an entry that a person made by mistake: a later entry says so, the first one stays in the ledger.
// Answers that the entry settled wait again: somebody who asked for a call must not be forgotten because a button was
// tapped on the wrong line. Only what staff logged can be taken back, and only once (Conflict). NotFound for what is
// about a child that the actor may not see.
func (s *Service) TakeBack(ctx context.Context, by auth.Actor, publicID string) error {
	c, err := s.mayTakeBack(ctx, by, publicID)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.takeBack(ctx, tx, by, c) })
}

// TakeBackWith is TakeBack with something else in the same transaction.
func (s *Service) TakeBackWith(ctx context.Context, by auth.Actor, publicID string, more func(tx *db.Tx) error) error {
	c, err := s.mayTakeBack(ctx, by, publicID)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.takeBack(ctx, tx, by, c); err != nil {
			return err
		}
		return more(tx)
	})
}

// mayTakeBack reads the entry. It stands before the transaction, which must not wait for a second connection.
func (s *Service) mayTakeBack(ctx context.Context, by auth.Actor, publicID string) (q.Contact, error) {
	if err := by.May(auth.ContactLog); err != nil {
		return q.Contact{}, err
	}
	c, err := s.DB.Q().ContactByPublicID(ctx, q.ContactByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return c, db.NotFound(err, "contact to take back")
	}
	home, err := s.homeByID(ctx, by, c.HouseholdID)
	if err != nil {
		return c, err
	}
	if c.PupilID.Valid && !slices.Contains(childIDs(home), c.PupilID.Int64) {
		return c, errs.NotFoundf("contact %s is about a child of another class", publicID)
	}
	if !c.AccountID.Valid || c.Corrects.Valid || c.Direction != string(Out) && c.Area != AreaTalk {
		return c, errs.Forbiddenf("contact %s was not logged by staff", publicID)
	}
	return c, nil
}

func (s *Service) takeBack(ctx context.Context, tx *db.Tx, by auth.Actor, c q.Contact) error {
	err := tx.AddCorrection(ctx, q.AddCorrectionParams{SchoolID: by.School.ID, ID: c.ID, PublicID: id.New(), AccountID: nullID(by.AccountID), At: millis(s.Now())})
	if db.Duplicate(err) { // a contact has one correction at most: the database says who came second
		return errs.New(errs.Conflict, "This was taken back already.")
	}
	if err != nil {
		return fmt.Errorf("take back: %w", err)
	}
	if err := s.untally(ctx, tx, by.School.ID, c); err != nil {
		return err
	}
	if Stage(c.Stage) == Answered {
		if err := tx.ReopenAnswers(ctx, q.ReopenAnswersParams{SchoolID: by.School.ID, HouseholdID: c.HouseholdID, HandledAt: c.At, HandledBy: c.AccountID, HandledHow: c.Road}); err != nil {
			return fmt.Errorf("reopen answers: %w", err)
		}
	}
	return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "contact.takeBack", Area: "contact", Ref: c.PublicID})
}

// homeFor finds a household as the actor may see it, and the child in it.
func (s *Service) homeFor(ctx context.Context, by auth.Actor, household, pupil string) (school.Home, int64, error) {
	homes, err := s.School.Homes(ctx, by, school.Scope{Kind: "household", PublicID: household})
	if err != nil {
		return school.Home{}, 0, err
	}
	if len(homes) == 0 || len(homes[0].Children) == 0 {
		return school.Home{}, 0, errs.NotFoundf("household %s", household)
	}
	if pupil == "" {
		return homes[0], 0, nil
	}
	for _, c := range homes[0].Children {
		if c.PublicID == pupil {
			return homes[0], c.ID, nil
		}
	}
	return school.Home{}, 0, errs.NotFoundf("pupil %s in household %s", pupil, household)
}

func (s *Service) homeByID(ctx context.Context, by auth.Actor, householdID int64) (school.Home, error) {
	publicID, err := s.DB.Q().HouseholdPublicID(ctx, q.HouseholdPublicIDParams{SchoolID: by.School.ID, ID: householdID})
	if err != nil {
		return school.Home{}, db.NotFound(err, "household")
	}
	home, _, err := s.homeFor(ctx, by, publicID, "")
	return home, err
}

func childIDs(h school.Home) []int64 {
	ids := make([]int64, len(h.Children))
	for i, c := range h.Children {
		ids[i] = c.ID
	}
	return ids
}
