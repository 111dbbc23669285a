package sheets

import (
	"context"
	"fmt"
	"io"
	"testing"

	"brug/internal/material"
	"brug/internal/press"
)

// BenchmarkBag prints what 100 families of a school get in nine languages: a nudge, a help card and a letter.
func BenchmarkBag(b *testing.B) {
	var texts []*material.Material
	for _, k := range []material.Kind{material.Nudge, material.HelpCard, material.SampleLetter} {
		for _, m := range material.Shipped().All() {
			if m.Kind == k {
				texts = append(texts, m)
				break
			}
		}
	}
	tags := []string{"nl", "ar", "tr", "fr", "pl", "ti", "ur", "zh", "uk"}
	for b.Loop() {
		d := press.New(io.Discard, press.Options{Lang: "nl"})
		for i := range 100 {
			for _, m := range texts {
				for _, p := range paper().Pages(textOf(m, tags[i%len(tags)], fmt.Sprintf("Kind%d", i), false), Form{Size: A4}) {
					if err := d.Add(context.Background(), p); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
