package familyweb

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"brug/internal/contact"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/web/ui"
)

// answerWord is what a tap says, as it stands on its button.
func answerWord(ctx context.Context, k contact.AnswerKind) string {
	switch k {
	case contact.Understood:
		return lang.C(ctx, "answer", "Understood")
	case contact.Question:
		return lang.C(ctx, "answer", "I have a question")
	case contact.CallMe:
		return lang.C(ctx, "answer", "Call me")
	case contact.Later:
		return lang.C(ctx, "answer", "Later")
	}
	return ""
}

func doer(ctx context.Context, d messages.Doer) string {
	switch d {
	case messages.BySchool:
		return lang.T(ctx, "The school does this.")
	case messages.ByHome:
		return lang.T(ctx, "You do this at home.")
	}
	return lang.T(ctx, "We do this together.")
}

// hello is whom a message is about; a locked one says nothing.
func hello(m messages.Received) material.Piece {
	if m.Letter == nil {
		return material.Piece{}
	}
	return m.Letter.Hello
}

// picture is the first pictogram of a message, "" if it has none.
func picture(m messages.Received) string {
	if m.Letter == nil {
		return ""
	}
	for _, b := range m.Letter.Blocks {
		if b.Pictogram != "" {
			return b.Pictogram
		}
	}
	return ""
}

// threadTitle is the first words of a conversation that the family began.
func threadTitle(ctx context.Context, t messages.Thread) string {
	text := t.Last.Original.Text
	if t.Last.Reading.Text != "" {
		text = t.Last.Reading.Text
	}
	if text == "" {
		return cmp.Or(answerWord(ctx, t.Last.Answer), lang.T(ctx, "Your message"))
	}
	return firstWords(text, 60)
}

// firstWords is the beginning of a text, at most n letters, cut between words.
func firstWords(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	for i := n; i > n/2; i-- {
		if r[i] == ' ' {
			return string(r[:i]) + " …"
		}
	}
	return string(r[:n]) + " …"
}

// day is a day as it is stored (YYYY-MM-DD) in the reader's language.
func (v *guestVisit) day(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return v.locale().Date(t)
}

// entryDir is the direction of what somebody said: where nobody told the language, the browser finds it from the letters.
func entryDir(t messages.EntryText) string {
	if t.Lang == "" {
		return "auto"
	}
	return lang.Dir(t.Lang)
}

// paragraphs are the lines of a text, without empty ones.
func paragraphs(s string) []string {
	var out []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func childOptions(ctx context.Context, children []contact.GuestChild) []ui.Option {
	out := make([]ui.Option, 0, len(children)+1)
	for _, c := range children {
		out = append(out, ui.Option{Value: c.PublicID, Label: c.Given})
	}
	return append(out, ui.Option{Value: "", Label: lang.T(ctx, "All my children")})
}

// teachers are those of the guardian's children, each once.
func (v *guestVisit) teachers() []string {
	var out []string
	for _, c := range v.Children {
		for _, t := range c.Teachers {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out
}

// sort puts conversations where they belong on the first page: an answer of the school that was not seen yet stands above
// all, the others are lines. A message to which somebody only said that it was understood is a line already.
func (p *homePage) sort(threads []messages.Thread, received []messages.Received) {
	p.about = map[string]string{}
	for _, m := range received {
		if m.Conversation != "" {
			p.about[m.Conversation] = m.Recipient
		}
	}
	for _, t := range threads {
		for _, m := range received {
			if m.Conversation == t.PublicID && t.Title != "" && !m.Locked { // a conversation knows its title in the school's language only
				t.Title, t.Lang = m.Title.Text, m.Title.Lang
			}
		}
		switch {
		case newAnswer(t):
			p.Answered = append(p.Answered, t)
		case onlyUnderstood(t) || len(p.Threads) == homeThreads:
		default:
			p.Threads = append(p.Threads, t)
		}
	}
}

// threadPath is where a conversation is read on: below its message where there is one.
func (p *homePage) threadPath(t messages.Thread) string {
	if m := p.about[t.PublicID]; m != "" && !t.Locked {
		return p.path("messages", m) + "#said"
	}
	return p.path("conversations", t.PublicID)
}

// newAnswer tells whether the school has the last word, and nobody here saw it. One's own words by mail or SMS are not seen on
// a page either.
func newAnswer(t messages.Thread) bool {
	if t.Locked {
		return t.Unseen && t.Waits != messages.OfStaff
	}
	return t.Unseen && t.Last.Direction == contact.Out
}

// onlyUnderstood: a tap on a message of the school that asks for nothing more.
func onlyUnderstood(t messages.Thread) bool {
	l := t.Last
	return t.Title != "" && !t.Locked && l.Direction == contact.In && l.Answer == contact.Understood && l.Original.Text == "" && len(l.Files) == 0
}

// otherLang names the language of a title that is not in the reader's; "" where it is.
func otherLang(v *guestVisit, m messages.Received) string {
	if m.Locked || !m.Letter.Lacks || m.Title.Lang == v.locale().Tag() {
		return ""
	}
	return lang.Name(v.locale().Tag(), m.Title.Lang)
}

// entryOtherLang is the language (BCP 47) in which an answer of the school stands where the reader's lacks; "" where all of it is there.
func entryOtherLang(v *guestVisit, e messages.Entry, shown messages.EntryText) string {
	if e.Direction != contact.Out {
		return ""
	}
	for _, t := range []messages.EntryText{shown, e.Beneath} {
		if t.Text != "" && t.Lang != "" && t.Lang != v.locale().Tag() {
			return t.Lang
		}
	}
	return ""
}
