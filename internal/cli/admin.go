package cli

import (
	"context"
	"fmt"
	"text/tabwriter"

	"brug/internal/app"
	"brug/internal/auth"
	"brug/internal/mail"
	"brug/internal/material"
)

type adminCmd struct {
	Schools    adminSchoolsCmd    `cmd:"" help:"List the schools."`
	AddSchool  adminAddSchoolCmd  `cmd:"" help:"Make a school and its director's account."`
	AddSupport adminAddSupportCmd `cmd:"" help:"Make an account of the support centre."`
	AddCentre  adminAddCentreCmd  `cmd:"" help:"Make the support centre's own house, where it writes materials for all schools."`
	Link       adminLinkCmd       `cmd:"" help:"Give a link with which an account sets a new password."`
	Mails      adminMailsCmd      `cmd:"" help:"Show the mails that were kept instead of sent."`
	Materials  adminMaterialsCmd  `cmd:"" help:"List the shipped materials."`
}

// operator is who runs the program: the command line can do what no page can.
var operator = auth.Actor{Role: auth.System, Name: "operator", Lang: "en"}

type adminSchoolsCmd struct{}

func (adminSchoolsCmd) Run(ctx context.Context, c *commands) error {
	return c.with(ctx, func(a *app.App) error {
		w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "SLUG\tNAME")
		after := ""
		for {
			page, err := a.Auth.Schools(ctx, operator, "", after)
			if err != nil {
				return err
			}
			for _, s := range page.Rows {
				fmt.Fprintf(w, "%s\t%s\n", s.Slug, s.Name)
			}
			if after = page.Next; after == "" {
				return w.Flush()
			}
		}
	})
}

type adminAddSchoolCmd struct {
	Name     string `required:"" help:"Name of the school."`
	Town     string `help:"Town."`
	Lang     string `default:"nl" help:"Language of the school: nl, fr or en."`
	Director string `required:"" help:"Name of the director."`
	Email    string `required:"" help:"Mail address of the director."`
}

func (s *adminAddSchoolCmd) Run(ctx context.Context, c *commands) error {
	c.warnLocal("Links")
	return c.with(ctx, func(a *app.App) error {
		made, err := a.Auth.CreateSchool(ctx, operator, auth.NewSchool{Name: s.Name, Town: s.Town, Email: s.Email, Lang: s.Lang})
		if err != nil {
			return err
		}
		who, err := a.Auth.CreateAccount(ctx, operator, auth.NewAccount{School: made, Name: s.Director, Email: s.Email, Lang: s.Lang, Role: auth.Director})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "School %s is made. The director opens this link to choose a password:\n%s\n", made.Slug, who.Link)
		return err
	})
}

type adminAddSupportCmd struct {
	Name  string `required:"" help:"Name of the person."`
	Email string `required:"" help:"Mail address."`
	Lang  string `default:"nl" help:"nl, fr or en."`
}

func (s *adminAddSupportCmd) Run(ctx context.Context, c *commands) error {
	c.warnLocal("Links")
	return c.with(ctx, func(a *app.App) error {
		who, err := a.Auth.CreateSupport(ctx, operator, s.Name, s.Email, s.Lang, "")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "Open this link to choose a password:\n%s\n", who.Link)
		return err
	})
}

type adminAddCentreCmd struct {
	Name string `required:"" help:"Name of the support centre, as schools see it."`
	Lang string `default:"nl" help:"Language in which it writes: nl, fr or en."`
}

func (s *adminAddCentreCmd) Run(ctx context.Context, c *commands) error {
	return c.with(ctx, func(a *app.App) error {
		made, err := a.Auth.CreateCentre(ctx, operator, auth.NewSchool{Name: s.Name, Lang: s.Lang})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "The house %s is made. Accounts of the support centre write and publish there: %s/s/%s/materials\n", made.Slug, a.BaseURL, made.Slug)
		return err
	})
}

type adminLinkCmd struct {
	Email string `required:"" help:"Mail address of the account."`
}

func (l *adminLinkCmd) Run(ctx context.Context, c *commands) error {
	c.warnLocal("Links")
	return c.with(ctx, func(a *app.App) error {
		url, err := a.Auth.ResetLink(ctx, operator, l.Email)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.out, url)
		return err
	})
}

type adminMailsCmd struct {
	Most int `default:"20" help:"How many, latest first."`
}

func (m *adminMailsCmd) Run(ctx context.Context, c *commands) error {
	return c.with(ctx, func(a *app.App) error {
		kept, err := mail.Outbox(ctx, a.Base, m.Most)
		if err != nil {
			return err
		}
		for _, k := range kept {
			fmt.Fprintf(c.out, "To: %s\nSubject: %s\nState: %s\n\n%s\n\n---\n", k.To, k.Subject, k.State, k.Text)
		}
		if len(kept) == 0 {
			fmt.Fprintln(c.out, "No mail was kept.")
		}
		return nil
	})
}

type adminMaterialsCmd struct{}

func (adminMaterialsCmd) Run(c *commands) error {
	w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "SLUG\tKIND\tTITLE\tLANGUAGES")
	for _, m := range material.Shipped().All() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\n", m.Slug, m.Kind, m.Texts[material.SourceLanguage].Title, len(m.Texts))
	}
	return w.Flush()
}
