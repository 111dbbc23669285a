// Package letter is what one guardian gets to read: the same letter as a mail, an SMS, a page and a paper, in one language.
//
// Package messages makes a Letter of a message for each recipient, the roads write it down. It is pure: no tables, no
// network.
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
	From   string // who wrote it: "Els Daems, 3A"; "" the school
	Title  Piece
	Hello  Piece   // names the children that it is about
	Notes  []Piece // what the program says of the text: not there in your language, made by a machine, ask for an interpreter
	Blocks []Block
	Files  []File
	Urgent bool

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
	Open                 func() ([]byte, error) `json:"-"`
}

// Dir is the direction of the frame: "ltr" or "rtl".
func (l Letter) Dir() string { return lang.Dir(l.Lang) }
