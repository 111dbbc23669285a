package route

import (
	"net/http"
	"strings"

	"brug/internal/auth"
	"brug/internal/lang"
	"brug/internal/web/ui"
)

// railClasses is how many classes of a teacher stand in the rail by name; who has more gets one line to the list.
const railClasses = 4

// Page begins a staff page: who is signed in, at which school, where one can go, and what was just done. title is in the
// reader's language. Call it once, before anything is written.
func Page(w http.ResponseWriter, r *http.Request, title string) ui.Page {
	a := Actor(r)
	p := ui.Page{Title: title, Person: a.Name, PersonURL: "/account", SchoolURL: "/"}
	if line := TakeFlash(w, r); line != "" {
		p.Flash = ui.Flash{Kind: ui.Done, Text: line}
	}
	if a.Role == auth.Support {
		p.School, p.SchoolURL = lang.T(r.Context(), "Support centre"), "/support"
		items := []ui.NavItem{{Label: lang.T(r.Context(), "Requests"), URL: "/support", Icon: "messages"}, {Label: lang.T(r.Context(), "Coverage"), URL: "/support/coverage", Icon: "coverage"}}
		if len(a.Schools) == 1 { // the centre's own house
			items = append(items, ui.NavItem{Label: lang.T(r.Context(), "Materials"), URL: "/s/" + a.Schools[0].Slug + "/materials", Icon: "materials"})
		}
		p.Nav = mark(r, items)
		return p
	}
	if a.School.ID == 0 {
		return p
	}
	p.School, p.SchoolURL = a.School.Name, Path(r.Context(), "")
	if a.School.LogoKey != "" {
		p.LogoURL = Path(r.Context(), "logo")
	}
	p.Nav = mark(r, nav(r, a))
	return p
}

func nav(r *http.Request, a auth.Actor) []ui.NavItem {
	ctx := r.Context()
	items := []ui.NavItem{{Label: lang.T(ctx, "Today"), URL: Path(ctx, ""), Icon: "today"}}
	if !a.AllClasses() && len(a.Classes) <= railClasses {
		for _, c := range a.Classes {
			items = append(items, ui.NavItem{Label: lang.T(ctx, "Class {name}", "name", c.Name), URL: Path(ctx, "classes", c.PublicID), Icon: "class"})
		}
	} else {
		items = append(items, ui.NavItem{Label: lang.T(ctx, "Classes"), URL: Path(ctx, "classes"), Icon: "class"})
	}
	return append(items,
		ui.NavItem{Label: lang.T(ctx, "Messages"), URL: Path(ctx, "messages"), Icon: "messages"},
		ui.NavItem{Label: lang.T(ctx, "Materials"), URL: Path(ctx, "materials"), Icon: "materials"},
		ui.NavItem{Label: lang.T(ctx, "Calendar"), URL: Path(ctx, "calendar"), Icon: "calendar"},
		ui.NavItem{Label: lang.T(ctx, "Print"), URL: Path(ctx, "packs"), Icon: "print"},
		ui.NavItem{Label: lang.T(ctx, "Coverage"), URL: Path(ctx, "coverage"), Icon: "coverage"},
		ui.NavItem{Label: lang.T(ctx, "School"), URL: Path(ctx, "school"), Icon: "school"})
}

// belongs are pages that have no line of their own, by the line that they are marked under.
var belongs = map[string][]string{
	"materials": {"phrases", "translate", "voice", "photos", "words"},
	"messages":  {"inbox", "conversations", "agreements", "calls", "outbox"},
}

// mark finds the line that the asked page belongs to: the longest URL that begins it. Today is marked on its own page only.
func mark(r *http.Request, items []ui.NavItem) []ui.NavItem {
	at, best := -1, 0
	today := Path(r.Context(), "")
	path := r.URL.Path
	for line, parts := range belongs {
		for _, part := range parts {
			if own := Path(r.Context(), part); path == own || strings.HasPrefix(path, own+"/") {
				path = Path(r.Context(), line)
			}
		}
	}
	for i, it := range items {
		under := path == it.URL || it.URL != today && strings.HasPrefix(path, strings.TrimSuffix(it.URL, "/")+"/")
		if under && len(it.URL) > best {
			at, best = i, len(it.URL)
		}
	}
	if at < 0 {
		// what has no line of its own (pupils, guardians, import, staff …) belongs to School, the last line
		at = len(items) - 1
		if a := Actor(r); a.School.ID == 0 {
			return items
		}
	}
	items[at].Current = true
	return items
}
