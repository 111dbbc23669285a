package messages

import (
	"context"
	"log/slog"
	"time"

	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/jobs"
	"brug/internal/live"
	"brug/internal/material"
	"brug/internal/messages/road"
	"brug/internal/school"
	"brug/internal/secret"
	"brug/internal/voice"
)

// Config is what the service is made of.
type Config struct {
	DB       *db.DB
	Auth     *auth.Service
	School   *school.Service
	Contact  *contact.Service
	Material *material.Service
	Voice    *voice.Service
	Jobs     *jobs.Runner
	Blobs    blob.Store
	Secrets  *secret.Keys
	Live     *live.Hub

	Carriers   map[contact.Road]road.Carrier // the roads that are configured
	Divert     bool                          // in a demo: what would go by other ones is kept in the outbox, and counts as sent; else they lead nowhere
	Translator Translator                    // nil: free text is translated by nobody but staff
	SMSCost    int                           // what one part of an SMS costs, in thousandths of a euro; 0: nobody said
	ReplyTo    string                        // domain at which answers by mail come in; "" takes none

	BaseURL string // as the outside sees it, without a slash at the end
	Data    string // folder of this machine for what must outlive a killed process
	Now     func() time.Time
	Log     *slog.Logger
}

// Service has the operations on messages, conversations and what follows from them. It may be used by many goroutines.
type Service struct {
	Config
	post *post // what carries letters in this process
}

// New makes the service, and says who works its jobs.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	s := &Service{Config: c, post: newPost()}
	if c.Jobs != nil {
		s.register()
	}
	return s
}

// register says which function works which job; each file that has jobs brings its lines here.
func (s *Service) register() {
	jobs.Register(s.Jobs, s.workTranslate)
	jobs.Register(s.Jobs, s.workEntry)
	jobs.Register(s.Jobs, s.workPlan)
	jobs.Register(s.Jobs, s.workCarry)
}

// PlanArgs is the job that plans what is new of one message (plan.go). It is enqueued with the message, for the time when
// that may go, and may be enqueued again: rows that are planned already are left alone.
type PlanArgs struct {
	SchoolID  int64 `json:"school"`
	MessageID int64 `json:"message"`
}

// Kind implements river.JobArgs.
func (PlanArgs) Kind() string { return "messages.plan" }

// enqueuePlan asks, with the transaction, for the planning of a message at a time that may be now.
func (s *Service) enqueuePlan(ctx context.Context, tx *db.Tx, schoolID, messageID int64, at time.Time) error {
	var options []jobs.Option
	if at.After(s.Now()) {
		options = append(options, jobs.At(at))
	} else if s.post.runs.Load() {
		tx.AfterCommit(s.post.call) // sooner than the queue gets to it
	}
	return jobs.Enqueue(ctx, tx, PlanArgs{schoolID, messageID}, options...)
}

func millis(t time.Time) int64 { return t.UnixMilli() }

// instant is the time of milliseconds; the zero time for 0.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
