package auth

import (
	"errors"
	"testing"
	"time"

	"brug/internal/errs"
)

func TestWrongCodesHoldAComputerBack(t *testing.T) {
	each(t, func(w *world) {
		const ip, neighbour = "203.0.113.5", "203.0.113.6"
		w.ok(w.auth.WrongCodes(w.ctx, ip, true))
		for range codeByComputer.tries {
			w.ok(w.auth.WrongCodes(w.ctx, ip, true))
			w.ok(w.auth.CountWrongCode(w.ctx, ip, true))
		}
		w.clock = w.clock.Add(5 * time.Minute)
		err := w.auth.WrongCodes(w.ctx, ip, true)
		w.kind(err, errs.TooMany)
		var e *errs.Error
		if errors.As(err, &e); e.Wait != 10*time.Minute || e.Text.ID != "" {
			t.Errorf("%v after %v: families have no such sentence", e.Text, e.Wait)
		}
		w.ok(w.auth.WrongCodes(w.ctx, neighbour, true))
		w.clock = w.clock.Add(10*time.Minute + time.Second)
		w.ok(w.auth.WrongCodes(w.ctx, ip, true))
	})
}

func TestWrongCodesFromManyComputersAreBounded(t *testing.T) {
	each(t, func(w *world) {
		w.ok(w.auth.CountWrongCode(w.ctx, "203.0.113.5", true))
		w.exec("update throttles set tries = $1 where key = $2", codeByAll.tries, codeByAll.of("").key)
		w.kind(w.auth.WrongCodes(w.ctx, "203.0.113.6", true), errs.TooMany)
		w.ok(w.auth.WrongCodes(w.ctx, "203.0.113.6", false)) // who scans is not held back by who guesses
	})
}
