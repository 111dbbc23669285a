package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"brug/internal/app"
	"brug/internal/auth"
	"brug/internal/demo"
)

type demoCmd struct {
	Addr string `env:"BRUG_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen. Default: ${default}."`
	Keep string `placeholder:"FOLDER" help:"Keep the demo's data in this folder instead of a temporary one."`
}

// Run serves a world that is made anew each time, in a temporary folder that goes with it.
func (d *demoCmd) Run(ctx context.Context, c *commands) (err error) {
	folder := d.Keep
	if folder == "" {
		if folder, err = os.MkdirTemp("", "brug-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	}
	cfg := c.config()
	cfg.Data, cfg.Addr, cfg.Demo = folder, d.Addr, true
	if c.DB == "" {
		cfg.DB = "sqlite:" + filepath.Join(folder, "brug.db")
	}
	clock := &demoClock{}
	cfg.Now = clock.now
	a, err := app.Open(ctx, cfg)
	if err != nil {
		return err
	}
	if err := a.Listen(); err != nil { // a taken address is told now, not after a world was made
		return errors.Join(err, a.Close())
	}
	if err := emptyOfSchools(ctx, a); err != nil {
		return errors.Join(err, a.Close())
	}
	fmt.Fprintln(c.out, "Making a small school …")
	world, err := demo.Make(ctx, demo.Services{Auth: a.Auth, Schools: a.School, Contact: a.Contact, Packs: a.Packs, Material: a.Material, Messages: a.Messages, Calendar: a.Calendar, SetNow: clock.set, Now: time.Now()})
	if err != nil {
		return errors.Join(err, a.Close())
	}
	return a.Run(ctx, func(net.Addr) {
		if err := d.tell(ctx, c, a, world); err != nil {
			fmt.Fprintln(c.errOut, "brug:", err)
		}
	})
}

// emptyOfSchools refuses a database with a school in it: a second demo would not fit beside the first, and a demo shows mails
// and signs in whoever clicks, which no real school may meet.
func emptyOfSchools(ctx context.Context, a *app.App) error {
	there, err := a.Auth.Schools(ctx, operator, "", "")
	if err != nil || len(there.Rows) == 0 {
		return err
	}
	return fmt.Errorf("there is a school already (%s): a demo begins with an empty database. Choose another folder, or open this one with brug serve", there.Rows[0].Name)
}

// tell prints where to click.
func (d *demoCmd) tell(ctx context.Context, c *commands, a *app.App, w demo.World) error {
	fmt.Fprintf(c.out, "\n%s is open. Click:\n\n", w.School.Name)
	for _, p := range []struct {
		who string
		acc auth.Created
	}{{"Teacher of 3A (Els)", w.Teacher}, {"Director (Griet)", w.Director}, {"Support centre", w.Support}} {
		token, err := a.Auth.DemoLink(ctx, p.acc.AccountID)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "  %-22s %s/demo/%s\n", p.who, a.BaseURL, token)
	}
	fmt.Fprintln(c.out)
	for _, p := range []struct {
		who string
		way demo.Way
	}{{"A parent, Dutch", w.Dutch}, {"A parent, Arabic", w.Arabic}, {"A parent, Tigrinya", w.Tigrinya}} {
		fmt.Fprintf(c.out, "  %-22s %s%s\n", p.who, a.BaseURL, p.way.Page)
		fmt.Fprintf(c.out, "  %-22s %s/f/%s   (or %s/c and type %s)\n", "  by a code on paper", a.BaseURL, p.way.Token, a.BaseURL, p.way.Short)
	}
	_, err := fmt.Fprintf(c.out, "\nOr sign in at %s/signin: els@dewilg.example, password %s. Stop with Ctrl-C.\n", a.BaseURL, demo.Password)
	return err
}

// demoClock is the clock, but while the demo's past is being made it stands where it was set.
type demoClock struct{ at atomic.Pointer[time.Time] }

func (k *demoClock) now() time.Time {
	if t := k.at.Load(); t != nil {
		return *t
	}
	return time.Now()
}

func (k *demoClock) set(t time.Time) {
	if t.IsZero() {
		k.at.Store(nil)
		return
	}
	k.at.Store(&t)
}
