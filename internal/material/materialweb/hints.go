package materialweb

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/plain"
	"brug/internal/web/ui"
)

// hint is what the editor says under a field: why, and what it offers to put in.
type hint struct {
	text   errs.Text
	found  string // the words that it is about; "" for the whole field
	strong bool
	offers []offer
}

// offer is a button that puts words in place of those found. value is what it sends: it works without script.
type offer struct {
	label, value string
	leave        bool // takes the words away
}

// shownHints is how many hints stand under one field: more would be a wall, and the first ones help most.
const shownHints = 5

// clean is the text of a field as hints and their places know it.
func clean(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// hintsFor are the hints of each field with words, by the field's name. tag is the language of the field.
func hintsFor(ctx context.Context, f *ui.Form, spec material.KindSpec, tags []string, own []plain.Word, fill material.Fill) map[string][]hint {
	out := map[string][]hint{}
	look := func(field, tag string, sms bool) {
		name := field + "." + tag
		text := clean(f.Values.Get(name))
		if strings.TrimSpace(text) == "" {
			return
		}
		var hs []hint
		if h, is := braceHint(ctx, name, text); is {
			hs = append(hs, h)
		}
		if sms {
			hs = append(hs, smsHints(name, text, tag, fill)...)
		}
		for _, h := range plain.Hints(tag, text, own) {
			hs = append(hs, of(name, h))
		}
		if len(hs) > 0 {
			out[name] = hs
		}
	}
	for _, tag := range tags {
		look("title", tag, false)
		look("intro", tag, spec.SMS)
		look("close", tag, false)
		for i := range parts(f) {
			look(strings.TrimSuffix(part(i, ""), "."), tag, false)
		}
	}
	return out
}

func of(field string, h plain.Hint) hint {
	out := hint{text: h.Text, found: h.Found, strong: h.Strong}
	if h.Use != "" {
		out.offers = []offer{{label: h.Use, value: useValue(field, h.From, h.Found, h.Use)}}
	}
	return out
}

// useValue is what a button sends that puts words in place of others.
func useValue(field string, at int, was, now string) string {
	return "use:" + url.Values{"f": {field}, "at": {strconv.Itoa(at)}, "was": {was}, "now": {now}}.Encode()
}

// use does what useValue says; the text stays as it is when it has changed there since.
func use(f *ui.Form, value string) (field string) {
	v, err := url.ParseQuery(value)
	if err != nil {
		return ""
	}
	field = v.Get("f")
	at, err := strconv.Atoi(v.Get("at"))
	if err != nil || !f.Values.Has(field) || !wordField(field) {
		return ""
	}
	if s, ok := plain.Replace(clean(f.Values.Get(field)), at, v.Get("was"), v.Get("now")); ok {
		f.Set(field, s)
	}
	return field
}

// wordField tells whether a field of the form holds words: only those are changed by a hint.
func wordField(name string) bool {
	field, tag, ok := strings.Cut(name, ".")
	if !ok || !slices.Contains(lang.Family, tag) {
		return false
	}
	return field == "title" || field == "intro" || field == "close" || strings.HasPrefix(field, "part")
}

// braceHint tells of a placeholder that is broken, and offers the right ones.
func braceHint(ctx context.Context, name, text string) (hint, bool) {
	bad, at := material.BadBraces(text)
	if bad == "" {
		return hint{}, false
	}
	found := bad
	if bad == "{" { // half of one: what follows it belongs to it, up to the next space
		if end := strings.IndexAny(text[at:], " \n,.;:!?"); end > 0 {
			found = text[at : at+end]
		} else {
			found = text[at:]
		}
	} else if bad == "}" {
		found = text[strings.LastIndexAny(text[:at], " \n,.;:!?")+1 : at+1]
		at -= len(found) - 1
	}
	h := hint{text: errs.T("“{found}” is no name or date that Brug can fill in. It cannot be saved like this.", "found", found), found: found, strong: true}
	for _, p := range material.Nearest(found, func(p material.Placeholder) string { return lang.T(ctx, p.Text()) })[:3] {
		h.offers = append(h.offers, offer{label: lang.T(ctx, p.Text()), value: useValue(name, at, found, "{"+string(p)+"}")})
	}
	h.offers = append(h.offers, offer{value: useValue(name, at, found, ""), leave: true})
	return h, true
}

// smsHints tell when a text that is meant for one SMS makes more, and why.
func smsHints(name, text, tag string, fill material.Fill) []hint {
	sent := material.Sheet{Kind: material.Nudge, Intro: material.Piece{Text: fill.In(tag, text)}}.SMS("")
	n := plain.Count(sent)
	if n.Segments <= 1 {
		return nil
	}
	out := []hint{{text: errs.T("With the names filled in, this makes {n} SMS ({units} signs, {encoding}). One SMS is read and paid most easily.", "n", n.Segments, "units", n.Units, "encoding", string(n.Encoding)), strong: true}}
	for _, h := range plain.Signs(text) {
		out = append(out, of(name, h))
	}
	return out
}
