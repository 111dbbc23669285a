package schoolweb

import (
	"context"
	"net/http"

	"brug/internal/lang"
	"brug/internal/messages/letter"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// officePage is /s/{school}/school/hours: when staff answer families, day by day.
type officePage struct {
	formPage
	Days    []officeDay
	Say     string // as families read it, in the language of the page
	Example string // the same of hours that a school might have, where it has told none yet
}

// officeDay is the two fields of a day.
type officeDay struct {
	Name     string
	From, To ui.Input
}

// schoolDays is how many days the form has, Monday first. Hours at a weekend, put there by another way, stay.
const schoolDays = 5

func (p *Pages) office(w http.ResponseWriter, r *http.Request) error {
	return p.showOffice(w, r, http.StatusOK, nil)
}

func (p *Pages) showOffice(w http.ResponseWriter, r *http.Request, status int, typed *ui.Form) error {
	ctx := r.Context()
	now, err := p.School.Settings(ctx, route.Actor(r))
	if err != nil {
		return err
	}
	page := officePage{Days: officeDays(ctx), Say: letter.Hours(lang.From(ctx).Tag(), now.Office.Stored())}
	if page.Say == "" {
		page.Example = letter.Hours(lang.From(ctx).Tag(), exampleHours.Stored())
	}
	stored := officeForm(now.Office)
	page.formPage = formPage{Page: route.Page(w, r, lang.T(ctx, "When you answer families")), Form: stored, URL: route.Path(ctx, "school", "hours"),
		Fields: page.fields(), Hidden: []string{"version", itoa(now.Version)}, Submit: lang.T(ctx, "Save"), Cancel: cancel(ctx, route.Path(ctx, "school"))}
	page.Lead = lang.T(ctx, "Families may write at any time. They read here when they can expect an answer. Leave a day empty when nobody answers.")
	page.Back = schoolLink(ctx)
	if typed != nil {
		page.Form = typed
		if status == http.StatusConflict {
			page.Clashes = clashes(ctx, page.Fields, typed, stored)
		}
	}
	return route.Render(w, r, status, officeView(page))
}

// exampleHours are what the page shows as an example.
var exampleHours = school.Office{Days: [7]school.Span{{From: "08:15", To: "16:00"}, {From: "08:15", To: "16:00"}, {From: "08:15", To: "11:30"}}}

func (p *Pages) doOffice(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	f, err := ui.FormFrom(r, maxForm)
	var now school.Settings
	if err == nil {
		now, err = p.School.Settings(ctx, by)
	}
	if err == nil {
		o := now.Office
		for i := range schoolDays {
			o.Days[i] = school.Span{From: f.Get(school.OfficeDays[i] + "_from"), To: f.Get(school.OfficeDays[i] + "_to")}
		}
		err = p.School.SaveOffice(ctx, by, version(f), o)
	}
	if status, ok := show(f, err); ok {
		return p.showOffice(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "school", "hours"), lang.T(ctx, "Saved."))
}

func officeDays(ctx context.Context) []officeDay {
	days := make([]officeDay, schoolDays)
	for i := range days {
		name := school.Weekday(lang.From(ctx), i)
		at := ui.Input{Optional: true, Short: true, Max: 5, Auto: "off", HideLabel: true}
		from, to := at, at
		from.Name, from.Label = school.OfficeDays[i]+"_from", lang.T(ctx, "{day}, from", "day", name)
		to.Name, to.Label = school.OfficeDays[i]+"_to", lang.T(ctx, "{day}, to", "day", name)
		days[i] = officeDay{name, from, to}
	}
	return days
}

func (p officePage) fields() []field {
	var out []field
	for _, d := range p.Days {
		out = append(out, field{Input: d.From}, field{Input: d.To})
	}
	return out
}

func officeForm(o school.Office) *ui.Form {
	f := ui.NewForm()
	for i := range schoolDays {
		f.Set(school.OfficeDays[i]+"_from", o.Days[i].From)
		f.Set(school.OfficeDays[i]+"_to", o.Days[i].To)
	}
	return f
}
