package press

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
)

// Document is a PDF that is being written. It is used by one goroutine; the work behind it is done by several.
//
// A page goes through three stages: laid out by any worker (shaping, lines, flow), then in the order of the document
// given its place, its object numbers and its codes, then written and packed by any worker. Only a window of pages is
// under way at a time, so memory does not grow with the document.
type Document struct {
	o        Options
	pdf      *pdfWriter
	enc      *encoder
	fixed    fixedObjects
	words    *Cache
	texts    generations[string, *paragraph]
	pictures map[*Picture]int
	slots    *slots

	tasks   chan func(*setter)
	workers sync.WaitGroup
	pending *layoutChunk   // being filled by Add
	laying  []*layoutChunk // with the workers, in order
	writing []*emission    // with the workers, in order
	unit    *emission      // being filled with sheets
	sheet   *sheet         // being filled with pages, in an imposed document

	added    int
	sheets   int
	tree     int      // object number of the page tree node at hand
	trees    []uint32 // object numbers of all of them
	pageObjs []uint32 // of the sheets
	parents  []uint32 // objects of the parent tree, one for each sheet
	sections []uint32 // first elements of the Pages
	err      error
	closed   bool
}

const (
	chunkPages = 8
	treeFanout = 256
	wordMemo   = 8 << 20  // bytes of shaped words kept during a document
	textMemo   = 16 << 20 // bytes of itemised paragraphs
)

type layoutChunk struct {
	pages []Page
	laid  []*laid
	err   error
	done  chan struct{}
}

// New starts a document on w. Nothing is written yet but a few bytes into a buffer.
func New(w io.Writer, o Options) *Document {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Lang == "" {
		o.Lang = "nl"
	}
	d := &Document{
		o: o, pdf: newPDFWriter(w), enc: newEncoder(), pictures: map[*Picture]int{}, slots: o.Impose.slots(),
		words: NewCache(wordMemo), tasks: make(chan func(*setter), 8*o.Workers),
	}
	d.texts.limit = textMemo
	first := d.pdf.alloc(8)
	d.fixed = fixedObjects{first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7}
	return d
}

// newSetter makes what a worker lays out with.
func (d *Document) newSetter() *setter {
	return &setter{shaper: shapers.Get().(*shaper), words: d.words, shared: d.o.Cache, texts: &d.texts}
}

func (d *Document) work() {
	defer d.workers.Done()
	s := d.newSetter()
	defer func() { shapers.Put(s.shaper) }()
	for f := range d.tasks {
		f(s)
	}
}

// Add puts a page into the document. It must not be changed afterwards. Layout goes on in the background, at most a
// few dozen pages ahead; an error of this or an earlier page comes back as a *PageError from a later Add or from
// Close, after which the document is dead.
func (d *Document) Add(ctx context.Context, p Page) error {
	if d.err == nil {
		d.err = ctx.Err()
	}
	if d.err == nil && d.closed {
		d.err = errors.New("press: Add after Close")
	}
	if d.err != nil {
		return d.err
	}
	p = frameOf(p, &d.o)
	if d.slots != nil && !p.Whole && p.Size != d.slots.page {
		d.err = &PageError{d.added, &SizeError{Want: d.slots.page, Have: p.Size}}
		return d.err
	}
	if d.pending == nil {
		d.pending = &layoutChunk{done: make(chan struct{})}
	}
	d.pending.pages = append(d.pending.pages, p)
	d.added++
	if len(d.pending.pages) == chunkPages {
		d.layOut()
		for d.err == nil && len(d.laying) > 2*d.o.Workers {
			d.placeNext()
		}
	}
	return d.err
}

// layOut hands the pending pages to a worker.
func (d *Document) layOut() {
	c := d.pending
	if c == nil {
		return
	}
	if d.added <= chunkPages { // the first chunk
		for range d.o.Workers {
			d.workers.Add(1)
			go d.work()
		}
	}
	d.pending = nil
	first := d.added - len(c.pages)
	d.laying = append(d.laying, c)
	d.tasks <- func(s *setter) {
		defer close(c.done)
		for i := range c.pages {
			l, err := s.layPage(&c.pages[i])
			if err != nil {
				c.err = &PageError{first + i, err}
				return
			}
			l.index = first + i
			c.laid = append(c.laid, l)
		}
	}
}

// layPage turns a panic in a library, at a text that nobody thought of, into an error of this page.
func (s *setter) layPage(p *Page) (l *laid, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("press: layout failed: %v\n%s", r, debug.Stack())
		}
	}()
	return s.lay(p)
}

// placeNext takes the oldest laid pages and gives them their places.
func (d *Document) placeNext() {
	c := d.laying[0]
	d.laying = d.laying[1:]
	<-c.done
	for _, l := range c.laid {
		d.place(l)
		if d.err != nil {
			return
		}
	}
	if c.err != nil && d.err == nil {
		d.err = c.err
	}
}

// place is the one stage that runs in document order.
func (d *Document) place(l *laid) {
	p := &placed{laid: l, elements: d.pdf.alloc(len(l.elements))}
	d.sections = append(d.sections, uint32(p.elements))
	for _, c := range l.pages {
		s, x, y := d.spot(l, c.page)
		for i := range c.items {
			it := &c.items[i]
			switch it.kind {
			case textItem:
				it.encoded = d.enc.text(it.text)
			case pictureItem:
				it.pictureRef = d.embed(it.picture)
			}
		}
		s.places = append(s.places, place{page: c, of: p, x: x, y: y, first: s.marks})
		p.on = append(p.on, onSheet{pageObject: s.objects.page, first: s.marks, x: x, y: y, turned: s.turned, size: s.size})
		s.marks += len(c.marks)
		if c.page == len(l.pages)-1 {
			d.unit.whole = append(d.unit.whole, p)
		}
		if !d.o.TwoSided && (s.slots == nil || len(s.places) == len(s.slots.at)) {
			d.finishSheet()
		}
	}
	if d.o.Placed != nil {
		d.o.Placed(l.index, PageResult{Pages: len(l.pages), Scale: l.scale})
	}
}

// startSheet begins a sheet for a page of l, with its back in a two-sided document.
func (d *Document) startSheet(l *laid) *sheet {
	slots := d.slots
	if l.whole {
		slots = nil
	}
	s := d.newSheet(l.size, slots, 0)
	if d.o.TwoSided {
		s.back = d.newSheet(l.size, slots, 1)
		s.back.turned = slots != nil && s.size.Width > s.size.Height
	}
	d.sheet = s
	return s
}

// newSheet gives a sheet its numbers; after is how many are open before it.
func (d *Document) newSheet(size Size, slots *slots, after int) *sheet {
	if d.unit == nil { // its numbers in a block, so that they make few runs in the cross-reference table
		d.unit = &emission{fixed: d.fixed, done: make(chan struct{})}
		d.unit.contents = d.pdf.alloc(chunkPages)
		d.unit.pairs = d.pdf.alloc(2 * chunkPages)
	}
	if d.sheets%treeFanout == 0 {
		d.tree = d.pdf.alloc(1)
		d.trees = append(d.trees, uint32(d.tree))
	}
	k := len(d.unit.sheets) + after
	content, pair := d.unit.contents+k, d.unit.pairs+2*k
	s := &sheet{number: d.sheets, size: size, slots: slots, objects: sheetObjects{content: content, page: pair, parents: pair + 1, tree: d.tree}}
	if slots != nil {
		s.size, s.cuts = slots.sheet, slots.cutMarks()
	}
	d.sheets++
	d.pageObjs = append(d.pageObjs, uint32(s.objects.page))
	d.parents = append(d.parents, uint32(s.objects.parents))
	return s
}

func (d *Document) finishSheet() {
	if d.sheet == nil {
		return
	}
	d.unit.sheets = append(d.unit.sheets, d.sheet)
	if d.sheet.back != nil {
		d.unit.sheets = append(d.unit.sheets, d.sheet.back)
	}
	d.sheet = nil
	if len(d.unit.sheets) == chunkPages {
		d.emit()
	}
}

// emit hands the gathered sheets to a worker, and writes out what is ready.
func (d *Document) emit() {
	e := d.unit
	if e == nil || len(e.sheets) == 0 && len(e.whole) == 0 {
		return
	}
	d.unit = nil
	objects := 2 * len(e.sheets)
	for _, p := range e.whole {
		objects += len(p.laid.elements)
	}
	e.streams = d.pdf.alloc(streams(objects))
	d.writing = append(d.writing, e)
	d.tasks <- func(*setter) {
		defer close(e.done)
		defer func() {
			if r := recover(); r != nil {
				e.err = fmt.Errorf("press: writing failed: %v\n%s", r, debug.Stack())
			}
		}()
		e.run()
	}
	for len(d.writing) > d.o.Workers {
		d.drain()
	}
}

// drain writes the oldest emission.
func (d *Document) drain() {
	e := d.writing[0]
	d.writing = d.writing[1:]
	<-e.done
	if d.err == nil {
		d.err = e.err
	}
	if d.err != nil {
		return
	}
	for i, s := range e.sheets {
		d.pdf.compressed(s.objects.content, "", e.content[i])
	}
	for i, o := range e.objects {
		d.pdf.objects(e.streams+i, o)
	}
	d.err = d.pdf.err
}

// embed writes a picture at its first use.
func (d *Document) embed(p *Picture) int {
	n, ok := d.pictures[p]
	if !ok {
		n = p.embed(d.pdf)
		d.pictures[p] = n
	}
	return n
}

// Close finishes the document. It must be called, also after an error; it then gives that error again. What was
// written of a dead document is not a PDF.
func (d *Document) Close() error {
	if d.closed {
		return d.err
	}
	d.closed = true
	if d.err == nil {
		d.layOut()
	}
	for d.err == nil && len(d.laying) > 0 {
		d.placeNext()
	}
	if d.err == nil {
		d.finishSheet()
		d.emit()
	}
	for d.err == nil && len(d.writing) > 0 {
		d.drain()
	}
	close(d.tasks)
	d.workers.Wait()
	if d.err == nil && d.sheets == 0 {
		d.err = errors.New("press: a document without pages")
	}
	if d.err == nil {
		d.err = d.finish()
	}
	return d.err
}

// Sheets is the number of pages of the PDF; it is known after Close.
func (d *Document) Sheets() int { return d.sheets }

// finish writes what the pages share.
func (d *Document) finish() error {
	p, f := d.pdf, d.fixed
	fonts, err := d.writeFonts()
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("<</Font<<" + fonts + ">>/XObject<<")
	var numbers []int
	for _, n := range d.pictures {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		fmt.Fprintf(&b, "/X%d %d 0 R", n, n)
	}
	p.object(f.resources, b.String()+">>>>")

	for i, tree := range d.trees {
		from := i * treeFanout
		to := min(from+treeFanout, len(d.pageObjs))
		p.object(int(tree), fmt.Sprintf("<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>", f.pages, to-from, refs(d.pageObjs[from:to])))
	}
	p.object(f.pages, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(d.pageObjs), refs(d.trees)))

	p.object(f.structure, fmt.Sprintf("<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>", f.document, f.parents, len(d.parents)))
	p.object(f.document, fmt.Sprintf("<</S/Document/P %d 0 R/K[%s]>>", f.structure, refs(d.sections)))
	var leaves []uint32
	for from := 0; from < len(d.parents); from += treeFanout {
		to := min(from+treeFanout, len(d.parents))
		b.Reset()
		fmt.Fprintf(&b, "<</Limits[%d %d]/Nums[", from, to-1)
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "%d %d 0 R ", i, d.parents[i])
		}
		leaf := p.alloc(1)
		leaves = append(leaves, uint32(leaf))
		p.object(leaf, b.String()+"]>>")
	}
	p.object(f.parents, "<</Kids["+refs(leaves)+"]>>")

	info := "<</Title" + textString(d.o.Title) + "/Producer(Brug)"
	if d.o.Author != "" {
		info += "/Author" + textString(d.o.Author)
	}
	if !d.o.Created.IsZero() {
		info += "/CreationDate(" + d.o.Created.UTC().Format("D:20060102150405+00'00'") + ")"
	}
	p.object(f.info, info+">>")
	p.plainStream(f.metadata, "/Type/Metadata/Subtype/XML", d.xmp())
	p.object(f.root, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/Lang%s/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R/ViewerPreferences<</DisplayDocTitle true>>>>",
		f.pages, f.metadata, langString(d.o.Lang), f.structure))
	return p.finish(f.root, f.info)
}

func refs(numbers []uint32) string {
	b := make([]byte, 0, 8*len(numbers))
	for i, n := range numbers {
		if i > 0 {
			b = append(b, ' ')
		}
		b = appendRef(b, int(n))
	}
	return string(b)
}

// Measure lays a page out without printing it: how many pages it takes, and at which scale.
func Measure(o Options, p Page) (PageResult, error) {
	d := New(io.Discard, o)
	s := d.newSetter()
	defer shapers.Put(s.shaper)
	p = frameOf(p, &d.o)
	l, err := s.layPage(&p)
	if err != nil {
		return PageResult{}, err
	}
	return PageResult{Pages: len(l.pages), Scale: l.scale}, nil
}

// Check tells whether texts in a language can be printed: nil, a *MissingGlyphError or a *FontError. An editor asks it
// before a text is kept.
func Check(lang string, texts ...string) error {
	d := New(io.Discard, Options{Lang: lang})
	s := d.newSetter()
	defer shapers.Put(s.shaper)
	for _, t := range texts {
		if _, err := s.paragraph(T(t), lang, direction(Auto, lang) == RTL, false); err != nil {
			return err
		}
	}
	return nil
}
