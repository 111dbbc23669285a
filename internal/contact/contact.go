// Package contact keeps the truth about contact between a school and its families: the ledger, the codes that open a
// family's page, the personal links of guardians with what they choose there, and the answers that come back.
//
// The ledger is append-only and coverage is read from it and from nothing else; a mistake is corrected by a later entry.
// Pages of families call Visit and what follows from it, staff pages the operations with an Actor, printing calls NewCodes
// and Log within its own transaction.
// Tables: contacts, marks, reached, codes, answers, links, second_steps, push_subscriptions; and of households the columns page_lang, paused_at and amount,
// of guardians what was chosen on the personal page.
package contact

import (
	"time"

	"brug/internal/errs"
)

// Road is how a contact went.
type Road string

// The roads. Link is the personal page, whatever brought the family there.
const (
	Paper       Road = "paper"
	Link        Road = "link"
	Mail        Road = "mail"
	SMS         Road = "sms"
	Call        Road = "call"
	Gate        Road = "gate"        // a talk at the school gate
	Interpreter Road = "interpreter" // a talk or call with an interpreter
	HomeVisit   Road = "visit"
	Push        Road = "push" // a sign on the phone that something is on the page
)

// Stage is how far a contact came. Arrived and Answered count as reached.
type Stage string

// The stages, in the order of how much they say. Tried is a call nobody took.
const (
	Offered   Stage = "offered"
	Tried     Stage = "tried"
	Arrived   Stage = "arrived"
	Answered  Stage = "answered"
	Withdrawn Stage = "withdrawn" // only on entries that correct another one
)

// Reached tells whether a contact of this stage reached the family.
func (s Stage) Reached() bool { return s == Arrived || s == Answered }

// Direction is who began.
type Direction string

// Out is from school to family, In from family to school.
const (
	Out Direction = "out"
	In  Direction = "in"
)

// Tone is how a talk was; "" for what has no tone.
type Tone string

// The tones.
const (
	Positive Tone = "positive"
	Neutral  Tone = "neutral"
	Worry    Tone = "worry"
)

// Area and ref say what a contact was about: ("slips", a slip's public id), ("answers", …), ("talk", "").
const (
	AreaSlips   = "slips"
	AreaAnswers = "answers"
	AreaTalk    = "talk"
	AreaStop    = "stop"

	AreaMessages      = "messages"      // a recipient's public id
	AreaConversations = "conversations" // the public id of an entry
)

// About is what a contact was about, for the balance; "" where nobody said.
type About string

// What a contact can be about.
const (
	Logistics About = "logistics" // dates, things to bring, money, absence
	Learning  About = "learning"  // how the child is, learns and grows; what to do at home
)

// Entry is one line for the ledger.
type Entry struct {
	HouseholdID int64
	PupilID     int64 // 0: about all children of the household
	GuardianID  int64 // 0: not known
	Area, Ref   string
	Road        Road
	Direction   Direction
	Stage       Stage
	Tone        Tone
	AccountID   int64 // 0: not by staff
	At          time.Time
	Lang        string // BCP 47, that the contact was in; "": not known
	About       About
	Note        string // a line about a talk, in clear: Log seals it with the school's key; ""
}

// AnswerKind is what a parent can say with one tap.
type AnswerKind string

// The four answers.
const (
	Understood AnswerKind = "understood"
	Question   AnswerKind = "question"
	CallMe     AnswerKind = "call"
	Later      AnswerKind = "later"
)

// AnswerKinds in the order in which they stand on the page.
var AnswerKinds = []AnswerKind{Understood, Question, CallMe, Later}

// MaxBody is the longest text that a parent can write with an answer, in characters.
const MaxBody = 2000

// needsPerson: these answers stand on Today until somebody has done something with them.
func needsPerson(k AnswerKind, body string) bool {
	return k == Question || k == CallMe || body != ""
}

func checkAnswer(k AnswerKind, body string) error {
	var c errs.Check
	c.That(k == Understood || k == Question || k == CallMe || k == Later, "kind", "Choose an answer.")
	c.That(len([]rune(body)) <= MaxBody, "body", "This text is too long. Write at most {max} letters.", "max", MaxBody)
	return c.Err()
}

// CodeLife is how long a code on paper works: a slip may hang on the fridge for a school term, not for years.
const CodeLife = 100 * 24 * time.Hour
