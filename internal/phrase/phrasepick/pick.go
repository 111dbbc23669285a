// Package phrasepick is the part of a page on which fixed phrases are found, tapped and filled in. The pages of phrases
// (phraseweb) and of messages (messagesweb) have it. What is picked travels in the form of the page, so it works without
// script, and nothing is kept before the page keeps it. It owns no tables.
package phrasepick

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/phrase"
	"brug/internal/web/ui"
)

// Part is one picked sentence.
type Part struct {
	Phrase *phrase.Phrase
	Values phrase.Values
}

// Line is the sentence in a language, with a first name to show it; ok is false where it lacks.
func (p Part) Line(ctx context.Context, tag string) (text string, ok bool) {
	s, ok := phrase.Shipped().Render(tag, p.Phrase, p.Values)
	if !ok {
		return "", false
	}
	return material.Fill{Child: lang.T(ctx, "Noor")}.In(tag, s), true
}

// Asks tells whether a phrase wants values from the person: the child's name puts itself in.
func Asks(ph *phrase.Phrase) bool {
	return slices.ContainsFunc(ph.Slots, func(s phrase.Slot) bool { return s != phrase.Child })
}

// Picker is the picked sentences and the one that is being picked. Its fields in the form: s0=SLUG, s0.date=… for what is
// picked; q and group for the search; asking, at, slot.NAME and own.NAME for the phrase whose slots are being filled; and
// the buttons do=WHAT or do=WHAT:WHICH with the words of Do.
type Picker struct {
	Form   *ui.Form
	Main   string // language in which the picked sentences are shown
	Max    int    // how many there may be
	Parts  []Part
	Asking *Part // the phrase whose slots are being filled; nil: none
	At     int   // which part is being changed; -1: a new one
	URL    string
	Within string // id of the part of the page that changes, where there is script

	found []*phrase.Phrase
	more  int // found and not shown
}

// Read takes the picked sentences from a form. A phrase that the bank does not know is left out.
func Read(f *ui.Form, main string, most int) *Picker {
	p := &Picker{Form: f, Main: main, Max: most, At: -1}
	for i := range most {
		name := partName(i)
		ph, ok := phrase.Shipped().Find(f.Get(name))
		if !ok {
			continue
		}
		one := Part{ph, phrase.Values{}}
		for _, slot := range ph.Slots {
			one.Values[slot] = strings.ReplaceAll(f.Get(name+"."+string(slot)), "\r\n", "\n")
		}
		if phrase.Shipped().Check(ph, one.Values, "") == nil {
			p.Parts = append(p.Parts, one)
		}
	}
	return p
}

// Do does what a pressed button says: add, put, edit, up, down, drop, group or find. mine is false for any other word.
// today is the first day that a date may name (YYYY-MM-DD). What is wrong with what was typed stands in the form.
func (p *Picker) Do(do, today string) (mine bool, err error) {
	what, which, _ := strings.Cut(do, ":")
	n, err := strconv.Atoi(which)
	if err != nil || n < 0 || n >= len(p.Parts) {
		n = -1
	}
	switch what {
	case "find":
	case "group": // pressed once more it shows everything again
		if p.Form.Get("group") == which {
			which = ""
		}
		p.Form.Set("group", which)
	case "add":
		return true, p.add(which)
	case "put":
		return true, p.put(today)
	case "edit":
		p.Edit(n)
	case "up":
		if n > 0 {
			p.Parts[n-1], p.Parts[n] = p.Parts[n], p.Parts[n-1]
		}
	case "down":
		if n >= 0 && n < len(p.Parts)-1 {
			p.Parts[n+1], p.Parts[n] = p.Parts[n], p.Parts[n+1]
		}
	case "drop":
		if n >= 0 {
			p.Parts = slices.Delete(p.Parts, n, n+1)
		}
	default:
		return false, nil
	}
	return true, nil
}

// Edit opens the part at a place to be filled in anew, if there is one that asks for something.
func (p *Picker) Edit(at int) {
	if at >= 0 && at < len(p.Parts) && Asks(p.Parts[at].Phrase) {
		p.fillSlots(p.Parts[at])
		p.Asking, p.At = &p.Parts[at], at
	}
}

// Finish puts in the sentence that is being filled in, when somebody goes on without having put it in; the form then has it as
// Read takes it. One that was only looked at falls away. today as for Do.
func (p *Picker) Finish(today string) error {
	ph, ok := phrase.Shipped().Find(p.Form.Get("asking"))
	if !ok || strings.Trim(strings.Join(slices.Collect(maps.Values(p.values(ph))), ""), "\n") == "" {
		return nil
	}
	if err := p.put(today); err != nil || p.Asking != nil {
		return err
	}
	for i, one := range p.Parts {
		Set(p.Form, i, one.Phrase.Slug, one.Values)
	}
	for _, name := range []string{"asking", "at"} {
		p.Form.Values.Del(name)
	}
	return nil
}

// Set puts a sentence into a form, as Read takes it from there.
func Set(f *ui.Form, at int, slug string, values phrase.Values) {
	f.Set(partName(at), slug)
	for slot, value := range values {
		f.Set(partName(at)+"."+string(slot), value)
	}
}

func (p *Picker) add(slug string) error {
	ph, ok := phrase.Shipped().Find(slug)
	if !ok {
		return errs.NotFoundf("phrase %s", slug)
	}
	if len(p.Parts) >= p.Max {
		p.Form.Fail("", "A message has at most {max} sentences.", "max", p.Max)
		return nil
	}
	one := Part{ph, phrase.Values{}}
	if Asks(ph) {
		p.clearSlots()
		p.Asking, p.At = &one, -1
		return nil
	}
	if err := phrase.Shipped().Check(ph, one.Values, ""); err != nil {
		return err
	}
	p.Parts = append(p.Parts, one)
	return nil
}

func (p *Picker) put(today string) error {
	ph, ok := phrase.Shipped().Find(p.Form.Get("asking"))
	if !ok {
		return errs.NotFoundf("phrase %s", p.Form.Get("asking"))
	}
	one := Part{ph, p.values(ph)}
	at, err := strconv.Atoi(p.Form.Get("at"))
	if err != nil || at < 0 || at >= len(p.Parts) {
		at = -1
	}
	if err := phrase.Shipped().Check(ph, one.Values, today); p.Form.Take(err) {
		p.Asking, p.At = &one, at
		return nil
	} else if err != nil {
		return err
	}
	if at >= 0 {
		p.Parts[at] = one
	} else if len(p.Parts) < p.Max {
		p.Parts = append(p.Parts, one)
	}
	p.clearSlots()
	return nil
}

// firstFound is how many phrases a list shows: what a person looks over before typing another letter.
const firstFound = 12

// Search finds what the form asks for, in the reader's language. Call it before Choose is drawn.
func (p *Picker) Search(tag string) {
	if p.Asking != nil {
		return
	}
	p.found = phrase.Shipped().Search(tag, p.Form.Get("q"), phrase.Group(p.Form.Get("group")))
	if len(p.found) > firstFound && p.Form.Get("group") == "" {
		p.more, p.found = len(p.found)-firstFound, p.found[:firstFound]
	}
}

// Fields are the picker's fields as they stand on the page, for the summary of errors.
func (p *Picker) Fields() []string {
	if p.Asking == nil {
		return []string{"q"}
	}
	var out []string
	for _, s := range p.Asking.Phrase.Slots {
		out = append(out, slotField(s))
	}
	return out
}

func partName(i int) string { return "s" + strconv.Itoa(i) }

// slotField and ownField are the fields in which a slot is asked: words of the bank may be ticked, own ones typed beside them.
func slotField(s phrase.Slot) string { return "slot." + string(s) }
func ownField(s phrase.Slot) string  { return "own." + string(s) }

// values are the values that were typed and chosen for a phrase.
func (p *Picker) values(ph *phrase.Phrase) phrase.Values {
	v := phrase.Values{}
	for _, slot := range ph.Slots {
		all := p.Form.All(slotField(slot))
		if own := p.Form.Get(ownField(slot)); own != "" {
			if slot == phrase.Place {
				all = nil
			}
			all = append(all, own)
		}
		v[slot] = strings.Join(all, "\n")
	}
	return v
}

func (p *Picker) fillSlots(one Part) {
	p.clearSlots()
	for slot, value := range one.Values {
		for _, line := range strings.Split(value, "\n") {
			if _, known := phrase.Shipped().Word(line); known || slot != phrase.Thing && slot != phrase.Place {
				p.Form.Values.Add(slotField(slot), line)
			} else {
				p.Form.Set(ownField(slot), line)
			}
		}
	}
}

func (p *Picker) clearSlots() {
	for _, s := range phrase.Slots() {
		p.Form.Values.Del(slotField(s))
		p.Form.Values.Del(ownField(s))
	}
}

// wordOptions are the words of the bank for a slot, in the reader's language and order.
func wordOptions(ctx context.Context, slot phrase.Slot) []ui.Option {
	tag := lang.From(ctx).Tag()
	var out []ui.Option
	for _, w := range phrase.Shipped().Words(slot) {
		text, _ := w.In(tag)
		out = append(out, ui.Option{Value: w.Slug, Label: text, Pictogram: w.Picture})
	}
	slices.SortStableFunc(out, func(a, b ui.Option) int { return strings.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	return out
}

// groups are what phrases are about, to tap.
func groups(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, g := range phrase.Groups() {
		out = append(out, ui.Option{Value: string(g), Label: lang.T(ctx, g.Text())})
	}
	return out
}

func doValue(what string, which any) string { return fmt.Sprintf("%s:%v", what, which) }

func pressed(on bool) string {
	if on {
		return "true"
	}
	return "false"
}

// Live makes a button ask for the picker's part of the page only, where there is script.
func (p *Picker) Live() templ.Attributes {
	return templ.Attributes{"hx-post": p.URL, "hx-target": "#" + p.Within, "hx-select": "#" + p.Within, "hx-swap": "outerHTML"}
}
