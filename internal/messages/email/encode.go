package email

import (
	"encoding/base64"
	"unicode/utf8"
)

// The body of a mail is written in seven bits: relays that sign or pass on mail change eight-bit bodies.

const hexDigits = "0123456789ABCDEF"

// lineLen is the longest line of a body, without its end (RFC 2045).
const lineLen = 76

// plainByte: bytes that stand for themselves in quoted-printable.
var plainByte = func() (t [256]bool) {
	for b := 33; b <= 126; b++ {
		t[b] = b != '='
	}
	t[' '], t['\t'] = true, true
	return t
}()

// wordByte: those of them that do so wherever they stand, but for a dot at the beginning of a line.
var wordByte = func() (t [256]bool) {
	t = plainByte
	t[' '], t['\t'] = false, false
	return t
}()

// encodingOf is the encoding that is shorter for a text; people who look at the raw mail can read the first.
func encodingOf(text string) string {
	far := 0
	for i := range len(text) {
		if !plainByte[text[i]] && text[i] != '\n' {
			far++
		}
	}
	if far*6 > len(text) {
		return "base64"
	}
	return "quoted-printable"
}

func appendText(b []byte, text, encoding string) []byte {
	if encoding == "base64" {
		return appendBase64(b, []byte(crlf(text)))
	}
	return appendQuoted(b, text)
}

// crlf ends lines as mail does; what ends so already stays.
func crlf(s string) string {
	n := 0
	for i := range len(s) {
		if s[i] == '\n' && (i == 0 || s[i-1] != '\r') {
			n++
		}
	}
	if n == 0 {
		return s
	}
	b := make([]byte, 0, len(s)+n)
	for i := range len(s) {
		if s[i] == '\n' && (i == 0 || s[i-1] != '\r') {
			b = append(b, '\r')
		}
		b = append(b, s[i])
	}
	return string(b)
}

// appendQuoted writes quoted-printable. A dot at the beginning of a line is quoted too, so that SMTP has none to double.
func appendQuoted(b []byte, s string) []byte {
	col := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if n := words(s[i:], lineLen-1-col); n > 0 && (col > 0 || c != '.') {
			b = append(b, s[i:i+n]...)
			col += n
			i += n - 1
			continue
		}
		if c == '\n' || c == '\r' && i+1 < len(s) && s[i+1] == '\n' {
			if c == '\r' {
				i++
			}
			b = append(b, '\r', '\n')
			col = 0
			continue
		}
		plain := plainByte[c]
		if plain && col == 0 && c == '.' {
			plain = false
		}
		if (c == ' ' || c == '\t') && (i+1 == len(s) || s[i+1] == '\n' || s[i+1] == '\r') {
			plain = false // a space at the end of a line gets lost on the way
		}
		width := 1
		if !plain {
			width = 3
			// The bytes of one letter stay together, for those who read the raw text.
			if c >= 0xC0 {
				if _, n := utf8.DecodeRuneInString(s[i:]); n > 1 {
					width = 3 * n
				}
			}
		}
		if col+width > lineLen-1 {
			b = append(b, '=', '\r', '\n')
			col = 0
			if c == '.' {
				plain = false
			}
		}
		if plain {
			b = append(b, c)
			col++
		} else {
			b = append(b, '=', hexDigits[c>>4], hexDigits[c&15])
			col += 3
		}
	}
	if col > 0 {
		b = append(b, '\r', '\n')
	}
	return b
}

// words is how many bytes, at most, stand for themselves at the beginning of s; nearly all of a letter in Latin script does.
func words(s string, most int) int {
	n := 0
	for most = min(most, len(s)); n < most; n++ {
		if !wordByte[s[n]] && (s[n] != ' ' || n+1 == len(s) || !wordByte[s[n+1]]) {
			break
		}
	}
	return n
}

func appendBase64(b, data []byte) []byte {
	const bytes = lineLen / 4 * 3
	for len(data) > 0 {
		n := min(bytes, len(data))
		b = base64.StdEncoding.AppendEncode(b, data[:n])
		b = append(b, '\r', '\n')
		data = data[n:]
	}
	return b
}

// appendWords writes text that may hold any letters into a header that has col signs in its line already (RFC 2047).
func appendWords(b []byte, text string, col int) []byte {
	simple := true
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			simple = false
		}
	}
	if simple && !containsEncodedWord(text) && col+len(text) <= 900 {
		return appendFolded(b, text, col)
	}
	return appendEncoded(b, text, col)
}

// appendEncoded writes encoded words, as many as it takes, one a line.
func appendEncoded(b []byte, text string, col int) []byte {
	const open, end = "=?UTF-8?B?", "?="
	room := func(col int) int { return (lineLen - col - len(open) - len(end)) / 4 * 3 }
	for first := true; len(text) > 0; first = false {
		if !first || room(col) < 12 {
			b = append(b, '\r', '\n', ' ')
			col = 1
		}
		n := 0
		for n < len(text) {
			_, w := utf8.DecodeRuneInString(text[n:])
			if n+w > room(col) {
				break
			}
			n += w
		}
		b = append(b, open...)
		b = base64.StdEncoding.AppendEncode(b, []byte(text[:n]))
		b = append(b, end...)
		text = text[n:]
	}
	return b
}

func containsEncodedWord(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '=' && s[i+1] == '?' {
			return true
		}
	}
	return false
}

// appendFolded writes plain words, breaking lines at spaces.
func appendFolded(b []byte, text string, col int) []byte {
	for len(text) > 0 {
		end := 1
		for end < len(text) && text[end] != ' ' {
			end++
		}
		if col+end > lineLen && text[0] == ' ' {
			b = append(b, '\r', '\n')
			col = 0
		}
		b = append(b, text[:end]...)
		col += end
		text = text[end:]
	}
	return b
}
