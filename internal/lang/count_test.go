package lang

import (
	"io/fs"
	"regexp"
	"slices"
	"testing"
)

var header = regexp.MustCompile(`"Plural-Forms: (.*)\\n"`)

// The catalogues number the forms in CLDR's order; the categories must change at the same numbers.
func TestPluralCategoriesAgreeWithTheCatalogues(t *testing.T) {
	order := []string{"zero", "one", "two", "few", "many", "other"}
	for _, tag := range Family {
		if tag == "en" {
			continue // English has no catalogue
		}
		src, err := fs.ReadFile(files, "po/family/"+tag+".po")
		if err != nil {
			t.Fatal(err)
		}
		m := header.FindSubmatch(src)
		if m == nil {
			t.Fatalf("%s: no Plural-Forms", tag)
		}
		_, expr := pluralForms(string(m[1]))
		numbers := []int{1000, 1001, 10_000, 1_000_000, 1_000_001, 2_000_000}
		for n := range 240 {
			numbers = append(numbers, n)
		}
		byForm, seen := map[int]string{}, []string{}
		for _, n := range numbers {
			form, category := expr.Eval(uint32(n)), For(tag).Plural(n)
			if had, ok := byForm[form]; ok && had != category {
				t.Errorf("%s: %d is %s, but others of form %d are %s", tag, n, category, form, had)
			}
			byForm[form] = category
			if !slices.Contains(seen, category) {
				seen = append(seen, category)
			}
		}
		if len(seen) != len(byForm) {
			t.Errorf("%s: categories %v for %d forms", tag, seen, len(byForm))
		}
		last := -1
		for form := range len(byForm) {
			at := slices.Index(order, byForm[form])
			if at <= last {
				t.Errorf("%s: form %d is %s, out of CLDR's order", tag, form, byForm[form])
			}
			last = at
		}
	}
}

func TestAmountsOfEuros(t *testing.T) {
	for _, c := range []struct {
		tag   string
		cents int
		want  string
	}{
		{"nl", 1250, "€\u00a012,50"}, {"nl", 5, "€\u00a00,05"}, {"fr", 1250, "12,50\u00a0€"}, {"en", 1250, "€12.50"}, {"de", 700, "7,00\u00a0€"},
		{"tr", 1250, "€12,50"}, {"ar", 1250, "12.50\u00a0€"}, {"zh", 1250, "€12.50"}, {"pt", 1250, "€\u00a012,50"}, {"nl", -250, "€\u00a0-2,50"}, {"nl", 123456, "€\u00a01.234,56"},
	} {
		if got := For(c.tag).Euro(c.cents); got != c.want {
			t.Errorf("%d cents in %s: %q, want %q", c.cents, c.tag, got, c.want)
		}
	}
}
