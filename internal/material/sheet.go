package material

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"brug/internal/lang"
)

type nullInt = sql.NullInt64

// Piece is a text with the language that it really is in: that of the reader, or the school's where the reader's lacks.
type Piece struct{ Text, Lang string }

// Sheet is a material as one family gets it.
type Sheet struct {
	Lang       string // BCP 47: the language asked for
	Title      Piece
	Intro      Piece
	Questions  []Piece
	Close      Piece
	Pictograms []string
	Lacks      bool   // some piece is in another language than asked: say so, in the reader's language
	Other      string // that other language; "" if nothing lacks
	Status     Status // of the text in the language asked for; "" if there is none
}

// Sheet makes the material for a reader of tag, about a child with this first name. Each piece that lacks in that
// language is in the material's main language. A regional tag (fa-AF) takes the texts of its language (fa) where it has
// none of its own.
func (e *Entry) Sheet(tag, child string) Sheet {
	own, has := e.Texts[tag]
	textTag := tag
	if !has {
		base, _, _ := strings.Cut(tag, "-")
		if t, ok := e.Texts[base]; ok {
			own, has, textTag = t, true, base
		}
	}
	main := e.Texts[e.Main]
	s := Sheet{Lang: tag, Pictograms: e.Pictograms, Questions: make([]Piece, len(e.Pictograms)), Status: own.Status}
	pick := func(mine, theirs string) Piece {
		p := Piece{mine, textTag}
		if mine == "" && theirs != "" {
			p = Piece{theirs, e.Main}
			s.Lacks, s.Other = true, e.Main
		}
		p.Text = strings.ReplaceAll(p.Text, ChildPlaceholder, lang.For(p.Lang).Isolate(child))
		return p
	}
	s.Title, s.Intro, s.Close = pick(own.Title, main.Title), pick(own.Intro, main.Intro), pick(own.Close, main.Close)
	for i := range s.Questions {
		var mine, theirs string
		if i < len(own.Questions) {
			mine = own.Questions[i]
		}
		if i < len(main.Questions) {
			theirs = main.Questions[i]
		}
		s.Questions[i] = pick(mine, theirs)
	}
	return s
}

// freeSlug makes a slug from a title that is not taken yet.
func freeSlug(title string, taken []string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(title)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	base := strings.Trim(b.String(), "-")
	if len(base) > 40 {
		base = strings.Trim(base[:40], "-")
	}
	if base == "" {
		base = "slip"
	}
	slug := OwnPrefix + base
	for n := 2; slices.Contains(taken, slug); n++ {
		slug = fmt.Sprintf("%s%s-%d", OwnPrefix, base, n)
	}
	return slug
}
