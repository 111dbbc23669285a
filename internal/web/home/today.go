package home

import (
	"context"
	"net/http"
	"slices"
	"time"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/packs"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// nextFamilies is how many families Today proposes: what one teacher can do in ten minutes.
const nextFamilies = 5

// waitingLines is how many of those who wait stand on Today; the others are in the inbox.
const waitingLines = 12

// todayGrids is for how many classes Today looks at single families; who has more sees the classes instead.
const todayGrids = 3

type todayPage struct {
	ui.Page
	Waiting []messages.InboxLine  // what families said, the longest waiting first: in conversations, and by codes on paper
	More    bool                  // there are others in the inbox
	Calls   int                   // people whom somebody is to call
	Paper   []messages.PaperClass // letters that wait for paper
	Back    []messages.DueAgreement
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
	inbox, err := p.Messages.Inbox(ctx, by, messages.InboxFilter{Max: waitingLines})
	if err != nil {
		return err
	}
	t.Waiting, t.More = inbox.Lines, inbox.Next != ""
	if t.Calls, err = p.Messages.TaskCount(ctx, by); err != nil {
		return err
	}
	if t.Paper, err = p.Messages.PaperClasses(ctx, by); err != nil {
		return err
	}
	if t.Back, err = p.Messages.LookBacks(ctx, by, nextFamilies); err != nil {
		return err
	}
	for _, l := range t.Waiting {
		if err := p.title(ctx, by, t, l); err != nil {
			return err
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

// title finds what an answer to a code on paper is about: a text of the library, or a message that was printed.
func (p *Pages) title(ctx context.Context, by auth.Actor, t todayPage, l messages.InboxLine) error {
	o := l.Paper
	if l.Conversation != "" || t.Titles[o.Material] != "" {
		return nil
	}
	name, err := p.Messages.PaperTitle(ctx, by, o.Material, o.Version, lang.From(ctx).Tag())
	t.Titles[o.Material] = name
	return err
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
	if len(t.Waiting) == 0 {
		return lang.T(ctx, "Nobody waits for an answer.")
	}
	if t.More {
		return lang.T(ctx, "More than {n} families wait for you.", "n", families(t.Waiting)-1)
	}
	return lang.N(ctx, families(t.Waiting), "{n} family waits for you.", "{n} families wait for you.")
}

// families counts who waits: a family that answered twice is one family.
func families(waiting []messages.InboxLine) int {
	homes := map[string]bool{}
	for _, o := range waiting {
		homes[o.Household] = true
	}
	return len(homes)
}
