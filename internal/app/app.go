// Package app builds the whole program from one Config: cmd/brug and the end-to-end tests start the same house.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/auth/authweb"
	"brug/internal/blob"
	"brug/internal/contact"
	"brug/internal/contact/familyweb"
	"brug/internal/db"
	"brug/internal/jobs"
	"brug/internal/mail"
	"brug/internal/material"
	"brug/internal/material/materialweb"
	"brug/internal/packs"
	"brug/internal/packs/packsweb"
	"brug/internal/pictogram"
	"brug/internal/press"
	"brug/internal/school"
	"brug/internal/school/schoolweb"
	"brug/internal/web"
	"brug/internal/web/home"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Config is everything that can be told to the program.
type Config struct {
	DB      string // "sqlite:PATH" or "postgres://…"
	Data    string // folder for files (logos, PDFs, uploaded lists)
	Addr    string // HOST:PORT to listen on
	BaseURL string // as the outside sees it, without a slash at the end; "" makes it from Addr
	Proxied bool   // a reverse proxy of ours stands before us and sets X-Forwarded-For
	Mail    mail.Config
	Demo    bool
	Now     func() time.Time // nil: the clock
	Log     *slog.Logger     // nil: slog.Default
}

// App is the built house.
type App struct {
	Config
	Base     *db.DB
	Jobs     *jobs.Runner
	Auth     *auth.Service
	School   *school.Service
	Material *material.Service
	Contact  *contact.Service
	Packs    *packs.Service
	Post     *mail.Post
	Routes   []route.Route
	Handler  http.Handler
}

// Open opens and migrates the database and builds everything. Nothing listens and no job runs before Run or Start.
func Open(ctx context.Context, c Config) (*App, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.BaseURL == "" {
		c.BaseURL = "http://" + c.Addr
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	base, err := db.Open(ctx, c.DB)
	if err != nil {
		return nil, err
	}
	a, err := build(ctx, c, base)
	if err != nil {
		return nil, errors.Join(err, base.Close())
	}
	return a, nil
}

func build(ctx context.Context, c Config, base *db.DB) (*App, error) {
	if err := base.Migrate(ctx); err != nil {
		return nil, err
	}
	blobs, err := blob.Open(filepath.Join(c.Data, "files"))
	if err != nil {
		return nil, err
	}
	a := &App{Config: c, Base: base, Jobs: jobs.New(base, jobs.Config{Log: c.Log})}
	if a.Post, err = mail.New(base, a.Jobs, c.Mail); err != nil {
		return nil, err
	}
	if a.Auth, err = auth.New(auth.Config{DB: base, Now: c.Now, BaseURL: c.BaseURL, Demo: c.Demo}); err != nil {
		return nil, err
	}
	a.School = school.New(school.Config{DB: base, Blobs: blobs, Jobs: a.Jobs, Now: c.Now})
	a.Material = material.New(material.Config{DB: base, Now: c.Now})
	a.Contact = contact.New(contact.Config{DB: base, School: a.School, Auth: a.Auth, Now: c.Now})
	a.Packs = packs.New(packs.Config{DB: base, School: a.School, Material: a.Material, Contact: a.Contact, Jobs: a.Jobs, Blobs: blobs, Now: c.Now, BaseURL: c.BaseURL, Log: c.Log})
	for _, p := range []interface{ Routes() []route.Route }{
		&home.Pages{Contact: a.Contact, School: a.School, Material: a.Material, Packs: a.Packs},
		&familyweb.Pages{Contact: a.Contact, Material: a.Material, School: a.School},
		&packsweb.Pages{Packs: a.Packs, School: a.School, Material: a.Material},
		&materialweb.Pages{Material: a.Material},
		&schoolweb.Pages{School: a.School},
		&authweb.Pages{Auth: a.Auth, DB: base, Demo: c.Demo, Secure: strings.HasPrefix(c.BaseURL, "https://"), Now: c.Now},
	} {
		a.Routes = append(a.Routes, p.Routes()...)
	}
	a.Handler = web.Handler(web.Config{DB: base, Auth: a.Auth, Routes: a.Routes, BaseURL: c.BaseURL, Proxied: c.Proxied, Log: c.Log})
	return a, nil
}

// Missing says in one line what lacks of the files that bin/setup brings; "" when all is there.
func Missing() string {
	var lack []string
	tell := func(what string, files []string) {
		if len(files) > 0 {
			lack = append(lack, fmt.Sprintf("%s (%d files: %s …)", what, len(files), files[0]))
		}
	}
	tell("fonts for printing", press.Missing())
	tell("pictograms", pictogram.Missing())
	tell("scripts of the pages", ui.Missing())
	if len(lack) == 0 {
		return ""
	}
	return "these lack: " + strings.Join(lack, ", ") + "; run bin/setup, which brings them, and build again"
}

// Start begins to work jobs; Stop ends it, letting running jobs finish.
func (a *App) Start(ctx context.Context) error { return a.Jobs.Start(ctx) }

// Run serves until ctx ends, then stops cleanly: no new requests, running ones finish, then the jobs, then the database.
// ready, if set, is called with the address once the program listens.
func (a *App) Run(ctx context.Context, ready func(net.Addr)) (err error) {
	defer func() { err = errors.Join(err, a.Close()) }()
	if line := Missing(); line != "" {
		a.Log.Warn(line)
	}
	if err := a.Start(ctx); err != nil {
		return err
	}
	l, err := net.Listen("tcp", a.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	srv := &http.Server{Handler: a.Handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelDebug)}
	if ready != nil {
		ready(l.Addr())
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	daily := time.NewTicker(24 * time.Hour)
	defer daily.Stop()
	for {
		select {
		case err := <-served:
			return fmt.Errorf("serve: %w", err)
		case <-daily.C:
			if err := a.Auth.Tidy(ctx); err != nil {
				a.Log.Error("tidy", "err", err)
			}
		case <-ctx.Done():
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
			defer cancel()
			a.Log.Info("stopping")
			return srv.Shutdown(stop)
		}
	}
}

// Close stops the jobs and closes the database.
func (a *App) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return errors.Join(a.Jobs.Stop(ctx), a.Base.Close())
}
