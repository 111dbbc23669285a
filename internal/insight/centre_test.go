package insight_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/insight"
)

// Nothing that is shown, no difference of two figures, and nothing that could be worked out from them tells of fewer than
// ten families.
func TestTheSupportCentreSeesNoSmallCount(t *testing.T) {
	type shown struct{ families, reached int }
	could := map[shown]map[int]bool{}     // how many may be reached, behind what is shown
	unreached := map[shown]map[int]bool{} // and how many not
	for families := range 75 {
		for reached := range families + 1 {
			s := shown{insight.Tens(families), insight.Tens(reached)}
			for _, n := range []int{s.families, s.reached, s.families - s.reached} {
				if n != 0 && n < insight.Few {
					t.Fatalf("%d of %d families shows a %d", reached, families, n)
				}
			}
			if could[s] == nil {
				could[s], unreached[s] = map[int]bool{}, map[int]bool{}
			}
			could[s][reached] = true
			unreached[s][families-reached] = true
		}
	}
	for s, n := range could {
		if s.families < 70 && (len(n) < insight.Few || len(unreached[s]) < insight.Few) {
			t.Errorf("%+v stands for %d counts of who is reached and %d of who is not: fewer than ten can be told apart", s, len(n), len(unreached[s]))
		}
	}
}

func TestCountsOverSchools(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		exec := func(query string, args ...any) {
			t.Helper()
			w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
				_, err := tx.SQL().ExecContext(w.Ctx, query, args...)
				return err
			}))
		}
		many := func(school int64, n, reached int) { // homes of a school, some reached yesterday, the others offered something a year ago
			exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < $2)
insert into households (public_id, school_id, created_at) select $3 || cast(i as text), $1, 0 from n`, school, n, fmt.Sprintf("many-%d-", school))
			exec(`insert into reached (household_id, school_id, first_at, last_at, reached_at, offers)
select id, school_id, 0, case when row_number() over (order by id) <= $2 then cast($3 as bigint) else 1 end, case when row_number() over (order by id) <= $2 then cast($3 as bigint) else 0 end, 0
from households where school_id = $1 and public_id like '%-%'`, school, reached, w.Clock.Add(-24*time.Hour).UnixMilli())
		}
		many(w.School.ID, 37, 24) // and five of the world that were never contacted
		many(w.Other.ID, 9, 9)
		s := insight.New(insight.Config{DB: w.DB, School: w.Schools, Contact: w.Contact, Now: func() time.Time { return w.Clock }})
		support := auth.Actor{Role: auth.Support, Name: "support"}
		page, next, sum, err := s.Centre(w.Ctx, support, "", 1)
		w.OK(err)
		if len(page) != 1 || next == "" || page[0].Name != "De Brug" || page[0].Families != 40 || page[0].Offered != 20 || page[0].Arrived != 20 {
			t.Errorf("first page %+v", page)
		}
		if sum.Schools != 2 || sum.Families != 40 || sum.Offered != 20 || sum.Arrived != 20 {
			t.Errorf("sum %+v: it tells of the nine families of the other school, or of what lacks to the ten", sum)
		}
		page, next, _, err = s.Centre(w.Ctx, support, next, 1)
		w.OK(err)
		if len(page) != 1 || next != "" || page[0].Name != "Het Anker" || page[0].Families != 0 || page[0].Arrived != 0 {
			t.Errorf("second page %+v, next %q", page, next)
		}
		for _, by := range []auth.Actor{w.Teacher, w.Alien, {}} {
			if _, _, _, err := s.Centre(w.Ctx, by, "", 1); err == nil {
				t.Errorf("%q sees the counts of all schools", by.Role)
			}
		}
		if _, _, _, err := s.Centre(w.Ctx, support, "nobody", 1); errs.KindOf(err) != errs.NotFound {
			t.Errorf("after a school that is none: %v", err)
		}
		if said := fmt.Sprintf("%+v %+v", page, sum); strings.Contains(said, " 9") || strings.Contains(said, ":9") {
			t.Errorf("a nine stands in %s", said)
		}
	})
}
