// Package sections reads the plain text files in which what Brug ships is written, so that a translator needs no more than an
// editor: "[slug]" above each section, lines "key: words", a line that begins with a space goes on with the one before, and
// what begins with # is a remark. Lines before the first section hold for every section that does not say otherwise.
//
// Packages material (the library) and phrase (the phrase bank) call it. It owns no tables.
package sections

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Section is one section of a file.
type Section struct {
	Slug  string
	At    int // line number, from 1
	Lines Lines
}

// Lines are the lines of a section by key. One that is taken is gone; what is left over was not understood.
type Lines map[string]Line

// Line is the words behind a key.
type Line struct {
	Words string
	At    int // line number, from 1
}

// Take gives the words behind a key and takes them away; "" if there are none.
func (l Lines) Take(key string) string {
	words := l[key].Words
	delete(l, key)
	return words
}

// LeftOver is an error that names the first line that nobody took; nil if there is none.
func (l Lines) LeftOver() error {
	first, key := 0, ""
	for k, line := range l {
		if first == 0 || line.At < first {
			first, key = line.At, k
		}
	}
	if first == 0 {
		return nil
	}
	return fmt.Errorf("line %d: the key %q is not known here", first, key)
}

// Read reads a file. slug is the form of what may stand between [ and ]. An error names the file and the line.
func Read(files fs.FS, name string, slug *regexp.Regexp) ([]Section, error) {
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	head := Lines{}
	var out []Section
	lines, last, seen := head, "", map[string]bool{}
	sc := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))))
	for at := 1; sc.Scan(); at++ {
		fault := func(format string, args ...any) error {
			return fmt.Errorf("%s: line %d: %s", name, at, fmt.Sprintf(format, args...))
		}
		if !utf8.Valid(sc.Bytes()) {
			return nil, fault("not UTF-8; save the file as UTF-8")
		}
		line := strings.TrimSpace(sc.Text())
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case (sc.Text()[0] == ' ' || sc.Text()[0] == '\t') && last != "":
			l := lines[last]
			l.Words += " " + line
			lines[last] = l
			continue
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			s := line[1 : len(line)-1]
			if !slug.MatchString(s) {
				return nil, fault("[%s]: a slug is made of small letters, digits and hyphens", s)
			}
			if seen[s] {
				return nil, fault("[%s] stands twice in this file", s)
			}
			seen[s] = true
			lines, last = Lines{}, ""
			out = append(out, Section{s, at, lines})
			continue
		}
		key, words, ok := strings.Cut(line, ":")
		key, words = strings.TrimSpace(key), strings.TrimSpace(words)
		if !ok || words == "" {
			return nil, fault("want a key, a colon and words")
		}
		if first, twice := lines[key]; twice {
			return nil, fault("%s stands already in line %d", key, first.At)
		}
		lines[key], last = Line{words, at}, key
	}
	for _, s := range out {
		for key, l := range head {
			if _, own := s.Lines[key]; !own {
				s.Lines[key] = l
			}
		}
	}
	return out, sc.Err()
}
