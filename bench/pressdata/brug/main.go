// Command brug prints the slips of the side-by-side measurement with package press: the same content as the Typst and
// the Chromium version beside it. bench/press calls it; nothing of the program imports it.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"time"

	"brug/internal/press"
)

type record struct {
	Lang, Dir, Name, Title, Family, Intro, Scan, Date, URL string
	Questions                                              []string
	Icons                                                  []int
}

type input struct {
	School  string
	Records []record
}

func main() {
	data := flag.String("data", "data.json", "the families")
	icons := flag.String("icons", "icons", "folder of the pictograms")
	out := flag.String("out", "brug.pdf", "the PDF")
	pages := flag.Int("pages", 0, "how many pages; more than there are families begins again")
	workers := flag.Int("workers", 0, "0 is one per processor")
	profile := flag.String("profile", "", "write a CPU profile")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		check(err)
		check(pprof.StartCPUProfile(f))
		defer pprof.StopCPUProfile()
	}
	check(run(*data, *icons, *out, *pages, *workers))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(data, icons, out string, pages, workers int) error {
	raw, err := os.ReadFile(data)
	if err != nil {
		return err
	}
	var in input
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	pictures := make([]*press.Picture, 5)
	for i, name := range []string{"0.svg", "1.svg", "2.svg", "3.svg", "logo.svg"} {
		svg, err := os.ReadFile(filepath.Join(icons, name))
		if err != nil {
			return err
		}
		if pictures[i], err = press.ParseSVG(svg); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<18)
	doc := press.New(w, press.Options{
		Title: "Briefjes met vragen", Lang: "nl", Author: in.School, Workers: workers,
		Created: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC),
	})
	if pages == 0 {
		pages = len(in.Records)
	}
	ctx := context.Background()
	for i := range pages {
		if err := doc.Add(ctx, slip(&in, &in.Records[i%len(in.Records)], pictures)); err != nil {
			break // Close says what it was
		}
	}
	if err := doc.Close(); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// slip is one family's page: logo, school and date, title, five questions with pictogram and a line, code.
func slip(in *input, r *record, pictures []*press.Picture) press.Page {
	items := make([]press.Item, len(r.Questions))
	for i, q := range r.Questions {
		items[i] = press.Item{
			Label: string(rune('1'+i)) + ".", Picture: pictures[r.Icons[i]], PictureSize: 34,
			Text: press.T(q), Lines: 1, LineGap: 24,
		}
	}
	return press.Page{
		Lang:     r.Lang,
		TextSize: 15,
		Margins:  press.Margin(51),
		Blocks: []press.Block{
			press.Row{Cells: []press.Cell{
				{Width: 45, Blocks: []press.Block{press.Image{Picture: pictures[4], Width: 45, Height: 45, Alt: "Logo"}}},
				{Lang: "nl", VAlign: press.Middle, Weight: 3, Blocks: []press.Block{
					press.Para{Text: press.T(in.School), Style: press.Style{Size: 11, Align: press.PageStart}}}},
				{VAlign: press.Middle, Weight: 2, Blocks: []press.Block{
					press.Para{Text: press.T(r.Date), Style: press.Style{Size: 11, Align: press.End}}}},
			}},
			press.Heading{Text: press.T(r.Title), Style: press.Style{Size: 24}},
			press.Para{Text: press.T(r.Family), Style: press.Style{Size: 14, Bold: true}},
			press.Para{Text: press.T(r.Intro), Style: press.Style{Size: 12}},
			press.List{Items: items},
		},
		Footer: []press.Block{press.Row{Cells: []press.Cell{
			{Width: 90, Blocks: []press.Block{press.QR{Payload: r.URL, Side: 90, Alt: r.Scan}}},
			{VAlign: press.Middle, Blocks: []press.Block{press.Para{Text: press.T(r.Scan), Style: press.Style{Size: 12}}}},
		}}},
	}
}
