package auth

import (
	"testing"
	"time"

	"brug/internal/errs"
)

func TestSessionEndsWhenItIsNotUsed(t *testing.T) {
	for _, c := range []struct {
		name string
		keep bool
		life time.Duration
	}{{"on a shared computer", false, 12 * time.Hour}, {"on the own computer", true, 30 * 24 * time.Hour}} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(w *world) {
				s, err := w.auth.SignIn(w.ctx, directorsAt, secret, Visit{IP: "192.0.2.7", Keep: c.keep})
				w.ok(err)
				for range 3 { // each use begins the time anew
					w.clock = w.clock.Add(c.life - time.Minute)
					if w.at(s.Token, "").Role == Nobody {
						t.Fatal("ended too early")
					}
				}
				w.clock = w.clock.Add(c.life)
				if w.at(s.Token, "").Role != Nobody {
					t.Error("still signed in")
				}
			})
		})
	}
}

func TestLastUseIsWrittenNowAndThen(t *testing.T) {
	each(t, func(w *world) {
		s := w.signIn(directorsAt, secret)
		seen := func() int { return w.number("select seen_at from sessions where id = $1", s.Actor.SessionID) }
		first := seen()
		w.clock = w.clock.Add(seenEvery - time.Second)
		w.at(s.Token, "")
		if seen() != first {
			t.Error("written for every page")
		}
		w.clock = w.clock.Add(time.Second)
		w.at(s.Token, "")
		if seen() != first+int(seenEvery.Milliseconds()) {
			t.Error("not written after five minutes")
		}
	})
}

func TestTheTokenChangesWithSignIn(t *testing.T) {
	each(t, func(w *world) {
		old := w.signIn(teachersAt, secret).Token
		v := w.visit()
		v.OldToken = old
		s, err := w.auth.SignIn(w.ctx, directorsAt, secret, v)
		w.ok(err)
		if s.Token == old || w.at(old, "").Role != Nobody {
			t.Error("the token of before still works")
		}
	})
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	each(t, func(w *world) {
		phone, err := w.auth.SignIn(w.ctx, directorsAt, secret, Visit{UserAgent: "iPhone Version/18 Safari", Keep: true})
		w.ok(err)
		w.clock = w.clock.Add(time.Hour)
		lost := w.signIn(directorsAt, secret)
		here := w.signIn(directorsAt, secret)
		stranger := w.signIn(teachersAt, secret)

		list, err := w.auth.Sessions(w.ctx, here.Actor)
		w.ok(err)
		if len(list) != 3 || !list[0].This || list[1].This || list[2].Device != (Device{"Safari", "iPhone"}) || !list[2].Keep {
			t.Fatalf("%+v", list)
		}
		w.kind(w.auth.EndSession(w.ctx, stranger.Actor, list[1].PublicID), errs.NotFound)
		w.ok(w.auth.EndSession(w.ctx, here.Actor, list[1].PublicID))
		if w.at(lost.Token, "").Role != Nobody {
			t.Error("an ended session goes on")
		}
		w.kind(w.auth.EndSession(w.ctx, here.Actor, list[1].PublicID), errs.NotFound)

		n, err := w.auth.EndOtherSessions(w.ctx, here.Actor)
		w.ok(err)
		if n != 1 || w.at(phone.Token, "").Role != Nobody || w.at(here.Token, "").Role == Nobody || w.at(stranger.Token, "").Role == Nobody {
			t.Errorf("%d ended", n)
		}
		_, err = w.auth.Sessions(w.ctx, Actor{})
		w.kind(err, errs.SignIn)
	})
}

func TestSignOut(t *testing.T) {
	each(t, func(w *world) {
		s := w.signIn(directorsAt, secret)
		w.ok(w.auth.SignOut(w.ctx, s.Actor, s.Token))
		if w.at(s.Token, "").Role != Nobody {
			t.Error("still signed in")
		}
		w.ok(w.auth.SignOut(w.ctx, s.Actor, s.Token)) // a second click
		if w.journaled("signout") != 1 {
			t.Error("journal")
		}
	})
}

func TestTidyTakesAwayOnlyWhatHasEnded(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.auth.SignIn(w.ctx, directorsAt, "iets helemaal anders", w.visit())
		w.kind(err, errs.Invalid)
		w.ok(w.auth.Forgot(w.ctx, directorsAt, "nl", "192.0.2.7"))
		w.signIn(directorsAt, secret)
		w.clock = w.clock.Add(8 * 24 * time.Hour)
		w.signIn(directorsAt, secret)
		w.ok(w.auth.Tidy(w.ctx))
		got := w.rows()
		if got["mail_links"] != 0 || got["sessions"] != 2 || got["throttles"] != 2 {
			t.Errorf("%v", got)
		}
		w.clock = w.clock.Add(29 * 24 * time.Hour)
		w.ok(w.auth.Tidy(w.ctx))
		if got := w.rows(); got["sessions"] != 1 {
			t.Errorf("%v", got)
		}
	})
}
