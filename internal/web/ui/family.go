package ui

import (
	"slices"

	"brug/internal/lang"

	"github.com/a-h/templ"
)

// FamilyPage is what the family layout needs to know. Its texts are in the parent's language; the school's name is as
// the school writes it. The whole first view (page, family.css, family.js) stays within 14 kB compressed: a test weighs
// it with the longest list of languages.
type FamilyPage struct {
	Title      string // of the tab and the page
	TitleLang  string // of Title, where it differs from the page's; may be empty
	School     string
	SchoolLang string // of School; "nl" unless set
	LogoURL    string // may be empty
	Large      bool   // large type is on
	LargeURL   string // turns it on or off: "?type=large", "?type=normal"; empty: no such button
	Langs      []LangLink
	Note       string // one sentence under the title; may be empty
	Flash      Flash  // what has just been done
	HomeURL    string // the family's first page, from one further in; may be empty
	Week       bool   // it is what hangs on the fridge: prints on one sheet
	Full       bool   // of Week: there is so much on that it needs small letters to be one sheet
	Torn       bool   // of Full: and so much that cards run on into the next column
	Listen     bool   // there is something to hear: adds the small script
	Script     string // another script of its own, an asset's name; may be empty
	Manifest   string // where a phone finds what it needs to keep the page as an app; may be empty
}

// SixLanguages say what to do where nobody knows yet who reads. The browser's language comes first, then those that most families
// around our first schools read.
func SixLanguages(first string) []string {
	six := []string{first}
	for _, tag := range []string{"nl", "fr", "ar", "tr", "en", "ti", "ro"} {
		if len(six) < 6 && !slices.Contains(six, tag) {
			six = append(six, tag)
		}
	}
	return six
}

func (p FamilyPage) class() string {
	class := "family"
	if p.Large {
		class += " large"
	}
	if p.Week {
		class += " week"
		if p.Full {
			class += " full"
		}
		if p.Torn {
			class += " torn"
		}
	}
	return class
}

func (p FamilyPage) js() string {
	if p.Listen {
		return "family.js"
	}
	return ""
}

func (p FamilyPage) schoolLang() string {
	if p.SchoolLang == "" {
		return lang.Fallback
	}
	return p.SchoolLang
}

func (p FamilyPage) langNow() LangLink {
	for _, l := range p.Langs {
		if l.Current {
			return l
		}
	}
	return LangLink{}
}

// FamilyItem is one card: one thing, for one child or for all.
type FamilyItem struct {
	ID        string   // of the text, for Listen; empty: nothing to hear
	Child     string   // first name; empty: for the whole family
	ChildKey  string   // keeps the colour; Child unless set
	Title     string   // h2; may be empty
	Text      []string // paragraphs
	Lang      string   // of Title and Text; the page's unless set
	Pictogram string
	Tint      Tint
	Late      bool // below the first screen: the picture is fetched when it is needed
}

func (i FamilyItem) childKey() string {
	if i.ChildKey != "" {
		return i.ChildKey
	}
	return i.Child
}

// Choice is a button on a family page: at most five words, always with a sign.
type Choice struct {
	Label       string
	Icon        string
	Name, Value string // of the button in the form around it
	First       bool
	On          bool // was chosen before
}

func (c Choice) class() string {
	s := "button"
	if c.First {
		s += " first"
	}
	if c.On {
		s += " on"
	}
	return s
}

func (c Choice) pressed() templ.Attributes {
	if c.On {
		return templ.Attributes{"aria-pressed": "true"}
	}
	return nil
}
