package blob_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"brug/internal/blob"
	"brug/internal/errs"
)

func open(t *testing.T) (*blob.Dir, string) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "blobs")
	d, err := blob.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	return d, root
}

func read(t *testing.T, s blob.Store, key string) string {
	t.Helper()
	r, err := s.Get(t.Context(), key)
	if errs.Is(err, errs.NotFound) {
		return "(none)"
	}
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestWhatIsPutIsGot(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	steps := []struct {
		name string
		do   func() error
		want string
	}{
		{"nothing is there at first", func() error { return nil }, "(none)"},
		{"what was put", func() error { return s.Put(ctx, "logos/kt4.png", strings.NewReader("one")) }, "one"},
		{"put again, the new", func() error { return s.Put(ctx, "logos/kt4.png", strings.NewReader("two")) }, "two"},
		{"another key changes nothing", func() error { return s.Put(ctx, "logos/kt5.png", strings.NewReader("x")) }, "two"},
		{"deleted", func() error { return s.Delete(ctx, "logos/kt4.png") }, "(none)"},
		{"deleted again", func() error { return s.Delete(ctx, "logos/kt4.png") }, "(none)"},
		{"an empty file is a file", func() error { return s.Put(ctx, "logos/kt4.png", strings.NewReader("")) }, ""},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := read(t, s, "logos/kt4.png"); got != step.want {
			t.Errorf("%s: %q, want %q", step.name, got, step.want)
		}
	}
}

func TestAPutThatFailsLeavesTheOldFileAndNothingElse(t *testing.T) {
	s, root := open(t)
	if err := s.Put(t.Context(), "a", strings.NewReader("old")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the line broke")
	if err := s.Put(t.Context(), "a", io.MultiReader(strings.NewReader("new"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(cancelled, "a", strings.NewReader("new")); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if got := read(t, s, "a"); got != "old" {
		t.Errorf("read %q", got)
	}
	files := 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := e.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v %v", e.Name(), info.Mode(), err)
		}
		if !e.IsDir() {
			files++
		}
		return nil
	})
	if err != nil || files != 1 {
		t.Errorf("%d files are there, want 1: %v", files, err)
	}
}

func TestAKeyNeverLeadsOutside(t *testing.T) {
	s, root := open(t)
	if err := os.WriteFile(filepath.Join(filepath.Dir(root), "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"", ".", "..", "../secret", "../../secret", "a/../../../secret", "/etc/passwd", "a//b", "a/", "/a",
		`a\b`, "a b", "a\x00b", ".hidden", "a/.b", "é", "a\n", strings.Repeat("a", 201)} {
		if err := s.Put(t.Context(), key, strings.NewReader("x")); err == nil {
			t.Errorf("put took %q", key)
		}
		if r, err := s.Get(t.Context(), key); err == nil || errs.Is(err, errs.NotFound) {
			t.Errorf("get took %q: %v %v", key, r, err)
		}
		if err := s.Delete(t.Context(), key); err == nil {
			t.Errorf("delete took %q", key)
		}
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(root), "secret")); err != nil {
		t.Error(err)
	}
}
