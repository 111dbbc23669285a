package messages

import (
	"strings"
	"testing"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/school"
)

// TestALetterAboutSiblingsIsSeenByTheTeachersOfBoth: it goes out once, with the class of one of them.
func TestALetterAboutSiblingsIsSeenByTheTeachersOfBoth(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.exec("update guardians set roads = 'call' where name = 'Nadia Haddad'")
		message, err := o.s.Send(o.Ctx, o.director(), Draft{To: To{Kind: school.ScopeHousehold, IDs: []string{o.Home("Ali", "").PublicID}}, Title: "Allebei", Body: "Dag."})
		o.OK(err)
		o.post()
		for name, by := range map[string]auth.Actor{"3A": o.Teacher, "1B": o.Other1B} {
			list, _, err := o.s.Messages(o.Ctx, by, "")
			o.OK(err)
			if len(list) != 1 || list[0].PublicID != message {
				t.Errorf("%s: the list has %d messages", name, len(list))
			}
			if _, err := o.s.Message(o.Ctx, by, message); err != nil {
				t.Errorf("%s: the message: %v", name, err)
			}
			rows, _, err := o.s.Recipients(o.Ctx, by, message, RecipientFilter{}, "")
			o.OK(err)
			if len(rows) != 1 || strings.Join(rows[0].Children, "+") != "Ali+Badra" {
				t.Errorf("%s: recipients %+v", name, rows)
			}
			tasks, _, err := o.s.Tasks(o.Ctx, by, "")
			o.OK(err)
			if n, err := o.s.TaskCount(o.Ctx, by); err != nil || n != 1 || len(tasks) != 1 {
				t.Errorf("%s: %d calls, %v", name, n, err)
			}
			o.OK(o.s.Handle(o.Ctx, by, o.arrived("Nadia Haddad"), Done{Outcome: NoReply}))
		}
		talk, err := o.s.AnswerMessage(o.Ctx, o.guest("Nadia Haddad"), o.arrived("Nadia Haddad"), Said{Answer: contact.Question})
		o.OK(err)
		for name, by := range map[string]auth.Actor{"3A": o.Teacher, "1B": o.Other1B} {
			o.want("the inbox of "+name, o.inbox(by, InboxFilter{}), "Nadia Haddad Ali+Badra question")
			if _, err := o.s.Conversation(o.Ctx, by, talk); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		alone := o.send("Alleen 3A")
		if _, err := o.s.Message(o.Ctx, o.Other1B, alone); !errs.Is(err, errs.NotFound) {
			t.Errorf("what went to 3A alone, seen by 1B: %v", err)
		}
	})
}

// TestASealedTitleIsShownNowhere: where a list names messages, a sensitive one has no name, rather than its cipher.
func TestASealedTitleIsShownNowhere(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.s.Carriers = nil
		o.exec("update guardians set roads = 'paper' where name = 'Tsega Haile'")
		o.send("Gesprek", func(d *Draft) { d.Sensitive = true })
		o.post()
		list, _, err := o.s.Outbox(o.Ctx, o.director(), OutboxFilter{}, 0, 10)
		o.OK(err)
		if len(list) == 0 {
			t.Fatal("the outbox is empty")
		}
		for _, l := range list {
			one, err := o.s.OutboxLetter(o.Ctx, o.director(), l.PublicID)
			o.OK(err)
			if l.About != "" || one.About != "" {
				t.Errorf("the outbox calls it %q, %q", l.About, one.About)
			}
		}
		o.exec("update recipients set road = 'paper', ref = 'slip' where state = 'paper'")
		slips, err := o.s.LettersInSlips(o.Ctx, o.director(), []string{"slip"})
		o.OK(err)
		if len(slips) != 1 || slips[0].Title != "" {
			t.Errorf("%+v", slips)
		}
	})
}
