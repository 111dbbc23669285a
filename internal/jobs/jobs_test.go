package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/jobs"
)

type note struct {
	Text string `json:"text"`
}

func (note) Kind() string { return "test_note" }

// desk is a runner whose worker writes down what it got, and fails as often as told.
type desk struct {
	*jobs.Runner
	log bytes.Buffer

	mu   sync.Mutex
	did  []string
	fail func(text string, times int) error
}

func newDesk(t *testing.T, d *db.DB) *desk {
	t.Helper()
	k := &desk{fail: func(string, int) error { return nil }}
	k.Runner = jobs.New(d, jobs.Config{
		Log:        slog.New(slog.NewTextHandler(&k.log, nil)),
		RetryAfter: func(int) time.Duration { return time.Millisecond },
		Poll:       10 * time.Millisecond,
	})
	jobs.Register(k.Runner, func(ctx context.Context, n note) error {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.did = append(k.did, n.Text)
		times := 0
		for _, text := range k.did {
			if text == n.Text {
				times++
			}
		}
		if jobs.LastTry(ctx) {
			k.did = append(k.did, "(last try)")
		}
		return k.fail(n.Text, times)
	})
	return k
}

func (k *desk) work(t *testing.T) {
	t.Helper()
	if err := k.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// wait blocks until n entries are written down and nothing is left to do now.
func (k *desk) wait(t *testing.T, n int) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		k.mu.Lock()
		did := strings.Join(k.did, " ")
		enough := len(k.did) >= n
		k.mu.Unlock()
		if enough {
			if err := k.Quiet(ctx); err != nil {
				t.Fatal(err)
			}
			return did
		}
		select {
		case <-ctx.Done():
			t.Fatalf("only %q was done", did)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func put(k *desk, d *db.DB, text string, options ...jobs.Option) error {
	return d.Write(context.Background(), func(tx *db.Tx) error {
		return k.Enqueue(context.Background(), tx, note{text}, options...)
	})
}

func queued(t *testing.T, d *db.DB, where string) (n int) {
	t.Helper()
	if err := d.SQL().QueryRow("select count(*) from river_job where " + where).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAJobLivesAndDiesWithItsTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		no := errors.New("no")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := k.Enqueue(t.Context(), tx, note{"rolled back"}); err != nil {
				return err
			}
			return no
		})
		if !errors.Is(err, no) || queued(t, d, "true") != 0 {
			t.Fatalf("after a rollback %d jobs, error %v", queued(t, d, "true"), err)
		}
		if err := put(k, d, "kept"); err != nil {
			t.Fatal(err)
		}
		if queued(t, d, "true") != 1 {
			t.Fatal("the committed job is not there")
		}
		k.work(t)
		if did := k.wait(t, 1); did != "kept" {
			t.Errorf("worked %q, want the committed job once", did)
		}
	})
}

func TestAFailedJobIsTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.fail = func(_ string, times int) error {
			if times < 3 {
				return errors.New("the road is closed")
			}
			return nil
		}
		if err := put(k, d, "again"); err != nil {
			t.Fatal(err)
		}
		k.work(t)
		if did := k.wait(t, 3); did != "again again again" {
			t.Errorf("worked %q, want three tries", did)
		}
		if n := queued(t, d, "state = 'completed'"); n != 1 {
			t.Errorf("%d jobs are done, want 1", n)
		}
	})
}

func TestTheLastTryIsKnownAndThenItEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.fail = func(string, int) error { return errors.New("never") }
		if err := put(k, d, "twice", jobs.Tries(2)); err != nil {
			t.Fatal(err)
		}
		k.work(t)
		if did := k.wait(t, 3); did != "twice twice (last try)" {
			t.Errorf("worked %q", did)
		}
		if n := queued(t, d, "state = 'discarded'"); n != 1 {
			t.Errorf("%d jobs are given up, want 1", n)
		}
	})
}

func TestWhatCannotBeMendedIsGivenUpAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.fail = func(string, int) error { return jobs.GiveUp(errors.New("no such mail")) }
		if err := put(k, d, "once"); err != nil {
			t.Fatal(err)
		}
		k.work(t)
		if did := k.wait(t, 1); did != "once" || queued(t, d, "state = 'cancelled'") != 1 {
			t.Errorf("worked %q, %d cancelled", did, queued(t, d, "state = 'cancelled'"))
		}
	})
}

func TestAPanicIsAFailureThatNamesNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.fail = func(text string, times int) error {
			if times == 1 {
				panic("secret of " + text)
			}
			return nil
		}
		if err := put(k, d, "Amina"); err != nil {
			t.Fatal(err)
		}
		k.work(t)
		k.wait(t, 2)
		if err := k.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		log := k.log.String()
		if !strings.Contains(log, "job panicked") || !strings.Contains(log, "test_note") {
			t.Errorf("the log does not tell of it: %s", log)
		}
		if strings.Contains(log, "Amina") {
			t.Errorf("the log tells what the job carried: %s", log)
		}
	})
}

func TestOnceLeavesOutATwin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for _, text := range []string{"a", "a", "b"} {
			if err := put(k, d, text, jobs.Once()); err != nil {
				t.Fatal(err)
			}
		}
		if n := queued(t, d, "true"); n != 2 {
			t.Errorf("%d jobs wait, want a and b", n)
		}
		k.work(t)
		k.wait(t, 2)
		if err := put(k, d, "a", jobs.Once()); err != nil {
			t.Fatal(err)
		}
		if did := k.wait(t, 3); strings.Count(did, "a") != 2 {
			t.Errorf("worked %q, want a again after it was done", did)
		}
	})
}

func TestAJobForLaterWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		if err := put(k, d, "tomorrow", jobs.At(time.Now().Add(24*time.Hour))); err != nil {
			t.Fatal(err)
		}
		if err := put(k, d, "now"); err != nil {
			t.Fatal(err)
		}
		k.work(t)
		if did := k.wait(t, 1); did != "now" || queued(t, d, "state = 'scheduled'") != 1 {
			t.Errorf("worked %q, %d wait", did, queued(t, d, "state = 'scheduled'"))
		}
	})
}

type stranger struct{}

func (stranger) Kind() string { return "test_stranger" }

func TestAKindThatNobodyWorksIsRefused(t *testing.T) {
	d := dbtest.SQLite(t)
	k := newDesk(t, d)
	err := d.Write(t.Context(), func(tx *db.Tx) error { return k.Enqueue(t.Context(), tx, stranger{}) })
	if err == nil || queued(t, d, "true") != 0 {
		t.Errorf("a job without a worker was taken: %v", err)
	}
}

// Two processes on one database are two runners here: each job is worked by one of them.
func TestTwoRunnersShareTheJobs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		one, two := newDesk(t, d), newDesk(t, d)
		const n = 40
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for i := range n {
				if err := one.Enqueue(t.Context(), tx, note{string(rune('A' + i))}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		one.work(t)
		two.work(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := one.Quiet(ctx); err != nil {
			t.Fatal(err)
		}
		one.mu.Lock()
		two.mu.Lock()
		defer one.mu.Unlock()
		defer two.mu.Unlock()
		times := map[string]int{}
		for _, text := range append(one.did, two.did...) {
			times[text]++
		}
		if len(times) != n {
			t.Errorf("%d jobs were worked, want %d", len(times), n)
		}
		for text, k := range times {
			if k != 1 {
				t.Errorf("%s was worked %d times", text, k)
			}
		}
	})
}
