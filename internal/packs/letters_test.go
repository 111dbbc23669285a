package packs_test

import (
	"bytes"
	"io"
	"log/slog"
	"strings"
	"testing"

	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/lang"
	"brug/internal/live"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/packs"
	"brug/internal/school"
)

// post is the world with messages; everybody gets them on paper.
type post struct {
	world
	m *messages.Service
}

func eachPost(t *testing.T, story func(t *testing.T, w post)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := contacttest.New(t, d)
		log := slog.New(slog.DiscardHandler)
		shelf := material.New(material.Config{DB: d, Now: w.Contact.Now})
		m := messages.New(messages.Config{Divert: true, DB: d, Auth: w.Auth, School: w.Schools, Contact: w.Contact, Material: shelf, Jobs: w.Jobs, Blobs: w.Blobs, Secrets: w.Keys, Live: live.New(d, log),
			BaseURL: "https://brug.test", Data: t.TempDir(), Now: w.Contact.Now, Log: log})
		s := packs.New(packs.Config{DB: d, School: w.Schools, Material: shelf, Contact: w.Contact, Messages: m, Jobs: w.Jobs, Blobs: w.Blobs, Now: w.Contact.Now, BaseURL: "https://brug.test"})
		p := post{world{w, s}, m}
		p.exec("update guardians set roads = 'paper'")
		story(t, p)
	})
}

func (w post) exec(statement string) {
	w.T.Helper()
	w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(w.Ctx, statement)
		return err
	}))
}

// send sends a message to class 3A and plans it.
func (w post) send(title string) string {
	w.T.Helper()
	id, err := w.m.Send(w.Ctx, w.Teacher, messages.Draft{To: messages.To{Kind: school.ScopeClass, IDs: []string{w.Class["3A"]}}, Title: title, Body: "Morgen gaan we naar het bos."})
	w.OK(err)
	_, err = w.m.Plan(w.Ctx)
	w.OK(err)
	return id
}

// waiting is how many letters wait for paper.
func (w post) waiting() int {
	w.T.Helper()
	classes, err := w.packs.LettersByClass(w.Ctx, w.Teacher)
	w.OK(err)
	n := 0
	for _, c := range classes {
		n += c.Letters
	}
	return n
}

// offers are the lines of the ledger that say that letters were offered, and that stand.
func (w post) offers() (n int) {
	w.T.Helper()
	w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		return tx.SQL().QueryRowContext(w.Ctx, `select count(*) from contacts c where c.area = 'messages' and c.stage = 'offered' and c.corrects is null
			and not exists (select 1 from contacts x where x.corrects = c.id)`).Scan(&n)
	}))
	return n
}

// print starts a pack and makes it.
func (w post) print(c packs.Choice) packs.Pack {
	w.T.Helper()
	id, err := w.packs.Start(w.Ctx, w.Teacher, c)
	w.OK(err)
	w.work()
	p, err := w.packs.Get(w.Ctx, w.Teacher, id)
	w.OK(err)
	return p
}

func TestLettersThatWaitArePrintedAndHandedOut(t *testing.T) {
	eachPost(t, func(t *testing.T, w post) {
		message := w.send("Het bos")
		if n := w.waiting(); n != 4 {
			t.Fatalf("%d letters wait, want one for each home", n)
		}
		choice := packs.Choice{Scope: w.class("3A"), Options: packs.Options{Letters: true, NoCover: true}}
		p := w.print(choice)
		if p.State != packs.Finished || p.Pages != 4 || len(p.Slip) != 4 {
			t.Fatalf("state %s (%v), %d pages, %d slips; want 4 and 4", p.State, p.Problem, p.Pages, len(p.Slip))
		}
		if l := p.Slip[0].Letters; len(l) != 1 || l[0].Title != "Het bos" {
			t.Errorf("letters in the first slip: %+v", l)
		}
		r, _, err := w.packs.Open(w.Ctx, w.Teacher, p.PublicID)
		w.OK(err)
		pdf, err := io.ReadAll(r)
		w.OK(err)
		w.OK(r.Close())
		if got := strings.Count(text(t, pdf), "Morgen gaan we naar het bos."); got != 4 {
			t.Errorf("the words stand on %d papers, want 4", got)
		}
		if n := w.waiting(); n != 0 {
			t.Errorf("%d letters wait still after printing", n)
		}
		if n := w.offers(); n != 0 {
			t.Errorf("%d lines in the ledger before anything was handed out", n)
		}

		n, err := w.packs.Given(w.Ctx, w.Teacher, p.PublicID, "", "")
		w.OK(err)
		if n != 4 || w.offers() != 4 {
			t.Errorf("%d slips given, %d lines in the ledger; want 4 and 4", n, w.offers())
		}
		people, _, err := w.m.Recipients(w.Ctx, w.Teacher, message, messages.RecipientFilter{Group: messages.Brought}, "")
		w.OK(err)
		if len(people) != 4 || people[0].Road != contact.Paper {
			t.Errorf("%d people got it: %+v", len(people), people)
		}

		w.OK(w.packs.NotGiven(w.Ctx, w.Teacher, p.PublicID, p.Slip[0].PublicID))
		if n := w.offers(); n != 3 {
			t.Errorf("%d lines in the ledger after one slip was taken back, want 3", n)
		}
		_, err = w.packs.Given(w.Ctx, w.Teacher, p.PublicID, "", p.Slip[0].PublicID)
		w.OK(err)
		if n := w.offers(); n != 4 {
			t.Errorf("%d lines in the ledger after it was given again, want 4", n)
		}

		if p := w.print(choice); p.State != packs.Failed || p.Problem.ID != "No letter waits for paper here." {
			t.Errorf("nothing waits: state %s, %v", p.State, p.Problem)
		}
	})
}

func TestLettersLieBehindTheNextPrint(t *testing.T) {
	eachPost(t, func(t *testing.T, w post) {
		w.send("Het bos")
		p := w.print(packs.Choice{Material: "a-good-story", Scope: w.class("3A"), Options: packs.Options{Letters: true, NoCover: true}})
		if p.State != packs.Finished || p.Pages != 8 || len(p.Slip) != 4 {
			t.Fatalf("state %s (%v), %d pages, %d slips; want 8 and 4", p.State, p.Problem, p.Pages, len(p.Slip))
		}
		_, err := w.packs.Given(w.Ctx, w.Teacher, p.PublicID, "", "")
		w.OK(err)
		if n := w.offers(); n != 4 {
			t.Errorf("%d letters in the ledger, want 4", n)
		}
	})
}

func TestWhoLivesTogetherGetsOnePaper(t *testing.T) {
	eachPost(t, func(t *testing.T, w post) {
		home := w.Home("Desta", "")
		_, err := w.Schools.AddGuardian(w.Ctx, w.System, home.PublicID, school.GuardianInput{Name: "Tekle Haile", Lang: "ti", Reading: school.ReadsWell, Roads: []school.Road{school.Paper},
			Rights: map[string]school.Rights{home.Children[0].PublicID: school.AllRights}})
		w.OK(err)
		message := w.send("Het bos")
		if n := w.waiting(); n != 5 {
			t.Fatalf("%d letters wait, want 5", n)
		}
		var pdf bytes.Buffer
		slips, pages, err := w.packs.Write(w.Ctx, w.Teacher, packs.Choice{Scope: w.class("3A"), Options: packs.Options{Letters: true, NoCover: true}}, &pdf)
		w.OK(err)
		if slips != 4 || pages != 4 {
			t.Errorf("%d slips on %d pages, want 4 on 4", slips, pages)
		}
		if n := w.waiting(); n != 0 {
			t.Errorf("%d letters wait still", n)
		}
		people, _, err := w.m.Recipients(w.Ctx, w.Teacher, message, messages.RecipientFilter{}, "")
		w.OK(err)
		if len(people) != 5 {
			t.Errorf("%d recipients, want 5", len(people))
		}
	})
}

func TestTheBoxBesideTheCodePromisesOnlyWhatIsThere(t *testing.T) {
	eachPost(t, func(t *testing.T, w post) {
		w.exec("update guardians set lang = 'fr' where lang = 'ar'")
		w.exec("update guardians set lang = 'rif' where lang = 'pl'") // a language without any texts of ours
		print := func() string {
			var pdf bytes.Buffer
			_, _, err := w.packs.Write(w.Ctx, w.Teacher, packs.Choice{Scope: w.class("3A"), Options: packs.Options{Letters: true, NoCover: true}}, &pdf)
			w.OK(err)
			return strings.Join(strings.Fields(text(t, pdf.Bytes())), " ")
		}
		said := func(got, tag string) [2]int {
			l := lang.For(tag)
			return [2]int{strings.Count(got, l.T("See and hear this text in your language.")), strings.Count(got, l.T("You can answer in your own language."))}
		}
		id := w.send("Het bos")
		w.OK(w.m.SetText(w.Ctx, w.Teacher, id, "fr", messages.Text{Title: "La forêt", Body: "Demain, nous allons en forêt."}))
		got := print()
		for tag, want := range map[string][2]int{
			"fr": {1, 0}, // translated
			"ti": {0, 1}, // not
			"nl": {1, 1}, // as it was written for one; the other reads the frame in Dutch, having nothing in Tarifit
		} {
			if said(got, tag) != want {
				t.Errorf("%s: %v, want %v: %s", tag, said(got, tag), want, got)
			}
		}
		// Nobody knows here in which language private words are.
		_, err := w.m.Send(w.Ctx, w.Teacher, messages.Draft{To: messages.To{Kind: school.ScopeClass, IDs: []string{w.Class["3A"]}}, Title: "Een gesprek", Body: "Wij willen graag praten.", Sensitive: true})
		w.OK(err)
		_, err = w.m.Plan(w.Ctx)
		w.OK(err)
		if got = print(); said(got, "nl") != [2]int{0, 2} || said(got, "fr") != [2]int{0, 1} {
			t.Errorf("private words: %s", got)
		}
	})
}
