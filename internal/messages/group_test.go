package messages

import (
	"strings"
	"testing"

	"brug/internal/errs"
	"brug/internal/school"
)

// TestAMessageToAGroupGoesToItsFamilies: children of two classes; a teacher writes about the own ones only.
func TestAMessageToAGroupGoesToItsFamilies(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		group, err := o.Schools.AddGroup(o.Ctx, o.director(), "Leesouders")
		o.OK(err)
		var in []string
		for _, name := range []string{"Badra", "Desta"} {
			for _, c := range o.Home(name, "").Children {
				if c.Given == name {
					in = append(in, c.PublicID)
				}
			}
		}
		o.OK(o.Schools.SetGroupPupils(o.Ctx, o.director(), group, in, nil))
		draft := Draft{To: To{Kind: school.ScopeGroup, IDs: []string{group}}, Lang: "nl", Title: "Lezen", Body: "Dag."}
		whole, err := o.s.Send(o.Ctx, o.director(), draft)
		o.OK(err)
		o.want("of the director", strings.Join(o.who(whole), "; "), "Nadia Haddad: Badra (ar); Tsega Haile: Desta (ti)")
		own, err := o.s.Send(o.Ctx, o.Teacher, draft)
		o.OK(err)
		o.want("of a teacher of 3A", strings.Join(o.who(own), "; "), "Tsega Haile: Desta (ti)")
		draft.To.IDs = []string{"3467cdfghjkmnpqr"}
		if _, err := o.s.Send(o.Ctx, o.Teacher, draft); !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Invalid) {
			t.Errorf("a group that is none: %v", err)
		}
	})
}
