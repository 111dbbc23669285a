package photo

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation is how a picture lies in its file: 1 to 8, as EXIF 2.32 says in 4.6.4 A (tag 0x0112). 1 is upright.
type orientation int

// sideways tells whether height and width change places.
func (o orientation) sideways() bool { return o >= 5 && o <= 8 }

// from is the dot of the file that stands at x, y of the upright picture, which is w wide and h high.
func (o orientation) from(x, y, w, h int) image.Point {
	switch o {
	case 2: // mirrored, left is right
		return image.Pt(w-1-x, y)
	case 3: // upside down
		return image.Pt(w-1-x, h-1-y)
	case 4: // mirrored, above is below
		return image.Pt(x, h-1-y)
	case 5: // mirrored along the diagonal from the upper left
		return image.Pt(y, x)
	case 6: // to be turned a quarter clockwise
		return image.Pt(y, w-1-x)
	case 7: // mirrored along the other diagonal
		return image.Pt(h-1-y, w-1-x)
	case 8: // to be turned a quarter counter-clockwise
		return image.Pt(h-1-y, x)
	}
	return image.Pt(x, y)
}

// look tells what file this is ("jpeg", "png", "webp", "" for none of them) and how its picture lies. A file without
// EXIF, or with one that makes no sense, lies upright.
func look(data []byte) (format string, o orientation) {
	var exif []byte
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xd8, 0xff}):
		format, exif = "jpeg", jpegEXIF(data)
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		format, exif = "png", pngEXIF(data)
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		format, exif = "webp", webpEXIF(data)
	}
	return format, tiffOrientation(exif)
}

var exifHead = []byte("Exif\x00\x00")

// jpegEXIF is what follows "Exif" in the first such APP1 segment before the picture begins.
func jpegEXIF(data []byte) []byte {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		switch {
		case marker == 0xff: // a filling byte
			at++
			continue
		case marker == 0xda || marker == 0xd9 || size < 2 || at+2+size > len(data): // the picture, or the end
			return nil
		}
		if body := data[at+4 : at+2+size]; marker == 0xe1 && bytes.HasPrefix(body, exifHead) {
			return body[len(exifHead):]
		}
		at += 2 + size
	}
	return nil
}

func pngEXIF(data []byte) []byte {
	for at := 8; at+12 <= len(data); {
		size := int64(binary.BigEndian.Uint32(data[at:]))
		if int64(at)+12+size > int64(len(data)) {
			return nil
		}
		if string(data[at+4:at+8]) == "eXIf" {
			return data[at+8 : at+8+int(size)]
		}
		at += 12 + int(size)
	}
	return nil
}

func webpEXIF(data []byte) []byte {
	for at := 12; at+8 <= len(data); {
		size := int64(binary.LittleEndian.Uint32(data[at+4:]))
		if int64(at)+8+size > int64(len(data)) {
			return nil
		}
		if string(data[at:at+4]) == "EXIF" {
			return bytes.TrimPrefix(data[at+8:at+8+int(size)], exifHead)
		}
		at += 8 + int(size+size%2)
	}
	return nil
}

// tiffOrientation reads tag 0x0112 of the first directory of a TIFF structure.
func tiffOrientation(b []byte) orientation {
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	switch string(b[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
	default:
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	n := int64(order.Uint16(b[at:]))
	for i := range n {
		e := at + 2 + i*12
		if e+12 > int64(len(b)) {
			break
		}
		if entry := b[e : e+12]; order.Uint16(entry) == 0x0112 && order.Uint16(entry[2:]) == 3 {
			if o := orientation(order.Uint16(entry[8:])); o >= 1 && o <= 8 {
				return o
			}
		}
	}
	return 1
}
