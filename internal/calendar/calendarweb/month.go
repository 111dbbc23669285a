package calendarweb

import (
	"context"
	"net/http"
	"slices"
	"time"

	"brug/internal/auth"
	"brug/internal/calendar"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// monthPage is /s/{school}/calendar: a month, day by day.
type monthPage struct {
	ui.Page
	Month  string // 2026-12
	Name   string // "december 2026"
	Days   []monthDay
	Turn   ui.Turn
	Filter *ui.Form
	Whose  []ui.Option // whose calendar to show; none where there is no choice
	URL    string
	Change bool
}

// monthDay is a day with what begins on it; on the first one also what goes on from before.
type monthDay struct {
	Day    string
	Today  bool
	Over   bool
	Events []calendar.Event
}

func (p *Pages) month(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	today := p.today(r)
	asked := r.URL.Query().Get("month")
	first, err := time.Parse("2006-01", asked)
	if err != nil {
		asked = today.Format("2006-01")
		first = time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	events, err := p.Calendar.Month(ctx, by, asked)
	if err != nil {
		return err
	}
	whose := r.URL.Query().Get("of")
	page := monthPage{Page: route.Page(w, r, lang.T(ctx, "Calendar")), Month: asked, Name: monthName(ctx, first), Change: may(r, auth.CalendarChange),
		URL: route.Path(ctx, "calendar"), Filter: ui.NewForm("of", whose)}
	if page.Whose, err = p.whose(r); err != nil {
		return err
	}
	if slices.ContainsFunc(page.Whose, func(o ui.Option) bool { return o.Value == whose }) && whose != "" {
		events = slices.DeleteFunc(events, func(e calendar.Event) bool {
			return whose == "school" && e.ClassID != 0 || whose != "school" && e.ClassID != 0 && e.ClassPublic != whose
		})
	} else {
		whose = ""
	}
	page.Days = daysOf(events, asked+"-01", today.Format(time.DateOnly))
	page.Turn = ui.Turn{PrevURL: page.at(first.AddDate(0, -1, 0), whose), Prev: monthName(ctx, first.AddDate(0, -1, 0)),
		NextURL: page.at(first.AddDate(0, 1, 0), whose), Next: monthName(ctx, first.AddDate(0, 1, 0))}
	page.Actions = []ui.Action{{Label: lang.T(ctx, "Days off"), Icon: "calendar", URL: route.Path(ctx, "calendar", "off")}}
	if page.Change {
		page.Actions = slices.Insert(page.Actions, 0, ui.Action{Label: lang.T(ctx, "Add to the calendar"), Icon: "add", Kind: ui.First,
			URL: route.Path(ctx, "calendar", "new") + "?day=" + dayToOffer(first, today)})
	}
	return route.Render(w, r, http.StatusOK, monthView(page))
}

func (p monthPage) at(month time.Time, whose string) string {
	u := p.URL + "?month=" + month.Format("2006-01")
	if whose != "" {
		u += "&of=" + whose
	}
	return u
}

// dayToOffer is the day that a new event begins with: today, or the first day of another month.
func dayToOffer(month, today time.Time) string {
	if month.Format("2006-01") == today.Format("2006-01") {
		return today.Format(time.DateOnly)
	}
	return month.Format(time.DateOnly)
}

func monthName(ctx context.Context, t time.Time) string {
	return lang.T(ctx, "{month} {year}", "month", lang.From(ctx).Month(t), "year", t.Format("2006"))
}

// whose are the calendars that a person may want to see alone: the school's, and each class's.
func (p *Pages) whose(r *http.Request) ([]ui.Option, error) {
	ctx := r.Context()
	classes, err := p.School.Classes(ctx, route.Actor(r))
	if err != nil || len(classes) < 2 {
		return nil, err
	}
	out := []ui.Option{{Value: "", Label: lang.T(ctx, "Everybody")}, {Value: "school", Label: lang.T(ctx, "Only the whole school")}}
	for _, c := range classes {
		out = append(out, ui.Option{Value: c.PublicID, Label: lang.T(ctx, "Class {name}", "name", c.Name)})
	}
	return out, nil
}

// daysOf sets events, which come in order, below their days.
func daysOf(events []calendar.Event, first, today string) []monthDay {
	var out []monthDay
	for _, e := range events {
		day := max(e.Day, first)
		if len(out) == 0 || out[len(out)-1].Day != day {
			out = append(out, monthDay{Day: day, Today: day == today, Over: day < today})
		}
		d := &out[len(out)-1]
		d.Events = append(d.Events, e)
		if e.Last() >= today {
			d.Over = false
		}
	}
	return out
}

// dayName is a day as a line of the month has it: "dinsdag 8 december".
func dayName(ctx context.Context, day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return lang.From(ctx).Date(t)
}

// hours is the times of an event within its day, and until when it takes if that is longer; "" for a whole day.
func hours(ctx context.Context, e calendar.Event) string {
	if e.ToDay != "" {
		return e.When(lang.From(ctx))
	}
	switch {
	case e.From == "":
		return ""
	case e.To == "":
		return e.From
	}
	return e.From + "–" + e.To
}

// offPage is /s/{school}/calendar/off: the days on which nobody is at school, from today on.
type offPage struct {
	ui.Page
	Events []calendar.Event
	Change bool
}

func (p *Pages) off(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	events, err := p.Calendar.Free(ctx, by)
	if err != nil {
		return err
	}
	page := offPage{Page: route.Page(w, r, lang.T(ctx, "Days off")), Events: events, Change: may(r, auth.CalendarSchool)}
	page.Lead = lang.T(ctx, "The whole school is free on these days. Messages wait, a week at most; what is urgent goes.")
	page.Back = link(ctx)
	if page.Change {
		page.Actions = []ui.Action{
			{Label: lang.T(ctx, "Bring in a file"), Icon: "upload", Kind: ui.First, URL: route.Path(ctx, "calendar", "file")},
			{Label: lang.T(ctx, "Add a day off"), Icon: "add", URL: route.Path(ctx, "calendar", "new") + "?kind=" + string(calendar.NoSchool)},
		}
	}
	return route.Render(w, r, http.StatusOK, offView(page))
}
