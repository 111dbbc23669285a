package familyweb

import "testing"

func TestWhichCardsFitOnASheet(t *testing.T) {
	for _, c := range []struct {
		name  string
		cards []float64
		fit   bool
	}{
		{"nothing", nil, true},
		{"two that fill a column each", []float64{40, 40}, true},
		{"as much in three, none of which goes with another", []float64{26, 26, 26}, false},
		{"a small one first, then two that fill a column each", []float64{4, 40, 40}, false},
		{"a small one beneath each", []float64{30, 10, 36, 4}, true},
		{"one that is longer than a column", []float64{41}, false},
		{"too much for two columns", []float64{40, 40, 1}, false},
	} {
		if got := onOneSheet(c.cards, 40); got != c.fit {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestSignsThatAreWiderTakeMoreLines(t *testing.T) {
	l := letters{line: 10}
	for words, want := range map[string]float64{"": 0, "zwemmen": 1, "zwemmen en meer": 2, "ትምህርቲ": 1, "ቤት ትምህርቲ": 2, "学校游泳课": 1, "学校游泳课吧": 2} {
		if got := l.lines(words, 0); got != want {
			t.Errorf("%s: %v lines, want %v", words, got, want)
		}
	}
	if got := l.lines("zwemmen", 4); got != 2 {
		t.Errorf("beside a picture: %v", got)
	}
}
