package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"brug/internal/cli"
	"brug/internal/db"
)

// A message of the command line is translated like one of the pages: the process that serves does it, but who sends asks for it.
func TestAMessageOfTheCommandLineIsTranslatedWhereThereIsATranslator(t *testing.T) {
	folder := t.TempDir()
	list, text := filepath.Join(folder, "list.csv"), filepath.Join(folder, "text.txt")
	for name, words := range map[string]string{
		list: "Klas;Familienaam;Voornaam;Thuistaal;Ouder 1;E-mail ouder 1;Taal ouder 1\n3A;Haddad;Ali;Arabisch;Nadia Haddad;nadia@example.org;Arabisch\n",
		text: "Morgen gaan we zwemmen.",
	} {
		if err := os.WriteFile(name, []byte(words), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	brug := func(args ...string) {
		t.Helper()
		var out, errOut bytes.Buffer
		if code := cli.Main(append(args, "--data", folder, "--base-url", "https://brug.example.org"), &out, &errOut); code != 0 {
			t.Fatalf("%v ended with %d: %s%s", args, code, out.String(), errOut.String())
		}
	}
	asked := func() (n int) {
		t.Helper()
		base, err := db.Open(t.Context(), "sqlite:"+filepath.Join(folder, "brug.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer base.Close() //nolint:errcheck // it was only read
		if err := base.SQL().QueryRowContext(t.Context(), "select count(*) from river_job where kind = 'messages.translate'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	brug("admin", "add-school", "--name", "De Wilg", "--town", "Gent", "--director", "An Peeters", "--email", "an@dewilg.example")
	brug("import", "--yes", list)
	brug("messages", "send", "--class", "3A", "--title", "Zwemmen", "--body", text)
	if n := asked(); n != 0 {
		t.Errorf("without a translator %d translations were asked for", n)
	}
	t.Setenv("BRUG_TRANSLATOR", "libretranslate")
	t.Setenv("BRUG_TRANSLATOR_URL", "http://127.0.0.1:9")
	brug("messages", "send", "--class", "3A", "--title", "Zwemmen", "--body", text)
	if n := asked(); n != 1 {
		t.Errorf("with a translator %d translations were asked for", n)
	}
}
