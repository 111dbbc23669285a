package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"brug/internal/app"
	"brug/internal/auth"
	"brug/internal/db"
)

// growth.go measures how the time of a page grows with the families in the database, all in schools of 300. Every size has
// its own file and its own program in this process; they answer in turn, round by round, and the pages of up to ten schools,
// spread over the whole file, and of ten families of each are opened in turn.

// growingPages are what is measured: a page of a director's, and the family page.
var growingPages = []string{"inbox", "coverage", "class", "family"}

// town is the program on a database of a size.
type town struct {
	*app.App
	families int
	server   *httptest.Server
	staff    []seat // one a measured school
	links    []string
}

type seat struct {
	client *http.Client
	school auth.School
	class  string
}

// growth prints the times of the pages at each size, and returns the ratios of each size to the first one.
func growth(ctx context.Context, dir string, sizes []int, rounds, requests int) (ratios string, err error) {
	var towns []*town
	for _, n := range sizes {
		t, err := openTown(ctx, filepath.Join(dir, strconv.Itoa(n)), n)
		if err != nil {
			return "", fmt.Errorf("%d families: %w", n, err)
		}
		defer func() { err = errors.Join(err, t.close()) }()
		towns = append(towns, t)
	}
	for _, page := range growingPages {
		times, clock := make([][]float64, len(towns)), make([][]float64, len(towns))
		grown := make([][]float64, len(towns))
		for r := range rounds + 1 {
			for i, t := range towns {
				ms, waited, err := t.round(page, r, requests)
				if err != nil {
					return "", fmt.Errorf("%s page at %d families: %w", page, t.families, err)
				}
				if r == 0 { // the first round fills caches
					continue
				}
				times[i], clock[i] = append(times[i], ms), append(clock[i], waited)
				grown[i] = append(grown[i], ms/times[0][r-1])
			}
		}
		for i, t := range towns {
			fmt.Printf("%-8s %8d families: %7.3f ms of CPU a page, %.2f times that of %d; %7.3f ms by the clock\n", page, t.families, median(times[i]), median(grown[i]), towns[0].families, median(clock[i]))
		}
		for i, t := range towns[1:] {
			ratios += fmt.Sprintf("%s_%d_growth=%.2f ", page, t.families, median(grown[i+1]))
		}
		last := len(towns) - 1
		ratios += fmt.Sprintf("%s_growth=%.2f ", page, median(grown[last]))
	}
	return strings.TrimSpace(ratios), nil
}

// openTown makes or opens the database of a size.
func openTown(ctx context.Context, dir string, families int) (*town, error) {
	t := &town{families: families}
	file := filepath.Join(dir, "brug.db")
	schools := max(1, families/familiesOfSchool)
	measured := min(10, schools)
	var err error
	open := func() error {
		t.App, err = app.Open(ctx, app.Config{DB: "sqlite:" + file, Data: dir, Addr: "127.0.0.1:0", Demo: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
		return err
	}
	if _, missing := os.Stat(file); missing != nil {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		if err := open(); err != nil {
			return nil, err
		}
		if err := t.App.Close(); err != nil {
			return nil, err
		}
		now := time.Now()
		took, err := fillSchools(ctx, file, families, yearOf(now), now)
		if err != nil {
			return nil, err
		}
		info, err := os.Stat(file)
		if err != nil {
			return nil, err
		}
		fmt.Printf("%d families in %d schools: filled in %.1f s, %.2f GB\n", families, schools, took.Seconds(), float64(info.Size())/1e9)
	}
	if err := open(); err != nil {
		return nil, err
	}
	t.server = httptest.NewServer(t.Handler)
	for k := range measured {
		if err := t.sit(ctx, int64(1+k*schools/measured)); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// sit signs a director in at a school, and finds the pages of ten families.
func (t *town) sit(ctx context.Context, school int64) error {
	row, err := t.Base.Q().SchoolByID(ctx, school)
	if err != nil {
		return err
	}
	at := auth.School{ID: row.ID, PublicID: row.PublicID, Slug: row.Slug, Name: row.Name, Lang: row.Lang, Timezone: row.Timezone}
	made, err := t.Auth.CreateAccount(ctx, auth.Actor{Role: auth.System, Name: "operator"}, auth.NewAccount{School: at, Name: "Griet", Email: fmt.Sprintf("griet%d-%d@example.org", school, time.Now().UnixNano()), Lang: "nl", Role: auth.Director, Password: "vier appels onder de tafel"})
	if err != nil {
		return err
	}
	link, err := t.Auth.DemoLink(ctx, made.AccountID)
	if err != nil {
		return err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	c := &http.Client{Jar: jar, Transport: &http.Transport{DisableCompression: true}}
	if _, err := get(c, t.server.URL+"/demo/"+link); err != nil {
		return err
	}
	first := (school - 1) * familiesOfSchool
	t.staff = append(t.staff, seat{c, at, fmt.Sprint("class", first/familiesOfClass+3)})
	var guardians []int64
	for i := range int64(10) {
		guardians = append(guardians, first+1+i*familiesOfSchool/10)
	}
	return t.Base.Write(ctx, func(tx *db.Tx) error {
		paths, err := t.Contact.EnsureLinks(ctx, tx, school, guardians)
		for _, g := range guardians {
			t.links = append(t.links, paths[g])
		}
		return err
	})
}

// round is the time of one page in milliseconds over some requests: of the processor, client and server together as in the
// first part, which what else runs on the machine hardly changes; and by the clock, the median, for who waits for it.
func (t *town) round(page string, r, requests int) (cpuMS, clockMS float64, err error) {
	took := make([]float64, requests)
	busy := cpu()
	for i := range requests {
		s := t.staff[(r*requests+i)%len(t.staff)]
		url := t.server.URL + "/s/" + s.school.Slug
		switch page {
		case "inbox":
			url += "/inbox"
		case "coverage":
			url += "/coverage"
		case "class":
			url += "/classes/" + s.class
		case "family":
			url = t.server.URL + t.links[(r*requests+i)%len(t.links)]
		}
		from := time.Now()
		if _, err := get(s.client, url); err != nil {
			return 0, 0, fmt.Errorf("%s: %w", strings.TrimPrefix(url, t.server.URL), err)
		}
		took[i] = float64(time.Since(from)) / float64(time.Millisecond)
	}
	return float64(cpu()-busy) / float64(time.Millisecond) / float64(requests), median(took), nil
}

func (t *town) close() error {
	t.server.Close()
	return t.App.Close()
}

// yearOf is the school year of a day.
func yearOf(t time.Time) string {
	y := t.Year()
	if t.Month() < time.August {
		y--
	}
	return fmt.Sprintf("%d-%d", y, y+1)
}
