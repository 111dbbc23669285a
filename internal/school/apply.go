package school

import (
	"context"
	"errors"
	"fmt"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/roster"
)

// writes is what a plan does to the tables. Each row knows the pupil of the list that it belongs to, so that families are
// written whole, in batches.
type writes struct {
	classes   []classRow
	pupils    []at[pupilRow]
	setPupils []at[pupilRow]
	leave     []at[int64]
	unenrol   []at[int64]
	enrol     []at[pair] // pupil, class
	homes     []at[homeRow]
	setHomes  []at[homeRow]
	people    []at[personRow]
	setPeople []at[personRow]
	links     []at[pair] // household, pupil
	rights    []at[pair] // guardian, pupil
	goneLeave []int64
	endPeople []int64
	public    map[int]string // public ids of new pupils, by index in the list
	family    []int          // by index in the list: a number for each family, ascending as families first appear
}

// at is a row with the index of its pupil in the list.
type at[T any] struct {
	pupil int
	row   T
}

type pair struct{ a, b ref }

type pairRow struct {
	A int64 `json:"a"`
	B int64 `json:"b"`
}

type classRow struct {
	PublicID string `json:"public_id"`
	Year     string `json:"year"`
	Name     string `json:"name"`
	NameFold string `json:"name_fold"`
	Audience string `json:"audience"`
}

type pupilRow struct {
	ID         int64  `json:"id"`
	PublicID   string `json:"public_id"`
	ExternalID string `json:"external_id"`
	RosterKey  string `json:"roster_key"`
	Given      string `json:"given"`
	Family     string `json:"family"`
	NameFold   string `json:"name_fold"`
	Born       string `json:"born"`
	Imported   string `json:"imported"`
	LeftAt     int64  `json:"left_at"`
}

type homeRow struct {
	ID       int64  `json:"id"`
	PublicID string `json:"public_id"`
	Address  string `json:"address"`
	Imported string `json:"imported"`
}

type personRow struct {
	ID          int64  `json:"id"`
	PublicID    string `json:"public_id"`
	home        ref
	HouseholdID int64  `json:"household_id"`
	ExternalID  string `json:"external_id"`
	RosterKey   string `json:"roster_key"`
	Name        string `json:"name"`
	NameFold    string `json:"name_fold"`
	Relation    string `json:"relation"`
	Email       string `json:"email"`
	Phone       string `json:"phone"`
	Lang        string `json:"lang"`
	Langs       string `json:"langs"`
	Roads       string `json:"roads"`
	Imported    string `json:"imported"`
	Position    int64  `json:"position"`
}

// families numbers the pupils of the list by family: pupils who share a home, in the file or with us, have one number.
func families(pupils int, homes []roster.Household, target []homeRef) []int {
	parent := make([]int, pupils)
	for i := range parent {
		parent[i] = i
	}
	var root func(i int) int
	root = func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	unite := func(a, b int) {
		if a, b = root(a), root(b); a != b {
			parent[max(a, b)] = min(a, b)
		}
	}
	first := map[int64]int{}
	for h, home := range homes {
		for _, i := range home.Pupils {
			unite(home.Pupils[0], i)
		}
		if len(home.Pupils) > 0 && h < len(target) && target[h].id != 0 {
			if f, seen := first[target[h].id]; seen {
				unite(f, home.Pupils[0])
			} else {
				first[target[h].id] = home.Pupils[0]
			}
		}
	}
	out := make([]int, pupils)
	for i := range out {
		out[i] = root(i)
	}
	return out
}

// batchPupils is about how many pupils are written in one transaction: short enough that a page which saves meanwhile does
// not wait long, large enough that a school of 5,000 takes a few dozen transactions.
const batchPupils = 250

// batches groups whole families, in the order of the list; each is the set of family numbers of one transaction.
func (w writes) batches() [][]int {
	size := map[int]int{}
	var order []int
	for _, f := range w.family {
		if size[f] == 0 {
			order = append(order, f)
		}
		size[f]++
	}
	var out [][]int
	var now []int
	n := 0
	for _, f := range order {
		now = append(now, f)
		if n += size[f]; n >= batchPupils {
			out, now, n = append(out, now), nil, 0
		}
	}
	if len(now) > 0 {
		out = append(out, now)
	}
	return out
}

// errStale: somebody changed people, homes or classes since the state was read. The plan has to be made again.
var errStale = errors.New("school: the plan is old")

// writer writes one plan, batch by batch.
type writer struct {
	s       *Service
	by      auth.Actor
	work    writes
	version int64
	ids     map[string]int64 // rows made so far, by public id
	day     string
	now     int64
}

// take begins a transaction of the plan: it fails with errStale if anything else was written in between.
func (w *writer) take(ctx context.Context, tx *db.Tx) error {
	n, err := tx.TakeRoster(ctx, q.TakeRosterParams{SchoolID: w.by.School.ID, RosterVersion: w.version})
	if err == nil && n == 0 {
		err = errStale
	}
	return err
}

// classes makes the classes that lack. It is the first batch.
func (w *writer) classes(ctx context.Context) error {
	if len(w.work.classes) == 0 {
		return nil
	}
	err := w.s.db.Write(ctx, func(tx *db.Tx) error {
		if err := w.take(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.ImportAddClasses(ctx, q.ImportAddClassesParams{SchoolID: w.by.School.ID, CreatedAt: w.now, Rows: jsonRows(w.work.classes)})
		for _, r := range rows {
			w.ids[classRef(r.Year, r.NameFold)] = r.ID
		}
		return err
	})
	if err == nil {
		w.version++
	}
	return err
}

func (w *writer) id(r ref) (int64, error) {
	if r.id != 0 {
		return r.id, nil
	}
	if got, ok := w.ids[r.public]; ok {
		return got, nil
	}
	return 0, fmt.Errorf("school: import: no row for %q", r.public)
}

func (w *writer) pairs(list []pair) (string, error) {
	rows := make([]pairRow, len(list))
	for i, p := range list {
		var err error
		if rows[i].A, err = w.id(p.a); err != nil {
			return "", err
		}
		if rows[i].B, err = w.id(p.b); err != nil {
			return "", err
		}
	}
	return jsonRows(rows), nil
}

func pick[T any](rows []at[T], families map[int]bool, family []int) []T {
	var out []T
	for _, r := range rows {
		if families[family[r.pupil]] {
			out = append(out, r.row)
		}
	}
	return out
}

// batch writes some families in one transaction; after is called within it. It does nothing, and says so, where none of
// them changes.
func (w *writer) batch(ctx context.Context, families []int, after func(tx *db.Tx) error) (wrote bool, err error) {
	in := map[int]bool{}
	for _, f := range families {
		in[f] = true
	}
	fam, school := w.work.family, w.by.School.ID
	pupils, setPupils := pick(w.work.pupils, in, fam), pick(w.work.setPupils, in, fam)
	leave, unenrol, enrol := pick(w.work.leave, in, fam), pick(w.work.unenrol, in, fam), pick(w.work.enrol, in, fam)
	homes, setHomes := pick(w.work.homes, in, fam), pick(w.work.setHomes, in, fam)
	people, setPeople := pick(w.work.people, in, fam), pick(w.work.setPeople, in, fam)
	links, rights := pick(w.work.links, in, fam), pick(w.work.rights, in, fam)
	if len(pupils)+len(setPupils)+len(leave)+len(unenrol)+len(enrol)+len(homes)+len(setHomes)+len(people)+len(setPeople)+len(links)+len(rights) == 0 {
		return false, nil
	}
	err = w.s.db.Write(ctx, func(tx *db.Tx) error {
		if err := w.take(ctx, tx); err != nil {
			return err
		}
		if len(pupils) > 0 {
			made, err := tx.ImportAddPupils(ctx, q.ImportAddPupilsParams{SchoolID: school, CreatedAt: w.now, Rows: jsonRows(pupils)})
			if err != nil {
				return err
			}
			for _, r := range made {
				w.ids[r.PublicID] = r.ID
			}
		}
		if len(setPupils) > 0 {
			if _, err := tx.ImportSetPupils(ctx, q.ImportSetPupilsParams{SchoolID: school, Rows: jsonRows(setPupils)}); err != nil {
				return err
			}
		}
		if err := w.leave(ctx, tx, leave); err != nil {
			return err
		}
		if len(unenrol) > 0 {
			ids := jsonIDs(unenrol)
			if err := tx.DropEnrolmentsFrom(ctx, q.DropEnrolmentsFromParams{SchoolID: school, Day: w.day, Pupils: ids}); err != nil {
				return err
			}
			if err := tx.CloseEnrolments(ctx, q.CloseEnrolmentsParams{ToDate: dayBefore(w.day), SchoolID: school, Pupils: ids}); err != nil {
				return err
			}
		}
		if len(enrol) > 0 {
			rows, err := w.pairs(enrol)
			if err != nil {
				return err
			}
			if err := tx.ImportEnrol(ctx, q.ImportEnrolParams{SchoolID: school, FromDate: w.day, Rows: rows}); err != nil {
				return err
			}
		}
		if len(homes) > 0 {
			made, err := tx.ImportAddHouseholds(ctx, q.ImportAddHouseholdsParams{SchoolID: school, CreatedAt: w.now, Rows: jsonRows(homes)})
			if err != nil {
				return err
			}
			for _, r := range made {
				w.ids[r.PublicID] = r.ID
			}
		}
		if len(setHomes) > 0 {
			if _, err := tx.ImportSetHouseholds(ctx, q.ImportSetHouseholdsParams{SchoolID: school, Rows: jsonRows(setHomes)}); err != nil {
				return err
			}
		}
		if err := w.people(ctx, tx, people, setPeople); err != nil {
			return err
		}
		if len(links) > 0 {
			rows, err := w.pairs(links)
			if err != nil {
				return err
			}
			if err := tx.ImportLinks(ctx, q.ImportLinksParams{SchoolID: school, Rows: rows}); err != nil {
				return err
			}
		}
		if len(rights) > 0 {
			rows, err := w.pairs(rights)
			if err != nil {
				return err
			}
			if err := tx.ImportRights(ctx, q.ImportRightsParams{SchoolID: school, Rows: rows}); err != nil {
				return err
			}
		}
		return after(tx)
	})
	if err == nil {
		w.version++
	}
	return true, err
}

func (w *writer) people(ctx context.Context, tx *db.Tx, add, set []personRow) error {
	for _, list := range [][]personRow{add, set} {
		for i := range list {
			var err error
			if list[i].HouseholdID, err = w.id(list[i].home); err != nil {
				return err
			}
		}
	}
	if len(add) > 0 {
		made, err := tx.ImportAddGuardians(ctx, q.ImportAddGuardiansParams{SchoolID: w.by.School.ID, CreatedAt: w.now, Rows: jsonRows(add)})
		if err != nil {
			return err
		}
		for _, r := range made {
			w.ids[r.PublicID] = r.ID
		}
	}
	if len(set) > 0 {
		if _, err := tx.ImportSetGuardians(ctx, q.ImportSetGuardiansParams{SchoolID: w.by.School.ID, Rows: jsonRows(set)}); err != nil {
			return err
		}
	}
	return nil
}

// leave marks pupils as left; today is their last day in class.
func (w *writer) leave(ctx context.Context, tx *db.Tx, pupils []int64) error {
	if len(pupils) == 0 {
		return nil
	}
	ids, school := jsonIDs(pupils), w.by.School.ID
	if _, err := tx.ImportLeave(ctx, q.ImportLeaveParams{LeftAt: w.now, SchoolID: school, Pupils: ids}); err != nil {
		return err
	}
	return tx.CloseEnrolments(ctx, q.CloseEnrolmentsParams{ToDate: w.day, SchoolID: school, Pupils: ids})
}

// last writes what concerns nobody on the list: who left, who is no guardian any more, classes of earlier years that are
// empty now. after is called within the same transaction.
func (w *writer) last(ctx context.Context, year string, after func(tx *db.Tx) error) error {
	school := w.by.School.ID
	return w.s.db.Write(ctx, func(tx *db.Tx) error {
		if err := w.take(ctx, tx); err != nil {
			return err
		}
		if err := w.leave(ctx, tx, w.work.goneLeave); err != nil {
			return err
		}
		if len(w.work.endPeople) > 0 {
			if _, err := tx.ImportEndGuardians(ctx, q.ImportEndGuardiansParams{EndedAt: w.now, SchoolID: school, Guardians: jsonIDs(w.work.endPeople)}); err != nil {
				return err
			}
		}
		if _, err := tx.EndEmptyClasses(ctx, q.EndEmptyClassesParams{EndedAt: w.now, SchoolID: school, Year: year}); err != nil {
			return err
		}
		return after(tx)
	})
}
