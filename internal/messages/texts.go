package messages

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/jobs"
	"brug/internal/journal"
	"brug/internal/lang"
	"brug/internal/live"
	"brug/internal/messages/translator"
)

// Translator is a service that translates by machine. What it makes is labelled as such wherever it is read. texts are pieces
// of one text, in order; the answer has as many. engine is its name, for the label ("DeepL"). Nothing sensitive is given to it.
type Translator interface {
	Translate(ctx context.Context, from, to string, texts []string) (out []string, engine string, err error)
}

// TranslateArgs is the job that has a message translated into the languages of its recipients, and then lets it go.
type TranslateArgs struct {
	SchoolID  int64 `json:"school"`
	MessageID int64 `json:"message"`
}

// Kind implements river.JobArgs.
func (TranslateArgs) Kind() string { return "messages.translate" }

// workTranslate asks the translator for each language that a recipient reads and the message lacks. A language that fails is
// left out: the message goes in time, with what there is, and staff can still translate it.
func (s *Service) workTranslate(ctx context.Context, a TranslateArgs) error {
	m, lacking, err := s.lacking(ctx, a)
	if db.Missing(err) || m.State == string(CalledBack) {
		return nil
	}
	if err != nil {
		return err
	}
	made := map[string]Text{}
	var problem error
	if s.Translator != nil && !m.Sensitive {
		names, err := s.DB.Q().NamesInMessage(ctx, q.NamesInMessageParams{SchoolID: a.SchoolID, MessageID: m.ID})
		if err != nil {
			return fmt.Errorf("names in message: %w", err)
		}
		for _, tag := range lacking {
			t, err := s.translate(ctx, m.Lang, tag, m.Title, m.Body, names)
			if errors.Is(err, translator.ErrLanguage) || errors.Is(err, translator.ErrTooLong) {
				s.Log.Info("a message goes out with its own words in one of its languages", "lang", tag, "why", err)
				continue // another try would fare no better, and the others wait
			}
			if err != nil {
				problem = errors.Join(problem, fmt.Errorf("translate into %s: %w", tag, err))
				continue
			}
			made[tag] = t
		}
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		now, err := tx.HoldMessage(ctx, q.HoldMessageParams{SchoolID: a.SchoolID, ID: m.ID})
		if err != nil {
			return fmt.Errorf("message to translate: %w", err)
		}
		if now.Sensitive { // its conversation was closed meanwhile: what the machine made of it is not kept
			clear(made)
		}
		for _, tag := range sortedTags(made) {
			t := made[tag]
			if err := tx.AddMachineText(ctx, q.AddMachineTextParams{SchoolID: a.SchoolID, MessageID: m.ID, Lang: tag, Engine: t.Engine, Title: t.Title, Body: t.Body, UpdatedAt: millis(s.Now())}); err != nil {
				return fmt.Errorf("keep translation: %w", err)
			}
		}
		if problem != nil && !jobs.LastTry(ctx) { // tried again while the message still waits
			return nil
		}
		if instant(m.SendAt).After(s.Now()) {
			return nil
		}
		if _, err := tx.SetDueNow(ctx, q.SetDueNowParams{SchoolID: a.SchoolID, MessageID: m.ID, DueAt: millis(s.Now())}); err != nil {
			return fmt.Errorf("let message go: %w", err)
		}
		return s.enqueuePlan(ctx, tx, a.SchoolID, m.ID, s.Now())
	})
	return errors.Join(err, problem)
}

// lacking are the languages that recipients of a message read and its free text is not in.
func (s *Service) lacking(ctx context.Context, a TranslateArgs) (q.Message, []string, error) {
	m, err := s.DB.Q().MessageByID(ctx, q.MessageByIDParams{SchoolID: a.SchoolID, ID: a.MessageID})
	if err != nil {
		return m, nil, fmt.Errorf("message to translate: %w", err)
	}
	langs, err := s.DB.Q().LangsOfMessage(ctx, q.LangsOfMessageParams{SchoolID: a.SchoolID, MessageID: m.ID})
	if err != nil {
		return m, nil, fmt.Errorf("languages of message: %w", err)
	}
	texts, err := s.DB.Q().TextsOfMessage(ctx, q.TextsOfMessageParams{SchoolID: a.SchoolID, MessageID: m.ID})
	if err != nil {
		return m, nil, fmt.Errorf("texts of message: %w", err)
	}
	have := []string{m.Lang}
	for _, t := range texts {
		have = append(have, t.Lang)
	}
	read := make([]string, len(langs))
	for i, l := range langs {
		read[i] = l.Lang
	}
	return m, lackingLangs(read, have), nil
}

// lackingLangs are the languages of read that nothing in have can be read for, each once: of nl-BE and nl one is enough.
func lackingLangs(read, have []string) []string {
	var out []string
	for _, tag := range read {
		same := func(other string) bool { return sameLang(tag, other) }
		if !slices.ContainsFunc(have, same) && !slices.ContainsFunc(out, same) {
			out = append(out, tag)
		}
	}
	slices.Sort(out)
	return out
}

// translate has a title and a text translated, paragraph by paragraph. names are not told to the machine.
func (s *Service) translate(ctx context.Context, from, to, title, body string, names []string) (Text, error) {
	title = markNames(title, names)
	paragraphs := strings.Split(markNames(body, names), "\n\n")
	pieces := paragraphs
	if title != "" {
		pieces = append([]string{title}, paragraphs...)
	}
	out, engine, err := s.Translator.Translate(ctx, from, to, pieces)
	if err != nil {
		return Text{}, err
	}
	if len(out) != len(pieces) {
		return Text{}, fmt.Errorf("the translator answered %d pieces for %d", len(out), len(pieces))
	}
	for i, text := range out {
		if strings.TrimSpace(text) == "" && strings.TrimSpace(pieces[i]) != "" {
			return Text{}, errors.New("the translator lost a piece, or a name in it: nobody gets a text with a hole")
		}
	}
	for i := range out {
		out[i] = unmarkNames(out[i], to)
	}
	t := Text{Source: Machine, Engine: engine}
	if title != "" {
		t.Title, out = out[0], out[1:]
	}
	t.Body = strings.Join(out, "\n\n")
	return t, nil
}

// TextOf is the free text of a message in one language, as staff look it over.
type TextOf struct {
	Text
	Lang    string
	People  int // how many recipients read it, this language or a regional form of it
	By      string
	At      time.Time
	Lacking bool // nobody has written it yet
}

// Texts is what staff see of the free text of a message: as it was written, and in each language that recipients read.
type Texts struct {
	Message     string // public id
	Lang        string
	Title, Body string
	In          []TextOf // most people first
}

// Texts are the free text of a message and its translations, also those that lack. NotFound as for Message. For what is
// sensitive the look is journalled.
func (s *Service) Texts(ctx context.Context, by auth.Actor, publicID string) (Texts, error) {
	m, err := s.messageFor(ctx, by, auth.MessagesSee, publicID)
	if err != nil {
		return Texts{}, err
	}
	rows, err := s.DB.Q().TextsOfMessage(ctx, q.TextsOfMessageParams{SchoolID: by.School.ID, MessageID: m.ID})
	if err != nil {
		return Texts{}, fmt.Errorf("texts of message: %w", err)
	}
	langs, err := s.DB.Q().LangsOfMessage(ctx, q.LangsOfMessageParams{SchoolID: by.School.ID, MessageID: m.ID})
	if err != nil {
		return Texts{}, fmt.Errorf("languages of message: %w", err)
	}
	if m.Sensitive {
		if err := s.noteLook(ctx, by, m.PublicID); err != nil {
			return Texts{}, err
		}
	}
	out := Texts{Message: m.PublicID, Lang: m.Lang}
	if out.Title, out.Body, err = s.openWords(ctx, m); err != nil {
		return Texts{}, err
	}
	if out.Body == "" {
		return out, nil
	}
	read := make([]string, len(langs))
	for i, l := range langs {
		read[i] = l.Lang
	}
	have := []string{m.Lang}
	for _, r := range rows {
		have = append(have, r.Lang)
		t := TextOf{Text: Text{Title: r.Title, Body: r.Body, Source: Source(r.Source), Engine: r.Engine}, Lang: r.Lang, By: r.UpdatedName, At: instant(r.UpdatedAt)}
		if m.Sensitive {
			if t.Title, t.Body, err = s.unsealText(ctx, m, r.Lang, r.Title, r.Body); err != nil {
				return Texts{}, err
			}
		}
		out.In = append(out.In, t)
	}
	for _, tag := range lackingLangs(read, have) {
		out.In = append(out.In, TextOf{Lang: tag, Lacking: true})
	}
	for i := range out.In {
		for _, l := range langs {
			if sameLang(l.Lang, out.In[i].Lang) {
				out.In[i].People += int(l.People)
			}
		}
	}
	slices.SortStableFunc(out.In, func(a, b TextOf) int { return b.People - a.People })
	return out, nil
}

// SetText writes or corrects the text of a message in a language. Letters that have not gone carry it, and the personal page
// shows it at once. Invalid with the fields "lang", "title" and "body".
func (s *Service) SetText(ctx context.Context, by auth.Actor, publicID, tag string, t Text) error {
	m, err := s.messageFor(ctx, by, auth.MessagesSend, publicID)
	if err != nil {
		return err
	}
	t.Title, t.Body, t.Source, t.Engine = strings.Join(strings.Fields(t.Title), " "), tidyText(t.Body), Staff, ""
	tag = lang.Canonical(tag)
	var c errs.Check
	c.That(m.Body != "", "body", "This message has no text of its own to translate.")
	c.That(tag != "" && !sameLang(tag, m.Lang), "lang", "Choose a language.")
	c.That(t.Body != "", "body", "Write the text in this language.")
	c.That(utf8.RuneCountInString(t.Title) <= MaxTitle, "title", "This is too long. Write at most {max} letters.", "max", MaxTitle)
	c.That(utf8.RuneCountInString(t.Body) <= 2*MaxBody, "body", "This is too long. Write at most {max} letters.", "max", 2*MaxBody)
	if err := c.Err(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		now, err := tx.HoldMessage(ctx, q.HoldMessageParams{SchoolID: by.School.ID, ID: m.ID}) // it may have become sensitive
		if err != nil {
			return fmt.Errorf("message to translate: %w", err)
		}
		if err := s.setText(ctx, tx, by, m.ID, m.PublicID, now.Sensitive, tag, t); err != nil {
			return err
		}
		if err := s.Live.Publish(ctx, tx, live.Message(by.School.ID, m.PublicID)); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "messages.translate", Area: "messages", Ref: m.PublicID,
			Detail: map[string]string{"lang": tag}})
	})
}

// setText stores a text in a language, sealed where the message is.
func (s *Service) setText(ctx context.Context, tx *db.Tx, by auth.Actor, messageID int64, publicID string, sensitive bool, tag string, t Text) (err error) {
	if sensitive {
		if t.Title, err = s.Secrets.Seal(ctx, tx, by.School.ID, messageRow(publicID, tag+"/title"), t.Title); err != nil {
			return err
		}
		if t.Body, err = s.Secrets.Seal(ctx, tx, by.School.ID, messageRow(publicID, tag+"/body"), t.Body); err != nil {
			return err
		}
	}
	err = tx.SetMessageText(ctx, q.SetMessageTextParams{SchoolID: by.School.ID, MessageID: messageID, Lang: tag, Source: string(t.Source), Engine: t.Engine, Title: t.Title, Body: t.Body,
		UpdatedBy: nullID(by.AccountID), UpdatedAt: millis(s.Now())})
	if err != nil {
		return fmt.Errorf("text of message: %w", err)
	}
	return nil
}

// openWords are title and text of a message as they were written.
func (s *Service) openWords(ctx context.Context, m q.Message) (title, body string, err error) {
	if !m.Sensitive {
		return m.Title, m.Body, nil
	}
	if title, err = s.Secrets.Unseal(ctx, s.DB.Q(), m.SchoolID, messageRow(m.PublicID, "title"), m.Title); err != nil {
		return "", "", err
	}
	body, err = s.Secrets.Unseal(ctx, s.DB.Q(), m.SchoolID, messageRow(m.PublicID, "body"), m.Body)
	return title, body, err
}

func (s *Service) unsealText(ctx context.Context, m q.Message, tag, title, body string) (string, string, error) {
	title, err := s.Secrets.Unseal(ctx, s.DB.Q(), m.SchoolID, messageRow(m.PublicID, tag+"/title"), title)
	if err != nil {
		return "", "", err
	}
	body, err = s.Secrets.Unseal(ctx, s.DB.Q(), m.SchoolID, messageRow(m.PublicID, tag+"/body"), body)
	return title, body, err
}

// noteLook journals that somebody of the staff looked at a sensitive message.
func (s *Service) noteLook(ctx context.Context, by auth.Actor, publicID string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return journal.Write(ctx, tx, journal.Entry{SchoolID: by.School.ID, AccountID: by.AccountID, Actor: by.Name, Action: "messages.look", Area: "messages", Ref: publicID})
	})
}

func sortedTags[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for tag := range m {
		out = append(out, tag)
	}
	slices.Sort(out)
	return out
}
