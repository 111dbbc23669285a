package school

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
)

func TestWhatIsStoredWrongIsNotSaid(t *testing.T) {
	for _, stored := range []string{"", "{}", "[]", "always", `{"mon":"08:30"}`, `{"mon":["8","x"]}`, `{"mon":["08:30"]}`, `{"someday":["08:30","16:00"]}`, `{"line":5}`} {
		if got := ReadOffice(stored); got != (Office{}) {
			t.Errorf("%s: %+v", stored, got)
		}
	}
}

func TestHoursAreSavedWithTheSchool(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		now := must(w.s.Settings(w.ctx, w.director))
		o := Office{}
		o.Days[0], o.Days[2] = Span{"8u30", "16"}, Span{"8.30", "12:00"}
		w.must(w.s.SaveOffice(w.ctx, w.director, now.Version, o))
		want := Office{}
		want.Days[0], want.Days[2] = Span{"08:30", "16:00"}, Span{"08:30", "12:00"}
		if diff := cmp.Diff(want, must(w.s.Settings(w.ctx, w.director)).Office); diff != "" {
			t.Error(diff)
		}
		if err := w.s.SaveOffice(w.ctx, w.director, now.Version, o); !errs.Is(err, errs.Conflict) {
			t.Errorf("of an old version: %v", err)
		}
		if err := w.s.SaveOffice(w.ctx, w.teacher("2B"), now.Version+1, o); !errs.Is(err, errs.Forbidden) {
			t.Errorf("by a teacher: %v", err)
		}
		w.must(w.s.SaveOffice(w.ctx, w.director, now.Version+1, Office{}))
		row, err := w.d.Q().SchoolByID(w.ctx, w.director.School.ID)
		w.must(err)
		if row.Office != "" {
			t.Errorf("no hours are stored as %q", row.Office)
		}
		a := w.director
		for field, span := range map[string]Span{"mon_from": {"late", "16:00"}, "mon_to": {"08:30", "08:00"}, "mon_to ": {"08:30", ""}, "mon_from ": {"", "16:00"}, "mon_to  ": {"08:30", "26:00"}} {
			o := Office{}
			o.Days[0] = span
			if err := w.s.SaveOffice(w.ctx, a, now.Version+2, o); errs.FieldsOf(err)[strings.TrimSpace(field)].ID == "" {
				t.Errorf("%v: %v", span, err)
			}
		}
	})
}
