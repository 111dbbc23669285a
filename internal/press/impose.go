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

// spot finds the sheet and the place on it for a page of l; page counts those of l.
func (d *Document) spot(l *laid, page int) (s *sheet, x, y float64) {
	if s = d.sheet; s != nil && s.back != nil && (page > 0 || l.behind) && !s.backTaken && s.takes(l) {
		s.backTaken = true
		x, y = s.slots.place(len(s.places)-1, true)
		return s.back, x, y
	}
	if s != nil && (l.newSheet && page == 0 || s.full() || !s.takes(l)) {
		d.finishSheet()
		s = nil
	}
	if s == nil {
		s = d.startSheet(l)
	}
	s.backTaken = false
	x, y = s.slots.place(len(s.places), false)
	return s, x, y
}

// takes tells whether pages like those of l can stand on the sheet.
func (s *sheet) takes(l *laid) bool {
	if s.slots == nil {
		return s.size == l.size
	}
	return !l.whole
}

func (s *sheet) full() bool {
	if s.slots == nil {
		return len(s.places) == 1
	}
	return len(s.places) == len(s.slots.at)
}

// place is the lower left corner of the i-th page of a sheet, or of what lies behind it. The back of a sheet that is
// turned on its long edge is the mirror of its front, left for right. Where the long edge is the upper one (two A5 on a
// landscape sheet), left stays left and up becomes down: such a back is mirrored too, and then turned as a whole.
func (s *slots) place(i int, back bool) (x, y float64) {
	if s == nil {
		return 0, 0
	}
	x, y = s.at[i][0], s.at[i][1]
	if back {
		x = s.sheet.Width - s.page.Width - x
	}
	return x, y
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
