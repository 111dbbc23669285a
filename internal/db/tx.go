package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"brug/internal/db/q"
	"brug/internal/errs"

	"github.com/jackc/pgx/v5"
)

// Tx is one transaction: the generated queries, and what must happen with them or not at all.
type Tx struct {
	*q.Queries
	conn  *sql.Conn
	std   *sql.Tx // SQLite
	pgx   pgx.Tx  // PostgreSQL
	after []func()
}

// writeTries bounds how often a transaction that lost against another one is run again.
const writeTries = 5

// Write runs change in one transaction, and commits when it returns nil. An error or a panic leaves nothing behind, and
// comes back as it was. When the database had to sacrifice the transaction for another one (a deadlock, say), change
// runs again, so it must have no effect outside the Tx: what is to happen once belongs in AfterCommit or in a job.
//
// Within change read and write through the Tx only. A Write within a Write waits for itself on SQLite.
func (d *DB) Write(ctx context.Context, change func(tx *Tx) error) error {
	for try := 1; ; try++ {
		err := d.writeOnce(ctx, change)
		if err == nil || try == writeTries || !(busySQLite(err) || busyPostgres(err)) {
			return err
		}
		pause := time.Duration(try) * 20 * time.Millisecond
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause/2 + rand.N(pause)):
		}
	}
}

func (d *DB) writeOnce(ctx context.Context, change func(tx *Tx) error) (err error) {
	tx, err := d.begin(ctx)
	if err != nil {
		return fmt.Errorf("db: begin: %w", err)
	}
	ended := false
	defer func() { // also when change panics, or a test within it ends its goroutine
		if !ended {
			err = errors.Join(err, tx.rollback(context.WithoutCancel(ctx)))
		}
		if e := tx.conn.Close(); e != nil && err != nil {
			err = errors.Join(err, e)
		}
	}()
	if err = change(tx); err != nil {
		return err
	}
	ended = true
	if err = tx.commit(ctx); err != nil {
		return fmt.Errorf("db: commit: %w", err)
	}
	for _, f := range tx.after {
		f()
	}
	return nil
}

func (d *DB) begin(ctx context.Context) (*Tx, error) {
	tx := &Tx{}
	var err error
	if d.engine == SQLite {
		tx.conn, tx.std, err = d.beginSQLite(ctx)
	} else {
		tx.conn, tx.pgx, err = d.beginPostgres(ctx)
	}
	if err != nil {
		return nil, err
	}
	tx.Queries = q.New(tx.SQL())
	return tx, nil
}

// SQL runs statements within the transaction that no generated query can say.
func (tx *Tx) SQL() q.DBTX {
	if tx.std != nil {
		return tx.std
	}
	return tx.conn
}

// AfterCommit keeps f until the transaction is committed, and runs it then, in the order of the calls; never after a
// rollback. A crash in between loses it: what must not be lost is a job.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// Native is for package jobs alone: it calls the one function that fits the engine, within this transaction.
func (tx *Tx) Native(sqlite func(*sql.Tx) error, postgres func(pgx.Tx) error) error {
	if tx.std != nil {
		return sqlite(tx.std)
	}
	return tx.conn.Raw(func(any) error { return postgres(tx.pgx) })
}

func (tx *Tx) commit(ctx context.Context) error {
	return tx.Native(
		func(t *sql.Tx) error { return t.Commit() },
		func(t pgx.Tx) error { return t.Commit(ctx) })
}

func (tx *Tx) rollback(ctx context.Context) error {
	err := tx.Native(
		func(t *sql.Tx) error { return t.Rollback() },
		func(t pgx.Tx) error {
			if t.Conn().IsClosed() { // the server rolls back what a lost connection leaves
				return nil
			}
			return t.Rollback(ctx)
		})
	// A cancelled context has ended the transaction already: as wanted.
	if errors.Is(err, sql.ErrTxDone) || errors.Is(err, pgx.ErrTxClosed) || errors.Is(err, sql.ErrConnDone) {
		return nil
	}
	return err
}

// Missing tells whether a query for one row found none.
func Missing(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// NotFound makes a missing row an errs.NotFound with what was looked for, for the log; any other error stays, wrapped.
func NotFound(err error, what string) error {
	switch {
	case err == nil:
		return nil
	case Missing(err):
		return errs.NotFoundf("%s", what)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// Duplicate tells whether a change failed because a row with the same unique value is there already. On PostgreSQL the
// transaction is of no more use then; where a duplicate is an ordinary case, write "on conflict" in the query.
func Duplicate(err error) bool { return duplicateSQLite(err) || duplicatePostgres(err) }
