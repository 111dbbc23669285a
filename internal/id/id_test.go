package id

import "testing"

func TestCleanShortTakesWhatPeopleType(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"as printed", "4729 0381 5567", "4729 0381 5567"},
		{"in one go", "472903815567", "4729 0381 5567"},
		{"with hyphens and dots", "4729-0381.5567", "4729 0381 5567"},
		{"Arabic digits", "٤٧٢٩ ٠٣٨١ ٥٥٦٧", "4729 0381 5567"},
		{"Persian digits", "۴۷۲۹۰۳۸۱۵۵۶۷", "4729 0381 5567"},
		{"Devanagari digits", "४७२९०३८१५५६७", "4729 0381 5567"},
		{"full-width digits, invisible marks", "\u200e４７２９０３８１５５６７", "4729 0381 5567"},
		{"too short", "4729 0381", ""},
		{"letters", "4729 0381 55AB", ""},
		{"nothing", "", ""},
	} {
		got, ok := CleanShort(c.in)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s: CleanShort(%q) = %q, %v", c.name, c.in, got, ok)
		}
	}
}

func TestShortIsClean(t *testing.T) {
	for range 200 {
		s := Short()
		if c, ok := CleanShort(s); !ok || c != s {
			t.Fatalf("Short gave %q, cleaned %q", s, c)
		}
	}
}
