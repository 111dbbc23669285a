package messages

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/journal"
	"brug/internal/live"
	"brug/internal/messages/letter"
	"brug/internal/school"
)

// PaperLetter is a letter that waits for paper. It is about children of one home.
type PaperLetter struct {
	ID          int64  // of the recipient
	Message     string // public id
	HouseholdID int64
	Pupils      []int64 // whom it is about
	Lang        string  // BCP 47: what the reader has; the letter's frame may be in another one
	Letter      *letter.Letter
}

// PaperWaiting are the letters that wait for paper in the homes of a place, and are about a child of that place, the oldest
// first. Errors as of school.Homes.
func (s *Service) PaperWaiting(ctx context.Context, by auth.Actor, place school.Scope) ([]PaperLetter, error) {
	if err := by.May(auth.MessagesSee); err != nil {
		return nil, err
	}
	homes, err := s.School.Homes(ctx, by, place)
	if err != nil || len(homes) == 0 {
		return nil, err
	}
	ids, here := make([]int64, len(homes)), map[int64]bool{}
	for i, h := range homes {
		ids[i] = h.ID
		for _, c := range h.Children {
			here[c.ID] = true
		}
	}
	doc, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("households: %w", err)
	}
	rows, err := s.DB.Q().PaperWaiting(ctx, q.PaperWaitingParams{SchoolID: by.School.ID, Households: string(doc)})
	if err != nil {
		return nil, fmt.Errorf("letters for paper: %w", err)
	}
	var out []PaperLetter
	kept := rows[:0]
	for _, r := range rows {
		p := PaperLetter{ID: r.ID, HouseholdID: r.HouseholdID, Lang: r.Lang}
		if err := json.Unmarshal([]byte(r.Pupils), &p.Pupils); err != nil {
			return nil, fmt.Errorf("pupils of recipient %d: %w", r.ID, err)
		}
		if slices.ContainsFunc(p.Pupils, func(id int64) bool { return here[id] }) {
			out, kept = append(out, p), append(kept, r)
		}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	made, err := s.letters(ctx, kept)
	if err != nil {
		return nil, err
	}
	names, err := s.messageNames(ctx, by.School.ID, kept)
	if err != nil {
		return nil, err
	}
	for i, r := range kept {
		out[i].Letter, out[i].Message = made.letterFor(r, "", ""), names[r.MessageID].PublicID
	}
	return out, nil
}

// messageNames are the messages that these recipients belong to, by id.
func (s *Service) messageNames(ctx context.Context, schoolID int64, rows []q.Recipient) (map[int64]q.MessagesByIDRow, error) {
	var ids []int64
	for _, r := range rows {
		ids = append(ids, r.MessageID)
	}
	slices.Sort(ids)
	doc, err := json.Marshal(slices.Compact(ids))
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	found, err := s.DB.Q().MessagesByID(ctx, q.MessagesByIDParams{SchoolID: schoolID, Ids: string(doc)})
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	out := make(map[int64]q.MessagesByIDRow, len(found))
	for _, m := range found {
		out[m.ID] = m
	}
	return out, nil
}

// PaperClass is a class with letters that wait for paper.
type PaperClass struct {
	ClassID  int64
	PublicID string
	Name     string
	Letters  int
}

// PaperClasses are the actor's classes with letters that wait for paper, in the order of the classes.
func (s *Service) PaperClasses(ctx context.Context, by auth.Actor) ([]PaperClass, error) {
	if err := by.May(auth.MessagesSee); err != nil {
		return nil, err
	}
	rows, err := s.DB.Q().PaperByClass(ctx, by.School.ID)
	if err != nil {
		return nil, fmt.Errorf("letters for paper: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	classes, err := s.School.Classes(ctx, by)
	if err != nil {
		return nil, err
	}
	var out []PaperClass
	for i, c := range classes {
		for _, r := range rows {
			if r.ClassID == c.ID {
				out = append(out, PaperClass{ClassID: c.ID, PublicID: c.PublicID, Name: classes[i].Name, Letters: int(r.Letters)})
			}
		}
	}
	return out, nil
}

// Printed is a letter that was printed, with the slip that it lies in.
type Printed struct {
	ID   int64  `json:"id"`   // of the recipient
	Slip string `json:"slip"` // public id
}

// KeepPrinted notes within the caller's transaction which slips letters lie in: they wait no more, and are sent when the slip
// is handed out.
func (s *Service) KeepPrinted(ctx context.Context, tx *db.Tx, schoolID int64, printed []Printed) error {
	if len(printed) == 0 {
		return nil
	}
	doc, err := json.Marshal(printed)
	if err != nil {
		return fmt.Errorf("printed letters: %w", err)
	}
	if _, err := tx.SetPrinted(ctx, q.SetPrintedParams{SchoolID: schoolID, Rows: string(doc)}); err != nil {
		return fmt.Errorf("printed letters: %w", err)
	}
	return nil
}

// HandOut says within the caller's transaction that slips (public ids) were handed out: the letters in them are sent, each
// with its line in the ledger. The caller has asked for the permission and writes the journal. It answers how many.
func (s *Service) HandOut(ctx context.Context, tx *db.Tx, by auth.Actor, slips []string) (int, error) {
	now := s.Now()
	rows, err := tx.SetHanded(ctx, q.SetHandedParams{SchoolID: by.School.ID, At: millis(now), Slips: publicIDs(slips)})
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	slices.SortFunc(rows, func(a, b q.SetHandedRow) int { return cmp.Compare(a.ID, b.ID) })
	var ids []int64
	for _, r := range rows {
		ids = append(ids, r.MessageID)
	}
	slices.Sort(ids)
	idDoc, err := json.Marshal(slices.Compact(ids))
	if err != nil {
		return 0, fmt.Errorf("messages: %w", err)
	}
	found, err := tx.MessagesByID(ctx, q.MessagesByIDParams{SchoolID: by.School.ID, Ids: string(idDoc)})
	if err != nil {
		return 0, fmt.Errorf("messages: %w", err)
	}
	about, topics := map[int64]string{}, make([]live.Topic, len(found))
	for i, m := range found {
		about[m.ID], topics[i] = m.About, live.Message(by.School.ID, m.PublicID)
	}
	entries := make([]contact.Entry, len(rows))
	for i, r := range rows {
		var pupils []int64
		if err := json.Unmarshal([]byte(r.Pupils), &pupils); err != nil {
			return 0, fmt.Errorf("pupils of recipient %d: %w", r.ID, err)
		}
		entries[i] = contact.Entry{HouseholdID: r.HouseholdID, GuardianID: r.GuardianID.Int64, Area: contact.AreaMessages, Ref: r.PublicID, Road: contact.Paper, Direction: contact.Out,
			Stage: contact.Offered, AccountID: by.AccountID, At: now, Lang: r.Lang, About: contact.About(about[r.MessageID])}
		if len(pupils) == 1 {
			entries[i].PupilID = pupils[0]
		}
	}
	if _, err := s.Contact.Log(ctx, tx, by.School.ID, entries); err != nil {
		return 0, err
	}
	if s.Live != nil {
		if err := s.Live.Publish(ctx, tx, topics...); err != nil {
			return 0, err
		}
	}
	return len(rows), journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "messages.handOut", Area: "messages",
		Detail: map[string]string{"letters": fmt.Sprint(len(rows))}})
}

// NotHandedOut takes HandOut back for one slip within the caller's transaction; the caller corrects the ledger.
func (s *Service) NotHandedOut(ctx context.Context, tx *db.Tx, by auth.Actor, slip string) error {
	if _, err := tx.SetNotHanded(ctx, q.SetNotHandedParams{SchoolID: by.School.ID, Slip: slip}); err != nil {
		return fmt.Errorf("letters of slip: %w", err)
	}
	return nil
}

// SlipLetter is a letter in a printed slip, as staff see it.
type SlipLetter struct {
	Slip           string // public id
	Message, Title string // public id and title of the message
}

// LettersInSlips are the letters that lie in slips, by their public ids.
func (s *Service) LettersInSlips(ctx context.Context, by auth.Actor, slips []string) ([]SlipLetter, error) {
	if err := by.May(auth.MessagesSee); err != nil {
		return nil, err
	}
	rows, err := s.DB.Q().LettersOfSlips(ctx, q.LettersOfSlipsParams{SchoolID: by.School.ID, Slips: publicIDs(slips)})
	if err != nil {
		return nil, fmt.Errorf("letters of slips: %w", err)
	}
	out := make([]SlipLetter, len(rows))
	for i, r := range rows {
		out[i] = SlipLetter{Slip: r.Slip, Message: r.Message, Title: r.Title}
	}
	return out, nil
}
