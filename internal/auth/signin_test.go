package auth

import (
	"strings"
	"sync"
	"testing"
	"time"

	"brug/internal/errs"
)

func TestSignInGivesASessionAndTheSchools(t *testing.T) {
	each(t, func(w *world) {
		s := w.signIn(" ELS@Regenboog.test ", secret)
		if len(s.Token) < 43 {
			t.Errorf("token %q is shorter than 256 bits", s.Token)
		}
		if s.Actor.Name != "Els Peeters" || s.Actor.Role != Visitor || len(s.Actor.Schools) != 1 || s.Actor.Schools[0].Slug != "de-regenboog" {
			t.Errorf("actor %+v", s.Actor)
		}
		if n := w.number("select count(*) from sessions where token_hash = $1", s.Token); n != 0 {
			t.Error("the token stands in the database as it is")
		}
		a := w.at(s.Token, "de-regenboog")
		if a.Role != Director || a.School.ID != w.school.ID || a.School.Name != "De Regenboog" || a.StaffID != w.director.StaffID {
			t.Errorf("at school: %+v", a)
		}
		if w.journaled("signin") != 1 {
			t.Error("the sign-in is not in the journal")
		}
	})
}

func TestATeacherHasTheOwnClasses(t *testing.T) {
	each(t, func(w *world) {
		a := w.as(teachersAt)
		if a.Role != Teacher || len(a.Classes) != 1 || a.Classes[0].Name != "2A" || a.Classes[0].PublicID != w.classA {
			t.Errorf("%+v", a)
		}
	})
}

func TestWhoIsNotSignedInIsNobody(t *testing.T) {
	each(t, func(w *world) {
		for _, token := range []string{"", "nonsense", w.signIn(directorsAt, secret).Token[1:]} {
			for _, slug := range []string{"", w.school.Slug} {
				if a := w.at(token, slug); a.Role != Nobody || a.AccountID != 0 {
					t.Errorf("token %q: %+v", token, a)
				}
			}
		}
	})
}

func TestAStrangerFindsNoSchoolAndTheCentreMayNot(t *testing.T) {
	each(t, func(w *world) {
		stranger := w.signIn(directorsAt, secret).Token
		_, there := w.auth.Actor(w.ctx, stranger, w.other.Slug)
		_, nowhere := w.auth.Actor(w.ctx, stranger, "no-such-school")
		w.kind(there, errs.NotFound)
		w.kind(nowhere, errs.NotFound)

		centre := w.signIn(supportsAt, secret)
		if centre.Actor.Role != Support {
			t.Errorf("%+v", centre.Actor)
		}
		for _, slug := range []string{w.school.Slug, "no-such-school"} {
			_, err := w.auth.Actor(w.ctx, centre.Token, slug)
			w.kind(err, errs.Forbidden)
		}
	})
}

func TestAClosedSchoolIsNotThere(t *testing.T) {
	each(t, func(w *world) {
		token := w.signIn(directorsAt, secret).Token
		w.exec("update schools set closed_at = 1 where id = $1", w.school.ID)
		_, err := w.auth.Actor(w.ctx, token, w.school.Slug)
		w.kind(err, errs.NotFound)
		if a := w.at(token, ""); len(a.Schools) != 0 {
			t.Errorf("%+v", a.Schools)
		}
	})
}

func TestSignInNeverTellsWhetherAnAddressExists(t *testing.T) {
	each(t, func(w *world) {
		w.ok(w.auth.Invite(w.ctx, w.as(directorsAt), Invitation{Name: "Fatma", Email: "fatma@regenboog.test", Role: Care}))
		w.ok(w.auth.ShutAccount(w.ctx, operatorActor, teachersAt))
		_, unknown := w.auth.SignIn(w.ctx, "nobody@regenboog.test", secret, w.visit())
		w.kind(unknown, errs.Invalid)
		for name, try := range map[string][2]string{
			"wrong password":      {directorsAt, "iets helemaal anders"},
			"invited, not opened": {"fatma@regenboog.test", secret},
			"an empty password":   {"fatma@regenboog.test", " "},
			"shut":                {teachersAt, secret},
		} {
			before := w.rows()
			_, err := w.auth.SignIn(w.ctx, try[0], try[1], w.visit())
			if err == nil || err.Error() != unknown.Error() {
				t.Errorf("%s: %v, an unknown address gets %v", name, err, unknown)
			}
			if after := w.rows(); after["journal"] != before["journal"]+1 || after["mails"] != before["mails"] || after["sessions"] != before["sessions"] {
				t.Errorf("%s: rows %v, were %v", name, after, before)
			}
		}
		if n := w.journaled("signin.failed"); n != 5 {
			t.Errorf("%d failed sign-ins in the journal, were 5", n)
		}
		for _, address := range []string{"nobody@", "els@", "fatma@"} {
			if n := w.number("select count(*) from journal where ref like $1 or detail like $1", "%"+address+"%"); n != 0 {
				t.Errorf("%s stands in the journal", address)
			}
		}
	})
}

// rows counts the rows of the tables that an asker could make grow.
func (w *world) rows() map[string]int {
	w.t.Helper()
	out := map[string]int{}
	for _, table := range []string{"accounts", "sessions", "mail_links", "throttles", "mails", "journal", "staff"} {
		out[table] = w.number("select count(*) from " + table)
	}
	return out
}

func TestSignInIsThrottledByAddress(t *testing.T) {
	each(t, func(w *world) {
		for _, email := range []string{directorsAt, "nobody@regenboog.test"} {
			for i := range int(signInByAddress.tries) {
				v := Visit{IP: "198.51.100." + string(rune('0'+i%10))}
				_, err := w.auth.SignIn(w.ctx, email, "iets helemaal anders", v)
				w.kind(err, errs.Invalid)
			}
			w.clock = w.clock.Add(5 * time.Minute)
			_, err := w.auth.SignIn(w.ctx, strings.ToUpper(email), secret, Visit{IP: "203.0.113.9"})
			w.kind(err, errs.TooMany)
			if e := err.(*errs.Error); e.Wait != 10*time.Minute || !strings.Contains(e.Text.String(), "10 min") {
				t.Errorf("%s: wait %v, %q", email, e.Wait, e.Text)
			}
		}
		if n := w.journaled("throttled"); n != 2 {
			t.Errorf("%d lines about throttling", n)
		}
		w.clock = w.clock.Add(10*time.Minute + time.Second)
		w.signIn(directorsAt, secret)
	})
}

func TestSignInIsThrottledByComputer(t *testing.T) {
	each(t, func(w *world) {
		attacker := Visit{IP: "2001:db8:1:2::1"}
		for i := range int(signInByComputer.tries) {
			_, err := w.auth.SignIn(w.ctx, strings.Repeat("x", i+1)+"@regenboog.test", "iets helemaal anders", attacker)
			w.kind(err, errs.Invalid)
		}
		_, err := w.auth.SignIn(w.ctx, directorsAt, secret, Visit{IP: "2001:db8:1:2:ffff::9"}) // the same home
		w.kind(err, errs.TooMany)
		before := w.number("select count(*) from throttles")
		_, err = w.auth.SignIn(w.ctx, "fresh@regenboog.test", secret, attacker)
		w.kind(err, errs.TooMany)
		if w.number("select count(*) from throttles") != before {
			t.Error("a computer that is held back still counts against addresses")
		}
		w.signIn(directorsAt, secret) // from elsewhere
		if n := w.number("select count(*) from throttles where key like '%2001%' or key like '%@%'"); n != 0 {
			t.Error("an address stands in the table as it is")
		}
	})
}

func TestWhoSignsInAllDayIsNotThrottled(t *testing.T) {
	each(t, func(w *world) {
		for range int(signInByComputer.tries) + 5 {
			w.signIn(directorsAt, secret)
		}
	})
}

func TestManyTriesAtOneMomentAreAllCounted(t *testing.T) {
	each(t, func(w *world) {
		var wg sync.WaitGroup
		kinds := make([]errs.Kind, 25)
		for i := range kinds {
			wg.Go(func() {
				_, err := w.auth.SignIn(w.ctx, directorsAt, "iets helemaal anders", w.visit())
				kinds[i] = errs.KindOf(err)
			})
		}
		wg.Wait()
		count := map[errs.Kind]int{}
		for _, k := range kinds {
			count[k]++
		}
		if count[errs.Invalid] != int(signInByAddress.tries) || count[errs.TooMany] != len(kinds)-int(signInByAddress.tries) {
			t.Errorf("%v", count)
		}
	})
}

func TestAStrongerHashComesWithTheNextSignIn(t *testing.T) {
	each(t, func(w *world) {
		stored := func() string { return w.word("select password from accounts where id = $1", w.director.AccountID) }
		old := stored()
		w.signIn(directorsAt, secret)
		if stored() != old {
			t.Error("the hash changed without need")
		}
		var err error
		w.auth.hasher, err = newHasher(cost{memory: 128, time: 2, lanes: 1})
		w.ok(err)
		w.signIn(directorsAt, secret)
		if now := stored(); now == old || !strings.Contains(now, "m=128,t=2") {
			t.Errorf("stored %s", now)
		}
		w.signIn(directorsAt, secret)
	})
}

func TestChangePassword(t *testing.T) {
	each(t, func(w *world) {
		elsewhere := w.signIn(directorsAt, secret).Token
		here := w.signIn(directorsAt, secret)
		w.field(w.auth.ChangePassword(w.ctx, here.Actor, "iets helemaal anders", newSecret), "old")
		w.field(w.auth.ChangePassword(w.ctx, here.Actor, secret, "kort"), "password")
		w.field(w.auth.ChangePassword(w.ctx, here.Actor, secret, "DeRegenboog2026"), "password")
		w.ok(w.auth.Forgot(w.ctx, directorsAt, "nl", "192.0.2.9"))
		link := w.token(directorsAt)

		w.ok(w.auth.ChangePassword(w.ctx, here.Actor, secret, newSecret))
		if w.at(here.Token, "").Role == Nobody {
			t.Error("the session that changed it has ended")
		}
		if w.at(elsewhere, "").Role != Nobody {
			t.Error("another session goes on with the old password")
		}
		_, err := w.auth.LookReset(w.ctx, link)
		w.kind(err, errs.Gone)
		_, err = w.auth.SignIn(w.ctx, directorsAt, secret, w.visit())
		w.kind(err, errs.Invalid)
		w.signIn(directorsAt, newSecret)
		if all := w.mails(directorsAt); len(all) != 2 {
			t.Errorf("%d mails, want the link and the notice", len(all))
		}
	})
}

func TestGuessingTheOldPasswordIsThrottled(t *testing.T) {
	each(t, func(w *world) {
		here := w.signIn(directorsAt, secret).Actor
		for range int(signInByAddress.tries) {
			w.field(w.auth.ChangePassword(w.ctx, here, "iets helemaal anders", newSecret), "old")
		}
		w.kind(w.auth.ChangePassword(w.ctx, here, secret, newSecret), errs.TooMany)
	})
}

func TestChangeProfile(t *testing.T) {
	each(t, func(w *world) {
		s := w.signIn(directorsAt, secret)
		w.field(w.auth.ChangeProfile(w.ctx, s.Actor, "  ", "nl"), "name")
		w.field(w.auth.ChangeProfile(w.ctx, s.Actor, "Els", "xx"), "lang")
		w.ok(w.auth.ChangeProfile(w.ctx, s.Actor, " Els\nde Wolf ", "fr"))
		if a := w.at(s.Token, ""); a.Name != "Els de Wolf" || a.Lang != "fr" {
			t.Errorf("%+v", a)
		}
		w.kind(w.auth.ChangeProfile(w.ctx, Actor{}, "Els", "nl"), errs.SignIn)
	})
}

func TestShutAccountEndsAtOnce(t *testing.T) {
	each(t, func(w *world) {
		token := w.signIn(teachersAt, secret).Token
		w.kind(w.auth.ShutAccount(w.ctx, w.as(directorsAt), teachersAt), errs.Forbidden)
		w.ok(w.auth.ShutAccount(w.ctx, operatorActor, teachersAt))
		if w.at(token, "").Role != Nobody {
			t.Error("still signed in")
		}
		w.kind(w.auth.ShutAccount(w.ctx, operatorActor, teachersAt), errs.Conflict)
		w.kind(w.auth.ShutAccount(w.ctx, operatorActor, "nobody@x.test"), errs.NotFound)
	})
}
