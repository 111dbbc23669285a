package live

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"
)

const (
	// ping keeps proxies from closing a line on which nothing is said; many do after a minute.
	ping = 25 * time.Second
	// life is how long a line lasts: the browser then asks anew, and whoever has been signed out meanwhile hears no more.
	life = 10 * time.Minute
	// calm is the least time between two words on a line: a fan-out changes a message many times a second.
	calm = time.Second
)

// Serve writes server-sent events until the browser goes, the hub closes, or the line is old. The data of an event is the
// topic without the school, as the page wrote it: "inbox". Who asks was checked before. Too many lines: 503, and the
// page does without.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, accountID int64, topics ...Topic) error {
	if len(topics) == 0 { // nothing to hear: a browser that asked by mistake does not ask again soon
		w.Header().Set("Content-Type", "text/event-stream")
		_, err := io.WriteString(w, "retry: 600000\n\n")
		return err
	}
	if h == nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return nil
	}
	line, err := h.Subscribe(accountID, topics...)
	if errors.Is(err, ErrFull) || errors.Is(err, ErrClosed) {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusServiceUnavailable)
		return nil
	}
	if err != nil {
		return err
	}
	defer line.Close()
	head := w.Header()
	head.Set("Content-Type", "text/event-stream")
	head.Set("Cache-Control", "no-store")
	head.Set("X-Accel-Buffering", "no")  // nginx would hold the words back
	head.Set("No-Gzip-Compression", "1") // and so would our own compression, which takes this header out again
	out := http.NewResponseController(w) // the server's own limit for an answer is shorter than a line lives
	say := func(format string, args ...any) error {
		if err := out.SetWriteDeadline(time.Now().Add(ping)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		if _, err := fmt.Fprintf(w, format, args...); err != nil {
			return err
		}
		return out.Flush()
	}
	// After a restart not all pages of a school come back in the same moment.
	if err := say("retry: %d\n\n", 2000+rand.IntN(3000)); err != nil {
		return gone(err)
	}
	pings := time.NewTicker(ping)
	defer pings.Stop()
	old := time.NewTimer(life - time.Duration(rand.Int64N(int64(life/10))))
	defer old.Stop()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-h.done:
			return nil
		case <-old.C:
			return nil
		case <-pings.C:
			err = say(": here\n\n")
		case <-line.Wake():
			for _, t := range line.Changed() {
				if err == nil {
					err = say("event: changed\ndata: %s\n\n", t.word())
				}
			}
			if err == nil {
				err = h.pause(r, calm)
			}
		}
		if err != nil {
			return gone(err)
		}
	}
}

func (h *Hub) pause(r *http.Request, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-r.Context().Done():
		return r.Context().Err()
	case <-h.done:
		return io.EOF
	}
}

// gone: a browser that closes its page is no error of ours, whatever the network calls it.
func gone(error) error { return nil }
