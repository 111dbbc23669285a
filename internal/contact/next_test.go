package contact

import (
	"testing"
	"time"
)

func TestNextStep(t *testing.T) {
	day := 24 * time.Hour
	for _, c := range []struct {
		name string
		s    Situation
		want Step
	}{
		{"nothing ever happened", Situation{}, StepSlip},
		{"one slip last week", Situation{Ever: true, Since: 7 * day, OffersSince: 1, Speaks: true}, NoStep},
		{"two offers without an answer: a person, not another paper", Situation{Ever: true, Since: 14 * day, OffersSince: 2, Speaks: true}, StepGate},
		{"two offers, the family speaks another language", Situation{Ever: true, Since: 14 * day, OffersSince: 2, Phone: true}, StepInterpret},
		{"two offers, the guardian rather listens and has a phone", Situation{Ever: true, Since: 14 * day, OffersSince: 2, Speaks: true, Listens: true, Phone: true}, StepCall},
		{"two offers, calls are the first road", Situation{Ever: true, Since: 14 * day, OffersSince: 2, Speaks: true, Phone: true, Roads: []string{"call", "paper"}}, StepCall},
		{"two offers, calls are the last road", Situation{Ever: true, Since: 14 * day, OffersSince: 2, Speaks: true, Phone: true, Roads: []string{"paper", "call"}}, StepGate},
		{"rather listens, but no number is known", Situation{Ever: true, Since: 14 * day, OffersSince: 2, Speaks: true, Listens: true}, StepGate},
		{"the gate did not help either", Situation{Ever: true, Since: 30 * day, OffersSince: 3, Speaks: true, Phone: true}, StepCall},
		{"three weeks of silence", Situation{Ever: true, Since: 21 * day, Speaks: true}, StepGate},
		{"a question waits", Situation{Ever: true, OpenQuestion: true}, StepAnswer},
		{"call me comes before a question", Situation{Ever: true, OpenQuestion: true, OpenCall: true}, StepCallBack},
		{"wants no messages and is reached", Situation{Ever: true, Paused: true, Since: day}, NoStep},
		{"wants no messages and silence is long: the gate, never paper", Situation{Ever: true, Paused: true, Since: 40 * day, Phone: true}, StepGate},
		{"wants no messages and nothing ever happened", Situation{Paused: true}, NoStep},
	} {
		if got := NextStep(c.s); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWeeksBeginOnMondayInTheSchoolsZone(t *testing.T) {
	brussels, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	// The clocks went back on 25 October 2026: a week of 169 hours lies between.
	now := time.Date(2026, 11, 1, 23, 30, 0, 0, brussels) // a Sunday
	w := weeks(now, 3)
	for i, want := range []string{"2026-10-12 00:00 +0200", "2026-10-19 00:00 +0200", "2026-10-26 00:00 +0100"} {
		if got := w[i].Format("2006-01-02 15:04 -0700"); got != want {
			t.Errorf("week %d begins %s, want %s", i, got, want)
		}
	}
	for _, c := range []struct {
		at   time.Time
		want int
	}{{now, 2}, {w[2], 2}, {w[2].Add(-time.Second), 1}, {w[0].Add(-time.Second), -1}} {
		if got := weekOf(w, c.at); got != c.want {
			t.Errorf("%s is in week %d, want %d", c.at, got, c.want)
		}
	}
}

func TestTheMarkOfAWeekIsTheStageThatSaysMost(t *testing.T) {
	for _, c := range []struct{ a, b, want Stage }{{"", Offered, Offered}, {Offered, Tried, Tried}, {Answered, Arrived, Answered}, {Arrived, Offered, Arrived}} {
		if got := best(c.a, c.b); got != c.want {
			t.Errorf("best(%q, %q) = %q", c.a, c.b, got)
		}
		if got := best(c.b, c.a); got != c.want {
			t.Errorf("best(%q, %q) = %q", c.b, c.a, got)
		}
	}
}

func TestWhichAnswersNeedAPerson(t *testing.T) {
	for _, c := range []struct {
		kind AnswerKind
		body string
		want bool
	}{{Understood, "", false}, {Later, "", false}, {Question, "", true}, {CallMe, "", true}, {Understood, "dank u", true}, {Later, "morgen", true}} {
		if got := needsPerson(c.kind, c.body); got != c.want {
			t.Errorf("%s %q: %v", c.kind, c.body, got)
		}
	}
}
