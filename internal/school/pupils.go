package school

import (
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
)

// The states of pupils in a list.
const (
	Here    = "here"
	Left    = "left"
	NoClass = "none" // here, and in no class
)

// PupilFilter says which pupils to list.
type PupilFilter struct {
	Text  string // words of the pupil's or a guardian's name, in any order; accents and cases do not matter
	Class string // public id, "" all
	State string // Here (also for ""), Left or NoClass
	After string // cursor of the page before
	Limit int    // 50 unless set
}

// PupilRow is a pupil in a list.
type PupilRow struct {
	ID                            int64
	PublicID, Given, Family, Born string
	ClassID                       int64
	ClassPublicID, ClassName      string
	LeftAt                        int64 // instant, 0 while here
}

// Name is the given name and the family name.
func (p PupilRow) Name() string { return strings.TrimSpace(p.Given + " " + p.Family) }

// PupilPage is one page of a list; Next is the cursor of the next page, "" at the end.
type PupilPage struct {
	Rows []PupilRow
	Next string
}

// Pupils lists pupils by family name, a page at a time. Who teaches sees those of the own classes, and so nobody who left.
func (s *Service) Pupils(ctx context.Context, by auth.Actor, f PupilFilter) (PupilPage, error) {
	if err := by.May(auth.FamiliesSee); err != nil {
		return PupilPage{}, err
	}
	p := q.PupilPageParams{SchoolID: by.School.ID, State: f.State, AllClasses: by.AllClasses(), Classes: jsonIDs(by.ClassIDs())}
	if p.State == "" {
		p.State = Here
	}
	if f.Class != "" {
		c, err := s.classFor(ctx, by, auth.FamiliesSee, f.Class)
		if err != nil {
			return PupilPage{}, err
		}
		p.ClassID = c.ID
	}
	p.Word1, p.Word2, p.Word3 = patterns(f.Text)
	p.AfterName, p.AfterID = cursorFrom(f.After)
	if f.Limit <= 0 {
		f.Limit = 50
	}
	p.Lim = int64(f.Limit) + 1
	rows, err := s.db.Q().PupilPage(ctx, p)
	if err != nil {
		return PupilPage{}, err
	}
	var page PupilPage
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		last := rows[len(rows)-1]
		page.Next = cursorTo(last.NameFold, last.ID)
	}
	for _, r := range rows {
		page.Rows = append(page.Rows, PupilRow{ID: r.ID, PublicID: r.PublicID, Given: r.Given, Family: r.Family, Born: r.Born,
			ClassID: r.ClassID, ClassPublicID: r.ClassPublicID, ClassName: r.ClassName, LeftAt: r.LeftAt})
	}
	return page, nil
}

// patterns are the first three words of what was typed, for LIKE. Fold leaves letters, digits and spaces only, so none of
// them can be a wildcard.
func patterns(text string) (a, b, c string) {
	out := [3]string{"%", "%", "%"}
	for i, w := range strings.Fields(Fold(text)) {
		if i < len(out) {
			out[i] = "%" + w + "%"
		}
	}
	return out[0], out[1], out[2]
}

func cursorTo(name string, id int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(id, 36) + " " + name))
}

// cursorFrom reads a cursor; a broken one begins at the start.
func cursorFrom(s string) (string, int64) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || !utf8.Valid(b) {
		return "", 0
	}
	num, name, _ := strings.Cut(string(b), " ")
	n, err := strconv.ParseInt(num, 36, 64)
	if err != nil {
		return "", 0
	}
	return name, n
}

// PupilCard is all that stands about one pupil.
type PupilCard struct {
	PupilRow
	Version int64
	Number  string // of the school's own system
	Places  []Place
	Homes   []PupilHome
}

// Place is a class that the pupil is or was in.
type Place struct {
	ClassPublicID, ClassName, Year string
	From, To                       string // days; To is "" for the class of today
}

// PupilHome is one of the pupil's homes with everybody in it, also those who have no rights.
type PupilHome struct {
	PublicID, Label, Address, Days string
	Guardians                      []Person
}

// Person is a guardian with the rights about the pupils that are shown.
type Person struct {
	ID                       int64
	PublicID, Name, Relation string
	Email, Phone, Lang       string
	Langs                    []string
	Reading                  Reading
	Roads                    []Road
	Share                    string
	Version                  int64
	Household                int64
	Rights                   map[int64]Rights // by pupil id; no entry: none
}

// Pupil is one pupil. NotFound also for another teacher's.
func (s *Service) Pupil(ctx context.Context, by auth.Actor, publicID string) (PupilCard, error) {
	row, class, err := s.pupilFor(ctx, by, auth.FamiliesSee, publicID)
	if err != nil {
		return PupilCard{}, err
	}
	card := PupilCard{Version: row.Version, Number: row.ExternalID, PupilRow: PupilRow{ID: row.ID, PublicID: row.PublicID,
		Given: row.Given, Family: row.Family, Born: row.Born, LeftAt: row.LeftAt}}
	if class != nil {
		card.ClassID, card.ClassPublicID, card.ClassName = class.ClassID, class.ClassPublicID, class.ClassName
	}
	places, err := s.db.Q().EnrolmentsOfPupil(ctx, q.EnrolmentsOfPupilParams{SchoolID: by.School.ID, PupilID: row.ID})
	if err != nil {
		return PupilCard{}, err
	}
	for _, e := range places {
		card.Places = append(card.Places, Place{ClassPublicID: e.ClassPublicID, ClassName: e.ClassName, Year: e.Year, From: e.FromDate, To: e.ToDate})
	}
	homes, err := s.db.Q().HouseholdsOfPupils(ctx, q.HouseholdsOfPupilsParams{SchoolID: by.School.ID, Pupils: jsonIDs([]int64{row.ID})})
	if err != nil {
		return PupilCard{}, err
	}
	ids := make([]int64, len(homes))
	for i, h := range homes {
		ids[i] = h.ID
	}
	people, err := s.people(ctx, by, ids)
	if err != nil {
		return PupilCard{}, err
	}
	for _, h := range homes {
		home := PupilHome{PublicID: h.PublicID, Label: h.Label, Address: h.Address, Days: h.Days}
		for _, p := range people {
			if p.Household == h.ID {
				home.Guardians = append(home.Guardians, p)
			}
		}
		card.Homes = append(card.Homes, home)
	}
	return card, nil
}

// PupilInput is what a person says of a pupil.
type PupilInput struct {
	Given, Family string
	Born          string // YYYY-MM-DD, "" unknown
	// The rest counts only when a pupil is added.
	Class     string   // public id
	From      string   // first day in the class; "" today
	Household string   // public id of a home that is there; "" makes a new one
	Address   string   // of a new home
	Guardians []string // public ids of those of that home who get all rights about the pupil
}

// AddPupil adds a pupil to a class, in a home that is there or in a new one, and gives the public ids of both.
// In a home that is there, only the guardians who are named get rights: a step-parent of the one need not be one of the other.
func (s *Service) AddPupil(ctx context.Context, by auth.Actor, in PupilInput) (pupil, household string, err error) {
	if err := by.May(auth.FamiliesChange); err != nil {
		return "", "", err
	}
	in = in.clean()
	var c errs.Check
	in.check(&c, s.Today(by))
	if in.From == "" {
		in.From = s.Today(by)
	}
	c.That(in.Class != "", "class", "Choose a class.")
	if err := s.checkDay(by, "from", in.From); err != nil {
		c.That(false, "from", "Choose today or an earlier day.")
	}
	if err := c.Err(); err != nil {
		return "", "", err
	}
	class, err := s.classFor(ctx, by, auth.FamiliesChange, in.Class)
	if err != nil {
		return "", "", err
	}
	home := q.Household{PublicID: in.Household}
	if in.Household != "" {
		if home, err = s.householdFor(ctx, by, auth.FamiliesChange, in.Household); err != nil {
			return "", "", err
		}
	} else {
		home.PublicID = id.New()
	}
	var guardians []Person
	if len(in.Guardians) > 0 {
		if guardians, err = s.people(ctx, by, []int64{home.ID}); err != nil {
			return "", "", err
		}
	}
	pupil = id.New()
	err = s.change(ctx, by, func(tx *db.Tx) error {
		pid, err := tx.AddPupil(ctx, q.AddPupilParams{PublicID: pupil, SchoolID: by.School.ID, Given: in.Given, Family: in.Family,
			NameFold: FoldName(in.Given, in.Family), Born: in.Born, CreatedAt: s.ms()})
		if err != nil {
			return err
		}
		hid := home.ID
		if hid == 0 {
			hid, err = tx.AddHousehold(ctx, q.AddHouseholdParams{PublicID: home.PublicID, SchoolID: by.School.ID, Address: in.Address, CreatedAt: s.ms()})
			if err != nil {
				return err
			}
		}
		if err := tx.AddHouseholdPupil(ctx, q.AddHouseholdPupilParams{SchoolID: by.School.ID, HouseholdID: hid, PupilID: pid}); err != nil {
			return err
		}
		if err := tx.AddEnrolment(ctx, q.AddEnrolmentParams{SchoolID: by.School.ID, PupilID: pid, ClassID: class.ID, FromDate: in.From}); err != nil {
			return err
		}
		for _, g := range guardians {
			if !slices.Contains(in.Guardians, g.PublicID) {
				continue
			}
			if err := s.setRights(ctx, tx, by, g.ID, map[string]Rights{pupil: AllRights}, []PupilRow{{ID: pid, PublicID: pupil}}); err != nil {
				return err
			}
		}
		return s.note(ctx, tx, by, "pupils.add", pupil, nil)
	})
	return pupil, home.PublicID, err
}

// ChangePupil changes names and date of birth. Conflict: somebody else changed the pupil since version.
func (s *Service) ChangePupil(ctx context.Context, by auth.Actor, publicID string, version int64, in PupilInput) error {
	row, _, err := s.pupilFor(ctx, by, auth.FamiliesChange, publicID)
	if err != nil {
		return err
	}
	in = in.clean()
	var c errs.Check
	in.check(&c, s.Today(by))
	if err := c.Err(); err != nil {
		return err
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		n, err := tx.SetPupil(ctx, q.SetPupilParams{Given: in.Given, Family: in.Family, NameFold: FoldName(in.Given, in.Family),
			Born: in.Born, SchoolID: by.School.ID, ID: row.ID, Version: version})
		if err := lost(n, err); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "pupils.change", publicID, nil)
	})
}

// MovePupil puts a pupil into another class from a day on. The place in the old class ends the day before.
func (s *Service) MovePupil(ctx context.Context, by auth.Actor, publicID, class, day string) error {
	row, now, err := s.pupilFor(ctx, by, auth.FamiliesChange, publicID)
	if err != nil {
		return err
	}
	if row.LeftAt != 0 {
		return errs.Field("class", "This pupil has left the school. Let the pupil come back first.")
	}
	if class == "" {
		return errs.Field("class", "Choose a class.")
	}
	to, err := s.classFor(ctx, by, auth.FamiliesChange, class)
	if err != nil {
		return err
	}
	if now != nil && now.ClassID == to.ID {
		return errs.Field("class", "The pupil is in this class already.")
	}
	if err := s.checkDay(by, "day", day); err != nil {
		return err
	}
	if now != nil && day < now.FromDate {
		return errs.Field("day", "The pupil came into {class} on a later day.", "class", now.ClassName)
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		if err := s.enrol(ctx, tx, by, row.ID, to.ID, day); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "pupils.move", publicID, map[string]any{"class": to.PublicID})
	})
}

// enrol ends the place of today and begins another one. A place that would begin and end on no day at all is dropped.
func (s *Service) enrol(ctx context.Context, tx *db.Tx, by auth.Actor, pupil, class int64, day string) error {
	if err := s.unenrol(ctx, tx, by, pupil, day); err != nil {
		return err
	}
	return tx.AddEnrolment(ctx, q.AddEnrolmentParams{SchoolID: by.School.ID, PupilID: pupil, ClassID: class, FromDate: day})
}

// unenrol ends the place of today on the day before day.
func (s *Service) unenrol(ctx context.Context, tx *db.Tx, by auth.Actor, pupil int64, day string) error {
	ids := jsonIDs([]int64{pupil})
	if err := tx.DropEnrolmentsFrom(ctx, q.DropEnrolmentsFromParams{SchoolID: by.School.ID, Day: day, Pupils: ids}); err != nil {
		return err
	}
	return tx.CloseEnrolments(ctx, q.CloseEnrolmentsParams{ToDate: dayBefore(day), SchoolID: by.School.ID, Pupils: ids})
}

// LeavePupil ends the pupil's time at the school; day is the last day in class. Everything that was stays.
func (s *Service) LeavePupil(ctx context.Context, by auth.Actor, publicID string, version int64, day string) error {
	row, now, err := s.pupilFor(ctx, by, auth.FamiliesChange, publicID)
	if err != nil {
		return err
	}
	if row.LeftAt != 0 {
		return errs.New(errs.Conflict, "This pupil has left already.")
	}
	if err := s.checkDay(by, "day", day); err != nil {
		return err
	}
	if now != nil && day < now.FromDate {
		return errs.Field("day", "The pupil came into {class} on a later day.", "class", now.ClassName)
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		n, err := tx.SetPupilLeft(ctx, q.SetPupilLeftParams{LeftAt: s.ms(), SchoolID: by.School.ID, ID: row.ID, Version: version})
		if err := lost(n, err); err != nil {
			return err
		}
		if err := s.unenrol(ctx, tx, by, row.ID, dayAfter(day)); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "pupils.leave", publicID, nil)
	})
}

// ReturnPupil brings a pupil who left back into a class. Homes and guardians are as they were.
func (s *Service) ReturnPupil(ctx context.Context, by auth.Actor, publicID string, version int64, class, day string) error {
	row, _, err := s.pupilFor(ctx, by, auth.FamiliesChange, publicID)
	if err != nil {
		return err
	}
	if row.LeftAt == 0 {
		return errs.New(errs.Conflict, "This pupil is here already.")
	}
	if class == "" {
		return errs.Field("class", "Choose a class.")
	}
	to, err := s.classFor(ctx, by, auth.FamiliesChange, class)
	if err != nil {
		return err
	}
	if err := s.checkDay(by, "day", day); err != nil {
		return err
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		n, err := tx.SetPupilLeft(ctx, q.SetPupilLeftParams{SchoolID: by.School.ID, ID: row.ID, Version: version})
		if err := lost(n, err); err != nil {
			return err
		}
		if err := s.enrol(ctx, tx, by, row.ID, to.ID, day); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "pupils.return", publicID, nil)
	})
}

func (in PupilInput) clean() PupilInput {
	in.Given, in.Family, in.Address = clean(in.Given), clean(in.Family), clean(in.Address)
	return in
}

func (in PupilInput) check(c *errs.Check, today string) {
	c.That(in.Given != "", "given", "Write the given name.")
	for field, v := range map[string]string{"given": in.Given, "family": in.Family} {
		c.That(utf8.RuneCountInString(v) <= 100, field, "Use at most {n} characters.", "n", 100)
	}
	if in.Born != "" {
		_, err := time.Parse(time.DateOnly, in.Born)
		c.That(err == nil, "born", "Write the date of birth as a day, month and year.")
		c.That(err != nil || in.Born <= today, "born", "The date of birth is in the future.")
		c.That(err != nil || in.Born >= "1920", "born", "The date of birth is too long ago.")
	}
	c.That(utf8.RuneCountInString(in.Address) <= 300, "address", "Use at most {n} characters.", "n", 300)
}

func dayAfter(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

func (s *Service) pupilRow(ctx context.Context, school int64, publicID string) (q.Pupil, error) {
	p, err := s.db.Q().PupilByPublicID(ctx, q.PupilByPublicIDParams{SchoolID: school, PublicID: publicID})
	return p, db.NotFound(err, "pupil "+publicID)
}

// pupilFor reads a pupil that the actor may do p to, with the place of today (nil: in no class). Another teacher's pupil
// is not found: that a child is at the school is already something to know.
func (s *Service) pupilFor(ctx context.Context, by auth.Actor, p auth.Permission, publicID string) (q.Pupil, *q.EnrolmentsOfPupilRow, error) {
	if err := by.May(p); err != nil {
		return q.Pupil{}, nil, err
	}
	row, err := s.pupilRow(ctx, by.School.ID, publicID)
	if err != nil {
		return q.Pupil{}, nil, err
	}
	places, err := s.db.Q().EnrolmentsOfPupil(ctx, q.EnrolmentsOfPupilParams{SchoolID: by.School.ID, PupilID: row.ID})
	if err != nil {
		return q.Pupil{}, nil, err
	}
	var now *q.EnrolmentsOfPupilRow
	if i := slices.IndexFunc(places, func(e q.EnrolmentsOfPupilRow) bool { return e.ToDate == "" }); i >= 0 {
		now = &places[i]
	}
	if !by.AllClasses() && (now == nil || !by.HasClass(now.ClassID)) {
		return q.Pupil{}, nil, errs.NotFoundf("pupil %s is in no class of the actor", publicID)
	}
	return row, now, nil
}
