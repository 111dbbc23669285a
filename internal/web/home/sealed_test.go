package home

import (
	"context"
	"strings"
	"testing"

	"brug/internal/messages"
	"brug/internal/packs"
	"brug/internal/web/ui"
)

// TestTodayRemindsOfWhatIsSealedWithoutAWord: the line leads to the conversation, where the look is written down.
func TestTodayRemindsOfWhatIsSealedWithoutAWord(t *testing.T) {
	var b strings.Builder
	page := todayPage{Page: ui.Page{}, Packs: []packs.Pack{}, Back: []messages.DueAgreement{
		{PublicID: "a", LookBack: "2026-12-11", Conversation: "closed", Sealed: true},
		{PublicID: "b", LookBack: "2026-12-11", Household: "home", Child: "Ali", Body: "Elke avond lezen.", Conversation: "open"},
	}}
	if err := todayView(page).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "conversations/closed"); n != 1 {
		t.Errorf("%d lines lead to the closed conversation", n)
	}
	if !strings.Contains(b.String(), "Elke avond lezen.") || strings.Contains(b.String(), "conversations/open") {
		t.Error("what is not sealed reads otherwise than before")
	}
}
