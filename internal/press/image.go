package press

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// ParseImage parses a PNG or JPEG picture. Size is taken from the header before anything is decoded. Errors are
// *PictureError.
func ParseImage(data []byte) (*Picture, error) {
	if len(data) > maxPictureBytes {
		return nil, pictureError(ErrPictureTooLarge, "%d bytes, at most %d", len(data), maxPictureBytes)
	}
	var p *Picture
	var err error
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		p, err = parsePNG(data)
	case bytes.HasPrefix(data, []byte{0xFF, 0xD8}):
		p, err = parseJPEG(data)
	default:
		return nil, pictureError(ErrPictureFormat, "")
	}
	if err == nil {
		p.source = bytes.Clone(data)
		p.small = sync.OnceValue(p.shrunk)
	}
	return p, err
}

func checkPixels(w, h int) error {
	if w <= 0 || h <= 0 {
		return pictureError(ErrPictureBroken, "%d × %d pixels", w, h)
	}
	if w > 20_000 || h > 20_000 || w*h > maxPicturePixels {
		return pictureError(ErrPictureTooLarge, "%d × %d pixels, at most 24 million", w, h)
	}
	return nil
}

// natural is the size of a picture in points: what the file says, else 150 pixels an inch, which prints well.
func natural(w, h int, perInchX, perInchY float64) (float64, float64) {
	if perInchX < 20 || perInchY < 20 || perInchX > 2400 || perInchY > 2400 {
		perInchX, perInchY = 150, 150
	}
	return float64(w) * 72 / perInchX, float64(h) * 72 / perInchY
}

// --- PNG

func parsePNG(data []byte) (*Picture, error) {
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, pictureError(ErrPictureBroken, "%v", err)
	}
	if err := checkPixels(config.Width, config.Height); err != nil {
		return nil, err
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, pictureError(ErrPictureBroken, "%v", err)
	}
	px, py := pngDensity(data)
	p := pixels(img)
	out := &Picture{embed: p.embed}
	out.Width, out.Height = natural(config.Width, config.Height, px, py)
	return out, nil
}

// pngDensity reads the chunk pHYs: pixels an inch, 0 if it is not there.
func pngDensity(data []byte) (x, y float64) {
	for at := 8; at+12 <= len(data); {
		n := int(binary.BigEndian.Uint32(data[at:]))
		kind := string(data[at+4 : at+8])
		if n < 0 || at+12+n > len(data) || kind == "IDAT" {
			return 0, 0
		}
		body := data[at+8 : at+8+n]
		if kind == "pHYs" && n == 9 && body[8] == 1 && crc32.ChecksumIEEE(data[at+4:at+8+n]) == binary.BigEndian.Uint32(data[at+8+n:]) {
			return float64(binary.BigEndian.Uint32(body)) * 0.0254, float64(binary.BigEndian.Uint32(body[4:])) * 0.0254
		}
		at += 12 + n
	}
	return 0, 0
}

// pixelImage is an unpacked picture, deflated again: with the PNG predictor, colour apart from transparency.
type pixelImage struct {
	width, height int
	channels      int // 1 grey, 3 colour
	color, alpha  []byte
}

func pixels(img image.Image) *pixelImage {
	b := img.Bounds()
	p := &pixelImage{width: b.Dx(), height: b.Dy(), channels: 3}
	switch img.ColorModel() {
	case color.GrayModel, color.Gray16Model:
		p.channels = 1
	}
	opaque := true
	if o, ok := img.(interface{ Opaque() bool }); ok {
		opaque = o.Opaque()
	}
	colors, alphas := newRowPacker(p.width, p.channels), newRowPacker(p.width, 1)
	line := image.NewNRGBA(image.Rect(0, 0, p.width, 1))
	for y := range p.height {
		draw.Draw(line, line.Rect, img, image.Pt(b.Min.X, b.Min.Y+y), draw.Src)
		for x := range p.width {
			c := line.Pix[4*x : 4*x+4]
			copy(colors.now[x*p.channels:], c[:p.channels])
			alphas.now[x] = c[3]
		}
		colors.flush()
		if !opaque {
			alphas.flush()
		}
	}
	p.color = colors.finish()
	if alpha := alphas.finish(); !opaque {
		p.alpha = alpha
	}
	return p
}

// rowPacker deflates rows of pixels after the PNG filter Paeth or Up, whichever leaves less.
type rowPacker struct {
	now, before []byte // rows
	up, paeth   []byte // filtered, with the number of the filter in front
	bpp         int    // bytes a pixel
	out         bytes.Buffer
	z           *zlib.Writer
}

func newRowPacker(width, bpp int) *rowPacker {
	n := width * bpp
	r := &rowPacker{now: make([]byte, n), before: make([]byte, n), up: make([]byte, n+1), paeth: make([]byte, n+1), bpp: bpp}
	r.up[0], r.paeth[0] = 2, 4
	r.z = deflaters.Get().(*zlib.Writer)
	r.z.Reset(&r.out)
	return r
}

// flush packs the row in now.
func (r *rowPacker) flush() {
	cost := 0 // of up against paeth
	for i, v := range r.now {
		var a, c byte
		if i >= r.bpp {
			a, c = r.now[i-r.bpp], r.before[i-r.bpp]
		}
		u, p := v-r.before[i], v-paeth(a, r.before[i], c)
		r.up[i+1], r.paeth[i+1] = u, p
		cost += abs8(u) - abs8(p)
	}
	row := r.paeth
	if cost < 0 {
		row = r.up
	}
	r.z.Write(row) // a bytes.Buffer takes all
	r.now, r.before = r.before, r.now
}

func (r *rowPacker) finish() []byte {
	r.z.Close()
	deflaters.Put(r.z)
	return r.out.Bytes()
}

func abs8(v byte) int {
	if int8(v) < 0 {
		return -int(int8(v))
	}
	return int(v)
}

func paeth(a, b, c byte) byte {
	pa, pb := int(b)-int(c), int(a)-int(c)
	pc := pa + pb
	if pa < 0 {
		pa = -pa
	}
	if pb < 0 {
		pb = -pb
	}
	if pc < 0 {
		pc = -pc
	}
	if pa <= pb && pa <= pc {
		return a
	}
	if pb <= pc {
		return b
	}
	return c
}

func (i *pixelImage) embed(p *pdfWriter) int {
	mask := ""
	if i.alpha != nil {
		m := p.alloc(1)
		p.compressed(m, i.dict(1, ""), i.alpha)
		mask = fmt.Sprintf("/SMask %d 0 R", m)
	}
	n := p.alloc(1)
	p.compressed(n, i.dict(i.channels, mask), i.color)
	return n
}

func (i *pixelImage) dict(channels int, more string) string {
	space := "DeviceRGB"
	if channels == 1 {
		space = "DeviceGray"
	}
	return fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/%s/BitsPerComponent 8%s/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent 8/Columns %d>>",
		i.width, i.height, space, more, channels, i.width)
}

// --- JPEG

// jpegHeader is what stands in the header of a JPEG.
type jpegHeader struct {
	width, height, channels int
	sof                     byte
	turn                    int // EXIF orientation, 1 is upright
	perInchX, perInchY      float64
}

// parseJPEG keeps a JPEG as it is, since PDF readers unpack it themselves; only a turned one is unpacked.
func parseJPEG(data []byte) (*Picture, error) {
	h, err := readJPEGHeader(data)
	if err != nil {
		return nil, pictureError(ErrPictureBroken, "%v", err)
	}
	if err := checkPixels(h.width, h.height); err != nil {
		return nil, err
	}
	switch {
	case h.sof != 0xC0 && h.sof != 0xC1 && h.sof != 0xC2:
		return nil, pictureError(ErrPictureUnsupported, "JPEG coded in a rare way")
	case h.channels == 4: // colours for a printing press come out wrong on an office printer
		return nil, pictureError(ErrPictureUnsupported, "JPEG in CMYK; save it in RGB")
	case h.channels != 1 && h.channels != 3:
		return nil, pictureError(ErrPictureUnsupported, "JPEG with %d channels", h.channels)
	}
	img, err := jpeg.Decode(bytes.NewReader(data)) // a damaged one must not reach the paper
	if err != nil {
		var u jpeg.UnsupportedError
		if errors.As(err, &u) {
			return nil, pictureError(ErrPictureUnsupported, "%v", err)
		}
		return nil, pictureError(ErrPictureBroken, "%v", err)
	}
	out := &Picture{}
	out.Width, out.Height = natural(h.width, h.height, h.perInchX, h.perInchY)
	if h.turn > 1 && h.turn <= 8 {
		p := pixels(turned{img, h.turn})
		out.embed = p.embed
		if h.turn >= 5 {
			out.Width, out.Height = out.Height, out.Width
		}
		return out, nil
	}
	data = append([]byte(nil), data...)
	space := "DeviceRGB"
	if h.channels == 1 {
		space = "DeviceGray"
	}
	out.embed = func(p *pdfWriter) int {
		n := p.alloc(1)
		p.plainStream(n, fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/%s/BitsPerComponent 8/Filter/DCTDecode",
			h.width, h.height, space), data)
		return n
	}
	return out, nil
}

func readJPEGHeader(data []byte) (h jpegHeader, err error) {
	h.turn = 1
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xFF {
			return h, errors.New("no marker where one should be")
		}
		marker := data[at+1]
		if marker == 0xFF {
			at++
			continue
		}
		if marker == 0xD8 || marker == 0x01 || marker >= 0xD0 && marker <= 0xD7 {
			at += 2
			continue
		}
		if marker == 0xD9 || marker == 0xDA {
			break
		}
		n := int(binary.BigEndian.Uint16(data[at+2:]))
		if n < 2 || at+2+n > len(data) {
			return h, errors.New("cut off")
		}
		body := data[at+4 : at+2+n]
		switch {
		case marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC:
			if len(body) < 6 {
				return h, errors.New("damaged frame header")
			}
			h.sof = marker
			h.height, h.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
			h.channels = int(body[5])
			return h, nil
		case marker == 0xE0 && len(body) >= 12 && string(body[:5]) == "JFIF\x00":
			x, y := float64(binary.BigEndian.Uint16(body[8:])), float64(binary.BigEndian.Uint16(body[10:]))
			switch body[7] {
			case 1:
				h.perInchX, h.perInchY = x, y
			case 2:
				h.perInchX, h.perInchY = x*2.54, y*2.54
			}
		case marker == 0xE1 && len(body) > 14 && string(body[:6]) == "Exif\x00\x00":
			h.turn = exifTurn(body[6:])
		}
		at += 2 + n
	}
	return h, errors.New("no frame header")
}

// exifTurn reads the orientation tag; 1 where there is none.
func exifTurn(tiff []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	if len(tiff) < 14 {
		return 1
	}
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return 1
	}
	n := int(order.Uint16(tiff[at:]))
	for i := range n {
		e := at + 2 + 12*i
		if e+12 > len(tiff) {
			break
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			return int(order.Uint16(tiff[e+8:]))
		}
	}
	return 1
}

// turned shows a picture upright that was taken with the camera on its side.
type turned struct {
	image.Image
	turn int
}

func (t turned) Bounds() image.Rectangle {
	b := t.Image.Bounds()
	if t.turn >= 5 {
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

func (t turned) Opaque() bool { return true }

func (t turned) At(x, y int) color.Color {
	b := t.Image.Bounds()
	w, h := b.Dx()-1, b.Dy()-1
	switch t.turn {
	case 2:
		x = w - x
	case 3:
		x, y = w-x, h-y
	case 4:
		y = h - y
	case 5:
		x, y = y, x
	case 6:
		x, y = y, h-x
	case 7:
		x, y = w-y, h-x
	case 8:
		x, y = w-y, x
	}
	return t.Image.At(b.Min.X+x, b.Min.Y+y)
}
