package material

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"brug/internal/lang"
	"brug/internal/sections"
)

// Fault is what is wrong with a library, said such that who wrote the file can mend it.
type Fault struct {
	File    string // "slips/fr.txt", as in the library
	Line    int    // from 1; 0 where it is about the whole file
	Slug    string // "" where it is about the whole file
	Key     string // "title", "do2"; "" where it is about the whole material
	Rule    Rule
	What    string // in plain English
	Warning bool   // worth a look; all else must be mended
}

// Rule is the sort of a fault.
type Rule string

// The rules.
const (
	RuleForm        Rule = "form"        // the file cannot be read
	RuleMissing     Rule = "missing"     // a language that must be there is not
	RuleLength      Rule = "length"      // too long, or too many of something
	RuleParts       Rule = "parts"       // a kind asks for other parts
	RulePlaceholder Rule = "placeholder" // one too many, too few, or unknown
	RuleScript      Rule = "script"      // letters of another language
	RuleWords       Rule = "words"       // a word that is not for parents
	RuleSentence    Rule = "sentence"    // too long, or not ended
	RulePicture     Rule = "picture"
	RuleSame        Rule = "untranslated"
	RuleSMS         Rule = "sms" // signs that make an SMS half as long
)

func (f Fault) String() string {
	at := f.File
	if f.Line > 0 {
		at += fmt.Sprintf(":%d", f.Line)
	}
	if f.Slug != "" {
		at += fmt.Sprintf(": [%s]", f.Slug)
	}
	if f.Key != "" {
		at += " " + f.Key
	}
	if f.Warning {
		at += ": warning"
	}
	return at + ": " + f.What
}

// fewLanguages are those that every shipped material is in; some kinds are in all languages for families.
var fewLanguages = []string{"nl", "fr", "en", "ar", "tr"}

// LanguagesOf are the languages (BCP 47) in which every shipped material of a kind must be, the source first.
func LanguagesOf(k Kind) []string {
	switch k {
	case Nudge, HelpCard, QuestionSlip:
		return slices.Clone(lang.Family)
	}
	return slices.Clone(fewLanguages)
}

// Languages are all languages (BCP 47) that shipped texts may be in, the source first.
func Languages() []string { return slices.Clone(lang.Family) }

// Files are the files of the library that this program ships.
func Files() fs.FS {
	files, err := fs.Sub(shippedFiles, "library")
	if err != nil {
		panic(err) // the name is right
	}
	return files
}

// Check reads a library as ReadLibrary does, but goes on after a fault, and looks at the words too. The faults are in the
// order of folders, files and lines.
func Check(files fs.FS) []Fault {
	c := checker{files: files, slugs: map[string]string{}, all: map[string]*strings.Builder{}}
	folders, err := fs.ReadDir(files, ".")
	if err != nil {
		return []Fault{{File: ".", Rule: RuleForm, What: err.Error()}}
	}
	for _, f := range folders {
		switch {
		case f.IsDir():
			c.folder(f.Name())
		case f.Name() != "README.md":
			c.add(Fault{File: f.Name(), Rule: RuleForm, What: "is read by nobody: materials stand in folders"})
		}
	}
	c.usual()
	return c.faults
}

// Strict are the faults without the warnings.
func Strict(all []Fault) []Fault {
	return slices.DeleteFunc(slices.Clone(all), func(f Fault) bool { return f.Warning })
}

type checker struct {
	files  fs.FS
	slugs  map[string]string // slug → folder
	faults []Fault
	all    map[string]*strings.Builder // all words of a language
}

func (c *checker) add(f Fault) { c.faults = append(c.faults, f) }

// read is a file's sections; a file that cannot be read is one fault.
func (c *checker) read(name string) ([]sections.Section, bool) {
	found, err := sections.Read(c.files, name, slugForm)
	if err != nil {
		line := 0
		what := strings.TrimPrefix(err.Error(), name+": ")
		if _, scanErr := fmt.Sscanf(what, "line %d:", &line); scanErr == nil {
			what = strings.TrimSpace(strings.TrimPrefix(what, fmt.Sprintf("line %d:", line)))
		}
		c.add(Fault{File: name, Line: line, Rule: RuleForm, What: what})
	}
	return found, err == nil
}

// written is one text with the lines it stands on.
type written struct {
	m     *Material
	t     Text
	file  string
	at    int
	lines map[string]int // key → line number
}

func (c *checker) folder(folder string) {
	k := slices.IndexFunc(kinds, func(s KindSpec) bool { return s.Folder == folder })
	if k < 0 || folder == "" {
		c.add(Fault{File: folder, Rule: RuleForm, What: "no kind of material has this folder"})
		return
	}
	spec := kinds[k]
	name := path.Join(folder, "material.txt")
	found, ok := c.read(name)
	if !ok {
		return
	}
	materials := map[string]*Material{}
	var order []*Material
	for _, sec := range found {
		at := maps.Clone(sec.Lines)
		m, err := parseMaterial(sec)
		switch other, twice := c.slugs[sec.Slug]; {
		case err != nil:
			c.add(Fault{File: name, Line: sec.At, Slug: sec.Slug, Rule: RuleForm, What: err.Error()})
			continue
		case m.Kind != spec.Kind:
			c.add(Fault{File: name, Line: sec.At, Slug: sec.Slug, Rule: RuleForm, What: fmt.Sprintf("a %s stands in the folder %s", m.Kind, m.Kind.Spec().Folder)})
			continue
		case twice:
			c.add(Fault{File: name, Line: sec.At, Slug: sec.Slug, Rule: RuleForm, What: "stands in " + other + " too: a slug is for one material"})
			continue
		}
		c.slugs[m.Slug] = folder
		materials[m.Slug] = m
		order = append(order, m)
		c.material(name, sec.At, at, m)
	}
	entries, err := fs.ReadDir(c.files, folder)
	if err != nil {
		c.add(Fault{File: folder, Rule: RuleForm, What: err.Error()})
		return
	}
	var texts []written
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		f := fileForm.FindStringSubmatch(e.Name())
		switch {
		case e.Name() == "material.txt":
			continue
		case e.IsDir() || path.Ext(e.Name()) != ".txt":
			c.add(Fault{File: name, Rule: RuleForm, What: "is read by nobody"})
			continue
		case f == nil:
			c.add(Fault{File: name, Rule: RuleForm, What: "the name is not a language tag and .txt"})
			continue
		}
		if _, known := letters(f[1]); !known {
			c.add(Fault{File: name, Rule: RuleScript, What: "the check does not know the letters of this language: add it to the table in check_words.go"})
		}
		found, ok := c.read(name)
		if !ok {
			continue
		}
		for _, sec := range found {
			m := materials[sec.Slug]
			if m == nil {
				if c.slugs[sec.Slug] != folder {
					c.add(Fault{File: name, Line: sec.At, Slug: sec.Slug, Rule: RuleForm, What: "is not in material.txt"})
				}
				continue
			}
			w := written{m: m, file: name, at: sec.At, lines: map[string]int{}}
			for key, l := range sec.Lines {
				w.lines[key] = l.At
			}
			if w.t, err = parseText(m, f[1], sec); err != nil {
				c.add(Fault{File: name, Line: sec.At, Slug: sec.Slug, Rule: RuleForm, What: err.Error()})
				m.Texts[f[1]] = Text{Lang: f[1]} // it is there, and not missing
				continue
			}
			m.Texts[f[1]] = w.t
			texts = append(texts, w)
		}
	}
	for _, w := range texts {
		if source := w.m.Texts[SourceLanguage]; source.Status == Source {
			c.text(w, source)
		}
	}
	c.same(texts)
	c.remember(texts)
	c.missing(spec, order)
}

// missing tells once for each language which materials lack.
func (c *checker) missing(spec KindSpec, all []*Material) {
	for _, tag := range LanguagesOf(spec.Kind) {
		var lack []string
		for _, m := range all {
			if _, has := m.Texts[tag]; !has {
				lack = append(lack, m.Slug)
			}
		}
		if len(lack) == 0 {
			continue
		}
		some := strings.Join(lack[:min(len(lack), 5)], ", ")
		if len(lack) > 5 {
			some += " …"
		}
		c.add(Fault{File: path.Join(spec.Folder, tag+".txt"), Rule: RuleMissing, What: fmt.Sprintf("%d of %d materials are missing: %s", len(lack), len(all), some)})
	}
}

// material looks at what is the same in all languages.
func (c *checker) material(file string, at int, lines sections.Lines, m *Material) {
	keys := Keys(m.Parts)
	fault := func(key string, r Rule, what string, args ...any) {
		c.add(Fault{File: file, Line: cmp.Or(lines[key].At, at), Slug: m.Slug, Key: key, Rule: r, What: fmt.Sprintf(what, args...)})
	}
	n := map[Role]int{}
	seen := map[string]string{}
	for i, p := range m.Parts {
		n[p.Role]++
		if p.Pictogram == "" && (p.Role == Question || m.Kind == HelpCard && p.Role == Do) {
			fault(keys[i], RulePicture, "must have a pictogram")
		}
		if p.Role == Question {
			if other, twice := seen[p.Pictogram]; twice && p.Pictogram != "" {
				fault(keys[i], RulePicture, "the pictogram %s stands beside %s too", p.Pictogram, other)
			}
			seen[p.Pictogram] = keys[i]
		}
	}
	for _, want := range shippedParts[m.Kind] {
		if have := n[want.Role]; have < want.Min || have > want.Max {
			fault("", RuleParts, "%d parts %q: a shipped %s has %d to %d", have, want.Role, m.Kind, want.Min, want.Max)
		}
	}
}

// shippedParts is what the library's rules ask beyond what a school may do.
var shippedParts = map[Kind][]RoleSpec{
	QuestionSlip: {{Role: Question, Min: 3, Max: 5, Length: 90}},
	HelpCard: {{Role: Need, Min: 2, Max: 4, Length: 120}, {Role: Do, Min: 3, Max: 3, Length: 120}, {Role: Say, Min: 2, Max: 3, Length: 120},
		{Role: Easier, Min: 1, Max: 1, Length: 120}, {Role: Harder, Min: 1, Max: 1, Length: 120}},
}

// NudgeLength is how many characters the Dutch of a shipped nudge may have with {child} as it is written: with a longer
// name it still fits one SMS of 160.
const NudgeLength = 150

// lengthOf is how long a piece may be in a language.
func lengthOf(m *Material, key string, role Role, tag string) int {
	spec := m.Kind.Spec()
	max := 0
	switch key {
	case "title":
		return MaxTitle
	case "intro":
		if max = spec.Intro; m.Kind == Nudge {
			max = NudgeLength
		}
	case "close":
		max = spec.Close
	default:
		max = spec.Role(role).Length
		for _, r := range shippedParts[m.Kind] {
			if r.Role == role {
				max = r.Length
			}
		}
	}
	return lengthIn(tag, SourceLanguage, max)
}

// line is one piece of a text.
type line struct {
	key  string
	role Role // "" for title, intro, close
	text string
}

func (t Text) pieces(parts []Part) []line {
	out := []line{{"title", "", t.Title}, {"intro", "", t.Intro}}
	keys := Keys(parts)
	for i, p := range parts {
		if i < len(t.Parts) {
			out = append(out, line{keys[i], p.Role, t.Parts[i]})
		}
	}
	return append(out, line{"close", "", t.Close})
}

// text looks at one text, with the Dutch beside it.
func (c *checker) text(w written, source Text) {
	tag, m := w.t.Lang, w.m
	theirs := source.pieces(m.Parts)
	words := 0
	for i, l := range w.t.pieces(m.Parts) {
		fault := func(r Rule, warn bool, what string, args ...any) {
			c.add(Fault{File: w.file, Line: cmp.Or(w.lines[l.key], w.at), Slug: m.Slug, Key: l.key, Rule: r, Warning: warn, What: fmt.Sprintf(what, args...)})
		}
		if l.text == "" {
			if theirs[i].text != "" {
				fault(RuleForm, false, "is missing: the Dutch has it")
			}
			continue
		}
		if theirs[i].text == "" {
			fault(RuleForm, false, "is here, and not in the Dutch")
		}
		words += len(strings.Fields(l.text))
		if n, max := utf8.RuneCountInString(l.text), lengthOf(m, l.key, l.role, tag); n > max {
			fault(RuleLength, false, "%d letters, %d at most: %q", n, max, l.text)
		}
		if got, want := placeholdersIn(l.text), placeholdersIn(theirs[i].text); !slices.Equal(got, want) {
			fault(RulePlaceholder, false, "has the placeholders %v, the Dutch has %v", got, want)
		}
		if slices.Contains(placeholdersIn(l.text), ChildPlaceholder) && (m.Reader == ForTeam || !m.Kind.Spec().Personal) {
			fault(RulePlaceholder, false, "{child} has no place in a %s for the %s", m.Kind, who(m))
		}
		if l.key == "intro" && namesChild(m) && !strings.Contains(l.text, ChildPlaceholder) {
			fault(RulePlaceholder, false, "{child} must stand in it")
		}
		if strings.ContainsAny(l.text, "｛｝") {
			fault(RulePlaceholder, false, "placeholders stand between { and }, not between ｛ and ｝")
		}
		if strings.Contains(l.text, "  ") || strings.ContainsAny(l.text, invisible) {
			fault(RuleForm, false, "has two spaces together or an invisible sign: %q", l.text)
		}
		if what := wrongLetter(tag, l.text); what != "" {
			fault(RuleScript, false, "%s in %q", what, l.text)
		}
		if found := forbidden(tag, m, l.text); found != "" {
			fault(RuleWords, false, "says %q in %q", found, l.text)
		}
		if sentenceKey(l) && !endsWell(l.text) {
			fault(RuleSentence, false, "does not end like a sentence: %q", l.text)
		}
		if l.role == Question && !strings.ContainsAny(l.text, questionMark(tag)) {
			fault(RuleSentence, false, "asks nothing: no %s in %q", questionMark(tag), l.text)
		}
		if tag == SourceLanguage {
			dutch(m, l, fault)
		}
	}
	if max := m.Kind.Spec().Words; tag == SourceLanguage && max > 0 && words > max {
		c.add(Fault{File: w.file, Line: w.at, Slug: m.Slug, Rule: RuleLength, What: fmt.Sprintf("%d words, %d at most", words, max)})
	}
}

func who(m *Material) string {
	if m.Reader == ForTeam {
		return "team"
	}
	return "wall"
}

// namesChild: nudges, slips, cards and letters to a family say the child's name in the first words.
func namesChild(m *Material) bool {
	if m.Reader != ForFamily {
		return false
	}
	switch m.Kind {
	case Nudge, QuestionSlip, HelpCard, ThemeLetter, WeekLetter, SampleLetter, SettlingInCard:
		return true
	}
	return false
}

// dutch are the rules for the source alone.
func dutch(m *Material, l line, fault func(r Rule, warn bool, what string, args ...any)) {
	for _, s := range sentences.FindAllString(l.text, -1) {
		if n := len(strings.Fields(s)); n > 12 {
			fault(RuleSentence, true, "a sentence of %d words, 12 at most: %q", n, s)
		}
	}
	if m.Kind.Spec().SMS && l.key == "intro" {
		if bad := notGSM(l.text); bad != 0 {
			fault(RuleSMS, false, "%q is not a sign of GSM-7: the SMS would have room for 70 signs only", bad)
		}
	}
	if l.role == Question && !openQuestion.MatchString(l.text) {
		fault(RuleSentence, false, "can be answered with yes or no: %q", l.text)
	}
	if (l.role == Question || l.role == Say && m.Kind == HelpCard) && polite.MatchString(l.text) {
		fault(RuleWords, false, "speaks to the parent, not to the child: %q", l.text)
	}
	if found := informal.FindString(beforeSpeech(l.text)); found != "" && m.Reader == ForFamily && m.Kind != Poster && l.role != Question && l.role != Say && l.role != Agree && l.key != "title" {
		fault(RuleWords, false, "says %q to a parent: %q", found, l.text)
	}
}

var (
	sentences    = regexp.MustCompile(`[^.!?]+[.!?]*`)
	openQuestion = regexp.MustCompile(`(?i)\b(wie|wat|waar\w*|wanneer|welke?|hoe|hoeveel|waarom)\b`)
	polite       = regexp.MustCompile(`\b([Uu]|[Uu]w)\b`)
	informal     = regexp.MustCompile(`(?i)\b(jij|je|jou|jouw|jullie)\b`)
	speech       = regexp.MustCompile(`[:"“„«].*`)
)

// beforeSpeech is a text up to the words that it proposes to say: "Vraag {child}:" of "Vraag {child}: hoe deed je dat?"
func beforeSpeech(s string) string { return speech.ReplaceAllString(s, "") }

const invisible = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u00ad\u200b"

// placeholdersIn are the placeholders of a text, each once, sorted.
func placeholdersIn(s string) []string {
	found := braces.FindAllString(s, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// same finds a line that stands in two languages word by word: one of them was forgotten. Short ones may be the same by
// chance.
func (c *checker) same(texts []written) {
	type place struct{ slug, key, text string }
	seen := map[place]string{}
	slices.SortStableFunc(texts, func(a, b written) int { // the Dutch first: it is the other one that was forgotten
		rank := func(w written) int {
			if w.t.Lang == SourceLanguage {
				return 0
			}
			return 1
		}
		return cmp.Compare(rank(a), rank(b))
	})
	for _, w := range texts {
		for _, l := range w.t.pieces(w.m.Parts) {
			if len(strings.Fields(l.text)) < 4 {
				continue
			}
			p := place{w.m.Slug, l.key, l.text}
			if other, twice := seen[p]; twice {
				c.add(Fault{File: w.file, Line: cmp.Or(w.lines[l.key], w.at), Slug: w.m.Slug, Key: l.key, Rule: RuleSame, What: fmt.Sprintf("is the same as in %s: %q", other, l.text)})
			}
			seen[p] = w.t.Lang
		}
	}
}

// remember keeps the words of each language for usual.
func (c *checker) remember(texts []written) {
	for _, w := range texts {
		if c.all[w.t.Lang] == nil {
			c.all[w.t.Lang] = &strings.Builder{}
		}
		for _, l := range w.t.pieces(w.m.Parts) {
			c.all[w.t.Lang].WriteString(l.text)
		}
	}
}

// usual: a letter that a language uses all the time must be somewhere in so much text.
func (c *checker) usual() {
	for _, tag := range slices.Sorted(maps.Keys(c.all)) {
		s := strings.ToLower(c.all[tag].String())
		if utf8.RuneCountInString(s) < 4000 {
			continue
		}
		known, _ := letters(tag)
		for _, r := range known.some {
			if !strings.ContainsRune(s, r) {
				c.add(Fault{File: "*/" + tag + ".txt", Rule: RuleScript, What: fmt.Sprintf("nowhere a %q: is it this language?", r)})
			}
		}
	}
}
