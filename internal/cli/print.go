package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"brug/internal/app"
	"brug/internal/auth"
	"brug/internal/packs"
	areaschool "brug/internal/school"
	"brug/internal/sheets"
)

type printCmd struct {
	Slips printSlipsCmd `cmd:"" aliases:"families" help:"A text of any kind for families: a page for each, in its language."`
	Sheet printSheetCmd `cmd:"" help:"A text for nobody in particular: a poster, a checklist for the team, in up to six languages."`
}

type printSlipsCmd struct {
	Material  string   `required:"" placeholder:"SLUG" help:"Which text (brug admin materials lists them)."`
	Also      []string `placeholder:"SLUG" help:"What each family gets behind it, in this order."`
	Class     string   `xor:"whom" placeholder:"NAME" help:"For one class, by its name."`
	All       bool     `xor:"whom" help:"For the whole school."`
	School    string   `placeholder:"SLUG" help:"Which school, if there are several."`
	Lang      string   `placeholder:"TAG" help:"Every page in this language, instead of each family's own."`
	Langs     []string `name:"in" placeholder:"TAG" help:"Every family gets it in all of these languages, six at most."`
	Bilingual bool     `help:"With the school's language beside it, line by line."`
	NoCover   bool     `name:"no-cover" help:"Without the list for the teacher in front."`
	paperFlags
}

// paperFlags are how a text stands on paper.
type paperFlags struct {
	Size     string `placeholder:"SIZE" enum:",a3,a4,a5,a6" default:"" help:"a3, a4, a5 or a6, if the kind has it; else as usual for the kind."`
	Single   bool   `help:"Small cards on paper of their own size, instead of two or four on A4."`
	TwoSided bool   `name:"two-sided" help:"For a printer that turns the paper on its long edge."`
	Date     string `placeholder:"YYYY-MM-DD" help:"What {date} stands for in the text."`
	Time     string `placeholder:"HH:MM" help:"What {time} stands for."`
	Place    string `help:"What {place} stands for."`
	Out      string `short:"o" required:"" placeholder:"FILE" help:"The PDF to write."`
}

// Validate is called by kong before anything is opened.
func (p *printSlipsCmd) Validate() error {
	if (p.Class == "") == !p.All {
		return errors.New("say for whom: --class NAME or --all")
	}
	return nil
}

func (p *printSlipsCmd) Run(ctx context.Context, c *commands) error {
	c.warnLocal("QR codes")
	return c.with(ctx, func(a *app.App) error {
		by, err := school(ctx, a, p.School)
		if err != nil {
			return err
		}
		choice := packs.Choice{Material: p.Material, Scope: areaschool.Scope{Kind: areaschool.ScopeSchool}, Also: p.Also,
			Options: packs.Options{Lang: p.Lang, Langs: p.Langs, Bilingual: p.Bilingual, NoCover: p.NoCover, Size: sheets.Size(p.Size), Single: p.Single, TwoSided: p.TwoSided, Date: p.Date, Time: p.Time, Place: p.Place}}
		if p.Class != "" {
			if choice.Scope, err = classScope(ctx, a, by, p.Class); err != nil {
				return err
			}
		}
		var slips, pages int
		err = whole(p.Out, func(w io.Writer) (err error) {
			slips, pages, err = a.Packs.Write(ctx, by, choice, w)
			return err
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "%s: %d slips on %d pages\n", p.Out, slips, pages)
		return err
	})
}

type printSheetCmd struct {
	Material string   `required:"" placeholder:"SLUG" help:"Which text (brug admin materials lists them)."`
	In       []string `placeholder:"TAG" help:"In which languages: a poster has them together on one page, else each has its own. Without it: the school's."`
	School   string   `placeholder:"SLUG" help:"Which school, if there are several."`
	paperFlags
}

func (p *printSheetCmd) Run(ctx context.Context, c *commands) error {
	return c.with(ctx, func(a *app.App) error {
		by, err := school(ctx, a, p.School)
		if err != nil {
			return err
		}
		err = whole(p.Out, func(w io.Writer) error {
			return a.Packs.Sheet(ctx, by, packs.SheetChoice{Material: p.Material, Langs: p.In, Size: sheets.Size(p.Size), Single: p.Single, TwoSided: p.TwoSided, Date: p.Date, Time: p.Time, Place: p.Place}, w)
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.out, p.Out)
		return err
	})
}

// whole writes a file that is there whole or not at all, for its owner only (it has the codes of families in it). What
// stood there before stays when something goes wrong. A device or pipe is written to as it is.
func whole(path string, write func(io.Writer) error) (err error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".brug-*.pdf")
	if err != nil {
		return err
	}
	if err = errors.Join(write(f), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// classScope finds a class by the name that people call it.
func classScope(ctx context.Context, a *app.App, by auth.Actor, name string) (areaschool.Scope, error) {
	classes, err := a.School.Classes(ctx, by)
	if err != nil {
		return areaschool.Scope{}, err
	}
	names := ""
	for _, cl := range classes {
		if areaschool.Fold(cl.Name) == areaschool.Fold(name) {
			return areaschool.Scope{Kind: areaschool.ScopeClass, PublicID: cl.PublicID}, nil
		}
		names += " " + cl.Name
	}
	return areaschool.Scope{}, fmt.Errorf("there is no class %q; there are:%s", name, names)
}
