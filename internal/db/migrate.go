package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// Migrations holds migrations/sqlite and migrations/postgres, twins by file name.
//
//go:embed migrations/sqlite/*.sql migrations/postgres/*.sql
var Migrations embed.FS

// Migrate brings the tables to what this program knows, first Brug's own, then those of the job queue. Many processes may
// start it together: one works, the others wait and find it done. It never goes back.
func (d *DB) Migrate(ctx context.Context) error {
	alone, dialect := d.alonePostgres, goose.DialectPostgres
	if d.engine == SQLite {
		alone, dialect = d.aloneSQLite, goose.DialectSQLite3
	}
	err := alone(ctx, func() error {
		files, err := fs.Sub(Migrations, "migrations/"+string(d.engine))
		if err != nil {
			return err
		}
		provider, err := goose.NewProvider(dialect, d.write, files, goose.WithDisableGlobalRegistry(true))
		if err != nil {
			return err
		}
		if _, err := provider.Up(ctx); err != nil {
			return err
		}
		if d.engine == SQLite {
			return migrateQueue(ctx, riversqlite.New(d.queue))
		}
		return migrateQueue(ctx, riverpgxv5.New(d.pool))
	})
	if err != nil {
		return fmt.Errorf("db: migrate: %w", err)
	}
	return nil
}

func migrateQueue[TTx any](ctx context.Context, driver riverdriver.Driver[TTx]) error {
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}
