package secret

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"brug/internal/db"
	"brug/internal/db/dbtest"

	"github.com/tink-crypto/tink-go/v2/tink"
)

func keys(t *testing.T) *Keys {
	t.Helper()
	k, err := Open(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestTheKeyIsMadeOnceAndIsNobodyElses(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	tokens := make([]string, 8)
	for i := range tokens { // processes that start together
		wg.Go(func() {
			k, err := Open(dir, "")
			if err != nil {
				t.Error(err)
				return
			}
			tokens[i] = k.Token("link", "abc")
		})
	}
	wg.Wait()
	for _, s := range tokens {
		if s != tokens[0] || len(s) != 22 {
			t.Fatalf("tokens differ: %q", tokens)
		}
	}
	info, err := os.Stat(filepath.Join(dir, fileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file: %v %v", info.Mode(), err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 1 {
		t.Errorf("files left over: %v %v", left, err)
	}
	k := keys(t)
	if k.Token("link", "abc") == tokens[0] || k.Token("link", "abc") == k.Token("reply", "abc") || k.Token("link", "abc") == k.Token("link", "abd") {
		t.Error("two tokens are the same")
	}
	if s := k.Sign("reply", "abc", 5); len(s) != 10 || s != strings.ToLower(s) {
		t.Errorf("sign %q", s)
	}
}

func TestAKeyThatCannotBeUsedIsNotRepeated(t *testing.T) {
	for _, bad := range []string{"geheim", base64.StdEncoding.EncodeToString([]byte("too short"))} {
		if _, err := Open(t.TempDir(), bad); err == nil || strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	given := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))
	a, err := Open(t.TempDir(), given)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(t.TempDir(), given+"\n")
	if err != nil || a.Token("x", "y") != b.Token("x", "y") {
		t.Errorf("the same key gives other tokens: %v", err)
	}
}

func schools(t *testing.T, d *db.DB) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(t.Context(), "insert into schools (id, public_id, slug, name, created_at) values (1, 'a', 'a', 'A', 0), (2, 'b', 'b', 'B', 0)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestSealedFilesOpenOnlyWhereTheyBelong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, k := t.Context(), keys(t)
		schools(t, d)
		again := &Keys{root: k.root, outer: k.outer, committed: map[int64]tink.AEAD{}, seen: map[int64]tink.AEAD{}} // another process
		data := bytes.Repeat([]byte("voice\x00\xff"), 10_000)
		sealed := make([][]byte, 4)
		var wg sync.WaitGroup
		for i := range sealed { // two processes that are the first to seal something
			who := []*Keys{k, again}[i%2]
			wg.Go(func() {
				var err error
				if sealed[i], err = who.SealBytes(ctx, d, 1, "files/x", data); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, s := range sealed {
			if bytes.Contains(s, []byte("voice")) || len(s) > len(data)+100 {
				t.Fatalf("%d bytes of %d, with the words in them", len(s), len(data))
			}
			for _, who := range []*Keys{k, again} {
				if got, err := who.UnsealBytes(ctx, d.Q(), 1, "files/x", s); err != nil || !bytes.Equal(got, data) {
					t.Fatalf("%d bytes, %v", len(got), err)
				}
			}
			if _, err := k.UnsealBytes(ctx, d.Q(), 1, "files/y", s); err == nil {
				t.Error("it opens as another file")
			}
			if _, err := k.UnsealBytes(ctx, d.Q(), 2, "files/x", s); err == nil {
				t.Error("it opens at another school")
			}
		}
		cut := bytes.Clone(sealed[0])
		cut[len(cut)/2] ^= 1
		if _, err := k.UnsealBytes(ctx, d.Q(), 1, "files/x", cut); err == nil {
			t.Error("it opens, though it was changed")
		}
	})
}

func TestSealedTextsOpenOnlyWhereTheyStand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, k := t.Context(), keys(t)
		schools(t, d)
		seal := func(k *Keys, school int64, text string) (sealed string, err error) {
			err = d.Write(ctx, func(tx *db.Tx) error {
				sealed, err = k.Seal(ctx, tx, school, "contacts/x", text)
				return err
			})
			return sealed, err
		}
		// a key that was rolled back must not be used again
		stop := errors.New("stop")
		if err := d.Write(ctx, func(tx *db.Tx) error {
			s, err := k.Seal(ctx, tx, 1, "contacts/x", "nooit")
			if err == nil {
				_, err = k.Unseal(ctx, tx.Queries, 1, "contacts/x", s)
			}
			return errors.Join(err, stop)
		}); err.Error() != stop.Error() {
			t.Fatal(err)
		}
		one, err := seal(k, 1, "Zij slaapt slecht. ሰላም")
		if err != nil || strings.Contains(one, "slaapt") {
			t.Fatalf("seal: %q %v", one, err)
		}
		two, err := seal(k, 1, "Zij slaapt slecht. ሰላም")
		if err != nil || two == one {
			t.Errorf("the same text looks the same sealed: %v", err)
		}
		again := &Keys{root: k.root, outer: k.outer, committed: map[int64]tink.AEAD{}, seen: map[int64]tink.AEAD{}} // another process
		for _, who := range []*Keys{k, again} {
			if text, err := who.Unseal(ctx, d.Q(), 1, "contacts/x", one); err != nil || text != "Zij slaapt slecht. ሰላም" {
				t.Errorf("unseal: %q %v", text, err)
			}
		}
		if _, err := k.Unseal(ctx, d.Q(), 1, "contacts/y", one); err == nil {
			t.Error("opens in another row")
		}
		if _, err := seal(k, 2, "van school 2"); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Unseal(ctx, d.Q(), 2, "contacts/x", one); err == nil {
			t.Error("opens at another school")
		}
		if _, err := keys(t).Unseal(ctx, d.Q(), 1, "contacts/x", one); err == nil || !strings.Contains(err.Error(), "secret.key") {
			t.Errorf("another installation: %v", err)
		}
		if empty, err := seal(k, 1, ""); err != nil || empty != "" {
			t.Errorf("an empty text: %q %v", empty, err)
		}
	})
}
