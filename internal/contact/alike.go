package contact

import (
	"context"

	"brug/internal/db"
	"brug/internal/db/q"
)

// A letter to a whole school brings thousands of entries that differ only by whom they are about. What they share goes to the
// database once, and is not read out of each row again.

// few is below how many rows it makes no difference.
const few = 8

// alikeRow is whom a row of many alike ones is about; the short names go to the database for each of thousands.
type alikeRow struct {
	ID        string `json:"i,omitempty"`
	Household int64  `json:"h"`
	Pupil     int64  `json:"p"`
	Guardian  int64  `json:"g,omitempty"`
	Ref       string `json:"r,omitempty"`
	Lang      string `json:"l"`
	N         int    `json:"n,omitempty"`
}

// addContacts writes rows of the ledger.
func addContacts(ctx context.Context, tx *db.Tx, schoolID int64, all []contactRow) error {
	if !contactsAlike(all) {
		return tx.AddContacts(ctx, q.AddContactsParams{SchoolID: schoolID, Rows: rows(all)})
	}
	some := make([]alikeRow, len(all))
	for i, r := range all {
		some[i] = alikeRow{ID: r.PublicID, Household: r.HouseholdID, Pupil: r.PupilID, Guardian: r.GuardianID, Ref: r.Ref, Lang: r.Lang}
	}
	r := all[0]
	return tx.AddContactsAlike(ctx, q.AddContactsAlikeParams{SchoolID: schoolID, Area: r.Area, Road: string(r.Road), Direction: r.Direction, Stage: string(r.Stage), Tone: string(r.Tone),
		AccountID: r.AccountID, At: r.At, About: string(r.About), Rows: rows(some)})
}

func contactsAlike(all []contactRow) bool {
	if len(all) < few {
		return false
	}
	first := all[0]
	for _, r := range all {
		r.PublicID, r.HouseholdID, r.PupilID, r.GuardianID, r.Ref, r.Lang = first.PublicID, first.HouseholdID, first.PupilID, first.GuardianID, first.Ref, first.Lang
		if r != first || r.Note != "" || r.Ref == "" {
			return false
		}
	}
	return true
}

// addMarks adds to the marks.
func addMarks(ctx context.Context, tx *db.Tx, schoolID int64, all []mark) error {
	if !marksAlike(all) {
		return tx.AddMarks(ctx, q.AddMarksParams{SchoolID: schoolID, Rows: rows(all)})
	}
	some := make([]alikeRow, len(all))
	for i, m := range all {
		some[i] = alikeRow{Household: m.Household, Pupil: m.Pupil, Lang: m.Lang, N: m.N}
	}
	m := all[0]
	return tx.AddMarksAlike(ctx, q.AddMarksAlikeParams{SchoolID: schoolID, Week: m.Week, Area: m.Area, Road: string(m.Road),
		Offered: one(m.Stage == Offered), Tried: one(m.Stage == Tried), Arrived: one(m.Stage == Arrived), Answered: one(m.Stage == Answered),
		Positive: one(m.Tone == Positive), Neutral: one(m.Tone == Neutral), Worry: one(m.Tone == Worry), BySchool: one(m.Direction == Out), ByFamily: one(m.Direction == In),
		Logistics: one(m.About == Logistics), Learning: one(m.About == Learning), Rows: rows(some)})
}

// marksAlike: none of them is of the same household, pupil and language as another, for they are counted together then.
func marksAlike(all []mark) bool {
	if len(all) < few {
		return false
	}
	first := all[0]
	for _, m := range all {
		m.Household, m.Pupil, m.Lang, m.N = first.Household, first.Pupil, first.Lang, first.N
		if m != first {
			return false
		}
	}
	return true
}

func one(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

// touchReached keeps reached.
func touchReached(ctx context.Context, tx *db.Tx, schoolID int64, all []touch) error {
	if !touchesAlike(all) {
		return tx.TouchReached(ctx, q.TouchReachedParams{SchoolID: schoolID, Rows: rows(all)})
	}
	type offered struct {
		Household int64 `json:"h"`
		Offers    int   `json:"o"`
	}
	some := make([]offered, len(all))
	for i, t := range all {
		some[i] = offered{t.Household, t.Offers}
	}
	return tx.TouchReachedAlike(ctx, q.TouchReachedAlikeParams{SchoolID: schoolID, At: all[0].First, Rows: rows(some)})
}

func touchesAlike(all []touch) bool {
	if len(all) < few {
		return false
	}
	for _, t := range all {
		if t.First != all[0].First || t.Last != t.First || t.Reached != 0 {
			return false
		}
	}
	return true
}
