package calendar

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"

	"brug/internal/lang"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// family is the feed of a family with two children, around both changes of the clock.
func family(t *testing.T) Feed {
	made, changed := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	e := func(public string, kind Kind, day string, version int64) Event {
		return Event{PublicID: public, Kind: kind, Lang: "nl", Day: day, CreatedAt: made, UpdatedAt: changed, Version: version}
	}
	swim := e("swim", Swim, "2026-12-08", 1)
	swim.From, swim.To, swim.Place = "09:00", "11:30", "Zwembad Rozebroeken; ingang 2, Gent"
	holiday := e("holiday", Holiday, "2026-12-21", 1)
	holiday.ToDay, holiday.Title = "2027-01-01", "Kerstvakantie"
	gone := e("gone", Library, "2026-12-09", 3)
	gone.Cancelled = true
	early := e("early", Early, "2026-12-18", 2)
	early.From = "12:00"
	camp := e("camp", Trip, "2027-05-10", 1)
	camp.ToDay, camp.From = "2027-05-12", "08:30"
	camp.Title = "Wij slapen twee nachten op de boerderij: een zaklamp, warme kleren, een knuffel \\ en stevige schoenen\nniet vergeten 👍🏽"
	return Feed{School: "De Wilg", Zone: zone(t, "Europe/Brussels"), Lang: "nl", Names: true, Now: changed, Lines: []Line{
		{Event: swim, Children: []string{"Noor"}}, {Event: gone, Children: []string{"Noor", "Yusuf"}}, {Event: early}, {Event: holiday}, {Event: camp, Children: []string{"يوسف"}}}}
}

// What calendar programs must find: the moments as seconds, so that a wrong zone shows.
var wanted = []string{
	"wrong: 0",
	"swim@brug|0|confirmed|" + seconds("2026-12-08T09:00:00+01:00") + "|" + seconds("2026-12-08T11:30:00+01:00") + "|",
	"gone@brug|2|cancelled|20261209|20261210|",
	"early@brug|1|confirmed|" + seconds("2026-12-18T12:00:00+01:00") + "|" + seconds("2026-12-18T12:00:00+01:00") + "|",
	"holiday@brug|0|confirmed|20261221|20270102|",
	"camp@brug|0|confirmed|" + seconds("2027-05-10T08:30:00+02:00") + "|" + seconds("2027-05-13T00:00:00+02:00") + "|",
}

func seconds(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return strconv.FormatInt(t.Unix(), 10)
}

func TestLibicalReadsTheFeedInEveryLanguage(t *testing.T) {
	args := []string{"testdata/libical.py"}
	dir := t.TempDir()
	for _, tag := range lang.Family {
		f := family(t)
		f.Lang = tag
		file := filepath.Join(dir, tag+".ics")
		if err := os.WriteFile(file, []byte(f.Text()), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	out, err := exec.Command("/usr/bin/python3", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	told := strings.Split(strings.TrimSpace(string(out)), "\n\n")
	if len(told) != len(lang.Family) {
		t.Fatalf("libical tells of %d feeds", len(told))
	}
	for i, tag := range lang.Family {
		var got []string
		for i, s := range strings.Split(told[i], "\n") {
			if i > 0 {
				s = s[:strings.LastIndexByte(s, '|')+1]
			}
			got = append(got, s)
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("%s: %s", tag, diff)
		}
		if name := Swim.Name(lang.For(tag)); !strings.Contains(told[i], name) {
			t.Errorf("%s: libical does not find %q", tag, name)
		}
	}
}

func TestKhalReadsTheFeed(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"feed.ics": family(t).Text(),
		"khal.conf": "[calendars]\n[[school]]\npath = " + dir + "/school\n[sqlite]\npath = " + dir + "/khal.db\n" +
			"[locale]\nlocal_timezone = Europe/Brussels\ndefault_timezone = Europe/Brussels\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\n" +
			"longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "school"), 0o700); err != nil {
		t.Fatal(err)
	}
	khal := func(args ...string) string {
		cmd := exec.Command("khal", append([]string{"-c", filepath.Join(dir, "khal.conf")}, args...)...)
		cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CACHE_HOME="+dir, "LC_ALL=C.UTF-8")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("khal %v: %v: %s", args, err, out)
		}
		return string(out)
	}
	khal("import", "--batch", "-a", "school", filepath.Join(dir, "feed.ics"))
	got := khal("list", "--day-format", "", "--once", "--format", "{start-long}|{end-long}|{title}|{location}|{cancelled}", "2026-12-01", "200d")
	l := lang.For("nl").Plain()
	want := strings.Join([]string{ // khal gives an hour to what has no end
		"2026-12-08 09:00|2026-12-08 11:30|Noor: " + Swim.Name(l) + "|Zwembad Rozebroeken; ingang 2, Gent|",
		"2026-12-09|2026-12-09|" + l.C("event", "Does not go on: {what}", "what", "Noor en Yusuf: "+Library.Name(l)) + "||CANCELLED ",
		"2026-12-18 12:00|2026-12-18 13:00|" + Early.Name(l) + "||",
		"2026-12-21|2027-01-01|" + Holiday.Name(l) + ": Kerstvakantie||",
		"2027-05-10 08:30|2027-05-13 00:00|يوسف: " + Trip.Name(l) + ": Wij slapen twee nachten op de boerderij: een zaklamp, warme kleren, een knuffel \\ en stevige schoenen niet vergeten 👍🏽||",
	}, "\n")
	if diff := cmp.Diff(want, strings.TrimSpace(strings.ReplaceAll(got, "\n\n", "\n"))); diff != "" {
		t.Error(diff)
	}
}

func TestLinesOfAFeedAreFoldedAndSayTheirLanguage(t *testing.T) {
	f := family(t)
	f.Lang = "ar"
	text := f.Text()
	if !strings.HasSuffix(text, "\r\nEND:VCALENDAR\r\n") || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Error("lines do not end in CRLF")
	}
	for _, l := range strings.Split(text, "\r\n") {
		if len(l) > 75 || !utf8.ValidString(l) {
			t.Errorf("%d octets, or cut within a sign: %q", len(l), l)
		}
	}
	cal, err := ics.ParseCalendar(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range cal.Events() {
		if got := v.GetProperty(ics.ComponentPropertySummary).ICalParameters["LANGUAGE"]; len(got) != 1 || got[0] != "ar" {
			t.Errorf("%s: summary in %v", v.Id(), got)
		}
		if p := v.GetProperty(ics.ComponentPropertyDescription); p != nil && p.ICalParameters["LANGUAGE"][0] != "nl" {
			t.Errorf("%s: the school's own words in %v", v.Id(), p.ICalParameters)
		}
	}
	if v := cal.Events()[3]; v.GetProperty(ics.ComponentPropertyDescription).Value != "Kerstvakantie" {
		t.Error("the school's own words do not come along for who reads another language")
	}
	if strings.ContainsAny(text, "\u2068\u2069") {
		t.Error("isolating marks in a calendar")
	}
}

func TestAFeedOfWholeDaysNeedsNoZone(t *testing.T) {
	f := family(t)
	f.Lines = f.Lines[3:4]
	if strings.Contains(f.Text(), "VTIMEZONE") {
		t.Error("a zone for nothing")
	}
	f.Lines = nil
	if _, err := ics.ParseCalendar(strings.NewReader(f.Text())); err != nil {
		t.Errorf("an empty feed: %v", err)
	}
}

func TestZonesAreWrittenDownAsTheyAre(t *testing.T) {
	for _, c := range []struct{ zone, want string }{
		{"America/Paramaribo", "STANDARD 19841001T000000 -0330 -0300"},
		{"Europe/Brussels", "STANDARD 20261025T030000 +0200 +0100, DAYLIGHT 20270328T020000 +0100 +0200"},
	} {
		tz := timezone(zone(t, c.zone), date("2026-12-01"), date("2027-06-01"))
		var got []string
		for _, p := range tz.Components {
			name := "STANDARD"
			if _, ok := p.(*ics.Daylight); ok {
				name = "DAYLIGHT"
			}
			for _, property := range p.UnknownPropertiesIANAProperties()[:3] {
				name += " " + property.Value
			}
			got = append(got, name)
		}
		if diff := cmp.Diff(c.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s: %s", c.zone, diff)
		}
	}
}
