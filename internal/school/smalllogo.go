package school

import (
	"bytes"
	"compress/gzip"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // logos come as PNG too
	"io"

	"golang.org/x/image/draw"

	"brug/internal/auth"
	"brug/internal/errs"
)

// SmallLogoMax is the most that the logo may weigh on a family's page, in bytes as they travel: the whole page has to stay
// within 14 kB.
const SmallLogoMax = 2000

// smallLogo makes the copy of a logo for the pages of families: a drawing as it is if it is light, a picture as a JPEG of at
// most 64 dots on white. nil if it cannot be made light; the page then has the school's name alone.
func smallLogo(data []byte, kind string) []byte {
	if kind == "image/svg+xml" {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, err := z.Write(data)
		if err != nil || z.Close() != nil || b.Len() > SmallLogoMax {
			return nil
		}
		return data
	}
	src, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil // checkLogo has taken it, so paper can show it; the page does without
	}
	for _, try := range []struct{ side, quality int }{{64, 80}, {64, 60}, {48, 60}, {48, 40}, {40, 25}} {
		w, h := src.Bounds().Dx(), src.Bounds().Dy()
		if most := max(w, h); most > try.side {
			w, h = max(1, w*try.side/most), max(1, h*try.side/most)
		}
		dst := image.NewRGBA(image.Rect(0, 0, w, h))
		draw.Draw(dst, dst.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.CatmullRom.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Over, nil)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, dst, &jpeg.Options{Quality: try.quality}); err != nil {
			return nil
		}
		if b.Len() <= SmallLogoMax {
			return b.Bytes()
		}
	}
	return nil
}

func smallKey(key string) string { return key + "-small" }

// SmallLogo is the light copy of the school's logo and its media type; nil and "" if there is none.
func (s *Service) SmallLogo(ctx context.Context, school auth.School) ([]byte, string, error) {
	if school.LogoKey == "" {
		return nil, "", nil
	}
	r, err := s.blobs.Get(ctx, smallKey(school.LogoKey))
	if errs.Is(err, errs.NotFound) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	data, err := io.ReadAll(r)
	if err := r.Close(); err != nil {
		return nil, "", err
	}
	if err != nil {
		return nil, "", err
	}
	if bytes.HasPrefix(data, []byte{0xff, 0xd8, 0xff}) {
		return data, "image/jpeg", nil
	}
	return data, "image/svg+xml", nil
}
