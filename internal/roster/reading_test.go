package roster

import (
	"strings"
	"testing"
	"unicode/utf16"

	"brug/internal/errs"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func TestWhatWasGuessedRightMayBeSaidAsWell(t *testing.T) {
	said := 0
	for _, path := range fixtures(t) {
		files := load(t, path)
		guess, preview, err := Guess(files)
		if err != nil {
			t.Fatal(err)
		}
		var as Reading
		for i, table := range guess.Tables {
			if table.Separator != "" && len(guess.Tables) == 1 {
				as.Separator, as.Charset = table.Separator, table.Charset
			}
			if table.Layout == Ignored {
				continue
			}
			if as.Titles == nil {
				as.Titles = map[int]int{}
			}
			as.Titles[i] = table.HeaderRow
		}
		if guess.Kind == KindXLSX && len(guess.Tables) == 1 {
			as.Sheet = guess.Tables[0].Sheet
		}
		again, seen, err := GuessAs(files, as)
		if err != nil {
			t.Fatalf("%s read as %+v: %v", path, as, err)
		}
		if !again.Chosen.None() {
			said++
		}
		again.Chosen = Reading{}
		if d := cmp.Diff(guess, again); d != "" {
			t.Errorf("%s read as %+v, which is what was guessed:\n%s", path, as, d)
		}
		if d := cmp.Diff(preview, seen); d != "" {
			t.Errorf("%s: the first rows differ:\n%s", path, d)
		}
	}
	if said < 10 {
		t.Errorf("only %d lists have something to choose", said)
	}
}

// utf16le writes text as some programs do: without a byte order mark.
func utf16le(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

func TestAFileIsReadAsAPersonSays(t *testing.T) {
	for _, c := range []struct {
		name   string
		data   string
		as     Reading
		tables string // titles of the columns, and the first cells under them
	}{
		{"another separator", "Naam,Voornaam|Klas\nPeeters,Zo|2A\n", Reading{Separator: "|"}, "Naam,Voornaam|Klas / Peeters,Zo|2A"},
		{"a tab", "Naam\tVoornaam;x\nPeeters\tZoë;y\n", Reading{Separator: "\t"}, "Naam|Voornaam;x / Peeters|Zoë;y"},
		{"another charset", "Naam;Voornaam\nPeeters;Zo\xc3\xab\n", Reading{Charset: Windows1252}, "Naam|Voornaam / Peeters|ZoÃ«"},
		{"UTF-16 that has too few zeros to be recognised", string(utf16le("Ω;Ж\nΔ;Я\n")), Reading{Charset: UTF16LE, Titles: map[int]int{0: 1}}, "Ω|Ж / Δ|Я"},
		{"titles that nobody knows, under a heading", "Lijst van De Wilg\n\neen;twee;drie\nPeeters;Zoë;2A\n", Reading{Titles: map[int]int{0: 3}}, "een|twee|drie / Peeters|Zoë|2A"},
		{"no titles, though the first row looks like them", "Klas;Naam\n2A;Peeters\n", Reading{Titles: map[int]int{0: 0}}, "| / Klas|Naam"},
		{"two rows of titles", ";Moeder;;Vader;\nNaam;Naam;GSM;Naam;GSM\nZoë;An;1;Bart;2\n", Reading{Titles: map[int]int{0: 2}},
			"Naam|Moeder · Naam|Moeder · GSM|Vader · Naam|Vader · GSM / Zoë|An|1|Bart|2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, p, err := GuessAs([]File{{Name: "x.csv", Data: []byte(c.data)}}, c.as)
			if err != nil {
				t.Fatal(err)
			}
			if len(m.Tables) != 1 || m.Tables[0].Layout == Ignored {
				t.Fatalf("%+v", m.Tables)
			}
			if got := strings.Join(p.Tables[0].Header, "|") + " / " + strings.Join(p.Tables[0].Rows[0], "|"); got != c.tables {
				t.Errorf("got %s\nwant %s", got, c.tables)
			}
			if !m.Chosen.Equal(c.as) {
				t.Errorf("the mapping does not say what was chosen: %+v", m.Chosen)
			}
		})
	}
}

func TestTheTopOfAFileKeepsItsRowNumbers(t *testing.T) {
	_, p, err := Guess([]File{{Name: "x.csv", Data: []byte("Lijst van De Wilg\n\nNaam;Voornaam;Klas\nPeeters;Zoë;2A\n")}})
	if err != nil {
		t.Fatal(err)
	}
	want := []TopRow{{1, []string{"Lijst van De Wilg", ""}}, {3, []string{"Naam", "Voornaam", "Klas"}}, {4, []string{"Peeters", "Zoë", "2A"}}}
	for i := range want { // the width of a line without separators does not matter
		want[i].Cells = want[i].Cells[:1]
	}
	got := p.Tables[0].Top
	for i := range got {
		got[i].Cells = got[i].Cells[:1]
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// book is a workbook whose largest sheet lists the staff.
func book(t *testing.T) []File {
	t.Helper()
	f := excelize.NewFile()
	put := func(sheet, cell string, row ...any) {
		t.Helper()
		if err := f.SetSheetRow(sheet, cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetSheetName("Sheet1", "Personeel"); err != nil {
		t.Fatal(err)
	}
	put("Personeel", "A1", "Naam", "Voornaam", "Functie", "E-mail")
	for _, c := range []string{"A2", "A3", "A4", "A5", "A6", "A7"} {
		put("Personeel", c, "Claes", "Jan", "zorg", "jan"+c+"@school.be")
	}
	if _, err := f.NewSheet("Kinderen"); err != nil {
		t.Fatal(err)
	}
	put("Kinderen", "A1", "Schooljaar 2026-2027")
	put("Kinderen", "A3", "Naam", "Voornaam", "Klas", "Moeder")
	put("Kinderen", "A4", "Peeters", "Zoë", "2A", "An Maes")
	put("Kinderen", "A5", "Diallo", "Aïcha", "2B", "Fatou Ba")
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return []File{{Name: "school.xlsx", Data: b.Bytes()}}
}

func TestOnlyTheChosenSheetIsRead(t *testing.T) {
	files := book(t)
	m, _, err := GuessAs(files, Reading{Sheet: "Kinderen"})
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := Read(files, m)
	if err != nil || len(r.Pupils) != 2 || r.Pupils[0].Name() != "Zoë Peeters" || r.Pupils[1].Class != "2B" {
		t.Errorf("%v %s", err, describeRoster(r))
	}
	// also one that the guess passes over
	m, _, err = GuessAs(files, Reading{Sheet: "Personeel", Titles: map[int]int{0: 1}})
	if err != nil || m.Tables[0].Layout != RowPerPupil || m.Tables[1].Layout != Ignored {
		t.Errorf("%v %+v", err, m.Tables)
	}
}

func TestAReadingThatCannotBeIsRefusedAtItsField(t *testing.T) {
	csv := []File{{Name: "x.csv", Data: []byte("Naam;Voornaam\n\nPeeters;Zoë\n")}}
	for _, c := range []struct {
		name  string
		files []File
		as    Reading
		field string
	}{
		{"a separator that is none", csv, Reading{Separator: "x"}, "separator"},
		{"a charset that is none", csv, Reading{Charset: "latin-5"}, "charset"},
		{"nothing left", []File{{Name: "x.csv", Data: []byte("A")}}, Reading{Charset: UTF16LE}, "charset"},
		{"far too wide", []File{{Name: "x.csv", Data: []byte("a;b\n" + strings.Repeat("x,", MaxCols+1) + "y;2\n")}}, Reading{Separator: ","}, "separator"},
		{"a row that is not there", csv, Reading{Titles: map[int]int{0: 9}}, "titles.0"},
		{"no number", csv, Reading{Titles: map[int]int{0: -1}}, "titles.0"},
		{"an empty row", csv, Reading{Titles: map[int]int{0: 2}}, "titles.0"},
		{"the last row", csv, Reading{Titles: map[int]int{0: 3}}, "titles.0"},
		{"a sheet that is not there", book(t), Reading{Sheet: "Leerlingen"}, "sheet"},
	} {
		_, _, err := GuessAs(c.files, c.as)
		fields := errs.FieldsOf(err)
		if _, is := fields[c.field]; !is || len(fields) != 1 || !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v %v", c.name, err, fields)
		}
	}
}

func TestWhatWasChosenStaysForTablesReadAsBefore(t *testing.T) {
	files := book(t)
	m, _, err := Guess(files)
	if err != nil {
		t.Fatal(err)
	}
	m.Tables[0].Columns[2].Field, m.Tables[1].Columns[3].Field = PupilGrade, Skip
	again, _, err := GuessAs(files, Reading{Titles: map[int]int{1: 1}})
	if err != nil {
		t.Fatal(err)
	}
	kept := again.Keep(m)
	if kept.Tables[0].Columns[2].Field != PupilGrade {
		t.Error("a choice for a sheet that is read as before is lost")
	}
	if d := cmp.Diff(again.Tables[1], kept.Tables[1]); d != "" {
		t.Errorf("a sheet that is read otherwise keeps what was chosen for other columns:\n%s", d)
	}
	one, _, err := GuessAs(files, Reading{Sheet: "Kinderen"})
	if err != nil {
		t.Fatal(err)
	}
	if kept := one.Keep(m); kept.Tables[0].Layout != Ignored || kept.Tables[1].Columns[3].Field != Skip {
		t.Errorf("one sheet: %+v", kept.Tables)
	}
	if back := m.Keep(one); back.Tables[0].Layout == Ignored {
		t.Error("all sheets again, and one is still passed over")
	}
}
