package familyweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"brug/internal/auth"
	"brug/internal/calendar"
	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// personRoutes are the pages behind the personal link of a guardian.
func (p *Pages) personRoutes() []route.Route {
	const m = "/m/{token}"
	upload := func(r route.Route) route.Route {
		r.MaxBody = maxUpload
		return r
	}
	return []route.Route{
		route.Get(m, auth.Family, p.person(p.home)),
		route.Get(m+"/messages", auth.Family, p.person(p.received)),
		route.Get(m+"/messages/{recipient}", auth.Family, p.person(p.message)),
		upload(route.Post(m+"/messages/{recipient}", auth.Family, p.person(p.answerMessage))),
		route.Get(m+"/voice/{recipient}", auth.Family, p.person(p.messageVoice)),
		route.Get(m+"/conversations/{conversation}", auth.Family, p.person(p.conversation)),
		upload(route.Post(m+"/conversations/{conversation}", auth.Family, p.person(p.sayMore))),
		route.Get(m+"/write", auth.Family, p.person(p.write)),
		upload(route.Post(m+"/write", auth.Family, p.person(p.begin))),
		route.Get(m+"/files/{file}", auth.Family, p.person(p.file)),
		route.Post(m+"/agreements/{agreement}/confirmed", auth.Family, p.person(p.confirmAgreement)),
		route.Get(m+"/choices", auth.Family, p.person(p.choices)),
		route.Post(m+"/choices", auth.Family, p.person(p.choose)),
		route.Get(m+"/stop", auth.Family, p.person(p.askStopPerson)),
		route.Post(m+"/stop", auth.Family, p.person(p.stopPerson)),
		route.Post(m+"/resume", auth.Family, p.person(p.resumePerson)),
		route.Get(m+"/unsubscribe", auth.Family, p.person(p.askStopPerson)),
		route.Post(m+"/unsubscribe", auth.Family, p.person(p.unsubscribe)),
		route.Get(m+"/notme", auth.Family, p.person(p.askNotMe)),
		route.Post(m+"/notme", auth.Family, p.person(p.notMe)),
		route.Get(m+"/second", auth.Family, p.person(p.second)),
		route.Post(m+"/second", auth.Family, p.person(p.passSecond)),
		route.Post(m+"/second/codes", auth.Family, p.person(p.sendSecond)),
		route.Get(m+"/calendar.ics", auth.Family, p.person(p.feed)),
		route.Get(m+"/logo", auth.Family, p.person(p.personLogo)),
		route.Get(m+"/app.webmanifest", auth.Family, p.person(p.manifest)),
		route.Get(m+"/sw.js", auth.Family, p.worker),
		route.Post(m+"/push", auth.Family, p.person(p.addPhone)),
		route.Post(m+"/push/ended", auth.Family, p.person(p.endPhone)),
		route.Post(m, auth.Family, p.person(noPage)),
		route.Get(m+"/{rest...}", auth.Family, p.person(noPage)),
		route.Post(m+"/{rest...}", auth.Family, p.person(noPage)),
	}
}

// noPage is any other address below a good link or code: a page of the family, with the way back. Without one nobody comes here.
func noPage[V *guestVisit | *visit](V) error { return errs.NotFoundf("no such page of a family") }

// problem is what went wrong, with the one way back to the page behind the link or the code.
func problem(ctx context.Context, err error, home string) ui.Problem {
	pr := ui.ProblemOf(err, "")
	pr.Links = []ui.Action{{Label: lang.T(ctx, "Back to my page"), Icon: "back", Kind: ui.First, URL: home}}
	return pr
}

// guestVisit is a request that came with a good personal link.
type guestVisit struct {
	contact.Guest
	http.ResponseWriter
	*http.Request
	zone  *time.Location
	large bool
	logo  bool
}

func (v *guestVisit) Header() http.Header         { return v.ResponseWriter.Header() }
func (v *guestVisit) Write(b []byte) (int, error) { return v.ResponseWriter.Write(b) }

func (v *guestVisit) path(parts ...string) string {
	return contact.LinkPath(strings.Join(append([]string{url.PathEscape(v.Secret)}, parts...), "/"))
}

// see sends the browser on to a page of this link, which says there what was done.
func (v *guestVisit) see(done string, parts ...string) error {
	at := v.path(parts...)
	if done != "" {
		at += "?done=" + done
	}
	return route.See(v.ResponseWriter, v.Request, at)
}

// show writes a page. keep lets the phone keep it as the last view, for when there is no internet (see sw.js): what stands
// behind the second step is never kept.
func (v *guestVisit) show(status int, page templ.Component, keep bool) error {
	if keep && status == http.StatusOK && !v.Second {
		v.Header().Set(keepHeader, "keep")
	}
	return route.Render(v.ResponseWriter, v.Request, status, page)
}

const (
	secondCookie = "brug_second"
	keepHeader   = "Brug-Offline"
)

// person opens the link and sets language, zone and size of type. A link that does not work gets the calm page in six
// languages, whatever the reason: who holds somebody else's link learns nothing from it.
func (p *Pages) person(h func(*guestVisit) error) route.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Cache-Control", "private, no-store")
		w.Header().Set("X-Robots-Tag", "noindex")
		w.Header().Set("Referrer-Policy", "no-referrer")
		r = r.WithContext(lang.With(r.Context(), guest(r)))
		ctx := r.Context()
		g, err := p.Contact.OpenLink(ctx, r.PathValue("token"), route.IP(r))
		if err != nil {
			return p.wrongLink(w, r, err)
		}
		if c, err := r.Cookie(secondCookie); err == nil {
			if g.Second, err = p.Contact.Passed(ctx, g, c.Value); err != nil {
				return err
			}
		}
		v := &guestVisit{Guest: g, ResponseWriter: w}
		if to := r.URL.Query().Get("lang"); r.Method == http.MethodGet && to != g.Lang && slices.Contains(lang.Family, to) {
			if err := p.Contact.ChooseLang(ctx, g, to); err != nil {
				return err
			}
			v.Lang, v.Choices.Lang = to, to
		}
		v.large = largeType(w, r, "/m/")
		v.Request = r.WithContext(lang.With(ctx, lang.For(v.Lang)))
		if v.zone, err = time.LoadLocation(g.School.Timezone); err != nil {
			return err
		}
		small, _, err := p.School.SmallLogo(ctx, g.School)
		if err != nil {
			return err
		}
		v.logo = len(small) > 0
		err = h(v)
		if k := errs.KindOf(err); err != nil && k != errs.Internal {
			return route.Render(w, v.Request, ui.Status(k), ui.FamilyProblem(v.layout(""), problem(v.Context(), err, v.path())))
		}
		return err
	}
}

// largeType reads the size of type that was chosen, and keeps a new choice for the pages below a path.
func largeType(w http.ResponseWriter, r *http.Request, path string) bool {
	if size := r.URL.Query().Get("type"); size == "large" || size == "normal" {
		http.SetCookie(w, &http.Cookie{Name: sizeCookie, Value: size, Path: path, MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: route.HTTPS(r)})
		return size == "large"
	}
	c, err := r.Cookie(sizeCookie)
	return err == nil && c.Value == "large"
}

// wrongLink says in six languages what to do; what is our own fault goes on as an error. A phone that kept the page forgets it.
func (p *Pages) wrongLink(w http.ResponseWriter, r *http.Request, err error) error {
	kind := errs.KindOf(err)
	if kind != errs.NotFound && kind != errs.Gone && kind != errs.TooMany {
		return err
	}
	l := lang.From(r.Context())
	cp := codePage{FamilyPage: guestLayout(r, l.T("This has ended")), Kind: kind, Link: true, Six: ui.SixLanguages(l.Tag())}
	if pr := ui.ProblemOf(err, ""); kind == errs.TooMany {
		cp.Title, cp.Wait = l.T("Please wait a little"), max(1, int(pr.Wait.Minutes()+0.99))
	} else {
		w.Header().Set(keepHeader, "forget")
	}
	return route.Render(w, r, ui.Status(kind), codeView(cp))
}

// cutLink is a link without its end: mail and SMS programs cut long ones.
func (p *Pages) cutLink(w http.ResponseWriter, r *http.Request) error {
	return p.wrongLink(w, r.WithContext(lang.With(r.Context(), guest(r))), errs.NotFoundf("a link without its end"))
}

// layout begins a page of this guardian.
func (v *guestVisit) layout(title string) ui.FamilyPage {
	here := v.URL.Path
	f := ui.FamilyPage{Title: title, School: v.School.Name, SchoolLang: v.School.Lang, Large: v.large, LargeURL: here + "?type=large"}
	if v.large {
		f.LargeURL = here + "?type=normal"
	}
	if v.logo {
		f.LogoURL = v.path("logo")
	}
	f.Script, f.Manifest = "person.js", v.path("app.webmanifest")
	for _, tag := range lang.Family {
		f.Langs = append(f.Langs, ui.LangLink{Tag: tag, Name: lang.Endonym(tag), URL: here + "?lang=" + tag, Current: tag == v.Lang})
	}
	return f
}

// inner begins a page one step further in.
func (v *guestVisit) inner(title string) ui.FamilyPage {
	f := v.layout(title)
	f.HomeURL, f.Langs = v.path(), nil
	return f
}

func (v *guestVisit) locale() *lang.Locale { return lang.From(v.Context()) }

// on is a day in the reader's language, in the school's zone.
func (v *guestVisit) on(t time.Time) string { return v.locale().Date(t.In(v.zone)) }

// How many of each stand on the first page: what a phone shows without end is read to no end.
const (
	homeMessages   = 6
	homeThreads    = 6
	askedThreads   = 4 * homeThreads // some of them say no more than a message does that stands there anyway
	homeAgreements = 6
	homeEvents     = 6
)

// homePage is the first page: this week first.
type homePage struct {
	ui.FamilyPage
	*guestVisit
	New        []messages.Received // not opened yet
	Earlier    []messages.Received
	More       bool
	Answered   []messages.Thread // the school answered, and nobody here saw it yet
	Threads    []messages.Thread
	about      map[string]string // by conversation: the message that it is about, where that stands on this page
	Agreements []messages.Agreement
	Soon       []calendar.Line // from today on, seven days
	Later      []calendar.Line
}

func (p *Pages) home(v *guestVisit) error {
	ctx := v.Context()
	hp := homePage{guestVisit: v, FamilyPage: v.layout(lang.T(ctx, "This week"))}
	received, more, err := p.Messages.Mine(ctx, v.Guest, "", homeMessages)
	if err != nil {
		return err
	}
	for _, r := range received {
		if r.Opened.IsZero() {
			hp.New = append(hp.New, r)
		} else {
			hp.Earlier = append(hp.Earlier, r)
		}
	}
	hp.More = more
	threads, err := p.Messages.Threads(ctx, v.Guest, askedThreads)
	if err != nil {
		return err
	}
	hp.sort(threads, received)
	if hp.Agreements, err = p.Messages.FamilyAgreements(ctx, v.Guest, homeAgreements); err != nil {
		return err
	}
	if hp.Soon, hp.Later, err = p.events(v); err != nil {
		return err
	}
	hp.Flash = v.done()
	hp.Listen, hp.Week = true, true
	hp.Full = !onOneSheet(hp.cards(largeLetters), largeLetters.column)
	hp.Torn = hp.Full && !onOneSheet(hp.cards(smallLetters), smallLetters.column)
	return v.show(http.StatusOK, homeView(hp), true)
}

// done is the line about what has just been done; the address says which, never the words themselves.
func (v *guestVisit) done() ui.Flash {
	ctx := v.Context()
	text := ""
	switch v.URL.Query().Get("done") {
	case "answer":
		text = lang.T(ctx, "Thank you. The teacher sees your answer.")
	case "question":
		text = thanks(ctx, contact.Question)
	case "call":
		text = thanks(ctx, contact.CallMe)
	case "later":
		text = thanks(ctx, contact.Later)
	case "agreed":
		text = lang.T(ctx, "Thank you. The school sees that you agree.")
	case "stop":
		text = lang.T(ctx, "We stopped. You get nothing more from us.")
	case "resume":
		text = lang.T(ctx, "Welcome back. You hear from us again.")
	case "phone":
		text = lang.T(ctx, "This phone tells you when something is new.")
	default:
		return ui.Flash{}
	}
	return ui.Flash{Kind: ui.Done, Text: text}
}

// doneOf is what the address says after an answer.
func doneOf(k contact.AnswerKind) string {
	switch k {
	case contact.Question, contact.CallMe, contact.Later:
		return string(k)
	}
	return "answer"
}

type receivedPage struct {
	ui.FamilyPage
	*guestVisit
	List []messages.Received
	Next string // address of older ones; "" none
}

// received is all messages, page by page.
func (p *Pages) received(v *guestVisit) error {
	rp := receivedPage{guestVisit: v, FamilyPage: v.inner(lang.T(v.Context(), "Messages"))}
	list, more, err := p.Messages.Mine(v.Context(), v.Guest, v.URL.Query().Get("before"), 20)
	if err != nil {
		return err
	}
	rp.List = list
	if more && len(list) > 0 {
		rp.Next = v.path("messages") + "?before=" + list[len(list)-1].Recipient
	}
	return v.show(http.StatusOK, receivedView(rp), false)
}

func (p *Pages) confirmAgreement(v *guestVisit) error {
	if err := p.Messages.ConfirmAgreement(v.Context(), v.Guest, v.PathValue("agreement")); err != nil {
		return err
	}
	return v.see("agreed")
}

func (p *Pages) personLogo(v *guestVisit) error {
	return p.sendLogo(v.ResponseWriter, v.Request, v.School)
}
