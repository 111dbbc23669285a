package push

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Keys are the VAPID keys of this installation (RFC 8292): browsers subscribe with the public one, and listen to nobody
// without the private one. Other keys end all subscriptions.
type Keys struct {
	Public  string // base64url without padding, of the 65 bytes of the point: what a page hands to its browser
	private string // base64url without padding, of 32 bytes
}

// fileName is where the private key lies in the data folder.
const fileName = "vapid.key"

// OpenKeys takes the private key from value, else from the file in dir, which is made when it is not there. The error for a value
// that cannot be used does not repeat it.
func OpenKeys(dir, value string) (Keys, error) {
	given := value != ""
	if !given {
		var err error
		if value, err = fromFile(filepath.Join(dir, fileName)); err != nil {
			return Keys{}, fmt.Errorf("push: %w", err)
		}
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.TrimSpace(value), "="))
	if err != nil {
		return Keys{}, badKey(given)
	}
	key, err := ecdh.P256().NewPrivateKey(raw)
	if err != nil {
		return Keys{}, badKey(given)
	}
	return Keys{Public: base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), private: base64.RawURLEncoding.EncodeToString(raw)}, nil
}

// badKey says where the key that cannot be used came from.
func badKey(given bool) error {
	from := "the file " + fileName
	if given {
		from = "--push-key"
	}
	return fmt.Errorf("%s: the VAPID key is a private key of P-256: 32 bytes in base64url, as Brug makes one in the file %s of a data folder", from, fileName)
}

// fromFile reads the key, or makes one. Of processes that start at once one makes it, and the others read that.
func fromFile(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return string(b), err
	}
	fresh, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	mine, err := os.CreateTemp(filepath.Dir(path), fileName+".*") // 0600
	if err != nil {
		return "", err
	}
	defer os.Remove(mine.Name())
	_, err = mine.WriteString(base64.RawURLEncoding.EncodeToString(fresh.Bytes()) + "\n")
	if err = errors.Join(err, mine.Sync(), mine.Close()); err != nil {
		return "", err
	}
	if err := os.Link(mine.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	b, err = os.ReadFile(path)
	return string(b), err
}
