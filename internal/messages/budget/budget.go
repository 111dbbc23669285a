// Package budget says when each letter for a household goes, so that no family gets more than it can take.
//
// It is one pure rule (Plan) over plain types: no tables, no clock. Package messages calls it when it plans new
// recipients, and when a preview tells a teacher how many families get a message later.
//
// The rule, as families are told it: at most so many times a week for the whole household (3 unless it chose otherwise),
// whoever writes and for whichever child; nothing in quiet hours, at the weekend or on the school's days off, unless the
// family chose otherwise; what waits goes together. A week begins on Monday in the school's zone.
package budget

import "time"

// Amount is how many times a week a household hears from the school, unless it chose otherwise.
const Amount = 3

// MaxAmount is the most that a household can choose. 0 is a choice too: then what there is comes together once a week.
const MaxAmount = 7

// Longest is how long a letter waits for a good moment. After that it goes with everything else that waits, on a day off
// too and over the budget; still never in quiet hours, nor at a weekend that the family keeps free.
const Longest = 7 * 24 * time.Hour

// Kind is how a letter stands towards the budget.
type Kind int

// The kinds.
const (
	Nudge  Kind = iota // counted, and waits for a good moment
	Reply              // of a conversation: not counted, waits for a good moment, goes by itself
	Urgent             // passes everything; it is counted, so that less follows
)

// Letter is one recipient's letter. One with At set stands: it went then, or was planned for then and is not moved.
type Letter struct {
	ID       int64 // of the recipient
	Message  int64 // letters of one message to one household count once
	Guardian int64 // 0: the household, by no name
	Kind     Kind
	Hand     bool      // by a person's hand (paper, a call): counted, but it wakes nobody
	From     time.Time // when the sender wants it to go
	At       time.Time // standing letters only
	With     int64     // standing letters only: the letter that it goes along with, 0: none
}

// Person is what a guardian chose. The zero value is quiet all day: make it with Usual or Hours.
type Person struct {
	QuietFrom, QuietTo int  // minutes after midnight; over midnight where From is later; the same: never quiet
	Weekend            bool // also on Saturday and Sunday
	Stopped            bool // nothing at all, not even what is urgent
}

// Home is what is known about the household.
type Home struct {
	Zone    *time.Location
	Amount  int              // times a week, 0 to MaxAmount
	People  map[int64]Person // by guardian; who is not there has the usual hours
	DaysOff map[string]bool  // YYYY-MM-DD, of the whole school, at least ten weeks ahead
	Paused  bool             // nothing at all to anybody of it
}

// Why is the reason for a place that is not the moment that was asked for.
type Why string

// The reasons. Stop: the letter does not go at all and has no moment.
const (
	Free    Why = ""      // no reason: it goes when asked
	Night   Why = "night" // waits for the end of quiet hours
	Weekend Why = "weekend"
	DayOff  Why = "dayoff"
	Budget  Why = "budget" // enough for this week, or after another that waits
	Week    Why = "week"   // waited a week: goes whatever else
	Passed  Why = "passed" // urgent, and it would have had to wait
	Stop    Why = "stop"
)

// Place is where a letter was put.
type Place struct {
	ID   int64
	At   time.Time // zero for Stop
	With int64     // goes along with this letter, in one parcel: the same guardian, the same At; 0: by itself, or it leads
	Why  Why
}

// Plan places the letters that do not stand yet (At is zero), at now or later, in the order of From and Message. It answers
// for these only, in the order in which they came in. The standing letters that it needs are those of the household with an
// At from Since(now, zone) on, gone or waiting. The same input gives the same output.
func Plan(now time.Time, h Home, letters []Letter) []Place {
	b := newBook(now, h, letters)
	return b.plan(letters)
}

// Since is the beginning of the week of a moment: Monday 00:00 in the zone.
func Since(at time.Time, zone *time.Location) time.Time { return monday(at.In(zone)) }
