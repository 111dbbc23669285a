package messages

import (
	"context"
	"errors"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/messages/letter"
	"brug/internal/phrase"
)

// MessageState is how far a message is.
type MessageState string

// The states of a message. What became of each recipient stands in its row.
const (
	Scheduled  MessageState = "scheduled" // waits for its time
	Going      MessageState = "going"     // is being brought: some recipients are Fresh, Waiting or Sending
	Finished   MessageState = "finished"  // every recipient has been settled, by a road, on paper's list or a caller's
	CalledBack MessageState = "stopped"   // called back: what had not gone stays
)

// To is whom a message is for: the guardians who may be contacted about the children of a place.
type To struct {
	Kind string   // one of the school.Scope constants; ScopeHousehold and ScopePupil for chosen families
	IDs  []string // public ids of classes, groups, households or pupils; empty for the whole school
}

// MaxFamilies is how many families can be chosen one by one.
const MaxFamilies = 200

// Draft is a message as it was written. At least one of Body, Phrases and Material has something in it.
type Draft struct {
	ID string // a new id.New() that the form carries along: the same draft sent twice goes out once; "" makes one
	To To

	Lang  string // BCP 47, of Title and Body; "" the school's
	Title string
	Body  string // free text; an empty line parts paragraphs

	Texts map[string]Text // Title and Body in other languages, where staff have written or looked over them

	Phrases  []Phrase
	Material string       // slug; "" none
	Fill     contact.Fill // date, time and place of the material; teacher and class are filled in for each family

	Files     []string // public ids of what KeepFile kept, at most MaxFiles
	About     contact.About
	Urgent    bool
	WhyUrgent string    // needed where Urgent; stands in the journal
	Sensitive bool      // sealed; the words stand on the page only, behind the second step
	SendAt    time.Time // zero: now
}

// Text is the free text of a message in a language. Title may be empty.
type Text struct {
	Title, Body string
	Source      Source // Staff or Machine
	Engine      string // who made a Machine text: "DeepL", "LibreTranslate"
}

// Phrase is a sentence of the phrase bank with its values, as phrase.Check takes them.
type Phrase struct {
	Slug  string        `json:"slug"`
	Slots phrase.Values `json:"slots,omitempty"`
}

// Limits of what is written, in characters. The editor tells of 150 words long before.
const (
	MaxTitle   = 80
	MaxBody    = 4000
	MaxPhrases = 12
	MaxWhy     = 200
)

// Send writes a message with a recipient's row for every guardian whom it is for, and asks for its planning, all in one
// transaction: when it returns nil, the message will go, whatever happens to this process. It answers with the public id.
//
// Invalid with the fields "to", "title", "body", "phrases", "material", "date", "time", "place", "files", "why", "at";
// Forbidden for another teacher's class, and for the whole school without messages.school; NotFound for a scope that is not
// there.
func (s *Service) Send(ctx context.Context, by auth.Actor, d Draft) (publicID string, err error) {
	return "", errors.ErrUnsupported
}

// Preview is what would become of a draft, told before it is sent. It stores nothing.
type Preview struct {
	People   int // guardians who get it by name
	Homes    int // households
	NoName   int // of them, those where a paper goes "to the family of": nobody may be written to by name
	Quiet    int // of People and NoName, those who asked for a rest: nothing goes out
	Roads    []RoadCount
	Langs    []LangPreview
	SMSParts int // all together
	SMSCost  int // thousandths of a euro; 0 where nobody said what a part costs
}

// RoadCount is how many go by a road first.
type RoadCount struct {
	Road  contact.Road
	Count int
}

// LangPreview is the letter in one language, with the name of an example child.
type LangPreview struct {
	Lang   string // as families have it, BCP 47
	People int
	Letter *letter.Letter
	Lacks  bool   // some words are not there in this language
	SMS    string // as one would get it
	Parts  int    // SMS parts of it
	BySMS  int    // how many get it so
}

// Preview counts who would get a draft, and shows it in each of their languages. The same errors as Send.
func (s *Service) Preview(ctx context.Context, by auth.Actor, d Draft) (Preview, error) {
	return Preview{}, errors.ErrUnsupported
}

// Stop calls a message back: recipients to whom it has not gone yet do not get it, papers and calls fall away. It answers how
// many had got it already. Conflict when it was called back before.
func (s *Service) Stop(ctx context.Context, by auth.Actor, publicID string) (gone int, err error) {
	return 0, errors.ErrUnsupported
}

// One is the single person that sendTo writes to.
type One struct {
	HouseholdID  int64
	GuardianID   int64   // 0: nobody by name
	Pupils       []int64 // whom it is about; empty: all children of the home that the guardian may be told of
	Conversation string  // public id
}

// sendTo writes a message to one guardian within the caller's transaction: the answer of staff in a conversation. d.To is not
// looked at; of the rest everything holds that holds for Send, and the caller has asked for the permission. Its scope is
// 'conversation': the budget does not count it. Answers with the ids of the message and of the recipient.
// NotFound when the guardian may not be contacted about any of these pupils.
func (s *Service) sendTo(ctx context.Context, tx *db.Tx, by auth.Actor, to One, d Draft) (messageID, recipientID int64, err error) {
	return 0, 0, errors.ErrUnsupported
}

// Letters makes the letters of a batch of recipients. What a message says in a language is made once and kept; a letter then
// differs by names and link only.
type Letters struct{}

// letters reads, in a few queries however many rows there are, what the letters of these recipients are made of. The rows may
// belong to many messages and schools.
func (s *Service) letters(ctx context.Context, rows []q.Recipient) (*Letters, error) {
	return nil, errors.ErrUnsupported
}

// letterFor is the letter of one of the recipients that letters was called with. link is the guardian's personal page at this
// message, with BaseURL; "" where there is none. What is sensitive has no words in it: see Open.
func (ls *Letters) letterFor(r q.Recipient, link, stop string) *letter.Letter { return nil }
