// Package cli is the command line of brug: each command is a door to the same operations as the pages.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"syscall"

	"github.com/alecthomas/kong"

	"brug/internal/app"
	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/mail"
)

// commands is the command line; every flag can also be given as BRUG_… in the environment.
type commands struct {
	DB      string `name:"db" env:"BRUG_DB" placeholder:"URL" help:"Database: sqlite:PATH or postgres://… (default: a file in the data folder)."`
	Data    string `env:"BRUG_DATA" default:"data" placeholder:"FOLDER" help:"Folder for the database file and for files: logos, PDFs, lists. Default: ${default}."`
	BaseURL string `name:"base-url" env:"BRUG_BASE_URL" placeholder:"URL" help:"Address of Brug as families see it; stands in QR codes and mails. Default: made from --addr."`
	Secret  string `env:"BRUG_SECRET" placeholder:"KEY" help:"Key of this installation, 32 bytes in base64, for several processes on one database (default: the file secret.key in the data folder)."`
	Verbose bool   `short:"v" env:"BRUG_VERBOSE" help:"Log more."`

	Serve     serveCmd     `cmd:"" help:"Serve schools and families."`
	Demo      demoCmd      `cmd:"" help:"Serve a made-up school that needs no set-up, with links to click."`
	Migrate   migrateCmd   `cmd:"" help:"Bring the database to this version, and stop."`
	Import    importCmd    `cmd:"" help:"Bring in a school's own list of pupils."`
	Messages  messagesCmd  `cmd:"" help:"Write to families from the command line, and see what would have gone out."`
	Print     printCmd     `cmd:"" help:"Print into a PDF file."`
	Admin     adminCmd     `cmd:"" help:"For who runs Brug: schools, accounts, mails that were not sent."`
	Materials materialsCmd `cmd:"" help:"For who writes and translates what Brug ships."`
	Version   versionCmd   `cmd:"" help:"Say which version this is."`

	out, errOut io.Writer
}

// Main runs the command line and returns the exit code: 0 well, 1 it did not work, 2 the words were wrong.
func Main(args []string, out, errOut io.Writer) int {
	c := &commands{out: out, errOut: errOut}
	code := -1
	parser, err := kong.New(c, kong.Name("brug"), kong.Description("Brug, the working place of a school and its families. Pages for teachers, paper and personal pages for families, in their own language."),
		kong.DefaultEnvars("BRUG"), kong.Writers(out, errOut), kong.Exit(func(n int) { code = n }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(errOut, "brug:", err)
		return 1
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if code >= 0 { // --help
		return code
	}
	if err != nil {
		fmt.Fprintf(errOut, "brug: %s\nbrug: try brug --help\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(c); err != nil {
		fmt.Fprintln(errOut, "brug:", sentence(err))
		return 1
	}
	return 0
}

// sentence is an error for the person at the command line: fields and texts in English.
func sentence(err error) string {
	var e *errs.Error
	if errors.As(err, &e) && e.Kind != errs.Internal {
		return e.Error()
	}
	return err.Error()
}

func (c *commands) log() *slog.Logger {
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(c.errOut, &slog.HandlerOptions{Level: level}))
}

func (c *commands) config() app.Config {
	url := c.DB
	if url == "" {
		url = "sqlite:" + filepath.Join(c.Data, "brug.db")
	}
	return app.Config{DB: url, Data: c.Data, BaseURL: c.BaseURL, Secret: c.Secret, Log: c.log()}
}

// localBase stands in where nobody said how families reach Brug.
const localBase = "http://localhost:8080"

// warnLocal says before something is printed or sent out that nobody else can use the addresses in it.
func (c *commands) warnLocal(what string) {
	base := c.BaseURL
	if base == "" {
		base = localBase
	}
	if app.Local(base) {
		fmt.Fprintf(c.errOut, "brug: %s lead to %s, which only this machine can open. Say --base-url https://… (or BRUG_BASE_URL).\n", what, base)
	}
}

// with opens the house for one command, without serving; also adds what only this command can be told.
func (c *commands) with(ctx context.Context, work func(*app.App) error, also ...func(*app.Config)) error {
	cfg := c.config()
	for _, add := range also {
		add(&cfg)
	}
	if cfg.BaseURL == "" {
		cfg.BaseURL = localBase
	}
	a, err := app.Open(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(work(a), a.Close())
}

// school finds the school that a command is about: the named one, or the only one.
func school(ctx context.Context, a *app.App, slug string) (auth.Actor, error) {
	if slug == "" {
		page, err := a.Auth.Schools(ctx, auth.Actor{Role: auth.System}, "", "")
		if err != nil {
			return auth.Actor{}, err
		}
		page.Rows = slices.DeleteFunc(page.Rows, func(s auth.SchoolRow) bool { return s.Centre })
		if len(page.Rows) != 1 {
			return auth.Actor{}, fmt.Errorf("there are %d schools: say which one with --school SLUG (brug admin schools lists them)", len(page.Rows))
		}
		slug = page.Rows[0].Slug
	}
	s, err := a.Auth.SchoolBySlug(ctx, slug)
	if errs.Is(err, errs.NotFound) {
		return auth.Actor{}, fmt.Errorf("there is no school %q (brug admin schools lists them)", slug)
	}
	return auth.ForSchool(s), err
}

type serveCmd struct {
	Addr     string `env:"BRUG_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen. Default: ${default}."`
	Proxied  bool   `env:"BRUG_PROXIED" help:"A reverse proxy of ours stands in front and sets X-Forwarded-For."`
	SMTP     string `name:"smtp" env:"BRUG_SMTP" placeholder:"URL" help:"Mail server, as smtp://user:password@host:587. Without it mails are kept and not sent."`
	MailFrom string `env:"BRUG_MAIL_FROM" placeholder:"ADDRESS" help:"Sender of mails, as \"Brug <brug@example.org>\"."`

	roadFlags `embed:""`
}

func (s *serveCmd) Run(ctx context.Context, c *commands) error {
	cfg := c.config()
	cfg.Addr, cfg.Proxied, cfg.Mail = s.Addr, s.Proxied, mail.Config{URL: s.SMTP, From: s.MailFrom}
	cfg.Roads = s.roads()
	a, err := app.Open(ctx, cfg)
	if err != nil {
		return err
	}
	return a.Run(ctx, func(at net.Addr) { cfg.Log.Info("brug serves", "addr", at.String(), "base", a.BaseURL) })
}

type migrateCmd struct{}

func (migrateCmd) Run(ctx context.Context, c *commands) error {
	return c.with(ctx, func(a *app.App) error {
		_, err := fmt.Fprintf(c.out, "The database (%s) is at this version.\n", a.Base.Engine())
		return err
	})
}

type versionCmd struct{}

func (versionCmd) Run(c *commands) error {
	version := "(development)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	_, err := fmt.Fprintln(c.out, "brug", version)
	return err
}
