package sheets

import (
	"strings"
	"testing"
	"time"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/press"
)

// TestThePaperPromisesTheReadersLanguageOnlyWhereItIs: whichever way the code stands on a kind of paper.
func TestThePaperPromisesTheReadersLanguageOnlyWhereItIs(t *testing.T) {
	l, seen := lang.For("nl"), map[answer]bool{}
	text, questions, own := l.T("See and hear this text in your language."), l.T("See and hear the questions in your language."), l.T("You can answer in your own language.")
	paper := &Paper{School: "De Brug", Main: "nl", BaseURL: "https://brug.test", Expires: time.Date(2027, 3, 3, 0, 0, 0, 0, time.UTC)}
	for _, e := range material.Shipped().All() {
		layout := For(e.Kind)
		if !e.Kind.Spec().Personal || layout.Head == banner || seen[layout.Answer] {
			continue
		}
		seen[layout.Answer] = true
		for _, c := range []struct {
			name, tag     string
			partly, whole bool
		}{{"all of it is there", "nl", false, true}, {"a language without texts", "rif", false, false}, {"it says itself what lacks", "nl", true, false}} {
			page := paper.Page(Text{Sheet: entry(e).Sheet(c.tag, material.Fill{Child: "Noor"}), Child: "Noor", Code: &Code{Token: "example", Short: "0000 0000 0000"}, Partly: c.partly}, Form{})
			got := said(page.Footer)
			if promised := strings.Contains(got, text) || strings.Contains(got, questions); promised != c.whole || strings.Contains(got, own) == c.whole {
				t.Errorf("%s, %s: %s", e.Kind, c.name, got)
			}
		}
	}
	if len(seen) < 3 {
		t.Errorf("only %d ways of answering were looked at", len(seen))
	}
}

// said is all that stands in blocks.
func said(blocks []press.Block) string {
	var b strings.Builder
	plain := func(t press.Text) {
		for _, s := range t {
			b.WriteString(s.Text + " ")
		}
	}
	for _, block := range blocks {
		switch block := block.(type) {
		case press.Para:
			plain(block.Text)
		case press.List:
			for _, i := range block.Items {
				plain(i.Text)
			}
		case press.Box:
			b.WriteString(said(block.Blocks))
		case press.Row:
			for _, c := range block.Cells {
				b.WriteString(said(c.Blocks))
			}
		}
	}
	return b.String()
}
