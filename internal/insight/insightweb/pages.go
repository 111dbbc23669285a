// Package insightweb has the pages of coverage: the report of a school or class, the families behind each of its figures, who
// waits longest, all of it as files for a spreadsheet; and the counts of the support centre. It owns no tables.
package insightweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/insight"
	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Pages are the pages of coverage.
type Pages struct {
	Insight *insight.Service
	School  *school.Service
	Now     func() time.Time
}

// Routes is the table for the router.
func (p *Pages) Routes() []route.Route {
	const s = "/s/{school}/coverage"
	return []route.Route{
		route.Get(s, auth.CoverageSee, p.coverage),
		route.Get(s+"/families", auth.CoverageSee, p.families),
		route.Get(s+"/waiting", auth.CoverageSee, p.waiting),
		route.Get(s+"/export", auth.CoverageSee, p.export),
		route.Get("/support/coverage", auth.CoverageSupport, p.centre),
		route.Get("/support/coverage/export", auth.CoverageSupport, p.centreExport),
	}
}

// filter reads what a report is asked for; what is not understood is the default. Weeks that are none of insight.Spans are
// refused by the operation.
func filter(r *http.Request) insight.Filter {
	f := insight.Filter{Class: r.FormValue("class"), Weeks: insight.DefaultSpan}
	if n, err := strconv.Atoi(r.FormValue("weeks")); err == nil {
		f.Weeks = n
	}
	return f
}

// link is a page of coverage with the same filter.
func link(ctx context.Context, f insight.Filter, page string, kv ...string) string {
	v := url.Values{}
	if f.Class != "" {
		v.Set("class", f.Class)
	}
	if f.Weeks != 0 && f.Weeks != insight.DefaultSpan {
		v.Set("weeks", strconv.Itoa(f.Weeks))
	}
	for i := 0; i < len(kv); i += 2 {
		if kv[i+1] != "" {
			v.Set(kv[i], kv[i+1])
		}
	}
	path := route.Path(ctx, "coverage")
	if page != "" {
		path += "/" + page
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// topFamilies is how many families that wait longest stand on the report itself.
const topFamilies = 6

type coveragePage struct {
	ui.Page
	Report  *insight.Report
	Waiting []contact.Row
	More    bool // others wait too
	Tables  []table
	Form    *ui.Form
	Choices []ui.Input
	Now     time.Time
}

// coverage is the report.
func (p *Pages) coverage(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	f := filter(r)
	report, err := p.Insight.Coverage(ctx, by, f)
	if err != nil {
		return err
	}
	waiting, next, err := p.Insight.WaitingOf(ctx, by, report, "", topFamilies)
	if err != nil {
		return err
	}
	classes, err := p.School.Classes(ctx, by)
	if err != nil {
		return err
	}
	c := coveragePage{Page: route.Page(w, r, lang.T(ctx, "Coverage")), Report: report, Waiting: waiting, More: next != "", Tables: tables(ctx, report), Now: p.Now().In(report.Weeks[0].Location()),
		Form: ui.NewForm("class", f.Class, "weeks", strconv.Itoa(f.Weeks))}
	c.Wide = true
	c.Lead = lead(ctx, report, classes)
	c.Choices = choices(ctx, classes)
	return route.Render(w, r, http.StatusOK, coverageView(c))
}

// lead says what the report is about; it stands on paper too, where the form does not.
func lead(ctx context.Context, r *insight.Report, classes []school.ClassRow) string {
	l := lang.From(ctx)
	from := l.DateYear(r.Weeks[0])
	if i := slices.IndexFunc(classes, func(c school.ClassRow) bool { return c.PublicID == r.Class }); r.Class != "" && i >= 0 {
		return l.T("Class {name}, from {date} until now", "name", classes[i].Name, "date", from)
	}
	return l.T("From {date} until now", "date", from)
}

func choices(ctx context.Context, classes []school.ClassRow) []ui.Input {
	all := []ui.Option{{Value: "", Label: lang.T(ctx, "All classes")}}
	for _, c := range classes {
		all = append(all, ui.Option{Value: c.PublicID, Label: c.Name})
	}
	var spans []ui.Option
	for _, n := range insight.Spans {
		label := lang.N(ctx, n, "{n} week", "{n} weeks")
		if n > 40 {
			label = lang.T(ctx, "A school year")
		}
		spans = append(spans, ui.Option{Value: strconv.Itoa(n), Label: label})
	}
	in := []ui.Input{{Name: "weeks", Label: lang.T(ctx, "Period"), Options: spans}}
	if len(classes) > 1 {
		in = append([]ui.Input{{Name: "class", Label: lang.T(ctx, "Class"), Options: all}}, in...)
	}
	return in
}

// perPage is how many families a list shows.
const perPage = 30

type familiesPage struct {
	ui.Page
	Rows  []contact.Row
	Cols  []ui.Column
	Turn  ui.Turn
	Now   time.Time
	Empty string
}

// families are those behind a figure.
func (p *Pages) families(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	f := filter(r)
	report, err := p.Insight.Coverage(ctx, by, f)
	if err != nil {
		return err
	}
	division, key, level := insight.By(r.FormValue("by")), r.FormValue("key"), insight.Level(r.FormValue("level"))
	if division == "" {
		division, level = insight.ByAll, insight.Nothing
	}
	rows, next, err := p.Insight.Families(ctx, by, report, division, key, level, r.FormValue("after"), perPage)
	if err != nil {
		return err
	}
	c := p.list(w, r, title(ctx, report, division, key, level), rows)
	c.Lead = lead(ctx, report, nil)
	c.Empty = lang.T(ctx, "No family is behind this figure.")
	if next != "" {
		c.Turn.NextURL = link(ctx, f, "families", "by", string(division), "key", key, "level", string(level), "after", next)
	}
	c.Actions = []ui.Action{{Label: lang.T(ctx, "Save as a table"), Icon: "download", Download: true, URL: link(ctx, f, "export", "table", "families", "by", string(division), "key", key, "level", string(level))}}
	return route.Render(w, r, http.StatusOK, familiesView(c))
}

// waiting is who waits longest.
func (p *Pages) waiting(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	f := filter(r)
	rows, next, err := p.Insight.Waiting(ctx, by, f, r.FormValue("after"), perPage)
	if err != nil {
		return err
	}
	c := p.list(w, r, lang.T(ctx, "Longest not reached"), rows)
	c.Lead = lang.T(ctx, "After two offers without an answer, or three weeks of silence, a person goes to the family, and not another letter.")
	c.Empty = lang.T(ctx, "Nobody waits for a person now.")
	if next != "" {
		c.Turn.NextURL = link(ctx, f, "waiting", "after", next)
	}
	c.Actions = []ui.Action{{Label: lang.T(ctx, "Save as a table"), Icon: "download", Download: true, URL: link(ctx, f, "export", "table", "waiting")}}
	return route.Render(w, r, http.StatusOK, familiesView(c))
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request, title string, rows []contact.Row) familiesPage {
	ctx := r.Context()
	c := familiesPage{Page: route.Page(w, r, title), Rows: rows, Now: p.Now(), Cols: familyColumns(ctx)}
	if zone, err := time.LoadLocation(route.Actor(r).School.Timezone); err == nil { // else the machine's: it tells days only
		c.Now = c.Now.In(zone)
	}
	c.Wide = true
	c.Back = ui.Link{Label: lang.T(ctx, "Coverage"), URL: link(ctx, filter(r), "")}
	return c
}

func familyColumns(ctx context.Context) []ui.Column {
	return ui.Columns(lang.T(ctx, "Family of"), lang.T(ctx, "Class"), lang.T(ctx, "Reads"), lang.T(ctx, "Last reached"), lang.T(ctx, "Next step"))
}

type centrePage struct {
	ui.Page
	Schools []insight.CentreSchool
	Sum     insight.CentreSum
	Turn    ui.Turn
}

// schoolsPerPage is how many schools the support centre sees at once.
const schoolsPerPage = 50

// centre is the page of the support centre.
func (p *Pages) centre(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	schools, next, sum, err := p.Insight.Centre(ctx, by, r.FormValue("after"), schoolsPerPage)
	if err != nil {
		return err
	}
	c := centrePage{Page: route.Page(w, r, lang.T(ctx, "Coverage of the schools")), Schools: schools, Sum: sum}
	c.Wide = true
	c.Lead = lang.T(ctx, "Families in tens, over {weeks} weeks. Fewer than ten is not shown, and neither is what would tell it.", "weeks", insight.CentreWeeks)
	c.Actions = []ui.Action{{Label: lang.T(ctx, "Save as a table"), Icon: "download", Download: true, URL: "/support/coverage/export"}}
	if next != "" {
		c.Turn.NextURL = "/support/coverage?after=" + url.QueryEscape(next)
	}
	return route.Render(w, r, http.StatusOK, centreView(c))
}

// tens is a count as the support centre sees it.
func tens(ctx context.Context, n int) string {
	if n < insight.Few {
		return lang.T(ctx, "fewer than {n}", "n", insight.Few)
	}
	return lang.From(ctx).Number(n)
}
