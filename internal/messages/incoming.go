package messages

import (
	"context"
	"errors"
	"time"

	"brug/internal/contact"
)

// Reply is an answer of a guardian that came in by mail or SMS.
type Reply struct {
	SchoolID  int64
	Recipient string       // public id of the recipient's row that it answers, from the reply address or the latest SMS
	Road      contact.Road // Mail or SMS
	Text      string       // without what was quoted, and without the signature
	Answer    contact.AnswerKind
	Lang      string // BCP 47; "": as the guardian reads
	Files     []Upload
	Key       string // hash of what the sender numbered it with; the same mail twice is one answer
	At        time.Time
}

// Incoming makes an entry of the conversation of what came in, once for each Key: fresh is false for one that was here before.
// The row of inbound is written in the same transaction, with the outcome "answer". Files that are neither recording nor photo
// are left out, and a text that is too long is cut; nothing of an answer is refused for its form. NotFound where there is no such
// recipient, or the guardian may not be heard on these children any more: then nothing was written.
func (s *Service) Incoming(ctx context.Context, r Reply) (fresh bool, err error) {
	return false, errors.ErrUnsupported
}
