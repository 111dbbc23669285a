package materialweb

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/plain"
	"brug/internal/web/ui"
)

// formWith is a form of a kind with parts of these roles, whose words are a, b, c …
func formWith(kind material.Kind, roles ...material.Role) *ui.Form {
	d := material.Edit{Kind: kind}
	for i, r := range roles {
		d.Parts = append(d.Parts, material.EditPart{Part: material.Part{Role: r}, Texts: map[string]string{"nl": string(rune('a' + i)), "ar": "ش"}})
	}
	return formOf(d, "", 0, "")
}

// told is what the parts of a form say, in their order, with their roles.
func told(f *ui.Form) string {
	var out []string
	for i := range parts(f) {
		out = append(out, f.Get(part(i, "role"))+":"+f.Get(part(i, "nl")))
	}
	return strings.Join(out, " ")
}

func TestAButtonChangesThePartsAndKeepsAllWords(t *testing.T) {
	letter := []material.Role{material.Paragraph, material.Point, material.Sign}
	card := []material.Role{material.Need, material.Do, material.Do, material.Easier}
	for _, c := range []struct {
		name  string
		kind  material.Kind
		roles []material.Role
		do    string
		want  string
		focus string
	}{
		{"up", material.SampleLetter, letter, "up:2", "li:b p:a sign:c", "part-1"},
		{"down", material.SampleLetter, letter, "down:1", "li:b p:a sign:c", "part-2"},
		{"the first cannot go up", material.SampleLetter, letter, "up:1", "p:a li:b sign:c", ""},
		{"the last cannot go down", material.SampleLetter, letter, "down:3", "p:a li:b sign:c", ""},
		{"away", material.SampleLetter, letter, "remove:2", "p:a sign:c", "part-2"},
		{"the last one away", material.Checklist, []material.Role{material.Tick}, "remove:1", "", "parts"},
		{"one that is not there", material.SampleLetter, letter, "remove:9", "p:a li:b sign:c", ""},
		{"no number", material.SampleLetter, letter, "up:x", "p:a li:b sign:c", ""},
		{"a letter grows before its signature", material.SampleLetter, letter, "add:p", "p:a li:b p: sign:c", "part-3"},
		{"a help card keeps its roles together", material.HelpCard, card, "add:do", "need:a do:b do:c do: easier:d", "part-4"},
		{"and in their order", material.HelpCard, card, "add:say", "need:a do:b do:c say: easier:d", "part-4"},
		{"no more than the kind allows", material.SampleLetter, []material.Role{material.Sign, material.Sign}, "add:sign", "sign:a sign:b", "f-parts"},
		{"no role of another kind", material.SampleLetter, letter, "add:agree", "p:a li:b sign:c", "f-parts"},
	} {
		f := formWith(c.kind, c.roles...)
		f.Set("title.nl", "Titel")
		f.Set("do", c.do)
		now, focus := act(f, "nl")
		if got := told(now); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if focus != c.focus {
			t.Errorf("%s: leads to %q, want %q", c.name, focus, c.focus)
		}
		if now.Get("title.nl") != "Titel" {
			t.Errorf("%s: the title is lost", c.name)
		}
		for i := range parts(now) {
			if now.Get(part(i, "nl")) != "" && now.Get(part(i, "ar")) != "ش" {
				t.Errorf("%s: part %d lost its Arabic", c.name, i+1)
			}
		}
	}
}

func TestAPartOfTheLibraryBecomesOurOwnInAllLanguages(t *testing.T) {
	f := formWith(material.QuestionSlip)
	f.Set("do", "take")
	f.Set("take", "animals/q1")
	f, _ = act(f, "nl")
	d, _ := editOf(f, "nl")
	if len(d.Parts) != 1 || d.Parts[0].From != "animals/q1" || d.Parts[0].Texts["ti"] == "" {
		t.Fatalf("taken: %+v", d.Parts)
	}
	f.Set("do", "own:1")
	f, _ = act(f, "nl")
	own, _ := editOf(f, "nl")
	if own.Parts[0].From != "" || own.Parts[0].Texts["ti"] != d.Parts[0].Texts["ti"] || own.Parts[0].Texts["nl"] == "" || own.Parts[0].Pictogram == "" {
		t.Errorf("our own: %+v", own.Parts[0])
	}
}

func TestWordsBesideAQuestionOfTheLibraryMakeItOurOwn(t *testing.T) {
	f := ui.NewForm("kind", "question slip", "n", "3", "part1.role", "q", "part1.from", "animals/q1", "part1.nl", "Welk dier heb jij thuis?", "part1.pictogram", "animal", "part2.role", "q", "part3.role", "q", "part3.from", "animals/q2")
	d, at := editOf(f, "nl")
	if len(d.Parts) != 2 || !slices.Equal(at, []int{0, 2}) {
		t.Fatalf("%d parts at %v", len(d.Parts), at)
	}
	if q := d.Parts[0]; q.From != "" || q.Texts["nl"] != "Welk dier heb jij thuis?" || q.Pictogram != "animal" {
		t.Errorf("the first is %+v", q)
	}
	if q := d.Parts[1]; q.From != "animals/q2" || q.Texts["nl"] == "" {
		t.Errorf("the second is %+v", q)
	}
}

func TestWhatTheFormSaysComesBackAsItWas(t *testing.T) {
	d := material.Edit{Kind: material.WhoIsWho, Audiences: []material.Audience{"older toddlers", "grades 1-2"}, Practices: []material.Practice{material.Talk}, Support: []material.Support{material.Crisis}, Reader: material.ForFamily, Picture: "teacher", Class: "c",
		Title: map[string]string{"nl": "Wie is wie", "ar": "من"}, Intro: map[string]string{"nl": "Dit zijn wij."}, Close: map[string]string{"fr": "Merci"},
		Parts: []material.EditPart{{Part: material.Part{Role: material.Who, Name: "Els", Photo: "x"}, Texts: map[string]string{"nl": "Voor alles in 1A"}},
			{Part: material.Part{Role: material.Who, From: "phrase:none-such", Slots: map[string]string{"day": "2026-12-01"}}, Texts: map[string]string{}}}}
	got, _ := editOf(formOf(d, "own-x", 3, "y"), "nl")
	if got.Title["ar"] != "من" || got.Close["fr"] != "Merci" || got.Parts[0].Name != "Els" || got.Parts[0].Photo != "x" || got.Parts[1].Slots["day"] != "2026-12-01" || got.Class != "c" || len(got.Audiences) != 2 || got.Support[0] != material.Crisis {
		t.Errorf("%+v", got)
	}
}

func TestLanguagesOfTheFamiliesComeFirst(t *testing.T) {
	got, first := material.ReadFirst("nl", []string{"ar", "nl", "fa-AF", "fa", "rif", "ti"})
	if want := []string{"ar", "fa", "ti", "fr"}; !slices.Equal(got[:4], want) || first != 3 {
		t.Errorf("%v, want %v first, %d", got, want, first)
	}
	if len(got) != len(others("nl")) {
		t.Errorf("%d languages, want each of %d once: %v", len(got), len(others("nl")), got)
	}
}

func TestABrokenPlaceholderIsToldOfAndMended(t *testing.T) {
	ctx := lang.With(context.Background(), lang.For("en"))
	for _, c := range []struct{ name, text, found, mended string }{
		{"half deleted", "Dag {chil, hoe was het?", "{chil", "Dag {child}, hoe was het?"},
		{"half at the end", "Dag {ch", "{ch", "Dag {child}"},
		{"the front is gone", "Dag child} daar", "child}", "Dag {child} daar"},
		{"a word that is not known", "Dag {kind}!", "{kind}", "Dag {child}!"},
		{"another language", "Kom op {dat}.", "{dat}", "Kom op {date}."},
	} {
		f := ui.NewForm("kind", "nudge", "intro.nl", c.text)
		hs := hintsFor(ctx, f, material.Nudge.Spec(), []string{"nl"}, nil, material.Fill{})["intro.nl"]
		if len(hs) == 0 || hs[0].found != c.found || len(hs[0].offers) != 4 {
			t.Errorf("%s: %+v", c.name, hs)
			continue
		}
		mended := false
		for _, o := range hs[0].offers {
			g := ui.NewForm("kind", "nudge", "intro.nl", c.text, "do", o.value)
			g, focus := act(g, "nl")
			mended = mended || g.Get("intro.nl") == c.mended
			if focus != "f-intro.nl" {
				t.Errorf("%s: leads to %q", c.name, focus)
			}
		}
		if !mended {
			t.Errorf("%s: nothing offers %q: %+v", c.name, c.mended, hs[0].offers)
		}
	}
}

func TestAHintChangesOnlyFieldsWithWords(t *testing.T) {
	for _, field := range []string{"version", "kind", "part1.role", "n"} {
		f := ui.NewForm(field, "1", "do", "use:"+url.Values{"f": {field}, "at": {"0"}, "was": {"1"}, "now": {"2"}}.Encode())
		if f, _ = act(f, "nl"); f.Get(field) != "1" {
			t.Errorf("%s was changed", field)
		}
	}
}

func TestANudgeOverOneSMSIsTold(t *testing.T) {
	ctx := lang.With(context.Background(), lang.For("en"))
	long := "{child}: " + strings.Repeat("vraag het thuis nog eens ", 8)
	for _, c := range []struct {
		name, text string
		child      string
		want       bool
	}{
		{"short", "Vraag {child}: wat was leuk?", "Noor", false},
		{"too long", long, "Noor", true},
		{"a curly quote doubles it", "Vraag {child}: wat zag je op de foto’s van het bos? En wat was daar het leukste voor jou?", "Noor", true},
		{"a long name makes two of it", "Vraag {child} " + strings.Repeat("x", 143), "Maximiliaan", true},
	} {
		f := ui.NewForm("kind", "nudge", "intro.nl", c.text)
		hs := hintsFor(ctx, f, material.Nudge.Spec(), []string{"nl"}, nil, material.Fill{Child: c.child})["intro.nl"]
		is := slices.ContainsFunc(hs, func(h hint) bool { return strings.Contains(h.text.ID, "SMS") })
		if is != c.want {
			t.Errorf("%s: %v, want %v", c.name, is, c.want)
		}
	}
}

func TestHintsStandAtThePieceTheyAreAbout(t *testing.T) {
	ctx := lang.With(context.Background(), lang.For("en"))
	f := formWith(material.SampleLetter, material.Paragraph, material.Paragraph)
	f.Set("part2.nl", "Het CLB komt langs in de eetzaal.")
	f.Set("part2.fr", "La cantine.")
	hs := hintsFor(ctx, f, material.SampleLetter.Spec(), []string{"nl", "fr", "ar"}, []plain.Word{{Say: "refter", InsteadOf: "eetzaal"}, {Say: "réfectoire", InsteadOf: "cantine"}}, material.Fill{})
	if len(hs) != 2 || len(hs["part2.nl"]) != 2 || len(hs["part2.fr"]) != 1 {
		t.Errorf("%+v", hs)
	}
}

func TestThePreviewShowsATextThatIsNotSaved(t *testing.T) {
	d := material.Edit{Kind: material.Nudge, Title: map[string]string{"nl": "Weg"}, Intro: map[string]string{"nl": "Vraag {child}: wat was leuk?", "ar": "اسأل {child}"}}
	fill := material.Fill{Child: "Noor"}
	l := lookAt(d, "nl", "ar", asSMS, fill)
	if len(l.bubble) != 1 || l.sms.Encoding != plain.UCS2 || strings.ContainsAny(l.bubble[0], "\u2068\u2069{") {
		t.Errorf("Arabic: %+v %q", l.sms, l.bubble)
	}
	l = lookAt(d, "nl", "nl", asSMS, fill)
	if l.bubble[0] != "Vraag Noor: wat was leuk?" || l.sms.Segments != 1 {
		t.Errorf("Dutch: %+v %q", l.sms, l.bubble)
	}
	if l = lookAt(d, "nl", "ti", asPhone, fill); !l.sheet.Lacks || l.sheet.Other != "nl" {
		t.Errorf("Tigrinya: %+v", l.sheet)
	}
	if l.meter.words != 6 || !l.meter.has {
		t.Errorf("measured: %+v", l.meter)
	}
}
