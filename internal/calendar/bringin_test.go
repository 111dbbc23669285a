package calendar

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
)

func TestAFileOfHolidays(t *testing.T) {
	data, err := os.ReadFile("testdata/files/vakanties.ics")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	want := Reading{Past: 1, Repeating: 1, Unclear: 1, Found: []Found{
		{Input: Input{Kind: NoSchool, Title: "Pedagogische studiedag, geen opvang", Day: "2026-12-02"}},
		{Input: Input{Kind: Holiday, Title: "Kerstvakantie", Day: "2026-12-21", ToDay: "2027-01-03"}},
		{Input: Input{Kind: NoSchool, Title: "Hemelvaart", Day: "2027-05-06", ToDay: "2027-05-07"}},
		{Input: Input{Kind: Other, Title: "Schoolfeest", Place: "Speelplaats", Day: "2027-05-22", From: "14:00", To: "18:00"}},
	}}
	for name, file := range map[string][]byte{
		"as it is":           data,
		"with CRLF":          bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")),
		"with a mark before": append([]byte("\ufeff"), data...),
	} {
		got, err := readFile(file, zone(t, "Europe/Brussels"), now)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWhatIsNoCalendarFileIsRefused(t *testing.T) {
	for name, data := range map[string]string{
		"nothing":              "",
		"a letter":             "Beste ouders",
		"half a calendar":      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART",
		"a card":               "BEGIN:VCARD\nEND:VCARD",
		"too large":            "BEGIN:VCALENDAR\n" + strings.Repeat("X-A:b\n", MaxFile/5),
		"a line without end":   "BEGIN:VCALENDAR\nX-A" + strings.Repeat(";A=b", maxLine) + ":c\nEND:VCALENDAR\n",
		"the same, but folded": "BEGIN:VCALENDAR\nX-A" + strings.Repeat("\n ;A=b", maxLine) + ":c\nEND:VCALENDAR\n",
	} {
		_, err := readFile([]byte(data), time.UTC, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
		if errs.FieldsOf(err)["file"].ID == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Files of other programs, where they lie beside the project: each is read or refused, none breaks the program.
func TestFilesOfOtherPrograms(t *testing.T) {
	n := 0
	for _, dir := range []string{"testdata/files", "../../../shared/data/ical"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			n++
			r, err := readFile(data, time.UTC, time.Date(2007, 1, 1, 0, 0, 0, 0, time.UTC))
			if err != nil && !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", path, err)
			}
			for _, f := range r.Found {
				if err := f.Check(time.Date(2007, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
					t.Errorf("%s: %+v cannot be stored: %v", path, f, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n == 0 {
		t.Error("no file was read")
	}
}

func FuzzReadFile(f *testing.F) {
	data, err := os.ReadFile("testdata/files/vakanties.ics")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261201\nDTEND:20261201T250000\nSUMMARY:\xff\x00\nEND:VEVENT\nEND:VCALENDAR"))
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := readFile(data, time.UTC, now)
		if err != nil && !errs.Is(err, errs.Invalid) {
			t.Fatal(err)
		}
		for _, found := range r.Found {
			in := found.Input
			if in.clean(); in != found.Input || in.Check(now) != nil {
				t.Errorf("%+v cannot be stored", found.Input)
			}
		}
	})
}

func TestAFileIsLookedAtAndThenBroughtIn(t *testing.T) {
	data, err := os.ReadFile("testdata/files/vakanties.ics")
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.add(w.director, Input{Kind: Holiday, Title: "Wintervakantie", Day: "2026-12-21", ToDay: "2027-01-03"})
		r, err := w.s.Read(w.ctx, w.director, data)
		w.must(err)
		var list []Input
		for _, f := range r.Found {
			if f.There != (f.Title == "Kerstvakantie") {
				t.Errorf("%s: there: %v", f.Title, f.There)
			}
			if !f.There {
				list = append(list, f.Input)
			}
		}
		if days, err := DaysOff(w.ctx, d.Q(), w.director.School.ID, "2026-12-01", "2026-12-10"); err != nil || len(days) != 0 {
			t.Errorf("looking at it has brought in %v, %v", days, err)
		}
		w.must(w.s.BringIn(w.ctx, w.director, list))
		days, err := DaysOff(w.ctx, d.Q(), w.director.School.ID, "2026-12-01", "2027-05-31")
		w.must(err)
		if len(days) != 1+14+2 || !days["2027-05-07"] {
			t.Errorf("days off: %v", days)
		}
		again, err := w.s.Read(w.ctx, w.director, data)
		w.must(err)
		for _, f := range again.Found {
			if !f.There {
				t.Errorf("%s would come in twice", f.Title)
			}
		}

		list[1].Day = "soon"
		err = w.s.BringIn(w.ctx, w.director, list)
		if errs.FieldsOf(err)["1.day"].ID == "" {
			t.Errorf("a day that is none: %v", err)
		}
		w.kind(errs.Invalid, w.s.BringIn(w.ctx, w.director, nil))
		_, err = w.s.Read(w.ctx, w.teacher("2B"), data)
		w.kind(errs.Forbidden, err)
		w.kind(errs.Forbidden, w.s.BringIn(w.ctx, w.teacher("2B"), list))
		if w.journalled("calendar.import") != 1 {
			t.Error("not in the journal")
		}
	})
}
