// Command fanoutdata measures how fast letters go out: see bench/fanout.
//
// The mail server is this same program, started as another process; it takes everything and keeps nothing. The processes share
// the machine, so its time is part of the mails in a second, but not of the CPU that is told.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"brug/internal/auth"
	"brug/internal/blob"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/jobs"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/messages/email"
	"brug/internal/messages/email/sink"
	"brug/internal/messages/letter"
	"brug/internal/messages/road"
	"brug/internal/school"
	"brug/internal/secret"

	gomail "github.com/wneessen/go-mail"
)

const conns = 8

// langs are those that the families read.
var langs = []string{"nl", "fr", "en", "ar", "tr", "uk", "pl", "ro", "es", "bg", "fa", "ti", "so", "pt"}

func main() {
	server := flag.Bool("sink", false, "be the mail server (the program starts itself so)")
	letters := flag.Int("letters", 10000, "how many guardians")
	rounds := flag.Int("rounds", 3, "rounds; the median counts")
	profile := flag.String("profile", "", "write a CPU profile of the letters to this file")
	flag.Parse()
	run := func() error { return measure(context.Background(), *letters, *rounds, *profile) }
	if *server {
		run = serve
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench/fanout:", err)
		os.Exit(1)
	}
}

// serve is the mail server: it says where it listens, and counts until its input ends.
func serve() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s := &sink.Sink{}
	go s.Serve(l)
	fmt.Println(l.Addr())
	for in := bufio.NewScanner(os.Stdin); in.Scan(); { // each line asks for a count
		taken, bytes := s.Taken()
		n := 0
		for _, of := range taken {
			n += of
		}
		fmt.Println(n, len(taken), bytes)
	}
	return nil
}

// mailServer is the other process.
type mailServer struct {
	addr string
	ask  io.WriteCloser
	told *bufio.Scanner
	cmd  *exec.Cmd
}

func startServer() (*mailServer, error) {
	m := &mailServer{cmd: exec.Command(os.Args[0], "-sink")}
	m.cmd.Stderr = os.Stderr
	out, err := m.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if m.ask, err = m.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := m.cmd.Start(); err != nil {
		return nil, err
	}
	m.told = bufio.NewScanner(out)
	if !m.told.Scan() {
		return nil, errors.New("the mail server did not start")
	}
	m.addr = m.told.Text()
	return m, nil
}

// taken is how many mails it got, for how many addresses, and how long they were.
func (m *mailServer) taken() (mails, addresses, bytes int, err error) {
	if _, err = fmt.Fprintln(m.ask); err != nil {
		return 0, 0, 0, err
	}
	if !m.told.Scan() {
		return 0, 0, 0, errors.New("the mail server ended")
	}
	_, err = fmt.Sscan(m.told.Text(), &mails, &addresses, &bytes)
	return mails, addresses, bytes, err
}

func (m *mailServer) stop() error { return errors.Join(m.ask.Close(), m.cmd.Wait()) }

// house is Brug, as much of it as letters need.
type house struct {
	dir      string
	db       *db.DB
	jobs     *jobs.Runner
	messages *messages.Service
	teacher  auth.Actor
	mail     *email.Carrier
	kept     *copies
	post     sync.WaitGroup
	end      context.CancelFunc
}

// copies gives parcels on, and keeps them for the plain loop.
type copies struct {
	road.Carrier
	mu      sync.Mutex
	keep    bool
	parcels []road.Parcel
}

func (c *copies) Carry(ctx context.Context, parcels []road.Parcel, done func(int, road.Result)) {
	if c.keep {
		c.mu.Lock()
		c.parcels = append(c.parcels, parcels...)
		c.mu.Unlock()
	}
	c.Carrier.Carry(ctx, parcels, done)
}

func open(ctx context.Context, server string, letters int) (h *house, err error) {
	h = &house{}
	if h.dir, err = os.MkdirTemp("", "brug-fanout-"); err != nil {
		return nil, err
	}
	if h.db, err = db.Open(ctx, "sqlite:"+filepath.Join(h.dir, "brug.db")); err != nil {
		return nil, err
	}
	if err := h.db.Migrate(ctx); err != nil {
		return nil, err
	}
	keys, err := secret.Open(h.dir, "")
	if err != nil {
		return nil, err
	}
	blobs, err := blob.Open(filepath.Join(h.dir, "files"))
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	h.jobs = jobs.New(h.db, jobs.Config{Log: log})
	people, err := auth.New(auth.Config{DB: h.db, Now: time.Now, BaseURL: "https://brug.example"})
	if err != nil {
		return nil, err
	}
	schools := school.New(school.Config{DB: h.db, Blobs: blobs, Jobs: h.jobs, Now: time.Now})
	contacts := contact.New(contact.Config{DB: h.db, School: schools, Auth: people, Keys: keys, Now: time.Now})
	if h.mail, err = email.New(email.Config{URL: "smtp://" + server + "?tls=none", From: "Brug <brug@school.example>", Conns: conns}); err != nil {
		return nil, err
	}
	h.kept = &copies{Carrier: h.mail}
	h.messages = messages.New(messages.Config{DB: h.db, Auth: people, School: schools, Contact: contacts, Material: material.New(material.Config{DB: h.db, Blobs: blobs, Now: time.Now}),
		Jobs: h.jobs, Blobs: blobs, Secrets: keys, Carriers: map[contact.Road]road.Carrier{contact.Mail: h.kept}, ReplyTo: "in.brug.example", BaseURL: "https://brug.example",
		Data: h.dir, Now: time.Now, Log: log})
	made, err := people.CreateSchool(ctx, auth.Actor{Role: auth.System, Name: "operator", Lang: "nl"}, auth.NewSchool{Name: "Basisschool De Brug", Town: "Brussel", Email: "de@brug.example", Lang: "nl", Timezone: "Europe/Brussels"})
	if err != nil {
		return nil, err
	}
	h.teacher = auth.ForSchool(made)
	if err := h.crowd(ctx, made.ID, letters); err != nil {
		return nil, err
	}
	if err := h.jobs.Start(ctx); err != nil {
		return nil, err
	}
	ctx, h.end = context.WithCancel(ctx)
	h.post.Go(func() { h.messages.RunPost(ctx) })
	return h, nil
}

// crowd makes guardians, each with a child and a home.
func (h *house) crowd(ctx context.Context, schoolID int64, n int) error {
	const series = "with recursive n(i) as (select 1 union all select i + 1 from n where i < $1) "
	list := ""
	for i, l := range langs {
		list += fmt.Sprintf(" when %d then '%s'", i, l)
	}
	for _, insert := range []string{
		"insert into classes (id, public_id, school_id, year, name, name_fold, audience, created_at) " + series + "select 1000 + i, 'c' || i, SCHOOL, '2026-2027', 'K' || i, 'k' || i, 'grade12', 1 from n where i <= 25",
		"insert into households (id, public_id, school_id, created_at) " + series + "select 100000 + i, 'h' || i, SCHOOL, 1 from n",
		"insert into pupils (id, public_id, school_id, given, family, name_fold, created_at) " + series + "select 100000 + i, 'p' || i, SCHOOL, 'Kind' || i, 'Peeters', 'kind', 1 from n",
		"insert into household_pupils (school_id, household_id, pupil_id) " + series + "select SCHOOL, 100000 + i, 100000 + i from n",
		"insert into enrolments (school_id, pupil_id, class_id, from_date) " + series + "select SCHOOL, 100000 + i, 1001 + i % 25, '2026-09-01' from n",
		"insert into guardians (id, public_id, school_id, household_id, name, name_fold, email, lang, roads, quiet_from, quiet_to, weekend, created_at) " + series +
			"select 100000 + i, 'g' || i, SCHOOL, 100000 + i, 'Ouder ' || i, 'ouder', 'ouder' || i || '@families.example.org', case i % " + strconv.Itoa(len(langs)) + list + " end, 'mail,paper', '03:00', '03:00', 1, 1 from n",
		"insert into guardian_rights (school_id, guardian_id, pupil_id) " + series + "select SCHOOL, 100000 + i, 100000 + i from n",
	} {
		if err := h.db.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.SQL().ExecContext(ctx, strings.ReplaceAll(insert, "SCHOOL", strconv.FormatInt(schoolID, 10)), n)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

func (h *house) close() error {
	h.end()
	h.post.Wait()
	err := h.jobs.Stop(context.Background())
	h.mail.Close()
	return errors.Join(err, h.db.Close(), os.RemoveAll(h.dir))
}

// send writes one letter to everybody, waits until all of it is written down, and answers its id. Urgent: no budget holds it
// back, and it is the third that week.
func (h *house) send(ctx context.Context) (id string, err error) {
	id, err = h.messages.Send(ctx, h.teacher, messages.Draft{To: messages.To{Kind: string(school.ScopeSchool)}, Lang: "nl", Title: "Warme kleren",
		Phrases: []messages.Phrase{{Slug: "bring-what-you-have"}, {Slug: "bring-not-at-home"}},
		Urgent:  true, WhyUrgent: "het sneeuwt"})
	for state := ""; err == nil && state != string(messages.Finished); {
		time.Sleep(5 * time.Millisecond)
		err = h.db.SQL().QueryRow("select state from messages where public_id = $1", id).Scan(&state)
	}
	return id, err
}

// check counts what was sent and written down for a letter.
func (h *house) check(id string, letters int) error {
	var sent, written int
	if err := h.db.SQL().QueryRow(`select count(*), sum((select count(*) from contacts c where c.school_id = r.school_id and c.area = 'messages' and c.ref = r.public_id and c.stage = 'offered'))
			from recipients r join messages m on m.id = r.message_id where m.public_id = $1 and r.state = 'sent'`, id).Scan(&sent, &written); err != nil {
		return err
	}
	if sent != letters || written != letters {
		return fmt.Errorf("%d letters were sent, with %d lines in the ledger", sent, written)
	}
	return nil
}

// figures of one run.
type figures struct{ perSecond, cpu float64 }

func measured(n int, work func() error) (figures, error) {
	runtime.GC()
	cpu, at := cpuTime(), time.Now()
	if err := work(); err != nil {
		return figures{}, err
	}
	took, used := time.Since(at), cpuTime()-cpu
	return figures{float64(n) / took.Seconds(), used.Seconds() * 1000 / float64(n)}, nil
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// plain sends the same letters by go-mail, over as many connections, and writes nothing down.
func plain(ctx context.Context, server string, parcels []road.Parcel) error {
	host, port, err := net.SplitHostPort(server)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	work := make(chan road.Parcel)
	ended := make(chan error, conns)
	for range conns {
		go func() {
			client, err := gomail.NewClient(host, gomail.WithPort(number), gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithTimeout(time.Minute))
			if err == nil {
				err = client.DialWithContext(ctx)
			}
			for p := range work {
				if err == nil {
					err = sendPlain(client, p)
				}
			}
			if err == nil {
				err = client.Close()
			}
			ended <- err
		}()
	}
	for _, p := range parcels {
		work <- p
	}
	close(work)
	for range conns {
		err = errors.Join(err, <-ended)
	}
	return err
}

func sendPlain(client *gomail.Client, p road.Parcel) error {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	subject, text, html := letter.Mail(p.Letters)
	if err := errors.Join(m.FromFormat(p.Letters[0].School, "brug@school.example"), m.To(p.To), m.ReplyTo(p.ReplyTo)); err != nil {
		return err
	}
	m.SetMessageIDWithValue(p.Key + "@school.example")
	m.SetDateWithValue(p.At)
	m.Subject(subject)
	m.SetGenHeader("Content-Language", p.Letters[0].Lang)
	m.SetGenHeader("List-Unsubscribe", "<"+p.Unsubscribe+">")
	m.SetBodyString(gomail.TypeTextPlain, text)
	m.AddAlternativeString(gomail.TypeTextHTML, html)
	return client.Send(m)
}

func measure(ctx context.Context, letters, rounds int, profile string) error {
	server, err := startServer()
	if err != nil {
		return err
	}
	h, err := open(ctx, server.addr, letters)
	if err != nil {
		return err
	}
	if _, err := h.send(ctx); err != nil { // everybody's first letter also makes a personal link; not measured
		return err
	}
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
	}
	var brug, loop []figures
	h.kept.keep = true
	for range rounds {
		h.kept.parcels = nil
		var id string
		got, err := measured(letters, func() (err error) { id, err = h.send(ctx); return err })
		if err == nil {
			err = h.check(id, letters)
		}
		if err != nil {
			return err
		}
		brug = append(brug, got)
		if profile != "" {
			continue
		}
		if got, err = measured(letters, func() error { return plain(ctx, server.addr, h.kept.parcels) }); err != nil {
			return err
		}
		loop = append(loop, got)
	}
	pprof.StopCPUProfile()
	mails, addresses, bytes, err := server.taken()
	if err != nil {
		return err
	}
	if want := letters * (1 + len(brug) + len(loop)); mails != want || addresses != letters {
		return fmt.Errorf("the server got %d mails for %d addresses, not %d", mails, addresses, want)
	}
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return err
	}
	memory := usage.Maxrss / 1024
	if err := errors.Join(h.close(), server.stop()); err != nil {
		return err
	}
	fmt.Printf("%d letters in %d languages, about %d bytes each, %d connections, %d rounds\n", letters, len(langs), bytes/mails, conns, rounds)
	for i := range brug {
		fmt.Printf("  Brug, a row and a line in the ledger each: %6.0f mails/s %.3f ms CPU", brug[i].perSecond, brug[i].cpu)
		if i < len(loop) {
			fmt.Printf("    go-mail, nothing written down: %6.0f mails/s %.3f ms CPU", loop[i].perSecond, loop[i].cpu)
		}
		fmt.Println()
	}
	b, l := median(brug), figures{}
	if len(loop) > 0 {
		l = median(loop)
	}
	fmt.Printf("mails_per_s=%.0f cpu_ms_per_mail=%.3f memory_mb=%d plain_mails_per_s=%.0f plain_cpu_ms_per_mail=%.3f\n", b.perSecond, b.cpu, memory, l.perSecond, l.cpu)
	return nil
}

func median(all []figures) figures {
	slices.SortFunc(all, func(a, b figures) int { return int(a.perSecond - b.perSecond) })
	return all[len(all)/2]
}
