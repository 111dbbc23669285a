// Package route is what a page package tells the router: method, pattern, permission, handler.
//
// Page packages (floor 9) return []Route; package web (floor 10) mounts them, checks who is asking and turns errors into
// pages. A test walks this same table as every role and as a stranger from another school. It owns no tables.
//
// Path values have fixed names, so that the walk can fill them: {school} is a slug; {class} {pupil} {guardian} {household}
// {group} {import} {pack} {slip} {code} {answer} {contact} {staff} {session} {request} {recording} {event}
// {message} {recipient} {letter} {conversation} {entry} {agreement} {file} are public ids; {material} is a slug;
// {lang} is a language tag; {token} is a secret.
package route

import (
	"context"
	"encoding/base64"
	"net"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"brug/internal/auth"
	"brug/internal/errs"
)

// Handler answers a request. An error is turned into a page by package web; a handler that wants to show a form again
// renders it itself with status 422.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one line of the table.
type Route struct {
	Method  string
	Pattern string          // as in net/http.ServeMux, without the method
	Need    auth.Permission // auth.Public, auth.SignedIn, auth.Family or one of the table
	Handle  Handler
	MaxBody int64 // bytes; 0 is 256 KiB
}

// Get and Post make a Route.
func Get(pattern string, need auth.Permission, h Handler) Route {
	return Route{Method: "GET", Pattern: pattern, Need: need, Handle: h}
}

// Post makes a Route for a change. Browsers send it only from our own pages (see web.Handler).
func Post(pattern string, need auth.Permission, h Handler) Route {
	return Route{Method: "POST", Pattern: pattern, Need: need, Handle: h}
}

type key int

const (
	actorKey key = iota
	ipKey
	httpsKey
)

// WithActor puts the person who asks into the context.
func WithActor(ctx context.Context, a auth.Actor) context.Context {
	return context.WithValue(ctx, actorKey, a)
}

// Actor is the person who asks; the zero Actor is nobody.
func Actor(r *http.Request) auth.Actor { return ActorFrom(r.Context()) }

// ActorFrom is Actor for templates.
func ActorFrom(ctx context.Context) auth.Actor {
	a, _ := ctx.Value(actorKey).(auth.Actor)
	return a
}

// Path is a path within the school of the actor: Path(r, "classes", id) is /s/SLUG/classes/ID.
func Path(ctx context.Context, parts ...string) string {
	return "/s/" + strings.Join(append([]string{ActorFrom(ctx).School.Slug}, parts...), "/")
}

// WithIP puts the address of the asking computer into the context (set by package web, which knows the proxies).
func WithIP(ctx context.Context, ip string) context.Context { return context.WithValue(ctx, ipKey, ip) }

// IP is the address of the asking computer, for throttling only. It is never stored or logged as it is.
func IP(r *http.Request) string {
	if ip, ok := r.Context().Value(ipKey).(string); ok {
		return ip
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// WithHTTPS notes that browsers reach us by https (set by package web from the base URL: behind a proxy the request itself
// does not show it).
func WithHTTPS(ctx context.Context, yes bool) context.Context {
	return context.WithValue(ctx, httpsKey, yes)
}

// HTTPS tells whether browsers reach us by https: then a cookie is sent by https only.
func HTTPS(r *http.Request) bool {
	yes, ok := r.Context().Value(httpsKey).(bool)
	return ok && yes
}

// Render writes a page.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	return c.Render(r.Context(), w)
}

// FormStatus is the status for a form shown with err: 422 for Invalid, 409 for Conflict, 429 for TooMany; ok is false for
// errors that a form does not show (return those).
func FormStatus(err error) (status int, ok bool) {
	switch errs.KindOf(err) {
	case errs.Invalid:
		return http.StatusUnprocessableEntity, true
	case errs.Conflict:
		return http.StatusConflict, true
	case errs.TooMany:
		return http.StatusTooManyRequests, true
	}
	return 0, false
}

// See sends the browser on to a page of ours (303).
func See(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

const flashCookie = "brug_flash"

// SeeDone is See with a line to show there once, already in the reader's language.
func SeeDone(w http.ResponseWriter, r *http.Request, path, line string) error {
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString([]byte(line)), Path: "/",
		MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: HTTPS(r)})
	return See(w, r, path)
}

// TakeFlash gives the line of SeeDone and forgets it. Call before writing the page. Nobody vouches for a cookie: the line
// is shown as text and never as HTML, and what is no plain short text is left out.
func TakeFlash(w http.ResponseWriter, r *http.Request) string {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return ""
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: HTTPS(r)})
	line, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(line) > 1000 || !utf8.Valid(line) {
		return ""
	}
	return string(line)
}
