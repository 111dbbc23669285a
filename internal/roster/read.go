package roster

import (
	"sort"
	"strings"

	"brug/internal/errs"
)

// previewRows is how many rows a person sees.
const previewRows = 8

// Guess looks at the files and proposes how to read them. Errors are errs.Invalid with the reason at field "file".
func Guess(files []File) (Mapping, Preview, error) { return GuessAs(files, Reading{}) }

// GuessAs is Guess where a person chose how the files are read; the columns are guessed from that. What was chosen and
// cannot be is errs.Invalid at its own field: "separator", "charset", "sheet", or TitlesField of a table.
func GuessAs(files []File, as Reading) (Mapping, Preview, error) {
	if err := as.check(); err != nil {
		return Mapping{}, Preview{}, err
	}
	o, err := open(files)
	if err != nil {
		return Mapping{}, Preview{}, err
	}
	m := Mapping{}
	if m.Kind, m.Version = o.kind(); m.fixed() {
		r, _, err := readFixed(o, m)
		if err != nil {
			return Mapping{}, Preview{}, err
		}
		m.Fingerprint = fingerprint(string(m.Kind))
		return m, Preview{Tables: []TablePreview{fixedPreview(files[0].Name, r)}}, nil
	}
	var p Preview
	if m.Kind == "" {
		return Mapping{}, Preview{}, refuse("{file} is no list that can be read. Send an Excel (.xlsx), CSV, OneRoster or EDEX file.", "file", files[0].Name)
	}
	m.Chosen = as
	for i, g := range o.grids {
		if g, err = as.again(g); err != nil {
			return Mapping{}, Preview{}, err
		}
		at, height, err := as.titles(i, g)
		if err != nil {
			return Mapping{}, Preview{}, err
		}
		t := guessTable(g, at, height)
		seen := previewOf(g, t)
		if seen.Total == 0 && len(o.grids) > 1 { // a sheet with a remark
			t.Layout = Ignored
		}
		if _, chosen := as.Titles[i]; t.Layout == Ignored && (chosen || len(o.grids) == 1) { // a person will say what its columns are
			t.readAnyway(g)
		}
		m.Tables = append(m.Tables, t)
		p.Tables = append(p.Tables, seen)
	}
	if err := as.only(&m, o.grids); err != nil {
		return Mapping{}, Preview{}, err
	}
	m.Fingerprint = m.print()
	return m, p, nil
}

func (m Mapping) fixed() bool {
	return m.Kind == KindOneRoster || m.Kind == KindSDS || m.Kind == KindEDEX
}

// print is the fingerprint of all tables that are read: the same however many class lists there are.
func (m Mapping) print() string {
	seen := map[string]bool{}
	var prints []string
	for _, t := range m.Tables {
		if !seen[t.Fingerprint] && (t.Layout != Ignored || len(m.Tables) == 1) {
			seen[t.Fingerprint] = true
			prints = append(prints, t.Fingerprint)
		}
	}
	sort.Strings(prints)
	return fingerprint(append([]string{"tables"}, prints...)...)
}

// kind tells what the files are as a whole.
func (o opened) kind() (FileKind, string) {
	if len(o.xmls) > 0 {
		_, rest, _ := strings.Cut(string(o.xmls[0].Data[:min(len(o.xmls[0].Data), 8000)]), "<xsdversie>")
		version, _, _ := strings.Cut(rest, "<")
		return KindEDEX, oneLine(version)
	}
	if k, v := bundleKind(o.grids); k != "" {
		return k, v
	}
	switch {
	case o.xlsx == 1 && o.plain == 0:
		return KindXLSX, ""
	case len(o.grids) == 1:
		return KindCSV, ""
	}
	return KindTables, ""
}

func previewOf(g grid, t Table) TablePreview {
	p := TablePreview{Name: g.name()}
	for _, c := range t.Columns {
		p.Header = append(p.Header, c.Title)
		p.Fields = append(p.Fields, c.Field)
	}
	for i, r := range g.rows {
		if blank(r) {
			continue
		}
		if len(p.Top) < previewRows {
			p.Top = append(p.Top, TopRow{i + 1, cleanRow(r)})
		}
		if i < t.HeaderRow {
			continue
		}
		if p.Total++; len(p.Rows) < previewRows {
			row := make([]string, len(t.Columns))
			for i := range row {
				if i < len(r) {
					row[i] = clean(r[i])
				}
			}
			p.Rows = append(p.Rows, row)
		}
	}
	return p
}

func cleanRow(r []string) []string {
	out := make([]string, len(r))
	for i, c := range r {
		out[i] = oneLine(c)
	}
	return out
}

func fixedPreview(name string, r Roster) TablePreview {
	p := TablePreview{Name: name, Fixed: true, Total: len(r.Pupils),
		Fields: []Field{PupilID, PupilGiven, PupilFamily, PupilBorn, PupilClass, PupilGrade, Name.Of(1), Email.Of(1)}}
	p.Header = make([]string, len(p.Fields))
	for _, u := range r.Pupils[:min(previewRows, len(r.Pupils))] {
		var g Guardian
		if len(u.Guardians) > 0 {
			g = u.Guardians[0]
		}
		p.Rows = append(p.Rows, []string{u.ExternalID, u.Given, u.Family, u.Born, u.Class, u.Grade, g.Name, g.Email})
	}
	return p
}

// Read reads the files by the mapping. Errors are errs.Invalid at field "file": too big, not readable, or not the
// columns that the mapping is for. What is wrong with single rows comes back as issues, never as an error.
func Read(files []File, m Mapping) (Roster, []Issue, error) {
	o, err := open(files)
	if err != nil {
		return Roster{}, nil, err
	}
	if kind, version := o.kind(); m.fixed() {
		if kind != m.Kind {
			return Roster{}, nil, refuse("{file} is of another kind than the file that was looked at before. Choose it again.", "file", files[0].Name)
		}
		m.Version = version
		return readFixed(o, m)
	}
	b := newBuilder()
	var tables []boundTable
	for _, g := range o.grids {
		t, ok, err := m.tableFor(g)
		if err != nil {
			return Roster{}, nil, err
		}
		if !ok {
			at, height := headerOf(g.rows)
			if guessTable(g, at, height).Layout == Ignored {
				continue
			}
			return Roster{}, nil, refuse("The columns of {file} are not those that were looked at before. Choose the file again.", "file", g.name())
		}
		if t.Layout != Ignored {
			tables = append(tables, t)
		}
	}
	pupils := false
	for _, t := range tables {
		pupils = pupils || t.hasPupil() && t.Layout != GuardianTable
	}
	if !pupils {
		return Roster{}, nil, refuse("No column is taken for the names of the pupils. Say which one it is.")
	}
	// Pupils first, then the lists of guardians that point to them.
	sort.SliceStable(tables, func(i, j int) bool {
		return tables[i].Layout != GuardianTable && tables[j].Layout == GuardianTable
	})
	for _, t := range tables {
		b.table(t)
	}
	return b.finish()
}

func readFixed(o opened, m Mapping) (Roster, []Issue, error) {
	if m.Kind == KindEDEX {
		return readEDEX(o.xmls)
	}
	return readBundle(o.grids, m.Kind)
}

// boundTable is a table of the mapping found back in a file.
type boundTable struct {
	Table
	grid grid
	body int // index of the first row under the titles
}

// tableFor finds the table of the mapping that reads g, by its columns and then its name, and where its titles stand
// now: title lines above may have come or gone.
func (m Mapping) tableFor(g grid) (boundTable, bool, error) {
	found, best := boundTable{}, -1
	for _, t := range m.Tables {
		score := 0
		if t.Sheet == g.sheet && (g.sheet != "" || t.Name == g.file) {
			score = 1
		}
		h := g
		if g.data != nil && t.Separator != "" && (t.Separator != g.separator || t.Charset != g.charset && t.Charset != "") {
			var err error
			if h, err = g.as(t.Separator, t.Charset); err != nil {
				return found, false, err
			}
			if t.body(h) < 0 {
				h = g // the same columns, saved by another program
			}
		}
		body := t.body(h)
		if body < 0 || score <= best {
			continue
		}
		if score == 0 && classIn(g) != "" && !t.has(PupilClass) { // another class list of the same form
			t.Class = classIn(g)
		}
		found, best = boundTable{Table: t, grid: h, body: body}, score
	}
	return found, best >= 0, nil
}

// body is the index of the first row under the titles, -1 where g has other columns.
func (t Table) body(g grid) int {
	width := widthOf(g.rows)
	if t.HeaderRow == 0 {
		if width != len(t.Columns) {
			return -1
		}
		return 0
	}
	at := func(i int) bool {
		return i >= 0 && i < len(g.rows) && headerPrint(titlesOf(g.rows, i, t.HeaderRows, len(t.Columns))) == t.Fingerprint
	}
	if width > len(t.Columns) {
		return -1
	}
	if at(t.HeaderRow - 1) {
		return t.HeaderRow
	}
	for i := 0; i < min(len(g.rows), 60); i++ {
		if at(i) {
			return i + 1
		}
	}
	return -1
}

// row is one row on its way to a record.
type row struct {
	t     *boundTable
	no    int // as a spreadsheet counts
	cells []string
	at    map[Field][]int // columns by field
	order dateOrder
}

func (r row) raw(f Field) string {
	first := ""
	for k, i := range r.at[f] {
		if i >= len(r.cells) || empty(clean(r.cells[i])) {
			continue
		}
		if first == "" {
			first = clean(r.cells[i])
		} else if k > 0 {
			first += "\n" + clean(r.cells[i])
		}
	}
	return first
}

// get is the cell's text in one line, "" if it says nothing.
func (r row) get(f Field) string { return strings.ReplaceAll(r.raw(f), "\n", " ") }

func (r row) title(f Field) string {
	if is := r.at[f]; len(is) > 0 {
		if t := r.t.Columns[is[0]].Title; t != "" {
			return t
		}
		return columnName(is[0])
	}
	return ""
}

// table reads all rows of one table.
func (b *builder) table(t boundTable) {
	at := map[Field][]int{}
	for i, c := range t.Columns {
		if c.Field != Skip && c.Field.Known() {
			at[c.Field] = append(at[c.Field], i)
		}
	}
	order := dayFirst
	if is := at[PupilBorn]; len(is) > 0 {
		var cells []string
		for _, r := range t.grid.rows[t.body:] {
			if is[0] < len(r) {
				cells = append(cells, r[is[0]])
			}
		}
		order = orderOf(cells)
	}
	b.class, b.last = t.Class, -1
	b.file = t.grid.name()
	b.names = false
	for f := range at {
		switch _, p := f.Guardian(); p {
		case Name, FamilyName, Given, Family:
			b.names = true
		}
	}
	relations := t.relations()
	for i := t.body; i < len(t.grid.rows); i++ {
		cells := t.grid.rows[i]
		if blank(cells) {
			continue
		}
		r := row{t: &t, no: i + 1, cells: cells, at: at, order: order}
		if b.aside(r) {
			continue
		}
		if t.Layout == GuardianTable {
			b.guardianRow(r, relations)
		} else {
			b.pupilRow(r, relations)
		}
	}
}

// relations is what the titles say of each guardian ("Naam moeder").
func (t Table) relations() [Guardians + 1]Relation {
	var rel [Guardians + 1]Relation
	for _, c := range t.Columns {
		if n, _ := c.Field.Guardian(); n > 0 && rel[n] == "" {
			if r := relationIn(c.Title); r != "" && r != RelationOther {
				rel[n] = r
			}
		}
	}
	return rel
}

// aside deals with rows that hold no record: titles that come back on each page, and a class above its pupils.
func (b *builder) aside(r row) bool {
	filled, only := 0, ""
	again := 0
	for i, c := range r.cells {
		if c = oneLine(c); c == "" {
			continue
		}
		filled++
		only = c
		if i < len(r.t.Columns) && fold(r.t.Columns[i].Title) == fold(c) {
			again++
		}
	}
	if again == filled && filled > 1 {
		b.note(Note, r, "", "", errs.T("The titles stand here once more; the row was passed over."))
		return true
	}
	if filled == 1 && len(r.at[PupilClass]) == 0 && len(r.at) > 1 {
		name := grid{sheet: only}
		if class := classIn(name); class != "" {
			b.class = class
			b.note(Note, r, "", only, errs.T("Taken for the class of the rows below: {class}.", "class", class))
			return true
		}
	}
	return false
}
