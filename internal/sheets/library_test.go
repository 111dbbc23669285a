package sheets

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/press"
)

// onePage are the kinds that must not spill over: what is cut, hung up or handed out as one card.
var onePage = map[material.Kind]bool{material.Nudge: true, material.QuestionSlip: true, material.HelpCard: true, material.Flyer: true, material.SettlingInCard: true, material.Poster: true, material.WhoIsWho: true,
	material.ThemeLetter: true, material.WeekLetter: true, material.SampleLetter: true}

// proof is one way to print one text.
type proof struct {
	name  string
	text  Text
	form  Form
	pages int // at most
}

// proofs are all ways to print a shipped material in a language: on each of its sizes, alone and beside Dutch, and on two
// sides where the kind has two.
func proofs(m *material.Material, tag string) []proof {
	layout := For(m.Kind)
	var out []proof
	for i, size := range layout.Sizes {
		t := textOf(m, tag, "Amira", false)
		most := 2
		if onePage[m.Kind] {
			most = 1
		}
		out = append(out, proof{fmt.Sprintf("%s in %s on %s", m.Slug, tag, size), t, Form{Size: size}, most})
		if layout.TwoSides() {
			out = append(out, proof{fmt.Sprintf("%s in %s on two sides of %s", m.Slug, tag, size), t, Form{Size: size, TwoSided: true}, 1})
		}
		if i == 0 && tag != "nl" && m.Kind.Spec().Personal {
			out = append(out, proof{fmt.Sprintf("%s in %s beside Dutch", m.Slug, tag), textOf(m, tag, "Amira", true), Form{}, 2})
		}
	}
	return out
}

// crowds are posters in six languages, the ones with the longest words and the most scripts.
func crowds(m *material.Material) []proof {
	if !For(m.Kind).Together {
		return nil
	}
	var out []proof
	for _, tags := range [][]string{{"nl", "fr", "ar", "tr", "en"}, {"ar", "nl", "fr", "tr", "en"}} {
		t := textOf(m, tags[0], "", false)
		for _, tag := range tags[1:] {
			t.Also = append(t.Also, entry(m).Sheet(tag, fillFor("")))
		}
		for _, size := range For(m.Kind).Sizes {
			out = append(out, proof{fmt.Sprintf("%s in %s on %s", m.Slug, strings.Join(tags, ", "), size), t, Form{Size: size}, 1})
		}
	}
	return out
}

// TestTheWholeLibraryPrints lays out every shipped text, in every language it has and in one that it has not, in every
// layout of its kind: nothing overflows, no sign lacks, cards stay on one page, and no text is smaller than can be read.
func TestTheWholeLibraryPrints(t *testing.T) {
	var all []proof
	for _, m := range material.Shipped().All() {
		tags := []string{}
		fallback := ""
		for _, tag := range append([]string{"nl"}, lang.Family...) {
			if _, has := m.Texts[tag]; has && (tag != "nl" || len(tags) == 0) {
				tags = append(tags, tag)
			} else if !has && fallback == "" {
				fallback = tag
			}
		}
		if fallback == "" {
			fallback = "ckb" // no family text has it: a language that somebody may still set
		}
		for _, tag := range append(tags, fallback) {
			all = append(all, proofs(m, tag)...)
		}
		all = append(all, crowds(m)...)
	}
	cache := press.NewCache(64 << 20)
	next := make(chan proof)
	var work sync.WaitGroup
	var mu sync.Mutex
	done, last := 0, time.Now()
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for p := range next {
				p.check(t, cache)
				mu.Lock()
				if done++; time.Since(last) > 5*time.Second {
					last = time.Now()
					t.Logf("%d of %d", done, len(all))
				}
				mu.Unlock()
			}
		})
	}
	for _, p := range all {
		next <- p
	}
	close(next)
	work.Wait()
	t.Logf("%d ways to print %d materials", len(all), len(material.Shipped().All()))
}

func (p proof) check(t *testing.T, cache *press.Cache) {
	for _, page := range paper().Pages(p.text, p.form) {
		r, err := press.Measure(press.Options{Lang: "nl", Cache: cache}, page)
		if err != nil {
			t.Errorf("%s: %v", p.name, err)
			return
		}
		if r.Pages > p.pages {
			t.Errorf("%s: %d pages, at most %d", p.name, r.Pages, p.pages)
		}
		if small := r.Scale * page.TextSize; small < 5.9 {
			t.Errorf("%s: text of %.1f points", p.name, small)
		}
	}
}
