package guard

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"brug/internal/db"
	"brug/internal/db/dbtest"
)

// query is one named query of internal/db/queries, its comments apart.
type query struct{ file, name, sql, comment string }

var (
	queryStart = regexp.MustCompile(`(?m)^-- name: (\w+) :\w+ *$`)
	words      = regexp.MustCompile(`[a-z_0-9]+`)
	quoted     = regexp.MustCompile(`'[^']*'`)
	reason     = regexp.MustCompile(`\(across schools: [^)]{8,}\)`)
	named      = regexp.MustCompile(`@school_id\b|sqlc\.n?arg\('?school_id'?\)`)
)

func queries(t *testing.T) []query {
	t.Helper()
	var all []query
	for _, file := range files(t, "internal/db/queries", ".sql") {
		text := read(t, file)
		starts := queryStart.FindAllStringSubmatchIndex(text, -1)
		if len(starts) == 0 {
			t.Errorf("%s holds no query", file)
		}
		for i, s := range starts {
			end := len(text)
			if i+1 < len(starts) {
				end = starts[i+1][0]
			}
			q := query{file: file, name: text[s[2]:s[3]]}
			for _, line := range strings.Split(text[s[1]:end], "\n") {
				code, comment, _ := strings.Cut(line, "--")
				q.sql += strings.ToLower(code) + "\n"
				q.comment += strings.TrimSpace(comment) + " "
			}
			all = append(all, q)
		}
	}
	return all
}

// about are the tables of the given ones that the query speaks of.
func (q query) about(tables map[string]bool) []string {
	var found []string
	seen := map[string]bool{}
	for _, w := range words.FindAllString(quoted.ReplaceAllString(q.sql, ""), -1) {
		if tables[w] && !seen[w] {
			seen[w] = true
			found = append(found, w)
		}
	}
	return found
}

// lapse tells what is wrong with a query about the rows of schools; "" if nothing.
func (q query) lapse(ofSchools map[string]bool) string {
	about := q.about(ofSchools)
	excused := reason.MatchString(q.comment)
	names := named.MatchString(q.sql)
	switch {
	case len(about) > 0 && !names && !excused:
		return "reads or changes " + strings.Join(about, ", ") + " without @school_id. If that must be, write why in its comment: (across schools: …)"
	case excused && len(about) == 0:
		return "excuses itself, but is about no school's rows"
	}
	return ""
}

// tablesOfSchools are those whose rows belong to a school.
func tablesOfSchools(t *testing.T) map[string]bool {
	t.Helper()
	tables := map[string]bool{}
	for _, c := range columnsOfSQLite(t, dbtest.SQLite(t)) {
		if c.column == "school_id" {
			tables[c.table] = true
		}
	}
	for _, sure := range []string{"pupils", "contacts", "codes"} {
		if !tables[sure] {
			t.Fatalf("%s has no school_id, or was not found", sure)
		}
	}
	return tables
}

func TestQueriesNameTheSchool(t *testing.T) {
	ofSchools := tablesOfSchools(t)
	for _, q := range queries(t) {
		if lapse := q.lapse(ofSchools); lapse != "" {
			t.Errorf("%s: %s %s", q.file, q.name, lapse)
		}
	}
}

func TestWhatCountsAsNamingTheSchool(t *testing.T) {
	ofSchools := map[string]bool{"pupils": true}
	cases := []struct {
		name         string
		sql, comment string
		ok           bool
	}{
		{"the parameter in a condition", "select * from pupils where school_id = @school_id", "", true},
		{"an optional parameter", "insert into pupils(school_id) values (sqlc.narg('school_id'))", "", true},
		{"only the column", "select school_id from pupils where id = @id", "", false},
		{"another table needs none", "select * from accounts where id = @id", "", true},
		{"a reason stands for it", "select * from pupils where id = @id", "The worker's. (across schools: the job names the row by its id)", true},
		{"a reason of one word is none", "select * from pupils where id = @id", "(across schools: yes)", false},
		{"an excuse for nothing", "select * from accounts where id = @id", "(across schools: it finds the school)", false},
		{"a table only named in a text", "select 'pupils' from accounts", "", true},
	}
	for _, c := range cases {
		q := query{sql: c.sql, comment: c.comment}
		if lapse := q.lapse(ofSchools); (lapse == "") != c.ok {
			t.Errorf("%s: %q", c.name, lapse)
		}
	}
}

// The journal and the ledger are added to. A mistake is mended by a later line.
func TestNothingIsTakenBackFromJournalAndLedger(t *testing.T) {
	taken := regexp.MustCompile(`\b(update|delete\s+from)\s+(journal|contacts)\b`)
	for _, q := range queries(t) {
		if found := taken.FindString(q.sql); found != "" {
			t.Errorf("%s: %s says %q", q.file, q.name, found)
		}
	}
}

// The queries are written in the words that both engines know; here both read each of them.
func TestQueriesRunOnBothEngines(t *testing.T) {
	generated := map[string]string{}
	for _, file := range files(t, "internal/db/q", ".sql.go") {
		parsed, err := parser.ParseFile(token.NewFileSet(), root+file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok || len(v.Values) != 1 {
				return true
			}
			if lit, ok := v.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				generated[v.Names[0].Name] = text
			}
			return true
		})
	}
	if want := len(queries(t)); len(generated) != want {
		t.Errorf("%d generated queries, but %d written ones: run bin/generate", len(generated), want)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, text := range generated {
			stmt, err := d.SQL().Prepare(text)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if err := stmt.Close(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
