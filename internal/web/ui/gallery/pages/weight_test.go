package pages

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"testing"

	"brug/internal/lang"
	"brug/internal/web/ui/uitest"
)

// firstView is what a phone may load before it shows the page: about what fits in the first ten packets of a connection.
const firstView = 14 * 1000

// TestAFamilyPageIsLight weighs page, style and script, compressed, in every language, with all languages to choose from.
func TestAFamilyPageIsLight(t *testing.T) {
	h := Handler()
	for _, tag := range lang.Family {
		p := uitest.Get(t, h, "/family?lang="+tag)
		total := zipped(t, []byte(p.Body))
		for _, sel := range []string{"link[rel=stylesheet]", "script"} {
			for _, n := range p.All(sel) {
				r := httptest.NewRequest("GET", uitest.AttrOf(n, "href")+uitest.AttrOf(n, "src"), nil)
				r.Header.Set("Accept-Encoding", "gzip")
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if w.Code != 200 || w.Header().Get("Content-Encoding") != "gzip" {
					t.Fatalf("%s: status %d, encoding %q", r.URL, w.Code, w.Header().Get("Content-Encoding"))
				}
				total += w.Body.Len()
			}
		}
		if total > firstView {
			t.Errorf("%s: %d bytes, at most %d", tag, total, firstView)
		}
		if tag == "ti" {
			t.Logf("%s: %d bytes", tag, total)
		}
	}
}

func zipped(t *testing.T, b []byte) int {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := io.Copy(z, bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}
