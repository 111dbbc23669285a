// Package live tells open pages of staff that something has changed, so that they ask for their parts anew.
//
// Operations that change what staff look at call Publish in their transaction; the page route /s/{school}/live serves a
// browser with Serve. Only the word that something changed goes out: no name, no text, no number. Between processes it
// travels by PostgreSQL's NOTIFY, sent with the commit; on SQLite there is one process, and the word is passed on after the
// commit. A word may be lost (a line that breaks): the page then asks once when it comes back, so nobody relies on it.
// It owns no tables.
package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"brug/internal/db"
)

// Topic is what changed. A topic belongs to one school, so that nobody can listen at the door of another one.
type Topic string

// Inbox is what waits at a school: conversations and answers.
func Inbox(schoolID int64) Topic { return topic(schoolID, "inbox") }

// Message is what became of one message; publicID as in its address.
func Message(schoolID int64, publicID string) Topic { return topic(schoolID, "message/"+publicID) }

// Conversation is one conversation.
func Conversation(schoolID int64, publicID string) Topic {
	return topic(schoolID, "conversation/"+publicID)
}

func topic(schoolID int64, word string) Topic { return Topic(fmt.Sprintf("%s/%d", word, schoolID)) }

// word is the topic as a page of the school writes it: "inbox", "message/PUBLICID".
func (t Topic) word() string {
	s := string(t)
	return s[:strings.LastIndexByte(s, '/')]
}

const (
	channel = "brug_live"

	// Limits. A page of staff holds one line while it is seen; a school of 200 staff has some dozens open at a time.
	maxLines   = 5000 // of one process
	maxAccount = 12   // of one account in one process: tabs and devices
	maxTopics  = 8    // of one line
)

var (
	// ErrClosed: the program is stopping.
	ErrClosed = errors.New("live: closed")
	// ErrFull: too many lines are open; the page works without one.
	ErrFull = errors.New("live: too many lines")
)

// Hub passes words on. A nil *Hub is one that nobody listens to: Publish does nothing.
type Hub struct {
	db  *db.DB
	log *slog.Logger

	mu      sync.Mutex
	lines   map[Topic]map[*Line]bool
	account map[int64]int
	open    int
	closed  bool
	done    chan struct{}
}

// New makes a hub. log may be nil.
func New(d *db.DB, log *slog.Logger) *Hub {
	if log == nil {
		log = slog.Default()
	}
	return &Hub{db: d, log: log, lines: map[Topic]map[*Line]bool{}, account: map[int64]int{}, done: make(chan struct{})}
}

// Run hears what other processes publish, until ctx ends or the hub is closed. On SQLite there are none, and it only waits.
func (h *Hub) Run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-h.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	h.db.Listen(ctx, channel, h.tellAll, func(word string) { h.tell(Topic(word)) }, func(err error) { h.log.Warn("live: the line to the database broke", "err", err) })
}

// Publish tells that topics changed, when tx is committed. PostgreSQL sends the same word once in a transaction. Whoever
// changes much at once (a batch of letters) publishes once for the batch.
func (h *Hub) Publish(ctx context.Context, tx *db.Tx, topics ...Topic) error {
	if h == nil {
		return nil
	}
	if h.db.Engine() == db.SQLite {
		tx.AfterCommit(func() {
			for _, t := range topics {
				h.tell(t)
			}
		})
		return nil
	}
	for _, t := range topics {
		if err := tx.Notify(ctx, channel, string(t)); err != nil {
			return fmt.Errorf("live: %w", err)
		}
	}
	return nil
}

// Line is what one page listens on.
type Line struct {
	hub     *Hub
	account int64
	topics  []Topic

	mu      sync.Mutex
	changed map[Topic]bool
	wake    chan struct{} // holds one: the page has not heard yet
}

// Subscribe opens a line for an account; Close it. ErrFull and ErrClosed come back as they are.
func (h *Hub) Subscribe(accountID int64, topics ...Topic) (*Line, error) {
	if len(topics) > maxTopics {
		topics = topics[:maxTopics]
	}
	l := &Line{hub: h, account: accountID, topics: topics, changed: map[Topic]bool{}, wake: make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed:
		return nil, ErrClosed
	case h.open >= maxLines || h.account[accountID] >= maxAccount:
		return nil, ErrFull
	}
	h.open++
	h.account[accountID]++
	for _, t := range topics {
		if h.lines[t] == nil {
			h.lines[t] = map[*Line]bool{}
		}
		h.lines[t][l] = true
	}
	return l, nil
}

// Close takes the line out of the hub. Once.
func (l *Line) Close() {
	h := l.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open--
	if h.account[l.account]--; h.account[l.account] == 0 {
		delete(h.account, l.account)
	}
	for _, t := range l.topics {
		if delete(h.lines[t], l); len(h.lines[t]) == 0 {
			delete(h.lines, t)
		}
	}
}

// Wake receives when something changed; Changed then says what.
func (l *Line) Wake() <-chan struct{} { return l.wake }

// Changed are the topics that changed since it was last asked. However many words came, each topic stands in it once, so a
// slow page holds nobody up.
func (l *Line) Changed() []Topic {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []Topic
	for _, t := range l.topics {
		if l.changed[t] {
			out = append(out, t)
		}
	}
	clear(l.changed)
	return out
}

func (l *Line) tell(t Topic) {
	l.mu.Lock()
	l.changed[t] = true
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default: // it is to wake up already
	}
}

func (h *Hub) tell(t Topic) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.lines[t] {
		l.tell(t)
	}
}

// tellAll: words may have been missed.
func (h *Hub) tellAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for t, lines := range h.lines {
		for l := range lines {
			l.tell(t)
		}
	}
}

// Open is how many lines there are.
func (h *Hub) Open() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open
}

// Close ends all lines and takes no new ones: a server that stops waits for its requests, and these would never end.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.closed = true
		close(h.done)
	}
}
