// Package press prints: it turns a small description of pages into a tagged PDF in every script that families read.
//
// It is called by the layouts of the floors above (slips, letters, posters, lists) and by the command line. A layout
// says what stands on a page (headings, questions, pictures, a QR code, rows, tables) and in which language; press
// shapes the text, breaks lines, orders right-to-left and mixed text, shrinks or flows what does not fit, and streams
// the result out, page by page, with memory that does not grow with the number of pages.
//
// What it promises:
//   - Text is shaped as HarfBuzz shapes it and ordered by UAX #9; no replacement box is ever printed: a character that
//     no font has is a *MissingGlyphError that names the text and the character.
//   - Nothing overlaps and nothing is cut off. What cannot fit anywhere is a *TooTallError.
//   - The same pages give the same bytes, whatever the number of workers, the machine or the clock.
//   - The PDF carries its structure (headings, lists, tables, figures with their alternative text, language of every
//     part), and its text can be copied out and searched.
//
// All lengths are PostScript points (1/72 inch); write 12*press.MM for millimetres. Languages are BCP 47 tags ("nl",
// "fa-AF"). The package owns no tables, reads no files but its embedded fonts (see fonts/README.md), and never asks the
// clock.
//
//	doc := press.New(w, press.Options{Title: "Briefjes", Lang: "nl", Created: job.Created})
//	for _, family := range families {
//		err := doc.Add(ctx, press.Page{Size: press.A4, Lang: family.Lang, Blocks: blocks})
//		…
//	}
//	err := doc.Close()
package press

import (
	"time"
)

// MM is one millimetre in points.
const MM = 72 / 25.4

// Size is a sheet of paper in points.
type Size struct{ Width, Height float64 }

// The ISO sizes, portrait. The zero Size of a Page means A4.
var (
	A3 = Size{297 * MM, 420 * MM}
	A4 = Size{210 * MM, 297 * MM}
	A5 = Size{148 * MM, 210 * MM}
	A6 = Size{105 * MM, 148 * MM}
)

// Landscape is the same sheet on its long side.
func (s Size) Landscape() Size {
	return Size{max(s.Width, s.Height), min(s.Width, s.Height)}
}

// Margins are the empty edges of a page. Start is where a line of the page's language starts: left in Dutch, right in
// Arabic.
type Margins struct{ Top, End, Bottom, Start float64 }

// Margin is the same margin on all four sides.
func Margin(m float64) Margins { return Margins{m, m, m, m} }

// Dir is the direction of a text.
type Dir int8

// Auto takes the direction of the language.
const (
	Auto Dir = iota
	LTR
	RTL
)

// Align places lines, pictures and codes in their column. Start and End follow the direction of the text; PageStart and
// PageEnd that of the page, for a Dutch name beside the logo of an Arabic page.
type Align int8

// Alignments of what is narrower than its column.
const (
	Start Align = iota
	Center
	End
	PageStart
	PageEnd
)

// VAlign places the content of a cell in the height of its row.
type VAlign int8

// Vertical alignments.
const (
	Top VAlign = iota
	Middle
	Bottom
)

// Color is an RGB colour; the zero Color means "as usual here" (ink for text, none for a fill).
type Color uint32

// RGB makes a Color from a number such as 0x0E4A4A.
func RGB(hex uint32) Color { return Color(hex&0xFFFFFF | 1<<24) }

// Options are the facts of a whole document.
type Options struct {
	Title   string    // shown as the window title, and read out first
	Lang    string    // BCP 47 tag of the document as a whole; pages and blocks name their own
	Author  string    // usually the school
	Created time.Time // when the job was made; zero leaves the date out. Never the clock: bytes must not depend on it.

	// Workers is how many goroutines lay out and compress; 0 means one per processor. The bytes do not depend on it.
	Workers int

	// Impose puts several pages on each sheet; zero is one page per sheet.
	Impose Imposition

	// TwoSided is for a printer that turns the paper on its long edge: every Page begins on a front (unless it is Behind
	// the one before), goes on at the back of that, and what stands behind a card in an imposed document lies behind it
	// when the sheet is cut. Each front of the document is followed by its back, an empty one if need be.
	TwoSided bool

	// Cache keeps shaped words between documents. It may be nil: then nothing outlives the document. Spans marked
	// Personal never enter it.
	Cache *Cache

	// Placed, if set, is told in order, from within Add or Close, how each page came out: index counts the calls of Add.
	Placed func(index int, r PageResult)
}

// PageResult tells how a Page came out.
type PageResult struct {
	Pages int     // pages that it took, at least 1
	Scale float64 // size of the text against what was asked, at most 1
}

// Imposition says how pages are put on sheets of A4.
type Imposition int8

// The impositions. Every Page of an imposed document must have the size that fits, else Add answers with a *SizeError.
const (
	Single Imposition = iota
	TwoUp             // two A5 portrait pages on A4 landscape, with cut marks
	FourUp            // four A6 portrait pages on A4 portrait, with cut marks
)

// Page describes what is to be printed for one reader: one page if it fits, more if it must.
type Page struct {
	Size    Size    // zero is A4 portrait
	Margins Margins // zero is 18 mm all round on A4 and A3, 12 mm on A5, 8 mm on A6
	Lang    string  // "" is that of the document
	Dir     Dir     // Auto is that of Lang

	Blocks []Block // the text, top to bottom
	Footer []Block // stands at the foot of the first page
	Header []Block // stands on top of the second and later pages, if there are any; keep it to one small line

	// MinScale lets the text shrink to this share of its size (0.8, say) where that saves a page; 0 or 1 never shrinks.
	// Among the scales that need the fewest pages the largest is taken. Pictures, codes and lines to write on keep
	// their size.
	MinScale float64

	// AllShrinks lets pictures, fixed widths, gaps, paddings and lines to write on shrink with the text, but for the Footer
	// and the Header; codes there keep their size. Lines to write on stay at least 6.5 mm apart.
	AllShrinks bool

	TextSize float64 // size of plain text in points; 0 is 11 on A4 and A5, 9 on A6, 14 on A3
	Ink      Color   // colour of text; zero is a near-black
	Accent   Color   // colour of headings of level 1, numbers and rules; zero is the ink

	NewSheet bool // in an imposed document: start on a new sheet
	Whole    bool // in an imposed document: a sheet of its own, of this Page's Size, without cut marks
	Behind   bool // in a TwoSided document: on the back of the page before it, if that back is still free
}

// Block is one thing in the column of a page. The types are those of this package: Heading, Para, List, WriteLines,
// Image, Disc, QR, Row, Box, Rule, Space, Spring, Table, Group, PageBreak, each by value.
type Block interface {
	layout(*setter, column) (node, error)
}

// Span is a piece of a line of text with one look and one language.
type Span struct {
	Text string
	// Lang is "" for the language of the block. A span of another direction is isolated: it keeps its own order and
	// disturbs nothing around it.
	Lang     string
	Bold     bool
	Color    Color
	Personal bool // holds a name or the like: is not kept in Options.Cache
}

// Text is what stands in a paragraph. A line feed in it starts a new line; U+2066–2069 isolate as in UAX #9 and take
// no room; U+00AD allows a break with a hyphen.
type Text []Span

// T is a plain text.
func T(s string) Text { return Text{{Text: s}} }

// Personal is a plain text that holds a name or the like.
func Personal(s string) Text { return Text{{Text: s, Personal: true}} }

// Style is the look of a text. Zero values take what is usual for the block.
type Style struct {
	Size    float64 // points
	Bold    bool
	Color   Color
	Align   Align
	Leading float64 // distance of lines against what the fonts ask for; 0 is 1
	Lang    string  // "" is that of the page or cell
	Dir     Dir     // Auto: that of Lang, else of the page or cell
}

// Heading is a title of level 1, 2 or 3. It is never left alone at the foot of a page.
type Heading struct {
	Level int // 0 counts as 1
	Text  Text
	Style
}

// Para is a paragraph.
type Para struct {
	Text Text
	Style
	KeepWithNext bool // not the last thing on a page
}

// List is a list of questions or steps.
type List struct {
	Items []Item
	Gap   float64 // between items; 0 is half a line
	Style
}

// Item is one question or step: label and picture at the start, the text beside them, lines to write on below it.
// An item moves to the next page as a whole where it can.
type Item struct {
	Label       string   // "1.", "A", "•"; "" for none
	Badge       bool     // the label stands in a disc of the accent colour; keep it to two signs
	Tick        bool     // an empty square to tick, instead of a label
	Picture     *Picture // nil for none; decoration unless Alt is given
	Alt         string   // what the picture says, in the language of the list
	PictureSize float64  // height and width; 0 is 2.6 times the text size
	Text        Text
	Lines       int     // lines to write on
	LineGap     float64 // between these lines; 0 is 8 mm
}

// WriteLines are lines to write on by hand.
type WriteLines struct {
	N   int
	Gap float64 // 0 is 8 mm
}

// Image places a picture. It keeps its proportions; with neither width nor height it is as large as it says itself,
// and never larger than its column or its page.
type Image struct {
	Picture       *Picture
	Width, Height float64 // a box to fit into; 0 is free
	Round         bool    // fills a circle of this Width, and loses what stands outside it
	Align         Align
	Alt           string // "" marks it as decoration
}

// Disc is a filled circle with a letter or two in its middle: the initials of who has no photo. It is decoration: say the
// name beside it.
type Disc struct {
	Text   string
	Side   float64
	Fill   Color // zero: the accent colour
	Color  Color // of the text; zero: white
	Border Color
	Align  Align
}

// QR is a QR code of level M with its quiet zone of four modules inside Side.
type QR struct {
	Payload string
	Side    float64 // 0 is 25 mm
	Align   Align
	Alt     string // what it opens, in the language of the page
}

// Row puts cells beside each other, first cell at the start: right-to-left pages run from the right. All cells start
// at the same height.
type Row struct {
	Cells []Cell
	Gap   float64 // between cells; 0 is 4 mm, negative is none
}

// Cell is one column of a Row.
type Cell struct {
	Width  float64 // fixed width; 0 shares what is left by Weight
	Weight float64 // 0 is 1
	Blocks []Block
	VAlign VAlign
	Lang   string // "" is that around it
	Dir    Dir
}

// Box draws a tinted or framed box with round corners around its blocks.
type Box struct {
	Blocks []Block
	Fill   Color
	Border Color
	Radius float64 // 0 is 2 mm, negative is square
	Pad    float64 // 0 is 3 mm
	Speech bool    // with a tail at the foot, as a speech bubble has; mind 3 mm below it
}

// Rule is a thin line across the column.
type Rule struct {
	Color Color   // zero is a light grey
	Width float64 // 0 is 0.6
}

// Space is an empty height; it vanishes at the top of a page.
type Space struct{ Height float64 }

// Spring takes a share of the height that is left on the page; two springs around a text centre it.
type Spring struct{ Weight float64 } // 0 is 1

// Table is a table whose header row comes back on each page. A row is not broken over pages unless it is taller than
// one.
type Table struct {
	Columns []Column
	Rows    [][]Text // one Text per column; missing ones are empty
	Style            // of the cells; the header is bold
}

// Column is one column of a Table.
type Column struct {
	Head   Text
	Width  float64 // fixed; 0 shares what is left by Weight
	Weight float64 // 0 is 1
	Align  Align
	Lang   string // of the cells below; "" is that of the table
	Tick   bool   // an empty square to tick in each row, instead of text
}

// Group holds blocks in another language or direction, or blocks that must stay together.
type Group struct {
	Blocks []Block
	Lang   string
	Dir    Dir
	Keep   bool // on one page if one page can hold it
}

// PageBreak starts a new page.
type PageBreak struct{}
