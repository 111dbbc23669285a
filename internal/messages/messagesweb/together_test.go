package messagesweb

import (
	"errors"
	"testing"

	"brug/internal/errs"
)

// TestAFaultIsToldWhateverElseWasRefused: the log has the fault then, and the gateway calls again.
func TestAFaultIsToldWhateverElseWasRefused(t *testing.T) {
	fault, refused := errors.New("the disk is full"), errs.NotFoundf("nobody of that number")
	for _, c := range []struct {
		name     string
		problems []error
		want     errs.Kind
	}{
		{"a fault alone", []error{nil, fault}, errs.Internal},
		{"after a refusal", []error{refused, fault}, errs.Internal},
		{"before a refusal", []error{fault, refused}, errs.Internal},
		{"refusals only", []error{refused, nil, refused}, errs.NotFound},
	} {
		err := together(c.problems)
		if err == nil || errs.KindOf(err) != c.want || c.want == errs.Internal && !errors.Is(err, fault) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := together([]error{nil, nil}); err != nil {
		t.Errorf("nothing wrong: %v", err)
	}
}
