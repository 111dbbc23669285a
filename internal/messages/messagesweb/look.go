package messagesweb

import (
	"context"
	"net/http"
	"slices"
	"time"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/messages"
	"brug/internal/messages/letter"
	"brug/internal/phrase/phrasepick"
	"brug/internal/plain"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// The ways to look at a letter before it goes.
const (
	asPage = "page"
	asMail = "mail"
	asSMS  = "sms"
)

// look is the letter beside what is being written, in one language and as one road shows it.
type look struct {
	As    string
	Lang  messages.LangPreview
	Other string // the language that was asked for and that nobody of these families reads; ""
}

// letterPiece is words in a language.
type letterPiece = letter.Piece

// ways are the roads that a letter can be looked at.
func ways(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: asPage, Label: lang.T(ctx, "Phone"), Icon: "sms"}, {Value: asMail, Label: lang.T(ctx, "Mail"), Icon: "mail"}, {Value: asSMS, Label: lang.C(ctx, "preview", "SMS"), Icon: "messages"}}
}

// lookAt makes the preview of what is typed so far; nil while there is nothing to show. What is wrong with it is said when
// the message is checked, not while somebody types.
func (p *Pages) lookAt(r *http.Request, f *ui.Form, pick *phrasepick.Picker) (*look, error) {
	ctx, by := r.Context(), route.Actor(r)
	d := p.draft(r, &ui.Form{Values: f.Values}, pick)
	d.Urgent = false // a reason that is not typed yet hides no letter
	seen, err := p.Messages.Preview(ctx, by, d)
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) {
		return nil, nil
	}
	if err != nil || len(seen.Langs) == 0 {
		return nil, err
	}
	l := &look{As: f.Get("look.as"), Lang: seen.Langs[0], Other: f.Get("look.in")}
	for _, one := range seen.Langs {
		if one.Lang == f.Get("look.in") {
			l.Lang, l.Other = one, ""
		}
	}
	return l, nil
}

// lookLangs are the languages to look at: the school's, then those that its families read.
func (p *Pages) lookLangs(ctx context.Context, by auth.Actor) ([]ui.Option, error) {
	read, err := p.Material.FamilyLangs(ctx, by)
	if err != nil {
		return nil, err
	}
	tag := lang.From(ctx).Tag()
	out := []ui.Option{{Value: by.School.Lang, Label: lang.Name(tag, by.School.Lang)}}
	for _, one := range read {
		if one != by.School.Lang {
			out = append(out, ui.Option{Value: one, Label: lang.Name(tag, one)})
		}
	}
	return out, nil
}

// bubbles are the parts of an SMS, as a phone shows them.
func bubbles(text string) []string { return plain.Split(text) }

// smsWords says how many SMS a text makes, and why it may be more than it looks.
func smsWords(ctx context.Context, text string) string {
	n := plain.Count(text)
	line := lang.N(ctx, n.Segments, "{n} SMS: {units} signs, room for {left} more.", "{n} SMS: {units} signs, room for {left} more.", "units", n.Units, "left", n.Left)
	if n.Encoding == plain.UCS2 {
		line += " " + lang.T(ctx, "Written with signs that an SMS holds 70 of, not 160.")
	}
	return line
}

// cost is an amount in thousandths of a euro, as people read it.
func cost(ctx context.Context, thousandths int) string {
	return lang.From(ctx).Euro((thousandths + 9) / 10)
}

// machine tells whether a machine made any of the words of a letter.
func machine(l *letter.Letter) bool {
	return slices.ContainsFunc(l.Blocks, func(b letter.Block) bool { return b.Machine })
}

// when is a moment in the school's zone, as people read it.
func when(ctx context.Context, t time.Time) string {
	t = t.In(zone(route.ActorFrom(ctx)))
	return lang.From(ctx).Date(t) + ", " + lang.From(ctx).Time(t)
}

// orUntitled is the name of a message in lists.
func orUntitled(ctx context.Context, title string) string {
	if title == "" {
		return lang.T(ctx, "Message without a title")
	}
	return title
}
