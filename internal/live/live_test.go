package live

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"brug/internal/db"
	"brug/internal/db/dbtest"
)

func publish(t *testing.T, h *Hub, d *db.DB, fails error, topics ...Topic) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		if err := h.Publish(t.Context(), tx, topics...); err != nil {
			return err
		}
		return fails
	})
	if !errors.Is(err, fails) {
		t.Fatal(err)
	}
}

// hear waits until a line has told of exactly these topics.
func hear(t *testing.T, l *Line, want ...Topic) {
	t.Helper()
	var got []Topic
	for len(got) < len(want) {
		select {
		case <-l.Wake():
			got = append(got, l.Changed()...)
		case <-time.After(30 * time.Second):
			t.Fatalf("heard %v, want %v", got, want)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("heard %v, want %v", got, want)
	}
}

// listening waits until the hub hears the database: on PostgreSQL it then tells every line of every topic once.
func listening(t *testing.T, d *db.DB, lines ...*Line) {
	t.Helper()
	for _, l := range lines {
		if d.Engine() == db.Postgres {
			hear(t, l, slices.Clone(l.topics)...)
		}
	}
}

func TestAWordGoesToWhoListensForItAndToNobodyElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		hub := New(d, nil)
		line, err := hub.Subscribe(1, Inbox(7), Message(7, "abc"))
		if err != nil {
			t.Fatal(err)
		}
		other, err := hub.Subscribe(2, Inbox(8), Conversation(7, "abc"))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go hub.Run(ctx)
		listening(t, d, line, other)
		publish(t, hub, d, errors.New("taken back"), Inbox(7)) // never was
		publish(t, hub, d, nil, Message(7, "abc"), Message(7, "abc"))
		hear(t, line, Message(7, "abc"))
		publish(t, hub, d, nil, Inbox(8))
		hear(t, other, Inbox(8))
		line.Close()
		other.Close()
		if hub.Open() != 0 || len(hub.lines) != 0 || len(hub.account) != 0 {
			t.Error("closed lines are kept")
		}
	})
}

func TestAnotherProcessIsHeard(t *testing.T) {
	d := dbtest.Postgres(t)
	hub, there := New(d, nil), New(d, nil)
	line, err := hub.Subscribe(1, Inbox(7))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go hub.Run(ctx)
	listening(t, d, line)
	publish(t, there, d, nil, Inbox(7))
	hear(t, line, Inbox(7))
	// The line to the database breaks: everybody is told once, because something may have been missed.
	if _, err := d.SQL().ExecContext(t.Context(), "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'"); err != nil {
		t.Fatal(err)
	}
	hear(t, line, Inbox(7))
	publish(t, there, d, nil, Inbox(7))
	hear(t, line, Inbox(7))
}

func TestASlowPageHoldsNobodyUpAndHearsEachTopicOnce(t *testing.T) {
	d := dbtest.SQLite(t)
	hub := New(d, nil)
	line, err := hub.Subscribe(1, Inbox(7), Message(7, "a"))
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		hub.tell(Inbox(7))
		hub.tell(Message(7, "a"))
	}
	hear(t, line, Inbox(7), Message(7, "a"))
	select {
	case <-line.Wake():
		if got := line.Changed(); len(got) != 0 {
			t.Errorf("and again %v", got)
		}
	default:
	}
}

func TestLinesAreLimited(t *testing.T) {
	hub := New(dbtest.SQLite(t), nil)
	var lines []*Line
	for {
		l, err := hub.Subscribe(1, Inbox(7))
		if errors.Is(err, ErrFull) {
			break
		}
		if err != nil || len(lines) > maxAccount {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		lines = append(lines, l)
	}
	if len(lines) != maxAccount {
		t.Errorf("%d lines of one account", len(lines))
	}
	if _, err := hub.Subscribe(2, Inbox(7)); err != nil {
		t.Errorf("a colleague is refused: %v", err)
	}
	lines[0].Close()
	if _, err := hub.Subscribe(1, Inbox(7)); err != nil {
		t.Errorf("after one was closed: %v", err)
	}
	hub.Close()
	hub.Close()
	if _, err := hub.Subscribe(3, Inbox(7)); !errors.Is(err, ErrClosed) {
		t.Errorf("a hub that is closed: %v", err)
	}
	var none *Hub
	if err := none.Publish(t.Context(), nil, Inbox(7)); err != nil {
		t.Error(err)
	}
}

// TestAPageHears goes through a real server with the house's compression: words come as they are said, without the number of the
// school, and the line ends when the server stops.
func TestAPageHears(t *testing.T) {
	d := dbtest.SQLite(t)
	hub := New(d, nil)
	srv := httptest.NewServer(gzhttp.GzipHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := hub.Serve(w, r, 1, Inbox(7), Message(7, "abc")); err != nil {
			t.Error(err)
		}
	})))
	defer srv.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip") // as browsers do
	a, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if a.Header.Get("Content-Type") != "text/event-stream" || a.Header.Get("Content-Encoding") != "" || a.Header.Get("No-Gzip-Compression") != "" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", a.Header)
	}
	words := bufio.NewScanner(a.Body)
	next := func() string {
		for words.Scan() {
			if words.Text() != "" {
				return words.Text()
			}
		}
		return "end"
	}
	if got := next(); !strings.HasPrefix(got, "retry: ") {
		t.Errorf("it begins with %q", got)
	}
	publish(t, hub, d, nil, Message(7, "abc"), Inbox(9))
	if a, b := next(), next(); a != "event: changed" || b != "data: message/abc" {
		t.Errorf("%q %q", a, b)
	}
	hub.Close()
	if got := next(); got != "end" {
		t.Errorf("after the stop came %q", got)
	}
}

func TestAPageThatCannotListenIsToldSo(t *testing.T) {
	hub := New(dbtest.SQLite(t), nil)
	hub.Close()
	for name, h := range map[string]*Hub{"stopping": hub, "no hub": nil} {
		w := httptest.NewRecorder()
		if err := h.Serve(w, httptest.NewRequest(http.MethodGet, "/", nil), 1, Inbox(7)); err != nil || w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: %d, %v", name, w.Code, err)
		}
	}
	w := httptest.NewRecorder()
	if err := New(nil, nil).Serve(w, httptest.NewRequest(http.MethodGet, "/", nil), 1); err != nil || w.Body.String() != "retry: 600000\n\n" {
		t.Errorf("nothing to hear: %q, %v", w.Body, err)
	}
}
