package press

import "strconv"

// sheet is one page of the PDF: one page of a Page, or several in an imposed document.
type sheet struct {
	number  int
	size    Size
	objects sheetObjects
	places  []place
	marks   int
	cuts    []byte // cut marks
	slots   *slots // nil: one page fills it

	back      *sheet // of a front in a two-sided document
	backTaken bool   // of a front: something stands behind its latest page
	turned    bool   // stands on its head
}

// sheetObjects are the object numbers of a sheet.
type sheetObjects struct{ content, page, parents, tree int }

// place is a page of a Page on a sheet.
type place struct {
	page  *canvas
	of    *placed
	x, y  float64
	first int // added to the numbers of its marked content
}

// placed is a laid Page and where it stands.
type placed struct {
	laid     *laid
	elements int // object number of the first element
	on       []onSheet
}

// onSheet says where a page of a Page stands.
type onSheet struct {
	pageObject int
	first      int // of its marked content
	x, y       float64
	turned     bool // the sheet stands on its head
	size       Size // of the sheet
}

// box is where a box of the page stands on the sheet.
func (o *onSheet) box(b [4]float64) (x0, y0, x1, y1 float64) {
	x0, y0, x1, y1 = b[0]+o.x, b[1]+o.y, b[2]+o.x, b[3]+o.y
	if o.turned {
		x0, y0, x1, y1 = o.size.Width-x1, o.size.Height-y1, o.size.Width-x0, o.size.Height-y0
	}
	return x0, y0, x1, y1
}

// emission is the work of one goroutine: the contents and small objects of some sheets.
type emission struct {
	sheets []*sheet
	whole  []*placed // Pages whose last page is among these sheets
	fixed  fixedObjects

	streams         int // object number of the first object stream
	contents, pairs int // first of the contents, and of the pairs of page and its parents

	content [][]byte
	objects []packedObjects
	done    chan struct{}
	err     error
}

// fixedObjects are the objects that all pages point to.
type fixedObjects struct{ root, info, pages, resources, metadata, structure, document, parents int }

// run writes and packs the contents and objects.
func (e *emission) run() {
	var b []byte
	for _, s := range e.sheets {
		b = s.write(b[:0])
		e.content = append(e.content, deflate(b))
	}
	var o objectStream
	for _, s := range e.sheets {
		s.writeObjects(&o, e.fixed)
	}
	for _, p := range e.whole {
		p.writeElements(&o, e.fixed)
	}
	for from := 0; from < len(o.numbers); from += streamObjects {
		e.objects = append(e.objects, o.pack(from, min(from+streamObjects, len(o.numbers))))
	}
}

func (s *sheet) write(b []byte) []byte {
	if len(s.cuts) > 0 {
		b = append(append(append(b, "/Artifact BMC\n"...), s.cuts...), "EMC\n"...)
	}
	if s.turned {
		b = append(appendNumbers(append(b, "q -1 0 0 -1 "...), s.size.Width, s.size.Height), "cm\n"...)
	}
	for i := range s.places {
		p := &s.places[i]
		moved := p.x != 0 || p.y != 0
		if moved {
			b = append(appendNumbers(append(b, "q 1 0 0 1 "...), p.x, p.y), "cm\n"...)
		}
		b = p.write(b)
		if moved {
			b = append(b, "Q\n"...)
		}
	}
	if s.turned {
		b = append(b, "Q\n"...)
	}
	return b
}

func (p *place) write(b []byte) []byte {
	for i := range p.page.items {
		it := &p.page.items[i]
		if it.mark < 0 {
			b = append(b, "/Artifact BMC\n"...)
		} else {
			b = append(append(b, '/'), p.page.marks[it.mark].tag...)
			b = append(b, "<</MCID "...)
			b = strconv.AppendInt(b, int64(p.first+it.mark), 10)
			b = append(b, ">>BDC\n"...)
		}
		switch it.kind {
		case inkItem:
			b = append(b, it.ops...)
		case textItem:
			b = it.writeText(b)
		case pictureItem:
			if it.round {
				b = it.writeRound(b)
			} else {
				b = appendNumbers(append(b, "q "...), it.w, 0, 0, it.h, it.x, it.y)
			}
			b = append(b, "cm/X"...)
			b = strconv.AppendInt(b, int64(it.pictureRef), 10)
			b = append(b, " Do Q\n"...)
		case qrItem:
			b = it.writeQR(b)
		}
		b = append(b, "EMC\n"...)
	}
	return b
}

func (it *item) writeText(b []byte) []byte {
	n := it.text
	baseline := it.y - n.baseline()
	ink := n.ink
	b = appendColor(b, ink, false)
	b = append(b, "BT\n"...)
	font := -1
	for i, l := range n.lines {
		x := it.x + offset(n.width, float64(l.width)/1000*n.size, n.align, n.par.rtl)
		if n.par.rtl {
			x -= float64(l.trail) / 1000 * n.size
		}
		b = appendNumbers(append(b, "1 0 0 1 "...), x, baseline-float64(i)*n.leading)
		b = append(b, "Tm"...)
		for _, r := range it.encoded[i] {
			look := n.par.looks[r.look]
			want := n.ink
			if look.color != 0 {
				want = look.color
			}
			if want != ink {
				b = appendColor(append(b, ' '), want, false)
				ink = want
			}
			if look.lang != "" && it.mark >= 0 {
				b = append(append(append(b, "/Span<</Lang"...), langString(look.lang)...), ">>BDC"...)
			}
			if r.font != font {
				font = r.font
				b = strconv.AppendInt(append(b, "/F"...), int64(font), 10)
				b = appendNumber(append(b, ' '), n.size)
				b = append(b, " Tf"...)
			}
			b = append(append(append(b, '['), r.tj...), "]TJ"...)
			if look.lang != "" && it.mark >= 0 {
				b = append(b, " EMC"...)
			}
		}
		b = append(b, '\n')
	}
	return append(b, "ET\n"...)
}

// quietZone is the white edge of a QR code in modules, as ISO/IEC 18004 asks.
const quietZone = 4

// writeQR paints the code on white as a picture of one bit a module.
func (it *item) writeQR(b []byte) []byte {
	code := it.code.code
	n := code.Size
	module := it.w / float64(n+2*quietZone)
	b = append(appendNumbers(append(b, "q 1 g "...), it.x, it.y, it.w, it.h), "re f "...)
	b = strconv.AppendFloat(b, module*float64(n), 'f', 4, 64)
	b = append(b, " 0 0 "...)
	b = strconv.AppendFloat(b, module*float64(n), 'f', 4, 64)
	b = appendNumbers(append(b, ' '), it.x+quietZone*module, it.y+quietZone*module)
	b = append(b, "cm 0 g BI/W "...)
	b = strconv.AppendInt(b, int64(n), 10)
	b = append(b, "/H "...)
	b = strconv.AppendInt(b, int64(n), 10)
	b = append(b, "/BPC 1/IM true/D[1 0] ID "...)
	for y := range n {
		for x := 0; x < n; x += 8 {
			v := byte(0)
			for k := range min(8, n-x) {
				if code.Black(x+k, y) {
					v |= 0x80 >> k
				}
			}
			b = append(b, v)
		}
	}
	return append(b, "\nEI Q\n"...)
}

func (s *sheet) writeObjects(o *objectStream, fixed fixedObjects) {
	b := append(o.body, "<</Type/Page/Parent "...)
	b = appendRef(b, s.objects.tree)
	b = append(b, "/MediaBox[0 0 "...)
	b = append(appendNumbers(b, s.size.Width, s.size.Height), "]/Resources "...)
	b = appendRef(b, fixed.resources)
	b = appendRef(append(b, "/Contents "...), s.objects.content)
	b = strconv.AppendInt(append(b, "/StructParents "...), int64(s.number), 10)
	o.body = append(b, "/Tabs/S>>"...)
	o.end(s.objects.page)

	b = append(o.body, '[')
	for i := range s.places {
		p := &s.places[i]
		for _, e := range p.page.marks {
			b = append(appendRef(b, p.of.elements+e.index), ' ')
		}
	}
	o.body = append(b, ']')
	o.end(s.objects.parents)
}

// writeElements writes the structure of one Page, as read aloud.
func (p *placed) writeElements(o *objectStream, fixed fixedObjects) {
	for i, e := range p.laid.elements {
		b := append(append(append(o.body, "<</S/"...), e.tag...), "/P "...)
		if e.parent == nil {
			b = appendRef(b, fixed.document)
		} else {
			b = appendRef(b, p.elements+e.parent.index)
		}
		if e.lang != "" {
			b = append(append(b, "/Lang"...), langString(e.lang)...)
		}
		if e.alt != "" {
			b = append(appendUTF16(append(b, "/Alt<FEFF"...), e.alt), '>')
		}
		switch e.tag {
		case "L":
			b = append(b, "/A<</O/List/ListNumbering/Decimal>>"...)
		case "TH":
			b = append(b, "/A<</O/Table/Scope/Column>>"...)
		case "Figure":
			if len(e.marks) > 0 {
				on := p.on[e.marks[0].page]
				b = append(b, "/A<</O/Layout/Placement/Block/BBox["...)
				x0, y0, x1, y1 := on.box(e.box)
				b = appendNumbers(b, x0, y0, x1, y1)
				b = append(b, "]>>"...)
			}
		}
		if len(e.marks) > 0 {
			b = appendRef(append(b, "/Pg "...), p.on[e.marks[0].page].pageObject)
		}
		b = append(b, "/K["...)
		for _, m := range e.marks {
			on := p.on[m.page]
			if m.page == e.marks[0].page {
				b = append(strconv.AppendInt(b, int64(on.first+m.mark), 10), ' ')
				continue
			}
			b = appendRef(append(b, "<</Type/MCR/Pg "...), on.pageObject)
			b = append(strconv.AppendInt(append(b, "/MCID "...), int64(on.first+m.mark), 10), ">>"...)
		}
		for _, k := range e.kids {
			b = append(appendRef(b, p.elements+k.index), ' ')
		}
		o.body = append(b, "]>>"...)
		o.end(p.elements + i)
	}
}

func appendRef(b []byte, number int) []byte {
	return append(strconv.AppendInt(b, int64(number), 10), " 0 R"...)
}
