package email

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"brug/internal/messages/road"
)

// Carrier sends letters over some kept-open connections, each served by a goroutine of its own. Connections are made when
// there is work and closed when there was none for a while.
type Carrier struct {
	server   server
	writer   writer
	conns    int
	patience time.Duration

	work    chan *item
	workers atomic.Int64
	down    atomic.Int64 // until when the server counts as not to be reached, milliseconds

	closing sync.Once
	gone    chan struct{} // closed by Close
}

// item is one parcel on its way.
type item struct {
	parcel *road.Parcel
	files  *attached
	tried  bool // once already on a connection that turned out to be dead
	done   func(road.Result)
}

// Carry implements road.Carrier. Parcels that a connection has begun to send when ctx ends are finished.
func (c *Carrier) Carry(ctx context.Context, parcels []road.Parcel, done func(i int, r road.Result)) {
	var wait sync.WaitGroup
	files := &attached{}
	for i := range parcels {
		it := &item{parcel: &parcels[i], files: files}
		if why := c.cannot(it.parcel); why != "" {
			done(i, road.Result{Problem: why, Final: true, Address: true})
			continue
		}
		if until := time.UnixMilli(c.down.Load()); time.Now().Before(until) {
			done(i, unreachable)
			continue
		}
		wait.Add(1)
		it.done = func(r road.Result) { done(i, r); wait.Done() }
		if !c.give(ctx, it) {
			wait.Done() // nobody took it, so it was not begun
			break
		}
	}
	wait.Wait()
}

// Close ends the connections. Nothing may be carried afterwards.
func (c *Carrier) Close() { c.closing.Do(func() { close(c.gone) }) }

// cannot tells why an address cannot be used; "" if it can.
func (c *Carrier) cannot(p *road.Parcel) string {
	at := strings.LastIndexByte(p.To, '@')
	if at < 1 || at == len(p.To)-1 || len(p.To) > 254 || strings.ContainsFunc(p.To, func(r rune) bool { return r <= ' ' || r == '<' || r == '>' || r == 0x7f }) {
		return "the address cannot be used"
	}
	return ""
}

// give hands an item to a connection that waits, or to a new one while there may be more.
func (c *Carrier) give(ctx context.Context, it *item) bool {
	select {
	case c.work <- it:
		return true
	default:
	}
	if n := c.workers.Add(1); n <= int64(c.conns) {
		go c.serve(it)
		return true
	}
	c.workers.Add(-1)
	// All are busy, and every one of them comes back for more. One that is just ending has given up its place by then, so
	// asking again now and then finds it.
	for {
		again := time.NewTimer(100 * time.Millisecond)
		select {
		case c.work <- it:
			again.Stop()
			return true
		case <-ctx.Done():
			again.Stop()
			return false
		case <-c.gone:
			again.Stop()
			return false
		case <-again.C:
		}
		if n := c.workers.Add(1); n <= int64(c.conns) {
			go c.serve(it)
			return true
		}
		c.workers.Add(-1)
	}
}

var (
	unreachable = road.Result{Problem: "the server cannot be reached"}
	brokenOff   = road.Result{Problem: "the server broke off"}
)

// serve is one connection with its goroutine. Servers that offer PIPELINING (RFC 2920) get the envelope of the next letter
// together with the words of the one before: one write and one answer for each.
func (c *Carrier) serve(it *item) {
	w := &line{carrier: c}
	defer func() {
		w.close()
		c.workers.Add(-1)
	}()
	idle := time.NewTimer(idleTime)
	defer idle.Stop()
	for {
		for it != nil {
			it = w.carry(it)
		}
		idle.Reset(idleTime)
		select {
		case it = <-c.work:
		case <-idle.C:
			return
		case <-c.gone:
			return
		}
	}
}

// line is a connection at work.
type line struct {
	carrier *Carrier
	conn    *conn
	begun   *item // its envelope is on the way already
	rset    bool  // the server has an envelope of which nothing came
}

func (w *line) close() {
	if w.conn == nil {
		return
	}
	w.conn.line("QUIT")
	_ = w.conn.send(time.Second) // polite, and of no consequence
	w.conn.Conn.Close()
	w.conn = nil
}

func (w *line) drop() {
	if w.conn != nil {
		w.conn.Conn.Close()
	}
	w.conn, w.begun, w.rset = nil, nil, false
}

// carry sends one letter and gives the next one, if its envelope went along.
func (w *line) carry(it *item) (next *item) {
	if w.conn == nil {
		if !w.connect(it) {
			return nil
		}
	}
	if !ascii(it.parcel.To) && !w.conn.utf8 {
		it.done(road.Result{Problem: "the server takes no such address", Final: true})
		return nil
	}
	codes, err := w.envelope(it)
	if err != nil {
		return w.lost(it)
	}
	if r, refused := judge(codes); refused {
		if codes[2].code == 354 { // it wants words although nobody is to get them
			w.conn.out = append(w.conn.out, ".\r\n"...)
			if _, err := w.conn.flush(w.patience(answerTime), nil); err != nil {
				w.drop()
			}
		}
		if r.closing {
			w.drop()
			if !it.tried {
				it.tried = true
				return it
			}
		}
		w.rset = w.conn != nil && codes[0].code == 250
		it.done(r.Result)
		return nil
	}
	out, err := w.carrier.writer.appendMail(w.conn.out, *it.parcel, it.files)
	if err != nil {
		w.drop() // the server waits for words: only the end of the connection takes that back
		it.done(road.Result{Problem: "a file of the letter cannot be read"})
		return nil
	}
	w.conn.out = append(out, ".\r\n"...)
	if w.conn.pipelining {
		select {
		case next = <-w.carrier.work:
			if ascii(next.parcel.To) || w.conn.utf8 {
				w.begin(next)
			}
		default:
		}
	}
	taken, err := w.conn.flush(w.patience(takenTime), nil)
	if err != nil {
		w.drop()
		it.done(brokenOff)
		return next
	}
	switch {
	case taken.code/100 == 2:
		it.done(road.Result{Taken: true})
	case taken.code == 421:
		w.drop()
		it.done(refusal(taken))
	default:
		it.done(refusal(taken))
	}
	return next
}

// connect opens the connection; when that fails the letter waits for its next try.
func (w *line) connect(it *item) bool {
	var err error
	// Not bound to a batch: the connection outlives it. dial has its own limit.
	if w.conn, err = w.carrier.server.dial(context.Background()); err == nil {
		w.carrier.down.Store(0)
		return true
	}
	w.carrier.down.Store(time.Now().Add(downTime).UnixMilli())
	r := unreachable
	var network net.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificate):
		r.Problem = "nobody vouches for the server's certificate"
	case errors.Is(err, errRefused), errors.Is(err, errClear):
		r.Problem = err.Error()
	case errors.As(err, &network) && network.Timeout():
		r.Problem = "the server does not answer"
	}
	it.done(r)
	return false
}

// lost is a connection that ended before the letter's words were sent. Servers close connections that were idle: the letter
// gets another one, once.
func (w *line) lost(it *item) *item {
	w.drop()
	if it.tried {
		it.done(brokenOff)
		return nil
	}
	it.tried = true
	return it
}

// begin writes the envelope of a letter into what goes out next.
func (w *line) begin(it *item) {
	if w.rset {
		w.conn.line("RSET")
	}
	w.mailFrom(it)
	w.conn.line("RCPT TO:<", it.parcel.To, ">")
	w.conn.line("DATA")
	w.begun = it
}

func (w *line) mailFrom(it *item) {
	from := w.carrier.writer.from
	if it.parcel.ReplyTo != "" {
		from = it.parcel.ReplyTo
	}
	option := ""
	if !ascii(it.parcel.To) {
		option = " SMTPUTF8"
	}
	w.conn.line("MAIL FROM:<", from, ">", option)
}

// envelope brings the server to the point where it wants the words, or not: its answers to MAIL, RCPT and DATA. What was not
// asked any more has code 0.
func (w *line) envelope(it *item) (codes [3]reply, err error) {
	wait := w.patience(answerTime)
	if !w.conn.pipelining {
		return w.stepwise(it, wait)
	}
	if w.begun != it {
		w.begin(it)
	}
	w.begun = nil
	if err := w.conn.send(wait); err != nil {
		return codes, err
	}
	if w.rset {
		w.rset = false
		if _, err := w.conn.read(wait); err != nil {
			return codes, err
		}
	}
	for i := range codes {
		if codes[i], err = w.conn.read(wait); err != nil {
			if i > 0 && codes[0].code == 421 {
				return codes, nil
			}
			return codes, err
		}
	}
	return codes, nil
}

func (w *line) stepwise(it *item, wait time.Duration) (codes [3]reply, err error) {
	if w.rset {
		w.rset = false
		w.conn.line("RSET")
		if _, err := w.conn.flush(wait, nil); err != nil {
			return codes, err
		}
	}
	for i, write := range []func(){
		func() { w.mailFrom(it) },
		func() { w.conn.line("RCPT TO:<", it.parcel.To, ">") },
		func() { w.conn.line("DATA") },
	} {
		write()
		if codes[i], err = w.conn.flush(wait, nil); err != nil || codes[i].code/100 > 3 {
			return codes, err
		}
	}
	return codes, nil
}

func (w *line) patience(usual time.Duration) time.Duration {
	if p := w.carrier.patience; p > 0 {
		return p
	}
	return usual
}

// verdict is what an envelope's answers mean for a letter.
type verdict struct {
	road.Result
	closing bool // the server is going away: another connection may fare better
}

// judge tells whether the server refused the envelope, and what that means: whether it is for the address, for good, or just
// for now.
func judge(codes [3]reply) (v verdict, refused bool) {
	for i, r := range codes {
		switch {
		case r.code == 0:
			continue
		case i < 2 && r.code/100 == 2, i == 2 && r.code == 354:
			continue
		}
		v.Result = refusal(r)
		// Only an answer to the address itself says that the address is wrong; MAIL may be refused for our sake.
		v.Address = i == 1 && v.Final && wrongAddress(r)
		v.closing = r.code == 421
		if i == 0 {
			v.Final = false // the sender is at fault, not this letter: an operator can mend that
		}
		return v, true
	}
	return v, false
}

func refusal(r reply) road.Result {
	return road.Result{Problem: "the server answered " + r.String(), Final: r.code/100 == 5}
}

// wrongAddress: codes of RFC 3463 that speak of the mailbox. 5.2.2 (full) passes, 5.7.x is about policy. Servers without such
// codes say 550, 551 or 553 of a mailbox that is not there.
func wrongAddress(r reply) bool {
	switch {
	case r.enh == "":
		return r.code == 550 || r.code == 551 || r.code == 553
	case strings.HasPrefix(r.enh, "5.1."):
		return r.enh != "5.1.7" && r.enh != "5.1.8" // these are about the sender
	}
	return r.enh == "5.2.1" || r.enh == "5.4.4"
}
