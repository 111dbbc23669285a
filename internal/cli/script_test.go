package cli_test

import (
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"brug/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"brug": func() { os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr)) }})
}

// TestScripts goes through the command line as a person at it does: one script a story, each in an empty folder.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":   exits,
			"pdftext": pdftext,
			"listens": listens,
		},
	})
}

// exits N COMMAND …: the command ends with this code; what it said is checked by stdout and stderr after "exec" only, so
// here a text that must stand in what it said comes last: exits 2 'say for whom' brug print slips …
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: exits CODE TEXT COMMAND …")
	}
	err := ts.Exec(args[2], args[3:]...)
	code := "0"
	if e, is := err.(*exec.ExitError); is {
		code = strings.TrimPrefix(e.Error(), "exit status ")
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	said := ts.ReadFile("stdout") + ts.ReadFile("stderr")
	if code != args[0] {
		ts.Fatalf("ended with %s, want %s; said %s", code, args[0], said)
	}
	if !strings.Contains(said, args[1]) {
		ts.Fatalf("said %q, which lacks %q", said, args[1])
	}
}

// listens NAME: somebody else listens at the address in the variable, until the script ends.
func listens(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: listens NAME")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() }) //nolint:errcheck // the script is over
	ts.Setenv(args[0], l.Addr().String())
}

// pdftext FILE TEXT …: every text can be copied out of the PDF; with "!" none of them can.
func pdftext(ts *testscript.TestScript, neg bool, args []string) {
	out, err := exec.Command("pdftotext", ts.MkAbs(args[0]), "-").Output()
	ts.Check(err)
	for _, text := range args[1:] {
		if strings.Contains(string(out), text) == neg {
			ts.Fatalf("%s: %q is there: %v", args[0], text, !neg != neg)
		}
	}
}
