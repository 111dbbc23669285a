package press

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"sort"
	"strconv"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// pdfWriter streams a PDF 1.7 out. Of what is written it keeps only where runs of objects lie: a few bytes a page.
type pdfWriter struct {
	w    *bufio.Writer
	off  int64
	hash hash.Hash // of all bytes so far: it becomes the /ID
	next int       // number of the next object
	runs []xrefRun
	open objectStream // small objects of the document itself
	err  error
}

// xrefRun says where objects first, first+1 … lie: at an offset (one object), or in a row in an object stream.
type xrefRun struct {
	first, count uint32
	stream       uint32 // 0: a plain object at offset at
	at           int64  // offset in the file, or index in the object stream
}

func newPDFWriter(w io.Writer) *pdfWriter {
	p := &pdfWriter{w: bufio.NewWriterSize(w, 1<<16), hash: sha256.New(), next: 1}
	p.write([]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"))
	return p
}

func (p *pdfWriter) write(b []byte) {
	if p.err != nil {
		return
	}
	p.hash.Write(b)
	p.off += int64(len(b))
	_, p.err = p.w.Write(b)
}

// alloc takes n object numbers and gives the first.
func (p *pdfWriter) alloc(n int) int {
	first := p.next
	p.next += n
	return first
}

// compressed writes a stream whose data is deflated already.
func (p *pdfWriter) compressed(number int, dict string, data []byte) {
	p.runs = append(p.runs, xrefRun{first: uint32(number), count: 1, at: p.off})
	head := strconv.AppendInt(nil, int64(number), 10)
	head = append(head, " 0 obj\n<<"...)
	head = append(head, dict...)
	head = append(head, "/Filter/FlateDecode/Length "...)
	head = strconv.AppendInt(head, int64(len(data)), 10)
	p.write(append(head, ">>stream\n"...))
	p.write(data)
	p.write([]byte("\nendstream\nendobj\n"))
}

func (p *pdfWriter) stream(number int, dict string, data []byte) {
	p.compressed(number, dict, deflate(data))
}

// plainStream is for data that is packed already (JPEG) or must stay readable (XMP).
func (p *pdfWriter) plainStream(number int, dict string, data []byte) {
	p.runs = append(p.runs, xrefRun{first: uint32(number), count: 1, at: p.off})
	p.write([]byte(fmt.Sprintf("%d 0 obj\n<<%s/Length %d>>stream\n", number, dict, len(data))))
	p.write(data)
	p.write([]byte("\nendstream\nendobj\n"))
}

// object puts a small object into the document's object stream.
func (p *pdfWriter) object(number int, body string) {
	p.open.add(number, []byte(body))
	if len(p.open.numbers) >= 200 {
		p.flushObjects()
	}
}

func (p *pdfWriter) flushObjects() {
	if len(p.open.numbers) > 0 {
		p.objects(p.alloc(1), p.open.pack(0, len(p.open.numbers)))
		p.open = objectStream{}
	}
}

// objects writes a packed object stream.
func (p *pdfWriter) objects(number int, o packedObjects) {
	p.compressed(number, fmt.Sprintf("/Type/ObjStm/N %d/First %d", o.count, o.first), o.data)
	for _, r := range o.runs {
		r.stream = uint32(number)
		p.runs = append(p.runs, r)
	}
}

// objectStream gathers small objects; packing it costs the most and can be done by any goroutine.
type objectStream struct {
	numbers []int
	ends    []int
	body    []byte
}

func (o *objectStream) add(number int, body []byte) {
	o.body = append(o.body, body...)
	o.end(number)
}

// end says that what was appended to body since the last end is this object.
func (o *objectStream) end(number int) {
	o.body = append(o.body, '\n')
	o.numbers = append(o.numbers, number)
	o.ends = append(o.ends, len(o.body))
}

type packedObjects struct {
	count, first int
	runs         []xrefRun
	data         []byte
}

// streamObjects is how many objects go into one stream: readers unpack it whole for each of them.
const streamObjects = 4000

// streams is how many streams so many objects take.
func streams(objects int) int { return (objects + streamObjects - 1) / streamObjects }

// pack deflates objects from up to to.
func (o *objectStream) pack(from, to int) packedObjects {
	var head []byte
	p := packedObjects{count: to - from}
	start := 0
	if from > 0 {
		start = o.ends[from-1]
	}
	at := start
	for i, n := range o.numbers[from:to] {
		head = strconv.AppendInt(head, int64(n), 10)
		head = append(head, ' ')
		head = strconv.AppendInt(head, int64(at-start), 10)
		head = append(head, ' ')
		at = o.ends[from+i]
		if k := len(p.runs); k > 0 && p.runs[k-1].first+p.runs[k-1].count == uint32(n) {
			p.runs[k-1].count++
			continue
		}
		p.runs = append(p.runs, xrefRun{first: uint32(n), count: 1, at: int64(i)})
	}
	p.first = len(head)
	p.data = deflate(append(head, o.body[start:at]...))
	return p
}

// finish writes the cross-reference stream and the end of the file.
func (p *pdfWriter) finish(root, info int) error {
	p.flushObjects()
	number := p.alloc(1)
	start := p.off
	p.runs = append(p.runs, xrefRun{first: uint32(number), count: 1, at: start})
	sort.Slice(p.runs, func(a, b int) bool { return p.runs[a].first < p.runs[b].first })

	var packed bytes.Buffer
	z := deflaters.Get().(*zlib.Writer)
	z.Reset(&packed)
	const width = 1 + 5 + 2
	rows := make([]byte, 0, 1<<15)
	var before [width]byte
	row := func(kind byte, field int64, index uint16) {
		var now [width]byte
		now[0] = kind
		now[1] = byte(field >> 32)
		be.PutUint32(now[2:], uint32(field))
		be.PutUint16(now[6:], index)
		rows = append(rows, 2) // PNG predictor: difference to the row above
		for i := range now {
			rows = append(rows, now[i]-before[i])
		}
		before = now
		if len(rows) > 1<<14 {
			z.Write(rows) // a bytes.Buffer takes all
			rows = rows[:0]
		}
	}
	expect := uint32(0)
	for _, r := range p.runs {
		for ; expect < r.first; expect++ { // number 0, and numbers that were taken and not needed
			row(0, 0, 65535)
		}
		for i := range r.count {
			if r.stream == 0 {
				row(1, r.at, 0)
			} else {
				row(2, int64(r.stream), uint16(r.at+int64(i)))
			}
		}
		expect = r.first + r.count
	}
	z.Write(rows)
	z.Close()
	deflaters.Put(z)

	id := fmt.Sprintf("%x", p.hash.Sum(nil)[:16])
	p.compressed(number, fmt.Sprintf("/Type/XRef/Size %d/W[1 5 2]/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]/DecodeParms<</Predictor 12/Columns %d>>",
		p.next, root, info, id, id, width), packed.Bytes())
	p.write([]byte(fmt.Sprintf("startxref\n%d\n%%%%EOF\n", start)))
	if p.err != nil {
		return p.err
	}
	return p.w.Flush()
}

// Level 5 of this library is twice as fast as the standard library's 6 and no larger.
var deflaters = sync.Pool{New: func() any {
	z, err := zlib.NewWriterLevel(io.Discard, 5)
	if err != nil {
		panic(err) // the level is right
	}
	return z
}}

func deflate(data []byte) []byte {
	out := bytes.NewBuffer(make([]byte, 0, len(data)/3+64))
	z := deflaters.Get().(*zlib.Writer)
	z.Reset(out)
	z.Write(data) // a bytes.Buffer takes all
	z.Close()
	deflaters.Put(z)
	return out.Bytes()
}

// textString is a text for people as a PDF string.
func textString(s string) string {
	return string(append(appendUTF16([]byte("<FEFF"), s), '>'))
}

// langString is a language tag as a PDF string; what cannot stand in a tag is left out.
func langString(tag string) string {
	b := []byte{'('}
	for i := range len(tag) {
		switch c := tag[i]; {
		case c == '_':
			b = append(b, '-')
		case c == '-', c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
			b = append(b, c)
		}
	}
	return string(append(b, ')'))
}
