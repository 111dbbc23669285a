package budget

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSummerTimeMovesNoMorning(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	lisbon, err := time.LoadLocation("Atlantic/Azores") // its clock jumps from midnight to one
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		zone      *time.Location
		p         Person
		now, want string
	}{
		{"the night in which the clock goes forward", brussels, Hours("", "", true), "2026-03-28T21:00:00+01:00", "2026-03-29T07:00:00+02:00"},
		{"the night in which it goes back", brussels, Hours("", "", true), "2026-10-24T21:00:00+02:00", "2026-10-25T07:00:00+01:00"},
		{"the weekend in which it goes forward", brussels, Usual(), "2026-03-28T10:00:00+01:00", "2026-03-30T07:00:00+02:00"},
		{"the weekend in which it goes back", brussels, Usual(), "2026-10-24T10:00:00+02:00", "2026-10-26T07:00:00+01:00"},
		{"quiet hours that end at a time which is not there", brussels, Hours("22:00", "02:30", true), "2026-03-28T23:00:00+01:00", "2026-03-29T03:30:00+02:00"},
		{"quiet hours that end at a time which is there twice", brussels, Hours("22:00", "02:30", true), "2026-10-24T23:00:00+02:00", "2026-10-25T02:30:00+01:00"},
		{"a day that begins at one o'clock", lisbon, Hours("07:00", "07:00", false), "2026-03-28T10:00:00-01:00", "2026-03-30T00:00:00+00:00"},
	} {
		l := Letter{ID: 1, Message: 1, Guardian: 1, From: at(c.now)}
		got := Plan(at(c.now), Home{Zone: c.zone, Amount: Amount, People: map[int64]Person{1: c.p}}, []Letter{l})
		if !got[0].At.Equal(at(c.want)) {
			t.Errorf("%s: %s, want %s", c.name, got[0].At.In(c.zone).Format(time.RFC3339), c.want)
		}
	}
}

func TestWhatIsNoTimeIsAsUsual(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     Person
	}{
		{"", "", Person{QuietFrom: 20 * 60, QuietTo: 7 * 60}},
		{"21:30", "", Person{QuietFrom: 21*60 + 30, QuietTo: 7 * 60}},
		{"", "08:15", Person{QuietFrom: 20 * 60, QuietTo: 8*60 + 15}},
		{"25:00", "08:15", Usual()},
		{"9:00", "08:15", Usual()},
		{"21:00", "late", Usual()},
		{"+9:00", "-1:00", Usual()},
	} {
		if got := Hours(c.from, c.to, false); got != c.want {
			t.Errorf("%q to %q: %+v", c.from, c.to, got)
		}
	}
}

// world is a household with made-up choices and letters, around both changes of the clock.
type world struct {
	now     time.Time
	home    Home
	letters []Letter
}

func draw(t *rapid.T) world {
	begin := rapid.SampledFrom([]time.Time{
		time.Date(2026, 3, 16, 0, 0, 0, 0, brussels), time.Date(2026, 10, 12, 0, 0, 0, 0, brussels), time.Date(2026, 12, 14, 0, 0, 0, 0, brussels),
	}).Draw(t, "begin")
	minute := func(name string) time.Time {
		return begin.Add(time.Duration(rapid.IntRange(0, 21*24*4).Draw(t, name)) * 15 * time.Minute)
	}
	w := world{now: minute("now"), home: Home{Zone: brussels, Amount: rapid.IntRange(0, MaxAmount).Draw(t, "amount"),
		People: map[int64]Person{}, DaysOff: map[string]bool{}}}
	clock := rapid.SampledFrom([]string{"", "00:00", "02:30", "06:00", "09:00", "17:00", "21:45", "23:59"})
	for g := range int64(3) {
		if rapid.Bool().Draw(t, "chose") {
			w.home.People[g+1] = Hours(clock.Draw(t, "from"), clock.Draw(t, "to"), rapid.Bool().Draw(t, "weekend"))
		}
	}
	off := rapid.IntRange(0, 14).Draw(t, "days off")
	for d := range off {
		w.home.DaysOff[begin.AddDate(0, 0, 7+d).Format(time.DateOnly)] = true
	}
	kind := rapid.SampledFrom([]Kind{Nudge, Nudge, Nudge, Nudge, Reply, Urgent})
	id := int64(0)
	for m := range int64(rapid.IntRange(1, 12).Draw(t, "messages")) {
		l := Letter{Message: m + 1, From: minute("wanted"), Kind: kind.Draw(t, "kind"), Hand: rapid.IntRange(0, 9).Draw(t, "hand") == 0}
		for g := range int64(3) {
			if g == 0 || rapid.Bool().Draw(t, "also to") {
				id++
				l.ID, l.Guardian = id, g+1
				w.letters = append(w.letters, l)
			}
		}
	}
	return w
}

// follow plans as the worker does: the letters in one go, or message by message with what was planned before standing.
func follow(w world, bit int) (letters []Letter, places []Place) {
	for i := 0; i < len(w.letters); {
		n := min(i+bit, len(w.letters))
		now := w.now
		batch := append(slices.Clone(letters), w.letters[i:n]...)
		got := Plan(now, w.home, batch)
		byID := map[int64]Place{}
		for _, p := range got {
			byID[p.ID] = p
		}
		for _, l := range w.letters[i:n] {
			l.At, l.With = byID[l.ID].At, byID[l.ID].With
			letters = append(letters, l)
		}
		places = append(places, got...)
		i = n
	}
	return letters, places
}

func TestTheRuleHoldsWhateverComes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		bit := rapid.SampledFrom([]int{1, 2, 5, 1000}).Draw(t, "at a time")
		letters, places := follow(w, bit)
		if again, _ := follow(w, bit); cmp.Diff(letters, again) != "" {
			t.Fatalf("the same input gave something else")
		}
		if len(letters) != len(w.letters) || len(places) != len(w.letters) {
			t.Fatalf("%d letters, %d places, %d wanted", len(letters), len(places), len(w.letters))
		}
		why := map[int64]Why{}
		at := map[int64]Letter{}
		for i, p := range places {
			why[p.ID] = p.Why
			at[p.ID] = letters[i]
			if p.ID != w.letters[i].ID || p.At.IsZero() {
				t.Fatalf("letter %d was lost: %+v", w.letters[i].ID, p)
			}
		}
		for _, l := range letters {
			asked := later(w.now, l.From)
			person := w.person(l.Guardian)
			local := l.At.In(brussels)
			if l.At.Before(asked) {
				t.Errorf("letter %d goes before it should", l.ID)
			}
			if l.Kind == Urgent && !l.At.Equal(asked) {
				t.Errorf("letter %d is urgent and waits", l.ID)
			}
			if l.Kind != Urgent && !l.Hand && person.quiet(local) {
				t.Errorf("letter %d goes at night: %s", l.ID, local)
			}
			if l.Kind != Urgent && !l.Hand && !person.Weekend && weekend(local) {
				t.Errorf("letter %d goes at the weekend: %s", l.ID, local)
			}
			// A week, then a weekend, and the night before it.
			if l.At.Sub(asked) > Longest+4*24*time.Hour {
				t.Errorf("letter %d waits from %s to %s", l.ID, asked, l.At)
			}
			if lead, ok := at[l.With]; l.With != 0 && (!ok || lead.Guardian != l.Guardian || !lead.At.Equal(l.At) || lead.With != 0 || lead.Kind == Reply || l.Kind == Reply) {
				t.Errorf("letter %d goes with %d, which does not go then", l.ID, l.With)
			}
		}
		if bit == 1000 {
			checkOrder(t, letters)
		}
		checkBudget(t, w, letters, why)
	})
}

func (w world) person(g int64) Person {
	if p, ok := w.home.People[g]; ok {
		return p
	}
	return Usual()
}

// checkOrder: of two nudges to one person the one that was written first is there first.
func checkOrder(t *rapid.T, letters []Letter) {
	for _, a := range letters {
		for _, c := range letters {
			if a.Guardian == c.Guardian && a.Kind == Nudge && c.Kind == Nudge && before(a, c) < 0 && a.At.After(c.At) {
				t.Errorf("letter %d was written before %d and comes after it", a.ID, c.ID)
			}
		}
	}
}

// checkBudget counts anew, by another way than the rule: a post is what hangs together by message, or by person and moment.
func checkBudget(t *rapid.T, w world, letters []Letter, why map[int64]Why) {
	group := map[int64]int{} // message: post
	for i, l := range letters {
		if l.Kind != Reply && group[l.Message] == 0 {
			group[l.Message] = i + 1
		}
	}
	for changed := true; changed; {
		changed = false
		for _, a := range letters {
			for _, c := range letters {
				if a.Kind != Reply && c.Kind != Reply && a.Guardian == c.Guardian && a.At.Equal(c.At) && group[a.Message] > group[c.Message] {
					group[a.Message], changed = group[c.Message], true
				}
			}
		}
	}
	late := map[int]bool{}
	for _, l := range letters {
		if why[l.ID] == Week || l.Kind == Urgent {
			late[group[l.Message]] = true
		}
	}
	weeks := map[string]map[int]bool{}
	for _, l := range letters {
		if l.Kind == Nudge && !late[group[l.Message]] {
			y, n := l.At.In(brussels).ISOWeek()
			k := time.Date(y, 1, n, 0, 0, 0, 0, time.UTC).Format("2006-01-02")
			if weeks[k] == nil {
				weeks[k] = map[int]bool{}
			}
			weeks[k][group[l.Message]] = true
		}
	}
	for k, posts := range weeks {
		if len(posts) > w.home.Amount {
			t.Errorf("week %s has %d messages, and the household wants %d", k, len(posts), w.home.Amount)
		}
	}
}

// A worker plans ten thousand households in a row.
func BenchmarkPlan(b *testing.B) {
	h := Home{Zone: brussels, Amount: Amount}
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, brussels)
	letters := []Letter{{ID: 1, Message: 1, Guardian: 1, From: now, At: now.Add(-26 * time.Hour)}, {ID: 2, Message: 2, Guardian: 1, From: now}, {ID: 3, Message: 2, Guardian: 2, From: now}}
	for b.Loop() {
		Plan(now, h, letters)
	}
}
