package home

import (
	"context"
	"strings"
	"testing"

	"brug/internal/messages"
)

// TestTodayTellsWhatGoesByHand: nobody has to look for calls and paper on another page.
func TestTodayTellsWhatGoesByHand(t *testing.T) {
	show := func(calls int, classes ...messages.PaperClass) string {
		var b strings.Builder
		if err := todayView(todayPage{Calls: calls, Paper: classes}).Render(context.Background(), &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	a, b, c, d := messages.PaperClass{PublicID: "a", Name: "3A", Letters: 4}, messages.PaperClass{PublicID: "b", Letters: 1}, messages.PaperClass{PublicID: "c", Letters: 1}, messages.PaperClass{PublicID: "d", Letters: 1}
	if page := show(0); strings.Contains(page, "Bellen en papier") {
		t.Error("there is nothing, and it is told")
	}
	page := show(2, a)
	for _, want := range []string{"/calls", "2 mensen om te bellen", "4 brieven wachten op papier.", `value="class:a"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q lacks", want)
		}
	}
	if page := show(0, a, b, c, d); !strings.Contains(page, "7 brieven wachten op papier.") || strings.Contains(page, `value="class:a"`) {
		t.Error("many classes are not counted together")
	}
}
