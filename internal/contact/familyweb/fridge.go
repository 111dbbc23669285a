package familyweb

import (
	"math"
	"unicode"

	"brug/internal/calendar"
	"brug/internal/lang"
	"brug/internal/messages"
)

// The first page is printed on one sheet of A4, in two columns, and its cards stay whole (see family.css). How large the letters may
// be for that is told by the length of the words, before anything is drawn: a browser cannot be asked.

// letters is a size of type on the sheet for the fridge: how many letters stand in a line of a column, how many lines in a column,
// and how many lines a picture takes. Measured in Chromium, with a tenth to spare.
type letters struct{ line, column, picture float64 }

var (
	largeLetters = letters{37, 45, 2.8}
	smallLetters = letters{52, 65, 2.4}
)

// width is how much room words take, in Latin letters: the signs of Ethiopia are half as wide again, those of China double.
func width(s string) float64 {
	w := 0.0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Ethiopic, r):
			w += 1.5
		case unicode.Is(unicode.Han, r):
			w += 2
		default:
			w++
		}
	}
	return w
}

// lines is how many lines of a column words take; beside is how much of the line something beside them takes, in letters.
func (l letters) lines(words string, beside float64) float64 {
	if words == "" {
		return 0
	}
	return math.Ceil(width(words) / (l.line - beside))
}

// hint is lines in the smaller letters of what stands beside.
func (l letters) hint(words string, beside float64) float64 {
	return 0.85 * letters{line: l.line / 0.85}.lines(words, beside/0.85)
}

// besidePicture is how many letters of a line a picture takes.
const besidePicture = 8

// frame is what the edges of a card and the room below it take, in lines.
const frame = 0.9

// cards is how tall the cards of the first page are in lines, in their order.
func (p *homePage) cards(size letters) []float64 {
	var out []float64
	titled := func(title string, words string) {
		out = append(out, frame+1+max(size.picture, 1.3*size.lines(title, besidePicture)+size.lines(words, besidePicture)))
	}
	for _, t := range p.Answered {
		words := t.Last.Original.Text
		if t.Last.Reading.Text != "" {
			words = t.Last.Reading.Text
		}
		titled(t.Title, firstWords(words, 120))
	}
	for _, m := range p.New {
		titled(m.Title.Text, hello(m).Text)
	}
	for _, l := range p.Soon {
		out = append(out, frame+1.4*float64(len(l.Children))+max(size.picture, p.event(size, l, besidePicture)))
	}
	if len(out) == 0 {
		out = append(out, frame+size.picture) // nothing new
	}
	if len(p.Agreements) > 0 {
		tall := frame + 1.5
		for _, a := range p.Agreements {
			tall += agreed(size, a)
		}
		out = append(out, tall)
	}
	if len(p.Later) > 0 {
		tall := frame + 1.5
		for _, l := range p.Later {
			tall += 0.3 + p.event(size, l, 0)
		}
		out = append(out, tall)
	}
	return out
}

// event is the words of one event; beside as in lines, 0 in the card of what is on later.
func (p *homePage) event(size letters, l calendar.Line, beside float64) float64 {
	named := l.Name(p.locale())
	if beside == 0 {
		named += " · " + lang.From(p.Context()).List(l.Children)
	}
	return size.lines(named, beside) + size.hint(l.When(p.locale()), beside) + size.lines(l.Title, beside) + size.hint(l.Place, beside)
}

func agreed(size letters, a messages.Agreement) float64 {
	text := a.Text.Text
	if a.Reading.Text != "" {
		text = a.Reading.Text
	}
	tall := 0.8 + size.lines(text, 0) + 1.7 // who does it, when it is looked at again
	if a.Child != "" {
		tall += 1.4
	}
	return tall
}

// onOneSheet tells whether cards fit whole into two columns, one below the other. One that is taller than a column does not: a
// browser would begin it on a second sheet.
func onOneSheet(cards []float64, column float64) bool {
	room, columns := column, 2
	for _, tall := range cards {
		if tall > room {
			room, columns = column, columns-1
		}
		if tall > room || columns == 0 {
			return false
		}
		room -= tall
	}
	return true
}
