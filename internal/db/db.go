// Package db opens the one database of Brug, SQLite or PostgreSQL, and runs reads and transactions on it.
//
// Everything above floor 1 calls it: Q for reading, Write for changing. The queries stand once, in queries/*.sql, and
// are generated into package q; they run on both engines. The migrations are twins, one folder an engine. What only one
// engine can do stays in this package. It owns no tables but the bookkeeping of migrations (goose_db_version) and of
// jobs (river_*), which package jobs uses.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"brug/internal/db/q"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Engine is the kind of database.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database. It may be used by many goroutines.
type DB struct {
	engine Engine
	read   *sql.DB
	write  *sql.DB       // SQLite: a single connection, for SQLite has a single writer; PostgreSQL: the same as read
	queue  *sql.DB       // SQLite only: the job queue's own connections, so that it never waits for ours within our transaction
	pool   *pgxpool.Pool // PostgreSQL only: what read and write stand on
	path   string        // SQLite only
	q      *q.Queries
}

// Open opens "sqlite:PATH" (the folder and the file are made when they are not there) or "postgres://…". It does not
// migrate. An address that is neither is an error that says which forms there are.
func Open(ctx context.Context, url string) (*DB, error) {
	var d *DB
	var err error
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		d, err = openSQLite(strings.TrimPrefix(url, "sqlite:"))
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		d, err = openPostgres(ctx, url)
	default:
		return nil, errors.New("db: the address of a database is sqlite:PATH or postgres://…")
	}
	if err != nil {
		return nil, fmt.Errorf("db: open: %w", err)
	}
	d.q = q.New(d.read)
	if err := d.firstPing(ctx); err != nil {
		d.Close()
		return nil, fmt.Errorf("db: open: %w", err)
	}
	return d, nil
}

// Engine tells which database this is. Only this package, jobs and tests should need to know.
func (d *DB) Engine() Engine { return d.engine }

// Q reads. It sees what was committed; within Write use the queries of the Tx. On SQLite a change through Q fails.
func (d *DB) Q() *q.Queries { return d.q }

// SQL is the pool below Q, for reads that no generated query can say: lists put together while running, and the
// tests of the schema.
func (d *DB) SQL() *sql.DB { return d.read }

// Queue is for package jobs alone: the connections its queue works with, *sql.DB on SQLite, the pool on PostgreSQL;
// the other one is nil.
func (d *DB) Queue() (*sql.DB, *pgxpool.Pool) { return d.queue, d.pool }

// Ping tells whether the database answers, for reading and for writing.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.write.PingContext(ctx); err != nil {
		return err
	}
	return d.read.PingContext(ctx)
}

// firstPing makes the first connections. A process that opens a new SQLite file turns it to its write-ahead log, and SQLite
// refuses whoever opens the file at that moment at once, without its own waiting: so the waiting is here, ten seconds at most.
func (d *DB) firstPing(ctx context.Context) error {
	patience, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		err := d.Ping(ctx)
		if err == nil || !busySQLite(err) {
			return err
		}
		select {
		case <-patience.Done():
			return err
		case <-time.After(10*time.Millisecond + rand.N(10*time.Millisecond)):
		}
	}
}

// Close ends all connections. Jobs must have been stopped before.
func (d *DB) Close() error {
	var problems []error
	for _, pool := range []*sql.DB{d.read, d.queue, d.write} {
		if pool != nil {
			problems = append(problems, pool.Close())
		}
	}
	if d.pool != nil {
		d.pool.Close()
	}
	return errors.Join(problems...)
}
