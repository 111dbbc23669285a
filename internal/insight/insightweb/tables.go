package insightweb

import (
	"context"
	"strconv"
	"time"

	"brug/internal/contact"
	"brug/internal/insight"
	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/web/ui"
)

// table is one table of the report: its twin in numbers is what is read, exported and printed, the strips stand beside it.
type table struct {
	By    insight.By
	Title string
	First string // heading of the first column
	Lines []insight.Line
	Names []string
	Langs []string // of Names, where it is not the page's
}

// tables are those of the report that have lines, in their order.
func tables(ctx context.Context, r *insight.Report) []table {
	out := []table{
		{By: insight.ByWeek, Title: lang.T(ctx, "Week by week"), First: lang.T(ctx, "Week of"), Lines: r.Weekly},
		{By: insight.ByClass, Title: lang.T(ctx, "By class"), First: lang.T(ctx, "Class"), Lines: r.Classes},
		{By: insight.ByLang, Title: lang.T(ctx, "By language that families read"), First: lang.T(ctx, "Language"), Lines: r.Langs},
		{By: insight.ByRoad, Title: lang.T(ctx, "By road"), First: lang.T(ctx, "Road"), Lines: r.Roads},
		{By: insight.ByRoutine, Title: lang.T(ctx, "By routine"), First: lang.T(ctx, "Routine"), Lines: r.Routines},
	}
	kept := out[:0]
	for _, t := range out {
		if len(t.Lines) == 0 || t.By == insight.ByClass && len(t.Lines) < 2 {
			continue
		}
		for _, l := range t.Lines {
			t.Names = append(t.Names, lineName(ctx, r, t.By, l))
		}
		kept = append(kept, t)
	}
	return kept
}

// routineNames are the areas of the ledger, as a team speaks of them.
var routineNames = map[string]string{
	contact.AreaMessages:      lang.Msg("Messages"),
	contact.AreaConversations: lang.Msg("Conversations"),
	contact.AreaSlips:         lang.Msg("Slips and other paper with a code"),
	contact.AreaTalk:          lang.Msg("Calls and talks"),
	contact.AreaStop:          lang.Msg("Wishes about contact"),
}

var balanceNames = map[string]string{
	insight.Positive:  lang.Msg("Positive"),
	insight.Neutral:   lang.Msg("Neutral"),
	insight.Worry:     lang.Msg("A worry"),
	insight.Learning:  lang.Msg("About learning"),
	insight.Logistics: lang.Msg("About practical things"),
	insight.BySchool:  lang.Msg("Begun by the school"),
	insight.ByFamily:  lang.Msg("Begun by the family"),
}

// lineName is how a line of a division is called.
func lineName(ctx context.Context, r *insight.Report, by insight.By, line insight.Line) string {
	l := lang.From(ctx)
	switch by {
	case insight.ByWeek:
		return l.DateShort(weekOf(r, line.Key))
	case insight.ByClass:
		return line.Name
	case insight.ByLang:
		return lang.Name(l.Tag(), line.Key)
	case insight.ByRoad:
		return l.T(contact.Road(line.Key).Name())
	case insight.ByRoutine:
		return l.T(routineNames[line.Key])
	case insight.ByBalance:
		return l.T(balanceNames[line.Key])
	}
	return l.T("All families")
}

func weekOf(r *insight.Report, key string) time.Time {
	for _, w := range r.Weeks {
		if w.Format(time.DateOnly) == key {
			return w
		}
	}
	return r.Weeks[0]
}

// title says whom a list behind a figure shows.
func title(ctx context.Context, r *insight.Report, by insight.By, key string, level insight.Level) string {
	name := ""
	for _, line := range r.Lines(by) {
		if line.Key == key {
			name = lineName(ctx, r, by, line)
		}
	}
	return lang.T(ctx, "{what}: {how}", "what", name, "how", levelName(ctx, level))
}

func levelName(ctx context.Context, v insight.Level) string {
	switch v {
	case insight.Offered:
		return lang.T(ctx, "Offered")
	case insight.Arrived:
		return lang.T(ctx, "Arrived")
	case insight.Answered:
		return lang.T(ctx, "Answered")
	}
	return lang.T(ctx, "Nothing yet")
}

// percent is a share for a drawing, in hundredths of a unit that is 100 wide.
func percent(part, whole int) string {
	if whole <= 0 {
		return "0"
	}
	return strconv.FormatFloat(float64(min(part, whole))*100/float64(whole), 'f', 2, 64)
}

// of says a figure in words: "18 of 25".
func of(ctx context.Context, part, whole int) string {
	return lang.T(ctx, "{part} of {whole}", "part", part, "whole", whole)
}

// names are the children of a home, with the family name: outside of a class first names are not enough.
func names(ctx context.Context, h school.Home) string {
	out := make([]string, len(h.Children))
	for i, c := range h.Children {
		out[i] = c.Given
		if c.Family != "" {
			out[i] += " " + c.Family
		}
	}
	return lang.From(ctx).List(out)
}

// classNames are the classes of the children, each once.
func classNames(ctx context.Context, h school.Home) string {
	var out []string
	for _, c := range h.Children {
		if len(out) == 0 || out[len(out)-1] != c.ClassName {
			out = append(out, c.ClassName)
		}
	}
	return lang.From(ctx).List(out)
}

// lastReached says when, as a teacher would; days are those of now's zone.
func lastReached(ctx context.Context, now time.Time, r contact.Row) string {
	l := lang.From(ctx)
	switch {
	case r.LastReached.IsZero() && r.LastAt.IsZero():
		return l.T("none yet")
	case r.LastReached.IsZero():
		return l.T("offered, no answer yet")
	}
	span := l.Ago(now, r.LastReached)
	if yesterday := time.Date(now.Year(), now.Month(), now.Day()-1, 0, 0, 0, 0, now.Location()); r.LastReached.Before(yesterday) {
		return l.T("{span} ago", "span", span)
	}
	return span
}

// step is the next human step.
func step(ctx context.Context, r contact.Row) string {
	if r.Next == contact.NoStep {
		return lang.T(ctx, "Nothing now")
	}
	return lang.T(ctx, r.Next.Name())
}

// span is a time to answer: "3 hours", "2 days".
func span(ctx context.Context, d time.Duration) string {
	switch hours := int(d.Hours() + 0.5); {
	case d < time.Hour:
		return lang.T(ctx, "within an hour")
	case hours < 48:
		return lang.N(ctx, hours, "{n} hour", "{n} hours")
	default:
		return lang.N(ctx, (hours+12)/24, "{n} day", "{n} days")
	}
}

// behind is the way from a figure to its families.
func behind(ctx context.Context, r *insight.Report, by insight.By, key string, level insight.Level) string {
	return link(ctx, r.Filter, "families", "by", string(by), "key", key, "level", string(level))
}

func coverColumns(ctx context.Context, t table) []ui.Column {
	cols := []ui.Column{{Label: t.First}, {Label: lang.T(ctx, "Families"), Kind: ui.NumberColumn}}
	for _, v := range insight.Levels {
		cols = append(cols, ui.Column{Label: levelName(ctx, v), Kind: ui.NumberColumn})
	}
	return append(cols, ui.Column{Label: lang.T(ctx, "Drawn"), Kind: ui.DoColumn})
}

func waitColumns(ctx context.Context) []ui.Column {
	cols := []ui.Column{{Label: lang.T(ctx, "Who answers")}}
	for _, label := range []string{lang.T(ctx, "Answers"), lang.T(ctx, "Middle one"), lang.T(ctx, "Within a day"), lang.T(ctx, "Within three days"), lang.T(ctx, "Within a week"), lang.T(ctx, "Later")} {
		cols = append(cols, ui.Column{Label: label, Kind: ui.NumberColumn})
	}
	return cols
}

func centreColumns(ctx context.Context) []ui.Column {
	return []ui.Column{{Label: lang.T(ctx, "School")}, {Label: lang.T(ctx, "Families"), Kind: ui.NumberColumn}, {Label: levelName(ctx, insight.Offered), Kind: ui.NumberColumn},
		{Label: levelName(ctx, insight.Arrived), Kind: ui.NumberColumn}, {Label: lang.T(ctx, "Drawn"), Kind: ui.DoColumn}}
}

// balanceOf is a line of the balance.
func balanceOf(r *insight.Report, key string) insight.Line {
	for _, l := range r.Balance {
		if l.Key == key {
			return l
		}
	}
	return insight.Line{Key: key}
}

// A chart has 40 units a week: a column of 30 and a space.
func chartBox(weeks int) string { return "0 0 " + strconv.Itoa(weeks*40) + " 120" }

func chartX(i int) string { return strconv.Itoa(i*40 + 5) }
