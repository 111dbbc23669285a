package schoolweb

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/roster"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// importsPage is /s/{school}/import: send a list, and what was sent before.
type importsPage struct {
	ui.Page
	Form    *ui.Form
	URL     string
	Earlier []school.ImportRow
}

func (p *Pages) imports(w http.ResponseWriter, r *http.Request) error {
	return p.showImports(w, r, http.StatusOK, ui.NewForm())
}

func (p *Pages) showImports(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx := r.Context()
	rows, err := p.School.Imports(ctx, route.Actor(r))
	if err != nil {
		return err
	}
	page := importsPage{Page: route.Page(w, r, lang.T(ctx, "Bring in a list")), Form: f, URL: route.Path(ctx, "import"), Earlier: rows}
	page.Lead = lang.T(ctx, "Any list that the school already has will do. Nothing is changed before you have seen what would change.")
	page.Back = schoolLink(ctx)
	page.Steps = importSteps(ctx, 0)
	return route.Render(w, r, status, importsView(page))
}

func importSteps(ctx context.Context, now int) []ui.Step {
	return ui.Steps(now, lang.T(ctx, "File"), lang.T(ctx, "Columns"), lang.T(ctx, "What changes"), lang.T(ctx, "Done"))
}

func (p *Pages) doUpload(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, school.MaxUpload+1<<20)
	if err != nil && errs.Is(err, errs.Invalid) {
		err = errs.Field("file", "That is too large: at most {n} MB can be sent at once. Send the classes in parts.", "n", school.MaxUpload/1_000_000)
	}
	var files []roster.File
	if err == nil {
		if files, err = sentFiles(f); err != nil {
			return err
		}
	}
	id := ""
	if err == nil {
		id, err = p.School.Upload(ctx, route.Actor(r), files)
	}
	if status, ok := show(f, err); ok {
		return p.showImports(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.See(w, r, route.Path(ctx, "import", id))
}

func sentFiles(f *ui.Form) ([]roster.File, error) {
	var files []roster.File
	for _, head := range f.Files("file") {
		in, err := head.Open()
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(in)
		if e := in.Close(); err == nil {
			err = e
		}
		if err != nil {
			return nil, err
		}
		files = append(files, roster.File{Name: head.Filename, Data: data})
	}
	return files, nil
}

// importPage is /s/{school}/import/{import}: the columns, what would change, the progress, or what was done.
func (p *Pages) importPage(w http.ResponseWriter, r *http.Request) error {
	im, err := p.School.Import(r.Context(), route.Actor(r), r.PathValue("import"))
	if err != nil {
		return err
	}
	switch im.State {
	case school.ImportReading:
		return p.showColumns(w, r, http.StatusOK, nil)
	case school.ImportPlanned:
		return p.showPlan(w, r, http.StatusOK, im, nil)
	}
	return p.showProgress(w, r, im)
}

// columnsPage corrects how the file is read.
type columnsPage struct {
	ui.Page
	Form    *ui.Form
	URL     string
	Mapping roster.Mapping
	Preview roster.Preview
	Fields  []ui.Option
	Tables  []tableView

	Reads    bool        // how the file is read can be chosen
	ReadOpen bool        // show that choice at once: it was made before, or something is wrong with it
	Text     bool        // there are text files: separator and charset
	Sheets   []ui.Option // of a workbook that has several
}

// tableView is one table of the file with a choice for each column.
type tableView struct {
	Index   int
	Table   roster.Table
	Preview roster.TablePreview
	Columns []columnView
	Cols    []ui.Column
}

type columnView struct {
	Name, Title, Example, Reason string
	Sure                         bool
}

func (p *Pages) columns(w http.ResponseWriter, r *http.Request) error {
	return p.showColumns(w, r, http.StatusOK, nil)
}

func (p *Pages) showColumns(w http.ResponseWriter, r *http.Request, status int, typed *ui.Form) error {
	ctx, by, id := r.Context(), route.Actor(r), r.PathValue("import")
	im, err := p.School.Import(ctx, by, id)
	if err != nil {
		return err
	}
	m, preview, err := p.School.Columns(ctx, by, id)
	if err != nil {
		return err
	}
	page := columnsPage{Page: route.Page(w, r, lang.T(ctx, "Which column is what?")), Form: typed, URL: route.Path(ctx, "import", id),
		Mapping: m, Preview: preview}
	page.Wide = true
	page.Steps = importSteps(ctx, 1)
	page.Back = ui.Link{Label: lang.T(ctx, "Bring in a list"), URL: route.Path(ctx, "import")}
	page.Lead = lang.T(ctx, "Brug has looked at {file}. Correct what is not right; next time it knows.", "file", im.Filename)
	if page.Form == nil {
		page.Form = mappingForm(m)
		if im.Choices.Secondary {
			page.Form.Set("secondary", "yes")
		}
	}
	for _, f := range roster.Fields() {
		page.Fields = append(page.Fields, ui.Option{Value: string(f), Label: lang.Text(ctx, f.Text())})
	}
	for t := range preview.Tables {
		v := tableView{Index: t, Preview: preview.Tables[t]}
		if t < len(m.Tables) {
			v.Table = m.Tables[t]
			for c, col := range v.Table.Columns {
				v.Columns = append(v.Columns, columnView{Name: "col." + strconv.Itoa(t) + "." + strconv.Itoa(c), Title: col.Title,
					Example: example(v.Preview.Rows, c), Reason: lang.Text(ctx, col.Reason), Sure: col.Confidence >= 0.8})
			}
		}
		v.Cols = previewColumns(ctx, v.Preview)
		page.Tables = append(page.Tables, v)
	}
	page.offerReading()
	return route.Render(w, r, status, columnsView(page))
}

// offerReading fills in what can be chosen of how the file is read.
func (page *columnsPage) offerReading() {
	page.Reads = len(page.Mapping.Tables) > 0
	page.ReadOpen = !page.Mapping.Chosen.None()
	for i, t := range page.Mapping.Tables {
		page.Text = page.Text || t.Separator != ""
		if page.Mapping.Kind == roster.KindXLSX && len(page.Mapping.Tables) > 1 {
			page.Sheets = append(page.Sheets, ui.Option{Value: t.Sheet, Label: t.Sheet})
		}
		_, wrong := page.Form.Wrong(roster.TitlesField(i))
		page.ReadOpen = page.ReadOpen || wrong
	}
	for _, name := range []string{"separator", "charset", "sheet"} {
		_, wrong := page.Form.Wrong(name)
		page.ReadOpen = page.ReadOpen || wrong
	}
}

func previewColumns(ctx context.Context, t roster.TablePreview) []ui.Column {
	n := len(t.Header)
	for _, row := range t.Rows {
		n = max(n, len(row))
	}
	out := make([]ui.Column, n)
	for i := range out {
		switch {
		case i < len(t.Header) && t.Header[i] != "":
			out[i].Label = t.Header[i]
		case t.Fixed && i < len(t.Fields):
			out[i].Label = lang.Text(ctx, t.Fields[i].Text())
		default:
			out[i].Label = lang.T(ctx, "Column {n}", "n", i+1)
		}
	}
	return out
}

// example are the first values of a column, for a person to recognise it.
func example(rows [][]string, col int) string {
	var out []string
	for _, r := range rows {
		if col < len(r) && strings.TrimSpace(r[col]) != "" {
			out = append(out, strings.TrimSpace(r[col]))
		}
		if len(out) == 3 {
			break
		}
	}
	return strings.Join(out, " · ")
}

// beginning is the start of a row, enough to recognise it.
func beginning(cells []string) string {
	const most = 120 // characters
	text := []rune(joinWith(nonEmpty(cells...), " · "))
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}

// separatorValue names a separator in a form, where a tab would be taken for space around nothing.
func separatorValue(s string) string {
	if s == "\t" {
		return "tab"
	}
	return s
}

// readingFrom is how a person wants the tables of m read. What is no number is a row that is not there: the operation
// says so at its field.
func readingFrom(m roster.Mapping, f *ui.Form) roster.Reading {
	as := roster.Reading{Separator: f.Get("separator"), Charset: f.Get("charset"), Sheet: f.Get("sheet")}
	if as.Separator == separatorValue("\t") {
		as.Separator = "\t"
	}
	for t := range m.Tables {
		if name := roster.TitlesField(t); f.Get(name) != "" {
			row, ok := f.Int(name)
			if !ok {
				row = -1
			}
			if as.Titles == nil {
				as.Titles = map[int]int{}
			}
			as.Titles[t] = row
		}
	}
	return as
}

func mappingForm(m roster.Mapping) *ui.Form {
	f := ui.NewForm("separator", separatorValue(m.Chosen.Separator), "charset", m.Chosen.Charset, "sheet", m.Chosen.Sheet)
	for t, row := range m.Chosen.Titles {
		f.Set(roster.TitlesField(t), strconv.Itoa(row))
	}
	for t, table := range m.Tables {
		f.Set("layout."+strconv.Itoa(t), string(table.Layout))
		f.Set("class."+strconv.Itoa(t), table.Class)
		for c, col := range table.Columns {
			f.Set("col."+strconv.Itoa(t)+"."+strconv.Itoa(c), string(col.Field))
		}
	}
	return f
}

// mappingFrom puts what a person chose into the guess.
func mappingFrom(m roster.Mapping, f *ui.Form) roster.Mapping {
	for t := range m.Tables {
		table := &m.Tables[t]
		if l := roster.Layout(f.Get("layout." + strconv.Itoa(t))); l != "" {
			table.Layout = l
		}
		if name := "class." + strconv.Itoa(t); f.Values.Has(name) {
			table.Class = f.Get(name)
		}
		for c := range table.Columns {
			name := "col." + strconv.Itoa(t) + "." + strconv.Itoa(c)
			if !f.Values.Has(name) {
				continue
			}
			if chosen := roster.Field(f.Get(name)); chosen != table.Columns[c].Field {
				table.Columns[c].Field, table.Columns[c].Confidence, table.Columns[c].Reason = chosen, 1, errs.T("Chosen by you.")
			}
		}
	}
	return m
}

func (p *Pages) doColumns(w http.ResponseWriter, r *http.Request) error {
	return p.takeColumns(w, r, false)
}

// doRead reads the file anew, as chosen on the page of the columns.
func (p *Pages) doRead(w http.ResponseWriter, r *http.Request) error {
	return p.takeColumns(w, r, true)
}

// takeColumns goes on to the plan. Where the file is to be read anew, or another way of reading was chosen, whichever
// button was pressed, it shows the columns again: nobody has seen them yet.
func (p *Pages) takeColumns(w http.ResponseWriter, r *http.Request, anew bool) error {
	ctx, by, id := r.Context(), route.Actor(r), r.PathValue("import")
	f, err := ui.FormFrom(r, maxColumns)
	var m roster.Mapping
	if err == nil {
		m, _, err = p.School.Columns(ctx, by, id)
	}
	if err == nil {
		m = mappingFrom(m, f)
		c := school.Choices{Secondary: f.Bool("secondary")}
		if as := readingFrom(m, f); anew || !as.Equal(m.Chosen) {
			anew, m.Chosen = true, as
			err = p.School.ReadAs(ctx, by, id, m, c)
		} else {
			_, err = p.School.SetColumns(ctx, by, id, m, c)
		}
	}
	if errs.Is(err, errs.Conflict) {
		return route.See(w, r, route.Path(ctx, "import", id)) // dealt with in another window
	}
	if status, ok := show(f, err); ok {
		if t, is := f.Wrong("file"); is { // nobody chooses a file on this page: what is wrong with all of it stands on top
			delete(f.Errors, "file")
			f.Errors[""] = t
		}
		return p.showColumns(w, r, status, f)
	}
	if err != nil {
		return err
	}
	if anew {
		return route.SeeDone(w, r, route.Path(ctx, "import", id), lang.T(ctx, "The file has been read again. Look at the columns once more."))
	}
	return route.See(w, r, route.Path(ctx, "import", id))
}

// maxColumns is the most that the form of the columns may be, in bytes.
const maxColumns = 1 << 20

// perPage is how many lines of a plan stand on one page.
const perPage = 50

// planPage shows what would change.
type planPage struct {
	ui.Page
	Form   *ui.Form
	URL    string
	Import school.Import
	Tabs   []ui.Tab
	Show   string // new, changed, gone, doubtful, notes, classes
	Items  []school.PlanItem
	Turn   ui.Turn
}

func (p *Pages) showPlan(w http.ResponseWriter, r *http.Request, status int, im school.Import, typed *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	fresh, err := p.School.Fresh(ctx, by, im)
	if err != nil {
		return err
	}
	page := planPage{Page: route.Page(w, r, lang.T(ctx, "What would change")), Form: typed, URL: route.Path(ctx, "import", im.PublicID)}
	if !fresh && status == http.StatusOK {
		if _, err := p.School.PlanAgain(ctx, by, im.PublicID, im.Choices); err != nil {
			return err
		}
		if im, err = p.School.Import(ctx, by, im.PublicID); err != nil {
			return err
		}
		page.Flash = ui.Flash{Kind: ui.Care, Text: lang.T(ctx, "Something was changed in Brug meanwhile, so this page has been made again.")}
	}
	page.Import = im
	page.Steps = importSteps(ctx, 2)
	page.Back = ui.Link{Label: lang.T(ctx, "Columns"), URL: page.URL + "/columns"}
	page.Lead = lang.T(ctx, "Nothing has been changed yet.")
	if page.Form == nil {
		page.Form = choicesForm(im.Choices)
	}
	lists := []struct {
		name, label string
		items       []school.PlanItem
	}{
		{"new", lang.T(ctx, "New"), im.Plan.New},
		{"changed", lang.T(ctx, "Changed"), im.Plan.Changed},
		{"gone", lang.T(ctx, "Not on the list"), im.Plan.Gone},
		{"doubtful", lang.T(ctx, "To look at"), im.Plan.Doubtful},
		{"notes", lang.T(ctx, "Remarks"), im.Plan.Notes},
	}
	query := r.URL.Query()
	page.Show = query.Get("show")
	known := false
	for _, l := range lists {
		known = known || l.name == page.Show && len(l.items) > 0
	}
	if !known {
		page.Show = ""
		for _, first := range []string{"doubtful", "gone", "changed", "new", "notes"} {
			for _, l := range lists {
				if l.name == first && len(l.items) > 0 && page.Show == "" {
					page.Show = first
				}
			}
		}
	}
	from, err := strconv.Atoi(query.Get("from"))
	if err != nil || from < 0 {
		from = 0
	}
	for _, l := range lists {
		if len(l.items) > 0 {
			page.Tabs = append(page.Tabs, ui.Tab{Label: l.label, URL: page.URL + "?show=" + l.name, Current: l.name == page.Show, Count: len(l.items)})
		}
		if l.name != page.Show {
			continue
		}
		from = min(from, len(l.items))
		to := min(from+perPage, len(l.items))
		page.Items = l.items[from:to]
		for _, it := range page.Items {
			if name := "gone." + it.Key; l.name == "gone" && !page.Form.Values.Has(name) {
				page.Form.Set(name, "") // as for all
			}
		}
		at := func(n int) string {
			return page.URL + "?" + url.Values{"show": {l.name}, "from": {strconv.Itoa(n)}}.Encode()
		}
		if to < len(l.items) {
			page.Turn.NextURL = at(to)
		}
		if from > 0 {
			page.Turn.PrevURL = at(max(0, from-perPage))
		}
	}
	return route.Render(w, r, status, planView(page))
}

func choicesForm(c school.Choices) *ui.Form {
	f := ui.NewForm("gone", c.Gone)
	for key, how := range c.GoneOf {
		f.Set("gone."+key, how)
	}
	for key, skip := range c.Skip {
		if skip {
			f.Set("skip."+key, "skip")
		}
	}
	return f
}

// choicesFrom adds what stands on this page to what was chosen on others: a plan has many pages, each of them is sent with
// the lines that stand on it.
func choicesFrom(c school.Choices, f *ui.Form) school.Choices {
	if g := f.Get("gone"); g == school.GoneKeep || g == school.GoneLeft {
		c.Gone = g
	}
	if s := f.Get("scope"); s == "full" || s == "part" {
		c.Scope = s
	}
	if c.GoneOf == nil {
		c.GoneOf = map[string]string{}
	}
	if c.Skip == nil {
		c.Skip = map[string]bool{}
	}
	for name := range f.Values {
		if key, ok := strings.CutPrefix(name, "gone."); ok {
			switch f.Get(name) {
			case school.GoneKeep, school.GoneLeft:
				c.GoneOf[key] = f.Get(name)
			default:
				delete(c.GoneOf, key)
			}
		}
	}
	for _, key := range f.All("line") {
		if f.Has("skip."+key, "skip") {
			c.Skip[key] = true
		} else {
			delete(c.Skip, key)
		}
	}
	return c
}

// doStart keeps what was chosen on the page, and brings the list in when that button was pressed.
func (p *Pages) doStart(w http.ResponseWriter, r *http.Request) error {
	ctx, by, id := r.Context(), route.Actor(r), r.PathValue("import")
	f, err := ui.FormFrom(r, 2<<20)
	if err != nil {
		return err
	}
	im, err := p.School.Import(ctx, by, id)
	if err != nil {
		return err
	}
	if im.State != school.ImportPlanned {
		return route.See(w, r, route.Path(ctx, "import", id))
	}
	c := choicesFrom(im.Choices, f)
	if f.Get("do") != "start" {
		if _, err := p.School.PlanAgain(ctx, by, id, c); err != nil {
			return err
		}
		return route.SeeDone(w, r, route.Path(ctx, "import", id)+"?show="+url.QueryEscape(f.Get("show")), lang.T(ctx, "Your choice is kept."))
	}
	err = p.School.StartImport(ctx, by, id, c)
	if status, ok := show(f, err); ok {
		again, e := p.School.Import(ctx, by, id)
		if e != nil {
			return e
		}
		if again.State != school.ImportPlanned {
			return route.See(w, r, route.Path(ctx, "import", id))
		}
		return p.showPlan(w, r, status, again, f)
	}
	if err != nil {
		return err
	}
	return route.See(w, r, route.Path(ctx, "import", id))
}

// doAgain makes the plan again for the whole school or for the classes on the list only.
func (p *Pages) doAgain(w http.ResponseWriter, r *http.Request) error {
	ctx, by, id := r.Context(), route.Actor(r), r.PathValue("import")
	f, err := ui.FormFrom(r, maxForm)
	if err != nil {
		return err
	}
	im, err := p.School.Import(ctx, by, id)
	if err != nil {
		return err
	}
	if im.State == school.ImportPlanned {
		if _, err := p.School.PlanAgain(ctx, by, id, choicesFrom(im.Choices, f)); err != nil {
			return err
		}
	}
	return route.See(w, r, route.Path(ctx, "import", id))
}

func (p *Pages) doDrop(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := p.School.DropImport(ctx, route.Actor(r), r.PathValue("import")); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "import"), lang.T(ctx, "The list is thrown away. Nothing was changed."))
}

// progressPage shows an import that runs or has ended.
type progressPage struct {
	ui.Page
	Import school.Import
	Work   ui.Work
	Path   string
}

func (p *Pages) showProgress(w http.ResponseWriter, r *http.Request, im school.Import) error {
	ctx := r.Context()
	page := progressPage{Page: route.Page(w, r, lang.T(ctx, "Bring in a list")), Import: im, Path: route.Path(ctx, "import")}
	page.Back = ui.Link{Label: lang.T(ctx, "Bring in a list"), URL: page.Path}
	page.Steps = importSteps(ctx, 3)
	page.Work = ui.Work{Title: im.Filename, Done: im.Done, Total: im.Total, URL: page.Path + "/" + im.PublicID,
		Text: lang.T(ctx, "{done} of {total} pupils", "done", im.Done, "total", im.Total)}
	switch im.State {
	case school.ImportRunning:
		page.Work.State = ui.Running
		if im.Done == 0 {
			page.Work.State, page.Work.Text = ui.Waiting, ""
		}
	case school.ImportDone:
		page.Work.State, page.Work.Text = ui.Finished, doneText(ctx, im.Counts)
	case school.ImportFailed:
		page.Work.State, page.Work.Text = ui.Failed, lang.T(ctx, im.Problem)
	case school.ImportDropped:
		page.Work.State, page.Work.Text = ui.Failed, lang.T(ctx, "This list was thrown away. Nothing was changed.")
	}
	return route.Render(w, r, http.StatusOK, progressView(page))
}

func doneText(ctx context.Context, c school.Counts) string {
	if c.Nothing() {
		return lang.T(ctx, "Nothing was new: everything on the list stood in Brug already.")
	}
	return countsText(ctx, c)
}

// countsText tells the counts in one line.
func countsText(ctx context.Context, c school.Counts) string {
	var parts []string
	add := func(n int, words string) {
		if n > 0 {
			parts = append(parts, words)
		}
	}
	add(c.New, lang.N(ctx, c.New, "{n} new pupil", "{n} new pupils"))
	add(c.Changed, lang.N(ctx, c.Changed, "{n} pupil changed", "{n} pupils changed"))
	add(c.Same, lang.N(ctx, c.Same, "{n} pupil as before", "{n} pupils as before"))
	add(c.Left, lang.N(ctx, c.Left, "{n} person left", "{n} people left"))
	add(c.Classes, lang.N(ctx, c.Classes, "{n} new class", "{n} new classes"))
	return strings.Join(parts, " · ")
}
