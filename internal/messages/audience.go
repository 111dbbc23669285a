package messages

import (
	"context"
	"fmt"
	"slices"

	"brug/internal/auth"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/school"
)

// audience is whom a message is for, as the one statement takes it that writes the recipients.
type audience struct {
	scope, name          string
	ids                  []string // public ids, as asked for
	classes, pupils      []int64  // all children of these classes, and these
	households           []int64  // only in these homes; nil: in all
	ownClasses           []int64
	allClasses, allHomes bool
}

// namesInScope is how many names stand in the name of a scope that was chosen one by one.
const namesInScope = 3

// audience finds whom a message is for, and asks whether the actor may write to them. Invalid at "to", Forbidden for a class of
// others and for the whole school, NotFound for what is not there or where the actor may see no child.
func (s *Service) audience(ctx context.Context, query *q.Queries, by auth.Actor, to To) (audience, error) {
	a := audience{scope: to.Kind, ids: unique(to.IDs), allClasses: by.AllClasses(), ownClasses: by.ClassIDs(), allHomes: true}
	if to.Kind != school.ScopeSchool && len(a.ids) == 0 {
		return a, errs.Field("to", "Choose who gets this message.")
	}
	if len(a.ids) > MaxFamilies {
		return a, errs.Field("to", "Choose at most {max} at once.", "max", MaxFamilies)
	}
	switch to.Kind {
	case school.ScopeSchool:
		return a, s.wholeSchool(ctx, query, by, &a)
	case school.ScopeClass:
		return a, s.classesOf(ctx, query, by, &a)
	case school.ScopeGroup:
		return a, s.groupsOf(ctx, query, by, &a)
	case school.ScopeHousehold:
		return a, s.homesOf(ctx, query, by, &a)
	case school.ScopePupil:
		return a, s.pupilsOf(ctx, query, by, &a)
	}
	return a, errs.Field("to", "Choose who gets this message.")
}

func (s *Service) wholeSchool(ctx context.Context, query *q.Queries, by auth.Actor, a *audience) (err error) {
	if err := by.May(auth.MessagesSchool); err != nil {
		return err
	}
	a.ids = nil
	if a.classes, err = query.ClassIDsOfSchool(ctx, by.School.ID); err != nil {
		return fmt.Errorf("classes of school: %w", err)
	}
	return nil
}

func (s *Service) classesOf(ctx context.Context, query *q.Queries, by auth.Actor, a *audience) error {
	rows, err := query.ClassesOfMessage(ctx, q.ClassesOfMessageParams{SchoolID: by.School.ID, Ids: publicIDs(a.ids)})
	if err != nil {
		return fmt.Errorf("classes of message: %w", err)
	}
	if len(rows) < len(a.ids) {
		return errs.NotFoundf("a class of the message")
	}
	slices.SortFunc(rows, func(x, y q.ClassesOfMessageRow) int { return school.NaturalCompare(x.Name, y.Name) })
	var names []string
	for _, c := range rows {
		if err := by.MayClass(auth.MessagesSend, c.ID); err != nil {
			return err
		}
		a.classes, names = append(a.classes, c.ID), append(names, c.Name)
	}
	a.name = lang.For(by.Lang).Plain().List(names)
	return nil
}

func (s *Service) groupsOf(ctx context.Context, query *q.Queries, by auth.Actor, a *audience) error {
	rows, err := query.GroupsOfMessage(ctx, q.GroupsOfMessageParams{SchoolID: by.School.ID, Ids: publicIDs(a.ids)})
	if err != nil {
		return fmt.Errorf("groups of message: %w", err)
	}
	if len(rows) < len(a.ids) {
		return errs.NotFoundf("a group of the message")
	}
	var names []string
	var groups []int64
	for _, g := range rows {
		groups, names = append(groups, g.ID), append(names, g.Name)
	}
	if a.pupils, err = query.PupilsOfGroups(ctx, q.PupilsOfGroupsParams{SchoolID: by.School.ID, Groups: ids(groups)}); err != nil {
		return fmt.Errorf("pupils of groups: %w", err)
	}
	a.name = lang.For(by.Lang).Plain().List(names)
	return nil
}

func (s *Service) homesOf(ctx context.Context, query *q.Queries, by auth.Actor, a *audience) error {
	rows, err := query.HouseholdsOfMessage(ctx, q.HouseholdsOfMessageParams{SchoolID: by.School.ID, Ids: publicIDs(a.ids)})
	if err != nil {
		return fmt.Errorf("families of message: %w", err)
	}
	var names []string
	for _, r := range rows {
		if !by.HasClass(r.ClassID) {
			continue
		}
		a.pupils, a.households, names = append(a.pupils, r.PupilID), append(a.households, r.HouseholdID), append(names, r.Given)
	}
	a.pupils, a.households, a.allHomes = unique(a.pupils), unique(a.households), false
	if len(a.households) < len(a.ids) {
		return errs.NotFoundf("a family of the message, or none of its children is in a class of the actor's")
	}
	a.name = someNames(by, names)
	return nil
}

func (s *Service) pupilsOf(ctx context.Context, query *q.Queries, by auth.Actor, a *audience) error {
	rows, err := query.PupilsOfMessage(ctx, q.PupilsOfMessageParams{SchoolID: by.School.ID, Ids: publicIDs(a.ids)})
	if err != nil {
		return fmt.Errorf("pupils of message: %w", err)
	}
	var names []string
	for _, r := range rows {
		if !by.HasClass(r.ClassID) {
			return errs.NotFoundf("a pupil of the message is in another class")
		}
		a.pupils, names = append(a.pupils, r.ID), append(names, r.Given)
	}
	if len(a.pupils) < len(a.ids) {
		return errs.NotFoundf("a pupil of the message")
	}
	a.name = someNames(by, names)
	return nil
}

// someNames is a list of names as a line has room for it.
func someNames(by auth.Actor, names []string) string {
	names = unique(names)
	if len(names) > namesInScope {
		names = append(names[:namesInScope:namesInScope], "…")
	}
	return lang.For(by.Lang).Plain().List(names)
}

// write adds the recipients, and tells how many.
func (a audience) write(ctx context.Context, query *q.Queries, schoolID, messageID int64, schoolLang string, due int64) (int64, error) {
	return query.AddRecipients(ctx, q.AddRecipientsParams{SchoolID: schoolID, MessageID: messageID, SchoolLang: schoolLang, DueAt: due, Classes: ids(a.classes), Pupils: ids(a.pupils),
		AllClasses: a.allClasses, OwnClasses: ids(a.ownClasses), AllHomes: a.allHomes, Households: ids(a.households)})
}

// unique leaves out what stands twice, and keeps the order.
func unique[T comparable](list []T) []T {
	seen := map[T]bool{}
	var out []T
	for _, v := range list {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}
