package catalogue

import (
	"fmt"
	"os"
	"strings"
)

// File is a PO or POT file. Reading and writing it keeps what translators wrote: comments, flags, statuses, order.
type File struct {
	Header  Entry // the entry with the empty id
	Entries []Entry
}

// Entry is one text. Plural is "" for a text that does not count; Strs has one string for each plural form.
type Entry struct {
	Comments        []string // lines of translators: "# …", whole
	Extracted       []string // "#. …", whole
	Places          []string // files that use it
	Flags           []string
	Ctx, ID, Plural string
	Strs            []string
	Line            int // of msgid in the file that was read, from 1
}

// Done tells whether every form has a translation.
func (e Entry) Done() bool {
	for _, s := range e.Strs {
		if s == "" {
			return false
		}
	}
	return len(e.Strs) > 0
}

func (e Entry) key() key { return key{e.Ctx, e.ID} }

// Field is a header field such as "Plural-Forms", "" if it is not there.
func (f *File) Field(name string) string {
	for _, l := range f.headerLines() {
		if k, v, ok := strings.Cut(l, ":"); ok && strings.EqualFold(k, name) {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// SetField writes a header field, at its place or at the end.
func (f *File) SetField(name, value string) {
	lines := f.headerLines()
	line := name + ": " + value
	found := false
	for i, l := range lines {
		if k, _, ok := strings.Cut(l, ":"); ok && strings.EqualFold(k, name) {
			lines[i], found = line, true
		}
	}
	if !found {
		lines = append(lines, line)
	}
	f.Header.Strs = []string{strings.Join(lines, "\n") + "\n"}
}

func (f *File) headerLines() []string {
	if len(f.Header.Strs) == 0 || f.Header.Strs[0] == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(f.Header.Strs[0], "\n"), "\n")
}

// ReadFile reads a PO file.
func ReadFile(path string) (*File, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, string(b))
}

// Parse reads PO text. Unlike the reader in the running program it forgives nothing: a line that it cannot read is an
// error with the line's number. name is for those errors. Texts that are commented out ("#~") are errors too: an unused
// text is removed, not kept.
func Parse(name, src string) (*File, error) {
	p := poReader{file: &File{}}
	for i, line := range strings.Split(src, "\n") {
		if err := p.line(strings.TrimSpace(line), i+1); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	if err := p.flush(); err != nil {
		return nil, fmt.Errorf("%s: at the end: %w", name, err)
	}
	return p.file, nil
}

type poReader struct {
	file *File
	cur  Entry
	to   *string         // the string that a following quoted line continues
	more strings.Builder // what those lines have brought for it: a text may have very many of them
	id   bool            // msgid was seen
}

func (p *poReader) line(l string, n int) error {
	switch {
	case l == "":
		return p.flush()
	case strings.HasPrefix(l, "#"):
		if len(p.cur.Strs) > 0 {
			if err := p.flush(); err != nil {
				return err
			}
		}
		return p.comment(l)
	case strings.HasPrefix(l, `"`):
		if p.to == nil {
			return fmt.Errorf("a string that belongs to nothing")
		}
		s, err := unquote(l)
		p.more.WriteString(s)
		return err
	}
	p.settle()
	word, rest, _ := strings.Cut(l, " ")
	if len(p.cur.Strs) > 0 && (word == "msgctxt" || word == "msgid") {
		if err := p.flush(); err != nil {
			return err
		}
	}
	s, err := unquote(strings.TrimSpace(rest))
	if err != nil {
		return err
	}
	switch {
	case word == "msgctxt":
		p.cur.Ctx, p.to = s, &p.cur.Ctx
	case word == "msgid":
		p.cur.ID, p.cur.Line, p.to, p.id = s, n, &p.cur.ID, true
	case word == "msgid_plural":
		p.cur.Plural, p.to = s, &p.cur.Plural
	case word == "msgstr", word == fmt.Sprintf("msgstr[%d]", len(p.cur.Strs)):
		p.cur.Strs = append(p.cur.Strs, s)
		p.to = &p.cur.Strs[len(p.cur.Strs)-1]
	default:
		return fmt.Errorf("%q is not expected here", word)
	}
	return nil
}

// settle gives the string that is being read all that its lines have brought.
func (p *poReader) settle() {
	if p.to != nil {
		*p.to += p.more.String()
	}
	p.more.Reset()
}

func (p *poReader) comment(l string) error {
	switch {
	case strings.HasPrefix(l, "#~"):
		return fmt.Errorf("a text that is not used any more: remove it")
	case strings.HasPrefix(l, "#:"):
		p.cur.Places = append(p.cur.Places, strings.Fields(l[2:])...)
	case strings.HasPrefix(l, "#,"):
		for _, f := range strings.Split(l[2:], ",") {
			p.cur.Flags = append(p.cur.Flags, strings.TrimSpace(f))
		}
	case strings.HasPrefix(l, "#."):
		p.cur.Extracted = append(p.cur.Extracted, l)
	case strings.HasPrefix(l, "#|"):
	default:
		p.cur.Comments = append(p.cur.Comments, l)
	}
	return nil
}

func (p *poReader) flush() error {
	p.settle()
	defer func() { p.cur, p.to, p.id = Entry{}, nil, false }()
	switch {
	case !p.id && len(p.cur.Strs) == 0 && p.cur.Ctx == "" && p.cur.Plural == "":
	case !p.id || len(p.cur.Strs) == 0:
		return fmt.Errorf("a text needs msgid and msgstr")
	case p.cur.ID == "" && p.cur.Ctx == "":
		p.file.Header = p.cur
	default:
		p.file.Entries = append(p.file.Entries, p.cur)
	}
	return nil
}

var quoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`)

func quote(s string) string { return `"` + quoter.Replace(s) + `"` }

func unquote(s string) (string, error) {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return "", fmt.Errorf("%s is not a string in quotes", s)
	}
	var b strings.Builder
	for s = s[1 : len(s)-1]; s != ""; {
		i := strings.IndexAny(s, `\"`)
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		if s[i] == '"' || i+1 == len(s) {
			return "", fmt.Errorf("a quote or a backslash without a backslash before it")
		}
		switch s[i+1] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case '"', '\\':
			b.WriteByte(s[i+1])
		default:
			return "", fmt.Errorf(`\%c is not known`, s[i+1])
		}
		s = s[i+2:]
	}
	return b.String(), nil
}

// Bytes writes the file, always in the same way.
func (f *File) Bytes() []byte {
	var b strings.Builder
	for _, c := range f.Header.Comments {
		b.WriteString(c + "\n")
	}
	b.WriteString("msgid \"\"\nmsgstr \"\"\n")
	for _, l := range f.headerLines() {
		b.WriteString(quote(l+"\n") + "\n")
	}
	for _, e := range f.Entries {
		b.WriteString("\n")
		e.write(&b)
	}
	return []byte(b.String())
}

func (e Entry) write(b *strings.Builder) {
	for _, c := range e.Comments {
		b.WriteString(c + "\n")
	}
	for _, c := range e.Extracted {
		b.WriteString(c + "\n")
	}
	for _, p := range e.Places {
		b.WriteString("#: " + p + "\n")
	}
	if len(e.Flags) > 0 {
		b.WriteString("#, " + strings.Join(e.Flags, ", ") + "\n")
	}
	if e.Ctx != "" {
		b.WriteString("msgctxt " + quote(e.Ctx) + "\n")
	}
	b.WriteString("msgid " + quote(e.ID) + "\n")
	if e.Plural == "" {
		b.WriteString("msgstr " + quote(e.Strs[0]) + "\n")
		return
	}
	b.WriteString("msgid_plural " + quote(e.Plural) + "\n")
	for i, s := range e.Strs {
		fmt.Fprintf(b, "msgstr[%d] %s\n", i, quote(s))
	}
}
