package familyweb_test

import (
	"bytes"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"brug/internal/calendar"
	"brug/internal/db/dbtest"
	"brug/internal/messages"
	"brug/internal/web/ui/uitest"
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

// TestTheCalendarStandsInOneColumn: what is on later is one card, also where two halves of it would be more even.
func TestTheCalendarStandsInOneColumn(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	for i := range 7 {
		day := h.Clock.AddDate(0, 0, 5*i+1).Format(time.DateOnly)
		_, err := h.Calendar.Add(h.Ctx, h.Teacher, calendar.Input{Kind: calendar.Trip, Title: "Naar het bos " + day, Place: "Zoniënwoud", Day: day, From: "09:00", To: "15:30", Class: h.Class["3A"]})
		h.OK(err)
	}
	printsOnOneSheet(t, h, h.link(h.Home("Ali", "")), "large")
}

// TestLongAgreementsPrintOnOneSheetToo: with six of the longest and a full calendar, cards run on rather than onto a second sheet.
func TestLongAgreementsPrintOnOneSheetToo(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	home := h.Home("Ali", "")
	for range 6 {
		h.Clock = h.Clock.Add(time.Minute)
		_, err := h.Messages.Agree(h.Ctx, h.Teacher, messages.AgreementDraft{Household: home.PublicID, Child: home.Children[0].PublicID, Body: strings.Repeat("Elke avond tien minuten samen lezen voor het slapen. ", 5) + h.Clock.String(), Who: messages.ByBoth, LookBack: "2026-12-18"})
		h.OK(err)
	}
	link := h.link(home)
	printsOnOneSheet(t, h, link, "small")
	for i := range 14 {
		day := h.Clock.AddDate(0, 0, i).Format(time.DateOnly)
		_, err := h.Calendar.Add(h.Ctx, h.Teacher, calendar.Input{Kind: calendar.Swim, Title: "Neem iets mee: een badmuts, een handdoek en goede moed " + day, Place: "Zwembad aan de Kerkstraat", Day: day, From: "09:00", To: "15:30", Class: h.Class["3A"]})
		h.OK(err)
	}
	if class := h.get(link).Attr("body", "class"); !strings.Contains(class, "torn") {
		t.Errorf("the page does not know how much stands on it: %s", class)
	}
	printsOnOneSheet(t, h, link, "small")
}

var pdfWord = regexp.MustCompile(`<word xMin="([\d.]+)" [^>]*>([^<]*\d{4}-\d\d-\d\d)[^<]*</word>`)

// standWhole looks whether the days that stand in one card of the calendar also stand in one column of the sheet (595 points wide).
func standWhole(t *testing.T, ask string, page *uitest.Page, pdf string) {
	t.Helper()
	out, err := exec.Command("pdftotext", "-bbox", pdf, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (package poppler-utils): %v", err)
	}
	left := map[string]bool{}
	for _, w := range pdfWord.FindAllStringSubmatch(string(out), -1) {
		x, err := strconv.ParseFloat(w[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		left[w[2]] = x < 595/2
	}
	days := regexp.MustCompile(`\d{4}-\d\d-\d\d`).FindAllString(page.Text("[aria-labelledby=later]"), -1)
	columns := map[bool]int{}
	for _, day := range days {
		side, printed := left[day]
		if !printed {
			t.Errorf("%s: %s is not on the sheet", ask, day)
		}
		columns[side]++
	}
	if len(columns) > 1 {
		t.Errorf("%s: the calendar is torn: %d days stand left, %d right", ask, columns[true], columns[false])
	}
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
		page := h.get(link + ask)
		if !strings.Contains(page.Attr("body", "class"), "torn") {
			standWhole(t, ask, page, out)
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
