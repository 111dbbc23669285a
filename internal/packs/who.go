package packs

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/school"
)

func nullID(v int64) sql.NullInt64 { return sql.NullInt64{Int64: v, Valid: v != 0} }

func knownLang(tag string) bool {
	return slices.ContainsFunc(lang.Known(), func(i lang.Info) bool { return i.Tag == tag })
}

// system is the program itself at a school, for the job.
func (s *Service) system(ctx context.Context, schoolID int64) (auth.Actor, error) {
	r, err := s.DB.Q().PackSchool(ctx, schoolID)
	if err != nil {
		return auth.Actor{}, fmt.Errorf("school of pack: %w", err)
	}
	return auth.ForSchool(auth.School{ID: r.ID, PublicID: r.PublicID, Slug: r.Slug, Name: r.Name, Lang: r.Lang, Timezone: r.Timezone, LogoKey: r.LogoKey}), nil
}

// asCreator is the system seeing no more than the person who asked: a teacher's pack has the teacher's classes only.
// Forbidden if that person has left the school meanwhile. creator 0 is the operator.
func (s *Service) asCreator(ctx context.Context, by auth.Actor, creator int64) (auth.Actor, error) {
	if creator == 0 {
		return by, nil
	}
	st, err := s.DB.Q().PackCreator(ctx, q.PackCreatorParams{SchoolID: by.School.ID, AccountID: creator})
	if db.Missing(err) {
		return by, errs.Forbiddenf("who asked for the pack is no longer staff")
	}
	if err != nil {
		return by, fmt.Errorf("who asked for the pack: %w", err)
	}
	by.Role, by.AccountID, by.StaffID = auth.Role(st.Role), creator, st.ID
	if by.AllClasses() {
		return by, nil
	}
	rows, err := s.DB.Q().PackCreatorClasses(ctx, q.PackCreatorClassesParams{SchoolID: by.School.ID, StaffID: st.ID})
	if err != nil {
		return by, fmt.Errorf("classes of who asked: %w", err)
	}
	for _, c := range rows {
		by.Classes = append(by.Classes, auth.Class{ID: c.ID, PublicID: c.PublicID, Name: c.Name})
	}
	return by, nil
}

// scopeName is how a list of packs calls whom a pack is for; "" for the whole school. It is Forbidden for a class that
// is not the actor's, and NotFound for what is not there or where the actor may see no child.
func (s *Service) scopeName(ctx context.Context, by auth.Actor, sc school.Scope) (string, error) {
	switch sc.Kind {
	case school.ScopeClass:
		c, err := s.DB.Q().ClassOfScope(ctx, q.ClassOfScopeParams{SchoolID: by.School.ID, PublicID: sc.PublicID})
		if err != nil {
			return "", db.NotFound(err, "class of pack")
		}
		return c.Name, by.MayClass(auth.PacksPrint, c.ID)
	case school.ScopeGroup:
		g, err := s.DB.Q().GroupOfScope(ctx, q.GroupOfScopeParams{SchoolID: by.School.ID, PublicID: sc.PublicID})
		return g.Name, db.NotFound(err, "group of pack")
	case school.ScopeHousehold:
		homes, err := s.School.Homes(ctx, by, sc) // only children that the actor may see: a name tells that a child is there
		if err != nil {
			return "", err
		}
		var names []string
		for _, h := range homes {
			for _, c := range h.Children {
				names = append(names, c.Given)
			}
		}
		if len(names) == 0 {
			return "", errs.NotFoundf("household of pack")
		}
		return lang.For(by.Lang).List(names), nil
	}
	return "", nil
}
