package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"brug/internal/pictogram"
)

// AssetPrefix is where Assets is mounted.
const AssetPrefix = "/assets/"

// Setup is the command that brings what Missing names.
const Setup = "bin/setup"

// The vendor folder is ignored but for its README, so that a clean clone builds; bin/setup fills it.
//
//go:embed assets
var embedded embed.FS

// assetTypes are the only kinds of file that are served.
var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
}

// asset is one file, ready to be sent.
type asset struct {
	kind   string
	hash   string // of the content; also the v= of its URL
	plain  []byte
	zipped []byte // nil where it would not be smaller
}

func newAsset(name string, content []byte) *asset {
	sum := sha256.Sum256(content)
	a := &asset{kind: assetTypes[path.Ext(name)], hash: base64.RawURLEncoding.EncodeToString(sum[:9]), plain: content}
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a valid constant
	// Writing to a bytes.Buffer does not fail.
	_, _ = z.Write(content)
	_ = z.Close()
	if b.Len() < len(content) {
		a.zipped = b.Bytes()
	}
	return a
}

// files are the embedded assets by the path behind AssetPrefix.
var files = sync.OnceValue(func() map[string]*asset {
	out := map[string]*asset{}
	err := fs.WalkDir(embedded, "assets", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || assetTypes[path.Ext(p)] == "" {
			return err
		}
		b, err := embedded.ReadFile(p)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(p, "assets/")
		out[name] = newAsset(name, b)
		return nil
	})
	if err != nil {
		panic("ui: embedded assets: " + err.Error()) // they are part of the program: cannot happen once it is built
	}
	return out
})

// pictograms are made ready when they are first asked for: there are hundreds, and a page has a few.
var pictograms sync.Map // name → *asset

func pictogramAsset(name string) *asset {
	if a, ok := pictograms.Load(name); ok {
		return a.(*asset)
	}
	b, ok := pictogram.SVG(name)
	if !ok {
		return nil
	}
	a, _ := pictograms.LoadOrStore(name, newAsset(name+".svg", smallSVG(b)))
	return a.(*asset)
}

func findAsset(name string) *asset {
	if p, ok := strings.CutPrefix(name, "p/"); ok {
		if p, ok = strings.CutSuffix(p, ".svg"); ok {
			return pictogramAsset(p)
		}
		return nil
	}
	return files()[name]
}

// AssetURL is where a file of this package is found: "app.css", "vendor/htmx.min.js". The URL changes with the content,
// so that a browser may keep what it has for good. Empty for a file that is not there.
func AssetURL(name string) string {
	a := findAsset(name)
	if a == nil {
		return ""
	}
	return AssetPrefix + name + "?v=" + a.hash
}

// PictogramURL is where a pictogram is found; empty for one that is not there.
func PictogramURL(name string) string { return AssetURL("p/" + name + ".svg") }

// AssetText is the content of an asset, for who gives it under another address: a service worker must lie where its pages do.
func AssetText(name string) ([]byte, bool) {
	a := findAsset(name)
	if a == nil {
		return nil, false
	}
	return a.plain, true
}

// Assets serves everything below AssetPrefix. A file asked for with the hash of its content may be kept for a year,
// without it for five minutes.
func Assets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		a := findAsset(strings.TrimPrefix(r.URL.Path, AssetPrefix))
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		if a == nil {
			http.Error(w, "not found", http.StatusNotFound)
			return
		}
		h.Set("Content-Type", a.kind)
		h.Set("Vary", "Accept-Encoding")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if a.kind == assetTypes[".svg"] {
			h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'") // if opened as a page of its own
		}
		if r.URL.Query().Get("v") == a.hash {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			h.Set("Cache-Control", "public, max-age=300")
		}
		body, tag := a.plain, `"`+a.hash+`"`
		if a.zipped != nil && acceptsGzip(r) {
			h.Set("Content-Encoding", "gzip")
			body, tag = a.zipped, `"`+a.hash+`-gzip"`
		}
		h.Set("ETag", tag)
		if hasTag(r.Header.Get("If-None-Match"), tag) {
			h.Del("Content-Type")
			h.Del("Content-Encoding")
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(body) // a browser that has gone is no error of ours
		}
	})
}

func acceptsGzip(r *http.Request) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if (name == "gzip" || name == "*") && strings.ReplaceAll(q, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

func hasTag(header, tag string) bool {
	for _, t := range strings.Split(header, ",") {
		if t = strings.TrimSpace(t); t == tag || t == "W/"+tag || t == "*" {
			return true
		}
	}
	return false
}

// vendored are the files that Setup brings.
var vendored = []string{"vendor/htmx.min.js"}

// Missing are the files that the pages would use and that were not there when the program was built. Pages work
// without them; Setup brings them. Pictograms are counted by package pictogram.
func Missing() []string {
	var out []string
	for _, name := range vendored {
		if files()[name] == nil {
			out = append(out, "internal/web/ui/assets/"+name)
		}
	}
	return out
}
