package materialweb

import (
	"context"
	"slices"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/packs"
	"brug/internal/plain"
	"brug/internal/roster"
	"brug/internal/web/route"
	"brug/internal/web/ui"
)

// The ways to look at a text before it is saved.
const (
	asPhone = "phone"
	asMail  = "mail"
	asSMS   = "sms"
	asPaper = "paper"
)

// look is the preview beside the text.
type look struct {
	as     string
	sheet  material.Sheet
	child  string
	sample string // where a link would stand
	sms    plain.SMS
	bubble []string
	pages  []string // SVG of each page of paper
	paper  string   // why there is none; "" if there is
	about  string   // what they show, for those who hear the page
	status material.Status
	meter  meter
}

// meter is what can be measured of the whole text in the material's own language.
type meter struct {
	tag   string
	words int
	most  int // of the kind; 0: no matter
	level plain.Level
	has   bool
	twice [][]string
	some  bool // hints know this language
	all   bool // all of them
}

// ways are the ways that make sense for a kind: what hangs on a wall is sent to nobody.
func ways(ctx context.Context, s material.KindSpec) []ui.Option {
	out := []ui.Option{{Value: asPhone, Label: lang.T(ctx, "Phone"), Icon: "sms"}}
	if s.Personal {
		out = append(out, ui.Option{Value: asMail, Label: lang.T(ctx, "Mail"), Icon: "mail"}, ui.Option{Value: asSMS, Label: lang.C(ctx, "preview", "SMS"), Icon: "messages"})
	}
	return append(out, ui.Option{Value: asPaper, Label: lang.T(ctx, "Paper"), Icon: "paper"})
}

// sampleFill is what the placeholders stand for in a preview: a first name, a day next week, the phone of the school.
func (p *Pages) sampleFill(ctx context.Context, by auth.Actor, class string) (material.Fill, error) {
	phone, err := p.Material.SchoolPhone(ctx, by)
	if err != nil {
		return material.Fill{}, err
	}
	day := p.Now().AddDate(0, 0, 7)
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, 1)
	}
	if class == "" {
		class = "3A"
	}
	return material.Fill{Child: lang.T(ctx, "Noor"), Teacher: by.Name, Class: class, School: by.School.Name, Phone: roster.PhoneInGroups(phone), Date: day.Format(time.DateOnly), Time: "15:30"}, nil
}

// sampleLink is how a personal link looks, in a preview: as long as a real one and in the same signs, and it leads nowhere.
const sampleLink = "https://brug.example/c/4821-0937-2265"

func lookAt(d material.Edit, main, tag, as string, fill material.Fill) look {
	e := d.Entry(main)
	if !slices.Contains(lang.Family, tag) {
		tag = main
	}
	s := e.Sheet(tag, fill)
	l := look{as: as, sheet: s, child: fill.Child, sample: sampleLink, status: s.Status, meter: measure(d, main)}
	if as == asSMS {
		text := s.SMS(sampleLink)
		l.sms, l.bubble = plain.Count(text), plain.Split(text)
	}
	return l
}

func measure(d material.Edit, main string) meter {
	m := meter{tag: main, most: d.Kind.Spec().Words}
	m.some, m.all = plain.Knows(main)
	all := d.WordsIn(main)
	for _, s := range all {
		m.words += plain.WordCount(s)
	}
	if m.all {
		m.level, m.has = plain.LevelOf(strings.Join(all, "\n"))
		m.twice = plain.Twice(all)
	}
	return m
}

// smsWords says how many SMS a text makes.
func smsWords(ctx context.Context, l look) string {
	return lang.N(ctx, l.sms.Segments, "{n} SMS: {units} signs, room for {left} more.", "{n} SMS: {units} signs, room for {left} more.", "units", l.sms.Units, "left", l.sms.Left)
}

// photoPath is where a photo of the school is found.
func photoPath(ctx context.Context, id string) string { return route.Path(ctx, "photos", id) }

// onPaper puts the pages of paper into the preview, as the press draws them. What cannot be printed is told in its place.
func (p *Pages) onPaper(ctx context.Context, by auth.Actor, l *look, d material.Edit, main string, fill material.Fill) error {
	l.about = lang.T(ctx, "The text on paper, as it is printed")
	drawn, err := p.Packs.Draw(ctx, by, d.Entry(main), packs.SheetChoice{Langs: []string{l.sheet.Lang}, Sample: d.Kind.Spec().Personal, Date: fill.Date, Time: fill.Time}, "look-")
	for _, t := range errs.FieldsOf(err) {
		l.paper = lang.From(ctx).Text(t)
		return nil
	}
	for _, page := range drawn {
		l.pages = append(l.pages, strings.Replace(string(page), "<svg ", `<svg aria-hidden="true" `, 1)) // the words are heard on the phone's view
	}
	return err
}

// mailWords are the lines of the mail before its link: greeting, text, and what the link is for.
func mailWords(l look) []material.Piece {
	own := lang.For(l.sheet.Lang)
	out := []material.Piece{{Text: own.T("For the family of {child}", "child", l.child), Lang: own.Tag()}}
	out = append(out, l.sheet.Lines()...)
	return append(out, material.Piece{Text: own.T("Answer with one tap. You need no account."), Lang: own.Tag()})
}

// mailText is the mail for who reads no HTML.
func mailText(l look) []material.Piece {
	return append(mailWords(l), material.Piece{Text: l.sample, Lang: "en"})
}
