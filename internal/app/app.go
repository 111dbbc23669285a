// Package app builds the whole program from one Config: cmd/brug and the end-to-end tests start the same house.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // weeks are those of the school's zone, also on a machine that has no list of zones

	"brug/internal/auth"
	"brug/internal/auth/authweb"
	"brug/internal/blob"
	"brug/internal/calendar"
	"brug/internal/calendar/calendarweb"
	"brug/internal/contact"
	"brug/internal/contact/familyweb"
	"brug/internal/db"
	"brug/internal/insight"
	"brug/internal/insight/insightweb"
	"brug/internal/jobs"
	"brug/internal/live"
	"brug/internal/mail"
	"brug/internal/material"
	"brug/internal/material/materialweb"
	"brug/internal/material/translateweb"
	"brug/internal/messages"
	"brug/internal/messages/inbound"
	"brug/internal/messages/messagesweb"
	"brug/internal/packs"
	"brug/internal/packs/packsweb"
	"brug/internal/phrase/phraseweb"
	"brug/internal/pictogram"
	"brug/internal/press"
	"brug/internal/school"
	"brug/internal/school/schoolweb"
	"brug/internal/secret"
	"brug/internal/voice"
	"brug/internal/voice/voiceweb"
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
	Roads   Roads  // how else letters go out, and how answers come in
	Secret  string // key of this installation, base64 of 32 bytes; "": the file secret.key in Data, made at the first start
	Demo    bool
	Now     func() time.Time // nil: the clock
	Log     *slog.Logger     // nil: slog.Default
}

// App is the built house.
type App struct {
	Config
	Base     *db.DB
	Secrets  *secret.Keys
	Jobs     *jobs.Runner
	Auth     *auth.Service
	School   *school.Service
	Material *material.Service
	Contact  *contact.Service
	Insight  *insight.Service
	Voice    *voice.Service
	Packs    *packs.Service
	Messages *messages.Service
	Inbound  *inbound.Inbound // nil: no mails come in
	Calendar *calendar.Service
	Live     *live.Hub
	Post     *mail.Post
	Routes   []route.Route
	Handler  http.Handler
	endPost  func() // from Start to Close

	listener   net.Listener // nil: nothing listens yet
	closeRoads func()
}

// Open opens and migrates the database and builds everything. Nothing listens and no job runs before Run or Start.
func Open(ctx context.Context, c Config) (*App, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.BaseURL = strings.TrimRight(c.BaseURL, "/"); c.BaseURL == "" {
		c.BaseURL = localURL(c.Addr)
	} else if err := checkBase(c.BaseURL); err != nil {
		return nil, err
	}
	if line := Missing(); line != "" {
		c.Log.Warn(line)
	}
	base, err := db.Open(ctx, c.DB)
	if err != nil {
		return nil, fmt.Errorf("--db: %w", err)
	}
	a, err := build(ctx, c, base)
	if err != nil {
		return nil, errors.Join(err, base.Close())
	}
	return a, nil
}

func build(ctx context.Context, c Config, base *db.DB) (*App, error) {
	roads, err := openRoads(c, base) // before anything is written: settings that cannot be used change nothing
	if err != nil {
		return nil, err
	}
	if err := base.Migrate(ctx); err != nil {
		return nil, err
	}
	blobs, err := blob.Open(filepath.Join(c.Data, "files"))
	if err != nil {
		return nil, err
	}
	a := &App{Config: c, Base: base, Jobs: jobs.New(base, jobs.Config{Log: c.Log}), closeRoads: roads.close}
	if a.Secrets, err = secret.Open(c.Data, c.Secret); err != nil {
		if c.Secret != "" {
			err = fmt.Errorf("--secret: %w", err)
		}
		return nil, err
	}
	if err := sameKey(ctx, base, a.Secrets); err != nil {
		return nil, err
	}
	if a.Post, err = mail.New(base, a.Jobs, c.Mail); err != nil {
		return nil, fmt.Errorf("--smtp: %w", err)
	}
	if a.Auth, err = auth.New(auth.Config{DB: base, Now: c.Now, BaseURL: c.BaseURL, Demo: c.Demo}); err != nil {
		return nil, err
	}
	a.School = school.New(school.Config{DB: base, Blobs: blobs, Jobs: a.Jobs, Now: c.Now})
	a.Material = material.New(material.Config{DB: base, Blobs: blobs, Now: c.Now})
	a.Contact = contact.New(contact.Config{DB: base, School: a.School, Auth: a.Auth, Keys: a.Secrets, Now: c.Now})
	a.Contact.Work(a.Jobs)
	a.Insight = insight.New(insight.Config{DB: base, School: a.School, Contact: a.Contact, Now: c.Now})
	a.Voice = voice.New(voice.Config{DB: base, Material: a.Material, Blobs: blobs, Now: c.Now, Log: c.Log})
	a.Calendar = calendar.New(base, c.Now)
	a.Live = live.New(base, c.Log)
	a.Messages = messages.New(messages.Config{DB: base, Carriers: roads.carriers, Divert: c.Demo || c.Roads.Divert, Translator: roads.translator, SMSCost: roads.cost, ReplyTo: c.Roads.Inbound.Domain, Auth: a.Auth, School: a.School, Contact: a.Contact, Material: a.Material, Voice: a.Voice, Jobs: a.Jobs, Blobs: blobs,
		Secrets: a.Secrets, Live: a.Live, BaseURL: c.BaseURL, Data: c.Data, Now: c.Now, Log: c.Log})
	if a.Inbound, err = inbound.New(c.Roads.Inbound, inbound.Parts{Messages: a.Messages, Secrets: a.Secrets, DB: base, Now: c.Now, Log: c.Log}); err != nil {
		return nil, err
	}
	a.Packs = packs.New(packs.Config{DB: base, School: a.School, Material: a.Material, Contact: a.Contact, Messages: a.Messages, Jobs: a.Jobs, Blobs: blobs, Now: c.Now, BaseURL: c.BaseURL, Log: c.Log})
	for _, p := range []interface{ Routes() []route.Route }{
		&home.Pages{Contact: a.Contact, School: a.School, Material: a.Material, Packs: a.Packs, Messages: a.Messages},
		&familyweb.Pages{Contact: a.Contact, Material: a.Material, School: a.School, Voice: a.Voice, Messages: a.Messages, Calendar: a.Calendar, Now: c.Now, PushKey: roads.pushKey},
		&insightweb.Pages{Insight: a.Insight, School: a.School, Now: c.Now},
		&packsweb.Pages{Packs: a.Packs, School: a.School, Material: a.Material},
		&messagesweb.Pages{Messages: a.Messages, School: a.School, Material: a.Material, Hooks: messagesweb.Hooks{SMS: roads.sms, BaseURL: c.BaseURL}, Demo: c.Demo, Now: c.Now},
		&phraseweb.Pages{Material: a.Material, Now: c.Now},
		&materialweb.Pages{Material: a.Material, School: a.School, Packs: a.Packs, Now: c.Now},
		&voiceweb.Pages{Voice: a.Voice, BaseURL: c.BaseURL},
		&translateweb.Pages{Material: a.Material},
		&calendarweb.Pages{Calendar: a.Calendar, School: a.School, Now: c.Now},
		&schoolweb.Pages{School: a.School},
		&authweb.Pages{Auth: a.Auth, DB: base, Demo: c.Demo, Secure: strings.HasPrefix(c.BaseURL, "https://"), Now: c.Now},
	} {
		a.Routes = append(a.Routes, p.Routes()...)
	}
	a.Handler = web.Handler(web.Config{DB: base, Auth: a.Auth, Routes: a.Routes, BaseURL: c.BaseURL, Proxied: c.Proxied, Log: c.Log})
	return a, nil
}

// errBase repeats nothing of what was said: there may be a password in it.
var errBase = errors.New("--base-url: the address is like https://brug.example.org: http or https, a name, and nothing behind it")

// checkBase refuses what no browser can open, and what leads somewhere else: the pages begin at the root, and the address stands
// on paper, where nobody can correct it.
func checkBase(base string) error {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return errBase
	}
	return nil
}

// localURL is how this machine reaches what listens on addr: from 0.0.0.0 and :8080 no browser can read anything.
func localURL(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "http://" + addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// Local tells whether an address leads to this machine only: paper and mails with it are of no use to a family.
func Local(baseURL string) bool {
	u, err := url.Parse(baseURL)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || u.Hostname() == "" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
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
func (a *App) Start(ctx context.Context) error {
	if err := a.Jobs.Start(ctx); err != nil {
		return err
	}
	post, end := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() { defer close(ended); a.Messages.RunPost(post) }()
	a.endPost = func() {
		end()
		select {
		case <-ended:
		case <-time.After(patience): // a mail server that does not answer; its letters are claimed, and go after the next start
		}
	}
	if err := a.Inbound.Start(ctx); err != nil {
		return err
	}
	return a.Contact.RebuildLater(ctx)
}

// Listen takes the address at which Run serves. Run does it by itself; who has long work to do before asks first whether the
// address can be had at all.
func (a *App) Listen() error {
	if a.listener != nil {
		return nil
	}
	l, err := net.Listen("tcp", a.Addr)
	if err != nil {
		return fmt.Errorf("--addr: %w", err)
	}
	a.listener = l
	return nil
}

// Run serves until ctx ends, then stops cleanly: no new requests, running ones finish, then the jobs, then the database.
// ready, if set, is called with the address once the program listens.
func (a *App) Run(ctx context.Context, ready func(net.Addr)) (err error) {
	defer func() { err = errors.Join(err, a.Close()) }()
	if Local(a.BaseURL) && !a.Demo {
		a.Log.Warn("QR codes and mails lead to this machine only: set --base-url to the address that families see", "base", a.BaseURL)
	}
	a.warnOff()
	if err := a.Listen(); err != nil { // before the jobs: a taken address must not begin work
		return err
	}
	if err := a.Start(ctx); err != nil {
		return err
	}
	l := a.listener
	srv := server(a.Handler, a.Log)
	srv.RegisterOnShutdown(a.Live.Close) // a line that stays open would hold up the stop
	hearing, deaf := context.WithCancel(ctx)
	defer deaf()
	go a.Live.Run(hearing)
	if ready != nil {
		ready(l.Addr())
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	daily := time.NewTicker(24 * time.Hour)
	defer daily.Stop()
	a.tidy(ctx) // a server that is started anew each night must tidy too
	for {
		select {
		case err := <-served:
			return fmt.Errorf("serve: %w", err)
		case <-daily.C:
			a.tidy(ctx)
		case <-ctx.Done():
			a.Log.Info("stopping")
			return stop(context.WithoutCancel(ctx), srv, patience, a.Log)
		}
	}
}

// patience is how long requests that run when the program stops may take to finish.
const patience = 15 * time.Second

// server has limits for slow and for rude computers: a header of at most 64 KiB in ten seconds; a list of pupils may take
// two minutes to arrive, an answer five to be taken (a page that gives large files asks for longer).
func server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
}

// stop lets running requests finish, and cuts off those that take too long: a telephone with a bad line is no reason to
// end with an error.
func stop(ctx context.Context, srv *http.Server, patience time.Duration, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := srv.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("some requests did not finish in time and were cut off")
		return srv.Close()
	}
	return err
}

func (a *App) tidy(ctx context.Context) {
	if err := errors.Join(a.Auth.Tidy(ctx), a.Packs.Tidy(ctx), a.Contact.Tidy(ctx), a.Messages.Tidy(ctx)); err != nil && ctx.Err() == nil {
		a.Log.Error("tidy", "err", err)
	}
}

// Close stops the jobs and closes the database.
func (a *App) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	problem := a.Inbound.Stop()
	if a.endPost != nil {
		a.endPost()
	}
	a.closeRoads()
	if a.listener != nil {
		if err := a.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) { // closed already by who served
			problem = errors.Join(problem, err)
		}
	}
	return errors.Join(problem, a.Jobs.Stop(ctx), a.Base.Close())
}
