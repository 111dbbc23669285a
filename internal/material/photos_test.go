package material_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"testing"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/material"
	"brug/internal/photo"
)

func picture(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPhotosOfTheTeam(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		id, err := w.own.AddPhoto(ctx, w.by, material.NewPhoto{Data: picture(w.T, 1000, 2000), About: "  Els   Daems ", Shape: photo.Person})
		w.ok(err)
		list, err := w.own.Photos(ctx, w.by)
		if err != nil || len(list) != 1 || list[0].PublicID != id || list[0].About != "Els Daems" || list[0].Width != 800 || list[0].Height != 800 {
			w.Fatalf("%+v, %v", list, err)
		}
		data, err := w.own.Photo(ctx, w.by, id)
		w.ok(err)
		if c, err := jpeg.DecodeConfig(bytes.NewReader(data)); err != nil || c.Width != 800 || int64(len(data)) != list[0].Bytes {
			w.Errorf("%v %v", c, err)
		}
		if again, err := w.own.PhotoBytes(ctx, w.by.School.ID, id); err != nil || !bytes.Equal(again, data) {
			w.Errorf("for paper: %v", err)
		}

		_, err = w.own.Photo(ctx, w.stranger, id)
		w.kind("another school looks", err, errs.NotFound)
		w.kind("another school drops it", w.own.DropPhoto(ctx, w.stranger, id), errs.NotFound)
		if list, err := w.own.Photos(ctx, w.stranger); err != nil || len(list) != 0 {
			w.Errorf("another school lists %d, %v", len(list), err)
		}
		_, err = w.own.AddPhoto(ctx, auth.Actor{Role: auth.Support, AccountID: 1}, material.NewPhoto{Data: picture(w.T, 200, 200), About: "x"})
		w.kind("the support centre at no school", err, errs.Forbidden)
		_, err = w.own.Photos(ctx, auth.Actor{})
		w.kind("nobody", err, errs.SignIn)

		team := material.Edit{Kind: material.WhoIsWho, Title: map[string]string{"nl": "Wie is wie"}, Intro: map[string]string{}, Close: map[string]string{},
			Parts: []material.EditPart{{Part: material.Part{Role: material.Who, Name: "Els Daems", Photo: id}, Texts: map[string]string{"nl": "Juf van 3A"}},
				{Part: material.Part{Role: material.Who, Name: "Tom Baert", Photo: "nosuchphoto"}, Texts: map[string]string{"nl": "Meester van 5A"}}}}
		slug, err := w.own.Create(ctx, w.by, "", team)
		w.ok(err)
		if e, err := w.own.Get(ctx, w.by, slug); err != nil || e.Parts[0].Photo != id || e.Parts[1].Photo != "" || e.Parts[0].Name != "Els Daems" {
			w.Errorf("%+v, %v", e.Parts, err)
		}
		theirs, err := w.own.Create(ctx, w.stranger, "", team)
		w.ok(err)
		if e, err := w.own.Get(ctx, w.stranger, theirs); err != nil || e.Parts[0].Photo != "" {
			w.Errorf("a photo of another school comes along: %+v, %v", e.Parts, err)
		}

		w.ok(w.own.DropPhoto(ctx, w.by, id))
		_, err = w.own.Photo(ctx, w.by, id)
		w.kind("taken away", err, errs.NotFound)
		_, err = w.blobs.Get(ctx, "photos/"+w.by.School.PublicID+"/"+id)
		w.kind("the picture itself", err, errs.NotFound)
		w.kind("taken away twice", w.own.DropPhoto(ctx, w.by, id), errs.NotFound)
		w.journal("photos.add", 1)
		w.journal("photos.drop", 1)
		w.ok(w.own.Restore(ctx, w.by, slug, 1))
		if e, err := w.own.Get(ctx, w.by, slug); err != nil || e.Parts[0].Photo != "" {
			w.Errorf("an older version comes back without the photo that is gone: %+v, %v", e.Parts, err)
		}
	})
}

func TestWhatIsWrongWithAPhotoStandsAtItsField(t *testing.T) {
	each(t, func(w *world) {
		good := picture(w.T, 200, 200)
		for _, c := range []struct {
			name, field string
			n           material.NewPhoto
		}{
			{"no photo", "photo", material.NewPhoto{About: "Els"}},
			{"nobody says who", "about", material.NewPhoto{Data: good, About: " "}},
			{"no picture", "photo", material.NewPhoto{Data: []byte("dag"), About: "Els"}},
			{"damaged", "photo", material.NewPhoto{Data: good[:40], About: "Els"}},
			{"a stamp", "photo", material.NewPhoto{Data: picture(w.T, 20, 20), About: "Els"}},
			{"too large", "photo", material.NewPhoto{Data: append(bytes.Clone(good), make([]byte, photo.MaxBytes)...), About: "Els"}},
		} {
			_, err := w.own.AddPhoto(w.Context(), w.by, c.n)
			if _, at := errs.FieldsOf(err)[c.field]; !at {
				w.Errorf("%s: %v, want an error at %s", c.name, err, c.field)
			}
		}
		if list, err := w.own.Photos(w.Context(), w.by); err != nil || len(list) != 0 {
			w.Errorf("%d were kept all the same, %v", len(list), err)
		}
	})
}
