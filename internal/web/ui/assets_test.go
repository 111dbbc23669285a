package ui

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
)

func get(url string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", url, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	Assets().ServeHTTP(w, r)
	return w
}

func TestAnAssetIsKeptForGoodOnlyUnderItsOwnHash(t *testing.T) {
	url := AssetURL("app.css")
	bare, _, _ := strings.Cut(url, "?")
	for _, c := range []struct {
		name, url string
		immutable bool
	}{
		{"with its hash", url, true},
		{"without", bare, false},
		{"with the hash of yesterday", bare + "?v=yesterday", false},
	} {
		w := get(c.url)
		if w.Code != 200 || w.Header().Get("Content-Type") != "text/css; charset=utf-8" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", c.name, w.Code, w.Header())
		}
		if got := strings.Contains(w.Header().Get("Cache-Control"), "immutable"); got != c.immutable {
			t.Errorf("%s: Cache-Control %q", c.name, w.Header().Get("Cache-Control"))
		}
	}
}

func TestAnAssetComesZippedToWhoCanRead(t *testing.T) {
	url := AssetURL("app.css")
	plain := get(url).Body.Bytes()
	for _, c := range []struct {
		accept string
		zip    bool
	}{{"gzip, deflate, br", true}, {"br;q=1, gzip; q=0", false}, {"", false}, {"*", true}} {
		w := get(url, "Accept-Encoding", c.accept)
		body := w.Body.Bytes()
		if zip := w.Header().Get("Content-Encoding") == "gzip"; zip != c.zip {
			t.Errorf("%q: zipped %v", c.accept, zip)
		} else if zip {
			z, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(body, plain) {
			t.Errorf("%q: another file came", c.accept)
		}
	}
}

func TestAnAssetIsNotSentTwice(t *testing.T) {
	url := AssetURL("family.css")
	tag := get(url).Header().Get("ETag")
	if w := get(url, "If-None-Match", `"other", W/`+tag); w.Code != 304 || w.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes, want 304", w.Code, w.Body.Len())
	}
	if w := get(url, "If-None-Match", `"other"`); w.Code != 200 {
		t.Errorf("status %d, want 200", w.Code)
	}
}

func TestWhatIsNoAssetIsNotServed(t *testing.T) {
	for _, url := range []string{"/assets/", "/assets/nothing.css", "/assets/vendor/README.md", "/assets/vendor/", "/assets/p/nothing.svg", "/assets/p/../app.css", "/assets/p/play"} {
		if w := get(url); w.Code != 404 {
			t.Errorf("%s: status %d, want 404", url, w.Code)
		}
	}
	if AssetURL("nothing.css") != "" || PictogramURL("nothing") != "" {
		t.Error("a URL for what is not there")
	}
}
