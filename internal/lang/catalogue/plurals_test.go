package catalogue

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"brug/internal/lang"
)

// TestPluralFormsAreThoseOfCLDR reads CLDR's own rules and compares them with our headers, number by number.
func TestPluralFormsAreThoseOfCLDR(t *testing.T) {
	src, err := os.ReadFile("../plurals.txt")
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string][]string{} // in CLDR's order; the last is "other" or cannot fail
	for _, l := range strings.Split(string(src), "\n") {
		if f := strings.Split(l, "\t"); len(f) == 3 {
			rules[f[0]] = append(rules[f[0]], f[2])
		}
	}
	var numbers []int
	for n := range 1301 {
		numbers = append(numbers, n)
	}
	numbers = append(numbers, 10_000, 100_001, 999_999, 1_000_000, 1_000_001, 2_000_000, 21_000_000)
	for _, tag := range lang.Family {
		count, expr, err := parsePlural(pluralForms[tag])
		if err != nil {
			t.Fatalf("%s: %v", tag, err)
		}
		if count != len(rules[tag]) {
			t.Errorf("%s has %d forms, CLDR has %d", tag, count, len(rules[tag]))
			continue
		}
		for _, n := range numbers {
			want := len(rules[tag]) - 1
			for i, r := range rules[tag] {
				if r != "" && holds(t, r, n) {
					want = i
					break
				}
			}
			if got := expr.Eval(uint32(n)); got != want {
				t.Errorf("%s: %d takes form %d, in CLDR %d", tag, n, got, want)
			}
		}
	}
}

// holds evaluates a CLDR rule (UTS #35, part 3) for a whole number: or, and, =, !=, %, lists and ranges.
func holds(t *testing.T, rule string, n int) bool {
	t.Helper()
	for _, alternative := range strings.Split(rule, " or ") {
		all := true
		for _, relation := range strings.Split(alternative, " and ") {
			all = all && relationHolds(t, relation, n)
		}
		if all {
			return true
		}
	}
	return false
}

func relationHolds(t *testing.T, relation string, n int) bool {
	t.Helper()
	left, right, ok := strings.Cut(relation, " = ")
	equal := true
	if l, r, not := strings.Cut(relation, " != "); not {
		left, right, ok, equal = l, r, true, false
	}
	operand, modulus, hasMod := strings.Cut(strings.TrimSpace(left), " % ")
	value := map[string]int{"n": n, "i": n, "v": 0, "e": 0}
	v, known := value[operand]
	if !ok || !known {
		t.Fatalf("rule %q is not understood", relation)
	}
	if hasMod {
		m, err := strconv.Atoi(modulus)
		if err != nil {
			t.Fatal(err)
		}
		v %= m
	}
	in := false
	for _, part := range strings.Split(strings.TrimSpace(right), ",") {
		var lo, hi int
		if _, err := fmt.Sscanf(part, "%d..%d", &lo, &hi); err != nil {
			if lo, err = strconv.Atoi(part); err != nil {
				t.Fatal(err)
			}
			hi = lo
		}
		in = in || v >= lo && v <= hi
	}
	return in == equal
}
