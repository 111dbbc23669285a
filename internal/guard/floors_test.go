package guard

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// floors are the floors of the house, the ground first. An import goes to a lower line: never up, never sideways. The
// folders within a package's folder (db/q, lang/catalogue) belong to it, unless they have a line of their own; within one
// package's folders imports are free. Tests may import what they need.
var floors = [][]string{
	{"internal/errs", "internal/id", "internal/sections"},
	{"internal/lang"},
	{"internal/pictogram"},
	{"internal/db", "internal/press", "internal/blob", "internal/roster", "internal/phrase", "internal/plain", "internal/photo", "internal/audio"},
	{"internal/jobs", "internal/journal", "internal/secret", "internal/live"},
	{"internal/mail"},
	{"internal/auth"},
	{"internal/school"},
	{"internal/contact", "internal/material", "internal/calendar"},
	{"internal/sheets", "internal/voice"},
	{"internal/messages"},
	{"internal/packs", "internal/insight"},
	{"internal/web/ui", "internal/demo"},
	{"internal/web/route"},
	{"internal/material/sheetview", "internal/phrase/phrasepick"},
	{"internal/auth/authweb", "internal/school/schoolweb", "internal/contact/contactweb", "internal/contact/familyweb",
		"internal/material/materialweb", "internal/material/translateweb", "internal/phrase/phraseweb", "internal/voice/voiceweb", "internal/packs/packsweb", "internal/insight/insightweb", "internal/messages/messagesweb", "internal/calendar/calendarweb"},
	{"internal/web/home"},
	{"internal/web"},
	{"internal/app", "internal/guard"},
	{"internal/cli"},
	{"cmd", "bench"},
}

// ceilings are packages that know less than their floor lets them: nothing above the named one.
var ceilings = map[string]string{
	"internal/web/ui": "internal/auth", // parts of pages that know no area
}

// home finds the line of floors that a package (without "brug/") belongs to, by the longest path that leads to it.
func home(pkg string) (name string, floor int) {
	floor = -1
	for i, line := range floors {
		for _, f := range line {
			if (pkg == f || strings.HasPrefix(pkg, f+"/")) && len(f) > len(name) {
				name, floor = f, i
			}
		}
	}
	return name, floor
}

// wrong tells what an import does against the rules; "" if nothing.
func wrong(from, to string) string {
	a, above := home(from)
	b, below := home(to)
	switch {
	case a == b:
		return ""
	case below > above:
		return "goes up"
	case below == above:
		return "goes sideways"
	}
	if top, has := ceilings[a]; has {
		if _, most := home(top); below > most {
			return "goes above " + top
		}
	}
	return ""
}

func TestImportsGoDown(t *testing.T) {
	list := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", "./...")
	list.Dir = root
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v: %s", err, stderr.String())
	}
	packages := 0
	for d := json.NewDecoder(bytes.NewReader(out)); ; packages++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		from := strings.TrimPrefix(p.ImportPath, "brug/")
		if _, floor := home(from); floor < 0 {
			t.Errorf("%s is on no floor: give it one in floors", from)
			continue
		}
		for _, i := range p.Imports {
			to, ours := strings.CutPrefix(i, "brug/")
			if !ours {
				continue
			}
			if w := wrong(from, to); w != "" {
				t.Errorf("%s imports %s, which %s", from, to, w)
			}
		}
	}
	if packages < 5 {
		t.Errorf("go list told of %d packages only", packages)
	}
}

func TestTheRulesOfTheFloors(t *testing.T) {
	cases := []struct{ from, to, want string }{
		{"internal/school", "internal/db", ""},
		{"internal/school", "internal/db/q", ""},
		{"internal/db", "internal/db/q", ""},
		{"internal/db/dbtest", "internal/db", ""},
		{"internal/db", "internal/jobs", "goes up"},
		{"internal/contact", "internal/material", "goes sideways"},
		{"internal/contact/familyweb", "internal/material", ""},
		{"internal/contact", "internal/contact/familyweb", "goes up"},
		{"internal/web/ui", "internal/lang", ""},
		{"internal/web/ui", "internal/auth", ""},
		{"internal/web/ui", "internal/school", "goes above internal/auth"},
		{"internal/web/home", "internal/school/schoolweb", ""},
		{"internal/school/schoolweb", "internal/web/home", "goes up"},
		{"cmd/brug", "internal/cli", ""},
	}
	for _, c := range cases {
		if got := wrong(c.from, c.to); got != c.want {
			t.Errorf("%s imports %s: %q, want %q", c.from, c.to, got, c.want)
		}
	}
	if _, floor := home("internal/util"); floor >= 0 {
		t.Error("a folder that is in no line has a floor")
	}
	if _, floor := home("internal/dbx"); floor >= 0 {
		t.Error("dbx passes for a folder of db")
	}
}
