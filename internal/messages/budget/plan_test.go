package budget

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The stories play in the three weeks from Monday 23 November 2026 in Brussels: "tue 10:00", "mon2 07:00" a week later.
var stories = []struct {
	name    string
	home    string   // what the household chose: "amount 1", "A quiet 21:00-09:00", "A weekend", "off mon tue", "paused", "A stopped"
	now     string   // "" as the first letter's
	stands  []string // MESSAGE GUARDIAN WHEN
	letters []string // the same, with urgent, reply or paper behind
	want    []string // WHEN, "with" MESSAGE, WHY; or stop
}{
	{name: "by day it goes at once",
		letters: []string{"1 A tue 10:00"},
		want:    []string{"tue 10:00"}},
	{name: "in the evening it waits for seven in the morning",
		letters: []string{"1 A tue 20:00"},
		want:    []string{"wed 07:00 night"}},
	{name: "a minute before eight is not night yet, a minute before seven still is",
		letters: []string{"1 A tue 19:59", "2 B tue 06:59"}, now: "tue 06:00",
		want: []string{"tue 19:59", "tue 07:00 night"}},
	{name: "on Friday night it waits for Monday",
		letters: []string{"1 A fri 21:00"},
		want:    []string{"mon2 07:00 night"}},
	{name: "on Saturday it waits for Monday",
		letters: []string{"1 A sat 11:00"},
		want:    []string{"mon2 07:00 weekend"}},
	{name: "a family that wants the weekend gets it on Saturday, but not at night",
		home:    "A weekend",
		letters: []string{"1 A sat 11:00", "2 A sat 22:00"}, now: "sat 11:00",
		want: []string{"sat 11:00", "sun 07:00 night"}},
	{name: "a day off is like a Sunday",
		home:    "off wed",
		letters: []string{"1 A wed 10:00"},
		want:    []string{"thu 07:00 dayoff"}},
	{name: "a day off on Friday runs into the weekend",
		home:    "off fri",
		letters: []string{"1 A thu 20:30"},
		want:    []string{"mon2 07:00 night"}},
	{name: "quiet hours that a guardian chose: early to bed, late up",
		home:    "A quiet 18:00-09:30",
		letters: []string{"1 A tue 18:05"},
		want:    []string{"wed 09:30 night"}},
	{name: "somebody who works at night is left alone by day",
		home:    "A quiet 08:00-16:00",
		letters: []string{"1 A tue 10:00", "2 A tue 22:00"}, now: "tue 10:00",
		want: []string{"tue 16:00 night", "tue 22:00"}},
	{name: "the same hour twice means never quiet",
		home:    "A quiet 07:00-07:00",
		letters: []string{"1 A tue 23:30"},
		want:    []string{"tue 23:30"}},
	{name: "three a week, the fourth comes on Monday",
		stands:  []string{"1 A mon 10:00", "2 A tue 10:00", "3 A wed 10:00"},
		letters: []string{"4 A thu 10:00"},
		want:    []string{"mon2 07:00 budget"}},
	{name: "last week's do not count",
		stands:  []string{"1 A mon 10:00", "2 A tue 10:00", "3 A wed 10:00"},
		letters: []string{"4 A mon2 10:00"},
		want:    []string{"mon2 10:00"}},
	{name: "what does not fit comes together, and counts once",
		stands:  []string{"1 A mon 10:00", "2 A tue 10:00", "3 A wed 10:00"},
		letters: []string{"4 A thu 10:00", "5 A thu 11:00", "6 A fri 09:00", "7 A mon2 12:00", "8 A tue2 12:00", "9 A wed2 12:00"}, now: "thu 10:00",
		want: []string{"mon2 07:00 budget", "mon2 07:00 with 4 budget", "mon2 07:00 with 4 budget", "mon2 12:00", "tue2 12:00", "mon3 07:00 budget"}},
	{name: "two messages of one night come together in the morning and count once",
		stands:  []string{"1 A mon 10:00"},
		letters: []string{"2 A mon 21:00", "3 A mon 22:00", "4 A tue 12:00"}, now: "mon 21:00",
		want: []string{"tue 07:00 night", "tue 07:00 with 2 night", "tue 12:00"}},
	{name: "two senders for two children: the household counts, not the child",
		home:    "amount 1",
		letters: []string{"1 A tue 10:00", "2 A tue 10:05"}, now: "tue 10:00",
		want: []string{"tue 10:00", "mon2 07:00 budget"}},
	{name: "a message to both parents counts once",
		home:    "amount 1",
		letters: []string{"1 A tue 10:00", "1 B tue 10:00"},
		want:    []string{"tue 10:00", "tue 10:00"}},
	{name: "the second parent of a message whose first was planned before costs nothing",
		home:    "amount 1",
		stands:  []string{"1 A tue 10:00"},
		letters: []string{"1 B tue 10:00"},
		want:    []string{"tue 10:00"}},
	{name: "and waits with the first, if that one waits",
		home:    "amount 1",
		stands:  []string{"1 A mon 09:00", "2 A mon2 07:00"},
		letters: []string{"2 B tue 10:00"},
		want:    []string{"mon2 07:00 budget"}},
	{name: "different messages to each parent are two for the household",
		home:    "amount 1",
		letters: []string{"1 A tue 10:00", "2 B tue 10:00"},
		want:    []string{"tue 10:00", "mon2 07:00 budget"}},
	{name: "one parent has other quiet hours: each gets it when it suits",
		home:    "B quiet 17:00-09:00",
		letters: []string{"1 A tue 18:00", "1 B tue 18:00"},
		want:    []string{"tue 18:00", "wed 09:00 night"}},
	{name: "what runs over into the next week for one parent takes room there",
		home:    "amount 1, B quiet 17:00-09:00",
		letters: []string{"1 A fri 18:00", "1 B fri 18:00", "2 A mon2 10:00"}, now: "fri 18:00",
		want: []string{"fri 18:00", "mon2 09:00 night", "mon3 07:00 budget"}},
	{name: "no room this week, but something waits for Friday: it goes along",
		stands: []string{"1 A mon 10:00", "2 A tue 10:00", "3 A fri 10:00"}, now: "wed 10:00",
		letters: []string{"4 A wed 10:00"},
		want:    []string{"fri 10:00 with 3 budget"}},
	{name: "what was written later for later does not hold up",
		stands: []string{"1 A fri 10:00"}, now: "wed 10:00",
		letters: []string{"2 A wed 10:00"},
		want:    []string{"wed 10:00"}},
	{name: "what was written first goes first, even when there is room again",
		home:   "amount 5",
		stands: []string{"1 A mon 10:00", "2 A tue 10:00", "3 A wed 10:00", "4 A wed 12:00 at mon2 07:00"}, now: "thu 10:00",
		letters: []string{"5 A thu 10:00"},
		want:    []string{"mon2 07:00 with 4 budget"}},
	{name: "urgent passes the night and says so",
		letters: []string{"1 A tue 23:00 urgent"},
		want:    []string{"tue 23:00 passed"}},
	{name: "urgent passes a weekend and a day off",
		home:    "off mon2",
		letters: []string{"1 A sat 11:00 urgent", "2 A mon2 09:00 urgent"}, now: "sat 11:00",
		want: []string{"sat 11:00 passed", "mon2 09:00 passed"}},
	{name: "urgent passes the budget and says so",
		stands:  []string{"1 A mon 10:00", "2 A tue 10:00", "3 A wed 10:00"},
		letters: []string{"4 A thu 10:00 urgent"},
		want:    []string{"thu 10:00 passed"}},
	{name: "urgent with room, by day, passes nothing",
		letters: []string{"1 A thu 10:00 urgent"},
		want:    []string{"thu 10:00"}},
	{name: "urgent takes room from what is not",
		home:    "amount 1",
		letters: []string{"1 A tue 10:00", "2 A tue 11:00 urgent"}, now: "tue 10:00",
		want: []string{"mon2 07:00 budget", "tue 11:00"}},
	{name: "what goes at the same moment as something urgent goes along",
		letters: []string{"1 A tue 10:00", "2 A tue 10:00 urgent"},
		want:    []string{"tue 10:00 with 2", "tue 10:00"}},
	{name: "a reply is not counted",
		stands:  []string{"1 A mon 10:00", "2 A tue 10:00", "3 A wed 10:00"},
		letters: []string{"4 A thu 10:00 reply"},
		want:    []string{"thu 10:00"}},
	{name: "a reply takes no room",
		home:    "amount 1",
		stands:  []string{"1 A mon 10:00 reply"},
		letters: []string{"2 A tue 10:00"},
		want:    []string{"tue 10:00"}},
	{name: "a reply keeps quiet hours, and goes by itself",
		letters: []string{"1 A thu 21:00", "2 A thu 22:00 reply"}, now: "thu 21:00",
		want: []string{"fri 07:00 night", "fri 07:00 night"}},
	{name: "a reply in a long holiday waits a week at most",
		home:    "off mon tue wed thu fri mon2 tue2 wed2 thu2 fri2",
		letters: []string{"1 A mon 10:00 reply"},
		want:    []string{"mon2 10:00 week"}},
	{name: "none at all: after a week it goes, with all that waits",
		home:    "amount 0",
		letters: []string{"1 A tue 10:00", "2 A thu 12:00", "3 A mon2 23:00"}, now: "tue 10:00",
		want: []string{"tue2 10:00 week", "tue2 10:00 with 1 budget", "tue2 10:00 with 1 budget"}},
	{name: "none at all, later: what went last week lets nothing through",
		home:    "amount 0",
		stands:  []string{"1 A mon 09:00"},
		letters: []string{"2 A tue 10:00"},
		want:    []string{"tue2 10:00 week"}},
	{name: "a week after a Saturday is a Monday",
		home:    "amount 0",
		letters: []string{"1 A sat 10:00"},
		want:    []string{"mon3 07:00 week"}},
	{name: "a week after night is a morning",
		home:    "amount 0",
		letters: []string{"1 A tue 22:00"},
		want:    []string{"wed2 07:00 week"}},
	{name: "a holiday of two weeks: after one week all of it in one",
		home:    "off mon tue wed thu fri mon2 tue2 wed2 thu2 fri2",
		letters: []string{"1 A mon 10:00", "2 A wed 10:00", "2 B wed 10:00", "3 A fri 10:00"}, now: "mon 10:00",
		want: []string{"mon2 10:00 week", "mon2 10:00 with 1 budget", "mon2 10:00 budget", "mon2 10:00 with 1 budget"}},
	{name: "just before the end of a holiday there is no need for that",
		home:    "off mon tue wed thu fri",
		letters: []string{"1 A thu 10:00"},
		want:    []string{"mon2 07:00 dayoff"}},
	{name: "paper wakes nobody, but counts",
		home:    "amount 1",
		letters: []string{"1 - tue 21:00 paper", "2 A wed 10:00"}, now: "tue 21:00",
		want: []string{"tue 21:00", "mon2 07:00 budget"}},
	{name: "paper to one and mail to the other is one message",
		home:    "amount 1",
		letters: []string{"1 A tue 21:00 paper", "1 B tue 21:00"},
		want:    []string{"tue 21:00", "wed 07:00 night"}},
	{name: "who stopped gets nothing, not even what is urgent; the other parent does",
		home:    "A stopped",
		letters: []string{"1 A tue 10:00", "1 B tue 10:00", "2 A tue 11:00 urgent"}, now: "tue 10:00",
		want: []string{"stop", "tue 10:00", "stop"}},
	{name: "a household that rests gets nothing",
		home:    "paused",
		letters: []string{"1 A tue 10:00", "1 B tue 10:00", "2 A tue 10:00 reply"},
		want:    []string{"stop", "stop", "stop"}},
	{name: "the work was late: what should have gone on Monday goes now",
		now: "wed 09:00", letters: []string{"1 A mon 10:00"},
		want: []string{"wed 09:00"}},
	{name: "three weeks of work were late: all of it in one, in the morning",
		home: "amount 1", now: "sun2 12:00", letters: []string{"1 A mon 10:00", "2 A tue 10:00", "3 A wed 10:00"},
		want: []string{"mon3 07:00 weekend", "mon3 07:00 with 1 weekend", "mon3 07:00 with 1 weekend"}},
}

func TestStoriesOfAHousehold(t *testing.T) {
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			h := readHome(t, s.home)
			var letters []Letter
			for _, l := range s.stands {
				stands := readLetter(t, l)
				if stands.At.IsZero() {
					stands.At = stands.From
				}
				letters = append(letters, stands)
			}
			for _, l := range s.letters {
				letters = append(letters, readLetter(t, l))
			}
			now := letters[len(s.stands)].From
			if s.now != "" {
				now = when(t, s.now)
			}
			var got []string
			byID := map[int64]Letter{}
			for i := range letters {
				letters[i].ID = int64(100 + i)
				byID[letters[i].ID] = letters[i]
			}
			for _, p := range Plan(now, h, letters) {
				got = append(got, tell(p, byID))
			}
			if diff := cmp.Diff(s.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

var brussels = func() *time.Location {
	l, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		panic(err)
	}
	return l
}()

var days = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

func day(t *testing.T, s string) int {
	t.Helper()
	week := 1
	if n, err := strconv.Atoi(s[3:]); err == nil {
		week = n
	}
	d := slices.Index(days, s[:3])
	if d < 0 {
		t.Fatalf("no day: %q", s)
	}
	return (week-1)*7 + d
}

func when(t *testing.T, s string) time.Time {
	t.Helper()
	d, clock, _ := strings.Cut(s, " ")
	c, err := time.Parse("15:04", clock)
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2026, 11, 23+day(t, d), c.Hour(), c.Minute(), 0, 0, brussels)
}

func tell(p Place, letters map[int64]Letter) string {
	if p.Why == Stop {
		return "stop"
	}
	local := p.At.In(brussels)
	n := int(local.Sub(time.Date(2026, 11, 23, 0, 0, 0, 0, brussels)) / (24 * time.Hour))
	s := days[n%7]
	if n >= 7 {
		s += strconv.Itoa(n/7 + 1)
	}
	s += local.Format(" 15:04")
	if p.With != 0 {
		s += fmt.Sprintf(" with %d", letters[p.With].Message)
	}
	if p.Why != Free {
		s += " " + string(p.Why)
	}
	return s
}

func readHome(t *testing.T, s string) Home {
	t.Helper()
	h := Home{Zone: brussels, Amount: Amount, People: map[int64]Person{}, DaysOff: map[string]bool{}}
	for _, part := range strings.Split(s, ", ") {
		w := strings.Fields(part)
		switch {
		case len(w) == 0:
		case w[0] == "amount":
			h.Amount, _ = strconv.Atoi(w[1])
		case w[0] == "paused":
			h.Paused = true
		case w[0] == "off":
			for _, d := range w[1:] {
				h.DaysOff[time.Date(2026, 11, 23+day(t, d), 12, 0, 0, 0, brussels).Format(time.DateOnly)] = true
			}
		case w[1] == "quiet":
			from, to, _ := strings.Cut(w[2], "-")
			h.People[int64(w[0][0])] = Hours(from, to, false)
		case w[1] == "weekend":
			h.People[int64(w[0][0])] = Hours("", "", true)
		case w[1] == "stopped":
			h.People[int64(w[0][0])] = Person{Stopped: true}
		default:
			t.Fatalf("what is %q?", part)
		}
	}
	return h
}

func readLetter(t *testing.T, s string) Letter {
	t.Helper()
	w := strings.Fields(s)
	m, err := strconv.ParseInt(w[0], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	l := Letter{Message: m, From: when(t, w[2]+" "+w[3])}
	if w[1] != "-" {
		l.Guardian = int64(w[1][0])
	}
	for i := 4; i < len(w); i++ {
		switch w[i] {
		case "urgent":
			l.Kind = Urgent
		case "reply":
			l.Kind = Reply
		case "paper":
			l.Hand = true
		case "at":
			l.At = when(t, w[i+1]+" "+w[i+2])
			i += 2
		default:
			t.Fatalf("what is %q?", w[i])
		}
	}
	return l
}
