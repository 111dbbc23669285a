package messages

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/live"
	"brug/internal/phrase"

	"github.com/google/go-cmp/cmp"
	"github.com/riverqueue/river"
)

func TestWhoseTurnItIs(t *testing.T) {
	nine := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	ten, eleven := nine.Add(time.Hour), nine.Add(2*time.Hour)
	cases := []struct {
		name   string
		before turn
		say    func(turn) (turn, time.Duration)
		want   turn
		waited time.Duration
	}{
		{"a first question waits for the school", turn{}, func(t turn) (turn, time.Duration) { return t.afterFamily(true, false, nine) }, turn{OfStaff, nine}, 0},
		{"a second question keeps the place in the line", turn{OfStaff, nine}, func(t turn) (turn, time.Duration) { return t.afterFamily(true, false, ten) }, turn{OfStaff, nine}, 0},
		{"understood, where nothing was asked, waits for nobody", turn{}, func(t turn) (turn, time.Duration) { return t.afterFamily(false, false, nine) }, turn{}, 0},
		{"understood does not answer for the school", turn{OfStaff, nine}, func(t turn) (turn, time.Duration) { return t.afterFamily(false, false, ten) }, turn{OfStaff, nine}, 0},
		{"the school answers: the family had waited an hour", turn{OfStaff, nine}, func(t turn) (turn, time.Duration) { return t.afterStaff(ten) }, turn{OfFamily, ten}, time.Hour},
		{"a second answer of the school answers nothing", turn{OfFamily, ten}, func(t turn) (turn, time.Duration) { return t.afterStaff(eleven) }, turn{OfFamily, ten}, 0},
		{"understood: the school had waited an hour", turn{OfFamily, ten}, func(t turn) (turn, time.Duration) { return t.afterFamily(false, false, eleven) }, turn{}, time.Hour},
		{"later is no answer yet", turn{OfFamily, ten}, func(t turn) (turn, time.Duration) { return t.afterFamily(false, true, eleven) }, turn{OfFamily, ten}, 0},
		{"a question in return", turn{OfFamily, ten}, func(t turn) (turn, time.Duration) { return t.afterFamily(true, false, eleven) }, turn{OfStaff, eleven}, time.Hour},
	}
	for _, c := range cases {
		if got, waited := c.say(c.before); got != c.want || waited != c.waited {
			t.Errorf("%s: %v after %v, want %v after %v", c.name, got, waited, c.want, c.waited)
		}
	}
}

func TestWhatCanBeSaid(t *testing.T) {
	cases := []struct {
		name  string
		said  Said
		field string // that is wrong; "" none
	}{
		{"a tap", Said{Answer: contact.Understood}, ""},
		{"words", Said{Body: "Dank u."}, ""},
		{"a tap and words", Said{Answer: contact.CallMe, Body: "na vier uur"}, ""},
		{"nothing at all", Said{}, "body"},
		{"an answer that is none", Said{Answer: "maybe"}, "answer"},
		{"a whole book", Said{Body: strings.Repeat("a", contact.MaxBody+1)}, "body"},
		{"four photos", Said{Files: make([]Upload, 4)}, "files"},
	}
	for _, c := range cases {
		_, wrong := errs.FieldsOf(checkSaid(c.said))[c.field]
		if err := checkSaid(c.said); c.field == "" && err != nil || c.field != "" && !wrong {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestNamesOfFilesAreShortAndTame(t *testing.T) {
	for name, want := range map[string]string{
		"IMG_1.HEIC": "IMG_1.jpg", `C:\photos\me.png`: "me.jpg", "../../etc/passwd": "passwd.jpg", "": "brug.jpg", "a\"b\n<c>.jpg": "abc.jpg", "صورة.jpg": "صورة.jpg",
	} {
		if got := fileName(name, "image/jpeg"); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// guest opens the personal page of a guardian.
func (o *office) guest(name string) contact.Guest {
	o.T.Helper()
	var gid int64
	o.OK(o.DB.SQL().QueryRow("select id from guardians where name = $1", name).Scan(&gid))
	var path string
	o.OK(o.DB.Write(o.Ctx, func(tx *db.Tx) error {
		paths, err := o.Contact.EnsureLinks(o.Ctx, tx, o.School.ID, []int64{gid})
		path = paths[gid]
		return err
	}))
	g, err := o.Contact.OpenLink(o.Ctx, strings.TrimPrefix(path, "/m/"), "127.0.0.1")
	o.OK(err)
	return g
}

// arrived is the public id of the latest letter to a guardian.
func (o *office) arrived(name string) (recipient string) {
	o.T.Helper()
	o.OK(o.DB.SQL().QueryRow("select r.public_id from recipients r join guardians g on g.id = r.guardian_id where g.name = $1 order by r.id desc limit 1", name).Scan(&recipient))
	return recipient
}

// inbox tells what waits for somebody: "Nadia Haddad Ali text", in order.
func (o *office) inbox(by auth.Actor, f InboxFilter) string {
	o.T.Helper()
	page, err := o.s.Inbox(o.Ctx, by, f)
	o.OK(err)
	var out []string
	for _, l := range page.Lines {
		var names []string
		for _, c := range l.Children {
			names = append(names, c.Given)
		}
		what := string(l.Last.Kind)
		if l.Last.Kind == Tap {
			what = string(l.Last.Answer)
		}
		if l.Conversation == "" {
			what = "paper " + string(l.Paper.Kind)
		}
		out = append(out, strings.TrimSpace(l.Name+" "+strings.Join(names, "+")+" "+what))
	}
	return strings.Join(out, "; ")
}

func (o *office) file(path string) []byte {
	o.T.Helper()
	b, err := os.ReadFile(path)
	o.OK(err)
	return b
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 300, 200)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestOneConversationFromBothSides is a message, an answer with a voice and a photo, the answer of the teacher, and what each
// side sees of it.
func TestOneConversationFromBothSides(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.send("Bos")
		o.post()
		o.mail.took()
		nadia := o.guest("Nadia Haddad")
		list, more, err := o.s.Mine(o.Ctx, nadia, "", 5)
		o.OK(err)
		if len(list) != 1 || more || list[0].Title.Text != "Bos" || !list[0].Opened.IsZero() || list[0].Letter == nil {
			t.Fatalf("%+v", list)
		}
		m, thread, err := o.s.See(o.Ctx, nadia, list[0].Recipient)
		o.OK(err)
		if m.Letter.Title.Text != "Bos" || thread.PublicID != "" {
			t.Fatalf("%+v %+v", m, thread)
		}
		_, _, err = o.s.See(o.Ctx, nadia, list[0].Recipient) // again: written down once
		o.OK(err)
		if n := o.count("select count(*) from contacts where area = 'messages' and stage = 'arrived'"); n != 1 {
			t.Errorf("%d lines say that it was opened", n)
		}

		talk, err := o.s.AnswerMessage(o.Ctx, nadia, m.Recipient, Said{Answer: contact.Understood})
		o.OK(err)
		o.want("understood waits for nobody", o.inbox(o.Teacher, InboxFilter{}), "")
		o.Clock = o.Clock.Add(time.Minute)
		again, err := o.s.AnswerMessage(o.Ctx, nadia, m.Recipient, Said{Body: "هل يحتاج إلى حذاء؟", Files: []Upload{{Name: "voice.m4a", Data: o.file("../audio/testdata/tone.m4a")}, {Name: "shoes.png", Data: picture(t)}}})
		o.OK(err)
		if again != talk {
			t.Errorf("a message has two conversations with one guardian: %s and %s", talk, again)
		}
		o.want("words wait", o.inbox(o.Teacher, InboxFilter{}), "Nadia Haddad Ali text")
		line, err := o.s.Inbox(o.Ctx, o.Teacher, InboxFilter{})
		o.OK(err)
		if last := line.Lines[0].Last; last.Original.Text != "هل يحتاج إلى حذاء؟" || len(last.Files) != 2 {
			t.Errorf("what was said together does not stand together: %+v", last)
		}

		o.Clock = o.Clock.Add(2 * time.Hour)
		seen, err := o.s.Conversation(o.Ctx, o.Teacher, talk)
		o.OK(err)
		if seen.Name != "Nadia Haddad" || seen.Lang != "ar" || seen.Title != "Bos" || len(seen.Entries) != 4 || seen.Waits != OfStaff {
			t.Fatalf("%+v", seen)
		}
		if e := seen.Entries[1]; e.Kind != Words || e.Original.Text != "هل يحتاج إلى حذاء؟" || e.Original.Lang != "ar" || e.Reading.Text != "" {
			t.Errorf("%+v", e)
		}
		if e := seen.Entries[2]; e.Kind != Voice || len(e.Files) != 1 || e.Files[0].Type != "audio/mp4" || e.Files[0].Length == 0 {
			t.Errorf("%+v", e)
		}
		o.OK(o.s.Correct(o.Ctx, o.Teacher, talk, seen.Entries[1].PublicID, "Heeft hij schoenen nodig?"))
		o.OK(o.s.Reply(o.Ctx, o.Teacher, talk, StaffAnswer{Body: "Ja, laarzen.", Theirs: "نعم، جزمة."}))
		o.want("it waits no more", o.inbox(o.Teacher, InboxFilter{}), "")
		o.want("the time that the family waited", waits(o), "in 0; in 0; in 0; in 0; out 120")
		o.post()
		o.want("the answer goes by mail", o.mail.took(), "nadia.haddad@example.org: "+answerTitle("ar"))

		o.Clock = o.Clock.Add(30 * time.Minute)
		threads, err := o.s.Threads(o.Ctx, nadia, 5)
		o.OK(err)
		if len(threads) != 1 || !threads[0].Unseen || threads[0].Last.Reading.Text != "نعم، جزمة." || len(threads[0].Entries) != 0 {
			t.Fatalf("%+v", threads)
		}
		page, err := o.s.Thread(o.Ctx, nadia, talk)
		o.OK(err)
		last := page.Entries[len(page.Entries)-1]
		if last.From != "Els" || last.Original.Text != "Ja, laarzen." || last.Reading.Source != Staff {
			t.Errorf("%+v", last)
		}
		if !page.Entries[1].Seen {
			t.Error("the family does not see that the school saw it")
		}
		seen, err = o.s.Conversation(o.Ctx, o.Teacher, talk)
		o.OK(err)
		if e := seen.Entries[1].Reading; e.Text != "Heeft hij schoenen nodig?" || e.Lang != "nl" || e.Source != Staff {
			t.Errorf("the translation of the teacher: %+v", e)
		}
		if e := seen.Entries[4]; !e.Seen || e.Reading.Lang != "ar" {
			t.Errorf("the school does not see that the family saw it: %+v", e)
		}
		if n := o.count("select count(*) from contacts where area = 'messages' and stage = 'arrived'"); n != 2 {
			t.Errorf("%d letters were opened, want the message and the answer", n)
		}

		f, err := o.s.ConversationFile(o.Ctx, o.Teacher, talk, seen.Entries[2].Files[0].PublicID)
		o.OK(err)
		if b, err := f.Open(); err != nil || len(b) == 0 {
			t.Errorf("the voice: %d bytes, %v", len(b), err)
		}
		if _, err := o.s.FamilyFile(o.Ctx, nadia, seen.Entries[3].Files[0].PublicID); err != nil {
			t.Errorf("the own photo: %v", err)
		}
		if _, err := o.s.FamilyFile(o.Ctx, o.guest("An Maes"), seen.Entries[3].Files[0].PublicID); !errs.Is(err, errs.NotFound) {
			t.Errorf("another family's photo: %v", err)
		}
	})
}

// waits are the minutes that each entry had been waited for.
func waits(o *office) string {
	o.T.Helper()
	rows, err := o.DB.SQL().Query("select direction, waited from entries order by id")
	o.OK(err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var d string
		var ms int64
		o.OK(rows.Scan(&d, &ms))
		out = append(out, d+" "+time.Duration(ms*int64(time.Millisecond)).Truncate(time.Minute).String())
	}
	o.OK(rows.Err())
	return strings.NewReplacer("2h0m0s", "120", "0s", "0").Replace(strings.Join(out, "; "))
}

func TestTheSameAnswerTwiceCountsOnce(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.send("Bos")
		o.post()
		an := o.guest("An Maes")
		for range 3 {
			_, err := o.s.AnswerMessage(o.Ctx, an, o.arrived("An Maes"), Said{Answer: contact.CallMe})
			o.OK(err)
		}
		var first, second string
		var err error
		first, err = o.s.Write(o.Ctx, an, "", Said{Body: "Cas is ziek."})
		o.OK(err)
		second, err = o.s.Write(o.Ctx, an, "", Said{Body: "Cas is ziek."})
		o.OK(err)
		if first != second {
			t.Error("a form that was sent twice begins two conversations")
		}
		if n := o.count("select count(*) from entries"); n != 2 {
			t.Errorf("%d entries, want 2", n)
		}
		if n := o.count("select count(*) from contacts where area = 'conversations'"); n != 2 {
			t.Errorf("%d lines in the ledger, want 2", n)
		}
		o.Clock = o.Clock.Add(time.Hour)
		_, err = o.s.Write(o.Ctx, an, first, Said{Body: "Cas is ziek."})
		o.OK(err)
		if n := o.count("select count(*) from entries"); n != 3 {
			t.Errorf("the same words an hour later are others: %d entries", n)
		}
	})
}

// TestWhoMaySeeAConversation goes round: the teachers of its children, those who see all, and nobody else.
func TestWhoMaySeeAConversation(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		nadia, an := o.guest("Nadia Haddad"), o.guest("An Maes")
		ali := nadia.Children[0]
		for _, c := range nadia.Children {
			if c.Given == "Ali" {
				ali = c
			}
		}
		one, err := o.s.Write(o.Ctx, nadia, "", Said{Body: "Over Ali", Child: ali.PublicID})
		o.OK(err)
		o.Clock = o.Clock.Add(time.Minute)
		both, err := o.s.Write(o.Ctx, nadia, "", Said{Body: "Over allebei"})
		o.OK(err)
		for _, c := range []struct {
			name string
			by   auth.Actor
			talk string
			want errs.Kind
		}{
			{"the teacher of the child", o.Teacher, one, errs.Internal},
			{"the teacher of the sister, about the brother", o.Other1B, one, errs.NotFound},
			{"the teacher of the sister, about both", o.Other1B, both, errs.Internal},
			{"the director", o.director(), one, errs.Internal},
			{"another school", o.Alien, one, errs.NotFound},
			{"the support centre", auth.Actor{Role: auth.Support, School: o.School}, one, errs.Forbidden},
			{"nobody", auth.Actor{}, one, errs.SignIn},
		} {
			_, err := o.s.Conversation(o.Ctx, c.by, c.talk)
			if c.want == errs.Internal && err != nil || c.want != errs.Internal && errs.KindOf(err) != c.want {
				t.Errorf("%s: %v", c.name, err)
			}
			if err := o.s.Reply(o.Ctx, c.by, c.talk, StaffAnswer{}); c.want == errs.Internal && !errs.Is(err, errs.Invalid) || c.want != errs.Internal && errs.KindOf(err) != c.want {
				t.Errorf("%s answers: %v", c.name, err)
			}
			if c.want != errs.Internal {
				for what, err := range map[string]error{"hands over": o.s.HandOver(o.Ctx, c.by, c.talk, ""), "settles": o.s.Settle(o.Ctx, c.by, c.talk), "closes": o.s.MarkSensitive(o.Ctx, c.by, c.talk)} {
					if errs.KindOf(err) != c.want {
						t.Errorf("%s %s: %v", c.name, what, err)
					}
				}
			}
		}
		o.want("the inbox of 3A", o.inbox(o.Teacher, InboxFilter{}), "Nadia Haddad Ali text; Nadia Haddad Ali+Badra text")
		o.want("the inbox of 1B", o.inbox(o.Other1B, InboxFilter{}), "Nadia Haddad Ali+Badra text")
		o.want("the inbox of the director, one class", o.inbox(o.director(), InboxFilter{Class: o.Class["1B"]}), "Nadia Haddad Ali+Badra text")
		o.want("the inbox of another school", o.inbox(o.Alien, InboxFilter{View: Everything}), "")
		if _, err := o.s.Thread(o.Ctx, an, one); !errs.Is(err, errs.NotFound) {
			t.Errorf("another family: %v", err)
		}
		if _, err := o.s.Write(o.Ctx, an, one, Said{Body: "?"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("another family writes: %v", err)
		}
		// A child that moves class takes its conversations along.
		o.exec("update enrolments set class_id = (select id from classes where name = '1B' and school_id = enrolments.school_id) where pupil_id = $1", ali.ID)
		o.want("after the move", o.inbox(o.Teacher, InboxFilter{}), "")
	})
}

func TestHandingOverAndSettling(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		an := o.guest("An Maes")
		talk, err := o.s.Write(o.Ctx, an, "", Said{Body: "Mag ik bellen?"})
		o.OK(err)
		seen, err := o.s.Conversation(o.Ctx, o.director(), talk)
		o.OK(err)
		found := false
		for _, c := range seen.Colleagues {
			found = found || c.PublicID == staffOf(o, "Tom")
		}
		if found {
			t.Error("the teacher of another class is offered")
		}
		if err := o.s.HandOver(o.Ctx, o.Teacher, talk, staffOf(o, "Tom")); errs.FieldsOf(err)["colleague"].ID == "" {
			t.Errorf("handed to somebody who may not see the child: %v", err)
		}
		director := auth.Actor{Role: auth.Director, AccountID: o.Other1B.AccountID, Name: "Tom", School: o.School}
		o.OK(o.s.HandOver(o.Ctx, director, talk, staffOf(o, "Els")))
		o.want("hers", o.inbox(o.Teacher, InboxFilter{View: MineOnly}), "An Maes Cas text")
		o.want("not his", o.inbox(director, InboxFilter{View: MineOnly}), "")
		o.OK(o.s.Settle(o.Ctx, o.Teacher, talk))
		if err := o.s.Settle(o.Ctx, director, talk); !errs.Is(err, errs.Conflict) {
			t.Errorf("settled twice: %v", err)
		}
		o.want("it waits no more", o.inbox(o.Teacher, InboxFilter{}), "")
		o.want("all", o.inbox(o.Teacher, InboxFilter{View: Everything}), "An Maes Cas text")
		_, err = o.s.Write(o.Ctx, an, talk, Said{Answer: contact.CallMe})
		o.OK(err)
		o.OK(o.s.Called(o.Ctx, o.Teacher, talk, contact.Talk{Road: contact.Call, Reached: false}))
		o.want("nobody took the call", o.inbox(o.Teacher, InboxFilter{}), "An Maes Cas call")
		o.OK(o.s.Called(o.Ctx, o.Teacher, talk, contact.Talk{Road: contact.Call, Reached: true, Tone: contact.Positive}))
		o.want("they talked", o.inbox(o.Teacher, InboxFilter{}), "")
		if n := o.count("select count(*) from contacts where area = 'talk' and guardian_id is not null"); n != 2 {
			t.Errorf("%d talks in the ledger", n)
		}
	})
}

func staffOf(o *office, name string) (public string) {
	o.T.Helper()
	o.OK(o.DB.SQL().QueryRow("select s.public_id from staff s join accounts a on a.id = s.account_id where a.name = $1", name).Scan(&public))
	return public
}

// TestTheInboxIsReadPageByPage has conversations and answers to codes on paper, by how long they wait; nothing twice, nothing lost.
func TestTheInboxIsReadPageByPage(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		an, home := o.guest("An Maes"), o.Home("Desta", "")
		code := o.Code(home, "ti")
		visit, err := o.Contact.Open(o.Ctx, code.Token, "")
		o.OK(err)
		var want []string
		for i := range 7 {
			o.Clock = o.Clock.Add(time.Hour)
			if i%3 == 1 {
				o.OK(o.Contact.Answer(o.Ctx, visit, contact.Question, strings.Repeat("?", i), ""))
				want = append(want, "Desta paper question")
				continue
			}
			_, err := o.s.Write(o.Ctx, an, "", Said{Body: strings.Repeat("a", i+1)})
			o.OK(err)
			want = append(want, "An Maes Cas text")
		}
		var got []string
		after, pages := "", 0
		for {
			f := InboxFilter{After: after, Max: 2}
			if line := o.inbox(o.Teacher, f); line != "" {
				got = append(got, strings.Split(line, "; ")...)
			}
			page, err := o.s.Inbox(o.Ctx, o.Teacher, f)
			o.OK(err)
			if pages++; page.Next == "" || pages > 9 {
				break
			}
			after = page.Next
		}
		if diff := cmp.Diff(want, got); diff != "" || pages != 4 {
			t.Errorf("%d pages: %s", pages, diff)
		}
		var latest []string
		for after, pages = "", 0; pages < 9; pages++ {
			page, err := o.s.Inbox(o.Ctx, o.Teacher, InboxFilter{View: Everything, After: after, Max: 2})
			o.OK(err)
			for _, l := range page.Lines {
				latest = append(latest, l.Last.Original.Text)
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if diff := cmp.Diff([]string{"aaaaaaa", "aaaaaa", "aaaa", "aaa", "a"}, latest); diff != "" {
			t.Error(diff)
		}
		if _, err := o.s.Inbox(o.Ctx, o.Teacher, InboxFilter{After: "%%%"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("a page that is none: %v", err)
		}
		if n, err := o.s.WaitingCount(o.Ctx, o.Teacher); err != nil || n != len(want) {
			t.Errorf("%d wait, want %d, %v", n, len(want), err)
		}
	})
}

// TestAWorryIsSealed: no word of it stands open in the database, every look is written down, and the family sees it after the
// second step.
func TestAWorryIsSealed(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		an := o.guest("An Maes")
		talk, err := o.s.Write(o.Ctx, an, "", Said{Body: "Cas slaapt slecht sinds de scheiding.", Private: true})
		o.OK(err)
		open, err := o.s.Write(o.Ctx, an, "", Said{Body: "Cas wordt gepest door een zesdeklasser."})
		o.OK(err)
		o.Clock = o.Clock.Add(time.Hour)
		o.OK(o.s.Reply(o.Ctx, o.Teacher, open, StaffAnswer{Body: "Wie doet dat pesten?"}))
		seen, err := o.s.Conversation(o.Ctx, o.Teacher, open)
		o.OK(err)
		o.OK(o.s.Correct(o.Ctx, o.Teacher, open, seen.Entries[0].PublicID, "vertaald: gepest"))
		o.OK(o.s.MarkSensitive(o.Ctx, o.Teacher, open))
		o.OK(o.s.MarkSensitive(o.Ctx, o.Teacher, open)) // once more is no error
		o.OK(o.s.Reply(o.Ctx, o.Teacher, open, StaffAnswer{Body: "Dat pesten nemen we ernstig."}))
		o.OK(o.s.Reply(o.Ctx, o.Teacher, talk, StaffAnswer{Body: "Dank dat u dit over het slaapt zegt."}))
		for _, word := range []string{"slaapt", "gepest", "pesten"} {
			for _, column := range []string{"entries where body", "entry_texts where body", "conversations where title", "messages where body", "messages where title", "message_texts where body", "outbox where body_text", "contacts where note", "journal where detail"} {
				if n := o.count("select count(*) from " + column + " like '%" + word + "%'"); n != 0 {
					t.Errorf("%q stands in %s", word, column)
				}
			}
		}
		before := o.count("select count(*) from journal where action = 'conversations.see'")
		for range 2 {
			seen, err = o.s.Conversation(o.Ctx, o.Teacher, open)
			o.OK(err)
		}
		if n := o.count("select count(*) from journal where action = 'conversations.see'"); n != before+2 {
			t.Errorf("%d looks written down, want 2", n-before)
		}
		if len(seen.Entries) != 3 || seen.Entries[0].Original.Text != "Cas wordt gepest door een zesdeklasser." || seen.Entries[2].Original.Text != "Dat pesten nemen we ernstig." || !seen.Entries[0].Sealed {
			t.Errorf("%+v", seen.Entries)
		}
		page, err := o.s.Inbox(o.Ctx, o.Teacher, InboxFilter{View: Everything})
		o.OK(err)
		for _, l := range page.Lines {
			if l.Last.Original.Text != "" || l.Last.Reading.Text != "" {
				t.Errorf("the inbox opens it: %+v", l.Last)
			}
		}
		o.mail.got = nil
		o.post()
		for _, p := range o.mail.got {
			for _, l := range p.Letters {
				if words := blockWords(l); strings.Contains(words, "pesten") || strings.Contains(words, "slaapt") {
					t.Errorf("the mail says %q", words)
				}
			}
		}

		locked, err := o.s.Thread(o.Ctx, an, open)
		o.OK(err)
		if !locked.Locked || len(locked.Entries) != 0 || locked.Last.Original.Text != "" {
			t.Errorf("before the second step: %+v", locked)
		}
		an.Second = true
		opened, err := o.s.Thread(o.Ctx, an, open)
		o.OK(err)
		if opened.Locked || len(opened.Entries) != 3 || opened.Entries[1].Original.Text != "Wie doet dat pesten?" || opened.Entries[2].Original.Text != "Dat pesten nemen we ernstig." {
			t.Errorf("after the second step: %+v", opened)
		}
		if n := o.count("select count(*) from journal where actor = 'guardian' and action = 'conversations.see'"); n != 1 {
			t.Errorf("%d looks of the family", n)
		}
		if n := o.count("select count(*) from contacts where tone = 'worry'"); n != 1 {
			t.Errorf("%d worries in the ledger", n)
		}
	})
}

func TestAnswersOfStaffInPhrasesAndByVoice(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		nadia := o.guest("Nadia Haddad")
		talk, err := o.s.Write(o.Ctx, nadia, "", Said{Body: "متى؟", Child: nadia.Children[0].PublicID})
		o.OK(err)
		var plain *phrase.Phrase
		for _, ph := range phrase.Shipped().All() {
			if len(ph.Slots) == 0 || len(ph.Slots) == 1 && ph.Slots[0] == phrase.Child {
				plain = ph
				break
			}
		}
		o.OK(o.s.Reply(o.Ctx, o.Teacher, talk, StaffAnswer{Phrases: []Phrase{{Slug: plain.Slug}}}))
		o.Clock = o.Clock.Add(time.Hour)
		o.OK(o.s.Reply(o.Ctx, o.Teacher, talk, StaffAnswer{Voice: &Upload{Name: "voice.webm", Data: o.file("../audio/testdata/tone.webm")}, Done: true}))
		if err := o.s.Reply(o.Ctx, o.Teacher, talk, StaffAnswer{Voice: &Upload{Name: "x.jpg", Data: picture(t)}}); errs.FieldsOf(err)["voice"].ID == "" {
			t.Errorf("a photo as a voice: %v", err)
		}
		page, err := o.s.Thread(o.Ctx, nadia, talk)
		o.OK(err)
		if page.Waits != "" || len(page.Entries) != 3 {
			t.Fatalf("%+v", page)
		}
		arabic, _ := phrase.Shipped().Render("ar", plain, nil)
		if got := page.Entries[1].Reading; got.Lang != "ar" || got.Source != Exact || !strings.Contains(arabic, "{child}") && got.Text != arabic || strings.Contains(got.Text, "{child}") {
			t.Errorf("%+v, want %q", got, arabic)
		}
		if f := page.Entries[2]; f.Kind != Voice || len(f.Files) != 1 || f.Files[0].Type != "audio/webm" {
			t.Errorf("%+v", f)
		}
		if n := o.count("select count(*) from files"); n != 1 {
			t.Errorf("%d files are kept", n)
		}

		// Phrases stay exact when own words stand with them; the words come in her language where somebody wrote them so.
		for _, theirs := range []string{"", "إلى اللقاء"} {
			o.Clock = o.Clock.Add(time.Hour)
			o.OK(o.s.Reply(o.Ctx, o.Teacher, talk, StaffAnswer{Phrases: []Phrase{{Slug: plain.Slug}}, Body: "Tot morgen", Theirs: theirs}))
			page, err := o.s.Thread(o.Ctx, nadia, talk)
			o.OK(err)
			last, want := page.Entries[len(page.Entries)-1], EntryText{Text: "Tot morgen", Lang: "nl", Source: Original}
			if theirs != "" {
				want = EntryText{Text: theirs, Lang: "ar", Source: Staff}
			}
			if last.Reading.Lang != "ar" || last.Reading.Source != Exact || last.Beneath != want || !strings.HasSuffix(last.Original.Text, "Tot morgen") {
				t.Errorf("with %q: %+v", theirs, last)
			}
		}
	})
}

// TestWhatComesInByMailAndSMS comes once, into the conversation of the letter that it answers.
func TestWhatComesInByMailAndSMS(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.send("Bos")
		o.post()
		an := o.guest("An Maes")
		r := Reply{SchoolID: o.School.ID, Recipient: o.arrived("An Maes"), Road: contact.Mail, Text: "Hij kan niet mee.", Key: "k1", Files: []Upload{{Name: "virus.exe", Data: []byte("MZ")}, {Name: "p.jpg", Data: picture(t)}}}
		for _, want := range []bool{true, false} {
			if fresh, err := o.s.Incoming(o.Ctx, r); err != nil || fresh != want {
				t.Errorf("fresh %v, %v; want %v", fresh, err, want)
			}
		}
		threads, err := o.s.Threads(o.Ctx, an, 5)
		o.OK(err)
		if len(threads) != 1 {
			t.Fatalf("%d conversations", len(threads))
		}
		talk := threads[0].PublicID
		o.Clock = o.Clock.Add(time.Hour)
		o.OK(o.s.Reply(o.Ctx, o.Teacher, talk, StaffAnswer{Body: "Jammer! Beterschap."}))
		o.post()
		sms := Reply{SchoolID: o.School.ID, Recipient: o.arrived("An Maes"), Road: contact.SMS, Text: strings.Repeat("dank ", 1000), Key: "k2"}
		if fresh, err := o.s.Incoming(o.Ctx, sms); err != nil || !fresh {
			t.Fatal(fresh, err)
		}
		if fresh, err := o.s.Incoming(o.Ctx, Reply{SchoolID: o.School.ID, Recipient: o.arrived("An Maes"), Road: contact.Mail, Key: "k3"}); err != nil || !fresh {
			t.Error("a mail without words", fresh, err)
		}
		page, err := o.s.Thread(o.Ctx, an, talk)
		o.OK(err)
		var got []string
		for _, e := range page.Entries {
			got = append(got, string(e.Direction)+" "+string(e.Kind)+" "+string(e.Road))
		}
		if diff := cmp.Diff([]string{"in text mail", "in photo mail", "in refused mail", "out text link", "in text sms"}, got); diff != "" {
			t.Error(diff)
		}
		if n := len([]rune(page.Entries[4].Original.Text)); n != contact.MaxBody {
			t.Errorf("a long text has %d characters", n)
		}
		if n := o.count("select count(*) from conversations"); n != 1 {
			t.Errorf("%d conversations", n)
		}
		if n := o.count("select count(*) from files"); n != 1 {
			t.Errorf("%d files", n)
		}
		if n := o.count("select count(*) from recipients where state = 'answered'"); n != 2 {
			t.Errorf("%d letters count as answered", n)
		}
		o.exec("update guardian_rights set barred = $1 where guardian_id = $2", true, an.GuardianID)
		r.Key = "k4"
		if _, err := o.s.Incoming(o.Ctx, r); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody who may be heard no more: %v", err)
		}
		if n := o.count("select count(*) from inbound where key = 'k4'"); n != 0 {
			t.Error("it is counted as an answer")
		}
		r.Recipient = id.New()
		if _, err := o.s.Incoming(o.Ctx, r); !errs.Is(err, errs.NotFound) {
			t.Errorf("an answer to nothing: %v", err)
		}
	})
}

func TestAMachineReadsForTheSchool(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.s.Translator = echo{}
		nadia := o.guest("Nadia Haddad")
		talk, err := o.s.Write(o.Ctx, nadia, "", Said{Body: "شكرا"})
		o.OK(err)
		o.Clock = o.Clock.Add(time.Minute)
		closed, err := o.s.Write(o.Ctx, nadia, "", Said{Body: "سر", Private: true})
		o.OK(err)
		if n := o.count("select count(*) from river_job where kind = 'messages.entry'"); n != 1 {
			t.Errorf("%d texts are given to the machine, want the open one", n)
		}
		var entry int64
		o.OK(o.DB.SQL().QueryRow("select e.id from entries e join conversations c on c.id = e.conversation_id where c.public_id = $1", talk).Scan(&entry))
		o.OK(o.s.workEntry(o.Ctx, EntryArgs{o.School.ID, entry}))
		seen, err := o.s.Conversation(o.Ctx, o.Teacher, talk)
		o.OK(err)
		if r := seen.Entries[0].Reading; r.Text != "nl شكرا" || r.Source != Machine || r.Engine != "Echo" {
			t.Errorf("%+v", r)
		}
		o.OK(o.s.Correct(o.Ctx, o.Teacher, talk, seen.Entries[0].PublicID, "Dank u"))
		o.OK(o.s.workEntry(o.Ctx, EntryArgs{o.School.ID, entry})) // the machine comes late
		if seen, err = o.s.Conversation(o.Ctx, o.Teacher, talk); err != nil || seen.Entries[0].Reading.Text != "Dank u" || seen.Entries[0].Reading.Source != Staff {
			t.Errorf("%+v, %v", seen.Entries[0].Reading, err)
		}
		var sealed int64
		o.OK(o.DB.SQL().QueryRow("select e.id from entries e join conversations c on c.id = e.conversation_id where c.public_id = $1", closed).Scan(&sealed))
		o.OK(o.s.workEntry(o.Ctx, EntryArgs{o.School.ID, sealed}))
		if n := o.count("select count(*) from entry_texts"); n != 1 {
			t.Errorf("%d texts, want none of what is sealed", n)
		}
	})
}

func TestManyAnswersInADayAreTooMany(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		an := o.guest("An Maes")
		talk, err := o.s.Write(o.Ctx, an, "", Said{Body: "een"})
		o.OK(err)
		for i := 1; i < saidPerDay; i++ {
			_, err = o.s.Write(o.Ctx, an, talk, Said{Body: strings.Repeat("a", i)})
			o.OK(err)
		}
		var e *errs.Error
		if _, err = o.s.Write(o.Ctx, an, talk, Said{Body: "nog een"}); !errors.As(err, &e) || e.Kind != errs.TooMany {
			t.Errorf("%v", err)
		}
		o.Clock = o.Clock.Add(25 * time.Hour)
		_, err = o.s.Write(o.Ctx, an, talk, Said{Body: "morgen"})
		o.OK(err)
	})
}

func TestAgreements(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		nadia, an := o.guest("Nadia Haddad"), o.guest("An Maes")
		var ali string
		for _, c := range nadia.Children {
			if c.Given == "Ali" {
				ali = c.PublicID
			}
		}
		talk, err := o.s.Write(o.Ctx, nadia, "", Said{Body: "…", Child: ali})
		o.OK(err)
		if _, err := o.s.Agree(o.Ctx, o.Teacher, AgreementDraft{Conversation: talk, Who: "aunt", LookBack: "2026-11-22", Until: "soon"}); len(errs.FieldsOf(err)) != 4 {
			t.Errorf("%v", err)
		}
		if _, err := o.s.Agree(o.Ctx, o.Teacher, AgreementDraft{Household: nadia.Household, Body: "x", Who: ByHome, LookBack: "2027-03-19", Until: "2026-12-18"}); errs.FieldsOf(err)["lookback"].ID == "" {
			t.Errorf("looked back at after its end: %v", err)
		}
		ref, err := o.s.Agree(o.Ctx, o.Teacher, AgreementDraft{Conversation: talk, Child: ali, Who: ByBoth, Body: "Elke avond tien minuten lezen.", Theirs: "القراءة كل مساء.", Until: "2026-12-18", LookBack: "2026-12-11"})
		o.OK(err)
		o.post()
		if got := o.mail.took(); !strings.HasPrefix(got, "nadia.haddad@example.org: ") {
			t.Errorf("it goes to the guardian: %q", got)
		}
		list, err := o.s.FamilyAgreements(o.Ctx, nadia, 5)
		o.OK(err)
		if len(list) != 1 || list[0].Child != "Ali" || list[0].Reading.Text != "القراءة كل مساء." || list[0].Until != "2026-12-18" || !list[0].Confirmed.IsZero() {
			t.Fatalf("%+v", list)
		}
		page, err := o.s.Thread(o.Ctx, nadia, talk)
		o.OK(err)
		if e := page.Entries[1]; e.Kind != Agreed || e.Agreement == nil || e.Agreement.PublicID != ref {
			t.Errorf("%+v", e)
		}
		if err := o.s.ConfirmAgreement(o.Ctx, an, ref); !errs.Is(err, errs.NotFound) {
			t.Errorf("another family confirms: %v", err)
		}
		for range 2 {
			o.OK(o.s.ConfirmAgreement(o.Ctx, nadia, ref))
		}
		if n := o.count("select count(*) from contacts where ref = '" + ref + "'"); n != 1 {
			t.Errorf("%d confirmations in the ledger", n)
		}
		if due, err := o.s.LookBacks(o.Ctx, o.Teacher, 5); err != nil || len(due) != 0 {
			t.Errorf("%+v, %v", due, err)
		}
		o.Clock = time.Date(2026, 12, 11, 9, 0, 0, 0, time.UTC)
		for _, c := range []struct {
			by   auth.Actor
			want int
		}{{o.Teacher, 1}, {o.director(), 1}, {o.Other1B, 0}, {o.Alien, 0}} {
			if due, err := o.s.LookBacks(o.Ctx, c.by, 5); err != nil || len(due) != c.want {
				t.Errorf("%s looks back at %+v, %v", c.by.Name, due, err)
			}
		}
		if err := o.s.EndAgreement(o.Ctx, o.Other1B, ref, EndedDone); !errs.Is(err, errs.NotFound) {
			t.Errorf("the teacher of another class ends it: %v", err)
		}
		if err := o.s.EndAgreement(o.Ctx, o.Teacher, ref, "failed"); !errs.Is(err, errs.Invalid) {
			t.Errorf("an end that judges: %v", err)
		}
		o.OK(o.s.EndAgreement(o.Ctx, o.Teacher, ref, EndedDone))
		if err := o.s.EndAgreement(o.Ctx, o.Teacher, ref, EndedDone); !errs.Is(err, errs.Conflict) {
			t.Errorf("ended twice: %v", err)
		}
		ours, err := o.s.Agreements(o.Ctx, o.Teacher, nadia.Household)
		o.OK(err)
		if len(ours) != 1 || ours[0].How != EndedDone || ours[0].By != "Els" || ours[0].Confirmed.IsZero() {
			t.Errorf("%+v", ours)
		}
	})
}

// TestAMessageIsForItsGuardianOnly: nobody opens or answers another person's letter, and none about a child whom they may not see.
func TestAMessageIsForItsGuardianOnly(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.send("Bos")
		o.post()
		an, piotr := o.guest("An Maes"), o.guest("Piotr Nowak")
		if _, _, err := o.s.See(o.Ctx, piotr, o.arrived("An Maes")); !errs.Is(err, errs.NotFound) {
			t.Errorf("the other home opens it: %v", err)
		}
		if _, err := o.s.AnswerMessage(o.Ctx, piotr, o.arrived("An Maes"), Said{Answer: contact.Understood}); !errs.Is(err, errs.NotFound) {
			t.Errorf("the other home answers it: %v", err)
		}
		an.Children[0].ID = -1 // sees another child only
		if list, _, err := o.s.Mine(o.Ctx, an, "", 5); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		if _, _, err := o.s.See(o.Ctx, an, o.arrived("An Maes")); !errs.Is(err, errs.NotFound) {
			t.Errorf("opens what is about a child no more theirs: %v", err)
		}
		if list, _, err := o.s.Mine(o.Ctx, piotr, "", 5); err != nil || len(list) != 1 || list[0].Letter.Lang != "pl" {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// TestClocksOfTwoProcessesDiffer: what comes in by a process whose clock is behind is not seen before it was there, stands behind what
// was said before it, and nobody waited less than no time for it.
func TestClocksOfTwoProcessesDiffer(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		an := o.guest("An Maes")
		ten := o.Clock
		talk, err := o.s.Write(o.Ctx, an, "", Said{Body: "Cas is ziek."})
		o.OK(err)
		o.Clock = ten.Add(5 * time.Minute)
		_, err = o.s.Conversation(o.Ctx, o.Teacher, talk)
		o.OK(err)
		o.Clock = ten.Add(4 * time.Minute)
		_, err = o.s.Write(o.Ctx, an, talk, Said{Body: "Hij komt maandag terug."})
		o.OK(err)
		if n := o.count("select count(*) from conversations where seen_staff_at < last_at"); n != 1 {
			t.Error("what nobody has looked at counts as seen")
		}
		o.Clock = ten.Add(10 * time.Minute)
		o.OK(o.s.Reply(o.Ctx, o.Teacher, talk, StaffAnswer{Body: "Beterschap!"}))
		_, err = o.s.Thread(o.Ctx, an, talk)
		o.OK(err)
		o.Clock = ten.Add(9 * time.Minute)
		_, err = o.s.Write(o.Ctx, an, talk, Said{Body: "Dank u."})
		o.OK(err)
		o.OK(o.s.Reply(o.Ctx, o.Teacher, talk, StaffAnswer{Body: "Graag."}))
		if n := o.count("select count(*) from entries where waited < 0"); n != 0 {
			t.Errorf("%d were waited for less than no time", n)
		}
		if n := o.count("select count(*) from entries a join entries b on b.id < a.id and b.at >= a.at"); n != 0 {
			t.Errorf("%d stand before what was said earlier", n)
		}
		thread, err := o.s.Thread(o.Ctx, an, talk)
		o.OK(err)
		if e := thread.Entries[3]; e.Seen {
			t.Errorf("the school has seen %q, and has not looked", e.Original.Text)
		}
		if n := o.count("select count(*) from recipients r join messages m on m.id = r.message_id where m.scope = 'conversation' and r.opened_at > 0"); n != 2 {
			t.Errorf("%d answers were opened, want 2", n)
		}
	})
}

// TestAMachineThatCannotBeAskedNowIsAskedLater: only an entry that is no more is given up.
func TestAMachineThatCannotBeAskedNowIsAskedLater(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		cancelled, cancel := context.WithCancel(o.Ctx)
		cancel()
		var end *river.JobCancelError
		if err := o.s.workEntry(cancelled, EntryArgs{o.School.ID, 1}); err == nil || errors.As(err, &end) {
			t.Errorf("the database was not there: %v", err)
		}
		if err := o.s.workEntry(o.Ctx, EntryArgs{o.School.ID, 1}); !errors.As(err, &end) {
			t.Errorf("there is no such entry: %v", err)
		}
	})
}

// TestACallIsNotedThoughNobodyMayWrite: who asked to be called may be somebody whom the school may not write to. It is about the child
// of the conversation, not about all in the home.
func TestACallIsNotedThoughNobodyMayWrite(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		nadia := o.guest("Nadia Haddad")
		ali := nadia.Children[slices.IndexFunc(nadia.Children, func(c contact.GuestChild) bool { return c.Given == "Ali" })]
		talk, err := o.s.Write(o.Ctx, nadia, "", Said{Answer: contact.CallMe, Child: ali.PublicID})
		o.OK(err)
		o.OK(o.s.Called(o.Ctx, o.Teacher, talk, contact.Talk{Road: contact.Call}))
		o.exec("update guardian_rights set may_contact = $1 where guardian_id = $2", false, nadia.GuardianID)
		o.OK(o.s.Called(o.Ctx, o.Teacher, talk, contact.Talk{Road: contact.Call, Reached: true}))
		o.want("the inbox", o.inbox(o.Teacher, InboxFilter{}), "")
		for stage, guardian := range map[string]int64{"tried": nadia.GuardianID, "answered": 0} {
			if n := o.count("select count(*) from contacts where area = 'talk' and stage = $1 and pupil_id = $2 and coalesce(guardian_id, 0) = $3", stage, ali.ID, guardian); n != 1 {
				t.Errorf("%s: %d lines in the ledger, want 1", stage, n)
			}
		}
	})
}

// TestAnAnswerShowsOnTheOpenPageOfItsMessage: whoever looks at what became of a message sees the answer come in, and nobody asks for
// the page of another message anew.
func TestAnAnswerShowsOnTheOpenPageOfItsMessage(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	o.s.Live = live.New(o.DB, o.s.Log)
	message, other := o.send("Zwemmen"), o.send("Bos")
	o.post()
	asked, not := live.Message(o.School.ID, message), live.Message(o.School.ID, other)
	page, err := o.s.Live.Subscribe(o.Teacher.AccountID, asked, not)
	o.OK(err)
	defer page.Close()
	var letter string
	o.OK(o.DB.SQL().QueryRow("select r.public_id from recipients r join messages m on m.id = r.message_id join guardians g on g.id = r.guardian_id where m.public_id = $1 and g.name = 'An Maes'", message).Scan(&letter))
	an := o.guest("An Maes")
	_, _, err = o.s.See(o.Ctx, an, letter) // that it was opened is told too, once
	o.OK(err)
	page.Changed()
	_, err = o.s.AnswerMessage(o.Ctx, an, letter, Said{Answer: contact.Understood})
	o.OK(err)
	if got := page.Changed(); len(got) != 1 || got[0] != asked {
		t.Errorf("told: %v, want %v", got, asked)
	}
}
