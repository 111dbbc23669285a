package packs

import (
	"context"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/school"
)

// Way is a text of a slip with the secrets on it.
type Way struct {
	Child, Lang string
	contact.Code
}

// Rehearse does all of a pack but the paper: it makes the slips and their codes, hands everything out, and gives the secrets
// back. For the demo, which shows ways in and must start where no fonts are installed, and for tests. Nothing else may
// know secrets after printing.
func (s *Service) Rehearse(ctx context.Context, by auth.Actor, c Choice) ([]Way, error) {
	entries, name, err := s.check(ctx, by, &c)
	if err != nil {
		return nil, err
	}
	pr, err := s.prepare(ctx, by, c, entries)
	if err != nil {
		return nil, err
	}
	pack, err := s.keepWritten(ctx, by, c, pr, name, len(pr.slips))
	if err != nil {
		return nil, err
	}
	var ways []Way
	for _, sl := range pr.slips {
		for _, t := range sl.papers {
			ways = append(ways, Way{sl.child.Given, t.lang, pr.codes[len(ways)]})
		}
		for _, l := range sl.letters {
			ways = append(ways, Way{sl.child.Given, l.Lang, pr.codes[len(ways)]})
		}
	}
	class := ""
	if c.Scope.Kind == school.ScopeClass {
		class = c.Scope.PublicID
	}
	_, err = s.Given(ctx, by, pack, class, "")
	return ways, err
}
