package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// reporter logs what failed: the kind and number of the job, never what it carries.
type reporter struct{ log *slog.Logger }

func (r reporter) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	level := slog.LevelWarn
	if job.Attempt >= job.MaxAttempts {
		level = slog.LevelError
	}
	r.log.Log(ctx, level, "job failed", "kind", job.Kind, "job", job.ID, "try", job.Attempt, "of", job.MaxAttempts, "err", err)
	return nil
}

// HandlePanic is asked for panics beyond the worker's own, which caught has turned into errors.
func (r reporter) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	r.log.ErrorContext(ctx, "job panicked", "kind", job.Kind, "job", job.ID, "try", job.Attempt, "what", harmless(value), "trace", trace)
	return nil
}

// caught makes a worker's panic an error that may be stored and logged.
func caught(log *slog.Logger, job *rivertype.JobRow, err *error) {
	value := recover()
	if value == nil {
		return
	}
	log.Error("job panicked", "kind", job.Kind, "job", job.ID, "try", job.Attempt, "what", harmless(value), "trace", string(debug.Stack()))
	*err = fmt.Errorf("panic: %s", harmless(value))
}

// harmless tells of a panic what names nobody: the runtime's own words, else only the type, for the value may hold anything.
func harmless(value any) string {
	if e, ok := value.(runtime.Error); ok {
		return e.Error()
	}
	return fmt.Sprintf("a value of type %T", value)
}

// pauses is a retry policy of River.
type pauses func(failed int) time.Duration

func (p pauses) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(p(len(job.Errors) + 1)) // this failure is not yet among the errors
}

// quiet leaves of River's own log only what an operator must see.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}
func (w warnings) WithAttrs(a []slog.Attr) slog.Handler { return warnings{w.Handler.WithAttrs(a)} }
func (w warnings) WithGroup(name string) slog.Handler   { return warnings{w.Handler.WithGroup(name)} }
