package messages

import (
	"context"
	"errors"
	"time"

	"brug/internal/contact"
)

// Doer is who does what was agreed.
type Doer string

// Who can do it.
const (
	BySchool Doer = "school"
	ByHome   Doer = "home"
	ByBoth   Doer = "both"
)

// Agreement is what was agreed with a family: who does what until when, and when both look back at it.
type Agreement struct {
	PublicID     string
	Child        string // first name; "" for all children of the home
	Who          Doer
	Text         EntryText // as it was written
	Reading      EntryText // in the reader's language; zero where it lacks, or is the same
	Until        string    // YYYY-MM-DD; "" until further notice
	LookBack     string    // YYYY-MM-DD; ""
	At           time.Time
	By           string // name of the colleague
	Confirmed    time.Time
	Ended        time.Time
	How          string // how it ended; one of the Ended constants
	Conversation string // public id; ""
}

// FamilyAgreements are the agreements with this guardian's home about children whom the guardian may see: those that hold first, then
// the latest that ended, at most n of them.
func (s *Service) FamilyAgreements(ctx context.Context, g contact.Guest, n int) ([]Agreement, error) {
	return nil, errors.ErrUnsupported
}

// ConfirmAgreement is the guardian's tap that this was agreed. Twice is no error. NotFound for another home's.
func (s *Service) ConfirmAgreement(ctx context.Context, g contact.Guest, agreement string) error {
	return errors.ErrUnsupported
}
