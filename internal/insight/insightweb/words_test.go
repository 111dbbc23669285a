package insightweb

import (
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/lang"
)

func TestWhenAFamilyWasLastReached(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	ctx := lang.With(t.Context(), lang.For("en"))
	for _, c := range []struct {
		name string
		row  contact.Row
		want string
	}{
		{"never any contact", contact.Row{}, "none yet"},
		{"offered only", contact.Row{LastAt: now}, "offered, no answer yet"},
		{"this morning", contact.Row{LastReached: now.Add(-time.Hour)}, "today"},
		{"late yesterday", contact.Row{LastReached: now.Add(-12 * time.Hour)}, "yesterday"},
		{"the evening before, less than 48 hours ago", contact.Row{LastReached: now.Add(-40 * time.Hour)}, "2 days ago"},
		{"three weeks", contact.Row{LastReached: now.AddDate(0, 0, -21)}, "3 weeks ago"},
	} {
		if got := lastReached(ctx, now, c.row); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTextsAreNotTakenForFormulas(t *testing.T) {
	for text, want := range map[string]string{"=1+1": "'=1+1", "+32": "'+32", "-1": "'-1", "@sum": "'@sum", "\tx": "'\tx", "＝1": "'＝1", "Ali": "Ali", "": "", "A=B": "A=B"} {
		if got := guarded(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
