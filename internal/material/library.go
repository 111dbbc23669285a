// Package material holds what a school gives to families to read: each material in many languages.
//
// The shipped library (library.go) is read from text files and is the same for every school; a school's own materials
// (own.go) are kept with all their versions; a Sheet (sheet.go) is a material as one family gets it. Kinds and roles are a
// table (kinds.go). Called by packs (print), voice, the pages of materials and the family page.
//
// Tables: materials, material_versions, material_texts, material_words, material_translations, school_words, photos.
package material

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"brug/internal/lang"
	"brug/internal/pictogram"
	"brug/internal/school"
	"brug/internal/sections"
)

// The library is what Brug ships: plain text files that a translator can edit with any editor (library/README.md says
// how). It is read once; what a school changes or adds lives in the database, never here.

//go:embed library
var shippedFiles embed.FS

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

// Material is one shipped material in all its languages.
type Material struct {
	Slug      string // stable; unique over all kinds; in lower case with hyphens
	Kind      Kind
	Audiences []Audience // empty: for all ages
	Practices []Practice
	Support   []Support
	Reader    Reader
	Picture   string // pictogram of the whole, a name of package pictogram; "" for none
	Parts     []Part // what stands between intro and close, in order
	Source    string // where the idea is known from, in English

	Texts map[string]Text // by language tag, always with SourceLanguage
}

// Part is one place of a material, the same in every language.
type Part struct {
	Role      Role
	Pictogram string            // "" for none
	From      string            // what its words were taken from: "slug/do2" of the library, "phrase:slug"; "" for own words
	Slots     map[string]string // values of a phrase's slots
	Name      string            // of a person of the team
	Photo     string            // public id of this person's photo
}

// Keys are the names of the parts in the files of the library: role and number, counted for each role by itself.
func Keys(parts []Part) []string {
	out, n := make([]string, len(parts)), map[Role]int{}
	for i, p := range parts {
		n[p.Role]++
		out[i] = string(p.Role) + strconv.Itoa(n[p.Role])
	}
	return out
}

// Fits tells whether the material is meant for an age.
func (m *Material) Fits(a Audience) bool {
	return len(m.Audiences) == 0 || slices.Contains(m.Audiences, a)
}

// Text is a material in one language.
type Text struct {
	Lang       string // BCP 47 tag
	Status     Status
	ReviewedBy string // a person or role; only when Reviewed
	ReviewedOn string // 2006-01-02; only when Reviewed
	Title      string // without placeholder: lists show it without a child
	Intro      string
	Parts      []string // the words of each part of the material; "" lacks
	Close      string
}

// Library is everything that Brug ships. It is shared: change nothing in it.
type Library struct {
	ordered []*Material
	bySlug  map[string]*Material
}

// Shipped is the library, read on the first call. A fault in the files is a fault of the build: Shipped panics with the
// file and the line. The test of this package shows it first.
var Shipped = sync.OnceValue(func() *Library {
	files, err := fs.Sub(shippedFiles, "library")
	if err == nil {
		var l *Library
		if l, err = ReadLibrary(files); err == nil {
			return l
		}
	}
	panic("material: shipped library: " + err.Error())
})

// All are the materials: kind by kind, for the youngest first, then by slug. The caller may change the slice.
func (l *Library) All() []*Material { return append([]*Material(nil), l.ordered...) }

// Find is the material with this slug.
func (l *Library) Find(slug string) (*Material, bool) {
	m, ok := l.bySlug[slug]
	return m, ok
}

var (
	slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	fileForm = regexp.MustCompile(`^([a-z]{2,3}(-[A-Za-z0-9]+)*)\.txt$`)
	keyForm  = regexp.MustCompile(`^([a-z]+)([1-9][0-9]?)$`)
)

// ReadLibrary reads a library: KIND/material.txt and KIND/TAG.txt, in the form that library/README.md tells. Other files
// are passed over. An error names the file, the line where there is one, and what is wrong there.
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
		if err := l.readKind(files, folder.Name()); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(l.ordered, func(a, b *Material) int {
		kind := func(m *Material) int {
			return slices.IndexFunc(kinds, func(s KindSpec) bool { return s.Kind == m.Kind })
		}
		age := func(m *Material) int {
			if len(m.Audiences) == 0 {
				return len(Audiences())
			}
			return slices.Index(Audiences(), m.Audiences[0])
		}
		return cmp.Or(cmp.Compare(kind(a), kind(b)), cmp.Compare(age(a), age(b)), cmp.Compare(a.Slug, b.Slug))
	})
	return l, nil
}

func (l *Library) readKind(files fs.FS, folder string) error {
	name := path.Join(folder, "material.txt")
	found, err := sections.Read(files, name, slugForm)
	if err != nil {
		return err
	}
	for _, sec := range found {
		m, err := parseMaterial(sec)
		if err != nil {
			return fmt.Errorf("%s: [%s] %w", name, sec.Slug, err)
		}
		if m.Kind.Spec().Folder != folder {
			return fmt.Errorf("%s: [%s] a %s stands in the folder %s", name, m.Slug, m.Kind, m.Kind.Spec().Folder)
		}
		if _, twice := l.bySlug[m.Slug]; twice {
			return fmt.Errorf("%s: [%s] stands twice in the library", name, m.Slug)
		}
		l.ordered, l.bySlug[m.Slug] = append(l.ordered, m), m
	}
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == "material.txt" || !strings.HasSuffix(e.Name(), ".txt") {
			continue
		}
		name := path.Join(folder, e.Name())
		f := fileForm.FindStringSubmatch(e.Name())
		if f == nil {
			return fmt.Errorf("%s: the name is not a language tag and .txt", name)
		}
		texts, err := sections.Read(files, name, slugForm)
		if err != nil {
			return err
		}
		for _, sec := range texts {
			m, ok := l.bySlug[sec.Slug]
			if !ok || m.Kind.Spec().Folder != folder {
				return fmt.Errorf("%s: line %d: [%s] is not in material.txt", name, sec.At, sec.Slug)
			}
			t, err := parseText(m, f[1], sec)
			if err != nil {
				return fmt.Errorf("%s: [%s] %w", name, sec.Slug, err)
			}
			m.Texts[t.Lang] = t
		}
	}
	for _, sec := range found {
		if l.bySlug[sec.Slug].Texts[SourceLanguage].Status != Source {
			return fmt.Errorf("%s/%s.txt: [%s] must be there, with status source", folder, SourceLanguage, sec.Slug)
		}
	}
	return nil
}

func parseMaterial(sec sections.Section) (*Material, error) {
	lines := sec.Lines
	m := &Material{Slug: sec.Slug, Kind: Kind(lines.Take("kind")), Source: lines.Take("idea"), Picture: lines.Take("picture"),
		Reader: Reader(cmp.Or(lines.Take("reader"), string(ForFamily))), Texts: map[string]Text{}}
	spec := m.Kind.Spec()
	switch {
	case strings.HasPrefix(m.Slug, OwnPrefix) || strings.HasPrefix(m.Slug, CentrePrefix):
		return nil, fmt.Errorf("no shipped slug begins with %q or %q", OwnPrefix, CentrePrefix)
	case spec.Kind == "" || spec.OwnOnly:
		return nil, fmt.Errorf("kind %q is not known", m.Kind)
	case m.Source == "":
		return nil, fmt.Errorf("idea is missing: where the idea is known from")
	case !pictogram.Known(m.Picture):
		return nil, fmt.Errorf("picture: there is no pictogram %q", m.Picture)
	case m.Reader != ForFamily && m.Reader != ForTeam:
		return nil, fmt.Errorf("reader %q: want family or team", m.Reader)
	}
	var err error
	if ages := lines.Take("audience"); ages != "all" {
		if m.Audiences, err = listOf(ages, "audience", Audiences()); err != nil {
			return nil, err
		}
	}
	if m.Practices, err = listOf(lines.Take("practices"), "practices", Practices()); err != nil {
		return nil, err
	}
	if m.Support, err = listOf(lines.Take("support"), "support", Supports()); err != nil {
		return nil, err
	}
	for _, key := range partKeys(lines) {
		role := Role(keyForm.FindStringSubmatch(key)[1])
		picture := lines.Take(key)
		if picture == "-" {
			picture = ""
		} else if !pictogram.Known(picture) {
			return nil, fmt.Errorf("%s: there is no pictogram %q", key, picture)
		}
		m.Parts = append(m.Parts, Part{Role: role, Pictogram: picture})
		if want := Keys(m.Parts)[len(m.Parts)-1]; want != key {
			return nil, fmt.Errorf("%s stands where %s is next", key, want)
		}
	}
	for _, r := range roles {
		n := 0
		for _, p := range m.Parts {
			if p.Role == r {
				n++
			}
		}
		if have := spec.Role(r); n < have.Min || n > have.Max {
			return nil, fmt.Errorf("%d parts %q: a %s has %d to %d", n, r, m.Kind, have.Min, have.Max)
		}
	}
	return m, lines.LeftOver()
}

// listOf reads words between commas, each of them one of known and none twice.
func listOf[T ~string](s, key string, known []T) ([]T, error) {
	var out []T
	for _, word := range strings.Split(s, ",") {
		v := T(strings.TrimSpace(word))
		if !slices.Contains(known, v) || slices.Contains(out, v) {
			return nil, fmt.Errorf("%s: %q is not one of %q, or stands there twice", key, v, known)
		}
		out = append(out, v)
	}
	return out, nil
}

func parseText(m *Material, tag string, sec sections.Section) (Text, error) {
	lines := sec.Lines
	t := Text{Lang: tag, Title: lines.Take("title"), Intro: lines.Take("intro"), Close: lines.Take("close"), Parts: make([]string, len(m.Parts))}
	if err := t.setStatus(lines.Take("status")); err != nil {
		return Text{}, err
	}
	if (t.Status == Source) != (tag == SourceLanguage) {
		return Text{}, fmt.Errorf("status source is for %s, and for no other language", SourceLanguage)
	}
	for i, key := range Keys(m.Parts) {
		if t.Parts[i] = lines.Take(key); t.Parts[i] == "" {
			return Text{}, fmt.Errorf("%s is missing", key)
		}
	}
	spec := m.Kind.Spec()
	if t.Title == "" || t.Intro == "" && spec.Intro > 0 {
		return Text{}, fmt.Errorf("title or intro is missing")
	}
	if strings.ContainsAny(t.Title, "{}") {
		return Text{}, fmt.Errorf("title: no placeholder here, lists show the title without a child")
	}
	for _, s := range append([]string{t.Intro, t.Close}, t.Parts...) {
		if bad := badBraces(s); bad != "" {
			return Text{}, fmt.Errorf("%s is no placeholder, in %q", bad, s)
		}
	}
	return t, lines.LeftOver()
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

// partKeys are the keys that name a part, in the order of the file.
func partKeys(l sections.Lines) []string {
	var keys []string
	for key := range l {
		if f := keyForm.FindStringSubmatch(key); f != nil && slices.Contains(roles, Role(f[1])) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(l[a].At, l[b].At) })
	return keys
}
