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
)

// HouseholdView is a home with everybody in it, for the family card.
type HouseholdView struct {
	ID                       int64
	PublicID, Label, Address string
	PageLang                 string
	Paused                   bool
	Ended                    bool
	Version                  int64
	Pupils                   []HomePupil
	Guardians                []Person
	OtherHomes               []OtherHome
}

// HomePupil is a pupil in a home.
type HomePupil struct {
	PupilRow
	Days string // when the pupil is there, in words: "every other week", "Monday to Thursday"
}

// OtherHome is a further home of a pupil of this home.
type OtherHome struct {
	HouseholdRef
	PupilID int64
	Days    string
}

// Household is one home; of its pupils only those that the actor may see. NotFound where there are none of them.
func (s *Service) Household(ctx context.Context, by auth.Actor, publicID string) (HouseholdView, error) {
	h, err := s.householdFor(ctx, by, auth.FamiliesSee, publicID)
	if err != nil {
		return HouseholdView{}, err
	}
	v := HouseholdView{ID: h.ID, PublicID: h.PublicID, Label: h.Label, Address: h.Address, PageLang: h.PageLang,
		Paused: h.PausedAt != 0, Ended: h.EndedAt != 0, Version: h.Version}
	rows, err := s.db.Q().PupilsOfHouseholds(ctx, q.PupilsOfHouseholdsParams{SchoolID: by.School.ID, Households: jsonIDs([]int64{h.ID})})
	if err != nil {
		return v, err
	}
	var ids []int64
	for _, r := range rows {
		if by.AllClasses() || r.ClassID != 0 && by.HasClass(r.ClassID) {
			v.Pupils = append(v.Pupils, HomePupil{PupilRow: pupilInHome(r), Days: r.Days})
			ids = append(ids, r.ID)
		}
	}
	if v.Guardians, err = s.people(ctx, by, []int64{h.ID}); err != nil {
		return v, err
	}
	homes, err := s.db.Q().HouseholdsOfPupils(ctx, q.HouseholdsOfPupilsParams{SchoolID: by.School.ID, Pupils: jsonIDs(ids)})
	if err != nil {
		return v, err
	}
	for _, o := range homes {
		if o.ID != h.ID {
			v.OtherHomes = append(v.OtherHomes, OtherHome{HouseholdRef: HouseholdRef{o.ID, o.PublicID, o.Label, o.Address}, PupilID: o.PupilID, Days: o.Days})
		}
	}
	return v, nil
}

// HouseholdInput is what a person says of a home.
type HouseholdInput struct {
	Label   string
	Address string
	Days    map[string]string // by public id of the pupil
}

// ChangeHousehold changes the name and address of a home and when its pupils are there.
func (s *Service) ChangeHousehold(ctx context.Context, by auth.Actor, publicID string, version int64, in HouseholdInput) error {
	h, err := s.householdFor(ctx, by, auth.FamiliesChange, publicID)
	if err != nil {
		return err
	}
	var c errs.Check
	in = in.clean(&c)
	if err := c.Err(); err != nil {
		return err
	}
	pupils, err := s.visiblePupils(ctx, by, []int64{h.ID})
	if err != nil {
		return err
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		n, err := tx.SetHousehold(ctx, q.SetHouseholdParams{Label: in.Label, Address: in.Address, SchoolID: by.School.ID, ID: h.ID, Version: version})
		if err := lost(n, err); err != nil {
			return err
		}
		for _, p := range pupils {
			if days, named := in.Days[p.PublicID]; named {
				if err := tx.SetDays(ctx, q.SetDaysParams{Days: days, SchoolID: by.School.ID, HouseholdID: h.ID, PupilID: p.ID}); err != nil {
					return err
				}
			}
		}
		return s.note(ctx, tx, by, "households.change", publicID, nil)
	})
}

// NewHome says who begins a further home.
type NewHome struct {
	From      string   // public id of the home that they come from
	Pupils    []string // public ids, at least one
	Guardians []string // public ids of those who live in the new home from now on; may be empty
	Both      bool     // the pupils live in both homes; else in the new one only
	Label     string
	Address   string
	Days      string // when the pupils are in the new home
}

// SplitHome makes a further home out of an existing one: a second home for pupils who live in two, or a home of their own.
// It gives the public id of the new home. At least somebody stays in the old home.
func (s *Service) SplitHome(ctx context.Context, by auth.Actor, in NewHome) (string, error) {
	h, err := s.householdFor(ctx, by, auth.FamiliesChange, in.From)
	if err != nil {
		return "", err
	}
	pupils, err := s.visiblePupils(ctx, by, []int64{h.ID})
	if err != nil {
		return "", err
	}
	guardians, err := s.people(ctx, by, []int64{h.ID})
	if err != nil {
		return "", err
	}
	all, err := s.db.Q().PupilsOfHouseholds(ctx, q.PupilsOfHouseholdsParams{SchoolID: by.School.ID, Households: jsonIDs([]int64{h.ID})})
	if err != nil {
		return "", err
	}
	var c errs.Check
	home := HouseholdInput{Label: in.Label, Address: in.Address, Days: map[string]string{"": in.Days}}.clean(&c)
	var moving, going []int64
	for _, p := range pupils {
		if slices.Contains(in.Pupils, p.PublicID) {
			moving = append(moving, p.ID)
		}
	}
	for _, g := range guardians {
		if slices.Contains(in.Guardians, g.PublicID) {
			going = append(going, g.ID)
		}
	}
	c.That(len(moving) > 0 && len(moving) == len(in.Pupils), "pupils", "Choose at least one child of this home.")
	c.That(len(going) == len(in.Guardians), "guardians", "Choose people of this home.")
	c.That(in.Both || len(moving) < len(all) || len(going) < len(guardians), "pupils", "Somebody has to stay in the old home. To change the address, change the home itself.")
	if err := c.Err(); err != nil {
		return "", err
	}
	public := id.New()
	err = s.change(ctx, by, func(tx *db.Tx) error {
		hid, err := tx.AddHousehold(ctx, q.AddHouseholdParams{PublicID: public, SchoolID: by.School.ID, Label: home.Label, Address: home.Address, CreatedAt: s.ms()})
		if err != nil {
			return err
		}
		for _, p := range moving {
			if err := tx.AddHouseholdPupil(ctx, q.AddHouseholdPupilParams{SchoolID: by.School.ID, HouseholdID: hid, PupilID: p, Days: home.Days[""]}); err != nil {
				return err
			}
		}
		if !in.Both {
			if err := tx.DropHouseholdPupils(ctx, q.DropHouseholdPupilsParams{SchoolID: by.School.ID, HouseholdID: h.ID, Pupils: jsonIDs(moving)}); err != nil {
				return err
			}
		}
		if len(going) > 0 {
			if err := tx.MoveGuardians(ctx, q.MoveGuardiansParams{HouseholdID: hid, SchoolID: by.School.ID, Guardians: jsonIDs(going)}); err != nil {
				return err
			}
		}
		return s.note(ctx, tx, by, "households.split", public, map[string]any{"from": in.From, "both": in.Both})
	})
	return public, err
}

// LinkHome lets a pupil live in a further home that is there already (with a half-brother, say). The guardians of that home
// get no rights about the pupil until somebody gives them.
func (s *Service) LinkHome(ctx context.Context, by auth.Actor, pupil, household, days string) error {
	p, _, err := s.pupilFor(ctx, by, auth.FamiliesChange, pupil)
	if err != nil {
		return err
	}
	h, err := s.householdFor(ctx, by, auth.FamiliesChange, household)
	if err != nil {
		return err
	}
	var c errs.Check
	in := HouseholdInput{Days: map[string]string{"": days}}.clean(&c)
	if err := c.Err(); err != nil {
		return err
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		if err := tx.AddHouseholdPupil(ctx, q.AddHouseholdPupilParams{SchoolID: by.School.ID, HouseholdID: h.ID, PupilID: p.ID, Days: in.Days[""]}); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "households.link", household, map[string]any{"pupil": pupil})
	})
}

// UnlinkHome ends that a pupil lives in a home. A pupil has at least one home: the last one cannot be left.
func (s *Service) UnlinkHome(ctx context.Context, by auth.Actor, pupil, household string) error {
	p, _, err := s.pupilFor(ctx, by, auth.FamiliesChange, pupil)
	if err != nil {
		return err
	}
	h, err := s.householdFor(ctx, by, auth.FamiliesChange, household)
	if err != nil {
		return err
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		homes, err := tx.HouseholdsOfPupils(ctx, q.HouseholdsOfPupilsParams{SchoolID: by.School.ID, Pupils: jsonIDs([]int64{p.ID})})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(homes, func(x q.HouseholdsOfPupilsRow) bool { return x.ID == h.ID }) {
			return errs.NotFoundf("pupil %s does not live in household %s", pupil, household)
		}
		if len(homes) < 2 {
			return errs.Field("household", "This is the only home of the pupil. Add the other home first.")
		}
		if err := tx.DropHouseholdPupils(ctx, q.DropHouseholdPupilsParams{SchoolID: by.School.ID, HouseholdID: h.ID, Pupils: jsonIDs([]int64{p.ID})}); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "households.unlink", household, map[string]any{"pupil": pupil})
	})
}

// JoinHomes makes one home of two: everybody of the second one lives in the first one from now on, and the second one ends.
// Nobody gets rights by it that they did not have.
func (s *Service) JoinHomes(ctx context.Context, by auth.Actor, keep, other string) error {
	a, err := s.householdFor(ctx, by, auth.FamiliesChange, keep)
	if err != nil {
		return err
	}
	b, err := s.householdFor(ctx, by, auth.FamiliesChange, other)
	if err != nil {
		return err
	}
	if a.ID == b.ID {
		return errs.Field("household", "Choose another home than this one.")
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		school := by.School.ID
		if err := tx.CopyHouseholdPupils(ctx, q.CopyHouseholdPupilsParams{SchoolID: school, FromHousehold: b.ID, ToHousehold: a.ID}); err != nil {
			return err
		}
		if err := tx.MoveGuardiansOfHousehold(ctx, q.MoveGuardiansOfHouseholdParams{SchoolID: school, FromHousehold: b.ID, ToHousehold: a.ID}); err != nil {
			return err
		}
		if err := tx.DropPupilsOfHousehold(ctx, q.DropPupilsOfHouseholdParams{SchoolID: school, HouseholdID: b.ID}); err != nil {
			return err
		}
		if err := tx.EndHousehold(ctx, q.EndHouseholdParams{EndedAt: s.ms(), SchoolID: school, ID: b.ID}); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "households.join", keep, map[string]any{"other": other})
	})
}

func (in HouseholdInput) clean(c *errs.Check) HouseholdInput {
	in.Label, in.Address = clean(in.Label), clean(in.Address)
	c.That(utf8.RuneCountInString(in.Label) <= 100, "label", "Use at most {n} characters.", "n", 100)
	c.That(utf8.RuneCountInString(in.Address) <= 300, "address", "Use at most {n} characters.", "n", 300)
	days := map[string]string{}
	for pupil, d := range in.Days {
		days[pupil] = clean(d)
		field := "days"
		if pupil != "" {
			field += "." + pupil
		}
		c.That(utf8.RuneCountInString(days[pupil]) <= 100, field, "Use at most {n} characters.", "n", 100)
	}
	in.Days = days
	return in
}

func (s *Service) householdRow(ctx context.Context, school int64, publicID string) (q.Household, error) {
	h, err := s.db.Q().HouseholdByPublicID(ctx, q.HouseholdByPublicIDParams{SchoolID: school, PublicID: publicID})
	return h, db.NotFound(err, "household "+publicID)
}

// householdFor reads a home that the actor may do p to: who teaches must have one of its children in class.
func (s *Service) householdFor(ctx context.Context, by auth.Actor, p auth.Permission, publicID string) (q.Household, error) {
	if err := by.May(p); err != nil {
		return q.Household{}, err
	}
	h, err := s.householdRow(ctx, by.School.ID, publicID)
	if err != nil {
		return h, err
	}
	if p != auth.FamiliesSee && h.EndedAt != 0 {
		return h, errs.NotFoundf("household %s has ended", publicID)
	}
	if by.AllClasses() {
		return h, nil
	}
	pupils, err := s.visiblePupils(ctx, by, []int64{h.ID})
	if err == nil && len(pupils) == 0 {
		err = errs.NotFoundf("household %s has no child in a class of the actor", publicID)
	}
	return h, err
}

// visiblePupils are the pupils of some homes that the actor may see, each once.
func (s *Service) visiblePupils(ctx context.Context, by auth.Actor, households []int64) ([]PupilRow, error) {
	rows, err := s.db.Q().PupilsOfHouseholds(ctx, q.PupilsOfHouseholdsParams{SchoolID: by.School.ID, Households: jsonIDs(households)})
	if err != nil {
		return nil, err
	}
	var out []PupilRow
	for _, r := range rows {
		if (by.AllClasses() || r.ClassID != 0 && by.HasClass(r.ClassID)) && !slices.ContainsFunc(out, func(p PupilRow) bool { return p.ID == r.ID }) {
			out = append(out, pupilInHome(r))
		}
	}
	return out, nil
}

func pupilInHome(r q.PupilsOfHouseholdsRow) PupilRow {
	return PupilRow{ID: r.ID, PublicID: r.PublicID, Given: r.Given, Family: r.Family, LeftAt: r.LeftAt,
		ClassID: r.ClassID, ClassPublicID: r.ClassPublicID, ClassName: r.ClassName}
}

// HomeChoice is a home to choose, with who lives there.
type HomeChoice struct {
	HouseholdRef
	Pupils []PupilRow // those that the actor may see
	People []string   // names of the guardians
}

// FindHomes finds homes by words of the names of pupils and guardians, at most twenty; and those of also, by public id of a
// pupil, first. Who teaches finds homes of children of the own classes.
func (s *Service) FindHomes(ctx context.Context, by auth.Actor, text string, also ...string) ([]HomeChoice, error) {
	if err := by.May(auth.FamiliesSee); err != nil {
		return nil, err
	}
	var refs []HouseholdRef
	add := func(r HouseholdRef) {
		if !slices.Contains(refs, r) {
			refs = append(refs, r)
		}
	}
	var near []int64
	for _, public := range also {
		p, _, err := s.pupilFor(ctx, by, auth.FamiliesSee, public)
		if err != nil {
			return nil, err
		}
		near = append(near, p.ID)
	}
	homes, err := s.db.Q().HouseholdsOfPupils(ctx, q.HouseholdsOfPupilsParams{SchoolID: by.School.ID, Pupils: jsonIDs(near)})
	if err != nil {
		return nil, err
	}
	for _, h := range homes {
		add(HouseholdRef{h.ID, h.PublicID, h.Label, h.Address})
	}
	if Fold(text) != "" {
		a, b, _ := patterns(text)
		rows, err := s.db.Q().HouseholdsNamed(ctx, q.HouseholdsNamedParams{SchoolID: by.School.ID, Word1: a, Word2: b, Lim: 20})
		if err != nil {
			return nil, err
		}
		for _, h := range rows {
			add(HouseholdRef{h.ID, h.PublicID, h.Label, h.Address})
		}
	}
	ids := make([]int64, len(refs))
	for i, r := range refs {
		ids[i] = r.ID
	}
	pupils, err := s.db.Q().PupilsOfHouseholds(ctx, q.PupilsOfHouseholdsParams{SchoolID: by.School.ID, Households: jsonIDs(ids)})
	if err != nil {
		return nil, err
	}
	people, err := s.db.Q().GuardiansOfHouseholds(ctx, q.GuardiansOfHouseholdsParams{SchoolID: by.School.ID, Households: jsonIDs(ids)})
	if err != nil {
		return nil, err
	}
	var out []HomeChoice
	for _, r := range refs {
		c := HomeChoice{HouseholdRef: r}
		for _, p := range pupils {
			if p.HouseholdID == r.ID && (by.AllClasses() || p.ClassID != 0 && by.HasClass(p.ClassID)) {
				c.Pupils = append(c.Pupils, pupilInHome(p))
			}
		}
		for _, g := range people {
			if g.HouseholdID == r.ID {
				c.People = append(c.People, nameOr(g.Name, g.Email, g.Phone))
			}
		}
		if by.AllClasses() || len(c.Pupils) > 0 {
			out = append(out, c)
		}
	}
	return out, nil
}
