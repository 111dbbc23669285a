package roster

import (
	"strings"
	"testing"
)

func TestPhoneNumbersAreSetInGroups(t *testing.T) {
	for number, want := range map[string]string{
		"+32499000527":  "+32 499 00 05 27",
		"+3224110022":   "+32 2 411 00 22",
		"+3216110022":   "+32 16 11 00 22",
		"+31612345678":  "+31 6 12 34 56 78",
		"+212612345678": "+212612345678",
		"014 12 34 56":  "014 12 34 56",
		"":              "",
	} {
		if want != number {
			want = strings.ReplaceAll(want, " ", "\u00a0") // no line breaks inside
		}
		if got := PhoneInGroups(number); got != want {
			t.Errorf("%q: %q, want %q", number, got, want)
		}
	}
}
