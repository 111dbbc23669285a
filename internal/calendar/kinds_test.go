package calendar

import (
	"testing"

	"brug/internal/pictogram"
)

func TestEachKindHasAPictureThatIsThere(t *testing.T) {
	seen := map[Kind]bool{}
	for _, k := range Kinds() {
		if seen[k] {
			t.Errorf("%s stands twice", k)
		}
		seen[k] = true
		if !pictogram.Known(k.Picture()) {
			t.Errorf("%s has no picture %q", k, k.Picture())
		}
	}
	if Kind("of-a-newer-program").Picture() != Other.Picture() {
		t.Error("a kind of a newer program is not shown as something")
	}
}
