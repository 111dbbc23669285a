package materialweb

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"brug/internal/errs"
	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/web/ui"
)

// The editor's form says everything: what is being written travels in it until it is saved, so that each button may send it
// and get it back. Fields: kind, slug and version (of a saved one), origin, n (how many parts), title.TAG, intro.TAG,
// close.TAG, picture, audience, practices, support, reader, class, and for each part partI.role, .from, .slots, .pictogram,
// .name, .photo and its words partI.TAG; look.in and look.as for the preview; do for the button that was pressed.

// maxParts is how many parts a form may have; no kind allows as many.
const maxParts = 80

// part names a field of the i-th part, counted from 0.
func part(i int, field string) string { return "part" + strconv.Itoa(i+1) + "." + field }

// parts is how many parts the form has.
func parts(f *ui.Form) int {
	n, _ := f.Int("n")
	return min(max(n, 0), maxParts)
}

// formOf fills the form from a draft.
func formOf(d material.Edit, slug string, version int64, origin string) *ui.Form {
	f := ui.NewForm("kind", string(d.Kind), "slug", slug, "version", strconv.FormatInt(version, 10), "origin", origin, "picture", d.Picture, "reader", string(d.Reader), "class", d.Class,
		"n", strconv.Itoa(len(d.Parts)))
	f.Set("audience", plainStrings(d.Audiences)...)
	f.Set("practices", plainStrings(d.Practices)...)
	f.Set("support", plainStrings(d.Support)...)
	put := func(field string, m map[string]string) {
		for tag, s := range m {
			f.Set(field+"."+tag, s)
		}
	}
	put("title", d.Title)
	put("intro", d.Intro)
	put("close", d.Close)
	for i, p := range d.Parts {
		setPart(f, i, p)
	}
	return f
}

func setPart(f *ui.Form, i int, p material.EditPart) {
	for field, v := range map[string]string{"role": string(p.Role), "from": p.From, "pictogram": p.Pictogram, "name": p.Name, "photo": p.Photo, "slots": slotsText(p.Slots)} {
		f.Set(part(i, field), v)
	}
	if p.From == "" {
		for tag, s := range p.Texts {
			f.Set(part(i, tag), s)
		}
	}
}

func plainStrings[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func typed[T ~string](values []string) []T {
	out := make([]T, len(values))
	for i, v := range values {
		out[i] = T(v)
	}
	return out
}

// slotsText carries the values of a phrase's slots through the form.
func slotsText(slots map[string]string) string {
	if len(slots) == 0 {
		return ""
	}
	b, err := json.Marshal(slots)
	if err != nil {
		return "" // strings always marshal
	}
	return string(b)
}

// editOf is what the form says. Parts without words are left out; at says for each kept part where it stood in the form.
func editOf(f *ui.Form, main string) (d material.Edit, at []int) {
	d = material.Edit{Kind: material.Kind(f.Get("kind")), Audiences: typed[material.Audience](f.All("audience")), Practices: typed[material.Practice](f.All("practices")),
		Support: typed[material.Support](f.All("support")), Reader: material.Reader(f.Get("reader")), Picture: f.Get("picture"), Class: f.Get("class"),
		Title: map[string]string{}, Intro: map[string]string{}, Close: map[string]string{}}
	if len(d.Audiences) == len(material.Audiences()) {
		d.Audiences = nil // all of them: for every age, also for one that comes later
	}
	take(f, "title", main, d.Title)
	take(f, "intro", main, d.Intro)
	take(f, "close", main, d.Close)
	for i := range parts(f) {
		if p, ok := partOf(f, i, main); ok {
			d.Parts = append(d.Parts, p)
			at = append(at, i)
		}
	}
	return d, at
}

// take reads the words of a field in every language.
func take(f *ui.Form, field, main string, m map[string]string) {
	for _, tag := range append([]string{main}, others(main)...) {
		if s := f.Get(field + "." + tag); s != "" {
			m[tag] = strings.ReplaceAll(s, "\r\n", "\n")
		}
	}
}

// partOf reads a part; ok is false for one that says nothing. Words typed beside a part of the library are meant: they make
// it one of the school's own.
func partOf(f *ui.Form, i int, main string) (p material.EditPart, ok bool) {
	p = material.EditPart{Part: material.Part{Role: material.Role(f.Get(part(i, "role"))), Pictogram: f.Get(part(i, "pictogram")), From: f.Get(part(i, "from")), Name: f.Get(part(i, "name")), Photo: f.Get(part(i, "photo"))},
		Texts: map[string]string{}}
	if s := f.Get(part(i, "slots")); s != "" && json.Unmarshal([]byte(s), &p.Slots) != nil {
		p.Slots = nil // not ours: the phrase will be refused
	}
	if f.Get(part(i, main)) != "" {
		p.From, p.Slots = "", nil
	}
	if p.From != "" {
		if t, found := takenPart(p); found {
			return t, true
		}
		return p, true // refused when it is saved, with a word at the part
	}
	take(f, strings.TrimSuffix(part(i, ""), "."), main, p.Texts)
	return p, len(p.Texts) > 0 || p.Name != ""
}

// takenPart is the part that p was taken from, with its words in all languages.
func takenPart(p material.EditPart) (material.EditPart, bool) {
	if strings.HasPrefix(p.From, material.PhrasePrefix) {
		ph, values, ok := material.PhraseOf(p.Part)
		if !ok {
			return p, false
		}
		t := material.PhrasePart(ph, values)
		t.Role = p.Role
		return t, true
	}
	t, ok := material.Taken(p.From)
	if ok {
		t.Name, t.Photo = p.Name, p.Photo
	}
	return t, ok
}

// others are the languages besides the school's.
func others(main string) []string {
	return slices.DeleteFunc(slices.Clone(lang.Family), func(t string) bool { return t == main })
}

// moved puts errors at the part of the form that they are about: parts without words are left out of an Edit.
func moved(err error, at []int) error {
	fields := errs.FieldsOf(err)
	if fields == nil {
		return err
	}
	out := map[string]errs.Text{}
	for name, t := range fields {
		num, field, ok := strings.Cut(strings.TrimPrefix(name, "part"), ".")
		if n, e := strconv.Atoi(num); ok && e == nil && n >= 1 && n <= len(at) {
			name = part(at[n-1], field)
		}
		out[name] = t
	}
	return &errs.Error{Kind: errs.Invalid, Fields: out}
}

// copyPart puts all fields of one part into another form, as another part.
func copyPart(to *ui.Form, i int, from *ui.Form, j int) {
	old, now := part(j, ""), part(i, "")
	for name, v := range from.Values {
		if field, ok := strings.CutPrefix(name, old); ok {
			to.Set(now+field, slices.Clone(v)...)
		}
	}
}

// arrange is the form with its parts in another order: order says which parts stand there now; -1 is an empty new one.
func arrange(f *ui.Form, order []int) *ui.Form {
	out := &ui.Form{Values: url.Values{}}
	for name, v := range f.Values {
		if num, _, ok := strings.Cut(strings.TrimPrefix(name, "part"), "."); ok && strings.HasPrefix(name, "part") {
			if _, err := strconv.Atoi(num); err == nil {
				continue
			}
		}
		out.Values[name] = slices.Clone(v)
	}
	for i, j := range order {
		if j >= 0 {
			copyPart(out, i, f, j)
		}
	}
	out.Set("n", strconv.Itoa(len(order)))
	return out
}
