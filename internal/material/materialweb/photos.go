package materialweb

import (
	"io"
	"mime/multipart"
	"net/http"
	"strconv"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/photo"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// photoRoutes are the photos of the team and for letters.
func (p *Pages) photoRoutes() []route.Route {
	const s = "/s/{school}/photos"
	return []route.Route{
		route.Get(s, auth.MaterialSee, p.photos),
		{Method: "POST", Pattern: s, Need: auth.MaterialChange, Handle: p.addPhoto, MaxBody: maxPhotoForm},
		route.Get(s+"/{photo}", auth.MaterialSee, p.photo),
		route.Post(s+"/{photo}/drop", auth.MaterialChange, p.dropPhoto),
	}
}

const maxPhotoForm = photo.MaxBytes + 1<<20

// photosPage is /s/{school}/photos.
type photosPage struct {
	ui.Page
	Form   *ui.Form
	Photos []material.PhotoInfo
	Change bool
}

func (p *Pages) photos(w http.ResponseWriter, r *http.Request) error {
	return p.showPhotos(w, r, http.StatusOK, ui.NewForm("shape", "person"))
}

func (p *Pages) showPhotos(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	list, err := p.Material.Photos(ctx, by)
	if err != nil {
		return err
	}
	page := photosPage{Page: route.Page(w, r, lang.T(ctx, "Photos")), Form: f, Photos: list, Change: by.May(auth.MaterialChange) == nil}
	page.Lead = lang.T(ctx, "Of the people of the team, for the who-is-who, and for letters. Where and when a photo was taken is removed from it.")
	page.Back = ui.Link{Label: lang.T(ctx, "Materials"), URL: route.Path(ctx, "materials")}
	return route.Render(w, r, status, photosView(page))
}

func (p *Pages) addPhoto(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, maxPhotoForm)
	if errs.Is(err, errs.Invalid) {
		err = errs.Field("photo", "This photo is too large. At most {size} MB is taken; send it to yourself in a smaller size and choose that one.", "size", photo.MaxBytes/1_000_000)
	}
	n := material.NewPhoto{About: f.Get("about"), Shape: photo.Whole}
	if f.Get("shape") == "person" {
		n.Shape = photo.Person
	}
	if head := f.File("photo"); err == nil && head != nil {
		n.Data, err = readAll(head)
	}
	if err == nil {
		_, err = p.Material.AddPhoto(ctx, route.Actor(r), n)
	}
	if status, ok := route.FormStatus(err); ok && f.Take(err) {
		return p.showPhotos(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "photos"), lang.T(ctx, "The photo is there. You can choose it in the who-is-who now."))
}

// readAll reads a sent file; FormFrom has limited how much there can be.
func readAll(head *multipart.FileHeader) (data []byte, err error) {
	file, err := head.Open()
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := file.Close(); err == nil {
			err = e
		}
	}()
	return io.ReadAll(file)
}

// photo gives the picture itself. It stays the same for ever, but is for the school's own people only.
func (p *Pages) photo(w http.ResponseWriter, r *http.Request) error {
	data, err := p.Material.Photo(r.Context(), route.Actor(r), r.PathValue("photo"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.Header().Set("Cache-Control", "private, max-age=3600")
	_, err = w.Write(data)
	return err
}

func (p *Pages) dropPhoto(w http.ResponseWriter, r *http.Request) error {
	if err := p.Material.DropPhoto(r.Context(), route.Actor(r), r.PathValue("photo")); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(r.Context(), "photos"), lang.T(r.Context(), "The photo is gone, also from texts that showed it."))
}
