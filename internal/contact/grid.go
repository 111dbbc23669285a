package contact

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"brug/internal/auth"
	"brug/internal/db/q"
	"brug/internal/school"
)

// GridWeeks is how many weeks the class page shows, this one included.
const GridWeeks = 8

// Grid is the class page: which families were reached, week by week.
type Grid struct {
	Weeks   []time.Time // Mondays 00:00 in the school's time zone, oldest first
	Rows    []Row       // who is not reached for longest first
	Reached int         // households reached in the weeks shown
	Langs   int         // languages that these households read
}

// Row is one household, with its children in the class.
type Row struct {
	Home        school.Home
	Lang        string
	Marks       []Stage   // one a week; "" is nothing
	LastReached time.Time // zero: never
	LastAt      time.Time // last contact of any kind; zero: none
	Next        Step
}

// ClassGrid reads the contact of a class in a handful of queries, however large the school. class is a public id.
func (s *Service) ClassGrid(ctx context.Context, by auth.Actor, class string) (Grid, error) {
	if err := by.May(auth.ContactSee); err != nil {
		return Grid{}, err
	}
	homes, err := s.School.Homes(ctx, by, school.Scope{Kind: "class", PublicID: class})
	if err != nil {
		return Grid{}, err
	}
	return s.grid(ctx, by, homes)
}

// HomeRow is the row of one household, for its card.
func (s *Service) HomeRow(ctx context.Context, by auth.Actor, household string) (Grid, error) {
	if err := by.May(auth.ContactSee); err != nil {
		return Grid{}, err
	}
	home, _, err := s.homeFor(ctx, by, household, "")
	if err != nil {
		return Grid{}, err
	}
	return s.grid(ctx, by, []school.Home{home})
}

func (s *Service) grid(ctx context.Context, by auth.Actor, homes []school.Home) (Grid, error) {
	zone, err := time.LoadLocation(by.School.Timezone)
	if err != nil {
		return Grid{}, fmt.Errorf("time zone of school: %w", err)
	}
	now := s.Now().In(zone)
	g := Grid{Weeks: weeks(now, GridWeeks)}
	var ids, pupils []int64
	langs := map[string]bool{}
	at := map[int64]int{}
	for i, h := range homes {
		ids = append(ids, h.ID)
		pupils = append(pupils, childIDs(h)...)
		lang := h.Lang(by.School.Lang)
		langs[lang] = true
		at[h.ID] = i
		g.Rows = append(g.Rows, Row{Home: h, Lang: lang, Marks: make([]Stage, GridWeeks)})
	}
	g.Langs = len(langs)
	if len(homes) == 0 {
		return g, nil
	}
	contacts, err := s.DB.Q().ContactsSince(ctx, q.ContactsSinceParams{SchoolID: by.School.ID, Since: millis(g.Weeks[0]), Households: list(ids), Pupils: list(pupils)})
	if err != nil {
		return Grid{}, fmt.Errorf("contacts since: %w", err)
	}
	for _, c := range contacts {
		if w := weekOf(g.Weeks, instant(c.At)); w >= 0 {
			m := &g.Rows[at[c.HouseholdID]].Marks[w]
			*m = best(*m, Stage(c.Stage))
		}
	}
	rows, err := s.Rows(ctx, by, homes)
	if err != nil {
		return Grid{}, err
	}
	for i := range g.Rows {
		rows[i].Marks = g.Rows[i].Marks
		if !rows[i].LastReached.Before(g.Weeks[0]) {
			g.Reached++
		}
	}
	g.Rows = rows
	sort.SliceStable(g.Rows, func(a, b int) bool { return g.Rows[a].LastReached.Before(g.Rows[b].LastReached) })
	return g, nil
}

// fill adds to a situation what the household's guardians tell.
func fill(s *Situation, h school.Home, schoolLang string) {
	s.Paused = h.Paused
	for i, g := range h.Guardians {
		s.Speaks = s.Speaks || g.Lang == schoolLang || slices.Contains(g.Langs, schoolLang)
		s.Phone = s.Phone || g.Phone != ""
		if i == 0 {
			s.Listens, s.Roads = g.Reading == school.Listens, g.Roads
		}
	}
	if len(h.Guardians) == 0 {
		s.Speaks = true // nothing is known: no interpreter is proposed on a guess
	}
}

// Open is an answer that waits for a person.
type Open struct {
	PublicID, Household, Given, Family, Class, ClassPublicID string
	Kind                                                     AnswerKind
	Body, Lang, Material                                     string
	Version                                                  int64
	Phone                                                    string
	Listens                                                  bool
	At                                                       time.Time
}

// OpenAnswers are the answers that wait for a person in the actor's classes, longest waiting first, at most 100.
func (s *Service) OpenAnswers(ctx context.Context, by auth.Actor) ([]Open, error) {
	return s.OpenAnswersOf(ctx, by, "", time.Time{})
}

// OpenAnswersOf are OpenAnswers about children of one class ("": all of the actor's), which came at a moment (zero: at any) or
// later. class is a public id.
func (s *Service) OpenAnswersOf(ctx context.Context, by auth.Actor, class string, from time.Time) ([]Open, error) {
	if err := by.May(auth.ContactSee); err != nil {
		return nil, err
	}
	rows, err := s.DB.Q().OpenAnswers(ctx, q.OpenAnswersParams{SchoolID: by.School.ID, AllClasses: by.AllClasses(), Classes: list(by.ClassIDs()), Class: class, Since: millis(from), Lim: 100})
	if err != nil {
		return nil, fmt.Errorf("open answers: %w", err)
	}
	out := make([]Open, len(rows))
	for i, r := range rows {
		out[i] = Open{PublicID: r.PublicID, Household: r.HouseholdPublicID, Given: r.Given, Family: r.Family, Class: r.ClassName, ClassPublicID: r.ClassPublicID,
			Kind: AnswerKind(r.Kind), Body: r.Body, Lang: r.Lang, Material: r.Material, Version: r.Version, Phone: r.Phone, Listens: r.Reading == string(school.Listens), At: instant(r.At)}
	}
	return out, nil
}

// Reach is how far a class is: households, and those reached in the last Quiet.
type Reach struct{ Households, Reached int }

// ReachByClass is the reach of every class of the school, by the class's database id, in one query.
func (s *Service) ReachByClass(ctx context.Context, by auth.Actor) (map[int64]Reach, error) {
	if err := by.May(auth.ContactSee); err != nil {
		return nil, err
	}
	rows, err := s.DB.Q().ReachByClass(ctx, q.ReachByClassParams{SchoolID: by.School.ID, Since: millis(s.Now().Add(-Quiet))})
	if err != nil {
		return nil, fmt.Errorf("reach by class: %w", err)
	}
	out := map[int64]Reach{}
	for _, r := range rows {
		if by.HasClass(r.ClassID) {
			out[r.ClassID] = Reach{int(r.Households), int(r.Reached)}
		}
	}
	return out, nil
}
