package material

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// marked writes changes as [-gone-] and {+added+}.
func marked(c []Change) string {
	var b strings.Builder
	for _, x := range c {
		switch x.Op {
		case Gone:
			b.WriteString("[-" + x.Text + "-]")
		case Added:
			b.WriteString("{+" + x.Text + "+}")
		default:
			b.WriteString(x.Text)
		}
	}
	return b.String()
}

func TestWhatBecameOfTheWords(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"nothing", "Welke soep eet jij graag?", "Welke soep eet jij graag?", "Welke soep eet jij graag?"},
		{"one word", "Welke soep eet jij graag?", "Welke soep kook jij graag?", "Welke soep [-eet-]{+kook+} jij graag?"},
		{"two words side by side read as one change", "Kom morgen vroeg naar school.", "Kom vrijdag laat naar school.", "Kom [-morgen vroeg-]{+vrijdag laat+} naar school."},
		{"a word more at the end", "Praat over soep", "Praat over soep thuis", "Praat over soep{+ thuis+}"},
		{"from nothing", "", "Dag {child}", "{+Dag {child}+}"},
		{"to nothing", "Dag", "", "[-Dag-]"},
		{"wholly other words", "Kook soep met {child}.", "Vraag vanavond wie er meespeelt.", "[-Kook soep met {child}.-]{+Vraag vanavond wie er meespeelt.+}"},
		{"a mark of punctuation only", "Kom je?", "Kom je!", "Kom je[-?-]{+!+}"},
		{"a placeholder is one word", "Dag {child}, tot morgen.", "Dag {teacher}, tot morgen.", "Dag [-{child}-]{+{teacher}+}, tot morgen."},
		{"Chinese, sign by sign", "你喜欢汤吗", "你喜欢茶吗", "你喜欢[-汤-]{+茶+}吗"},
		{"Arabic, word by word", "اسأل طفلك عن الحساء", "اسأل ابنك عن الحساء", "اسأل [-طفلك-]{+ابنك+} عن الحساء"},
	} {
		if got := marked(Words(c.before, c.after)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Whatever the texts: leave out what was added and the old text is there again; leave out what is gone, the new one.
func TestNothingIsLostInComparing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"soep", "de", "een", " ", "  ", ".", "{child}", "汤", "نعم", "é"})
		before, after := strings.Join(rapid.SliceOfN(word, 0, 12).Draw(t, "before"), ""), strings.Join(rapid.SliceOfN(word, 0, 12).Draw(t, "after"), "")
		var was, is strings.Builder
		for _, c := range Words(before, after) {
			if c.Text == "" {
				t.Fatal("an empty change")
			}
			if c.Op != Added {
				was.WriteString(c.Text)
			}
			if c.Op != Gone {
				is.WriteString(c.Text)
			}
		}
		if was.String() != before || is.String() != after {
			t.Fatalf("%q → %q reads as %q → %q", before, after, was.String(), is.String())
		}
	})
}

func TestPartsAreFoundAgain(t *testing.T) {
	q := func(s ...string) []spot {
		out := make([]spot, len(s))
		for i := range s {
			out[i] = spot{Question, s[i]}
		}
		return out
	}
	for _, c := range []struct {
		name string
		a, b []spot
		want []pair
	}{
		{"the same", q("een", "twee"), q("een", "twee"), []pair{{0, 0}, {1, 1}}},
		{"one in front", q("een", "twee"), q("nul", "een", "twee"), []pair{{-1, 0}, {0, 1}, {1, 2}}},
		{"one gone in the middle", q("een", "twee", "drie"), q("een", "drie"), []pair{{0, 0}, {1, -1}, {2, 1}}},
		{"other words at the same place", q("Wat eet jij graag?", "Wie kookt er?"), q("Wat drink jij graag?", "Wie kookt er?"), []pair{{0, 0}, {1, 1}}},
		{"wholly other words", q("een"), q("anders"), []pair{{0, 0}}},
		{"another role is another part", q("een"), []spot{{Say, "een"}}, []pair{{0, -1}, {-1, 0}}},
		{"nothing", nil, nil, nil},
	} {
		if got := align(c.a, c.b); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestThreeTextsSideBySide(t *testing.T) {
	q := func(s string) (out []spot) {
		for _, w := range strings.Fields(s) {
			out = append(out, spot{Question, strings.ReplaceAll(w, "_", " ")})
		}
		return out
	}
	for _, c := range []struct {
		name, before, now, ours string
		want                    []row
	}{
		{"nobody changed anything", "a b", "a b", "a b", []row{{0, 0, 0}, {1, 1, 1}}},
		{"they put one in between", "a b", "a new b", "a b", []row{{0, 0, 0}, {-1, 1, -1}, {1, 2, 1}}},
		{"we put one in between", "a b", "a b", "a mine b", []row{{0, 0, 0}, {-1, -1, 1}, {1, 1, 2}}},
		{"we put one first", "a", "a", "mine a", []row{{-1, -1, 0}, {0, 0, 1}}},
		{"both put the same in", "a b", "a same b", "a same b", []row{{0, 0, 0}, {-1, 1, 1}, {1, 2, 2}}},
		{"they took one away that we kept", "a b", "a", "a b", []row{{0, 0, 0}, {1, -1, 1}}},
		{"we took one away that they kept", "a b", "a b", "b", []row{{0, 0, -1}, {1, 1, 0}}},
		{"each changed one", "one_old b", "one_new b", "one_old ours", []row{{0, 0, 0}, {1, 1, 1}}},
	} {
		if got := threeRows(q(c.before), q(c.now), q(c.ours)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Whatever was changed on both sides, every part stands in exactly one row, each text in its own order.
func TestNoPartIsLostBetweenThreeTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := func(name string) []spot {
			return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) spot {
				return spot{rapid.SampledFrom([]Role{Question, Say}).Draw(t, "role"), rapid.SampledFrom([]string{"a", "b", "a b", "c d", "c"}).Draw(t, "text")}
			}), 0, 6).Draw(t, name)
		}
		before, now, ours := list("before"), list("now"), list("ours")
		var a, b, c []int
		for _, r := range threeRows(before, now, ours) {
			for _, x := range []struct {
				i   int
				out *[]int
			}{{r.before, &a}, {r.now, &b}, {r.ours, &c}} {
				if x.i >= 0 {
					*x.out = append(*x.out, x.i)
				}
			}
		}
		for name, x := range map[string]struct {
			got []int
			n   int
		}{"before": {a, len(before)}, "now": {b, len(now)}, "ours": {c, len(ours)}} {
			if len(x.got) != x.n {
				t.Fatalf("%s: %v of %d", name, x.got, x.n)
			}
			for i := range x.got {
				if x.got[i] != i {
					t.Fatalf("%s: order %v", name, x.got)
				}
			}
		}
	})
}
