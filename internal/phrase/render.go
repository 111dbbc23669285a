package phrase

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"brug/internal/errs"
	"brug/internal/lang"
)

// Values are what stands in the slots, each written as its Slot says.
type Values map[Slot]string

// Limits of values: what a family can take in, and what fits a line on paper.
const (
	MaxCount = 999
	MaxThing = 3  // things in one phrase
	MaxOwn   = 60 // characters of own words, names, classes
	MaxCents = 99_999_00
)

var timeForm = regexp.MustCompile(`^([01]?[0-9]|2[0-3])[:.h]([0-5][0-9])$`)

// Check asks whether the values fit the slots of the phrase, each with the field "slot.NAME". It mends what is clearly
// meant ("8.30", "12,5") in place. today is the first day that a date may name (YYYY-MM-DD).
func (b *Bank) Check(p *Phrase, v Values, today string) error {
	var c errs.Check
	for _, slot := range p.Slots {
		field, s := "slot."+string(slot), strings.TrimSpace(v[slot])
		if slot == Child {
			v[Child] = "{child}"
			continue
		}
		if s == "" {
			c.That(false, field, "Fill this in.")
			continue
		}
		switch slot {
		case Date:
			day, err := time.Parse(time.DateOnly, s)
			c.That(err == nil, field, "Choose a day.")
			c.That(err != nil || s >= today, field, "This day is over. Choose today or later.")
			c.That(err != nil || day.Year() < 2100, field, "Choose a day.")
		case Time:
			m := timeForm.FindStringSubmatch(s)
			c.That(m != nil, field, "Write a time such as 8:30 or 15:05.")
			if m != nil {
				s = m[1] + ":" + m[2]
				if len(m[1]) == 1 {
					s = "0" + s
				}
			}
		case Count:
			n, err := strconv.Atoi(s)
			c.That(err == nil && n >= 0 && n <= MaxCount, field, "Write a whole number, at most {max}.", "max", MaxCount)
		case Money:
			cents, ok := Cents(s)
			c.That(ok && cents >= 0 && cents <= MaxCents, field, "Write an amount such as 5 or 12,50.")
			if ok {
				s = strconv.Itoa(cents/100) + "." + strconv.Itoa(cents/10%10) + strconv.Itoa(cents%10)
			}
		default:
			parts := items(slot, s)
			c.That(len(parts) <= MaxThing, field, "Choose at most {max}.", "max", MaxThing)
			for _, word := range parts {
				if kind, _, isWord := strings.Cut(word, "/"); isWord && (kind == string(Thing) || kind == string(Place)) {
					w, ok := b.Word(word)
					c.That(ok && w.Slot == slot, field, "Choose from the list.")
					continue
				}
				c.That(utf8.RuneCountInString(word) <= MaxOwn, field, "This is too long. Write at most {max} letters.", "max", MaxOwn)
				c.That(!strings.ContainsAny(word, "{}") && strings.IndexFunc(word, unicode.IsControl) < 0, field, "Only words here, please.")
			}
		}
		v[slot] = s
	}
	return c.Err()
}

// items are the values of a slot that takes several, a line each.
func items(slot Slot, s string) []string {
	if slot != Thing {
		return []string{strings.TrimSpace(s)}
	}
	var out []string
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// Cents reads an amount of euros as people write it: "5", "12,50", "12.5", "€ 3". False if it is none.
func Cents(s string) (int, bool) {
	s = strings.TrimSpace(strings.Trim(strings.TrimSpace(s), "€"))
	whole, part, has := strings.Cut(strings.ReplaceAll(s, ",", "."), ".")
	if !has {
		part = "00"
	}
	if len(part) == 1 {
		part += "0"
	}
	for _, digits := range []string{whole, part} {
		if digits == "" || len(digits) > 6 || strings.Trim(digits, "0123456789") != "" {
			return 0, false
		}
	}
	if len(part) != 2 {
		return 0, false
	}
	n, err := strconv.Atoi(whole + part)
	return n, err == nil
}

// Render is the phrase in a language (BCP 47) with its values put in: days, times, numbers, amounts, plurals and lists as
// CLDR writes them there, own words of another direction isolated. {child} stays, for package material. False if the phrase,
// or a word of the bank in it, lacks in that language: then nothing is rendered rather than a mixture.
// The values must have passed Check.
func (b *Bank) Render(tag string, p *Phrase, v Values) (string, bool) {
	in, ok := p.in(tag)
	if !ok {
		return "", false
	}
	l := lang.For(tag)
	form := ""
	if s, counted := v[Count]; counted {
		n, err := strconv.Atoi(s)
		if err != nil {
			return "", false
		}
		form = l.Plural(n)
	}
	text, ok := p.forms[in][form]
	if !ok {
		if text, ok = p.forms[in]["other"]; !ok {
			text = p.forms[in][""]
		}
	}
	whole := true
	filled := slotForm.ReplaceAllStringFunc(text, func(m string) string {
		s, ok := b.value(l, Slot(strings.Trim(m, "{}")), v)
		whole = whole && ok
		return s
	})
	if !whole || filled == "" {
		return "", false
	}
	if strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "{child}") {
		filled = capital(l.Tag(), filled)
	}
	return filled, true
}

// value is a slot's value as the language writes it.
func (b *Bank) value(l *lang.Locale, slot Slot, v Values) (string, bool) {
	s, ok := v[slot]
	if !ok {
		return "", false
	}
	switch slot {
	case Child:
		return "{child}", true
	case Date:
		day, err := time.Parse(time.DateOnly, s)
		return l.Date(day), err == nil
	case Time:
		at, err := time.Parse("15:04", s)
		return l.Time(at), err == nil
	case Count:
		n, err := strconv.Atoi(s)
		return l.Number(n), err == nil
	case Money:
		cents, ok := Cents(s)
		return l.Isolate(l.Euro(cents)), ok
	case Thing, Place:
		var words []string
		for _, item := range items(slot, s) {
			if w, known := b.Word(item); known {
				t, has := w.In(l.Tag())
				if !has {
					return "", false
				}
				item = t
			} else {
				item = l.Isolate(item)
			}
			words = append(words, item)
		}
		return l.List(words), len(words) > 0
	}
	return l.Isolate(s), true
}

// capital writes the first letter of a sentence large, as its language does: "İ" for the Turkish i.
func capital(tag, s string) string {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case !unicode.IsLower(r):
		return s
	case r == 'i' && (tag == "tr" || tag == "az"):
		return "İ" + s[size:]
	}
	return string(unicode.ToTitle(r)) + s[size:]
}

// Texts is the phrase in every language that has it, by tag.
func (b *Bank) Texts(p *Phrase, v Values) map[string]string {
	out := map[string]string{}
	for tag := range p.forms {
		if s, ok := b.Render(tag, p, v); ok {
			out[tag] = s
		}
	}
	return out
}

// Sample is a phrase with the names of its slots in their place, as a list shows it, in the reader's language; where it
// lacks there, in Dutch. in is the language it is in.
func (b *Bank) Sample(l *lang.Locale, p *Phrase) (text, in string) {
	in, ok := p.in(l.Tag())
	if !ok {
		in = Source
	}
	text, ok = p.forms[in][""]
	if !ok {
		forms := Forms(in)
		text = p.forms[in][forms[0]] // that of 0: several, or the only one
	}
	return slotForm.ReplaceAllStringFunc(text, func(m string) string {
		return "‹" + Slot(strings.Trim(m, "{}")).short(lang.For(in)) + "›"
	}), in
}

// short is one word for the slot within a sentence.
func (s Slot) short(l *lang.Locale) string {
	switch s {
	case Child:
		return l.C("slot", "child")
	case Date:
		return l.C("slot", "day")
	case Time:
		return l.C("slot", "time")
	case Thing:
		return l.C("slot", "what")
	case Place:
		return l.C("slot", "place")
	case Name:
		return l.C("slot", "name")
	case Class:
		return l.C("slot", "class")
	case Count:
		return l.C("slot", "number")
	}
	return l.C("slot", "amount")
}
