package messages

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"brug/internal/db/dbtest"
)

// TestAConversationIsFoundAmongMany: no page of a conversation, of a guardian or of a home, and no file, walks through all that the school has,
// and no list of rows is read once for each row. The plans are SQLite's, which has no statistics to be guided by.
func TestAConversationIsFoundAmongMany(t *testing.T) {
	// The staff of a school are few, and the outbox is emptied once, when a conversation is closed.
	few := map[string]bool{"colleagues": true, "emptyOutbox": true}
	listed := map[string][]string{"messages": {"filesToSend", "useFiles", "filesNobodyTook", "fileOfStaff", "endFile", "addRecipient", "previewHomes", "recipientsByID",
		"householdsOfMessage", "pupilsOfMessage", "taskPage", "taskCount", "namesInMessage"}}
	made := map[string]bool{"SCAN w": true, "SCAN x": true, "SCAN outbox": true} // few rows made by the query itself; of the last see few
	broad := regexp.MustCompile(`^SEARCH \w+ USING (COVERING )?INDEX \w+ \(school_id=\?\)`)
	d := dbtest.SQLite(t)
	seen, within := 0, ""
	look := func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			return true
		}
		lit, ok := v.Values[0].(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		name := v.Names[0].Name
		if within != "conversations" && !slices.Contains(listed[within], name) {
			return true
		}
		text, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		seen++
		args := make([]any, most(text))
		rows, err := d.SQL().Query("explain query plan "+text, args...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return true
		}
		defer rows.Close()
		looked := false
		for rows.Next() {
			var id, parent, unused int
			var line string
			if err := rows.Scan(&id, &parent, &unused, &line); err != nil {
				t.Fatal(err)
			}
			switch {
			case broad.MatchString(line) && !few[name], strings.HasPrefix(line, "SCAN ") && !strings.Contains(line, "VIRTUAL TABLE") && !made[line]:
				t.Errorf("%s walks: %s", name, line)
			case strings.HasPrefix(line, "SCAN ") && looked && parent == 0 && !made[line]:
				t.Errorf("%s reads its list once for each row: %s", name, line)
			}
			looked = looked || strings.HasPrefix(line, "SEARCH ") && parent == 0
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return true
	}
	// What else must cost the same in a large school, of files with other things in them.
	listed["links"] = []string{"linkChildren"}
	listed["contact"] = []string{"codeBySecret", "openAnswers"}
	listed["coverage"] = []string{"markForRecount", "holdForRebuild", "reachedOf"}
	listed["packs"] = []string{"givenContacts"}
	for _, within = range []string{"conversations", "messages", "links", "contact", "coverage", "packs"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), "../db/q/"+within+".sql.go", nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, look)
	}
	if seen < 60 {
		t.Errorf("only %d queries were looked at", seen)
	}
}
