package messages

import (
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/messages/sms"
)

// TestAnSMSThatAnswersNoLetterBeginsAConversation: a number that the school knows is heard, though nothing was ever sent to it.
func TestAnSMSThatAnswersNoLetterBeginsAConversation(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		sms := func(key, from, text string) {
			t.Helper()
			o.OK(o.s.IncomingSMS(o.Ctx, sms.Incoming{From: from, Text: text, Key: key}))
		}
		sms("1", "+32499000001", "Ali is ziek")
		sms("1", "+32499000001", "Ali is ziek")
		o.Clock = o.Clock.Add(2 * time.Minute)
		sms("2", "+32499000001", "en Badra ook")
		sms("3", "+32499999999", "Wie bent u?")
		o.want("the inbox of 3A", o.inbox(o.Teacher, InboxFilter{}), "Nadia Haddad Ali+Badra text")
		o.want("the inbox of 1B", o.inbox(o.Other1B, InboxFilter{}), "Nadia Haddad Ali+Badra text")
		if n := o.count("select count(*) from entries"); n != 2 {
			t.Errorf("%d entries", n)
		}
		if n := o.count("select count(*) from inbound where outcome = 'unknown'"); n != 1 {
			t.Errorf("%d from nobody", n)
		}
		if n := o.count("select count(*) from contacts where area = 'conversations' and road = 'sms' and direction = 'in'"); n != 2 {
			t.Errorf("%d lines in the ledger", n)
		}

		o.exec("update guardian_rights set barred = $1 where guardian_id = (select id from guardians where name = 'Nadia Haddad')", true)
		sms("4", "+32499000001", "Wanneer is het feest?")
		o.exec("insert into households (public_id, school_id, created_at) values ('elsewhere', $1, 1)", o.Other.ID)
		o.exec("insert into guardians (public_id, school_id, household_id, name, name_fold, email, phone, lang, langs, reading, roads, created_at) select 'stranger', $1, (select id from households where public_id = 'elsewhere'), 'An', 'an', '', phone, '', '', 'well', 'paper', 1 from guardians where name = 'An Maes'", o.Other.ID)
		sms("5", "+32499000002", "Cas is ziek")
		if n := o.count("select count(*) from entries"); n != 2 {
			t.Errorf("%d entries: somebody is heard who may not be, or at a school that it was not meant for", n)
		}
	})
}

// TestWordsAboutAChildThatIsNotHeardBeginAnew: a conversation about a child whom this person may not see any more does not go on.
func TestWordsAboutAChildThatIsNotHeardBeginAnew(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		nadia := o.guest("Nadia Haddad")
		ali := ""
		for _, c := range nadia.Children {
			if c.Given == "Ali" {
				ali = c.PublicID
			}
		}
		about, err := o.s.Write(o.Ctx, nadia, "", Said{Body: "Ali is ziek.", Child: ali})
		o.OK(err)
		o.exec("update guardian_rights set barred = $1 where guardian_id = (select id from guardians where name = 'Nadia Haddad') and pupil_id = (select id from pupils where public_id = $2)", true, ali)
		o.Clock = o.Clock.Add(time.Hour)
		o.OK(o.s.IncomingSMS(o.Ctx, sms.Incoming{From: "+32499000001", Text: "Badra komt morgen later.", Key: "1"}))
		if n := o.count("select count(*) from entries e join conversations c on c.id = e.conversation_id where c.public_id = $1", about); n != 1 {
			t.Errorf("%d entries in the conversation about Ali", n)
		}
		o.want("the inbox of 1B", o.inbox(o.Other1B, InboxFilter{}), "Nadia Haddad Badra text")
	})
}

func TestSTOPStandsInTheLedgerAsItCame(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.OK(o.s.IncomingSMS(o.Ctx, sms.Incoming{From: "+32499000004", Text: "Stop.", Key: "1"}))
		if n := o.count("select count(*) from guardians where name = 'Tsega Haile' and stopped_at > 0"); n != 1 {
			t.Error("who never got a letter cannot stop")
		}
		if n := o.count("select count(*) from contacts where area = $1 and road = 'sms'", contact.AreaStop); n != 1 {
			t.Errorf("%d lines in the ledger", n)
		}
	})
}
