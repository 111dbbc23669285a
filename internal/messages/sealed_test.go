package messages

import (
	"strings"
	"testing"
	"time"

	"brug/internal/contact"
)

// TestWhatWasAgreedInPrivateIsSealed: also what was agreed, and kept in the outbox, before somebody closed the conversation.
func TestWhatWasAgreedInPrivateIsSealed(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		delete(o.s.Carriers, contact.Mail)
		an := o.guest("An Maes")
		talk, err := o.s.Write(o.Ctx, an, "", Said{Body: "Cas slaapt slecht."})
		o.OK(err)
		agree := func(body string) {
			_, err := o.s.Agree(o.Ctx, o.Teacher, AgreementDraft{Conversation: talk, Who: ByBoth, Body: body, LookBack: "2026-12-11"})
			o.OK(err)
		}
		agree("Voor het slaapuur geen scherm.")
		o.post()
		o.OK(o.s.MarkSensitive(o.Ctx, o.Teacher, talk))
		agree("Over het slaapuur bellen we.")
		for _, column := range []string{"agreements where body", "agreements where texts", "outbox where body_text", "outbox where body_html", "outbox where title"} {
			if n := o.count("select count(*) from " + column + " like '%slaapuur%'"); n != 0 {
				t.Errorf("it stands in %s", column)
			}
		}
		list, err := o.s.FamilyAgreements(o.Ctx, an, 5)
		o.OK(err)
		if len(list) != 0 {
			t.Errorf("before the second step: %+v", list)
		}
		an.Second = true
		list, err = o.s.FamilyAgreements(o.Ctx, an, 5)
		o.OK(err)
		if len(list) != 2 || list[1].Text.Text != "Voor het slaapuur geen scherm." {
			t.Errorf("after the second step: %+v", list)
		}
		other := an
		other.GuardianID++
		if list, err = o.s.FamilyAgreements(o.Ctx, other, 5); err != nil || len(list) != 0 {
			t.Errorf("the other parent: %+v, %v", list, err)
		}
		if list, err = o.s.Agreements(o.Ctx, o.Teacher, an.Household); err != nil || len(list) != 0 {
			t.Errorf("the card of the family: %+v, %v", list, err)
		}
		seen, err := o.s.Conversation(o.Ctx, o.Teacher, talk)
		o.OK(err)
		if e := seen.Entries[2]; e.Agreement == nil || !strings.HasPrefix(e.Agreement.Text.Text, "Over het slaapuur") {
			t.Errorf("in the conversation: %+v", e)
		}
		o.Clock = time.Date(2026, 12, 11, 9, 0, 0, 0, time.UTC)
		if due, err := o.s.LookBacks(o.Ctx, o.Teacher, 5); err != nil || len(due) != 0 {
			t.Errorf("%+v, %v", due, err)
		}
	})
}
