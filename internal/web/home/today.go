package home

import (
	"net/http"
	"slices"
	"time"

	"brug/internal/contact"
	"brug/internal/lang"
	"brug/internal/packs"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// nextFamilies is how many families Today proposes: what one teacher can do in ten minutes.
const nextFamilies = 5

// todayGrids is for how many classes Today looks at single families; who has more sees the classes instead.
const todayGrids = 3

type todayPage struct {
	ui.Page
	Open    []contact.Open
	Titles  map[string]string // of materials, by slug
	Next    []contact.Row
	Classes []classLine // for who sees many classes
	Packs   []packs.Pack
	Now     time.Time
	Empty   bool // the school has no pupils yet
}

type classLine struct {
	school.ClassRow
	contact.Reach
}

// today is what to do now, in the order of who waits longest.
func (p *Pages) today(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	t := todayPage{Page: route.Page(w, r, lang.T(ctx, "Today")), Now: p.Contact.Now(), Titles: map[string]string{}}
	t.Heading = lang.T(ctx, "Good day, {name}", "name", by.Name)
	var err error
	if t.Open, err = p.Contact.OpenAnswers(ctx, by); err != nil {
		return err
	}
	for _, o := range t.Open {
		if _, has := t.Titles[o.Material]; !has {
			e, err := p.Material.Find(ctx, by.School.ID, o.Material, o.Version)
			if err != nil {
				return err
			}
			t.Titles[o.Material] = e.TitleIn(lang.From(ctx).Tag())
		}
	}
	classes, err := p.School.Classes(ctx, by)
	if err != nil {
		return err
	}
	pupils := 0
	for _, c := range classes {
		pupils += c.Pupils
	}
	t.Empty = pupils == 0
	if len(classes) <= todayGrids {
		for _, c := range classes { // at most todayGrids
			g, err := p.Contact.ClassGrid(ctx, by, c.PublicID)
			if err != nil {
				return err
			}
			tellApart(g.Rows)
			for _, row := range g.Rows {
				if row.Next != contact.NoStep && row.Next != contact.StepAnswer && row.Next != contact.StepCallBack {
					t.Next = append(t.Next, row)
				}
			}
		}
		t.Next = longest(t.Next)
	} else {
		reach, err := p.Contact.ReachByClass(ctx, by)
		if err != nil {
			return err
		}
		for _, c := range classes {
			t.Classes = append(t.Classes, classLine{c, reach[c.ID]})
		}
	}
	if t.Packs, _, err = p.Packs.List(ctx, by, 0, 3); err != nil {
		return err
	}
	t.Lead = lead(r, t)
	return route.Render(w, r, http.StatusOK, todayView(t))
}

// longest are the families of all classes that wait longest, nobody reached yet on top; each only once, whatever the classes
// of its children.
func longest(rows []contact.Row) []contact.Row {
	seen := map[int64]bool{}
	rows = slices.DeleteFunc(slices.Clone(rows), func(r contact.Row) bool {
		was := seen[r.Home.ID]
		seen[r.Home.ID] = true
		return was
	})
	slices.SortStableFunc(rows, func(a, b contact.Row) int { return a.LastReached.Compare(b.LastReached) })
	return rows[:min(len(rows), nextFamilies)]
}

func lead(r *http.Request, t todayPage) string {
	ctx := r.Context()
	if len(t.Open) == 0 {
		return lang.T(ctx, "Nobody waits for an answer.")
	}
	return lang.N(ctx, families(t.Open), "{n} family waits for you.", "{n} families wait for you.")
}

// families counts who waits: a family that answered twice is one family.
func families(open []contact.Open) int {
	homes := map[string]bool{}
	for _, o := range open {
		homes[o.Household] = true
	}
	return len(homes)
}
