package roster

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"brug/internal/errs"
)

// said is the sentence at field "file", "" if err is not of that form.
func said(err error) string { return errs.FieldsOf(err)["file"].String() }

func zipOf(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWrongFilesAreTurnedAwayWithAdvice(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"lijst.pdf", []byte("%PDF-1.7\n..."), "is a PDF"},
		{"lijst.xlsx", []byte("%PDF-1.7\n..."), "is a PDF"}, // the name does not decide
		{"lijst.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00"), "old or locked Excel"},
		{"lijst.xls", []byte("<html><body><table><tr><td>Naam</td></tr></table>"), "is a web page"},
		{"lijst.xls", []byte(`<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>`), "old or locked Excel"},
		{"foto.png", []byte("\x89PNG\r\n\x1a\n"), "is a picture"},
		{"foto.jpg", []byte("\xff\xd8\xff\xe0"), "is a picture"},
		{"brief.docx", zipOf(t, map[string][]byte{"word/document.xml": []byte("<w/>")}), "is a text document"},
		{"lijst.ods", zipOf(t, map[string][]byte{"mimetype": []byte("application/vnd.oasis.opendocument.spreadsheet")}), "spreadsheet of another program"},
		{"lijst.rar", []byte("Rar!\x1a\x07"), "packed in a way"},
		{"leeg.csv", nil, "is empty"},
		{"leeg.csv", []byte("\xef\xbb\xbf\r\n \r\n"), "is empty"},
		{"kapot.zip", []byte("PK\x03\x04 broken"), "is damaged"},
		{"kapot.xlsx", zipOf(t, map[string][]byte{"xl/workbook.xml": []byte("<broken")}), "is damaged"},
		{"leeg.zip", zipOf(t, nil), "There is no list"},
		{"zip.zip", zipOf(t, map[string][]byte{"in.zip": zipOf(t, map[string][]byte{"a.csv": []byte("a;b")})}), "zip inside a zip"},
		{"iets.json", []byte(`[{"naam": "Jan"}]`), "no list that can be read"},
		{"iets.bin", []byte("\x00\x01\x02\x03\x00\x00\x00\x01\xff"), "no list that can be read"},
		{"ander.xml", []byte(`<?xml version="1.0"?><books/>`), "is no EDEX file"},
		{"half.xml", []byte(`<?xml version="1.0"?><EDEX><leerlingen>`), "no whole XML"},
		{"bom.xml", []byte(`<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><EDEX>&b;</EDEX>`), "document type"},
		{"xxe.xml", []byte(`<!DOCTYPE EDEX SYSTEM "file:///etc/passwd"><EDEX/>`), "document type"},
		{"diep.xml", []byte(`<?xml version="1.0"?><EDEX>` + strings.Repeat("<a>", 100_000) + strings.Repeat("</a>", 100_000) + "</EDEX>"), "is no EDEX file"},
		{"groot.csv", bytes.Repeat([]byte("a;b\n"), MaxFile/4+1), "larger than 32 MB"},
		{"lang.csv", bytes.Repeat([]byte("a;b\n"), MaxRows+1), "more than 100000 rows"},
		{"breed.csv", []byte(strings.Repeat("a;", MaxCols+1) + "b\n"), "more than 400 columns"},
	} {
		_, _, err := Guess([]File{{Name: c.name, Data: c.data}})
		if errs.KindOf(err) != errs.Invalid || !strings.Contains(said(err), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if _, _, err := Guess(nil); said(err) != "Choose a file." {
		t.Errorf("no file: %v", err)
	}
}

func TestAZipThatGrowsTooLargeIsStopped(t *testing.T) {
	bomb := zipOf(t, map[string][]byte{"leerlingen.csv": make([]byte, MaxFile+2)})
	if len(bomb) > 1<<20 {
		t.Fatalf("the bomb is %d bytes as sent", len(bomb))
	}
	if _, _, err := Guess([]File{{Name: "bom.zip", Data: bomb}}); !strings.Contains(said(err), "Unpacked, bom.zip is larger") {
		t.Error(err)
	}
	many := map[string][]byte{}
	for i := 0; i <= MaxFiles; i++ {
		many[columnName(i)+".csv"] = []byte("Naam;Voornaam\nJ;E\n")
	}
	if _, _, err := Guess([]File{{Name: "veel.zip", Data: zipOf(t, many)}}); !strings.Contains(said(err), "more than 200 files") {
		t.Error(err)
	}
}

func TestAWorkbookThatGrowsTooLargeIsStopped(t *testing.T) {
	f := excelize.NewFile()
	if err := f.SetCellValue("Sheet1", "A1", "Naam"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range r.File {
		if err := w.Copy(e); err != nil {
			t.Fatal(err)
		}
	}
	big, err := w.Create("xl/media/big.bin")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for i := 0; i <= MaxTotal>>20; i++ {
		if _, err := big.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Guess([]File{{Name: "bom.xlsx", Data: out.Bytes()}}); !strings.Contains(said(err), "Unpacked, bom.xlsx is larger") {
		t.Error(err)
	}
}
