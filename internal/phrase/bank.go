// Package phrase is the phrase bank: fixed sentences with slots (a day, a time, a thing to bring …), exact in every language
// without machine translation. The sentences are plain files (bank/README.md says how they are written); Render puts values into
// them with CLDR's dates, numbers and plurals. A message put together from phrases is a material (package material keeps it);
// the page is phraseweb. The package owns no tables and knows no school.
package phrase

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"

	"brug/internal/lang"
	"brug/internal/pictogram"
	"brug/internal/sections"
)

//go:embed bank
var files embed.FS

// Source is the language in which phrases are written first.
const Source = "nl"

// Slot is a place in a phrase for a value.
type Slot string

// The slots, and how their values are written down (Values).
const (
	Child Slot = "child" // always "{child}": package material puts the first name in, family by family
	Date  Slot = "date"  // YYYY-MM-DD
	Time  Slot = "time"  // HH:MM
	Thing Slot = "thing" // "thing/SLUG" of the bank, or the school's own words; several on a line each
	Place Slot = "place" // "place/SLUG", or own words
	Name  Slot = "name"  // of a person
	Class Slot = "class" // of a class
	Count Slot = "count" // a whole number, 0 to MaxCount
	Money Slot = "money" // euros, "12.50" or "12,50"
)

// Slots are all slots.
func Slots() []Slot { return []Slot{Child, Date, Time, Thing, Place, Name, Class, Count, Money} }

// Text is the English message id of the slot's name; empty for one that is not known.
func (s Slot) Text() string {
	switch s {
	case Child:
		return lang.Msg("Name of the child")
	case Date:
		return lang.Msg("Day")
	case Time:
		return lang.Msg("Time")
	case Thing:
		return lang.Msg("Thing to bring")
	case Place:
		return lang.Msg("Place")
	case Name:
		return lang.Msg("Name of a person")
	case Class:
		return lang.Msg("Class")
	case Count:
		return lang.Msg("Number")
	case Money:
		return lang.Msg("Amount in euro")
	}
	return ""
}

// Group is what a phrase is about.
type Group string

// Groups are all groups, in the order in which they are shown.
func Groups() []Group {
	return []Group{"bring", "calendar", "please", "meeting", "interpreter", "today", "health", "practical", "home", "thanks"}
}

// Text is the English message id of the group's name; empty for one that is not known.
func (g Group) Text() string {
	switch g {
	case "bring":
		return lang.Msg("To bring along")
	case "calendar":
		return lang.Msg("Days and events")
	case "please":
		return lang.Msg("We ask you")
	case "meeting":
		return lang.Msg("Appointments")
	case "interpreter":
		return lang.Msg("Interpreter")
	case "today":
		return lang.Msg("Your child today")
	case "health":
		return lang.Msg("Health")
	case "practical":
		return lang.Msg("Practical")
	case "home":
		return lang.Msg("At home")
	case "thanks":
		return lang.Msg("Greetings and thanks")
	}
	return ""
}

// Phrase is one sentence in all its languages.
type Phrase struct {
	Slug    string // stable: messages of schools keep it
	Group   Group
	Picture string // a name of package pictogram
	Slots   []Slot // in the order in which they are asked

	forms map[string]map[string]string // by language tag, then by plural category; "" is the only form
	draft map[string]bool              // by language tag: read by nobody yet who speaks it
}

// Has tells whether the phrase is there in a language (BCP 47), or in the language of a regional tag.
func (p *Phrase) Has(tag string) bool { _, ok := p.in(tag); return ok }

// Draft tells whether the sentence in this language still waits for somebody who speaks it to read it.
func (p *Phrase) Draft(tag string) bool { t, _ := p.in(tag); return p.draft[t] }

// Langs are the languages in which the phrase is there, sorted.
func (p *Phrase) Langs() []string { return sortedKeys(p.forms) }

func (p *Phrase) in(tag string) (string, bool) { return nearest(p.forms, tag) }

// Word is a word that fits a slot, in all its languages.
type Word struct {
	Slug    string // "thing/boots"
	Slot    Slot
	Picture string
	Texts   map[string]string
}

// In is the word in a language; the Dutch one where it lacks, with false.
func (w *Word) In(tag string) (string, bool) {
	if t, ok := nearest(w.Texts, tag); ok {
		return w.Texts[t], true
	}
	return w.Texts[Source], false
}

// Bank is all phrases and words. It is shared: change nothing in it.
type Bank struct {
	phrases []*Phrase
	words   []*Word
	bySlug  map[string]*Phrase
	byWord  map[string]*Word
	index   searchIndex
}

// Shipped is the bank that Brug ships, read on the first call. A fault in the files is a fault of the build: Shipped panics
// with the file and the line. The test of this package shows it first.
var Shipped = sync.OnceValue(func() *Bank {
	b, err := Read(Files())
	if err == nil {
		return b
	}
	panic("phrase: shipped bank: " + err.Error())
})

// All are the phrases, group by group, in the order of phrases.txt. The caller may change the slice.
func (b *Bank) All() []*Phrase { return slices.Clone(b.phrases) }

// Find is the phrase with this slug.
func (b *Bank) Find(slug string) (*Phrase, bool) { p, ok := b.bySlug[slug]; return p, ok }

// Words are the words that fit a slot, in the order of phrases.txt; none but for Thing and Place.
func (b *Bank) Words(s Slot) []*Word {
	var out []*Word
	for _, w := range b.words {
		if w.Slot == s {
			out = append(out, w)
		}
	}
	return out
}

// Word is the word with this slug ("thing/boots").
func (b *Bank) Word(slug string) (*Word, bool) { w, ok := b.byWord[slug]; return w, ok }

var (
	slugForm = regexp.MustCompile(`^(thing/|place/)?[a-z0-9]+(-[a-z0-9]+)*$`)
	tagFile  = regexp.MustCompile(`^([a-z]{2,3}(?:-[A-Za-z0-9]+)*)\.txt$`)
	slotForm = regexp.MustCompile(`\{[^{}]*\}|[{}]`)
)

// Read reads a bank: phrases.txt and one TAG.txt for each language. An error names the file, the line where there is one,
// and what is wrong there.
func Read(dir fs.FS) (*Bank, error) {
	b := &Bank{bySlug: map[string]*Phrase{}, byWord: map[string]*Word{}}
	defined, err := sections.Read(dir, "phrases.txt", slugForm)
	if err != nil {
		return nil, err
	}
	for _, s := range defined {
		if err := b.define(s); err != nil {
			return nil, fmt.Errorf("phrases.txt: line %d: [%s] %w", s.At, s.Slug, err)
		}
	}
	slices.SortStableFunc(b.phrases, func(x, y *Phrase) int {
		return slices.Index(Groups(), x.Group) - slices.Index(Groups(), y.Group)
	})
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		f := tagFile.FindStringSubmatch(e.Name())
		if f == nil || e.Name() == "phrases.txt" {
			continue
		}
		texts, err := sections.Read(dir, e.Name(), slugForm)
		if err != nil {
			return nil, err
		}
		for _, s := range texts {
			if err := b.translate(f[1], s); err != nil {
				return nil, fmt.Errorf("%s: line %d: [%s] %w", e.Name(), s.At, s.Slug, err)
			}
		}
	}
	for _, p := range b.phrases {
		if !p.Has(Source) {
			return nil, fmt.Errorf("%s.txt: [%s] is missing", Source, p.Slug)
		}
	}
	for _, w := range b.words {
		if w.Texts[Source] == "" {
			return nil, fmt.Errorf("%s.txt: [%s] is missing", Source, w.Slug)
		}
	}
	b.index = newIndex(b)
	return b, nil
}

// define reads a section of phrases.txt.
func (b *Bank) define(s sections.Section) error {
	picture := s.Lines.Take("picture")
	if !pictogram.Known(picture) {
		return fmt.Errorf("there is no pictogram %q", picture)
	}
	if b.bySlug[s.Slug] != nil || b.byWord[s.Slug] != nil {
		return fmt.Errorf("stands twice")
	}
	if slot, _, isWord := strings.Cut(s.Slug, "/"); isWord {
		w := &Word{Slug: s.Slug, Slot: Slot(slot), Picture: picture, Texts: map[string]string{}}
		b.words, b.byWord[s.Slug] = append(b.words, w), w
		return rest(s)
	}
	p := &Phrase{Slug: s.Slug, Group: Group(s.Lines.Take("group")), Picture: picture, forms: map[string]map[string]string{}, draft: map[string]bool{}}
	if !slices.Contains(Groups(), p.Group) {
		return fmt.Errorf("group %q is not known", p.Group)
	}
	if list := s.Lines.Take("slots"); list != "" {
		for _, name := range strings.Split(list, ",") {
			slot := Slot(strings.TrimSpace(name))
			if slot.Text() == "" || slices.Contains(p.Slots, slot) {
				return fmt.Errorf("slot %q is not known, or stands there twice", slot)
			}
			p.Slots = append(p.Slots, slot)
		}
	}
	b.phrases, b.bySlug[s.Slug] = append(b.phrases, p), p
	return rest(s)
}

// translate reads a section of TAG.txt.
func (b *Bank) translate(tag string, s sections.Section) error {
	status := s.Lines.Take("status")
	draft := status == "draft"
	if status != "source" && !draft && !strings.HasPrefix(status, "reviewed ") {
		return fmt.Errorf("status %q: want source, draft, or reviewed NAME DATE", status)
	}
	if w := b.byWord[s.Slug]; w != nil {
		if w.Texts[tag] = s.Lines.Take("text"); w.Texts[tag] == "" || strings.ContainsAny(w.Texts[tag], "{}") {
			return fmt.Errorf("want text: and one word or a few")
		}
		return rest(s)
	}
	p := b.bySlug[s.Slug]
	if p == nil {
		return fmt.Errorf("is not in phrases.txt")
	}
	p.forms[tag], p.draft[tag] = map[string]string{}, draft
	wanted := []string{""}
	if slices.Contains(p.Slots, Count) {
		wanted = Forms(tag)
	}
	for _, form := range wanted {
		key := "text"
		if form != "" {
			key = "text[" + form + "]"
		}
		text := s.Lines.Take(key)
		if text == "" {
			return fmt.Errorf("%s is missing", key)
		}
		if err := p.checkSlots(text, form); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		p.forms[tag][form] = text
	}
	return rest(s)
}

// checkSlots: each slot of the phrase stands in a text exactly once, and nothing else between braces.
func (p *Phrase) checkSlots(text, form string) error {
	var found []Slot
	for _, m := range slotForm.FindAllString(text, -1) {
		slot := Slot(strings.Trim(m, "{}"))
		if len(m) < 3 || !slices.Contains(p.Slots, slot) {
			return fmt.Errorf("%s is no slot of this phrase", m)
		}
		if slices.Contains(found, slot) {
			return fmt.Errorf("%s stands there twice", m)
		}
		found = append(found, slot)
	}
	if len(found) != len(p.Slots) {
		return fmt.Errorf("want %v, found %v", p.Slots, found)
	}
	return nil
}

// Forms are the plural categories that a phrase with a count must have in a language: all that numbers from 0 to MaxCount
// take there.
func Forms(tag string) []string {
	l := lang.For(tag)
	var out []string
	for n := range 201 { // the rules repeat after each hundred
		if f := l.Plural(n); !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// rest is an error for a line that nobody took; the status may stand anywhere.
func rest(s sections.Section) error {
	s.Lines.Take("status")
	return s.Lines.LeftOver()
}

// nearest is tag if m has it, else the language of a regional tag.
func nearest[T any](m map[string]T, tag string) (string, bool) {
	if _, ok := m[tag]; ok {
		return tag, true
	}
	base, _, _ := strings.Cut(tag, "-")
	_, ok := m[base]
	return base, ok
}

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
