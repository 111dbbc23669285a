package email

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"brug/internal/messages/email/sink"
	"brug/internal/messages/letter"
	"brug/internal/messages/road"
	"brug/internal/secret"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"pgregory.net/rapid"
)

func sample(lang, title, text string) *letter.Letter {
	return &letter.Letter{Lang: lang, School: "Basisschool De Brug", From: "Els Daems, 3A", Title: letter.Piece{Text: title, Lang: lang},
		Hello: letter.Piece{Text: "Ali", Lang: lang}, Blocks: []letter.Block{{Piece: letter.Piece{Text: text, Lang: lang}}},
		Link: "https://brug.example/m/geheim/messages/x", StopLink: "https://brug.example/m/geheim/stop", Phone: "02 111 11 11"}
}

func parcel(i int) road.Parcel {
	return road.Parcel{Key: fmt.Sprintf("key%04d", i), To: fmt.Sprintf("p%d@example.org", i), Letters: []*letter.Letter{sample("nl", "Uitstap", "We gaan naar het bos.")},
		At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
}

func serve(t testing.TB, s *sink.Sink) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go s.Serve(l)
	return "smtp://" + l.Addr().String() + "?tls=none"
}

func carrier(t testing.TB, cfg Config) *Carrier {
	t.Helper()
	if cfg.From == "" {
		cfg.From = "Brug <brug@school.example>"
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// carry gives parcels to a carrier and waits for their results; nil: not begun.
func carry(t testing.TB, c *Carrier, parcels ...road.Parcel) []*road.Result {
	t.Helper()
	out := make([]*road.Result, len(parcels))
	var mu sync.Mutex
	c.Carry(t.Context(), parcels, func(i int, r road.Result) {
		mu.Lock()
		defer mu.Unlock()
		if out[i] != nil {
			t.Errorf("two results for parcel %d", i)
		}
		out[i] = &r
	})
	return out
}

func TestEveryLetterIsTakenOnce(t *testing.T) {
	for _, stepwise := range []bool{false, true} {
		s := &sink.Sink{Stepwise: stepwise}
		c := carrier(t, Config{URL: serve(t, s)})
		var all []road.Parcel
		for i := range 200 {
			all = append(all, parcel(i))
		}
		for i, r := range carry(t, c, all...) {
			if r == nil || !r.Taken {
				t.Errorf("stepwise %v: parcel %d: %+v", stepwise, i, r)
			}
		}
		taken, _ := s.Taken()
		for i := range all {
			if n := taken[all[i].To]; n != 1 {
				t.Errorf("stepwise %v: %s got %d mails", stepwise, all[i].To, n)
			}
		}
	}
}

func TestWhatTheServerAnswersDecides(t *testing.T) {
	cases := []struct {
		name         string
		refuse, take string
		want         road.Result
	}{
		{"an address that is not there fails for good", "550 5.1.1 no p1@example.org here", "", road.Result{Problem: "the server answered 550 5.1.1", Final: true, Address: true}},
		{"a server without exact codes says 550 of an address", "550 unknown", "", road.Result{Problem: "the server answered 550", Final: true, Address: true}},
		{"a policy is not the address", "550 5.7.1 we do not like you", "", road.Result{Problem: "the server answered 550 5.7.1", Final: true}},
		{"a full mailbox passes", "452 4.2.2 full", "", road.Result{Problem: "the server answered 452 4.2.2"}},
		{"greylisting passes", "450 4.7.1 come back later", "", road.Result{Problem: "the server answered 450 4.7.1"}},
		{"words that are refused are not the address", "", "554 5.7.1 this is spam", road.Result{Problem: "the server answered 554 5.7.1", Final: true}},
		{"words that are refused for now", "", "451 4.3.0 busy", road.Result{Problem: "the server answered 451 4.3.0"}},
		{"silence after the words is tried again later", "", sink.Stall, road.Result{Problem: "the server broke off"}},
		{"a server that cuts off twice before the words too", sink.Stall, "", road.Result{Problem: "the server broke off"}},
	}
	for _, c := range cases {
		for _, stepwise := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s stepwise %v", c.name, stepwise), func(t *testing.T) {
				bad := "p1@example.org"
				s := &sink.Sink{Stepwise: stepwise,
					Refuse: func(to string) string {
						if to == bad {
							return c.refuse
						}
						return ""
					},
					Take: func(to string, _ []byte) string {
						if to == bad {
							return c.take
						}
						return ""
					}}
				// One connection: the letters around the refused one go over it too.
				got := carry(t, carrier(t, Config{URL: serve(t, s), Conns: 1}), parcel(0), parcel(1), parcel(2))
				if got[1] == nil || *got[1] != c.want {
					t.Errorf("got %+v, want %+v", got[1], c.want)
				}
				for _, i := range []int{0, 2} {
					if got[i] == nil || !got[i].Taken {
						t.Errorf("letter %d beside it: %+v", i, got[i])
					}
				}
			})
		}
	}
}

func TestAServerThatClosesIdleConnectionsLosesNothing(t *testing.T) {
	s := &sink.Sink{}
	c := carrier(t, Config{URL: serve(t, s), Conns: 2})
	for round := range 3 {
		for i, r := range carry(t, c, parcel(10*round), parcel(10*round+1), parcel(10*round+2)) {
			if r == nil || !r.Taken {
				t.Errorf("round %d, letter %d: %+v", round, i, r)
			}
		}
		s.Drop()
	}
}

func TestAServerThatIsNotThereCostsNobodyALetter(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "smtp://" + l.Addr().String() + "?tls=none"
	l.Close()
	for i, r := range carry(t, carrier(t, Config{URL: url}), parcel(0), parcel(1), parcel(2)) {
		if r == nil || r.Taken || r.Final || r.Address || r.Problem == "" {
			t.Errorf("letter %d: %+v", i, r)
		}
	}
}

func TestWhatWasNotBegunWhenTimeIsUpHasNoResult(t *testing.T) {
	hold := make(chan struct{})
	var begun atomic.Int64
	s := &sink.Sink{Take: func(string, []byte) string { begun.Add(1); <-hold; return "" }}
	c := carrier(t, Config{URL: serve(t, s), Conns: 1})
	ctx, cancel := context.WithCancel(t.Context())
	var results atomic.Int64
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.Carry(ctx, []road.Parcel{parcel(0), parcel(1), parcel(2), parcel(3)}, func(int, road.Result) { results.Add(1) })
	}()
	for begun.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	close(hold)
	<-ended
	taken, _ := s.Taken()
	if n := int(results.Load()); n != len(taken) || n == 4 {
		t.Errorf("%d results, %d taken", n, len(taken))
	}
}

func TestAddressesThatWouldBreakTheProtocolAreRefused(t *testing.T) {
	s := &sink.Sink{}
	c := carrier(t, Config{URL: serve(t, s)})
	for _, to := range []string{"", "nobody", "a@", "@b", "a b@example.org", "a@example.org>\r\nRCPT TO:<b@example.org", "a@ex\nample.org", "<a@example.org>", strings.Repeat("a", 300) + "@example.org"} {
		p := parcel(1)
		p.To = to
		if r := carry(t, c, p)[0]; r == nil || !r.Final || !r.Address {
			t.Errorf("%q: %+v", to, r)
		}
	}
	p := parcel(1)
	p.To = "ülkü@example.org"
	if r := carry(t, c, p)[0]; r == nil || r.Taken || !r.Final {
		t.Errorf("an address beyond ASCII, of a server that takes none: %+v", r)
	}
	if taken, _ := s.Taken(); len(taken) > 0 {
		t.Errorf("taken: %v", taken)
	}
}

// read parses a mail with the standard library: header, and parts by type, decoded.
func read(t testing.TB, raw []byte) (netmail.Header, map[string]string) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	found := map[string]string{}
	readParts(t, m.Header.Get("Content-Type"), m.Body, found)
	return m.Header, found
}

func readParts(t testing.TB, kind string, body io.Reader, found map[string]string) {
	t.Helper()
	_, params, err := mime.ParseMediaType(kind)
	if err != nil {
		t.Fatal(err)
	}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		kind := p.Header.Get("Content-Type")
		if strings.HasPrefix(kind, "multipart/") {
			readParts(t, kind, p, found)
			continue
		}
		var from io.Reader = p
		switch p.Header.Get("Content-Transfer-Encoding") {
		case "quoted-printable":
			from = quotedprintable.NewReader(p)
		case "base64":
			from = base64.NewDecoder(base64.StdEncoding, p)
		default:
			t.Errorf("encoding %q", p.Header.Get("Content-Transfer-Encoding"))
		}
		text, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		kind, _, err = mime.ParseMediaType(kind)
		if err != nil {
			t.Fatal(err)
		}
		if name := p.FileName(); name != "" {
			kind += " " + name
		}
		found[kind] = string(text)
	}
}

func written(t testing.TB, p road.Parcel) []byte {
	t.Helper()
	w := writer{name: "Brug", from: "brug@school.example", domain: "school.example"}
	b, err := w.appendMail(nil, p, &attached{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestALetterBecomesAMail(t *testing.T) {
	pdf := []byte("%PDF-1.7 " + strings.Repeat("x", 500))
	p := parcel(1)
	p.Letters = []*letter.Letter{sample("ar", "رحلة إلى الغابة", "نذهب إلى الغابة. خذوا حذاءً متيناً.")}
	p.Letters[0].Files = []letter.File{{PublicID: "f1", Name: "Brief é.pdf", Type: "application/pdf", Bytes: int64(len(pdf)), Open: func() ([]byte, error) { return pdf, nil }}}
	p.ReplyTo, p.Unsubscribe = "reply+key0001.aa@brug.example", "https://brug.example/m/geheim/unsubscribe"
	h, parts := read(t, written(t, p))
	for name, want := range map[string]string{
		"To": "<p1@example.org>", "Reply-To": "<reply+key0001.aa@brug.example>", "Content-Language": "ar", "Auto-Submitted": "auto-generated",
		"List-Unsubscribe": "<https://brug.example/m/geheim/unsubscribe>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Message-ID": "<key0001.letter@school.example>", "Mime-Version": "1.0",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	from, err := netmail.ParseAddress(h.Get("From"))
	if err != nil || from.Name != "Els Daems, 3A · Basisschool De Brug" || from.Address != "brug@school.example" {
		t.Errorf("from %+v, %v", from, err)
	}
	subject, text, html := letter.Mail(p.Letters)
	if got, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject")); err != nil || got != subject {
		t.Errorf("subject %q, %v", got, err)
	}
	if at, err := h.Date(); err != nil || !at.Equal(p.At) {
		t.Errorf("date %v, %v", at, err)
	}
	same := func(kind, want string) {
		t.Helper()
		if got := strings.TrimRight(strings.ReplaceAll(parts[kind], "\r\n", "\n"), "\n"); got != strings.TrimRight(want, "\n") {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
	same("text/plain", text)
	same("text/html", html)
	same("application/pdf Brief é.pdf", string(pdf))
	if len(parts) != 3 {
		t.Errorf("%d parts", len(parts))
	}
	for _, trap := range []string{"<img", "<link", "<script", "url(", "@import", "<iframe"} {
		if strings.Contains(parts["text/html"], trap) {
			t.Errorf("the mail has %s in it", trap)
		}
	}
	if key, ok := KeyOf(h.Get("Message-Id")); !ok || key != p.Key {
		t.Errorf("the key of it is %q", key)
	}
}

func TestTheSameLetterIsTheSameMail(t *testing.T) {
	if a, b := written(t, parcel(7)), written(t, parcel(7)); !bytes.Equal(a, b) {
		t.Error("another try would send another mail")
	}
}

// Whatever stands in a letter, the mail keeps to the rules of mail, and its words come out as they went in.
func TestNothingInALetterBreaksAMail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.OneOf(rapid.StringMatching(`[ -~\n\t.]{0,400}`), rapid.StringOf(rapid.RuneFrom([]rune("abc .\n=é界ت😀\r\t\"\\<>?_"))), rapid.String())
		p := parcel(1)
		l := sample("nl", words.Draw(t, "title"), words.Draw(t, "text"))
		l.School, l.From = words.Draw(t, "school"), words.Draw(t, "from")
		l.Files = []letter.File{{PublicID: "f", Name: words.Draw(t, "file"), Type: "application/pdf", Open: func() ([]byte, error) { return []byte("x"), nil }}}
		p.Letters = []*letter.Letter{l}
		w := writer{name: "Brug", from: "brug@school.example", domain: "school.example"}
		raw, err := w.appendMail(nil, p, &attached{})
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range bytes.SplitAfter(raw, []byte("\r\n")) {
			text := bytes.TrimSuffix(line, []byte("\r\n"))
			if len(line) > 0 && len(text) == len(line) || bytes.ContainsAny(text, "\r\n") || len(text) > 998 || len(text) > 0 && text[0] == '.' {
				t.Fatalf("line %d: %q", i, line)
			}
			for _, b := range text {
				if b >= 0x80 || b < ' ' && b != '\t' {
					t.Fatalf("line %d has byte %x: %q", i, b, line)
				}
			}
		}
		m, err := netmail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Header) != 10 {
			t.Fatalf("%d headers: %v", len(m.Header), m.Header)
		}
	})
}

func TestTextsComeOutAsTheyWentIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching(`[ -~\n\t.=]{0,300}`), rapid.StringOf(rapid.RuneFrom([]rune("ab .\n=é界ت😀\t")))).Draw(t, "text")
		want := strings.TrimRight(text, "\n")
		quoted, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(appendQuoted(nil, text))))
		if got := strings.TrimRight(strings.ReplaceAll(string(quoted), "\r\n", "\n"), "\n"); err != nil || got != want {
			t.Fatalf("quoted: %q, want %q: %v", got, want, err)
		}
		coded, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(appendText(nil, text, "base64"))))
		if got := strings.ReplaceAll(string(coded), "\r\n", "\n"); err != nil || got != text {
			t.Fatalf("base64: %q, want %q: %v", got, text, err)
		}
		subject := oneLine(text)
		header := string(appendWords(nil, subject, len("Subject: ")))
		decoded, err := new(mime.WordDecoder).DecodeHeader(strings.ReplaceAll(header, "\r\n", ""))
		if err != nil || strings.Join(strings.Fields(decoded), " ") != strings.Join(strings.Fields(subject), " ") {
			t.Fatalf("header: %q, want %q: %v", decoded, subject, err)
		}
	})
}

func TestReplyAddresses(t *testing.T) {
	keys, err := secret.Open(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	address := ReplyAddress(keys, "3467cdfghjkmnpqr", "brug.example")
	if local, _, _ := strings.Cut(address, "@"); len(local) > 64 {
		t.Errorf("%s is longer than an address may be", address)
	}
	for _, c := range []struct {
		name, address string
		ok            bool
	}{
		{"as it was made", address, true},
		{"in capitals, as some programs write it", strings.ToUpper(address), true},
		{"of another domain", strings.Replace(address, "brug.example", "other.example", 1), false},
		{"with another letter's id", strings.Replace(address, "3467", "3468", 1), false},
		{"without its sign", "reply+3467cdfghjkmnpqr@brug.example", false},
		{"an ordinary one", "els@brug.example", false},
		{"nothing", "", false},
	} {
		id, ok := ParseReplyAddress(keys, c.address, "brug.example")
		if ok != c.ok || ok && id != "3467cdfghjkmnpqr" {
			t.Errorf("%s: %q %v", c.name, id, ok)
		}
	}
}

// backend is a mail server that wants a password.
type backend struct{ got chan string }

type session struct {
	b  *backend
	in bool
}

func (b *backend) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{b: b}, nil }
func (*session) Reset()                                        {}
func (*session) Logout() error                                 { return nil }
func (*session) AuthMechanisms() []string                      { return []string{sasl.Plain} }
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if s.in = user == "brug" && password == "geheim"; !s.in {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}
func (s *session) Mail(string, *smtp.MailOptions) error {
	if !s.in {
		return smtp.ErrAuthRequired
	}
	return nil
}
func (*session) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.b.got <- string(b)
	return err
}

func TestPasswordsAndLettersGoEncrypted(t *testing.T) {
	https := httptest.NewTLSServer(nil) // for its certificate, which is for 127.0.0.1
	defer https.Close()
	pool := x509.NewCertPool()
	pool.AddCert(https.Certificate())
	trust := &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
	certificate := &tls.Config{Certificates: https.TLS.Certificates}
	cases := []struct {
		name, url string
		implicit  bool // TLS from the first byte
		bare      bool // the server knows no TLS
		trust     *tls.Config
		taken     bool
		problem   string
	}{
		{"STARTTLS and a password", "smtp://brug:geheim@ADDR", false, false, trust, true, ""},
		{"TLS from the first byte", "smtps://brug:geheim@ADDR", true, false, trust, true, ""},
		{"a wrong password", "smtp://brug:verkeerd@ADDR", false, false, trust, false, "the server does not let us in: 535 5.7.8"},
		{"a server without TLS gets nothing", "smtp://brug:geheim@ADDR", false, true, trust, false, "the server offers no encryption"},
		{"a server that nobody vouches for gets nothing", "smtp://brug:geheim@ADDR", false, false, nil, false, "nobody vouches for the server's certificate"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := &backend{got: make(chan string, 1)}
			srv := smtp.NewServer(b)
			srv.ErrorLog = log.New(io.Discard, "", 0)
			if !c.bare {
				srv.TLSConfig = certificate
			}
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			addr := l.Addr().String()
			if c.implicit {
				l = tls.NewListener(l, certificate)
			}
			go srv.Serve(l) //nolint:errcheck // ends with the test
			t.Cleanup(func() { srv.Close() })
			r := carry(t, carrier(t, Config{URL: strings.Replace(c.url, "ADDR", addr, 1), TLS: c.trust}), parcel(1))[0]
			if r == nil || r.Taken != c.taken || r.Problem != c.problem || r.Final {
				t.Fatalf("%+v", r)
			}
			if c.taken {
				if _, parts := read(t, []byte(<-b.got)); !strings.Contains(parts["text/plain"], "naar het bos") {
					t.Errorf("came out as %q", parts)
				}
			}
		})
	}
}

func TestServersThatCannotBeUsedAreNamedAtTheStart(t *testing.T) {
	for _, c := range []Config{
		{URL: "mail.example.org", From: "a@example.org"},
		{URL: "http://mail.example.org", From: "a@example.org"},
		{URL: "smtp://u:geheim@mail.example.org:many", From: "a@example.org"},
		{URL: "smtp://u:geheim@mail.example.org?tls=perhaps", From: "a@example.org"},
		{URL: "smtp://u:geheim@mail.example.org"},
		{URL: "smtp://u:geheim@mail.example.org", From: "nobody"},
		{URL: "smtp://u:geheim@mail.example.org", From: "é@example.org"},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v was taken", c)
		} else if strings.Contains(err.Error(), "geheim") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}
