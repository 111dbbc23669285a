package contact_test

import (
	"fmt"
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
)

// BenchmarkFanOut writes the ledger of a message to 10,000 households, in groups of 500 as the post does.
func BenchmarkFanOut(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			w := contacttest.New(b, open(b))
			w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
				_, err := tx.SQL().ExecContext(w.Ctx, `with recursive n(i) as (select 1 union all select i + 1 from n where i < 10000)
insert into households (id, public_id, school_id, created_at) select 100000 + i, cast(i as text), $1, 0 from n`, w.School.ID)
				return err
			}))
			for b.Loop() {
				for from := 0; from < 10000; from += 500 {
					entries := make([]contact.Entry, 500)
					for i := range entries {
						entries[i] = contact.Entry{HouseholdID: int64(100001 + from + i), Area: contact.AreaMessages, Ref: fmt.Sprint("abcdefghijklmn", from, i), Road: contact.Mail, Direction: contact.Out, Stage: contact.Offered, Lang: "ti", At: time.Now()}
					}
					w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
						_, err := w.Contact.Log(w.Ctx, tx, w.School.ID, entries)
						return err
					}))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N)/10, "ms/1000")
		})
	}
}
