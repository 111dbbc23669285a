// Package roster reads the list of pupils that a school already has, whatever its layout, and turns it into plain
// records: pupils with their guardians, and the households they live in.
//
// It reads CSV and XLSX of any layout, several of them in one zip, OneRoster CSV bundles (1.1 and 1.2), Microsoft
// School Data Sync CSV (v1, v2 and v2.1) and EDEX XML (1.0.3, 2.0 and 2.1). [Guess] looks at the files and says what it
// takes each column for, how sure it is and why; a person may correct that; [Read] then reads. [Households] builds the
// families. Package school calls all three, compares the records with what is stored, and writes; here nothing is
// stored. The package owns no tables, opens no files and asks no clock: the same bytes always give the same roster.
//
// Nothing is dropped in silence. What cannot become a pupil stands in [Roster.Doubtful] with all its cells and a reason;
// what had to be guessed, repaired or left out is an [Issue] with its row, as the person sees rows in the file.
//
// National numbers, nationality, sex and the like are never read into a record, even where a file has them.
package roster

import "brug/internal/errs"

// File is one file as it was sent: the name helps to guess (a class list called "1A.csv"), the bytes decide.
type File struct {
	Name string
	Data []byte
}

// Roster is what was understood.
type Roster struct {
	School   string // the school's name or number where the file tells it (OneRoster, SDS, EDEX), else ""
	Pupils   []Pupil
	Doubtful []Doubt
}

// Doubt is a row that could not become a pupil or a guardian. A person looks at it.
type Doubt struct {
	File   string
	Row    int
	Cells  []string // as they stand in the file
	Reason errs.Text
}

// Pupil is one child, once, however many rows it had.
type Pupil struct {
	File       string // file or sheet of the first row
	Row        int    // first row, counted as a spreadsheet does, from 1; in XML the place of the record
	Key        string // recognises the pupil at the next import, see [KeyOf]
	ExternalID string // the number that the school's own system gives the pupil, "" if none
	Given      string
	Family     string // with its particles: "van den Berg"
	Class      string
	Groups     []string // further classes or groups beside Class
	Grade      string   // as the school writes it
	Born       string   // YYYY-MM-DD, "" if unknown
	Left       string   // YYYY-MM-DD, where the file says that the pupil left on that day
	Address    Address
	Langs      []string // home languages, BCP 47, the first one first
	Email      string   // the pupil's own
	Phones     []string // the pupil's own, E.164
	Guardians  []Guardian
}

// Name is the given name and the family name.
func (p Pupil) Name() string { return joinWords(p.Given, p.Family) }

// Guardian is one mention of a person who raises the pupil. The same person may be mentioned at several pupils;
// [Households] brings the mentions together.
type Guardian struct {
	Row         int // row of this mention
	ExternalID  string
	Name        string // full name, given name first; "" where the file has an address of mail or a phone and no name
	Given       string
	Family      string
	Relation    Relation
	Email       string   // lower case, checked
	OtherEmails []string // further ones from the same cell
	Phones      []string // E.164, mobile numbers first
	Langs       []string // BCP 47; empty means: not told, see Pupil.Langs
	Address     Address  // zero means: not told, lives with the pupil
}

// Relation of a guardian to the pupil. It is for reading only: what somebody may see is never decided by it.
type Relation string

// The relations that are recognised. Everything else is RelationOther; "" is not told.
const (
	Mother        Relation = "mother"
	Father        Relation = "father"
	Parent        Relation = "parent"
	StepParent    Relation = "stepparent"
	FosterParent  Relation = "fosterparent"
	Grandparent   Relation = "grandparent"
	LegalGuardian Relation = "guardian"
	Sibling       Relation = "sibling"
	RelationOther Relation = "other"
)

// Address is a postal address in parts. Any part may be "".
type Address struct {
	Street   string
	Number   string // house number with its letter: "12", "12A"
	Box      string // without the word: "3" for "bus 3"
	Postcode string // "1000", "6971 VB"
	Town     string
	Country  string // as written; "" mostly
}

// Weight says what an issue means for the row.
type Weight string

// The three weights.
const (
	Error Weight = "error" // the row was not taken; it stands in Roster.Doubtful
	Maybe Weight = "doubt" // taken, and somebody should look at it
	Note  Weight = "note"  // taken; said for completeness
)

// Issue is one thing that was not plain.
type Issue struct {
	File   string
	Row    int    // 0 where it concerns the whole file
	Column string // title of the column, "" where it concerns the row
	Weight Weight
	Value  string // what stood there
	Reason errs.Text
}

// Household is people who live together, and the pupils who live with them (for all or part of the time).
type Household struct {
	Address Address
	Pupils  []int    // indexes into the pupils that were given, ascending
	Members []Member // empty for a pupil without guardians
	Why     []Why    // every join, in the order it was made
}

// Member is one person, brought together from all mentions.
type Member struct {
	Guardian
	Mentions []Mention
}

// Mention points to Pupils[Pupil].Guardians[Guardian].
type Mention struct{ Pupil, Guardian int }

// Why explains a join to a person.
type Why struct {
	Rows []int // the rows that were joined
	Text errs.Text
}
