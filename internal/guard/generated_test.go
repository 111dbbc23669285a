package guard

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// sums is what bin/generate wrote down: a line for each file that it read or made, as sha256sum does.
const sums = "internal/guard/generated.sum"

// TestGeneratedCodeIsFresh fails when a query, a migration or a page was changed, or what was generated from it, and
// bin/generate did not run afterwards. The texts of the catalogues have a test of their own in package lang.
func TestGeneratedCodeIsFresh(t *testing.T) {
	known := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(read(t, sums)), "\n") {
		sum, file, ok := strings.Cut(line, "  ")
		if !ok {
			t.Fatalf("%s: the line %q has not the form of sha256sum", sums, line)
		}
		known[file] = sum
	}
	there := slices.Concat([]string{"sqlc.yaml"}, files(t, "internal/db/queries", ".sql"), files(t, "internal/db/migrations/postgres", ".sql"),
		files(t, "internal/db/q", ".go"), files(t, "internal", ".templ"), files(t, "internal", "_templ.go"))
	for _, file := range there {
		sum := fmt.Sprintf("%x", sha256.Sum256([]byte(read(t, file))))
		if known[file] != sum {
			t.Errorf("%s is not as bin/generate left it: run bin/generate", file)
		}
		delete(known, file)
	}
	for file := range known {
		t.Errorf("%s is gone since bin/generate: run bin/generate", file)
	}
}
