package press

import (
	"errors"
	"fmt"
)

// What can be wrong with a picture that somebody uploads. A *PictureError wraps one of these.
var (
	ErrPictureFormat      = errors.New("is not PNG, JPEG or SVG")
	ErrPictureBroken      = errors.New("is damaged")
	ErrPictureTooLarge    = errors.New("is too large")
	ErrPictureUnsupported = errors.New("uses something that cannot be printed")
)

// PictureError says why a picture cannot be used. errors.Is tells which of the four kinds it is.
type PictureError struct {
	Kind   error  // one of ErrPicture…
	Detail string // English, for the log: "8000 × 9000 pixels, at most 40 million", "filter element"
}

func (e *PictureError) Error() string {
	if e.Detail == "" {
		return "press: picture " + e.Kind.Error()
	}
	return "press: picture " + e.Kind.Error() + ": " + e.Detail
}

func (e *PictureError) Unwrap() error { return e.Kind }

// MissingGlyphError is a text with a character that no font of the program has. Nothing is printed in its place.
type MissingGlyphError struct {
	Text string // the whole text of the paragraph
	Rune rune   // the first character that lacks
	Lang string // language of the text around it
}

func (e *MissingGlyphError) Error() string {
	return fmt.Sprintf("press: no font has %q (U+%04X) in %q (language %s)", e.Rune, e.Rune, e.Text, e.Lang)
}

// FontError says that a font file is missing or damaged. bin/setup brings the fonts.
type FontError struct {
	File string // "NotoSans-Regular.ttf"
	Err  error
}

func (e *FontError) Error() string {
	return fmt.Sprintf("press: font %s: %v (bin/setup brings the fonts)", e.File, e.Err)
}

func (e *FontError) Unwrap() error { return e.Err }

// TooTallError is a thing that fits on no page: a footer taller than the paper, a line taller than a page.
type TooTallError struct {
	What string  // "footer", "line", "row" …
	Need float64 // points
	Have float64 // points
}

func (e *TooTallError) Error() string {
	return fmt.Sprintf("press: %s needs %.0f points of height, the page has %.0f", e.What, e.Need, e.Have)
}

// TooNarrowError is a column too narrow for a single character or for what stands in it.
type TooNarrowError struct {
	What string
	Need float64 // points
	Have float64 // points
}

func (e *TooNarrowError) Error() string {
	return fmt.Sprintf("press: %s needs %.0f points of width, the column has %.0f", e.What, e.Need, e.Have)
}

// SizeError is a page whose size does not suit the imposition of its document.
type SizeError struct{ Want, Have Size }

func (e *SizeError) Error() string {
	return fmt.Sprintf("press: page of %.0f × %.0f points, the imposition takes %.0f × %.0f",
		e.Have.Width, e.Have.Height, e.Want.Width, e.Want.Height)
}

// QRError is a payload that a QR code of level M cannot hold (it takes at most 2,331 bytes) or an empty one.
type QRError struct{ Length int }

func (e *QRError) Error() string {
	return fmt.Sprintf("press: a QR code cannot hold %d bytes", e.Length)
}

// PageError says which page of a document an error belongs to.
type PageError struct {
	Index int // counts the calls of Add from 0
	Err   error
}

func (e *PageError) Error() string { return fmt.Sprintf("page %d: %v", e.Index, e.Err) }

func (e *PageError) Unwrap() error { return e.Err }
