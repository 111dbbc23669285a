// Package demoschool opens the program with the demo school in a folder of its own, for what measures the whole of it.
package demoschool

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"brug/internal/app"
	"brug/internal/demo"
)

// Demo is the program with the demo school in it, on SQLite.
type Demo struct {
	*app.App
	World demo.World
	Dir   string // the data folder
	File  string // the database
}

// Open makes it; Close ends it and removes the folder.
func Open(ctx context.Context) (*Demo, error) {
	dir, err := os.MkdirTemp("", "brug-bench-")
	if err != nil {
		return nil, err
	}
	s := &Demo{Dir: dir, File: filepath.Join(dir, "brug.db")}
	var at atomic.Pointer[time.Time]
	now := func() time.Time {
		if t := at.Load(); t != nil && !t.IsZero() {
			return *t
		}
		return time.Now()
	}
	s.App, err = app.Open(ctx, app.Config{DB: "sqlite:" + s.File, Data: dir, Addr: "127.0.0.1:0", Demo: true, Now: now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s.World, err = demo.Make(ctx, demo.Services{Auth: s.Auth, Schools: s.School, Contact: s.Contact, Packs: s.Packs, Material: s.Material, SetNow: func(t time.Time) { at.Store(&t) }, Now: time.Now()})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close ends the program and removes its folder.
func (s *Demo) Close() error { return errors.Join(s.App.Close(), os.RemoveAll(s.Dir)) }
