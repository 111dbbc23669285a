package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"brug/internal/app"
	"brug/internal/auth"
	"brug/internal/packs"
	areaschool "brug/internal/school"
)

type printCmd struct {
	Slips printSlipsCmd `cmd:"" help:"Question slips: a page for each family, in its language."`
}

type printSlipsCmd struct {
	Material  string `required:"" placeholder:"SLUG" help:"Which slip (brug admin materials lists them)."`
	Class     string `xor:"whom" placeholder:"NAME" help:"For one class, by its name."`
	All       bool   `xor:"whom" help:"For the whole school."`
	School    string `placeholder:"SLUG" help:"Which school, if there are several."`
	Lang      string `placeholder:"TAG" help:"Every page in this language, instead of each family's own."`
	Bilingual bool   `help:"With the school's language beside it, line by line."`
	NoCover   bool   `name:"no-cover" help:"Without the list for the teacher in front."`
	Out       string `short:"o" required:"" placeholder:"FILE" help:"The PDF to write."`
}

func (p *printSlipsCmd) Run(ctx context.Context, c *commands) error {
	if (p.Class == "") == !p.All {
		return errors.New("say for whom: --class NAME or --all")
	}
	return c.with(ctx, func(a *app.App) error {
		by, err := school(ctx, a, p.School)
		if err != nil {
			return err
		}
		choice := packs.Choice{Material: p.Material, Scope: areaschool.Scope{Kind: areaschool.ScopeSchool}, Options: packs.Options{Lang: p.Lang, Bilingual: p.Bilingual, NoCover: p.NoCover}}
		if p.Class != "" {
			if choice.Scope, err = classScope(ctx, a, by, p.Class); err != nil {
				return err
			}
		}
		f, err := os.Create(p.Out)
		if err != nil {
			return err
		}
		slips, pages, err := a.Packs.Write(ctx, by, choice, f)
		if err = errors.Join(err, f.Close()); err != nil {
			return errors.Join(err, os.Remove(p.Out)) // half a PDF is none
		}
		_, err = fmt.Fprintf(c.out, "%s: %d slips on %d pages\n", p.Out, slips, pages)
		return err
	})
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
