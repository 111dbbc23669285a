package press

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func itoa(n int) string { return strconv.Itoa(n) }

var jobTime = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

// printed makes a PDF of pages; it fails the test if they cannot be printed.
func printed(t testing.TB, o Options, pages ...Page) []byte {
	t.Helper()
	if o.Title == "" {
		o.Title, o.Lang, o.Author, o.Created = "Proefblad", "nl", "De Wilg", jobTime
	}
	var b bytes.Buffer
	d := New(&b, o)
	for _, p := range pages {
		if err := d.Add(context.Background(), p); err != nil {
			break
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tool runs a program of a Debian package over a file of these bytes and gives its output. Without the program the
// test fails: bin/test installs them.
func tool(t testing.TB, pkg string, data []byte, command ...string) string {
	t.Helper()
	if _, err := exec.LookPath(command[0]); err != nil {
		t.Fatalf("%s is missing: install Debian's package %s", command[0], pkg)
	}
	file := filepath.Join(t.TempDir(), "in.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string(nil), command[1:]...)
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "FILE", file)
	}
	cmd := exec.Command(command[0], args...)
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(command, " "), err, out, errOut.String())
	}
	if warned := strings.TrimSpace(errOut.String()); warned != "" {
		t.Errorf("%s complains: %s", command[0], warned)
	}
	return string(out)
}

// laidOut lays one page out.
func laidOut(t testing.TB, p Page) (*laid, error) {
	t.Helper()
	d := New(&bytes.Buffer{}, Options{Lang: "nl"})
	p = frameOf(p, &d.o)
	return d.newSetter().layPage(&p)
}

// pictogram is one of the pictures that come with Brug.
func pictogram(t testing.TB, code string) *Picture {
	t.Helper()
	data, err := os.ReadFile("../../node_modules/openmoji/color/svg/" + code + ".svg")
	if err != nil {
		t.Fatalf("%v: run bin/setup", err)
	}
	p, err := ParseSVG(data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
