package familyweb

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"brug/internal/audio"
	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/material/sheetview"
	"brug/internal/messages"
	"brug/internal/messages/letter"
	"brug/internal/photo"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// maxUpload is what may be sent with one answer: a recording, or photos as phones take them, and words.
const maxUpload = 32 << 20

// answering is the form with which a guardian says something: by tap, in words, by voice, with a photo.
type answering struct {
	Post     string
	Done     string               // where the script goes when it has arrived
	Kinds    []contact.AnswerKind // that can be said by one tap
	Begins   bool                 // a conversation
	Answered contact.AnswerKind   // the latest tap
	Form     *ui.Form
	Children []contact.GuestChild // to choose whom it is about; empty: not asked
	Hours    string               // when the school answers; ""
	Lang     string               // of the page
}

// callMe is what can be said by one tap where nothing was said yet, by who neither writes nor wants to record.
var callMe = []contact.AnswerKind{contact.CallMe}

// answers tells whether it is an answer to something that the school said.
func (a answering) answers() bool { return len(a.Kinds) == len(contact.AnswerKinds) }

// seconds is how long a recording may be.
func (answering) seconds() int { return int(audio.MaxLength / time.Second) }

type messagePage struct {
	ui.FamilyPage
	*guestVisit
	Received messages.Received
	Sheet    sheetview.View
	Thread   messages.Thread
	Earlier  string // where the words before those on the page stand; ""
	Answer   answering
}

// message is one message, what was said about it, and the answer.
func (p *Pages) message(v *guestVisit) error { return p.showMessage(v, http.StatusOK, ui.NewForm()) }

func (p *Pages) showMessage(v *guestVisit, status int, f *ui.Form) error {
	recipient := v.PathValue("recipient")
	m, thread, err := p.Messages.See(v.Context(), v.Guest, recipient)
	if err != nil {
		return err
	}
	if m.Locked {
		return p.toSecond(v, "messages/"+recipient)
	}
	mp := messagePage{guestVisit: v, FamilyPage: v.inner(m.Title.Text), Received: m, Thread: thread,
		Answer: answering{Post: v.path("messages", recipient), Done: v.path("messages", recipient) + "?done=answer", Kinds: contact.AnswerKinds, Answered: m.Answer, Form: f, Hours: m.Letter.Hours, Lang: v.locale().Tag()}}
	mp.Sheet = sheetview.View{Sheet: m.Letter.Sheet()}
	if mp.Sheet.Voice, err = p.readAloud(v.Context(), v.School.ID, m, v.Lang, v.path("voice", recipient)); err != nil {
		return err
	}
	mp.Earlier = v.earlier(thread)
	mp.TitleLang = m.Title.Lang
	mp.Listen, mp.Flash = true, v.done()
	allowMicrophone(v)
	return v.show(status, messageView(mp), !m.Letter.Sensitive)
}

// readAloud is the recording of the material in a message, for the player of the browser at url; zero where nobody read it in
// this language. The address changes with the recording, so that no browser plays the one before.
func (p *Pages) readAloud(ctx context.Context, schoolID int64, m messages.Received, tag, url string) (sheetview.Voice, error) {
	if m.Material == nil {
		return sheetview.Voice{}, nil
	}
	rec, heard, err := p.Voice.Play(ctx, schoolID, m.Material, tag)
	if err != nil || !heard {
		return sheetview.Voice{}, err
	}
	return sheetview.Voice{URL: url + "?v=" + rec.PublicID, Speaker: rec.Speaker}, nil
}

// messageVoice sends that recording.
func (p *Pages) messageVoice(v *guestVisit) error {
	m, _, err := p.Messages.See(v.Context(), v.Guest, v.PathValue("recipient"))
	if err != nil {
		return err
	}
	return p.sound(v, v.Request, v.School.ID, m.Material, v.Lang)
}

// sound sends a text as somebody read it aloud. NotFound: nobody did; e may be nil.
func (p *Pages) sound(w http.ResponseWriter, r *http.Request, schoolID int64, e *material.Entry, tag string) error {
	if e == nil {
		return errs.NotFoundf("nothing to read aloud")
	}
	rec, heard, err := p.Voice.Play(r.Context(), schoolID, e, tag)
	if err != nil {
		return err
	}
	if !heard {
		return errs.NotFoundf("nobody has read %s aloud in %s", e.Slug, tag)
	}
	return route.Sound(w, r, func() (io.ReadSeekCloser, error) { return p.Voice.Open(r.Context(), rec) }, rec.Type, rec.PublicID, rec.At)
}

// allowMicrophone lets this page ask for the microphone, and play what it has just recorded.
func allowMicrophone(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)")
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "media-src 'self'", "media-src 'self' blob:", 1))
}

func (p *Pages) answerMessage(v *guestVisit) error {
	said, f, err := v.said()
	if err == nil {
		_, err = p.Messages.AnswerMessage(v.Context(), v.Guest, v.PathValue("recipient"), said)
	}
	if f.Take(err) {
		return p.showMessage(v, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return v.see(doneOf(said.Answer), "messages", v.PathValue("recipient"))
}

// said reads what a guardian says.
func (v *guestVisit) said() (messages.Said, *ui.Form, error) {
	f, err := ui.FormFrom(v.Request, maxUpload)
	if errs.Is(err, errs.Invalid) {
		err = errs.Field("files", "That is too large. At most {size} can be sent at once.", "size", ui.Size(maxUpload))
	}
	if err != nil {
		return messages.Said{}, f, err
	}
	s := messages.Said{Answer: contact.AnswerKind(f.Get("answer")), Body: f.Get("body"), Lang: v.Lang, Child: f.Get("child"), Private: f.Bool("private")}
	for _, head := range f.Files("files") {
		if head.Size == 0 {
			continue
		}
		file, err := head.Open()
		if err != nil {
			return s, f, err
		}
		data, err := io.ReadAll(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return s, f, err
		}
		s.Files = append(s.Files, messages.Upload{Name: head.Filename, Data: data})
	}
	return s, f, nil
}

type threadPage struct {
	ui.FamilyPage
	*guestVisit
	Thread  messages.Thread
	Earlier string // where the words before those on the page stand; ""
	Latest  string // where the latest words stand; "": here
	Letter  string // the message that it answers; ""
	Answer  answering
}

// earlier is where the words before those of a page of a conversation stand, "" where there are none.
func (v *guestVisit) earlier(t messages.Thread) string {
	if t.Earlier == "" {
		return ""
	}
	return v.path("conversations", t.PublicID) + "?before=" + t.Earlier + "#said"
}

// conversation is what was said before, and a form to say more.
func (p *Pages) conversation(v *guestVisit) error {
	return p.showConversation(v, http.StatusOK, ui.NewForm())
}

func (p *Pages) showConversation(v *guestVisit, status int, f *ui.Form) error {
	id := v.PathValue("conversation")
	t, err := p.Messages.ThreadBefore(v.Context(), v.Guest, id, v.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	if t.Locked {
		return p.toSecond(v, "conversations/"+id)
	}
	tp := threadPage{guestVisit: v, FamilyPage: v.inner(t.Title), Thread: t,
		Answer: answering{Post: v.path("conversations", id), Done: v.path("conversations", id) + "?done=answer", Form: f, Hours: p.hours(v), Lang: v.locale().Tag()}}
	tp.Earlier = v.earlier(t)
	if t.Past {
		tp.Latest = v.path("conversations", id) + "#said"
	}
	if t.Recipient != "" {
		tp.Letter = v.path("messages", t.Recipient)
	}
	if slices.ContainsFunc(t.Entries, func(e messages.Entry) bool { return e.Direction == contact.Out }) {
		tp.Answer.Kinds = contact.AnswerKinds
	} else {
		tp.Answer.Kinds = callMe
	}
	if t.Title == "" {
		tp.Title = lang.T(v.Context(), "Conversation")
	} else {
		tp.TitleLang = t.Lang
	}
	tp.Listen, tp.Flash = true, v.done()
	allowMicrophone(v)
	// Not kept: it may be closed later (messages.MarkSensitive), and what a phone keeps cannot be called back.
	return v.show(status, threadView(tp), false)
}

func (p *Pages) sayMore(v *guestVisit) error {
	said, f, err := v.said()
	if err == nil {
		_, err = p.Messages.Write(v.Context(), v.Guest, v.PathValue("conversation"), said)
	}
	if f.Take(err) {
		return p.showConversation(v, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return v.see(doneOf(said.Answer), "conversations", v.PathValue("conversation"))
}

type writePage struct {
	ui.FamilyPage
	*guestVisit
	Answer answering
}

// write is where a guardian begins a conversation.
func (p *Pages) write(v *guestVisit) error { return p.showWrite(v, http.StatusOK, ui.NewForm()) }

func (p *Pages) showWrite(v *guestVisit, status int, f *ui.Form) error {
	wp := writePage{guestVisit: v, FamilyPage: v.inner(lang.T(v.Context(), "Write to the school")),
		Answer: answering{Begins: true, Kinds: callMe, Post: v.path("write"), Done: v.path() + "?done=answer", Form: f, Hours: p.hours(v), Lang: v.locale().Tag()}}
	if len(v.Children) > 1 {
		wp.Answer.Children = v.Children
	}
	allowMicrophone(v)
	return v.show(status, writeView(wp), false)
}

func (p *Pages) begin(v *guestVisit) error {
	said, f, err := v.said()
	if err == nil && len(v.Children) == 1 {
		said.Child = v.Children[0].PublicID
	}
	id := ""
	if err == nil {
		id, err = p.Messages.Write(v.Context(), v.Guest, "", said)
	}
	if f.Take(err) {
		return p.showWrite(v, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	if said.Private { // it stands behind the second step now, also for who has just written it
		return v.see(doneOf(said.Answer))
	}
	return v.see(doneOf(said.Answer), "conversations", id)
}

// file is what came with a message or was said in a conversation. With ?small a photo comes as large as a phone shows it in a
// list.
func (p *Pages) file(v *guestVisit) error {
	f, err := p.Messages.FamilyFile(v.Context(), v.Guest, v.PathValue("file"))
	if err != nil {
		return err
	}
	data, err := f.Open()
	if err != nil {
		return err
	}
	return sendFile(v, v.Request, f, data)
}

func sendFile(w http.ResponseWriter, r *http.Request, f letter.File, data []byte) error {
	h := w.Header()
	switch {
	case strings.HasPrefix(f.Type, "audio/"):
		return route.Sound(w, r, func() (io.ReadSeekCloser, error) { return nopCloser{bytes.NewReader(data)}, nil }, f.Type, f.Known(), time.Time{})
	case strings.HasPrefix(f.Type, "image/") && r.URL.Query().Has("small"):
		small, err := photo.Small(data)
		if err != nil {
			return err
		}
		data, f.Type = small, "image/jpeg"
	case !strings.HasPrefix(f.Type, "image/"):
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	}
	h.Set("Content-Type", f.Type)
	if f.Known() != "" { // else as the whole page: nothing is kept
		h.Set("Cache-Control", "private, max-age=3600")
	}
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if _, err := w.Write(data); err != nil {
		return nil // the phone has gone
	}
	return nil
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }
