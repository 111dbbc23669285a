package sms

import (
	"brug/internal/material"
	"brug/internal/messages/letter"
)

// aLetter is what a teacher wrote, in Dutch.
func aLetter(words string) *letter.Letter {
	return &letter.Letter{Lang: "nl", School: "De Wilg", Title: material.Piece{Text: "Zwemmen", Lang: "nl"},
		Blocks: []letter.Block{{Piece: material.Piece{Text: words, Lang: "nl"}}}, Link: "https://brug.example/m/TOKEN"}
}
