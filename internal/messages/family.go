package messages

import (
	"context"
	"errors"
	"time"

	"brug/internal/contact"
	"brug/internal/messages/letter"
)

// Received is a message as it stands on the personal page of a guardian.
type Received struct {
	Recipient    string // public id
	At           time.Time
	Title        letter.Piece
	Letter       *letter.Letter // nil where Locked
	Urgent       bool
	Locked       bool // sensitive, and the second step was not taken in this browser: there is something, and nothing of it is told
	Opened       time.Time
	Answer       contact.AnswerKind // the latest tap; "" none
	Conversation string             // public id of the conversation about it; "" none yet
}

// Said is what a guardian says: a tap, words, a recording, a photo, in one go or by themselves.
type Said struct {
	Answer  contact.AnswerKind // a tap; "" none
	Body    string             // at most contact.MaxBody characters
	Lang    string             // BCP 47, of Body; "": as the guardian reads
	Files   []Upload           // recordings and photos, at most MaxSaidFiles
	Child   string             // public id of the child; "": about all. Only where it begins a conversation
	Private bool               // it is a worry: kept sealed. Only where it begins a conversation
}

// Upload is a file as it came in. What it is, is found from its bytes.
type Upload struct {
	Name string
	Data []byte
}

// MaxSaidFiles is how many recordings and photos come with one answer.
const MaxSaidFiles = 3

// Thread is a conversation as a guardian sees it.
type Thread struct {
	PublicID string
	Title    string // of the message that it is about, in the language it was written in; "" where the family began
	Lang     string // of Title
	Children []string
	With     string  // name of the colleague who has it; "" the school
	Waits    Side    // who is to answer
	Last     Entry   // zero where Locked, and where nothing was said
	Entries  []Entry // the oldest first; empty in lists and where Locked
	Unseen   bool    // something of the school was not seen yet
	Locked   bool    // sensitive, and the second step was not taken in this browser
	At       time.Time
}

// Mine are the latest messages for this guardian, the newest first, at most n of them, with their letters in the guardian's
// language. before is the Recipient of the last one on the page before ("": from the newest); more tells that there are others.
// Answers of staff in a conversation are not in it: see Threads.
func (s *Service) Mine(ctx context.Context, g contact.Guest, before string, n int) (list []Received, more bool, err error) {
	return nil, false, errors.ErrUnsupported
}

// See opens one message, and the conversation about it (zero PublicID: none yet). That it was opened is written down once: in
// its row, and as arrived in the ledger. NotFound for a message that is another guardian's.
func (s *Service) See(ctx context.Context, g contact.Guest, recipient string) (Received, Thread, error) {
	return Received{}, Thread{}, errors.ErrUnsupported
}

// AnswerMessage is what a guardian says to a message. The same again within a minute counts once. It gives the public id of
// the conversation. Invalid with the fields "answer", "body" and "files"; TooMany after a day's worth of answers.
func (s *Service) AnswerMessage(ctx context.Context, g contact.Guest, recipient string, said Said) (conversation string, err error) {
	return "", errors.ErrUnsupported
}

// Threads are the conversations of this guardian, the latest first, at most n.
func (s *Service) Threads(ctx context.Context, g contact.Guest, n int) ([]Thread, error) {
	return nil, errors.ErrUnsupported
}

// Thread opens a conversation; that the family saw it is written down, also for the school to see.
func (s *Service) Thread(ctx context.Context, g contact.Guest, conversation string) (Thread, error) {
	return Thread{}, errors.ErrUnsupported
}

// Write is what a guardian says in a conversation, or with "" to begin one. It gives the public id of the conversation. The
// same errors as AnswerMessage.
func (s *Service) Write(ctx context.Context, g contact.Guest, conversation string, said Said) (string, error) {
	return "", errors.ErrUnsupported
}

// FamilyFile opens a file of a message to this guardian, or of one of the guardian's conversations. NotFound for any other, and
// for one of a sensitive conversation before the second step.
func (s *Service) FamilyFile(ctx context.Context, g contact.Guest, file string) (letter.File, error) {
	return letter.File{}, errors.ErrUnsupported
}
