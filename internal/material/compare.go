package material

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"brug/internal/auth"
	"brug/internal/errs"
)

// Op says what became of some words between two versions.
type Op int

// The ops.
const (
	Same Op = iota
	Gone
	Added
)

// Change is a run of words with the same fate.
type Change struct {
	Op   Op
	Text string
}

// Words tells word by word how one text became another: what is gone, what was added, what stayed, in reading order.
// Without what is gone it reads as after, without what was added as before. In scripts that set no spaces between words (Chinese) it goes sign by sign.
func Words(before, after string) []Change {
	a, b := tokens(before), tokens(after)
	// The longest row of words that both have (LCS), by a table: a piece has some hundred words at most.
	most := make([][]int, len(a)+1)
	for i := range most {
		most[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				most[i][j] = most[i+1][j+1] + 1
			} else {
				most[i][j] = max(most[i+1][j], most[i][j+1])
			}
		}
	}
	var out []Change
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, Change{Same, a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && most[i+1][j] >= most[i][j+1]:
			out = append(out, Change{Gone, a[i]})
			i++
		default:
			out = append(out, Change{Added, b[j]})
			j++
		}
	}
	if mostlyOther(out) {
		return []Change{{Gone, before}, {Added, after}}
	}
	return runs(out)
}

// mostlyOther tells whether so little stayed that the marks would only be confetti: less than a third of the letters of
// the longer text.
func mostlyOther(in []Change) bool {
	var same, gone, added int
	for _, c := range in {
		n := len(strings.TrimSpace(c.Text))
		switch c.Op {
		case Gone:
			gone += n
		case Added:
			added += n
		default:
			same += n
		}
	}
	return gone > 0 && added > 0 && 3*same < same+max(gone, added)
}

// Only are the changes without those of one fate: without what was added they are the old text, without what is gone the new
// one.
func Only(changes []Change, without Op) []Change {
	return slices.DeleteFunc(slices.Clone(changes), func(c Change) bool { return c.Op == without })
}

// runs puts neighbours together, and what only stands between two changed words: a space alone is nothing that stayed.
func runs(in []Change) []Change {
	var out []Change
	var gone, added strings.Builder
	flush := func() {
		if gone.Len() > 0 {
			out = append(out, Change{Gone, gone.String()})
		}
		if added.Len() > 0 {
			out = append(out, Change{Added, added.String()})
		}
		gone.Reset()
		added.Reset()
	}
	for i, c := range in {
		switch {
		case c.Op == Gone:
			gone.WriteString(c.Text)
		case c.Op == Added:
			added.WriteString(c.Text)
		case strings.TrimSpace(c.Text) == "" && gone.Len() > 0 && added.Len() > 0 && i+1 < len(in) && in[i+1].Op != Same:
			gone.WriteString(c.Text)
			added.WriteString(c.Text)
		default:
			flush()
			if n := len(out); n > 0 && out[n-1].Op == Same {
				out[n-1].Text += c.Text
			} else {
				out = append(out, c)
			}
		}
	}
	flush()
	return out
}

// tokens are the words, the runs of spaces and each other sign. A placeholder is one word.
func tokens(s string) []string {
	kind := func(r rune) int {
		switch {
		case unicode.IsSpace(r):
			return 1
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Khmer, unicode.Lao, unicode.Myanmar) && !unicode.IsMark(r):
			return 0
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '\'', r == '’', r == '-', r == '{', r == '}', r == '\u200c', r == '\u200d':
			return 2
		}
		return 0 // stands by itself
	}
	var out []string
	last := 0
	for _, r := range s {
		k := kind(r)
		if n := len(out); n > 0 && k != 0 && k == last {
			out[n-1] += string(r)
		} else {
			out = append(out, string(r))
		}
		last = k
	}
	return out
}

// spot is a part with its words, to be found again in another version.
type spot struct {
	Role Role
	Text string
}

func places(e *Entry, tag string) []spot {
	out := make([]spot, len(e.Parts))
	for i, p := range e.Parts {
		out[i] = spot{p.Role, e.word(tag, i)}
	}
	return out
}

// pair is where a part stands in two lists; -1 where it does not.
type pair struct{ a, b int }

// align lines up two lists of parts such that as many words as can be stand beside themselves. Parts of different roles
// are never the same part.
func align(a, b []spot) []pair {
	like := make([][]float64, len(a))
	for i := range a {
		like[i] = make([]float64, len(b))
		for j := range b {
			like[i][j] = alike(a[i], b[j])
		}
	}
	best := make([][]float64, len(a)+1)
	for i := range best {
		best[i] = make([]float64, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if like[i][j] > 0 {
				best[i][j] = max(best[i][j], best[i+1][j+1]+like[i][j])
			}
		}
	}
	var out []pair
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && like[i][j] > 0 && best[i][j] == best[i+1][j+1]+like[i][j]:
			out = append(out, pair{i, j})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && best[i][j] == best[i+1][j]:
			out = append(out, pair{i, -1})
			i++
		default:
			out = append(out, pair{-1, j})
			j++
		}
	}
	return out
}

// alike says how much two parts are the same: 0 for another role, a little for the same role in wholly other words, 2 for
// the same words.
func alike(a, b spot) float64 {
	switch {
	case a.Role != b.Role:
		return 0
	case a.Text == b.Text:
		return 2
	}
	words := func(s string) []string {
		return slices.DeleteFunc(tokens(strings.ToLower(s)), func(w string) bool { return strings.TrimSpace(w) == "" })
	}
	x, y := words(a.Text), words(b.Text)
	if len(x)+len(y) == 0 {
		return 2
	}
	n := map[string]int{}
	for _, w := range x {
		n[w]++
	}
	both := 0
	for _, w := range y {
		if n[w] > 0 {
			n[w]--
			both++
		}
	}
	return 0.1 + 2*float64(both)/float64(len(x)+len(y)) // Dice: shared words over all words
}

// Comparison is two versions of a material side by side, in one language.
type Comparison struct {
	Entry  *Entry // the latest version
	Lang   string
	A, B   int64 // versions, the earlier one first
	Pieces []ComparedPiece
}

// ComparedPiece is one piece; Changes is empty where it lacks in both.
type ComparedPiece struct {
	Key     string // "title", "intro", "part1" …, "close"
	Role    Role   // of a part
	Changed bool
	Changes []Change
	Picture bool // another pictogram
}

// Compare shows what became of an own material between two versions, in a language (BCP 47; "" for its main one). NotFound
// for a version that is not there.
func (s *Service) Compare(ctx context.Context, by auth.Actor, slug string, a, b int64, tag string) (Comparison, error) {
	e, err := s.Get(ctx, by, slug)
	if err != nil {
		return Comparison{}, err
	}
	if !e.Own || a <= 0 || b <= 0 {
		return Comparison{}, errs.NotFoundf("versions %d and %d of %s", a, b, slug)
	}
	if a > b {
		a, b = b, a
	}
	if tag == "" {
		tag = e.Main
	}
	old, err := s.Find(ctx, by.School.ID, slug, a)
	if err != nil {
		return Comparison{}, err
	}
	newer, err := s.Find(ctx, by.School.ID, slug, b)
	if err != nil {
		return Comparison{}, err
	}
	return Comparison{Entry: e, Lang: tag, A: a, B: b, Pieces: compare(old, newer, tag)}, nil
}

func compare(old, newer *Entry, tag string) []ComparedPiece {
	was, is := old.Texts[tag], newer.Texts[tag]
	piece := func(key, a, b string) ComparedPiece {
		return ComparedPiece{Key: key, Changed: a != b, Changes: Words(a, b)}
	}
	out := []ComparedPiece{piece("title", was.Title, is.Title), piece("intro", was.Intro, is.Intro)}
	// Lined up in the main language: a translation may lack.
	for i, at := range align(places(old, old.Main), places(newer, newer.Main)) {
		var a, b string
		var from, to Part
		if at.a >= 0 {
			a, from = old.word(tag, at.a), old.Parts[at.a]
		}
		if at.b >= 0 {
			b, to = newer.word(tag, at.b), newer.Parts[at.b]
		}
		p := piece("part"+strconv.Itoa(i+1), a, b)
		p.Role = from.Role
		if at.b >= 0 {
			p.Role = to.Role
		}
		p.Picture = at.a >= 0 && at.b >= 0 && from.Pictogram != to.Pictogram
		out = append(out, p)
	}
	return append(out, piece("close", was.Close, is.Close))
}
