package roster

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the goldens anew; then read each of them")

// fixtures are all lists in testdata.
func fixtures(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range all {
		if ext := filepath.Ext(f); ext == ".csv" || ext == ".xlsx" || ext == ".zip" || ext == ".xml" {
			out = append(out, f)
		}
	}
	if len(out) < 16 {
		t.Fatalf("only %d lists in testdata", len(out))
	}
	return out
}

func load(t testing.TB, path string) []File {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return []File{{Name: filepath.Base(path), Data: data}}
}

func TestEachListIsUnderstoodAsInItsGolden(t *testing.T) {
	for _, path := range fixtures(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			files := load(t, path)
			m, p, err := Guess(files)
			if err != nil {
				t.Fatal(err)
			}
			// A mapping goes through JSON on its way to the form and back.
			j, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			var back Mapping
			if err := json.Unmarshal(j, &back); err != nil {
				t.Fatal(err)
			}
			r, issues, err := Read(files, back)
			if err != nil {
				t.Fatal(err)
			}
			got := describe(m, p, r, issues)
			golden := strings.TrimSuffix(path, filepath.Ext(path)) + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Error(d)
			}
		})
	}
}

// describe writes everything that was understood as text.
func describe(m Mapping, p Preview, r Roster, issues []Issue) string {
	var b strings.Builder
	fmt.Fprintf(&b, "kind %s %s\n", m.Kind, m.Version)
	for i, t := range m.Tables {
		fmt.Fprintf(&b, "\ntable %q sheet %q separator %q charset %q header %d+%d language %q layout %s class %q rows %d\n",
			t.Name, t.Sheet, t.Separator, t.Charset, t.HeaderRow, t.HeaderRows, t.Language, t.Layout, t.Class, p.Tables[i].Total)
		for k, c := range t.Columns {
			fmt.Fprintf(&b, "  %-2s %-40q %-22s %.2f %v\n", columnName(k), c.Title, c.Field, c.Confidence, c.Others)
		}
	}
	b.WriteString("\n" + describeRoster(r))
	b.WriteString("\nissues\n")
	for _, i := range issues {
		fmt.Fprintf(&b, "  %s %s:%d [%s] %q: %s\n", i.Weight, i.File, i.Row, i.Column, i.Value, i.Reason)
	}
	b.WriteString("\nhouseholds\n")
	for _, h := range Households(r.Pupils, Own{}) {
		b.WriteString(describeHousehold(r.Pupils, h))
	}
	return b.String()
}

func describeRoster(r Roster) string {
	var b strings.Builder
	fmt.Fprintf(&b, "school %q\n", r.School)
	for _, p := range r.Pupils {
		fmt.Fprintf(&b, "%d %s: %q %q class %q groups %q grade %q born %s left %q at %q langs %v mail %q phones %v\n", p.Row, p.Key, p.Given, p.Family, p.Class, p.Groups, p.Grade,
			p.Born, p.Left, p.Address, p.Langs, p.Email, p.Phones)
		for _, g := range p.Guardians {
			fmt.Fprintf(&b, "    %d %s %q = %q %q %s <%s> %v %v %v at %q\n", g.Row, g.ExternalID, g.Name, g.Given, g.Family, g.Relation, g.Email, g.OtherEmails, g.Phones, g.Langs, g.Address)
		}
	}
	for _, d := range r.Doubtful {
		fmt.Fprintf(&b, "doubtful %s:%d %q: %s\n", d.File, d.Row, d.Cells, d.Reason)
	}
	return b.String()
}

func describeHousehold(pupils []Pupil, h Household) string {
	var b strings.Builder
	var kids, adults []string
	for _, i := range h.Pupils {
		kids = append(kids, pupils[i].Name())
	}
	for _, m := range h.Members {
		adults = append(adults, fmt.Sprintf("%s(%d)", m.Name, len(m.Mentions)))
	}
	fmt.Fprintf(&b, "  %s: %s | %s\n", h.Address, strings.Join(kids, ", "), strings.Join(adults, ", "))
	for _, w := range h.Why {
		fmt.Fprintf(&b, "      rows %v: %s\n", w.Rows, w.Text)
	}
	return b.String()
}
