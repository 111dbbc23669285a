package ui

import (
	"strings"
	"testing"
	"time"

	"brug/internal/errs"
)

func TestInitialIsWholeInEveryScript(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"Latin", "amira", "A"}, {"with an accent of its own", "e\u0301lodie", "E\u0301"}, {"Dutch", "’t Hooft", "T"},
		{"Arabic", "محمد", "م"}, {"Ethiopic", "ሰላም", "ሰ"}, {"Chinese", "李", "李"}, {"Greek", "ωμέγα", "Ω"}, {"nothing", " ", "·"},
	} {
		if got := initial(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAChildKeepsItsColour(t *testing.T) {
	if hueOf("selam") != hueOf("selam") {
		t.Error("two colours for one child")
	}
	seen := map[string]bool{}
	for _, n := range strings.Fields("amira selam jonas mohammed els noor youssef ana ivan wei lena omar zeynep luca fatima sem") {
		seen[hueOf(n)] = true
	}
	if len(seen) < 5 {
		t.Errorf("16 names have only %d colours", len(seen))
	}
}

func TestShareStaysOnItsStrip(t *testing.T) {
	for _, c := range []struct {
		name       string
		s          Share
		full, half string
	}{
		{"some", Share{Full: 1, Half: 1, Total: 4}, "250", "500"},
		{"all", Share{Full: 4, Total: 4}, "1000", "1000"},
		{"more than all", Share{Full: 4, Half: 3, Total: 5}, "800", "1000"},
		{"of nobody", Share{}, "0", "0"},
	} {
		if full, half := c.s.widths(); full != c.full || half != c.half {
			t.Errorf("%s: %s %s", c.name, full, half)
		}
	}
}

func TestWorkShowsHowFarItIs(t *testing.T) {
	for _, c := range []struct {
		name string
		w    Work
		want int
	}{
		{"not known", Work{State: Running}, 0}, {"a third", Work{Done: 1, Total: 3}, 33}, {"more than thought", Work{Done: 5, Total: 3}, 100},
		{"finished without a count", Work{State: Finished}, 100}, {"failed half way", Work{State: Failed, Done: 1, Total: 2}, 50},
	} {
		if got := c.w.percent(); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestAProblemTellsNothingOfTheInside(t *testing.T) {
	p := ProblemOf(&errs.Error{Kind: errs.Internal, Text: errs.T("pq: relation is missing")}, "r1")
	if p.Text.ID != "" || p.RequestID != "r1" {
		t.Errorf("%+v", p)
	}
	p = ProblemOf(&errs.Error{Kind: errs.TooMany, Wait: 61 * time.Second}, "r1")
	if p.RequestID != "" || p.minutes() != 2 {
		t.Errorf("%+v: %d minutes", p, p.minutes())
	}
}

func TestEveryKindOfErrorHasWordsAndAStatus(t *testing.T) {
	for k := errs.Internal; k <= errs.SignIn; k++ {
		w, ok := problems[k]
		if !ok || w.Title == "" || w.Happened == "" || w.Kept == "" || w.Do == "" || icons[w.Icon] == "" {
			t.Errorf("%s: %+v", k, w)
		}
		if s := Status(k); s < 400 || s == 500 && k != errs.Internal {
			t.Errorf("%s: status %d", k, s)
		}
	}
}

func TestTurnedIconsAreThere(t *testing.T) {
	for _, n := range turned {
		if icons[n] == "" {
			t.Errorf("no icon %q", n)
		}
	}
}
