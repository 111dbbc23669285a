package packs

import (
	"context"
	"io"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/school"
)

// Way is a slip with the secrets on it.
type Way struct {
	Child, Lang string
	contact.Code
}

// Rehearse prints into w, hands everything out, and gives the secrets back: for the demo, which shows ways in, and for
// tests. Nothing else may know secrets after printing.
func (s *Service) Rehearse(ctx context.Context, by auth.Actor, c Choice, w io.Writer) ([]Way, error) {
	e, name, err := s.check(ctx, by, c)
	if err != nil {
		return nil, err
	}
	pr, err := s.prepare(ctx, by, c, e.Version)
	if err != nil {
		return nil, err
	}
	pages, err := pr.write(ctx, w, func(int) error { return nil })
	if err != nil {
		return nil, err
	}
	pack, err := s.keepWritten(ctx, by, c, pr, name, pages)
	if err != nil {
		return nil, err
	}
	ways := make([]Way, len(pr.slips))
	for i, sl := range pr.slips {
		ways[i] = Way{sl.child.Given, sl.lang, pr.codes[i]}
	}
	class := ""
	if c.Scope.Kind == school.ScopeClass {
		class = c.Scope.PublicID
	}
	_, err = s.Given(ctx, by, pack, class, "")
	return ways, err
}
