package packs_test

import (
	"testing"
	"time"

	"brug/internal/errs"
	"brug/internal/packs"
)

func TestThePDFIsKeptForAWhileOnly(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		id, err := w.packs.Start(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Scope: w.class("3A")})
		w.OK(err)
		w.work()
		w.Clock = w.Clock.Add(packs.FileLife - time.Hour)
		w.OK(w.packs.Tidy(w.Ctx))
		r, _, err := w.packs.Open(w.Ctx, w.Teacher, id)
		w.OK(err)
		w.OK(r.Close())
		w.Clock = w.Clock.Add(2 * time.Hour)
		w.OK(w.packs.Tidy(w.Ctx))
		_, _, err = w.packs.Open(w.Ctx, w.Teacher, id)
		wantKind(t, "after its time", err, errs.NotFound)
		p, err := w.packs.Get(w.Ctx, w.Teacher, id)
		w.OK(err)
		if p.HasFile() || len(p.Slip) != 4 {
			t.Errorf("the slips stay in the list without the file: %v, %d", p.HasFile(), len(p.Slip))
		}
		w.OK(w.packs.Tidy(w.Ctx)) // nothing left
	})
}
