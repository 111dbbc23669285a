package voice

import (
	"testing"

	"brug/internal/material"
)

func TestNobodySaysAWordTwice(t *testing.T) {
	f := material.Fill{Child: "uw kind", Class: "de klas", Teacher: "de leerkracht"}
	for text, want := range map[string]string{
		"Dit is klas de klas.":                 "Dit is klas de klas.",
		"Uw kind uw kind speelt graag.":        "Uw kind speelt graag.",
		"Vraag aan uw kind: hoe was het?":      "Vraag aan uw kind: hoe was het?",
		"Bel de de leerkracht.":                "Bel de leerkracht.",
		"In de de klas en met uw uw kind.":     "In de klas en met uw kind.",
		"Juf de leerkracht, nauw uw kind mee.": "Juf de leerkracht, nauw uw kind mee.",
	} {
		if got := once(text, f); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := once("Ilmahiinna ilmahiinna wuu ciyaaray.", material.Fill{Child: "ilmahiinna"}); got != "Ilmahiinna wuu ciyaaray." {
		t.Errorf("Somali: %q", got)
	}
}
