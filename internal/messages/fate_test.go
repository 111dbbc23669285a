package messages

import (
	"os"
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/messages/road"
)

func TestWhereALetterGoesThatARoadDidNotTake(t *testing.T) {
	now := time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC)
	busy, wrong := road.Result{Problem: "busy"}, road.Result{Problem: "550 5.1.1", Final: true, Address: true}
	both := []contact.Road{contact.Mail, contact.SMS, contact.Paper}
	cases := []struct {
		name   string
		roads  []contact.Road
		tries  int64
		r      road.Result
		want   fate
		urgent bool
	}{
		{"busy the first time: again in a minute", both, 0, busy, fate{State: Waiting, Due: millis(now.Add(time.Minute)), Roads: "mail,sms,paper", Tries: 1, Problem: "busy"}, false},
		{"the gateway says when to come back", both, 0, road.Result{Problem: "busy", Wait: 10 * time.Minute}, fate{State: Waiting, Due: millis(now.Add(10 * time.Minute)), Roads: "mail,sms,paper", Tries: 1, Problem: "busy"}, false},
		{"busy for long: planned again, for it may be night then", both, 3, busy, fate{State: Fresh, Due: millis(now.Add(time.Hour)), Roads: "mail,sms,paper", Tries: 4, Problem: "busy"}, false},
		{"busy for two days: the next road", both, 8, busy, fate{State: Fresh, Due: millis(now), Roads: "sms,paper", Problem: "busy"}, false},
		{"a wrong address: the next road at once, and the road is marked", both, 0, wrong, fate{State: Fresh, Due: millis(now), Roads: "sms,paper", Problem: "550 5.1.1", Failed: contact.Mail}, false},
		{"refused for good for another reason: the road is not marked", both, 0, road.Result{Problem: "554", Final: true}, fate{State: Fresh, Due: millis(now), Roads: "sms,paper", Problem: "554"}, false},
		{"then paper is left: the next pack", both[1:], 0, wrong, fate{State: OnPaper, Due: millis(now), Roads: "paper", Road: contact.Paper, Problem: "550 5.1.1", Failed: contact.SMS}, false},
		{"then a call is left: a person's list", []contact.Road{contact.Mail, contact.Call}, 0, wrong, fate{State: OnCallList, Due: millis(now), Roads: "call", Road: contact.Call, Problem: "550 5.1.1", Failed: contact.Mail}, false},
		{"nothing is left: a task for a person", []contact.Road{contact.Mail}, 0, wrong, fate{State: Unreachable, Due: millis(now), Problem: "550 5.1.1", Failed: contact.Mail}, false},
		{"urgent, busy twice: a third try", both, 1, busy, fate{State: Waiting, Due: millis(now.Add(5 * time.Minute)), Roads: "mail,sms,paper", Tries: 2, Problem: "busy"}, true},
		{"urgent, busy for six minutes: the next road", both, 2, busy, fate{State: Fresh, Due: millis(now), Roads: "sms,paper", Problem: "busy"}, true},
		{"urgent, and only paper is left: that would be slower", both[1:], 2, busy, fate{State: Waiting, Due: millis(now.Add(15 * time.Minute)), Roads: "sms,paper", Tries: 3, Problem: "busy"}, true},
	}
	for _, c := range cases {
		if got := refused(now, c.roads, c.tries, c.urgent, c.r); got != c.want {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, got, c.want)
		}
	}
}

func TestWhichRoadsLeadAnywhere(t *testing.T) {
	all := "push,mail,sms,call,paper"
	cases := []struct {
		name string
		p    person
		want string
	}{
		{"nothing known", person{}, "paper"},
		{"a mail address", person{mail: "a@example.org"}, "mail,paper"},
		{"a number is for SMS and for a call", person{phone: "+32499000001"}, "sms,call,paper"},
		{"a telephone that asked for signs", person{phones: 1}, "push,paper"},
		{"mail that came back", person{mail: "a@example.org", phone: "+32499000001", failed: map[contact.Road]int64{contact.Mail: 5}}, "sms,call,paper"},
		{"a number that is none for SMS can still be called", person{phone: "+3222", failed: map[contact.Road]int64{contact.SMS: 5}}, "call,paper"},
	}
	for _, c := range cases {
		if got := joinRoads(c.p.left(roadsOf(all))); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestNotesOfAKilledProcess(t *testing.T) {
	dir := t.TempDir()
	n, err := openNotes(dir, "aaaa")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"one", "two"} {
		if err := n.add(key, contact.SMS, road.Result{Taken: true, Parts: 2, Ref: "SM-" + key}); err != nil {
			t.Fatal(err)
		}
	}
	if err := n.add("three", contact.Mail, road.Result{Taken: true, Ref: "a\tb"}); err != nil {
		t.Fatal(err)
	}
	path := dir + "/aaaa" + notesEnd
	read := func() string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	// It dies in the middle of the next line.
	got := parseNotes([]byte(read() + "fou"))
	want := map[string]noted{
		"one":   {contact.SMS, road.Result{Taken: true, Parts: 2, Ref: "SM-one"}},
		"two":   {contact.SMS, road.Result{Taken: true, Parts: 2, Ref: "SM-two"}},
		"three": {contact.Mail, road.Result{Taken: true}},
	}
	if len(got) != len(want) {
		t.Errorf("%+v", got)
	}
	for key, w := range want {
		if got[key] != w {
			t.Errorf("%s: %+v, want %+v", key, got[key], w)
		}
	}
	if _, left, err := takeOver(path); left || err != nil {
		t.Errorf("the notes of a living process were taken over: %v", err)
	}
	if err := n.clear(); err != nil || read() != "" {
		t.Errorf("after it was all written down: %q, %v", read(), err)
	}
	if err := n.add("five", contact.Mail, road.Result{Taken: true}); err != nil {
		t.Fatal(err)
	}
	if _, ok := parseNotes([]byte(read()))["five"]; !ok {
		t.Errorf("notes after clearing: %q", read())
	}
	if err := n.file.Close(); err != nil { // as its end does
		t.Fatal(err)
	}
	release, left, err := takeOver(path)
	if err != nil || !left {
		t.Fatalf("the notes of a process that is gone: %v, %v", left, err)
	}
	if _, again, err := takeOver(path); again || err != nil {
		t.Errorf("two took them over: %v", err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	if none, err := openNotes("", "b"); none.add("x", contact.Mail, road.Result{}) != nil || none.clear() != nil || err != nil {
		t.Error("without a folder there are no notes, and nothing fails")
	}
}

func TestNothingIsHiddenInARef(t *testing.T) {
	if got := parseNotes([]byte("a\tmail\t0\t\nb\tsms\tx\tr\nc\td\n\te\t1\t\n")); len(got) != 2 || !got["a"].Taken {
		t.Errorf("%+v", got)
	}
}
