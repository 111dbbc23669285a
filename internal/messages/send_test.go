package messages

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/phrase"
	"brug/internal/school"

	"github.com/google/go-cmp/cmp"
)

// who tells whom a message goes to: "Nadia Haddad: Ali, Badra (ar)", "-: …" for a paper without a name; sorted.
func (o *office) who(message string) []string {
	o.T.Helper()
	rows, err := o.DB.SQL().Query(`select coalesce(g.name, '-'), r.pupils, r.lang from recipients r join messages m on m.id = r.message_id
		left join guardians g on g.id = r.guardian_id where m.public_id = $1`, message)
	o.OK(err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name, pupils, tag string
		o.OK(rows.Scan(&name, &pupils, &tag))
		list, err := pupilList(pupils)
		o.OK(err)
		out = append(out, fmt.Sprintf("%s: %s (%s)", name, strings.Join(o.given(list), ", "), tag))
	}
	o.OK(rows.Err())
	slices.Sort(out)
	return out
}

func (o *office) given(pupils []int64) []string {
	var names []string
	for _, p := range pupils {
		var name string
		o.OK(o.DB.SQL().QueryRow("select given from pupils where id = $1", p).Scan(&name))
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// director is at the school with all its classes.
func (o *office) director() auth.Actor {
	a := o.Teacher
	a.Role, a.Classes = auth.Director, nil
	return a
}

func TestWhoGetsAMessage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		cas, ali := o.Home("Cas", "An Maes"), o.Home("Ali", "")
		all := []string{"-: Ela (nl)", "An Maes: Cas (nl)", "Ana Stan: Ela (ro)", "Nadia Haddad: Ali, Badra (ar)", "Piotr Nowak: Cas (pl)", "Tsega Haile: Desta (ti)"}
		all = all[1:] // Ion Stan is barred, and lives alone: his home gets nothing about Ela, also without a name
		cases := []struct {
			name string
			by   auth.Actor
			to   To
			want []string
		}{
			{"a class: two homes each get theirs, of siblings only the one in the class", o.Teacher, To{school.ScopeClass, []string{o.Class["3A"]}},
				[]string{"An Maes: Cas (nl)", "Nadia Haddad: Ali (ar)", "Piotr Nowak: Cas (pl)", "Tsega Haile: Desta (ti)"}},
			{"two classes: one letter names both siblings", o.director(), To{school.ScopeClass, []string{o.Class["3A"], o.Class["1B"], o.Class["3A"]}}, all},
			{"the whole school", o.director(), To{Kind: school.ScopeSchool}, all},
			{"a child: both homes", o.Teacher, To{school.ScopePupil, []string{cas.Children[0].PublicID}}, []string{"An Maes: Cas (nl)", "Piotr Nowak: Cas (pl)"}},
			{"a family: that home only", o.Teacher, To{school.ScopeHousehold, []string{cas.PublicID}}, []string{"An Maes: Cas (nl)"}},
			{"chosen families", o.director(), To{school.ScopeHousehold, []string{cas.PublicID, ali.PublicID}}, []string{"An Maes: Cas (nl)", "Nadia Haddad: Ali, Badra (ar)"}},
			{"a family as a teacher of one of its children writes to it", o.Teacher, To{school.ScopeHousehold, []string{ali.PublicID}}, []string{"Nadia Haddad: Ali (ar)"}},
		}
		for _, c := range cases {
			got, err := o.s.Send(o.Ctx, c.by, Draft{To: c.to, Body: "Dag."})
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			if diff := cmp.Diff(c.want, o.who(got)); diff != "" {
				t.Errorf("%s: %s", c.name, diff)
			}
		}
		refused := []struct {
			name string
			by   auth.Actor
			to   To
			want errs.Kind
		}{
			{"a teacher's other class", o.Teacher, To{school.ScopeClass, []string{o.Class["1B"]}}, errs.Forbidden},
			{"a teacher and the whole school", o.Teacher, To{Kind: school.ScopeSchool}, errs.Forbidden},
			{"a family without a child in the teacher's class", o.Teacher, To{school.ScopeHousehold, []string{o.Home("Ela", "Ana Stan").PublicID}}, errs.NotFound},
			{"another school's class", o.Alien, To{school.ScopeClass, []string{o.Class["3A"]}}, errs.NotFound},
			{"nobody chosen", o.Teacher, To{Kind: school.ScopeClass}, errs.Invalid},
			{"no such place", o.Teacher, To{"street", []string{"x"}}, errs.Invalid},
		}
		for _, c := range refused {
			if _, err := o.s.Send(o.Ctx, c.by, Draft{To: c.to, Body: "Dag."}); errs.KindOf(err) != c.want {
				t.Errorf("%s: %v, want %v", c.name, err, c.want)
			}
		}
	})
}

// The rule of rights stands in school.Homes, and once more in SQL: whatever the rights, both say the same.
func TestRecipientsAreThoseOfHomes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		dice := rand.New(rand.NewPCG(7, 11))
		classes := []string{o.Class["3A"], o.Class["1B"]}
		for round := range 25 {
			o.exec(fmt.Sprintf(`update guardian_rights set may_see = (%s), may_contact = (%s), barred = (%s)`, chance(dice, 80), chance(dice, 70), chance(dice, 15)))
			if round%5 == 4 {
				o.exec(fmt.Sprintf("update guardians set ended_at = case when id %% 7 = %d then 1 else 0 end", dice.IntN(7)))
			}
			by, to := o.director(), To{school.ScopeClass, classes[:1+round%2]}
			if round%2 == 0 {
				by = o.Teacher
			}
			want := map[string]bool{}
			for _, class := range to.IDs {
				homes, err := o.Schools.Homes(o.Ctx, by, school.Scope{Kind: school.ScopeClass, PublicID: class})
				o.OK(err)
				for _, h := range homes {
					for _, c := range h.Children {
						told := h.GuardiansOf(c.ID)
						for _, g := range told {
							want[fmt.Sprintf("%d %s %s", h.ID, g.Name, c.Given)] = true
						}
						if len(told) == 0 {
							want[fmt.Sprintf("%d - %s", h.ID, c.Given)] = true
						}
					}
				}
			}
			message, err := o.s.Send(o.Ctx, by, Draft{To: to, Body: "Dag."})
			if len(want) == 0 && errs.FieldsOf(err) != nil {
				continue
			}
			o.OK(err)
			got := map[string]bool{}
			rows, err := d.SQL().Query(`select r.household_id, coalesce(g.name, '-'), r.pupils from recipients r join messages m on m.id = r.message_id
				left join guardians g on g.id = r.guardian_id where m.public_id = $1`, message)
			o.OK(err)
			type row struct {
				home         int64
				name, pupils string
			}
			var all []row
			for rows.Next() {
				var r row
				o.OK(rows.Scan(&r.home, &r.name, &r.pupils))
				all = append(all, r)
			}
			o.OK(rows.Close())
			for _, r := range all {
				list, err := pupilList(r.pupils)
				o.OK(err)
				for _, child := range o.given(list) {
					got[fmt.Sprintf("%d %s %s", r.home, r.name, child)] = true
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("round %d: %s", round, diff)
			}
		}
	})
}

// chance is an SQL condition that holds for about so many of a hundred rows of rights, other ones each time.
func chance(dice *rand.Rand, percent int) string {
	return fmt.Sprintf("(guardian_id * %d + pupil_id * %d + %d) %% 100 < %d", 31+dice.IntN(50), 17+dice.IntN(50), dice.IntN(100), percent)
}

func TestOneStatementWritesAllRecipients(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		message := o.send("Zwemmen")
		var ids, distinct int
		o.OK(d.SQL().QueryRow("select count(*), count(distinct r.public_id) from recipients r join messages m on m.id = r.message_id where m.public_id = $1", message).Scan(&ids, &distinct))
		if ids != 4 || distinct != 4 {
			t.Errorf("%d recipients with %d ids", ids, distinct)
		}
		var one string
		o.OK(d.SQL().QueryRow("select public_id from recipients").Scan(&one))
		if !formOfID.MatchString(one) {
			t.Errorf("the id %q is not like those of package id", one)
		}
		var lines int
		o.OK(d.SQL().QueryRow("select count(*) from journal where area = 'messages' and action = 'messages.send' and ref = $1", message).Scan(&lines))
		if lines != 1 {
			t.Errorf("%d lines in the journal", lines)
		}
	})
}

func TestRoadsAreThoseChosenFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.exec("update guardians set roads = 'mail,sms', road = '' where name = 'An Maes'")
		o.exec("update guardians set roads = 'mail,sms,paper', road = 'sms', page_lang = 'fr' where name = 'Nadia Haddad'")
		o.exec("update guardians set roads = 'paper', road = 'push' where name = 'Piotr Nowak'")
		o.exec("update guardians set roads = 'call', road = 'call' where name = 'Tsega Haile'")
		message := o.send("Zwemmen")
		rows, err := d.SQL().Query(`select g.name || ': ' || r.roads || ' ' || r.lang from recipients r join messages m on m.id = r.message_id join guardians g on g.id = r.guardian_id where m.public_id = $1 order by g.name`, message)
		o.OK(err)
		defer rows.Close()
		var got []string
		for rows.Next() {
			var line string
			o.OK(rows.Scan(&line))
			name, rest, _ := strings.Cut(line, ": ")
			roads, tag, _ := strings.Cut(rest, " ")
			got = append(got, name+": "+joinRoads(roadsOf(roads))+" "+tag)
		}
		want := []string{"An Maes: mail,sms,paper nl", "Nadia Haddad: sms,mail,paper fr", "Piotr Nowak: push,paper pl", "Tsega Haile: call,paper ti"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheSameFormTwiceGoesOutOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		draft := func(dr *Draft) { dr.ID = "3467cdfghjkmnpqr" }
		one, two := o.send("Zwemmen", draft), o.send("Zwemmen", draft)
		if one != two || one != "3467cdfghjkmnpqr" {
			t.Errorf("sent as %s and %s", one, two)
		}
		var n int
		o.OK(d.SQL().QueryRow("select count(*) from messages").Scan(&n))
		if n != 1 {
			t.Errorf("%d messages", n)
		}
		_, err := o.s.Send(o.Ctx, o.Other1B, Draft{ID: one, To: To{school.ScopeClass, []string{o.Class["1B"]}}, Body: "Dag."})
		if errs.KindOf(err) != errs.Forbidden {
			t.Errorf("somebody else's id: %v", err)
		}
	})
}

func TestAMessageForLaterWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		at := o.Clock.Add(26 * time.Hour)
		message := o.send("Zwemmen", func(dr *Draft) { dr.SendAt = at })
		o.post()
		if got := o.mail.took(); got != "" {
			t.Errorf("went too early: %s", got)
		}
		m, err := o.s.Message(o.Ctx, o.Teacher, message)
		o.OK(err)
		if m.State != Scheduled || !m.SendAt.Equal(at) || m.Groups[OnTheWay] != 4 || !m.MayStop {
			t.Errorf("%+v", m.Row)
		}
		o.Clock = at
		o.post()
		if got := o.mail.took(); strings.Count(got, "Zwemmen") != 4 {
			t.Errorf("went: %s", got)
		}
	})
}

func TestCallingBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		message := o.send("Zwemmen", func(dr *Draft) { dr.SendAt = o.Clock.Add(time.Hour) })
		if _, err := o.s.Stop(o.Ctx, o.Other1B, message); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a colleague without the class: %v", err)
		}
		kept, err := o.s.Stop(o.Ctx, o.Teacher, message)
		if err != nil || kept != 4 {
			t.Errorf("%d, %v", kept, err)
		}
		if _, err := o.s.Stop(o.Ctx, o.Teacher, message); errs.KindOf(err) != errs.Conflict {
			t.Errorf("twice: %v", err)
		}
		o.Clock = o.Clock.Add(2 * time.Hour)
		o.post()
		if got := o.mail.took(); got != "" {
			t.Errorf("went all the same: %s", got)
		}
		m, err := o.s.Message(o.Ctx, o.Teacher, message)
		o.OK(err)
		if m.State != CalledBack || m.Groups[NotSent] != 4 || m.MayStop {
			t.Errorf("%+v", m.Row)
		}

		gone := o.send("Bos")
		o.post()
		o.mail.took()
		if kept, err := o.s.Stop(o.Ctx, o.Teacher, gone); err != nil || kept != 0 {
			t.Errorf("what has gone stays: %d, %v", kept, err)
		}
	})
}

func TestWhatCannotBeSent(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	long := strings.Repeat("a", MaxBody+1)
	cases := []struct {
		name  string
		draft Draft
		field string // "": it can
	}{
		{"words alone", Draft{Body: "Dag."}, ""},
		{"phrases alone", Draft{Phrases: []Phrase{{Slug: phrase.Shipped().All()[0].Slug}}}, "phrases.0.slot.date"},
		{"nothing", Draft{Title: "Dag"}, "body"},
		{"too long", Draft{Body: long}, "body"},
		{"a long title", Draft{Title: long, Body: "x"}, "title"},
		{"no such phrase", Draft{Phrases: []Phrase{{Slug: "no-such"}}}, "phrases"},
		{"urgent without a reason", Draft{Body: "x", Urgent: true}, "why"},
		{"urgent with one", Draft{Body: "x", Urgent: true, WhyUrgent: "De school is dicht."}, ""},
		{"about nothing that is known", Draft{Body: "x", About: "weather"}, "about"},
		{"in two years", Draft{Body: "x", SendAt: now.AddDate(2, 0, 0)}, "at"},
		{"too many files", Draft{Body: "x", Files: []string{"1", "2", "3", "4", "5", "6"}}, "files"},
		{"a translation without its text", Draft{Body: "x", Texts: map[string]Text{"ar": {Title: "y"}}}, "texts.ar"},
		{"a translation into the language it is in", Draft{Body: "x", Texts: map[string]Text{"nl-BE": {Body: "y"}}}, "texts.nl-BE"},
		{"no language", Draft{Body: "x", Lang: "??"}, "lang"},
	}
	for _, c := range cases {
		err := c.draft.clean("nl").check(now, time.UTC)
		fields := errs.FieldsOf(err)
		if _, at := fields[c.field]; c.field == "" && err != nil || c.field != "" && !at {
			t.Errorf("%s: %v, want it at %q", c.name, err, c.field)
		}
	}
}

func TestTidyText(t *testing.T) {
	cases := []struct{ in, want string }{
		{" Dag.\r\n\r\n\r\nTot dan.  ", "Dag.\n\nTot dan."},
		{"Een\nregel", "Een\nregel"},
		{"Een\n \t\n\n twee", "Een\n\ntwee"},
	}
	for _, c := range cases {
		if got := tidyText(c.in); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestAnAnswerGoesToOnePerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		home := o.Home("Ali", "")
		nadia := home.Guardians[0]
		var message, recipient int64
		o.OK(d.Write(o.Ctx, func(tx *db.Tx) (err error) {
			message, recipient, err = o.s.sendTo(o.Ctx, tx, o.Teacher, One{HouseholdID: home.ID, GuardianID: nadia.ID, Pupils: []int64{home.Children[0].ID}, Conversation: "c"}, Draft{Body: "Graag."})
			return err
		}))
		if message == 0 || recipient == 0 {
			t.Errorf("ids %d and %d", message, recipient)
		}
		var public string
		o.OK(d.SQL().QueryRow("select public_id from messages where id = $1", message).Scan(&public))
		if diff := cmp.Diff([]string{"Nadia Haddad: Ali (ar)"}, o.who(public)); diff != "" {
			t.Error(diff)
		}
		rows, _, err := o.s.Messages(o.Ctx, o.Teacher, "")
		o.OK(err)
		if len(rows) != 0 {
			t.Errorf("an answer stands in the list of messages: %+v", rows)
		}
		barred := o.Home("Ela", "Ana Stan")
		ion := int64(0)
		o.OK(d.SQL().QueryRow("select id from guardians where name = 'Ion Stan'").Scan(&ion))
		err = d.Write(o.Ctx, func(tx *db.Tx) error {
			_, _, err := o.s.sendTo(o.Ctx, tx, o.Other1B, One{HouseholdID: barred.ID, GuardianID: ion, Conversation: "c"}, Draft{Body: "Graag."})
			return err
		})
		if errs.KindOf(err) != errs.NotFound {
			t.Errorf("a barred guardian: %v", err)
		}
	})
}

func TestAPreviewTellsWhatWouldHappenAndKeepsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.s.SMSCost = 65
		o.exec("update guardians set roads = 'sms' where name in ('Nadia Haddad', 'An Maes')")
		o.exec("update guardians set roads = 'call' where name = 'Tsega Haile'")
		o.exec("update guardians set stopped_at = 1 where name = 'Piotr Nowak'")
		draft := Draft{To: To{school.ScopeClass, []string{o.Class["3A"]}}, Title: "Bos", Body: "Morgen gaan we naar het bos.", About: contact.Logistics,
			Texts: map[string]Text{"ar": {Title: "الغابة", Body: "سنذهب غداً إلى الغابة."}}}
		p, err := o.s.Preview(o.Ctx, o.Teacher, draft)
		o.OK(err)
		if p.People != 4 || p.Homes != 4 || p.Quiet != 1 || p.NoName != 0 {
			t.Errorf("%+v", p)
		}
		if diff := cmp.Diff([]RoadCount{{contact.SMS, 2}, {contact.Call, 1}}, p.Roads); diff != "" {
			t.Error(diff)
		}
		langs := map[string]LangPreview{}
		parts := 0
		for _, l := range p.Langs {
			langs[l.Lang] = l
			parts += l.Parts * l.BySMS
		}
		if ar := langs["ar"]; ar.Lacks || ar.Letter.Title.Text != "الغابة" || ar.BySMS != 1 || ar.Parts < 2 || ar.Letter.Dir() != "rtl" {
			t.Errorf("ar: %+v", ar)
		}
		if pl := langs["pl"]; !pl.Lacks || pl.Letter.Lang != "pl" || pl.Letter.Blocks[0].Lang != "nl" {
			t.Errorf("pl: %+v", pl)
		}
		if p.SMSParts != parts || p.SMSCost != 65*parts || parts < 3 {
			t.Errorf("%d parts for %d, want %d", p.SMSParts, p.SMSCost, parts)
		}
		var n int
		o.OK(d.SQL().QueryRow("select (select count(*) from messages) + (select count(*) from recipients) + (select count(*) from message_texts)").Scan(&n))
		if n != 0 {
			t.Errorf("%d rows are left of a preview", n)
		}
		if _, err := o.s.Preview(o.Ctx, o.Teacher, Draft{To: draft.To}); errs.FieldsOf(err) == nil {
			t.Errorf("a draft without words: %v", err)
		}
	})
}

func TestNobodyThere(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	o.exec("update enrolments set to_date = '2026-09-01'")
	if _, err := o.s.Send(o.Ctx, o.Teacher, Draft{To: To{school.ScopeClass, []string{o.Class["3A"]}}, Body: "Dag."}); errs.FieldsOf(err)["to"].ID == "" {
		t.Errorf("a class without children: %v", err)
	}
	if n := id.New(); !formOfID.MatchString(n) {
		t.Errorf("ids look otherwise now: %s", n)
	}
}
