package home

import (
	"net/http"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

type classPage struct {
	ui.Page
	Class  school.ClassRow
	Grid   contact.Grid
	Two    map[int64]bool // children with two homes, by id
	Now    time.Time
	Change bool // the actor may change the class
	Cols   []ui.Column
	Days   []string // of the weeks
}

// class is the grid of contact: families down, weeks across, who is not reached for longest on top.
func (p *Pages) class(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	class, err := p.School.Class(ctx, by, r.PathValue("class"))
	if err != nil {
		return err
	}
	grid, err := p.Contact.ClassGrid(ctx, by, class.PublicID)
	if err != nil {
		return err
	}
	tellApart(grid.Rows)
	c := classPage{Page: route.Page(w, r, lang.T(ctx, "Class {name}", "name", class.Name)), Class: class, Grid: grid, Two: map[int64]bool{}, Now: p.Contact.Now(), Change: by.May(auth.SchoolChange) == nil}
	c.Wide = true
	l := lang.From(ctx)
	for _, week := range grid.Weeks {
		c.Days = append(c.Days, l.DateShort(week))
	}
	c.Cols = columns(l, c.Days)
	homes := map[int64]int{}
	for _, row := range grid.Rows {
		for _, ch := range row.Home.Children {
			homes[ch.ID]++
			c.Two[ch.ID] = homes[ch.ID] > 1
		}
	}
	c.Lead = lang.From(ctx).List([]string{
		lang.N(ctx, class.Pupils, "{n} child", "{n} children"),
		lang.N(ctx, len(grid.Rows), "{n} household", "{n} households"),
		lang.N(ctx, grid.Langs, "{n} language", "{n} languages"),
	})
	c.Actions = []ui.Action{{Label: lang.T(ctx, "Print slips"), Icon: "print", Kind: ui.First, URL: route.Path(ctx, "packs", "new") + "?scope=class:" + class.PublicID}}
	if by.May(auth.MessagesSend) == nil {
		c.Actions = append(c.Actions, ui.Action{Label: lang.T(ctx, "Send a message"), Icon: "send", URL: route.Path(ctx, "messages", "new") + "?to=class:" + class.PublicID})
	}
	if c.Change {
		c.Actions = append(c.Actions, ui.Action{Label: lang.T(ctx, "Change class"), Icon: "edit", URL: route.Path(ctx, "classes", class.PublicID, "edit")})
	}
	return route.Render(w, r, http.StatusOK, classView(c))
}

// columns of the grid: whose, last contact, the weeks, the next step.
func columns(l *lang.Locale, days []string) []ui.Column {
	cols := []ui.Column{{Label: l.T("Family of")}, {Label: l.T("Last contact")}}
	for _, d := range days {
		cols = append(cols, ui.Column{Label: d, Kind: ui.MarkColumn})
	}
	return append(cols, ui.Column{Label: l.T("Next step")})
}

// two tells whether a child of the row lives in two homes, so that the rows are told apart.
func (c classPage) two(row contact.Row) bool {
	for _, ch := range row.Home.Children {
		if c.Two[ch.ID] {
			return true
		}
	}
	return false
}

// tellApart gives children of a class who share a first name their family name too, in place: else nobody knows whose row
// it is, or whom to call.
func tellApart(rows []contact.Row) {
	type who struct {
		class int64
		given string
	}
	same := map[who]map[int64]bool{}
	for _, row := range rows {
		for _, ch := range row.Home.Children {
			k := who{ch.ClassID, school.Fold(ch.Given)}
			if same[k] == nil {
				same[k] = map[int64]bool{}
			}
			same[k][ch.ID] = true
		}
	}
	for _, row := range rows {
		for i, ch := range row.Home.Children {
			if len(same[who{ch.ClassID, school.Fold(ch.Given)}]) > 1 && ch.Family != "" {
				row.Home.Children[i].Given += " " + ch.Family
			}
		}
	}
}
