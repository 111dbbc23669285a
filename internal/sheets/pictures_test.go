package sheets

import (
	"bytes"
	"context"
	"flag"
	"os/exec"
	"path/filepath"
	"testing"

	"brug/internal/material"
	"brug/internal/press"
)

var pictureFolder = flag.String("pictures", "", "make the pictures of doc/ anew, into this folder")

// TestPictures makes the pictures of paper in doc/: go test ./internal/sheets -run Pictures -pictures ../../doc
func TestPictures(t *testing.T) {
	if *pictureFolder == "" {
		t.Skip("only with -pictures FOLDER")
	}
	names := map[string]string{"nl": "Emma", "ar": "أميرة", "ti": "ሰላም", "zh": "小明"}
	var nudges []press.Page
	for _, tag := range []string{"nl", "ar", "ti", "zh"} {
		nudges = append(nudges, paper().Page(textOf(first(t, material.Nudge), tag, names[tag], false), Form{}))
	}
	poster := textOf(first(t, material.Poster), "nl", "", false)
	for _, tag := range []string{"fr", "ar", "tr", "en"} {
		poster.Also = append(poster.Also, entry(first(t, material.Poster)).Sheet(tag, fillFor("")))
	}
	for _, p := range []struct {
		name  string
		o     press.Options
		pages []press.Page
	}{
		{"paper-nudges", press.Options{Impose: press.FourUp}, nudges},
		{"paper-help-card", press.Options{}, paper().Pages(textOf(first(t, material.HelpCard), "ti", names["ti"], false), Form{})},
		{"paper-poster", press.Options{}, paper().Pages(poster, Form{})},
		{"paper-agreements", press.Options{}, paper().Pages(textOf(first(t, material.HomeAgreements), "ar", names["ar"], false), Form{})},
	} {
		var pdf bytes.Buffer
		d := press.New(&pdf, p.o)
		for _, page := range p.pages {
			if err := d.Add(context.Background(), page); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		draw := exec.Command("pdftoppm", "-r", "75", "-singlefile", "-png", "-", filepath.Join(*pictureFolder, p.name))
		draw.Stdin = &pdf
		if out, err := draw.CombinedOutput(); err != nil {
			t.Fatalf("pdftoppm (package poppler-utils): %v %s", err, out)
		}
	}
}
