package roster

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"brug/internal/errs"
)

// EDEX as it stands in the file. Only what a record needs is read: no country, no sex, no citizen number.
type edexFile struct {
	XMLName xml.Name `xml:"EDEX"`
	School  struct {
		Brin    string `xml:"brincode"`
		Number  string `xml:"instellingsnummer"`
		Key     string `xml:"schoolkey"`
		Version string `xml:"xsdversie"`
	} `xml:"school"`
	Groups   []edexGroup `xml:"groepen>groep"`
	Combined []edexGroup `xml:"groepen>samengestelde_groep"`
	Pupils   []edexPupil `xml:"leerlingen>leerling"`
}

type edexGroup struct {
	Key   string `xml:"key,attr"`
	Name  string `xml:"naam"`
	Grade string `xml:"jaargroep"`
}

type edexPupil struct {
	Key      string      `xml:"key,attr"`
	Family   string      `xml:"achternaam"`
	Prefix   string      `xml:"voorvoegsel"`
	Names    string      `xml:"voornamen"`
	Initials string      `xml:"voorletters-1"`
	Called   string      `xml:"roepnaam"`
	Born     string      `xml:"geboortedatum"`
	Grade    string      `xml:"jaargroep"`
	Group    *edexGroup  `xml:"groep"`
	Combined []edexGroup `xml:"samengestelde_groepen>samengestelde_groep"`
	Email    string      `xml:"emailadres"`
	PostNL   string      `xml:"postcodenl"`
	PostBE   string      `xml:"postnummerbe"`
	PostElse string      `xml:"postcodeoverig"`
	Left     string      `xml:"uitstroomdatum"`
}

// maxDepth is far above what EDEX needs (6).
const maxDepth = 64

// decodeEDEX reads one file. Document types and entities are refused: EDEX has none, and they are how XML does harm.
func decodeEDEX(f File) (edexFile, error) {
	var e edexFile
	charset := charsetOf(f.Data)
	utf16 := charset == UTF16LE || charset == UTF16BE
	data := string(f.Data)
	if utf16 {
		data = decode(f.Data, charset)
	}
	data = strings.TrimPrefix(data, "\ufeff")
	reader := func(label string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(label) {
		case "iso-8859-1", "latin1", "windows-1252", "iso-8859-15":
			return charmap.Windows1252.NewDecoder().Reader(in), nil
		case "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii":
			return in, nil
		}
		return nil, errors.New("unknown charset " + label)
	}
	damaged := func(err error) error {
		return &errs.Error{Kind: errs.Invalid, Err: err, Fields: map[string]errs.Text{"file": errs.T("{file} is no whole XML file. Make it again and send it once more.", "file", f.Name)}}
	}
	// A first pass looks at the shape only, so that the second needs no care.
	d := xml.NewDecoder(strings.NewReader(data))
	d.CharsetReader = reader
	depth, root := 0, ""
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return e, damaged(err)
		}
		switch t := t.(type) {
		case xml.Directive:
			return e, refuse("{file} has a document type in it, which EDEX has not. It is not read, for safety.", "file", f.Name)
		case xml.StartElement:
			if root == "" {
				root = t.Name.Local
			}
			if depth++; depth > maxDepth {
				return e, refuse("{file} is no EDEX file.", "file", f.Name)
			}
		case xml.EndElement:
			depth--
		}
	}
	if root != "EDEX" {
		return e, refuse("{file} is no EDEX file.", "file", f.Name)
	}
	d = xml.NewDecoder(strings.NewReader(data))
	d.CharsetReader = reader
	if err := d.Decode(&e); err != nil {
		return e, damaged(err)
	}
	return e, nil
}

func readEDEX(files []File) (Roster, []Issue, error) {
	b := newBuilder()
	for _, f := range files {
		e, err := decodeEDEX(f)
		if err != nil {
			return Roster{}, nil, err
		}
		if len(e.Pupils) > MaxRows {
			return Roster{}, nil, tooManyRows(f.Name)
		}
		b.file = f.Name
		for _, s := range []string{e.School.Brin, e.School.Number, e.School.Key} {
			if b.r.School == "" {
				b.r.School = oneLine(s)
			}
		}
		b.edex(e)
	}
	return b.finish()
}

func (b *builder) edex(e edexFile) {
	groups, combined := map[string]edexGroup{}, map[string]edexGroup{}
	for _, g := range e.Groups {
		groups[g.Key] = g
	}
	for _, g := range e.Combined {
		combined[g.Key] = g
	}
	for i, l := range e.Pupils {
		at := row{no: i + 1, cells: []string{l.Key, l.Called, l.Names, l.Prefix, l.Family, l.Born}}
		p := Pupil{File: b.file, Row: at.no, ExternalID: oneLine(l.Key), Given: personName(l.Called), Family: personName(l.Family), Grade: known(l.Grade)}
		if p.Given == "" {
			p.Given = personName(l.Names)
		}
		if p.Given == "" && known(l.Initials) != "" {
			p.Given = oneLine(l.Initials)
			b.note(Maybe, at, "", p.Given, errs.T("Only the initials of the given names are known: {initials}.", "initials", p.Given))
		}
		if pre := oneLine(l.Prefix); pre != "" && p.Family != "" {
			p.Family = joinWords(pre, p.Family)
		}
		if p.Given == "" && p.Family == "" {
			b.doubtful(at, "", p.ExternalID, errs.T("The row has no name of a pupil."))
			continue
		}
		for _, d := range []struct {
			raw string
			to  *string
		}{{l.Born, &p.Born}, {l.Left, &p.Left}} {
			if raw := known(d.raw); raw != "" {
				day, ok := ParseDate(raw)
				if !ok {
					b.note(Maybe, at, "", raw, errs.T("This is no date that exists; it was left out."))
				}
				*d.to = day
			}
		}
		if p.Left != "" {
			b.note(Note, at, "", p.Left, errs.T("{name} leaves or has left the school on {date}, says the file.", "name", p.Name(), "date", p.Left))
		}
		b.edexClass(&p, l, at, groups, combined)
		if mails, _ := mailsIn(l.Email); len(mails) > 0 {
			p.Email = mails[0]
		}
		p.Address = Address{Postcode: known(l.PostNL) + known(l.PostBE) + known(l.PostElse)}.tidy()
		b.add(p, at)
	}
}

func (b *builder) edexClass(p *Pupil, l edexPupil, at row, groups, combined map[string]edexGroup) {
	if l.Group != nil {
		if g, ok := groups[l.Group.Key]; ok {
			p.Class = oneLine(g.Name)
			if p.Grade == "" {
				p.Grade = known(g.Grade)
			}
		} else {
			b.note(Maybe, at, "", l.Group.Key, errs.T("The class {class} stands in none of these files.", "class", l.Group.Key))
		}
	}
	for _, c := range l.Combined {
		if g, ok := combined[c.Key]; ok {
			p.Groups = addOnce(p.Groups, oneLine(g.Name))
		} else {
			b.note(Maybe, at, "", c.Key, errs.T("The class {class} stands in none of these files.", "class", c.Key))
		}
	}
	if p.Class == "" && len(p.Groups) > 0 {
		p.Class, p.Groups = p.Groups[0], p.Groups[1:]
		b.note(Note, at, "", p.Class, errs.T("{name} has no class of its own; the group {group} was taken.", "name", p.Name(), "group", p.Class))
	}
	if len(p.Groups) == 0 {
		p.Groups = nil
	}
}

// known is the text, "" for the question marks that EDEX writes for unknown.
func known(s string) string {
	if s = oneLine(s); s == "?" {
		return ""
	}
	return s
}
