package lang

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"brug/internal/errs"
)

// Locale is one language that Brug has texts in. It never changes and there is one for each tag, so that it can be
// compared, kept and used by many at once.
type Locale struct {
	tag   string
	dir   string
	plain bool // no isolating marks round inserted values
	data  *cldr
	other *Locale // the same with plain turned round

	load  sync.Once
	texts *catalogue // of load
}

var locales = func() map[string]*Locale {
	all := make(map[string]*Locale, len(Family))
	for _, tag := range Family {
		l := &Locale{tag: tag, dir: Dir(tag), data: cldrData[tag]}
		l.other = &Locale{tag: tag, dir: l.dir, data: l.data, plain: true, other: l}
		all[tag] = l
	}
	return all
}()

// For is the language to show to somebody who wants tag (BCP 47, any case; ISO 639-2 and -3 codes of our languages and
// retired codes are understood too). A region or script that we have no texts for falls away: fa-AF reads fa. For a
// language without texts, and for what is no language at all, it is Dutch: Tag then says "nl", so that pages and papers
// label the words with the language that they are really in.
func For(tag string) *Locale {
	if l, ok := locales[tag]; ok {
		return l
	}
	for t := Canonical(tag); t != ""; t = parent(t) {
		if l, ok := locales[t]; ok {
			return l
		}
	}
	return locales[Fallback]
}

// Tag is the BCP 47 tag, one of Family.
func (l *Locale) Tag() string { return l.tag }

// Dir is "ltr" or "rtl".
func (l *Locale) Dir() string { return l.dir }

// Plain is the same language without isolating marks round inserted values: for SMS, file names, spreadsheets and all
// that cannot do anything with U+2068 and U+2069.
func (l *Locale) Plain() *Locale {
	if l.plain {
		return l
	}
	return l.other
}

// T is the text with id in this language, its {placeholders} filled from kv, names and values in turn. Strings and
// numbers go in as they are, a time.Time as Date, an errs.Text translated. A placeholder without a value stays, so that
// the mistake is seen. Values of the other direction are isolated; see Isolate.
func (l *Locale) T(id string, kv ...any) string {
	e, in := l.lookup("", id)
	return in.fill(e.one(id), kv)
}

// C is T within a context; an id without that context is another text.
func (l *Locale) C(msgctxt, id string, kv ...any) string {
	e, in := l.lookup(msgctxt, id)
	return in.fill(e.one(id), kv)
}

// N is the text in the plural form that n asks for in this language, with {n} filled by Number(n). A negative n takes
// the form of its absolute value.
func (l *Locale) N(n int, one, many string, kv ...any) string {
	e, in := l.lookup("", one)
	if len(kv) == 0 {
		kv = []any{"n", in.Number(n)}
	} else {
		kv = append(kv[:len(kv):len(kv)], "n", in.Number(n))
	}
	return in.fill(e.many(n, one, many), kv)
}

// Text is a sentence of package errs in this language.
func (l *Locale) Text(t errs.Text) string {
	e, in := l.lookup("", t.ID)
	s := e.one(t.ID)
	if len(t.Args) == 0 {
		return s
	}
	return in.replace(s, func(name string) (any, bool) { v, ok := t.Args[name]; return v, ok })
}

// Has tells whether the id, without context, is translated in this very language. English always is.
func (l *Locale) Has(id string) bool { return l.HasC("", id) }

// HasC is Has for a text with a context.
func (l *Locale) HasC(msgctxt, id string) bool {
	if l.tag == "en" {
		return true
	}
	_, ok := l.own().msgs[key{msgctxt, id}]
	return ok
}

// Draft tells whether the texts of this language still wait for somebody who speaks it to read them (X-Status in the
// catalogue's header). Staff are told so.
func (l *Locale) Draft() bool { return l.own().draft }

// own is the catalogue of this language, read at first use. Plain shares it.
func (l *Locale) own() *catalogue {
	if l.plain {
		l = l.other
	}
	l.load.Do(func() { l.texts = loadCatalogue(l.tag) })
	return l.texts
}

// lookup finds the text here, else in Dutch; the zero entry is the English id. in is the language of the text, in which
// its values must be written too.
func (l *Locale) lookup(msgctxt, id string) (e entry, in *Locale) {
	k := key{msgctxt, id}
	if e, ok := l.own().msgs[k]; ok || l.tag == "en" {
		return e, l
	}
	school := locales[Fallback]
	if e, ok := school.own().msgs[k]; ok {
		if l.plain {
			school = school.other
		}
		return e, school
	}
	return entry{}, l
}

func (l *Locale) fill(s string, kv []any) string {
	if len(kv) == 0 {
		return s
	}
	return l.replace(s, func(name string) (any, bool) {
		for i := 0; i+1 < len(kv); i += 2 {
			if kv[i] == name {
				return kv[i+1], true
			}
		}
		return nil, false
	})
}

// replace fills the placeholders of s in one pass: braces inside a value are left alone.
func (l *Locale) replace(s string, value func(name string) (any, bool)) string {
	if strings.IndexByte(s, '{') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 32)
	for {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			break
		}
		j := strings.IndexByte(s[i:], '}')
		if j < 0 {
			break
		}
		b.WriteString(s[:i])
		if v, ok := value(s[i+1 : i+j]); ok {
			b.WriteString(l.Isolate(l.show(v)))
		} else {
			b.WriteString(s[i : i+j+1])
		}
		s = s[i+j+1:]
	}
	b.WriteString(s)
	return b.String()
}

func (l *Locale) show(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case time.Time:
		return l.Date(v)
	case errs.Text:
		return l.Text(v)
	case []string:
		return l.List(v)
	}
	return fmt.Sprint(v)
}
