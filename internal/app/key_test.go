package app_test

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"testing"

	"brug/internal/app"
	"brug/internal/app/apptest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
)

// A data folder that was restored without its key, or a second process without the key of the first, would send letters with
// personal links that open nothing.
func TestAnotherKeyThanThatOfTheDatabaseDoesNotStart(t *testing.T) {
	for engine, url := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL} {
		t.Run(engine, func(t *testing.T) {
			at := url(t)
			w := apptest.New(t, at)
			open := func(data string) error {
				a, err := app.Open(t.Context(), app.Config{DB: at, Data: data, BaseURL: "https://brug.test", Log: slog.New(slog.DiscardHandler)})
				if err == nil {
					err = a.Close()
				}
				return err
			}
			var school, guardian int64
			if err := w.Base.SQL().QueryRowContext(t.Context(), "select school_id, id from guardians where ended_at = 0 order by id limit 1").Scan(&school, &guardian); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Contact.Links(t.Context(), school, []int64{guardian}); err != nil {
				t.Fatal(err)
			}
			if err := open(w.Data); err != nil {
				t.Errorf("with its own key: %v", err)
			}
			if err := open(t.TempDir()); err == nil || !strings.HasPrefix(err.Error(), "--secret: ") {
				t.Errorf("with a fresh key: %v", err)
			}
			if err := w.Base.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.SQL().ExecContext(t.Context(), "update links set revoked_at = 1")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if err := open(t.TempDir()); err != nil {
				t.Errorf("with a fresh key where no link lives: %v", err)
			}
		})
	}
}

func TestAnAddressIsTakenOnceAndGivenBack(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	open := func() *app.App {
		t.Helper()
		a, err := app.Open(t.Context(), app.Config{DB: dbtest.SQLiteURL(t), Data: t.TempDir(), Addr: busy.Addr().String(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := open()
	if err := a.Listen(); err == nil || !strings.HasPrefix(err.Error(), "--addr: ") {
		t.Errorf("the address of somebody else: %v", err)
	}
	if err := busy.Close(); err != nil {
		t.Fatal(err)
	}
	if err := a.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	if err := a.Run(ctx, func(net.Addr) { stop() }); err != nil { // with the address that it has already
		t.Errorf("ended with %v", err)
	}
	b := open()
	if err := b.Listen(); err != nil { // the one before gave it back
		t.Error(err)
	}
	if err := b.Close(); err != nil { // without having served
		t.Error(err)
	}
	if l, err := net.Listen("tcp", busy.Addr().String()); err != nil {
		t.Errorf("the address is still taken: %v", err)
	} else if err := l.Close(); err != nil {
		t.Error(err)
	}
}
