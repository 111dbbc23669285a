package guard

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"brug/internal/db"
	"brug/internal/db/dbtest"
)

// shelf is a copy of all tables within the same database, and of the program's files: it tells which tables have changed
// since, and puts everything back as it was.
type shelf struct {
	t      testing.TB
	d      *db.DB
	tables []string
	first  map[string]string // sums of the tables when the shelf was made
	sums   map[string]string // and at the last look
	conn   *sql.Conn
	stamp  string // of the database when sums were made
	files  string // folder of the program
	copies string // folder with a copy of it
}

const kept = "kept_"

// free are tables whose rows may change when somebody only looks: who looked at what, and failed tries.
var free = []string{"journal", "throttles"}

// newShelf keeps how things are now. files is the program's folder of files.
func newShelf(t testing.TB, d *db.DB, files string) *shelf {
	t.Helper()
	s := &shelf{t: t, d: d, files: files, copies: t.TempDir()}
	if err := os.CopyFS(s.copies, os.DirFS(files)); err != nil {
		t.Fatal(err)
	}
	list := "select name from sqlite_master where type = 'table'"
	if d.Engine() == db.Postgres {
		list = "select tablename from pg_tables where schemaname = 'public'"
	}
	rows, err := d.SQL().QueryContext(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		other := []string{"river_", "goose_", "sqlite_", kept}
		if !slices.ContainsFunc(other, func(p string) bool { return strings.HasPrefix(name, p) }) || name == "river_job" {
			s.tables = append(s.tables, name)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(s.tables)
	if !slices.Contains(s.tables, "contacts") || len(s.tables) < 20 {
		t.Fatalf("the tables are %v only", s.tables)
	}
	if s.conn, err = d.SQL().Conn(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.conn.Close(); err != nil {
			t.Error(err)
		}
	})
	s.write(func(run func(string)) {
		for _, name := range s.tables {
			run(fmt.Sprintf("create table %s%s as select * from %s", kept, name, name))
		}
	})
	s.remember(s.now())
	s.first = s.sums
	return s
}

// now is a word that is another one after every transaction that wrote anything: where it stays, nothing can have
// changed, and the tables need not be read.
func (s *shelf) now() (stamp string) {
	s.t.Helper()
	ask := "pragma data_version" // of this connection, which never writes
	if s.d.Engine() == db.Postgres {
		ask = "select pg_snapshot_xmax(pg_current_snapshot())::text"
	}
	if err := s.conn.QueryRowContext(context.Background(), ask).Scan(&stamp); err != nil {
		s.t.Fatal(err)
	}
	return stamp
}

func (s *shelf) remember(stamp string) { s.sums, s.stamp = s.read(), stamp }

// restore puts every table that is not as it was, and every lost file, back. Files are never changed, only added and thrown away.
func (s *shelf) restore() {
	s.t.Helper()
	err := fs.WalkDir(os.DirFS(s.copies), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if _, err := os.Stat(filepath.Join(s.files, path)); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		content, err := os.ReadFile(filepath.Join(s.copies, path))
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(s.files, path), content, 0o600)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	now := s.read()
	back := slices.DeleteFunc(slices.Clone(s.tables), func(name string) bool {
		return now[name] == s.first[name] && name != "river_job" // of which the sum does not see everything
	})
	s.write(func(run func(string)) {
		if s.d.Engine() == db.Postgres {
			run("set local session_replication_role = replica") // no foreign keys meanwhile
		} else {
			run("pragma defer_foreign_keys = on")
		}
		for _, name := range back {
			run("delete from " + name)
			run(fmt.Sprintf("insert into %s select * from %s%s", name, kept, name))
		}
	})
	s.sums, s.stamp = maps.Clone(now), s.now()
	for _, name := range back {
		if s.sums[name] = s.sum(name); s.sums[name] != s.first[name] {
			s.t.Fatalf("%s could not be put back", name)
		}
	}
}

func (s *shelf) write(change func(run func(string))) {
	s.t.Helper()
	err := s.d.Write(context.Background(), func(tx *db.Tx) (err error) {
		change(func(statement string) {
			if err == nil {
				if _, err = tx.SQL().ExecContext(context.Background(), statement); err != nil {
					err = fmt.Errorf("%s: %w", statement, err)
				}
			}
		})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// changed are the tables that are not as they were at the last look.
func (s *shelf) changed() []string {
	s.t.Helper()
	stamp := s.now()
	if stamp == s.stamp {
		return nil
	}
	before := s.sums
	s.remember(stamp)
	var out []string
	for _, name := range s.tables {
		if before[name] != s.sums[name] {
			out = append(out, name)
		}
	}
	return out
}

// beyond are the tables of a list that only looking may not change.
func beyond(tables []string) []string {
	return slices.DeleteFunc(slices.Clone(tables), func(name string) bool { return slices.Contains(free, name) })
}

func (s *shelf) read() map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for _, name := range s.tables {
		out[name] = s.sum(name)
	}
	return out
}

// sum is over all values of a table, whatever the order of its rows.
func (s *shelf) sum(table string) string {
	s.t.Helper()
	columns := "*"
	if table == "river_job" {
		columns = "id, kind, args"
	}
	rows, err := s.d.SQL().QueryContext(context.Background(), "select "+columns+" from "+table)
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		s.t.Fatal(err)
	}
	var total [32]byte
	n := 0
	for ; rows.Next(); n++ {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			s.t.Fatal(err)
		}
		one := sha256.Sum256(fmt.Appendf(nil, "%v", values))
		for i := range total {
			total[i] ^= one[i]
		}
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprintf("%d %x", n, total)
}

// TestTheShelfNoticesAndPutsBack: what the walk leans on.
func TestTheShelfNoticesAndPutsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		change := func(statement string) {
			t.Helper()
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.SQL().ExecContext(t.Context(), statement)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		change("insert into schools (public_id, slug, name, created_at) values ('a', 'a', 'A', 1)")
		files := t.TempDir()
		logo := filepath.Join(files, "logo")
		if err := os.WriteFile(logo, []byte("a"), 0o600); err != nil {
			t.Fatal(err)
		}
		s := newShelf(t, d, files)
		if got := s.changed(); len(got) > 0 {
			t.Errorf("nothing was done, and %v changed", got)
		}
		change("update schools set name = 'B'")
		change("insert into throttles (key, since, tries) values ('a', 1, 1)")
		if got := s.changed(); !slices.Equal(got, []string{"schools", "throttles"}) || !slices.Equal(beyond(got), []string{"schools"}) {
			t.Errorf("schools and throttles changed, found %v", got)
		}
		if err := os.Remove(logo); err != nil {
			t.Fatal(err)
		}
		s.restore()
		if content, err := os.ReadFile(logo); string(content) != "a" {
			t.Errorf("the file is not back: %v", err)
		}
		var name string
		if err := d.SQL().QueryRow("select name from schools").Scan(&name); err != nil || name != "A" {
			t.Errorf("put back: %q, %v", name, err)
		}
		if got := s.changed(); len(got) > 0 {
			t.Errorf("put back, and %v changed", got)
		}
	})
}
