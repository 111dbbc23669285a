package press

import (
	"context"
	"errors"
	"io"
)

// Document is a PDF that is being written.
type Document struct{}

// New starts a document on w.
func New(w io.Writer, o Options) *Document { return &Document{} }

var errNotYet = errors.New("press: being built")

// Add puts a page into the document. Layout goes on in the background, at most a few dozen pages ahead; an error of
// this or an earlier page comes back as a *PageError from a later Add or from Close, after which the document is dead.
func (d *Document) Add(ctx context.Context, p Page) error { return errNotYet }

// Close finishes the document. It must be called, also after an error.
func (d *Document) Close() error { return errNotYet }

// Sheets is the number of PDF pages written; it is known after Close.
func (d *Document) Sheets() int { return 0 }

// Measure lays a page out without printing it.
func Measure(o Options, p Page) (PageResult, error) { return PageResult{}, errNotYet }

// Cache keeps shaped words between documents.
type Cache struct{}

// NewCache makes a cache that holds about so many bytes.
func NewCache(bytes int) *Cache { return &Cache{} }

// Picture is a parsed picture, immutable, to be used on any number of pages and documents.
type Picture struct{ Width, Height float64 }

// ParsePicture takes PNG, JPEG or SVG, told apart by content.
func ParsePicture(data []byte) (*Picture, error) { return nil, errNotYet }

// ParseSVG parses an SVG picture.
func ParseSVG(data []byte) (*Picture, error) { return nil, errNotYet }

// ParseImage parses a PNG or JPEG picture.
func ParseImage(data []byte) (*Picture, error) { return nil, errNotYet }

// Supports tells whether the fonts at hand can print the language.
func Supports(tag string) bool { return false }

// Check tells whether the texts can be printed: nil, a *MissingGlyphError or a *FontError.
func Check(lang string, texts ...string) error { return errNotYet }

// Missing lists the font files that lack; bin/setup brings them.
func Missing() []string { return nil }

type setter struct{}
type column struct{}
type node interface{ height() float64 }

func (Heading) layout(*setter, column) (node, error)    { return nil, errNotYet }
func (Para) layout(*setter, column) (node, error)       { return nil, errNotYet }
func (List) layout(*setter, column) (node, error)       { return nil, errNotYet }
func (WriteLines) layout(*setter, column) (node, error) { return nil, errNotYet }
func (Image) layout(*setter, column) (node, error)      { return nil, errNotYet }
func (QR) layout(*setter, column) (node, error)         { return nil, errNotYet }
func (Row) layout(*setter, column) (node, error)        { return nil, errNotYet }
func (Box) layout(*setter, column) (node, error)        { return nil, errNotYet }
func (Rule) layout(*setter, column) (node, error)       { return nil, errNotYet }
func (Space) layout(*setter, column) (node, error)      { return nil, errNotYet }
func (Spring) layout(*setter, column) (node, error)     { return nil, errNotYet }
func (Table) layout(*setter, column) (node, error)      { return nil, errNotYet }
func (Group) layout(*setter, column) (node, error)      { return nil, errNotYet }
func (PageBreak) layout(*setter, column) (node, error)  { return nil, errNotYet }
