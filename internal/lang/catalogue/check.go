package catalogue

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// Problem is something wrong in the catalogues, with the place to mend it.
type Problem struct {
	Where string // file and line, from the root of the module
	What  string
}

func (p Problem) String() string { return p.Where + ": " + p.What }

// Complete gives the texts that lack a translation, and the texts in the catalogues that the code does not use.
func Complete(root string) ([]Problem, error) {
	all, err := Scan(root)
	if err != nil {
		return nil, err
	}
	var ps []Problem
	for _, d := range domains() {
		used := map[key]bool{}
		for _, m := range d.of(all) {
			used[m.key()] = true
		}
		for _, tag := range d.langs {
			file, done, err := d.read(root, tag)
			if err != nil {
				return nil, err
			}
			for _, m := range d.of(all) {
				if !done[m.key()] {
					ps = append(ps, Problem{m.Places[0].String(), fmt.Sprintf("%q has no translation in %s/%s.po", m.ID, d.name, tag)})
				}
			}
			for _, e := range file.Entries {
				if !used[e.key()] {
					ps = append(ps, Problem{d.where(tag, e), fmt.Sprintf("%q is not used", e.ID)})
				}
			}
		}
	}
	return ps, nil
}

func (d domain) where(tag string, e Entry) string {
	return fmt.Sprintf("%s/%s/%s.po:%d", Folder, d.name, tag, e.Line)
}

// read gives a catalogue, empty if there is none yet, and which texts have all their forms.
func (d domain) read(root, tag string) (*File, map[key]bool, error) {
	f, err := ReadFile(d.path(root, tag))
	if os.IsNotExist(err) {
		f, err = newFile(tag), nil
	}
	if err != nil {
		return nil, nil, err
	}
	done := make(map[key]bool, len(f.Entries))
	for _, e := range f.Entries {
		done[e.key()] = e.Done()
	}
	return f, done, nil
}

// Sound gives what is wrong with the translations that are there: a catalogue of a language that we do not ship, a wrong
// header, a wrong number of plural forms, other placeholders than in English, the same text twice, English left standing.
func Sound(root string) ([]Problem, error) {
	var ps []Problem
	for _, d := range domains() {
		paths, err := filepath.Glob(d.path(root, "*"))
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			tag := strings.TrimSuffix(filepath.Base(path), ".po")
			where := fmt.Sprintf("%s/%s/%s.po", Folder, d.name, tag)
			if !slices.Contains(d.langs, tag) {
				ps = append(ps, Problem{where, "is not a language of " + d.name + " texts"})
				continue
			}
			f, err := ReadFile(path)
			if err != nil {
				return nil, err
			}
			if got := f.Field("Plural-Forms"); got != pluralForms[tag] {
				ps = append(ps, Problem{where, fmt.Sprintf("Plural-Forms is %q, not %q", got, pluralForms[tag])})
			}
			if got := f.Field("Language"); got != tag {
				ps = append(ps, Problem{where, fmt.Sprintf("Language is %q", got)})
			}
			if st := f.Field("X-Status"); st == "" {
				ps = append(ps, Problem{where, "has no X-Status (draft, or: reviewed by whom, when)"})
			}
			fs, err := formsOf(tag)
			if err != nil {
				return nil, err
			}
			seen := map[key]bool{}
			for _, e := range f.Entries {
				for _, what := range wrong(e, tag, fs) {
					ps = append(ps, Problem{d.where(tag, e), fmt.Sprintf("%q: %s", e.ID, what)})
				}
				if seen[e.key()] {
					ps = append(ps, Problem{d.where(tag, e), fmt.Sprintf("%q: stands here twice", e.ID)})
				}
				seen[e.key()] = true
			}
		}
	}
	return ps, nil
}

// wrong is what is wrong with one translation. A form that is still empty is missing, not wrong.
func wrong(e Entry, tag string, fs forms) []string {
	var ws []string
	switch {
	case e.Plural == "" && len(e.Strs) != 1:
		ws = append(ws, fmt.Sprintf("has %d forms, and does not count", len(e.Strs)))
		return ws
	case e.Plural != "" && len(e.Strs) != len(fs):
		return append(ws, fmt.Sprintf("has %d plural forms, %s has %d: %s", len(e.Strs), tag, len(fs), fs.hint()))
	}
	want := placeholders(e.ID)
	if e.Plural != "" {
		want = placeholders(e.ID + e.Plural)
	}
	for i, s := range e.Strs {
		if s == "" {
			continue
		}
		need := want
		got := placeholders(s)
		if e.Plural != "" && fs.single(i) && !slices.Contains(got, "{n}") {
			need = slices.DeleteFunc(slices.Clone(want), func(p string) bool { return p == "{n}" })
		}
		if !slices.Equal(got, need) {
			ws = append(ws, fmt.Sprintf("%q has the placeholders %v, not %v", s, got, need))
		}
		if strayBraces(s) != strayBraces(e.ID) {
			ws = append(ws, fmt.Sprintf("%q has a brace too many or too few", s))
		}
		if (s == e.ID || s == e.Plural) && nonLatin[tag] && hasWord(s) {
			ws = append(ws, "is left in English")
		}
		if strings.TrimSpace(s) != s && strings.TrimSpace(e.ID) == e.ID {
			ws = append(ws, fmt.Sprintf("%q has a space at its begin or end", s))
		}
	}
	return ws
}

// strayBraces counts the braces outside placeholders.
func strayBraces(s string) int {
	s = placeholder.ReplaceAllString(s, "")
	return strings.Count(s, "{") + strings.Count(s, "}")
}

// nonLatin are the languages in which an English text cannot be the same by chance.
var nonLatin = map[string]bool{
	"ar": true, "bg": true, "uk": true, "ru": true, "fa": true, "ps": true, "ur": true, "ti": true, "zh": true,
}

// properNames are written in Latin letters everywhere.
var properNames = []string{"Brug", "OpenMoji", "WhatsApp", "OneRoster", "Smartschool"}

// hasWord tells whether a text has a small letter outside its placeholders and proper names: "SMS" and "{n} × {m}" may
// be the same in every language.
func hasWord(s string) bool {
	s = placeholder.ReplaceAllString(s, "")
	for _, n := range properNames {
		s = strings.ReplaceAll(s, n, "")
	}
	return strings.ContainsFunc(s, unicode.IsLower)
}
