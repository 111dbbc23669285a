package material

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"
	"unicode/utf8"

	"brug/internal/school"
)

type wanted struct {
	tag    string
	script *unicode.RangeTable
	some   string // letters that this language uses all the time and its neighbours in the same script do not
	none   string // letters that only its neighbours use
}

// The 21 languages of the first wave, each with what shows that a file really is in it.
var firstWave = []wanted{
	{"nl", unicode.Latin, "", "ßñłşðčćąę"},
	{"fr", unicode.Latin, "éèàêç", "ßñłşăčąä"},
	{"en", unicode.Latin, "", "éèàßñłşăčąäöüë"},
	{"ar", unicode.Arabic, "ةى", "پچژگیےٹڈڑښټډړ"},
	{"tr", unicode.Latin, "ışğ", "ßñłăčąäwqx"},
	{"pl", unicode.Latin, "łąęś", "ßñşăčäöüvqx"},
	{"ro", unicode.Latin, "ăîâ", "ßñłčąäöüşţ"}, // ș and ț with a comma, not the Turkish ş
	{"bg", unicode.Cyrillic, "ъ", "ыэёіїє"},
	{"es", unicode.Latin, "¿", "ßłşăčąäöèàç"},
	{"pt", unicode.Latin, "ãç", "ßñłşăčąäö¿"},
	{"uk", unicode.Cyrillic, "ії", "ыэёъ"},
	{"ru", unicode.Cyrillic, "ыэ", "іїєґ"},
	{"sq", unicode.Latin, "ë", "ßñłşăčąäöw"},
	{"fa", unicode.Arabic, "یک", "يكىةےٹڈڑښټډړې"},
	{"ps", unicode.Arabic, "ښړډټې", "ٹڈڑے"},
	{"ur", unicode.Arabic, "ےں", "يكىښټډړې"},
	{"so", unicode.Latin, "x", "ßñłşăčąäöüéèàëpvz"},
	{"ti", unicode.Ethiopic, "", ""},
	{"it", unicode.Latin, "èàùò", "ßñłşăčąäöüçjkwxy"},
	{"de", unicode.Latin, "äöüß", "ñłşăčąéèàç"},
	{"zh", unicode.Han, "", ""},
}

// lines are all the words of a text by the key in its file.
func (t Text) lines() map[string]string {
	out := map[string]string{"title": t.Title, "intro": t.Intro, "close": t.Close}
	for i, q := range t.Questions {
		out[fmt.Sprintf("q%d", i+1)] = q
	}
	return out
}

func (t Text) words() string {
	var all []string
	for _, line := range t.lines() {
		all = append(all, line)
	}
	return strings.ReplaceAll(strings.Join(all, " "), ChildPlaceholder, "")
}

func TestLibraryHasSlipsForEveryAge(t *testing.T) {
	all := Shipped().All()
	if len(all) < 14 {
		t.Errorf("%d slips, want 14 at least", len(all))
	}
	for _, a := range Audiences() {
		n := 0
		for _, m := range all {
			if m.Audience == a {
				n++
			}
		}
		if n < 2 {
			t.Errorf("%d slips for %s, want two at least", n, a)
		}
	}
	used := map[Practice]bool{}
	for _, m := range all {
		for _, p := range m.Practices {
			used[p] = true
		}
		if found, ok := Shipped().Find(m.Slug); !ok || found != m {
			t.Errorf("%s is not found by its slug", m.Slug)
		}
	}
	for _, p := range Practices() {
		if !used[p] || p.Text() == "" {
			t.Errorf("the home practice %q has no slip or no name: %q", p, p.Text())
		}
	}
}

func TestEverySlipHasThreeToFiveQuestionsWithAPictogram(t *testing.T) {
	for _, m := range Shipped().All() {
		if n := len(m.Pictograms); n < 3 || n > 5 {
			t.Errorf("%s: %d questions, want three to five", m.Slug, n)
		}
		seen := map[string]bool{}
		for _, p := range m.Pictograms {
			if seen[p] {
				t.Errorf("%s: the pictogram %s stands beside two questions", m.Slug, p)
			}
			seen[p] = true
		}
	}
}

func TestEverySlipIsInEveryLanguage(t *testing.T) {
	for _, m := range Shipped().All() {
		for _, l := range firstWave {
			if _, ok := m.Texts[l.tag]; !ok {
				t.Errorf("%s: %s.txt is missing", m.Slug, l.tag)
			}
		}
		for _, tag := range slices.Sorted(maps.Keys(m.Texts)) {
			if !slices.ContainsFunc(firstWave, func(l wanted) bool { return l.tag == tag }) {
				t.Errorf("%s: %s.txt is in a language that this test does not know; add it to the table", m.Slug, tag)
			}
		}
	}
}

// A file in the wrong language or script, or pasted from another one, shows by its letters.
func TestEveryTextIsInItsOwnLanguage(t *testing.T) {
	for _, l := range firstWave {
		all := ""
		for _, m := range Shipped().All() {
			text, ok := m.Texts[l.tag]
			if !ok {
				continue
			}
			for key, line := range text.lines() {
				for _, r := range strings.ReplaceAll(line, ChildPlaceholder, "") {
					if unicode.IsLetter(r) && !unicode.Is(l.script, r) {
						t.Errorf("%s/%s.txt: %s: the letter %q is of another script in %q", m.Slug, l.tag, key, r, line)
						break
					}
					if strings.ContainsRune(l.none, unicode.ToLower(r)) {
						t.Errorf("%s/%s.txt: %s: %q is not a letter of this language, in %q", m.Slug, l.tag, key, r, line)
						break
					}
				}
			}
			all += text.words()
		}
		for _, r := range l.some {
			if all != "" && !strings.ContainsRune(all, r) {
				t.Errorf("%s: nowhere a %q in all its slips; is it this language?", l.tag, r)
			}
		}
	}
}

func TestNothingIsLeftUntranslated(t *testing.T) {
	for _, m := range Shipped().All() {
		seen := map[string]string{} // a line → the language that has it
		for _, tag := range slices.Sorted(maps.Keys(m.Texts)) {
			for key, line := range m.Texts[tag].lines() {
				if other, ok := seen[line]; ok && line != "" {
					t.Errorf("%s: %s is the same in %s and in %s: %q", m.Slug, key, other, tag, line)
				}
				seen[line] = tag
			}
		}
	}
}

func TestEveryLineFitsThePaper(t *testing.T) {
	longest := map[string]int{"title": 60, "intro": 190, "close": 170} // letters; all else is a question
	for _, m := range Shipped().All() {
		for tag, text := range m.Texts {
			for key, line := range text.lines() {
				max := longest[key]
				if max == 0 {
					max = 120
				}
				if tag == SourceLanguage && strings.HasPrefix(key, "q") {
					max = 90
				}
				if n := utf8.RuneCountInString(line); n > max {
					t.Errorf("%s/%s.txt: %s has %d letters, %d fit: %q", m.Slug, tag, key, n, max, line)
				}
				if strings.Contains(line, "  ") || strings.ContainsAny(line, "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u00ad\u200b") {
					t.Errorf("%s/%s.txt: %s has a double space or an invisible mark: %q", m.Slug, tag, key, line)
				}
				if key != "title" && line != "" && !strings.ContainsRune(".!?؟。？！።፧۔", lastRune(line)) {
					t.Errorf("%s/%s.txt: %s does not end like a sentence: %q", m.Slug, tag, key, line)
				}
			}
			if text.Close == "" {
				t.Errorf("%s/%s.txt: close is missing", m.Slug, tag)
			}
		}
	}
}

func TestEveryQuestionAsksSomething(t *testing.T) {
	mark := map[string]string{"ar": "؟", "fa": "؟", "ps": "؟", "ur": "؟", "zh": "？", "ti": "?፧"}
	for _, m := range Shipped().All() {
		for tag, text := range m.Texts {
			want := mark[tag]
			if want == "" {
				want = "?"
			}
			for i, q := range text.Questions {
				if !strings.ContainsAny(q, want) {
					t.Errorf("%s/%s.txt: q%d has no question mark %s: %q", m.Slug, tag, i+1, want, q)
				}
			}
		}
	}
}

var sentences = regexp.MustCompile(`[^.!?]+[.!?]*`)

func TestDutchIsShortAndOpen(t *testing.T) {
	open := regexp.MustCompile(`(?i)\b(wie|wat|waar\w*|wanneer|welke?|hoe|hoeveel|waarom)\b`)
	for _, m := range Shipped().All() {
		nl := m.Texts[SourceLanguage]
		for key, line := range nl.lines() {
			for _, s := range sentences.FindAllString(line, -1) {
				if n := len(strings.Fields(s)); n > 12 {
					t.Errorf("%s: %s has a sentence of %d words, 12 at most: %q", m.Slug, key, n, s)
				}
			}
		}
		for i, q := range nl.Questions {
			if !open.MatchString(q) {
				t.Errorf("%s: q%d can be answered with yes or no: %q", m.Slug, i+1, q)
			}
			if regexp.MustCompile(`(?i)\b(u|uw)\b`).MatchString(q) {
				t.Errorf("%s: q%d speaks to the parent, not to the child: %q", m.Slug, i+1, q)
			}
		}
		if regexp.MustCompile(`(?i)\b(jij|je|jou|jouw)\b`).MatchString(nl.Intro + nl.Close) {
			t.Errorf("%s: intro or close is not in the polite form: %q %q", m.Slug, nl.Intro, nl.Close)
		}
	}
}

// No family form, no gender around the child's name, no words that only a school understands.
func TestNoForbiddenWords(t *testing.T) {
	forbidden := map[string]*regexp.Regexp{
		"nl": regexp.MustCompile(`(?i)\b(moeder|vader|mama|papa|mam|pap|mamma|pappa|broer|zus|hij|zij|hem|haar|juf|meester|jongen|meisje|kerst|sint|gsm|refter|boekentas|speelplaats|schoolplein|CLB|MDO|GWP|IEP|OCB|remedi\w*|leerdoel\w*|eindterm\w*|kerndoel\w*|kleuters?|groep [1-8]|ouderprikkel\w*|thuisbetrokkenheid)\b`),
		"en": regexp.MustCompile(`(?i)\b(mother|father|mum|mom|dad|mummy|daddy|brother|sister|he|she|him|her|his|hers|boy|girl|christmas|SEN|IEP|curriculum|key stage|learning (goal|outcome|objective)s?|parental involvement)\b`),
		"fr": regexp.MustCompile(`(?i)(^|[^\pL])(mère|père|maman|papa|frère|sœur|soeur|elle|lui|fille|garçon|noël|CPMS|PMS|remédiation|socles?|compétences?|maîtresse|maître)([^\pL]|$)`),
	}
	for _, m := range Shipped().All() {
		for tag, words := range forbidden {
			text, ok := m.Texts[tag]
			if !ok {
				continue
			}
			for key, line := range text.lines() {
				if found := words.FindString(line); found != "" {
					t.Errorf("%s/%s.txt: %s says %q in %q", m.Slug, tag, key, found, line)
				}
			}
		}
	}
}

// What a translator can do wrong is told with the file and the line.
func TestReadLibrary(t *testing.T) {
	material := "kind: question slip\naudience: secondary\npractices: talk, place\nidea: Ours.\n# remark\nq1: clock\nq2: help\n"
	nl := "status: source\n\ntitle: Rust\nintro: {child} werkt.\nq1: Waar?\nq2: Wie: jij, of wie?\nclose: Rust.\n"
	fr := "\ufeffstatus: reviewed Conseil des parents 2026-11-02\r\ntitle: Calme\r\nintro: {child} travaille.\r\nq1: Où?\r\nq2: Qui?\r\nclose: Calme.\r\n"
	read := func(changes map[string]string) (*Library, error) {
		files := fstest.MapFS{}
		for name, text := range map[string]string{"rest/material.txt": material, "rest/nl.txt": nl, "rest/fr.txt": fr, "rest/notes.md": "-", "README.md": "-"} {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		for name, text := range changes {
			if files[name] = (&fstest.MapFile{Data: []byte(text)}); text == "" {
				delete(files, name)
			}
		}
		return ReadLibrary(files)
	}

	l, err := read(nil)
	if err != nil {
		t.Fatal(err)
	}
	m, ok := l.Find("rest")
	if !ok || m.Audience != school.Secondary || !slices.Equal(m.Practices, []Practice{Talk, Place}) || !slices.Equal(slices.Sorted(maps.Keys(m.Texts)), []string{"fr", "nl"}) {
		t.Fatalf("read %+v", m)
	}
	if got := m.Texts["fr"]; got.Status != Reviewed || got.ReviewedBy != "Conseil des parents" || got.ReviewedOn != "2026-11-02" || got.Title != "Calme" {
		t.Errorf("the French text is %+v", got)
	}
	if got := m.Texts["nl"].Questions[1]; got != "Wie: jij, of wie?" {
		t.Errorf("a colon in the words: %q", got)
	}

	swap := strings.Replace
	for _, c := range []struct{ name, file, text, want string }{
		{"no material.txt", "rest/material.txt", "", "material.txt"},
		{"unknown audience", "rest/material.txt", swap(material, "secondary", "grown-ups", 1), `audience "grown-ups"`},
		{"unknown practice", "rest/material.txt", swap(material, "place", "money", 1), `"money"`},
		{"practice twice", "rest/material.txt", swap(material, "place", "talk", 1), "twice"},
		{"unknown pictogram", "rest/material.txt", swap(material, "clock", "klok", 1), `q1: there is no pictogram "klok"`},
		{"idea missing", "rest/material.txt", swap(material, "idea: Ours.\n", "", 1), "idea is missing"},
		{"no Dutch", "rest/nl.txt", "", "nl.txt must be there"},
		{"Dutch is a draft", "rest/nl.txt", swap(nl, "source", "draft", 1), "status source"},
		{"French calls itself source", "rest/fr.txt", nl, "status source is for nl"},
		{"reviewed by nobody", "rest/fr.txt", swap(fr, "Conseil des parents ", "", 1), "want source, draft, or reviewed NAME DATE"},
		{"reviewed on no date", "rest/fr.txt", swap(fr, "2026-11-02", "2026-13-02", 1), "want source, draft, or reviewed NAME DATE"},
		{"a question too few", "rest/fr.txt", swap(fr, "q2: Qui?\r\n", "", 1), "1 questions, but material.txt has 2"},
		{"a gap in the questions", "rest/fr.txt", swap(fr, "q1: Où?\r\n", "", 1), `"q2" is not known here, or a question before it is missing`},
		{"an unknown key", "rest/fr.txt", swap(fr, "close:", "fin:", 1), `line 6: the key "fin"`},
		{"a key twice", "rest/fr.txt", swap(fr, "q2:", "q1:", 1), "line 5: q1 stands already in line 4"},
		{"a line without colon", "rest/fr.txt", fr + "et\n", "line 7: want a key"},
		{"placeholder in the title", "rest/fr.txt", swap(fr, "Calme", "{child}", 1), "title: no placeholder"},
		{"name missing", "rest/fr.txt", swap(fr, "{child}", "On", 1), "intro: {child} is missing"},
		{"another placeholder", "rest/fr.txt", swap(fr, "Qui?", "Qui, {enfant}?", 1), "the only placeholder"},
		{"not UTF-8", "rest/fr.txt", swap(fr, "Où", "O\xf9", 1), "line 4: not UTF-8"},
		{"not a language", "rest/French.txt", fr, "not a language tag"},
		{"a folder with a blank", "a b/material.txt", material, "small letters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := read(map[string]string{c.file: c.text}); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

// Nothing lies in the folders that the reader would pass over in silence.
func TestNoStrayFiles(t *testing.T) {
	err := fs.WalkDir(shippedFiles, "library/slips", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && (path.Ext(name) != ".txt" || path.Dir(path.Dir(name)) != "library/slips") {
			t.Errorf("%s is read by nobody", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
