package roster

import (
	"bytes"
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// readXLSX reads all sheets with anything in them, the one with the most rows first. Dates come out as YYYY-MM-DD,
// numbers in full (a phone number is never 3.2E+10), zeros in front where the cell's format shows them.
func readXLSX(f File) ([]grid, error) {
	book, err := excelize.OpenReader(bytes.NewReader(f.Data), excelize.Options{
		UnzipSizeLimit: MaxTotal, UnzipXMLSizeLimit: MaxTotal, RawCellValue: true})
	if err != nil {
		if errors.Is(err, excelize.ErrWorkbookFileFormat) || errors.Is(err, excelize.ErrWorkbookPassword) {
			return nil, wrongKind(f.Name, "xls")
		}
		if strings.Contains(err.Error(), "unzip size exceeds") {
			return nil, refuse("Unpacked, {file} is larger than {n} MB. Choose only the lists of pupils and parents.", "file", f.Name, "n", MaxTotal>>20)
		}
		return nil, refuse("{file} is damaged. Make it again and send it once more.", "file", f.Name)
	}
	defer book.Close()
	props, err := book.GetWorkbookProps()
	date1904 := err == nil && props.Date1904 != nil && *props.Date1904
	var out []grid
	for _, sheet := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(sheet); err == nil && !visible {
			continue
		}
		g := grid{file: f.Name, sheet: sheet}
		raw, err := sheetRows(book, sheet, true)
		if err != nil {
			return nil, sheetError(f.Name, err)
		}
		if numbers(raw) {
			shown, err := sheetRows(book, sheet, false)
			if err != nil {
				return nil, sheetError(f.Name, err)
			}
			asShown(raw, shown, date1904)
		}
		g.rows = raw
		if err := g.bound(); err != nil {
			return nil, err
		}
		if len(g.rows) > 0 {
			out = append(out, g)
		}
	}
	for i := range out {
		if len(out[i].rows) > len(out[0].rows) {
			out[0], out[i] = out[i], out[0]
		}
	}
	return out, nil
}

var errRows = errors.New("too many rows")

func sheetError(name string, err error) error {
	if errors.Is(err, errRows) {
		return tooManyRows(name)
	}
	return refuse("{file} is damaged. Make it again and send it once more.", "file", name)
}

func sheetRows(book *excelize.File, sheet string, raw bool) ([][]string, error) {
	it, err := book.Rows(sheet)
	if err != nil {
		return nil, err
	}
	defer it.Close()
	var rows [][]string
	count := 0
	gap := 0 // empty rows at the end of a sheet can be a million; they are only kept once a filled one follows
	for it.Next() {
		cells, err := it.Columns(excelize.Options{RawCellValue: raw})
		if err != nil {
			return nil, err
		}
		if len(cells) == 0 {
			gap++
			continue
		}
		if count += len(cells); len(rows)+gap >= MaxRows || count > MaxCells {
			return nil, errRows
		}
		for ; gap > 0; gap-- {
			rows = append(rows, nil)
		}
		rows = append(rows, cells)
	}
	return rows, it.Error()
}

var plainNumber = regexp.MustCompile(`^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$`)

func numbers(rows [][]string) bool {
	for _, r := range rows {
		for _, c := range r {
			if c != "" && c[len(c)-1] >= '0' && c[len(c)-1] <= '9' && plainNumber.MatchString(c) {
				return true
			}
		}
	}
	return false
}

var (
	looksDate = regexp.MustCompile(`^\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}(?:[ T].*)?$|(?i)\b(?:jan|feb|fév|fev|mar|maa|mrt|apr|avr|may|mei|mai|jun|jui|jul|aug|ao|sep|oct|okt|nov|dec|déc)`)
	zeros     = regexp.MustCompile(`^0\d+$`)
)

// asShown puts into raw what the cell's format tells beyond its number: that it is a day, or has zeros in front.
func asShown(raw, shown [][]string, date1904 bool) {
	for i := range raw {
		for k, c := range raw[i] {
			if c == "" || !plainNumber.MatchString(c) {
				continue
			}
			text := c
			if i < len(shown) && k < len(shown[i]) {
				text = shown[i][k]
			}
			v, err := strconv.ParseFloat(c, 64)
			if err != nil {
				continue
			}
			digits := onlyDigits(text)
			switch {
			case text != c && looksDate.MatchString(text) && v > 0 && v < 110_000 && !strings.Contains(digits, strconv.Itoa(int(v))):
				if t, err := excelize.ExcelDateToTime(v, date1904); err == nil {
					raw[i][k] = t.Format("2006-01-02")
				}
			case text != c && zeros.MatchString(digits) && strings.TrimLeft(digits, "0") == c:
				raw[i][k] = digits
			case strings.ContainsAny(c, "eE") && v == math.Trunc(v) && math.Abs(v) < 1e15:
				raw[i][k] = strconv.FormatFloat(v, 'f', 0, 64)
			}
		}
	}
}

func onlyDigits(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	return b.String()
}
