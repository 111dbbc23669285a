package email

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"testing"
	"time"

	"brug/internal/messages/email/sink"
	"brug/internal/messages/letter"
	"brug/internal/messages/road"

	gomail "github.com/wneessen/go-mail"
)

// Why letters do not go by go-mail, which brings the program's own mails: see the two figures. The server is in the same process,
// so its time is in both.

func BenchmarkLetters(b *testing.B) {
	c := carrier(b, Config{URL: serve(b, &sink.Sink{}), Conns: 1})
	all := make([]road.Parcel, b.N)
	for i := range all {
		all[i] = parcel(i)
	}
	b.ResetTimer()
	c.Carry(b.Context(), all, func(_ int, r road.Result) {
		if !r.Taken {
			b.Errorf("%+v", r)
		}
	})
}

func BenchmarkLettersByGoMail(b *testing.B) {
	u, err := url.Parse(serve(b, &sink.Sink{}))
	if err != nil {
		b.Fatal(err)
	}
	host, port, err := net.SplitHostPort(u.Host)
	if err != nil {
		b.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		b.Fatal(err)
	}
	client, err := gomail.NewClient(host, gomail.WithPort(n), gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithTimeout(time.Minute))
	if err == nil {
		err = client.DialWithContext(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for i := range b.N {
		p := parcel(i)
		m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
		subject, text, html := letter.Mail(p.Letters)
		if err := errors.Join(m.FromFormat(p.Letters[0].School, "brug@school.example"), m.To(p.To)); err != nil {
			b.Fatal(err)
		}
		m.SetMessageIDWithValue(messageID(p.Key, "school.example"))
		m.SetDateWithValue(p.At)
		m.Subject(subject)
		m.SetBodyString(gomail.TypeTextPlain, text)
		m.AddAlternativeString(gomail.TypeTextHTML, html)
		if err := client.Send(m); err != nil {
			b.Fatal(err)
		}
	}
}
