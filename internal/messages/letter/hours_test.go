package letter

import (
	"strings"
	"testing"
	"time"

	"brug/internal/lang"
)

func TestHoursAreSaidInEachLanguage(t *testing.T) {
	for stored, want := range map[string]string{
		`{"mon":["08:30","16:00"]}`:                         "Monday 08:30–16:00",
		`{"mon":["08:30","16:00"],"tue":["08:30","16:00"]}`: "Monday and Tuesday 08:30–16:00",
		`{"mon":["08:30","16:00"],"tue":["08:30","16:00"],"wed":["08:30","12:00"],"thu":["08:30","16:00"],"line":"Bel gerust."}`:                        "Monday and Tuesday 08:30–16:00, Wednesday 08:30–12:00, Thursday 08:30–16:00",
		`{"mon":["08:30","16:00"],"tue":["08:30","16:00"],"wed":["08:30","16:00"],"thu":["08:30","16:00"],"fri":["08:30","16:00"],"sat":["10:00","x"]}`: "Monday – Friday 08:30–16:00",
		"": "", "always": "", `{"mon":"08:30"}`: "", `{"mon":["08:30"]}`: "", `{"line":"Bel gerust."}`: "",
	} {
		got := strings.TrimPrefix(Hours("en", stored), "The school answers: ")
		if got = strings.NewReplacer("\u2068", "", "\u2069", "").Replace(got); got != want {
			t.Errorf("%s: %q, want %q", stored, got, want)
		}
	}
	wednesday := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for _, tag := range lang.Family {
		if got := Hours(tag, `{"wed":["10:30","12:00"]}`); !strings.Contains(got, lang.For(tag).Weekday(wednesday)) || !strings.Contains(got, "10:30") {
			t.Errorf("%s: %q", tag, got)
		}
	}
}
