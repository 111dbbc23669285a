package roster

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"sort"
	"strings"

	"brug/internal/errs"
)

// Limits. A school of 5,000 pupils with everything about them is about two megabytes of CSV.
const (
	MaxFile  = 32 << 20  // bytes of one file as sent
	MaxFiles = 200       // files in all, those in zips too
	MaxTotal = 128 << 20 // bytes of all files, unpacked
	MaxRows  = 100_000   // rows of one table
	MaxCols  = 400
	MaxCells = 4_000_000 // cells of one table, empty ones too
	maxCell  = 4_000     // bytes of one cell that are looked at
)

// grid is one table as it lies in a file: rows of cells, not yet understood.
type grid struct {
	file      string // name of the file
	sheet     string // within an XLSX
	separator string
	charset   string
	data      []byte // of a text file, to read it again by another separator or charset
	rows      [][]string
}

func (g grid) name() string {
	if g.sheet != "" {
		return g.sheet
	}
	return g.file
}

// opened is what the files turned out to be.
type opened struct {
	grids []grid
	xmls  []File
	xlsx  int // how many of the files were workbooks
	plain int // how many were text
}

func refuse(id string, kv ...any) error { return errs.Field("file", id, kv...) }

// open unpacks and sorts what was sent. Every error is for a person.
func open(files []File) (opened, error) {
	var o opened
	if len(files) == 0 {
		return o, refuse("Choose a file.")
	}
	total, count := 0, 0
	var take func(f File, inZip bool) error
	take = func(f File, inZip bool) error {
		if count++; count > MaxFiles {
			return refuse("These are more than {n} files. Choose only the lists of pupils and parents.", "n", MaxFiles)
		}
		if len(f.Data) > MaxFile {
			return refuse("{file} is larger than {n} MB. Leave out pictures and other sheets, or save the list as CSV.", "file", f.Name, "n", MaxFile>>20)
		}
		if total += len(f.Data); total > MaxTotal {
			return refuse("Unpacked, this is larger than {n} MB. Choose only the lists of pupils and parents.", "n", MaxTotal>>20)
		}
		if len(bytes.TrimSpace(bytes.TrimPrefix(f.Data, []byte("\xef\xbb\xbf")))) == 0 {
			if inZip {
				return nil
			}
			return refuse("{file} is empty.", "file", f.Name)
		}
		switch k := sniff(f); k {
		case "zip":
			if inZip {
				return refuse("{file} is a zip inside a zip. Unpack it first.", "file", f.Name)
			}
			inner, err := unzip(f)
			if err != nil {
				return err
			}
			for _, in := range inner {
				if err := take(in, true); err != nil {
					return err
				}
			}
		case "xlsx":
			gs, err := readXLSX(f)
			if err != nil {
				return err
			}
			o.grids = append(o.grids, gs...)
			o.xlsx++
		case "xml":
			o.xmls = append(o.xmls, f)
		case "text":
			g, err := readText(f)
			if err != nil {
				return err
			}
			o.grids = append(o.grids, g)
			o.plain++
		default:
			if inZip && k != "xls" && k != "ods" && k != "numbers" {
				return nil // a letter or a picture that lies beside the lists
			}
			return wrongKind(f.Name, k)
		}
		return nil
	}
	for _, f := range files {
		if err := take(f, false); err != nil {
			return o, err
		}
	}
	filled := o.grids[:0]
	for _, g := range o.grids {
		if len(g.rows) > 0 {
			filled = append(filled, g)
		}
	}
	o.grids = filled
	if len(o.grids) == 0 && len(o.xmls) == 0 {
		return o, refuse("There is no list in {file}.", "file", files[0].Name)
	}
	return o, nil
}

// sniff tells the kind of a file by its first bytes; the name is asked only where bytes do not tell.
func sniff(f File) string {
	d := f.Data
	has := func(p string) bool { return bytes.HasPrefix(d, []byte(p)) }
	switch {
	case has("PK\x03\x04"), has("PK\x05\x06"):
		return sniffZip(d)
	case has("%PDF"):
		return "pdf"
	case has("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		return "xls"
	case has("\x89PNG"), has("\xff\xd8\xff"), has("GIF8"), has("BM") && bytes.IndexByte(d[:min(len(d), 64)], 0) > 0, has("II*\x00"), has("MM\x00*"),
		has("RIFF") && bytes.Contains(d[:min(len(d), 16)], []byte("WEBP")), len(d) > 12 && string(d[4:8]) == "ftyp":
		return "image"
	case has("{\\rtf"):
		return "doc"
	case has("7z\xbc\xaf"), has("Rar!"), has("\x1f\x8b"):
		return "archive"
	}
	head := strings.TrimSpace(decode(d[:min(len(d), 2000)&^1], charsetOf(d[:min(len(d), 2000)&^1])))
	low := strings.ToLower(head)
	switch {
	case strings.HasPrefix(low, "<?xml") && (strings.Contains(low, `progid="excel.sheet"`) || strings.Contains(low, "office:spreadsheet")):
		return "xls"
	case strings.HasPrefix(low, "<!doctype html"), strings.HasPrefix(low, "<html"), strings.HasPrefix(low, "<table"), strings.HasPrefix(low, "<meta"):
		return "html"
	case strings.HasPrefix(low, "<?xml"), strings.HasPrefix(low, "<!--"), strings.HasPrefix(low, "<edex"), strings.HasPrefix(low, "<!doctype"):
		return "xml"
	case strings.HasPrefix(low, "begin:vc"):
		return "vcard"
	case strings.HasPrefix(low, "[{"), strings.HasPrefix(low, "{\""), strings.HasPrefix(low, "{\n"):
		return "json"
	}
	if charset := charsetOf(d); charset != UTF16LE && charset != UTF16BE && bytes.Count(d[:min(len(d), 4000)], []byte{0}) > 2 {
		return "binary"
	}
	return "text"
}

func sniffZip(d []byte) string {
	r, err := zip.NewReader(bytes.NewReader(d), int64(len(d)))
	if err != nil {
		return "zip" // unzip will say that it is damaged
	}
	for _, f := range r.File {
		switch {
		case f.Name == "xl/workbook.xml", strings.HasPrefix(f.Name, "xl/worksheets/"):
			return "xlsx"
		case f.Name == "xl/workbook.bin":
			return "xlsb"
		case strings.HasPrefix(f.Name, "word/"), strings.HasPrefix(f.Name, "ppt/"):
			return "doc"
		case strings.HasPrefix(f.Name, "Index/") && strings.HasSuffix(f.Name, ".iwa"):
			return "numbers"
		case f.Name == "mimetype":
			return "ods"
		}
	}
	return "zip"
}

func wrongKind(name, kind string) error {
	switch kind {
	case "pdf":
		return refuse("{file} is a PDF, and from a PDF no list can be read. In the program that made it, choose to export to Excel (.xlsx) or CSV.", "file", name)
	case "xls", "xlsb":
		return refuse("{file} is an old or locked Excel file. Open it in Excel, take off the password if it has one, and save it as “Excel workbook (.xlsx)”.", "file", name)
	case "ods", "numbers":
		return refuse("{file} is a spreadsheet of another program. Open it there and save it as Excel (.xlsx) or CSV.", "file", name)
	case "image":
		return refuse("{file} is a picture. Send the list itself: an Excel (.xlsx) or CSV file.", "file", name)
	case "doc":
		return refuse("{file} is a text document. Copy the table into Excel and save it as .xlsx.", "file", name)
	case "html":
		return refuse("{file} is a web page, even if its name says otherwise. Open it in Excel and save it as “Excel workbook (.xlsx)”.", "file", name)
	case "archive":
		return refuse("{file} is packed in a way that is not read here. Unpack it and send the lists, or a .zip.", "file", name)
	}
	return refuse("{file} is no list that can be read. Send an Excel (.xlsx), CSV, OneRoster or EDEX file.", "file", name)
}

// unzip reads all files of a zip, and counts what really comes out, whatever the zip says of itself.
func unzip(f File) ([]File, error) {
	damaged := func() error { return refuse("{file} is damaged. Make it again and send it once more.", "file", f.Name) }
	r, err := zip.NewReader(bytes.NewReader(f.Data), int64(len(f.Data)))
	if err != nil {
		return nil, damaged()
	}
	var out []File
	left := int64(MaxTotal)
	for _, e := range r.File {
		base := path.Base(strings.ReplaceAll(e.Name, `\`, "/"))
		if e.FileInfo().IsDir() || strings.HasPrefix(base, ".") || strings.Contains(e.Name, "__MACOSX/") {
			continue
		}
		if len(out) >= MaxFiles {
			return nil, refuse("These are more than {n} files. Choose only the lists of pupils and parents.", "n", MaxFiles)
		}
		if e.Flags&1 != 0 {
			return nil, refuse("{file} is locked with a password. Unpack it and send the lists themselves.", "file", f.Name)
		}
		rc, err := e.Open()
		if err != nil {
			return nil, damaged()
		}
		limit := min(left, MaxFile)
		data, err := io.ReadAll(io.LimitReader(rc, limit+1))
		rc.Close()
		if err != nil {
			return nil, damaged()
		}
		if int64(len(data)) > limit {
			return nil, refuse("Unpacked, {file} is larger than {n} MB. Choose only the lists of pupils and parents.", "file", f.Name, "n", limit>>20)
		}
		left -= int64(len(data))
		out = append(out, File{Name: base, Data: data})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out, nil
}

func readText(f File) (grid, error) { return grid{file: f.Name, data: f.Data}.as("", "") }

// as reads the text by this separator and charset; "" is guessed.
func (g grid) as(separator, charset string) (grid, error) {
	if g.charset = charset; charset == "" {
		g.charset = charsetOf(g.data)
	}
	text := decode(g.data, g.charset)
	if g.separator = separator; len(separator) != 1 {
		g.separator = string(separatorOf(text))
	}
	rows, more := parseCSV(text, g.separator[0], MaxRows)
	if more {
		return g, tooManyRows(g.file)
	}
	g.rows = rows
	return g, g.bound()
}

func tooManyRows(name string) error {
	return refuse("{file} has more than {n} rows, or is far too wide. Send the list of one school.", "file", name, "n", MaxRows)
}

// bound cuts trailing empty rows and overlong cells, and refuses tables that are too wide.
func (g *grid) bound() error {
	last := -1
	for i, r := range g.rows {
		if len(r) > MaxCols {
			if strings.TrimSpace(strings.Join(r[MaxCols:], "")) != "" {
				return refuse("{file} has more than {n} columns. Send only the list of pupils.", "file", g.file, "n", MaxCols)
			}
			g.rows[i] = r[:MaxCols]
		}
		for k, c := range r {
			if len(c) > maxCell {
				r[k] = strings.ToValidUTF8(c[:maxCell], "")
			}
		}
		if !blank(r) {
			last = i
		}
	}
	g.rows = g.rows[:last+1]
	return nil
}

func blank(row []string) bool {
	for _, c := range row {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}
