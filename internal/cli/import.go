package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"brug/internal/app"
	"brug/internal/lang"
	"brug/internal/roster"
	areaschool "brug/internal/school"
)

type importCmd struct {
	Files  []string `arg:"" type:"existingfile" help:"CSV, XLSX, XML (EDEX) or a zip (OneRoster, School Data Sync)."`
	School string   `placeholder:"SLUG" help:"Which school, if there are several."`
	Yes    bool     `short:"y" help:"Bring the list in; without it the plan is shown and nothing is written."`
	Left   bool     `help:"Pupils who are not on the list any more have left the school."`
}

func (i *importCmd) Run(ctx context.Context, c *commands) error {
	var files []roster.File
	for _, name := range i.Files {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files = append(files, roster.File{Name: filepath.Base(name), Data: data})
	}
	return c.with(ctx, func(a *app.App) error {
		by, err := school(ctx, a, i.School)
		if err != nil {
			return err
		}
		choices := areaschool.Choices{}
		if i.Left {
			choices.Gone = areaschool.GoneLeft
		}
		plan, err := a.School.ImportFiles(ctx, by, files, choices, i.Yes)
		if err != nil {
			return err
		}
		return tellPlan(c.out, plan, i.Yes)
	})
}

// tellPlan prints a plan: the counts, then each line that a person should look at.
func tellPlan(w io.Writer, p areaschool.Plan, done bool) error {
	n := p.Counts
	fmt.Fprintf(w, "%d pupils in the list: %d new, %d changed, %d the same, %d gone, %d doubtful; %d new classes\n", n.Pupils, n.New, n.Changed, n.Same, n.Gone, n.Doubtful, n.Classes)
	en := lang.For("en")
	for _, part := range []struct {
		title string
		items []areaschool.PlanItem
	}{{"Doubtful", p.Doubtful}, {"Gone", p.Gone}, {"Notes", p.Notes}} {
		for _, it := range part.items {
			fmt.Fprintf(w, "%s: %s %s %s", part.title, it.File, it.Name, it.Class)
			if it.Row > 0 {
				fmt.Fprintf(w, " (row %d)", it.Row)
			}
			for i, r := range it.Lines { // whole sentences: a colon before the first only
				before := " "
				if i == 0 {
					before = ": "
				}
				fmt.Fprint(w, before, en.Text(r))
			}
			fmt.Fprintln(w)
		}
	}
	line := "Nothing was written. Say --yes to bring it in."
	if done {
		line = "Brought in."
	}
	_, err := fmt.Fprintln(w, line)
	return err
}
