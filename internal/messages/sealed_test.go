package messages

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/errs"
	"brug/internal/phrase"
)

// TestWhatWasAgreedInPrivateIsSealed: also what was agreed, and kept in the outbox, before somebody closed the conversation.
func TestWhatWasAgreedInPrivateIsSealed(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		delete(o.s.Carriers, contact.Mail)
		an := o.guest("An Maes")
		talk, err := o.s.Write(o.Ctx, an, "", Said{Body: "Cas slaapt slecht."})
		o.OK(err)
		agree := func(body string) {
			_, err := o.s.Agree(o.Ctx, o.Teacher, AgreementDraft{Conversation: talk, Who: ByBoth, Body: body, LookBack: "2026-12-11"})
			o.OK(err)
		}
		agree("Voor het slaapuur geen scherm.")
		o.post()
		o.OK(o.s.MarkSensitive(o.Ctx, o.Teacher, talk))
		agree("Over het slaapuur bellen we.")
		for _, column := range []string{"agreements where body", "agreements where texts", "outbox where body_text", "outbox where body_html", "outbox where title"} {
			if n := o.count("select count(*) from " + column + " like '%slaapuur%'"); n != 0 {
				t.Errorf("it stands in %s", column)
			}
		}
		list, err := o.s.FamilyAgreements(o.Ctx, an, 5)
		o.OK(err)
		if len(list) != 0 {
			t.Errorf("before the second step: %+v", list)
		}
		an.Second = true
		list, err = o.s.FamilyAgreements(o.Ctx, an, 5)
		o.OK(err)
		if len(list) != 2 || list[1].Text.Text != "Voor het slaapuur geen scherm." {
			t.Errorf("after the second step: %+v", list)
		}
		other := an
		other.GuardianID++
		if list, err = o.s.FamilyAgreements(o.Ctx, other, 5); err != nil || len(list) != 0 {
			t.Errorf("the other parent: %+v, %v", list, err)
		}
		if list, err = o.s.Agreements(o.Ctx, o.Teacher, an.Household); err != nil || len(list) != 0 {
			t.Errorf("the card of the family: %+v, %v", list, err)
		}
		seen, err := o.s.Conversation(o.Ctx, o.Teacher, talk)
		o.OK(err)
		if e := seen.Entries[2]; e.Agreement == nil || !strings.HasPrefix(e.Agreement.Text.Text, "Over het slaapuur") {
			t.Errorf("in the conversation: %+v", e)
		}
		o.Clock = time.Date(2026, 12, 10, 9, 0, 0, 0, time.UTC)
		an.Second = false
		if list, err = o.s.FamilyAgreements(o.Ctx, an, 5); err != nil || len(list) != 0 {
			t.Errorf("the day before: %+v, %v", list, err)
		}
	})
}

// TestASealedAgreementRemindsWithoutAWord: those who may see its conversation are told that the day has come, nobody else, and
// nobody what it is about.
func TestASealedAgreementRemindsWithoutAWord(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		nadia := o.guest("Nadia Haddad")
		ali := ""
		for _, c := range nadia.Children {
			if c.Given == "Ali" {
				ali = c.PublicID
			}
		}
		talk, err := o.s.Write(o.Ctx, nadia, "", Said{Body: "Ali wil niet naar school.", Child: ali, Private: true})
		o.OK(err)
		ref, err := o.s.Agree(o.Ctx, o.Teacher, AgreementDraft{Conversation: talk, Who: ByBoth, Body: "Els staat om acht uur aan de poort.", LookBack: "2026-12-11"})
		o.OK(err)
		o.Clock = time.Date(2026, 12, 10, 23, 30, 0, 0, time.UTC) // half past midnight of the 11th in Brussels
		want := DueAgreement{PublicID: ref, LookBack: "2026-12-11", Conversation: talk, Sealed: true}
		for _, c := range []struct {
			name string
			by   auth.Actor
			want int
		}{{"the teacher of the child", o.Teacher, 1}, {"the director", o.director(), 1}, {"the teacher of the sister", o.Other1B, 0}, {"another school", o.Alien, 0}} {
			due, err := o.s.LookBacks(o.Ctx, c.by, 5)
			o.OK(err)
			if len(due) != c.want || len(due) == 1 && due[0] != want {
				t.Errorf("%s: %+v", c.name, due)
			}
		}
		list, err := o.s.FamilyAgreements(o.Ctx, nadia, 5)
		o.OK(err)
		if len(list) != 1 || !list[0].Locked || list[0].Text.Text != "" || list[0].Child != "" || list[0].Conversation != talk {
			t.Errorf("before the second step: %+v", list)
		}
		if err := o.s.ConfirmAgreement(o.Ctx, nadia, ref); !errs.Is(err, errs.NotFound) {
			t.Errorf("yes to what cannot be read: %v", err)
		}
		if n := o.count("select count(*) from journal where action = 'agreements.see'"); n != 0 {
			t.Errorf("%d looks at what was not opened", n)
		}
		if err := o.s.EndAgreement(o.Ctx, o.Other1B, ref, EndedDone); !errs.Is(err, errs.NotFound) {
			t.Errorf("the teacher of the sister ends it: %v", err)
		}
		nadia.Second = true
		list, err = o.s.FamilyAgreements(o.Ctx, nadia, 5)
		o.OK(err)
		if len(list) != 1 || list[0].Locked || list[0].Text.Text != "Els staat om acht uur aan de poort." {
			t.Errorf("after the second step: %+v", list)
		}
		if n := o.count("select count(*) from journal where action = 'agreements.see' and actor = 'guardian' and ref = $1", ref); n != 1 {
			t.Errorf("%d looks written down, want 1", n)
		}
		o.OK(o.s.ConfirmAgreement(o.Ctx, nadia, ref))
		o.OK(o.s.EndAgreement(o.Ctx, o.Teacher, ref, EndedDone))
		nadia.Second = false
		if list, err = o.s.FamilyAgreements(o.Ctx, nadia, 5); err != nil || len(list) != 0 {
			t.Errorf("after its end: %+v, %v", list, err)
		}
		if due, err := o.s.LookBacks(o.Ctx, o.Teacher, 5); err != nil || len(due) != 0 {
			t.Errorf("after its end: %+v, %v", due, err)
		}
	})
}

// TestTranslationsOfAnswersOutliveTheSealing: what a letter said in the family's language is read in the conversation also after it was
// closed, when only the entry itself can be opened.
func TestTranslationsOfAnswersOutliveTheSealing(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		nadia := o.guest("Nadia Haddad")
		talk, err := o.s.Write(o.Ctx, nadia, "", Said{Body: "متى؟", Child: nadia.Children[0].PublicID})
		o.OK(err)
		o.OK(o.s.Reply(o.Ctx, o.Teacher, talk, StaffAnswer{Body: "Om drie uur."}))
		var letter string
		o.OK(o.DB.SQL().QueryRow("select public_id from messages where scope = 'conversation'").Scan(&letter))
		o.OK(o.s.SetText(o.Ctx, o.Teacher, letter, "ar", Text{Body: "الساعة الثالثة."}))
		o.OK(o.s.MarkSensitive(o.Ctx, o.Teacher, talk))
		nadia.Second = true
		thread, err := o.s.Thread(o.Ctx, nadia, talk)
		o.OK(err)
		if got := thread.Entries[1].Reading; got.Text != "الساعة الثالثة." || got.Source != Staff {
			t.Errorf("after it was closed the family reads %+v", got)
		}
		if where := o.tablesWith("الثالثة"); where != "" {
			t.Errorf("it stands in %s", where)
		}
	})
}

// TestNothingOfASensitiveConversationLiesOpen: neither in the file store nor in the database are bytes of a recording, bytes or the
// name of a photo, or what was filled into a phrase, whether the conversation was closed from the beginning or later.
func TestNothingOfASensitiveConversationLiesOpen(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		dir := t.TempDir()
		var err error
		o.s.Blobs, err = blob.Open(dir)
		o.OK(err)
		an := o.guest("An Maes")
		tone := o.file("../audio/testdata/tone.ogg")
		files := func() []Upload {
			return []Upload{{Name: "stem psycholoog.ogg", Data: tone}, {Name: "verslag psycholoog.jpg", Data: picture(t)}}
		}
		answer := StaffAnswer{Body: "Tot dan.", Phrases: []Phrase{{Slug: "bring-tomorrow", Slots: phrase.Values{phrase.Thing: "slaapknuffel Bolleke"}}}, Voice: &Upload{Name: "psycholoog.ogg", Data: o.file("../audio/testdata/tone.mp3")}}
		closed, err := o.s.Write(o.Ctx, an, "", Said{Body: "Alleen voor u.", Files: files(), Private: true})
		o.OK(err)
		o.OK(o.s.Reply(o.Ctx, o.Teacher, closed, answer))
		later, err := o.s.Write(o.Ctx, an, "", Said{Body: "Cas slaapt niet.", Files: files()})
		o.OK(err)
		o.OK(o.s.Reply(o.Ctx, o.Teacher, later, answer))
		o.post()
		if where := o.tablesWith("Bolleke"); where != "entries messages" {
			t.Fatalf("before it was closed the slot stands in %q: the search finds nothing, or too much", where)
		}
		o.OK(o.s.MarkSensitive(o.Ctx, o.Teacher, later))
		o.OK(o.s.Reply(o.Ctx, o.Teacher, later, answer))
		_, err = o.s.Write(o.Ctx, an, later, Said{Files: files()})
		o.OK(err)
		o.mail.got = nil
		o.post()
		for _, word := range []string{"Bolleke", "psycholoog", "slaapt niet"} {
			if where := o.tablesWith(word); where != "" {
				t.Errorf("%q stands in %s", word, where)
			}
		}

		an.Second = true
		recordings, photos := 0, 0
		for _, talk := range []string{closed, later} {
			seen, err := o.s.Thread(o.Ctx, an, talk)
			o.OK(err)
			said := 0
			for _, e := range seen.Entries {
				if e.Kind == Phrases && strings.Contains(e.Original.Text, "slaapknuffel Bolleke") {
					said++
				}
				for _, f := range e.Files {
					o.lookAt(an, talk, f, dir)
					if strings.HasPrefix(f.Type, "audio/") {
						recordings++
					} else {
						photos++
					}
				}
			}
			if said == 0 {
				t.Error("who may see the phrase does not read it")
			}
		}
		if recordings != 6 || photos != 3 {
			t.Errorf("%d recordings and %d photos, want 6 and 3", recordings, photos)
		}
	})
}

// lookAt opens a file of a sensitive conversation as everybody who may and may not, and looks for its bytes in the store.
func (o *office) lookAt(g contact.Guest, talk string, f EntryFile, dir string) {
	o.T.Helper()
	looks := func() int {
		return o.count("select count(*) from journal where action = 'conversations.see' and ref = $1 and detail like $2", talk, "%"+f.PublicID+"%")
	}
	theirs, err := o.s.FamilyFile(o.Ctx, g, f.PublicID)
	o.OK(err)
	ours, err := o.s.ConversationFile(o.Ctx, o.Teacher, talk, f.PublicID)
	o.OK(err)
	if n := looks(); n != 2 {
		o.T.Errorf("%s: %d looks written down, want 2", f.Type, n)
	}
	data, err := theirs.Open()
	o.OK(err)
	same, err := ours.Open()
	o.OK(err)
	if !bytes.Equal(data, same) || int64(len(data)) != f.Bytes || theirs.Known()+ours.Known() != "" {
		o.T.Errorf("%s: %d and %d bytes of %d, kept under %q", f.Type, len(data), len(same), f.Bytes, theirs.Known()+ours.Known())
	}
	o.OK(filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		stored, err := os.ReadFile(path)
		for _, at := range []int{0, len(data) / 2, len(data) - 24} {
			if bytes.Contains(stored, data[at:at+24]) {
				o.T.Errorf("%s lies open in %s", f.Type, path)
			}
		}
		return err
	}))
	first := g
	first.Second = false
	other := o.guest("Nadia Haddad")
	other.Second = true
	for who, g := range map[string]contact.Guest{"before the second step": first, "another family": other} {
		if _, err := o.s.FamilyFile(o.Ctx, g, f.PublicID); !errs.Is(err, errs.NotFound) {
			o.T.Errorf("%s: %v", who, err)
		}
	}
	g.Children = other.Children // the guardian may not see this child any more
	if _, err := o.s.FamilyFile(o.Ctx, g, f.PublicID); !errs.Is(err, errs.NotFound) {
		o.T.Errorf("who may not see the child any more: %v", err)
	}
	for who, by := range map[string]auth.Actor{"the teacher of another class": o.Other1B, "another school": o.Alien} {
		if _, err := o.s.ConversationFile(o.Ctx, by, talk, f.PublicID); !errs.Is(err, errs.NotFound) {
			o.T.Errorf("%s: %v", who, err)
		}
	}
	if n := looks(); n != 2 {
		o.T.Errorf("%s: %d looks written down, though those saw nothing", f.Type, n)
	}
}

// tablesWith names the tables in which some words stand, in any column.
func (o *office) tablesWith(words string) string {
	o.T.Helper()
	list := "select name from sqlite_master where type = 'table' order by name"
	if o.DB.Engine() == db.Postgres {
		list = "select table_name from information_schema.tables where table_schema = current_schema() order by table_name"
	}
	names, err := o.DB.SQL().Query(list)
	o.OK(err)
	var tables, out []string
	for names.Next() {
		var name string
		o.OK(names.Scan(&name))
		tables = append(tables, name)
	}
	o.OK(errors.Join(names.Err(), names.Close()))
	for _, table := range tables {
		rows, err := o.DB.SQL().Query("select * from " + table)
		o.OK(err)
		columns, err := rows.Columns()
		o.OK(err)
		found := false
		for rows.Next() {
			row := make([]sql.RawBytes, len(columns))
			into := make([]any, len(columns))
			for i := range row {
				into[i] = &row[i]
			}
			o.OK(rows.Scan(into...))
			for _, value := range row {
				found = found || bytes.Contains(value, []byte(words))
			}
		}
		o.OK(errors.Join(rows.Err(), rows.Close()))
		if found {
			out = append(out, table)
		}
	}
	return strings.Join(out, " ")
}

// meanwhile is a translator that takes its time.
type meanwhile struct{ happens func() }

func (m meanwhile) Translate(_ context.Context, _, to string, texts []string) ([]string, string, error) {
	m.happens()
	return texts, "Echo", nil
}

// TestWhatAMachineBringsAfterTheSealingIsNotKept: somebody closes the conversation while the translator has its words.
func TestWhatAMachineBringsAfterTheSealingIsNotKept(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		nadia := o.guest("Nadia Haddad")
		talk, err := o.s.Write(o.Ctx, nadia, "", Said{Body: "هي لا تنام", Child: nadia.Children[0].PublicID})
		o.OK(err)
		o.s.Translator = meanwhile{happens: func() { o.OK(o.s.MarkSensitive(o.Ctx, o.Teacher, talk)) }}
		o.OK(o.s.Reply(o.Ctx, o.Teacher, talk, StaffAnswer{Body: "Slaapt zij slecht?"}))
		var letter, entry int64
		o.OK(o.DB.SQL().QueryRow("select max(id) from messages").Scan(&letter))
		o.OK(o.DB.SQL().QueryRow("select min(id) from entries").Scan(&entry))
		o.OK(o.s.workTranslate(o.Ctx, TranslateArgs{o.School.ID, letter}))
		o.OK(o.s.workEntry(o.Ctx, EntryArgs{o.School.ID, entry}))
		for _, word := range []string{"Slaapt", "تنام"} {
			if where := o.tablesWith(word); where != "" {
				t.Errorf("%q stands in %s", word, where)
			}
		}
		nadia.Second = true
		thread, err := o.s.Thread(o.Ctx, nadia, talk)
		o.OK(err)
		if got := thread.Entries[1].Original.Text; got != "Slaapt zij slecht?" {
			t.Errorf("the family reads %q", got)
		}
	})
}

// TestWhatIsFilledInOfAPrivateMaterialIsSealed: day, hour and place of a talk tell as much as its words.
func TestWhatIsFilledInOfAPrivateMaterialIsSealed(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		fill := func(sensitive bool) func(*Draft) {
			return func(dr *Draft) {
				dr.Body, dr.Material, dr.Sensitive = "", "class-trip-letter", sensitive
				dr.Fill = contact.Fill{Date: "2027-02-09", Time: "13:37", Place: "kamer Zonnebloem"}
			}
		}
		private := o.send("", fill(true))
		o.post()
		for _, part := range []string{"2027-02-09", "13:37", "Zonnebloem"} {
			if where := o.tablesWith(part); where != "" {
				t.Errorf("%s stands in %s", part, where)
			}
		}
		if l := o.letters(private, true)["An Maes"]; !strings.Contains(blockWords(l), "kamer Zonnebloem") || !strings.Contains(blockWords(l), "9 februari") {
			t.Errorf("opened: %s", blockWords(l))
		}
		o.send("", fill(false))
		if where := o.tablesWith("Zonnebloem"); where != "messages" {
			t.Errorf("of an open one it stands in %q: the search finds nothing, or too much", where)
		}
	})
}
