package messages

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/jobs"
	"brug/internal/material"
	"brug/internal/messages/email"
	"brug/internal/messages/email/sink"
	"brug/internal/messages/road"
	"brug/internal/school"
	"brug/internal/secret"
)

// The fault test: a letter to 5,000 guardians, while the processes that bring it are killed twenty times, and while the mail
// server refuses, puts off and stalls. The processes are this test's own binary, started anew with faultEnv.

const (
	faultEnv        = "BRUG_FAULT_TEST" // database, data folder and mail server of a process, parted by spaces
	faultRecipients = 5000
	faultKills      = 20
	faultConns      = 4
)

func init() {
	if words := strings.Fields(os.Getenv(faultEnv)); len(words) == 3 {
		if err := faultProcess(words[0], words[1], words[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// faultProcess is what brug serve does about letters, until it is killed or its input ends.
func faultProcess(url, data, server string) error {
	for i := range pauses { // a minute is as good as a moment here
		pauses[i] = 100 * time.Millisecond
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	d, err := db.Open(ctx, url)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	keys, err := secret.Open(data, "")
	if err != nil {
		return err
	}
	blobs, err := blob.Open(filepath.Join(data, "files"))
	if err != nil {
		return err
	}
	mail, err := email.New(email.Config{URL: server, From: "Brug <brug@school.example>", Conns: faultConns})
	if err != nil {
		return err
	}
	work := jobs.New(d, jobs.Config{Log: log})
	schools := school.New(school.Config{DB: d, Blobs: blobs, Jobs: work, Now: time.Now})
	people, err := auth.New(auth.Config{DB: d, Now: time.Now, BaseURL: "https://brug.test"})
	if err != nil {
		return err
	}
	s := New(Config{DB: d, Auth: people, School: schools, Contact: contact.New(contact.Config{DB: d, School: schools, Auth: people, Keys: keys, Now: time.Now}),
		Material: material.New(material.Config{DB: d, Blobs: blobs, Now: time.Now}), Jobs: work, Blobs: blobs, Secrets: keys,
		Carriers: map[contact.Road]road.Carrier{contact.Mail: mail}, Divert: true, BaseURL: "https://brug.test", Data: data, Now: time.Now, Log: log})
	if err := work.Start(ctx); err != nil {
		return err
	}
	go s.RunPost(ctx)
	fmt.Println("up")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// crowd adds guardians to the world's school, one child and one home each, in many languages.
func crowd(w *contacttest.World, n int) {
	w.T.Helper()
	const series = "with recursive n(i) as (select 1 union all select i + 1 from n where i < $1) "
	// The families of the world hear at any hour too, for the test runs on any day.
	w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(w.Ctx, "update guardians set quiet_from = '03:00', quiet_to = '03:00', weekend = (1 = 1)")
		return err
	}))
	var class int64
	w.OK(w.DB.SQL().QueryRow("select id from classes where public_id = $1", w.Class["3A"]).Scan(&class))
	for _, insert := range []string{
		"insert into households (id, public_id, school_id, created_at) " + series + "select 100000 + i, 'h' || i, SCHOOL, 1 from n",
		"insert into pupils (id, public_id, school_id, given, family, name_fold, created_at) " + series + "select 100000 + i, 'p' || i, SCHOOL, 'Kind' || i, 'Test', 'kind', 1 from n",
		"insert into household_pupils (school_id, household_id, pupil_id) " + series + "select SCHOOL, 100000 + i, 100000 + i from n",
		"insert into enrolments (school_id, pupil_id, class_id, from_date) " + series + "select SCHOOL, 100000 + i, CLASS, '2026-09-01' from n",
		"insert into guardians (id, public_id, school_id, household_id, name, name_fold, email, phone, lang, roads, quiet_from, quiet_to, weekend, created_at) " + series +
			"select 100000 + i, 'g' || i, SCHOOL, 100000 + i, 'Ouder ' || i, 'ouder', 'p' || i || '@example.org', '+32499' || (100000 + i), " +
			"case i % 5 when 0 then 'nl' when 1 then 'ar' when 2 then 'tr' when 3 then 'uk' else 'fr' end, 'mail,sms,paper', '03:00', '03:00', TRUE, 1 from n",
		"insert into guardian_rights (school_id, guardian_id, pupil_id) " + series + "select SCHOOL, 100000 + i, 100000 + i from n",
	} {
		insert = strings.NewReplacer("SCHOOL", strconv.FormatInt(w.School.ID, 10), "CLASS", strconv.FormatInt(class, 10), "TRUE", "(1 = 1)").Replace(insert)
		w.OK(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
			_, err := tx.SQL().ExecContext(w.Ctx, insert, n)
			return err
		}))
	}
}

// trouble is how the mail server behaves.
type trouble struct {
	mu      sync.Mutex
	kills   int
	changed *sync.Cond
	taken   int
	putOff  map[string]int
	stalls  int
}

// wrongNumber: these addresses are not there.
func wrongNumber(to string) bool { return number(to)%50 == 7 }

func number(to string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(to, "p"), "@example.org"))
	if err != nil {
		return 0
	}
	return n
}

func (m *trouble) refuse(to string) string {
	if wrongNumber(to) {
		return "550 5.1.1 nobody of that name"
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if number(to)%20 == 3 && m.putOff[to] < 2 {
		m.putOff[to]++
		return "450 4.7.1 come back later"
	}
	return ""
}

// take lets so many mails through between two kills that all of the kills happen while there is work.
func (m *trouble) take(to string, _ []byte) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if rand.N(400) == 0 {
		m.stalls++
		return sink.Stall
	}
	m.mu.Unlock()
	time.Sleep(rand.N(4 * time.Millisecond)) // a server at work
	m.mu.Lock()
	kills := m.kills
	for m.kills < faultKills && m.taken > (m.kills+1)*faultRecipients/(faultKills+2) {
		m.changed.Wait()
	}
	if m.kills != kills {
		return sink.Stall // whoever waited for this answer may be dead
	}
	m.taken++
	m.changed.Broadcast()
	return ""
}

// busy waits until a random part of the mails that may go before the next kill has gone.
func (m *trouble) busy() {
	m.mu.Lock()
	defer m.mu.Unlock()
	room := (m.kills+1)*faultRecipients/(faultKills+2) - m.taken
	for until := m.taken + 1 + rand.N(max(1, room)); m.taken < until; {
		m.changed.Wait()
	}
}

func (m *trouble) killed() {
	m.mu.Lock()
	m.kills++
	m.mu.Unlock()
	m.changed.Broadcast()
}

func TestKilledProcessesLoseNothingAndDoubleNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it kills processes twenty times")
	}
	for _, c := range []struct {
		name      string
		url       func(testing.TB) string
		processes int
	}{
		{"sqlite, one process", dbtest.SQLiteURL, 1},
		{"postgres, three processes", dbtest.PostgresURL, 3},
	} {
		t.Run(c.name, func(t *testing.T) { faults(t, c.url(t), c.processes) })
	}
}

func faults(t *testing.T, url string, processes int) {
	d, err := db.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	w := contacttest.New(t, d)
	crowd(w, faultRecipients)
	w.Clock = time.Now()
	s := New(Config{DB: d, Auth: w.Auth, School: w.Schools, Contact: w.Contact, Material: material.New(material.Config{DB: d, Blobs: w.Blobs, Now: time.Now}), Jobs: w.Jobs, Blobs: w.Blobs,
		Secrets: w.Keys, BaseURL: "https://brug.test", Now: time.Now})
	_, err = s.Send(w.Ctx, w.Teacher, Draft{To: To{Kind: "class", IDs: []string{w.Class["3A"]}}, Lang: "nl", Title: "Bos", Body: "Morgen gaan we naar het bos."}) // not urgent: that would leave a server that is busy
	w.OK(err)

	m := &trouble{putOff: map[string]int{}}
	m.changed = sync.NewCond(&m.mu)
	server := &sink.Sink{Refuse: m.refuse, Take: m.take}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	w.OK(err)
	defer l.Close()
	go server.Serve(l)

	env := append(os.Environ(), fmt.Sprintf("%s=%s %s smtp://%s?tls=none", faultEnv, url, t.TempDir(), l.Addr()))
	running := make([]*process, processes)
	for i := range running {
		running[i] = start(t, env)
	}
	for range faultKills {
		i := rand.N(processes)
		if rand.N(5) > 0 {
			m.busy() // while letters are on their way
		} else {
			running[i].up(t) // while it begins, and sees what was left behind
		}
		time.Sleep(rand.N(40 * time.Millisecond))
		running[i].kill(t)
		m.killed()
		running[i] = start(t, env)
	}
	for open := 1; open > 0; time.Sleep(50 * time.Millisecond) {
		w.OK(d.SQL().QueryRow("select count(*) from recipients where state in ('new', 'waiting', 'sending', 'together')").Scan(&open))
	}
	for _, p := range running {
		p.kill(t)
	}

	count := func(query string) (n int) {
		t.Helper()
		w.OK(d.SQL().QueryRow(query).Scan(&n))
		return n
	}
	if n := count("select count(*) from recipients where state = 'sent' and guardian_id >= 100000"); n != faultRecipients {
		t.Errorf("%d letters were sent", n)
	}
	const offers = `(select count(*) from contacts c where c.school_id = r.school_id and c.area = 'messages' and c.ref = r.public_id and c.stage = 'offered' and c.corrects is null
		and not exists (select 1 from contacts x where x.corrects = c.id))`
	if n := count("select count(*) from recipients r where r.state = 'sent' and " + offers + " <> 1"); n != 0 {
		t.Errorf("%d letters have not exactly one line in the ledger", n)
	}
	taken, _ := server.Taken()
	extra, most, wrong := 0, 0, 0
	for i := 1; i <= faultRecipients; i++ {
		to := fmt.Sprintf("p%d@example.org", i)
		n := taken[to]
		switch {
		case wrongNumber(to):
			wrong++
			if n != 0 {
				t.Errorf("%s is not there and got %d mails", to, n)
			}
			continue
		case n == 0:
			t.Errorf("%s got no mail", to)
		case n > 1+faultKills:
			t.Errorf("%s got %d mails", to, n)
		}
		extra += max(0, n-1)
		most = max(most, n)
	}
	if extra > faultKills*faultConns {
		t.Errorf("%d mails too many: more than one for each connection that was cut", extra)
	}
	if n := count("select count(*) from outbox o join recipients r on r.id = o.recipient_id where o.road = 'sms' and r.guardian_id >= 100000"); n != wrong {
		t.Errorf("%d letters went by the next road, want %d", n, wrong)
	}
	t.Logf("%d letters, %d kills, %d times put off, %d stalls: %d mails too many, at most %d to one person", faultRecipients, faultKills, 2*len(m.putOff), m.stalls, extra, most)
}

// process is one that brings letters.
type process struct {
	cmd  *exec.Cmd
	in   io.Closer
	line chan error // the first line, or the end
}

func start(t *testing.T, env []string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(os.Args[0]), line: make(chan error, 1)}
	p.cmd.Env, p.cmd.Stderr = env, os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if p.in, err = p.cmd.StdinPipe(); err != nil { // ends with this process, however that ends
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_, err := bufio.NewReader(out).ReadString('\n')
		p.line <- err
	}()
	t.Cleanup(func() { p.in.Close() })
	return p
}

// up waits until the process works.
func (p *process) up(t *testing.T) {
	t.Helper()
	if err := <-p.line; err != nil {
		t.Fatalf("a process did not begin: %v", err)
	}
	p.line <- nil
}

func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.cmd.Wait() //nolint:errcheck // it was killed
}
