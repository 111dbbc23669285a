package press

import (
	"sort"

	"github.com/go-text/typesetting/unicodedata"
	"golang.org/x/text/unicode/bidi"
)

// The Unicode bidirectional algorithm (UAX #9), all of it, because the libraries at hand know directions but not
// levels, and without levels "Voor محمد 20 نوفمبر samen" comes out in the wrong order. The rule names in the comments
// are those of UAX #9. Paragraph separators are split off by the caller.

const maxDepth = 125 // BD2

type bidiStatus struct {
	level    uint8
	override bidi.Class // bidi.ON for none
	isolate  bool
}

func isIsolateStart(c bidi.Class) bool {
	return c == bidi.LRI || c == bidi.RLI || c == bidi.FSI
}

// removedByX9 tells the classes that take no part from rule X9 on.
func removedByX9(c bidi.Class) bool {
	switch c {
	case bidi.LRE, bidi.RLE, bidi.LRO, bidi.RLO, bidi.PDF, bidi.BN:
		return true
	}
	return false
}

// bidiLevels gives the embedding level of each character: rules X1 to I2 (L1 depends on lines, see lineLevels).
// base is 0 for a left-to-right paragraph and 1 for a right-to-left one.
func bidiLevels(text []rune, base uint8) []uint8 {
	levels := make([]uint8, len(text))
	classes := make([]bidi.Class, len(text))
	plain := base == 0
	for i, r := range text {
		p, _ := bidi.LookupRune(r)
		classes[i] = p.Class()
		levels[i] = base
		switch classes[i] {
		case bidi.L, bidi.EN, bidi.ES, bidi.ET, bidi.CS, bidi.WS, bidi.ON, bidi.NSM, bidi.S, bidi.B:
		default:
			plain = false
		}
	}
	if plain { // nothing but left-to-right characters in a left-to-right paragraph
		return levels
	}
	original := append([]bidi.Class(nil), classes...)
	explicitLevels(classes, levels, base)

	// X9: from here on only the characters that are left count.
	index := make([]int, 0, len(text))
	for i, c := range original {
		if !removedByX9(c) {
			index = append(index, i)
		}
	}
	explicit := append([]uint8(nil), levels...)
	for _, seq := range isolatingRuns(index, original, explicit) {
		// X10: the levels on both sides say what the text runs into.
		level, before, after := explicit[seq[0]], base, base
		if k := sort.SearchInts(index, seq[0]); k > 0 {
			before = explicit[index[k-1]]
		}
		last := seq[len(seq)-1]
		if k := sort.SearchInts(index, last); !isIsolateStart(original[last]) && k+1 < len(index) {
			after = explicit[index[k+1]]
		}
		t := make([]bidi.Class, len(seq))
		for k, i := range seq {
			t[k] = classes[i]
		}
		resolveSequence(t, seq, text, original, level, directionOf(max(level, before)), directionOf(max(level, after)))
		for k, i := range seq { // I1, I2
			switch {
			case level&1 == 0 && t[k] == bidi.R:
				levels[i] = level + 1
			case level&1 == 0 && (t[k] == bidi.AN || t[k] == bidi.EN):
				levels[i] = level + 2
			case level&1 == 1 && t[k] != bidi.R:
				levels[i] = level + 1
			}
		}
	}
	last := base
	for i, c := range original {
		if removedByX9(c) {
			levels[i] = last
		}
		last = levels[i]
	}
	return levels
}

// explicitLevels applies X1 to X8: it sets levels, and overwrites classes where an override is in force.
func explicitLevels(classes []bidi.Class, levels []uint8, base uint8) {
	stack := []bidiStatus{{base, bidi.ON, false}}
	overIsolates, overEmbeddings, validIsolates := 0, 0, 0
	next := func(odd bool) int {
		l := int(stack[len(stack)-1].level)
		if odd {
			return l + 1 + l&1
		}
		return l + 2 - l&1
	}
	for i := range classes {
		top := stack[len(stack)-1]
		switch c := classes[i]; c {
		case bidi.RLE, bidi.LRE, bidi.RLO, bidi.LRO:
			levels[i] = top.level
			n := next(c == bidi.RLE || c == bidi.RLO)
			if n <= maxDepth && overIsolates == 0 && overEmbeddings == 0 {
				s := bidiStatus{uint8(n), bidi.ON, false}
				if c == bidi.RLO {
					s.override = bidi.R
				} else if c == bidi.LRO {
					s.override = bidi.L
				}
				stack = append(stack, s)
			} else if overIsolates == 0 {
				overEmbeddings++
			}
		case bidi.RLI, bidi.LRI, bidi.FSI:
			levels[i] = top.level
			if top.override != bidi.ON {
				classes[i] = top.override
			}
			rtl := c == bidi.RLI
			if c == bidi.FSI {
				rtl = firstStrong(classes[i+1:], true) == 1
			}
			n := next(rtl)
			if n <= maxDepth && overIsolates == 0 && overEmbeddings == 0 {
				validIsolates++
				stack = append(stack, bidiStatus{uint8(n), bidi.ON, true})
			} else {
				overIsolates++
			}
		case bidi.PDI:
			if overIsolates > 0 {
				overIsolates--
			} else if validIsolates > 0 {
				overEmbeddings = 0
				for !stack[len(stack)-1].isolate {
					stack = stack[:len(stack)-1]
				}
				stack = stack[:len(stack)-1]
				validIsolates--
			}
			top = stack[len(stack)-1]
			levels[i] = top.level
			if top.override != bidi.ON {
				classes[i] = top.override
			}
		case bidi.PDF:
			levels[i] = top.level
			if overIsolates > 0 {
			} else if overEmbeddings > 0 {
				overEmbeddings--
			} else if !top.isolate && len(stack) >= 2 {
				stack = stack[:len(stack)-1]
			}
		case bidi.BN:
			levels[i] = top.level
		default:
			levels[i] = top.level
			if top.override != bidi.ON {
				classes[i] = top.override
			}
		}
	}
}

// firstStrong finds the direction of a paragraph (P2, P3) or, with inIsolate, of what stands before the matching PDI:
// 0 left-to-right (also when nothing says otherwise), 1 right-to-left.
func firstStrong(classes []bidi.Class, inIsolate bool) uint8 {
	depth := 0
	for _, c := range classes {
		switch {
		case isIsolateStart(c):
			depth++
		case c == bidi.PDI:
			if depth == 0 && inIsolate {
				return 0
			}
			if depth > 0 {
				depth--
			}
		case depth > 0:
		case c == bidi.L:
			return 0
		case c == bidi.R || c == bidi.AL:
			return 1
		}
	}
	return 0
}

// isolatingRuns cuts the characters into isolating run sequences (BD13); each is a list of positions in the text.
func isolatingRuns(index []int, original []bidi.Class, levels []uint8) [][]int {
	// BD9: the PDI of each isolate initiator.
	match := map[int]int{}
	var open []int
	for _, i := range index {
		if isIsolateStart(original[i]) {
			open = append(open, i)
		} else if original[i] == bidi.PDI && len(open) > 0 {
			match[open[len(open)-1]] = i
			open = open[:len(open)-1]
		}
	}
	closing := make(map[int]bool, len(match))
	for _, p := range match {
		closing[p] = true
	}
	var runs [][]int
	startOf := map[int]int{} // first position → run
	for k := 0; k < len(index); {
		e := k + 1
		for e < len(index) && levels[index[e]] == levels[index[k]] {
			e++
		}
		startOf[index[k]] = len(runs)
		runs = append(runs, index[k:e])
		k = e
	}
	var seqs [][]int
	for _, r := range runs {
		if closing[r[0]] { // continues the sequence of its initiator
			continue
		}
		seq := append([]int(nil), r...)
		for {
			last := seq[len(seq)-1]
			p, ok := match[last]
			if !ok {
				break
			}
			seq = append(seq, runs[startOf[p]]...)
		}
		seqs = append(seqs, seq)
	}
	return seqs
}

// resolveSequence applies W1 to W7 and N0 to N2 to the classes t of one isolating run sequence.
func resolveSequence(t []bidi.Class, seq []int, text []rune, original []bidi.Class, level uint8, sos, eos bidi.Class) {
	resolveWeak(t, sos)
	resolveBrackets(t, seq, text, original, sos, directionOf(level))
	resolveNeutral(t, sos, eos, directionOf(level))
}

func directionOf(level uint8) bidi.Class {
	if level&1 == 1 {
		return bidi.R
	}
	return bidi.L
}

func resolveWeak(t []bidi.Class, sos bidi.Class) {
	prev := sos
	for k := range t { // W1
		if t[k] == bidi.NSM {
			t[k] = prev
		}
		prev = t[k]
		if isIsolateStart(prev) || prev == bidi.PDI {
			prev = bidi.ON
		}
	}
	strong := sos
	for k := range t { // W2, W3
		switch t[k] {
		case bidi.L, bidi.R:
			strong = t[k]
		case bidi.AL:
			strong = bidi.AL
			t[k] = bidi.R
		case bidi.EN:
			if strong == bidi.AL {
				t[k] = bidi.AN
			}
		}
	}
	for k := 1; k+1 < len(t); k++ { // W4
		if t[k] == bidi.ES && t[k-1] == bidi.EN && t[k+1] == bidi.EN {
			t[k] = bidi.EN
		} else if t[k] == bidi.CS && t[k-1] == t[k+1] && (t[k-1] == bidi.EN || t[k-1] == bidi.AN) {
			t[k] = t[k-1]
		}
	}
	for k := 0; k < len(t); k++ { // W5
		if t[k] != bidi.ET {
			continue
		}
		e := k
		for e < len(t) && t[e] == bidi.ET {
			e++
		}
		if k > 0 && t[k-1] == bidi.EN || e < len(t) && t[e] == bidi.EN {
			for j := k; j < e; j++ {
				t[j] = bidi.EN
			}
		}
		k = e - 1
	}
	strong = sos
	for k := range t { // W6, W7
		switch t[k] {
		case bidi.ES, bidi.ET, bidi.CS:
			t[k] = bidi.ON
		case bidi.L, bidi.R:
			strong = t[k]
		case bidi.EN:
			if strong == bidi.L {
				t[k] = bidi.L
			}
		}
	}
}

// strongOf is the direction that a class counts as in N0 to N2: numbers count as right-to-left.
func strongOf(c bidi.Class) bidi.Class {
	switch c {
	case bidi.L:
		return bidi.L
	case bidi.R, bidi.EN, bidi.AN:
		return bidi.R
	}
	return bidi.ON
}

// bracketID is the same for a bracket and its canonical equivalent (BD14–BD16).
func bracketID(r rune) rune {
	switch r {
	case 0x2329:
		return 0x3008
	case 0x232A:
		return 0x3009
	}
	return r
}

func resolveBrackets(t []bidi.Class, seq []int, text []rune, original []bidi.Class, sos, embedding bidi.Class) {
	type opening struct {
		close rune
		at    int
	}
	var stack []opening
	var pairs [][2]int
scan:
	for k, i := range seq {
		if t[k] != bidi.ON {
			continue
		}
		p, _ := bidi.LookupRune(text[i])
		if !p.IsBracket() {
			continue
		}
		if p.IsOpeningBracket() {
			if len(stack) == 63 {
				pairs = nil
				break scan
			}
			c, _ := unicodedata.LookupMirrorChar(text[i])
			stack = append(stack, opening{bracketID(c), k})
			continue
		}
		for s := len(stack) - 1; s >= 0; s-- {
			if stack[s].close == bracketID(text[i]) {
				pairs = append(pairs, [2]int{stack[s].at, k})
				stack = stack[:s]
				break
			}
		}
	}
	sort.Slice(pairs, func(a, b int) bool { return pairs[a][0] < pairs[b][0] })
	for _, p := range pairs {
		inside := bidi.ON
		for k := p[0] + 1; k < p[1]; k++ {
			s := strongOf(t[k])
			if s == embedding {
				inside = s
				break
			}
			if s != bidi.ON {
				inside = s
			}
		}
		if inside == bidi.ON {
			continue // N0 d
		}
		dir := embedding
		if inside != embedding { // N0 c: what stands before decides
			before := sos
			for k := p[0] - 1; k >= 0; k-- {
				if s := strongOf(t[k]); s != bidi.ON {
					before = s
					break
				}
			}
			dir = before
		}
		for _, k := range p {
			t[k] = dir
			for j := k + 1; j < len(t) && original[seq[j]] == bidi.NSM; j++ {
				t[j] = dir
			}
		}
	}
}

func resolveNeutral(t []bidi.Class, sos, eos, embedding bidi.Class) {
	neutral := func(c bidi.Class) bool { return strongOf(c) == bidi.ON }
	for k := 0; k < len(t); k++ {
		if !neutral(t[k]) {
			continue
		}
		e := k
		for e < len(t) && neutral(t[e]) {
			e++
		}
		left, right := sos, eos
		if k > 0 {
			left = strongOf(t[k-1])
		}
		if e < len(t) {
			right = strongOf(t[e])
		}
		dir := embedding // N2
		if left == right {
			dir = left // N1
		}
		for j := k; j < e; j++ {
			t[j] = dir
		}
		k = e - 1
	}
}

// lineLevels applies L1 to one line: separators, and white space at the end, take the level of the paragraph.
func lineLevels(line []rune, levels []uint8, base uint8) {
	trailing := len(line)
	reset := func(k int) {
		for ; trailing < k; trailing++ {
			levels[trailing] = base
		}
	}
	trailing = 0
	for k, r := range line {
		p, _ := bidi.LookupRune(r)
		switch c := p.Class(); {
		case c == bidi.S || c == bidi.B:
			reset(k + 1)
		case c == bidi.WS || isIsolateStart(c) || c == bidi.PDI || removedByX9(c):
		default:
			trailing = k + 1
		}
	}
	reset(len(line))
}

// visualOrder applies L2: it gives the order, left to right, of things with these levels.
func visualOrder(levels []uint8) []int {
	order := make([]int, len(levels))
	top, low := uint8(0), uint8(255)
	for i, l := range levels {
		order[i] = i
		top = max(top, l)
		if l&1 == 1 {
			low = min(low, l)
		}
	}
	for l := top; l >= low && l > 0; l-- {
		for i := 0; i < len(levels); i++ {
			if levels[i] < l {
				continue
			}
			e := i
			for e < len(levels) && levels[e] >= l {
				e++
			}
			for a, b := i, e-1; a < b; a, b = a+1, b-1 {
				order[a], order[b] = order[b], order[a]
			}
			i = e
		}
	}
	return order
}

// mirrored is the character that a right-to-left piece shows instead (L4); shaping does the same with glyphs.
func mirrored(r rune) rune {
	m, _ := unicodedata.LookupMirrorChar(r)
	return m
}
