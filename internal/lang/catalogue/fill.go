package catalogue

import (
	"fmt"
	"slices"
	"strings"
)

// Separators in the short form that translators may hand in: between plural forms, and after the context.
const (
	formSep = "\u241E" // ␞
	ctxSep  = "\u241F" // ␟
)

// Missing gives, as PO text that Fill takes back, the texts that lack a translation in tag, each with the places where it
// is used and, for a text that counts, with the numbers that each form is for. For Dutch and French both families' and
// staff's texts come; only limits it to "family" or "staff".
func Missing(root, tag, only string) (string, error) {
	all, err := Scan(root)
	if err != nil {
		return "", err
	}
	fs, err := formsOf(tag)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, d := range domains() {
		if !slices.Contains(d.langs, tag) || only != "" && only != d.name {
			continue
		}
		_, done, err := d.read(root, tag)
		if err != nil {
			return "", err
		}
		for _, m := range d.of(all) {
			if done[m.key()] {
				continue
			}
			e := Entry{Ctx: m.Ctx, ID: m.ID, Plural: m.Plural, Strs: []string{""}}
			for _, p := range m.Places {
				e.Places = append(e.Places, p.String())
			}
			if m.Plural != "" {
				e.Strs = make([]string, len(fs))
				e.Extracted = []string{"#. " + fs.hint()}
			}
			e.write(&b)
			b.WriteString("\n")
		}
	}
	return b.String(), nil
}

// MissingShort is Missing as lines for a table: the id in the short form, a tab, and nothing behind it.
func MissingShort(root, tag, only string) (string, error) {
	src, err := Missing(root, tag, only)
	if err != nil {
		return "", err
	}
	f, err := Parse("missing", src)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, e := range f.Entries {
		b.WriteString(escape(shortID(e)) + "\t\n")
	}
	return b.String(), nil
}

func shortID(e Entry) string {
	id := e.ID
	if e.Ctx != "" {
		id = e.Ctx + ctxSep + id
	}
	if e.Plural != "" {
		id += formSep + e.Plural
	}
	return id
}

var (
	escaper   = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", `\t`)
	unescaper = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t")
)

func escape(s string) string { return escaper.Replace(s) }

// Fill merges translations into the catalogues of tag, family and staff. src is PO text, or lines of
//
//	id<TAB>translation
//
// where a text that counts is "one␞many<TAB>form␞form…", a context stands before its id with ␟ behind it, a new line is
// written \n, and lines that begin with # are passed over. A translation replaces the one that is there. In languages
// with a form for whole millions that form may be left out and is taken from the last one. What is wrong (unknown
// text, placeholders, number of forms, English) is not taken and comes back as problems; all the rest is.
func Fill(root, tag, name, src string) (taken int, problems []Problem, err error) {
	given, err := parseGiven(name, src)
	if err != nil {
		return 0, nil, err
	}
	fs, err := formsOf(tag)
	if err != nil {
		return 0, nil, err
	}
	where := map[key][]*Entry{}
	files := map[string]*File{}
	for _, d := range domains() {
		if !slices.Contains(d.langs, tag) {
			continue
		}
		f, err := ReadFile(d.path(root, tag))
		if err != nil {
			return 0, nil, err
		}
		files[d.path(root, tag)] = f
		for i := range f.Entries {
			e := &f.Entries[i]
			where[e.key()] = append(where[e.key()], e)
		}
	}
	for _, g := range given {
		at := fmt.Sprintf("%s:%d", name, g.Line)
		targets := where[g.key()]
		if len(targets) == 0 {
			problems = append(problems, Problem{at, fmt.Sprintf("%q is not in the catalogue (run the extractor first?)", g.ID)})
			continue
		}
		g.Strs = withMillions(g.Strs, g.Plural != "" || targets[0].Plural != "", fs)
		g.Plural = targets[0].Plural
		if !g.Done() {
			if strings.Join(g.Strs, "") != "" {
				problems = append(problems, Problem{at, fmt.Sprintf("%q: some forms are empty: %s", g.ID, fs.hint())})
			}
			continue
		}
		if ws := wrong(g, tag, fs); len(ws) > 0 {
			problems = append(problems, Problem{at, fmt.Sprintf("%q: %s", g.ID, strings.Join(ws, "; "))})
			continue
		}
		for _, t := range targets {
			t.Strs = slices.Clone(g.Strs)
			if len(g.Comments) > 0 {
				t.Comments = g.Comments
			}
		}
		taken++
	}
	for path, f := range files {
		if _, err := writeFile(path, f); err != nil {
			return taken, problems, err
		}
	}
	return taken, problems, nil
}

// withMillions puts in the form for whole millions where a translator left it out.
func withMillions(strs []string, counts bool, fs forms) []string {
	if !counts {
		return strs
	}
	for i := range fs {
		switch {
		case !fs.millions(i):
		case len(strs) == len(fs)-1:
			strs = slices.Insert(slices.Clone(strs), i, strs[len(strs)-1])
		case len(strs) == len(fs) && strs[i] == "":
			strs = slices.Clone(strs)
			strs[i] = strs[len(strs)-1]
		}
	}
	return strs
}

func parseGiven(name, src string) ([]Entry, error) {
	for _, l := range strings.Split(src, "\n") {
		if strings.HasPrefix(strings.TrimSpace(l), "msgid ") {
			f, err := Parse(name, src)
			if err != nil {
				return nil, err
			}
			return f.Entries, nil
		}
	}
	var es []Entry
	for i, l := range strings.Split(src, "\n") {
		l = strings.TrimSuffix(l, "\r")
		if strings.TrimSpace(l) == "" || strings.HasPrefix(l, "#") {
			continue
		}
		id, tr, ok := strings.Cut(l, "\t")
		if !ok {
			return nil, fmt.Errorf("%s:%d: no tab between id and translation", name, i+1)
		}
		e := Entry{Line: i + 1}
		id = unescaper.Replace(id)
		if ctx, rest, ok := strings.Cut(id, ctxSep); ok {
			e.Ctx, id = ctx, rest
		}
		e.ID, e.Plural, _ = strings.Cut(id, formSep)
		e.Strs = strings.Split(unescaper.Replace(tr), formSep)
		es = append(es, e)
	}
	return es, nil
}
