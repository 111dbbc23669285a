package school

import (
	"brug/internal/errs"
)

// A Plan says what bringing in a list would change, before anything is written. It is kept with the import and shown page
// by page; what is written is worked out again from the file when the time has come, so a plan never goes stale unseen.
type Plan struct {
	Counts     Counts     `json:"counts"`
	Full       bool       `json:"full"` // the list is of the whole school: who is not on it may have left
	NewClasses []NewClass `json:"newClasses,omitempty"`
	New        []PlanItem `json:"new,omitempty"`
	Changed    []PlanItem `json:"changed,omitempty"`
	Gone       []PlanItem `json:"gone,omitempty"`
	Doubtful   []PlanItem `json:"doubtful,omitempty"`
	Notes      []PlanItem `json:"notes,omitempty"`
}

// Counts stand on top of a plan, and remain when the import is done.
type Counts struct {
	Pupils   int `json:"pupils"` // in the list
	New      int `json:"new"`
	Changed  int `json:"changed"`
	Same     int `json:"same"`
	Gone     int `json:"gone"`
	Doubtful int `json:"doubtful"`
	Skipped  int `json:"skipped"`
	Left     int `json:"left"` // of the gone, those that will be marked as left
	Classes  int `json:"classes"`
}

// Nothing tells whether there is nothing to write.
func (c Counts) Nothing() bool { return c.New+c.Changed+c.Left+c.Classes == 0 }

// NewClass is a class that the import makes.
type NewClass struct {
	Name     string   `json:"name"`
	Year     string   `json:"year"`
	Audience Audience `json:"audience"`
}

// PlanItem is one line of a plan.
type PlanItem struct {
	Key     string      `json:"key,omitempty"` // names the line in choices; "" where there is nothing to choose
	File    string      `json:"file,omitempty"`
	Row     int         `json:"row,omitempty"` // as a spreadsheet counts, from 1; 0 none
	Name    string      `json:"name,omitempty"`
	Class   string      `json:"class,omitempty"`
	Person  bool        `json:"person,omitempty"` // the line is about a guardian
	Lines   []errs.Text `json:"lines,omitempty"`
	Changes []Change    `json:"changes,omitempty"`
	Cells   []string    `json:"cells,omitempty"` // of a row that could not be read, as they stand in the file
}

// Change is a field before and after.
type Change struct {
	Who   string    `json:"who,omitempty"` // a guardian's name; "" the pupil
	Field errs.Text `json:"field"`
	Old   string    `json:"old"`
	New   string    `json:"new"`
	Lang  bool      `json:"lang,omitempty"` // Old and New are language tags, separated by commas
}

// The choices for who is not on the list any more.
const (
	GoneKeep = "keep"
	GoneLeft = "left"
)

// Choices are what a person decided about a plan.
type Choices struct {
	Scope     string            `json:"scope,omitempty"`     // "full", "part" or "": work it out from the classes
	Secondary bool              `json:"secondary,omitempty"` // numbers of classes are years of a secondary school
	Gone      string            `json:"gone,omitempty"`      // GoneKeep or GoneLeft, for all; "": keep
	GoneOf    map[string]string `json:"goneOf,omitempty"`    // by key, where one differs
	Skip      map[string]bool   `json:"skip,omitempty"`      // doubtful lines that are left out, by key
}

func (c Choices) goneOf(key string) string {
	if g, ok := c.GoneOf[key]; ok {
		return g
	}
	return c.Gone
}

// said is what the school's file last said of somebody. A field that the file has never told is not in it.
type said map[string]string

// merge decides about one field: what stands, what the file says now, what it said last. What was changed by hand stays
// until the file itself changes; what the file does not tell stays; where nothing stands, what the file says is taken.
func merge(now, says, last string, known bool) string {
	switch {
	case says == "" || says == now:
		return now
	case now == "" && !known:
		return says
	case !known: // by hand, before any file
		return now
	case says == last:
		return now
	}
	return says
}

// take merges a field and remembers what the file says.
func (s said) take(field, now, says string) string {
	last, known := s[field]
	v := merge(now, says, last, known)
	if says != "" {
		s[field] = says
	}
	return v
}
