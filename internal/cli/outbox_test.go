package cli

import (
	"strings"
	"testing"
)

func TestALetterOfTheOutboxIsOneShortLine(t *testing.T) {
	long := strings.Repeat("é", 100)
	for _, c := range []struct{ title, text, want string }{
		{"Zwemmen", "Dag\nallemaal", "Zwemmen"},
		{"", "De Wilg: dag\nhttps://brug.test", "De Wilg: dag"},
		{"", long, strings.Repeat("é", 59) + "…"},
		{strings.Repeat("é", 60), "", strings.Repeat("é", 60)},
	} {
		if got := inOneLine(c.title, c.text); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
