package db

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Notify tells other processes of the same database something when the transaction is committed, and nothing when it is
// not. word is at most a few hundred bytes, and for every program that can read the database: no names, no addresses.
// Only PostgreSQL can; on SQLite, which has one process, it does nothing: use AfterCommit there.
func (tx *Tx) Notify(ctx context.Context, channel, word string) error {
	return tx.Native(
		func(*sql.Tx) error { return nil },
		func(t pgx.Tx) error {
			_, err := t.Exec(ctx, "select pg_notify($1, $2)", channel, word)
			return err
		})
}

// listenAgain is the pause before a lost line to the database is made anew.
const listenAgain = time.Second

// Listen hears what Notify tells on a channel, until ctx ends; then it returns nil. It keeps a connection of its own, and
// makes a new one when it breaks: up is called each time it begins to hear, the first time also, because what was told
// before was missed. trouble is called with what broke. On SQLite it only waits for the end of ctx.
func (d *DB) Listen(ctx context.Context, channel string, up func(), hear func(word string), trouble func(error)) {
	if d.pool == nil {
		<-ctx.Done()
		return
	}
	for ctx.Err() == nil {
		if err := d.listenOnce(ctx, channel, up, hear); err != nil && ctx.Err() == nil {
			trouble(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(listenAgain):
		}
	}
}

func (d *DB) listenOnce(ctx context.Context, channel string, up func(), hear func(string)) error {
	c, err := pgx.ConnectConfig(ctx, d.pool.Config().ConnConfig.Copy())
	if err != nil {
		return fmt.Errorf("db: listen: %w", err)
	}
	defer c.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing hangs on it
	if _, err := c.Exec(ctx, "listen "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return fmt.Errorf("db: listen: %w", err)
	}
	up()
	for {
		n, err := c.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("db: listen: %w", err)
		}
		hear(n.Payload)
	}
}
