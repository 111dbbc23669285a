package auth

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
)

// sortClasses puts classes in the order of a school: 2B before 10A.
func sortClasses(classes []Class) {
	slices.SortFunc(classes, func(a, b Class) int { return cmp.Or(natural(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
}

// natural compares names with the numbers in them as numbers, without regard to capitals.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, restA := piece(a)
		y, restB := piece(b)
		if c := comparePieces(x, y); c != 0 {
			return c
		}
		a, b = restA, restB
	}
	return cmp.Compare(len(a), len(b))
}

// piece cuts the leading run of digits, or of anything else, off s.
func piece(s string) (first, rest string) {
	digit := unicode.IsDigit(rune(s[0]))
	i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsDigit(r) != digit })
	if i <= 0 {
		return s, ""
	}
	return s[:i], s[i:]
}

func comparePieces(x, y string) int {
	if unicode.IsDigit(rune(x[0])) && unicode.IsDigit(rune(y[0])) {
		x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y))
	}
	return cmp.Compare(strings.ToLower(x), strings.ToLower(y))
}

// ClassChoices are the classes of the school that a teacher can be given.
func (s *Service) ClassChoices(ctx context.Context, by Actor) ([]Class, error) {
	if err := by.May(StaffSee); err != nil {
		return nil, err
	}
	return schoolClasses(ctx, s.db.Q(), by.School.ID)
}

func schoolClasses(ctx context.Context, r *q.Queries, schoolID int64) ([]Class, error) {
	rows, err := r.ClassesForStaff(ctx, schoolID)
	if err != nil {
		return nil, fmt.Errorf("auth: classes: %w", err)
	}
	classes := make([]Class, len(rows))
	for i, c := range rows {
		classes[i] = Class{ID: c.ID, PublicID: c.PublicID, Name: c.Name}
	}
	sortClasses(classes)
	return classes, nil
}

// giveClasses makes these the classes of a member of staff, and none if the role is not a teacher's. An id that is no
// class of this school is errs.NotFound: the form offers only classes of the school.
func giveClasses(ctx context.Context, tx *db.Tx, schoolID, staffID int64, role Role, publicIDs []string) error {
	if err := tx.ClearStaffClasses(ctx, q.ClearStaffClassesParams{SchoolID: schoolID, StaffID: staffID}); err != nil {
		return fmt.Errorf("auth: classes: %w", err)
	}
	if role != Teacher || len(publicIDs) == 0 {
		return nil
	}
	all, err := schoolClasses(ctx, tx.Queries, schoolID)
	if err != nil {
		return err
	}
	ids := make([]int64, 0, len(publicIDs))
	for _, p := range publicIDs {
		i := slices.IndexFunc(all, func(c Class) bool { return c.PublicID == p })
		if i < 0 {
			return errs.NotFoundf("class %q of school %d", p, schoolID)
		}
		ids = append(ids, all[i].ID)
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	if err := tx.SetStaffClasses(ctx, q.SetStaffClassesParams{SchoolID: schoolID, StaffID: staffID, Classes: string(list)}); err != nil {
		return fmt.Errorf("auth: classes: %w", err)
	}
	return nil
}
