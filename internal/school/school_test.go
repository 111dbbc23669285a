package school

import (
	"testing"
	"time"
)

func TestGuessAudience(t *testing.T) {
	for _, c := range []struct {
		name, grade string
		secondary   bool
		want        Audience
	}{
		{"1KA", "", false, ToddlersYoung},
		{"K1", "", false, ToddlersYoung},
		{"K1 Beertjes", "", false, ToddlersYoung},
		{"Instapklas", "", false, ToddlersYoung},
		{"Peuterklas Roos", "", false, ToddlersYoung},
		{"K2", "", false, ToddlersOld},
		{"2KB", "", false, ToddlersOld},
		{"K3A", "", false, ToddlersOld},
		{"3e kleuterklas", "", false, ToddlersOld},
		{"2ème maternelle", "", false, ToddlersOld},
		{"Accueil", "", false, ToddlersYoung},
		{"L1", "", false, Grades12},
		{"L2 Zon", "", false, Grades12},
		{"1A", "", false, Grades12},
		{"3B", "", false, Grades34},
		{"6", "", false, Grades56},
		{"5de leerjaar", "", false, Grades56},
		{"groep 1", "", false, ToddlersYoung},
		{"groep 2", "", false, ToddlersOld},
		{"Groep 5", "", false, Grades34},
		{"groep 8a", "", false, Grades56},
		{"1A", "", true, Secondary},
		{"6WEWI", "", true, Secondary},
		{"7 Bouw", "", false, Secondary},
		{"Brugklas 1", "", false, Secondary},
		{"Uilen", "", false, ""},
		{"Uilen", "groep 4", false, Grades12},
		{"Dolfijnen", "K3", false, ToddlersOld},
		{"10A", "", false, ""},
		{"", "", false, ""},
	} {
		if got := GuessAudience(c.name, c.grade, c.secondary); got != c.want {
			t.Errorf("%q, %q, secondary %v: %q, want %q", c.name, c.grade, c.secondary, got, c.want)
		}
	}
}

func TestNaturalOrderOfClassNames(t *testing.T) {
	order := []string{"1A", "1B", "2B", "10A", "K1", "K2a", "K10", "Uilen"}
	for i := range order {
		for j := range order {
			got, want := NaturalCompare(order[i], order[j]), i-j
			if (got < 0) != (want < 0) || (got > 0) != (want > 0) {
				t.Errorf("%q against %q: %d", order[i], order[j], got)
			}
		}
	}
	if NaturalCompare("02B", "2b") == 0 {
		t.Error("names that differ must not be the same in a sort")
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"  Ümit   ÖZTÜRK ":  "umit ozturk",
		"D'Hondt":           "dhondt",
		"Van den Berg-Öz":   "van den berg oz",
		"Łukasz Đorđe Groß": "lukasz dorde gross",
		"İpek Işık":         "ipek isik",
		"محمد":              "محمد",
		"ሰላም ተስፋይ":          "ሰላም ተስፋይ",
		"100% _x":           "100 x",
		"---":               "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSchoolYearBeginsInAugust(t *testing.T) {
	for day, want := range map[string]string{
		"2026-07-31": "2025-2026", "2026-08-01": "2026-2027", "2026-11-21": "2026-2027", "2027-01-05": "2026-2027",
	} {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := YearOf(d); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
	if got := NextYear("2026-2027"); got != "2027-2028" {
		t.Errorf("next year: %s", got)
	}
}

func TestMerge(t *testing.T) {
	for _, c := range []struct {
		name, now, says, last string
		known                 bool
		want                  string
	}{
		{"the file changed it", "old", "new", "old", true, "new"},
		{"changed by hand, the file says the same as before", "hand", "old", "old", true, "hand"},
		{"changed by hand, and then the file changed", "hand", "new", "old", true, "new"},
		{"emptied by hand, the file says the same as before", "", "old", "old", true, ""},
		{"the file does not tell it", "old", "", "old", true, "old"},
		{"added by hand before any file", "hand", "file", "", false, "hand"},
		{"nothing stands and the file tells it for the first time", "", "file", "", false, "file"},
		{"nothing changed", "a", "a", "a", true, "a"},
	} {
		if got := merge(c.now, c.says, c.last, c.known); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestBarredHasNoRights(t *testing.T) {
	r := Rights{See: true, Decide: true, Contact: true, Barred: true}
	if r.Reached() || r.Clean() != (Rights{Barred: true}) {
		t.Errorf("barred: %+v reached %v", r.Clean(), r.Reached())
	}
	if !AllRights.Reached() || (Rights{Contact: true}).Reached() || (Rights{See: true}).Reached() {
		t.Error("reached is for who may see and may be contacted")
	}
}
