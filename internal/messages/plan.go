package messages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"brug/internal/calendar"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/journal"
	"brug/internal/messages/budget"
)

// Planning: when each new letter goes, and by which road first. Package budget has the rule; here it is given what a
// household got this week and what its people chose, for some thousand households at a time.

// planSize is how many letters are planned in one transaction.
const planSize = 1000

func (s *Service) workPlan(ctx context.Context, a PlanArgs) error {
	if s.post.runs.Load() { // it plans and claims in one go
		s.post.call()
		return nil
	}
	_, err := s.planSchool(ctx, a.SchoolID)
	return err
}

// Plan plans whatever is due to be planned, of all schools, and answers how many letters that were. Run twice at once it
// plans each letter once.
func (s *Service) Plan(ctx context.Context) (planned int, err error) {
	for {
		schools, err := s.DB.Q().SchoolsToPlan(ctx, q.SchoolsToPlanParams{Now: millis(s.Now()), Lim: planSize})
		if err != nil {
			return planned, fmt.Errorf("plan: %w", err)
		}
		some := 0
		for _, id := range schools {
			n, err := s.planSchool(ctx, id)
			some += n
			if err != nil {
				return planned + some, err
			}
		}
		planned += some
		if some == 0 {
			return planned, nil
		}
	}
}

func (s *Service) planSchool(ctx context.Context, schoolID int64) (planned int, err error) {
	touched := map[int64]bool{}
	for {
		n, _, err := s.planSome(ctx, schoolID, touched, "", nil)
		planned += n
		if err != nil {
			return planned, fmt.Errorf("plan: %w", err)
		}
		if n == 0 {
			return planned, s.finish(ctx, touched)
		}
	}
}

// planned is a batch of letters with their places.
type planned struct {
	fresh  []q.FreshRecipientsRow
	places []placed
	passed []journal.Entry
}

// planBatch asks the rule for the next batch of a school. It writes nothing.
func (s *Service) planBatch(ctx context.Context, query *q.Queries, schoolID int64, now time.Time) (p planned, err error) {
	if p.fresh, err = query.FreshRecipients(ctx, q.FreshRecipientsParams{SchoolID: schoolID, Now: millis(now), Lim: planSize}); err != nil || len(p.fresh) == 0 {
		return p, err
	}
	week, err := s.weekOf(ctx, query, schoolID, p.fresh, now)
	if err != nil {
		return p, err
	}
	p.places, p.passed = week.plan(p.fresh)
	return p, nil
}

// planSome plans one batch. With a claim it also claims those that may go at once, but for roads that are closed, and answers which
// these are.
//
// The rule is asked before the transaction begins, which only writes down what it said: meanwhile other letters are carried. The
// transaction holds the school, so that no two plan for one household at once; when another batch was planned since, by another
// process, the rule is asked anew within it.
func (s *Service) planSome(ctx context.Context, schoolID int64, touched map[int64]bool, claim string, closed []contact.Road) (n int, got []int64, err error) {
	now := s.Now()
	before, err := s.DB.Q().PlansOf(ctx, schoolID)
	if err != nil {
		return 0, nil, err
	}
	seen, err := s.planBatch(ctx, s.DB.Q(), schoolID, now)
	if err != nil || len(seen.fresh) == 0 {
		return 0, nil, err
	}
	var p planned
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		got, p = nil, seen
		plans, err := tx.HoldSchool(ctx, schoolID)
		if err != nil {
			return err
		}
		if plans != before+1 {
			if p, err = s.planBatch(ctx, tx.Queries, schoolID, now); err != nil || len(p.fresh) == 0 {
				return err
			}
		}
		if got, err = setPlaces(ctx, tx, schoolID, p, claim, closed, now); err != nil {
			return err
		}
		if _, err := tx.SetGoing(ctx, q.SetGoingParams{SchoolID: schoolID, Messages: ids(p.messages())}); err != nil {
			return err
		}
		for _, e := range p.passed {
			if err := journal.Write(ctx, tx, e); err != nil {
				return err
			}
		}
		due := 0
		for _, place := range p.places {
			if place.State == Waiting && place.Due <= millis(now) {
				due++
			}
		}
		if due > len(got) || len(p.fresh) == planSize && claim != "" { // another process may help
			return s.callForCarriers(ctx, tx)
		}
		return nil
	})
	for _, id := range p.messages() {
		touched[id] = true
	}
	return len(p.fresh), got, err
}

// messages are those of which letters are in the batch.
func (p planned) messages() []int64 {
	set := map[int64]bool{}
	for _, r := range p.fresh {
		set[r.MessageID] = true
	}
	return keysOf(set)
}

// setPlaces writes the places down: those that just wait for a moment by that moment, the others one by one. With a claim those
// of the first kind whose moment has come are claimed, but for closed roads: some of the ids in the answer may have been called back
// meanwhile, and are not.
func setPlaces(ctx context.Context, tx *db.Tx, schoolID int64, p planned, claim string, closed []contact.Road, now time.Time) (got []int64, err error) {
	type moment struct {
		due   int64
		claim bool
	}
	moments := map[moment][]placed{}
	var rest []placed
	for i, place := range p.places {
		if place.State == Waiting && place.Lead == 0 && place.Roads == p.fresh[i].Roads {
			m := moment{place.Due, claim != "" && place.Due <= millis(now) && !slices.Contains(closed, roadsOf(place.Roads)[0])}
			moments[m] = append(moments[m], place)
		} else {
			rest = append(rest, place)
		}
	}
	for m, some := range moments {
		if len(some) < 8 { // hours of their own: not a statement for each
			rest = append(rest, some...)
			continue
		}
		list := make([]int64, len(some))
		for i, place := range some {
			list[i] = place.ID
		}
		if m.claim {
			// The lease is counted on the clock of the machine, not on the one that tests may set.
			if _, err := tx.ClaimFresh(ctx, q.ClaimFreshParams{SchoolID: schoolID, DueAt: m.due, Claim: claim, ClaimedAt: time.Now().UnixMilli(), Ids: ids(list)}); err != nil {
				return nil, err
			}
			got = append(got, list...)
			continue
		}
		if _, err := tx.SetWaiting(ctx, q.SetWaitingParams{SchoolID: schoolID, DueAt: m.due, Ids: ids(list)}); err != nil {
			return nil, err
		}
	}
	if len(rest) == 0 {
		return got, nil
	}
	doc, err := json.Marshal(rest)
	if err != nil {
		return nil, err
	}
	_, err = tx.SetPlaces(ctx, q.SetPlacesParams{SchoolID: schoolID, Rows: string(doc)})
	return got, err
}

// homesWeek is what the rule needs to know about the households of a batch.
type homesWeek struct {
	now      time.Time
	schoolID int64
	homes    map[int64]budget.Home
	people   map[int64]person
	standing map[int64][]budget.Letter
	may      map[int64]map[int64]bool // by guardian: pupils
}

// weekOf reads it, in a handful of queries however many letters there are.
func (s *Service) weekOf(ctx context.Context, query *q.Queries, schoolID int64, fresh []q.FreshRecipientsRow, now time.Time) (homesWeek, error) {
	w := homesWeek{now: now, schoolID: schoolID, homes: map[int64]budget.Home{}, people: map[int64]person{}, standing: map[int64][]budget.Letter{}}
	households, guardians := map[int64]bool{}, map[int64]bool{}
	for _, r := range fresh {
		households[r.HouseholdID] = true
		if r.GuardianID != 0 {
			guardians[r.GuardianID] = true
		}
	}
	homes := ids(keysOf(households))
	name, err := query.SchoolZone(ctx, schoolID)
	if err != nil {
		return w, err
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return w, fmt.Errorf("time zone of school: %w", err)
	}
	// As far ahead as a letter can be moved: a week, and what the days after it need.
	today := now.In(zone)
	off, err := calendar.DaysOff(ctx, query, schoolID, today.AddDate(0, 0, -7).Format(time.DateOnly), today.AddDate(0, 0, 84).Format(time.DateOnly))
	if err != nil {
		return w, err
	}
	rows, err := query.HomesToPlan(ctx, q.HomesToPlanParams{SchoolID: schoolID, Households: homes})
	if err != nil {
		return w, err
	}
	for _, h := range rows {
		w.homes[h.ID] = budget.Home{Zone: zone, Amount: int(h.Amount), People: map[int64]budget.Person{}, DaysOff: off, Paused: h.PausedAt != 0}
	}
	closed := s.closed()
	people, err := query.PeopleToPlan(ctx, q.PeopleToPlanParams{SchoolID: schoolID, Households: homes})
	if err != nil {
		return w, err
	}
	for _, g := range people {
		p := budget.Hours(g.QuietFrom, g.QuietTo, g.Weekend)
		p.Stopped = g.StoppedAt != 0
		w.homes[g.HouseholdID].People[g.ID] = p
		w.people[g.ID] = person{mail: g.Email, phone: g.Phone, phones: int(g.Phones), failed: failedRoads(g.Failed), closed: closed}
	}
	if err := w.readStanding(ctx, query, homes, millis(budget.Since(now, zone))); err != nil {
		return w, err
	}
	w.may, err = mayContact(ctx, query, schoolID, keysOf(guardians))
	return w, err
}

// readStanding reads what households (a list in JSON) got since a moment, and what waits for them.
func (w homesWeek) readStanding(ctx context.Context, query *q.Queries, homes string, since int64) error {
	gone, err := query.WeekOfHomes(ctx, q.WeekOfHomesParams{SchoolID: w.schoolID, Households: homes, Since: since})
	if err != nil {
		return err
	}
	ahead, err := query.AheadOfHomes(ctx, q.AheadOfHomesParams{SchoolID: w.schoolID, Households: homes, Since: since})
	if err != nil {
		return err
	}
	of := map[int64]bool{}
	for _, r := range gone {
		of[r.MessageID] = true
	}
	for _, r := range ahead {
		of[r.MessageID] = true
	}
	rows, err := query.MessagesOfWeek(ctx, q.MessagesOfWeekParams{SchoolID: w.schoolID, Ids: ids(keysOf(of))})
	if err != nil {
		return err
	}
	messages := make(map[int64]q.MessagesOfWeekRow, len(rows))
	for _, m := range rows {
		messages[m.ID] = m
	}
	stand := func(household, at int64, road string, l budget.Letter) {
		m := messages[l.Message]
		l.Kind, l.Hand, l.From, l.At = kindOf(m.Urgent, m.Scope, false), byHand(contact.Road(road)), time.UnixMilli(m.SendAt), time.UnixMilli(at)
		w.standing[household] = append(w.standing[household], l)
	}
	for _, r := range gone {
		stand(r.HouseholdID, r.SentAt, r.Road, budget.Letter{ID: r.ID, Message: r.MessageID, Guardian: r.GuardianID})
	}
	for _, r := range ahead {
		stand(r.HouseholdID, r.DueAt, r.Road, budget.Letter{ID: r.ID, Message: r.MessageID, Guardian: r.GuardianID, With: r.LeadID})
	}
	return nil
}

// mayContact tells which pupils each guardian may be contacted about.
func mayContact(ctx context.Context, query *q.Queries, schoolID int64, guardians []int64) (map[int64]map[int64]bool, error) {
	rows, err := query.MayContact(ctx, q.MayContactParams{SchoolID: schoolID, Guardians: ids(guardians)})
	if err != nil {
		return nil, fmt.Errorf("rights: %w", err)
	}
	may := make(map[int64]map[int64]bool, len(guardians))
	for _, r := range rows {
		if may[r.GuardianID] == nil {
			may[r.GuardianID] = map[int64]bool{}
		}
		may[r.GuardianID][r.PupilID] = true
	}
	return may, nil
}

// placed is a letter with its place, for the database.
type placed struct {
	ID    int64        `json:"i"`
	State State        `json:"s"`
	Due   int64        `json:"d"`
	Lead  int64        `json:"l"`
	Roads string       `json:"r"`
	Road  contact.Road `json:"w"`
	Why   budget.Why   `json:"-"` // for a preview
}

// plan asks the rule for each household. passed are lines for the journal: messages that were urgent and went over what
// families had asked for.
func (w homesWeek) plan(fresh []q.FreshRecipientsRow) (out []placed, passed []journal.Entry) {
	type home struct {
		rows []int
		ask  []budget.Letter
	}
	homes := map[int64]*home{}
	order := make([]int64, 0, len(fresh))
	out = make([]placed, len(fresh))
	over := map[int64]int{} // by message
	for i, r := range fresh {
		due := time.UnixMilli(r.DueAt)
		roads := w.people[r.GuardianID].left(roadsOf(r.Roads))
		out[i] = placed{ID: r.ID, State: Waiting, Due: r.DueAt, Roads: joinRoads(roads)}
		_, here := w.homes[r.HouseholdID]
		_, known := w.people[r.GuardianID]
		switch {
		case MessageState(r.MessageState) == CalledBack:
			out[i].State = Cancelled
			continue
		case !here, r.GuardianID != 0 && (!known || !about(r.Pupils, w.may[r.GuardianID])):
			out[i].State = Stopped // gone, or may not be written to any more
			continue
		case len(roads) == 0:
			out[i].State = Unreachable
			continue
		}
		h := homes[r.HouseholdID]
		if h == nil {
			h = &home{}
			homes[r.HouseholdID] = h
			order = append(order, r.HouseholdID)
		}
		h.rows = append(h.rows, i)
		h.ask = append(h.ask, budget.Letter{ID: r.ID, Message: r.MessageID, Guardian: r.GuardianID, Kind: kindOf(r.Urgent, r.Scope, r.Problem != ""), Hand: byHand(roads[0]), From: due})
	}
	for _, id := range order {
		h := homes[id]
		letters := append(h.ask, w.standing[id]...)
		for k, place := range budget.Plan(w.now, w.homes[id], letters) {
			i := h.rows[k]
			p, r := &out[i], fresh[i]
			if place.Why == budget.Stop {
				p.State = Stopped
				continue
			}
			if place.Why == budget.Passed {
				over[r.MessageID]++
			}
			p.Due, p.Why = millis(place.At), place.Why
			road := roadsOf(p.Roads)[0]
			switch {
			case road == contact.Paper:
				p.State, p.Road = OnPaper, road
			case road == contact.Call:
				p.State, p.Road = OnCallList, road
			case place.With != 0:
				p.State, p.Lead = Together, place.With
			}
		}
	}
	for _, r := range fresh {
		n := over[r.MessageID]
		if n == 0 {
			continue
		}
		delete(over, r.MessageID)
		passed = append(passed, journal.Entry{SchoolID: w.schoolID, AccountID: r.AccountID.Int64, Action: "messages.passUrgent", Area: "messages", Ref: r.MessagePublicID,
			Detail: map[string]string{"letters": strconv.Itoa(n)}, At: w.now})
	}
	return out, passed
}

// kindOf is how a letter stands towards the budget. One that is on its second road, or comes back after many tries, has had
// its place in the week; it keeps only the quiet hours.
func kindOf(urgent bool, scope string, again bool) budget.Kind {
	switch {
	case urgent:
		return budget.Urgent
	case again || scope == scopeConversation:
		return budget.Reply
	}
	return budget.Nudge
}

// scopeConversation is the scope of an answer of staff in a conversation.
const scopeConversation = "conversation"

// byHand: paper and calls go by a person's hand and wake nobody.
func byHand(r contact.Road) bool { return r == contact.Paper || r == contact.Call }

// roadsOf reads the roads of a row, those left to try, the present one first.
func roadsOf(s string) []contact.Road {
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
	out := make([]contact.Road, len(words))
	for i, w := range words {
		out[i] = contact.Road(w)
	}
	return out
}

func joinRoads(roads []contact.Road) string {
	words := make([]string, len(roads))
	for i, r := range roads {
		words[i] = string(r)
	}
	return strings.Join(words, ",")
}

// person is what decides by which road a guardian can be reached.
type person struct {
	mail, phone string
	phones      int // telephones that asked for a sign
	failed      map[contact.Road]int64
	closed      map[contact.Road]bool // roads that nobody configured
}

// left are the roads that lead anywhere: an address is there, and it has not failed for good.
func (p person) left(roads []contact.Road) []contact.Road {
	return slices.DeleteFunc(slices.Clone(roads), func(r contact.Road) bool { return !p.has(r) })
}

func (p person) has(r contact.Road) bool {
	if p.failed[r] != 0 || p.closed[r] {
		return false
	}
	switch r {
	case contact.Mail:
		return p.mail != ""
	case contact.SMS, contact.Call:
		return p.phone != ""
	case contact.Push:
		return p.phones > 0
	}
	return r == contact.Paper
}

// failedRoads reads guardians.failed. What cannot be read says nothing.
func failedRoads(s string) map[contact.Road]int64 {
	if s == "" {
		return nil
	}
	var failed map[contact.Road]int64
	if err := json.Unmarshal([]byte(s), &failed); err != nil {
		return nil
	}
	return failed
}

// about tells whether any of the pupils of a row (JSON) is among those that a guardian may be contacted about.
func about(pupils string, may map[int64]bool) bool {
	list, err := pupilList(pupils)
	return err == nil && slices.ContainsFunc(list, func(id int64) bool { return may[id] })
}

// finish marks messages of which nothing is on its way any more, and tells the pages that look at them.
func (s *Service) finish(ctx context.Context, messages map[int64]bool) error {
	if len(messages) == 0 {
		return nil
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		done, err := tx.FinishMessages(ctx, q.FinishMessagesParams{FinishedAt: millis(s.Now()), Messages: ids(keysOf(messages))})
		if err != nil {
			return err
		}
		for _, m := range done {
			err = errors.Join(err, s.tellMessage(ctx, tx, m.SchoolID, m.PublicID))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("finish messages: %w", err)
	}
	return nil
}

func keysOf(set map[int64]bool) []int64 {
	out := make([]int64, 0, len(set))
	for id := range set {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}
