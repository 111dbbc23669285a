package contact_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/errs"
	"brug/internal/school"
)

// sql changes rows as an operation of another area would, where that operation is not the point.
func sql(w *contacttest.World, statement string, args ...any) {
	w.T.Helper()
	w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(w.Ctx, statement, args...)
		return err
	}))
}

// atOnce runs n times the same at the same moment.
func atOnce(n int, do func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	all.Wait()
}

func TestTapsAtTheSameMomentAreOneAnswer(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		v, err := w.Contact.Open(w.Ctx, w.Code(w.Home("Ali", ""), "ar").Token, "10.0.0.1")
		w.OK(err)
		atOnce(6, func(int) {
			if err := w.Contact.Answer(w.Ctx, v, contact.Question, "متى؟", "ar"); err != nil {
				t.Error(err)
			}
		})
		if n := count(t, w, "select count(*) from answers"); n != 1 {
			t.Errorf("%d answers are stored, want 1", n)
		}
		if n := count(t, w, "select count(*) from contacts where stage = 'answered'"); n != 1 {
			t.Errorf("%d lines in the ledger, want 1", n)
		}
		w.Clock = w.Clock.Add(2 * time.Minute)
		w.OK(w.Contact.Answer(w.Ctx, v, contact.Question, "متى؟", "ar"))
		if n := count(t, w, "select count(*) from answers"); n != 2 {
			t.Errorf("%d answers are stored, want 2: the same words two minutes later are said again", n)
		}
	})
}

func TestAFloodOfAnswersToOneCodeIsBounded(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		v, err := w.Contact.Open(w.Ctx, w.Code(w.Home("Ali", ""), "ar").Token, "10.0.0.1")
		w.OK(err)
		for i := range 60 {
			kind := contact.AnswerKinds[i%2]
			if err = w.Contact.Answer(w.Ctx, v, kind, "", "ar"); err != nil {
				break
			}
		}
		wantKind(t, "after many answers", err, errs.TooMany)
	})
}

func TestStoppingTwiceFromAnOldPageIsOneLine(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		v, err := w.Contact.Open(w.Ctx, w.Code(w.Home("Ali", ""), "ar").Token, "10.0.0.1")
		w.OK(err)
		w.OK(w.Contact.Stop(w.Ctx, v))
		w.Clock = w.Clock.Add(time.Second)
		w.OK(w.Contact.Stop(w.Ctx, v)) // v is of before the first
		if n := count(t, w, "select count(*) from contacts where area = 'stop'"); n != 1 {
			t.Errorf("%d lines, want 1", n)
		}
	})
}

func TestAPageIsSetOnlyToALanguageThatFamiliesCanRead(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		v, err := w.Contact.Open(w.Ctx, w.Code(w.Home("Ali", ""), "ar").Token, "10.0.0.1")
		w.OK(err)
		if err := w.Contact.SetLang(w.Ctx, v, "xx"); err == nil {
			t.Error("an unknown language was kept")
		}
		atOnce(4, func(i int) {
			if err := w.Contact.SetLang(w.Ctx, v, []string{"fr", "nl"}[i%2]); err != nil {
				t.Error(err)
			}
		})
	})
}

func TestACodeWorksAsLongAsTheHomeMayHearOfTheChild(t *testing.T) {
	for _, c := range []struct {
		name, child, guardian string
		change                func(w *contacttest.World, h school.Home)
		gone                  bool
	}{
		{"nothing happened", "Ali", "", func(*contacttest.World, school.Home) {}, false},
		{"the only guardian was barred after printing", "Desta", "", func(w *contacttest.World, h school.Home) {
			sql(w, "update guardian_rights set barred = true where guardian_id = $1", h.Guardians[0].ID)
		}, true},
		{"the only guardian may no longer see", "Desta", "", func(w *contacttest.World, h school.Home) {
			sql(w, "update guardian_rights set may_see = false where guardian_id = $1", h.Guardians[0].ID)
		}, true},
		{"barred, but only from a sister", "Ali", "", func(w *contacttest.World, h school.Home) {
			sql(w, "update guardian_rights set barred = true where guardian_id = $1 and pupil_id <> $2", h.Guardians[0].ID, h.Children[0].ID)
		}, false},
		{"one of two homes is barred: the other keeps its code", "Cas", "An Maes", func(w *contacttest.World, h school.Home) {
			sql(w, "update guardian_rights set barred = true where guardian_id in (select id from guardians where household_id <> $1)", h.ID)
		}, false},
		{"one of two in the home is barred: the paper was for both", "Desta", "", func(w *contacttest.World, h school.Home) {
			sql(w, `insert into guardians (public_id, school_id, household_id, name, name_fold, created_at) values ('g2', $1, $2, 'X', 'x', 1)`, w.School.ID, h.ID)
			sql(w, "insert into guardian_rights (school_id, guardian_id, pupil_id, barred) select school_id, id, $1, true from guardians where public_id = 'g2'", h.Children[0].ID)
		}, false},
		{"nobody is known in the home any more", "Desta", "", func(w *contacttest.World, h school.Home) {
			sql(w, "update guardians set ended_at = 1 where household_id = $1", h.ID)
		}, false},
		{"the child has left the school", "Desta", "", func(w *contacttest.World, h school.Home) {
			sql(w, "update pupils set left_at = 1 where id = $1", h.Children[0].ID)
		}, true},
		{"the child lives elsewhere now", "Desta", "", func(w *contacttest.World, h school.Home) {
			sql(w, "delete from household_pupils where household_id = $1", h.ID)
		}, true},
		{"the child has no class for a while", "Desta", "", func(w *contacttest.World, h school.Home) {
			sql(w, "update enrolments set to_date = '2026-11-01' where pupil_id = $1", h.Children[0].ID)
		}, false},
		{"the household has ended", "Desta", "", func(w *contacttest.World, h school.Home) {
			sql(w, "update households set ended_at = 1 where id = $1", h.ID)
		}, true},
		{"the school is closed", "Desta", "", func(w *contacttest.World, _ school.Home) {
			sql(w, "update schools set closed_at = 1 where id = $1", w.School.ID)
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, w *contacttest.World) {
				h := w.Home(c.child, c.guardian)
				code := w.Code(h, "nl")
				c.change(w, h)
				for _, secret := range []string{code.Token, code.Short} {
					_, err := w.Contact.Open(w.Ctx, secret, "10.0.0.1")
					if got := errs.Is(err, errs.Gone); got != c.gone || err != nil && !got {
						t.Errorf("gone %v (%v), want %v", got, err, c.gone)
					}
				}
			})
		})
	}
}

func TestTheTeacherOfTodayGetsTheAnswer(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		h := w.Home("Desta", "")
		v, err := w.Contact.Open(w.Ctx, w.Code(h, "ti").Token, "10.0.0.1")
		w.OK(err)
		w.OK(w.Contact.Answer(w.Ctx, v, contact.CallMe, "", "ti"))
		see := func(who string, by auth.Actor, want int) {
			t.Helper()
			if open, err := w.Contact.OpenAnswers(w.Ctx, by); err != nil || len(open) != want {
				t.Errorf("%s sees %d answers (%v), want %d", who, len(open), err, want)
			}
		}
		see("the teacher", w.Teacher, 1)
		see("another teacher", w.Other1B, 0)
		sql(w, "update enrolments set class_id = $1 where pupil_id = $2", w.Other1B.Classes[0].ID, h.Children[0].ID)
		see("the teacher of before", w.Teacher, 0)
		see("the teacher of now", w.Other1B, 1)
		sql(w, "update enrolments set to_date = '2026-11-01' where pupil_id = $1", h.Children[0].ID)
		see("a teacher, of a child without class", w.Other1B, 0)
		see("a teacher of no class", auth.Actor{Role: auth.Teacher, School: w.School}, 0)
		open, err := w.Contact.OpenAnswers(w.Ctx, w.System)
		if err != nil || len(open) != 1 {
			t.Fatalf("who sees all classes: %d, %v", len(open), err)
		}
		wantKind(t, "settled by a teacher", w.Contact.Handle(w.Ctx, w.Other1B, open[0].PublicID, "call"), errs.Forbidden)
		wantKind(t, "settled by a teacher of no class", w.Contact.Handle(w.Ctx, auth.Actor{Role: auth.Teacher, School: w.School}, open[0].PublicID, "call"), errs.Forbidden)
		for _, by := range []auth.Actor{{Role: auth.Support, AccountID: 9}, {}} {
			if _, err := w.Contact.OpenAnswers(w.Ctx, by); err == nil {
				t.Errorf("%q sees answers", by.Role)
			}
		}
	})
}

// More answers of other classes than a list takes do not hide those of one class, nor those after a moment.
func TestAnswersOfOneClassAreFoundAmongMany(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		of := func(child string) (home, pupil int64) {
			h := w.Home(child, "")
			for _, c := range h.Children {
				if c.Given == child {
					pupil = c.ID
				}
			}
			return h.ID, pupil
		}
		add := func(child string, n int, at time.Time) {
			t.Helper()
			v, err := w.Contact.Open(w.Ctx, w.Code(w.Home("Desta", ""), "ti").Token, "10.0.0.1")
			w.OK(err)
			home, pupil := of(child)
			for i := range n {
				sql(w, "insert into answers (public_id, school_id, household_id, pupil_id, code_id, kind, body, lang, at, needs) values ($1, $2, $3, $4, $5, 'call', '', 'nl', $6, (1 = 1))",
					fmt.Sprintf("%s%d", child, i), w.School.ID, home, pupil, v.CodeID, at.UnixMilli()+int64(i))
			}
		}
		add("Badra", 110, w.Clock.Add(-time.Hour))
		add("Desta", 1, w.Clock)
		got := func(what, class string, from time.Time, want ...string) {
			t.Helper()
			open, err := w.Contact.OpenAnswersOf(w.Ctx, w.System, class, from)
			w.OK(err)
			var given []string
			for _, o := range open {
				given = append(given, o.Given)
			}
			if !slices.Equal(given, want) {
				t.Errorf("%s: %v", what, given)
			}
		}
		got("of the class", w.Class["3A"], time.Time{}, "Desta")
		got("from a moment on", "", w.Clock, "Desta")
		got("of the class, later", w.Class["3A"], w.Clock.Add(time.Minute))
	})
}

func TestThePhoneToCallIsOfSomebodyWhoMayBeTold(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		h := w.Home("Desta", "")
		v, err := w.Contact.Open(w.Ctx, w.Code(h, "ti").Token, "10.0.0.1")
		w.OK(err)
		w.OK(w.Contact.Answer(w.Ctx, v, contact.CallMe, "", "ti"))
		phone := func() string {
			open, err := w.Contact.OpenAnswers(w.Ctx, w.Teacher)
			w.OK(err)
			return open[0].Phone
		}
		if phone() == "" {
			t.Fatal("no phone at first")
		}
		for _, change := range []string{"update guardian_rights set may_see = false", "delete from guardian_rights"} {
			sql(w, change+" where guardian_id = $1", h.Guardians[0].ID)
			if got := phone(); got != "" {
				t.Errorf("after %q the phone %s is proposed", change, got)
			}
		}
	})
}

func TestATalkTakenBackLetsWaitAgainWhatItSettled(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		h := w.Home("Desta", "")
		v, err := w.Contact.Open(w.Ctx, w.Code(h, "ti").Token, "10.0.0.1")
		w.OK(err)
		w.OK(w.Contact.Answer(w.Ctx, v, contact.Question, "one", "ti"))
		open, err := w.Contact.OpenAnswers(w.Ctx, w.Teacher)
		w.OK(err)
		w.OK(w.Contact.Handle(w.Ctx, w.Teacher, open[0].PublicID, "done"))
		w.Clock = w.Clock.Add(time.Hour)
		w.OK(w.Contact.Answer(w.Ctx, v, contact.CallMe, "", "ti"))
		ref, err := w.Contact.LogTalk(w.Ctx, w.Teacher, contact.Talk{Household: h.PublicID, Road: contact.Gate, Reached: true})
		w.OK(err)
		if open, err = w.Contact.OpenAnswers(w.Ctx, w.Teacher); err != nil || len(open) != 0 {
			t.Fatalf("after the talk %d wait, %v", len(open), err)
		}
		w.Clock = w.Clock.Add(time.Minute)
		w.OK(w.Contact.TakeBack(w.Ctx, w.Teacher, ref))
		if open, err = w.Contact.OpenAnswers(w.Ctx, w.Teacher); err != nil || len(open) != 1 || open[0].Kind != contact.CallMe {
			t.Errorf("after taking it back %+v wait, %v; want the call that was asked for", open, err)
		}
		w.OK(w.Contact.Handle(w.Ctx, w.Teacher, open[0].PublicID, "call"))
		hist, err := w.Contact.History(w.Ctx, w.Teacher, h.PublicID)
		w.OK(err)
		w.OK(w.Contact.TakeBack(w.Ctx, w.Teacher, hist.Lines[0].PublicID))
		if open, err = w.Contact.OpenAnswers(w.Ctx, w.Teacher); err != nil || len(open) != 1 {
			t.Errorf("after taking back a call to an answer %d wait, %v", len(open), err)
		}
	})
}

func TestTheHistoryBeginsWithWhatHappenedLast(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		h := w.Home("Desta", "")
		now := w.Clock
		for _, daysAgo := range []int{2, 0, 5} { // the gate of last week is written down today
			w.Clock = now.AddDate(0, 0, -daysAgo)
			_, err := w.Contact.LogTalk(w.Ctx, w.Teacher, contact.Talk{Household: h.PublicID, Road: contact.Gate, Reached: true})
			w.OK(err)
		}
		w.Clock = now
		hist, err := w.Contact.History(w.Ctx, w.Teacher, h.PublicID)
		w.OK(err)
		var days []int
		for _, l := range hist.Lines {
			days = append(days, int(now.Sub(l.At).Hours()/24))
		}
		if !slices.Equal(days, []int{0, 2, 5}) {
			t.Errorf("days ago: %v", days)
		}
	})
}

func TestWhatIsAboutAnotherClassesChildIsNotTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		h := w.Home("Badra", "")
		ref, err := w.Contact.LogTalk(w.Ctx, w.Other1B, contact.Talk{Household: h.PublicID, Pupil: h.Children[0].PublicID, Road: contact.Call, Reached: true})
		w.OK(err)
		wantKind(t, "the teacher of the brother", w.Contact.TakeBack(w.Ctx, w.Teacher, ref), errs.NotFound)
		wantKind(t, "another school", w.Contact.TakeBack(w.Ctx, w.Alien, ref), errs.NotFound)
		w.OK(w.Contact.TakeBack(w.Ctx, w.Other1B, ref))
	})
}

func TestTwoWhoTakeBackAtOnceWriteOneLine(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		ref, err := w.Contact.LogTalk(w.Ctx, w.Teacher, contact.Talk{Household: w.Home("Ali", "").PublicID, Road: contact.Call, Reached: true})
		w.OK(err)
		var mu sync.Mutex
		taken := 0
		atOnce(6, func(int) {
			err := w.Contact.TakeBack(w.Ctx, w.Teacher, ref)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				taken++
			} else if !errs.Is(err, errs.Conflict) {
				t.Error(err)
			}
		})
		if n := count(t, w, "select count(*) from contacts where corrects is not null"); n != 1 || taken != 1 {
			t.Errorf("%d corrections, %d told it worked; want 1 and 1", n, taken)
		}
	})
}

func TestCodesOfASisterStayWithHerTeacher(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		w.Code(w.Home("Ali", ""), "ar")
		badra := w.Home("Badra", "")
		w.Code(badra, "ar")
		codes, err := w.Contact.Codes(w.Ctx, w.Teacher, badra.PublicID)
		w.OK(err)
		if len(codes) != 1 || codes[0].Given != "Ali" {
			t.Errorf("the teacher of Ali sees %+v", codes)
		}
		if all, err := w.Contact.Codes(w.Ctx, w.System, badra.PublicID); err != nil || len(all) != 2 {
			t.Errorf("who sees all classes sees %d codes, %v", len(all), err)
		}
	})
}

func TestReachOfAClassSaysTheSameAsItsPage(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		badra := w.Home("Badra", "")
		_, err := w.Contact.LogTalk(w.Ctx, w.Other1B, contact.Talk{Household: badra.PublicID, Pupil: badra.Children[0].PublicID, Road: contact.Call, Reached: true})
		w.OK(err)
		ref, err := w.Contact.LogTalk(w.Ctx, w.Teacher, contact.Talk{Household: w.Home("Desta", "").PublicID, Road: contact.Call, Reached: true})
		w.OK(err)
		_, err = w.Contact.LogTalk(w.Ctx, w.Teacher, contact.Talk{Household: w.Home("Cas", "An Maes").PublicID, Road: contact.Call, Reached: true})
		w.OK(err)
		w.OK(w.Contact.TakeBack(w.Ctx, w.Teacher, ref))
		reach, err := w.Contact.ReachByClass(w.Ctx, w.System)
		w.OK(err)
		for name, by := range map[string]auth.Actor{"3A": w.Teacher, "1B": w.Other1B} {
			g, err := w.Contact.ClassGrid(w.Ctx, w.System, w.Class[name])
			w.OK(err)
			if got, want := reach[by.Classes[0].ID], (contact.Reach{Households: len(g.Rows), Reached: g.Reached}); got != want {
				t.Errorf("%s: %+v on Today, %+v on its page", name, got, want)
			}
		}
		if r, err := w.Contact.ReachByClass(w.Ctx, w.Alien); err != nil || len(r) != 0 {
			t.Errorf("another school: %v %v", r, err)
		}
	})
}

func TestThousandsOfCodesAreKeptAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *contacttest.World) {
		h := w.Home("Ali", "")
		const many = 10_000
		codes, to := contact.Secrets(many), make([]contact.CodeFor, many)
		entries := make([]contact.Entry, many)
		for i := range to {
			to[i] = contact.CodeFor{HouseholdID: h.ID, PupilID: h.Children[0].ID, Material: "water", Lang: "ar"}
			entries[i] = contact.Entry{HouseholdID: h.ID, Area: contact.AreaSlips, Road: contact.Paper, Direction: contact.Out, Stage: contact.Offered}
		}
		w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
			if err := w.Contact.KeepCodes(w.Ctx, tx, w.School.ID, to, codes); err != nil {
				return err
			}
			_, err := w.Contact.Log(w.Ctx, tx, w.School.ID, entries)
			return err
		}))
		for i, c := range codes {
			if c.ID == 0 {
				t.Fatalf("code %d of %d got no id", i, many)
			}
		}
		if _, err := w.Contact.Open(context.WithoutCancel(w.Ctx), codes[many-1].Short, "10.0.0.1"); err != nil {
			t.Error(err)
		}
	})
}
