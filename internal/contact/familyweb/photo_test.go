package familyweb

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/material"
	"brug/internal/photo"
	"brug/internal/voice"
	"brug/internal/web/ui/uitest"
)

// TestAFamilySeesTheFacesOfItsTextAndNoOthers: a photo opens with the code of a text in which it stands.
func TestAFamilySeesTheFacesOfItsTextAndNoOthers(t *testing.T) {
	w := contacttest.New(t, dbtest.SQLite(t))
	texts := material.New(material.Config{DB: w.DB, Blobs: w.Blobs, Now: func() time.Time { return w.Clock }})
	pages := &Pages{Now: time.Now, Contact: w.Contact, Material: texts, School: w.Schools, Voice: voice.New(voice.Config{DB: w.DB, Material: texts, Blobs: w.Blobs})}
	mux := http.NewServeMux()
	for _, r := range pages.Routes() {
		mux.HandleFunc(r.Method+" "+r.Pattern, func(rw http.ResponseWriter, req *http.Request) {
			if err := r.Handle(rw, req); err != nil {
				t.Errorf("%s: %v", r.Pattern, err)
			}
		})
	}
	els := face(t)
	shown, err := texts.AddPhoto(w.Ctx, w.Teacher, material.NewPhoto{Data: els, About: "Els", Shape: photo.Person})
	w.OK(err)
	other, err := texts.AddPhoto(w.Ctx, w.Teacher, material.NewPhoto{Data: els, About: "Tom", Shape: photo.Person})
	w.OK(err)
	slug, err := texts.Create(w.Ctx, w.Teacher, "", material.Edit{Kind: material.WhoIsWho, Reader: material.ForFamily, Picture: "school", Title: map[string]string{"nl": "Ons team"}, Intro: map[string]string{"nl": "Dit zijn wij."},
		Parts: []material.EditPart{{Part: material.Part{Role: material.Who, Name: "Els", Photo: shown}, Texts: map[string]string{"nl": "Juf van 3A"}}}})
	w.OK(err)
	home, codes := w.Home("Desta", ""), contact.Secrets(2)
	w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		for_ := contact.CodeFor{HouseholdID: home.ID, PupilID: home.Children[0].ID, Material: slug, Version: 1, Lang: "ti"}
		without := for_
		without.Material, without.Version = "water", 0
		return w.Contact.KeepCodes(w.Ctx, tx, w.School.ID, []contact.CodeFor{for_, without}, codes)
	}))
	secret := "/f/" + codes[0].Token
	page := uitest.Get(t, mux, secret)
	at := page.Attr(".face img", "src")
	if got := uitest.Get(t, mux, at); got.Status != http.StatusOK || got.Header.Get("Content-Type") != "image/jpeg" || len(got.Body) > 10_000 {
		t.Errorf("%s: %d %s", at, got.Status, got.Header.Get("Content-Type"))
	} else if c, err := jpeg.DecodeConfig(strings.NewReader(got.Body)); err != nil || c.Width < 128 || c.Width > 200 {
		t.Errorf("%d dots wide, %v", c.Width, err)
	}
	for _, at := range []string{secret + "/photos/" + other, "/f/" + codes[1].Token + "/photos/" + shown} {
		if got := uitest.Get(t, mux, at); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d", at, got.Status)
		}
	}
	w.OK(texts.DropPhoto(w.Ctx, w.Teacher, shown))
	if got := uitest.Get(t, mux, at); got.Status != http.StatusNotFound {
		t.Errorf("taken away: %d", got.Status)
	}
}

func face(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 400, 400))
	for i := range 400 {
		img.Set(i, i, color.RGBA{200, 100, 50, 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
