package auth

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"brug/internal/errs"
)

func anAsk() Ask {
	return Ask{SchoolName: "De Vlieger", Town: "Aalst", Person: "Noor Baert", Role: "directeur", Email: "noor@vlieger.test",
		Phone: "053 00 00 00", Message: "Wij willen graag beginnen.\nTot gauw", Lang: "fr"}
}

func (w *world) asked() (mia Actor, request string) {
	w.t.Helper()
	w.ok(w.auth.AskLogin(w.ctx, anAsk(), "192.0.2.9"))
	mia = w.signIn(supportsAt, secret).Actor
	waiting, _, err := w.auth.Requests(w.ctx, mia)
	w.ok(err)
	if len(waiting) != 1 {
		w.t.Fatalf("%+v", waiting)
	}
	return mia, waiting[0].PublicID
}

func TestASchoolAsksAndIsAccepted(t *testing.T) {
	each(t, func(w *world) {
		mia, request := w.asked()
		if m := w.mails(supportsAt); len(m) != 1 || !strings.Contains(m[0].text, "https://brug.test/support/requests/"+request) {
			t.Errorf("the centre is not told: %+v", m)
		}
		r, err := w.auth.Request(w.ctx, mia, request)
		w.ok(err)
		if r.Ask != anAsk() || r.State != Waiting || r.Asked.IsZero() {
			t.Errorf("%+v", r)
		}
		made, err := w.auth.AcceptRequest(w.ctx, mia, request)
		w.ok(err)
		if made.Slug != "de-vlieger" || made.Lang != "fr" {
			t.Errorf("%+v", made)
		}
		if m := w.mails("noor@vlieger.test"); len(m) != 1 || m[0].lang != "fr" {
			t.Errorf("%+v", m)
		}
		r, err = w.auth.Request(w.ctx, mia, request)
		w.ok(err)
		if r.State != Accepted || r.Slug != "de-vlieger" || r.DecidedBy != "Mia Claes" || r.Joined {
			t.Errorf("%+v", r)
		}
		first := w.token("noor@vlieger.test")
		w.ok(w.auth.InviteDirectorAgain(w.ctx, mia, request))
		_, err = w.auth.LookWelcome(w.ctx, first)
		w.kind(err, errs.Gone)
		s, err := w.auth.Join(w.ctx, w.token("noor@vlieger.test"), Opening{Name: "Noor Baert", Lang: "fr", Password: secret}, w.visit())
		w.ok(err)
		if a := w.at(s.Token, "de-vlieger"); a.Role != Director || a.School.Name != "De Vlieger" {
			t.Errorf("%+v", a)
		}
		r, err = w.auth.Request(w.ctx, mia, request)
		w.ok(err)
		if !r.Joined {
			t.Error("joined, and not shown")
		}
		w.kind(w.auth.InviteDirectorAgain(w.ctx, mia, request), errs.Conflict)
		waiting, decided, err := w.auth.Requests(w.ctx, mia)
		w.ok(err)
		if len(waiting) != 0 || len(decided) != 1 {
			t.Errorf("%d waiting, %d decided", len(waiting), len(decided))
		}
	})
}

func TestADoubleClickMakesOneSchool(t *testing.T) {
	each(t, func(w *world) {
		mia, request := w.asked()
		var wg sync.WaitGroup
		results := make([]error, 3)
		for i := range results {
			wg.Go(func() { _, results[i] = w.auth.AcceptRequest(w.ctx, mia, request) })
		}
		wg.Wait()
		good := 0
		for _, err := range results {
			if err == nil {
				good++
			} else if !errs.Is(err, errs.Conflict) {
				t.Error(err)
			}
		}
		if n := w.number("select count(*) from schools where name = 'De Vlieger'"); good != 1 || n != 1 {
			t.Errorf("accepted %d times, %d schools", good, n)
		}
		if n := len(w.mails("noor@vlieger.test")); n != 1 {
			t.Errorf("%d invitations", n)
		}
		w.kind(w.auth.RefuseRequest(w.ctx, mia, request, "toch niet"), errs.Conflict)
	})
}

func TestARequestIsRefusedWithAReason(t *testing.T) {
	each(t, func(w *world) {
		mia, request := w.asked()
		w.field(w.auth.RefuseRequest(w.ctx, mia, request, "  "), "reason")
		w.ok(w.auth.RefuseRequest(w.ctx, mia, request, "Uw school werkt al met <Brug>."))
		m := w.mails("noor@vlieger.test")
		if len(m) != 1 || m[0].lang != "fr" || !strings.Contains(m[0].text, "al met <Brug>") || !strings.Contains(m[0].html, "&lt;Brug&gt;") {
			t.Errorf("%+v", m)
		}
		_, err := w.auth.AcceptRequest(w.ctx, mia, request)
		w.kind(err, errs.Conflict)
		_, err = w.auth.AcceptRequest(w.ctx, mia, "nothing")
		w.kind(err, errs.NotFound)
	})
}

func TestAskingIsCheckedThrottledAndKeptOnce(t *testing.T) {
	each(t, func(w *world) {
		err := w.auth.AskLogin(w.ctx, Ask{Email: "x", Message: strings.Repeat("a", maxMessage+1), Phone: strings.Repeat("1", maxLine+1), Lang: "xx"}, "192.0.2.9")
		for _, f := range []string{"school", "town", "person", "role", "email", "phone", "message", "lang"} {
			w.field(err, f)
		}
		w.ok(w.auth.AskLogin(w.ctx, anAsk(), "192.0.2.9"))
		w.ok(w.auth.AskLogin(w.ctx, anAsk(), "192.0.2.9"))
		if n := w.number("select count(*) from login_requests"); n != 1 {
			t.Errorf("%d requests", n)
		}
		w.ok(w.auth.AskLogin(w.ctx, anAsk(), "192.0.2.10"))
		w.kind(w.auth.AskLogin(w.ctx, anAsk(), "192.0.2.11"), errs.TooMany)
		for i := range int(askByComputer.tries) {
			a := anAsk()
			a.Email = fmt.Sprintf("noor%d@vlieger.test", i)
			w.ok(w.auth.AskLogin(w.ctx, a, "192.0.2.12"))
		}
		w.kind(w.auth.AskLogin(w.ctx, Ask{SchoolName: "X", Town: "Y", Person: "Z", Role: "R", Email: "z@x.test", Lang: "nl"}, "192.0.2.12"), errs.TooMany)
	})
}

func TestOnlyTheCentreSeesTheDesk(t *testing.T) {
	each(t, func(w *world) {
		_, request := w.asked()
		for _, by := range []Actor{{}, w.as(directorsAt), w.as(teachersAt)} {
			want := errs.Forbidden
			if by.Role == Nobody {
				want = errs.SignIn
			}
			_, _, err := w.auth.Requests(w.ctx, by)
			w.kind(err, want)
			_, err = w.auth.Request(w.ctx, by, request)
			w.kind(err, want)
			_, err = w.auth.AcceptRequest(w.ctx, by, request)
			w.kind(err, want)
			w.kind(w.auth.RefuseRequest(w.ctx, by, request, "x"), want)
			w.kind(w.auth.InviteDirectorAgain(w.ctx, by, request), want)
			_, err = w.auth.Schools(w.ctx, by, "", "")
			w.kind(err, want)
			_, err = w.auth.CreateSchool(w.ctx, by, NewSchool{Name: "X"})
			w.kind(err, want)
		}
	})
}

func TestARequestFromSomebodyOfTheCentreIsNotAccepted(t *testing.T) {
	each(t, func(w *world) {
		a := anAsk()
		a.Email = supportsAt
		w.ok(w.auth.AskLogin(w.ctx, a, "192.0.2.9"))
		mia := w.signIn(supportsAt, secret).Actor
		waiting, _, err := w.auth.Requests(w.ctx, mia)
		w.ok(err)
		_, err = w.auth.AcceptRequest(w.ctx, mia, waiting[0].PublicID)
		w.kind(err, errs.Conflict)
		if n := w.number("select count(*) from schools"); n != 2 {
			t.Error("a school without a director was left behind")
		}
	})
}

func TestSchoolsInPages(t *testing.T) {
	each(t, func(w *world) {
		for i := range schoolsPerPage + 3 {
			_, err := w.auth.CreateSchool(w.ctx, operatorActor, NewSchool{Name: fmt.Sprintf("Zon %03d", i/2)}) // pairs with one name
			w.ok(err)
		}
		mia := w.signIn(supportsAt, secret).Actor
		seen, after := map[string]bool{}, ""
		for range 3 {
			p, err := w.auth.Schools(w.ctx, mia, "", after)
			w.ok(err)
			for _, r := range p.Rows {
				if seen[r.Slug] {
					t.Errorf("%s twice", r.Slug)
				}
				seen[r.Slug] = true
			}
			if after = p.Next; after == "" {
				break
			}
		}
		if len(seen) != schoolsPerPage+5 || after != "" {
			t.Errorf("%d schools, next %q", len(seen), after)
		}
		p, err := w.auth.Schools(w.ctx, mia, "Régenboog", "")
		w.ok(err)
		if len(p.Rows) != 1 || p.Rows[0].People != 2 || p.Rows[0].Name != "De Regenboog" {
			t.Errorf("%+v", p.Rows)
		}
	})
}

func TestMakingSchoolsAndAccounts(t *testing.T) {
	each(t, func(w *world) {
		again, err := w.auth.CreateSchool(w.ctx, operatorActor, NewSchool{Name: "De Regenboog", Town: "Lier"})
		w.ok(err)
		if again.Slug != "de-regenboog-lier" || again.Lang != "nl" || again.Timezone != "Europe/Brussels" {
			t.Errorf("%+v", again)
		}
		_, err = w.auth.CreateSchool(w.ctx, operatorActor, NewSchool{Name: "X", Slug: "de-regenboog"})
		w.kind(err, errs.Conflict)
		_, err = w.auth.CreateSchool(w.ctx, operatorActor, NewSchool{Email: "x", Lang: "de", Timezone: "Mars", Slug: "A B"})
		for _, f := range []string{"name", "email", "lang", "timezone", "slug"} {
			w.field(err, f)
		}
		_, err = w.auth.CreateAccount(w.ctx, operatorActor, NewAccount{School: w.school, Name: "X", Email: directorsAt, Role: Care, Password: secret})
		w.kind(err, errs.Conflict)
		_, err = w.auth.CreateAccount(w.ctx, operatorActor, NewAccount{School: w.school, Name: "X", Email: "x@x.test", Role: Care, Password: "kort"})
		w.field(err, "password")
		_, err = w.auth.CreateAccount(w.ctx, w.as(directorsAt), NewAccount{School: w.school, Name: "X", Email: "x@x.test", Role: Care, Password: secret})
		w.kind(err, errs.Forbidden)
		_, err = w.auth.CreateSupport(w.ctx, w.signIn(supportsAt, secret).Actor, "X", "x@x.test", "nl", "")
		w.kind(err, errs.Forbidden)
		_, err = w.auth.CreateSupport(w.ctx, operatorActor, "X", directorsAt, "nl", "")
		w.kind(err, errs.Conflict)

		made, err := w.auth.CreateSupport(w.ctx, operatorActor, "Ada", "ada@centrum.test", "fr", "")
		w.ok(err)
		token := w.token("ada@centrum.test")
		if !strings.HasSuffix(made.Link, token) || w.mails("ada@centrum.test")[0].lang != "fr" {
			t.Errorf("%+v", made)
		}
		look, err := w.auth.LookWelcome(w.ctx, token)
		w.ok(err)
		if look.Role != Support || look.School != "" {
			t.Errorf("%+v", look)
		}
		s, err := w.auth.Join(w.ctx, token, Opening{Name: "Ada", Lang: "fr", Password: secret}, w.visit())
		w.ok(err)
		if s.Actor.Role != Support {
			t.Errorf("%+v", s.Actor)
		}
		found, err := w.auth.SchoolBySlug(w.ctx, "de-regenboog-lier")
		w.ok(err)
		if found != again {
			t.Errorf("%+v, %+v", found, again)
		}
		byID, err := w.auth.SchoolByID(w.ctx, again.ID)
		w.ok(err)
		if byID != again {
			t.Errorf("%+v", byID)
		}
		w.exec("update schools set closed_at = 1 where id = $1", again.ID)
		_, err = w.auth.SchoolBySlug(w.ctx, again.Slug)
		w.kind(err, errs.NotFound)
	})
}
