package material

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"brug/internal/errs"
	"brug/internal/lang/catalogue"
)

var today = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// small is a library in memory, with what a file says.
func small(t interface{ Fatal(...any) }, files map[string]string) (*Library, func(name string) (string, error)) {
	l, err := ReadLibrary(library(files))
	if err != nil {
		t.Fatal(err)
	}
	return l, func(name string) (string, error) { return files[name], nil }
}

func entryOf(t *testing.T, po []byte, ctx string) catalogue.Entry {
	t.Helper()
	f, err := catalogue.Parse("po", string(po))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range f.Entries {
		if e.Ctx == ctx {
			return e
		}
	}
	t.Fatalf("%s is not in the file", ctx)
	return catalogue.Entry{}
}

func TestAPOFileTellsATranslatorEverything(t *testing.T) {
	l, _ := small(t, sound())
	e := entryOf(t, ExportPO("fr", LibraryItems(l, "fr")), "rest/q2")
	if e.ID != "Wie helpt: jij, of wie?" || e.Strs[0] != "Qui aide ?" || len(e.Flags) != 0 || e.Extracted[0] != "#. Question slip: Rust. Question. Picture: "+"a person helps another one"+". At most 210 letters." && !strings.Contains(e.Extracted[0], "Picture: ") {
		t.Errorf("%+v", e)
	}
	if tr := entryOf(t, ExportPO("tr", LibraryItems(l, "tr")), "rest/title"); tr.Strs[0] != "" || len(tr.Flags) != 0 {
		t.Errorf("what lacks is empty and no draft: %+v", tr)
	}
}

// What was exported and not touched changes nothing, in every language of the shipped library.
func TestExportAndImportChangeNothing(t *testing.T) {
	files := shippedFS(t)
	l, err := ReadLibrary(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range alphabets {
		if a.tag == SourceLanguage {
			continue
		}
		plan, changed, err := ImportFiles(l, nil, ExportPO(a.tag, LibraryItems(l, a.tag)), today)
		if err != nil || len(changed) != 0 || len(plan.Changes) != 0 || len(plan.Faults) != 0 || plan.Same == 0 {
			t.Errorf("%s: %s, %v, %v", a.tag, plan.Summary(), plan.Faults, err)
		}
	}
}

func TestAPOFileIsWrittenIntoTheLibrary(t *testing.T) {
	files := sound()
	files["slips/fr.txt"] = "# Remarque\nstatus: draft\n[rest]\ntitle: Calme\nintro: {child} travaille à l'école.\nq1: Où travailles-tu ?\nq2: Qui\n  aide ?\n# q3 est difficile\nq3: Que lis-tu ?\nclose: Le calme fait du bien.\n"
	l, read := small(t, files)
	po := string(ExportPO("fr", LibraryItems(l, "fr")))
	po = strings.Replace(po, "Qui aide ?", "Qui t’aide ?", 1)
	plan, changed, err := ImportFiles(l, read, []byte(po), today)
	if err != nil || plan.Changed != 1 || len(plan.Changes) != 1 {
		t.Fatalf("%s, %v", plan.Summary(), err)
	}
	want := strings.Replace(files["slips/fr.txt"], "q2: Qui\n  aide ?", "q2: Qui t’aide ?", 1)
	if got := changed["slips/fr.txt"]; got != want {
		t.Errorf("got %s", got)
	}

	// All lines sure, and a name: reviewed.
	po = strings.Replace(strings.ReplaceAll(po, "#, fuzzy\n", ""), `Last-Translator: \n`, `Last-Translator: Marie Curie\n`, 1)
	plan, changed, err = ImportFiles(l, read, []byte(po), today)
	if err != nil || len(plan.Changes) != 1 || plan.Changes[0].Reviewed != "Marie Curie" || !strings.Contains(changed["slips/fr.txt"], "[rest]\nstatus: reviewed Marie Curie 2026-11-23\ntitle: Calme\n") {
		t.Errorf("%+v, %v: %s", plan, err, changed["slips/fr.txt"])
	}

	// A language that was not there.
	po = string(ExportPO("tr", LibraryItems(l, "tr")))
	for _, s := range []string{"Een lied", "Zing samen met {child} een lied van school."} {
		po = strings.Replace(po, fmt.Sprintf("msgid %q\nmsgstr \"\"", s), fmt.Sprintf("msgid %q\nmsgstr %q", s, strings.Replace(s, "Een lied", "Şarkı", 1)), 1)
	}
	if _, changed, err = ImportFiles(l, read, []byte(po), today); err != nil || changed["nudges/tr.txt"] != "status: draft\n\n[song]\ntitle: Şarkı\nintro: Zing samen met {child} een lied van school.\n" {
		t.Errorf("%q, %v", changed["nudges/tr.txt"], err)
	}
	half := strings.Replace(po, "Şarkı", "", 1)
	if plan, changed, err = ImportFiles(l, read, []byte(half), today); err != nil || len(changed) != 0 || len(plan.Faults) != 1 {
		t.Errorf("half a text is not taken: %+v, %v", plan, err)
	}
}

func TestWhatAPOFileMayNotDo(t *testing.T) {
	l, read := small(t, sound())
	po := string(ExportPO("fr", LibraryItems(l, "fr")))
	for _, c := range []struct{ name, old, new, what string }{
		{"a placeholder lost", "{child} travaille à", "On travaille à", "This lacks"},
		{"one too many", "Que lis-tu ?", "Que lis-tu, {child} ?", "does not stand in the source"},
		{"too long", "Calme\"", strings.Repeat("calme ", 20) + "\"", "too long"},
		{"another source", "Wat lees jij?", "Wat las jij?", "something else by now"},
		{"a text that is not there", "rest/q3", "rest/q9", "no such text"},
		{"the same text twice", "rest/q3", "rest/q1", "twice"},
	} {
		changed := strings.Replace(po, c.old, c.new, 1)
		if changed == po {
			t.Fatalf("%s: %q is not in the file", c.name, c.old)
		}
		plan, files, err := ImportFiles(l, read, []byte(changed), today)
		if err != nil || len(files) != 0 || len(plan.Faults) != 1 || plan.Faults[0].Line == 0 || !strings.Contains(plan.Faults[0].What.String(), c.what) {
			t.Errorf("%s: %+v, %v, %v", c.name, plan, files, err)
		}
	}
	// A draft does not take the place of what a speaker found right.
	fuzzy := strings.Replace(po, `msgctxt "rest/q3"`, "#, fuzzy\nmsgctxt \"rest/q3\"", 1)
	fuzzy = strings.Replace(fuzzy, "Que lis-tu ?", "Quoi lire ?", 1)
	if plan, files, err := ImportFiles(l, read, []byte(fuzzy), today); err != nil || plan.Kept != 1 || len(files) != 0 {
		t.Errorf("%s, %v", plan.Summary(), err)
	}
	for name, data := range map[string]string{"not a PO file": "hello", "no language": "msgid \"\"\nmsgstr \"\"\n", "not UTF-8": "msgid \"\xff\"\nmsgstr \"\"\n", "a broken string": "msgid \"a\nmsgstr \"\"\n"} {
		if _, _, err := ImportFiles(l, read, []byte(data), today); errs.FieldsOf(err)["file"].ID == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever words a translator writes, they come back as they were: quotes, backslashes, other scripts, invisible signs.
func TestAnyWordsSurviveThePOFileAndTheLibrary(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		word := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{`a "b" \c`, "#, fuzzy", "[rest]", "status: source", "q1: x", "\\n", "٣ ـ كتاب", "l’é\u00a0: cole ?", "msgid \"\"", "a\r\nb", "\ufeffx"}))
		clean := func(label string, max int) string {
			s := strings.NewReplacer("{", "", "}", "").Replace(strings.ToValidUTF8(word.Draw(r, label), ""))
			if runes := []rune(s); len(runes) > max {
				s = string(runes[:max])
			}
			return onOneLine(s)
		}
		title, rest := clean("title", 60), clean("intro", 100)
		files := sound()
		l, read := small(r, files)
		items := LibraryItems(l, "tr")
		for i, it := range items {
			if it.Slug == "song" {
				for j, p := range it.Pieces {
					items[i].Pieces[j].Target = title
					if p.Key == "intro" {
						items[i].Pieces[j].Target = "{child} " + rest
					}
				}
			}
		}
		plan, changed, err := ImportFiles(l, read, ExportPO("tr", items), today)
		if err != nil {
			r.Fatal(err)
		}
		if title == "" { // a text that lacks its title is no text
			if len(changed) != 0 {
				r.Fatal(changed)
			}
			return
		}
		if len(plan.Faults) != 0 {
			r.Fatal(plan.Faults)
		}
		for name, text := range changed {
			files[name] = text
		}
		again, err := ReadLibrary(fstest.MapFS(library(files)))
		if err != nil {
			r.Fatalf("%v in %q", err, changed)
		}
		m, _ := again.Find("song")
		if got := m.Texts["tr"]; got.Title != title || got.Intro != onOneLine("{child} "+rest) {
			r.Fatalf("%q and %q became %q and %q", title, rest, got.Title, got.Intro)
		}
	})
}
