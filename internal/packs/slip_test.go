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
		{"all of it in the family's language", material.Sheet{Title: ar, Intro: ar, Parts: parts(ar)}, true},
		{"one question in the family's language", material.Sheet{Title: nl, Intro: nl, Parts: parts(nl, ar)}, true},
		{"nothing there yet in the family's language", material.Sheet{Lang: "ti", Title: nl, Intro: nl, Parts: parts(nl), Close: nl}, false},
		{"a piece that is left empty", material.Sheet{Title: nl, Intro: material.Piece{Lang: "ar"}, Parts: parts(nl)}, false},
	} {
		if got := differs(c.sheet, "nl"); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func parts(pieces ...material.Piece) []material.SheetPart {
	var out []material.SheetPart
	for _, p := range pieces {
		out = append(out, material.SheetPart{Part: material.Part{Role: material.Question}, Piece: p})
	}
	return out
}
