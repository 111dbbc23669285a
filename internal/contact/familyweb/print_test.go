package familyweb_test

import (
	"bytes"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

var pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)

// TestAFullPagePrintsOnOneSheet: a page with as much going on as it shows fits on one A4 sheet, whatever the language and the size
// of type. (Chromium writes the pages of a PDF uncompressed, so that they can be counted.)
func TestAFullPagePrintsOnOneSheet(t *testing.T) {
	h, link := busy(t)
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
