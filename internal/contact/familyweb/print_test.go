package familyweb_test

import (
	"bytes"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"brug/internal/calendar"
	"brug/internal/db/dbtest"
)

var pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)

// TestAFullPagePrintsOnOneSheet: a page with as much going on as it shows fits on one A4 sheet, whatever the language and the size
// of type. (Chromium writes the pages of a PDF uncompressed, so that they can be counted.)
func TestAFullPagePrintsOnOneSheet(t *testing.T) {
	h, link := busy(t)
	printsOnOneSheet(t, h, link, "small")
}

// TestAQuietPagePrintsInLargeLetters: a week with little on uses the sheet, for who reads it from a door of the kitchen.
func TestAQuietPagePrintsInLargeLetters(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	for i := range 9 { // as many as stand in large letters
		day := h.Clock.AddDate(0, 0, i%7).Format(time.DateOnly)
		_, err := h.Calendar.Add(h.Ctx, h.Teacher, calendar.Input{Kind: calendar.Swim, Title: "Neem iets mee: een badmuts, een handdoek en goede moed " + day, Place: "Zwembad aan de Kerkstraat", Day: day, From: "09:00", To: "15:30", Class: h.Class["3A"]})
		h.OK(err)
	}
	printsOnOneSheet(t, h, h.link(h.Home("Ali", "")), "large")
}

func printsOnOneSheet(t *testing.T, h *house, link, letters string) {
	t.Helper()
	if p := h.get(link); strings.Contains(p.Attr("body", "class"), "full") != (letters == "small") {
		t.Fatalf("not in %s letters: %s", letters, p.Attr("body", "class"))
	}
	site := httptest.NewServer(h.Door)
	defer site.Close()
	for _, ask := range []string{"?lang=nl", "?lang=ar", "?lang=ti", "?lang=nl&type=large"} {
		out := filepath.Join(t.TempDir(), "page.pdf")
		chromium := exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), "--no-pdf-header-footer", "--print-to-pdf="+out, site.URL+link+ask)
		if said, err := chromium.CombinedOutput(); err != nil {
			t.Fatalf("chromium: %v: %s", err, said)
		}
		pdf, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(pdfPage.FindAll(bytes.ReplaceAll(pdf, []byte("/Type /Pages"), nil), -1)); n != 1 {
			t.Errorf("%s: %d sheets", ask, n)
			if keep := os.Getenv("BRUG_KEEP_PDF"); keep != "" {
				if err := os.WriteFile(keep, pdf, 0o600); err != nil {
					t.Error(err)
				}
			}
		}
	}
}
