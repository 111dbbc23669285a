package school

import (
	"fmt"
	"strings"
	"testing"

	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/roster"
)

// bigList is a list of a large school: families of one to three children, two guardians each.
func bigList(pupils int) roster.File {
	var b strings.Builder
	b.WriteString("Nummer;Voornaam;Naam;Geboortedatum;Klas;Adres;Naam moeder;GSM moeder;E-mail moeder;Naam vader;GSM vader\n")
	for i := 0; i < pupils; {
		family := i
		for child := 0; child <= family%3 && i < pupils; child++ {
			fmt.Fprintf(&b, "%d;Kind%d;Familie%d;%02d/03/%d;%d%c;Straat %d, 9000 Gent;Moeder%d Familie%d;04%08d;m%d@example.org;Vader%d Familie%d;04%08d\n",
				i+1, i, family, 1+i%28, 2014+i%6, 1+i%6, 'A'+rune(i/6%40), family, family, family, 70000000+family, family, family, family, 80000000+family)
			i++
		}
	}
	return roster.File{Name: "large.csv", Data: []byte(b.String())}
}

func TestFiveThousandPupilsInTheBackground(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const pupils = 5000
		public := must(w.s.Upload(w.ctx, w.director, []roster.File{bigList(pupils)}))
		m, _, err := w.s.Columns(w.ctx, w.director, public)
		w.must(err)
		plan := must(w.s.SetColumns(w.ctx, w.director, public, m, Choices{}))
		if plan.Counts.New != pupils || plan.Counts.Doubtful != 0 {
			t.Fatalf("plan: %+v", plan.Counts)
		}
		w.must(w.s.StartImport(w.ctx, w.director, public, Choices{}))
		before := must(d.Q().RosterVersion(w.ctx, w.director.School.ID))
		w.must(w.runner.Start(w.ctx))
		w.must(w.runner.Quiet(w.ctx))
		w.must(w.runner.Stop(w.ctx))
		im := must(w.s.Import(w.ctx, w.director, public))
		if im.State != ImportDone || im.Done != pupils || im.Total != pupils || im.Counts.New != pupils {
			t.Fatalf("import: %s %d of %d, %+v", im.State, im.Done, im.Total, im.Counts)
		}
		// each transaction has a fixed number of statements and moves the version by one
		if n := must(d.Q().RosterVersion(w.ctx, w.director.School.ID)) - before; n > pupils/batchPupils+2 {
			t.Errorf("%d transactions for %d pupils", n, pupils)
		}
		homes := must(w.s.Homes(w.ctx, w.director, Scope{Kind: ScopeSchool}))
		children, people := 0, 0
		for _, h := range homes {
			children += len(h.Children)
			people += len(h.Guardians)
		}
		if children != pupils || people != 2*len(homes) || len(homes) >= pupils {
			t.Errorf("%d children and %d guardians in %d homes", children, people, len(homes))
		}
		var entries int
		w.must(d.SQL().QueryRowContext(w.ctx, "select count(*) from journal where school_id = $1 and area = 'imports' and action = 'imports.done'", w.director.School.ID).Scan(&entries))
		if entries != 1 {
			t.Errorf("%d lines in the journal, want one with the counts", entries)
		}
		again := must(w.s.ImportFiles(w.ctx, w.director, []roster.File{bigList(pupils)}, Choices{}, false))
		if !again.Counts.Nothing() || again.Counts.Same != pupils {
			t.Errorf("again: %+v", again.Counts)
		}
	})
}

func TestBatchesKeepFamiliesWhole(t *testing.T) {
	w := writes{}
	for i := range 1000 {
		w.family = append(w.family, i/7*7)
	}
	seen := map[int]bool{}
	for n, families := range w.batches() {
		pupils := 0
		for _, f := range families {
			if seen[f] {
				t.Fatalf("family %d twice", f)
			}
			seen[f] = true
			pupils += 7
		}
		if pupils > batchPupils+7 {
			t.Errorf("batch %d has %d pupils", n, pupils)
		}
	}
	if len(seen) != 143 {
		t.Errorf("%d families", len(seen))
	}
}
