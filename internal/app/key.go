package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"brug/internal/db"
	"brug/internal/id"
	"brug/internal/secret"
)

// errOtherKey ends a start that would do harm in silence: letters would go out with personal links that open nothing.
var errOtherKey = errors.New("--secret: this database was used with another key than the one that is here. Put the file secret.key back into the data folder, or say the key that the other processes have (doc/operations.md tells what to do when it is lost)")

// sameKey asks the newest personal link whether it was made with this key: a data folder that was restored without its
// secret.key, or a second process that nobody gave the key of the first, makes a new one. Before the first link any key is right.
func sameKey(ctx context.Context, base *db.DB, keys *secret.Keys) error {
	var public, hash string
	err := base.SQL().QueryRowContext(ctx, "select public_id, token_hash from links where revoked_at = 0 order by id desc limit 1").Scan(&public, &hash)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("the key of personal links: %w", err)
	case !secret.Same(id.Hash(keys.Token("link", public)), hash): // as package contact makes them
		return errOtherKey
	}
	return nil
}
