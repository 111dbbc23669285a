package messages

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/messages/letter"
)

// Limits of what goes along with a message: what mail servers of families take.
const (
	MaxFiles      = 5
	MaxFileBytes  = 10 << 20 // of one file
	MaxFilesBytes = 20 << 20 // of all files of a message
)

// idleLife is how long a file waits for a message: a draft that nobody sent in two days is forgotten.
const idleLife = 48 * time.Hour

// KeepFile keeps a file for a message that is being written, and answers what it is. What it is, is found from its bytes: a
// PDF, a photo (drawn anew, without place and time) or a recording. Invalid with the field "files".
func (s *Service) KeepFile(ctx context.Context, by auth.Actor, u Upload) (letter.File, error) {
	if err := by.May(auth.MessagesSend); err != nil {
		return letter.File{}, err
	}
	f, data, err := checkAttachment(u)
	if err != nil {
		return letter.File{}, err
	}
	if err := s.put(ctx, by.School.ID, &f, data); err != nil {
		return letter.File{}, fmt.Errorf("keep file: %w", err)
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.AddFile(ctx, q.AddFileParams{PublicID: f.publicID, SchoolID: by.School.ID, BlobKey: f.key, Name: f.name, Type: f.kind, Bytes: f.bytes, Millis: f.length.Milliseconds(),
			CreatedBy: nullID(by.AccountID), CreatedAt: millis(s.Now())})
		return err
	})
	if err := s.orForget(ctx, []keptFile{f}, err); err != nil {
		return letter.File{}, fmt.Errorf("keep file: %w", err)
	}
	return letter.File{PublicID: f.publicID, Name: f.name, Type: f.kind, Bytes: f.bytes, Open: func() ([]byte, error) { return data, nil }}, nil
}

// checkAttachment is checkUpload in the words of staff.
func checkAttachment(u Upload) (keptFile, []byte, error) {
	if len(u.Data) == 0 {
		return keptFile{}, nil, errs.Field("files", "This file is empty.")
	}
	f, data, why := checkUpload(u)
	switch why {
	case "":
		return f, data, nil
	case WrongType:
		return keptFile{}, nil, errs.Field("files", "This file cannot be sent. Choose a PDF, a photo or a recording.")
	}
	return keptFile{}, nil, why.at("files")
}

const typePDF = "application/pdf"

// beginsAsPDF and endsAsPDF look for the marks at both ends of a PDF file; programs write a little before the first and after the
// last.
func beginsAsPDF(b []byte) bool { return bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")) }

func endsAsPDF(b []byte) bool { return bytes.Contains(b[max(0, len(b)-2048):], []byte("%%EOF")) }

// Kept are files that were kept, for a form that comes back with what is wrong. What is gone is left out.
func (s *Service) Kept(ctx context.Context, by auth.Actor, files []string) ([]letter.File, error) {
	if err := by.May(auth.MessagesSend); err != nil {
		return nil, err
	}
	rows, err := s.DB.Q().FilesToSend(ctx, q.FilesToSendParams{SchoolID: by.School.ID, Ids: publicIDs(files)})
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	byID := map[string]q.File{}
	for _, f := range rows {
		byID[f.PublicID] = f
	}
	var out []letter.File
	for _, one := range unique(files) {
		if f, ok := byID[one]; ok && f.CreatedBy.Int64 == by.AccountID {
			out = append(out, s.fileOf(f))
		}
	}
	return out, nil
}

// checkFiles: the files of a draft are there, are the actor's, and are not too many. ours: they came with a conversation.
func (s *Service) checkFiles(ctx context.Context, query *q.Queries, by auth.Actor, files []string, ours bool) error {
	if len(files) == 0 {
		return nil
	}
	var rows []q.File
	var err error
	if ours {
		rows, err = query.FilesByPublicID(ctx, q.FilesByPublicIDParams{SchoolID: by.School.ID, Files: publicIDs(files)})
	} else {
		rows, err = query.FilesToSend(ctx, q.FilesToSendParams{SchoolID: by.School.ID, Ids: publicIDs(files)})
	}
	if err != nil {
		return fmt.Errorf("files of message: %w", err)
	}
	var c errs.Check
	var all int64
	for _, f := range rows {
		all += f.Bytes
		c.That(ours || f.CreatedBy.Int64 == by.AccountID, "files", "One of these files is not there any more. Choose it again.")
	}
	c.That(len(rows) == len(files), "files", "One of these files is not there any more. Choose it again.")
	c.That(all <= MaxFilesBytes, "files", "These files are too large together. At most {size} MB is taken.", "size", MaxFilesBytes>>20)
	return c.Err()
}

// File opens a file that goes with a message, for staff who may see that message. NotFound for any other file of the school. For what
// is sensitive the look is journalled.
func (s *Service) File(ctx context.Context, by auth.Actor, message, file string) (letter.File, error) {
	m, err := s.messageFor(ctx, by, auth.MessagesSee, message)
	if err != nil {
		return letter.File{}, err
	}
	attached, err := fileIDs(m.Files)
	if err != nil {
		return letter.File{}, err
	}
	if !slices.Contains(attached, file) {
		return letter.File{}, errs.NotFoundf("file %s does not go with message %s", file, message)
	}
	f, err := s.DB.Q().FileOfStaff(ctx, q.FileOfStaffParams{SchoolID: by.School.ID, PublicID: file})
	if err != nil {
		return letter.File{}, db.NotFound(err, "file")
	}
	out := s.fileOf(f)
	if out.Watched = m.Sensitive; m.Sensitive {
		if err := s.noteLook(ctx, by, message); err != nil {
			return letter.File{}, err
		}
	}
	return out, nil
}

// sealRoom is more than what sealing adds to a file, in bytes.
const sealRoom = 1 << 10

// fileOf is a file as letters have it: read from the store and unsealed only when somebody needs its bytes. Of one that goes with
// something sensitive the caller writes down the look.
func (s *Service) fileOf(f q.File) letter.File {
	return letter.File{PublicID: f.PublicID, Name: f.Name, Type: f.Type, Bytes: f.Bytes, Open: func() (b []byte, err error) {
		r, err := s.Blobs.Get(context.Background(), f.BlobKey)
		if err != nil {
			return nil, fmt.Errorf("file %s: %w", f.PublicID, err)
		}
		defer func() { err = errors.Join(err, r.Close()) }()
		sealed, err := io.ReadAll(io.LimitReader(r, MaxFileBytes+sealRoom))
		if err != nil {
			return nil, fmt.Errorf("file %s: %w", f.PublicID, err)
		}
		return s.Secrets.UnsealBytes(context.Background(), s.DB.Q(), f.SchoolID, fileRow(f.PublicID), sealed)
	}}
}

// TidyFiles deletes files that no message and no answer took within two days.
func (s *Service) TidyFiles(ctx context.Context) error {
	rows, err := s.DB.Q().FilesNobodyTook(ctx, q.FilesNobodyTookParams{Before: millis(s.Now().Add(-idleLife)), Lim: 500})
	if err != nil {
		return fmt.Errorf("files that nobody took: %w", err)
	}
	for _, f := range rows {
		err := s.DB.Write(ctx, func(tx *db.Tx) error {
			n, err := tx.EndFile(ctx, q.EndFileParams{SchoolID: f.SchoolID, ID: f.ID, EndedAt: millis(s.Now())})
			if err != nil || n == 0 { // a message has taken it meanwhile
				return err
			}
			return s.Blobs.Delete(ctx, f.BlobKey)
		})
		if err != nil {
			return fmt.Errorf("tidy file: %w", err)
		}
	}
	return nil
}
