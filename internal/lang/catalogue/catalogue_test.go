package catalogue

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module writes a small module and gives its root.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, src := range files {
		p := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(src), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

var small = map[string]string{
	"internal/contact/familyweb/page.go": `package familyweb
import ("brug/internal/lang"; "brug/internal/press"; e "brug/internal/errs")
const hello = "Hello " + "{name}"
func page(ctx C, l *lang.Locale, c *e.Check, n int, x string) {
	lang.T(ctx, hello, "name", x)
	lang.N(ctx, n, "{n} child", "{n} children")
	l.C("verb", "Open")
	c.That(n > 0, "n", "Choose one.")
	e.New(e.Gone, "It has ended.")
	lang.T(ctx, x)
	press.T("not a text")
	x.Write("not a text")
}`,
	"internal/rosterweb/page.templ": "package rosterweb\n\ntempl page() {\n\t<h1>{ lang.T(ctx, \"Pupils\") }</h1>\n}\n",
	"internal/rosterweb/page_templ.go": `package rosterweb
import "brug/internal/lang"
var columns = []string{lang.Msg("First name"), lang.Msg("It has ended.")}
func page() { w(lang.T(ctx, "Pupils")) }`,
	"internal/rosterweb/page_test.go": `package rosterweb
import "brug/internal/lang"
var _ = lang.Msg("only in a test")`,
}

func TestScanFindsTextsAndWhoMeetsThem(t *testing.T) {
	ms, err := Scan(module(t, small))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range ms {
		who := "staff"
		if m.Family {
			who = "family"
		}
		got = append(got, strings.Join([]string{who, m.Ctx, m.ID, m.Plural, m.Places[0].String()}, "|"))
	}
	want := []string{
		"family||Hello {name}||internal/contact/familyweb/page.go:5",
		"family||{n} child|{n} children|internal/contact/familyweb/page.go:6",
		"family|verb|Open||internal/contact/familyweb/page.go:7",
		"family||Choose one.||internal/contact/familyweb/page.go:8",
		"family||It has ended.||internal/contact/familyweb/page.go:9",
		"staff||First name||internal/rosterweb/page.templ:1",
		"staff||Pupils||internal/rosterweb/page.templ:4",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestScanFollowsWhoHandsATextOn(t *testing.T) {
	ms, err := Scan(module(t, map[string]string{
		"internal/ui/form.go": `package ui
import ("brug/internal/lang"; "brug/internal/errs")
func (f *Form) Fail(field, id string, kv ...any) { f.errors[field] = errs.T(id, kv...) }
func Note(ctx C, class, id string) string { return lang.T(ctx, id) }
func verb(ctx C, id string) string { return lang.C(ctx, "verb", id) }
func Twice(ctx C, id string) { Note(ctx, "wide", id); ctx.Log("not a text", id) }
func open(ctx C) { verb(ctx, "Open") }`,
		"internal/rosterweb/page.go": `package rosterweb
import "brug/internal/ui"
func page() {
	f.Fail("name", "Write a name.")
	ui.Note(ctx, "narrow", "Well done.")
	ui.Twice(ctx, "Look.")
	ui.Other("narrow", "not a text")
}`}))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range ms {
		got = append(got, m.Ctx+"|"+m.ID)
	}
	if want := []string{"|Write a name.", "|Well done.", "|Look.", "verb|Open"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestScanStopsAtHalfAFile(t *testing.T) {
	root := module(t, map[string]string{"a/a.go": "package a\nfunc ("})
	if _, err := Scan(root); err == nil {
		t.Error("a file that cannot be parsed was passed over: its texts would be removed")
	}
}

func TestScanTellsATextThatCountsAndDoesNot(t *testing.T) {
	root := module(t, map[string]string{"a/a.go": `package a
import "brug/internal/lang"
func f() { lang.N(ctx, 1, "{n} day", "{n} days"); lang.T(ctx, "{n} day") }`})
	if _, err := Scan(root); err == nil {
		t.Error("two meanings of one id were let through")
	}
}

func TestMergeKeepsWhatTranslatorsWrote(t *testing.T) {
	root := module(t, small)
	if _, err := Merge(root); err != nil {
		t.Fatal(err)
	}
	arabic := filepath.Join(root, Folder, "family", "ar.po")
	n, ps, err := Fill(root, "ar", "given", `# a translator's remark
msgid "Hello {name}"
msgstr "مرحبًا {name}"

msgid "{n} child"
msgid_plural "{n} children"
msgstr[0] "{n} طفل"
msgstr[1] "طفل واحد"
msgstr[2] "طفلان"
msgstr[3] "{n} أطفال"
msgstr[4] "{n} طفلًا"
msgstr[5] "{n} طفل"
`)
	if n != 2 || len(ps) > 0 || err != nil {
		t.Fatal(n, ps, err)
	}
	before, err := os.ReadFile(arabic)
	if err != nil {
		t.Fatal(err)
	}
	if changed, err := Merge(root); err != nil || len(changed) > 0 {
		t.Errorf("a second merge changed %v, %v", changed, err)
	}

	// One text goes with its translation, one comes, one moves from staff to families.
	if _, ps, err := Fill(root, "nl", "given", "Pupils\tLeerlingen\nChoose one.\tKies er een.\n"); err != nil || len(ps) > 0 {
		t.Fatal(ps, err)
	}
	page := filepath.Join(root, "internal/contact/familyweb/page.go")
	src := strings.Replace(small["internal/contact/familyweb/page.go"], `"Choose one."`, `"Pupils"`, 1)
	if err := os.WriteFile(page, []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	changed, err := Merge(root)
	if err != nil {
		t.Fatal(err)
	}
	if want := `gone: "Choose one.", translated into 1 languages`; !slices.Contains(changed, want) {
		t.Errorf("a translation went without a word: %v", changed)
	}
	after, err := os.ReadFile(arabic)
	if err != nil {
		t.Fatal(err)
	}
	for _, keep := range []string{"مرحبًا {name}", "# a translator's remark", `msgstr[5] "{n} طفل"`, "X-Status: draft"} {
		if !strings.Contains(string(before), keep) || !strings.Contains(string(after), keep) {
			t.Errorf("%q was lost", keep)
		}
	}
	if strings.Contains(string(after), "Choose one.") || !strings.Contains(string(after), `msgid "Pupils"`) {
		t.Error("what is gone stayed, or what is new did not come")
	}
	dutch, err := ReadFile(filepath.Join(root, Folder, "family", "nl.po"))
	if err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(dutch.Entries, func(e Entry) bool { return e.ID == "Pupils" }); i < 0 || dutch.Entries[i].Strs[0] != "Leerlingen" {
		t.Error("the text that moved left its translation behind")
	}
}

func TestFillRefusesWhatIsWrong(t *testing.T) {
	root := module(t, small)
	if _, err := Merge(root); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ what, tag, line, problem string }{
		{"good", "fr", "Hello {name}\tBonjour {name}", ""},
		{"a placeholder is missing", "fr", "Hello {name}\tBonjour", "placeholders"},
		{"a placeholder is translated", "fr", "Hello {name}\tBonjour {nom}", "placeholders"},
		{"a brace is left", "fr", "Choose one.\tChoisissez {", "brace"},
		{"an unknown text", "fr", "Helo\tBonjour", "not in the catalogue"},
		{"a context", "fr", "verb\u241fOpen\tOuvrir", ""},
		{"the millions may be left out", "fr", "{n} child\u241e{n} children\t{n} enfant\u241e{n} enfants", ""},
		{"a form too few", "pl", "{n} child\u241e{n} children\t{n} dziecko\u241e{n} dzieci", "plural forms"},
		{"the number in words where there is but one", "pl", "{n} child\u241e{n} children\tjedno dziecko\u241e{n} dzieci\u241e{n} dzieci", ""},
		{"the number in words where there are more", "ru", "{n} child\u241e{n} children\tодин ребёнок\u241e{n} ребёнка\u241e{n} детей", "placeholders"},
		{"English in another script", "ru", "Choose one.\tChoose one.", "English"},
		{"the same word in Latin script", "it", "Choose one.\tChoose one.", ""},
		{"a form is empty", "de", "{n} child\u241e{n} children\t{n} Kind\u241e", "empty"},
		{"nothing yet", "it", "Choose one.\t", ""},
	} {
		_, ps, err := Fill(root, c.tag, "given", c.line+"\n")
		switch {
		case err != nil:
			t.Errorf("%s: %v", c.what, err)
		case c.problem == "" && len(ps) > 0, c.problem != "" && (len(ps) != 1 || !strings.Contains(ps[0].What, c.problem)):
			t.Errorf("%s: %v, want %q", c.what, ps, c.problem)
		}
	}
}

func TestMissingCanBeFilledIn(t *testing.T) {
	root := module(t, small)
	if _, err := Merge(root); err != nil {
		t.Fatal(err)
	}
	src, err := Missing(root, "nl", "")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse("missing", src)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Entries) != 7 {
		t.Errorf("%d texts are missing, not 7:\n%s", len(f.Entries), src)
	}
	for i := range f.Entries {
		e := &f.Entries[i]
		for j := range e.Strs {
			e.Strs[j] = "nl " + e.ID
		}
	}
	if n, ps, err := Fill(root, "nl", "filled", string(f.Bytes())); n != 7 || len(ps) > 0 || err != nil {
		t.Error(n, ps, err)
	}
	if src, err := Missing(root, "nl", ""); src != "" || err != nil {
		t.Errorf("still missing: %s %v", src, err)
	}
	short, err := MissingShort(root, "fr", "staff")
	if err != nil || short != "First name\t\nPupils\t\n" {
		t.Errorf("%q %v", short, err)
	}
	ps, err := Complete(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range ps {
		if strings.Contains(p.What, "/nl.po") {
			t.Errorf("Dutch is complete, yet: %v", p)
		}
	}
	if len(ps) != 19*5+2 {
		t.Errorf("%d texts lack, not %d", len(ps), 19*5+2)
	}
}

func TestSoundFindsWhatAnEditorBroke(t *testing.T) {
	root := module(t, small)
	if _, err := Merge(root); err != nil {
		t.Fatal(err)
	}
	if ps, err := Sound(root); err != nil || len(ps) > 0 {
		t.Fatal(ps, err)
	}
	path := filepath.Join(root, Folder, "family", "ar.po")
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ what, old, now, problem string }{
		{"forms", "msgstr[5] \"\"\n", "", "plural forms"},
		{"header", "nplurals=6", "nplurals=2", "Plural-Forms"},
		{"status", `"X-Status: draft\n"`, "", "X-Status"},
		{"placeholder", "msgid \"Hello {name}\"\nmsgstr \"\"", "msgid \"Hello {name}\"\nmsgstr \"مرحبًا\"", "placeholders"},
		{"English", "msgid \"Choose one.\"\nmsgstr \"\"", "msgid \"Choose one.\"\nmsgstr \"Choose one.\"", "English"},
	} {
		broken := strings.Replace(string(src), c.old, c.now, 1)
		if broken == string(src) {
			t.Fatalf("%s: nothing to break in\n%s", c.what, src)
		}
		if err := os.WriteFile(path, []byte(broken), 0o644); err != nil {
			t.Fatal(err)
		}
		ps, err := Sound(root)
		if err != nil || len(ps) != 1 || !strings.Contains(ps[0].What, c.problem) {
			t.Errorf("%s: %v %v", c.what, ps, err)
		}
	}
}

func TestParseTellsTheLine(t *testing.T) {
	for _, c := range []struct{ what, src, where string }{
		{"a quote within", "msgid \"a\"\nmsgstr \"b\"c\"\n", ":2:"},
		{"no quote", "msgid \"a\"\nmsgstr b\n", ":2:"},
		{"forms out of order", "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[1] \"c\"\n", ":3:"},
		{"a text that was put away", "#~ msgid \"a\"\n", ":1:"},
		{"an unknown word", "msgid \"a\"\nmsgtr \"b\"\n", ":2:"},
		{"no translation", "msgid \"a\"\n\nmsgid \"b\"\nmsgstr \"\"\n", ":2:"},
	} {
		if _, err := Parse("x.po", c.src); err == nil || !strings.Contains(err.Error(), c.where) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

func TestWhatIsReadIsWrittenAgain(t *testing.T) {
	src := "# by hand\nmsgid \"\"\nmsgstr \"\"\n\"Language: nl\\n\"\n\n# note\n#. hint\n#: a.go\n#, python-brace-format\nmsgctxt \"c\"\nmsgid \"a \\\"b\\\" {x}\\n\"\nmsgstr \"d\\\\ {x}\"\n\nmsgid \"one\"\nmsgid_plural \"many\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n"
	f, err := Parse("x.po", src)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(f.Bytes()); got != src {
		t.Errorf("got\n%s\nwant\n%s", got, src)
	}
	long, err := Parse("x.po", "msgid \"\"\n\"a \"\n\"b\"\nmsgstr \"\"\n\"c\"\n")
	if err != nil || long.Entries[0].ID != "a b" || long.Entries[0].Strs[0] != "c" {
		t.Errorf("strings over several lines: %+v %v", long, err)
	}
}

func TestATextMayHaveManyLines(t *testing.T) {
	src := "msgid \"\"\n" + strings.Repeat("\"a\"\n", 100_000) + "msgstr \"\"\n\"b\"\n\"c\"\n\nmsgid \"d\"\nmsgstr \"e\"\n\"f\"\n"
	f, err := Parse("f", src)
	if err != nil || len(f.Entries) != 2 {
		t.Fatalf("%v", err)
	}
	if e := f.Entries[0]; len(e.ID) != 100_000 || e.Strs[0] != "bc" || f.Entries[1].Strs[0] != "ef" {
		t.Errorf("%d letters, %q, %q", len(e.ID), e.Strs[0], f.Entries[1].Strs[0])
	}
}
