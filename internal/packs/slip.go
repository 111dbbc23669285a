package packs

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"brug/internal/contact"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/pictogram"
	"brug/internal/press"
)

// The colours on paper: those of the screen, dark enough for a grey printer.
var (
	deep = press.RGB(0x0F5257)
	soft = press.RGB(0x50676B)
	tint = press.RGB(0xF1EFE6)
)

// paper is what all pages of a pack share.
type paper struct {
	school    string // name
	main      string // language of the school
	logo      *press.Picture
	pictures  map[string]*press.Picture
	baseURL   string
	printed   time.Time // in the school's time zone
	expires   time.Time
	bilingual bool
}

// slipPage is the page of one family: the text in its language, room to write, and how to answer by phone.
func (p *paper) slipPage(sl slip, main material.Sheet, code contact.Code) press.Page {
	l := lang.For(sl.lang)
	s := sl.sheet
	both := p.bilingual && differs(s, p.main)
	page := press.Page{Size: press.A4, Lang: sl.lang, MinScale: 0.7, TextSize: 13.5, Accent: deep,
		Margins: press.Margins{Top: 15 * press.MM, Bottom: 12 * press.MM, Start: 18 * press.MM, End: 18 * press.MM}}
	page.Blocks = append(page.Blocks, p.letterhead(l), press.Space{Height: 7 * press.MM})
	if s.Lacks {
		page.Blocks = append(page.Blocks, press.Para{Text: press.T(l.T("This text is not there in your language yet. It is in {language}.", "language", lang.Name(sl.lang, s.Other))),
			Style: press.Style{Size: 11, Color: soft}})
	}
	name := press.Para{Text: press.Personal(l.T("For the family of {child}", "child", sl.name)), Style: press.Style{Size: 12, Color: soft}, KeepWithNext: true}
	if both && (s.Title.Lang != p.main || s.Intro.Lang != p.main) {
		page.Blocks = append(page.Blocks, name, press.Space{Height: 3 * press.MM},
			p.twin(sl.lang, []press.Block{p.title(s.Title, 19), p.para(s.Intro)}, []press.Block{p.title(main.Title, 19), p.para(main.Intro)}))
	} else {
		page.Blocks = append(page.Blocks, name, p.title(s.Title, 25), p.para(s.Intro))
	}
	page.Blocks = append(page.Blocks, press.Space{Height: 5 * press.MM})
	for i, q := range s.Parts {
		if both && q.Piece.Lang != p.main {
			page.Blocks = append(page.Blocks, p.twin(sl.lang, p.question(i, q.Piece, q.Pictogram, 0), p.question(i, main.Parts[i].Piece, "", 0)), press.WriteLines{N: linesFor(len(s.Parts)), Gap: 8 * press.MM}, press.Space{Height: 1.5 * press.MM})
			continue
		}
		page.Blocks = append(page.Blocks, p.question(i, q.Piece, q.Pictogram, linesFor(len(s.Parts)))...)
		page.Blocks = append(page.Blocks, press.Space{Height: 3 * press.MM})
	}
	if s.Close.Text != "" {
		if both && s.Close.Lang != p.main {
			page.Blocks = append(page.Blocks, p.twin(sl.lang, []press.Block{p.para(s.Close)}, []press.Block{p.para(main.Close)}))
		} else {
			page.Blocks = append(page.Blocks, p.para(s.Close))
		}
	}
	page.Footer = p.how(l, code)
	page.Header = []press.Block{press.Para{Text: press.Personal(l.T("For the family of {child}", "child", sl.name)), Style: press.Style{Size: 10, Color: soft}}}
	return page
}

// differs tells whether anything of the sheet is in another language than main. Where nothing is, a second column would
// say the same twice.
func differs(s material.Sheet, main string) bool {
	lacks := func(t material.Piece) bool { return t.Text != "" && t.Lang != main }
	return lacks(s.Title) || lacks(s.Intro) || lacks(s.Close) || slices.ContainsFunc(s.Parts, func(p material.SheetPart) bool { return lacks(p.Piece) })
}

// linesFor is how many lines to write on stand under each question: few questions leave more room.
func linesFor(questions int) int {
	switch questions {
	case 1:
		return 5
	case 2:
		return 3
	case 3:
		return 2
	}
	return 1
}

// look is the style of a text in a language: each script is set so that it reads as large as Latin beside it. Arabic letters
// are drawn small in a tall line, Nastaliq and Ethiopic a little so.
func look(tag string, size float64) press.Style {
	st := press.Style{Lang: tag, Size: size}
	switch base, _, _ := strings.Cut(tag, "-"); base {
	case "ar", "fa", "ps", "ckb", "ku":
		st.Size, st.Leading = size*1.2, 0.82
	case "ur":
		st.Size, st.Leading = size*1.1, 0.85
	case "ti", "am":
		st.Size = size * 1.1
	}
	return st
}

func (p *paper) letterhead(l *lang.Locale) press.Block {
	row := press.Row{Gap: 4 * press.MM}
	if p.logo != nil {
		row.Cells = append(row.Cells, press.Cell{Width: 22 * press.MM, VAlign: press.Middle, Blocks: []press.Block{press.Image{Picture: p.logo, Width: 22 * press.MM, Height: 14 * press.MM, Alt: p.school}}})
	}
	row.Cells = append(row.Cells,
		press.Cell{VAlign: press.Middle, Lang: p.main, Dir: direction(l), Blocks: []press.Block{press.Para{Text: press.Text{{Text: p.school, Bold: true, Lang: p.main, Color: deep}}, Style: press.Style{Size: 12}}}},
		press.Cell{VAlign: press.Middle, Blocks: []press.Block{press.Para{Text: press.T(l.DateYear(p.printed)), Style: press.Style{Size: 10.5, Color: soft, Align: press.End}}}})
	return row
}

func direction(l *lang.Locale) press.Dir {
	if l.Dir() == "rtl" {
		return press.RTL
	}
	return press.LTR
}

// twin puts two languages beside each other, level with one another.
func (p *paper) twin(tag string, mine, theirs []press.Block) press.Block {
	return press.Row{Gap: 8 * press.MM, Cells: []press.Cell{{Blocks: mine, Lang: tag}, {Blocks: theirs, Lang: p.main}}}
}

func coloured(st press.Style, c press.Color) press.Style {
	st.Color = c
	return st
}

func (p *paper) title(t material.Piece, size float64) press.Block {
	return press.Heading{Level: 1, Text: press.Personal(t.Text), Style: coloured(look(t.Lang, size), deep)}
}

func (p *paper) para(t material.Piece) press.Block {
	return press.Para{Text: press.Personal(t.Text), Style: look(t.Lang, 13.5)}
}

func (p *paper) pictureSize() float64 {
	if p.bilingual {
		return 12 * press.MM
	}
	return 15 * press.MM
}

func (p *paper) question(i int, t material.Piece, picture string, lines int) []press.Block {
	it := press.Item{Label: strconv.Itoa(i+1) + ".", Text: press.Personal(t.Text), Lines: lines, LineGap: 10 * press.MM, PictureSize: p.pictureSize()}
	if picture != "" {
		it.Picture = p.pictures[picture] // decoration: the words beside it say the same
	}
	return []press.Block{press.List{Items: []press.Item{it}, Style: look(t.Lang, 15)}}
}

// how says how to answer: three steps beside the code, the code in digits for who types, and the way without a phone.
func (p *paper) how(l *lang.Locale, code contact.Code) []press.Block {
	steps := press.List{Gap: 2, Style: look(l.Tag(), 11.5), Items: []press.Item{
		{Label: "1.", Text: press.T(l.T("Point the camera of your phone at this code."))},
		{Label: "2.", Text: press.T(l.T("See and hear the questions in your language."))},
		{Label: "3.", Text: press.T(l.T("Answer with one tap. You need no account."))},
	}}
	site := strings.TrimPrefix(strings.TrimPrefix(p.baseURL, "https://"), "http://") + "/c"
	typed := []press.Block{
		steps, press.Space{Height: 3},
		press.Para{Text: press.T(l.T("Or go to {site} and type:", "site", l.Isolate(site))), Style: look(l.Tag(), 11.5), KeepWithNext: true},
		// The groups of digits stand from left to right on every page (U+2066, U+2069): on a page from right to left they
		// would change places, and who types what stands there types another code.
		press.Para{Text: press.Text{{Text: "\u2066" + code.Short + "\u2069", Bold: true, Lang: "en", Color: deep}}, Style: press.Style{Size: 18, Lang: "en", Dir: direction(l)}},
	}
	return []press.Block{
		press.Box{Fill: tint, Pad: 4 * press.MM, Radius: 3 * press.MM, Blocks: []press.Block{
			press.Row{Gap: 6 * press.MM, Cells: []press.Cell{
				{Width: 34 * press.MM, Blocks: []press.Block{press.QR{Payload: p.baseURL + "/f/" + code.Token, Side: 34 * press.MM, Alt: l.T("Code that opens these questions on a phone")}}},
				{VAlign: press.Middle, Blocks: typed},
			}},
		}},
		press.Space{Height: 2 * press.MM},
		press.Para{Text: press.T(l.T("No phone? Write on this paper and give it back to the school.")), Style: look(l.Tag(), 11.5)},
		press.Para{Text: press.Text{{Text: l.T("The code works until {date}.", "date", l.DateYear(p.expires)) + " "}, {Text: l.T("Pictures: {credit}", "credit", pictogram.Credit)}}, Style: press.Style{Size: 8, Color: soft}},
	}
}
