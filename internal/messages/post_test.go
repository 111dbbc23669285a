package messages

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/jobs"
	"brug/internal/material"
	"brug/internal/messages/road"
)

// van is a carrier that keeps what it got and answers as it is told.
type van struct {
	mu     sync.Mutex
	got    []road.Parcel
	answer func(p road.Parcel) road.Result
}

func (v *van) Carry(_ context.Context, parcels []road.Parcel, done func(int, road.Result)) {
	for i, p := range parcels {
		r := road.Result{Taken: true}
		if v.answer != nil {
			r = v.answer(p)
		}
		v.mu.Lock()
		v.got = append(v.got, p)
		v.mu.Unlock()
		done(i, r)
	}
}

// took is to whom something went, and what it was called.
func (v *van) took() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []string
	for _, p := range v.got {
		titles := make([]string, len(p.Letters))
		for i, l := range p.Letters {
			titles[i] = l.Title.Text
		}
		out = append(out, p.To+": "+strings.Join(titles, "+"))
	}
	slices.Sort(out)
	v.got = nil
	return strings.Join(out, "; ")
}

// office is the school's world with the post in it.
type office struct {
	*contacttest.World
	s         *Service
	mail, sms *van
}

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	w := contacttest.New(t, d)
	o := &office{World: w, mail: &van{}, sms: &van{}}
	o.s = New(Config{DB: d, Auth: w.Auth, School: w.Schools, Contact: w.Contact, Material: material.New(material.Config{DB: d, Blobs: w.Blobs, Now: func() time.Time { return w.Clock }}),
		Jobs: jobs.New(d, jobs.Config{}), Blobs: w.Blobs, Secrets: w.Keys, Carriers: map[contact.Road]road.Carrier{contact.Mail: o.mail, contact.SMS: o.sms},
		Divert: true, BaseURL: "https://brug.test", ReplyTo: "in.brug.test", Data: t.TempDir(), Now: func() time.Time { return w.Clock }, Log: slog.New(slog.DiscardHandler)})
	o.exec("update guardians set roads = 'mail,sms,paper', email = lower(replace(name, ' ', '.')) || '@example.org'")
	return o
}

func (o *office) exec(statement string, args ...any) {
	o.T.Helper()
	o.OK(o.DB.Write(o.Ctx, func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(o.Ctx, statement, args...)
		return err
	}))
}

func (o *office) send(title string, change ...func(*Draft)) string {
	o.T.Helper()
	d := Draft{To: To{Kind: "class", IDs: []string{o.Class["3A"]}}, Lang: "nl", Title: title, Body: "Morgen gaan we naar het bos."}
	for _, c := range change {
		c(&d)
	}
	id, err := o.s.Send(o.Ctx, o.Teacher, d)
	o.OK(err)
	return id
}

// post plans and carries what is due at the clock's time.
func (o *office) post() {
	o.T.Helper()
	_, err := o.s.Plan(o.Ctx)
	o.OK(err)
	_, err = o.s.Carry(o.Ctx)
	o.OK(err)
}

// rows tells, for each recipient of a guardian, the state, the road and the problem.
func (o *office) rows(guardian string) string {
	o.T.Helper()
	rows, err := o.DB.SQL().Query(`select m.title, r.state, r.road, r.roads, r.problem from recipients r join messages m on m.id = r.message_id
		left join guardians g on g.id = r.guardian_id where coalesce(g.name, '') = $1 order by r.id`, guardian)
	o.OK(err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var title, state, by, roads, problem string
		o.OK(rows.Scan(&title, &state, &by, &roads, &problem))
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s [%s] %s", title, state, by, roads, problem)))
	}
	o.OK(rows.Err())
	return strings.Join(out, "; ")
}

// ledger is how many lines each letter has that something was offered, and that were not taken back: road by road.
func (o *office) ledger() string {
	o.T.Helper()
	rows, err := o.DB.SQL().Query(`select g.name, c.road, count(*) from contacts c join guardians g on g.id = c.guardian_id
		where c.area = 'messages' and c.stage = 'offered' and c.corrects is null and not exists (select 1 from contacts x where x.corrects = c.id)
		group by g.name, c.road order by g.name, c.road`)
	o.OK(err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name, by string
		var n int
		o.OK(rows.Scan(&name, &by, &n))
		out = append(out, fmt.Sprintf("%s %s %d", name, by, n))
	}
	o.OK(rows.Err())
	return strings.Join(out, "; ")
}

func (o *office) want(what, got, want string) {
	o.T.Helper()
	if got != want {
		o.T.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

func eachOffice(t *testing.T, run func(t *testing.T, o *office)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { run(t, newOffice(t, d)) })
}

func TestALetterGoesByTheRoadOfItsGuardian(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.exec("update guardians set road = 'sms' where name = 'Tsega Haile'")
		o.send("Bos")
		o.post()
		o.want("mail", o.mail.took(), "an.maes@example.org: Bos; nadia.haddad@example.org: Bos; piotr.nowak@example.org: Bos")
		o.want("sms", o.sms.took(), "+32499000004: Bos")
		o.want("ledger", o.ledger(), "An Maes mail 1; Nadia Haddad mail 1; Piotr Nowak mail 1; Tsega Haile sms 1")
		o.post()
		o.want("once more", o.mail.took()+o.sms.took(), "")
		var state string
		o.OK(o.DB.SQL().QueryRow("select state from messages").Scan(&state))
		o.want("the message", state, string(Finished))
	})
}

func TestARoadThatFailsGivesWayToTheNext(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.mail.answer = func(p road.Parcel) road.Result {
			switch p.To {
			case "an.maes@example.org":
				return road.Result{Problem: "550 5.1.1", Final: true, Address: true}
			case "piotr.nowak@example.org":
				return road.Result{Problem: "451"}
			}
			return road.Result{Taken: true}
		}
		o.send("Bos")
		o.post()
		o.want("first, An", o.rows("An Maes"), "Bos sent sms [sms,paper]")
		o.want("first, Piotr", o.rows("Piotr Nowak"), "Bos waiting  [mail,sms,paper] 451")
		o.want("ledger", o.ledger(), "An Maes sms 1; Nadia Haddad mail 1; Tsega Haile mail 1")
		o.mail.answer = nil
		o.mail.took()
		o.Clock = o.Clock.Add(2 * time.Minute)
		o.post()
		o.want("the second try", o.mail.took(), "piotr.nowak@example.org: Bos")
		o.want("ledger after it", o.ledger(), "An Maes sms 1; Nadia Haddad mail 1; Piotr Nowak mail 1; Tsega Haile mail 1")

		// The next message knows that An's address is wrong.
		o.send("Zwemmen")
		o.Clock = o.Clock.Add(time.Minute)
		o.post()
		o.want("the next message", o.sms.took(), "+32499000002: Bos; +32499000002: Zwemmen")
		if strings.Contains(o.mail.took(), "an.maes") {
			t.Error("a mail went to the address that failed")
		}
	})
}

func TestAtNightTheNextRoadWaitsForTheMorning(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.Clock = time.Date(2026, 11, 24, 18, 50, 0, 0, time.UTC) // 19:50 in Brussels
		o.mail.answer = func(p road.Parcel) road.Result { return road.Result{Problem: "451"} }
		o.send("Bos")
		o.post()
		o.mail.answer = func(p road.Parcel) road.Result {
			return road.Result{Problem: "550 5.1.1", Final: true, Address: true}
		}
		o.Clock = o.Clock.Add(2 * time.Hour)
		o.post()
		o.want("at night", o.sms.took(), "")
		o.Clock = time.Date(2026, 11, 25, 6, 0, 0, 0, time.UTC) // 7:00
		o.post()
		o.want("in the morning", o.sms.took(), "+32499000001: Bos; +32499000002: Bos; +32499000003: Bos; +32499000004: Bos")
	})
}

func TestWhatIsDueAtTheSameMomentGoesTogether(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.Clock = time.Date(2026, 11, 24, 21, 0, 0, 0, time.UTC) // at night
		o.send("Bos")
		o.send("Zwemmen")
		o.post()
		o.want("at night", o.mail.took(), "")
		o.Clock = time.Date(2026, 11, 25, 6, 0, 0, 0, time.UTC)
		o.post()
		o.want("in the morning", o.mail.took(), "an.maes@example.org: Bos+Zwemmen; nadia.haddad@example.org: Bos+Zwemmen; piotr.nowak@example.org: Bos+Zwemmen; tsega.haile@example.org: Bos+Zwemmen")
		o.want("each has its line", o.ledger(), "An Maes mail 2; Nadia Haddad mail 2; Piotr Nowak mail 2; Tsega Haile mail 2")
		o.want("rows", o.rows("An Maes"), "Bos sent mail [mail,sms,paper]; Zwemmen sent mail [mail,sms,paper]")
	})
}

func TestWhoAskedForARestMeanwhileGetsNothing(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.Clock = time.Date(2026, 11, 24, 21, 0, 0, 0, time.UTC)
		o.send("Bos")
		o.send("Zwemmen")
		o.post()
		o.exec("update guardians set stopped_at = 5 where name = 'An Maes'")
		o.exec("update households set paused_at = 5 where id = (select household_id from guardians where name = 'Tsega Haile')")
		o.exec("update guardian_rights set barred = (1 = 1) where guardian_id = (select id from guardians where name = 'Piotr Nowak')")
		o.Clock = time.Date(2026, 11, 25, 6, 0, 0, 0, time.UTC)
		o.post()
		o.want("who is left", o.mail.took(), "nadia.haddad@example.org: Bos+Zwemmen")
		for _, who := range []string{"An Maes", "Tsega Haile", "Piotr Nowak"} {
			o.want(who, o.rows(who), "Bos stopped  [mail,sms,paper]; Zwemmen stopped  [mail,sms,paper]")
		}
	})
}

func TestABounceMovesALetterToTheNextRoad(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.send("Bos")
		o.post()
		o.mail.took()
		key := func(guardian string) (id string) {
			o.OK(o.DB.SQL().QueryRow("select r.public_id from recipients r join guardians g on g.id = r.guardian_id where g.name = $1", guardian).Scan(&id))
			return id
		}
		for range 2 { // told twice
			o.OK(o.s.Bounced(o.Ctx, contact.Mail, key("An Maes"), "550 5.1.1", true))
		}
		o.want("after the bounce", o.ledger(), "Nadia Haddad mail 1; Piotr Nowak mail 1; Tsega Haile mail 1")
		o.post()
		o.want("the next road", o.sms.took(), "+32499000002: Bos")
		o.want("ledger", o.ledger(), "An Maes sms 1; Nadia Haddad mail 1; Piotr Nowak mail 1; Tsega Haile mail 1")
		o.OK(o.s.Delivered(o.Ctx, contact.SMS, key("An Maes")))
		o.OK(o.s.Bounced(o.Ctx, contact.Mail, key("An Maes"), "late", true))
		o.want("told late", o.rows("An Maes"), "Bos delivered sms [sms,paper]")
		o.exec("update recipients set state = 'opened', opened_at = 7 where public_id = $1", key("Nadia Haddad"))
		o.OK(o.s.Bounced(o.Ctx, contact.Mail, key("Nadia Haddad"), "550", true))
		o.want("what was opened has arrived", o.rows("Nadia Haddad"), "Bos opened mail [mail,sms,paper]")
		if err := o.s.Bounced(o.Ctx, contact.Mail, "nobody", "550", true); err == nil {
			t.Error("a bounce of nothing")
		}
	})
}

func TestARoadThatNobodyConfiguredLeadsNowhere(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.s.Divert = false
		delete(o.s.Carriers, contact.Mail)
		draft := Draft{To: To{Kind: "class", IDs: []string{o.Class["3A"]}}, Lang: "nl", Title: "Bos", Body: "Dag."}
		o.exec("update guardians set roads = 'mail,paper' where name = 'Tsega Haile'")
		p, err := o.s.Preview(o.Ctx, o.Teacher, draft)
		o.OK(err)
		o.want("told before it is sent", fmt.Sprint(p.Roads), "[{sms 3} {paper 1}]")
		o.send("Bos")
		o.post()
		o.want("by SMS", o.sms.took(), "+32499000001: Bos; +32499000002: Bos; +32499000003: Bos")
		o.want("on paper", o.rows("Tsega Haile"), "Bos paper paper [paper]")
		o.want("the ledger", o.ledger(), "An Maes sms 1; Nadia Haddad sms 1; Piotr Nowak sms 1")
		if n := o.count("select count(*) from outbox"); n != 0 {
			t.Errorf("%d letters are in the outbox", n)
		}
		delete(o.s.Carriers, contact.SMS)
		if err := o.s.SendCode(o.Ctx, o.guest("An Maes"), "+32499000001", "123"); !errs.Is(err, errs.NotFound) || o.s.SendsCodes() {
			t.Errorf("a code that nobody brings: %v", err)
		}
	})
}

func TestARoadThatIsNotConfiguredGoesToTheOutbox(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.s.Carriers = nil
		o.exec("update guardians set road = 'sms' where name = 'Tsega Haile'")
		o.send("Bos")
		o.post()
		rows, err := o.DB.SQL().Query("select road, to_addr, title <> '', body_html <> '' from outbox order by to_addr")
		o.OK(err)
		defer rows.Close()
		var out []string
		for rows.Next() {
			var by, to string
			var title, html bool
			o.OK(rows.Scan(&by, &to, &title, &html))
			out = append(out, fmt.Sprint(by, " ", to, " ", title, " ", html))
		}
		o.OK(rows.Err())
		o.want("outbox", strings.Join(out, "; "), "sms +32499000004 false false; mail an.maes@example.org true true; mail nadia.haddad@example.org true true; mail piotr.nowak@example.org true true")
		o.want("ledger", o.ledger(), "An Maes mail 1; Nadia Haddad mail 1; Piotr Nowak mail 1; Tsega Haile sms 1")
	})
}

// A process dies after the server took letters and before that was written into their rows.
func TestNotesOfADeadProcessKeepLettersFromGoingTwice(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.send("Bos")
		_, err := o.s.Plan(o.Ctx)
		o.OK(err)
		dead, err := openNotes(o.s.notesFolder(), "dead")
		o.OK(err)
		o.exec("update recipients set state = 'sending', claim = 'dead', claimed_at = $1", time.Now().UnixMilli())
		var sent string
		o.OK(o.DB.SQL().QueryRow("select r.public_id from recipients r join guardians g on g.id = r.guardian_id where g.name = 'An Maes'").Scan(&sent))
		o.OK(dead.add(sent, contact.Mail, road.Result{Taken: true}))
		o.OK(o.s.attend(o.Ctx))
		o.want("while it lives nobody else sends", o.mail.took(), "")
		o.OK(dead.file.Close())
		o.OK(o.s.attend(o.Ctx))
		o.want("what it had not sent goes now", o.mail.took(), "nadia.haddad@example.org: Bos; piotr.nowak@example.org: Bos; tsega.haile@example.org: Bos")
		o.want("ledger", o.ledger(), "An Maes mail 1; Nadia Haddad mail 1; Piotr Nowak mail 1; Tsega Haile mail 1")
		o.OK(o.s.attend(o.Ctx))
		o.want("and nothing more", o.mail.took(), "")
	})
}

func TestAClaimEndsWithItsLease(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.send("Bos")
		_, err := o.s.Plan(o.Ctx)
		o.OK(err)
		o.exec("update recipients set state = 'sending', claim = 'elsewhere', claimed_at = $1", time.Now().Add(-lease/2).UnixMilli())
		o.OK(o.s.attend(o.Ctx))
		o.want("within the lease", o.mail.took(), "")
		o.exec("update recipients set claimed_at = $1", time.Now().Add(-2*lease).UnixMilli())
		o.OK(o.s.attend(o.Ctx))
		o.want("after it", o.mail.took(), "an.maes@example.org: Bos; nadia.haddad@example.org: Bos; piotr.nowak@example.org: Bos; tsega.haile@example.org: Bos")
	})
}
