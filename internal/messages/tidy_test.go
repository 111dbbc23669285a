package messages

import (
	"testing"
	"time"

	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
)

func TestKeptLettersGoAfterAMonth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		s := New(Config{DB: d, Contact: w.Contact, Blobs: w.Blobs, Now: func() time.Time { return w.Clock }})
		w.OK(d.Write(w.Ctx, func(tx *db.Tx) error {
			for i, days := range []int{31, 29} {
				at := w.Clock.AddDate(0, 0, -days).UnixMilli()
				if _, err := tx.SQL().ExecContext(w.Ctx, "insert into outbox (public_id, school_id, road, to_addr, lang, body_text, at) values ($1, $2, 'sms', '+32499000001', 'nl', 'dag', $3)", string(rune('a'+i)), w.School.ID, at); err != nil {
					return err
				}
			}
			return nil
		}))
		w.OK(s.Tidy(w.Ctx))
		var left string
		w.OK(d.SQL().QueryRow("select min(public_id) || max(public_id) from outbox").Scan(&left))
		if left != "bb" {
			t.Errorf("left %q, want the letter of 29 days ago only", left)
		}
	})
}
