package material

import (
	"regexp"
	"strings"
	"time"

	"brug/internal/lang"
)

// Placeholder is a word between braces in a text that stands for something of the reader, the class or the day.
type Placeholder string

// The placeholders.
const (
	Child   Placeholder = "child"   // the child's first name
	Teacher Placeholder = "teacher" // the names of the class's teachers
	Class   Placeholder = "class"
	School  Placeholder = "school"
	Phone   Placeholder = "phone" // of the school
	Date    Placeholder = "date"
	Time    Placeholder = "time"
	Where   Placeholder = "place"
)

// ChildPlaceholder stands for the child's first name in a text.
const ChildPlaceholder = "{child}"

// Placeholders are all of them, in the order in which an editor offers them.
func Placeholders() []Placeholder {
	return []Placeholder{Child, Teacher, Class, School, Phone, Date, Time, Where}
}

// Text is the English message id of its name; empty for one that is not known.
func (p Placeholder) Text() string {
	switch p {
	case Child:
		return lang.Msg("Name of the child")
	case Teacher:
		return lang.Msg("Name of the teacher")
	case Class:
		return lang.Msg("Class")
	case School:
		return lang.Msg("Name of the school")
	case Phone:
		return lang.Msg("Phone number of the school")
	case Date:
		return lang.Msg("Date")
	case Time:
		return lang.Msg("Time")
	case Where:
		return lang.Msg("Place")
	}
	return ""
}

// Fill is what the placeholders stand for. Where a value is empty a line to write on stands in its place.
type Fill struct {
	Child, Teacher, Class, School, Phone, Place string

	Date string // YYYY-MM-DD, written in the reader's language with its weekday; any other text stands as it is
	Time string // 24 hours, "15:30"
}

// Blank is what stands for a value that nobody told: dots to write on.
const Blank = "……………"

var braces = regexp.MustCompile(`\{[^{}]*\}|[{}]`)

// badBraces is the first thing between braces that is no placeholder, or a brace by itself; "" if all is well.
func badBraces(s string) string {
	for _, found := range braces.FindAllString(s, -1) {
		if len(found) < 3 || Placeholder(found[1:len(found)-1]).Text() == "" {
			return found
		}
	}
	return ""
}

// In puts the values into a text of a language (BCP 47). Names and numbers are isolated, so that a Latin name in an Arabic
// sentence disturbs nothing around it.
func (f Fill) In(tag, text string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	l := lang.For(tag)
	return braces.ReplaceAllStringFunc(text, func(found string) string {
		var v string
		switch Placeholder(strings.Trim(found, "{}")) {
		case Child:
			v = f.Child
		case Teacher:
			v = f.Teacher
		case Class:
			v = f.Class
		case School:
			v = f.School
		case Phone:
			v = f.Phone
		case Where:
			v = f.Place
		case Time:
			v = f.Time
		case Date:
			if v = f.Date; v != "" {
				if day, err := time.Parse(time.DateOnly, v); err == nil {
					return l.Date(day)
				}
			}
		default:
			return found
		}
		if v == "" {
			return Blank
		}
		return l.Isolate(v)
	})
}
