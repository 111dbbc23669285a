// Package dbtest gives tests a database of their own: migrated, empty, real, on both engines.
//
// Tests of every floor from 1 upward call Each. A SQLite file is a copy of one that was migrated once; a PostgreSQL
// database is cloned from a migrated one, in a server of our own that is started at the first need, or in the one that
// BRUG_TEST_POSTGRES names (bin/test starts one for all packages). A missing PostgreSQL is a failure, never a skip.
package dbtest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"brug/internal/db"

	"github.com/jackc/pgx/v5"
)

// Each runs the test twice, as subtests "sqlite" and "postgres", each on a migrated, empty database of its own. It is
// closed and gone when the subtest ends.
func Each(t *testing.T, run func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { run(t, Postgres(t)) })
}

// SQLite gives a migrated, empty database in a file. For what happens on one engine only; else use Each.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	return open(t, SQLiteURL(t))
}

// Postgres gives a migrated, empty database in PostgreSQL. For what happens on one engine only; else use Each.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	return open(t, PostgresURL(t))
}

// SQLiteURL gives the address of a migrated, empty database in a file, for tests that start the whole program.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	file, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	path := filepath.Join(t.TempDir(), "brug.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return "sqlite:" + path
}

// PostgresURL gives the address of a migrated, empty database in PostgreSQL, for tests that start the whole program.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return create(t, func(s *postgres) string { return s.template })
}

// EmptyPostgresURL gives the address of a database in PostgreSQL without any table, for tests of the migrations.
func EmptyPostgresURL(t testing.TB) string {
	t.Helper()
	return create(t, func(*postgres) string { return "template0" })
}

func create(t testing.TB, template func(*postgres) string) string {
	t.Helper()
	s, err := server()
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	name := fmt.Sprintf("t_%d_%d_%d", os.Getpid(), time.Now().UnixNano(), count.Add(1))
	if err := s.exec(fmt.Sprintf("create database %s template %s", name, template(s))); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() {
		if err := s.exec(fmt.Sprintf("drop database %s with (force)", name)); err != nil {
			t.Errorf("dbtest: %v", err)
		}
	})
	return with(s.url, name)
}

func open(t testing.TB, url string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), url)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("dbtest: close: %v", err)
		}
	})
	return d
}

var count atomic.Int64

// sqliteTemplate is the content of a migrated file.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "brug-sqlite")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // closing brought everything into the one file
})

// postgres is the server of this process with its migrated database.
type postgres struct {
	url, template string
	own           *Server // nil when BRUG_TEST_POSTGRES names one; held, for the server ends when it is let go
	mu            sync.Mutex
	admin         *pgx.Conn
}

var server = sync.OnceValues(func() (*postgres, error) {
	ctx := context.Background()
	s := &postgres{url: os.Getenv("BRUG_TEST_POSTGRES")}
	if s.url == "" {
		var err error
		if s.own, err = StartServer(ctx); err != nil {
			return nil, err
		}
		s.url = s.own.URL
	}
	var err error
	if s.admin, err = pgx.Connect(ctx, s.url); err != nil {
		return nil, err
	}
	if s.template, err = templateName(); err != nil {
		return nil, err
	}
	return s, s.prepare(ctx)
})

// templateName changes with the migrations, so that a server that serves for days never gives an old template.
func templateName() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(db.Migrations, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := db.Migrations.ReadFile(path)
		fmt.Fprintf(h, "%s %d ", path, len(content))
		h.Write(content)
		return err
	})
	return fmt.Sprintf("template_%x", h.Sum(nil)[:8]), err
}

// prepare makes the template unless another process has made it in the same server. It gets its name when it is ready.
func (s *postgres) prepare(ctx context.Context) error {
	const lock = 0x74657374 // "test" in ASCII
	if err := s.exec(fmt.Sprintf("select pg_advisory_lock(%d)", lock)); err != nil {
		return err
	}
	defer s.exec(fmt.Sprintf("select pg_advisory_unlock(%d)", lock)) //nolint:errcheck // ends with the connection at the latest
	var there bool
	if err := s.admin.QueryRow(ctx, "select exists(select 1 from pg_database where datname = $1)", s.template).Scan(&there); err != nil {
		return err
	}
	if there {
		return nil
	}
	raw := fmt.Sprintf("%s_%d", s.template, os.Getpid())
	if err := s.exec("create database " + raw); err != nil {
		return err
	}
	if err := migrate(with(s.url, raw)); err != nil {
		return err
	}
	return s.exec(fmt.Sprintf("alter database %s rename to %s", raw, s.template))
}

func (s *postgres) exec(statement string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.admin.Exec(context.Background(), statement)
	return err
}

func migrate(url string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, url)
	if err != nil {
		return err
	}
	if err := d.Migrate(ctx); err != nil {
		return err
	}
	return d.Close()
}

// with is the address of another database in the same server.
func with(server, database string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic(err) // pgx has connected with it
	}
	u.Path = "/" + database
	query := u.Query()
	query.Set("pool_max_conns", "10")
	u.RawQuery = query.Encode()
	return u.String()
}
