package sheets

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"brug/internal/material"
	"brug/internal/pictogram"
	"brug/internal/press"
)

func TestEveryKindHasARowAndEveryRoleALook(t *testing.T) {
	for _, k := range material.Kinds() {
		n := 0
		for _, l := range layouts {
			if l.Kind == k.Kind {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s has %d rows", k.Kind, n)
			continue
		}
		layout := For(k.Kind)
		for _, r := range k.Roles {
			if layout.look(r.Role) == nil {
				t.Errorf("%s: no look for %s", k.Kind, r.Role)
			}
		}
		for r := range layout.Looks {
			if k.Role(r).Max == 0 {
				t.Errorf("%s: a look for %s, which the kind does not have", k.Kind, r)
			}
		}
		if k.Personal && !slices.Contains(layout.Sizes, A4) {
			t.Errorf("%s cannot be put into a bag: no A4", k.Kind)
		}
	}
}

func TestEveryPictogramCanBeDrawn(t *testing.T) {
	for _, name := range pictogram.Names() {
		drawn := Pictogram(name)
		if drawn == nil {
			t.Errorf("%s cannot be drawn", name)
		}
		if Pictogram(name) != drawn {
			t.Errorf("%s is parsed twice", name)
		}
	}
	if Pictogram("nosuch") != nil || Pictogram("") != nil {
		t.Error("a picture of nothing")
	}
}

// words are the words of a PDF with the left and right edge of each, in points, by page.
func words(t *testing.T, pages []press.Page) []map[string][2]float64 {
	t.Helper()
	var b bytes.Buffer
	d := press.New(&b, press.Options{Lang: "nl"})
	for _, p := range pages {
		if err := d.Add(context.Background(), p); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-bbox", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (package poppler-utils): %v", err)
	}
	word := regexp.MustCompile(`xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">([^<]+)<`)
	var found []map[string][2]float64
	for _, part := range strings.Split(string(out), "<page ")[1:] {
		on := map[string][2]float64{}
		for _, m := range word.FindAllStringSubmatch(part, -1) {
			x0, err1 := strconv.ParseFloat(m[1], 64)
			x1, err2 := strconv.ParseFloat(m[2], 64)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			on[m[3]] = [2]float64{x0, x1}
		}
		found = append(found, on)
	}
	return found
}

// first is the first shipped material of a kind.
func first(t *testing.T, k material.Kind) *material.Material {
	t.Helper()
	for _, m := range material.Shipped().All() {
		if m.Kind == k && m.Reader == material.ForFamily {
			return m
		}
	}
	t.Fatalf("no %s in the library", k)
	return nil
}

func TestPagesFromRightToLeftAreMirrored(t *testing.T) {
	for _, k := range material.Kinds() {
		if !k.Personal || k.OwnOnly {
			continue
		}
		m := first(t, k.Kind)
		for _, tag := range []string{"nl", "ar", "ur"} {
			page := paper().Page(textOf(m, tag, "Amira", false), Form{Size: A4})
			on := words(t, []press.Page{page})[0]
			half := press.A4.Width / 2
			if word, ok := on["Basisschool"]; !ok {
				t.Errorf("%s in %s: the school is not named", m.Slug, tag)
			} else if right := word[0] > half; For(k.Kind).Head == letterhead && right != (tag != "nl") || For(k.Kind).Head == plain && right != (tag == "nl") {
				t.Errorf("%s in %s: the school stands at %.0f of %.0f", m.Slug, tag, word[0], press.A4.Width)
			}
			from, to := on["4729"], on["5567"] // it begins beside the picture of the code, on the side where lines begin
			if middle := (from[0] + to[1]) / 2; from[0] == 0 || (middle > half) == (tag == "nl") {
				t.Errorf("%s in %s: the code stands from %.0f to %.0f", m.Slug, tag, from[0], to[1])
			}
			if to[0] < from[0] {
				t.Errorf("%s in %s: the digits of the code stand from right to left", m.Slug, tag)
			}
		}
	}
}

func TestTwoSidesSayEverythingOnce(t *testing.T) {
	m := first(t, material.HelpCard)
	text := textOf(m, "nl", "Amira", false)
	pages := paper().Pages(text, Form{TwoSided: true})
	if len(pages) != 2 || pages[0].Behind || !pages[1].Behind {
		t.Fatalf("%d pages; the second lies behind the first", len(pages))
	}
	if one := paper().Pages(text, Form{}); len(one) != 1 {
		t.Errorf("%d pages for one side", len(one))
	}
	sides := words(t, pages)
	for i, p := range text.Sheet.Parts {
		word := strings.Fields(p.Text)[0]
		_, front := sides[0][word]
		_, back := sides[1][word]
		if behind := slices.Contains(For(m.Kind).Back, p.Role); behind && !back || !behind && !front {
			t.Errorf("part %d, %s: %q is in front %v, behind %v", i, p.Role, word, front, back)
		}
	}
	if _, front := sides[0]["4729"]; front {
		t.Error("the code stands in front; it belongs to what is said and asked, behind")
	}
}

func TestAPosterHasEachLanguageInItsDirection(t *testing.T) {
	m := first(t, material.Poster)
	text := textOf(m, "nl", "", false)
	for _, tag := range []string{"fr", "ar"} {
		text.Also = append(text.Also, entry(m).Sheet(tag, fillFor("")))
	}
	pages := paper().Pages(text, Form{Size: A3})
	if len(pages) != 1 || pages[0].Size != press.A3 {
		t.Fatalf("%d pages of %v", len(pages), pages[0].Size)
	}
	on := words(t, pages)[0]
	for _, tag := range []string{"nl", "fr"} {
		if word := strings.Fields(m.Texts[tag].Title)[0]; on[word] == [2]float64{} {
			t.Errorf("%q is not on the poster", word)
		}
	}
	arabic := 0
	for w := range on {
		if strings.ContainsFunc(w, func(r rune) bool { return r >= 0x600 && r < 0x700 }) {
			arabic++
		}
	}
	if arabic < 5 {
		t.Errorf("%d Arabic words on the poster", arabic)
	}
}

func TestPeopleWithoutAPhotoHaveInitials(t *testing.T) {
	for name, want := range map[string]string{"": "", "Sofie": "S", "Sofie De Smet": "SS", "an van der Auwera": "AA", "محمد علي": "مع", "Élodie Ødegaard": "ÉØ"} {
		if got := initials(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	m := *first(t, material.WhoIsWho)
	m.Parts = slices.Clone(m.Parts)
	m.Parts[0].Name, m.Parts[0].Photo = "Griet Verhaegen", "gone"
	on := words(t, []press.Page{paper().Page(textOf(&m, "nl", "", false), Form{})})[0]
	for _, w := range []string{"GV", "Griet", "Verhaegen"} {
		if on[w] == [2]float64{} {
			t.Errorf("%q is not on the page", w)
		}
	}
}

// TestAnyTextFindsItsPlace: whatever a school writes within the limits of a kind, in any of the scripts, comes out whole on
// paper; names may be as long as they like.
func TestAnyTextFindsItsPlace(t *testing.T) {
	cache := press.NewCache(8 << 20)
	syllables := map[string][]string{
		"nl": {"voorlees", "boek ", "je ", "ouder", "avond ", "é", "in ", "schooltoezichtscommissie ", "\u2011"},
		"ar": {"كتاب ", "المدرسة ", "و", "لا ", "12 ", "(refter) ", "مساءً، "},
		"ti": {"ቤት ", "ትምህርቲ ", "ምሸት። ", "ን", "15:30 "},
		"ur": {"اسکول ", "میں ", "گھر ", "کی ", "، "},
		"zh": {"学校", "和", "家", "，", "A4", "今天"},
		"uk": {"школа ", "вдома ", "їжачок ", "— "},
	}
	rapid.Check(t, func(rt *rapid.T) {
		spec := rapid.SampledFrom(material.Kinds()).Draw(rt, "kind")
		tag := rapid.SampledFrom([]string{"nl", "ar", "ti", "ur", "zh", "uk"}).Draw(rt, "lang")
		words := func(label string, most int) string {
			s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(syllables[tag]), 1, 40).Draw(rt, label), "")
			if r := []rune(s); len(r) > most {
				s = string(r[:most])
			}
			return s
		}
		name := strings.Repeat(rapid.SampledFrom([]string{"Maximiliaan-", "عبد ", "Wolfeschlegelsteinhausen", "ሰላም", "小"}).Draw(rt, "name"), rapid.IntRange(1, 4).Draw(rt, "times"))
		piece := func(label string, most int) material.Piece {
			return material.Piece{Text: words(label, most), Lang: tag}
		}
		sheet := material.Sheet{Kind: spec.Kind, Lang: tag, Title: piece("title", 60), Picture: "book", Lacks: rapid.Bool().Draw(rt, "lacks"), Other: "nl"}
		if spec.Intro > 0 {
			sheet.Intro = piece("intro", spec.Intro)
		}
		if spec.Close > 0 {
			sheet.Close = piece("close", spec.Close)
		}
		for _, r := range spec.Roles {
			for range rapid.IntRange(r.Min, r.Max).Draw(rt, string(r.Role)) {
				p := material.SheetPart{Part: material.Part{Role: r.Role}, Piece: piece(string(r.Role), r.Length)}
				if rapid.Bool().Draw(rt, "pictured") {
					p.Pictogram = "family"
				}
				if r.Role == material.Who && rapid.Bool().Draw(rt, "named") {
					p.Name = name
				}
				sheet.Parts = append(sheet.Parts, p)
			}
		}
		text := Text{Sheet: sheet, Child: name, Code: &Code{Token: "t", Short: "4729 0381 5567"}}
		layout := For(spec.Kind)
		if rapid.Bool().Draw(rt, "both") {
			twin := sheet
			text.Twin = &twin
			twin.Parts = slices.Clone(sheet.Parts)
			for i := range twin.Parts {
				twin.Parts[i].Piece = material.Piece{Text: "Wat hoort hier in het Nederlands?", Lang: "nl"}
			}
			twin.Title.Lang = "nl"
			twin.Lang = "nl"
		}
		p := paper()
		p.School = strings.Repeat("Vrije Basisschool ", rapid.IntRange(1, 5).Draw(rt, "school"))
		for _, page := range p.Pages(text, Form{Size: rapid.SampledFrom(layout.Sizes).Draw(rt, "size"), TwoSided: rapid.Bool().Draw(rt, "twosided")}) {
			if _, err := press.Measure(press.Options{Lang: "nl", Cache: cache}, page); err != nil {
				rt.Fatalf("%s in %s on %v: %v", spec.Kind, tag, page.Size, err)
			}
		}
	})
}
