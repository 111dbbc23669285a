package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// fill.go makes schools of 300 families by statements over sets, some 30,000 families a second: a school of every 300
// numbers, a class of every 25, and for each family one child, one guardian, and per week a message that
// arrived or not, its line in the ledger and its mark; every fifth has a conversation of three entries.
//
// It writes what the program would have written, in the columns that pages read. The ids are counted, so that each
// index is filled at its end; who signs in, and the links that are opened, are made by the program itself.

const (
	familiesOfSchool = 300
	familiesOfClass  = 25
	weeksBack        = 4
)

// statements in their order. $families, $weeks, $of (families of a school), $in (families of a class), $now and $since are
// put in as numbers.
var statements = []struct{ table, sql string }{
	{"numbers", `create temp table n (i integer primary key)`},
	{"numbers", `insert into n with recursive c(i) as (select 0 union all select i + 1 from c where i + 1 < $families) select i from c`},
	{"weeks", `create temp table w as with recursive c(k) as (select 0 union all select k + 1 from c where k + 1 < $weeks) select k, $now - 604800000 * k - 3600000 as at, date(($now - 604800000 * k - 3600000) / 1000, 'unixepoch', 'weekday 0', '-6 days') as monday from c`},
	{"schools", `insert into schools (id, public_id, slug, name, town, lang, created_at)
select i / $of + 1, 'school' || (i / $of + 1), 'school-' || (i / $of + 1), 'Basisschool ' || (i / $of + 1), 'Gent', 'nl', 0 from n where i % $of = 0`},
	{"classes", `insert into classes (id, public_id, school_id, year, name, name_fold, audience, created_at)
select i / $in + 1, 'class' || (i / $in + 1), i / $of + 1, '$year', (i % $of / $in + 1) || 'A', (i % $of / $in + 1) || 'a', '', 0 from n where i % $in = 0`},
	{"pupils", `insert into pupils (id, public_id, school_id, given, family, name_fold, created_at) select i + 1, 'pupil' || (i + 1), i / $of + 1, 'Kind ' || (i % $of), 'Peeters', 'kind peeters', 0 from n`},
	{"enrolments", `insert into enrolments (id, school_id, pupil_id, class_id, from_date) select i + 1, i / $of + 1, i + 1, i / $in + 1, '2026-09-01' from n`},
	{"households", `insert into households (id, public_id, school_id, created_at) select i + 1, 'home' || (i + 1), i / $of + 1, 0 from n`},
	{"household_pupils", `insert into household_pupils (school_id, household_id, pupil_id) select i / $of + 1, i + 1, i + 1 from n`},
	{"guardians", `insert into guardians (id, public_id, school_id, household_id, name, name_fold, email, phone, lang, roads, created_at)
select i + 1, 'guardian' || (i + 1), i / $of + 1, i + 1, 'Ouder ' || i, 'ouder', 'ouder' || i || '@example.org', '+324' || (90000000 + i), case i % 6 when 0 then 'ar' when 1 then 'tr' when 2 then 'fr' else 'nl' end, 'mail,paper', 0 from n`},
	{"guardian_rights", `insert into guardian_rights (school_id, guardian_id, pupil_id) select i / $of + 1, i + 1, i + 1 from n`},
	{"messages", `insert into messages (id, public_id, school_id, scope, title, lang, body, about, state, send_at, created_at)
select (i / $of) * $weeks + k + 1, 'message' || ((i / $of) * $weeks + k + 1), i / $of + 1, 'school', 'Week ' || k, 'nl', 'Morgen gaan we naar het bos. Geef laarzen mee. Kijk samen naar de bomen op weg naar school.', 'learning', 'sent', at, at
from n join w where i % $of = 0`},
	{"recipients", `insert into recipients (id, public_id, school_id, message_id, household_id, guardian_id, class_id, pupils, lang, roads, road, state, due_at, sent_at, opened_at, answered_at, answer)
select i * $weeks + k + 1, 'recipient' || (i * $weeks + k + 1), i / $of + 1, (i / $of) * $weeks + k + 1, i + 1, i + 1, i / $in + 1, '[' || (i + 1) || ']', 'nl', '["mail","paper"]', 'mail',
  case (i + k) % 4 when 0 then 'answered' when 1 then 'opened' else 'sent' end, at, at, case when (i + k) % 4 < 2 then at + 60000 else 0 end, case when (i + k) % 4 = 0 then at + 90000 else 0 end, case when (i + k) % 4 = 0 then 'understood' else '' end
from n join w`},
	{"contacts", `insert into contacts (id, public_id, school_id, household_id, pupil_id, guardian_id, area, ref, road, direction, stage, at, lang, about)
select i * $weeks + k + 1, 'contact' || (i * $weeks + k + 1), i / $of + 1, i + 1, i + 1, i + 1, 'messages', 'recipient' || (i * $weeks + k + 1), 'mail', 'out', case (i + k) % 4 when 0 then 'answered' when 1 then 'arrived' else 'offered' end, at, 'nl', 'learning'
from n join w`},
	{"marks", `insert into marks (school_id, week, household_id, pupil_id, area, road, lang, offered, arrived, answered, by_school, learning)
select i / $of + 1, monday, i + 1, i + 1, 'messages', 'mail', 'nl', (i + k) % 4 > 1, (i + k) % 4 = 1, (i + k) % 4 = 0, 1, 1 from (select i / $of as s from n where i % $of = 0) x cross join (select * from w order by k desc) cross join n on n.i >= x.s * $of and n.i < (x.s + 1) * $of`},
	{"reached", `insert into reached (household_id, school_id, first_at, last_at, reached_at, offers)
select i + 1, i / $of + 1, (select min(at) from w), (select max(at) from w), (select coalesce(max(at), 0) from w where (i + k) % 4 < 2), (select count(*) from w where (i + k) % 4 > 1 and k < coalesce((select min(v.k) from w v where (i + v.k) % 4 < 2), $weeks)) from n`},
	{"conversations", `insert into conversations (id, public_id, school_id, household_id, guardian_id, pupil_id, class_id, pupils, title, started, waits, waits_since, last_at, created_at)
select i / 5 + 1, 'talk' || (i / 5 + 1), i / $of + 1, i + 1, i + 1, i + 1, i / $in + 1, '[' || (i + 1) || ']', '', case when i % 10 = 0 then 'family' else 'staff' end, case when i % 25 = 0 then 'staff' else '' end, case when i % 25 = 0 then $now - i % 1000 * 1000 else 0 end, $now - i % 1000 * 1000, $since
from n where i % 5 = 0`},
	{"entries", `insert into entries (id, public_id, school_id, conversation_id, direction, kind, body, lang, waited, at)
select (i / 5) * 3 + k + 1, 'entry' || ((i / 5) * 3 + k + 1), i / $of + 1, i / 5 + 1, case when k % 2 = 0 then 'in' else 'out' end, 'text', 'Dank u. Tot morgen.', 'nl', case when k > 0 then 3600000 * k else 0 end, $now - 86400000 + k * 1000
from n join w where i % 5 = 0 and k < 3`},
}

// fillSchools fills a migrated, empty file. The program must be closed.
func fillSchools(ctx context.Context, file string, families int, year string, now time.Time) (took time.Duration, err error) {
	base, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=cache_size(-400000)&_pragma=temp_store(file)&_pragma=foreign_keys(0)")
	if err != nil {
		return 0, err
	}
	base.SetMaxOpenConns(1)
	defer base.Close()
	from := time.Now()
	put := strings.NewReplacer("$families", fmt.Sprint(families), "$weeks", fmt.Sprint(weeksBack), "$of", fmt.Sprint(familiesOfSchool), "$in", fmt.Sprint(familiesOfClass),
		"$now", fmt.Sprint(now.UnixMilli()), "$since", fmt.Sprint(now.AddDate(0, 0, -7).UnixMilli()), "$year", year)
	for _, s := range statements {
		if _, err := base.ExecContext(ctx, put.Replace(s.sql)); err != nil {
			return 0, fmt.Errorf("fill %s: %w", s.table, err)
		}
	}
	if _, err := base.ExecContext(ctx, "pragma journal_mode = wal"); err != nil {
		return 0, err
	}
	return time.Since(from), nil
}
