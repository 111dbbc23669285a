package messages

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/messages/letter"
)

// Group is how staff look at what became of recipients: a few words for many states.
type Group string

// The groups, in the order in which they are shown.
const (
	OnTheWay  Group = "way"      // has not gone yet
	ByHand    Group = "hand"     // waits for paper or for a caller
	Brought   Group = "sent"     // went; nothing is known of it yet
	There     Group = "arrived"  // delivered or opened
	WithReply Group = "answered" // answered
	Problem   Group = "problem"  // nobody could be reached
	NotSent   Group = "none"     // the family asked for a rest, or the message was called back or no longer needed
)

// Groups are all groups.
func Groups() []Group {
	return []Group{OnTheWay, ByHand, Brought, There, WithReply, Problem, NotSent}
}

// states are the states of each group.
var states = map[Group][]State{
	OnTheWay:  {Fresh, Waiting, Sending},
	ByHand:    {OnPaper, OnCallList},
	Brought:   {Sent, Together},
	There:     {Delivered, Opened},
	WithReply: {Answered},
	Problem:   {Unreachable},
	NotSent:   {Stopped, Cancelled, Dropped},
}

// GroupOf is the group of a state. What is to go along with another letter, and has not, is on its way: went tells.
func GroupOf(s State, went bool) Group {
	if s == Together && !went {
		return OnTheWay
	}
	for _, g := range Groups() {
		if slices.Contains(states[g], s) {
			return g
		}
	}
	return Problem
}

// Row is a message in the list.
type Row struct {
	PublicID  string
	Title     string // "" where it is Sensitive, or has only a material or phrases: see Material
	Material  string // slug
	First     string // how it begins, in the school's words, where it has neither title nor material; "" where it is Sensitive
	Sensitive bool
	Urgent    bool
	Scope     string   // To.Kind
	ScopeName string   // "" the whole school
	ScopeIDs  []string // To.IDs
	From      string
	Mine      bool
	State     MessageState
	SendAt    time.Time
	People    int // recipients
	Groups    map[Group]int
	Lacks     []string // languages that recipients read and its free text is not in

	id int64
}

// pageSize is how many rows stand on a page of a list.
const pageSize = 30

// Messages are what was sent and what waits for its time, the latest first. page is "" or Next of the page before.
func (s *Service) Messages(ctx context.Context, by auth.Actor, page string) (rows []Row, next string, err error) {
	if err := by.May(auth.MessagesSee); err != nil {
		return nil, "", err
	}
	before := int64(1) << 62
	if page != "" {
		if before, err = s.place(ctx, by, page); err != nil {
			return nil, "", err
		}
	}
	found, err := s.DB.Q().MessagePage(ctx, q.MessagePageParams{SchoolID: by.School.ID, Before: before, AllClasses: by.AllClasses(), AccountID: nullID(by.AccountID), Classes: ids(by.ClassIDs()), Lim: pageSize + 1})
	if err != nil {
		return nil, "", fmt.Errorf("page of messages: %w", err)
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		next = found[pageSize-1].Message.PublicID
	}
	for _, f := range found {
		rows = append(rows, rowOf(by, f.Message, f.Sender))
	}
	bodies := map[int64]string{}
	for _, f := range found {
		if f.Message.Body != "" {
			bodies[f.Message.ID] = f.Message.Lang
		}
	}
	return rows, next, s.count(ctx, by, rows, bodies)
}

func rowOf(by auth.Actor, m q.Message, sender string) Row {
	r := Row{id: m.ID, PublicID: m.PublicID, Title: m.Title, Material: m.Material, Sensitive: m.Sensitive, Urgent: m.Urgent, Scope: m.Scope, ScopeName: m.ScopeName, From: sender,
		Mine: m.AccountID.Valid && m.AccountID.Int64 == by.AccountID, State: MessageState(m.State), SendAt: instant(m.SendAt), Groups: map[Group]int{}}
	if m.Sensitive {
		r.Title = ""
	}
	if r.Title == "" {
		r.First = firstWords(m)
	}
	if json.Unmarshal([]byte(m.ScopeIds), &r.ScopeIDs) != nil { // a list of ids, as Send wrote it
		r.ScopeIDs = nil
	}
	return r
}

// place is where a list goes on: the message that stood last.
func (s *Service) place(ctx context.Context, by auth.Actor, publicID string) (int64, error) {
	m, err := s.DB.Q().MessageByPublicID(ctx, q.MessageByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	return m.Message.ID, db.NotFound(err, "message at the end of a page")
}

// count fills in what became of the messages: two queries, however many. bodies has the language of those with free text.
func (s *Service) count(ctx context.Context, by auth.Actor, rows []Row, bodies map[int64]string) error {
	var list []int64
	for _, r := range rows {
		list = append(list, r.id)
	}
	counts, err := s.DB.Q().CountRecipients(ctx, q.CountRecipientsParams{SchoolID: by.School.ID, Messages: ids(list)})
	if err != nil {
		return fmt.Errorf("count recipients: %w", err)
	}
	texts, err := s.DB.Q().TextLangs(ctx, q.TextLangsParams{SchoolID: by.School.ID, Messages: ids(list)})
	if err != nil {
		return fmt.Errorf("languages of texts: %w", err)
	}
	have, read := map[int64][]string{}, map[int64][]string{}
	for _, t := range texts {
		have[t.MessageID] = append(have[t.MessageID], t.Lang)
	}
	for _, c := range counts {
		i := slices.IndexFunc(rows, func(r Row) bool { return r.id == c.MessageID })
		rows[i].People += int(c.People)
		rows[i].add(State(c.State), int(c.People), int(c.Went))
		read[c.MessageID] = append(read[c.MessageID], c.Lang)
	}
	for i, r := range rows {
		if main, has := bodies[r.id]; has {
			rows[i].Lacks = lackingLangs(read[r.id], append(have[r.id], main))
		}
	}
	return nil
}

// add counts people of a state, of whom some have their letter.
func (r *Row) add(s State, people, went int) {
	if n := went; n > 0 {
		r.Groups[GroupOf(s, true)] += n
	}
	if n := people - went; n > 0 {
		r.Groups[GroupOf(s, false)] += n
	}
}

// Detail is one message with what became of it.
type Detail struct {
	Row
	Body      string
	Lang      string // BCP 47, of Title and Body
	WhyUrgent string
	About     contact.About
	Letter    *letter.Letter // as a reader of the school's language has it, about the children of one recipient
	Roads     []RoadCount    // by which it went
	Parts     int            // SMS parts that it took
	Created   time.Time
	MayStop   bool
	Files     []letter.File
}

// Message is one message. For what is sensitive the look is journalled. NotFound also for what is about no child of the
// actor's classes and not the actor's own.
func (s *Service) Message(ctx context.Context, by auth.Actor, publicID string) (Detail, error) {
	m, err := s.messageFor(ctx, by, auth.MessagesSee, publicID)
	if err != nil {
		return Detail{}, err
	}
	if m.Sensitive {
		if err := s.noteLook(ctx, by, publicID); err != nil {
			return Detail{}, err
		}
	}
	found, err := s.DB.Q().MessageByPublicID(ctx, q.MessageByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return Detail{}, db.NotFound(err, "message")
	}
	rows := []Row{rowOf(by, m, found.Sender)}
	bodies := map[int64]string{}
	if m.Body != "" {
		bodies[m.ID] = m.Lang
	}
	if err := s.count(ctx, by, rows, bodies); err != nil {
		return Detail{}, err
	}
	d := Detail{Row: rows[0], Lang: m.Lang, WhyUrgent: m.WhyUrgent, About: contact.About(m.About), Created: instant(m.CreatedAt)}
	if d.Title, d.Body, err = s.openWords(ctx, m); err != nil {
		return Detail{}, err
	}
	roads, err := s.DB.Q().CountRoads(ctx, q.CountRoadsParams{SchoolID: by.School.ID, MessageID: m.ID})
	if err != nil {
		return Detail{}, fmt.Errorf("roads of message: %w", err)
	}
	for _, r := range roads {
		d.Roads, d.Parts = append(d.Roads, RoadCount{contact.Road(r.Road), int(r.People)}), d.Parts+int(r.Parts)
	}
	d.MayStop = d.State != CalledBack && (d.Groups[OnTheWay] > 0 || d.Groups[ByHand] > 0) && by.May(auth.MessagesSend) == nil && (by.AllClasses() || d.Mine)
	if d.Letter, err = s.sample(ctx, by, m); err != nil || d.Letter == nil {
		return d, err
	}
	d.Files = d.Letter.Files
	return d, nil
}

// sample is the letter of a message as a reader of the school's language has it, about the children of its first recipient whom
// the actor may see.
func (s *Service) sample(ctx context.Context, by auth.Actor, m q.Message) (*letter.Letter, error) {
	rows, err := s.recipientRows(ctx, by, m, RecipientFilter{}, 0, 1)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	r := rows[0].Recipient
	r.Lang = by.School.Lang
	ls, err := s.openLetters(ctx, []q.Recipient{r})
	if err != nil {
		return nil, err
	}
	return ls.letterFor(r, "", ""), nil
}

// messageFor finds a message that the actor may see.
func (s *Service) messageFor(ctx context.Context, by auth.Actor, p auth.Permission, publicID string) (q.Message, error) {
	if err := by.May(p); err != nil {
		return q.Message{}, err
	}
	m, err := s.DB.Q().MessageByPublicID(ctx, q.MessageByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return q.Message{}, db.NotFound(err, "message")
	}
	if by.AllClasses() || m.Message.AccountID.Valid && m.Message.AccountID.Int64 == by.AccountID {
		return m.Message, nil
	}
	may, err := s.DB.Q().MayReadMessage(ctx, q.MayReadMessageParams{SchoolID: by.School.ID, MessageID: m.Message.ID, Classes: ids(by.ClassIDs())})
	if err != nil {
		return q.Message{}, fmt.Errorf("who may read a message: %w", err)
	}
	if !may || p == auth.MessagesSend {
		return q.Message{}, errs.NotFoundf("message %s is not about the actor's classes, or a colleague's", publicID)
	}
	return m.Message, nil
}

// RecipientFilter narrows the recipients of a message. Zero values narrow nothing.
type RecipientFilter struct {
	Group Group
	Lang  string // BCP 47
}

// RecipientRow is one recipient as staff see what became of the message.
type RecipientRow struct {
	PublicID     string
	Guardian     string // name; "" nobody by name: "to the family of"
	GuardianID   string // public id; ""
	Household    string // public id
	Label        string // of the household
	Children     []string
	Class        string
	Lang         string
	Road         contact.Road // by which it went, or is to go next
	Roads        []contact.Road
	State        State
	Group        Group
	Due          time.Time // when it goes, where it has not gone
	Sent         time.Time
	Arrived      time.Time
	Opened       time.Time
	Answered     time.Time
	Answer       contact.AnswerKind
	Problem      string // why it did not go, without address and words
	Handled      time.Time
	HandledBy    string
	Conversation string // public id; "" none
}

// Recipients are the recipients of a message, page by page. page is "" or next of the page before.
func (s *Service) Recipients(ctx context.Context, by auth.Actor, message string, f RecipientFilter, page string) (out []RecipientRow, next string, err error) {
	m, err := s.messageFor(ctx, by, auth.MessagesSee, message)
	if err != nil {
		return nil, "", err
	}
	var after int64
	if page != "" {
		last, err := s.DB.Q().RecipientByPublicID(ctx, q.RecipientByPublicIDParams{SchoolID: by.School.ID, PublicID: page})
		if err != nil {
			return nil, "", db.NotFound(err, "recipient at the end of a page")
		}
		after = last.Recipient.ID
	}
	rows, err := s.recipientRows(ctx, by, m, f, after, pageSize+1)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		next = rows[pageSize-1].Recipient.PublicID
	}
	list := make([]q.Recipient, len(rows))
	for i, r := range rows {
		list[i] = r.Recipient
	}
	names, err := s.childrenOf(ctx, list)
	if err != nil {
		return nil, "", err
	}
	var guardians []int64
	for _, r := range list {
		guardians = append(guardians, r.GuardianID.Int64)
	}
	talks, err := s.DB.Q().ConversationsOfMessage(ctx, q.ConversationsOfMessageParams{SchoolID: by.School.ID, MessageID: nullID(m.ID), Guardians: ids(guardians)})
	if err != nil {
		return nil, "", fmt.Errorf("conversations about a message: %w", err)
	}
	talk := map[int64]string{}
	for _, t := range talks {
		talk[t.GuardianID.Int64] = t.PublicID
	}
	for i, r := range rows {
		row := recipientRow(r.Recipient)
		row.Guardian, row.GuardianID, row.Household, row.Label, row.Class, row.HandledBy = r.Guardian, r.GuardianPublicID, r.HouseholdPublicID, r.Label, r.ClassName, r.HandledName
		row.Children = names[i]
		if r.Recipient.GuardianID.Valid {
			row.Conversation = talk[r.Recipient.GuardianID.Int64]
		}
		out = append(out, row)
	}
	return out, next, nil
}

func recipientRow(r q.Recipient) RecipientRow {
	row := RecipientRow{PublicID: r.PublicID, Lang: r.Lang, Road: contact.Road(r.Road), Roads: roadsOf(r.Roads), State: State(r.State), Due: instant(r.DueAt), Sent: instant(r.SentAt), Arrived: instant(r.ArrivedAt),
		Opened: instant(r.OpenedAt), Answered: instant(r.AnsweredAt), Answer: contact.AnswerKind(r.Answer), Problem: r.Problem, Handled: instant(r.HandledAt)}
	row.Group = GroupOf(row.State, r.SentAt > 0)
	if row.Road == "" && len(row.Roads) > 0 {
		row.Road = row.Roads[0]
	}
	return row
}

// recipientRows reads some recipients of a message whose children the actor may see; of one's own message all.
func (s *Service) recipientRows(ctx context.Context, by auth.Actor, m q.Message, f RecipientFilter, after, most int64) ([]q.RecipientPageRow, error) {
	var list []string
	for _, st := range states[f.Group] {
		list = append(list, string(st))
	}
	all := by.AllClasses() || m.AccountID.Valid && m.AccountID.Int64 == by.AccountID
	rows, err := s.DB.Q().RecipientPage(ctx, q.RecipientPageParams{SchoolID: by.School.ID, MessageID: m.ID, AfterID: after, AnyState: f.Group == "", States: publicIDs(list), Lang: f.Lang, AllClasses: all, Classes: ids(by.ClassIDs()), Lim: most})
	if err != nil {
		return nil, fmt.Errorf("recipients of message: %w", err)
	}
	return rows, nil
}

// recipientFor finds a recipient whose children the actor may see.
func (s *Service) recipientFor(ctx context.Context, by auth.Actor, p auth.Permission, publicID string) (q.RecipientByPublicIDRow, error) {
	if err := by.May(p); err != nil {
		return q.RecipientByPublicIDRow{}, err
	}
	r, err := s.DB.Q().RecipientByPublicID(ctx, q.RecipientByPublicIDParams{SchoolID: by.School.ID, PublicID: publicID})
	if err != nil {
		return r, db.NotFound(err, "recipient")
	}
	if by.AllClasses() || r.Recipient.ClassID.Valid && by.HasClass(r.Recipient.ClassID.Int64) {
		return r, nil
	}
	may, err := s.DB.Q().MayReadRecipient(ctx, q.MayReadRecipientParams{SchoolID: by.School.ID, ID: r.Recipient.ID, Classes: ids(by.ClassIDs())})
	if err != nil {
		return r, fmt.Errorf("who may see a recipient: %w", err)
	}
	if !may {
		return r, errs.NotFoundf("recipient %s is about children of other classes", publicID)
	}
	return r, nil
}

// childrenOf are the given names of the children that these recipients' letters are about, row by row: one query.
func (s *Service) childrenOf(ctx context.Context, rows []q.Recipient) ([][]string, error) {
	var all []int64
	about := make([][]int64, len(rows))
	for i, r := range rows {
		var err error
		if about[i], err = pupilList(r.Pupils); err != nil {
			return nil, err
		}
		all = append(all, about[i]...)
	}
	found, err := s.DB.Q().PupilsForLetters(ctx, ids(unique(all)))
	if err != nil {
		return nil, fmt.Errorf("children of recipients: %w", err)
	}
	given := map[int64]string{}
	for _, p := range found {
		given[p.ID] = p.Given
	}
	out := make([][]string, len(rows))
	for i, list := range about {
		for _, id := range list {
			if name := given[id]; name != "" {
				out[i] = append(out[i], name)
			}
		}
	}
	return out, nil
}
