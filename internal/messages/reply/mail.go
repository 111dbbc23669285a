// Package reply reads the mails that come in: what a person wrote in them, without what programs added; the files that came along;
// and what servers report of the letters that we sent.
//
// Package inbound calls it. It is pure: no tables, no network. Whatever comes in is from outside: it never fails for what is
// badly written, and nothing in a mail makes it work long.
package reply

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mails of families come in every charset
	"golang.org/x/text/encoding/charmap"
)

// Limits of a mail that is read. More parts than these have only mails that want to hurt.
const (
	maxParts = 200
	maxDeep  = 12
	maxText  = 1 << 20 // bytes of one text part
	maxSaid  = 20_000  // signs that are given on: an answer is cut further where it is kept
	// fewest bytes of a picture that stands within the text: below it is a logo of a signature
	minPhoto = 20_000
	// bytes of a file that are read: one more than package messages takes of any, which tells what is too large
	maxFile = 10<<20 + 1
)

// File is something that a person sent along. What it is, and whether it can be taken, package messages finds from its bytes.
type File struct {
	Name string // as it was called; "" without a name
	Data []byte // the first maxFile bytes
}

// Mail is a mail as far as it concerns us.
type Mail struct {
	ID     string   // Message-ID, without angle brackets; "" where there is none
	From   string   // address of the sender; ""
	To     []string // all addresses that it was brought to, as far as its head tells
	Auto   string   // why no person wrote it: "auto-submitted", "list" …; "" for a person's
	Text   string   // a person's own words, without quotation and signature
	Files  []File   // all that a person sent along; logos and signatures of programs are not in it
	Report *Report
}

// errMail is something that is no mail.
var errMail = errors.New("reply: this is no mail")

// Parse reads a mail. It never fails for bad charsets, bad encodings or missing ends: what can be read is read.
func Parse(raw []byte) (Mail, error) {
	e, err := message.Read(bytes.NewReader(raw))
	if e == nil || err != nil && !readable(err) {
		return Mail{}, errMail
	}
	h := e.Header
	m := Mail{ID: strings.Trim(strings.TrimSpace(h.Get("Message-Id")), "<>"), From: firstAddress(h.Get("From")), To: recipients(h), Auto: whyAuto(h)}
	w := walker{mail: &m}
	w.walk(e, 0)
	if kind, params, _ := h.ContentType(); kind == "multipart/report" || len(w.report) > 0 {
		m.Report = readReport(strings.ToLower(params["report-type"]), w.report, w.original)
	} else {
		m.Report = oldReport(h, m.From, w.texts, w.original)
	}
	if m.Report == nil {
		m.Files = append(m.Files, w.forwarded...)
	}
	text := strings.Join(w.texts, "\n\n")
	m.Text = Own(text)
	if n := []rune(m.Text); len(n) > maxSaid {
		m.Text = string(n[:maxSaid])
	}
	return m, nil
}

// readable tells whether a mail can be read in spite of an error.
func readable(err error) bool {
	return message.IsUnknownCharset(err) || message.IsUnknownEncoding(err)
}

var anyAddress = regexp.MustCompile(`[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}`)

func firstAddress(s string) string {
	all := anyAddress.FindAllString(s, -1)
	if len(all) == 0 {
		return ""
	}
	return strings.ToLower(all[len(all)-1]) // a name may look like an address; the address itself stands last
}

// toHeaders are where servers write to whom a mail was brought, the surest first.
var toHeaders = []string{"Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To", "X-Delivered-To", "X-Forwarded-To", "To", "Cc", "Resent-To"}

func recipients(h message.Header) []string {
	var out []string
	seen := map[string]bool{}
	for _, name := range toHeaders {
		for f := h.FieldsByKey(name); f.Next(); {
			for _, a := range anyAddress.FindAllString(f.Value(), 50) {
				if a = strings.ToLower(a); !seen[a] && len(out) < 100 {
					seen[a] = true
					out = append(out, a)
				}
			}
		}
	}
	return out
}

// autoSubjects are the beginnings of subjects by which programs say that nobody is there, for those that say it in no header.
var autoSubjects = []string{"out of office", "automatic reply", "auto:", "autoreply", "automatisch antwoord", "afwezig", "réponse automatique", "absence du bureau", "automatische antwort", "abwesenheit", "respuesta automática", "risposta automatica", "resposta automática",
	"autoodpowiedź", "răspuns automat", "автоответ", "автоматический ответ", "автоматична відповідь", "автоматичен отговор", "otomatik yanıt", "رد تلقائي", "پاسخ خودکار", "自动回复", "自動回覆", "përgjigje automatike",
	"undeliverable", "undelivered mail", "delivery status notification", "mail delivery failed", "returned mail", "failure notice"}

// whyAuto tells why a program wrote a mail; "" for a person's. RFC 3834, and what older programs write instead.
func whyAuto(h message.Header) string {
	value := func(name string) string { return strings.ToLower(strings.TrimSpace(h.Get(name))) }
	if v, _, _ := strings.Cut(value("Auto-Submitted"), ";"); v != "" && strings.TrimSpace(v) != "no" {
		return "auto-submitted"
	}
	switch value("Precedence") {
	case "bulk", "junk", "auto_reply":
		return "bulk"
	case "list":
		return "list"
	}
	for _, name := range []string{"X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From", "X-Mail-Autoreply", "X-FC-MachineGenerated"} {
		if h.Has(name) && value(name) != "no" {
			return "autoreply"
		}
	}
	if h.Has("List-Id") || h.Has("List-Unsubscribe") {
		return "list"
	}
	if value("Return-Path") == "<>" || strings.HasPrefix(firstAddress(h.Get("From")), "mailer-daemon@") || strings.HasPrefix(firstAddress(h.Get("From")), "postmaster@") {
		return "daemon"
	}
	hops := 0
	for f := h.FieldsByKey("Received"); f.Next(); {
		hops++
	}
	if hops > 40 {
		return "loop"
	}
	subject, err := h.Text("Subject")
	if err != nil {
		subject = h.Get("Subject")
	}
	subject = strings.ToLower(strings.TrimSpace(subject))
	for _, s := range autoSubjects {
		if strings.HasPrefix(subject, s) {
			return "autoreply"
		}
	}
	return ""
}

// walker goes through the parts of a mail.
type walker struct {
	mail     *Mail
	texts    []string
	parts    int
	report   []byte // of a delivery report
	original message.Header
	// mails that stand in this one as files: what a report sends back, or what a person sends on
	forwarded []File
}

// walk reads a part and those within it; alternatives are the same in several forms, of which the plainest is taken.
func (w *walker) walk(e *message.Entity, deep int) {
	w.parts++
	if w.parts > maxParts || deep > maxDeep {
		return
	}
	kind, params, _ := e.Header.ContentType()
	kind = strings.ToLower(kind)
	if r := e.MultipartReader(); r != nil {
		if kind == "multipart/alternative" {
			w.alternatives(r, deep)
			return
		}
		for {
			p, err := r.NextPart()
			if p == nil || err != nil && !readable(err) {
				return
			}
			w.walk(p, deep+1)
		}
	}
	switch {
	case kind == "message/delivery-status" || kind == "message/global-delivery-status":
		w.report = read(e.Body, 64<<10)
	case kind == "message/rfc822" || kind == "text/rfc822-headers" || kind == "message/rfc822-headers" || kind == "message/global" || kind == "message/global-headers":
		b := read(e.Body, 64<<10)
		if inner, err := message.Read(bytes.NewReader(append(b[:len(b):len(b)], "\r\n\r\n"...))); inner != nil && (err == nil || readable(err)) && w.original.Len() == 0 {
			w.original = inner.Header
		}
		w.forwarded = append(w.forwarded, File{Name: cmp.Or(partName(e), "mail.eml"), Data: b})
	case signatures[kind]:
	case isText(e, kind):
		if s := w.text(e, kind, params); strings.TrimSpace(s) != "" {
			w.texts = append(w.texts, s)
		}
	default:
		w.file(e)
	}
}

// signatures are parts by which a program vouches for a mail: nobody sent them.
var signatures = map[string]bool{"application/pgp-signature": true, "application/pkcs7-signature": true, "application/x-pkcs7-signature": true, "application/pgp-keys": true}

// isText tells whether a part is words to read, and no file.
func isText(e *message.Entity, kind string) bool {
	if kind != "text/plain" && kind != "text/html" && kind != "" {
		return false
	}
	disposition, _, _ := e.Header.ContentDisposition()
	return !strings.EqualFold(disposition, "attachment")
}

// alternatives takes the plain text, else the HTML; and whatever files stand among them.
func (w *walker) alternatives(r message.MultipartReader, deep int) {
	before := w.texts
	var plain, rich []string
	for {
		p, err := r.NextPart()
		if p == nil || err != nil && !readable(err) {
			break
		}
		kind, _, _ := p.Header.ContentType()
		w.texts = nil
		w.walk(p, deep+1)
		if strings.EqualFold(kind, "text/plain") || kind == "" {
			plain = append(plain, w.texts...)
		} else {
			rich = append(rich, w.texts...)
		}
	}
	if len(plain) == 0 {
		plain = rich
	}
	w.texts = append(before, plain...)
}

func (w *walker) text(e *message.Entity, kind string, params map[string]string) string {
	s := decode(read(e.Body, maxText))
	if kind == "text/html" {
		return htmlText(s)
	}
	if strings.EqualFold(params["format"], "flowed") {
		return unflow(s, strings.EqualFold(params["delsp"], "yes"))
	}
	return s
}

// decode is for bytes that are no UTF-8 although nothing else was said: Western European is the likeliest.
func decode(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	s, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "")
	}
	return string(s)
}

// read reads at most so many bytes; a part that ends badly is what came of it.
func read(r io.Reader, most int64) []byte {
	b, _ := io.ReadAll(io.LimitReader(r, most)) // the error says that the mail was cut off: what is there is there
	return b
}

// unflow joins the lines that a program broke (RFC 3676): those that end with a space.
func unflow(s string, delete bool) string {
	var b strings.Builder
	for _, l := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		if !strings.HasPrefix(l, ">") {
			l = strings.TrimPrefix(l, " ") // put in so that From and > stand
		}
		if strings.HasSuffix(l, " ") && l != "-- " && !strings.HasPrefix(l, ">") {
			if delete {
				l = l[:len(l)-1]
			}
			b.WriteString(l)
			continue
		}
		b.WriteString(l + "\n")
	}
	return b.String()
}

// file keeps what a person sent along.
func (w *walker) file(e *message.Entity) {
	b := read(e.Body, maxFile)
	if len(b) == 0 {
		return
	}
	disposition, _, _ := e.Header.ContentDisposition()
	within := strings.EqualFold(disposition, "inline") || e.Header.Has("Content-Id")
	called, _, _ := e.Header.ContentType()
	picture := strings.HasPrefix(strings.ToLower(called), "image/") || strings.HasPrefix(http.DetectContentType(b), "image/")
	if picture && within && len(b) < minPhoto {
		return // a logo: nobody sent it
	}
	w.mail.Files = append(w.mail.Files, File{Name: partName(e), Data: b})
}

// partName is what the file in a part is called; "" without a name.
func partName(e *message.Entity) string {
	_, params, _ := e.Header.ContentDisposition()
	name := params["filename"]
	if name == "" {
		_, p, _ := e.Header.ContentType()
		name = p["name"]
	}
	return fileName(name)
}

// fileName makes a name of a file that can do no harm: without folders and invisible signs, of at most 80 signs.
func fileName(s string) string {
	if d, err := new(mime.WordDecoder).DecodeHeader(s); err == nil {
		s = d
	}
	s = path.Base(strings.ReplaceAll(strings.ToValidUTF8(s, ""), `\`, "/"))
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '/' {
			return -1
		}
		return r
	}, s))
	if s == "." || s == ".." {
		return ""
	}
	if r := []rune(s); len(r) > 80 {
		ext := path.Ext(s)
		if len(ext) > 8 {
			ext = ""
		}
		s = fmt.Sprintf("%s%s", string(r[:80-len(ext)]), ext)
	}
	return s
}
