package roster

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// The charsets that are told apart.
const (
	UTF8        = "utf-8"
	Windows1252 = "windows-1252"
	UTF16LE     = "utf-16le"
	UTF16BE     = "utf-16be"
)

// charsetOf tells the charset of text: by its byte order mark, by zeros where UTF-16 has them, else UTF-8 if it is
// valid, else Windows-1252, which any other bytes are taken for (Excel writes it).
func charsetOf(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return UTF8
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return UTF16LE
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return UTF16BE
	}
	head := data[:min(len(data), 4000)]
	even, odd := 0, 0
	for i, c := range head {
		if c == 0 && i%2 == 0 {
			even++
		} else if c == 0 {
			odd++
		}
	}
	switch {
	case odd > len(head)/5 && odd > 4*even:
		return UTF16LE
	case even > len(head)/5 && even > 4*odd:
		return UTF16BE
	case utf8.Valid(data):
		return UTF8
	}
	return Windows1252
}

// decode turns text of the charset into UTF-8 without a byte order mark. Bytes that have no meaning become U+FFFD.
func decode(data []byte, charset string) string {
	switch charset {
	case UTF16LE, UTF16BE:
		var order binary.ByteOrder = binary.LittleEndian
		if charset == UTF16BE {
			order = binary.BigEndian
		}
		units := make([]uint16, len(data)/2)
		for i := range units {
			units[i] = order.Uint16(data[2*i:])
		}
		return strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff")
	case Windows1252:
		out, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return strings.ToValidUTF8(string(data), "\ufffd")
		}
		return string(out)
	}
	return strings.TrimPrefix(strings.ToValidUTF8(string(data), "\ufffd"), "\ufeff")
}

// parseCSV reads text with one separator, by RFC 4180 and more forgiving: any line end, quotes inside an unquoted cell
// stand for themselves, spaces around a quoted cell are dropped, and a quote that is never closed is read as a letter,
// so that it cannot swallow the rest of the file. Every line is a row, empty ones too, so that rows count as a
// spreadsheet counts them. Reading stops after most rows; more tells so.
func parseCSV(text string, sep byte, most int) (rows [][]string, more bool) {
	if first, rest, ok := sepLine(text); ok {
		rows = append(rows, []string{first})
		text = rest
	}
	var row []string
	i, unclosed, cells := 0, 0, 0
	for i < len(text) {
		if cells++; len(rows) >= most || cells > MaxCells {
			return rows, true
		}
		cell, next, end := readCell(text, i, sep, &unclosed)
		row = append(row, cell)
		i = next
		if end {
			rows = append(rows, row)
			row = nil
		}
	}
	if row != nil {
		rows = append(rows, append(row, ""))
	}
	for k := range rows {
		if n := len(rows[k]); n == 1 && rows[k][0] == "" {
			rows[k] = nil
		}
	}
	return rows, false
}

// sepLine tells a first line "sep=;", by which Excel is told the separator.
func sepLine(text string) (line, rest string, ok bool) {
	low := strings.TrimPrefix(text[:min(len(text), 7)], `"`)
	if len(low) < 5 || !strings.EqualFold(low[:4], "sep=") {
		return "", text, false
	}
	end := strings.IndexAny(text, "\r\n")
	if end < 0 || end > 8 {
		return "", text, false
	}
	rest = text[end:]
	if strings.HasPrefix(rest, "\r\n") {
		rest = rest[2:]
	} else {
		rest = rest[1:]
	}
	return text[:end], rest, true
}

// longestQuoted bounds how far a closing quote is looked for, and mostUnclosed how often in vain: after that, quotes
// are letters in this text.
const (
	longestQuoted = 20_000
	mostUnclosed  = 200
)

// readCell reads the cell at i. next is where the following cell begins; end tells that this one ended its row.
func readCell(text string, i int, sep byte, unclosed *int) (cell string, next int, end bool) {
	j := i
	for j < len(text) && text[j] == ' ' {
		j++
	}
	if j < len(text) && text[j] == '"' && *unclosed < mostUnclosed {
		if cell, next, end, ok := readQuoted(text, j+1, sep); ok {
			return cell, next, end
		}
		*unclosed++
	}
	for j = i; j < len(text); j++ {
		switch text[j] {
		case sep:
			return text[i:j], j + 1, false
		case '\n':
			return text[i:j], j + 1, true
		case '\r':
			if j+1 < len(text) && text[j+1] == '\n' {
				return text[i:j], j + 2, true
			}
			return text[i:j], j + 1, true
		}
	}
	return text[i:], len(text), true
}

func readQuoted(text string, i int, sep byte) (cell string, next int, end, ok bool) {
	var b strings.Builder
	from := i
	for j := i; j < len(text) && j-i < longestQuoted; j++ {
		if text[j] != '"' {
			continue
		}
		if j+1 < len(text) && text[j+1] == '"' {
			b.WriteString(text[from : j+1])
			j++
			from = j + 1
			continue
		}
		k := j + 1
		for k < len(text) && text[k] == ' ' {
			k++
		}
		switch {
		case k >= len(text):
			return b.String() + text[from:j], k, true, true
		case text[k] == sep:
			return b.String() + text[from:j], k + 1, false, true
		case text[k] == '\n':
			return b.String() + text[from:j], k + 1, true, true
		case text[k] == '\r':
			if k+1 < len(text) && text[k+1] == '\n' {
				k++
			}
			return b.String() + text[from:j], k + 1, true, true
		}
		// A quote in the middle of a quoted cell, not doubled: it is meant as itself.
	}
	return "", 0, false, false
}

var separators = []byte{';', ',', '\t', '|'}

// separatorOf finds the separator by which the first rows fall apart into the most even columns.
func separatorOf(text string) byte {
	if line, _, ok := sepLine(text); ok {
		line = strings.Trim(line, `"`)
		if len(line) == 5 {
			return line[4]
		}
	}
	head := text[:min(len(text), 64_000)]
	best, most := byte(','), 0.0
	for _, sep := range separators {
		rows, _ := parseCSV(head, sep, 60)
		if len(head) < len(text) && len(rows) > 1 {
			rows = rows[:len(rows)-1]
		}
		if s := evenness(rows); s > most+1e-9 {
			best, most = sep, s
		}
	}
	return best
}

// evenness scores a table: the share of filled rows that have the commonest width, times a gentle reward for width.
func evenness(rows [][]string) float64 {
	count := map[int]int{}
	filled := 0
	for _, r := range rows {
		if len(r) > 0 {
			count[len(r)]++
			filled++
		}
	}
	best := 0.0
	for w, n := range count {
		if w < 2 {
			continue
		}
		share := float64(n) / float64(filled)
		if s := share * (1 + float64(min(w, 30))/30); s > best {
			best = s
		}
	}
	return best
}
