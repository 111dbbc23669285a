package phrase

import (
	"fmt"
	"io/fs"
	"unicode/utf8"

	"brug/internal/lang"
)

// MaxLength is how long a phrase may be in any language, in characters, with its slots as they are written. A sentence of
// fourteen Dutch words has some 80.
const MaxLength = 160

// Files are the files of the bank that Brug ships.
func Files() fs.FS {
	dir, err := fs.Sub(files, "bank")
	if err != nil {
		panic(err) // the name is right
	}
	return dir
}

// Check says in plain English, a line each, what is wrong in a bank: a file that cannot be read (then nothing else is looked
// at), phrases and words that lack in a language of lang.Family, and sentences that are too long.
func Check(dir fs.FS) []string {
	b, err := Read(dir)
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for _, tag := range lang.Family {
		for _, p := range b.phrases {
			forms, ok := p.forms[tag]
			if !ok {
				out = append(out, fmt.Sprintf("%s.txt: [%s] is missing", tag, p.Slug))
			}
			for form, text := range forms {
				if n := utf8.RuneCountInString(text); n > MaxLength {
					out = append(out, fmt.Sprintf("%s.txt: [%s] text[%s] has %d characters, at most %d", tag, p.Slug, form, n, MaxLength))
				}
			}
		}
		for _, w := range b.words {
			if w.Texts[tag] == "" {
				out = append(out, fmt.Sprintf("%s.txt: [%s] is missing", tag, w.Slug))
			}
		}
	}
	return out
}
