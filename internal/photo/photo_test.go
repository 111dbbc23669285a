package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

var (
	red, green, blue, grey = color.RGBA{230, 20, 20, 255}, color.RGBA{20, 180, 20, 255}, color.RGBA{20, 20, 230, 255}, color.RGBA{120, 120, 120, 255}
)

// scene is an upright picture of 300 by 200: red above left, green above right, blue below left, grey below right.
func scene() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, 300, 200))
	for y := range 200 {
		for x := range 300 {
			c := [2][2]color.RGBA{{red, green}, {blue, grey}}[y/100][x/150]
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// lying is the scene as a camera that was held in this way writes it: turning it as o says makes it upright. The table is
// written out by hand from the definition of EXIF: which side of the scene are row 0 and column 0 of the file.
func lying(o int) *image.RGBA {
	src := scene()
	w, h := 300, 200
	if o >= 5 {
		w, h = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range 200 {
		for x := range 300 {
			at := map[int]image.Point{
				1: {x, y},             // row 0 is the top, column 0 the left
				2: {299 - x, y},       // top, right
				3: {299 - x, 199 - y}, // bottom, right
				4: {x, 199 - y},       // bottom, left
				5: {y, x},             // left, top
				6: {y, 299 - x},       // right, top
				7: {199 - y, 299 - x}, // right, bottom
				8: {199 - y, x},       // left, bottom
			}[o]
			dst.SetRGBA(at.X, at.Y, src.RGBAAt(x, y))
		}
	}
	return dst
}

// exif is a TIFF structure that says how the picture lies, where it was taken and by whom.
func exif(order binary.AppendByteOrder, o int) []byte {
	head := map[bool]string{true: "II*\x00", false: "MM\x00*"}[order.String() == binary.LittleEndian.String()]
	b := order.AppendUint32([]byte(head), 8)
	b = order.AppendUint16(b, 3)
	short := func(tag, v uint16) {
		b = order.AppendUint16(order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tag), 3), 1), v)
		b = append(b, 0, 0)
	}
	short(0x0100, 300)
	short(0x0112, uint16(o))
	b = order.AppendUint32(order.AppendUint32(order.AppendUint16(order.AppendUint16(b, 0x8825), 4), 1), 8+2+36+4) // GPS directory
	b = order.AppendUint32(b, 0)
	return append(b, "GPSLatitude 50.8503 N Camera of Els Daems"...)
}

// withEXIF puts an APP1 segment into a JPEG, behind its first marker.
func withEXIF(file, tiff []byte) []byte {
	body := append([]byte("Exif\x00\x00"), tiff...)
	seg := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	comment := "\xff\xfe\x00\x14A comment of Els  "
	return bytes.Join([][]byte{file[:2], []byte(comment), seg, body, file[2:]}, nil)
}

func asJPEG(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func isNear(a color.Color, b color.RGBA) bool {
	r, g, bl, _ := a.RGBA()
	near := func(x uint32, y uint8) bool { d := int(x>>8) - int(y); return d > -30 && d < 30 }
	return near(r, b.R) && near(g, b.G) && near(bl, b.B)
}

func upright(t *testing.T, p Photo) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds().Dx() != p.Width || m.Bounds().Dy() != p.Height {
		t.Errorf("%v, said to be %d×%d", m.Bounds(), p.Width, p.Height)
	}
	w, h := p.Width, p.Height
	for _, c := range []struct {
		x, y int
		want color.RGBA
	}{{w / 4, h / 4, red}, {w * 3 / 4, h / 4, green}, {w / 4, h * 3 / 4, blue}, {w * 3 / 4, h * 3 / 4, grey}} {
		if !isNear(m.At(c.x, c.y), c.want) {
			t.Errorf("at %d,%d stands %v, want %v", c.x, c.y, m.At(c.x, c.y), c.want)
		}
	}
	return m
}

func TestEveryWayOfHoldingTheCameraComesOutUpright(t *testing.T) {
	for o := 1; o <= 8; o++ {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			t.Run(fmt.Sprintf("%d %v", o, order), func(t *testing.T) {
				p, err := Make(withEXIF(asJPEG(t, lying(o)), exif(order, o)), Whole)
				if err != nil {
					t.Fatal(err)
				}
				if p.Width != 300 || p.Height != 200 {
					t.Errorf("%d×%d", p.Width, p.Height)
				}
				upright(t, p)
			})
		}
	}
}

func TestPNGAndWebPSayHowTheyLieToo(t *testing.T) {
	file := asPNG(t, lying(6))
	chunk := append([]byte("eXIf"), exif(binary.BigEndian, 6)...)
	head := 8 + 12 + 13 // signature and IHDR
	seg := binary.BigEndian.AppendUint32(nil, uint32(len(chunk)-4))
	seg = append(seg, chunk...)
	seg = binary.BigEndian.AppendUint32(seg, crc32.ChecksumIEEE(chunk))
	p, err := Make(bytes.Join([][]byte{file[:head], seg, file[head:]}, nil), Whole)
	if err != nil {
		t.Fatal(err)
	}
	upright(t, p)

	riff := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x03\x00\x00\x00abc\x00EXIF")
	tiff := exif(binary.LittleEndian, 8)
	riff = append(binary.LittleEndian.AppendUint32(riff, uint32(len(tiff)+6)), append([]byte("Exif\x00\x00"), tiff...)...)
	if format, o := look(riff); format != "webp" || o != 8 {
		t.Errorf("a WebP file is %q and lies %d", format, o)
	}
}

func TestWebPIsRead(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "scene.webp"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Make(data, Whole)
	if err != nil {
		t.Fatal(err)
	}
	upright(t, p)
}

func TestPlaceAndOwnerAreGone(t *testing.T) {
	file := withEXIF(asJPEG(t, scene()), exif(binary.LittleEndian, 1))
	for _, secret := range []string{"Exif", "GPSLatitude", "Els"} {
		if !bytes.Contains(file, []byte(secret)) {
			t.Fatalf("the picture of this test holds no %s", secret)
		}
	}
	p, err := Make(file, Whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Exif", "GPS", "Els", "http", "ICC_PROFILE"} {
		if bytes.Contains(p.JPEG, []byte(secret)) {
			t.Errorf("%s is still in it", secret)
		}
	}
	for at := 2; p.JPEG[at] == 0xff && p.JPEG[at+1] != 0xda; {
		if m := p.JPEG[at+1]; m >= 0xe0 && m <= 0xef || m == 0xfe {
			t.Errorf("segment %x: it may hold metadata", m)
		}
		at += 2 + int(binary.BigEndian.Uint16(p.JPEG[at+2:]))
	}
}

func TestAPersonIsASquareWithTheFace(t *testing.T) {
	high := image.NewRGBA(image.Rect(0, 0, 900, 1800)) // green but for the face
	for y := range 1800 {
		for x := range 900 {
			high.SetRGBA(x, y, green)
			if x > 300 && x < 600 && y > 300 && y < 700 {
				high.SetRGBA(x, y, red)
			}
		}
	}
	broad := image.NewRGBA(image.Rect(0, 0, 1800, 900))
	for y := range 900 {
		for x := range 1800 {
			broad.SetRGBA(x, y, green)
			if x > 750 && x < 1050 && y > 200 && y < 600 {
				broad.SetRGBA(x, y, red)
			}
		}
	}
	for name, m := range map[string]image.Image{"upright": high, "across": broad} {
		p, err := Make(asJPEG(t, m), Person)
		if err != nil {
			t.Fatal(err)
		}
		got, err := jpeg.Decode(bytes.NewReader(p.JPEG))
		if err != nil {
			t.Fatal(err)
		}
		if p.Width != 800 || p.Height != 800 {
			t.Errorf("%s: %d×%d", name, p.Width, p.Height)
		}
		reds, left, right := 0, 0, 0
		for y := range 800 {
			for x := range 800 {
				if isNear(got.At(x, y), red) {
					reds++
					if x < 400 {
						left++
					} else {
						right++
					}
				}
			}
		}
		if whole := 300 * 400 * 800 * 800 / 900 / 900; reds < whole*95/100 {
			t.Errorf("%s: of the face %d of %d dots are left", name, reds, whole)
		}
		if left < right*9/10 || right < left*9/10 {
			t.Errorf("%s: the face stands %d left and %d right", name, left, right)
		}
	}
	// and the same, with the camera held sideways
	p, err := Make(withEXIF(asJPEG(t, lying(6)), exif(binary.BigEndian, 6)), Person)
	if err != nil {
		t.Fatal(err)
	}
	if p.Width != 200 || p.Height != 200 {
		t.Errorf("%d×%d", p.Width, p.Height)
	}
	upright(t, p)
}

func TestALargePictureIsCutDownAndASmallOneLeft(t *testing.T) {
	for _, c := range []struct{ w, h, wantW, wantH int }{{3000, 1500, 1200, 600}, {1000, 4000, 300, 1200}, {640, 480, 640, 480}} {
		p, err := Make(asJPEG(t, image.NewGray(image.Rect(0, 0, c.w, c.h))), Whole)
		if err != nil || p.Width != c.wantW || p.Height != c.wantH {
			t.Errorf("%d×%d became %d×%d, %v", c.w, c.h, p.Width, p.Height, err)
		}
	}
}

func TestWhatIsNoPhotoIsRefused(t *testing.T) {
	whole := asJPEG(t, scene())
	huge := asPNG(t, image.NewGray(image.Rect(0, 0, 200, 200)))
	binary.BigEndian.PutUint32(huge[16:], 60_000) // the header promises 60,000 by 60,000 dots
	binary.BigEndian.PutUint32(huge[20:], 60_000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, ErrFormat},
		{"a text", []byte("dag allemaal"), ErrFormat},
		{"a GIF", []byte("GIF89a\x10\x00\x10\x00"), ErrFormat},
		{"a picture of an iPhone as it keeps it", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), ErrFormat},
		{"half a JPEG", whole[:len(whole)/2], ErrDamaged},
		{"a JPEG that is only its first marker", whole[:3], ErrDamaged},
		{"a stamp", asPNG(t, image.NewGray(image.Rect(0, 0, 40, 40))), ErrTooSmall},
		{"more dots than memory", huge, ErrPixels},
		{"a file that is too large", append(bytes.Clone(whole), make([]byte, MaxBytes)...), ErrTooLarge},
	} {
		if _, err := Make(c.data, Whole); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// Whatever stands in a file, nothing breaks, and what comes out is a picture.
func FuzzMake(f *testing.F) {
	f.Add(withEXIF(asJPEG(f, lying(6)), exif(binary.LittleEndian, 6)))
	f.Add(asPNG(f, image.NewGray(image.Rect(0, 0, 120, 120))))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8X\x03\x00\x00\x00abc\x00EXIF\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Make(data, Person)
		if err != nil {
			return
		}
		if _, err := jpeg.Decode(bytes.NewReader(p.JPEG)); err != nil {
			t.Error(err)
		}
	})
}
