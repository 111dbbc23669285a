package voice

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/db/q"
	"brug/internal/lang"
	"brug/internal/material"
)

// Need is a language in which families of the school should hear texts.
type Need struct {
	Lang   string // BCP 47
	Homes  int    // that need it
	Spoken bool   // many who speak it never learnt to read it
	Texts  bool   // Brug has texts in it
}

// needs are the languages for which a voice matters: all homes of a language that is spoken first, or that has no texts of
// ours; else the homes where somebody rather listens. Those of the most homes come first.
func needs(rows []q.VoiceNeedsRow) []Need {
	byTag := map[string]*Need{}
	for _, r := range rows {
		i, ok := listed(r.Lang)
		if !ok {
			continue // nobody could choose it for a recording
		}
		n := byTag[i.Tag]
		if n == nil {
			n = &Need{Lang: i.Tag, Spoken: i.SpokenFirst, Texts: hasTexts(i.Tag)}
			byTag[i.Tag] = n
		}
		if n.Spoken || !n.Texts {
			n.Homes += int(r.Homes)
		} else {
			n.Homes += int(r.Listening)
		}
	}
	var out []Need
	for _, n := range byTag {
		if n.Homes > 0 {
			out = append(out, *n)
		}
	}
	slices.SortFunc(out, func(a, b Need) int { return cmp.Or(cmp.Compare(b.Homes, a.Homes), cmp.Compare(a.Lang, b.Lang)) })
	return out
}

// listed is the language of the list for families that a tag is, or is a variety of.
func listed(tag string) (lang.Info, bool) {
	all := lang.Known()
	for t := lang.Canonical(tag); t != ""; {
		if i := slices.IndexFunc(all, func(i lang.Info) bool { return i.Tag == t }); i >= 0 {
			return all[i], true
		}
		cut := strings.LastIndexByte(t, '-')
		if cut < 0 {
			break
		}
		t = t[:cut]
	}
	return lang.Info{}, false
}

// hasTexts tells whether Brug has texts in a language, or in the one that it is a variety of: who speaks Dari reads Persian.
func hasTexts(tag string) bool {
	read := lang.For(tag).Tag()
	return read == tag || strings.HasPrefix(tag, read+"-")
}

// Wanting is a text that nobody has read aloud yet in a language that families need.
type Wanting struct {
	Slug, Title string // the title in the actor's language
	Kind        material.Kind
	Picture     string
	Lang        string
	Homes       int  // that need this language
	Own         bool // the school wrote it
	Printed     bool // it was handed out of late
	Changed     bool // there is a recording, but the words have changed since
}

// Queue is a page of what lacks a voice.
type Queue struct {
	Needs []Need // all languages that matter at this school
	Rows  []Wanting
	Page  int // from 1
	More  bool
	Total int
	Heard []Recording // what there is in the chosen language, latest first, with Changed; maxHeard at most
}

const perPage = 40

// maxHeard is how many recordings stand below the queue; more are found by language, and at their texts.
const maxHeard = 100

// recently is how long a printed text counts as in use.
const recently = 120 * 24 * time.Hour

// Queue is what lacks a voice: first the school's own texts, then what was printed of late, then the library; within each,
// the languages that most homes need. tag narrows it to one language, "" is all. A handful of queries, however long it is.
func (s *Service) Queue(ctx context.Context, by auth.Actor, tag string, page int) (Queue, error) {
	if err := mayRecord(by); err != nil {
		return Queue{}, err
	}
	rows, err := s.DB.Q().VoiceNeeds(ctx, by.School.ID)
	if err != nil {
		return Queue{}, fmt.Errorf("languages that need a voice: %w", err)
	}
	printed, err := s.DB.Q().PrintedMaterials(ctx, q.PrintedMaterialsParams{SchoolID: by.School.ID, Since: s.Now().Add(-recently).UnixMilli()})
	if err != nil {
		return Queue{}, fmt.Errorf("materials printed: %w", err)
	}
	have, err := s.DB.Q().Recordings(ctx, by.School.ID)
	if err != nil {
		return Queue{}, fmt.Errorf("recordings: %w", err)
	}
	entries, err := s.Material.List(ctx, by, material.Filter{Reader: material.ForFamily})
	if err != nil {
		return Queue{}, err
	}
	v := Queue{Needs: needs(rows), Page: max(1, page)}
	bySlug := map[string]*material.Entry{}
	for _, e := range entries {
		bySlug[e.Slug] = e
	}
	state := map[[2]string]bool{} // text and language → there is one, and whether its words have changed
	for _, r := range have {
		rec := recording(r, by.School.ID)
		e := bySlug[rec.Material]
		rec.Changed = e == nil || rec.digest != digest(e, rec.Lang)
		key := [2]string{rec.Material, rec.Lang}
		if changed, seen := state[key]; !seen || changed {
			state[key] = rec.Changed
		}
		rec.Title = rec.Material // a text that was put away since
		if e != nil {
			rec.Title = e.TitleIn(by.Lang)
		}
		if (e != nil || !rec.Centre) && (tag == "" || rec.Lang == tag) && len(v.Heard) < maxHeard {
			v.Heard = append(v.Heard, rec)
		}
	}
	all := wanting(entries, printedOrder(printed), v.Needs, state, tag, by.Lang)
	v.Total = len(all)
	v.Page = min(v.Page, len(all)/perPage+2) // an address may say any number
	from := min((v.Page-1)*perPage, len(all))
	to := min(from+perPage, len(all))
	v.Rows, v.More = all[from:to], to < len(all)
	return v, nil
}

func printedOrder(rows []q.PrintedMaterialsRow) map[string]int {
	at := map[string]int{}
	for i, r := range rows {
		at[r.Material] = i
	}
	return at
}

// wanting puts what lacks a voice in order. entries are in the order of the list: own ones first.
func wanting(entries []*material.Entry, printed map[string]int, needs []Need, state map[[2]string]bool, tag, reader string) []Wanting {
	type ranked struct {
		Wanting
		rank, at, lang int
	}
	var all []ranked
	for i, e := range entries {
		at, out := printed[e.Slug]
		rank := 2
		switch {
		case e.Own:
			rank, at = 0, i
		case out:
			rank = 1
		default:
			at = i
		}
		for j, n := range needs {
			if tag != "" && n.Lang != tag {
				continue
			}
			changed, seen := state[[2]string{e.Slug, n.Lang}]
			if seen && !changed {
				continue
			}
			all = append(all, ranked{Wanting{Slug: e.Slug, Kind: e.Kind, Picture: e.Picture, Lang: n.Lang, Homes: n.Homes, Own: e.Own, Printed: out, Changed: seen}, rank, at, j})
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.lang, b.lang), cmp.Compare(a.at, b.at))
	})
	titles := map[string]string{}
	for _, e := range entries {
		titles[e.Slug] = e.TitleIn(reader)
	}
	out := make([]Wanting, len(all))
	for i, r := range all {
		out[i] = r.Wanting
		out[i].Title = titles[r.Slug]
	}
	return out
}
