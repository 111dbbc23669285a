// Package schoolweb is the pages of package school: the school's settings, classes, pupils, guardians, homes, groups, and
// bringing in the school's own list.
//
// Package app builds Pages and mounts its Routes; package web/home puts HouseholdCard on the page of a family. It owns no
// tables: every handler reads the form, calls one operation of package school and draws a page.
package schoolweb

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"

	"github.com/a-h/templ"
)

// Pages are the pages of school.
type Pages struct {
	School *school.Service
}

// Routes are all of them. The page of a class and that of a household stand in web/home.
func (p *Pages) Routes() []route.Route {
	const s = "/s/{school}/"
	upload := route.Post(s+"import", auth.RosterImport, p.doUpload)
	upload.MaxBody = school.MaxUpload + 1<<20
	logo := route.Post(s+"school/logo", auth.SchoolChange, p.doLogo)
	logo.MaxBody = school.MaxLogo + 1<<20
	columns := route.Post(s+"import/{import}/columns", auth.RosterImport, p.doColumns)
	columns.MaxBody = maxColumns
	read := route.Post(s+"import/{import}/read", auth.RosterImport, p.doRead)
	read.MaxBody = maxColumns
	start := route.Post(s+"import/{import}/start", auth.RosterImport, p.doStart)
	start.MaxBody = 2 << 20
	return []route.Route{
		route.Get(s+"school", auth.SchoolSee, p.settings),
		route.Post(s+"school", auth.SchoolChange, p.doSettings),
		logo,
		route.Post(s+"school/logo/remove", auth.SchoolChange, p.removeLogo),
		route.Get(s+"school/hours", auth.SchoolChange, p.office),
		route.Post(s+"school/hours", auth.SchoolChange, p.doOffice),
		route.Get(s+"logo", auth.SchoolSee, p.logo),

		route.Get(s+"classes", auth.SchoolSee, p.classes),
		route.Get(s+"classes/new", auth.SchoolChange, p.newClass),
		route.Post(s+"classes/new", auth.SchoolChange, p.doNewClass),
		route.Get(s+"classes/{class}/edit", auth.SchoolChange, p.class),
		route.Post(s+"classes/{class}/edit", auth.SchoolChange, p.doClass),
		route.Get(s+"classes/{class}/end", auth.SchoolChange, p.endClass),
		route.Post(s+"classes/{class}/end", auth.SchoolChange, p.doEndClass),

		route.Get(s+"pupils", auth.FamiliesSee, p.pupils),
		route.Get(s+"pupils/new", auth.FamiliesChange, p.newPupil),
		route.Post(s+"pupils/new", auth.FamiliesChange, p.doNewPupil),
		route.Get(s+"pupils/{pupil}", auth.FamiliesSee, p.pupil),
		route.Post(s+"pupils/{pupil}", auth.FamiliesChange, p.doPupil),
		route.Get(s+"pupils/{pupil}/move", auth.FamiliesChange, p.move),
		route.Post(s+"pupils/{pupil}/move", auth.FamiliesChange, p.doMove),
		route.Post(s+"pupils/{pupil}/leave", auth.FamiliesChange, p.doLeave),
		route.Get(s+"pupils/{pupil}/home", auth.FamiliesChange, p.home),
		route.Post(s+"pupils/{pupil}/home", auth.FamiliesChange, p.doHome),
		route.Post(s+"pupils/{pupil}/home/link", auth.FamiliesChange, p.doLink),
		route.Post(s+"pupils/{pupil}/home/unlink", auth.FamiliesChange, p.doUnlink),

		route.Get(s+"guardians/new", auth.FamiliesChange, p.newGuardian),
		route.Post(s+"guardians/new", auth.FamiliesChange, p.doNewGuardian),
		route.Get(s+"guardians/{guardian}", auth.FamiliesSee, p.guardian),
		route.Post(s+"guardians/{guardian}", auth.FamiliesChange, p.doGuardian),
		route.Get(s+"guardians/{guardian}/end", auth.FamiliesChange, p.endGuardian),
		route.Post(s+"guardians/{guardian}/end", auth.FamiliesChange, p.doEndGuardian),
		route.Get(s+"guardians/{guardian}/move", auth.FamiliesChange, p.moveGuardian),
		route.Post(s+"guardians/{guardian}/move", auth.FamiliesChange, p.doMoveGuardian),

		route.Get(s+"households/{household}/edit", auth.FamiliesChange, p.household),
		route.Post(s+"households/{household}/edit", auth.FamiliesChange, p.doHousehold),
		route.Get(s+"households/{household}/join", auth.FamiliesChange, p.join),
		route.Post(s+"households/{household}/join", auth.FamiliesChange, p.doJoin),

		route.Get(s+"groups", auth.SchoolSee, p.groups),
		route.Get(s+"groups/new", auth.SchoolChange, p.newGroup),
		route.Post(s+"groups/new", auth.SchoolChange, p.doNewGroup),
		route.Get(s+"groups/{group}", auth.SchoolSee, p.group),
		route.Post(s+"groups/{group}", auth.SchoolChange, p.doGroup),
		route.Post(s+"groups/{group}/pupils", auth.SchoolChange, p.doGroupPupils),
		route.Get(s+"groups/{group}/end", auth.SchoolChange, p.endGroup),
		route.Post(s+"groups/{group}/end", auth.SchoolChange, p.doEndGroup),

		route.Get(s+"import", auth.RosterImport, p.imports),
		upload,
		route.Get(s+"import/{import}", auth.RosterImport, p.importPage),
		route.Get(s+"import/{import}/columns", auth.RosterImport, p.columns),
		columns,
		read,
		start,
		route.Post(s+"import/{import}/again", auth.RosterImport, p.doAgain),
		route.Post(s+"import/{import}/drop", auth.RosterImport, p.doDrop),
	}
}

const maxForm = 256 << 10 // bytes

// show keeps in f what is wrong and gives the status with which to draw the form again; ok is false for errors that a form
// does not show.
func show(f *ui.Form, err error) (status int, ok bool) {
	status, ok = route.FormStatus(err)
	if ok && !f.Take(err) {
		f.Fail("", sentence(err))
	}
	return status, ok
}

// sentence is what a Conflict says.
func sentence(err error) string {
	var e *errs.Error
	if errors.As(err, &e) && e.Text.ID != "" {
		return e.Text.ID
	}
	return lang.Msg("Somebody else changed this while you were busy. Nothing you typed is lost: compare, and save again.")
}

// kind of control of a field.
type control int

const (
	line control = iota
	area
	list
	radios
	boxes
	upload
)

// field is one control of a form. The same list draws the form and, when two people changed the same thing, compares.
type field struct {
	ui.Input
	Control control
	Note    string // a warning that stands under it
}

// clash is a field that somebody else has saved differently meanwhile.
type clash struct{ Label, Theirs, Yours string }

// formPage is every page that is one form.
type formPage struct {
	ui.Page
	Form    *ui.Form
	URL     string
	Fields  []field
	Hidden  []string // names and values in turn
	Clashes []clash
	Submit  string
	Cancel  ui.Link
	Upload  bool
	Before  templ.Component // between title and form; may be nil
	After   templ.Component
	Read    bool // the reader may look and not change: no button
}

func (p formPage) order() []string {
	names := make([]string, len(p.Fields))
	for i, f := range p.Fields {
		names[i] = f.Name
	}
	return names
}

// clashes compares what was typed with what is stored now.
func clashes(ctx context.Context, fields []field, typed, stored *ui.Form) []clash {
	var out []clash
	for _, f := range fields {
		a, b := shown(ctx, f, stored), shown(ctx, f, typed)
		if a != b {
			out = append(out, clash{f.Label, a, b})
		}
	}
	return out
}

// shown is the value of a field as a person reads it.
func shown(ctx context.Context, f field, from *ui.Form) string {
	if f.Control != list && f.Control != radios && f.Control != boxes {
		return from.Get(f.Name)
	}
	var labels []string
	for _, o := range f.Options {
		if from.Has(f.Name, o.Value) && o.Value != "" {
			labels = append(labels, o.Label)
		}
	}
	if len(labels) == 0 {
		return ""
	}
	return lang.From(ctx).List(labels)
}

func version(f *ui.Form) int64 {
	n, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		return 0 // never the version of a row: a Conflict
	}
	return n
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// day shows a day YYYY-MM-DD in the reader's language.
func day(ctx context.Context, s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return lang.From(ctx).DateYear(t)
}

func moment(ctx context.Context, ms int64) string {
	zone, err := time.LoadLocation(route.ActorFrom(ctx).School.Timezone)
	if err != nil {
		zone = time.UTC
	}
	t := time.UnixMilli(ms).In(zone)
	return lang.From(ctx).DateYear(t) + ", " + lang.From(ctx).Time(t)
}

func cancel(ctx context.Context, url string) ui.Link {
	return ui.Link{Label: lang.T(ctx, "Cancel"), URL: url}
}

func may(r *http.Request, p auth.Permission) bool { return route.Actor(r).May(p) == nil }
