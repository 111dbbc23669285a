package school

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/lang"
	"brug/internal/press"
	"brug/internal/roster"
)

// Settings are what a school says of itself.
type Settings struct {
	Name, Town, Phone string
	Lang              string // of the school: what a family gets where its own language lacks
	Timezone          string // IANA name
	HasLogo           bool
	Slug              string
	Office            Office // when staff answer; changed by SaveOffice
	Version           int64
}

// Timezones are those that a school can choose: where Brug is used and where schools abroad teach in Dutch.
var Timezones = []string{"Europe/Brussels", "Europe/Amsterdam", "Europe/Paris", "Europe/Luxembourg", "Europe/Berlin",
	"America/Paramaribo", "America/Curacao", "America/Aruba"}

// SchoolLangs are the languages that a school can have.
var SchoolLangs = []string{"nl", "fr", "de", "en"}

// MaxLogo is the largest logo that is taken, in bytes.
const MaxLogo = 2_000_000

// Settings are the settings of the actor's school.
func (s *Service) Settings(ctx context.Context, by auth.Actor) (Settings, error) {
	if err := by.May(auth.SchoolSee); err != nil {
		return Settings{}, err
	}
	row, err := s.db.Q().SchoolByID(ctx, by.School.ID)
	if err != nil {
		return Settings{}, db.NotFound(err, "school")
	}
	return Settings{Name: row.Name, Town: row.Town, Phone: row.Phone, Lang: row.Lang, Timezone: row.Timezone,
		HasLogo: row.LogoKey != "", Slug: row.Slug, Office: ReadOffice(row.Office), Version: row.Version}, nil
}

// SaveSettings changes all but logo, slug and office. Conflict: somebody else changed them since in.Version.
func (s *Service) SaveSettings(ctx context.Context, by auth.Actor, in Settings) error {
	if err := by.May(auth.SchoolChange); err != nil {
		return err
	}
	var c errs.Check
	in.Name, in.Town, in.Phone = clean(in.Name), clean(in.Town), clean(in.Phone)
	c.That(in.Name != "", "name", "Write the name of the school.")
	c.That(utf8.RuneCountInString(in.Name) <= 100, "name", "Use at most {n} characters.", "n", 100)
	c.That(utf8.RuneCountInString(in.Town) <= 100, "town", "Use at most {n} characters.", "n", 100)
	if in.Phone != "" {
		_, ok := roster.ParsePhone(in.Phone)
		c.That(ok, "phone", "This is not a whole phone number. Write it with the area code, or with + and the country.")
	}
	c.That(slices.Contains(SchoolLangs, in.Lang), "lang", "Choose a language.")
	_, err := time.LoadLocation(in.Timezone)
	c.That(err == nil && slices.Contains(Timezones, in.Timezone), "timezone", "Choose a time zone.")
	if err := c.Err(); err != nil {
		return err
	}
	return s.change(ctx, by, func(tx *db.Tx) error {
		n, err := tx.SetSchool(ctx, q.SetSchoolParams{Name: in.Name, Town: in.Town, Phone: in.Phone, Lang: lang.Canonical(in.Lang),
			Timezone: in.Timezone, SchoolID: by.School.ID, Version: in.Version})
		if err := lost(n, err); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "school.change", by.School.PublicID, nil)
	})
}

// SetLogo keeps a picture as the school's logo: PNG, JPEG or SVG that paper and pages can both show. Anything else is
// Invalid at field "logo", in words that say what to do.
func (s *Service) SetLogo(ctx context.Context, by auth.Actor, data []byte) error {
	if err := by.May(auth.SchoolChange); err != nil {
		return err
	}
	kind, err := checkLogo(data)
	if err != nil {
		return err
	}
	row, err := s.db.Q().SchoolByID(ctx, by.School.ID)
	if err != nil {
		return db.NotFound(err, "school")
	}
	key := "logos/" + by.School.PublicID + "/" + id.New()
	if err := s.blobs.Put(ctx, key, bytes.NewReader(data)); err != nil {
		return err
	}
	if small := smallLogo(data, kind); small != nil {
		if err := s.blobs.Put(ctx, smallKey(key), bytes.NewReader(small)); err != nil {
			return err
		}
	}
	return s.setLogo(ctx, by, row.LogoKey, key, kind)
}

// RemoveLogo takes the logo away.
func (s *Service) RemoveLogo(ctx context.Context, by auth.Actor) error {
	if err := by.May(auth.SchoolChange); err != nil {
		return err
	}
	row, err := s.db.Q().SchoolByID(ctx, by.School.ID)
	if err != nil {
		return db.NotFound(err, "school")
	}
	return s.setLogo(ctx, by, row.LogoKey, "", "")
}

func (s *Service) setLogo(ctx context.Context, by auth.Actor, old, key, kind string) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.SetLogo(ctx, q.SetLogoParams{LogoKey: key, LogoType: kind, SchoolID: by.School.ID}); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "school.logo", by.School.PublicID, nil)
	})
	if err != nil || old == "" {
		return err
	}
	return errors.Join(s.blobs.Delete(ctx, old), s.blobs.Delete(ctx, smallKey(old)))
}

// Logo is the school's logo and its media type; nil and "" if it has none. It asks for no permission: the logo stands on
// every paper that leaves the school.
func (s *Service) Logo(ctx context.Context, school auth.School) ([]byte, string, error) {
	row, err := s.db.Q().SchoolByID(ctx, school.ID)
	if err != nil {
		return nil, "", db.NotFound(err, "school")
	}
	if row.LogoKey == "" {
		return nil, "", nil
	}
	data, err := s.readBlob(ctx, row.LogoKey, MaxLogo)
	return data, row.LogoType, err
}

func checkLogo(data []byte) (mediaType string, err error) {
	if len(data) == 0 {
		return "", errs.Field("logo", "Choose a picture.")
	}
	if len(data) > MaxLogo {
		return "", errs.Field("logo", "This picture is too large. At most {size} MB is taken; a small one prints just as well.", "size", MaxLogo/1_000_000)
	}
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		mediaType = "image/png"
		_, err = press.ParseImage(data)
	case bytes.HasPrefix(data, []byte{0xff, 0xd8, 0xff}):
		mediaType = "image/jpeg"
		_, err = press.ParseImage(data)
	case bytes.Contains(data[:min(len(data), 4096)], []byte("<svg")):
		mediaType = "image/svg+xml"
		_, err = press.ParseSVG(data)
	default:
		return "", errs.Field("logo", "This is not a PNG, JPEG or SVG picture. Save the logo as PNG and choose it again.")
	}
	if err == nil {
		return mediaType, nil
	}
	text := errs.T("This picture is damaged. Save it again and choose it once more.")
	switch {
	case errors.Is(err, press.ErrPictureFormat):
		text = errs.T("This is not a PNG, JPEG or SVG picture. Save the logo as PNG and choose it again.")
	case errors.Is(err, press.ErrPictureTooLarge):
		text = errs.T("This picture has too many dots. Make it smaller, to some 1000 dots wide, and choose it again.")
	case errors.Is(err, press.ErrPictureUnsupported):
		text = errs.T("This picture uses something that cannot be printed. Save the logo as PNG and choose it again.")
	}
	return "", &errs.Error{Kind: errs.Invalid, Fields: map[string]errs.Text{"logo": text}, Err: err}
}
