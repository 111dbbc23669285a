package press_test

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"brug/internal/press"
)

// A slip for each of two families, each in its own language.
func Example() {
	var pdf bytes.Buffer
	doc := press.New(&pdf, press.Options{
		Title: "Briefjes met vragen", Lang: "nl", Author: "De Wilg",
		Created: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), // of the job
	})
	for _, family := range []struct{ lang, child, question string }{
		{"nl", "Emma", "Wat was vandaag het leukst op school?"},
		{"ar", "محمد", "ما أجمل شيء حدث اليوم في المدرسة؟"},
	} {
		err := doc.Add(context.Background(), press.Page{
			Lang: family.lang, MinScale: 0.8,
			Blocks: []press.Block{
				press.Heading{Text: press.Personal(family.child)},
				press.List{Items: []press.Item{{Label: "1.", Text: press.T(family.question), Lines: 2}}},
			},
			Footer: []press.Block{press.Row{Cells: []press.Cell{
				{Width: 25 * press.MM, Blocks: []press.Block{press.QR{Payload: "https://brug.example/f/K7P4QX", Alt: "Antwoord"}}},
				{VAlign: press.Middle, Blocks: []press.Block{press.Para{Text: press.T("K7P 4QX"), Style: press.Style{Size: 18, Lang: "en"}}}},
			}}},
		})
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := doc.Close(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(doc.Sheets(), "pages")
	// Output: 2 pages
}
