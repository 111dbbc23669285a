package familyweb

import (
	"bytes"
	"compress/gzip"
	"image"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/web/ui"
	"brug/internal/web/ui/uitest"
)

// firstView is what a phone may load in all before it shows the page: about what fits into the first ten packets.
const firstView = 14 * 1000

// TestTheWholePageIsLight weighs the real page with its style, script and pictograms, each compressed as it is sent: every
// shipped slip in every language, with a logo that is as hard to make small as can be.
func TestTheWholePageIsLight(t *testing.T) {
	if lacking := ui.Missing(); len(lacking) > 0 {
		t.Fatalf("%s brings %s", ui.Setup, strings.Join(lacking, ", "))
	}
	w := contacttest.New(t, dbtest.SQLite(t))
	w.OK(w.Schools.SetLogo(w.Ctx, w.System, noise(t)))
	pages := &Pages{Contact: w.Contact, Material: material.New(material.Config{DB: w.DB}), School: w.Schools}
	mux := http.NewServeMux()
	mux.Handle("GET "+ui.AssetPrefix, ui.Assets())
	for _, r := range pages.Routes() {
		mux.HandleFunc(r.Method+" "+r.Pattern, func(rw http.ResponseWriter, req *http.Request) {
			if err := r.Handle(rw, req); err != nil {
				t.Errorf("%s: %v", r.Pattern, err)
			}
		})
	}

	parts := map[string]int{} // by address: the same from page to page
	heaviest, where := 0, ""
	for _, m := range material.Shipped().All() {
		secret := printed(w, m.Slug)
		for _, tag := range lang.Family {
			p := uitest.Get(t, mux, "/f/"+secret+"?lang="+tag)
			if p.Status != http.StatusOK || p.Attr("html", "lang") != tag {
				t.Fatalf("%s in %s: %d, in %q", m.Slug, tag, p.Status, p.Attr("html", "lang"))
			}
			total, pictures := zipped(t, p.Body), 0
			for _, n := range p.All("link[rel=stylesheet], script, img") {
				at := uitest.AttrOf(n, "href") + uitest.AttrOf(n, "src")
				if _, known := parts[at]; !known {
					parts[at] = sent(t, mux, at)
				}
				total += parts[at]
				if n.Data == "img" {
					pictures++
				}
			}
			if pictures < 3 {
				t.Errorf("%s in %s: %d pictograms only", m.Slug, tag, pictures)
			}
			if total > heaviest {
				heaviest, where = total, m.Slug+" in "+tag
			}
		}
	}
	t.Logf("the heaviest: %s, %d bytes", where, heaviest)
	if heaviest > firstView {
		t.Errorf("%s: %d bytes, at most %d", where, heaviest, firstView)
	}
}

// noise is a picture that no format makes small.
func noise(t *testing.T) []byte {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	img := image.NewRGBA(image.Rect(0, 0, 500, 400))
	for i := range img.Pix {
		img.Pix[i] = byte(random.Uint32())
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// printed is the secret of a slip that a family got.
func printed(w *contacttest.World, slug string) string {
	w.T.Helper()
	home, codes := w.Home("Desta", ""), contact.Secrets(1)
	w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		return w.Contact.KeepCodes(w.Ctx, tx, w.School.ID, []contact.CodeFor{{HouseholdID: home.ID, PupilID: home.Children[0].ID, Material: slug, Lang: "ti"}}, codes)
	}))
	return codes[0].Token
}

// sent is the size in which a part of the page is sent to a browser that takes gzip.
func sent(t *testing.T, h http.Handler, at string) int {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, at, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	rw := httptest.NewRecorder()
	h.ServeHTTP(rw, r)
	if rw.Header().Get("Content-Type") == "image/jpeg" && rw.Code == http.StatusOK {
		return rw.Body.Len() // the school's logo: compressed already
	}
	if rw.Code != http.StatusOK || rw.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("%s: status %d, encoding %q", at, rw.Code, rw.Header().Get("Content-Encoding"))
	}
	return rw.Body.Len()
}

func zipped(t *testing.T, page string) int {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write([]byte(page)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}
