package auth

import (
	"context"
	"html"
	"strings"

	"brug/internal/db"
	"brug/internal/lang"
	"brug/internal/mail"
)

// letter is a mail that auth sends: a few sentences and at most one link. It is written in one language, its reader's.
type letter struct {
	school  School // zero: of no school
	lang    string
	subject string
	first   []string // sentences before the link
	label   string   // of the link
	url     string
	last    []string // sentences after it
}

// send queues a letter within the transaction that is its reason.
func (s *Service) send(ctx context.Context, tx *db.Tx, to string, l letter) error {
	return mail.Queue(ctx, tx, mail.Mail{SchoolID: l.school.ID, To: to, Subject: l.subject, Text: l.text(), HTML: l.html(), Lang: l.lang})
}

func (l letter) text() string {
	parts := append([]string{}, l.first...)
	if l.url != "" {
		parts = append(parts, l.label+":\n"+l.url)
	}
	return strings.Join(append(parts, l.last...), "\n\n") + "\n"
}

// html is the same letter for programs that like it so: no pictures, nothing loaded from elsewhere.
func (l letter) html() string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="` + l.lang + `"><head><meta charset="utf-8"><title>` + html.EscapeString(l.subject) +
		`</title></head><body style="font:16px/1.5 sans-serif;color:#123;max-width:36em">`)
	paragraphs(&b, l.first)
	if l.url != "" {
		u := html.EscapeString(l.url)
		b.WriteString(`<p><a href="` + u + `" style="display:inline-block;padding:12px 20px;background:#0b4f55;color:#fff;border-radius:6px;text-decoration:none">` +
			html.EscapeString(l.label) + `</a></p><p style="font-size:13px;word-break:break-all">` + u + `</p>`)
	}
	paragraphs(&b, l.last)
	b.WriteString(`</body></html>`)
	return b.String()
}

func paragraphs(b *strings.Builder, sentences []string) {
	for _, s := range sentences {
		b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(s), "\n", "<br>") + "</p>")
	}
}

func in(tag string) context.Context { return lang.With(context.Background(), lang.For(tag)) }

func greeting(ctx context.Context, name string) string {
	return lang.T(ctx, "Good day {name},", "name", name)
}

func resetPassword(tag, name, url string) letter {
	ctx := in(tag)
	return letter{lang: tag, subject: lang.T(ctx, "A new password for Brug"),
		first: []string{greeting(ctx, name), lang.T(ctx, "Somebody asked for a new password for this address. If that was you, choose one with this link. It works once, for one hour.")},
		label: lang.T(ctx, "Choose a new password"), url: url,
		last: []string{lang.T(ctx, "If it was not you, you need not do anything: your password stays as it is.")}}
}

func noAccount(tag string) letter {
	ctx := in(tag)
	return letter{lang: tag, subject: lang.T(ctx, "A new password for Brug"),
		first: []string{lang.T(ctx, "Good day,"), lang.T(ctx, "Somebody asked for a new password for this address. There is no account with this address in Brug. If that was you, perhaps your school knows you at another address."),
			lang.T(ctx, "If it was not you, you need not do anything.")}}
}

func passwordChanged(tag, name string) letter {
	ctx := in(tag)
	return letter{lang: tag, subject: lang.T(ctx, "Your password for Brug has been changed"),
		first: []string{greeting(ctx, name), lang.T(ctx, "Your password has just been changed. Other devices have been signed out."),
			lang.T(ctx, "If it was not you, ask for a new password on the sign-in page at once, and tell your school.")}}
}

// invitation is written in the language of the school.
func invitation(s School, r Role, inviter, url string) letter {
	tag := staffLang(s.Lang)
	ctx := in(tag)
	l := letter{school: s, lang: tag, label: lang.T(ctx, "Say yes and begin"), url: url}
	switch {
	case r == Support:
		l.subject = lang.T(ctx, "You are invited to the support centre in Brug")
		l.first = []string{lang.T(ctx, "Good day,"), lang.T(ctx, "An account of the support centre has been made for you in Brug.")}
	case inviter != "":
		l.subject = lang.T(ctx, "{school} invites you to Brug", "school", s.Name)
		l.first = []string{lang.T(ctx, "Good day,"), lang.T(ctx, "{name} invites you to work with Brug at {school} as {role}. Brug is the place where a school and its families meet, each in their own language.",
			"name", inviter, "school", s.Name, "role", roleName(ctx, r))}
	default:
		l.subject = lang.T(ctx, "{school} has a place in Brug", "school", s.Name)
		l.first = []string{lang.T(ctx, "Good day,"), lang.T(ctx, "{school} has a place in Brug, and you are its {role} there. Brug is the place where a school and its families meet, each in their own language.",
			"school", s.Name, "role", roleName(ctx, r))}
	}
	l.last = []string{lang.T(ctx, "The link works once, for seven days. If you did not expect this, you need not do anything.")}
	return l
}

func newRequest(tag, name string, a Ask, url string) letter {
	ctx := in(tag)
	return letter{lang: tag, subject: lang.T(ctx, "{school} asks for a login", "school", a.SchoolName),
		first: []string{greeting(ctx, name), lang.T(ctx, "{school} in {town} asks for its login. It was written by {person}.", "school", a.SchoolName, "town", a.Town, "person", a.Person)},
		label: lang.T(ctx, "Look at the request"), url: url}
}

func refusal(a Ask, reason string) letter {
	ctx := in(a.Lang)
	return letter{lang: a.Lang, subject: lang.T(ctx, "Your request for {school}", "school", a.SchoolName),
		first: []string{greeting(ctx, a.Person), lang.T(ctx, "You asked for a login in Brug for {school}. We cannot give it now, for this reason:", "school", a.SchoolName), reason,
			lang.T(ctx, "You may ask again when this has changed.")}}
}
