package inbound

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/jobs"
	"brug/internal/live"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/messages/reply"
	"brug/internal/messages/road"
	"brug/internal/school"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
)

const domain = "in.brug.test"

// van keeps what it got, as if everything had been sent.
type van struct {
	mu  sync.Mutex
	got []road.Parcel
}

func (v *van) Carry(_ context.Context, parcels []road.Parcel, done func(int, road.Result)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i, p := range parcels {
		v.got = append(v.got, p)
		done(i, road.Result{Taken: true})
	}
}

// story is a school that has sent one letter to Nadia, by mail, and where her answer may come in.
type story struct {
	*contacttest.World
	mail   *van
	sms    *van
	letter road.Parcel // Nadia's
	log    *bytes.Buffer
	parts  Parts
}

func newStory(t *testing.T, d *db.DB) *story {
	t.Helper()
	w := contacttest.New(t, d)
	s := &story{World: w, mail: &van{}, sms: &van{}, log: &bytes.Buffer{}}
	now := func() time.Time { return w.Clock }
	log := slog.New(slog.NewTextHandler(s.log, nil))
	m := messages.New(messages.Config{DB: d, Auth: w.Auth, School: w.Schools, Contact: w.Contact, Material: material.New(material.Config{DB: d, Blobs: w.Blobs, Now: now}),
		Jobs: jobs.New(d, jobs.Config{}), Blobs: w.Blobs, Secrets: w.Keys, Live: live.New(d, log), Carriers: map[contact.Road]road.Carrier{contact.Mail: s.mail, contact.SMS: s.sms},
		BaseURL: "https://brug.test", ReplyTo: domain, Data: t.TempDir(), Now: now, Log: log})
	s.parts = Parts{Messages: m, Secrets: w.Keys, DB: d, Now: now, Log: log}
	w.OK(d.Write(w.Ctx, func(tx *db.Tx) error {
		for _, statement := range []string{"update guardians set roads = 'paper'", "update guardians set roads = 'mail,sms,paper', email = 'nadia@example.org' where name = 'Nadia Haddad'"} {
			if _, err := tx.SQL().ExecContext(w.Ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}))
	_, err := m.Send(w.Ctx, w.Teacher, messages.Draft{To: messages.To{Kind: school.ScopeClass, IDs: []string{w.Class["3A"]}}, Lang: "nl", Title: "Zwemmen", Body: "Morgen gaan we zwemmen."})
	w.OK(err)
	s.post()
	if len(s.mail.got) != 1 || s.mail.got[0].To != "nadia@example.org" || !strings.HasSuffix(s.mail.got[0].ReplyTo, "@"+domain) {
		t.Fatalf("sent %+v", s.mail.got)
	}
	s.letter = s.mail.got[0]
	return s
}

func (s *story) post() {
	s.T.Helper()
	_, err := s.parts.Messages.Plan(s.Ctx)
	s.OK(err)
	_, err = s.parts.Messages.Carry(s.Ctx)
	s.OK(err)
}

func (s *story) open(c Config) *Inbound {
	s.T.Helper()
	c.Domain = domain
	in, err := New(c, s.parts)
	s.OK(err)
	return in
}

// list reads one column.
func (s *story) list(query string) []string {
	s.T.Helper()
	rows, err := s.DB.SQL().QueryContext(s.Ctx, query)
	s.OK(err)
	defer rows.Close()
	out := []string{}
	for rows.Next() {
		var v string
		s.OK(rows.Scan(&v))
		out = append(out, v)
	}
	s.OK(rows.Err())
	return out
}

func (s *story) said() []string {
	return s.list("select road || ' ' || direction || ' ' || body from entries order by id")
}

func (s *story) counted() []string {
	return s.list("select outcome from inbound order by id")
}

func (s *story) wants(what string, got, want []string) {
	s.T.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		s.T.Errorf("%s: %s", what, diff)
	}
}

// answer is a mail of Nadia's to an address, quoting what she answers.
func answer(number, to, words string) []byte {
	return []byte(strings.ReplaceAll("From: Nadia <nadia@example.org>\nTo: De Brug <"+to+">\nSubject: Re: Zwemmen\nMessage-ID: <"+number+"@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"+
		words+"\n\nOp ma 23 nov 2026 om 09:04 schreef De Brug <"+to+">:\n> Morgen gaan we zwemmen.\n", "\n", "\r\n"))
}

// report is a server's report of the letter with this key, to its reply address.
func report(number, to, key, action, status string) []byte {
	return []byte(strings.ReplaceAll("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: "+to+"\nAuto-Submitted: auto-replied\nMessage-ID: <"+number+"@mx.example>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\n\n"+
		"--r\nContent-Type: text/plain\n\nSorry.\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; nadia@example.org\nAction: "+action+"\nStatus: "+status+"\n\n"+
		"--r\nContent-Type: text/rfc822-headers\n\nMessage-ID: <"+key+".letter@brug.test>\n--r--\n", "\n", "\r\n"))
}

func each(t *testing.T, run func(t *testing.T, s *story)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { run(t, newStory(t, d)) })
}

func TestAnAnswerByMailStandsInTheConversationOnce(t *testing.T) {
	each(t, func(t *testing.T, s *story) {
		in := s.open(Config{Listen: "lmtp://127.0.0.1:0"})
		to := s.letter.ReplyTo
		wrong := strings.Replace(to, "@", "0@", 1)
		cases := []struct {
			name string
			to   []string
			raw  []byte
			want Outcome
		}{
			{"an answer", []string{to}, answer("1", to, "Mag Ali zijn bril meenemen?"), Answer},
			{"the same mail again", []string{to}, answer("1", to, "Mag Ali zijn bril meenemen?"), Again},
			{"the same mail again, out of a box", nil, answer("1", to, "Mag Ali zijn bril meenemen?"), Again},
			{"another one, with its address in capitals", []string{strings.ToUpper(to)}, answer("2", to, "En een muts?"), Answer},
			{"a wrong address", []string{wrong}, answer("3", wrong, "Ik raad maar wat"), Unknown},
			{"no letter answered, by a guardian", []string{"info@" + domain}, answer("4", "info@"+domain, "Ali is ziek"), Answer},
			{"the same again", []string{"info@" + domain}, answer("4", "info@"+domain, "Ali is ziek"), Again},
			{"no letter answered, by nobody whom we know", []string{"info@" + domain}, bytes.Replace(answer("10", "info@"+domain, "Ik raad maar wat"), []byte("nadia@"), []byte("x@"), 1), Unknown},
			{"an address elsewhere", []string{"x@example.org"}, answer("5", "x@example.org", "Hallo"), NotOurs},
			{"out of office", []string{to}, bytes.Replace(answer("6", to, "Ik ben er niet"), []byte("Subject:"), []byte("Auto-Submitted: auto-replied\r\nSubject:"), 1), Auto},
			{"our own letter, come round", []string{to}, bytes.Replace(answer("7", to, "Zwemmen"), []byte("Nadia <nadia@example.org>"), []byte(to), 1), Auto},
			{"no mail", []string{to}, []byte("\x00\x01"), Bad},
			{"without a number of its own", []string{to}, bytes.Replace(answer("8", to, "Tot morgen"), []byte("Message-ID: <8@example.org>\r\n"), nil, 1), Answer},
			{"the same again", []string{to}, bytes.Replace(answer("8", to, "Tot morgen"), []byte("Message-ID: <8@example.org>\r\n"), nil, 1), Again},
			{"nothing but the quotation", []string{to}, answer("9", to, ""), Answer},
		}
		for _, c := range cases {
			got, err := in.Take(s.Ctx, c.to, c.raw)
			if err != nil || got != c.want {
				t.Errorf("%s: %s, %v; want %s", c.name, got, err, c.want)
			}
		}
		s.wants("said", s.said(), []string{"mail in Mag Ali zijn bril meenemen?", "mail in En een muts?", "mail in Ali is ziek", "mail in Tot morgen"})
		s.wants("counted", s.counted(), []string{"answer", "answer", "unknown", "answer", "unknown", "auto", "auto", "bad", "answer", "empty"})
		if all := strings.Join(s.list("select key || road || outcome from inbound"), " ") + s.log.String(); strings.Contains(all, "nadia") || strings.Contains(all, "raad") {
			t.Errorf("something is kept of a mail that is for nobody: %s", all)
		}
	})
}

// TestADoctorsNoteComesByMail: a PDF is kept; of what is not taken, the name stands in the conversation and nowhere else.
func TestADoctorsNoteComesByMail(t *testing.T) {
	each(t, func(t *testing.T, s *story) {
		in := s.open(Config{Listen: "lmtp://127.0.0.1:0"})
		to := s.letter.ReplyTo
		along := func(name, kind, words string) string {
			return "--b\nContent-Type: " + kind + "; name=" + name + "\nContent-Disposition: attachment; filename=" + name + "\n\n" + words + "\n"
		}
		raw := strings.ReplaceAll("From: Nadia <nadia@example.org>\nTo: De Brug <"+to+">\nSubject: Re: Zwemmen\nMessage-ID: <1@example.org>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"+
			"--b\nContent-Type: text/plain\n\nZie de bijlage.\n"+along("attest.pdf", "application/pdf", "%PDF-1.7\n1 0 obj\n%%EOF")+along("brief.rtf", "application/rtf", "{\\rtf1 dag}")+"--b--\n", "\n", "\r\n")
		if got, err := in.Take(s.Ctx, []string{to}, []byte(raw)); err != nil || got != Answer {
			t.Fatalf("%s, %v", got, err)
		}
		s.wants("said", s.said(), []string{"mail in Zie de bijlage.", "mail in ", `mail in [{"name":"brief.rtf","why":"type"}]`})
		s.wants("kept", s.list("select name || ' ' || type from files order by id"), []string{"attest.pdf application/pdf"})
		if strings.Contains(s.log.String(), "brief") {
			t.Error("the log has the name of a file")
		}
	})
}

// TestADocumentAsLargeAsOneMayBeComesWhole: package reply reads no less of a file than package messages takes, and enough to see that one is too large.
func TestADocumentAsLargeAsOneMayBeComesWhole(t *testing.T) {
	for _, size := range []int{messages.MaxFileBytes, messages.MaxFileBytes + 1} {
		m, err := reply.Parse([]byte("Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
			base64.StdEncoding.EncodeToString(make([]byte, size)) + "\r\n"))
		if err != nil || len(m.Files) != 1 || len(m.Files[0].Data) != size {
			t.Errorf("of %d bytes: %d files, %v", size, len(m.Files), err)
		}
	}
}

func TestAnAnswerForSomebodyWhoIsBarredSinceIsNotKept(t *testing.T) {
	each(t, func(t *testing.T, s *story) {
		in := s.open(Config{Listen: "lmtp://127.0.0.1:0"})
		s.OK(s.DB.Write(s.Ctx, func(tx *db.Tx) error {
			_, err := tx.SQL().ExecContext(s.Ctx, "update guardians set ended_at = 1 where name = 'Nadia Haddad'")
			return err
		}))
		got, err := in.Take(s.Ctx, nil, answer("1", s.letter.ReplyTo, "Dag"))
		if err != nil || got != Unknown {
			t.Errorf("%s %v", got, err)
		}
		s.wants("said", s.said(), []string{})
	})
}

func (s *story) state() string {
	return strings.Join(s.list("select state || ' ' || road || ' ' || problem from recipients where public_id = '"+s.letter.Key+"'"), "")
}

func TestWhatServersReportChangesTheTruth(t *testing.T) {
	each(t, func(t *testing.T, s *story) {
		in := s.open(Config{Listen: "lmtp://127.0.0.1:0"})
		to, key := s.letter.ReplyTo, s.letter.Key
		take := func(raw []byte, want Outcome) {
			t.Helper()
			if got, err := in.Take(s.Ctx, nil, raw); err != nil || got != want {
				t.Errorf("%s %v, want %s", got, err, want)
			}
		}
		take(report("1", to, key, "delayed", "4.4.1"), Told)
		if s.state() != "sent mail " {
			t.Errorf("%q after a delay", s.state())
		}
		take(report("2", to, key, "delivered", "2.0.0"), Brought)
		if s.state() != "delivered mail " {
			t.Errorf("%q after it was delivered", s.state())
		}
		take(report("3", "info@"+domain, "3467cdfghjkmnpqr", "failed", "5.1.1"), Unknown)
		take(report("4", to, key, "failed", "5.1.1"), Returned)
		take(report("4", to, key, "failed", "5.1.1"), Again)
		if !strings.Contains(s.state(), "5.1.1") || strings.HasPrefix(s.state(), "delivered") {
			t.Errorf("%q after it came back", s.state())
		}
		if failed := s.list("select failed from guardians where name = 'Nadia Haddad'"); !strings.Contains(failed[0], "mail") {
			t.Errorf("the road is not marked: %v", failed)
		}
		s.post()
		if len(s.sms.got) != 1 || s.sms.got[0].To != "+32499000001" {
			t.Errorf("the next road got %+v", s.sms.got)
		}
		take(report("5", to, key, "failed", "5.1.1"), Returned)
		if s.state() != "sent sms " {
			t.Errorf("%q: a late report takes the SMS back", s.state())
		}
		s.wants("counted", s.counted(), []string{"told", "brought", "unknown", "returned", "returned"})
		s.wants("said", s.said(), []string{})
	})
}

// deliver hands a mail over as a mail server does, and gives what the listener says of each address.
func deliver(t *testing.T, dial func() (net.Conn, error), lmtp bool, raw []byte, to ...string) []string {
	t.Helper()
	conn, err := dial()
	if err != nil {
		t.Fatal(err)
	}
	c := smtp.NewClient(conn)
	if lmtp {
		c = smtp.NewClientLMTP(conn)
	}
	defer c.Close() //nolint:errcheck // a test's caller
	if err := c.Mail("nadia@example.org", nil); err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, each := range to {
		if err := c.Rcpt(each, nil); err != nil {
			said = append(said, code(err))
		}
	}
	if len(said) == len(to) {
		return said
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	err = w.Close()
	each := smtp.LMTPDataError{}
	if lmtp && errors.As(err, &each) {
		for _, e := range each {
			said = append(said, code(e))
		}
		err = nil
	}
	if err != nil {
		return append(said, code(err))
	}
	for len(said) < len(to) {
		said = append(said, "250")
	}
	return said
}

func code(err error) string {
	if e, is := err.(*smtp.SMTPError); is {
		return fmt.Sprint(e.Code)
	}
	return err.Error()
}

func TestAMailServerHandsMailsOver(t *testing.T) {
	for _, way := range []string{"lmtp://127.0.0.1:0", "smtp://127.0.0.1:0", "socket"} {
		t.Run(way, func(t *testing.T) {
			s := newStory(t, dbtest.SQLite(t))
			listen := way
			if way == "socket" {
				listen = "lmtp://" + filepath.Join(t.TempDir(), "lmtp.sock")
			}
			lmtp := !strings.HasPrefix(way, "smtp")
			in := s.open(Config{Listen: listen})
			s.OK(in.Start(s.Ctx))
			addr := in.server.listener.Addr()
			dial := func() (net.Conn, error) { return net.Dial(addr.Network(), addr.String()) }
			to := s.letter.ReplyTo
			got := deliver(t, dial, lmtp, answer("1", to, "Dank u"), "x@elsewhere.example", to)
			s.wants("first", got, []string{"550", "250"})
			s.wants("nobody there", deliver(t, dial, lmtp, answer("2", to, "Wie?"), "reply+nobody.12@"+domain), []string{"250"})
			s.wants("again", deliver(t, dial, lmtp, answer("1", to, "Dank u"), to), []string{"250"})
			s.wants("elsewhere", deliver(t, dial, lmtp, answer("3", to, "Door"), "x@elsewhere.example"), []string{"550"})
			s.wants("too large", deliver(t, dial, lmtp, bytes.Repeat([]byte("0123456789abcdef0123456789abcdef\r\n"), maxMail/34+1), to), []string{"552"})
			if lmtp {
				s.wants("two addresses", deliver(t, dial, lmtp, answer("4", to, "Tot dan"), to, "info@"+domain), []string{"250", "250"})
			}
			idle, err := dial() // who says nothing keeps nobody from stopping
			s.OK(err)
			defer idle.Close()
			s.OK(in.Stop())
			want := []string{"mail in Dank u", "mail in Tot dan"}
			if !lmtp {
				want = want[:1]
			}
			s.wants("said", s.said(), want)
			if _, err := dial(); err == nil {
				t.Error("it still listens")
			}
		})
	}
}

// A database that does not answer is no reason to lose a mail.
func TestAMailThatCannotBeTakenIsToComeAgain(t *testing.T) {
	s := newStory(t, dbtest.SQLite(t))
	in := s.open(Config{Listen: "lmtp://127.0.0.1:0"})
	s.OK(in.Start(s.Ctx))
	defer in.Stop() //nolint:errcheck // the end of the test
	addr := in.server.listener.Addr()
	dial := func() (net.Conn, error) { return net.Dial(addr.Network(), addr.String()) }
	broken := s.parts
	broken.DB = dbtest.SQLite(t)
	s.OK(broken.DB.Close())
	in.Parts = broken
	s.wants("broken", deliver(t, dial, true, answer("1", s.letter.ReplyTo, "Dank u"), s.letter.ReplyTo), []string{"451"})
	in.Parts = s.parts
	s.wants("mended", deliver(t, dial, true, answer("1", s.letter.ReplyTo, "Dank u"), s.letter.ReplyTo), []string{"250"})
	s.wants("said", s.said(), []string{"mail in Dank u"})
}

// A mail of 30 MB is in memory until it stands in the database, not only while it arrives.
func TestAMailHasItsPlaceUntilItIsTaken(t *testing.T) {
	s := newStory(t, dbtest.SQLite(t))
	room := &roomSeen{Handler: slog.DiscardHandler}
	s.parts.Log = slog.New(room)
	in := s.open(Config{Listen: "lmtp://127.0.0.1:0"})
	room.of = in.server
	to := s.letter.ReplyTo
	c := &session{s: in.server, to: []string{to}}
	s.OK(c.Data(bytes.NewReader(answer("1", to, "Dank u"))))
	s.OK(c.LMTPData(bytes.NewReader(answer("2", to, "Tot dan")), quiet{}))
	s.wants("said", s.said(), []string{"mail in Dank u", "mail in Tot dan"})
	if diff := cmp.Diff([]int{1, 1}, room.seen); diff != "" || len(in.server.room) != 0 {
		t.Errorf("places while each was taken: %s; %d at the end", diff, len(in.server.room))
	}
}

// roomSeen counts at each line of the log, which is written when a mail was taken, how many places are in use.
type roomSeen struct {
	slog.Handler
	of   *server
	seen []int
}

func (r *roomSeen) Enabled(context.Context, slog.Level) bool { return true }

func (r *roomSeen) Handle(context.Context, slog.Record) error {
	r.seen = append(r.seen, len(r.of.room))
	return nil
}

type quiet struct{}

func (quiet) SetStatus(string, error) {}

// newBoxServer is an IMAP server with one box in it.
func newBoxServer(t *testing.T) (*imapmemserver.User, string) {
	t.Helper()
	user := imapmemserver.NewUser("brug", "geheim")
	for _, name := range []string{"INBOX", "Gedaan"} {
		if err := user.Create(name, nil); err != nil {
			t.Fatal(err)
		}
	}
	mem := imapmemserver.New()
	mem.AddUser(user)
	srv := imapserver.New(&imapserver.Options{InsecureAuth: true, Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		}})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		srv.Serve(l) //nolint:errcheck // it ends with Close
	}()
	t.Cleanup(func() {
		srv.Close()
		<-ended
	})
	return user, l.Addr().String()
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return int64(l.Len()) }

func TestABoxIsLookedInto(t *testing.T) {
	cases := []struct {
		after               string
		inbox, unseen, done int // mails after the look
	}{
		{"", 4, 1, 0},
		{"?after=delete", 1, 1, 0},
		{"?after=Gedaan", 1, 1, 3},
	}
	for _, c := range cases {
		t.Run(c.after, func(t *testing.T) {
			s := newStory(t, dbtest.SQLite(t))
			user, addr := newBoxServer(t)
			put := func(raw []byte) {
				_, err := user.Append("INBOX", literal{bytes.NewReader(raw)}, &imap.AppendOptions{})
				s.OK(err)
			}
			sep := "?"
			if c.after != "" {
				sep = "&"
			}
			in := s.open(Config{IMAP: "imap://brug:geheim@" + addr + "/INBOX" + c.after + sep + "tls=none"})
			to := s.letter.ReplyTo
			put(answer("1", to, "Dank u"))
			put(answer("2", "director@school.example", "Een gewone mail"))
			put(answer("3", "reply+nobody.12@"+domain, "Wie?"))
			put(report("4", to, s.letter.Key, "failed", "5.2.2"))
			for range 2 { // the second look finds nothing new
				s.OK(in.Look(s.Ctx))
			}
			s.wants("said", s.said(), []string{"mail in Dank u"})
			s.wants("counted", s.counted(), []string{"answer", "unknown", "returned"})
			count := func(box string) (all, unseen int) {
				d, err := user.Status(box, &imap.StatusOptions{NumMessages: true, NumUnseen: true})
				s.OK(err)
				return int(*d.NumMessages), int(*d.NumUnseen)
			}
			all, unseen := count("INBOX")
			done, _ := count("Gedaan")
			if all != c.inbox || unseen != c.unseen || done != c.done {
				t.Errorf("in the box %d, unseen %d, put away %d", all, unseen, done)
			}
		})
	}
}

func TestABoxIsWatchedUntilTheEnd(t *testing.T) {
	s := newStory(t, dbtest.SQLite(t))
	user, addr := newBoxServer(t)
	in := s.open(Config{IMAP: "imap://brug:geheim@" + addr + "?tls=none", Every: time.Millisecond})
	s.OK(in.Start(s.Ctx))
	_, err := user.Append("INBOX", literal{bytes.NewReader(answer("1", s.letter.ReplyTo, "Dank u"))}, &imap.AppendOptions{})
	s.OK(err)
	ctx, cancel := context.WithTimeout(s.Ctx, time.Minute)
	defer cancel()
	for len(s.said()) == 0 {
		select {
		case <-ctx.Done():
			t.Fatal("nobody looked")
		case <-time.After(5 * time.Millisecond):
		}
	}
	s.OK(in.Stop())
	s.wants("said", s.said(), []string{"mail in Dank u"})
}

func TestABoxThatDoesNotLetUsInIsNamedWithoutThePassword(t *testing.T) {
	s := newStory(t, dbtest.SQLite(t))
	_, addr := newBoxServer(t)
	for at, want := range map[string]string{
		"imap://brug:geheim1@" + addr + "?tls=none":           "does not let us in",
		"imap://brug:geheim@" + addr + "/Niets?tls=none":      "no folder",
		"imap://brug:geheim@127.0.0.1:1/INBOX?tls=none":       "cannot be reached",
		"imaps://brug:geheim@" + addr + "/INBOX?after=delete": "cannot be reached", // it speaks no TLS
	} {
		err := s.open(Config{IMAP: at}).Look(s.Ctx)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "brug:") {
			t.Errorf("%s: %v", at, err)
		}
	}
}

func TestSettingsThatCannotBeUsedAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		Config
		flag string
	}{
		"no domain":                       {Config{Listen: "lmtp://127.0.0.1:8024"}, "--reply-domain"},
		"a domain that is none":           {Config{Domain: "brug", Listen: "lmtp://127.0.0.1:8024"}, "--reply-domain"},
		"nowhere to come in":              {Config{Domain: domain}, "--reply-domain"},
		"no port":                         {Config{Domain: domain, Listen: "lmtp://127.0.0.1"}, "--inbound-listen"},
		"another protocol":                {Config{Domain: domain, Listen: "pop3://127.0.0.1:110"}, "--inbound-listen"},
		"a certificate that is not there": {Config{Domain: domain, Listen: "smtp://127.0.0.1:2525", Cert: "/nowhere/cert.pem", Key: "/nowhere/geheim.pem"}, "--inbound-cert"},
		"a certificate without its key":   {Config{Domain: domain, Listen: "smtp://127.0.0.1:2525", Cert: "/nowhere/cert.pem"}, "--inbound-cert"},
		"a certificate and no listener":   {Config{Domain: domain, IMAP: "imaps://u:p@mail.example.org", Cert: "c", Key: "k"}, "--inbound-cert"},
		"a box without a user":            {Config{Domain: domain, IMAP: "imaps://mail.example.org/INBOX"}, "--imap"},
		"a box in the clear":              {Config{Domain: domain, IMAP: "imaps://u:geheim@mail.example.org?tls=none"}, "--imap"},
		"a box that is no address":        {Config{Domain: domain, IMAP: "imaps://u:geheim@mail.example.org:many"}, "--imap"},
	} {
		if _, err := New(c.Config, Parts{Log: slog.New(slog.DiscardHandler)}); err == nil || strings.Contains(err.Error(), "u:geheim") || !strings.HasPrefix(err.Error(), c.flag) {
			t.Errorf("%s: %v, which is to name %s", name, err, c.flag)
		}
	}
	if in, err := New(Config{}, Parts{}); in != nil || err != nil {
		t.Error("nothing configured is something", err)
	}
	var none *Inbound
	if err := none.Start(t.Context()); err != nil || none.Stop() != nil || none.Look(t.Context()) != nil {
		t.Error("nothing cannot be started and stopped", err)
	}
}
