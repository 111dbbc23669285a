package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
)

// add writes one counter row; the table serves because nothing refers to it.
func add(ctx context.Context, tx *db.Tx, key string) error {
	_, err := tx.SQL().ExecContext(ctx, "insert into throttles(key, since, tries) values($1, 0, 1)", key)
	return err
}

func keys(t *testing.T, d *db.DB) string {
	t.Helper()
	rows, err := d.SQL().Query("select key from throttles order by key")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var k string
		if err := rows.Scan(&k); err != nil {
			t.Fatal(err)
		}
		all = append(all, k)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

func TestWriteKeepsAllOrNothing(t *testing.T) {
	broken := errors.New("broken")
	cases := []struct {
		name   string
		change func(ctx context.Context, cancel func(), tx *db.Tx) error
		want   string // keys that are there afterwards
		fails  bool
		panics bool
	}{
		{"two rows and no error stay", func(ctx context.Context, _ func(), tx *db.Tx) error {
			return errors.Join(add(ctx, tx, "a"), add(ctx, tx, "b"))
		}, "a b", false, false},
		{"an error takes back what was written before it", func(ctx context.Context, _ func(), tx *db.Tx) error {
			return errors.Join(add(ctx, tx, "a"), broken)
		}, "", true, false},
		{"a statement that failed takes back the others", func(ctx context.Context, _ func(), tx *db.Tx) error {
			if err := add(ctx, tx, "a"); err != nil {
				return err
			}
			return add(ctx, tx, "a")
		}, "", true, false},
		{"a panic takes it back too", func(ctx context.Context, _ func(), tx *db.Tx) error {
			if err := add(ctx, tx, "a"); err != nil {
				return err
			}
			panic("oh")
		}, "", false, true},
		{"a context cancelled halfway takes it back", func(ctx context.Context, cancel func(), tx *db.Tx) error {
			if err := add(ctx, tx, "a"); err != nil {
				return err
			}
			cancel()
			return add(ctx, tx, "b")
		}, "", true, false},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				told := 0
				var err error
				panicked := func() (p any) {
					defer func() { p = recover() }()
					err = d.Write(ctx, func(tx *db.Tx) error {
						tx.AfterCommit(func() { told++ })
						return c.change(ctx, cancel, tx)
					})
					return nil
				}()
				if (panicked != nil) != c.panics || (err != nil) != c.fails {
					t.Errorf("panic %v, error %v", panicked, err)
				}
				if got := keys(t, d); got != c.want {
					t.Errorf("rows %q, want %q", got, c.want)
				}
				if kept := c.want != ""; (told == 1) != kept {
					t.Errorf("told after commit %d times, committed: %v", told, kept)
				}
				// The connection serves the next one, whatever happened.
				if err := d.Write(context.Background(), func(tx *db.Tx) error {
					_, err := tx.SQL().ExecContext(context.Background(), "delete from throttles")
					return err
				}); err != nil {
					t.Errorf("the next write: %v", err)
				}
			})
		}
	})
}

func TestManyWritersLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := d.Write(ctx, func(tx *db.Tx) error { return errors.Join(add(ctx, tx, "a"), add(ctx, tx, "b")) }); err != nil {
			t.Fatal(err)
		}
		const writers, times = 8, 25
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range times {
					err := d.Write(ctx, func(tx *db.Tx) error { return errors.Join(raise(ctx, tx, "a"), raise(ctx, tx, "b")) })
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		for _, k := range []string{"a", "b"} {
			var tries int
			if err := d.SQL().QueryRow("select tries from throttles where key = $1", k).Scan(&tries); err != nil {
				t.Fatal(err)
			}
			if want := 1 + writers*times; tries != want {
				t.Errorf("%s was counted to %d, want %d", k, tries, want)
			}
		}
	})
}

func raise(ctx context.Context, tx *db.Tx, key string) error {
	_, err := tx.SQL().ExecContext(ctx, "update throttles set tries = tries + 1 where key = $1", key)
	return err
}

// Two writers hold one row each and want the other's. PostgreSQL gives one of them up, and Write runs it again.
func TestTheLoserOfADeadlockTriesAgain(t *testing.T) {
	d := dbtest.Postgres(t)
	ctx := t.Context()
	if err := d.Write(ctx, func(tx *db.Tx) error { return errors.Join(add(ctx, tx, "a"), add(ctx, tx, "b")) }); err != nil {
		t.Fatal(err)
	}
	var both, done sync.WaitGroup
	both.Add(2)
	var tries atomic.Int64
	for _, order := range [][]string{{"a", "b"}, {"b", "a"}} {
		first := sync.OnceFunc(func() { both.Done(); both.Wait() })
		done.Go(func() {
			err := d.Write(ctx, func(tx *db.Tx) error {
				tries.Add(1)
				if err := raise(ctx, tx, order[0]); err != nil {
					return err
				}
				first()
				return raise(ctx, tx, order[1])
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	if got := tries.Load(); got != 3 {
		t.Errorf("%d tries, want 3: there was no deadlock to lose", got)
	}
	var sum int
	if err := d.SQL().QueryRow("select sum(tries) from throttles").Scan(&sum); err != nil || sum != 6 {
		t.Errorf("counted to %d in all, want 6: %v", sum, err)
	}
}

func TestReadersSeeOnlyWhatIsCommitted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := add(ctx, tx, "a"); err != nil {
				return err
			}
			if got := keys(t, d); got != "" {
				t.Errorf("another connection sees %q before the commit", got)
			}
			return nil
		})
		if err != nil || keys(t, d) != "a" {
			t.Errorf("after the commit %q, %v", keys(t, d), err)
		}
	})
}

func TestErrorsOfRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		twice := d.Write(ctx, func(tx *db.Tx) error {
			if err := add(ctx, tx, "a"); err != nil {
				return err
			}
			return fmt.Errorf("wrapped: %w", add(ctx, tx, "a"))
		})
		if !db.Duplicate(twice) {
			t.Errorf("a second row with the same key is not seen as a duplicate: %v", twice)
		}
		null := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.SQL().ExecContext(ctx, "insert into throttles(key, since) values('x', 0)")
			return err
		})
		if null == nil || db.Duplicate(null) {
			t.Errorf("a missing value is not a duplicate: %v", null)
		}
		var key string
		none := d.SQL().QueryRow("select key from throttles").Scan(&key)
		if !db.Missing(none) || !errs.Is(db.NotFound(none, "throttle"), errs.NotFound) {
			t.Errorf("no row: %v", none)
		}
		if err := db.NotFound(twice, "x"); !errors.Is(err, twice) || errs.Is(err, errs.NotFound) {
			t.Errorf("another error became %v", err)
		}
	})
}

func TestSQLiteReadersCannotWrite(t *testing.T) {
	if _, err := dbtest.SQLite(t).SQL().Exec("delete from throttles"); err == nil {
		t.Error("a change went through the readers' connections")
	}
}

func TestForeignKeysHold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.SQL().ExecContext(t.Context(),
				"insert into staff(public_id, school_id, account_id, role, created_at) values('x', 1, 1, 'teacher', 0)")
			return err
		})
		if err == nil {
			t.Error("a row that refers to nothing was taken")
		}
	})
}

func TestOpenMakesAPrivateFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "50% #1?.db")
	d, err := db.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Dir(path) + "/*")
	if err != nil || len(found) < 2 {
		t.Fatalf("found %v, %v", found, err)
	}
	for _, name := range found {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, ".migrate") && info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v", filepath.Base(name), info.Mode())
		}
	}
}

func TestOpenSaysWhatAnAddressLooksLike(t *testing.T) {
	for _, url := range []string{"", "brug.db", "mysql://localhost/brug", "sqlite:", "sqlite::memory:"} {
		if d, err := db.Open(t.Context(), url); err == nil {
			d.Close()
			t.Errorf("%q was opened", url)
		}
	}
}

func TestMigrateByManyAtOnce(t *testing.T) {
	fresh := func(t *testing.T, url string) {
		ctx := t.Context()
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				d, err := db.Open(ctx, url)
				if err != nil {
					t.Error(err)
					return
				}
				defer d.Close()
				if err := d.Migrate(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		d, err := db.Open(ctx, url)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		for _, table := range []string{"schools", "journal", "river_job"} {
			var n int
			if err := d.SQL().QueryRow("select count(*) from " + table).Scan(&n); err != nil {
				t.Error(err)
			}
		}
	}
	t.Run("sqlite", func(t *testing.T) { fresh(t, "sqlite:"+filepath.Join(t.TempDir(), "brug.db")) })
	t.Run("postgres", func(t *testing.T) { fresh(t, dbtest.EmptyPostgresURL(t)) })
}
