// Package secret holds the key of this installation and what comes of it: secrets in links and addresses, and the
// encryption of sensitive notes and of files.
//
// The key is 32 random bytes in a file of the data folder, or given (BRUG_SECRET) where several processes share one
// database and no folder. Who has the database and the files alone can read no note, hear no recording and open no link; who
// loses the key loses the notes and what families and staff sent along, and ends all links, so it belongs into the backup,
// apart from the database.
// Packages contact and messages call it. Table: school_keys.
package secret

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Keys is the key of the installation, opened. It may be used by many goroutines.
type Keys struct {
	root  []byte
	outer tink.AEAD // wraps the keys of schools
	macs  sync.Map  // by purpose: the key of its tokens, which a mail to a whole school needs thousands of times

	// Keys of schools in memory. One that may yet be rolled back is fit for reading, never for writing.
	mu        sync.Mutex
	committed map[int64]tink.AEAD
	seen      map[int64]tink.AEAD
}

// size of the installation's key, in bytes.
const size = 32

// fileName is where the key lies in the data folder.
const fileName = "secret.key"

// Open takes the key from value (base64 of 32 bytes), else from the file in dir, which is made when it is not there. The
// error for a value that cannot be used does not repeat it.
func Open(dir, value string) (*Keys, error) {
	if value == "" {
		var err error
		if value, err = fromFile(filepath.Join(dir, fileName)); err != nil {
			return nil, fmt.Errorf("secret: %w", err)
		}
	}
	root, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
	if err != nil || len(root) != size {
		return nil, errors.New("secret: the key is 32 random bytes in base64, as `openssl rand -base64 32` makes them")
	}
	k := &Keys{root: root, committed: map[int64]tink.AEAD{}, seen: map[int64]tink.AEAD{}}
	if k.outer, err = subtle.NewAESGCM(k.Key("school keys")); err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return k, nil
}

// fromFile reads the key, or makes one. Of processes that start at once one makes it, and the others read that.
func fromFile(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return string(b), err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	fresh := make([]byte, size)
	if _, err := rand.Read(fresh); err != nil {
		return "", err
	}
	mine, err := os.CreateTemp(filepath.Dir(path), fileName+".*") // 0600
	if err != nil {
		return "", err
	}
	defer os.Remove(mine.Name())
	_, err = mine.WriteString(base64.StdEncoding.EncodeToString(fresh) + "\n")
	if err = errors.Join(err, mine.Sync(), mine.Close()); err != nil {
		return "", err
	}
	if err := os.Link(mine.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	b, err = os.ReadFile(path)
	return string(b), err
}

// Key is 32 bytes for one purpose, the same each time. Purposes know nothing of each other's keys.
func (k *Keys) Key(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, k.root, nil, "brug "+purpose, size)
	if err != nil {
		panic(err) // only for lengths far beyond 32
	}
	return key
}

// Token is the secret for something with a public id: 22 URL-safe characters, 128 bits. It can be made again at any time,
// so that the database holds its hash (id.Hash) only and each letter can still carry the link.
func (k *Keys) Token(purpose, id string) string {
	return base64.RawURLEncoding.EncodeToString(k.mac(purpose, id)[:16])
}

// Sign is Token in lower-case letters and digits, n bytes of it, for where letters lose their case, such as a mail address.
func (k *Keys) Sign(purpose, id string, n int) string {
	return fmt.Sprintf("%x", k.mac(purpose, id)[:n])
}

func (k *Keys) mac(purpose, id string) []byte {
	key, ok := k.macs.Load(purpose)
	if !ok {
		key, _ = k.macs.LoadOrStore(purpose, k.Key("token "+purpose))
	}
	h := hmac.New(sha256.New, key.([]byte))
	h.Write([]byte(id))
	return h.Sum(nil)
}

// Same compares secrets without telling by its time how much of them fits.
func Same(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// Seal encrypts a text with the school's key; row says where it will stand ("contacts/PUBLICID"), and it opens nowhere else.
// The school's key is made with its first use, in the same transaction. An empty text stays empty.
func (k *Keys) Seal(ctx context.Context, tx *db.Tx, schoolID int64, row, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	a := k.kept(k.committed, schoolID)
	if a == nil {
		var err error
		if a, err = k.school(ctx, tx.Queries, schoolID); db.Missing(err) {
			a, err = k.makeSchool(ctx, tx, schoolID)
		}
		if err != nil {
			return "", fmt.Errorf("secret: seal: %w", err)
		}
		tx.AfterCommit(func() { k.keep(k.committed, schoolID, a) })
	}
	c, err := a.Encrypt([]byte(text), where(schoolID, row))
	if err != nil {
		return "", fmt.Errorf("secret: seal: %w", err)
	}
	return base64.RawStdEncoding.EncodeToString(c), nil
}

// Unseal is what Seal was given. The caller writes into the journal who looked. An error says that it was sealed for
// another row, changed since, or sealed with another key.
func (k *Keys) Unseal(ctx context.Context, query *q.Queries, schoolID int64, row, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	c, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil {
		return "", fmt.Errorf("secret: unseal %s: not a sealed text", row)
	}
	text, err := k.UnsealBytes(ctx, query, schoolID, row, c)
	return string(text), err
}

// SealBytes is Seal for the content of a file, which is kept as bytes. It stands outside a transaction, for a file is stored
// before its row is written; a school that has no key yet gets one by itself. It needs as much memory again as data.
func (k *Keys) SealBytes(ctx context.Context, d *db.DB, schoolID int64, row string, data []byte) ([]byte, error) {
	a := k.kept(k.committed, schoolID)
	if a == nil {
		var err error
		if a, err = k.school(ctx, d.Q(), schoolID); db.Missing(err) {
			err = d.Write(ctx, func(tx *db.Tx) error {
				a, err = k.makeSchool(ctx, tx, schoolID)
				return err
			})
		}
		if err != nil {
			return nil, fmt.Errorf("secret: seal: %w", err)
		}
		k.keep(k.committed, schoolID, a)
	}
	sealed, err := a.Encrypt(data, where(schoolID, row))
	if err != nil {
		return nil, fmt.Errorf("secret: seal: %w", err)
	}
	return sealed, nil
}

// UnsealBytes is what SealBytes was given, under the terms of Unseal.
func (k *Keys) UnsealBytes(ctx context.Context, query *q.Queries, schoolID int64, row string, sealed []byte) ([]byte, error) {
	if a := k.kept(k.seen, schoolID); a != nil {
		if data, err := a.Decrypt(sealed, where(schoolID, row)); err == nil {
			return data, nil
		}
	}
	a, err := k.school(ctx, query, schoolID)
	if err != nil {
		return nil, fmt.Errorf("secret: unseal %s: %w", row, err)
	}
	k.keep(k.seen, schoolID, a)
	data, err := a.Decrypt(sealed, where(schoolID, row))
	if err != nil {
		return nil, fmt.Errorf("secret: unseal %s: sealed elsewhere, or changed", row)
	}
	return data, nil
}

func (k *Keys) kept(in map[int64]tink.AEAD, schoolID int64) tink.AEAD {
	k.mu.Lock()
	defer k.mu.Unlock()
	return in[schoolID]
}

func (k *Keys) keep(in map[int64]tink.AEAD, schoolID int64, a tink.AEAD) {
	k.mu.Lock()
	defer k.mu.Unlock()
	in[schoolID] = a
}

func where(schoolID int64, row string) []byte {
	return []byte(strconv.FormatInt(schoolID, 10) + "/" + row)
}

// school is the key of a school that has one.
func (k *Keys) school(ctx context.Context, query *q.Queries, schoolID int64) (tink.AEAD, error) {
	wrapped, err := query.SchoolKey(ctx, schoolID)
	if err != nil {
		return nil, err
	}
	return k.unwrap(schoolID, wrapped)
}

func (k *Keys) unwrap(schoolID int64, wrapped string) (tink.AEAD, error) {
	h, err := keyset.ReadWithAssociatedData(keyset.NewJSONReader(strings.NewReader(wrapped)), k.outer, where(schoolID, "key"))
	if err != nil {
		return nil, errors.New("the school's key was wrapped by another installation's key: BRUG_SECRET or the file secret.key is not the one of this database")
	}
	return aead.New(h)
}

// makeSchool makes the key of a school, with the transaction.
func (k *Keys) makeSchool(ctx context.Context, tx *db.Tx, schoolID int64) (tink.AEAD, error) {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := h.WriteWithAssociatedData(keyset.NewJSONWriter(&b), k.outer, where(schoolID, "key")); err != nil {
		return nil, err
	}
	if err := tx.AddSchoolKey(ctx, q.AddSchoolKeyParams{SchoolID: schoolID, Wrapped: b.String(), CreatedAt: time.Now().UnixMilli()}); err != nil {
		return nil, err
	}
	wrapped, err := tx.SchoolKey(ctx, schoolID) // of two at once the first one's
	if err != nil {
		return nil, err
	}
	return k.unwrap(schoolID, wrapped)
}
