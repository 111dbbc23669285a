package ui

import (
	"context"

	"brug/internal/lang"

	"github.com/a-h/templ"
)

// Page is what the staff layout and the public layout need to know. Every text in it is ready to be read: translated
// already, or typed by a person. URLs are paths on this host.
type Page struct {
	Title   string          // of the browser's tab, and of the page unless Heading is set
	Heading string          // the h1, where it differs from Title ("Good morning, Els")
	Lead    string          // one or two sentences under the h1
	Actions []Action        // buttons beside the h1; the first thing to do comes first
	Back    Link            // one step up; zero: none
	Crumbs  []Link          // the way here, from the top; the page itself is not in it. Use Back or Crumbs, not both
	Steps   []Step          // of a wizard; zero: none
	Flash   Flash           // what has just been done
	Wide    bool            // use the whole width: grids and big tables
	Extra   templ.Component // stands between the h1's block and the content: tabs, filters; may be nil

	School    string    // name, as the school writes it
	SchoolURL string    // start page of the school
	LogoURL   string    // the school's own logo; may be empty
	Person    string    // who is signed in; empty: nobody, and the rail shows no account
	PersonURL string    // own account
	Nav       []NavItem // the rail, in order; the first four make up the bar of a phone

	SignOutURL string     // POST goes there; "/signout" unless set
	Langs      []LangLink // choice of languages; nil: nl, fr and en by ?lang=
}

// NavItem is a line of the rail.
type NavItem struct {
	Label   string
	URL     string
	Icon    string // a name that Icon knows
	Current bool   // the page is this one, or below it
	Count   int    // how many things wait there; 0 shows nothing
}

// Link is a text that leads somewhere.
type Link struct{ Label, URL string }

// LangLink is a language to choose, in its own name.
type LangLink struct {
	Tag     string // BCP 47
	Name    string // in the language itself
	URL     string // GET
	Current bool
}

// Flash is one sentence about what has just happened.
type Flash struct {
	Kind Tone
	Text string
}

// Tone is the mood of a notice. It changes icon, tint and the word for those who hear the page; never the colour alone.
type Tone string

// The tones.
const (
	Note Tone = "note" // good to know; also the zero value
	Done Tone = "done" // what was asked has been done
	Care Tone = "care" // mind this; something waits or will be lost
	Fail Tone = "fail" // it did not work
)

// Action is a button or a link that looks like one. URL makes a link; Post makes a small form with one button; neither
// makes a submit button of the form around it.
type Action struct {
	Label    string // at most five words
	Icon     string
	Kind     Kind
	URL      string            // GET
	Post     string            // POST, with Hidden as fields
	Hidden   map[string]string // fields of Post
	Name     string            // of a submit button
	Value    string
	About    string // added to Label for those who hear the page: "Call" + "Amira"
	Small    bool
	Download bool // the link gives a file
}

// Kind is how loud a button is. One First on a card or row.
type Kind string

// The kinds of button.
const (
	Plain Kind = ""
	First Kind = "first"
	Quiet Kind = "quiet"
	Grave Kind = "grave" // deletes or ends something
)

// Step is one step of a wizard. URL lets a person go back to it.
type Step struct {
	Label string
	State StepState
	URL   string
}

// StepState says where a step stands.
type StepState int

// The states of a step, in order.
const (
	StepAhead StepState = iota
	StepNow
	StepDone
)

// Steps makes the steps of a wizard from their labels; now counts from 0.
func Steps(now int, labels ...string) []Step {
	out := make([]Step, len(labels))
	for i, l := range labels {
		out[i].Label = l
		switch {
		case i < now:
			out[i].State = StepDone
		case i == now:
			out[i].State = StepNow
		}
	}
	return out
}

func (p Page) h1() string {
	if p.Heading != "" {
		return p.Heading
	}
	return p.Title
}

func (p Page) signOut() string {
	if p.SignOutURL != "" {
		return p.SignOutURL
	}
	return "/signout"
}

func (p Page) langs(ctx context.Context) []LangLink {
	if p.Langs != nil {
		return p.Langs
	}
	return LangLinks(lang.Staff, lang.From(ctx).Tag(), func(tag string) string { return "?lang=" + tag })
}

// LangLinks offers each of tags in its own name: lang.Staff, or lang.Family for parents. now is the language of the page.
func LangLinks(tags []string, now string, url func(tag string) string) []LangLink {
	out := make([]LangLink, len(tags))
	for i, t := range tags {
		out[i] = LangLink{Tag: t, Name: lang.Endonym(t), URL: url(t), Current: t == now}
	}
	return out
}

// barItems is how many lines of the rail the bar of a phone shows; the rest stands at the foot of the page.
const barItems = 4

func (p Page) rest() []NavItem {
	if len(p.Nav) <= barItems {
		return nil
	}
	return p.Nav[barItems:]
}
