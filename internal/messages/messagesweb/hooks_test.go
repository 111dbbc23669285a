package messagesweb

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/contact/contacttest"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/jobs"
	"brug/internal/live"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/messages/road"
	"brug/internal/messages/sms"
	"brug/internal/school"
	"brug/internal/web"
)

const hookSecret = "0123456789abcdef"

// phones is a gateway that takes every SMS, and numbers it by whom it is for.
type phones struct{}

func (phones) Carry(_ context.Context, parcels []road.Parcel, done func(int, road.Result)) {
	for i, p := range parcels {
		done(i, road.Result{Taken: true, Ref: "ref" + p.To, Parts: 1})
	}
}

// line is a school that has sent an SMS to everybody of 3A, and the site that its gateway calls.
type line struct {
	*contacttest.World
	site http.Handler
	m    *messages.Service
}

func newLine(t *testing.T, d *db.DB, gateway sms.Config) *line {
	t.Helper()
	w := contacttest.New(t, d)
	now := func() time.Time { return w.Clock }
	log := slog.New(slog.DiscardHandler)
	l := &line{World: w}
	l.m = messages.New(messages.Config{DB: d, Auth: w.Auth, School: w.Schools, Contact: w.Contact, Material: material.New(material.Config{DB: d, Blobs: w.Blobs, Now: now}),
		Jobs: jobs.New(d, jobs.Config{}), Blobs: w.Blobs, Secrets: w.Keys, Live: live.New(d, log), Carriers: map[contact.Road]road.Carrier{contact.SMS: phones{}, contact.Mail: phones{}},
		BaseURL: "https://brug.test", Data: t.TempDir(), Now: now, Log: log})
	l.exec("update guardians set roads = 'sms,paper'")
	if gateway.URL == "" {
		gateway.URL = "https://sms.example/?to={to}&t={text}"
	}
	gateway.Secret, gateway.Now = hookSecret, now
	g, err := sms.New(gateway)
	w.OK(err)
	pages := &Pages{Messages: l.m, Hooks: Hooks{SMS: g, BaseURL: "https://brug.test"}, Now: now}
	l.site = web.Handler(web.Config{DB: d, Auth: w.Auth, Routes: pages.hookRoutes(), BaseURL: "https://brug.test", Log: log})
	l.send("Zwemmen")
	return l
}

func (l *line) exec(statement string) {
	l.T.Helper()
	l.OK(l.DB.Write(l.Ctx, func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(l.Ctx, statement)
		return err
	}))
}

// send sends a message to 3A, and carries it.
func (l *line) send(title string) {
	l.T.Helper()
	_, err := l.m.Send(l.Ctx, l.Teacher, messages.Draft{To: messages.To{Kind: school.ScopeClass, IDs: []string{l.Class["3A"]}}, Lang: "nl", Title: title, Body: "Morgen om 9 uur."})
	l.OK(err)
	_, err = l.m.Plan(l.Ctx)
	l.OK(err)
	_, err = l.m.Carry(l.Ctx)
	l.OK(err)
}

// call is what the gateway sends; it gives the status.
func (l *line) call(what, secret string, form url.Values, signature string) int {
	l.T.Helper()
	r := httptest.NewRequest(http.MethodPost, "/hooks/sms/"+secret+"/"+what, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if signature != "" {
		r.Header.Set("X-Twilio-Signature", signature)
	}
	w := httptest.NewRecorder()
	l.site.ServeHTTP(w, r)
	return w.Code
}

// list reads one column.
func (l *line) list(query string) string {
	l.T.Helper()
	rows, err := l.DB.SQL().QueryContext(l.Ctx, query)
	l.OK(err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var v string
		l.OK(rows.Scan(&v))
		out = append(out, v)
	}
	l.OK(rows.Err())
	return strings.Join(out, "; ")
}

func (l *line) wants(what, got, want string) {
	l.T.Helper()
	if got != want {
		l.T.Errorf("%s: %q, want %q", what, got, want)
	}
}

const (
	saidSMS = "select g.name || ' ' || m.title || ' ' || e.road || ' ' || e.body from entries e join conversations c on c.id = e.conversation_id join guardians g on g.id = c.guardian_id join messages m on m.id = c.message_id where e.direction = 'in' order by e.id"
	counted = "select outcome from inbound order by id"
)

func sent(from, text, number string) url.Values {
	return url.Values{"from": {from}, "text": {text}, "id": {number}}
}

func TestAnSMSAnswersTheLatestLetterToItsNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLine(t, d, sms.Config{})
		l.wants("with a wrong secret", http.StatusText(l.call("in", "0123456789abcdeF", sent("+32499000001", "Dag", "0"), "")), "Not Found")
		for range 2 { // gateways call again when in doubt
			l.wants("called", http.StatusText(l.call("in", hookSecret, sent("32499000001", "Ja, Ali komt", "1"), "")), "OK")
		}
		l.Clock = l.Clock.Add(3 * time.Hour)
		l.send("Bos")
		l.call("in", hookSecret, sent("+32499000001", "Ook goed", "2"), "")
		l.call("in", hookSecret, sent("+32499999999", "Wie is dit?", "3"), "")
		l.wants("said", l.list(saidSMS), "Nadia Haddad Zwemmen sms Ja, Ali komt; Nadia Haddad Bos sms Ook goed")
		l.wants("counted", l.list(counted), "answer; answer; unknown")
		l.Clock = l.Clock.Add(61 * 24 * time.Hour)
		l.call("in", hookSecret, sent("+32499999999", "En nu?", "4"), "")
		l.OK(l.m.TidyInbound(l.Ctx))
		l.wants("after two months", l.list(counted), "unknown")
		if all := l.list("select key from inbound"); strings.Contains(all, "32499") {
			t.Errorf("a number is kept: %s", all)
		}
	})
}

func TestStopBySMSEndsWhatComesToThisPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLine(t, d, sms.Config{})
		l.call("in", hookSecret, sent("+32499000001", " STOP. ", "1"), "")
		l.call("in", hookSecret, sent("+32499999999", "stop", "2"), "")
		l.call("in", hookSecret, sent("+32499000002", "Stop met zwemmen?", "3"), "")
		l.wants("stopped", l.list("select name from guardians where stopped_at > 0"), "Nadia Haddad")
		l.wants("counted", l.list(counted), "stop; unknown; answer")
		l.wants("said", l.list(saidSMS), "An Maes Zwemmen sms Stop met zwemmen?")
	})
}

func TestReceiptsOfSMSChangeTheTruth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLine(t, d, sms.Config{})
		state := func(guardian string) string {
			return l.list("select r.state || ' ' || r.problem from recipients r join guardians g on g.id = r.guardian_id where g.name = '" + guardian + "'")
		}
		tell := func(ref, status string) {
			t.Helper()
			l.wants("called", http.StatusText(l.call("receipts", hookSecret, url.Values{"id": {ref}, "status": {status}}, "")), "OK")
		}
		tell("ref+32499000001", "sent")
		l.wants("on its way", state("Nadia Haddad"), "sent ")
		tell("ref+32499000001", "delivered")
		l.wants("there", state("Nadia Haddad"), "delivered ")
		tell("ref+32499000002", "unknown_subscriber")
		l.wants("nobody there", l.list("select g.name from guardians g where g.failed like '%sms%'"), "An Maes")
		if s := state("An Maes"); strings.HasPrefix(s, "sent ") || strings.HasPrefix(s, "delivered") {
			t.Errorf("a letter that came back is %q", s)
		}
		tell("ref of somebody else", "failed")
	})
}

func TestATwilioHasToSign(t *testing.T) {
	l := newLine(t, dbtest.SQLite(t), sms.Config{URL: "twilio://AC1:geheim@api.twilio.com?from=x"})
	form := url.Values{"From": {"+32499000001"}, "Body": {"Ja"}, "MessageSid": {"SM1"}}
	l.wants("not signed", http.StatusText(l.call("in", hookSecret, form, "")), "Not Found")
	l.wants("signed by another", http.StatusText(l.call("in", hookSecret, form, "AAAA")), "Not Found")
	// HMAC-SHA1 of https://brug.test/hooks/sms/0123456789abcdef/inBodyJaFrom+32499000001MessageSidSM1 with the token
	l.wants("signed", http.StatusText(l.call("in", hookSecret, form, "12bcMwEfMEUCuCbOF2JVYizJZQg=")), "OK")
	l.wants("said", l.list(saidSMS), "Nadia Haddad Zwemmen sms Ja")
}

// TestAnSMSThatIsRefusedHoldsUpNoOther: one call brings several, and the first is from who has said too much today.
func TestAnSMSThatIsRefusedHoldsUpNoOther(t *testing.T) {
	l := newLine(t, dbtest.SQLite(t), sms.Config{})
	for n := range 60 {
		l.wants("called", http.StatusText(l.call("in", hookSecret, sent("+32499000001", fmt.Sprint("Ja ", n), fmt.Sprint("n", n)), "")), "OK")
	}
	two := func() string {
		r := httptest.NewRequest(http.MethodPost, "/hooks/sms/"+hookSecret+"/in", strings.NewReader(`[{"from": "+32499000001", "text": "Nog iets", "id": "a"}, {"from": "+32499000002", "text": "Cas komt", "id": "b"}]`))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		l.site.ServeHTTP(w, r)
		return http.StatusText(w.Code)
	}
	const an = "select e.body from entries e join conversations c on c.id = e.conversation_id join guardians g on g.id = c.guardian_id where g.name = 'An Maes' and e.direction = 'in'"
	for range 2 { // the gateway calls again, for the one that was refused
		l.wants("called", two(), "Too Many Requests")
		l.wants("the other one", l.list(an), "Cas komt")
	}
	l.Clock = l.Clock.Add(25 * time.Hour)
	l.wants("a day later", two(), "OK")
	l.wants("the refused one", l.list("select e.body from entries e where e.body = 'Nog iets'"), "Nog iets")
}
