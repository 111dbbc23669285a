package messages

import (
	"slices"
	"time"

	"brug/internal/contact"
	"brug/internal/messages/letter"
	"brug/internal/messages/road"
)

// fate is what becomes of a letter: where its row goes next.
type fate struct {
	State   State
	Due     int64 // milliseconds
	Roads   string
	Road    contact.Road // by which it went, or is on a list; "" not yet
	Tries   int64        // that failed on the present road
	Ref     string
	Problem string
	Parts   int
	SentAt  int64
	Failed  contact.Road // the road of the guardian that turned out to lead nowhere; ""
}

// pauses before another try on the same road. Together they are two days, as long as mail servers try.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// longPause: after this one a letter is planned again, for it may be night by then.
const longPause = 30 * time.Minute

// urgentTries is how often something urgent is tried again on a road that does not take it just now, while a quicker one than
// paper is left: a minute and five minutes later it is the other one's turn.
const urgentTries = 2

// refused is the rule for a letter that a road did not take: another try on it, the next road, or a person.
func refused(now time.Time, roads []contact.Road, tries int64, urgent bool, r road.Result) fate {
	most := len(pauses)
	if urgent && len(roads) > 1 && roads[1] != contact.Paper {
		most = urgentTries
	}
	if !r.Final && int(tries) < most {
		pause := max(pauses[tries], r.Wait)
		f := fate{State: Waiting, Due: millis(now.Add(pause)), Roads: joinRoads(roads), Tries: tries + 1, Problem: r.Problem}
		if pause >= longPause {
			f.State = Fresh
		}
		return f
	}
	f := byRoads(now, roads[1:], r.Problem)
	if r.Address {
		f.Failed = roads[0]
	}
	return f
}

// byRoads is where a letter goes by the first of these roads. A carrier's road is planned anew: the way by which it comes now
// may wake somebody up.
func byRoads(now time.Time, left []contact.Road, problem string) fate {
	f := fate{State: Fresh, Due: millis(now), Roads: joinRoads(left), Problem: problem}
	switch {
	case len(left) == 0:
		f.State = Unreachable
	case left[0] == contact.Paper:
		f.State, f.Road = OnPaper, left[0]
	case left[0] == contact.Call:
		f.State, f.Road = OnCallList, left[0]
	}
	return f
}

// take: the road took it.
func (c *trip) take(now time.Time, by contact.Road, r road.Result) {
	roads := c.fate.Roads
	if roads == "" {
		roads = c.row.Roads
	}
	c.fate = fate{State: Sent, Due: c.row.DueAt, Roads: roads, Road: by, Tries: c.row.Tries, Ref: r.Ref, Parts: r.Parts, SentAt: millis(now)}
}

// refuse: the road did not take it.
func (c *trip) refuse(now time.Time, r road.Result) {
	urgent := slices.ContainsFunc(c.parcels, func(p road.Parcel) bool {
		return slices.ContainsFunc(p.Letters, func(l *letter.Letter) bool { return l.Urgent })
	})
	c.fate = refused(now, roadsOf(c.fate.Roads), c.row.Tries, urgent, r)
}
