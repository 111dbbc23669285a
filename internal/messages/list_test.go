package messages

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/school"

	"github.com/google/go-cmp/cmp"
)

func TestGroups(t *testing.T) {
	for _, s := range []State{Fresh, Waiting, Sending, Sent, Together, OnPaper, OnCallList, Delivered, Opened, Answered, Unreachable, Stopped, Cancelled, Dropped} {
		if GroupOf(s, true) == Problem && s != Unreachable {
			t.Errorf("%s is in no group", s)
		}
	}
	if GroupOf(Together, false) != OnTheWay || GroupOf(Together, true) != Brought {
		t.Error("what goes along with another letter went when that went")
	}
}

func TestTheListOfMessages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		for i := range pageSize + 2 {
			o.send(fmt.Sprintf("Nummer %d", i))
			o.Clock = o.Clock.Add(time.Minute)
		}
		_, err := o.s.Send(o.Ctx, o.Other1B, Draft{To: To{school.ScopeClass, []string{o.Class["1B"]}}, Body: "Dag."})
		o.OK(err)
		rows, next, err := o.s.Messages(o.Ctx, o.Teacher, "")
		o.OK(err)
		if len(rows) != pageSize || next == "" || rows[0].Title != fmt.Sprintf("Nummer %d", pageSize+1) || !rows[0].Mine || rows[0].ScopeName != "3A" || rows[0].From != "Els" || rows[0].People != 4 {
			t.Errorf("%d rows, first %+v", len(rows), rows[0])
		}
		rest, next, err := o.s.Messages(o.Ctx, o.Teacher, next)
		o.OK(err)
		if len(rest) != 2 || next != "" || rest[1].Title != "Nummer 0" {
			t.Errorf("the second page: %+v, %q", rest, next)
		}
		all, _, err := o.s.Messages(o.Ctx, o.director(), "")
		o.OK(err)
		if all[0].From != "Tom" {
			t.Errorf("who sees all classes sees the newest: %+v", all[0])
		}
		theirs, _, err := o.s.Messages(o.Ctx, o.Other1B, "")
		o.OK(err)
		if len(theirs) != 1 {
			t.Errorf("a teacher of 1B sees %d messages", len(theirs))
		}
		if _, err := o.s.Message(o.Ctx, o.Other1B, rows[0].PublicID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a message to another class: %v", err)
		}
		if _, err := o.s.Message(o.Ctx, o.Alien, rows[0].PublicID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a message of another school: %v", err)
		}
	})
}

func TestWhatBecameOfEachRecipient(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.exec("update guardians set roads = 'call' where name = 'Tsega Haile'")
		o.exec("update guardians set stopped_at = 1 where name = 'Piotr Nowak'")
		message, err := o.s.Send(o.Ctx, o.director(), Draft{To: To{Kind: school.ScopeSchool}, Title: "Bos", Body: "Dag."})
		o.OK(err)
		o.post()
		m, err := o.s.Message(o.Ctx, o.director(), message)
		o.OK(err)
		want := map[Group]int{Brought: 3, ByHand: 1, NotSent: 1}
		if diff := cmp.Diff(want, m.Groups); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]RoadCount{{contact.Mail, 3}}, m.Roads); diff != "" {
			t.Error(diff)
		}
		list := func(f RecipientFilter) (names []string) {
			rows, _, err := o.s.Recipients(o.Ctx, o.director(), message, f, "")
			o.OK(err)
			for _, r := range rows {
				names = append(names, r.Guardian+" "+strings.Join(r.Children, "+")+" "+string(r.Road))
			}
			slices.Sort(names)
			return names
		}
		if diff := cmp.Diff([]string{"Tsega Haile Desta call"}, list(RecipientFilter{Group: ByHand})); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"Nadia Haddad Ali+Badra mail"}, list(RecipientFilter{Lang: "ar"})); diff != "" {
			t.Error(diff)
		}
		own, _, err := o.s.Recipients(o.Ctx, o.Other1B, message, RecipientFilter{}, "")
		o.OK(err)
		for _, r := range own {
			if r.Class == "3A" && r.Guardian != "Nadia Haddad" {
				t.Errorf("a teacher of 1B sees %s of 3A", r.Guardian)
			}
		}
		rows, _, err := o.s.Recipients(o.Ctx, o.director(), message, RecipientFilter{}, own[0].PublicID)
		o.OK(err)
		for _, r := range rows {
			if r.PublicID == own[0].PublicID {
				t.Error("the next page begins again")
			}
		}
	})
}

func TestTheCallList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.exec("update guardians set roads = 'call', phone = '+32499000004' where name = 'Tsega Haile'")
		message := o.send("Zwemmen")
		o.post()
		tasks, next, err := o.s.Tasks(o.Ctx, o.Teacher, "")
		o.OK(err)
		if len(tasks) != 1 || next != "" {
			t.Fatalf("%+v", tasks)
		}
		task := tasks[0]
		if task.Guardian != "Tsega Haile" || task.Phone != "+32499000004" || task.Lang != "ti" || strings.Join(task.Children, "") != "Desta" || task.Say.Lang != "nl" || task.Letter.Lang != "ti" || task.Unreachable || task.Message != message {
			t.Errorf("%+v", task)
		}
		if n, err := o.s.TaskCount(o.Ctx, o.Other1B); err != nil || n != 0 {
			t.Errorf("a colleague of another class: %d, %v", n, err)
		}
		if err := o.s.Handle(o.Ctx, o.Other1B, task.Recipient, Done{Outcome: Told}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a colleague of another class: %v", err)
		}
		if err := o.s.Handle(o.Ctx, o.Teacher, task.Recipient, Done{Outcome: "sang"}); errs.FieldsOf(err)["outcome"].ID == "" {
			t.Errorf("no such outcome: %v", err)
		}

		o.OK(o.s.Handle(o.Ctx, o.Teacher, task.Recipient, Done{Outcome: NoReply}))
		tasks, _, err = o.s.Tasks(o.Ctx, o.Teacher, "")
		o.OK(err)
		if len(tasks) != 1 || tasks[0].Tries != 1 || tasks[0].Tried.IsZero() {
			t.Errorf("nobody answered: it waits on: %+v", tasks)
		}
		o.OK(o.s.Handle(o.Ctx, o.Teacher, task.Recipient, Done{Outcome: Told, Road: contact.Interpreter, Tone: contact.Positive}))
		if err := o.s.Handle(o.Ctx, o.Teacher, task.Recipient, Done{Outcome: Told}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("settled twice: %v", err)
		}
		if n, err := o.s.TaskCount(o.Ctx, o.Teacher); err != nil || n != 0 {
			t.Errorf("%d tasks are left, %v", n, err)
		}
		var got []string
		rows, err := d.SQL().Query("select stage, road, tone from contacts where area = 'messages' and ref = $1 order by id", task.Recipient)
		o.OK(err)
		defer rows.Close()
		for rows.Next() {
			var stage, road, tone string
			o.OK(rows.Scan(&stage, &road, &tone))
			got = append(got, strings.TrimSpace(stage+" "+road+" "+tone))
		}
		if diff := cmp.Diff([]string{"offered call", "tried call", "answered interpreter positive"}, got); diff != "" {
			t.Error(diff)
		}
	})
}
