package material

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

type nullInt = sql.NullInt64

// Piece is a text with the language that it really is in: that of the reader, or the school's where the reader's lacks.
type Piece struct{ Text, Lang string }

// Sheet is a material as one family gets it.
type Sheet struct {
	Kind    Kind
	Lang    string // BCP 47: the language asked for
	Title   Piece
	Intro   Piece
	Parts   []SheetPart
	Close   Piece
	Picture string
	Lacks   bool   // some piece is in another language than asked: say so, in the reader's language
	Other   string // that other language; "" if nothing lacks
	Status  Status // of the text in the language asked for; "" if there is none
}

// SheetPart is a part with its words.
type SheetPart struct {
	Part
	Piece
}

// Of are the parts of a role, in order.
func (s Sheet) Of(r Role) []SheetPart {
	var out []SheetPart
	for _, p := range s.Parts {
		if p.Role == r {
			out = append(out, p)
		}
	}
	return out
}

// Sheet makes the material for a reader of tag. Each piece that lacks in that language is in the material's main
// language. A regional tag (fa-AF) takes the texts of its language (fa) where it has none of its own.
func (e *Entry) Sheet(tag string, fill Fill) Sheet {
	own, has := e.Texts[tag]
	textTag := tag
	if !has {
		base, _, _ := strings.Cut(tag, "-")
		if t, ok := e.Texts[base]; ok {
			own, has, textTag = t, true, base
		}
	}
	main := e.Texts[e.Main]
	s := Sheet{Kind: e.Kind, Lang: tag, Picture: e.Picture, Parts: make([]SheetPart, len(e.Parts)), Status: own.Status}
	pick := func(mine, theirs string) Piece {
		p := Piece{mine, textTag}
		if mine == "" && theirs != "" {
			p = Piece{theirs, e.Main}
			s.Lacks, s.Other = true, e.Main
		}
		p.Text = fill.In(p.Lang, p.Text)
		return p
	}
	at := func(t Text, i int) string {
		if i < len(t.Parts) {
			return t.Parts[i]
		}
		return ""
	}
	s.Title, s.Intro, s.Close = pick(own.Title, main.Title), pick(own.Intro, main.Intro), pick(own.Close, main.Close)
	for i, p := range e.Parts {
		s.Parts[i] = SheetPart{p, pick(at(own, i), at(main, i))}
	}
	return s
}

// TitleIn is the title in a language, for lists.
func (e *Entry) TitleIn(tag string) string { return e.Sheet(tag, Fill{}).Title.Text }

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
		base = "text"
	}
	slug := OwnPrefix + base
	for n := 2; slices.Contains(taken, slug); n++ {
		slug = fmt.Sprintf("%s%s-%d", OwnPrefix, base, n)
	}
	return slug
}
