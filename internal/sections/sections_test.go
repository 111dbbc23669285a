package sections

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

var slug = regexp.MustCompile(`^[a-z]+$`)

func read(text string) ([]Section, error) {
	return Read(fstest.MapFS{"a.txt": {Data: []byte(text)}}, "a.txt", slug)
}

func TestAFileIsReadSectionBySection(t *testing.T) {
	found, err := read("\xef\xbb\xbf# remark\nstatus: draft\nkind: nudge\n\n[one]\ntitle: Een: twee\nintro: lang\n  en langer\n[two]\nstatus: reviewed An 2026-12-01\n")
	if err != nil || len(found) != 2 {
		t.Fatalf("%d sections, %v", len(found), err)
	}
	one, two := found[0].Lines, found[1].Lines
	if one.Take("title") != "Een: twee" || one.Take("intro") != "lang en langer" || one.Take("status") != "draft" || one.Take("kind") != "nudge" || found[0].At != 5 {
		t.Errorf("the first: %+v", found[0])
	}
	if err := one.LeftOver(); err != nil || one.Take("title") != "" {
		t.Errorf("all was taken: %v", err)
	}
	if two.Take("status") != "reviewed An 2026-12-01" {
		t.Errorf("a section's own line goes before that of the head: %+v", two)
	}
	if err := two.LeftOver(); err == nil || !strings.Contains(err.Error(), "line 3") || !strings.Contains(err.Error(), `"kind"`) {
		t.Errorf("what nobody took: %v", err)
	}
}

func TestAFaultNamesFileAndLine(t *testing.T) {
	for text, want := range map[string]string{
		"[One]\n":           "a.txt: line 1: [One]: a slug",
		"[one]\n\n[one]\n":  "a.txt: line 3: [one] stands twice",
		"[one]\ntitle\n":    "a.txt: line 2: want a key",
		"[one]\ntitle:\n":   "a.txt: line 2: want a key",
		"[one]\na: b\na: c": "a.txt: line 3: a stands already in line 2",
		"[one]\na: \xff\n":  "a.txt: line 2: not UTF-8",
	} {
		if _, err := read(text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := Read(fstest.MapFS{}, "a.txt", slug); err == nil {
		t.Error("a file that is not there is read")
	}
}
