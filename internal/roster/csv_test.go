package roster

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestQuotesAndLineEnds(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       [][]string
	}{
		{"plain", "a,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}},
		{"no end of line", "a,b\n1,2", [][]string{{"a", "b"}, {"1", "2"}}},
		{"old Mac line ends", "a,b\r1,2\r", [][]string{{"a", "b"}, {"1", "2"}}},
		{"separator and line break in quotes", "\"x,y\",\"1\r\n2\"\r\n3,4", [][]string{{"x,y", "1\r\n2"}, {"3", "4"}}},
		{"doubled quote", `"ha ""ha"" ha",2`, [][]string{{`ha "ha" ha`, "2"}}},
		{"quote inside a bare cell", `Ana "Anita" P,2`, [][]string{{`Ana "Anita" P`, "2"}}},
		{"quote not doubled inside a quoted cell", `"Jan "Jos" P",2`, [][]string{{`Jan "Jos" P`, "2"}}},
		{"quote never closed", "\"Jan,2\nPiet,3\n", [][]string{{`"Jan`, "2"}, {"Piet", "3"}}},
		{"spaces around quotes", ` "a" , "b" `, [][]string{{"a", "b"}}},
		{"empty rows stay, so that rows count right", "a,b\n\n1,2\n", [][]string{{"a", "b"}, nil, {"1", "2"}}},
		{"separator at the end", "a,\n1,", [][]string{{"a", ""}, {"1", ""}}},
		{"nothing", "", nil},
	} {
		if got, _ := parseCSV(c.text, ',', MaxRows); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if _, more := parseCSV("a\nb\nc\n", ',', 2); !more {
		t.Error("reading past the limit must be told")
	}
}

func TestSeparatorIsTheOneThatMakesEvenColumns(t *testing.T) {
	for text, want := range map[string]byte{
		"naam;adres\nJan;Straat 1, Gent\nPiet;Laan 2, Gent\n": ';',
		"naam,klas\nJan,1A\n":            ',',
		"naam\tklas\nJan; de 2e\t1A\n":   '\t',
		"naam|klas\nJan|1A\n":            '|',
		"sep=;\nnaam;a,b,c\nJan;a,b,c\n": ';',
		"Lijst, gemaakt op 1 sept\n\nnaam;voornaam;klas\nA;B;1\nC;D;2\nE;F;3\n": ';',
	} {
		if got := separatorOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestCharsets(t *testing.T) {
	utf16 := func(s string, big bool) []byte {
		var out []byte
		for _, r := range s {
			if big {
				out = append(out, byte(r>>8), byte(r))
			} else {
				out = append(out, byte(r), byte(r>>8))
			}
		}
		return out
	}
	for _, c := range []struct {
		name, charset string
		data          []byte
		want          string
	}{
		{"UTF-8", UTF8, []byte("Zoë;1A"), "Zoë;1A"},
		{"UTF-8 with mark", UTF8, []byte("\xef\xbb\xbfZoë"), "Zoë"},
		{"Windows-1252", Windows1252, []byte("Zo\xeb \x80"), "Zoë €"},
		{"UTF-16 LE with mark", UTF16LE, append([]byte{0xff, 0xfe}, utf16("Zoë;ş", false)...), "Zoë;ş"},
		{"UTF-16 BE with mark", UTF16BE, append([]byte{0xfe, 0xff}, utf16("Zoë;ş", true)...), "Zoë;ş"},
		{"UTF-16 LE without mark", UTF16LE, utf16("Naam;Klas\r\nZoë;1A", false), "Naam;Klas\r\nZoë;1A"},
		{"UTF-16 BE without mark", UTF16BE, utf16("Naam;Klas\r\nZoë;1A", true), "Naam;Klas\r\nZoë;1A"},
	} {
		got := charsetOf(c.data)
		if got != c.charset || decode(c.data, got) != c.want {
			t.Errorf("%s: %s %q", c.name, got, decode(c.data, got))
		}
	}
}

// The spectrum's own answers, but for location_coordinates, whose answer there is of another file.
func TestSpectrumOfCSV(t *testing.T) {
	dir := "../../../shared/data/csv/csv-spectrum"
	files, err := filepath.Glob(dir + "/csvs/*.csv")
	if err != nil || len(files) == 0 {
		t.Skip("no samples here")
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		g, err := readText(File{Name: f, Data: data})
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(f), ".csv")
		if name == "location_coordinates" {
			if len(g.rows) != 2 || g.rows[1][1] != "37\ufffd36'37.8\"N 121\ufffd2'17.9\"W" {
				t.Errorf("%s: %q", name, g.rows)
			}
			continue
		}
		answer, err := os.ReadFile(filepath.Join(dir, "json", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var want []map[string]string
		if err := json.Unmarshal(answer, &want); err != nil {
			t.Fatal(err)
		}
		var got []map[string]string
		for _, r := range g.rows[1:] {
			m := map[string]string{}
			for i, c := range r {
				m[g.rows[0][i]] = c
			}
			got = append(got, m)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a;b\n1;2", "\"a\nb\";c", "sep=,\nNaam,Voornaam\nJ,E\n", "\"", "\xff\xfea\x00;\x00", "Naam;Klas\nJan;1A\n;;\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		files := []File{{Name: "lijst.csv", Data: data}}
		m, _, err := Guess(files)
		if err != nil {
			return
		}
		r, issues, err := Read(files, m)
		if err != nil {
			return
		}
		for _, h := range Households(r.Pupils, Own{}) {
			if len(h.Pupils) == 0 {
				t.Error("a household without a pupil")
			}
		}
		again, moreIssues, err := Read(files, m)
		if err != nil || !reflect.DeepEqual(r, again) || !reflect.DeepEqual(issues, moreIssues) {
			t.Error("the same bytes gave another roster")
		}
	})
}

func FuzzEDEX(f *testing.F) {
	for _, name := range []string{"testdata/edex-2.1.xml", "testdata/edex-latin1.xml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><EDEX>&b;</EDEX>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, _, err := readEDEX([]File{{Name: "e.xml", Data: data}})
		if err != nil {
			return
		}
		for _, p := range r.Pupils {
			if p.Name() == "" || p.Key == "" {
				t.Errorf("a pupil without name or key: %+v", p)
			}
		}
	})
}
