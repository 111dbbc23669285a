package school

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/errs"
	"brug/internal/roster"
)

// csv is a file of a list.
func csv(lines ...string) roster.File {
	return roster.File{Name: "list.csv", Data: []byte(strings.Join(lines, "\n") + "\n")}
}

// bring brings a list in at once and gives the plan.
func (w *world) bring(c Choices, files ...roster.File) Plan {
	w.t.Helper()
	plan, err := w.s.ImportFiles(w.ctx, w.director, files, c, true)
	w.must(err)
	return plan
}

// tables is all that an import may write, line by line, without what changes by itself (the plan's version).
func (w *world) tables() string {
	w.t.Helper()
	var out []string
	for _, table := range []string{"classes", "pupils", "enrolments", "households", "household_pupils", "guardians", "guardian_rights", "groups", "group_pupils"} {
		rows, err := w.d.SQL().QueryContext(w.ctx, "select * from "+table+" where school_id = $1", w.director.School.ID)
		w.must(err)
		cols, err := rows.Columns()
		w.must(err)
		var lines []string
		for rows.Next() {
			v := make([]any, len(cols))
			for i := range v {
				v[i] = new(any)
			}
			w.must(rows.Scan(v...))
			var b strings.Builder
			for i, c := range cols {
				fmt.Fprintf(&b, " %s=%v", c, *v[i].(*any))
			}
			lines = append(lines, table+b.String())
		}
		w.must(rows.Err())
		sort.Strings(lines)
		out = append(out, lines...)
	}
	return strings.Join(out, "\n")
}

func (c Counts) short() string {
	return fmt.Sprintf("new %d changed %d same %d gone %d", c.New, c.Changed, c.Same, c.Gone)
}

func TestTheSameFileTwiceChangesNothing(t *testing.T) {
	files, err := filepath.Glob("../roster/testdata/*")
	if err != nil || len(files) < 10 {
		t.Fatalf("samples of package roster: %d, %v", len(files), err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, path := range files {
			if filepath.Ext(path) == ".golden" {
				continue
			}
			t.Run(filepath.Base(path), func(t *testing.T) {
				w := newWorld(t, d)
				data, err := os.ReadFile(path)
				w.must(err)
				file := roster.File{Name: filepath.Base(path), Data: data}
				first := w.bring(Choices{}, file)
				if first.Counts.New == 0 {
					t.Fatalf("nothing came in: %+v", first.Counts)
				}
				before := w.tables()
				w.now = w.now.Add(24 * time.Hour)
				second := w.bring(Choices{}, file)
				if c := second.Counts; c.New+c.Changed+c.Gone+c.Classes != 0 || c.Same != first.Counts.New {
					t.Errorf("the second time: %s, %d classes; the first time %s", c.short(), c.Classes, first.Counts.short())
				}
				if after := w.tables(); after != before {
					t.Errorf("tables differ:\n%s", firstDifference(before, after))
				}
				if !second.Counts.Nothing() {
					t.Error("the plan does not say that there is nothing to do")
				}
			})
		}
	})
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] != y[i] {
			return "- " + x[i] + "\n+ " + y[i]
		}
	}
	return fmt.Sprintf("%d lines and %d lines", len(x), len(y))
}

const head = "Nummer;Voornaam;Naam;Geboortedatum;Klas;Adres;Naam moeder;GSM moeder;E-mail moeder;Naam vader;GSM vader"

func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		sara := "101;Sara;Haddad;03/05/2018;2B;Kerkstraat 1, 9000 Gent;Fatima Alaoui;0475 11 22 33;fatima@example.org;Omar Haddad;0475 11 22 44"
		tess := "102;Tess;Aerts;09/11/2017;3A;Molenweg 7, 9000 Gent;An Maes;0475 22 33 44;an@example.org;;"
		noor := "103;Noor;Haddad;01/02/2020;1KA;Kerkstraat 1, 9000 Gent;Fatima Alaoui;0475 11 22 33;fatima@example.org;Omar Haddad;0475 11 22 44"
		plan := w.bring(Choices{}, csv(head, sara, tess, noor))
		if got := plan.Counts.short(); got != "new 3 changed 0 same 0 gone 0" {
			t.Fatalf("first: %s", got)
		}
		wantLines(t, "brother and sister share a home, toddlers' classes know their age", w.homes(w.director, Scope{Kind: ScopeSchool}),
			"1KA Noor, 2B Sara: Fatima Alaoui (), Omar Haddad ()", "3A Tess: An Maes ()")
		if c := w.class("1KA"); c.Audience != ToddlersYoung || c.Year != "2026-2027" {
			t.Errorf("1KA: %+v", c)
		}
		find := func(name string) PupilCard {
			t.Helper()
			page := must(w.s.Pupils(w.ctx, w.director, PupilFilter{Text: name}))
			for _, r := range page.Rows {
				if r.Given == name {
					return must(w.s.Pupil(w.ctx, w.director, r.PublicID))
				}
			}
			page = must(w.s.Pupils(w.ctx, w.director, PupilFilter{Text: name, State: Left}))
			if len(page.Rows) == 0 {
				t.Fatalf("no pupil %s", name)
			}
			return must(w.s.Pupil(w.ctx, w.director, page.Rows[0].PublicID))
		}

		t.Run("what was changed by hand stays, until the file changes it", func(t *testing.T) {
			card := find("Sara")
			fatima := must(w.s.Guardian(w.ctx, w.director, card.Homes[0].Guardians[0].PublicID))
			w.must(w.s.ChangeGuardian(w.ctx, w.director, fatima.PublicID, fatima.Version, GuardianInput{Name: fatima.Name, Phone: "0499 99 99 99",
				Email: fatima.Email, Lang: "ar", Roads: []Road{SMS}, Reading: Listens}))
			w.must(w.s.ChangePupil(w.ctx, w.director, card.PublicID, card.Version, PupilInput{Given: "Sarah", Family: "Haddad", Born: card.Born}))
			if got := w.bring(Choices{}, csv(head, sara, tess, noor)).Counts.short(); got != "new 0 changed 0 same 3 gone 0" {
				t.Errorf("same file after changes by hand: %s", got)
			}
			if c := find("Sarah"); c.Homes[0].Guardians[0].Phone != "+32499999999" || c.Homes[0].Guardians[0].Reading != Listens {
				t.Errorf("changed by hand: %+v", c.Homes[0].Guardians[0])
			}
			changed := strings.ReplaceAll(sara, "0475 11 22 33", "0488 77 66 55")
			plan := w.bring(Choices{}, csv(head, changed, tess, strings.ReplaceAll(noor, "0475 11 22 33", "0488 77 66 55")))
			if got := plan.Counts.short(); got != "new 0 changed 1 same 2 gone 0" {
				t.Errorf("new number in the file: %s", got)
			}
			if c := plan.Changed[0].Changes; len(c) != 1 || c[0].Old != "+32499999999" || c[0].New != "+32488776655" || c[0].Who != "Fatima Alaoui" {
				t.Errorf("the plan tells old and new: %+v", c)
			}
			c := find("Sarah")
			if c.Homes[0].Guardians[0].Phone != "+32488776655" || c.Given != "Sarah" {
				t.Errorf("after the file changed: %+v", c)
			}
			w.bring(Choices{}, csv(head, sara, tess, noor)) // back, for the tests below
		})
		t.Run("another class closes the place in the old one", func(t *testing.T) {
			w.now = w.now.AddDate(0, 0, 7)
			plan := w.bring(Choices{}, csv(head, strings.ReplaceAll(sara, "2B", "2C"), tess, noor))
			if got := plan.Counts; got.Changed != 1 || got.Classes != 1 {
				t.Errorf("plan: %+v", got)
			}
			c := find("Sarah")
			if len(c.Places) != 2 || c.Places[0].ClassName != "2C" || c.Places[0].From != "2026-11-28" || c.Places[0].To != "" ||
				c.Places[1].ClassName != "2B" || c.Places[1].To != "2026-11-27" {
				t.Errorf("places: %+v", c.Places)
			}
		})
		t.Run("moved by hand stays moved", func(t *testing.T) {
			c := find("Sarah")
			w.must(w.s.MovePupil(w.ctx, w.director, c.PublicID, w.class("2B").PublicID, "2026-11-28"))
			if got := w.bring(Choices{}, csv(head, strings.ReplaceAll(sara, "2B", "2C"), tess, noor)).Counts.short(); got != "new 0 changed 0 same 3 gone 0" {
				t.Errorf("same file: %s", got)
			}
			if c := find("Sarah"); c.ClassName != "2B" {
				t.Errorf("class %s", c.ClassName)
			}
		})
		t.Run("a list of one class speaks of that class only", func(t *testing.T) {
			plan := must(w.s.ImportFiles(w.ctx, w.director, []roster.File{csv(head, tess)}, Choices{}, false))
			if plan.Full || plan.Counts.Gone != 0 {
				t.Errorf("full %v, gone %+v", plan.Full, plan.Gone)
			}
			plan = must(w.s.ImportFiles(w.ctx, w.director, []roster.File{csv(head, tess)}, Choices{Scope: "full"}, false))
			if !plan.Full || plan.Counts.Gone != 2 {
				t.Errorf("said to be the whole school: full %v, gone %+v", plan.Full, plan.Gone)
			}
		})
		t.Run("who is gone is proposed, leaves only when a person says so, and comes back", func(t *testing.T) {
			lotte := "104;Lotte;Aerts;09/11/2018;2B;Molenweg 7, 9000 Gent;An Maes;0475 22 33 44;an@example.org;;"
			w.bring(Choices{}, csv(head, strings.ReplaceAll(sara, "2B", "2C"), tess, noor, lotte))
			rest := csv(head, strings.ReplaceAll(sara, "2B", "2C"), tess, noor, strings.ReplaceAll(strings.ReplaceAll(lotte, "104;Lotte", "105;Lore"), "2018", "2019"))
			plan := w.bring(Choices{Gone: GoneKeep}, rest)
			if plan.Counts.Gone != 1 || plan.Gone[0].Name != "Lotte Aerts" {
				t.Fatalf("gone: %+v", plan.Gone)
			}
			if find("Lotte").LeftAt != 0 {
				t.Error("kept, and yet left")
			}
			w.bring(Choices{GoneOf: map[string]string{plan.Gone[0].Key: GoneLeft}}, rest)
			c := find("Lotte")
			if c.LeftAt == 0 || c.Places[0].To == "" || len(c.Homes) != 1 {
				t.Errorf("left: %+v", c)
			}
			before := c.PublicID
			plan = w.bring(Choices{}, csv(head, strings.ReplaceAll(sara, "2B", "2C"), tess, noor, lotte, strings.ReplaceAll(strings.ReplaceAll(lotte, "104;Lotte", "105;Lore"), "2018", "2019")))
			if got := plan.Counts.short(); got != "new 0 changed 1 same 4 gone 0" {
				t.Errorf("back: %s %+v", got, plan.Changed)
			}
			c = find("Lotte")
			if c.LeftAt != 0 || c.PublicID != before || c.ClassName != "2B" || len(c.Places) != 2 {
				t.Errorf("back: %+v", c)
			}
		})
	})
}

func TestTheQuickRoadsOfAListComeFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.bring(Choices{}, csv("Nummer;Voornaam;Naam;Klas;Naam moeder;GSM moeder;E-mail moeder", "7;Mila;Maes;2B;An Claes;0475111111;an@example.org",
			"8;Noor;Peeters;2B;Bea Smet;0475222222;", "9;Omar;Haddad;2B;Nadia Haddad;;", "10;Pia;Nijs;2B;Cis Nijs;025550100;"))
		got := map[string]string{}
		for _, h := range must(w.s.Homes(w.ctx, w.director, Scope{Kind: ScopeSchool})) {
			got[h.Guardians[0].Name] = strings.Join(h.Guardians[0].Roads, " ")
		}
		for name, want := range map[string]string{"An Claes": "mail sms paper call", "Bea Smet": "sms paper call", "Nadia Haddad": "paper", "Cis Nijs": "paper call"} {
			if got[name] != want {
				t.Errorf("%s: %q, want %q", name, got[name], want)
			}
		}
	})
}

func TestImportAndHomes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const head = "Nummer;Voornaam;Naam;Klas;Naam moeder;GSM moeder;Adres moeder;Naam vader;GSM vader;Adres vader"
		together := "7;Mila;Maes;2B;An Claes;0475111111;Kerkstraat 1, 9000 Gent;Bart Maes;0475222222;Kerkstraat 1, 9000 Gent"
		apart := "7;Mila;Maes;2B;An Claes;0475111111;Kerkstraat 1, 9000 Gent;Bart Maes;0475222222;Molenweg 9, 9000 Gent"
		w.bring(Choices{}, csv(head, together))
		wantLines(t, "one home", w.homes(w.director, Scope{Kind: ScopeSchool}), "2B Mila: An Claes (), Bart Maes ()")
		plan := w.bring(Choices{}, csv(head, apart))
		wantLines(t, "the file gives the father another address: two homes", w.homes(w.director, Scope{Kind: ScopeSchool}), "2B Mila: An Claes ()", "2B Mila: Bart Maes ()")
		if plan.Counts.Changed != 1 || len(plan.Changed[0].Lines) == 0 {
			t.Errorf("the plan tells of the new home: %+v", plan.Changed)
		}
		if c := w.bring(Choices{}, csv(head, apart)).Counts; !c.Nothing() {
			t.Errorf("again: %+v", c)
		}
		homes := must(w.s.Homes(w.ctx, w.director, Scope{Kind: ScopeSchool}))
		w.must(w.s.JoinHomes(w.ctx, w.director, homes[0].PublicID, homes[1].PublicID))
		if c := w.bring(Choices{}, csv(head, apart)).Counts; !c.Nothing() {
			t.Errorf("joined by hand, the file is as before: %+v", c)
		}
		wantLines(t, "joined by hand stays joined", w.homes(w.director, Scope{Kind: ScopeSchool}), "2B Mila: An Claes (), Bart Maes ()")

		t.Run("a guardian who was moved or ended by hand is not put back", func(t *testing.T) {
			home := must(w.s.Homes(w.ctx, w.director, Scope{Kind: ScopeSchool}))[0]
			bart := home.Guardians[1].PublicID
			mila := home.Children[0].PublicID
			second := must(w.s.SplitHome(w.ctx, w.director, NewHome{From: home.PublicID, Pupils: []string{mila}, Guardians: []string{bart}, Both: true}))
			w.bring(Choices{}, csv(head, apart))
			wantLines(t, "second home", w.homes(w.director, Scope{ScopeHousehold, second}), "2B Mila: Bart Maes ()")
			w.must(w.s.EndGuardian(w.ctx, w.director, bart, must(w.s.Guardian(w.ctx, w.director, bart)).Version))
			w.bring(Choices{}, csv(head, apart))
			wantLines(t, "ended", w.homes(w.director, Scope{Kind: ScopeSchool}), "2B Mila: An Claes ()", "2B Mila: ")
		})
		t.Run("a new sister on a list of her class alone joins the home by guardian", func(t *testing.T) {
			w.bring(Choices{}, csv(head, "8;Lies;Maes;1A;An Claes;0475111111;Kerkstraat 1, 9000 Gent;;;"))
			got := w.homes(w.director, Scope{ScopeClass, w.class("1A").PublicID})
			wantLines(t, "sister", got, "1A Lies: An Claes ()")
			if n := len(must(w.s.Homes(w.ctx, w.director, Scope{Kind: ScopeSchool}))); n != 2 {
				t.Errorf("%d homes, want the two of before", n)
			}
		})
		t.Run("a guardian whom the list names no longer is proposed, and ends only when a person says so", func(t *testing.T) {
			alone := csv(head, strings.ReplaceAll(apart, "An Claes;0475111111;Kerkstraat 1, 9000 Gent;", "Els Smet;0475333333;Kerkstraat 1, 9000 Gent;"),
				"8;Lies;Maes;1A;Els Smet;0475333333;Kerkstraat 1, 9000 Gent;;;")
			plan := w.bring(Choices{}, alone)
			if len(plan.Gone) != 1 || !plan.Gone[0].Person || plan.Gone[0].Name != "An Claes" {
				t.Fatalf("gone: %+v", plan.Gone)
			}
			w.bring(Choices{Gone: GoneLeft}, alone)
			for _, line := range w.homes(w.director, Scope{Kind: ScopeSchool}) {
				if strings.Contains(line, "An Claes") {
					t.Errorf("An is still reached: %s", line)
				}
			}
		})
	})
}

func TestImportOfAnotherYear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.now = time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
		w.bring(Choices{}, csv(head, "1;Sara;Haddad;03/05/2018;1A;;;;;;", "2;Tess;Aerts;03/05/2017;2A;;;;;;"))
		w.now = time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)
		plan := w.bring(Choices{Gone: GoneLeft}, csv(head, "1;Sara;Haddad;03/05/2018;2A;;;;;;", "3;Piet;Smet;03/05/2019;1A;;;;;;"))
		if got := plan.Counts; got.New != 1 || got.Changed != 1 || got.Gone != 1 || got.Classes != 2 {
			t.Errorf("plan: %+v", got)
		}
		rows := must(w.s.Classes(w.ctx, w.director))
		var names []string
		for _, c := range rows {
			names = append(names, fmt.Sprintf("%s %s %d", c.Name, c.Year, c.Pupils))
		}
		wantLines(t, "classes of the new year; the empty ones of the old year have ended", names, "1A 2026-2027 1", "2A 2026-2027 1")
	})
}

func TestImportConcurrently(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		prepare := func(name string) string {
			t.Helper()
			id := must(w.s.Upload(w.ctx, w.director, []roster.File{csv(head, "1;"+name+";Haddad;03/05/2018;1A;;;;;;")}))
			m, _, err := w.s.Columns(w.ctx, w.director, id)
			w.must(err)
			_, err = w.s.SetColumns(w.ctx, w.director, id, m, Choices{})
			w.must(err)
			return id
		}
		first, second := prepare("Sara"), prepare("Sarah")
		w.must(w.s.StartImport(w.ctx, w.director, first, Choices{}))
		w.refused(w.s.StartImport(w.ctx, w.director, second, Choices{}), errs.Conflict, "a second import while one runs")
		w.refused(w.s.StartImport(w.ctx, w.director, first, Choices{}), errs.Conflict, "the same import again")
		w.refused(w.s.DropImport(w.ctx, w.director, first), errs.Conflict, "a running import")
		w.must(w.runner.Start(w.ctx))
		w.must(w.runner.Quiet(w.ctx))
		w.must(w.runner.Stop(w.ctx))
		im := must(w.s.Import(w.ctx, w.director, first))
		if im.State != ImportDone || im.Done != 1 || im.Counts.New != 1 {
			t.Errorf("the first: %+v", im)
		}
		if fresh := must(w.s.Fresh(w.ctx, w.director, must(w.s.Import(w.ctx, w.director, second)))); fresh {
			t.Error("the plan of the second was made before the first was brought in")
		}
		w.refused(w.s.StartImport(w.ctx, w.director, second, Choices{}), errs.Conflict, "an old plan")
		if im := must(w.s.Import(w.ctx, w.director, second)); im.Counts.Changed != 1 || im.Counts.New != 0 {
			t.Errorf("the plan was made again: %+v", im.Counts)
		}
		w.must(w.s.StartImport(w.ctx, w.director, second, Choices{}))
		w.refused(w.s.StartImport(w.ctx, w.other, second, Choices{}), errs.NotFound, "another school")
		_, err := w.s.Import(w.ctx, w.teacher("1A"), second)
		w.refused(err, errs.Forbidden, "a teacher")
		var files int
		w.must(d.SQL().QueryRowContext(w.ctx, "select count(*) from imports where state = 'done' and plan = '' and mapping = ''").Scan(&files))
		if files != 1 {
			t.Error("what the list says of people is kept longer than needed")
		}
	})
}

func TestASaveDuringAnImportIsNotLost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.bring(Choices{}, csv(head, "1;Sara;Haddad;03/05/2018;1A;;;;;;"))
		card := must(w.s.Pupils(w.ctx, w.director, PupilFilter{})).Rows[0]
		pupil := must(w.s.Pupil(w.ctx, w.director, card.PublicID))
		in := incoming{pupils: []roster.Pupil{{Row: 2, Key: must(w.d.Q().StatePupils(w.ctx, w.director.School.ID))[0].RosterKey, ExternalID: "1", Given: "Sofie", Family: "Haddad", Born: "2018-05-03", Class: "1A"}}}
		in.homes = roster.Households(in.pupils, roster.Own{})
		st := must(w.s.state(w.ctx, w.director))
		_, work := makePlan(st, in, Choices{})
		w.must(w.s.ChangePupil(w.ctx, w.director, pupil.PublicID, pupil.Version, PupilInput{Given: "Sara", Family: "El Haddad", Born: "2018-05-03"}))
		wr := &writer{s: w.s, by: w.director, work: work, version: st.version, ids: map[string]int64{}, day: st.day, now: w.s.ms()}
		_, err := wr.batch(w.ctx, work.batches()[0], func(*db.Tx) error { return nil })
		if !errors.Is(err, errStale) {
			t.Fatalf("a batch of an old plan: %v", err)
		}
		if p := must(w.s.Pupil(w.ctx, w.director, pupil.PublicID)); p.Family != "El Haddad" || p.Given != "Sara" {
			t.Errorf("the pupil after the refused batch: %+v", p.PupilRow)
		}
	})
}

func TestUploadIsRefusedInWords(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	_, err := w.s.Upload(w.ctx, w.director, nil)
	w.wrong(err, "file", "no file")
	_, err = w.s.Upload(w.ctx, w.director, []roster.File{{Name: "x.csv", Data: make([]byte, MaxUpload+1)}})
	w.wrong(err, "file", "too large")
	_, err = w.s.Upload(w.ctx, w.director, []roster.File{{Name: "x.pdf", Data: []byte("%PDF-1.7 nothing to read")}})
	w.wrong(err, "file", "no list")
	_, err = w.s.Upload(w.ctx, auth.Actor{Role: auth.Teacher}, []roster.File{csv(head)})
	w.refused(err, errs.Forbidden, "a teacher")
}

func TestAFileThatWasReadWrongIsReadAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		lines := func(rows ...string) []roster.File {
			return []roster.File{csv(append([]string{"Lijst van De Wilg", "", "een;twee;drie"}, rows...)...)}
		}
		// titles that nobody knows are taken for a pupil
		id := must(w.s.Upload(w.ctx, w.director, lines("Zoë;Peeters;2A", "Sam;Maes;2B")))
		m, _, err := w.s.Columns(w.ctx, w.director, id)
		w.must(err)
		if m.Tables[0].HeaderRow != 0 {
			t.Fatalf("the guess is better than this test: %+v", m.Tables[0])
		}
		plan, err := w.s.SetColumns(w.ctx, w.director, id, m, Choices{})
		w.must(err)
		wrong := plan.Counts.New

		w.refused(w.s.ReadAs(w.ctx, w.teacher("2A"), id, m, Choices{}), errs.Forbidden, "a teacher")
		w.refused(w.s.ReadAs(w.ctx, w.other, id, m, Choices{}), errs.NotFound, "another school")
		m.Chosen = roster.Reading{Titles: map[int]int{0: 2}}
		w.wrong(w.s.ReadAs(w.ctx, w.director, id, m, Choices{}), "titles.0", "an empty row")
		if im := must(w.s.Import(w.ctx, w.director, id)); im.State != ImportPlanned || im.Plan.Counts.New != wrong {
			t.Errorf("refused, and yet the plan is gone: %+v", im)
		}

		m.Chosen = roster.Reading{Titles: map[int]int{0: 3}}
		w.must(w.s.ReadAs(w.ctx, w.director, id, m, Choices{Secondary: true}))
		im := must(w.s.Import(w.ctx, w.director, id))
		if im.State != ImportReading || !im.Choices.Secondary || len(im.Plan.New) != 0 {
			t.Errorf("read again, a person looks at the columns once more: %+v", im)
		}
		m, preview, err := w.s.Columns(w.ctx, w.director, id)
		w.must(err)
		if m.Tables[0].HeaderRow != 3 || m.Tables[0].Columns[1].Title != "twee" || strings.Join(preview.Tables[0].Rows[0], " ") != "Zoë Peeters 2A" {
			t.Fatalf("read as chosen: %+v %+v", m.Tables[0], preview.Tables[0])
		}
		for i, f := range []roster.Field{roster.PupilGiven, roster.PupilFamily, roster.PupilClass} {
			m.Tables[0].Columns[i].Field = f
		}
		// the same once more keeps what was chosen for the columns
		w.must(w.s.ReadAs(w.ctx, w.director, id, m, Choices{}))
		m, _, err = w.s.Columns(w.ctx, w.director, id)
		w.must(err)
		if m.Tables[0].Columns[0].Field != roster.PupilGiven {
			t.Error("read as before, and what was chosen is lost")
		}
		plan, err = w.s.SetColumns(w.ctx, w.director, id, m, Choices{})
		w.must(err)
		if plan.Counts.New != 2 || plan.New[0].Class == "" {
			t.Errorf("plan: %+v", plan.New)
		}
		w.must(w.s.StartImport(w.ctx, w.director, id, Choices{}))
		w.refused(w.s.ReadAs(w.ctx, w.director, id, m, Choices{}), errs.Conflict, "while it is brought in")
		w.must(w.runner.Start(w.ctx))
		w.must(w.runner.Quiet(w.ctx))
		w.must(w.runner.Stop(w.ctx))
		wantLines(t, "homes", w.homes(w.director, Scope{Kind: ScopeSchool}), "2A Zoë: ", "2B Sam: ")
		var entries int
		w.must(d.SQL().QueryRowContext(w.ctx, "select count(*) from journal where school_id = $1 and action = 'imports.read'", w.director.School.ID).Scan(&entries))
		if entries != 2 {
			t.Errorf("%d lines in the journal, want one for each time that it was read again", entries)
		}

		t.Run("the next file with these columns is read so at once", func(t *testing.T) {
			plan := w.bring(Choices{}, lines("Zoë;Peeters;2A", "Sam;Maes;2B", "Lore;Smet;2B")...)
			if got := plan.Counts.short(); got != "new 1 changed 0 same 2 gone 0" {
				t.Errorf("next file: %s", got)
			}
		})
		t.Run("other columns are not taken for them", func(t *testing.T) {
			id := must(w.s.Upload(w.ctx, w.director, []roster.File{csv("Lijst", "", "a;b;c", "Piet;Smet;2C")}))
			m, _, err := w.s.Columns(w.ctx, w.director, id)
			w.must(err)
			if !m.Chosen.None() {
				t.Errorf("read as %+v", m.Chosen)
			}
		})
	})
}

func TestACharsetIsRememberedUntilItIsTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		file := func(name string) []roster.File {
			return []roster.File{csv("Voornaam;Naam;Klas", name+";Peeters;2A")}
		}
		id := must(w.s.Upload(w.ctx, w.director, file("Zoë")))
		m, _, err := w.s.Columns(w.ctx, w.director, id)
		w.must(err)
		m.Chosen.Charset = roster.Windows1252
		w.must(w.s.ReadAs(w.ctx, w.director, id, m, Choices{}))
		m, preview, err := w.s.Columns(w.ctx, w.director, id)
		w.must(err)
		if got := preview.Tables[0].Rows[0][0]; got != "ZoÃ«" {
			t.Errorf("the first name reads %q", got)
		}
		if _, err := w.s.SetColumns(w.ctx, w.director, id, m, Choices{}); err != nil {
			t.Fatal(err)
		}
		read := func(files []roster.File) roster.Table {
			t.Helper()
			m, _, err := w.s.Columns(w.ctx, w.director, must(w.s.Upload(w.ctx, w.director, files)))
			w.must(err)
			return m.Tables[0]
		}
		if got := read(file("Chloé")); got.Charset != roster.Windows1252 {
			t.Errorf("the next file is read as %s", got.Charset)
		}
		// taken back, it is forgotten
		m.Chosen = roster.Reading{}
		w.must(w.s.ReadAs(w.ctx, w.director, id, m, Choices{}))
		m, _, err = w.s.Columns(w.ctx, w.director, id)
		w.must(err)
		if _, err := w.s.SetColumns(w.ctx, w.director, id, m, Choices{}); err != nil {
			t.Fatal(err)
		}
		if got := read(file("Chloé")); got.Charset != roster.UTF8 {
			t.Errorf("taken back, and the next file is read as %s", got.Charset)
		}
	})
}

func TestAFileThatTellsItselfWhatIsWhatIsNotReadOtherwise(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	data, err := os.ReadFile("../roster/testdata/oneroster-1.1.zip")
	w.must(err)
	id := must(w.s.Upload(w.ctx, w.director, []roster.File{{Name: "oneroster.zip", Data: data}}))
	m, _, err := w.s.Columns(w.ctx, w.director, id)
	w.must(err)
	m.Chosen.Separator = ";"
	w.refused(w.s.ReadAs(w.ctx, w.director, id, m, Choices{}), errs.Invalid, "OneRoster with a separator of one's own")
}
