package press

import (
	"bytes"
	"fmt"
)

// Picture is a parsed picture: immutable, and cheap to use on any number of pages and documents. A document holds it
// once.
type Picture struct {
	Width, Height float64 // natural size in points

	embed func(p *pdfWriter) int // writes it and gives the number of an XObject that fills the unit square

	drawn  *svgTarget // what an SVG picture became; nil for pixels
	source []byte     // the file
	small  func() string
}

// Limits of a picture that somebody uploads. They are looked at before anything is unpacked.
const (
	maxPictureBytes  = 12 << 20
	maxPicturePixels = 24_000_000
	maxSVGBytes      = 2 << 20
)

// ParsePicture takes PNG, JPEG or SVG, told apart by content. Errors are *PictureError.
func ParsePicture(data []byte) (*Picture, error) {
	if looksLikeSVG(data) {
		return ParseSVG(data)
	}
	return ParseImage(data)
}

func looksLikeSVG(data []byte) bool {
	head := data[:min(len(data), 4096)]
	return bytes.Contains(head, []byte("<svg")) || bytes.Contains(head, []byte(":svg"))
}

func pictureError(kind error, format string, args ...any) error {
	return &PictureError{Kind: kind, Detail: fmt.Sprintf(format, args...)}
}
