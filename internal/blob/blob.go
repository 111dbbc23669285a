// Package blob keeps files that do not belong into rows: logos, printed packs, lists as they were brought in.
//
// Areas that have files call it and keep the key in a row of theirs; who may read a file is decided there. Blob owns no
// tables. A Dir keeps the files in a folder of this machine.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"brug/internal/errs"
)

// Store keeps files under keys. A key is 1 to 200 letters, digits, "-", "_" and "." in parts divided by "/", where no part
// begins with "."; case counts on most systems, so keep to small letters. Any other key is an error.
type Store interface {
	// Put keeps all that r gives. A reader of the same key sees the old file or the new one, never a part; after an error
	// the old one.
	Put(ctx context.Context, key string, r io.Reader) error
	// Get opens a file; a missing one is errs.NotFound. The caller closes it.
	Get(ctx context.Context, key string) (io.ReadCloser, error)
	// Delete removes a file. One that is not there is no error.
	Delete(ctx context.Context, key string) error
}

// Dir is a Store in a folder: a file of the same name as its key, within one of 256 folders, so that none grows large.
type Dir struct{ root string }

var _ Store = (*Dir)(nil)

// Open opens the folder, and makes it when it is not there. Nobody but the program's own user can look into it.
func Open(root string) (*Dir, error) {
	if err := os.MkdirAll(filepath.Join(root, incoming), 0o700); err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return &Dir{root: root}, nil
}

// incoming holds files that are being written. No key leads there: it is longer than a folder's two letters.
const incoming = "incoming"

// Put implements Store.
func (d *Dir) Put(ctx context.Context, key string, r io.Reader) (err error) {
	path, err := d.path(key)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("blob: put %s: %w", key, err)
		}
	}()
	f, err := os.CreateTemp(filepath.Join(d.root, incoming), "")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = io.Copy(f, reader{ctx, r})
	if err == nil {
		err = f.Sync() // a row will say that the file is there
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Get implements Store.
func (d *Dir) Get(_ context.Context, key string) (io.ReadCloser, error) {
	path, err := d.path(key)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.NotFoundf("blob %s", key)
	}
	if err != nil {
		return nil, fmt.Errorf("blob: get %s: %w", key, err)
	}
	return f, nil
}

// Delete implements Store.
func (d *Dir) Delete(_ context.Context, key string) error {
	path, err := d.path(key)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("blob: delete %s: %w", key, err)
	}
	return nil
}

var keyForm = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$`)

func (d *Dir) path(key string) (string, error) {
	if len(key) > 200 || !keyForm.MatchString(key) {
		return "", fmt.Errorf("blob: %q is no key", key)
	}
	h := sha256.Sum256([]byte(key))
	return filepath.Join(d.root, hex.EncodeToString(h[:1]), filepath.FromSlash(key)), nil
}

// reader ends when the context does.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
