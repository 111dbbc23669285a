package route

import (
	"io"
	"net/http"
	"time"
)

// Sound sends a recording, from any place in it: players ask for parts. id changes with the sound. What was heard may be
// kept by the browser for an hour and not longer: whoever spoke may take the voice back. Without an id it may not be kept at all.
func Sound(w http.ResponseWriter, r *http.Request, open func() (io.ReadSeekCloser, error), kind, id string, made time.Time) error {
	f, err := open()
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	keep(h, id)
	h.Set("Content-Security-Policy", "default-src 'none'; media-src 'self'; sandbox") // if opened as a page of its own
	http.ServeContent(w, r, "", made, f)
	return f.Close()
}
