package email

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// conn is one connection to the mail server. One goroutine uses it.
type conn struct {
	net.Conn
	r   *bufio.Reader
	out []byte // what was written and not yet sent

	// What the server offers.
	pipelining, utf8, starttls bool
	auth                       string
}

// reply is one answer of the server, without its words, which may repeat addresses.
type reply struct {
	code int
	enh  string // "5.1.1"; "" none
}

func (r reply) String() string {
	if r.enh == "" {
		return fmt.Sprint(r.code)
	}
	return fmt.Sprint(r.code, " ", r.enh)
}

// errRefused: the server answered, but does not let us in.
var errRefused = errors.New("the server does not let us in")

// errClear: the server offers no encryption, and nobody said that it need not.
var errClear = errors.New("the server offers no encryption")

// dial connects, encrypts and signs in.
func (s server) dial(ctx context.Context) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", s.addr)
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: raw}
	if err := c.open(ctx, s); err != nil {
		c.Conn.Close()
		return nil, err
	}
	return c, nil
}

func (c *conn) open(ctx context.Context, s server) error {
	if err := c.SetDeadline(time.Now().Add(dialTime)); err != nil {
		return err
	}
	if s.implicit {
		if err := c.encrypt(ctx, s); err != nil {
			return err
		}
	}
	c.r = bufio.NewReader(c.Conn)
	if r, err := c.read(dialTime); err != nil {
		return err
	} else if r.code != 220 {
		return fmt.Errorf("%w: %v", errRefused, r)
	}
	if err := c.hello(s); err != nil {
		return err
	}
	if !s.implicit && !s.clear {
		if !c.starttls {
			return errClear
		}
		if r, err := c.ask("STARTTLS"); err != nil {
			return err
		} else if r.code != 220 {
			return errClear
		}
		if c.r.Buffered() > 0 {
			return errors.New("the server spoke on before encryption") // somebody in between may have put words in
		}
		if err := c.encrypt(ctx, s); err != nil {
			return err
		}
		c.r = bufio.NewReader(c.Conn)
		if err := c.hello(s); err != nil {
			return err
		}
	}
	if s.auth {
		return c.signIn(s)
	}
	return nil
}

func (c *conn) encrypt(ctx context.Context, s server) error {
	t := tls.Client(c.Conn, s.tls)
	if err := t.HandshakeContext(ctx); err != nil {
		return err
	}
	c.Conn = t
	return nil
}

// hello asks what the server offers.
func (c *conn) hello(s server) error {
	c.pipelining, c.utf8, c.starttls, c.auth = false, false, false, ""
	c.line("EHLO ", s.hello)
	r, err := c.flush(dialTime, func(line string) {
		switch word, rest, _ := strings.Cut(strings.ToUpper(line), " "); word {
		case "PIPELINING":
			c.pipelining = true
		case "SMTPUTF8":
			c.utf8 = true
		case "STARTTLS":
			c.starttls = true
		case "AUTH":
			c.auth = rest
		}
	})
	if err == nil && r.code/100 == 5 { // a server of before 1995, or one that hides what it can
		r, err = c.ask("HELO " + s.hello)
	}
	if err == nil && r.code != 250 {
		err = fmt.Errorf("%w: %v", errRefused, r)
	}
	return err
}

func (c *conn) signIn(s server) error {
	var r reply
	var err error
	offers := " " + c.auth + " "
	enc := base64.StdEncoding.EncodeToString
	switch {
	case strings.Contains(offers, " LOGIN ") && !strings.Contains(offers, " PLAIN "):
		if r, err = c.ask("AUTH LOGIN"); err == nil && r.code == 334 {
			if r, err = c.ask(enc([]byte(s.user))); err == nil && r.code == 334 {
				r, err = c.ask(enc([]byte(s.password)))
			}
		}
	default:
		r, err = c.ask("AUTH PLAIN " + enc([]byte("\x00"+s.user+"\x00"+s.password)))
	}
	if err == nil && r.code != 235 {
		err = fmt.Errorf("%w: %v", errRefused, r)
	}
	return err
}

// line adds a command to what goes out next.
func (c *conn) line(parts ...string) {
	for _, p := range parts {
		c.out = append(c.out, p...)
	}
	c.out = append(c.out, '\r', '\n')
}

// send writes what was gathered.
func (c *conn) send(wait time.Duration) error {
	if len(c.out) == 0 {
		return nil
	}
	if err := c.SetDeadline(time.Now().Add(wait)); err != nil {
		return err
	}
	_, err := c.Write(c.out)
	c.out = c.out[:0]
	return err
}

func (c *conn) flush(wait time.Duration, each func(line string)) (reply, error) {
	if err := c.send(wait); err != nil {
		return reply{}, err
	}
	return c.readLines(wait, each)
}

// ask is one command and its answer.
func (c *conn) ask(command string) (reply, error) {
	c.line(command)
	return c.flush(dialTime, nil)
}

func (c *conn) read(wait time.Duration) (reply, error) { return c.readLines(wait, nil) }

// readLines reads one answer of one or more lines; each gets the words behind the code of every line but the first.
func (c *conn) readLines(wait time.Duration, each func(line string)) (reply, error) {
	if c.r.Buffered() == 0 {
		if err := c.SetDeadline(time.Now().Add(wait)); err != nil {
			return reply{}, err
		}
	}
	for n := 0; n < 100; n++ {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return reply{}, err
		}
		if len(line) < 4 {
			return reply{}, errors.New("the server answers what is no answer")
		}
		code := 0
		for _, d := range line[:3] {
			if d < '0' || d > '9' {
				return reply{}, errors.New("the server answers what is no answer")
			}
			code = code*10 + int(d-'0')
		}
		if each != nil && n > 0 && len(line) > 4 {
			each(strings.TrimSpace(string(line[4:])))
		}
		if line[3] != '-' {
			return reply{code, enhanced(line[4:])}, nil
		}
	}
	return reply{}, errors.New("the server's answer has no end")
}

// enhanced finds a code of RFC 3463 at the beginning of an answer's words.
func enhanced(words []byte) string {
	end, dots := 0, 0
	for end < len(words) && (words[end] >= '0' && words[end] <= '9' || words[end] == '.') && end < 11 {
		if words[end] == '.' {
			dots++
		}
		end++
	}
	if dots != 2 || end < 5 {
		return ""
	}
	return string(words[:end])
}
