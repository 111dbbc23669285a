package contact

import "brug/internal/auth"

// Guest is a guardian who opened the personal page by its link: nobody signed in, one person, the children that this
// person may see.
type Guest struct {
	School      auth.School
	SchoolPhone string
	Office      string // when staff answer: schools.office
	Secret      string // the token, as in the address
	LinkID      int64
	GuardianID  int64
	Guardian    string // public id
	Name        string
	HouseholdID int64
	Household   string // public id
	Lang        string // what the guardian chose, else what the school knows, else the school's
	Children    []GuestChild
	Choices     Choices
	Paused      bool // the whole household asked for a rest
	Stopped     bool // this guardian asked to hear nothing
	Second      bool // the second step was taken in this browser
}

// GuestChild is a child on the personal page. Other is how the other home of the child is called ("" if it has one home);
// nothing else of it is ever shown.
type GuestChild struct {
	ID                  int64
	PublicID, Given     string
	ClassID             int64
	ClassName, Audience string
	Teachers            []string
	TwoHomes            bool
}

// Choices are what a guardian can choose about what comes.
type Choices struct {
	Lang      string // BCP 47; "": as the school knows
	Road      Road   // "": as the school knows
	QuietFrom string // HH:MM in the school's zone; "": 20:00
	QuietTo   string // "": 07:00
	Weekend   bool   // also at the weekend
	Amount    int    // messages a week for the whole household, 0 to 7; 3 unless chosen
}
