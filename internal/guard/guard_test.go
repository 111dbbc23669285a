// Package guard holds tests only: rules about the whole house that no single package can keep for itself.
//
// floors: imports go down. queries: each one names its school and runs on both engines. schemas: the two engines have the
// same tables. generated: nobody forgot to generate. walk: every route as everybody. It owns no tables and nothing imports it.
package guard

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// root is the folder of the module, with a slash at the end.
const root = "../../"

// files are the files under the folder whose names end so, as paths from the root with slashes.
func files(t *testing.T, folder, end string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root+folder, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := e.Name(); e.IsDir() && (name == "node_modules" || (strings.HasPrefix(name, ".") && name != "." && name != "..")) {
			return filepath.SkipDir
		}
		if !e.IsDir() && strings.HasSuffix(path, end) {
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			found = append(found, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatalf("no %s under %s: this test looks in the wrong place", end, folder)
	}
	return found
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(root + path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
