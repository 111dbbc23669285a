package packs

import (
	"testing"

	"brug/internal/material"
)

func TestTwoColumnsOnlyWhereTheySayDifferentThings(t *testing.T) {
	nl, ar := material.Piece{Text: "Vraag", Lang: "nl"}, material.Piece{Text: "سؤال", Lang: "ar"}
	for _, c := range []struct {
		name  string
		sheet material.Sheet
		want  bool
	}{
		{"all of it in the family's language", material.Sheet{Title: ar, Intro: ar, Questions: []material.Piece{ar}}, true},
		{"one question in the family's language", material.Sheet{Title: nl, Intro: nl, Questions: []material.Piece{nl, ar}}, true},
		{"nothing there yet in the family's language", material.Sheet{Lang: "ti", Title: nl, Intro: nl, Questions: []material.Piece{nl}, Close: nl}, false},
		{"a piece that is left empty", material.Sheet{Title: nl, Intro: material.Piece{Lang: "ar"}, Questions: []material.Piece{nl}}, false},
	} {
		if got := differs(c.sheet, "nl"); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
