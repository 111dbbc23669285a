package reply

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// eml writes a mail with the line ends of mails.
func eml(lines ...string) []byte {
	return []byte(strings.ReplaceAll(strings.Join(lines, "\n"), "\n", "\r\n"))
}

const head = "From: Fatma <Fatma@Example.org>\nTo: De Wilg <reply+k.1@brug.example>\nMessage-ID: <a1@example.org>\nSubject: Re: Zwemmen\nMIME-Version: 1.0\n"

func mustParse(t *testing.T, raw []byte) Mail {
	t.Helper()
	m, err := Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWhatMailProgramsWrite(t *testing.T) {
	cases := []struct{ name, raw, want string }{
		{"plain", head + "Content-Type: text/plain; charset=utf-8\n\nDank u, Ümit komt.", "Dank u, Ümit komt."},
		{"without a type", "From: a@b.example\n\nJa", "Ja"},
		{"windows-1252, quoted-printable", head + "Content-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: quoted-printable\n\nEen caf=E9 =96 5 =80, en heel lang =\nverder", "Een café – 5 €, en heel lang verder"},
		{"Turkish charset", head + "Content-Type: text/plain; charset=iso-8859-9\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte("\xddyi \xfeanslar")), "İyi şanslar"},
		{"Arabic charset", head + "Content-Type: text/plain; charset=windows-1256\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte("\xd4\xdf\xd1\xc7")), "شكرا"},
		{"Russian charset", head + "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n\n\xf3\xd0\xc1\xd3\xc9\xc2\xcf", "Спасибо"},
		{"Chinese charset", head + "Content-Type: text/plain; charset=gb18030\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte("\xd0\xbb\xd0\xbb")), "谢谢"},
		{"a charset that nobody knows", head + "Content-Type: text/plain; charset=x-mystery\n\nJa hoor", "Ja hoor"},
		{"no charset, and not UTF-8", head + "Content-Type: text/plain\n\nCaf\xe9", "Café"},
		{"an encoding that nobody knows", head + "Content-Type: text/plain\nContent-Transfer-Encoding: x-rot13\n\nJa", "Ja"},
		{"both forms: the plain one", head + "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nJa\n--b\nContent-Type: text/html\n\n<p>Nee</p>\n--b--", "Ja"},
		{"both forms, the plain one empty", head + "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>Ja</p>\n--b--", "Ja"},
		{"HTML only, Gmail", head + "Content-Type: text/html; charset=utf-8\n\n<div dir=\"auto\">Dank u &amp; tot<br>morgen</div><div><br></div><div>Fatma</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">Op ma 2 nov 2026 schreef De Wilg &lt;x@y.example&gt;:<br></div><blockquote><p>Morgen</p></blockquote></div>",
			"Dank u & tot\nmorgen\n\nFatma"},
		{"HTML only, Outlook", head + "Content-Type: text/html; charset=utf-8\n\n<html><head><style>p {margin:0}</style></head><body><p>Hij is ziek.</p><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>Van:</b> De Wilg<br></div><div>Morgen gaan we zwemmen</div></body></html>", "Hij is ziek."},
		{"HTML only, Apple", head + "Content-Type: text/html; charset=utf-8\n\n<body>Ok<br id=\"lineBreakAtBeginningOfSignature\"><div dir=\"ltr\">Verstuurd vanaf mijn iPhone</div><div dir=\"ltr\"><br><blockquote type=\"cite\">Op 2 nov 2026 om 09:04 heeft De Wilg &lt;a@b.example&gt; het volgende geschreven:<br></blockquote></div><blockquote type=\"cite\"><div>Morgen</div></blockquote></body>", "Ok"},
		{"HTML with a list and what nobody sees", head + "Content-Type: text/html\n\n<p>Mee:</p><ul><li>brood<li>water</ul><script>alert(1)</script><div style=\"display:none\">geheim</div>", "Mee:\n\n- brood\n- water"},
		{"words around a picture", head + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nKijk\n--b\nContent-Type: image/gif\nContent-Transfer-Encoding: base64\n\nR0lGODlh\n--b\nContent-Type: text/plain\n\nMooi\n--b--", "Kijk\n\nMooi"},
		{"a text file is no text", head + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nKijk\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nNee\n--b--", "Kijk"},
		{"lines that a program broke", head + "Content-Type: text/plain; format=flowed\n\nDit is een lange \nzin.\nEn nog een.", "Dit is een lange zin.\nEn nog een."},
		{"cut off in the middle", head + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nDit kwam nog", "Dit kwam nog"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := mustParse(t, eml(c.raw))
			if m.Text != c.want {
				t.Errorf("got %q, want %q", m.Text, c.want)
			}
			if m.Auto != "" || m.Report != nil {
				t.Errorf("taken for a program's: %q %+v", m.Auto, m.Report)
			}
		})
	}
}

func TestWhoWroteToWhom(t *testing.T) {
	m := mustParse(t, eml("Delivered-To: box@brug.example\nX-Original-To: Reply+ABC.12@brug.example\nFrom: \"trick@evil.example\" <Fatma@Example.org>\nTo: =?utf-8?q?De_W=C3=AFlg?= <reply+abc.12@brug.example>, b@c.example\nCc: d@e.example\nMessage-ID: <a1@example.org>\n\nJa"))
	want := Mail{ID: "a1@example.org", From: "fatma@example.org", To: []string{"box@brug.example", "reply+abc.12@brug.example", "b@c.example", "d@e.example"}, Text: "Ja"}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
}

func TestWhatProgramsWriteIsKnown(t *testing.T) {
	cases := []struct{ name, header, want string }{
		{"a person", "Auto-Submitted: no", ""},
		{"a person whose subject begins so", "Subject: Autobus gemist", ""},
		{"out of office", "Auto-Submitted: auto-replied", "auto-submitted"},
		{"out of office, with words behind", "Auto-Submitted: auto-generated (rejected)", "auto-submitted"},
		{"old programs", "X-Autoreply: yes", "autoreply"},
		{"bulk", "Precedence: bulk", "bulk"},
		{"a list", "List-Id: <x.example>", "list"},
		{"nobody to answer", "Return-Path: <>", "daemon"},
		{"the server itself", "From: MAILER-DAEMON@mx.example", "daemon"},
		{"told in the subject, Dutch", "Subject: Automatisch antwoord: Zwemmen", "autoreply"},
		{"told in the subject, Turkish, encoded", "Subject: =?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte("Otomatik yanıt: Zwemmen")) + "?=", "autoreply"},
		{"in a circle", strings.TrimSuffix(strings.Repeat("Received: from a by b\n", 50), "\n"), "loop"},
	}
	for _, c := range cases {
		from := "From: a@b.example\n"
		if strings.HasPrefix(c.header, "From") {
			from = ""
		}
		if m := mustParse(t, eml(from+c.header+"\n\nIk ben er niet.")); m.Auto != c.want {
			t.Errorf("%s: %q, want %q", c.name, m.Auto, c.want)
		}
	}
}

// noise is a photo of no thing, as large as asked for.
func noise(t *testing.T, side int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = byte(r.Uint32())
	}
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func part(headers string, b []byte) string {
	s := base64.StdEncoding.EncodeToString(b)
	var out strings.Builder
	for len(s) > 76 {
		out.WriteString(s[:76] + "\n")
		s = s[76:]
	}
	return "--b\n" + headers + "\nContent-Transfer-Encoding: base64\n\n" + out.String() + s + "\n"
}

// TestWhatAPersonSentAlongIsGivenOn: whatever it is and whatever it is called, for who keeps it tells what was not taken; but nothing that a
// program put into the mail.
func TestWhatAPersonSentAlongIsGivenOn(t *testing.T) {
	tone, err := os.ReadFile(filepath.Join("..", "..", "audio", "testdata", "tone.m4a"))
	if err != nil {
		t.Fatal(err)
	}
	big, small := noise(t, 300), noise(t, 40)
	if len(big) < minPhoto || len(small) > minPhoto {
		t.Fatalf("samples of %d and %d bytes", len(big), len(small))
	}
	mixed := head + "Content-Type: multipart/mixed; boundary=b\n\n"
	m := mustParse(t, eml(mixed+
		part("Content-Type: application/octet-stream; name=\"=?utf-8?q?f=C3=B6to.bin?=\"\nContent-Disposition: attachment", big)+
		part("Content-Type: image/jpeg\nContent-Disposition: inline; filename=\"../../etc/logo.jpg\"\nContent-ID: <1>", small)+
		part("Content-Type: image/jpeg; name=virus.jpg\nContent-Disposition: attachment; filename=virus.jpg", []byte("MZ no picture at all"))+
		part("Content-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf", []byte("%PDF-1.4"))+
		part("Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Disposition: attachment; filename=smime.p7s", []byte("signed"))+
		part("Content-Type: image/svg+xml\nContent-Disposition: inline; filename=logo.svg", []byte("<svg/>"))+
		part("Content-Type: text/plain\nContent-Disposition: attachment; filename=briefje.txt", []byte("dag"))+
		part("Content-Type: application/zip\nContent-Disposition: attachment; filename=groot.zip", make([]byte, maxFile+5))+
		part("Content-Type: audio/whatever\nContent-Disposition: attachment; filename=\"C:\\\\voice\\\\stem.m4a\"", tone)+
		part("Content-Type: image/jpeg\nContent-Disposition: inline; filename=IMG_1.jpeg\nContent-ID: <2>", big)+
		part("Content-Type: image/jpeg\nContent-Disposition: attachment", big)+"--b--\n"))
	var got []string
	for _, f := range m.Files {
		got = append(got, fmt.Sprint(f.Name, " ", len(f.Data)))
	}
	want := []string{fmt.Sprint("föto.bin ", len(big)), "virus.jpg 20", "a.pdf 8", "briefje.txt 3", fmt.Sprint("groot.zip ", maxFile), fmt.Sprint("stem.m4a ", len(tone)), fmt.Sprint("IMG_1.jpeg ", len(big)), fmt.Sprint(" ", len(big))}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestAMailSentOnIsAFile: a person may send a whole mail along; what a server sends back is none.
func TestAMailSentOnIsAFile(t *testing.T) {
	m := mustParse(t, eml(head+"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nZie hieronder.\n--b\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename=dokter.eml\n\nSubject: Attest\n\nBeste\n--b--\n"))
	if m.Text != "Zie hieronder." || len(m.Files) != 1 || m.Files[0].Name != "dokter.eml" {
		t.Errorf("%q with %+v", m.Text, m.Files)
	}
	if back := mustParse(t, []byte(bounce)); back.Report == nil || len(back.Files) != 0 {
		t.Errorf("a letter that came back has files: %+v", back.Files)
	}
}

func TestAMailThatWantsToHurtIsReadQuickly(t *testing.T) {
	deep := head
	for i := range 60 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	wide := head + "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: text/plain\n\nx\n", 5000) + "--b--\n"
	long := head + "Content-Type: text/html\n\n" + strings.Repeat("<div>", 300_000) + "x"
	for name, raw := range map[string]string{"deep": deep + "Content-Type: text/plain\n\nx", "wide": wide, "long": long, "one line": head + "\n" + strings.Repeat("a:", 200_000)} {
		m := mustParse(t, eml(raw))
		if utf8.RuneCountInString(m.Text) > maxSaid {
			t.Errorf("%s: %d signs", name, len(m.Text))
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(eml(head + "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nJa\n--b--"))
	f.Add(eml(head + "Content-Type: text/html; charset=gb18030\n\n<p>\xff<blockquote>x"))
	f.Add([]byte(bounce))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Parse(raw)
		if err != nil {
			return
		}
		if !utf8.ValidString(m.Text) || strings.Contains(m.Text, "\x00") || len(m.Files) > maxParts {
			t.Errorf("%q", m.Text)
		}
		for _, file := range m.Files {
			if !utf8.ValidString(file.Name) || strings.ContainsAny(file.Name, "/\x00\n") {
				t.Errorf("%q", file.Name)
			}
		}
	})
}
