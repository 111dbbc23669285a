package email

import (
	"strings"
	"sync"
	"time"

	"brug/internal/messages/letter"
	"brug/internal/messages/road"
)

// writer writes letters as mails. It may be used by many goroutines.
type writer struct {
	name, from, domain string
}

// attached keeps the files of one batch in the form in which they go out: the same letter to a whole school brings the same
// file a thousand times.
type attached struct {
	mu    sync.Mutex
	files map[string]*encodedFile
}

type encodedFile struct {
	once sync.Once
	body []byte
	err  error
}

func (a *attached) encoded(f letter.File) ([]byte, error) {
	a.mu.Lock()
	if a.files == nil {
		a.files = map[string]*encodedFile{}
	}
	e := a.files[f.PublicID]
	if e == nil {
		e = &encodedFile{}
		a.files[f.PublicID] = e
	}
	a.mu.Unlock()
	e.once.Do(func() {
		raw, err := f.Open()
		if err != nil {
			e.err = err
			return
		}
		e.body = appendBase64(make([]byte, 0, len(raw)*78/57+80), raw)
	})
	return e.body, e.err
}

// appendMail writes a parcel as a mail, ready for SMTP: lines end in CRLF and none begins with a dot. The error is that of a
// file that cannot be read.
func (w writer) appendMail(b []byte, p road.Parcel, files *attached) ([]byte, error) {
	head := p.Letters[0]
	subject, text, html := letter.Mail(p.Letters)

	b = append(b, "From: "...)
	if name := w.sender(head); name != "" {
		b = appendName(b, name, len("From: "))
		b = append(b, " <"...)
		b = append(b, w.from...)
		b = append(b, ">\r\n"...)
	} else {
		b = append(b, w.from...)
		b = append(b, "\r\n"...)
	}
	b = header(b, "To", "<"+p.To+">")
	if p.ReplyTo != "" {
		b = header(b, "Reply-To", "<"+p.ReplyTo+">")
	}
	b = append(b, "Subject: "...)
	b = appendWords(b, oneLine(subject), len("Subject: "))
	b = append(b, "\r\nDate: "...)
	b = p.At.AppendFormat(b, time.RFC1123Z)
	b = append(b, "\r\n"...)
	b = header(b, "Message-ID", "<"+messageID(p.Key, w.domain)+">")
	b = header(b, "MIME-Version", "1.0")
	b = header(b, "Content-Language", languages(p.Letters))
	b = header(b, "Auto-Submitted", "auto-generated") // keeps out-of-office answers away
	b = header(b, "X-Auto-Response-Suppress", "OOF, AutoReply")
	if p.Unsubscribe != "" {
		b = header(b, "List-Unsubscribe", "<"+p.Unsubscribe+">")
		b = header(b, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}

	// "=_" stands in no body: neither encoding makes it.
	inner, outer := "=_a."+p.Key, "=_m."+p.Key
	all := filesOf(p.Letters)
	if len(all) > 0 {
		b = header(b, "Content-Type", `multipart/mixed; boundary="`+outer+`"`)
		b = append(b, "\r\n--"...)
		b = append(b, outer...)
		b = append(b, "\r\n"...)
	}
	b = header(b, "Content-Type", `multipart/alternative; boundary="`+inner+`"`)
	b = append(b, "\r\n"...)
	b = part(b, inner, "text/plain", text)
	b = part(b, inner, "text/html", html)
	b = end(b, inner)
	for _, f := range all {
		body, err := files.encoded(f)
		if err != nil {
			return nil, err
		}
		b = append(b, "--"...)
		b = append(b, outer...)
		b = append(b, "\r\n"...)
		b = header(b, "Content-Type", f.Type)
		b = header(b, "Content-Transfer-Encoding", "base64")
		b = append(b, "Content-Disposition: attachment;\r\n"...)
		b = appendFilename(b, f.Name)
		b = append(b, "\r\n"...)
		b = append(b, body...)
	}
	if len(all) > 0 {
		b = end(b, outer)
	}
	return b, nil
}

// sender is the name that the letter comes from: people know their school, not Brug.
func (w writer) sender(l *letter.Letter) string {
	switch {
	case l.From != "" && l.School != "":
		return l.From + " · " + l.School
	case l.School != "":
		return l.School
	}
	return w.name
}

func header(b []byte, name, value string) []byte {
	b = append(b, name...)
	b = append(b, ": "...)
	b = append(b, value...)
	return append(b, "\r\n"...)
}

// appendName writes a display name: quoted where it is plain, else encoded.
func appendName(b []byte, name string, col int) []byte {
	name = oneLine(name)
	if ascii(name) && len(name)+col < lineLen && !containsEncodedWord(name) {
		b = append(b, '"')
		for i := range len(name) {
			if name[i] == '"' || name[i] == '\\' {
				b = append(b, '\\')
			}
			b = append(b, name[i])
		}
		return append(b, '"')
	}
	b = appendEncoded(b, name, col)
	return append(b, "\r\n"...)
}

// appendFilename writes the parameter of a file's name, as RFC 2231 has it, and in plain letters for old programs.
func appendFilename(b []byte, name string) []byte {
	var plain []byte
	for i := range len(name) {
		c := name[i]
		switch {
		case c < ' ' || c == '"' || c == '\\' || c == 0x7f:
			plain = append(plain, '_')
		case c < 0x80:
			plain = append(plain, c)
		case c >= 0xC0: // one sign for each letter
			plain = append(plain, '_')
		}
	}
	b = append(b, ` filename="`...)
	b = append(b, plain...)
	b = append(b, '"')
	if string(plain) != name {
		b = append(b, ";\r\n filename*=UTF-8''"...)
		for i := range len(name) {
			c := name[i]
			if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == '_' {
				b = append(b, c)
			} else {
				b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
			}
		}
	}
	return append(b, "\r\n"...)
}

func part(b []byte, boundary, kind, text string) []byte {
	b = append(b, "--"...)
	b = append(b, boundary...)
	b = append(b, "\r\nContent-Type: "...)
	b = append(b, kind...)
	b = append(b, "; charset=utf-8\r\nContent-Transfer-Encoding: "...)
	encoding := encodingOf(text)
	b = append(b, encoding...)
	b = append(b, "\r\n\r\n"...)
	return appendText(b, text, encoding)
}

func end(b []byte, boundary string) []byte {
	b = append(b, "--"...)
	b = append(b, boundary...)
	return append(b, "--\r\n"...)
}

func languages(letters []*letter.Letter) string {
	out := letters[0].Lang
	for _, l := range letters[1:] {
		if !strings.Contains(out, l.Lang) {
			out += ", " + l.Lang
		}
	}
	return out
}

// filesOf are the files of all letters, each once.
func filesOf(letters []*letter.Letter) []letter.File {
	if len(letters) == 1 {
		return letters[0].Files
	}
	var all []letter.File
	seen := map[string]bool{}
	for _, l := range letters {
		for _, f := range l.Files {
			if !seen[f.PublicID] {
				seen[f.PublicID] = true
				all = append(all, f)
			}
		}
	}
	return all
}

// oneLine makes of anything a line that can stand in a header.
func oneLine(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) < 0 {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
}
