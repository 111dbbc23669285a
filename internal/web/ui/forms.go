package ui

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"brug/internal/errs"
)

// Form is what a person typed, and what is wrong with it. It travels from the request through the operation back to the
// page, so that nothing typed is lost. A nil *Form is an empty one for reading.
type Form struct {
	Values url.Values           // as typed, not trimmed
	Errors map[string]errs.Text // by field name
	Prefix string               // of element ids, where two forms stand on one page

	files map[string][]*multipart.FileHeader
}

// NewForm is a form with starting values; kv are names and values in turn.
func NewForm(kv ...string) *Form {
	f := &Form{Values: url.Values{}}
	for i := 0; i+1 < len(kv); i += 2 {
		f.Values.Add(kv[i], kv[i+1])
	}
	return f
}

// FormFrom reads the fields and files of a request, at most max bytes in all. Too much, or a body that is no form, is
// an errs.Invalid error and comes with an empty form, or with the fields that stood before a file that is too large; values in
// the URL's query are read as well.
// What is no text in a field (bytes that are no UTF-8, NUL) is taken out: PostgreSQL takes none. Files stay in memory: in the
// temporary folder nobody would remove them (the server knows the request from before its context changed), and they may be a
// voice, or a photo with the place where it was taken.
func FormFrom(r *http.Request, max int64) (*Form, error) {
	f := &Form{Values: url.Values{}}
	if r.Body != nil {
		r.Body = http.MaxBytesReader(nil, r.Body, max)
	}
	head := &headOf{}
	if kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == "multipart/form-data" && r.Body != nil {
		head.boundary = params["boundary"]
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(r.Body, head), r.Body}
	}
	err := r.ParseForm() // first: ParseMultipartForm would forget what is wrong with a plain form
	if err == nil {
		if err = r.ParseMultipartForm(max); errors.Is(err, http.ErrNotMultipart) {
			err = nil
		}
	}
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			f.Values = clean(head.fields())
			return f, errs.New(errs.Invalid, "That is too large. At most {size} can be sent at once.", "size", Size(max))
		}
		return f, &errs.Error{Kind: errs.Invalid, Text: errs.T("The form did not arrive whole. Please send it again."), Err: err}
	}
	f.Values = clean(r.Form)
	if r.MultipartForm != nil {
		f.files = r.MultipartForm.File
	}
	return f, nil
}

func clean(all url.Values) url.Values {
	for _, values := range all {
		for i, v := range values {
			values[i] = strings.ReplaceAll(strings.ToValidUTF8(v, "\uFFFD"), "\x00", "")
		}
	}
	return all
}

// headOf keeps the beginning of a form with files: the words that stand before a file that is too large are not to be typed
// again by somebody whose browser has no script.
type headOf struct {
	bytes.Buffer
	boundary string
}

// mostHead is as long as any page's words, in any script.
const mostHead = 64 << 10

func (h *headOf) Write(b []byte) (int, error) {
	if room := mostHead - h.Len(); room > 0 {
		h.Buffer.Write(b[:min(room, len(b))])
	}
	return len(b), nil
}

// fields are those that came whole before the first file.
func (h *headOf) fields() url.Values {
	out := url.Values{}
	parts := multipart.NewReader(&h.Buffer, h.boundary)
	for h.boundary != "" {
		part, err := parts.NextPart()
		if err != nil || part.FileName() != "" {
			break
		}
		value, err := io.ReadAll(part)
		if err != nil {
			break
		}
		out.Add(part.FormName(), string(value))
	}
	return out
}

// Get is the value of a field without spaces around it; "" if there is none.
func (f *Form) Get(name string) string {
	if f == nil {
		return ""
	}
	return strings.TrimSpace(f.Values.Get(name))
}

// All are the values of a field that has several, such as checkboxes; without empty ones.
func (f *Form) All(name string) []string {
	if f == nil {
		return nil
	}
	var out []string
	for _, v := range f.Values[name] {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// Has tells whether a field has this value: a box that is ticked, an option that is chosen.
func (f *Form) Has(name, value string) bool {
	return f != nil && slices.Contains(f.Values[name], value)
}

// Bool tells whether a single checkbox is ticked.
func (f *Form) Bool(name string) bool { return f.Get(name) != "" }

// Int is a whole number; ok is false if something else was typed, or nothing.
func (f *Form) Int(name string) (n int, ok bool) {
	n, err := strconv.Atoi(f.Get(name))
	return n, err == nil
}

// Set replaces the values of a field.
func (f *Form) Set(name string, values ...string) {
	if f.Values == nil {
		f.Values = url.Values{}
	}
	f.Values[name] = values
}

// File is the file sent under a name, nil if none was chosen.
func (f *Form) File(name string) *multipart.FileHeader {
	if f == nil || len(f.files[name]) == 0 || f.files[name][0].Filename == "" {
		return nil
	}
	return f.files[name][0]
}

// Files are all the files sent under a name.
func (f *Form) Files(name string) []*multipart.FileHeader {
	if f == nil {
		return nil
	}
	var out []*multipart.FileHeader
	for _, h := range f.files[name] {
		if h.Filename != "" {
			out = append(out, h)
		}
	}
	return out
}

// Take keeps what err says about fields and tells whether there was anything for the form to show: draw the page again
// with status 422. Any other error it leaves alone: return it. A sentence without a field stands in the summary.
func (f *Form) Take(err error) bool {
	if !errs.Is(err, errs.Invalid) {
		return false
	}
	if f.Errors == nil {
		f.Errors = map[string]errs.Text{}
	}
	for name, t := range errs.FieldsOf(err) {
		f.Errors[name] = t
	}
	var e *errs.Error
	if errors.As(err, &e) && e.Text.ID != "" {
		f.Errors[""] = e.Text
	} else if len(f.Errors) == 0 {
		f.Errors[""] = errs.T("This cannot be used as it is. Please look it over.")
	}
	return true
}

// Fail records what is wrong with one field; for rules that the page itself checks.
func (f *Form) Fail(field, id string, kv ...any) {
	if f.Errors == nil {
		f.Errors = map[string]errs.Text{}
	}
	f.Errors[field] = errs.T(id, kv...)
}

// OK tells whether nothing is wrong.
func (f *Form) OK() bool { return f == nil || len(f.Errors) == 0 }

// Wrong is what is wrong with a field.
func (f *Form) Wrong(name string) (t errs.Text, is bool) {
	if f == nil {
		return t, false
	}
	t, is = f.Errors[name]
	return t, is
}

// ID is the id of a field's control on the page; options of a group are ID, ID+"-1", ID+"-2" …
func (f *Form) ID(name string) string {
	p := "f-"
	if f != nil && f.Prefix != "" {
		p = f.Prefix + "-"
	}
	return p + strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, name)
}

// mistakes are the errors for the summary: without a field first, the rest by name, since a map has no order. Name the
// order with ErrorSummary's fields to follow the page.
func (f *Form) mistakes(order []string) []mistake {
	if f.OK() {
		return nil
	}
	var out []mistake
	seen := map[string]bool{}
	add := func(name string) {
		if t, is := f.Errors[name]; is && !seen[name] {
			seen[name] = true
			out = append(out, mistake{name, t})
		}
	}
	add("")
	for _, n := range order {
		add(n)
	}
	rest := make([]string, 0, len(f.Errors))
	for n := range f.Errors {
		rest = append(rest, n)
	}
	slices.Sort(rest)
	for _, n := range rest {
		add(n)
	}
	return out
}

type mistake struct {
	name string
	text errs.Text
}

// Size is a number of bytes as people say it in their language: "300 kB", "5 MB", in French "5 Mo". Whole numbers: a point or a comma
// would be wrong somewhere. It stands within another text, or on its own by lang.Text.
func Size(n int64) errs.Text {
	switch {
	case n >= 1<<20-1<<19:
		return errs.T("{n} MB", "n", (n+1<<19)>>20)
	case n >= 1<<10:
		return errs.T("{n} kB", "n", (n+1<<9)>>10)
	}
	return errs.T("{n} B", "n", n)
}

// Option is a choice in a list, a group of radios or of checkboxes.
type Option struct {
	Value, Label, Hint string
	Lang               string // of Label, where it is not the page's: names of languages
	Icon, Pictogram    string // a picture beside it
	Group              string // of a Select: the heading above it; options of one group stand together
	Off                bool   // shown and cannot be chosen; Hint says why
}

// optionGroup is options of a Select below one heading.
type optionGroup struct {
	name    string
	options []Option
}

// groups are the options by their heading, in order.
func (in Input) groups() []optionGroup {
	var out []optionGroup
	for _, o := range in.Options {
		if n := len(out); n == 0 || out[n-1].name != o.Group {
			out = append(out, optionGroup{name: o.Group})
		}
		out[len(out)-1].options = append(out[len(out)-1].options, o)
	}
	return out
}

// Input describes a field. Name is the key in Form and in errs fields alike.
type Input struct {
	Name, Label string
	Hint        string
	Type        string // of <input>; "text" unless set
	Optional    bool   // says so; everything else is asked for
	Options     []Option
	Auto        string // autocomplete, as HTML names it: "email", "current-password", "one-time-code", "off"
	Mode        string // inputmode: "numeric", "tel", …
	Lang        string // of what is typed, if known: sets lang and dir
	Accept      string // of File
	Multiple    bool   // of File
	MaxBytes    int64  // of each File: with script a larger one is put back before it is sent, and TooLarge says so
	TooLarge    string
	Rows        int    // of TextArea; 4 unless set
	Max         int    // characters; 0: no end
	Short       bool   // a narrow field: numbers, codes, dates
	Inline      bool   // options side by side
	HideLabel   bool   // the label is only heard: search fields, cells of a table
	Empty       string // first option of a Select that chooses nothing; "": there is none
	Focus       bool   // autofocus: only on pages that are one field
	Min, MaxVal string // of number and date
}

func (in Input) kind() string {
	if in.Type == "" {
		return "text"
	}
	return in.Type
}

func (in Input) rows() int {
	if in.Rows == 0 {
		return 4
	}
	return in.Rows
}

// value is what the control shows; a password is never written back into a page.
func (in Input) value(f *Form) string {
	if f == nil || in.Type == "password" {
		return ""
	}
	return f.Values.Get(in.Name)
}

// describedBy names the hint and the error of a field, for those who hear the page.
func (in Input) describedBy(f *Form) string {
	var ids []string
	if in.Hint != "" {
		ids = append(ids, f.ID(in.Name)+"-hint")
	}
	if _, is := f.Wrong(in.Name); is {
		ids = append(ids, f.ID(in.Name)+"-error")
	}
	return strings.Join(ids, " ")
}

// optionID is the id of the i-th option; the first one has the field's own, so that the summary leads to it.
func (in Input) optionID(f *Form, i int) string {
	if i == 0 {
		return f.ID(in.Name)
	}
	return f.ID(in.Name) + "-" + strconv.Itoa(i)
}
