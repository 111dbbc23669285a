package school

import (
	"context"
	"slices"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/lang"
	"brug/internal/roster"
)

// GuardianInput is what a person says of a guardian.
type GuardianInput struct {
	Name     string
	Relation string // one of Relations, or words of one's own
	Email    string
	Phone    string
	Lang     string   // preferred, BCP 47; "": not known yet
	Langs    []string // all of them; the preferred one is added
	Reading  Reading
	Roads    []Road            // in order; at least one
	Share    string            // what was agreed about sharing, in words
	Rights   map[string]Rights // by public id of the pupil; pupils that are not named keep what they have
}

// GuardianCard is one guardian with the pupils of the home, for the form.
type GuardianCard struct {
	Person
	Household HouseholdRef
	Pupils    []PupilRow // those that the actor may see: of the home, and others that the guardian has rights about
	Ended     bool
}

// HouseholdRef is a household in a line.
type HouseholdRef struct {
	ID                       int64
	PublicID, Label, Address string
}

// Guardian is one guardian. NotFound also for the families of other teachers.
func (s *Service) Guardian(ctx context.Context, by auth.Actor, publicID string) (GuardianCard, error) {
	g, h, pupils, err := s.guardianFor(ctx, by, auth.FamiliesSee, publicID)
	if err != nil {
		return GuardianCard{}, err
	}
	rights, err := s.db.Q().RightsOfGuardian(ctx, q.RightsOfGuardianParams{SchoolID: by.School.ID, GuardianID: g.ID})
	if err != nil {
		return GuardianCard{}, err
	}
	return GuardianCard{Person: personFrom(g, rights), Household: HouseholdRef{h.ID, h.PublicID, h.Label, h.Address},
		Pupils: pupils, Ended: g.EndedAt != 0}, nil
}

// AddGuardian adds somebody to a home and gives the public id.
func (s *Service) AddGuardian(ctx context.Context, by auth.Actor, household string, in GuardianInput) (string, error) {
	h, err := s.householdFor(ctx, by, auth.FamiliesChange, household)
	if err != nil {
		return "", err
	}
	in, err = in.clean()
	if err != nil {
		return "", err
	}
	pupils, err := s.visiblePupils(ctx, by, []int64{h.ID})
	if err != nil {
		return "", err
	}
	public := id.New()
	err = s.change(ctx, by, func(tx *db.Tx) error {
		_, err := s.addGuardian(ctx, tx, by, public, h.ID, in, pupils)
		if err != nil {
			return err
		}
		return s.note(ctx, tx, by, "guardians.add", public, nil)
	})
	return public, err
}

func (s *Service) addGuardian(ctx context.Context, tx *db.Tx, by auth.Actor, public string, household int64, in GuardianInput, pupils []PupilRow) (int64, error) {
	pos, err := tx.NextPosition(ctx, q.NextPositionParams{SchoolID: by.School.ID, HouseholdID: household})
	if err != nil {
		return 0, err
	}
	gid, err := tx.AddGuardian(ctx, q.AddGuardianParams{PublicID: public, SchoolID: by.School.ID, HouseholdID: household,
		Name: in.Name, NameFold: Fold(in.Name), Relation: in.Relation, Email: in.Email, Phone: in.Phone, Lang: in.Lang,
		Langs: join(in.Langs), Reading: string(in.Reading), Roads: roadsIn(in.Roads), Share: in.Share, Position: pos, CreatedAt: s.ms()})
	if err != nil {
		return 0, err
	}
	return gid, s.setRights(ctx, tx, by, gid, in.Rights, pupils)
}

// setRights writes the rights about the pupils of one family: a handful of rows.
func (s *Service) setRights(ctx context.Context, tx *db.Tx, by auth.Actor, guardian int64, rights map[string]Rights, pupils []PupilRow) error {
	for _, p := range pupils {
		r, named := rights[p.PublicID]
		if !named {
			continue
		}
		r = r.Clean()
		err := tx.SetRights(ctx, q.SetRightsParams{SchoolID: by.School.ID, GuardianID: guardian, PupilID: p.ID,
			MaySee: r.See, MayDecide: r.Decide, MayContact: r.Contact, Barred: r.Barred})
		if err != nil {
			return err
		}
	}
	return nil
}

// ChangeGuardian changes everything about a guardian but the home. Conflict: somebody else changed the guardian since version.
func (s *Service) ChangeGuardian(ctx context.Context, by auth.Actor, publicID string, version int64, in GuardianInput) error {
	g, _, pupils, err := s.guardianFor(ctx, by, auth.FamiliesChange, publicID)
	if err != nil {
		return err
	}
	in, err = in.clean()
	if err != nil {
		return err
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		n, err := tx.SetGuardian(ctx, q.SetGuardianParams{Name: in.Name, NameFold: Fold(in.Name), Relation: in.Relation,
			Email: in.Email, Phone: in.Phone, Lang: in.Lang, Langs: join(in.Langs), Reading: string(in.Reading),
			Roads: roadsIn(in.Roads), Share: in.Share, SchoolID: by.School.ID, ID: g.ID, Version: version})
		if err := lost(n, err); err != nil {
			return err
		}
		if err := s.setRights(ctx, tx, by, g.ID, in.Rights, pupils); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "guardians.change", publicID, map[string]any{"rights": len(in.Rights)})
	})
}

// EndGuardian ends that somebody raises pupils of this school: nothing goes to them any more, and the history stays.
func (s *Service) EndGuardian(ctx context.Context, by auth.Actor, publicID string, version int64) error {
	g, _, _, err := s.guardianFor(ctx, by, auth.FamiliesChange, publicID)
	if err != nil {
		return err
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		n, err := tx.EndGuardian(ctx, q.EndGuardianParams{EndedAt: s.ms(), SchoolID: by.School.ID, ID: g.ID, Version: version})
		if err := lost(n, err); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "guardians.end", publicID, nil)
	})
}

// MoveGuardian puts somebody into another home. Rights about pupils stay as they are; about pupils of the new home that
// the guardian had nothing to do with there are none until somebody gives them. A later import does not undo it.
func (s *Service) MoveGuardian(ctx context.Context, by auth.Actor, publicID, household string) error {
	g, from, _, err := s.guardianFor(ctx, by, auth.FamiliesChange, publicID)
	if err != nil {
		return err
	}
	to, err := s.householdFor(ctx, by, auth.FamiliesChange, household)
	if err != nil {
		return err
	}
	if to.ID == from.ID {
		return errs.Field("household", "This person lives there already.")
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		if err := tx.MoveGuardians(ctx, q.MoveGuardiansParams{HouseholdID: to.ID, SchoolID: by.School.ID, Guardians: jsonIDs([]int64{g.ID})}); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "guardians.move", publicID, map[string]any{"household": to.PublicID})
	})
}

// clean checks what a person said of a guardian and brings it into the form that is stored.
func (in GuardianInput) clean() (GuardianInput, error) {
	var c errs.Check
	in.Name, in.Relation, in.Share = clean(in.Name), clean(in.Relation), clean(in.Share)
	c.That(in.Name != "", "name", "Write the name.")
	c.That(utf8.RuneCountInString(in.Name) <= 150, "name", "Use at most {n} characters.", "n", 150)
	c.That(utf8.RuneCountInString(in.Relation) <= 60, "relation", "Use at most {n} characters.", "n", 60)
	c.That(utf8.RuneCountInString(in.Share) <= 500, "share", "Use at most {n} characters.", "n", 500)
	if in.Email = clean(in.Email); in.Email != "" {
		address, ok := roster.ParseEmail(in.Email)
		if c.That(ok, "email", "This is not an e-mail address. It looks like name@example.org.") {
			in.Email = address
		}
	}
	if in.Phone = clean(in.Phone); in.Phone != "" {
		number, ok := roster.ParsePhone(in.Phone)
		if c.That(ok, "phone", "This is not a whole phone number. Write it with the area code, or with + and the country.") {
			in.Phone = number
		}
	}
	var tags []string
	for _, t := range append([]string{in.Lang}, in.Langs...) {
		if t == "" {
			continue
		}
		tag := lang.Canonical(t)
		if !c.That(tag != "", "langs", "“{tag}” is not the short name of a language.", "tag", t) {
			continue
		}
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	in.Langs = tags
	if in.Lang != "" && len(tags) > 0 {
		in.Lang = tags[0]
	} else if len(tags) == 1 {
		in.Lang = tags[0]
	}
	if in.Reading == "" {
		in.Reading = ReadsWell
	}
	c.That(slices.Contains(Readings, in.Reading), "reading", "Choose how this person reads.")
	var roads []Road
	for _, r := range in.Roads {
		if c.That(slices.Contains(AllRoads, r), "roads", "Choose roads from the list.") && !slices.Contains(roads, r) {
			roads = append(roads, r)
		}
	}
	in.Roads = roads
	c.That(len(roads) > 0, "roads", "Choose at least one road.")
	c.That(!slices.Contains(roads, Mail) || in.Email != "", "email", "To reach this person by e-mail, write the address.")
	c.That(!slices.Contains(roads, SMS) && !slices.Contains(roads, Call) || in.Phone != "", "phone", "To reach this person by SMS or phone, write the number.")
	return in, c.Err()
}

func roadsIn(roads []Road) string {
	words := make([]string, len(roads))
	for i, r := range roads {
		words[i] = string(r)
	}
	return join(words)
}

func roadsFrom(s string) []Road {
	var out []Road
	for _, w := range split(s) {
		out = append(out, Road(w))
	}
	return out
}

func personFrom(g q.Guardian, rights []q.GuardianRight) Person {
	p := Person{ID: g.ID, PublicID: g.PublicID, Name: g.Name, Relation: g.Relation, Email: g.Email, Phone: g.Phone, Lang: g.Lang,
		Langs: split(g.Langs), Reading: Reading(g.Reading), Roads: roadsFrom(g.Roads), Share: g.Share, Version: g.Version,
		Household: g.HouseholdID, Rights: map[int64]Rights{}}
	for _, r := range rights {
		if r.GuardianID == g.ID {
			p.Rights[r.PupilID] = Rights{See: r.MaySee, Decide: r.MayDecide, Contact: r.MayContact, Barred: r.Barred}.Clean()
		}
	}
	return p
}

// people are the guardians of some households, in order, with their rights.
func (s *Service) people(ctx context.Context, by auth.Actor, households []int64) ([]Person, error) {
	ids := jsonIDs(households)
	guardians, err := s.db.Q().GuardiansOfHouseholds(ctx, q.GuardiansOfHouseholdsParams{SchoolID: by.School.ID, Households: ids})
	if err != nil {
		return nil, err
	}
	rights, err := s.rightsOf(ctx, by.School.ID, guardians)
	if err != nil {
		return nil, err
	}
	out := make([]Person, len(guardians))
	for i, g := range guardians {
		out[i] = personFrom(g, rights)
	}
	return out, nil
}

func (s *Service) rightsOf(ctx context.Context, school int64, guardians []q.Guardian) ([]q.GuardianRight, error) {
	ids := make([]int64, len(guardians))
	for i, g := range guardians {
		ids[i] = g.ID
	}
	return s.db.Q().RightsOfGuardians(ctx, q.RightsOfGuardiansParams{SchoolID: school, Guardians: jsonIDs(ids)})
}

// guardianFor reads a guardian with the home and the pupils that the actor may see: those of the home, and those the
// guardian has rights about elsewhere. Who teaches none of them does not find the guardian.
func (s *Service) guardianFor(ctx context.Context, by auth.Actor, p auth.Permission, publicID string) (q.Guardian, q.Household, []PupilRow, error) {
	fail := func(err error) (q.Guardian, q.Household, []PupilRow, error) {
		return q.Guardian{}, q.Household{}, nil, err
	}
	if err := by.May(p); err != nil {
		return fail(err)
	}
	g, err := s.db.Q().GuardianByPublicID(ctx, q.GuardianByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return fail(db.NotFound(err, "guardian "+publicID))
	}
	h, err := s.db.Q().HouseholdByID(ctx, q.HouseholdByIDParams{SchoolID: by.School.ID, ID: g.HouseholdID})
	if err != nil {
		return fail(err)
	}
	pupils, err := s.visiblePupils(ctx, by, []int64{h.ID})
	if err != nil {
		return fail(err)
	}
	others, err := s.db.Q().PupilsOfGuardian(ctx, q.PupilsOfGuardianParams{SchoolID: by.School.ID, GuardianID: g.ID})
	if err != nil {
		return fail(err)
	}
	for _, o := range others {
		known := slices.ContainsFunc(pupils, func(p PupilRow) bool { return p.ID == o.ID })
		if !known && (by.AllClasses() || o.ClassID != 0 && by.HasClass(o.ClassID)) {
			pupils = append(pupils, PupilRow{ID: o.ID, PublicID: o.PublicID, Given: o.Given, Family: o.Family, LeftAt: o.LeftAt,
				ClassID: o.ClassID, ClassPublicID: o.ClassPublicID, ClassName: o.ClassName})
		}
	}
	if len(pupils) == 0 && !by.AllClasses() {
		return fail(errs.NotFoundf("guardian %s has no child in a class of the actor", publicID))
	}
	return g, h, pupils, nil
}
