package messages

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/phrase"
	"brug/internal/school"
)

// Anew is the draft of a message that was written before, to write one like it: what was called back, or goes out every year.
// It has a name of its own, is neither urgent nor planned for a day that is over, and keeps the translations of people.
// NotFound as Message, and for what a colleague wrote unless the actor sees all classes; Forbidden for what is sensitive: its
// words are not carried from form to form.
func (s *Service) Anew(ctx context.Context, by auth.Actor, publicID string) (Draft, error) {
	m, err := s.messageFor(ctx, by, auth.MessagesSend, publicID)
	if err != nil {
		return Draft{}, err
	}
	if m.Sensitive {
		return Draft{}, errs.Forbiddenf("message %s is sensitive", publicID)
	}
	d := Draft{Lang: m.Lang, Title: m.Title, Body: m.Body, Texts: map[string]Text{}, Material: m.Material, About: contact.About(m.About)}
	switch m.Scope {
	case school.ScopeSchool, school.ScopeClass, school.ScopeGroup, school.ScopeHousehold, school.ScopePupil:
		d.To.Kind = m.Scope
	default:
		return Draft{}, errs.NotFoundf("message %s belongs to a conversation", publicID)
	}
	for _, part := range []struct{ from, to any }{{m.ScopeIds, &d.To.IDs}, {m.Phrases, &d.Phrases}, {m.Fill, &d.Fill}, {m.Files, &d.Files}} {
		if doc := part.from.(string); doc != "" {
			if err := json.Unmarshal([]byte(doc), part.to); err != nil {
				return Draft{}, fmt.Errorf("message %s: %w", publicID, err)
			}
		}
	}
	rows, err := s.DB.Q().TextsOfMessage(ctx, q.TextsOfMessageParams{SchoolID: by.School.ID, MessageID: m.ID})
	if err != nil {
		return Draft{}, fmt.Errorf("texts of message: %w", err)
	}
	for _, t := range rows {
		if Source(t.Source) == Staff {
			d.Texts[t.Lang] = Text{Title: t.Title, Body: t.Body, Source: Staff}
		}
	}
	if at := instant(m.SendAt); at.After(s.Now()) {
		d.SendAt = at
	}
	return d, nil
}

// firstWords is what a message without a title is called in lists of staff: the beginning of its own words, else its first
// fixed sentence. "" for what is sensitive, and where a material gives the name.
func firstWords(m q.Message) string {
	switch {
	case m.Sensitive || m.Material != "":
		return ""
	case m.Body != "":
		return FirstSentence(m.Body)
	}
	var list []Phrase
	if json.Unmarshal([]byte(m.Phrases), &list) != nil {
		return ""
	}
	for _, p := range list {
		ph, ok := phrase.Shipped().Find(p.Slug)
		if !ok {
			continue
		}
		for _, tag := range []string{m.Lang, phrase.Source} {
			if text, ok := phrase.Shipped().Render(tag, ph, p.Slots); ok {
				return FirstSentence(text)
			}
		}
	}
	return ""
}

// notYet takes out what is put in for each family, and the marks around names, half of which a cut would leave.
var notYet = strings.NewReplacer("{child}", "…", "{class}", "…", "{teacher}", "…", nameBegins, "", nameEnds, "")

// maxFirst is how many letters a sentence has that stands for a message.
const maxFirst = 70

// FirstSentence is the beginning of a text, up to the end of its first sentence or line; a long one is cut between words.
func FirstSentence(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	text = strings.TrimSpace(notYet.Replace(text))
	for i, r := range text {
		end := i + utf8.RuneLen(r)
		if strings.ContainsRune(".!?؟։။።。", r) && (end == len(text) || text[end] == ' ' || r > '؀') {
			text = strings.TrimRight(text[:end], ".։။።。")
			break
		}
	}
	if utf8.RuneCountInString(text) <= maxFirst {
		return text
	}
	cut := string([]rune(text)[:maxFirst])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:") + " …"
}
