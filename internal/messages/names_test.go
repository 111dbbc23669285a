package messages

import (
	"context"
	"strings"
	"testing"
)

func TestNamesAreMarkedForTheTranslator(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Ali en Badra gaan mee.", "<Ali> en <Badra> gaan mee."},
		{"Alida en Kali zijn er niet.", "Alida en Kali zijn er niet."},
		{"Mevrouw Nadia Haddad belde; Haddad, zei ze.", "Mevrouw <Nadia Haddad> belde; <Haddad>, zei ze."},
		{"een roos voor Roos", "een roos voor <Roos>"},
		{"Schrijf naar Ali@example.org of https://x.org/Ali, Ali.", "Schrijf naar Ali@example.org of https://x.org/Ali, <Ali>."},
		{"Élie et élie", "<Élie> et élie"},
	} {
		got := strings.NewReplacer(nameBegins, "<", nameEnds, ">").Replace(markNames(c.text, []string{"Ali", "Badra", "Nadia Haddad", "Roos", "Élie"}))
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// heard keeps what a translator was given, and loses the pieces in which a word stands.
type heard struct {
	got  *[]string
	lose string
}

func (h heard) Translate(_ context.Context, _, to string, texts []string) ([]string, string, error) {
	*h.got = append(*h.got, texts...)
	out := make([]string, len(texts))
	for i, text := range texts {
		if h.lose == "" || !strings.Contains(text, h.lose) {
			out[i] = to + " " + text
		}
	}
	return out, "Echo", nil
}

func TestNoNameIsGivenToTheTranslator(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		var got []string
		o.s.Translator = heard{got: &got}
		message := o.send("Ali", func(d *Draft) { d.Body = "Desta en Piotr Nowak komen." })
		var mid int64
		o.OK(o.DB.SQL().QueryRow("select id from messages where public_id = $1", message).Scan(&mid))
		o.OK(o.s.workTranslate(o.Ctx, TranslateArgs{o.School.ID, mid}))
		nadia := o.guest("Nadia Haddad")
		talk, err := o.s.Write(o.Ctx, nadia, "", Said{Body: "Nadia هنا, Badra"})
		o.OK(err)
		var entry int64
		o.OK(o.DB.SQL().QueryRow("select max(id) from entries").Scan(&entry))
		o.OK(o.s.workEntry(o.Ctx, EntryArgs{o.School.ID, entry}))
		for _, text := range got {
			for _, name := range []string{"Ali", "Desta", "Piotr Nowak", "Nadia", "Badra"} {
				if strings.Contains(strings.ReplaceAll(text, nameBegins+name+nameEnds, ""), name) {
					t.Errorf("%s is given away in %q", name, text)
				}
			}
		}
		if n := o.count("select count(*) from message_texts where lang = 'pl' and body = 'pl Desta en Piotr Nowak komen.'"); n != 1 {
			t.Error("the marks stay in what is read from left to right")
		}
		seen, err := o.s.Conversation(o.Ctx, o.Teacher, talk)
		o.OK(err)
		o.want("read by the teacher", seen.Entries[0].Reading.Text, "nl Nadia هنا, Badra")
	})
}

// TestAnAnswerOfStaffIsTranslatedToo: it waits for the machine, and is labelled on the family's page.
func TestAnAnswerOfStaffIsTranslatedToo(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.s.Translator = echo{}
		nadia := o.guest("Nadia Haddad")
		talk, err := o.s.Write(o.Ctx, nadia, "", Said{Body: "متى؟"})
		o.OK(err)
		o.OK(o.s.Reply(o.Ctx, o.Teacher, talk, StaffAnswer{Body: "Om drie uur."}))
		o.post()
		o.want("before the machine is ready", o.mail.took(), "")
		var mid int64
		o.OK(o.DB.SQL().QueryRow("select max(id) from messages").Scan(&mid))
		if n := o.count("select count(*) from river_job where kind = 'messages.translate'"); n != 1 {
			t.Errorf("%d texts are given to the machine", n)
		}
		o.OK(o.s.workTranslate(o.Ctx, TranslateArgs{o.School.ID, mid}))
		o.post()
		if got := o.mail.took(); !strings.HasPrefix(got, "nadia.haddad@") {
			t.Errorf("it went: %q", got)
		}
		page, err := o.s.Thread(o.Ctx, nadia, talk)
		o.OK(err)
		if r := page.Entries[1].Reading; r.Text != "ar Om drie uur." || r.Source != Machine || r.Engine != "Echo" {
			t.Errorf("%+v", r)
		}
		o.OK(o.s.Reply(o.Ctx, o.Teacher, talk, StaffAnswer{Body: "Tot dan.", Theirs: "إلى اللقاء"}))
		if n := o.count("select count(*) from river_job where kind = 'messages.translate'"); n != 1 {
			t.Error("what a colleague has translated is given to the machine")
		}
	})
}

func TestATextWithAHoleIsNoTranslation(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		var got []string
		o.s.Translator = heard{got: &got, lose: "Twee"}
		message := o.send("Zwemmen", func(d *Draft) { d.Body = "Een.\n\nTwee." })
		var mid int64
		o.OK(o.DB.SQL().QueryRow("select id from messages where public_id = $1", message).Scan(&mid))
		if err := o.s.workTranslate(o.Ctx, TranslateArgs{o.School.ID, mid}); err == nil {
			t.Error("that a piece was lost is not told")
		}
		if n := o.count("select count(*) from message_texts"); n != 0 {
			t.Errorf("%d texts with a hole are kept", n)
		}
	})
}
