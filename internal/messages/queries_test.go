package messages

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"brug/internal/db/dbtest"
)

// What the post asks the database, with how SQLite would look for it. A table of twenty million letters must not be walked
// through, nor the letters of a state or of a school once for each id of a list: that is how five thousand letters took minutes.
func TestThePostFindsItsRowsByAnIndex(t *testing.T) {
	// Those that ask for all that is on its way, which is little at any time.
	onTheWay := map[string]bool{"postDue": true, "claimedRecipients": true, "giveBackClaim": true, "giveBackOld": true}
	walks := regexp.MustCompile(`^SCAN (recipients|r|l|guardians|g|households|h|messages|m|contacts|c|push_subscriptions|p)\b`)
	broad := regexp.MustCompile(`^SEARCH \w+ USING (COVERING )?INDEX \w+ \((state|school_id)=\?\)`)
	parsed, err := parser.ParseFile(token.NewFileSet(), "../db/q/deliveries.sql.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	d := dbtest.SQLite(t)
	seen := 0
	ast.Inspect(parsed, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			return true
		}
		lit, ok := v.Values[0].(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		name := v.Names[0].Name
		text, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		seen++
		args := make([]any, strings.Count(text, "$"))
		rows, err := d.SQL().Query("explain query plan "+text, args[:most(text)]...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return true
		}
		defer rows.Close()
		looked := "" // a table in which something was looked for already, before the list is read
		for rows.Next() {
			var id, parent, unused int
			var line string
			if err := rows.Scan(&id, &parent, &unused, &line); err != nil {
				t.Fatal(err)
			}
			switch {
			case strings.HasSuffix(line, "USING INDEX messages_urgent"): // what is urgent and not done yet is in it, which is little at any time
			case walks.MatchString(line):
				t.Errorf("%s walks through a table: %s", name, line)
			case broad.MatchString(line) && !onTheWay[name]:
				t.Errorf("%s looks at all of a state or a school: %s", name, line)
			case strings.HasPrefix(line, "SCAN x VIRTUAL TABLE") && looked != "":
				t.Errorf("%s reads its list once for each row of: %s", name, looked)
			case strings.HasPrefix(line, "SEARCH ") && parent == 0:
				looked = line
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return true
	})
	if seen < 25 {
		t.Errorf("only %d queries were looked at", seen)
	}
}

// most is the highest number of a statement's parameters.
func most(text string) int {
	n := 0
	for _, m := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(text, -1) {
		if k, err := strconv.Atoi(m[1]); err == nil {
			n = max(n, k)
		}
	}
	return n
}
