// Command pagesdata measures Brug's pages against bare ones: see bench/pages.
//
// Both stand in one process behind net/http on loopback, on the same SQLite file, and answer the same client in turn, round
// by round, so that a noisy machine hurts both. The bare page is what a programmer writes first: prepared statements on
// database/sql, html/template, no sign-in, no language, no permission, no ledger; it asks for the same rows and writes as
// many bytes.
package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"brug/bench/demoschool"
	"brug/internal/auth"

	_ "modernc.org/sqlite"
)

func main() {
	rounds := flag.Int("rounds", 9, "rounds; the median counts")
	requests := flag.Int("requests", 150, "requests a round")
	families := flag.String("families", "300,30000", "sizes of the databases for the growth, the smallest first; 300,30000,1500000 is the whole")
	keep := flag.String("keep", "", "folder that keeps the filled databases for the next run")
	only := flag.String("only", "", "ratio or growth: leave the other out")
	flag.Parse()
	if err := all(context.Background(), *rounds, *requests, *families, *keep, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench/pages:", err)
		os.Exit(1)
	}
}

// all runs both parts, and prints their ratios in one last line.
func all(ctx context.Context, rounds, requests int, families, keep, only string) (err error) {
	var last []string
	if only != "growth" {
		ratios, err := run(ctx, rounds, requests)
		if err != nil {
			return err
		}
		last = append(last, ratios)
	}
	if only != "ratio" {
		var sizes []int
		for _, s := range strings.Split(families, ",") {
			n, err := strconv.Atoi(s)
			if err != nil || n < familiesOfSchool || n%familiesOfSchool != 0 {
				return fmt.Errorf("families: %q is no multiple of %d", s, familiesOfSchool)
			}
			sizes = append(sizes, n)
		}
		if keep == "" {
			if keep, err = os.MkdirTemp("", "brug-pages-"); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, os.RemoveAll(keep)) }()
		}
		ratios, err := growth(ctx, keep, sizes, rounds, max(10, requests/3))
		if err != nil {
			return err
		}
		last = append(last, ratios)
	}
	fmt.Println(strings.Join(last, " "))
	return nil
}

// run measures the pages of the demo school beside bare ones.
func run(ctx context.Context, rounds, requests int) (ratios string, err error) {
	d, err := demoschool.Open(ctx)
	if err != nil {
		return "", err
	}
	defer d.Close()
	a, w := d.App, d.World
	brug := httptest.NewServer(a.Handler)
	defer brug.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{DisableCompression: true}}
	link, err := a.Auth.DemoLink(ctx, w.Teacher.AccountID)
	if err != nil {
		return "", err
	}
	if _, err := get(client, brug.URL+"/demo/"+link); err != nil {
		return "", err
	}
	classes, err := a.School.Classes(ctx, auth.ForSchool(w.School))
	if err != nil {
		return "", err
	}
	class := ""
	for _, c := range classes {
		if c.Name == "3A" {
			class = c.PublicID
		}
	}
	pages := []struct{ name, url string }{
		{"family", brug.URL + "/f/" + w.Arabic.Token},
		{"class", brug.URL + "/s/" + w.School.Slug + "/classes/" + class},
	}
	db, err := sql.Open("sqlite", "file:"+d.File+"?mode=ro&_pragma=mmap_size(268435456)&_pragma=query_only(1)")
	if err != nil {
		return "", err
	}
	defer db.Close()
	db.SetMaxOpenConns(4)
	last := ""
	for _, p := range pages {
		body, err := get(client, p.url)
		if err != nil {
			return "", fmt.Errorf("%s page: %w", p.name, err)
		}
		h, err := bare(db, p.name, len(body))
		if err != nil {
			return "", err
		}
		plain := httptest.NewServer(h)
		other, err := get(client, plain.URL)
		if err != nil {
			return "", fmt.Errorf("bare %s page: %w", p.name, err)
		}
		var ours, theirs, ratios []float64
		for range rounds {
			o, err := round(client, p.url, requests)
			if err != nil {
				return "", err
			}
			t, err := round(client, plain.URL, requests)
			if err != nil {
				return "", err
			}
			ours, theirs, ratios = append(ours, o), append(theirs, t), append(ratios, o/t)
		}
		plain.Close()
		fmt.Printf("%-7s brug %6.3f ms of CPU a page (%d bytes), bare %6.3f ms (%d bytes), ratio %.2f\n", p.name, median(ours), len(body), median(theirs), len(other), median(ratios))
		last += fmt.Sprintf("%s_ratio=%.2f ", p.name, median(ratios))
	}
	return strings.TrimSpace(last), nil
}

func get(c *http.Client, url string) ([]byte, error) {
	r, err := c.Get(url)
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", r.StatusCode)
	}
	return io.ReadAll(r.Body)
}

// round is the CPU of the process for one request, in milliseconds: client, server and database together, for both alike.
func round(c *http.Client, url string, n int) (float64, error) {
	from := cpu()
	for range n {
		if _, err := get(c, url); err != nil {
			return 0, err
		}
	}
	return float64(cpu()-from) / float64(time.Millisecond) / float64(n), nil
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

var page = template.Must(template.New("").Parse(`<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{{.Title}}</title></head><body><h1>{{.Title}}</h1>
<table>{{range .Rows}}<tr>{{range .}}<td class="cell">{{.}}</td>{{end}}</tr>{{end}}</table>{{range .Fill}}<p class="line">{{.}}</p>{{end}}</body></html>`))

type content struct {
	Title string
	Rows  [][]string
	Fill  []string
}

// bare makes the handler: it asks the same tables for the same rows and fills up to size bytes with lines of 60 letters.
func bare(db *sql.DB, name string, size int) (http.Handler, error) {
	queries := map[string][]string{
		"family": {
			"select c.material, h.public_id, p.given, s.name from codes c join households h on h.id = c.household_id join pupils p on p.id = c.pupil_id join schools s on s.id = c.school_id where c.id = (select max(id) from codes)",
			"select kind, body, lang, at from answers where code_id = (select max(id) from codes)",
		},
		"class": {
			"select p.given, p.family, h.public_id, g.name, g.lang from enrolments e join pupils p on p.id = e.pupil_id join household_pupils hp on hp.pupil_id = p.id join households h on h.id = hp.household_id join guardians g on g.household_id = h.id where e.class_id = (select id from classes where name = '3A')",
			"select c.household_id, c.stage, c.at, c.road from contacts c where c.household_id in (select hp.household_id from household_pupils hp join enrolments e on e.pupil_id = hp.pupil_id where e.class_id = (select id from classes where name = '3A'))",
		},
	}[name]
	var stmts []*sql.Stmt
	for _, q := range queries {
		s, err := db.Prepare(q)
		if err != nil {
			return nil, fmt.Errorf("bare query: %w", err)
		}
		stmts = append(stmts, s)
	}
	read := func(ctx context.Context) (content, error) {
		c := content{Title: "Bare"}
		for _, s := range stmts {
			rows, err := s.QueryContext(ctx)
			if err != nil {
				return c, err
			}
			cols, err := rows.Columns()
			if err != nil {
				return c, err
			}
			for rows.Next() {
				cells, into := make([]string, len(cols)), make([]any, len(cols))
				for i := range cells {
					into[i] = &cells[i]
				}
				if err := rows.Scan(into...); err != nil {
					return c, err
				}
				if len(c.Rows) < 30 {
					c.Rows = append(c.Rows, cells)
				}
			}
			if err := rows.Err(); err != nil {
				return c, err
			}
			if err := rows.Close(); err != nil {
				return c, err
			}
		}
		return c, nil
	}
	first, err := read(context.Background())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := page.Execute(&b, first); err != nil {
		return nil, err
	}
	line := strings.Repeat("abcdef", 10)
	fill := slices.Repeat([]string{line}, max(0, (size-b.Len())/(len(line)+len(`<p class="line"></p>`))))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := read(r.Context())
		if err != nil {
			http.Error(w, "database", http.StatusInternalServerError)
			return
		}
		c.Fill = fill
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := page.Execute(w, c); err != nil {
			panic(http.ErrAbortHandler)
		}
	}), nil
}
