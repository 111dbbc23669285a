// Package photo makes what a phone or camera took fit for paper and pages: upright, small, and with nothing in it but the
// picture itself. Where and when it was taken, by what device and whom, is gone: the picture is drawn anew.
//
// Called by package material, which keeps the result. It owns no tables.
package photo

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // a photo may come as PNG
	"sync"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // or as WebP
)

// What is taken. A phone's picture is 12 or 24 million dots and 2 to 8 MB.
const (
	MaxBytes  = 10_000_000
	MaxPixels = 25_000_000
	minSide   = 100 // dots: less is a stamp, not a photo
)

// What is wrong with a picture.
var (
	ErrTooLarge = errors.New("photo: too many bytes")
	ErrPixels   = errors.New("photo: too many dots")
	ErrTooSmall = errors.New("photo: too few dots")
	ErrFormat   = errors.New("photo: neither JPEG, PNG nor WebP")
	ErrDamaged  = errors.New("photo: damaged")
)

// Shape says what of a picture is kept.
type Shape int

// The shapes.
const (
	Whole  Shape = iota // all of it, at most 1200 dots on its longest side
	Person              // a square with the face in it, at most 800 dots wide
)

func (s Shape) side() int {
	if s == Person {
		return 800
	}
	return 1200
}

// Photo is a picture as it is kept: a JPEG that holds no metadata.
type Photo struct {
	JPEG          []byte
	Width, Height int // dots
}

const quality = 85

// one at a time: a picture of MaxPixels takes up to 300 MB while it is read.
var one sync.Mutex

// Make reads a JPEG, PNG or WebP file, turns it as its EXIF says, cuts and scales it down to its shape, and writes it as a
// JPEG. A colour profile goes too: colours are taken as sRGB. Errors are those above, for whoever turns them into words.
func Make(data []byte, shape Shape) (Photo, error) {
	if len(data) > MaxBytes {
		return Photo{}, ErrTooLarge
	}
	format, turn := look(data)
	if format == "" {
		return Photo{}, ErrFormat
	}
	// The header says how large the picture will be, before any of it is unpacked.
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return Photo{}, errors.Join(ErrDamaged, err)
	case c.Width < minSide || c.Height < minSide:
		return Photo{}, ErrTooSmall
	case c.Width > MaxPixels/c.Height:
		return Photo{}, ErrPixels
	}
	one.Lock()
	defer one.Unlock()
	src, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return Photo{}, errors.Join(ErrDamaged, err)
	}
	// Scaled first and turned then: turning a small picture is cheap.
	small := scale(src, cut(src.Bounds(), turn, shape), shape.side())
	upright := turned(small, turn)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, upright, &jpeg.Options{Quality: quality}); err != nil {
		return Photo{}, err
	}
	return Photo{JPEG: b.Bytes(), Width: upright.Rect.Dx(), Height: upright.Rect.Dy()}, nil
}

// cut is the part of a picture (as it lies in the file, before it is turned) that a shape keeps. Of a person: the middle
// of a broad picture, and of a high one a square near the top, where the face is.
func cut(r image.Rectangle, turn orientation, shape Shape) image.Rectangle {
	if shape != Person {
		return r
	}
	w, h := r.Dx(), r.Dy()
	if turn.sideways() {
		w, h = h, w
	}
	side := min(w, h)
	x, y := (w-side)/2, (h-side)/5
	// where the corner of the upright square lies in the file
	corners := [2]image.Point{turn.from(x, y, w, h), turn.from(x+side-1, y+side-1, w, h)}
	square := image.Rectangle{corners[0], corners[1]}.Canon()
	square.Max = square.Max.Add(image.Pt(1, 1))
	return square.Add(r.Min)
}

// scale draws a part of a picture on white, at most side dots high and wide; a small one stays as small as it is.
func scale(src image.Image, part image.Rectangle, side int) *image.RGBA {
	w, h := part.Dx(), part.Dy()
	if most := max(w, h); most > side {
		w, h = max(1, w*side/most), max(1, h*side/most)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(dst, dst.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(dst, dst.Rect, src, part, draw.Over, nil)
	return dst
}

// turned is the picture upright.
func turned(src *image.RGBA, turn orientation) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	if turn.sideways() {
		w, h = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			p := turn.from(x, y, w, h)
			copy(dst.Pix[dst.PixOffset(x, y):][:4], src.Pix[src.PixOffset(p.X, p.Y):][:4])
		}
	}
	return dst
}
