package material

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/lang"
	"brug/internal/lang/stem"
)

// Search finds materials by their words, whatever their accents and endings. What Brug ships is in an index in memory, one for
// each language, made when first asked for; what schools and the support centre write is in the table material_words.

// PageSize is how many materials a page of Search has.
const PageSize = 24

// What can be asked for at most: nobody turns as many pages or types as many letters, but an address may say so.
const (
	maxFrom    = 100_000 // materials before the page
	maxLetters = 300
)

// Hits is a page of what was found, best first.
type Hits struct {
	Entries []*Entry
	Next    string // asks for the next page; "" if this is the last
}

// Search finds the materials that have all the words and pass the filter: those that have them in the reader's language, then those
// in the school's. A word in the title counts more; where two count the same the school's own comes first, the latest
// first. A word may be the beginning of a longer one, or one half of a compound. Without words all are found. page is Next
// of the page before, or "". Three queries at most.
func (s *Service) Search(ctx context.Context, by auth.Actor, words string, f Filter, page string) (Hits, error) {
	if err := by.May(auth.MaterialSee); err != nil {
		return Hits{}, err
	}
	from, err := strconv.Atoi(cmp.Or(page, "0"))
	if err != nil || from < 0 || from > maxFrom {
		from = 0 // an address that somebody typed: the first page
	}
	tags := slices.DeleteFunc(searchLanguages(by.Lang, by.School.Lang, f.Lang), func(tag string) bool { _, known := letters(tag); return !known })
	wants := lookFor(words, tags)
	most := from + PageSize + 1
	found, err := s.searchOwn(ctx, by, wants, f, most)
	if err != nil {
		return Hits{}, err
	}
	found = append(found, searchShipped(wants, f)...)
	slices.SortStableFunc(found, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	found = found[min(from, len(found)):min(most, len(found))]
	h := Hits{}
	if len(found) > PageSize {
		found, h.Next = found[:PageSize], strconv.Itoa(from+PageSize)
	}
	for _, it := range found {
		h.Entries = append(h.Entries, it.Entry)
	}
	if err := s.addTexts(ctx, by, h.Entries); err != nil {
		return Hits{}, err
	}
	return h, s.overlay(ctx, by.School.ID, h.Entries)
}

type hit struct {
	*Entry
	score int
}

// searchLanguages are those that words are looked for in, the one that counts most first.
func searchLanguages(tags ...string) []string {
	var out []string
	for _, tag := range tags {
		tag, _, _ = strings.Cut(tag, "-")
		if tag != "" && !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}

// want is one form of one word that is looked for, in one language.
type want struct {
	N      int    `json:"n"` // which word
	Lang   string `json:"lang"`
	Word   string `json:"word"`
	Until  string `json:"until"`  // the end of the range that Word begins; Word itself where it must stand whole
	Boost  int    `json:"boost"`  // what its language counts
	Needed int    `json:"needed"` // how many words a material must have in this language
}

// prefixLetters is how long a word must be to find longer ones that begin with it.
const prefixLetters = 4

// lookFor is what words ask for in some languages, the one that counts most first. Nothing, where they say nothing.
func lookFor(words string, tags []string) []want {
	out := []want{}
	if utf8.RuneCountInString(words) > maxLetters {
		words = string([]rune(words)[:maxLetters])
	}
	boost := 4
	for _, tag := range tags {
		ws := stem.Words(tag, words)
		slices.SortFunc(ws, func(a, b stem.Word) int { return slices.Compare(a, b) })
		ws = slices.CompactFunc(ws, func(a, b stem.Word) bool { return slices.Equal(a, b) })
		for n, w := range ws {
			for _, form := range w {
				until := form
				if utf8.RuneCountInString(form) >= prefixLetters {
					until = form + "\U0010FFFD"
				}
				out = append(out, want{n, tag, form, until, boost, len(ws)})
			}
		}
		boost = 1
	}
	return out
}

// What a word counts by where it stands.
const (
	inTitle = 8
	inIntro = 3
	inPart  = 2
	inKind  = 1 // the name of the kind and of the practices: "poster", "play"
)

// wordsOf are the words under which a material is found in one language, with what they count.
func wordsOf(m *Material, tag string, t Text) map[string]int {
	out := map[string]int{}
	add := func(s string, weight int) {
		for _, w := range stem.Words(tag, braces.ReplaceAllString(s, " ")) {
			for _, form := range w {
				out[form] = max(out[form], weight)
				for _, half := range halves(tag, form) {
					out[half] = max(out[half], weight)
				}
			}
		}
	}
	l := lang.For(tag)
	if slices.Contains(lang.Staff, tag) { // names of kinds and practices are texts for staff
		add(l.T(m.Kind.Spec().Name), inKind)
		add(l.T(m.Kind.Spec().Many), inKind)
		for _, p := range m.Practices {
			add(l.T(p.Text()), inKind)
		}
	}
	add(t.Close, inPart)
	for _, p := range t.Parts {
		add(p, inPart)
	}
	add(t.Intro, inIntro)
	add(t.Title, inTitle)
	return out
}

// halves is the second half of a compound whose halves are both words of the library: "kring" of "ouderkring". The first
// half needs nothing: words that begin with it are found anyway.
func halves(tag, word string) []string {
	if tag != "nl" && tag != "de" || len(word) < 8 {
		return nil
	}
	known := vocabulary(tag)
	for cut := 4; cut <= len(word)-4; cut++ {
		if second := word[cut:]; known[second] && (known[word[:cut]] || known[strings.TrimSuffix(word[:cut], "s")] || known[strings.TrimSuffix(word[:cut], "en")]) {
			return []string{second}
		}
	}
	return nil
}

// vocabulary are the stems of the shipped library in a language, of four letters and more.
func vocabulary(tag string) map[string]bool { return vocabularies.get(tag) }

var vocabularies = lazy[map[string]bool]{make: func(tag string) map[string]bool {
	out := map[string]bool{}
	for _, m := range Shipped().ordered {
		t := m.Texts[tag]
		for _, s := range append([]string{t.Title, t.Intro, t.Close}, t.Parts...) {
			for _, w := range stem.Words(tag, braces.ReplaceAllString(s, " ")) {
				for _, form := range w {
					if len(form) >= 4 {
						out[form] = true
					}
				}
			}
		}
	}
	return out
}}

// lazy makes a value for each language when it is first asked for, and once.
type lazy[T any] struct {
	mu   sync.Mutex
	by   map[string]T
	make func(tag string) T
}

func (l *lazy[T]) get(tag string) T {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v, ok := l.by[tag]; ok {
		return v
	}
	if l.by == nil {
		l.by = map[string]T{}
	}
	l.by[tag] = l.make(tag)
	return l.by[tag]
}

// index is the shipped library by its words in one language.
type index struct {
	words  []string // sorted
	places [][]posting
}

type posting struct{ material, weight int } // material: position in the library

var indexes = lazy[index]{make: func(tag string) index {
	at := map[string][]posting{}
	for i, m := range Shipped().ordered {
		t, has := m.Texts[tag]
		if !has {
			continue
		}
		for word, weight := range wordsOf(m, tag, t) {
			at[word] = append(at[word], posting{i, weight})
		}
	}
	ix := index{words: slices.Sorted(maps.Keys(at))}
	for _, w := range ix.words {
		ix.places = append(ix.places, at[w])
	}
	return ix
}}

// searchShipped finds shipped materials, in the order of the library.
func searchShipped(wants []want, f Filter) []hit {
	all := Shipped().ordered
	scores := make([]int, len(all))
	if len(wants) > 0 {
		type key struct {
			lang string
			n    int
		}
		needed := map[string]int{}
		best := map[key]map[int]int{} // the word in a language → the material → what it counts
		for _, w := range wants {
			ix := indexes.get(w.Lang)
			k := key{w.Lang, w.N}
			needed[w.Lang] = w.Needed
			for i := sort.SearchStrings(ix.words, w.Word); i < len(ix.words) && ix.words[i] <= w.Until; i++ {
				score := w.Boost
				if ix.words[i] == w.Word {
					score *= 2
				}
				if best[k] == nil {
					best[k] = map[int]int{}
				}
				for _, p := range ix.places[i] {
					best[k][p.material] = max(best[k][p.material], p.weight*score)
				}
			}
		}
		sums, had := map[string]map[int]int{}, map[string]map[int]int{}
		for k, ms := range best {
			if sums[k.lang] == nil {
				sums[k.lang], had[k.lang] = map[int]int{}, map[int]int{}
			}
			for m, score := range ms {
				sums[k.lang][m] += score
				had[k.lang][m]++
			}
		}
		for tag, ms := range sums {
			for m, score := range ms {
				if had[tag][m] == needed[tag] {
					scores[m] = max(scores[m], score)
				}
			}
		}
	}
	var out []hit
	for i, m := range all {
		if len(wants) > 0 && scores[i] == 0 {
			continue
		}
		if e := shipped(m); f.has(e) {
			out = append(out, hit{e, scores[i]})
		}
	}
	return out
}

// searchOwn finds what the school and the support centre wrote, without their texts: addTexts brings those of one page. One query.
func (s *Service) searchOwn(ctx context.Context, by auth.Actor, wants []want, f Filter, most int) ([]hit, error) {
	if by.School.ID == 0 {
		return nil, nil
	}
	doc, err := json.Marshal(wants)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	p := q.SearchMaterialsParams{SchoolID: by.School.ID, Wants: string(doc), Kind: string(f.Kind), Reader: string(f.Reader), Audience: string(f.Audience),
		Practice: string(f.Practice), Support: string(f.Support), Lang: f.Lang, Class: f.Class, Most: int64(most)}
	if f.Own {
		p.Own = 1
	}
	if len(wants) == 0 {
		p.Every = 1
	}
	rows, err := s.DB.Q().SearchMaterials(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("search materials: %w", err)
	}
	out := make([]hit, len(rows))
	for i, r := range rows {
		e, err := entry(q.MaterialBySlugRow{ID: r.ID, PublicID: r.PublicID, SchoolID: r.SchoolID, Slug: r.Slug, Kind: r.Kind, Audience: r.Audience, Practices: r.Practices, Support: r.Support, Reader: r.Reader,
			Picture: r.Picture, Origin: r.Origin, OriginDigest: r.OriginDigest, Lang: r.Lang, Latest: r.Latest, UpdatedAt: r.UpdatedAt, ArchivedAt: r.ArchivedAt, Published: r.Published, PublishedAt: r.PublishedAt,
			Version: r.Version, Items: r.Items, Head: r.Head, ClassID: r.ClassID, ClassPublicID: r.ClassPublicID, ClassName: r.ClassName, Centre: r.Centre})
		if err != nil {
			return nil, err
		}
		out[i] = hit{e, int(r.Score)}
	}
	return out, nil
}

// addTexts brings the texts of entries that have none yet. One query.
func (s *Service) addTexts(ctx context.Context, by auth.Actor, entries []*Entry) error {
	byID := map[int64]*Entry{}
	ids := []int64{}
	for _, e := range entries {
		if e.id != 0 && len(e.Texts) == 0 {
			byID[e.id] = e
			ids = append(ids, e.id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	doc, err := json.Marshal(ids)
	if err != nil {
		return fmt.Errorf("texts of materials: %w", err)
	}
	rows, err := s.DB.Q().TextsOfMaterials(ctx, q.TextsOfMaterialsParams{SchoolID: by.School.ID, Ids: string(doc)})
	if err != nil {
		return fmt.Errorf("texts of materials: %w", err)
	}
	for _, t := range rows {
		if err := byID[t.MaterialID].addText(q.MaterialTextsRow{Lang: t.Lang, Status: t.Status, ReviewedBy: t.ReviewedBy, ReviewedOn: t.ReviewedOn, Body: t.Body}); err != nil {
			return err
		}
	}
	return nil
}

// wordRow is a row of material_words.
type wordRow struct {
	Lang   string `json:"lang"`
	Word   string `json:"word"`
	Weight int    `json:"weight"`
}

// wordRows are the words of a material in the languages that staff read, and in the school's own.
func wordRows(m *Material, schoolLang string, text func(tag string) Text) []wordRow {
	rows := []wordRow{}
	for _, tag := range searchLanguages(append([]string{schoolLang}, lang.Staff...)...) {
		t := text(tag)
		if t.Title == "" && t.Intro == "" {
			continue
		}
		words := wordsOf(m, tag, t)
		for _, word := range slices.Sorted(maps.Keys(words)) {
			rows = append(rows, wordRow{tag, word, words[word]})
		}
	}
	return rows
}

// remember keeps the words of a material for search.
func (s *Service) remember(ctx context.Context, tx *db.Tx, by auth.Actor, materialID int64, d Edit) error {
	return storeWords(ctx, tx, by.School.ID, materialID, wordRows(&Material{Kind: d.Kind, Practices: d.Practices}, by.School.Lang, func(tag string) Text { return d.body(tag).text(0) }))
}

func storeWords(ctx context.Context, tx *db.Tx, schoolID, materialID int64, rows []wordRow) error {
	if err := tx.ForgetMaterialWords(ctx, q.ForgetMaterialWordsParams{SchoolID: schoolID, MaterialID: materialID}); err != nil {
		return fmt.Errorf("forget words of material: %w", err)
	}
	doc, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("words of material: %w", err)
	}
	if err := tx.AddMaterialWords(ctx, q.AddMaterialWordsParams{SchoolID: schoolID, MaterialID: materialID, Rows: string(doc)}); err != nil {
		return fmt.Errorf("words of material: %w", err)
	}
	return nil
}

// indexBatch is how many materials Index writes in one transaction.
const indexBatch = 200

// Index makes the words of all the school's own materials anew: for those that were written before there was search, or after
// the rules of package stem have changed. It gives how many there are.
func (s *Service) Index(ctx context.Context, by auth.Actor) (int, error) {
	if err := mayChange(by); err != nil {
		return 0, err
	}
	all, err := s.listOwn(ctx, by.School.ID)
	if err != nil {
		return 0, err
	}
	for batch := range slices.Chunk(all, indexBatch) {
		err := s.DB.Write(ctx, func(tx *db.Tx) error {
			for _, e := range batch {
				if err := storeWords(ctx, tx, by.School.ID, e.id, wordRows(e.Material, by.School.Lang, func(tag string) Text { return e.Texts[tag] })); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return len(all), nil
}
