package insight

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"brug/internal/auth"
	"brug/internal/db/q"
	"brug/internal/errs"
)

// Few is the smallest count of families that the support centre sees.
const Few = 10

// Tens rounds a count of families down to the ten, so that each figure that is shown could be any of ten numbers: below
// Few it is 0, which is shown as "fewer than ten". All that is shown being tens, a difference of two figures, a part and
// what is left of a whole, and the same figure a day later are tens too, and show no smaller group of families.
func Tens(n int) int { return max(0, n) / Few * Few }

// CentreSchool is what the support centre sees of a school: families, in tens.
type CentreSchool struct {
	PublicID, Name, Town string
	Families             int
	Offered              int // had any contact within the period
	Arrived              int // were reached within it
}

func rounded(publicID, name, town string, families, offered, arrived int64) CentreSchool {
	return CentreSchool{publicID, name, town, Tens(int(families)), Tens(int(offered)), Tens(int(arrived))}
}

// CentreSum is the sum of what is shown of all schools: of the tens and not of the families, or the difference between it
// and the schools would tell of one that is too small to be shown.
type CentreSum struct {
	Schools  int // schools that are open
	Families int
	Offered  int
	Arrived  int
	At       time.Time // when it was counted
}

// CentreWeeks is how far back the counts of the support centre look.
const CentreWeeks = DefaultSpan

// centrePage is how many schools one query counts.
const centrePage = 200

// centreFresh is how long a sum over all schools is good enough: it reads a row for each family of the country.
const centreFresh = time.Hour

type centreCache struct {
	sync.Mutex
	sum CentreSum
}

// Centre is a page of schools by name, with the sum over all schools. after is the Next of the page before, "" begins.
func (s *Service) Centre(ctx context.Context, by auth.Actor, after string, most int) (page []CentreSchool, next string, sum CentreSum, err error) {
	if err := by.May(auth.CoverageSupport); err != nil {
		return nil, "", CentreSum{}, err
	}
	name, id := "", int64(0)
	if after != "" {
		last, err := s.DB.Q().CentreSchoolKey(ctx, after)
		if err != nil {
			return nil, "", CentreSum{}, errs.NotFoundf("no school %q to go on after", after)
		}
		name, id = last.Name, last.ID
	}
	rows, err := s.centreSchools(ctx, name, id, most+1)
	if err != nil {
		return nil, "", CentreSum{}, err
	}
	for i, r := range rows {
		if i == most {
			next = rows[i-1].PublicID
			break
		}
		page = append(page, rounded(r.PublicID, r.Name, r.Town, r.Families, r.Offered, r.Arrived))
	}
	sum, err = s.centreSum(ctx)
	return page, next, sum, err
}

func (s *Service) centreSchools(ctx context.Context, name string, id int64, most int) ([]q.CentreSchoolsRow, error) {
	rows, err := s.DB.Q().CentreSchools(ctx, q.CentreSchoolsParams{Since: s.centreSince().UnixMilli(), Name: name, ID: id, Lim: int64(most)})
	if err != nil {
		return nil, fmt.Errorf("schools of the centre: %w", err)
	}
	return rows, nil
}

// centreSince is a moment at midnight UTC, so that all schools and all pages of a day are counted alike.
func (s *Service) centreSince() time.Time {
	return s.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -7*CentreWeeks)
}

// centreSum adds up all schools, in bounded batches, at most once in centreFresh for this process.
func (s *Service) centreSum(ctx context.Context) (CentreSum, error) {
	s.centre.Lock()
	defer s.centre.Unlock()
	now := s.Now()
	if age := now.Sub(s.centre.sum.At); !s.centre.sum.At.IsZero() && age >= 0 && age < centreFresh {
		return s.centre.sum, nil
	}
	sum, name, id := CentreSum{At: now}, "", int64(0)
	for {
		rows, err := s.centreSchools(ctx, name, id, centrePage)
		if err != nil {
			return CentreSum{}, err
		}
		for _, r := range rows {
			shown := rounded(r.PublicID, r.Name, r.Town, r.Families, r.Offered, r.Arrived)
			sum.Schools++
			sum.Families += shown.Families
			sum.Offered += shown.Offered
			sum.Arrived += shown.Arrived
			name, id = r.Name, r.ID
		}
		if len(rows) < centrePage {
			s.centre.sum = sum
			return sum, nil
		}
	}
}

// Title is the school's name with its town, where the name does not say it.
func (c CentreSchool) Title() string {
	if c.Town == "" || strings.Contains(c.Name, c.Town) {
		return c.Name
	}
	return c.Name + ", " + c.Town
}
