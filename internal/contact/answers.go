package contact

import (
	"context"
	"fmt"
	"time"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/journal"
)

// handled: how an answer was settled, and the road and stage that go into the ledger for it. Done needs no contact.
var handled = map[string]Road{"call": Call, "gate": Gate, "interpreter": Interpreter, "done": ""}

// Handle settles an answer that waited: with a call, a talk at the gate or with an interpreter (a contact in the ledger),
// or "done" without one. Conflict if a colleague settled it already.
func (s *Service) Handle(ctx context.Context, by auth.Actor, answer, how string) error {
	if err := by.May(auth.ContactLog); err != nil {
		return err
	}
	road, known := handled[how]
	if !known {
		return errs.Field("how", "Choose what you did.")
	}
	now := s.Now() // one moment for answer and entry: by it TakeBack knows what an entry settled
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := tx.AnswerForHandling(ctx, q.AnswerForHandlingParams{SchoolID: by.School.ID, PublicID: answer})
		if err != nil {
			return db.NotFound(err, "answer")
		}
		if !by.HasClass(a.ClassID) {
			return errs.Forbiddenf("answer %s is about a pupil of another class", answer)
		}
		n, err := tx.SetAnswerHandled(ctx, q.SetAnswerHandledParams{SchoolID: by.School.ID, ID: a.ID, HandledAt: millis(now), HandledBy: nullID(by.AccountID), HandledHow: how})
		if err != nil {
			return fmt.Errorf("settle answer: %w", err)
		}
		if n == 0 {
			return errs.New(errs.Conflict, "A colleague has settled this already.")
		}
		if road != "" {
			if _, err := s.Log(ctx, tx, by.School.ID, []Entry{{HouseholdID: a.HouseholdID, PupilID: a.PupilID.Int64, Area: AreaAnswers, Ref: answer, Road: road, Direction: Out, Stage: Answered, AccountID: by.AccountID, At: now}}); err != nil {
				return err
			}
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "answers.handle", Area: "answers", Ref: answer, Detail: map[string]string{"how": how}})
	})
}

// Line is one entry of a household's history.
type Line struct {
	PublicID           string
	Given              string // the child; "" for all
	Area, Ref          string
	Road               Road
	Direction          Direction
	Stage              Stage
	Tone               Tone
	By                 string // name of the member of staff; "" for the family
	With               string // name of the guardian; "" not known
	Noted              bool   // somebody wrote a line with it; see Note
	At                 time.Time
	Corrected, MayUndo bool
}

// History is what happened with a household, newest first, and its answers.
type History struct {
	Lines   []Line
	Answers []HistoryAnswer
}

// HistoryAnswer is an answer of the household as staff see it.
type HistoryAnswer struct {
	PublicID, Given, Body, Lang, How string
	Kind                             AnswerKind
	At                               time.Time
	Waits                            bool
}

// History reads the latest contacts and answers of a household, as far as they concern children that the actor may see.
func (s *Service) History(ctx context.Context, by auth.Actor, household string) (History, error) {
	if err := by.May(auth.ContactSee); err != nil {
		return History{}, err
	}
	home, _, err := s.homeFor(ctx, by, household, "")
	if err != nil {
		return History{}, err
	}
	pupils := list(childIDs(home))
	rows, err := s.DB.Q().ContactsOfHousehold(ctx, q.ContactsOfHouseholdParams{SchoolID: by.School.ID, HouseholdID: home.ID, Pupils: pupils, Lim: 50})
	if err != nil {
		return History{}, fmt.Errorf("contacts of household: %w", err)
	}
	var h History
	for _, r := range rows {
		h.Lines = append(h.Lines, Line{PublicID: r.PublicID, Given: r.Given, Area: r.Area, Ref: r.Ref, Road: Road(r.Road), Direction: Direction(r.Direction), Stage: Stage(r.Stage), Tone: Tone(r.Tone),
			By: r.AccountName, With: r.GuardianName, Noted: r.HasNote, At: instant(r.At), Corrected: r.Corrected != 0, MayUndo: r.Corrected == 0 && r.AccountID.Valid && (r.Direction == string(Out) || r.Area == AreaTalk)})
	}
	answers, err := s.DB.Q().AnswersOfHousehold(ctx, q.AnswersOfHouseholdParams{SchoolID: by.School.ID, HouseholdID: home.ID, Pupils: pupils, Lim: 50})
	if err != nil {
		return History{}, fmt.Errorf("answers of household: %w", err)
	}
	for _, a := range answers {
		h.Answers = append(h.Answers, HistoryAnswer{PublicID: a.PublicID, Given: a.Given, Body: a.Body, Lang: a.Lang, How: a.HandledHow, Kind: AnswerKind(a.Kind), At: instant(a.At), Waits: a.Needs && a.HandledAt == 0})
	}
	return h, nil
}
