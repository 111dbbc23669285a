package messagesweb

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"brug/internal/audio"
	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/phrase/phrasepick"
	"brug/internal/web/route"
	"brug/internal/web/ui"

	"github.com/a-h/templ"
)

// conversationRoutes is one conversation and what can be done with it.
func (p *Pages) conversationRoutes() []route.Route {
	const c = "/s/{school}/conversations/{conversation}"
	reply := route.Post(c, auth.ConversationsAnswer, p.reply)
	reply.MaxBody = maxReply
	return []route.Route{
		route.Get(c, auth.ConversationsSee, p.conversation),
		reply,
		route.Post(c+"/owner", auth.ConversationsAnswer, p.handOver),
		route.Post(c+"/settled", auth.ConversationsAnswer, p.settled),
		route.Post(c+"/talks", auth.ConversationsAnswer, p.talked),
		route.Get(c+"/sensitive", auth.ConversationsAnswer, p.askSensitive),
		route.Post(c+"/sensitive", auth.ConversationsAnswer, p.sensitive),
		route.Get(c+"/entries/{entry}", auth.ConversationsAnswer, p.correct),
		route.Post(c+"/entries/{entry}", auth.ConversationsAnswer, p.corrected),
		route.Get(c+"/files/{file}", auth.ConversationsSee, p.conversationFile),
	}
}

// maxReply has room for a recording and the words beside it.
const maxReply = audio.MaxBytes + 256<<10

type conversationPage struct {
	ui.Page
	messages.Talk
	URL        string
	Main       string // language of the school
	Form       *ui.Form
	Voice      *ui.Form
	Hand       *ui.Form
	Pick       *phrasepick.Picker
	Agreements []messages.Agreement
	Now        time.Time
	Zone       *time.Location
	MayAnswer  bool
	MayAgree   bool
	Before     ui.Turn // to earlier words
	After      ui.Turn // back to the latest
}

func (p *Pages) conversation(w http.ResponseWriter, r *http.Request) error {
	f := ui.NewForm()
	return p.showConversation(w, r, http.StatusOK, f, p.replyPicker(r, f), nil, nil)
}

func (p *Pages) replyPicker(r *http.Request, f *ui.Form) *phrasepick.Picker {
	k := phrasepick.Read(f, route.Actor(r).School.Lang, messages.MaxPhrases)
	k.URL, k.Within = route.Path(r.Context(), "conversations", r.PathValue("conversation")), "phrases"
	return k
}

// showConversation draws the page. voice and hand are forms that were refused, or nil.
func (p *Pages) showConversation(w http.ResponseWriter, r *http.Request, status int, f *ui.Form, pick *phrasepick.Picker, voice, hand *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	t, err := p.Messages.ConversationBefore(ctx, by, r.PathValue("conversation"), r.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	c := conversationPage{Talk: t, URL: route.Path(ctx, "conversations", t.PublicID), Main: by.School.Lang, Form: f, Voice: voice, Hand: hand, Pick: pick, Now: p.Now(), Zone: zone(by),
		MayAnswer: by.May(auth.ConversationsAnswer) == nil && t.Guardian != ""}
	if c.Voice == nil {
		c.Voice = ui.NewForm()
	}
	if c.Hand == nil {
		c.Hand = ui.NewForm("colleague", t.Owner)
	}
	c.Voice.Prefix, c.Hand.Prefix = "voice", "hand"
	if t.Earlier != "" {
		c.Before.PrevURL, c.Before.Prev = c.URL+"?before="+t.Earlier, lang.T(ctx, "Earlier")
	}
	if t.Past {
		c.After.NextURL, c.After.Next = c.URL, lang.T(ctx, "To the latest")
	}
	pick.Search(lang.From(ctx).Tag())
	if c.Agreements, err = p.Messages.Agreements(ctx, by, t.Household); err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	c.MayAgree = c.MayAnswer && err == nil
	c.Page = route.Page(w, r, lang.T(ctx, "Conversation with {name}", "name", t.Name))
	if t.Name == "" {
		c.Page = route.Page(w, r, lang.T(ctx, "Conversation"))
	}
	c.Lead = lang.T(ctx, "About {children}", "children", childNames(ctx, t.Children))
	if t.Title != "" && t.MessageAt.IsZero() { // else the message stands above its answers
		c.Lead = lang.T(ctx, "About {children}: “{title}”", "children", childNames(ctx, t.Children), "title", t.Title)
	}
	c.Back = ui.Link{Label: lang.T(ctx, "Inbox"), URL: route.Path(ctx, "inbox")}
	c.Wide = true
	if c.MayAnswer { // the page records
		h := w.Header()
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)")
		h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "media-src 'self'", "media-src 'self' blob:", 1))
	}
	return route.Render(w, r, status, conversationView(c))
}

// reply does what the pressed button says: do=send, do=voice, or one of the buttons of the phrases.
func (p *Pages) reply(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), route.Actor(r)
	f, err := ui.FormFrom(r, maxReply)
	if errs.Is(err, errs.Invalid) {
		voice := ui.NewForm()
		voice.Fail("file", "This recording is too large. At most {size} MB is taken.", "size", audio.MaxBytes>>20)
		return p.showConversation(w, r, http.StatusUnprocessableEntity, ui.NewForm(), p.replyPicker(r, ui.NewForm()), voice, nil)
	}
	if err != nil {
		return err
	}
	pick := p.replyPicker(r, f)
	switch f.Get("do") {
	case "voice":
		return p.replyVoice(w, r, f)
	case "send":
		if err := pick.Finish(p.today(r)); err != nil {
			return err
		}
		if !f.OK() {
			return p.showConversation(w, r, http.StatusUnprocessableEntity, f, pick, nil, nil)
		}
	default:
		if _, err := pick.Do(f.Get("do"), p.today(r)); err != nil {
			return err
		}
		wrongAt(f, "", "q")
		status := http.StatusOK
		if !f.OK() {
			status = http.StatusUnprocessableEntity
		}
		return p.showConversation(w, r, status, f, pick, nil, nil)
	}
	a := messages.StaffAnswer{Body: f.Get("body"), Theirs: f.Get("theirs"), Done: f.Bool("done")}
	for _, one := range pick.Parts {
		a.Phrases = append(a.Phrases, messages.Phrase{Slug: one.Phrase.Slug, Slots: one.Values})
	}
	err = p.Messages.Reply(ctx, by, r.PathValue("conversation"), a)
	if f.Take(err) {
		wrongAt(f, "phrases", "q")
		return p.showConversation(w, r, http.StatusUnprocessableEntity, f, pick, nil, nil)
	}
	if status, ok := route.FormStatus(err); ok {
		f.Fail("", "This person may not be written to any more. Look at the family's page.")
		return p.showConversation(w, r, status, f, pick, nil, nil)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "conversations", r.PathValue("conversation")), lang.T(ctx, "Sent. It goes by the family's own road, and stands on its page."))
}

func (p *Pages) replyVoice(w http.ResponseWriter, r *http.Request, f *ui.Form) error {
	ctx := r.Context()
	h := f.File("file")
	if h == nil {
		f.Fail("file", "Record an answer, or choose a recording.")
		return p.showConversation(w, r, http.StatusUnprocessableEntity, ui.NewForm(), p.replyPicker(r, ui.NewForm()), f, nil)
	}
	file, err := h.Open()
	if err != nil {
		return err
	}
	data, err := io.ReadAll(file) // no more than the body of the request was let in
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	err = p.Messages.Reply(ctx, route.Actor(r), r.PathValue("conversation"), messages.StaffAnswer{Voice: &messages.Upload{Name: h.Filename, Data: data}, Done: f.Bool("done")})
	if f.Take(err) {
		wrongAt(f, "voice", "file")
		return p.showConversation(w, r, http.StatusUnprocessableEntity, ui.NewForm(), p.replyPicker(r, ui.NewForm()), f, nil)
	}
	if _, ok := route.FormStatus(err); ok {
		f.Fail("", "This person may not be written to any more. Look at the family's page.")
		// Of all refusals voice.js keeps the recording on the page for this status only.
		return p.showConversation(w, r, http.StatusUnprocessableEntity, ui.NewForm(), p.replyPicker(r, ui.NewForm()), f, nil)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "conversations", r.PathValue("conversation")), lang.T(ctx, "Sent. The family hears you on its page."))
}

func (p *Pages) handOver(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	err = p.Messages.HandOver(ctx, route.Actor(r), r.PathValue("conversation"), f.Get("colleague"))
	if f.Take(err) {
		empty := ui.NewForm()
		return p.showConversation(w, r, http.StatusUnprocessableEntity, empty, p.replyPicker(r, empty), nil, f)
	}
	if err != nil {
		return err
	}
	line := lang.T(ctx, "Handed over. Your colleague finds it under Mine.")
	if f.Get("colleague") == "" {
		line = lang.T(ctx, "It is with the teachers of the class again.")
	}
	return route.SeeDone(w, r, route.Path(ctx, "conversations", r.PathValue("conversation")), line)
}

func (p *Pages) settled(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	line := lang.T(ctx, "Done. It no longer waits.")
	err := p.Messages.Settle(ctx, route.Actor(r), r.PathValue("conversation"))
	if errs.Is(err, errs.Conflict) {
		line, err = lang.T(ctx, "A colleague has settled this already."), nil
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "inbox"), line)
}

// talked notes a call or a talk about this conversation: talk="call reached".
func (p *Pages) talked(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, 16<<10)
	if err != nil {
		return err
	}
	road, how, _ := strings.Cut(f.Get("talk"), " ")
	t := contact.Talk{Road: contact.Road(road), Reached: how == "reached", Theirs: true}
	if err := p.Messages.Called(ctx, route.Actor(r), r.PathValue("conversation"), t); err != nil {
		return err
	}
	if !t.Reached {
		return route.SeeDone(w, r, route.Path(ctx, "conversations", r.PathValue("conversation")), lang.T(ctx, "Noted: you tried. It goes on waiting."))
	}
	return route.SeeDone(w, r, route.Path(ctx, "inbox"), lang.T(ctx, "Noted. It no longer waits."))
}

type sensitivePage struct {
	ui.Page
	URL, Back string
}

func (p *Pages) askSensitive(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := p.Messages.Conversation(ctx, route.Actor(r), r.PathValue("conversation"))
	if err != nil {
		return err
	}
	back := route.Path(ctx, "conversations", t.PublicID)
	s := sensitivePage{Page: route.Page(w, r, lang.T(ctx, "Close these words?")), URL: back + "/sensitive", Back: back}
	s.Page.Back = ui.Link{Label: lang.T(ctx, "Conversation"), URL: back}
	return route.Render(w, r, http.StatusOK, sensitiveView(s))
}

func (p *Pages) sensitive(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := p.Messages.MarkSensitive(ctx, route.Actor(r), r.PathValue("conversation")); err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "conversations", r.PathValue("conversation")), lang.T(ctx, "Closed. From now on everyone who opens it is written down."))
}

type correctPage struct {
	ui.Page
	Form  *ui.Form
	Entry messages.Entry
	URL   string
	To    string // language that is written
}

func (p *Pages) correct(w http.ResponseWriter, r *http.Request) error {
	return p.showCorrect(w, r, http.StatusOK, nil)
}

func (p *Pages) showCorrect(w http.ResponseWriter, r *http.Request, status int, f *ui.Form) error {
	ctx, by := r.Context(), route.Actor(r)
	talk := r.PathValue("conversation")
	e, theirs, err := p.Messages.EntryFor(ctx, by, talk, r.PathValue("entry"))
	if err != nil {
		return err
	}
	if !mayCorrect(e) {
		return errs.NotFoundf("no words to translate in entry %s", e.PublicID)
	}
	c := correctPage{Form: f, Entry: e, URL: route.Path(ctx, "conversations", talk, "entries", e.PublicID), To: by.School.Lang}
	if e.Direction == contact.Out {
		c.To = theirs
	}
	if c.Form == nil {
		have := c.Entry.Reading.Text
		if c.Entry.Beneath.Source == messages.Original { // nobody has translated the own words yet
			have = ""
		} else if c.Entry.Beneath.Text != "" {
			have = c.Entry.Beneath.Text
		}
		c.Form = ui.NewForm("text", have)
	}
	c.Page = route.Page(w, r, lang.T(ctx, "Translate"))
	c.Lead = lang.T(ctx, "Write what it says in {language}. You, or somebody who speaks it: it is marked as translated by a person.", "language", lang.Name(lang.From(ctx).Tag(), c.To))
	c.Back = ui.Link{Label: lang.T(ctx, "Conversation"), URL: route.Path(ctx, "conversations", talk)}
	return route.Render(w, r, status, correctView(c))
}

func (p *Pages) corrected(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.FormFrom(r, 64<<10)
	if err != nil {
		return err
	}
	err = p.Messages.Correct(ctx, route.Actor(r), r.PathValue("conversation"), r.PathValue("entry"), f.Get("text"))
	if f.Take(err) {
		return p.showCorrect(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return route.SeeDone(w, r, route.Path(ctx, "conversations", r.PathValue("conversation")), lang.T(ctx, "Saved."))
}

// conversationFile sends a recording, a photo or a PDF.
func (p *Pages) conversationFile(w http.ResponseWriter, r *http.Request) error {
	f, err := p.Messages.ConversationFile(r.Context(), route.Actor(r), r.PathValue("conversation"), r.PathValue("file"))
	if err != nil {
		return err
	}
	return route.File(w, r, f.Name, f.Type, f.Known(), f.Open)
}

// liveAttrs let the words on the page be renewed; earlier ones stay as they are.
func liveAttrs(c conversationPage) templ.Attributes {
	if c.Past {
		return nil
	}
	return templ.Attributes{"data-live": "conversation/" + c.PublicID}
}

// messageName is what the message is called that the conversation answers: its title, else its day.
func (c conversationPage) messageName(ctx context.Context) string {
	if c.Talk.Title != "" {
		return c.Talk.Title
	}
	return lang.T(ctx, "The message of {when}", "when", c.messageDay(ctx))
}

func (c conversationPage) messageDay(ctx context.Context) string {
	return lang.From(ctx).Date(c.MessageAt.In(c.Zone))
}

// refusedText is a file that came and was not taken, and why.
func refusedText(ctx context.Context, f messages.RefusedFile) string {
	switch f.Why {
	case messages.TooLarge, messages.TooHeavy, messages.TooManyDots:
		return lang.T(ctx, "A file was not taken: {name} (too large)", "name", f.Name)
	case messages.TooLong:
		return lang.T(ctx, "A file was not taken: {name} (a recording of more than {n} minutes)", "name", f.Name, "n", int(audio.MaxLength/time.Minute))
	case messages.Film:
		return lang.T(ctx, "A file was not taken: {name} (a film)", "name", f.Name)
	case messages.TooSmall:
		return lang.T(ctx, "A file was not taken: {name} (too small a photo)", "name", f.Name)
	case messages.Damaged:
		return lang.T(ctx, "A file was not taken: {name} (damaged)", "name", f.Name)
	case messages.TooMany:
		return lang.T(ctx, "A file was not taken: {name} (more than {max} files came at once)", "name", f.Name, "max", messages.MaxSaidFiles)
	}
	return lang.T(ctx, "A file was not taken: {name} (no photo, recording or PDF)", "name", f.Name)
}

// mayCorrect: words that a person or a machine has to translate; the others are exact.
func mayCorrect(e messages.Entry) bool { return e.Kind == messages.Words && e.Original.Text != "" }

// madeBy says who made the words of another language.
func madeBy(ctx context.Context, t messages.EntryText) string {
	switch t.Source {
	case messages.Exact:
		return lang.T(ctx, "the same sentence, exact")
	case messages.Machine:
		if t.Engine != "" {
			return lang.T(ctx, "translated by a machine ({name})", "name", t.Engine)
		}
		return lang.T(ctx, "translated by a machine")
	}
	return lang.T(ctx, "translated by a person")
}

// answerWord is a tap in words.
func answerWord(ctx context.Context, k contact.AnswerKind) string {
	switch k {
	case contact.Understood:
		return lang.C(ctx, "answer", "Understood")
	case contact.Question:
		return lang.C(ctx, "answer", "I have a question")
	case contact.CallMe:
		return lang.C(ctx, "answer", "Call me")
	}
	return lang.C(ctx, "answer", "Later")
}

var answerIcon = map[contact.AnswerKind]string{contact.Understood: "ok", contact.Question: "ask", contact.CallMe: "call", contact.Later: "later"}

// roadWord is how an entry came.
func roadWord(ctx context.Context, e messages.Entry) string {
	if e.Direction == contact.Out {
		return ""
	}
	switch e.Road {
	case contact.Mail:
		return lang.T(ctx, "by mail")
	case contact.SMS:
		return lang.T(ctx, "by SMS")
	}
	return lang.T(ctx, "on their page")
}

// whenText is day and hour at the school.
func whenText(ctx context.Context, zone *time.Location, t time.Time) string {
	l, t := lang.From(ctx), t.In(zone)
	return l.Date(t) + ", " + l.Time(t)
}

// speakerName is who said something.
func speakerName(ctx context.Context, c conversationPage, e messages.Entry) string {
	if e.From != "" {
		return e.From
	}
	if e.Direction == contact.Out {
		return lang.T(ctx, "School")
	}
	if c.Name != "" {
		return c.Name
	}
	return lang.T(ctx, "The family")
}

// colleagueOptions are whom it can be handed to.
func (c conversationPage) colleagueOptions() []ui.Option {
	var out []ui.Option
	for _, one := range c.Colleagues {
		out = append(out, ui.Option{Value: one.PublicID, Label: one.Name})
	}
	if c.Owner != "" && c.Mine {
		out = append(out, ui.Option{Value: c.Owner, Label: c.OwnerName})
	}
	return out
}

// foreign tells whether the family reads another language than the school.
func (c conversationPage) foreign() bool {
	a, _, _ := strings.Cut(c.Lang, "-")
	b, _, _ := strings.Cut(c.Main, "-")
	return a != b
}

// lacksOrMachine: there is something to translate for whoever reads the other language.
func (c conversationPage) lacksOrMachine(e messages.Entry) bool {
	if e.Beneath.Text != "" { // own words under phrases
		return e.Beneath.Source == messages.Original || e.Beneath.Source == messages.Machine
	}
	if e.Reading.Text != "" {
		return e.Reading.Source != messages.Exact
	}
	to := c.Main
	if e.Direction == contact.Out {
		to = c.Lang
	}
	a, _, _ := strings.Cut(e.Original.Lang, "-")
	b, _, _ := strings.Cut(to, "-")
	return a != b
}
