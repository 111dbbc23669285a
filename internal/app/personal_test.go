package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"brug/internal/app/apptest"
	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/web/ui/uitest"
)

// TestOnlyWhoMayEndsAPersonalLinkFromTheCardOfTheFamily also shows what stands on the card before and after.
func TestOnlyWhoMayEndsAPersonalLinkFromTheCardOfTheFamily(t *testing.T) {
	for engine, url := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL} {
		t.Run(engine, func(t *testing.T) {
			w := apptest.New(t, url(t))
			guardian, home := w.Values["guardian"], w.Values["household"]
			ask := func(who, method, path string) *uitest.Page {
				r := httptest.NewRequest(method, "/s/"+w.Demo.School.Slug+path, nil)
				r.Header.Set("Sec-Fetch-Site", "same-origin")
				r.AddCookie(&http.Cookie{Name: "brug_lang", Value: "nl"})
				if c := w.Person(who).Cookie; c != "" {
					r.AddCookie(&http.Cookie{Name: auth.CookieName, Value: c})
				}
				return uitest.Do(t, w.Handler, r)
			}
			teacher := w.Actor(w.Person("teacher of the class"))
			of := func() contact.PersonalPage {
				all, err := w.Contact.PersonalPages(t.Context(), teacher, home)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range all {
					if p.Guardian == guardian {
						return p
					}
				}
				t.Fatal("the guardian does not stand on the card")
				return contact.PersonalPage{}
			}
			if _, err := w.Contact.PersonalPages(t.Context(), w.Actor(w.Person("teacher of another class")), home); !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Forbidden) {
				t.Errorf("a teacher of another class reads the choices: %v", err)
			}
			for _, q := range []string{"update guardians set page_lang = 'tr', road = 'paper', weekend = true, quiet_from = '19:00', failed = '{\"sms\":1}' where public_id = $1",
				"update households set amount = 1 where id = (select household_id from guardians where public_id = $1)"} {
				if err := w.Base.Write(t.Context(), func(tx *db.Tx) error {
					_, err := tx.SQL().ExecContext(t.Context(), q, guardian)
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
			end := "/guardians/" + guardian + "/link/end"
			button := "form[action$=\"" + end + "\"]"
			card := ask("teacher of the class", http.MethodGet, "/households/"+home)
			card.Has(button)
			for _, words := range []string{"Turks · Op papier · stil van 19:00 tot 07:00 · ook in het weekend", "Adres werkt niet", "hoogstens 1 bericht per week", "laatst gebruikt op"} {
				if !strings.Contains(card.Text("main"), words) {
					t.Errorf("%q does not stand on the card", words)
				}
			}
			for who, want := range map[string][2]int{"teacher of another class": {403, 404}, "director of another school": {403, 404}, "support centre": {403, 404}, "nobody": {303, 303}} {
				if got := ask(who, http.MethodPost, end).Status; got != want[0] && got != want[1] {
					t.Errorf("%s: %d", who, got)
				}
			}
			if !of().Link {
				t.Fatal("somebody who may not has ended the link")
			}
			done := ask("teacher of the class", http.MethodPost, end)
			if to := done.Header.Get("Location"); done.Status != http.StatusSeeOther || !strings.Contains(to, "/households/"+home) {
				t.Errorf("ended: %d, on to %s", done.Status, to)
			}
			if of().Link {
				t.Error("the link still works")
			}
			ask("teacher of the class", http.MethodGet, "/households/"+home).HasNot(button)
		})
	}
}
