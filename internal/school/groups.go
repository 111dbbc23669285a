package school

import (
	"context"
	"encoding/json"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
)

// GroupRow is a group of pupils across classes: after-school care, a language group, the choir.
type GroupRow struct {
	ID       int64
	PublicID string
	Name     string
	Version  int64
	Pupils   int
}

// GroupView is a group with its pupils; of them only those that the actor may see.
type GroupView struct {
	GroupRow
	Members []PupilRow
}

// Groups are the groups of the school by name.
func (s *Service) Groups(ctx context.Context, by auth.Actor) ([]GroupRow, error) {
	if err := by.May(auth.SchoolSee); err != nil {
		return nil, err
	}
	rows, err := s.db.Q().GroupRows(ctx, by.School.ID)
	if err != nil {
		return nil, err
	}
	out := make([]GroupRow, len(rows))
	for i, r := range rows {
		out[i] = GroupRow{ID: r.ID, PublicID: r.PublicID, Name: r.Name, Version: r.Version, Pupils: int(r.Pupils)}
	}
	return out, nil
}

// Group is one group.
func (s *Service) Group(ctx context.Context, by auth.Actor, publicID string) (GroupView, error) {
	if err := by.May(auth.SchoolSee); err != nil {
		return GroupView{}, err
	}
	g, err := s.groupRow(ctx, by.School.ID, publicID)
	if err != nil {
		return GroupView{}, err
	}
	v := GroupView{GroupRow: GroupRow{ID: g.ID, PublicID: g.PublicID, Name: g.Name, Version: g.Version}}
	rows, err := s.db.Q().PupilsOfGroup(ctx, q.PupilsOfGroupParams{SchoolID: by.School.ID, GroupID: g.ID})
	if err != nil {
		return v, err
	}
	v.Pupils = len(rows)
	for _, r := range rows {
		if by.AllClasses() || r.ClassID != 0 && by.HasClass(r.ClassID) {
			v.Members = append(v.Members, PupilRow{ID: r.ID, PublicID: r.PublicID, Given: r.Given, Family: r.Family,
				ClassID: r.ClassID, ClassPublicID: r.ClassPublicID, ClassName: r.ClassName})
		}
	}
	return v, nil
}

// AddGroup makes a group and gives its public id.
func (s *Service) AddGroup(ctx context.Context, by auth.Actor, name string) (string, error) {
	if err := by.May(auth.SchoolChange); err != nil {
		return "", err
	}
	name, err := groupName(name)
	if err != nil {
		return "", err
	}
	public := id.New()
	err = s.change(ctx, by, func(tx *db.Tx) error {
		if err := groupNameFree(ctx, tx, by, 0, name); err != nil {
			return err
		}
		if _, err := tx.AddGroup(ctx, q.AddGroupParams{PublicID: public, SchoolID: by.School.ID, Name: name, NameFold: Fold(name), CreatedAt: s.ms()}); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "groups.add", public, nil)
	})
	return public, err
}

// RenameGroup changes the name. Conflict: somebody else changed the group since version.
func (s *Service) RenameGroup(ctx context.Context, by auth.Actor, publicID string, version int64, name string) error {
	if err := by.May(auth.SchoolChange); err != nil {
		return err
	}
	g, err := s.groupRow(ctx, by.School.ID, publicID)
	if err != nil {
		return err
	}
	if name, err = groupName(name); err != nil {
		return err
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		if err := groupNameFree(ctx, tx, by, g.ID, name); err != nil {
			return err
		}
		n, err := tx.SetGroup(ctx, q.SetGroupParams{Name: name, NameFold: Fold(name), SchoolID: by.School.ID, ID: g.ID, Version: version})
		if err := lost(n, err); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "groups.change", publicID, nil)
	})
}

// SetGroupPupils puts pupils into a group and takes others out of it. Who is in it already, or is not, stays so.
func (s *Service) SetGroupPupils(ctx context.Context, by auth.Actor, publicID string, in, out []string) error {
	if err := by.May(auth.SchoolChange); err != nil {
		return err
	}
	g, err := s.groupRow(ctx, by.School.ID, publicID)
	if err != nil {
		return err
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		if err := tx.DropGroupPupils(ctx, q.DropGroupPupilsParams{SchoolID: by.School.ID, GroupID: g.ID, Pupils: jsonRefs(out)}); err != nil {
			return err
		}
		if err := tx.AddGroupPupils(ctx, q.AddGroupPupilsParams{SchoolID: by.School.ID, GroupID: g.ID, Pupils: jsonRefs(in)}); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "groups.pupils", publicID, map[string]any{"in": len(in), "out": len(out)})
	})
}

// EndGroup ends a group. What was printed for it stays.
func (s *Service) EndGroup(ctx context.Context, by auth.Actor, publicID string) error {
	if err := by.May(auth.SchoolChange); err != nil {
		return err
	}
	g, err := s.groupRow(ctx, by.School.ID, publicID)
	if err != nil {
		return err
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		n, err := tx.EndGroup(ctx, q.EndGroupParams{EndedAt: s.ms(), SchoolID: by.School.ID, ID: g.ID})
		if err := lost(n, err); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "groups.end", publicID, nil)
	})
}

func groupName(name string) (string, error) {
	var c errs.Check
	name = clean(name)
	c.That(Fold(name) != "", "name", "Write the name of the group.")
	c.That(utf8.RuneCountInString(name) <= 60, "name", "Use at most {n} characters.", "n", 60)
	return name, c.Err()
}

func groupNameFree(ctx context.Context, tx *db.Tx, by auth.Actor, own int64, name string) error {
	rows, err := tx.GroupRows(ctx, by.School.ID)
	if err != nil {
		return err
	}
	for _, g := range rows {
		if g.ID != own && Fold(g.Name) == Fold(name) {
			return errs.Field("name", "There is a group with this name already.")
		}
	}
	return nil
}

func (s *Service) groupRow(ctx context.Context, school int64, publicID string) (q.Group, error) {
	g, err := s.db.Q().GroupByPublicID(ctx, q.GroupByPublicIDParams{SchoolID: school, PublicID: publicID})
	return g, db.NotFound(err, "group "+publicID)
}

// jsonRefs is a list of public ids as queries take it.
func jsonRefs(ids []string) string {
	type ref struct {
		ID string `json:"id"`
	}
	refs := make([]ref, len(ids))
	for i, s := range ids {
		refs[i].ID = s
	}
	return jsonRows(refs)
}

// jsonRows is a list of rows as bulk queries take it: all values are texts and numbers.
func jsonRows[T any](rows []T) string {
	if len(rows) == 0 {
		return "[]"
	}
	b, err := json.Marshal(rows)
	if err != nil {
		panic(err) // rows of texts and numbers
	}
	return string(b)
}
