package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

func openPostgres(ctx context.Context, url string) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(url, "pool_max_conns") {
		cfg.MaxConns = 20
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	std := stdlib.OpenDBFromPool(pool)
	return &DB{engine: Postgres, pool: pool, read: std, write: std}, nil
}

// migrateLock is the number of the advisory lock under which one process migrates: "brug" in ASCII.
const migrateLock = 0x62727567

// alonePostgres runs work while no other process migrates. It asks again and again instead of waiting in the database,
// because a waiting statement would hold up migrations that build an index concurrently.
func (d *DB) alonePostgres(ctx context.Context, work func() error) error {
	return d.pool.AcquireFunc(ctx, func(c *pgxpool.Conn) (err error) {
		for {
			var got bool
			if err := c.QueryRow(ctx, "select pg_try_advisory_lock($1)", migrateLock).Scan(&got); err != nil {
				return err
			}
			if got {
				break
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(200 * time.Millisecond):
			}
		}
		defer func() {
			_, e := c.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", migrateLock)
			err = errors.Join(err, e)
		}()
		return work()
	})
}

// beginPostgres opens a transaction that both worlds can use: the generated queries run on the connection, the job queue
// on the driver's own transaction, and they are one and the same.
func (d *DB) beginPostgres(ctx context.Context) (*sql.Conn, pgx.Tx, error) {
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	var tx pgx.Tx
	err = conn.Raw(func(driver any) (err error) {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("unexpected driver connection %T", driver)
		}
		tx, err = c.Conn().Begin(ctx)
		return err
	})
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	return conn, tx, nil
}

// States of PostgreSQL, from appendix A of its manual.
const (
	pgUnique        = "23505"
	pgSerialization = "40001"
	pgDeadlock      = "40P01"
)

func busyPostgres(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == pgSerialization || e.Code == pgDeadlock)
}

func duplicatePostgres(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == pgUnique
}
