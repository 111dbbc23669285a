package packs

import (
	"strconv"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/press"
	"brug/internal/sheets"
)

// coverPage is the list for the teacher: who gets which language, with a square to tick when it is handed out.
func (pr *printing) coverPage(ui *lang.Locale, class string, slips []slip, paused []string) press.Page {
	page := press.Page{Size: press.A4, Lang: ui.Tag(), TextSize: 10.5, Accent: sheets.Deep, MinScale: 0.75, Whole: true}
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
		var texts []string
		for _, tag := range sl.textLangs() {
			texts = append(texts, lang.Name(ui.Tag(), tag))
		}
		table.Rows = append(table.Rows, []press.Text{nil, press.Personal(name), press.T(lang.Name(ui.Tag(), sl.lang)), press.T(ui.List(texts)), press.T(mind)})
	}
	page.Blocks = []press.Block{pr.paper.Letterhead(ui), press.Space{Height: 5 * press.MM},
		press.Heading{Level: 1, Text: press.T(heading), Style: press.Style{Size: 20, Color: sheets.Deep}}}
	page.Blocks = append(page.Blocks, pr.contents(ui)...)
	page.Blocks = append(page.Blocks,
		press.Para{Text: press.T(ui.N(len(slips), "For {n} family, in the order of this list", "For {n} families, in the order of this list")), Style: press.Style{Color: sheets.Soft}},
		press.Space{Height: 4 * press.MM}, table)
	if len(paused) > 0 {
		page.Blocks = append(page.Blocks, press.Space{Height: 5 * press.MM},
			press.Para{Text: press.Personal(ui.T("No slip, because the family asked for no messages: {names}. Talk to them at the gate.", "names", ui.List(paused)))})
	}
	return page
}

// contents says what each family gets: one title, or the list of a bag, each with the kind.
func (pr *printing) contents(ui *lang.Locale) []press.Block {
	if len(pr.entries) == 0 {
		return []press.Block{press.Para{Text: press.T(ui.T("Letters that waited for paper")), Style: press.Style{Size: 12}}}
	}
	kind := func(e *material.Entry) string {
		return e.TitleIn(ui.Tag()) + " · " + ui.T(e.Kind.Spec().Name)
	}
	if len(pr.entries) == 1 && pr.letters == 0 {
		line := kind(pr.entries[0])
		if per := pr.form(pr.entries[0]).Size.PerSheet(); per > 1 && pr.options.Impose != press.Single {
			line += " · " + ui.T("{n} on a sheet, to cut", "n", per)
		}
		return []press.Block{press.Para{Text: press.T(line), Style: press.Style{Size: 12}}}
	}
	list := press.List{Gap: 1, Style: press.Style{Size: 12}}
	for i, e := range pr.entries {
		list.Items = append(list.Items, press.Item{Label: strconv.Itoa(i+1) + ".", Text: press.T(kind(e))})
	}
	if pr.letters > 0 {
		list.Items = append(list.Items, press.Item{Label: strconv.Itoa(len(pr.entries)+1) + ".", Text: press.T(ui.T("Letters that waited for paper, for those who have any"))})
	}
	return []press.Block{press.Para{Text: press.T(ui.T("Each family gets, one behind the other:")), Style: press.Style{Color: sheets.Soft}, KeepWithNext: true}, list}
}
