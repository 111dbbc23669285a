package mail_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/jobs"
	"brug/internal/mail"

	"github.com/emersion/go-smtp"
)

// sink is a mail server that keeps what it gets, and refuses as told.
type sink struct {
	url    string
	mu     sync.Mutex
	tried  int
	got    []*netmail.Message
	to     []string
	refuse func(tried int) error
}

func newSink(t *testing.T) *sink {
	t.Helper()
	s := &sink{refuse: func(int) error { return nil }}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &visit{sink: s}, nil }))
	server.ErrorLog = discard{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); server.Serve(l) }() //nolint:errcheck // ends by Close
	t.Cleanup(func() { server.Close(); <-done })
	s.url = "smtp://" + l.Addr().String() + "?tls=none"
	return s
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

type visit struct {
	*sink
	rcpt string
}

func (v *visit) Mail(string, *smtp.MailOptions) error { return nil }
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.rcpt = to
	v.tried++
	return v.refuse(v.tried)
}
func (v *visit) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.got, v.to = append(v.got, m), append(v.to, v.rcpt)
	return nil
}
func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }

// office is a post with its jobs at work.
type office struct {
	db   *db.DB
	jobs *jobs.Runner
	log  *bytes.Buffer
}

func newOffice(t *testing.T, d *db.DB, url string) *office {
	t.Helper()
	log := &bytes.Buffer{}
	r := jobs.New(d, jobs.Config{
		Log:        slog.New(slog.NewTextHandler(log, nil)),
		RetryAfter: func(int) time.Duration { return time.Millisecond },
		Poll:       10 * time.Millisecond,
	})
	p, err := mail.New(d, r, mail.Config{URL: url, From: "Brug De Wilg <brug@school.example>"})
	if err != nil {
		t.Fatal(err)
	}
	if p.Diverts() != (url == "") {
		t.Errorf("diverts: %v", p.Diverts())
	}
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	o := &office{d, r, log}
	t.Cleanup(func() { o.close(t) })
	return o
}

func (o *office) close(t *testing.T) {
	if err := o.jobs.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

var invitation = mail.Mail{
	To:      "fatma@example.org",
	Subject: "دعوة · Uitnodiging",
	Text:    "Dag Fatma, kies een wachtwoord:\nhttps://brug.example/join/geheim\n",
	HTML:    "<p lang=ar dir=rtl>مرحبا</p>",
	Lang:    "nl",
}

func queue(t *testing.T, d *db.DB, m mail.Mail) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return mail.Queue(t.Context(), tx, m) }); err != nil {
		t.Fatal(err)
	}
}

// settled waits until the one mail no longer waits.
func settled(t *testing.T, d *db.DB) mail.Kept {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		all, err := mail.Outbox(ctx, d, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 1 && all[0].State != mail.Waiting {
			return all[0]
		}
		select {
		case <-ctx.Done():
			t.Fatalf("still in the outbox: %+v", all)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// stored is the text that the table itself holds.
func stored(t *testing.T, d *db.DB) (text string) {
	t.Helper()
	if err := d.SQL().QueryRow("select body_text || body_html from mails").Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAMailIsSentAndThenForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSink(t)
		newOffice(t, d, s.url)
		queue(t, d, invitation)
		k := settled(t, d)
		if k.State != mail.Sent || k.SentAt.IsZero() || k.Problem != "" {
			t.Errorf("kept as %+v", k)
		}
		if text := stored(t, d); text != "" {
			t.Errorf("the table still holds %q", text)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.got) != 1 || s.to[0] != invitation.To {
			t.Fatalf("the server got %d mails to %q", len(s.got), s.to)
		}
		h := s.got[0].Header
		subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
		if err != nil || subject != invitation.Subject {
			t.Errorf("subject %q %v", subject, err)
		}
		for name, want := range map[string]string{
			"From": `"Brug De Wilg" <brug@school.example>`, "To": "<fatma@example.org>",
			"Content-Language": "nl", "Auto-Submitted": "auto-generated",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if id := h.Get("Message-Id"); !strings.HasSuffix(id, "@school.example>") {
			t.Errorf("Message-ID %q", id)
		}
		if got := parts(t, s.got[0]); got["text/plain"] != invitation.Text || got["text/html"] != invitation.HTML {
			t.Errorf("parts %q", got)
		}
	})
}

func parts(t *testing.T, m *netmail.Message) map[string]string {
	t.Helper()
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		found[kind] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
}

func TestWithoutAServerAMailIsDivertedAndCanBeRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newOffice(t, d, "")
		queue(t, d, invitation)
		k := settled(t, d)
		if k.State != mail.Diverted || k.Text != invitation.Text || k.HTML != invitation.HTML || k.To != invitation.To || !k.SentAt.IsZero() {
			t.Errorf("kept as %+v", k)
		}
	})
}

func TestAMailThatWaitsShowsItsTextToNobody(t *testing.T) {
	d := dbtest.SQLite(t)
	queue(t, d, invitation)
	all, err := mail.Outbox(t.Context(), d, 10)
	if err != nil || len(all) != 1 {
		t.Fatalf("%v %v", all, err)
	}
	if all[0].State != mail.Waiting || all[0].Text != "" || all[0].HTML != "" {
		t.Errorf("the outbox shows %+v", all[0])
	}
}

func TestWhatTheServerAnswers(t *testing.T) {
	busy := &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later, fatma@example.org"}
	unknown := &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no fatma@example.org here"}
	cases := []struct {
		name    string
		refuse  func(tried int) error
		state   mail.State
		problem string
		tried   int
	}{
		{"busy twice, then it goes", func(n int) error {
			if n <= 2 {
				return busy
			}
			return nil
		}, mail.Sent, "", 3},
		{"an unknown address is not tried again", func(int) error { return unknown }, mail.Failed, "the server answered 550 5.1.1", 1},
		{"always busy is given up after ten tries", func(int) error { return busy }, mail.Failed, "the server answered 451 4.3.0", 10},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				s := newSink(t)
				s.refuse = c.refuse
				o := newOffice(t, d, s.url)
				queue(t, d, invitation)
				k := settled(t, d)
				if k.State != c.state || k.Problem != c.problem {
					t.Errorf("kept as %s, %q", k.State, k.Problem)
				}
				if text := stored(t, d); text != "" {
					t.Errorf("the table still holds %q", text)
				}
				o.close(t)
				s.mu.Lock()
				defer s.mu.Unlock()
				if s.tried != c.tried {
					t.Errorf("tried %d times, want %d", s.tried, c.tried)
				}
				var errors string
				if err := d.SQL().QueryRow("select coalesce(cast(errors as text), '') from river_job").Scan(&errors); err != nil {
					t.Fatal(err)
				}
				for where, text := range map[string]string{"log": o.log.String(), "job": errors} {
					if strings.Contains(text, "fatma") || strings.Contains(text, "geheim") {
						t.Errorf("the %s tells whom or what: %s", where, text)
					}
				}
			})
		})
	}
}

func TestWhatCannotBeSentIsRefusedAtOnce(t *testing.T) {
	cases := []struct {
		name   string
		change func(m *mail.Mail)
	}{
		{"no address", func(m *mail.Mail) { m.To = "" }},
		{"an address with a name", func(m *mail.Mail) { m.To = "Fatma <fatma@example.org>" }},
		{"an address with a second line", func(m *mail.Mail) { m.To = "fatma@example.org\r\nBcc: all@example.org" }},
		{"two addresses", func(m *mail.Mail) { m.To = "a@example.org, b@example.org" }},
		{"a subject with a second line", func(m *mail.Mail) { m.Subject = "Dag\r\nBcc: all@example.org" }},
		{"no subject", func(m *mail.Mail) { m.Subject = "" }},
		{"nothing to say", func(m *mail.Mail) { m.Text = " \n" }},
		{"no language", func(m *mail.Mail) { m.Lang = "" }},
	}
	d := dbtest.SQLite(t)
	for _, c := range cases {
		m := invitation
		c.change(&m)
		err := d.Write(t.Context(), func(tx *db.Tx) error { return mail.Queue(t.Context(), tx, m) })
		if err == nil {
			t.Errorf("%s: was queued", c.name)
		} else if strings.Contains(err.Error(), "fatma") {
			t.Errorf("%s: the error names the person: %v", c.name, err)
		}
	}
}

func TestServersThatCannotBeUsedAreNamedAtTheStart(t *testing.T) {
	d := dbtest.SQLite(t)
	for _, c := range []mail.Config{
		{URL: "mail.example.org", From: "a@example.org"},
		{URL: "http://mail.example.org", From: "a@example.org"},
		{URL: "smtp://u:geheim@mail.example.org:many", From: "a@example.org"},
		{URL: "smtp://u:geheim@mail.example.org?tls=perhaps", From: "a@example.org"},
		{URL: "smtp://u:geheim@mail.example.org"},
		{URL: "smtp://u:geheim@mail.example.org", From: "nobody"},
	} {
		_, err := mail.New(d, jobs.New(d, jobs.Config{}), c)
		if err == nil {
			t.Errorf("%+v was taken", c)
		} else if strings.Contains(err.Error(), "geheim") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}

// Mail in the clear is only for those who ask for it: a server without STARTTLS gets nothing.
func TestWithoutEncryptionNothingIsSent(t *testing.T) {
	d := dbtest.SQLite(t)
	s := newSink(t)
	newOffice(t, d, strings.TrimSuffix(s.url, "?tls=none"))
	queue(t, d, invitation)
	if k := settled(t, d); k.State != mail.Failed {
		t.Errorf("kept as %+v", k)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tried != 0 {
		t.Error("the server was told the address in the clear")
	}
}
