package route

import "net/http"

// Anew makes the browser load the whole page again, when only the script of ui.Progress asks for its part of it: the work
// has ended, and what follows stands elsewhere on the page. It does nothing for who opens the page. Call before writing.
func Anew(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("HX-Request") == "true" {
		w.Header().Set("HX-Refresh", "true")
	}
}
