package home

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/web/route"
)

func TestAHomeThatNobodyMayTellStillOpensForItsSchool(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		var barred string
		w.OK(d.SQL().QueryRowContext(w.Ctx, "select h.public_id from households h join guardians g on g.household_id = h.id where g.name = 'Ion Stan'").Scan(&barred))
		p := &Pages{Contact: w.Contact, School: w.Schools}
		for _, c := range []struct {
			name, household string
			opens           bool // the ways to reach the family stand on the page
		}{{"of the barred father", barred, false}, {"of the mother", w.Home("Ela", "Ana Stan").PublicID, true}} {
			r := httptest.NewRequest(http.MethodGet, "/s/"+w.School.Slug+"/households/"+c.household, nil)
			r.SetPathValue("household", c.household)
			rw := httptest.NewRecorder()
			if err := p.household(rw, r.WithContext(route.WithActor(r.Context(), w.System))); err != nil {
				t.Errorf("the home %s: %v", c.name, err)
				continue
			}
			if body := rw.Body.String(); strings.Contains(body, "packs/new?scope=household") != c.opens || !strings.Contains(body, "Stan") {
				t.Errorf("the home %s: print offered %v, want %v", c.name, !c.opens, c.opens)
			}
		}
	})
}
