package contact

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/id"
	"brug/internal/journal"
)

func nullID(v int64) sql.NullInt64 { return sql.NullInt64{Int64: v, Valid: v != 0} }

// CodeFor is what a new code opens, and for whom.
type CodeFor struct {
	HouseholdID int64
	PupilID     int64
	Material    string // slug
	Version     int64  // of the school's own material; 0 for a shipped one
	Lang        string // BCP 47: what the page opens in
	Fill
}

// Fill is what the placeholders of a text stood for on paper. The code keeps it, so that the page on the phone says the
// same: Visit gives it back. The child, the school and its phone number are not here: Visit has them (Given, School.Name,
// SchoolPhone). The fields are those of material.Fill, which this floor does not know.
type Fill struct {
	Teacher string `json:"teacher,omitempty"` // names of the class's teachers, as a list in the language of the paper
	Class   string `json:"class,omitempty"`
	Place   string `json:"place,omitempty"`
	Date    string `json:"date,omitempty"` // YYYY-MM-DD, or any words
	Time    string `json:"time,omitempty"` // 24 hours, "15:30"
}

// text is the fill as it is stored: JSON, "" for an empty one.
func (f Fill) text() (string, error) {
	if f == (Fill{}) {
		return "", nil
	}
	b, err := json.Marshal(f)
	return string(b), err
}

func fillOf(text string) (f Fill, err error) {
	if text == "" {
		return f, nil
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return f, fmt.Errorf("fill of code: %w", err)
	}
	return f, nil
}

// Code is a new code with its secrets. They exist only here and on the paper; the database has their hashes.
type Code struct {
	ID       int64
	PublicID string
	Token    string // in the QR code: BaseURL/f/TOKEN
	Short    string // typed or told: "4729 0381 5567"
}

type codeRow struct {
	PublicID    string `json:"public_id"`
	HouseholdID int64  `json:"household_id"`
	PupilID     int64  `json:"pupil_id"`
	Material    string `json:"material"`
	Version     int64  `json:"version"`
	TokenHash   string `json:"token_hash"`
	ShortHash   string `json:"short_hash"`
	Lang        string `json:"lang"`
	Fill        string `json:"fill"`
}

// Secrets makes the secrets of n codes; KeepCodes stores them. Between the two lies printing, which takes too long for a
// transaction.
func Secrets(n int) []Code {
	codes := make([]Code, n)
	for i := range codes {
		codes[i] = Code{PublicID: id.New(), Token: id.Token(), Short: id.Short()}
	}
	return codes
}

// KeepCodes stores codes for many families at once within the caller's transaction, and fills in their ids: one
// statement, however many. They expire after CodeLife.
func (s *Service) KeepCodes(ctx context.Context, tx *db.Tx, schoolID int64, for_ []CodeFor, codes []Code) error {
	if len(for_) != len(codes) {
		return fmt.Errorf("%d codes for %d families", len(codes), len(for_))
	}
	if len(codes) == 0 {
		return nil
	}
	now := s.Now()
	rows := make([]codeRow, len(for_))
	at := map[string]int{}
	for i, f := range for_ {
		c := codes[i]
		at[c.PublicID] = i
		fill, err := f.Fill.text()
		if err != nil {
			return fmt.Errorf("fill of code: %w", err)
		}
		rows[i] = codeRow{c.PublicID, f.HouseholdID, f.PupilID, f.Material, f.Version, id.Hash(c.Token), id.Hash(c.Short), f.Lang, fill}
	}
	doc, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("code rows: %w", err)
	}
	made, err := tx.AddCodes(ctx, q.AddCodesParams{SchoolID: schoolID, CreatedAt: millis(now), ExpiresAt: millis(now.Add(CodeLife)), Rows: string(doc)})
	if err != nil {
		return fmt.Errorf("add codes: %w", err)
	}
	for _, m := range made {
		if i, ours := at[m.PublicID]; ours {
			codes[i].ID = m.ID
		}
	}
	return nil
}

// CodeInfo is a code as staff see it: what it was for and whether it still works, never the secret.
type CodeInfo struct {
	PublicID, Material, Given, Lang string
	Created, Expires                time.Time
	Revoked, Opened                 bool
	Works                           bool
}

// Codes are the latest codes of a household, about children that the actor may see.
func (s *Service) Codes(ctx context.Context, by auth.Actor, household string) ([]CodeInfo, error) {
	if err := by.May(auth.ContactSee); err != nil {
		return nil, err
	}
	home, _, err := s.homeFor(ctx, by, household, "")
	if err != nil {
		return nil, err
	}
	rows, err := s.DB.Q().CodesOfHousehold(ctx, q.CodesOfHouseholdParams{SchoolID: by.School.ID, HouseholdID: home.ID, Pupils: list(childIDs(home)), Lim: 30})
	if err != nil {
		return nil, fmt.Errorf("codes of household: %w", err)
	}
	now := s.Now()
	out := make([]CodeInfo, len(rows))
	for i, r := range rows {
		out[i] = CodeInfo{PublicID: r.PublicID, Material: r.Material, Given: r.Given, Lang: r.Lang, Created: instant(r.CreatedAt), Expires: instant(r.ExpiresAt),
			Revoked: r.RevokedAt != 0, Opened: r.OpenedAt != 0, Works: r.RevokedAt == 0 && now.Before(instant(r.ExpiresAt))}
	}
	return out, nil
}

// RevokeCodes ends all codes of a household at once, also those about a brother or sister in another class: paper that
// went to the wrong hands is seldom one sheet.
func (s *Service) RevokeCodes(ctx context.Context, by auth.Actor, household string) (n int64, err error) {
	if err := by.May(auth.ContactLog); err != nil {
		return 0, err
	}
	home, _, err := s.homeFor(ctx, by, household, "")
	if err != nil {
		return 0, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err = tx.RevokeCodesOfHousehold(ctx, q.RevokeCodesOfHouseholdParams{SchoolID: by.School.ID, HouseholdID: home.ID, RevokedAt: millis(s.Now())})
		if err != nil {
			return fmt.Errorf("revoke codes: %w", err)
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "codes.revoke", Area: "codes", Ref: household,
			Detail: map[string]string{"codes": fmt.Sprint(n)}})
	})
	return n, err
}
