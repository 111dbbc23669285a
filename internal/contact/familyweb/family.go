// Package familyweb is what a parent meets: the page behind the code on a paper, the page where a code is typed, and the
// personal page of a guardian behind a link, with messages, talks, calendar, what was agreed, and what comes and how.
//
// No account, no script needed, the family's own language and direction. It calls packages contact, which checks code, link
// and rights at each opening, messages and calendar. It owns no tables.
package familyweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/calendar"
	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/material/sheetview"
	"brug/internal/messages"
	"brug/internal/photo"
	"brug/internal/roster"
	"brug/internal/school"
	"brug/internal/voice"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// Pages are the pages of families.
type Pages struct {
	Contact  *contact.Service
	Material *material.Service
	School   *school.Service
	Voice    *voice.Service
	Messages *messages.Service
	Calendar *calendar.Service
	Now      func() time.Time
	PushKey  string // with which browsers ask for signs (VAPID, base64url); "": there are none
}

// Routes is the table for the router. None of them asks who is signed in.
func (p *Pages) Routes() []route.Route {
	return append(p.personRoutes(),
		route.Get("/m", auth.Family, p.cutLink),
		route.Get("/m/{$}", auth.Family, p.cutLink),
		route.Get("/f", auth.Family, p.cutLink),
		route.Get("/f/{$}", auth.Family, p.cutLink),
		route.Get("/c", auth.Family, p.typeCode),
		route.Post("/c", auth.Family, p.openCode),
		route.Get("/f/{token}", auth.Family, p.withCode(p.page)),
		route.Post("/f/{token}/answers", auth.Family, p.withCode(p.answer)),
		route.Get("/f/{token}/stop", auth.Family, p.withCode(p.askStop)),
		route.Post("/f/{token}/stop", auth.Family, p.withCode(p.stop)),
		route.Post("/f/{token}/resume", auth.Family, p.withCode(p.resume)),
		route.Get("/f/{token}/logo", auth.Family, p.withCode(p.logo)),
		route.Get("/f/{token}/voice", auth.Family, p.withCode(p.voice)),
		route.Get("/f/{token}/photos/{photo}", auth.Family, p.withCode(p.photo)),
		route.Post("/f/{token}", auth.Family, p.withCode(noPage)),
		route.Get("/f/{token}/{rest...}", auth.Family, p.withCode(noPage)),
		route.Post("/f/{token}/{rest...}", auth.Family, p.withCode(noPage)),
	)
}

// visit is a request that came with a good code.
type visit struct {
	contact.Visit
	http.ResponseWriter
	*http.Request
	large bool
	logo  bool // the school has one that is light enough for this page
}

func (v *visit) path(parts ...string) string {
	return "/f/" + strings.Join(append([]string{url.PathEscape(strings.ReplaceAll(v.Secret, " ", ""))}, parts...), "/")
}

const sizeCookie = "brug_type"

// withCode opens the code and sets the language; a code that does not work gets the page that says what to do.
func (p *Pages) withCode(h func(*visit) error) route.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Cache-Control", "private, no-store")
		w.Header().Set("X-Robots-Tag", "noindex")
		w.Header().Set("Referrer-Policy", "no-referrer")
		r = r.WithContext(lang.With(r.Context(), guest(r)))
		cv, err := p.Contact.Open(r.Context(), r.PathValue("token"), route.IP(r))
		if err != nil {
			return p.wrongCode(w, r, err, "")
		}
		v := &visit{Visit: cv, ResponseWriter: w, Request: r}
		if to := r.URL.Query().Get("lang"); r.Method == http.MethodGet && to != cv.Lang && slices.Contains(lang.Family, to) {
			if err := p.Contact.SetLang(r.Context(), cv, to); err != nil {
				return err
			}
			v.Lang, v.Chosen = to, true
		}
		v.large = largeType(w, r, "/f/")
		v.Request = r.WithContext(lang.With(r.Context(), lang.For(v.Lang)))
		small, _, err := p.School.SmallLogo(r.Context(), cv.School)
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

// guest is the language of a browser that has no code yet.
func guest(r *http.Request) *lang.Locale {
	if to := r.URL.Query().Get("lang"); slices.Contains(lang.Family, to) {
		return lang.For(to)
	}
	return lang.For(lang.Match(r.Header.Get("Accept-Language"), lang.Family, lang.Fallback))
}

// layout begins a page of this family.
func (v *visit) layout(title string) ui.FamilyPage {
	f := ui.FamilyPage{Title: title, School: v.School.Name, SchoolLang: v.School.Lang, Large: v.large, LargeURL: v.path() + "?type=large"}
	if v.large {
		f.LargeURL = v.path() + "?type=normal"
	}
	if v.logo {
		f.LogoURL = v.path("logo")
	}
	for _, tag := range lang.Family {
		f.Langs = append(f.Langs, ui.LangLink{Tag: tag, Name: lang.Endonym(tag), URL: v.path() + "?lang=" + tag, Current: tag == v.Lang})
	}
	return f
}

// slipPage is everything on the first page.
type slipPage struct {
	ui.FamilyPage
	Visit    contact.Visit
	Sheet    sheetview.View
	Post     string // where answers go
	StopURL  string
	Resume   string
	Body     string // typed and not taken
	BodyErr  string
	Answered contact.AnswerKind // the latest answer; "" if none
	Large    bool
	Hours    string // when the school answers; ""
}

// messagePrefix begins what a code opens that was printed with a message, in place of a material (see packs.MessagePrefix).
const messagePrefix = "message:"

// letter is the page of a message that was printed.
func (p *Pages) letter(v *visit, message string) (slipPage, error) {
	m, err := p.Messages.OnPaper(v.Context(), v.Visit, message)
	if err != nil {
		return slipPage{}, err
	}
	sp := slipPage{FamilyPage: v.layout(m.Title.Text), Visit: v.Visit, Sheet: sheetview.View{Sheet: m.Letter.Sheet()}, Post: v.path("answers"), StopURL: v.path("stop"), Resume: v.path("resume"), Large: v.large, Hours: m.Letter.Hours, Answered: m.Answer}
	if sp.Sheet.Voice, err = p.readAloud(v.Context(), v.School.ID, m, v.Lang, v.path("voice")); err != nil {
		return slipPage{}, err
	}
	sp.Listen, sp.TitleLang = true, m.Title.Lang
	if len(v.Answers) > 0 {
		sp.Answered = v.Answers[0].Kind
	}
	return sp, nil
}

func (p *Pages) page(v *visit) error {
	sp, err := p.slip(v)
	if err != nil {
		return err
	}
	switch v.URL.Query().Get("done") {
	case "answer":
		sp.Flash = ui.Flash{Kind: ui.Done, Text: thanks(v.Context(), sp.Answered)}
	case "stop":
		sp.Flash = ui.Flash{Kind: ui.Done, Text: lang.T(v.Context(), "We stopped. You get nothing more from us.")}
	case "resume":
		sp.Flash = ui.Flash{Kind: ui.Done, Text: lang.T(v.Context(), "Welcome back. You hear from us again.")}
	}
	return route.Render(v.ResponseWriter, v.Request, http.StatusOK, slipView(sp))
}

func (p *Pages) slip(v *visit) (slipPage, error) {
	if message, is := strings.CutPrefix(v.Material, messagePrefix); is {
		return p.letter(v, message)
	}
	e, err := p.Material.Find(v.Context(), v.School.ID, v.Material, v.Version)
	if err != nil {
		return slipPage{}, err
	}
	sheet := e.Sheet(v.Lang, material.Fill{Child: v.Given, Teacher: v.Fill.Teacher, Class: v.Fill.Class, School: v.School.Name, Phone: roster.PhoneInGroups(v.SchoolPhone), Place: v.Fill.Place, Date: v.Fill.Date, Time: v.Fill.Time})
	sp := slipPage{FamilyPage: v.layout(sheet.Title.Text), Visit: v.Visit, Sheet: sheetview.View{Sheet: sheet, PhotoURL: func(photo string) string { return v.path("photos", photo) }}, Post: v.path("answers"), StopURL: v.path("stop"), Resume: v.path("resume"), Large: v.large}
	sp.Listen = true
	rec, heard, err := p.Voice.Play(v.Context(), v.School.ID, e, v.Lang)
	if err != nil {
		return slipPage{}, err
	}
	if heard { // the address changes with the recording, so that no browser plays the one before
		sp.Sheet.Voice = sheetview.Voice{URL: v.path("voice") + "?v=" + rec.PublicID, Speaker: rec.Speaker}
	}
	if sheet.Lacks {
		sp.Note = lang.T(v.Context(), "This text is not there in your language yet. It is in {language}.", "language", lang.Name(v.Lang, sheet.Other))
	}
	if len(v.Answers) > 0 {
		sp.Answered = v.Answers[0].Kind
	}
	return sp, nil
}

// thanks says what happens next, so that nobody wonders.
func thanks(ctx context.Context, k contact.AnswerKind) string {
	switch k {
	case contact.Question:
		return lang.T(ctx, "Thank you. The teacher reads your question and answers you.")
	case contact.CallMe:
		return lang.T(ctx, "Thank you. The school will call you.")
	case contact.Later:
		return lang.T(ctx, "Fine. This page stays here for you.")
	}
	return lang.T(ctx, "Thank you. The teacher sees your answer.")
}

func (p *Pages) answer(v *visit) error {
	form, err := ui.FormFrom(v.Request, 64<<10)
	if err == nil {
		err = p.say(v, contact.AnswerKind(form.Get("kind")), form.Get("body"))
	}
	if err == nil {
		return route.See(v.ResponseWriter, v.Request, v.path()+"?done=answer")
	}
	if !errs.Is(err, errs.Invalid) {
		return err
	}
	sp, perr := p.slip(v)
	if perr != nil {
		return perr
	}
	sp.Body, sp.BodyErr = form.Get("body"), fieldText(v.Context(), err)
	return route.Render(v.ResponseWriter, v.Request, http.StatusUnprocessableEntity, slipView(sp))
}

// say keeps an answer: to a message in the conversation about it, to anything else with the code.
func (p *Pages) say(v *visit, kind contact.AnswerKind, body string) error {
	if message, is := strings.CutPrefix(v.Material, messagePrefix); is {
		if named, err := p.Messages.AnswerOnPaper(v.Context(), v.Visit, message, messages.Said{Answer: kind, Body: body, Lang: v.Lang}); err != nil || named {
			return err
		}
	}
	return p.Contact.Answer(v.Context(), v.Visit, kind, body, v.Lang)
}

// fieldText is the first sentence of what is wrong.
func fieldText(ctx context.Context, err error) string {
	fields := errs.FieldsOf(err)
	for _, name := range []string{"body", "kind", "answer", "code"} {
		if t, ok := fields[name]; ok {
			return lang.Text(ctx, t)
		}
	}
	var e *errs.Error
	if errors.As(err, &e) && e.Text.ID != "" {
		return lang.Text(ctx, e.Text)
	}
	return lang.T(ctx, "This did not work. Please try again.")
}

func (p *Pages) askStop(v *visit) error {
	page := v.layout(lang.T(v.Context(), "Stop?"))
	page.HomeURL = v.path()
	page.Langs = nil
	return route.Render(v.ResponseWriter, v.Request, http.StatusOK, stopView(page, v.path("stop"), v.path()))
}

func (p *Pages) stop(v *visit) error {
	if err := p.Contact.Stop(v.Context(), v.Visit); err != nil {
		return err
	}
	return route.See(v.ResponseWriter, v.Request, v.path()+"?done=stop")
}

func (p *Pages) resume(v *visit) error {
	if err := p.Contact.Resume(v.Context(), v.Visit); err != nil {
		return err
	}
	return route.See(v.ResponseWriter, v.Request, v.path()+"?done=resume")
}

func (p *Pages) logo(v *visit) error { return p.sendLogo(v.ResponseWriter, v.Request, v.School) }

func (p *Pages) sendLogo(w http.ResponseWriter, r *http.Request, of auth.School) error {
	data, kind, err := p.School.SmallLogo(r.Context(), of)
	if err != nil {
		return err
	}
	if len(data) == 0 {
		return errs.NotFoundf("school has no logo")
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	w.Header().Set("Cache-Control", "private, max-age=86400")
	if _, err := w.Write(data); err != nil {
		return nil // the phone has gone
	}
	return nil
}

// voice is the recording that stands on the page, for the player of the browser.
func (p *Pages) voice(v *visit) error {
	if message, is := strings.CutPrefix(v.Material, messagePrefix); is {
		m, err := p.Messages.OnPaper(v.Context(), v.Visit, message)
		if err != nil {
			return err
		}
		return p.sound(v.ResponseWriter, v.Request, v.School.ID, m.Material, v.Lang)
	}
	e, err := p.Material.Find(v.Context(), v.School.ID, v.Material, v.Version)
	if err != nil {
		return err
	}
	return p.sound(v.ResponseWriter, v.Request, v.School.ID, e, v.Lang)
}

// photo is one of those that stand in the text of this code, and no other of the school; small, for a phone.
func (p *Pages) photo(v *visit) error {
	e, err := p.Material.Find(v.Context(), v.School.ID, v.Material, v.Version)
	if err != nil {
		return err
	}
	id := v.PathValue("photo")
	if !slices.ContainsFunc(e.Parts, func(part material.Part) bool { return part.Photo == id && id != "" }) {
		return errs.NotFoundf("no photo %s in %s", id, v.Material)
	}
	data, err := p.Material.PhotoBytes(v.Context(), v.School.ID, id)
	if err != nil {
		return err
	}
	small, err := photo.Small(data)
	if err != nil {
		return err
	}
	v.Header().Set("Content-Type", "image/jpeg")
	v.Header().Set("Cache-Control", "private, max-age=86400")
	if _, err := v.Write(small); err != nil {
		return nil // the phone has gone
	}
	return nil
}

func (v *visit) Header() http.Header         { return v.ResponseWriter.Header() }
func (v *visit) Write(b []byte) (int, error) { return v.ResponseWriter.Write(b) }
