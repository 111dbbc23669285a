package home

import (
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/messages"
	"brug/internal/school"
)

func TestTodayProposesWhoWaitsLongestOfAllClasses(t *testing.T) {
	week := func(n int) time.Time { return time.Date(2026, 9, 7+7*n, 8, 0, 0, 0, time.UTC) }
	row := func(id int64, last time.Time) contact.Row {
		return contact.Row{Home: school.Home{ID: id}, LastReached: last}
	}
	rows := []contact.Row{
		row(1, time.Time{}), row(2, week(1)), row(3, week(4)), row(4, week(6)), row(5, week(7)), // one class
		row(6, time.Time{}), row(7, week(3)), row(2, week(1)), // another, with a brother
	}
	got := longest(rows)
	want := []int64{1, 6, 2, 7, 3}
	if len(got) != len(want) {
		t.Fatalf("%d families, want %d", len(got), len(want))
	}
	for i, id := range want {
		if got[i].Home.ID != id {
			t.Errorf("place %d: family %d, want %d", i+1, got[i].Home.ID, id)
		}
	}
	if n := len(longest(rows[:2])); n != 2 {
		t.Errorf("%d of two families", n)
	}
}

func TestAFamilyThatAnsweredTwiceWaitsOnce(t *testing.T) {
	open := []messages.InboxLine{{Conversation: "a1", Household: "h1"}, {Household: "h1"}, {Conversation: "a3", Household: "h2"}}
	if n := families(open); n != 2 {
		t.Errorf("%d families wait, want 2", n)
	}
}

func TestChildrenWithTheSameFirstNameAreToldApart(t *testing.T) {
	child := func(id, class int64, given, family string) contact.Row {
		return contact.Row{Home: school.Home{Children: []school.Child{{ID: id, ClassID: class, Given: given, Family: family}}}}
	}
	rows := []contact.Row{
		child(1, 1, "Hodan", "Warsame"), child(2, 1, "hodan", "Yusuf"), // two girls
		child(3, 1, "Jonas", "Wouters"), child(3, 1, "Jonas", "Wouters"), // one boy with two homes
		child(4, 2, "Jonas", "Peeters"), // another class
	}
	tellApart(rows)
	for i, want := range []string{"Hodan Warsame", "hodan Yusuf", "Jonas", "Jonas", "Jonas"} {
		if got := rows[i].Home.Children[0].Given; got != want {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
	}
}
