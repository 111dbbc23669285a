// Package journal records which account did what, or looked at what, in the transaction in which it happened.
//
// Every operation that changes something calls Write, and every reading of sensitive text. It owns the table journal,
// to which lines are added and from which none is changed or taken away. Contacts with families are another thing: they
// stand in the ledger of package contact.
package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
)

// Entry is one line. Area and Action are needed; Area is the word of the feature ("talks"), Action the verb ("confirm").
type Entry struct {
	SchoolID  int64  // 0: of no school
	AccountID int64  // 0: nobody was signed in
	Actor     string // in what capacity: a role, "guardian", a command; "": "account", or "unknown" without one
	Action    string
	Area      string
	Ref       string            // public id of what it is about
	Detail    map[string]string // ids, names of fields, counts; never what people wrote or are called
	At        time.Time         // zero: now
}

// Write adds a line; it stands when the transaction does.
func Write(ctx context.Context, tx *db.Tx, e Entry) error {
	if e.Action == "" || e.Area == "" {
		return errors.New("journal: a line needs an area and an action")
	}
	if e.Actor == "" {
		e.Actor = "unknown"
		if e.AccountID != 0 {
			e.Actor = "account"
		}
	}
	if e.At.IsZero() {
		e.At = time.Now()
	}
	if e.Detail == nil {
		e.Detail = map[string]string{}
	}
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	err = tx.AddJournal(ctx, q.AddJournalParams{
		SchoolID:  sql.NullInt64{Int64: e.SchoolID, Valid: e.SchoolID != 0},
		AccountID: sql.NullInt64{Int64: e.AccountID, Valid: e.AccountID != 0},
		Actor:     e.Actor,
		Action:    e.Action,
		Area:      e.Area,
		Ref:       e.Ref,
		Detail:    string(detail),
		At:        e.At.UnixMilli(),
	})
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}
