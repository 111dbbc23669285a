package contact_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/school"
)

// linkOf gives the secret of the personal link of a guardian of a child.
func linkOf(w *contacttest.World, child, guardian string) string {
	w.T.Helper()
	home := w.Home(child, guardian)
	return ensure(w, home.Guardians[0].ID)[home.Guardians[0].ID]
}

func ensure(w *contacttest.World, ids ...int64) map[int64]string {
	w.T.Helper()
	var paths map[int64]string
	w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) (err error) {
		paths, err = w.Contact.EnsureLinks(w.Ctx, tx, w.School.ID, ids)
		return err
	}))
	out := map[int64]string{}
	for id, p := range paths {
		out[id] = strings.TrimPrefix(p, "/m/")
	}
	return out
}

func opened(w *contacttest.World, secret string) contact.Guest {
	w.T.Helper()
	g, err := w.Contact.OpenLink(w.Ctx, secret, "10.0.0.1")
	w.OK(err)
	return g
}

func TestAGuardianHasOneLinkForAllChildren(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		nadia, tsega := w.Home("Ali", "").Guardians[0].ID, w.Home("Desta", "").Guardians[0].ID
		first := ensure(w, nadia, tsega)
		if len(first) != 2 || first[nadia] == first[tsega] || len(first[nadia]) != 22 {
			t.Fatalf("links %v", first)
		}
		if again := ensure(w, nadia, tsega); !maps.Equal(first, again) {
			t.Errorf("another letter brought another link: %v, %v", first, again)
		}
		g := opened(w, first[nadia])
		if len(g.Children) != 2 || g.Children[0].TwoHomes || g.Lang != "ar" || g.Name != "Nadia Haddad" {
			t.Errorf("%+v", g)
		}
		for _, c := range g.Children {
			if want := map[string]string{"Ali": "Els", "Badra": "Tom"}[c.Given]; len(c.Teachers) != 1 || c.Teachers[0] != want {
				t.Errorf("teachers of %s: %v", c.Given, c.Teachers)
			}
		}
		// Nobody of the other school gets a link by it.
		var paths map[int64]string
		w.OK(d.Write(w.Ctx, func(tx *db.Tx) (err error) {
			paths, err = w.Contact.EnsureLinks(w.Ctx, tx, w.Other.ID, []int64{nadia})
			return err
		}))
		if len(paths) != 0 {
			t.Errorf("another school made %v", paths)
		}
	})
}

func TestALinkLivesOnWithEachLetterAndEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		tsega := w.Home("Desta", "").Guardians[0].ID
		secret := ensure(w, tsega)[tsega]
		w.Clock = w.Clock.Add(300 * 24 * time.Hour)
		ensure(w, tsega) // a letter
		w.Clock = w.Clock.Add(300 * 24 * time.Hour)
		opened(w, secret)
		w.Clock = w.Clock.Add(101 * 24 * time.Hour)
		if _, err := w.Contact.OpenLink(w.Ctx, secret, "10.0.0.1"); !errs.Is(err, errs.Gone) {
			t.Errorf("an old link: %v", err)
		}
	})
}

func TestWhoMaySeeNothingMoreOpensNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		home := w.Home("Cas", "Piotr Nowak")
		g, child := home.Guardians[0], home.Children[0]
		secret := ensure(w, g.ID)[g.ID]
		if got := opened(w, secret); len(got.Children) != 1 || !got.Children[0].TwoHomes || got.Household != home.PublicID {
			t.Errorf("%+v", got)
		}
		card, err := w.Schools.Guardian(w.Ctx, w.System, g.PublicID)
		w.OK(err)
		w.OK(w.Schools.ChangeGuardian(w.Ctx, w.System, g.PublicID, card.Version, school.GuardianInput{Name: g.Name, Relation: g.Relation, Phone: g.Phone, Lang: g.Lang, Langs: g.Langs,
			Reading: school.ReadsWell, Roads: []school.Road{school.Paper}, Rights: map[string]school.Rights{child.PublicID: {Barred: true}}}))
		if _, err := w.Contact.OpenLink(w.Ctx, secret, "10.0.0.1"); !errs.Is(err, errs.Gone) {
			t.Errorf("barred: %v", err)
		}
	})
}

func TestStaffEndALinkAndTheNextLetterBringsAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		g := w.Home("Desta", "").Guardians[0]
		secret := ensure(w, g.ID)[g.ID]
		if err := w.Contact.RevokeLink(w.Ctx, w.Other1B, g.PublicID); err == nil {
			t.Error("a teacher of another class ended it")
		}
		w.OK(w.Contact.RevokeLink(w.Ctx, w.Teacher, g.PublicID))
		if _, err := w.Contact.OpenLink(w.Ctx, secret, "10.0.0.1"); !errs.Is(err, errs.Gone) {
			t.Errorf("ended: %v", err)
		}
		if next := ensure(w, g.ID)[g.ID]; next == secret || len(opened(w, next).Children) != 1 {
			t.Error("the next link is the old one")
		}
	})
}

func TestWrongLinksAreThrottledAndARightOneComesIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		secret := linkOf(w, "Desta", "")
		var last error
		for range 30 {
			_, last = w.Contact.OpenLink(w.Ctx, "not-a-link-of-anybody-", "10.0.0.9")
		}
		if !errs.Is(last, errs.TooMany) {
			t.Errorf("after 30 wrong links: %v", last)
		}
		if _, err := w.Contact.OpenLink(w.Ctx, secret, "10.0.0.9"); err != nil {
			t.Errorf("a right link from the same address: %v", err)
		}
	})
}

func TestTheSecondStepByCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		g := opened(w, linkOf(w, "Desta", ""))
		phone, code, err := w.Contact.AskSecond(w.Ctx, g)
		w.OK(err)
		if phone != "+32499000004" || len(code) != 6 {
			t.Fatalf("%q to %q", code, phone)
		}
		if _, _, err := w.Contact.AskSecond(w.Ctx, g); !errs.Is(err, errs.TooMany) {
			t.Errorf("a second code at once: %v", err)
		}
		if _, err := w.Contact.PassSecond(w.Ctx, g, wrong(code), "10.0.0.1"); !errs.Is(err, errs.Invalid) {
			t.Errorf("a wrong code: %v", err)
		}
		// A code of somebody else's link is none here.
		other := opened(w, linkOf(w, "Ali", ""))
		if _, err := w.Contact.PassSecond(w.Ctx, other, code, "10.0.0.1"); !errs.Is(err, errs.Invalid) {
			t.Errorf("at another link: %v", err)
		}
		device, err := w.Contact.PassSecond(w.Ctx, g, " "+code[:3]+" "+code[3:], "10.0.0.1")
		w.OK(err)
		knows := func(g contact.Guest, device string, want bool, what string) {
			t.Helper()
			if got, err := w.Contact.Passed(w.Ctx, g, device); err != nil || got != want {
				t.Errorf("%s: %v, %v", what, got, err)
			}
		}
		knows(g, device, true, "the browser that passed")
		knows(g, "", false, "no cookie")
		knows(g, "another", false, "another browser")
		knows(other, device, false, "the same browser at another link")
		if _, err := w.Contact.PassSecond(w.Ctx, g, code, "10.0.0.1"); !errs.Is(err, errs.Invalid) {
			t.Errorf("the same code twice: %v", err)
		}
		w.Clock = w.Clock.Add(contact.SecondLife)
		knows(g, device, false, "later")
	})
}

// A number to which no SMS comes, or that is somebody else's, gets no code either.
func TestNoCodeGoesToANumberThatFailed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		g := opened(w, linkOf(w, "Desta", ""))
		sql(w, `update guardians set failed = '{"sms":5}' where id = $1`, g.GuardianID)
		if phone, code, err := w.Contact.AskSecond(w.Ctx, g); !errs.Is(err, errs.Invalid) || phone != "" || code != "" {
			t.Errorf("a code for %q: %v", phone, err)
		}
		ways, err := w.Contact.Ways(w.Ctx, g)
		w.OK(err)
		if slices.ContainsFunc(ways, func(w contact.Way) bool { return w.Road == contact.SMS }) {
			t.Errorf("SMS is offered: %+v", ways)
		}
	})
}

func wrong(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

func TestCodesAreNotGuessed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		g := opened(w, linkOf(w, "Desta", ""))
		_, code, err := w.Contact.AskSecond(w.Ctx, g)
		w.OK(err)
		for range 5 {
			if _, err := w.Contact.PassSecond(w.Ctx, g, wrong(code), "10.0.0.1"); !errs.Is(err, errs.Invalid) {
				t.Fatalf("a wrong code: %v", err)
			}
		}
		if _, err := w.Contact.PassSecond(w.Ctx, g, code, "10.0.0.1"); !errs.Is(err, errs.Invalid) {
			t.Errorf("the right code after five wrong ones: %v", err)
		}
		for i := range 6 { // from elsewhere each time: the link itself is held
			_, err = w.Contact.PassSecond(w.Ctx, g, "123456", "10.0.1."+string(rune('1'+i)))
		}
		if !errs.Is(err, errs.TooMany) {
			t.Errorf("after many wrong codes: %v", err)
		}
		w.Clock = w.Clock.Add(time.Hour)
		_, late, err := w.Contact.AskSecond(w.Ctx, g)
		w.OK(err)
		w.Clock = w.Clock.Add(10 * time.Minute)
		if _, err := w.Contact.PassSecond(w.Ctx, g, late, "10.0.0.1"); !errs.Is(err, errs.Invalid) {
			t.Errorf("a code of ten minutes ago: %v", err)
		}
		for range 2 {
			w.Clock = w.Clock.Add(2 * time.Minute)
			if _, _, err = w.Contact.AskSecond(w.Ctx, g); err != nil {
				t.Fatal(err)
			}
		}
		w.Clock = w.Clock.Add(2 * time.Minute)
		if _, _, err = w.Contact.AskSecond(w.Ctx, g); !errs.Is(err, errs.TooMany) {
			t.Errorf("a fourth code in an hour: %v", err)
		}
	})
}

func TestTheSecondStepByPaper(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		home := w.Home("Cas", "Piotr Nowak")
		g := opened(w, linkOf(w, "Cas", "Piotr Nowak"))
		own, others := w.Code(home, "pl"), w.Code(w.Home("Cas", "An Maes"), "nl")
		if _, err := w.Contact.PassSecond(w.Ctx, g, others.Short, "10.0.0.1"); !errs.Is(err, errs.Invalid) {
			t.Errorf("the paper of the other home: %v", err)
		}
		device, err := w.Contact.PassSecond(w.Ctx, g, own.Short, "10.0.0.1")
		w.OK(err)
		if ok, err := w.Contact.Passed(w.Ctx, g, device); err != nil || !ok {
			t.Errorf("the own paper: %v, %v", ok, err)
		}
		w.Clock = w.Clock.Add(61 * 24 * time.Hour)
		if _, err := w.Contact.PassSecond(w.Ctx, g, own.Short, "10.0.0.1"); !errs.Is(err, errs.Invalid) {
			t.Errorf("an old paper: %v", err)
		}
	})
}
