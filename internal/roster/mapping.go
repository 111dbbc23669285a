package roster

import "brug/internal/errs"

// FileKind is the kind of what was sent, as a whole.
type FileKind string

// The kinds that are read.
const (
	KindCSV       FileKind = "csv"
	KindXLSX      FileKind = "xlsx"
	KindTables    FileKind = "tables" // several CSV or XLSX files together
	KindOneRoster FileKind = "oneroster"
	KindSDS       FileKind = "sds"
	KindEDEX      FileKind = "edex"
)

// Layout of a table.
type Layout string

// The layouts. RowPerGuardian also stands for one row a home.
const (
	RowPerPupil    Layout = "pupil"    // guardians, if any, stand in columns
	RowPerGuardian Layout = "guardian" // a pupil comes back on (or is left blank in) each guardian's row
	GuardianTable  Layout = "guardians"
	Ignored        Layout = "ignored" // not read: a legend, a list of staff
)

// Known tells whether it is one of the layouts.
func (l Layout) Known() bool {
	return l == RowPerPupil || l == RowPerGuardian || l == GuardianTable || l == Ignored
}

// Mapping says how to read. It is plain, so that it can be kept as JSON and shown as a form; only OneRoster, SDS and
// EDEX have no tables in it, because there is nothing to choose.
type Mapping struct {
	Kind        FileKind `json:"kind"`
	Version     string   `json:"version,omitempty"` // of OneRoster, SDS or EDEX
	Fingerprint string   `json:"fingerprint"`       // of the titles of all columns; equal for next year's export
	Tables      []Table  `json:"tables,omitempty"`
	Chosen      Reading  `json:"chosen,omitzero"`   // how a person chose to read the files
	Guessed     string   `json:"guessed,omitempty"` // what Fingerprint would be without that choice, for the next file
}

// Table is how to read one CSV file or one sheet.
type Table struct {
	Name        string   `json:"name"`            // file name, or sheet name of an XLSX
	Sheet       string   `json:"sheet,omitempty"` // sheet within the file, "" for CSV
	Separator   string   `json:"separator,omitempty"`
	Charset     string   `json:"charset,omitempty"`
	HeaderRow   int      `json:"headerRow"`  // from 1, as a spreadsheet counts; 0: there is no header
	HeaderRows  int      `json:"headerRows"` // 2 where a row above groups the titles ("Mother" over four columns)
	Language    string   `json:"language,omitempty"`
	Layout      Layout   `json:"layout"`
	Class       string   `json:"class,omitempty"` // class of all rows, from the file's or sheet's name
	Fingerprint string   `json:"fingerprint"`
	Columns     []Column `json:"columns"`
}

// Column is what one column is taken for.
type Column struct {
	Title      string    `json:"title"`
	Field      Field     `json:"field"`      // Skip: not read
	Confidence float64   `json:"confidence"` // 0 to 1; 1 also for what a person chose
	Reason     errs.Text `json:"reason"`
	Others     []Field   `json:"others,omitempty"` // next best guesses, best first
}

// Preview is what a person sees before choosing.
type Preview struct {
	Tables []TablePreview
}

// TablePreview goes with Mapping.Tables of the same index. For OneRoster, SDS and EDEX there is one, of the first
// pupils as they were understood, with a Field for each column and nothing to correct (Fixed).
type TablePreview struct {
	Name   string
	Header []string
	Rows   [][]string // the first 8 rows with anything in them
	Top    []TopRow   // the first rows of the file with anything in them, titles and what stands above too
	Total  int        // rows under the titles with anything in them
	Fields []Field
	Fixed  bool
}

// TopRow is a row as it stands in the file.
type TopRow struct {
	Row   int // as a spreadsheet counts
	Cells []string
}

// Recall gives m with the choices that a person made for an earlier file of the same columns: fields by title, layout,
// class. What the earlier mapping does not know stays as guessed. Use it where both fingerprints are equal.
func (m Mapping) Recall(earlier Mapping) Mapping {
	tables := make([]Table, len(m.Tables))
	for i, t := range m.Tables {
		tables[i] = t
		if e, ok := earlier.like(t); ok {
			tables[i] = t.recall(e)
		}
	}
	m.Tables = tables
	return m
}

// like is the table with the same columns: the one of the same name, else one that was read, else one that was not.
func (m Mapping) like(t Table) (found Table, ok bool) {
	best := 0
	for _, e := range m.Tables {
		if e.Fingerprint != t.Fingerprint || len(e.Columns) != len(t.Columns) {
			continue
		}
		fit := 1
		if e.Layout != Ignored {
			fit = 2
		}
		if e.Sheet == t.Sheet && (e.Sheet != "" || e.Name == t.Name) {
			fit = 3
		}
		if fit > best {
			found, best = e, fit
		}
	}
	return found, best > 0
}

func (t Table) recall(e Table) Table {
	t.Layout = e.Layout
	cols := make([]Column, len(t.Columns))
	copy(cols, t.Columns)
	for i := range cols {
		if cols[i].Field != e.Columns[i].Field {
			cols[i].Field, cols[i].Confidence, cols[i].Reason = e.Columns[i].Field, 1, errs.T("Chosen the last time.")
		}
	}
	t.Columns = cols
	if t.Class == "" {
		t.Class = e.Class
	}
	return t
}
