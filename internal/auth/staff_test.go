package auth

import (
	"testing"
	"time"

	"brug/internal/db"
	"brug/internal/errs"
)

func TestStaffList(t *testing.T) {
	each(t, func(w *world) {
		els := w.as(directorsAt)
		w.ok(w.auth.Invite(w.ctx, els, Invitation{Name: "Fatma", Email: "fatma@regenboog.test", Role: Care}))
		all, err := w.auth.Staff(w.ctx, els)
		w.ok(err)
		if len(all) != 3 || all[0].Name != "Els Peeters" || !all[0].Self || all[1].Name != "Fatma" || all[1].Joined || all[1].Until.IsZero() || all[2].Classes[0].Name != "2A" {
			t.Errorf("%+v", all)
		}
		_, err = w.auth.Staff(w.ctx, w.as(teachersAt))
		w.kind(err, errs.Forbidden)
		_, err = w.auth.Member(w.ctx, els, "nobody")
		w.kind(err, errs.NotFound)
	})
}

func TestInviteChecksWhatIsTyped(t *testing.T) {
	each(t, func(w *world) {
		els := w.as(directorsAt)
		err := w.auth.Invite(w.ctx, els, Invitation{Name: " ", Email: "x", Role: Support})
		for _, f := range []string{"name", "email", "role"} {
			w.field(err, f)
		}
		w.field(w.auth.Invite(w.ctx, els, Invitation{Name: "Jan", Email: teachersAt, Role: Care}), "email")
		w.kind(w.auth.Invite(w.ctx, els, Invitation{Name: "Piet", Email: "piet@regenboog.test", Role: Teacher, Classes: []string{w.strange}}), errs.NotFound)
		if n := len(w.mails("piet@regenboog.test")); n != 0 {
			t.Error("invited all the same")
		}
		w.kind(w.auth.Invite(w.ctx, w.as(teachersAt), Invitation{Name: "Piet", Email: "piet@regenboog.test", Role: Care}), errs.Forbidden)
	})
}

func TestInvitingTwiceIsOnePlace(t *testing.T) {
	each(t, func(w *world) {
		els := w.as(directorsAt)
		w.ok(w.auth.Invite(w.ctx, els, Invitation{Name: "Piet", Email: "piet@regenboog.test", Role: Teacher, Classes: []string{w.classA}}))
		w.ok(w.auth.Invite(w.ctx, els, Invitation{Name: "Piet", Email: "PIET@regenboog.test", Role: Care}))
		m := w.invited(els, "piet@regenboog.test")
		if m.Role != Care || len(m.Classes) != 0 {
			t.Errorf("%+v", m)
		}
		if all, err := w.auth.Staff(w.ctx, els); err != nil || len(all) != 3 {
			t.Errorf("%d, %v", len(all), err)
		}
	})
}

func TestChangeRoleAndClasses(t *testing.T) {
	each(t, func(w *world) {
		els, jan := w.as(directorsAt), w.signIn(teachersAt, secret).Token
		w.ok(w.auth.ChangeStaff(w.ctx, els, w.teacher.StaffPublicID, Teacher, []string{w.classB}))
		if a := w.at(jan, w.school.Slug); len(a.Classes) != 1 || a.Classes[0].Name != "10B" {
			t.Errorf("%+v", a.Classes)
		}
		w.kind(w.auth.ChangeStaff(w.ctx, els, w.teacher.StaffPublicID, Teacher, []string{w.strange}), errs.NotFound)
		if a := w.at(jan, w.school.Slug); len(a.Classes) != 1 {
			t.Error("half of the change stayed")
		}
		w.ok(w.auth.ChangeStaff(w.ctx, els, w.teacher.StaffPublicID, Care, []string{w.classB}))
		if a := w.at(jan, w.school.Slug); a.Role != Care || !a.AllClasses() {
			t.Errorf("%+v", a)
		}
		w.field(w.auth.ChangeStaff(w.ctx, els, w.teacher.StaffPublicID, Support, nil), "role")
		w.kind(w.auth.ChangeStaff(w.ctx, w.at(jan, w.school.Slug), w.director.StaffPublicID, Teacher, nil), errs.Forbidden)
	})
}

func TestTheLastDirectorCannotGo(t *testing.T) {
	each(t, func(w *world) {
		els := w.as(directorsAt)
		// Somebody who has only been invited cannot take over.
		w.ok(w.auth.Invite(w.ctx, els, Invitation{Name: "Piet", Email: "piet@regenboog.test", Role: Director}))
		w.kind(w.auth.EndStaff(w.ctx, els, w.director.StaffPublicID), errs.Conflict)
		w.kind(w.auth.ChangeStaff(w.ctx, els, w.director.StaffPublicID, Teacher, nil), errs.Conflict)
		w.ok(w.auth.ChangeStaff(w.ctx, els, w.director.StaffPublicID, Director, nil))
		_, err := w.auth.Join(w.ctx, w.token("piet@regenboog.test"), Opening{Name: "Piet", Lang: "nl", Password: secret}, w.visit())
		w.ok(err)
		w.ok(w.auth.ChangeStaff(w.ctx, els, w.director.StaffPublicID, Care, nil))
		w.kind(w.auth.EndStaff(w.ctx, w.as("piet@regenboog.test"), w.invited(w.as("piet@regenboog.test"), "piet@regenboog.test").PublicID), errs.Conflict)
	})
}

func TestTwoDirectorsCannotEndEachOther(t *testing.T) {
	each(t, func(w *world) {
		piet, err := w.auth.CreateAccount(w.ctx, operatorActor, NewAccount{School: w.school, Name: "Piet", Email: "piet@regenboog.test", Role: Director, Password: secret})
		w.ok(err)
		a, b := w.as(directorsAt), w.as("piet@regenboog.test")
		second := make(chan error, 1)
		w.ok(w.db.Write(w.ctx, func(tx *db.Tx) error {
			m, err := member(w.ctx, tx, a, piet.StaffPublicID)
			if err != nil {
				return err
			}
			if err := w.auth.endStaff(w.ctx, tx, a, m); err != nil {
				return err
			}
			// Piet clicks before this is committed. He has to wait; who does not wait still sees two directors.
			go func() { second <- w.auth.EndStaff(w.ctx, b, w.director.StaffPublicID) }()
			select {
			case err := <-second:
				second <- err
			case <-time.After(300 * time.Millisecond):
			}
			return nil
		}))
		w.kind(<-second, errs.Conflict)
		if n := w.number("select count(*) from staff where school_id = $1 and role = 'director' and ended_at = 0", w.school.ID); n != 1 {
			t.Errorf("%d directors", n)
		}
	})
}

func TestEndingStaffEndsAtOnce(t *testing.T) {
	each(t, func(w *world) {
		els, jan := w.as(directorsAt), w.signIn(teachersAt, secret).Token
		w.ok(w.auth.EndStaff(w.ctx, els, w.teacher.StaffPublicID))
		if w.at(jan, "").Role != Nobody {
			t.Error("still signed in")
		}
		s := w.signIn(teachersAt, secret) // the account is the person's own
		if len(s.Actor.Schools) != 0 {
			t.Errorf("%+v", s.Actor)
		}
		_, err := w.auth.Actor(w.ctx, s.Token, w.school.Slug)
		w.kind(err, errs.NotFound)
		w.kind(w.auth.EndStaff(w.ctx, els, w.teacher.StaffPublicID), errs.NotFound)
		if n := w.number("select count(*) from staff_classes where staff_id = $1", w.teacher.StaffID); n != 0 {
			t.Error("classes are left")
		}
		// and back again
		w.ok(w.auth.Invite(w.ctx, els, Invitation{Name: "Jan", Email: teachersAt, Role: Care}))
		_, err = w.auth.Join(w.ctx, w.token(teachersAt), Opening{}, w.visit())
		w.ok(err)
		if a := w.at(s.Token, w.school.Slug); a.Role != Care {
			t.Errorf("%+v", a)
		}
	})
}

func TestEndingStaffLeavesTheOtherSchool(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.auth.CreateAccount(w.ctx, operatorActor, NewAccount{School: w.other, Name: "Jan", Email: teachersAt, Role: Care})
		w.ok(err)
		_, err = w.auth.Join(w.ctx, w.token(teachersAt), Opening{}, w.visit())
		w.ok(err)
		jan := w.signIn(teachersAt, secret).Token
		w.ok(w.auth.EndStaff(w.ctx, w.as(directorsAt), w.teacher.StaffPublicID))
		if a := w.at(jan, w.other.Slug); a.Role != Care {
			t.Errorf("%+v", a)
		}
		_, err = w.auth.Actor(w.ctx, jan, w.school.Slug)
		w.kind(err, errs.NotFound)
	})
}

func TestEndingAnInvitationEndsItsLink(t *testing.T) {
	each(t, func(w *world) {
		els := w.as(directorsAt)
		w.ok(w.auth.Invite(w.ctx, els, Invitation{Name: "Piet", Email: "piet@regenboog.test", Role: Director}))
		w.ok(w.auth.EndStaff(w.ctx, els, w.invited(els, "piet@regenboog.test").PublicID))
		_, err := w.auth.Join(w.ctx, w.token("piet@regenboog.test"), Opening{Name: "Piet", Lang: "nl", Password: secret}, w.visit())
		w.kind(err, errs.Gone)
	})
}

func TestAnotherSchoolsStaffIsNotThere(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.auth.CreateAccount(w.ctx, operatorActor, NewAccount{School: w.other, Name: "Ann", Email: "ann@ancre.test", Role: Director, Password: secret})
		w.ok(err)
		ann := w.at(w.signIn("ann@ancre.test", secret).Token, w.other.Slug)
		for _, err := range []error{
			w.auth.EndStaff(w.ctx, ann, w.teacher.StaffPublicID),
			w.auth.ChangeStaff(w.ctx, ann, w.teacher.StaffPublicID, Director, nil),
			w.auth.InviteAgain(w.ctx, ann, w.teacher.StaffPublicID),
		} {
			w.kind(err, errs.NotFound)
		}
		all, err := w.auth.Staff(w.ctx, ann)
		w.ok(err)
		if len(all) != 1 {
			t.Errorf("%+v", all)
		}
	})
}
