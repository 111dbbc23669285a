package press

// Imposition: which page stands where on which sheet.

// slots are the places of the pages on a sheet, from the lower left, in the order in which they are filled.
type slots struct {
	sheet, page Size
	at          [][2]float64
}

func (i Imposition) slots() *slots {
	half := func(a, b Size) (float64, float64) { return a.Width - b.Width, a.Height - b.Height }
	switch i {
	case TwoUp:
		s := &slots{sheet: A4.Landscape(), page: A5}
		x, _ := half(s.sheet, s.page)
		s.at = [][2]float64{{0, 0}, {x, 0}}
		return s
	case FourUp:
		s := &slots{sheet: A4, page: A6}
		x, y := half(s.sheet, s.page)
		s.at = [][2]float64{{0, y}, {x, y}, {0, 0}, {x, 0}}
		return s
	}
	return nil
}

// cutMarks are short lines at the edges of the sheet, and small crosses where cuts meet.
func (s *slots) cutMarks() []byte {
	b := []byte("q 0.6 G 0.4 w ")
	line := func(x0, y0, x1, y1 float64) {
		b = append(appendNumbers(b, x0, y0), "m "...)
		b = append(appendNumbers(b, x1, y1), "l "...)
	}
	w, h := s.sheet.Width, s.sheet.Height
	const mark = 5 * MM
	line(w/2, 0, w/2, mark)
	line(w/2, h-mark, w/2, h)
	if len(s.at) == 4 {
		line(0, h/2, mark, h/2)
		line(w-mark, h/2, w, h/2)
		line(w/2-mark/2, h/2, w/2+mark/2, h/2)
		line(w/2, h/2-mark/2, w/2, h/2+mark/2)
	}
	return append(b, "S Q\n"...)
}
