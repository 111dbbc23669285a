package material

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"brug/internal/lang"
)

func shippedFS(t *testing.T) fs.FS {
	t.Helper()
	return Files()
}

// The same check as `brug materials check`.
func TestTheLibraryKeepsItsRules(t *testing.T) {
	for _, f := range Check(shippedFS(t)) {
		if f.Rule != RuleMissing && !f.Warning {
			t.Error(f)
		}
	}
}

func TestEveryShippedTextIsInAllItsLanguages(t *testing.T) {
	for _, f := range Check(shippedFS(t)) {
		if f.Rule == RuleMissing {
			t.Error(f)
		}
	}
}

// How much a school finds in the library, and that nothing is forgotten: each home practice, each age.
func TestTheLibraryIsLargeEnough(t *testing.T) {
	n, nudges, ages := map[Kind]int{}, map[Practice]int{}, map[Practice]map[Audience]bool{}
	slips := map[Audience]int{}
	for _, m := range Shipped().All() {
		n[m.Kind]++
		for _, a := range Audiences() {
			if m.Kind == QuestionSlip && m.Fits(a) {
				slips[a]++
			}
		}
		if m.Kind != Nudge {
			continue
		}
		first := m.Practices[0]
		nudges[first]++
		for _, a := range Audiences() {
			if m.Fits(a) {
				if ages[first] == nil {
					ages[first] = map[Audience]bool{}
				}
				ages[first][a] = true
			}
		}
	}
	for _, want := range []struct {
		kinds []Kind
		n     int
	}{
		{[]Kind{Nudge}, 63}, {[]Kind{HelpCard}, 21}, {[]Kind{QuestionSlip}, 36}, {[]Kind{ThemeLetter}, 8}, {[]Kind{SampleLetter}, 8}, {[]Kind{InfoSheet}, 8}, {[]Kind{Poster}, 8},
		{[]Kind{Checklist, StepPlan}, 6}, {[]Kind{Form}, 4}, {[]Kind{SettlingInCard}, 1}, {[]Kind{WhoIsWho}, 1}, {[]Kind{HomeAgreements}, 1}, {[]Kind{Flyer}, 1}, {[]Kind{WeekLetter}, 1},
	} {
		have := 0
		for _, k := range want.kinds {
			have += n[k]
		}
		if have < want.n {
			t.Errorf("%v: %d, want %d at least", want.kinds, have, want.n)
		}
	}
	for _, p := range Practices() {
		if nudges[p] < 9 {
			t.Errorf("%d nudges for %s, want nine at least", nudges[p], p)
		}
		for _, a := range Audiences() {
			if !ages[p][a] {
				t.Errorf("no nudge for %s at the age %s", p, a)
			}
		}
		if p.Text() == "" {
			t.Errorf("the home practice %q has no name", p)
		}
	}
	for _, a := range Audiences() {
		if slips[a] < 2 {
			t.Errorf("%d slips for %s, want two at least", slips[a], a)
		}
	}
	for _, k := range Kinds() {
		if !k.OwnOnly && n[k.Kind] > 0 && k.Folder == "" {
			t.Errorf("the kind %s has no folder", k.Kind)
		}
	}
}

// A small library of one kind that has no fault, to plant some in.
func sound() map[string]string {
	return map[string]string{
		"README.md": "-",
		"slips/material.txt": "kind: question slip\nsupport: learning\nidea: Ours.\n# remark\n[rest]\naudience: secondary\npractices: talk, place\npicture: clock\n" +
			"q1: clock\nq2: help\nq3: book\n",
		"slips/nl.txt":        "status: source\n\n[rest]\ntitle: Rust\nintro: {child} werkt op school.\nq1: Waar werk jij?\nq2: Wie helpt: jij, of\n wie?\nq3: Wat lees jij?\nclose: Rust mag.\n",
		"slips/fr.txt":        "\ufeffstatus: reviewed Conseil des parents 2026-11-02\r\n[rest]\r\ntitle: Calme\r\nintro: {child} travaille à l'école.\r\nq1: Où travailles-tu ?\r\nq2: Qui aide ?\r\nq3: Que lis-tu ?\r\nclose: Le calme fait du bien.\r\n",
		"nudges/material.txt": "kind: nudge\naudience: all\npractices: talk\nsupport: learning\nidea: Ours.\n[song]\npicture: music\n",
		"nudges/nl.txt":       "status: source\n[song]\ntitle: Een lied\nintro: Zing samen met {child} een lied van school.\n",
	}
}

func library(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		if text != "" {
			out[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return out
}

// others are the faults that a test is about: not the languages that the small library lacks.
func others(all []Fault) []Fault {
	return slices.DeleteFunc(all, func(f Fault) bool { return f.Rule == RuleMissing })
}

func TestASoundLibraryIsReadWhole(t *testing.T) {
	files := library(sound())
	if got := others(Check(files)); len(got) > 0 {
		t.Fatal(got)
	}
	l, err := ReadLibrary(files)
	if err != nil {
		t.Fatal(err)
	}
	m, ok := l.Find("rest")
	if !ok || m.Kind != QuestionSlip || !slices.Equal(m.Practices, []Practice{Talk, Place}) || !slices.Equal(slices.Sorted(maps.Keys(m.Texts)), []string{"fr", "nl"}) {
		t.Fatalf("read %+v", m)
	}
	if got := m.Texts["fr"]; got.Status != Reviewed || got.ReviewedBy != "Conseil des parents" || got.ReviewedOn != "2026-11-02" || got.Title != "Calme" {
		t.Errorf("the French text is %+v", got)
	}
	if got := m.Texts["nl"].Parts[1]; got != "Wie helpt: jij, of wie?" {
		t.Errorf("a colon in the words, and a line that goes on: %q", got)
	}
}

// Each rule finds a fault that was planted, names the file and the line, and says what is wrong.
func TestThePlantedFaultIsFound(t *testing.T) {
	for _, c := range []struct {
		name, file, old, new string
		rule                 Rule
		line                 int
		key, what            string
	}{
		{"a key that is not known", "slips/fr.txt", "close:", "fin:", RuleForm, 2, "", `line 8: the key "fin"`},
		{"a key twice", "slips/fr.txt", "q2:", "q1:", RuleForm, 6, "", "q1 stands already in line 5"},
		{"a line without a colon", "slips/fr.txt", "close: Le", "Le", RuleForm, 8, "", "want a key"},
		{"not UTF-8", "slips/fr.txt", "Où", "O\xf9", RuleForm, 5, "", "not UTF-8"},
		{"reviewed by nobody", "slips/fr.txt", "Conseil des parents ", "", RuleForm, 2, "", "want source, draft, or reviewed NAME DATE"},
		{"reviewed on no date", "slips/fr.txt", "2026-11-02", "2026-13-02", RuleForm, 2, "", "want source, draft, or reviewed NAME DATE"},
		{"French calls itself source", "slips/fr.txt", "reviewed Conseil des parents 2026-11-02", "source", RuleForm, 2, "", "status source is for nl"},
		{"a question too few", "slips/fr.txt", "q3: Que lis-tu ?\r\n", "", RuleForm, 2, "", "q3 is missing"},
		{"placeholder in the title", "slips/fr.txt", "Calme", "{child}", RuleForm, 2, "", "title: no placeholder"},
		{"a placeholder that is not known", "slips/fr.txt", "Qui aide", "Qui aide {enfant}", RuleForm, 2, "", "{enfant} is no placeholder"},
		{"a slug that material.txt does not have", "slips/fr.txt", "[rest]", "[reste]", RuleForm, 2, "", "not in material.txt"},
		{"the close is forgotten", "slips/fr.txt", "close: Le calme fait du bien.\r\n", "", RuleForm, 2, "close", "is missing"},
		{"two spaces", "slips/fr.txt", "Que lis-tu", "Que  lis-tu", RuleForm, 7, "q3", "two spaces"},
		{"an unknown audience", "slips/material.txt", "secondary", "grown-ups", RuleForm, 5, "", `"grown-ups"`},
		{"a practice twice", "slips/material.txt", "talk, place", "talk, talk", RuleForm, 5, "", "twice"},
		{"an unknown pictogram", "slips/material.txt", "q1: clock", "q1: klok", RuleForm, 5, "", `no pictogram "klok"`},
		{"no idea", "slips/material.txt", "idea: Ours.\n", "", RuleForm, 4, "", "idea is missing"},
		{"another kind in the folder", "slips/material.txt", "kind: question slip", "kind: checklist", RuleForm, 5, "", "parts"},
		{"a gap in the questions", "slips/material.txt", "q2: help", "q4: help", RuleForm, 5, "", "stands where"},
		{"a slug twice in the library", "nudges/material.txt", "[song]", "[rest]", RuleForm, 5, "", ""},
		{"two questions only", "slips/material.txt", "q3: book\n", "", RuleParts, 5, "", "has 3 to 5"},
		{"a question without a picture", "slips/material.txt", "q3: book", "q3: -", RulePicture, 11, "q3", "must have a pictogram"},
		{"one picture for two questions", "slips/material.txt", "q3: book", "q3: clock", RulePicture, 11, "q3", "stands beside q1 too"},
		{"a question that is too long", "slips/nl.txt", "Wat lees jij", "Wat " + strings.Repeat("lees jij. Wat ", 8), RuleLength, 9, "q3", "90 at most"},
		{"a translation that is too long", "slips/fr.txt", "Que lis-tu", "Que " + strings.Repeat("lis-tu et ", 15), RuleLength, 7, "q3", "135 at most"},
		{"a nudge that fits no SMS", "nudges/nl.txt", "van school", strings.Repeat("van school ", 14), RuleLength, 4, "intro", "150 at most"},
		{"a title that fits no list", "slips/fr.txt", "Calme", strings.Repeat("Calme ", 11), RuleLength, 3, "title", "60 at most"},
		{"a name that the Dutch does not have", "slips/fr.txt", "Qui aide", "Qui aide {child}", RulePlaceholder, 6, "q2", "the Dutch has []"},
		{"the name is forgotten", "slips/fr.txt", "{child} travaille", "On travaille", RulePlaceholder, 4, "intro", "must stand in it"},
		{"braces of another keyboard", "slips/fr.txt", "Qui aide", "Qui aide ｛child｝", RulePlaceholder, 6, "q2", "not between"},
		{"another script", "slips/fr.txt", "Que lis-tu", "Что lis-tu", RuleScript, 7, "q3", "another script"},
		{"a letter of another language", "slips/fr.txt", "Qui aide", "Qui aidä", RuleScript, 6, "q2", "not a letter of this language"},
		{"family form", "slips/fr.txt", "Qui aide", "Maman aide", RuleWords, 6, "q2", `"Maman"`},
		{"jargon", "slips/nl.txt", "Rust mag", "Het CLB helpt", RuleWords, 10, "close", `"CLB"`},
		{"what costs money", "nudges/nl.txt", "Zing samen", "Koop samen", RuleWords, 4, "intro", `"Koop"`},
		{"speaks to the parent like to a child", "slips/nl.txt", "Rust mag", "Jij mag rusten", RuleWords, 10, "close", `"Jij" to a parent`},
		{"speaks to the child like to a parent", "slips/nl.txt", "Wat lees jij", "Wat leest u", RuleWords, 9, "q3", "not to the child"},
		{"a question that yes answers", "slips/nl.txt", "Wat lees jij", "Lees jij", RuleSentence, 9, "q3", "yes or no"},
		{"nothing is asked", "slips/fr.txt", "Que lis-tu ?", "Lis.", RuleSentence, 7, "q3", "asks nothing"},
		{"not ended", "slips/fr.txt", "fait du bien.", "fait du bien", RuleSentence, 8, "close", "does not end"},
		{"left in Dutch", "slips/fr.txt", "intro: {child} travaille à l'école.", "intro: {child} werkt op school.", RuleSame, 4, "intro", "the same as in"},
		{"curly quotes shorten the SMS", "nudges/nl.txt", "een lied", "‘een lied’", RuleSMS, 4, "intro", "GSM-7"},
		{"a file that nobody reads", "slips/notes.md", "", "x", RuleForm, 0, "", "read by nobody"},
		{"a folder that is no kind", "letters/nl.txt", "", "status: draft\n", RuleForm, 0, "", "no kind of material"},
		{"a name that is no language", "slips/French.txt", "", "status: draft\n", RuleForm, 0, "", "not a language tag"},
		{"a language whose letters are not known", "slips/ja.txt", "", "status: draft\n", RuleScript, 0, "", "does not know the letters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			has(t, Check(library(plant(t, c.file, c.old, c.new))), c.rule, "", c.line, c.key, c.what)
		})
	}
}

func TestAnAccentOfGSM7FitsAnSMS(t *testing.T) {
	if got := others(Check(library(plant(t, "nudges/nl.txt", "een lied", "één lied")))); len(got) > 0 {
		t.Error(got)
	}
}

func TestMuchTextWithoutAUsualLetterIsInAnotherLanguage(t *testing.T) {
	files := sound()
	files["sheets/material.txt"] = "kind: information sheet\naudience: all\npractices: talk\nsupport: learning\npicture: book\nidea: Ours.\n[much]\np1: -\n"
	files["sheets/nl.txt"] = "status: source\n[much]\ntitle: Veel\nintro: Veel.\np1: Kort.\n"
	files["sheets/fr.txt"] = "status: draft\n[much]\ntitle: Beaucoup\nintro: Bien.\np1: " + strings.Repeat("mot ", 1200) + "fin.\n"
	has(t, Check(library(files)), RuleScript, "*/fr.txt", 0, "", "is it this language")
}

func plant(t *testing.T, file, old, new string) map[string]string {
	t.Helper()
	files := sound()
	before := files[file]
	if files[file] = strings.Replace(before, old, new, 1); old == "" {
		files[file] = new
	}
	if files[file] == before {
		t.Fatalf("%q is not in %s", old, file)
	}
	return files
}

func has(t *testing.T, all []Fault, r Rule, file string, line int, key, what string) {
	t.Helper()
	for _, f := range others(slices.Clone(all)) {
		if f.Rule == r && strings.HasPrefix(f.File, file) && (line == 0 || f.Line == line) && f.Key == key && strings.Contains(f.What, what) && !f.Warning {
			return
		}
	}
	t.Errorf("want %s in line %d at %q with %q, found %v", r, line, key, what, others(all))
}

func TestALongSentenceIsAWarning(t *testing.T) {
	files := plant(t, "slips/nl.txt", "Rust mag.", "Rust is goed voor iedereen die op school of thuis heel hard heeft gewerkt.")
	got := others(Check(library(files)))
	if len(got) != 1 || !got[0].Warning || got[0].Rule != RuleSentence || len(Strict(got)) != 0 {
		t.Errorf("found %v", got)
	}
}

func TestWhatLacksIsToldForEachLanguage(t *testing.T) {
	var files []string
	for _, f := range Check(library(sound())) {
		if f.Rule == RuleMissing {
			files = append(files, f.File)
		}
	}
	// nl and fr are there for the slip, nl alone for the nudge.
	if want := len(lang.Family) - 2 + len(lang.Family) - 1; len(files) != want || slices.Contains(files, "slips/fr.txt") || !slices.Contains(files, "nudges/fr.txt") {
		t.Errorf("%d, want %d: %v", len(files), want, files)
	}
	if got := LanguagesOf(Poster); !slices.Equal(got, []string{"nl", "fr", "en", "ar", "tr"}) {
		t.Errorf("a poster is in %v", got)
	}
}

// Every language that families read has its letters in the table, and every folder of the library its kind.
func TestTheCheckKnowsAllLanguages(t *testing.T) {
	for _, tag := range lang.Family {
		if _, ok := letters(tag); !ok {
			t.Errorf("%s is not in the table", tag)
		}
	}
	for _, c := range []struct{ tag, text, want string }{
		{"ar", "قاعة الطعام (refter)", ""}, {"ar", "قاعة refter", "another script"}, {"ru", "QR на бумаге {child}", ""}, {"nl", "Zeg (ça) niet", ""},
		{"zh", "食堂（refter）吃饭", ""}, {"ti", "ሰላም hallo", "another script"}, {"fa", "كتاب", "not a letter"}, {"uk", "ыны", "not a letter"},
	} {
		if got := wrongLetter(c.tag, c.text); !strings.Contains(got, c.want) || c.want == "" && got != "" && c.text != "Zeg (ça) niet" {
			t.Errorf("%s %q: %q, want %q", c.tag, c.text, got, c.want)
		}
	}
}

// A fault says where it is such that an editor can jump there.
func TestAFaultNamesItsPlace(t *testing.T) {
	f := Fault{File: "slips/fr.txt", Line: 3, Slug: "rest", Key: "q1", What: "is missing"}
	if got := f.String(); got != "slips/fr.txt:3: [rest] q1: is missing" {
		t.Error(got)
	}
}
