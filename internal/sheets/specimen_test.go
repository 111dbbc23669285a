package sheets

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/press"
)

var keep = flag.String("keep", "", "write a specimen of each kind into this folder, to look at it")

var printed = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// paper is that of a small school.
func paper() *Paper {
	return &Paper{School: "Basisschool De Brug", Main: "nl", BaseURL: "https://brug.example", Printed: printed, Expires: printed.AddDate(0, 3, 0)}
}

// entry is a shipped material as a school has it.
func entry(m *material.Material) *material.Entry { return &material.Entry{Material: m, Main: "nl"} }

func fillFor(child string) material.Fill {
	return material.Fill{Child: child, Teacher: "Sofie De Smet en Tom Janssens", Class: "3A", School: "Basisschool De Brug", Phone: "02 123 45 67", Place: "de turnzaal", Date: "2026-12-08", Time: "15:30"}
}

// textOf is a shipped material for one family in a language, with the school's beside it if both.
func textOf(m *material.Material, tag, child string, both bool) Text {
	e := entry(m)
	fill := fillFor(child)
	t := Text{Sheet: e.Sheet(tag, fill), Code: &Code{Token: "8f3kq0mz7w2c5v9x1b4n6t", Short: "4729 0381 5567"}}
	if m.Kind.Spec().Personal {
		t.Child = child
	} else {
		t.Code = nil
	}
	if both {
		twin := e.Sheet("nl", fill)
		t.Twin = &twin
	}
	return t
}

// TestSpecimens writes pages to look at: go test ./internal/sheets -run Specimens -keep FOLDER
func TestSpecimens(t *testing.T) {
	if *keep == "" {
		t.Skip("only with -keep FOLDER")
	}
	seen := map[material.Kind]bool{}
	for _, m := range material.Shipped().All() {
		if seen[m.Kind] {
			continue
		}
		seen[m.Kind] = true
		for _, tag := range []string{"nl", "ar", "ti", "zh"} {
			write(t, string(m.Kind)+"-"+tag, press.Options{}, paper().Pages(textOf(m, tag, "Amira", false), Form{}))
		}
		if m.Kind.Spec().Personal {
			write(t, string(m.Kind)+"-both", press.Options{}, paper().Pages(textOf(m, "ar", "Amira", true), Form{}))
		}
		if l := For(m.Kind); l.TwoSides() {
			write(t, string(m.Kind)+"-two", press.Options{Impose: press.TwoUp, TwoSided: true}, paper().Pages(textOf(m, "nl", "Amira", false), Form{Size: A5, TwoSided: true}))
		}
		if For(m.Kind).Together {
			text := textOf(m, "nl", "", false)
			for _, tag := range []string{"fr", "ar", "tr", "en", "ti"} {
				text.Also = append(text.Also, entry(m).Sheet(tag, fillFor("")))
			}
			write(t, string(m.Kind)+"-six", press.Options{}, paper().Pages(text, Form{}))
		}
	}
}

func write(t *testing.T, name string, o press.Options, pages []press.Page) {
	t.Helper()
	f, err := os.Create(filepath.Join(*keep, name+".pdf"))
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := press.SVG(context.Background(), pages[0], press.SVGOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*keep, name+".svg"), drawn[0], 0o600); err != nil {
		t.Fatal(err)
	}
	o.Title, o.Lang = name, lang.For("nl").Tag()
	d := press.New(f, o)
	for _, p := range pages {
		if err := d.Add(context.Background(), p); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := d.Close(); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d sheets", name, d.Sheets())
}
