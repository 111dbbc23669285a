// Package sink is a mail server that keeps nothing: for tests and measurements of package email. It speaks as much SMTP as a
// relay does (PIPELINING, replies line by line), counts what it takes, and refuses or stalls as it is told.
package sink

import (
	"bufio"
	"bytes"
	"net"
	"strings"
	"sync"
	"time"
)

// Sink is the server. Set its fields before Serve.
type Sink struct {
	// Refuse answers an envelope's address, or "" to take it: "550 5.1.1 nobody here".
	Refuse func(to string) string
	// Take answers a mail, or "" to take it. It is called when all of the mail is there.
	Take func(to string, mail []byte) string
	// Stepwise offers no PIPELINING.
	Stepwise bool
	// Keep copies each mail for Take; else it gets nil.
	Keep bool

	mu    sync.Mutex
	taken map[string]int
	bytes int64
	open  map[net.Conn]bool
}

// Serve takes connections until the listener is closed.
func (s *Sink) Serve(l net.Listener) {
	s.mu.Lock()
	if s.taken == nil {
		s.taken, s.open = map[string]int{}, map[net.Conn]bool{}
	}
	s.mu.Unlock()
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.open[c] = true
		s.mu.Unlock()
		go func() {
			s.talk(c)
			c.Close()
			s.mu.Lock()
			delete(s.open, c)
			s.mu.Unlock()
		}()
	}
}

// Drop cuts all connections, as a server that is started anew does.
func (s *Sink) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		c.Close()
	}
}

// Taken is how many mails each address got, and how many bytes all of them had.
func (s *Sink) Taken() (byAddress map[string]int, bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string]int, len(s.taken))
	for to, n := range s.taken {
		out[to] = n
	}
	return out, s.bytes
}

// Stall is what Refuse or Take answer to hold the connection for a while and then cut it without a word.
const Stall = "stall"

// StallTime is how long that is.
const StallTime = 300 * time.Millisecond

func (s *Sink) talk(c net.Conn) {
	r := bufio.NewReaderSize(c, 64<<10)
	out := make([]byte, 0, 512)
	say := func(line string) { out = append(append(out, line...), '\r', '\n') }
	flush := func() bool {
		if len(out) == 0 {
			return true
		}
		_, err := c.Write(out)
		out = out[:0]
		return err == nil
	}
	say("220 sink")
	var to string
	var mail []byte
	for {
		if r.Buffered() == 0 && !flush() {
			return
		}
		line, err := r.ReadSlice('\n')
		if err != nil {
			return
		}
		switch word := strings.ToUpper(string(line[:min(4, len(line))])); word {
		case "EHLO":
			if s.Stepwise {
				say("250 sink")
			} else {
				say("250-sink")
				say("250 PIPELINING")
			}
		case "HELO", "RSET", "NOOP":
			to = ""
			say("250 2.0.0 ok")
		case "MAIL":
			to = ""
			say("250 2.1.0 ok")
		case "RCPT":
			address := between(line)
			answer := ""
			if s.Refuse != nil {
				answer = s.Refuse(address)
			}
			switch answer {
			case "":
				to = address
				say("250 2.1.5 ok")
			case Stall:
				flush()
				time.Sleep(StallTime)
				return
			default:
				say(answer)
			}
		case "DATA":
			if to == "" {
				say("554 5.5.1 nobody to send to")
				continue
			}
			say("354 go on")
			if !flush() {
				return
			}
			mail = mail[:0]
			n := 0
			for {
				line, err := r.ReadSlice('\n')
				if err != nil && err != bufio.ErrBufferFull {
					return
				}
				if len(line) == 3 && line[0] == '.' {
					break
				}
				n += len(line)
				if s.Keep {
					mail = append(mail, line...)
				}
			}
			answer := ""
			if s.Take != nil {
				answer = s.Take(to, bytes.Clone(mail))
			}
			switch answer {
			case "":
				s.mu.Lock()
				s.taken[to]++
				s.bytes += int64(n)
				s.mu.Unlock()
				say("250 2.0.0 taken")
			case Stall:
				flush()
				time.Sleep(StallTime)
				return
			default:
				say(answer)
			}
			to = ""
		case "QUIT":
			say("221 bye")
			flush()
			return
		default:
			say("502 5.5.2 what?")
		}
	}
}

func between(line []byte) string {
	from, to := bytes.IndexByte(line, '<'), bytes.LastIndexByte(line, '>')
	if from < 0 || to < from {
		return ""
	}
	return string(line[from+1 : to])
}
