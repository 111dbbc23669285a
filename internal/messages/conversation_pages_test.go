package messages

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/school"

	"github.com/google/go-cmp/cmp"
)

// said are the words of a page of a conversation, in order.
func said(list []Entry) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.Original.Text
	}
	return out
}

// TestAllOfALongConversationCanBeRead: page by page backwards, by staff and by the family; and who looks at old words has not seen the new
// ones.
func TestAllOfALongConversationCanBeRead(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		an := o.guest("An Maes")
		talk, err := o.s.Write(o.Ctx, an, "", Said{Body: "woord 0"})
		o.OK(err)
		var want []string
		for i := range 2*pageEntries + 7 {
			want = append(want, fmt.Sprint("woord ", i))
			if i == 0 {
				continue
			}
			o.Clock = o.Clock.Add(time.Hour)
			_, err := o.s.Write(o.Ctx, an, talk, Said{Body: fmt.Sprint("woord ", i)})
			o.OK(err)
		}
		var ours, theirs []string
		var sizes []int
		for before, page := "", 0; page == 0 || before != ""; page++ {
			c, err := o.s.ConversationBefore(o.Ctx, o.Teacher, talk, before)
			o.OK(err)
			th, err := o.s.ThreadBefore(o.Ctx, an, talk, before)
			o.OK(err)
			if c.Earlier != th.Earlier || c.Past != (page > 0) || th.Past != (page > 0) {
				t.Fatalf("page %d: staff go on at %q, the family at %q", page, c.Earlier, th.Earlier)
			}
			sizes = append(sizes, len(c.Entries))
			ours, theirs = append(said(c.Entries), ours...), append(said(th.Entries), theirs...)
			if before = c.Earlier; page > 5 {
				t.Fatal("it does not end")
			}
		}
		if diff := cmp.Diff([]int{pageEntries, pageEntries, 7}, sizes); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(want, ours); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(want, theirs); diff != "" {
			t.Error(diff)
		}

		// A new word, and a look at the old ones only: it was not seen.
		last, err := o.s.Conversation(o.Ctx, o.Teacher, talk)
		o.OK(err)
		o.Clock = o.Clock.Add(time.Hour)
		_, err = o.s.Write(o.Ctx, an, talk, Said{Body: "nieuw"})
		o.OK(err)
		_, err = o.s.ConversationBefore(o.Ctx, o.Teacher, talk, last.Earlier)
		o.OK(err)
		th, err := o.s.Thread(o.Ctx, an, talk)
		o.OK(err)
		if e := th.Last; e.Original.Text != "nieuw" || e.Seen {
			t.Errorf("%q counts as seen by the school: %v", e.Original.Text, e.Seen)
		}

		// An entry is put into other words wherever it stands; one of another conversation is no place in this one.
		e, lang, err := o.s.EntryFor(o.Ctx, o.Teacher, talk, first(o, "woord 0"))
		if err != nil || e.Original.Text != "woord 0" || lang != "nl" {
			t.Errorf("%q in %q, %v", e.Original.Text, lang, err)
		}
		nadia := o.guest("Nadia Haddad")
		other, err := o.s.Write(o.Ctx, nadia, "", Said{Body: "elders"})
		o.OK(err)
		at := first(o, "elders")
		if _, err := o.s.ConversationBefore(o.Ctx, o.Teacher, talk, at); !errs.Is(err, errs.NotFound) {
			t.Errorf("a page before an entry of another conversation: %v", err)
		}
		if _, err := o.s.ThreadBefore(o.Ctx, an, talk, at); !errs.Is(err, errs.NotFound) {
			t.Errorf("the same for a family: %v", err)
		}
		for _, by := range []auth.Actor{o.Alien, {Role: auth.Support, School: o.School}} {
			if _, _, err := o.s.EntryFor(o.Ctx, by, other, at); err == nil {
				t.Errorf("%s reads an entry", by.Role)
			}
		}
	})
}

// first is the public id of the entry that says something.
func first(o *office, words string) (entry string) {
	o.T.Helper()
	o.OK(o.DB.SQL().QueryRow("select public_id from entries where body = $1", words).Scan(&entry))
	return entry
}

// TestAConversationNamesTheMessageThatItAnswers: to staff, who open it where they may, and to the family.
func TestAConversationNamesTheMessageThatItAnswers(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		id := o.send("Bos")
		o.post()
		sent := o.Clock
		an := o.guest("An Maes")
		o.Clock = o.Clock.Add(48 * time.Hour)
		talk, err := o.s.AnswerMessage(o.Ctx, an, o.arrived("An Maes"), Said{Body: "Hij is ziek."})
		o.OK(err)
		seen, err := o.s.Conversation(o.Ctx, o.Teacher, talk)
		o.OK(err)
		if seen.Message != id || seen.Title != "Bos" || !seen.MessageAt.Equal(sent) {
			t.Errorf("%q %q of %s, want %q of %s", seen.Message, seen.Title, seen.MessageAt, id, sent)
		}
		th, err := o.s.Thread(o.Ctx, an, talk)
		o.OK(err)
		if th.Recipient != o.arrived("An Maes") || th.Sent.IsZero() || th.Sent.After(sent.Add(time.Hour)) {
			t.Errorf("the family finds letter %q of %s", th.Recipient, th.Sent)
		}
		if _, _, err := o.s.See(o.Ctx, an, th.Recipient); err != nil {
			t.Errorf("and cannot open it: %v", err)
		}

		// The child is in another class now: who teaches there has the conversation, and not the message to the class of before.
		o.exec("update enrolments set class_id = (select id from classes where name = '1B') where pupil_id = (select id from pupils where given = 'Cas')")
		seen, err = o.s.Conversation(o.Ctx, o.Other1B, talk)
		o.OK(err)
		if seen.Message != "" || seen.MessageAt.IsZero() || seen.Title != "Bos" {
			t.Errorf("the teacher of another class is led to %q", seen.Message)
		}

		// What the family began answers nothing; what was called back is a message of staff only.
		o.exec("update recipients set state = 'cancelled'")
		if th, err = o.s.Thread(o.Ctx, an, talk); err != nil || th.Recipient != "" {
			t.Errorf("the family is led to a message that was called back: %q, %v", th.Recipient, err)
		}
		own, err := o.s.Write(o.Ctx, an, "", Said{Body: "Een vraag."})
		o.OK(err)
		if seen, err = o.s.Conversation(o.Ctx, o.director(), own); err != nil || seen.Message != "" || !seen.MessageAt.IsZero() {
			t.Errorf("%q of %s, %v", seen.Message, seen.MessageAt, err)
		}
	})
}

// TestACallThatIsNoLongerNeededIsNoMessageCalledBack: it has a state of its own, which a call back of the rest does not change, and the message
// stays on the page of the family.
func TestACallThatIsNoLongerNeededIsNoMessageCalledBack(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.exec("update guardians set roads = 'call'")
		id := o.send("Bos")
		o.post()
		tasks, _, err := o.s.Tasks(o.Ctx, o.Teacher, "")
		o.OK(err)
		i := slices.IndexFunc(tasks, func(t Task) bool { return t.Guardian == "An Maes" })
		o.OK(o.s.Handle(o.Ctx, o.Teacher, tasks[i].Recipient, Done{Outcome: Settled}))
		_, err = o.s.Stop(o.Ctx, o.Teacher, id)
		o.OK(err)
		rows, _, err := o.s.Recipients(o.Ctx, o.Teacher, id, RecipientFilter{Group: NotSent}, "")
		o.OK(err)
		got := map[State]int{}
		for _, r := range rows {
			if got[r.State]++; r.State == Dropped && (r.Guardian != "An Maes" || r.HandledBy != "Els" || r.Handled.IsZero()) {
				t.Errorf("%+v", r)
			}
		}
		if diff := cmp.Diff(map[State]int{Dropped: 1, Cancelled: len(tasks) - 1}, got); diff != "" {
			t.Error(diff)
		}
		list, _, err := o.s.Mine(o.Ctx, o.guest("An Maes"), "", 5)
		o.OK(err)
		if len(list) != 1 {
			t.Fatalf("%d messages on the page of who need not be called", len(list))
		}
		if gone, _, err := o.s.Mine(o.Ctx, o.guest("Piotr Nowak"), "", 5); err != nil || len(gone) != 0 {
			t.Errorf("called back, and still there: %d, %v", len(gone), err)
		}
		_, err = o.s.AnswerMessage(o.Ctx, o.guest("An Maes"), list[0].Recipient, Said{Answer: contact.Understood})
		o.OK(err)
		if got := o.rows("An Maes"); !strings.Contains(got, "answered") {
			t.Errorf("who answered after all: %s", got)
		}
	})
}

// TestWhenPeopleLookBack: at the end of what was agreed, or some time after it.
func TestWhenPeopleLookBack(t *testing.T) {
	const today = "2026-11-23"
	for _, c := range []struct {
		name, until, lookBack string
		ok                    bool
	}{
		{"before its end", "2026-12-18", "2026-12-11", true},
		{"on its last day", "2026-12-18", "2026-12-18", true},
		{"the week after", "2026-12-18", "2026-12-22", true},
		{"after the summer", "2027-06-30", "2027-09-02", true},
		{"three months after", "2026-12-18", "2027-03-18", true},
		{"a day more", "2026-12-18", "2027-03-19", false},
		{"a slip of the finger", "2026-12-18", "2036-12-18", false},
		{"without an end", "", "2027-09-02", true},
		{"before today", "2026-12-18", "2026-11-22", false},
	} {
		err := checkAgreement(AgreementDraft{Who: ByBoth, Body: "Lezen.", Until: c.until, LookBack: c.lookBack}, today)
		if _, wrong := errs.FieldsOf(err)["lookback"]; wrong == c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestAnAgreementIsLookedBackAtAfterItsEnd: the reminder comes on its day, though what was agreed is over.
func TestAnAgreementIsLookedBackAtAfterItsEnd(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		homes, err := o.Schools.Homes(o.Ctx, o.Teacher, school.Scope{Kind: school.ScopeClass, PublicID: o.Class["3A"]})
		o.OK(err)
		ref, err := o.s.Agree(o.Ctx, o.Teacher, AgreementDraft{Household: homes[0].PublicID, Who: ByBoth, Body: "Elke avond lezen.", Until: "2026-12-18", LookBack: "2027-01-05"})
		o.OK(err)
		for day, want := range map[string]int{"2027-01-04": 0, "2027-01-05": 1, "2027-02-01": 1} {
			at, err := time.Parse(time.DateOnly, day)
			o.OK(err)
			o.Clock = at.Add(10 * time.Hour)
			if due, err := o.s.LookBacks(o.Ctx, o.Teacher, 5); err != nil || len(due) != want {
				t.Errorf("%s: %+v, %v", day, due, err)
			}
		}
		o.OK(o.s.EndAgreement(o.Ctx, o.Teacher, ref, EndedDone))
	})
}
