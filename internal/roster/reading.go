package roster

import (
	"maps"
	"slices"
	"strconv"

	"brug/internal/errs"
)

// Reading is what a person chose of how the files are read, where the guess is wrong. What is left empty is guessed:
// the zero Reading is Guess.
type Reading struct {
	Separator string      `json:"separator,omitempty"` // of all text files: one of Separators
	Charset   string      `json:"charset,omitempty"`   // of all text files: one of Charsets
	Sheet     string      `json:"sheet,omitempty"`     // of a workbook: the only sheet that is read
	Titles    map[int]int `json:"titles,omitempty"`    // by table: the row with its titles, from 1; 0: it has none
}

// Separators are those that can be chosen.
func Separators() []string { return []string{";", ",", "\t", "|"} }

// Charsets are those that can be chosen.
func Charsets() []string { return []string{UTF8, Windows1252, UTF16LE, UTF16BE} }

// None tells whether everything is left to the guess.
func (r Reading) None() bool {
	return r.Separator == "" && r.Charset == "" && r.Sheet == "" && len(r.Titles) == 0
}

// Equal tells whether two readings choose the same.
func (r Reading) Equal(o Reading) bool {
	return r.Separator == o.Separator && r.Charset == o.Charset && r.Sheet == o.Sheet && maps.Equal(r.Titles, o.Titles)
}

// check refuses what is no choice, at the fields "separator" and "charset".
func (r Reading) check() error {
	var c errs.Check
	c.That(r.Separator == "" || slices.Contains(Separators(), r.Separator), "separator", "Choose from the list.")
	c.That(r.Charset == "" || slices.Contains(Charsets(), r.Charset), "charset", "Choose from the list.")
	return c.Err()
}

// again reads a text file anew, where that was chosen. A table that is far too wide or too long this way is a wrong
// separator; one without anything in it is a wrong charset.
func (r Reading) again(g grid) (grid, error) {
	if g.data == nil || r.Separator == "" && r.Charset == "" {
		return g, nil
	}
	g, err := g.as(r.Separator, r.Charset)
	if t, is := errs.FieldsOf(err)["file"]; is {
		field := "separator"
		if r.Separator == "" {
			field = "charset"
		}
		return g, &errs.Error{Kind: errs.Invalid, Fields: map[string]errs.Text{field: t}}
	}
	if err == nil && len(g.rows) == 0 {
		err = errs.Field("charset", "Read this way, nothing is left of {file}.", "file", g.file)
	}
	return g, err
}

// titles are the row of the titles (from 0, -1 for none) and how many rows they take: as chosen for table i, else as
// guessed. Invalid at the field "titles.i" where nothing stands in or under that row.
func (r Reading) titles(i int, g grid) (at, height int, err error) {
	row, chosen := r.Titles[i]
	if !chosen {
		at, height = headerOf(g.rows)
		return at, height, nil
	}
	field := TitlesField(i)
	switch {
	case row == 0:
		return -1, 0, nil
	case row < 0 || row > len(g.rows):
		return 0, 0, errs.Field(field, "Type the number of a row, from 1 to {n}, or 0.", "n", len(g.rows))
	case blank(g.rows[row-1]):
		return 0, 0, errs.Field(field, "Row {n} is empty. Type the number of the row with the titles, or 0.", "n", row)
	case row == len(g.rows):
		return 0, 0, errs.Field(field, "Nothing stands under row {n}. Type the number of the row with the titles, or 0.", "n", row)
	}
	if at = row - 1; at > 0 && groups(g.rows[at-1], g.rows[at]) {
		return at, 2, nil
	}
	return at, 1, nil
}

// TitlesField is the field at which the row of the titles of table i is refused.
func TitlesField(i int) string { return "titles." + strconv.Itoa(i) }

// readAnyway makes a list of pupils of a table that the guess would pass over.
func (t *Table) readAnyway(g grid) {
	t.Layout = RowPerPupil
	if !t.has(PupilClass) {
		t.Class = classIn(g)
	}
}

// only keeps the chosen sheet of a workbook. Invalid at the field "sheet" where there is none of that name.
func (r Reading) only(m *Mapping, grids []grid) error {
	if r.Sheet == "" || m.Kind != KindXLSX {
		return nil
	}
	found := false
	for i := range m.Tables {
		t := &m.Tables[i]
		switch {
		case t.Sheet != r.Sheet:
			t.Layout = Ignored
		case t.Layout == Ignored:
			t.readAnyway(grids[i])
			found = true
		default:
			found = true
		}
	}
	if !found {
		return errs.Field("sheet", "There is no sheet “{name}” with anything in it.", "name", r.Sheet)
	}
	return nil
}

// Keep gives m, read anew, with what was chosen in before for the tables that are read as they were. What it says of
// columns that are no longer the same is dropped.
func (m Mapping) Keep(before Mapping) Mapping {
	m.Tables = slices.Clone(m.Tables)
	for i, t := range m.Tables {
		if i >= len(before.Tables) {
			break
		}
		b := before.Tables[i]
		same := b.Name == t.Name && b.Sheet == t.Sheet && b.Separator == t.Separator && b.Charset == t.Charset && b.HeaderRow == t.HeaderRow &&
			b.HeaderRows == t.HeaderRows && b.Fingerprint == t.Fingerprint && len(b.Columns) == len(t.Columns)
		if !same {
			continue
		}
		layout := b.Layout
		if m.Chosen.Sheet != "" || before.Chosen.Sheet != "" { // which tables are read may just have been chosen
			if layout == Ignored || t.Layout == Ignored {
				layout = t.Layout
			}
		}
		m.Tables[i] = b
		m.Tables[i].Layout = layout
	}
	return m
}
