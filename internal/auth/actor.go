// Package auth knows who is asking and what they may do: accounts, sign-in, sessions, roles, permissions.
//
// Every operation of every area takes an Actor and asks it with May before anything else. Pages, the API, jobs and the
// command line differ only in how they get their Actor.
// Tables: accounts, sessions, mail_links, throttles, login_requests, staff (with school: schools, staff_classes).
package auth

import (
	"slices"

	"brug/internal/errs"
)

// Role is what a person is at one school. Support belongs to no school.
type Role string

// The roles. Director, Care and Teacher are stored in staff.role; the others follow from the account and the place.
const (
	Director Role = "director"
	Care     Role = "care"    // care coordinator (zorgcoördinator, intern begeleider)
	Teacher  Role = "teacher" // of their own classes only
	Support  Role = "support" // support centre: accepts schools, publishes material; sees no family
	Visitor  Role = "visitor" // signed in, but at no school just now: own account, choosing a school
	System   Role = "system"  // jobs and the command line of the operator
	Nobody   Role = ""        // not signed in
)

// SchoolRoles are the roles that a school's own staff can have.
var SchoolRoles = []Role{Director, Care, Teacher}

// School is the little that every page needs to know of the school it is about.
type School struct {
	ID       int64
	PublicID string
	Slug     string
	Name     string
	Lang     string // BCP 47
	Timezone string // IANA name
	LogoKey  string // blob key, "" if none
	Centre   bool   // the support centre's own house: no families, and its materials can be published to all schools
}

// Class is a class that a teacher has.
type Class struct {
	ID       int64
	PublicID string
	Name     string
}

// Actor is a person (or the system) asking for something, at one school or at none.
type Actor struct {
	AccountID int64 // 0 for the system and for nobody
	SessionID int64
	Name      string
	Email     string
	Lang      string // of the interface: nl, fr or en
	Role      Role
	StaffID   int64
	School    School  // zero when not at a school
	Classes   []Class // a teacher's own classes; nil for roles that see all
	Schools   []School
}

// ForSchool is the system acting at a school, for jobs and the command line.
func ForSchool(s School) Actor { return Actor{Role: System, Name: "system", Lang: s.Lang, School: s} }

// AllClasses tells whether the actor sees every class of the school.
func (a Actor) AllClasses() bool {
	return a.Role == Director || a.Role == Care || a.Role == System
}

// HasClass tells whether the actor may see the families of a class.
func (a Actor) HasClass(classID int64) bool {
	return a.AllClasses() || slices.ContainsFunc(a.Classes, func(c Class) bool { return c.ID == classID })
}

// ClassIDs are the database ids of a teacher's classes.
func (a Actor) ClassIDs() []int64 {
	ids := make([]int64, len(a.Classes))
	for i, c := range a.Classes {
		ids[i] = c.ID
	}
	return ids
}

// May is nil if the actor has the permission at the actor's school, else Forbidden (SignIn if nobody is signed in).
func (a Actor) May(p Permission) error {
	if a.Role == Nobody && p != Public {
		return errs.New(errs.SignIn, "Please sign in.")
	}
	if a.Role == System || p == Public {
		return nil
	}
	if slices.Contains(permissions[p], a.Role) && (a.Role != Support || a.School.Centre || !slices.Contains(centreOnly, p)) {
		return nil
	}
	return errs.Forbiddenf("%s may not %s", a.Role, p)
}

// MayClass is May, and Forbidden when the class is not the actor's.
func (a Actor) MayClass(p Permission, classID int64) error {
	if err := a.May(p); err != nil {
		return err
	}
	if !a.HasClass(classID) {
		return errs.Forbiddenf("%s may not %s in class %d", a.Role, p, classID)
	}
	return nil
}
