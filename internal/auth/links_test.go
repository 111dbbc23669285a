package auth

import (
	"strings"
	"sync"
	"testing"
	"time"

	"brug/internal/errs"
)

func TestResetByMail(t *testing.T) {
	each(t, func(w *world) {
		before := w.signIn(directorsAt, secret).Token
		w.ok(w.auth.Forgot(w.ctx, strings.ToUpper(directorsAt), "fr", "192.0.2.9"))
		token := w.token(directorsAt)
		if m := w.mails(directorsAt)[0]; m.lang != "nl" {
			t.Errorf("the mail is in %q; the account reads Dutch", m.lang)
		}
		if n := w.number("select count(*) from mail_links where token_hash = $1", token); n != 0 {
			t.Error("the token stands in the database as it is")
		}
		email, err := w.auth.LookReset(w.ctx, token)
		w.ok(err)
		if email != directorsAt {
			t.Error(email)
		}
		_, err = w.auth.Reset(w.ctx, token, "kort", w.visit())
		w.field(err, "password")
		s, err := w.auth.Reset(w.ctx, token, newSecret, w.visit()) // a mistake does not spend the link
		w.ok(err)
		if s.Actor.AccountID != w.director.AccountID || w.at(s.Token, w.school.Slug).Role != Director {
			t.Errorf("%+v", s.Actor)
		}
		if w.at(before, "").Role != Nobody {
			t.Error("a session of before the reset goes on")
		}
		_, err = w.auth.Reset(w.ctx, token, secret, w.visit())
		w.kind(err, errs.Gone)
		w.signIn(directorsAt, newSecret)
		if n := len(w.mails(directorsAt)); n != 2 {
			t.Errorf("%d mails, want the link and the notice", n)
		}
	})
}

func TestResetLinkEnds(t *testing.T) {
	each(t, func(w *world) {
		ask := func() string {
			t.Helper()
			w.ok(w.auth.Forgot(w.ctx, directorsAt, "nl", "192.0.2.9"))
			return w.token(directorsAt)
		}
		first := ask()
		second := ask()
		_, err := w.auth.Reset(w.ctx, first, newSecret, w.visit())
		w.kind(err, errs.Gone) // a newer one is there
		_, err = w.auth.LookWelcome(w.ctx, second)
		w.kind(err, errs.Gone) // for something else
		w.clock = w.clock.Add(time.Hour)
		_, err = w.auth.Reset(w.ctx, second, newSecret, w.visit())
		w.kind(err, errs.Gone)
		_, err = w.auth.LookReset(w.ctx, "nonsense")
		w.kind(err, errs.Gone)

		third := ask()
		w.ok(w.auth.ShutAccount(w.ctx, operatorActor, directorsAt))
		_, err = w.auth.Reset(w.ctx, third, newSecret, w.visit())
		w.kind(err, errs.Gone)
	})
}

func TestTwoClicksAtOnceResetOnce(t *testing.T) {
	each(t, func(w *world) {
		w.ok(w.auth.Forgot(w.ctx, directorsAt, "nl", "192.0.2.9"))
		token := w.token(directorsAt)
		var wg sync.WaitGroup
		results := make([]error, 4)
		for i := range results {
			wg.Go(func() { _, results[i] = w.auth.Reset(w.ctx, token, newSecret, w.visit()) })
		}
		wg.Wait()
		good := 0
		for _, err := range results {
			if err == nil {
				good++
			} else if !errs.Is(err, errs.Gone) {
				t.Error(err)
			}
		}
		if good != 1 {
			t.Errorf("the link worked %d times", good)
		}
	})
}

func TestForgotNeverTellsWhetherAnAddressExists(t *testing.T) {
	each(t, func(w *world) {
		grew := func(email string) map[string]int {
			t.Helper()
			before := w.rows()
			w.ok(w.auth.Forgot(w.ctx, email, "fr", "192.0.2.9"))
			after := w.rows()
			for k := range after {
				after[k] -= before[k]
			}
			return after
		}
		w.ok(w.auth.ShutAccount(w.ctx, operatorActor, teachersAt))
		w.ok(w.auth.Forgot(w.ctx, "first@regenboog.test", "fr", "192.0.2.9")) // from here on the computer has its counter
		known, unknown, shut := grew(directorsAt), grew("nobody@regenboog.test"), grew(teachersAt)
		for _, table := range []string{"mails", "journal", "throttles", "sessions", "accounts"} {
			if known[table] != unknown[table] || known[table] != shut[table] {
				t.Errorf("%s: %d rows for a known address, %d for an unknown, %d for one that was shut", table, known[table], unknown[table], shut[table])
			}
		}
		if known["mails"] != 1 || known["mail_links"] != 1 || unknown["mail_links"] != 0 {
			t.Errorf("known %v, unknown %v", known, unknown)
		}
		none := w.mails("nobody@regenboog.test")[0]
		if none.lang != "fr" || linkInMail.MatchString(none.text) {
			t.Errorf("%+v", none)
		}
		// Held back alike, too.
		for range resetByAddress.tries - 1 {
			w.ok(w.auth.Forgot(w.ctx, directorsAt, "nl", "192.0.2.9"))
			w.ok(w.auth.Forgot(w.ctx, "nobody@regenboog.test", "nl", "192.0.2.9"))
		}
		one := w.auth.Forgot(w.ctx, directorsAt, "nl", "192.0.2.9")
		two := w.auth.Forgot(w.ctx, "nobody@regenboog.test", "nl", "192.0.2.9")
		w.kind(one, errs.TooMany)
		if one.Error() != two.Error() {
			t.Errorf("%v, %v", one, two)
		}
		w.field(w.auth.Forgot(w.ctx, "no address", "nl", "192.0.2.9"), "email")
	})
}

func TestAResetLetsTheOwnerInWhileOthersAreHeldBack(t *testing.T) {
	each(t, func(w *world) {
		for range signInByAddress.tries {
			_, err := w.auth.SignIn(w.ctx, directorsAt, "iets helemaal anders", Visit{IP: "203.0.113.66"})
			w.kind(err, errs.Invalid)
		}
		_, err := w.auth.SignIn(w.ctx, directorsAt, secret, w.visit())
		w.kind(err, errs.TooMany)
		w.ok(w.auth.Forgot(w.ctx, directorsAt, "nl", "192.0.2.7"))
		_, err = w.auth.Reset(w.ctx, w.token(directorsAt), newSecret, w.visit())
		w.ok(err)
		w.signIn(directorsAt, newSecret)
	})
}

func TestAnInvitationOpensAnAccount(t *testing.T) {
	each(t, func(w *world) {
		const fatma = "fatma@regenboog.test"
		w.ok(w.auth.Invite(w.ctx, w.as(directorsAt), Invitation{Name: "F. Yilmaz", Email: fatma, Role: Teacher, Classes: []string{w.classA, w.classB}}))
		token := w.token(fatma)
		look, err := w.auth.LookWelcome(w.ctx, token)
		w.ok(err)
		if look.Name != "F. Yilmaz" || look.School != "De Regenboog" || look.Role != Teacher || look.HasAccount || look.Email != fatma {
			t.Errorf("%+v", look)
		}
		_, err = w.auth.Join(w.ctx, token, Opening{Name: "", Lang: "de", Password: "DeRegenboog1"}, w.visit())
		for _, f := range []string{"name", "lang", "password"} {
			w.field(err, f)
		}
		s, err := w.auth.Join(w.ctx, token, Opening{Name: "Fatma Yılmaz", Lang: "fr", Password: secret}, w.visit())
		w.ok(err)
		a := w.at(s.Token, w.school.Slug)
		if a.Name != "Fatma Yılmaz" || a.Lang != "fr" || a.Role != Teacher || len(a.Classes) != 2 || a.Classes[0].Name != "2A" {
			t.Errorf("%+v", a)
		}
		_, err = w.auth.Join(w.ctx, token, Opening{Name: "Fatma", Lang: "fr", Password: newSecret}, w.visit())
		w.kind(err, errs.Gone)
		w.signIn(fatma, secret)
	})
}

func TestAnInvitationLastsSevenDaysAndTheNewestCounts(t *testing.T) {
	each(t, func(w *world) {
		const fatma = "fatma@regenboog.test"
		els := w.as(directorsAt)
		w.ok(w.auth.Invite(w.ctx, els, Invitation{Name: "Fatma", Email: fatma, Role: Care}))
		first := w.token(fatma)
		m := w.invited(els, fatma)
		w.ok(w.auth.InviteAgain(w.ctx, els, m.PublicID))
		second := w.token(fatma)
		_, err := w.auth.LookWelcome(w.ctx, first)
		w.kind(err, errs.Gone)
		w.clock = w.clock.Add(7*24*time.Hour - time.Minute)
		_, err = w.auth.LookWelcome(w.ctx, second)
		w.ok(err)
		w.clock = w.clock.Add(time.Minute)
		_, err = w.auth.Join(w.ctx, second, Opening{Name: "Fatma", Lang: "nl", Password: secret}, w.visit())
		w.kind(err, errs.Gone)
		els = w.as(directorsAt)
		if m := w.invited(els, fatma); m.Joined || !m.Until.IsZero() {
			t.Errorf("%+v", m)
		}
		w.ok(w.auth.InviteAgain(w.ctx, els, m.PublicID))
		_, err = w.auth.Join(w.ctx, w.token(fatma), Opening{Name: "Fatma", Lang: "nl", Password: secret}, w.visit())
		w.ok(err)
		w.kind(w.auth.InviteAgain(w.ctx, els, m.PublicID), errs.Conflict)
	})
}

func (w *world) invited(by Actor, email string) Member {
	w.t.Helper()
	all, err := w.auth.Staff(w.ctx, by)
	w.ok(err)
	for _, m := range all {
		if m.Email == email {
			return m
		}
	}
	w.t.Fatalf("%s is not on the staff", email)
	return Member{}
}

func TestOneAccountAtTwoSchools(t *testing.T) {
	each(t, func(w *world) {
		ann, err := w.auth.CreateAccount(w.ctx, operatorActor, NewAccount{School: w.other, Name: "Ann Dubois", Email: "ann@ancre.test", Role: Director, Password: newSecret})
		w.ok(err)
		els := w.as(directorsAt)
		before := w.word("select password from accounts where id = $1", ann.AccountID)

		w.ok(w.auth.Invite(w.ctx, els, Invitation{Name: "Mevrouw Ann", Email: "Ann@Ancre.test", Role: Care}))
		m := w.invited(els, "ann@ancre.test")
		if m.Name != "Mevrouw Ann" || m.Joined || !m.Seen.IsZero() {
			t.Errorf("the director learns about the account: %+v", m)
		}
		if s := w.signIn("ann@ancre.test", newSecret); len(s.Actor.Schools) != 1 {
			t.Error("joined without having said yes")
		}
		token := w.token("ann@ancre.test")
		look, err := w.auth.LookWelcome(w.ctx, token)
		w.ok(err)
		if !look.HasAccount || look.Name != "Ann Dubois" {
			t.Errorf("%+v", look)
		}
		s, err := w.auth.Join(w.ctx, token, Opening{Name: "X", Lang: "en", Password: secret}, w.visit())
		w.ok(err)
		if s.Token != "" {
			t.Error("signed in by the link alone, though the account has a password")
		}
		if w.word("select password from accounts where id = $1", ann.AccountID) != before {
			t.Error("the link changed the password")
		}
		both := w.signIn("ann@ancre.test", newSecret)
		if len(both.Actor.Schools) != 2 || both.Actor.Name != "Ann Dubois" {
			t.Errorf("%+v", both.Actor)
		}
		if here, there := w.at(both.Token, w.school.Slug), w.at(both.Token, w.other.Slug); here.Role != Care || there.Role != Director {
			t.Errorf("%s, %s", here.Role, there.Role)
		}
	})
}

func TestAnInvitationCanBeAcceptedAfterSignIn(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.auth.CreateAccount(w.ctx, operatorActor, NewAccount{School: w.other, Name: "Ann", Email: "ann@ancre.test", Role: Director, Password: secret})
		w.ok(err)
		w.ok(w.auth.Invite(w.ctx, w.as(directorsAt), Invitation{Name: "Ann", Email: "ann@ancre.test", Role: Care}))
		ann := w.signIn("ann@ancre.test", secret)
		list, err := w.auth.Invitations(w.ctx, ann.Actor)
		w.ok(err)
		if len(list) != 1 || list[0].School != "De Regenboog" || list[0].Role != Care {
			t.Fatalf("%+v", list)
		}
		_, err = w.auth.Accept(w.ctx, w.signIn(teachersAt, secret).Actor, list[0].PublicID)
		w.kind(err, errs.NotFound) // somebody else's
		slug, err := w.auth.Accept(w.ctx, ann.Actor, list[0].PublicID)
		w.ok(err)
		if slug != w.school.Slug || w.at(ann.Token, slug).Role != Care {
			t.Error(slug)
		}
		_, err = w.auth.LookWelcome(w.ctx, w.token("ann@ancre.test"))
		w.kind(err, errs.Gone)
		_, err = w.auth.Accept(w.ctx, ann.Actor, list[0].PublicID)
		w.kind(err, errs.NotFound)
	})
}

func TestTheSupportCentreJoinsNoSchool(t *testing.T) {
	each(t, func(w *world) {
		w.ok(w.auth.Invite(w.ctx, w.as(directorsAt), Invitation{Name: "Mia", Email: supportsAt, Role: Director}))
		_, err := w.auth.Join(w.ctx, w.token(supportsAt), Opening{}, w.visit())
		w.kind(err, errs.Conflict)
		mia := w.signIn(supportsAt, secret).Actor
		list, err := w.auth.Invitations(w.ctx, mia)
		w.ok(err)
		if len(list) != 0 {
			t.Errorf("%+v", list)
		}
		_, err = w.auth.Accept(w.ctx, mia, w.word("select public_id from staff where joined_at = 0"))
		w.kind(err, errs.Conflict)
	})
}

// The sign K (Kelvin) becomes a plain k in small letters, but is another host to the mail.
func TestLinksGoToTheKnownAddressOnly(t *testing.T) {
	each(t, func(w *world) {
		const known, lookalike = "jan@kade.test", "jan@\u212aade.test"
		_, err := w.auth.CreateAccount(w.ctx, operatorActor, NewAccount{School: w.school, Name: "Jan", Email: known, Role: Care})
		w.ok(err)
		w.ok(w.auth.Forgot(w.ctx, lookalike, "nl", "192.0.2.7"))
		w.ok(w.auth.Invite(w.ctx, w.as(directorsAt), Invitation{Name: "Jan", Email: lookalike, Role: Care}))
		if n := len(w.mails(lookalike)); n != 0 {
			t.Errorf("%d mails to somebody else", n)
		}
		if n := len(w.mails(known)); n != 3 {
			t.Errorf("%d mails", n)
		}
	})
}

func TestDemoLinks(t *testing.T) {
	each(t, func(w *world) {
		token, err := w.auth.DemoLink(w.ctx, w.director.AccountID)
		w.ok(err)
		for range 2 { // again and again
			s, err := w.auth.SignInDemo(w.ctx, token, w.visit())
			w.ok(err)
			if s.Actor.AccountID != w.director.AccountID {
				t.Errorf("%+v", s.Actor)
			}
		}
		_, err = w.auth.Reset(w.ctx, token, newSecret, w.visit())
		w.kind(err, errs.Gone)
		w.ok(w.auth.Forgot(w.ctx, directorsAt, "nl", "192.0.2.7"))
		_, err = w.auth.SignInDemo(w.ctx, w.token(directorsAt), w.visit())
		w.kind(err, errs.Gone)

		real, err := New(Config{DB: w.db, Now: w.auth.now, BaseURL: "https://brug.test"})
		w.ok(err)
		_, err = real.SignInDemo(w.ctx, token, w.visit())
		w.kind(err, errs.Gone)
		_, err = real.DemoLink(w.ctx, w.director.AccountID)
		w.kind(err, errs.Forbidden)
	})
}

func TestOperatorsLinkForAMachineWithoutMail(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.auth.ResetLink(w.ctx, w.as(directorsAt), teachersAt)
		w.kind(err, errs.Forbidden)
		_, err = w.auth.ResetLink(w.ctx, operatorActor, "nobody@x.test")
		w.kind(err, errs.NotFound)
		url, err := w.auth.ResetLink(w.ctx, operatorActor, teachersAt)
		w.ok(err)
		_, err = w.auth.Reset(w.ctx, strings.TrimPrefix(url, "https://brug.test/reset/"), newSecret, w.visit())
		w.ok(err)
	})
}
