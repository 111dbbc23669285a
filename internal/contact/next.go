package contact

import "time"

// Step is the next human step with a family.
type Step string

// The steps. NoStep: nothing needs doing now.
const (
	NoStep        Step = ""
	StepAnswer    Step = "answer"      // they asked something
	StepCallBack  Step = "call-back"   // they asked for a call
	StepCall      Step = "call"        // call them
	StepInterpret Step = "interpreter" // call or talk with an interpreter
	StepGate      Step = "gate"        // talk at the gate
	StepSlip      Step = "slip"        // hand a first slip
)

// Situation is what the rule for the next step looks at.
type Situation struct {
	OpenQuestion bool          // an answer with a question or text waits
	OpenCall     bool          // "call me" waits
	Paused       bool          // the family asked for no messages
	Ever         bool          // any contact at all, ever
	Since        time.Duration // since the family was last reached, or since the first offer if never
	OffersSince  int           // offers and tries without an answer since then
	Speaks       bool          // a guardian speaks the school's language
	Listens      bool          // reads little: rather listens
	Phone        bool          // a phone number is known
	Roads        []string      // as the guardian chose them, the best first
}

// Quiet is how long no contact is fine before a person looks for one: three weeks, a slip a week.
const Quiet = 21 * 24 * time.Hour

// NextStep says what a person does next: first what the family asked; after two offers without an answer, or three weeks
// of silence, a person and not another message. Families that asked for quiet are met at the gate only.
func NextStep(s Situation) Step {
	switch {
	case s.OpenCall:
		return StepCallBack
	case s.OpenQuestion:
		return StepAnswer
	case !s.Ever && !s.Paused:
		return StepSlip
	case s.OffersSince < 2 && s.Since < Quiet:
		return NoStep
	case s.Paused:
		return StepGate
	case !s.Speaks:
		return StepInterpret
	case s.Phone && (s.Listens || len(s.Roads) > 0 && s.Roads[0] == "call"):
		return StepCall
	case s.Phone && s.OffersSince >= 3:
		return StepCall
	}
	return StepGate
}

// best is the mark of a week: the stage that says most.
func best(a, b Stage) Stage {
	order := map[Stage]int{"": 0, Offered: 1, Tried: 2, Arrived: 3, Answered: 4}
	if order[b] > order[a] {
		return b
	}
	return a
}

// WeekStart is the Monday 00:00 of t's week in t's location.
func WeekStart(t time.Time) time.Time {
	days := (int(t.Weekday()) + 6) % 7
	return time.Date(t.Year(), t.Month(), t.Day()-days, 0, 0, 0, 0, t.Location())
}

// weeks are the starts of the last n weeks, oldest first, the last one being the week of now.
func weeks(now time.Time, n int) []time.Time {
	out := make([]time.Time, n)
	w := WeekStart(now)
	for i := n - 1; i >= 0; i-- {
		out[i] = w
		w = time.Date(w.Year(), w.Month(), w.Day()-7, 0, 0, 0, 0, w.Location())
	}
	return out
}

// weekOf is the index in starts of the week that t falls in, -1 if before all.
func weekOf(starts []time.Time, t time.Time) int {
	for i := len(starts) - 1; i >= 0; i-- {
		if !t.Before(starts[i]) {
			return i
		}
	}
	return -1
}
