package packs_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/material"
	"brug/internal/packs"
	"brug/internal/school"
	"brug/internal/sheets"
)

// shippedOf is the first shipped material of a kind for families that asks for these placeholders.
func shippedOf(t *testing.T, k material.Kind, asks ...material.Placeholder) *material.Material {
	t.Helper()
	for _, m := range material.Shipped().All() {
		if m.Kind != k || m.Reader == material.ForTeam {
			continue
		}
		all := m.Texts["nl"].Intro + m.Texts["nl"].Close + strings.Join(m.Texts["nl"].Parts, " ")
		fits := true
		for _, p := range asks {
			fits = fits && strings.Contains(all, "{"+string(p)+"}")
		}
		if fits {
			return m
		}
	}
	t.Fatalf("no %s with %v in the library", k, asks)
	return nil
}

// sides are the pages of a PDF with their words.
func sides(t *testing.T, pdf []byte) []string {
	t.Helper()
	return strings.Split(strings.TrimSuffix(text(t, pdf), "\f"), "\f")
}

// sizes are the sizes of the pages of a PDF as pdfinfo calls them: "A4", or "841.89 x 595.28 pts".
func sizes(t *testing.T, pdf []byte) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdfinfo", "-l", "999", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Page ") && strings.Contains(line, "size:") {
			_, size, _ := strings.Cut(line, "size:")
			got = append(got, strings.TrimSpace(size))
		}
	}
	return got
}

func (w world) write(c packs.Choice) []byte {
	w.T.Helper()
	var pdf bytes.Buffer
	_, _, err := w.packs.Write(w.Ctx, w.Teacher, c, &pdf)
	w.OK(err)
	return pdf.Bytes()
}

func TestHowManySheetsAPackTakes(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		nudge, card, letter := shippedOf(t, material.Nudge).Slug, shippedOf(t, material.HelpCard).Slug, shippedOf(t, material.SampleLetter).Slug
		for _, c := range []struct {
			name   string
			slug   string
			o      packs.Options
			sheets int
			size   string // of the last sheet
		}{
			{"four small cards on one sheet, behind the list", nudge, packs.Options{}, 2, "595.28 x 841.89 pts (A4)"},
			{"small cards on paper of their own", nudge, packs.Options{Single: true, NoCover: true}, 4, "297.64 x 419.53 pts"},
			{"two on a sheet", nudge, packs.Options{Size: sheets.A5, NoCover: true}, 2, "841.89 x 595.28 pts (A4)"},
			{"beside Dutch a nudge needs the room of an A5", nudge, packs.Options{Bilingual: true, NoCover: true}, 2, "841.89 x 595.28 pts (A4)"},
			{"help cards on both sides", card, packs.Options{TwoSided: true, NoCover: true}, 8, "595.28 x 841.89 pts (A4)"},
			{"help cards on both sides of a sheet of two", card, packs.Options{Size: sheets.A5, TwoSided: true, NoCover: true}, 4, "841.89 x 595.28 pts (A4)"},
			{"a list has an empty back when both sides are used", card, packs.Options{TwoSided: true}, 10, "595.28 x 841.89 pts (A4)"},
			{"letters", letter, packs.Options{}, 5, "595.28 x 841.89 pts (A4)"},
			{"in three languages for everybody", letter, packs.Options{Langs: []string{"nl", "fr", "en"}, NoCover: true}, 12, "595.28 x 841.89 pts (A4)"},
			{"a size that the kind does not have is the usual one", letter, packs.Options{Size: sheets.A3, NoCover: true}, 4, "595.28 x 841.89 pts (A4)"},
		} {
			got := sizes(t, w.write(packs.Choice{Material: c.slug, Scope: w.class("3A"), Options: c.o}))
			if len(got) != c.sheets || got[len(got)-1] != c.size {
				t.Errorf("%s: %q, want %d of %s", c.name, got, c.sheets, c.size)
			}
		}
	})
}

func TestABagKeepsTheTextsOfAFamilyTogether(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		nudge, slip, letter := shippedOf(t, material.Nudge), shippedOf(t, material.QuestionSlip), shippedOf(t, material.SampleLetter, material.Date, material.Teacher)
		c := packs.Choice{Material: nudge.Slug, Also: []string{slip.Slug, letter.Slug}, Scope: w.class("3A"), Options: packs.Options{Lang: "nl", Date: "2026-12-08", Time: "15:30", Place: "de turnzaal"}}
		got := sides(t, w.write(c))
		if len(got) != 1+4*3 {
			t.Fatalf("%d pages: want the list, and three for each of four families", len(got))
		}
		for _, m := range []*material.Material{nudge, slip, letter} {
			if !strings.Contains(squeeze(got[0]), squeeze(m.Texts["nl"].Title)) {
				t.Errorf("the list does not say that %q is in it", m.Texts["nl"].Title)
			}
		}
		children := []string{"Ali", "Desta", "Cas", "Cas"}
		for i, page := range got[1:] {
			m := []*material.Material{nudge, slip, letter}[i%3]
			if !strings.Contains(squeeze(page), squeeze(m.Texts["nl"].Title)) {
				t.Errorf("page %d is not %s", i+1, m.Slug)
			}
			for _, name := range []string{"Ali", "Desta", "Cas"} {
				if want := name == children[i/3]; strings.Contains(page, name) != want {
					t.Errorf("page %d is for %s; %s stands on it: %v", i+1, children[i/3], name, !want)
				}
			}
		}
		if page := got[3]; !strings.Contains(page, "dinsdag 8 december") || !strings.Contains(page, "Els") {
			t.Errorf("the letter does not name the day or the teacher: %s", page)
		}
		ways, err := w.packs.Rehearse(w.Ctx, w.Teacher, c)
		w.OK(err)
		if len(ways) != 12 {
			t.Fatalf("%d codes for 12 papers", len(ways))
		}
		v, err := w.Contact.Open(w.Ctx, ways[2].Token, "10.0.0.1")
		w.OK(err)
		if v.Material != letter.Slug || v.Given != "Ali" || v.Fill.Date != "2026-12-08" || v.Fill.Teacher != "Els" {
			t.Errorf("the letter's code opens %s for %s with %+v", v.Material, v.Given, v.Fill)
		}
		if v, err = w.Contact.Open(w.Ctx, ways[0].Token, "10.0.0.1"); err != nil || v.Material != nudge.Slug || v.Fill.Date != "" {
			t.Errorf("the nudge's code opens %s with %+v, %v: it has no date to remember", v.Material, v.Fill, err)
		}
		list, _, err := w.packs.List(w.Ctx, w.Teacher, 0, 1)
		w.OK(err)
		if list[0].Slips != 4 || list[0].Given != 4 {
			t.Errorf("a bag is handed out once: %d of %d", list[0].Given, list[0].Slips)
		}
	})
}

func TestABagIsPrintedByTheJobAsItWasAskedFor(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		id, err := w.packs.Start(w.Ctx, w.Teacher, packs.Choice{Material: "a-good-story", Also: []string{"water", "a-good-story"}, Scope: w.class("3A"), Options: packs.Options{TwoSided: true}})
		w.OK(err)
		w.work()
		p, err := w.packs.Get(w.Ctx, w.Teacher, id)
		w.OK(err)
		if p.State != packs.Finished || p.Pages != 2+4*2 || len(p.Options.Bag) != 1 {
			t.Errorf("state %s, %d sides, bag %+v: want the list with its back, and one paper for each of four families; what is asked for twice comes once", p.State, p.Pages, p.Options.Bag)
		}
	})
}

func TestWhatIsNotForFamiliesIsNotPrintedForThem(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		poster := shippedOf(t, material.Poster).Slug
		team := ""
		for _, m := range material.Shipped().All() {
			if m.Reader == material.ForTeam {
				team = m.Slug
			}
		}
		many := []string{"nl", "fr", "en", "ar", "tr", "pl", "ro"}
		for _, c := range []struct {
			name, field string
			c           packs.Choice
		}{
			{"a poster", "material", packs.Choice{Material: poster}},
			{"what is for the team", "material", packs.Choice{Material: team}},
			{"a poster in a bag", "also", packs.Choice{Material: "water", Also: []string{poster}}},
			{"a bag that is too full", "also", packs.Choice{Material: "water", Also: make([]string, packs.MaxBag)}},
			{"more languages than a family can use", "langs", packs.Choice{Material: "water", Options: packs.Options{Langs: many}}},
			{"a size that there is not", "size", packs.Choice{Material: "water", Options: packs.Options{Size: "b5"}}},
			{"a date with braces", "date", packs.Choice{Material: "water", Options: packs.Options{Date: "{child}"}}},
			{"a place without end", "place", packs.Choice{Material: "water", Options: packs.Options{Place: strings.Repeat("zaal ", 40)}}},
		} {
			c.c.Scope = w.class("3A")
			_, err := w.packs.Start(w.Ctx, w.Teacher, c.c)
			if _, at := errs.FieldsOf(err)[c.field]; !at {
				t.Errorf("%s: %v, want a word at %s", c.name, err, c.field)
			}
		}
	})
}

func TestASheetForTheWallIsForNobody(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		poster, letter, card := shippedOf(t, material.Poster), shippedOf(t, material.SampleLetter, material.Child), shippedOf(t, material.SettlingInCard)
		print := func(c packs.SheetChoice) []byte {
			t.Helper()
			var pdf bytes.Buffer
			w.OK(w.packs.Sheet(w.Ctx, w.Teacher, c, &pdf))
			return pdf.Bytes()
		}
		six := print(packs.SheetChoice{Material: poster.Slug, Langs: []string{"nl", "fr", "ar", "tr", "en"}, Size: sheets.A3})
		if got := sizes(t, six); len(got) != 1 || !strings.HasPrefix(got[0], "841.89 x 1190.55") {
			t.Errorf("a poster in five languages: %q, want one A3", got)
		}
		for _, tag := range []string{"nl", "fr", "tr", "en"} {
			if !strings.Contains(squeeze(text(t, six)), squeeze(poster.Texts[tag].Title)) {
				t.Errorf("the poster lacks its title in %s", tag)
			}
		}
		if got := sides(t, print(packs.SheetChoice{Material: letter.Slug, Langs: []string{"nl", "fr"}})); len(got) != 2 || !strings.Contains(got[0], "……") || strings.Contains(got[0], packs.SampleChild) {
			t.Errorf("a letter in two languages: %d pages; want two, with a line to write the name on", len(got))
		}
		if got := sides(t, print(packs.SheetChoice{Material: letter.Slug, Sample: true})); len(got) != 1 || !strings.Contains(got[0], packs.SampleChild) || !strings.Contains(got[0], "0000 0000 0000") {
			t.Errorf("a sample: %q", got)
		}
		if got := text(t, print(packs.SheetChoice{Material: card.Slug})); strings.Count(squeeze(got), squeeze(card.Texts["nl"].Title)) != 4 {
			t.Errorf("a small card is there four times on a sheet: %q", got)
		}
		for _, c := range []struct {
			name string
			by   auth.Actor
			c    packs.SheetChoice
			want errs.Kind
		}{
			{"the support centre", auth.Actor{Role: auth.Support, AccountID: 1}, packs.SheetChoice{Material: poster.Slug}, errs.Forbidden},
			{"nobody", auth.Actor{}, packs.SheetChoice{Material: poster.Slug}, errs.SignIn},
			{"a text that is not there", w.Teacher, packs.SheetChoice{Material: "nosuch"}, errs.NotFound},
			{"too many languages", w.Teacher, packs.SheetChoice{Material: poster.Slug, Langs: []string{"nl", "fr", "en", "ar", "tr", "pl", "ro"}}, errs.Invalid},
			{"a sign that no font has", w.Teacher, packs.SheetChoice{Material: shippedOf(t, material.Flyer, material.Where).Slug, Place: "zaal \U00012000"}, errs.Invalid},
		} {
			wantKind(t, c.name, w.packs.Sheet(w.Ctx, c.by, c.c, io.Discard), c.want)
		}
	})
}

func TestADrawingOfATextThatIsBeingWritten(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		m := shippedOf(t, material.HelpCard)
		e, err := w.packs.Material.Get(w.Ctx, w.Teacher, m.Slug)
		w.OK(err)
		drawn, err := w.packs.Draw(w.Ctx, w.Teacher, e, packs.SheetChoice{Langs: []string{"ar", "nl"}, Sample: true}, "a")
		w.OK(err)
		if len(drawn) != 2 {
			t.Fatalf("%d drawings for two languages", len(drawn))
		}
		for _, svg := range drawn {
			if err := xml.Unmarshal(svg, new(struct{})); err != nil || !bytes.HasPrefix(svg, []byte("<svg ")) {
				t.Errorf("not an SVG: %v", err)
			}
		}
		_, err = w.packs.Draw(w.Ctx, auth.Actor{}, e, packs.SheetChoice{}, "")
		wantKind(t, "nobody", err, errs.SignIn)
	})
}

func TestATextForOneClassStaysThere(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		slug, err := w.packs.Material.Create(w.Ctx, w.Teacher, "", material.Edit{Kind: material.QuestionSlip, Class: w.Class["3A"], Audiences: []material.Audience{school.Grades34}, Practices: []material.Practice{material.Talk}, Title: map[string]string{"nl": "Van 3A"},
			Intro: map[string]string{"nl": "Vraag {child}:"}, Parts: []material.EditPart{{Part: material.Part{Role: material.Question, Pictogram: "outside"}, Texts: map[string]string{"nl": "Wat was leuk?"}}}})
		w.OK(err)
		_, err = w.packs.Start(w.Ctx, w.System, packs.Choice{Material: slug, Scope: school.Scope{Kind: school.ScopeClass, PublicID: w.Class["1B"]}})
		if _, at := errs.FieldsOf(err)["material"]; !at {
			t.Errorf("printed for another class: %v", err)
		}
		w.write(packs.Choice{Material: slug, Scope: w.class("3A")})
	})
}
