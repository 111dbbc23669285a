package school

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
)

// ClassRow is a class with what stands beside it in a list.
type ClassRow struct {
	ID         int64
	PublicID   string
	Year       string // "2026-2027"
	Name       string
	Audience   Audience
	Version    int64
	Pupils     int
	Households int
	Teachers   []string // names
}

// ClassInput is what a person says of a class.
type ClassInput struct {
	Name     string
	Year     string
	Audience Audience // "": guess it from the name
}

// Classes are the classes of today, a teacher's own ones or all of them, in natural order of their names (K3, 1A, 2B, 10A).
func (s *Service) Classes(ctx context.Context, by auth.Actor) ([]ClassRow, error) {
	if err := by.May(auth.SchoolSee); err != nil {
		return nil, err
	}
	rows, err := s.classRows(ctx, by)
	if err != nil {
		return nil, err
	}
	return s.classesWith(ctx, by, rows)
}

// Class is one class of today. NotFound: none, or it has ended. Forbidden: another teacher's.
func (s *Service) Class(ctx context.Context, by auth.Actor, publicID string) (ClassRow, error) {
	c, err := s.classFor(ctx, by, auth.SchoolSee, publicID)
	if err != nil {
		return ClassRow{}, err
	}
	rows, err := s.classesWith(ctx, by, []q.ClassRowsRow{{ID: c.ID, PublicID: c.PublicID, Year: c.Year, Name: c.Name, Audience: c.Audience, Version: c.Version}})
	if err != nil {
		return ClassRow{}, err
	}
	return rows[0], nil
}

// classesWith adds counts and teachers: three queries, however many classes.
func (s *Service) classesWith(ctx context.Context, by auth.Actor, rows []q.ClassRowsRow) ([]ClassRow, error) {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	list := jsonIDs(ids)
	pupils, err := s.db.Q().PupilCounts(ctx, q.PupilCountsParams{SchoolID: by.School.ID, Classes: list})
	if err != nil {
		return nil, err
	}
	homes, err := s.db.Q().HouseholdCounts(ctx, q.HouseholdCountsParams{SchoolID: by.School.ID, Classes: list})
	if err != nil {
		return nil, err
	}
	teachers, err := s.db.Q().TeachersOfClasses(ctx, by.School.ID)
	if err != nil {
		return nil, err
	}
	out := make([]ClassRow, len(rows))
	at := map[int64]*ClassRow{}
	for i, r := range rows {
		out[i] = ClassRow{ID: r.ID, PublicID: r.PublicID, Year: r.Year, Name: r.Name, Audience: Audience(r.Audience), Version: r.Version}
		at[r.ID] = &out[i]
	}
	for _, n := range pupils {
		at[n.ClassID].Pupils = int(n.Pupils)
	}
	for _, n := range homes {
		at[n.ClassID].Households = int(n.Homes)
	}
	for _, t := range teachers {
		if c := at[t.ClassID]; c != nil {
			c.Teachers = append(c.Teachers, t.Name)
		}
	}
	return out, nil
}

// AddClass makes a class and gives its public id.
func (s *Service) AddClass(ctx context.Context, by auth.Actor, in ClassInput) (string, error) {
	if err := by.May(auth.SchoolChange); err != nil {
		return "", err
	}
	in = s.cleanClass(by, in)
	if err := in.check(s.years(by)); err != nil {
		return "", err
	}
	public := id.New()
	err := s.change(ctx, by, func(tx *db.Tx) error {
		if err := classNameFree(ctx, tx, by.School.ID, 0, in); err != nil {
			return err
		}
		_, err := tx.AddClass(ctx, q.AddClassParams{PublicID: public, SchoolID: by.School.ID, Year: in.Year, Name: in.Name,
			NameFold: Fold(in.Name), Audience: string(in.Audience), CreatedAt: s.ms()})
		if err != nil {
			return err
		}
		return s.note(ctx, tx, by, "classes.add", public, nil)
	})
	return public, err
}

// ChangeClass changes name, year and audience. Conflict: somebody else changed it since version.
func (s *Service) ChangeClass(ctx context.Context, by auth.Actor, publicID string, version int64, in ClassInput) error {
	c, err := s.classFor(ctx, by, auth.SchoolChange, publicID)
	if err != nil {
		return err
	}
	in = s.cleanClass(by, in)
	if err := in.check(append(s.years(by), c.Year)); err != nil {
		return err
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		if err := classNameFree(ctx, tx, by.School.ID, c.ID, in); err != nil {
			return err
		}
		n, err := tx.SetClass(ctx, q.SetClassParams{Year: in.Year, Name: in.Name, NameFold: Fold(in.Name), Audience: string(in.Audience),
			SchoolID: by.School.ID, ID: c.ID, Version: version})
		if err := lost(n, err); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "classes.change", publicID, nil)
	})
}

// EndClass ends a class on a day: its pupils are in no class from the next day on, and the history stays.
func (s *Service) EndClass(ctx context.Context, by auth.Actor, publicID, day string) error {
	c, err := s.classFor(ctx, by, auth.SchoolChange, publicID)
	if err != nil {
		return err
	}
	if err := s.checkDay(by, "day", day); err != nil {
		return err
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		n, err := tx.EndClass(ctx, q.EndClassParams{EndedAt: s.ms(), SchoolID: by.School.ID, ID: c.ID})
		if err := lost(n, err); err != nil {
			return err
		}
		if err := tx.CloseEnrolmentsOfClass(ctx, q.CloseEnrolmentsOfClassParams{ToDate: day, SchoolID: by.School.ID, ClassID: c.ID}); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "classes.end", publicID, nil)
	})
}

// Years are the school years that a class can be made for: this one and the next.
func (s *Service) Years(by auth.Actor) []string { return s.years(by) }

func (s *Service) years(by auth.Actor) []string {
	now := YearOf(s.today(by))
	return []string{now, NextYear(now)}
}

func (s *Service) cleanClass(by auth.Actor, in ClassInput) ClassInput {
	in.Name = clean(in.Name)
	if in.Year == "" {
		in.Year = YearOf(s.today(by))
	}
	if in.Audience == "" {
		in.Audience = GuessAudience(in.Name, "", false)
	}
	return in
}

func (in ClassInput) check(years []string) error {
	var c errs.Check
	c.That(in.Name != "", "name", "Write the name of the class.")
	c.That(utf8.RuneCountInString(in.Name) <= 40, "name", "Use at most {n} characters.", "n", 40)
	c.That(in.Name == "" || Fold(in.Name) != "", "name", "Use letters or digits.")
	c.That(slices.Contains(years, in.Year), "year", "Choose a school year.")
	c.That(in.Audience == "" || in.Audience.Known(), "audience", "Choose an age.")
	return c.Err()
}

// classNameFree also looks at classes that have ended: they keep their name for the history of their year.
func classNameFree(ctx context.Context, tx *db.Tx, school, own int64, in ClassInput) error {
	c, err := tx.ClassNamed(ctx, q.ClassNamedParams{SchoolID: school, Year: in.Year, NameFold: Fold(in.Name)})
	switch {
	case db.Missing(err):
		return nil
	case err != nil:
		return err
	case c.ID == own:
		return nil
	}
	return errs.Field("name", "There is a class {name} in {year} already.", "name", in.Name, "year", in.Year)
}

func (s *Service) classRows(ctx context.Context, by auth.Actor) ([]q.ClassRowsRow, error) {
	rows, err := s.db.Q().ClassRows(ctx, q.ClassRowsParams{SchoolID: by.School.ID, AllClasses: by.AllClasses(), Classes: jsonIDs(by.ClassIDs())})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(rows, func(a, b q.ClassRowsRow) int {
		if c := int(audienceRank(a.Audience) - audienceRank(b.Audience)); c != 0 {
			return c
		}
		if c := NaturalCompare(a.Name, b.Name); c != 0 {
			return c
		}
		return strings.Compare(a.Year, b.Year)
	})
	return rows, nil
}

// audienceRank puts toddlers before grades, whatever letters their names begin with; classes without an age come last.
func audienceRank(a string) int {
	if i := slices.Index(Audiences, Audience(a)); i >= 0 {
		return min(i, 2) // grades go by their names
	}
	return len(Audiences)
}

// classFor reads a class that the actor may do p in.
func (s *Service) classFor(ctx context.Context, by auth.Actor, p auth.Permission, publicID string) (q.Class, error) {
	if err := by.May(p); err != nil {
		return q.Class{}, err
	}
	c, err := s.db.Q().ClassByPublicID(ctx, q.ClassByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return q.Class{}, db.NotFound(err, "class "+publicID)
	}
	if c.EndedAt != 0 {
		return q.Class{}, errs.NotFoundf("class %s has ended", publicID)
	}
	return c, by.MayClass(p, c.ID)
}

// checkDay: a day is today or earlier; nothing is planned ahead here, so that "in which class" has one answer.
func (s *Service) checkDay(by auth.Actor, field, day string) error {
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return errs.Field(field, "Choose a day.")
	}
	if day > s.today(by).Format(time.DateOnly) {
		return errs.Field(field, "Choose today or an earlier day.")
	}
	return nil
}

func dayBefore(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, -1).Format(time.DateOnly)
}
