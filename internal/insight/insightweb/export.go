package insightweb

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/insight"
	"brug/internal/lang"
	"brug/internal/web/route"
)

// most is how many families a file may have: more than any school.
const most = 10000

// export gives a table of coverage as CSV: table is week, class, lang, road, routine, balance, waits, families or waiting.
func (p *Pages) export(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	f, which := filter(r), r.FormValue("table")
	if which == "" {
		which = string(insight.ByWeek)
	}
	if which == "waiting" {
		rows, _, err := p.Insight.Waiting(ctx, by, f, "", most)
		if err != nil {
			return err
		}
		return p.familyFile(w, r, rows)
	}
	report, err := p.Insight.Coverage(ctx, by, f)
	if err != nil {
		return err
	}
	switch {
	case which == "families":
		rows, _, err := p.Insight.Families(ctx, by, report, insight.By(r.FormValue("by")), r.FormValue("key"), insight.Level(r.FormValue("level")), "", most)
		if err != nil {
			return err
		}
		return p.familyFile(w, r, rows)
	case which == "waits":
		return send(w, ctx, "coverage-waits", waitRows(ctx, report))
	case which == string(insight.ByBalance):
		rows := [][]string{{lang.T(ctx, "What"), lang.T(ctx, "Contacts"), lang.T(ctx, "Families")}}
		for _, l := range report.Balance {
			rows = append(rows, []string{lineName(ctx, report, insight.ByBalance, l), strconv.Itoa(l.Contacts), strconv.Itoa(l.Offered)})
		}
		return send(w, ctx, "coverage-balance", rows)
	}
	lines := report.Lines(insight.By(which))
	if lines == nil && len(report.Lines(insight.ByAll)) > 0 && !known(which) {
		return errs.NotFoundf("no table %q", which)
	}
	rows := [][]string{{lang.T(ctx, "What"), lang.T(ctx, "Families"), levelName(ctx, insight.Offered), levelName(ctx, insight.Arrived), levelName(ctx, insight.Answered), levelName(ctx, insight.Nothing)}}
	for _, l := range lines {
		name := lineName(ctx, report, insight.By(which), l)
		if insight.By(which) == insight.ByWeek {
			name = l.Key
		}
		rows = append(rows, []string{name, strconv.Itoa(l.Families), strconv.Itoa(l.Offered), strconv.Itoa(l.Arrived), strconv.Itoa(l.Answered), strconv.Itoa(l.Nothing())})
	}
	return send(w, ctx, "coverage-"+which, rows)
}

func known(which string) bool {
	switch insight.By(which) {
	case insight.ByAll, insight.ByWeek, insight.ByClass, insight.ByLang, insight.ByRoad, insight.ByRoutine:
		return true
	}
	return false
}

func waitRows(ctx context.Context, r *insight.Report) [][]string {
	rows := [][]string{{lang.T(ctx, "Who answers"), lang.T(ctx, "Answers"), lang.T(ctx, "Middle one"), lang.T(ctx, "Within a day"), lang.T(ctx, "Within three days"), lang.T(ctx, "Within a week"), lang.T(ctx, "Later")}}
	for _, w := range waitLines(ctx, r) {
		middle := ""
		if w.Answers > 0 {
			middle = span(ctx, w.Median)
		}
		rows = append(rows, []string{w.Who, strconv.Itoa(w.Answers), middle, strconv.Itoa(w.Day), strconv.Itoa(w.ThreeDays), strconv.Itoa(w.Week), strconv.Itoa(w.Longer)})
	}
	return rows
}

// waitLine is one side's time to answer.
type waitLine struct {
	Who string
	insight.Waits
}

func waitLines(ctx context.Context, r *insight.Report) []waitLine {
	return []waitLine{{lang.T(ctx, "The school answers families"), r.School}, {lang.T(ctx, "Families answer the school"), r.Family}}
}

func (p *Pages) familyFile(w http.ResponseWriter, r *http.Request, rows []contact.Row) error {
	ctx := r.Context()
	zone, err := time.LoadLocation(route.Actor(r).School.Timezone)
	if err != nil {
		return err
	}
	out := [][]string{{}}
	for _, c := range familyColumns(ctx) {
		out[0] = append(out[0], c.Label)
	}
	for _, row := range rows {
		last := ""
		if !row.LastReached.IsZero() {
			last = row.LastReached.In(zone).Format(time.DateOnly)
		}
		out = append(out, []string{names(ctx, row.Home), classNames(ctx, row.Home), lang.Name(lang.From(ctx).Tag(), row.Lang), last, step(ctx, row)})
	}
	return send(w, ctx, "coverage-families", out)
}

// centreExport is the page of the support centre as a file, all schools.
func (p *Pages) centreExport(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	rows := [][]string{{lang.T(ctx, "School"), lang.T(ctx, "Families"), levelName(ctx, insight.Offered), levelName(ctx, insight.Arrived)}}
	for after := ""; ; {
		page, next, _, err := p.Insight.Centre(ctx, by, after, 200)
		if err != nil {
			return err
		}
		for _, s := range page {
			rows = append(rows, []string{s.Title(), tens(ctx, s.Families), tens(ctx, s.Offered), tens(ctx, s.Arrived)})
		}
		if next == "" {
			return send(w, ctx, "coverage-schools", rows)
		}
		after = next
	}
}

// send writes rows as CSV that the office programs of the reader's country open by a double click: UTF-8 with its mark, and
// semicolons where the comma stands in numbers.
func send(w http.ResponseWriter, ctx context.Context, name string, rows [][]string) error {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	c := csv.NewWriter(&b)
	c.UseCRLF = true
	if lang.From(ctx).Tag() != "en" {
		c.Comma = ';'
	}
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = guarded(cell)
		}
		if err := c.Write(safe); err != nil {
			return err
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	h.Set("Cache-Control", "private, no-store")
	_, err := w.Write(b.Bytes())
	return err
}

// guarded keeps a spreadsheet from taking a text for a formula, whatever somebody typed as a name.
func guarded(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) || strings.HasPrefix(cell, "＝") {
		return "'" + cell
	}
	return cell
}
