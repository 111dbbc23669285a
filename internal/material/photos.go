package material

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
	"brug/internal/photo"
)

// MaxPhotos is how many photos a school keeps at a time: a team, and some for letters.
const MaxPhotos = 300

// NewPhoto is a photo as it was chosen on a phone or computer.
type NewPhoto struct {
	Data  []byte // JPEG, PNG or WebP, at most photo.MaxBytes
	About string // who or what is on it: it is also what those hear who do not see it
	Shape photo.Shape
}

// PhotoInfo is a photo in a list.
type PhotoInfo struct {
	PublicID      string
	About         string
	Width, Height int // dots
	Bytes         int64
	Added         time.Time
}

// AddPhoto keeps a photo: turned upright, cut down, without place or any other metadata. Errors: errs.Invalid at "photo" and
// "about".
func (s *Service) AddPhoto(ctx context.Context, by auth.Actor, n NewPhoto) (publicID string, err error) {
	if err := mayChange(by); err != nil {
		return "", err
	}
	about := oneLine(n.About)
	var c errs.Check
	c.That(about != "", "about", "Write who or what is on the photo.")
	c.That(utf8.RuneCountInString(about) <= 80, "about", "This is too long. Write at most {max} letters.", "max", 80)
	c.That(len(n.Data) > 0, "photo", "Choose a photo.")
	if err := c.Err(); err != nil {
		return "", err
	}
	have, err := s.DB.Q().CountPhotos(ctx, by.School.ID)
	if err != nil {
		return "", fmt.Errorf("count photos: %w", err)
	}
	if have >= MaxPhotos {
		return "", errs.Field("photo", "There are {n} photos already. Take away those that nobody needs.", "n", have)
	}
	made, err := photo.Make(n.Data, n.Shape)
	if err != nil {
		return "", photoFault(err)
	}
	publicID = id.New()
	key := "photos/" + by.School.PublicID + "/" + publicID
	if err := s.Blobs.Put(ctx, key, bytes.NewReader(made.JPEG)); err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		err := tx.AddPhoto(ctx, q.AddPhotoParams{PublicID: publicID, SchoolID: by.School.ID, BlobKey: key, Type: "image/jpeg", Width: int64(made.Width), Height: int64(made.Height),
			Bytes: int64(len(made.JPEG)), About: about, CreatedBy: account(by), CreatedAt: s.Now().UnixMilli()})
		if err != nil {
			return fmt.Errorf("add photo: %w", err)
		}
		return s.notePhoto(ctx, tx, by, "add", publicID)
	})
	if err != nil {
		return "", errors.Join(err, s.Blobs.Delete(context.WithoutCancel(ctx), key))
	}
	return publicID, nil
}

// photoFault says in words what is wrong with a picture.
func photoFault(err error) error {
	text := errs.T("This photo is damaged. Choose it once more, or take another one.")
	switch {
	case errors.Is(err, photo.ErrTooLarge):
		text = errs.T("This photo is too large. At most {size} MB is taken; send it to yourself in a smaller size and choose that one.", "size", photo.MaxBytes/1_000_000)
	case errors.Is(err, photo.ErrPixels):
		text = errs.T("This photo has too many dots. Make it smaller, to some 2000 dots wide, and choose it again.")
	case errors.Is(err, photo.ErrTooSmall):
		text = errs.T("This photo is too small to print. Choose a larger one.")
	case errors.Is(err, photo.ErrFormat):
		text = errs.T("This is not a JPEG, PNG or WebP picture. Save the photo as JPEG and choose it again.")
	case !errors.Is(err, photo.ErrDamaged):
		return err
	}
	return &errs.Error{Kind: errs.Invalid, Fields: map[string]errs.Text{"photo": text}, Err: err}
}

// Photos are the school's photos, latest first.
func (s *Service) Photos(ctx context.Context, by auth.Actor) ([]PhotoInfo, error) {
	if err := by.May(auth.MaterialSee); err != nil {
		return nil, err
	}
	rows, err := s.DB.Q().Photos(ctx, q.PhotosParams{SchoolID: by.School.ID, Lim: MaxPhotos})
	if err != nil {
		return nil, fmt.Errorf("photos: %w", err)
	}
	out := make([]PhotoInfo, len(rows))
	for i, r := range rows {
		out[i] = PhotoInfo{PublicID: r.PublicID, About: r.About, Width: int(r.Width), Height: int(r.Height), Bytes: r.Bytes, Added: time.UnixMilli(r.CreatedAt)}
	}
	return out, nil
}

// Photo is the picture of one, a JPEG; errs.NotFound if the school has none of this id, or has it no more.
func (s *Service) Photo(ctx context.Context, by auth.Actor, publicID string) ([]byte, error) {
	if err := by.May(auth.MaterialSee); err != nil {
		return nil, err
	}
	return s.PhotoBytes(ctx, by.School.ID, publicID)
}

// PhotoBytes is Photo for jobs that print, which have checked who asks. NotFound also for a photo that was taken away since
// the material was made: then the paper does without.
func (s *Service) PhotoBytes(ctx context.Context, schoolID int64, publicID string) ([]byte, error) {
	row, err := s.DB.Q().Photo(ctx, q.PhotoParams{SchoolID: schoolID, PublicID: publicID})
	if err != nil {
		return nil, db.NotFound(err, "photo "+publicID)
	}
	r, err := s.Blobs.Get(ctx, row.BlobKey)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	return data, errors.Join(err, r.Close())
}

// DropPhoto takes a photo away for good: the picture itself too. Whatever showed it does without from now on.
func (s *Service) DropPhoto(ctx context.Context, by auth.Actor, publicID string) error {
	if err := mayChange(by); err != nil {
		return err
	}
	row, err := s.DB.Q().Photo(ctx, q.PhotoParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return db.NotFound(err, "photo "+publicID)
	}
	// First the picture: whatever fails after it, it is gone, and DropPhoto can be asked again.
	if err := s.Blobs.Delete(ctx, row.BlobKey); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.EndPhoto(ctx, q.EndPhotoParams{SchoolID: by.School.ID, PublicID: publicID, EndedAt: s.Now().UnixMilli()})
		if err != nil {
			return fmt.Errorf("end photo: %w", err)
		}
		if n == 0 {
			return errs.NotFoundf("photo %s", publicID)
		}
		return s.notePhoto(ctx, tx, by, "drop", publicID)
	})
}

func (s *Service) notePhoto(ctx context.Context, tx *db.Tx, by auth.Actor, what, publicID string) error {
	return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "photos." + what, Area: "photos", Ref: publicID})
}

// withPhotos leaves out photos that the school does not have: they were taken away, or came along from somebody else's
// material.
func (s *Service) withPhotos(ctx context.Context, schoolID int64, d Edit) (Edit, error) {
	if !slices.ContainsFunc(d.Parts, func(p EditPart) bool { return p.Photo != "" }) {
		return d, nil
	}
	rows, err := s.DB.Q().Photos(ctx, q.PhotosParams{SchoolID: schoolID, Lim: MaxPhotos})
	if err != nil {
		return d, fmt.Errorf("photos: %w", err)
	}
	d.Parts = slices.Clone(d.Parts)
	for i, p := range d.Parts {
		if p.Photo != "" && !slices.ContainsFunc(rows, func(r q.PhotosRow) bool { return r.PublicID == p.Photo }) {
			d.Parts[i].Photo = ""
		}
	}
	return d, nil
}
