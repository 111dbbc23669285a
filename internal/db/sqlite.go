package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"brug/internal/id"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// readers is the number of connections that read side by side: about twice the cores of the machines Brug runs on.
const readers = 4

// checkpoint is after how many pages (16 MB) what was written is carried from the log into the file. Letters to a whole school
// write the same pages of indexes again and again; four times SQLite's own number carries most of them once.
const checkpoint = "wal_autocheckpoint(4000)"

func openSQLite(path string) (*DB, error) {
	if path == "" || strings.Contains(path, ":memory:") {
		return nil, errors.New("sqlite needs the path of a file")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	// Made here and not by SQLite, so that no other user of the machine can read what families wrote. SQLite gives its
	// side files the same permissions.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	d := &DB{engine: SQLite, path: path}
	for _, p := range []struct {
		pool  **sql.DB
		conns int
		dsn   string
	}{
		{&d.write, 1, dsn(path, "journal_mode(WAL)", "journal_size_limit(67108864)", checkpoint)},
		{&d.queue, 2, dsn(path, checkpoint)},
		{&d.read, readers, dsn(path, "query_only(1)")},
	} {
		pool, err := sql.Open("sqlite", p.dsn)
		if err != nil {
			return nil, errors.Join(err, d.Close())
		}
		pool.SetMaxOpenConns(p.conns)
		pool.SetMaxIdleConns(p.conns)
		*p.pool = pool
	}
	return d, nil
}

// new_public_id is what PostgreSQL has from a migration: public ids for rows that one statement makes of others.
func init() {
	sqlite.MustRegisterScalarFunction("new_public_id", 0, func(*sqlite.FunctionContext, []driver.Value) (driver.Value, error) {
		return id.New(), nil
	})
}

// dsn is the address with the settings that measuring showed to be best: the default cache and temp_store beat the
// "tuned" ones. Transactions take the writer's lock when they begin; one that read first and wrote later would fail as
// busy under load, without waiting.
func dsn(path string, pragmas ...string) string {
	v := url.Values{"_txlock": {"immediate"}, "_time_format": {"sqlite"}}
	for _, p := range append([]string{
		"busy_timeout(10000)", "foreign_keys(1)", "synchronous(NORMAL)", "mmap_size(268435456)",
	}, pragmas...) {
		v.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode()
}

// aloneSQLite runs work while no other process migrates the same file. The lock is a transaction on a small file beside it, for
// a process that dies lets go of it on every system. It waits for at most a minute.
func (d *DB) aloneSQLite(ctx context.Context, work func() error) (err error) {
	lock, err := sql.Open("sqlite", "file:"+(&url.URL{Path: d.path + ".migrate"}).EscapedPath()+
		"?_txlock=exclusive&_pragma=busy_timeout(60000)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	tx, err := lock.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("another process migrates %s: %w", d.path, err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	return work()
}

// beginSQLite takes the one writer. A minute without getting it means, almost surely, a Write within a Write.
func (d *DB) beginSQLite(ctx context.Context) (*sql.Conn, *sql.Tx, error) {
	patience, cancel := context.WithTimeoutCause(ctx, time.Minute,
		errors.New("the writer was not free for a minute: is there a Write within a Write?"))
	defer cancel()
	conn, err := d.write.Conn(patience)
	if err != nil {
		return nil, nil, errors.Join(err, context.Cause(patience))
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	return conn, tx, nil
}

func busySQLite(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

func duplicateSQLite(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) &&
		(e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}
