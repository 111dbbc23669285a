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
	"brug/internal/voice"
	"brug/internal/web/ui"
	"brug/internal/web/ui/uitest"
)

// firstView is what a phone may load before it shows the first screen: about what fits into the first ten packets. What
// is further down than the first screen (pictures with loading=lazy) comes after it, and may bring the whole page to wholePage.
const (
	firstView = 14 * 1000
	wholePage = 24 * 1000
)

// TestTheWholePageIsLight weighs the real page with its style, script and pictograms, each compressed as it is sent: every
// shipped material in every language, with a logo that is as hard to make small as can be. Pictures that the browser may
// leave for later do not count for the first view, but they have their size, so that nothing moves when they come, and the
// first screen has all of its own.
func TestTheFirstViewIsLight(t *testing.T) {
	if lacking := ui.Missing(); len(lacking) > 0 {
		t.Fatalf("%s brings %s", ui.Setup, strings.Join(lacking, ", "))
	}
	w := contacttest.New(t, dbtest.SQLite(t))
	w.OK(w.Schools.SetLogo(w.Ctx, w.System, noise(t)))
	texts := material.New(material.Config{DB: w.DB})
	pages := &Pages{Contact: w.Contact, Material: texts, School: w.Schools, Voice: voice.New(voice.Config{DB: w.DB, Material: texts, Blobs: w.Blobs})}
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
	var first, whole heaviest
	for _, m := range material.Shipped().All() {
		secret := printed(w, m.Slug)
		for _, tag := range lang.Family {
			what := m.Slug + " in " + tag
			p := uitest.Get(t, mux, "/f/"+secret+"?lang="+tag)
			if p.Status != http.StatusOK || p.Attr("html", "lang") != tag {
				t.Fatalf("%s: %d, in %q", what, p.Status, p.Attr("html", "lang"))
			}
			now := zipped(t, p.Body)
			later, pictures := 0, 0
			for _, n := range p.All("link[rel=stylesheet], script, img") {
				at := uitest.AttrOf(n, "href") + uitest.AttrOf(n, "src")
				if _, known := parts[at]; !known {
					parts[at] = sent(t, mux, at)
				}
				if uitest.AttrOf(n, "loading") == "lazy" {
					later += parts[at]
				} else {
					now += parts[at]
				}
				if n.Data == "img" {
					if uitest.AttrOf(n, "width") == "" || uitest.AttrOf(n, "height") == "" {
						t.Errorf("%s: %s has no size", what, at)
					}
					pictures++
				}
				if n.Data == "img" && pictures <= 1+2 && uitest.AttrOf(n, "loading") != "" { // the logo and two pictograms
					t.Errorf("%s: %s stands on the first screen and comes late", what, at)
				}
			}
			if want := pictured(m); pictures < want {
				t.Errorf("%s: %d pictograms of %d", what, pictures, want)
			}
			first.weigh(now, what)
			whole.weigh(now+later, what)
		}
	}
	t.Logf("the heaviest first view: %s, %d bytes; page: %s, %d bytes", first.what, first.bytes, whole.what, whole.bytes)
	if first.bytes > firstView {
		t.Errorf("%s: %d bytes, at most %d", first.what, first.bytes, firstView)
	}
	if whole.bytes > wholePage {
		t.Errorf("%s: %d bytes in all, at most %d", whole.what, whole.bytes, wholePage)
	}
}

type heaviest struct {
	bytes int
	what  string
}

func (h *heaviest) weigh(bytes int, what string) {
	if bytes > h.bytes {
		*h = heaviest{bytes, what}
	}
}

// pictured is how many pictograms the page of a material has: one for each part that has one.
func pictured(m *material.Material) int {
	n := 0
	for _, p := range m.Parts {
		if p.Pictogram != "" {
			n++
		}
	}
	if n == 0 && m.Picture != "" {
		n++
	}
	return n
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
