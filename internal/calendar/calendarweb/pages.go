// Package calendarweb is the staff pages of package calendar: a month at a time, an event, the days off, and holidays out
// of a file.
//
// Package app builds Pages and mounts its Routes. It owns no tables: every handler reads the form, calls one operation of
// package calendar and draws a page.
package calendarweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"brug/internal/auth"
	"brug/internal/calendar"
	"brug/internal/lang"
	"brug/internal/school"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Pages are the pages of the calendar.
type Pages struct {
	Calendar *calendar.Service
	School   *school.Service
	Now      func() time.Time // time.Now unless set
}

// Routes are all of them.
func (p *Pages) Routes() []route.Route {
	const c = "/s/{school}/calendar"
	file := route.Post(c+"/file", auth.CalendarSchool, p.doFile)
	file.MaxBody = calendar.MaxFile + 1<<18
	return []route.Route{
		route.Get(c, auth.CalendarSee, p.month),
		route.Get(c+"/new", auth.CalendarChange, p.newEvent),
		route.Post(c+"/new", auth.CalendarChange, p.doNewEvent),
		route.Get(c+"/off", auth.CalendarSee, p.off),
		route.Get(c+"/file", auth.CalendarSchool, p.file),
		file,
		route.Post(c+"/file/take", auth.CalendarSchool, p.doTake),
		route.Get(c+"/events/{event}", auth.CalendarSee, p.event),
		route.Post(c+"/events/{event}", auth.CalendarChange, p.doEvent),
		route.Post(c+"/events/{event}/cancel", auth.CalendarChange, p.doCancel),
		route.Post(c+"/events/{event}/restore", auth.CalendarChange, p.doRestore),
		route.Get(c+"/events/{event}/remove", auth.CalendarChange, p.remove),
		route.Post(c+"/events/{event}/remove", auth.CalendarChange, p.doRemove),
	}
}

const maxForm = 256 << 10 // bytes

// today is the day at the school.
func (p *Pages) today(r *http.Request) time.Time {
	now := time.Now
	if p.Now != nil {
		now = p.Now
	}
	zone, err := time.LoadLocation(route.Actor(r).School.Timezone)
	if err != nil {
		zone = time.UTC
	}
	return now().In(zone)
}

func may(r *http.Request, perm auth.Permission) bool { return route.Actor(r).May(perm) == nil }

func link(ctx context.Context) ui.Link {
	return ui.Link{Label: lang.T(ctx, "Calendar"), URL: route.Path(ctx, "calendar")}
}

func eventURL(ctx context.Context, publicID string, more ...string) string {
	return route.Path(ctx, append([]string{"calendar", "events", publicID}, more...)...)
}

// monthURL is the page on which a day (YYYY-MM-DD) stands.
func monthURL(ctx context.Context, day string) string {
	if len(day) < 7 {
		return route.Path(ctx, "calendar")
	}
	return route.Path(ctx, "calendar") + "?month=" + day[:7]
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func version(f *ui.Form) int64 {
	n, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		return 0 // never the version of a row: a Conflict
	}
	return n
}
