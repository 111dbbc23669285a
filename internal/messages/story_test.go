package messages

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"brug/internal/calendar"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/messages/road"
)

var retell = flag.Bool("retell", false, "write what stories came to into their files, to be read by a person")

// Stories over weeks: testdata/stories/README.md says how to read and write them.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a := txtar.Parse(data)
			eachOffice(t, func(t *testing.T, o *office) { play(t, o, a) })
			if *retell {
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// story is one that is being told.
type story struct {
	*office
	begin   time.Time // the Monday of the first week
	went    []string
	refused map[string]bool // road and address
	days    *calendar.Service
	files   map[string]string
}

func play(t *testing.T, o *office, a *txtar.Archive) {
	st := &story{office: o, begin: time.Date(2026, 11, 23, 0, 0, 0, 0, brussels(t)), refused: map[string]bool{}, files: map[string]string{},
		days: calendar.New(o.DB, func() time.Time { return o.Clock })}
	for _, f := range a.Files {
		st.files[f.Name] = string(f.Data)
	}
	for by, v := range map[contact.Road]*van{contact.Mail: o.mail, contact.SMS: o.sms} {
		v.answer = func(p road.Parcel) road.Result {
			if st.refused[string(by)+p.To] {
				return road.Result{Problem: "550 5.1.1", Final: true, Address: true}
			}
			return road.Result{Taken: true}
		}
	}
	for i, line := range strings.Split(st.files["script"], "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if !st.step(words) {
			t.Fatalf("line %d of the script: what is %q?", i+1, line)
		}
	}
	ends := map[string]func() string{"script": nil, "went": func() string { return strings.Join(st.went, "\n") }, "rows": st.allRows, "ledger": st.lines(o.ledger), "journal": st.passed}
	if _, told := st.files["went"]; !told {
		t.Error("the story does not tell what went")
	}
	for i, f := range a.Files {
		got, known := ends[f.Name]
		switch {
		case !known:
			t.Errorf("what is the section %q?", f.Name)
		case got == nil:
		case *retell:
			a.Files[i].Data = []byte(got() + "\n")
		default:
			if diff := cmp.Diff(strings.TrimSpace(string(f.Data)), got()); diff != "" {
				t.Errorf("%s: %s", f.Name, diff)
			}
		}
	}
}

func brussels(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// step does one line of the script; false: there is no such line.
func (st *story) step(words []string) bool {
	st.T.Helper()
	arg := func(i int) string {
		if i >= len(words) {
			st.T.Fatalf("%q says too little", strings.Join(words, " "))
		}
		return words[i]
	}
	rest := func(i int) string { return strings.Join(words[i:], " ") }
	switch words[0] {
	case "begin":
		first, err := time.ParseInLocation(time.DateOnly, arg(1), st.begin.Location())
		st.OK(err)
		st.begin, st.Clock = first, first
	case "at":
		st.until(st.when(arg(1), arg(2)))
	case "send":
		st.sendLine(arg(1), words[2:])
	case "callback":
		_, err := st.s.Stop(st.Ctx, st.System, st.one("select public_id from messages where title = $1", arg(1)))
		st.OK(err)
	case "off":
		in := calendar.Input{Kind: calendar.NoSchool, Day: st.when(arg(1), "00:00").Format(time.DateOnly)}
		if len(words) > 2 {
			in.ToDay = st.when(arg(2), "00:00").Format(time.DateOnly)
		}
		_, err := st.days.Add(st.Ctx, st.System, in)
		st.OK(err)
	case "choose":
		st.choose(st.guest(arg(1)), arg(2), words[3:])
	case "stop":
		st.OK(st.Contact.StopGuest(st.Ctx, st.guest(arg(1))))
	case "resume":
		st.OK(st.Contact.ResumeGuest(st.Ctx, st.guest(arg(1))))
	case "refuse", "accept":
		st.refused[arg(1)+st.address(contact.Road(arg(1)), arg(2))] = words[0] == "refuse"
	case "bounce":
		st.OK(st.s.Bounced(st.Ctx, contact.Road(arg(1)), st.letter(arg(2), arg(3)), "550 5.1.1", true))
	case "write":
		_, err := st.s.AnswerMessage(st.Ctx, st.guest(arg(1)), st.letter(arg(1), arg(2)), Said{Body: rest(3)})
		st.OK(err)
	case "reply":
		talk := st.one("select c.public_id from conversations c join guardians g on g.id = c.guardian_id where g.name like $1", arg(1)+" %")
		st.OK(st.s.Reply(st.Ctx, st.Teacher, talk, StaffAnswer{Body: rest(2)}))
	default:
		return false
	}
	return true
}

// until lets the post work: the clock goes from one moment at which something is due to the next.
func (st *story) until(end time.Time) {
	st.T.Helper()
	if end.Before(st.Clock) {
		st.T.Fatalf("the clock cannot go back to %s", end)
	}
	for {
		for range 10 { // what one road could not bring, the next may bring at once
			st.post()
			if !st.took() {
				break
			}
		}
		var due int64
		st.OK(st.DB.SQL().QueryRow("select coalesce(min(due_at), 0) from recipients where state in ('new', 'waiting') and due_at > $1", st.Clock.UnixMilli()).Scan(&due))
		if due == 0 || time.UnixMilli(due).After(end) {
			break
		}
		st.Clock = time.UnixMilli(due)
	}
	st.Clock = end
	st.post()
	st.took()
}

// took writes down what went since it was last asked; false: nothing.
func (st *story) took() bool {
	var out []string
	for by, v := range map[contact.Road]*van{contact.Mail: st.mail, contact.SMS: st.sms} {
		v.mu.Lock()
		for _, p := range v.got {
			out = append(out, fmt.Sprintf("%s %s %s: %s", st.tell(st.Clock), by, st.name(by, p.To), st.titles(by, p)))
		}
		v.got = nil
		v.mu.Unlock()
	}
	slices.Sort(out)
	st.went = append(st.went, out...)
	return len(out) > 0
}

// titles are the letters of a parcel, with the children that each names in its greeting.
func (st *story) titles(by contact.Road, p road.Parcel) string {
	var out []string
	for _, l := range p.Letters {
		s := l.Title.Text
		if s == "" {
			s = "an answer"
		}
		var children []string
		for _, c := range []string{"Ali", "Badra", "Cas", "Desta", "Ela"} {
			if strings.Contains(l.Hello.Text, c) {
				children = append(children, c)
			}
		}
		if len(children) > 0 {
			s += " (" + strings.Join(children, ", ") + ")"
		}
		if l.Urgent {
			s += " urgent"
		}
		out = append(out, s)
	}
	s := strings.Join(out, " + ")
	if st.refused[string(by)+p.To] {
		s += ", refused"
	}
	return s
}

func (st *story) sendLine(to string, words []string) {
	st.T.Helper()
	by, draft := st.Teacher, Draft{To: To{Kind: "class", IDs: []string{st.Class[to]}}, Lang: "nl", Title: words[0], Body: "Lees dit even."}
	switch {
	case to == "school":
		by, draft.To = st.System, To{Kind: "school"}
	case to == "1B":
		by = st.Other1B
	case st.Class[to] == "":
		draft.To = To{Kind: "pupil", IDs: []string{st.Home(to, "").Children[0].PublicID}}
	}
	for i := 1; i < len(words); i++ {
		switch {
		case words[i] == "urgent":
			draft.Urgent, draft.WhyUrgent = true, "de school is dicht"
		case words[i] == "on" && i+2 < len(words):
			draft.SendAt = st.when(words[i+1], words[i+2])
			i += 2
		default:
			st.T.Fatalf("send how? %q", words[i])
		}
	}
	_, err := st.s.Send(st.Ctx, by, draft)
	st.OK(err)
	st.post()
	st.took()
}

func (st *story) choose(g contact.Guest, what string, words []string) {
	st.T.Helper()
	c := g.Choices
	g.Second = true
	var err error
	switch what {
	case "amount":
		c.Amount, err = strconv.Atoi(words[0])
	case "quiet":
		c.QuietFrom, c.QuietTo, _ = strings.Cut(words[0], "-")
	case "weekend":
		c.Weekend = true
	case "road":
		c.Road = contact.Road(words[0])
	default:
		st.T.Fatalf("choose what? %q", what)
	}
	st.OK(err)
	st.OK(st.Contact.Choose(st.Ctx, g, c))
}

// guest opens the personal page of a guardian.
func (st *story) guest(name string) contact.Guest {
	st.T.Helper()
	var id int64
	st.OK(st.DB.SQL().QueryRow("select id from guardians where name like $1", name+" %").Scan(&id))
	var paths map[int64]string
	st.OK(st.DB.Write(st.Ctx, func(tx *db.Tx) (err error) {
		paths, err = st.Contact.EnsureLinks(st.Ctx, tx, st.School.ID, []int64{id})
		return err
	}))
	g, err := st.Contact.OpenLink(st.Ctx, strings.TrimPrefix(paths[id], "/m/"), "127.0.0.1")
	st.OK(err)
	return g
}

func (st *story) one(query string, args ...any) (s string) {
	st.T.Helper()
	st.OK(st.DB.SQL().QueryRow(query+" order by 1 desc limit 1", args...).Scan(&s))
	return s
}

func (st *story) letter(guardian, title string) string {
	return st.one("select r.public_id from recipients r join guardians g on g.id = r.guardian_id join messages m on m.id = r.message_id where g.name like $1 and m.title = $2", guardian+" %", title)
}

func (st *story) address(by contact.Road, guardian string) string {
	return st.one("select case when $2 = 'mail' then email else phone end from guardians where name like $1", guardian+" %", string(by))
}

func (st *story) name(by contact.Road, address string) string {
	name := st.one("select name from guardians where ($2 = 'mail' and email = $1) or ($2 = 'sms' and phone = $1)", address, string(by))
	first, _, _ := strings.Cut(name, " ")
	return first
}

// allRows is how far each letter of each guardian came, in the order in which they were written.
func (st *story) allRows() string {
	rows, err := st.DB.SQL().Query(`select coalesce(g.name, 'nobody'), m.title, r.state, r.road from recipients r join messages m on m.id = r.message_id
		left join guardians g on g.id = r.guardian_id order by 1, m.id`)
	st.OK(err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name, title, state, by string
		st.OK(rows.Scan(&name, &title, &state, &by))
		first, _, _ := strings.Cut(name, " ")
		if title == "" {
			title = "an answer"
		}
		if n := len(out); n > 0 && strings.HasPrefix(out[n-1], first+":") {
			out[n-1] += strings.TrimRight(fmt.Sprintf(", %s %s %s", title, state, by), " ")
		} else {
			out = append(out, strings.TrimRight(fmt.Sprintf("%s: %s %s %s", first, title, state, by), " "))
		}
	}
	st.OK(rows.Err())
	return strings.Join(out, "\n")
}

func (st *story) lines(of func() string) func() string {
	return func() string { return strings.ReplaceAll(of(), "; ", "\n") }
}

// passed is what the journal has of urgent messages.
func (st *story) passed() string {
	rows, err := st.DB.SQL().Query("select j.detail, m.title from journal j join messages m on m.public_id = j.ref where j.action = 'messages.passUrgent' order by j.id")
	st.OK(err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var detail, title string
		st.OK(rows.Scan(&detail, &title))
		out = append(out, title+" "+detail)
	}
	st.OK(rows.Err())
	return strings.Join(out, "\n")
}

var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// when reads "tue2 07:00".
func (st *story) when(day, clock string) time.Time {
	st.T.Helper()
	week := 1
	if len(day) > 3 {
		var err error
		week, err = strconv.Atoi(day[3:])
		st.OK(err)
	}
	at, err := time.Parse("15:04", clock)
	st.OK(err)
	n := slices.Index(weekdays, day[:min(3, len(day))])
	if n < 0 {
		st.T.Fatalf("no day: %q", day)
	}
	return time.Date(st.begin.Year(), st.begin.Month(), st.begin.Day()+7*(week-1)+n, at.Hour(), at.Minute(), 0, 0, st.begin.Location())
}

// tell writes a moment as when reads it.
func (st *story) tell(at time.Time) string {
	local := at.In(st.begin.Location())
	noon := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC)
	}
	n := int(noon(local).Sub(noon(st.begin)) / (24 * time.Hour))
	s := weekdays[n%7]
	if n >= 7 {
		s += strconv.Itoa(n/7 + 1)
	}
	return s + local.Format(" 15:04")
}
