package journal_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/journal"
)

func lines(t *testing.T, d *db.DB) string {
	t.Helper()
	rows, err := d.SQL().Query(`select coalesce(school_id, 0), coalesce(account_id, 0), actor, action, area, ref, detail, at from journal order by id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var school, account, at int64
		var actor, action, area, ref, detail string
		if err := rows.Scan(&school, &account, &actor, &action, &area, &ref, &detail, &at); err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprint(school, " ", account, " ", actor, " ", area, ".", action, " ", ref, " ", detail, " ", at))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

func TestALineStandsWithItsTransaction(t *testing.T) {
	at := time.Date(2026, 12, 8, 9, 30, 0, 0, time.FixedZone("", 3600))
	cases := []struct {
		name  string
		entry journal.Entry
		then  error
		want  string
	}{
		{"all that is told is kept, the instant in milliseconds UTC",
			journal.Entry{Actor: "director", Action: "confirm", Area: "talks", Ref: "kt4", Detail: map[string]string{"slots": "3", "lang": "ar"}, At: at}, nil,
			`0 0 director talks.confirm kt4 {"lang":"ar","slots":"3"} 1796718600000`},
		{"who nobody knows is called unknown", journal.Entry{Action: "open", Area: "codes", At: at}, nil,
			`0 0 unknown codes.open  {} 1796718600000`},
		{"a rollback takes the line along", journal.Entry{Action: "open", Area: "codes"}, errors.New("no"), ""},
		{"a line without action is refused", journal.Entry{Area: "codes"}, nil, ""},
		{"a line without area is refused", journal.Entry{Action: "open"}, nil, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					return errors.Join(journal.Write(t.Context(), tx, c.entry), c.then)
				})
				if (err == nil) != (c.want != "") {
					t.Errorf("error %v", err)
				}
				if got := lines(t, d); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
			})
		})
	}
}

// A school that is not there, or an account, is a mistake that must not pass as "none".
func TestALineRefersToWhatIsThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, e := range []journal.Entry{{SchoolID: 7, Action: "a", Area: "b"}, {AccountID: 7, Action: "a", Area: "b"}} {
			err := d.Write(t.Context(), func(tx *db.Tx) error { return journal.Write(t.Context(), tx, e) })
			if err == nil {
				t.Errorf("%+v was taken", e)
			}
		}
	})
}
