package route

import (
	"bytes"
	"mime"
	"net/http"
	"strings"
	"time"
)

// File sends a file of a message or a conversation: pictures and recordings to be seen and heard on a page, everything else
// to be saved. kind was found from the bytes when the file came in. Browsers may keep it under its id for an hour and not longer;
// without an id not at all.
func File(w http.ResponseWriter, r *http.Request, name, kind, id string, open func() ([]byte, error)) error {
	data, err := open()
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	keep(h, id)
	h.Set("Content-Security-Policy", "default-src 'none'; media-src 'self'; img-src 'self'; sandbox") // if opened as a page of its own
	how := "attachment"
	if strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "audio/") {
		how = "inline"
	}
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": name}))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	return nil
}

// keep tells browsers that they may keep what is sent under its id for an hour; without an id, that they may not keep it.
func keep(h http.Header, id string) {
	if id == "" {
		h.Set("Cache-Control", "private, no-store")
		return
	}
	h.Set("Cache-Control", "private, max-age=3600")
	h.Set("ETag", `"`+id+`"`)
}
