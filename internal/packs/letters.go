package packs

import (
	"context"
	"slices"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/messages"
	"brug/internal/school"
	"brug/internal/sheets"
)

// MessagePrefix begins what a code opens that leads to a message: "message:" and its public id, in place of a material.
const MessagePrefix = "message:"

// letters reads the letters that wait for paper and puts each into the slip of its home: of the first child that it is about
// and that the pack is for. Who has no slip yet gets one. A home that asked for a rest has no letters.
func (s *Service) letters(ctx context.Context, by auth.Actor, pr *printing, homes []school.Home) error {
	waiting, err := s.Messages.PaperWaiting(ctx, by, pr.choice.Scope)
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		return nil
	}
	type place struct{ home, child int64 }
	at := map[place]int{}
	for i, sl := range pr.slips {
		at[place{sl.home.ID, sl.child.ID}] = i
	}
	byID := map[int64]school.Home{}
	for _, h := range homes {
		byID[h.ID] = h
	}
	for _, w := range waiting {
		h := byID[w.HouseholdID]
		k := slices.IndexFunc(h.Children, func(c school.Child) bool { return slices.Contains(w.Pupils, c.ID) })
		if k < 0 || h.Paused {
			continue
		}
		child := h.Children[k]
		i, has := at[place{h.ID, child.ID}]
		if !has {
			pr.slips = append(pr.slips, newSlip(homes, h, child, w.Lang))
			i = len(pr.slips) - 1
			at[place{h.ID, child.ID}] = i
		}
		sl := &pr.slips[i]
		if same := slices.IndexFunc(sl.letters, func(l letterOn) bool { return l.same(w) }); same >= 0 {
			sl.letters[same].also = append(sl.letters[same].also, w.ID)
			continue
		}
		sl.letters = append(sl.letters, letterFor(h, w))
		pr.letters++
	}
	pr.slips = byClass(pr.slips)
	return nil
}

// newSlip is a slip with nothing in it yet.
func newSlip(homes []school.Home, h school.Home, c school.Child, tag string) slip {
	sl := slip{home: h, child: c, lang: tag, name: c.Given}
	places := 0
	for _, other := range homes {
		for _, o := range other.Children {
			if o.ID == c.ID {
				places++
			} else if o.ClassID == c.ClassID && school.Fold(o.Given) == school.Fold(c.Given) && c.Family != "" {
				sl.name = c.Given + " " + string([]rune(c.Family)[:1]) + "."
			}
		}
	}
	guardians := h.GuardiansOf(c.ID)
	if places > 1 && len(guardians) > 0 {
		sl.place = guardians[0].Name
	}
	sl.listens = len(guardians) > 0 && guardians[0].Reading == school.Listens
	return sl
}

// letterOn is a letter in a slip. Who lives together and reads the same language gets one paper.
type letterOn struct {
	messages.PaperLetter
	also  []int64 // ids of the other recipients in this home who read it
	names string  // of the children, as a list in the letter's language
	child int64   // the only child that it is about; 0: several
}

func (l letterOn) same(w messages.PaperLetter) bool {
	return l.Message == w.Message && l.Lang == w.Lang && slices.Equal(l.Pupils, w.Pupils)
}

func letterFor(h school.Home, w messages.PaperLetter) letterOn {
	l := letterOn{PaperLetter: w}
	var names []string
	for _, c := range h.Children {
		if slices.Contains(w.Pupils, c.ID) {
			names = append(names, c.Given)
		}
	}
	if len(w.Pupils) == 1 {
		l.child = w.Pupils[0]
	}
	l.names = lang.For(w.Letter.Lang).List(names)
	return l
}

// text is the letter as package sheets takes it. What the letter says of its own words stands in it as notes, so the line
// about missing texts is not said twice. What is a card by itself is a letter here: on A4 its words would be a poster's.
func (l letterOn) text(code contact.Code) sheets.Text {
	sheet := l.Letter.Sheet()
	// Of private words nothing is known here, so nothing is promised.
	partly := sheet.Lacks || l.Letter.Sensitive
	sheet.Lacks, sheet.Other = false, ""
	if sheets.For(sheet.Kind).Sizes[0] != sheets.A4 {
		sheet.Kind = material.SampleLetter
	}
	if sheet.Close.Text == "" && l.Letter.From != "" {
		sheet.Close = material.Piece{Text: l.Letter.From, Lang: l.Letter.Lang}
	}
	return sheets.Text{Sheet: sheet, Child: l.names, Code: &sheets.Code{Token: code.Token, Short: code.Short}, Partly: partly}
}

// codeFor is what the code on a letter opens.
func (l letterOn) codeFor(sl slip) contact.CodeFor {
	child := l.child
	if child == 0 {
		child = sl.child.ID
	}
	return contact.CodeFor{HouseholdID: sl.home.ID, PupilID: child, Material: MessagePrefix + l.Message, Lang: l.Lang}
}

// keepLetters notes which slip each letter lies in. rows are the slips as they are stored, in the order of pr.slips.
func (s *Service) keepLetters(ctx context.Context, tx *db.Tx, schoolID int64, pr *printing, rows []slipRow) error {
	if pr.letters == 0 {
		return nil
	}
	var printed []messages.Printed
	for i, sl := range pr.slips {
		for _, l := range sl.letters {
			for _, id := range append([]int64{l.ID}, l.also...) {
				printed = append(printed, messages.Printed{ID: id, Slip: rows[i].PublicID})
			}
		}
	}
	return s.Messages.KeepPrinted(ctx, tx, schoolID, printed)
}

// LettersByClass are the actor's classes with letters that wait for paper.
func (s *Service) LettersByClass(ctx context.Context, by auth.Actor) ([]messages.PaperClass, error) {
	if s.Messages == nil {
		return nil, nil
	}
	return s.Messages.PaperClasses(ctx, by)
}

// lettersOf puts the letters into the slips of a pack that has any.
func (s *Service) lettersOf(ctx context.Context, by auth.Actor, p *Pack) error {
	if !p.Options.Letters || s.Messages == nil || len(p.Slip) == 0 {
		return nil
	}
	at := make(map[string]int, len(p.Slip))
	ids := make([]string, len(p.Slip))
	for i, sl := range p.Slip {
		at[sl.PublicID], ids[i] = i, sl.PublicID
	}
	found, err := s.Messages.LettersInSlips(ctx, by, ids)
	if err != nil {
		return err
	}
	for _, l := range found {
		sl := &p.Slip[at[l.Slip]]
		sl.Letters = append(sl.Letters, l)
	}
	return nil
}
