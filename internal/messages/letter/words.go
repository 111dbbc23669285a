package letter

import (
	"sync"

	"brug/internal/lang"
	"brug/internal/material"
)

// words are the sentences of the frame in one language. They are few: each is read by families in twenty languages.
type words struct {
	tag, dir                                                                   string
	urgent, private, read, answer, original, files, phone, stop, machine, call string
}

var all sync.Map // tag → *words

// wordsIn are the words of a frame; tag is one of lang.Family.
func wordsIn(tag string) *words {
	if w, ok := all.Load(tag); ok {
		return w.(*words)
	}
	l := lang.For(tag)
	w := &words{tag: l.Tag(), dir: l.Dir(),
		urgent:   l.T("This is urgent."),
		private:  l.T("This message is private. Open your page to read it."),
		read:     l.T("Read and answer"),
		answer:   l.T("You can answer in your own language."),
		original: l.T("As the school wrote it"),
		files:    l.T("This comes with the message"),
		phone:    l.T("Call the school"),
		stop:     l.T("Stop contact by paper and messages"),
		machine:  l.T("A computer translated this. There may be mistakes."),
		call:     l.T("Do you want to hear it in your language? Ask us to call you with an interpreter."),
	}
	all.Store(tag, w)
	return w
}

// Hello is the first line: whom the letter is about. children is a list in the language of the letter.
func Hello(tag, children string) Piece {
	l := lang.For(tag)
	if children == "" {
		return Piece{}
	}
	return Piece{Text: l.T("For the family of {child}", "child", children), Lang: l.Tag()}
}

// Untitled is the title of a message without one.
func Untitled(tag, school string) Piece {
	l := lang.For(tag)
	return Piece{Text: l.T("A message from {school}", "school", school), Lang: l.Tag()}
}

// NotInYours says that words are not there in the reader's language but in another one (BCP 47), and offers a call.
func NotInYours(tag, in string) []Piece {
	l := lang.For(tag)
	return []Piece{
		{Text: l.T("This text is not there in your language yet. It is in {language}.", "language", lang.Name(l.Tag(), in)), Lang: l.Tag()},
		{Text: wordsIn(l.Tag()).call, Lang: l.Tag()},
	}
}

// ByMachine says that a machine made some of the words.
func ByMachine(tag string) Piece {
	w := wordsIn(lang.For(tag).Tag())
	return Piece{Text: w.machine, Lang: w.tag}
}

// several is the line above letters that came together.
func several(tag string, n int, school string) string {
	return lang.For(tag).N(n, "{n} message from {school}", "{n} messages from {school}", "school", school)
}

// Unknown is what a text says where nobody told a name or a number: words, where paper has a line to write on.
func Unknown(tag string) material.Fill {
	l := lang.For(tag)
	return material.Fill{Child: l.T("your child"), Teacher: l.T("the teacher"), Class: l.T("the class"), School: l.T("the school"), Phone: l.T("the school")}
}
