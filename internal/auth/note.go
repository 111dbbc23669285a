package auth

import (
	"context"

	"brug/internal/db"
	"brug/internal/journal"
)

// note writes a line into the journal, in the transaction of what it tells. ref is a public id, or for an address without an
// account the beginning of its hash: never an address. kv are details in turn, never free text.
func (s *Service) note(ctx context.Context, tx *db.Tx, by Actor, action, ref string, kv ...string) error {
	detail := map[string]string{}
	for i := 0; i+1 < len(kv); i += 2 {
		detail[kv[i]] = kv[i+1]
	}
	return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: string(by.Role), Action: action, Area: "auth", Ref: ref, Detail: detail, At: s.now()})
}
