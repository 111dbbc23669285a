package inbound

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/netutil"
)

// Limits of the listener. A mail with three photos of a telephone has 15 MB, a third more on its way.
const (
	maxMail    = 30 << 20 // bytes
	maxCallers = 50
	atOnce     = 12 // mails in memory
	roomTime   = 30 * time.Second
)

// server listens for mails.
type server struct {
	in            *Inbound
	network, addr string
	smtp          *smtp.Server
	listener      net.Listener
	room          chan struct{}

	// Held for reading while a mail is taken, and for good once the listener has stopped: the database is closed after that.
	open   sync.RWMutex
	closed bool
}

func newServer(in *Inbound, c Config) (*server, error) {
	u, err := url.Parse(c.Listen)
	if err != nil {
		return nil, errors.New("--inbound-listen: the listener's address is like lmtp://127.0.0.1:8024, lmtp:///run/brug/lmtp.sock or smtp://0.0.0.0:25")
	}
	s := &server{in: in, network: "tcp", addr: u.Host, room: make(chan struct{}, atOnce)}
	s.smtp = smtp.NewServer(s)
	switch {
	case u.Scheme == "lmtp" && u.Host == "" && strings.HasPrefix(u.Path, "/"):
		s.network, s.addr = "unix", u.Path
	case (u.Scheme == "lmtp" || u.Scheme == "smtp") && u.Port() != "" && u.Path == "":
	default:
		return nil, errors.New("--inbound-listen: the listener's address is like lmtp://127.0.0.1:8024, lmtp:///run/brug/lmtp.sock or smtp://0.0.0.0:25")
	}
	s.smtp.LMTP = u.Scheme == "lmtp"
	s.smtp.Domain = in.domain
	s.smtp.MaxMessageBytes = maxMail
	s.smtp.MaxRecipients = 20
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = 2*time.Minute, time.Minute
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.ErrorLog = slog.NewLogLogger(in.Log.Handler(), slog.LevelDebug)
	if c.Cert != "" || c.Key != "" {
		if c.Cert == "" || c.Key == "" {
			return nil, errors.New("--inbound-cert, --inbound-key: a certificate and its key go together")
		}
		pair, err := tls.LoadX509KeyPair(c.Cert, c.Key)
		if err != nil {
			return nil, fmt.Errorf("--inbound-cert, --inbound-key: the certificate of the listener cannot be read: %w", err)
		}
		s.smtp.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	return s, nil
}

func (s *server) listen() error {
	if s.network == "unix" {
		// what a process before us left behind; a file that is no socket stays, and is the error below
		if info, err := os.Lstat(s.addr); err == nil && info.Mode().Type() == fs.ModeSocket {
			if err := os.Remove(s.addr); err != nil {
				return err
			}
		}
	}
	l, err := net.Listen(s.network, s.addr)
	if err != nil {
		return err
	}
	if s.network == "unix" {
		// The mail server is another user, of a group that the folder lets in.
		if err := os.Chmod(s.addr, 0o660); err != nil {
			return errors.Join(err, l.Close())
		}
	}
	s.listener = netutil.LimitListener(l, maxCallers)
	return nil
}

func (s *server) serve() {
	if err := s.smtp.Serve(s.listener); err != nil && !errors.Is(err, net.ErrClosed) {
		s.in.Log.Error("inbound: the listener ended", "err", err)
	}
}

// stop cuts callers off who wait for something, and lets those mails through that are being taken. A caller that got no answer
// brings its mail again, and the same mail is taken once.
func (s *server) stop() error {
	err := s.smtp.Close()
	s.open.Lock()
	s.closed = true
	s.open.Unlock()
	if errors.Is(err, smtp.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// NewSession implements smtp.Backend.
func (s *server) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{s: s}, nil }

// session is one caller.
type session struct {
	s  *server
	to []string
}

// Mail implements smtp.Session. Anybody may write: what counts is the address that it is for.
func (c *session) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt takes every address of our domain, right or wrong: who guesses addresses shall not learn which there are.
func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !strings.HasSuffix(strings.ToLower(to), "@"+c.s.in.domain) {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "We take no mail for this domain"}
	}
	c.to = append(c.to, to)
	return nil
}

// Data implements smtp.Session.
func (c *session) Data(r io.Reader) error {
	raw, leave, err := c.read(r)
	if err != nil {
		return err
	}
	defer leave()
	return c.take(c.to, raw)
}

// LMTPData answers for each address by itself.
func (c *session) LMTPData(r io.Reader, status smtp.StatusCollector) error {
	raw, leave, err := c.read(r)
	if err != nil {
		return err
	}
	defer leave()
	for _, to := range c.to {
		status.SetStatus(to, c.take([]string{to}, raw))
	}
	return nil
}

// read takes a mail into memory, a few at a time: its place is taken until leave is called.
func (c *session) read(r io.Reader) (raw []byte, leave func(), err error) {
	select {
	case c.s.room <- struct{}{}:
	case <-time.After(roomTime):
		return nil, nil, errLater
	}
	leave = func() { <-c.s.room }
	if raw, err = io.ReadAll(r); err != nil {
		leave()
		return nil, nil, err
	}
	return raw, leave, nil
}

var errLater = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Please try again later"}

func (c *session) take(to []string, raw []byte) error {
	c.s.open.RLock()
	defer c.s.open.RUnlock()
	if c.s.closed {
		return errLater
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	o, err := c.s.in.Take(ctx, to, raw)
	if err != nil {
		c.s.in.Log.Error("inbound: a mail could not be taken", "err", err)
		return errLater
	}
	c.s.in.Log.Info("inbound: a mail", "outcome", string(o), "bytes", len(raw))
	return nil
}

// Reset implements smtp.Session.
func (c *session) Reset() { c.to = nil }

// Logout implements smtp.Session.
func (c *session) Logout() error { return nil }
