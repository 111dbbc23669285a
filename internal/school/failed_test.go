package school

import (
	"testing"

	"brug/internal/db"
	"brug/internal/db/dbtest"
)

// TestACorrectedAddressIsTriedAgain: what failed by the other road stays failed.
func TestACorrectedAddressIsTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		sara, home := w.pupil("2B", "Sara", "Haddad", "")
		fatima := w.guardian(home, "Fatima", "ar", sara)
		for _, c := range []struct{ name, email, phone, want string }{
			{"nothing corrected", "fatima@example.org", "+32475112233", `{"mail":1,"sms":2}`},
			{"the mail address", "f@example.org", "+32475112233", `{"sms":2}`},
			{"the number", "fatima@example.org", "+32475112244", `{"mail":1}`},
			{"both", "f@example.org", "+32475112244", ""},
		} {
			w.must(d.Write(w.ctx, func(tx *db.Tx) error {
				_, err := tx.SQL().ExecContext(w.ctx, "update guardians set email = 'fatima@example.org', phone = '+32475112233', failed = '{\"mail\":1,\"sms\":2}' where public_id = $1", fatima)
				return err
			}))
			card, err := w.s.Guardian(w.ctx, w.director, fatima)
			w.must(err)
			w.must(w.s.ChangeGuardian(w.ctx, w.director, fatima, card.Version, GuardianInput{Name: "Fatima", Email: c.email, Phone: c.phone, Roads: []Road{Paper}}))
			var got string
			w.must(d.SQL().QueryRow("select failed from guardians where public_id = $1", fatima).Scan(&got))
			if got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
	})
}
