package messages

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/jobs"
	"brug/internal/messages/email"
	"brug/internal/messages/letter"
	"brug/internal/messages/road"
)

// Carrying: letters that are due are claimed by a process, some hundred at a time, given to the carriers of their roads, and
// settled in groups, each in one transaction with its lines in the ledger. The next ones are claimed while the ones before are
// on their way. Any number of processes do this side by side; a claim says who has a row.

const (
	claimSize = 1000 // letters that are claimed at once
	claims    = 3    // claims that are on their way at the same time by one road: one that is slow keeps no other one waiting
	groupSize = 1000 // outcomes that are written at once
	groupTime = 250 * time.Millisecond

	// lease is how long a claim holds: then its process is thought to be gone, and others may send. carryTime is how long a
	// claim's letters are given to carriers; what a carrier has begun by then is finished well within the lease, and the rest goes
	// after what became urgent meanwhile.
	lease     = 5 * time.Minute
	carryTime = 30 * time.Second

	// lookTime is how often a process looks for what is due without being told. It costs one query that finds its rows by an
	// index.
	lookTime = 5 * time.Second
)

// CarryArgs is the job that carries what is due. It is a word to any process that there is work; the rows say what it is.
type CarryArgs struct{}

// Kind implements river.JobArgs.
func (CarryArgs) Kind() string { return "messages.carry" }

func (s *Service) workCarry(ctx context.Context, _ CarryArgs) error {
	_, err := s.Carry(ctx)
	return err
}

// post is what carries letters in this process.
type post struct {
	mu    sync.Mutex // held while letters are carried
	again atomic.Bool
	wake  chan struct{}
	runs  atomic.Bool // RunPost is at work: what is planned is claimed with the same stroke

	opened sync.Mutex
	claim  string // names this process in the rows; "" before the first claim
	notes  *notes
}

func newPost() *post { return &post{wake: make(chan struct{}, 1)} }

// name is the claim of this process; "" when it never claimed anything.
func (p *post) name() string {
	p.opened.Lock()
	defer p.opened.Unlock()
	return p.claim
}

// open makes claim and notes at the first need: most commands carry nothing.
func (s *Service) openPost() (claim string, n *notes, err error) {
	p := s.post
	p.opened.Lock()
	defer p.opened.Unlock()
	if p.claim == "" {
		claim := newClaim()
		if p.notes, err = openNotes(s.notesFolder(), claim); err != nil {
			return "", nil, fmt.Errorf("notes of what was sent: %w", err)
		}
		p.claim = claim
	}
	return p.claim, p.notes, nil
}

// call wakes RunPost of this process.
func (p *post) call() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// callForCarriers says, with the transaction, that there is something to carry: to this process at once, to the others by a
// job.
func (s *Service) callForCarriers(ctx context.Context, tx *db.Tx) error {
	tx.AfterCommit(s.post.call)
	return jobs.Enqueue(ctx, tx, CarryArgs{})
}

// RunPost plans and carries what is due until ctx ends, and then waits for what is on its way. Every process that serves runs
// it; the jobs only make it quicker.
func (s *Service) RunPost(ctx context.Context) {
	s.post.runs.Store(true)
	defer s.post.runs.Store(false)
	look := time.NewTicker(lookTime)
	defer look.Stop()
	for {
		if err := s.attend(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("the post", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-s.post.wake:
		case <-look.C:
		}
	}
}

// attend does what is due, and looks after what other processes left behind.
func (s *Service) attend(ctx context.Context) error {
	if err := s.recover(ctx); err != nil {
		return err
	}
	if err := s.lookAfter(ctx); err != nil {
		return err
	}
	_, err := s.Carry(ctx) // plans too
	return err
}

// lookAfter gives back what processes held that are no more, and frees what was to go along with what is gone.
func (s *Service) lookAfter(ctx context.Context) error {
	due, err := s.DB.Q().PostDue(ctx, millis(s.Now()))
	if err != nil {
		return err
	}
	if stale := time.Now().Add(-lease); due.Claimed != 0 && due.Claimed < millis(stale) {
		n, err := s.giveBackOld(ctx, stale)
		if err != nil {
			return err
		}
		s.Log.Warn("letters of a process that did not come back go out again", "letters", n)
	}
	if due.Stray != 0 {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.FreeStrays(ctx, millis(s.Now()))
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// Carry carries everything that is due now and answers how many letters were settled: sent, moved to another road, or put off.
// While this process is carrying already it only makes sure that nothing is overlooked.
func (s *Service) Carry(ctx context.Context) (settled int, err error) {
	s.post.again.Store(true)
	for s.post.again.Load() && s.post.mu.TryLock() {
		for err == nil && ctx.Err() == nil && s.post.again.Swap(false) {
			var n int
			n, err = s.carryDue(ctx)
			settled += n
		}
		s.post.mu.Unlock()
		if err != nil || ctx.Err() != nil {
			return settled, err
		}
	}
	return settled, nil
}

// carryDue claims and carries until nothing is due.
func (s *Service) carryDue(ctx context.Context) (settled int, err error) {
	due, err := s.DB.Q().PostDue(ctx, millis(s.Now()))
	plans := s.post.runs.Load()
	if err != nil || due.Waiting == 0 && (due.Fresh == 0 || !plans) {
		return 0, err
	}
	claim, notes, err := s.openPost()
	if err != nil {
		return 0, err
	}
	out := make(chan *trip, 2*claimSize)
	w := &settler{s: s, claim: claim, messages: map[int64]bool{}, finished: time.Now()}
	ended := make(chan struct{})
	go func() { defer close(ended); w.run(context.WithoutCancel(ctx), out) }()
	touched := map[int64]bool{} // messages of which something was planned
	ways := newTraffic()
	var onTheWay sync.WaitGroup
	for ctx.Err() == nil && !w.failed.Load() {
		var got []int64
		var err2 error
		closed := ways.closed()
		if ways.batches() < batchesAtOnce {
			got, err2 = s.claim(ctx, claim, closed)
			if err2 == nil && len(got) == 0 && plans {
				got, err2 = s.claimFresh(ctx, claim, touched, ways)
			}
		}
		// More may become due while some are on their way; and what waits for a road that was closed may go when these are back.
		if err2 == nil && len(got) == 0 && (len(closed) > 0 || ways.batches() > 0) {
			if err2 = s.awaitWork(ctx, ways); err2 == nil {
				continue
			}
		}
		if err2 != nil || len(got) == 0 {
			err = err2
			break
		}
		batch, err2 := s.prepare(ctx, claim, got)
		if err2 != nil {
			err = errors.Join(err2, s.giveBack(context.WithoutCancel(ctx), claim, got))
			break
		}
		roads, ready := byRoad(batch)
		ways.enter(roads)
		onTheWay.Go(func() {
			defer ways.leave(wholeBatch)
			for _, c := range ready {
				out <- c
			}
			s.carryBatch(ctx, claim, notes, batch, roads, out, ways)
		})
	}
	onTheWay.Wait()
	close(out)
	<-ended
	err = errors.Join(err, w.err)
	if w.err == nil { // everything stands in the rows
		err = errors.Join(err, notes.clear())
	}
	for id := range touched {
		w.messages[id] = true
	}
	err = errors.Join(err, s.finish(context.WithoutCancel(ctx), w.messages))
	if err == nil && w.moved { // some take another road, perhaps now
		if _, err = s.Plan(ctx); err == nil {
			s.post.again.Store(true)
		}
	}
	return w.settled, err
}

// awaitWork waits until a batch has come back from a road, somebody says that there is work, or it is time to look.
func (s *Service) awaitWork(ctx context.Context, ways *traffic) error {
	look := time.NewTimer(lookTime)
	defer look.Stop()
	select {
	case <-ctx.Done():
	case <-ways.left:
	case <-s.post.wake:
	case <-look.C:
		return s.lookAfter(ctx)
	}
	return nil
}

// claim takes due letters for this process, what is urgent first, but for closed roads, and answers their ids. None: none is due.
func (s *Service) claim(ctx context.Context, claim string, closed []contact.Road) (got []int64, err error) {
	type road struct {
		Road contact.Road `json:"r"`
	}
	list := make([]road, len(closed))
	for i, r := range closed {
		list[i] = road{r}
	}
	doc, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	for {
		due, err := s.DB.Q().DueUrgent(ctx, q.DueUrgentParams{Now: millis(s.Now()), Closed: string(doc), Lim: claimSize})
		if err == nil && len(due) == 0 {
			due, err = s.DB.Q().DueRecipients(ctx, q.DueRecipientsParams{Now: millis(s.Now()), Closed: string(doc), Lim: claimSize})
		}
		if err != nil || len(due) == 0 {
			return nil, err
		}
		err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
			got, err = tx.ClaimRecipients(ctx, q.ClaimRecipientsParams{Claim: claim, ClaimedAt: time.Now().UnixMilli(), Ids: ids(due)})
			return err
		})
		if err != nil || len(got) > 0 {
			return got, err
		}
		// Another process was quicker with all of these; ask for the next ones.
	}
}

// claimFresh plans until some of it may go at once, and takes that. None: nothing is to be planned any more, and what was planned
// in between is not due.
func (s *Service) claimFresh(ctx context.Context, claim string, touched map[int64]bool, ways *traffic) (got []int64, err error) {
	for {
		schools, err := s.DB.Q().SchoolsToPlan(ctx, q.SchoolsToPlanParams{Now: millis(s.Now()), Lim: planSize})
		if err != nil || len(schools) == 0 {
			return s.claimIf(ctx, claim, ways, err)
		}
		some := 0
		for _, id := range schools {
			n, got, err := s.planSome(ctx, id, touched, claim, ways.closed())
			if err != nil || len(got) > 0 {
				return got, err
			}
			some += n
		}
		if some == 0 {
			return s.claimIf(ctx, claim, ways, nil)
		}
	}
}

// claimIf claims what planning left for its moment, which may have come by now.
func (s *Service) claimIf(ctx context.Context, claim string, ways *traffic, err error) ([]int64, error) {
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	return s.claim(ctx, claim, ways.closed())
}

// pathsOf are the paths of the personal pages of the guardians of claimed letters; who has none gets one.
func (s *Service) pathsOf(ctx context.Context, rows []q.Recipient) (map[int64]string, error) {
	paths := make(map[int64]string, len(rows))
	guardians := map[int64][]int64{}
	for _, r := range rows {
		if r.GuardianID.Valid {
			guardians[r.SchoolID] = append(guardians[r.SchoolID], r.GuardianID.Int64)
		}
	}
	for school, of := range guardians {
		slices.Sort(of)
		links, err := s.Contact.Links(ctx, school, slices.Compact(of))
		if err != nil {
			return nil, err
		}
		maps.Copy(paths, links)
	}
	return paths, nil
}

func (s *Service) giveBack(ctx context.Context, claim string, some []int64) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if some == nil {
			_, err := tx.GiveBackClaim(ctx, claim)
			return err
		}
		_, err := tx.GiveBackSome(ctx, q.GiveBackSomeParams{Claim: claim, Ids: ids(some)})
		return err
	})
}

func (s *Service) giveBackOld(ctx context.Context, before time.Time) (n int64, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err = tx.GiveBackOld(ctx, millis(before))
		return err
	})
	return n, err
}

func idsOf(rows []q.Recipient) []int64 {
	out := make([]int64, len(rows))
	for i, r := range rows {
		out[i] = r.ID
	}
	return out
}

// trip is one letter, with those that go along with it, on its way.
type trip struct {
	row     q.Recipient
	with    []q.Recipient
	fate    fate
	parcels []road.Parcel // empty: it is settled without a carrier; more than one: the same to several telephones
	phones  []int64       // of the telephones that it goes to
	dead    []int64       // those of them that are no more
	kept    *kept         // what would have been sent

	mu      sync.Mutex
	open    int // parcels of which nothing is known yet
	results []road.Result
}

// withFollowers reads which letters go along with the claimed ones.
func (s *Service) withFollowers(ctx context.Context, rows []q.Recipient) ([]*trip, error) {
	followers, err := s.DB.Q().FollowersOf(ctx, ids(idsOf(rows)))
	if err != nil {
		return nil, fmt.Errorf("letters that go along: %w", err)
	}
	out := make([]*trip, len(rows))
	at := make(map[int64]*trip, len(rows))
	for i, r := range rows {
		out[i] = &trip{row: r}
		at[r.ID] = out[i]
	}
	for _, f := range followers {
		c := at[f.LeadID.Int64]
		c.with = append(c.with, f)
	}
	return out, nil
}

// prepare reads claimed letters and what they are made of, decides where each goes, and writes it.
func (s *Service) prepare(ctx context.Context, claim string, claimed []int64) ([]*trip, error) {
	rows, err := s.DB.Q().ClaimedSome(ctx, q.ClaimedSomeParams{Claim: claim, Ids: ids(claimed)})
	if err != nil {
		return nil, fmt.Errorf("claimed letters: %w", err)
	}
	paths, err := s.pathsOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	batch, err := s.withFollowers(ctx, rows)
	if err != nil {
		return nil, err
	}
	people, err := s.peopleOf(ctx, batch)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	var ask []q.Recipient
	for _, c := range batch {
		p := people.of(c.row)
		if why := p.not; why != "" {
			c.fate = fate{State: why, Due: c.row.DueAt, Roads: c.row.Roads, Tries: c.row.Tries}
			continue
		}
		c.with = slices.DeleteFunc(c.with, func(f q.Recipient) bool { return !people.may(f) }) // planned anew, and stopped there
		left := p.left(roadsOf(c.row.Roads))
		if len(left) == 0 || byHand(left[0]) {
			c.fate = byRoads(now, left, c.row.Problem)
			continue
		}
		c.fate = fate{Roads: joinRoads(left), Road: left[0]}
		ask = append(append(ask, c.row), c.with...)
	}
	letters := s.lettersOf(ctx, ask)
	for _, c := range batch {
		if c.fate.State != "" {
			continue
		}
		s.pack(c, people.of(c.row), letters, paths[c.row.GuardianID.Int64], now)
	}
	return batch, nil
}

// pack makes the parcels of a letter. A letter that cannot be written waits for somebody to mend that.
func (s *Service) pack(c *trip, p reach, letters func(q.Recipient) *Letters, path string, now time.Time) {
	link := s.BaseURL + path
	var all []*letter.Letter
	for _, r := range append([]q.Recipient{c.row}, c.with...) {
		var l *letter.Letter
		if ls := letters(r); ls != nil {
			l = ls.letterFor(r, link+"/messages/"+r.PublicID, link+"/stop")
		}
		if l == nil {
			c.refuse(now, road.Result{Problem: "the letter cannot be written"})
			return
		}
		all = append(all, l)
	}
	slices.SortStableFunc(all, func(a, b *letter.Letter) int { return cmp.Compare(rank(a), rank(b)) })
	parcel := road.Parcel{Key: c.row.PublicID, Letters: all, At: now}
	switch c.fate.Road {
	case contact.Mail:
		parcel.To, parcel.Unsubscribe = p.mail, link+"/unsubscribe"
		if s.ReplyTo != "" {
			parcel.ReplyTo = email.ReplyAddress(s.Secrets, c.row.PublicID, s.ReplyTo)
		}
		c.parcels = []road.Parcel{parcel}
	case contact.Push:
		for _, phone := range p.phone {
			parcel.To = phone.subscription
			c.parcels, c.phones = append(c.parcels, parcel), append(c.phones, phone.id)
		}
	default:
		parcel.To = p.number
		c.parcels = []road.Parcel{parcel}
	}
	c.open, c.results = len(c.parcels), make([]road.Result, len(c.parcels))
}

func rank(l *letter.Letter) int {
	if l.Urgent {
		return 0
	}
	return 1
}

// lettersOf reads what letters are made of. Where that fails for all of them it is tried message by message, so that a message
// that cannot be read keeps no other one from going.
func (s *Service) lettersOf(ctx context.Context, rows []q.Recipient) func(q.Recipient) *Letters {
	if len(rows) == 0 {
		return func(q.Recipient) *Letters { return nil }
	}
	all, err := s.letters(ctx, rows)
	if err == nil {
		return func(q.Recipient) *Letters { return all }
	}
	s.Log.Error("letters", "err", err)
	groups := map[int64][]q.Recipient{}
	for _, r := range rows {
		groups[r.MessageID] = append(groups[r.MessageID], r)
	}
	some := map[int64]*Letters{}
	for id, group := range groups {
		if ls, err := s.letters(ctx, group); err == nil {
			some[id] = ls
		}
	}
	return func(r q.Recipient) *Letters { return some[r.MessageID] }
}

// carryBatch gives the letters to their carriers and their outcomes to the settler; what no carrier began is given back.
func (s *Service) carryBatch(ctx context.Context, claim string, notes *notes, batch []*trip, roads map[contact.Road][]*trip, out chan<- *trip, ways *traffic) {
	ctx, cancel := context.WithTimeout(ctx, carryTime)
	defer cancel()
	var wait sync.WaitGroup
	for by, letters := range roads {
		wait.Go(func() {
			defer ways.leave(by)
			s.carryBy(ctx, by, notes, letters, out)
		})
	}
	wait.Wait()
	var back []int64
	for _, c := range batch {
		switch {
		case c.fate.State != "":
		case c.open == len(c.parcels):
			back = append(back, c.row.ID)
		default: // some of several telephones got it
			for i, r := range c.results {
				if r == (road.Result{}) && c.done(s.Now(), i, road.Result{Problem: "not sent in time"}) {
					out <- c
				}
			}
		}
	}
	if len(back) > 0 {
		if err := s.giveBack(context.WithoutCancel(ctx), claim, back); err != nil {
			s.Log.Error("letters that were not sent", "err", err)
		}
	}
}

func (s *Service) carryBy(ctx context.Context, by contact.Road, notes *notes, letters []*trip, out chan<- *trip) {
	carrier := s.Carriers[by]
	if carrier == nil {
		for _, c := range letters {
			c.divert(s.Now(), by)
			out <- c
		}
		return
	}
	var parcels []road.Parcel
	var whose []*trip
	var which []int
	for _, c := range letters {
		for i, p := range c.parcels {
			parcels, whose, which = append(parcels, p), append(whose, c), append(which, i)
		}
	}
	carrier.Carry(ctx, parcels, func(i int, r road.Result) {
		c := whose[i]
		if r.Taken {
			// Before anything else: from here on a killed process has sent it, and knows.
			if err := notes.add(c.row.PublicID, by, r); err != nil {
				s.Log.Error("notes of what was sent", "err", err)
			}
		}
		if c.done(s.Now(), which[i], r) {
			out <- c
		}
	})
}

// done writes down what became of one parcel; true when it was the last one of the letter.
func (c *trip) done(now time.Time, i int, r road.Result) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.results[i] = r
	c.open--
	if c.open > 0 {
		return false
	}
	best := c.results[0]
	wrong := true // every telephone is gone
	for k, r := range c.results {
		switch {
		case r.Taken && !best.Taken, !best.Taken && best.Final && !r.Final:
			best = r
		}
		if r.Address && len(c.phones) > 0 {
			c.dead = append(c.dead, c.phones[k])
		}
		wrong = wrong && r.Address
	}
	best.Address = wrong && len(c.phones) == 0 // a telephone that is gone ends by itself, the road stays
	if best.Taken {
		c.take(now, c.fate.Road, best)
	} else {
		c.refuse(now, best)
	}
	return true
}
