package photo

import (
	"bytes"
	"errors"
	"image/jpeg"
)

// smallSide is twice the size in which a face stands on a phone.
const smallSide = 144

// Small is a picture that Make has made, as small as a face on a phone: some 5 kB.
func Small(made []byte) ([]byte, error) {
	src, err := jpeg.Decode(bytes.NewReader(made))
	if err != nil {
		return nil, errors.Join(ErrDamaged, err)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, scale(src, src.Bounds(), smallSide), &jpeg.Options{Quality: 75}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
