package catalogue

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/leonelquinteros/gotext/plurals"
)

// pluralForms is the Plural-Forms header of each language: the forms of CLDR's cardinals that a whole number can take,
// in CLDR's order (zero, one, two, few, many, other). A test compares them with CLDR's own rules. French, Spanish,
// Portuguese and Italian have a form for whole millions ("un million de jours").
var pluralForms = map[string]string{
	"nl": oneOther, "en": oneOther, "de": oneOther, "tr": oneOther, "bg": oneOther,
	"sq": oneOther, "ps": oneOther, "ur": oneOther, "so": oneOther,
	"fr": zeroOneMillions, "pt": zeroOneMillions,
	"es": oneMillions, "it": oneMillions,
	"ar": "nplurals=6; plural=(n == 0 ? 0 : n == 1 ? 1 : n == 2 ? 2 : n % 100 >= 3 && n % 100 <= 10 ? 3 : n % 100 >= 11 ? 4 : 5);",
	"pl": "nplurals=3; plural=(n == 1 ? 0 : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2);",
	"ro": "nplurals=3; plural=(n == 1 ? 0 : n == 0 || n % 100 >= 1 && n % 100 <= 19 ? 1 : 2);",
	"uk": eastSlavic, "ru": eastSlavic,
	"fa": "nplurals=2; plural=(n > 1);", "ti": "nplurals=2; plural=(n > 1);",
	"zh": "nplurals=1; plural=0;",
}

const (
	oneOther        = "nplurals=2; plural=(n != 1);"
	zeroOneMillions = "nplurals=3; plural=(n == 0 || n == 1 ? 0 : n % 1000000 == 0 ? 1 : 2);"
	oneMillions     = "nplurals=3; plural=(n == 1 ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2);"
	eastSlavic      = "nplurals=3; plural=(n % 10 == 1 && n % 100 != 11 ? 0 : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2);"
)

// forms tells of each plural form of a language for which numbers it stands.
type forms [][]int

func formsOf(tag string) (forms, error) {
	header := pluralForms[tag]
	n, expr, err := parsePlural(header)
	if err != nil {
		return nil, fmt.Errorf("plural forms of %s: %w", tag, err)
	}
	f := make(forms, n)
	take := func(v int) error {
		i := expr.Eval(uint32(v))
		if i < 0 || i >= n {
			return fmt.Errorf("plural forms of %s: %d has form %d of %d", tag, v, i, n)
		}
		f[i] = append(f[i], v)
		return nil
	}
	for v := range 201 {
		if err := take(v); err != nil {
			return nil, err
		}
	}
	for _, v := range []int{1000, 1001, 10_000, 1_000_000, 2_000_000} {
		if err := take(v); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func parsePlural(header string) (int, plurals.Expression, error) {
	count, rule, ok := strings.Cut(header, ";")
	if !ok {
		return 0, nil, fmt.Errorf("no Plural-Forms")
	}
	n, err := strconv.Atoi(strings.TrimPrefix(count, "nplurals="))
	if err != nil {
		return 0, nil, err
	}
	rule = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(rule), "plural="), ";")
	expr, err := plurals.Compile(rule)
	return n, expr, err
}

// single tells a form that stands for one number only, so that its text may write the number as a word or leave it out.
func (f forms) single(i int) bool { return len(f[i]) == 1 }

// millions tells a form that no number below a million takes.
func (f forms) millions(i int) bool { return len(f[i]) > 0 && f[i][0] >= 1_000_000 }

// hint shows a translator which numbers the forms are for: "[0] 1 · [1] 2, 3, 4, 22 … · [2] 0, 5, 6, 7 …".
func (f forms) hint() string {
	var parts []string
	for i, ns := range f {
		s := fmt.Sprintf("[%d] ", i)
		for j, n := range ns {
			if j == 4 {
				s += " …"
				break
			}
			if j > 0 {
				s += ", "
			}
			s += strconv.Itoa(n)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " · ")
}
