package press

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// quarters is red, green, blue and (with clear) nothing or (without) white, from the upper left by rows.
func quarters(m draw.Image, clear bool) draw.Image {
	b := m.Bounds()
	last := color.NRGBA{255, 255, 255, 255}
	if clear {
		last = color.NRGBA{}
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			c := []color.NRGBA{{220, 20, 20, 255}, {20, 160, 20, 255}, {20, 20, 220, 255}, last}[2*(2*y/b.Dy())+2*x/b.Dx()]
			m.Set(x, y, c)
		}
	}
	return m
}

func encodedPNG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodedJPEG(t *testing.T, m image.Image, exifTurn byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	if exifTurn == 0 {
		return b.Bytes()
	}
	tiff := []byte{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, exifTurn, 0, 0, 0, 0, 0, 0}
	body := append([]byte("Exif\x00\x00"), tiff...)
	app := append([]byte{0xFF, 0xE1, 0, byte(len(body) + 2)}, body...)
	return append(append([]byte{0xFF, 0xD8}, app...), b.Bytes()[2:]...)
}

// rendered prints a picture over a grey page and gives the colours of its four quarters.
func rendered(t *testing.T, p *Picture) [4]color.NRGBA {
	t.Helper()
	size := Size{200, 200}
	pdf := printed(t, Options{}, Page{Size: size, Margins: Margin(1), Lang: "nl", Blocks: []Block{
		Box{Fill: RGB(0x808080), Radius: -1, Pad: 1, Blocks: []Block{Image{Picture: p, Width: 190, Height: 190, Align: Center, Alt: "x"}}}}})
	tool(t, "qpdf", pdf, "qpdf", "--check", "FILE")
	dir := t.TempDir()
	file := filepath.Join(dir, "in.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "72", "-png", "-singlefile", file, filepath.Join(dir, "p")).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm (Debian's package poppler-utils): %v %s", err, out)
	}
	f, err := os.Open(filepath.Join(dir, "p.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	k := 190 / max(p.Width, p.Height)
	w, h := p.Width*k, p.Height*k
	var got [4]color.NRGBA
	for i := range got {
		x := 100 + (float64(i%2)-0.5)*w/2
		y := 2 + h/4 + float64(i/2)*h/2
		got[i] = color.NRGBAModel.Convert(m.At(int(x), int(y))).(color.NRGBA)
	}
	return got
}

func near(a, b color.NRGBA) bool {
	d := func(x, y uint8) bool { return max(x, y)-min(x, y) < 14 }
	return d(a.R, b.R) && d(a.G, b.G) && d(a.B, b.B)
}

func TestPicturesComeOutAsTheyAre(t *testing.T) {
	red, green, blue := color.NRGBA{220, 20, 20, 255}, color.NRGBA{20, 160, 20, 255}, color.NRGBA{20, 20, 220, 255}
	white, paper := color.NRGBA{255, 255, 255, 255}, color.NRGBA{128, 128, 128, 255}
	gray := func(c color.NRGBA) color.NRGBA {
		g := color.GrayModel.Convert(c).(color.Gray)
		return color.NRGBA{g.Y, g.Y, g.Y, 255}
	}
	box := image.Rect(0, 0, 40, 40)
	pal := append(color.Palette{red, green, blue, color.NRGBA{}}, palette.Plan9[:100]...)
	for _, c := range []struct {
		name string
		data []byte
		want [4]color.NRGBA
	}{
		{"PNG in colour", encodedPNG(t, quarters(image.NewRGBA(box), false)), [4]color.NRGBA{red, green, blue, white}},
		{"PNG with transparency", encodedPNG(t, quarters(image.NewNRGBA(box), true)), [4]color.NRGBA{red, green, blue, paper}},
		{"PNG of 16 bits", encodedPNG(t, quarters(image.NewNRGBA64(box), true)), [4]color.NRGBA{red, green, blue, paper}},
		{"PNG with palette and transparency", encodedPNG(t, quarters(image.NewPaletted(box, pal), true)), [4]color.NRGBA{red, green, blue, paper}},
		{"PNG in grey", encodedPNG(t, quarters(image.NewGray(box), false)), [4]color.NRGBA{gray(red), gray(green), gray(blue), white}},
		{"JPEG", encodedJPEG(t, quarters(image.NewRGBA(box), false), 0), [4]color.NRGBA{red, green, blue, white}},
		{"JPEG in grey", encodedJPEG(t, quarters(image.NewGray(box), false), 0), [4]color.NRGBA{gray(red), gray(green), gray(blue), white}},
		{"JPEG upright", encodedJPEG(t, quarters(image.NewRGBA(box), false), 1), [4]color.NRGBA{red, green, blue, white}},
		{"JPEG upside down", encodedJPEG(t, quarters(image.NewRGBA(box), false), 3), [4]color.NRGBA{white, blue, green, red}},
		{"JPEG of a camera held upright", encodedJPEG(t, quarters(image.NewRGBA(image.Rect(0, 0, 60, 40)), false), 6), [4]color.NRGBA{blue, red, white, green}},
		{"JPEG of a camera held the other way", encodedJPEG(t, quarters(image.NewRGBA(image.Rect(0, 0, 60, 40)), false), 8), [4]color.NRGBA{green, white, red, blue}},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path fill="#dc1414" d="M0 0h1v1H0z"/><rect x="1" width="1" height="1" fill="rgb(20,160,20)"/><g transform="translate(0 1)"><circle cx=".5" cy=".5" r=".5" style="fill:#1414dc"/></g></svg>`), [4]color.NRGBA{red, green, blue, paper}},
		{"SVG with viewBox off the origin", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4" viewBox="-1 -1 2 2"><path fill="#dc1414" d="M-1-1h1v1h-1z"/><path fill="#14a014" d="M0-1h1v1H0z"/><path fill="#1414dc" d="M-1 0h1v1h-1z"/></svg>`), [4]color.NRGBA{red, green, blue, paper}},
		{"SVG with group opacity", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><g opacity=".5"><path d="M0 0h2v2H0z"/><path fill="#fff" d="M0 0h1v1H0z"/></g></svg>`), [4]color.NRGBA{{191, 191, 191, 255}, {64, 64, 64, 255}, {64, 64, 64, 255}, {64, 64, 64, 255}}},
		{"SVG with gradient", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><linearGradient id="g"><stop offset=".5" stop-color="#dc1414"/><stop offset=".5" stop-color="#14a014"/></linearGradient><path fill="url(#g)" d="M0 0h2v1H0z"/></svg>`), [4]color.NRGBA{red, green, paper, paper}},
		{"SVG with arc and clip", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><clipPath id="c"><path d="M0 0h1v2H0z"/></clipPath><path clip-path="url(#c)" fill="#dc1414" d="M0 1a1 1 0 112 0a1 1 0 01-2 0"/></svg>`), [4]color.NRGBA{red, paper, red, paper}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := ParsePicture(c.data)
			if err != nil {
				t.Fatal(err)
			}
			got := rendered(t, p)
			for i := range got {
				if !near(got[i], c.want[i]) {
					t.Errorf("quarter %d is %v, want %v", i, got[i], c.want[i])
				}
			}
		})
	}
}

// pngOf is a PNG whose header says this size, and which holds nothing else.
func pngOf(w, h uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n")
	body := append([]byte("IHDR"), 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0)
	binary.BigEndian.PutUint32(body[4:], w)
	binary.BigEndian.PutUint32(body[8:], h)
	b = binary.BigEndian.AppendUint32(b, 13)
	b = append(b, body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(body))
}

// jpegOf is a JPEG whose frame header says this.
func jpegOf(sof byte, w, h uint16, channels byte) []byte {
	b := []byte{0xFF, 0xD8, 0xFF, sof, 0, 8 + 3*channels, 8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), channels}
	for i := range channels {
		b = append(b, i+1, 0x11, 0)
	}
	return b
}

func TestBadPicturesAreRefused(t *testing.T) {
	good := encodedPNG(t, quarters(image.NewRGBA(image.Rect(0, 0, 40, 40)), false))
	photo := encodedJPEG(t, quarters(image.NewRGBA(image.Rect(0, 0, 40, 40)), false), 0)
	for _, c := range []struct {
		name   string
		data   []byte
		kind   error
		detail string
	}{
		{"nothing", nil, ErrPictureFormat, ""},
		{"a GIF", []byte("GIF89a\x01\x00\x01\x00"), ErrPictureFormat, ""},
		{"a PDF", []byte("%PDF-1.7"), ErrPictureFormat, ""},
		{"PNG cut off", good[:len(good)/2], ErrPictureBroken, ""},
		{"PNG with a wrong bit", bytes.Replace(good, []byte("IDAT"), []byte("IDAX"), 1), ErrPictureBroken, ""},
		{"PNG with only a start", good[:10], ErrPictureBroken, ""},
		{"PNG that unpacks to gigabytes", pngOf(60_000, 60_000), ErrPictureTooLarge, "60000 × 60000"},
		{"PNG of one endless line", pngOf(1<<30, 1), ErrPictureTooLarge, "pixels"},
		{"PNG without pixels", pngOf(0, 5), ErrPictureBroken, ""},
		{"JPEG cut off", photo[:len(photo)/2], ErrPictureBroken, ""},
		{"JPEG with only a start", photo[:4], ErrPictureBroken, ""},
		{"JPEG of 65,000 × 65,000", jpegOf(0xC0, 65_000, 65_000, 3), ErrPictureTooLarge, "pixels"},
		{"JPEG in CMYK", jpegOf(0xC0, 100, 100, 4), ErrPictureUnsupported, "CMYK"},
		{"JPEG without loss", jpegOf(0xC3, 100, 100, 3), ErrPictureUnsupported, "rare"},
		{"too many bytes", append(photo[:2:2], make([]byte, maxPictureBytes)...), ErrPictureTooLarge, "bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParsePicture(c.data)
			var p *PictureError
			if !errors.As(err, &p) || !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.detail) {
				t.Errorf("error %v, want %v with %q", err, c.kind, c.detail)
			}
		})
	}
}

func TestPicturesStandOnceInTheFile(t *testing.T) {
	p, err := ParseImage(encodedJPEG(t, quarters(image.NewRGBA(image.Rect(0, 0, 400, 400)), false), 0))
	if err != nil {
		t.Fatal(err)
	}
	page := Page{Lang: "nl", Blocks: []Block{Image{Picture: p, Width: 50}, Image{Picture: pictogram(t, "1F3EB"), Width: 50}}}
	var pages []Page
	for range 30 {
		pages = append(pages, page)
	}
	one, many := printed(t, Options{}, page), printed(t, Options{}, pages...)
	if extra := len(many) - len(one); extra > 30*400 {
		t.Errorf("29 more pages with the same pictures add %d bytes", extra)
	}
	if list := tool(t, "poppler-utils", many, "pdfimages", "-list", "-l", "1", "FILE"); strings.Count(list, "jpeg") != 1 {
		t.Errorf("pictures of page 1:\n%s", list)
	}
}

func TestNaturalSizeOfPictures(t *testing.T) {
	withDensity := func(data []byte, perMetre uint32) []byte {
		body := append([]byte("pHYs"), 0, 0, 0, 0, 0, 0, 0, 0, 1)
		binary.BigEndian.PutUint32(body[4:], perMetre)
		binary.BigEndian.PutUint32(body[8:], perMetre)
		chunk := append(binary.BigEndian.AppendUint32(nil, 9), body...)
		chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
		return append(append(append([]byte(nil), data[:33]...), chunk...), data[33:]...)
	}
	plain := encodedPNG(t, quarters(image.NewRGBA(image.Rect(0, 0, 300, 150)), false))
	for _, c := range []struct {
		name          string
		data          []byte
		width, height float64
	}{
		{"150 pixels an inch where the file says nothing", plain, 144, 72},
		{"300 pixels an inch", withDensity(plain, 11811), 72, 36},
		{"SVG in millimetres", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="25.4mm" height="50.8mm" viewBox="0 0 1 2"/>`), 72, 144},
		{"SVG with only a viewBox", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 36"/>`), 54, 27},
	} {
		p, err := ParsePicture(c.data)
		if err != nil {
			t.Fatal(err)
		}
		if d := p.Width - c.width; d > 0.1 || d < -0.1 || p.Height-c.height > 0.1 || c.height-p.Height > 0.1 {
			t.Errorf("%s: %.2f × %.2f points, want %.0f × %.0f", c.name, p.Width, p.Height, c.width, c.height)
		}
	}
}
