package packs

import (
	"slices"
	"strings"

	"brug/internal/school"
)

// byClass sorts slips for handing out: by class (2B before 10A), then by the child's family name and first name; the
// slips of a child with two homes stay beside each other.
func byClass(slips []slip) []slip {
	slices.SortStableFunc(slips, func(a, b slip) int {
		if c := school.NaturalCompare(a.child.ClassName, b.child.ClassName); c != 0 {
			return c
		}
		if c := int(a.child.ClassID - b.child.ClassID); c != 0 {
			return c
		}
		if c := strings.Compare(school.Fold(a.child.Family+" "+a.child.Given), school.Fold(b.child.Family+" "+b.child.Given)); c != 0 {
			return c
		}
		return int(a.child.ID - b.child.ID)
	})
	return slips
}

// classEnd is where the class of slips[from] ends.
func classEnd(slips []slip, from int) int {
	end := from
	for end < len(slips) && slips[end].child.ClassID == slips[from].child.ClassID {
		end++
	}
	return end
}
