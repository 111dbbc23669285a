package material

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
	"brug/internal/plain"
)

// Word is a line of the school's own list: it says Say, and not InsteadOf, so that one thing has one name. It is kept by
// everybody who may change materials. Table: school_words.
type Word struct {
	ID             string // public
	Say, InsteadOf string
}

// MaxWords is how long the list may be. A longer one nobody reads.
const MaxWords = 300

// Words is the school's list, by what it says.
func (s *Service) Words(ctx context.Context, by auth.Actor) ([]Word, error) {
	if err := by.May(auth.MaterialSee); err != nil {
		return nil, err
	}
	rows, err := s.DB.Q().SchoolWords(ctx, by.School.ID)
	if err != nil {
		return nil, fmt.Errorf("words of school: %w", err)
	}
	out := make([]Word, len(rows))
	for i, r := range rows {
		out[i] = Word{r.PublicID, r.Say, r.InsteadOf}
	}
	return out, nil
}

// AddWord puts a line on the list. Fields: say, instead. Each word stands there once as one that is not said, and none of
// them is said elsewhere on the list: else a text could never be right.
func (s *Service) AddWord(ctx context.Context, by auth.Actor, say, instead string) error {
	if err := mayChange(by); err != nil {
		return err
	}
	say, instead = oneLine(say), oneLine(instead)
	var c errs.Check
	for field, word := range map[string]string{"say": say, "instead": instead} {
		c.That(word != "", field, "Write a word.")
		c.That(utf8.RuneCountInString(word) <= 60, field, "This is too long. Write at most {max} letters.", "max", 60)
		c.That(!strings.ContainsAny(word, "{}"), field, "Write a word.")
	}
	c.That(!strings.EqualFold(say, instead), "instead", "Write another word than the one that you say.")
	if err := c.Err(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		list, err := tx.SchoolWords(ctx, by.School.ID)
		if err != nil {
			return fmt.Errorf("words of school: %w", err)
		}
		c.That(len(list) < MaxWords, "say", "The list is full: {max} words. Take some away first.", "max", MaxWords)
		for _, w := range list {
			c.That(!strings.EqualFold(w.InsteadOf, instead), "instead", "This word stands on the list already: the school says “{say}”.", "say", w.Say)
			c.That(!strings.EqualFold(w.Say, instead), "instead", "The list says to use this very word. Take that line away first.")
			c.That(!strings.EqualFold(w.InsteadOf, say), "say", "The list says “{say}” in place of this word.", "say", w.Say)
		}
		if err := c.Err(); err != nil {
			return err
		}
		if err := tx.AddSchoolWord(ctx, q.AddSchoolWordParams{PublicID: id.New(), SchoolID: by.School.ID, Say: say, InsteadOf: instead, CreatedBy: account(by), CreatedAt: s.Now().UnixMilli()}); err != nil {
			return fmt.Errorf("add word: %w", err)
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "words.add", Area: "materials", Ref: say, Detail: map[string]string{"instead": instead}})
	})
}

// RemoveWord takes a line off the list. NotFound if it is not there.
func (s *Service) RemoveWord(ctx context.Context, by auth.Actor, publicID string) error {
	if err := mayChange(by); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.RemoveSchoolWord(ctx, q.RemoveSchoolWordParams{SchoolID: by.School.ID, PublicID: publicID})
		if err != nil {
			return fmt.Errorf("remove word: %w", err)
		}
		if n == 0 {
			return errs.NotFoundf("word %s", publicID)
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "words.remove", Area: "materials", Ref: publicID})
	})
}

// PlainWords is the list as the hints read it.
func PlainWords(list []Word) []plain.Word {
	out := make([]plain.Word, len(list))
	for i, w := range list {
		out[i] = plain.Word{Say: w.Say, InsteadOf: w.InsteadOf}
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
