// Package letter is what one guardian gets to read: the same letter as a mail, an SMS, a page and a paper, in one language.
//
// Package messages makes a Letter of a message for each recipient, the roads write it down. It is pure: no tables, no
// network. Its words are read by parents.
package letter

import (
	"brug/internal/lang"
	"brug/internal/material"
)

// Piece is words in a language; words of the program come in the language of the letter.
type Piece = material.Piece

// Block is a part of the letter.
type Block struct {
	Piece
	Pictogram string        // name of a pictogram, "" none
	Role      material.Role // of a material's part; "" for a paragraph
	Name      string        // before the words: a person of the who-is-who
	Machine   bool          // a machine made these words: the letter says so
	Original  Piece         // what was written, where the words are a translation by a machine or a person; else zero
}

// Letter is all of it. What is empty is left out.
type Letter struct {
	Lang   string // of the letter's frame, BCP 47, always one of lang.Family
	School string
	From   string   // who wrote it: "Els Daems, 3A"; "" the school
	Title  Piece    // never empty: see Untitled
	Hello  Piece    // names the children that it is about
	About  []string // their given names, for an SMS, which has no room for a greeting
	Notes  []Piece
	Blocks []Block
	Files  []File
	Urgent bool

	Lacks   bool          // some words are not there in the reader's language: an interpreter's call is offered
	Machine bool          // some words were made by a machine
	Kind    material.Kind // of the material that the letter is, where it is nothing else; ""

	// Where to read and answer. Link is the guardian's personal page, at this message; it is a secret.
	Link      string
	StopLink  string // where one tap stops what comes
	Phone     string // of the school
	Hours     string // when the school answers, in the letter's language; ""
	Sensitive bool   // the words stand on the page only, behind the second step: the letter says that there is something
}

// File is something that goes along.
type File struct {
	PublicID, Name, Type string // Type is a MIME type that was found from the bytes
	Bytes                int64
	Watched              bool                   // it goes with something sensitive: each look is written down, so nobody's browser may keep it
	Open                 func() ([]byte, error) `json:"-"`
}

// Known is the id under which a browser may keep the file; "" where it may keep nothing.
func (f File) Known() string {
	if f.Watched {
		return ""
	}
	return f.PublicID
}

// Dir is the direction of the frame: "ltr" or "rtl".
func (l Letter) Dir() string { return lang.Dir(l.Lang) }

// Originals are the texts as they were written, where a machine made the words of the letter. What a person translated needs
// none beside it.
func (l *Letter) Originals() []Piece {
	var out []Piece
	for _, b := range l.Blocks {
		if b.Machine && b.Original.Text != "" {
			out = append(out, b.Original)
		}
	}
	return out
}

// Sheet is the letter as a paper has it, without its frame: of a letter that is nothing but a material that material, else a
// letter. The notes stand in it, for they are about these words.
func (l *Letter) Sheet() material.Sheet {
	s := material.Sheet{Kind: l.Kind, Lang: l.Lang, Title: l.Title, Lacks: l.Lacks, Status: material.Draft}
	if s.Kind == "" {
		s.Kind = material.SampleLetter
	}
	add := func(role material.Role, b Block) {
		s.Parts = append(s.Parts, material.SheetPart{Part: material.Part{Role: role, Pictogram: b.Pictogram, Name: b.Name}, Piece: b.Piece})
	}
	for _, n := range l.notes() {
		add(material.Paragraph, Block{Piece: n})
	}
	blocks := l.Blocks
	if len(s.Parts) == 0 && len(blocks) > 0 && blocks[0].Role == "" && blocks[0].Pictogram == "" {
		s.Intro, blocks = blocks[0].Piece, blocks[1:]
	}
	for i, b := range blocks {
		if l.Kind != "" && b.Role == "" && i == len(blocks)-1 {
			s.Close = b.Piece
			break
		}
		add(role(b), b)
	}
	return s
}

func role(b Block) material.Role {
	switch {
	case b.Role != "":
		return b.Role
	case b.Pictogram != "":
		return material.Point
	}
	return material.Paragraph
}

// notes is what stands above the words: that it is urgent or private, and what the program says of the text.
func (l *Letter) notes() []Piece {
	if !l.Urgent && !l.Sensitive {
		return l.Notes
	}
	w := wordsIn(l.Lang)
	var out []Piece
	if l.Urgent {
		out = append(out, Piece{Text: w.urgent, Lang: w.tag})
	}
	if l.Sensitive {
		out = append(out, Piece{Text: w.private, Lang: w.tag})
	}
	return append(out, l.Notes...)
}
