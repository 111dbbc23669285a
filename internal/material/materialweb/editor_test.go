package materialweb

import (
	"slices"
	"testing"

	"brug/internal/errs"
	"brug/internal/web/ui"
)

func TestTheEditorShowsAsManyLinesAsAreNeeded(t *testing.T) {
	wrong := ui.NewForm()
	wrong.Take(&errs.Error{Kind: errs.Invalid, Fields: map[string]errs.Text{"q6.pictogram": {ID: "Choose a picture"}}})
	for _, c := range []struct {
		name string
		form *ui.Form
		want int
	}{
		{"a new slip", ui.NewForm(), 3},
		{"two questions", ui.NewForm("q1.from", "animals/1", "q2.nl", "Wat at je?"), 3},
		{"a fourth of the library", ui.NewForm("q4.from", "animals/1"), 4},
		{"a fifth of our own after an empty line", ui.NewForm("q1.from", "animals/1", "q5.nl", "Wat at je?"), 5},
		{"something wrong on the last line", wrong, 6},
	} {
		if got := shown(c.form, "nl"); got != c.want {
			t.Errorf("%s: %d lines, want %d", c.name, got, c.want)
		}
	}
}

func TestLanguagesOfTheFamiliesComeFirst(t *testing.T) {
	got := languagesFor("nl", []string{"ar", "nl", "fa-AF", "fa", "rif", "ti"})
	if want := []string{"ar", "fa", "ti", "fr"}; !slices.Equal(got[:4], want) {
		t.Errorf("%v, want %v first", got, want)
	}
	if len(got) != len(others("nl")) {
		t.Errorf("%d languages, want each of %d once: %v", len(got), len(others("nl")), got)
	}
}

func TestWordsBesideAQuestionOfTheLibraryMakeItOurOwn(t *testing.T) {
	d, at := editOf(ui.NewForm("q1.from", "animals/1", "q1.nl", "Welk dier heb jij thuis?", "q1.pictogram", "animal", "q2.from", "animals/2"), "nl")
	if len(d.Parts) != 2 || len(at) != 2 {
		t.Fatalf("%d questions", len(d.Parts))
	}
	if q := d.Parts[0]; q.From != "" || q.Texts["nl"] != "Welk dier heb jij thuis?" || q.Pictogram != "animal" {
		t.Errorf("the first is %+v", q)
	}
	if q := d.Parts[1]; q.From != "animals/2" {
		t.Errorf("the second is %+v", q)
	}
}
