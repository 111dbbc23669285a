package contact

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/jobs"
	"brug/internal/school"
)

// touch is what a batch of entries changes in the row of one household in reached.
type touch struct {
	Household int64 `json:"h"`
	First     int64 `json:"f"` // milliseconds, as the others
	Last      int64 `json:"l"`
	Reached   int64 `json:"r"` // the last entry that reached the household; 0: none did
	Offers    int   `json:"o"` // -1: offers and answers in one batch, the database must look at the whole story
}

// touches are the changes of a batch, sorted by household: rows are locked in the same order by everybody.
func touches(entries []Entry) []touch {
	at := map[int64]int{}
	var out []touch
	for _, e := range entries {
		ms := millis(e.At)
		i, known := at[e.HouseholdID]
		if !known {
			i = len(out)
			at[e.HouseholdID] = i
			out = append(out, touch{Household: e.HouseholdID, First: ms, Last: ms})
		}
		t := &out[i]
		t.First, t.Last = min(t.First, ms), max(t.Last, ms)
		switch {
		case e.Stage.Reached():
			t.Reached = max(t.Reached, ms)
			if t.Offers != 0 {
				t.Offers = -1
			}
		case t.Reached != 0 || t.Offers < 0:
			t.Offers = -1
		default:
			t.Offers++
		}
	}
	slices.SortFunc(out, func(a, b touch) int { return cmp.Compare(a.Household, b.Household) })
	return out
}

// recount counts the households of a school that are marked for it.
func recount(ctx context.Context, tx *db.Tx, schoolID int64) error {
	if err := tx.RecountReached(ctx, schoolID); err != nil {
		return fmt.Errorf("recount reached: %w", err)
	}
	if err := tx.DropUnreached(ctx, schoolID); err != nil {
		return fmt.Errorf("drop unreached: %w", err)
	}
	return nil
}

// Rows are some homes with when each was last reached and what a person does next, in the order of homes and without Marks.
// homes are those that school.Homes gives the same actor; only what is about their children counts. Who sees the whole of
// the school (homes of school.ScopeSchool) may ask SchoolRows instead, which does not read the ledger.
func (s *Service) Rows(ctx context.Context, by auth.Actor, homes []school.Home) ([]Row, error) {
	if err := by.May(auth.ContactSee); err != nil {
		return nil, err
	}
	ids, pupils := idsOf(homes)
	found, err := s.DB.Q().LastReached(ctx, q.LastReachedParams{SchoolID: by.School.ID, Households: list(ids), Pupils: list(pupils)})
	if err != nil {
		return nil, fmt.Errorf("last reached: %w", err)
	}
	last := make([]standing, len(found))
	for i, l := range found {
		last[i] = standing{l.HouseholdID, l.FirstAt, l.LastAt, l.ReachedAt, l.OffersSince}
	}
	return s.rowsWith(ctx, by, homes, ids, pupils, last)
}

// SchoolRows is Rows from what the writer keeps for each household: all that is about it counts, also about a child that
// is not among those in homes. Forbidden for who does not see all classes.
func (s *Service) SchoolRows(ctx context.Context, by auth.Actor, homes []school.Home) ([]Row, error) {
	if err := by.May(auth.ContactSee); err != nil {
		return nil, err
	}
	if !by.AllClasses() {
		return nil, errs.Forbiddenf("rows of the whole school for who has some classes")
	}
	ids, pupils := idsOf(homes)
	found, err := s.DB.Q().ReachedOf(ctx, q.ReachedOfParams{SchoolID: by.School.ID, Households: list(ids)})
	if err != nil {
		return nil, fmt.Errorf("reached: %w", err)
	}
	last := make([]standing, len(found))
	for i, l := range found {
		last[i] = standing{l.HouseholdID, l.FirstAt, l.LastAt, l.ReachedAt, max(0, l.Offers)} // below zero: being counted anew
	}
	return s.rowsWith(ctx, by, homes, ids, pupils, last)
}

// standing is what is known of a household that had any contact; times in milliseconds.
type standing struct{ household, first, last, reached, offers int64 }

func (s *Service) rowsWith(ctx context.Context, by auth.Actor, homes []school.Home, ids, pupils []int64, last []standing) ([]Row, error) {
	now := s.Now()
	rows, sit, at := make([]Row, len(homes)), make([]Situation, len(homes)), make(map[int64]int, len(homes))
	for i, h := range homes {
		rows[i] = Row{Home: h, Lang: h.Lang(by.School.Lang)}
		at[h.ID] = i
	}
	for _, l := range last {
		i := at[l.household]
		r := &rows[i]
		r.LastAt = instant(l.last)
		sit[i] = Situation{Ever: true, OffersSince: int(l.offers), Since: now.Sub(instant(l.first))}
		if l.reached != 0 {
			r.LastReached = instant(l.reached)
			sit[i].Since = now.Sub(r.LastReached)
		}
	}
	open, err := s.DB.Q().OpenAnswerHouseholds(ctx, q.OpenAnswerHouseholdsParams{SchoolID: by.School.ID, Households: list(ids), Pupils: list(pupils)})
	if err != nil {
		return nil, fmt.Errorf("open answers: %w", err)
	}
	for _, o := range open {
		i := at[o.HouseholdID]
		sit[i].OpenQuestion = true
		sit[i].OpenCall = sit[i].OpenCall || AnswerKind(o.Kind) == CallMe
	}
	for i := range rows {
		fill(&sit[i], rows[i].Home, by.School.Lang)
		rows[i].Next = NextStep(sit[i])
	}
	return rows, nil
}

func idsOf(homes []school.Home) (households, pupils []int64) {
	for _, h := range homes {
		households = append(households, h.ID)
		pupils = append(pupils, childIDs(h)...)
	}
	return households, pupils
}

// rebuildBatch is how many households one transaction of Rebuild remakes: others wait for them that long.
const rebuildBatch = 200

// Rebuild remakes marks and reached of a school from its ledger. The school goes on working meanwhile: each transaction
// holds a bounded number of households.
func (s *Service) Rebuild(ctx context.Context, schoolID int64) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		return errors.Join(tx.MarkForRebuild(ctx, schoolID), tx.MarkStrayForRebuild(ctx, schoolID))
	})
	if err != nil {
		return fmt.Errorf("mark for rebuild: %w", err)
	}
	return s.rebuildMarked(ctx, schoolID)
}

// rebuildMarked remakes what is marked for it. Doing it twice, or in two processes at once, does no harm.
func (s *Service) rebuildMarked(ctx context.Context, schoolID int64) error {
	for {
		ids, err := s.DB.Q().HouseholdsToRebuild(ctx, q.HouseholdsToRebuildParams{SchoolID: schoolID, Lim: rebuildBatch})
		if err != nil {
			return fmt.Errorf("households to rebuild: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		if err := s.DB.Write(ctx, func(tx *db.Tx) error { return s.rebuild(ctx, tx, schoolID, ids) }); err != nil {
			return fmt.Errorf("rebuild: %w", err)
		}
	}
}

func (s *Service) rebuild(ctx context.Context, tx *db.Tx, schoolID int64, households []int64) error {
	zone, err := zoneOf(ctx, tx, schoolID)
	if err != nil {
		return err
	}
	homes := list(households)
	if err := tx.HoldForRebuild(ctx, q.HoldForRebuildParams{SchoolID: schoolID, Households: homes}); err != nil {
		return err
	}
	if err := tx.DropMarksOf(ctx, q.DropMarksOfParams{SchoolID: schoolID, Households: homes}); err != nil {
		return err
	}
	ledger, err := tx.LedgerOf(ctx, q.LedgerOfParams{SchoolID: schoolID, Households: homes})
	if err != nil {
		return err
	}
	entries := make([]Entry, len(ledger))
	for i, c := range ledger {
		entries[i] = Entry{HouseholdID: c.HouseholdID, PupilID: c.PupilID.Int64, Area: c.Area, Road: Road(c.Road), Direction: Direction(c.Direction), Stage: Stage(c.Stage), Tone: Tone(c.Tone),
			At: instant(c.At), Lang: c.Lang, About: About(c.About)}
	}
	if len(entries) > 0 {
		if err := addMarks(ctx, tx, schoolID, marksOf(entries, zone, 1)); err != nil {
			return err
		}
	}
	if err := tx.MarkForRecount(ctx, q.MarkForRecountParams{SchoolID: schoolID, Households: homes, Rebuilt: true}); err != nil {
		return err
	}
	return recount(ctx, tx, schoolID)
}

// rebuildJob remakes what the migration has marked in one school.
type rebuildJob struct {
	School int64 `json:"school"`
}

// Kind names the job for the queue.
func (rebuildJob) Kind() string { return "contact.rebuild" }

// Work registers the jobs of this package. Call it while the program is built.
func (s *Service) Work(r *jobs.Runner) {
	jobs.Register(r, func(ctx context.Context, j rebuildJob) error { return s.rebuildMarked(ctx, j.School) })
}

// RebuildLater puts a job in the queue for each school whose ledger is older than its marks, as after a migration. Most
// often there is none. Call it when the program starts.
func (s *Service) RebuildLater(ctx context.Context) error {
	schools, err := s.DB.Q().SchoolsToRebuild(ctx)
	if err != nil || len(schools) == 0 {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, school := range schools {
			if err := jobs.Enqueue(ctx, tx, rebuildJob{school}, jobs.Once()); err != nil {
				return err
			}
		}
		return nil
	})
}
