package app_test

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"brug/internal/app"
	"brug/internal/app/apptest"
	"brug/internal/db/dbtest"
	"brug/internal/material"
	"brug/internal/packs"
	"brug/internal/school"
)

// TestWhatWaitsWhenTheProgramStopsIsDoneByTheNext: a pack asked for just before the end is printed once, whole, by the
// program that is started after it.
func TestWhatWaitsWhenTheProgramStopsIsDoneByTheNext(t *testing.T) {
	for engine, url := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL} {
		t.Run(engine, func(t *testing.T) {
			at := url(t)
			w := apptest.New(t, at)
			by := w.Actor(w.Person("director"))
			open := func() *app.App {
				a, err := app.Open(t.Context(), app.Config{DB: at, Data: w.Data, Addr: "127.0.0.1:0", BaseURL: "https://brug.test", Log: w.Log})
				if err != nil {
					t.Fatal(err)
				}
				return a
			}
			// run serves until work is done, then stops as SIGTERM does.
			run := func(a *app.App, work func(base string)) {
				t.Helper()
				ctx, stop := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				listens := make(chan string, 1)
				go func() { ended <- a.Run(ctx, func(l net.Addr) { listens <- "http://" + l.String() }) }()
				work(<-listens)
				stop()
				if err := <-ended; err != nil {
					t.Fatalf("ended with %v", err)
				}
			}
			var pack string
			run(open(), func(base string) {
				res, err := http.Get(base + "/healthz")
				if err != nil || res.StatusCode != http.StatusOK {
					t.Fatalf("health: %v %v", res, err)
				}
				if err := res.Body.Close(); err != nil {
					t.Error(err)
				}
				pack, err = w.Packs.Start(t.Context(), by, packs.Choice{Material: material.Shipped().All()[0].Slug, Scope: school.Scope{Kind: school.ScopeSchool}})
				if err != nil {
					t.Fatal(err)
				}
			})
			next := open()
			var p packs.Pack
			run(next, func(string) {
				for {
					var err error
					if p, err = next.Packs.Get(t.Context(), by, pack); err != nil {
						t.Fatal(err)
					}
					if p.State == packs.Finished || p.State == packs.Failed {
						return
					}
					time.Sleep(5 * time.Millisecond)
				}
			})
			if p.State != packs.Finished || p.Slips == 0 || p.Slips != p.Total {
				t.Errorf("state %s, %d slips of %d", p.State, p.Slips, p.Total)
			}
		})
	}
}
