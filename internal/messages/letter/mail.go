package letter

import (
	"strconv"
	"strings"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/pictogram"
)

// Mail writes letters of one guardian as one mail: the subject, the text for those who read no HTML, and the HTML, which is
// small, has its style in it and fetches nothing. There is at least one letter; the frame is in the language of the first.
func Mail(letters []*Letter) (subject, text, html string) {
	return Subject(letters), Text(letters), HTML(letters)
}

// Subject is the line of a mail, a list or a sign on the phone. It has no isolating marks: lists show them as boxes.
func Subject(letters []*Letter) string {
	l := letters[0]
	if len(letters) > 1 {
		return unmarked.Replace(several(l.Lang, len(letters), l.School))
	}
	if l.School == "" || strings.Contains(l.Title.Text, l.School) {
		return unmarked.Replace(l.Title.Text)
	}
	return unmarked.Replace(l.School + ": " + l.Title.Text)
}

// unmarked takes the isolating marks away, for what cannot do anything with them.
var unmarked = strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "")

// Text is one or several letters as plain text. Lines are as long as their paragraphs.
func Text(letters []*Letter) string {
	var b strings.Builder
	b.Grow(1024)
	head := letters[0]
	if len(letters) > 1 {
		b.WriteString(several(head.Lang, len(letters), head.School))
		b.WriteString("\n\n")
	}
	for i, l := range letters {
		if i > 0 {
			b.WriteString("\n--------\n\n")
		}
		l.text(&b)
	}
	w := wordsIn(head.Lang)
	b.WriteString("\n-- \n")
	line := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p)
		}
		b.WriteByte('\n')
	}
	if head.From != "" {
		line(head.From)
	}
	if head.School != "" {
		line(head.School)
	}
	if head.Phone != "" {
		line(w.phone, ": ", head.Phone)
	}
	if head.Hours != "" {
		line(head.Hours)
	}
	if head.StopLink != "" {
		line(w.stop, ": ", head.StopLink)
	}
	return b.String()
}

// text is one letter without the foot.
func (l *Letter) text(b *strings.Builder) {
	w := wordsIn(l.Lang)
	line := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p)
		}
		b.WriteByte('\n')
	}
	line(l.Title.Text)
	b.WriteByte('\n')
	if l.Hello.Text != "" {
		line(l.Hello.Text)
		b.WriteByte('\n')
	}
	if notes := l.notes(); len(notes) > 0 {
		for _, n := range notes {
			line("* ", n.Text)
		}
		b.WriteByte('\n')
	}
	lines := material.Sheet{Lang: l.Lang, Parts: l.parts()}.Lines()
	for i, p := range lines {
		if i > 0 && l.apart(i, len(lines)) {
			b.WriteByte('\n')
		}
		line(p.Text)
	}
	if originals := l.Originals(); len(originals) > 0 {
		b.WriteByte('\n')
		line(w.original, ":")
		for _, p := range originals {
			b.WriteByte('\n')
			line(p.Text)
		}
	}
	if len(l.Files) > 0 {
		b.WriteByte('\n')
		line(w.files, ":")
		for _, f := range l.Files {
			line("- ", f.Name)
		}
	}
	if l.Link != "" {
		b.WriteByte('\n')
		line(w.read, ": ", l.Link)
		line(w.answer)
	}
}

// apart tells whether an empty line stands before line i of n: between paragraphs. Where there are headings above parts
// lines and blocks are not one to one, and lines stay together.
func (l *Letter) apart(i, n int) bool {
	return n == len(l.Blocks) && (l.Blocks[i].Role == "" && l.Blocks[i].Pictogram == "" || l.Blocks[i-1].Role == "" && l.Blocks[i-1].Pictogram == "")
}

func (l *Letter) parts() []material.SheetPart {
	out := make([]material.SheetPart, len(l.Blocks))
	for i, b := range l.Blocks {
		out[i] = material.SheetPart{Part: material.Part{Role: role(b), Name: b.Name}, Piece: b.Piece}
	}
	return out
}

// The look of a mail. Colours have a contrast of at least 7:1; sizes are large, for small telephones.
const (
	styleBody  = `margin:0;padding:0;background:#fbf8f3;color:#12343b;font:18px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif`
	styleSheet = `max-width:36em;margin:0 auto;padding:20px 16px`
	styleCard  = `background:#ffffff;border:1px solid #d8d2c6;border-radius:10px;padding:16px 20px;margin:0 0 16px`
	styleHead  = `font-size:16px;color:#3a5560;margin:0 0 12px`
	styleTitle = `font-size:24px;line-height:1.25;margin:0 0 12px`
	styleHello = `font-weight:bold;margin:0 0 12px`
	styleNote  = `background:#fdf3dc;border-radius:8px;padding:10px 14px;margin:0 0 12px;font-size:16px`
	styleP     = `margin:0 0 12px`
	styleOld   = `border-top:1px solid #d8d2c6;padding-top:12px;margin:16px 0 0;font-size:16px`
	styleLink  = `display:inline-block;background:#0e4f58;color:#ffffff;text-decoration:none;font-weight:bold;padding:13px 22px;border-radius:8px`
	styleFoot  = `font-size:16px;color:#3a5560;margin:0`
	stylePlain = `color:#0e4f58`
	styleTap   = stylePlain + `;display:inline-block;padding:11px 0`
)

// HTML is one or several letters as a mail of its own: nothing is fetched when it is opened, and nobody is told that it was.
func HTML(letters []*Letter) string {
	h := page{}
	h.b.Grow(4096)
	head := letters[0]
	w := wordsIn(head.Lang)
	h.lang = head.Lang
	h.raw(`<!doctype html><html lang="`, w.tag, `" dir="`, w.dir, `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>`)
	h.text(Subject(letters))
	h.raw(`</title></head><body dir="`, w.dir, `" style='`, styleBody, `'><div style="`, styleSheet, `"><p style="`, styleHead, `">`)
	if len(letters) > 1 {
		h.text(several(head.Lang, len(letters), head.School))
	} else {
		h.text(head.School)
	}
	h.raw(`</p>`)
	for _, l := range letters {
		h.letter(l)
	}
	h.raw(`<p style="`, styleFoot, `">`)
	br := ""
	foot := func(write func()) {
		h.raw(br)
		write()
		br = "<br>"
	}
	if head.From != "" {
		foot(func() { h.text(head.From) })
	}
	if head.Phone != "" {
		foot(func() {
			h.text(w.phone)
			h.raw(`: <a dir="ltr" style="`, styleTap, `" href="tel:`)
			h.text(head.Phone)
			h.raw(`">`)
			h.text(head.Phone)
			h.raw(`</a>`)
		})
	}
	if head.Hours != "" {
		foot(func() { h.text(head.Hours) })
	}
	if head.StopLink != "" {
		foot(func() {
			h.raw(`<a style="`, styleTap, `" href="`)
			h.text(head.StopLink)
			h.raw(`">`)
			h.text(w.stop)
			h.raw(`</a>`)
		})
	}
	h.raw(`</p></div></body></html>`)
	return h.b.String()
}

// page is HTML that is being written. lang is the language around what comes next.
type page struct {
	b    strings.Builder
	lang string
}

func (h *page) raw(parts ...string) {
	for _, p := range parts {
		h.b.WriteString(p)
	}
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

func (h *page) text(s string) { escape.WriteString(&h.b, s) } //nolint:errcheck // a Builder takes everything

// in writes the attributes of a block in another language than what is around it.
func (h *page) in(tag string) {
	if tag != "" && tag != h.lang {
		h.raw(` lang="`)
		h.text(tag)
		h.raw(`" dir="`, lang.Dir(tag), `"`)
	}
}

// block writes an element with a piece in it.
func (h *page) block(element, style string, p Piece) {
	if p.Text == "" {
		return
	}
	h.raw(`<`, element)
	h.in(p.Lang)
	h.raw(` style="`, style, `">`)
	h.lines(p.Text)
	h.raw(`</`, element, `>`)
}

// lines writes a text whose ends of line are kept.
func (h *page) lines(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			h.raw(`<br>`)
		}
		h.text(line)
	}
}

func (h *page) letter(l *Letter) {
	w := wordsIn(l.Lang)
	around := h.lang
	h.raw(`<div style="`, styleCard, `"`)
	h.in(l.Lang)
	h.raw(`>`)
	h.lang = l.Lang
	h.block("h1", styleTitle, l.Title)
	h.block("p", styleHello, l.Hello)
	for _, n := range l.notes() {
		h.block("p", styleNote, n)
	}
	var before material.Role
	number := 0
	for _, b := range l.Blocks {
		r := role(b)
		if r != before {
			before, number = r, 0
			switch r {
			case material.Need, material.Do, material.Say, material.Easier, material.Harder, material.Agree:
				head := r.In(l.Lang)
				h.block("h2", "font-size:18px;margin:16px 0 8px", head)
			}
		}
		number++
		h.part(b, r, number)
	}
	if originals := l.Originals(); len(originals) > 0 {
		h.raw(`<div style="`, styleOld, `">`)
		h.block("p", "font-weight:bold;margin:0 0 8px", Piece{Text: w.original, Lang: w.tag})
		for _, p := range originals {
			h.block("p", styleP, p)
		}
		h.raw(`</div>`)
	}
	if len(l.Files) > 0 {
		h.block("p", "font-weight:bold;margin:16px 0 4px", Piece{Text: w.files, Lang: w.tag})
		h.raw(`<ul style="margin:0 0 12px">`)
		for _, f := range l.Files {
			h.raw(`<li><bdi>`)
			h.text(f.Name)
			h.raw(`</bdi></li>`)
		}
		h.raw(`</ul>`)
	}
	if l.Link != "" {
		h.raw(`<p style="margin:18px 0 10px"><a style="`, styleLink, `" href="`)
		h.text(l.Link)
		h.raw(`">`)
		h.text(w.read)
		h.raw(`</a></p><p style="margin:0;font-size:16px">`)
		h.text(w.answer)
		h.raw(`</p>`)
	}
	h.raw(`</div>`)
	h.lang = around
}

// part writes one block: n is its number among those of its role.
func (h *page) part(b Block, r material.Role, n int) {
	if b.Text == "" {
		return
	}
	if r == material.Subhead {
		h.block("h2", "font-size:20px;margin:16px 0 8px", b.Piece)
		return
	}
	h.raw(`<p`)
	h.in(b.Lang)
	h.raw(` style="`, styleP, `">`)
	if sign := pictogram.Emoji(b.Pictogram); sign != "" {
		h.raw(`<span aria-hidden="true" style="font-size:24px">`, sign, `</span> `)
	}
	switch r {
	case material.Question, material.Do, material.Step:
		h.raw(`<b>`, strconv.Itoa(n), `.</b> `)
	case material.Point, material.Need, material.Agree:
		if b.Pictogram == "" {
			h.raw(`• `)
		}
	case material.Tick:
		h.raw(`☐ `)
	case material.Who:
		if b.Name != "" {
			h.raw(`<b><bdi>`)
			h.text(b.Name)
			h.raw(`</bdi></b>: `)
		}
	}
	if r == material.Say {
		h.raw(`“`)
	}
	h.lines(b.Text)
	switch r {
	case material.Say:
		h.raw(`”`)
	case material.Field, material.Sign:
		h.raw(`: `, material.Blank)
	}
	h.raw(`</p>`)
}
