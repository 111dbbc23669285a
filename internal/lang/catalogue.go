package lang

import (
	"embed"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/leonelquinteros/gotext"
	"github.com/leonelquinteros/gotext/plurals"
)

// files holds the catalogues: po/family/TAG.po and po/staff/TAG.po.
//
//go:embed po/family/*.po po/staff/*.po
var files embed.FS

type key struct{ ctx, id string }

// entry is one translated text: one form, or as many as the language has. The zero entry is no translation.
type entry struct {
	text   string
	forms  []string
	plural plurals.Expression
}

func (e entry) one(id string) string {
	if e.text == "" {
		return id
	}
	return e.text
}

func (e entry) many(n int, one, many string) string {
	if n < 0 {
		n = -n
	}
	if len(e.forms) > 0 {
		if i := e.plural.Eval(uint32(n)); i < len(e.forms) {
			return e.forms[i]
		}
	}
	if n == 1 {
		return one
	}
	return many
}

type catalogue struct {
	msgs  map[key]entry
	draft bool
}

// loadCatalogue reads the texts for families and for staff of one language, on first use (about 3 ms for 3,000 texts).
// Families' texts win where both have one. A language without a file has no texts; the tests see to it that a file that
// is there can be read.
func loadCatalogue(tag string) *catalogue {
	c := &catalogue{msgs: map[key]entry{}}
	for _, dir := range []string{"staff", "family"} {
		src, err := fs.ReadFile(files, "po/"+dir+"/"+tag+".po")
		if err != nil {
			continue
		}
		po := gotext.NewPo()
		po.Parse(src)
		d := po.GetDomain()
		if strings.EqualFold(d.Headers.Get("X-Status"), "draft") {
			c.draft = true
		}
		nplurals, plural := pluralForms(d.PluralForms)
		for id, t := range d.GetTranslations() {
			c.add(key{"", id}, t, nplurals, plural)
		}
		for ctx, byID := range d.GetCtxTranslations() {
			for id, t := range byID {
				c.add(key{ctx, id}, t, nplurals, plural)
			}
		}
	}
	return c
}

// add keeps a text if all its forms are there; half a plural is no translation.
func (c *catalogue) add(k key, t *gotext.Translation, nplurals int, plural plurals.Expression) {
	if k.id == "" || t.Trs[0] == "" {
		return
	}
	if t.PluralID == "" {
		c.msgs[k] = entry{text: t.Trs[0]}
		return
	}
	forms := make([]string, nplurals)
	for i := range forms {
		forms[i] = t.Trs[i]
	}
	if plural == nil || slices.Contains(forms, "") {
		return
	}
	c.msgs[k] = entry{text: forms[0], forms: forms, plural: plural}
}

// pluralForms reads a Plural-Forms header: "nplurals=2; plural=(n != 1);".
func pluralForms(header string) (n int, plural plurals.Expression) {
	for _, part := range strings.Split(header, ";") {
		name, value, _ := strings.Cut(part, "=")
		switch strings.TrimSpace(name) {
		case "nplurals":
			n, _ = strconv.Atoi(strings.TrimSpace(value))
		case "plural":
			if e, err := plurals.Compile(strings.TrimSpace(value)); err == nil {
				plural = e
			}
		}
	}
	return n, plural
}
