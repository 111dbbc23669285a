// Command librarydata measures search and print of materials: see bench/library.
//
// The 20,000 materials are put together from the shipped library, each from parts of several. All searches answer the same:
// the texts of the first 24 hits. LIKE and FTS5 ask a bare table with the same texts in one language, no school, no
// permission, no filter; Brug asks through its operation, in the reader's language and the school's. What is right is told by
// a pattern for all forms of each word, over the words that were written.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"brug/bench/demoschool"
	"brug/internal/app"
	"brug/internal/auth"
	"brug/internal/lang/stem"
	"brug/internal/material"
	"brug/internal/packs"
	"brug/internal/school"

	_ "modernc.org/sqlite"
)

func main() {
	n := flag.Int("materials", 20000, "materials of the school")
	rounds := flag.Int("rounds", 5, "rounds; the median counts")
	flag.Parse()
	if err := run(context.Background(), *n, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "bench/library:", err)
		os.Exit(1)
	}
}

// asked are words as people type them, and all the forms in which they count as found (folded, whole words).
var asked = []struct{ words, forms string }{
	{"verhalen", `verhaal|verhalen|verhaaltjes?`},
	{"dier", `dier|dieren|diertjes?|huisdier|huisdieren`},
	{"kinderen", `kind|kinderen|kindje`},
	{"boeken", `boek|boeken|boekjes?`},
	{"gevoel", `gevoel|gevoelens`},
	{"foto", `foto|fotos|foto's`},
	{"talen", `taal|talen`},
	{"IDEEEN", `idee|ideeen|ideetje`},
	{"brieven", `brief|brieven|briefjes?`},
	{"buiten spelen", `buiten|spel|spelen|speel|speelt|spelletjes?|gespeeld`},
}

func run(ctx context.Context, n, rounds int) error {
	d, err := demoschool.Open(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	a, w := d.App, d.World
	by := auth.ForSchool(w.School)
	pages, err := printed(ctx, a, by, rounds)
	if err != nil {
		return err
	}
	items := made(n)
	small, err := a.Auth.CreateSchool(ctx, auth.Actor{Role: auth.System}, auth.NewSchool{Name: "Klein", Town: "Gent", Email: "klein@brug.test", Lang: "nl"})
	if err != nil {
		return err
	}
	large, err := waysOf(ctx, a, d.Dir, w.School, items)
	if err != nil {
		return err
	}
	few := items[:min(n, counted)]
	fewer, err := waysOf(ctx, a, d.Dir, small, few)
	if err != nil {
		return err
	}
	return compare(large, fewer, few, rounds, pages)
}

// counted is how many materials recall is counted over, in a school of their own: all hits are gone through there, page by page.
const counted = 1000

// waysOf puts the materials into a school and into a bare table, and gives the ways to search in them.
func waysOf(ctx context.Context, a *app.App, dir string, s auth.School, items []item) ([]way, error) {
	by := auth.ForSchool(s)
	if err := fill(ctx, filepath.Join(dir, "brug.db"), s.ID, items); err != nil {
		return nil, err
	}
	start, from := time.Now(), cpu()
	if _, err := a.Material.Index(ctx, by); err != nil {
		return nil, err
	}
	fmt.Printf("%d materials indexed in %.1f s, %.1f s of CPU\n", len(items), time.Since(start).Seconds(), (cpu() - from).Seconds())
	bare, err := bareTable(filepath.Join(dir, s.Slug+".db"), items)
	if err != nil {
		return nil, err
	}
	return []way{
		{"brug", func(words string, all bool) ([]string, error) { return ours(ctx, a, by, words, all) }},
		{"like", func(words string, all bool) ([]string, error) { return bareSearch(bare, like(words), all) }},
		{"fts", func(words string, all bool) ([]string, error) { return bareSearch(bare, fts(words, ""), all) }},
		{"fts*", func(words string, all bool) ([]string, error) { return bareSearch(bare, fts(words, "*"), all) }},
	}, nil
}

type way struct {
	name string
	find func(words string, all bool) ([]string, error) // slugs: the first 24 with their texts read, or all
}

// compare prints time and recall of each way, and the last line.
func compare(large, fewer []way, items []item, rounds int, pages float64) error {
	right := make([]map[string]bool, len(asked))
	for i, q := range asked {
		right[i] = gold(items, q.words, q.forms)
	}
	millis, recall, precision := map[string]float64{}, map[string]float64{}, map[string]float64{}
	fmt.Printf("\n%-6s %10s %10s %10s\n", "", "CPU ms", "recall", "precision")
	times := map[string][]float64{}
	for range rounds {
		for _, w := range large {
			from := cpu()
			for _, q := range asked {
				if _, err := w.find(q.words, false); err != nil {
					return fmt.Errorf("%s %q: %w", w.name, q.words, err)
				}
			}
			times[w.name] = append(times[w.name], float64(cpu()-from)/float64(time.Millisecond)/float64(len(asked)))
		}
	}
	for _, w := range fewer {
		found, hits, wanted := 0, 0, 0
		line := ""
		for i, q := range asked {
			got, err := w.find(q.words, true)
			if err != nil {
				return err
			}
			n := 0
			for _, slug := range got {
				if right[i][slug] {
					n++
				}
			}
			hits, found, wanted = hits+n, found+len(got), wanted+len(right[i])
			line += fmt.Sprintf(" %s %d/%d", q.words, n, len(right[i]))
		}
		millis[w.name], recall[w.name], precision[w.name] = median(times[w.name]), float64(hits)/float64(wanted), float64(hits)/float64(max(found, 1))
		fmt.Printf("%-6s %10.2f %10.2f %10.2f  %s\n", w.name, millis[w.name], recall[w.name], precision[w.name], line)
	}
	fmt.Printf("search_ms=%.1f like_ratio=%.2f fts_ratio=%.2f recall=%.2f like_recall=%.2f fts_recall=%.2f fts_prefix_recall=%.2f pages_per_s=%.0f\n",
		millis["brug"], millis["brug"]/millis["like"], millis["brug"]/millis["fts"], recall["brug"], recall["like"], recall["fts"], recall["fts*"], pages)
	return nil
}

// gold are the materials that have every typed word in some form. The forms of several words stand in one pattern, the first
// word's first: a material must have a form of each.
func gold(items []item, words, forms string) map[string]bool {
	var patterns []*regexp.Regexp
	all := strings.Split(forms, "|")
	typed := strings.Fields(words)
	if len(typed) == 1 {
		patterns = append(patterns, whole(forms))
	} else { // "buiten spelen": the first form is the first word, the others are the second
		patterns = append(patterns, whole(all[0]), whole(strings.Join(all[1:], "|")))
	}
	out := map[string]bool{}
	for _, it := range items {
		text := stem.Fold(it.text())
		if !slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return !p.MatchString(text) }) {
			out[it.slug] = true
		}
	}
	return out
}

func whole(forms string) *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^a-z])(?:` + forms + `)(?:[^a-z]|$)`)
}

// item is one made-up material.
type item struct {
	slug  string
	kind  material.Kind
	ages  []material.Audience
	parts []material.Part
	texts map[string]body
}

// body is a text as it is stored.
type body struct {
	Title string   `json:"title"`
	Intro string   `json:"intro"`
	Parts []string `json:"parts"`
	Close string   `json:"close,omitempty"`
}

func (i item) text() string {
	b := i.texts["nl"]
	return strings.Join(append([]string{b.Title, b.Intro, b.Close}, b.Parts...), "\n")
}

// made puts materials together from the shipped ones: title, intro and close from one, parts from four others.
func made(n int) []item {
	all := slices.DeleteFunc(material.Shipped().All(), func(m *material.Material) bool { return len(m.Parts) == 0 })
	r := rand.New(rand.NewPCG(3, 20261123))
	out := make([]item, n)
	for i := range out {
		m := all[r.IntN(len(all))]
		it := item{slug: fmt.Sprintf("own-bench-%d", i), kind: material.SampleLetter, ages: m.Audiences, texts: map[string]body{}}
		type from struct {
			m    *material.Material
			part int
		}
		var parts []from
		for range 4 {
			other := all[r.IntN(len(all))]
			part := r.IntN(len(other.Parts))
			parts = append(parts, from{other, part})
			it.parts = append(it.parts, material.Part{Role: material.Paragraph, Pictogram: other.Parts[part].Pictogram})
		}
		for _, tag := range []string{"nl", "fr", "en", "ar", "tr"} {
			t := m.Texts[tag]
			b := body{Title: t.Title, Intro: t.Intro, Close: t.Close}
			for _, p := range parts {
				words := ""
				if o, has := p.m.Texts[tag]; has {
					words = o.Parts[p.part]
				}
				b.Parts = append(b.Parts, words)
			}
			it.texts[tag] = b
		}
		out[i] = it
	}
	return out
}

// fill writes the materials as the program stores them, all in one transaction.
func fill(ctx context.Context, file string, schoolID int64, items []item) error {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for i, it := range items {
		ages := ""
		for j, a := range it.ages {
			if j > 0 {
				ages += ","
			}
			ages += string(a)
		}
		at := int64(1_700_000_000_000 + i)
		res, err := tx.ExecContext(ctx, `insert into materials (public_id, school_id, slug, kind, audience, practices, support, reader, picture, origin, lang, version, created_at, updated_at) values (?, ?, ?, ?, ?, 'talk', 'learning', 'family', '', '', 'nl', 1, ?, ?)`,
			fmt.Sprintf("bench%d-%d", schoolID, i), schoolID, it.slug, string(it.kind), ages, at, at)
		if err != nil {
			return fmt.Errorf("materials: %w", err)
		}
		id, err := res.LastInsertId()
		if err != nil {
			return err
		}
		doc := []map[string]string{}
		for _, p := range it.parts {
			doc = append(doc, map[string]string{"role": string(p.Role), "pictogram": p.Pictogram})
		}
		parts, err := json.Marshal(doc)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `insert into material_versions (school_id, material_id, version, items, created_at) values (?, ?, 1, ?, ?)`, schoolID, id, string(parts), at); err != nil {
			return fmt.Errorf("versions: %w", err)
		}
		for tag, b := range it.texts {
			words, err := json.Marshal(b)
			if err != nil {
				return err
			}
			status := "draft"
			if tag == "nl" {
				status = "source"
			}
			if _, err := tx.ExecContext(ctx, `insert into material_texts (school_id, material_id, version, lang, status, reviewed_by, reviewed_on, body) values (?, ?, 1, ?, ?, '', '', ?)`, schoolID, id, tag, status, string(words)); err != nil {
				return fmt.Errorf("texts: %w", err)
			}
		}
	}
	return tx.Commit()
}

// ours searches through the program's own operation. It finds shipped materials too: those are left out of the count.
func ours(ctx context.Context, a *app.App, by auth.Actor, words string, all bool) ([]string, error) {
	var out []string
	for page := ""; ; {
		h, err := a.Material.Search(ctx, by, words, material.Filter{}, page)
		if err != nil {
			return nil, err
		}
		for _, e := range h.Entries {
			if e.Own {
				out = append(out, e.Slug)
			}
		}
		if page = h.Next; page == "" || !all {
			return out, nil
		}
	}
}

// bareTable is what a programmer would write first: the texts in one table, and FTS5 beside it.
func bareTable(file string, items []item) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=mmap_size(268435456)")
	if err != nil {
		return nil, err
	}
	for _, s := range []string{`create table items (id integer primary key, slug text, body text)`, `create virtual table words using fts5(body, content='items', content_rowid='id', tokenize='unicode61 remove_diacritics 2')`} {
		if _, err := db.Exec(s); err != nil {
			return nil, fmt.Errorf("bare table: %w", err)
		}
	}
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	for i, it := range items {
		if _, err := tx.Exec(`insert into items values (?, ?, ?)`, i+1, it.slug, it.text()); err != nil {
			return nil, err
		}
	}
	if _, err := tx.Exec(`insert into words(words) values ('rebuild')`); err != nil {
		return nil, err
	}
	return db, tx.Commit()
}

type query struct {
	sql  string
	args []any
}

func like(words string) query {
	q := query{sql: `select slug, body from items where 1`}
	for _, w := range strings.Fields(words) {
		q.sql += ` and body like ?`
		q.args = append(q.args, "%"+w+"%")
	}
	q.sql += ` order by id desc`
	return q
}

func fts(words, after string) query {
	var all []string
	for _, w := range strings.Fields(words) {
		all = append(all, `"`+w+`"`+after)
	}
	return query{`select i.slug, i.body from words join items i on i.id = words.rowid where words match ? order by rank`, []any{strings.Join(all, " ")}}
}

func bareSearch(db *sql.DB, q query, all bool) ([]string, error) {
	if !all {
		q.sql += ` limit 24`
	}
	rows, err := db.Query(q.sql, q.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var slug, body string
		if err := rows.Scan(&slug, &body); err != nil {
			return nil, err
		}
		out = append(out, slug)
	}
	return out, rows.Err()
}

// printed prints a bag of five kinds for every family of the school, some times, and gives the pages a second.
func printed(ctx context.Context, a *app.App, by auth.Actor, rounds int) (float64, error) {
	first := map[material.Kind]string{}
	for _, m := range material.Shipped().All() {
		if m.Reader == material.ForFamily && first[m.Kind] == "" {
			first[m.Kind] = m.Slug
		}
	}
	choice := packs.Choice{Material: first[material.QuestionSlip], Also: []string{first[material.HelpCard], first[material.ThemeLetter], first[material.Form], first[material.InfoSheet]},
		Scope: school.Scope{Kind: school.ScopeSchool}}
	var rates, used []float64
	pages, families := 0, 0
	for range rounds + 1 { // the first reads fonts and pictures
		start, from := time.Now(), cpu()
		var err error
		if families, pages, err = a.Packs.Write(ctx, by, choice, io.Discard); err != nil {
			return 0, fmt.Errorf("print: %w", err)
		}
		rates, used = append(rates, float64(pages)/time.Since(start).Seconds()), append(used, float64(cpu()-from)/float64(time.Millisecond)/float64(pages))
	}
	fmt.Printf("a bag of five kinds (slip, help card, theme letter, form, sheet) for %d: %d pages, first %.0f pages/s, then %.0f pages/s, %.2f ms of CPU a page\n",
		families, pages, rates[0], median(rates[1:]), median(used[1:]))
	return median(rates[1:]), nil
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func median(v []float64) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	return v[len(v)/2]
}
