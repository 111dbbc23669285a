package ui

import (
	"hash/fnv"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"brug/internal/lang"
)

// Tag is a small label beside a name: a language, a draft, a number of children.
type Tag struct {
	Label string
	Tone  Tone // Note is the quiet one
	Icon  string
	Lang  string // of Label, where it is not the page's
}

// Item is a line of work: who it is about, what it is, and what to do with it. At most one First among its Actions.
type Item struct {
	Name    string // whose mark stands in front; see Initial. Empty with Icon empty: no mark
	Key     string // keeps the mark's colour when two have one name; Name unless set
	Icon    string // in front, in place of the initial
	Lead    string // what is bold: the child's first name, or the thing
	Text    string // the rest of the sentence
	URL     string // Lead leads there
	Note    string // a quieter line below
	Tags    []Tag
	Actions []Action
}

// Column heads a column of Table. Label is also what stands beside the value on a phone, where rows become cards.
type Column struct {
	Label string
	Kind  ColumnKind
}

// ColumnKind says how a column is set.
type ColumnKind string

// The kinds of column.
const (
	TextColumn   ColumnKind = ""
	MarkColumn   ColumnKind = "mark"   // a Mark, narrow and centred
	NumberColumn ColumnKind = "number" // figures, at the end of the column
	DoColumn     ColumnKind = "do"     // buttons
)

// Columns makes text columns from their labels.
func Columns(labels ...string) []Column {
	out := make([]Column, len(labels))
	for i, l := range labels {
		out[i].Label = l
	}
	return out
}

// State is how far something came with a family; see Mark.
type State string

// The states. They never judge a family: they say what the school has done.
const (
	NotYet   State = "none"     // nothing yet, and nothing planned
	Planned  State = "planned"  // has a date, or is prepared
	Tried    State = "tried"    // offered or tried; not known whether it came through
	Reached  State = "done"     // it arrived, or it was done
	Answered State = "answered" // it arrived, and the family answered
	NotHere  State = "off"      // does not go for this family
)

// States in the order of a legend.
var States = []State{Answered, Reached, Tried, Planned, NotYet}

var stateNames = map[State]string{
	NotYet:   lang.Msg("Not yet"),
	Planned:  lang.Msg("Planned"),
	Tried:    lang.Msg("Tried"),
	Reached:  lang.Msg("Reached"),
	Answered: lang.Msg("Answered"),
	NotHere:  lang.Msg("Does not apply"),
}

// Tab is one of several views of the same thing; each is a page of its own.
type Tab struct {
	Label   string
	URL     string
	Current bool
	Count   int
}

// Turn are the ways on and back through a long list, by key and not by number: "newer" and "older" do not move when
// something is added meanwhile. An empty URL has no link.
type Turn struct {
	PrevURL, NextURL string
	Prev, Next       string // labels; "Previous" and "Next" unless set
}

// Nothing is what stands in place of an empty list: why it is empty, and what to do first.
type Nothing struct {
	Title, Text string
	Pictogram   string // or Icon
	Icon        string
	Action      Action
}

// Question asks before something that cannot be taken back. It is a page of its own, not a dialog: it works without
// script, can be linked to, and its answer is a POST.
type Question struct {
	Text    string   // what will happen
	Points  []string // in detail: what goes, what stays
	Yes     Action   // with Post; Grave if something is lost
	NoURL   string   // back to where the person came from
	No      string   // "No, go back" unless set
	Pressed *Form    // for what has to be typed first; may be nil
}

// Work is long work that runs in the background: the page may be left and found again.
type Work struct {
	Title string // what is being made
	Done  int    // how much is ready, of Total; the unit stands in Text
	Total int    // 0: not known yet
	Text  string // "212 of 640 pages"
	State WorkState
	URL   string // of this very page, asked again every two seconds while it runs
	ID    string // id of the element; "work" unless set
}

// WorkState says how the work stands.
type WorkState string

// The states of work.
const (
	Waiting  WorkState = "waiting"
	Running  WorkState = "running"
	Finished WorkState = "finished"
	Failed   WorkState = "failed"
)

// Ended tells whether nothing more will happen.
func (w Work) Ended() bool { return w.State == Finished || w.State == Failed }

func (w Work) id() string {
	if w.ID == "" {
		return "work"
	}
	return w.ID
}

func (w Work) percent() int {
	if w.State == Finished {
		return 100
	}
	if w.Total <= 0 || w.Done <= 0 {
		return 0
	}
	return min(100, w.Done*100/w.Total)
}

// Share is a part of a whole, drawn as a strip: households reached, of all. The words beside it are its twin.
type Share struct {
	Full  int    // surely
	Half  int    // in part: tried, waits for an answer
	Total int    //
	Text  string // "22 of 27 households"
}

// widths are the ends of the full and the half part on a strip 1000 units long.
func (s Share) widths() (full, half string) {
	if s.Total <= 0 {
		return "0", "0"
	}
	f := min(1000, max(0, s.Full)*1000/s.Total)
	h := min(1000, max(0, s.Full+s.Half)*1000/s.Total)
	return strconv.Itoa(f), strconv.Itoa(h)
}

// Tile is a material, a book, a class: a picture and a few words that lead somewhere.
type Tile struct {
	Title, Text string
	URL         string
	Pictogram   string
	Icon        string
	Tags        []Tag
	Tint        Tint
}

// Tint is one of the soft grounds for home practices; "" is the card's own. Never the only sign of anything.
type Tint string

// The tints.
const (
	Sage Tint = "sage"
	Sky  Tint = "sky"
	Sand Tint = "sand"
	Rose Tint = "rose"
)

// Fact is a line of a list of facts.
type Fact struct {
	Term, Text string
	URL        string // Text leads there
}

// hues is the number of colours for initials.
const hues = 8

// hueOf gives the same child the same colour on every page; key is a public id or a name.
func hueOf(key string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key)) // a hash does not fail
	return "hue-" + strconv.Itoa(int(h.Sum32()%hues))
}

// initial is the first letter of a name as it is written: with what belongs to it, large where the script has that.
func initial(name string) string {
	name = strings.TrimLeftFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	r, n := utf8.DecodeRuneInString(name)
	if n == 0 {
		return "·"
	}
	out := string(unicode.ToUpper(r))
	for _, m := range name[n:] {
		if !unicode.Is(unicode.Mn, m) {
			break
		}
		out += string(m)
	}
	return out
}

func (i Item) key() string {
	if i.Key != "" {
		return i.Key
	}
	return i.Name
}

// hiddenNames are the names of hidden fields, in an order that does not change from page to page.
func hiddenNames(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for n := range m {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

func buttonClass(a Action) string {
	c := "button"
	if a.Kind != Plain {
		c += " " + string(a.Kind)
	}
	if a.Small {
		c += " small"
	}
	return c
}

func toneIcon(t Tone) string {
	switch t {
	case Done, Care, Fail:
		return string(t)
	}
	return string(Note)
}

func toneClass(t Tone) string { return "tone-" + toneIcon(t) }

// dirOf is the direction of a language.
func dirOf(tag string) string { return lang.Dir(tag) }

// small makes an action fit into a row.
func small(a Action) Action {
	a.Small = true
	return a
}
