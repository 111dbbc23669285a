package messages

import (
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/messages/road"
)

// While a letter is in the hands of a carrier its guardian may see it on the page: that is more than the road can tell.
func TestWhatWasSeenOnItsWayStaysSeen(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		meanwhile := map[string]func(){
			"an.maes@example.org": func() {
				_, _, err := o.s.See(o.Ctx, o.guest("An Maes"), o.arrived("An Maes"))
				o.OK(err)
			},
			"nadia.haddad@example.org": func() {
				_, err := o.s.AnswerMessage(o.Ctx, o.guest("Nadia Haddad"), o.arrived("Nadia Haddad"), Said{Body: "ja"})
				o.OK(err)
			},
			"piotr.nowak@example.org": func() {
				_, _, err := o.s.See(o.Ctx, o.guest("Piotr Nowak"), o.arrived("Piotr Nowak"))
				o.OK(err)
			},
		}
		taken := map[string]road.Result{
			"nadia.haddad@example.org": {Taken: true, Ref: "m-1"}, // settled one by one
			"piotr.nowak@example.org":  {Problem: "550 5.1.1", Final: true},
		}
		o.mail.answer = func(p road.Parcel) road.Result {
			if do := meanwhile[p.To]; do != nil {
				do()
			}
			if r, is := taken[p.To]; is {
				return r
			}
			return road.Result{Taken: true}
		}
		o.exec("update guardians set roads = 'mail,paper' where name = 'Piotr Nowak'")
		o.send("Bos")
		o.post()
		o.want("opened", o.rows("An Maes"), "Bos opened mail [mail,sms,paper]")
		o.want("answered", o.rows("Nadia Haddad"), "Bos answered mail [mail,sms,paper]")
		o.want("opened, and only paper is left", o.rows("Piotr Nowak"), "Bos opened paper [paper] 550 5.1.1")
		o.want("not seen", o.rows("Tsega Haile"), "Bos sent mail [mail,sms,paper]")
	})
}

// Two processes learn at the same moment that two roads of one guardian lead nowhere: none forgets what the other noted. On
// SQLite one writes after the other in any case.
func TestTwoProcessesNoteFailedRoads(t *testing.T) {
	d := dbtest.Postgres(t)
	o := newOffice(t, d)
	var nadia int64
	o.OK(d.SQL().QueryRow("select id from guardians where name = 'Nadia Haddad'").Scan(&nadia))
	second := make(chan error, 1)
	o.OK(d.Write(o.Ctx, func(tx *db.Tx) error {
		if err := setFailed(o.Ctx, tx, map[int64][]contact.Road{nadia: {contact.Mail}}, o.Clock); err != nil {
			return err
		}
		go func() {
			second <- d.Write(o.Ctx, func(tx *db.Tx) error {
				return setFailed(o.Ctx, tx, map[int64][]contact.Road{nadia: {contact.SMS}}, o.Clock)
			})
		}()
		for end := time.Now().Add(20 * time.Second); o.count("select count(*) from pg_locks l join pg_database b on b.datname = current_database() where not l.granted and (l.database = b.oid or l.database is null)") == 0; {
			if time.Now().After(end) {
				t.Fatal("the second process does not wait for the first")
			}
			time.Sleep(5 * time.Millisecond)
		}
		return nil
	}))
	o.OK(<-second)
	var failed string
	o.OK(d.SQL().QueryRow("select failed from guardians where id = $1", nadia).Scan(&failed))
	if roads := failedRoads(failed); len(roads) != 2 || roads[contact.Mail] == 0 || roads[contact.SMS] == 0 {
		t.Errorf("failed: %s", failed)
	}
}
