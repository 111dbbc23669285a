package press

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype/tables"
	"github.com/go-text/typesetting/harfbuzz"
	"golang.org/x/text/unicode/norm"
)

// typeface is one parsed font: what shaping needs, what the subset is cut from, and the text that each glyph stands
// for. It is immutable and safe for concurrent use.
type typeface struct {
	index  int    // in loaded; names the font in the PDF
	name   string // "NotoSans-Regular"
	tables map[string][]byte
	glyphs int // number of glyphs

	cmap    font.Cmap
	covers  [1024]uint64 // the characters of the basic plane that the font has by themselves
	shaping *harfbuzz.Font

	advance []uint16 // by glyph id, 1/1000 em
	ascent  int      // above the baseline, 1/1000 em
	descent int      // below the baseline, positive
	bbox    [4]int16
	text    []string // by glyph id: the text that it usually stands for, "" if none is known
}

// The tables that shaping reads. Parsing only these saves half the time: outlines are read only for the subset.
var shapingTables = map[string]bool{
	"cmap": true, "head": true, "maxp": true, "hhea": true, "hmtx": true, "OS/2": true,
	"GDEF": true, "GSUB": true, "GPOS": true, "kern": true,
}

var be = binary.BigEndian

func parseTypeface(index int, name string, raw []byte) (*typeface, error) {
	t := &typeface{index: index, name: name, tables: map[string][]byte{}}
	if len(raw) < 12 {
		return nil, errors.New("is too short")
	}
	count := int(be.Uint16(raw[4:]))
	if len(raw) < 12+16*count {
		return nil, errors.New("is cut off")
	}
	shaping := map[string][]byte{}
	for i := range count {
		e := raw[12+16*i:]
		tag, off, length := string(e[:4]), uint64(be.Uint32(e[8:])), uint64(be.Uint32(e[12:]))
		if off+length > uint64(len(raw)) {
			return nil, fmt.Errorf("table %s is cut off", tag)
		}
		t.tables[tag] = raw[off : off+length]
		if shapingTables[tag] {
			shaping[tag] = t.tables[tag]
		}
	}
	for _, tag := range []string{"cmap", "head", "maxp", "hhea", "hmtx", "loca", "glyf"} {
		if len(t.tables[tag]) == 0 {
			return nil, fmt.Errorf("has no table %s", tag)
		}
	}
	head, hhea := t.tables["head"], t.tables["hhea"]
	if len(head) < 54 || len(hhea) < 36 || len(t.tables["maxp"]) < 32 {
		return nil, errors.New("has a damaged header")
	}
	if upem := be.Uint16(head[18:]); upem != 1000 {
		return nil, fmt.Errorf("has %d units per em, press is made for 1000", upem)
	}
	t.glyphs = int(be.Uint16(t.tables["maxp"][4:]))
	for i := range t.bbox {
		t.bbox[i] = int16(be.Uint16(head[36+2*i:]))
	}
	t.ascent, t.descent = int(int16(be.Uint16(hhea[4:]))), -int(int16(be.Uint16(hhea[6:])))

	metrics := int(be.Uint16(hhea[34:]))
	if metrics == 0 || len(t.tables["hmtx"]) < 4*metrics+2*(t.glyphs-metrics) {
		return nil, errors.New("has damaged widths")
	}
	if n := len(t.tables["loca"]); n < (t.glyphs+1)*2*(1+int(head[51])) {
		return nil, errors.New("has damaged outlines")
	}
	t.advance = make([]uint16, t.glyphs)
	for g := range t.advance {
		t.advance[g] = be.Uint16(t.tables["hmtx"][4*min(g, metrics-1):])
	}
	face, err := font.ParseTTF(bytes.NewReader(sfnt(shaping)))
	if err != nil {
		return nil, err
	}
	t.cmap = face.Cmap
	t.shaping = harfbuzz.NewFont(face)
	t.nameGlyphs(face.Font)
	return t, nil
}

// has tells whether the font has a glyph for the character, by itself or put together from base and marks.
func (t *typeface) has(r rune) bool {
	if r < 0x10000 && t.covers[r>>6]&(1<<(r&63)) != 0 {
		return true
	}
	if _, ok := t.cmap.Lookup(r); ok {
		return true
	}
	if r < 0xC0 {
		return false
	}
	parts := norm.NFD.String(string(r))
	if parts == string(r) {
		return false
	}
	for _, p := range parts {
		if _, ok := t.cmap.Lookup(p); !ok {
			return false
		}
	}
	return true
}

// nameGlyphs finds the text of each glyph: the character that maps to it, else what the substitutions that lead to it
// stand for (forms, ligatures), else a presentation form taken apart.
func (t *typeface) nameGlyphs(f *font.Font) {
	t.text = make([]string, t.glyphs)
	first := make([]rune, t.glyphs) // the lowest character, real ones before compatibility forms
	const formal = 0x200000
	rank := func(r rune) rune {
		switch {
		case r >= 0xFB1D && r <= 0xFDFF, r >= 0xFE70 && r <= 0xFEFF, r >= 0xE000 && r <= 0xFAFF,
			r == 0xA0, r == 0xAD, r >= 0x2E80 && r <= 0x2FDF:
			return r + formal
		}
		return r
	}
	for it := f.Cmap.Iter(); it.Next(); {
		r, g := it.Char()
		if g != 0 && r >= 0 && r < 0x10000 {
			t.covers[r>>6] |= 1 << (r & 63)
		}
		if int(g) < t.glyphs && r >= 0x20 && (first[g] == 0 || rank(r) < rank(first[g])) {
			first[g] = r
		}
	}
	for g, r := range first {
		if r != 0 && rank(r) < formal {
			t.text[g] = string(r)
		}
	}
	name := func(g tables.GlyphID, s string) bool {
		if int(g) >= t.glyphs || t.text[g] != "" || s == "" || len(s) > 60 {
			return false
		}
		t.text[g] = s
		return true
	}
	for changed, pass := true, 0; changed && pass < 6; pass++ {
		changed = false
		for _, lookup := range f.GSUB.Lookups {
			for _, sub := range lookup.Subtables {
				if t.follow(sub, name) {
					changed = true
				}
			}
		}
	}
	for g, r := range first {
		if r != 0 && t.text[g] == "" {
			t.text[g] = strings.TrimLeft(norm.NFKC.String(string(r)), " ")
		}
	}
}

// follow names the glyphs that a substitution leads to and tells whether it named any.
func (t *typeface) follow(sub tables.GSUBLookup, name func(tables.GlyphID, string) bool) (changed bool) {
	text := func(g tables.GlyphID) string {
		if int(g) < len(t.text) {
			return t.text[g]
		}
		return ""
	}
	switch s := sub.(type) {
	case tables.SingleSubs:
		switch d := s.Data.(type) {
		case tables.SingleSubstData1:
			eachCovered(d.Coverage, func(g tables.GlyphID, _ int) {
				changed = name(g+tables.GlyphID(d.DeltaGlyphID), text(g)) || changed
			})
		case tables.SingleSubstData2:
			eachCovered(d.Coverage, func(g tables.GlyphID, i int) {
				if i < len(d.SubstituteGlyphIDs) {
					changed = name(d.SubstituteGlyphIDs[i], text(g)) || changed
				}
			})
		}
	case tables.LigatureSubs:
		eachCovered(s.Coverage, func(g tables.GlyphID, i int) {
			if i >= len(s.LigatureSets) || text(g) == "" {
				return
			}
		ligature:
			for _, l := range s.LigatureSets[i].Ligatures {
				if text(l.LigatureGlyph) != "" {
					continue
				}
				whole := text(g)
				for _, c := range l.ComponentGlyphIDs {
					if text(c) == "" {
						continue ligature
					}
					whole += text(c)
				}
				changed = name(l.LigatureGlyph, whole) || changed
			}
		})
	case tables.MultipleSubs:
		eachCovered(s.Coverage, func(g tables.GlyphID, i int) {
			if i < len(s.Sequences) && len(s.Sequences[i].SubstituteGlyphIDs) > 0 {
				changed = name(s.Sequences[i].SubstituteGlyphIDs[0], text(g)) || changed
			}
		})
	}
	return changed
}

// eachCovered calls f with each glyph of a coverage table and its index there.
func eachCovered(c tables.Coverage, f func(g tables.GlyphID, index int)) {
	switch c := c.(type) {
	case tables.Coverage1:
		for i, g := range c.Glyphs {
			f(g, i)
		}
	case tables.Coverage2:
		for _, r := range c.Ranges {
			for g := int(r.StartGlyphID); g <= int(r.EndGlyphID); g++ {
				f(tables.GlyphID(g), int(r.StartCoverageIndex)+g-int(r.StartGlyphID))
			}
		}
	}
}

// outline is the range of a glyph in the table glyf; empty for a glyph without ink.
func (t *typeface) outline(g int) []byte {
	loca, glyf := t.tables["loca"], t.tables["glyf"]
	var a, b int
	if t.tables["head"][51] == 0 {
		a, b = 2*int(be.Uint16(loca[2*g:])), 2*int(be.Uint16(loca[2*g+2:]))
	} else {
		a, b = int(be.Uint32(loca[4*g:])), int(be.Uint32(loca[4*g+4:]))
	}
	if a >= b || b > len(glyf) || b-a < 12 {
		return nil
	}
	return glyf[a:b]
}
