package budget

import (
	"cmp"
	"slices"
	"time"
)

// book is what a household gets and when: the standing letters, and those that were placed. Replies are not in it.
type book struct {
	now   time.Time
	home  Home
	lines []line
	first map[int64]int64 // the message that stands for all that go as one post with this one
}

// line is one counted letter with its place.
type line struct {
	Letter
	stands bool
}

func newBook(now time.Time, h Home, letters []Letter) *book {
	if h.Zone == nil {
		h.Zone = time.UTC
	}
	b := &book{now: now, home: h, first: make(map[int64]int64, len(letters))}
	for _, l := range letters {
		if !l.At.IsZero() && l.Kind != Reply {
			b.add(l, true)
		}
	}
	return b
}

func (b *book) person(guardian int64) Person {
	if p, ok := b.home.People[guardian]; ok {
		return p
	}
	return Usual()
}

// add writes a letter into the book. What reaches the same person at the same moment is one post.
func (b *book) add(l Letter, stands bool) {
	for _, o := range b.lines {
		if o.Guardian == l.Guardian && o.At.Equal(l.At) {
			b.join(o.Message, l.Message)
		}
	}
	b.lines = append(b.lines, line{l, stands})
}

func (b *book) post(message int64) int64 {
	for {
		up, ok := b.first[message]
		if !ok {
			return message
		}
		message = up
	}
}

func (b *book) join(one, other int64) {
	if p, q := b.post(one), b.post(other); p != q {
		b.first[max(p, q)] = min(p, q)
	}
}

// plan places what does not stand: first what is urgent, for it takes room; then the rest, message by message.
func (b *book) plan(letters []Letter) []Place {
	places := make(map[int64]Place, len(letters))
	groups := map[int64][]Letter{}
	var order []Letter // the first letter of each group
	for _, l := range letters {
		if !l.At.IsZero() {
			continue
		}
		switch p := b.person(l.Guardian); {
		case b.home.Paused || p.Stopped:
			places[l.ID] = Place{ID: l.ID, Why: Stop}
		case l.Kind == Urgent:
			places[l.ID] = b.urgent(p, l)
		case l.Kind == Reply:
			places[l.ID] = b.reply(p, l)
		default:
			if len(groups[l.Message]) == 0 {
				order = append(order, l)
			}
			groups[l.Message] = append(groups[l.Message], l)
		}
	}
	slices.SortStableFunc(order, before)
	for _, o := range order {
		b.place(groups[o.Message], places)
	}
	var out []Place
	for _, l := range letters {
		if l.At.IsZero() {
			p := places[l.ID]
			if l.Kind != Reply && p.Why != Stop {
				p.With = b.leader(l, p.At)
			}
			out = append(out, p)
		}
	}
	return out
}

// before is the order in which letters go: as their senders wanted, and of the same moment as they were written.
func before(a, c Letter) int {
	return cmp.Or(a.From.Compare(c.From), cmp.Compare(a.Message, c.Message))
}

func (b *book) urgent(p Person, l Letter) Place {
	at, why := later(b.now, l.From), Free
	if !l.Hand && b.home.hinders(p, at, true) != Free {
		why = Passed
	}
	l.At = at
	if why == Free && b.over(at, l.Message) {
		why = Passed
	}
	b.add(l, false)
	return Place{ID: l.ID, At: at, Why: why}
}

// over tells whether a message more does not fit in the week of a moment.
func (b *book) over(at time.Time, message int64) bool {
	week := Since(at, b.home.Zone)
	return b.count(week, nil, message) > max(b.home.Amount, b.count(week, nil, 0))
}

func (b *book) reply(p Person, l Letter) Place {
	from := later(b.now, l.From)
	if l.Hand {
		return Place{ID: l.ID, At: from}
	}
	at := b.home.good(p, from, true)
	if late := b.home.good(p, later(b.now, l.From.Add(Longest)), false); late.Before(at) {
		return Place{ID: l.ID, At: late, Why: Week}
	}
	return Place{ID: l.ID, At: at, Why: b.home.hinders(p, from, true)}
}

// place finds the moment for one message to the people of a household: the first that is good for each of them and has
// room, either of its own or along with something that waits for then.
func (b *book) place(group []Letter, places map[int64]Place) {
	from := group[0].From
	asked := later(b.now, from)
	start := b.start(group, asked)
	end := later(start, from.Add(Longest))
	late := b.times(group, end, false)
	chosen, why := late, Week
	for _, t := range b.moments(group, start, end) {
		at := b.timesAt(group, t)
		if last(at).After(last(late)) {
			break
		}
		if b.room(group, at) {
			chosen, why = at, Budget
			break
		}
	}
	soonest := b.times(group, asked, true)
	for i, l := range group {
		l.At = chosen[i]
		b.add(l, false)
		place := Place{ID: l.ID, At: l.At, Why: why}
		if why == Budget && l.At.Equal(soonest[i]) {
			place.Why = Free
			if l.At.After(asked) {
				place.Why = b.home.hinders(b.person(l.Guardian), asked, true)
			}
		}
		places[l.ID] = place
	}
}

// start is when a message may go at the earliest: not before what was written earlier to one of its people and still
// waits, nor before the others of the household get the same message.
func (b *book) start(group []Letter, asked time.Time) time.Time {
	start := asked
	var same time.Time
	for _, o := range b.lines {
		if o.Kind == Urgent {
			continue
		}
		if o.Message == group[0].Message && (same.IsZero() || o.At.Before(same)) {
			same = o.At
		}
		if before(o.Letter, group[0]) < 0 && slices.ContainsFunc(group, func(l Letter) bool { return l.Guardian == o.Guardian }) {
			start = later(start, o.At)
		}
	}
	return later(start, same)
}

// moments are those at which it is worth to try, in order: the start, whatever waits for one of these people, and each new
// week.
func (b *book) moments(group []Letter, start, end time.Time) []time.Time {
	out := []time.Time{start}
	for _, o := range b.lines {
		if o.Kind == Nudge && o.At.After(start) && o.At.After(b.now) &&
			slices.ContainsFunc(group, func(l Letter) bool { return l.Guardian == o.Guardian }) {
			out = append(out, o.At)
		}
	}
	for w := monday(midnight(start.In(b.home.Zone), 7)); !w.After(end); w = midnight(w, 7) {
		out = append(out, w)
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

// timesAt is times at a moment that is tried. Where something goes to one of them on a day off, because it waited for a week,
// this goes along, and the others need not wait either.
func (b *book) timesAt(group []Letter, t time.Time) []time.Time {
	off := slices.ContainsFunc(b.lines, func(o line) bool {
		return o.Kind == Nudge && o.At.Equal(t) && slices.ContainsFunc(group, func(l Letter) bool { return l.Guardian == o.Guardian })
	}) && b.home.DaysOff[t.In(b.home.Zone).Format(time.DateOnly)]
	return b.times(group, t, !off)
}

// times is when each of the group gets it if it is meant to go at t.
func (b *book) times(group []Letter, t time.Time, daysOff bool) []time.Time {
	out := make([]time.Time, len(group))
	for i, l := range group {
		if l.Hand {
			out[i] = t
		} else {
			out[i] = b.home.good(b.person(l.Guardian), t, daysOff)
		}
	}
	return out
}

// room tells whether a message at these moments makes no week fuller than its household wants, or no fuller than it is.
func (b *book) room(group []Letter, at []time.Time) bool {
	for i, l := range group {
		l.At = at[i]
		group[i] = l
	}
	for _, t := range at {
		week := Since(t, b.home.Zone)
		if n := b.count(week, group, 0); n > b.home.Amount && n > b.count(week, nil, 0) {
			return false
		}
	}
	return true
}

// count is how many posts a week has, with a group at its moments, or a message by itself, added.
func (b *book) count(week time.Time, group []Letter, message int64) int {
	next := midnight(week, 7)
	in := func(t time.Time) bool { return !t.Before(week) && t.Before(next) }
	joined := map[int64]bool{} // posts that become one through the group
	if len(group) > 0 {
		joined[b.post(group[0].Message)] = true
		for _, o := range b.lines {
			if slices.ContainsFunc(group, func(l Letter) bool { return l.Guardian == o.Guardian && l.At.Equal(o.At) }) {
				joined[b.post(o.Message)] = true
			}
		}
	}
	posts := map[int64]bool{}
	see := func(m int64) {
		p := b.post(m)
		if joined[p] {
			p = -1
		}
		posts[p] = true
	}
	for _, o := range b.lines {
		if in(o.At) {
			see(o.Message)
		}
	}
	for _, l := range group {
		if in(l.At) {
			see(l.Message)
		}
	}
	if message != 0 {
		see(message)
	}
	return len(posts)
}

// leader is the letter that another one goes along with: what is urgent, else what stands, else what was written first.
func (b *book) leader(l Letter, at time.Time) int64 {
	var lead *line
	for i := range b.lines {
		o := &b.lines[i]
		if o.Guardian != l.Guardian || o.Hand != l.Hand || !o.At.Equal(at) || o.stands && o.At.Before(b.now) {
			continue
		}
		if lead == nil || leads(*o, *lead) {
			lead = o
		}
	}
	switch {
	case lead == nil || lead.ID == l.ID:
		return 0
	case lead.With != 0:
		return lead.With
	}
	return lead.ID
}

func leads(a, c line) bool {
	if (a.Kind == Urgent) != (c.Kind == Urgent) {
		return a.Kind == Urgent
	}
	if a.stands != c.stands {
		return a.stands
	}
	return cmp.Or(before(a.Letter, c.Letter), cmp.Compare(a.ID, c.ID)) < 0
}

func later(a, c time.Time) time.Time {
	if c.After(a) {
		return c
	}
	return a
}

func last(at []time.Time) time.Time {
	var out time.Time
	for _, t := range at {
		out = later(out, t)
	}
	return out
}
