package catalogue

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"brug/internal/lang"
)

// Folder is where the catalogues lie, from the root of the module.
const Folder = "internal/lang/po"

// domain is one set of texts: family or staff.
type domain struct {
	name  string
	langs []string // that it is translated into; English is the source
}

func domains() []domain {
	notEnglish := func(tags []string) []string {
		return slices.DeleteFunc(slices.Clone(tags), func(t string) bool { return t == "en" })
	}
	return []domain{{"family", notEnglish(lang.Family)}, {"staff", notEnglish(lang.Staff)}}
}

func (d domain) of(all []Message) []Message {
	var own []Message
	for _, m := range all {
		if m.Family == (d.name == "family") {
			own = append(own, m)
		}
	}
	return own
}

func (d domain) path(root, tag string) string {
	return filepath.Join(root, filepath.FromSlash(Folder), d.name, tag+".po")
}

// Merge writes the templates and merges the texts of the code into all catalogues: new ones come in untranslated, gone
// ones go, translations, comments and statuses stay. A text that moved between family and staff takes its translations
// along. It reports the files that it changed and, since translators' work goes with them, the translated texts that
// went: git has them still.
func Merge(root string) ([]string, error) {
	all, err := Scan(root)
	if err != nil {
		return nil, err
	}
	var report []string
	write := func(path string, f *File) error {
		changed, err := writeFile(path, f)
		if changed {
			rel, _ := filepath.Rel(root, path)
			report = append(report, rel)
		}
		return err
	}
	for _, d := range domains() {
		pot := template(d.of(all))
		if err := write(filepath.Join(root, filepath.FromSlash(Folder), d.name+".pot"), pot); err != nil {
			return report, err
		}
	}
	// All files are read before the first is written, for the texts that move.
	files := map[string]*File{}
	known := map[string]map[key]Entry{}
	for _, d := range domains() {
		for _, tag := range d.langs {
			f, err := ReadFile(d.path(root, tag))
			if os.IsNotExist(err) {
				f, err = newFile(tag), nil
			}
			if err != nil {
				return report, err
			}
			files[d.path(root, tag)] = f
			if known[tag] == nil {
				known[tag] = map[key]Entry{}
			}
			for _, e := range f.Entries {
				if old, ok := known[tag][e.key()]; !ok || !old.Done() {
					known[tag][e.key()] = e
				}
			}
		}
	}
	report = append(report, gone(all, known)...)
	for _, d := range domains() {
		pot := template(d.of(all))
		for _, tag := range d.langs {
			f := files[d.path(root, tag)]
			n, _, err := parsePlural(pluralForms[tag])
			if err != nil {
				return report, fmt.Errorf("%s: %w", tag, err)
			}
			f.SetField("Plural-Forms", pluralForms[tag])
			f.Entries = merged(pot, known[tag], n)
			if err := write(d.path(root, tag), f); err != nil {
				return report, err
			}
		}
	}
	return report, nil
}

// gone lists the translated texts that the code does not use any more.
func gone(all []Message, known map[string]map[key]Entry) []string {
	used := map[key]bool{}
	for _, m := range all {
		used[m.key()] = true
	}
	languages := map[string]int{}
	for _, entries := range known {
		for k, e := range entries {
			if !used[k] && e.Done() {
				languages[e.ID]++
			}
		}
	}
	var lines []string
	for _, id := range slices.Sorted(maps.Keys(languages)) {
		lines = append(lines, fmt.Sprintf("gone: %q, translated into %d languages", id, languages[id]))
	}
	return lines
}

// merged is the template with the translations that are there.
func merged(pot *File, known map[key]Entry, nplurals int) []Entry {
	out := make([]Entry, len(pot.Entries))
	for i, e := range pot.Entries {
		e.Strs = make([]string, 1)
		if e.Plural != "" {
			e.Strs = make([]string, nplurals)
		}
		if old, ok := known[e.key()]; ok {
			e.Comments = old.Comments
			for _, f := range old.Flags {
				if !slices.Contains(e.Flags, f) && f != braceFormat {
					e.Flags = append(slices.Clone(e.Flags), f)
				}
			}
			if old.Plural == e.Plural {
				copy(e.Strs, old.Strs)
			}
		}
		out[i] = e
	}
	return out
}

const braceFormat = "python-brace-format"

// template is the POT file of texts: places without lines, so that it changes only when texts do.
func template(ms []Message) *File {
	f := &File{}
	f.SetField("MIME-Version", "1.0")
	f.SetField("Content-Type", "text/plain; charset=UTF-8")
	f.SetField("Content-Transfer-Encoding", "8bit")
	for _, m := range ms {
		e := Entry{Ctx: m.Ctx, ID: m.ID, Plural: m.Plural, Strs: []string{""}}
		if m.Plural != "" {
			e.Strs = []string{"", ""}
		}
		for _, p := range m.Places {
			if !slices.Contains(e.Places, p.File) {
				e.Places = append(e.Places, p.File)
			}
		}
		if len(placeholders(m.ID+m.Plural)) > 0 {
			e.Flags = []string{braceFormat}
		}
		f.Entries = append(f.Entries, e)
	}
	return f
}

// newFile is an empty catalogue. Its status is draft until somebody who speaks the language has read all of it.
func newFile(tag string) *File {
	f := &File{}
	f.SetField("Language", tag)
	f.SetField("MIME-Version", "1.0")
	f.SetField("Content-Type", "text/plain; charset=UTF-8")
	f.SetField("Content-Transfer-Encoding", "8bit")
	f.SetField("Plural-Forms", pluralForms[tag])
	f.SetField("X-Status", "draft")
	return f
}

// writeFile replaces the file in one step, and only if it differs.
func writeFile(path string, f *File) (changed bool, err error) {
	b := f.Bytes()
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, b) {
		return false, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return false, err
	}
	tmp := path + ".new"
	if err := os.WriteFile(tmp, b, 0o644); err != nil {
		return false, err
	}
	return true, os.Rename(tmp, path)
}

var placeholder = regexp.MustCompile(`\{[A-Za-z_][A-Za-z0-9_]*\}`)

// placeholders is the set of {names} in a text, sorted.
func placeholders(s string) []string {
	names := placeholder.FindAllString(s, -1)
	slices.Sort(names)
	return slices.Compact(names)
}
