package school

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"brug/internal/auth"
	"brug/internal/db/q"
	"brug/internal/errs"
)

// The kinds of Scope.
const (
	ScopeSchool    = "school"
	ScopeClass     = "class"
	ScopeGroup     = "group"
	ScopeHousehold = "household"
	ScopePupil     = "pupil"
)

// Scope says for which children of the school something is: all, or those of one class, group, household, or one pupil.
type Scope struct {
	Kind     string // one of the Scope constants
	PublicID string // "" for the school
}

// Home is one household as the school may reach it.
type Home struct {
	ID       int64
	PublicID string
	Label    string
	Address  string
	Paused   bool   // the family asked for a rest: nothing goes out
	PageLang string // language that the family chose on its page, "" if none
	Children []Child
	// Guardians are those who may be told of at least one of the Children; empty where nobody may be contacted, and then
	// a paper goes "to the family of".
	Guardians []Guardian
}

// Child is a pupil in a home, with the class of today.
type Child struct {
	ID            int64
	PublicID      string
	Given         string
	Family        string
	ClassID       int64
	ClassPublicID string
	ClassName     string
	Audience      Audience

	fold string
}

// Guardian is somebody in a home who may be contacted.
type Guardian struct {
	ID       int64
	PublicID string
	Name     string
	Relation string // one of Relations, or as typed
	Email    string
	Phone    string   // E.164 where it could be read so
	Lang     string   // preferred, BCP 47; "" not known
	Langs    []string // all that the guardian speaks
	Reading  Reading
	Roads    []string // in order, at least one

	about map[int64]bool // pupil ids
}

// About tells whether the guardian may be told of a child of the home.
func (g Guardian) About(childID int64) bool { return g.about[childID] }

// GuardiansOf are the guardians who may be told of a child.
func (h Home) GuardiansOf(childID int64) []Guardian {
	var out []Guardian
	for _, g := range h.Guardians {
		if g.About(childID) {
			out = append(out, g)
		}
	}
	return out
}

// Lang is the language in which to write to the home: that of the first guardian who has one, else def.
func (h Home) Lang(def string) string { return langOf(h.Guardians, def) }

// LangFor is Lang for what is about one child: of the first guardian who may be told of it.
func (h Home) LangFor(childID int64, def string) string { return langOf(h.GuardiansOf(childID), def) }

func langOf(guardians []Guardian, def string) string {
	for _, g := range guardians {
		if g.Lang != "" {
			return g.Lang
		}
	}
	return def
}

// Homes are the households of the children in scope, each with only those children, sorted by the first child's class
// (2B before 10A), family name and given name. A child with two homes stands in both. Who teaches sees only children
// of the own classes. A home whose every guardian is barred from a child, or may not see what is about it, does not get
// that child. It takes six queries at most, however many homes there are.
//
// NotFound: no such class, group, household or pupil, or none that the actor may see. Forbidden: another teacher's class.
func (s *Service) Homes(ctx context.Context, by auth.Actor, scope Scope) ([]Home, error) {
	if err := by.May(auth.FamiliesSee); err != nil {
		return nil, err
	}
	children, err := s.childrenIn(ctx, by, scope)
	if err != nil || len(children) == 0 {
		return nil, err
	}
	var ids []int64
	for _, c := range children {
		ids = append(ids, c.household)
	}
	slices.Sort(ids)
	households := jsonIDs(slices.Compact(ids))
	school := by.School.ID
	homes, err := s.db.Q().HouseholdsByID(ctx, q.HouseholdsByIDParams{SchoolID: school, Households: households})
	if err != nil {
		return nil, err
	}
	guardians, err := s.db.Q().GuardiansOfHouseholds(ctx, q.GuardiansOfHouseholdsParams{SchoolID: school, Households: households})
	if err != nil {
		return nil, err
	}
	rights, err := s.rightsOf(ctx, school, guardians)
	if err != nil {
		return nil, err
	}
	return buildHomes(homes, children, guardians, rights), nil
}

type childAt struct {
	Child
	household int64
}

func (s *Service) childrenIn(ctx context.Context, by auth.Actor, scope Scope) ([]childAt, error) {
	school := by.School.ID
	var pupils []int64
	var err error
	switch scope.Kind {
	case ScopeSchool:
		rows, err := s.classRows(ctx, by)
		if err != nil {
			return nil, err
		}
		ids := make([]int64, len(rows))
		for i, c := range rows {
			ids[i] = c.ID
		}
		return s.childrenOfClasses(ctx, school, ids)
	case ScopeClass:
		c, err := s.classFor(ctx, by, auth.FamiliesSee, scope.PublicID)
		if err != nil {
			return nil, err
		}
		return s.childrenOfClasses(ctx, school, []int64{c.ID})
	case ScopeGroup:
		if _, err := s.groupRow(ctx, school, scope.PublicID); err != nil {
			return nil, err
		}
		pupils, err = s.db.Q().PupilIDsOfGroup(ctx, q.PupilIDsOfGroupParams{SchoolID: school, PublicID: scope.PublicID})
	case ScopeHousehold:
		pupils, err = s.db.Q().PupilIDsOfHousehold(ctx, q.PupilIDsOfHouseholdParams{SchoolID: school, PublicID: scope.PublicID})
	case ScopePupil:
		var p q.Pupil
		p, err = s.pupilRow(ctx, school, scope.PublicID)
		pupils = []int64{p.ID}
	default:
		return nil, errs.NotFoundf("no scope %q", scope.Kind)
	}
	if err != nil {
		return nil, err
	}
	rows, err := s.db.Q().ChildrenByID(ctx, q.ChildrenByIDParams{SchoolID: school, Pupils: jsonIDs(pupils)})
	if err != nil {
		return nil, err
	}
	var out []childAt
	for _, r := range rows {
		if by.HasClass(r.ClassID) {
			out = append(out, childAt{household: r.HouseholdID, Child: Child{ID: r.ID, PublicID: r.PublicID, Given: r.Given, Family: r.Family,
				ClassID: r.ClassID, ClassPublicID: r.ClassPublicID, ClassName: r.ClassName, Audience: Audience(r.Audience), fold: r.NameFold}})
		}
	}
	if scope.Kind == ScopeHousehold {
		h, err := s.householdRow(ctx, school, scope.PublicID)
		if err != nil {
			return nil, err
		}
		out = slices.DeleteFunc(out, func(c childAt) bool { return c.household != h.ID })
	}
	if len(out) == 0 && scope.Kind != ScopeGroup {
		return nil, errs.NotFoundf("no children of %s %s that the actor may see", scope.Kind, scope.PublicID)
	}
	return out, nil
}

func (s *Service) childrenOfClasses(ctx context.Context, school int64, classes []int64) ([]childAt, error) {
	rows, err := s.db.Q().ChildrenOfClasses(ctx, q.ChildrenOfClassesParams{SchoolID: school, Classes: jsonIDs(classes)})
	if err != nil {
		return nil, err
	}
	out := make([]childAt, len(rows))
	for i, r := range rows {
		out[i] = childAt{household: r.HouseholdID, Child: Child{ID: r.ID, PublicID: r.PublicID, Given: r.Given, Family: r.Family,
			ClassID: r.ClassID, ClassPublicID: r.ClassPublicID, ClassName: r.ClassName, Audience: Audience(r.Audience), fold: r.NameFold}}
	}
	return out, nil
}

// buildHomes brings rows together; the rule about rights is here and nowhere else.
func buildHomes(homes []q.HouseholdsByIDRow, children []childAt, guardians []q.Guardian, rights []q.GuardianRight) []Home {
	right := map[[2]int64]Rights{}
	for _, r := range rights {
		right[[2]int64{r.GuardianID, r.PupilID}] = Rights{See: r.MaySee, Decide: r.MayDecide, Contact: r.MayContact, Barred: r.Barred}.Clean()
	}
	people := map[int64][]q.Guardian{}
	for _, g := range guardians {
		people[g.HouseholdID] = append(people[g.HouseholdID], g)
	}
	living := map[int64][]Child{}
	for _, c := range children {
		living[c.household] = append(living[c.household], c.Child)
	}
	var out []Home
	for _, h := range homes {
		home := Home{ID: h.ID, PublicID: h.PublicID, Label: h.Label, Address: h.Address, Paused: h.PausedAt != 0, PageLang: h.PageLang}
		for _, c := range living[h.ID] {
			sees := func(g q.Guardian) bool { return right[[2]int64{g.ID, c.ID}].See }
			if len(people[h.ID]) == 0 || slices.ContainsFunc(people[h.ID], sees) {
				home.Children = append(home.Children, c)
			}
		}
		if len(home.Children) == 0 {
			continue
		}
		slices.SortFunc(home.Children, compareChildren)
		for _, g := range people[h.ID] {
			about := map[int64]bool{}
			for _, c := range home.Children {
				if right[[2]int64{g.ID, c.ID}].Reached() {
					about[c.ID] = true
				}
			}
			if len(about) > 0 {
				home.Guardians = append(home.Guardians, guardianFrom(g, about))
			}
		}
		out = append(out, home)
	}
	slices.SortFunc(out, func(a, b Home) int {
		return cmp.Or(compareChildren(a.Children[0], b.Children[0]), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func guardianFrom(g q.Guardian, about map[int64]bool) Guardian {
	return Guardian{ID: g.ID, PublicID: g.PublicID, Name: g.Name, Relation: g.Relation, Email: g.Email, Phone: g.Phone,
		Lang: g.Lang, Langs: split(g.Langs), Reading: Reading(g.Reading), Roads: split(g.Roads), about: about}
}

func compareChildren(a, b Child) int {
	return cmp.Or(NaturalCompare(a.ClassName, b.ClassName), strings.Compare(a.fold, b.fold), cmp.Compare(a.ID, b.ID))
}

// jsonIDs is a list of ids as queries take it.
func jsonIDs(ids []int64) string {
	if len(ids) == 0 {
		return "[]"
	}
	b, err := json.Marshal(ids)
	if err != nil {
		panic(err) // a list of numbers
	}
	return string(b)
}
