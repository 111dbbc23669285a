package school

import (
	"fmt"
	"testing"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"

	"github.com/google/go-cmp/cmp"
)

func wantLines(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestHomes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		omar, home := w.pupil("10A", "Omar", "Haddad", "")
		sara, _ := w.pupil("2B", "Sara", "Haddad", home)
		w.guardian(home, "Fatima", "ar", omar, sara)
		tess, tessHome := w.pupil("2B", "Tess", "Aerts", "")
		w.guardian(tessHome, "An", "nl", tess)
		w.pupil("2B", "Zoë", "Zwart", "")

		t.Run("each home once, by class, family name and given name; without guardians too", func(t *testing.T) {
			wantLines(t, "school", w.homes(w.director, Scope{Kind: ScopeSchool}),
				"2B Tess: An (nl)", "2B Sara, 10A Omar: Fatima (ar)", "2B Zoë: ")
		})
		t.Run("of a class only its children", func(t *testing.T) {
			wantLines(t, "2B", w.homes(w.director, Scope{ScopeClass, w.class("2B").PublicID}),
				"2B Tess: An (nl)", "2B Sara: Fatima (ar)", "2B Zoë: ")
		})
		t.Run("a teacher sees the children of the own classes, also in one home", func(t *testing.T) {
			jef := w.teacher("10A")
			wantLines(t, "school", w.homes(jef, Scope{Kind: ScopeSchool}), "10A Omar: Fatima (ar)")
			wantLines(t, "home", w.homes(jef, Scope{ScopeHousehold, home}), "10A Omar: Fatima (ar)")
			_, err := w.s.Homes(w.ctx, jef, Scope{ScopeClass, w.class("2B").PublicID})
			w.refused(err, errs.Forbidden, "another class")
			_, err = w.s.Homes(w.ctx, jef, Scope{ScopeHousehold, tessHome})
			w.refused(err, errs.NotFound, "another family")
			_, err = w.s.Homes(w.ctx, jef, Scope{ScopePupil, tess})
			w.refused(err, errs.NotFound, "another pupil")
		})
		t.Run("one pupil, one home, one group", func(t *testing.T) {
			wantLines(t, "pupil", w.homes(w.director, Scope{ScopePupil, sara}), "2B Sara: Fatima (ar)")
			wantLines(t, "home", w.homes(w.director, Scope{ScopeHousehold, home}), "2B Sara, 10A Omar: Fatima (ar)")
			g := must(w.s.AddGroup(w.ctx, w.director, "Choir"))
			w.must(w.s.SetGroupPupils(w.ctx, w.director, g, []string{omar, tess, "nobody"}, nil))
			wantLines(t, "group", w.homes(w.director, Scope{ScopeGroup, g}), "2B Tess: An (nl)", "10A Omar: Fatima (ar)")
			wantLines(t, "group for a teacher of none of them", w.homes(w.teacher("K1"), Scope{ScopeGroup, g}))
		})
		t.Run("another school finds nothing", func(t *testing.T) {
			for _, sc := range []Scope{{ScopeClass, w.class("2B").PublicID}, {ScopePupil, sara}, {ScopeHousehold, home}} {
				_, err := w.s.Homes(w.ctx, w.other, sc)
				w.refused(err, errs.NotFound, sc.Kind)
			}
			wantLines(t, "school", w.homes(w.other, Scope{Kind: ScopeSchool}))
			_, err := w.s.Homes(w.ctx, auth.Actor{}, Scope{Kind: ScopeSchool})
			w.refused(err, errs.SignIn, "nobody")
			_, err = w.s.Homes(w.ctx, auth.Actor{Role: auth.Support}, Scope{Kind: ScopeSchool})
			w.refused(err, errs.Forbidden, "support centre")
		})
	})
}

func TestHomesAndRights(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		mila, home := w.pupil("1A", "Mila", "Peeters", "")
		stef, _ := w.pupil("1A", "Stef", "Maes", home)
		an := w.guardian(home, "An", "nl", mila)
		piet := w.guardian(home, "Piet", "fr", stef)
		rights := func(guardian, pupil string, r Rights) {
			t.Helper()
			card := must(w.s.Guardian(w.ctx, w.director, guardian))
			w.must(w.s.ChangeGuardian(w.ctx, w.director, guardian, card.Version, GuardianInput{Name: card.Name, Lang: card.Lang, Roads: card.Roads,
				Rights: map[string]Rights{pupil: r}}))
		}
		homes := func() []Home { return must(w.s.Homes(w.ctx, w.director, Scope{Kind: ScopeSchool})) }

		h := homes()[0]
		if got := fmt.Sprint(h.Lang("x"), " ", h.LangFor(h.Children[0].ID, "x"), " ", h.LangFor(h.Children[1].ID, "x")); got != "nl fr nl" {
			t.Errorf("languages of the home, of Stef (Maes) and of Mila: %s", got)
		}
		rights(an, mila, Rights{See: true})
		wantLines(t, "An may see and not be contacted: the page goes to the family of Mila", w.homes(w.director, Scope{Kind: ScopeSchool}),
			"1A Stef, 1A Mila: Piet (fr)")
		if h := homes()[0]; h.LangFor(h.Children[1].ID, "x") != "x" {
			t.Error("nobody may be contacted about Mila: the school's language")
		}
		rights(an, mila, Rights{See: true, Decide: true, Contact: true, Barred: true})
		wantLines(t, "everybody who would see Mila's page is barred from it", w.homes(w.director, Scope{Kind: ScopeSchool}), "1A Stef: Piet (fr)")
		rights(piet, mila, AllRights)
		rights(piet, stef, Rights{Barred: true})
		wantLines(t, "the page of Mila goes to Piet, that of Stef to nobody", w.homes(w.director, Scope{Kind: ScopeSchool}), "1A Mila: Piet (fr)")
		if h := homes()[0]; len(h.GuardiansOf(h.Children[0].ID)) != 1 {
			t.Error("Piet may be told of Mila")
		}
		card := must(w.s.Guardian(w.ctx, w.director, piet))
		w.must(w.s.EndGuardian(w.ctx, w.director, piet, card.Version))
		wantLines(t, "Piet is gone, An is barred", w.homes(w.director, Scope{Kind: ScopeSchool}))
	})
}

func TestTwoHomesBothGetTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		noor, home := w.pupil("1A", "Noor", "Claes", "")
		w.guardian(home, "Lies", "nl", noor)
		karim := w.guardian(home, "Karim", "ar", noor)
		second, err := w.s.SplitHome(w.ctx, w.director, NewHome{From: home, Pupils: []string{noor}, Guardians: []string{karim}, Both: true, Days: "every other week"})
		w.must(err)
		wantLines(t, "two homes", w.homes(w.director, Scope{Kind: ScopeSchool}), "1A Noor: Lies (nl)", "1A Noor: Karim (ar)")
		wantLines(t, "second home", w.homes(w.director, Scope{ScopeHousehold, second}), "1A Noor: Karim (ar)")
		view := must(w.s.Household(w.ctx, w.director, home))
		if len(view.OtherHomes) != 1 || view.OtherHomes[0].PublicID != second || view.OtherHomes[0].Days != "every other week" {
			t.Errorf("the card of the first home tells of the second: %+v", view.OtherHomes)
		}
	})
}
