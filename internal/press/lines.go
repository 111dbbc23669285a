package press

// Breaking paragraphs into lines: greedy, at the places of UAX #14, and in an emergency between two clusters. A word
// that is cut is shaped again in its two parts, so each part looks as it should at the edge of a line.

// wrap breaks the paragraph into lines of at most the given width (1/1000 em). It fails only where a single cluster is
// wider than that.
func (s *setter) wrap(p *paragraph, width int) ([]*line, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l, ok := p.lines[width]; ok {
		return l, nil
	}
	var lines []*line
	for _, part := range p.parts {
		var err error
		if lines, err = s.wrapPart(lines, p, part, width); err != nil {
			return nil, err
		}
	}
	if len(p.lines) > 8 { // widths of layouts are few; shrinking tries some more
		clear(p.lines)
	}
	p.lines[width] = lines
	return lines, nil
}

func (s *setter) wrapPart(lines []*line, p *paragraph, pieces []piece, width int) ([]*line, error) {
	rest := s.rest[:0]
	rest = append(rest, pieces...)
	defer func() { s.rest = rest[:0] }()
	base := uint8(0)
	if p.rtl {
		base = 1
	}
	for from := 0; ; {
		if from >= len(rest) {
			if from == 0 {
				lines = append(lines, &line{})
			}
			return lines, nil
		}
		to, used := from, 0
		for to < len(rest) && (rest[to].space || used+rest[to].word.width <= width) {
			used += rest[to].word.width
			to++
		}
		if to < len(rest) {
			var err error
			if rest, to, err = s.backUp(rest, from, to, width-used, width); err != nil {
				return nil, err
			}
		}
		for to < len(rest) && rest[to].space { // spaces at a break end the line before it
			to++
		}
		lines = append(lines, makeLine(rest[from:to], base))
		from = to
	}
}

// backUp finds the last place where the line may end, given that piece to no longer fits into the room that is left:
// inside it, before it, inside the one before, and so on. It may cut a piece in two.
func (s *setter) backUp(rest []piece, from, to, room, width int) ([]piece, int, error) {
	cut := func(at int, head, tail piece) []piece {
		rest = append(rest, piece{})
		copy(rest[at+1:], rest[at:])
		rest[at], rest[at+1] = head, tail
		return rest
	}
	for at := to; at >= from; at-- {
		q := rest[at]
		if head, tail, ok := s.split(&q, room, false); ok {
			return cut(at, head, tail), at + 1, nil
		}
		if q.open && at > from {
			return rest, at, nil
		}
		if at > from {
			room += rest[at-1].word.width
		}
	}
	if to > from { // nothing but glued pieces: the line ends where one begins
		return rest, to, nil
	}
	q := rest[from]
	head, tail, ok := s.split(&q, width, true)
	if !ok {
		return nil, 0, &TooNarrowError{What: "character " + q.text, Need: float64(q.word.width), Have: float64(width)}
	}
	return cut(from, head, tail), from + 1, nil
}

// split cuts a piece so that its head is at most so wide: at a place where a line may end, or in an emergency at any
// cluster.
func (s *setter) split(q *piece, width int, emergency bool) (head, tail piece, ok bool) {
	if width <= 0 {
		return head, tail, false
	}
	// Widths of the parts as they stand in the whole word say where to begin; the parts shaped by themselves decide.
	enough := width + width/8 + 200
	if emergency {
		estimate, last := 0, 0
		for i, c := range q.word.clusters {
			if estimate > enough {
				break
			}
			estimate += c.width
			last = i
		}
		for i := last; i > 0; i-- {
			if head, tail, ok = s.splitAt(q, inner{at: q.word.clusters[i].at}, width); ok {
				return head, tail, true
			}
		}
		return head, tail, false
	}
	estimate, k, last := 0, 0, -1
	for i, at := range q.inside {
		for k < len(q.word.clusters) && q.word.clusters[k].at < at.at {
			estimate += q.word.clusters[k].width
			k++
		}
		if estimate > enough {
			break
		}
		last = i
	}
	for i := last; i >= 0; i-- {
		if head, tail, ok = s.splitAt(q, q.inside[i], width); ok {
			return head, tail, true
		}
	}
	return head, tail, false
}

func (s *setter) splitAt(q *piece, at inner, width int) (head, tail piece, ok bool) {
	runes := []rune(q.text)
	first := runes[:at.at]
	if len(first) == 0 {
		return head, tail, false
	}
	head, tail = *q, *q
	head.text, head.inside, head.runes = string(first), nil, int32(len(first))
	if at.soft {
		head.text += "-"
	}
	head.key.text, head.key.after = head.text, 0
	head.word = s.word(head.key, true)
	if head.word == nil && at.soft { // the font has no hyphen
		head.text = string(first)
		head.key.text = head.text
		head.word = s.word(head.key, true)
	}
	if head.word == nil || head.word.width > width {
		return head, tail, false
	}
	tail.text, tail.runes = string(runes[at.at:]), int32(len(runes)-at.at)
	tail.key.text, tail.key.before = tail.text, 0
	tail.open = true
	tail.inside = nil
	for _, in := range q.inside {
		if in.at > at.at {
			tail.inside = append(tail.inside, inner{in.at - at.at, in.soft})
		}
	}
	tail.word = s.word(tail.key, true)
	return head, tail, tail.word != nil
}

// makeLine orders the pieces of a line for the eye (L2). The white space at its end stands outside (L1): it is there
// for those who listen or copy, and takes no room.
func makeLine(pieces []piece, base uint8) *line {
	seen := len(pieces)
	for seen > 0 && pieces[seen-1].space {
		seen--
	}
	l := &line{frags: make([]frag, len(pieces))}
	plain := base == 0
	levels := make([]uint8, 0, 32)
	for i := range pieces {
		level := pieces[i].level
		if i < seen {
			l.width += pieces[i].word.width
		} else {
			l.trail += pieces[i].word.width
			level = base
		}
		plain = plain && level == 0
		levels = append(levels, level)
		l.frags[i] = frag{pieces[i].word, pieces[i].look}
	}
	if plain {
		return l
	}
	for i, at := range visualOrder(levels) {
		l.frags[i] = frag{pieces[at].word, pieces[at].look}
	}
	return l
}
