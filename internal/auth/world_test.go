package auth

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
)

// world is one school with a director and a teacher of one class, a second school, and a support centre.
type world struct {
	t        *testing.T
	ctx      context.Context
	db       *db.DB
	auth     *Service
	clock    time.Time
	school   School
	other    School
	director Created
	teacher  Created
	support  Created
	classA   string // public id, of the school
	classB   string
	strange  string // public id of a class of the other school
}

const (
	secret      = "drie fietsen bij de poort"
	newSecret   = "vier appels onder de tafel"
	directorsAt = "els@regenboog.test"
	teachersAt  = "jan@regenboog.test"
	supportsAt  = "mia@centrum.test"
)

var operatorActor = Actor{Role: System, Name: "operator"}

// each runs a story on both engines, each in a world of its own.
func each(t *testing.T, story func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { story(newWorld(t, d)) })
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), db: d, clock: time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC)}
	var err error
	w.auth, err = newService(Config{DB: d, Now: func() time.Time { return w.clock }, BaseURL: "https://brug.test", Demo: true}, cost{memory: 64, time: 1, lanes: 1})
	w.ok(err)
	w.school, err = w.auth.CreateSchool(w.ctx, operatorActor, NewSchool{Name: "De Regenboog", Town: "Gent", Email: directorsAt})
	w.ok(err)
	w.other, err = w.auth.CreateSchool(w.ctx, operatorActor, NewSchool{Name: "Het Anker", Town: "Aalst", Lang: "fr"})
	w.ok(err)
	w.classA, w.classB, w.strange = w.class(w.school, "2A"), w.class(w.school, "10B"), w.class(w.other, "2A")
	w.director, err = w.auth.CreateAccount(w.ctx, operatorActor, NewAccount{School: w.school, Name: "Els Peeters", Email: directorsAt, Role: Director, Password: secret})
	w.ok(err)
	w.teacher, err = w.auth.CreateAccount(w.ctx, operatorActor, NewAccount{School: w.school, Name: "Jan Maes", Email: teachersAt, Role: Teacher, Classes: []string{w.classA}, Password: secret})
	w.ok(err)
	w.support, err = w.auth.CreateSupport(w.ctx, operatorActor, "Mia Claes", supportsAt, "nl", secret)
	w.ok(err)
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) kind(err error, k errs.Kind) {
	w.t.Helper()
	if err == nil || errs.KindOf(err) != k {
		w.t.Fatalf("error %v, want kind %q", err, k)
	}
}

func (w *world) field(err error, field string) {
	w.t.Helper()
	if _, is := errs.FieldsOf(err)[field]; !is {
		w.t.Fatalf("error %v, want one at %q", err, field)
	}
}

func (w *world) class(s School, name string) (publicID string) {
	w.t.Helper()
	publicID = s.Slug + name
	w.exec("insert into classes (public_id, school_id, year, name, name_fold, created_at) values ($1, $2, '2026', $3, $3, 1)", publicID, s.ID, name)
	return publicID
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	w.ok(w.db.Write(w.ctx, func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(w.ctx, query, args...)
		return err
	}))
}

// number is the one figure that a query gives.
func (w *world) number(query string, args ...any) (n int) {
	w.t.Helper()
	w.ok(w.db.SQL().QueryRowContext(w.ctx, query, args...).Scan(&n))
	return n
}

func (w *world) word(query string, args ...any) (s string) {
	w.t.Helper()
	w.ok(w.db.SQL().QueryRowContext(w.ctx, query, args...).Scan(&s))
	return s
}

func (w *world) visit() Visit { return Visit{IP: "192.0.2.7", UserAgent: "Firefox/144.0 Windows"} }

func (w *world) signIn(email, password string) Session {
	w.t.Helper()
	s, err := w.auth.SignIn(w.ctx, email, password, w.visit())
	w.ok(err)
	return s
}

// at is the actor behind a session, at a school.
func (w *world) at(token, slug string) Actor {
	w.t.Helper()
	a, err := w.auth.Actor(w.ctx, token, slug)
	w.ok(err)
	return a
}

// as signs somebody in and takes them to the school.
func (w *world) as(email string) Actor {
	w.t.Helper()
	return w.at(w.signIn(email, secret).Token, w.school.Slug)
}

type sent struct{ to, subject, text, html, lang string }

// mails are all that were queued to an address, oldest first.
func (w *world) mails(to string) []sent {
	w.t.Helper()
	rows, err := w.db.SQL().QueryContext(w.ctx, "select to_addr, subject, body_text, body_html, lang from mails where to_addr = $1 order by id", to)
	w.ok(err)
	defer rows.Close()
	var out []sent
	for rows.Next() {
		var m sent
		w.ok(rows.Scan(&m.to, &m.subject, &m.text, &m.html, &m.lang))
		out = append(out, m)
	}
	w.ok(rows.Err())
	return out
}

var linkInMail = regexp.MustCompile(`https://brug\.test/(?:welcome|reset)/([A-Za-z0-9_-]+)`)

// token is the secret in the latest mail to an address.
func (w *world) token(to string) string {
	w.t.Helper()
	all := w.mails(to)
	if len(all) == 0 {
		w.t.Fatalf("no mail to %s", to)
	}
	last := all[len(all)-1]
	m := linkInMail.FindStringSubmatch(last.text)
	if m == nil {
		w.t.Fatalf("no link in the mail %q", last.text)
	}
	if !strings.Contains(last.html, m[0]) {
		w.t.Fatalf("the link is not in the HTML: %q", last.html)
	}
	return m[1]
}

// journaled counts the lines of the journal with this action.
func (w *world) journaled(action string) int {
	w.t.Helper()
	return w.number("select count(*) from journal where area = 'auth' and action = $1", action)
}
