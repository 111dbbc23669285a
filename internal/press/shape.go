package press

import (
	"strings"
	"sync"

	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
)

// A word is the smallest text that is shaped by itself and kept: what stands between two spaces, in one font, script,
// language and direction. Names change from page to page, the words around them do not. No font here lets a space take
// part in shaping, so this is the same as shaping whole runs: TestShapingOfRealTexts holds both against each other.
type word struct {
	face     *typeface
	glyphs   []glyph   // in visual order, left to right
	width    int       // 1/1000 em
	clusters []cluster // in the order of the text
}

// cluster is the smallest part of a word that a line may be cut at in an emergency.
type cluster struct {
	at    int // offset in the word, in runes
	width int
}

// glyph is a shape with the text that it stands for. Its text is found again by readers of the PDF, whatever they do
// with order, because
//   - left to right, a cluster of several glyphs is one composite glyph that stands for the whole cluster;
//   - right to left, each glyph stands for exactly one character; what a cluster has more (the alef of a lam-alef, a
//     mark) rides on blank glyphs of no width.
//
// Vertical offsets are baked into composites, so that all glyphs sit on one baseline.
type glyph struct {
	id      uint16 // blankGlyph for composites and carriers of text
	usual   bool   // text is what the typeface says of this glyph anyway
	dx      int16
	advance int16
	text    string
	parts   string // of a composite: glyph id, x, y for each, two bytes each, big-endian
}

const blankGlyph = 0xFFFF

// wordKey is all that the shape of a word depends on.
type wordKey struct {
	text          string
	language      language.Language
	script        language.Script
	before, after rune // neighbours that letters join with, across a change of font; mostly 0
	face          int8
	rtl           bool
}

// shaper shapes words; it belongs to one goroutine at a time.
type shaper struct {
	buffer *harfbuzz.Buffer
	runes  []rune
}

var shapers = sync.Pool{New: func() any { return &shaper{buffer: harfbuzz.NewBuffer()} }}

// shape answers with a nil word where the typeface lacks a glyph.
func (s *shaper) shape(face *typeface, k wordKey) *word {
	s.runes = s.runes[:0]
	if k.before != 0 {
		s.runes = append(s.runes, k.before)
	}
	lead := len(s.runes)
	for _, r := range k.text {
		s.runes = append(s.runes, r)
	}
	n := len(s.runes) - lead
	if k.after != 0 {
		s.runes = append(s.runes, k.after)
	}
	b := s.buffer
	b.Clear()
	b.Props = harfbuzz.SegmentProperties{
		Language:  k.language,
		Script:    k.script,
		Direction: harfbuzz.LeftToRight,
	}
	if k.rtl {
		b.Props.Direction = harfbuzz.RightToLeft
	}
	b.AddRunes(s.runes, lead, n)
	b.Shape(face.shaping, nil)
	for i := range b.Info {
		b.Info[i].Cluster -= lead
		if b.Info[i].Glyph == 0 {
			return nil
		}
	}
	w := &word{face: face, glyphs: make([]glyph, 0, len(b.Info)+2)}
	w.attach(b, s.runes[lead:lead+n], k.rtl)
	return w
}

// attach turns the shaped buffer into glyphs that carry the text.
func (w *word) attach(b *harfbuzz.Buffer, runes []rune, rtl bool) {
	info, pos := b.Info, b.Pos
	end := len(runes) // where the text of the cluster at hand ends
	for i := 0; i < len(info); {
		at := info[i].Cluster
		j := i + 1
		for j < len(info) && info[j].Cluster == at {
			j++
		}
		if !rtl {
			end = len(runes)
			if j < len(info) {
				end = info[j].Cluster
			}
		}
		before := w.width
		w.add(info[i:j], pos[i:j], runes[at:end], rtl)
		w.clusters = append(w.clusters, cluster{at, w.width - before})
		end = at
		i = j
	}
	if rtl {
		for a, z := 0, len(w.clusters)-1; a < z; a, z = a+1, z-1 {
			w.clusters[a], w.clusters[z] = w.clusters[z], w.clusters[a]
		}
	}
}

// add puts one cluster into the word.
func (w *word) add(info []harfbuzz.GlyphInfo, pos []harfbuzz.GlyphPosition, text []rune, rtl bool) {
	flat := true
	for k := range pos {
		flat = flat && pos[k].YOffset == 0
		w.width += int(pos[k].XAdvance)
	}
	if flat && len(info) == 1 && (len(text) == 1 || !rtl) {
		w.glyphs = append(w.glyphs, w.plain(info[0], pos[0], string(text)))
		return
	}
	if flat && !rtl && w.spells(info, string(text)) {
		for k := range info {
			w.glyphs = append(w.glyphs, w.plain(info[k], pos[k], w.face.text[info[k].Glyph]))
		}
		return
	}
	var ink glyph
	if flat && len(info) == 1 {
		ink = w.plain(info[0], pos[0], "")
	} else {
		pen := 0
		parts := make([]byte, 0, 6*len(info))
		for k := range info {
			if len(w.face.outline(int(info[k].Glyph))) > 0 {
				parts = be.AppendUint16(parts, uint16(info[k].Glyph))
				parts = be.AppendUint16(parts, uint16(int16(pen+int(pos[k].XOffset))))
				parts = be.AppendUint16(parts, uint16(int16(pos[k].YOffset)))
			}
			pen += int(pos[k].XAdvance)
		}
		ink = glyph{id: blankGlyph, advance: int16(pen), parts: string(parts)}
	}
	if rtl {
		for k := len(text) - 1; k > 0; k-- {
			w.glyphs = append(w.glyphs, glyph{id: blankGlyph, text: string(text[k])})
		}
		text = text[:1]
	}
	ink.text = string(text)
	ink.usual = ink.id != blankGlyph && ink.text == w.face.text[ink.id]
	w.glyphs = append(w.glyphs, ink)
}

func (w *word) plain(info harfbuzz.GlyphInfo, pos harfbuzz.GlyphPosition, text string) glyph {
	g := glyph{id: uint16(info.Glyph), dx: int16(pos.XOffset), advance: int16(pos.XAdvance), text: text}
	if usual := w.face.text[g.id]; usual == text {
		g.text, g.usual = usual, true // shares the string
	}
	return g
}

// spells tells whether the usual texts of the glyphs, one after the other, are the text.
func (w *word) spells(info []harfbuzz.GlyphInfo, text string) bool {
	for k := range info {
		t := w.face.text[info[k].Glyph]
		if t == "" || !strings.HasPrefix(text, t) {
			return false
		}
		text = text[len(t):]
	}
	return text == ""
}

// blank tells whether the word is spaces.
func (w *word) blank() bool {
	for i := range w.glyphs {
		if w.glyphs[i].text != " " {
			return false
		}
	}
	return true
}

// bytes is about what the word takes in memory.
func (w *word) bytes() int { return 320 + 48*len(w.glyphs) + 16*len(w.clusters) }
