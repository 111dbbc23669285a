package lang_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leonelquinteros/gotext"

	"brug/internal/lang/catalogue"
)

const root = "../.."

// TestCatalogueComplete fails on a text in the code that lacks a translation in one of its languages, and on a
// translation whose text is gone. Run the extractor, then -missing and -fill, to make it green.
func TestCatalogueComplete(t *testing.T) {
	ps, err := catalogue.Complete(root)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range ps {
		if i == 50 {
			t.Fatalf("and %d more", len(ps)-i)
		}
		t.Error(p)
	}
}

// TestCatalogueSound fails on a wrong placeholder, a wrong number of plural forms, a wrong header, English left standing.
func TestCatalogueSound(t *testing.T) {
	ps, err := catalogue.Sound(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range ps {
		t.Error(p)
	}
}

// The program reads the catalogues with another reader than the tools; both must see the same.
func TestBothReadersSeeTheSame(t *testing.T) {
	err := filepath.WalkDir("po", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".po") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		ours, err := catalogue.Parse(path, string(src))
		if err != nil {
			return err
		}
		po := gotext.NewPo()
		po.Parse(src)
		plain, inContext := po.GetDomain().GetTranslations(), po.GetDomain().GetCtxTranslations()
		for _, e := range ours.Entries {
			theirs := plain[e.ID]
			if e.Ctx != "" {
				theirs = inContext[e.Ctx][e.ID]
			}
			if theirs == nil || theirs.PluralID != e.Plural || len(theirs.Trs) != len(e.Strs) {
				t.Errorf("%s: %q is read differently: %+v", path, e.ID, theirs)
				continue
			}
			for i, s := range e.Strs {
				if theirs.Trs[i] != s {
					t.Errorf("%s: %q: %q and %q", path, e.ID, s, theirs.Trs[i])
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
