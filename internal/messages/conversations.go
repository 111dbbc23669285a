package messages

import (
	"time"

	"brug/internal/contact"
)

// EntryText is the words of an entry in a language.
type EntryText struct {
	Text, Lang string
	Source     Source
	Engine     string // who made a Machine text
}

// Entry is one thing that was said in a conversation, for a reader of a language.
type Entry struct {
	PublicID  string
	Direction contact.Direction // Out: by the school
	Kind      EntryKind
	Road      contact.Road
	From      string // name of the guardian or of the colleague
	At        time.Time
	Answer    contact.AnswerKind // of a Tap
	Original  EntryText          // as it was said; zero for a Tap without words
	Reading   EntryText          // the same in the reader's language; zero where it lacks, or is the same
	Sealed    bool
	Seen      bool // by the other side
	Files     []EntryFile
	Agreement *Agreement // of Agreed
}

// EntryFile is a recording, a photo or a document of an entry.
type EntryFile struct {
	PublicID, Name, Type string
	Bytes                int64
	Length               time.Duration // of a recording
}
