// Package jobs does work in the background: what takes long, what may fail and must be tried again, what must happen
// when a change is committed and only then.
//
// Areas register a worker for a kind of job when the program is built, and enqueue jobs within their own transaction.
// River keeps them in the tables river_* of the same database, SQLite or PostgreSQL; any number of processes share them.
// A job is worked at least once, so every worker must be able to run twice without harm.
//
// What a job carries, and the errors that its worker returns, are kept for days and logged: ids, never names,
// addresses or words of people.
package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"brug/internal/db"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"
)

const (
	// timeLimit is how long one job may take. Larger work goes in bounded batches, each its own job.
	timeLimit = 5 * time.Minute
	// rescueAfter is when a job whose process died is given to another one; beyond timeLimit, or it would be worked twice.
	rescueAfter = 8 * time.Minute
	// stopPatience is how long Stop lets running jobs finish before it cancels their contexts.
	stopPatience = 20 * time.Second
	// tries, with River's pauses of try⁴ seconds, spread over about four hours.
	tries = 10
)

// Config is what a Runner may be told. The zero Config is for serving a school.
type Config struct {
	Log        *slog.Logger                   // nil: slog.Default
	Workers    int                            // jobs worked side by side in this process; 0: 8
	RetryAfter func(failed int) time.Duration // the pause after so many failed tries; nil: failed⁴ seconds
	Poll       time.Duration                  // how often to look for jobs that nobody announced, such as those tried again; 0: a second
}

// Runner takes jobs in and works them.
type Runner struct {
	cfg     Config
	db      *db.DB
	workers *river.Workers
	kinds   map[string]bool

	work worker // from Start to Stop
}

// worker is what both kinds of River client can do.
type worker interface {
	Start(context.Context) error
	Stop(context.Context) error
	StopAndCancel(context.Context) error
}

// New makes a Runner. It works nothing before Start.
func New(d *db.DB, cfg Config) *Runner {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Workers == 0 {
		cfg.Workers = 8
	}
	return &Runner{cfg: cfg, db: d, workers: river.NewWorkers(), kinds: map[string]bool{}}
}

// Register says which function works the jobs of a kind; the kind is T's Kind. Call it while the program is built,
// before Start. Two workers for one kind are a mistake of the program, and panic.
//
// The function's context ends after five minutes, and when the program stops and has waited long enough. An error or a
// panic means another try later, unless the error is wrapped by GiveUp.
func Register[T river.JobArgs](r *Runner, work func(ctx context.Context, args T) error) {
	river.AddWorker(r.workers, river.WorkFunc(func(ctx context.Context, job *river.Job[T]) (err error) {
		defer caught(r.cfg.Log, job.JobRow, &err)
		return work(context.WithValue(ctx, lastTryKey{}, job.Attempt >= job.MaxAttempts), job.Args)
	}))
	var args T
	r.kinds[args.Kind()] = true
}

type lastTryKey struct{}

// LastTry tells a worker that there will be no further try when this one fails.
func LastTry(ctx context.Context) bool {
	last, ok := ctx.Value(lastTryKey{}).(bool)
	return ok && last
}

// GiveUp wraps an error of a worker that trying again cannot mend.
func GiveUp(err error) error { return river.JobCancel(err) }

// Option changes how one job is enqueued.
type Option func(*river.InsertOpts)

// At lets the job wait until the time has come.
func At(t time.Time) Option { return func(o *river.InsertOpts) { o.ScheduledAt = t } }

// Tries is how often the job is tried in all; else ten times, over about four hours.
func Tries(n int) Option { return func(o *river.InsertOpts) { o.MaxAttempts = n } }

// Once leaves the job out when one of the same kind and the same args is still waiting or being worked.
func Once() Option {
	return func(o *river.InsertOpts) {
		o.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
			rivertype.JobStateRetryable, rivertype.JobStateScheduled,
		}}
	}
}

// Enqueue puts a job in the queue with the transaction: it is there when the transaction is committed, and never was
// when it is rolled back. A kind that nobody registered here is an error.
func (r *Runner) Enqueue(ctx context.Context, tx *db.Tx, args river.JobArgs, options ...Option) error {
	if !r.kinds[args.Kind()] {
		return fmt.Errorf("jobs: nobody works jobs of kind %q", args.Kind())
	}
	return Enqueue(ctx, tx, args, options...)
}

// Enqueue does what Runner.Enqueue does, for those who have no Runner at hand. It takes jobs of any kind; one that no
// process works waits.
func Enqueue(ctx context.Context, tx *db.Tx, args river.JobArgs, options ...Option) error {
	opts := &river.InsertOpts{}
	for _, o := range options {
		o(opts)
	}
	err := tx.Native(
		func(t *sql.Tx) error { return insert(ctx, sqliteInserter, t, args, opts) },
		func(t pgx.Tx) error { return insert(ctx, postgresInserter, t, args, opts) })
	if err != nil {
		return fmt.Errorf("jobs: enqueue %s: %w", args.Kind(), err)
	}
	return nil
}

// The clients that only insert stand on no connection of their own, so one each is enough for all databases.
var (
	sqliteInserter = sync.OnceValues(func() (*river.Client[*sql.Tx], error) {
		return river.NewClient(riversqlite.New(nil), inserts)
	})
	postgresInserter = sync.OnceValues(func() (*river.Client[pgx.Tx], error) {
		return river.NewClient(riverpgxv5.New(nil), inserts)
	})
	inserts = &river.Config{Logger: slog.New(slog.DiscardHandler), MaxAttempts: tries}
)

func insert[TTx any](ctx context.Context, client func() (*river.Client[TTx], error), tx TTx, args river.JobArgs, opts *river.InsertOpts) error {
	c, err := client()
	if err != nil {
		return err
	}
	_, err = c.InsertTx(ctx, tx, args, opts)
	return err
}

// Start begins to work. The end of ctx does not end it; Stop does.
func (r *Runner) Start(ctx context.Context) error {
	if r.work != nil {
		return errors.New("jobs: started already")
	}
	work, err := r.worker()
	if err == nil {
		err = work.Start(context.WithoutCancel(ctx))
	}
	if err != nil {
		return fmt.Errorf("jobs: start: %w", err)
	}
	r.work = work
	return nil
}

func (r *Runner) worker() (worker, error) {
	if sqlite, pool := r.db.Queue(); sqlite != nil {
		return newWorker(r, riversqlite.New(sqlite))
	} else {
		return newWorker(r, riverpgxv5.New(pool))
	}
}

func newWorker[TTx any](r *Runner, driver riverdriver.Driver[TTx]) (worker, error) {
	cfg := &river.Config{
		Logger:               quiet(r.cfg.Log),
		MaxAttempts:          tries,
		Workers:              r.workers,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: r.cfg.Workers}},
		JobTimeout:           timeLimit,
		RescueStuckJobsAfter: rescueAfter,
		SoftStopTimeout:      stopPatience,
		ErrorHandler:         reporter{r.cfg.Log},
	}
	if r.cfg.Poll != 0 {
		cfg.FetchPollInterval = r.cfg.Poll
		cfg.FetchCooldown = min(r.cfg.Poll, river.FetchCooldownDefault)
	}
	if r.cfg.RetryAfter != nil {
		cfg.RetryPolicy = pauses(r.cfg.RetryAfter)
	}
	return river.NewClient(driver, cfg)
}

// Stop takes no new jobs and waits for the running ones; after twenty seconds, or when ctx ends, their contexts are
// cancelled, and they will be tried again. Without Start it does nothing.
func (r *Runner) Stop(ctx context.Context) error {
	if r.work == nil {
		return nil
	}
	err := r.work.Stop(ctx)
	if err != nil {
		hurry, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = r.work.StopAndCancel(hurry)
	}
	r.work = nil
	if err != nil {
		return fmt.Errorf("jobs: stop: %w", err)
	}
	return nil
}

// Quiet waits until no job is due or being worked, in any process. Jobs that wait for a later time or for another try
// do not count. For commands that end with their work, and for tests.
func (r *Runner) Quiet(ctx context.Context) error {
	for {
		var open int
		err := r.db.SQL().QueryRowContext(ctx, "select count(*) from river_job where state in ('available', 'running')").Scan(&open)
		if err != nil || open == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
