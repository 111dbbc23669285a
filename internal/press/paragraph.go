package press

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
)

// A paragraph is a text that is itemised and shaped but not yet broken into lines: it fits any width and size. It is
// immutable but for the memo of its lines.
type paragraph struct {
	looks  []look    // of the spans
	parts  [][]piece // between line feeds
	lang   string
	rtl    bool
	ascent int // room above and below the baseline, 1/1000 em, the most of all its fonts
	below  int

	mu    sync.Mutex
	lines map[int][]*line // by width in 1/1000 em
}

// look is what a span is painted with.
type look struct {
	color Color
	lang  string // if another than the paragraph's
}

// piece is a run of characters that are shaped together: a word, or the spaces between two.
type piece struct {
	word   *word
	text   string
	key    wordKey
	look   int16
	level  uint8
	space  bool
	open   bool    // a line may end before it
	inside []inner // where a line may end inside it
	runes  int32   // length of text
	lo, hi int32   // of text in the buffer, while it grows
}

// inner is a place inside a word where a line may end: after a hyphen, between ideographs, at a soft hyphen.
type inner struct {
	at   int  // in runes
	soft bool // then a hyphen appears
}

// line is one line of a paragraph, ready to be placed.
type line struct {
	frags []frag // in visual order, left to right
	width int    // 1/1000 em, without the white space at its end
	trail int    // of that white space
}

type frag struct {
	word *word
	look int16
}

// setter lays out: it holds what one goroutine needs for it.
type setter struct {
	shaper   *shaper
	words    *Cache // of the document
	shared   *Cache // between documents; may be nil
	texts    *generations[string, *paragraph]
	breaker  segmenter.Segmenter
	runes    []rune
	spanOf   []int16
	breaks   []bool // whether a line may end before each character
	keyBytes []byte
	seen     []byte // the characters of the pieces at hand, in UTF-8
	rest     []piece

	scale   float64 // of the page at hand
	things  float64 // the same for pictures, widths and gaps: scale or 1
	pageRTL bool
}

// vanishes tells the characters that steer order, joining of lines and the like, and are themselves never seen. Joiners
// (U+200C, U+200D) are not among them: they are seen in the letters round them.
func vanishes(r rune) bool {
	switch {
	case r >= 0x2066 && r <= 0x2069, r >= 0x202A && r <= 0x202E, r == 0x200E, r == 0x200F, r == 0x061C,
		r == 0x200B, r == 0x2060, r == 0xFEFF, r == 0xAD, r >= 0xFE00 && r <= 0xFE0F:
		return true
	}
	return r < 0x20 || r >= 0x7F && r < 0xA0
}

// paragraph makes or finds the paragraph of a text. lang and dir are those around it.
func (s *setter) paragraph(text Text, lang string, rtl, bold bool) (*paragraph, error) {
	key := s.keyBytes[:0]
	key = append(key, lang...)
	key = append(key, 0, flagByte(rtl), flagByte(bold))
	for _, sp := range text {
		key = append(key, sp.Text...)
		key = append(key, 0)
		key = append(key, sp.Lang...)
		key = append(key, 0, flagByte(sp.Bold), flagByte(sp.Personal), byte(sp.Color>>24), byte(sp.Color>>16),
			byte(sp.Color>>8), byte(sp.Color))
	}
	s.keyBytes = key
	k := string(key)
	if p, ok := s.texts.get(k); ok {
		return p, nil
	}
	p, err := s.itemise(text, lang, rtl, bold)
	if err != nil {
		return nil, err
	}
	return s.texts.put(k, p, 600+2*len(k)+160*s.countPieces(p)), nil
}

func flagByte(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func (s *setter) countPieces(p *paragraph) (n int) {
	for _, part := range p.parts {
		n += len(part)
	}
	return n
}

// itemise joins the spans, isolating those of another direction, and cuts the text into pieces.
func (s *setter) itemise(text Text, lang string, rtl, bold bool) (*paragraph, error) {
	p := &paragraph{lang: lang, rtl: rtl, looks: make([]look, len(text)), lines: map[int][]*line{}}
	runes, spanOf := s.runes[:0], s.spanOf[:0]
	add := func(r rune, span int) {
		runes = append(runes, r)
		spanOf = append(spanOf, int16(span))
	}
	for i, sp := range text {
		p.looks[i].color = sp.Color
		isolate := false
		if sp.Lang != "" && sp.Lang != lang {
			p.looks[i].lang = sp.Lang
			if d := direction(Auto, sp.Lang); (d == RTL) != rtl {
				isolate = true
				if d == RTL {
					add(0x2067, i)
				} else {
					add(0x2066, i)
				}
			}
		}
		for _, r := range sp.Text {
			switch r {
			case '\r':
				continue
			case '\t', '\v', '\f', 0x2028, 0x85:
				r = ' '
			case 0x2029:
				r = '\n'
			}
			if r == '\n' && isolate { // an isolate ends with its line
				add(0x2069, i)
				add('\n', i)
				if direction(Auto, sp.Lang) == RTL {
					add(0x2067, i)
				} else {
					add(0x2066, i)
				}
				continue
			}
			add(r, i)
		}
		if isolate {
			add(0x2069, i)
		}
	}
	s.runes, s.spanOf = runes, spanOf
	for from := 0; ; {
		to := from
		for to < len(runes) && runes[to] != '\n' {
			to++
		}
		part, err := s.cut(p, text, runes[from:to], spanOf[from:to], bold)
		if err != nil {
			return nil, err
		}
		p.parts = append(p.parts, part)
		if to == len(runes) {
			break
		}
		from = to + 1
	}
	// An empty text still has the height of a line of its language.
	fam, _ := familyOf(lang)
	f, err := faceOf(fam, false)
	if err != nil {
		return nil, err
	}
	p.ascent, p.below = max(p.ascent, f.ascent), max(p.below, f.descent)
	return p, nil
}

// cut makes the pieces of one part of a paragraph.
func (s *setter) cut(p *paragraph, text Text, runes []rune, spanOf []int16, bold bool) ([]piece, error) {
	if len(runes) == 0 {
		return nil, nil
	}
	base := uint8(0)
	if p.rtl {
		base = 1
	}
	levels := bidiLevels(runes, base)
	s.findBreaks(runes)

	pieces := make([]piece, 0, len(runes)/3+1)
	s.seen = s.seen[:0]
	var face *typeface
	script := firstScript(runes)
	open := false // a line may end before the next character that is seen
	start := true // the next character opens a piece
	family, _ := familyOf(p.lang)
	for i, r := range runes {
		open = open || s.breaks[i]
		if vanishes(r) {
			start = start || r != 0xAD && r != 0x200B && r != 0x2060
			continue
		}
		sp := &text[spanOf[i]]
		lang := p.lang
		if sp.Lang != "" {
			lang = sp.Lang
		}
		if sc := language.LookupScript(r); sc.Strong() {
			script = sc
		}
		same := i > 0 && spanOf[i] == spanOf[i-1]
		if !same {
			family, _ = familyOf(lang)
		}
		fc, err := s.choose(r, family, bold || sp.Bold, face, same)
		if err != nil {
			if m, ok := err.(*MissingGlyphError); ok {
				m.Text, m.Lang = string(runes), lang
			}
			return nil, err
		}
		space := r == ' '
		if n := len(pieces); !start && n > 0 {
			q := &pieces[n-1]
			if fc == face && q.space == space && q.level == levels[i] && q.look == spanOf[i] && q.key.script == script && !tooLong(q, r, open) {
				if open && !space {
					q.inside = append(q.inside, inner{int(q.runes), endsSoft(runes[:i])})
				}
				s.seen = utf8.AppendRune(s.seen, r)
				q.hi = int32(len(s.seen))
				q.runes++
				open = false
				continue
			}
		}
		face = fc
		p.ascent, p.below = max(p.ascent, fc.ascent), max(p.below, fc.descent)
		q := piece{look: spanOf[i], level: levels[i], space: space, open: open, runes: 1, lo: int32(len(s.seen))}
		s.seen = utf8.AppendRune(s.seen, r)
		q.hi = int32(len(s.seen))
		q.key = wordKey{language: language.NewLanguage(lang), script: script, face: int8(fc.index), rtl: levels[i]&1 == 1}
		pieces = append(pieces, q)
		start, open = false, false
	}
	all := string(s.seen)
	for i := range pieces {
		pieces[i].text = all[pieces[i].lo:pieces[i].hi]
		pieces[i].key.text = pieces[i].text
	}
	for i := range pieces {
		q := &pieces[i]
		if q.key.rtl { // letters join across a change of look or font
			if i > 0 && joins(pieces[i-1].text, true) && joins(q.text, false) {
				q.key.before, _ = lastRune(pieces[i-1].text)
			}
			if i+1 < len(pieces) && joins(q.text, true) && joins(pieces[i+1].text, false) {
				q.key.after = []rune(pieces[i+1].text)[0]
			}
		}
		w := s.word(q.key, text[q.look].Personal)
		if w == nil {
			r, lang := s.culprit(q), p.lang
			if l := text[q.look].Lang; l != "" {
				lang = l
			}
			return nil, &MissingGlyphError{Text: string(runes), Rune: r, Lang: lang}
		}
		q.word = w
	}
	return pieces, nil
}

// tooLong ends a piece that has grown long: at a place where a line may end, or at last anywhere but before a mark, so
// that the cost of breaking a text without spaces stays in bounds.
func tooLong(q *piece, r rune, open bool) bool {
	return q.runes >= 48 && open || q.runes >= 400 && !unicode.Is(unicode.M, r) && r != 0x200C && r != 0x200D
}

// endsSoft tells whether a text ends with a soft hyphen.
func endsSoft(runes []rune) bool {
	for i := len(runes) - 1; i >= 0 && vanishes(runes[i]); i-- {
		if runes[i] == 0xAD {
			return true
		}
	}
	return false
}

func firstScript(runes []rune) language.Script {
	for _, r := range runes {
		if sc := language.LookupScript(r); sc.Strong() {
			return sc
		}
	}
	return language.Common
}

func lastRune(t string) (rune, bool) {
	r := []rune(t)
	if len(r) == 0 {
		return 0, false
	}
	return r[len(r)-1], true
}

// joins tells whether the last (or first) character of a piece is an Arabic letter or a mark or joiner of one.
func joins(t string, last bool) bool {
	runes := []rune(t)
	if len(runes) == 0 {
		return false
	}
	r := runes[0]
	if last {
		r = runes[len(runes)-1]
	}
	return r == 0x200D || unicode.Is(unicode.Arabic, r) && (unicode.IsLetter(r) || unicode.Is(unicode.M, r))
}

// culprit is the character of a piece that came out without a glyph.
func (s *setter) culprit(q *piece) rune {
	f, err := faceOf(int(q.key.face)/2, q.key.face%2 == 1)
	for _, r := range q.text {
		k := q.key
		k.text, k.before, k.after = string(r), 0, 0
		if err == nil && s.shaper.shape(f, k) == nil {
			return r
		}
	}
	r, _ := lastRune(q.text)
	return r
}

// word finds or shapes a word.
func (s *setter) word(k wordKey, personal bool) *word {
	cache := s.words
	if s.shared != nil && !personal {
		cache = s.shared
	}
	if w, ok := cache.words.get(k); ok {
		return w
	}
	f, err := faceOf(int(k.face)/2, k.face%2 == 1)
	if err != nil {
		return nil // cannot be: choose has loaded it
	}
	w := s.shaper.shape(f, k)
	if w == nil {
		return nil
	}
	k.text = strings.Clone(k.text)
	return cache.words.put(k, w, w.bytes()+2*len(k.text))
}

// choose finds the font of a character: that of the language if it has it, else Noto Sans, else that of the script of
// the character. Marks and joiners stay with the letter before them, spaces with the word before them.
func (s *setter) choose(r rune, fam int, bold bool, prev *typeface, sameSpan bool) (*typeface, error) {
	if prev != nil && sameSpan && (r == ' ' || r == 0x200C || r == 0x200D || r > 0x2FF && unicode.Is(unicode.M, r)) && prev.has(r) {
		return prev, nil
	}
	var failed error
	try := func(i int) *typeface {
		f, err := faceOf(i, bold)
		if err != nil {
			if failed == nil {
				failed = err
			}
			return nil
		}
		if f.has(r) {
			return f
		}
		return nil
	}
	if fam == hansFamily && r < 0x370 { // Latin letters, digits and ASCII signs in Chinese look better in Noto Sans
		if f := try(latinFamily); f != nil {
			return f, nil
		}
	}
	if f := try(fam); f != nil {
		return f, nil
	}
	if fam != latinFamily {
		if f := try(latinFamily); f != nil {
			return f, nil
		}
	}
	own := language.LookupScript(r)
	for i := range families {
		if i == fam || i == latinFamily || own.Strong() && !writes(families[i], own) {
			continue
		}
		if f := try(i); f != nil {
			return f, nil
		}
	}
	if failed != nil {
		return nil, failed
	}
	return nil, &MissingGlyphError{Rune: r}
}

// writes tells whether a family is made for the script of a character.
func writes(f family, s language.Script) bool {
	code := s.String()
	for _, c := range f.scripts {
		if strings.EqualFold(c, code) || c == "Hans" && strings.EqualFold(code, "Hani") || c == "Aran" && strings.EqualFold(code, "Arab") {
			return true
		}
	}
	return false
}
