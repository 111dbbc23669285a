package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"brug/internal/app"
	"brug/internal/contact"
	"brug/internal/messages"
	areaschool "brug/internal/school"
)

type messagesCmd struct {
	Send   sendCmd   `cmd:"" help:"Write to the families of a class or of the whole school. It goes out when brug serves."`
	Outbox outboxCmd `cmd:"" help:"What would have gone out by roads that are not configured. It shows personal links of families."`
}

type sendCmd struct {
	School   string `placeholder:"SLUG" help:"Which school, if there are several."`
	Class    string `xor:"whom" placeholder:"NAME" help:"For one class, by its name."`
	All      bool   `xor:"whom" help:"For the whole school."`
	Title    string `help:"The subject, in the school's language."`
	Body     string `placeholder:"FILE" help:"A file with the text, in the school's language; - reads it from the input."`
	Material string `placeholder:"SLUG" help:"A text of the library that goes with it (brug admin materials lists them)."`
	Urgent   string `placeholder:"REASON" help:"Goes at once, also at night, and is written down with this reason."`

	translatorFlags `embed:""`
}

// Validate is called by kong before anything is opened.
func (s *sendCmd) Validate() error {
	if (s.Class == "") == !s.All {
		return errors.New("say for whom: --class NAME or --all")
	}
	return nil
}

// Run sends a message as the school.
func (s *sendCmd) Run(ctx context.Context, c *commands) error {
	c.warnLocal("Links in messages")
	body, err := textOf(s.Body)
	if err != nil {
		return err
	}
	return c.with(ctx, func(a *app.App) error {
		by, err := school(ctx, a, s.School)
		if err != nil {
			return err
		}
		d := messages.Draft{To: messages.To{Kind: areaschool.ScopeSchool}, Title: s.Title, Body: body, Material: s.Material, Urgent: s.Urgent != "", WhyUrgent: s.Urgent}
		if s.Class != "" {
			scope, err := classScope(ctx, a, by, s.Class)
			if err != nil {
				return err
			}
			d.To = messages.To{Kind: scope.Kind, IDs: []string{scope.PublicID}}
		}
		seen, err := a.Messages.Preview(ctx, by, d)
		if err != nil {
			return err
		}
		id, err := a.Messages.Send(ctx, by, d)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "%s: for %d people of %d households, in %d languages\n", id, seen.People, seen.Homes, len(seen.Langs))
		return err
	}, func(cfg *app.Config) { cfg.Roads.Translator = s.translator() })
}

// textOf reads a text from a file, or from the input for "-"; "" has none.
func textOf(file string) (string, error) {
	switch file {
	case "":
		return "", nil
	case "-":
		b, err := io.ReadAll(io.LimitReader(os.Stdin, 1<<20))
		return string(b), err
	}
	b, err := os.ReadFile(file)
	return string(b), err
}

// inOneLine is what a letter is called in a list: by its title, else (an SMS has none) by the beginning of its words, at most 60 signs.
func inOneLine(title, text string) string {
	if title == "" {
		title, _, _ = strings.Cut(text, "\n")
	}
	if r := []rune(title); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return title
}

type outboxCmd struct {
	School string `placeholder:"SLUG" help:"Which school, if there are several."`
	Road   string `enum:",mail,sms,push" default:"" placeholder:"ROAD" help:"Only mail, sms or push."`
	Max    int    `default:"20" placeholder:"N" help:"How many, the latest first. Default: ${default}."`
	Text   bool   `help:"With the words of each letter."`
}

// Run lists the outbox of a school.
func (o *outboxCmd) Run(ctx context.Context, c *commands) error {
	return c.with(ctx, func(a *app.App) error {
		by, err := school(ctx, a, o.School)
		if err != nil {
			return err
		}
		letters, _, err := a.Messages.Outbox(ctx, by, messages.OutboxFilter{Road: contact.Road(o.Road)}, 0, o.Max)
		if err != nil {
			return err
		}
		if len(letters) == 0 {
			_, err := fmt.Fprintln(c.out, "Nothing was diverted.")
			return err
		}
		t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		for _, l := range letters {
			if _, err := fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", l.At.Format("2006-01-02 15:04"), l.Road, l.To, l.Lang, inOneLine(l.Title, l.Text)); err != nil {
				return err
			}
			if o.Text {
				if err := t.Flush(); err != nil { // the words are no columns
					return err
				}
				if _, err := fmt.Fprintf(c.out, "\n%s\n\n", l.Text); err != nil {
					return err
				}
			}
		}
		return t.Flush()
	})
}
