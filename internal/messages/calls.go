package messages

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/journal"
	"brug/internal/live"
	"brug/internal/messages/letter"
)

// Task is a recipient whom a person has to reach: somebody who wants to be called, or somebody whom no road reaches.
type Task struct {
	Recipient   string // public id
	Message     string // public id
	Guardian    string // name; "" nobody by name
	GuardianID  string // public id
	Household   string // public id
	Label       string
	Phone       string // E.164 where it could be read so; "" none
	Langs       []string
	Lang        string // of Letter, as the guardian reads
	Children    []string
	Class       string
	Unreachable bool           // no road was left; else it is the guardian's road
	Problem     string         // of Unreachable: why
	Letter      *letter.Letter // what to say; without words where it is sensitive: see the message's page
	Say         *letter.Letter // the same in the language of the school
	Since       time.Time
	Tries       int
	Tried       time.Time // the latest try; zero none
}

// Tasks is the call list: what waits for a person, the longest waiting first. page is "" or next of the page before.
func (s *Service) Tasks(ctx context.Context, by auth.Actor, page string) (out []Task, next string, err error) {
	if err := by.May(auth.MessagesSee); err != nil {
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
	rows, err := s.DB.Q().TaskPage(ctx, q.TaskPageParams{SchoolID: by.School.ID, AfterID: after, AllClasses: by.AllClasses(), Classes: ids(by.ClassIDs()), Lim: pageSize + 1})
	if err != nil {
		return nil, "", fmt.Errorf("call list: %w", err)
	}
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		next = rows[pageSize-1].Recipient.PublicID
	}
	list := make([]q.Recipient, 0, 2*len(rows))
	for _, r := range rows {
		list = append(list, r.Recipient)
	}
	names, err := s.childrenOf(ctx, list)
	if err != nil {
		return nil, "", err
	}
	for _, r := range rows {
		ours := r.Recipient
		ours.Lang = by.School.Lang
		list = append(list, ours)
	}
	letters, err := s.letters(ctx, list)
	if err != nil {
		return nil, "", err
	}
	for i, r := range rows {
		t := Task{Recipient: r.Recipient.PublicID, Message: r.MessagePublicID, Guardian: r.Guardian, GuardianID: r.GuardianPublicID, Household: r.HouseholdPublicID, Label: r.Label, Phone: r.Phone,
			Langs: strings.Split(r.Langs, ","), Lang: r.Recipient.Lang, Children: names[i], Class: r.ClassName, Unreachable: State(r.Recipient.State) == Unreachable, Problem: r.Recipient.Problem,
			Letter: letters.letterFor(r.Recipient, "", ""), Say: letters.letterFor(list[len(rows)+i], "", ""), Since: instant(r.Recipient.DueAt), Tries: int(r.Recipient.Tries), Tried: instant(r.Recipient.HandledAt)}
		t.Langs = slices.DeleteFunc(t.Langs, func(tag string) bool { return tag == "" })
		if t.Unreachable {
			t.Tries = 0 // those of the roads, not of people
		}
		out = append(out, t)
	}
	return out, next, nil
}

// TaskCount is how many tasks wait for the actor.
func (s *Service) TaskCount(ctx context.Context, by auth.Actor) (int, error) {
	if err := by.May(auth.MessagesSee); err != nil {
		return 0, err
	}
	n, err := s.DB.Q().TaskCount(ctx, q.TaskCountParams{SchoolID: by.School.ID, AllClasses: by.AllClasses(), Classes: ids(by.ClassIDs())})
	if err != nil {
		return 0, fmt.Errorf("call list: %w", err)
	}
	return int(n), nil
}

// Outcome is what came of a task.
type Outcome string

// The outcomes.
const (
	Told    Outcome = "told"     // somebody was reached, and knows
	NoReply Outcome = "no reply" // tried; it waits on
	Settled Outcome = "settled"  // settled otherwise, or no longer needed: nobody was reached by it
)

// Done is what came of a task, and how.
type Done struct {
	Outcome
	Road contact.Road // contact.Call, Gate, Interpreter or HomeVisit; "" a call
	Tone contact.Tone // of Told
}

// Handle writes down what came of a task, in the row and in the ledger. Invalid with the fields "outcome", "road" and "tone";
// Conflict when a colleague settled it meanwhile.
func (s *Service) Handle(ctx context.Context, by auth.Actor, recipient string, d Done) error {
	r, err := s.recipientFor(ctx, by, auth.MessagesSend, recipient)
	if err != nil {
		return err
	}
	if d.Road == "" {
		d.Road = contact.Call
	}
	var c errs.Check
	c.That(d.Outcome == Told || d.Outcome == NoReply || d.Outcome == Settled, "outcome", "Choose what happened.")
	c.That(slices.Contains([]contact.Road{contact.Call, contact.Gate, contact.Interpreter, contact.HomeVisit}, d.Road), "road", "Choose how you spoke.")
	c.That(slices.Contains([]contact.Tone{"", contact.Positive, contact.Neutral, contact.Worry}, d.Tone), "tone", "Choose how it was.")
	if err := c.Err(); err != nil {
		return err
	}
	now := s.Now()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		row, n, err := s.settleTask(ctx, tx, by, r.Recipient, d, millis(now))
		if err != nil {
			return fmt.Errorf("settle task: %w", err)
		}
		if n == 0 {
			return errs.New(errs.Conflict, "A colleague has settled this already.")
		}
		if entries := taskEntries(row, r.MessageAbout, d, by.AccountID, now); len(entries) > 0 {
			if _, err := s.Contact.Log(ctx, tx, by.School.ID, entries); err != nil {
				return err
			}
		}
		if err := s.Live.Publish(ctx, tx, live.Message(by.School.ID, r.MessagePublicID)); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "messages.handle", Area: "messages", Ref: recipient,
			Detail: map[string]string{"outcome": string(d.Outcome), "road": string(d.Road)}})
	})
}

// settleTask changes the row. It answers the row as it was, read in the transaction: whether it had been offered before.
func (s *Service) settleTask(ctx context.Context, tx *db.Tx, by auth.Actor, r q.Recipient, d Done, now int64) (q.Recipient, int64, error) {
	found, err := tx.RecipientsByID(ctx, q.RecipientsByIDParams{SchoolID: by.School.ID, Ids: ids([]int64{r.ID})})
	if err != nil || len(found) == 0 {
		return r, 0, err
	}
	r = found[0]
	var n int64
	switch d.Outcome {
	case NoReply:
		n, err = tx.TryTask(ctx, q.TryTaskParams{SchoolID: by.School.ID, ID: r.ID, Road: string(d.Road), At: now, HandledBy: nullID(by.AccountID)})
	case Told:
		n, err = tx.SettleTask(ctx, q.SettleTaskParams{SchoolID: by.School.ID, ID: r.ID, State: string(Answered), Road: string(d.Road), At: now, HandledBy: nullID(by.AccountID)})
	default:
		n, err = tx.DropTask(ctx, q.DropTaskParams{SchoolID: by.School.ID, ID: r.ID, At: now, HandledBy: nullID(by.AccountID)})
	}
	return r, n, err
}

// taskEntries is what goes into the ledger: that something was offered, once a recipient, and what came of it.
func taskEntries(r q.Recipient, about string, d Done, account int64, now time.Time) []contact.Entry {
	e := contact.Entry{HouseholdID: r.HouseholdID, GuardianID: r.GuardianID.Int64, PupilID: onlyPupil(r.Pupils), Area: contact.AreaMessages, Ref: r.PublicID, Road: d.Road, Direction: contact.Out, Stage: contact.Offered,
		AccountID: account, At: now, Lang: r.Lang, About: contact.About(about)}
	var out []contact.Entry
	if d.Outcome == Settled {
		return nil
	}
	if r.SentAt == 0 {
		out = append(out, e)
	}
	e.Stage = contact.Tried
	if d.Outcome == Told {
		e.Stage, e.Tone = contact.Answered, d.Tone
	}
	return append(out, e)
}

// onlyPupil is the one pupil that a letter is about; 0 for several.
func onlyPupil(pupils string) int64 {
	if list, err := pupilList(pupils); err == nil && len(list) == 1 {
		return list[0]
	}
	return 0
}
