package press

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// writeFonts writes the subsets and gives the entries of the font resources.
func (d *Document) writeFonts() (string, error) {
	type packed struct{ file, codes, glyphs []byte }
	done := make([]packed, len(d.enc.subsets))
	length := make([]int, len(d.enc.subsets))
	var wg sync.WaitGroup
	slot := make(chan struct{}, d.o.Workers)
	for i, s := range d.enc.subsets {
		wg.Add(1)
		go func() {
			defer wg.Done()
			slot <- struct{}{}
			defer func() { <-slot }()
			file, glyphOf := s.cut()
			length[i] = len(file)
			ids := make([]byte, 0, 2*len(glyphOf))
			for _, g := range glyphOf {
				ids = be.AppendUint16(ids, g)
			}
			done[i] = packed{deflate(file), deflate(s.toUnicode()), deflate(ids)}
		}()
	}
	wg.Wait()
	var entries strings.Builder
	p := d.pdf
	for i, s := range d.enc.subsets {
		f := s.face
		n := p.alloc(6)
		font, cid, descriptor, file, codes, glyphs := n, n+1, n+2, n+3, n+4, n+5
		fmt.Fprintf(&entries, "/F%d %d 0 R", i, font)
		name := s.tag() + "+" + f.name
		p.compressed(file, "/Length1 "+strconv.Itoa(length[i]), done[i].file)
		p.compressed(codes, "", done[i].codes)
		p.compressed(glyphs, "", done[i].glyphs)
		p.object(font, fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", name, cid, codes))
		widths := make([]byte, 0, 4*len(s.advance))
		for _, a := range s.advance {
			widths = append(strconv.AppendInt(widths, int64(a), 10), ' ')
		}
		p.object(cid, fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap %d 0 R/DW 1000/W[0[%s]]>>",
			name, descriptor, glyphs, widths))
		stem := 80
		if strings.HasSuffix(f.name, "Bold") {
			stem = 140
		}
		p.object(descriptor, fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight 714/StemV %d/FontFile2 %d 0 R>>",
			name, f.bbox[0], f.bbox[1], f.bbox[2], f.bbox[3], f.ascent, -f.descent, stem, file))
	}
	return entries.String(), p.err
}

// tag is the six letters by which readers tell subsets of one font apart.
func (s *subset) tag() string {
	h := uint32(2166136261)
	for c, g := range s.glyphs {
		h = (h ^ uint32(g)) * 16777619
		for i := range len(s.parts[c]) {
			h = (h ^ uint32(s.parts[c][i])) * 16777619
		}
	}
	var tag [6]byte
	for i := range tag {
		tag[i] = 'A' + byte(h%26)
		h /= 26
	}
	return string(tag[:])
}

// xmp is the metadata that screen readers and archives look at.
func (d *Document) xmp() []byte {
	esc := func(s string) string {
		var b strings.Builder
		if err := xml.EscapeText(&b, []byte(s)); err != nil {
			return ""
		}
		return b.String()
	}
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">`)
	fmt.Fprintf(&b, `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>`, esc(d.o.Title))
	if d.o.Author != "" {
		fmt.Fprintf(&b, `<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>`, esc(d.o.Author))
	}
	fmt.Fprintf(&b, `<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>`, esc(d.o.Lang))
	if !d.o.Created.IsZero() {
		fmt.Fprintf(&b, `<xmp:CreateDate>%s</xmp:CreateDate>`, d.o.Created.UTC().Format("2006-01-02T15:04:05+00:00"))
	}
	b.WriteString(`<pdf:Producer>Brug</pdf:Producer></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`)
	return []byte(b.String())
}
