package insightweb_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/auth/authweb"
	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/insight"
	"brug/internal/insight/insightweb"
	"brug/internal/school"
	"brug/internal/web"
	"brug/internal/web/ui/uitest"
)

// desk is the believable school with the pages of coverage behind the real front door, and somebody signed in.
type desk struct {
	*contacttest.World
	door   http.Handler
	cookie []*http.Cookie
	t      testing.TB
}

func newDesk(t testing.TB, d *db.DB) *desk {
	w := contacttest.New(t, d)
	now := func() time.Time { return w.Clock }
	pages := &insightweb.Pages{Insight: insight.New(insight.Config{DB: d, School: w.Schools, Contact: w.Contact, Now: now}), School: w.Schools, Now: now}
	sign := &authweb.Pages{Auth: w.Auth, DB: d, Demo: true, Now: now}
	return &desk{World: w, t: t, door: web.Handler(web.Config{DB: d, Auth: w.Auth, Routes: append(pages.Routes(), sign.Routes()...), BaseURL: "http://brug.test", Log: slog.New(slog.NewTextHandler(io.Discard, nil))})}
}

// as signs in.
func (d *desk) as(account int64) *desk {
	d.t.Helper()
	link, err := d.Auth.DemoLink(d.Ctx, account)
	d.OK(err)
	r := httptest.NewRequest("GET", "http://brug.test/demo/"+link, nil)
	w := httptest.NewRecorder()
	d.door.ServeHTTP(w, r)
	d.cookie = w.Result().Cookies()
	if len(d.cookie) == 0 {
		d.t.Fatalf("not signed in: %d", w.Code)
	}
	return d
}

func (d *desk) with(r *http.Request) {
	for _, c := range d.cookie {
		r.AddCookie(c)
	}
}

func (d *desk) open(path string) *uitest.Page {
	d.t.Helper()
	return uitest.Get(d.t, d.door, path, d.with)
}

// file opens a CSV and gives its status, its first line as it is, and its cells.
func (d *desk) file(path string) (status int, first string, cells [][]string) {
	d.t.Helper()
	r := httptest.NewRequest("GET", "http://brug.test"+path, nil)
	d.with(r)
	w := httptest.NewRecorder()
	d.door.ServeHTTP(w, r)
	body, marked := bytes.CutPrefix(w.Body.Bytes(), []byte("\ufeff"))
	if w.Code == http.StatusOK && (!marked || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment")) {
		d.t.Errorf("%s: %v, mark %v", path, w.Header(), marked)
	}
	first, _, _ = strings.Cut(string(body), "\r\n")
	c := csv.NewReader(bytes.NewReader(body))
	c.Comma = ';'
	cells, err := c.ReadAll()
	if w.Code == http.StatusOK {
		d.OK(err)
	}
	return w.Code, first, cells
}

func (d *desk) log(entries ...contact.Entry) {
	d.t.Helper()
	d.OK(d.DB.Write(d.Ctx, func(tx *db.Tx) error {
		_, err := d.Contact.Log(d.Ctx, tx, d.School.ID, entries)
		return err
	}))
}

func TestThePageOfCoverage(t *testing.T) {
	d := newDesk(t, dbtest.SQLite(t))
	ali, cas := d.Home("Ali", ""), d.Home("Cas", "An Maes")
	d.log(contact.Entry{HouseholdID: ali.ID, PupilID: ali.Children[0].ID, Area: contact.AreaSlips, Road: contact.Paper, Direction: contact.Out, Stage: contact.Answered},
		contact.Entry{HouseholdID: cas.ID, PupilID: cas.Children[0].ID, Area: contact.AreaSlips, Road: contact.Paper, Direction: contact.Out, Stage: contact.Offered})
	at := "/s/" + d.School.Slug + "/coverage"
	page := d.as(d.Teacher.AccountID).open(at)
	page.Check()
	page.Has(".cover-weeks")
	if n := page.Count(".cover-table tbody tr"); n < 8 {
		t.Errorf("%d lines in the twins of the drawings", n)
	}
	// every figure that is a link opens a list with as many families
	figures := 0
	for _, a := range page.All(".cover-table td a, .cover-figure a") {
		number, _, _ := strings.Cut(uitest.TextOf(a), " ")
		want, err := strconv.Atoi(number)
		d.OK(err)
		list := d.open(uitest.AttrOf(a, "href"))
		list.Check()
		if n := list.Count("tbody tr"); n != want {
			t.Errorf("%s says %d, and leads to %d families", uitest.AttrOf(a, "href"), want, n)
		}
		figures++
	}
	if figures < 10 {
		t.Errorf("%d figures lead to families", figures)
	}
	d.open(at + "/waiting").Check()
	if s := d.open(at + "?weeks=5").Status; s == http.StatusOK {
		t.Errorf("five weeks: %d", s)
	}
	if s := d.open(at + "?class=" + d.Class["1B"]).Status; s == http.StatusOK {
		t.Errorf("another teacher's class: %d", s)
	}
}

func TestTablesAsFiles(t *testing.T) {
	d := newDesk(t, dbtest.SQLite(t))
	ali := d.Home("Ali", "")
	card, err := d.Schools.Pupil(d.Ctx, d.System, ali.Children[0].PublicID)
	d.OK(err)
	d.OK(d.Schools.ChangePupil(d.Ctx, d.System, ali.Children[0].PublicID, card.Version, school.PupilInput{Given: "=HYPERLINK(1)", Family: "Haddad"}))
	d.log(contact.Entry{HouseholdID: ali.ID, PupilID: ali.Children[0].ID, Area: contact.AreaSlips, Road: contact.Paper, Direction: contact.Out, Stage: contact.Offered})
	at := "/s/" + d.School.Slug + "/coverage/export"
	d.as(d.Teacher.AccountID)
	for _, table := range []string{"week", "class", "lang", "road", "routine", "balance", "waits", "waiting", "all"} {
		status, first, cells := d.file(at + "?table=" + table)
		if status != http.StatusOK || len(cells) < 2 || !strings.Contains(first, ";") {
			t.Errorf("%s: %d, %q, %d lines", table, status, first, len(cells))
		}
	}
	_, _, weeks := d.file(at + "?table=week")
	if last := weeks[len(weeks)-1]; !slices.Equal(last, []string{"2026-11-23", "4", "1", "0", "0", "3"}) {
		t.Errorf("this week %q", last)
	}
	_, _, families := d.file(at + "?table=families&by=all&level=offered")
	if len(families) != 2 || families[1][0] != "'=HYPERLINK(1) Haddad" {
		t.Errorf("a name that is a formula: %q", families)
	}
	for _, path := range []string{"?table=secrets", "?table=families&by=road&key=pigeon&level=offered"} {
		if status, _, _ := d.file(at + path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestTheSupportCentreHasItsOwnPage(t *testing.T) {
	d := newDesk(t, dbtest.SQLite(t))
	made, err := d.Auth.CreateSupport(d.Ctx, auth.Actor{Role: auth.System, Name: "operator"}, "Steun", "steun@brug.test", "nl", "vier appels onder de tafel")
	d.OK(err)
	d.as(made.AccountID)
	page := d.open("/support/coverage")
	page.Check()
	if n := page.Count("tbody tr"); n != 2 {
		t.Errorf("%d schools", n)
	}
	for _, cell := range page.Texts("tbody td, .cover-figure b") {
		if n, err := strconv.Atoi(cell); err == nil && n < insight.Few {
			t.Errorf("a count of %d families is shown", n)
		}
	}
	_, _, cells := d.file("/support/coverage/export")
	if len(cells) != 3 {
		t.Errorf("file: %q", cells)
	}
	if s := d.open("/s/" + d.School.Slug + "/coverage").Status; s == http.StatusOK {
		t.Errorf("the support centre opens a school's report: %d", s)
	}
	if s := d.as(d.Teacher.AccountID).open("/support/coverage").Status; s == http.StatusOK {
		t.Errorf("a teacher opens the centre's page: %d", s)
	}
}
