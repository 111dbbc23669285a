package materialweb

import (
	"context"
	"testing"

	"brug/internal/lang"
	"brug/internal/material"
)

func TestWhoReadATextAndWhenIsSaidInTheReadersLanguage(t *testing.T) {
	read := langLine{Tag: "fr", Has: true, Text: material.Text{Lang: "fr", Status: material.Reviewed, ReviewedBy: "Amina", ReviewedOn: "2026-12-01"}}
	for tag, want := range map[string]string{
		"nl": "nagelezen door Amina, dinsdag 1 december 2026",
		"fr": "relu par Amina, mardi 1er décembre 2026",
	} {
		if got := statusText(lang.With(context.Background(), lang.For(tag)), read); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
}
