// Package voice keeps the voices of people who read a text aloud, so that who rather listens hears a person: one recording
// per text and language, with the speaker's consent.
//
// A recording belongs to the words that were spoken. When those change it is not played any more, and staff see that it
// has to be spoken anew. A recording of the support centre's own house counts for every school that has none itself.
// Called by voiceweb (queue, recording) and by the family page (Play). What a recording is, is found out by package audio.
//
// Tables: recordings, voice_links. Files: voice/SCHOOL/RECORDING; they go at once when a recording is replaced or dropped.
package voice

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"time"

	"brug/internal/lang"
	"brug/internal/material"
)

// MaxSpeaker is the longest name or role of a speaker, in characters.
const MaxSpeaker = 80

// Recording is a voice for a text in one language.
type Recording struct {
	PublicID string
	Material string // slug
	Title    string // of the material in the actor's language; only in a Queue
	Lang     string // BCP 47
	Speaker  string // name or role
	Type     string // as a browser is told: "audio/webm"
	Bytes    int64
	Length   time.Duration
	At       time.Time
	Centre   bool // of the support centre: it can be dropped there only
	Changed  bool // the words have changed since: families do not hear it any more

	id       int64
	schoolID int64
	digest   string
	key      string
}

// Line is one text for the speaker, in the order in which it is spoken.
type Line struct {
	material.Piece
	Pictogram string
	Title     bool
}

// Script is what a speaker reads.
type Script struct {
	Lang   string   // that is to be heard, BCP 47
	From   string   // of the words: Lang, or the language that is put into Lang while speaking
	Others []string // further languages of the words that a speaker may rather read
	Lines  []Line
}

// spoken tells whether a language has no texts of its own, so that a speaker puts another one into words.
func spoken(e *material.Entry, tag string) bool {
	_, own := textIn(e, tag)
	return !own
}

// textIn is the text of an entry in a language, or in the one that it is a variety of.
func textIn(e *material.Entry, tag string) (material.Text, bool) {
	if t, ok := e.Texts[tag]; ok {
		return t, true
	}
	base, _, _ := strings.Cut(tag, "-")
	t, ok := e.Texts[base]
	return t, ok
}

// bridges are languages from which speakers of languages without texts of ours often read.
var bridges = []string{"ar", "nl", "fr"}

// ScriptFor is what is to be spoken in a language: the text in it, or else the main text, or that in the language from
// (one of Others). Placeholders stand as words that are true for everybody: a recording cannot name a child.
func ScriptFor(e *material.Entry, tag, from string) Script {
	s := Script{Lang: tag, From: tag}
	if spoken(e, tag) {
		s.From = e.Main
		if _, ok := e.Texts[from]; ok {
			s.From = from
		}
		for _, other := range append([]string{e.Main}, bridges...) {
			if _, ok := e.Texts[other]; ok && other != s.From && !slices.Contains(s.Others, other) {
				s.Others = append(s.Others, other)
			}
		}
	}
	sheet := e.Sheet(s.From, anybody(s.From))
	add := func(p material.Piece, pictogram string, title bool) {
		if p.Text != "" {
			p.Text = once(p.Text, anybody(p.Lang))
			s.Lines = append(s.Lines, Line{p, pictogram, title})
		}
	}
	add(sheet.Title, "", true)
	face := e.Picture
	if len(e.Parts) > 0 && e.Parts[0].Pictogram == face {
		face = "" // it stands at the next line
	}
	add(sheet.Intro, face, false)
	for _, p := range sheet.Parts {
		if p.Name != "" {
			p.Text = p.Name + ". " + p.Text
		}
		add(p.Piece, p.Pictogram, p.Role == material.Subhead)
	}
	add(sheet.Close, "", false)
	return s
}

// anybody fills placeholders with words that suit every family, in the language of the text.
func anybody(tag string) material.Fill {
	l := lang.For(tag)
	return material.Fill{Child: l.C("spoken", "your child"), Teacher: l.C("spoken", "the teacher"), Class: l.C("spoken", "the class"), School: l.C("spoken", "the school"),
		Phone: l.C("spoken", "the number on this page"), Date: l.C("spoken", "the day on this page"), Time: l.C("spoken", "the time on this page"), Place: l.C("spoken", "the place on this page")}
}

// once says a word only once that stands before a placeholder and begins its words too: "your child {child}" is written for
// a name, and no speaker says "your child your child".
func once(text string, f material.Fill) string {
	for _, words := range []string{f.Child, f.Teacher, f.Class, f.School} {
		each := strings.Fields(words)
		for n := range each {
			begin, rest := strings.Join(each[:n+1], " "), strings.Join(append([]string{""}, each[n+1:]...), " ")
			twice := regexp.MustCompile(`(?i)(^|\P{L})(` + regexp.QuoteMeta(begin) + `)\s+` + regexp.QuoteMeta(words))
			text = twice.ReplaceAllStringFunc(text, func(found string) string {
				m := twice.FindStringSubmatch(found)
				return m[1] + m[2] + rest
			})
		}
	}
	return text
}

// digest is of the words that are spoken for a language: the text in it, else the main text. The words alone count, not
// the pictures; who the team is counts.
func digest(e *material.Entry, tag string) string {
	t, own := textIn(e, tag)
	main := e.Texts[e.Main]
	pick := func(mine, theirs string) string {
		if own && mine != "" {
			return mine
		}
		return theirs
	}
	h := sha256.New()
	add := func(s string) {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	add(pick(t.Title, main.Title))
	add(pick(t.Intro, main.Intro))
	at := func(parts []string, i int) string {
		if i < len(parts) {
			return parts[i]
		}
		return ""
	}
	for i, p := range e.Parts {
		add(p.Name)
		add(pick(at(t.Parts, i), at(main.Parts, i)))
	}
	add(pick(t.Close, main.Close))
	return hex.EncodeToString(h.Sum(nil)[:16])
}
