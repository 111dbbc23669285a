// Package email carries letters by mail: it writes them as MIME, and keeps some connections to the mail server open.
//
// Package messages gives it parcels; inbound mail and receipts use ParseReplyAddress and KeyOf to find out what an answer
// belongs to. It owns no tables.
//
// A letter is text and HTML side by side, with nothing in it that a mail program would fetch, so nobody can see who opened
// it. Its Message-ID is made of the recipient's public id and is the same on every try: servers and people that get it twice
// can tell. Where answers can come in by mail, their address is the sender of the envelope too, so that the notice of a mail
// that could not be delivered comes back to the very letter.
package email

import (
	"crypto/tls"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// Config says through which server letters go, and from whom.
type Config struct {
	// URL of the server, in the same form as that of package mail: smtp://user:password@host:587 (STARTTLS, always),
	// smtps://user:password@host:465, or, for a relay on the same machine or network only, smtp://host:25?tls=none.
	URL string
	// From is the sender, "Brug <brug@school.example>". Its name gives way to the school's.
	From string
	// Conns is how many connections are kept open at most; 0: 8.
	Conns int
	// TLS is for tests, which know their own certificate; nil: the system's.
	TLS *tls.Config

	patience time.Duration // of one answer of the server; 0: as RFC 5321 wants it, within a claim's life
}

const (
	usualConns = 8
	dialTime   = 15 * time.Second
	// answerTime is for one answer of the server; RFC 5321 would have five minutes, but a claim ends after them.
	answerTime = time.Minute
	// takenTime is for the answer that decides whether a letter was taken: who gives up too early sends it twice.
	takenTime = 2 * time.Minute
	// idleTime is how long a connection stays open without work; most servers close theirs after minutes.
	idleTime = 20 * time.Second
	// downTime is how long nothing is tried after a server could not be reached: its letters wait for their next try.
	downTime = 5 * time.Second
)

// New makes a carrier. An address that cannot be used is an error that says what is wrong with it, without the password.
// Nothing is sent, and no connection made, before Carry.
func New(cfg Config) (*Carrier, error) {
	c := &Carrier{conns: cfg.Conns, patience: cfg.patience, work: make(chan *item), gone: make(chan struct{})}
	if c.conns == 0 {
		c.conns = usualConns
	}
	var err error
	if c.server, err = parseServer(cfg.URL); err != nil {
		return nil, fmt.Errorf("email: %w", err)
	}
	if cfg.TLS != nil {
		c.server.tls = cfg.TLS
	}
	from, err := netmail.ParseAddress(cfg.From)
	if err != nil {
		return nil, fmt.Errorf("email: the sender: %w", err)
	}
	if !ascii(from.Address) {
		return nil, errors.New("email: the sender's address has letters beyond ASCII")
	}
	c.writer = writer{name: from.Name, from: from.Address, domain: from.Address[strings.LastIndexByte(from.Address, '@')+1:]}
	return c, nil
}

// server is where to connect, and how.
type server struct {
	host, addr     string
	user, password string
	auth           bool
	implicit       bool // TLS from the first byte
	clear          bool // no TLS, because the operator says so
	hello          string
	tls            *tls.Config
}

func parseServer(address string) (server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return server{}, errors.New("the server's address is like smtp://user:password@host:587") // url's own error repeats it all
	}
	s := server{host: u.Hostname(), hello: "localhost", tls: &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}}
	port := 587
	switch {
	case u.Scheme == "smtps":
		port, s.implicit = 465, true
	case u.Scheme == "smtp" && u.Query().Get("tls") == "none":
		port, s.clear = 25, true
	case u.Scheme == "smtp" && u.Query().Get("tls") == "":
	default:
		return server{}, errors.New("the server's address begins with smtp:// or smtps://, and tls is none or left out")
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return server{}, errors.New("the server's port is a number")
		}
	}
	if u.User != nil {
		s.auth, s.user = true, u.User.Username()
		s.password, _ = u.User.Password() // none is an empty one
	}
	if name, err := os.Hostname(); err == nil && name != "" && ascii(name) && !strings.ContainsAny(name, " \r\n") {
		s.hello = name
	}
	s.addr = s.host + ":" + strconv.Itoa(port)
	if strings.Contains(s.host, ":") {
		s.addr = "[" + s.host + "]:" + strconv.Itoa(port)
	}
	return s, nil
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
