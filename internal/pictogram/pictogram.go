// Package pictogram holds the small drawings that stand beside words, for people who rather look than read.
//
// A pictogram has a stable English name ("play", "call"). list.txt says which OpenMoji drawing it is, names.go what it is
// called in words. The drawings are brought by bin/setup and embedded when they are there; without them every function
// still works and SVG finds nothing. Called by press (paper), the pages and material (which checks its names here).
// The package owns no tables and imports nothing of Brug.
package pictogram

import (
	"bufio"
	"bytes"
	"embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// Credit is the line that the licence of the drawings asks for. It stands, small, on every sheet and page with a pictogram.
const Credit = "OpenMoji, CC BY-SA 4.0"

// Setup is the command that brings the drawings.
const Setup = "bin/setup"

//go:embed list.txt
var listFile []byte

//go:embed all:openmoji
var drawings embed.FS

type list struct {
	names []string          // in the order of list.txt
	codes map[string]string // name → code of the drawing
	svg   map[string][]byte // name → drawing, for those that are there
}

// load reads the embedded files once. A broken list.txt is a fault of the build: it panics, and the test shows it first.
var load = sync.OnceValue(func() list {
	names, codes, err := parse(listFile)
	if err != nil {
		panic("pictogram: list.txt: " + err.Error())
	}
	l := list{names: names, codes: codes, svg: map[string][]byte{}}
	for _, name := range names {
		if b, err := drawings.ReadFile("openmoji/" + codes[name] + ".svg"); err == nil {
			l.svg[name] = b
		}
	}
	return l
})

// parse reads "name CODE" lines; empty lines and lines that begin with # are passed over. A name or a drawing that
// stands there twice is an error: one thing, one drawing.
func parse(b []byte) (names []string, codes map[string]string, err error) {
	codes = map[string]string{}
	owner := map[string]string{}
	sc := bufio.NewScanner(bytes.NewReader(b))
	for line := 1; sc.Scan(); line++ {
		text := strings.TrimSpace(sc.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		f := strings.Fields(text)
		if len(f) != 2 {
			return nil, nil, fmt.Errorf("line %d: want a name and a code, have %q", line, text)
		}
		name, code := f[0], f[1]
		if codes[name] != "" {
			return nil, nil, fmt.Errorf("line %d: the name %s stands there twice", line, name)
		}
		if other := owner[code]; other != "" {
			return nil, nil, fmt.Errorf("line %d: %s and %s have one drawing", line, other, name)
		}
		names, codes[name], owner[code] = append(names, name), code, name
	}
	return names, codes, sc.Err()
}

// Names are all pictograms, in the order of list.txt. The caller may change the slice.
func Names() []string { return append([]string(nil), load().names...) }

// Known tells whether there is a pictogram of this name, drawn here or not.
func Known(name string) bool { return load().codes[name] != "" }

// File is the name of the drawing's file, "1F6DD.svg"; empty for an unknown name. The same name is a fit ETag or cache key.
func File(name string) string {
	if code := load().codes[name]; code != "" {
		return code + ".svg"
	}
	return ""
}

// Emoji is the sign of Unicode that a drawing was made for, where no drawing can stand, such as in a mail; empty where there is
// none, or no such name.
func Emoji(name string) string {
	var b strings.Builder
	for _, hex := range strings.Split(load().codes[name], "-") {
		r, err := strconv.ParseUint(hex, 16, 32)
		if err != nil || unicode.Is(unicode.Co, rune(r)) { // OpenMoji has drawings of its own among the signs for private use
			return ""
		}
		b.WriteRune(rune(r))
		if r < 0x1F000 && !strings.Contains(load().codes[name], "-") {
			b.WriteRune('\uFE0F') // as a picture, not as a letter
		}
	}
	return b.String()
}

// SVG is the drawing: a square of 72 by 72 units. False when the name is unknown or bin/setup has not brought it.
// The bytes are shared: do not change them.
func SVG(name string) ([]byte, bool) {
	b, ok := load().svg[name]
	return b, ok
}

// Missing are the names whose drawing was not there when the program was built, in the order of list.txt.
func Missing() []string {
	var out []string
	l := load()
	for _, name := range l.names {
		if l.svg[name] == nil {
			out = append(out, name)
		}
	}
	return out
}

// Alt is what the pictogram means, in English: a message id for those who translate it. Empty for an unknown name.
func Alt(name string) string { return alt[name] }
