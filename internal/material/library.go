// Package material holds what a school gives to families to read: each material in many languages.
//
// The shipped library (library.go) is read from text files and is the same for every school; a school's own materials
// (own.go) are kept with all their versions; a Sheet (sheet.go) is a material as one family gets it. Called by packs (print),
// the pages of materials and the family page.
//
// Tables: materials, material_versions, material_texts.
package material

import (
	"bufio"
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"brug/internal/lang"
	"brug/internal/pictogram"
	"brug/internal/school"
)

// The library is what Brug ships: plain text files that a translator can edit with any editor (library/README.md says
// how). It is read once; what a school changes or adds lives in the database, never here.

//go:embed library/slips
var shippedFiles embed.FS

// Kind is what sort of material it is.
type Kind string

// QuestionSlip is a paper slip with questions that a parent can ask the child about school.
const QuestionSlip Kind = "question slip"

// Audience is the age a material is written for: the same word and values as for a class.
type Audience = school.Audience

// Audiences are all audiences, youngest first.
func Audiences() []Audience { return school.Audiences }

// Practice is one of the seven home practices: what a parent can do at home that helps a child to learn.
type Practice string

// The seven home practices.
const (
	Talk       Practice = "talk"       // talk about school
	Tasks      Practice = "tasks"      // follow the school tasks
	Place      Practice = "place"      // a quiet place
	Messages   Practice = "messages"   // follow the school's messages
	Language   Practice = "language"   // read and tell, in the own language
	Play       Practice = "play"       // play with the child
	Agreements Practice = "agreements" // on homework, screens, free time, helping at home
)

// Practices are the seven, in the order in which they are shown.
func Practices() []Practice {
	return []Practice{Talk, Tasks, Place, Messages, Language, Play, Agreements}
}

// Text is the English message id of the practice's name; empty for one that is not known.
func (p Practice) Text() string {
	switch p {
	case Talk:
		return lang.Msg("Talk about school")
	case Tasks:
		return lang.Msg("Follow school tasks")
	case Place:
		return lang.Msg("A quiet place")
	case Messages:
		return lang.Msg("Follow the school's messages")
	case Language:
		return lang.Msg("Read and tell in the own language")
	case Play:
		return lang.Msg("Play together")
	case Agreements:
		return lang.Msg("Agreements at home")
	}
	return ""
}

// Status says how far the words of a text can be trusted.
type Status string

// The statuses. What Brug ships is a draft unless somebody who speaks the language really read it.
const (
	Source   Status = "source"   // written in this language; the others are made from it
	Draft    Status = "draft"    // translated, read by nobody yet
	Reviewed Status = "reviewed" // read by a named person or role, on a date
)

// Text is the English message id of the status's name; empty for one that is not known.
func (s Status) Text() string {
	switch s {
	case Source:
		return lang.Msg("Source text")
	case Draft:
		return lang.Msg("Draft: not yet read by somebody who speaks the language")
	case Reviewed:
		return lang.Msg("Reviewed")
	}
	return ""
}

// SourceLanguage is the language in which shipped texts are written first.
const SourceLanguage = "nl"

// ChildPlaceholder stands for the child's first name; it is the only placeholder in a shipped text.
const ChildPlaceholder = "{child}"

// Material is one shipped material in all its languages.
type Material struct {
	Slug       string // stable: the folder's name, in lower case with hyphens
	Kind       Kind
	Audience   Audience
	Practices  []Practice
	Pictograms []string        // a name of package pictogram for each question
	Source     string          // where the idea is known from, in English
	Texts      map[string]Text // by language tag, always with SourceLanguage
}

// Text is a material in one language.
type Text struct {
	Lang       string // BCP 47 tag
	Status     Status
	ReviewedBy string // a person or role; only when Reviewed
	ReviewedOn string // 2006-01-02; only when Reviewed
	Title      string // without placeholder: lists show it without a child
	Intro      string // to the parent; contains {child}
	Questions  []string
	Close      string // to the parent; empty if there is none
}

// Library is everything that Brug ships. It is shared: change nothing in it.
type Library struct {
	ordered []*Material
	bySlug  map[string]*Material
}

// Shipped is the library, read on the first call. A fault in the files is a fault of the build: Shipped panics with the
// file and the line. The test of this package shows it first.
var Shipped = sync.OnceValue(func() *Library {
	files, err := fs.Sub(shippedFiles, "library/slips")
	if err == nil {
		var l *Library
		if l, err = ReadLibrary(files); err == nil {
			return l
		}
	}
	panic("material: shipped library: " + err.Error())
})

// All are the materials, for the youngest first, then by slug. The caller may change the slice.
func (l *Library) All() []*Material { return append([]*Material(nil), l.ordered...) }

// Find is the material with this slug.
func (l *Library) Find(slug string) (*Material, bool) {
	m, ok := l.bySlug[slug]
	return m, ok
}

var (
	slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	fileForm = regexp.MustCompile(`^([a-z]{2,3}(-[A-Za-z0-9]+)*)\.txt$`)
)

// ReadLibrary reads a folder of materials: SLUG/material.txt and SLUG/TAG.txt. Other files are passed over. An error
// names the file, the line where there is one, and what is wrong there.
func ReadLibrary(files fs.FS) (*Library, error) {
	folders, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	l := &Library{bySlug: map[string]*Material{}}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		m, err := readMaterial(files, folder.Name())
		if err != nil {
			return nil, err
		}
		l.ordered, l.bySlug[m.Slug] = append(l.ordered, m), m
	}
	slices.SortFunc(l.ordered, func(a, b *Material) int {
		age := func(m *Material) int { return slices.Index(Audiences(), m.Audience) }
		return cmp.Or(cmp.Compare(age(a), age(b)), cmp.Compare(a.Slug, b.Slug))
	})
	return l, nil
}

func readMaterial(files fs.FS, slug string) (*Material, error) {
	if !slugForm.MatchString(slug) {
		return nil, fmt.Errorf("%s: a folder's name is made of small letters, digits and hyphens", slug)
	}
	name := path.Join(slug, "material.txt")
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	m, err := parseMaterial(slug, b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	entries, err := fs.ReadDir(files, slug)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Name() == "material.txt" || !strings.HasSuffix(e.Name(), ".txt") {
			continue
		}
		name := path.Join(slug, e.Name())
		f := fileForm.FindStringSubmatch(e.Name())
		if f == nil {
			return nil, fmt.Errorf("%s: the name is not a language tag and .txt", name)
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		t, err := parseText(f[1], b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if len(t.Questions) != len(m.Pictograms) {
			return nil, fmt.Errorf("%s: %d questions, but material.txt has %d", name, len(t.Questions), len(m.Pictograms))
		}
		m.Texts[t.Lang] = t
	}
	if m.Texts[SourceLanguage].Status != Source {
		return nil, fmt.Errorf("%s: %s.txt must be there, with status source", slug, SourceLanguage)
	}
	return m, nil
}

func parseMaterial(slug string, b []byte) (*Material, error) {
	lines, err := parseLines(b)
	if err != nil {
		return nil, err
	}
	m := &Material{Slug: slug, Kind: Kind(lines.take("kind")), Audience: Audience(lines.take("audience")),
		Source: lines.take("idea"), Texts: map[string]Text{}}
	if m.Kind != QuestionSlip {
		return nil, fmt.Errorf("kind %q is not known", m.Kind)
	}
	if !slices.Contains(Audiences(), m.Audience) {
		return nil, fmt.Errorf("audience %q is not known", m.Audience)
	}
	if m.Source == "" {
		return nil, fmt.Errorf("idea is missing: where the idea is known from")
	}
	for _, p := range strings.Split(lines.take("practices"), ",") {
		practice := Practice(strings.TrimSpace(p))
		if !slices.Contains(Practices(), practice) || slices.Contains(m.Practices, practice) {
			return nil, fmt.Errorf("practices: %q is not one of the seven, or stands there twice", practice)
		}
		m.Practices = append(m.Practices, practice)
	}
	m.Pictograms = lines.takeQuestions()
	if len(m.Pictograms) == 0 {
		return nil, fmt.Errorf("q1 is missing: the pictogram beside the first question")
	}
	for i, name := range m.Pictograms {
		if !pictogram.Known(name) {
			return nil, fmt.Errorf("q%d: there is no pictogram %q", i+1, name)
		}
	}
	return m, lines.leftOver()
}

func parseText(tag string, b []byte) (Text, error) {
	lines, err := parseLines(b)
	if err != nil {
		return Text{}, err
	}
	t := Text{Lang: tag, Title: lines.take("title"), Intro: lines.take("intro"), Close: lines.take("close")}
	if err := t.setStatus(lines.take("status")); err != nil {
		return Text{}, err
	}
	if (t.Status == Source) != (tag == SourceLanguage) {
		return Text{}, fmt.Errorf("status source is for %s, and for no other language", SourceLanguage)
	}
	t.Questions = lines.takeQuestions()
	if t.Title == "" || t.Intro == "" {
		return Text{}, fmt.Errorf("title or intro is missing")
	}
	if strings.ContainsAny(t.Title, "{}") {
		return Text{}, fmt.Errorf("title: no placeholder here, lists show the title without a child")
	}
	if !strings.Contains(t.Intro, ChildPlaceholder) {
		return Text{}, fmt.Errorf("intro: %s is missing", ChildPlaceholder)
	}
	for _, s := range append([]string{t.Intro, t.Close}, t.Questions...) {
		if strings.ContainsAny(strings.ReplaceAll(s, ChildPlaceholder, ""), "{}") {
			return Text{}, fmt.Errorf("%s is the only placeholder, found in %q: another one", ChildPlaceholder, s)
		}
	}
	return t, lines.leftOver()
}

// setStatus reads "source", "draft" or "reviewed NAME DATE".
func (t *Text) setStatus(s string) error {
	switch words := strings.Fields(s); {
	case s == string(Source) || s == string(Draft):
		t.Status = Status(s)
		return nil
	case len(words) >= 3 && words[0] == string(Reviewed):
		last := len(words) - 1
		if _, err := time.Parse(time.DateOnly, words[last]); err == nil {
			t.Status, t.ReviewedOn, t.ReviewedBy = Reviewed, words[last], strings.Join(words[1:last], " ")
			return nil
		}
	}
	return fmt.Errorf("status %q: want source, draft, or reviewed NAME DATE with the date as 2026-12-31", s)
}

// keyLines are the lines of a file by key; a key that is taken is gone, what is left over was not understood.
type keyLines map[string]keyLine

type keyLine struct {
	value string
	at    int // line number, from 1
}

// parseLines reads "key: value" lines; empty lines and those that begin with # are passed over.
func parseLines(b []byte) (keyLines, error) {
	lines := keyLines{}
	sc := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))))
	for at := 1; sc.Scan(); at++ {
		if !utf8.Valid(sc.Bytes()) {
			return nil, fmt.Errorf("line %d: not UTF-8; save the file as UTF-8", at)
		}
		line := strings.TrimSpace(sc.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !ok || value == "" {
			return nil, fmt.Errorf("line %d: want a key, a colon and words", at)
		}
		if first, twice := lines[key]; twice {
			return nil, fmt.Errorf("line %d: %s stands already in line %d", at, key, first.at)
		}
		lines[key] = keyLine{value, at}
	}
	return lines, sc.Err()
}

func (l keyLines) take(key string) string {
	value := l[key].value
	delete(l, key)
	return value
}

// takeQuestions takes q1, q2 … up to the first that is missing; a gap leaves the later ones over.
func (l keyLines) takeQuestions() []string {
	var out []string
	for {
		value := l.take(fmt.Sprintf("q%d", len(out)+1))
		if value == "" {
			return out
		}
		out = append(out, value)
	}
}

func (l keyLines) leftOver() error {
	first, key := 0, ""
	for k, line := range l {
		if first == 0 || line.at < first {
			first, key = line.at, k
		}
	}
	if first == 0 {
		return nil
	}
	return fmt.Errorf("line %d: the key %q is not known here, or a question before it is missing", first, key)
}
