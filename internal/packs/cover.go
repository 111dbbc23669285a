package packs

import (
	"brug/internal/lang"
	"brug/internal/press"
)

// coverPage is the list for the teacher: who gets which language, with a square to tick when it is handed out.
func (p *paper) coverPage(ui *lang.Locale, class string, title string, slips []slip, paused []string) press.Page {
	page := press.Page{Size: press.A4, Lang: ui.Tag(), TextSize: 10.5, Accent: deep, MinScale: 0.75}
	heading := ui.T("Whole school")
	if class != "" {
		heading = ui.T("Class {name}", "name", class)
	}
	table := press.Table{Columns: []press.Column{{Head: press.T(ui.T("Given")), Tick: true, Width: 20 * press.MM}, {Head: press.T(ui.T("Child")), Weight: 2.2}, {Head: press.T(ui.T("Language")), Weight: 1.2}, {Head: press.T(ui.T("Text in")), Weight: 1.2}, {Head: press.T(ui.T("Mind")), Weight: 2.4}}}
	for _, sl := range slips {
		name := sl.child.Given + " " + sl.child.Family
		if sl.place != "" {
			name += " (" + sl.place + ")"
		}
		mind := ""
		if sl.listens {
			mind = ui.T("rather listens: say it too")
		}
		text := lang.Name(ui.Tag(), sl.sheet.Intro.Lang)
		table.Rows = append(table.Rows, []press.Text{nil, press.Personal(name), press.T(lang.Name(ui.Tag(), sl.lang)), press.T(text), press.T(mind)})
	}
	page.Blocks = []press.Block{p.letterhead(ui), press.Space{Height: 5 * press.MM},
		press.Heading{Level: 1, Text: press.T(heading), Style: press.Style{Size: 20, Color: deep}},
		press.Para{Text: press.T(title), Style: press.Style{Size: 12}},
		press.Para{Text: press.T(ui.N(len(slips), "{n} slip, in the order of this list", "{n} slips, in the order of this list")), Style: press.Style{Color: soft}},
		press.Space{Height: 4 * press.MM}, table}
	if len(paused) > 0 {
		page.Blocks = append(page.Blocks, press.Space{Height: 5 * press.MM},
			press.Para{Text: press.Personal(ui.T("No slip, because the family asked for no messages: {names}. Talk to them at the gate.", "names", ui.List(paused)))})
	}
	return page
}
