package sheetview

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/pictogram"
	"brug/internal/web/ui/uitest"
)

// full is a material with two parts of every role that its kind has, in Arabic, but for the last part: that one is in
// Dutch only.
func full(k material.KindSpec) *material.Entry {
	m := &material.Material{Kind: k.Kind, Picture: "school", Texts: map[string]material.Text{}}
	nl, ar := material.Text{Title: "Titel", Intro: "Begin", Close: "Slot"}, material.Text{Title: "عنوان", Intro: "مقدمة", Close: "خاتمة"}
	for _, r := range k.Roles {
		for i := range 2 {
			p := material.Part{Role: r.Role, Pictogram: "play"}
			if r.Role == material.Who {
				p.Name, p.Photo = "Els", fmt.Sprint("photo", i)
			}
			m.Parts = append(m.Parts, p)
			nl.Parts, ar.Parts = append(nl.Parts, fmt.Sprint("nl ", r.Role, i)), append(ar.Parts, fmt.Sprint("ar ", r.Role, i))
		}
	}
	if n := len(ar.Parts); n > 0 {
		ar.Parts[n-1] = ""
	}
	m.Texts["nl"], m.Texts["ar"] = nl, ar
	return &material.Entry{Material: m, Main: "nl"}
}

func draw(t *testing.T, v View, reader string) *uitest.Page {
	t.Helper()
	var b bytes.Buffer
	if err := Sheet(v).Render(lang.With(context.Background(), lang.For(reader)), &b); err != nil {
		t.Fatal(err)
	}
	return uitest.Parse(t, &b)
}

func TestEveryKindShowsAllItsPartsInOrder(t *testing.T) {
	if lacking := pictogram.Missing(); len(lacking) > 0 {
		t.Fatalf("%s brings the pictograms: %s", pictogram.Setup, strings.Join(lacking, ", "))
	}
	for _, k := range material.Kinds() {
		e := full(k)
		p := draw(t, View{Sheet: e.Sheet("ar", material.Fill{})}, "nl")
		sheet := p.All(".sheet")
		if len(sheet) != 1 || uitest.AttrOf(sheet[0], "lang") != "ar" || uitest.AttrOf(sheet[0], "dir") != "rtl" {
			t.Fatalf("%s: the sheet is not in the family's language, whatever the page around it speaks", k.Kind)
		}
		texts := p.All(".words")
		if want := len(e.Parts) + 2; len(texts) != want {
			t.Errorf("%s: %d texts, want %d", k.Kind, len(texts), want)
			continue
		}
		for i, n := range texts {
			tag, dir, want := uitest.AttrOf(n, "lang"), uitest.AttrOf(n, "dir"), "ar"
			if len(e.Parts) > 0 && i == len(texts)-2 {
				want = "nl"
			}
			if tag != want || dir != lang.Dir(want) {
				t.Errorf("%s: text %d is %s %s, want %s", k.Kind, i, tag, dir, want)
			}
			if i > 0 && i <= len(e.Parts) && !strings.Contains(uitest.TextOf(n), fmt.Sprintf("%s %s%d", want, e.Parts[i-1].Role, (i-1)%2)) {
				t.Errorf("%s: text %d is %q", k.Kind, i, uitest.TextOf(n))
			}
			if p.Count("[data-listen=\"#"+uitest.AttrOf(n, "id")+"\"]") != 1 {
				t.Errorf("%s: text %d cannot be heard", k.Kind, i)
			}
		}
		for i, n := range p.All("img") {
			if late := uitest.AttrOf(n, "loading") == "lazy"; late != (i >= early) {
				t.Errorf("%s: picture %d late: %v", k.Kind, i, late)
			}
		}
	}
}

func TestStepsAreNumberedInTheDigitsOfTheLanguage(t *testing.T) {
	e := full(material.StepPlan.Spec())
	p := draw(t, View{Sheet: e.Sheet("fa", material.Fill{})}, "nl")
	if n := p.All("ol .number"); len(n) != 2 || uitest.TextOf(n[0]) != lang.For("fa").Number(1) || uitest.TextOf(n[1]) != lang.For("fa").Number(2) {
		t.Errorf("%d numbers", len(n))
	}
}

func TestStepsCountOnBelowAnotherHeading(t *testing.T) {
	step, head := material.Part{Role: material.Step}, material.Part{Role: material.Subhead}
	m := &material.Material{Kind: material.StepPlan, Parts: []material.Part{head, step, step, head, step}, Texts: map[string]material.Text{"nl": {Title: "t", Parts: []string{"a", "b", "c", "d", "e"}}}}
	p := draw(t, View{Sheet: (&material.Entry{Material: m, Main: "nl"}).Sheet("nl", material.Fill{})}, "nl")
	if got := strings.Join(p.Texts(".number"), " "); got != "1 2 3" {
		t.Errorf("numbers %s", got)
	}
	if got := uitest.AttrOf(p.All("ol")[1], "start"); got != "3" {
		t.Errorf("the second list begins with %s for who hears the page", got)
	}
}

func TestWhatToDoWithLinesIsSaidOnce(t *testing.T) {
	field, head := material.Part{Role: material.Field}, material.Part{Role: material.Subhead}
	m := &material.Material{Kind: material.Form, Parts: []material.Part{field, head, field}, Texts: map[string]material.Text{"nl": {Title: "t", Parts: []string{"a", "b", "c"}}}}
	p := draw(t, View{Sheet: (&material.Entry{Material: m, Main: "nl"}).Sheet("nl", material.Fill{})}, "nl")
	if n := p.Count("h2.part"); n != 1 {
		t.Errorf("%d times", n)
	}
}

func TestWhatOneCanSayIsSpeech(t *testing.T) {
	p := draw(t, View{Sheet: full(material.HelpCard.Spec()).Sheet("ar", material.Fill{})}, "nl")
	if p.Count("q") != 2 {
		t.Errorf("%d pieces of speech", p.Count("q"))
	}
	for _, h := range p.All("h2.part") {
		if uitest.AttrOf(h, "lang") == "" || uitest.AttrOf(h, "dir") == "" {
			t.Errorf("a heading of ours has no language: %q", uitest.TextOf(h))
		}
	}
}

func TestAPersonOfTheTeamHasAFaceAndAName(t *testing.T) {
	s := full(material.WhoIsWho.Spec()).Sheet("ar", material.Fill{})
	p := draw(t, View{Sheet: s, PhotoURL: func(photo string) string { return "/photos/" + photo }}, "nl")
	if p.Count(".face img") != 2 || uitest.AttrOf(p.All(".face img")[1], "src") != "/photos/photo1" || p.Count(".who bdi") != 2 {
		t.Errorf("%d faces, %d names", p.Count(".face img"), p.Count(".who bdi"))
	}
	if p := draw(t, View{Sheet: s}, "nl"); p.Count(".face") != 0 || p.Count(".picture") != 3 {
		t.Error("without photos the pictograms stand there")
	}
}

func TestAVoiceTakesThePlaceOfTheDevices(t *testing.T) {
	s := full(material.Nudge.Spec()).Sheet("ar", material.Fill{})
	p := draw(t, View{Sheet: s, Voice: Voice{URL: "/f/x/voice", Speaker: "Amina"}}, "nl")
	if p.Attr("audio", "src") != "/f/x/voice" || p.Attr("audio", "preload") != "none" || !strings.Contains(p.Text(".voice"), "Amina") {
		t.Error("no player, or one that loads by itself")
	}
	if p.Count(".listen") != 0 {
		t.Error("the device offers to read the whole text as well")
	}
	if p := draw(t, View{Sheet: s}, "nl"); p.Count("audio") != 0 || p.Count(".listen") != 1 {
		t.Error("without a voice the device reads")
	}
}
