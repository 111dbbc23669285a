// Package authweb is the pages of package auth: signing in and out, choosing a school, a new password, an invitation,
// the request of a school for its login, one's own account, the staff of a school and the desk of the support centre.
//
// Package app builds Pages and mounts its Routes. It owns no tables: every handler reads the form, calls one operation of
// package auth and draws a page.
package authweb

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Pages are the pages of auth.
type Pages struct {
	Auth   *auth.Service
	DB     *db.DB           // for the mails of a demo
	Demo   bool             // the program runs as a demo: its mails can be read at /demo/mails
	Secure bool             // the site is reached by https: cookies are sent over nothing else
	Now    func() time.Time // nil: the clock
}

func (p *Pages) now() time.Time {
	if p.Now == nil {
		return time.Now()
	}
	return p.Now()
}

// Routes are all of them.
func (p *Pages) Routes() []route.Route {
	routes := []route.Route{
		route.Get("/signin", auth.Public, p.signIn),
		route.Post("/signin", auth.Public, p.doSignIn),
		route.Post("/signout", auth.Public, p.signOut),
		route.Get("/demo/{token}", auth.Public, p.demo),

		route.Get("/choose-school", auth.SignedIn, p.chooseSchool),
		route.Post("/choose-school/{staff}", auth.SignedIn, p.acceptInvitation),

		route.Get("/reset", auth.Public, p.forgot),
		route.Post("/reset", auth.Public, p.doForgot),
		route.Get("/reset/sent", auth.Public, p.forgotSent),
		route.Get("/reset/{token}", auth.Public, p.reset),
		route.Post("/reset/{token}", auth.Public, p.doReset),
		route.Get("/welcome/{token}", auth.Public, p.welcome),
		route.Post("/welcome/{token}", auth.Public, p.join),

		route.Get("/ask", auth.Public, p.ask),
		route.Post("/ask", auth.Public, p.doAsk),
		route.Get("/ask/done", auth.Public, p.asked),

		route.Get("/account", auth.SignedIn, p.account),
		route.Post("/account/profile", auth.SignedIn, p.changeProfile),
		route.Post("/account/password", auth.SignedIn, p.changePassword),
		route.Post("/account/sessions/{session}/end", auth.SignedIn, p.endSession),
		route.Post("/account/sessions/end", auth.SignedIn, p.endOtherSessions),

		route.Get("/s/{school}/staff", auth.StaffSee, p.staff),
		route.Get("/s/{school}/staff/new", auth.StaffChange, p.invite),
		route.Post("/s/{school}/staff/new", auth.StaffChange, p.doInvite),
		route.Get("/s/{school}/staff/{staff}", auth.StaffChange, p.member),
		route.Post("/s/{school}/staff/{staff}", auth.StaffChange, p.changeMember),
		route.Post("/s/{school}/staff/{staff}/invitation", auth.StaffChange, p.inviteAgain),
		route.Get("/s/{school}/staff/{staff}/end", auth.StaffChange, p.confirmEnd),
		route.Post("/s/{school}/staff/{staff}/end", auth.StaffChange, p.endMember),

		route.Get("/support", auth.SupportDesk, p.desk),
		route.Get("/support/schools", auth.SupportDesk, p.schools),
		route.Get("/support/centre", auth.SupportDesk, p.centre),
		route.Post("/support/centre", auth.SupportDesk, p.makeCentre),
		route.Get("/support/requests/{request}", auth.SupportDesk, p.request),
		route.Post("/support/requests/{request}/accept", auth.SupportDesk, p.accept),
		route.Post("/support/requests/{request}/refuse", auth.SupportDesk, p.refuse),
		route.Post("/support/requests/{request}/invitation", auth.SupportDesk, p.inviteDirectorAgain),
	}
	if p.Demo {
		routes = append(routes, route.Get("/demo/mails", auth.Public, p.mails))
	}
	return routes
}

const maxForm = 64 << 10 // bytes; the longest form is the request of a school

// show tells whether err is for the form, puts it there, and gives the status to show the form with. Sentences about the
// whole form, such as how long to wait, stand in its summary.
func show(f *ui.Form, err error) (status int, ok bool) {
	status, ok = route.FormStatus(err)
	if ok && !f.Take(err) {
		f.Errors = map[string]errs.Text{"": ui.ProblemOf(err, "").Text}
	}
	return status, ok
}

// visit is from where somebody signs in.
func visit(r *http.Request, keep bool) auth.Visit {
	return auth.Visit{IP: route.IP(r), UserAgent: r.UserAgent(), OldToken: sessionToken(r), Keep: keep}
}

func sessionToken(r *http.Request) string {
	c, err := r.Cookie(auth.CookieName)
	if err != nil {
		return ""
	}
	return c.Value
}

// cookieLife is how long a browser keeps the cookie of somebody's own computer: the longest that browsers allow. How long the
// session itself lives is the server's to say.
const cookieLife = 400 * 24 * time.Hour

// enter gives the browser its session.
func (p *Pages) enter(w http.ResponseWriter, r *http.Request, s auth.Session) {
	c := &http.Cookie{Name: auth.CookieName, Value: s.Token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: p.Secure || r.TLS != nil}
	if s.Keep {
		c.MaxAge = int(cookieLife.Seconds())
	}
	http.SetCookie(w, c)
}

func (p *Pages) leave(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: auth.CookieName, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: p.Secure || r.TLS != nil})
}

// langCookie is where the switch of languages keeps its choice (see package web). Who sets a language in their account
// means it for this browser too.
const langCookie = "brug_lang"

func (p *Pages) forgetLang(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: langCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: p.Secure || r.TLS != nil})
}

// after is where a person goes after sign-in: to the page they came for, if it is one of ours and of a school of theirs;
// else home.
func after(a auth.Actor, next string) string {
	if !ownPath(next) {
		return home(a)
	}
	if rest, is := strings.CutPrefix(next, "/s/"); is {
		slug, _, _ := strings.Cut(rest, "/")
		for _, s := range a.Schools {
			if s.Slug == slug {
				return next
			}
		}
		return home(a)
	}
	return next
}

// home is where a person begins.
func home(a auth.Actor) string {
	switch {
	case a.Role == auth.Support:
		return "/support"
	case len(a.Schools) == 1:
		return "/s/" + a.Schools[0].Slug + "/"
	}
	return "/choose-school"
}

// ownPath tells whether next leads to a page of ours: a path on this host and nothing that a browser reads otherwise.
func ownPath(next string) bool {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsFunc(next, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }) {
		return false
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(u.Path, "//") {
		return false
	}
	switch u.Path {
	case "/", "/signin", "/signout": // lead to home anyway
		return false
	}
	return true
}

// back is the way home, for pages that belong to no school.
func back(ctx context.Context, a auth.Actor) ui.Link {
	switch {
	case a.Role == auth.Support:
		return ui.Link{Label: lang.T(ctx, "Requests"), URL: "/support"}
	case len(a.Schools) == 1:
		return ui.Link{Label: a.Schools[0].Name, URL: home(a)}
	}
	return ui.Link{Label: lang.T(ctx, "Choose a school"), URL: "/choose-school"}
}

// roleName is a role as it stands on a page.
func roleName(ctx context.Context, r auth.Role) string {
	switch r {
	case auth.Director:
		return lang.C(ctx, "role", "director")
	case auth.Care:
		return lang.C(ctx, "role", "care coordinator")
	case auth.Teacher:
		return lang.C(ctx, "role", "teacher")
	}
	return lang.C(ctx, "role", "support centre")
}

// langOptions are the languages of staff pages, each in its own name.
func langOptions() []ui.Option {
	out := make([]ui.Option, len(lang.Staff))
	for i, tag := range lang.Staff {
		out[i] = ui.Option{Value: tag, Label: lang.Endonym(tag), Lang: tag}
	}
	return out
}

// clock is an instant as a person says it, in a time zone: "today 14:05", "8 dec".
func clock(ctx context.Context, now, t time.Time, zone string) string {
	if loc, err := time.LoadLocation(zone); err == nil {
		now, t = now.In(loc), t.In(loc)
	}
	l := lang.From(ctx)
	if now.Sub(t) < 48*time.Hour {
		return l.Ago(now, t) + " " + l.Time(t)
	}
	return l.DateShort(t)
}

// zone is the time zone of a person: their school's.
func zone(a auth.Actor) string {
	switch {
	case a.School.ID != 0:
		return a.School.Timezone
	case len(a.Schools) > 0:
		return a.Schools[0].Timezone
	}
	return "Europe/Brussels"
}
