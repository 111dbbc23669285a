package contact_test

import (
	"slices"
	"testing"

	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
)

func TestAGuardianChoosesWhatComes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		secret := linkOf(w, "Ali", "")
		g := opened(w, secret)
		if g.Choices != (contact.Choices{Amount: 3}) {
			t.Errorf("before: %+v", g.Choices)
		}
		ways, err := w.Contact.Ways(w.Ctx, g)
		w.OK(err)
		if !slices.Equal(ways, []contact.Way{{Road: contact.SMS, Address: "••• •• 01"}, {Road: contact.Paper}}) {
			t.Errorf("ways %+v", ways)
		}
		want := contact.Choices{Lang: "tr", Road: contact.SMS, QuietFrom: "19:00", QuietTo: "08:00", Weekend: true, Amount: 1}
		if err := w.Contact.Choose(w.Ctx, g, want); !errs.Is(err, errs.Forbidden) {
			t.Errorf("another road without the second step: %v", err)
		}
		g.Second = true
		if ways, err := w.Contact.Ways(w.Ctx, g); err != nil || ways[0].Address != "+32499000001" {
			t.Errorf("after the second step: %+v, %v", ways, err)
		}
		w.OK(w.Contact.Choose(w.Ctx, g, want))
		g = opened(w, secret)
		if g.Choices != want || g.Lang != "tr" {
			t.Errorf("after: %+v in %s", g.Choices, g.Lang)
		}
		want.QuietFrom = "18:30"
		w.OK(w.Contact.Choose(w.Ctx, g, want)) // the same road: no second step
		if other := opened(w, linkOf(w, "Desta", "")); other.Choices != (contact.Choices{Amount: 3}) {
			t.Errorf("another family: %+v", other.Choices)
		}
		for field, bad := range map[string]contact.Choices{"lang": {Lang: "xx"}, "road": {Road: contact.Mail}, "from": {QuietFrom: "8"}, "to": {QuietTo: "24:00"}, "amount": {Amount: 8}} {
			err := w.Contact.Choose(w.Ctx, g, bad)
			if _, at := errs.FieldsOf(err)[field]; !at || len(errs.FieldsOf(err)) != 1 {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

func TestOneGuardianStopsAndTheOthersOfTheHomeGoOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		secret := linkOf(w, "Desta", "")
		w.OK(w.Contact.StopGuest(w.Ctx, opened(w, secret)))
		w.OK(w.Contact.StopGuest(w.Ctx, opened(w, secret)))
		if g := opened(w, secret); !g.Stopped || g.Paused {
			t.Errorf("stopped: %+v", g)
		}
		w.OK(w.Contact.ResumeGuest(w.Ctx, opened(w, secret)))
		if g := opened(w, secret); g.Stopped {
			t.Error("still stopped")
		}
		h, err := w.Contact.History(w.Ctx, w.System, opened(w, secret).Household)
		w.OK(err)
		var refs []string
		for _, l := range h.Lines {
			refs = append(refs, l.Ref)
		}
		if !slices.Equal(refs, []string{"guardians.resume", "guardians.stop"}) {
			t.Errorf("the ledger says %v", refs)
		}
	})
}

func TestNotMeEndsTheLinkAndAllThatComes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		secret := linkOf(w, "Ali", "")
		g := opened(w, secret)
		w.OK(w.Contact.AddPhone(w.Ctx, g, contact.Phone{Endpoint: "https://push.example/1", P256dh: "key", Auth: "auth"}))
		if ways, err := w.Contact.Ways(w.Ctx, g); err != nil || !slices.ContainsFunc(ways, func(w contact.Way) bool { return w.Road == contact.Push }) {
			t.Errorf("a phone that gets signs is no way: %+v, %v", ways, err)
		}
		told := false
		w.OK(w.Contact.NotMe(w.Ctx, g, func(*db.Tx) error { told = true; return nil }))
		if !told {
			t.Error("the school was not told")
		}
		if _, err := w.Contact.OpenLink(w.Ctx, secret, "10.0.0.1"); !errs.Is(err, errs.Gone) {
			t.Errorf("after: %v", err)
		}
		ways, err := w.Contact.Ways(w.Ctx, g)
		w.OK(err)
		if len(ways) != 1 || ways[0].Road != contact.Paper {
			t.Errorf("what still works: %+v", ways)
		}
	})
}

func TestAPhoneBelongsToWhoUsesItNow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		nadia, tsega := opened(w, linkOf(w, "Ali", "")), opened(w, linkOf(w, "Desta", ""))
		phone := contact.Phone{Endpoint: "https://push.example/1", P256dh: "key", Auth: "auth"}
		w.OK(w.Contact.AddPhone(w.Ctx, nadia, phone))
		w.OK(w.Contact.AddPhone(w.Ctx, tsega, phone))
		has := func(g contact.Guest, want bool) {
			t.Helper()
			ways, err := w.Contact.Ways(w.Ctx, g)
			if got := slices.ContainsFunc(ways, func(w contact.Way) bool { return w.Road == contact.Push }); err != nil || got != want {
				t.Errorf("%s: %v, %v", g.Name, got, err)
			}
		}
		has(nadia, false)
		has(tsega, true)
		w.OK(w.Contact.EndPhone(w.Ctx, tsega, phone.Endpoint))
		has(tsega, false)
		if err := w.Contact.AddPhone(w.Ctx, tsega, contact.Phone{Endpoint: "http://push.example/1", P256dh: "key", Auth: "auth"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("not encrypted: %v", err)
		}
	})
}
