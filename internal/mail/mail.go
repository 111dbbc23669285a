// Package mail sends the program's own mails: invitations, new passwords, news for staff.
//
// An operation calls Queue within its transaction; a job sends the mail when the transaction stands. Nothing is sent
// unless a server is configured: else mails are diverted to the outbox, the table mails, which this package owns and which
// is shown in the demo and to the operator.
//
// Mails carry links that sign a person in. So what a mail says is forgotten when it is sent, and Outbox gives only
// diverted mails their text. Whoever can read the table while a mail waits can use its link: nobody but the operator, and
// no page of a school, may get to it.
package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/id"
	"brug/internal/jobs"
)

// Mail is one mail to one person, in one language.
type Mail struct {
	SchoolID int64  // 0: of no school
	To       string // address only, without a name
	Subject  string
	Text     string // always there
	HTML     string // "": text only
	Lang     string // BCP 47, of subject and text
}

// State is what became of a mail.
type State string

// The states. A mail waits, and then is one of the others for good.
const (
	Waiting  State = "waiting"
	Sent     State = "sent"     // taken by the configured server
	Failed   State = "failed"   // refused for good, or given up after all tries
	Diverted State = "diverted" // kept to be shown, because no server is configured
)

// sendJob is the kind of job that sends a mail.
type sendJob struct {
	ID int64 `json:"id"` // of the row in mails
}

func (sendJob) Kind() string { return "mail_send" }

// Queue writes the mail into the outbox and enqueues its sending, with the transaction. An address or a subject that
// would break a header is an error; callers have checked what people typed.
func Queue(ctx context.Context, tx *db.Tx, m Mail) error {
	if err := m.check(); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	number, err := tx.AddMail(ctx, q.AddMailParams{
		PublicID:  id.New(),
		SchoolID:  sql.NullInt64{Int64: m.SchoolID, Valid: m.SchoolID != 0},
		ToAddr:    m.To,
		Subject:   m.Subject,
		BodyText:  m.Text,
		BodyHtml:  m.HTML,
		Lang:      m.Lang,
		CreatedAt: time.Now().UnixMilli(),
	})
	if err != nil {
		return fmt.Errorf("mail: queue: %w", err)
	}
	return jobs.Enqueue(ctx, tx, sendJob{number})
}

func (m Mail) check() error {
	a, err := netmail.ParseAddress(m.To)
	switch {
	case err != nil || a.Address != m.To: // the error repeats the address, which must not come into a log
		return errors.New("the address cannot be used")
	case m.Subject == "" || strings.ContainsFunc(m.Subject, func(r rune) bool { return r < ' ' }):
		return errors.New("a subject is one line")
	case strings.TrimSpace(m.Text) == "":
		return errors.New("a mail says something")
	case m.Lang == "":
		return errors.New("a mail has a language")
	}
	return nil
}

// Kept is a mail in the outbox.
type Kept struct {
	To, Subject, Lang string
	Text, HTML        string // only when diverted
	State             State
	Problem           string    // why it failed: the server's code, never its words
	At, SentAt        time.Time // SentAt is zero unless it was sent
}

// Outbox gives the latest mails, newest first. For the operator and the demo only: see the package's comment.
func Outbox(ctx context.Context, d *db.DB, limit int) ([]Kept, error) {
	rows, err := d.Q().Outbox(ctx, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("mail: outbox: %w", err)
	}
	kept := make([]Kept, len(rows))
	for i, r := range rows {
		kept[i] = Kept{To: r.ToAddr, Subject: r.Subject, Lang: r.Lang, State: State(r.State), Problem: r.Problem, At: time.UnixMilli(r.CreatedAt)}
		if kept[i].State == Diverted {
			kept[i].Text, kept[i].HTML = r.BodyText, r.BodyHtml
		}
		if r.SentAt != 0 {
			kept[i].SentAt = time.UnixMilli(r.SentAt)
		}
	}
	return kept, nil
}
