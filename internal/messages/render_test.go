package messages

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/messages/letter"
	"brug/internal/messages/translator"
	"brug/internal/phrase"
	"brug/internal/school"
)

// letters are the letters of a message, by the name of the guardian.
func (o *office) letters(message string, open bool) map[string]*letter.Letter {
	o.T.Helper()
	rows, err := o.DB.SQL().Query(`select r.id, coalesce(g.name, '-') from recipients r join messages m on m.id = r.message_id left join guardians g on g.id = r.guardian_id where m.public_id = $1`, message)
	o.OK(err)
	names := map[int64]string{}
	var list []int64
	for rows.Next() {
		var id int64
		var name string
		o.OK(rows.Scan(&id, &name))
		names[id], list = name, append(list, id)
	}
	o.OK(rows.Close())
	found, err := o.DB.Q().RecipientsByID(o.Ctx, q.RecipientsByIDParams{SchoolID: o.School.ID, Ids: ids(list)})
	o.OK(err)
	ls, err := o.s.lettersWith(o.Ctx, o.DB.Q(), found, open)
	o.OK(err)
	out := map[string]*letter.Letter{}
	for _, r := range found {
		out[names[r.ID]] = ls.letterFor(r, "https://brug.test/m/x/messages/"+r.PublicID, "https://brug.test/m/x/stop")
	}
	return out
}

// words are all words of a letter's blocks with their languages: "nl:Dag. | ar:…".
func blockWords(l *letter.Letter) string {
	var out []string
	for _, b := range l.Blocks {
		out = append(out, b.Lang+":"+b.Text)
	}
	return strings.Join(out, " | ")
}

func TestEachReadsItInTheirOwnWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.exec("update guardians set lang = 'rif' where name = 'Piotr Nowak'")
		o.exec("update guardians set lang = 'nl-BE' where name = 'An Maes'")
		message := o.send("Zwemmen", func(dr *Draft) {
			dr.Body = "{child} gaat zwemmen.\n\nVragen? Praat met {teacher}."
			dr.Phrases = []Phrase{{Slug: "bring-tomorrow", Slots: phrase.Values{phrase.Thing: "thing/boots"}}}
			dr.Texts = map[string]Text{"ar": {Title: "السباحة", Body: "{child} سيذهب للسباحة.\n\nأسئلة؟ تحدثوا مع {teacher}.", Source: Machine, Engine: "DeepL"}}
		})
		all := o.letters(message, false)

		an := all["An Maes"]
		if an.Lang != "nl" || an.Lacks || len(an.Notes) != 0 || an.From != "Els, 3A" || an.School != "De Brug" || !strings.HasPrefix(blockWords(an), "nl:Cas gaat zwemmen. | nl:Vragen? Praat met Els.") {
			t.Errorf("a reader of the school's language: %+v", an)
		}
		nadia := all["Nadia Haddad"]
		if nadia.Lang != "ar" || !nadia.Machine || nadia.Lacks || nadia.Title.Text != "السباحة" || nadia.Notes[0] != letter.ByMachine("ar") {
			t.Errorf("a machine's words are labelled: %+v", nadia)
		}
		if b := nadia.Blocks[0]; !strings.Contains(b.Text, "\u2068Ali\u2069") || !b.Machine || b.Original.Text != "Ali gaat zwemmen." || b.Original.Lang != "nl" {
			t.Errorf("a machine's words and the original: %+v", b)
		}
		if b := nadia.Blocks[2]; b.Lang != "ar" || b.Pictogram == "" || b.Machine {
			t.Errorf("a phrase is exact: %+v", b)
		}
		tsega := all["Tsega Haile"]
		if tsega.Lang != "ti" || !tsega.Lacks || tsega.Title.Lang != "nl" || tsega.Blocks[0].Lang != "nl" || tsega.Blocks[2].Lang != "ti" || len(tsega.Notes) != 2 || tsega.Notes[0].Lang != "ti" {
			t.Errorf("what is not there in Tigrinya stands in Dutch, and the letter says so: %+v", tsega)
		}
		if !strings.Contains(tsega.Hello.Text, "Desta") {
			t.Errorf("hello: %+v", tsega.Hello)
		}
		piotr := all["Piotr Nowak"] // Tarifit: no texts of ours
		if piotr.Lang != lang.Fallback || !piotr.Lacks || piotr.Blocks[2].Lang != "nl" {
			t.Errorf("a language without texts: %+v", piotr)
		}
		if an.Link == "" || an.Link == nadia.Link || an.StopLink == "" {
			t.Errorf("links: %q, %q", an.Link, nadia.Link)
		}
	})
}

func TestSiblingsAreNamedInOneLetter(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	message, err := o.s.Send(o.Ctx, o.director(), Draft{To: To{Kind: school.ScopeSchool}, Body: "{child}: foto's in {class}.", Texts: map[string]Text{"ar": {Body: "{child}: صور في {class}."}}})
	o.OK(err)
	l := o.letters(message, false)["Nadia Haddad"]
	plain := strings.NewReplacer("\u2068", "", "\u2069", "")
	if got := plain.Replace(l.Blocks[0].Text); got != "Ali وBadra: صور في 1B و3A." {
		t.Errorf("%q", got)
	}
	if got := plain.Replace(l.Hello.Text); !strings.Contains(got, "Ali وBadra") {
		t.Errorf("hello: %q", got)
	}
	if l.Title.Text == "" || l.Title.Lang != "ar" {
		t.Errorf("a message without a title: %+v", l.Title)
	}
}

func TestAMaterialIsSentAsItIs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		draft := func(dr *Draft) { dr.Title, dr.Body, dr.Material = "", "", "class-trip-letter" }
		_, err := o.s.Send(o.Ctx, o.Teacher, Draft{To: To{school.ScopeClass, []string{o.Class["3A"]}}, Material: "class-trip-letter"})
		if f := errs.FieldsOf(err); f["date"].ID == "" {
			t.Errorf("what the text leaves open is asked: %v", err)
		}
		if _, err := o.s.Send(o.Ctx, o.Teacher, Draft{To: To{school.ScopeClass, []string{o.Class["3A"]}}, Material: "no-such"}); errs.FieldsOf(err)["material"].ID == "" {
			t.Errorf("a text that is not there: %v", err)
		}
		fill := contact.Fill{Date: "2026-12-08", Time: "08:30", Place: "het bos"}
		one := o.letters(o.send("", draft, func(dr *Draft) { dr.Fill = fill }), false)
		an, nadia := one["An Maes"], one["Nadia Haddad"]
		if an.Kind != "sample letter" || an.Title.Text == "" || !strings.Contains(blockWords(an), "dinsdag 8 december") || !strings.Contains(blockWords(an), "Els") || strings.Contains(blockWords(an), "{") {
			t.Errorf("%+v", an)
		}
		if nadia.Lacks || nadia.Blocks[0].Lang != "ar" || strings.Contains(blockWords(nadia), "{") || !strings.Contains(blockWords(nadia), "Els") {
			t.Errorf("%+v", nadia)
		}
		with := o.letters(o.send("Uitstap", draft, func(dr *Draft) { dr.Fill, dr.Title, dr.Body = fill, "Uitstap", "Zie hieronder." }), false)["An Maes"]
		if with.Title.Text != "Uitstap" || with.Kind != "" || with.Blocks[0].Text != "Zie hieronder." || with.Blocks[1].Role != "h" {
			t.Errorf("words before a text: %s", blockWords(with))
		}
	})
}

func TestWhatIsPrivateLeavesNoWordOutside(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		message := o.send("Over gisteren", func(dr *Draft) {
			dr.Sensitive, dr.Body = true, "Er was ruzie."
			dr.Texts = map[string]Text{"ar": {Title: "عن أمس", Body: "كان هناك شجار."}}
			dr.Phrases = []Phrase{{Slug: "bring-tomorrow", Slots: phrase.Values{phrase.Thing: "thing/boots"}}}
		})
		for name, l := range o.letters(message, false) {
			subject, text, page := letter.Mail([]*letter.Letter{l})
			for _, out := range []string{subject, text, page, letter.SMS([]*letter.Letter{l})} {
				if strings.Contains(out, "ruzie") || strings.Contains(out, "gisteren") || strings.Contains(out, "شجار") || strings.Contains(out, "أمس") {
					t.Errorf("%s: words of it stand in %q", name, out)
				}
			}
			if !l.Sensitive || len(l.Blocks) != 0 {
				t.Errorf("%s: %+v", name, l)
			}
		}
		opened := o.letters(message, true)["Nadia Haddad"]
		if opened.Sensitive || opened.Title.Text != "عن أمس" || opened.Blocks[0].Text != "كان هناك شجار." || len(opened.Blocks) != 2 {
			t.Errorf("opened: %+v", opened)
		}
		var stored string
		o.OK(d.SQL().QueryRow("select m.title || m.body || m.phrases || t.title || t.body from messages m join message_texts t on t.message_id = m.id").Scan(&stored))
		if strings.Contains(stored, "ruzie") || strings.Contains(stored, "boots") || strings.Contains(stored, "شجار") {
			t.Errorf("it is not sealed: %q", stored)
		}
		m, err := o.s.Message(o.Ctx, o.Teacher, message)
		o.OK(err)
		if m.Title != "Over gisteren" || m.Body != "Er was ruzie." || len(m.Letter.Blocks) != 2 {
			t.Errorf("staff: %+v", m)
		}
		rows, _, err := o.s.Messages(o.Ctx, o.Teacher, "")
		o.OK(err)
		if rows[0].Title != "" || !rows[0].Sensitive {
			t.Errorf("the list tells the title: %+v", rows[0])
		}
		var looks int
		o.OK(d.SQL().QueryRow("select count(*) from journal where action = 'messages.look' and ref = $1", message).Scan(&looks))
		if looks != 1 {
			t.Errorf("%d looks in the journal", looks)
		}
	})
}

// echo translates by writing the language before the words.
type echo struct{ fails, lacks map[string]bool }

func (e echo) Translate(_ context.Context, _, to string, texts []string) ([]string, string, error) {
	if e.lacks[to] {
		return nil, "", fmt.Errorf("%w: %s", translator.ErrLanguage, to)
	}
	if e.fails[to] {
		return nil, "", errors.New("busy")
	}
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = to + " " + t
	}
	return out, "Echo", nil
}

// TestALanguageThatTheMachineLacksHoldsNothingUp: no try will bring it, and the others wait.
func TestALanguageThatTheMachineLacksHoldsNothingUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.s.Translator = echo{lacks: map[string]bool{"ti": true}}
		o.send("Zwemmen")
		o.OK(o.s.workTranslate(o.Ctx, TranslateArgs{o.School.ID, int64(o.count("select max(id) from messages"))}))
		o.post()
		if got := o.mail.took(); strings.Count(got, "Zwemmen") != 4 {
			t.Errorf("not all went: %s", got)
		}
	})
}

func TestAMachineTranslatesBeforeItGoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.s.Translator = echo{fails: map[string]bool{"ti": true}}
		message := o.send("Zwemmen", func(dr *Draft) {
			dr.Body = "Een.\n\nTwee."
			dr.Texts = map[string]Text{"pl": {Title: "Pływanie", Body: "Raz.\n\nDwa."}}
		})
		o.post()
		if got := o.mail.took(); got != "" {
			t.Errorf("it did not wait for its translation: %s", got)
		}
		var id int64
		o.OK(d.SQL().QueryRow("select id from messages where public_id = $1", message).Scan(&id))
		if err := o.s.workTranslate(o.Ctx, TranslateArgs{o.School.ID, id}); err == nil {
			t.Error("that Tigrinya failed is not told")
		}
		texts, err := o.s.Texts(o.Ctx, o.Teacher, message)
		o.OK(err)
		got := map[string]string{}
		for _, x := range texts.In {
			got[x.Lang] = string(x.Source) + ":" + x.Body
			if x.Lacking {
				got[x.Lang] = "lacks"
			}
		}
		want := map[string]string{"ar": "machine:ar Een.\n\nar Twee.", "pl": "staff:Raz.\n\nDwa.", "ti": "lacks"}
		for tag, text := range want {
			if got[tag] != text {
				t.Errorf("%s: %q, want %q", tag, got[tag], text)
			}
		}
		o.Clock = o.Clock.Add(HoldForMachine) // the translator had its time: it goes with what there is
		o.post()
		if went := o.mail.took(); !strings.Contains(went, "ar Zwemmen") || !strings.Contains(went, "Pływanie") || strings.Count(went, ";") != 3 {
			t.Errorf("went: %s", went)
		}

		private := o.send("Over gisteren", func(dr *Draft) { dr.Sensitive = true })
		var n int
		o.OK(d.SQL().QueryRow("select count(*) from message_texts t join messages m on m.id = t.message_id where m.public_id = $1", private).Scan(&n))
		if n != 0 {
			t.Error("what is private was given to the translator")
		}
	})
}

func TestACorrectionShowsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		message := o.send("Zwemmen", func(dr *Draft) {
			dr.Texts = map[string]Text{"ar": {Title: "x", Body: "y", Source: Machine, Engine: "Echo"}}
		})
		o.post()
		if l := o.letters(message, false)["Nadia Haddad"]; !l.Machine {
			t.Fatalf("before: %+v", l)
		}
		if err := o.s.SetText(o.Ctx, o.Other1B, message, "ar", Text{Body: "z"}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a colleague of another class: %v", err)
		}
		o.OK(o.s.SetText(o.Ctx, o.Teacher, message, "ar", Text{Title: "السباحة", Body: "غداً نسبح."}))
		l := o.letters(message, false)["Nadia Haddad"]
		if l.Machine || l.Blocks[0].Text != "غداً نسبح." || l.Title.Text != "السباحة" || len(l.Notes) != 0 {
			t.Errorf("after: %+v", l)
		}
		for field, x := range map[string]struct {
			tag  string
			text Text
		}{"lang": {"nl", Text{Body: "x"}}, "body": {"ar", Text{}}, "title": {"ar", Text{Title: strings.Repeat("x", MaxTitle+1), Body: "x"}}} {
			if err := o.s.SetText(o.Ctx, o.Teacher, message, x.tag, x.text); errs.FieldsOf(err)[field].ID == "" {
				t.Errorf("%s: %v", field, err)
			}
		}
		rows, _, err := o.s.Messages(o.Ctx, o.Teacher, "")
		o.OK(err)
		if strings.Join(rows[0].Lacks, ",") != "pl,ti" {
			t.Errorf("lacks: %v", rows[0].Lacks)
		}
	})
}

func TestLackingLangs(t *testing.T) {
	cases := []struct {
		name             string
		read, have, want string
	}{
		{"nothing lacks", "nl ar", "nl ar", ""},
		{"a regional form is read in its language", "nl-BE fa-AF", "nl fa", ""},
		{"each once", "pl pl ti fa fa-AF", "nl", "fa pl ti"},
	}
	for _, c := range cases {
		if got := strings.Join(lackingLangs(strings.Fields(c.read), strings.Fields(c.have)), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFilesThatGoAlong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		pdf := []byte("%PDF-1.7\n…\n%%EOF\n")
		f, err := o.s.KeepFile(o.Ctx, o.Teacher, Upload{Name: `C:\brieven\brief.PDF`, Data: pdf})
		o.OK(err)
		if f.Name != "brief.pdf" || f.Type != "application/pdf" {
			t.Errorf("%+v", f)
		}
		sound, err := os.ReadFile(filepath.Join("..", "audio", "testdata", "tone.mp3"))
		o.OK(err)
		voice, err := o.s.KeepFile(o.Ctx, o.Teacher, Upload{Name: "x.exe", Data: sound})
		o.OK(err)
		if voice.Type != "audio/mpeg" || voice.Name != "x.mp3" {
			t.Errorf("what it is, is found from its bytes: %+v", voice)
		}
		refused := []struct {
			name string
			data []byte
		}{
			{"a program", []byte("MZ" + strings.Repeat("x", 2000))},
			{"half a PDF", []byte("%PDF-1.7\n" + strings.Repeat("x", 4000))},
			{"nothing", nil},
			{"too large", append([]byte("%PDF-"), make([]byte, MaxFileBytes)...)},
		}
		for _, r := range refused {
			if _, err := o.s.KeepFile(o.Ctx, o.Teacher, Upload{Name: "a.pdf", Data: r.data}); errs.FieldsOf(err)["files"].ID == "" {
				t.Errorf("%s: %v", r.name, err)
			}
		}
		message := o.send("Zwemmen", func(dr *Draft) { dr.Files = []string{f.PublicID} })
		l := o.letters(message, false)["An Maes"]
		if len(l.Files) != 1 || l.Files[0].Name != "brief.pdf" {
			t.Fatalf("%+v", l.Files)
		}
		if b, err := l.Files[0].Open(); err != nil || string(b) != string(pdf) {
			t.Errorf("%q, %v", b, err)
		}
		if _, err := o.s.Send(o.Ctx, o.Other1B, Draft{To: To{school.ScopeClass, []string{o.Class["1B"]}}, Body: "x", Files: []string{voice.PublicID}}); errs.FieldsOf(err)["files"].ID == "" {
			t.Errorf("a colleague's file: %v", err)
		}
		if _, err := o.s.File(o.Ctx, o.Other1B, message, f.PublicID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a file of a message to another class: %v", err)
		}
		if _, err := o.s.File(o.Ctx, o.director(), message, f.PublicID); err != nil {
			t.Error(err)
		}
		kept, err := o.s.Kept(o.Ctx, o.Teacher, []string{voice.PublicID, "gone", f.PublicID})
		if err != nil || len(kept) != 2 || kept[0].PublicID != voice.PublicID {
			t.Errorf("%+v, %v", kept, err)
		}
		o.Clock = o.Clock.Add(49 * time.Hour)
		o.OK(o.s.TidyFiles(o.Ctx))
		kept, err = o.s.Kept(o.Ctx, o.Teacher, []string{voice.PublicID, f.PublicID})
		if err != nil || len(kept) != 1 || kept[0].PublicID != f.PublicID {
			t.Errorf("after two days: %+v, %v", kept, err)
		}
		if _, err := voice.Open(); err != nil {
			t.Error(err)
		}
		if n := o.count("select count(*) from files where ended_at = 0"); n != 1 {
			t.Errorf("%d files are left", n)
		}
	})
}

func (o *office) count(query string, args ...any) (n int) {
	o.T.Helper()
	o.OK(o.DB.SQL().QueryRow(query, args...).Scan(&n))
	return n
}

// TestATitleAloneLacksNothingOfTheText: over phrases and a material that stand in the reader's language it gives way to what comes
// first; where these lack too, it stays and the letter says so.
func TestATitleAloneLacksNothingOfTheText(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	o.exec("update guardians set lang = 'rif' where name = 'Piotr Nowak'")
	boots := func(dr *Draft) {
		dr.Body, dr.Phrases = "", []Phrase{{Slug: "bring-tomorrow", Slots: phrase.Values{phrase.Thing: "thing/boots"}}}
	}
	water := func(dr *Draft) { dr.Body, dr.Material = "", "water" }
	for name, c := range map[string]struct {
		change []func(*Draft)
		title  func(letter.Letter) string // what the title is like
	}{
		"phrases":                {[]func(*Draft){boots}, func(l letter.Letter) string { return l.Blocks[0].Text }},
		"a material":             {[]func(*Draft){water}, nil},
		"phrases and a material": {[]func(*Draft){boots, water}, func(l letter.Letter) string { return l.Blocks[0].Text }},
	} {
		all := o.letters(o.send("Zwemmen", c.change...), false)
		if an := all["An Maes"]; an.Title.Text != "Zwemmen" {
			t.Errorf("%s: who reads Dutch has the title %q", name, an.Title.Text)
		}
		nadia := all["Nadia Haddad"]
		if nadia.Lacks || len(nadia.Notes) != 0 || nadia.Title.Lang != "ar" || nadia.Title.Text == "" || c.title != nil && nadia.Title.Text != c.title(*nadia) {
			t.Errorf("%s: %+v", name, nadia)
		}
		if strings.Contains(nadia.Title.Text, "Zwemmen") || strings.Contains(blockWords(nadia), "nl:") {
			t.Errorf("%s: Dutch in %s", name, blockWords(nadia))
		}
		if piotr := all["Piotr Nowak"]; !piotr.Lacks || piotr.Title.Text != "Zwemmen" || len(piotr.Notes) == 0 {
			t.Errorf("%s, in a language without texts: %+v", name, piotr)
		}
	}
	words := o.letters(o.send("Zwemmen", boots, func(dr *Draft) { dr.Body = "Om 9 uur." }), false)["Nadia Haddad"]
	if !words.Lacks || words.Title.Text != "Zwemmen" {
		t.Errorf("where the text lacks too: %+v", words)
	}
}
