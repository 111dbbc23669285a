// Package web is the front door: it mounts the routes of all page packages, finds out who is asking and in which language,
// checks the permission of the route, and turns kinds of error into pages. It owns no tables.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/gzhttp"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/lang"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Config is what the door needs.
type Config struct {
	DB      *db.DB
	Auth    *auth.Service
	Routes  []route.Route
	BaseURL string // without a slash at the end; https here makes cookies secure and sends HSTS
	Proxied bool   // a reverse proxy of ours stands before us: the last X-Forwarded-For is the asking computer
	Log     *slog.Logger
}

// policy is the strict content security policy of every page: nothing from elsewhere, nothing inline.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self'; " +
	"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const langCookie = "brug_lang"

const defaultMaxBody = 256 << 10

// Handler is the whole site.
func Handler(c Config) http.Handler {
	mux := http.NewServeMux()
	for _, r := range c.Routes {
		mux.Handle(r.Method+" "+r.Pattern, c.serve(r))
	}
	mux.Handle("GET "+ui.AssetPrefix, ui.Assets())
	mux.HandleFunc("GET /healthz", c.health)
	mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		// Family pages are secrets and school pages need a sign-in: nothing here is for a search engine.
		if _, err := w.Write([]byte("User-agent: *\nDisallow: /\n")); err != nil {
			c.Log.Debug("robots.txt", "err", err)
		}
	})
	mux.Handle("/", c.serve(route.Route{Pattern: "/", Need: auth.Public, Handle: func(http.ResponseWriter, *http.Request) error {
		return errs.NotFoundf("no such page")
	}}))
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(c.turnAway(mux))
	return gzhttp.GzipHandler(c.headers(cross.Handler(mux)))
}

func (c Config) https() bool { return strings.HasPrefix(c.BaseURL, "https://") }

func (c Config) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()") // the page that records asks for more itself
		if c.https() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// serve is one route: body limit, language, who asks, may they, the handler, and what goes wrong.
func (c Config) serve(rt route.Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		sw := &statusWriter{ResponseWriter: w}
		ctx := route.WithHTTPS(route.WithIP(r.Context(), c.ip(r)), c.https())
		tag := lang.Match(r.Header.Get("Accept-Language"), lang.Family, lang.Fallback)
		if rt.Need != auth.Family {
			tag = c.guestLang(sw, r)
		}
		r = r.WithContext(lang.With(ctx, lang.For(tag)))
		request := id.New()
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				c.Log.Error("panic", "route", rt.Pattern, "request", request, "panic", p, "stack", string(debug.Stack()))
				c.fail(sw, r, rt, request, nil)
			}
			// The pattern, never the path: a path may hold a secret.
			c.Log.Debug("served", "method", r.Method, "route", rt.Pattern, "status", sw.status, "ms", time.Since(began).Milliseconds())
		}()
		max := rt.MaxBody
		if max == 0 {
			max = defaultMaxBody
		}
		r.Body = http.MaxBytesReader(sw, r.Body, max)
		if !readable(r.URL) {
			c.fail(sw, r, rt, request, errs.NotFoundf("an address with signs that are no text"))
			return
		}
		if rt.Need != auth.Family {
			sw.Header().Set("Cache-Control", "private, no-store")
			var err error
			if r, err = c.actor(r); err != nil {
				c.fail(sw, r, rt, request, err)
				return
			}
			if err := route.Actor(r).May(rt.Need); err != nil {
				c.fail(sw, r, rt, request, err)
				return
			}
		}
		if err := rt.Handle(sw, r); err != nil {
			c.fail(sw, r, rt, request, err)
		}
	})
}

// readable tells whether an address is text. PostgreSQL takes nothing else, and no link of ours has it. FormFrom sees to what
// is sent in.
func readable(u *url.URL) bool {
	if !isText(u.Path) {
		return false
	}
	if !strings.Contains(u.RawQuery, "%") && isText(u.RawQuery) {
		return true
	}
	for name, values := range u.Query() {
		if !isText(name) || slices.ContainsFunc(values, func(v string) bool { return !isText(v) }) {
			return false
		}
	}
	return true
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// actor finds who asks, for the school in the path if there is one.
func (c Config) actor(r *http.Request) (*http.Request, error) {
	cookie, err := r.Cookie(auth.CookieName)
	if err != nil {
		return r, nil
	}
	a, err := c.Auth.Actor(r.Context(), cookie.Value, r.PathValue("school"))
	if errs.Is(err, errs.SignIn) {
		return r, nil // an old cookie is as good as none
	}
	if a.AccountID != 0 {
		if a.Lang != "" {
			r = r.WithContext(lang.With(r.Context(), lang.For(c.staffLang(r, a.Lang))))
		}
		r = r.WithContext(route.WithActor(r.Context(), a))
	}
	return r, err
}

// staffLang: the cookie of the language switch wins over the language of the account.
func (c Config) staffLang(r *http.Request, account string) string {
	if q := r.URL.Query().Get("lang"); known(q) {
		return q
	}
	if ck, err := r.Cookie(langCookie); err == nil && known(ck.Value) {
		return ck.Value
	}
	return account
}

func known(tag string) bool {
	for _, t := range lang.Staff {
		if t == tag {
			return true
		}
	}
	return false
}

// guestLang is the language of somebody not signed in: chosen by the switch (and kept in a cookie), else the browser's.
func (c Config) guestLang(w http.ResponseWriter, r *http.Request) string {
	if q := r.URL.Query().Get("lang"); known(q) {
		http.SetCookie(w, &http.Cookie{Name: langCookie, Value: q, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.https()})
		return q
	}
	if ck, err := r.Cookie(langCookie); err == nil && known(ck.Value) {
		return ck.Value
	}
	return lang.Match(r.Header.Get("Accept-Language"), lang.Staff, "nl")
}

func (c Config) ip(r *http.Request) string {
	if c.Proxied {
		if f := r.Header.Values("X-Forwarded-For"); len(f) > 0 {
			all := strings.Split(f[len(f)-1], ",")
			return strings.TrimSpace(all[len(all)-1])
		}
	}
	return route.IP(r)
}

// fail turns an error into a page in the reader's language. What is internal is logged with the number that the page
// shows, and shown to nobody.
func (c Config) fail(w *statusWriter, r *http.Request, rt route.Route, request string, err error) {
	kind := errs.KindOf(err)
	switch {
	case kind == errs.SignIn:
		if r.Method == http.MethodGet {
			http.Redirect(w, r, "/signin?next="+url.QueryEscape(r.URL.Path), http.StatusSeeOther)
		} else {
			http.Redirect(w, r, "/signin", http.StatusSeeOther)
		}
		return
	case kind == errs.Internal:
		if r.Context().Err() != nil {
			return // the reader has gone
		}
		c.Log.Error("request failed", "route", rt.Pattern, "request", request, "err", err)
	default:
		c.Log.Info("refused", "route", rt.Pattern, "kind", kind.String(), "request", request)
	}
	if w.status != 0 {
		return // the page has begun; nothing more can be said
	}
	problem := ui.ProblemOf(err, request)
	page := ui.FamilyProblem(ui.FamilyPage{}, problem)
	if rt.Need != auth.Family {
		if kind == errs.Gone {
			problem = ended(r.Context(), problem)
		}
		page = ui.ProblemPage(route.Page(w, r, ""), problem)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(ui.Status(kind))
	if err := page.Render(r.Context(), w); err != nil {
		c.Log.Error("error page", "route", rt.Pattern, "request", request, "err", err)
	}
}

// health answers 200 when the database answers, for a balancer.
func (c Config) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := c.DB.Ping(ctx); err != nil {
		c.Log.Error("health", "err", err)
		http.Error(w, "database does not answer", http.StatusServiceUnavailable)
		return
	}
	if _, err := w.Write([]byte("ok\n")); err != nil {
		c.Log.Debug("health", "err", err)
	}
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
