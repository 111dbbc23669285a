package familyweb_test

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
	"time"

	"brug/internal/calendar"
	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/contact/familyweb"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/messages"
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
	pages := &familyweb.Pages{Contact: w.Contact, Material: texts, School: w.Schools, Voice: voice.New(voice.Config{DB: w.DB, Material: texts, Blobs: w.Blobs})}
	mux := http.NewServeMux()
	mux.Handle("GET "+ui.AssetPrefix, ui.Assets())
	for _, r := range pages.Routes() {
		mux.HandleFunc(r.Method+" "+r.Pattern, func(rw http.ResponseWriter, req *http.Request) {
			if err := r.Handle(rw, req); err != nil {
				t.Errorf("%s: %v", r.Pattern, err)
			}
		})
	}

	s := scales{t: t, door: mux, parts: map[string]int{}}
	for _, m := range material.Shipped().All() {
		secret := printed(w, m.Slug)
		for _, tag := range lang.Family {
			what := m.Slug + " in " + tag
			p := uitest.Get(t, mux, "/f/"+secret+"?lang="+tag)
			if p.Status != http.StatusOK || p.Attr("html", "lang") != tag {
				t.Fatalf("%s: %d, in %q", what, p.Status, p.Attr("html", "lang"))
			}
			pictures := s.weigh(p, what)
			if want := pictured(m); pictures < want {
				t.Errorf("%s: %d pictograms of %d", what, pictures, want)
			}
		}
	}
	s.told()
}

// scales weigh pages with all that they bring.
type scales struct {
	t            *testing.T
	door         http.Handler
	parts        map[string]int // by address: the same from page to page
	first, whole heaviest
}

// weigh puts a page on the scales and tells how many pictures it has.
func (s *scales) weigh(p *uitest.Page, what string) (pictures int) {
	s.t.Helper()
	now, later := zipped(s.t, p.Body), 0
	for _, n := range p.All("link[rel=stylesheet], script, img, [data-script]") {
		at := uitest.AttrOf(n, "href") + uitest.AttrOf(n, "src") + uitest.AttrOf(n, "data-script")
		if _, known := s.parts[at]; !known {
			s.parts[at] = sent(s.t, s.door, at)
		}
		if uitest.AttrOf(n, "loading") == "lazy" || n.Data == "form" {
			later += s.parts[at]
		} else {
			now += s.parts[at]
		}
		if n.Data == "img" {
			if uitest.AttrOf(n, "width") == "" || uitest.AttrOf(n, "height") == "" {
				s.t.Errorf("%s: %s has no size", what, at)
			}
			pictures++
		}
		if n.Data == "img" && pictures <= 1+2 && uitest.AttrOf(n, "loading") != "" { // the logo and two pictograms
			s.t.Errorf("%s: %s stands on the first screen and comes late", what, at)
		}
	}
	s.first.weigh(now, what)
	s.whole.weigh(now+later, what)
	return pictures
}

// told reports the heaviest.
func (s *scales) told() {
	s.t.Helper()
	s.t.Logf("the heaviest first view: %s, %d bytes; page: %s, %d bytes", s.first.what, s.first.bytes, s.whole.what, s.whole.bytes)
	if s.first.bytes > firstView {
		s.t.Errorf("%s: %d bytes, at most %d", s.first.what, s.first.bytes, firstView)
	}
	if s.whole.bytes > wholePage {
		s.t.Errorf("%s: %d bytes in all, at most %d", s.whole.what, s.whole.bytes, wholePage)
	}
}

// TestThePersonalPageIsLight weighs the pages of a guardian with much going on: new and old messages, of all kinds, talks, agreements,
// a full calendar; in every language.
func TestThePersonalPageIsLight(t *testing.T) {
	h, link := busy(t)
	s := scales{t: t, door: h.Door, parts: map[string]int{}}
	for _, tag := range lang.Family {
		p := h.get(link + "?lang=" + tag)
		if p.Status != http.StatusOK || p.Attr("html", "lang") != tag || p.Count(".new") == 0 || p.Count(".agreed") == 0 || p.Count("[aria-labelledby=talks] li") == 0 || p.Count("[aria-labelledby=later] li") == 0 {
			t.Fatalf("in %s: %d %v", tag, p.Status, p.Texts("h2"))
		}
		s.weigh(p, "first page in "+tag)
		for _, a := range p.All("[aria-labelledby=earlier] .line, [aria-labelledby=talks] .line") {
			at := uitest.AttrOf(a, "href")
			s.weigh(h.get(at), at[len(link):]+" in "+tag)
		}
		for _, at := range []string{"/write", "/choices", "/second", "/notme", "/messages"} {
			s.weigh(h.get(link+at), at+" in "+tag)
		}
	}
	s.told()
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

// busy is the page of a guardian with as much going on as a page shows.
func busy(t *testing.T) (h *house, link string) {
	t.Helper()
	h = newHouse(t, dbtest.SQLite(t))
	h.OK(h.Schools.SetLogo(h.Ctx, h.System, noise(t)))
	home := h.Home("Ali", "")
	for i, kind := range calendar.Kinds() {
		day := h.Clock.AddDate(0, 0, i).Format(time.DateOnly)
		in := calendar.Input{Kind: kind, Title: "Neem iets mee: een badmuts, een handdoek en goede moed " + day, Place: "Zwembad aan de Kerkstraat", Day: day, Class: h.Class["3A"]}
		if !kind.Off() {
			in.From, in.To = "09:00", "15:30"
		}
		_, err := h.Calendar.Add(h.Ctx, h.Teacher, in)
		h.OK(err)
	}
	for i := range 8 {
		h.Clock = h.Clock.Add(time.Minute)
		h.send(messages.Draft{Material: material.Shipped().All()[i*20].Slug, Fill: contact.Fill{Date: "2026-12-08", Time: "15:30", Place: "de school"}})
	}
	link = h.link(home)
	for i := range 6 {
		h.Clock = h.Clock.Add(2 * time.Minute)
		h.follow(h.upload(link+"/write", map[string]string{"body": strings.Repeat("Ali slaapt al een week niet goed en wil niet eten. ", i+1)}, nil))
		_, err := h.Messages.Agree(h.Ctx, h.Teacher, messages.AgreementDraft{Household: home.PublicID, Child: home.Children[0].PublicID, Body: "Elke avond tien minuten samen lezen, voor het slapen. " + h.Clock.String(), Who: messages.ByBoth, LookBack: "2026-12-18"})
		h.OK(err)
	}
	first := h.get(link)
	for i, at := range first.All(".new .first") {
		if i%2 == 0 {
			h.get(uitest.AttrOf(at, "href")) // read
		}
	}
	return h, link
}
