package voice

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"brug/internal/audio"
	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
	"brug/internal/material"
)

// Config is what the service is made of.
type Config struct {
	DB       *db.DB
	Material *material.Service
	Blobs    blob.Store
	Now      func() time.Time
	Log      *slog.Logger // nil: slog.Default
}

// Service has the operations on voices.
type Service struct{ Config }

// New makes the service.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Service{c}
}

// Take is a new recording, as it was spoken or chosen.
type Take struct {
	Material string // slug
	Lang     string // BCP 47, one that can be set for a family
	File     []byte
	Speaker  string // name or role; families see it
	Consent  bool   // the speaker agrees that families of the school hear it
}

// Add keeps a recording and ends the one before it for the same text and language. Errors: errs.Invalid at "file", "speaker"
// or "consent"; NotFound for a text or a language that is not there.
func (s *Service) Add(ctx context.Context, by auth.Actor, t Take) (publicID string, err error) {
	if err := mayRecord(by); err != nil {
		return "", err
	}
	e, err := s.Text(ctx, by, t.Material, t.Lang)
	if err != nil {
		return "", err
	}
	return s.add(ctx, by.School, e, t, by, nil)
}

// add is Add without the question who may. also is done in the same transaction.
func (s *Service) add(ctx context.Context, at auth.School, e *material.Entry, t Take, by auth.Actor, also func(tx *db.Tx) error) (string, error) {
	t.Speaker = strings.Join(strings.Fields(t.Speaker), " ")
	var c errs.Check
	c.That(t.Speaker != "", "speaker", "Write who speaks: a name or a role.")
	c.That(utf8.RuneCountInString(t.Speaker) <= MaxSpeaker, "speaker", "This is too long. Write at most {max} letters.", "max", MaxSpeaker)
	c.That(t.Consent, "consent", "Tick this box if the speaker agrees. Without it nothing is kept.")
	info, err := audio.Check(t.File)
	if len(t.File) == 0 {
		c.That(false, "file", "Record the text, or choose a recording.")
	} else if err != nil {
		text, known := fault(err)
		if !known {
			return "", err
		}
		c.That(false, "file", text.ID, args(text)...)
	}
	if err := c.Err(); err != nil {
		return "", err
	}
	clean := audio.Strip(t.File)
	publicID := id.New()
	key := "voice/" + at.PublicID + "/" + publicID
	if err := s.Blobs.Put(ctx, key, bytes.NewReader(clean)); err != nil {
		return "", err
	}
	var old []q.OwnRecordingsRow
	now := s.Now().UnixMilli()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if old, err = tx.OwnRecordings(ctx, q.OwnRecordingsParams{SchoolID: at.ID, Material: t.Material, Lang: t.Lang}); err != nil {
			return fmt.Errorf("recordings before: %w", err)
		}
		if err := tx.EndRecordings(ctx, q.EndRecordingsParams{SchoolID: at.ID, Material: t.Material, Lang: t.Lang, EndedAt: now}); err != nil {
			return fmt.Errorf("end recordings: %w", err)
		}
		if err := tx.AddRecording(ctx, q.AddRecordingParams{PublicID: publicID, SchoolID: at.ID, Material: t.Material, Lang: t.Lang, Digest: digest(e, t.Lang), Speaker: t.Speaker, ConsentAt: now,
			BlobKey: key, Type: info.Type, Bytes: int64(len(clean)), Millis: info.Length.Milliseconds(), CreatedBy: account(by), CreatedAt: now}); err != nil {
			return fmt.Errorf("add recording: %w", err)
		}
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: at.ID, AccountID: by.AccountID, Actor: by.Name, Action: "voice.add", Area: "voice", Ref: publicID,
			Detail: map[string]string{"material": t.Material, "lang": t.Lang}})
	})
	if err != nil {
		return "", errors.Join(err, s.Blobs.Delete(context.WithoutCancel(ctx), key))
	}
	for _, o := range old {
		// The new one is kept and plays: a file that could not be deleted is for the operator, not for who has just spoken.
		if err := s.Blobs.Delete(ctx, o.BlobKey); err != nil {
			s.Log.Error("voice: an old recording is still on disk", "key", o.BlobKey, "err", err)
		}
	}
	return publicID, nil
}

// fault says in words what is wrong with a file.
func fault(err error) (errs.Text, bool) {
	switch {
	case errors.Is(err, audio.ErrTooLarge):
		return errs.T("This recording is too large. At most {size} MB is taken.", "size", audio.MaxBytes>>20), true
	case errors.Is(err, audio.ErrTooLong):
		return errs.T("This recording is too long. Speak for at most {n} minutes.", "n", int(audio.MaxLength/time.Minute)), true
	case errors.Is(err, audio.ErrVideo):
		return errs.T("This is a film. Choose a recording of the voice alone."), true
	case errors.Is(err, audio.ErrNotAudio):
		return errs.T("This is not a recording that every phone plays. Take WebM, Ogg, MP3, M4A or WAV."), true
	case errors.Is(err, audio.ErrBroken):
		return errs.T("This recording is empty or damaged. Record it again."), true
	}
	return errs.Text{}, false
}

func args(t errs.Text) []any {
	var out []any
	for name, v := range t.Args {
		out = append(out, name, v)
	}
	return out
}

func mayRecord(by auth.Actor) error {
	if err := by.May(auth.VoiceRecord); err != nil {
		return err
	}
	if by.School.ID == 0 {
		return errs.Forbiddenf("a voice is recorded at a school")
	}
	return nil
}

func account(by auth.Actor) sql.NullInt64 {
	return sql.NullInt64{Int64: by.AccountID, Valid: by.AccountID != 0}
}

// Text finds a text that can be spoken in a language: NotFound for a material that is not there or is for the team, and for
// a language that cannot be set for a family.
func (s *Service) Text(ctx context.Context, by auth.Actor, slug, tag string) (*material.Entry, error) {
	if err := mayRecord(by); err != nil {
		return nil, err
	}
	e, err := s.Material.Get(ctx, by, slug)
	if err != nil {
		return nil, err
	}
	return e, speakable(e, tag)
}

func speakable(e *material.Entry, tag string) error {
	if i, ok := listed(tag); !ok || i.Tag != tag || e.Reader == material.ForTeam {
		return errs.NotFoundf("voice of %s in %q", e.Slug, tag)
	}
	return nil
}

// Current is the recording of a text in a language as staff see it, also one whose words have changed since; ok is false if
// there is none. The school's own goes before the support centre's.
func (s *Service) Current(ctx context.Context, by auth.Actor, e *material.Entry, tag string) (r Recording, ok bool, err error) {
	if err := by.May(auth.MaterialSee); err != nil {
		return r, false, err
	}
	all, err := s.of(ctx, by.School.ID, e)
	for _, r := range all {
		if r.Lang == tag {
			return r, true, nil
		}
	}
	return r, false, err
}

// Play is the recording that a family hears: of just these words, in the family's language or in the one that it is a
// variety of. ok is false if there is none. The caller has checked who asks.
func (s *Service) Play(ctx context.Context, schoolID int64, e *material.Entry, tag string) (r Recording, ok bool, err error) {
	all, err := s.of(ctx, schoolID, e)
	if err != nil {
		return r, false, err
	}
	base, _, _ := strings.Cut(tag, "-")
	for _, want := range []string{tag, base} {
		for _, r := range all {
			if r.Lang == want && !r.Changed {
				return r, true, nil
			}
		}
	}
	return r, false, nil
}

// of are the recordings of a text in all languages, the school's own first. One query.
func (s *Service) of(ctx context.Context, schoolID int64, e *material.Entry) ([]Recording, error) {
	rows, err := s.DB.Q().RecordingsFor(ctx, q.RecordingsForParams{SchoolID: schoolID, Material: e.Slug, AtCentre: e.AtCentre()})
	if err != nil {
		return nil, fmt.Errorf("recordings of text: %w", err)
	}
	out := make([]Recording, len(rows))
	for i, r := range rows {
		out[i] = recording(q.RecordingsRow(r), schoolID)
		out[i].Changed = out[i].digest != digest(e, out[i].Lang)
	}
	return out, nil
}

func recording(r q.RecordingsRow, schoolID int64) Recording {
	if r.SchoolID != schoolID {
		r.Material = material.CentreSlug(r.Material)
	}
	return Recording{PublicID: r.PublicID, Material: r.Material, Lang: r.Lang, Speaker: r.Speaker, Type: r.Type, Bytes: r.Bytes, Length: time.Duration(r.Millis) * time.Millisecond,
		At: time.UnixMilli(r.CreatedAt), Centre: r.SchoolID != schoolID, id: r.ID, schoolID: r.SchoolID, digest: r.Digest, key: r.BlobKey}
}

// Recording finds one for staff of the school, to hear it.
func (s *Service) Recording(ctx context.Context, by auth.Actor, publicID string) (Recording, error) {
	if err := by.May(auth.MaterialSee); err != nil {
		return Recording{}, err
	}
	row, err := s.DB.Q().RecordingByPublicID(ctx, q.RecordingByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return Recording{}, db.NotFound(err, "recording "+publicID)
	}
	return recording(q.RecordingsRow(row), by.School.ID), nil
}

// Open opens the sound of a recording that Recording, Current or Play has given. It can be read from any place. The caller
// closes it.
func (s *Service) Open(ctx context.Context, r Recording) (io.ReadSeekCloser, error) {
	f, err := s.Blobs.Get(ctx, r.key)
	if err != nil {
		return nil, err
	}
	if seeks, ok := f.(io.ReadSeekCloser); ok {
		return seeks, nil
	}
	b, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return whole{bytes.NewReader(b)}, nil
}

type whole struct{ *bytes.Reader }

func (whole) Close() error { return nil }

// Drop ends a recording: the speaker does not agree any more, or it was not good. The sound goes at once and for good, and
// with it who spoke; that it was there stays in the journal. Forbidden for the support centre's at another school.
func (s *Service) Drop(ctx context.Context, by auth.Actor, publicID string) error {
	if err := mayRecord(by); err != nil {
		return err
	}
	r, err := s.Recording(ctx, by, publicID)
	if err != nil {
		return err
	}
	if r.Centre {
		return errs.Forbiddenf("recording %s is the support centre's", publicID)
	}
	// All of this text and language: two that were saved in the same moment may both be there, and none may play after this.
	all, err := s.DB.Q().OwnRecordings(ctx, q.OwnRecordingsParams{SchoolID: by.School.ID, Material: r.Material, Lang: r.Lang})
	if err != nil {
		return fmt.Errorf("recordings of text: %w", err)
	}
	// First the sound: whatever fails after it, the voice is gone, and Drop can be asked again.
	for _, one := range all {
		if err := s.Blobs.Delete(ctx, one.BlobKey); err != nil {
			return err
		}
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.EndRecordings(ctx, q.EndRecordingsParams{SchoolID: by.School.ID, Material: r.Material, Lang: r.Lang, EndedAt: s.Now().UnixMilli()}); err != nil {
			return fmt.Errorf("end recordings: %w", err)
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "voice.drop", Area: "voice", Ref: publicID,
			Detail: map[string]string{"material": r.Material, "lang": r.Lang}})
	})
}
